#include "core/simulate/built_in_shapes.h"

namespace tomoloupe {

// Lengths in Å, masses in kDa of one asymmetric unit. Outer dimensions, ring and domain arrangement are the published ones;
// within a domain there is no more detail than its shape.

std::vector<Blueprint> machineBlueprints() {
    return {
        {"proteasome-20s",
         "20S proteasome",
         "D7",
         148,
         "PDB 1PMA, Löwe et al. 1995, Science 268:533",
         {ring(20, 37, 0, 55, {19, 15.5, 17}), ring(3, 17, 12, 61, {8, 6, 7}), ring(2.8, 47, 18, 63, {7, 5, 9}),  // alpha
          ring(19, 39, 9, 19, {16, 16, 18}), ring(3.3, 24, -4, 27, {6, 8, 9})}},                                  // beta
        {"groel",
         "GroEL",
         "D7",
         146,
         "PDB 1GRL, Braig et al. 1994, Nature 371:578",
         {ring(27, 43, 0, 18, {21, 17, 17}), ring(9.5, 51, 6, 38, {9, 12, 10}), ring(20.7, 43, 12, 58, {21, 14, 14}, -15)}},
        {"groel-groes",
         "GroEL-GroES",
         "C7",
         184,
         "PDB 1AON, Xu, Horwich and Sigler 1997, Nature 388:741",
         {ring(27, 43, 0, -18, {21, 17, 17}), ring(9.5, 51, -6, -38, {9, 12, 10}), ring(20.7, 43, -12, -58, {21, 14, 14}, 15),
          ring(27, 43, 4, 18, {21, 17, 17}), ring(9.5, 55, 10, 42, {9, 11, 13}), ring(20.7, 47, 26, 68, {15, 15, 20}, -10),
          ring(7.4, 27, 26, 95, {12, 11, 10}, -30), ring(3, 13, 30, 106, {9, 7, 5})}},
        {"tric",
         "TRiC/CCT chaperonin, closed (its eight subunits alike)",
         "D8",
         160,
         "PDB 3IYG, Cong et al. 2010, PNAS 107:4967",
         {ring(27, 52, 0, 18, {21, 19, 17}), ring(11, 60, 8, 41, {11, 13, 11}), ring(17, 46, 20, 59, {19, 15, 13}, -25),
          ring(5, 27, 34, 70, {10, 10, 9})}},
        {"clpp",
         "ClpP protease",
         "D7",
         95,
         "PDB 1YG6, Bewley et al. 2006, J Struct Biol 153:113",
         {ring(15.5, 33, 0, 26, {15, 13.5, 16}), ring(4.5, 37, 14, 7, {8, 6, 10}, 0, 25), ring(1.5, 14, 8, 37, {5, 4, 5})}},
        {"dnab",
         "DnaB helicase",
         "C3",
         115,
         "PDB 2R6A, Bailey, Eliason and Steitz 2007, Science 318:459",
         {ring(34, 38, 0, -18, {19, 18, 18}), ring(34, 37, 58, -15, {19, 18, 18}),        // two of the six motor domains
          ring(13, 38, 18, 25, {12, 18, 12}, 0, 20), ring(13, 26, 70, 29, {14, 13, 12}),  // their N-terminal collar
          ring(5.4, 45, 30, 6, {8, 10, 7}), ring(5.4, 34, 85, 8, {8, 10, 7})}},
        {"hemagglutinin",
         "Influenza hemagglutinin, ectodomain",
         "C3",
         135,
         "PDB 3HMG, Wilson, Skehel and Wiley 1981, Nature 289:366",
         {ring(24, 21, 0, 44, {16, 15, 19}), ring(9, 23, 18, 14, {11, 10, 14}), ring(10, 9, 10, -20, {6.5, 6.5, 38}, 4),
          ring(9, 18, -25, -30, {7, 8, 27}, -6), ring(6, 14, 20, -56, {10, 10, 10})}},
        {"insulin-receptor",
         "Insulin receptor ectodomain with insulin, T-shaped (like)",
         "C2",
         160,
         "After Scapin et al. 2018, Nature 556:122",
         {at(24, {22, 8, 40}, {17, 15, 17}), at(23, {50, 14, 46}, {17, 15, 15}, 25), at(22, {60, -10, 26}, {13, 15, 20}, -20),
          at(8, {42, 26, 60}, {10, 9, 9}), at(24, {38, -14, 2}, {13, 12, 22}, 0, 25), at(23, {16, -4, -30}, {12, 13, 22}),
          at(22, {11, 4, -62}, {10, 11, 20})}},
        {"thyroglobulin",
         "Thyroglobulin (like)",
         "C2",
         250,
         "After PDB 6SCJ, Coscia et al. 2020, Nature 578:627",
         {at(75, {34, 14, 8}, {26, 34, 30}, 20), at(70, {76, 34, -12}, {30, 22, 26}, 30), at(55, {102, -4, 12}, {22, 26, 22}),
          at(65, {30, -44, -30}, {28, 24, 26}, -15), at(35, {62, -28, 32}, {28, 14, 16}, -35),
          at(30, {58, 60, 10}, {16, 18, 16})}},
        {"hsp70-nbd",
         "Hsp70 ATPase domain",
         "C1",
         65,
         "PDB 3HSC, Flaherty et al. 1990, Nature 346:623",
         {at(11, {-13, -13, 3}, {13, 13, 14}), at(9, {-16, 16, 5}, {10, 14, 13}, 15), at(12, {13, -12, -4}, {14, 13, 14}),
          at(9.5, {17, 16, -5}, {11, 14, 12}, -20)}},
    };
}

}  // namespace tomoloupe

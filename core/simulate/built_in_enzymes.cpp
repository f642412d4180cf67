#include "core/simulate/built_in_shapes.h"

namespace tomoloupe {

// Lengths in Å, masses in kDa of one asymmetric unit; in D2 one subunit lies at (+, +), the twofold axes bring it to the other three.

std::vector<Blueprint> enzymeBlueprints() {
    return {
        {"rubisco", "Rubisco, L8S8", "D4", 112, "PDB 1BXN, Hansen et al. 1999, J Mol Biol 288:609",
         {ring(34, 34, 10, 21, {19, 20, 20}), ring(17.5, 39, -27, 14, {13, 13, 18}), ring(14.5, 26, 50, 43, {14, 12, 10})}},
        {"beta-galactosidase", "Beta-galactosidase", "D2", 175, "PDB 1BGL, Jacobson et al. 1994, Nature 369:761",
         {at(26, {66, 36, 8}, {17, 20, 16}, 30), at(11, {46, 54, -10}, {11, 11, 14}), at(34, {30, 26, -14}, {20, 19, 20}),
          at(11, {20, 48, 14}, {12, 14, 11}), at(34, {32, 14, 24}, {28, 14, 17}, 20)}},
        {"glutamine-synthetase", "Glutamine synthetase", "D6", 140, "PDB 2GLS, Yamashita et al. 1989, J Biol Chem 264:17681",
         {ring(33, 44, 0, 21, {18, 22, 18}), ring(13, 58, 18, 35, {11, 12, 13}), ring(5.7, 29, 26, 39, {8, 9, 9})}},
        {"glutamate-dehydrogenase", "Glutamate dehydrogenase", "D3", 130, "PDB 1HWZ, Smith et al. 2001, J Mol Biol 307:707",
         {ring(27, 27, 0, 14, {20, 19, 16}), ring(21, 34, 30, 36, {15, 16, 16}, 20), ring(5, 13, 40, 47, {6, 7, 12}, -10),
          ring(3, 10, 75, 38, {6, 6, 8})}},
        {"aspartate-transcarbamoylase", "Aspartate transcarbamoylase", "D3", 130, "PDB 1F1B, Jin, Stec and Kantrowitz 2000, Biochemistry 39:8058",
         {ring(17, 22, 0, 26, {16, 16, 15}), ring(17, 38, 26, 22, {15, 16, 15}), ring(11, 49, 52, 8, {12, 11, 13}),
          ring(6.4, 55, 36, 18, {9, 9, 9})}},
        {"citrate-synthase", "Citrate synthase, hexamer (like)", "D3", 130, "After PDB 2H12, Francois et al. 2006, Biochemistry 45:13487",
         {ring(33, 37, 12, 17, {22, 20, 16}), ring(14, 46, 55, 20, {13, 13, 14})}},
        {"aldolase", "Aldolase", "D2", 100, "PDB 1ADO, Blom and Sygusch 1997, Nat Struct Biol 4:36",
         {at(30, {26, 21, 9}, {19, 18, 20}, 30), at(9.2, {30, 12, 26}, {11, 11, 9})}},
        {"lactate-dehydrogenase", "Lactate dehydrogenase", "D2", 85, "PDB 2LDB, Piontek et al. 1990, Proteins 7:74",
         {at(19, {26, 11, 15}, {14, 14, 17}), at(16, {11, 25, 18}, {14, 14, 15}, 10)}},
        {"haemoglobin", "Haemoglobin", "C2", 64, "PDB 3HHB, Fermi et al. 1984, J Mol Biol 175:159",
         {ring(15.1, 16, 0, 10, {14, 16, 14}), ring(15.9, 13.5, 90, -10, {12.5, 18, 14})}},
    };
}

}  // namespace tomoloupe

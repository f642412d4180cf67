#include "core/simulate/molecule.h"

#include <cmath>
#include <fstream>
#include <sstream>

#include <zlib.h>

#include "core/base/error.h"
#include "core/io/reader.h"
#include "tests/core/simulate/alignment.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

std::string atomLine(int serial, const std::string& name, char altloc, const std::string& residue, char chain, int number, Vec3 p,
                     const std::string& element) {
    char line[100];
    std::snprintf(line, sizeof line, "ATOM  %5d %-4s%c%3s %c%4d    %8.3f%8.3f%8.3f  1.00 10.00          %2s\n", serial,
                  name.c_str(), altloc, residue.c_str(), chain, number, p.x, p.y, p.z, element.c_str());
    return line;
}

const std::string kTwofold =
    "REMARK 300 SEE REMARK 350\n"
    "REMARK 350 BIOMOLECULE: 1\n"
    "REMARK 350 APPLY THE FOLLOWING TO CHAINS: A,\n"
    "REMARK 350 B\n"  // as files before 2007 go on
    "REMARK 350   BIOMT1   1  1.000000  0.000000  0.000000        0.00000\n"
    "REMARK 350   BIOMT2   1  0.000000  1.000000  0.000000        0.00000\n"
    "REMARK 350   BIOMT3   1  0.000000  0.000000  1.000000        0.00000\n"
    "REMARK 350   BIOMT1   2 -1.000000  0.000000  0.000000        0.00000\n"
    "REMARK 350   BIOMT2   2  0.000000 -1.000000  0.000000        0.00000\n"
    "REMARK 350   BIOMT3   2  0.000000  0.000000  1.000000        8.00000\n";

/// Two chains of one atom, with a second place for one, a hydrogen, a water and a second model that must not count.
std::string smallPdb() {
    return "HEADER    TEST\n" + kTwofold + "MODEL        1\n" + atomLine(1, " CA", 'A', "ALA", 'A', 1, {10, 0, 0}, "C") +
           atomLine(2, " CA", 'B', "ALA", 'A', 1, {10, 1, 0}, "C") + atomLine(3, " HA", ' ', "ALA", 'A', 1, {10, 0, 1}, "H") +
           atomLine(4, " N", ' ', "GLY", 'B', 1, {20, 4, 0}, "N") + atomLine(5, " O", ' ', "HOH", 'B', 2, {40, 40, 40}, "O") +
           "ENDMDL\n" + "MODEL        2\n" + atomLine(1, " CA", ' ', "ALA", 'A', 1, {90, 0, 0}, "C") + "ENDMDL\nEND\n";
}

const std::string kSmallCif = R"(data_TEST
_pdbx_struct_assembly.id 1
_pdbx_struct_assembly.details author_defined_assembly
_pdbx_struct_assembly.method_details ?
_pdbx_struct_assembly.oligomeric_details dimeric
_pdbx_struct_assembly.oligomeric_count 2
_pdbx_struct_assembly_gen.assembly_id 1
_pdbx_struct_assembly_gen.oper_expression '1,2'
_pdbx_struct_assembly_gen.asym_id_list A
loop_
_pdbx_struct_oper_list.id
_pdbx_struct_oper_list.type
_pdbx_struct_oper_list.matrix[1][1]
_pdbx_struct_oper_list.matrix[1][2]
_pdbx_struct_oper_list.matrix[1][3]
_pdbx_struct_oper_list.vector[1]
_pdbx_struct_oper_list.matrix[2][1]
_pdbx_struct_oper_list.matrix[2][2]
_pdbx_struct_oper_list.matrix[2][3]
_pdbx_struct_oper_list.vector[2]
_pdbx_struct_oper_list.matrix[3][1]
_pdbx_struct_oper_list.matrix[3][2]
_pdbx_struct_oper_list.matrix[3][3]
_pdbx_struct_oper_list.vector[3]
1 'identity operation' 1 0 0 0 0 1 0 0 0 0 1 0
2 'point symmetry operation' -1 0 0 0 0 -1 0 0 0 0 1 6
loop_
_atom_site.group_PDB
_atom_site.id
_atom_site.type_symbol
_atom_site.label_atom_id
_atom_site.label_alt_id
_atom_site.label_comp_id
_atom_site.label_asym_id
_atom_site.label_entity_id
_atom_site.label_seq_id
_atom_site.Cartn_x
_atom_site.Cartn_y
_atom_site.Cartn_z
_atom_site.occupancy
_atom_site.B_iso_or_equiv
_atom_site.auth_seq_id
_atom_site.auth_asym_id
_atom_site.pdbx_PDB_model_num
ATOM 1 C CA . ALA A 1 1 10 0 0 1 10 1 A 1
ATOM 2 S SG . CYS A 1 2 12 2 0 1 10 2 A 1
ATOM 3 N N . GLY B 2 1 50 0 0 1 10 1 B 1
)";

/// The Gaussians added up at a voxel, the plain way.
double directSum(const Molecule& molecule, Vec3 at, double sigma) {
    double sum = 0;
    for (const MassPoint& point : molecule.points) {
        const Vec3 d = at - point.positionAngstrom;
        sum += point.massDalton * std::exp(-(d.x * d.x + d.y * d.y + d.z * d.z) / (2 * sigma * sigma));
    }
    return sum / std::pow(2 * 3.14159265358979 * sigma * sigma, 1.5);
}

Molecule randomMolecule(int atoms, double radius) {
    Molecule molecule;
    Random random(5);
    for (int i = 0; i < atoms; ++i) {
        const double x = random.uniform(-radius, radius), y = random.uniform(-radius, radius),
                     z = random.uniform(-radius, radius);
        molecule.points.push_back({{x, y, z}, random.uniform(10, 30)});
    }
    return molecule;
}

}  // namespace

TEST_CASE("molecule, PDB with its assembly, without water, hydrogens, second places and models") {
    const test::TemporaryFolder folder;
    write(folder / "small.pdb", smallPdb());
    const Molecule molecule = readMolecule(folder / "small.pdb");
    REQUIRE(molecule.points.size() == 4);
    CHECK(molecule.massDalton() == Approx(2 * 12.011 + 2 * 14.007).epsilon(1e-3));
    // x from -20 to 20, y from -4 to 4, z from 0 to 8: the middle of the box at the origin.
    CHECK(molecule.radiusAngstrom() == Approx(std::sqrt(20.0 * 20 + 4 * 4 + 4 * 4)));
}

TEST_CASE("molecule, mmCIF with its assembly, packed") {
    const test::TemporaryFolder folder;
    const std::string path = folder / "small.cif.gz";
    gzFile file = gzopen(path.c_str(), "wb");
    REQUIRE(gzwrite(file, kSmallCif.data(), unsigned(kSmallCif.size())) == int(kSmallCif.size()));
    gzclose(file);
    const Molecule molecule = readMolecule(path);
    REQUIRE(molecule.points.size() == 4);  // chain B is no part of it
    CHECK(molecule.massDalton() == Approx(2 * 12.011 + 2 * 32.06).epsilon(1e-3));
    CHECK(molecule.radiusAngstrom() == Approx(std::sqrt(12.0 * 12 + 2 * 2 + 3 * 3)));
}

TEST_CASE("molecule, a bad file is refused in one sentence") {
    const test::TemporaryFolder folder;
    CHECK_THROWS_AS(readMolecule(folder / "missing.pdb"), ReadError);
    write(folder / "empty.pdb", "");
    CHECK_THROWS_WITH(readMolecule(folder / "empty.pdb"), test::contains("empty.pdb is empty"));
    write(folder / "none.pdb", "HEADER    NOTHING IN IT\nEND\n");
    CHECK_THROWS_WITH(readMolecule(folder / "none.pdb"), test::contains("no atoms"));
    write(folder / "water.pdb", atomLine(1, " O", ' ', "HOH", 'A', 1, {1, 2, 3}, "O"));
    CHECK_THROWS_WITH(readMolecule(folder / "water.pdb"), test::contains("no atoms"));
    write(folder / "none.cif", "data_x\n_cell.length_a 10\n");
    CHECK_THROWS_WITH(readMolecule(folder / "none.cif"), test::contains("no atoms"));
    write(folder / "broken.cif", "data_x\nloop_\n_atom_site.id\n_atom_site.Cartn_x\n1 2 3\n");
    CHECK_THROWS_WITH(readMolecule(folder / "broken.cif"), test::contains("cannot be read as PDB or mmCIF"));
    write(folder / "picture.pdb", "\x89PNG\r\n\x1a\n and bytes that are no text at all");
    CHECK_THROWS_AS(readMolecule(folder / "picture.pdb"), ReadError);
    std::filesystem::create_directory(folder / "folder.pdb");
    CHECK_THROWS_AS(readMolecule(folder / "folder.pdb"), ReadError);

    const std::string packed = folder / "cut.pdb.gz";
    gzFile file = gzopen(packed.c_str(), "wb");
    std::string text;
    for (int i = 0; i < 5000; ++i) text += atomLine(i, " CA", ' ', "ALA", 'A', i, {i * 0.37, i * 0.11, double(i % 71)}, "C");
    gzwrite(file, text.data(), unsigned(text.size()));
    gzclose(file);
    std::filesystem::resize_file(packed, std::filesystem::file_size(packed) / 2);
    CHECK_THROWS_AS(readMolecule(packed), ReadError);
}

TEST_CASE("density, the sum of the atoms' Gaussians") {
    const Molecule molecule = randomMolecule(60, 40);
    // Standard deviations of 1, of 0.5 (too narrow to keep both the mass and every value) and, blurred in a second step, of 4
    // voxels.
    const auto [voxel, resolution, tolerance] =
        GENERATE(std::tuple{5.0, 10.0, 2e-3}, std::tuple{10.0, 10.0, 5e-2}, std::tuple{2.5, 20.0, 2e-3});
    const Volume density = densityOf(molecule, voxel, resolution);
    const std::int64_t side = density.shape().x, half = side / 2;
    CHECK(side % 2 == 0);
    CHECK(density.originAngstrom().x == Approx(-double(half) * voxel));
    double peak = 0, total = 0, worst = 0, border = 0;
    for (std::int64_t z = 0; z < side; ++z) {
        for (std::int64_t y = 0; y < side; ++y) {
            for (std::int64_t x = 0; x < side; ++x) {
                const double value = density.at(x, y, z);
                const Vec3 at = voxel * Vec3{double(x - half), double(y - half), double(z - half)};
                const double exact = directSum(molecule, at, resolution / 2);
                peak = std::max(peak, exact);
                worst = std::max(worst, std::abs(value - exact));
                total += value;
                if (std::min({x, y, z}) == 0 || std::max({x, y, z}) == side - 1) border = std::max(border, exact);
            }
        }
    }
    CHECK(worst < tolerance * peak);
    CHECK(border < 1e-3 * peak);
    CHECK(total * voxel * voxel * voxel == Approx(molecule.massDalton()).epsilon(1e-5));
}

TEST_CASE("density, options that make none are refused") {
    CHECK_THROWS_WITH(densityOf(randomMolecule(1, 10), 0, 10), test::contains("more than 0"));
    CHECK_THROWS_WITH(densityOf(randomMolecule(1, 10), 5, -1), test::contains("more than 0"));
    CHECK_THROWS_WITH(densityOf(randomMolecule(9, 4000), 1, 10), test::contains("take larger voxels"));
}

TEST_CASE("molecule, assemblies of entries of the PDB") {
    const auto shared = test::sharedData();
    if (!shared) return;
    const auto atoms = *shared / "structures" / "atoms";
    const Molecule ferritin = readMolecule(atoms / "4Y08.pdb");  // one chain, 24 operators
    CHECK(ferritin.points.size() % 24 == 0);
    CHECK(ferritin.massDalton() == Approx(466e3).epsilon(0.01));  // 24 x 21 kDa less the hydrogens, 7 % of a protein
    CHECK(2 * ferritin.radiusAngstrom() == Approx(130).epsilon(0.1));
    const Molecule groel =
        readMolecule(atoms / "1MNF.pdb.gz");  // chain list of the old kind, 14 chains of 57 kDa and 14 peptides
    CHECK(groel.massDalton() == Approx(14 * (55e3 + 1.5e3) * 0.93).epsilon(0.05));
    CHECK(readMolecule(atoms / "1aon.pdb.gz").massDalton() == Approx(872e3 * 0.93).epsilon(0.05));
    CHECK(readMolecule(atoms / "1ema.cif").massDalton() == Approx(27e3 * 0.93).epsilon(0.1));
}

TEST_CASE("density, agrees with maps made of the same atoms elsewhere") {
    const auto shared = test::sharedData();
    if (!shared) return;
    const test::TemporaryFolder folder;
    // Some maps hold the asymmetric unit: "true" takes the file without its assembly.
    const auto [entry, asymmetricUnit] = GENERATE(std::tuple{"1s3x", false}, std::tuple{"1u6g", false}, std::tuple{"2cg9", false},
                                                  std::tuple{"3j9i", false}, std::tuple{"1bxn", true}, std::tuple{"3gl1", true});
    const std::string name = entry;
    std::ifstream file(*shared / "structures" / "atoms" / (name + ".pdb"));
    std::ostringstream text;
    for (std::string line; std::getline(file, line);) {
        if (!(asymmetricUnit && line.rfind("REMARK 350", 0) == 0)) text << line << '\n';
    }
    write(folder / (name + ".pdb"), text.str());
    const Structure structure = loadStructure((folder / (name + ".pdb")).string(), {});
    const Volume map =
        readWhole(*builtInReaders().open(*shared / "structures" / "density_10A" / (name + ".mrc"))).withGeometry(10, {});
    INFO(name);
    CHECK(test::aligned(structure, map, 0).correlation >= 0.98);
}

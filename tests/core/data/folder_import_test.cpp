#include "core/data/folder_import.h"

#include <fstream>

#include "core/base/error.h"
#include "core/io/mrc_writer.h"
#include "core/io/stack.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;

namespace {

/// a/1.mrc, a/2.mrc and b/1.mrc with the values 1, 2 and 3, 8 x 8 x 8 voxels of 10 Å.
struct Folder {
    Folder() {
        std::filesystem::create_directories(temporary / "in/a");
        std::filesystem::create_directories(temporary / "in/b");
        write("in/a/1.mrc", 1);
        write("in/a/2.mrc", 2);
        write("in/b/1.mrc", 3);
    }
    void write(const std::string& name, float value, std::int64_t side = 8) const {
        writeMrc(temporary / name,
                 Volume({side, side, side}, std::vector<float>(std::size_t(side * side * side), value), 10));
    }
    [[nodiscard]] FolderImport import(const std::string& csv, bool labelsFromFolders = false) const {
        FolderImportOptions options{temporary / "in", {}, labelsFromFolders};
        if (!csv.empty()) {
            options.labelsCsv = temporary / "in/labels.csv";
            std::ofstream(options.labelsCsv) << csv;
        }
        return importFolder(readers, options, stack, {}, {});
    }
    test::TemporaryFolder temporary;
    ReaderRegistry readers = builtInReaders();
    std::filesystem::path stack = temporary / "out.h5";
};

}  // namespace

TEST_CASE("folder import, without a table takes every file by name") {
    const Folder folder;
    const FolderImport import = folder.import("");
    REQUIRE(import.table.particles.size() == 3);
    CHECK(import.table.particles[1].source == "a/2.mrc");
    CHECK(import.labels == std::vector<std::string>(3));
    CHECK(import.boxShape == Index3{8, 8, 8});
    CHECK(import.voxelSizeAngstrom == Approx(10));
    const StackReader stack(folder.stack);
    CHECK(stack.count() == 3);
    CHECK(stack.read(2).at(0, 0, 0) == 3);
    CHECK(folder.import("", true).labels == std::vector<std::string>{"a", "a", "b"});
}

TEST_CASE("folder import, takes order, labels and places from the table") {
    const Folder folder;
    const FolderImport import =
        folder.import("x,class,FILE,source,voxel_A,z,y\n1.5,ribosome,b/1.mrc,tomo 7,13.48,3,2\n,,a/1.mrc,,13.48,,\n");
    REQUIRE(import.table.particles.size() == 2);
    CHECK(import.labels == std::vector<std::string>{"ribosome", ""});
    CHECK(import.table.particles[0].positionVoxels == Vec3{1.5, 2, 3});
    CHECK(import.table.particles[0].tomogram == "tomo 7");
    CHECK(import.table.particles[0].columns[4] == "13.48");
    CHECK(import.table.columnNames.size() == 7);
    CHECK(import.voxelSizeAngstrom == 13.48);
    CHECK(StackReader(folder.stack).read(0).at(0, 0, 0) == 3);
}

TEST_CASE("folder import, tells everything wrong with the files at once and leaves nothing behind") {
    const Folder folder;
    const std::string table = "file\na/1.mrc\na/9.mrc\nb/1.mrc\nb/../a/1.mrc\nb/8.mrc\n";
    CHECK_THROWS_WITH(folder.import(table), contains("2 of 5 files are missing: a/9.mrc, b/8.mrc") &&
                                                contains("1 files are named twice: b/../a/1.mrc"));
    folder.write("in/b/1.mrc", 3, 9);
    CHECK_THROWS_WITH(folder.import(""), contains("b/1.mrc has 9 x 9 x 9 voxels") && contains("a/1.mrc has 8 x 8 x 8"));
    CHECK_FALSE(std::filesystem::exists(folder.stack));
    CHECK_THROWS_WITH(folder.import("name\na/1.mrc\n"), contains("no column \"file\" or \"path\"") && contains("name"));
    CHECK_THROWS_WITH(folder.import("file,voxel_A\na/1.mrc,ten\n"),
                      contains("\"ten\" in column voxel_A is not a number"));
    CHECK_THROWS_WITH(folder.import("file\n"), contains("names no file"));
}

TEST_CASE("folder import, warns where voxel sizes differ") {
    const Folder folder;
    const FolderImport import = folder.import("file,voxel_A\na/1.mrc,10\na/2.mrc,10\nb/1.mrc,12\n");
    CHECK(import.voxelSizeAngstrom == 10);
    REQUIRE(import.table.warnings.size() == 1);
    CHECK_THAT(import.table.warnings[0], contains("from 10 to 12"));
}

TEST_CASE("folder import, can be cancelled") {
    const Folder folder;
    StopSource stop;
    stop.request(StopWish::Cancel);
    CHECK_THROWS_AS(importFolder(folder.readers, {folder.temporary / "in", {}, false}, folder.stack, {}, stop.token()),
                    Cancelled);
    CHECK_FALSE(std::filesystem::exists(folder.stack));
}

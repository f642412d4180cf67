#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "core/io/mrc_writer.h"
#include "tests/app/command_line.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;
using test::runCli;

namespace {

/// A folder with a tomogram, a folder of four subtomograms with their table, and a particle list.
struct Files {
    Files() {
        std::filesystem::create_directories(folder / "crops");
        std::ofstream table(folder / "crops/labels.csv");
        table << "file,label,z,y,x\n";
        for (int i = 0; i < 4; ++i) {
            const std::string name = std::to_string(i) + ".mrc";
            writeMrc(folder / ("crops/" + name), Volume({16, 16, 16}, std::vector<float>(16 * 16 * 16, float(i)), 10));
            table << name << (i < 2 ? ",ribosome" : ",background") << ",1,2," << i << "\n";
        }
        writeMrc(folder / "tomo.mrc", Volume({20, 30, 40}, std::vector<float>(20 * 30 * 40, 1.f), 13.5));
        std::ofstream(folder / "list.star")
            << "data_\n\nloop_\n_rlnTomoName\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n"
               "_rlnPixelSize\ntomo 1 2 3 13.5\ntomo 4 5 6 13.5\n";
        std::ofstream(folder / "bad.csv") << "file,label\n7.mrc,x\n0.mrc,y\n0.mrc,y\n";
        std::ofstream(folder / "text.txt") << "hello\n";
    }
    test::TemporaryFolder folder;
};

struct Line {
    const char* words;
    int exitCode;
    const char* output;  ///< part of standard output
    const char* errors;  ///< part of standard error
};

}  // namespace

TEST_CASE("command line, one call after the other") {
    const Files files;
    const Line lines[] = {
        {"--version", 0, ".", ""},
        {"--help", 0, "finetune", ""},
        {"pretrain --help", 0, "--learning-rate", ""},
        {"simulate --help", 0, "Å", ""},
        {"", 2, "", "error: "},
        {"dance", 2, "", "error: "},
        {"project create", 2, "", "error: "},
        {"project create p.tomoloupe", 0, "p.tomoloupe", ""},
        {"project create p.tomoloupe", 1, "", "error: "},
        {"project create crops", 1, "", "exists already"},
        {"project info nothing", 1, "", "no project folder"},
        {"project info crops", 1, "", "is not a project"},
        {"project import p.tomoloupe", 2, "", "--subtomograms, --tomogram or --particles"},
        {"project import p.tomoloupe --tomogram tomo.mrc", 0, "20 x 30 x 40", ""},
        {"project import p.tomoloupe --tomogram tomo.mrc", 1, "", "named tomo already"},
        {"project import p.tomoloupe --tomogram text.txt", 1, "", "text.txt"},
        {"project import p.tomoloupe --tomogram no.mrc", 1, "", "no.mrc"},
        {"project import p.tomoloupe --subtomograms crops", 2, "", "--set"},
        {"project import p.tomoloupe --subtomograms crops --set c --tomogram tomo.mrc", 2, "", "on its own"},
        {"project import p.tomoloupe --subtomograms crops --labels no.csv --set c", 2, "", "no.csv"},
        {"project import p.tomoloupe --subtomograms crops --labels bad.csv --set c", 1, "", "missing: 7.mrc"},
        {"project import p.tomoloupe --subtomograms crops --labels crops/labels.csv --set c", 0,
         "4 particles, 4 labelled", ""},
        {"project import p.tomoloupe --subtomograms crops --set c", 1, "", "named c already"},
        {"project import p.tomoloupe --particles list.star --set l --json", 0, "\"particles\": 2", ""},
        {"project import p.tomoloupe --particles list.star --tomogram tomo --set m", 0, "2 particles", ""},
        {"project import p.tomoloupe --particles list.star --tomogram other --set n", 1, "", "no tomogram named other"},
        {"project import p.tomoloupe --particles text.txt --set n", 1, "", "text.txt"},
        {"label set p.tomoloupe --set c --particle 0,1", 2, "", "--class or --none"},
        {"label set p.tomoloupe --set c --particle 9 --class x", 1, "", "no particle 9 in set c: it has 4"},
        {"label set p.tomoloupe --set c --particle 0,1 --class proteasome", 0, "2 particles: proteasome", ""},
        {"label list p.tomoloupe --set c --json", 0, "proteasome", ""},
        {"label undo p.tomoloupe", 0, "undo done", ""},
        {"label list p.tomoloupe --set c", 0, "0\tribosome", ""},
        {"label redo p.tomoloupe --json", 0, "\"done\": true", ""},
        {"label redo p.tomoloupe", 0, "nothing to redo", ""},
        {"label set p.tomoloupe --set c --particle 3 --none", 0, "no label", ""},
        {"label next p.tomoloupe --set c", 0, "3\n", ""},
        {"label next p.tomoloupe --set c --json", 0, "\"unlabelled\": 1", ""},
        {"label next p.tomoloupe --set c --count 0", 2, "", "--count"},
        {"label next p.tomoloupe --set q", 1, "", "there are: c, l, m"},
        {"label sets p.tomoloupe --use again", 0, "* again", ""},
        {"label set p.tomoloupe --set c --particle 0,2 --class proteasome", 0, "2 particles: proteasome", ""},
        {"label sets p.tomoloupe --use labels", 0, "* labels", ""},
        {"label compare p.tomoloupe --set c --first labels --second again", 0, "kappa", ""},
        {"label compare p.tomoloupe --set c --first labels --second other", 1, "", "no label set \"other\""},
        {"label set p.tomoloupe --set q --particle 3 --none", 1, "", "there are: c, l, m"},
        {"label", 2, "", "error: "},
        {"export p.tomoloupe --set c --out c.star", 0, "4 particles, 3 labelled", ""},
        {"export p.tomoloupe --set c --format csv --out c.csv --json", 0, "\"labelled\": 3", ""},
        {"export p.tomoloupe --set c --format pdf --out c.pdf", 2, "", "format"},
        {"export p.tomoloupe --set c --out c.star --predictions 1", 1, "", "no run"},
        {"export p.tomoloupe --set c --out no/such/folder/c.star", 1, "", "no/such/folder"},
        {"project relink p.tomoloupe --tomogram tomo --file crops/0.mrc", 1, "", "header differs"},
        {"project relink p.tomoloupe --tomogram nobody --file crops/0.mrc", 1, "", "no tomogram named nobody"},
        {"project relink p.tomoloupe --tomogram tomo --file crops/0.mrc --force", 0, "crops/0.mrc", ""},
        {"pretrain p.tomoloupe", 2, "", "--set"},
        {"pretrain p.tomoloupe --set c --epochs 0", 2, "", "between 1 and 100000"},
        {"pretrain p.tomoloupe --set c --epochs many", 2, "", "a whole number"},
        {"pretrain p.tomoloupe --set c --method magic", 2, "", "one of: moco"},
        {"pretrain p.tomoloupe --set c --recipe text.txt", 1, "", "not a recipe"},
        {"pretrain p.tomoloupe --set l", 1, "", "not been extracted"},
        {"finetune p.tomoloupe --set c --from 7", 1, "", "no run \"7\""},
        {"predict p.tomoloupe --set c --model 7", 1, "", "no run \"7\""},
        {"explain p.tomoloupe --set c --model 7 --particle 99", 1, "", "no particle 99"},
        {"run crops", 1, "", "no run.json"},
        {"resume nothing", 1, "", "no run.json"},
        {"project info p.tomoloupe", 0, "set c: 4 particles, 3 labelled", ""},
    };
    for (const Line& line : lines) {
        INFO(line.words);
        const auto result = runCli(files.folder.path(), line.words);
        INFO(result.output + result.errors);
        CHECK(result.exitCode == line.exitCode);
        CHECK_THAT(result.output, contains(line.output));
        CHECK_THAT(result.errors, contains(line.errors));
        if (result.exitCode != 0) CHECK(result.errors.starts_with("error: "));
        if (result.exitCode == 1) CHECK(std::count(result.errors.begin(), result.errors.end(), '\n') == 1);
    }
}

TEST_CASE("command line, project info is one document with everything") {
    const Files files;
    for (const char* words : {"project create p.tomoloupe", "project import p.tomoloupe --tomogram tomo.mrc",
                              "project import p.tomoloupe --subtomograms crops --labels crops/labels.csv --set c"})
        REQUIRE(runCli(files.folder.path(), words).exitCode == 0);
    const auto info = runCli(files.folder.path(), "project info p.tomoloupe --json").json();
    CHECK(info["tomograms"][0]["shape"] == nlohmann::json{20, 30, 40});
    CHECK(info["tomograms"][0]["found"] == true);
    CHECK(info["sets"][0]["classes"] == nlohmann::json{{"ribosome", 2}, {"background", 2}});
    CHECK(info["sets"][0]["box"] == 16);
    CHECK(info["classes"][1] == nlohmann::json{{"name", "background"}, {"colour", "#8A93A0"}});
    CHECK(info["runs"].empty());
}

TEST_CASE("command line, without the engine a run fails with one sentence and stays for a resume") {
    const Files files;
    for (const char* words : {"project create p.tomoloupe", "project import p.tomoloupe --subtomograms crops --set c"})
        REQUIRE(runCli(files.folder.path(), words).exitCode == 0);
    ::setenv("TOMOLOUPE_ENGINE", "/no/such/engine.so", 1);
    const auto result = runCli(files.folder.path(), "pretrain p.tomoloupe --set c --epochs 1");
    const auto info = runCli(files.folder.path(), "project info p.tomoloupe --json").json();
    ::unsetenv("TOMOLOUPE_ENGINE");
    CHECK(result.exitCode == 1);
    CHECK_THAT(result.errors, contains("error: Run 0001 has failed") && contains("/no/such/engine.so"));
    CHECK(info["runs"][0]["state"] == "failed");
    CHECK_THAT(info["runs"][0]["result"]["message"].get<std::string>(), contains("/no/such/engine.so"));
}

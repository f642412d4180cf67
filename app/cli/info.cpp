#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/stop_token.h"
#include "core/io/sampled_statistics.h"

namespace tomoloupe::cli {
namespace {

using nlohmann::json;

constexpr std::uintmax_t kReadWhole = std::uintmax_t(1) << 30;  // beyond this nobody wants to wait for every voxel
constexpr std::int64_t kSampleVoxels = std::int64_t(8) << 20;

struct InfoFlags {
    std::vector<std::string> files;
    bool noStatistics = false;
};

struct FileStatistics {
    Statistics values;
    const char* source;  ///< "voxels", "header" or "sample"
};

FileStatistics statisticsFor(const VolumeFile& file) {
    const VolumeInfo& info = file.info();
    const double bytes = 4.0 * static_cast<double>(info.shape.product()) * static_cast<double>(info.count);
    if (bytes <= static_cast<double>(kReadWhole)) return {statisticsOfAll(file, StopToken()), "voxels"};
    if (info.headerStatistics) return {*info.headerStatistics, "header"};
    return {sampledStatistics(file, kSampleVoxels), "sample"};
}

json toJson(const FileStatistics& statistics) {
    const Statistics& s = statistics.values;
    return {{"source", statistics.source},
            {"minimum", s.minimum},
            {"maximum", s.maximum},
            {"mean", s.mean},
            {"standard_deviation", s.standardDeviation},
            {"count", s.count},
            {"not_finite", s.notFinite}};
}

// The mean of three sizes is off by the last bit.
double rounded(double value) {
    return std::stod(fmt::format("{:.9g}", value));
}

json toJson(const Vec3& v) {
    return json::array({v.x, v.y, v.z});
}

json describe(const std::string& name, Session& session, bool withStatistics) {
    const std::shared_ptr<const VolumeFile> file = session.readers.open(name);
    const VolumeInfo& info = file->info();
    json document{{"file", name},
                  {"format", info.format},
                  {"type", info.valueType},
                  {"shape", json::array({info.shape.x, info.shape.y, info.shape.z})},
                  {"count", info.count},
                  {"image_stack", info.imageStack},
                  {"voxel_size_known", info.voxelSizeKnown},
                  {"voxel_size_angstrom", info.voxelSizeKnown ? json(rounded(info.voxelSize())) : json(nullptr)},
                  {"voxel_size_xyz_angstrom", info.voxelSizeKnown ? toJson(info.voxelSizeAngstrom) : json(nullptr)},
                  {"origin_angstrom", toJson(info.originAngstrom)},
                  {"bytes", std::filesystem::file_size(name)},
                  {"labels", info.labels},
                  {"warnings", info.warnings}};
    if (withStatistics) document["statistics"] = toJson(statisticsFor(*file));
    return document;
}

std::string number(const json& value) {
    return value.is_null() ? "unknown" : fmt::format("{:.6g}", value.get<double>());
}

std::string statisticsText(const json& s) {
    std::string text = fmt::format("{} to {}, mean {}, standard deviation {}", number(s["minimum"]),
                                   number(s["maximum"]), number(s["mean"]), number(s["standard_deviation"]));
    if (s["not_finite"] > 0) text += fmt::format(", {} not finite", s["not_finite"].get<std::int64_t>());
    if (s["source"] == "header") text += " (as the header says)";
    if (s["source"] == "sample") text += fmt::format(" (of a sample of {} voxels)", s["count"].get<std::int64_t>());
    return text;
}

void print(const json& d) {
    const auto& shape = d["shape"];
    std::string size = fmt::format("{} x {} x {}", shape[0].get<std::int64_t>(), shape[1].get<std::int64_t>(),
                                   shape[2].get<std::int64_t>());
    if (d["image_stack"]) size += " (a stack of images)";
    if (d["count"] > 1) size += fmt::format(", {} volumes", d["count"].get<std::int64_t>());
    fmt::print("{}\n  format      {}, {}\n  size        {}\n", d["file"].get<std::string>(),
               d["format"].get<std::string>(), d["type"].get<std::string>(), size);
    const auto& o = d["origin_angstrom"];
    if (d["voxel_size_known"])
        fmt::print("  voxel size  {:.6g} Å\n  origin      {:g}, {:g}, {:g} Å\n", d["voxel_size_angstrom"].get<double>(),
                   o[0].get<double>(), o[1].get<double>(), o[2].get<double>());
    else
        fmt::print("  voxel size  unknown\n");
    fmt::print("  file size   {} bytes\n", d["bytes"].get<std::uintmax_t>());
    if (d.contains("statistics")) fmt::print("  values      {}\n", statisticsText(d["statistics"]));
    for (const auto& label : d["labels"]) fmt::print("  label       {}\n", label.get<std::string>());
    for (const auto& warning : d["warnings"]) fmt::print("  warning     {}\n", warning.get<std::string>());
}

void run(const InfoFlags& flags, Session& session) {
    if (flags.files.size() == 1) {
        const json document = describe(flags.files.front(), session, !flags.noStatistics);
        return session.json ? printJson(document) : print(document);
    }
    json all = json::array();
    for (const std::string& name : flags.files) {
        try {
            all.push_back(describe(name, session, !flags.noStatistics));
            if (!session.json) print(all.back());
        } catch (const Error& error) {
            session.exitCode = 1;
            all.push_back({{"file", name}, {"error", error.what()}});
            log(LogLevel::Error, error.what());
        }
    }
    if (session.json) printJson(all);
}

}  // namespace

void addInfo(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("info", "Header, voxel size and statistics of volume files");
    const auto flags = std::make_shared<InfoFlags>();
    command->add_option("FILE", flags->files, "MRC, CCP4, TIFF or HDF5 stack; also packed with gzip or bzip2")
        ->required();
    command->add_flag("--no-statistics", flags->noStatistics, "Look at the header alone");
    command->add_flag("--json", session.json, "Print one JSON document (an array for several files)");
    command->callback([flags, &session] { run(*flags, session); });
}

}  // namespace tomoloupe::cli

#include "core/io/tiff_metadata.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <map>
#include <sstream>

namespace tomoloupe {
namespace {

using Fields = std::map<std::string, std::string>;

Fields imagejFields(const std::string& description) {
    Fields fields;
    std::istringstream lines(description);
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        const std::size_t equals = line.find('=');
        if (equals != std::string::npos) fields.emplace(line.substr(0, equals), line.substr(equals + 1));
    }
    return fields;
}

double number(const Fields& fields, const std::string& key) {
    const auto found = fields.find(key);
    double value = 0;
    if (found == fields.end()) return 0;
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
    return std::isfinite(value) ? value : 0;
}

std::int64_t count(const Fields& fields, const std::string& key, std::int64_t otherwise) {
    const double value = number(fields, key);
    return value >= 1 && value < 1e12 ? static_cast<std::int64_t>(value) : otherwise;
}

// Ångströms in one unit, as ImageJ, Fiji and OME name it; 0 for one that is no length. µ and Å come in UTF-8, Latin-1
// and as the escapes that ImageJ writes.
double angstromsIn(const std::string& unit) {
    static const std::map<std::string, double> kUnits{{"nm", 10},
                                                      {"nanometer", 10},
                                                      {"nanometre", 10},
                                                      {"pm", 0.01},
                                                      {"A", 1},
                                                      {"\xC3\x85", 1},
                                                      {"\xE2\x84\xAB", 1},
                                                      {"\xC5", 1},
                                                      {"\\u00C5", 1},
                                                      {"angstrom", 1},
                                                      {"Angstrom", 1},
                                                      {"angstroms", 1},
                                                      {"\xC3\x85ngstrom", 1},
                                                      {"micron", 1e4},
                                                      {"microns", 1e4},
                                                      {"um", 1e4},
                                                      {"\xC2\xB5m", 1e4},
                                                      {"\xCE\xBCm", 1e4},
                                                      {"\xB5m", 1e4},
                                                      {"\\u00B5m", 1e4},
                                                      {"micrometer", 1e4},
                                                      {"mm", 1e7},
                                                      {"cm", 1e8},
                                                      {"m", 1e10},
                                                      {"inch", 2.54e8},
                                                      {"in", 2.54e8}};
    const auto found = kUnits.find(unit);
    return found == kUnits.end() ? 0 : found->second;
}

// Larger is no electron microscope's voxel: it is a screen's or a printer's resolution.
double plausible(double angstrom) {
    return std::isfinite(angstrom) && angstrom > 0 && angstrom < 1e5 ? angstrom : 0;
}

TiffStack fromImagej(const TiffPage& first) {
    const Fields fields = imagejFields(first.description);
    TiffStack stack;
    stack.images = count(fields, "images", 0);
    stack.slices = count(fields, "slices", 0);
    stack.channels = count(fields, "channels", 1);
    stack.frames = count(fields, "frames", 1);
    if (stack.slices <= 1 && stack.frames > 1) {
        stack.warnings.push_back(
            fmt::format("ImageJ calls the {} planes time points (frames); they are read as z", stack.frames));
        stack.slices = stack.frames;
        stack.frames = 1;
    }
    const auto unit = fields.find("unit");
    const double angstroms = unit == fields.end() ? 0 : angstromsIn(unit->second);
    if (angstroms > 0 && first.pixelsPerUnit > 0) {
        stack.pixelAngstrom = plausible(angstroms / first.pixelsPerUnit);
        stack.sliceAngstrom = plausible(angstroms * std::abs(number(fields, "spacing")));
    } else if (unit != fields.end() && unit->second != "pixel" && unit->second != "pixels") {
        stack.warnings.push_back(
            fmt::format("The unit \"{}\" of ImageJ is not known: the voxel size is unknown", unit->second));
    }
    return stack;
}

// One attribute of the first Pixels element; a whole XML reader is not needed for four numbers.
std::string omeAttribute(const std::string& xml, const std::string& name) {
    const std::size_t pixels = xml.find("<Pixels");
    if (pixels == std::string::npos) return {};
    const std::size_t end = xml.find('>', pixels), at = xml.find(" " + name + "=\"", pixels);
    if (at == std::string::npos || at > end) return {};
    const std::size_t start = at + name.size() + 3;
    const std::size_t close = xml.find('"', start);
    return close == std::string::npos ? std::string() : xml.substr(start, close - start);
}

double omeSize(const std::string& xml, const std::string& axis) {
    const Fields fields{{"size", omeAttribute(xml, "PhysicalSize" + axis)}};
    const std::string unit = omeAttribute(xml, "PhysicalSize" + axis + "Unit");
    return plausible(number(fields, "size") * angstromsIn(unit.empty() ? "um" : unit));  // OME's default is µm
}

TiffStack fromOme(const std::string& xml) {
    TiffStack stack;
    stack.pixelAngstrom = omeSize(xml, "X");
    stack.sliceAngstrom = omeSize(xml, "Z");
    const Fields sizes{
        {"z", omeAttribute(xml, "SizeZ")}, {"c", omeAttribute(xml, "SizeC")}, {"t", omeAttribute(xml, "SizeT")}};
    stack.slices = count(sizes, "z", 0);
    stack.channels = count(sizes, "c", 1);
    stack.frames = count(sizes, "t", 1);
    const std::string order = omeAttribute(xml, "DimensionOrder");
    if (stack.channels * stack.frames > 1 && order != "XYCZT") {
        stack.warnings.push_back(fmt::format("The planes are in the order {}; they are read as one run of z", order));
        stack.slices = 0;
        stack.channels = stack.frames = 1;
    }
    return stack;
}

}  // namespace

TiffStack readTiffMetadata(const TiffPage& first) {
    if (first.description.rfind("ImageJ=", 0) == 0) return fromImagej(first);
    if (first.description.find("<OME") != std::string::npos) return fromOme(first.description);
    TiffStack stack;
    const double unit = first.resolutionUnit == 2 ? 2.54e8 : first.resolutionUnit == 3 ? 1e8 : 0;
    if (first.pixelsPerUnit > 0) stack.pixelAngstrom = plausible(unit / first.pixelsPerUnit);
    return stack;
}

}  // namespace tomoloupe

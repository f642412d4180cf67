#include "core/experiment/report_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace tomoloupe {
namespace {

/// Where values lie in a chart, in its pixels.
struct Frame {
    double left = 48, top = 12, width = 380, height = 220;
    double lowest = 0, highest = 1, largest = 1;
    [[nodiscard]] double x(double fraction) const { return left + fraction / largest * width; }
    [[nodiscard]] double y(double accuracy) const { return top + (highest - accuracy) / (highest - lowest) * height; }
};

/// Tens of percent that hold all that is drawn.
void fit(Frame& frame, const std::vector<std::vector<TableEntry>>& starts) {
    double low = 1, high = 0;
    for (const auto& start : starts)
        for (const TableEntry& entry : start) {
            if (entry.published) low = std::min(low, *entry.published), high = std::max(high, *entry.published);
            if (!entry.runs.empty())
                low = std::min(low, entry.accuracy.mean - entry.accuracy.sd),
                high = std::max(high, entry.accuracy.mean + entry.accuracy.sd);
        }
    if (low > high) return;
    frame.lowest = std::max(0.0, std::floor(low * 10 - 0.2) / 10);
    frame.highest = std::min(1.0, std::ceil(high * 10 + 0.2) / 10);
}

std::string axes(const Frame& frame, const std::vector<double>& fractions) {
    std::string svg;
    const int first = int(std::lround(frame.lowest * 10)), last = int(std::lround(frame.highest * 10));
    for (int tenth = first; tenth <= last; ++tenth) {
        const double y = frame.y(tenth / 10.0);
        svg += fmt::format(
            "<line x1='{0}' x2='{1}' y1='{2:.1f}' y2='{2:.1f}' class='grid'/><text x='{3}' y='{4:.1f}' "
            "text-anchor='end'>{5} %</text>",
            frame.left, frame.left + frame.width, y, frame.left - 6, y + 4, tenth * 10);
    }
    for (const double fraction : fractions)
        svg += fmt::format("<text x='{:.1f}' y='{:.1f}' text-anchor='middle'>{:g} %</text>", frame.x(fraction),
                           frame.top + frame.height + 16, 100 * fraction);
    return svg + fmt::format("<text x='{:.1f}' y='{:.1f}' text-anchor='middle'>of the training labels</text>",
                             frame.x(frame.largest / 2), frame.top + frame.height + 34);
}

double legendX(const Frame& frame) { return frame.left + frame.width + 24; }
double legendY(const Frame& frame, std::size_t place) { return frame.top + 8 + 18 * double(place); }

/// A dot of this look and its name, `place` lines below the top.
std::string legendEntry(const Frame& frame, std::size_t place, const std::string& look, const std::string& name) {
    const double x = legendX(frame), y = legendY(frame, place);
    return fmt::format("<circle cx='{}' cy='{:.1f}' r='4' {}/><text x='{}' y='{:.1f}'>{}</text>", x, y - 4, look,
                       x + 10, y, escaped(name));
}

/// Points of one start with its line, spread and name in the legend.
std::string series(const Frame& frame, const ExperimentTable& table, std::size_t set, std::size_t start) {
    const auto& fractions = table.recipe->labelFractions;
    const std::string colour = colourOfStart(start);
    std::string line, marks;
    for (std::size_t i = 0; i < fractions.size(); ++i) {
        const TableEntry& entry = table.entries[set][start][i];
        const double x = frame.x(fractions[i]);
        if (entry.published)
            marks += fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='4' fill='none' stroke='{}' stroke-width='1.5'/>",
                                 x, frame.y(*entry.published), colour);
        if (entry.runs.empty()) continue;
        const double y = frame.y(entry.accuracy.mean), up = frame.y(entry.accuracy.mean + entry.accuracy.sd),
                     down = frame.y(entry.accuracy.mean - entry.accuracy.sd);
        line += fmt::format("{:.1f},{:.1f} ", x, y);
        marks += fmt::format(
            "<circle cx='{0:.1f}' cy='{1:.1f}' r='3.5' fill='{2}'/><line x1='{0:.1f}' x2='{0:.1f}' y1='{3:.1f}' "
            "y2='{4:.1f}' stroke='{2}'/>",
            x, y, colour, up, down);
    }
    return fmt::format("<polyline points='{}' fill='none' stroke='{}' stroke-width='2'/>{}{}", line, colour, marks,
                       legendEntry(frame, start, fmt::format("fill='{}'", colour), table.recipe->starts[start].name));
}

}  // namespace

std::string escaped(const std::string& text) {
    std::string result;
    for (const char letter : text) {
        switch (letter) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '\'':
                result += "&#39;";
                break;
            case '"':
                result += "&quot;";
                break;
            default:
                result += letter;
        }
    }
    return result;
}

std::string colourOfStart(std::size_t start) {
    constexpr std::array kColours{"#555555", "#0072b2", "#d55e00", "#009e73",
                                  "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31",
                                  "#882255", "#332288", "#88a020", "#111111"};
    return kColours[start % kColours.size()];
}

std::string fractionPicture(const ExperimentTable& table, std::size_t set) {
    Frame frame;
    fit(frame, table.entries[set]);
    frame.largest = *std::max_element(table.recipe->labelFractions.begin(), table.recipe->labelFractions.end());
    const std::size_t starts = table.recipe->starts.size();
    std::size_t longest = 0;
    for (const ExperimentStart& start : table.recipe->starts) longest = std::max(longest, start.name.size());
    std::string svg = fmt::format("<svg width='{:.0f}' height='{:.0f}' role='img' aria-label='Accuracy against the part of the labels, {}'>",
                                  legendX(frame) + 20 + 7 * double(longest), std::max(290.0, legendY(frame, starts) + 10),
                                  escaped(table.recipe->sets[set].name));
    svg += axes(frame, table.recipe->labelFractions);
    for (std::size_t start = 0; start < starts; ++start) svg += series(frame, table, set, start);
    const auto isPublished = [](const TableEntry& entry) { return entry.published.has_value(); };
    if (std::any_of(table.entries[set].begin(), table.entries[set].end(),
                    [&](const auto& one) { return std::any_of(one.begin(), one.end(), isPublished); }))
        svg += legendEntry(frame, starts, "fill='none' stroke='#555555' stroke-width='1.5'", "published");
    return svg + "</svg>";
}

std::string confusionPicture(const TableEntry& entry) {
    if (entry.runs.empty()) return {};
    const auto& classes = entry.runs.front()->classes;
    const std::size_t count = classes.size();
    std::vector<double> sums(count * count);
    for (const CellRecord* run : entry.runs)
        for (std::size_t i = 0; i < sums.size() && i < run->confusion.size(); ++i) sums[i] += double(run->confusion[i]);
    constexpr double kCell = 26, kNames = 170;
    const double side = kCell * double(count);
    std::string svg = fmt::format("<svg width='{:.0f}' height='{:.0f}' role='img' aria-label='Confusion matrix'>",
                                  kNames + side + 10, side + 30);
    for (std::size_t row = 0; row < count; ++row) {
        double total = 0;
        for (std::size_t column = 0; column < count; ++column) total += sums[row * count + column];
        svg += fmt::format("<text x='{}' y='{:.1f}' text-anchor='end'>{} {}</text>", kNames - 6,
                           kCell * (double(row) + 0.65), escaped(classes[row]), row + 1);
        for (std::size_t column = 0; column < count; ++column) {
            const double part = total > 0 ? sums[row * count + column] / total : 0;
            const double x = kNames + kCell * double(column), y = kCell * double(row);
            svg += fmt::format(
                "<rect x='{:.0f}' y='{:.0f}' width='{}' height='{}' fill='{}' fill-opacity='{:.3f}' "
                "stroke='#ccc'><title>{} called {}: {:.1f} %</title></rect>",
                x, y, kCell, kCell, row == column ? "#0072b2" : "#d55e00", part, escaped(classes[row]),
                escaped(classes[column]), 100 * part);
            if (part >= 0.005)
                svg += fmt::format("<text x='{:.1f}' y='{:.1f}' text-anchor='middle' class='{}'>{:.0f}</text>",
                                   x + kCell / 2, y + kCell * 0.65, part > 0.6 ? "on" : "in", 100 * part);
        }
        svg += fmt::format("<text x='{:.1f}' y='{:.1f}' text-anchor='middle'>{}</text>",
                           kNames + kCell * (double(row) + 0.5), side + 16, row + 1);
    }
    return svg + "</svg>";
}

std::string heatPicture(Index3 shape, std::span<const float> volume, std::span<const float> heat) {
    constexpr int kPixel = 5;
    const std::int64_t slice = shape.z / 2 * shape.x * shape.y;
    const auto shown = volume.subspan(std::size_t(slice), std::size_t(shape.x * shape.y));
    const auto [low, high] = std::minmax_element(shown.begin(), shown.end());
    const float most = std::max(1e-12f, *std::max_element(heat.begin(), heat.end()));
    std::string svg = fmt::format(
        "<svg width='{}' height='{}' shape-rendering='crispEdges' role='img' aria-label='Middle slice with its heat'>",
        shape.x * kPixel, shape.y * kPixel);
    for (std::int64_t y = 0; y < shape.y; ++y)
        for (std::int64_t x = 0; x < shape.x; ++x) {
            const auto at = std::size_t(y * shape.x + x);
            const int grey = int(std::lround(255 * (shown[at] - *low) / std::max(1e-12f, *high - *low)));
            const double warm = std::clamp(double(heat[std::size_t(slice) + at] / most), 0.0, 1.0) * 0.75;
            const auto mixed = [&](int other) { return int(std::lround(grey * (1 - warm) + other * warm)); };
            svg += fmt::format("<rect x='{}' y='{}' width='{}' height='{}' fill='#{:02x}{:02x}{:02x}'/>", x * kPixel,
                               (shape.y - 1 - y) * kPixel, kPixel, kPixel, mixed(255), mixed(110), mixed(0));
        }
    return svg + "</svg>";
}

}  // namespace tomoloupe

#include "ui/shell/latency_meter.h"

#include <algorithm>

namespace tomoloupe {
namespace {

constexpr int kInterval = 5;  // ms

}  // namespace

LatencyMeter::LatencyMeter(QObject* parent) : QObject(parent) {
    timer_.setTimerType(Qt::PreciseTimer);
    timer_.setInterval(kInterval);
    connect(&timer_, &QTimer::timeout, this, [this] {
        const double passed = static_cast<double>(clock_.nsecsElapsed()) / 1e6;
        clock_.restart();
        lateness_.push_back(std::max(0.0, passed - kInterval));
    });
}

void LatencyMeter::start() {
    lateness_.clear();
    clock_.start();
    timer_.start();
}

double LatencyMeter::percentile(double part) const {
    if (lateness_.empty()) return 0;
    std::vector<double> sorted = lateness_;
    std::sort(sorted.begin(), sorted.end());
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(part * static_cast<double>(sorted.size())))];
}

QString LatencyMeter::report() const {
    return QStringLiteral("event loop p50/p95/p99/max ms: %1 / %2 / %3 / %4 (%5 ticks)")
        .arg(percentile(0.5), 0, 'f', 2)
        .arg(percentile(0.95), 0, 'f', 2)
        .arg(percentile(0.99), 0, 'f', 2)
        .arg(percentile(1), 0, 'f', 2)
        .arg(lateness_.size());
}

}  // namespace tomoloupe

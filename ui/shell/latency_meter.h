#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>
#include <vector>

namespace tomoloupe {

/// How late the event loop answers: a timer of 5 ms, and by how much each tick was overdue.
class LatencyMeter : public QObject {
    Q_OBJECT
  public:
    explicit LatencyMeter(QObject* parent = nullptr);
    void start();
    /// "event loop p50/p95/p99/max ms: 0.1 / 2.2 / 4.6 / 10.0 (4000 ticks)".
    [[nodiscard]] QString report() const;
    /// The lateness in ms below which this part of the ticks lies.
    [[nodiscard]] double percentile(double part) const;

  private:
    QTimer timer_;
    QElapsedTimer clock_;
    std::vector<double> lateness_;  // ms
};

}  // namespace tomoloupe

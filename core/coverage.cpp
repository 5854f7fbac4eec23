#include "coverage.hpp"
#include "cells.hpp"
#include "pieces.hpp"
#include "roots.hpp"
#include "tallies.hpp"

#include <atomic>
#include <limits>
#include <system_error>
#include <thread>

namespace core {
namespace {

// Crossings are found to this, and a piece is not halved below kFinest.
constexpr double kTolerance = 1e-7, kFinest = 1e-3; // s
constexpr double kNever = std::numeric_limits<double>::quiet_NaN();

// All zeros of f in (a, b), in order; `bound` is one of |f''| there. Two zeros are told apart
// down to kFinest.
template <class F>
void zeros_in(F &&f, double a, double b, double fa, double fb, double bound,
              std::vector<double> &out) {
    const double h = b - a, slack = 0.125 * bound * h * h;
    const bool across = (fa >= 0.0) != (fb >= 0.0);
    // from its chord the function departs by no more than `slack`
    if (!across && std::min(std::fabs(fa), std::fabs(fb)) > slack)
        return;
    // its slope departs from the chord's by no more than bound h: it has one sign
    if (across && (h <= kFinest || std::fabs(fb - fa) > bound * h * h)) {
        out.push_back(brent(f, a, b, fa, fb, kTolerance));
        return;
    }
    if (h <= kFinest)
        return;
    const double middle = 0.5 * (a + b), fm = f(middle);
    zeros_in(f, a, middle, fa, fm, bound, out);
    zeros_in(f, middle, b, fm, fb, bound, out);
}

// One cell under all satellites.
class Watch {
public:
    Watch(const Kernels &kernels, const Sky &sky, const Sensor &sensor, const Gauges &gauges,
          const std::vector<Stretch> &pieces, double farthest)
        : kernels_(kernels), sky_(sky), sensor_(sensor), gauges_(gauges), pieces_(pieces),
          farthest_(farthest), length_(sky.block / sky.cuts) {}

    std::vector<Seen> watch(const Cell &cell) {
        seen_.clear();
        since_.assign(cell.count(), kNever);
        until_.assign(cell.count(), kNever);
        from_.resize(cell.held);
        to_.resize(cell.held);
        for (int satellite = 0; satellite < sky_.satellites; ++satellite) {
            if (sensor_.kind == Sensor::elevation)
                elevations(cell, satellite);
            else
                chains(cell, satellite);
        }
        return seen_;
    }

private:
    const Stretch *of(int satellite) const {
        return pieces_.data() + static_cast<std::size_t>(satellite) * (sky_.pieces() + 1);
    }

    void note(const Cell &cell, int i, int satellite, double start, double stop) {
        seen_.push_back({cell.who[i], satellite, start, stop});
    }

    // The gauge of all points of the cell at the ends of pieces, in lanes.
    void elevations(const Cell &cell, int satellite) {
        const Stretch *const own = of(satellite);
        const int n = sky_.pieces();
        const double sine = std::sin(sensor_.mask);
        int last = -2;
        for (int k = 0; k < n; ++k) {
            if (!cell.near(own[k]))
                continue;
            if (last != k - 1) {
                kernels_.ground_gauge(cell.ground.data(), own[k].start, sine, from_.data(),
                                      cell.held);
                begin(cell, satellite, last, k);
            }
            last = k;
            kernels_.ground_gauge(cell.ground.data(), own[k + 1].start, sine, to_.data(),
                                  cell.held);
            piece(cell, satellite, k);
            from_.swap(to_);
        }
        begin(cell, satellite, last, -1);
    }

    // Ends the run of near pieces after `last`, begins the one at k. Nothing is seen between.
    void begin(const Cell &cell, int satellite, int last, int k) {
        const double end = last + 1 == sky_.pieces() ? sky_.span() : (last + 1) * length_;
        for (int i = 0; i < cell.count(); ++i) {
            if (since_[i] == since_[i])
                note(cell, i, satellite, since_[i], end);
            since_[i] = k >= 0 && from_[i] >= 0.0 ? k * length_ : kNever;
        }
    }

    void piece(const Cell &cell, int satellite, int k) {
        const Stretch &piece = of(satellite)[k];
        const double rise = piece.slope * length_;
        single_.clear();
        for (int i = 0; i < cell.count(); ++i) {
            const double a = from_[i], b = to_[i];
            if ((a >= 0.0) == (b >= 0.0)) {
                if (std::min(std::fabs(a), std::fabs(b)) <= piece.slack)
                    halve(cell, satellite, k, i);
            } else if (std::fabs(b - a) > rise) {
                single_.push_back(i);
            } else {
                halve(cell, satellite, k, i);
            }
        }
        if (single_.empty())
            return;
        const int b = k / sky_.cuts, cut = k % sky_.cuts;
        CrossView cross;
        cross.power = sky_.of(satellite, b);
        cross.terms = sky_.terms;
        cross.lo = 2.0 * cut / sky_.cuts - 1.0;
        cross.hi = 2.0 * (cut + 1) / sky_.cuts - 1.0;
        cross.sine = std::sin(sensor_.mask);
        cross.tolerance = 2.0 * kTolerance / sky_.block;
        const int count = static_cast<int>(single_.size());
        x_.resize(count);
        kernels_.ground_cross(cross, cell.ground.data(), cell.held, single_.data(), from_.data(),
                              to_.data(), x_.data(), count);
        for (int j = 0; j < count; ++j)
            turn(cell, satellite, single_[j], to_[single_[j]] >= 0.0,
                 (b + 0.5 * (x_[j] + 1.0)) * sky_.block);
    }

    void turn(const Cell &cell, int satellite, int i, bool rises, double t) {
        if (rises) {
            since_[i] = t;
        } else {
            note(cell, i, satellite, since_[i], t);
            since_[i] = kNever;
        }
    }

    void halve(const Cell &cell, int satellite, int k, int i) {
        const GroundPoint point = cell.point(i);
        const int b = k / sky_.cuts;
        auto f = [&](double t) { return gauges_.value(0, satellite, b, t, point); };
        roots_.clear();
        zeros_in(f, k * length_, (k + 1) * length_, from_[i], to_[i],
                 of(satellite)[k].slope / length_, roots_);
        bool above = from_[i] >= 0.0;
        for (double t : roots_)
            turn(cell, satellite, i, above = !above, t);
    }

    // Point by point, gauge after gauge, each inside what the ones before have left.
    void chains(const Cell &cell, int satellite) {
        const Stretch *const own = of(satellite);
        for (int k = 0; k < sky_.pieces(); ++k) {
            if (!cell.near(own[k]))
                continue;
            for (int i = 0; i < cell.count(); ++i)
                if (dot3(cell.unit(i), own[k].middle) >= own[k].cosine)
                    chain(cell, satellite, k, i);
        }
        for (int i = 0; i < cell.count(); ++i)
            if (since_[i] == since_[i]) {
                note(cell, i, satellite, since_[i], until_[i]);
                since_[i] = kNever;
            }
    }

    void chain(const Cell &cell, int satellite, int k, int i) {
        const GroundPoint point = cell.point(i);
        const int b = k / sky_.cuts;
        const double end = k + 1 == sky_.pieces() ? sky_.span() : (k + 1) * length_;
        kept_.assign(1, {k * length_, end});
        for (int which = gauges_.count() - 1; which >= 0 && !kept_.empty(); --which) {
            auto f = [&](double t) { return gauges_.value(which, satellite, b, t, point); };
            const double bound = gauges_.bend(which, of(satellite)[k], farthest_);
            left_.clear();
            for (const auto &[start, stop] : kept_) {
                const double fa = f(start), fb = f(stop);
                roots_.clear();
                zeros_in(f, start, stop, fa, fb, bound, roots_);
                bool inside = fa >= 0.0;
                double since = start;
                for (double t : roots_) {
                    if (inside)
                        left_.emplace_back(since, t);
                    since = t;
                    inside = !inside;
                }
                if (inside)
                    left_.emplace_back(since, stop);
            }
            kept_.swap(left_);
        }
        for (const auto &[start, stop] : kept_) {
            if (since_[i] == since_[i] && start > until_[i]) {
                note(cell, i, satellite, since_[i], until_[i]);
                since_[i] = kNever;
            }
            if (since_[i] != since_[i])
                since_[i] = start;
            until_[i] = stop;
        }
    }

    const Kernels &kernels_;
    const Sky &sky_;
    const Sensor &sensor_;
    const Gauges &gauges_;
    const std::vector<Stretch> &pieces_;
    const double farthest_, length_;
    std::vector<Seen> seen_;
    std::vector<double> since_, until_, from_, to_, x_, roots_;
    std::vector<int> single_;
    std::vector<std::pair<double, double>> kept_, left_;
};

} // namespace

Covered cover(const Kernels &kernels, const Sky &sky, const Sensor &sensor, const Ground &ground,
              int folds, bool kept, int threads) {
    double nearest = std::numeric_limits<double>::infinity(), farthest = 0.0;
    for (int i = 0; i < ground.points; ++i) {
        const double r = std::sqrt(dot3(ground.place + 3 * i, ground.place + 3 * i));
        nearest = std::min(nearest, r);
        farthest = std::max(farthest, r);
    }
    const Gauges gauges(sensor, sky);
    const std::vector<Stretch> pieces = pieces_of(sky, sensor, gauges, nearest, farthest);
    const std::vector<Cell> cells = cells_of(ground);
    Covered all;
    all.folds = folds;
    all.figures.assign(static_cast<std::size_t>(ground.points) * (kFigures + folds), 0.0);
    std::vector<std::vector<Seen>> rows(kept ? cells.size() : 0);
    std::atomic<std::size_t> next{0};
    auto work = [&] {
        Watch watch(kernels, sky, sensor, gauges, pieces, farthest);
        for (std::size_t c = next++; c < cells.size(); c = next++) {
            std::vector<Seen> seen = watch.watch(cells[c]);
            by_point(seen);
            tally(seen, cells[c], sky.span(), all);
            if (kept)
                rows[c] = std::move(seen);
        }
    };
    std::vector<std::thread> others;
    try {
        for (int i = 1; i < std::min<int>(threads, static_cast<int>(cells.size())); ++i)
            others.emplace_back(work);
    } catch (const std::system_error &) {
        // as many as the machine gives
    }
    work();
    for (std::thread &thread : others)
        thread.join();
    if (kept)
        gather(rows, ground.points, all.seen);
    return all;
}

} // namespace core

#include "segment.hpp"

#include "cpu.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace core {
namespace {

constexpr double kShortest = 1e-3; // s; a segment this short is taken as it is

} // namespace

Stepper::Stepper(const Model &model, const Settings &settings, const Scales &scales)
    : rule(core::rule(settings.nodes)), model_(model), settings_(settings), scales_(scales),
      n_(settings.nodes), time_(n_), dt_(n_), mass_(n_), r_(3 * n_), v_(3 * n_), base_(3 * n_),
      f_(3 * n_), d_(3 * n_), fresh_(3 * n_), y_(3 * n_), scratch_(3 * n_),
      kepler_(kKeplerRows * n_), six_(6 * n_), response_(6 * n_), patch_r_(3 * n_),
      patch_v_(3 * n_), bend_(3 * n_) {
    bare_norms_.resize(n_);
}

// From the forces f_ at the places r_: the next places, and the largest change.
double Stepper::sweep(double h) {
    const Kernels &kernel = kernels();
    const double q = 0.25 * h * h;
    kernel.multiply(rule.twice.data(), f_.data(), y_.data(), 3, n_, n_);
    for (int i = 0; i < 3 * n_; ++i)
        y_[i] = base_[i] + patch_r_[i] + q * y_[i];
    ++counts.inner;
    if (guided_) {
        kernel.sources(model_.field->mu, r0_, v0_, kepler_.data(), r_.data(), y_.data(),
                       six_.data(), n_);
        kernel.multiply(rule.once.data(), six_.data(), response_.data(), 6, n_, n_);
        return kernel.respond(r0_, v0_, kepler_.data(), response_.data(), 0.5 * h, y_.data(),
                              r_.data(), n_);
    }
    double change = 0.0;
    for (int i = 0; i < 3 * n_; ++i) {
        const double step = std::fabs(y_[i] - r_[i]);
        change = step <= change ? change : step;
    }
    r_.swap(y_);
    return change;
}

// Sweeps on the low field with the rest of the forces held, until what a next one would still
// change, by the contraction seen so far, is less than the tolerance. `change` is that of a sweep
// already made from the full forces, or 0.
bool Stepper::iterate(double h, double tolerance, double change) {
    const Kernels &kernel = kernels();
    const FieldView low = low_->view();
    double before = change;
    for (int it = 0; it < 60; ++it) {
        kernel.gravity(low, tables_.rotation.data(), r_.data(), f_.data(), n_);
        for (int i = 0; i < 3 * n_; ++i)
            f_[i] += d_[i];
        change = sweep(h);
        if (it == 0)
            first_ = change;
        if (before > 0.0)
            contraction_ = std::clamp(change / before, 1e-4, 1.0);
        // done when the rest is small, or when rounding stops the fall
        if (change * contraction_ < tolerance ||
            (change < 100.0 * tolerance && before > 0.0 && change > 0.5 * before))
            return true;
        if (!(change < 1e12) || (it > 12 && change > before)) {
            if (!guided_ || !(change < 1e12))
                return false;
            guided_ = false; // the two-body arc is no guide here
        }
        before = change;
    }
    return false;
}

// Velocity that the last terms of the Legendre series of the forces f stand for.
double Stepper::truncation(double h, const Rows &f) const {
    double tail = 0.0, head = 0.0;
    double last[9] = {};
    for (int c = 0; c < 3; ++c)
        for (int i = 0; i < n_; ++i)
            for (int k = 0; k < 3; ++k)
                last[3 * c + k] += rule.to_series[i * n_ + n_ - 3 + k] * f[c * n_ + i];
    for (double a : last)
        tail = std::fabs(a) <= tail ? tail : std::fabs(a);
    for (int i = 0; i < 3 * n_; i += 4)
        head = std::max(head, std::fabs(f[i]));
    // rounding of the sum sets a floor under the tail
    const double floor = 4e-16 * head;
    return std::fabs(h) * std::max(tail - floor, 1e-3 * floor) / n_;
}

bool Stepper::reject(double h, double factor) {
    ++counts.rejected;
    advised = h * std::clamp(factor, 0.2, 0.9);
    return false;
}

void Stepper::velocities_from_forces(double h) {
    kernels().multiply(rule.once.data(), f_.data(), v_.data(), 3, n_, n_);
    for (int c = 0; c < 3; ++c)
        for (int i = 0; i < n_; ++i)
            v_[c * n_ + i] = v0_[c] + patch_v_[c * n_ + i] + 0.5 * h * v_[c * n_ + i];
}

bool Stepper::solve(double t, double h, const double *r0, const double *v0, double mass0,
                    const double *low) {
    const Kernels &kernel = kernels();
    double flow = 0.0, slope = 0.0;
    each_burn(model_, scales_, [&](const Burn &b) {
        if (const int k = b.piece(t + 0.5 * h); k >= 0) {
            const double rate = (b.flow[k + 1] - b.flow[k]) / (b.t[k + 1] - b.t[k]);
            flow += b.flow[k] + rate * (t - b.t[k]);
            slope += rate;
        }
    });
    arc.start = t;
    arc.length = h;
    arc.mass0 = mass0;
    arc.flow = flow;
    arc.slope = slope;
    arc.patches.clear();
    double radius = 0.0;
    for (int c = 0; c < 3; ++c) {
        r0_[c] = r0[c];
        v0_[c] = v0[c];
        radius = std::max(radius, std::fabs(r0[c]));
    }
    for (int i = 0; i < n_; ++i) {
        dt_[i] = 0.5 * h * (1.0 + rule.x[i]);
        time_[i] = t + dt_[i];
        mass_[i] = arc.mass(time_[i]);
        for (int c = 0; c < 3; ++c)
            base_[c * n_ + i] = r0[c] + v0[c] * dt_[i];
    }
    if (!(mass_[n_ - 1] > 0.0) && std::fabs(h) > kShortest)
        return reject(h, 0.5);
    const bool may_shrink = std::fabs(h) > kShortest;
    // at the shortest, a good deal more is borne, but not anything
    const double allowed = settings_.tolerance * (may_shrink ? 1.0 : 1e3);
    kernel.kepler(model_.field->mu, r0, v0, dt_.data(), kepler_.data(), n_);
    std::copy(kepler_.begin(), kepler_.begin() + 3 * n_, r_.begin());
    // the central force along the two-body arc already tells whether the segment is too long
    for (int i = 0; i < n_; ++i) {
        const double x = r_[i], y = r_[n_ + i], z = r_[2 * n_ + i], rr = x * x + y * y + z * z;
        const double k = -model_.field->mu / (rr * std::sqrt(rr));
        for (int c = 0; c < 3; ++c)
            f_[c * n_ + i] = k * r_[c * n_ + i];
    }
    // how much longer or shorter a segment of that truncation should have been
    auto factor = [&](double error) {
        return 0.9 * std::pow(settings_.tolerance / error, 1.0 / (n_ - 1));
    };
    const double coarse = truncation(h, f_);
    if (!(coarse <= allowed))
        return reject(h, factor(coarse));
    tables_.read(model_, time_.data(), n_);
    for (Rows *zero : {&d_, &fresh_, &patch_r_, &patch_v_, &bend_})
        std::fill(zero->begin(), zero->end(), 0.0);
    light.assign(n_, 1.0);
    edges.clear();
    guided_ = true;
    dark_ = bare_ = false;

    // rounding of the place sets what convergence can mean
    const double fine =
        std::max(std::clamp(2e-2 * settings_.tolerance, 3e-9, 3e-7), 8e-16 * radius);
    const double enough = std::clamp(5e-3 * settings_.tolerance, 3e-10, 3e-7);
    // the full field is evaluated where the path is known so well
    const double known = settings_.tolerance < 1e-5 ? 3e-12 * radius : 1e-10 * radius;
    double before = 0.0, moved = 0.0;
    bool under = false, settled = false;
    contraction_ = 0.1;
    low_ = model_.low;
    if (!iterate(h, 3e-7 * radius, 0.0))
        return reject(h, 0.5);
    // a first look at what the low field does not hold, to seven digits
    if (model_.radiates())
        dark_ = all_dark();
    velocities_from_forces(h);
    const unsigned parts = every_part & ~(dark_ ? light_part : 0u);
    forces(model_, scales_, tables_, (parts & ~field_part) | rough_part, time_.data(), mass_.data(),
           r_.data(), v_.data(), n_, d_, work_, norms, under);
    if (!iterate(h, known, 0.0))
        return reject(h, 0.5);
    before = first_;
    for (int outer = 1; outer < 20; ++outer) {
        if (model_.radiates() && (outer == 1 || before > 0.1)) {
            // the path is known to decimetres: the shadow's edges stand still from here on
            finish(h);
            cast_shadow(t, h);
            // the forces are to be taken where the patches have moved the path to
            if (!arc.patches.empty() && !iterate(h, known, 0.0))
                return reject(h, 0.5);
        }
        velocities_from_forces(h);
        under = false;
        forces(model_, scales_, tables_, every_part & ~(dark_ || bare_ ? light_part : 0u),
               time_.data(), mass_.data(), r_.data(), v_.data(), n_, f_, work_, norms, under);
        // a coarse flight is corrected on a coarser field
        low_ = settings_.tolerance >= 1e-5 ? model_.tiny.get() : model_.low;
        kernel.gravity(low_->view(), tables_.rotation.data(), r_.data(), scratch_.data(), n_);
        ++counts.full;
        double rest = 0.0;
        for (int i = 0; i < 3 * n_; ++i) {
            f_[i] -= bend_[i];
            d_[i] = f_[i] - scratch_[i];
            rest = std::max(rest, std::fabs(d_[i]));
        }
        // its gradient times half the square of the length: harmonics of a dozen degrees (measured:
        // the drift of a month)
        const double answers = 6.0 * h * h * rest / radius;
        const double error = truncation(h, f_);
        if (!(error <= allowed))
            return reject(h, factor(error));
        // these forces make one sweep themselves
        moved = sweep(h);
        if (!std::isfinite(moved))
            return reject(h, 0.5);
        if (!iterate(h, fine, moved))
            return reject(h, 0.5);
        // the next correction shrinks as this one did, but by no more than what the rest of the
        // forces answers to a displacement
        const double ahead = moved * std::max(std::min(1.0, moved / before), answers);
        before = moved;
        settled = ahead < enough;
        if (settled)
            break;
    }
    if (!settled)
        return reject(h, 0.5);
    if (bare_)
        std::copy(bare_norms_.begin(), bare_norms_.end(), norms.begin() + Force::radiation * n_);
    velocities_from_forces(h);
    finish(h);
    const double error = truncation(h, f_);
    if (!(error <= allowed))
        return reject(h, factor(error));
    const double longer = std::fabs(h) * std::clamp(factor(error), 0.3, 1.6);
    advised = std::copysign(std::min(longer, settings_.longest), h);
    below = under;
    ++counts.segments;
    land(h, low);
    mass_end = arc.mass(t + h);
    return true;
}

// The end of the segment by its own sums, in extended precision with weights to match: rounding of
// either would push every segment the same way.
void Stepper::land(double h, const double *low) {
    double r[3] = {}, v[3] = {};
    arc.patch(arc.end(), r, v);
    for (int c = 0; c < 3; ++c) {
        long double once = 0.0L, twice = 0.0L;
        for (int i = 0; i < n_; ++i) {
            once += rule.fine_w[i] * f_[c * n_ + i];
            twice += rule.fine_w1[i] * f_[c * n_ + i];
        }
        const long double v0 = static_cast<long double>(v0_[c]) + (low ? low[3 + c] : 0.0);
        const long double r0 = static_cast<long double>(r0_[c]) + (low ? low[c] : 0.0);
        const long double half = 0.5L * h, place = r0 + h * v0 + half * half * twice + r[c],
                          speed = v0 + half * once + v[c];
        r_end[c] = static_cast<double>(place);
        v_end[c] = static_cast<double>(speed);
        low_end[c] = static_cast<double>(place - r_end[c]);
        low_end[3 + c] = static_cast<double>(speed - v_end[c]);
    }
}

// Series of place and velocity from the forces at the nodes.
void Stepper::finish(double h) {
    const int terms = n_ + 2;
    arc.terms = terms;
    arc.series.assign(6 * terms, 0.0);
    kernels().multiply(rule.to_series.data(), f_.data(), scratch_.data(), 3, n_, n_);
    double once[72], twice[72];
    for (int k = 0; k < 3; ++k) {
        integrate_series(scratch_.data() + k * n_, n_, once);
        integrate_series(once, n_ + 1, twice);
        double *r = arc.series.data() + k * terms, *v = arc.series.data() + (3 + k) * terms;
        for (int j = 0; j <= n_; ++j)
            v[j] = 0.5 * h * once[j];
        for (int j = 0; j < terms; ++j)
            r[j] = 0.25 * h * h * twice[j];
        v[0] += v0_[k];
        r[0] += r0_[k] + 0.5 * h * v0_[k];
        r[1] += 0.5 * h * v0_[k];
    }
}

} // namespace core

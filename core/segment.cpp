#include "segment.hpp"

#include "cpu.hpp"
#include "kepler.hpp"
#include "roots.hpp"
#include "shadow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace core {
namespace {

constexpr int kShadeNodes = 12;
constexpr double kShortest = 1.0; // s; a segment this short is taken as it is

double dot_series(const double *c, const double *p, int n) {
    double sum = 0.0;
    for (int k = n - 1; k >= 0; --k)
        sum += c[k] * p[k];
    return sum;
}

} // namespace

void Arc::at(double t, double *place, double *velocity) const {
    double p[72];
    legendre(2.0 * (t - start) / length - 1.0, terms, p);
    for (int c = 0; c < 3; ++c) {
        place[c] = dot_series(r.data() + c * terms, p, terms);
        if (velocity)
            velocity[c] = dot_series(v.data() + c * terms, p, terms);
    }
    for (const Shade &s : shades) {
        if (t <= s.start)
            break;
        if (t >= s.end) {
            for (int c = 0; c < 3; ++c) {
                place[c] += s.r_end[c] + s.v_end[c] * (t - s.end);
                if (velocity)
                    velocity[c] += s.v_end[c];
            }
            continue;
        }
        legendre(2.0 * (t - s.start) / (s.end - s.start) - 1.0, kShadeNodes + 2, p);
        for (int c = 0; c < 3; ++c) {
            place[c] += dot_series(s.r.data() + c * (kShadeNodes + 2), p, kShadeNodes + 2);
            if (velocity)
                velocity[c] += dot_series(s.v.data() + c * (kShadeNodes + 1), p, kShadeNodes + 1);
        }
    }
}

Stepper::Stepper(const Model &model, const Settings &settings)
    : rule(core::rule(settings.nodes)), model_(model), settings_(settings), n_(settings.nodes),
      time_(n_), dt_(n_), mass_(n_), r_(3 * n_), v_(3 * n_), base_(3 * n_), f_(3 * n_), d_(3 * n_),
      fresh_(3 * n_), scratch_(3 * n_), shade_r_(3 * n_), shade_v_(3 * n_) {}

// Picard iteration on the low field with the rest of the forces held.
bool Stepper::iterate(double h, double tolerance) {
    const Kernels &kernel = kernels();
    const FieldView low = model_.low->view();
    const double q = 0.25 * h * h;
    double before = std::numeric_limits<double>::infinity();
    for (int it = 0; it < 60; ++it) {
        kernel.gravity(low, tables_.rotation.data(), r_.data(), f_.data(), n_);
        for (int i = 0; i < 3 * n_; ++i)
            f_[i] += d_[i];
        kernel.integrate(rule.twice.data(), f_.data(), scratch_.data(), n_);
        double change = 0.0;
        for (int i = 0; i < 3 * n_; ++i) {
            const double next = base_[i] + shade_r_[i] + q * scratch_[i];
            change = std::max(change, std::fabs(next - r_[i]));
            r_[i] = next;
        }
        ++counts.inner;
        // done when small, or when rounding stops the fall
        if (change < tolerance || (change < 1e-6 && change > 0.5 * before))
            return true;
        if (!(change < 1e9) || (it > 12 && change > before))
            return false;
        before = change;
    }
    return false;
}

// Velocity that the last terms of the Legendre series of the forces f stand for.
double Stepper::truncation(double h, const Rows &f) const {
    double tail = 0.0, head = 0.0;
    for (int c = 0; c < 3; ++c) {
        for (int k = n_ - 3; k < n_; ++k) {
            double a = 0.0;
            for (int i = 0; i < n_; ++i)
                a += rule.to_series[k * n_ + i] * f[c * n_ + i];
            tail = std::max(tail, std::fabs(a));
        }
        for (int i = 0; i < n_; i += 4)
            head = std::max(head, std::fabs(f[c * n_ + i]));
    }
    // rounding of the sum sets a floor under the tail
    const double floor = 4e-16 * head;
    return h * std::max(tail - floor, 1e-3 * floor) / n_;
}

bool Stepper::reject(double h, double factor) {
    ++counts.rejected;
    advised = h * std::clamp(factor, 0.2, 0.9);
    return false;
}

bool Stepper::solve(double t, double h, const double *r0, const double *v0, double mass0) {
    const Kernels &kernel = kernels();
    const double flow = model_.flow(t + 0.5 * h);
    for (int i = 0; i < n_; ++i) {
        dt_[i] = 0.5 * h * (1.0 + rule.x[i]);
        time_[i] = t + dt_[i];
        mass_[i] = mass0 - flow * dt_[i];
        for (int c = 0; c < 3; ++c)
            base_[c * n_ + i] = r0[c] + v0[c] * dt_[i];
    }
    kepler_arc(model_.field->mu, r0, v0, dt_.data(), n_, r_.data());
    // the central force along the two-body arc already tells whether the segment is too long
    for (int i = 0; i < n_; ++i) {
        const double x = r_[i], y = r_[n_ + i], z = r_[2 * n_ + i], rr = x * x + y * y + z * z;
        const double k = -model_.field->mu / (rr * std::sqrt(rr));
        for (int c = 0; c < 3; ++c)
            f_[c * n_ + i] = k * r_[c * n_ + i];
    }
    const double power = 1.0 / (n_ - 1);
    const double coarse = truncation(h, f_);
    if (!(coarse <= settings_.tolerance) && h > kShortest)
        return reject(h, 0.9 * std::pow(settings_.tolerance / coarse, power));
    tables_.read(model_, time_.data(), n_);
    std::fill(d_.begin(), d_.end(), 0.0);
    std::fill(shade_r_.begin(), shade_r_.end(), 0.0);
    std::fill(shade_v_.begin(), shade_v_.end(), 0.0);
    shade.assign(n_, 1.0);
    arc.start = t;
    arc.length = h;
    arc.mass0 = mass0;
    arc.flow = flow;
    arc.shades.clear();

    double before = 0.0;
    bool under = false, settled = false;
    if (!iterate(h, 1.0) && h > kShortest)
        return reject(h, 0.5);
    for (int outer = 0; outer < 12; ++outer) {
        // velocities at the nodes, from the forces of the last iteration
        kernel.integrate(rule.once.data(), f_.data(), scratch_.data(), n_);
        for (int i = 0; i < n_; ++i)
            for (int c = 0; c < 3; ++c)
                v_[c * n_ + i] = v0[c] + shade_v_[c * n_ + i] + 0.5 * h * scratch_[c * n_ + i];
        under = false;
        perturbation(model_, tables_, time_.data(), mass_.data(), r_.data(), v_.data(), n_, fresh_,
                     scratch_, norms, under);
        ++counts.full;
        double change = 0.0;
        for (int i = 0; i < 3 * n_; ++i)
            change = std::max(change, std::fabs(fresh_[i] - d_[i]));
        change *= 0.5 * h * h;
        d_.swap(fresh_);
        // once the path is known to centimetres the shadow's boundaries stand still
        if (model_.radiates() && outer > 0) {
            finish(t, h, r0, v0);
            cast_shadow(t, h);
        }
        if (!iterate(h, outer == 0 ? 1e-4 : 1e-8) && h > kShortest)
            return reject(h, 0.5);
        // the next correction shrinks as this one did
        const double ahead = outer == 0 ? change : change * std::min(1.0, change / before);
        before = change;
        settled = outer > 0 && ahead < 1e-7;
        if (settled)
            break;
    }
    if (!settled && h > kShortest)
        return reject(h, 0.5);
    finish(t, h, r0, v0);

    const double error = truncation(h, f_);
    const double factor = 0.9 * std::pow(settings_.tolerance / error, power);
    if (!(error <= settings_.tolerance) && h > kShortest)
        return reject(h, factor);
    advised = std::min(h * std::clamp(factor, 0.3, 1.6), settings_.longest);
    below = under;
    ++counts.segments;
    arc.at(t + h, r_end, v_end);
    return true;
}

// Series of place and velocity from the forces at the nodes.
void Stepper::finish(double, double h, const double *r0, const double *v0) {
    const int terms = n_ + 2;
    arc.terms = terms;
    arc.r.assign(3 * terms, 0.0);
    arc.v.assign(3 * terms, 0.0);
    std::vector<double> c(n_), once(n_ + 1), twice(n_ + 2);
    for (int k = 0; k < 3; ++k) {
        for (int j = 0; j < n_; ++j) {
            double sum = 0.0;
            for (int i = 0; i < n_; ++i)
                sum += rule.to_series[j * n_ + i] * f_[k * n_ + i];
            c[j] = sum;
        }
        integrate_series(c.data(), n_, once.data());
        integrate_series(once.data(), n_ + 1, twice.data());
        double *v = arc.v.data() + k * terms, *r = arc.r.data() + k * terms;
        for (int j = 0; j <= n_; ++j)
            v[j] = 0.5 * h * once[j];
        for (int j = 0; j < terms; ++j)
            r[j] = 0.25 * h * h * twice[j];
        v[0] += v0[k];
        r[0] += r0[k] + 0.5 * h * v0[k];
        r[1] += 0.5 * h * v0[k];
    }
}

// Find the boundaries of penumbra and umbra on the present path and integrate what the shadow
// takes away, piece by piece, so that no node ever steps over a boundary.
void Stepper::cast_shadow(double t, double h) {
    const Body &sun = model_.bodies[model_.sun];
    auto look = [&](double at) {
        double r[3], s[3];
        arc.at(at, r, nullptr);
        sun.place.at(at, s);
        return disks(r, s, model_.sun_radius, model_.body_radius);
    };
    std::fill(shade_r_.begin(), shade_r_.end(), 0.0);
    std::fill(shade_v_.begin(), shade_v_.end(), 0.0);
    std::fill(shade.begin(), shade.end(), 1.0);
    // far from the shadow's axis all along: nothing to do
    const Rows &s0 = tables_.bodies[model_.sun];
    bool near = false;
    for (int i = 0; i < n_ && !near; ++i) {
        const double x = r_[i], y = r_[n_ + i], z = r_[2 * n_ + i];
        const double along = x * s0[i] + y * s0[n_ + i] + z * s0[2 * n_ + i];
        const double ss = s0[i] * s0[i] + s0[n_ + i] * s0[n_ + i] + s0[2 * n_ + i] * s0[2 * n_ + i];
        const double across = x * x + y * y + z * z - along * along / ss;
        // the penumbra widens by half a degree; a third of the radius covers the gaps of samples
        const double wide = 1.33 * model_.body_radius + 0.01 * std::fabs(along) / std::sqrt(ss);
        near = along < 0.1 * model_.body_radius * std::sqrt(ss) && across < wide * wide;
    }
    std::vector<Shade> found;
    std::vector<double> light(n_, 1.0);
    if (near) {
        std::vector<double> when{t}, outer, inner;
        when.insert(when.end(), time_.begin(), time_.end());
        when.push_back(t + h);
        for (std::size_t i = 0; i < when.size(); ++i) {
            const Disks d = look(when[i]);
            outer.push_back(d.c - (d.a + d.b));
            inner.push_back(d.c - std::fabs(d.b - d.a));
            if (i > 0 && i + 1 < when.size())
                light[i - 1] = visible(d);
        }
        std::vector<double> cuts{t, t + h};
        for (auto [at, rising] : zeros(
                 [&](double x) {
                     Disks d = look(x);
                     return d.c - (d.a + d.b);
                 },
                 when, outer, 1e-9))
            cuts.push_back(at);
        for (auto [at, rising] : zeros(
                 [&](double x) {
                     Disks d = look(x);
                     return d.c - std::fabs(d.b - d.a);
                 },
                 when, inner, 1e-9))
            cuts.push_back(at);
        std::sort(cuts.begin(), cuts.end());
        const Rule &fine = core::rule(kShadeNodes);
        for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
            const double a = cuts[i], b = cuts[i + 1];
            if (b - a < 1e-9 || visible(look(0.5 * (a + b))) >= 1.0)
                continue;
            Shade s;
            s.start = a;
            s.end = b;
            double values[3 * kShadeNodes];
            for (int j = 0; j < kShadeNodes; ++j) {
                const double at = 0.5 * (a + b) + 0.5 * (b - a) * fine.x[j];
                double r[3], place[3], f[3];
                arc.at(at, r, nullptr);
                sun.place.at(at, place);
                sunlight(model_, arc.mass(at), r, place, f);
                const double missing =
                    1.0 - visible(disks(r, place, model_.sun_radius, model_.body_radius));
                for (int c = 0; c < 3; ++c)
                    values[c * kShadeNodes + j] = -missing * f[c];
            }
            s.v.assign(3 * (kShadeNodes + 1), 0.0);
            s.r.assign(3 * (kShadeNodes + 2), 0.0);
            const double half = 0.5 * (b - a);
            for (int c = 0; c < 3; ++c) {
                double series[kShadeNodes];
                for (int k = 0; k < kShadeNodes; ++k) {
                    series[k] = 0.0;
                    for (int j = 0; j < kShadeNodes; ++j)
                        series[k] +=
                            fine.to_series[k * kShadeNodes + j] * values[c * kShadeNodes + j];
                    series[k] *= half;
                }
                double *v = s.v.data() + c * (kShadeNodes + 1);
                double *r = s.r.data() + c * (kShadeNodes + 2);
                integrate_series(series, kShadeNodes, v);
                integrate_series(v, kShadeNodes + 1, r);
                s.v_end[c] = s.r_end[c] = 0.0;
                for (int k = 0; k < kShadeNodes + 2; ++k) {
                    r[k] *= half;
                    s.r_end[c] += r[k];
                    if (k <= kShadeNodes)
                        s.v_end[c] += v[k];
                }
            }
            found.push_back(std::move(s));
        }
    }
    // the same at the nodes
    arc.shades = std::move(found);
    if (arc.shades.empty())
        return;
    Arc only;
    only.start = t;
    only.length = h;
    only.terms = 1;
    only.r.assign(3, 0.0);
    only.v.assign(3, 0.0);
    only.shades = arc.shades;
    for (int i = 0; i < n_; ++i) {
        double r[3], v[3];
        only.at(time_[i], r, v);
        for (int c = 0; c < 3; ++c) {
            shade_r_[c * n_ + i] = r[c];
            shade_v_[c * n_ + i] = v[c];
        }
    }
    shade = light;
}

} // namespace core

#include "variations.hpp"

#include "cpu.hpp"

#include <algorithm>
#include <cmath>

namespace core {
namespace {

constexpr double kPlaceStep = 10.0, kSpeedStep = 0.05; // m, m/s; of the small forces' differences
constexpr unsigned kSmall =
    figure_part | tide_part | drag_part | light_part | relativity_part | thrust_part;

} // namespace

Variations::Variations(const Model &model, const Scales &scales, const Partials &partials,
                       double mass0)
    : model_(model), scales_(scales), partials_(partials), mass0_(mass0),
      columns_(6 + partials.count()), matrix_(6 * columns_) {
    for (int i = 0; i < 6; ++i)
        matrix_[i * columns_ + i] = 1.0;
}

// da/dr, da/dv and da/dp at the nodes. Gravity by its own tensor; the small forces by central
// differences, good to 1e-7 of themselves.
void Variations::linearise(const Stepper &stepper) {
    const Kernels &kernel = kernels();
    const int n = stepper.rule.n;
    const Rows &r = stepper.places(), &v = stepper.velocities();
    const NodeTables &tables = stepper.tables();
    const double *t = stepper.times().data(), *mass = stepper.masses().data();
    g_.resize(9 * n);
    d_.assign(9 * n, 0.0);
    work_.resize(9 * n);
    kernel.gradient(model_.field->tensor(), tables.rotation.data(), r.data(), work_.data(), n);
    constexpr int row[9] = {0, 1, 2, 1, 3, 4, 2, 4, 5};
    for (int k = 0; k < 9; ++k)
        std::copy(work_.begin() + row[k] * n, work_.begin() + (row[k] + 1) * n, g_.begin() + k * n);
    for (std::size_t j = 0; j < model_.bodies.size(); ++j) {
        const Body &body = model_.bodies[j];
        if (!body.attracts)
            continue;
        for (int i = 0; i < n; ++i) {
            double e[3], d2 = 0.0;
            for (int c = 0; c < 3; ++c) {
                e[c] = r[c * n + i] - tables.bodies[j][c * n + i];
                d2 += e[c] * e[c];
            }
            const double k = body.mu / (d2 * std::sqrt(d2));
            for (int a = 0; a < 3; ++a)
                for (int b = 0; b < 3; ++b)
                    g_[(3 * a + b) * n + i] += k * (3.0 * e[a] * e[b] / d2 - (a == b));
        }
    }
    const bool dark = stepper.dark() || stepper.bare();
    const unsigned small = dark ? kSmall & ~light_part : kSmall;
    bool below = false;
    by_velocity_ = model_.drags() || model_.relativistic() || !model_.burns.empty() ||
                   scales_.burn || (model_.panels_shine && model_.attitude == Attitude::nadir);
    bool figures = false;
    for (const Body &b : model_.bodies)
        figures = figures || (b.field && b.attracts);
    const bool by_place = by_velocity_ || model_.radiates() || model_.tides || figures;
    auto difference = [&](bool speed, Rows &out) {
        const double step = speed ? kSpeedStep : kPlaceStep;
        for (int c = 0; c < 3; ++c) {
            for (int side = 0; side < 2; ++side) {
                moved_ = speed ? v : r;
                for (int i = 0; i < n; ++i)
                    moved_[c * n + i] += side ? step : -step;
                forces(model_, scales_, tables, small, t, mass, speed ? r.data() : moved_.data(),
                       speed ? moved_.data() : v.data(), n, side ? b_ : a_, space_, norms_, below);
            }
            for (int k = 0; k < 3; ++k)
                for (int i = 0; i < n; ++i)
                    out[(3 * k + c) * n + i] += (b_[k * n + i] - a_[k * n + i]) / (2.0 * step);
        }
    };
    if (by_place)
        difference(false, g_);
    if (by_velocity_)
        difference(true, d_);
    s_.assign(static_cast<std::size_t>(3 * partials_.count()) * n, 0.0);
    int at = 0;
    auto source = [&](unsigned parts) -> double * {
        forces(model_, scales_, tables, parts, t, mass, r.data(), v.data(), n, a_, space_, norms_,
               below);
        double *s = s_.data() + static_cast<std::size_t>(3 * at++) * n;
        std::copy(a_.begin(), a_.end(), s);
        return s;
    };
    if (partials_.mu)
        source(field_part);
    if (partials_.drag)
        source(drag_part);
    light_ = -1;
    if (partials_.light) {
        light_ = 6 + at;
        // as on the path itself: smooth light at the nodes, the rest in the patches
        double *s = source(dark ? 0u : light_part);
        for (int i = 0; i < 3 * n; ++i)
            s[i] = (s[i] - stepper.patch_bends()[i]) / scales_.light;
    }
    if (partials_.thrust) {
        // a stronger engine burns more: the lighter spacecraft feels every surface force more
        double *s = source(thrust_part);
        forces(model_, scales_, tables, drag_part | thrust_part | (dark ? 0u : light_part), t, mass,
               r.data(), v.data(), n, a_, space_, norms_, below);
        for (int i = 0; i < 3 * n; ++i)
            s[i] += a_[i] * (mass0_ - mass[i % n]) / mass[i % n];
    }
}

void Variations::step(const Stepper &stepper, double until) {
    const Kernels &kernel = kernels();
    const Rule &rule = stepper.rule;
    const int n = rule.n, k = columns_;
    const double h = stepper.arc.length, q = 0.25 * h * h;
    linearise(stepper);
    const std::size_t size = static_cast<std::size_t>(3 * k) * n;
    x_.resize(size);
    y_.resize(size);
    f_.resize(size);
    next_.resize(size);
    // column j of the matrix: rows 3 j .. 3 j + 2
    auto start = [&](int row, int j) { return matrix_[row * k + j]; };
    // penumbras crossed: each turns a displacement into a step of velocity
    struct Kink {
        double t;
        const Edge *edge;
        Rows weights, jumps; // of the nodes' values; 3 for each column
    };
    const double sense = h > 0.0 ? 1.0 : -1.0;
    std::vector<Kink> kinks;
    for (const Edge &e : stepper.edges) {
        if (sense * (e.t - until) >= 0.0)
            continue;
        Kink kink{e.t, &e, Rows(n), Rows(3 * k)};
        std::vector<double> p(n);
        legendre(2.0 * (e.t - stepper.arc.start) / h - 1.0, n, p.data());
        for (int j = 0; j < n; ++j)
            for (int i = 0; i < n; ++i)
                kink.weights[j] += p[i] * rule.to_series[j * n + i];
        kinks.push_back(std::move(kink));
    }
    auto bent = [&](int c, int j, double t, double *speed) {
        double place = 0.0;
        for (const Kink &kink : kinks)
            if (sense * (t - kink.t) > 0.0) {
                place += kink.jumps[3 * j + c] * (t - kink.t);
                if (speed)
                    *speed += kink.jumps[3 * j + c];
            }
        return place;
    };
    auto straight = [&](int c, int j, int i) {
        const double patch = j == light_ ? stepper.patch_places()[c * n + i] / scales_.light : 0.0;
        return start(c, j) + start(3 + c, j) * 0.5 * h * (1.0 + rule.x[i]) + patch +
               (kinks.empty() ? 0.0 : bent(c, j, stepper.times()[i], nullptr));
    };
    auto steady = [&](int c, int j, int i) {
        const double patch =
            j == light_ ? stepper.patch_velocities()[c * n + i] / scales_.light : 0.0;
        double speed = 0.0;
        if (!kinks.empty())
            bent(c, j, stepper.times()[i], &speed);
        return start(3 + c, j) + patch + speed;
    };
    for (int j = 0; j < k; ++j)
        for (int c = 0; c < 3; ++c)
            for (int i = 0; i < n; ++i)
                x_[(3 * j + c) * n + i] = straight(c, j, i);
    double before = 1e300;
    for (int it = 0; it < 80; ++it) {
        for (Kink &kink : kinks)
            for (int j = 0; j < k; ++j) {
                double there[3] = {};
                for (int c = 0; c < 3; ++c)
                    for (int i = 0; i < n; ++i)
                        there[c] += kink.weights[i] * x_[(3 * j + c) * n + i];
                for (int c = 0; c < 3; ++c) {
                    double jump = 0.0;
                    for (int e = 0; e < 3; ++e)
                        jump += kink.edge->answer[3 * c + e] * there[e];
                    kink.jumps[3 * j + c] = jump;
                }
            }
        if (by_velocity_) {
            if (it > 0) {
                kernel.multiply(rule.once.data(), f_.data(), y_.data(), 3 * k, n, n);
                for (int j = 0; j < k; ++j)
                    for (int c = 0; c < 3; ++c)
                        for (int i = 0; i < n; ++i) {
                            double &y = y_[(3 * j + c) * n + i];
                            y = steady(c, j, i) + 0.5 * h * y;
                        }
            } else {
                for (int j = 0; j < k; ++j)
                    for (int c = 0; c < 3; ++c)
                        for (int i = 0; i < n; ++i)
                            y_[(3 * j + c) * n + i] = steady(c, j, i);
            }
        }
        for (int j = 0; j < k; ++j)
            for (int c = 0; c < 3; ++c)
                for (int i = 0; i < n; ++i) {
                    double sum = j < 6 ? 0.0 : s_[(3 * (j - 6) + c) * n + i];
                    for (int e = 0; e < 3; ++e)
                        sum += g_[(3 * c + e) * n + i] * x_[(3 * j + e) * n + i];
                    if (by_velocity_)
                        for (int e = 0; e < 3; ++e)
                            sum += d_[(3 * c + e) * n + i] * y_[(3 * j + e) * n + i];
                    f_[(3 * j + c) * n + i] = sum;
                }
        kernel.multiply(rule.twice.data(), f_.data(), next_.data(), 3 * k, n, n);
        double change = 0.0;
        for (int j = 0; j < k; ++j)
            for (int c = 0; c < 3; ++c)
                for (int i = 0; i < n; ++i) {
                    const std::size_t at = (3 * j + c) * n + i;
                    const double value = straight(c, j, i) + q * next_[at];
                    const double scale = 1.0 + std::fabs(value);
                    change = std::max(change, std::fabs(value - x_[at]) / scale);
                    x_[at] = value;
                }
        if (change < 1e-14 || (change < 1e-11 && change > 0.5 * before))
            break;
        before = change;
    }
    const double u = std::clamp(2.0 * (until - stepper.arc.start) / h - 1.0, -1.0, 1.0);
    std::vector<double> p(n + 2), once(n + 1), twice(n + 2), fresh(matrix_.size());
    legendre(u, n + 2, p.data());
    double patch_r[3] = {}, patch_v[3] = {};
    stepper.arc.patch(until, patch_r, patch_v);
    kernel.multiply(rule.to_series.data(), f_.data(), next_.data(), 3 * k, n, n);
    for (int j = 0; j < k; ++j)
        for (int c = 0; c < 3; ++c) {
            integrate_series(next_.data() + (3 * j + c) * n, n, once.data());
            integrate_series(once.data(), n + 1, twice.data());
            double place = 0.0, speed = 0.0;
            for (int i = 0; i < n + 2; ++i)
                place += twice[i] * p[i];
            for (int i = 0; i < n + 1; ++i)
                speed += once[i] * p[i];
            const double share = j == light_ ? 1.0 / scales_.light : 0.0;
            double jump = 0.0;
            const double bend = bent(c, j, until, &jump);
            fresh[c * k + j] = start(c, j) + start(3 + c, j) * 0.5 * h * (1.0 + u) + q * place +
                               share * patch_r[c] + bend;
            fresh[(3 + c) * k + j] = start(3 + c, j) + 0.5 * h * speed + share * patch_v[c] + jump;
        }
    matrix_ = fresh;
}

} // namespace core

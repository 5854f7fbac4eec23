#include "propagate.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace core {
namespace {

// Chebyshev columns of a finished segment, cut at the boundaries of the shadow where the path has
// kinks in its acceleration.
void write(const Arc &arc, const Rule &rule, Path &path) {
    const int wide = rule.n + 2;
    path.terms = wide;
    auto reserve = [&] {
        path.coefficients.resize(path.coefficients.size() + std::size_t(wide) * 7, 0.0);
        return path.coefficients.data() + path.coefficients.size() - std::size_t(wide) * 7;
    };
    auto mass = [&](double *c, double a, double b) {
        c[6] = 0.5 * (arc.mass(a) + arc.mass(b));
        c[7 + 6] = 0.5 * (arc.mass(b) - arc.mass(a));
    };
    if (arc.shades.empty()) {
        double *c = reserve();
        for (int j = 0; j < wide; ++j)
            for (int k = 0; k < 6; ++k) {
                const double *series = (k < 3 ? arc.r.data() : arc.v.data()) + (k % 3) * arc.terms;
                double sum = 0.0;
                for (int i = wide - 1; i >= 0; --i)
                    sum += rule.to_chebyshev[j * wide + i] * series[i];
                c[j * 7 + k] = sum;
            }
        mass(c, arc.start, arc.end());
        path.breaks.push_back(arc.end());
        return;
    }
    // a boundary within a tenth of a microsecond of the last cut makes no piece of its own
    std::vector<double> cuts{arc.start};
    for (const Shade &s : arc.shades)
        for (double at : {s.start, s.end})
            if (at - cuts.back() > 1e-7 && arc.end() - at > 1e-7)
                cuts.push_back(at);
    cuts.push_back(arc.end());
    std::vector<double> values(std::size_t(wide) * 6);
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        const double a = cuts[i], b = cuts[i + 1];
        for (int j = 0; j < wide; ++j) {
            const double t = 0.5 * (a + b) + 0.5 * (b - a) * rule.lobatto_x[j];
            arc.at(t, values.data() + j * 6, values.data() + j * 6 + 3);
        }
        double *c = reserve();
        for (int j = 0; j < wide; ++j)
            for (int k = 0; k < 6; ++k) {
                double sum = 0.0;
                for (int p = 0; p < wide; ++p)
                    sum += rule.lobatto_to_chebyshev[j * wide + p] * values[p * 6 + k];
                c[j * 7 + k] = sum;
            }
        mass(c, a, b);
        path.breaks.push_back(b);
    }
}

// Where a shadow boundary inside a long segment would bend the path more than its polynomial can
// follow: the length to cut the segment at, or 0. Gravity feels the bend through its gradient; a
// jump in the second derivative of a force costs about its size times (h / n)^3 / 10 in velocity.
double kink(const Model &model, const Arc &arc, int nodes, double radius) {
    if (arc.shades.empty())
        return 0.0;
    double place[3], sun[3], light[3];
    arc.at(arc.start, place, nullptr);
    model.bodies[model.sun].place.at(arc.start, sun);
    sunlight(model, arc.mass0, place, sun, light);
    const double a = std::sqrt(light[0] * light[0] + light[1] * light[1] + light[2] * light[2]);
    const double gap = arc.length / nodes;
    if (model.field->mu / (radius * radius * radius) * a * gap * gap * gap < 1e-9)
        return 0.0;
    for (const Shade &s : arc.shades)
        for (double at : {s.start, s.end})
            if (at > arc.start + 1e-3 && at < arc.end() - 1e-3)
                return at - arc.start;
    return 0.0;
}

} // namespace

Path propagate(const Model &model, const Settings &settings, const Wanted &wanted, double t0,
               double t1, const double *y0) {
    if (!(t1 > t0))
        throw std::runtime_error("the end of a propagation must lie after its start");
    Path path;
    Stepper stepper(model, settings);
    Searcher searcher(model, wanted, settings.nodes);
    std::vector<double> stops{t1};
    for (std::size_t k = 0; k < model.burns.size(); ++k) {
        const Burn &b = model.burns[k];
        if (b.start >= t0 && b.start <= t1)
            path.events.push_back({Kind::burn_start, b.start, double(k)});
        if (b.end >= t0 && b.end <= t1)
            path.events.push_back({Kind::burn_end, b.end, double(k)});
        for (double t : {b.start, b.end})
            if (t > t0 && t < t1)
                stops.push_back(t);
    }
    std::sort(stops.begin(), stops.end());

    double r[3], v[3], mass = y0[6], t = t0;
    for (int k = 0; k < 3; ++k) {
        r[k] = y0[k];
        v[k] = y0[3 + k];
    }
    path.breaks.push_back(t0);
    const int forces = kFixedForces + int(model.attracting.size());
    path.largest.assign(forces, 0.0);
    path.mean.assign(forces, 0.0);
    auto radius = [](const double *x) {
        return std::sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
    };
    // a sixth of the circular period at this radius
    double h =
        settings.first > 0.0 ? settings.first : std::sqrt(std::pow(radius(r), 3) / model.field->mu);
    std::size_t next_stop = 0;
    while (t < t1) {
        while (stops[next_stop] <= t)
            ++next_stop;
        const double left = stops[next_stop] - t;
        const double planned = std::min(h, settings.longest);
        double step = planned;
        // no sliver before a stop
        if (step >= left)
            step = left;
        else if (step > 0.6 * left)
            step = 0.5 * left;
        int tries = 0;
        while (!stepper.solve(t, step, r, v, mass)) {
            step = h = std::min(stepper.advised, left);
            if (++tries > 60)
                throw std::runtime_error("no step is small enough to follow this path");
        }
        // a piece of a segment that passed must pass too; if not, its series would be stale
        auto cut_to = [&](double shorter) {
            step = shorter;
            if (!stepper.solve(t, step, r, v, mass))
                throw std::runtime_error("a segment that was solved could not be cut short");
        };
        if (const double cut = kink(model, stepper.arc, settings.nodes, radius(r)); cut > 0.0)
            cut_to(cut);
        const double down = searcher.landing(stepper.arc, stepper.rule);
        bool last = false;
        if (std::isfinite(down) && down > t) {
            cut_to(down - t);
            last = path.landed = true;
        }
        // `advised` grew from the step taken; one cut short by a stop must not shrink the next.
        // The natural length goes with the orbital rate, which changes along an eccentric orbit.
        const double trend = std::clamp(std::pow(radius(stepper.r_end) / radius(r), 1.5), 0.4, 2.0);
        h = step < planned ? std::max(stepper.advised, h) : stepper.advised * trend;
        const Arc &arc = stepper.arc;
        path.below = path.below || stepper.below;
        searcher.search(arc, stepper.rule, path.events);
        write(arc, stepper.rule, path);
        for (int f = 0; f < forces; ++f)
            for (int i = 0; i < settings.nodes; ++i) {
                const double a =
                    stepper.norms[f * settings.nodes + i] * (f == 3 ? stepper.shade[i] : 1.0);
                path.largest[f] = std::max(path.largest[f], a);
                path.mean[f] += 0.5 * step * stepper.rule.w[i] * a;
            }
        if (model.radiates())
            for (int i = 0; i < settings.nodes; ++i)
                path.lit += 0.5 * step * stepper.rule.w[i] * stepper.shade[i];
        mass = arc.mass(t + step);
        t = step == left ? stops[next_stop] : t + step;
        for (int k = 0; k < 3; ++k) {
            r[k] = stepper.r_end[k];
            v[k] = stepper.v_end[k];
        }
        path.breaks.back() = t;
        if (!(mass > 0.0) || !std::isfinite(r[0] + r[1] + r[2] + v[0] + v[1] + v[2]))
            throw std::runtime_error("the path or the mass left the physical range");
        if (last)
            break;
    }
    std::stable_sort(path.events.begin(), path.events.end(),
                     [](const Found &a, const Found &b) { return a.t < b.t; });
    while (path.landed && !path.events.empty() && path.events.back().t > t)
        path.events.pop_back();
    for (int f = 0; f < forces; ++f)
        path.mean[f] /= t - t0;
    path.lit /= t - t0;
    path.end_time = t;
    for (int k = 0; k < 3; ++k) {
        path.end_state[k] = r[k];
        path.end_state[3 + k] = v[k];
    }
    path.end_state[6] = mass;
    path.counts = stepper.counts;
    return path;
}

} // namespace core

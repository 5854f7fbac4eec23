#include "events.hpp"

#include "roots.hpp"
#include "shadow.hpp"

#include <algorithm>
#include <cmath>

namespace core {
namespace {

constexpr double kTimeTolerance = 1e-9; // s
constexpr double kStartGuard = 1e-6;    // s

std::vector<double> samples(const Arc &arc, const Rule &rule) {
    std::vector<double> t{arc.start};
    for (double x : rule.x)
        t.push_back(arc.start + 0.5 * arc.length * (1.0 + x));
    t.push_back(arc.end());
    return t;
}

} // namespace

Searcher::Searcher(const Model &model, const Wanted &wanted, int) : model_(model), wanted_(wanted) {
    if (wanted.nodes)
        functions_.push_back({Kind::ascending_node, Kind::descending_node, 0.0});
    if (wanted.apsides)
        functions_.push_back({Kind::periapsis, Kind::apoapsis, 0.0});
    if (wanted.umbra && model.sun >= 0)
        functions_.push_back({Kind::umbra_exit, Kind::umbra_entry, 0.0});
    if (wanted.penumbra && model.sun >= 0)
        functions_.push_back({Kind::penumbra_exit, Kind::penumbra_entry, 0.0});
    for (double h : wanted.altitudes)
        functions_.push_back({Kind::altitude_up, Kind::altitude_down, h});
}

double Searcher::height(const Arc &arc, double t) const {
    double r[3], m[9], fixed[3];
    arc.at(t, r, nullptr);
    model_.rotation.at(t, m);
    for (int k = 0; k < 3; ++k)
        fixed[k] = m[3 * k] * r[0] + m[3 * k + 1] * r[1] + m[3 * k + 2] * r[2];
    return geodetic(fixed, kWgs84A, kWgs84F).height;
}

double Searcher::evaluate(const Function &f, const Arc &arc, double t) const {
    double r[3], v[3], s[3];
    switch (f.rising) {
    case Kind::ascending_node:
        arc.at(t, r, nullptr);
        model_.rotation.pole.at(t, s);
        return r[0] * s[0] + r[1] * s[1] + r[2] * s[2];
    case Kind::periapsis:
        arc.at(t, r, v);
        return r[0] * v[0] + r[1] * v[1] + r[2] * v[2];
    case Kind::umbra_exit:
    case Kind::penumbra_exit: {
        arc.at(t, r, nullptr);
        model_.bodies[model_.sun].place.at(t, s);
        const Disks d = disks(r, s, model_.sun_radius, model_.body_radius);
        return f.rising == Kind::umbra_exit ? d.c - (d.b - d.a) : d.c - (d.a + d.b);
    }
    default:
        return height(arc, t) - f.value;
    }
}

void Searcher::search(const Arc &arc, const Rule &rule, std::vector<Found> &out) {
    const std::vector<double> t = samples(arc, rule);
    std::vector<double> g(t.size());
    const std::size_t before = out.size();
    const bool fresh = last_.empty();
    if (fresh)
        first_ = arc.start;
    last_.resize(functions_.size());
    for (std::size_t k = 0; k < functions_.size(); ++k) {
        const Function &f = functions_[k];
        for (std::size_t i = 0; i < t.size(); ++i)
            g[i] = evaluate(f, arc, t[i]);
        if (!fresh)
            g[0] = last_[k];
        last_[k] = g.back();
        for (auto [at, rising] :
             zeros([&](double x) { return evaluate(f, arc, x); }, t, g, kTimeTolerance))
            // a path that starts on an event has no event there: rounding would decide
            if (at > first_ + kStartGuard)
                out.push_back({rising ? f.rising : f.falling, at, f.value});
    }
    std::stable_sort(out.begin() + before, out.end(),
                     [](const Found &a, const Found &b) { return a.t < b.t; });
}

double Searcher::landing(const Arc &arc, const Rule &rule) const {
    const double none = std::numeric_limits<double>::quiet_NaN();
    if (!std::isfinite(wanted_.floor))
        return none;
    auto f = [&](double t) { return height(arc, t) - wanted_.floor; };
    const std::vector<double> t = samples(arc, rule);
    std::vector<double> g;
    for (double x : t)
        g.push_back(f(x));
    for (auto [at, rising] : zeros(f, t, g, kTimeTolerance))
        if (!rising)
            return at;
    return none;
}

} // namespace core

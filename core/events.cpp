#include "events.hpp"

#include "roots.hpp"
#include "shadow.hpp"

#include <algorithm>
#include <cmath>

namespace core {
namespace {

constexpr double kTimeTolerance = 1e-9; // s
constexpr double kStartGuard = 1e-6;    // s

bool needs_rotation(Kind kind) {
    return kind == Kind::altitude_up || kind == Kind::rise;
}

} // namespace

Searcher::Searcher(const Model &model, const Wanted &wanted, std::vector<double> last)
    : model_(model), wanted_(wanted), last_(std::move(last)) {
    if (wanted.nodes)
        functions_.push_back({Kind::ascending_node, Kind::descending_node, 0});
    if (wanted.apsides)
        functions_.push_back({Kind::periapsis, Kind::apoapsis, 0});
    for (int k = 0; k < int(model.occulters.size()) && model.sun >= 0; ++k) {
        if (wanted.umbra)
            functions_.push_back({Kind::umbra_exit, Kind::umbra_entry, k});
        if (wanted.penumbra)
            functions_.push_back({Kind::penumbra_exit, Kind::penumbra_entry, k});
    }
    for (int k = 0; k < int(wanted.altitudes.size()); ++k)
        functions_.push_back({Kind::altitude_up, Kind::altitude_down, k});
    for (int k = 0; k < int(wanted.stations.size()); ++k)
        functions_.push_back({Kind::rise, Kind::set, k});
    for (int k = 0; k < int(wanted.distances.size()); ++k)
        functions_.push_back({Kind::farther, Kind::nearer, k});
    for (const Stop &s : wanted.stops)
        counted_.resize(std::max<std::size_t>(counted_.size(), s.group + 1));
    fresh_ = last_.size() != functions_.size();
    last_.resize(functions_.size());
}

double Searcher::value(const Function &f, double t, const double *r, const double *v,
                       const double *m, const double *pole) const {
    double b[6];
    switch (f.rising) {
    case Kind::ascending_node:
        return r[0] * pole[0] + r[1] * pole[1] + r[2] * pole[2];
    case Kind::periapsis:
        return r[0] * v[0] + r[1] * v[1] + r[2] * v[2];
    case Kind::umbra_exit:
    case Kind::penumbra_exit: {
        const Occulter &o = model_.occulters[f.index];
        double s[6], place[3];
        model_.bodies[model_.sun].place.at(t, s);
        std::fill(b, b + 6, 0.0);
        if (o.body >= 0)
            model_.bodies[o.body].place.at(t, b);
        for (int c = 0; c < 3; ++c) {
            place[c] = r[c] - b[c];
            s[c] -= b[c];
        }
        const Edges e = edges(place, s, model_.sun_radius, o.radius);
        if (f.rising == Kind::penumbra_exit)
            return e.outer;
        // an annular shadow has no umbra
        const double sd = std::hypot(s[0] - place[0], s[1] - place[1], s[2] - place[2]);
        const double d = std::hypot(place[0], place[1], place[2]);
        return o.radius * sd >= model_.sun_radius * d ? e.inner : 1.0;
    }
    case Kind::farther: {
        const Distance &d = wanted_.distances[f.index];
        std::fill(b, b + 6, 0.0);
        if (d.body >= 0)
            model_.bodies[d.body].place.at(t, b);
        return std::hypot(r[0] - b[0], r[1] - b[1], r[2] - b[2]) - d.metres;
    }
    default:
        break;
    }
    double fixed[3];
    for (int k = 0; k < 3; ++k)
        fixed[k] = m[3 * k] * r[0] + m[3 * k + 1] * r[1] + m[3 * k + 2] * r[2];
    if (f.rising == Kind::altitude_up)
        return geodetic(fixed, model_.ellipsoid_a, model_.ellipsoid_f).height -
               wanted_.altitudes[f.index];
    const Station &s = wanted_.stations[f.index];
    double along = 0.0, square = 0.0;
    for (int c = 0; c < 3; ++c) {
        const double d = fixed[c] - s.place[c];
        along += d * s.up[c];
        square += d * d;
    }
    return along / std::sqrt(square) - s.sine;
}

double Searcher::evaluate(const Function &f, const Arc &arc, double t) const {
    double r[3], v[3], m[9], pole[3];
    arc.at(t, r, f.rising == Kind::periapsis ? v : nullptr);
    if (needs_rotation(f.rising))
        model_.rotation.at(t, m);
    if (f.rising == Kind::ascending_node)
        model_.rotation.pole.at(t, pole);
    return value(f, t, r, v, m, pole);
}

void Searcher::search(const Stepper &stepper, std::vector<Found> &out) {
    if (functions_.empty())
        return;
    const Arc &arc = stepper.arc;
    const int n = stepper.rule.n;
    const double sense = arc.length > 0.0 ? 1.0 : -1.0;
    const std::size_t before = out.size();
    const bool start = fresh_;
    fresh_ = false;
    if (start)
        first_ = arc.start;
    t_.resize(n + 2);
    g_.resize(n + 2);
    t_[0] = arc.start;
    t_[n + 1] = arc.end();
    std::copy(stepper.times().begin(), stepper.times().end(), t_.begin() + 1);
    const Rows &r = stepper.places(), &v = stepper.velocities();
    const NodeTables &tables = stepper.tables();
    pole_.resize(3 * n);
    if (wanted_.nodes)
        model_.rotation.pole.at(stepper.times().data(), n, pole_.data());
    for (std::size_t k = 0; k < functions_.size(); ++k) {
        const Function &f = functions_[k];
        for (int i = 0; i < n; ++i) {
            const double x[3] = {r[i], r[n + i], r[2 * n + i]};
            const double y[3] = {v[i], v[n + i], v[2 * n + i]};
            const double p[3] = {pole_[i], pole_[n + i], pole_[2 * n + i]};
            double m[9];
            if (needs_rotation(f.rising))
                for (int c = 0; c < 9; ++c)
                    m[c] = tables.rotation[c * n + i];
            g_[i + 1] = value(f, t_[i + 1], x, y, m, p);
        }
        g_[0] = start ? evaluate(f, arc, t_[0]) : last_[k];
        g_[n + 1] = evaluate(f, arc, t_[n + 1]);
        last_[k] = g_[n + 1];
        for (auto [at, rising] :
             zeros([&](double x) { return evaluate(f, arc, x); }, t_, g_, kTimeTolerance))
            // a path that starts on an event has no event there: rounding would decide
            if (sense * (at - first_) > kStartGuard || !start)
                out.push_back({rising == (sense > 0.0) ? f.rising : f.falling, at, f.index});
    }
    std::stable_sort(out.begin() + before, out.end(),
                     [sense](const Found &a, const Found &b) { return sense * a.t < sense * b.t; });
}

void Searcher::back(Mark mark) {
    last_ = std::move(mark.last);
    counted_ = std::move(mark.counted);
    fresh_ = mark.fresh;
    first_ = mark.first;
}

int Searcher::stop(const std::vector<Found> &found, std::size_t first) {
    for (std::size_t i = first; i < found.size(); ++i)
        for (const Stop &s : wanted_.stops)
            if (s.kind == found[i].kind && s.index == found[i].index) {
                if (++counted_[s.group] == s.count) {
                    group_ = s.group;
                    return int(i);
                }
            }
    return -1;
}

} // namespace core

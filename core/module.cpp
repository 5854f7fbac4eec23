// The Python face of the core. Shapes and units are checked in cosmodrome.solvers.core.
#include "module.hpp"

#include "cpu.hpp"
#include "shadow.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace core::door {
namespace {

using StopSpec = std::tuple<int, int, int, int>;

Wanted wanted_of(const Model &model, bool nodes, bool apsides, bool umbra, bool penumbra,
                 std::vector<double> altitudes, Array2 stations,
                 std::vector<std::tuple<std::string, double>> distances,
                 std::vector<StopSpec> stops) {
    Wanted wanted{nodes, apsides, umbra, penumbra, std::move(altitudes), {}, {}, {}};
    finite(wanted.altitudes.data(), wanted.altitudes.size(), "an altitude");
    finite(stations, "a station");
    if (stations.shape(1) != 7)
        throw std::invalid_argument("a station has seven numbers");
    for (size_t k = 0; k < stations.shape(0); ++k) {
        Station s;
        for (int c = 0; c < 3; ++c) {
            s.place[c] = stations(k, c);
            s.up[c] = stations(k, 3 + c);
        }
        s.sine = stations(k, 6);
        wanted.stations.push_back(s);
    }
    for (const auto &[name, metres] : distances) {
        int body = -1;
        for (size_t k = 0; k < model.bodies.size(); ++k)
            if (model.bodies[k].name == name)
                body = int(k);
        if (body < 0 && !name.empty())
            throw std::invalid_argument("no body " + name + " in this model");
        wanted.distances.push_back({body, metres});
    }
    for (const auto &[kind, index, count, group] : stops) {
        if (group < 0 || group > 63)
            throw std::invalid_argument("groups of stops: 0 to 63");
        wanted.stops.push_back({static_cast<Kind>(kind), index, count, group});
    }
    return wanted;
}

Settings settings_of(int nodes, double tolerance, double longest, double first, long budget) {
    if (nodes < 8 || nodes > 64 || nodes % 8)
        throw std::invalid_argument("collocation nodes: a multiple of 8 from 8 to 64");
    if (!(tolerance > 0.0) || !(longest > 0.0) || !(first >= 0.0) || budget < 1)
        throw std::invalid_argument("tolerance, longest segment and budget are positive");
    return {nodes, tolerance, longest, first, budget};
}

void check_span(const Model &model, double t0, double t1) {
    if (!std::isfinite(t0) || !std::isfinite(t1))
        throw std::invalid_argument("the span of a propagation is finite");
    const double lo = std::min(t0, t1), hi = std::max(t0, t1);
    for (const ChebyshevTable *t : {&model.rotation.slow, &model.rotation.pole})
        if (!t->covers(lo, hi))
            throw std::invalid_argument("the rotation table does not cover the span");
    for (const Body &b : model.bodies) {
        if (!b.place.covers(lo, hi))
            throw std::invalid_argument("the table of " + b.name + " does not cover the span");
        if (b.field && !b.rotation.slow.covers(lo, hi))
            throw std::invalid_argument("the rotation of " + b.name + " does not cover the span");
    }
    if (model.tides && !model.tides->table().covers(lo, hi))
        throw std::invalid_argument("the table of tides does not cover the span");
}

void check_states(const double *y, size_t rows) {
    finite(y, 7 * rows, "a state");
    for (size_t k = 0; k < rows; ++k) {
        const double *r = y + 7 * k;
        if (r[0] == 0.0 && r[1] == 0.0 && r[2] == 0.0)
            throw std::invalid_argument("a state at the centre of the body has no gravity");
        if (!(r[6] > 0.0))
            throw std::invalid_argument("the mass of a state is positive");
    }
}

nb::dict fly(const PyModel &model, Array1 y0, double t0, double t1, bool nodes, bool apsides,
             bool umbra, bool penumbra, std::vector<double> altitudes, Array2 stations,
             std::vector<std::tuple<std::string, double>> distances, std::vector<StopSpec> stops,
             int collocation, double tolerance, double longest, double first, long budget,
             bool dense, Array1 times, std::vector<double> last, std::vector<bool> partials,
             bool resumed, double first_mass) {
    if (y0.shape(0) != 7)
        throw std::invalid_argument("a state has seven numbers: place, velocity, mass");
    check_states(y0.data(), 1);
    check_span(model, t0, t1);
    finite(times, "an instant");
    const Settings settings = settings_of(collocation, tolerance, longest, first, budget);
    const Wanted wanted = wanted_of(model, nodes, apsides, umbra, penumbra, std::move(altitudes),
                                    stations, std::move(distances), std::move(stops));
    if (partials.size() != 5)
        throw std::invalid_argument("partials: state, mu, drag, light, thrust");
    std::vector<double> states(times.shape(0) * 7);
    Request request{t0,
                    t1,
                    y0.data(),
                    dense,
                    times.data(),
                    int(times.shape(0)),
                    states.data(),
                    std::move(last),
                    {partials[0], partials[1], partials[2], partials[3], partials[4]},
                    resumed,
                    first_mass};
    Path path;
    {
        nb::gil_scoped_release release;
        path = propagate(model, Scales{}, settings, wanted, std::move(request));
    }
    nb::dict out;
    const size_t pieces = path.breaks.size() - 1, wide = size_t(path.terms);
    nb::list events;
    for (const auto &e : path.events)
        events.append(nb::make_tuple(int(e.kind), e.t, e.index));
    out["breaks"] = owned(std::move(path.breaks), {pieces + 1});
    out["coefficients"] = owned(std::move(path.coefficients), {pieces, wide, 7});
    states.resize(size_t(path.sampled) * 7);
    out["states"] = owned(std::move(states), {size_t(path.sampled), 7});
    out["events"] = events;
    out["largest"] = path.largest;
    out["mean"] = path.mean;
    out["lit"] = path.lit;
    out["end_time"] = path.end_time;
    out["end_state"] = owned(std::vector<double>(path.end_state, path.end_state + 7), {7});
    out["stopped"] = path.stopped;
    out["stop_index"] = path.stop_index;
    out["stop_group"] = path.stop_group;
    out["below"] = path.below;
    out["next"] = path.next;
    out["last"] = path.last;
    const size_t columns = path.variations.size() / 6;
    out["variations"] = owned(std::move(path.variations), {columns ? 6u : 0u, columns});
    out["segments"] = path.counts.segments;
    out["rejected"] = path.counts.rejected;
    out["inner"] = path.counts.inner;
    out["full"] = path.counts.full;
    return out;
}

// Knots, thrust, flow, directions and axes of a burn of one state.
using OwnBurn = std::tuple<Array1, Array1, Array1, Array2, int>;

nb::dict ensemble(const PyModel &model, Array2 y0, Array2 scales, double t0, double t1, bool nodes,
                  bool apsides, bool umbra, bool penumbra, std::vector<double> altitudes,
                  Array2 stations, std::vector<std::tuple<std::string, double>> distances,
                  std::vector<StopSpec> stops, int collocation, double tolerance, double longest,
                  double first, long budget, Array1 times, int threads, Array2 spans,
                  std::vector<std::optional<OwnBurn>> burns) {
    if (y0.shape(1) != 7)
        throw std::invalid_argument("a state has seven numbers: place, velocity, mass");
    const size_t n = y0.shape(0);
    if (scales.shape(0) != 0 && (scales.shape(0) != n || scales.shape(1) != 2))
        throw std::invalid_argument("scales: two factors for each state, or none");
    if (threads < 1 || threads > 1024)
        throw std::invalid_argument("threads: 1 to 1024");
    check_states(y0.data(), n);
    finite(scales, "a factor");
    finite(times, "an instant");
    finite(spans, "the span of a state");
    const size_t count = times.shape(0);
    if (spans.shape(0) != 0 && (spans.shape(0) != n || spans.shape(1) != 2 || count != 0))
        throw std::invalid_argument("spans: two instants for each state, and no samples; or none");
    if (!burns.empty() && burns.size() != n)
        throw std::invalid_argument("burns: one for each state, or none");
    check_span(model, t0, t1);
    for (size_t k = 0; k < spans.shape(0); ++k)
        check_span(model, spans(k, 0), spans(k, 1));
    const Settings settings = settings_of(collocation, tolerance, longest, first, budget);
    const Wanted wanted = wanted_of(model, nodes, apsides, umbra, penumbra, std::move(altitudes),
                                    stations, std::move(distances), std::move(stops));
    std::vector<double> states(n * count * 7, std::nan("")), ends(n * 8, std::nan(""));
    Ensemble all;
    all.y0 = y0.data();
    all.scales = scales.shape(0) ? scales.data() : nullptr;
    all.spans = spans.shape(0) ? spans.data() : nullptr;
    for (const std::optional<OwnBurn> &own : burns)
        all.burns.push_back(own ? std::apply(burn_of, *own) : Burn{});
    all.count = int(n);
    all.threads = threads;
    all.t0 = t0;
    all.t1 = t1;
    all.times = times.data();
    all.samples = int(count);
    all.states = states.data();
    all.ends = ends.data();
    {
        nb::gil_scoped_release release;
        propagate(model, settings, wanted, all);
    }
    nb::dict out;
    out["states"] = owned(std::move(states), {n, count, 7});
    out["ends"] = owned(std::move(ends), {n, 8});
    out["faults"] = all.faults;
    out["stopped"] = all.stopped;
    out["groups"] = all.groups;
    out["below"] = all.below;
    return out;
}

// Structures of arrays, padded to whole vectors with the last point.
struct Points {
    int n, held;
    std::vector<double> t, mass;
    Rows r, v;

    Points(Array1 time, Array2 place, Array2 velocity, Array1 kg)
        : n(int(time.shape(0))), held(padded(n)), t(held), mass(held), r(3 * held), v(3 * held) {
        if (n < 1 || int(place.shape(0)) != n || int(velocity.shape(0)) != n ||
            int(kg.shape(0)) != n || place.shape(1) != 3 || velocity.shape(1) != 3)
            throw std::invalid_argument("as many places, velocities and masses as instants");
        for (int i = 0; i < held; ++i) {
            const int k = std::min(i, n - 1);
            t[i] = time(k);
            mass[i] = kg(k);
            for (int c = 0; c < 3; ++c) {
                r[c * held + i] = place(k, c);
                v[c * held + i] = velocity(k, c);
            }
        }
    }
};

// Chosen forces at given states, in full light: total (n, 3) and the audit's norms (forces, n).
nb::tuple forces_at(const PyModel &model, Array1 t, Array2 r, Array2 v, Array1 mass, unsigned parts,
                    double drag, double light) {
    Points p(t, r, v, mass);
    NodeTables tables;
    tables.read(model, p.t.data(), p.held);
    Rows a, norms;
    Workspace work;
    bool below = false;
    forces(model, Scales{drag, light}, tables, parts, p.t.data(), p.mass.data(), p.r.data(),
           p.v.data(), p.held, a, work, norms, below);
    const size_t rows = norms.size() / size_t(p.held);
    std::vector<double> out(3 * size_t(p.n)), sizes(rows * size_t(p.n));
    for (int i = 0; i < p.n; ++i) {
        for (int c = 0; c < 3; ++c)
            out[3 * i + c] = a[c * p.held + i];
        for (size_t f = 0; f < rows; ++f)
            sizes[f * p.n + i] = norms[f * p.held + i];
    }
    return nb::make_tuple(owned(std::move(out), {size_t(p.n), 3}),
                          owned(std::move(sizes), {rows, size_t(p.n)}), below);
}

nb::object sunlit(Array2 r, Array2 sun, double sun_radius, double body_radius) {
    if (r.shape(1) != 3 || sun.shape(1) != 3 || r.shape(0) != sun.shape(0))
        throw std::invalid_argument("places of three numbers, one of the Sun for each");
    std::vector<double> out(r.shape(0));
    for (size_t i = 0; i < r.shape(0); ++i)
        out[i] = visible(disks(&r(i, 0), &sun(i, 0), sun_radius, body_radius));
    const size_t n = out.size();
    return owned(std::move(out), {n});
}

const Kernels &level_of(const std::string &level) {
    return level.empty() ? kernels() : kernels_of(level.c_str());
}

// Gravity (3) or its tensor (6: xx xy xz yy yz zz) at body-fixed places.
nb::object field_at(const GravityField &field, Array2 r, const std::string &level, bool tensor) {
    if (r.shape(1) != 3)
        throw std::invalid_argument("a place has three numbers");
    const Kernels &k = level_of(level);
    const int n = int(r.shape(0)), held = padded(n), rows = tensor ? 6 : 3;
    Rows rotation(9 * held, 0.0), places(3 * held), a(rows * held);
    for (int i = 0; i < held; ++i) {
        rotation[i] = rotation[4 * held + i] = rotation[8 * held + i] = 1.0;
        for (int c = 0; c < 3; ++c)
            places[c * held + i] = i < n ? r(i, c) : field.radius;
    }
    {
        nb::gil_scoped_release release;
        if (tensor)
            k.gradient(field.tensor(), rotation.data(), places.data(), a.data(), held);
        else
            k.gravity(field.view(), rotation.data(), places.data(), a.data(), held);
    }
    std::vector<double> out(size_t(rows) * n);
    for (int i = 0; i < n; ++i)
        for (int c = 0; c < rows; ++c)
            out[rows * i + c] = a[c * held + i];
    return owned(std::move(out), {size_t(n), size_t(rows)});
}

// The guide: rows of the two-body arc, (kKeplerRows, n).
nb::object kepler_rows(double mu, Array1 r0, Array1 v0, Array1 dt, const std::string &level) {
    if (r0.shape(0) != 3 || v0.shape(0) != 3)
        throw std::invalid_argument("place and velocity have three numbers");
    const int n = int(dt.shape(0)), held = padded(n);
    Rows times(held), rows(kKeplerRows * held);
    for (int i = 0; i < held; ++i)
        times[i] = dt(std::min(i, n - 1));
    level_of(level).kepler(mu, r0.data(), v0.data(), times.data(), rows.data(), held);
    std::vector<double> out;
    for (int k = 0; k < kKeplerRows; ++k)
        out.insert(out.end(), rows.begin() + k * held, rows.begin() + k * held + n);
    return owned(std::move(out), {size_t(kKeplerRows), size_t(n)});
}

} // namespace
} // namespace core::door

NB_MODULE(_core, m) {
    using namespace core::door;
    m.doc() = "Compiled kernels of cosmodrome; use them through cosmodrome.solvers.core.";
    m.def("simd_level", [] { return std::string(core::kernels().name); });
    bind_climb(m);
    bind_coverage(m);
    bind_model(m);
    bind_guided(m);
    bind_lambert(m);
    m.def("propagate", &fly);
    m.def("ensemble", &ensemble);
    m.def("forces", &forces_at);
    m.def("field", &field_at);
    m.def("kepler", &kepler_rows);
    m.def("sunlit", &sunlit);
}

// The Python face of the core. Shapes and units are checked in cosmodrome.solvers.core.
#include "cpu.hpp"
#include "gravity.hpp"
#include "propagate.hpp"
#include "shadow.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cmath>
#include <string>
#include <vector>

namespace nb = nanobind;
using Array1 = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Array2 = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

namespace {

nb::object owned(std::vector<double> &&data, std::initializer_list<size_t> shape) {
    auto *kept = new std::vector<double>(std::move(data));
    nb::capsule owner(kept, [](void *p) noexcept { delete static_cast<std::vector<double> *>(p); });
    return nb::cast(nb::ndarray<nb::numpy, double>(kept->data(), shape, owner));
}

// Gravity at places in the body-fixed frame, (n, 3) -> (n, 3).
nb::object gravity(const core::GravityField &field, Array2 r, const std::string &level) {
    const auto &k = level.empty() ? core::kernels() : core::kernels_of(level.c_str());
    const int n = int(r.shape(0)), padded = (n + 7) / 8 * 8;
    std::vector<double> rotation(9 * padded, 0.0), places(3 * padded), a(3 * padded);
    for (int i = 0; i < padded; ++i) {
        rotation[i] = rotation[4 * padded + i] = rotation[8 * padded + i] = 1.0;
        for (int c = 0; c < 3; ++c)
            places[c * padded + i] = i < n ? r(i, c) : field.radius;
    }
    {
        nb::gil_scoped_release release;
        k.gravity(field.view(), rotation.data(), places.data(), a.data(), padded);
    }
    std::vector<double> out(3 * n);
    for (int i = 0; i < n; ++i)
        for (int c = 0; c < 3; ++c)
            out[3 * i + c] = a[c * padded + i];
    return owned(std::move(out), {size_t(n), 3});
}

using Array3 = nb::ndarray<const double, nb::ndim<3>, nb::c_contig, nb::device::cpu>;
using Array4 = nb::ndarray<const double, nb::ndim<4>, nb::c_contig, nb::device::cpu>;

// (blocks, rows, terms) with the start and length of a block in seconds.
core::ChebyshevTable table(double start, double block, Array3 c) {
    core::ChebyshevTable t;
    t.start = start;
    t.block = block;
    t.blocks = int(c.shape(0));
    t.rows = int(c.shape(1));
    t.terms = int(c.shape(2));
    t.c.assign(c.data(), c.data() + c.size());
    if (t.blocks < 1 || t.terms < 1 || !(block > 0.0))
        throw std::invalid_argument("a Chebyshev table needs blocks of positive length");
    return t;
}

core::ChebyshevTable table(double start, double block, Array3 c, int rows) {
    auto t = table(start, block, c);
    if (t.rows != rows)
        throw std::invalid_argument("a Chebyshev table has the wrong number of rows");
    return t;
}

// What a model refers to is kept alive by Python (keep_alive below).
struct PyModel : core::Model {};

nb::dict propagate(const PyModel &model, Array1 y0, double t0, double t1, bool nodes, bool apsides,
                   bool umbra, bool penumbra, std::vector<double> altitudes, double floor,
                   int collocation, double tolerance, double longest) {
    if (y0.shape(0) != 7)
        throw std::invalid_argument("a state has seven numbers: place, velocity, mass");
    for (int k = 0; k < 7; ++k)
        if (!std::isfinite(y0(k)))
            throw std::invalid_argument("a state is finite in all its numbers");
    if (!std::isfinite(t0) || !std::isfinite(t1))
        throw std::invalid_argument("the span of a propagation is finite");
    if (collocation < 8 || collocation > 64 || collocation % 8)
        throw std::invalid_argument("collocation nodes: a multiple of 8 from 8 to 64");
    const core::Settings settings{collocation, tolerance, longest, 0.0};
    const core::Wanted wanted{nodes, apsides, umbra, penumbra, std::move(altitudes), floor};
    for (const core::ChebyshevTable *t : {&model.rotation.slow, &model.rotation.pole})
        if (!t->covers(t0, t1))
            throw std::invalid_argument("the rotation table does not cover the span");
    for (const core::Body &b : model.bodies)
        if (!b.place.covers(t0, t1))
            throw std::invalid_argument("the table of " + b.name + " does not cover the span");
    core::Path path;
    {
        nb::gil_scoped_release release;
        path = core::propagate(model, settings, wanted, t0, t1, y0.data());
    }
    nb::dict out;
    const size_t pieces = path.breaks.size() - 1, wide = size_t(path.terms);
    nb::list events;
    for (const auto &e : path.events)
        events.append(nb::make_tuple(int(e.kind), e.t, e.value));
    out["breaks"] = owned(std::move(path.breaks), {pieces + 1});
    out["coefficients"] = owned(std::move(path.coefficients), {pieces, wide, 7});
    out["events"] = events;
    out["largest"] = path.largest;
    out["mean"] = path.mean;
    out["lit"] = path.lit;
    out["end_time"] = path.end_time;
    out["end_state"] = owned(std::vector<double>(path.end_state, path.end_state + 7), {7});
    out["landed"] = path.landed;
    out["below"] = path.below;
    out["segments"] = path.counts.segments;
    out["rejected"] = path.counts.rejected;
    out["inner"] = path.counts.inner;
    out["full"] = path.counts.full;
    return out;
}

// All forces at given states, (n, 3), as the integrator sums them; for comparison with the
// specification. Rows: total without shadow, visible fraction of the Sun.
nb::tuple forces(const PyModel &model, Array1 t, Array2 r, Array2 v, Array1 mass) {
    const int n = int(t.shape(0)), padded = (n + 7) / 8 * 8;
    std::vector<double> time(padded), m(padded), low(3 * padded);
    core::Rows place(3 * padded), speed(3 * padded), a, scratch, norms;
    for (int i = 0; i < padded; ++i) {
        const int k = std::min(i, n - 1);
        time[i] = t(k);
        m[i] = mass(k);
        for (int c = 0; c < 3; ++c) {
            place[c * padded + i] = r(k, c);
            speed[c * padded + i] = v(k, c);
        }
    }
    core::NodeTables tables;
    tables.read(model, time.data(), padded);
    bool below = false;
    core::perturbation(model, tables, time.data(), m.data(), place.data(), speed.data(), padded, a,
                       scratch, norms, below);
    core::kernels().gravity(model.low->view(), tables.rotation.data(), place.data(), low.data(),
                            padded);
    std::vector<double> out(3 * n);
    for (int i = 0; i < n; ++i)
        for (int c = 0; c < 3; ++c)
            out[3 * i + c] = a[c * padded + i] + low[c * padded + i];
    return nb::make_tuple(owned(std::move(out), {size_t(n), 3}), below);
}

// Visible fraction of the Sun, (n,).
nb::object sunlit(Array2 r, Array2 sun, double sun_radius, double body_radius) {
    std::vector<double> out(r.shape(0));
    for (size_t i = 0; i < r.shape(0); ++i)
        out[i] = core::visible(core::disks(&r(i, 0), &sun(i, 0), sun_radius, body_radius));
    const size_t n = out.size();
    return owned(std::move(out), {n});
}

} // namespace

NB_MODULE(_core, m) {
    m.doc() = "Compiled kernels of cosmodrome; use them through cosmodrome.solvers.core.";
    m.def("simd_level", [] { return std::string(core::kernels().name); });
    nb::class_<core::GravityField>(m, "GravityField")
        .def("__init__",
             [](core::GravityField *self, double mu, double radius, Array2 c, Array2 s, int degree,
                int order) {
                 if (c.shape(0) != c.shape(1) || s.shape(0) != c.shape(0) ||
                     s.shape(1) != c.shape(1))
                     throw std::invalid_argument("gravity: C and S must be square, of one size");
                 new (self) core::GravityField(mu, radius, c.data(), s.data(), int(c.shape(0)),
                                               degree, order);
             })
        .def_ro("degree", &core::GravityField::degree)
        .def_ro("order", &core::GravityField::order)
        .def("acceleration", &gravity, nb::arg("r_m"), nb::arg("level") = "");
    nb::class_<core::DensityTable>(m, "DensityTable")
        .def("__init__",
             [](core::DensityTable *self, std::vector<double> start, std::vector<double> step,
                double solar0, double solar_rate, Array4 c) {
                 if (start.size() != 4 || step.size() != 4)
                     throw std::invalid_argument("four axes: time, latitude, solar time, altitude");
                 new (self) core::DensityTable();
                 core::Axis *axes[4] = {&self->time, &self->latitude, &self->solar,
                                        &self->altitude};
                 for (int k = 0; k < 4; ++k)
                     *axes[k] = {start[k], step[k], int(c.shape(k))};
                 self->bottom = std::exp(self->altitude.start);
                 self->top = std::exp(self->altitude.start +
                                      (self->altitude.count - 3) * self->altitude.step);
                 self->solar0 = solar0;
                 self->solar_rate = solar_rate;
                 self->c.assign(c.data(), c.data() + c.size());
             })
        .def("density",
             [](const core::DensityTable &self, double t, double lat, double lon, double height) {
                 bool below = false;
                 const double rho = self.density(t, lat, lon, height, below);
                 return nb::make_tuple(rho, below);
             });
    nb::class_<PyModel>(m, "Model")
        .def(
            "__init__",
            [](PyModel *self, const core::GravityField *field, const core::GravityField *low,
               double angle0, double rate, double start, double block, Array3 slow, Array3 pole,
               double spin) {
                new (self) PyModel();
                self->field = field;
                self->low = low;
                self->rotation.angle0 = angle0;
                self->rotation.rate = rate;
                self->rotation.slow = table(start, block, slow, 9);
                self->rotation.pole = table(start, block, pole, 3);
                self->spin = spin;
            },
            nb::keep_alive<1, 2>(), nb::keep_alive<1, 3>())
        .def("add_body",
             [](PyModel &self, const std::string &name, double mu, double start, double block,
                Array3 place, bool attracts) {
                 const int index = int(self.bodies.size());
                 self.bodies.push_back({name, mu, table(start, block, place, 3)});
                 if (attracts)
                     self.attracting.push_back(index);
                 if (name == "sun")
                     self.sun = index;
             })
        .def("set_shadow",
             [](PyModel &self, double sun_radius, double body_radius) {
                 self.sun_radius = sun_radius;
                 self.body_radius = body_radius;
             })
        .def(
            "set_drag",
            [](PyModel &self, const core::DensityTable *density, double area) {
                self.density = density;
                self.drag_area = area;
            },
            nb::keep_alive<1, 2>())
        .def("set_radiation",
             [](PyModel &self, double pressure_area) {
                 if (self.sun < 0)
                     throw std::invalid_argument("radiation pressure needs the table of the Sun");
                 self.pressure_area = pressure_area;
             })
        .def("add_burn",
             [](PyModel &self, double start, double end, double thrust, double flow,
                std::vector<double> direction, int axes) {
                 if (direction.size() != 3)
                     throw std::invalid_argument("a direction has three components");
                 if (axes < 0 || axes > 2)
                     throw std::invalid_argument("axes: 0 inertial, 1 rtn, 2 vnc");
                 self.burns.push_back({start,
                                       end,
                                       thrust,
                                       flow,
                                       {direction[0], direction[1], direction[2]},
                                       static_cast<core::Axes>(axes)});
             })
        .def("forces", &forces);
    m.def("propagate", &propagate);
    m.def("sunlit", &sunlit);
}

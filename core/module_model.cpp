// The forces of a model, as Python declares them.
#include "module.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <memory>

namespace core::door {

Burn burn_of(Array1 t, Array1 thrust, Array1 flow, Array2 direction, int axes) {
    const size_t n = t.shape(0);
    if (n < 2 || thrust.shape(0) != n || flow.shape(0) != n || direction.shape(0) != n ||
        direction.shape(1) != 3)
        throw std::invalid_argument("a burn needs two knots or more, of one number");
    if (axes < 0 || axes > 2)
        throw std::invalid_argument("axes: 0 inertial, 1 rtn, 2 vnc");
    for (const Array1 *a : {&t, &thrust, &flow})
        finite(*a, "a burn");
    finite(direction, "a direction");
    Burn b;
    b.axes = static_cast<Axes>(axes);
    for (size_t k = 0; k < n; ++k) {
        if (k > 0 && !(t(k) > t(k - 1)))
            throw std::invalid_argument("the knots of a burn rise in time");
        const double length =
            std::sqrt(direction(k, 0) * direction(k, 0) + direction(k, 1) * direction(k, 1) +
                      direction(k, 2) * direction(k, 2));
        positive(length, "the length of a direction");
        b.t.push_back(t(k));
        b.thrust.push_back(thrust(k));
        b.flow.push_back(flow(k));
        b.direction.push_back(
            {direction(k, 0) / length, direction(k, 1) / length, direction(k, 2) / length});
    }
    return b;
}

namespace {

// A Python function density(t, latitude, longitude, height) -> rho over arrays.
DirectDensity direct(nb::object function) {
    // the last reference must be dropped with the interpreter's lock held
    auto kept = std::shared_ptr<nb::object>(new nb::object(std::move(function)), [](nb::object *o) {
        nb::gil_scoped_acquire lock;
        delete o;
    });
    return [kept](const double *t, const double *lat, const double *lon, const double *h,
                  double *rho, int n) {
        nb::gil_scoped_acquire lock;
        auto copy = [n](const double *p) {
            return owned(std::vector<double>(p, p + n), {size_t(n)});
        };
        nb::object answer = (*kept)(copy(t), copy(lat), copy(lon), copy(h));
        Array1 out;
        if (!nb::try_cast(answer, out))
            throw std::runtime_error("a density function gives an array of floats, one for each"
                                     " place");
        if (int(out.shape(0)) != n)
            throw std::runtime_error("a density function gives one number for each place");
        for (int i = 0; i < n; ++i) {
            if (!(out(i) >= 0.0) || !std::isfinite(out(i)))
                throw std::runtime_error("a density function gave a negative or infinite density");
            rho[i] = out(i);
        }
    };
}

int body_index(const Model &m, const std::string &name) {
    for (size_t k = 0; k < m.bodies.size(); ++k)
        if (m.bodies[k].name == name)
            return int(k);
    return -1;
}

void add_burn(PyModel &self, Array1 t, Array1 thrust, Array1 flow, Array2 direction, int axes) {
    self.burns.push_back(burn_of(t, thrust, flow, direction, axes));
}

void set_panels(PyModel &self, Array2 rows, int attitude, Array2 axes, double pressure,
                double drag_coefficient) {
    if (rows.shape(1) != 10)
        throw std::invalid_argument("a panel has ten numbers");
    if (attitude < 0 || attitude > 3 || axes.shape(0) != 3 || axes.shape(1) != 3)
        throw std::invalid_argument("attitude: 0 inertial, 1 nadir, 2 yaw steering, 3 sun");
    finite(rows, "a panel");
    finite(axes, "the body axes");
    if ((pressure > 0.0 || attitude > 1) && self.sun < 0)
        throw std::invalid_argument("panels need the table of the Sun");
    self.attitude = static_cast<Attitude>(attitude);
    std::copy(axes.data(), axes.data() + 9, self.body_axes);
    self.panels.clear();
    for (size_t k = 0; k < rows.shape(0); ++k) {
        Panel p;
        p.area = rows(k, 0);
        p.specular = rows(k, 1);
        p.diffuse = rows(k, 2);
        const int tracking = int(rows(k, 3));
        if (tracking < 0 || tracking > 2)
            throw std::invalid_argument("tracking: 0 fixed, 1 about an axis, 2 free");
        p.tracking = static_cast<Tracking>(tracking);
        if (p.tracking != Tracking::fixed && self.sun < 0)
            throw std::invalid_argument("a tracking panel needs the table of the Sun");
        for (int c = 0; c < 3; ++c) {
            p.normal[c] = rows(k, 4 + c);
            p.axis[c] = rows(k, 7 + c);
        }
        self.panels.push_back(p);
    }
    self.pressure = pressure;
    self.panels_shine = pressure > 0.0;
    self.drag_coefficient = drag_coefficient;
    self.panels_drag = drag_coefficient > 0.0;
}

} // namespace

void bind_model(nb::module_ &m) {
    using namespace nb::literals;
    nb::class_<GravityField>(m, "GravityField")
        .def("__init__",
             [](GravityField *self, double mu, double radius, Array2 c, Array2 s, int degree,
                int order) {
                 if (c.shape(0) != c.shape(1) || s.shape(0) != c.shape(0) ||
                     s.shape(1) != c.shape(1))
                     throw std::invalid_argument("gravity: C and S must be square, of one size");
                 new (self)
                     GravityField(mu, radius, c.data(), s.data(), int(c.shape(0)), degree, order);
             })
        .def_ro("degree", &GravityField::degree)
        .def_ro("order", &GravityField::order);
    nb::class_<VaryingField>(m, "VaryingField")
        .def("__init__", [](VaryingField *self, double mu, double radius, int degree, double start,
                            double block, Array3 c) {
            if (degree < 0 || degree > 200)
                throw std::invalid_argument("a varying field has a degree from 0 to 200");
            positive(mu, "mu");
            positive(radius, "the radius");
            new (self) VaryingField(mu, radius, degree, table(start, block, c, 0));
        });
    nb::class_<DensityTable>(m, "DensityTable")
        .def("__init__",
             [](DensityTable *self, std::vector<double> start, std::vector<double> step,
                double solar0, double solar_rate, Array4 c) {
                 if (start.size() != 4 || step.size() != 4)
                     throw std::invalid_argument("four axes: time, latitude, solar time, altitude");
                 for (size_t k = 0; k < 4; ++k)
                     if (!(step[k] > 0.0) || !std::isfinite(start[k] + step[k]) || c.shape(k) < 4)
                         throw std::invalid_argument("an axis needs a positive step and 4 knots");
                 finite(c, "a density table");
                 new (self) DensityTable();
                 Axis *axes[4] = {&self->time, &self->latitude, &self->solar, &self->altitude};
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
             [](const DensityTable &self, double t, double lat, double lon, double height) {
                 bool below = false;
                 const double rho = self.density(t, lat, lon, height, below);
                 return nb::make_tuple(rho, below);
             });
    // what a model refers to is kept alive by Python
    nb::class_<PyModel>(m, "Model")
        .def(
            "__init__",
            [](PyModel *self, const GravityField *field, const GravityField *low, int tiny,
               double angle0, double rate, double start, double block, Array3 slow, Array3 pole,
               double spin, double a, double f) {
                if (!std::isfinite(angle0 + rate + spin) || !(f >= 0.0 && f < 0.5))
                    throw std::invalid_argument("rotation and flattening are plain numbers");
                positive(a, "the radius of the ellipsoid");
                new (self) PyModel();
                self->field = field;
                self->low = low;
                self->tiny = low->cut(std::max(0, tiny));
                self->rough = field->rough_terms(low->degree);
                self->rotation.angle0 = angle0;
                self->rotation.rate = rate;
                self->rotation.slow = table(start, block, slow, 9);
                self->rotation.pole = table(start, block, pole, 3);
                self->spin = spin;
                self->ellipsoid_a = a;
                self->ellipsoid_f = f;
            },
            nb::keep_alive<1, 2>(), nb::keep_alive<1, 3>())
        .def("add_body",
             [](PyModel &self, const std::string &name, double mu, double start, double block,
                Array3 place, bool attracts) {
                 if (place.shape(1) != 3 && place.shape(1) != 6)
                     throw std::invalid_argument("the place of a body has 3 rows, or 6 with its"
                                                 " velocity");
                 positive(mu, "mu");
                 if (body_index(self, name) >= 0)
                     throw std::invalid_argument(name + " is in this model already");
                 Body b;
                 b.name = name;
                 b.mu = mu;
                 b.place = table(start, block, place, 0);
                 b.attracts = attracts;
                 if (name == "sun")
                     self.sun = int(self.bodies.size());
                 self.bodies.push_back(std::move(b));
             })
        .def(
            "set_body_field",
            [](PyModel &self, const std::string &name, const GravityField *field, double angle0,
               double rate, double start, double block, Array3 slow) {
                const int k = body_index(self, name);
                if (k < 0)
                    throw std::invalid_argument("no body " + name + " in this model");
                // all or nothing: what is refused leaves the model as it was
                RotationTable rotation;
                rotation.angle0 = angle0;
                rotation.rate = rate;
                rotation.slow = table(start, block, slow, 9);
                self.bodies[k].rotation = std::move(rotation);
                self.bodies[k].field = field;
            },
            nb::keep_alive<1, 3>())
        .def(
            "set_tides", [](PyModel &self, const VaryingField *field) { self.tides = field; },
            nb::keep_alive<1, 2>())
        .def("set_sun", [](PyModel &self, double radius) { self.sun_radius = radius; })
        .def("add_occulter",
             [](PyModel &self, const std::string &name, double radius) {
                 const int k = name.empty() ? -1 : body_index(self, name);
                 if (!name.empty() && k < 0)
                     throw std::invalid_argument("no body " + name + " in this model");
                 positive(radius, "the radius of an occulting body");
                 self.occulters.push_back({k, radius});
             })
        .def(
            "set_air_table",
            [](PyModel &self, const DensityTable *density) { self.density = density; },
            nb::keep_alive<1, 2>())
        .def("set_air_layers",
             [](PyModel &self, Array2 rows) {
                 if (rows.shape(0) < 1 || rows.shape(1) != 3)
                     throw std::invalid_argument("layers: base, density, scale height");
                 finite(rows, "a layer");
                 self.layers.clear();
                 for (size_t k = 0; k < rows.shape(0); ++k) {
                     positive(rows(k, 2), "a scale height");
                     self.layers.push_back({rows(k, 0), rows(k, 1), rows(k, 2)});
                 }
             })
        .def("set_air_function",
             [](PyModel &self, nb::object function) { self.direct = direct(std::move(function)); })
        .def("set_drag",
             [](PyModel &self, double cd_area) {
                 if (!(cd_area >= 0.0) || !std::isfinite(cd_area))
                     throw std::invalid_argument("drag area must not be negative");
                 self.drag_area = cd_area;
             })
        .def("set_radiation",
             [](PyModel &self, double pressure_area) {
                 if (self.sun < 0)
                     throw std::invalid_argument("radiation pressure needs the table of the Sun");
                 if (!(pressure_area >= 0.0) || !std::isfinite(pressure_area))
                     throw std::invalid_argument("pressure area must not be negative");
                 self.pressure_area = pressure_area;
             })
        .def("set_panels", &set_panels)
        .def("set_relativity",
             [](PyModel &self, bool schwarzschild, bool lense_thirring, bool de_sitter,
                double spin_momentum) {
                 if (de_sitter && (self.sun < 0 || self.bodies[self.sun].place.rows != 6))
                     throw std::invalid_argument("geodesic precession needs the Sun's velocity");
                 self.relativity = {schwarzschild, lense_thirring, de_sitter, spin_momentum};
             })
        .def("add_breaks",
             [](PyModel &self, std::vector<double> t) {
                 finite(t.data(), t.size(), "a break");
                 self.breaks.insert(self.breaks.end(), t.begin(), t.end());
             })
        .def("add_burn", &add_burn);
}

} // namespace core::door

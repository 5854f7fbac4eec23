// The climb of an ascent's first guess, as Python sees it.
#include "climb.hpp"
#include "cpu.hpp"
#include "module.hpp"

#include <nanobind/stl/string.h>

#include <algorithm>
#include <string>

namespace core::door {
namespace {

constexpr int kMostSteps = 10'000;

LinesView lines(double start, double step, Array2 rows, size_t columns, Rows &kept) {
    if (rows.shape(0) < 2 || rows.shape(1) != columns || !std::isfinite(start))
        throw std::invalid_argument("a table needs two knots, three columns for air, one for drag");
    positive(step, "the step of a table");
    finite(rows, "a table");
    kept.assign(rows.data(), rows.data() + rows.size());
    return {start, 1.0 / step, int(rows.shape(0)), nullptr};
}

void take3(Array1 from, double *to, const char *what) {
    if (from.shape(0) != 3)
        throw std::invalid_argument(std::string(what) + " has three numbers");
    finite(from, what);
    std::copy_n(from.data(), 3, to);
}

nb::object first(const Rows &rows, size_t count, size_t n, size_t held) {
    std::vector<double> out;
    for (size_t k = 0; k < count; ++k)
        out.insert(out.end(), rows.begin() + k * held, rows.begin() + k * held + n);
    return owned(std::move(out), {count, n});
}

// steering (3, n): slope of the pitch-over, first and last tangent.
nb::dict fly(const Climb &self, Array2 steering, const std::string &level, bool recorded) {
    if (steering.shape(0) != 3 || steering.shape(1) < 1)
        throw std::invalid_argument("steering: three rows, a column for each lane");
    if (self.vehicle.sections.empty() || self.air.empty() || self.drag.empty() ||
        !(self.vehicle.mass > 0.0) || !(self.vehicle.burn_step > 0.0))
        throw std::invalid_argument("a climb needs air, drag, a mass, a section, a burn step");
    finite(steering, "steering");
    if (recorded && steering.shape(1) != 1)
        throw std::invalid_argument("a recorded climb is of one lane");
    for (const ClimbStage &stage : self.vehicle.stages)
        if (stage.longest > kMostSteps * self.vehicle.burn_step)
            throw std::invalid_argument("a burn takes more than 10,000 steps");
    const Kernels &k = level.empty() ? kernels() : kernels_of(level.c_str());
    const size_t n = steering.shape(1), held = size_t(padded(int(n)));
    Rows rows(3 * held);
    for (size_t c = 0; c < 3; ++c)
        for (size_t i = 0; i < held; ++i)
            rows[c * held + i] = steering(c, std::min(i, n - 1));
    Climbed climbed;
    {
        nb::gil_scoped_release release;
        climbed = climb(self, k, rows.data(), int(held), recorded);
    }
    nb::dict out;
    out["t"] = climbed.t;
    out["r"] = first(climbed.r, 3, n, held);
    out["v"] = first(climbed.v, 3, n, held);
    out["m"] = first(climbed.m, 1, n, held);
    out["fixed_r"] = first(climbed.fixed_r, 3, n, held);
    out["fixed_v"] = first(climbed.fixed_v, 3, n, held);
    out["burns"] = first(climbed.burns, climbed.burns.size() / held, n, held);
    out["lowest"] = first(climbed.lowest, 1, n, held);
    out["fairing"] = first(climbed.fairing_t, 1, n, held);
    out["high"] = first(climbed.high_t, 1, n, held);
    out["last"] = first(Rows(climbed.last.begin(), climbed.last.end()), 1, n, held);
    const size_t notes = climbed.track.size() / kTrackColumns;
    out["track"] = owned(std::move(climbed.track), {notes, size_t(kTrackColumns)});
    return out;
}

} // namespace

void bind_climb(nb::module_ &m) {
    nb::class_<Climb>(m, "Climb")
        .def("__init__",
             [](Climb *self, double mu, double gravity_radius, double j2, double j3, double j4,
                double omega, double radius, double flattening) {
                 positive(mu, "mu");
                 positive(gravity_radius, "the radius of the field");
                 positive(radius, "the radius");
                 for (double x : {j2, j3, j4, omega, flattening})
                     finite(&x, 1, "a planet");
                 new (self) Climb();
                 ClimbView &view = self->view;
                 view.mu = mu;
                 view.gravity_radius = gravity_radius;
                 view.j2 = j2;
                 view.j3 = j3;
                 view.j4 = j4;
                 view.omega = omega;
                 view.radius = radius;
                 view.stretch = 1.0 / ((1.0 - flattening) * (1.0 - flattening)) - 1.0;
             })
        .def("set_air", [](Climb &self, double start, double step,
                           Array2 rows) { self.view.air = lines(start, step, rows, 3, self.air); })
        .def("set_drag",
             [](Climb &self, double area, double start, double step, Array2 rows) {
                 self.view.drag = lines(start, step, rows, 1, self.drag);
                 self.view.area = area;
             })
        .def("set_pad",
             [](Climb &self, Array1 r0, Array1 v0, Array1 up, Array1 heading, Array1 normal,
                double mass) {
                 take3(r0, self.r0, "a place");
                 take3(v0, self.v0, "a velocity");
                 take3(up, self.view.up, "a direction");
                 take3(heading, self.view.heading, "a direction");
                 take3(normal, self.view.normal, "a direction");
                 positive(mass, "the mass");
                 self.vehicle.mass = mass;
             })
        .def("set_law",
             [](Climb &self, double rise_end, double pitch_over, double turn, double aim,
                double over) {
                 positive(pitch_over, "the pitch-over");
                 self.law = {rise_end, pitch_over, turn, aim, over};
             })
        .def("set_goal", [](Climb &self, bool apogee, double enter,
                            double a) { self.goal = {apogee, enter, a}; })
        .def("set_fairing",
             [](Climb &self, double mass, double time, double heat, double after, double speed) {
                 ClimbVehicle &v = self.vehicle;
                 v.fairing = mass;
                 v.fairing_time = time;
                 v.heat = heat;
                 v.heat_after = after;
                 v.heat_speed = speed;
             })
        .def("set_steps",
             [](Climb &self, double burn, double high, double least) {
                 positive(burn, "the step of a burn");
                 self.vehicle.burn_step = burn;
                 self.vehicle.high = high;
                 self.vehicle.least_mass = least;
             })
        .def("add_section",
             [](Climb &self, double length, int steps, bool burning, double thrust, double slope,
                double exit_area, double flow, double flow_slope, double dropped) {
                 if (steps < 1 || steps > kMostSteps)
                     throw std::invalid_argument("a section takes at least one step, and not"
                                                 " more than 10,000");
                 self.vehicle.sections.push_back({length,
                                                  steps,
                                                  burning,
                                                  {thrust, exit_area, flow},
                                                  slope,
                                                  flow_slope,
                                                  dropped});
             })
        .def("add_stage",
             [](Climb &self, double left_behind, double coast, int coast_steps, double thrust,
                double flow, double longest, bool solid) {
                 positive(longest, "the burn time of a stage");
                 if (coast_steps < 0 || coast_steps > kMostSteps)
                     throw std::invalid_argument("a coast takes 0 to 10,000 steps");
                 self.vehicle.stages.push_back(
                     {left_behind, coast, coast_steps, thrust, flow, longest, solid});
             })
        .def("fly", &fly);
}

} // namespace core::door

// Guided flights, as Python declares them (cosmodrome.solvers.guided).
#include "cpu.hpp"
#include "guided.hpp"
#include "module.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

namespace core::door {
namespace {

constexpr int kMostSteps = 1'000'000;
using TableSpec = std::tuple<double, double, Array3>;

Cubics cubics(const TableSpec &spec, int curves) {
    const auto &[start, step, c] = spec;
    if (c.shape(0) < 1 || int(c.shape(1)) != curves || c.shape(2) != 4 || !(step > 0.0) ||
        !std::isfinite(start + step))
        throw std::invalid_argument("a table has cells of positive length, four numbers a curve");
    finite(c, "a table");
    return {start, step, int(c.shape(0)), curves, c.data()};
}

// compared before the conversion: what is out of range has no int
int whole(double x, int low, int high, const char *what) {
    if (!(x >= low && x <= high))
        throw std::invalid_argument(std::string(what) + " is out of range");
    return int(x);
}

GuidedProgramme programme_of(const std::vector<double> &numbers,
                             const std::vector<TableSpec> &tables, Array1 start, Array2 sections,
                             Array2 aims) {
    if (numbers.size() != 15 || tables.size() != 3 || start.size() != 6 || sections.shape(1) != 8 ||
        aims.shape(1) != 12)
        throw std::invalid_argument("a programme of this shape is not known");
    finite(numbers.data(), numbers.size(), "the planet");
    finite(start, "the start");
    finite(sections, "a section");
    finite(aims, "an aim");
    GuidedProgramme p{};
    double *const fields[15] = {&p.mu,      &p.gravity_radius, &p.j2,        &p.j3,
                                &p.j4,      &p.omega,          &p.ellipsoid, &p.flattening,
                                &p.area,    &p.freeze,         &p.side[0],   &p.side[1],
                                &p.side[2], &p.largest_swing,  &p.short_time};
    for (int k = 0; k < 15; ++k)
        *fields[k] = numbers[k];
    p.air = cubics(tables[0], 5);
    p.drag = cubics(tables[1], int(std::get<2>(tables[1]).shape(1)));
    p.attitude = cubics(tables[2], 3);
    std::copy(start.data(), start.data() + 6, p.start);
    for (size_t k = 0; k < sections.shape(0); ++k) {
        const double *s = &sections(k, 0);
        const int steps = whole(s[0], 1, kMostSteps, "the number of steps of a section");
        const int mode = whole(s[1], 0, 2, "the mode of a section");
        const int leg = whole(s[2], -1, int(aims.shape(0)) - 1, "the leg of a section");
        const bool open = s[3] != 0.0;
        if (leg < 0 && (mode == 2 || open))
            throw std::invalid_argument("a guided section needs an aim");
        const int drag = whole(s[7], 0, p.drag.curves - 1, "the drag curve of a section");
        p.sections.push_back({steps, Mode(mode), leg, open, s[4], s[5], s[6], drag});
    }
    for (size_t k = 0; k < aims.shape(0); ++k) {
        const double *a = &aims(k, 0);
        const int held = whole(a[11], 0, 2, "what an aim holds of the place");
        p.aims.push_back(
            {a[0], a[1], a[2], a[3], {a[4], a[5], a[6]}, a[7], a[8], a[9], a[10], Held(held)});
    }
    return p;
}

nb::tuple fly(const std::string &level, const std::vector<double> &numbers,
              const std::vector<TableSpec> &tables, Array1 start, Array2 sections, Array2 aims,
              Array2 length, Array2 thrust, Array2 flow, Array2 drop, Array2 after, Array2 usable,
              Array1 mass, Array1 density, Array1 drag, Array1 wind, Array1 tail, Array2 navigation,
              Array2 turn, Array2 pitch, Array2 yaw, Array2 late, Array2 exit_area) {
    const Kernels &chosen = level.empty() ? kernels() : kernels_of(level.c_str());
    const GuidedProgramme p = programme_of(numbers, tables, start, sections, aims);
    const size_t n = mass.shape(0), rows = p.sections.size();
    if (n == 0 || n % 8 != 0)
        throw std::invalid_argument("lanes come in packs of eight");
    for (const Array2 *a :
         {&length, &thrust, &flow, &drop, &after, &usable, &pitch, &yaw, &late, &exit_area}) {
        if (a->shape(0) != rows || a->shape(1) != n)
            throw std::invalid_argument("each section has a row of lanes");
        finite(*a, "a lane's section");
    }
    for (const Array1 *a : {&mass, &density, &drag, &wind, &tail}) {
        if (a->shape(0) != n)
            throw std::invalid_argument("each lane has a number");
        finite(*a, "a lane");
    }
    if (navigation.shape(0) != 6 || navigation.shape(1) != n)
        throw std::invalid_argument("navigation has six rows of lanes");
    finite(navigation, "navigation");
    if (turn.shape(0) != 9 || turn.shape(1) != n)
        throw std::invalid_argument("a turn of axes has nine rows of lanes");
    finite(turn, "a turn of axes");
    const GuidedLanes lanes = {
        int(n),       length.data(), thrust.data(),     flow.data(),    drop.data(),
        after.data(), usable.data(), mass.data(),       density.data(), drag.data(),
        wind.data(),  tail.data(),   navigation.data(), turn.data(),    pitch.data(),
        yaw.data(),   late.data(),   exit_area.data()};
    std::vector<double> marks(rows * kMarkRows * n), tallies(kTallyRows * n);
    {
        nb::gil_scoped_release free;
        chosen.guided(p, lanes, marks.data(), tallies.data());
    }
    return nb::make_tuple(owned(std::move(marks), {rows, size_t(kMarkRows), n}),
                          owned(std::move(tallies), {size_t(kTallyRows), n}));
}

} // namespace

void bind_guided(nb::module_ &m) {
    m.def("fly_guided", &fly);
}

} // namespace core::door

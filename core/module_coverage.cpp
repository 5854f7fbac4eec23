// Coverage of ground points, as Python sees it.
#include "coverage.hpp"
#include "cpu.hpp"
#include "module.hpp"

#include <nanobind/stl/string.h>

#include <cmath>
#include <string>

namespace core::door {
namespace {

Sensor sensor_of(const std::string &kind, Array1 numbers) {
    if (numbers.shape(0) != 5)
        throw std::invalid_argument("a sensor has five numbers");
    finite(numbers, "a sensor");
    Sensor sensor;
    if (kind == "elevation")
        sensor.kind = Sensor::elevation;
    else if (kind == "cone")
        sensor.kind = Sensor::cone;
    else if (kind == "swath")
        sensor.kind = Sensor::swath;
    else
        throw std::invalid_argument("a sensor is an elevation, a cone or a swath");
    sensor.mask = numbers(0);
    sensor.half_angle = numbers(1);
    sensor.left = numbers(2);
    sensor.right = numbers(3);
    sensor.ahead = numbers(4);
    return sensor;
}

nb::dict covered(double block, int cuts, double spin, Array4 power, const std::string &kind,
                 Array1 numbers, Array2 places, Array2 normals, int folds, bool kept, int threads,
                 const std::string &level) {
    positive(block, "the length of a block");
    if (cuts < 1 || cuts > 1000 || folds < 1 || folds > 1000 || threads < 1 || threads > 1024)
        throw std::invalid_argument("cuts and folds are 1 to 1,000, threads 1 to 1,024");
    if (power.shape(0) < 1 || power.shape(1) < 1 || power.shape(2) != 3 || power.shape(3) < 2)
        throw std::invalid_argument("paths are (satellites, blocks, 3, two terms or more)");
    if (places.shape(1) != 3 || normals.shape(1) != 3 || places.shape(0) != normals.shape(0))
        throw std::invalid_argument("points are (n, 3), and so are their normals");
    finite(power, "a path");
    finite(places, "a point");
    finite(normals, "a normal");
    Sky sky;
    sky.satellites = int(power.shape(0));
    sky.blocks = int(power.shape(1));
    sky.terms = int(power.shape(3));
    sky.cuts = cuts;
    sky.block = block;
    sky.spin = spin;
    sky.power.assign(power.data(), power.data() + power.size());
    const Sensor sensor = sensor_of(kind, numbers);
    const Ground ground{int(places.shape(0)), places.data(), normals.data()};
    const Kernels &k = level.empty() ? kernels() : kernels_of(level.c_str());
    Covered out;
    std::vector<double> rows;
    {
        nb::gil_scoped_release release;
        out = cover(k, sky, sensor, ground, folds, kept, threads);
        rows.reserve(4 * out.seen.size());
        for (const Seen &seen : out.seen)
            rows.insert(rows.end(),
                        {double(seen.point), double(seen.satellite), seen.start, seen.stop});
    }
    nb::dict told;
    told["figures"] =
        owned(std::move(out.figures), {size_t(ground.points), size_t(kFigures + folds)});
    told["seen"] = owned(std::move(rows), {out.seen.size(), 4});
    return told;
}

} // namespace

void bind_coverage(nb::module_ &m) {
    m.def("cover", &covered);
}

} // namespace core::door

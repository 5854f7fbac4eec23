// Air density as a table: log density, uniform cubic B-splines over time, latitude, local solar
// time (periodic) and the logarithm of height. The same numbers serve
// cosmodrome.physics.thermosphere.
#pragma once

#include <vector>

namespace core {

struct Axis {
    double start = 0.0, step = 1.0;
    int count = 0; // coefficients; the spline spans [start, start + (count - 3) step]
};

struct DensityTable {
    Axis time, latitude, solar, altitude;  // solar: count coefficients round the circle;
                                           // altitude: of the natural logarithm of metres
    double solar0 = 0.0, solar_rate = 0.0; // local solar angle = longitude + solar0 + rate t
    std::vector<double> c;                 // [time][latitude][solar][altitude]

    double bottom = 0.0, top = 0.0; // geodetic heights, m
    // kg/m^3 at a geodetic place; 0 above the top. `below` is set under the bottom.
    double density(double t, double latitude, double longitude, double height, bool &below) const;
};

} // namespace core

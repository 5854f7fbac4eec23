// From a state to a path: segments one after another, events, audit, Chebyshev output.
#pragma once

#include "events.hpp"
#include "segment.hpp"

#include <string>
#include <vector>

namespace core {

struct Path {
    std::vector<double> breaks;       // n + 1
    std::vector<double> coefficients; // n x terms x 7
    int terms = 0;
    std::vector<Found> events;
    std::vector<double> largest, mean; // audited forces
    double end_time = 0.0, end_state[7] = {};
    double lit = 0.0;    // mean visible fraction of the Sun
    bool landed = false; // ended on the floor
    bool below = false;  // was under the density table
    Counts counts;
};

// y0: place, velocity, mass at t0. Throws std::runtime_error where no step is small enough.
Path propagate(const Model &model, const Settings &settings, const Wanted &wanted, double t0,
               double t1, const double *y0);

} // namespace core

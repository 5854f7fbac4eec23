// From a state to a path: segments one after another, events, audit, Chebyshev output.
#pragma once

#include "events.hpp"
#include "segment.hpp"
#include "variations.hpp"

#include <string>
#include <vector>

namespace core {

struct Request {
    double t0 = 0.0, t1 = 0.0;     // t1 < t0: backward
    const double *y0 = nullptr;    // place, velocity, mass at t0
    bool dense = true;             // keep the path
    const double *times = nullptr; // instants to sample, in order of flight
    int samples = 0;
    double *states = nullptr; // samples x 7
    std::vector<double> last; // of an earlier leg, see Searcher
    Partials partials;        // what the variations carry; none: no variations
    bool resumed = false;     // the start ended an earlier leg, which has told what lay on it
    double first_mass = 0.0;  // of the flight's start, where this is a later leg
};

struct Path {
    std::vector<double> breaks;       // n + 1, rising
    std::vector<double> coefficients; // n x terms x 7
    int terms = 0;
    std::vector<Found> events;
    std::vector<double> largest, mean; // audited forces
    double end_time = 0.0, end_state[7] = {};
    double lit = 0.0; // mean visible fraction of the Sun
    int stopped = -1; // kind of the event that ended the path, and which of its kind
    int stop_index = 0, stop_group = 0;
    int sampled = 0;    // samples filled
    bool below = false; // was under the density table
    double next = 0.0;  // length to try next
    std::vector<double> last;
    std::vector<double> variations; // 6 x (6 + partials) at the end, row-major
    Counts counts;
};

// Throws std::runtime_error where no step is small enough or the budget is spent.
Path propagate(const Model &model, const Scales &scales, const Settings &settings,
               const Wanted &wanted, Request request);

// Many starts under one model, shared out to threads; the result does not depend on their number.
struct Ensemble {
    const double *y0 = nullptr;     // n x 7
    const double *scales = nullptr; // n x 2 (drag, light), or null
    const double *spans = nullptr;  // n x 2, each start's own first and last instant, or null
    std::vector<Burn> burns;        // n, each start's own, without knots where it has none; or none
    int count = 0, threads = 1;
    double t0 = 0.0, t1 = 0.0;
    const double *times = nullptr;
    int samples = 0;
    double *states = nullptr;        // n x samples x 7
    double *ends = nullptr;          // n x 8: end time, state
    std::vector<std::string> faults; // by sample, empty where it flew
    std::vector<int> stopped, groups;
    std::vector<int> below; // by sample: went under the density table and ended there
};
void propagate(const Model &model, const Settings &settings, const Wanted &wanted, Ensemble &all);

} // namespace core

// The climb of an ascent's first guess: many coarse ascents of one vehicle that differ in
// steering only, in step with each other. The specification is cosmodrome.ascent.climb.
#pragma once

#include "kernels.hpp"
#include "rows.hpp"

#include <limits>

namespace core {

// Thrust and flow of engines that burn by the clock, straight lines of time.
struct ClimbSection {
    double length = 0.0;
    int steps = 1;
    bool burning = false;
    Engines engines;                             // at its start
    double thrust_slope = 0.0, flow_slope = 0.0; // per second
    double dropped = 0.0;                        // mass, at its end
};

// A stage that burns until the wanted energy is reached; a solid one until it is empty.
struct ClimbStage {
    double left_behind = 0.0; // mass dropped before it
    double coast = 0.0;       // before its ignition
    int coast_steps = 0;
    double thrust = 0.0, flow = 0.0, longest = 0.0;
    bool solid = false;
};

struct ClimbVehicle {
    double mass = 0.0, least_mass = 0.0; // at lift-off; a lane lighter than this is spent
    std::vector<ClimbSection> sections;
    std::vector<ClimbStage> stages;
    double burn_step = 0.0;
    // the fairing goes at an instant, or where the heat flux falls below a limit
    double fairing = 0.0;
    double fairing_time = std::numeric_limits<double>::quiet_NaN();
    double heat = 0.0, heat_after = 0.0, heat_speed = 0.0; // asked from this time and speed on
    double high = 0.0;                                     // height whose first passing is told
};

struct ClimbLaw {
    double rise_end = 0.0, pitch_over = 0.0; // instant; duration
    double turn = 0.0, aim = 0.0;            // linear tangent from turn to aim
    double over = 0.0;                       // part of that way it may be carried on to
};

struct ClimbGoal {
    bool apogee = false; // an arc whose other apsis is at `enter`; else the semi-major axis
    double enter = 0.0, a = 0.0;
};

struct Climb {
    ClimbView view;
    Rows air, drag;
    double r0[3] = {}, v0[3] = {};
    ClimbVehicle vehicle;
    ClimbLaw law;
    ClimbGoal goal;
};

struct Climbed {
    int n = 0; // a multiple of 8
    double t = 0.0;
    Rows r, v, m;           // where lanes end
    Rows fixed_r, fixed_v;  // where the sections end
    Rows burns;             // (stages, n) burn times
    Rows lowest;            // least radius from the end of the sections on
    Rows fairing_t, high_t; // not-a-number where it did not happen
    std::vector<int> last;  // stage that ended the lane
    // of the first lane, where asked for: time, place, velocity, whether an engine runs
    std::vector<double> track;
};

constexpr int kTrackColumns = 8;

// steering: slope of the pitch-over, first and last tangent; three rows of n. Recorded flights
// are of one lane (and its copies): the last step of a burn is cut to what it needs.
Climbed climb(const Climb &climb, const Kernels &kernels, const double *steering, int n,
              bool recorded);

} // namespace core

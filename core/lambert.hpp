// Lambert's problem by the thousand: lanes are problems. The specification, formula by formula, is
// src/cosmodrome/dynamics/lambert_formulas.py; names are its.
#pragma once

namespace core {

// A column of numbers, one row a problem; a step of nought gives all problems the same row.
struct LambertColumn {
    const double *at = nullptr;
    int step = 0;
};

enum class LambertPath { prograde, retrograde, short_way, long_way };
enum class LambertFault { none, too_soon, no_plane, input, lost };

struct LambertTask {
    int n = 0;
    double mu = 0.0;
    LambertPath path = LambertPath::prograde;
    LambertColumn r1, r2, tof; // places of three numbers
    LambertColumn turns;       // whole revolutions
    LambertColumn side;        // +1 low path, -1 high path; not read for no revolution
    LambertColumn normal;      // of the plane, or nothing
    // every solution up to this many revolutions, instead of `turns` and `side`
    int all = -1;
};

// Solutions of a problem: the one asked for, or all: none, then low and high of each revolution.
inline int lambert_solutions(const LambertTask &task) {
    return task.all < 0 ? 1 : 2 * task.all + 1;
}

} // namespace core

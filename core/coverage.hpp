// When points of the ground see satellites, and the statistics of it.
//
// Each path is a row of blocks, each cut into pieces. A piece is passed over for a cell of points
// that lies beyond the farthest central angle at which anything is seen. In the others the gauge of
// each point is proven, by a bound of its second derivative, to have no zero or exactly one; where
// neither is proven the piece is halved. So no access is lost and none is cut, down to 1 ms.
#pragma once

#include "kernels.hpp"

#include <cstdint>
#include <vector>

namespace core {

// Paths of all satellites, Earth-fixed, on blocks they share: powers of x in [-1, 1].
struct Sky {
    int satellites = 0, blocks = 0, terms = 0;
    int cuts = 1;       // pieces of a block
    double block = 0.0; // length, s; the span begins at 0
    double spin = 0.0;  // of the axes about z, rad/s
    std::vector<double> power;

    int pieces() const { return blocks * cuts; }
    double span() const { return blocks * block; }
    const double *of(int satellite, int b) const {
        return power.data() + (static_cast<std::size_t>(satellite) * blocks + b) * 3 * terms;
    }
};

// What a satellite sees: the ground above a mask, perhaps inside a cone about the nadir
// (geocentric) or between planes through the satellite.
struct Sensor {
    enum Kind { elevation, cone, swath } kind = elevation;
    double mask = 0.0;                           // rad, elevation above the ellipsoid's horizon
    double half_angle = 0.0;                     // cone
    double left = 0.0, right = 0.0, ahead = 0.0; // tangents; right of the flight is positive
};

// One piece of a path. Bounds are maxima over the piece.
struct Stretch {
    double start[3];     // place at its start
    double middle[3];    // unit vector at its middle
    double cosine, sine; // of the farthest central angle seen, about `middle`
    double speed, push;  // |s'|, |s''|
    double climb;        // |d2|s|/dt2|
    double turn, bend;   // first and second derivative of the unit vector
    double nearest;      // least distance of a ground point
    double slack, slope; // of the elevation gauge: M h^2 / 8, M h
};

struct Seen {
    int point = 0, satellite = 0;
    double start = 0.0, stop = 0.0;
};

// Columns of the statistics of a point; then the time with at least 1, 2, ... satellites in view.
enum Figure { accesses, access_s, longest_access_s, gaps, longest_gap_s, gap2_s2, most, kFigures };

struct Ground {
    int points = 0;
    const double *place = nullptr, *normal = nullptr; // (points, 3)
};

struct Covered {
    int folds = 1;
    std::vector<double> figures; // (points, kFigures + folds)
    std::vector<Seen> seen;      // by point, then start; empty unless kept
};

// Numbers do not depend on `threads`.
Covered cover(const Kernels &kernels, const Sky &sky, const Sensor &sensor, const Ground &ground,
              int folds, bool kept, int threads);

} // namespace core

// Ground points in compact cells: what is out of sight of a cell is so for all its points.
#pragma once

#include "gauges.hpp"
#include "rows.hpp"

#include <vector>

namespace core {

struct Cell {
    std::vector<int> who; // indices of its points
    int held = 0;         // padded number of points
    Rows ground;          // six rows: place, normal of the ellipsoid
    std::vector<double> units;
    double axis[3] = {};             // the points lie within an angle of it
    double cosine = 1.0, sine = 0.0; // of that angle

    int count() const { return static_cast<int>(who.size()); }
    const double *unit(int i) const { return units.data() + 3 * i; }
    GroundPoint point(int i) const {
        GroundPoint point;
        for (int c = 0; c < 3; ++c) {
            point.p[c] = ground[c * held + i];
            point.up[c] = ground[(3 + c) * held + i];
        }
        return point;
    }
    // Can any of its points be seen during a piece?
    bool near(const Stretch &piece) const {
        // the sum of the two angles, beyond half a turn: everywhere
        const double edge = piece.cosine * cosine - piece.sine * sine;
        return piece.sine * cosine + piece.cosine * sine < 0.0 || dot3(axis, piece.middle) >= edge;
    }
};

std::vector<Cell> cells_of(const Ground &ground);

} // namespace core

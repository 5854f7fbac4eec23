// Tables of the world, per mission: rotations of bodies, spin axis, Sun, Moon and planets.
#pragma once

#include "rows.hpp"

#include <string>
#include <vector>

namespace core {

class GravityField;

// Blocks of equal length, each a Chebyshev series of `rows` functions of time in seconds.
struct ChebyshevTable {
    double start = 0.0, block = 1.0;
    int blocks = 0, rows = 0, terms = 0;
    std::vector<double> c; // [block][row][term]

    void at(double t, double *out) const;
    // At n instants in order of flight (rising or falling): rows of n.
    void at(const double *t, int n, double *out) const;
    bool covers(double a, double b) const {
        const double slack = 1e-6 * block;
        return a >= start - slack && b <= start + block * blocks + slack;
    }
    int block_of(double t) const;
};

// fixed_from_inertial(t) = R3(angle0 + rate t) S(t): a fast, known spin and a slow rest.
struct RotationTable {
    double angle0 = 0.0, rate = 0.0;
    ChebyshevTable slow; // 9 rows
    ChebyshevTable pole; // 3 rows: unit spin axis in inertial axes

    void at(double t, double *matrix) const;
    void at(const double *t, int n, double *rows) const;
};

struct Body {
    std::string name;
    double mu = 0.0;
    ChebyshevTable place; // 3 rows from the central body, inertial axes; 6 with its velocity
    bool attracts = false;
    const GravityField *field = nullptr; // harmonics without the central term, or null
    RotationTable rotation;              // of the field
};

struct Geodetic {
    double latitude, longitude, height;
};

// Geodetic coordinates on an ellipsoid of equatorial radius a and flattening f; Bowring (1976)
// iterated, to rounding from the ground to beyond the Moon.
Geodetic geodetic(const double *fixed, double a, double f);

} // namespace core

// A finished segment of the path: a polynomial, and patches where light is not smooth.
#pragma once

#include "quadrature.hpp"

#include <vector>

namespace core {

constexpr int kPatchNodes = 16;

// What a rough force does to the path between two instants: the double integral of a series in
// Legendre polynomials on the piece, straight motion after it.
struct Patch {
    static constexpr int kTerms = kPatchNodes + 2;
    double start, end;
    bool edge;                 // begins where light has an edge, not merely where a piece was cut
    double series[6 * kTerms]; // place, velocity
    double r_end[3], v_end[3];
};

// Evaluable anywhere in [start, start + length]; length is negative in backward flight.
struct Arc {
    double start = 0.0, length = 0.0;
    double mass0 = 0.0, flow = 0.0, slope = 0.0; // mass0 - flow dt - slope dt^2 / 2
    int terms = 0;
    Rows series; // place, velocity: six Legendre series of `terms`
    std::vector<Patch> patches;

    double end() const { return start + length; }
    double mass(double t) const {
        const double dt = t - start;
        return mass0 - dt * (flow + 0.5 * slope * dt);
    }
    void at(double t, double *r, double *v) const; // v may be null
    // Six rows of n instants, n a multiple of 8; x is scratch of n.
    void at(const double *t, int n, double *x, double *out) const;
    // What the patches add at t, or at n instants in order of flight to six rows.
    void patch(double t, double *r, double *v) const;
    void patch(const double *t, int n, double *out) const;
};

} // namespace core

// What acts on the spacecraft, and what the tables of the world say at the nodes of a segment.
#pragma once

#include "density.hpp"
#include "environment.hpp"
#include "gravity.hpp"
#include "quadrature.hpp"

#include <array>
#include <vector>

namespace core {

// Axes a thrust direction is fixed in: inertial; radial, transverse, normal; along the velocity,
// along the angular momentum, and their cross product.
enum class Axes : int { inertial, rtn, vnc };

// Constant thrust between two instants; direction a unit vector in its axes.
struct Burn {
    double start, end, thrust, flow;
    double direction[3];
    Axes axes;
};

struct Model {
    const GravityField *field = nullptr;
    const GravityField *low = nullptr;
    RotationTable rotation;
    std::vector<Body> bodies; // all whose places are known
    std::vector<int> attracting;
    int sun = -1;
    const DensityTable *density = nullptr;
    double drag_area = 0.0;     // Cd A, m^2
    double pressure_area = 0.0; // Cr A P0 AU^2, N m^2: thrust of sunlight times distance squared
    double sun_radius = 0.0, body_radius = 0.0; // for the shadow
    double spin = 0.0;                          // rad/s of the co-rotating atmosphere
    std::vector<Burn> burns;

    bool radiates() const { return pressure_area != 0.0; }
    bool drags() const { return density != nullptr && drag_area != 0.0; }
    // Thrust and mass flow at an instant (breaks lie at the switches, so ask inside a segment).
    double flow(double t) const;
};

// Three components for each of n nodes: component k of node i at [k n + i].
using Rows = std::vector<double>;

// Tables read once for the nodes of a segment.
struct NodeTables {
    Rows rotation; // 9 n
    Rows pole;     // 3 n
    std::vector<Rows> bodies;

    void read(const Model &model, const double *t, int n);
};

// Order of the audit: central, harmonics, drag, radiation, thrust, then attracting bodies.
constexpr int kFixedForces = 5;

struct Audit {
    std::vector<double> largest, integral;
};

// Acceleration of sunlight in full light at r with the Sun at s.
inline void sunlight(const Model &m, double mass, const double *r, const double *s, double *a) {
    const double d[3] = {r[0] - s[0], r[1] - s[1], r[2] - s[2]};
    const double d2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    const double k = m.pressure_area / (mass * d2 * __builtin_sqrt(d2));
    for (int c = 0; c < 3; ++c)
        a[c] = k * d[c];
}

// Everything but the low field, at n nodes: a = full - low (three rows). In full sunlight: the
// shadow is taken off by the integrator. norms: a row of n per audited force.
// below: set where the path is under the density table.
void perturbation(const Model &model, const NodeTables &tables, const double *t, const double *mass,
                  const double *r, const double *v, int n, Rows &a, Rows &scratch, Rows &norms,
                  bool &below);

} // namespace core

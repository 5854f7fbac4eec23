// The seam between level-independent code and the kernels compiled once per SIMD level.
//
// Lanes are collocation nodes: arrays are structures of arrays over `n` nodes, n a multiple of 8,
// so that every level does the same operations on each node in the same order.
#pragma once

#include <cstdint>

namespace core {

struct GuidedProgramme;
struct GuidedLanes;
struct LambertTask;

// Gravity field as the kernels read it (built by gravity.hpp): order by order, degree by degree.
struct FieldView {
    int degree = 0;                // of the harmonics summed: the field's degree + 1 (+ 2)
    int order = 0;                 // the field's order + 1 (+ 2)
    double scale = 0.0;            // mu / R^2 (mu / R^3)
    double radius = 0.0;           // R
    const double *terms = nullptr; // per (m, n): -gamma of n + 1, then cosine and sine
                                   // coefficients of each component
};

// The part of a field above its low degrees, in single precision.
struct RoughView {
    int degree = 0, order = 0;
    double scale = 0.0, radius = 0.0;
    const float *terms = nullptr;
};

// A field whose coefficients differ from node to node (tides): rows of n.
struct VaryingView {
    int degree = 0, order = 0;
    double scale = 0.0, radius = 0.0;
    const double *gamma = nullptr; // per (m, n)
    const double *terms = nullptr; // per (m, n): six rows of n
};

// Rows of n that `kepler` gives: place (3), f, g, and the two 2 x 2 matrices of the transition
// matrix Phi_rr = f I + [r0 v0] A [r0 v0]^T, Phi_rv = g I + [r0 v0] B [r0 v0]^T.
constexpr int kKeplerRows = 13;

// Numbers at equally spaced knots, straight lines between them, the end values beyond.
struct LinesView {
    double start = 0.0, per_step = 0.0; // first knot, knots per unit
    int knots = 0;
    const double *rows = nullptr; // knot by knot
};

// One vehicle over one planet, flown in many lanes at once (climb.hpp); z is the spin axis.
struct ClimbView {
    double mu = 0.0, gravity_radius = 0.0, j2 = 0.0, j3 = 0.0, j4 = 0.0;
    double omega = 0.0, radius = 0.0;
    double stretch = 0.0; // 1 / (1 - f)^2 - 1
    double area = 0.0;    // what drag refers to
    LinesView air;        // over height: log density, log pressure, speed of sound
    LinesView drag;       // over Mach number: drag coefficient
    double up[3] = {}, heading[3] = {}, normal[3] = {};
    // rows of n: the steering of each lane
    const double *slope = nullptr, *tangent = nullptr, *tangent_end = nullptr;
};

// Where all lanes point at one instant. x: part of the pitch-over done, or of the way from the
// first tangent to the last.
struct Pointing {
    enum Kind { coast, up, pitch_over, flow, tangent } kind = coast;
    double x = 0.0;
};

struct Engines {
    double thrust = 0.0, exit_area = 0.0, flow = 0.0; // vacuum thrust
};

// A satellite's place on one block of a path, and the part of it in which points are crossed.
struct CrossView {
    const double *power = nullptr; // x, y, z: `terms` coefficients each, powers of x in [-1, 1]
    int terms = 0;
    double lo = 0.0, hi = 0.0; // of x
    double sine = 0.0;         // of the mask
    double tolerance = 0.0;    // of x
};

struct Kernels {
    const char *name;
    int lanes;
    // Acceleration of the field at inertial places r, inertial components.
    // rotation: nine rows of n, fixed_from_inertial row by row; r, a: three rows of n.
    void (*gravity)(const FieldView &field, const double *rotation, const double *r, double *a,
                    int n);
    // The same to seven digits.
    void (*rough)(const RoughView &field, const double *rotation, const double *r, double *a,
                  int n);
    // Its gradient, inertial components: six rows xx xy xz yy yz zz.
    void (*gradient)(const FieldView &field, const double *rotation, const double *r, double *g,
                     int n);
    void (*varying)(const VaryingView &field, const double *rotation, const double *r, double *a,
                    int n);
    // out_r,i = sum_j matrix[j n_out + i] f_r,j for `rows` rows of n_in, n_out numbers.
    void (*multiply)(const double *matrix, const double *f, double *out, int rows, int n_in,
                     int n_out);
    // Point-mass attraction of a distant body at s (three rows), added to a.
    void (*third_body)(double mu, const double *s, const double *r, double *a, int n);
    // k (r - s) / |r - s|^3, k a row of n: sunlight on a sphere.
    void (*repel)(const double *k, const double *s, const double *r, double *a, int n);
    // a += f; size = |f|
    void (*add)(const double *f, double *a, double *size, int n);
    // Two-body arc and its transition matrix after times dt from r0, v0.
    void (*kepler)(double mu, const double *r0, const double *v0, const double *dt, double *rows,
                   int n);
    // Sources of the two-body response to the defect y - x: Phi_rv^T g, Phi_rr^T g (six rows),
    // with g = (two-body gradient) (y - x).
    void (*sources)(double mu, const double *r0, const double *v0, const double *rows,
                    const double *x, const double *y, double *out, int n);
    // x = y - Phi_rr p + Phi_rv q with scale (p, q) from six rows; gives the largest change of x.
    double (*respond)(const double *r0, const double *v0, const double *rows, const double *six,
                      double scale, const double *y, double *x, int n);
    // Chebyshev series of `rows` functions on one block at the instants t[lo .. hi).
    void (*series)(const double *c, int rows, int terms, double start, double per_block,
                   const double *t, double *out, int n, int lo, int hi);
    // Legendre series (rows of `terms`) at n points x in [-1, 1].
    void (*legendre)(const double *c, int rows, int terms, const double *x, double *out, int n);
    // R3(angle) m for rows of n: cosine and sine given, the slow nine rows in place.
    void (*spin)(const double *cosine, const double *sine, double *m, int n);
    // One Runge-Kutta step of length h in place; r, v: three rows of n. pointing: at its start,
    // middle and end. share: a row, how much of the step each lane takes along its chord.
    void (*climb_step)(const ClimbView &climb, const Pointing *pointing, const Engines &engines,
                       double h, const double *share, double *r, double *v, double *m, int n);
    // Free-molecular heat flux and speed through the air.
    void (*climb_heat)(const ClimbView &climb, const double *r, const double *v, double *flux,
                       double *speed, int n);
    // Ground points (six rows of n: place, normal) seen from s: above the mask where g >= 0.
    void (*ground_gauge)(const double *ground, const double *s, double sine, double *g, int n);
    // Where the gauge of points who[0 .. count) crosses zero; from, to: rows of n, its values at
    // lo and hi, of opposite sign.
    void (*ground_cross)(const CrossView &cross, const double *ground, int n, const int *who,
                         const double *from, const double *to, double *x, int count);
    // Guided flights (guided.hpp): marks of each section, and tallies.
    void (*guided)(const GuidedProgramme &programme, const GuidedLanes &lanes, double *marks,
                   double *tallies);
    // Lambert's problem (lambert.hpp): six numbers and a fault for each solution, problem by
    // problem; and the least time of flight of each.
    void (*lambert)(const LambertTask &task, double *v, std::uint8_t *fault);
    void (*lambert_least)(const LambertTask &task, double *time);
};

namespace baseline {
const Kernels *table();
}
namespace avx2 {
const Kernels *table();
}
namespace avx512 {
const Kernels *table();
}

} // namespace core

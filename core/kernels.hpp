// The seam between level-independent code and the kernels compiled once per SIMD level.
//
// Lanes are collocation nodes: arrays are structures of arrays over `n` nodes, n a multiple of 8,
// so that every level does the same operations on each node in the same order.
#pragma once

namespace core {

// Gravity field as the kernels read it (built by gravity.hpp): order by order, degree by degree.
struct FieldView {
    int degree = 0;                // of the gradient's harmonics: the field's degree + 1
    int order = 0;                 // of the gradient's harmonics: the field's order + 1
    double scale = 0.0;            // mu / R^2
    double radius = 0.0;           // R
    const double *terms = nullptr; // per (m, n): -gamma of n + 1, cx, sx, cy, sy, cz, sz
};

struct Kernels {
    const char *name;
    int lanes;
    // Acceleration of the field at inertial places r, inertial components.
    // rotation: nine rows of n, fixed_from_inertial row by row; r, a: three rows of n.
    void (*gravity)(const FieldView &field, const double *rotation, const double *r, double *a,
                    int n);
    // out_i = sum_j matrix[j n + i] f_j for three rows of n.
    void (*integrate)(const double *matrix, const double *f, double *out, int n);
    // Point-mass attraction of a distant body at s (three rows), added to a.
    void (*third_body)(double mu, const double *s, const double *r, double *a, int n);
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

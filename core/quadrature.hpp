// Gauss-Legendre collocation on [-1, 1]: nodes, weights, and the matrices that integrate the
// interpolating polynomial once and twice. All series are Legendre series unless said otherwise.
#pragma once

#include "rows.hpp"

namespace core {

// Matrices are laid out for Kernels::multiply: element [j n_out + i] takes input j to output i.
struct Rule {
    explicit Rule(int n);

    int n, wide, held;        // nodes; n + 2 terms of a path; the same padded to whole vectors
    std::vector<double> x, w; // nodes and weights, n
    std::vector<long double> fine_w, fine_w1; // weights, and times 1 - x: the double integral
    Rows to_series;    // (n, n): values at the nodes -> Legendre coefficients
    Rows once;         // (n, n): values -> integral from -1 to each node
    Rows twice;        // (n, n): its integral again
    Rows to_chebyshev; // (wide, held): Legendre -> Chebyshev coefficients
    Rows lobatto_x;    // held Chebyshev-Gauss-Lobatto points from -1 to 1, the last repeated
    Rows lobatto_to_chebyshev; // (held, held): values at them -> Chebyshev coefficients
};

// The rule with n nodes; built once, kept for the life of the process.
const Rule &rule(int n);

// Series of the integral from -1: n coefficients in, n + 1 out.
void integrate_series(const double *c, int n, double *out);

// Values of P_0 .. P_n-1 at x.
void legendre(double x, int n, double *p);

} // namespace core

// Gauss-Legendre collocation on [-1, 1]: nodes, weights, and the matrices that integrate the
// interpolating polynomial once and twice. All series are Legendre series unless said otherwise.
#pragma once

#include <vector>

namespace core {

struct Rule {
    explicit Rule(int n);

    int n;
    std::vector<double> x, w;         // nodes and weights, n
    std::vector<double> to_series;    // n x n, row k: coefficient of P_k from values at the nodes
    std::vector<double> once;         // [j n + i]: integral from -1 to x_i of the j-th basis
    std::vector<double> twice;        // [j n + i]: its integral again
    std::vector<double> to_chebyshev; // (n + 2)^2, row j: Chebyshev coefficient j from Legendre
    std::vector<double> lobatto_x;    // n + 2 Chebyshev-Gauss-Lobatto points, from -1 to 1
    std::vector<double> lobatto_to_chebyshev; // (n + 2)^2
};

// The rule with n nodes; built once, kept for the life of the process.
const Rule &rule(int n);

// Series of the integral from -1: n coefficients in, n + 1 out.
void integrate_series(const double *c, int n, double *out);

// Values of P_0 .. P_n-1 at x.
void legendre(double x, int n, double *p);

} // namespace core

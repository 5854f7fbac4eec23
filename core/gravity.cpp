#include "gravity.hpp"

#include <cmath>
#include <stdexcept>

namespace core {
namespace {

double root(double a) {
    return std::sqrt(a);
}

} // namespace

// Gradient as harmonics: Cunningham (1970), Celestial Mechanics 2, 207-216, in the form of
// Montenbruck & Gill, Satellite Orbits (2000), 3.33, with fully normalised functions.
GravityField::GravityField(double mu, double radius, const double *c, const double *s, int size,
                           int degree, int order)
    : mu(mu), radius(radius), degree(degree), order(order) {
    if (degree < 0 || order < 0 || order > degree || degree >= size)
        throw std::invalid_argument("gravity: 0 <= order <= degree <= the table's degree");
    const int nn = degree + 1, mm = order + 1, wide = nn + 2;
    // coefficients of x, y, z on V and W of (degree, order) <= (nn, mm)
    std::vector<double> g(static_cast<std::size_t>(6) * wide * wide, 0.0);
    auto at = [&](int which, int n, int m) -> double & {
        return g[(static_cast<std::size_t>(n) * wide + m) * 6 + which];
    };
    for (int n = 0; n <= degree; ++n)
        for (int m = 0; m <= std::min(n, order); ++m) {
            const double C = c[static_cast<std::size_t>(n) * size + m];
            const double S = m ? s[static_cast<std::size_t>(n) * size + m] : 0.0;
            const double q = (2.0 * n + 1.0) / (2.0 * n + 3.0);
            const double up = root((m ? 1.0 : 0.5) * q * (n + m + 1.0) * (n + m + 2.0));
            const double same = root(q * (n + m + 1.0) * (n - m + 1.0));
            at(4, n + 1, m) -= same * C;
            at(5, n + 1, m) -= same * S;
            if (m == 0) {
                at(0, n + 1, 1) -= up * C;
                at(3, n + 1, 1) -= up * C;
                continue;
            }
            const double down = root((m == 1 ? 2.0 : 1.0) * q * (n - m + 1.0) * (n - m + 2.0));
            at(0, n + 1, m + 1) -= 0.5 * up * C;
            at(1, n + 1, m + 1) -= 0.5 * up * S;
            at(2, n + 1, m + 1) += 0.5 * up * S;
            at(3, n + 1, m + 1) -= 0.5 * up * C;
            at(0, n + 1, m - 1) += 0.5 * down * C;
            at(1, n + 1, m - 1) += 0.5 * down * S;
            at(2, n + 1, m - 1) += 0.5 * down * S;
            at(3, n + 1, m - 1) -= 0.5 * down * C;
        }
    auto alpha = [](int n, int m) {
        return root((2.0 * n - 1.0) * (2.0 * n + 1.0) / (double(n - m) * (n + m)));
    };
    auto beta = [](int n, int m) {
        return root((2.0 * n + 1.0) * (n + m - 1.0) * (n - m - 1.0) /
                    ((2.0 * n - 3.0) * (n + m) * (n - m)));
    };
    double sectoral = 1.0;
    for (int m = 0; m <= mm; ++m) {
        if (m == 1)
            sectoral = root(3.0);
        else if (m > 1)
            sectoral *= root((2.0 * m + 1.0) / (2.0 * m));
        double k = sectoral;
        for (int n = m; n <= nn; ++n) {
            if (n > m)
                k *= alpha(n, m);
            // of the next degree; the recursion begins without it
            terms_.push_back(n == m ? 0.0 : -beta(n + 1, m) / (alpha(n + 1, m) * alpha(n, m)));
            for (int which = 0; which < 6; ++which)
                terms_.push_back(k * at(which, n, m));
        }
    }
}

} // namespace core

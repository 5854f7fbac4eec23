#include "kepler.hpp"

#include <cmath>

namespace core {
namespace {

// Stumpff functions c2, c3 (Battin 1987, 4.5), by series near zero.
void stumpff(double z, double &c2, double &c3) {
    if (z > 0.1) {
        const double s = std::sqrt(z);
        c2 = (1.0 - std::cos(s)) / z;
        c3 = (s - std::sin(s)) / (z * s);
    } else if (z < -0.1) {
        const double s = std::sqrt(-z);
        c2 = (1.0 - std::cosh(s)) / z;
        c3 = (std::sinh(s) - s) / (-z * s);
    } else {
        c2 = c3 = 0.0;
        for (int k = 8; k >= 0; --k) {
            c2 = (1.0 - z * c2) / ((2.0 * k + 1.0) * (2.0 * k + 2.0));
            c3 = (1.0 - z * c3) / ((2.0 * k + 2.0) * (2.0 * k + 3.0));
        }
    }
}

} // namespace

void kepler_arc(double mu, const double *r0, const double *v0, const double *dt, int n, double *r) {
    const double rr = std::sqrt(r0[0] * r0[0] + r0[1] * r0[1] + r0[2] * r0[2]);
    const double vv = v0[0] * v0[0] + v0[1] * v0[1] + v0[2] * v0[2];
    const double rv = r0[0] * v0[0] + r0[1] * v0[1] + r0[2] * v0[2];
    const double root_mu = std::sqrt(mu), alpha = 2.0 / rr - vv / mu, sigma = rv / root_mu;
    double chi = 0.0, radius = rr, last = 0.0;
    for (int i = 0; i < n; ++i) {
        chi += root_mu * (dt[i] - last) / radius;
        last = dt[i];
        double c2 = 0.5, c3 = 1.0 / 6.0, chi2 = chi * chi;
        for (int it = 0; it < 12; ++it) {
            chi2 = chi * chi;
            stumpff(alpha * chi2, c2, c3);
            radius = chi2 * c2 + sigma * chi * (1.0 - alpha * chi2 * c3) +
                     rr * (1.0 - alpha * chi2 * c2);
            const double t =
                (chi2 * chi * c3 + sigma * chi2 * c2 + rr * chi * (1.0 - alpha * chi2 * c3)) /
                root_mu;
            const double step = root_mu * (dt[i] - t) / radius;
            chi += step;
            // it is a guess: the iteration that follows corrects it
            if (std::fabs(step) < 1e-7 * (std::fabs(chi) + std::sqrt(rr)))
                break;
        }
        chi2 = chi * chi;
        stumpff(alpha * chi2, c2, c3);
        const double f = 1.0 - chi2 / rr * c2, g = dt[i] - chi2 * chi / root_mu * c3;
        for (int k = 0; k < 3; ++k)
            r[k * n + i] = f * r0[k] + g * v0[k];
    }
}

} // namespace core

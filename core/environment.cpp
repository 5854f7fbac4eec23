#include "environment.hpp"

#include <algorithm>
#include <cmath>

namespace core {

void ChebyshevTable::at(double t, double *out) const {
    const int k = std::clamp(int(std::floor((t - start) / block)), 0, blocks - 1);
    const double x = 2.0 * (t - (start + k * block)) / block - 1.0, two_x = 2.0 * x;
    const double *row = c.data() + static_cast<std::size_t>(k) * rows * terms;
    for (int i = 0; i < rows; ++i, row += terms) {
        double b1 = 0.0, b2 = 0.0;
        for (int j = terms - 1; j > 0; --j) {
            const double b = row[j] + two_x * b1 - b2;
            b2 = b1;
            b1 = b;
        }
        out[i] = row[0] + x * b1 - b2;
    }
}

void RotationTable::at(double t, double *m) const {
    double s[9];
    slow.at(t, s);
    const double angle = angle0 + rate * t, ca = std::cos(angle), sa = std::sin(angle);
    for (int j = 0; j < 3; ++j) {
        m[j] = ca * s[j] + sa * s[3 + j];
        m[3 + j] = ca * s[3 + j] - sa * s[j];
        m[6 + j] = s[6 + j];
    }
}

Geodetic geodetic(const double *r, double a, double f) {
    const double b = a * (1.0 - f), e2 = f * (2.0 - f), ep2 = e2 / (1.0 - e2);
    const double p = std::sqrt(r[0] * r[0] + r[1] * r[1]), z = r[2];
    // tangent of the parametric latitude, as sine and cosine
    double sb = z * a, cb = p * b, sl = 0.0, cl = 1.0;
    for (int it = 0; it < 3; ++it) {
        const double q = std::sqrt(sb * sb + cb * cb);
        sb /= q;
        cb /= q;
        sl = z + ep2 * b * sb * sb * sb;
        cl = p - e2 * a * cb * cb * cb;
        sb = (1.0 - f) * sl;
        cb = cl;
    }
    const double q = std::sqrt(sl * sl + cl * cl);
    sl /= q;
    cl /= q;
    return {std::atan2(sl, cl), std::atan2(r[1], r[0]),
            p * cl + z * sl - a * std::sqrt(1.0 - e2 * sl * sl)};
}

} // namespace core

#include "environment.hpp"

#include "cpu.hpp"

#include <algorithm>
#include <cmath>

namespace core {

int ChebyshevTable::block_of(double t) const {
    // compared before the conversion: a far instant, or not-a-number, has no int
    const double k = std::floor((t - start) / block);
    return !(k > 0.0) ? 0 : k >= blocks - 1.0 ? blocks - 1 : int(k);
}

void ChebyshevTable::at(double t, double *out) const {
    const int k = block_of(t);
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

void ChebyshevTable::at(const double *t, int n, double *out) const {
    const Kernels &kernel = kernels();
    for (int lo = 0; lo < n;) {
        const int k = block_of(t[lo]);
        int hi = lo + 1;
        while (hi < n && block_of(t[hi]) == k)
            ++hi;
        kernel.series(c.data() + static_cast<std::size_t>(k) * rows * terms, rows, terms,
                      start + k * block, 1.0 / block, t, out, n, lo, hi);
        lo = hi;
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

void RotationTable::at(const double *t, int n, double *m) const {
    slow.at(t, n, m);
    if (rate == 0.0 && angle0 == 0.0)
        return;
    double ca[64], sa[64];
    for (int lo = 0; lo < n; lo += 64) {
        const int some = std::min(64, n - lo);
        for (int i = 0; i < some; ++i) {
            const double angle = angle0 + rate * t[lo + i];
            ca[i] = std::cos(angle);
            sa[i] = std::sin(angle);
        }
        if (some == n) {
            kernels().spin(ca, sa, m, n);
            return;
        }
        for (int i = 0; i < some; ++i)
            for (int j = 0; j < 3; ++j) {
                double &x = m[j * n + lo + i], &y = m[(3 + j) * n + lo + i];
                const double old = x;
                x = ca[i] * old + sa[i] * y;
                y = ca[i] * y - sa[i] * old;
            }
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

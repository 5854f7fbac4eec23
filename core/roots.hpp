// Zeros of a smooth function seen through samples: sign changes, and dips between samples.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace core {

// Brent (1973), Algorithms for Minimization without Derivatives, ch. 4: a root in [a, b].
template <class F> double brent(F &&f, double a, double b, double fa, double fb, double tolerance) {
    double c = a, fc = fa, d = b - a, e = d;
    for (int it = 0; it < 100; ++it) {
        if ((fb > 0.0) == (fc > 0.0)) {
            c = a;
            fc = fa;
            d = e = b - a;
        }
        if (std::fabs(fc) < std::fabs(fb)) {
            a = b;
            b = c;
            c = a;
            fa = fb;
            fb = fc;
            fc = fa;
        }
        const double tol = 2.0 * 2.3e-16 * std::fabs(b) + 0.5 * tolerance, m = 0.5 * (c - b);
        if (std::fabs(m) <= tol || fb == 0.0)
            return b;
        if (std::fabs(e) < tol || std::fabs(fa) <= std::fabs(fb)) {
            d = e = m;
        } else {
            double p, q;
            const double s = fb / fa;
            if (a == c) {
                p = 2.0 * m * s;
                q = 1.0 - s;
            } else {
                const double qq = fa / fc, r = fb / fc;
                p = s * (2.0 * m * qq * (qq - r) - (b - a) * (r - 1.0));
                q = (qq - 1.0) * (r - 1.0) * (s - 1.0);
            }
            if (p > 0.0)
                q = -q;
            else
                p = -p;
            if (2.0 * p < std::fmin(3.0 * m * q - std::fabs(tol * q), std::fabs(e * q))) {
                e = d;
                d = p / q;
            } else {
                d = e = m;
            }
        }
        a = b;
        fa = fb;
        b += std::fabs(d) > tol ? d : (m > 0.0 ? tol : -tol);
        fb = f(b);
    }
    return b;
}

// Where |f| is smallest inside (a, b), where it dips towards zero: golden section, coarse.
template <class F> std::pair<double, double> dip(F &&f, double a, double b, double sign) {
    constexpr double g = 0.3819660112501051;
    double x1 = a + g * (b - a), x2 = b - g * (b - a), f1 = sign * f(x1), f2 = sign * f(x2);
    for (int it = 0; it < 34 && f1 > 0.0 && f2 > 0.0; ++it) {
        if (f1 < f2) {
            b = x2;
            x2 = x1;
            f2 = f1;
            x1 = a + g * (b - a);
            f1 = sign * f(x1);
        } else {
            a = x1;
            x1 = x2;
            f1 = f2;
            x2 = b - g * (b - a);
            f2 = sign * f(x2);
        }
    }
    return f1 < f2 ? std::pair{x1, sign * f1} : std::pair{x2, sign * f2};
}

// All zeros of f among abscissae t (rising or falling) with samples g: (time, rising along t?), in
// the order of t. Between samples f may touch zero and turn back: wherever a sample is nearest to
// zero among its neighbours, and near enough, the dip about it is followed to its bottom.
template <class F>
std::vector<std::pair<double, bool>> zeros(F &&f, const std::vector<double> &t,
                                           const std::vector<double> &g, double tolerance) {
    std::vector<std::pair<double, bool>> out;
    auto polish = [&](double a, double b, double fa, double fb) {
        out.emplace_back(brent(f, a, b, fa, fb, tolerance), fb >= 0.0);
    };
    const int n = int(t.size());
    const double never = std::numeric_limits<double>::infinity();
    bool dipped = false;
    for (int i = 0; i < n; ++i) {
        if (i + 1 < n && (g[i] >= 0.0) != (g[i + 1] >= 0.0)) {
            polish(t[i], t[i + 1], g[i], g[i + 1]);
            continue;
        }
        const double sign = g[i] >= 0.0 ? 1.0 : -1.0, own = sign * g[i];
        const double left = i > 0 ? sign * g[i - 1] : never;
        const double right = i + 1 < n ? sign * g[i + 1] : never;
        if (!(own <= left && own < right) || left < 0.0)
            continue;
        // as far as the function moves between samples near by, and more where it is sharp
        double reach = 0.0;
        for (int k = std::max(i - 2, 0); k < std::min(i + 2, n - 1); ++k)
            reach = std::max(reach, std::fabs(g[k + 1] - g[k]));
        if (own > 3.0 * reach)
            continue;
        const int lo = std::max(i - 1, 0), hi = std::min(i + 1, n - 1);
        const double a = t[lo], b = t[hi], probe = 1e-3 * (b - a);
        // at an end the bottom may lie outside
        if ((i == 0 && sign * f(a + probe) >= own) || (i == n - 1 && sign * f(b - probe) >= own))
            continue;
        const auto [at, value] = dip(f, a, b, sign);
        if (sign * value < 0.0) {
            polish(a, at, g[lo], value);
            polish(at, b, value, g[hi]);
            dipped = true;
        }
    }
    if (dipped && n > 1) {
        const double sense = t[n - 1] > t[0] ? 1.0 : -1.0;
        std::stable_sort(out.begin(), out.end(), [sense](const auto &x, const auto &y) {
            return sense * x.first < sense * y.first;
        });
    }
    return out;
}

} // namespace core

#include "quadrature.hpp"

#include <cmath>
#include <map>
#include <memory>
#include <mutex>

namespace core {
namespace {

constexpr long double kPi = 3.141592653589793238462643383279502884L;

void legendre_long(long double x, int n, long double *p) {
    p[0] = 1.0L;
    if (n > 1)
        p[1] = x;
    for (int k = 2; k < n; ++k)
        p[k] = ((2 * k - 1) * x * p[k - 1] - (k - 1) * p[k - 2]) / k;
}

} // namespace

// P_k+1 = up[k] x P_k - down[k] P_k-1, without a division each time
struct Recursion {
    double up[80], down[80], half[80];
    constexpr Recursion() : up{}, down{}, half{} {
        for (int k = 0; k < 80; ++k) {
            up[k] = (2.0 * k + 1.0) / (k + 1.0);
            down[k] = k / (k + 1.0);
            half[k] = 1.0 / (2.0 * k + 1.0);
        }
    }
};
constexpr Recursion kRecursion;

void legendre(double x, int n, double *p) {
    p[0] = 1.0;
    if (n > 1)
        p[1] = x;
    for (int k = 1; k + 1 < n; ++k)
        p[k + 1] = (kRecursion.up[k] * x) * p[k] - kRecursion.down[k] * p[k - 1];
}

// integral of P_k = (P_k+1 - P_k-1) / (2 k + 1), which vanishes at -1 for k >= 1
void integrate_series(const double *c, int n, double *out) {
    for (int k = 0; k <= n; ++k)
        out[k] = 0.0;
    out[0] += c[0];
    out[1] += c[0];
    for (int k = 1; k < n; ++k) {
        const double q = c[k] * kRecursion.half[k];
        out[k + 1] += q;
        out[k - 1] -= q;
    }
}

Rule::Rule(int n)
    : n(n), wide(n + 2), held(padded(n + 2)), x(n), w(n), to_series(n * n), once(n * n),
      twice(n * n) {
    std::vector<long double> p(wide + 1), xs(n), ws(n), series(n * n);
    for (int i = 0; i < n; ++i) {
        long double z = -std::cos(kPi * (i + 0.75L) / (n + 0.5L));
        long double slope = 1.0L;
        for (int it = 0; it < 100; ++it) {
            legendre_long(z, n + 1, p.data());
            slope = n * (z * p[n] - p[n - 1]) / (z * z - 1.0L);
            const long double step = p[n] / slope;
            z -= step;
            if (std::fabs(step) < 1e-19L)
                break;
        }
        legendre_long(z, n + 1, p.data());
        slope = n * (z * p[n] - p[n - 1]) / (z * z - 1.0L);
        xs[i] = z;
        ws[i] = 2.0L / ((1.0L - z * z) * slope * slope);
        x[i] = double(z);
        w[i] = double(ws[i]);
    }
    fine_w = ws;
    for (int i = 0; i < n; ++i)
        fine_w1.push_back(ws[i] * (1.0L - xs[i]));
    for (int j = 0; j < n; ++j) {
        legendre_long(xs[j], n, p.data());
        for (int k = 0; k < n; ++k) {
            series[k * n + j] = (2 * k + 1) * 0.5L * ws[j] * p[k];
            to_series[j * n + k] = double(series[k * n + j]);
        }
    }
    auto integral = [](const std::vector<long double> &c) {
        std::vector<long double> out(c.size() + 1, 0.0L);
        out[0] += c[0];
        out[1] += c[0];
        for (std::size_t k = 1; k < c.size(); ++k) {
            out[k + 1] += c[k] / (2 * k + 1);
            out[k - 1] -= c[k] / (2 * k + 1);
        }
        return out;
    };
    for (int j = 0; j < n; ++j) {
        std::vector<long double> basis(n);
        for (int k = 0; k < n; ++k)
            basis[k] = series[k * n + j];
        const auto first = integral(basis);
        const auto second = integral(first);
        for (int i = 0; i < n; ++i) {
            legendre_long(xs[i], wide, p.data());
            long double a = 0.0L, b = 0.0L;
            for (int k = 0; k <= n; ++k)
                a += first[k] * p[k];
            for (int k = 0; k <= n + 1; ++k)
                b += second[k] * p[k];
            once[j * n + i] = double(a);
            twice[j * n + i] = double(b);
        }
    }
    // Chebyshev coefficients from values at the Lobatto points (type I cosine transform)
    const int top = wide - 1;
    std::vector<long double> dct(wide * wide), points(wide);
    for (int i = 0; i < wide; ++i)
        points[i] = -std::cos(kPi * i / top);
    for (int j = 0; j < wide; ++j)
        for (int i = 0; i < wide; ++i) {
            long double v = 2.0L / top * std::cos(kPi * j * (top - i) / top);
            if (i == 0 || i == top)
                v *= 0.5L;
            if (j == 0 || j == top)
                v *= 0.5L;
            dct[j * wide + i] = v;
        }
    to_chebyshev.assign(wide * held, 0.0);
    lobatto_to_chebyshev.assign(held * held, 0.0);
    lobatto_x.assign(held, 1.0);
    for (int i = 0; i < wide; ++i)
        lobatto_x[i] = double(points[i]);
    for (int j = 0; j < wide; ++j)
        for (int k = 0; k < wide; ++k) {
            lobatto_to_chebyshev[k * held + j] = double(dct[j * wide + k]);
            long double sum = 0.0L;
            for (int i = 0; i < wide; ++i) {
                legendre_long(points[i], wide, p.data());
                sum += dct[j * wide + i] * p[k];
            }
            // the change of basis is upper triangular with equal parity: the rest is rounding
            to_chebyshev[k * held + j] = (k >= j && (k - j) % 2 == 0) ? double(sum) : 0.0;
        }
}

const Rule &rule(int n) {
    static std::mutex lock;
    static std::map<int, std::unique_ptr<Rule>> rules;
    const std::lock_guard<std::mutex> hold(lock);
    auto &slot = rules[n];
    if (!slot)
        slot = std::make_unique<Rule>(n);
    return *slot;
}

} // namespace core

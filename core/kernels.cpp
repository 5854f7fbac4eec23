// The hot loops. Compiled once per SIMD level with CORE_LEVEL and CORE_LANES.
//
// Gravity: the gradient of a solid harmonic is again a combination of solid harmonics one degree
// higher (Cunningham 1970), so that each Cartesian component has coefficients of its own and one
// recursion serves all three. Columns (fixed order m) are recursed in the degree with monic
// functions B: V_nm = (R/r) K_nm B_nm Re[((x + i y) R / r^2)^m], K folded into the coefficients;
//     B_mm = 1,  B_nm = zeta B_n-1,m - gamma_nm rho^2 B_n-2,m,  zeta = z R / r^2, rho = R / r.
// Nothing is divided by cos(latitude): the poles are ordinary points.
#include "kernels.hpp"

#include <cmath>
#include <cstddef>

namespace core::CORE_LEVEL {
namespace {

constexpr int W = CORE_LANES;
typedef double vd __attribute__((vector_size(8 * CORE_LANES)));
typedef double vu __attribute__((vector_size(8 * CORE_LANES), aligned(8)));

inline vd load(const double *p) {
    return *reinterpret_cast<const vu *>(p);
}
inline void store(double *p, vd v) {
    *reinterpret_cast<vu *>(p) = v;
}
inline vd splat(double x) {
    return x - vd{};
}

// Fused only where the hardware does it; a level keeps one meaning on every machine. GCC has no
// fused operation on vector types: there this file alone is compiled with -ffp-contract=fast.
inline vd fma(vd a, vd b, vd c) {
#if defined(__clang__) && (defined(__FMA__) || defined(__ARM_FEATURE_FMA))
    return __builtin_elementwise_fma(a, b, c);
#else
    return a * b + c;
#endif
}

inline vd root(vd a) {
#if defined(__clang__)
    return __builtin_elementwise_sqrt(a);
#else
    vd r;
    for (int i = 0; i < W; ++i)
        r[i] = __builtin_sqrt(a[i]);
    return r;
#endif
}

// Two vectors at once need the 32 registers of AVX-512; with 16 the accumulators would spill.
constexpr int kTogether = W >= 8 ? 2 : 1;

// G vectors of W nodes at once, so that the recursion of one hides the latency of another.
template <int G>
void gravity_block(const FieldView &field, const double *rotation, const double *r, double *a,
                   int n, int at) {
    vd zeta[G], rho2[G], xi[G], eta[G], re[G], im[G], ax[G], ay[G], az[G], factor[G];
    for (int g = 0; g < G; ++g) {
        const int i = at + g * W;
        const vd x = load(r + i), y = load(r + n + i), z = load(r + 2 * n + i);
        auto row = [&](int k) {
            return fma(load(rotation + (3 * k) * n + i), x,
                       fma(load(rotation + (3 * k + 1) * n + i), y,
                           load(rotation + (3 * k + 2) * n + i) * z));
        };
        const vd fx = row(0), fy = row(1), fz = row(2);
        const vd r2 = fma(fx, fx, fma(fy, fy, fz * fz));
        const vd over = field.radius / r2;
        rho2[g] = field.radius * over;
        zeta[g] = fz * over;
        xi[g] = fx * over;
        eta[g] = fy * over;
        factor[g] = field.scale * root(rho2[g]);
        re[g] = splat(1.0);
        im[g] = ax[g] = ay[g] = az[g] = splat(0.0);
    }
    const double *t = field.terms;
    for (int m = 0; m <= field.order; ++m) {
        vd b[G], before[G], xc[G], xs[G], yc[G], ys[G], zc[G], zs[G];
        for (int g = 0; g < G; ++g) {
            b[g] = splat(1.0);
            before[g] = xc[g] = xs[g] = yc[g] = ys[g] = zc[g] = zs[g] = splat(0.0);
        }
        for (int k = m; k <= field.degree; ++k, t += 7) {
            for (int g = 0; g < G; ++g) {
                xc[g] = fma(splat(t[1]), b[g], xc[g]);
                xs[g] = fma(splat(t[2]), b[g], xs[g]);
                yc[g] = fma(splat(t[3]), b[g], yc[g]);
                ys[g] = fma(splat(t[4]), b[g], ys[g]);
                zc[g] = fma(splat(t[5]), b[g], zc[g]);
                zs[g] = fma(splat(t[6]), b[g], zs[g]);
                // t[0] is minus gamma of the next degree
                const vd next = fma(zeta[g], b[g], (t[0] * rho2[g]) * before[g]);
                before[g] = b[g];
                b[g] = next;
            }
        }
        for (int g = 0; g < G; ++g) {
            ax[g] = fma(xc[g], re[g], fma(xs[g], im[g], ax[g]));
            ay[g] = fma(yc[g], re[g], fma(ys[g], im[g], ay[g]));
            az[g] = fma(zc[g], re[g], fma(zs[g], im[g], az[g]));
            const vd next = fma(re[g], xi[g], -(im[g] * eta[g]));
            im[g] = fma(re[g], eta[g], im[g] * xi[g]);
            re[g] = next;
        }
    }
    for (int g = 0; g < G; ++g) {
        const int i = at + g * W;
        const vd fx = ax[g] * factor[g], fy = ay[g] * factor[g], fz = az[g] * factor[g];
        for (int k = 0; k < 3; ++k)
            store(a + k * n + i, fma(load(rotation + k * n + i), fx,
                                     fma(load(rotation + (3 + k) * n + i), fy,
                                         load(rotation + (6 + k) * n + i) * fz)));
    }
}

void gravity(const FieldView &field, const double *rotation, const double *r, double *a, int n) {
    int at = 0;
    for (; at + kTogether * W <= n; at += kTogether * W)
        gravity_block<kTogether>(field, rotation, r, a, n, at);
    for (; at < n; at += W)
        gravity_block<1>(field, rotation, r, a, n, at);
}

void integrate(const double *matrix, const double *f, double *out, int n) {
    for (int i = 0; i < n; i += W) {
        vd x = splat(0.0), y = x, z = x;
        for (int j = 0; j < n; ++j) {
            const vd c = load(matrix + static_cast<std::size_t>(j) * n + i);
            x = fma(c, splat(f[j]), x);
            y = fma(c, splat(f[n + j]), y);
            z = fma(c, splat(f[2 * n + j]), z);
        }
        store(out + i, x);
        store(out + n + i, y);
        store(out + 2 * n + i, z);
    }
}

// Battin's form (An Introduction to the Mathematics and Methods of Astrodynamics, 1987, 8.61):
// no difference of nearly equal vectors.
void third_body(double mu, const double *s, const double *r, double *a, int n) {
    for (int i = 0; i < n; i += W) {
        const vd x = load(r + i), y = load(r + n + i), z = load(r + 2 * n + i);
        const vd sx = load(s + i), sy = load(s + n + i), sz = load(s + 2 * n + i);
        const vd dx = x - sx, dy = y - sy, dz = z - sz;
        const vd s2 = fma(sx, sx, fma(sy, sy, sz * sz));
        const vd d2 = fma(dx, dx, fma(dy, dy, dz * dz));
        const vd q = fma(x, x - 2.0 * sx, fma(y, y - 2.0 * sy, z * (z - 2.0 * sz))) / s2;
        const vd one_q = 1.0 + q;
        const vd f = q * fma(q, 3.0 + q, splat(3.0)) / (1.0 + one_q * root(one_q));
        const vd k = -mu / (d2 * root(d2));
        store(a + i, fma(k, fma(f, sx, x), load(a + i)));
        store(a + n + i, fma(k, fma(f, sy, y), load(a + n + i)));
        store(a + 2 * n + i, fma(k, fma(f, sz, z), load(a + 2 * n + i)));
    }
}

#define CORE_TEXT_(x) #x
#define CORE_TEXT(x) CORE_TEXT_(x)

} // namespace

const Kernels *table() {
    static const Kernels kernels = {CORE_TEXT(CORE_LEVEL), W, gravity, integrate, third_body};
    return &kernels;
}

} // namespace core::CORE_LEVEL

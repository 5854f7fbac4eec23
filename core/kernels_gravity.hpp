// Gravity: the gradient of a solid harmonic is again a combination of solid harmonics one degree
// higher (Cunningham 1970), so that each Cartesian component has coefficients of its own and one
// recursion serves all. Columns (fixed order m) are recursed in the degree with monic functions B:
// V_nm = (R/r) K_nm B_nm Re[((x + i y) R / r^2)^m], K folded into the coefficients;
//     B_mm = 1,  B_nm = zeta B_n-1,m - gamma_nm rho^2 B_n-2,m,  zeta = z R / r^2, rho = R / r.
// Nothing is divided by cos(latitude): the poles are ordinary points.
#pragma once

#include "kernels.hpp"
#include "vector.hpp"

namespace core::CORE_LEVEL {
namespace {

// Two vectors at once need the 32 registers of AVX-512; with 16 the accumulators would spill.
constexpr int kTogether = W >= 8 ? 2 : 1;

// Coefficients the same for every node.
template <class T> struct Constant {
    const T *terms;
    int stride;
    T gamma() const { return terms[0]; }
    T term(int k, int) const { return terms[1 + k]; }
    void next() { terms += stride; }
};

// Coefficients of each node.
struct Varying {
    const double *gammas, *terms;
    int n, rows;
    double gamma() const { return *gammas; }
    vd term(int k, int i) const { return load(terms + static_cast<std::size_t>(k) * n + i); }
    void next() {
        ++gammas;
        terms += static_cast<std::size_t>(rows) * n;
    }
};

template <class V, class T> inline V wide(T x) {
    if constexpr (sizeof(T) == sizeof(V))
        return x;
    else
        return x - V{};
}

template <class V> struct Place {
    V zeta, rho2, xi, eta;
};

// K components at G vectors of nodes, so that the recursion of one hides the latency of another.
template <class V, int K, int G, class Source>
inline void sums(Source source, int degree, int order, const Place<V> *p, int at, int step,
                 V (*out)[G]) {
    V re[G], im[G];
    for (int g = 0; g < G; ++g) {
        re[g] = 1.0f - V{};
        im[g] = V{};
        for (int k = 0; k < K; ++k)
            out[k][g] = V{};
    }
    for (int m = 0; m <= order; ++m) {
        // the column's first function is 1, its second zeta
        V b[G], before[G], c[K][G], s[K][G];
        for (int g = 0; g < G; ++g) {
            before[g] = 1.0f - V{};
            b[g] = p[g].zeta;
            for (int k = 0; k < K; ++k) {
                c[k][g] = wide<V>(source.term(2 * k, at + g * step));
                s[k][g] = wide<V>(source.term(2 * k + 1, at + g * step));
            }
        }
        source.next();
        for (int d = m + 1; d <= degree; ++d, source.next())
            for (int g = 0; g < G; ++g) {
                const int i = at + g * step;
                for (int k = 0; k < K; ++k) {
                    c[k][g] = fma(wide<V>(source.term(2 * k, i)), b[g], c[k][g]);
                    s[k][g] = fma(wide<V>(source.term(2 * k + 1, i)), b[g], s[k][g]);
                }
                // minus gamma of the next degree
                const V next = fma(p[g].zeta, b[g], (source.gamma() * p[g].rho2) * before[g]);
                before[g] = b[g];
                b[g] = next;
            }
        for (int g = 0; g < G; ++g) {
            for (int k = 0; k < K; ++k)
                out[k][g] = fma(c[k][g], re[g], fma(s[k][g], im[g], out[k][g]));
            const V next = fma(re[g], p[g].xi, -(im[g] * p[g].eta));
            im[g] = fma(re[g], p[g].eta, im[g] * p[g].xi);
            re[g] = next;
        }
    }
}

// Where node vector i lies in the recursion's variables, and the factor of its sums.
inline Place<vd> place_of(double radius, double scale, const double *rotation, const double *r,
                          int n, int i, vd &factor) {
    const vd3 p = load3(r + i, n);
    const vd fx = dot(load3(rotation + i, n), p), fy = dot(load3(rotation + 3 * n + i, n), p),
             fz = dot(load3(rotation + 6 * n + i, n), p);
    const vd r2 = fma(fx, fx, fma(fy, fy, fz * fz));
    const vd over = radius / r2, rho2 = radius * over;
    factor = scale * root(rho2);
    return {fz * over, rho2, fx * over, fy * over};
}

template <int K, int G, class Source>
inline void harmonics(Source source, int degree, int order, double radius, double scale,
                      const double *rotation, const double *r, int n, int at, vd (*out)[G]) {
    Place<vd> p[G];
    vd factor[G];
    for (int g = 0; g < G; ++g)
        p[g] = place_of(radius, scale, rotation, r, n, at + g * W, factor[g]);
    sums<vd, K, G>(source, degree, order, p, at, W, out);
    for (int g = 0; g < G; ++g)
        for (int k = 0; k < K; ++k)
            out[k][g] = out[k][g] * factor[g];
}

// Body-fixed vector to inertial components.
template <int G>
inline void turn_back(const double *rotation, const vd (*f)[G], double *a, int n, int at) {
    for (int g = 0; g < G; ++g) {
        const int i = at + g * W;
        for (int k = 0; k < 3; ++k)
            store(a + k * n + i, fma(load(rotation + k * n + i), f[0][g],
                                     fma(load(rotation + (3 + k) * n + i), f[1][g],
                                         load(rotation + (6 + k) * n + i) * f[2][g])));
    }
}

template <int G>
void gravity_block(const FieldView &field, const double *rotation, const double *r, double *a,
                   int n, int at) {
    vd f[3][G];
    harmonics<3, G>(Constant<double>{field.terms, 7}, field.degree, field.order, field.radius,
                    field.scale, rotation, r, n, at, f);
    turn_back<G>(rotation, f, a, n, at);
}

void gravity(const FieldView &field, const double *rotation, const double *r, double *a, int n) {
    int at = 0;
    for (; at + kTogether * W <= n; at += kTogether * W)
        gravity_block<kTogether>(field, rotation, r, a, n, at);
    for (; at < n; at += W)
        gravity_block<1>(field, rotation, r, a, n, at);
}

// Single precision, for a first look: functions are scaled by 2^(n - m), which keeps them near 1.
template <int G>
void rough_block(const RoughView &field, const double *rotation, const double *r, double *a, int n,
                 int at) {
    constexpr int P = 8 / W;
    Place<vf> p[G];
    double factor[G * 8];
    for (int g = 0; g < G; ++g)
        for (int k = 0; k < P; ++k) {
            vd f;
            const Place<vd> q =
                place_of(field.radius, field.scale, rotation, r, n, at + g * 8 + k * W, f);
            store(factor + g * 8 + k * W, f);
            for (int i = 0; i < W; ++i) {
                p[g].zeta[k * W + i] = float(2.0 * q.zeta[i]);
                p[g].rho2[k * W + i] = float(4.0 * q.rho2[i]);
                p[g].xi[k * W + i] = float(q.xi[i]);
                p[g].eta[k * W + i] = float(q.eta[i]);
            }
        }
    vf f[3][G];
    sums<vf, 3, G>(Constant<float>{field.terms, 7}, field.degree, field.order, p, at, 8, f);
    for (int g = 0; g < G; ++g)
        for (int k = 0; k < P; ++k) {
            const int i = at + g * 8 + k * W;
            vd x, y, z;
            for (int j = 0; j < W; ++j) {
                x[j] = f[0][g][k * W + j];
                y[j] = f[1][g][k * W + j];
                z[j] = f[2][g][k * W + j];
            }
            const vd scale = load(factor + g * 8 + k * W);
            vd parts[3][1] = {{x * scale}, {y * scale}, {z * scale}};
            turn_back<1>(rotation, parts, a, n, i);
        }
}

void rough(const RoughView &field, const double *rotation, const double *r, double *a, int n) {
    int at = 0;
    for (; at + kTogether * 8 <= n; at += kTogether * 8)
        rough_block<kTogether>(field, rotation, r, a, n, at);
    for (; at < n; at += 8)
        rough_block<1>(field, rotation, r, a, n, at);
}

void varying(const VaryingView &field, const double *rotation, const double *r, double *a, int n) {
    for (int at = 0; at < n; at += W) {
        vd f[3][1];
        harmonics<3, 1>(Varying{field.gamma, field.terms, n, 6}, field.degree, field.order,
                        field.radius, field.scale, rotation, r, n, at, f);
        turn_back<1>(rotation, f, a, n, at);
    }
}

// Tensor M^T T M from the five independent components xx xy xz yz zz.
void gradient(const FieldView &field, const double *rotation, const double *r, double *g, int n) {
    for (int at = 0; at < n; at += W) {
        vd f[5][1];
        harmonics<5, 1>(Constant<double>{field.terms, 11}, field.degree, field.order, field.radius,
                        field.scale, rotation, r, n, at, f);
        const vd xx = f[0][0], xy = f[1][0], xz = f[2][0], yz = f[3][0], zz = f[4][0],
                 yy = -(xx + zz);
        const vd t[3][3] = {{xx, xy, xz}, {xy, yy, yz}, {xz, yz, zz}};
        vd m[3][3], half[3][3];
        for (int i = 0; i < 3; ++i)
            for (int j = 0; j < 3; ++j)
                m[i][j] = load(rotation + (3 * i + j) * n + at);
        for (int i = 0; i < 3; ++i)
            for (int j = 0; j < 3; ++j)
                half[i][j] = fma(t[i][0], m[0][j], fma(t[i][1], m[1][j], t[i][2] * m[2][j]));
        int row = 0;
        for (int i = 0; i < 3; ++i)
            for (int j = i; j < 3; ++j, ++row)
                store(g + row * n + at,
                      fma(m[0][i], half[0][j], fma(m[1][i], half[1][j], m[2][i] * half[2][j])));
    }
}

} // namespace
} // namespace core::CORE_LEVEL

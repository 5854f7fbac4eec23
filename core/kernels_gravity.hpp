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
struct Constant {
    const double *terms;
    int stride;
    double gamma() const { return terms[0]; }
    double term(int k, int) const { return terms[1 + k]; }
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

inline vd wide(double x) {
    return splat(x);
}
inline vd wide(vd x) {
    return x;
}

// K components at G vectors of W nodes, so that the recursion of one hides the latency of another.
template <int K, int G, class Source>
inline void harmonics(Source source, int degree, int order, double radius, double scale,
                      const double *rotation, const double *r, int n, int at, vd (*out)[G]) {
    vd zeta[G], rho2[G], xi[G], eta[G], re[G], im[G], factor[G];
    for (int g = 0; g < G; ++g) {
        const int i = at + g * W;
        const vd3 p = load3(r + i, n);
        const vd fx = dot(load3(rotation + i, n), p), fy = dot(load3(rotation + 3 * n + i, n), p),
                 fz = dot(load3(rotation + 6 * n + i, n), p);
        const vd r2 = fma(fx, fx, fma(fy, fy, fz * fz));
        const vd over = radius / r2;
        rho2[g] = radius * over;
        zeta[g] = fz * over;
        xi[g] = fx * over;
        eta[g] = fy * over;
        factor[g] = scale * root(rho2[g]);
        re[g] = splat(1.0);
        im[g] = splat(0.0);
        for (int k = 0; k < K; ++k)
            out[k][g] = splat(0.0);
    }
    for (int m = 0; m <= order; ++m) {
        vd b[G], before[G], c[K][G], s[K][G];
        for (int g = 0; g < G; ++g) {
            b[g] = splat(1.0);
            before[g] = splat(0.0);
            for (int k = 0; k < K; ++k)
                c[k][g] = s[k][g] = splat(0.0);
        }
        for (int d = m; d <= degree; ++d, source.next())
            for (int g = 0; g < G; ++g) {
                const int i = at + g * W;
                for (int k = 0; k < K; ++k) {
                    c[k][g] = fma(wide(source.term(2 * k, i)), b[g], c[k][g]);
                    s[k][g] = fma(wide(source.term(2 * k + 1, i)), b[g], s[k][g]);
                }
                // minus gamma of the next degree
                const vd next = fma(zeta[g], b[g], (source.gamma() * rho2[g]) * before[g]);
                before[g] = b[g];
                b[g] = next;
            }
        for (int g = 0; g < G; ++g) {
            for (int k = 0; k < K; ++k)
                out[k][g] = fma(c[k][g], re[g], fma(s[k][g], im[g], out[k][g]));
            const vd next = fma(re[g], xi[g], -(im[g] * eta[g]));
            im[g] = fma(re[g], eta[g], im[g] * xi[g]);
            re[g] = next;
        }
    }
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
    harmonics<3, G>(Constant{field.terms, 7}, field.degree, field.order, field.radius, field.scale,
                    rotation, r, n, at, f);
    turn_back<G>(rotation, f, a, n, at);
}

void gravity(const FieldView &field, const double *rotation, const double *r, double *a, int n) {
    int at = 0;
    for (; at + kTogether * W <= n; at += kTogether * W)
        gravity_block<kTogether>(field, rotation, r, a, n, at);
    for (; at < n; at += W)
        gravity_block<1>(field, rotation, r, a, n, at);
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
        harmonics<5, 1>(Constant{field.terms, 11}, field.degree, field.order, field.radius,
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
                store(g + row * n + at, fma(m[0][i], half[0][j],
                                            fma(m[1][i], half[1][j], m[2][i] * half[2][j])));
    }
}

} // namespace
} // namespace core::CORE_LEVEL

// The collocation sweeps, the two-body arc that guides them, and series in time.
#pragma once

#include "kernels.hpp"
#include "vector.hpp"

namespace core::CORE_LEVEL {
namespace {

template <int R, int G>
inline void multiply_block(const double *matrix, const double *f, double *out, int n_in, int n_out,
                           int at) {
    vd sum[R][G];
    for (int r = 0; r < R; ++r)
        for (int g = 0; g < G; ++g)
            sum[r][g] = splat(0.0);
    for (int j = 0; j < n_in; ++j)
        for (int g = 0; g < G; ++g) {
            const vd c = load(matrix + static_cast<std::size_t>(j) * n_out + at + g * W);
            for (int r = 0; r < R; ++r)
                sum[r][g] = fma(c, splat(f[r * n_in + j]), sum[r][g]);
        }
    for (int r = 0; r < R; ++r)
        for (int g = 0; g < G; ++g)
            store(out + r * n_out + at + g * W, sum[r][g]);
}

template <int R>
inline void multiply_rows(const double *matrix, const double *f, double *out, int n_in, int n_out) {
    constexpr int G = W >= 8 ? 2 : 1;
    int at = 0;
    for (; at + G * W <= n_out; at += G * W)
        multiply_block<R, G>(matrix, f, out, n_in, n_out, at);
    for (; at < n_out; at += W)
        multiply_block<R, 1>(matrix, f, out, n_in, n_out, at);
}

void multiply(const double *matrix, const double *f, double *out, int rows, int n_in, int n_out) {
    int r = 0;
    for (; r + 6 <= rows; r += 6)
        multiply_rows<6>(matrix, f + r * n_in, out + r * n_out, n_in, n_out);
    for (; r + 3 <= rows; r += 3)
        multiply_rows<3>(matrix, f + r * n_in, out + r * n_out, n_in, n_out);
    for (; r < rows; ++r)
        multiply_rows<1>(matrix, f + r * n_in, out + r * n_out, n_in, n_out);
}

// Battin's form (An Introduction to the Mathematics and Methods of Astrodynamics, 1987, 8.61):
// no difference of nearly equal vectors.
void third_body(double mu, const double *s, const double *r, double *a, int n) {
    for (int i = 0; i < n; i += W) {
        const vd3 p = load3(r + i, n), t = load3(s + i, n);
        const vd dx = p.x - t.x, dy = p.y - t.y, dz = p.z - t.z;
        const vd s2 = dot(t, t);
        const vd d2 = fma(dx, dx, fma(dy, dy, dz * dz));
        const vd q =
            fma(p.x, p.x - 2.0 * t.x, fma(p.y, p.y - 2.0 * t.y, p.z * (p.z - 2.0 * t.z))) / s2;
        const vd one_q = 1.0 + q;
        const vd f = q * fma(q, 3.0 + q, splat(3.0)) / (1.0 + one_q * root(one_q));
        const vd k = -mu / (d2 * root(d2));
        store(a + i, fma(k, fma(f, t.x, p.x), load(a + i)));
        store(a + n + i, fma(k, fma(f, t.y, p.y), load(a + n + i)));
        store(a + 2 * n + i, fma(k, fma(f, t.z, p.z), load(a + 2 * n + i)));
    }
}

void repel(const double *k, const double *s, const double *r, double *a, int n) {
    for (int i = 0; i < n; i += W) {
        const vd3 p = load3(r + i, n), t = load3(s + i, n);
        const vd3 d = {p.x - t.x, p.y - t.y, p.z - t.z};
        const vd d2 = dot(d, d), q = load(k + i) / (d2 * root(d2));
        store3(a + i, n, {q * d.x, q * d.y, q * d.z});
    }
}

void add(const double *f, double *a, double *size, int n) {
    for (int i = 0; i < n; i += W) {
        const vd3 x = load3(f + i, n), y = load3(a + i, n);
        store3(a + i, n, {x.x + y.x, x.y + y.y, x.z + y.z});
        store(size + i, root(dot(x, x)));
    }
}

// Universal functions G_k(beta, s) = s^k c_k(beta s^2), k = 0 .. 5 (Stumpff 1959), by series after
// `halvings` halvings of s and doubling formulas back: no sine, no case for the sign of beta.
struct Universal {
    vd g0, g1, g2, g3, g4, g5;
};

inline Universal universal(double beta, vd s, int halvings) {
    double part = 1.0;
    for (int k = 0; k < halvings; ++k)
        part *= 0.5;
    vd h = s * part;
    const vd h2 = h * h, z = beta * h2;
    // c4, c5 to 1e-17 for |z| < 1
    vd c4 = splat(1.0 / 6402373705728000.0), c5 = splat(1.0 / 121645100408832000.0);
    constexpr double even[] = {
        1.0 / 20922789888000.0, 1.0 / 87178291200.0, 1.0 / 479001600.0, 1.0 / 3628800.0,
        1.0 / 40320.0,          1.0 / 720.0,         1.0 / 24.0};
    constexpr double odd[] = {
        1.0 / 355687428096000.0, 1.0 / 1307674368000.0, 1.0 / 6227020800.0, 1.0 / 39916800.0,
        1.0 / 362880.0,          1.0 / 5040.0,          1.0 / 120.0};
    for (int k = 0; k < 7; ++k) {
        c4 = even[k] - z * c4;
        c5 = odd[k] - z * c5;
    }
    const vd c3 = 1.0 / 6.0 - z * c5, c2 = 0.5 - z * c4;
    Universal u;
    u.g0 = 1.0 - z * c2;
    u.g1 = h * (1.0 - z * c3);
    u.g2 = h2 * c2;
    u.g3 = h2 * h * c3;
    u.g4 = h2 * h2 * c4;
    u.g5 = h2 * h2 * h * c5;
    for (int k = 0; k < halvings; ++k) {
        const vd g5 = 2.0 * (h * u.g4 + u.g5 + u.g2 * u.g3);
        const vd g4 = 2.0 * u.g3 * (2.0 * h - beta * u.g3);
        const vd g3 = 2.0 * (h * u.g2 + u.g0 * u.g3);
        const vd g2 = 2.0 * u.g1 * u.g1;
        const vd g1 = 2.0 * u.g0 * u.g1;
        u.g0 = 2.0 * u.g0 * u.g0 - 1.0;
        u.g1 = g1;
        u.g2 = g2;
        u.g3 = g3;
        u.g4 = g4;
        u.g5 = g5;
        h = h + h;
    }
    return u;
}

// Halvings of s after which |beta s^2| < 1.
inline int halvings(double beta, double s) {
    double z = std::fabs(beta) * s * s;
    int k = 0;
    for (; z > 1.0 && k < 12; ++k)
        z *= 0.25;
    return k;
}

struct Conic {
    double mu, rr, eta, beta, zeta;
};

// The universal Kepler equation by Laguerre's iteration (Conway 1986), eight lanes in step
// whatever the width, so that every level does the same.
constexpr int kPack = 8 / W;

inline int universal_anomaly(const Conic &o, const double *dt, vd *s) {
    vd t[kPack];
    const double slow = o.beta > 0.0 ? o.beta / o.mu : 0.0;
    // near a circle the mean motion is guess enough
    const double e2 =
        1.0 - o.beta * (2.0 * o.rr * o.mu - o.rr * o.rr * o.beta - o.eta * o.eta) / (o.mu * o.mu);
    const bool round = o.beta > 0.0 && e2 < 0.04;
    for (int p = 0; p < kPack; ++p) {
        t[p] = load(dt + p * W);
        if (round) {
            s[p] = slow * t[p];
            continue;
        }
        for (int k = 0; k < W; ++k) {
            // between the step of the mean motion and what a parabola allows
            const double span = std::fabs(t[p][k]), cap = std::cbrt(6.0 * span / o.mu);
            s[p][k] = std::copysign(std::fmax(std::fmin(span / o.rr, cap), span * slow), t[p][k]);
        }
    }
    int halved = 0;
    for (int it = 0; it < 15; ++it) {
        double most = 0.0;
        for (int p = 0; p < kPack; ++p)
            most = std::fmax(most, largest(size(s[p])));
        halved = halvings(o.beta, most);
        bool done = true;
        for (int p = 0; p < kPack; ++p) {
            const Universal u = universal(o.beta, s[p], halved);
            const vd r = o.rr * u.g0 + o.eta * u.g1 + o.mu * u.g2;
            const vd f = o.rr * s[p] + o.eta * u.g2 + o.zeta * u.g3 - t[p];
            const vd f2 = o.eta * u.g0 + o.zeta * u.g1;
            const vd under = 16.0 * r * r - 20.0 * f * f2;
            const vd step = -5.0 * f / (r + root(size(under)));
            s[p] = s[p] + step;
            done = done && largest(size(step) - 1e-9 * size(s[p])) <= 0.0;
        }
        if (done)
            break;
    }
    return halved;
}

// Two-body motion in universal variables with its variations, in the form of Rein & Tamayo (2016),
// MNRAS 459, 2275. It guides the collocation, which corrects it: eight digits are plenty.
void kepler(double mu, const double *r0, const double *v0, const double *dt, double *rows, int n) {
    const double rr = std::sqrt(r0[0] * r0[0] + r0[1] * r0[1] + r0[2] * r0[2]);
    const double vv = v0[0] * v0[0] + v0[1] * v0[1] + v0[2] * v0[2];
    const double eta = r0[0] * v0[0] + r0[1] * v0[1] + r0[2] * v0[2];
    const double beta = 2.0 * mu / rr - vv;
    const Conic o = {mu, rr, eta, beta, mu - beta * rr};
    vd anomaly[kPack];
    int halved = 0;
    for (int i = 0; i < n; i += W) {
        if (i % 8 == 0)
            halved = universal_anomaly(o, dt + i, anomaly);
        const vd s = anomaly[i % 8 / W];
        const Universal u = universal(beta, s, halved);
        const vd r = rr * u.g0 + eta * u.g1 + mu * u.g2;
        const vd f = 1.0 - (mu / rr) * u.g2, g = rr * u.g1 + eta * u.g2;
        for (int k = 0; k < 3; ++k)
            store(rows + k * n + i, f * r0[k] + g * v0[k]);
        store(rows + 3 * n + i, f);
        store(rows + 4 * n + i, g);
        // derivatives of G2, G3 by beta at fixed s
        const vd g2b = 0.5 * (2.0 * u.g4 - s * u.g3), g3b = 0.5 * (3.0 * u.g5 - s * u.g4);
        const vd over = -1.0 / r, both = eta * g2b + o.zeta * g3b;
        // unit changes of r0, eta and beta: by r0 . dr0, v0 . dr0, r0 . dv0, v0 . dv0
        const double changes[4][3] = {{1.0 / rr, 0.0, -2.0 * mu / (rr * rr * rr)},
                                      {0.0, 1.0, 0.0},
                                      {0.0, 1.0, 0.0},
                                      {0.0, 0.0, -2.0}};
        for (int k = 0; k < 4; ++k) {
            const double *c = changes[k], dz = -beta * c[0] - rr * c[2];
            const vd ds = over * (s * c[0] + u.g2 * c[1] + u.g3 * dz + both * c[2]);
            const vd dg2 = u.g1 * ds + g2b * c[2], dg3 = u.g2 * ds + g3b * c[2];
            const int at = 5 + (k / 2) * 4 + k % 2;
            store(rows + at * n + i, (mu / (rr * rr) * c[0]) * u.g2 - (mu / rr) * dg2);
            store(rows + (at + 2) * n + i, -mu * dg3);
        }
    }
}

void sources(double mu, const double *r0, const double *v0, const double *rows, const double *x,
             const double *y, double *out, int n) {
    for (int i = 0; i < n; i += W) {
        const vd3 p = load3(rows + i, n), a = load3(x + i, n), b = load3(y + i, n);
        const vd3 e = {b.x - a.x, b.y - a.y, b.z - a.z};
        const vd r2 = dot(p, p), k = mu / (r2 * root(r2)), q = 3.0 * dot(p, e) / r2;
        const vd3 g = {k * (q * p.x - e.x), k * (q * p.y - e.y), k * (q * p.z - e.z)};
        const vd gr = fma(g.x, splat(r0[0]), fma(g.y, splat(r0[1]), g.z * r0[2]));
        const vd gv = fma(g.x, splat(v0[0]), fma(g.y, splat(v0[1]), g.z * v0[2]));
        for (int part = 0; part < 2; ++part) {
            // first Phi_rv^T g, then Phi_rr^T g
            const int at = part == 0 ? 9 : 5;
            const vd f = load(rows + (part == 0 ? 4 : 3) * n + i);
            const vd on_r = fma(load(rows + at * n + i), gr, load(rows + (at + 2) * n + i) * gv);
            const vd on_v =
                fma(load(rows + (at + 1) * n + i), gr, load(rows + (at + 3) * n + i) * gv);
            const vd gg[3] = {g.x, g.y, g.z};
            for (int c = 0; c < 3; ++c)
                store(out + (3 * part + c) * n + i,
                      fma(f, gg[c], fma(on_r, splat(r0[c]), on_v * v0[c])));
        }
    }
}

double respond(const double *r0, const double *v0, const double *rows, const double *six,
               double scale, const double *y, double *x, int n) {
    vd most = splat(0.0);
    for (int i = 0; i < n; i += W) {
        vd w[3] = {splat(0.0), splat(0.0), splat(0.0)};
        for (int part = 0; part < 2; ++part) {
            const double sign = part == 0 ? -scale : scale;
            const int at = part == 0 ? 5 : 9;
            const vd3 p = load3(six + 3 * part * n + i, n);
            const vd pr = fma(p.x, splat(r0[0]), fma(p.y, splat(r0[1]), p.z * r0[2]));
            const vd pv = fma(p.x, splat(v0[0]), fma(p.y, splat(v0[1]), p.z * v0[2]));
            const vd f = load(rows + (part == 0 ? 3 : 4) * n + i);
            const vd on_r = fma(load(rows + at * n + i), pr, load(rows + (at + 1) * n + i) * pv);
            const vd on_v =
                fma(load(rows + (at + 2) * n + i), pr, load(rows + (at + 3) * n + i) * pv);
            const vd pp[3] = {p.x, p.y, p.z};
            for (int c = 0; c < 3; ++c)
                w[c] = fma(splat(sign), fma(f, pp[c], fma(on_r, splat(r0[c]), on_v * v0[c])), w[c]);
        }
        for (int c = 0; c < 3; ++c) {
            const vd next = load(y + c * n + i) + w[c];
            const vd change = size(next - load(x + c * n + i));
            most = change <= most ? most : change;
            store(x + c * n + i, next);
        }
    }
    return largest(most);
}

void series(const double *c, int rows, int terms, double start, double per_block, const double *t,
            double *out, int n, int lo, int hi) {
    for (int i = lo / W * W; i < hi; i += W) {
        const vd x = (load(t + i) - start) * (2.0 * per_block) - 1.0, two_x = x + x;
        const vd index = counting(i);
        const bool whole = i >= lo && i + W <= hi;
        const double *row = c;
        for (int k = 0; k < rows; ++k, row += terms) {
            vd b1 = splat(0.0), b2 = b1;
            for (int j = terms - 1; j > 0; --j) {
                const vd b = fma(two_x, b1, row[j] - b2);
                b2 = b1;
                b1 = b;
            }
            vd value = fma(x, b1, row[0] - b2);
            double *where = out + static_cast<std::size_t>(k) * n + i;
            if (!whole) {
                const vd old = load(where);
                value = index < double(lo) ? old : value;
                value = index >= double(hi) ? old : value;
            }
            store(where, value);
        }
    }
}

// 1 / k: a division for each term would cost more than the term
struct Over {
    double value[80];
    constexpr Over() : value{} {
        value[0] = 0.0;
        for (int k = 1; k < 80; ++k)
            value[k] = 1.0 / k;
    }
    double operator[](int k) const { return value[k]; }
};
constexpr Over over;

template <int R>
inline void legendre_rows(const double *c, int terms, const double *x, double *out, int n) {
    for (int i = 0; i < n; i += W) {
        const vd u = load(x + i);
        vd before = splat(1.0), p = u, sum[R];
        for (int r = 0; r < R; ++r)
            sum[r] = splat(c[r * terms]);
        for (int k = 1; k < terms; ++k) {
            for (int r = 0; r < R; ++r)
                sum[r] = fma(splat(c[r * terms + k]), p, sum[r]);
            const double b = k * over[k + 1];
            const vd next = (1.0 + b) * u * p - b * before;
            before = p;
            p = next;
        }
        for (int r = 0; r < R; ++r)
            store(out + r * n + i, sum[r]);
    }
}

void legendre(const double *c, int rows, int terms, const double *x, double *out, int n) {
    int r = 0;
    for (; r + 3 <= rows; r += 3)
        legendre_rows<3>(c + r * terms, terms, x, out + r * n, n);
    for (; r < rows; ++r)
        legendre_rows<1>(c + r * terms, terms, x, out + r * n, n);
}

void spin(const double *cosine, const double *sine, double *m, int n) {
    for (int i = 0; i < n; i += W) {
        const vd c = load(cosine + i), s = load(sine + i);
        for (int j = 0; j < 3; ++j) {
            const vd a = load(m + j * n + i), b = load(m + (3 + j) * n + i);
            store(m + j * n + i, fma(c, a, s * b));
            store(m + (3 + j) * n + i, fma(c, b, -(s * a)));
        }
    }
}

} // namespace
} // namespace core::CORE_LEVEL

// Lambert's problem, W at a time: the triangle in its own directions, the root, the velocities.
#pragma once

#include "kernels.hpp"
#include "kernels_lambert_time.hpp"
#include "lambert.hpp"

#include <algorithm>
#include <cstdint>

namespace core::CORE_LEVEL {
namespace {

// below this sine of the angle a plane that is given is used, not the one the places span
constexpr double kNearLine = 1e-12;

// a b - c d to an ulp or two (Kahan), where the machine fuses; else by Dekker's product
inline vd exact_rest(vd a, vd b, vd product) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    vd r;
    for (int i = 0; i < W; ++i)
        r[i] = __builtin_fma(a[i], b[i], -product[i]);
    return r;
#else
    constexpr double split = 134217729.0;
    const vd ta = split * a, tb = split * b;
    const vd a1 = ta - (ta - a), b1 = tb - (tb - b), a2 = a - a1, b2 = b - b1;
    return ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2;
#endif
}

inline vd minor(vd a, vd b, vd c, vd d) {
    const vd ab = a * b, cd = c * d;
    return (ab - cd) + (exact_rest(a, b, ab) - exact_rest(c, d, cd));
}

inline vd3 scaled(vd k, vd3 a) {
    return {k * a.x, k * a.y, k * a.z};
}
inline vd3 sum(vd3 a, vd3 b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
inline vd3 cross(vd3 a, vd3 b) {
    return {minor(a.y, b.z, a.z, b.y), minor(a.z, b.x, a.x, b.z), minor(a.x, b.y, a.y, b.x)};
}
inline vd3 either(lanes m, vd3 a, vd3 b) {
    return {m ? a.x : b.x, m ? a.y : b.y, m ? a.z : b.z};
}

inline vd column(const LambertColumn &c, int i, int last, int k = 0) {
    vd r;
    for (int j = 0; j < W; ++j)
        r[j] = c.at[static_cast<std::ptrdiff_t>(std::min(i + j, last)) * c.step + k];
    return r;
}
inline vd3 column3(const LambertColumn &c, int i, int last) {
    return {column(c, i, last, 0), column(c, i, last, 1), column(c, i, last, 2)};
}

// Places, time and what follows from them for every number of revolutions.
struct Triangle {
    vd3 out1, out2, along1, along2; // radial and transverse unit vectors
    vd r1, r2, rho, sigma, gamma;   // rho, sigma, gamma of Izzo (2015)
    vd unit, time;                  // T of one second, and of the time given
    Transfer transfer;
    lanes no_plane, bad;
};

inline Triangle triangle(const LambertTask &task, int i) {
    const int last = task.n - 1;
    const vd3 a = column3(task.r1, i, last), b = column3(task.r2, i, last);
    const vd tof = column(task.tof, i, last);
    const vd3 chord = {b.x - a.x, b.y - a.y, b.z - a.z}, both = sum(a, b), h = cross(a, b);
    Triangle q;
    q.r1 = root(dot(a, a));
    q.r2 = root(dot(b, b));
    const vd c = root(dot(chord, chord)), h2 = dot(h, h), sine = root(h2);
    const vd s = 0.5 * (q.r1 + q.r2 + c), product = q.r1 * q.r2, inner = dot(a, b);
    // not-a-number is no number above nought
    q.bad = ~((tof > 0.0) & (tof < kNever) & (product > 0.0) & (s < kNever));
    q.out1 = scaled(1.0 / q.r1, a);
    q.out2 = scaled(1.0 / q.r2, b);
    q.no_plane = (sine <= 0.0) | (c <= 0.0);

    vd sense = splat(1.0);
    if (task.path == LambertPath::prograde)
        sense = h.z >= 0.0 ? splat(1.0) : splat(-1.0);
    else if (task.path == LambertPath::retrograde)
        sense = h.z >= 0.0 ? splat(-1.0) : splat(1.0);
    else if (task.path == LambertPath::long_way)
        sense = splat(-1.0);
    vd3 axis = scaled(1.0 / sine, h);
    if (task.normal.at) {
        const vd3 n = column3(task.normal, i, last);
        const vd3 flat = sum(n, scaled(-dot(n, q.out1), q.out1));
        const vd size_flat = root(dot(flat, flat));
        const lanes line = sine <= kNearLine * product;
        sense = line | (dot(n, h) >= 0.0) ? splat(1.0) : splat(-1.0);
        axis = either(line, scaled(1.0 / size_flat, flat), axis);
        q.no_plane = (line & ~(size_flat > kNearLine * root(dot(n, n)))) | (c <= 0.0);
        q.bad = q.bad | ~(dot(n, n) < kNever);
    }
    axis = scaled(sense, axis);
    q.along1 = cross(axis, q.out1);
    q.along2 = cross(axis, q.out2);

    // 2 r1 r2 cos^2 and sin^2 of half the angle, the small one without a difference
    const vd wide = product + size(inner), rest = h2 / wide;
    const vd cosine2 = inner > 0.0 ? wide : rest, sine2 = inner > 0.0 ? rest : wide;
    q.transfer.lambda = sense * root(0.5 * cosine2) / s;
    q.transfer.kappa = c / s;
    q.transfer.cube = q.transfer.lambda * q.transfer.lambda * q.transfer.lambda;
    q.transfer.turns = splat(0.0);
    q.transfer.forward = q.transfer.lambda > 0.0;
    q.rho = -dot(chord, both) / (c * (q.r1 + q.r2));
    q.sigma = root(2.0 * sine2) / c;
    q.gamma = root(0.5 * task.mu * s);
    q.unit = root(2.0 * task.mu / s) / s;
    q.time = tof * q.unit;
    return q;
}

// Radial and transverse speeds at both ends (Izzo 2015, algorithm 1), with 1 - rho^2 = sigma^2 so
// that nothing is lost where the radii are far apart.
inline void speeds(const Triangle &q, vd x, vd3 &v1, vd3 &v2) {
    const vd e = (1.0 - x) * (1.0 + x), y = y_of(q.transfer, x, e);
    const vd zeta = legs_of(q.transfer, x, y).zeta, ly = q.transfer.lambda * y;
    const vd wide = 1.0 + size(q.rho), rest = q.sigma * q.sigma / wide;
    const vd plus = q.rho > 0.0 ? wide : rest, minus = q.rho > 0.0 ? rest : wide;
    const vd g1 = q.gamma / q.r1, g2 = q.gamma / q.r2, across = q.sigma * zeta;
    v1 = sum(scaled(g1 * (ly * minus - x * plus), q.out1), scaled(g1 * across, q.along1));
    v2 = sum(scaled(g2 * (x * minus - ly * plus), q.out2), scaled(g2 * across, q.along2));
}

struct Answer {
    vd x;
    lanes soon, lost;
};

inline Answer direct(const Triangle &q, lanes open) {
    const vd x = guess_direct(q.transfer, q.time), none = splat(0.0);
    const lanes fine = (x > -1.0) & (x < kNever);
    const Root r = root_of(q.transfer, q.time, fine ? x : none, splat(-1.0), splat(kNever), none,
                           none > 1.0, open);
    return {r.x, none > 1.0, r.lost};
}

inline Answer round(const Triangle &q, const Least &m, vd side, lanes open) {
    const lanes soon = ~(q.time >= m.t * (1.0 - 1e-14)), low = side > 0.0;
    const lanes fold = q.time <= m.t * (1.0 + 1e-14);
    const vd from = low ? m.x : splat(-1.0), to = low ? splat(1.0) : m.x;
    const vd x = guess_round(q.transfer, q.time, side, m);
    const lanes fine = (x > from) & (x < to);
    const Root r = root_of(q.transfer, q.time, fine ? x : 0.5 * (from + to), from, to, m.x, low,
                           open & ~soon & ~fold);
    return {fold ? m.x : r.x, soon, r.lost};
}

inline void answer(const LambertTask &task, const Triangle &q, const Answer &a, int i, int at,
                   double *v, std::uint8_t *fault) {
    const int solutions = lambert_solutions(task), many = std::min(W, task.n - i);
    vd3 v1, v2;
    speeds(q, a.x, v1, v2);
    for (int k = 0; k < many; ++k) {
        const std::size_t row = static_cast<std::size_t>(i + k) * solutions + at;
        const LambertFault f = q.bad[k]        ? LambertFault::input
                               : q.no_plane[k] ? LambertFault::no_plane
                               : a.soon[k]     ? LambertFault::too_soon
                               : a.lost[k]     ? LambertFault::lost
                                               : LambertFault::none;
        const bool good = f == LambertFault::none;
        const double six[6] = {v1.x[k], v1.y[k], v1.z[k], v2.x[k], v2.y[k], v2.z[k]};
        for (int c = 0; c < 6; ++c)
            v[6 * row + c] = good ? six[c] : std::numeric_limits<double>::quiet_NaN();
        fault[row] = static_cast<std::uint8_t>(f);
    }
}

inline void one_each(const LambertTask &task, int i, double *v, std::uint8_t *fault) {
    Triangle q = triangle(task, i);
    const lanes open = ~q.bad & ~q.no_plane;
    const vd turns = column(task.turns, i, task.n - 1);
    const lanes round_trip = turns > 0.0;
    Answer a = {splat(0.0), turns < -1.0, turns < -1.0};
    if (any(open & ~round_trip))
        a = direct(q, open & ~round_trip);
    if (any(open & round_trip)) {
        Triangle p = q;
        p.transfer.turns = turns * kPi;
        const vd side = column(task.side, i, task.n - 1);
        const Answer b = round(p, least(p.transfer, open & round_trip), side, open & round_trip);
        a.x = round_trip ? b.x : a.x;
        a.soon = round_trip ? b.soon : a.soon;
        a.lost = round_trip ? b.lost : a.lost;
    }
    answer(task, q, a, i, 0, v, fault);
}

inline void all_of(const LambertTask &task, int i, double *v, std::uint8_t *fault) {
    Triangle q = triangle(task, i);
    lanes open = ~q.bad & ~q.no_plane;
    answer(task, q, direct(q, open), i, 0, v, fault);
    for (int turns = 1; turns <= task.all; ++turns) {
        q.transfer.turns = splat(turns * kPi);
        // more revolutions take longer still
        open = open & (q.time >= q.transfer.turns);
        Least m = {splat(0.0), splat(kNever), splat(1.0)};
        if (any(open)) {
            m = least(q.transfer, open);
            m.t = open ? m.t : splat(kNever);
            open = open & (q.time >= m.t * (1.0 - 1e-14));
        }
        for (int k = 0; k < 2; ++k)
            answer(task, q, round(q, m, splat(k ? -1.0 : 1.0), open), i, 2 * turns - 1 + k, v,
                   fault);
    }
}

} // namespace

void lambert(const LambertTask &task, double *v, std::uint8_t *fault) {
    for (int i = 0; i < task.n; i += W)
        if (task.all < 0)
            one_each(task, i, v, fault);
        else
            all_of(task, i, v, fault);
}

// Least time of flight of `turns` revolutions, s; not-a-number where there is none to find.
void lambert_least(const LambertTask &task, double *time) {
    for (int i = 0; i < task.n; i += W) {
        Triangle q = triangle(task, i);
        const vd turns = column(task.turns, i, task.n - 1);
        q.transfer.turns = turns * kPi;
        const lanes open = ~q.bad & ~q.no_plane, round_trip = turns > 0.0;
        const Least m = least(q.transfer, open & round_trip);
        for (int k = 0; k < std::min(W, task.n - i); ++k)
            time[i + k] = !open[k]        ? std::numeric_limits<double>::quiet_NaN()
                          : round_trip[k] ? m.t[k] / q.unit[k]
                                          : 0.0;
    }
}

} // namespace core::CORE_LEVEL

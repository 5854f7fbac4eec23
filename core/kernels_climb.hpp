// Coarse ascents, one to a lane: forces in the air of a turning planet, steering, and a step. The
// specification is cosmodrome.ascent.lanes over cosmodrome.physics.powered.
#pragma once

#include "kernels.hpp"
#include "vector.hpp"

#include <algorithm>

namespace core::CORE_LEVEL {
namespace {

// e^x to an ulp or two for |x| < 700: Cody & Waite 1980, Software Manual for the Elementary
// Functions, chapter 6, with a Taylor series (remainder 4e-18) for the reduced argument.
inline vd exponential(vd x) {
    typedef long long vl __attribute__((vector_size(8 * CORE_LANES)));
    constexpr double kInverse[] = {1.0 / 2.0,        1.0 / 6.0,         1.0 / 24.0,
                                   1.0 / 120.0,      1.0 / 720.0,       1.0 / 5040.0,
                                   1.0 / 40320.0,    1.0 / 362880.0,    1.0 / 3628800.0,
                                   1.0 / 39916800.0, 1.0 / 479001600.0, 1.0 / 6227020800.0};
    // added to a small number, this leaves it rounded in the low bits
    constexpr double kRounder = 6755399441055744.0; // 1.5 x 2^52
    const vd shifted = fma(x, splat(1.4426950408889634), splat(kRounder));
    const vd k = shifted - kRounder;
    const vd r = fma(k, splat(-1.9082149292705877e-10), fma(k, splat(-0.693147180369123816490), x));
    vd p = splat(kInverse[11]);
    for (int i = 10; i >= 0; --i)
        p = fma(p, r, splat(kInverse[i]));
    p = fma(p, r * r, r) + 1.0;
    const vl power = ((vl)shifted + 1023) << 52;
    return p * (vd)power;
}

// a + k b
inline vd3 along(vd3 a, vd k, vd3 b) {
    return {fma(k, b.x, a.x), fma(k, b.y, a.y), fma(k, b.z, a.z)};
}
inline vd3 times(vd k, vd3 a) {
    return {k * a.x, k * a.y, k * a.z};
}
inline vd3 unit(vd3 a) {
    return times(1.0 / root(dot(a, a)), a);
}
inline vd3 splat3(const double *a) {
    return {splat(a[0]), splat(a[1]), splat(a[2])};
}

template <int R> inline void look_up(const LinesView &table, vd x, vd *out) {
    vd t = (x - table.start) * table.per_step;
    // a place that is not a number takes the first knot: no index is made of it
    t = smaller(t > 0.0 ? t : splat(0.0), splat(table.knots - 1.0));
    const double *row[W];
    vd whole = splat(0.0);
    for (int i = 0; i < W; ++i) {
        const int k = std::min(static_cast<int>(t[i]), table.knots - 2);
        whole[i] = k;
        row[i] = table.rows + R * k;
    }
    for (int c = 0; c < R; ++c) {
        vd low = splat(0.0), step = splat(0.0);
        for (int i = 0; i < W; ++i) {
            low[i] = row[i][c];
            step[i] = row[i][R + c] - row[i][c];
        }
        out[c] = fma(t - whole, step, low);
    }
}

struct Air {
    vd log_pressure, rho, sound, speed;
    vd3 w; // velocity through it
};

// keeps the speed off zero on the pad, as in physics.powered
constexpr double kSpeedFloor = 0.1;

inline vd3 through_air(const ClimbView &c, vd3 r, vd3 v) {
    return {fma(splat(c.omega), r.y, v.x), fma(splat(-c.omega), r.x, v.y), v.z};
}

inline Air air_at(const ClimbView &c, vd3 r, vd3 v) {
    const vd rr = dot(r, r);
    const vd height = root(rr) - c.radius / root(fma(splat(c.stretch), r.z * r.z / rr, splat(1.0)));
    vd found[3];
    look_up<3>(c.air, height, found);
    const vd3 w = through_air(c, r, v);
    return {found[1], exponential(found[0]), found[2], root(dot(w, w) + kSpeedFloor * kSpeedFloor),
            w};
}

inline vd3 pointed(const ClimbView &c, const Pointing &at, int lane, vd3 r, vd3 v) {
    const vd3 up = splat3(c.up);
    switch (at.kind) {
    case Pointing::pitch_over:
        return unit(along(up, load(c.slope + lane) * at.x, splat3(c.heading)));
    case Pointing::flow:
        return unit(through_air(c, r, v));
    case Pointing::tangent: {
        const vd3 n = splat3(c.normal), out = unit(r);
        const vd3 level =
            unit({n.y * out.z - n.z * out.y, n.z * out.x - n.x * out.z, n.x * out.y - n.y * out.x});
        const vd first = load(c.tangent + lane);
        const vd rise = fma(load(c.tangent_end + lane) - first, splat(at.x), first);
        // speed out of the plane is steered away
        const vd yaw = larger(smaller(-dot(n, v) / 800.0, splat(0.6)), splat(-0.6));
        return unit(along(along(level, rise, out), yaw, n));
    }
    default:
        return up;
    }
}

inline vd3 acceleration(const ClimbView &c, const Pointing &at, const Engines &engines, int lane,
                        vd3 r, vd3 v, vd m) {
    const Air air = air_at(c, r, v);
    vd cd;
    look_up<1>(c.drag, air.speed / air.sound, &cd);
    vd3 a = times(-0.5 * c.area * air.rho * air.speed * cd / m, air.w);

    // zonal field (Kaula 1966, eq. 1.31), as in physics.zonal
    const vd rr = dot(r, r), d = root(rr), s = r.z / d, q = c.gravity_radius / d;
    const vd q2 = q * q, q3 = q2 * q, q4 = q2 * q2, s2 = s * s;
    const vd p3 = 17.5 * s2 - 7.5;
    const vd axial = q2 * (c.j2 * 3.0 * s) + q3 * (c.j3 * (7.5 * s2 - 1.5)) + q4 * (c.j4 * p3 * s);
    const vd radial = q2 * (c.j2 * (7.5 * s2 - 1.5)) + q3 * (c.j3 * p3 * s) +
                      q4 * (c.j4 * ((39.375 * s2 - 26.25) * s2 + 1.875));
    const vd g = -c.mu / rr;
    a = along(a, g * (1.0 - radial) / d, r);
    a.z += g * axial;

    if (at.kind == Pointing::coast)
        return a;
    vd force = splat(engines.thrust);
    if (engines.exit_area != 0.0)
        force -= engines.exit_area * exponential(air.log_pressure);
    return along(a, force / m, pointed(c, at, lane, r, v));
}

void climb_step(const ClimbView &c, const Pointing *at, const Engines &e, double h,
                const double *share, double *rows_r, double *rows_v, double *m, int n) {
    const vd half = splat(0.5 * h), whole = splat(h), sixth = splat(h / 6.0);
    for (int i = 0; i < n; i += W) {
        const vd3 r = load3(rows_r + i, n), v = load3(rows_v + i, n);
        const vd m1 = load(m + i), m2 = m1 - 0.5 * h * e.flow, m4 = m1 - h * e.flow;
        const vd3 a1 = acceleration(c, at[0], e, i, r, v, m1);
        const vd3 v2 = along(v, half, a1);
        const vd3 a2 = acceleration(c, at[1], e, i, along(r, half, v), v2, m2);
        const vd3 v3 = along(v, half, a2);
        const vd3 a3 = acceleration(c, at[1], e, i, along(r, half, v2), v3, m2);
        const vd3 v4 = along(v, whole, a3);
        const vd3 a4 = acceleration(c, at[2], e, i, along(r, whole, v3), v4, m4);
        const vd taken = load(share + i);
        auto moved = [&](vd from, vd one, vd two, vd three, vd four) {
            const vd to = fma(sixth, one + 2.0 * two + 2.0 * three + four, from);
            // a lane that rests keeps what it has even where the step overflows
            return taken == 0.0 ? from : taken == 1.0 ? to : fma(taken, to - from, from);
        };
        store3(rows_r + i, n,
               {moved(r.x, v.x, v2.x, v3.x, v4.x), moved(r.y, v.y, v2.y, v3.y, v4.y),
                moved(r.z, v.z, v2.z, v3.z, v4.z)});
        store3(rows_v + i, n,
               {moved(v.x, a1.x, a2.x, a3.x, a4.x), moved(v.y, a1.y, a2.y, a3.y, a4.y),
                moved(v.z, a1.z, a2.z, a3.z, a4.z)});
        store(m + i, fma(taken, m4 - m1, m1));
    }
}

void climb_heat(const ClimbView &c, const double *r, const double *v, double *flux, double *speed,
                int n) {
    for (int i = 0; i < n; i += W) {
        const Air air = air_at(c, load3(r + i, n), load3(v + i, n));
        store(flux + i, 0.5 * air.rho * air.speed * air.speed * air.speed);
        store(speed + i, air.speed);
    }
}

} // namespace
} // namespace core::CORE_LEVEL

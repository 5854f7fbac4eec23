// Points of the ground in lanes, one satellite above them: the elevation gauge
//
//     g(t) = n . (s(t) - p) - sin(mask) |s(t) - p|,
//
// n the normal of the ellipsoid at p. It is not negative where the elevation is at or above the
// mask. The specification is cosmodrome.coverage.specification.
#pragma once

#include "kernels.hpp"
#include "vector.hpp"

#include <cmath>

namespace core::CORE_LEVEL {
namespace {

inline void ground_gauge(const double *ground, const double *s, double sine, double *g, int n) {
    const vd x = splat(s[0]), y = splat(s[1]), z = splat(s[2]), c = splat(sine);
    for (int i = 0; i < n; i += W) {
        const vd3 p = load3(ground + i, n), up = load3(ground + 3 * n + i, n);
        const vd3 d = {x - p.x, y - p.y, z - p.z};
        store(g + i, dot(up, d) - c * root(dot(d, d)));
    }
}

// Newton's method inside a bracket that shrinks; a step that leaves it, and every third one when
// it takes long, is a bisection.
inline void ground_cross(const CrossView &cross, const double *ground, int n, const int *who,
                         const double *from, const double *to, double *x, int count) {
    const vd sine = splat(cross.sine);
    for (int at = 0; at < count; at += W) {
        double row[8][W]; // place, normal, gauges at both ends
        for (int k = 0; k < W; ++k) {
            const int i = who[at + k < count ? at + k : count - 1];
            for (int c = 0; c < 6; ++c)
                row[c][k] = ground[c * n + i];
            row[6][k] = from[i];
            row[7][k] = to[i];
        }
        const vd3 p = {load(row[0]), load(row[1]), load(row[2])};
        const vd3 up = {load(row[3]), load(row[4]), load(row[5])};
        const vd ga = load(row[6]), gb = load(row[7]);
        const vd sign = gb >= 0.0 ? splat(1.0) : splat(-1.0);
        vd lo = splat(cross.lo), hi = splat(cross.hi);
        vd now = lo + (hi - lo) * (ga / (ga - gb));
        for (int pass = 0; pass < 100; ++pass) {
            vd3 s, v = {splat(0.0), splat(0.0), splat(0.0)};
            const double *c = cross.power;
            vd *const of[] = {&s.x, &s.y, &s.z}, *const rate[] = {&v.x, &v.y, &v.z};
            for (int axis = 0; axis < 3; ++axis, c += cross.terms) {
                vd sum = splat(c[cross.terms - 1]), slope = splat(0.0);
                for (int j = cross.terms - 2; j >= 0; --j) {
                    slope = fma(slope, now, sum);
                    sum = fma(sum, now, splat(c[j]));
                }
                *of[axis] = sum;
                *rate[axis] = slope;
            }
            const vd3 d = {s.x - p.x, s.y - p.y, s.z - p.z};
            const vd range = root(dot(d, d));
            const vd g = sign * (dot(up, d) - sine * range);
            const vd slope = sign * (dot(up, v) - sine * dot(d, v) / range);
            lo = g < 0.0 ? now : lo;
            hi = g < 0.0 ? hi : now;
            const vd half = 0.5 * (lo + hi);
            vd next = now - g / slope;
            // written so that not-a-number is a bisection
            next = next >= lo ? (next <= hi ? next : half) : half;
            vd step = size(next - now);
            if (pass % 3 == 2 && pass > 8) {
                next = step > cross.tolerance ? half : next;
                step = size(next - now);
            }
            now = next;
            if (largest(step) <= cross.tolerance)
                break;
        }
        for (int k = 0; k < W && at + k < count; ++k)
            x[at + k] = now[k];
    }
}

} // namespace
} // namespace core::CORE_LEVEL

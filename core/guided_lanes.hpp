// What guided flights are computed with: vectors of lanes, tables, zonal gravity. Nothing here
// asks for fused operations: a lane has the same bytes at every SIMD level.
#pragma once

#include "guided.hpp"
#include "vector.hpp"

#include <cmath>

namespace core::CORE_LEVEL {
namespace {

typedef decltype(vd{} < vd{}) mask;

inline bool any(mask m) {
    for (int i = 0; i < W; ++i)
        if (m[i])
            return true;
    return false;
}

inline vd3 operator+(vd3 a, vd3 b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
inline vd3 operator-(vd3 a, vd3 b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}
inline vd3 operator*(vd k, vd3 a) {
    return {k * a.x, k * a.y, k * a.z};
}
inline vd product(vd3 a, vd3 b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline vd3 cross(vd3 a, vd3 b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline vd3 chosen(mask m, vd3 a, vd3 b) {
    return {m ? a.x : b.x, m ? a.y : b.y, m ? a.z : b.z};
}

// The library's own functions, lane by lane: few are needed, and every level has the same.
inline vd logarithm(vd a) {
    vd r;
    for (int i = 0; i < W; ++i)
        r[i] = std::log(a[i]);
    return r;
}
inline vd exponential(vd a) {
    vd r;
    for (int i = 0; i < W; ++i)
        r[i] = std::exp(a[i]);
    return r;
}

// The first N curves of a table at x.
template <int N> inline void read(const Cubics &t, vd x, vd *out) {
    const vd cells = splat(t.cells);
    vd u = (x - t.start) / t.step;
    // compared before the conversion: not-a-number has no int
    u = u > 0.0 ? (u < cells ? u : cells) : splat(0.0);
    const double *cell[W];
    vd s;
    for (int i = 0; i < W; ++i) {
        const int k = int(u[i]) < t.cells ? int(u[i]) : t.cells - 1;
        s[i] = u[i] - k;
        cell[i] = t.c + static_cast<std::size_t>(k) * t.curves * 4;
    }
    for (int r = 0; r < N; ++r) {
        double c[4][W];
        for (int j = 0; j < 4; ++j)
            for (int i = 0; i < W; ++i)
                c[j][i] = cell[i][4 * r + j];
        out[r] = ((load(c[3]) * s + load(c[2])) * s + load(c[1])) * s + load(c[0]);
    }
}

// physics/zonal.py about the z axis.
inline vd3 zonal(const GuidedProgramme &p, vd3 r) {
    const vd rr = product(r, r), d = root(rr), s = r.z / d, q = p.gravity_radius / d;
    const vd q2 = q * q, q3 = q2 * q, q4 = q2 * q2, s2 = s * s;
    const vd axial = q2 * (p.j2 * 3.0 * s) + q3 * (p.j3 * (7.5 * s2 - 1.5)) +
                     q4 * (p.j4 * (17.5 * s2 - 7.5) * s);
    const vd radial = q2 * (p.j2 * (7.5 * s2 - 1.5)) + q3 * (p.j3 * (17.5 * s2 - 7.5) * s) +
                      q4 * (p.j4 * ((39.375 * s2 - 26.25) * s2 + 1.875));
    const vd g = -p.mu / rr, along = g * (1.0 - radial) / d;
    return {along * r.x, along * r.y, along * r.z + g * axial};
}

// physics/powered.py: height along the radius.
inline vd height(const GuidedProgramme &p, vd3 r) {
    const vd rr = product(r, r);
    const double over = 1.0 - p.flattening, stretch = 1.0 / (over * over) - 1.0;
    return root(rr) - p.ellipsoid / root(1.0 + stretch * (r.z * r.z / rr));
}

} // namespace
} // namespace core::CORE_LEVEL

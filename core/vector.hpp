// Portable vectors of doubles for the sources that are compiled once per SIMD level. Everything
// here has internal linkage: nothing compiled for one level may be linked into another.
#pragma once

#include <cmath>
#include <cstddef>

namespace core::CORE_LEVEL {
namespace {

constexpr int W = CORE_LANES;
typedef double vd __attribute__((vector_size(8 * CORE_LANES)));
typedef double vu __attribute__((vector_size(8 * CORE_LANES), aligned(8)));

[[maybe_unused]] inline vd load(const double *p) {
    return *reinterpret_cast<const vu *>(p);
}
[[maybe_unused]] inline void store(double *p, vd v) {
    *reinterpret_cast<vu *>(p) = v;
}
[[maybe_unused]] inline vd splat(double x) {
    return x - vd{};
}

// Fused only where the hardware does it; a level keeps one meaning on every machine. GCC has no
// fused operation on vector types: there these files alone are compiled with -ffp-contract=fast.
[[maybe_unused]] inline vd fma(vd a, vd b, vd c) {
#if defined(__clang__) && (defined(__FMA__) || defined(__ARM_FEATURE_FMA))
    return __builtin_elementwise_fma(a, b, c);
#else
    return a * b + c;
#endif
}

[[maybe_unused]] inline vd root(vd a) {
#if defined(__clang__)
    return __builtin_elementwise_sqrt(a);
#else
    vd r;
    for (int i = 0; i < W; ++i)
        r[i] = __builtin_sqrt(a[i]);
    return r;
#endif
}

[[maybe_unused]] inline vd size(vd a) {
    return a < 0.0 ? -a : a;
}
[[maybe_unused]] inline vd larger(vd a, vd b) {
    return a > b ? a : b;
}
[[maybe_unused]] inline double largest(vd a) {
    double m = a[0];
    for (int i = 1; i < W; ++i)
        // written so that not-a-number survives
        m = a[i] <= m ? m : a[i];
    return m;
}
[[maybe_unused]] inline vd smaller(vd a, vd b) {
    return a < b ? a : b;
}

[[maybe_unused]] inline vd counting(int from) {
    vd v;
    for (int i = 0; i < W; ++i)
        v[i] = from + i;
    return v;
}

// Eight floats, whatever the level.
typedef float vf __attribute__((vector_size(32)));

[[maybe_unused]] inline vf fma(vf a, vf b, vf c) {
#if defined(__clang__) && (defined(__FMA__) || defined(__ARM_FEATURE_FMA))
    return __builtin_elementwise_fma(a, b, c);
#else
    return a * b + c;
#endif
}

struct vd3 {
    vd x, y, z;
};

[[maybe_unused]] inline vd3 load3(const double *p, int n) {
    return {load(p), load(p + n), load(p + 2 * n)};
}
[[maybe_unused]] inline void store3(double *p, int n, vd3 v) {
    store(p, v.x);
    store(p + n, v.y);
    store(p + 2 * n, v.z);
}
[[maybe_unused]] inline vd dot(vd3 a, vd3 b) {
    return fma(a.x, b.x, fma(a.y, b.y, a.z * b.z));
}

} // namespace
} // namespace core::CORE_LEVEL

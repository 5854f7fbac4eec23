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

// e^x to an ulp or two for |x| < 700: Cody & Waite 1980, Software Manual for the Elementary
// Functions, chapter 6, with a Taylor series (remainder 4e-18) for the reduced argument.
[[maybe_unused]] inline vd exponential(vd x) {
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
// a + k b
[[maybe_unused]] inline vd3 along(vd3 a, vd k, vd3 b) {
    return {fma(k, b.x, a.x), fma(k, b.y, a.y), fma(k, b.z, a.z)};
}
[[maybe_unused]] inline vd3 times(vd k, vd3 a) {
    return {k * a.x, k * a.y, k * a.z};
}
[[maybe_unused]] inline vd3 unit(vd3 a) {
    return times(1.0 / root(dot(a, a)), a);
}
[[maybe_unused]] inline vd3 splat3(const double *a) {
    return {splat(a[0]), splat(a[1]), splat(a[2])};
}

} // namespace
} // namespace core::CORE_LEVEL

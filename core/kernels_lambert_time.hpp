// Time of flight over the variable x of Lancaster & Blanchard (1969), and back, W at a time.
// A lane never depends on its neighbours: it stops when it has converged, whatever the others do.
#pragma once

#include "vector.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace core::CORE_LEVEL {
namespace {

typedef decltype(vd{} < vd{}) lanes;

constexpr double kPi = 3.141592653589793, kNever = std::numeric_limits<double>::infinity();
constexpr int kPasses = 80, kPatience = 10;
// a step this small against the distance to the nearest singularity leaves 1e-18 of it after
// a quartic step, and 1e-12 after a cubic one
constexpr double kSmallStep = 3e-5, kSmallTime = 2e-15;

inline bool any(lanes m) {
    for (int i = 0; i < W; ++i)
        if (m[i])
            return true;
    return false;
}

// Base-2 logarithm and power to four digits, for first guesses.
inline vd rough_log2(vd a) {
    lanes bits;
    static_assert(sizeof(bits) == sizeof(a));
    std::memcpy(&bits, &a, sizeof(a));
    const lanes exponent = (bits >> 52) - 1023;
    const lanes one = (bits & 0xfffffffffffffLL) | 0x3ff0000000000000LL;
    vd m;
    std::memcpy(&m, &one, sizeof(m));
    // about 1.5, to 1e-4
    const vd u = (m - 1.5) / (m + 1.5), v = u * u;
    return __builtin_convertvector(exponent, vd) + 0.5849625007211562 +
           u * (2.8853900817779268 + v * (0.9617966939259756 + v * 0.5770780163555854));
}

inline vd rough_exp2(vd a) {
    a = a < -1000.0 ? splat(-1000.0) : a;
    a = a > 1000.0 ? splat(1000.0) : a;
    const lanes whole = __builtin_convertvector(a + 1023.5, lanes); // truncates
    const vd f = (a + 1023.0) - __builtin_convertvector(whole, vd); // -0.5 .. 0.5
    const lanes bits = whole << 52;
    vd scale;
    std::memcpy(&scale, &bits, sizeof(scale));
    return scale *
           (1.0 + f * (0.6931471805599453 +
                       f * (0.2402265069591007 + f * (0.0555041086648216 + f * 0.0096181291))));
}

// (psi - sin psi) / sin^3 psi over u = 1 - cos psi, -0.25 < u < 0.293, to 1e-16: economised
// Chebyshev series; one smooth function of ellipse, parabola and hyperbola.
inline vd small_arc(vd u) {
    constexpr double c[15] = {
        0.16666666666666666,   0.1500000000000002,     0.103571428571444,     0.06448412698403373,
        0.03801406926023008,   0.021671037310775007,   0.012078720249621531,  0.006624394748075386,
        0.003589304163947108,  0.0019266648203707117,  0.001026795463937979,  0.0005426217351820526,
        0.0002819525618101793, 0.00015981365310587838, 0.00010087006001478885};
    // Estrin's order: four short chains instead of one long
    const vd u2 = u * u, u4 = u2 * u2;
    const vd a = fma(u2, fma(u, splat(c[3]), splat(c[2])), fma(u, splat(c[1]), splat(c[0])));
    const vd b = fma(u2, fma(u, splat(c[7]), splat(c[6])), fma(u, splat(c[5]), splat(c[4])));
    const vd d = fma(u2, fma(u, splat(c[11]), splat(c[10])), fma(u, splat(c[9]), splat(c[8])));
    const vd e = fma(u2, splat(c[14]), fma(u, splat(c[13]), splat(c[12])));
    return fma(u4, fma(u4, fma(u4, e, d), b), a);
}

// What T(x) depends on beside x.
struct Transfer {
    vd lambda, kappa, cube, turns; // kappa = 1 - lambda^2, cube = lambda^3, turns = N pi
    lanes forward;                 // lambda > 0
};

// T and its derivatives at x; y and eta of Lancaster & Blanchard.
struct Curve {
    vd t, t1, t2, t3, y;
};

inline vd y_of(const Transfer &q, vd x, vd e) {
    // one of two equal forms, each a sum of positive numbers
    const vd l2 = q.lambda * q.lambda;
    return root(e > 0.0 ? fma(x, x, q.kappa * e) : 1.0 - l2 * e);
}

struct Legs {
    vd eta, zeta; // y - lambda x and y + lambda x; their product is kappa
};

inline Legs legs_of(const Transfer &q, vd x, vd y) {
    const vd lx = q.lambda * x, far = y + size(lx), near = q.kappa / far;
    return {lx > 0.0 ? near : far, lx > 0.0 ? far : near};
}

// Fast hyperbolas, where the halvings would not do.
inline vd fast(const Transfer &q, vd x, vd y, vd e, vd eta, vd c, lanes where, vd t) {
    for (int i = 0; i < W; ++i)
        if (where[i]) {
            const double g = std::sqrt(-e[i]);
            t[i] = (x[i] - q.lambda[i] * y[i] - std::log(c[i] + eta[i] * g) / g) / -e[i];
        }
    return t;
}

inline Curve curve(const Transfer &q, vd x) {
    const vd e = (1.0 - x) * (1.0 + x), y = y_of(q, x, e);
    const vd eta = legs_of(q, x, y).eta;
    // 1 + cos psi, with all its digits where psi nears pi
    const vd c = fma(x, eta, q.lambda), rest = eta * eta * e / (1.0 + size(c));
    const vd w = c >= 0.0 ? 1.0 + c : rest;
    // cosines of psi / 2 and psi / 4
    const vd c1 = root(0.5 * w), c2 = root(fma(splat(0.5), c1, splat(0.5)));
    const vd d = small_arc(1.0 - c2), o = 1.0 + c2, c2o = c2 * o, cube2 = c2 * c2 * c2o;
    const vd numerator = fma(d, o, splat(1.0)) + 2.0 * c2o + 8.0 * c1 * cube2;
    const vd sine3 = numerator / (8.0 * c1 * c1 * c1 * cube2); // (2 psi - sin 2 psi) / sin^3 psi
    vd t = eta * fma(0.5 * eta * eta, sine3, 2.0 * q.lambda);
    const lanes above = c > 8.0;
    if (any(above))
        t = fast(q, x, y, e, eta, c, above, t);
    const lanes round = q.turns > 0.0;
    if (any(round))
        t = round ? t + q.turns / (e * root(e)) : t;

    const lanes parabolic = (size(e) < 2e-3) & ~round;
    const vd over = 1.0 / (parabolic ? y : e * y), iy = parabolic ? over : over * e;
    const vd ie = parabolic ? splat(0.0) : over * y;
    const vd l2 = q.lambda * q.lambda, iy2 = iy * iy, m = q.kappa * q.cube * iy * iy2;
    Curve out;
    out.t = t;
    out.y = y;
    out.t1 = (3.0 * t * x - 2.0 * (eta + q.lambda * q.kappa * x) * iy) * ie;
    out.t2 = (3.0 * t + 5.0 * x * out.t1 + 2.0 * m) * ie;
    out.t3 = (7.0 * x * out.t2 + 8.0 * out.t1 - 6.0 * m * l2 * x * iy2) * ie;
    if (any(parabolic)) {
        // the same at x = 1, where they are nought over nought, and Taylor's series from there
        const vd l = q.lambda, five = l2 * q.cube;
        // 1 - lambda, 1 - lambda^5 with their digits
        const vd one = q.forward ? q.kappa / (1.0 + l) : 1.0 - l;
        const vd p1 = -0.4 * one * (1.0 + l * (1.0 + l * (1.0 + l * (1.0 + l))));
        const vd p2 = (6.0 * q.kappa * five - 8.0 * p1) / 7.0;
        const vd p3 = -(15.0 * p2 - 6.0 * q.kappa * five * (1.0 - 5.0 * l2)) / 9.0;
        const vd h = x - 1.0;
        out.t1 = parabolic ? p1 + h * (p2 + 0.5 * h * p3) : out.t1;
        out.t2 = parabolic ? p2 + h * p3 : out.t2;
        out.t3 = parabolic ? p3 : out.t3;
    }
    return out;
}

// T(0) roughly: acos lambda + lambda sqrt(kappa) + N pi (Abramowitz & Stegun 4.4.45)
inline vd middle(const Transfer &q) {
    const vd l = size(q.lambda), wide = root(q.kappa);
    const vd arc =
        wide / root(1.0 + l) * (1.5707288 + l * (-0.2121144 + l * (0.0742610 - 0.0187293 * l)));
    return (q.forward ? arc : kPi - arc) + q.lambda * wide + q.turns;
}

// Where T is least among transfers of N > 0 revolutions.
struct Least {
    vd x, t, bend; // bend: T'' there
};

inline Least least(const Transfer &q, lanes open) {
    // 3 T x - 2 + 2 lambda^3 x / y = 0 with T held: Newton's from the side it comes from steadily
    const vd still = 3.0 * middle(q), twice = 2.0 * q.cube;
    vd x = q.forward ? 2.0 / (still + twice / root(q.kappa)) : (2.0 - twice) / still;
    for (int k = 0; k < 2; ++k) {
        const vd y2 = fma(q.lambda * x, q.lambda * x, q.kappa), y = root(y2);
        const vd miss = (still - 3.0 * x) * x - 2.0 + twice * x / y;
        x -= miss / (still - 6.0 * x + twice * q.kappa / (y2 * y));
    }
    vd low = splat(0.0), high = splat(1.0);
    x = (x > 0.0) & (x < 1.0) ? x : splat(0.1);
    Least out = {x, splat(0.0), splat(1.0)};
    for (int pass = 0; pass < kPasses && any(open); ++pass) {
        const Curve f = curve(q, x);
        low = f.t1 < 0.0 ? x : low;
        high = f.t1 < 0.0 ? high : x;
        // Halley's step
        vd step = -2.0 * f.t1 * f.t2 / (2.0 * f.t2 * f.t2 - f.t1 * f.t3);
        const vd half = 0.5 * (low + high) - x;
        const lanes good = (f.t2 > 0.0) & (x + step > low) & (x + step < high);
        step = good && pass % kPatience != kPatience - 1 ? step : half;
        const lanes end =
            ((size(step) <= kSmallStep * smaller(x, f.y)) & good) | (high - low <= 4e-16 * high);
        const vd h = step;
        const vd at = f.t + h * (f.t1 + h * (0.5 * f.t2 + h * f.t3 / 6.0));
        out.x = open ? x + h : out.x;
        out.t = open ? at : out.t;
        out.bend = open ? f.t2 + h * f.t3 : out.bend;
        x = open ? x + h : x;
        open = open & ~end;
    }
    return out;
}

// Between a pole of order 3/2 at x = +-1 and a double root at the minimum, in z = part of the way
// left to the pole: (T - T_min) / c = (1 - z)^2 z^(-3/2) h(z), h from 1 to what the pole asks for.
inline vd guess_round(const Transfer &q, vd time, vd side, const Least &m) {
    const vd way = 1.0 - side * m.x, c = 0.5 * m.bend * way * way;
    const vd pole = side > 0.0 ? q.turns : q.turns + kPi;
    const vd end = pole * 0.35355339059327373 / (way * root(way) * c);
    const vd over = larger((time - m.t) / c, splat(0.0));
    vd z = splat(1.0);
    for (int k = 0; k < 2; ++k) {
        const vd r = root(over / larger(fma(1.0 - end, z, end), splat(1e-3)));
        const vd b = 1.0 + r * (0.75 + 0.375 * r) / (1.0 + 0.375 * r);
        vd w = rough_exp2(rough_log2(b) * (1.0 / 3.0));
        w = w - (w - b / (w * w)) * (1.0 / 3.0);
        z = 1.0 / (b * w);
    }
    return side * (1.0 - z * way);
}

// After Izzo (2015), eq. 30, through T(0) and T(1).
inline vd guess_direct(const Transfer &q, vd time) {
    const vd l = q.lambda, t0 = middle(q);
    const vd one = q.forward ? q.kappa / (1.0 + l) : 1.0 - l;
    const vd t1 = one * (1.0 + l * (1.0 + l)) * (2.0 / 3.0);
    const vd t1_five = one * (1.0 + l * (1.0 + l * (1.0 + l * (1.0 + l))));
    const vd p = time >= t0 ? splat(2.0 / 3.0) : 1.0 / rough_log2(t0 / t1);
    const vd slow = rough_exp2(p * rough_log2(t0 / time)) - 1.0;
    return time < t1 ? 1.0 + 2.5 * t1 * (t1 - time) / (time * t1_five) : slow;
}

struct Root {
    vd x;
    lanes lost;
};

// T(x) = time between low and high, where T falls (or rises) all the way: Householder's third-order
// step inside the bracket.
inline Root root_of(const Transfer &q, vd time, vd x, vd low, vd high, vd fold, lanes rising,
                    lanes open) {
    const lanes round = q.turns > 0.0;
    for (int pass = 0; pass < kPasses && any(open); ++pass) {
        const Curve f = curve(q, x);
        const vd miss = f.t - time;
        const lanes above = rising ? (miss > 0.0) : (miss < 0.0); // the root is below x
        high = above ? x : high;
        low = above ? low : x;
        const vd t11 = f.t1 * f.t1, mt2 = miss * f.t2;
        vd step =
            -miss * (t11 - 0.5 * mt2) / (f.t1 * (t11 - mt2) + miss * miss * f.t3 * (1.0 / 6.0));
        const vd next = x + step;
        const lanes good = (next >= low) & (next <= high);
        const lanes far = high == kNever;
        const vd half = far ? size(x) + 1.0 : 0.5 * (low + high) - x;
        step = good && pass % kPatience != kPatience - 1 ? step : half;
        vd scale = smaller(1.0 + x, f.y);
        scale = round ? smaller(smaller(scale, 1.0 - x), size(x - fold)) : scale;
        const lanes end =
            (good & ((size(step) <= kSmallStep * scale) | (size(miss) <= kSmallTime * time))) |
            (high - low <= 2e-16 * size(x));
        x = open ? x + step : x;
        open = open & ~end;
    }
    return {x, open};
}

} // namespace
} // namespace core::CORE_LEVEL

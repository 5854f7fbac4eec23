// Explicit guidance by linear tangent steering; src/cosmodrome/powered/guidance.py is the
// specification, with its sources.
#pragma once

#include "guided_lanes.hpp"

namespace core::CORE_LEVEL {
namespace {

constexpr int kFirstPasses = 8, kPasses = 2;
constexpr double kSmallestAcceleration = 1e-3, kMostOfTau = 0.98;
constexpr double kRelative = 1e-2, kAbsolute = 0.1, kLeastDownrange = 0.05, kLeastAside = 0.1;

// nodes and weights of Gauss and Legendre on 0 .. 1
constexpr double kGaussNode[4] = {0.06943184420297371, 0.33000947820757187, 0.6699905217924281,
                                  0.9305681557970262};
constexpr double kGaussWeight[4] = {0.17392742256872687, 0.3260725774312731, 0.3260725774312731,
                                    0.17392742256872687};

struct Memory {
    vd3 r_aim, v_aim, vbias, rbias;
    vd cutoff;
    vd3 law, rate;
    vd at, held, missed;
    vd sense; // 1 where the burn raises the energy, -1 where it lowers it

    vd3 direction(vd t) const {
        const vd3 u = law + (t - at) * rate;
        return (1.0 / root(product(u, u))) * u;
    }
};

struct Aimed {
    vd3 r, v, ahead;
};

inline Aimed aimed(const GuidedAim &aim, const vd3 &place) {
    const vd3 n = {splat(aim.normal[0]), splat(aim.normal[1]), splat(aim.normal[2])};
    const vd3 flat = place - product(n, place) * n;
    const vd3 up = (1.0 / root(product(flat, flat))) * flat;
    const vd3 ahead = cross(n, up);
    return {splat(aim.radius) * up,
            splat(aim.speed) * (splat(aim.sine) * up + splat(aim.cosine) * ahead), ahead};
}

// The same on the orbit of the aim at the radius of `place`: its energy and angular momentum.
inline Aimed passing(const GuidedProgramme &p, const GuidedAim &aim, const vd3 &place) {
    const Aimed below = aimed(aim, place);
    const vd3 up = splat(1.0 / aim.radius) * below.r;
    const vd d = product(up, place), one = splat(1.0);
    const double energy = 0.5 * (aim.speed * aim.speed) - p.mu / aim.radius;
    const double around = aim.radius * aim.speed * aim.cosine;
    const vd speed = root(2.0 * (energy + p.mu / d));
    const vd cosine = smaller(around / (d * speed), one);
    const vd sine = (aim.sine < 0.0 ? -1.0 : 1.0) * root(one - cosine * cosine);
    return {d * up, speed * (sine * up + cosine * below.ahead), below.ahead};
}

inline void begin(Memory &m, const GuidedAim &aim, const vd &sense, const vd &t, const vd3 &r) {
    const Aimed below = aimed(aim, r);
    const Aimed a = aimed(aim, splat(aim.cos_ahead) * below.r +
                                   splat(aim.radius * aim.sin_ahead) * below.ahead);
    const vd3 zero = {splat(0.0), splat(0.0), splat(0.0)};
    m.r_aim = a.r;
    m.v_aim = a.v;
    m.vbias = m.rbias = m.rate = zero;
    m.cutoff = t + aim.duration;
    m.sense = sense;
    m.law = (sense / aim.speed) * a.v;
    m.at = t;
    m.held = splat(0.0);
}

// Means of g and of (1 - x) g over the way to go, on the cubic from (r, v) to (r_aim, v_aim).
inline void gravity_ahead(const GuidedProgramme &p, const vd3 &r, const vd3 &v, const vd3 &r_aim,
                          const vd3 &v_aim, const vd &t, vd3 &first, vd3 &second) {
    first = second = {splat(0.0), splat(0.0), splat(0.0)};
    for (int k = 0; k < 4; ++k) {
        const double x = kGaussNode[k], y = 1.0 - x, w = kGaussWeight[k];
        vd3 place = splat(y * y * (1.0 + 2.0 * x)) * r + splat(x * x * (1.0 + 2.0 * y)) * r_aim;
        place = place + t * (splat(x * y * y) * v - splat(x * x * y) * v_aim);
        const vd3 g = zonal(p, place);
        first = first + splat(w) * g;
        second = second + splat(w * y) * g;
    }
}

// What the flight computer knows: place and velocity, how long section k has lasted, and how
// strongly the thrust pushes.
struct Sensed {
    vd t;
    vd3 r, v;
    vd since, acceleration;
};

struct Moments {
    vd m0, m1, m2, m3, t;
};

// Of all stages from section k to the end of its leg; the last burns until `speed` is reached, and
// so does one that may be cut off before.
inline Moments thrust_moments(const GuidedProgramme &p, int k, const Sensed &now, const vd &speed) {
    const vd zero = splat(0.0);
    Moments m = {zero, zero, zero, zero, zero};
    const int leg = p.sections[k].leg, count = int(p.sections.size());
    for (int j = k; j < count && p.sections[j].leg == leg; ++j) {
        const GuidedSection &s = p.sections[j];
        vd burn = splat(s.duration);
        if (j == k)
            burn = larger(burn - now.since, zero);
        if (s.exhaust > 0.0) {
            const double c = s.exhaust;
            const vd tau =
                j == k ? c / larger(now.acceleration, splat(kSmallestAcceleration)) : splat(s.tau);
            vd i0;
            if (!p.goes_on(j)) {
                i0 = larger(speed - m.m0, zero);
                burn = tau * (1.0 - exponential(-i0 / c));
            } else {
                burn = smaller(burn, kMostOfTau * tau);
                i0 = c * logarithm(tau / (tau - burn));
                if (s.open) {
                    const vd most = larger(speed - m.m0, zero);
                    burn = i0 > most ? tau * (1.0 - exponential(-most / c)) : burn;
                    i0 = smaller(i0, most);
                }
            }
            const vd i1 = tau * i0 - c * burn;
            const vd i2 = tau * i1 - c * (burn * burn) / 2.0;
            const vd i3 = tau * i2 - c * (burn * burn * burn) / 3.0;
            const vd t = m.t;
            m.m0 = m.m0 + i0;
            m.m1 = m.m1 + (i1 + t * i0);
            m.m2 = m.m2 + (i2 + t * (2.0 * i1 + t * i0));
            m.m3 = m.m3 + (i3 + t * (3.0 * i2 + t * (3.0 * i1 + t * i0)));
        }
        m.t = m.t + burn;
    }
    return m;
}

// One cycle for the lanes of `active`.
inline void update(Memory &memory, const GuidedProgramme &p, int k, const Sensed &now, int passes,
                   mask active) {
    const vd t = now.t;
    const vd3 r = now.r, v = now.v;
    const GuidedAim &aim = p.aims[p.sections[k].leg];
    const vd3 zero = {splat(0.0), splat(0.0), splat(0.0)};
    Memory next = memory;
    vd change = splat(0.0), along = change, togo = change, turn = change;
    for (int pass = 0; pass < passes; ++pass) {
        togo = next.cutoff - t;
        vd3 g0, g1;
        gravity_ahead(p, r, v, next.r_aim, next.v_aim, togo, g0, g1);
        const vd3 to_go = next.v_aim - v - togo * g0 + next.vbias;
        const vd speed = root(product(to_go, to_go));
        const Moments m = thrust_moments(p, k, now, speed);
        next.law = (1.0 / speed) * to_go;
        turn = m.m1 / m.m0;
        const vd s = m.t * m.m0 - m.m1, q = m.t * m.m1 - m.m2, c = m.t * m.m2 - m.m3;
        const vd3 ahead = aimed(aim, next.r_aim).ahead;
        along = product(next.law, ahead);
        const vd3 drift = r + m.t * v + (m.t * m.t) * g1;
        vd3 place = next.r_aim - drift + next.rbias;
        if (aim.held == Held::radius) {
            place = place - product(ahead, place) * ahead;
            place = place + ((s - product(next.law, place)) / along) * ahead;
            next.rate = (1.0 / (q - s * turn)) * (place - s * next.law);
        } else {
            // what turns the thrust out of its plane alone
            const vd3 n = {splat(aim.normal[0]), splat(aim.normal[1]), splat(aim.normal[2])};
            const vd aside = product(next.law, n);
            const vd free = larger(splat(1.0) - aside * aside, splat(kLeastAside));
            const vd wanted = (product(n, place) - s * aside) / ((q - s * turn) * free);
            next.rate = aim.held == Held::plane ? wanted * (n - aside * next.law) : zero;
            place = s * next.law + (q - s * turn) * next.rate;
        }
        const vd swing = m.t * root(product(next.rate, next.rate));
        const vd largest = splat(p.largest_swing);
        const mask within = swing <= largest;
        const vd most = m.t < p.short_time ? splat(0.0) : largest;
        const vd held = most / larger(swing, largest);
        next.rate = (within ? splat(1.0) : held) * next.rate;
        const vd half = 0.5 * product(next.rate, next.rate);
        const vd gained = m.m0 - half * (m.m2 - turn * m.m1);
        const vd3 moved =
            (s - half * (c - turn * (2.0 * q - turn * s))) * next.law + (q - turn * s) * next.rate;
        next.vbias = to_go - gained * next.law;
        next.rbias = chosen(within, place - moved, zero);
        const vd3 there = drift + moved;
        const Aimed a = aim.held == Held::radius ? aimed(aim, there) : passing(p, aim, there);
        next.r_aim = a.r;
        next.v_aim = a.v;
        change = size(m.t - togo);
        togo = m.t;
        next.cutoff = t + m.t;
    }
    const vd3 total = next.r_aim + next.v_aim + next.vbias + next.rbias + next.rate + next.law;
    const vd all = total.x + total.y + total.z + next.cutoff;
    const mask finite = all - all == 0.0;
    const mask keep = active & finite;
    const mask forward = aim.held == Held::radius ? memory.sense * along > kLeastDownrange : finite;
    const mask good = finite & (change <= kRelative * togo + kAbsolute) & forward;
    const mask take = active & good, missed = active & ~good;
    memory.r_aim = chosen(keep, next.r_aim, memory.r_aim);
    memory.v_aim = chosen(keep, next.v_aim, memory.v_aim);
    memory.vbias = chosen(keep, next.vbias, memory.vbias);
    memory.rbias = chosen(keep, next.rbias, memory.rbias);
    memory.cutoff = keep ? next.cutoff : memory.cutoff;
    memory.law = chosen(take, next.law, memory.law);
    memory.rate = chosen(take, next.rate, memory.rate);
    memory.at = take ? t + turn : memory.at;
    const vd one = missed ? splat(1.0) : splat(0.0);
    memory.held = take ? splat(0.0) : memory.held + one;
    memory.missed = memory.missed + one;
}

} // namespace
} // namespace core::CORE_LEVEL

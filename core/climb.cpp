#include "climb.hpp"

#include <algorithm>
#include <cmath>

namespace core {
namespace {

constexpr double kNever = std::numeric_limits<double>::quiet_NaN();
// a burn shorter than this is none
constexpr double kShortest = 1e-3;

struct Flight {
    const Climb &climb;
    const Kernels &kernels;
    ClimbView view;
    bool recorded;
    Climbed out;
    std::vector<char> going, covered; // has not ended; still has its fairing
    Rows share, flux, speed;

    Flight(const Climb &climb, const Kernels &kernels, const double *steering, int n, bool recorded)
        : climb(climb), kernels(kernels), view(climb.view), recorded(recorded), going(n, 1),
          covered(n, climb.vehicle.fairing > 0.0), share(n, 1.0), flux(n), speed(n) {
        view.air.rows = climb.air.data();
        view.drag.rows = climb.drag.data();
        view.slope = steering;
        view.tangent = steering + n;
        view.tangent_end = steering + 2 * n;
        out.n = n;
        out.r.resize(3 * n);
        out.v.resize(3 * n);
        for (int c = 0; c < 3; ++c) {
            std::fill_n(out.r.begin() + c * n, n, climb.r0[c]);
            std::fill_n(out.v.begin() + c * n, n, climb.v0[c]);
        }
        out.m.assign(n, climb.vehicle.mass);
        out.burns.assign(std::max<std::size_t>(climb.vehicle.stages.size(), 1) * n, 0.0);
        out.fairing_t.assign(n, kNever);
        out.high_t.assign(n, kNever);
        out.last.assign(n, 0);
    }

    double square(const Rows &x, int i) const {
        const double a = x[i], b = x[out.n + i], c = x[2 * out.n + i];
        return a * a + b * b + c * c;
    }
    double radius(int i) const { return std::sqrt(square(out.r, i)); }

    Pointing pointing(bool burning, double t) const {
        const ClimbLaw &law = climb.law;
        if (!burning)
            return {Pointing::coast, 0.0};
        if (t < law.rise_end)
            return {Pointing::up, 0.0};
        if (t < law.rise_end + law.pitch_over) {
            const double s = (t - law.rise_end) / law.pitch_over;
            return {Pointing::pitch_over, s * s * (3.0 - 2.0 * s)};
        }
        if (t < law.turn)
            return {Pointing::flow, 0.0};
        return {Pointing::tangent, std::min((t - law.turn) / (law.aim - law.turn), law.over)};
    }

    void note(bool burning) {
        if (!recorded)
            return;
        out.track.push_back(out.t);
        for (const Rows *x : {&out.r, &out.v})
            for (int c = 0; c < 3; ++c)
                out.track.push_back((*x)[c * out.n]);
        out.track.push_back(burning ? 1.0 : 0.0);
    }

    void step(bool burning, double h, const Engines &engines) {
        note(burning);
        const Pointing at[3] = {pointing(burning, out.t), pointing(burning, out.t + 0.5 * h),
                                pointing(burning, out.t + h)};
        kernels.climb_step(view, at, engines, h, share.data(), out.r.data(), out.v.data(),
                           out.m.data(), out.n);
        out.t += h;
        for (int i = 0; i < out.n; ++i) {
            if (out.high_t[i] == out.high_t[i])
                continue;
            const double z = out.r[2 * out.n + i], rr = square(out.r, i);
            const double ground = view.radius / std::sqrt(1.0 + view.stretch * (z * z / rr));
            if (std::sqrt(rr) - ground > climb.vehicle.high)
                out.high_t[i] = out.t;
        }
    }

    void fairing() {
        if (std::none_of(covered.begin(), covered.end(), [](char on) { return on != 0; }))
            return;
        const ClimbVehicle &v = climb.vehicle;
        const bool timed = v.fairing_time == v.fairing_time;
        if (out.t < v.fairing_time || (!timed && out.t <= v.heat_after))
            return;
        if (!timed)
            kernels.climb_heat(view, out.r.data(), out.v.data(), flux.data(), speed.data(), out.n);
        for (int i = 0; i < out.n; ++i)
            if (covered[i] && (timed || (flux[i] < v.heat && speed[i] > v.heat_speed))) {
                covered[i] = 0;
                out.m[i] -= v.fairing;
                out.fairing_t[i] = out.t;
            }
    }

    void sections() {
        for (const ClimbSection &s : climb.vehicle.sections) {
            const double h = s.length / s.steps;
            for (int k = 0; k < s.steps; ++k) {
                const double middle = (k + 0.5) * s.length / s.steps;
                step(s.burning, h,
                     {s.engines.thrust + s.thrust_slope * middle, s.engines.exit_area,
                      s.engines.flow + s.flow_slope * middle});
                fairing();
            }
            for (double &m : out.m)
                m -= s.dropped;
        }
        note(false);
        out.fixed_r = out.r;
        out.fixed_v = out.v;
        out.lowest.resize(out.n);
        for (int i = 0; i < out.n; ++i)
            out.lowest[i] = radius(i);
    }

    void coast(const ClimbStage &stage) {
        for (int i = 0; i < out.n; ++i)
            share[i] = going[i] ? 1.0 : 0.0;
        for (int k = 0; k < stage.coast_steps; ++k)
            step(false, stage.coast / stage.coast_steps, {});
    }

    // Seconds at this thrust until the wanted energy: it grows at about thrust x speed / mass.
    double need(const ClimbStage &stage, int i) const {
        const double d = radius(i), v2 = square(out.v, i), mu = view.mu;
        const double wanted = climb.goal.apogee
                                  ? -mu / (climb.goal.enter + std::max(d, view.radius))
                                  : -0.5 * mu / climb.goal.a;
        const double short_of = wanted - (0.5 * v2 - mu / d);
        return std::max(short_of, 0.0) / (stage.thrust / out.m[i] * std::sqrt(v2));
    }

    void burn(const ClimbStage &stage, double *burnt) {
        std::vector<char> active = going;
        double used = 0.0;
        while (used < stage.longest - 1e-9) {
            double h = std::min(climb.vehicle.burn_step, stage.longest - used);
            if (recorded && !stage.solid)
                h = std::min(h, std::max(need(stage, 0), kShortest));
            bool any = false;
            for (int i = 0; i < out.n; ++i) {
                share[i] = 0.0;
                if (!active[i])
                    continue;
                const double left = stage.solid ? h : need(stage, i);
                if (left > kShortest && out.m[i] > climb.vehicle.least_mass) {
                    share[i] = std::min(left / h, 1.0);
                    any = true;
                    continue;
                }
                active[i] = 0;
                if (!(left > kShortest))
                    going[i] = 0;
            }
            if (!any)
                break;
            step(true, h, {stage.thrust, 0.0, stage.flow});
            fairing();
            used += h;
            for (int i = 0; i < out.n; ++i) {
                burnt[i] += h * share[i];
                if (share[i] < 1.0) {
                    if (active[i])
                        going[i] = 0;
                    active[i] = 0;
                }
                out.lowest[i] = std::min(out.lowest[i], radius(i));
            }
        }
    }

    void tail() {
        const auto &stages = climb.vehicle.stages;
        for (std::size_t k = 0; k < stages.size(); ++k) {
            if (std::none_of(going.begin(), going.end(), [](char on) { return on != 0; }))
                break;
            for (int i = 0; k > 0 && i < out.n; ++i)
                if (going[i]) {
                    out.m[i] -= stages[k].left_behind;
                    out.last[i] = int(k);
                }
            coast(stages[k]);
            burn(stages[k], out.burns.data() + k * std::size_t(out.n));
        }
        note(!stages.empty());
    }
};

} // namespace

Climbed climb(const Climb &climb, const Kernels &kernels, const double *steering, int n,
              bool recorded) {
    Flight flight(climb, kernels, steering, n, recorded);
    flight.sections();
    flight.tail();
    return std::move(flight.out);
}

} // namespace core

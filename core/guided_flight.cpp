// Guided flights, one pack of lanes at a time: src/cosmodrome/powered/guided_flight.py is the
// specification. Compiled once per SIMD level, without contraction: the same bytes at each.
#include "guided_law.hpp"
#include "kernels.hpp"

#include <algorithm>
#include <vector>

namespace core::CORE_LEVEL {
namespace {

constexpr double kAirScale = 80e3, kMachScale = 2.0;
constexpr double kNever = 1e9, kSmallestSide = 1e-9;
// a coast below this is flown in steps so much shorter; longest step under power
constexpr double kInAir = 120e3, kAirSteps = 20.0, kLongestPiece = 2.0, kMostPieces = 1000.0;
constexpr double kCutoff = 1e-7, kLongestStep = 1.0, kLostCycles = 20.0, kGround = -5.0;

// Handed on by reference: GCC 12 leaves vectors that it passes on the stack there, step by step.
struct Point {
    vd t;
    vd3 r, v;
    vd mass;
};

// felt: gravity aside
struct Rates {
    vd3 a, felt;
    vd q, q_alpha;
};

inline vd of(Status s) {
    return splat(double(int(s)));
}

class Pack {
public:
    Pack(const GuidedProgramme &programme, const GuidedLanes &lanes, int at)
        : p(programme), lanes(lanes), i(at), began(programme.sections.size() * W) {
        now = {splat(0.0),
               {splat(p.start[0]), splat(p.start[1]), splat(p.start[2])},
               {splat(p.start[3]), splat(p.start[4]), splat(p.start[5])},
               load(lanes.mass + i)};
        max_q = max_q_alpha = status = memory.missed = splat(0.0);
        left = splat(0.0);
        density = load(lanes.density + i);
        drag = load(lanes.drag + i);
        wind = load(lanes.wind + i);
        off_r = load3(lanes.navigation + i, lanes.n);
        off_v = load3(lanes.navigation + 3 * lanes.n + i, lanes.n);
        r_told = now.r;
        v_told = now.v;
        done = turned = now.t != now.t;
        for (int k = 0; k < 9; ++k) {
            turn[k] = load(lanes.turn + static_cast<std::size_t>(k) * lanes.n + i);
            turned = turned | (turn[k] != (k % 4 == 0 ? 1.0 : 0.0));
        }
        any_turned = any(turned);
    }

    void fly(double *marks, double *tallies) {
        for (int k = 0; k < int(p.sections.size()); ++k) {
            const GuidedSection &s = p.sections[k];
            power(k);
            const vd usable = row(lanes.usable, k), after = row(lanes.after, k);
            left = usable >= 0.0 ? usable : left;
            if (s.leg >= 0 && (k == 0 || p.sections[k - 1].leg != s.leg)) {
                const GuidedAim &aim = p.aims[s.leg];
                core::CORE_LEVEL::begin(memory, aim, sense_of(aim), now.t, believed_r());
                passes = kFirstPasses;
                done = now.t != now.t;
            }
            if (s.open)
                open(k);
            else
                closed(k);
            double *out = marks + static_cast<std::size_t>(k) * kMarkRows * lanes.n + i;
            store(out, now.t);
            store3(out + lanes.n, lanes.n, now.r);
            store3(out + 4 * lanes.n, lanes.n, now.v);
            store(out + 7 * lanes.n, now.mass);
            now.mass = after >= 0.0 ? after : now.mass - row(lanes.drop, k);
        }
        const vd rows[kTallyRows] = {max_q, max_q_alpha, left, status, memory.missed};
        for (int k = 0; k < kTallyRows; ++k)
            store(tallies + static_cast<std::size_t>(k) * lanes.n + i, rows[k]);
    }

private:
    const GuidedProgramme &p;
    const GuidedLanes &lanes;
    const int i;
    int passes = kFirstPasses;
    Point now;
    vd3 off_r, off_v;
    vd left, density, drag, wind, thrust, flow, exit_area, pitch, yaw, max_q, max_q_alpha, status;
    Memory memory;
    // what the computer of a lane out of line believes
    vd3 r_told, v_told;
    vd turn[9];
    mask turned, off;
    bool any_turned, any_off;
    // lanes whose leg has been cut off, and when each open section began
    mask done;
    std::vector<double> began;

    vd row(const double *rows, int k) const {
        return load(rows + static_cast<std::size_t>(k) * lanes.n + i);
    }

    // What pushes in section k.
    void power(int k) {
        thrust = row(lanes.thrust, k);
        flow = row(lanes.flow, k);
        exit_area = row(lanes.exit_area, k);
        pitch = row(lanes.pitch, k);
        yaw = row(lanes.yaw, k);
        off = (pitch != 0.0) | (yaw != 0.0);
        any_off = any(off);
    }

    mask up() const { return status != of(Status::ground); }

    void become(mask which, Status s) {
        status = (which & (status == of(Status::flown))) ? of(s) : status;
    }

    // Velocity relative to air that turns with the planet and blows.
    vd3 air_velocity(const vd3 &r, const vd3 &v, vd east, vd north) const {
        const vd level2 = r.x * r.x + r.y * r.y, level = root(level2);
        const vd d = root(level2 + r.z * r.z), over = larger(level, splat(1.0));
        const vd e = east / over, n = north / (d * over);
        return {(v.x + p.omega * r.y) + (e * r.y + n * (r.z * r.x)),
                (v.y - p.omega * r.x) - (e * r.x - n * (r.z * r.y)), v.z - n * level2};
    }

    vd3 direction(Mode mode, vd t) const {
        if (mode == Mode::guided)
            return memory.direction(t);
        vd u[3];
        read<3>(p.attitude, t, u);
        const vd3 w = {u[0], u[1], u[2]};
        return (1.0 / root(product(w, w))) * w;
    }

    // A vector of true axes in those believed in, and back.
    vd3 told(const vd3 &x) const {
        return {turn[0] * x.x + turn[1] * x.y + turn[2] * x.z,
                turn[3] * x.x + turn[4] * x.y + turn[5] * x.z,
                turn[6] * x.x + turn[7] * x.y + turn[8] * x.z};
    }
    vd3 untold(const vd3 &x) const {
        return {turn[0] * x.x + turn[3] * x.y + turn[6] * x.z,
                turn[1] * x.x + turn[4] * x.y + turn[7] * x.z,
                turn[2] * x.x + turn[5] * x.y + turn[8] * x.z};
    }

    // Where the thrust points, in true axes, when the computer wants it along `wanted`.
    vd3 thrust_direction(const vd3 &wanted) const {
        const vd3 u = any_turned ? chosen(turned, untold(wanted), wanted) : wanted;
        if (!any_off)
            return u;
        const vd3 aside = {splat(p.side[0]), splat(p.side[1]), splat(p.side[2])};
        vd3 side = aside - product(aside, u) * u;
        const vd length = larger(root(product(side, side)), splat(kSmallestSide));
        side = {side.x / length, side.y / length, side.z / length};
        const vd3 up = cross(u, side);
        const vd3 w = (u + pitch * up) + yaw * side;
        const vd size = root(product(w, w));
        return chosen(off, {w.x / size, w.y / size, w.z / size}, u);
    }

    vd3 believed_r() const { return chosen(turned, r_told, now.r) + off_r; }
    vd3 believed_v() const { return chosen(turned, v_told, now.v) + off_v; }

    // The believed state over h from what is felt at the four points of the step.
    void believe(const vd &h, const vd3 *felt) {
        if (!any_turned)
            return;
        const vd half = 0.5 * h, sixth = h / 6.0, two = splat(2.0);
        const vd3 r = r_told, v1 = v_told;
        const vd3 a1 = told(felt[0]) + zonal(p, r);
        const vd3 v2 = v1 + half * a1;
        const vd3 a2 = told(felt[1]) + zonal(p, r + half * v1);
        const vd3 v3 = v1 + half * a2;
        const vd3 a3 = told(felt[2]) + zonal(p, r + half * v2);
        const vd3 v4 = v1 + h * a3;
        const vd3 a4 = told(felt[3]) + zonal(p, r + h * v3);
        r_told = r + sixth * (v1 + two * (v2 + v3) + v4);
        v_told = v1 + sixth * (a1 + two * (a2 + a3) + a4);
    }

    Rates rates(const GuidedSection &s, const Point &at) const {
        const vd h = height(p, at.r);
        vd air[5], cd[1];
        read<5>(p.air, h / (h + kAirScale), air);
        const vd rho = air[0] * density;
        const vd3 w = air_velocity(at.r, at.v, wind * air[3], wind * air[4]);
        const vd speed = root(product(w, w)), mach = speed / air[2];
        Cubics own = p.drag;
        own.c += 4 * s.drag;
        read<1>(own, mach / (mach + kMachScale), cd);
        const vd k = (drag * cd[0] * p.area) * (0.5 * rho * speed) / at.mass;
        Rates out;
        out.a = zonal(p, at.r) - k * w;
        out.felt = (-k) * w;
        out.q = 0.5 * rho * (speed * speed);
        out.q_alpha = splat(0.0);
        if (s.mode != Mode::coast) {
            const vd3 u = thrust_direction(direction(s.mode, at.t));
            const vd push = (thrust - exit_area * air[1]) / at.mass;
            const vd3 across = cross(u, w);
            out.q_alpha = out.q * (root(product(across, across)) / larger(speed, splat(0.1)));
            out.a = out.a + push * u;
            out.felt = out.felt + push * u;
        }
        return out;
    }

    vd3 pushed(const GuidedSection &s, const Point &at, vd3 &felt) const {
        const Rates found = rates(s, at);
        felt = found.felt;
        return found.a;
    }

    // Runge-Kutta 4 over h; h = 0 leaves a lane as it is.
    void step(const GuidedSection &s, const Rates &first, const vd &h) {
        const vd half = 0.5 * h, sixth = h / 6.0, two = splat(2.0);
        Point at = {now.t + half, now.r + half * now.v, now.v + half * first.a,
                    now.mass - half * flow};
        vd3 felt[4] = {first.felt, first.felt, first.felt, first.felt};
        const vd3 v2 = at.v, a2 = pushed(s, at, felt[1]);
        at.r = now.r + half * v2;
        at.v = now.v + half * a2;
        const vd3 v3 = at.v, a3 = pushed(s, at, felt[2]);
        at = {now.t + h, now.r + h * v3, now.v + h * a3, now.mass - h * flow};
        const vd3 v4 = at.v, a4 = pushed(s, at, felt[3]);
        believe(h, felt);
        now.r = now.r + sixth * (now.v + two * (v2 + v3) + v4);
        now.v = now.v + sixth * (first.a + two * (a2 + a3) + a4);
        now.t = at.t;
        now.mass = at.mass;
    }

    // Rates at the start of a step, with what is kept of them.
    Rates begin(const GuidedSection &s) {
        // written so that not-a-number is an end too
        status = ~(height(p, now.r) >= kGround) ? of(Status::ground) : status;
        const Rates first = rates(s, now);
        max_q = up() ? larger(first.q, max_q) : max_q;
        max_q_alpha = up() ? larger(first.q_alpha, max_q_alpha) : max_q_alpha;
        return first;
    }

    void guide(int k, const vd &begun, mask running) {
        const Sensed sensed = {now.t, believed_r(), believed_v(), now.t - begun, thrust / now.mass};
        // a burn shorter than the freeze is still aimed once
        const mask frozen = memory.cutoff - now.t <= (passes == kFirstPasses ? 0.0 : p.freeze);
        update(memory, p, k, sensed, passes, running & ~frozen);
        passes = kPasses;
        become(memory.held > kLostCycles, Status::lost);
    }

    // Ends by the clock.
    void closed(int k) {
        const GuidedSection &s = p.sections[k];
        const vd begun = now.t, h = row(lanes.length, k) / double(s.steps);
        const bool coasts = s.mode == Mode::coast;
        const vd powered = coasts ? splat(1.0) : pieces_of(h);
        for (int j = 0; j < s.steps; ++j) {
            const vd pieces = coasts ? pieces_down() : powered, part = h / pieces;
            for (int piece = 0; piece == 0 || any((pieces > double(piece)) & up()); ++piece) {
                const mask flies = pieces > double(piece);
                if (s.mode == Mode::guided)
                    guide(k, begun, flies & up());
                const Rates first = begin(s);
                step(s, first, (flies & up()) ? part : splat(0.0));
            }
        }
    }

    // Of a step of a coast: one, but where a lane comes down into the air.
    vd pieces_down() const { return height(p, now.r) < kInAir ? splat(kAirSteps) : splat(1.0); }

    // Of a step under power: one, but where a lane's section is much longer than planned.
    vd pieces_of(const vd &h) const {
        vd many = smaller(h / kLongestPiece, splat(kMostPieces));
        for (int i = 0; i < W; ++i)
            many[i] = std::ceil(many[i]);
        return h > kLongestPiece ? many : splat(1.0);
    }

    // A burn that is to lower the energy raises it where too much is gone already.
    vd sense_of(const GuidedAim &aim) const {
        const vd3 r = believed_r(), v = believed_v();
        const double wanted = 0.5 * (aim.speed * aim.speed) - p.mu / aim.radius;
        const vd energy = 0.5 * product(v, v) - p.mu / root(product(r, r)), one = splat(1.0);
        return aim.sense > 0.0 ? one : (energy > wanted ? -one : one);
    }

    // Ends when the energy is the aim's, or the propellant; where its leg goes on, by the clock
    // too.
    void open(int k) {
        const GuidedSection &s = p.sections[k];
        const GuidedAim &aim = p.aims[s.leg];
        const double wanted = 0.5 * (aim.speed * aim.speed) - p.mu / aim.radius;
        const vd begun = now.t, one = splat(1.0);
        const bool timed = p.goes_on(k);
        const vd length = timed ? row(lanes.length, k) : splat(kNever), over = begun + length;
        const vd longest = timed ? longest_of(length, s.steps) : splat(kLongestStep);
        mask running = up() & ~done, reached = running & ~running;
        store(&began[static_cast<std::size_t>(k) * W], begun);
        for (int j = 0; j < s.steps; ++j) {
            guide(k, begun, running);
            const Rates first = begin(s);
            running = running & up();
            const vd3 rn = believed_r(), vn = believed_v();
            const vd d2 = product(rn, rn), d = root(d2);
            const vd energy = 0.5 * product(vn, vn) - p.mu / d;
            vd3 known = first.a;
            if (any_turned)
                known = chosen(turned, told(first.felt) + zonal(p, r_told), known);
            const vd rate = memory.sense * product(vn, known + (p.mu / (d2 * d)) * rn);
            const mask nears = rate > 0.0;
            const vd missing = memory.sense * (wanted - energy);
            const vd ahead = nears ? missing / (nears ? rate : one) : splat(1e9);
            const vd dry = lasts(), rest = over - now.t;
            // a step too far is taken back, but not into the section before
            vd h = smaller(smaller(larger(ahead, begun - now.t), longest), dry);
            h = smaller(h, rest);
            const mask there = (size(ahead) <= kCutoff) | ((ahead < 0.0) & (now.t <= begun));
            const mask empty = ~there & (dry <= kCutoff);
            become(running & empty, Status::too_short);
            reached = reached | (running & there);
            running = running & ~there & ~empty & ~(rest <= kCutoff);
            if (!any(running))
                break;
            h = running ? h : splat(0.0);
            left = left - h * flow;
            step(s, first, h);
        }
        become(running, Status::late);
        done = done | reached;
        const vd late = row(lanes.late, k), zero = splat(0.0);
        // an engine that was to stop burns on along the direction it had then
        const mask on = reached & (late > 0.0);
        memory.law = chosen(on, memory.direction(now.t), memory.law);
        memory.rate = chosen(on, {zero, zero, zero}, memory.rate);
        take_back(k, burn_on(s, reached ? load(lanes.tail + i) + late : zero, begun));
    }

    // Of the steps of an open section that ends by the clock: short of `most` of them by half.
    vd longest_of(const vd &length, int most) const {
        return larger(splat(kLongestStep), (2.0 / double(most)) * length);
    }

    // A cut-off that comes before the section it was commanded in: back through those of its leg
    // before, each as it was flown; `rest` is below zero where something is left of it.
    void take_back(int k, vd rest) {
        for (int j = k - 1; j >= 0 && p.sections[j].open && p.goes_on(j) && any(rest < 0.0); --j) {
            power(j);
            rest = burn_on(p.sections[j], rest, load(&began[static_cast<std::size_t>(j) * W]));
        }
        power(k);
    }

    // How long the propellant lasts.
    vd lasts() const {
        const mask flows = flow > 0.0;
        return flows ? left / (flows ? flow : splat(1.0)) : splat(kNever);
    }

    // What the engine gives after the command, more or less: not more than there is, and no less
    // than nothing since `begun`; what cannot be taken back is left.
    vd burn_on(const GuidedSection &s, const vd &more, const vd &begun) {
        const vd most = flow > 0.0 ? larger(lasts(), splat(0.0)) : splat(0.0);
        vd rest = larger(smaller(more, most), begun - now.t);
        const vd beyond = smaller(more - rest, splat(0.0));
        do {
            const vd h = larger(smaller(rest, splat(kLongestStep)), splat(-kLongestStep));
            left = left - h * flow;
            step(s, rates(s, now), h);
            rest = rest - h;
        } while (any(size(rest) > 0.0));
        return beyond;
    }
};

} // namespace

void guided(const GuidedProgramme &programme, const GuidedLanes &lanes, double *marks,
            double *tallies) {
    for (int i = 0; i < lanes.n; i += W)
        Pack(programme, lanes, i).fly(marks, tallies);
}

} // namespace core::CORE_LEVEL

"""Guided flights over many lanes: the specification of the compiled kernel.

Each lane steps through the programme's sections with steps of its own length, so that every mark
falls on the end of a step: Runge-Kutta 4, one guidance cycle a step. Where a section is open its
steps shrink onto the instant at which the orbital energy is the aim's (dE/dt is known at the
start of a step; three or four Newton steps land within a microsecond), so that the cut-off is
not a matter of the cycle. An open section whose leg goes on (a burn whose throttle moves) ends by
the clock too, and what is left of the leg after the cut-off is passed over.

A lane whose inertial unit is out of line integrates a second state beside the true one, which is
what its computer believes: the forces felt, turned into the axes it believes in, and gravity where
it believes to be, from the place and velocity at lift-off that it was loaded with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cosmodrome.maths import NUMPY, Cubics
from cosmodrome.physics import aerodynamics, powered
from cosmodrome.physics.powered import Planet
from cosmodrome.powered import guidance
from cosmodrome.solvers.guided import (
    AIR_SCALE_M,
    MACH_SCALE,
    Lanes,
    Mode,
    Outcome,
    Programme,
    Status,
    Surroundings,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.physics.powered import Body
    from cosmodrome.solvers.guided import Aim

    Array = NDArray[np.float64]

__all__ = ["NO_WIND", "air_velocity", "fly_as_specified", "planet_of", "surroundings"]

_AIR_CELLS, _DRAG_CELLS = 4096, 1024
_HIGHEST_M, _FASTEST_MACH = 1_000_000.0, 60.0
_LOWEST_M = -2_000.0
# a cut-off is reached when it is this near
_CUTOFF_S = 1e-7
_LONGEST_STEP_S = 1.0
_LOST_CYCLES = 20
_GROUND_M = -5.0
_NEVER_S, _SMALLEST_SIDE = 1e9, 1e-9
# a coast below this is flown in steps so much shorter; longest step under power, and most of them
_IN_AIR_M, _AIR_STEPS, _LONGEST_PIECE_S, _MOST_PIECES = 120e3, 20.0, 2.0, 1_000.0


def NO_WIND(h: Array) -> tuple[Array, Array]:
    """Still air."""
    return np.zeros_like(h), np.zeros_like(h)


def surroundings(
    planet: Planet,
    body: Body,
    wind: Callable[[Array], tuple[Array, Array]] = NO_WIND,
    later: Sequence[Body] = (),
) -> Surroundings:
    """The physics of an ascent as tables.

    later  bodies of the configurations after the first (`Section.drag`)
    wind   height in m (n,) -> to the east and to the north in m/s, (n,) each
    Air and drag are within 1e-7 of the formulas they are cut from.
    """

    def air(y: Array) -> Array:
        h = AIR_SCALE_M * y / (1.0 - y)
        return np.stack([*planet.atmosphere(NUMPY, h), *wind(h)])

    def drag(y: Array) -> Array:
        mach = MACH_SCALE * y / (1.0 - y)
        # every later one on the area of the first
        bodies = [(body, 1.0), *((b, b.area_m2 / body.area_m2) for b in later)]
        return np.stack([np.broadcast_to(b.cd(NUMPY, mach), mach.shape) * k for b, k in bodies])

    def ratio(x: float, scale: float) -> float:
        return x / (x + scale)

    return Surroundings(
        planet.mu,
        planet.gravity_radius_m,
        planet.j2,
        planet.j3,
        planet.j4,
        planet.omega_rad_s,
        planet.equatorial_radius_m,
        planet.flattening,
        body.area_m2,
        Cubics.of(air, ratio(_LOWEST_M, AIR_SCALE_M), ratio(_HIGHEST_M, AIR_SCALE_M), _AIR_CELLS),
        Cubics.of(drag, 0.0, ratio(_FASTEST_MACH, MACH_SCALE), _DRAG_CELLS),
    )


@dataclass(slots=True, eq=False)
class _State:
    """Of all lanes: time, place and velocity (3, n), mass, usable propellant left."""

    t: Array
    r: Array
    v: Array
    mass: Array
    left: Array


class _Rates(NamedTuple):
    """Acceleration; of it what is felt, gravity aside; dynamic pressure, and with sin alpha."""

    a: Array
    felt: Array
    q: Array
    q_alpha: Array


class _Flight:
    """One batch as it flies."""

    def __init__(self, programme: Programme, lanes: Lanes) -> None:
        n = lanes.count
        self.programme, self.lanes = programme, lanes
        self.here = programme.surroundings
        self.planet = planet_of(self.here)
        start = np.repeat(np.asarray(programme.start)[:, None], n, axis=1)
        self.now = _State(np.zeros(n), start[:3], start[3:], lanes.mass_kg.copy(), np.zeros(n))
        # what the computer of a lane out of line believes, and which lanes are
        self.r_told, self.v_told = start[:3].copy(), start[3:].copy()
        self.turn = lanes.turn.reshape(3, 3, n)
        self.turned = np.any(self.turn != np.eye(3)[:, :, None], axis=(0, 1))
        self.status = np.zeros(n, dtype=np.int64)
        self.max_q, self.max_q_alpha = np.zeros(n), np.zeros(n)
        self.memory: guidance.Memory | None = None
        # lanes whose leg has been cut off, and when each open section began
        self.done = np.zeros(n, dtype=np.bool_)
        self.began: dict[int, Array] = {}
        self.passes = guidance.FIRST_PASSES

    # the right-hand side ---------------------------------------------------------------
    def rates(self, k: int, t: Array, r: Array, v: Array, mass: Array) -> _Rates:
        """Of section k; accelerations (3, n), the rest (n,)."""
        here, lanes, s = self.here, self.lanes, self.programme.sections[k]
        h = powered.height(NUMPY, self.planet, (r[0], r[1], r[2]))
        rho, pressure, sound, east, north = here.air(h / (h + AIR_SCALE_M))
        rho = rho * lanes.density
        w = air_velocity(here, r, v, lanes.wind * east, lanes.wind * north)
        speed = np.sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2])
        mach = speed / sound
        cd = here.drag(mach / (mach + MACH_SCALE))[s.drag]
        q = aerodynamics.dynamic_pressure(rho, speed * speed)
        drag = (lanes.drag * cd * here.area_m2) * (0.5 * rho * speed) / mass
        a = guidance.field(here, r) - drag * w
        felt = -drag * w
        if s.mode == Mode.COAST:
            return _Rates(a, felt, q, np.zeros_like(q))
        u = self._thrust_direction(k, self._direction(s.mode, t))
        push = (lanes.thrust_n[k] - lanes.exit_area_m2[k] * pressure) / mass
        across = np.stack(NUMPY.cross((u[0], u[1], u[2]), (w[0], w[1], w[2])))
        sine = np.sqrt(across[0] ** 2 + across[1] ** 2 + across[2] ** 2) / np.maximum(speed, 0.1)
        return _Rates(a + push * u, felt + push * u, q, q * sine)

    def _thrust_direction(self, k: int, told: Array) -> Array:
        """Where the thrust points, in true axes, when the computer wants it along `told`."""
        u = np.where(self.turned, _untold(self.turn, told), told)
        pitch, yaw = self.lanes.pitch[k], self.lanes.yaw[k]
        aside = np.asarray(self.programme.side)[:, None]
        side = aside - guidance.dot(aside, u) * u
        side = side / np.maximum(np.sqrt(guidance.dot(side, side)), _SMALLEST_SIDE)
        up = np.stack(NUMPY.cross((u[0], u[1], u[2]), (side[0], side[1], side[2])))
        off = u + pitch * up + yaw * side
        off = off / np.sqrt(guidance.dot(off, off))
        return np.where((pitch != 0.0) | (yaw != 0.0), off, u)

    def _direction(self, mode: Mode, t: Array) -> Array:
        if mode == Mode.TABLE:
            u = self.programme.attitude(t)
            out: Array = u / np.sqrt(u[0] * u[0] + u[1] * u[1] + u[2] * u[2])
            return out
        assert self.memory is not None
        return self.memory.direction(t)

    # a step ----------------------------------------------------------------------------
    def step(self, k: int, first: _Rates, h: Array) -> None:
        """Runge-Kutta 4 over h (n,) from the rates at its start; h = 0 leaves a lane as it is."""
        now, flow = self.now, self.lanes.flow_kg_s[k]
        half = 0.5 * h
        middle = now.mass - half * flow
        v1, a1 = now.v, first.a
        v2 = now.v + half * a1
        a2, felt2, *_ = self.rates(k, now.t + half, now.r + half * v1, v2, middle)
        v3 = now.v + half * a2
        a3, felt3, *_ = self.rates(k, now.t + half, now.r + half * v2, v3, middle)
        v4 = now.v + h * a3
        a4, felt4, *_ = self.rates(k, now.t + h, now.r + h * v3, v4, now.mass - h * flow)
        self.believe(h, (first.felt, felt2, felt3, felt4))
        sixth = h / 6.0
        now.r = now.r + sixth * (v1 + 2.0 * (v2 + v3) + v4)
        now.v = now.v + sixth * (a1 + 2.0 * (a2 + a3) + a4)
        now.t = now.t + h
        now.mass = now.mass - h * flow

    def begin(self, k: int) -> _Rates:
        """Rates at the start of a step, with what is kept of them."""
        now = self.now
        # written so that not-a-number is an end too
        self.status = np.where(~(self._height() >= _GROUND_M), Status.GROUND, self.status)
        first = self.rates(k, now.t, now.r, now.v, now.mass)
        up = self.status != Status.GROUND
        self.max_q = np.where(up, np.maximum(self.max_q, first.q), self.max_q)
        self.max_q_alpha = np.where(
            up, np.maximum(self.max_q_alpha, first.q_alpha), self.max_q_alpha
        )
        return first

    def _height(self) -> Array:
        r = self.now.r
        out: Array = powered.height(NUMPY, self.planet, (r[0], r[1], r[2]))
        return out

    def _mark(self, lanes: NDArray[np.bool_], status: Status) -> None:
        self.status = np.where(lanes & (self.status == Status.FLOWN), status, self.status)

    # guidance --------------------------------------------------------------------------
    def guide(self, k: int, since: Array, running: NDArray[np.bool_]) -> None:
        """One cycle of section k for the lanes that run and are not within the freeze."""
        p, now = self.programme, self.now
        s = p.sections[k]
        assert self.memory is not None
        # a burn shorter than the freeze is still aimed once
        freeze = 0.0 if self.passes == guidance.FIRST_PASSES else p.freeze_s
        guidance.update(
            self.memory,
            self.here,
            p.aims[s.leg],
            now.t,
            *self.believed(),
            guidance.remaining(p.sections, k, since, self.lanes.thrust_n[k] / now.mass),
            self.passes,
            running & ~(self.memory.cutoff - now.t <= freeze),
            p.largest_swing,
            p.short_s,
        )
        self.passes = guidance.PASSES
        self._mark(self.memory.held > _LOST_CYCLES, Status.LOST)

    # what the computer believes ----------------------------------------------------------
    def believed(self) -> tuple[Array, Array]:
        """Place and velocity as the computer has them, (3, n) each."""
        off = self.lanes.navigation
        r = np.where(self.turned, self.r_told, self.now.r) + off[:3]
        return r, np.where(self.turned, self.v_told, self.now.v) + off[3:]

    def believe(self, h: Array, felt: tuple[Array, ...]) -> None:
        """The believed state over h from what is felt at the four points of the step."""
        if not np.any(self.turned):
            return
        half, sixth = 0.5 * h, h / 6.0
        r, v1 = self.r_told, self.v_told
        f1, f2, f3, f4 = (_told(self.turn, f) for f in felt)
        a1 = f1 + guidance.field(self.here, r)
        v2 = v1 + half * a1
        a2 = f2 + guidance.field(self.here, r + half * v1)
        v3 = v1 + half * a2
        a3 = f3 + guidance.field(self.here, r + half * v2)
        v4 = v1 + h * a3
        a4 = f4 + guidance.field(self.here, r + h * v3)
        self.r_told = r + sixth * (v1 + 2.0 * (v2 + v3) + v4)
        self.v_told = v1 + sixth * (a1 + 2.0 * (a2 + a3) + a4)

    # sections --------------------------------------------------------------------------
    def closed(self, k: int) -> None:
        """A section that ends by the clock."""
        s, now = self.programme.sections[k], self.now
        begun = now.t
        h = self.lanes.length_s[k] / s.steps
        for _ in range(s.steps):
            pieces = self._pieces(s.mode, h)
            piece = 0
            while piece == 0 or np.any((pieces > piece) & (self.status != Status.GROUND)):
                flies = (pieces > piece) & (self.status != Status.GROUND)
                if s.mode == Mode.GUIDED:
                    self.guide(k, now.t - begun, flies)
                first = self.begin(k)
                flies = flies & (self.status != Status.GROUND)
                self.step(k, first, np.where(flies, h / pieces, 0.0))
                piece += 1

    def _pieces(self, mode: Mode, h: Array) -> Array:
        """One, but where a lane coasts down into the air, or its section is far too long."""
        if mode == Mode.COAST:
            return np.where(self._height() < _IN_AIR_M, _AIR_STEPS, 1.0)
        many = np.ceil(np.minimum(h / _LONGEST_PIECE_S, _MOST_PIECES))
        return np.where(h > _LONGEST_PIECE_S, many, 1.0)

    def open(self, k: int) -> None:
        """A section that ends when the energy is the aim's, or the propellant; where its leg goes
        on, by the clock too."""
        s, now, here = self.programme.sections[k], self.now, self.here
        aim, memory = self.programme.aims[s.leg], self.memory
        assert memory is not None
        wanted = 0.5 * (aim.speed_m_s * aim.speed_m_s) - here.mu / aim.radius_m
        flow = self.lanes.flow_kg_s[k]
        begun = self.began[k] = now.t
        timed = self._goes_on(k)
        length = self.lanes.length_s[k] if timed else np.full_like(begun, _NEVER_S)
        # short of the most steps by half
        longest = np.maximum(_LONGEST_STEP_S, 2.0 / s.steps * length) if timed else _LONGEST_STEP_S
        over = begun + length
        running = (self.status != Status.GROUND) & ~self.done
        reached = np.zeros_like(running)
        for _ in range(s.steps):
            self.guide(k, now.t - begun, running)
            first = self.begin(k)
            running = running & (self.status != Status.GROUND)
            r, v = self.believed()
            d2 = r[0] * r[0] + r[1] * r[1] + r[2] * r[2]
            d = np.sqrt(d2)
            energy = 0.5 * (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) - here.mu / d
            known = _told(self.turn, first.felt) + guidance.field(here, self.r_told)
            a = np.where(self.turned, known, first.a) + (here.mu / (d2 * d)) * r
            rate = memory.sense * (v[0] * a[0] + v[1] * a[1] + v[2] * a[2])
            missing = memory.sense * (wanted - energy)
            ahead = np.where(rate > 0.0, missing / np.where(rate > 0.0, rate, 1.0), 1e9)
            dry, rest = self._dry(flow), over - now.t
            # a step too far is taken back, but not into the section before
            h = np.minimum(np.minimum(np.maximum(ahead, begun - now.t), longest), dry)
            h = np.minimum(h, rest)
            there = (np.abs(ahead) <= _CUTOFF_S) | ((ahead < 0.0) & (now.t <= begun))
            empty = ~there & (dry <= _CUTOFF_S)
            self._mark(running & empty, Status.SHORT)
            reached = reached | (running & there)
            running = running & ~there & ~empty & ~(rest <= _CUTOFF_S)
            if not np.any(running):
                break
            h = np.where(running, h, 0.0)
            now.left = now.left - h * flow
            self.step(k, first, h)
        self._mark(running, Status.LATE)
        self.done = self.done | reached
        late = self.lanes.late_s[k]
        # an engine that was to stop burns on along the direction it had then
        on = reached & (late > 0.0)
        memory.law = np.where(on, memory.direction(now.t), memory.law)
        memory.rate = np.where(on, 0.0, memory.rate)
        rest = self._burn_on(k, np.where(reached, self.lanes.tail_s + late, 0.0))
        self._take_back(k, rest)

    def _sense(self, aim: Aim) -> Array:
        """A burn that is to lower the energy raises it where too much is gone already."""
        r, v = self.believed()
        wanted = 0.5 * (aim.speed_m_s * aim.speed_m_s) - self.here.mu / aim.radius_m
        energy = 0.5 * guidance.dot(v, v) - self.here.mu / np.sqrt(guidance.dot(r, r))
        return np.where((aim.sense < 0.0) & (energy > wanted), -1.0, 1.0)

    def _goes_on(self, k: int) -> bool:
        """Does the leg of section k go on after it?"""
        sections = self.programme.sections
        return k + 1 < len(sections) and sections[k + 1].leg == sections[k].leg

    def _take_back(self, k: int, rest: Array) -> None:
        """A cut-off that comes before the section k it was commanded in: back through those of its
        leg before, each as it was flown; `rest` is below zero where something is left of it."""
        for j in range(k - 1, -1, -1):
            if not (self.programme.sections[j].open and self._goes_on(j) and np.any(rest < 0.0)):
                return
            rest = self._burn_on(j, rest)

    def _dry(self, flow: Array) -> Array:
        """How long the propellant lasts."""
        flows = flow > 0.0
        return np.where(flows, self.now.left / np.where(flows, flow, 1.0), _NEVER_S)

    def _burn_on(self, k: int, more: Array) -> Array:
        """What the engine gives after the command, more or less: not more than there is, and no
        less than nothing since the section began; (n,) what cannot be taken back."""
        now, flow = self.now, self.lanes.flow_kg_s[k]
        most = np.where(flow > 0.0, np.maximum(self._dry(flow), 0.0), 0.0)
        rest = np.maximum(np.minimum(more, most), self.began[k] - now.t)
        beyond: Array = np.minimum(more - rest, 0.0)
        while True:
            h = np.maximum(np.minimum(rest, _LONGEST_STEP_S), -_LONGEST_STEP_S)
            now.left = now.left - h * flow
            self.step(k, self.rates(k, now.t, now.r, now.v, now.mass), h)
            rest = rest - h
            if not np.any(np.abs(rest) > 0.0):
                return beyond

    def fly(self) -> Outcome:
        """All sections."""
        sections = self.programme.sections
        marks = np.empty((len(sections), 8, self.lanes.count))
        for k, s in enumerate(sections):
            usable, after = self.lanes.usable_kg[k], self.lanes.after_kg[k]
            self.now.left = np.where(usable >= 0.0, usable, self.now.left)
            if s.leg >= 0 and (k == 0 or sections[k - 1].leg != s.leg):
                missed = None if self.memory is None else self.memory.missed
                aim = self.programme.aims[s.leg]
                self.memory = guidance.start(
                    aim, self.now.t, self.believed()[0], missed, self._sense(aim)
                )
                self.passes = guidance.FIRST_PASSES
                self.done = np.zeros_like(self.done)
            if s.open:
                self.open(k)
            else:
                self.closed(k)
            now = self.now
            marks[k] = np.vstack([now.t, now.r, now.v, now.mass])
            now.mass = np.where(after >= 0.0, after, now.mass - self.lanes.drop_kg[k])
        missed = np.zeros(self.lanes.count) if self.memory is None else self.memory.missed
        return Outcome(
            marks,
            self.max_q,
            self.max_q_alpha,
            self.now.left,
            self.status,
            missed.astype(np.int64),
        )


def _told(turn: Array, x: Array) -> Array:
    """Vectors (3, n) of true axes in those believed in; `turn` (3, 3, n)."""
    return np.stack([turn[i, 0] * x[0] + turn[i, 1] * x[1] + turn[i, 2] * x[2] for i in range(3)])


def _untold(turn: Array, x: Array) -> Array:
    """Vectors (3, n) of believed axes in true ones."""
    return np.stack([turn[0, i] * x[0] + turn[1, i] * x[1] + turn[2, i] * x[2] for i in range(3)])


def fly_as_specified(programme: Programme, lanes: Lanes) -> Outcome:
    """Fly all lanes in NumPy; the kernel's answer to rounding, some thousand times slower."""
    return _Flight(programme, lanes).fly()


def planet_of(here: Surroundings) -> Planet:
    """The planet of some surroundings, its air aside."""
    return Planet(
        here.mu,
        here.gravity_radius_m,
        here.j2,
        here.j3,
        here.j4,
        here.omega_rad_s,
        here.equatorial_radius_m,
        here.flattening,
    )


def air_velocity(here: Surroundings, r: Array, v: Array, east: Array, north: Array) -> Array:
    """Velocity relative to air that turns with the planet and blows; (3, n)."""
    place = (r[0], r[1], r[2])
    w = aerodynamics.air_velocity(place, (v[0], v[1], v[2]), here.omega_rad_s)
    blows = aerodynamics.wind_velocity(NUMPY, place, east, north)
    out: Array = np.stack(w) - np.stack(blows)
    return out

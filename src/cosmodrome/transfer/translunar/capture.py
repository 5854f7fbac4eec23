"""Into the orbit about the Moon: finite burns against the motion, one after another.

Each burn is at full thrust, centred on an apsis of the path as it is flown: when half of it is
done the radial speed is zero. How long it lasts is what leaves the wanted apsis on the other side.
A burn at an apsis hardly moves that apsis itself; where the finite arc does, and where the perilune
is wanted elsewhere than the arrival has it, a last burn at the apolune trims it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from cosmodrome.dynamics import Settings, Thrust, propagate
from cosmodrome.errors import InfeasibleError, InputError, SolverError
from cosmodrome.transfer.translunar.geometry import MU_MOON
from cosmodrome.world.bodies import body
from cosmodrome.world.centre import recentred
from cosmodrome.world.centres import MOON_SPHERE_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.transfer.nouns import Engine
    from cosmodrome.transfer.translunar.nouns import LunarOrbit
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Held", "InsertionBurn", "apsides", "capture", "insert", "perilune_aim"]

#: does the thrust follow the velocity, or stand still among the stars?
Held = Literal["vnc", "gcrf"]
_GROUND_M = body("moon").radius_m
_PASSES = 30
_MET_M, _MET_S = 1.0, 0.01
# the perilune to aim at: how often it is shifted, and how well it is then met
_AIMS, _AIM_MET_M = 8, 100.0
_LONG_S = 86_400.0
# no burn needs more; a path inside the Moon would
_SETTINGS = Settings(budget=2_000)
# orbits on the way need be no nearer
_BETWEEN_M = 20e3
# the turn of a plane is met to this, by so many corrections
_TURN_RAD, _TURNS = math.radians(0.002), 6
# a perilune and an apolune burn, and both once more
_ROUNDS = 2
# so much of a revolution after an apsis no other is looked for
_BEFORE = 0.25
# an orbit whose radii differ by less is as good as a circle
_ROUND = 0.04


@dataclass(frozen=True, slots=True, eq=False)
class InsertionBurn:
    """One burn about the Moon.

    ignition    state as it begins, about the Moon, GCRF axes
    cut_off     and as it ends
    axes, direction   as a manoeuvre says them: "vnc" or "gcrf"
    delta_v_m_s  of the rocket equation
    loss_m_s     what an impulse at the apsis would take less
    perilune_m, apolune_m   osculating radii after it
    """

    ignition: State
    cut_off: State
    axes: Held
    direction: tuple[float, float, float]
    delta_v_m_s: float
    loss_m_s: float
    perilune_m: float
    apolune_m: float

    @property
    def duration_s(self) -> float:
        """From ignition to cut-off."""
        return self.cut_off.epoch - self.ignition.epoch

    @property
    def propellant_kg(self) -> float:
        """What it burns."""
        return self.ignition.mass_kg - self.cut_off.mass_kg


def apsides(state: State) -> tuple[float, float]:
    """Osculating radii of both apsides of a state about its centre; the second negative on a
    hyperbola."""
    r, v, mu = state.r_m, state.v_m_s, body(state.frame.centre).mu_m3_s2
    radius = float(np.linalg.norm(r))
    a = 1.0 / (2.0 / radius - float(v @ v) / mu)
    h = np.cross(r, v)
    e = float(np.linalg.norm(np.cross(v, h) / mu - r / radius))
    return a * (1.0 - e), a * (1.0 + e)


def capture(
    arriving: State,
    engine: Engine,
    orbits: Sequence[LunarOrbit],
    dynamics: Dynamics,
    world: World,
    *,
    held: Held = "vnc",
    near_m: float = 2_000.0,
    turn_rad: float = 0.0,
) -> tuple[InsertionBurn, ...]:
    """The burns from an arrival into one orbit after another.

    arriving   before its perilune, on the way in, any centre
    orbits     each lowers the apolune at the next perilune; where its perilune differs from
               the path's by more than `near_m` (of those on the way: by 20 km), a burn at the
               apolune that follows moves it, and where that leaves the apolune off by as much,
               one more at the perilune
    near_m     osculating radii need be no nearer; low orbits breathe by kilometres anyway
    turn_rad   the first burn turns the plane by so much about its apsis, towards r x v where
               positive

    Else the planes are those of the arrival. Raises InfeasibleError where a burn does not fit in or
    the path meets the ground, SolverError where a burn is not found.
    """
    about = dynamics.about("moon")
    state = recentred(arriving, "moon", world)
    burns: list[InsertionBurn] = []
    for number, orbit in enumerate(orbits, 1):
        close = near_m if number == len(orbits) else max(_BETWEEN_M, near_m)
        for kind, opposite in (
            ("periapsis", orbit.apolune_m),
            ("apoapsis", orbit.perilune_m),
        ) * _ROUNDS:
            low, high = apsides(state)
            off = (high if kind == "periapsis" else low) - opposite
            if high > 0.0 and abs(off) <= close:
                continue
            at = _next(state, kind, about, world, left=bool(burns))
            _above_ground(at)
            turn = 0.0 if burns else turn_rad
            burns.append(
                insert(at, state.epoch, engine, opposite, about, world, held=held, turn_rad=turn)
            )
            state = burns[-1].cut_off
    return tuple(burns)


def perilune_aim(
    perilune: State, engine: Engine, orbit: LunarOrbit, dynamics: Dynamics, world: World
) -> float:
    """Radius of the perilune of an arrival from which the first burn leaves the wanted one, m.

    perilune  state at the perilune of an arrival like it, about the Moon
    dynamics  about the Moon

    Raises as `capture` does.
    """
    r, v = perilune.r_m, perilune.v_m_s
    energy = float(v @ v) - 2.0 * MU_MOON / float(np.linalg.norm(r))
    radius = orbit.perilune_m
    for _ in range(_AIMS):
        speed = math.sqrt(energy + 2.0 * MU_MOON / radius)
        at = replace(
            perilune,
            r_m=r * (radius / np.linalg.norm(r)),
            v_m_s=v * (speed / np.linalg.norm(v)),
        )
        burn = insert(at, at.epoch + -_LONG_S, engine, orbit.apolune_m, dynamics, world)
        off = orbit.perilune_m - burn.perilune_m
        if abs(off) < _AIM_MET_M:
            break
        radius += off
    return radius


def insert(
    at: State,
    begins: Epoch,
    engine: Engine,
    opposite_m: float,
    dynamics: Dynamics,
    world: World,
    *,
    held: Held = "vnc",
    turn_rad: float = 0.0,
) -> InsertionBurn:
    """One burn centred on an apsis of the path it changes.

    at          state at the apsis that would be without the burn, about the Moon or the Earth
    begins      no ignition before
    opposite_m  radius of the other apsis afterwards
    dynamics    about the same body
    turn_rad    by which it turns the plane about that apsis, towards r x v where positive

    Raises as `capture` does.
    """
    radius = float(np.linalg.norm(at.r_m))
    speed = float(np.linalg.norm(at.v_m_s))
    about = body(at.frame.centre)
    wanted = math.sqrt(2.0 * about.mu_m3_s2 * opposite_m / (radius * (radius + opposite_m)))
    change = np.array([wanted * math.cos(turn_rad) - speed, wanted * math.sin(turn_rad)])
    size = float(np.linalg.norm(change))
    lasts = engine.burnt_kg(at.mass_kg, size) / engine.flow_kg_s
    x = np.array([-0.5 * lasts, lasts])
    tilt = math.atan2(float(change[1]), float(change[0]))
    shot = _Shot(at, engine, held, tilt, opposite_m, dynamics, world)
    try:
        x, cut_off = _centred(shot, x)
        for _ in range(_TURNS if turn_rad else 0):
            # the plane is turned in proportion to how far the thrust is off the motion
            lacks = turn_rad - _turned(at, cut_off)
            if abs(lacks) < _TURN_RAD:
                break
            off = math.remainder(shot.tilt, math.pi)
            shot.tilt += off * lacks / turn_rad
            x, cut_off = _centred(shot, x)
    except (_GroundedError, np.linalg.LinAlgError):
        raise InfeasibleError(
            f"the burn to {(opposite_m - about.radius_m) / 1e3:.0f} km above the {about.name} lasts"
            f" about {lasts:.0f} s, too long for it: the path falls to the ground, or leaves the"
            " apsis behind; write more burns, a higher perilune, or a stronger engine"
        ) from None
    if at.epoch + float(x[0]) < begins:
        raise InfeasibleError(
            f"the burn to {(opposite_m - about.radius_m) / 1e3:.0f} km lasts {x[1]:.0f} s"
            f" and would begin {begins - (at.epoch + float(x[0])):.0f} s before there is time for"
            " it: write more burns, or a stronger engine"
        )
    ignition = shot.ignition(float(x[0]))
    low, high = apsides(cut_off)
    spent = engine.delta_v_m_s(at.mass_kg, float(x[1]) * engine.flow_kg_s)
    direction = shot.direction(ignition)
    return InsertionBurn(ignition, cut_off, held, direction, spent, spent - size, low, high)


def _turned(at: State, after: State) -> float:
    """Angle by which the plane of a state is turned about its place, rad, towards r x v."""
    n, m = (np.cross(x.r_m, x.v_m_s) for x in (at, after))
    p = at.r_m / np.linalg.norm(at.r_m)
    # n turned about p by the angle d is n cos d + p x n sin d
    return math.atan2(float(np.cross(n, m) @ p), float(n @ m))


def _centred(shot: _Shot, x: Array) -> tuple[Array, State]:
    """Ignition and duration that meet both conditions, and the state at cut-off."""
    miss, cut_off = shot.flown(x)
    for _ in range(_PASSES):
        if abs(miss[0]) <= _MET_S and abs(miss[1]) <= _MET_M:
            break
        h = np.array([1.0, 1.0]) * max(1e-3 * x[1], 0.05)
        slopes = np.column_stack(
            [(shot.flown(x + d)[0] - shot.flown(x - d)[0]) / (2.0 * d.max()) for d in np.diag(h)]
        )
        step = np.linalg.solve(slopes, -miss)
        step *= min(1.0, 0.3 * x[1] / max(float(np.max(np.abs(step))), 1e-9))
        x = x + step
        miss, cut_off = shot.flown(x)
    else:
        raise SolverError(
            f"the burn to an apsis at {shot.opposite_m / 1e3:.0f} km misses by"
            f" {miss[1] / 1e3:.3g} km after {_PASSES} corrections: {x[1]:.0f} s are long for it;"
            " write more burns, or a stronger engine"
        )
    return x, cut_off


class _GroundedError(Exception):
    """A burn in which the path meets the ground."""


class _Shot:
    """One burn about an apsis: x = ignition after that apsis, and duration, s.

    tilt  of the thrust from the motion towards r x v; pi is against the motion
    """

    def __init__(
        self,
        at: State,
        engine: Engine,
        held: Held,
        tilt: float,
        opposite_m: float,
        dynamics: Dynamics,
        world: World,
    ) -> None:
        self.at, self.engine, self.held, self.tilt = at, engine, held, tilt
        self.mu = body(at.frame.centre).mu_m3_s2
        self.opposite_m, self.dynamics, self.world = opposite_m, dynamics, world

    def ignition(self, after_s: float) -> State:
        if abs(after_s) < 1e-6:
            return self.at
        return propagate(
            self.at, self.dynamics, after_s, world=self.world, dense=False, settings=_SETTINGS
        ).end

    def direction(self, ignition: State) -> tuple[float, float, float]:
        """From the motion by the tilt; standing still it is that of the apsis."""
        along, aside = round(math.cos(self.tilt), 15), round(math.sin(self.tilt), 15)
        if self.held == "vnc":
            return (along, aside, 0.0)
        h = np.cross(self.at.r_m, self.at.v_m_s)
        v = self.at.v_m_s / np.linalg.norm(self.at.v_m_s)
        u = along * v + aside * h / np.linalg.norm(h)
        return (float(u[0]), float(u[1]), float(u[2]))

    def flown(self, x: Array) -> tuple[Array, State]:
        """How far from the apsis the middle is, s, and the opposite apsis from its place, m."""
        begun = self.ignition(float(x[0]))
        end = begun.epoch + float(x[1])
        push = Thrust(
            begun.epoch, end, self.engine.thrust_n, self.engine.isp_s, self.direction(begun),
            self.held,
        )  # fmt: skip
        burning = self.dynamics.with_thrust(push)
        half = 0.5 * float(x[1])
        try:
            done = propagate(
                begun, burning, end, world=self.world, dense=False, times=[half], floor_m=0.0,
                settings=_SETTINGS,
            )  # fmt: skip
        except (InputError, SolverError) as e:
            raise _GroundedError from e
        if done.stats["ended_on_floor"]:
            raise _GroundedError
        r, v = done.samples[0, :3], done.samples[0, 3:6]
        radius = float(np.linalg.norm(r))
        # the radial speed over the fall towards the Moon is a time
        off = float(r @ v) * radius / self.mu
        low, high = apsides(done.end)
        # near a circle the two change places
        own = low if self.opposite_m >= radius else high
        if own <= 0.0 or abs(self.opposite_m / radius - 1.0) < _ROUND:
            own = radius
        a = 0.5 * (own + self.opposite_m)
        now = 2.0 / np.linalg.norm(done.end.r_m) - done.end.v_m_s @ done.end.v_m_s / self.mu
        return np.array([off, 2.0 * a * (1.0 - a * now)]), done.end


def _next(state: State, kind: str, dynamics: Dynamics, world: World, *, left: bool) -> State:
    """The next apsis of that kind; where one was just `left`, that is not it."""
    low, high = apsides(state)
    if left and 0.0 < high < MOON_SPHERE_M:
        a = 0.5 * (low + high)
        period = 2.0 * math.pi * math.sqrt(a**3 / MU_MOON)
        state = propagate(state, dynamics, _BEFORE * period, world=world, dense=False).end
    return propagate(state, dynamics, kind, world=world, within_s=10.0 * 86_400.0, dense=False).end


def _above_ground(at: State) -> None:
    height = float(np.linalg.norm(at.r_m)) - _GROUND_M
    if height <= 0.0:
        raise InfeasibleError(
            f"the arrival passes {-height / 1e3:.1f} km below the Moon's mean ground: correct it on"
            " the way first"
        )

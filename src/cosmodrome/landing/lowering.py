"""Descent orbit: when the site lies in the plane, and the burn that lowers perilune before it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Thrust, propagate
from cosmodrome.errors import InfeasibleError, InputError, SolverError
from cosmodrome.landing.ground import me_from_gcrf, me_from_gcrf_many
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body
from cosmodrome.world.daylight import sun_over

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.landing.ground import Site
    from cosmodrome.landing.nouns import Engine
    from cosmodrome.watch import Watch
    from cosmodrome.world.daylight import Light
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Insertion", "Pass", "as_it_is", "chosen", "lowered", "passes"]

_STEP_S = 60.0
# about a revolution of a low orbit
_AFTER_S = 7_200.0
# what perilune may be off, m of height and rad of place, and corrections at the most
_HEIGHT_M, _PLACE_RAD, _MOST = 1.0, 1e-6, 12
# how far ahead a pass is looked for where none comes in time: the Moon turns once
_MONTH_S = 28.0 * 86_400.0
_WAIT = "wait longer, or choose an orbit of an inclination above the site's latitude"


@dataclass(frozen=True, slots=True)
class Pass:
    """The craft at its nearest to the site's vertical on a revolution.

    t_s      seconds after the start of the path
    cross_m  of the site from the plane, along the ground, positive to the left of the motion
    """

    t_s: float
    cross_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Insertion:
    """The burn into the descent orbit, and what it leads to.

    start_s, end_s   seconds after the epoch of the state it was asked for
    u                (3,) thrust direction, GCRF axes, held
    perilune_m       height of perilune above 1,737.4 km; ahead_rad: angle from it to the site
    perilune         the state there
    over             the pass over the site that it is made for

    Of an orbit that is flown down from as it is there is no burn: both times are nil, and
    `perilune` is the state `ahead_rad` before the site.
    """

    start_s: float
    end_s: float
    u: Array
    delta_v_m_s: float
    propellant_kg: float
    perilune_m: float
    ahead_rad: float
    perilune: State
    over: Pass


def _site_m(site: Site, world: World, epoch: Epoch, t_s: Array) -> Array:
    turn = me_from_gcrf_many(world, epoch, t_s).matrix
    out: Array = np.einsum("nji,j->ni", turn, site.place_m)
    return out


def passes(path: Trajectory, site: Site, world: World) -> tuple[Pass, ...]:
    """Every pass of a path about the Moon over a site, in order of time.

    Raises InputError for a path of less than a step.
    """
    length = float(path.breaks_s[-1])
    if length < 2.0 * _STEP_S:
        raise InputError(
            f"a path of {length:g} s shows no pass over a site; propagate a revolution or more"
        )
    t = np.arange(0.0, length, _STEP_S)
    row = path.columns_at(t)
    s = _site_m(site, world, path.epoch, t)
    along = _along(row[:, :3], row[:, 3:6], s)
    near = np.einsum("ij,ij->i", row[:, :3], s) > 0.0
    crossed = np.flatnonzero((along[:-1] > 0.0) & (along[1:] <= 0.0) & near[:-1])
    out = []
    for k in crossed:
        a, b = float(along[k]), float(along[k + 1])
        at = float(t[k]) + _STEP_S * a / (a - b)
        r, v = np.split(path.columns_at(np.array([at]))[0, :6], 2)
        n = np.cross(r, v)
        place = _site_m(site, world, path.epoch, np.array([at]))[0]
        size = float(np.linalg.norm(place))
        off = math.asin(float(n @ place) / float(np.linalg.norm(n)) / size)
        out.append(Pass(at, off * size))
    return tuple(out)


def _along(r: Array, v: Array, s: Array) -> Array:
    """Component of sites ahead along the motion, in their plane; its sign is what counts."""
    n = np.cross(r, v)
    ahead = np.cross(n, r)
    out: Array = np.einsum("ij,ij->i", ahead, s) / np.linalg.norm(ahead, axis=1)
    return out


def chosen(
    found: Sequence[Pass], limit_m: float, speed_m_s: float, advice: Callable[[], str] | None = None
) -> Pass:
    """The first pass whose plane lies within `limit_m` of the site; of those that follow it from
    revolution to revolution, as the site drifts through the plane, the nearest.

    advice  what to do where none does

    Raises InfeasibleError where none does, with the nearest: when, how far off, and what turning
    the plane at `speed_m_s` would take.
    """
    if not found:
        raise InfeasibleError(
            "the orbit does not pass over the site's side of the Moon in the time given; give more"
            " time"
        )
    for k, one in enumerate(found):
        if abs(one.cross_m) > limit_m:
            continue
        for other in found[k + 1 :]:
            if abs(other.cross_m) >= abs(one.cross_m):
                break
            one = other
        return one
    best = min(found, key=lambda p: abs(p.cross_m))
    turn = speed_m_s * abs(best.cross_m) / body("moon").figure_m
    raise InfeasibleError(
        f"the orbit's plane comes no nearer to the site than {abs(best.cross_m) / 1e3:.1f} km, in"
        f" {best.t_s / 86_400.0:.2f} days, and {limit_m / 1e3:.1f} km are allowed: turning it"
        f" would take about {turn:.0f} m/s; {_WAIT if advice is None else advice()}"
    )


def _later(path: Trajectory, site: Site, world: World, limit_m: float) -> str:
    """When the site comes into the plane that a path ends in, as it then stands."""
    last = float(path.breaks_s[-1])
    r, v = np.split(path.columns_at(np.array([last]))[0, :6], 2)
    n = np.cross(r, v) / np.linalg.norm(np.cross(r, v))
    t = last + np.arange(0.0, _MONTH_S, 3_600.0)
    off = _site_m(site, world, path.epoch, t) @ n
    # it drifts by 17 km in an hour at the most: a limit below may lie between two of them
    met = (np.abs(off[1:]) < limit_m) | (off[1:] * off[:-1] < 0.0)
    if not met.any():
        return _WAIT
    days = float(t[1:][met][0]) / 86_400.0
    return (
        f"the site comes into the plane after about {days:.1f} days: write"
        f" within: {math.ceil(days + 0.5)} days"
    )


def _when(
    found: Sequence[Pass],
    site: Site,
    world: World,
    zero: Epoch,
    light: Light | None,
    window: tuple[Epoch, Epoch] | None,
) -> list[Pass]:
    """Passes within a window, in a light. Raises InfeasibleError where none is."""
    timed = [p for p in found if window is None or window[0] <= zero + p.t_s <= window[1]]
    if found and not timed:
        assert window is not None
        first, last = (zero + p.t_s for p in (found[0], found[-1]))
        raise InfeasibleError(
            f"the orbit passes the site from {first.utc(0)} to {last.utc(0)}, and a landing is"
            f" wanted from {window[0].utc(0)} to {window[1].utc(0)}: wait longer (within), or write"
            " another window"
        )
    if light is None or not timed:
        return timed
    edge = light.edge("moon", site.latitude_rad, site.longitude_rad)
    sun = sun_over(
        world, site.latitude_rad, site.longitude_rad, zero, [p.t_s for p in timed],
        height_m=site.height_m, edge=edge,
    )  # fmt: skip
    lit = [p for p, holds in zip(timed, light.holds(sun), strict=True) if holds]
    if not lit:
        low, high = (math.degrees(f(sun.height_rad)) for f in (np.min, np.max))
        raise InfeasibleError(
            f"the Sun stands {low:.1f} to {high:.1f} deg over the site while the orbit passes it,"
            f" and {light} is asked: wait longer (within), or ask for less"
        )
    return lit


def lowered(
    state: State,
    site: Site,
    engine: Engine,
    perilune_m: float,
    ahead_rad: float,
    dynamics: Dynamics,
    world: World,
    watch: Watch = SILENT,
    *,
    within_s: float = 86_400.0,
    cross_m: float = 30_000.0,
    after_s: float = 0.0,
    light: Light | None = None,
    window: tuple[Epoch, Epoch] | None = None,
) -> Insertion:
    """The burn at full thrust, against the motion, after which perilune lies before the site.

    perilune_m   height of perilune above 1,737.4 km
    ahead_rad    angle from perilune to the site
    after_s, within_s  the least and the most it may wait for the site to lie in the plane, within
                 `cross_m` of it
    light        the Sun over the site as it is passed; None: any
    window       in which it is passed; None: any time

    Raises InfeasibleError where the plane stays further from the site or it is dark, InputError for
    a perilune above the orbit, SolverError where the correction does not settle.
    """
    lowest = body("moon").figure_m + perilune_m
    span = _until(state, within_s, window)
    path = propagate(state, dynamics, span, world=world, watch=watch).trajectory
    after = max(after_s, _half(state) + 1200.0)
    over = _passed(state, path, site, world, after, cross_m, light, window)
    mu = body("moon").mu_m3_s2
    # half a revolution of the lower orbit, and the way from perilune on
    r = float(np.linalg.norm(path.columns_at(np.array([over.t_s]))[0, :3]))
    half = math.pi * math.sqrt((0.5 * (r + lowest)) ** 3 / mu)
    t = over.t_s - half - ahead_rad * math.sqrt(lowest**3 / mu)
    at = path.columns_at(np.array([t]))[0]
    high = float(np.linalg.norm(at[:3]))
    if not lowest < high:
        raise InputError(
            f"a perilune of {perilune_m / 1e3:.1f} km is no lower than the orbit where the burn"
            f" would be, {(high - body('moon').figure_m) / 1e3:.1f} km; give a lower one"
        )
    needed = float(np.linalg.norm(at[3:6])) - math.sqrt(mu * (2.0 / high - 2.0 / (high + lowest)))
    wanted = np.array([perilune_m, ahead_rad])
    x = np.array([t, max(needed, 0.1)])
    trial = _Trial(state, path, site, engine, dynamics, world)
    for _ in range(_MOST):
        stop_if_cancelled(watch)
        one = trial.fly(float(x[0]), float(x[1]), over)
        off = np.array([one.perilune_m, one.ahead_rad]) - wanted
        if abs(off[0]) < _HEIGHT_M and abs(off[1]) < _PLACE_RAD:
            return one
        steps = np.array([5.0, 0.05])
        slopes = np.empty((2, 2))
        for k in range(2):
            near = x + steps * np.eye(2)[k]
            other = trial.fly(float(near[0]), float(near[1]), over)
            slopes[:, k] = [
                (other.perilune_m - one.perilune_m) / steps[k],
                (other.ahead_rad - one.ahead_rad) / steps[k],
            ]
        x = x - np.linalg.solve(slopes, off)
        x[1] = max(x[1], 0.05)
    raise SolverError(
        f"the descent orbit to {perilune_m / 1e3:.1f} km, {math.degrees(ahead_rad):.2f} deg before"
        f" the site did not settle; it was {off[0]:.0f} m and {math.degrees(off[1]):.3f} deg off"
    )


def as_it_is(
    state: State,
    site: Site,
    ahead_rad: float,
    dynamics: Dynamics,
    world: World,
    watch: Watch = SILENT,
    *,
    within_s: float = 86_400.0,
    cross_m: float = 30_000.0,
    after_s: float = 0.0,
    light: Light | None = None,
    window: tuple[Epoch, Epoch] | None = None,
) -> Insertion:
    """The way down from an orbit that is a descent orbit already: to `ahead_rad` before the site.

    `perilune_m` of the answer is the osculating perilune there. Raises InfeasibleError where the
    plane stays further from the site or it is dark.
    """
    mu = body("moon").mu_m3_s2
    span = _until(state, within_s, window)
    path = propagate(state, dynamics, span, world=world, watch=watch).trajectory
    r0 = float(np.linalg.norm(state.r_m))
    after = max(after_s, 1.5 * ahead_rad * math.sqrt(r0**3 / mu) + 1200.0)
    over = _passed(state, path, site, world, after, cross_m, light, window)
    t = over.t_s
    # the motion's angular rate at the middle of the arc, a few times over
    for _ in range(4):
        y = path.columns_at(np.array([0.5 * (t + over.t_s)]))[0]
        rate = float(np.linalg.norm(np.cross(y[:3], y[3:6])) / (y[:3] @ y[:3]))
        t = over.t_s - ahead_rad / rate
    low = path.at(path.epoch + t)
    r, v = low.r_m, low.v_m_s
    size, energy = float(np.linalg.norm(r)), float(v @ v) / 2.0
    e = np.linalg.norm(np.cross(v, np.cross(r, v)) / mu - r / size)
    perilune_m = float((1.0 - e) / (2.0 / size - 2.0 * energy / mu)) - body("moon").figure_m
    return Insertion(0.0, 0.0, np.zeros(3), 0.0, 0.0, perilune_m, ahead_rad, low, over)


def _until(state: State, within_s: float, window: tuple[Epoch, Epoch] | None) -> float:
    """How long the orbit is flown to look for passes, s: after the window it is of no use."""
    if window is None:
        return within_s
    return min(within_s, max(window[1] - state.epoch, 0.0) + _AFTER_S)


def _passed(
    state: State,
    path: Trajectory,
    site: Site,
    world: World,
    after_s: float,
    cross_m: float,
    light: Light | None,
    window: tuple[Epoch, Epoch] | None,
) -> Pass:
    """The pass over the site to land on, no sooner than `after_s`; raises what `chosen` raises."""
    found = [p for p in passes(path, site, world) if p.t_s > after_s]
    found = _when(found, site, world, state.epoch, light, window)
    speed = float(np.linalg.norm(state.v_m_s))
    return chosen(found, cross_m, speed, lambda: _later(path, site, world, cross_m))


def _half(state: State) -> float:
    """About half a period of the state's orbit, s."""
    r, v = float(np.linalg.norm(state.r_m)), float(np.linalg.norm(state.v_m_s))
    mu = body("moon").mu_m3_s2
    a = 1.0 / (2.0 / r - v * v / mu)
    if a <= 0.0:
        raise InputError(
            f"a state {r / 1e3:.0f} km from the Moon's centre at {v:.0f} m/s is in no orbit; insert"
            " it into one first"
        )
    return math.pi * math.sqrt(a**3 / mu)


@dataclass(frozen=True, slots=True, eq=False)
class _Trial:
    """Burns about a time on a path, flown to perilune."""

    state: State
    path: Trajectory
    site: Site
    engine: Engine
    dynamics: Dynamics
    world: World

    def fly(self, t_s: float, dv_m_s: float, over: Pass) -> Insertion:
        """The burn centred on `t_s` of that size, and the perilune it leads to."""
        middle = self.path.at(self.path.epoch + t_s)
        u = -middle.v_m_s / np.linalg.norm(middle.v_m_s)
        burnt = self.engine.burnt_kg(middle.mass_kg, dv_m_s)
        lasts = burnt / self.engine.flow_kg_s
        start, end = t_s - 0.5 * lasts, t_s + 0.5 * lasts
        if start < 0.0:
            raise InfeasibleError(
                f"the burn into the descent orbit would begin {-start:.0f} s before the start;"
                " begin earlier or wait for another pass"
            )
        before = self.path.at(self.path.epoch + start)
        zero = before.epoch
        thrust = Thrust(zero, zero + lasts, self.engine.thrust_n, self.engine.isp_s, u.tolist())
        lit = propagate(
            before, self.dynamics.with_thrust(thrust), zero + lasts, world=self.world, dense=False
        )
        low = propagate(
            lit.end, self.dynamics, "periapsis", world=self.world, within_s=2e4, dense=False
        ).end
        fixed = me_from_gcrf(self.world, low.epoch).vector(low.r_m)
        height = float(np.linalg.norm(fixed)) - body("moon").figure_m
        place = me_from_gcrf(self.world, low.epoch).T.vector(self.site.place_m)
        n = np.cross(low.r_m, low.v_m_s)
        forward = np.cross(n, low.r_m)
        ahead = math.atan2(
            float(place @ forward) / float(np.linalg.norm(forward)),
            float(place @ low.r_m) / float(np.linalg.norm(low.r_m)),
        )
        return Insertion(start, end, u, dv_m_s, burnt, height, ahead, low, over)

"""Ascent from the Moon into an orbit to meet another craft in: least propellant, full thrust.

Axes are inertial, those of the site at lift-off: east, north, up. After a vertical rise the
direction is free; at cut-off the craft is at the perilune of the orbit, in its plane.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.errors import InfeasibleError, InputError, SolverError
from cosmodrome.landing.flying import Drawn, fly, written
from cosmodrome.landing.ground import globe as globe_at
from cosmodrome.landing.ground import me_from_gcrf
from cosmodrome.landing.local import Local, east_north_up
from cosmodrome.landing.nouns import Arc, Engine
from cosmodrome.landing.optimum import sampled
from cosmodrome.powered.collocation import Course, Stretch, Track, optimum
from cosmodrome.powered.phases import uniform
from cosmodrome.watch import SILENT
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics, Propagation
    from cosmodrome.landing.ground import Site
    from cosmodrome.maths import Ops
    from cosmodrome.physics.turning import Globe
    from cosmodrome.record.nouns import Plan
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Ascent", "AscentProblem", "ascent_at", "ascent_plan", "fly_ascent", "rise"]

#: chords of direction in a piece in flight: where the craft stops turning over, those of a second
#: are 2 cm/s of error
FEWEST = 64
_TOLERANCE = 1e-8
_INTERVALS = 12
# of the stretch after the vertical rise: close together while the craft turns over
_TURNING = (*(0.01 * k for k in range(8)), *(k / 12 for k in range(1, 13)))
_HUGE = 1e19


@dataclass(frozen=True, slots=True)
class AscentProblem:
    """An ascent to a rendezvous orbit.

    globe          the body in its own fixed axes, SI; its spin gives the first speed
    site_m         (3,) lift-off from the centre, those axes
    perilune_m, apolune_m   radii of the orbit; cut-off at perilune
    normal         (3,) along r x v of the orbit's plane, those axes at lift-off
    rise_s         vertical rise before the craft may turn
    rate_rad_s     most the thrust direction turns after it; None: any
    propellant_kg  what there is to burn; None: no limit but the mass
    aim            added to radius (m), speed and climb (m/s) at cut-off: shifted so that what the
                   model leaves out brings the flight into the orbit
    """

    globe: Globe
    site_m: Array
    mass_kg: float
    engine: Engine
    perilune_m: float
    apolune_m: float
    normal: Array
    rise_s: float = 10.0
    rate_rad_s: float | None = None
    propellant_kg: float | None = None
    aim: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        low = float(np.linalg.norm(self.site_m))
        if not low < self.perilune_m <= self.apolune_m:
            raise InputError(
                f"an orbit from {self.perilune_m:g} to {self.apolune_m:g} m of radius over a site"
                f" at {low:g} m: give a perilune above the site, and an apolune no lower"
            )
        weight = self.mass_kg * self.globe.mu / low**2
        if not self.engine.thrust_n > weight:
            raise InfeasibleError(
                f"{self.engine.thrust_n:.4g} N do not lift {self.mass_kg:.4g} kg, which weigh"
                f" {weight:.4g} N there: {weight - self.engine.thrust_n:.4g} N are short; give a"
                " stronger engine or a lighter craft"
            )
        if not self.rise_s > 0.0:
            raise InputError(f"a vertical rise of {self.rise_s} s; give a positive time")

    @property
    def speed_m_s(self) -> float:
        """At perilune."""
        a = 0.5 * (self.perilune_m + self.apolune_m)
        return math.sqrt(self.globe.mu * (2.0 / self.perilune_m - 1.0 / a))


@dataclass(frozen=True, slots=True, eq=False)
class Ascent:
    """An optimum; arcs in the body's fixed axes at lift-off, which do not turn with it here."""

    problem: AscentProblem
    arcs: tuple[Arc, ...]
    propellant_kg: float
    delta_v_m_s: float
    duration_s: float
    residuals: Mapping[str, float] = field(default_factory=dict)
    budget: Mapping[str, float] = field(default_factory=dict)


def _local(problem: AscentProblem) -> Local:
    axes = east_north_up(problem.site_m)
    speed = problem.speed_m_s
    length = speed * speed * problem.mass_kg / problem.engine.thrust_n
    still = replace(problem.globe.turned(axes), spin=(0.0, 0.0, 0.0)).scaled(length, speed)
    carried = axes @ np.cross(np.array(problem.globe.spin), problem.site_m) / speed
    radius = float(np.linalg.norm(problem.site_m)) / length
    start = np.concatenate([np.zeros(3), carried, [1.0]])
    return Local(
        axes, length, speed, radius, still, 1.0, start, np.zeros(3), np.array(problem.site_m)
    )


def _rates(local: Local, exhaust: float, up: bool) -> Any:
    def formula(ops: Ops, x: Sequence[Any], u: Sequence[Any]) -> Sequence[Any]:
        a = local.fall(ops, x)
        each = local.push / x[6]
        way = (0.0, 0.0, 1.0) if up else (u[0], u[1], u[2])
        flow = -local.push / exhaust + 0.0 * x[6]
        return [*x[3:6], *(a[c] + each * way[c] for c in range(3)), flow]

    return formula


def _unit(ops: Ops, x: Sequence[Any], u: Sequence[Any]) -> Sequence[Any]:
    return [u[0] * u[0] + u[1] * u[1] + u[2] * u[2]]


def _course(problem: AscentProblem, local: Local) -> Course:
    exhaust = local.exhaust(problem.engine.exhaust_m_s)
    rise = problem.rise_s / local.time_s
    n = local.axes @ (problem.normal / np.linalg.norm(problem.normal))
    perilune = (problem.perilune_m + problem.aim[0]) / local.length_m
    speed = 1.0 + problem.aim[1] / local.speed_m_s
    climb = problem.aim[2] / local.speed_m_s
    rate = None if problem.rate_rad_s is None else problem.rate_rad_s * local.time_s

    def end(ops: Ops, x: Sequence[Any]) -> Sequence[Any]:
        r, v = local.from_centre(x), (x[3], x[4], x[5])
        normal = (float(n[0]), float(n[1]), float(n[2]))
        return [
            (ops.dot(r, r) - perilune * perilune) / (2.0 * perilune),
            (ops.dot(v, v) - speed * speed) / 2.0,
            ops.dot(r, v) / perilune - climb,
            ops.dot(r, normal),
            ops.dot(v, normal),
        ]

    def turning(ops: Ops, u: Sequence[Any], after: Sequence[Any], dt: Any) -> Sequence[Any]:
        assert rate is not None
        chord = sum((after[c] - u[c]) * (after[c] - u[c]) for c in range(3))
        return [chord - (rate * dt) * (rate * dt)]

    # where turning is limited it begins from the vertical
    held = () if rate is None else ((0.0, 0.0), (0.0, 0.0), (1.0, 1.0))
    first = Stretch(_rates(local, exhaust, True), (rise, rise), held, mesh=uniform(1), points=4)
    steered = Stretch(
        _rates(local, exhaust, False), (0.05, 0.999 * exhaust), ((-1.1, 1.1),) * 3, _unit,
        ((1.0, 1.0),), change=None if rate is None else turning, joined=len(held),
        mesh=uniform(_INTERVALS) if rate is None else _TURNING,
    )  # fmt: skip
    least = 1e-3
    if problem.propellant_kg is not None:
        least = 1.0 - problem.propellant_kg / problem.mass_kg
    state = (*((-_HUGE, _HUGE),) * 6, (least, 1.0))
    start = tuple(float(v) for v in local.start)
    return Course((first, steered), start, state, end, (0.0,) * 6 + (-1.0,))


def _guess(problem: AscentProblem, local: Local, course: Course) -> list[Track]:
    """A rise and a climb along the plane whose speed grows evenly."""
    rise = problem.rise_s / local.time_s
    flow = 1.0 / local.exhaust(problem.engine.exhaust_m_s)
    accelerated = local.push - float(local.globe.mu) / local.radius**2
    x0 = local.start
    x1 = x0.copy()
    x1[2], x1[5], x1[6] = 0.5 * accelerated * rise**2, accelerated * rise, 1.0 - flow * rise
    held = [0.0, 0.0, 1.0][: len(course.stretches[0].control)]
    first = Track.between(course.stretches[0], rise, (x0.tolist(), x1.tolist()), (held, held))
    n = local.axes @ (problem.normal / np.linalg.norm(problem.normal))
    heading = np.cross(n, np.array([0.0, 0.0, 1.0]))
    heading /= np.linalg.norm(heading)
    stretch = course.stretches[1]
    f = stretch.node_fractions
    # ideal velocity: the orbit's and a tenth
    lasts = (1.0 - math.exp(-1.1 * flow)) / flow - rise
    way = 0.45 * lasts
    high = problem.perilune_m / local.length_m - local.radius
    angle = way / local.radius * f * f
    r = local.radius + x1[2] + (high - x1[2]) * f * (2.0 - f)
    up = np.array([0.0, 0.0, 1.0])
    place = r[:, None] * (np.cos(angle)[:, None] * up + np.sin(angle)[:, None] * heading)
    place[:, 2] -= local.radius
    along = np.cos(angle)[:, None] * heading - np.sin(angle)[:, None] * up
    speed = f[:, None] * along + ((1.0 - f) * x1[5])[:, None] * up
    pitch = np.radians(45.0) * (1.0 - f)
    u = np.cos(pitch)[:, None] * along + np.sin(pitch)[:, None] * up
    u /= np.linalg.norm(u, axis=1)[:, None]
    mass = x1[6] - flow * lasts * f
    x = np.column_stack([place, speed, mass])
    return [first, Track(stretch, lasts, x, u)]


def rise(problem: AscentProblem, watch: Watch = SILENT) -> Ascent:
    """The ascent of least propellant, from no guess.

    Raises SolverError where none was found; InfeasibleError where the propellant is too little,
    saying by how much.
    """
    watch.begin("landing", "ascent from the Moon")
    free = replace(problem, propellant_kg=None)
    local = _local(free)
    course = _course(free, local)
    found = optimum(course, _guess(free, local, course), _TOLERANCE, max_iter=300)
    if not found.solved:
        raise SolverError(
            f"no ascent to {problem.perilune_m:.0f} x {problem.apolune_m:.0f} m of radius was"
            f" found ({found.status}); give a plane nearer to the site, or more thrust"
        )
    arcs, start = [], 0.0
    for k, track in enumerate(found.tracks):
        f = sampled(track.stretch)
        pieces = len(track.stretch.mesh) - 1
        x, u = track.sample(f)
        r, v = local.places(x)
        up = np.repeat(np.array([[0.0, 0.0, 1.0]]), f.size, axis=0)
        way = up if k == 0 else u / np.linalg.norm(u, axis=1)[:, None]
        t = start + track.duration * local.time_s * f
        ones = np.ones(f.size)
        mass = x[:, 6] * problem.mass_kg
        arcs.append(Arc(k, t, r, v, mass, way @ local.axes, ones, pieces))
        start = float(t[-1])
    burnt = problem.mass_kg - float(arcs[-1].mass_kg[-1])
    if problem.propellant_kg is not None and burnt > problem.propellant_kg:
        raise InfeasibleError(
            f"the ascent takes {burnt:.1f} kg and there are {problem.propellant_kg:.1f} kg:"
            f" {burnt - problem.propellant_kg:.1f} kg are short; load more, or ask for a lower"
            " orbit"
        )
    dv = problem.engine.delta_v_m_s(problem.mass_kg, burnt)
    watch.end("landing", f"{burnt:.1f} kg, {dv:.0f} m/s")
    budget = {"iterations": float(found.iterations), "meshes": float(found.meshes)}
    return Ascent(problem, tuple(arcs), burnt, dv, start, {"mesh": found.error}, budget)


def ascent_at(
    epoch: Epoch, site: Site, mass_kg: float, engine: Engine, world: World, **orbit: Any
) -> AscentProblem:
    """The ascent from a site at an instant; `orbit` as in `AscentProblem`, `normal` in GCRF axes.

    A normal of None is the plane over the site that leads east.
    """
    normal = orbit.pop("normal", None)
    rotation = me_from_gcrf(world, epoch)
    own = site.axes[1] if normal is None else rotation.matrix @ np.asarray(normal)
    return AscentProblem(globe_at(world, epoch), site.place_m, mass_kg, engine, normal=own, **orbit)


def ascent_plan(ascent: Ascent, epoch: Epoch, name: str, world: World) -> Plan:
    """What the flight computer carries; `epoch` is the lift-off."""
    turn = me_from_gcrf(world, epoch).matrix
    titles = ("vertical rise", "ascent")
    parts = [
        Drawn(titles[a.phase], True, a.t_s, a.u @ turn, a.throttle, a.pieces) for a in ascent.arcs
    ]
    told = {"propellant_kg": ascent.propellant_kg, "duration_s": ascent.duration_s}
    return written(parts, epoch, name, ascent.problem.mass_kg, told)


def fly_ascent(
    ascent: Ascent, plan: Plan, dynamics: Dynamics, world: World, watch: Watch = SILENT
) -> Propagation:
    """The plan flown from the site in the full dynamics, without correction on the way."""
    rotation = me_from_gcrf(world, plan.epoch).T
    r, v = rotation.velocity(ascent.problem.site_m, np.zeros(3))
    start = State(plan.epoch, gcrf("moon"), r, v, ascent.problem.mass_kg)
    engine = ascent.problem.engine
    return fly(plan, start, (engine, engine), dynamics, world, watch, fewest=FEWEST)

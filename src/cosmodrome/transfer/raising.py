"""Low thrust over many revolutions: the averaged optimum.

The orbit changes little in a revolution, so its elements obey the mean of their rates over one.
By the maximum principle the thrust points, at every place of a revolution, along the primer
B(x, L)^T lambda with one vector lambda of five numbers for all of it; lambda over time is the
control. Least time at full thrust; no thrust in the shadow of the body where the Sun is known.

Kluever & Oleson 1998, J. Spacecraft and Rockets 35, 440; Geffroy & Epenoy 1997, Acta Astronautica
41, 133. Guess: lambda along the way to go, duration by Edelbaum (1961, ARS Journal 31, 1079).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InputError, SolverError
from cosmodrome.powered.collocation import Course, Stretch, Track, optimum
from cosmodrome.powered.phases import uniform
from cosmodrome.transfer.equinoctial import axes, equinoctial_from_state
from cosmodrome.transfer.goals import FLIP, conditions, flipped, turned
from cosmodrome.transfer.model import finish
from cosmodrome.watch import SILENT, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.maths import Ops
    from cosmodrome.transfer.nouns import Engine, Goal
    from cosmodrome.watch import Watch

    Array = NDArray[np.float64]

__all__ = ["Raising", "RaisingProblem", "Sunlight", "edelbaum_m_s", "primer", "raise_orbit"]

_TURN = 2.0 * math.pi
_ANGLES, _ANGLES_IN_SHADOW = 24, 48
_INTERVALS, _POINTS = 10, 4
_TOLERANCE = 1e-5
# half width of the smoothed edge of the shadow, as a part of its radius
_EDGE = 0.08
_ITERATIONS = 400


@dataclass(frozen=True, slots=True)
class Sunlight:
    """Where the Sun stands: unit vector at the start and its turning, for the shadow.

    first, second   (3,) unit vectors: s = first cos(rate t) + second sin(rate t), problem's axes
    """

    first: tuple[float, float, float]
    second: tuple[float, float, float]
    rate_rad_s: float


@dataclass(frozen=True, slots=True)
class RaisingProblem:
    """A transfer over many revolutions in least time.

    r_m, v_m_s   (3,) start, inertial axes with z along the spin axis; the place on the orbit does
                 not matter
    j2, radius_m oblateness and its reference radius; the radius is the shadow's too
    sunlight     None: thrust in the shadow as well
    """

    mu_m3_s2: float
    r_m: Array
    v_m_s: Array
    mass_kg: float
    engine: Engine
    goal: Goal
    j2: float = 0.0
    radius_m: float = 6_378_136.3
    sunlight: Sunlight | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Raising:
    """The averaged optimum, told at `t_s` (n,) seconds after the start.

    elements   (n, 5) mean p in m, f, g, h, k; lambda (n, 5) the steering vector, of length 1, in
               units in which p is counted in `unit_m`; mass_kg (n,)
    flip       are elements and lambda written in axes turned half round x?
    revolutions   made, to the nearest
    """

    problem: RaisingProblem
    t_s: Array
    elements: Array
    steering: Array
    mass_kg: Array
    unit_m: float
    flip: bool
    duration_s: float
    propellant_kg: float
    delta_v_m_s: float
    revolutions: int
    lit: float
    error: float
    iterations: int
    track: Track


def edelbaum_m_s(mu: float, a0_m: float, a1_m: float, di_rad: float) -> float:
    """Velocity change between circles by tangential and switched normal thrust (Edelbaum 1961).

    dV^2 = V0^2 + V1^2 - 2 V0 V1 cos(pi/2 di), for plane changes below 114.6 degrees.
    """
    v0, v1 = math.sqrt(mu / a0_m), math.sqrt(mu / a1_m)
    return math.sqrt(v0 * v0 + v1 * v1 - 2.0 * v0 * v1 * math.cos(0.5 * math.pi * di_rad))


def primer(ops: Ops, x: Sequence[Any], longitude: Any, steer: Sequence[Any]) -> tuple[Any, ...]:
    """B(x, L)^T lambda: radial, transverse, normal; x = p, f, g, h, k, mu = 1."""
    p, f, g, h, k = x[:5]
    lp, lf, lg, lh, lk = steer
    cos_l, sin_l = ops.cos(longitude), ops.sin(longitude)
    w = 1.0 + f * cos_l + g * sin_l
    root = ops.sqrt(p)
    z = h * sin_l - k * cos_l
    half = 0.5 * (1.0 + h * h + k * k)
    return (
        root * (lf * sin_l - lg * cos_l),
        root / w * (2.0 * p * lp + lf * ((w + 1.0) * cos_l + f) + lg * ((w + 1.0) * sin_l + g)),
        root / w * (z * (lg * f - lf * g) + half * (lh * cos_l + lk * sin_l)),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    unit_m: float
    time_s: float
    span_s: float
    push: float
    flow: float
    flip: bool


def _mean(
    problem: RaisingProblem, scale: _Scale
) -> Callable[[Ops, Sequence[Any], Sequence[Any], Any], Sequence[Any]]:
    """Rates of p, f, g, h, k, mass, lit time and time at a longitude, weighted to be averaged."""
    strength = problem.j2 * (problem.radius_m / scale.unit_m) ** 2
    radius = problem.radius_m / scale.unit_m
    sun = problem.sunlight
    turn = scale.span_s / scale.time_s
    sign = np.diag(FLIP) if scale.flip else np.ones(3)

    def light(ops: Ops, x: Sequence[Any], longitude: Any, w: Any) -> Any:
        """One in the light, zero in the shadow: a cylinder with a smooth edge."""
        if sun is None:
            return 1.0
        angle = sun.rate_rad_s * scale.span_s * x[7]
        c, s = ops.cos(angle), ops.sin(angle)
        to_sun = tuple(sign[n] * (c * sun.first[n] + s * sun.second[n]) for n in range(3))
        radial, _, _ = axes(ops, x[3], x[4], longitude)
        r = x[0] / w
        along = r * (to_sun[0] * radial[0] + to_sun[1] * radial[1] + to_sun[2] * radial[2])
        beside = ops.sqrt(r * r - along * along + 1e-9)
        edge = _EDGE * radius
        inside = 0.5 * (1.0 - ops.tanh((beside - radius) / edge))
        behind = 0.5 * (1.0 - ops.tanh(along / edge))
        return 1.0 - inside * behind

    def formula(ops: Ops, x: Sequence[Any], u: Sequence[Any], longitude: Any) -> Sequence[Any]:
        p, f, g, h, k = x[:5]
        cos_l, sin_l = ops.cos(longitude), ops.sin(longitude)
        w = 1.0 + f * cos_l + g * sin_l
        root = ops.sqrt(p)
        a = p / (1.0 - f * f - g * g)
        # dt/dL over the mean of it
        weight = p * root / (w * w) / (a * ops.sqrt(a))
        bright = light(ops, x, longitude, w)
        pr, pt, pn = primer(ops, x, longitude, u)
        size = ops.sqrt(pr * pr + pt * pt + pn * pn + 1e-8)
        push = turn * weight * bright * scale.push / (x[5] * size)
        ar, at, an = push * pr, push * pt, push * pn
        z = (h * sin_l - k * cos_l) * an / w
        half = root * 0.5 * (1.0 + h * h + k * k) * an / w
        out = [
            2.0 * p * root * at / w,
            root * (ar * sin_l + ((w + 1.0) * cos_l + f) * at / w - g * z),
            root * (-ar * cos_l + ((w + 1.0) * sin_l + g) * at / w + f * z),
            half * cos_l,
            half * sin_l,
        ]
        if strength != 0.0:
            # secular drift of perigee and node (Kozai 1959), the same at every longitude
            s2 = 1.0 + h * h + k * k
            cos_i = (1.0 - h * h - k * k) / s2
            drift = turn * 1.5 * strength / (p * p * a * ops.sqrt(a))
            node = -drift * cos_i
            both = node + drift * 0.5 * (5.0 * cos_i * cos_i - 1.0)
            out[1] = out[1] - both * g
            out[2] = out[2] + both * f
            out[3] = out[3] - node * k
            out[4] = out[4] + node * h
        lit = weight * bright
        return [*out, -turn * scale.flow * lit, lit, 1.0 + 0.0 * p]

    return formula


def _unit_length(ops: Ops, x: Sequence[Any], u: Sequence[Any]) -> Sequence[Any]:
    return [u[0] * u[0] + u[1] * u[1] + u[2] * u[2] + u[3] * u[3] + u[4] * u[4]]


def raise_orbit(
    problem: RaisingProblem,
    watch: Watch = SILENT,
    near: Raising | None = None,
    part: float = 0.0,
) -> Raising:
    """The transfer of least time at full thrust, averaged over revolutions, from no guess.

    near   the answer of a like problem, started from: from `part` of its duration on

    Valid while a revolution changes the orbit by little: acceleration below about 1e-2 of local
    gravity. Raises InputError for open orbits; SolverError where no answer was found.
    """
    mu = problem.mu_m3_s2
    r, v = np.asarray(problem.r_m, dtype=np.float64), np.asarray(problem.v_m_s, dtype=np.float64)
    here = elements_from_state(r, v, mu)
    goal = problem.goal
    if here.a_m < 0.0 or (goal.a_m is not None and goal.a_m < 0.0):
        raise InputError(
            "a transfer over many revolutions joins closed orbits: give a positive a, and start"
            " from an ellipse"
        )
    flip = flipped(goal, here.i_rad)
    if flip:
        goal, r, v = turned(goal), FLIP @ r, FLIP @ v
    start = equinoctial_from_state(r, v, mu)[:5]
    there = finish(goal, start, 1.0)
    unit = float(there[0])
    start[0] /= unit
    there[0] = 1.0
    clock = math.sqrt(unit**3 / mu)
    acceleration = problem.engine.thrust_n / problem.mass_kg
    goal_i = here.i_rad if problem.goal.i_rad is None else problem.goal.i_rad
    cost = edelbaum_m_s(mu, here.a_m, unit / (1.0 - there[1] ** 2 - there[2] ** 2),
                        min(abs(goal_i - here.i_rad), 2.0))  # fmt: skip
    cost += 0.6 * math.sqrt(mu / unit) * float(np.hypot(*(there[1:3] - start[1:3])))
    exhaust = problem.engine.exhaust_m_s
    span = exhaust / acceleration * (1.0 - math.exp(-cost / exhaust))
    scale = _Scale(
        unit, clock, span, acceleration / (unit / clock**2),
        problem.engine.flow_kg_s / problem.mass_kg * clock, flip,
    )  # fmt: skip
    count = _ANGLES if problem.sunlight is None else _ANGLES_IN_SHADOW
    angles = tuple(float(x) for x in _TURN * np.arange(count) / count)
    stretch = Stretch(
        _mean(problem, scale), (1e-3, 20.0), ((-1.1, 1.1),) * 5, _unit_length, ((1.0, 1.0),),
        mesh=uniform(_INTERVALS), points=_POINTS, angles=angles,
    )  # fmt: skip
    state = (
        (0.02, 20.0), (-0.97, 0.97), (-0.97, 0.97), (-20.0, 20.0), (-20.0, 20.0),
        (0.02, 1.0), (0.0, 20.0), (0.0, 20.0),
    )  # fmt: skip
    course = Course(
        (stretch,),
        (*(float(x) for x in start), 1.0, 0.0, 0.0),
        state,
        conditions(goal, unit),
        (0.0,) * 8,
        1.0,
    )
    stop_if_cancelled(watch)
    watch.begin("transfer", f"low-thrust transfer of about {span / 86400.0:.0f} days")
    if near is not None:
        f = stretch.node_fractions
        x, u = near.track.sample(part + (1.0 - part) * f)
        x[:, 0] *= near.unit_m / unit
        x[:, :5] += (1.0 - f)[:, None] * (start - x[0, :5])
        x[:, 5] /= x[0, 5]
        x[:, 6:] = (x[:, 6:] - x[0, 6:]) * (near.duration_s / near.track.duration / span)
        guess = Track(stretch, (1.0 - part) * near.duration_s / span, x, u)
    else:
        way = there - start
        way[0] /= start[0] + 1.0
        steer = way / np.linalg.norm(way)
        end_mass = math.exp(-cost / exhaust)
        guess = Track.between(
            stretch,
            1.0,
            ((*start, 1.0, 0.0, 0.0), (*there, end_mass, 1.0, 1.0)),
            (tuple(steer), tuple(steer)),
        )
    found = optimum(course, [guess], _TOLERANCE, meshes=3, max_iter=_ITERATIONS)
    if not found.solved:
        raise SolverError(
            f"no low-thrust transfer was found from a = {here.a_m / 1e3:.0f} km, e = {here.e:.3f}"
            f" ({found.status}): reach it in two steps, or free an element of the goal"
        )
    track = found.tracks[0]
    f = np.linspace(0.0, 1.0, 40 * (len(track.stretch.mesh) - 1) + 1)
    x, u = track.sample(f)
    u /= np.linalg.norm(u, axis=1)[:, None]
    duration = found.duration * span
    a = x[:, 0] / (1.0 - x[:, 1] ** 2 - x[:, 2] ** 2)
    turns = float(np.trapezoid(a**-1.5, f)) * duration / clock / _TURN
    mass = float(x[-1, 5])
    watch.end("transfer", f"{duration / 86400.0:.1f} days, {turns:.0f} revolutions")
    elements = x[:, :5].copy()
    elements[:, 0] *= unit
    return Raising(
        problem, f * duration, elements, u, x[:, 5] * problem.mass_kg, unit, flip, duration,
        (1.0 - mass) * problem.mass_kg, -exhaust * math.log(mass), round(turns),
        float(x[-1, 6]) / found.duration, found.error, found.iterations, track,
    )  # fmt: skip

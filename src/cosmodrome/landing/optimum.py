"""The descent of least propellant, from no guess: convexified first, then by collocation."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.landing.convex import Convex, descent
from cosmodrome.landing.local import Local
from cosmodrome.landing.nouns import Arc, Landing
from cosmodrome.landing.reference import coasting
from cosmodrome.landing.statement import Piece, course
from cosmodrome.powered.collocation import Track, optimum
from cosmodrome.watch import SILENT, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.landing.nouns import LandingProblem, Phase
    from cosmodrome.powered.collocation import Course, Optimum, Stretch
    from cosmodrome.watch import Watch

    Array = NDArray[np.float64]

__all__ = ["answer", "hopeless", "sampled", "solve"]

_TOLERANCE = 1e-8
_ITERATIONS = 300
_WARM: dict[str, Any] = {"mu_strategy": "monotone", "mu_init": 1e-6}
# samples of an interval of the mesh
_SAMPLES = 12
# a side of a switch that lasts less of its phase is no side
_SLIVER = 0.008
# how near to a limit, as a part of the range, the throttle must be throughout to lie on it
_ON_LIMIT = 0.02


# the start --------------------------------------------------------------------------------


def _throttle(convex: Convex, phase: int) -> Array:
    """(intervals + 1,) throttle on the nodes of a phase."""
    path = convex.path
    a = path.first(phase)
    mass = np.exp(path.z[a : a + path.counts[phase] + 1])
    out: Array = path.s[phase] * mass / convex.local.push
    return out


def _sides(phase: Phase, throttle: Array) -> list[float]:
    """Fractions 0..1 of a phase where the throttle crosses from one limit to the other."""
    low, high = phase.throttle
    if high - low < 1e-9:
        return [0.0, 1.0]
    above = throttle - 0.5 * (low + high)
    at = np.linspace(0.0, 1.0, above.size)
    cuts = [
        float(at[k] + (at[k + 1] - at[k]) * above[k] / (above[k] - above[k + 1]))
        for k in range(above.size - 1)
        if above[k] * above[k + 1] < 0.0
    ]
    out = [0.0]
    for cut in cuts:
        if cut - out[-1] > _SLIVER and 1.0 - cut > _SLIVER:
            out.append(cut)
    return [*out, 1.0]


def _part(phase: Phase, throttle: Array, a: float, b: float) -> tuple[float, float]:
    """The throttle's range on one side of a switch: a limit where it lies on it, or a half.

    Left free on both sides, the border of two arcs could slide along a switch within one of them.
    """
    nodes = np.linspace(0.0, 1.0, throttle.size)
    inside = np.interp(np.linspace(a, b, 21)[4:-4], nodes, throttle)
    low, high = phase.throttle
    for limit in (low, high):
        if float(np.abs(inside - limit).max()) < _ON_LIMIT * (high - low):
            return limit, limit
    middle = 0.5 * (low + high)
    return (low, middle) if float(inside.mean()) < middle else (middle, high)


def _started(convex: Convex) -> tuple[Course, list[Piece], list[Track]]:
    """The course over the pieces the convex answer shows, and the answer on its meshes."""
    problem, local, path = convex.problem, convex.local, convex.path
    pieces: list[Piece] = []
    spans: list[tuple[float, float]] = []
    if problem.coast_s[1] > 0.0:
        pieces.append(Piece(-1, max(path.coast * local.time_s, problem.coast_s[0])))
        spans.append((0.0, 1.0))
    for k, phase in enumerate(problem.phases):
        throttle = _throttle(convex, k)
        marks = _sides(phase, throttle)
        for j, (a, b) in enumerate(pairwise(marks)):
            lasts = (b - a) * float(path.lasts[k]) * local.time_s
            part = phase.throttle if len(marks) == 2 else _part(phase, throttle, a, b)
            pieces.append(Piece(k, lasts, part, j == 0))
            spans.append((a, b))
    whole = course(problem, local, pieces)
    at = coasting(problem, local)
    tracks = []
    for stretch, piece, span in zip(whole.stretches, pieces, spans, strict=True):
        f = stretch.node_fractions
        if piece.phase < 0:
            x = np.array([at(float(t) * path.coast) for t in f])
            x = np.hstack([x, np.ones((f.size, 1))])
            tracks.append(Track(stretch, path.coast, x, np.empty((f.size, 0))))
            continue
        x, u = _sampled(convex, piece.phase, span[0] + (span[1] - span[0]) * f)
        u[:, 3] = np.clip(u[:, 3], *piece.throttle)
        duration = (span[1] - span[0]) * float(path.lasts[piece.phase])
        tracks.append(Track(stretch, duration, x, u))
    return whole, pieces, tracks


def _sampled(convex: Convex, phase: int, f: Array) -> tuple[Array, Array]:
    """States (n, 7) and controls (n, 4) at fractions of a phase of the convex answer."""
    path, local = convex.path, convex.local
    n, a = path.counts[phase], path.first(phase)
    k = np.clip((f * n).astype(int), 0, n - 1)
    h = float(path.lasts[phase]) / n
    s = (f * n - k) * h
    w = path.w[phase][k] + (s / h)[:, None] * (path.w[phase][k + 1] - path.w[phase][k])
    # a parabola of the velocity would do; a line is close enough to start from
    share = (s / h)[:, None]
    x = path.x[a + k] * (1.0 - share) + path.x[a + k + 1] * share
    mass = np.exp(path.z[a + k] * (1.0 - s / h) + path.z[a + k + 1] * (s / h))
    size = np.maximum(np.linalg.norm(w, axis=1), 1e-9)
    low, high = convex.problem.phases[phase].throttle
    throttle = np.clip(size * mass / local.push, low, high)
    return np.column_stack([x, mass]), np.column_stack([w / size[:, None], throttle])


# solving ----------------------------------------------------------------------------------


def hopeless(problem: LandingProblem) -> str | None:
    """Why no descent can be flown, where that is seen without solving; None otherwise."""
    radius = float(np.linalg.norm(problem.site_m))
    weight = problem.least_kg * problem.globe.mu / radius**2
    most = max(phase.throttle[1] for phase in problem.phases) * problem.engine.thrust_n
    if most < weight:
        return (
            f"{most:.4g} N do not carry the {weight:.4g} N that the lander weighs when all"
            f" propellant is gone: {weight - most:.4g} N are short"
        )
    return None


def solve(problem: LandingProblem, watch: Watch = SILENT, near: Landing | None = None) -> Landing:
    """The landing of least propellant, from no guess; meshes refined to local errors of 1e-8.

    near   the landing of a like problem, whose switches it takes over: solved from first

    Raises InfeasibleError where limits contradict each other, saying what is short: kg and m/s of
    propellant, thrust, depth below the glide slope; SolverError where nothing was found within the
    budget.
    """
    watch.begin("landing", f"landing in {len(problem.phases)} phases")
    why = hopeless(problem)
    if why is not None:
        raise InfeasibleError(f"no landing: {why}; give more thrust or a lighter lander")
    found: Optimum | None = None
    pieces: list[Piece] = []
    iterations = 0
    convex_kg, programmes = math.nan, 0
    if near is not None:
        found, pieces = _again(problem, near)
        iterations, convex_kg = found.iterations, near.convex_kg
    if found is None or not found.solved:
        convex = descent(problem)
        stop_if_cancelled(watch)
        watch.tell("landing", None, f"{convex.propellant_kg:.1f} kg convexified")
        _feasible(convex)
        convex_kg, programmes = convex.propellant_kg, convex.programmes
        whole, pieces, tracks = _started(convex)
        found = optimum(whole, tracks, _TOLERANCE, max_iter=_ITERATIONS, **_WARM)
        iterations += found.iterations
        if not found.solved:
            # from a wider barrier IPOPT walks further
            again = optimum(whole, tracks, _TOLERANCE, max_iter=_ITERATIONS)
            iterations += again.iterations
            found = again if again.solved else found
    if not found.solved:
        raise SolverError(
            f"no landing was found from {convex_kg:.1f} kg by the convexified descent"
            f" ({found.status}); widen the gates, the cone or the durations of the phases"
        )
    out = answer(problem, found, pieces, convex_kg)
    budget = {
        "iterations": float(iterations), "meshes": float(found.meshes),
        "convex": float(programmes),
    }  # fmt: skip
    watch.end("landing", f"{out.propellant_kg:.1f} kg, {out.delta_v_m_s:.0f} m/s")
    return replace(out, budget=budget)


def _feasible(convex: Convex) -> None:
    if convex.short.nothing:
        return
    raise InfeasibleError(
        f"no landing at the site from {_where(convex)}: short of {convex.short.told()}."
        f"{_pushes(convex)} Load more, start earlier or higher, or widen the limits"
    )


def _pushes(convex: Convex) -> str:
    """Where the engine throttled down still lifts the lander: an usual reason."""
    problem = convex.problem
    phase = problem.phases[-1]
    mass = problem.mass_kg - convex.propellant_kg
    weight = mass * problem.globe.mu / float(problem.site_m @ problem.site_m)
    least = phase.throttle[0] * problem.engine.thrust_n
    if least <= weight:
        return ""
    return (
        f" Throttled down to {phase.throttle[0]:g} the engine gives {least:.4g} N to a lander that"
        f" weighs {weight:.4g} N: it cannot sink evenly."
    )


def _where(convex: Convex) -> str:
    local, problem = convex.local, convex.problem
    away = float(np.linalg.norm(local.start[:2])) * local.length_m
    speed = float(np.linalg.norm(problem.v_m_s))
    return f"{away / 1e3:.0f} km away at {speed:.0f} m/s with {problem.mass_kg:.0f} kg"


def _again(problem: LandingProblem, near: Landing) -> tuple[Optimum, list[Piece]]:
    """From the solution of a like problem, with its switches."""
    was, local = Local.of(near.problem), Local.of(problem)
    pieces, tracks = [], []
    for k, (arc, track) in enumerate(zip(near.arcs, near.tracks, strict=True)):
        first = k == 0 or near.arcs[k - 1].phase != arc.phase
        part = track.stretch.control[3] if arc.phase >= 0 else (0.0, 0.0)
        pieces.append(Piece(arc.phase, float(arc.t_s[-1] - arc.t_s[0]), part, first))
    whole = course(problem, local, pieces)
    scale = np.repeat([was.length_m / local.length_m, was.speed_m_s / local.speed_m_s], 3)
    for stretch, track in zip(whole.stretches, near.tracks, strict=True):
        same = replace(stretch, mesh=track.stretch.mesh)
        x = track.x * np.array([*scale, near.problem.mass_kg / problem.mass_kg])
        tracks.append(Track(same, track.duration * was.time_s / local.time_s, x, track.u))
    whole = replace(whole, stretches=tuple(t.stretch for t in tracks))
    options: dict[str, Any] = {"mu_strategy": "monotone", "mu_init": 1e-6, "max_iter": 80}
    return optimum(whole, tracks, _TOLERANCE, **options), pieces


# the answer -------------------------------------------------------------------------------


def sampled(stretch: Stretch) -> Array:
    """(n,) fractions of a stretch, evenly within each interval of its mesh."""
    mesh = np.array(stretch.mesh)
    at = np.arange(_SAMPLES * (mesh.size - 1) + 1) / _SAMPLES
    out: Array = np.interp(at, np.arange(mesh.size), mesh)
    return out


def answer(
    problem: LandingProblem, found: Optimum, pieces: Sequence[Piece], convex_kg: float
) -> Landing:
    """A solved course in SI and the body's axes."""
    local = Local.of(problem)
    arcs, start, dv = [], 0.0, 0.0
    for track, piece in zip(found.tracks, pieces, strict=True):
        f = sampled(track.stretch)
        count = len(track.stretch.mesh) - 1
        x, u = track.sample(f)
        lasts = track.duration * local.time_s
        r, v = local.places(x)
        mass = x[:, 6] * problem.mass_kg
        t = start + lasts * f
        if piece.phase < 0:
            heading = np.repeat((-v[-1] / np.linalg.norm(v[-1]))[None], f.size, axis=0)
            arcs.append(Arc(-1, t, r, v, mass, heading, np.zeros(f.size), count))
        else:
            unit = u[:, :3] / np.linalg.norm(u[:, :3], axis=1)[:, None]
            turned = unit @ local.axes
            arcs.append(Arc(piece.phase, t, r, v, mass, turned, u[:, 3], count))
            exhaust = problem.isp_s(problem.phases[piece.phase]) * 9.80665
            dv += exhaust * math.log(mass[0] / mass[-1])
        start += lasts
    burnt = problem.mass_kg - float(arcs[-1].mass_kg[-1])
    return Landing(
        problem, tuple(arcs), burnt, dv, convex_kg, {"mesh": found.error}, {}, found.tracks
    )

"""Ours: Delta III by the ascent's own transcription, the rest by `powered.collocation`."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.maths import lobatto
from cosmodrome.powered.collocation import Course, Stretch, Track, optimum
from cosmodrome.powered.mesh import refine, regrid
from cosmodrome.powered.phases import uniform
from cosmodrome.powered.transcription import Transcription
from cosmodrome.solvers.nlp import Solver
from tests.powered import delta_iii as d3

if TYPE_CHECKING:
    from bench.ascent.problems import Case

TOLERANCE = 1e-8


def available() -> str:
    return version("cosmodrome")


def settings(case: Case) -> list[str]:
    return ["common", "refined"]


def solve(case: Case, setting: str) -> dict[str, Any]:
    if case.name == "delta-iii":
        return _ascent(refined=setting == "refined")
    stretches = tuple(
        Stretch(p.rates, p.duration, p.control, p.path, p.path_limits, p.jump, uniform(p.intervals))
        for p in case.phases
    )
    n = len(case.start)
    course = Course(
        stretches,
        case.start,
        case.state,
        case.end,
        tuple(-1.0 if i == case.best else 0.0 for i in range(n)),
        1.0 if case.best is None else 0.0,
    )
    guess = [
        Track.between(s, p.guessed, (p.x0, p.x1), (p.u0, p.u1))
        for s, p in zip(stretches, case.phases, strict=True)
    ]
    found = optimum(course, guess, TOLERANCE if setting == "refined" else None)
    sought = found.duration if case.best is None else -found.cost
    return {
        "solved": found.solved,
        "iterations": found.iterations,
        "sought": sought * case.unit,
        "answer": found.tracks,
    }


def _ascent(refined: bool) -> dict[str, Any]:
    """Delta III: from a guess that stands on the pad; with refinement to 1 um/s of errors."""
    st = d3.statement((6, 5, 5, 8))
    flight, iterations = d3.rough_guess(st), 0
    options: dict[str, Any] = {"mu_max": 0.01}
    for _ in range(4):
        t = Transcription(st)
        bounds = t.bounds((d3.PAYLOAD, d3.PAYLOAD), (0.0, 16820.0))
        result = Solver(t.problem).solve(
            t.objective(0.0, 1.0),
            np.clip(t.pack(flight), *bounds),
            bounds,
            (t.g_lower, t.g_upper),
            max_iter=300,
            **options,
        )
        iterations += result.iterations
        flight = t.unpack(result.w)
        if not refined or not result.solved:
            break
        phases, error, _ = refine(d3.PLANET, d3.BODY, flight, 1e-6)
        if error < 1e-5:
            break
        st, flight = replace(st, phases=phases), regrid(flight, phases)
        options = {"mu_strategy": "monotone", "mu_init": 1e-7}
    sought = flight.payload_kg + 2480.0 + flight.left_kg
    return {"solved": result.solved, "iterations": iterations, "sought": sought, "answer": flight}


def _pieces(mesh: Any, points: int, duration: float, u: np.ndarray) -> list[dict[str, Any]]:
    """The controls of each interval on its Lobatto nodes."""
    out, s = [], points - 1
    for e, (lo, hi) in enumerate(pairwise(mesh)):
        t = (lo + (hi - lo) * lobatto(points).nodes) * duration
        steer = u[e * s : e * s + points]
        out.append({"lo": lo * duration, "hi": hi * duration, "t": t.tolist(), "u": steer.tolist()})
    return out


def told(case: Case, answer: Any) -> dict[str, Any]:
    if case.name != "delta-iii":
        pieces = [_pieces(t.stretch.mesh, t.stretch.points, t.duration, t.u) for t in answer]
        return {"end": answer[-1].x[-1].tolist(), "pieces": pieces}
    length, speed = d3.RE, (d3.MU / d3.RE) ** 0.5
    time = length / speed
    last = answer.arcs[-1]
    end = [*(last.r_m[-1] / length), *(last.v_m_s[-1] / speed), last.end_mass_kg / 301454.0]
    pieces = [_pieces(a.phase.mesh, a.phase.points, a.duration_s / time, a.u) for a in answer.arcs]
    return {"end": [float(x) for x in end], "pieces": pieces}

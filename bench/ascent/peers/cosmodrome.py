"""Ours: Delta III by the ascent's own transcription, the rest by `powered.collocation`."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.ascent.problems import M, V
from bench.ascent.problems import T as TIME
from cosmodrome.maths import lobatto
from cosmodrome.powered.collocation import Course, Stretch, Track, optimum
from cosmodrome.powered.mesh import refine, regrid
from cosmodrome.powered.phases import uniform
from cosmodrome.powered.statement import Arc, Powered
from cosmodrome.powered.transcription import Transcription
from cosmodrome.solvers.nlp import Solver
from tests.powered import delta_iii as d3

if TYPE_CHECKING:
    from bench.ascent.problems import Case
    from cosmodrome.powered.statement import Statement
    from cosmodrome.solvers.nlp import Result

TOLERANCE = 1e-8


def available() -> str:
    return version("cosmodrome")


def settings(case: Case) -> list[str]:
    return ["common", "refined"]


def solve(case: Case, setting: str) -> dict[str, Any]:
    if case.name == "delta-iii":
        return _from_anywhere(case) if setting == "tries" else _ascent(case, setting == "refined")
    stretches = tuple(
        Stretch(
            p.rates,
            p.duration,
            p.control,
            p.path,
            p.path_limits,
            p.jump,
            mesh=uniform(p.intervals),
        )
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


class _DeltaIII:
    """The ascent on one set of meshes."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.t = Transcription(statement)
        self.solver = Solver(self.t.problem)
        self.bounds = self.t.bounds((d3.PAYLOAD, d3.PAYLOAD), (0.0, 16820.0))

    def solve(self, w: np.ndarray, wide: float = 0.0, **options: Any) -> Result:
        """From this point; `wide` opens the target by so much, canonical."""
        target = self.t.names["target"]
        lower, upper = self.t.g_lower.copy(), self.t.g_upper.copy()
        lower[target] -= wide
        upper[target] += wide
        return self.solver.solve(
            self.t.objective(0.0, 1.0), np.clip(w, *self.bounds), self.bounds, (lower, upper),
            **{"max_iter": 300, **options},
        )  # fmt: skip


def _guessed(case: Case, statement: Statement) -> Powered:
    """The straight lines of the case on the statement's nodes."""
    arcs, start, mass = [], 0.0, statement.liftoff_dry_kg + d3.PAYLOAD
    for phase, p in zip(statement.phases, case.phases, strict=True):
        f = phase.node_fractions[:, None]
        x = np.array(p.x0) + f * (np.array(p.x1) - np.array(p.x0))
        u = np.array(p.u0) + f * (np.array(p.u1) - np.array(p.u0))
        arcs.append(Arc(phase, start, p.guessed * TIME, mass, x[:, :3] * d3.RE, x[:, 3:6] * V, u))
        start += p.guessed * TIME
        mass = mass - phase.flow_kg_s * phase.duration_s - phase.drop_kg
    return Powered(tuple(arcs), d3.PAYLOAD, 500.0, np.zeros(2))


def _told(result: Result, iterations: int, flight: Powered) -> dict[str, Any]:
    return {
        "solved": result.solved,
        "status": result.status,
        "iterations": iterations,
        "sought": flight.payload_kg + 2480.0 + flight.left_kg,
        "answer": flight,
    }


def _ascent(case: Case, refined: bool) -> dict[str, Any]:
    """Delta III from the guess of the case; with refinement to 1 um/s of errors an interval."""
    statement = d3.statement(tuple(p.intervals for p in case.phases))
    flight, iterations = _guessed(case, statement), 0
    options: dict[str, Any] = {"mu_max": 0.01}
    for _ in range(4):
        ascent = _DeltaIII(statement)
        result = ascent.solve(ascent.t.pack(flight), **options)
        iterations += result.iterations
        flight = ascent.t.unpack(result.w)
        if not refined or not result.solved:
            break
        phases, error, _ = refine(d3.PLANET, d3.BODY, flight, 1e-6)
        if error < 1e-5:
            break
        statement, flight = replace(statement, phases=phases), regrid(flight, phases)
        options = {"mu_strategy": "monotone", "mu_init": 1e-7}
    return _told(result, iterations, flight)


# a wide target first, then the target itself: the widths and the strategy of each try
TRIES: tuple[tuple[tuple[float, ...], dict[str, Any]], ...] = (
    ((0.5, 0.0), {}),
    ((1.0, 0.3, 0.1, 0.0), {"mu_strategy": "monotone", "mu_init": 0.1}),
    ((0.0,), {"mu_strategy": "monotone", "mu_init": 0.1}),
    ((0.5, 0.1, 0.0), {}),
)


def _from_anywhere(case: Case) -> dict[str, Any]:
    """Delta III from any guess: the next try where one does not converge."""
    ascent, iterations = _DeltaIII(d3.statement(tuple(p.intervals for p in case.phases))), 0
    guess = ascent.t.pack(_guessed(case, ascent.statement))
    for widths, options in TRIES:
        w = guess
        for wide in widths:
            loose = {"max_iter": 100, "tol": 1e-3, "constr_viol_tol": 1e-3} if wide else {}
            result = ascent.solve(w, wide, **{**options, **loose})
            iterations += result.iterations
            w = result.w
        if result.solved:
            break
    return _told(result, iterations, ascent.t.unpack(result.w))


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
    last = answer.arcs[-1]
    end = [*(last.r_m[-1] / d3.RE), *(last.v_m_s[-1] / V), last.end_mass_kg / M]
    pieces = [_pieces(a.phase.mesh, a.phase.points, a.duration_s / TIME, a.u) for a in answer.arcs]
    return {"end": [float(x) for x in end], "pieces": pieces}

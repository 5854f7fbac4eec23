"""yapss: pseudospectral collocation (LGL), CasADi derivatives, IPOPT.

`common` has our intervals with four points in each; `own` are its shipped examples of Delta III and
Goddard's rocket as they come.
"""

from __future__ import annotations

import importlib
import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.ascent.peers import Unavailable, installed

if TYPE_CHECKING:
    from bench.ascent.problems import Case

EXAMPLES = {"delta-iii": "delta_iii_ascent", "goddard": "goddard_problem_3_phase"}
POINTS = 4


def available() -> str:
    return installed("yapss")


def settings(case: Case) -> list[str]:
    return ["common", "own"] if case.name in EXAMPLES else ["common"]


def _stated(case: Case) -> Any:
    import yapss
    from yapss import math as ops

    count, n = len(case.phases), len(case.start)
    joints = (count - 1) * (n + 1)
    problem = yapss.Problem(
        name=case.name,
        nx=[n] * count,
        nu=[len(p.control) for p in case.phases],
        nh=[len(p.path_limits) for p in case.phases],
        nd=joints + case.end_count,
    )

    def objective(arg: Any) -> None:
        last = arg.phase[count - 1]
        arg.objective = last.final_time if case.best is None else -last.final_state[case.best]

    def continuous(arg: Any) -> None:
        for i in arg.phase_list:
            p, x, u = case.phases[i], arg.phase[i].state, arg.phase[i].control
            arg.phase[i].dynamics[:] = p.rates(ops, x, u)
            if p.path_limits:
                arg.phase[i].path[:] = p.path(ops, x, u)

    def discrete(arg: Any) -> None:
        rows: list[Any] = []
        for i, p in enumerate(case.phases[:-1]):
            a, b = arg.phase[i], arg.phase[i + 1]
            jump = p.jump or (0.0,) * n
            rows.append(b.initial_time - a.final_time)
            rows += [b.initial_state[c] - a.final_state[c] - jump[c] for c in range(n)]
        arg.discrete[:] = [*rows, *case.end(ops, arg.phase[count - 1].final_state)]

    problem.functions.objective = objective
    problem.functions.continuous = continuous
    problem.functions.discrete = discrete
    problem.bounds.discrete.lower[:] = problem.bounds.discrete.upper[:] = 0.0
    start = 0.0
    for i, p in enumerate(case.phases):
        b, guess = problem.bounds.phase[i], problem.guess.phase[i]
        for bound in (b.state, b.initial_state, b.final_state):
            bound.lower[:], bound.upper[:] = np.array(case.state).T
        b.control.lower[:], b.control.upper[:] = np.array(p.control).T
        b.duration.lower, b.duration.upper = p.duration
        if p.path_limits:
            b.path.lower[:], b.path.upper[:] = np.array(p.path_limits).T
        guess.time = [start, start + p.guessed]
        guess.state = [list(pair) for pair in zip(p.x0, p.x1, strict=True)]
        guess.control = [list(pair) for pair in zip(p.u0, p.u1, strict=True)]
        start += p.guessed
        problem.mesh.phase[i].collocation_points = (POINTS,) * p.intervals
        problem.mesh.phase[i].fraction = (1.0 / p.intervals,) * p.intervals
    first = problem.bounds.phase[0]
    first.initial_time.lower = first.initial_time.upper = 0.0
    first.initial_state.lower[:] = first.initial_state.upper[:] = case.start
    problem.derivatives.method, problem.derivatives.order = "auto", "second"
    problem.spectral_method = "lgl"
    problem.ipopt_options.max_iter = 1000
    problem.ipopt_options.tol = 1e-9
    return problem


def solve(case: Case, setting: str) -> dict[str, Any]:
    if setting == "own":
        problem = importlib.import_module(f"yapss.examples.{EXAMPLES[case.name]}").setup()
    else:
        problem = _stated(case)
    problem.ipopt_options.print_level = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        solution = problem.solve()
    info = solution.nlp_info
    last = solution.phase[len(case.phases) - 1]
    value = last.time[-1] if case.best is None else last.state[case.best][-1]
    return {
        "solved": info.ipopt_status == 0,
        "status": str(info.ipopt_status_message),
        "iterations": -1,  # it does not tell
        "sought": float(value) * (1.0 if setting == "own" else case.unit),
        "answer": (solution, problem, setting),
    }


def told(case: Case, answer: Any) -> dict[str, Any]:
    solution, problem, setting = answer
    if setting == "own":
        raise Unavailable("its example has units of its own: not flown again")
    out = []
    for i in range(len(case.phases)):
        phase = solution.phase[i]
        t, tu = phase.time - phase.time[0], phase.time_c - phase.time[0]
        borders = np.concatenate([[0.0], np.cumsum(problem.mesh.phase[i].fraction)]) * t[-1]
        u = np.array(phase.control).T
        pieces = []
        for lo, hi in pairwise(borders):
            here = (tu > lo - 1e-9) & (tu < hi + 1e-9)
            pieces.append({"lo": lo, "hi": hi, "t": tu[here].tolist(), "u": u[here].tolist()})
        out.append(pieces)
    return {
        "end": [float(x[-1]) for x in solution.phase[len(case.phases) - 1].state],
        "pieces": out,
    }

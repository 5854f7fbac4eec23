"""maptor: Radau collocation, CasADi's Opti, IPOPT.

`common` has our intervals with three Radau points; `own` are the settings of its launch vehicle
example: adaptive from two intervals of degree four, to an error of 1e-6.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.ascent.peers import installed

if TYPE_CHECKING:
    from bench.ascent.problems import Case


def available() -> str:
    return installed("maptor")


def settings(case: Case) -> list[str]:
    # on the common mesh Delta III had not converged after 500 iterations and more than 40 s
    return ["own"] if case.name == "delta-iii" else ["common", "own"]


def _stated(case: Case, degrees: list[list[int]]) -> Any:
    import casadi as ca  # noqa: TID251 - a peer's own
    import maptor

    problem, before, lows, highs = maptor.Problem(case.name), None, 0.0, 0.0
    for i, p in enumerate(case.phases):
        phase = problem.set_phase(i + 1)
        low, high = lows + p.duration[0], highs + p.duration[1]
        begin = 0.0 if before is None else before[0].final
        time = phase.time(initial=begin, final=low if low == high else (low, high))
        jump = case.phases[i - 1].jump or (0.0,) * len(case.start)
        x = []
        for c, limits in enumerate(case.state):
            first: Any = case.start[c]
            if before is not None:
                first = before[1][c].final
            if before is not None and jump[c] != 0.0:
                first = first + jump[c]
            x.append(phase.state(f"x{c}", initial=first, boundary=limits))
        u = [phase.control(f"u{c}", boundary=limits) for c, limits in enumerate(p.control)]
        phase.dynamics(dict(zip(x, p.rates(ca, x, u), strict=True)))
        for value, (lo, hi) in zip(p.path(ca, x, u), p.path_limits, strict=True):
            phase.path_constraints(value == lo) if lo == hi else phase.path_constraints(value >= lo)
        phase.mesh(degrees[i], list(np.linspace(-1.0, 1.0, len(degrees[i]) + 1)))
        states, controls = [], []
        for degree in degrees[i]:
            states.append(np.linspace(p.x0, p.x1, degree + 1).T)
            controls.append(np.linspace(p.u0, p.u1, degree).T)
        phase.guess(states=states, controls=controls)
        before, lows, highs = (time, x), low, high
    last = [v.final for v in before[1]]
    phase.event_constraints(*(e == 0.0 for e in case.end(ca, last)))
    problem.minimize(before[0].final if case.best is None else -last[case.best])
    return problem


def solve(case: Case, setting: str) -> dict[str, Any]:
    import maptor

    logging.getLogger("maptor").setLevel(logging.CRITICAL)
    options = {"ipopt.print_level": 0, "print_time": 0, "ipopt.tol": 1e-9, "ipopt.max_iter": 500}
    if setting == "own":
        problem = _stated(case, [[4, 4]] * len(case.phases))
        options["ipopt.tol"] = 1e-6
        solution = maptor.solve_adaptive(
            problem, error_tolerance=1e-6, max_iterations=20, min_polynomial_degree=3,
            max_polynomial_degree=8, nlp_options=options, show_summary=False,
        )  # fmt: skip
    else:
        problem = _stated(case, [[3] * p.intervals for p in case.phases])
        solution = maptor.solve_fixed_mesh(problem, nlp_options=options, show_summary=False)
    status = solution.status
    value = status["objective"] * (case.unit if case.best is None else -case.unit)
    try:
        iterations = int(solution.opti.stats()["iter_count"])
    except (AttributeError, KeyError, RuntimeError):
        iterations = -1
    return {
        "solved": bool(status["success"]), "status": str(status["message"]),
        "iterations": iterations, "sought": float(value), "answer": solution,
    }  # fmt: skip


def told(case: Case, answer: Any) -> dict[str, Any]:
    out = []
    for i, p in enumerate(case.phases, start=1):
        mesh = answer.phases[i]["mesh"]
        t = np.array(answer[(i, "time_controls")])
        borders = np.array(mesh["mesh_nodes"]) * 0.5 + 0.5
        states = np.array(answer[(i, "time_states")])
        begin, duration = states[0], states[-1] - states[0]
        u = np.array([answer[(i, f"u{c}")] for c in range(len(p.control))]).T
        pieces, k = [], 0
        for e, degree in enumerate(mesh["polynomial_degrees"]):
            here = slice(k, k + degree)
            pieces.append({"lo": borders[e] * duration, "hi": borders[e + 1] * duration,
                           "t": (t[here] - begin).tolist(), "u": u[here].tolist()})  # fmt: skip
            k += degree
        out.append(pieces)
    end = [float(answer[(len(case.phases), f"x{c}")][-1]) for c in range(len(case.start))]
    return {"end": end, "pieces": out}

"""mpopt: Lagrange polynomials on Legendre points, CasADi, IPOPT.

`common` has the intervals of the longest phase in every phase, with four points; `own` is one
interval of order eleven a phase, as in its launch vehicle example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bench.ascent.peers import Unavailable, installed
from bench.ascent.problems import delta_iii

if TYPE_CHECKING:
    from bench.ascent.problems import Case


def available() -> str:
    return installed("mpopt")


def settings(case: Case) -> list[str]:
    if len(case.phases) > 1 and not case.phases[0].directs:
        raise Unavailable(
            "its controls are continuous from phase to phase: no switch can be stated"
        )
    # on the common mesh Delta III had not converged after 1000 iterations
    return ["own"] if case.name == "delta-iii" else ["common", "own"]


def _stated(case: Case) -> Any:
    import casadi as ca  # noqa: TID251 - a peer's own
    from mpopt import mp

    count, n = len(case.phases), len(case.start)
    ocp = mp.OCP(n_states=n, n_controls=len(case.phases[0].control), n_phases=count)

    def rates(i: int) -> Any:
        return lambda x, u, t, a=None: case.phases[i].rates(ca, x, u)

    def path(i: int) -> Any:
        def inside(x: Any, u: Any, t: Any, a: Any = None) -> list[Any]:
            found = case.phases[i].path(ca, x, u)
            limits = case.phases[i].path_limits
            return [s for f, (low, high) in zip(found, limits, strict=True)
                    for s in (low - f, f - high)]  # fmt: skip

        return inside

    ocp.dynamics = [rates(i) for i in range(count)]
    if case.phases[0].path_limits:
        ocp.path_constraints = [path(i) for i in range(count)]
    ocp.terminal_constraints[-1] = lambda x, t, x0, t0, a=None: case.end(ca, x)
    best = case.best
    ocp.terminal_costs[-1] = lambda x, t, x0, t0, a=None: t if best is None else -x[best]
    phases = case.phases
    ocp.x00 = np.array([case.start, *(p.x0 for p in phases[1:])])
    ocp.xf0, ocp.u00, ocp.uf0 = (
        np.array([getattr(p, name) for p in phases]) for name in ("x1", "u0", "u1")
    )
    ends = np.cumsum([p.guessed for p in phases])
    ocp.t00, ocp.tf0 = (ends - [p.guessed for p in phases])[:, None], ends[:, None]
    low, high = (np.cumsum([p.duration[k] for p in phases]) for k in (0, 1))
    ocp.lbtf, ocp.ubtf = low[:, None], high[:, None]
    ocp.lbt0, ocp.ubt0 = (np.concatenate([[0.0], v[:-1]])[:, None] for v in (low, high))
    ocp.lbx, ocp.ubx = (np.array([[s[k] for s in case.state]] * count) for k in (0, 1))
    ocp.lbu, ocp.ubu = (np.array([[s[k] for s in p.control] for p in phases]) for k in (0, 1))
    jumps = np.array([p.jump or (0.0,) * n for p in phases[:-1]]).reshape(-1, n)
    ocp.lbe = ocp.ube = jumps
    ocp.validate()
    return ocp


def solve(case: Case, setting: str) -> dict[str, Any]:
    from mpopt import mp

    intervals, order = (1, 11) if setting == "own" else (max(p.intervals for p in case.phases), 3)
    options = {"ipopt.print_level": 0, "print_time": 0, "ipopt.tol": 1e-9, "ipopt.max_iter": 500}
    mp.mpopt._MUTE_ = True
    if case.name == "delta-iii":
        # as its example does: a straight guess, without air first
        programme = mp.mpopt(_stated(delta_iii(0.0, straight=True)), intervals, order)
        start = programme.solve(nlp_solver_options=options)
        programme._ocp = _stated(delta_iii(straight=True))
        solution = programme.solve(start, reinitialize_nlp=True, nlp_solver_options=options)
    else:
        programme = mp.mpopt(_stated(case), intervals, order)
        solution = programme.solve(nlp_solver_options=options)
    stats = programme.nlp_solver.stats()
    return {
        "solved": bool(stats["success"]),
        "status": stats["return_status"],
        "iterations": int(stats["iter_count"]),
        "sought": float(solution["f"]) * (case.unit if case.best is None else -case.unit),
        "answer": (programme, solution, intervals, order),
    }


def told(case: Case, answer: Any) -> dict[str, Any]:
    programme, solution, intervals, order = answer
    post = programme.process_results(solution, plot=False, scaling=False)
    out, end = [], []
    for i in range(len(case.phases)):
        x, u, t, _ = post.get_data(phases=[i], interpolate=False)
        t = np.array(t).ravel()
        t, u, pieces = t - t[0], np.array(u), []
        for k in range(0, intervals * order, order):
            here = slice(k, k + order + 1)
            pieces.append({"lo": t[k], "hi": t[k + order], "t": t[here].tolist(),
                           "u": u[here].tolist()})  # fmt: skip
        out.append(pieces)
        end = np.array(x)[-1].tolist()
    return {"end": end, "pieces": out}

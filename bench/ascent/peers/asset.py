"""ASSET (asset_asrl, the engine of octavian): LGL collocation, PSIOPT, one thread.

`common` has our intervals with LGL7, which has our four nodes in each; `common-lgl5` has three.
`own` are the settings of its Delta III example: LGL3, 40 segments a phase. Directions are
normalised in the rates and their lengths bounded, as that example does.
"""

from __future__ import annotations

import types
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.ascent.peers import installed

if TYPE_CHECKING:
    from bench.ascent.problems import Case, Phase

MODES = {"common": ("LGL7", 4), "common-lgl5": ("LGL5", 3), "own": ("LGL3", 2)}


def available() -> str:
    return installed("asset_asrl", "octavian")


def settings(case: Case) -> list[str]:
    # PSIOPT does not come back from Goddard's rocket on LGL5 and LGL3 within 20 s
    return ["common"] if case.name == "goddard" else list(MODES)


def _ops(vf: Any) -> Any:
    """Its functions; the smaller of two is a switch, as in its example."""
    return types.SimpleNamespace(
        sqrt=vf.sqrt, exp=vf.exp, cos=vf.cos, sin=vf.sin,
        fmin=lambda a, b: vf.ifelse(a < b, a, 0.0 * a + b),
    )  # fmt: skip


def _ode(oc: Any, vf: Any, phase: Phase, n: int) -> Any:
    m = len(phase.control)
    args = oc.ODEArguments(n, m)
    x = [args.XVar(i) for i in range(n)]
    u = [args.UVar(i) for i in range(m)]
    if phase.directs:
        unit = args.UVec().normalized()
        u = [unit[i] for i in range(m)]
    rates = phase.rates(_ops(vf), x, u)
    return oc.ODEBase(vf.stack(rates), n, m)


def _guess(phase: Phase, start: float) -> list[np.ndarray]:
    """Rows of x, t, u along a straight line."""
    ends = [np.array([*a, t, *b]) for a, t, b in ((phase.x0, start, phase.u0),
            (phase.x1, start + phase.guessed, phase.u1))]  # fmt: skip
    return [ends[0] + f * (ends[1] - ends[0]) for f in np.linspace(0.0, 1.0, 20)]


def _phase(oc: Any, vf: Any, case: Case, i: int, start: float, mode: str, segments: int) -> Any:
    p, n = case.phases[i], len(case.start)
    m = len(p.control)
    phase = _ode(oc, vf, p, n).phase(mode, _guess(p, start), segments)
    phase.setControlMode("HighestOrderSpline")
    controls = list(range(n + 1, n + 1 + m))
    for c, limits in zip(controls, p.control, strict=True):
        if p.directs:
            break
        if limits[0] == limits[1]:
            phase.addBoundaryValue("Path", [c], [limits[0]])
        else:
            phase.addLUVarBound("Path", c, *limits, 1.0)
    if p.directs:
        phase.addLUNormBound("Path", controls, 0.9, 1.1)
        phase.addLowerNormBound("Path", [0, 1, 2], 0.999999)
    elif p.path_limits:
        args = vf.Arguments(n + m)
        path = p.path(vf, [args[k] for k in range(n)], [args[n + k] for k in range(m)])
        phase.addEqualCon("Path", vf.stack(path) if len(path) > 1 else path[0],
                          [*range(n), *controls])  # fmt: skip
    if not p.directs:
        for c, limits in enumerate(case.state):
            phase.addLUVarBound("Path", c, *limits, 1.0)
    low, high = p.duration
    if low == high:
        phase.addDeltaTimeEqualCon(low)
    else:
        phase.addLowerDeltaTimeBound(low)
        phase.addUpperDeltaTimeBound(high)
    return phase


def solve(case: Case, setting: str) -> dict[str, Any]:
    import asset_asrl as ast

    oc, vf, n = ast.OptimalControl, ast.VectorFunctions, len(case.start)
    mode, points = MODES[setting]
    ocp, phases, start = oc.OptimalControlProblem(), [], 0.0
    for i, p in enumerate(case.phases):
        segments = 40 if setting == "own" else p.intervals
        phase = _phase(oc, vf, case, i, start, mode, segments)
        if i > 0 and case.phases[i - 1].jump:
            # a known mass: where something is dropped it follows from the flow
            phase.addBoundaryValue("Front", [n - 1], [p.x0[-1]])
        phases.append(phase)
        ocp.addPhase(phase)
        start += p.guessed
    phases[0].addBoundaryValue("Front", range(n + 1), [*case.start, 0.0])
    args = vf.Arguments(n)
    end = case.end(vf, [args[k] for k in range(n)])
    phases[-1].addEqualCon("Back", vf.stack(end) if len(end) > 1 else end[0], range(n))
    if case.best is None:
        phases[-1].addValueObjective("Back", n, 1.0)
    else:
        phases[-1].addValueObjective("Back", case.best, -1.0)
    for i, (a, b) in enumerate(pairwise(phases)):
        linked = n - 1 if case.phases[i].jump else n
        ocp.addForwardLinkEqualCon(a, b, [*range(linked), n])
    ocp.setThreads(1, 1)
    o = ocp.optimizer
    # constraints as tight as ours; the rest as it comes: below 1e-7 it stalls as "acceptable"
    o.PrintLevel, o.MaxLSIters, o.EContol, o.KKTtol, o.MaxIters = 3, 2, 1e-9, 1e-7, 500
    o.set_OptLSMode("L1")
    flag = ocp.solve_optimize() if setting == "own" else ocp.optimize()
    tracks = [np.array(p.returnTraj()) for p in phases]
    last = tracks[-1][-1]
    return {
        "solved": flag == ast.Solvers.ConvergenceFlags.CONVERGED,
        "status": flag.name,
        "iterations": int(o.LastIterNum),
        "sought": float(last[n] if case.best is None else last[case.best]) * case.unit,
        "answer": (tracks, points),
    }


def told(case: Case, answer: Any) -> dict[str, Any]:
    tracks, points = answer
    n, s, out = len(case.start), points - 1, []
    for track in tracks:
        t = track[:, n] - track[0, n]
        out.append(
            [
                {"lo": t[k], "hi": t[k + s], "t": t[k : k + points].tolist(),
                 "u": track[k : k + points, n + 1 :].tolist()}
                for k in range(0, len(t) - 1, s)
            ]
        )  # fmt: skip
    return {"end": tracks[-1][-1, :n].tolist(), "pieces": out}

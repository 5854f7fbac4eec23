"""GTO to GEO by ASSET (asset_asrl): LGL7 collocation in time, PSIOPT, one thread.

    PEERS_PYTHON bench/transfer/asset_peer.py [segments]

Modified equinoctial elements over time, mass a state, directions normalised in the rates: its own
statement, started from equal burns about the apogee that push along and across the orbit. Prints
one line of JSON: the propellant, and times and directions of its burns for the re-flight.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.transfer.problem import BURNS, FLOW, MASS_KG, PUSH, START, TIME_S


def rates(ops: Any, x: Any, u: Any | None) -> list[Any]:
    p, f, g, h, k, longitude, m = x
    cos_l, sin_l = ops.cos(longitude), ops.sin(longitude)
    w = 1.0 + f * cos_l + g * sin_l
    root = ops.sqrt(p)
    turn = root * (w / p) * (w / p)
    if u is None:
        nothing = 0.0 * p
        return [nothing, nothing, nothing, nothing, nothing, turn, nothing]
    ar, at, an = (PUSH * c / m for c in u)
    z = (h * sin_l - k * cos_l) * an / w
    s2 = 1.0 + h * h + k * k
    return [
        2.0 * p * root * at / w,
        root * (ar * sin_l + ((w + 1.0) * cos_l + f) * at / w - g * z),
        root * (-1.0 * ar * cos_l + ((w + 1.0) * sin_l + g) * at / w + f * z),
        root * s2 * cos_l * an / (2.0 * w),
        root * s2 * sin_l * an / (2.0 * w),
        turn + root * z,
        -FLOW + 0.0 * p,
    ]


def guess() -> list[list[np.ndarray]]:
    """Burn, coast, burn ...: equal burns about the apogee, most along the orbit."""
    length = 0.38 / FLOW / BURNS
    x = np.array([*START, 2.8, 1.0])
    clock, out = 0.0, []

    def piece(x: np.ndarray, clock: float, span: float, push: bool) -> tuple[Any, np.ndarray]:
        def direction(longitude: float) -> np.ndarray:
            # the node lies at the apogee: across, southward
            return np.array([0.0, 0.93, 0.36 * np.sign(np.cos(longitude) + 1e-9)])

        def slope(_: float, y: np.ndarray) -> list[float]:
            u = direction(y[5]) if push else None
            return [float(c) for c in rates(np, y, u)]

        t = np.linspace(0.0, span, 30)
        path = solve_ivp(slope, (0.0, span), x, t_eval=t, rtol=1e-9, atol=1e-9).y.T
        rows = []
        for time_, y in zip(t, path, strict=True):
            u = direction(y[5]) if push else []
            rows.append(np.array([*y, clock + time_, *u]))
        return rows, path[-1]

    for j in range(BURNS):
        rows, x = piece(x, clock, length, True)
        out.append(rows)
        clock += length
        if j < BURNS - 1:
            a = x[0] / (1.0 - x[1] ** 2 - x[2] ** 2)
            span = 2.0 * np.pi * a**1.5 - length
            rows, x = piece(x, clock, span, False)
            out.append(rows)
            clock += span
    return out


def main() -> None:
    import asset_asrl as ast

    segments = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    wall, cpu = time.perf_counter(), time.process_time()
    oc, vf = ast.OptimalControl, ast.VectorFunctions
    ops = vf

    def ode(push: bool) -> Any:
        args = oc.ODEArguments(7, 3 if push else 0)
        x = [args.XVar(i) for i in range(7)]
        u = None
        if push:
            unit = args.UVec().normalized()
            u = [unit[i] for i in range(3)]
        return oc.ODEBase(vf.stack(rates(ops, x, u)), 7, 3 if push else 0)

    ocp, phases = oc.OptimalControlProblem(), []
    for j, rows in enumerate(guess()):
        push = j % 2 == 0
        phase = ode(push).phase("LGL7", rows, segments)
        if push:
            phase.setControlMode("HighestOrderSpline")
            phase.addLUNormBound("Path", [8, 9, 10], 0.9, 1.1)
        phase.addLowerDeltaTimeBound(1e-3)
        phases.append(phase)
        ocp.addPhase(phase)
    phases[0].addBoundaryValue("Front", [0, 1, 2, 3, 4, 6, 7], [*START, 1.0, 0.0])
    phases[-1].addBoundaryValue("Back", range(5), [1.0, 0.0, 0.0, 0.0, 0.0])
    phases[-1].addValueObjective("Back", 6, -1.0)
    for a, b in pairwise(phases):
        ocp.addForwardLinkEqualCon(a, b, range(8))
    ocp.setThreads(1, 1)
    o = ocp.optimizer
    o.PrintLevel, o.MaxLSIters, o.EContol, o.KKTtol, o.MaxIters = 3, 2, 1e-9, 1e-7, 500
    o.set_OptLSMode("L1")
    flag = ocp.solve_optimize()
    tracks = [np.array(p.returnTraj()) for p in phases]
    last = tracks[-1][-1]
    answer = {
        "status": flag.name,
        "solved": flag == ast.Solvers.ConvergenceFlags.CONVERGED,
        "iterations": int(o.LastIterNum),
        "cpu_s": time.process_time() - cpu,
        "wall_s": time.perf_counter() - wall,
        "propellant_kg": float((1.0 - last[6]) * MASS_KG),
        "duration_s": float(last[7] * TIME_S),
        "first": tracks[0][0, :6].tolist(),
        "burns": [
            {"t_s": (t[:, 7] * TIME_S).tolist(), "u": t[:, 8:].tolist(), "x": t[:, :6].tolist()}
            for t in tracks[::2]
        ],
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()

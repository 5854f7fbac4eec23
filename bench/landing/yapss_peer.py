"""The cases by yapss: pseudospectral collocation, its own statement in polar coordinates, IPOPT.

    PEERS_PYTHON bench/landing/yapss_peer.py

Prints one line of JSON a case: propellant, duration, the angle flown.
"""

from __future__ import annotations

import json
import math
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.landing.problem import CASES, G0, MU, RADIUS_M, Case

# radius less the Moon's in 10 km, angle, both speeds in km/s, mass of the start's
UNITS = np.array([1e4, 1.0, 1e3, 1e3, 1.0])
INTERVALS, POINTS = 12, 5


def stated(case: Case) -> Any:
    import yapss
    from yapss import math as ops

    count = len(case.throttles)
    problem = yapss.Problem(
        name="landing", nx=[5] * count, nu=[2] * count, nd=6 * (count - 1), nh=[0] * count
    )
    push = case.thrust_n / case.mass_kg
    flow = push / (G0 * case.isp_s)

    def objective(arg: Any) -> None:
        arg.objective = -arg.phase[count - 1].final_state[4]

    def continuous(arg: Any) -> None:
        for i in arg.phase_list:
            h, _, up, along, m = arg.phase[i].state
            throttle, angle = arg.phase[i].control
            r, vr, vt = RADIUS_M + UNITS[0] * h, UNITS[2] * up, UNITS[3] * along
            a = throttle * push / m
            rates = (
                vr,
                vt / r,
                vt * vt / r - MU / (r * r) + a * ops.sin(angle),
                -vr * vt / r + a * ops.cos(angle),
                -throttle * flow,
            )
            arg.phase[i].dynamics[:] = tuple(x / u for x, u in zip(rates, UNITS, strict=True))

    def discrete(arg: Any) -> None:
        rows: list[Any] = []
        for i in range(count - 1):
            a, b = arg.phase[i], arg.phase[i + 1]
            rows.append((b.initial_time - a.final_time) / 100.0)
            rows += [b.initial_state[c] - a.final_state[c] for c in range(5)]
        arg.discrete[:] = rows

    problem.functions.objective = objective
    problem.functions.continuous = continuous
    if count > 1:
        problem.functions.discrete = discrete
        problem.bounds.discrete.lower[:] = problem.bounds.discrete.upper[:] = 0.0
    start = [case.height_m / UNITS[0], 0.0, 0.0, case.speed_m_s / UNITS[3], 1.0]
    lasts = case.speed_m_s / push * 0.9
    ahead = 0.5 * case.speed_m_s * lasts / RADIUS_M if case.ahead_rad is None else case.ahead_rad
    end = [0.0, ahead, 0.0, 0.0, 1.0 - 0.9 * lasts * flow]
    for i, (lowest, highest) in enumerate(case.throttles):
        b, guess = problem.bounds.phase[i], problem.guess.phase[i]
        for bound in (b.state, b.initial_state, b.final_state):
            bound.lower[:], bound.upper[:] = (
                [-1.0, -0.1, -1.0, -1.0, 0.2],
                [20.0, 1.0, 1.0, 3.0, 1.0],
            )
        b.control.lower[:], b.control.upper[:] = [lowest, 0.0], [highest, math.pi]
        b.duration.lower, b.duration.upper = 0.1, 2000.0
        t0, t1 = lasts * i / count, lasts * (i + 1) / count
        guess.time = [t0, t1]
        mix = [[a + (z - a) * t / lasts for t in (t0, t1)] for a, z in zip(start, end, strict=True)]
        guess.state = mix
        guess.control = [[highest, highest], [math.pi, math.pi - 0.5]]
        problem.mesh.phase[i].collocation_points = (POINTS,) * INTERVALS
        problem.mesh.phase[i].fraction = (1.0 / INTERVALS,) * INTERVALS
    first, last = problem.bounds.phase[0], problem.bounds.phase[count - 1]
    first.initial_time.lower = first.initial_time.upper = 0.0
    first.initial_state.lower[:] = first.initial_state.upper[:] = start
    fixed = [0, 2, 3] if case.ahead_rad is None else [0, 1, 2, 3]
    for c in fixed:
        last.final_state.lower[c] = last.final_state.upper[c] = end[c] if c == 1 else 0.0
    problem.derivatives.method, problem.derivatives.order = "auto", "second"
    problem.spectral_method = "lgl"
    problem.ipopt_options.max_iter = 1000
    problem.ipopt_options.tol = 1e-9
    problem.ipopt_options.print_level = 0
    return problem


def main() -> None:
    for case in CASES:
        cpu = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            solution = stated(case).solve()
        last = solution.phase[len(case.throttles) - 1]
        answer = {
            "name": case.name,
            "solved": solution.nlp_info.ipopt_status == 0,
            "cpu_s": time.process_time() - cpu,
            "propellant_kg": float((1.0 - last.state[4][-1]) * case.mass_kg),
            "duration_s": float(last.time[-1]),
            "ahead_rad": float(last.state[1][-1]),
            "lowest_m": float(min(np.min(p.state[0]) for p in solution.phase) * UNITS[0]),
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

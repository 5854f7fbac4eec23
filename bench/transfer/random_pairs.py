"""Random pairs of orbits: how many transfers are found, how many refused, how well they fly.

    python -m bench.transfer.random_pairs 50 [--strong]

Perigees from 250 km up to 3e7 m, e to 0.75, inclinations to 120 degrees, changed by 20 degrees
(1 sigma) in seven of ten; node and argument of perigee wanted in three of ten each; 2 to 4 burns,
0.01 to 0.5 m/s2 (strong: 0.5 to 25), 220 to 460 s. Each answer is flown again by DOP853 at 1e-11.
"""

from __future__ import annotations

import argparse
import math
import time
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline

from cosmodrome.dynamics.elements import state_from_elements
from cosmodrome.errors import CosmodromeError, InfeasibleError
from cosmodrome.record.nouns import Elements
from cosmodrome.transfer import Engine, Goal, TransferProblem, TransferSolution, solve

MU, RADIUS_M, MASS_KG = 3.986004415e14, 6_378_137.0, 1000.0


def drawn(rng: np.random.Generator, strong: bool) -> TransferProblem:
    def shape() -> tuple[float, float, float]:
        near = rng.random() < 0.6
        perigee = RADIUS_M + (rng.uniform(250e3, 3000e3) if near else 10 ** rng.uniform(5.5, 7.5))
        e = float(rng.choice([0.0, rng.uniform(0.01, 0.75)]))
        i = math.radians(rng.choice([0.0, rng.uniform(0, 120)], p=[0.2, 0.8]))
        return perigee / (1 - e), e, i

    a0, e0, i0 = shape()
    a1, e1, _ = shape()
    tilt = rng.random() < 0.7
    i1 = min(max(i0 + math.radians(rng.normal(0, 20)), 0.0), 0.9 * math.pi) if tilt else i0
    raan = rng.uniform(0, 6.28)
    push = 10 ** (rng.uniform(-0.3, 1.4) if strong else rng.uniform(-2, -0.3))
    burns, isp = int(rng.integers(2, 5)), rng.uniform(220, 460)
    goal: dict[str, Any] = {"a_m": a1, "e": e1, "i_rad": i1}
    if rng.random() < 0.3:
        goal["raan_rad"] = raan + rng.normal(0, 0.2)
    if rng.random() < 0.3 and e1 > 0:
        goal["argp_rad"] = rng.uniform(0, 6.28)
    r, v = state_from_elements(Elements(a0, e0, i0, raan, rng.uniform(0, 6.28), 0.0), MU)
    return TransferProblem(MU, r, v, MASS_KG, Engine(push * MASS_KG, isp), Goal(**goal), burns)


def missed(found: TransferSolution) -> float:
    """Distance of the re-flight's end from the optimum's, m."""
    engine = found.problem.engine
    y = np.append(found.burns[0].before, MASS_KG)

    def fall(_: float, y: np.ndarray) -> np.ndarray:
        return np.concatenate([y[3:6], -MU * y[:3] / np.linalg.norm(y[:3]) ** 3, [0.0]])

    def flown(rate: Any, lo: float, hi: float, y: np.ndarray) -> np.ndarray:
        if hi - lo < 1e-6:
            return y
        return solve_ivp(rate, (lo, hi), y, method="DOP853", rtol=1e-11, atol=1e-6).y[:, -1]

    clock = found.burns[0].start_s
    for burn in found.burns:
        y = flown(fall, clock, burn.start_s, y)
        steer = CubicSpline(burn.t_s, burn.directions)

        def push(t: float, y: np.ndarray, steer: CubicSpline = steer) -> np.ndarray:
            out, u = fall(t, y), steer(t)
            out[3:6] += engine.thrust_n / y[6] * u / np.linalg.norm(u)
            out[6] = -engine.flow_kg_s
            return out

        y = flown(push, burn.start_s, burn.end_s, y)
        clock = burn.end_s
    return float(np.linalg.norm(y[:3] - found.final[:3]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int, nargs="?", default=50)
    parser.add_argument("--strong", action="store_true")
    ask = parser.parse_args()
    rng = np.random.default_rng(5)
    seconds, miss, refused, lost = [], [], 0, 0
    for number in range(ask.count):
        problem = drawn(rng, ask.strong)
        cpu = time.process_time()
        try:
            found = solve(problem)
        except CosmodromeError as e:
            refused += isinstance(e, InfeasibleError)
            lost += not isinstance(e, InfeasibleError)
            print(f"{number:3d} {type(e).__name__}: {e}", flush=True)
            continue
        seconds.append(time.process_time() - cpu)
        miss.append(missed(found))
        print(
            f"{number:3d} {found.delta_v_m_s:7.1f} m/s ({found.impulsive_m_s:.1f} by impulses)"
            f" {seconds[-1]:6.2f} s CPU, re-flown to {miss[-1]:.2g} m",
            flush=True,
        )
    print(
        f"{len(seconds)} found, {refused} refused, {lost} not found; CPU median"
        f" {np.median(seconds):.2f} s, most {max(seconds):.2f}; re-flown miss median"
        f" {np.median(miss):.2g} m, most {max(miss):.2g}"
    )


if __name__ == "__main__":
    main()

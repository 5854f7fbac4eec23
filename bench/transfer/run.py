"""GTO to GEO in three burns: ours beside ASSET's, the same constants, on one core.

    python -m bench.transfer.run --python /path/to/peers/bin/python

Each program states and solves the problem from nothing as often as asked, in turn; medians of CPU
time. Both optima are flown again by DOP853 at 1e-12 along the directions they gave.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline

from bench.propagation.run import machine
from bench.propagation.table import slug
from bench.transfer import problem as given
from cosmodrome.dynamics.elements import state_from_elements
from cosmodrome.maths import SCALAR
from cosmodrome.record.nouns import Elements
from cosmodrome.transfer import Engine, Goal, TransferProblem, solve
from cosmodrome.transfer.equinoctial import axes, state_from_equinoctial

HERE = Path(__file__).parent


def ours() -> dict[str, Any]:
    cpu = time.process_time()
    r, v = state_from_elements(
        Elements(given.A, given.E, given.INCLINATION, 0.0, 0.0, 0.0), given.MU
    )
    goal = Goal(a_m=given.UNIT_M, e=0.0, i_rad=0.0)
    engine = Engine(given.THRUST_N, given.ISP_S)
    found = solve(TransferProblem(given.MU, r, v, given.MASS_KG, engine, goal, given.BURNS))
    return {
        "cpu_s": time.process_time() - cpu,
        "propellant_kg": found.propellant_kg,
        "iterations": int(found.budget["iterations"]),
        "solved": True,
        "start": found.burns[0].before.tolist(),
        "burns": [{"t_s": b.t_s.tolist(), "u": b.directions.tolist()} for b in found.burns],
    }


def asset(python: str) -> dict[str, Any]:
    done = subprocess.run(
        [python, str(HERE / "asset_peer.py")], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.strip().splitlines()[-1])
    # radial, transverse, normal directions become inertial ones
    for burn in found["burns"]:
        burn["u"] = [
            (np.array(u) / np.linalg.norm(u) @ np.array(axes(SCALAR, x[3], x[4], x[5]))).tolist()
            for u, x in zip(burn["u"], burn["x"], strict=True)
        ]
    first = found["first"]
    row = [first[0] * given.UNIT_M, *first[1:]]
    found["start"] = np.concatenate(state_from_equinoctial(row, given.MU)).tolist()
    return found


def missed(found: dict[str, Any]) -> float:
    """How far the re-flight ends from the circle in the equator, m."""
    y = np.append(found["start"], given.MASS_KG)
    clock = found["burns"][0]["t_s"][0]
    flow = given.THRUST_N / (given.G0 * given.ISP_S)

    def fall(_: float, y: np.ndarray) -> np.ndarray:
        return np.concatenate([y[3:6], -given.MU * y[:3] / np.linalg.norm(y[:3]) ** 3, [0.0]])

    for burn in found["burns"]:
        t, u = np.array(burn["t_s"]), np.array(burn["u"])
        if t[0] > clock:
            y = solve_ivp(fall, (clock, t[0]), y, method="DOP853", rtol=1e-12, atol=1e-8).y[:, -1]
        kept = np.append(True, np.diff(t) > 1e-9)
        steer = CubicSpline(t[kept], u[kept])

        def push(t: float, y: np.ndarray, steer: CubicSpline = steer) -> np.ndarray:
            out, unit = fall(t, y), steer(t)
            out[3:6] += given.THRUST_N / y[6] * unit / np.linalg.norm(unit)
            out[6] = -flow
            return out

        y = solve_ivp(push, (t[0], t[-1]), y, method="DOP853", rtol=1e-12, atol=1e-8).y[:, -1]
        clock = t[-1]
    r, v = y[:3], y[3:6]
    n = np.cross(r, v)
    e = np.cross(v, n) / given.MU - r / np.linalg.norm(r)
    a = 1.0 / (2.0 / np.linalg.norm(r) - v @ v / given.MU)
    tilt = np.hypot(n[0], n[1]) / np.linalg.norm(n)
    return float(max(abs(a - given.UNIT_M), given.UNIT_M * np.linalg.norm(e), given.UNIT_M * tilt))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", required=True, help="interpreter of the peers")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--out", type=Path)
    ask = parser.parse_args()
    os.sched_setaffinity(0, {ask.core})
    rows: dict[str, Any] = {}
    cpu: dict[str, list[float]] = {"cosmodrome": [], "asset": []}
    for _ in range(ask.runs):
        for name, run in (("cosmodrome", ours), ("asset", lambda: asset(ask.python))):
            found = run()
            cpu[name].append(found["cpu_s"])
            rows[name] = found
    result: dict[str, Any] = {
        "machine": machine(),
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "case": "GTO to GEO, three burns, two-body",
    }
    print(f"{'program':12} {'propellant, kg':>16} {'CPU s':>8} {'iterations':>11} {'miss, m':>9}")
    for name, found in rows.items():
        row = {
            "propellant_kg": found["propellant_kg"],
            "cpu_median_s": statistics.median(cpu[name]),
            "iterations": found["iterations"],
            "solved": found["solved"],
            "miss_m": missed(found),
        }
        result[name] = row
        print(
            f"{name:12} {row['propellant_kg']:16.6f} {row['cpu_median_s']:8.2f}"
            f" {row['iterations']:11d} {row['miss_m']:9.2f}"
        )
    out = ask.out or HERE / "results" / f"{slug(result['machine'])}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

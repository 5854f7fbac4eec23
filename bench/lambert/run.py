"""Solves per second beside peers: single calls and batches, one core, interleaved in one run.

    python -m bench.lambert.run --python /path/to/peers/bin/python

Each peer is a process of its own, pinned to one core and asked in turn, A, B, C, A, B, C ...;
CPU time, medians. Two sets: direct transfers, and every solution up to five revolutions (eleven a
problem). What each one solves is flown in extended precision (bench.lambert.kepler).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench.lambert.peers import NAMES
from bench.lambert.problems import Problems, draw, miss
from cosmodrome.dynamics.lambert import minimum_time
from cosmodrome.solvers.core import simd_level

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).parent / "results"
CASES = ("direct", "all up to 5 revolutions")
TURNS = 5


def cases(n: int) -> dict[str, Any]:
    """Problems of both sets, radii ratio 0.01 to 100."""
    direct = draw(n, 1, none=1.0, direct=(0.1, 10.0))
    every = draw(n, 2, none=1.0)
    least = minimum_time(every.r1, every.r2, 1.0, TURNS)
    out = {}
    tof = least * np.random.default_rng(3).uniform(1.05, 3.0, n)
    for case, p, times, turns in (
        (CASES[0], direct, direct.tof, 0),
        (CASES[1], every, tof, TURNS),
    ):
        out |= {f"{case}.r1": p.r1, f"{case}.r2": p.r2, f"{case}.tof": times}
        out[f"{case}.turns"] = np.array(turns)
    return out


class Peer:
    """A worker and the pipe to it."""

    def __init__(self, name: str, python: str, file: str, core: int) -> None:
        self.name = name
        path = os.pathsep.join([str(ROOT)])
        one = {f"{k}_NUM_THREADS": "1" for k in ("OMP", "RAYON", "OPENBLAS", "NUMBA", "MKL")}
        self.process = subprocess.Popen(
            [python, "-m", "bench.lambert.worker", name, file, str(core)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path, **one},
            text=True,
        )

    def ask(self, **what: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps(what) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        return dict(json.loads(line)) if line else {"error": "the process ended"}


def judged(data: dict[str, Any], case: str, v1: Any) -> dict[str, Any]:
    """How many solutions are there, and how far from r2 the median and the worst arrive."""
    n, wide = v1.shape[:2]
    r1, r2, tof = (np.repeat(data[f"{case}.{k}"][:n], wide, axis=0) for k in ("r1", "r2", "tof"))
    flat = v1.reshape(-1, 3)
    there = np.isfinite(flat).all(1)
    p = Problems(r1[there], r2[there], tof[there], np.zeros(int(there.sum())), [], "prograde")
    error = miss(p, flat[there])
    good = error <= 1e-6
    return {
        "solved": int(good.sum()),
        "of": n * wide,
        "median": float(np.median(error)) if there.any() else None,
        "largest": float(error[good].max()) if good.any() else None,
    }


def measure(args: argparse.Namespace) -> dict[str, Any]:
    data = cases(args.n)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "problems.npz")
        np.savez(file, **data)
        peers = [
            Peer(name, sys.executable if name == "cosmodrome" else args.python, file, args.core)
            for name in args.peers
        ]
        for case in CASES:
            live = []
            for peer in peers:
                out = str(Path(folder) / "v1.npy")
                said = peer.ask(do="solutions", case=case, file=out, many=min(2000, args.n))
                if "error" not in said:
                    said |= judged(data, case, np.load(out))
                    live.append(peer)
                rows.append({"case": case, "peer": peer.name, **said})
                print(rows[-1], flush=True)
            times: dict[tuple[str, str], list[float]] = {}
            for _ in range(args.rounds):
                for peer in live:
                    row = next(r for r in rows if r["case"] == case and r["peer"] == peer.name)
                    for do in ("single", "batch") if row["batch"] else ("single",):
                        said = peer.ask(do=do, case=case, many=args.single)
                        if "us" in said:
                            times.setdefault((peer.name, do), []).append(said["us"])
                        else:
                            row["error"] = said["error"]
            for row in rows:
                for do in ("single", "batch"):
                    if row["case"] == case and (row["peer"], do) in times:
                        row[do + "_us"] = statistics.median(times[row["peer"], do])
        for peer in peers:
            assert peer.process.stdin is not None
            peer.process.stdin.close()
            peer.process.wait()
    return {"machine": platform.machine(), "level": simd_level(), "rows": rows}


def table(measured: dict[str, Any]) -> str:
    """The rows as Markdown."""
    out = []
    for case in CASES:
        rows = [r for r in measured["rows"] if r["case"] == case]
        own = next(r for r in rows if r["peer"] == "cosmodrome")
        out += [
            f"**{case}**",
            "",
            "| | single call, us | ratio | batch, us a problem | ratio | solved | median miss"
            " | largest miss |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for r in rows:
            if "single_us" not in r:
                out.append(f"| {r['peer']} | - | - | - | - | - | - | - |")
                continue
            each = r.get("batch_us", r["single_us"])
            loop = "" if "batch_us" in r else " (loop)"
            out.append(
                f"| {r['peer']} {r['version']} | {r['single_us']:.2f} |"
                f" {r['single_us'] / own['single_us']:.1f} | {each:.3f}{loop} |"
                f" {each / own['batch_us']:.0f} | {100 * r['solved'] / r['of']:.2f} % |"
                f" {r['median']:.0e} | {r['largest'] or float('nan'):.0e} |"
            )
        out.append("")
    return "\n".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="interpreter that has the peers")
    parser.add_argument("--peers", nargs="*", default=NAMES, help="which; cosmodrome first")
    parser.add_argument("-n", type=int, default=20_000)
    parser.add_argument("--single", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--core", type=int, default=0)
    args = parser.parse_args()
    measured = measure(args)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "lambert.json").write_text(json.dumps(measured, indent=1) + "\n")
    print(table(measured))


if __name__ == "__main__":
    main()

"""Coverage against peers: `python -m bench.coverage.run --peers PYTHON [--points 10]`.

The case: a Walker delta 53 deg: 40/5/1 at 550 km for a day, all points above 10 deg of elevation,
two-body motion in GCRF from one set of states, real Earth orientation, WGS84. Each program runs in
a process of its own; times are CPU seconds of all its threads for the search alone (ours with
the flight and the statistics). We do all points; a peer does the first few of a shuffled list, and
its time for all is its time for these by proportion, as its work is pair by pair.

Results go to bench/coverage/results/.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from bench.coverage.peers import EPOCH
from bench.propagation.given import finals
from cosmodrome.coverage import Grid, walker
from cosmodrome.world import store
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

ROOT = Path(__file__).resolve().parents[2]
PEERS = ("orekit", "lox", "brahe")
ALL = 10_000


def problem(folder: Path, points: int) -> Path:
    """The case with the first points of a shuffled spiral of ALL."""
    world = World.shipped()
    made = walker(math.radians(53.0), 40, 5, 1, 550e3, Epoch.from_utc(EPOCH + "Z"))
    grid = Grid.spiral(ALL)
    places = np.degrees(np.column_stack([grid.latitude_rad, grid.longitude_rad]))
    order = np.random.default_rng(1).permutation(ALL)
    out = folder / f"problem-{points}.npz"
    np.savez(
        out,
        states=made.states(world)[:, :6],
        points=places[order[:points]],
        mu=world.gravity("earth").mu_m3_s2,
        span_s=86_400.0,
        mask_deg=10.0,
    )
    table = store.open_array("earth_orientation")
    inside = (table[:, 0] >= 61_000) & (table[:, 0] <= 61_400)
    (folder / "finals2000A.all").write_text(finals(table[inside]))
    return out


def run(python: str, name: str, given: Path, timeout_s: float) -> tuple[dict, np.ndarray] | str:
    """What a program answered, or why not."""
    out = given.parent / f"{name}-{given.stem}.json"
    words = [python, "-m", "bench.coverage.worker", name, str(given), str(out)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(
            words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired:
        return f"no answer in {timeout_s:g} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["it ended"])[-1][:200]
    return json.loads(out.read_text()), np.load(out.with_suffix(".npy"))


def compared(own: np.ndarray, other: np.ndarray) -> dict[str, float]:
    """Accesses of both, and how far their edges lie apart (by the nearest start of the pair)."""
    apart, met, used, missed = [], 0, set(), 0.0
    for point, satellite, start, stop in own:
        pair = np.flatnonzero(
            (other[:, 0] == point)
            & (other[:, 1] == satellite)
            & (other[:, 2] < stop)
            & (other[:, 3] > start)
        )
        k = int(pair[0]) if pair.size else -1
        if k < 0 or k in used:
            missed = max(missed, stop - start)
            continue
        used.add(k)
        met += 1
        apart += [abs(start - other[k, 2]), abs(stop - other[k, 3])]
    return {
        "ours": len(own),
        "theirs": len(other),
        "met": met,
        "longest_they_miss_s": missed,
        "longest_we_miss_s": max(
            (r[3] - r[2] for k, r in enumerate(other) if k not in used), default=0.0
        ),
        "median_s": float(np.median(apart)) if apart else math.nan,
        "worst_s": float(np.max(apart)) if apart else math.nan,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", metavar="PYTHON", required=True, help="of the peers' venv")
    parser.add_argument("--points", type=int, default=10, help="that a peer does")
    parser.add_argument("--timeout", type=float, default=1800.0, help="seconds a program may take")
    parser.add_argument("--only", nargs="*", default=PEERS, choices=PEERS)
    args = parser.parse_args()
    told: dict[str, dict] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, full = problem(folder, args.points), problem(folder, ALL)
        whole = run(sys.executable, "cosmodrome", full, args.timeout)
        own = run(sys.executable, "cosmodrome", few, args.timeout)
        if isinstance(whole, str) or isinstance(own, str):
            raise SystemExit(f"cosmodrome: {whole if isinstance(whole, str) else own}")
        told["cosmodrome"] = {**whole[0], "points": ALL, "all_cpu_s": whole[0]["cpu_s"]}
        told["cosmodrome"]["accesses"] = len(whole[1])
        print(f"cosmodrome: {whole[0]['cpu_s']:.2f} s CPU for all {ALL:,} points", flush=True)
        for peer in args.only:
            answer = run(args.peers, peer, few, args.timeout)
            if isinstance(answer, str):
                told[peer] = {"no": answer}
                print(f"{peer}: {answer}", flush=True)
                continue
            all_s = answer[0]["cpu_s"] * ALL / args.points
            edges = compared(own[1], answer[1])
            told[peer] = {**answer[0], "points": args.points, "all_cpu_s": all_s, "edges": edges}
            ratio = all_s / whole[0]["cpu_s"]
            print(
                f"{peer} {answer[0]['version']}: {answer[0]['cpu_s']:.2f} s CPU for {args.points}"
                f" points, {ratio:.0f} times ours for all; {edges}",
                flush=True,
            )
    results = ROOT / "bench/coverage/results"
    results.mkdir(exist_ok=True)
    (results / "latest.json").write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""Every program that installs, on the same optimal flights, interleaved on one core.

    python -m bench.ascent.run --python /path/to/peers/bin/python

For each problem and setting, all programs solve in turn, A, B, C, A, B, C ..., each time from
nothing: statement, set-up, solve, mesh refinement where the setting has it. Medians of CPU and wall
time; the first solve of a process is kept apart. The optimum is then flown again by DOP853 at
1e-12 along the controls it gave, and the distance from where it says it ends is its miss.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import statistics
import sys
from pathlib import Path
from typing import Any

from bench.ascent import problems, table
from bench.ascent.peers import NAMES
from bench.propagation.run import Peer, Refused, machine
from bench.propagation.table import slug

RESULTS = Path(__file__).parent / "results"
# slower solves are repeated once only
SLOW_S = 2.0


def solved_by(peers: list[Peer], name: str, runs: int) -> list[dict[str, Any]]:
    """All programs and settings of a problem: a row each."""
    rows: list[dict[str, Any]] = []
    held = []
    for peer in peers:
        try:
            found = peer.ask("settings", case=name)
        except Refused as e:
            rows.append({"program": peer.name, "refused": str(e)})
            continue
        for setting in found:
            row = {"program": peer.name, "setting": setting, "cpu_s": [], "wall_s": []}
            try:
                first = peer.ask("solve", case=name, setting=setting, fly=True)
            except Refused as e:
                row["refused"] = str(e)
            else:
                row["first_cpu_s"] = first.pop("cpu_s")
                row["first_wall_s"] = first.pop("wall_s")
                row |= first
                held.append((peer, row))
            rows.append(row)
    for k in range(runs):
        for peer, row in held:
            if k > 0 and row["cpu_s"][0] > SLOW_S:
                continue
            again = peer.ask("solve", case=name, setting=row["setting"], fly=False)
            row["cpu_s"].append(again["cpu_s"])
            row["wall_s"].append(again["wall_s"])
    for _, row in held:
        row["cpu_median_s"] = statistics.median(row["cpu_s"])
        row["wall_median_s"] = statistics.median(row["wall_s"])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="interpreter of the peers")
    parser.add_argument("--peers", nargs="+", default=list(NAMES))
    parser.add_argument("--cases", nargs="+", default=list(problems.ALL))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--out", type=Path, help="JSON; default: results/MACHINE.json")
    ask = parser.parse_args()
    peers = []
    for name in ask.peers:
        python = sys.executable if name == "cosmodrome" else ask.python
        peer = Peer(name, python, Path(), ask.core, worker="bench.ascent.worker")
        try:
            peer.version = peer.ask("available")
            peers.append(peer)
            print(f"{name:12} {peer.version}", flush=True)
        except Refused as e:
            print(f"{name:12} not flown: {e}", flush=True)
    here = machine()
    out = ask.out or RESULTS / f"{slug(here)}.json"
    result: dict[str, Any] = {"machine": here, "versions": {}, "cases": {}}
    if out.exists():
        result = json.loads(out.read_text(encoding="utf-8"))
    result["versions"] |= {peer.name: peer.version for peer in peers}
    result["date"] = dt.datetime.now(tz=dt.UTC).date().isoformat()
    for name in ask.cases:
        result["cases"][name] = solved_by(peers, name, ask.runs)
        print(table.case(problems.ALL[name], result["cases"][name]), flush=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    for peer in peers:
        peer.end()


if __name__ == "__main__":
    main()

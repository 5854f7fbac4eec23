"""Nodes, apsides, shadow, rise and set over seven days: the search of Orekit and ours, by turns.

    python -m bench.propagation.events --python orekit=/path/to/venv/bin/python

Each program flies the path with its events found, in a process of its own pinned to one core; one
round warms up (Java compiles), then as many as asked are timed in turn. Medians of CPU time, the
flight without events beside it; and how far the instants lie apart.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.propagation import cases
from bench.propagation.run import ROOT, Peer, machine

STATIONS = {
    "svalbard": (78.23, 15.39, 450.0),
    "vostochny": (51.88, 128.33, 250.0),
    "hartebeesthoek": (-25.89, 27.69, 1540.0),
}
CASES = tuple(
    cases.Case(
        f"events-{degree}", f"LEO 500 km SSO, {degree}x{degree}, Sun, Moon, 7 days with events",
        "earth", cases.EPOCH_UTC, *cases.LEO, 7 * 86_400.0, degree, cases.SUN_MOON, 1e-2,
    )
    for degree in (20, 70)
)  # fmt: skip
ASK = {"stations": STATIONS, "mask_deg": 5.0, "max_check_s": 60.0, "threshold_s": 1e-6, "runs": 1}
# what brings Orekit's instants within 10 us of its tight ones after a week, m a step
TOLERANCE_M = {20: 1e-7, 70: 1e-8}


def apart(a: list[list[Any]], b: list[list[Any]]) -> dict[str, Any]:
    """By kind: how many each found, and the largest distance of their instants, s."""
    out = {}
    for kind in sorted({(r[0], r[2]) for r in (*a, *b)}):
        one, two = ([float(r[1]) for r in x if (r[0], r[2]) == kind] for x in (a, b))
        same = len(one) == len(two)
        worst = max((abs(x - y) for x, y in zip(one, two, strict=same)), default=0.0)
        out[" ".join(kind).strip()] = [len(one), len(two), worst if same else None]
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", action="append", default=[], metavar="PEER=PATH")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--out", type=Path, default=None, help="JSON")
    ask = parser.parse_args()
    python = {"cosmodrome": sys.executable, "orekit": sys.executable}
    python.update(text.split("=", 1) for text in ask.python)

    results: dict[str, Any] = {"machine": machine(), "ask": ASK, "cases": {}}
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "given"
        env = dict(os.environ, PYTHONPATH=os.pathsep.join([str(ROOT), str(ROOT / "src")]))
        subprocess.run(
            [sys.executable, "-m", "bench.propagation.given", str(given)], check=True, cwd=ROOT,
            env=env,
        )  # fmt: skip
        peers = [Peer(name, path, given, ask.core) for name, path in python.items()]
        for case in CASES:
            found: dict[str, Any] = {}
            more = [{**ASK, "tolerance_m": TOLERANCE_M[case.degree]}]
            for turn in range(ask.runs + 1):
                for peer in peers:
                    got = peer.ask("call", case=case.plain(), what="events", more=more)
                    kept = found.setdefault(peer.name, {**got, "plain_s": [], "events_s": []})
                    if turn:
                        for key in ("plain_s", "events_s"):
                            kept[key] += got[key]
            print(case.title)
            medians = {}
            for name, kept in found.items():
                medians[name] = statistics.median(kept["events_s"])
                print(
                    f"  {name:12} {1e3 * medians[name]:9.1f} ms with {len(kept['rows'])} events,"
                    f" {1e3 * statistics.median(kept['plain_s']):9.1f} ms without"
                    + (f"; does not find {kept['lacks']}" if kept.get("lacks") else "")
                )
            print(f"  ratio {medians['orekit'] / medians['cosmodrome']:.1f}")
            compared = apart(found["cosmodrome"]["rows"], found["orekit"]["rows"])
            for kind, (ours, theirs, worst) in compared.items():
                far = "" if worst is None else f"{1e6 * worst:8.2f} us apart"
                print(f"    {kind:24} {ours:4d} {theirs:4d} {far}")
            results["cases"][case.name] = {"found": found, "apart": compared}
        for peer in peers:
            peer.end()
    if ask.out is not None:
        ask.out.write_text(json.dumps(results) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()

"""Every peer that installs, on the same cases, interleaved on one core.

    python -m bench.propagation.run --python /path/to/peers/bin/python

For each case: every peer climbs its ladder of settings until its error against its own tight run
meets the case's target (the work-precision curve); the cheapest setting that meets it is held,
and then all peers fly in turn, A, B, C, A, B, C ..., as often as asked. CPU time of the whole
process, medians. Peers that never meet the target fly their most accurate setting, and say so.

Each peer is a process of its own, started with the interpreter given for it and pinned to one
core. `cosmodrome@avx2` is this package with COSMODROME_SIMD=avx2, flown beside the others.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.propagation import cases, table
from bench.propagation.peers import NAMES

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).parent / "results"
SHORT = ("leo-70", "leo-20", "leo-20-drag", "gto-20", "ensemble-20", "ensemble-70")
# beyond this a setting is measured once, not in every round
ONCE_S = 4.0


class Peer:
    """A worker process and the pipe to it."""

    def __init__(
        self,
        name: str,
        python: str,
        folder: Path,
        core: int,
        worker: str = "bench.propagation.worker",
    ) -> None:
        self.name, self.version = name, ""
        module, _, level = name.partition("@")
        env = dict(os.environ, PYTHONPATH=os.pathsep.join([str(ROOT), *_source(module)]))
        for threads in (
            "OMP_NUM_THREADS",
            "MKL_NUM_THREADS",
            "RAYON_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
        ):
            env[threads] = "1"
        if level:
            env["COSMODROME_SIMD"] = level
        self.process = subprocess.Popen(
            [python, "-m", worker, module, str(folder), str(core)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=env,
            text=True,
        )

    def ask(self, do: str, **more: Any) -> Any:
        """The answer; raises Refused with the reason."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps({"do": do, **more}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise Refused(f"its process ended with status {self.process.wait()}")
        answer = json.loads(line)
        if "no" in answer:
            raise Refused(answer["no"])
        return answer["ok"]

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """What a peer cannot do, in its words."""


def _source(module: str) -> list[str]:
    # the package itself runs as installed; peers read its world from the source tree
    return [] if module == "cosmodrome" else [str(ROOT / "src")]


def machine() -> dict[str, str]:
    """CPU model, SIMD level and system, for the record; no host name."""
    model, flags = platform.processor() or platform.machine(), ""
    info = Path("/proc/cpuinfo")
    if info.exists():
        fields = dict(
            [x.strip() for x in line.split(":", 1)]
            for line in info.read_text().splitlines()
            if ":" in line
        )
        model = f"{fields.get('model name', model)}, family {fields.get('cpu family', '?')} model"
        model += f" {fields.get('model', '?')}"
        flags = fields.get("flags", "")
    level = next((x for f, x in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if f in flags), "none")
    return {
        "cpu": model,
        "simd": level,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def climb(peer: Peer, case: cases.Case) -> dict[str, Any]:
    """The work-precision curve, and the cheapest setting that meets the target."""
    opened = peer.ask("open", case=case.plain())
    curve: list[dict[str, Any]] = []
    met: set[str] = set()
    for setting in opened["settings"][:-1]:
        family = str(setting.get("method", ""))
        if family in met:
            continue  # tighter settings of this method only cost more
        point = peer.ask("point", setting=setting)
        curve.append(point)
        if point["path_m"] <= case.target_m:
            met.add(family)
    good = [p for p in curve if p["path_m"] <= case.target_m]
    chosen = min(good, key=lambda p: p["cpu_s"]) if good else min(curve, key=lambda p: p["path_m"])
    return {"notes": opened["notes"], "end": opened["end"], "curve": curve, "chosen": chosen}


def fly(peers: list[Peer], case: cases.Case, runs: int, samples: int) -> dict[str, Any]:
    """One case by all peers: curves one after the other, then the rounds."""
    out: dict[str, Any] = {"case": case.plain(), "runs": runs, "peers": {}}
    held = []
    for peer in peers:
        try:
            result = climb(peer, case)
            peer.ask("hold", setting=result["chosen"]["setting"], samples=samples)
        except Refused as e:
            out["peers"][peer.name] = {"refused": str(e)}
            print(f"  {peer.name:18} {e}", flush=True)
            continue
        result["version"] = peer.version
        result["cpu_s"] = []
        out["peers"][peer.name] = result
        held.append(peer)
    for _ in range(runs):
        for peer in held:
            times = out["peers"][peer.name]["cpu_s"]
            if not times or times[0] < ONCE_S:
                times.append(peer.ask("fly"))
    for peer in held:
        result = out["peers"][peer.name]
        result["median_s"] = statistics.median(result["cpu_s"])
    if case.samples:
        out["samples_flown"] = samples
    return out


def keep(path: Path, here: dict[str, str], name: str, flown: dict[str, Any]) -> None:
    """Into the machine's file; its other cases stay as they were flown."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept: dict[str, Any] = {}
    if path.exists():
        kept = json.loads(path.read_text(encoding="utf-8"))["cases"]
    order = [c.name for c in cases.ALL]
    kept[name] = {**flown, "date": dt.datetime.now(tz=dt.UTC).date().isoformat()}
    result = {"machine": here, "cases": {n: kept[n] for n in order if n in kept}}
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--python",
        action="append",
        default=[],
        metavar="[PEER=]PATH",
        help="interpreter of the peers, or of one of them; default: this one",
    )
    parser.add_argument("--peers", nargs="+", default=[], help=f"of {', '.join(NAMES)}")
    parser.add_argument("--levels", nargs="+", default=["avx2"], help="SIMD levels flown beside")
    parser.add_argument("--cases", nargs="+", default=[], help="names; default: all")
    parser.add_argument("--short", action="store_true", help=f"only {', '.join(SHORT)}")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--samples", type=int, default=20, help="flown of an ensemble")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--out", type=Path, help="JSON; default: results/MACHINE.json")
    ask = parser.parse_args()

    default, own = sys.executable, {"cosmodrome": sys.executable}
    for text in ask.python:
        name, _, path = text.rpartition("=")
        if name:
            own[name] = path
        else:
            default = path
    names = ask.peers or list(NAMES)
    names = [*names, *(f"cosmodrome@{x}" for x in ask.levels if "cosmodrome" in names)]
    wanted = ask.cases or (SHORT if ask.short else [c.name for c in cases.ALL])
    os.sched_setaffinity(0, os.sched_getaffinity(0) - {ask.core} or {ask.core})

    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "given"
        env = dict(os.environ, PYTHONPATH=os.pathsep.join([str(ROOT), str(ROOT / "src")]))
        subprocess.run(
            [default, "-m", "bench.propagation.given", str(given)], check=True, cwd=ROOT, env=env
        )
        peers = []
        for name in names:
            module = name.partition("@")[0]
            peer = Peer(name, own.get(module, default), given, ask.core)
            try:
                peer.version = peer.ask("available")
                peers.append(peer)
                print(f"{name:18} {peer.version}", flush=True)
            except Refused as e:
                print(f"{name:18} not flown: {e}", flush=True)
        here = machine()
        out = ask.out or RESULTS / f"{table.slug(here)}.json"
        for case in cases.ALL:
            if case.name in wanted:
                print(f"{case.title}", flush=True)
                flown = fly(peers, case, ask.runs, ask.samples)
                print(table.case_table(case.name, flown, markdown=False), flush=True)
                keep(out, here, case.name, flown)
        for peer in peers:
            peer.end()
    print(f"kept in {out}")


if __name__ == "__main__":
    main()

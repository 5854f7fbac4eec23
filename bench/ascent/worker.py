"""One program in its own process, answering JSON lines over pipes; see bench.propagation.worker.

PYTHON -m bench.ascent.worker NAME FOLDER CORE
"""

from __future__ import annotations

import contextlib
import importlib
import time
from typing import Any

from bench.ascent import flown, problems, robust
from bench.ascent.peers import Unavailable
from bench.propagation.worker import serve


class Worker:
    """Holds the adapter."""

    def __init__(self, name: str) -> None:
        self.peer = importlib.import_module(f"bench.ascent.peers.{name}")

    def available(self, _: dict[str, Any]) -> str:
        return str(self.peer.available())

    def settings(self, ask: dict[str, Any]) -> list[str]:
        return list(self.peer.settings(problems.ALL[ask["case"]]))

    def guess(self, ask: dict[str, Any]) -> dict[str, Any]:
        """Delta III from a bad guess."""
        cpu = time.process_time()
        found = self.peer.solve(robust.bad_guess(ask["number"]), ask["setting"])
        return {"cpu_s": time.process_time() - cpu, "sought": found["sought"]}

    def solve(self, ask: dict[str, Any]) -> dict[str, Any]:
        """One whole solve, set-up and all; asked `fly`, the optimum is flown again untimed."""
        case = problems.ALL[ask["case"]]
        wall, cpu = time.perf_counter(), time.process_time()
        found = self.peer.solve(case, ask["setting"])
        out = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
        answer = found.pop("answer")
        out |= found
        if ask["fly"]:
            out["miss_m"] = None
            with contextlib.suppress(Unavailable):
                told = self.peer.told(case, answer)
                out["miss_m"] = flown.miss_m(case, told["pieces"], told["end"])
        return out


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        serve(Worker, Unavailable)

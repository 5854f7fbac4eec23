"""One peer in its own process, answering JSON lines over pipes.

    PYTHON -m bench.propagation.worker NAME FOLDER CORE

Every question is {"do": verb, ...}; every answer {"ok": ...} or {"no": reason}. The process is
pinned to one core before the peer is imported, so thread pools find one core. Times are CPU times
of the whole process, all its threads together.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.propagation import error
from bench.propagation.cases import Case
from bench.propagation.peers import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable


# a flight that takes longer with its 200 states is not flown again for its place on the ladder:
# stopping at them costs a few per cent. The rounds time `fly` alone.
SAMPLED_S = 0.5


def timed(f: Callable[[], Any]) -> float:
    """CPU seconds of one call; short calls are repeated until 20 ms are full."""
    calls, before = 0, time.process_time()
    while True:
        f()
        calls += 1
        spent = time.process_time() - before
        if spent >= 0.02:
            return spent / calls


class Worker:
    """Holds the peer, the flight in preparation and the tight path."""

    def __init__(self, name: str, folder: Path) -> None:
        self.folder = folder
        self.peer = importlib.import_module(f"bench.propagation.peers.{name}")
        self.case: Case | None = None
        self.tight: np.ndarray | None = None
        self.flight: Any = None

    def available(self, _: dict[str, Any]) -> str:
        return str(self.peer.available())

    def open(self, ask: dict[str, Any]) -> dict[str, Any]:
        """A case: its notes and settings; the tight path is flown, and once more less tightly."""
        self.case = case = Case.of(ask["case"])
        notes = self.peer.notes(case)
        settings = self.peer.settings(case)
        t = error.instants(case.span_s)
        self.tight = self.peer.prepare(case, settings[-1], self.folder).states(t)
        return {"notes": notes, "settings": settings, "end": self.tight[-1].tolist()}

    def point(self, ask: dict[str, Any]) -> dict[str, Any]:
        """One setting: prepared, flown once for its error and once or more for its time."""
        assert self.case is not None
        assert self.tight is not None
        before = time.process_time()
        flight = self.peer.prepare(self.case, ask["setting"], self.folder)
        prepared = time.process_time() - before
        before = time.process_time()
        states = flight.states(error.instants(self.case.span_s))
        spent = time.process_time() - before
        if spent < SAMPLED_S:
            spent = timed(flight.fly)
        point = error.curve_point(ask["setting"], spent, states, self.tight)
        return {**point, "tables_s": getattr(flight, "tables_s", prepared)}

    def hold(self, ask: dict[str, Any]) -> str:
        """Prepare the setting that will be timed."""
        assert self.case is not None
        self.flight = self.peer.prepare(self.case, ask["setting"], self.folder)
        if self.case.samples:
            self.starts = error.starts(self.case, ask["samples"])
            if not hasattr(self.flight, "ensemble"):
                raise Unavailable("this adapter flies no ensembles")
        return "held"

    def fly(self, _: dict[str, Any]) -> float:
        """CPU seconds of one flight, or of one sample of the ensemble."""
        assert self.case is not None
        if self.case.samples:
            every = self.case.every_s
            spent = timed(lambda: self.flight.ensemble(self.starts, every))
            return spent / len(self.starts)
        return timed(self.flight.fly)

    def states(self, ask: dict[str, Any]) -> list[list[float]]:
        """For reference states: one setting flown with its states at given seconds."""
        case = Case.of(ask["case"])
        flight = self.peer.prepare(case, ask["setting"], self.folder)
        return [[float(x) for x in row] for row in flight.states(np.array(ask["t_s"]))]

    def call(self, ask: dict[str, Any]) -> Any:
        """Any other function of the adapter that takes a case and gives plain data."""
        return getattr(self.peer, ask["what"])(Case.of(ask["case"]), self.folder, *ask["more"])


def serve(make: Callable[[str], Any], refusal: type[Exception]) -> None:
    """Answer every line of standard input with the worker that `make` gives for the peer's name."""
    name, core = sys.argv[1], int(sys.argv[3])
    if core >= 0:
        os.sched_setaffinity(0, {core})
    # the peer may print what it likes: the answers have a channel of their own
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        worker = make(name)
    except (ImportError, refusal) as e:
        worker = str(e)
    for line in sys.stdin:
        ask = json.loads(line)
        if isinstance(worker, str):
            answer: dict[str, Any] = {"no": worker}
        else:
            try:
                answer = {"ok": getattr(worker, ask["do"])(ask)}
            except refusal as e:
                answer = {"no": str(e)}
            except Exception as e:  # whatever a peer throws is its answer
                answer = {"no": f"{type(e).__name__}: {str(e).splitlines()[0][:200]}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        serve(lambda name: Worker(name, Path(sys.argv[2])), Unavailable)

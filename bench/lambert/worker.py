"""One peer in a process of its own: a line of JSON in, a line out (bench.lambert.run)."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from typing import Any

import numpy as np

from bench.lambert.peers import PEERS


def main() -> None:
    name, file = sys.argv[1], sys.argv[2]
    with contextlib.suppress(AttributeError, OSError):
        os.sched_setaffinity(0, {int(sys.argv[3])})
    data = np.load(file)
    peers: dict[str, Any] = {}
    for line in sys.stdin:
        ask = json.loads(line)
        case = ask["case"]
        try:
            if case not in peers:
                columns = [np.ascontiguousarray(data[f"{case}.{k}"]) for k in ("r1", "r2", "tof")]
                peers[case] = PEERS[name](*columns, int(data[f"{case}.turns"]))
            out = answer(peers[case], ask, len(data[f"{case}.tof"]))
        except Exception as e:
            out = {"error": f"{type(e).__name__}: {e}"[:200]}
        print(json.dumps(out), flush=True)


def answer(peer: Any, ask: dict[str, Any], n: int) -> dict[str, Any]:
    if ask["do"] == "solutions":
        wide = max(2 * peer.turns + 1, 1)
        v1 = np.full((n, wide, 3), np.nan)
        for k in range(ask["many"]):
            with contextlib.suppress(Exception):
                row = np.asarray(peer.single(k), dtype=np.float64).reshape(-1, 3)
                v1[k, : len(row)] = row[:wide]
        np.save(ask["file"], v1[: ask["many"]])
        return {"version": peer.version, "batch": peer.batch is not None}
    many = min(ask["many"], n)
    begin = time.process_time()
    if ask["do"] == "batch":
        peer.batch()
        many = peer.solved_at_once or n
    else:
        single = peer.single
        for k in range(many):
            single(k)
    return {"us": (time.process_time() - begin) / many * 1e6}


if __name__ == "__main__":
    main()

"""One program in its own process: PYTHON -m bench.coverage.worker NAME PROBLEM.npz ANSWER."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import numpy as np

from bench.coverage.peers import Problem


def main() -> None:
    name, given, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    data = np.load(given)
    problem = Problem(
        data["states"],
        data["points"],
        float(data["mu"]),
        float(data["span_s"]),
        float(data["mask_deg"]),
        given.parent,
    )
    answer = importlib.import_module(f"bench.coverage.peers.{name}").solve(problem)
    np.save(out.with_suffix(".npy"), answer.rows)
    told = {k: getattr(answer, k) for k in ("wall_s", "cpu_s", "settings", "version", "notes")}
    out.write_text(json.dumps(told))


if __name__ == "__main__":
    main()

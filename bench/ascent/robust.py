"""Delta III from 40 bad guesses: how many find the optimum?

    python -m bench.ascent.robust --python /path/to/peers/bin/python

A guess is a straight line in state space from the pad to anywhere: a place in any direction up to
0.3 radii above the ground (half of them behind the Earth, the line going through it), a velocity
with components up to 10 km/s, a thrust direction a phase, a last burn of 100 to 700 s; seeded.
Solved means the published mass within 0.01 kg.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.ascent.problems import Case, T, V, delta_iii

SEED, COUNT = 1, 40
# programs and the settings tried
TRIED = (
    ("cosmodrome", "tries"),
    ("cosmodrome", "common"),
    ("asset", "common-lgl5"),
    ("asset", "own"),
)


def bad_guess(k: int) -> Case:
    """Delta III with the guess number k."""
    rng = np.random.default_rng([SEED, k])
    case = delta_iii()
    pad = np.array(case.start[:6])
    d = rng.standard_normal(3)
    far = np.r_[d / np.linalg.norm(d) * rng.uniform(1.0, 1.3), rng.uniform(-1e4, 1e4, 3) / V]
    last = rng.uniform(100.0, 700.0) / T
    phases, now = [], 0.0
    durations = [*(p.guessed for p in case.phases[:-1]), last]
    for phase, duration in zip(case.phases, durations, strict=True):
        u = rng.standard_normal(3)
        u = tuple((u / np.linalg.norm(u)).tolist())
        ends = (pad + (far - pad) * f / sum(durations) for f in (now, now + duration))
        x0, x1 = ((*x.tolist(), m[-1]) for x, m in zip(ends, (phase.x0, phase.x1), strict=True))
        phases.append(replace(phase, guessed=duration, x0=x0, x1=x1, u0=u, u1=u))
        now += duration
    return replace(case, phases=tuple(phases))


def main() -> None:
    from bench.propagation.run import Peer, Refused

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="interpreter of the peers")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--count", type=int, default=COUNT)
    ask = parser.parse_args()
    for name, setting in TRIED:
        python = sys.executable if name == "cosmodrome" else ask.python
        peer = Peer(name, python, Path(), ask.core, worker="bench.ascent.worker")
        good, spent, failed = 0, [], []
        for k in range(ask.count):
            try:
                found = peer.ask("guess", number=k, setting=setting)
            except Refused as e:
                failed.append(f"{k} {e}")
                continue
            good += abs(found["sought"] - delta_iii().published) < 0.01
            spent.append(found["cpu_s"])
        peer.end()
        print(f"{name:12}{setting:14}{good} of {ask.count}, median {statistics.median(spent):.2f} s"
              f" {failed[:3]}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()

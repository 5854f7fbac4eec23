"""CPU seconds for the passes of thirty days of a low orbit over many stations.

python -m bench.contacts.speed [--stations 10 100]
"""

from __future__ import annotations

import argparse
import json
import math
import time

import numpy as np

from bench.contacts.brute import START
from cosmodrome.catalog.nouns import Station
from cosmodrome.coverage import contacts, eclipses
from cosmodrome.coverage.track import Track
from cosmodrome.dynamics.dynamics import Dynamics
from cosmodrome.dynamics.propagate import propagate
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.world import World


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stations", type=int, nargs="+", default=[10, 100])
    ask = parser.parse_args()
    world, rng = World.shipped(), np.random.default_rng(1)
    state = State(
        START, GCRF, np.array([6_878_137.0, 0.0, 0.0]), np.array([0.0, -990.0, 7_546.0]), 1_000.0
    )
    told: dict[str, object] = {}

    def timed(name: str, f):
        begin = time.process_time()
        out = f()
        told[name] = round(time.process_time() - begin, 3)
        return out

    span = 30.0 * 86_400.0
    timed("warm", lambda: propagate(state, Dynamics.earth(20), 86_400.0, world=world))
    path = timed("propagate_s", lambda: propagate(state, Dynamics.earth(20), span, world=world))
    path = path.trajectory
    timed("track_s", lambda: Track.of(path, world))
    found = timed("eclipses_s", lambda: eclipses(path, world))
    told["eclipses"] = len(found)
    for n in ask.stations:
        places = [
            Station(f"s{k}", math.asin(rng.uniform(-1, 1)), rng.uniform(-3, 3), 100.0, 0.087)
            for k in range(n)
        ]
        told[f"{n}_passes"] = len(
            timed(f"{n}_stations_s", lambda p=places: contacts(path, p, world))
        )
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()

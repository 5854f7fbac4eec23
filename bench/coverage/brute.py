"""The compiled search against 1 s sampling: `python -m bench.coverage.brute [--pairs 1000]`.

Random circular and eccentric orbits and random places, six hours in the preset "fast", each pair
once above a random elevation. Prints the accesses compared, those that only one of the two found
with the longest of them, and how far edges lie apart.
"""

from __future__ import annotations

import argparse
import math

import numpy as np

from cosmodrome.coverage import Constellation, Elevation, Grid, cover
from cosmodrome.coverage.specification import Track, accesses
from cosmodrome.dynamics import preset, propagate
from cosmodrome.record.nouns import Elements
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.world import World

SPAN_S = 6.0 * 3600.0
EPOCH = Epoch.from_utc("2026-06-01T00:00:00Z")
EACH = 20  # places under an orbit


def orbit(rng: np.random.Generator) -> Elements:
    """Perigee 300 to 2,000 km up, half of them circles, the rest up to the synchronous height."""
    low = 6_378_137.0 + rng.uniform(300e3, 2000e3)
    high = low if rng.random() < 0.5 else low + rng.uniform(0.0, 1.0) * (42_164e3 - low)
    angles = rng.uniform(0.0, 2.0 * math.pi, 3)
    return Elements(
        0.5 * (low + high), (high - low) / (high + low), math.acos(rng.uniform(-1, 1)), *angles
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    world = World.shipped()
    same = ours = theirs = 0
    longest = lost = worst = 0.0
    for _ in range(math.ceil(args.pairs / EACH)):
        made = Constellation(EPOCH, (orbit(rng),), ("one",), "one")
        row = made.states(world)[0]
        state = State(EPOCH, GCRF, row[:3], row[3:6], row[6])
        path = propagate(state, preset("fast"), SPAN_S, world=world).trajectory
        track = Track.sampled(path, EPOCH, SPAN_S, world)
        for _ in range(EACH):
            latitude, longitude = math.asin(rng.uniform(-1, 1)), rng.uniform(-math.pi, math.pi)
            grid = Grid.points([latitude], [longitude], rng.uniform(0.0, 4000.0))
            sensor = Elevation(math.radians(rng.uniform(0.0, 40.0)))
            kept = cover([path], grid, sensor, SPAN_S, world=world, keep=True).intervals
            own = list(zip(kept.start_s, kept.stop_s, strict=True))
            want = accesses(track, sensor, grid.places_m()[0], grid.normals()[0])
            for start, stop in own:
                near = [w for w in want if abs(w[0] - start) < 0.5 or abs(w[1] - stop) < 0.5]
                if near:
                    same += 1
                    worst = max(worst, abs(near[0][0] - start), abs(near[0][1] - stop))
                else:
                    ours += 1
                    longest = max(longest, stop - start)
            for start, stop in want:
                if not any(abs(o[0] - start) < 0.5 or abs(o[1] - stop) < 0.5 for o in own):
                    theirs += 1
                    lost = max(lost, stop - start)
    print(
        f"{same} accesses in both, edges within {worst:.2g} s; {ours} by the search alone (longest"
        f" {longest:.3g} s, between samples), {theirs} by sampling alone (longest {lost:.3g} s)"
    )


if __name__ == "__main__":
    main()

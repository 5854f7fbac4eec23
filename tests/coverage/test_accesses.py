"""Accesses by the compiled search, held against the plain specification on the dense paths."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosmodrome.coverage import Cone, Elevation, Grid, Swath, cover, summary, walker
from cosmodrome.coverage.specification import Track, accesses
from cosmodrome.dynamics import preset, propagate
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.record.nouns import Elements
from cosmodrome.coverage.walker import Constellation
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.world import World
from tests.levels import available

EPOCH = Epoch.from_utc("2026-03-01T06:00:00Z")
WORLD = World.shipped()
SPAN, STEP = 12.0 * 3600.0, 1.0


def some_orbits() -> Constellation:
    """Low, Sun-synchronous, Molniya, synchronous and retrograde, spread by hand."""
    orbits = (
        Elements(6_378_137.0 + 420e3, 0.001, math.radians(51.6), 1.0, 0.3, 0.0),
        Elements(6_378_137.0 + 800e3, 0.002, math.radians(98.6), 2.5, 1.0, 2.0),
        Elements(26_554e3, 0.72, math.radians(63.4), 4.0, math.radians(270.0), 3.0),
        Elements(42_164e3, 0.01, math.radians(5.0), 0.5, 0.0, 1.0),
        Elements(6_378_137.0 + 1400e3, 0.0, math.radians(140.0), 5.5, 0.0, 4.0),
    )
    return Constellation(EPOCH, orbits, tuple("abcde"), "some orbits")


@pytest.fixture(scope="module")
def paths():
    own = some_orbits()
    out = []
    for row in own.states(WORLD):
        state = State(EPOCH, GCRF, row[:3], row[3:6], row[6])
        out.append(propagate(state, preset("fast"), SPAN, world=WORLD).trajectory)
    return out


def random_points(n: int, seed: int = 5) -> Grid:
    rng = np.random.default_rng(seed)
    return Grid.points(
        np.arcsin(rng.uniform(-1.0, 1.0, n)),
        rng.uniform(-math.pi, math.pi, n),
        rng.uniform(-400.0, 8000.0, n),
    )


SENSORS = (
    Elevation(0.0),
    Elevation(math.radians(10.0)),
    Elevation(math.radians(75.0)),
    Cone(math.radians(25.0)),
    Cone(math.radians(80.0), math.radians(5.0)),
    Swath(math.radians(-30.0), math.radians(45.0), math.radians(3.0)),
    Swath(math.radians(10.0), math.radians(20.0), math.radians(0.5)),
)


@pytest.fixture(scope="module")
def tracks(paths):
    return [Track.sampled(path, EPOCH, SPAN, WORLD, STEP) for path in paths]


LEAST = {str(s): 0 for s in SENSORS}


@pytest.mark.parametrize("sensor", SENSORS, ids=str)
def test_accesses_are_those_of_the_specification(paths, tracks, sensor):
    """Equal in number to 1 s sampling wherever that can see, edges within 10 us."""
    grid = random_points(15)
    found = cover(paths, grid, sensor, SPAN, keep=True, world=WORLD)
    places, normals = grid.places_m(), grid.normals()
    compared = 0
    for i in range(len(grid)):
        satellite, start, stop = found.intervals.of(i)
        for j, track in enumerate(tracks):
            want = accesses(track, sensor, places[i], normals[i])
            own = list(zip(start[satellite == j], stop[satellite == j], strict=True))
            # sampling misses what is shorter than its step, and nothing else
            missed = [a for a in own if not any(abs(a[0] - b[0]) < 1e-3 for b in want)]
            assert all(stop - start < STEP for start, stop in missed), (i, j, missed)
            same = [a for a in own if a not in missed]
            assert len(same) == len(want), (i, j)
            np.testing.assert_allclose(
                np.array(same).reshape(-1, 2), np.array(want).reshape(-1, 2), rtol=0.0, atol=1e-5
            )
            compared += len(want)
    print(compared)
    assert compared >= LEAST[str(sensor)]

"""Accesses by the compiled search, held against the plain specification on the dense paths."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosmodrome.coverage import (
    Cone,
    Constellation,
    Elevation,
    Grid,
    Swath,
    bands,
    cover,
    summary,
    walker,
)
from cosmodrome.coverage import accesses as own_accesses
from cosmodrome.coverage import paths as own_paths
from cosmodrome.coverage.specification import Track, accesses
from cosmodrome.dynamics import Thrust, preset, propagate
from cosmodrome.errors import DataSpanError, InputError
from cosmodrome.record.nouns import Elements
from cosmodrome.solvers import core_coverage
from cosmodrome.watch import SILENT
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.world import World
from tests.levels import available

EPOCH = Epoch.from_utc("2026-03-01T06:00:00Z")
WORLD = World.shipped()
SPAN, STEP = 6.0 * 3600.0, 1.0


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


# accesses compared at the least: a test that meets none proves nothing
LEAST = dict(zip(map(str, SENSORS), (60, 40, 3, 15, 50, 20, 1), strict=True))


@pytest.mark.parametrize("sensor", SENSORS, ids=str)
def test_accesses_are_those_of_the_specification(paths, tracks, sensor):
    """Equal in number to 1 s sampling wherever that can see, edges within 10 us."""
    grid = random_points(12)
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
    assert compared >= LEAST[str(sensor)]


def test_a_grazing_pass_is_found_down_to_milliseconds(paths):
    """Points moved until the pass peaks just above the mask: a pass of tens of milliseconds is
    there, and just below the mask it is not.
    """
    mask = math.radians(30.0)
    track = Track.sampled(paths[1], EPOCH, SPAN, WORLD, 10.0)
    found = 0
    for point in range(6):
        grid = random_points(6, seed=11)
        lat, lon = float(grid.latitude_rad[point]), float(grid.longitude_rad[point])

        def passes(east_rad, lat=lat, lon=lon):
            moved = Grid.points([lat], [lon + east_rad])
            out = cover(paths[1:2], moved, Elevation(mask), SPAN, keep=True, world=WORLD)
            return out.intervals.stop_s - out.intervals.start_s

        low, high = 0.0, 0.0
        count = len(passes(0.0))
        while len(passes(high)) == count and high < 0.5:
            low, high = high, high + 0.02
        if len(passes(high)) == count:
            continue
        more = len(passes(high)) > count
        for _ in range(36):
            middle = 0.5 * (low + high)
            if (len(passes(middle)) > count) == more and len(passes(middle)) != count:
                high = middle
            else:
                low = middle
        shortest = min(passes(high if more else low))
        assert shortest < 0.3
        found += 1
    assert found >= 3
    assert track.t_s.size > 0


def test_figures_are_those_of_the_intervals(paths):
    """Gaps, folds and counts once more from the accesses kept, by a sweep in Python."""
    grid = random_points(30, seed=3)
    found = cover(paths, grid, Elevation(math.radians(5.0)), SPAN, keep=True, world=WORLD, folds=3)
    for i in range(len(grid)):
        _, start, stop = found.intervals.of(i)
        edges = np.unique(np.concatenate([[0.0, SPAN], start, stop]))
        middle = 0.5 * (edges[1:] + edges[:-1])
        depth = ((start[:, None] <= middle) & (middle < stop[:, None])).sum(axis=0)
        length = np.diff(edges)
        for k in range(3):
            assert found.fold_s[i, k] == pytest.approx(length[depth > k].sum(), abs=1e-6)
        gaps, running = [], 0.0
        for d, part in zip([*depth, 1], [*length, 0.0], strict=True):
            if d == 0:
                running += part
            elif running > 0.0:
                gaps.append(running)
                running = 0.0
        assert found.accesses[i] == len(start)
        assert found.gaps[i] == len(gaps)
        assert found.longest_gap_s[i] == pytest.approx(max(gaps, default=0.0), abs=1e-6)
        assert found.mean_response_s[i] == pytest.approx(
            sum(g * g for g in gaps) / (2.0 * SPAN), abs=1e-6
        )
        assert found.most[i] == depth.max()


def test_numbers_do_not_depend_on_threads_chunks_or_keeping(paths, monkeypatch):
    grid, sensor = Grid.spiral(2500), Elevation(math.radians(10.0))
    one = cover(paths, grid, sensor, SPAN, threads=1, keep=True, world=WORLD)
    two = cover(paths, grid, sensor, SPAN, threads=3, world=WORLD)
    np.testing.assert_array_equal(one.fold_s, two.fold_s)
    np.testing.assert_array_equal(one.gap2_s2, two.gap2_s2)
    monkeypatch.setattr(own_accesses, "_FEWEST", 100)
    monkeypatch.setattr(own_accesses, "_CHUNK", 1)
    three = cover(paths, grid, sensor, SPAN, keep=True, world=WORLD)
    # cells differ, and with them who shares a last step of Newton's method
    np.testing.assert_array_equal(one.intervals.first, three.intervals.first)
    np.testing.assert_allclose(one.intervals.start_s, three.intervals.start_s, atol=1e-7)


def test_every_level_finds_the_same(paths):
    levels = available()
    grid = Grid.spiral(300)
    above = own_paths.sky(paths, EPOCH, SPAN, None, WORLD, 1, SILENT)
    rows = [
        core_coverage.cover(
            above,
            Elevation(math.radians(10.0)).core(),
            grid.places_m(),
            grid.normals(),
            folds=2,
            kept=True,
            threads=1,
            level=level,
        ).seen
        for level in levels
    ]
    for other in rows[1:]:
        np.testing.assert_array_equal(rows[0][:, :2], other[:, :2])
        np.testing.assert_allclose(rows[0], other, rtol=0.0, atol=1e-6)


def test_blocks_follow_the_path_to_a_tenth_of_a_millimetre(paths):
    """The polynomials against the dense path and the rotation, between their nodes."""
    above = own_paths.sky(paths, EPOCH, SPAN, None, WORLD, 1, SILENT)
    t = np.linspace(1.0, SPAN - 1.0, 997)
    block = np.minimum((t / above.block_s).astype(int), above.power.shape[1] - 1)
    x = 2.0 * (t - block * above.block_s) / above.block_s - 1.0
    terms = x[:, None] ** np.arange(above.power.shape[3])
    turn = WORLD.orientation.table(EPOCH, EPOCH + SPAN).matrix(t)
    for k, path in enumerate(paths):
        fixed = np.einsum("tij,tj->ti", turn, path.columns_at(t)[:, :3])
        fitted = np.einsum("tcn,tn->tc", above.power[k][block], terms)
        # measured: 8.6e-5 m at 420 km, 6e-6 m at 1,400 km
        assert np.max(np.abs(fixed - fitted)) < 3e-4


def test_a_whole_constellation_and_its_summary():
    """Analytic: a satellite sees, over long times, the share of the sphere under its cap, here
    over a sphere as large as the mean of the meridian, 6,367,445 m.
    """
    made = walker(math.radians(90.0), 24, 3, 1, 800e3, EPOCH)
    grid = Grid.spiral(1500)
    found = cover(made, grid, Elevation(math.radians(10.0)), SPAN, world=WORLD)
    total = summary(found)
    mask, r = math.radians(10.0), 6_378_137.0 + 800e3
    cap = 0.5 * (1.0 - math.cos(math.acos(6_367_445.0 / r * math.cos(mask)) - mask))
    assert total.accesses_per_day * total.mean_access_s / 86_400.0 == pytest.approx(
        24.0 * cap, rel=0.01
    )
    assert sum(b.summary.share for b in bands(found)) == pytest.approx(1.0)
    assert total.seen == 1.0


def test_a_burn_shortens_the_blocks():
    own = some_orbits()
    row = own.states(WORLD)[0]
    push = Thrust(EPOCH + 910.0, EPOCH + 1510.0, 200.0, 300.0, (0.0, 1.0, 0.0), "rtn")
    state = State(EPOCH, GCRF, row[:3], row[3:6], row[6])
    path = propagate(state, preset("fast").plus(push), 3000.0, world=WORLD).trajectory
    above = own_paths.sky([path], EPOCH, 3000.0, None, WORLD, 1, SILENT)
    # the ends of a burn fall inside blocks: 0.4 m/s^2 are followed by shorter ones
    assert above.block_s < 40.0
    t = np.linspace(0.0, 3000.0, 400)
    block = np.minimum((t / above.block_s).astype(int), above.power.shape[1] - 1)
    x = 2.0 * (t - block * above.block_s) / above.block_s - 1.0
    fitted = np.einsum("tcn,tn->tc", above.power[0][block], x[:, None] ** np.arange(8))
    fixed = (
        WORLD.orientation.table(EPOCH, EPOCH + 3000.0).matrix(t) @ (path.columns_at(t)[:, :3, None])
    )
    # a millisecond of flight is 7 m; measured: 0.012 m
    assert np.max(np.abs(fixed[:, :, 0] - fitted)) < 1.0


def test_what_cannot_be_covered_is_refused(paths):
    grid, sensor = Grid.spiral(10), Elevation(0.0)
    with pytest.raises(InputError, match="give a span"):
        cover(paths, grid, sensor, -1.0, world=WORLD)
    with pytest.raises(InputError, match="no satellites"):
        cover([], grid, sensor, 10.0, world=WORLD)
    with pytest.raises(InputError, match="folds"):
        cover(paths, grid, sensor, 10.0, folds=0, world=WORLD)
    with pytest.raises(InputError, match="threads"):
        cover(paths, grid, sensor, 10.0, threads=0, world=WORLD)
    with pytest.raises(InputError, match="before the elements' epoch"):
        cover(some_orbits(), grid, sensor, 10.0, start=EPOCH + -5.0, world=WORLD)
    with pytest.raises(DataSpanError):
        cover(paths, grid, sensor, 2.0 * SPAN, world=WORLD)
    for bad in (
        lambda: Elevation(math.pi / 2.0),
        lambda: Cone(0.0),
        lambda: Swath(0.2, 0.1),
        lambda: Swath(-0.1, 0.1, 0.0),
    ):
        with pytest.raises(InputError):
            bad()

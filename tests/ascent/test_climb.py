"""The compiled climb against its specification in NumPy, lane by lane."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench.random_ascents import ABOUT, case
from cosmodrome import catalog
from cosmodrome.ascent.climb import Climb, Climbed
from cosmodrome.ascent.coarse import goes_north
from cosmodrome.ascent.guess import guess, ways
from cosmodrome.ascent.lanes import HIGH_M, STEPS_S
from cosmodrome.ascent.programme import Programme
from cosmodrome.catalog.nouns import Ignition
from cosmodrome.maths import NUMPY
from cosmodrome.physics import powered
from cosmodrome.targets.insertion import insertion
from cosmodrome.vehicle import liftoff_mass
from cosmodrome.world.epoch import Epoch
from tests.ascent.conftest import mission
from tests.levels import available

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import Mission
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

LANES = 100  # not a multiple of any vector's width


def climbs(m: Mission, world: World) -> Iterator[Climb]:
    """The climb of each way this mission may be flown."""
    aim = insertion(m.target, Epoch.parse("2027-03-01T05:41:46Z"), world)
    p = Programme(m, aim, world)
    latitude = math.asin(float(p.r0[2] / np.linalg.norm(p.r0)))
    for way in ways(p.vehicle, aim, latitude, p.planet.equatorial_radius_m):
        payload = 0.01 * liftoff_mass(p.vehicle, 0.0)
        yield Climb(
            p.planet,
            p.body,
            p.vehicle,
            p.limits,
            aim,
            p.axes,
            p.r0,
            p.v0,
            payload,
            goes_north(p),
            way,
        )


def steering(n: int = LANES) -> Array:
    """Search parameters (3, n), as wide as the first round of a search."""
    rng = np.random.default_rng(7)
    p = np.array([[0.10], [0.9], [0.05]]) + np.array([[0.08], [0.5], [0.25]]) * (
        rng.standard_normal((3, n))
    )
    p[0] = np.clip(np.abs(p[0]), 0.005, 0.6)
    return p


def gap(a: Array, b: Array) -> float:
    """Largest relative difference of columns."""
    return float(np.max(np.linalg.norm(a - b, axis=0) / np.linalg.norm(b, axis=0), initial=0.0))


def above_ground(climbed: Climbed) -> NDArray[np.bool_]:
    """Lanes that kept out of the air below and were not thrown out of it by a long step.

    In the others rounding grows without bound; they score last.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        speed = np.linalg.norm(climbed.lanes.v, axis=0)
    return (climbed.lowest_m > 20e3) & (speed < 12e3)


def same_lanes(climb: Climb) -> int:
    """Compare; how many lanes there were to compare."""
    p = steering()
    got, want = climb.fly(p), climb.specified(p)
    up = above_ground(want)
    np.testing.assert_array_equal(above_ground(got), up)
    np.testing.assert_array_equal(got.last[up], want.last[up])
    np.testing.assert_array_equal(got.lanes.fairing_s[up], want.lanes.fairing_s[up])
    np.testing.assert_array_equal(got.lanes.high_s[up], want.lanes.high_s[up])
    assert got.lanes.t == want.lanes.t
    # measured over all vehicles and 30 random missions, relative: place 2e-13, velocity 3e-12,
    # mass 4e-13, merit 3e-14 of the stack; burns 1.4e-10 s, lowest height 5e-7 m
    assert gap(got.lanes.r[:, up], want.lanes.r[:, up]) < 1e-11
    assert gap(got.lanes.v[:, up], want.lanes.v[:, up]) < 1e-10
    np.testing.assert_allclose(got.lanes.m[up], want.lanes.m[up], rtol=1e-11)
    np.testing.assert_allclose(got.burns_s[:, up], want.burns_s[:, up], rtol=0.0, atol=1e-8)
    np.testing.assert_allclose(got.lowest_m[up], want.lowest_m[up], rtol=0.0, atol=1e-5)
    np.testing.assert_allclose(
        got.merit_kg[up], want.merit_kg[up], rtol=0.0, atol=1e-12 * climb.liftoff_kg
    )
    # a lane that overflowed scores last in both
    np.testing.assert_array_equal(got.merit_kg == -1e9, want.merit_kg == -1e9)
    return int(up.sum())


@pytest.mark.parametrize("vehicle", catalog.vehicle_names())
def test_shipped_vehicles(vehicle: str, shipped_world: World) -> None:
    m = mission(vehicle, "kourou", None, 400e3, 30.0)
    assert sum(same_lanes(climb) for climb in climbs(m, shipped_world)) > 0


def test_random_vehicles(shipped_world: World) -> None:
    flown = [
        (climb.way, len(climb.timeline.tail), same_lanes(climb))
        for k in range(12)
        for climb in climbs(case(k), shipped_world)
    ]
    assert {way for way, _, _ in flown} == {"direct", "apogee", "perigee", "node", "lift"}
    assert sum(up for _, _, up in flown) > 0.4 * LANES * len(flown)


def test_tails_of_several_stages(shipped_world: World) -> None:
    # the last stage but one lights at a free moment: liquids that end early, solids that do not
    tails = set()
    for k in range(25):
        m = case(k)
        *below, middle, last = m.vehicle.stages
        if len(below) < 1 or middle.ignition.kind == "lift-off":
            continue
        middle = replace(middle, ignition=Ignition("free"), throttle_range=None)
        m = replace(m, vehicle=replace(m.vehicle, stages=(*below, middle, last)))
        for climb in climbs(m, shipped_world):
            same_lanes(climb)
            ended = climb.fly(steering()).last
            tails.add((middle.solid, last.solid, int(ended.min()), int(ended.max())))
    assert {(False, False, 0, 1), (True, False, 1, 1)} <= tails


@pytest.fixture(scope="module")
def fregat(shipped_world: World) -> Climb:
    """Soyuz-2.1b/Fregat to 820 km by an apogee burn: a lit third stage, then a free one."""
    return next(climbs(mission(), shipped_world))


def test_levels_agree(fregat: Climb) -> None:
    p = steering()
    slopes = np.stack([np.tan(p[0]), p[1], p[2]])
    flown = {level: fregat.core.fly(slopes, level) for level in available()}
    base = flown["baseline"]
    up = above_ground(fregat.specified(p))
    for got in flown.values():
        # measured 2e-14: the baseline has no fused multiply-add
        assert gap(got.r_m[:, up], base.r_m[:, up]) < 1e-10
        assert gap(got.v_m_s[:, up], base.v_m_s[:, up]) < 1e-10
        np.testing.assert_array_equal(got.last[up], base.last[up])
    if "avx512" in flown:
        np.testing.assert_array_equal(flown["avx2"].r_m, flown["avx512"].r_m)
        np.testing.assert_array_equal(flown["avx2"].m_kg, flown["avx512"].m_kg)


def test_a_lane_does_not_depend_on_its_place(fregat: Climb) -> None:
    p = steering(21)
    there, back = fregat.fly(p), fregat.fly(p[:, ::-1].copy())
    np.testing.assert_array_equal(there.merit_kg, back.merit_kg[::-1])
    np.testing.assert_array_equal(there.lanes.r, back.lanes.r[:, ::-1])


def test_a_recorded_flight(shipped_world: World) -> None:
    for m in (mission(), case(0), case(1), case(29)):
        climb = next(climbs(m, shipped_world))
        best, _ = climb.search(1)
        got, want = (f(best[:, None], True) for f in (climb.fly, climb.specified))
        a, b = got.lanes.track, want.lanes.track
        assert a is not None
        assert b is not None
        np.testing.assert_allclose(a.t_s, b.t_s, rtol=0.0, atol=1e-8)
        # measured: 1.3e-14 of place, 5e-14 of velocity and direction, 1.1e-12 s
        for one, other in ((a.r, b.r), (a.v, b.v)):
            assert gap(np.hstack(one), np.hstack(other)) < 1e-11
        np.testing.assert_allclose(np.hstack(a.u), np.hstack(b.u), rtol=0.0, atol=1e-11)
        np.testing.assert_allclose(got.burns_s, want.burns_s, rtol=0.0, atol=1e-8)
        np.testing.assert_array_equal(got.lanes.fairing_s, want.lanes.fairing_s)


def test_when_a_lane_leaves_the_air(fregat: Climb) -> None:
    best, _ = fregat.search(1)
    told = float(fregat.fly(best[:, None]).lanes.high_s[0])
    # the recorded flight takes half the steps
    track = fregat.fly(best[:, None], record=True).lanes.track
    assert track is not None
    r = np.array(track.r)[:, :, 0]
    height = powered.height(NUMPY, fregat.planet, (r[:, 0], r[:, 1], r[:, 2]))
    crossed = np.interp(
        HIGH_M, height[: int(np.argmax(height)) + 1], track.t_s[: int(np.argmax(height)) + 1]
    )
    assert crossed <= told < crossed + STEPS_S[1] + 1.0


def test_a_search_is_seeded_and_beats_its_first_round(fregat: Climb) -> None:
    best, merit = fregat.search(3)
    again, same = fregat.search(3)
    np.testing.assert_array_equal(best, again)
    assert merit == same
    assert merit > fregat.fly(steering()).merit_kg.max()


def test_a_guess_that_ran_away_stays_finite(shipped_world: World) -> None:
    """Case 350 cannot fly; with its last stage made lighter a coarse burn ends in nothing."""
    m = case(350)
    aim = insertion(m.target, Epoch.parse(ABOUT), shipped_world)
    problem = Programme(m, aim, shipped_world)
    found = guess(problem, True, "apogee", -863.05, seed=1)
    for arc in found.flight.arcs:
        assert np.isfinite(arc.r_m).all()
        assert np.isfinite(arc.v_m_s).all()
        assert math.isfinite(arc.mass_kg)

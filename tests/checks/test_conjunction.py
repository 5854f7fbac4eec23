"""Objects to stay away from: near ones are seen, SGP4's places are the program's own."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.checks import run
from cosmodrome.checks.conjunction import places_of
from cosmodrome.checks.view import View
from cosmodrome.flight import fly
from cosmodrome.formats import tle
from cosmodrome.mission import loads
from cosmodrome.mission.avoiding import Avoid
from cosmodrome.mission.nouns import Start, StartElements, StartState
from tests.checks.test_meeting import ISS

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Finding, Flight
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

HOUR = 3600.0


def about(flight: Flight, epoch: Epoch, along_s: float, distance_m: float = 200e3) -> Flight:
    """The flight, told to stay away from what flies its own orbit some seconds ahead of it."""
    path = flight.leg("orbit", "spacecraft").path
    y = path.columns_at(epoch - path.epoch + along_s)
    r, v = (tuple(float(x) for x in c) for c in (y[0:3], y[3:6]))
    start = Start(epoch, state=StartState("gcrf", r, v), source="test")  # type: ignore[arg-type]
    avoid = (Avoid("station", start, distance_m, 6.0 * HOUR),)
    return replace(flight, mission=replace(flight.mission, avoid=avoid))


def judged(flight: Flight, world: World) -> list[Finding]:
    return [f for f in run(flight, world, strict=True) if f.check == "conjunctions"]


def _nearest(view: View) -> float:
    """Of the spacecraft alone, km."""
    path = view.orbit.path
    (object,) = view.flight.mission.avoid
    t = np.arange(0.0, 6.0 * HOUR, 10.0)
    r = places_of(view, object.start, path.epoch, t)
    return 1e-3 * float(np.linalg.norm(r - path.columns_at(t)[:, 0:3], axis=1).min())


def test_what_flies_ten_seconds_ahead_is_too_near(clean: Flight, shipped_world: World) -> None:
    after = clean.leg("orbit", "spacecraft").start.epoch + 2.0 * HOUR
    (found,) = judged(about(clean, after, 10.0), shipped_world)
    assert found.verdict == "fails"
    # ten seconds at 7.4 km/s; on its way up the stack passes nearer
    assert found.object == "stack"
    assert 10.0 < found.measured < 74.0
    alone = replace(clean, legs=tuple(g for g in clean.legs if g.object != "stack"))
    view = View(about(alone, after, 10.0), shipped_world)
    assert _nearest(view) == pytest.approx(74.0, abs=3.0)


def test_what_flies_ten_minutes_ahead_is_far_enough(clean: Flight, shipped_world: World) -> None:
    after = clean.leg("orbit", "spacecraft").start.epoch + 2.0 * HOUR
    (found,) = judged(about(clean, after, 600.0), shipped_world)
    assert found.verdict == "holds"
    assert found.measured > 2_000.0


def test_what_crosses_the_climb_is_seen(clean: Flight, shipped_world: World) -> None:
    """A place on the stack's own coast, passed across at orbital speed."""
    stack = clean.leg("ascent", "stack")
    t = 1_500.0
    y = stack.path.columns_at(t)
    across = np.cross(y[0:3], y[3:6])
    v = math.sqrt(3.986e14 / np.linalg.norm(y[0:3])) * across / np.linalg.norm(across)
    state = StartState("gcrf", tuple(map(float, y[0:3])), tuple(map(float, v)))  # type: ignore[arg-type]
    start = Start(stack.path.epoch + t, state=state)
    avoid = (Avoid("station", start, 200e3, HOUR),)
    flight = replace(clean, mission=replace(clean.mission, avoid=avoid))
    (found,) = judged(flight, shipped_world)
    assert found.verdict == "fails"
    assert found.measured < 0.2
    assert found.object == "stack"
    assert "T+1500 s" in found.where


def test_mean_elements_are_not_flown_on(clean: Flight, shipped_world: World) -> None:
    there = StartElements("tod", 6.8e6, 0.0, 0.9, 0.0, 0.0, "mean", 0.0, mean=True)
    avoid = (Avoid("station", Start(clean.launch.epoch, elements=there), 200e3, HOUR),)
    (found,) = judged(
        replace(clean, mission=replace(clean.mission, avoid=avoid)), shipped_world
    )  # fmt: skip
    assert found.verdict == "not-judged"
    assert "give a TLE" in found.why


MISSION = """\
schema: cosmodrome/1
name: beside the station
start: {{tle: {{lines: [{0}, {1}]}}}}
spacecraft: {{mass: 400 t}}
plan: [coast: {{for: 20 min}}]
physics: {{gravity: 4x0, third_bodies: [], drag: none, radiation_pressure: false}}
avoid:
  - {{name: iss, tle: {{lines: [{0}, {1}]}}, distance: 100 km, for: 2 h}}
"""


def test_a_tle_is_followed_from_the_file_on(shipped_world: World) -> None:
    """SGP4 and the turn from TEME here, against the start the program makes of the same lines."""
    lines = ISS[0].splitlines()
    mission = loads(MISSION.format(*lines))
    flight = fly(mission, world=shipped_world)
    elements = tle.loads(ISS[0])[0]
    view = View(flight, shipped_world)
    there = places_of(view, Start(elements.epoch, sgp4=elements), flight.zero, np.zeros(1))[0]
    # two nutations, 0.08 arcsec apart: 2.5 m
    assert np.linalg.norm(there - flight.legs[0].start.r_m) < 5.0
    (found,) = judged(flight, shipped_world)
    assert found.verdict == "fails"
    assert found.measured < 5.0


def test_the_resolved_file_reads_back_to_the_same_object() -> None:
    mission = loads(MISSION.format(*ISS[0].splitlines()))
    (object,) = mission.avoid
    assert (object.name, object.distance_m, object.lasts_s) == ("iss", 100e3, 7200.0)
    (again,) = loads(mission.resolved).avoid
    assert again.start.sgp4 == object.start.sgp4
    assert replace(again, start=object.start) == object


@pytest.mark.parametrize("started", ["from a pad", "in orbit"])
def test_where_nothing_was_flown_nothing_is_judged(
    clean: Flight, shipped_world: World, started: str
) -> None:
    after = clean.leg("orbit", "spacecraft").start.epoch
    near = about(clean, after, 10.0)
    launch = near.launch if started == "from a pad" else None
    (found,) = judged(replace(near, launch=launch, legs=()), shipped_world)
    assert found.verdict == "not-judged"

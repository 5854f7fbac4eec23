"""The wrap class of Meteor-M 2-1: seen from the site and the azimuth alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.catalog.nouns import AttitudeReference
from cosmodrome.checks import run
from cosmodrome.checks.angles import great_circle_azimuths
from cosmodrome.checks.orbit_reached import sun_synchronous_inclination
from cosmodrome.checks.turns import turn_finding

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Finding, Flight
    from cosmodrome.world.world import World

DEG = np.pi / 180.0


def test_meteor_m_2_1_shows_from_site_and_azimuth_alone() -> None:
    """28 November 2017, Vostochny, Sun-synchronous at 820 km: a turn of about 2 deg was made as
    358 deg the other way. Counted from a pad's zero in the north, the flight azimuth is 344 to
    346 deg, so the plain difference exceeds a half turn; nothing else needs to be known."""
    i = sun_synchronous_inclination(6378137.0 + 820e3, 0.0, 3.986004415e14, 6378136.3, 1.0826e-3)
    north, _ = great_circle_azimuths(51.88435 * DEG, i)
    for azimuth in (north, 343.7 * DEG):
        found = turn_finding(0.0, azimuth, "Vostochny", "pad azimuth", "upper")
        assert found.verdict == "warns"
        assert found.measured > 340.0
        assert "Meteor-M 2-1" in found.why
    # Plesetsk (62.9 N) and Baikonur (45.9 N) had flown the same orbit without harm: southbound
    # or not, their pads' zeros lie within a half turn of the flight
    for latitude in (62.92, 45.92):
        _, south = great_circle_azimuths(latitude * DEG, i)
        found = turn_finding(170.0 * DEG, south, "south", "pad azimuth", "upper")
        assert found.verdict == "holds"


@pytest.mark.parametrize(
    ("zero", "first", "plain", "verdict"),
    [
        (1.0, 359.0, 358.0, "warns"),  # 358 where 2 would do
        (359.0, 1.0, -358.0, "warns"),
        (343.7, 345.7, 2.0, "holds"),
        (174.0, 344.0, 170.0, "holds"),
        (163.0, 344.0, 181.0, "warns"),
        (0.0, 180.0, 180.0, "holds"),
        (-1.0, 1.0, -358.0, "warns"),  # the same direction however it is written
    ],
)
def test_plain_differences(zero: float, first: float, plain: float, verdict: str) -> None:
    found = turn_finding(zero * DEG, first * DEG, "", "", "")
    assert found.measured == pytest.approx(abs(plain), abs=1e-9)
    assert found.verdict == verdict


@given(st.floats(0.0, 359.9), st.floats(-179.9, 179.9))
def test_it_warns_exactly_where_north_lies_between(zero: float, turn: float) -> None:
    """The plain difference is the shortest turn unless the shortest way leads across north."""
    first = zero + turn
    crosses = not 0.0 <= first < 360.0
    if min(abs(first), abs(first - 360.0)) < 1e-6:
        return
    found = turn_finding(zero * DEG, (first % 360.0) * DEG, "", "", "")
    assert (found.verdict == "warns") == crosses
    if crosses:
        assert found.measured == pytest.approx(360.0 - abs(turn), abs=1e-6)


def turns(flight: Flight, world: World) -> list[Finding]:
    return [f for f in run(flight, world, strict=True) if f.check == "stage-turns"]


def with_references(flight: Flight, **references: AttitudeReference | None) -> Flight:
    stages = tuple(
        replace(s, attitude_reference=references.get(s.id, s.attitude_reference))
        for s in flight.mission.vehicle.stages
    )
    vehicle = replace(flight.mission.vehicle, stages=stages)
    return replace(flight, mission=replace(flight.mission, vehicle=vehicle))


def test_two_counts_in_one_stack_meet_at_the_seam(clean: Flight, shipped_world: World) -> None:
    """Launcher counts from the pad, upper stage from the flight: the seam is what failed."""
    pad = AttitudeReference("pad-azimuth")
    flight = with_references(clean, boosters=pad, core=pad)
    found = {f.object: f for f in turns(flight, shipped_world) if f.unit == "deg"}
    assert found["boosters"].verdict == "warns"
    assert found["core/upper"].verdict == "warns"
    assert "hand-over" in found["core/upper"].where
    assert found["upper"].verdict == "holds"
    assert "core" not in found  # it goes on counting as the boosters did


def test_a_pad_azimuth_that_is_given_is_used(clean: Flight, shipped_world: World) -> None:
    given_zero = AttitudeReference("pad-azimuth", 200.0 * DEG)
    flight = with_references(clean, boosters=given_zero, core=given_zero, upper=given_zero)
    found = [f for f in turns(flight, shipped_world) if f.unit == "deg"]
    assert [f.verdict for f in found] == ["holds"]
    assert found[0].measured == pytest.approx(333.2 - 200.0, abs=1.0)


def test_a_silent_upper_stage_is_assumed_to_count_from_the_pad(
    clean: Flight, shipped_world: World
) -> None:
    flight = with_references(clean, boosters=None, core=None, upper=None)
    stages = tuple(replace(s, attitude_reference=None) for s in flight.mission.vehicle.stages)
    vehicle = replace(flight.mission.vehicle, stages=stages)
    flight = replace(flight, mission=replace(flight.mission, vehicle=vehicle))
    found = {f.object: f for f in turns(flight, shipped_world) if f.unit != "s"}
    assert found["boosters"].verdict == "not-judged"
    assert found["upper"].verdict == "warns"
    assert "assumed" in found["upper"].why

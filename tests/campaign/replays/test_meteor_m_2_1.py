"""Meteor-M 2-1: seen from the site and the azimuth alone, and no orbit with the wrong turn.

Published: 358 deg for 2 (RIA Novosti, 1 December 2017); burns of 77 and 57 s, 46 min 44 s between
them, the third stage gone at T+9:23, the fall at 42 N 38 W (spaceflights.news, 28 and 29 November
2017); platforms turning 174 and 184 deg, some 60 deg turned when it stalled (A. Zak).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.campaign.replays import replay
from cosmodrome.campaign.replays.ballistic import apsides_m, off_km
from cosmodrome.campaign.replays.meteor_m_2_1 import (
    Wrong,
    fitted_rate,
    flagged,
    flown,
    planned_mission,
)
from cosmodrome.catalog.nouns import AttitudeReference

if TYPE_CHECKING:
    from cosmodrome.campaign.replays.meteor_m_2_1 import Turning
    from cosmodrome.world.world import World

DEG = math.pi / 180.0


def test_flagged_from_the_site_and_the_azimuth_before_anything_is_planned() -> None:
    mission = planned_mission()
    seen = {f.where: f for f in flagged(mission)}
    roll = seen["roll to the flight azimuth"]
    assert roll.check == "stage-turns"
    assert roll.verdict == "warns"
    assert roll.measured == pytest.approx(346.0, abs=0.1)
    assert seen["hand-over of attitude, third to fregat"].verdict == "warns"
    # as it was told: the launcher's platform turned the short way, the upper stage's did not
    assert seen["platform of the launcher"].verdict == "holds"
    assert seen["platform of the upper stage"].verdict == "warns"
    # and without the fault: all stages count from the flight azimuth
    stages = tuple(
        replace(s, attitude_reference=AttitudeReference("flight-azimuth"))
        for s in mission.vehicle.stages
    )
    clean = replace(mission, vehicle=replace(mission.vehicle, stages=stages))
    own = [f for f in flagged(clean) if not f.where.startswith("platform")]
    assert [f.verdict for f in own] == ["holds"]


def test_the_planned_flight_is_the_published_one(turning: Turning) -> None:
    assert turning.cutoff_s - turning.ignition_s == pytest.approx(77.0, abs=0.5)  # fitted
    assert turning.separation_s == pytest.approx(563.0, abs=1.5)
    assert turning.ignition_s - turning.separation_s == pytest.approx(60.0, abs=1e-3)


@pytest.mark.parametrize("plane", ["up", "down", "left", "right"])
def test_the_turn_is_the_long_way_round_at_its_rate(turning: Turning, plane: str) -> None:
    u = turning.direction(Wrong(plane, 2.0 * DEG))(
        turning.separation_s + np.array([0.0, 30.0, 90.0, 179.0, 400.0])
    )
    assert np.linalg.norm(u, axis=0) == pytest.approx(1.0)
    off = np.degrees(np.arccos(np.clip(turning.before @ u, -1.0, 1.0)))
    tilt = {"left": turning.axes[0], "right": turning.axes[0]}.get(plane, turning.axes[1])
    out = math.degrees(math.asin(abs(float(turning.before @ tilt))))
    # about an axis that is not quite square to the thrust the angle is a little smaller
    assert off == pytest.approx([0.0, 60.0, 180.0, 2.0, 2.0], abs=2.0 * out + 0.01)
    first = turning.direction(Wrong(plane, DEG))(np.array([turning.separation_s + 10.0]))[:, 0]
    up, left, _ = turning.axes
    nose = {"up": up, "down": -up, "left": left, "right": -left}[plane]
    assert float((first - turning.before) @ nose) > 0.15


@pytest.mark.parametrize("plane", ["up", "down", "left", "right"])
def test_with_the_wrong_turn_there_is_no_orbit(turning: Turning, plane: str) -> None:
    """60 and 150 deg turned at ignition, going on: the perigee lies below the ground."""
    for rate in (1.0, 2.5):
        leg, fall = flown(turning, Wrong(plane, rate * DEG))
        assert apsides_m(leg.end, turning.world)[0] < -50e3
        assert fall is not None
        assert fall.impact is not None


def test_turned_far_enough_round_it_would_have_stayed_up(turning: Turning) -> None:
    leg, fall = flown(turning, Wrong("left", 6.0 * DEG))
    assert fall is None
    assert apsides_m(leg.end, turning.world)[0] > 130e3


def test_it_falls_where_it_fell(turning: Turning) -> None:
    """The slew rate is fitted to the latitude; the longitude is not: 124 km off."""
    rate, fall = fitted_rate(turning, "left")
    assert 1.0 < rate / DEG < 1.2
    assert fall.impact is not None
    assert math.degrees(fall.impact.latitude_rad) == pytest.approx(42.0, abs=0.02)
    assert off_km(fall.impact, 42.0, -38.0) < 150.0


@pytest.mark.nightly
def test_the_whole_replay(shipped_world: World) -> None:
    told = replay("meteor-m-2-1", shipped_world)
    assert [f.verdict for f in told.findings] == ["warns", "warns", "warns"]
    for name in ("turning on through the burn", "stopped at ignition"):
        worst = told.cases[name][-1]
        assert worst.what == "highest perigee of these"
        assert worst.value < 0.0

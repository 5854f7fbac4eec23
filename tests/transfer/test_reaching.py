"""Transfers in a given time."""

import math
from dataclasses import replace

import pytest

from cosmodrome.errors import InfeasibleError
from cosmodrome.mission import loads
from cosmodrome.transfer.reaching import in_time

HOUR = 3600.0
MISSION = """\
schema: cosmodrome/1
name: In a given time
start:
  elements: {epoch: 2027-03-01T00:00:00Z, frame: tod, perigee: 250 km, apogee: 35786 km,
             inclination: 6 deg, raan: 10 deg, argument_of_perigee: 180 deg, true_anomaly: 0 deg}
spacecraft: {mass: 4000 kg, engine: {thrust: 400 N, isp: 320 s}, propellant: 1600 kg}
plan:
  - transfer: {to: {semi_major_axis: 42164 km, inclination: 0 deg}, burns: 3, within: 30 h}
"""


@pytest.mark.parametrize(
    ("hours", "burns", "kg"),
    [
        # by bisection of the price of a second the trade passes through 1,521.7 kg in 29.7 h
        (30.0, 3, 1520.71),
        # hurried, three burns take 1,614 kg
        (26.0, 2, 1521.44),
        # one burn of an hour and a half about the first apogee
        (12.0, 1, 1550.38),
    ],
)
def test_fewer_burns_where_more_would_be_hurried(gto_fixed, hours, burns, kg):
    found = in_time(gto_fixed.problem, hours * HOUR)
    assert found.duration_s <= hours * HOUR
    assert len(found.burns) == burns
    assert found.propellant_kg == pytest.approx(kg, abs=0.05)
    assert found.propellant_kg > gto_fixed.propellant_kg


def test_a_time_that_is_too_short_is_refused_with_one_that_would_do(gto_fixed):
    with pytest.raises(InfeasibleError, match=r"4.00 h was asked.* takes 6.86 h.* 5.5 h or more"):
        in_time(gto_fixed.problem, 4.0 * HOUR)


def test_it_is_asked_for_in_a_mission():
    mission = loads(MISSION)
    (step,) = mission.plan
    assert math.isclose(step.within_s, 30.0 * HOUR)
    assert loads(mission.resolved).plan == mission.plan
    assert replace(step, within_s=None) != step

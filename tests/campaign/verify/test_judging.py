"""What loses a mission, by its definition, on flights that were executed again with a fault."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cosmodrome.campaign.verify.judging import FLOORS_M, Judge, ended_of
from cosmodrome.flight import fly
from cosmodrome.flight.again import carried, fly_again
from cosmodrome.mission import Manoeuvre, loads
from cosmodrome.orbit import orbit_record
from cosmodrome.record import Fault, Outcome

if TYPE_CHECKING:
    from cosmodrome.record import Flight
    from cosmodrome.world.world import World

TEXT = """\
schema: cosmodrome/1
name: A circle raised
start:
  elements: {{epoch: "2027-03-01T00:00:00Z", frame: tod, altitude: 300 km, inclination: 51.6 deg,
             raan: 10 deg, true_anomaly: 0 deg}}
spacecraft:
  mass: 1000 kg
  engine: {{thrust: 400 N, isp: 320 s}}
  propellant: {propellant}
target: {{kind: circular, altitude: 420 km +- 5 km, inclination: 51.6 deg +- 0.1 deg}}
plan:
  - coast: {{for: 10 min}}
  - burn: {{delta_v: 34.4 m/s, direction: prograde, name: up}}
  - coast: {{until: apogee}}
  - burn: {{delta_v: 34.1 m/s, direction: prograde, name: round}}
  - coast: {{for: 3 h}}
physics: {{gravity: 8x8, drag: none}}
"""
FAULT = Fault("plan", "burns", "plan.1.delta_v_m_s", "factor", 1.0, "", "a burn of another size")


def flight_with(propellant: str, world: World) -> Flight:
    return fly(loads(TEXT.format(propellant=propellant)), world=world)


def outcome(flight: Flight, world: World, name: str, factor: float) -> Outcome:
    """With the size of one burn times a factor; below zero: the other way."""
    given = carried(flight)

    def changed(step: Manoeuvre) -> Manoeuvre:
        assert step.delta_v_m_s is not None
        sign = math.copysign(1.0, factor)
        x, y, z = step.direction
        return replace(
            step, delta_v_m_s=abs(factor) * step.delta_v_m_s,
            direction=(sign * x, sign * y, sign * z),
        )  # fmt: skip

    stretches = tuple(
        replace(s, steps=tuple(
            changed(x) if isinstance(x, Manoeuvre) and x.name == name else x for x in s.steps
        ))
        for s in given.stretches
    )  # fmt: skip
    again = fly_again(flight, replace(given, stretches=stretches), world)
    return Judge(flight, world).judge(ended_of(again, FAULT))


@pytest.fixture(scope="module")
def scant(shipped_world: World) -> Flight:
    """With nothing to spare: 21.9 of 22 kg are burnt."""
    return flight_with("22 kg", shipped_world)


@pytest.fixture(scope="module")
def rich(shipped_world: World) -> Flight:
    return flight_with("100 kg", shipped_world)


@pytest.mark.parametrize(
    ("name", "factor", "consequence"),
    [
        ("round", 1.0, "met"),
        ("round", 0.9, "degraded"),
        ("round", 0.6, "degraded"),  # what was not burnt is left to correct it
        ("round", -1.0, "missed"),
        ("round", 1.5, "exhausted"),
    ],
)
def test_of_a_mission_with_nothing_to_spare(
    name: str, factor: float, consequence: str, scant: Flight, shipped_world: World
) -> None:
    told = outcome(scant, shipped_world, name, factor)
    assert told.consequence == consequence, told.why
    assert told.loses == (consequence in ("missed", "exhausted"))


def test_a_miss_that_can_be_corrected_does_not_lose_it(rich: Flight, shipped_world: World) -> None:
    told = outcome(rich, shipped_world, "round", 0.6)
    assert told.consequence == "degraded"
    assert told.figures["off"] > 3.0
    # what was not burnt is what it takes to correct it
    assert told.figures["correction_m_s"] == pytest.approx(0.4 * 34.1, rel=0.2)
    assert told.figures["able_m_s"] > told.figures["correction_m_s"]


def test_a_perigee_below_the_floor_on_the_way_loses_it(rich: Flight, shipped_world: World) -> None:
    told = outcome(rich, shipped_world, "up", -1.4)
    assert told.consequence == "low"
    assert 121_920.0 < told.figures["lowest_m"] < 150_000.0


def test_a_burn_that_brings_it_down_is_an_impact(rich: Flight, shipped_world: World) -> None:
    told = outcome(rich, shipped_world, "up", -4.0)
    assert told.consequence == "impact"
    assert told.end_s is not None
    assert 600.0 < told.end_s < 10_000.0


def test_the_floor_is_above_the_entry_interface() -> None:
    assert FLOORS_M["earth"] > 121_920.0


def test_at_a_later_end_a_correction_is_of_what_is_off_there(shipped_world: World) -> None:
    """Without a target all of the orbit is wanted; in three hours its node turns by 0.6 deg, and
    the planned end needs no correction."""
    lines = TEXT.format(propellant="100 kg").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("target:"))
    judge = Judge(fly(loads(text), world=shipped_world), shipped_world)
    at = judge.planned.end
    assert at is not None
    there = orbit_record(at, None, shipped_world)
    assert judge._cost_m_s(there, judge.later) == 0.0
    # 7.66 km/s x sin i x 0.63 deg
    assert judge._cost_m_s(there, judge.wanted) == pytest.approx(66.0, rel=0.1)

"""Targets far from a low circle: their defaults, their round trip, and what is refused."""

from __future__ import annotations

import math

import jsonschema
import pytest
import yaml

from cosmodrome import mission
from cosmodrome.errors import MissionFileError
from tests.mission.bad_files import MISSION

SUN_SYNCHRONOUS = '  kind: sun-synchronous\n  altitude: 820 km +- 5 km\n  ltan: "15:00 +- 2 min"\n'
# IERS Conventions (2010), table 1.1: the Earth turns at 7.292115e-5 rad/s
SIDEREAL_DAY_S = 2.0 * math.pi / 7.292115e-5
MU = 3.986004418e14
RADIUS = 6_378_137.0


def with_target(target: str) -> str:
    assert SUN_SYNCHRONOUS in MISSION
    return MISSION.replace("target:\n" + SUN_SYNCHRONOUS, f"target: {target}\n")


def target(text: str) -> mission.Target:
    return mission.loads(with_target(text)).target


def test_a_transfer_orbit_by_default() -> None:
    t = target("{kind: gto}")
    assert t.semi_major_axis_m is not None
    assert t.eccentricity is not None
    low, high = 250e3 + RADIUS, 35_786e3 + RADIUS
    assert t.semi_major_axis_m.value == pytest.approx(0.5 * (low + high))
    assert t.eccentricity.value == pytest.approx((high - low) / (high + low))
    assert t.inclination_rad is None
    assert t.perigee_at_either_node
    assert t.argument_of_perigee_rad == mission.Quantity(0.0, math.radians(5.0))
    said = target("{kind: gto, argument_of_perigee: 178 deg, inclination: 6 deg}")
    assert not said.perigee_at_either_node
    assert said.argument_of_perigee_rad is not None
    assert said.argument_of_perigee_rad.value == pytest.approx(math.radians(178.0))


def test_geostationary_turns_with_the_earth() -> None:
    t = target("{kind: geostationary}")
    assert t.semi_major_axis_m is not None
    period = 2.0 * math.pi * math.sqrt(t.semi_major_axis_m.value**3 / MU)
    assert period == pytest.approx(SIDEREAL_DAY_S, rel=1e-8)
    # 35,786 km above the equator: every table
    assert t.semi_major_axis_m.value - RADIUS == pytest.approx(35_786e3, abs=500.0)
    assert t.semi_major_axis_m.tolerance == 10e3
    assert t.inclination_rad == mission.Quantity(0.0, math.radians(0.1))


def test_molniya_goes_round_twice_a_day() -> None:
    t = target("{kind: molniya}")
    assert t.semi_major_axis_m is not None
    assert t.eccentricity is not None
    a, e = t.semi_major_axis_m.value, t.eccentricity.value
    assert 2.0 * math.pi * math.sqrt(a**3 / MU) == pytest.approx(0.5 * SIDEREAL_DAY_S, rel=1e-8)
    assert a * (1.0 - e) - RADIUS == pytest.approx(600e3, abs=1e-3)
    assert t.argument_of_perigee_rad is not None
    assert t.argument_of_perigee_rad.value == pytest.approx(math.radians(270.0))
    # where the perigee stands still, sin^2 i = 4/5
    assert t.inclination_rad is not None
    assert math.sin(t.inclination_rad.value) ** 2 == pytest.approx(0.8, abs=2e-4)


def test_a_departure() -> None:
    t = target("{kind: c3, c3: 10 km^2/s^2, declination: -10 deg}")
    assert t.c3_m2_s2 == mission.Quantity(10e6, 0.05e6)
    assert t.declination_rad == mission.Quantity(math.radians(-10.0), math.radians(0.5))
    assert (t.semi_major_axis_m, t.eccentricity, t.inclination_rad) == (None, None, None)
    wide = target("{kind: c3, c3: -2 km^2/s^2 +- 0.3 km^2/s^2}")
    assert wide.c3_m2_s2 == mission.Quantity(-2e6, pytest.approx(0.3e6))


KINDS = (
    "{kind: gto}",
    "{kind: gto, perigee: 200 km, apogee: 60000 km +- 200 km, inclination: 28.5 deg}",
    "{kind: gto, argument_of_perigee: 180 deg +- 1 deg, raan: 20 deg}",
    "{kind: geostationary}",
    "{kind: geostationary, inclination_tolerance: 0.5 deg}",
    "{kind: geostationary, longitude: 19.2 deg}",
    "{kind: molniya}",
    "{kind: molniya, perigee: 900 km, ltan: 12:00}",
    "{kind: c3, c3: 0 km^2/s^2}",
    "{kind: c3, c3: 10 km^2/s^2, right_ascension: 200 deg, declination: -10 deg}",
    "{kind: c3, c3: 10000000 m^2/s^2, inclination: 51.6 deg, declination: 30 deg}",
)


@pytest.mark.parametrize("text", KINDS)
def test_what_is_resolved_reads_back_and_keeps_the_schema(text: str) -> None:
    m = mission.loads(with_target(text))
    assert mission.loads(m.resolved).target == m.target
    check = jsonschema.Draft202012Validator(mission.json_schema())
    check.validate(yaml.load(with_target(text), yaml.BaseLoader))
    check.validate(yaml.load(m.resolved, yaml.BaseLoader))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "{kind: c3}",
            "target.c3: this key is missing. Add `c3: 10 km^2/s^2 +- 0.05 km^2/s^2`.",
        ),
        (
            "{kind: c3, c3: 10}",
            "target.c3: read '10'; a bare number has no unit. Write a specific energy like 10"
            " km^2/s^2 +- 0.05 km^2/s^2.",
        ),
        (
            "{kind: c3, c3: -70 km^2/s^2}",
            "target.c3: read '-70 km^2/s^2'; it must be at least -61 km^2/s^2. Write it like 10"
            " km^2/s^2 +- 0.05 km^2/s^2.",
        ),
        (
            "{kind: c3, c3: 1 km^2/s^2, inclination: 20 deg, declination: 30 deg}",
            "target.declination: read '30 deg'; no orbit of 20 deg inclination leaves so far from"
            " the equator: its asymptotes reach 20 deg. Raise the inclination, or leave it out:"
            " it is free then.",
        ),
        (
            "{kind: c3, c3: 1 km^2/s^2, rla: 20 deg}",
            "target.rla: there is no such key here. Write right_ascension.",
        ),
        (
            "{kind: geostationary, inclination: 5 deg}",
            "target.inclination: there is no such key here. Write nothing: a geostationary orbit"
            " lies in the equator's plane.",
        ),
        (
            "{kind: molniya, perigee: 30000 km}",
            "target.perigee: read '30000 km'; the perigee is above the apogee (20,184 km, where"
            " the orbit is a circle). Swap the two.",
        ),
        (
            "{kind: gto, altitude: 250 km}",
            "target.altitude: there is no such key here. Write perigee and apogee.",
        ),
        (
            "{kind: gto, perigee: 80 km}",
            "target.perigee: read '80 km'; no orbit lasts below 120 km: the perigee is too low."
            " Write at least 120 km; 200 km lasts for days, 500 km for years.",
        ),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(MissionFileError) as caught:
        mission.loads(with_target(text), "m.yaml")
    assert [str(f).split(": ", 1)[1] for f in caught.value.faults] == [said]
    check = jsonschema.Draft202012Validator(mission.json_schema())
    if "declination: 30" not in text and "30000" not in text and "80 km" not in text:
        if "-70" in text:
            return  # a schema's pattern holds no bounds
        with pytest.raises(jsonschema.ValidationError):
            check.validate(yaml.load(with_target(text), yaml.BaseLoader))

"""Targets that keep something: what follows from each, its round trip, and what is refused."""

from __future__ import annotations

import math

import jsonschema
import pytest
import yaml

from cosmodrome import mission
from cosmodrome.errors import MissionFileError
from tests.mission.bad_files import MISSION

SUN_SYNCHRONOUS = '  kind: sun-synchronous\n  altitude: 820 km +- 5 km\n  ltan: "15:00 +- 2 min"\n'
RADIUS = 6_378_137.0


def with_target(target: str) -> str:
    assert SUN_SYNCHRONOUS in MISSION
    return MISSION.replace("target:\n" + SUN_SYNCHRONOUS, f"target: {target}\n")


def target(text: str) -> mission.Target:
    return mission.loads(with_target(text)).target


def axis_km(t: mission.Target) -> float:
    assert t.semi_major_axis_m is not None
    return t.semi_major_axis_m.value / 1e3


def test_a_repeat_cycle_gives_the_altitude() -> None:
    t = target('{kind: sun-synchronous, repeat: 233 orbits / 16 days, ltdn: "10:11"}')
    # USGS: Landsat's mean semi-major axis is 7077.7 km
    assert axis_km(t) == pytest.approx(7077.7, abs=0.1)
    assert t.repeat == (233, 16)
    # the ascending node is twelve hours from the descending one
    assert t.ltan_s == mission.Quantity(22 * 3600.0 + 11 * 60.0, 120.0)
    assert t.inclination_rad is None
    assert t.turns_with_sun
    assert target('{kind: sun-synchronous, repeat: "233:16"}').repeat == (233, 16)


def test_frozen_by_altitude_and_by_cycle() -> None:
    by_cycle = target("{kind: frozen, repeat: 412/29, inclination: sun-synchronous}")
    # EUMETSAT, EPS Product Guide, app. B: a 7195.605 km, e 0.001165, argp 90 deg
    assert axis_km(by_cycle) == pytest.approx(7195.605, abs=0.02)
    assert by_cycle.eccentricity is not None
    assert by_cycle.eccentricity.value == pytest.approx(0.001165, rel=0.03)
    assert by_cycle.argument_of_perigee_rad is not None
    assert by_cycle.argument_of_perigee_rad.value == pytest.approx(math.pi / 2)
    assert by_cycle.turns_with_sun
    # as far round as the half-width of e reaches
    wide = by_cycle.eccentricity.tolerance / by_cycle.eccentricity.value
    assert math.sin(by_cycle.argument_of_perigee_rad.tolerance) == pytest.approx(wide)
    jason = target("{kind: frozen, altitude: 1336.29 km, inclination: 66.04 deg}")
    assert jason.eccentricity is not None
    assert jason.eccentricity.value == pytest.approx(0.000095, rel=0.08)  # AVISO
    assert not jason.turns_with_sun
    assert jason.argument_of_perigee_rad is not None
    # e vector shorter than its half-width: the perigee may stand anywhere
    assert jason.argument_of_perigee_rad.tolerance == math.pi
    south = target("{kind: frozen, altitude: 700 km, inclination: 63.9 deg}")
    assert south.argument_of_perigee_rad is not None
    assert south.argument_of_perigee_rad.value in (math.pi / 2, 3 * math.pi / 2)


def test_repeating_at_an_inclination() -> None:
    t = target("{kind: repeat, repeat: 127/10, inclination: 66.04 deg}")
    assert axis_km(t) == pytest.approx(7714.43, abs=0.02)  # AVISO, Jason
    assert t.inclination_rad == mission.Quantity(
        pytest.approx(math.radians(66.04)), pytest.approx(math.radians(0.05))
    )


def test_a_tundra_takes_a_day() -> None:
    t = target("{kind: tundra, longitude: -96 deg}")
    assert axis_km(t) == pytest.approx(42164.17, abs=0.1)
    assert t.eccentricity == mission.Quantity(0.2684, 0.002)
    assert t.longitude_rad == mission.Quantity(
        pytest.approx(math.radians(-96.0)), pytest.approx(math.radians(1.0))
    )


@pytest.mark.parametrize(
    ("system", "a_km", "degrees"),
    [
        ("gps", 26559.7, 55.0),
        ("glonass", 25508.0, 64.8),
        ("galileo", 29599.8, 56.0),
        ("beidou", 27906.1, 55.0),
    ],
)
def test_navigation_systems_by_name(system: str, a_km: float, degrees: float) -> None:
    t = target(f"{{kind: medium, system: {system}}}")
    assert axis_km(t) == pytest.approx(a_km, abs=0.1)
    assert t.inclination_rad is not None
    assert math.degrees(t.inclination_rad.value) == pytest.approx(degrees)
    assert t.repeat is not None


def test_given_elements() -> None:
    t = target(
        "{kind: state, semi_major_axis: 26560 km, eccentricity: 0.74, inclination: 63.4 deg,"
        " argument_of_perigee: 270 deg, raan: 40 deg}"
    )
    assert axis_km(t) == 26_560.0
    assert t.eccentricity == mission.Quantity(0.74, 0.001)
    assert t.raan_rad is not None


def test_a_slot() -> None:
    t = target("{kind: geostationary, longitude: 19.2 deg}")
    assert t.longitude_rad == mission.Quantity(
        pytest.approx(math.radians(19.2)), pytest.approx(math.radians(0.1))
    )


KINDS = (
    "{kind: sun-synchronous, repeat: 143 orbits / 10 days, ltdn: 10:30}",
    "{kind: sun-synchronous, altitude: 786 km, ltdn: 10:30}",
    "{kind: frozen, altitude: 800 km, inclination: sun-synchronous, ltan: 22:00}",
    "{kind: frozen, repeat: 385/27, inclination: sun-synchronous, ltdn: 10:00}",
    "{kind: frozen, altitude: 1336 km, inclination: 66.04 deg, raan: 10 deg}",
    "{kind: repeat, repeat: 15/1, inclination: 51.6 deg}",
    "{kind: repeat, repeat: 29/2, inclination: sun-synchronous, ltan: 13:30}",
    "{kind: tundra}",
    "{kind: tundra, eccentricity: 0.075, inclination: 43 deg, longitude: 135 deg}",
    "{kind: medium, system: glonass, raan: 120 deg}",
    "{kind: state, semi_major_axis: 7000 km +- 1 km, eccentricity: 0.001, inclination: 98 deg}",
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
            "{kind: sun-synchronous, ltan: 15:00}",
            "target.altitude: neither altitude nor repeat is written, so nothing says its size."
            " Add `altitude: 820 km +- 5 km` or `repeat: 233 orbits / 16 days`.",
        ),
        (
            "{kind: sun-synchronous, altitude: 800 km, repeat: 233/16}",
            "target.repeat: read '233 orbits / 16 days'; altitude and repeat both say its size."
            " Keep one of the two.",
        ),
        (
            "{kind: sun-synchronous, altitude: 800 km, ltan: 22:30, ltdn: 10:30}",
            "target.ltan: read '22:30'; ltan and ltdn both fix the node. Keep one of the two.",
        ),
        (
            "{kind: sun-synchronous, repeat: 466/32}",
            "target.repeat: read '466/32'; the track closes 2 times sooner. Write 233 orbits / 16"
            " days.",
        ),
        (
            "{kind: sun-synchronous, repeat: 16 days}",
            "target.repeat: read '16 days'; a repeat cycle is whole orbits in whole days. Write it"
            " like 233 orbits / 16 days, or 233/16.",
        ),
        (
            "{kind: sun-synchronous, repeat: 17/1}",
            "target.repeat: read '17 orbits / 1 days'; 17 orbits in 1 day is 17.000 a day: a mean"
            " altitude of -1 km. Ask for fewer than 16.5 a day.",
        ),
        (
            "{kind: frozen, altitude: 800 km}",
            "target.inclination: this key is missing. Add `inclination: 98.2 deg +- 0.05 deg`.",
        ),
        (
            "{kind: frozen, altitude: 800 km, inclination: 63.43 deg}",
            "target.inclination: read '63.43 deg'; no orbit of small eccentricity is frozen at i ="
            " 63.430 deg: near 63.43 and 116.57 deg the perigee hardly turns, and an e vector of"
            " more than 0.05 would be needed to balance the odd zonals. At the critical"
            " inclination the perigee stands at any eccentricity: write kind: molniya or kind:"
            " elliptic. Else ask for an inclination a degree or more away.",
        ),
        (
            "{kind: frozen, altitude: 7000 km, inclination: sun-synchronous}",
            "target.altitude: read '7000 km'; no orbit this high is Sun-synchronous: at any"
            " inclination its node turns too slowly above 5974 km. Write a lower altitude, or"
            " kind: circular with an inclination.",
        ),
        (
            "{kind: frozen, altitude: 800 km, inclination: 98 deg, argument_of_perigee: 90 deg}",
            "target.argument_of_perigee: there is no such key here. Write nothing: the perigee"
            " rests where the zonal harmonics let it.",
        ),
        (
            "{kind: repeat, inclination: 66 deg}",
            "target.repeat: this key is missing. Add `repeat: 233 orbits / 16 days`.",
        ),
        (
            "{kind: repeat, repeat: 15/1, altitude: 500 km, inclination: 51.6 deg}",
            "target.altitude: there is no such key here. Write repeat alone: it gives the altitude"
            " (kind: circular takes one).",
        ),
        (
            "{kind: tundra, eccentricity: 0.9}",
            "target.eccentricity: read '0.9'; with the period of a sidereal day its perigee lies"
            " at -2162 km. Write an eccentricity below 0.84.",
        ),
        (
            "{kind: medium, system: gpss}",
            "target.system: read 'gpss'; there is no such navigation system. Did you mean 'gps'?",
        ),
        (
            "{kind: medium, system: gps, altitude: 20180 km}",
            "target.altitude: there is no such key here. Write system alone: it gives the altitude"
            " (kind: circular takes one).",
        ),
        (
            "{kind: state, semi_major_axis: 7000 km, eccentricity: 0.1, inclination: 51.6 deg}",
            "target.semi_major_axis: read '7000 km'; with e = 0.1 its perigee lies at -78 km, and"
            " no orbit lasts below 120 km. Write a larger semi-major axis or a smaller"
            " eccentricity.",
        ),
        (
            "{kind: state, semi_major_axis: 7000 km, eccentricity: 0, inclination: 51.6 deg,"
            " true_anomaly: 20 deg}",
            "target.true_anomaly: there is no such key here. Write nothing: an ascent chooses"
            " where on its orbit it releases.",
        ),
        (
            "{kind: geostationary, slot: 19.2 deg}",
            "target.slot: there is no such key here. Write longitude.",
        ),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(MissionFileError) as caught:
        mission.loads(with_target(text), "m.yaml")
    assert [str(f).split(": ", 1)[1] for f in caught.value.faults] == [said]

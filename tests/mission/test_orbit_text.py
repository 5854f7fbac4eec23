"""The orbit language: what each text means, and what each refusal teaches."""

from __future__ import annotations

import math

import pytest

from cosmodrome import mission
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission.orbit_text import EXAMPLES

RADIUS = 6_378_137.0


@pytest.mark.parametrize(
    ("text", "file"),
    [
        (
            "200 km 51.7 deg",
            {"kind": "circular", "altitude": "200 km", "inclination": "51.7 deg"},
        ),
        ("51.7 deg 200km", {"kind": "circular", "altitude": "200 km", "inclination": "51.7 deg"}),
        (
            "200x240 km 51.6°",
            {
                "kind": "elliptic",
                "perigee": "200 km",
                "apogee": "240 km",
                "inclination": "51.6 deg",
            },
        ),
        (
            "200 km × 240 km i 51.6 deg",
            {
                "kind": "elliptic",
                "perigee": "200 km",
                "apogee": "240 km",
                "inclination": "51.6 deg",
            },
        ),
        (
            "200x200 km 51.7 deg",
            {"kind": "circular", "altitude": "200 km", "inclination": "51.7 deg"},
        ),
        ("800 km SSO", {"kind": "sun-synchronous", "altitude": "800 km"}),
        (
            "sso 800 km ltan 10:30",
            {"kind": "sun-synchronous", "altitude": "800 km", "ltan": "10:30"},
        ),
        ("gto", {"kind": "gto"}),
        (
            "gto 250x36226 km 28.5 deg",
            {"kind": "gto", "perigee": "250 km", "apogee": "36226 km", "inclination": "28.5 deg"},
        ),
        ("gto 6 deg", {"kind": "gto", "inclination": "6 deg"}),
        ("geo", {"kind": "geostationary"}),
        ("Molniya", {"kind": "molniya"}),
        ("c3 10 km^2/s^2", {"kind": "c3", "c3": "10 km^2/s^2"}),
        ("c3 -2 km^2/s^2 51.6 deg", {"kind": "c3", "c3": "-2 km^2/s^2", "inclination": "51.6 deg"}),
        (
            "c3 10 km^2/s^2 dla -10 deg",
            {"kind": "c3", "c3": "10 km^2/s^2", "declination": "-10 deg"},
        ),
        ("escape", {"kind": "c3", "c3": "0 km^2/s^2"}),
        ("tli", {"kind": "c3", "c3": "-2 km^2/s^2"}),
    ],
)
def test_what_a_mission_file_would_say(text: str, file: dict[str, str]) -> None:
    assert dict(mission.read_orbit(text).file) == file


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_an_orbit(text: str) -> None:
    assert mission.read_orbit(text).text == text


def test_half_widths_are_those_of_a_mission_file() -> None:
    target = mission.read_orbit("800 km sso").target
    assert target.semi_major_axis_m == mission.Quantity(RADIUS + 800e3, 5e3)
    assert target.inclination_tolerance_rad == pytest.approx(math.radians(0.05))


def test_a_transfer_orbit_by_what_it_lacks() -> None:
    free = mission.read_orbit("gto 1500 m/s")
    assert free.target.inclination_rad is not None
    # cos i = (v1^2 + v2^2 - dv^2) / (2 v1 v2) by hand: v1 1602.6, v2 3074.7 m/s
    assert math.degrees(free.target.inclination_rad.value) == pytest.approx(7.447, abs=0.01)
    assert "inclination 7.45 deg" in free.notes[0]
    said = mission.read_orbit("gto 1.8 km/s 27 deg")
    assert said.target.semi_major_axis_m is not None
    assert said.target.eccentricity is not None
    a, e = said.target.semi_major_axis_m.value, said.target.eccentricity.value
    # at 27 deg an apogee at the geostationary height lacks 1,800 m/s all but exactly
    assert a * (1.0 + e) - RADIUS == pytest.approx(35_786e3, rel=0.01)
    assert said.notes[-1] == "1800 m/s remain to the geostationary orbit"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing is said"),
        ("200 km", "no inclination is said; write it like: 200 km 51.7 deg, or 200 km sso"),
        ("51.6 deg", "no height is said"),
        ("sso", "no height is said"),
        ("200x240 km", "no inclination is said"),
        ("200 km 51.6", "'51.6' is neither a quantity with a known unit nor a word"),
        ("200 feet 51 deg", "'200' is neither a quantity with a known unit nor a word"),
        ("c3 10", "'10' is neither"),
        ("c3", "no energy is said; write it like: c3 10 km^2/s^2"),
        ("molnia", "Did you mean 'molniya'?"),
        ("gto sso 800 km", "it is two orbits at once: gto and sso"),
        ("800 km sso 51 deg", "51 deg (inclination) does not belong to sso"),
        ("geo 6 deg", "6 deg (inclination) does not belong to geo"),
        ("200 km 51.6 deg 45 deg", "it names two of the kind: 51.6 deg and 45 deg"),
        ("gto 250x36000 km 1500 m/s", "1500 m/s is one figure too many"),
        ("100 km 51.6 deg", "no orbit lasts below 120 km: the altitude is too low"),
        ("240x200 km 51.6 deg", "the perigee is above the apogee"),
        ("9000 km sso", "no orbit this high is Sun-synchronous"),
        ("c3 1 km^2/s^2 20 deg declination 30 deg", "its asymptotes reach 20 deg"),
    ],
)
def test_what_is_refused(text: str, why: str) -> None:
    with pytest.raises(InputError) as caught:
        mission.read_orbit(text)
    assert f"the orbit {text!r}" in str(caught.value)
    assert why in str(caught.value)


def test_what_cannot_be_is_infeasible() -> None:
    with pytest.raises(InfeasibleError, match="never 1200 m/s"):
        mission.read_orbit("gto 1200 m/s")


@pytest.mark.parametrize(
    ("text", "file"),
    [
        (
            "sso repeat 233/16, ltdn 10:30",
            {"kind": "sun-synchronous", "repeat": "233/16", "ltdn": "10:30"},
        ),
        (
            "800 km frozen sso ltan 22:00",
            {
                "kind": "frozen",
                "altitude": "800 km",
                "inclination": "sun-synchronous",
                "ltan": "22:00",
            },
        ),
        (
            "frozen repeat 127 / 10 i 66.04 deg",
            {"kind": "frozen", "repeat": "127 / 10", "inclination": "66.04 deg"},
        ),
        (
            "repeat 15/1 51.6 deg raan 20 deg",
            {"kind": "repeat", "repeat": "15/1", "inclination": "51.6 deg", "raan": "20 deg"},
        ),
        (
            "c3 10 km^2/s^2 51.6 deg dec -10 deg ra 200 deg",
            {
                "kind": "c3",
                "c3": "10 km^2/s^2",
                "inclination": "51.6 deg",
                "declination": "-10 deg",
                "right_ascension": "200 deg",
            },
        ),
        ("geo lon -75 deg", {"kind": "geostationary", "longitude": "-75 deg"}),
        (
            "tundra e 0.075 43 deg longitude 135 deg",
            {
                "kind": "tundra",
                "inclination": "43 deg",
                "longitude": "135 deg",
                "eccentricity": "0.075",
            },
        ),
        (
            "molniya raan 40 deg",
            {"kind": "molniya", "raan": "40 deg"},
        ),
        ("Galileo", {"kind": "medium", "system": "galileo"}),
        (
            "a 26560 km e 0.74 63.4 deg argp 270 deg",
            {
                "kind": "state",
                "semi_major_axis": "26560 km",
                "eccentricity": "0.74",
                "inclination": "63.4 deg",
                "argument_of_perigee": "270 deg",
            },
        ),
        (
            "200x39000 km 63.4 deg argp 270 deg",
            {
                "kind": "elliptic",
                "perigee": "200 km",
                "apogee": "39000 km",
                "inclination": "63.4 deg",
                "argument_of_perigee": "270 deg",
            },
        ),
    ],
)
def test_families_in_words(text: str, file: dict[str, str]) -> None:
    assert dict(mission.read_orbit(text).file) == file


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("repeat 15/1", "no inclination is said; write it like: repeat 15/1 51.6 deg"),
        ("frozen 800 km", "no inclination is said"),
        ("frozen sso", "no height is said; write it like: 800 km frozen sso"),
        ("sso 800 km repeat 233/16", "800 km (height) does not belong to sso"),
        ("gps galileo", "it is two orbits at once: gps and galileo"),
        ("geo raan 20 deg", "20 deg (raan) does not belong to geo"),
        ("molniya e 0.7", "0.7 (eccentricity) does not belong to molniya"),
        ("a 7000 km 51 deg", "no eccentricity is said"),
        ("sso repeat 466/32", "the track closes 2 times sooner"),
        ("frozen 800 km 63.4 deg", "no orbit of small eccentricity is frozen"),
    ],
)
def test_families_that_are_refused(text: str, why: str) -> None:
    with pytest.raises(InputError) as caught:
        mission.read_orbit(text)
    assert why in str(caught.value)

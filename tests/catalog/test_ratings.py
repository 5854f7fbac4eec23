"""Payload figures: which there are, in which words, and which a capability is compared with."""

from __future__ import annotations

import re

import pytest

from cosmodrome import catalog
from cosmodrome.catalog.vehicle_file import EXCLUSIONS

POINTS = [(n, p) for n in catalog.vehicle_names() for p in catalog.vehicle(n).payloads]

# the orbit language of `cosmodrome payload --orbit`, as far as the catalogue uses it
_NUMBER = r"-?\d+(\.\d+)?"
_HEIGHT = rf"{_NUMBER}(x{_NUMBER})? km"
_DEGREES = rf"( {_NUMBER} deg)?"
ORBIT = re.compile(
    rf"{_HEIGHT} ({_NUMBER} deg|sso)|gto( {_HEIGHT}| {_NUMBER} m/s)?{_DEGREES}|geo|moon"
    rf"|c3 {_NUMBER} km\^2/s\^2{_DEGREES}"
)


def test_how_many_there_are() -> None:
    assert len(POINTS) == 43
    assert sum(p.kind == "flown" for _, p in POINTS) == 12
    assert all(p.confidence in ("A", "B", "C") for _, p in POINTS)
    assert all(p.figure is not None and p.figure.source for _, p in POINTS)


def test_those_a_capability_is_compared_with() -> None:
    judging = {(n, p.mass_kg, p.orbit) for n, p in POINTS if p.judges}
    assert judging == {
        ("soyuz-2.1a", 7430.0, "200x240 km 51.6 deg"),
        ("soyuz-st-b-fregat-mt", 3250.0, "gto 1500 m/s 6 deg"),
        ("pslv-xl", 1425.0, "284x20650 km 17.9 deg"),
        ("pslv-xl", 3800.0, "200 km 30 deg"),
        ("lvm3", 4000.0, "gto"),
        ("h-iia-202", 4000.0, "gto 250x36226 km 28.5 deg"),
        ("vega", 1500.0, "700 km 98.2 deg"),
        ("falcon-9-b5", 8300.0, "gto 250x35786 km 27 deg"),
        ("atlas-v-551", 6106.0, "c3 0 km^2/s^2"),
        ("atlas-v-551", 5061.0, "c3 10 km^2/s^2"),
        ("atlas-v-551", 4142.0, "c3 20 km^2/s^2"),
        ("atlas-v-551", 2672.0, "c3 40 km^2/s^2"),
        ("atlas-v-551", 1695.0, "c3 60 km^2/s^2"),
        ("atlas-v-551", 18814.0, "200 km 28.7 deg"),
        ("atlas-v-551", 8900.0, "gto 185x35786 km 25.5 deg"),
    }


def test_those_left_out_and_why() -> None:
    why: dict[str, set[tuple[str, float]]] = {}
    for name, p in POINTS:
        if p.excluded:
            why.setdefault(p.excluded, set()).add((name, p.mass_kg))
    assert set(why) <= set(EXCLUSIONS)
    assert why == {
        "benchmark": {("delta-iii-betts", 4164.0)},
        "reusable": {("falcon-9-b5", m) for m in (5500.0, 3310.0, 2745.0, 2220.0, 1770.0)},
        "corridor-limited": {("h-iia-202", 3300.0), ("h-iia-202", 5100.0), ("pslv-xl", 1750.0)},
        "orbit not stated": {
            ("angara-1.2", 3800.0),
            ("lvm3", 8000.0),
            ("proton-m", 5000.0),
            ("falcon-9-b5", 22800.0),
            ("falcon-9-b5", 6761.0),
            ("falcon-9-b5", 4400.0),
        },
    }


@pytest.mark.parametrize(("name", "point"), POINTS)
def test_orbits_and_sites_are_ones_that_can_be_asked_for(name: str, point: catalog.Rating) -> None:
    if point.excluded not in ("orbit not stated", "benchmark"):
        assert ORBIT.fullmatch(point.orbit), point.orbit
    if point.excluded != "benchmark":
        assert point.site in catalog.site_names()


def test_what_is_flown_reusable_says_so() -> None:
    for name, p in POINTS:
        if name == "falcon-9-b5":
            assert p.variant in ("expendable", "landing at sea", "landing at the launch site")
            assert (p.excluded == "reusable") == (p.kind == "rating" and "landing" in p.variant)


def test_a_figure_in_words() -> None:
    (moon,) = catalog.vehicle("soyuz-2.1b-fregat").payloads
    assert str(moon) == (
        "1,750 kg flown to moon from vostochny (Luna-25; press reports of the flight)"
    )
    assert str(moon) in catalog.vehicle("soyuz-2.1b-fregat").notes
    low = catalog.vehicle("angara-1.2").payloads[0]
    assert str(low).endswith("; not compared: orbit not stated)")
    expendable = catalog.vehicle("falcon-9-b5").payloads[1]
    assert str(expendable).startswith(
        "8,300 kg rated to gto 250x35786 km 27 deg from ccsfs, expendable ("
    )

"""Which inclinations a pad reaches: corridors turned into inclinations and back."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cosmodrome import catalog
from cosmodrome.catalog.nouns import Corridor, Site
from cosmodrome.site import (
    access,
    cheapest_inclination,
    heading_within,
    headings_of,
    inclination_of_heading,
    launch_azimuths,
    reachable_inclinations,
)

Kind = Literal["inertial", "relative"]


def pad(latitude_deg: float, *corridors: tuple[float, float], kind: Kind = "relative") -> Site:
    return Site(
        "pad", "Pad", "", "XX", math.radians(latitude_deg), 0.3, 0.0,
        tuple(Corridor(math.radians(a), math.radians(b), kind) for a, b in corridors),
    )  # fmt: skip


@given(st.floats(-75.0, 75.0), st.floats(0.05, 3.09))
def test_a_heading_leads_back_to_its_inclination(latitude: float, inclination: float) -> None:
    site = pad(latitude)
    geocentric = math.atan((1.0 - 1.0 / 298.257223563) ** 2 * math.tan(site.latitude_rad))
    assume(abs(math.cos(inclination)) < 0.999 * math.cos(geocentric))
    for way in launch_azimuths(site.latitude_rad, inclination):
        # the geodetic horizon leans by up to 0.19 deg: 1e-5 rad of inclination, measured 6e-6
        assert inclination_of_heading(site, way.relative_rad) == pytest.approx(
            inclination, abs=3e-5
        )
        assert inclination_of_heading(site, way.inertial_rad, "inertial") == pytest.approx(
            inclination, abs=3e-5
        )


@given(st.floats(-70.0, 70.0), st.floats(0.0, 360.0), st.floats(1.0, 200.0), st.booleans())
def test_a_corridor_opens_what_its_headings_lead_to(
    latitude: float, first: float, width: float, relative: bool
) -> None:
    kind: Kind = "relative" if relative else "inertial"
    site = pad(latitude, (first, (first + width) % 360.0), kind=kind)
    (found,) = reachable_inclinations(site)
    headings = np.radians(first + np.linspace(0.0, width, 2_001))
    scanned = [math.cos(inclination_of_heading(site, float(a), kind)) for a in headings]
    # a tenth of a degree between headings leaves 4e-7 of the cosine at an extreme
    assert math.cos(found.lowest_rad) == pytest.approx(max(scanned), abs=1e-6)
    assert math.cos(found.highest_rad) == pytest.approx(min(scanned), abs=1e-6)


@given(st.floats(-70.0, 70.0), st.floats(0.0, 360.0), st.floats(1.0, 300.0))
def test_an_inertial_corridor_as_headings(latitude: float, first: float, width: float) -> None:
    site = pad(latitude, (first, (first + width) % 360.0), kind="inertial")
    (corridor,) = site.corridors
    start, end = headings_of(site, corridor)
    for azimuth, heading in ((corridor.first_rad, start), (corridor.last_rad, end)):
        led = inclination_of_heading(site, heading)
        assert led == pytest.approx(inclination_of_heading(site, azimuth, "inertial"), abs=1e-9)
        # the ground's eastward speed is at most 465 of 7,784 m/s
        assert abs(math.remainder(heading - azimuth, math.tau)) < 0.06
    assert 0.0 <= start < math.tau
    assert start <= end < start + math.tau
    middle = corridor.first_rad + 0.5 * math.radians(width)
    if width > 20.0:  # wider than what the ground may turn both ends
        assert heading_within(site, middle)
    assert heading_within(pad(latitude), middle) is None


def test_headings_of_relative_corridors() -> None:
    site = pad(45.0, (350.0, 65.0), (0.0, 360.0))
    north, around = (np.degrees(headings_of(site, c)) for c in site.corridors)
    assert north == pytest.approx([350.0, 425.0])
    assert around == pytest.approx([0.0, 360.0])
    one = replace(site, corridors=site.corridors[:1])
    assert [heading_within(one, math.radians(a)) for a in (349.0, 351.0, 64.0, 66.0)] == [
        False,
        True,
        True,
        False,
    ]


def test_the_pads_of_the_catalogue() -> None:
    # 51.88 deg N is 51.69 deg geocentric, and its corridor holds due east
    vostochny = catalog.site("vostochny")
    assert math.degrees(cheapest_inclination(vostochny)) == pytest.approx(51.70, abs=0.01)
    # a pad that may not fly east pays for it in inclination
    closed = replace(vostochny, corridors=(Corridor(math.radians(340.0), math.radians(65.0)),))
    assert math.degrees(cheapest_inclination(closed)) > 54.0


def test_ways_into_an_inclination() -> None:
    site = pad(45.0, (350.0, 65.0), (170.0, 200.0))
    direct = access(site, math.radians(60.0))
    assert (direct.how, direct.corridor) == ("direct", 0)
    assert direct.way is not None
    assert direct.way.branch == "ascending"
    south = access(site, math.radians(98.0))
    assert (south.how, south.corridor) == ("direct", 1)
    assert south.way is not None
    assert south.way.branch == "descending"
    outside = access(site, math.radians(46.0))
    assert outside.how == "dogleg"
    assert outside.way is not None
    assert access(site, math.radians(30.0)).how == "plane-change"
    assert access(pad(45.0), math.radians(46.0)).how == "direct"


@given(st.floats(-70.0, 70.0), st.floats(0.0, 360.0), st.floats(10.0, 200.0))
def test_the_cheapest_inclination_flies_direct(latitude: float, first: float, width: float) -> None:
    site = pad(latitude, (first, (first + width) % 360.0))
    cheapest = cheapest_inclination(site)
    # the ends are met within the lean of the horizon
    assert access(site, cheapest + 1e-4).how == "direct"


def test_all_around_the_compass() -> None:
    for site in (pad(28.5), pad(28.5, (0.0, 360.0))):
        (found,) = reachable_inclinations(site)
        geocentric = math.atan((1.0 - 1.0 / 298.257223563) ** 2 * math.tan(math.radians(28.5)))
        assert found.lowest_rad == pytest.approx(geocentric)
        assert found.highest_rad == pytest.approx(math.pi - geocentric)

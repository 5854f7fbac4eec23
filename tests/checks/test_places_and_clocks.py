"""The checks' own geodesy and clocks, against the world's and against geometry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.checks import clocks
from cosmodrome.checks.places import (
    fixed_point,
    geodesic_m,
    geodetic,
    great_circle_m,
    inside_polygon_m,
)
from cosmodrome.world import geodesy
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.sun import mean_sun_right_ascension_rad

if TYPE_CHECKING:
    from cosmodrome.world.world import World

DEG = np.pi / 180.0


@given(st.floats(-90.0, 90.0), st.floats(-180.0, 180.0), st.floats(-5e3, 4e7))
def test_place_goes_there_and_back(lat: float, lon: float, h: float) -> None:
    r = fixed_point(lat * DEG, lon * DEG, h)
    latitude, _, height = geodetic(r)
    assert height[0] == pytest.approx(h, abs=1e-6)
    assert latitude[0] == pytest.approx(lat * DEG, abs=1e-12)
    assert r == pytest.approx(geodesy.itrf_from_geodetic(lat * DEG, lon * DEG, h), abs=1e-6)


@given(st.floats(-89.0, 89.0), st.floats(-180.0, 180.0), st.floats(-180.0, 180.0))
def test_distance_agrees_with_the_ellipsoids(lat: float, lon: float, turn: float) -> None:
    to = (lat * 0.7 * DEG, (lon + turn) * DEG)
    own = great_circle_m(lat * DEG, lon * DEG, *to)
    other = float(geodesy.surface_distance_m(lat * DEG, lon * DEG, *to))
    assert own == pytest.approx(other, rel=6e-3, abs=1.0)


@given(st.floats(-85.0, 85.0), st.floats(-180.0, 180.0), st.floats(0.0, 360.0), st.floats(1.0, 6e6))
def test_lamberts_distance(lat: float, lon: float, azimuth: float, metres: float) -> None:
    here = (lat * DEG, lon * DEG)
    turn, a = metres / 6.371e6, azimuth * DEG
    sine = np.sin(here[0]) * np.cos(turn) + np.cos(here[0]) * np.sin(turn) * np.cos(a)
    east = np.sin(a) * np.sin(turn) * np.cos(here[0])
    there = (
        float(np.arcsin(np.clip(sine, -1.0, 1.0))),
        float(here[1] + np.arctan2(east, np.cos(turn) - np.sin(here[0]) * sine)),
    )
    other = float(geodesy.surface_distance_m(*here, *there))
    assert geodesic_m(*here, *there) == pytest.approx(other, abs=60.0)


@given(st.floats(-75.0, 75.0), st.floats(-180.0, 180.0), st.floats(0.0, 359.0), st.floats(0.1, 5.0))
def test_a_place_moved_out_of_a_zone_is_out_by_as_much(
    lat: float, lon: float, way: float, far: float
) -> None:
    """A polygon of 40 corners on a circle of 2 deg about a place, anywhere, date line too."""

    def gone(distance: float, bearing: float) -> tuple[float, float]:
        d, b, p = distance * DEG, bearing * DEG, lat * DEG
        to = np.arcsin(np.sin(p) * np.cos(d) + np.cos(p) * np.sin(d) * np.cos(b))
        east = np.arctan2(np.sin(b) * np.sin(d) * np.cos(p), np.cos(d) - np.sin(p) * np.sin(to))
        turned = lon * DEG + east
        return float(to), float((turned + np.pi) % (2 * np.pi) - np.pi)

    ring = tuple(gone(2.0, k * 9.0) for k in range(40))
    inside = inside_polygon_m(*gone(2.0 - min(far, 2.0), way), ring)
    outside = inside_polygon_m(*gone(2.0 + far, way), ring)
    m = 6371008.8 * DEG
    assert inside == pytest.approx(min(far, 2.0) * m, rel=0.02, abs=1500.0)
    assert outside == pytest.approx(-far * m, rel=0.02, abs=1500.0)


def test_a_zone_on_the_other_side_of_the_earth_is_outside() -> None:
    zone = ((0.0, 3.0), (0.1, 3.0), (0.1, 3.1))
    assert inside_polygon_m(0.0, 0.0, zone) < -1.0e7


@pytest.mark.parametrize("utc", ["2004-06-01T00:00:00Z", "2017-11-28T05:41:46Z",
                                 "2027-03-01T05:40:27Z", "2045-12-31T23:59:59Z"])  # fmt: skip
def test_clocks_of_1982_agree_with_the_worlds(shipped_world: World, utc: str) -> None:
    epoch = Epoch.parse(utc)
    d = clocks.ut1_days(epoch, shipped_world)
    orientation = shipped_world.orientation
    assert clocks.ut1_minus_utc_s(epoch, shipped_world) == pytest.approx(
        orientation.ut1_minus_utc_s(epoch), abs=2e-5
    )
    # IAU 1982 against IAU 2006: the equinox moved by under 0.2 arcsec in this time
    sun = mean_sun_right_ascension_rad(epoch, orientation, equinox="mean")
    assert clocks.mean_sun_right_ascension(d) == pytest.approx(sun, abs=2e-6)
    gast = clocks.apparent_sidereal_angle(epoch, shipped_world)
    assert gast == pytest.approx(orientation.gast_rad(epoch), abs=3e-6)


def test_mean_sun_turns_once_a_year() -> None:
    rate = clocks.mean_sun_right_ascension(9101.0) - clocks.mean_sun_right_ascension(9100.0)
    assert rate == pytest.approx(clocks.MEAN_SUN_RATE_RAD_S * 86400.0, rel=1e-6)

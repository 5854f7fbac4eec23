"""Geodesy over all latitudes and across the 0/360 seam, against ERFA and closed forms."""

from __future__ import annotations

import erfa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from cosmodrome.errors import InputError
from cosmodrome.world.geodesy import (
    WGS84_A,
    WGS84_F,
    enu_axes,
    geodetic_from_itrf,
    itrf_from_geodetic,
    surface_distance_m,
)

LAT = st.floats(-np.pi / 2, np.pi / 2)
LON = st.floats(-2.0 * np.pi, 2.0 * np.pi)
HEIGHT = st.floats(-1.0e5, 5.0e8)
WGS84 = 1  # ERFA's number of the ellipsoid


def smallest_turn(a: float, b: float) -> float:
    return float(abs(np.remainder(a - b + np.pi, 2.0 * np.pi) - np.pi))


@given(LAT, LON, HEIGHT)
def test_place_equals_erfa(lat: float, lon: float, h: float) -> None:
    ours = itrf_from_geodetic(lat, lon, h)
    np.testing.assert_allclose(
        ours, erfa.gd2gc(WGS84, lon, lat, h), atol=1e-8 + 4e-16 * abs(h), rtol=0.0
    )


@given(LAT, LON, HEIGHT)
def test_round_trip(lat: float, lon: float, h: float) -> None:
    lat2, lon2, h2 = geodetic_from_itrf(itrf_from_geodetic(lat, lon, h))
    assert abs(float(lat2) - lat) < 1e-14 + 1e-13 * (h < -5e4)
    assert abs(float(h2) - h) < 1e-8 + 4e-16 * abs(h)
    assert -np.pi <= float(lon2) <= np.pi
    # at a pole the longitude has no meaning
    assert smallest_turn(float(lon2), lon) * np.cos(lat) < 1e-14


# higher up ERFA's closed form (Fukushima 2006) drifts: 5e-13 rad at 1,000 km, 3e-11 farther
@given(LAT, LON, st.floats(-1.0e4, 1.0e5))
def test_inverse_equals_erfa(lat: float, lon: float, h: float) -> None:
    r = itrf_from_geodetic(lat, lon, h)
    lon_e, lat_e, h_e = erfa.gc2gd(WGS84, r)
    lat2, lon2, h2 = geodetic_from_itrf(r)
    assert abs(float(lat2) - lat_e) < 3e-15
    assert abs(float(h2) - h_e) < 1e-8
    assert smallest_turn(float(lon2), float(lon_e)) * np.cos(lat) < 1e-14


def test_whole_array_at_once() -> None:
    lat, lon = np.meshgrid(np.linspace(-np.pi / 2, np.pi / 2, 37), np.linspace(-np.pi, np.pi, 25))
    h = np.linspace(-1e3, 1e6, lat.size).reshape(lat.shape)
    r = itrf_from_geodetic(lat, lon, h)
    assert r.shape == (25, 37, 3)
    lat2, lon2, h2 = geodetic_from_itrf(r)
    np.testing.assert_allclose(lat2, lat, atol=1e-14)
    np.testing.assert_allclose(h2, h, atol=1e-8)
    one = geodetic_from_itrf(r[3, 4])
    assert float(one[0]) == lat2[3, 4]
    assert float(one[1]) == lon2[3, 4]
    np.testing.assert_array_equal(itrf_from_geodetic(lat[3, 4], lon[3, 4], h[3, 4]), r[3, 4])


def test_poles_and_equator() -> None:
    b = WGS84_A * (1.0 - WGS84_F)
    for sign in (1.0, -1.0):
        lat, _, h = geodetic_from_itrf([0.0, 0.0, sign * (b + 100.0)])
        assert float(lat) == sign * np.pi / 2
        assert float(h) == pytest.approx(100.0, abs=1e-8)
    lat, lon, h = geodetic_from_itrf([-(WGS84_A + 5.0), 0.0, 0.0])
    assert float(lat) == 0.0
    assert abs(float(lon)) == pytest.approx(np.pi)
    assert float(h) == pytest.approx(5.0, abs=1e-8)


@given(LAT, LON)
def test_local_axes_are_right_handed_and_up_is_the_normal(lat: float, lon: float) -> None:
    axes = enu_axes(lat, lon)
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-15)
    np.testing.assert_allclose(np.cross(axes[0], axes[1]), axes[2], atol=1e-15)
    # climbing along up changes the height alone; stepping east or north moves lon or lat alone
    r = itrf_from_geodetic(lat, lon, 0.0)
    np.testing.assert_allclose(
        itrf_from_geodetic(lat, lon, 1000.0), r + 1000.0 * axes[2], atol=1e-8
    )
    if abs(lat) < 1.5:
        d = 1e-6
        north = itrf_from_geodetic(lat + d, lon, 0.0) - itrf_from_geodetic(lat - d, lon, 0.0)
        east = itrf_from_geodetic(lat, lon + d, 0.0) - itrf_from_geodetic(lat, lon - d, 0.0)
        np.testing.assert_allclose(axes @ north / np.linalg.norm(north), [0, 1, 0], atol=1e-8)
        np.testing.assert_allclose(axes @ east / np.linalg.norm(east), [1, 0, 0], atol=1e-7)


def test_axes_across_the_seam_do_not_jump() -> None:
    for lon in (0.0, np.pi, 2.0 * np.pi):
        a, b = enu_axes(0.9, lon - 1e-9), enu_axes(0.9, lon + 1e-9)
        assert np.abs(a - b).max() < 3e-9
    np.testing.assert_allclose(enu_axes(0.9, 0.0), enu_axes(0.9, 2.0 * np.pi), atol=1e-15)


def test_distance_of_flinders_peak_to_buninyong() -> None:
    # the worked example of the Geocentric Datum of Australia (ICSM GDA Technical Manual,
    # GRS80, whose flattening moves this by micrometres): 54,972.271 m
    lat1, lon1 = -(37 + 57 / 60 + 3.72030 / 3600), 144 + 25 / 60 + 29.52440 / 3600
    lat2, lon2 = -(37 + 39 / 60 + 10.15610 / 3600), 143 + 55 / 60 + 35.38390 / 3600
    d = surface_distance_m(*np.radians([lat1, lon1, lat2, lon2]))
    assert float(d) == pytest.approx(54972.271, abs=1e-3)


def test_distance_along_a_meridian_is_the_ellipse_arc() -> None:
    e2 = WGS84_F * (2.0 - WGS84_F)
    arc, _ = quad(lambda x: WGS84_A * (1.0 - e2) / (1.0 - e2 * np.sin(x) ** 2) ** 1.5, -1.5, 1.5)
    assert float(surface_distance_m(-1.5, 0.4, 1.5, 0.4)) == pytest.approx(arc, abs=2e-4)
    # quarter meridian of WGS84 (DMA TR8350.2): 10,001,965.7293 m
    assert float(surface_distance_m(0.0, 0.0, np.pi / 2, 0.0)) == pytest.approx(
        10_001_965.7293, abs=1e-3
    )


@given(LAT, LON, LAT, LON)
def test_distance_is_symmetric_and_knows_no_seam(
    lat1: float, lon1: float, lat2: float, lon2: float
) -> None:
    d = float(surface_distance_m(lat1, lon1, lat2, lon2))
    assert d == pytest.approx(float(surface_distance_m(lat2, lon2, lat1, lon1)), abs=1e-3)
    shifted = float(surface_distance_m(lat1, lon1 + 2.0 * np.pi, lat2, lon2))
    assert d == pytest.approx(shifted, abs=1e-3)
    chord = np.linalg.norm(
        itrf_from_geodetic(lat1, lon1, 0.0) - itrf_from_geodetic(lat2, lon2, 0.0)
    )
    assert chord - 1e-3 <= d <= 0.5 * np.pi * chord * 1.004 + 1e-3


def test_distance_near_the_antipode_is_within_its_word() -> None:
    # half a meridian ellipse, 20,003,931.459 m, is the distance of any two antipodes
    d = float(surface_distance_m(0.0, 0.0, 0.0, np.pi))
    assert d == pytest.approx(20_003_931.459, rel=3e-3)


def test_degrees_for_radians_and_the_centre_are_refused() -> None:
    with pytest.raises(InputError, match="beyond a pole"):
        itrf_from_geodetic(51.88, 128.33, 0.0)
    with pytest.raises(InputError, match="no geodetic latitude"):
        geodetic_from_itrf([6378.137, 0.0, 0.0])

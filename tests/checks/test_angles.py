"""Signed angles and headings are right everywhere, and most of all across 0/360."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cosmodrome.checks.angles import (
    azimuth_of,
    azimuth_with_the_ground,
    great_circle_azimuths,
    north_east_up,
    signed_turn,
    turn_of,
    within_arc,
)
from cosmodrome.site import launch_azimuths

DEG = np.pi / 180.0
angles = st.floats(-1000.0, 1000.0)
inside = st.floats(0.001, 359.999)
latitudes = st.floats(-89.0, 89.0)
longitudes = st.floats(-180.0, 180.0)


@given(angles, angles)
def test_shortest_turn_leads_there_and_is_at_most_half(a: float, b: float) -> None:
    turn = float(signed_turn(b * DEG, a * DEG))
    assert -np.pi < turn <= np.pi
    # it leads from a to b: compared as vectors, where no wrap exists
    assert np.cos(a * DEG + turn) == pytest.approx(np.cos(b * DEG), abs=1e-11)
    assert np.sin(a * DEG + turn) == pytest.approx(np.sin(b * DEG), abs=1e-11)


@pytest.mark.parametrize(
    ("of", "to", "turn"),
    [(359.9, 0.1, 0.2), (0.1, 359.9, -0.2), (0, 358, -2), (343.7, 0, 16.3), (0, 180, 180),
     (180, 0, 180), (10, 350, -20), (-10, 10, 20), (720, 1, 1)],
)  # fmt: skip
def test_turns_known_by_heart(of: float, to: float, turn: float) -> None:
    assert np.degrees(float(signed_turn(to * DEG, of * DEG))) == pytest.approx(turn, abs=1e-9)


@given(angles)
def test_turn_of_is_in_one_turn(a: float) -> None:
    x = float(turn_of(a))
    assert 0.0 <= x < 2.0 * np.pi
    assert np.sin(x) == pytest.approx(np.sin(a), abs=1e-11)


def test_turn_of_never_answers_a_whole_turn() -> None:
    # -1e-18 mod 2 pi rounds up to 2 pi in doubles
    assert float(turn_of(-1e-18)) == 0.0


@given(inside, st.floats(0.0, 359.0), st.floats(-180.0, 540.0))
def test_arcs_do_not_care_where_zero_lies(span: float, first: float, turned: float) -> None:
    """Turning arc and angle together changes nothing; the middle is inside, the far side out."""
    for angle in (first + 0.3 * span, first + span + 0.4 * (360.0 - span)):
        here = within_arc(angle * DEG, first * DEG, (first + span) * DEG)
        there = within_arc(
            (angle + turned) * DEG, (first + turned) * DEG, (first + span + turned) * DEG
        )
        assert here == pytest.approx(there, abs=1e-9)
    assert within_arc((first + 0.3 * span) * DEG, first * DEG, (first + span) * DEG) == (
        pytest.approx(0.3 * span * DEG, abs=1e-9)
    )
    out = 0.4 * (360.0 - span)
    assert within_arc((first + span + out) * DEG, first * DEG, (first + span) * DEG) == (
        pytest.approx(-out * DEG, abs=1e-9)
    )


@pytest.mark.parametrize(
    ("angle", "margin"), [(343.7, 3.7), (0, 20), (94, 1), (96, -1), (339, -1), (217.5, -122.5)]
)
def test_vostochnys_corridor_passes_through_north(angle: float, margin: float) -> None:
    inside_by = np.degrees(within_arc(angle * DEG, 340 * DEG, 95 * DEG))
    assert inside_by == pytest.approx(margin, abs=1e-9)


@given(latitudes, longitudes, st.floats(0.0, 359.99), st.floats(-1e4, 1e4))
def test_azimuth_comes_back_at_every_place(
    lat: float, lon: float, azimuth: float, climb: float
) -> None:
    """A vector put together from north, east and up by trigonometry is read back."""
    n, e, u = north_east_up(lat * DEG, lon * DEG)
    v = 500.0 * (np.cos(azimuth * DEG) * n + np.sin(azimuth * DEG) * e) + climb * u
    found, level = azimuth_of(v, lat * DEG, lon * DEG)
    assert float(signed_turn(found, azimuth * DEG)) == pytest.approx(0.0, abs=1e-9)
    assert level == pytest.approx(500.0, rel=1e-9)


@given(latitudes, longitudes)
def test_axes_are_right_handed_and_up_is_the_ellipsoids_normal(lat: float, lon: float) -> None:
    n, e, u = north_east_up(lat * DEG, lon * DEG)
    assert np.cross(e, n) == pytest.approx(u, abs=1e-14)
    assert u[2] == pytest.approx(np.sin(lat * DEG), abs=1e-14)


@given(st.floats(-80.0, 80.0), st.floats(0.01, 179.99), longitudes)
def test_both_azimuths_give_the_inclination_back(lat: float, inc: float, lon: float) -> None:
    """r x v of a heading at a (spherical) place has the inclination asked for: prograde and
    retrograde, north- and southbound, both hemispheres."""
    pair = great_circle_azimuths(lat * DEG, inc * DEG)
    if abs(np.cos(inc * DEG)) > np.cos(lat * DEG):
        assert pair is None
        return
    assert pair is not None
    n, e, u = north_east_up(lat * DEG, lon * DEG)
    for azimuth, northbound in zip(pair, (True, False), strict=True):
        v = np.cos(azimuth) * n + np.sin(azimuth) * e
        h = np.cross(u, v)
        assert np.degrees(np.arccos(h[2])) == pytest.approx(inc, abs=1e-5)
        assert (v @ n >= -1e-12) == northbound or abs(v @ n) < 1e-7


def test_sun_synchronous_from_vostochny() -> None:
    # sin Az = cos 98.687 / cos 51.884 by hand: -0.15100 / 0.61726 -> -14.158 deg
    north, south = great_circle_azimuths(51.88435 * DEG, 98.687 * DEG)
    assert np.degrees(north) == pytest.approx(360.0 - 14.162, abs=0.01)
    assert np.degrees(south) == pytest.approx(180.0 + 14.162, abs=0.01)


@given(st.floats(-80.0, 80.0), st.floats(0.0, 180.0))
def test_the_ground_is_added_as_the_planner_takes_it_away(lat: float, inclination: float) -> None:
    assume(abs(np.cos(inclination * DEG)) < 0.98 * np.cos(lat * DEG))
    for way in launch_azimuths(lat * DEG, inclination * DEG):
        added = azimuth_with_the_ground(lat * DEG, way.relative_rad)
        # the planner's horizon leans by the 0.19 deg between the two latitudes: 0.001 deg
        assert float(signed_turn(added, way.inertial_rad)) == pytest.approx(0.0, abs=3e-5)

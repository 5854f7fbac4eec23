"""Headings from a pad: textbook cases and the closed loop back to the inclination."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cosmodrome.catalog.nouns import Corridor
from cosmodrome.errors import InfeasibleError
from cosmodrome.site import azimuth_of, in_corridor, launch_azimuths, within_corridors

A, F = 6378137.0, 1.0 / 298.257223563
OMEGA = 7.292115e-5
SPEED = 7784.0
TURN = 2.0 * math.pi

LATITUDE = st.floats(math.radians(-89.0), math.radians(89.0))
INCLINATION = st.floats(0.0, math.pi)


def geocentric(latitude: float) -> float:
    """tan(geocentric) = (1 - f)^2 tan(geodetic) on the ellipsoid (WGS84)."""
    return math.atan((1.0 - F) ** 2 * math.tan(latitude))


def pad_and_axes(latitude: float) -> tuple[np.ndarray, np.ndarray]:
    """The pad on the meridian y = 0 and its geodetic east, north, up, by hand."""
    n = A / math.sqrt(1.0 - F * (2.0 - F) * math.sin(latitude) ** 2)
    place = np.array([n * math.cos(latitude), 0.0, n * (1.0 - F) ** 2 * math.sin(latitude)])
    s, c = math.sin(latitude), math.cos(latitude)
    return place, np.array([[0.0, 1.0, 0.0], [-s, 0.0, c], [c, 0.0, s]])


def reachable(latitude: float, inclination: float) -> bool:
    return abs(math.cos(inclination)) < math.cos(geocentric(latitude)) * (1.0 - 1e-9)


@given(LATITUDE, INCLINATION)
def test_the_velocity_over_the_pad_has_the_inclination(lat: float, inc: float) -> None:
    assume(reachable(lat, inc))
    place, axes = pad_and_axes(lat)
    for way in launch_azimuths(lat, inc):
        velocity = SPEED * (axes.T @ way.inertial_enu)
        h = np.cross(place, velocity)
        assert math.atan2(math.hypot(h[0], h[1]), h[2]) == pytest.approx(inc, abs=1e-7)
        assert math.cos(math.atan2(math.hypot(h[0], h[1]), h[2])) == pytest.approx(
            math.cos(inc), abs=1e-14
        )
        # horizontal at the geocentric pad, a unit vector, northward or southward as named
        assert abs(place @ velocity) < 1e-8 * np.linalg.norm(place)
        assert np.linalg.norm(way.inertial_enu) == pytest.approx(1.0, abs=1e-15)
        northward = axes[1] @ velocity
        assert (northward > 0.0) == (way.branch == "ascending") or abs(northward) < 0.01 * SPEED
        # the node of r x v: along z x h, measured from the pad's meridian
        node = math.atan2(h[0], -h[1])
        assert abs(math.remainder(node - way.node_minus_pad_rad, TURN)) < 1e-9 / math.sin(inc)


@given(LATITUDE, INCLINATION)
def test_gained_plus_ground_velocity_is_the_orbit(lat: float, inc: float) -> None:
    """The relative heading, times some gain, plus the pad's own velocity gives back the plane."""
    assume(reachable(lat, inc))
    place, axes = pad_and_axes(lat)
    ground = np.cross([0.0, 0.0, OMEGA], place)
    for way in launch_azimuths(lat, inc, SPEED):
        d = axes.T @ way.relative_enu
        # |g d + ground| = speed: the positive root of a quadratic
        b = d @ ground
        gain = -b + math.sqrt(b * b + SPEED**2 - ground @ ground)
        h = np.cross(place, gain * d + ground)
        assert h[2] / np.linalg.norm(h) == pytest.approx(math.cos(inc), abs=1e-13)


@given(LATITUDE, INCLINATION)
def test_the_classical_relation_and_the_mirror_of_the_two_ways(lat: float, inc: float) -> None:
    assume(reachable(lat, inc))
    up, down = launch_azimuths(lat, inc)
    assert (up.branch, down.branch) == ("ascending", "descending")
    ratio = math.cos(inc) / math.cos(geocentric(lat))
    # the geodetic horizon tilts the azimuth by the deflection of the vertical (0.2 deg) squared
    assert math.sin(up.inertial_rad) == pytest.approx(ratio, abs=1.2e-5)
    assert math.remainder(up.inertial_rad + down.inertial_rad - math.pi, TURN) == pytest.approx(
        0.0, abs=1e-9
    )
    for way in (up, down):
        assert 0.0 <= way.inertial_rad < TURN
        assert 0.0 <= way.relative_rad < TURN
        # turning with the Earth takes eastward speed away: the heading turns west
        assert math.sin(way.relative_rad) <= math.sin(way.inertial_rad) + 1e-12


@given(LATITUDE, INCLINATION)
def test_prograde_and_retrograde_mirror_east_and_west(lat: float, inc: float) -> None:
    assume(reachable(lat, inc))
    for here, mirrored in zip(
        launch_azimuths(lat, inc), launch_azimuths(lat, math.pi - inc), strict=True
    ):
        assert abs(math.remainder(here.inertial_rad + mirrored.inertial_rad, TURN)) < 1e-9
        assert here.node_minus_pad_rad == pytest.approx(-mirrored.node_minus_pad_rad, abs=1e-9)


@given(LATITUDE, INCLINATION)
def test_north_and_south_mirror(lat: float, inc: float) -> None:
    assume(reachable(lat, inc))
    up, down = launch_azimuths(lat, inc)
    mirrored_up, mirrored_down = launch_azimuths(-lat, inc)
    for here, there in ((up, mirrored_down), (down, mirrored_up)):
        assert abs(math.remainder(here.inertial_rad + there.inertial_rad - math.pi, TURN)) < 1e-9
        # the ascending node of the mirror image is the descending one of the original
        turn = math.remainder(here.node_minus_pad_rad - there.node_minus_pad_rad - math.pi, TURN)
        assert abs(turn) < 1e-9


@given(LATITUDE, INCLINATION)
def test_what_cannot_be_reached_is_refused(lat: float, inc: float) -> None:
    assume(abs(math.cos(inc)) > math.cos(geocentric(lat)) * (1.0 + 1e-9) + 1e-9)
    with pytest.raises(InfeasibleError, match=r"\|cos i / cos lat\| = \d+\.\d+ > 1"):
        launch_azimuths(lat, inc)


def test_the_refusal_teaches() -> None:
    with pytest.raises(InfeasibleError) as refused:
        launch_azimuths(math.radians(51.884), math.radians(51.0))
    text = str(refused.value)
    # tan(geocentric) = (1 - f)^2 tan(51.884 deg): 51.697 deg
    assert "inclination 51.000 deg" in text
    assert "lowest direct inclination from 51.88 N is 51.70 deg" in text
    assert "ask for 51.70 deg or more" in text
    with pytest.raises(InfeasibleError, match=r"retrograde\) inclination from 5\.24 S is 174\.79"):
        launch_azimuths(math.radians(-5.24), math.radians(176.0))


@pytest.mark.parametrize(("lat_deg", "side"), [(0.5, "0.50 N"), (-0.5, "0.50 S")])
def test_the_refusal_names_the_hemisphere(lat_deg: float, side: str) -> None:
    with pytest.raises(InfeasibleError, match=side):
        launch_azimuths(math.radians(lat_deg), math.radians(0.2))


def test_rounding_at_grazing_is_forgiven_and_no_more() -> None:
    lat = 0.9
    cosine = math.cos(geocentric(lat))
    for inc in (math.acos(cosine * (1.0 + 0.95e-12)), math.acos(-cosine * (1.0 + 0.95e-12))):
        for way in launch_azimuths(lat, inc):
            assert abs(way.inertial_enu[0]) == 1.0
    with pytest.raises(InfeasibleError):
        launch_azimuths(lat, math.acos(cosine * (1.0 + 1.05e-12)))


def test_the_very_pole_reaches_polar_orbits_alone() -> None:
    pole = 0.5 * math.pi
    for way in launch_azimuths(pole, 0.5 * math.pi):
        assert np.linalg.norm(way.inertial_enu) == pytest.approx(1.0, abs=1e-15)
    with pytest.raises(InfeasibleError):
        launch_azimuths(pole, 1.5)


def test_textbook_kennedy_to_the_station() -> None:
    # Standard classroom case (e.g. Braeunig, Rocket & Space Technology, problem 4.19 class):
    # latitude 28.5 deg, i = 51.6 deg: sin(azimuth) = cos 51.6 / cos 28.5 -> 44.98 deg inertial
    # (spherical Earth); rotating: atan((7784 sin 44.98 - 408.7)/(7784 cos 44.98)) = 42.7 deg.
    # On the ellipsoid the geocentric latitude is 28.34 deg: 44.89 deg.
    up, down = launch_azimuths(math.radians(28.5), math.radians(51.6))
    spherical = math.degrees(math.asin(math.cos(math.radians(51.6)) / math.cos(math.radians(28.5))))
    assert spherical == pytest.approx(44.98, abs=0.01)
    assert math.degrees(up.inertial_rad) == pytest.approx(44.89, abs=0.01)
    assert math.degrees(down.inertial_rad) == pytest.approx(180.0 - 44.89, abs=0.01)
    assert math.degrees(up.relative_rad) == pytest.approx(42.66, abs=0.05)


def test_due_east_gives_the_latitude_and_grazes() -> None:
    lat = math.radians(28.5)
    up, down = launch_azimuths(lat, geocentric(lat))
    for way in (up, down):
        assert math.degrees(way.inertial_rad) == pytest.approx(90.0, abs=1e-5)
        # the node is a quarter of a turn behind
        assert math.degrees(way.node_minus_pad_rad) == pytest.approx(-90.0, abs=1e-5)


def test_polar_orbit_from_anywhere_and_from_the_equator() -> None:
    up, down = launch_azimuths(0.0, 0.5 * math.pi)
    assert up.inertial_rad == pytest.approx(0.0, abs=1e-12)
    assert down.inertial_rad == pytest.approx(math.pi, abs=1e-12)
    assert up.node_minus_pad_rad == pytest.approx(0.0, abs=1e-12)
    assert abs(down.node_minus_pad_rad) == pytest.approx(math.pi, abs=1e-12)
    # the Earth's turn must be taken out by heading west of north
    assert math.degrees(up.relative_rad) == pytest.approx(
        360.0 - math.degrees(math.asin(465.1 / math.hypot(SPEED, 465.1))), abs=0.01
    )


def test_higher_pads_move_faster() -> None:
    low, _ = launch_azimuths(0.5, 1.7, height_m=0.0)
    high, _ = launch_azimuths(0.5, 1.7, height_m=50e3)
    assert math.remainder(high.relative_rad - low.relative_rad, TURN) < 0.0
    assert high.inertial_rad == pytest.approx(low.inertial_rad, abs=1e-4)


@given(st.floats(0.0, TURN), st.floats(1e-3, 6.27), st.floats(0.0, 1.0), st.integers(-2, 2))
def test_corridors_hold_across_north(first: float, width: float, part: float, laps: int) -> None:
    corridor = Corridor(first, (first + width) % TURN)
    assert in_corridor(first + part * width + laps * TURN, corridor)
    outside = TURN - width
    if outside > 1e-6:
        assert not in_corridor(first + width + (1e-7 + part * (outside - 2e-7)), corridor)


def test_corridor_cases_by_hand() -> None:
    deg = math.radians
    north = Corridor(deg(340.0), deg(20.0))
    assert in_corridor(deg(359.9), north)
    assert in_corridor(deg(0.1), north)
    assert in_corridor(deg(340.0), north)
    assert in_corridor(deg(20.0), north)
    assert not in_corridor(deg(339.9), north)
    assert not in_corridor(deg(180.0), north)
    assert in_corridor(deg(123.0), Corridor(0.0, TURN))
    assert not in_corridor(deg(123.0), Corridor(1.0, 1.0))
    # the ends belong to it to a nanoradian
    one = Corridor(0.0, 1.0)
    assert in_corridor(1.0 + 0.95e-9, one)
    assert not in_corridor(1.0 + 1.05e-9, one)
    assert in_corridor(-0.95e-9, one)
    assert not in_corridor(-1.05e-9, one)


def test_a_site_without_corridors_gives_no_verdict() -> None:
    up, _ = launch_azimuths(0.9, 1.7228)
    assert within_corridors(up, ()) is None
    one = Corridor(up.relative_rad - 0.01, up.relative_rad + 0.01)
    assert within_corridors(up, (one,)) is True
    # the same figures read as inertial exclude it: the two headings differ by two degrees
    other = Corridor(up.relative_rad - 0.01, up.relative_rad + 0.01, "inertial")
    assert within_corridors(up, (other,)) is False
    assert within_corridors(up, (other, one)) is True


@given(st.floats(0.0, TURN, exclude_max=True), st.floats(-0.5, 0.5))
def test_azimuth_of_a_direction(azimuth: float, up: float) -> None:
    direction = np.array([math.sin(azimuth), math.cos(azimuth), up])
    assert abs(math.remainder(azimuth_of(direction) - azimuth, TURN)) < 1e-15 + 1e-15 * azimuth
    assert 0.0 <= azimuth_of(direction) < TURN

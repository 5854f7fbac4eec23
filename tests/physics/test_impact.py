"""The closed-form impact point against textbook ranges and against flown arcs."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from cosmodrome.errors import InputError
from cosmodrome.maths import NUMPY, SCALAR
from cosmodrome.physics import powered
from cosmodrome.physics.impact import (
    convex_parts,
    edge_normals,
    edge_sines,
    range_cosine,
    vacuum_impact,
)
from cosmodrome.world.geodesy import itrf_from_geodetic
from cosmodrome.world.ground_map import GroundMap, signed_distance_m

EARTH = powered.Planet(
    3.986004415e14, 6378136.3, 0.0, 0.0, 0.0, 7.292115e-5, 6378137.0, 1.0 / 298.257223563
)
BALL = replace(EARTH, omega_rad_s=0.0, flattening=0.0)


def state(
    height_m: float, speed_m_s: float, angle_deg: float, latitude_deg: float, azimuth_deg: float
) -> tuple[np.ndarray, np.ndarray]:
    """Inertial place and velocity over the prime meridian."""
    lat, az, g = np.radians([latitude_deg, azimuth_deg, angle_deg])
    up = np.array([np.cos(lat), 0.0, np.sin(lat)])
    east = np.array([0.0, 1.0, 0.0])
    flat = np.cos(az) * np.cross(up, east) + np.sin(az) * east
    return (6371e3 + height_m) * up, speed_m_s * (np.sin(g) * up + np.cos(g) * flat)


def flown(
    planet: powered.Planet, r: np.ndarray, v: np.ndarray, height_m: float = 0.0
) -> tuple[np.ndarray, float]:
    """Impact in axes turned with the planet, and its time, by DOP853 on the central force."""

    def rates(t: float, y: np.ndarray) -> np.ndarray:
        return np.concatenate([y[3:], -planet.mu / np.linalg.norm(y[:3]) ** 3 * y[:3]])

    def ground(t: float, y: np.ndarray) -> float:
        return float(powered.height(NUMPY, planet, (y[0], y[1], y[2]))) - height_m

    ground.terminal = True  # type: ignore[attr-defined]
    ground.direction = -1.0  # type: ignore[attr-defined]
    out = solve_ivp(
        rates, (0.0, 2e5), [*r, *v], method="DOP853", rtol=1e-12, atol=1e-6, events=ground
    )
    t = float(out.t[-1])
    c, s = math.cos(planet.omega_rad_s * t), math.sin(planet.omega_rad_s * t)
    x, y, z = out.y[:3, -1]
    return np.array([c * x + s * y, c * y - s * x, z]), t


@pytest.mark.parametrize("speed", [2000.0, 5000.0, 7000.0, 7800.0])
@pytest.mark.parametrize("angle", [5.0, 30.0, 60.0, 85.0])
def test_free_flight_range_and_time_of_the_textbook(speed: float, angle: float) -> None:
    """Bate, Mueller & White 1971, section 6.2: from the surface back to the surface."""
    radius = BALL.equatorial_radius_m
    lift = 1e-3  # the formulas start on the ground; here a millimetre above it
    r = np.array([radius + lift, 0.0, 0.0])
    g = math.radians(angle)
    v = speed * np.array([math.sin(g), math.cos(g), 0.0])
    q = speed**2 * radius / BALL.mu
    e = math.sqrt(1.0 + q * (q - 2.0) * math.cos(g) ** 2)
    half = math.acos((1.0 - q * math.cos(g) ** 2) / e)
    eccentric = math.acos((e - math.cos(half)) / (1.0 - e * math.cos(half)))
    a = radius / (2.0 - q)
    time = 2.0 * math.sqrt(a**3 / BALL.mu) * (math.pi - eccentric + e * math.sin(eccentric))
    hit = vacuum_impact(SCALAR, BALL, tuple(r), tuple(v))
    x, y, z = hit.direction
    # measured: 0.03 m and 6e-6 s, at 5 deg, where the millimetre counts most
    assert math.atan2(y, x) % (2.0 * math.pi) * radius == pytest.approx(
        2.0 * half * radius, abs=0.2
    )
    assert z == pytest.approx(0.0, abs=1e-12)
    assert hit.time_s == pytest.approx(time, abs=5e-5)


@pytest.mark.parametrize("height", [0.0, 25e3])
def test_flown_arcs_on_the_turning_ellipsoid(height: float) -> None:
    rng = np.random.default_rng(3)
    for _ in range(40):
        r, v = state(
            rng.uniform(60e3, 250e3), rng.uniform(500.0, 7400.0), rng.uniform(2.0, 80.0),
            rng.uniform(-80.0, 80.0), rng.uniform(0.0, 360.0),
        )  # fmt: skip
        hit = vacuum_impact(NUMPY, EARTH, tuple(r), tuple(v), height)
        place, time = flown(EARTH, r, v, height)
        # measured: 6 mm and 4e-6 s at worst
        assert np.linalg.norm(np.array(hit.direction) * hit.radius_m - place) < 0.02
        assert hit.time_s == pytest.approx(time, abs=2e-5)
        assert hit.reach > 0.0


def test_lofted_arcs_past_half_a_revolution_do_not_wrap() -> None:
    r, v = state(100e3, 10_500.0, 80.0, 50.0, 100.0)
    hit = vacuum_impact(NUMPY, EARTH, tuple(r), tuple(v))
    place, time = flown(EARTH, r, v)
    assert time > 40_000.0
    assert hit.time_s == pytest.approx(time, abs=1e-4)
    assert np.linalg.norm(np.array(hit.direction) * hit.radius_m - place) < 0.05


def test_elapsed_time_turns_the_answer_back() -> None:
    r, v = state(100e3, 4000.0, 30.0, 50.0, 100.0)
    first = vacuum_impact(NUMPY, EARTH, tuple(r), tuple(v))
    later = vacuum_impact(NUMPY, EARTH, tuple(r), tuple(v), elapsed_s=600.0)
    turn = math.atan2(first.direction[1], first.direction[0]) - math.atan2(
        later.direction[1], later.direction[0]
    )
    assert turn == pytest.approx(600.0 * EARTH.omega_rad_s, abs=1e-12)


def test_an_orbit_reaches_nothing_and_stays_finite() -> None:
    r, v = state(200e3, 7850.0, 0.1, 50.0, 100.0)
    hit = vacuum_impact(NUMPY, EARTH, tuple(r), tuple(v))
    assert hit.reach < 0.0
    assert np.all(np.isfinite([*hit.direction, hit.time_s]))
    assert np.linalg.norm(hit.direction) == pytest.approx(1.0, abs=1e-12)


ZONES = {
    "over the date line": [(50.0, 179.0), (50.5, -178.5), (52.0, -178.0), (52.5, 179.5)],
    "over the pole": [(88.0, 0.0), (87.0, 80.0), (88.5, 170.0), (87.5, -100.0)],
    "plain, clockwise": [(10.0, 20.0), (11.0, 20.0), (11.0, 21.0), (10.0, 21.0)],
}


@pytest.mark.parametrize("name", ZONES)
def test_edges_of_a_zone(name: str) -> None:
    corners = np.radians(ZONES[name])
    directions = itrf_from_geodetic(corners[:, 0], corners[:, 1], 0.0)
    normals = edge_normals(directions)
    middle = directions.mean(axis=0)
    rng = np.random.default_rng(1)
    for _ in range(50):
        place = middle + rng.standard_normal(3) * 1.2e5
        d = place / np.linalg.norm(place)
        sines = edge_sines(NUMPY, tuple(d), normals)
        latitude, longitude = math.asin(d[2]), math.atan2(d[1], d[0])
        # geocentric to geodetic on the ellipsoid
        latitude = math.atan(math.tan(latitude) / (1.0 - 1.0 / 298.257223563) ** 2)
        at = GroundMap(latitude, longitude)
        true = float(signed_distance_m([0.0, 0.0], at.ring_m(corners))[0])
        assert (min(sines) >= 0.0) == (true >= 0.0)
        if true > 0.0:
            # inside, the nearest edge is at its great circle; the sphere is good to 0.4 %
            assert 6371e3 * min(sines) == pytest.approx(true, rel=6e-3)


def test_zones_that_cannot_be_edges_are_refused() -> None:
    with pytest.raises(InputError, match="three or more corners"):
        edge_normals(np.eye(3)[:2])
    arrow = np.radians([(0.0, 0.0), (0.0, 4.0), (1.0, 1.0), (4.0, 0.0)])
    with pytest.raises(InputError, match="cut it into convex parts"):
        edge_normals(itrf_from_geodetic(arrow[:, 0], arrow[:, 1], 0.0))
    with pytest.raises(InputError, match="one point"):
        edge_normals(np.array([[1.0, 0, 0], [1.0, 0, 0], [0, 1.0, 0]]))


def _area(directions: np.ndarray) -> float:
    """Of a spherical polygon, by its interior angles (Girard)."""
    n = len(directions)
    total = 0.0
    for k in range(n):
        at, before, after = directions[k], directions[k - 1], directions[(k + 1) % n]
        a, b = np.cross(at, before), np.cross(at, after)
        total += math.atan2(float(np.cross(b, a) @ at), float(a @ b)) % math.tau
    return total - (n - 2) * math.pi


@given(st.integers(0, 10_000), st.integers(3, 9), st.floats(-80.0, 80.0), st.booleans())
def test_any_zone_is_cut_into_convex_parts(
    seed: int, corners: int, latitude: float, back: bool
) -> None:
    """Star-shaped outlines: parts are convex, and their areas are that of the whole."""
    rng = np.random.default_rng(seed)
    turn = 2.0 * math.pi * (np.arange(corners) + 0.8 * rng.random(corners)) / corners
    size = 0.02 + 0.1 * rng.random(corners)
    at = GroundMap(math.radians(latitude), 3.0)
    places = at.to_places(6.37e6 * (size * np.stack([np.cos(turn), np.sin(turn)])).T)
    whole = itrf_from_geodetic(places[:, 0], places[:, 1], 0.0)
    whole = whole / np.linalg.norm(whole, axis=1, keepdims=True)
    parts = convex_parts(whole[::-1] if back else whole)
    assert sum(_area(p) for p in parts) == pytest.approx(_area(whole), rel=1e-6)
    for part in parts:
        edge_normals(part)  # refuses what is not convex
    assert len(parts) <= corners - 2


def test_a_convex_zone_stays_whole_and_crossed_edges_are_refused() -> None:
    square = np.array([[1.0, -0.1, -0.1], [1.0, 0.1, -0.1], [1.0, 0.1, 0.1], [1.0, -0.1, 0.1]])
    (whole,) = convex_parts(square)
    assert whole == pytest.approx(square / math.sqrt(1.02))
    star = [(math.cos(0.8 * math.pi * k), math.sin(0.8 * math.pi * k)) for k in range(5)]
    with pytest.raises(InputError, match="cross each other"):
        convex_parts([[1.0, 0.1 * a, 0.1 * b] for a, b in star])
    with pytest.raises(InputError, match="three or more corners"):
        convex_parts(square[:2])


def test_range_cosine_is_that_of_the_central_angle() -> None:
    a, b = (1.0, 0.0, 0.0), (math.cos(0.3), 0.0, math.sin(0.3))
    assert range_cosine(SCALAR, a, b) == pytest.approx(math.cos(0.3), abs=1e-15)

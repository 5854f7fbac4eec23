"""Zonal gravity, thrust in air, drag, heating and the right-hand side that joins them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.maths import NUMPY, SCALAR, HingeTable
from cosmodrome.physics import aerodynamics, heating, powered, thrust, zonal
from cosmodrome.world import geodesy

MU, RE = 3.986004415e14, 6378136.3
J2, J3, J4 = 1.08262617e-3, -2.53241e-6, -1.61989e-6
PLANET = powered.Planet(MU, RE, J2, J3, J4, 7.292115e-5, 6378137.0, 1.0 / 298.257223563)
BODY = powered.Body(28.0, aerodynamics.cd_table([0.0, 1.0, 3.0], [0.3, 0.5, 0.3]))

angle = st.floats(-math.pi, math.pi)
height = st.floats(0.0, 2e6)


def potential(r: np.ndarray) -> float:
    """mu/r [1 - sum J_n (re/r)^n P_n(sin phi)] (Kaula 1966, eq. 1.31), P_n from NumPy."""
    d = float(np.linalg.norm(r))
    s = r[2] / d
    series = [0.0, 0.0, J2 * (RE / d) ** 2, J3 * (RE / d) ** 3, J4 * (RE / d) ** 4]
    return MU / d * (1.0 - float(np.polynomial.legendre.legval(s, series)))


@given(angle, angle, height)
def test_zonal_acceleration_is_the_gradient_of_the_potential(
    lon: float, lat: float, h: float
) -> None:
    d = RE + h
    r = d * np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
    step = 50.0
    gradient = [
        (
            8.0 * (potential(r + step * e) - potential(r - step * e))
            - (potential(r + 2 * step * e) - potential(r - 2 * step * e))
        )
        / (12.0 * step)
        for e in np.eye(3)
    ]
    a = zonal.acceleration(SCALAR, tuple(r), (0.0, 0.0, 1.0), MU, RE, J2, J3, J4)
    # what finite differences of a potential of 6e7 m^2/s^2 can resolve
    assert np.allclose(a, gradient, atol=2e-8)


@given(angle, angle, angle)
def test_zonal_acceleration_turns_with_its_axis(a: float, b: float, c: float) -> None:
    from scipy.spatial.transform import Rotation

    q = Rotation.from_euler("zyz", [a, b, c]).as_matrix()
    r = np.array([4.1e6, -3.2e6, 4.9e6])
    there = zonal.acceleration(SCALAR, tuple(r), (0.0, 0.0, 1.0), MU, RE, J2, J3, J4)
    turned = zonal.acceleration(SCALAR, tuple(q @ r), tuple(q[:, 2]), MU, RE, J2, J3, J4)
    assert np.allclose(turned, q @ np.array(there), atol=1e-12)


def test_thrust_in_air_closes_with_the_sea_level_figure() -> None:
    # RD-107A: 1,021.1 kN in vacuum, 839.5 kN at sea level
    area = (1_021_100.0 - 839_500.0) / thrust.SEA_LEVEL_PA
    assert thrust.in_air(1_021_100.0, area, thrust.SEA_LEVEL_PA) == pytest.approx(839_500.0)
    assert thrust.in_air(1_021_100.0, area, 0.0) == 1_021_100.0
    assert thrust.mass_flow(1_021_100.0, 320.2) == pytest.approx(325.18, abs=0.01)


def test_back_pressure_reaches_the_acceleration() -> None:
    r = (6378137.0, 0.0, 0.0)
    v = (0.0, 7.292115e-5 * 6378137.0, 0.0)
    kwargs = {"mass_kg": 1000.0, "u": (1.0, 0.0, 0.0), "thrust_vacuum_n": 20_000.0}
    bare = powered.accelerations(SCALAR, PLANET, BODY, r, v, **kwargs)  # type: ignore[arg-type]
    held = powered.accelerations(SCALAR, PLANET, BODY, r, v, exit_area_m2=0.1, **kwargs)  # type: ignore[arg-type]
    assert bare.thrust[0] == pytest.approx(20.0)
    assert bare.thrust[0] - held.thrust[0] == pytest.approx(101_325.0 * 0.1 / 1000.0, rel=2e-3)


def test_air_on_the_pad_is_still() -> None:
    r = (4e6, 0.0, 4.9e6)
    here = powered.air(SCALAR, PLANET, r, (0.0, 7.292115e-5 * 4e6, 0.0))
    assert here.speed <= 0.1
    assert here.w == (0.0, 0.0, 0.0)


def test_drag_opposes_the_flow_with_the_dynamic_pressure() -> None:
    w = (100.0, 200.0, -50.0)
    speed = math.sqrt(100.0**2 + 200.0**2 + 50.0**2)
    force = aerodynamics.drag(0.4, w, speed, 0.5, 28.0)
    q = aerodynamics.dynamic_pressure(0.4, speed**2)
    assert math.sqrt(sum(f * f for f in force)) == pytest.approx(q * 0.5 * 28.0)
    assert np.allclose(np.cross(force, w), 0.0, atol=1e-9)
    assert np.dot(force, w) < 0.0


@given(st.floats(0.0, math.pi))
def test_sine_of_the_angle_of_attack(alpha: float) -> None:
    u = (math.cos(alpha), math.sin(alpha), 0.0)
    got = aerodynamics.sin_alpha_squared(SCALAR, u, (300.0, 0.0, 0.0), 300.0)
    assert got == pytest.approx(math.sin(alpha) ** 2, abs=1e-15)


def test_heat_flux_and_its_logarithm() -> None:
    # 0.5 x 5.604e-7 kg/m^3 x (1594 m/s)^3 = 1135 W/m^2: the limit reached at 100 km
    assert heating.free_molecular(5.604e-7, 1594.0) == pytest.approx(1135.0, rel=1e-3)
    assert heating.log_free_molecular(SCALAR, 5.604e-7, 1594.0) == pytest.approx(
        math.log(heating.free_molecular(5.604e-7, 1594.0))
    )


@given(st.floats(-1.57, 1.57), angle, st.floats(-100.0, 4e5))
def test_height_formula_is_geodetic_height(lat: float, lon: float, h: float) -> None:
    r = geodesy.itrf_from_geodetic(lat, lon, h)
    got = float(powered.height(NUMPY, PLANET, (r[0], r[1], r[2])))
    assert got == pytest.approx(h, abs=2.5)
    ground = geodesy.itrf_from_geodetic(lat, lon, 0.0)
    assert abs(float(powered.height(NUMPY, PLANET, tuple(ground)))) < 1e-3


def test_scalars_and_arrays_agree() -> None:
    rng = np.random.default_rng(7)
    n = 200
    r = rng.standard_normal((3, n))
    r *= (6.37e6 + rng.uniform(0.0, 3e5, n)) / np.linalg.norm(r, axis=0)
    v = rng.standard_normal((3, n)) * 3000.0
    u = rng.standard_normal((3, n))
    u /= np.linalg.norm(u, axis=0)
    many = powered.accelerations(
        NUMPY, PLANET, BODY, tuple(r), tuple(v), 1e5, tuple(u), 4e6, 9.0
    ).total
    for k in range(n):
        one = powered.accelerations(
            SCALAR,
            PLANET,
            BODY,
            tuple(float(x) for x in r[:, k]),
            tuple(float(x) for x in v[:, k]),
            1e5,
            tuple(float(x) for x in u[:, k]),
            4e6,
            9.0,
        ).total
        assert np.allclose(one, [c[k] for c in many], rtol=1e-12, atol=1e-12)


def test_a_single_drag_figure_is_a_constant() -> None:
    assert aerodynamics.cd_table([0.0], [0.5]) == HingeTable((), (), (), 0.5)


def test_a_drag_curve_that_ends_on_a_slope_stays_at_its_last_value() -> None:
    curve = aerodynamics.cd_table([0.0, 0.8, 1.2, 2.0, 5.0], [0.25, 0.25, 0.6, 0.4, 0.2])
    assert curve(SCALAR, 5.0) == pytest.approx(0.2, rel=1e-9)
    for mach in (8.0, 15.0, 25.0):
        assert curve(SCALAR, mach) == pytest.approx(0.2, rel=0.01)

"""The smooth US Standard Atmosphere against the printed one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosmodrome.maths import NUMPY, SCALAR
from cosmodrome.physics import atmosphere

# U.S. Standard Atmosphere, 1976, tables I and II: geometric km, Pa, kg/m^3, kinetic T below 86 km
PRINTED = [
    (0, 1.01325e5, 1.2250, 288.15),
    (1, 8.9876e4, 1.1117, 281.651),
    (2, 7.9501e4, 1.0066, 275.154),
    (5, 5.4048e4, 7.3643e-1, 255.676),
    (8, 3.5651e4, 5.2579e-1, 236.215),
    (10, 2.6499e4, 4.1351e-1, 223.252),
    (12, 1.9399e4, 3.1194e-1, 216.650),
    (15, 1.2111e4, 1.9476e-1, 216.650),
    (20, 5.5293e3, 8.8910e-2, 216.650),
    (25, 2.5492e3, 4.0084e-2, 221.552),
    (30, 1.1970e3, 1.8410e-2, 226.509),
    (40, 2.8714e2, 3.9957e-3, 250.350),
    (50, 7.9779e1, 1.0269e-3, 270.650),
    (60, 2.1958e1, 3.0968e-4, 247.021),
    (70, 5.2209e0, 8.2829e-5, 219.585),
    (80, 1.0524e0, 1.8458e-5, 198.639),
    (86, 3.7338e-1, 6.958e-6, None),
    (90, 1.8359e-1, 3.416e-6, None),
    (100, 3.2011e-2, 5.604e-7, None),
    (110, 7.1042e-3, 9.708e-8, None),
    (120, 2.5382e-3, 2.222e-8, None),
    (150, 4.5422e-4, 2.076e-9, None),
    (200, 8.4736e-5, 2.541e-10, None),
    (300, 8.7704e-6, 1.916e-11, None),
    (400, 1.4518e-6, 2.803e-12, None),
    (500, 3.0236e-7, 5.215e-13, None),
    (600, 8.2130e-8, 1.137e-13, None),
    (800, 1.7036e-8, 1.136e-14, None),
    (1000, 7.5138e-9, 3.561e-15, None),
]


@pytest.mark.parametrize(("km", "p", "rho", "t"), PRINTED)
def test_against_the_printed_table(km: float, p: float, rho: float, t: float | None) -> None:
    got_rho, got_p, got_a = atmosphere.density_pressure_sound(SCALAR, km * 1e3)
    assert got_p == pytest.approx(p, rel=0.013)
    assert got_rho == pytest.approx(rho, rel=0.013)
    if t is not None:
        assert got_a == pytest.approx(math.sqrt(1.4 * 8314.32 / 28.9644 * t), rel=0.005)


def test_sea_level_is_within_two_parts_in_a_thousand() -> None:
    rho, p, a = atmosphere.density_pressure_sound(SCALAR, 0.0)
    assert p == pytest.approx(101_325.0, rel=2e-3)
    assert rho == pytest.approx(1.2250, rel=2e-3)
    assert a == pytest.approx(340.294, rel=2e-3)


def test_defining_formula_of_the_second_layer() -> None:
    # isothermal between 11 and 20 km': p = p_b exp(-g0 M0 (H - H_b) / (R T)), equation 33b
    h = np.linspace(12_500.0, 19_000.0, 27)
    geopotential = 6_356_766.0 * h / (6_356_766.0 + h)
    p = 22_632.06 * np.exp(-9.80665 * 28.9644 * (geopotential - 11_000.0) / (8314.32 * 216.65))
    got = atmosphere.density_pressure_sound(NUMPY, h)[1]
    assert np.abs(got / p - 1.0).max() < 2e-3


def test_density_falls_and_its_slope_never_jumps() -> None:
    h = np.arange(-1_500.0, 999_000.0, 50.0)
    log_rho = np.log(atmosphere.density_pressure_sound(NUMPY, h)[0])
    slope = np.diff(log_rho) / 50.0
    assert slope.max() < 0.0
    # rounded corners: neighbouring slopes differ by little everywhere
    assert np.abs(np.diff(slope)).max() < 4e-6


def test_held_below_the_ground_and_above_the_top() -> None:
    assert atmosphere.density_pressure_sound(SCALAR, -9e5) == atmosphere.density_pressure_sound(
        SCALAR, atmosphere.LOWEST_M
    )
    assert atmosphere.density_pressure_sound(SCALAR, 9e9) == atmosphere.density_pressure_sound(
        SCALAR, atmosphere.TOP_M
    )

"""Node rates and Sun-synchronous inclinations against published values and direct averaging."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import eval_legendre

from cosmodrome.errors import InfeasibleError
from cosmodrome.physics.mean_orbits import (
    MEAN_SUN_RATE_RAD_S,
    node_rate,
    sun_synchronous_inclination,
)
from cosmodrome.world.gravity import GravityField

if TYPE_CHECKING:
    from cosmodrome.world.world import World

RE = 6378137.0
TURN = 2.0 * math.pi
MU, R0, J2 = 3.986004415e14, 6378136.3, 1.0826261738522227e-3


def field(**j: float) -> GravityField:
    """A field of the zonals given, e.g. j2=..., up to degree 20."""
    C = np.zeros((21, 21))
    C[0, 0] = 1.0
    for name, value in j.items():
        n = int(name[1:])
        C[n, 0] = -value / math.sqrt(2 * n + 1)
    return GravityField(MU, R0, 20, C, np.zeros((21, 21)), "tide-free", "test", "test")


def test_mean_sun_rate() -> None:
    # Vallado (2013), sec. 11.4.1: 360 deg / 365.2421897 d = 1.991063853e-7 rad/s
    assert pytest.approx(1.991063853e-7, rel=1e-8) == MEAN_SUN_RATE_RAD_S
    assert math.degrees(MEAN_SUN_RATE_RAD_S) * 86400.0 == pytest.approx(0.98564736, abs=1e-8)


@pytest.mark.parametrize(
    ("revolutions", "days", "degrees"),
    [
        # cycle and inclination as the operators publish them (Sentinel-2 is seen to fly 98.57)
        pytest.param(143, 10, 98.62, id="Sentinel-2 (ESA)"),
        pytest.param(175, 12, 98.18, id="Sentinel-1 (ESA)"),
        pytest.param(233, 16, 98.2, id="Landsat 8 (USGS)"),
        pytest.param(412, 29, 98.7, id="MetOp (EUMETSAT)"),
        pytest.param(501, 35, 98.55, id="Envisat (ESA)"),
        pytest.param(369, 26, 98.7, id="SPOT (CNES)"),
    ],
)
def test_flown_sun_synchronous_orbits(
    shipped_world: World, revolutions: int, days: int, degrees: float
) -> None:
    """A Sun-synchronous orbit that repeats after `days` has its nodal period, hence its a, given:
    n + dM/dt + dargp/dt by J2 (Kozai 1959) fits `revolutions` into them."""
    gravity = shipped_world.gravity()
    wanted = TURN * revolutions / (days * 86400.0)

    def excess(a: float) -> float:
        n = math.sqrt(gravity.mu_m3_s2 / a**3)
        k = gravity.zonal_j(2) * (gravity.radius_m / a) ** 2
        s2 = math.sin(sun_synchronous_inclination(a, 0.0, gravity)) ** 2
        return n * (1.0 + 0.75 * k * (2.0 - 3.0 * s2) + 0.75 * k * (4.0 - 5.0 * s2)) - wanted

    a = brentq(excess, 6.8e6, 7.6e6)
    i = math.degrees(sun_synchronous_inclination(a, 0.0, gravity))
    print(f"{revolutions}/{days}: a - 6378.137 = {(a - RE) / 1e3:.2f} km, i = {i:.3f} deg")
    assert i == pytest.approx(degrees, abs=0.06)


# Boain (2004), The A-B-Cs of Sun-synchronous orbit mission design, AAS 04-108: circular orbits
# of a whole number of revolutions a day; altitude rounded to km, inclination to 0.1 deg
@pytest.mark.parametrize(
    ("altitude_km", "degrees"),
    [
        (274, 96.6),
        (567, 97.7),
        (894, 99.0),
        (1262, 100.7),
        (1681, 103.0),
        (2162, 106.0),
        (2722, 110.1),
        (3385, 116.0),
        (4182, 125.3),
    ],
)
def test_the_table_of_boain(shipped_world: World, altitude_km: float, degrees: float) -> None:
    gravity = shipped_world.gravity()
    i = math.degrees(sun_synchronous_inclination(RE + altitude_km * 1e3, 0.0, gravity))
    assert i == pytest.approx(degrees, abs=0.1)


@given(st.floats(RE + 200e3, RE + 5000e3), st.floats(0.0, 0.1))
def test_the_inclination_keeps_pace_with_the_sun(a: float, e: float) -> None:
    gravity = field(j2=J2, j4=-1.62e-6, j6=5.4e-7)
    i = sun_synchronous_inclination(a, e, gravity)
    assert 0.5 * math.pi < i < math.pi
    assert node_rate(a, e, i, gravity) == pytest.approx(MEAN_SUN_RATE_RAD_S, rel=1e-11)
    # first-order closed form (Kozai 1959), right to the second-order terms
    p = a * (1 - e * e)
    first = -MEAN_SUN_RATE_RAD_S / (1.5 * J2 * (R0 / p) ** 2 * math.sqrt(MU / a**3))
    assert math.cos(i) == pytest.approx(first, rel=0.01)


def test_too_high_is_refused_with_the_limit() -> None:
    # Boain (2004): Sun-synchronous orbits exist up to about 5,974 km (circular)
    with pytest.raises(InfeasibleError, match=r"below about 59\d\d km"):
        sun_synchronous_inclination(RE + 6500e3, 0.0, field(j2=J2))
    assert math.degrees(
        sun_synchronous_inclination(RE + 5960e3, 0.0, field(j2=J2))
    ) == pytest.approx(175.0, abs=5.0)


@given(st.floats(0.1, 3.0), st.sampled_from([6, 8, 10, 12]))
def test_higher_zonals_against_averaging_the_potential(i: float, degree: int) -> None:
    """dOmega/dt = 1/(n a^2 sin i) d<U>/di with <U> averaged by brute force over the circle."""
    a = 7.1e6
    only = field(**{f"j{degree}": 1e-6})
    u = np.arange(64) * 2 * np.pi / 64

    def averaged(inc: float) -> float:
        sine = math.sin(inc) * np.sin(u)
        return float(-MU / a * 1e-6 * (R0 / a) ** degree * np.mean(eval_legendre(degree, sine)))

    h = 1e-4
    slope = (
        8 * (averaged(i + h) - averaged(i - h)) - (averaged(i + 2 * h) - averaged(i - 2 * h))
    ) / (12 * h)
    expected = slope / (math.sqrt(MU / a**3) * a * a * math.sin(i))
    scale = 1e-6 * math.sqrt(MU / a**3) * degree**2
    assert node_rate(a, 0.0, i, only) == pytest.approx(expected, abs=1e-8 * scale)


@given(st.floats(0.1, 3.0), st.floats(0.0, 0.6))
def test_j4_against_averaging_the_potential(i: float, e: float) -> None:
    """The J4 term at any eccentricity: average of U over the mean anomaly and the perigee."""
    a = 7.1e6 / (1.0 - e)
    j4 = -1.62e-6
    f = np.arange(256) * 2 * np.pi / 256
    eta = math.sqrt(1 - e * e)
    radius = a * (1 - e * e) / (1 + e * np.cos(f))
    weight = radius**2 / (a * a * eta) / 256  # dM = r^2/(a^2 eta) df

    def averaged(inc: float) -> float:
        total = 0.0
        for argp in np.arange(16) * 2 * np.pi / 16:
            sine = math.sin(inc) * np.sin(f + argp)
            u = -MU / radius * j4 * (R0 / radius) ** 4 * eval_legendre(4, sine)
            total += float(np.sum(u * weight)) / 16
        return total

    h = 1e-3
    slope = (
        8 * (averaged(i + h) - averaged(i - h)) - (averaged(i + 2 * h) - averaged(i - 2 * h))
    ) / (12 * h)
    expected = slope / (math.sqrt(MU / a**3) * a * a * eta * math.sin(i))
    scale = abs(j4) * math.sqrt(MU / a**3) * (R0 / a) ** 4 / eta**8
    assert node_rate(a, e, i, field(j4=j4)) == pytest.approx(expected, abs=1e-7 * scale)

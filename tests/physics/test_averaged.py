"""Averaged zonal rates: Brouwer's closed forms, and orbits flown in a zonal field."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.dynamics import Dynamics, Gravity, propagate
from cosmodrome.dynamics.elements import state_from_elements
from cosmodrome.dynamics.mean import by_revolution, osculating_from_mean
from cosmodrome.errors import InfeasibleError
from cosmodrome.physics.averaged import mean_rates, zonals
from cosmodrome.physics.mean_orbits import (
    frozen_eccentricity,
    repeat_axis,
    sun_synchronous_repeat,
)
from cosmodrome.record.nouns import Elements
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.gravity import GravityField
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from cosmodrome.world.world import World

MU, R0, J2 = 3.986004415e14, 6378136.3, 1.0826261738522227e-3
RE = 6378137.0
DAY = 86400.0


def field(**j: float) -> GravityField:
    C = np.zeros((21, 21))
    C[0, 0] = 1.0
    for name, value in j.items():
        n = int(name[1:])
        C[n, 0] = -value / math.sqrt(2 * n + 1)
    return GravityField(MU, R0, 20, C, np.zeros((21, 21)), "tide-free", "test", "test")


@given(st.floats(0.0, 0.7), st.floats(0.2, 2.9), st.floats(0.0, 6.28))
@settings(max_examples=30)
def test_perigee_of_j4_by_brouwer(e: float, i: float, argp: float) -> None:
    """Secular J4 rate of the perigee (Brouwer 1959, p. 393), our average over all perigees."""
    del argp
    a, j4, e = 7.0e6 / (1 - e), -1.62e-6, max(e, 0.01)
    eta, theta = math.sqrt(1 - e * e), math.cos(i)
    g4 = -0.375 * j4 * (R0 / a) ** 4 / eta**8
    n = math.sqrt(MU / a**3)
    wanted = (
        n
        * (5.0 / 16.0)
        * g4
        * (
            21.0
            - 9.0 * eta**2
            + (-270.0 + 126.0 * eta**2) * theta**2
            + (385.0 - 189.0 * eta**2) * theta**4
        )
    )
    only = field(j4=j4)
    turns = [2 * math.pi * k / 8 for k in range(8)]
    mean = sum(
        mean_rates(a, e * math.cos(w), e * math.sin(w), i, only).perigee_rad_s for w in turns
    )
    assert mean / 8 == pytest.approx(wanted, abs=1e-9 * n * abs(g4) * 1e3)


@given(st.floats(0.0, 0.7), st.floats(0.2, 2.9))
@settings(max_examples=30)
def test_oblateness_by_kozai(e: float, i: float) -> None:
    """First-order secular rates of J2 (Kozai 1959): node, perigee, mean anomaly."""
    a = 7.0e6 / (1 - e)
    small = 1e-9  # so that second order vanishes beside the first
    n, k = math.sqrt(MU / a**3), 1.5 * small * (R0 / (a * (1 - e * e))) ** 2
    got = mean_rates(a, e, 0.0, i, field(j2=small))
    c2 = math.cos(i) ** 2
    assert got.node_rad_s == pytest.approx(-n * k * math.cos(i), abs=1e-8 * n * k)
    if e > 1e-3:
        assert got.perigee_rad_s == pytest.approx(n * k * (2.5 * c2 - 0.5), abs=1e-8 * n * k)
    anomaly = 0.5 * n * k * math.sqrt(1 - e * e) * (3 * c2 - 1)
    turned = n + anomaly + n * k * (2.5 * c2 - 0.5)
    assert got.latitude_rad_s - n == pytest.approx(turned - n, abs=1e-8 * n * k + 1e-15 * n)


@pytest.mark.parametrize(
    ("a", "e", "degrees", "argp"),
    [
        pytest.param(7.08e6, 0.001, 98.2, 40.0, id="low"),
        pytest.param(7.7e6, 0.05, 66.0, 200.0, id="eccentric"),
        pytest.param(26.56e6, 0.72, 40.0, 60.0, id="high ellipse"),
    ],
)
def test_flown_in_a_zonal_field(
    shipped_world: World, a: float, e: float, degrees: float, argp: float
) -> None:
    """Slopes of the flown averages under J2 to J30 alone, over five days."""
    mu, w = shipped_world.gravity().mu_m3_s2, math.radians(argp)
    i = math.radians(degrees)
    gravity = shipped_world.gravity(degree=30)
    epoch = Epoch.from_utc("2027-03-01T00:00:00Z")
    r, v = state_from_elements(Elements(a, e, i, 1.0, w, -w), mu)
    r, v = osculating_from_mean(r, v, mu, gravity.radius_m, gravity.zonal_j(2))
    back = shipped_world.orientation.tod_from_gcrf(epoch).matrix.T
    flown = propagate(
        State(epoch, GCRF, back @ r, back @ v, 1.0),
        Dynamics((Gravity("earth", 30, 0),)),
        5 * DAY,
        ("ascending node",),
        world=shipped_world,
    )
    nodes = np.array([event.t_s for event in flown.events])
    mean = by_revolution(flown.arcs[0], shipped_world.orientation, mu, nodes)
    middle = float(np.mean(mean.a_m)), float(np.mean(mean.i_rad))
    ex, ey = float(np.mean(mean.ex)), float(np.mean(mean.ey))
    got = mean_rates(middle[0], ex, ey, middle[1], gravity)
    node = float(np.polyfit(mean.t_s, mean.raan_rad, 1)[0])
    assert got.node_rad_s == pytest.approx(node, rel=3e-4)
    scale = abs(node)
    assert got.ex == pytest.approx(np.polyfit(mean.t_s, mean.ex, 1)[0], abs=2e-3 * scale * e)
    assert got.ey == pytest.approx(np.polyfit(mean.t_s, mean.ey, 1)[0], abs=2e-3 * scale * e)
    period = float(np.mean(np.diff(nodes)))
    # at the node f = -argp, and M there follows the perigee by dM/df
    w, e = math.atan2(ey, ex), math.hypot(ex, ey)
    slope = (1 - e * e) ** 1.5 / (1 + e * math.cos(w)) ** 2
    turn = got.latitude_rad_s - got.perigee_rad_s * (1.0 - slope)
    # the mean motion carries the averaged a, whose own second order is 10 m in low orbit
    assert 2 * math.pi / turn == pytest.approx(period, rel=3e-6)


def test_frozen_by_j3_alone() -> None:
    # Cook (1966), first order: e = -J3/(2 J2) (R/a) sin i; J2^2 in the turn shifts it by 1e-3
    a, i, j3 = 7.2e6, math.radians(98.7), -2.53266e-6
    assert frozen_eccentricity(a, i, field(j2=J2, j3=j3)) == pytest.approx(
        -j3 / (2 * J2) * R0 / a * math.sin(i), rel=5e-3
    )


@pytest.mark.parametrize(
    ("altitude_km", "degrees", "e", "rel"),
    [
        # EUMETSAT, EPS Product Guide, app. B (GEM10B 36x36): a 7195.605 km, e 0.001165,
        # i 98.7022 deg
        pytest.param(817.468, 98.702, 0.001165, 0.03, id="Metop"),
        # SCIAMACHY Handbook, table 2-2: a 7159.50 +- 0.07 km, e 0.001165, i 98.55 deg
        pytest.param(781.359, 98.549, 0.001165, 0.02, id="Envisat"),
        # CNES, SPOT: a 7200.5 km, e 0.001144, i 98.72 deg
        pytest.param(822.4, 98.72, 0.001144, 0.02, id="SPOT"),
        # AVISO, Jason: a 7714.43 km, e 0.000095, i 66.04 deg; the small rest of large terms
        pytest.param(1336.29, 66.04, 0.000095, 0.08, id="TOPEX/Jason"),
    ],
)
def test_frozen_orbits_in_service(
    shipped_world: World, altitude_km: float, degrees: float, e: float, rel: float
) -> None:
    gravity = shipped_world.gravity()
    got = frozen_eccentricity(RE + altitude_km * 1e3, math.radians(degrees), gravity)
    print(f"e = {got:.6f}, published {e}")
    assert got == pytest.approx(e, rel=rel)


def test_the_field_matters_to_high_degree(shipped_world: World) -> None:
    # Rosborough & Ocampo (1991): low frozen orbits are not settled by J3 nor by degree 10
    a, i = RE + 700e3, math.radians(98.2)
    full = frozen_eccentricity(a, i, shipped_world.gravity())
    for degree, least in ((4, 0.05), (10, 0.005)):
        cut = frozen_eccentricity(a, i, shipped_world.gravity(degree=degree))
        assert abs(cut / full - 1.0) > least
    assert len(zonals(shipped_world.gravity())) == 61


def test_nothing_is_frozen_at_the_critical_inclination(shipped_world: World) -> None:
    with pytest.raises(InfeasibleError, match=r"63\.43 and 116\.57 deg .* kind: molniya"):
        frozen_eccentricity(7.2e6, math.radians(63.43), shipped_world.gravity())


@pytest.mark.parametrize(
    ("revolutions", "days", "a_km", "degrees"),
    [
        # published mean elements of the reference orbits
        pytest.param(501, 35, 7159.50, 98.55, id="Envisat (ESA)"),
        pytest.param(412, 29, 7195.605, 98.702, id="Metop (EUMETSAT)"),
        pytest.param(233, 16, 7077.7, 98.2, id="Landsat (USGS)"),
        pytest.param(143, 10, 7164.1, 98.57, id="Sentinel-2 (ESA: mean altitude 786 km)"),
        pytest.param(385, 27, 7177.93, 98.63, id="Sentinel-3 (ESA: 98.65 deg)"),
        pytest.param(175, 12, 7070.9, 98.18, id="Sentinel-1 (ESA: 693 km)"),
    ],
)
def test_frozen_repeating_sun_synchronous(
    shipped_world: World, revolutions: int, days: int, a_km: float, degrees: float
) -> None:
    a, ey, i = sun_synchronous_repeat(revolutions, days, shipped_world.gravity(), frozen=True)
    assert a / 1e3 == pytest.approx(a_km, abs=0.2)
    assert math.degrees(i) == pytest.approx(degrees, abs=0.03)
    assert ey == pytest.approx(0.00116, rel=0.03)


@pytest.mark.parametrize(
    ("revolutions", "days", "degrees", "a_km", "within"),
    [
        pytest.param(127, 10, 66.04, 7714.43, 0.02, id="TOPEX/Jason (AVISO)"),
        # nominal axes are rounded, and hold the Sun's and the Moon's part as well
        pytest.param(2, 1, 55.0, 26559.7, 1.0, id="GPS (SPS PS 2020)"),
        pytest.param(17, 8, 64.8, 25508.0, 1.0, id="GLONASS (11 h 15 min 44 s)"),
        pytest.param(17, 10, 56.0, 29599.801, 1.0, id="Galileo (OS SIS ICD)"),
        pytest.param(13, 7, 55.0, 27906.1, 1.0, id="BeiDou (ICD)"),
    ],
)
def test_repeating_orbits_in_service(
    shipped_world: World,
    revolutions: int,
    days: int,
    degrees: float,
    a_km: float,
    within: float,
) -> None:
    a = repeat_axis(revolutions, days, math.radians(degrees), shipped_world.gravity())
    assert a / 1e3 == pytest.approx(a_km, abs=within)


def test_too_many_revolutions_a_day(shipped_world: World) -> None:
    with pytest.raises(InfeasibleError, match="ask for fewer"):
        repeat_axis(17, 1, 1.7, shipped_world.gravity())

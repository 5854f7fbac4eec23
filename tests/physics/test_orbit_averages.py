"""Slow forces averaged over a revolution, against closed forms, other roads and quadratures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.integrate import quad

from cosmodrome.dynamics.elements import state_from_elements
from cosmodrome.dynamics.mean import osculating_from_mean
from cosmodrome.physics.averaged import mean_node_rate
from cosmodrome.physics.orbit_averages import (
    MeanOrbit,
    _swollen,
    air_rates,
    light_rates,
    third_body_rates,
    tidal_tensor,
    turned_by_zonals,
)
from cosmodrome.record.nouns import Elements
from cosmodrome.targets import luni_solar
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from cosmodrome.world.world import World

MU = 3.986004418e14
EPOCH = Epoch.from_utc("2027-03-01T00:00:00Z")
DAY = 86_400.0


@dataclass(frozen=True)
class Sphere:
    """A field without harmonics."""

    mu_m3_s2: float = MU
    radius_m: float = 6_378_137.0

    def zonal_j(self, _: int) -> float:
        return 0.0


@pytest.mark.parametrize("e", [0.0, 0.01, 0.2, 0.73])
def test_the_air_against_king_heles_integral(e: float) -> None:
    """da/dt of a still exponential atmosphere: King-Hele (1987), Satellite Orbits in an
    Atmosphere, ch. 4, before it is expanded; summed by QUADPACK."""
    low, scale, rho, k = 6_378_137.0 + 300e3, 50e3, 2e-11, 0.022
    a = low / (1.0 - e)

    def slope(E: float) -> float:
        c = math.cos(E)
        thin = math.exp(-a * e * (1.0 - c) / scale)
        return (1.0 + e * c) ** 1.5 / math.sqrt(1.0 - e * c) * thin

    wanted = -k * rho * math.sqrt(MU * a) * quad(slope, 0.0, math.pi, epsrel=1e-12)[0] / math.pi
    got = air_rates(
        MeanOrbit.of(a, e, 0.9, 1.0, 2.0),
        lambda r: rho * np.exp(-(np.linalg.norm(r, axis=1) - low) / scale),
        k,
        0.0,
        Sphere(),  # type: ignore[arg-type]
    )
    assert got.a_m == pytest.approx(wanted, rel=1e-6)
    # still air turns no plane
    assert np.abs(got.plane).max() < 1e-20


def test_air_that_turns_pulls_the_plane_to_the_equator() -> None:
    """di/dt of a circle: -rho k r w sin i / 4 (King-Hele 1987, ch. 5, e = 0)."""
    a, rho, k, w, i = 6_700e3, 1e-11, 0.02, 7.292e-5, 1.0
    got = air_rates(
        MeanOrbit.of(a, 0.0, i, 0.5, 0.0),
        lambda r: np.full(len(r), rho),
        k,
        w,
        Sphere(),  # type: ignore[arg-type]
    )
    speed = math.sqrt(MU / a) - a * w * math.cos(i)
    node, ahead = MeanOrbit.of(a, 0.0, i, 0.5, 0.0).node
    tilt = -float(got.plane @ ahead)
    # the relative speed varies by a w sin i sin u about that of the node: a per cent
    wanted = -0.25 * rho * k * a * w * math.sin(i) * speed / math.sqrt(MU / a)
    assert abs(float(got.plane @ node)) < 1e-3 * abs(tilt)
    assert -tilt == pytest.approx(-wanted, rel=0.01)


@pytest.mark.parametrize("name", ["sun", "moon"])
def test_distant_bodies_against_kozais_form(shipped_world: World, name: str) -> None:
    mean = Elements(26.55e6, 0.7, math.radians(63.4), 0.3, math.radians(270.0), 0.0)
    span = 27.32 * DAY
    theirs = luni_solar.third_body_rates(name, mean, EPOCH, span, shipped_world)
    t = np.linspace(0.0, span, max(8, math.ceil(span / 10_800.0)))
    axes = shipped_world.orientation.tod_from_gcrf(EPOCH + 0.5 * span)
    places = axes.vector(shipped_world.ephemeris.positions_m(name, EPOCH, t))
    from cosmodrome.world.bodies import body

    orbit = MeanOrbit.of(mean.a_m, mean.e, mean.i_rad, mean.raan_rad, mean.argp_rad)
    field = shipped_world.gravity()
    got = third_body_rates(orbit, tidal_tensor(places, body(name).mu_m3_s2), field.mu_m3_s2)
    node, ahead = orbit.node
    # the e vector's parts along the node, which turns about the axis and tilts the orbit
    x, y = float(orbit.e @ node), float(orbit.e @ ahead)
    c = math.cos(mean.i_rad)
    assert float(got.e @ node) + y * c * theirs.node_rad_s == pytest.approx(
        theirs.ex, abs=1e-9 * abs(theirs.ey) + 1e-16
    )
    assert float(got.e @ ahead) - x * c * theirs.node_rad_s == pytest.approx(theirs.ey, rel=1e-9)
    assert -float(got.plane @ ahead) == pytest.approx(theirs.i_rad_s, rel=1e-9)
    assert float(got.plane @ node) == pytest.approx(
        math.sin(mean.i_rad) * theirs.node_rad_s, rel=1e-9
    )


def test_light_without_a_shadow() -> None:
    """de/dt = 3/2 f/v across the Sun (Soop 1994, sec. 4.4); nothing to a."""
    a, push = 42_164e3, 1e-7
    orbit = MeanOrbit.of(a, 0.0, 0.0, 0.0, 0.0)
    sun = 1.496e11 * np.array([math.cos(0.7), math.sin(0.7), 0.0])
    got = light_rates(orbit, sun, push, 1.0, MU)
    wanted = 1.5 * push / math.sqrt(MU / a) * np.array([-math.sin(0.7), math.cos(0.7), 0.0])
    assert got.e == pytest.approx(wanted, rel=1e-4)
    assert abs(got.a_m) < 1e-4 * push * a / math.sqrt(MU / a)


def test_light_with_a_shadow_is_less() -> None:
    orbit = MeanOrbit.of(7_000e3, 0.0, 0.4, 0.0, 0.0)
    sun = np.array([1.496e11, 0.0, 0.0])
    lit, dark = (light_rates(orbit, sun, 1e-7, r, MU) for r in (1.0, 6_378_137.0))
    assert 0.4 < np.linalg.norm(dark.e) / np.linalg.norm(lit.e) < 0.95


def test_zonals_turn_the_node_and_come_back(shipped_world: World) -> None:
    field = shipped_world.gravity().truncated(8)
    orbit = MeanOrbit.of(7_000e3, 0.01, 1.2, 0.4, 1.0)
    later = turned_by_zonals(orbit, field, 5.0 * DAY)
    node, _ = later.node
    turned = math.atan2(node[1], node[0]) - 0.4
    rate = mean_node_rate(7_000e3, 0.01, 1.2, tuple(np.linspace(1.0, 0.8, 5)), field)
    assert turned == pytest.approx(rate * 5.0 * DAY, rel=1e-4)
    back = turned_by_zonals(later, field, -5.0 * DAY)
    assert back.e == pytest.approx(orbit.e, abs=1e-6)
    assert back.plane == pytest.approx(orbit.plane, abs=1e-6)
    # one step of ten days is two of five
    once = turned_by_zonals(orbit, field, 10.0 * DAY)
    twice = turned_by_zonals(later, field, 5.0 * DAY)
    assert once.e == pytest.approx(twice.e, abs=2e-6)


def test_an_orbit_in_the_equators_plane_is_ordinary(shipped_world: World) -> None:
    field = shipped_world.gravity().truncated(8)
    orbit = MeanOrbit.of(24_500e3, 0.73, 0.0, 0.0, 1.0)
    later = turned_by_zonals(orbit, field, DAY)
    assert later.inclination_rad < 1e-5
    # J2 turns perigee less node: 3/4 n J2 (R/p)^2 (5 cos^2 i - 1) - 3/2 n J2 (R/p)^2 cos i
    p = 24_500e3 * (1.0 - 0.73**2)
    k = field.zonal_j(2) * (field.radius_m / p) ** 2 * math.sqrt(MU / 24_500e3**3)
    turned = math.atan2(later.e[1], later.e[0]) - 1.0
    assert turned == pytest.approx((3.0 - 1.5) * k * DAY, rel=0.01)


@pytest.mark.parametrize("i", [0.3, 1.1, 1.7])
def test_the_radius_beside_the_mean_ellipse(shipped_world: World, i: float) -> None:
    """Against the canonical change of variables: what dr leaves is a few per cent of it."""
    field = shipped_world.gravity()
    orbit = MeanOrbit.of(6_800e3, 0.003, i, 0.3, 0.8)
    for f in np.arange(0.0, 6.3, 0.7):
        mean = Elements(6_800e3, 0.003, i, 0.3, 0.8, float(f))
        r, v = state_from_elements(mean, field.mu_m3_s2)
        out, _ = osculating_from_mean(r, v, field.mu_m3_s2, field.radius_m, field.zonal_j(2))
        got = _swollen(orbit, r[None], field)[0]
        # it is read where the mean place is; along the path the radius changes by 20 m a step
        assert np.linalg.norm(got) == pytest.approx(np.linalg.norm(out), abs=80.0)

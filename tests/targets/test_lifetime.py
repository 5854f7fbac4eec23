"""Lifetimes: against flights in full dynamics, and against spheres that really came down."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.dynamics.elements import state_from_elements
from cosmodrome.dynamics.mean import osculating_from_mean
from cosmodrome.errors import InfeasibleError
from cosmodrome.mission.nouns import PhysicsModel, Spacecraft, SpaceWeather
from cosmodrome.physics.orbit_averages import MeanOrbit
from cosmodrome.record.nouns import Elements
from cosmodrome.targets.lifetime import FLOOR_M, Surroundings, decay, mean_orbit
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from cosmodrome.targets.lifetime import Decay
    from cosmodrome.world.world import World

RE = 6_378_137.0
DAY, YEAR = 86_400.0, 365.25 * 86_400.0


def sphere(area_over_mass: float, mass: float = 100.0) -> Spacecraft:
    area = area_over_mass * mass
    return Spacecraft("ball", mass, area, 2.2, area, 1.3)


def orbit(low_km: float, high_km: float, i_deg: float) -> tuple[float, float, float]:
    low, high = RE + low_km * 1e3, RE + high_km * 1e3
    return 0.5 * (low + high), (high - low) / (high + low), math.radians(i_deg)


def lifetime(
    world: World,
    epoch: Epoch,
    shape: tuple[float, float, float],
    area_over_mass: float,
    within_s: float,
    weather: SpaceWeather | None = None,
) -> Decay:
    craft = sphere(area_over_mass)
    around = Surroundings(epoch, 100.0, craft, PhysicsModel(), weather, world)
    return decay(MeanOrbit.of(*shape, 0.5, 1.0), around, within_s)


@pytest.mark.parametrize(
    ("low", "high", "i_deg", "days"), [(215, 225, 97.0, 3.0), (180, 700, 51.0, 8.0)]
)
def test_against_full_dynamics(
    shipped_world: World, low: int, high: int, i_deg: float, days: float
) -> None:
    """The same mean orbit flown in 8x8 gravity, Sun, Moon, light and the tabulated air."""
    epoch = Epoch.from_utc("2024-03-01T00:00:00Z")
    a, e, i = orbit(low, high, i_deg)
    field = shipped_world.gravity()
    mu = field.mu_m3_s2
    r, v = state_from_elements(Elements(a, e, i, 0.5, 1.0, math.pi), mu)
    r, v = osculating_from_mean(r, v, mu, field.radius_m, field.zonal_j(2))
    back = np.asarray(shipped_world.orientation.tod_from_gcrf(epoch).matrix).T
    start = State(epoch, GCRF, back @ r, back @ v, 100.0)
    # the mean orbit of that state is the one it was made from
    again = mean_orbit(start, shipped_world)
    assert again.a_m == pytest.approx(a, abs=1e-3)
    assert again.eccentricity == pytest.approx(e, abs=1e-9)
    model = PhysicsModel(gravity_degree=8, gravity_order=8)
    flown = propagate(
        start,
        Dynamics.of(model, sphere(0.05)),
        days * DAY,
        world=shipped_world,
        floor_m=FLOOR_M,
        dense=False,
    )
    assert flown.stats["ended_on_floor"]
    real = flown.end.epoch - epoch
    found = lifetime(shipped_world, epoch, (a, e, i), 0.05, days * DAY).lifetime_s
    assert found == pytest.approx(real, rel=0.05)


#: name, deployed, mean heights km, inclination, mass kg, diameter m, came down: mass, diameter and
#: days from eoPortal, spaceflightnow.com (16 Dec 2001, 26 Apr 2002) and daviddarling.info; heights
#: are the announced ones and good to some kilometres
SPHERES = (
    ("starshine 1", "1999-06-05T12:00:00Z", (380, 393), 51.6, 39.0, 0.48, "2000-02-18T15:08:00Z"),
    ("starshine 2", "2001-12-16T15:02:00Z", (370, 390), 51.6, 39.0, 0.48, "2002-04-26T11:00:00Z"),
    ("starshine 3", "2001-09-30T04:00:00Z", (467, 473), 67.0, 91.0, 0.94, "2003-01-21T05:00:00Z"),
)


@pytest.mark.parametrize(
    ("begun", "heights", "i_deg", "mass", "diameter", "ended"), [s[1:] for s in SPHERES],
    ids=[s[0] for s in SPHERES],
)  # fmt: skip
def test_spheres_that_came_down(
    shipped_world: World,
    begun: str,
    heights: tuple[float, float],
    i_deg: float,
    mass: float,
    diameter: float,
    ended: str,
) -> None:
    """Within a fifth: the model's density at the maximum of the Sun is known to no better."""
    start = Epoch.from_utc(begun)
    area_over_mass = math.pi * diameter**2 / 4.0 / mass
    got = lifetime(shipped_world, start, orbit(*heights, i_deg), area_over_mass, 4.0 * YEAR)
    assert got.lifetime_s == pytest.approx(Epoch.from_utc(ended) - start, rel=0.2)
    assert "observed" in got.weather


def test_more_sun_shortens_a_life(shipped_world: World) -> None:
    epoch = Epoch.from_utc("2027-03-01T00:00:00Z")
    calm, wild = (
        lifetime(
            shipped_world, epoch, orbit(350, 360, 97.0), 0.01, 3.0 * YEAR, SpaceWeather(f, f, ap)
        ).lifetime_s
        for f, ap in ((80.0, 7.0), (220.0, 20.0))
    )
    assert math.isfinite(calm)
    assert calm > 4.0 * wild


def test_beyond_the_table_it_says_so(shipped_world: World) -> None:
    epoch = Epoch.from_utc("2045-01-01T00:00:00Z")
    got = lifetime(shipped_world, epoch, orbit(200, 210, 97.0), 0.01, YEAR)
    assert "again and again" in got.weather
    assert got.lifetime_s < 30.0 * DAY


def test_what_is_already_down_and_what_never_comes(shipped_world: World) -> None:
    epoch = Epoch.from_utc("2027-03-01T00:00:00Z")
    assert lifetime(shipped_world, epoch, orbit(110, 400, 50.0), 0.01, YEAR).lifetime_s == 0.0
    high = lifetime(shipped_world, epoch, orbit(1_400, 1_410, 66.0), 0.01, 0.1 * YEAR)
    assert high.lifetime_s == math.inf
    assert high.looked_s == 0.1 * YEAR
    assert high.perigee_m[-1] == pytest.approx(1_400e3, abs=3e3)
    around = Surroundings(epoch, 100.0, sphere(0.01), PhysicsModel(), None, shipped_world)
    with pytest.raises(InfeasibleError, match="escapes"):
        decay(MeanOrbit.of(-7e6, 1.2, 0.1, 0.0, 0.0), around, YEAR)

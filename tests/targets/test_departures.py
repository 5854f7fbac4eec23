"""Targets without a low orbit, made into what a release must hit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InputError
from cosmodrome.mission import read_orbit
from cosmodrome.targets import Insertion, insertion
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from cosmodrome.world.world import World

EPOCH = Epoch.from_utc("2027-03-01T06:00:00Z")
CHEAPEST = math.radians(51.7)
RADIUS = 6_378_137.0


def aim(text: str, world: World) -> Insertion:
    return insertion(read_orbit(text).target, EPOCH, world, CHEAPEST)


@pytest.mark.parametrize("c3", [-12.0, -2.0, 3.0, 60.0])
def test_a_departure_has_the_elements_of_its_energy(c3: float, shipped_world: World) -> None:
    found = aim(f"c3 {c3} km^2/s^2", shipped_world)
    assert found.energy_aim_m2_s2 == pytest.approx(0.5e6 * c3)
    mu = found.mu
    r, v = found.state_at(0.3, 1.0)
    elements = elements_from_state(r, v, mu)
    assert elements.a_m == pytest.approx(-mu / (1e6 * c3), rel=1e-9)
    assert elements.a_m == pytest.approx(found.a_mean_m, rel=1e-9)
    assert elements.e == pytest.approx(found.e_mean, abs=1e-9)
    assert elements.a_m * (1.0 - elements.e) == pytest.approx(RADIUS + 200e3, abs=0.1)
    assert elements.i_rad == pytest.approx(CHEAPEST)


def test_a_parabola(shipped_world: World) -> None:
    found = aim("escape", shipped_world)
    assert (found.a_mean_m, found.e_mean) == (math.inf, 1.0)
    r, v = found.state_at(0.5, 0.0)
    assert v @ v == pytest.approx(2.0 * found.mu / math.sqrt(r @ r), rel=1e-12)


def test_an_inclination_that_is_free_begins_at_the_cheapest(shipped_world: World) -> None:
    for text in ("gto", "c3 10 km^2/s^2", "c3 10 km^2/s^2 declination 20 deg"):
        found = aim(text, shipped_world)
        assert found.inclination_free
        assert found.i_mean_rad == CHEAPEST
    said = aim("gto 28.5 deg", shipped_world)
    assert not said.inclination_free
    assert said.i_mean_rad == pytest.approx(math.radians(28.5))
    with pytest.raises(InputError, match="a c3 target needs an inclination"):
        insertion(read_orbit("escape").target, EPOCH, shipped_world)


def test_another_energy_to_any_direction(shipped_world: World) -> None:
    found = aim("c3 10 km^2/s^2 declination 20 deg", shipped_world)
    slower = found.with_c3(4e6)
    assert slower.energy_aim_m2_s2 == pytest.approx(2e6)
    assert slower.declination_rad is None
    assert found.declination_rad == pytest.approx(math.radians(20.0))


def test_the_equator_and_molniya(shipped_world: World) -> None:
    assert aim("geo", shipped_world).i_mean_rad == 0.0
    molniya = aim("molniya", shipped_world)
    assert molniya.elliptic
    assert molniya.argp_rad == pytest.approx(math.radians(270.0))
    # where J2 lets the perigee stand, the node falls back by about 0.15 deg a day
    assert math.degrees(molniya.node_rate_rad_s) * 86_400.0 == pytest.approx(-0.15, abs=0.02)


def test_a_low_circle_is_no_departure(shipped_world: World) -> None:
    with pytest.raises(InputError, match="the energy of a low circle"):
        aim("c3 -60.9 km^2/s^2", shipped_world)

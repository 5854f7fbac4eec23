"""Which pass over the site a landing takes: the nearest of a run, in the light asked for."""

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome import checks
from cosmodrome.coverage import sky
from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InfeasibleError
from cosmodrome.flight import fly
from cosmodrome.landing.ground import Site
from cosmodrome.landing.lowering import Pass, as_it_is, chosen, sun_rad
from cosmodrome.mission import PhysicsModel, Spacecraft, load, shipped_path
from cosmodrome.world import State, gcrf, skyline, terrain
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

LAT, LON = math.radians(-69.545), math.radians(43.544)


def run(*cross_km: float) -> list[Pass]:
    return [Pass(7_000.0 * k, 1e3 * c) for k, c in enumerate(cross_km)]


def test_the_nearest_of_the_first_run_is_taken() -> None:
    found = run(42.0, 30.0, 19.0, 8.0, -3.0, -14.0, -25.0, 2.0)
    assert chosen(found, 20e3, 1600.0) is found[4]
    assert chosen(found, 5e3, 1600.0) is found[4]
    assert chosen(found, 2.5e3, 1600.0) is found[7]
    with pytest.raises(InfeasibleError, match=r"no nearer to the site than 2\.0 km"):
        chosen(found, 1e3, 1600.0)


def test_the_sun_stands_where_the_sky_of_the_site_has_it() -> None:
    world, ground = World.shipped(), terrain("moon")
    site = Site(LAT, LON, float(ground.height_m(LAT, LON)))
    start = Epoch.from_utc("2023-08-19T00:00:00Z")
    edge = skyline(ground, LAT, LON, above_m=0.0)
    there = sky(edge, "sun", start, [0.0, 2e5, 9e5], world)
    for t, high in zip(there.t_s, there.elevation_rad, strict=True):
        assert sun_rad(site, world, start + float(t)) == pytest.approx(float(high), abs=2e-4)


def test_a_landing_waits_for_the_light() -> None:
    mission = load(shipped_path("lunar-lander"))
    (step,) = mission.plan
    lit = replace(step, sun_above_rad=math.radians(2.0), within_s=28.0 * 86_400.0)
    flight = fly(replace(mission, plan=(lit,)))
    assert flight.verdict == "go"
    (sun,) = [f for f in flight.findings if f.check == "touchdown" and "Sun" in f.why]
    assert sun.verdict == "holds"
    assert sun.measured > 2.0
    # another road sees a landing in the dark
    dark = replace(step, sun_above_rad=math.radians(80.0))
    spoilt = replace(
        flight,
        mission=replace(mission, plan=(dark,)),
        legs=tuple(replace(g, steps=(dark,)) for g in flight.legs),
    )
    (sun,) = [f for f in checks.run(spoilt, World.shipped()) if "Sun over" in f.why]
    assert sun.verdict == "fails"
    with pytest.raises(InfeasibleError, match=r"the Sun stands .* deg over the site at the most"):
        fly(replace(mission, plan=(dark,)))


def test_an_orbit_is_flown_down_from_as_it_is() -> None:
    """Polar, 25 x 134 km about a point: the state handed on lies on it, so far before the site."""
    world, start = World.shipped(), Epoch.from_utc("2023-08-20T00:00:00Z")
    model = PhysicsModel(0, 0, (), "none", False, 0, 0)
    forces = Dynamics.of(model, Spacecraft("x", 1.0, 0.0, 0.0, 0.0, 0.0), None, centre="moon")
    mu, low, high = 4.902800118e12, 1_762_400.0, 1_871_400.0
    speed = math.sqrt(mu * (2.0 / low - 2.0 / (low + high)))
    r, v = np.array([low, 0.0, 0.0]), np.array([0.0, 0.0, -speed])
    state = State(start, gcrf("moon"), r, v, 1000.0)
    site, ahead = Site(math.radians(-60.0), math.radians(20.0), 0.0), math.radians(24.0)
    limits = {"within_s": 20.0 * 86_400.0, "cross_m": 40e3}
    found = as_it_is(state, site, ahead, forces, world, **limits)
    assert (found.propellant_kg, found.delta_v_m_s, found.end_s) == (0.0, 0.0, 0.0)
    conic = elements_from_state(found.perilune.r_m, found.perilune.v_m_s, mu)
    assert found.perilune_m == pytest.approx(conic.a_m * (1.0 - conic.e) - 1_737_400.0, abs=0.1)
    # the Earth moves it by some tens of metres in the days until then
    assert found.perilune_m == pytest.approx(25e3, abs=100.0)
    over = propagate(state, forces, found.over.t_s, world=world, dense=False).end
    turned = math.acos(over.r_m @ found.perilune.r_m / np.linalg.norm(over.r_m)
                       / np.linalg.norm(found.perilune.r_m))  # fmt: skip
    assert turned == pytest.approx(ahead, abs=math.radians(0.02))
    assert found.perilune.epoch < over.epoch
    with pytest.raises(InfeasibleError, match="comes no nearer to the site than"):
        as_it_is(state, site, ahead, forces, world, within_s=86_400.0, cross_m=1.0)

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
from cosmodrome.landing.lowering import Pass, as_it_is, chosen
from cosmodrome.mission import PhysicsModel, Spacecraft, load, shipped_path
from cosmodrome.world import Light, State, gcrf, skyline, sun_over, terrain
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

HALVES = ("morning", "evening")
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
    start = Epoch.from_utc("2023-08-19T00:00:00Z")
    edge = skyline(ground, LAT, LON, above_m=0.0)
    there = sky(edge, "sun", start, [0.0, 2e5, 9e5], world)
    sun = sun_over(world, LAT, LON, start, there.t_s, height_m=edge.ground_m, edge=edge)
    assert sun.elevation_rad == pytest.approx(there.elevation_rad, abs=2e-4)
    assert sun.height_rad == pytest.approx(there.elevation_rad - there.edge_rad, abs=2e-4)


def test_a_landing_waits_for_the_light() -> None:
    mission = load(shipped_path("lunar-lander"))
    (step,) = mission.plan
    low = Light((math.radians(2.0), math.radians(90.0)))
    lit = replace(step, light=low, within_s=28.0 * 86_400.0)
    flight = fly(replace(mission, plan=(lit,)))
    assert flight.verdict == "go"
    (sun,) = [f for f in flight.findings if f.check == "landing-light"]
    assert sun.verdict == "holds"
    assert sun.measured > 2.0
    (plane,) = [f for f in flight.findings if f.check == "landing-plane"]
    assert plane.verdict == "holds"
    down = flight.legs[-1].end.epoch

    # another road sees a landing in the dark, on the wrong half of the day, on another day, or
    # from a plane that was too far off
    def judged(check: str, why: str, **other: object) -> str:
        spoilt = replace(lit, **other)
        legs = tuple(replace(g, steps=(spoilt,)) for g in flight.legs)
        wrong = replace(flight, mission=replace(mission, plan=(spoilt,)), legs=legs)
        (found,) = [
            f for f in checks.run(wrong, World.shipped()) if f.check == check and why in f.why
        ]
        return found.verdict

    dark = Light((math.radians(80.0), math.radians(90.0)))
    assert judged("landing-light", "Sun over", light=dark) == "fails"
    halves = {h: judged("landing-light", "asked", light=replace(low, half=h)) for h in HALVES}
    assert sorted(halves.values()) == ["fails", "holds"]
    assert judged("landing-light", "window", window=(down, down + 9e3)) == "holds"
    assert judged("landing-light", "window", window=(down + 9e3, down + 9e4)) == "fails"
    # what the turn of braking is allowed is all there is
    assert judged("landing-plane", "plane", cross_m=-500.0) == "fails"
    with pytest.raises(InfeasibleError, match=r"the Sun stands .* and 80 to 90 deg over the level"):
        fly(replace(mission, plan=(replace(lit, light=dark),)))
    early = (down + -9e6, down + -8e6)
    with pytest.raises(InfeasibleError, match="write another window"):
        fly(replace(mission, plan=(replace(lit, window=early),)))


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

"""Which pass over the site a landing takes: the nearest of a run, in the light asked for."""

import math
from dataclasses import replace

import pytest

from cosmodrome import checks
from cosmodrome.coverage import sky
from cosmodrome.errors import InfeasibleError
from cosmodrome.flight import fly
from cosmodrome.landing.ground import Site
from cosmodrome.landing.lowering import Pass, chosen, sun_rad
from cosmodrome.mission import load, shipped_path
from cosmodrome.world import skyline, terrain
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

"""Events in view of ground stations: where they are seen, what that costs, what is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome import ascent
from cosmodrome.ascent import limits_in_words
from cosmodrome.ascent.launch import launch_axes, planet_of
from cosmodrome.ascent.sight import refuse_unseen, sights, waypoints
from cosmodrome.catalog.nouns import Station
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.maths import SCALAR
from cosmodrome.mission.nouns import Visibility
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.geodesy import enu_axes, itrf_from_geodetic
from tests.ascent.conftest import fly, mission

if TYPE_CHECKING:
    from cosmodrome.world.world import World
    from tests.ascent.conftest import Flown

DEG = math.pi / 180.0
ABOUT = Epoch.parse("2027-03-01T05:41:46Z")
YAKUTSK = Station("yakutsk", 62.0 * DEG, 129.7 * DEG, 100.0, 5.0 * DEG)
PAD = Station("pad", 51.88435 * DEG, 128.33475 * DEG, 250.0, 5.0 * DEG)
FAR = Station("far", -30.0 * DEG, -60.0 * DEG, 0.0, 5.0 * DEG)
PLACES = st.tuples(st.floats(-1.5, 1.5), st.floats(-3.1, 3.1), st.floats(1e5, 4e7))


def elevation(flown: Flown, station: Station, event: str) -> float:
    """By the world's own orientation, in degrees."""
    (found,) = [e for e in flown.stack.events if e.name == event]
    path = flown.stack.path
    r = path.columns_at(found.t_s + (flown.plan.epoch - path.epoch))[:3]
    turn = flown.world.orientation.itrf_from_gcrf(flown.plan.epoch + found.t_s)
    d = turn.vector(r) - itrf_from_geodetic(
        station.latitude_rad, station.longitude_rad, station.height_m
    )
    up = enu_axes(station.latitude_rad, station.longitude_rad)[2]
    return math.degrees(math.asin(float(d @ up) / float(np.linalg.norm(d))))


@given(PLACES, PLACES, st.floats(0.0, 2e4))
def test_the_frame_turns_as_the_world_does(
    shipped_world: World,
    station: tuple[float, float, float],
    seen: tuple[float, float, float],
    t: float,
) -> None:
    planet = planet_of(shipped_world)
    axes = launch_axes(mission().site, ABOUT, shipped_world)
    s = Station("s", station[0], station[1], 0.0, 0.2)
    (sight,) = sights((Visibility("x", (s,)),), axes, ABOUT, planet, shipped_world)
    fixed = itrf_from_geodetic(*seen)
    place = shipped_world.orientation.itrf_from_gcrf(ABOUT + t).T.vector(fixed)
    r = axes @ place / planet.equatorial_radius_m
    (spare,) = sight.formula(SCALAR, tuple(float(x) for x in r), (0.0, 0.0, 0.0), t)
    d = fixed - itrf_from_geodetic(s.latitude_rad, s.longitude_rad, 0.0)
    sine = float(d @ enu_axes(s.latitude_rad, s.longitude_rad)[2]) / float(np.linalg.norm(d))
    mask = 0.2 + 0.02 * DEG
    assert spare == pytest.approx((sine - math.sin(mask)) / math.cos(mask), abs=2e-4)


def test_of_two_stations_the_better_counts(shipped_world: World) -> None:
    planet = planet_of(shipped_world)
    axes = launch_axes(mission().site, ABOUT, shipped_world)
    rules = tuple(Visibility("x", s) for s in ((PAD,), (FAR,), (FAR, PAD), (PAD, YAKUTSK)))
    one, two, both, near = sights(rules, axes, ABOUT, planet, shipped_world)
    up = axes @ shipped_world.orientation.itrf_from_gcrf(ABOUT).T.vector(
        itrf_from_geodetic(PAD.latitude_rad, PAD.longitude_rad, 200e3)
    )
    r = tuple(float(x) for x in up / planet.equatorial_radius_m)
    z = (0.0, 0.0, 0.0)
    best = one.formula(SCALAR, r, z, 0.0)[0]
    assert two.formula(SCALAR, r, z, 0.0)[0] < -0.5
    assert both.formula(SCALAR, r, z, 0.0)[0] == pytest.approx(best, abs=1e-9)
    # never above the better one
    assert best - 1e-3 < near.formula(SCALAR, r, z, 0.0)[0] <= best


def test_waypoints_of_an_event_and_of_a_span(sso: Flown) -> None:
    phases = [a.phase for a in sso.solution.flight.arcs]
    planet, axes = sso.solution.planet, launch_axes(sso.mission.site, ABOUT, sso.world)
    rules = (
        Visibility("core separation", (PAD,)),
        Visibility("core separation", (PAD,), "fairing jettison"),
        Visibility("core separation", (PAD,), "lift-off"),
        Visibility("no such event", (PAD,)),
    )
    found = sights(rules, axes, ABOUT, planet, sso.world)
    per_rule = [waypoints((s,), phases) for s in found]
    (alone,) = per_rule[0]
    last = next(k for k, p in enumerate(phases) if "core separation" in p.name)
    first = next(k for k, p in enumerate(phases) if "fairing jettison" in p.name)
    assert (alone.phase, alone.every, alone.timed) == (last, False, True)
    assert [(w.phase, w.every) for w in per_rule[1]] == [
        (first, False), *((k, True) for k in range(first + 1, last + 1))
    ]  # fmt: skip
    assert [w.phase for w in per_rule[2]] == list(range(last + 1))
    assert per_rule[3] == ()
    # all of these are seen from the pad
    refuse_unseen(found[:3], sso.solution.flight, planet)
    with pytest.raises(InputError, match=r"'no such event': the ascent .* has no such event"):
        refuse_unseen(found[3:], sso.solution.flight, planet)
    backwards = sights(
        (Visibility("core separation", (PAD,), "spacecraft separation"),),
        axes, ABOUT, planet, sso.world,
    )  # fmt: skip
    with pytest.raises(InputError, match="the second comes first"):
        refuse_unseen(backwards, sso.solution.flight, planet)


def test_a_mask_that_binds_is_flown_and_priced(sso: Flown, shipped_world: World) -> None:
    event = "third-stage separation"
    there = elevation(sso, YAKUTSK, event)

    def asked(degrees: float) -> Flown:
        mask = replace(YAKUTSK, mask_rad=degrees * DEG)
        rule = Visibility(event, (mask, FAR))
        return fly(replace(mission(), visibility=(rule,)), shipped_world)

    held = asked(there + 1.0)
    assert elevation(held, YAKUTSK, event) == pytest.approx(there + 1.02, abs=2e-3)
    assert held.solution.margin_kg < sso.solution.margin_kg - 0.1
    (key,) = [k for k in held.solution.multipliers if k.startswith("elevation")]
    price = held.solution.multipliers[key]
    more = asked(there + 1.5)
    gain = more.solution.margin_kg - held.solution.margin_kg
    assert 0.5 * price == pytest.approx(gain, rel=0.3)
    said = limits_in_words({key: price})
    assert said == (f"1 deg more elevation, {event} in view of yakutsk or far: {price:+.1f} kg",)


def test_what_nobody_can_see_is_refused_with_how_far_it_is(shipped_world: World) -> None:
    rule = Visibility("core separation", (FAR,))
    with pytest.raises(
        InfeasibleError, match=r"core separation in view of far cannot be met.*deg too low"
    ):
        ascent_of(rule, shipped_world)


def ascent_of(rule: Visibility, world: World) -> object:
    from cosmodrome.targets.insertion import insertion

    m = replace(mission(mass_kg=None), visibility=(rule,))
    return ascent.solve(m, insertion(m.target, ABOUT, world), world)

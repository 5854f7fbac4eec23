"""Floors of coasts and perigees: where they hold, what they cost, and what they leave alone."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome import catalog
from cosmodrome.ascent import limits_in_words
from cosmodrome.ascent.sequence import sequence
from cosmodrome.ascent.shape import Burn, Shape
from cosmodrome.ascent.target import keeps_perigee
from cosmodrome.catalog.nouns import Ignition, Limits, Stage
from cosmodrome.checks.parking import parking_orbit
from cosmodrome.checks.view import View
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.maths import SCALAR
from cosmodrome.powered.mesh import dip
from cosmodrome.record import Flight, LaunchSolution, Payload
from cosmodrome.world.epoch import Epoch
from tests.ascent.conftest import fly, mission, two_stages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.ascent.shape import Way
    from cosmodrome.catalog.nouns import Vehicle
    from cosmodrome.checks.verdicts import Judged
    from cosmodrome.world.world import World
    from tests.ascent.conftest import Flown

RE = 6_378_137.0
BASE = Limits(45e3, 1135.0, 6.0 * 9.80665)


@given(
    st.floats(0.9, 7.0),
    st.floats(0.0, 1.4),
    st.floats(-math.pi, math.pi),
    st.floats(0.0, math.pi),
)
def test_the_perigee_of_any_conic(rp: float, e: float, nu: float, i: float) -> None:
    p = rp * (1.0 + e)
    if 1.0 + e * math.cos(nu) < 0.05:
        return  # on no branch of the hyperbola, or nearly at infinity
    r = p / (1.0 + e * math.cos(nu))
    v = (-math.sin(nu) / math.sqrt(p), (e + math.cos(nu)) / math.sqrt(p))
    c, s = math.cos(i), math.sin(i)
    place = (r * math.cos(nu), r * math.sin(nu) * c, r * math.sin(nu) * s)
    speed = (v[0], v[1] * c, v[1] * s)
    point = keeps_perigee(3, rp - 1.0)
    assert point.phase == 3
    (got,) = point.formula(SCALAR, place, speed, 0.0)
    # never above the true one, and below by the rounding of the corner at a circle alone
    rounding = rp * (math.hypot(e, 1e-4) - e)
    assert -1.01 * rounding - 1e-9 <= float(got) - point.lower[0] <= 1e-9


def lowest(seq_vehicle: Vehicle, way: Way, burns: tuple[Burn, ...]) -> dict[str, float | None]:
    seq = sequence(seq_vehicle, replace(BASE, coast_altitude_m=160e3), Shape(210.0, burns, way))
    return {p.name: p.path.lowest_m for p in seq.phases if not p.burning}


def test_only_orbits_have_a_floor() -> None:
    fregat = catalog.vehicle("soyuz-2.1b-fregat")
    burns = Burn("fregat", 60.0, 300.0), Burn("fregat", 2_800.0, 60.0, 4_000.0)
    found = lowest(fregat, "apogee", burns)
    # the stage below falls, so the free flight before the first burn is an arc
    assert found["upper-stage burn 1 start"] is None
    assert found["upper-stage settling"] == found["upper-stage burn 2 start"]
    assert found["upper-stage burn 2 start"] == pytest.approx(160e3, abs=1e3)
    assert found["spacecraft separation"] is None
    seq = sequence(fregat, BASE, Shape(210.0, burns, "apogee"))
    (parked,) = seq.parked
    assert seq.phases[parked].name == "upper-stage burn 1 end"
    assert all(p.path.lowest_m is None for p in seq.phases)


@pytest.mark.parametrize(("way", "parks"), [("perigee", True), ("apogee", False)])
def test_a_kick_stage_lit_in_a_parking_orbit(way: Way, parks: bool) -> None:
    kick = Stage("kick", "kick", 1, 2e3, 2e3, 0.0, 300.0, 20e3, 310.0, Ignition("free"))
    first, second = two_stages().stages
    second = replace(second, restarts=1)
    rocket = replace(two_stages(), stages=(first, second, kick))
    burns = Burn("second", 0.0, 200.0), Burn("kick", 1_500.0, 60.0, 6_000.0)
    found = lowest(rocket, way, burns)
    assert (found["upper-stage burn 1 start"] is not None) is parks


def judged(flown: Flown) -> Iterator[Judged]:
    """What the check says of a flight."""
    m, s = flown.mission, flown.solution
    about = Epoch.parse("2027-03-01T05:41:46Z")
    launch = LaunchSolution(about, 0.0, 0.0, "ascending")
    payload = Payload(s.payload_kg, s.capability_kg, s.margin_kg)
    return parking_orbit(View(Flight(m, launch, payload, None, flown.legs), flown.world))


@pytest.fixture(scope="module")
def held(shipped_world: World) -> Flown:
    limits = replace(BASE, coast_altitude_m=160e3)
    return fly(mission(limits=limits), shipped_world)


def test_the_floor_of_coasts_is_flown_and_judged(held: Flown, sso: Flown) -> None:
    (found,) = judged(held)
    assert found.verdict == "holds"
    # bound by the floor, and by nothing but the margin that the optimiser keeps
    assert 160.0 < found.measured < 160.3
    (low,) = judged(replace(sso, mission=held.mission))
    assert low.verdict == "fails"
    assert low.measured < 145.0
    (silent,) = judged(sso)
    assert silent.verdict == "not-judged"
    assert "neither mission nor vehicle" in silent.why
    # a floor costs: here some kilograms of the capability
    lost = sso.solution.capability_kg - held.solution.capability_kg
    assert 0.5 < lost < 60.0


def test_nothing_dips_between_the_nodes(held: Flown) -> None:
    planet = held.solution.planet
    for arc in held.solution.flight.arcs:
        assert dip(planet, arc).max() < 100.0
    coast = max(held.solution.flight.arcs, key=lambda a: a.duration_s)
    assert coast.phase.path.lowest_m is not None
    higher = replace(coast, phase=replace(
        coast.phase, path=replace(coast.phase.path, lowest_m=300e3)))  # fmt: skip
    # the path of the re-flight knows no nodes
    path, start = held.stack.path, coast.start_s
    r = path.columns_at(np.linspace(start + 1e-3, start + coast.duration_s, 20_000))[:, :3]
    low = float(np.linalg.norm(r, axis=1).min()) - planet.equatorial_radius_m
    assert dip(planet, higher).max() == pytest.approx(300e3 - low, abs=20.0)


def test_the_price_of_a_floor_is_the_slope_of_the_optimum(
    held: Flown, shipped_world: World
) -> None:
    higher = replace(BASE, coast_altitude_m=165e3)
    more = fly(mission(limits=higher), shipped_world)
    gain = more.solution.margin_kg - held.solution.margin_kg
    price = held.solution.multipliers["coast_altitude_kg_per_km"]
    assert price < 0.0
    assert 5.0 * price == pytest.approx(gain, rel=0.15)
    said = limits_in_words({"coast_altitude_kg_per_km": price})
    assert said == (f"10 km more height of coasts between burns: {10.0 * price:+.1f} kg",)


def test_a_perigee_is_kept_after_each_burn(held: Flown, shipped_world: World) -> None:
    limits = replace(BASE, perigee_altitude_m=180e3)
    flown = fly(mission(limits=limits), shipped_world)
    (found,) = judged(flown)
    assert found.verdict == "holds"
    assert 180.0 < found.measured < 180.1
    # the first burn ends the same orbit by the elements of another room
    burn = flown.solution.flight.arcs[flown.solution.sequence.parked[0]]
    mu = flown.solution.planet.mu
    e = elements_from_state(burn.r_m[-1], burn.v_m_s[-1], mu)
    assert e.a_m * (1.0 - e.e) - RE == pytest.approx(found.measured * 1e3, abs=5.0)
    price = flown.solution.multipliers["perigee_kg_per_km"]
    higher = fly(mission(limits=replace(limits, perigee_altitude_m=185e3)), shipped_world)
    gain = higher.solution.margin_kg - flown.solution.margin_kg
    assert 5.0 * price == pytest.approx(gain, rel=0.15)
    # the higher floor of the two binds
    assert flown.solution.margin_kg < held.solution.margin_kg


def test_of_floors_the_higher_is_the_stricter() -> None:
    one = Limits(40e3, None, 5.0, None, 160e3, None)
    two = Limits(45e3, 1135.0, None, 100.0, 170e3, 150e3)
    assert one.stricter(two) == two.stricter(one) == Limits(
        40e3, 1135.0, 5.0, 100.0, 170e3, 150e3
    )  # fmt: skip

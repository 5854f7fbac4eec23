"""A flight executed again from what it carries: the same unchanged, another where it is changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.flight import fly
from cosmodrome.flight.again import Carried, carried, fly_again
from cosmodrome.maths.remembered import forget
from cosmodrome.mission import Manoeuvre, OrbitMission, load, loads, shipped_path

if TYPE_CHECKING:
    from cosmodrome.record import Flight, Handover
    from cosmodrome.world.world import World

BY_HAND = """\
schema: cosmodrome/1
name: Two burns by hand
start:
  elements: {epoch: "2027-03-01T00:00:00Z", frame: tod, altitude: 700 km, inclination: 98 deg,
             raan: 10 deg, true_anomaly: 0 deg}
spacecraft:
  mass: 1000 kg
  engine: {thrust: 400 N, isp: 320 s}
  propellant: 60 kg
plan:
  - coast: {for: 10 min}
  - burn: {delta_v: 40 m/s, direction: prograde, name: up}
  - coast: {until: apogee}
  - burn: {delta_v: 40 m/s, direction: prograde, name: round}
  - coast: {for: 3 h}
physics: {gravity: 8x8, drag: none}
"""


@pytest.fixture(scope="module")
def hand(shipped_world: World) -> Flight:
    return fly(loads(BY_HAND), world=shipped_world)


def same(one: Flight, two: Flight) -> None:
    assert [(g.chapter, g.object, g.parent, g.steps) for g in one.legs] == [
        (g.chapter, g.object, g.parent, g.steps) for g in two.legs
    ]
    for a, b in zip(one.legs, two.legs, strict=True):
        assert a.end.epoch == b.end.epoch
        assert np.array_equal(a.end.r_m, b.end.r_m)
        assert np.array_equal(a.end.v_m_s, b.end.v_m_s)
        assert a.end.mass_kg == b.end.mass_kg
    assert one.orbit == two.orbit
    assert one.reached == two.reached
    assert one.orbits == two.orbits


@pytest.mark.parametrize("name", ["slot-phasing", "lander-and-orbiter"])
def test_unchanged_it_is_the_same_to_the_last_bit(name: str, shipped_world: World) -> None:
    """Coasts, burns that a planner found, a release, a landing by its plan."""
    flight = fly(load(shipped_path(name)), world=shipped_world)
    again = fly_again(flight, carried(flight), shipped_world)
    assert not again.ended
    assert again.flight is not None
    same(flight, again.flight)


def changed(given: Carried, name: str, **what: object) -> Carried:
    stretches = tuple(
        replace(s, steps=tuple(
            replace(x, **what) if isinstance(x, Manoeuvre) and x.name == name else x
            for x in s.steps
        ))
        for s in given.stretches
    )  # fmt: skip
    return replace(given, stretches=stretches)


def _opposite_m(dv: float) -> float:
    """Radius opposite a burn along the motion in a circle of 700 km."""
    mu, r = 3.986004418e14, 7_078_137.0
    v = (mu / r) ** 0.5 + dv
    return 2.0 / (2.0 / r - v * v / mu) - r


def test_a_changed_burn_is_flown_and_the_events_after_it_follow(
    hand: Flight, shipped_world: World
) -> None:
    assert isinstance(hand.mission, OrbitMission)
    again = fly_again(hand, changed(carried(hand), "up", delta_v_m_s=60.0), shipped_world)
    assert again.flight is not None
    assert not again.ended
    first, second = hand.reached, again.flight.reached
    assert first is not None
    assert second is not None
    # the first burn lifts the side opposite (vis-viva), the second at the apogee the other one
    wider = 0.5 * (_opposite_m(60.0) - _opposite_m(40.0))
    assert second.mean.a_m - first.mean.a_m == pytest.approx(wider, rel=0.02)
    # the coast until the apogee is judged again, not replayed by the clock
    assert again.flight.legs[2].end.epoch > hand.legs[2].end.epoch


def test_what_is_handed_over_may_be_wrong(hand: Flight, shipped_world: World) -> None:
    given = carried(hand)

    def a_second_late(handed: Handover) -> Handover:
        return replace(handed, state=replace(handed.state, epoch=handed.state.epoch + 1.0))

    stretches = (*given.stretches[:-1], replace(given.stretches[-1], handed=a_second_late))
    again = fly_again(hand, replace(given, stretches=stretches), shipped_world)
    assert again.flight is not None
    assert again.flight.legs[-1].start.epoch - again.flight.legs[-2].end.epoch == 1.0


def test_a_burn_beyond_the_tank_ends_the_flight_and_says_so(
    hand: Flight, shipped_world: World
) -> None:
    again = fly_again(hand, changed(carried(hand), "round", delta_v_m_s=400.0), shipped_world)
    assert again.flight is not None
    assert again.ended["spacecraft"].way == "exhausted"
    assert "kg are left" in again.ended["spacecraft"].why
    assert [g.chapter for g in again.flight.legs] == ["orbit", "transfer", "orbit"]


def test_another_truth_flies_the_same_plan(hand: Flight, shipped_world: World) -> None:
    """An engine of nine tenths of the Isp burns more for the same delta-v."""
    craft = hand.mission.spacecraft
    assert craft.engine is not None
    weaker = replace(craft, engine=replace(craft.engine, isp_s=0.9 * craft.engine.isp_s))
    truth = replace(hand.mission, spacecraft=weaker)
    again = fly_again(hand, carried(hand), shipped_world, truth=truth)
    assert again.flight is not None
    assert again.flight.mission is hand.mission
    burnt = [f.legs[0].start.mass_kg - f.legs[-1].end.mass_kg for f in (hand, again.flight)]
    assert burnt[1] / burnt[0] == pytest.approx(1.0 / 0.9, rel=2e-3)


@pytest.mark.slow
def test_from_a_pad_it_is_the_same_and_an_early_cut_off_is_not(shipped_world: World) -> None:
    flight = fly(load(shipped_path("vostochny-sso")), world=shipped_world)
    given = carried(flight)
    plan = given.ascent
    assert plan is not None
    # the very plan it flew is not flown again, a copy of it is, once it is forgotten
    taken = fly_again(flight, given, shipped_world)
    assert taken.flight is not None
    assert taken.flight.legs[0] is flight.legs[0]
    forget()
    again = fly_again(flight, replace(given, ascent=replace(plan)), shipped_world)
    assert again.flight is not None
    assert again.flight.legs[0] is not flight.legs[0]
    same(flight, again.flight)
    # the last burn is cut off five seconds early
    *before, burn, last = plan.phases
    cut = burn.end_s - 5.0
    phases = (*before, replace(burn, end_s=cut), replace(last, start_s=cut))
    early = fly_again(flight, replace(given, ascent=replace(plan, phases=phases)), shipped_world)
    assert early.flight is not None
    assert flight.orbit is not None
    assert early.flight.orbit is not None
    assert early.flight.orbit.mean.a_m < flight.orbit.mean.a_m - 5e3


@pytest.mark.slow
def test_a_plan_that_meets_the_ground_gives_no_flight(shipped_world: World) -> None:
    flight = fly(load(shipped_path("vostochny-sso")), world=shipped_world)
    plan = carried(flight).ascent
    assert plan is not None
    down = replace(plan.attitude, coefficients=-np.asarray(plan.attitude.coefficients))
    fallen = fly_again(
        flight, replace(carried(flight), ascent=replace(plan, attitude=down)), shipped_world
    )
    assert fallen.flight is None
    assert fallen.ended["stack"].way == "fell"
    assert "meets the ground" in fallen.ended["stack"].why

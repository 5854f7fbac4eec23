"""Checks of keeping and leaving an orbit: each sees the fault planted for it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cosmodrome.checks import CHECKS, run
from cosmodrome.checks.disposal import lifetime_s
from cosmodrome.checks.view import View
from cosmodrome.flight import fly
from cosmodrome.mission import (
    CraftEngine,
    Deorbit,
    OrbitMission,
    PhysicsModel,
    Spacecraft,
    SpaceWeather,
    Start,
    StartElements,
    StationKeep,
)
from cosmodrome.physics.orbit_averages import MeanOrbit
from cosmodrome.targets.lifetime import Surroundings, decay, mean_orbit
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from typing import Any

    from cosmodrome.record import Finding, Flight
    from cosmodrome.world.world import World

RE, DEG, DAY, YEAR = 6_378_137.0, math.pi / 180.0, 86_400.0, 365.25 * 86_400.0
EPOCH = Epoch.from_utc("2027-03-01T00:00:00Z")
CRAFT = Spacecraft(
    "craft", 300.0, 3.0, 2.2, 3.0, 1.3, engine=CraftEngine(20.0, 290.0), propellant_kg=30.0
)


def mission(a: float, e: float, along: float, plan: tuple[Any, ...]) -> OrbitMission:
    elements = StartElements("tod", a, e, 0.03 * DEG, 1.5 * math.pi, 0.0, "mean", along)
    if a < 40e6:
        elements = replace(elements, i_rad=1.2)
    return OrbitMission(
        name="upkeep",
        start=Start(EPOCH, elements=elements),
        spacecraft=CRAFT,
        plan=plan,
        physics=PhysicsModel(gravity_degree=8, gravity_order=8),
        space_weather=SpaceWeather(120.0, 120.0, 9.0),
    )


@pytest.fixture(scope="module")
def slot(shipped_world: World) -> Flight:
    """Six days in a slot, then the graveyard."""
    step = StationKeep(6.0 * DAY, longitude=(110.0 * DEG, 0.1 * DEG), inclination=0.05 * DEG)
    along = 110.0 * DEG + shipped_world.orientation.gast_rad(EPOCH) - 1.5 * math.pi
    plan = (step, Deorbit(graveyard=True))
    return fly(mission(42_164.2e3, 1e-6, along, plan), world=shipped_world)


@pytest.fixture(scope="module")
def low(shipped_world: World) -> Flight:
    """The perigee lowered from a low orbit."""
    plan = (Deorbit(perigee=(180e3, 1e3)),)
    return fly(mission(RE + 300e3, 2e-3, 0.0, plan), world=shipped_world)


def verdicts(flight: Flight, world: World, name: str) -> list[Finding]:
    return [f for f in run(flight, world, strict=True) if f.check == name]


def asking(flight: Flight, *steps: Any) -> Flight:
    """The same flight, of a mission that asks for something else."""
    return replace(flight, mission=replace(flight.mission, plan=steps))


def test_what_is_sound_holds(slot: Flight, low: Flight) -> None:
    for flight in (slot, low):
        wrong = [f for f in flight.findings if f.verdict in ("fails", "warns")]
        assert not wrong, wrong
    asked = {f.check for f in slot.findings}
    assert {"orbit-kept", "disposal", "plan-flown", "burn-size", "burn-tank"} <= asked
    # what the plan does not ask is not judged
    assert "orbit-kept" not in {f.check for f in low.findings}
    assert {"orbit-kept", "disposal"} <= {c.name for c in CHECKS}


@pytest.mark.parametrize(
    ("change", "which"),
    [
        ({"duration_s": 7.0 * DAY}, 0),
        ({"longitude": (110.0 * DEG, 0.01 * DEG)}, 1),
        ({"longitude": (111.0 * DEG, 0.1 * DEG)}, 1),
        ({"inclination": 0.02 * DEG}, 2),
    ],
)
def test_a_slot_that_was_not_held(
    slot: Flight, shipped_world: World, change: dict[str, Any], which: int
) -> None:
    keep, away = slot.mission.plan
    spoilt = asking(slot, replace(keep, **change), away)
    got = verdicts(spoilt, shipped_world, "orbit-kept")
    assert [f.verdict for f in got] == ["fails" if k == which else "holds" for k in range(3)]
    if which:
        assert "left first at" in got[which].why


def test_a_graveyard_too_low_for_its_area(slot: Flight, shipped_world: World) -> None:
    """The rule grows with C_R A/m: twice the area was not planned for."""
    big = replace(slot.mission.spacecraft, srp_area_m2=12.0)
    spoilt = replace(slot, mission=replace(slot.mission, spacecraft=big))
    high, round_ = verdicts(spoilt, shipped_world, "disposal")
    assert (high.verdict, round_.verdict) == ("fails", "holds")


def test_what_falls_is_in_no_graveyard(slot: Flight, shipped_world: World) -> None:
    """Its velocity read in km/s for m/s: there is no mean orbit to judge."""
    *legs, last = slot.legs
    state = replace(last.end, v_m_s=1e-3 * last.end.v_m_s)
    spoilt = replace(slot, legs=(*legs, replace(last, end=state)))
    (found,) = verdicts(spoilt, shipped_world, "disposal")
    assert found.verdict == "fails"
    assert "falls" in found.why


def test_a_perigee_that_is_not_the_one_asked(low: Flight, shipped_world: World) -> None:
    (found,) = verdicts(asking(low, Deorbit(perigee=(190e3, 1e3))), shipped_world, "disposal")
    assert found.verdict == "fails"
    assert found.measured == pytest.approx(10.0, abs=0.1)


def test_a_lifetime_that_is_too_long_or_told_wrong(low: Flight, shipped_world: World) -> None:
    """The flight to a perigee, taken for one that is to decay within a time."""
    found = lifetime_s(View(low, shipped_world), low.legs[-1].end, YEAR)
    assert 0.2 * DAY < found < 30.0 * DAY
    kept = replace(low.upkeep[0], lifetime_s=60.0 * DAY)
    spoilt = replace(asking(low, Deorbit(within_s=0.8 * found)), upkeep=(kept,))
    whole, _ = verdicts(spoilt, shipped_world, "disposal")
    assert whole.verdict == "fails"
    spoilt = replace(asking(low, Deorbit(within_s=YEAR)), upkeep=(kept,))
    whole, apart = verdicts(spoilt, shipped_world, "disposal")
    assert (whole.verdict, apart.verdict) == ("holds", "warns")


def test_steps_of_another_planner_are_not_the_plan(slot: Flight, shipped_world: World) -> None:
    keep, away = slot.mission.plan
    got = verdicts(asking(slot, replace(keep, name="another"), away), shipped_world, "plan-flown")
    assert got[0].verdict == "fails"


@pytest.mark.parametrize(
    ("low_km", "high_km", "i", "within"), [(250, 5_000, 0.5, 2.0), (200, 36_000, 0.11, 10.0)]
)
def test_two_roads_to_a_lifetime(
    low: Flight, shipped_world: World, low_km: int, high_km: int, i: float, within: float
) -> None:
    """Gauss's equations in Kepler's elements against vectors, tensors and turns: 5 %.

    Over decades in the pull of Sun and Moon they part: 21 and 26 years from 300 x 36,000 km.
    """
    state = low.legs[-1].end
    field = shipped_world.gravity()
    from cosmodrome.dynamics.elements import state_from_elements
    from cosmodrome.record.nouns import Elements

    a, e = RE + 500.0 * (low_km + high_km), 0.0
    e = 500.0 * (high_km - low_km) / a
    back = shipped_world.orientation.tod_from_gcrf(state.epoch).matrix.T
    r, v = state_from_elements(Elements(a, e, i, 0.3, 2.8, math.pi), field.mu_m3_s2)
    state = replace(state, r_m=back @ r, v_m_s=back @ v, mass_kg=60.0)
    m = low.mission
    around = Surroundings(
        state.epoch, 60.0, m.spacecraft, m.physics, m.space_weather, shipped_world
    )
    orbit = mean_orbit(state, shipped_world)
    assert isinstance(orbit, MeanOrbit)
    one = decay(orbit, around, within * YEAR).lifetime_s
    two = lifetime_s(View(low, shipped_world), state, within * YEAR)
    assert math.isfinite(one)
    assert two == pytest.approx(one, rel=0.05)

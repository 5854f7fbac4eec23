"""Checks of a plan in orbit: each holds on a sound flight and sees the fault planted for it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.checks import (
    CHECKS,
    IN_ORBIT,
    OF_AIR,
    OF_BURNS,
    OF_EVERY_PLAN,
    OF_IMAGING,
    OF_LIBRATION,
    OF_PLACES,
    OF_PLANS,
    OF_RELEASES,
    run,
)
from cosmodrome.flight import fly
from cosmodrome.mission import (
    Coast,
    Condition,
    CraftEngine,
    Manoeuvre,
    OrbitMission,
    PhysicsModel,
    Quantity,
    Solve,
    Spacecraft,
    Start,
    StartElements,
    Target,
    Until,
)
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.record import Finding, Flight
    from cosmodrome.world.world import World

RE = 6_378_137.0
EPOCH = Epoch.from_utc("2027-03-01T00:00:00Z")
DEG = math.pi / 180.0
A = RE + 0.5 * (250e3 + 35_786e3)
LIFT = Manoeuvre((1.0, 0.2, 0.0), "vnc", delta_v_m_s=150.0, name="lift")
TRIM = Manoeuvre((0.0, 0.0, 1.0), "rtn", delta_v_m_s=3.0, impulsive=True, name="trim")
FOUND = Manoeuvre((1.0, 0.0, 0.0), free_size=True, impulsive=True, name="found")
PLAN = (
    Coast(until=Until("apoapsis")),
    LIFT,
    Coast(3600.0),
    TRIM,
    Solve(
        (Coast(until=Until("apoapsis")), FOUND),
        (Condition("perigee", 4_000e3, 1e3),),
        "second lift",
    ),
    Coast(until=Until("altitude", 20_000e3)),
    Coast(3.0 * 86_400.0),
)


@pytest.fixture(scope="module")
def flight(shipped_world: World) -> Flight:
    mission = OrbitMission(
        "test",
        Start(
            EPOCH,
            elements=StartElements("tod", A, 1.0 - (RE + 250e3) / A, 0.1, 0.2, 3.1, "true", 0.0),
            source="elements",
        ),
        Spacecraft(
            "sc",
            4000.0,
            10.0,
            2.2,
            10.0,
            1.3,
            engine=CraftEngine(400.0, 320.0),
            propellant_kg=900.0,
        ),
        PLAN,
        target=Target("elliptic", Quantity(26.19e6, 20e3), Quantity(0.605, 0.01)),
        physics=PhysicsModel(8, 8, ("sun", "moon"), "none", True),
    )
    return fly(mission, world=shipped_world)


@pytest.fixture(scope="module")
def sound(flight: Flight, shipped_world: World) -> tuple[Finding, ...]:
    return run(flight, shipped_world, strict=True)


def test_a_sound_flight_holds(flight: Flight, sound: tuple[Finding, ...]) -> None:
    wrong = [f for f in sound if f.verdict in ("fails", "warns")]
    assert not wrong, "\n".join(f"{f.check} {f.where}: {f.why}" for f in wrong)
    others = OF_PLANS - OF_BURNS - OF_EVERY_PLAN
    others |= OF_AIR | OF_IMAGING | OF_LIBRATION | OF_PLACES | OF_RELEASES
    assert {f.check for f in sound} == set(IN_ORBIT) - others
    assert [leg.chapter for leg in flight.legs] == [
        "orbit", "transfer", "orbit", "transfer", "orbit", "transfer", "orbit",
    ]  # fmt: skip
    assert flight.reached is not None
    assert flight.reached.perigee_altitude_m == pytest.approx(4_000e3, abs=20e3)
    assert flight.launch is None
    assert flight.zero == EPOCH


def leg(flight: Flight, k: int, **changes: object) -> Flight:
    legs = list(flight.legs)
    legs[k] = replace(legs[k], **changes)  # type: ignore[arg-type]
    return replace(flight, legs=tuple(legs))


def asked(flight: Flight, k: int, step: object) -> Flight:
    plan = list(flight.mission.plan)
    plan[k] = step  # type: ignore[assignment]
    return replace(flight, mission=replace(flight.mission, plan=tuple(plan)))


def told(flight: Flight, k: int, step: object) -> Flight:
    """Both the mission and the leg say another step than was flown."""
    other = asked(flight, k, step)
    return leg(other, k, steps=(step,))


def late(flight: Flight) -> Flight:
    first = flight.legs[2]
    events = tuple(
        replace(e, epoch=e.epoch + -1.0) if e.name == "end of coast" else e for e in first.events
    )
    return leg(flight, 2, events=events)


def spilt(flight: Flight) -> Flight:
    given = flight.legs[1].handover_out
    assert given is not None
    return leg(flight, 1, handover_out=replace(given, propellant_kg={"sc": 700.0}))


FAULTS: dict[str, tuple[str, Callable[[Flight], Flight]]] = {
    "a step was left out": (
        "plan-flown",
        lambda f: replace(f, mission=replace(f.mission, plan=(*f.mission.plan, Coast(60.0)))),
    ),
    "another coast than asked": ("plan-flown", lambda f: asked(f, 2, Coast(3700.0))),
    "another burn than asked": (
        "plan-flown",
        lambda f: asked(f, 1, replace(LIFT, delta_v_m_s=140.0)),
    ),
    "propellant spilt between two legs": ("plan-flown", spilt),
    "a gap between two legs": (
        "plan-flown",
        lambda f: leg(
            f,
            2,
            start=replace(f.legs[2].start, r_m=f.legs[2].start.r_m + np.array([0.0, 0.01, 0.0])),
        ),
    ),
    "a coast that ends a second early": ("coast-ends", late),
    "a coast to another event": (
        "coast-ends",
        lambda f: told(f, 0, Coast(until=Until("periapsis"))),
    ),
    "a coast that never ended": (
        "coast-ends",
        lambda f: leg(f, 2, events=f.legs[2].events[:-1]),
    ),
    "another orbit than asked": (
        "conditions-met",
        lambda f: asked(f, 4, replace(PLAN[4], conditions=(Condition("perigee", 4_002e3, 1e3),))),
    ),
    "84 s burnt as 127": ("burn-size", lambda f: told(f, 1, replace(LIFT, delta_v_m_s=99.2))),
    "another engine": (
        "burn-size",
        lambda f: replace(
            f,
            mission=replace(
                f.mission,
                spacecraft=replace(f.mission.spacecraft, engine=CraftEngine(400.0, 310.0)),
            ),
        ),
    ),
    "a burn backwards": (
        "burn-direction",
        lambda f: told(f, 1, replace(LIFT, direction=(-1.0, 0.2, 0.0))),
    ),
    "a burn in other axes": ("burn-direction", lambda f: told(f, 1, replace(LIFT, axes="rtn"))),
    "an impulse turned by a degree": (
        "burn-direction",
        lambda f: told(f, 3, replace(TRIM, direction=(0.0, math.sin(DEG), math.cos(DEG)))),
    ),
    "more burnt than loaded": (
        "burn-tank",
        lambda f: replace(
            f,
            mission=replace(
                f.mission, spacecraft=replace(f.mission.spacecraft, propellant_kg=200.0)
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_seen(
    name: str, flight: Flight, sound: tuple[Finding, ...], shipped_world: World
) -> None:
    check, plant = FAULTS[name]
    assert not [f for f in sound if f.check == check and f.verdict == "fails"]
    found = [f for f in run(plant(flight), shipped_world) if f.check == check]
    assert [f for f in found if f.verdict == "fails"], "\n".join(
        f"{f.verdict} {f.measured} {f.limit} {f.where}: {f.why}" for f in found
    )


def test_every_check_of_burns_has_a_fault_it_must_see() -> None:
    # that of `burn-floor` is in test_stopping.py
    assert {check for check, _ in FAULTS.values()} >= OF_BURNS - {"burn-floor"}
    assert {c.name for c in CHECKS} >= set(IN_ORBIT)

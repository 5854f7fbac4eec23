"""Checks of phase steps and releases: each holds on a sound flight and sees the fault planted."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.checks import OF_OBJECTS, OF_PHASES, OF_RELEASES, run
from cosmodrome.flight import fly
from cosmodrome.mission import (
    Coast,
    Condition,
    CraftEngine,
    OrbitMission,
    Phase,
    PhysicsModel,
    Release,
    Spacecraft,
    Start,
    StartElements,
)
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.record import Finding, Flight, Leg
    from cosmodrome.world.world import World

EPOCH = Epoch.from_utc("2027-03-01T00:00:00Z")
DEG = math.pi / 180.0
LOW_M = 6_900e3


def elements(a: float, u: float) -> Start:
    made = StartElements("tod", a, 1e-3, 0.9, 0.2, 0.5, "mean", u, mean=True)
    return Start(EPOCH, elements=made, source="elements")


OTHER = elements(LOW_M + 15e3, 40.0 * DEG)
MEET = Phase(
    object=OTHER, object_id="station", behind_m=20e3, tolerance_m=500.0, within_s=43_200.0,
    name="to the station",
)  # fmt: skip
ON = Phase(
    Condition("argument_of_latitude", 3.0, 0.1 * DEG), at=EPOCH + 86_400.0, impulsive=True,
    name="further on",
)  # fmt: skip
PLAN = (
    Coast(600.0),
    MEET,
    Release("cube", 1.2, (-0.4, 0.9, 0.0), "vnc", 3600.0, "release of cube"),
    ON,
    Coast(1800.0),
)


@pytest.fixture(scope="module")
def flight(shipped_world: World) -> Flight:
    cube = Spacecraft("cube", 12.0, 0.1, 2.2, 0.1, 1.3)
    craft = Spacecraft(
        "tug", 400.0, 2.0, 2.2, 2.0, 1.3, engine=CraftEngine(100.0, 300.0), propellant_kg=90.0,
        carries=(cube,),
    )  # fmt: skip
    physics = PhysicsModel(8, 8, ("sun", "moon"), "none", False)
    mission = OrbitMission("test", elements(LOW_M, 0.0), craft, PLAN, physics=physics)
    return fly(mission, world=shipped_world)


@pytest.fixture(scope="module")
def sound(flight: Flight, shipped_world: World) -> tuple[Finding, ...]:
    return run(flight, shipped_world, strict=True)


def test_a_sound_flight_holds(flight: Flight, sound: tuple[Finding, ...]) -> None:
    wrong = [f for f in sound if f.verdict in ("fails", "warns")]
    assert not wrong, "\n".join(f"{f.check} {f.where}: {f.why}" for f in wrong)
    assert {f.check for f in sound} >= OF_PHASES | OF_OBJECTS | OF_RELEASES
    assert {(g.object, g.kind, g.parent) for g in flight.legs} == {
        ("tug", "spacecraft", ""),
        ("station", "object", ""),
        ("cube", "spacecraft", "tug"),
    }
    # the cube's orbit is judged as well
    assert {"orbit-defect", "reported-orbit"} <= {f.check for f in sound if f.object == "cube"}
    assert flight.orbits["cube"].mean.a_m == pytest.approx(LOW_M + 15e3, abs=3e3)
    (release,) = (g for g in flight.legs if g.chapter == "release")
    assert release.start.mass_kg - release.end.mass_kg == pytest.approx(12.0, abs=1e-9)


def at(flight: Flight, wanted: Callable[[Leg], bool], **changes: object) -> Flight:
    legs = [replace(g, **changes) if wanted(g) else g for g in flight.legs]  # type: ignore[arg-type]
    return replace(flight, legs=tuple(legs))


def asked(flight: Flight, k: int, step: object) -> Flight:
    """The mission, and the leg that ends the step, say another step than was flown."""
    old = flight.mission.plan[k]
    plan = [*flight.mission.plan[:k], step, *flight.mission.plan[k + 1 :]]
    legs = [
        replace(g, steps=tuple(step if s == old else s for s in g.steps))  # type: ignore[misc]
        for g in flight.legs
    ]
    mission = replace(flight.mission, plan=tuple(plan))  # type: ignore[arg-type]
    return replace(flight, mission=mission, legs=tuple(legs))


def ended(flight: Flight, **changes: object) -> Flight:
    """Another state at the end of the last phase step."""
    return at(
        flight,
        lambda g: ON in g.steps,
        end=replace(next(g for g in flight.legs if ON in g.steps).end, **changes),  # type: ignore[arg-type]
    )


def cube(flight: Flight, **changes: object) -> Flight:
    free = next(g for g in flight.legs if g.object == "cube")
    return at(flight, lambda g: g.object == "cube", start=replace(free.start, **changes))  # type: ignore[arg-type]


def last_v(flight: Flight) -> np.ndarray:
    return np.asarray(next(g for g in flight.legs if ON in g.steps).end.v_m_s)


def free_v(flight: Flight) -> np.ndarray:
    return np.asarray(next(g for g in flight.legs if g.object == "cube").start.v_m_s)


FAULTS: dict[str, tuple[str, Callable[[Flight], Flight]]] = {
    "a larger orbit than before": ("orbit-restored", lambda f: ended(f, v_m_s=last_v(f) * 1.0002)),
    "another plane than before": (
        "orbit-restored",
        lambda f: ended(f, v_m_s=last_v(f) + np.array([0.0, 0.0, 30.0])),
    ),
    "another place than asked": (
        "conditions-met",
        lambda f: asked(f, 3, replace(ON, condition=replace(ON.condition, value=3.01))),
    ),
    "nearer than asked": ("relative-state", lambda f: asked(f, 1, replace(MEET, behind_m=21e3))),
    "as high as it, and below was asked": (
        "relative-state",
        lambda f: asked(f, 1, replace(MEET, below_m=2e3)),
    ),
    "no path of the object": (
        "relative-state",
        lambda f: replace(f, legs=tuple(g for g in f.legs if g.kind != "object")),
    ),
    "another object": (
        "object-place",
        lambda f: asked(f, 1, replace(MEET, object=elements(LOW_M + 15e3, 41.0 * DEG))),
    ),
    "a phase step left out": (
        "plan-flown",
        lambda f: replace(f, mission=replace(f.mission, plan=(*f.mission.plan, MEET))),
    ),
    "another release than asked": (
        "plan-flown",
        lambda f: replace(
            f, mission=replace(f.mission, plan=(*PLAN[:2], replace(PLAN[2], speed_m_s=1.0)))
        ),
    ),
    "released faster": ("parting", lambda f: asked(f, 2, replace(PLAN[2], speed_m_s=1.21))),
    "released another way": (
        "parting",
        lambda f: asked(f, 2, replace(PLAN[2], direction=(1.0, 0.0, 0.0))),
    ),
    "a push from nothing": (
        "parting",
        lambda f: cube(f, v_m_s=free_v(f) + np.array([0.01, 0.0, 0.0])),
    ),
    "a lighter one released": ("parting", lambda f: cube(f, mass_kg=11.9)),
    "released a metre away": (
        "parting",
        lambda f: cube(
            f, r_m=next(g for g in f.legs if g.object == "cube").start.r_m + np.array([1.0, 0, 0])
        ),
    ),
    "released and lost": (
        "parting",
        lambda f: replace(f, legs=tuple(g for g in f.legs if g.object != "cube")),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_seen(name: str, flight: Flight, shipped_world: World) -> None:
    check, plant = FAULTS[name]
    found = [f for f in run(plant(flight), shipped_world) if f.check == check]
    assert [f for f in found if f.verdict == "fails"], "\n".join(
        f"{f.verdict} {f.measured} {f.limit} {f.where}: {f.why}" for f in found
    )


def test_every_check_of_these_steps_has_a_fault_it_must_see() -> None:
    assert {check for check, _ in FAULTS.values()} >= OF_PHASES | OF_OBJECTS | OF_RELEASES

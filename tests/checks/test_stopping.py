"""Burns that stop late or early: Luna-25's, and what a timer or an empty tank lets happen."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.campaign.replays.luna_25 import Setting, flown, planned
from cosmodrome.checks import run
from cosmodrome.flight import fly
from cosmodrome.mission import (
    Coast,
    CraftEngine,
    Manoeuvre,
    OrbitMission,
    PhysicsModel,
    Spacecraft,
    Start,
    StartElements,
)
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from cosmodrome.campaign.replays.luna_25 import Flown
    from cosmodrome.record import Finding, Flight
    from cosmodrome.world.world import World

MOON = 1_737_400.0
EARTH = 6_378_137.0
LUNAR = PhysicsModel(2, 0, (), "none", False, 20, 20)
EPOCH = Epoch.from_utc("2023-08-19T11:10:00Z")


def found(flight: Flight, world: World, check: str) -> list[Finding]:
    return [f for f in run(flight, world, strict=True) if f.check == check]


@pytest.fixture(scope="module")
def at_ignition(shipped_world: World) -> Flown:
    """Luna-25's burn as solved, at the place that its crater asks for (node and height)."""
    return flown(Setting(), 4.2234, 96.18e3, shipped_world)


@pytest.fixture(scope="module")
def luna_25(at_ignition: Flown, shipped_world: World) -> Flight:
    mission = replace(planned(at_ignition, shipped_world), physics=LUNAR)
    return fly(mission, world=shipped_world)


def timed(flight: Flight, timer_s: float | None) -> Flight:
    """The same flight with another timer in its file."""
    burn = replace(flight.mission.plan[0], timer_s=timer_s)
    mission = replace(flight.mission, plan=(burn, *flight.mission.plan[1:]))
    legs = (replace(flight.legs[0], steps=(burn,)), *flight.legs[1:])
    return replace(flight, mission=mission, legs=legs)


def test_the_timer_of_luna_25_would_have_been_seen(luna_25: Flight, shipped_world: World) -> None:
    """127 s where 84 s were meant: the perilune is 24 km below the mean radius."""
    lasts, low = found(luna_25, shipped_world, "burn-timeout")
    assert lasts.verdict == "holds"
    assert lasts.measured == pytest.approx(84.0, abs=1e-6)
    assert low.verdict == "fails"
    assert low.measured == pytest.approx(-24.84, abs=0.1)
    assert found(luna_25, shipped_world, "burn-floor")[0].verdict == "holds"
    (early,) = found(luna_25, shipped_world, "early-cut-off")
    assert early.verdict == "holds"
    (sound,) = [
        f for f in found(timed(luna_25, 86.0), shipped_world, "burn-timeout") if f.unit == "km"
    ]
    assert sound.verdict == "holds"


def test_what_it_would_leave_is_what_the_program_flies(
    luna_25: Flight, shipped_world: World
) -> None:
    """The checks' own arc against the compiled core's, 127 s long."""
    burn = replace(luna_25.mission.plan[0], duration_s=127.0)
    long = fly(replace(luna_25.mission, plan=(burn, Coast(60.0))), world=shipped_world)
    y = long.legs[0].end
    mu = shipped_world.gravity("moon").mu_m3_s2
    h = np.cross(y.r_m, y.v_m_s)
    e = np.linalg.norm(np.cross(y.v_m_s, h) / mu - y.r_m / np.linalg.norm(y.r_m))
    flown = float(h @ h) / mu / (1.0 + e) - MOON
    low = found(luna_25, shipped_world, "burn-timeout")[1].measured
    # degree 8 here, 20 there: 25 m
    assert 1e3 * low == pytest.approx(flown, abs=50.0)


def test_a_timer_that_ends_the_burn_too_soon(luna_25: Flight, shipped_world: World) -> None:
    first = found(timed(luna_25, 80.0), shipped_world, "burn-timeout")[0]
    assert (first.verdict, first.unit) == ("fails", "s")


def test_without_a_timer_it_is_said_and_not_judged(luna_25: Flight, shipped_world: World) -> None:
    (told,) = found(timed(luna_25, None), shipped_world, "burn-timeout")
    assert told.verdict == "not-judged"
    assert "no timer is stated" in told.why
    assert "tank is empty" in told.why


def around_earth(step: Manoeuvre, low_m: float, high_m: float) -> OrbitMission:
    a = EARTH + 0.5 * (low_m + high_m)
    e = 0.5 * (high_m - low_m) / a
    return OrbitMission(
        "trial",
        Start(EPOCH, elements=StartElements("tod", a, e, 0.9, 0.3, 0.0, "true", math.pi, False)),
        Spacecraft(
            "sc", 1000.0, 4.0, 2.2, 4.0, 1.3, engine=CraftEngine(1_000.0, 300.0),
            propellant_kg=300.0,
        ),
        (step, Coast(600.0)),
        physics=PhysicsModel(4, 0, (), "none", False),
    )  # fmt: skip


def test_a_burn_that_raises_is_harmless_until_the_tank_is_empty(shipped_world: World) -> None:
    up = Manoeuvre((1.0, 0.0, 0.0), delta_v_m_s=60.0, name="up")
    flight = fly(around_earth(up, 300e3, 600e3), world=shipped_world)
    (late,) = found(flight, shipped_world, "burn-timeout")
    (early,) = found(flight, shipped_world, "early-cut-off")
    assert (late.verdict, early.verdict) == ("holds", "holds")


def test_a_burn_out_of_a_falling_arc_warns_when_it_may_stop_early(shipped_world: World) -> None:
    """Perigee 20 km, raised at the apogee: cut off early it comes down."""
    up = Manoeuvre((1.0, 0.0, 0.0), delta_v_m_s=160.0, name="up")
    flight = fly(around_earth(up, 20e3, 600e3), world=shipped_world)
    (early,) = found(flight, shipped_world, "early-cut-off")
    assert early.verdict == "warns"
    assert early.measured == pytest.approx(20.0, abs=2.0)
    assert found(flight, shipped_world, "burn-floor")[0].verdict == "holds"


def test_a_burn_the_wrong_way_leaves_an_orbit_below_the_floor(shipped_world: World) -> None:
    """A sign lost: what should raise the perigee from 300 km lowers it to 100 km."""
    down = Manoeuvre((-1.0, 0.0, 0.0), delta_v_m_s=58.0, name="up")
    flight = fly(around_earth(down, 300e3, 600e3), world=shipped_world)
    (floor,) = found(flight, shipped_world, "burn-floor")
    assert floor.verdict == "fails"
    assert 80.0 < floor.measured < 150.0

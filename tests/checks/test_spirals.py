"""Low thrust: a flown spiral holds, and each planted fault is seen."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cosmodrome.checks import run
from cosmodrome.flight import fly
from cosmodrome.mission import CraftEngine, loads
from cosmodrome.world.trajectory import STATE_COLUMNS, Trajectory

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from cosmodrome.record.nouns import Finding, Flight
    from cosmodrome.world.world import World

MISSION = """\
schema: cosmodrome/1
name: A short spiral
start:
  elements: {epoch: 2027-03-01T00:00:00Z, frame: tod, perigee: 900 km, apogee: 900 km,
             inclination: 20 deg, raan: 10 deg, argument_of_perigee: 0 deg, true_anomaly: 0 deg}
spacecraft: {mass: 500 kg, engine: {thrust: 2 N, isp: 1600 s}, propellant: 60 kg}
plan:
  - transfer:
      to: {perigee: 1200 km +- 2 km, apogee: 1200 km +- 2 km, inclination: 19.9 deg +- 0.05 deg}
      low_thrust: true
physics: {gravity: 8x8, drag: none}
"""


@pytest.fixture(scope="module")
def flight(shipped_world: World) -> Flight:
    return fly(loads(MISSION), world=shipped_world)


def judged(flight: Flight, world: World) -> dict[str, Finding]:
    """Findings by what they are about."""
    found = [f for f in run(flight, world, strict=True) if f.check == "low-thrust"]
    keys = ("semi-major", "plane and size", "shape", "thrust along the path is", "days of thrust",
            "in umbra")  # fmt: skip
    return {k: f for f in found for k in keys if k in f.why}


def test_a_sound_spiral_holds(flight: Flight, shipped_world: World) -> None:
    found = judged(flight, shipped_world)
    assert len(found) == 6
    assert {f.verdict for f in found.values()} == {"holds"}, found
    # far inside: Gauss' equations by quadrature leave parts in a hundred million
    for k in ("semi-major", "plane and size", "shape"):
        assert found[k].measured < 1e-6, found[k]


def with_path(flight: Flight, change: Callable[[np.ndarray], None]) -> Flight:
    """The flight with its spiral's series changed: (n, K, 11)."""
    legs = list(flight.legs)
    path = legs[0].path
    c = path.coefficients.copy()
    change(c)
    legs[0] = replace(legs[0], path=replace(path, coefficients=c))
    return replace(flight, legs=tuple(legs))


def turned(flight: Flight, axis: int, deg: float) -> Flight:
    """Its thrust columns turned about an axis."""

    def turn(c: np.ndarray) -> None:
        a, b = (axis + 1) % 3 + 7, (axis + 2) % 3 + 7
        x, y = c[:, :, a].copy(), c[:, :, b].copy()
        cosine, sine = math.cos(math.radians(deg)), math.sin(math.radians(deg))
        c[:, :, a], c[:, :, b] = cosine * x - sine * y, sine * x + cosine * y

    return with_path(flight, turn)


def backwards(c: np.ndarray) -> None:
    c[:, :, 7:10] *= -1.0


def weaker(c: np.ndarray) -> None:
    c[:, :, 10] *= 0.99


def never_rests(c: np.ndarray) -> None:
    c[:, 0, 10] = 2.0


def spilt(c: np.ndarray) -> None:
    """Mass lost at once in the middle: a kilogram."""
    c[len(c) // 2 :, 0, 6] -= 1.0


def with_engine(flight: Flight, engine: CraftEngine) -> Flight:
    craft = replace(flight.mission.spacecraft, engine=engine)
    return replace(flight, mission=replace(flight.mission, spacecraft=craft))


FAULTS: dict[str, tuple[tuple[str, ...], Callable[[Flight], Flight]]] = {
    "thrust told a hundredth of a degree off the pole": (
        ("plane and size", "shape"), lambda f: turned(f, 0, 0.01),
    ),
    "thrust told a hundredth of a degree off in the plane": (
        ("shape",), lambda f: turned(f, 2, 0.01),
    ),
    "thrust told backwards": (
        ("semi-major", "plane and size", "shape"), lambda f: with_path(f, backwards),
    ),
    "a hundredth less thrust told": (
        ("semi-major", "thrust along the path is", "days of thrust"),
        lambda f: with_path(f, weaker),
    ),
    "it does not rest where it says it does": (
        ("semi-major", "days of thrust", "in umbra"), lambda f: with_path(f, never_rests),
    ),
    "a kilogram lost": (("days of thrust",), lambda f: with_path(f, spilt)),
    "another specific impulse": (
        ("days of thrust",), lambda f: with_engine(f, CraftEngine(2.0, 1590.0)),
    ),
    "another engine": (
        ("thrust along the path is",), lambda f: with_engine(f, CraftEngine(2.02, 1600.0)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_seen(name: str, flight: Flight, shipped_world: World) -> None:
    seen_by, plant = FAULTS[name]
    found = judged(plant(flight), shipped_world)
    for k in seen_by:
        assert found[k].verdict == "fails", found[k]


def test_a_path_without_thrust_columns_fails(flight: Flight, shipped_world: World) -> None:
    path = flight.legs[0].path
    bare = Trajectory(path.epoch, path.frame, path.breaks_s, path.coefficients[:, :, :7].copy(),
                      STATE_COLUMNS)  # fmt: skip
    legs = (replace(flight.legs[0], path=bare), *flight.legs[1:])
    (found,) = (
        f for f in run(replace(flight, legs=legs), shipped_world) if f.check == "low-thrust"
    )
    assert found.verdict == "fails"
    assert "no thrust and no direction" in found.why


def test_no_rest_is_asked_where_the_mission_thrusts_on(
    flight: Flight, shipped_world: World
) -> None:
    step = replace(flight.mission.plan[0], eclipses=False)
    legs = (replace(flight.legs[0], steps=(step,)), *flight.legs[1:])
    on = replace(flight, mission=replace(flight.mission, plan=(step,)), legs=legs)
    assert "in umbra" not in judged(on, shipped_world)

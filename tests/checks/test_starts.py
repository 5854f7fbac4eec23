"""A start in orbit against its file: it holds as it was told, and fails on every slip of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cosmodrome import mission
from cosmodrome.checks import CHECKS, OF_STARTS, run
from cosmodrome.flight.stages import Run
from cosmodrome.flight.walk import from_orbit
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.record.nouns import Finding, Flight
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

REST = """
spacecraft: {mass: 500 kg, engine: {thrust: 100 N, isp: 300 s}, propellant: 50 kg}
plan: [coast: {for: 10 min}]
physics: {gravity: 2x0, drag: none, third_bodies: [], radiation_pressure: false}
"""
STARTS = {
    "elements": """elements: {epoch: 2026-03-01T00:00:00Z, frame: tod, perigee: 700 km,
             apogee: 7200 km, inclination: 60 deg, raan: 30 deg, argument_of_perigee: 40 deg,
             mean_anomaly: 10 deg}""",
    "mean": """elements: {epoch: 2026-03-01T00:00:00Z, frame: tod, altitude: 500 km, mean: true,
             inclination: 97.4 deg, raan: 30 deg, mean_anomaly: 130 deg}""",
    "state": """state: {epoch: 2026-03-01T00:00:00Z, frame: itrf,
             position: [7000 km, 10 km, 1000 km], velocity: [0.1 km/s, 5 km/s, 5.1 km/s]}""",
    "moon": """elements: {epoch: 2026-03-01T00:00:00Z, frame: moon-equator, perilune: 90 km,
             apolune: 120 km, inclination: 80 deg, raan: 30 deg, argument_of_perilune: 0 deg,
             true_anomaly: 200 deg}""",
    "printed": """printed: {epoch: 1969-07-16T16:16:16Z, body: earth, latitude: 5.1 deg,
             longitude: -173 deg, altitude: 200 km, speed: 8100 m/s, flight_path_angle: 2 deg,
             heading: 66 deg}""",
}


def _flown(text: str, world: World) -> Flight:
    asked = mission.loads(f"schema: cosmodrome/1\nname: one\nstart:\n  {text}{REST}", "test")
    return from_orbit(asked, Run(world, SILENT))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def flights(shipped_world: World) -> dict[str, Flight]:
    return {name: _flown(text, shipped_world) for name, text in STARTS.items()}


def _of(flight: Flight, world: World) -> list[Finding]:
    return [f for f in run(flight, world, strict=True) if f.check in OF_STARTS]


def test_it_is_asked_of_missions_that_begin_in_orbit() -> None:
    assert {"start-in-orbit"} == OF_STARTS <= {c.name for c in CHECKS}


@pytest.mark.parametrize("name", STARTS)
def test_a_start_as_it_was_told(
    name: str, flights: dict[str, Flight], shipped_world: World
) -> None:
    found = _of(flights[name], shipped_world)
    assert {f.verdict for f in found} == {"holds"}
    assert len(found) >= 5


def _moved(flight: Flight, change: Callable[[State], State]) -> Flight:
    first, *rest = flight.legs
    return replace(flight, legs=(replace(first, start=change(first.start)), *rest))


SLIPS: dict[str, Callable[[State], State]] = {
    "feet": lambda s: replace(s, r_m=s.r_m * 0.3048),
    "speed": lambda s: replace(s, v_m_s=1.01 * s.v_m_s),
    "TT for UTC": lambda s: replace(s, epoch=s.epoch + 69.184),
    "pounds": lambda s: replace(s, mass_kg=s.mass_kg / 0.4536),
    "x and y": lambda s: replace(s, r_m=s.r_m[[1, 0, 2]]),
}


@pytest.mark.parametrize("name", STARTS)
@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_seen(
    name: str, slip: str, flights: dict[str, Flight], shipped_world: World
) -> None:
    found = _of(_moved(flights[name], SLIPS[slip]), shipped_world)
    assert [f for f in found if f.verdict == "fails"]


def test_propellant_that_is_not_there(flights: dict[str, Flight], shipped_world: World) -> None:
    flight = flights["elements"]
    first, *rest = flight.legs
    assert first.handover_in is not None
    given = replace(first.handover_in, propellant_kg={"spacecraft": 49.0})
    legs = (replace(first, handover_in=given), *rest)
    found = _of(replace(flight, legs=legs), shipped_world)
    assert [f.why for f in found if f.verdict == "fails"] == ["propellant of the file"]


def test_a_libration_orbit_has_its_own(flights: dict[str, Flight], shipped_world: World) -> None:
    flight = flights["elements"]
    start = replace(flight.mission.start, elements=None)  # type: ignore[union-attr]
    other = replace(flight, mission=replace(flight.mission, start=start))
    assert "not-judged" in {f.verdict for f in _of(other, shipped_world)}
    assert {f.verdict for f in _of(replace(flight, legs=()), shipped_world)} == {"not-judged"}

"""A reported orbit whose mean elements are the osculating ones: of less than a revolution about
the Moon, and of a way that leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import mission
from cosmodrome.checks.reported import reported_orbit
from cosmodrome.checks.view import View
from cosmodrome.flight.stages import Run
from cosmodrome.flight.walk import from_orbit
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World

BEGUN = {
    "about the Moon": (
        "{elements: {epoch: '2026-01-05T00:00Z', frame: moon-equator, mean: false,"
        " semi_major_axis: 1840 km, eccentricity: 0.01, inclination: 80 deg, raan: 50 deg,"
        " argument_of_perigee: 10 deg, true_anomaly: 20 deg}}",
        "1 h",
    ),
    "leaving the Earth": (
        "{state: {epoch: '2026-01-05T00:00Z', frame: gcrf, position: [7000 km, 0 km, 0 km],"
        " velocity: [0.5 km/s, 9.6 km/s, 5.5 km/s]}}",
        "3 h",
    ),
}


@pytest.fixture(scope="module", params=list(BEGUN))
def flight(request: pytest.FixtureRequest, shipped_world: World) -> Flight:
    start, lasts = BEGUN[request.param]
    text = f"""
schema: cosmodrome/1
name: {request.param}
start: {start}
spacecraft: {{mass: 500 kg}}
plan: [{{coast: {{for: {lasts}}}}}]
"""
    return from_orbit(mission.loads(text, "reported.yaml"), Run(shipped_world, SILENT))  # type: ignore[arg-type]


def verdicts(flight: Flight, world: World) -> list[str]:
    return [x.verdict for x in reported_orbit(View(flight, world))]


def test_what_a_state_tells_is_held_against_it(flight: Flight, shipped_world: World) -> None:
    orbit = flight.orbit
    assert orbit is not None
    assert orbit.mean_theory.startswith("osculating")
    assert verdicts(flight, shipped_world) == ["holds"] * 4


@pytest.mark.parametrize("of", ["mean", "osculating"])
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda e: replace(e, a_m=e.a_m + 2e3), id="2 km off"),
        pytest.param(lambda e: replace(e, raan_rad=e.raan_rad + np.radians(0.1)), id="node"),
        pytest.param(lambda e: replace(e, i_rad=np.pi - e.i_rad), id="the other way round"),
    ],
)
def test_what_is_told_wrong_of_it_fails(
    flight: Flight, shipped_world: World, of: str, change: object
) -> None:
    orbit = flight.orbit
    assert orbit is not None
    assert callable(change)
    wrong = replace(orbit, **{of: change(getattr(orbit, of))})
    told = replace(flight, orbit=wrong)
    assert verdicts(told, shipped_world).count("fails") == 1

"""An engine out at lift-off, and stages that hang on one: against arithmetic on round figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cosmodrome.checks import run

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Finding, Flight
    from cosmodrome.world.world import World


def judged(flight: Flight, world: World, **engines: int) -> list[Finding]:
    """Findings of `engine-out` with so many engines told of the stages."""
    vehicle = flight.mission.vehicle  # type: ignore[union-attr]
    stages = tuple(replace(s, engines=engines.get(s.id, 0)) for s in vehicle.stages)
    mission = replace(flight.mission, vehicle=replace(vehicle, stages=stages))
    told = run(replace(flight, mission=mission), world, strict=True)
    return [f for f in told if f.check == "engine-out"]


def test_nothing_is_said_where_nothing_is_told(clean: Flight, shipped_world: World) -> None:
    (found,) = judged(clean, shipped_world)
    assert found.verdict == "not-judged"


@pytest.mark.parametrize("engines", [1, 2, 4])
def test_thrust_to_weight_with_one_out(clean: Flight, shipped_world: World, engines: int) -> None:
    (found,) = judged(clean, shipped_world, boosters=engines)
    # four of 840 kN and a core of 792 kN at sea level, one engine of a booster less
    force = 4 * 840e3 + 792e3 - 840e3 / engines
    mass = clean.legs[0].start.mass_kg
    assert found.measured == pytest.approx(force / (mass * 9.80665), rel=1e-6)
    assert found.verdict == ("holds" if found.measured >= 1.0 else "warns")


def test_a_stage_with_one_engine_hangs_on_it(clean: Flight, shipped_world: World) -> None:
    (found,) = judged(clean, shipped_world, upper=1)
    assert found.verdict == "warns"
    burn = next(b for b in clean.legs[0].ledger.burns if b.stage == "upper")
    # all but the last seconds of the way into orbit
    assert 0.8 * (burn.end_s - burn.start_s) < found.measured <= burn.end_s - burn.start_s
    # with two of them one may go on, and how far is not asked
    assert not [f for f in judged(clean, shipped_world, upper=2) if f.verdict == "warns"]

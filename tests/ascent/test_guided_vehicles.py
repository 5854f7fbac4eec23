"""Guided flights of many kinds of vehicle: restarts, solids, commanded throttle, long legs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cosmodrome import ascent
from cosmodrome.ascent import Dispersions, Draw, fly_guided, guided_programme
from cosmodrome.catalog.nouns import DragTable, Fairing, Ignition, Limits, Stage, Vehicle
from cosmodrome.targets.insertion import insertion
from cosmodrome.world.epoch import Epoch
from tests.ascent.conftest import mission

if TYPE_CHECKING:
    from cosmodrome.ascent.guided import GuidedProgramme
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.world.world import World

FIRST = Stage(
    "first", "first", 1, 395.7e3, 395.7e3, 0.0, 25.6e3, 8.23e6, 311.0, Ignition("lift-off"),
    thrust_sea_level_n=7.6e6, separation_delay_s=3.0,
)  # fmt: skip
SECOND = Stage(
    "second", "second", 1, 92.67e3, 92.67e3, 0.0, 3.9e3, 934e3, 348.0,
    Ignition("after", "first", 6.0),
)  # fmt: skip
SOLIDS = Stage(
    "solids", "solids", 2, 40e3, 40e3, 0.0, 4e3, 1.4e6, 275.0, Ignition("lift-off"),
    thrust_sea_level_n=1.25e6, separation_delay_s=2.0, solid=True,
    thrust_curve=((0.0, 1.0), (20.0, 1.05), (50.0, 0.85), (77.0, 0.75), (80.0, 0.0)),
)  # fmt: skip
DRAG = DragTable(10.5, (0.0, 0.8, 1.2, 3.0, 10.0), (0.3, 0.4, 0.6, 0.35, 0.25))
BY_HEAT, BY_TIME = Fairing(1_900.0, 1135.0), Fairing(1_900.0, None, time_s=210.0)
RESTARTED = replace(SECOND, restarts=1, settling_s=20.0, settling_flow_kg_s=0.5)


def of(stages: tuple[Stage, ...], kg: float, altitude_m: float, **more: object) -> Mission:
    """A mission of a vehicle of these stages to a circular orbit of 51.7 deg from Baikonur."""
    limits = Limits(None, 1135.0, more.get("axial"))  # type: ignore[arg-type]
    vehicle = Vehicle("own", "A user's own", stages, DRAG, more.get("fairing", BY_HEAT))  # type: ignore[arg-type]
    m = mission("soyuz-2.1b", "baikonur", kg, altitude_m, 51.7, limits)
    return replace(m, vehicle=vehicle)


def programme_of(m: Mission, world: World) -> tuple[GuidedProgramme, float]:
    about = Epoch.parse("2027-03-01T05:41:46Z")
    solution = ascent.solve(m, insertion(m.target, about, world), world)
    plan = ascent.plan(solution, about, world)
    return guided_programme(solution, plan, m, world), solution.margin_kg


# measured: margin of the guided flight less the optimum's, kg
CASES = {
    "two": (of((FIRST, SECOND), 18e3, 200e3), -0.6),
    "restart": (of((FIRST, RESTARTED), 12e3, 800e3), 1.4),
    # two legs, the second of a quarter of an hour
    "atlas": (mission("atlas-v-551", "baikonur", 15e3, 300e3, 51.7, Limits()), 0.7),
    "solids": (of((SOLIDS, FIRST, SECOND), 19e3, 200e3, fairing=BY_TIME), -1.2),
    "throttle": (
        of((replace(FIRST, throttle_range=(0.6, 1.0)), SECOND), 16e3, 200e3, axial=44.0),
        -0.5,
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_guidance_costs_next_to_nothing_and_takes_dispersions_up(
    name: str, shipped_world: World
) -> None:
    m, gain_kg = CASES[name]
    programme, margin_kg = programme_of(m, shipped_world)
    nominal = fly_guided(programme, Draw.nominal(programme.schedule.vehicle))
    assert nominal.flown.all()
    assert nominal.margin_kg[0] - margin_kg == pytest.approx(gain_kg, abs=2.0)
    batch = fly_guided(programme, Dispersions(), 256)
    assert batch.flown.all()
    assert batch.a_m[batch.flown].std() < 1e3

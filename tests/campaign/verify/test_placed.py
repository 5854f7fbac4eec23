"""A phase step aims at a place along the orbit: that is judged too, not the orbit alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from cosmodrome.campaign.verify.placed import placed
from cosmodrome.campaign.verify.swept import Batch, Swept
from cosmodrome.campaign.verify.ways import WAYS
from cosmodrome.flight.stages import Run
from cosmodrome.flight.walk import from_orbit
from cosmodrome.mission import load, loads, shipped_path
from cosmodrome.watch import SILENT
from tests.campaign.verify import doubles

if TYPE_CHECKING:
    from cosmodrome.record.faults import Outcome
    from cosmodrome.world.world import World


@pytest.fixture(scope="module")
def slot(shipped_world: World) -> Swept:
    """30 degrees to the east in 8 days, to 0.05 degrees; then three days there."""
    mission = load(shipped_path("slot-phasing"))
    flight = from_orbit(mission, Run(shipped_world, SILENT))  # type: ignore[arg-type]
    return Swept(flight, shipped_world, WAYS)


def of(slot: Swept, path: str, kind: str, value: float) -> Outcome:
    (fault,) = [
        f for f in WAYS["orbit"].faults(slot.flight, "normal")
        if (f.path, f.kind) == (f"burns.spacecraft.{path}", kind) and f.value == value
    ]  # fmt: skip
    (told,) = slot.outcomes(Batch("orbit", (fault,)), SILENT)
    return told


def test_as_planned_it_is_there(slot: Swept) -> None:
    aim = slot.judge.placed
    assert aim is not None
    assert aim.tolerance_rad == pytest.approx(math.radians(0.05))
    assert aim.lasts_s / 86_400.0 == pytest.approx(7.92, abs=0.02)
    planned = slot.judge.planned
    assert planned.reached is not None
    assert aim.worst_rad(planned.reached, planned.end) == pytest.approx(0.0, abs=1e-9)


def test_without_the_first_burn_it_stays_where_it_was(slot: Swept) -> None:
    told = of(slot, "1.ignition", "omit", 0.0)
    assert told.consequence == "degraded"
    # 0.05 deg are one tolerance, and it was to go 30 deg, and the second burn takes it away again
    assert "place along the orbit" in told.why
    assert told.figures["off"] * 0.05 > 29.5


def test_a_second_of_burn_is_so_much_of_a_drift(slot: Swept) -> None:
    """22 N on 2,000 kg for 30 s are 0.33 m/s: a drift of 3 dv / a for 7.8 days, and the three that
    follow where the second burn does not take it back."""
    told = of(slot, "1.cut-off", "offset", -30.0)
    off = math.radians(told.figures["off"] * 0.05)
    drift = 3.0 * 22.0 / 2000.0 * 30.0 / 42_165.8e3 * 86_400.0
    assert 7.6 * drift < off < 11.2 * drift
    assert told.consequence == "degraded"
    # it arrives in time and does not stop: three days later it is out of its slot
    told = of(slot, "2.cut-off", "offset", -30.0)
    off = math.radians(told.figures["off"] * 0.05)
    assert off == pytest.approx(3.0 * drift, rel=0.1)
    assert told.consequence == "degraded"


def test_only_a_phase_step_has_such_an_aim(shipped_world: World) -> None:
    mission = loads(doubles.MISSION)
    flight = from_orbit(mission, Run(shipped_world, SILENT))  # type: ignore[arg-type]
    assert placed(flight, "spacecraft") is None

"""A release: momentum, mass and the direction asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.mission import OrbitMission, PhysicsModel, Release, Spacecraft, Start, StartState
from cosmodrome.record import Handover
from cosmodrome.transfer import release
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from cosmodrome.world.world import World

EPOCH = Epoch.from_utc("2027-03-01T00:00:00Z")
R, V = np.array([7_000e3, 0.0, 0.0]), np.array([0.0, 7_500.0, 1_000.0])


def test_both_part_as_asked_and_their_centre_flies_on(shipped_world: World) -> None:
    cubes = tuple(Spacecraft(f"cube-{k}", 20.0, 0.1, 2.2, 0.1, 1.3) for k in (1, 2))
    tug = Spacecraft("tug", 100.0, 1.0, 2.2, 1.0, 1.3, carries=cubes)
    start = Start(EPOCH, StartState("gcrf", tuple(R), tuple(V)))  # type: ignore[arg-type]
    mission = OrbitMission("test", start, tug, physics=PhysicsModel(0, 0, (), "none", False))
    given = Handover(State(EPOCH, GCRF, R, V, 100.0), ("tug", "cube-1", "cube-2"), {"tug": 9.0}, {})
    step = Release("cube-2", 2.0, (0.0, 0.0, -1.0), "rtn")
    leg = release.execute(given, step, mission, shipped_world, lift_off=EPOCH)
    ((free),) = leg.released
    normal = np.cross(R, V) / np.linalg.norm(np.cross(R, V))
    assert free.state.v_m_s - V == pytest.approx(-1.6 * normal, abs=1e-9)
    assert leg.end.v_m_s - V == pytest.approx(0.4 * normal, abs=1e-9)
    assert leg.end.mass_kg == 80.0
    assert free.state.mass_kg == 20.0
    assert free.attached == ("cube-2",)
    assert leg.handover_out is not None
    assert leg.handover_out.attached == ("tug", "cube-1")
    assert leg.handover_out.propellant_kg == {"tug": 9.0}
    assert leg.ledger.separated_kg == {"cube-2": 20.0}
    assert free.state.epoch == leg.end.epoch
    assert np.array_equal(free.state.r_m, leg.end.r_m)

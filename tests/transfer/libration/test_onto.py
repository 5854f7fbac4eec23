"""Onto a path near a libration orbit of Earth and Moon."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.dynamics import propagate
from cosmodrome.errors import InfeasibleError
from cosmodrome.flight import fly
from cosmodrome.mission import loads
from cosmodrome.targets import start_state
from cosmodrome.targets.libration import correct, find, read_libration
from cosmodrome.transfer.libration import Reference
from cosmodrome.transfer.libration.onto import corrected_onto, meetings, on_path
from cosmodrome.transfer.translunar.forces import way_dynamics
from cosmodrome.world.centre import recentred
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from cosmodrome.world.world import World

DAY = 86_400.0
EPOCH = Epoch.parse("2027-03-12T00:00Z")
PARKED = """\
schema: cosmodrome/1
name: To a distant retrograde orbit
start:
  elements: {epoch: 2027-03-01T00:00:00Z, frame: tod, altitude: 200 km, inclination: 28.5 deg,
             raan: 0 deg, true_anomaly: 0 deg}
spacecraft: {mass: 30 t, engine: {thrust: 110 kN, isp: 460 s}, propellant: 22 t}
plan: [{to-libration: {orbit: dro 70000 km}}]
physics: {gravity: 8x8, moon_gravity: 20x20, drag: none}
"""


@pytest.fixture(scope="module")
def path(shipped_world: World) -> Reference:
    design = find(read_libration("dro 70000 km"))
    dynamics = way_dynamics(loads(PARKED)).about("moon")
    made = correct(design, EPOCH, 2, shipped_world, dynamics=dynamics, mass_kg=30e3)
    return Reference(design, EPOCH, made.path, dynamics)


def test_a_kick_is_taken_back(path: Reference, shipped_world: World) -> None:
    """From a state on the path, 3 m/s off, the correction to a later place is those 3 m/s."""
    dynamics = way_dynamics(loads(PARKED))
    start = on_path(path, EPOCH + 1.0 * DAY, 30e3, shipped_world)
    kick = np.array([1.0, -2.0, 2.0])
    off = replace(start, v_m_s=start.v_m_s + kick)
    dv = corrected_onto(off, EPOCH + 6.0 * DAY, path, dynamics, shipped_world)
    assert np.allclose(dv, -kick, atol=1e-3)


def test_from_a_circle_onto_it(path: Reference, shipped_world: World) -> None:
    mission = loads(PARKED)
    dynamics = way_dynamics(mission)
    # a day before the injection that this plane has: the Moon crosses it on the 13th or so
    state = start_state(mission.start, 30e3, shipped_world)
    near = propagate(state, dynamics, 6.0 * DAY, world=shipped_world, dense=False).end
    made: dict[int, Reference] = {}

    def path_from(zero: Epoch) -> Reference:
        first = zero + -path.design.period_s
        got = correct(path.design, first, 2, shipped_world, dynamics=path.dynamics)
        made[0] = Reference(path.design, zero, got.path, path.dynamics)
        return made[0]

    (met, onto), *_ = meetings(near, path.design, path_from, 2.0 * DAY, dynamics, shipped_world)
    assert 3_100.0 < met.injection_m_s < 3_200.0
    assert 500.0 < np.linalg.norm(met.insertion_m_s) < 800.0
    # flown again as impulses, it is where the path is, and the insertion takes its velocity
    after, dv = float(met.numbers[0]), float(met.numbers[1])
    at = propagate(met.before, dynamics, after, world=shipped_world, dense=False).end
    at = replace(at, v_m_s=at.v_m_s * (1.0 + dv / np.linalg.norm(at.v_m_s)))
    end = propagate(at, dynamics, met.arrival, world=shipped_world, dense=False).end
    end = recentred(end, "earth", shipped_world)
    there = on_path(onto, met.arrival, 30e3, shipped_world)
    assert np.linalg.norm(end.r_m - there.r_m) < 10.0
    assert np.allclose(end.v_m_s + met.insertion_m_s, there.v_m_s, atol=1e-3)


def test_a_plane_that_does_not_hold_it(path: Reference, shipped_world: World) -> None:
    mission = loads(
        PARKED.replace("inclination: 28.5", "inclination: 95").replace("raan: 0", "raan: 60")
    )
    dynamics = way_dynamics(mission)
    state = start_state(mission.start, 30e3, shipped_world)

    def never(zero: Epoch) -> Reference:
        raise AssertionError(zero)

    with pytest.raises(InfeasibleError, match="holds no place"):
        meetings(state, path.design, never, 0.5 * DAY, dynamics, shipped_world)


@pytest.mark.nightly
def test_the_shipped_one_stays_for_two_revolutions(shipped_world: World) -> None:
    flight = fly("distant-retrograde", world=shipped_world)
    assert flight.verdict == "go"
    burns = {
        s.name: s.delta_v_m_s for g in flight.legs for s in g.steps if hasattr(s, "delta_v_m_s")
    }
    assert burns["to the libration point 1, correction 1"] < 5.0
    assert 600.0 < burns["to the libration point 1, insertion"] < 680.0
    (near,) = flight.libration
    assert near.revolutions == pytest.approx(2.0, abs=0.05)

"""Lanes beside flights one by one: the same numbers, each from its own instant, its own burn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.dynamics import (
    Altitude,
    Drag,
    Dynamics,
    Gravity,
    PointMass,
    Radiation,
    Thrust,
    propagate,
)
from cosmodrome.dynamics.lanes import Lanes, fly_lanes
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from cosmodrome.world.world import World

EPOCH = Epoch.from_utc("2026-03-01T05:41:46Z")
FORCES = Dynamics((Gravity("earth", 20), PointMass("sun"), PointMass("moon")))


def begun(late_s: float, height_m: float = 820e3, speed_m_s: float = 7_442.0) -> State:
    """At an instant of its own."""
    v = np.array([0.0, -0.15, 0.9887]) * speed_m_s
    return State(EPOCH + late_s, gcrf("earth"), [6_378_137.0 + height_m, 0.0, 0.0], v, 2_900.0)


def test_each_from_its_own_instant(shipped_world: World) -> None:
    starts = [begun(0.0), begun(12.5), begun(7_000.25, 700e3), begun(3_600.0, 35_786e3, 3_074.0)]
    until = np.array([86_400.0, 50_000.0, 86_400.0, 90_000.0])
    out = fly_lanes(Lanes.of(EPOCH, starts), FORCES, until, shipped_world)
    assert out.ended == ["end"] * 4
    assert out.faults == [""] * 4
    for k, start in enumerate(starts):
        alone = propagate(
            start, FORCES, EPOCH + float(until[k]), world=shipped_world, dense=False
        ).end
        assert out.lanes.t_s[k] == until[k]
        # tables that begin at another instant are other series of the same functions
        assert np.linalg.norm(out.lanes.y[k, :3] - alone.r_m) < 1e-4


def test_each_with_its_own_burn(shipped_world: World) -> None:
    starts = [begun(0.0), begun(0.0), begun(30.0)]
    burns = [
        Thrust(starts[0].epoch, starts[0].epoch + 60.0, 4e3, 320.0, (1.0, 0.1, 0.0), "vnc"),
        Thrust(
            starts[1].epoch, starts[1].epoch + 90.0, (4e3, 2e3, 4e3), 300.0,
            ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)), knots_s=(0.0, 30.0, 90.0),
        ),
        None,
    ]  # fmt: skip
    until = np.array([60.0, 90.0, 200.0])
    out = fly_lanes(
        Lanes.of(EPOCH, starts), FORCES, until, shipped_world,
        burns=[None if b is None else b.on(EPOCH) for b in burns],
    )  # fmt: skip
    for k, (start, burn) in enumerate(zip(starts, burns, strict=True)):
        forces = FORCES if burn is None else FORCES.with_thrust(burn)
        alone = propagate(
            start, forces, EPOCH + float(until[k]), world=shipped_world, dense=False
        ).end
        assert np.linalg.norm(out.lanes.y[k, :3] - alone.r_m) < 1e-7
        assert np.linalg.norm(out.lanes.y[k, 3:6] - alone.v_m_s) < 1e-9
        assert out.lanes.y[k, 6] == pytest.approx(alone.mass_kg, abs=1e-9)
    assert out.lanes.y[2, 6] == 2_900.0


def test_factors_on_air_and_light_are_those_of_an_area(shipped_world: World) -> None:
    air, light = Drag(area_m2=20.0), Radiation(area_m2=20.0)
    starts = [begun(0.0, 400e3, 7_669.0), begun(600.0, 400e3, 7_669.0)]
    lanes = Lanes.of(EPOCH, starts)
    more = np.array([1.3, 0.7])
    lanes = Lanes(EPOCH, "earth", lanes.t_s, lanes.y, more, more)
    until = np.array([43_200.0, 43_200.0])
    forces = Dynamics((Gravity("earth", 8), air, light))
    out = fly_lanes(lanes, forces, until, shipped_world)
    plain = fly_lanes(Lanes.of(EPOCH, starts), forces, until, shipped_world)
    for k, start in enumerate(starts):
        area = 20.0 * float(more[k])
        own = Dynamics((Gravity("earth", 8), Drag(area_m2=area), Radiation(area_m2=area)))
        alone = propagate(start, own, EPOCH + 43_200.0, world=shipped_world, dense=False).end
        moved = np.linalg.norm(out.lanes.y[k, :3] - plain.lanes.y[k, :3])
        assert moved > 50.0
        # the density table spans both lanes: another spline of the same air
        assert np.linalg.norm(out.lanes.y[k, :3] - alone.r_m) < 2e-3 * moved


def test_to_events_floors_and_edges(shipped_world: World) -> None:
    starts = [begun(0.0), begun(100.0, 820e3, 7_700.0), begun(0.0, 820e3, 6_900.0)]
    lanes = Lanes.of(EPOCH, starts)
    until = np.full(3, 86_400.0)
    out = fly_lanes(
        lanes, FORCES, until, shipped_world, stop="apoapsis", count=2, floor_m=121_920.0,
    )  # fmt: skip
    assert out.ended == ["event", "event", "floor"]
    for k in (0, 1):
        alone = propagate(
            starts[k], FORCES, "apoapsis", world=shipped_world, count=2, dense=False
        ).end
        assert EPOCH + float(out.lanes.t_s[k]) - alone.epoch == pytest.approx(0.0, abs=1e-4)
    down = propagate(
        starts[2], FORCES, 86_400.0, world=shipped_world, floor_m=121_920.0, dense=False
    ).end
    assert EPOCH + float(out.lanes.t_s[2]) - down.epoch == pytest.approx(0.0, abs=1e-4)
    far = fly_lanes(
        Lanes.of(EPOCH, [begun(0.0, 300e3, 10_900.0)]), FORCES, np.array([4e5]), shipped_world,
        edges=(("", 60e6, "farther"),), stop=Altitude(1e9),
    )  # fmt: skip
    assert far.ended == ["edge"]
    assert np.linalg.norm(far.lanes.y[0, :3]) == pytest.approx(60e6, abs=1.0)


def test_long_flights_go_on_from_one_set_of_tables_to_the_next(shipped_world: World) -> None:
    forces = Dynamics((Gravity("earth", 2), PointMass("moon")))
    starts = [begun(0.0, 35_786e3, 3_074.0), begun(86_400.0 * 20.0, 35_786e3, 3_074.0)]
    until = np.full(2, 86_400.0 * 40.0)
    out = fly_lanes(Lanes.of(EPOCH, starts), forces, until, shipped_world)
    for k, start in enumerate(starts):
        alone = propagate(
            start, forces, EPOCH + float(until[k]), world=shipped_world, dense=False
        ).end
        assert np.linalg.norm(out.lanes.y[k, :3] - alone.r_m) < 1e-2


def test_what_cannot_be_flown_stops_no_other(shipped_world: World) -> None:
    lanes = Lanes.of(EPOCH, [begun(0.0), begun(0.0), begun(500.0)])
    lanes.y[1, 0] = np.nan
    out = fly_lanes(lanes, FORCES, np.full(3, 400.0), shipped_world)
    assert out.ended == ["end", "fault", "end"]
    assert "no place, velocity and mass" in out.faults[1]
    # it was there already
    assert out.lanes.t_s[2] == 500.0

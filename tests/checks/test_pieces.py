"""Small pieces the checks stand on, each by another formula."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.checks.engines import engine
from cosmodrome.checks.reported import _angle_between_planes
from cosmodrome.checks.series import sample
from cosmodrome.checks.view import View
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.trajectory import STATE_COLUMNS, Trajectory

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World

angles = st.floats(0.0, 2.0 * math.pi)


@given(st.floats(0.0, math.pi), angles, st.floats(0.0, math.pi), angles)
def test_the_angle_between_planes_by_the_law_of_cosines(
    i1: float, raan1: float, i2: float, raan2: float
) -> None:
    cosine = math.cos(i1) * math.cos(i2) + math.sin(i1) * math.sin(i2) * math.cos(raan1 - raan2)
    assert math.cos(_angle_between_planes(i1, raan1, i2, raan2)) == pytest.approx(cosine, abs=1e-12)


def test_a_straight_path_has_its_slope_as_rate() -> None:
    """Two coefficients a column are a line: value and slope by hand."""
    slopes = np.array([7.0, -2.0, 0.5, 0.0, 0.25, -1.0, -3.0])
    starts = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 500.0])
    breaks = np.array([0.0, 10.0, 40.0])
    middle, half = 0.5 * (breaks[1:] + breaks[:-1]), 0.5 * np.diff(breaks)
    coefficients = np.stack([starts + slopes * middle[:, None], slopes * half[:, None]], axis=1)
    path = Trajectory(Epoch(0), GCRF, breaks, coefficients, STATE_COLUMNS)
    s = sample(path, 5)
    assert s.values == pytest.approx(starts + slopes * s.t_s[:, None])
    assert s.rates == pytest.approx(np.broadcast_to(slopes, s.rates.shape))


def test_a_throttle_profile_counts_from_the_first_ignition_of_a_stage(
    clean: Flight, shipped_world: World
) -> None:
    """A stage lit twice: its profile ran out in the first burn and does not begin anew."""
    vehicle = clean.mission.vehicle
    stages = tuple(
        replace(s, throttle=((0.0, 1.0), (10.0, 0.5))) if s.id == "upper" else s
        for s in vehicle.stages
    )
    mission = replace(clean.mission, vehicle=replace(vehicle, stages=stages))
    view = View(replace(clean, mission=mission), shipped_world)
    first, again = sorted(
        (b for b in view.stack.ledger.burns if b.stage == "upper"), key=lambda b: b.start_s
    )
    upper = view.flight.mission.vehicle.stage("upper")
    full = upper.count * upper.mass_flow_kg_s
    assert engine(view, first).used_kg(first.start_s, first.start_s + 16.0)[0] == pytest.approx(
        13.0 * full
    )
    assert engine(view, again).used_kg(again.start_s, again.start_s + 4.0)[0] == pytest.approx(
        2.0 * full
    )

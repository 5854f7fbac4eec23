"""Paths that several tests look at."""

from __future__ import annotations

import numpy as np
import pytest

from cosmodrome.dynamics.dynamics import Dynamics
from cosmodrome.dynamics.propagate import propagate
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.world import World

START = Epoch.from_utc("2024-03-15T00:00:00Z")


@pytest.fixture(scope="session")
def world() -> World:
    return World.shipped()


@pytest.fixture(scope="session")
def low_state() -> State:
    """500 km, 97.5 deg."""
    return State(START, GCRF, np.array([6_878_137.0, 0.0, 0.0]), np.array([0.0, -990.0, 7_546.0]),
                 1_000.0)  # fmt: skip


@pytest.fixture(scope="session")
def low(world: World, low_state: State):
    """Two days of it."""
    return propagate(low_state, Dynamics.earth(20), 2.0 * 86_400.0, world=world).trajectory

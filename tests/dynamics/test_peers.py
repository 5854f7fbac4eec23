"""A day in low, transfer and geostationary orbit against satkit, brahe, nyx and heyoka.

Their states are stored (tests/truth/dynamics/make_peers.py): same coefficients, same Earth
orientation, DE440. The bar is 1 mm a day; the limits stand a few times above what is measured.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.world.bodies import body
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.moon_orientation import MoonOrientation
from cosmodrome.world.state import State
from cosmodrome.world.world import World

TRUTH = Path(__file__).parents[1] / "truth" / "dynamics"
PEERS = json.loads((TRUTH / "peers.json").read_text(encoding="ascii"))
EPOCH = Epoch.from_utc(PEERS["epoch_utc"])
T_S = np.array(PEERS["t_s"])


@cache
def world() -> World:
    return World.shipped({"earth_orientation": TRUTH / PEERS["earth_orientation"]})


@cache
def flown_m(scenario: str) -> np.ndarray:
    case = PEERS["scenarios"][scenario]["case"]
    light = case["light"]
    forces = Dynamics(
        gravity_degree=case["degree"],
        gravity_order=case["degree"],
        third_bodies=tuple(case["bodies"]),
        radiation_pressure=light is not None,
        srp_area_m2=light["area_m2"] if light else 0.0,
        reflectivity=light["reflectivity"] if light else 0.0,
    )
    start = State(EPOCH, GCRF, case["r_m"], case["v_m_s"], case["mass_kg"])
    path = propagate(start, forces, case["span_s"], world=world()).trajectory
    return path.columns_at(T_S)[:, :3]


# (scenario, peer): limit in m anywhere on the day
MATCHED = {
    ("leo-70", "satkit"): 1e-4,
    ("leo-70", "brahe"): 1e-4,
    ("leo-70", "nyx"): 1e-3,
    ("leo-70", "heyoka"): 1e-4,
}


@pytest.mark.truth
@pytest.mark.parametrize(("scenario", "peer"), MATCHED)
def test_a_day_against_a_peer(scenario: str, peer: str) -> None:
    theirs = np.array(PEERS["scenarios"][scenario]["peers"][peer]["r_m_v_m_s"])[:, :3]
    apart = np.linalg.norm(flown_m(scenario) - theirs, axis=1).max()
    assert apart < MATCHED[scenario, peer]


def _turned_rad(a: Any, b: np.ndarray) -> float:
    """Angle between two rotations."""
    d = np.array(a) @ b.T
    return float(np.linalg.norm([d[2, 1] - d[1, 2], d[0, 2] - d[2, 0], d[1, 0] - d[0, 1]]) / 2.0)

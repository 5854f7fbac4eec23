"""A day in low, transfer and geostationary orbit against satkit, brahe, nyx and heyoka.

Their states are stored (tests/truth/dynamics/make_peers.py): same coefficients, same Earth
orientation, DE440. The bar is 1 mm a day; the limits stand a few times above what is measured.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cosmodrome.dynamics import Dynamics, Gravity, PointMass, propagate
from cosmodrome.world.bodies import body
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF, gcrf
from cosmodrome.world.moon_orientation import MoonOrientation
from cosmodrome.world.state import State
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from cosmodrome.world.gravity import GravityField

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
    forces = Dynamics.earth(
        degree=case["degree"],
        order=case["degree"],
        third_bodies=tuple(case["bodies"]),
        radiation_pressure=light is not None,
        srp_area_m2=light["area_m2"] if light else 0.0,
        reflectivity=light["reflectivity"] if light else 0.0,
    )
    start = State(EPOCH, GCRF, case["r_m"], case["v_m_s"], case["mass_kg"])
    path = propagate(start, forces, case["span_s"], world=world()).trajectory
    return path.columns_at(T_S)[:, :3]


# (scenario, peer): limit in m anywhere on the day; measured
MATCHED = {
    ("leo-70", "satkit"): 5e-5,  # 1.0e-5
    ("leo-70", "brahe"): 2e-5,  # 2.6e-6
    ("leo-70", "heyoka"): 2e-5,  # 3.2e-6
    ("leo-70", "nyx"): 1e-3,  # 6.2e-4; its own settings scatter by as much
    ("leo-20-gravity", "satkit"): 5e-5,  # 1.2e-5
    ("leo-20-gravity", "brahe"): 2e-5,  # 4.0e-6
    ("leo-20-gravity", "heyoka"): 2e-5,  # 1.8e-6
    ("leo-20-gravity", "nyx"): 1e-3,  # 2.1e-4
    ("gto-20", "satkit"): 5e-5,  # 3.8e-6
    ("gto-20", "brahe"): 5e-5,  # 1.3e-5
    ("gto-20", "heyoka"): 5e-5,  # 7.1e-6
    ("gto-20", "nyx"): 5e-4,  # 1.4e-4
    ("geo-20", "satkit"): 2e-5,  # 4.1e-6
    ("geo-20", "brahe"): 2e-6,  # 1.8e-7
    ("geo-20", "heyoka"): 2e-6,  # 2.3e-7
    ("geo-20", "nyx"): 1e-4,  # 2.4e-5, of 20 us in its TDB
    # they step over the penumbra: the limits are of the order of their own errors
    ("leo-20-light", "satkit"): 1e-3,  # 4.3e-4
    ("leo-20-light", "nyx"): 3e-3,  # 7.5e-4, own 1.4e-3
    # not matched: brahe's light comes from an analytic Sun, 0.089 deg off
    ("leo-20-light", "brahe"): 2e-2,  # 7.4e-3
}


@pytest.mark.truth
@pytest.mark.parametrize(("scenario", "peer"), MATCHED)
def test_a_day_against_a_peer(scenario: str, peer: str) -> None:
    theirs = np.array(PEERS["scenarios"][scenario]["peers"][peer]["r_m_v_m_s"])[:, :3]
    apart = np.linalg.norm(flown_m(scenario) - theirs, axis=1).max()
    assert apart < MATCHED[scenario, peer]


def test_every_stored_path_round_the_earth_is_compared() -> None:
    stored = {
        (name, peer)
        for name, item in PEERS["scenarios"].items()
        for peer in item["peers"]
        if item["case"]["centre"] == "earth"
    }
    assert stored == set(MATCHED)


# measured 0.9, 1.2 and 27 um; with GRGM1200A on its own axes of DE430 all are 17 cm away
@pytest.mark.truth
@pytest.mark.parametrize(("peer", "limit_m"), [("heyoka", 1e-5), ("brahe", 1e-5), ("nyx", 2e-4)])
def test_a_day_about_the_moon(peer: str, limit_m: float) -> None:
    item = PEERS["scenarios"]["llo-50"]
    case = item["case"]
    start = State(EPOCH, gcrf("moon"), case["r_m"], case["v_m_s"], case["mass_kg"])
    forces = Dynamics((Gravity("moon", 50), PointMass("earth"), PointMass("sun")), "moon")
    path = propagate(start, forces, case["span_s"], world=LikePeers(world())).trajectory
    theirs = np.array(item["peers"][peer]["r_m_v_m_s"])[:, :3]
    apart = np.linalg.norm(path.columns_at(T_S)[:, :3] - theirs, axis=1).max()
    assert apart < limit_m


class LikePeers:
    """The world with the Moon's field on DE440's principal axes, where the peers put it."""

    def __init__(self, world: World) -> None:
        self.world = world

    def gravity(self, body: str = "earth", name: Any = None) -> GravityField:
        field = self.world.gravity(body, name)
        return replace(field, axes="moon-pa") if body == "moon" else field

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world, name)


def _turned_rad(a: Any, b: np.ndarray) -> float:
    """Angle between two rotations."""
    d = np.array(a) @ b.T
    return float(np.linalg.norm([d[2, 1] - d[1, 2], d[0, 2] - d[2, 0], d[1, 0] - d[0, 1]]) / 2.0)


# rad, largest of five instants of the day; measured 2.2e-11, 2.3e-11 and, of 20 us in TDB, 1.5e-9
ROTATIONS = {"satkit": 1e-10, "brahe": 1e-10, "nyx": 3e-9}


@pytest.mark.truth
@pytest.mark.parametrize("peer", ROTATIONS)
def test_the_rotation_of_the_earth_as_peers_have_it(peer: str) -> None:
    theirs = PEERS["scenarios"]["leo-70"]["peers"][peer]["fixed_from_gcrf"]
    turned = [
        _turned_rad(m, world().orientation.itrf_from_gcrf(EPOCH + t).matrix)
        for t, m in zip(PEERS["matrices_t_s"], theirs, strict=True)
    ]
    assert max(turned) < ROTATIONS[peer]


@pytest.mark.truth
# measured 5.5e-12 and, of 20 us in TDB, 5.5e-11
@pytest.mark.parametrize(("peer", "limit_rad"), [("brahe", 3e-11), ("nyx", 1e-10)])
def test_the_rotation_of_the_moon_as_peers_have_it(peer: str, limit_rad: float) -> None:
    theirs = PEERS["scenarios"]["llo-50"]["peers"][peer]["fixed_from_gcrf"]
    turned = [
        _turned_rad(m, MoonOrientation().pa_from_gcrf(EPOCH + t).matrix)
        for t, m in zip(PEERS["matrices_t_s"], theirs, strict=True)
    ]
    assert max(turned) < limit_rad


@pytest.mark.truth
@pytest.mark.parametrize("name", ["sun", "moon"])
def test_masses_are_matched(name: str) -> None:
    for peer in PEERS["scenarios"]["leo-70"]["peers"].values():
        assert peer["gm_m3_s2"][name] == pytest.approx(body(name).mu_m3_s2, rel=1e-15)

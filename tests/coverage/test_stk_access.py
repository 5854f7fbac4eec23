"""Access windows of STK (truth/coverage/make_stk_access.py says what was looked at)."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from cosmodrome.catalog.nouns import Station
from cosmodrome.coverage import contacts, sights, tabulated
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.trajectory import Trajectory
from cosmodrome.world.world import World

TRUTH = json.loads(
    (Path(__file__).parents[1] / "truth" / "coverage" / "stk_access.json").read_text()
)
MU = 3.986004415e14
J2, RE = 1.0826261738522227e-3, 6_378_136.3  # EGM2008
START = Epoch.from_utc("2018-01-01T00:00:00Z")
GCRF_AXES = np.eye(3)
# their test grants 0.1 s, and 0.5 s over masks; measured 14 ms at most, of which light time, which
# STK counts and we do not, is up to 10 ms
TOLERANCE_S = 0.02
# the least range is flat: measured 28 ms, which is 5 mm of range
CLOSEST_S = 0.1


def circle(
    a_m: float,
    i_deg: float,
    node_deg: float,
    u_deg: float,
    days: float,
    j2: float = 0.0,
    axes: np.ndarray = GCRF_AXES,
):
    """A circular orbit with the secular part of J2 (Vallado 2013, eq. 9-41).

    axes  rows: the axes of the elements in GCRF
    """
    i = math.radians(i_deg)
    n = math.sqrt(MU / a_m**3)
    # the drifts go with the perturbed mean motion, as in STK: its first file lists nodal periods of
    # 5,684.37229 s
    k = 1.5 * j2 * (RE / a_m) ** 2
    mean = n * (1.0 + k * (1.0 - 1.5 * math.sin(i) ** 2))
    node_rate = -k * mean * math.cos(i)
    u_rate = mean * (1.0 + k * (2.0 - 2.5 * math.sin(i) ** 2))

    def columns(t, _):
        w = math.radians(node_deg) + node_rate * t
        u = math.radians(u_deg) + u_rate * t
        node = np.stack([np.cos(w), np.sin(w), 0 * t], axis=1)
        across = np.stack(
            [-np.sin(w) * math.cos(i), np.cos(w) * math.cos(i), 0 * t + math.sin(i)], axis=1
        )
        c, s = np.cos(u)[:, None], np.sin(u)[:, None]
        r, v = a_m * (c * node + s * across), a_m * n * (c * across - s * node)
        return np.hstack([r @ axes, v @ axes, np.ones((t.size, 1))])

    return Trajectory.fit(START, GCRF, np.arange(0.0, days * 86_400.0 + 1.0, 1_200.0), columns, 20)


def agree(found, name: str, start: Epoch = START) -> None:
    """As many windows, and their edges within the tolerance."""
    rows = TRUTH["windows"][name]
    assert len(found) == len(rows)
    for (a, b), row in zip(found, rows, strict=True):
        assert abs(a - (Epoch.from_utc(row[0]) - start)) <= TOLERANCE_S
        assert abs(b - (Epoch.from_utc(row[2]) - start)) <= TOLERANCE_S


@pytest.mark.truth
def test_two_spacecraft_past_the_earth() -> None:
    world = World.shipped()
    found = sights(circle(7e6, 45.0, 0.0, 0.0, 1.0), circle(7e6, 45.0, 180.0, 180.0, 1.0), world)
    agree([(s.start_t_s, s.end_t_s) for s in found], "sight")
    closest = [abs(s.closest - Epoch.from_utc(r[1])) for s, r in
               zip(found, TRUTH["windows"]["sight"], strict=True)]  # fmt: skip
    assert max(closest[1:]) <= CLOSEST_S
    assert found[0].begins_late


@pytest.mark.truth
def test_a_place_on_the_equator() -> None:
    world = World.shipped()
    found = sights(circle(7e6, 45.0, 0.0, 0.0, 2.0), Station("gs", 0.0, 0.0, 20.0, 0.0), world)
    agree([(s.start_t_s, s.end_t_s) for s in found], "equator")
    closest = [abs(s.closest - Epoch.from_utc(r[1])) for s, r in
               zip(found, TRUTH["windows"]["equator"], strict=True)]  # fmt: skip
    assert max(closest) <= CLOSEST_S


@pytest.mark.truth
def test_a_path_of_sgp4() -> None:
    world = World.shipped()
    start = Epoch.from_utc("2018-09-06T00:00:00Z")
    states = [
        State(start + row[0], GCRF, np.array(row[1:4]), np.array(row[4:7]), 1.0)
        for row in TRUTH["sgp4_gcrf"]
    ]
    place = Station("gs", math.radians(-45.0), math.radians(-170.0), 5.0, 0.0)
    found = sights(tabulated(states, world), place, world)
    agree([(s.start_t_s, s.end_t_s) for s in found], "sgp4", start)


@pytest.mark.truth
@pytest.mark.parametrize("name", ["sixty", "mask"])
def test_masks(name: str) -> None:
    world = World.shipped()
    days, table = (9.0, ()) if name == "sixty" else (
        4.0, ((0.0, 30.0), (90.0, 60.0), (180.0, 60.0), (270.0, 30.0), (359.0, 30.0)),
    )  # fmt: skip
    place = Station(
        "gs",
        math.radians(47.8864),
        math.radians(106.906),
        10.0,
        math.radians(60.0),
        tuple((math.radians(a), math.radians(e)) for a, e in table),
    )
    # the elements of STK's own file, Satellite.sa: of the true equator and equinox of the epoch,
    # which Generator.test.cpp rounds to 6,878.14 km and 97.5034 deg in GCRF
    flown = circle(
        6_878_137.0, 97.501101284397407, 0.24071780189382821, 0.099768927917688821, days, J2,
        world.orientation.tod_from_gcrf(START).matrix,
    )  # fmt: skip
    found = contacts(flown, [place], world)
    agree([(c.rise.t_s, c.set.t_s) for c in found], name)

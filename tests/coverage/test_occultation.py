"""Contacts of a spacecraft about the Moon: none while the Moon stands in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.catalog.nouns import Station
from cosmodrome.coverage import contacts
from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.world import Epoch, State, gcrf
from cosmodrome.world.geodesy import itrf_from_geodetic

if TYPE_CHECKING:
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

STATION = Station("here", 0.6, -2.0, 900.0, 0.1)


@pytest.fixture(scope="module")
def path(shipped_world: World) -> Trajectory:
    epoch = Epoch.from_utc("2027-03-01T00:00:00Z")
    r, v = np.array([1.6e6, 0.9e6, 0.2e6]), np.array([-300.0, 300.0, 1560.0])
    start = State(epoch, gcrf("moon"), r, v, 1.0)
    return propagate(start, Dynamics.moon(8), 2.0 * 86_400.0, world=shipped_world).trajectory


def test_against_a_plain_look_every_ten_seconds(path: Trajectory, shipped_world: World) -> None:
    """Quadratic equation of the line and the sphere, elevation by the ellipsoid's normal, GCRF."""
    t = np.arange(0.0, 2.0 * 86_400.0, 10.0)
    turn = shipped_world.orientation.itrf_from_gcrf_many(path.epoch, t).matrix
    place = itrf_from_geodetic(*(np.array(x) for x in (STATION.latitude_rad, STATION.longitude_rad,
                                                       STATION.height_m)))  # fmt: skip
    station = np.einsum("nji,j->ni", turn, place)
    lat, lon = STATION.latitude_rad, STATION.longitude_rad
    normal = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    up = np.einsum("nji,j->ni", turn, normal)
    moon = shipped_world.ephemeris.positions_m("moon", path.epoch, t)
    q = path.columns_at(t)[:, :3]
    d = moon + q - station
    above = np.sum(d * up, axis=1) / np.linalg.norm(d, axis=1) > np.sin(STATION.mask_rad)
    # station + x d meets |place - moon| = R for some 0 < x < 1
    m = station - moon
    a, b, c = np.sum(d * d, axis=1), np.sum(m * d, axis=1), np.sum(m * m, axis=1) - 1_737_400.0**2
    root = b * b - a * c
    x = (-b - np.sqrt(np.maximum(root, 0.0))) / a
    seen = above & ~((root > 0.0) & (x > 0.0) & (x < 1.0))
    told = contacts(path, [STATION], shipped_world)
    inside = np.zeros(t.size, dtype=bool)
    for one in told:
        inside |= (t > one.rise.t_s) & (t < one.set.t_s)
    assert np.array_equal(inside, seen)
    # some two hours a revolution, hidden for a third of it and more
    assert len(told) > 6
    assert 0.5 < seen.sum() / above.sum() < 0.75


def test_edges_graze_the_moon(path: Trajectory, shipped_world: World) -> None:
    told = contacts(path, [STATION], shipped_world)
    edges = [one.set.t_s for one in told[:-1] if not one.ends_early][:3]
    place = itrf_from_geodetic(*(np.array(x) for x in (STATION.latitude_rad, STATION.longitude_rad,
                                                       STATION.height_m)))  # fmt: skip
    for t in edges:
        at = np.array([t])
        turn = shipped_world.orientation.itrf_from_gcrf_many(path.epoch, at).matrix[0]
        moon = shipped_world.ephemeris.positions_m("moon", path.epoch, at)[0]
        q = path.columns_at(at)[0, :3]
        line = turn.T @ place - (moon + q)
        line /= np.linalg.norm(line)
        assert np.linalg.norm(np.cross(q, line)) == pytest.approx(1_737_400.0, abs=0.01)

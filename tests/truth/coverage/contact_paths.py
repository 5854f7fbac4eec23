"""The paths that Orekit and the tests look at: thirty days of three orbits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.dynamics import Dynamics
from cosmodrome.dynamics.propagate import propagate
from cosmodrome.world import bodies
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

START = "2024-03-01T00:00:00Z"
SPAN_S = 30.0 * 86_400.0
# latitude and longitude in deg, height over WGS84 in m
STATIONS = {
    "svalbard": (78.23, 15.39, 450.0),
    "vostochny": (51.88, 128.33, 250.0),
    "kourou": (5.25, -52.80, 20.0),
    "hartebeesthoek": (-25.89, 27.69, 1540.0),
}
MASKS_DEG = (0.0, 10.0)
# perigee and apogee radius, m; inclination, node, argument of perigee, true anomaly, deg (GCRF)
ORBITS = {
    "leo": (6_923_137.0, 6_933_137.0, 97.6, 10.0, 90.0, 0.0),
    "molniya": (6_978_137.0, 46_146_000.0, 63.43, 250.0, 270.0, 30.0),
    # 5 deg inclined, so that it rises and sets daily over Svalbard; near 20 deg east
    "geo": (42_150_000.0, 42_178_000.0, 5.0, 80.0, 60.0, 40.0),
}


def initial(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Place and velocity at the start."""
    rp, ra, *angles = ORBITS[name]
    i, W, w, nu = (math.radians(x) for x in angles)
    e = (ra - rp) / (ra + rp)
    p = 0.5 * (ra + rp) * (1.0 - e * e)
    u = nu + w
    node = np.array([math.cos(W), math.sin(W), 0.0])
    across = np.array([-math.sin(W) * math.cos(i), math.cos(W) * math.cos(i), math.sin(i)])
    out = math.cos(u) * node + math.sin(u) * across
    on = -math.sin(u) * node + math.cos(u) * across
    r = p / (1.0 + e * math.cos(nu)) * out
    v = math.sqrt(bodies.EARTH.mu_m3_s2 / p) * (
        e * math.sin(nu) * out + (1.0 + e * math.cos(nu)) * on
    )
    return np.round(r, 3), np.round(v, 6)


def path(name: str, world: World) -> Trajectory:
    """The dense path of one orbit."""
    r, v = initial(name)
    state = State(Epoch.from_utc(START), GCRF, r, v, 1000.0)
    return propagate(state, Dynamics.earth(20), SPAN_S, world=world).trajectory

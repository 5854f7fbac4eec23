"""What the compiled search must find, written plainly: sample the gauge, close in on its zeros.

Slow, and blind to an access that begins and ends between two samples; the tests hold the core
against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq

from cosmodrome.coverage.swath import Cone, Swath
from cosmodrome.world.orientation import ERA_RATE_RAD_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.coverage.swath import Sensor
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Track", "accesses", "gauge"]


def gauge(sensor: Sensor, s: Array, v: Array, place: Array, normal: Array) -> Array:
    """(n,) in m, not negative where a point is seen from places s (n, 3), Earth-fixed.

    v   (n, 3) velocities in Earth-fixed axes, relative to them
    """
    d = s - place
    distance = np.linalg.norm(d, axis=1)
    out: Array = d @ normal - np.sin(sensor.mask_rad) * distance
    if isinstance(sensor, Cone):
        nadir = -s / np.linalg.norm(s, axis=1)[:, None]
        down = -np.sum(d * nadir, axis=1)
        out = np.minimum(out, down - np.cos(sensor.half_angle_rad) * distance)
    if isinstance(sensor, Swath):
        z = -s / np.linalg.norm(s, axis=1)[:, None]
        inertial = v + np.cross([0.0, 0.0, ERA_RATE_RAD_S], s)
        y = -np.cross(s, inertial)
        y /= np.linalg.norm(y, axis=1)[:, None]
        x = np.cross(y, z)
        ahead, right, down = (-np.sum(d * axis, axis=1) for axis in (x, y, z))
        for limit in (
            np.tan(sensor.right_rad) * down - right,
            right - np.tan(sensor.left_rad) * down,
            np.tan(sensor.ahead_rad) * down - np.abs(ahead),
        ):
            out = np.minimum(out, limit)
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A path in Earth-fixed axes, sampled.

    t_s     (n,) seconds of the samples from the start
    s, v    (n, 3) places m and velocities m/s there, Earth-fixed
    at      the same at any instants
    """

    t_s: Array
    s: Array
    v: Array
    at: Callable[[Array], tuple[Array, Array]]

    @classmethod
    def sampled(
        cls, path: Trajectory, start: Epoch, duration_s: float, world: World, step_s: float = 1.0
    ) -> Track:
        """A dense path from `start` on."""
        offset = start - path.epoch
        table = world.orientation.table(start, start + duration_s)

        def at(t: Array) -> tuple[Array, Array]:
            y = path.columns_at(t + offset)
            turn = table.rotation(t)
            s = np.einsum("nij,nj->ni", turn.matrix, y[:, :3])
            v = np.einsum("nij,nj->ni", turn.matrix, y[:, 3:6])
            rate = np.zeros_like(s) if turn.rate is None else turn.rate
            return s, v - np.cross(rate, s)

        t = np.append(np.arange(0.0, duration_s, step_s), duration_s)
        return cls(t, *at(t), at)


def accesses(
    track: Track, sensor: Sensor, place: Array, normal: Array
) -> list[tuple[float, float]]:
    """(start, stop) of every access of one point by one satellite, s from the track's start."""

    def f(t: float) -> float:
        return float(gauge(sensor, *track.at(np.array([t])), place, normal)[0])

    t = track.t_s
    above = gauge(sensor, track.s, track.v, place, normal) >= 0.0
    edges = [0.0] if above[0] else []
    for k in np.flatnonzero(above[1:] != above[:-1]):
        edges.append(float(brentq(f, t[k], t[k + 1], xtol=1e-9)))
    if above[-1]:
        edges.append(float(t[-1]))
    return list(zip(edges[::2], edges[1::2], strict=True))

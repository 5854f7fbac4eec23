"""Where a path about the Moon meets its ground: LOLA's heights, as `world.terrain` holds them.

The compiled propagator ends a path at a height; the ground is no height. So a path is flown first,
down to the lowest ground there is, looked through for the instant at which it goes under, and
flown again up to there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.world.body_orientation import fixed_from_gcrf_many
from cosmodrome.world.heights import terrain

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.dynamics.flown import Propagation
    from cosmodrome.world.heights import Terrain
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["LOWEST_M", "clearance_m", "contact_s", "down_to_ground"]

#: no ground of the Moon lies lower, m above its sphere
LOWEST_M = -9_500.0
# above every summit, m
_HIGHEST_M = 11_500.0
# looked through by such steps; closely where it is low: 1.7 km along the ground, half a cell
_COARSE_S, _FINE_S = 20.0, 1.0
# what gravity and the curve of the path add to a straight line in half a coarse step, m
_BENT_M = 200.0
_BISECTIONS = 40


def clearance_m(path: Trajectory, t_s: Array, world: World) -> Array:
    """Height (n,) of a path about the Moon above its ground, at seconds after its epoch."""
    return _clearance(path, np.asarray(t_s, dtype=np.float64), world, terrain("moon"))


def _clearance(path: Trajectory, t: Array, world: World, ground: Terrain) -> Array:
    turn = fixed_from_gcrf_many(world, "moon", ground.axes, path.epoch, t)
    x, y, z = turn.vector(path.columns_at(t)[:, 0:3]).T
    across = np.hypot(x, y)
    height = np.hypot(across, z) - ground.radius_m
    out: Array = height - ground.height_m(np.arctan2(z, across), np.arctan2(y, x))
    return out


def contact_s(path: Trajectory, world: World) -> float | None:
    """When a path about the Moon first sinks under its ground, s after its epoch; None: never.

    A start under the ground is no contact.
    """
    t = _low(path)
    if t.size == 0:
        return None
    ground = terrain("moon")
    c = _clearance(path, t, world, ground)
    # neighbours in time only: between two low stretches the path is high
    sinks = np.flatnonzero((c[:-1] > 0.0) & (c[1:] <= 0.0) & (np.diff(t) < 1.5 * _FINE_S))
    if sinks.size == 0:
        return None
    a, b = float(t[sinks[0]]), float(t[sinks[0] + 1])
    for _ in range(_BISECTIONS):
        middle = 0.5 * (a + b)
        under = float(_clearance(path, np.array([middle]), world, ground)[0]) <= 0.0
        a, b = (a, middle) if under else (middle, b)
    return b


def _low(path: Trajectory) -> Array:
    """Instants a second apart of all stretches that may lie below the highest summit."""
    first, last = float(path.breaks_s[0]), float(path.breaks_s[-1])
    coarse = np.linspace(first, last, max(2, int((last - first) / _COARSE_S) + 2))
    step = float(coarse[1] - coarse[0])
    y = path.columns_at(coarse)
    radius = np.linalg.norm(y[:, 0:3], axis=1)
    rate = np.abs(np.einsum("ij,ij->i", y[:, 0:3], y[:, 3:6])) / radius
    near = radius - 1_737_400.0 < _HIGHEST_M + 0.5 * step * rate + _BENT_M
    if not near.any():
        return np.empty(0)
    offsets = np.arange(0.0, step, _FINE_S) - 0.5 * step
    fine = np.unique(np.clip((coarse[near][:, None] + offsets).ravel(), first, last))
    return np.append(fine, last) if near[-1] and fine[-1] < last else fine


def down_to_ground(
    flown: Propagation, world: World, again: Callable[[float], Propagation]
) -> Propagation:
    """What was flown about the Moon, ended where it meets the ground; itself where it does not.

    again  flies the same for so many seconds
    """
    if flown.end.frame.centre != "moon" or not flown.arcs:
        return flown
    contact = contact_s(flown.trajectory, world)
    if contact is None:
        return flown
    short = again(contact)
    return replace(short, stats={**short.stats, "ended_on_floor": True})

"""A dense path from a table of states, such as an orbit ephemeris message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.world.centre import expressed
from cosmodrome.world.frame import gcrf
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["tabulated"]


def tabulated(states: Sequence[State], world: World, *, points: int = 8) -> Trajectory:
    """A path through states, by Hermite interpolation of place and velocity.

    states  in order of time, of one frame; turned to GCRF axes where they are not
    points  neighbours used for each interval: the polynomial meets the place and the velocity of
            each, degree 2 points - 1. With 8 and a state each minute low orbits are met to a
            micrometre, with one each three minutes to a centimetre

    The mass of each interval is that of its first state. Raises InputError for fewer than two
    states, or states out of order.
    """
    if len(states) < 2:
        raise InputError(f"a path needs two states or more, and {len(states)} are given")
    first = states[0]
    home = gcrf(first.frame.centre)
    if first.frame != home:
        states = [expressed(s, home, world) for s in states]
    t = np.array([s.epoch - first.epoch for s in states])
    if not np.all(np.diff(t) > 0.0):
        k = int(np.argmin(np.diff(t)))
        raise InputError(
            f"state {k + 2} at {states[k + 1].epoch} does not follow {states[k].epoch}; give them"
            " in order of time, each instant once"
        )
    r, v = np.array([s.r_m for s in states]), np.array([s.v_m_s for s in states])
    n = min(points, t.size)
    intervals = t.size - 1
    begin = np.clip(np.arange(intervals) - (n - 2) // 2, 0, t.size - n)
    near = begin[:, None] + np.arange(n)
    scale = np.diff(t)
    # unit of time: the interval, from its middle
    x = (t[near] - 0.5 * (t[:-1] + t[1:])[:, None]) / scale[:, None]
    nodes = np.repeat(x, 2, axis=1)
    c = _divided(x, r[near], v[near] * scale[:, None, None])

    def columns(at: Array, k: int) -> Array:
        u = (at - 0.5 * (t[k] + t[k + 1])) / scale[k]
        place = np.zeros((u.size, 3)) + c[k, -1]
        slope = np.zeros((u.size, 3))
        for j in range(c.shape[1] - 2, -1, -1):
            step = (u - nodes[k, j])[:, None]
            slope = place + step * slope
            place = c[k, j] + step * place
        mass = np.full((u.size, 1), states[k].mass_kg)
        return np.hstack([place, slope / scale[k], mass])

    return Trajectory.fit(first.epoch, home, t, columns, nodes=2 * n)


def _divided(x: Array, r: Array, v: Array) -> Array:
    """(m, 2 n, 3) divided differences on doubled nodes (m, n) of places and slopes (m, n, 3)."""
    nodes = np.repeat(x, 2, axis=1)
    row = np.repeat(r, 2, axis=1)
    count = nodes.shape[1]
    out = [row[:, 0]]
    for order in range(1, count):
        gap = nodes[:, order:] - nodes[:, : count - order]
        rise = row[:, 1:] - row[:, :-1]
        with np.errstate(divide="ignore", invalid="ignore"):
            new = rise / gap[..., None]
        if order == 1:
            new[:, ::2] = v
        row = new
        out.append(row[:, 0])
    return np.stack(out, axis=1)

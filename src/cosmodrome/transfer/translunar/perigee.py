"""The other end of a way that is led backward: its perigee, and what is asked of it there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import propagate
from cosmodrome.maths.vectors import cross
from cosmodrome.transfer.translunar.geometry import since_periapsis
from cosmodrome.world.bodies import body
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Leaves", "Perigee", "conic", "per_a"]

_MU = body("earth").mu_m3_s2
_MASS_KG = 1_000.0


@dataclass(frozen=True, slots=True)
class Leaves:
    """How the Earth is left.

    perigee_m, inclination_rad (lowest, highest)   true equator of date
    span       (first, last) instant of the perigee
    raan_rad   the node at `first`, and its rate, rad/s; None: any
    """

    perigee_m: float
    inclination_rad: tuple[float, float]
    span: tuple[Epoch, Epoch]
    raan_rad: tuple[float, float] | None = None

    def node_at(self, epoch: Epoch) -> tuple[float, float] | None:
        """Node at an instant and its rate."""
        if self.raan_rad is None:
            return None
        node, rate = self.raan_rad
        return node + rate * (epoch - self.span[0]), rate

    def wider(self, by_s: float) -> Leaves:
        """The same in a span that is so much longer at both ends."""
        first, last = self.span[0] + -by_s, self.span[1] + by_s
        return Leaves(self.perigee_m, self.inclination_rad, (first, last), self.node_at(first))


@dataclass(frozen=True, slots=True, eq=False)
class Perigee:
    """What a flight that ends near its perigee lacks there.

    miss    (5,) of the angular momentum, as metres of perigee radius: size, inclination, node; of
            the instant of the perigee, s; and the time since it, s, less what was wanted
    slopes  (5, 6) by the end's place and velocity
    drift   (5,) by the instant of the end: the field turns the plane meanwhile
    """

    miss: Array
    slopes: Array
    drift: Array

    @classmethod
    def of(
        cls,
        end: Array,
        at: Epoch,
        after_s: float,
        leaves: Leaves,
        dynamics: Dynamics,
        world: World,
    ) -> Perigee:
        """Of an end (6,) about the Earth at an instant, looked at so long after the perigee.

        Raises as `propagate` does for an end from which nothing flies.
        """
        state = State(at, gcrf("earth"), end[:3], end[3:], _MASS_KG)
        later = propagate(state, dynamics, 1.0, world=world, dense=False).end
        then = np.concatenate([later.r_m, later.v_m_s])
        h = np.concatenate([np.full(3, 1e-6 * np.linalg.norm(end[:3])), np.full(3, 1e-3)])
        rows = np.concatenate([end[None], end + np.diag(h), end - np.diag(h), then[None]])
        seconds = np.zeros(len(rows))
        seconds[-1] = 1.0
        off = _misses(rows, seconds, at, after_s, leaves, world)
        return cls(off[0], (off[1:7] - off[7:13]).T / (2.0 * h), off[13] - off[0])


def _misses(
    rows: Array, seconds: Array, at: Epoch, after_s: float, leaves: Leaves, world: World
) -> Array:
    """(n, 5) of states (n, 6) so many seconds after an instant; the first is the one they are
    about."""
    tod = np.asarray(world.orientation.tod_from_gcrf(at).matrix)
    place, motion = rows[:, :3] @ tod.T, rows[:, 3:] @ tod.T
    since = since_periapsis(place, motion, _MU)
    first, last = leaves.span
    left = (at - first) + seconds - since
    late = left - np.clip(left, 0.0, last - first)
    k = 2.0 * leaves.perigee_m
    # of the conic of this perigee: one where it is met
    e = 1.0 - conic(place, motion)[0] * per_a(place, motion)
    h = cross(place, motion) / np.sqrt((1.0 + e) * _MU * leaves.perigee_m)[:, None]
    node = np.full(len(rows), math.atan2(h[0, 0], -h[0, 1]))
    if leaves.raan_rad is not None:
        node = leaves.raan_rad[0] + leaves.raan_rad[1] * left
    # where the pole leans to, and across
    side = h[:, 0] * np.sin(node) - h[:, 1] * np.cos(node)
    across = h[:, 0] * np.cos(node) + h[:, 1] * np.sin(node)
    if leaves.raan_rad is None:
        across = np.zeros(len(rows))
    up = h[:, 2]
    low, high = leaves.inclination_rad
    now = np.arctan2(np.abs(side), up)
    i = np.clip(now, low, high)
    size = side * np.sin(i) + up * np.cos(i) - 1.0
    plane = np.where(now == i, 0.0, side * np.cos(i) - up * np.sin(i))
    return np.column_stack([size * k, plane * k, across * k, late, since - after_s])


def per_a(place: Array, motion: Array) -> Array:
    """One over the semi-major axes (n,) of conics about the Earth, 1/m."""
    return np.asarray(2.0 / np.linalg.norm(place, axis=-1) - np.sum(motion**2, axis=-1) / _MU)


def conic(place: Array, motion: Array) -> tuple[Array, Array]:
    """Radii of perigee and apogee of conics about the Earth, (..., 3) each; not-a-number for the
    latter where there is none."""
    h2 = np.sum(cross(place, motion) ** 2, axis=-1)
    inverse = per_a(place, motion)
    e = np.sqrt(np.maximum(0.0, 1.0 - h2 / _MU * inverse))
    with np.errstate(invalid="ignore", divide="ignore"):
        return h2 / _MU / (1.0 + e), (1.0 + e) / np.where(inverse > 0.0, inverse, np.nan)

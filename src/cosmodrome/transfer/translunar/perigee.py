"""The other end of a way that is led backward: its perigee, and what is asked of it there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import propagate
from cosmodrome.maths.vectors import cross
from cosmodrome.world.bodies import body
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Leaves", "Perigee", "conic", "lean", "since_perigee"]

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
        u: Array,
        dynamics: Dynamics,
        world: World,
    ) -> Perigee:
        """Of an end (6,) about the Earth at an instant, looked at so long after the perigee.

        u  (3,) where the pole leans to, as `lean` tells it

        Raises as `propagate` does for an end from which nothing flies.
        """
        state = State(at, gcrf("earth"), end[:3], end[3:], _MASS_KG)
        later = propagate(state, dynamics, 1.0, world=world, dense=False).end
        then = np.concatenate([later.r_m, later.v_m_s])
        h = np.concatenate([np.full(3, 1e-6 * np.linalg.norm(end[:3])), np.full(3, 1e-3)])
        rows = np.concatenate([end[None], end + np.diag(h), end - np.diag(h), then[None]])
        off = _misses(rows, at, after_s, leaves, u, world)
        drift = off[13] - off[0]
        # when the perigee comes does not depend on when it is looked for
        drift[3] = 0.0
        return cls(off[0], (off[1:7] - off[7:13]).T / (2.0 * h), drift)


def lean(end: Array, at: Epoch, leaves: Leaves, world: World) -> Array:
    """(3,) horizontal, true equator of date: to which side the pole of a departure leans; where the
    node is asked, that of the wanted one."""
    given = leaves.node_at(at)
    if given is not None:
        node = given[0]
        return np.array([math.sin(node), -math.cos(node), 0.0])
    tod = np.asarray(world.orientation.tod_from_gcrf(at).matrix)
    h = tod @ np.cross(end[:3], end[3:])
    h[2] = 0.0
    return np.asarray(h / np.linalg.norm(h))


def _misses(
    rows: Array, at: Epoch, after_s: float, leaves: Leaves, u: Array, world: World
) -> Array:
    """(n, 5) of states (n, 6)."""
    tod = np.asarray(world.orientation.tod_from_gcrf(at).matrix)
    place, motion = rows[:, :3] @ tod.T, rows[:, 3:] @ tod.T
    k = 2.0 * leaves.perigee_m
    # of the conic of this perigee: one where it is met
    e = 1.0 - conic(place, motion)[0] * per_a(place, motion)
    h = cross(place, motion) / np.sqrt((1.0 + e) * _MU * leaves.perigee_m)[:, None]
    side, up = h @ u, h[:, 2]
    low, high = leaves.inclination_rad
    now = np.arctan2(np.abs(side), up)
    i = np.clip(now, low, high)
    size = side * np.sin(i) + up * np.cos(i) - 1.0
    plane = np.where(now == i, 0.0, side * np.cos(i) - up * np.sin(i))
    node = h[:, 1] * u[0] - h[:, 0] * u[1] if leaves.raan_rad is not None else 0.0 * size
    since = since_perigee(place, motion)
    first, last = leaves.span
    left = (at - first) - since
    late = left - np.clip(left, 0.0, last - first)
    return np.column_stack([size * k, plane * k, node * k, late, since - after_s])


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


def since_perigee(place: Array, motion: Array) -> Array:
    """Time since the perigee, s, of conics that are nearly parabolas, (..., 3) each.

    Universal variables (Battin 1999, sec. 4.5), by series in the energy: for radii well below the
    semi-major axis.
    """
    alpha = per_a(place, motion)
    sigma = np.sum(place * motion, axis=-1) / math.sqrt(_MU)
    perigee = conic(place, motion)[0]
    e = 1.0 - alpha * perigee
    # sqrt(a) times the eccentric anomaly, from e sin E = sigma / sqrt(a)
    s = sigma / e
    z = alpha * s * s
    d = s * (1.0 + z / 6.0 + 3.0 * z * z / 40.0 + 15.0 * z**3 / 336.0)
    w = alpha * d * d
    c3 = 1.0 / 6.0 - w / 120.0 + w * w / 5_040.0 - w**3 / 362_880.0
    return np.asarray((perigee * d + e * d**3 * c3) / math.sqrt(_MU))

"""Planes about the Moon that an arrival may have and that hold a place at an instant to come.

The plane of an arrival holds its incoming asymptote S and may be turned about it for nothing. At an
instant t the place stands along P(t); the plane S x P holds both, and tells the inclination. Until
then the Moon's field turns the plane (its sectorals by half a degree within days): it is flown, and
P is turned back by as much first. The path passes where B = S x n points, south where B.R > 0.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics, Gravity, PointMass, propagate
from cosmodrome.maths.vectors import cross
from cosmodrome.transfer.translunar.correct import lunar_axes
from cosmodrome.transfer.translunar.geometry import MU_MOON, arrival
from cosmodrome.transfer.translunar.plane_turns import Turns, dearer_m_s, turns
from cosmodrome.world.body_orientation import fixed_from_gcrf_many
from cosmodrome.world.frame import gcrf
from cosmodrome.world.geodesy import enu_axes
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.transfer.translunar.nouns import LunarOrbit
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

__all__ = ["Planes"]

# with a field of 50x50 a plane is 0.004 deg off that with 100x100 after four days at 100 km
_FIELD = Dynamics((Gravity("moon", 50, 50), PointMass("earth"), PointMass("sun")), "moon")
# flown so much longer than to the instant: the next choice may lie a little later
_MORE_S = 43_200.0


class Planes:
    """The planes of one arrival for a place at instants, in both senses of motion.

    inclination  (2, n) rad, to the Moon's equator at the arrival
    south        (2, n) does the path pass south of the Moon?
    """

    def __init__(
        self,
        perilune: State,
        orbit: LunarOrbit,
        place_rad: tuple[float, float],
        t_s: Array,
        world: World,
    ) -> None:
        """
        perilune  of a path that arrives nearby: its asymptote is what counts
        place_rad latitude and longitude, moon-me
        t_s       (n,) after the perilune
        """
        self.epoch, self.mass_kg = perilune.epoch, perilune.mass_kg
        self.orbit, self.t, self.world = orbit, t_s, world
        self.pole = lunar_axes(self.epoch, world)[2]
        there = arrival(np.concatenate([perilune.r_m, perilune.v_m_s])[None], self.pole)
        self.s, self.r = there.s[0], there.r[0]
        v_infinity = float(there.v_infinity_m_s[0])
        self.e = 1.0 + orbit.perilune_m * v_infinity**2 / MU_MOON
        self.speed_m_s = math.sqrt(v_infinity**2 + 2.0 * MU_MOON / orbit.perilune_m)
        turn = fixed_from_gcrf_many(world, "moon", "moon-me", self.epoch, t_s).matrix
        self.place = np.einsum("nji,j->ni", turn, enu_axes(*place_rad)[2])
        self.inclination = np.empty((2, t_s.size))
        self.south = np.empty((2, t_s.size), dtype=bool)
        self.normals = np.empty((2, t_s.size, 3))
        #: (n, 3) the place turned back as the plane turned that was flown last
        self.back = self.place
        for sense in range(2):
            self._set(sense, self.place)

    def _set(self, sense: int, place: Array) -> None:
        """Planes that hold places (n, 3) as they would stand if no plane turned."""
        n = cross(np.broadcast_to(self.s, place.shape), place) * (1.0, -1.0)[sense]
        n = n / np.linalg.norm(n, axis=1)[:, None]
        self.normals[sense] = n
        self.inclination[sense] = np.arccos(np.clip(n @ self.pole, -1.0, 1.0))
        self.south[sense] = cross(np.broadcast_to(self.s, n.shape), n) @ self.r > 0.0

    def turned(self, inclination_rad: float) -> tuple[Turns, Array]:
        """The least turns with the insertion into planes of that inclination that hold the place,
        and (n,) what they take more, m/s.

        The plane is taken to turn until then as the last one did that was flown.
        """
        found = turns(self.s, self.e, self.pole, self.back, inclination_rad)
        after = self.orbit.perilune_speed_m_s()
        price = [
            dearer_m_s(x, self.speed_m_s, after) if x < 1.0 else math.inf for x in found.angle_rad
        ]
        return found, np.array(price)

    def passes_south(self, normal: Array) -> bool:
        """Does an arrival with that normal (3,) pass south of the Moon?"""
        return float(np.cross(self.s, normal) @ self.r) > 0.0

    def fly(self, sense: int, number: int) -> None:
        """Fly the orbit of one plane until its instant, and turn those of its sense as it turned.

        The orbit is taken as entered at the perilune at once.
        """
        normal = self.normals[sense, number]
        self._set(sense, self._flown(normal, normal, number))

    def fly_turned(self, before: Array, after: Array, number: int) -> None:
        """Fly the orbit into which an arrival is turned until an instant.

        before, after  (3,) normals of the arrival, which gives the perilune, and of the orbit
        """
        self._flown(before, after, number)

    def _flown(self, before: Array, normal: Array, number: int) -> Array:
        """(n, 3) the place turned back as the plane turned."""
        b = np.cross(self.s, before)
        p = self.s / self.e + math.sqrt(1.0 - 1.0 / self.e**2) * b
        begun = State(
            self.epoch, gcrf("moon"), self.orbit.perilune_m * p,
            self.orbit.perilune_speed_m_s() * np.cross(normal, p), self.mass_kg,
        )  # fmt: skip
        last = min(int(np.searchsorted(self.t, self.t[number] + _MORE_S)), self.t.size - 1)
        times = self.t[: last + 1]
        rows = propagate(
            begun, _FIELD, float(times[-1]), world=self.world, times=times, dense=False
        ).samples
        h = cross(rows[:, :3], rows[:, 3:6])
        h = h / np.linalg.norm(h, axis=1)[:, None]
        # beyond what was flown as at its end
        h = np.concatenate([h, np.repeat(h[-1:], self.t.size - h.shape[0], axis=0)])
        back = _turned_back(self.place, normal, h)
        self.back = back
        return back


def _turned_back(place: Array, before: Array, after: Array) -> Array:
    """Vectors (n, 3) turned by the least turns that lead directions (n, 3) back to one (3,)."""
    axis = cross(after, np.broadcast_to(before, after.shape))
    cos = after @ before
    along = np.einsum("ij,ij->i", axis, place)
    # Rodrigues with axis = sin(angle) u: u (u.P) (1 - cos) = axis (axis.P) / (1 + cos)
    turned: Array = (
        place * cos[:, None] + cross(axis, place) + axis * (along / (1.0 + cos))[:, None]
    )
    return turned

"""The Moon as a landing sees it at an instant: axes, spin, second degree of the field, the site."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import FrameMismatchError, InputError
from cosmodrome.landing.local import east_north_up
from cosmodrome.physics.turning import Globe, quadrupole
from cosmodrome.world.bodies import body
from cosmodrome.world.body_orientation import fixed_from_gcrf, fixed_from_gcrf_many

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.frame import Rotation
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["AXES", "Site", "facing", "globe", "me_from_gcrf", "me_from_gcrf_many", "offsets"]

#: axes sites are given in, and landings solved
AXES = "moon-me"


@dataclass(frozen=True, slots=True)
class Site:
    """A place on the Moon: mean-Earth latitude and longitude, height above 1,737.4 km."""

    latitude_rad: float
    longitude_rad: float
    height_m: float = 0.0

    def __post_init__(self) -> None:
        if not abs(self.latitude_rad) <= 0.5 * math.pi:
            raise InputError(
                f"a site at latitude {math.degrees(self.latitude_rad):g} deg; give -90 to 90"
            )
        low = body("moon").lowest_m
        if not low <= self.height_m <= 11_000.0:
            raise InputError(
                f"a site {self.height_m:g} m above 1,737.4 km; the Moon's ground lies between"
                f" {low:g} and 10,786 m (LRO LOLA)"
            )

    @property
    def place_m(self) -> Array:
        """(3,) from the Moon's centre, mean-Earth axes."""
        r = body("moon").figure_m + self.height_m
        level = math.cos(self.latitude_rad)
        return r * np.array(
            [
                level * math.cos(self.longitude_rad),
                level * math.sin(self.longitude_rad),
                math.sin(self.latitude_rad),
            ]
        )

    @property
    def axes(self) -> Array:
        """(3, 3) rows east, north and up, mean-Earth axes."""
        return east_north_up(self.place_m)


def me_from_gcrf(world: World, epoch: Epoch) -> Rotation:
    """Rotation and rate to the Moon's mean-Earth axes."""
    return fixed_from_gcrf(world, "moon", AXES, epoch)


def me_from_gcrf_many(world: World, epoch: Epoch, t_s: Array) -> Rotation:
    """The same at seconds after an instant."""
    return fixed_from_gcrf_many(world, "moon", AXES, epoch, t_s)


def globe(world: World, epoch: Epoch) -> Globe:
    """The Moon in mean-Earth axes: GRGM1200A's mass and second degree, the spin at an instant."""
    field = world.gravity("moon", degree=2)
    c, s = field.C[2], field.S[2]
    own = fixed_from_gcrf(world, "moon", field.axes, epoch)
    rotation = me_from_gcrf(world, epoch)
    turn = rotation.matrix @ own.matrix.T
    second = turn @ quadrupole(c.tolist(), s.tolist(), field.radius_m) @ turn.T
    assert rotation.rate is not None
    x, y, z = (float(w) for w in rotation.rate)
    rows = tuple((float(a), float(b), float(c)) for a, b, c in second)
    return Globe(field.mu_m3_s2, (x, y, z), rows)


def facing(state: State, world: World) -> tuple[Array, Array]:
    """(3,) place m and (3,) velocity m/s relative to the ground, mean-Earth axes.

    Raises FrameMismatchError for a state that is not about the Moon in GCRF axes.
    """
    if state.frame.centre != "moon" or state.frame.axes != "gcrf":
        raise FrameMismatchError(
            f"a landing starts from a state about the Moon in GCRF axes, not {state.frame}; write"
            ' expressed(state, gcrf("moon"), world)'
        )
    return me_from_gcrf(world, state.epoch).velocity(state.r_m, state.v_m_s)


def offsets(state: State, site: Site, world: World) -> tuple[Array, Array]:
    """(3,) m from a site and (3,) m/s relative to the ground, east, north and up of the site."""
    r, v = facing(state, world)
    return site.axes @ (r - site.place_m), site.axes @ v

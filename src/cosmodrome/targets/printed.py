"""States as mission reports print them: place, height, inertial speed, its path angle and heading.

The definitions are those of the Apollo mission reports: latitude and longitude on the turning body;
height above a sphere or an ellipsoid; the space-fixed speed; the path angle from the body-centred
horizontal, upward; the heading of the velocity's horizontal part, from north to east. The digits
printed are a band, not a point: `shifted` walks in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.world.bodies import body
from cosmodrome.world.body_orientation import axes_of, fixed_from_gcrf
from cosmodrome.world.centre import recentred
from cosmodrome.world.frame import gcrf
from cosmodrome.world.geodesy import geodetic
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["PRINTED", "Printed", "printed_of", "printed_state", "shifted"]

#: the six numbers in the order of `shifted`
PRINTED = ("latitude_rad", "longitude_rad", "height_m", "speed_m_s", "path_rad", "heading_rad")


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed state.

    latitude_rad   geodetic on the ellipsoid below
    height_m       above it
    speed_m_s      inertial, relative to the body's centre
    path_rad       of the velocity above the plane across the radius
    heading_rad    of its part in that plane, from north to east
    figure_m, flattening  of the ellipsoid; None: the body's own
    axes           body-fixed axes of latitude and longitude; None: maps' (itrf, moon-me, iau-...)
    north          "axis": towards the z axis of those; "gcrf": towards the pole of the GCRF, the
                   Earth's of 2000, as the lunar rows of Apollo 11 have it

    Raises InputError for numbers that are none, and angles outside their range.
    """

    body: str
    epoch: Epoch
    latitude_rad: float
    longitude_rad: float
    height_m: float
    speed_m_s: float
    path_rad: float
    heading_rad: float
    figure_m: float | None = None
    flattening: float | None = None
    axes: str | None = None
    north: Literal["axis", "gcrf"] = "axis"

    def __post_init__(self) -> None:
        body(self.body)
        for name in PRINTED:
            value = getattr(self, name)
            if not math.isfinite(value):
                raise InputError(f"the printed state at {self.epoch} has {name} = {value!r}")
        for name in ("latitude_rad", "path_rad"):
            value = getattr(self, name)
            if abs(value) > 0.5 * math.pi:
                raise InputError(
                    f"the printed state at {self.epoch} has {name} ="
                    f" {math.degrees(value):.6g} deg; write -90 to 90 deg, in radians here"
                )
        if self.speed_m_s <= 0.0:
            raise InputError(
                f"the printed state at {self.epoch} has a speed of {self.speed_m_s:g} m/s; write"
                " the inertial speed, above 0"
            )

    @property
    def ellipsoid(self) -> tuple[float, float]:
        """Equatorial radius m and flattening."""
        own = body(self.body)
        return (
            own.figure_m if self.figure_m is None else self.figure_m,
            own.flattening if self.flattening is None else self.flattening,
        )

    def fixed_from_gcrf(self, epoch: Epoch, world: World) -> Array:
        """(3, 3) to the axes of latitude and longitude."""
        axes = self.axes
        if axes is None:
            axes = "moon-me" if self.body == "moon" else axes_of(self.body)[0]
        return fixed_from_gcrf(world, self.body, axes, epoch).matrix


def printed_state(printed: Printed, mass_kg: float, world: World) -> State:
    """The state in GCRF axes about its body."""
    turn = printed.fixed_from_gcrf(printed.epoch, world)
    figure, flattening = printed.ellipsoid
    e2 = flattening * (2.0 - flattening)
    s, c = math.sin(printed.latitude_rad), math.cos(printed.latitude_rad)
    n = figure / math.sqrt(1.0 - e2 * s * s)
    h = printed.height_m
    fixed = np.array(
        [
            (n + h) * c * math.cos(printed.longitude_rad),
            (n + h) * c * math.sin(printed.longitude_rad),
            ((1.0 - e2) * n + h) * s,
        ]
    )
    r = turn.T @ fixed
    east, north, up = _local(r, printed, turn)
    level = math.sin(printed.heading_rad) * east + math.cos(printed.heading_rad) * north
    v = printed.speed_m_s * (math.sin(printed.path_rad) * up + math.cos(printed.path_rad) * level)
    return State(printed.epoch, gcrf(printed.body), r, v, mass_kg)


def printed_of(state: State, like: Printed, world: World) -> Printed:
    """A state in the terms of a printed one, at its own epoch. The inverse of `printed_state`."""
    here = recentred(state, like.body, world)
    turn = like.fixed_from_gcrf(here.epoch, world)
    latitude, longitude, height = geodetic(turn @ here.r_m, *like.ellipsoid, like.body)
    east, north, up = _local(here.r_m, like, turn)
    speed = float(np.linalg.norm(here.v_m_s))
    return replace(
        like,
        epoch=here.epoch,
        latitude_rad=float(latitude),
        longitude_rad=float(longitude),
        height_m=float(height),
        speed_m_s=speed,
        path_rad=math.asin(max(-1.0, min(1.0, float(here.v_m_s @ up) / speed))),
        heading_rad=math.atan2(float(here.v_m_s @ east), float(here.v_m_s @ north)),
    )


def shifted(printed: Printed, by: Sequence[float] | Array) -> Printed:
    """The same with (6,) added to the numbers of PRINTED, in their units."""
    moved = {n: getattr(printed, n) + float(d) for n, d in zip(PRINTED, by, strict=True)}
    return replace(printed, **moved)


def _local(r: Array, printed: Printed, turn: Array) -> tuple[Array, Array, Array]:
    """East, north and up along the radius, in GCRF."""
    pole = turn.T[:, 2] if printed.north == "axis" else np.array([0.0, 0.0, 1.0])
    up = r / np.linalg.norm(r)
    east = np.cross(pole, up)
    size = float(np.linalg.norm(east))
    if size < 1e-12:
        raise InputError(
            f"the printed state at {printed.epoch} lies on the pole, where no heading exists; give"
            " place and velocity instead"
        )
    east = east / size
    return east, np.cross(up, east), up

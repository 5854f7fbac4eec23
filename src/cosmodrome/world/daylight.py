"""The Sun over a place on a body, and whether it stands as it is wanted.

Geometric places of the Sun's centre (no light time, no aberration: 20"), up along the radius.
Before noon, while it has not crossed the meridian of the place, it is morning.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.world.bodies import body as body_of
from cosmodrome.world.body_orientation import fixed_from_gcrf_many
from cosmodrome.world.geodesy import enu_axes

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.skylines import Skyline
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Light", "SunOver", "sun_over"]


@dataclass(frozen=True, slots=True)
class Light:
    """The Sun wanted over a place.

    sun_rad  (lowest, highest) elevation of its centre
    half     of the day; None: either
    terrain  elevations are counted from the edge of the ground under the Sun; else from the level

    Raises InputError for a range that is none.
    """

    sun_rad: tuple[float, float] = (-0.5 * math.pi, 0.5 * math.pi)
    half: Literal["morning", "evening"] | None = None
    terrain: bool = False

    def __post_init__(self) -> None:
        low, high = self.sun_rad
        if not -0.5 * math.pi <= low <= high <= 0.5 * math.pi:
            raise InputError(
                f"the Sun wanted {math.degrees(low):g} to {math.degrees(high):g} deg high: write"
                " the lower elevation first, between -90 and 90 deg"
            )

    def edge(self, body: str, latitude_rad: float, longitude_rad: float) -> Skyline | None:
        """The edge of the ground that elevations are counted from; None for the level."""
        if not self.terrain:
            return None
        # missions name a light and read no heights
        from cosmodrome.world.heights import terrain
        from cosmodrome.world.skylines import skyline

        return skyline(terrain(body), latitude_rad, longitude_rad)

    def holds(self, sun: SunOver) -> NDArray[np.bool_]:
        """(n,) does the Sun stand as wanted?"""
        low, high = self.sun_rad
        out = (low <= sun.height_rad) & (sun.height_rad <= high)
        if self.half is not None:
            out &= sun.morning == (self.half == "morning")
        return np.asarray(out)

    def __str__(self) -> str:
        low, high = (math.degrees(x) for x in self.sun_rad)
        over = "the edge of the ground" if self.terrain else "the level ground"
        when = "" if self.half is None else f", in the {self.half}"
        return f"{low:g} to {high:g} deg over {over}{when}"


@dataclass(frozen=True, slots=True, eq=False)
class SunOver:
    """Where the Sun stands at instants.

    elevation_rad, azimuth_rad  (n,) of its centre; from north over east, 0 to 2 pi
    height_rad  (n,) elevation above the edge that was given, or the level
    morning     (n,) has it not crossed the meridian yet?
    """

    elevation_rad: Array
    azimuth_rad: Array
    height_rad: Array
    morning: NDArray[np.bool_]


def sun_over(
    world: World,
    latitude_rad: float,
    longitude_rad: float,
    epoch: Epoch,
    t_s: ArrayLike,
    *,
    height_m: float = 0.0,
    edge: Skyline | None = None,
    body: str = "moon",
    axes: str = "moon-me",
) -> SunOver:
    """The Sun over a place on a body at seconds (n,) after an instant.

    height_m  of the place above the body's sphere
    edge      of the ground around it; None: level
    axes      body-fixed, of latitude and longitude

    Raises DataSpanError outside the ephemeris.
    """
    t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
    turn = fixed_from_gcrf_many(world, body, axes, epoch, t).matrix
    sun = np.einsum("nij,nj->ni", turn, world.ephemeris.positions_m("sun", epoch, t, body))
    enu = enu_axes(latitude_rad, longitude_rad)
    local = (sun - (body_of(body).figure_m + height_m) * enu[2]) @ enu.T
    elevation = np.arcsin(local[:, 2] / np.linalg.norm(local, axis=1))
    azimuth = np.mod(np.arctan2(local[:, 0], local[:, 1]), 2.0 * math.pi)
    above = elevation if edge is None else elevation - edge.mask_rad(azimuth)
    # east of the meridian: on bodies that turn eastward the Sun is still to cross it
    east = np.mod(np.arctan2(sun[:, 1], sun[:, 0]) - longitude_rad, 2.0 * math.pi)
    return SunOver(elevation, azimuth, above, east < math.pi)

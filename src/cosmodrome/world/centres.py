"""How an orbit is told by the body it goes round: heights, places on the ground, axes of elements.

    earth  elements in the true equator and equinox of date, apsides above 6,378.137 km, places on
           the WGS84 ellipsoid in ITRF axes
    moon   elements in its equator of date ("moon-equator"), apsides and heights above a sphere of
           1,737.4 km (IAU 2015), places in mean-Earth axes ("moon-me")

The Moon's equator of date is the plane normal to the z axis of moon-me at an instant; x is its
ascending node on the GCRF's equator, which is the node the IAU counts W from (Archinal et al. 2018,
figure 1). It is taken as fixed at the instant, as elements of date are; its pole goes round once in
18.6 years, 2e-5 rad a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import UnknownNameError, did_you_mean
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M, MOON, body
from cosmodrome.world.body_orientation import fixed_from_gcrf, fixed_from_gcrf_many
from cosmodrome.world.frame import Frame, Rotation, gcrf
from cosmodrome.world.geodesy import geodetic
from cosmodrome.world.moon_orientation import MoonOrientation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = [
    "CENTRES",
    "MOON_SPHERE_M",
    "Centre",
    "centre_named",
    "moon_equator_from_gcrf",
]

#: Laplace's sphere of influence of the Moon, a (m / M)^(2/5), rounded, m: within it a flight is
#: counted from the Moon
MOON_SPHERE_M = 66_000_000.0


@dataclass(frozen=True, slots=True)
class Centre:
    """A body that missions fly about.

    equator    axes of orbital elements: "tod", "moon-equator"
    fixed      axes that turn with the ground
    radius_m   above which the heights of apsides are counted
    low, high  what the apsides are called
    floor_m    height at which a flight ends: the entry interface, or the ground
    ended      what that is called
    """

    name: str
    equator: str
    fixed: str
    radius_m: float
    low: str
    high: str
    floor_m: float
    ended: str

    @property
    def frame(self) -> Frame:
        """Its frame of GCRF's axes."""
        return gcrf(self.name)

    @property
    def equator_frame(self) -> str:
        """The frame of elements as records write it."""
        return f"{self.name}/{self.equator}"

    def mu_m3_s2(self, world: World) -> float:
        """Of the gravity field that is flown."""
        return float(world.gravity(self.name, degree=2).mu_m3_s2)

    def equator_from_gcrf(self, world: World, epoch: Epoch) -> Rotation:
        """The axes of elements at an instant."""
        if self.equator == "tod":
            return world.orientation.tod_from_gcrf(epoch)
        return moon_equator_from_gcrf(epoch)

    def fixed_from_gcrf(self, world: World, epoch: Epoch) -> Rotation:
        """Rotation and rate to the axes that turn with the ground."""
        if self.fixed == "itrf":
            return world.orientation.itrf_from_gcrf(epoch)
        return fixed_from_gcrf(world, self.name, self.fixed, epoch)

    def fixed_from_gcrf_many(self, world: World, epoch: Epoch, t_s: Array) -> Rotation:
        """The same at seconds of TT after `epoch`."""
        return fixed_from_gcrf_many(world, self.name, self.fixed, epoch, t_s)

    def place(self, r_fixed_m: Array) -> tuple[Array, Array, Array]:
        """Latitude, east longitude, rad, and height, m, of places (..., 3) in the fixed axes."""
        figure = body(self.name)
        return geodetic(r_fixed_m, figure.figure_m, figure.flattening, self.name)


#: bodies that missions fly about
CENTRES = {
    c.name: c
    for c in (
        # the customary entry interface, 400,000 ft; the density model ends at 90 km
        Centre(
            "earth",
            "tod",
            "itrf",
            EARTH_EQUATORIAL_RADIUS_M,
            "perigee",
            "apogee",
            121_920.0,
            "re-entry",
        ),
        Centre(
            "moon", "moon-equator", "moon-me", MOON.figure_m, "perilune", "apolune", 0.0, "impact"
        ),
    )
}


def centre_named(name: str) -> Centre:
    """The body of that name. Raises UnknownNameError where missions fly about no such body."""
    if name not in CENTRES:
        raise UnknownNameError(f"missions do not fly about {name!r}. {did_you_mean(name, CENTRES)}")
    return CENTRES[name]


def moon_equator_from_gcrf(epoch: Epoch) -> Rotation:
    """The Moon's equator of date, taken as fixed at the instant; no rate.

    Raises DataSpanError outside 1962-2060.
    """
    moon = MoonOrientation()
    pole = (moon.me_from_pa() @ moon.pa_from_gcrf(epoch)).matrix[2]
    node = np.array([-pole[1], pole[0], 0.0])
    node /= np.linalg.norm(node)
    return Rotation("moon-equator", "gcrf", np.stack([node, np.cross(pole, node), pole]))

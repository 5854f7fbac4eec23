"""Launch azimuths: the two headings from which a pad reaches an inclination in one plane.

Spherical geometry about the Earth's axis with the geocentric latitude of the pad, because the
orbit plane passes through the Earth's centre: cos i = cos(latitude) sin(azimuth), the classical
relation (Vallado 2013, chapter 6). Directions cross as unit vectors in the pad's geodetic
east-north-up axes; angles are made from them last.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InfeasibleError
from cosmodrome.world.bodies import OMEGA_EARTH_RAD_S
from cosmodrome.world.geodesy import enu_axes, itrf_from_geodetic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Corridor

__all__ = [
    "PARKING_SPEED_M_S",
    "LaunchAzimuth",
    "azimuth_of",
    "in_corridor",
    "launch_azimuths",
    "within_corridors",
]

# circular speed 200 km up, sqrt(mu/r): what the vehicle is on its way to when it turns
PARKING_SPEED_M_S = 7784.0
# |cos i / cos lat| may exceed 1 by rounding where the plane just grazes the pad's parallel
_GRAZE = 1e-12
_EDGE_RAD = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class LaunchAzimuth:
    """One of the two ways into a plane that passes over the pad.

    branch               "ascending": northward at the pad; "descending": southward
    inertial_rad         azimuth of the inertial orbital velocity over the pad, [0, 2 pi)
    relative_rad         azimuth of the velocity to be gained relative to the turning Earth
    inertial_enu, relative_enu   those directions, (3,) unit, geodetic east-north-up at the pad
    node_minus_pad_rad   right ascension of the ascending node minus that of the pad, (-pi, pi]
    """

    branch: str
    inertial_rad: float
    relative_rad: float
    inertial_enu: NDArray[np.float64]
    relative_enu: NDArray[np.float64]
    node_minus_pad_rad: float


def azimuth_of(enu: NDArray[np.float64]) -> float:
    """Azimuth, [0, 2 pi) clockwise from north, of an east-north-up vector (3,)."""
    angle = math.atan2(float(enu[0]), float(enu[1])) % math.tau
    return 0.0 if angle >= math.tau else angle


def launch_azimuths(
    latitude_rad: float,
    inclination_rad: float,
    speed_m_s: float = PARKING_SPEED_M_S,
    height_m: float = 0.0,
) -> tuple[LaunchAzimuth, LaunchAzimuth]:
    """The ascending and the descending solution, in that order.

    latitude_rad     geodetic (WGS84) latitude of the pad; height_m above the ellipsoid
    inclination_rad  of the wanted plane, [0, pi]
    speed_m_s        inertial orbital speed from which the pad's own eastward speed is taken for
                     the relative azimuth: the direction in which velocity has to be gained

    Raises InfeasibleError when no plane of that inclination passes over the pad.
    """
    pad = itrf_from_geodetic(latitude_rad, 0.0, height_m)
    radius = float(np.linalg.norm(pad))
    cos_lat, sin_lat = float(pad[0]) / radius, float(pad[2]) / radius
    cos_i = math.cos(inclination_rad)
    if abs(cos_i) > cos_lat * (1.0 + _GRAZE):
        _refuse(latitude_rad, math.atan2(sin_lat, cos_lat), inclination_rad)
    east = max(-1.0, min(1.0, cos_i / cos_lat))
    # cos^2 lat - cos^2 i as a product of differences keeps its digits near grazing
    north = math.sqrt(max((cos_lat - cos_i) * (cos_lat + cos_i), 0.0)) / cos_lat
    axes = enu_axes(latitude_rad, 0.0)
    p_hat = np.array([cos_lat, 0.0, sin_lat])
    e_hat = np.array([0.0, 1.0, 0.0])
    n_hat = np.array([-sin_lat, 0.0, cos_lat])
    ground = OMEGA_EARTH_RAD_S * float(pad[0]) * e_hat

    def solution(branch: str, sign: float) -> LaunchAzimuth:
        d_hat = east * e_hat + sign * north * n_hat
        normal = np.cross(p_hat, d_hat)
        inertial = axes @ d_hat
        gained = speed_m_s * d_hat - ground
        relative = axes @ (gained / np.linalg.norm(gained))
        # the ascending node lies along z x normal
        node = math.atan2(float(normal[0]), -float(normal[1]))
        return LaunchAzimuth(
            branch, azimuth_of(inertial), azimuth_of(relative), inertial, relative, node
        )

    return solution("ascending", 1.0), solution("descending", -1.0)


def _refuse(latitude: float, geocentric: float, inclination: float) -> None:
    lat, low = math.degrees(latitude), abs(math.degrees(geocentric))
    ratio = abs(math.cos(inclination)) / math.cos(geocentric)
    side = "N" if lat >= 0.0 else "S"
    wanted = math.degrees(inclination)
    if wanted <= 90.0:
        limit = f"the lowest direct inclination from {abs(lat):.2f} {side} is {low:.2f} deg"
        fix = f"ask for {low:.2f} deg or more"
    else:
        limit = (
            f"the highest direct (retrograde) inclination from {abs(lat):.2f} {side} is"
            f" {180.0 - low:.2f} deg"
        )
        fix = f"ask for {180.0 - low:.2f} deg or less"
    raise InfeasibleError(
        f"inclination {wanted:.3f} deg: |cos i / cos lat| = {ratio:.3f} > 1: {limit} (its"
        f" geocentric latitude); {fix}, or launch from a pad nearer to the equator"
    )


def in_corridor(azimuth_rad: float, corridor: Corridor) -> bool:
    """Does the azimuth lie in the corridor, clockwise from first to last, across north too?

    Ends belong to it, to 1e-9 rad. first = last is a single heading; 0 to 360 deg is all.
    """
    if corridor.last_rad - corridor.first_rad >= math.tau:
        return True
    width = (corridor.last_rad - corridor.first_rad) % math.tau
    into = (azimuth_rad - corridor.first_rad + _EDGE_RAD) % math.tau
    return into <= width + 2.0 * _EDGE_RAD


def within_corridors(azimuth: LaunchAzimuth, corridors: Iterable[Corridor]) -> bool | None:
    """Does any corridor of the site allow this way? None when the site states no corridor."""
    verdicts = [
        in_corridor(
            azimuth.inertial_rad if corridor.kind == "inertial" else azimuth.relative_rad, corridor
        )
        for corridor in corridors
    ]
    return any(verdicts) if verdicts else None

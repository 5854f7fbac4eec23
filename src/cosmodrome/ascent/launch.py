"""The launch frame: where the pad is at lift-off, and the planet as the ascent sees it.

z is the Earth's spin axis (the celestial intermediate pole), x the pad's meridian at the moment
of first motion; inertial. Gravity here is zonal and the air co-rotates, so an ascent solved once
in this frame holds for every instant of lift-off. A steady wind over height blows along the
horizon of wherever the vehicle is, and turns with the Earth like the air.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.physics import aerodynamics
from cosmodrome.physics.powered import Body, Planet
from cosmodrome.world import bodies, geodesy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Site, Vehicle
    from cosmodrome.mission.nouns import WindTable
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["along", "bodies_of", "launch_axes", "pad_in_launch_frame", "planet_of"]


def planet_of(world: World, wind: WindTable | None = None) -> Planet:
    """The Earth of powered flight: zonal EGM2008 to J4, smooth US76, WGS84 heights, its wind."""
    gravity = world.gravity()
    return Planet(
        mu=gravity.mu_m3_s2,
        gravity_radius_m=gravity.radius_m,
        j2=gravity.zonal_j(2),
        j3=gravity.zonal_j(3),
        j4=gravity.zonal_j(4),
        omega_rad_s=bodies.OMEGA_EARTH_RAD_S,
        equatorial_radius_m=geodesy.WGS84_A,
        flattening=geodesy.WGS84_F,
        wind=None if wind is None else wind.curve(),
    )


def bodies_of(vehicle: Vehicle) -> tuple[Body, ...]:
    """What the air feels of a vehicle, configuration by configuration (`Vehicle.drag_tables`)."""
    return tuple(Body(t.area_m2, aerodynamics.cd_table(t.mach, t.cd)) for t in vehicle.drag_tables)


def along(
    vehicle: Vehicle, bodies: tuple[Body, ...], drops: Iterable[Sequence[str]]
) -> tuple[Body, ...]:
    """The body of each stretch of a flight; `drops` are the ids that leave at the ends of them."""
    gone: set[str] = set()
    out = []
    for leaving in drops:
        out.append(bodies[vehicle.drag_index(gone)])
        gone.update(leaving)
    return tuple(out)


def launch_axes(site: Site, lift_off: Epoch, world: World) -> NDArray[np.float64]:
    """launch_from_gcrf, (3, 3): rows are the launch frame's axes in GCRF at lift-off."""
    rotation = world.orientation.itrf_from_gcrf(lift_off)
    pad = geodesy.itrf_from_geodetic(site.latitude_rad, site.longitude_rad, site.height_m)
    r = rotation.T.vector(pad)
    z = world.orientation.cip_gcrf(lift_off)
    z = z / np.linalg.norm(z)
    x = r - (r @ z) * z
    x /= np.linalg.norm(x)
    return np.vstack([x, np.cross(z, x), z])


def pad_in_launch_frame(
    site: Site, epoch: Epoch, world: World
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Place and velocity of the pad, (3,) m and m/s, and (3, 3) rows up, east, north there.

    Up is the geodetic vertical. Only polar motion depends on `epoch` (some metres a year).
    """
    axes = launch_axes(site, epoch, world)
    to_gcrf = world.orientation.itrf_from_gcrf(epoch).T
    pad = geodesy.itrf_from_geodetic(site.latitude_rad, site.longitude_rad, site.height_m)
    r = axes @ to_gcrf.vector(pad)
    r[1] = 0.0  # by construction of the axes
    v = np.array([0.0, bodies.OMEGA_EARTH_RAD_S * r[0], 0.0])
    east_north_up = geodesy.enu_axes(site.latitude_rad, site.longitude_rad)
    up = axes @ to_gcrf.vector(east_north_up[2])
    up /= np.linalg.norm(up)
    east = np.array([0.0, 1.0, 0.0]) - up[1] * up
    east /= np.linalg.norm(east)
    return r, v, np.vstack([up, east, np.cross(up, east)])

"""Events from states: the derived numbers of an event are computed here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import FrameMismatchError
from cosmodrome.record.nouns import Event
from cosmodrome.world.centres import CENTRES
from cosmodrome.world.frame import GCRF

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["event_record", "flight_path_angle"]


def flight_path_angle(r: NDArray[np.float64], v: NDArray[np.float64]) -> float:
    """Angle of `v` above the plane normal to `r`, rad in [-pi/2, pi/2]; 0 at rest.

    By atan2 of the radial and the transverse component, so it is well conditioned everywhere.
    """
    r_hat = r / np.linalg.norm(r)
    vertical = float(r_hat @ v)
    horizontal = float(np.linalg.norm(v - vertical * r_hat))
    return float(np.arctan2(vertical, horizontal))


def event_record(name: str, object: str, state: State, lift_off: Epoch, world: World) -> Event:
    """The event `name` of `object` in `state`, in GCRF's axes about the Earth or the Moon.

    Altitude, latitude and longitude geodetic WGS84, about the Moon above 1,737.4 km in mean-Earth
    axes; the relative speed and its flight-path angle are those of the velocity in the axes that
    turn with the body (ITRF, moon-me).
    """
    if state.frame.axes != GCRF.axes or state.frame.centre not in CENTRES:
        raise FrameMismatchError(
            f"event {name!r} of {object!r} needs a state in {GCRF} or {CENTRES['moon'].frame}, got"
            f" {state.frame}: rotate it"
        )
    about = CENTRES[state.frame.centre]
    r_fixed, v_fixed = about.fixed_from_gcrf(world, state.epoch).velocity(state.r_m, state.v_m_s)
    latitude, longitude, altitude = about.place(r_fixed)
    return Event(
        name=name,
        object=object,
        t_s=state.epoch - lift_off,
        epoch=state.epoch,
        altitude_m=float(altitude),
        speed_inertial_m_s=float(np.linalg.norm(state.v_m_s)),
        speed_relative_m_s=float(np.linalg.norm(v_fixed)),
        flight_path_angle_rad=flight_path_angle(state.r_m, state.v_m_s),
        flight_path_angle_relative_rad=flight_path_angle(r_fixed, v_fixed),
        mass_kg=state.mass_kg,
        latitude_rad=float(latitude),
        longitude_rad=float(longitude),
        body=about.name,
    )

"""The state in which a mission that begins in orbit begins."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.elements import state_from_elements
from cosmodrome.dynamics.kepler import true_from_mean
from cosmodrome.dynamics.mean import osculating_from_mean
from cosmodrome.errors import InputError
from cosmodrome.record.nouns import Elements
from cosmodrome.targets.printed import Printed, printed_state
from cosmodrome.targets.sgp4 import sgp4_state
from cosmodrome.world.bodies import body
from cosmodrome.world.body_orientation import fixed_from_gcrf
from cosmodrome.world.centres import centre_named
from cosmodrome.world.frame import gcrf
from cosmodrome.world.heights import terrain
from cosmodrome.world.named_axes import centre_of, to_gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import Start, StartElements
    from cosmodrome.mission.starts import StartGround, StartPrinted
    from cosmodrome.world.world import World

__all__ = ["start_state"]

# WGS84 at the poles, and the lowest ground of the Moon
_INSIDE_M = {"earth": 6_356_752.3, "moon": body("moon").figure_m + body("moon").lowest_m}


def start_state(start: Start, mass_kg: float, world: World) -> State:
    """The state at `start.epoch` in GCRF's axes, about the body that the start is about.

    Osculating elements take the mean equator of their axes as fixed at the epoch, and the GM of
    EGM2008 (the Moon's: GRGM1200A). Mean elements get the short-period part of J2 back
    (`dynamics.mean`, tens of metres in low orbit). Elements of a TLE or OMM go through SGP4, which
    is good to a kilometre or so.

    A start on the ground is at rest in the Moon's mean-Earth axes, on the terrain where no height
    is written.

    Raises InputError where SGP4 fails, and for a start inside the Earth or the Moon.
    """
    if start.sgp4 is not None:
        return sgp4_state(start.sgp4, start.epoch, mass_kg, world.orientation)
    if start.printed is not None:
        return _outside(start, _from_printed(start, start.printed, mass_kg, world))
    if start.libration is not None:
        raise InputError(
            f"{start.source}: a path near a libration orbit is corrected in the forces of a"
            " mission; give it as the start of one"
        )
    if start.ground is not None:
        return _on_the_ground(start, start.ground, mass_kg, world)
    axes: str
    if start.elements is not None:
        axes = start.elements.axes
        r, v = _from_elements(start.elements, world)
    else:
        assert start.state is not None
        axes, r, v = start.state.axes, np.array(start.state.r_m), np.array(start.state.v_m_s)
    centre = centre_of(axes)
    r, v = to_gcrf(axes, world.orientation, start.epoch, r, v)
    return _outside(start, State(start.epoch, gcrf(centre), r, v, mass_kg))


def _outside(start: Start, state: State) -> State:
    """The state itself. Raises InputError where it lies inside its body."""
    centre = state.frame.centre
    radius = float(np.linalg.norm(state.r_m))
    if radius < _INSIDE_M[centre]:
        name = centre.capitalize()
        raise InputError(
            f"the start ({start.source}) lies {radius / 1e3:.1f} km from the {name}'s centre,"
            f" inside it: give another anomaly, or a higher {centre_named(centre).low}"
        )
    return state


def _on_the_ground(start: Start, place: StartGround, mass_kg: float, world: World) -> State:
    """At rest in the Moon's mean-Earth axes."""
    lat, lon, height = place.latitude_rad, place.longitude_rad, place.height_m
    if height is None:
        height = float(terrain("moon").height_m(lat, lon))
    up = np.array(
        [math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)]
    )  # fmt: skip
    turn = fixed_from_gcrf(world, "moon", "moon-me", start.epoch).T
    r, v = turn.velocity((body("moon").figure_m + height) * up, np.zeros(3))
    return State(start.epoch, gcrf("moon"), r, v, mass_kg)


def _from_printed(start: Start, p: StartPrinted, mass_kg: float, world: World) -> State:
    printed = Printed(
        p.body,
        start.epoch,
        p.latitude_rad,
        p.longitude_rad,
        p.height_m,
        p.speed_m_s,
        p.path_rad,
        p.heading_rad,
        figure_m=p.radius_m,
        flattening=None if p.radius_m is None else 0.0,
        north=p.north,
    )
    return printed_state(printed, mass_kg, world)


def _from_elements(
    given: StartElements, world: World
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place and velocity in the axes of the elements."""
    field = world.gravity(centre_of(given.axes), degree=2)
    f = given.anomaly_rad
    if given.anomaly == "mean":
        f = true_from_mean(f, given.e)
    elements = Elements(given.a_m, given.e, given.i_rad, given.raan_rad, given.argp_rad, f)
    r, v = state_from_elements(elements, field.mu_m3_s2)
    if given.mean:
        r, v = osculating_from_mean(r, v, field.mu_m3_s2, field.radius_m, field.zonal_j(2))
    return r, v

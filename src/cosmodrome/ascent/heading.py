"""The heading an optimum flies at the end of the first stage: the plan's relative azimuth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.world import geodesy

if TYPE_CHECKING:
    from cosmodrome.ascent.optimum import AscentSolution

__all__ = ["planned_heading_rad"]


def planned_heading_rad(solution: AscentSolution, first_stage: str) -> float:
    """Azimuth of the Earth-relative velocity where `first_stage` is dropped, rad in [0, 2 pi).

    Clockwise from geodetic north, from the optimiser's own nodes. It differs from the azimuth
    of the target plane by the yaw that the ascent still has to fly (about a degree).
    A vehicle that drops nothing (a single stage) is read at the end of its last arc.
    """
    arcs = solution.flight.arcs
    arc = next((a for a in arcs if first_stage in a.phase.drops), arcs[-1])
    r, v = arc.r_m[-1], arc.v_m_s[-1]
    relative = v - np.cross([0.0, 0.0, solution.planet.omega_rad_s], r)
    latitude, longitude, _ = geodesy.geodetic_from_itrf(r)
    east, north, _ = geodesy.enu_axes(float(latitude), float(longitude)) @ relative
    return math.atan2(float(east), float(north)) % (2.0 * math.pi)

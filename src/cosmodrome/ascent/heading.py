"""The heading an optimum flies at the end of the first stage, and how it turns its plane."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.record.nouns import PlaneChange
from cosmodrome.world import geodesy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.ascent.optimum import AscentSolution

__all__ = ["plane_change", "planned_heading_rad"]

# a burn that turns the plane by less steers, and changes no plane
_LEAST_TURN_RAD = math.radians(0.1)


def planned_heading_rad(solution: AscentSolution, first_stage: str) -> float:
    """Azimuth of the Earth-relative velocity where `first_stage` is dropped, rad in [0, 2 pi).

    Clockwise from geodetic north, from the optimiser's own nodes. It differs from the azimuth
    of the target plane by the yaw that the ascent still has to fly (about a degree).
    A vehicle that drops nothing (a single stage) is read at the end of its last arc.
    """
    r, v = _where_dropped(solution, first_stage)
    return _azimuth(r, v - np.cross([0.0, 0.0, solution.planet.omega_rad_s], r))


def plane_change(solution: AscentSolution, first_stage: str) -> PlaneChange:
    """From the plane at the end of the first stage to that of the release, burn by burn."""
    r, v = _where_dropped(solution, first_stage)
    arcs = solution.flight.arcs
    burns = []
    for k in solution.sequence.burns:
        arc = arcs[k]
        before, after = (np.cross(arc.r_m[j], arc.v_m_s[j]) for j in (0, -1))
        turned = math.atan2(float(np.linalg.norm(np.cross(before, after))), float(before @ after))
        if turned > _LEAST_TURN_RAD:
            burns.append((arc.phase.burning[0], arc.start_s, turned))
    last = arcs[-1]
    return PlaneChange(
        heading_rad=_azimuth(r, v),
        relative_rad=planned_heading_rad(solution, first_stage),
        launched_rad=_inclination(r, v),
        reached_rad=_inclination(last.r_m[-1], last.v_m_s[-1]),
        burns=tuple(burns),
    )


def _where_dropped(
    solution: AscentSolution, first_stage: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    arcs = solution.flight.arcs
    arc = next((a for a in arcs if first_stage in a.phase.drops), arcs[-1])
    return arc.r_m[-1], arc.v_m_s[-1]


def _azimuth(r: NDArray[np.float64], v: NDArray[np.float64]) -> float:
    latitude, longitude, _ = geodesy.geodetic_from_itrf(r)
    east, north, _ = geodesy.enu_axes(float(latitude), float(longitude)) @ v
    return math.atan2(float(east), float(north)) % (2.0 * math.pi)


def _inclination(r: NDArray[np.float64], v: NDArray[np.float64]) -> float:
    h = np.cross(r, v)
    return math.atan2(math.hypot(float(h[0]), float(h[1])), float(h[2]))

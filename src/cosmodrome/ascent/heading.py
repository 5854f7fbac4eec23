"""The heading an optimum flies at the end of the first stage, and how it turns its plane."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.climb import launch_heading
from cosmodrome.record.nouns import PlaneChange
from cosmodrome.world import geodesy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cosmodrome.ascent.optimum import AscentSolution
    from cosmodrome.ascent.programme import Programme
    from cosmodrome.catalog.nouns import Vehicle
    from cosmodrome.physics.powered import Planet
    from cosmodrome.powered.phases import Phase
    from cosmodrome.powered.statement import Arc

__all__ = [
    "direct_heading",
    "first_stage_ends",
    "heading_rad",
    "plane_change",
    "planned_heading_rad",
]

# a burn that turns the plane by less steers, and changes no plane
_LEAST_TURN_RAD = math.radians(0.1)


def direct_heading(problem: Programme, northbound: bool) -> tuple[float, float]:
    """Headings straight into the target plane, rad: over the ground in (-pi, pi], and inertial."""
    _, along, azimuth = launch_heading(
        problem.r0,
        problem.axes,
        problem.planet.omega_rad_s,
        problem.insertion.i_aim_rad,
        northbound,
        math.sqrt(problem.planet.mu / abs(problem.insertion.a_aim_m)),
    )
    return math.atan2(float(along @ problem.axes[1]), float(along @ problem.axes[2])), azimuth


def first_stage_ends(phases: Iterable[Phase], vehicle: Vehicle) -> int | None:
    """Index of the phase at whose end the first of the stages lit at lift-off is dropped.

    None: the vehicle drops none of them.
    """
    lit = {s.id for s in vehicle.stages if s.ignition.kind == "lift-off"}
    return next((i for i, p in enumerate(phases) if lit.intersection(p.drops)), None)


def heading_rad(arc: Arc, planet: Planet) -> float:
    """Azimuth of the Earth-relative velocity at the end of an arc, rad in [0, 2 pi).

    Clockwise from geodetic north, from the optimiser's own nodes.
    """
    r, v = arc.r_m[-1], arc.v_m_s[-1]
    return _azimuth(r, v - np.cross([0.0, 0.0, planet.omega_rad_s], r))


def planned_heading_rad(solution: AscentSolution, vehicle: Vehicle) -> float:
    """`heading_rad` of an optimum where the first stage is dropped.

    It differs from the azimuth of the target plane by the yaw that the ascent still has to fly
    (about a degree; more where a corridor turns it). A vehicle that drops nothing is read at the
    end of its last arc.
    """
    return heading_rad(_first_stage_arc(solution, vehicle), solution.planet)


def plane_change(solution: AscentSolution, vehicle: Vehicle) -> PlaneChange:
    """From the plane at the end of the first stage to that of the first release, burn by burn."""
    dropped = _first_stage_arc(solution, vehicle)
    r, v = dropped.r_m[-1], dropped.v_m_s[-1]
    arcs = solution.flight.arcs
    burns = []
    release = solution.sequence.stops[0] if solution.sequence.stops else len(arcs) - 1
    for k in solution.sequence.burns:
        if k > release:
            break
        arc = arcs[k]
        before, after = (np.cross(arc.r_m[j], arc.v_m_s[j]) for j in (0, -1))
        turned = math.atan2(float(np.linalg.norm(np.cross(before, after))), float(before @ after))
        if turned > _LEAST_TURN_RAD:
            burns.append((arc.phase.burning[0], arc.start_s, turned))
    last = arcs[release]
    return PlaneChange(
        heading_rad=_azimuth(r, v),
        relative_rad=heading_rad(dropped, solution.planet),
        launched_rad=_inclination(r, v),
        reached_rad=_inclination(last.r_m[-1], last.v_m_s[-1]),
        burns=tuple(burns),
    )


def _first_stage_arc(solution: AscentSolution, vehicle: Vehicle) -> Arc:
    arcs = solution.flight.arcs
    ends = first_stage_ends((a.phase for a in arcs), vehicle)
    return arcs[-1 if ends is None else ends]


def _azimuth(r: NDArray[np.float64], v: NDArray[np.float64]) -> float:
    latitude, longitude, _ = geodesy.geodetic_from_itrf(r)
    east, north, _ = geodesy.enu_axes(float(latitude), float(longitude)) @ v
    return math.atan2(float(east), float(north)) % (2.0 * math.pi)


def _inclination(r: NDArray[np.float64], v: NDArray[np.float64]) -> float:
    h = np.cross(r, v)
    return math.atan2(math.hypot(float(h[0]), float(h[1])), float(h[2]))

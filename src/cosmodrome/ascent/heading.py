"""The heading an optimum flies at the end of the first stage: the plan's relative azimuth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.world import geodesy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cosmodrome.ascent.optimum import AscentSolution
    from cosmodrome.catalog.nouns import Vehicle
    from cosmodrome.physics.powered import Planet
    from cosmodrome.powered.phases import Phase
    from cosmodrome.powered.statement import Arc

__all__ = ["first_stage_ends", "heading_rad", "planned_heading_rad"]


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
    relative = v - np.cross([0.0, 0.0, planet.omega_rad_s], r)
    latitude, longitude, _ = geodesy.geodetic_from_itrf(r)
    east, north, _ = geodesy.enu_axes(float(latitude), float(longitude)) @ relative
    return math.atan2(float(east), float(north)) % (2.0 * math.pi)


def planned_heading_rad(solution: AscentSolution, vehicle: Vehicle) -> float:
    """`heading_rad` of an optimum where the first stage is dropped.

    It differs from the azimuth of the target plane by the yaw that the ascent still has to fly
    (about a degree; more where a corridor turns it). A vehicle that drops nothing is read at the
    end of its last arc.
    """
    arcs = solution.flight.arcs
    ends = first_stage_ends((a.phase for a in arcs), vehicle)
    return heading_rad(arcs[-1 if ends is None else ends], solution.planet)

"""A climb handed to the compiled core."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.ascent.lanes import (
    HEAT_AFTER_S,
    HEAT_SPEED_M_S,
    HEIGHTS_M,
    HIGH_M,
    MACH,
    OVER,
    air_rows,
    coast_steps,
    drag_rows,
    pushed,
    steps_of,
)
from cosmodrome.ascent.shape import PITCH_OVER_S
from cosmodrome.solvers.core_climb import (
    ClimbGoal,
    ClimbLaw,
    ClimbPlanet,
    ClimbRules,
    CoreClimb,
    Lines,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cosmodrome.ascent.climb import Climb

__all__ = ["compiled"]


def compiled(climb: Climb, steps_s: tuple[float, float], burn_step_s: float) -> CoreClimb:
    """The same vehicle, pad and goal in the core; longest steps in sections and in the tail."""
    planet = climb.planet
    core = CoreClimb(
        ClimbPlanet(
            planet.mu,
            planet.gravity_radius_m,
            planet.j2,
            planet.j3,
            planet.j4,
            planet.omega_rad_s,
            planet.equatorial_radius_m,
            planet.flattening,
            _lines(HEIGHTS_M, air_rows(planet)),
        ),
        climb.body.area_m2,
        _lines(MACH, drag_rows(climb.body)),
        ClimbLaw(climb.rise_s, PITCH_OVER_S, climb.turn_s, climb.aim_s, OVER),
        ClimbGoal(climb.way == "apogee", climb.enter_m, climb.a_m),
        ClimbRules(
            climb.fairing_kg,
            climb.fairing_at,
            climb.heat,
            HEAT_AFTER_S,
            HEAT_SPEED_M_S,
            HIGH_M,
            climb.least_kg,
            burn_step_s,
        ),
    )
    core.stand(climb.r0, climb.v0, climb.liftoff_kg, climb.axes[0], climb.heading, climb.normal)
    for section in climb.timeline.sections:
        thrust, flow = pushed(section)
        core.add_section(
            section.end_s - section.start_s,
            steps_of(section, steps_s),
            bool(section.burning),
            thrust,
            section.thrust_slope_n_s,
            section.exit_area_m2,
            flow,
            section.flow_slope_kg_s2,
            sum(d.mass_kg for d in section.drops),
        )
    for k, entry in enumerate(climb.timeline.tail):
        coast_s = climb.first_coast_s(k)
        core.add_stage(
            climb.left_behind_kg(k - 1) if k > 0 else 0.0,
            coast_s,
            coast_steps(coast_s),
            *climb.engine(k),
            entry.stage.solid,
        )
    return core


def _lines(knots: NDArray[np.float64], rows: NDArray[np.float64]) -> Lines:
    return Lines(float(knots[0]), float(knots[1] - knots[0]), rows)

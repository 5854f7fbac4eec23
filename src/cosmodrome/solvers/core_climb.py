"""The climb of an ascent's first guess in the compiled core: many coarse ascents at once.

The specification is `cosmodrome.ascent.climb.Climb.specified`; SI, launch frame.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.solvers import _core
from cosmodrome.solvers.core_model import as_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["ClimbGoal", "ClimbLaw", "ClimbPlanet", "ClimbRules", "CoreClimb", "Flown", "Lines"]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Straight lines between equally spaced knots, the end values beyond them.

    start, step   the first knot and the distance of two
    rows          (knots, columns)
    """

    start: float
    step: float
    rows: Array


@dataclass(frozen=True, slots=True, eq=False)
class ClimbPlanet:
    """A planet with its air: the fields of `physics.powered.Planet`, z along the spin axis.

    air   over height in m: logarithm of density in kg/m^3, of pressure in Pa, speed of sound
    """

    mu: float
    gravity_radius_m: float
    j2: float
    j3: float
    j4: float
    omega_rad_s: float
    equatorial_radius_m: float
    flattening: float
    air: Lines


@dataclass(frozen=True, slots=True)
class ClimbLaw:
    """Steering by the clock, in seconds from lift-off.

    rise_s, pitch_over_s   end of the vertical rise, and how long the pitch-over lasts
    turn_s, aim_s   linear tangent runs from one to the other, and on to `over` of that way
    """

    rise_s: float
    pitch_over_s: float
    turn_s: float
    aim_s: float
    over: float


@dataclass(frozen=True, slots=True)
class ClimbGoal:
    """Where a lane ends: an orbit of semi-major axis a, or, `apogee`, an arc that touches enter."""

    apogee: bool
    enter_m: float
    a_m: float


@dataclass(frozen=True, slots=True)
class ClimbRules:
    """The fairing goes at `fairing_at_s`, or where the heat flux falls below `heat_w_m2` while
    the clock is past `heat_after_s` and the speed through the air above `heat_speed_m_s`.

    high_m         height whose first passing is told
    least_kg       a lane lighter than this is spent
    """

    fairing_kg: float
    fairing_at_s: float | None
    heat_w_m2: float | None
    heat_after_s: float
    heat_speed_m_s: float
    high_m: float
    least_kg: float
    burn_step_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Flown:
    """Lanes at the end of their climb.

    r_m, v_m_s       (3, n); m_kg (n,); t_s the clock
    fixed_r_m, fixed_v_m_s   (3, n) where the sections end
    burns_s          (stages or 1, n); last (n,) the stage that ended the lane
    lowest_m         (n,) least distance from the centre from there on
    fairing_s, high_s   (n,) not-a-number where it did not happen
    track                (notes, 8) time, place, velocity, 1 where an engine runs; recorded only
    """

    t_s: float
    r_m: Array
    v_m_s: Array
    m_kg: Array
    fixed_r_m: Array
    fixed_v_m_s: Array
    burns_s: Array
    last: NDArray[np.int64]
    lowest_m: Array
    fairing_s: Array
    high_s: Array
    track: Array


class CoreClimb:
    """One vehicle on one pad; lanes differ in steering only."""

    def __init__(
        self,
        planet: ClimbPlanet,
        drag_area_m2: float,
        drag: Lines,
        law: ClimbLaw,
        goal: ClimbGoal,
        rules: ClimbRules,
    ) -> None:
        self.handle = _core.Climb(
            planet.mu,
            planet.gravity_radius_m,
            planet.j2,
            planet.j3,
            planet.j4,
            planet.omega_rad_s,
            planet.equatorial_radius_m,
            planet.flattening,
        )
        air = planet.air
        self.handle.set_air(air.start, air.step, as_rows(air.rows))
        self.handle.set_drag(drag_area_m2, drag.start, drag.step, as_rows(drag.rows))
        self.handle.set_law(law.rise_s, law.pitch_over_s, law.turn_s, law.aim_s, law.over)
        self.handle.set_goal(goal.apogee, goal.enter_m, goal.a_m)
        self.handle.set_fairing(
            rules.fairing_kg,
            math.nan if rules.fairing_at_s is None else rules.fairing_at_s,
            rules.heat_w_m2 or 0.0,
            rules.heat_after_s,
            rules.heat_speed_m_s,
        )
        self.handle.set_steps(rules.burn_step_s, rules.high_m, rules.least_kg)

    def stand(
        self, r_m: Array, v_m_s: Array, mass_kg: float, up: Array, heading: Array, normal: Array
    ) -> None:
        """The pad: place, velocity and mass at lift-off; unit vectors up, along, off the plane."""
        self.handle.set_pad(*(as_rows(x) for x in (r_m, v_m_s, up, heading, normal)), mass_kg)

    def add_section(
        self,
        length_s: float,
        steps: int,
        burning: bool,
        thrust_n: float,
        thrust_slope_n_s: float,
        exit_area_m2: float,
        flow_kg_s: float,
        flow_slope_kg_s2: float,
        drop_kg: float,
    ) -> None:
        """Engines by the clock, linear in time from their start, and what is dropped at its end."""
        self.handle.add_section(
            length_s,
            steps,
            burning,
            thrust_n,
            thrust_slope_n_s,
            exit_area_m2,
            flow_kg_s,
            flow_slope_kg_s2,
            drop_kg,
        )

    def add_stage(
        self,
        left_behind_kg: float,
        coast_s: float,
        coast_steps: int,
        thrust_n: float,
        flow_kg_s: float,
        longest_s: float,
        solid: bool,
    ) -> None:
        """A stage that burns until the goal or, a solid one, to its end.

        left_behind_kg is dropped before it by lanes that have not ended.
        """
        self.handle.add_stage(
            left_behind_kg, coast_s, coast_steps, thrust_n, flow_kg_s, longest_s, solid
        )

    def fly(self, steering: Array, level: str = "", recorded: bool = False) -> Flown:
        """Lanes of (3, n) slopes: of the pitch-over, and the first and last tangent.

        A recorded flight is of one lane; the last step of a burn is cut to what it needs.
        """
        out = self.handle.fly(as_rows(steering), level, recorded)
        return Flown(
            out["t"],
            out["r"],
            out["v"],
            out["m"][0],
            out["fixed_r"],
            out["fixed_v"],
            out["burns"],
            out["last"][0].astype(np.int64),
            out["lowest"][0],
            out["fairing"][0],
            out["high"][0],
            out["track"],
        )

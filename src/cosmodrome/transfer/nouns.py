"""What is asked of a transfer, and what is answered: frozen, SI, no frame but the one given."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import CraftEngine

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from cosmodrome.powered.collocation import Track

    Array = NDArray[np.float64]

__all__ = ["Burning", "Engine", "Goal", "TransferProblem", "TransferSolution"]


#: what the spacecraft of a mission thrusts with
Engine = CraftEngine


@dataclass(frozen=True, slots=True)
class Goal:
    """The orbit to reach, by osculating elements; None leaves one free. z is the pole.

    a_m      negative for a departure
    e        with a_m; 0 is a circle
    i_rad    0 to below pi
    raan_rad, argp_rad   argp needs e above 0 and counts from the node; where i is 0 it counts from
                         the x axis and raan says nothing

    Raises InputError for elements that are no orbit, or for none at all.
    """

    a_m: float | None = None
    e: float | None = None
    i_rad: float | None = None
    raan_rad: float | None = None
    argp_rad: float | None = None

    def __post_init__(self) -> None:
        if all(x is None for x in (self.a_m, self.e, self.i_rad)):
            raise InputError("a transfer needs something to reach: give a, e or i of the orbit")
        if self.e is not None and not 0.0 <= self.e < math.inf:
            raise InputError(f"e = {self.e} is no eccentricity; give 0 or more")
        both = self.a_m is not None and self.e is not None
        if both and not self.a_m * (1.0 - self.e * self.e) > 0.0:  # type: ignore[operator]
            raise InputError(
                f"a = {self.a_m} m with e = {self.e} is no orbit: a must be positive for e < 1 and"
                " negative for e > 1"
            )
        if self.i_rad is not None and not 0.0 <= self.i_rad <= math.pi:
            raise InputError(f"i = {self.i_rad} rad is outside 0 to pi")
        if self.argp_rad is not None and not (self.e is not None and self.e > 0.0):
            raise InputError("an argument of perigee needs an eccentricity above 0 beside it")
        if self.raan_rad is not None and self.i_rad is None:
            raise InputError("a node needs an inclination beside it")


@dataclass(frozen=True, slots=True)
class TransferProblem:
    """A transfer between orbits by a number of burns at full thrust.

    r_m, v_m_s     (3,) start, inertial axes with z along the spin axis of the body
    burns          how many
    anomaly_free   may the start lie anywhere on its orbit? Its elements then hold half a
                   revolution before the first burn
    j2, radius_m   oblateness of the optimised model and its reference radius; 0: a point mass
    lowest_m       radius not to go below; None: half a per cent below the
                   least of both orbits' perigees
    highest_m      radius not to go beyond between burns; None: 1.5 times the largest apogee,
                   30 perigees on the way to an open orbit
    longest_s      limit of the whole duration; None: none
    second_kg      price of a second of duration in kg; 0: least propellant alone
    propellant_kg  what there is to burn; None: no limit but the mass
    offset         added to the conditions of the goal (`goals.conditions`): the aim is shifted so
                   that what the model leaves out brings the flight to the goal
    """

    mu_m3_s2: float
    r_m: Array
    v_m_s: Array
    mass_kg: float
    engine: Engine
    goal: Goal
    burns: int = 2
    anomaly_free: bool = True
    j2: float = 0.0
    radius_m: float = 6_378_136.3
    lowest_m: float | None = None
    highest_m: float | None = None
    longest_s: float | None = None
    second_kg: float = 0.0
    propellant_kg: float | None = None
    offset: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.burns <= 12:
            raise InputError(f"a transfer by {self.burns} burns: give 1 to 12")
        if not self.mass_kg > 0.0:
            raise InputError(f"a spacecraft of {self.mass_kg} kg: give a positive mass")
        if not self.second_kg >= 0.0:
            raise InputError(f"a second priced at {self.second_kg} kg: give 0 or more")


@dataclass(frozen=True, slots=True, eq=False)
class Burning:
    """One burn: from `start_s` to `end_s` after the start of the transfer.

    t_s, directions   (n,), (n, 3) thrust direction at instants of the burn, unit vectors in the
                      problem's axes
    mass_kg           at its start
    before, after     (6,) place and velocity at its ends
    """

    start_s: float
    end_s: float
    t_s: Array
    directions: Array
    mass_kg: float
    before: Array
    after: Array
    propellant_kg: float
    delta_v_m_s: float


@dataclass(frozen=True, slots=True, eq=False)
class TransferSolution:
    """An optimum.

    burns        in order of time
    final        (6,) place and velocity at the last cut-off, problem's axes
    impulsive_m_s  velocity change of the impulsive optimum it was refined from
    residuals    "mesh": the sum of the local errors of the collocation, in units of the elements
    budget       iterations, meshes
    tracks       coast, burn, coast, burn ... as solved, from which a like problem starts warm
    """

    problem: TransferProblem
    burns: tuple[Burning, ...]
    duration_s: float
    propellant_kg: float
    delta_v_m_s: float
    impulsive_m_s: float
    final: Array
    final_mass_kg: float
    residuals: Mapping[str, float] = field(default_factory=dict)
    budget: Mapping[str, float] = field(default_factory=dict)
    tracks: tuple[Track, ...] = field(default=(), repr=False)

"""The statement of a powered flight, and flights on its phases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cosmodrome.maths import Vector
    from cosmodrome.physics.powered import Body, Planet
    from cosmodrome.powered.phases import Phase

__all__ = ["Arc", "Budget", "Powered", "Span", "Statement", "Waypoint"]

# payload and left-over are counted in this part of the lift-off mass
_UNIT = 1.0 / 312.0


@dataclass(frozen=True, slots=True)
class Waypoint:
    """Conditions at the end of a phase: outputs of `formula` lie in [lower, upper].

    phase    index; negative counts from the last
    formula  (ops, r, v, t, *own) -> values near one in size; r, v in canonical units (planet
             radius 1, mu 1), t in seconds after lift-off, own unknowns of this waypoint
    timed    does the formula use t?
    elastic  may it be missed at a price: is it the target?
    own      (r, v) -> first values of the waypoint's own unknowns, where it has any
    every    on all nodes of the phase but its first, instead of at its end
    price    of falling short of the lower bounds by one, mass units; 0: they hold
    """

    name: str
    phase: int
    formula: Callable[..., Sequence[Any]]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    timed: bool = False
    elastic: bool = False
    own: Callable[[Vector, Vector], tuple[float, ...]] | None = None
    every: bool = False
    price: float = 0.0


@dataclass(frozen=True, slots=True)
class Span:
    """Phases `first` to `last` (indices, both counted) take `total_s` together."""

    first: int
    last: int
    total_s: float


@dataclass(frozen=True, slots=True)
class Budget:
    """Main propellant a stage may use in all of its phases; `exact`: it uses all of it."""

    stage: str
    usable_kg: float
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole problem of powered flight.

    r0_m, v0_m_s      (3,) start, m and m/s, in inertial axes with z along the planet's spin
    axes              (3, 3) rows up, east, north: the held direction, and those of the pitch-over
    liftoff_dry_kg    mass at the start without the payload
    waypoints         what must hold at the ends of phases, the target among them
    last              the stage whose unused propellant is the left-over; None: there is none
    bodies            what the air feels in each phase; empty: `body` in all of them
    """

    planet: Planet
    body: Body
    phases: tuple[Phase, ...]
    r0_m: NDArray[np.float64]
    v0_m_s: NDArray[np.float64]
    axes: NDArray[np.float64]
    liftoff_dry_kg: float
    waypoints: tuple[Waypoint, ...]
    last: Budget | None = None
    spans: tuple[Span, ...] = ()
    budgets: tuple[Budget, ...] = ()
    bodies: tuple[Body, ...] = ()

    @property
    def mass_unit_kg(self) -> float:
        """What payload, left-over and the objective are counted in."""
        return self.liftoff_dry_kg * _UNIT


@dataclass(frozen=True, slots=True, eq=False)
class Arc:
    """One phase as solved or guessed, SI: nodes of the phase's own mesh.

    r_m, v_m_s (k, 3); u (k, 3) or None; mass_kg at the start; where the throttle is free,
    throttle (k,) and masses_kg (k,), else None
    """

    phase: Phase
    start_s: float
    duration_s: float
    mass_kg: float
    r_m: NDArray[np.float64]
    v_m_s: NDArray[np.float64]
    u: NDArray[np.float64] | None
    throttle: NDArray[np.float64] | None = None
    masses_kg: NDArray[np.float64] | None = None

    @property
    def end_s(self) -> float:
        """Seconds after lift-off."""
        return self.start_s + self.duration_s

    @property
    def end_mass_kg(self) -> float:
        """Before anything is dropped."""
        if self.masses_kg is not None:
            return float(self.masses_kg[-1])
        return self.mass_kg - self.phase.spent_kg(1.0, self.duration_s)

    def steady(
        self, fraction: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Vacuum thrust in N and mass in kg at fractions, but for what a free throttle does."""
        phase = self.phase
        anchor = 0.0 if phase.slopes_end_s is None else phase.slopes_end_s - self.duration_s
        t0, t = anchor, anchor + fraction * self.duration_s
        thrust = phase.thrust_vacuum_n + phase.thrust_slope_n_s * t
        spent = (t - t0) * (phase.flow_kg_s + 0.5 * phase.flow_slope_kg_s2 * (t + t0))
        return thrust, self.mass_kg - spent


@dataclass(frozen=True, slots=True, eq=False)
class Powered:
    """A solution (or guess): arcs in order and the static unknowns.

    payload_kg, left_kg; kick (2,) pitch-over slopes to east and north
    q_excess: by how much the dynamic pressure limit is exceeded, as a part of it
    miss (6,) m and m/s that the end lacks to the target, where it may be missed
    short: what waypoints with a price lack, in their order
    """

    arcs: tuple[Arc, ...]
    payload_kg: float
    left_kg: float
    kick: NDArray[np.float64]
    q_excess: float = 0.0
    miss: NDArray[np.float64] | None = None
    short: tuple[float, ...] = ()

    @property
    def miss_m(self) -> float:
        """Size of the missing place."""
        return 0.0 if self.miss is None else float((self.miss[:3] @ self.miss[:3]) ** 0.5)

    @property
    def miss_m_s(self) -> float:
        """Size of the missing velocity."""
        return 0.0 if self.miss is None else float((self.miss[3:] @ self.miss[3:]) ** 0.5)

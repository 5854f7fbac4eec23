"""The statement of a powered flight, and flights on its phases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cosmodrome.maths import Ops, Vector
    from cosmodrome.physics.powered import Body, Planet
    from cosmodrome.powered.phases import Phase

__all__ = ["Arc", "Ending", "Powered", "Statement"]


@dataclass(frozen=True, slots=True)
class Ending:
    """Conditions on the last state: outputs of `formula` lie in [lower, upper].

    formula  (ops, r, v) in canonical units (planet radius 1, mu 1) -> values, near one in size
    """

    formula: Callable[[Ops, Vector, Vector], Sequence[Any]]
    lower: tuple[float, ...]
    upper: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole problem of powered flight.

    r0_m, v0_m_s      (3,) start, m and m/s, in inertial axes with z along the planet's spin
    axes              (3, 3) rows up, east, north: the held direction, and those of the pitch-over
    liftoff_dry_kg    mass at the start without the payload
    end_dry_kg        mass at the end that is neither payload nor left-over propellant
    ending            what must hold at the end
    """

    planet: Planet
    body: Body
    phases: tuple[Phase, ...]
    r0_m: NDArray[np.float64]
    v0_m_s: NDArray[np.float64]
    axes: NDArray[np.float64]
    liftoff_dry_kg: float
    end_dry_kg: float
    ending: Ending


@dataclass(frozen=True, slots=True, eq=False)
class Arc:
    """One phase as solved or guessed, SI: nodes of the phase's own mesh.

    r_m, v_m_s (k, 3); u (k, 3) or None; mass_kg at the start
    """

    phase: Phase
    start_s: float
    duration_s: float
    mass_kg: float
    r_m: NDArray[np.float64]
    v_m_s: NDArray[np.float64]
    u: NDArray[np.float64] | None

    @property
    def end_s(self) -> float:
        """Seconds after lift-off."""
        return self.start_s + self.duration_s

    @property
    def end_mass_kg(self) -> float:
        """Before anything is dropped."""
        return self.mass_kg - self.phase.flow_kg_s * self.duration_s


@dataclass(frozen=True, slots=True, eq=False)
class Powered:
    """A solution (or guess): arcs in order and the static unknowns.

    payload_kg, left_kg; kick (2,) pitch-over slopes to east and north
    q_excess: by how much the dynamic pressure limit is exceeded, as a part of it
    """

    arcs: tuple[Arc, ...]
    payload_kg: float
    left_kg: float
    kick: NDArray[np.float64]
    q_excess: float = 0.0

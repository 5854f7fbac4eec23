"""Phases of powered flight: what the optimiser is told about each stretch between two marks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Path", "Phase", "Steering", "uniform"]

Steering = Literal["held", "pitch-over", "free", "none"]


@dataclass(frozen=True, slots=True)
class Path:
    """Limits along a phase; None = not limited there.

    dynamic_pressure_pa   elastic: exceeding it costs, and is reported
    q_alpha_pa_rad        dynamic pressure times the sine of the angle of attack
    heat_flux_w_m2        free-molecular, once the fairing is gone
    """

    dynamic_pressure_pa: float | None = None
    q_alpha_pa_rad: float | None = None
    heat_flux_w_m2: float | None = None


def uniform(intervals: int) -> tuple[float, ...]:
    """Mesh fractions of `intervals` equal pieces of a phase."""
    return tuple(float(x) for x in np.linspace(0.0, 1.0, intervals + 1))


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of constant thrust and flow.

    duration_s           first guess, and the value when lower_s == upper_s
    group, group_s       phases of one group share out a fixed total time (a fairing jettison
                         somewhere inside a stage's burn)
    drop_kg              mass that leaves at the end
    burning, drops, settling   ids for the plan
    steering             "held": along the direction fixed at lift-off; "pitch-over": turned from
                         it by a smooth ramp of free size and heading; "free"; "none": coasting
    joined               the thrust direction continues from the previous steered phase
    calm                 turning of the thrust direction is paid for, so that it stays flyable
    suborbital_end       vacuum perigee below the surface at the end
    mesh, points         fractions of the phase; Lobatto points per interval
    """

    name: str
    duration_s: float
    lower_s: float
    upper_s: float
    thrust_vacuum_n: float = 0.0
    exit_area_m2: float = 0.0
    flow_kg_s: float = 0.0
    drop_kg: float = 0.0
    burning: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    settling: tuple[str, ...] = ()
    steering: Steering = "none"
    joined: bool = True
    group: str = ""
    group_s: float = 0.0
    calm: bool = False
    suborbital_end: bool = False
    path: Path = Path()
    mesh: tuple[float, ...] = (0.0, 1.0)
    points: int = 4

    @property
    def intervals(self) -> int:
        """Number of mesh intervals."""
        return len(self.mesh) - 1

    @property
    def steered(self) -> bool:
        """Does an engine push in this phase?"""
        return self.steering != "none"

    def with_mesh(self, mesh: NDArray[np.float64] | tuple[float, ...]) -> Phase:
        """The same phase on another mesh."""
        return replace(self, mesh=tuple(float(x) for x in mesh))

    @property
    def node_fractions(self) -> NDArray[np.float64]:
        """(intervals * (points - 1) + 1,) places of the collocation nodes, 0..1."""
        from cosmodrome.maths import lobatto

        c = lobatto(self.points).nodes
        mesh = np.asarray(self.mesh)
        inner = mesh[:-1, None] + np.diff(mesh)[:, None] * c[None, 1:]
        nodes: NDArray[np.float64] = np.r_[mesh[0], inner.ravel()]
        return nodes

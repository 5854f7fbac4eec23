"""Phases of powered flight: what the optimiser is told about each stretch between two marks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.vehicle import FreeThrust

__all__ = ["Path", "Phase", "Steering", "uniform"]

Steering = Literal["held", "pitch-over", "free", "none"]


@dataclass(frozen=True, slots=True)
class Path:
    """Limits along a phase; None = not limited there.

    dynamic_pressure_pa   elastic: exceeding it costs, and is reported
    q_alpha_pa_rad        dynamic pressure times the sine of the angle of attack
    heat_flux_w_m2        free-molecular, once the fairing is gone
    axial_m_s2            net thrust over mass, where the throttle is free
    lowest_m              height above the equatorial radius
    """

    dynamic_pressure_pa: float | None = None
    q_alpha_pa_rad: float | None = None
    heat_flux_w_m2: float | None = None
    axial_m_s2: float | None = None
    lowest_m: float | None = None


def uniform(intervals: int) -> tuple[float, ...]:
    """Mesh fractions of `intervals` equal pieces of a phase."""
    return tuple(float(x) for x in np.linspace(0.0, 1.0, intervals + 1))


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch between two marks; thrust and flow constant or straight lines of time.

    duration_s           first guess, and the value when lower_s == upper_s
    thrust_vacuum_n, flow_kg_s   where slopes count from, without what is free to throttle
    thrust_slope_n_s, flow_slope_kg_s2   change per second
    slopes_end_s         None: slopes count from the phase's start; else the phase ends this many
                         seconds after where they count from (second part of a cut stretch)
    free                 engines whose throttle is a control; mass is then a state
    draws                ((stage id, main flow in kg/s), ...) of steady engines with a budget
    drop_kg              mass that leaves at the end
    resets_to_kg         mass after the end without the payload, where a stage with a free burn
                         left; None: what was there less drop_kg
    drops_payload        the payload leaves at the end too
    burning, drops, settling   ids for the plan
    steering             "held": along the direction fixed at lift-off; "pitch-over": turned from
                         it by a smooth ramp of free size and heading; "free"; "none": coasting
    ramp                 part of the pitch-over's ramp that this phase flies, (0, 1) for all of it
    joined               the thrust direction continues from the previous steered phase
    calm                 turning of the thrust direction is paid for, so that it stays flyable
    mesh, points         fractions of the phase; Lobatto points per interval
    """

    name: str
    duration_s: float
    lower_s: float
    upper_s: float
    thrust_vacuum_n: float = 0.0
    exit_area_m2: float = 0.0
    flow_kg_s: float = 0.0
    thrust_slope_n_s: float = 0.0
    flow_slope_kg_s2: float = 0.0
    slopes_end_s: float | None = None
    free: FreeThrust | None = None
    draws: tuple[tuple[str, float], ...] = ()
    drop_kg: float = 0.0
    resets_to_kg: float | None = None
    drops_payload: bool = False
    burning: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    settling: tuple[str, ...] = ()
    steering: Steering = "none"
    ramp: tuple[float, float] = (0.0, 1.0)
    joined: bool = True
    calm: bool = False
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

    @property
    def sloped(self) -> bool:
        """Do thrust and flow change along a thrust curve?"""
        return self.thrust_slope_n_s != 0.0 or self.flow_slope_kg_s2 != 0.0

    @property
    def fixed(self) -> bool:
        """Is its length given?"""
        return self.lower_s == self.upper_s

    def since(self, fraction: float) -> tuple[float, float]:
        """(a, b): seconds since where slopes count from are a + b * duration."""
        return (0.0, fraction) if self.slopes_end_s is None else (self.slopes_end_s, fraction - 1.0)

    def spent_kg(self, fraction: float, duration_s: float) -> float:
        """Steady mass gone by a fraction of the phase, for this duration."""
        a, b = self.since(0.0)
        start = a + b * duration_s
        a, b = self.since(fraction)
        end = a + b * duration_s
        return (end - start) * (self.flow_kg_s + 0.5 * self.flow_slope_kg_s2 * (end + start))

    def mass_after_kg(self, end_kg: float, payload_kg: float) -> float:
        """Mass after what leaves at the end, of the mass before it."""
        if self.resets_to_kg is not None:
            return self.resets_to_kg + payload_kg
        return end_kg - self.drop_kg - (payload_kg if self.drops_payload else 0.0)

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

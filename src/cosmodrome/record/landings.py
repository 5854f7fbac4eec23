"""Dispersed landings as data: what was drawn, and how each ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LandingCase", "Landings"]


@dataclass(frozen=True, slots=True)
class LandingCase:
    """One landing.

    number         its place in the draws of the seed
    place_m, speed_m_s   (3,) off the plan at ignition: east, north and up of the site
    mass_kg        off the plan; thrust, isp of the true engine as parts of the plan's
    outcome        "landed", "infeasible", "missed" or "not converged", and why
    propellant_kg  burnt to the ground, or up to where it was found infeasible
    left_kg        above the reserve at the touchdown; None without one
    short_kg, short_m_s   of propellant, where that is what is short
    east_m, north_m, across_m_s, sink_m_s   at the touchdown; None without one
    """

    number: int
    place_m: tuple[float, float, float]
    speed_m_s: tuple[float, float, float]
    mass_kg: float
    thrust: float
    isp: float
    outcome: str
    why: str
    propellant_kg: float
    left_kg: float | None
    short_kg: float
    short_m_s: float
    east_m: float | None
    north_m: float | None
    across_m_s: float | None
    sink_m_s: float | None


@dataclass(frozen=True, slots=True)
class Landings:
    """Landings from dispersed states of one step of a mission.

    planned_kg   propellant of the plan that is dispersed, ignition to touchdown
    usable_kg    what there is at ignition above the reserve
    scatter      one sigma of what is drawn, by name
    spare        parts of the full thrust that the guidance keeps back, by phase
    timing       seconds and bytes
    """

    mission: str
    step: str
    seed: int
    scatter: Mapping[str, float]
    spare: Mapping[str, float]
    planned_kg: float
    usable_kg: float
    cases: tuple[LandingCase, ...]
    provenance: Mapping[str, Any] = field(default_factory=dict)
    timing: Mapping[str, float] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Landings by outcome, all of the four."""
        names = ("landed", "infeasible", "missed", "not converged")
        return {n: sum(c.outcome == n for c in self.cases) for n in names}

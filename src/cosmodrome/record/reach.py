"""The reach of a pad as data: which orbits, which way, and what a vehicle carries there."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.catalog.nouns import Site, Vehicle

__all__ = ["Band", "Comparison", "ReachCell", "ReachMap"]

How = Literal["direct", "dogleg", "outside", "plane-change"]
Status = Literal["carried", "infeasible", "no-answer", "not-asked"]


@dataclass(frozen=True, slots=True)
class Band:
    """Inclinations, rad, that one corridor of the pad opens (`label`: its headings in words)."""

    label: str
    lowest_rad: float
    highest_rad: float


@dataclass(frozen=True, slots=True)
class ReachCell:
    """One circular orbit from one pad.

    altitude_m      mean semi-major axis minus 6,378.137 km
    how             "direct": a heading lies in a corridor; "dogleg": the plane passes over the
                    pad, its headings lie outside, so the ascent keeps to the corridor until the
                    first stage is dropped and turns then; "outside": the same plane with the
                    corridor lifted, flown straight; "plane-change": no plane so near the equator
                    passes over the pad, so the ascent itself has to turn into it
    heading_rad     relative azimuth that serves (or lies outside); None for a plane change
    status          "carried": solved, and flown again; "infeasible": proven; "no-answer":
                    nothing proven; "not-asked": not solved, and `why` says why
    capability_kg   of the vehicle, its turns flown; "outside" it is an upper figure
    miss_m, miss_m_s   between the optimum and its own re-flight at release
    """

    inclination_rad: float
    altitude_m: float
    how: How
    heading_rad: float | None
    status: Status
    capability_kg: float | None = None
    miss_m: float | None = None
    miss_m_s: float | None = None
    why: str = ""

    @property
    def reached(self) -> bool:
        """Flown as allowed: straight, or through a turn that was solved."""
        turned = self.how in ("dogleg", "plane-change") and self.status == "carried"
        return self.how == "direct" or turned


@dataclass(frozen=True, slots=True, eq=False)
class ReachMap:
    """Inclination by altitude for one site and vehicle; cells by inclination, then altitude.

    vehicle None: headings alone
    sun_synchronous   (altitude in m, inclination in rad) along the line of such orbits
    provenance        versions, limits, assumptions
    """

    site: Site
    vehicle: Vehicle | None
    inclinations_rad: tuple[float, ...]
    altitudes_m: tuple[float, ...]
    cells: tuple[ReachCell, ...]
    bands: tuple[Band, ...]
    sun_synchronous: tuple[tuple[float, float], ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def cell(self, column: int, row: int) -> ReachCell:
        """The cell of one inclination (by index) and one altitude (by index)."""
        return self.cells[column * len(self.altitudes_m) + row]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two pads on one grid with one vehicle."""

    one: ReachMap
    other: ReachMap

    def cost_kg(self, column: int, row: int) -> float | None:
        """What flying from `one` instead of `other` costs, kg; None unless both carry.

        None outside the corridors as well: what keeping to them costs is not in that figure.
        """
        a, b = self.one.cell(column, row), self.other.cell(column, row)
        if not (a.reached and b.reached):
            return None
        if a.capability_kg is None or b.capability_kg is None:
            return None
        return b.capability_kg - a.capability_kg

    def only(self, column: int, row: int) -> str:
        """Which pad alone gets there as allowed: "one", "other", "both" or "neither".

        By headings alone (no vehicle) only the direct ways count.
        """
        a, b = self.one.cell(column, row).reached, self.other.cell(column, row).reached
        return "both" if a and b else "one" if a else "other" if b else "neither"

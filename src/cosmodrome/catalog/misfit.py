"""Closure: how well the over-determined figures of a vehicle agree with each other.

A published table gives load, thrust, specific impulse and burn time; three of them fix the
fourth. The misfit is shown, never hidden by bending a mass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.catalog.burning import burn_time_s, burnt_kg, mass_without_spacecraft_kg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.catalog.nouns import Stage, Vehicle

__all__ = ["ClosureRow", "closure", "misfits"]


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """One comparison. `computed` follows from other figures of the file, `stated` is in it.

    misfit  (computed - stated) / stated
    judges  False for a row that explains another: burn time at full flow beside the one with
            the throttle programme
    """

    vehicle: str
    stage: str
    quantity: str
    computed: float
    stated: float
    unit: str
    judges: bool = True

    @property
    def misfit(self) -> float:
        return (self.computed - self.stated) / self.stated


def _burn_rows(stage: Stage) -> Iterator[tuple[str, float, float, str, bool]]:
    stated = stage.burn_time_s
    if not stated:
        return
    full = stage.usable_kg / stage.mass_flow_kg_s
    if stage.throttle_range is not None:
        lowest, highest = stage.throttle_range
        nearest = min(max(stated, full / highest), full / lowest)
        yield "full-flow burn time", full, stated, "s", False
        yield "burn time, within its throttle range", nearest, stated, "s", True
    elif stage.throttle or stage.thrust_curve or stage.cutoff_s is not None:
        yield "full-flow burn time", full, stated, "s", False
        yield "burn time, by its thrust programme", burn_time_s(stage), stated, "s", True
    else:
        yield "burn time", full, stated, "s", True


def _stage_rows(stage: Stage) -> Iterator[tuple[str, float, float, str, bool]]:
    yield from _burn_rows(stage)
    if stage.isp_sea_level_s and stage.thrust_sea_level_n:
        isp = stage.isp_vacuum_s * stage.thrust_sea_level_n / stage.thrust_vacuum_n
        yield "sea-level Isp", isp, stage.isp_sea_level_s, "s", True
    if stage.cutoff_s is not None and stage.residual_kg > 0.0:
        left = stage.load_kg - burnt_kg(stage, burn_time_s(stage))
        yield "propellant at cut-off", left, stage.residual_kg, "kg", True
    if stage.thrust_curve:
        whole = burnt_kg(stage, stage.thrust_curve[-1][0])
        yield "propellant of the thrust curve", whole, stage.usable_kg, "kg", True


def closure(vehicle: Vehicle) -> tuple[ClosureRow, ...]:
    """Rows for each stage that states more than it needs, and for the vehicle's mass.

    full-flow burn time    usable propellant over full vacuum flow, against the stated burn time
    burn time              the same; by the thrust programme (steps, curve, commanded cut-off);
                           or the nearest one that a free throttle range can reach
    sea-level Isp          vacuum Isp times thrust ratio (constant flow), against the stated one
    propellant at cut-off  what a commanded cut-off leaves, against the unusable residual
    propellant of the thrust curve  its area times full flow, against the usable load
    lift-off mass          everything but the spacecraft, all units of parallel stages counted,
                           against the stated lift-off mass
    """
    rows = [
        ClosureRow(vehicle.id, stage.id, *row)
        for stage in vehicle.stages
        for row in _stage_rows(stage)
    ]
    if vehicle.liftoff_mass_kg:
        mass = mass_without_spacecraft_kg(vehicle)
        stated = vehicle.liftoff_mass_kg
        name = "lift-off mass without spacecraft"
        rows.append(ClosureRow(vehicle.id, "", name, mass, stated, "kg"))
    return tuple(rows)


def misfits(vehicle: Vehicle, beyond: float) -> tuple[ClosureRow, ...]:
    """The judging rows of `closure` whose figures disagree by more than a part `beyond`."""
    return tuple(r for r in closure(vehicle) if r.judges and abs(r.misfit) > beyond)

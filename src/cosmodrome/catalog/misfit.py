"""Closure: how well the over-determined figures of a vehicle agree with each other.

A published table gives load, thrust, specific impulse and burn time; three of them fix the
fourth. The misfit is shown, never hidden by bending a mass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Stage, Vehicle

__all__ = ["ClosureRow", "burn_time_s", "closure"]


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """One comparison. `computed` follows from other figures of the file, `stated` is in it.

    misfit  (computed - stated) / stated
    """

    vehicle: str
    stage: str
    quantity: str
    computed: float
    stated: float
    unit: str

    @property
    def misfit(self) -> float:
        return (self.computed - self.stated) / self.stated


def burn_time_s(stage: Stage) -> float:
    """Seconds from lift-off or ignition to cut-off, from load, flow, throttle and command.

    The throttle profile is a step function of time, so the usable propellant is spent step by
    step. Where the profile falls to zero flow before the load is gone, the burn never ends: inf.
    """
    left = stage.usable_kg
    at, level = 0.0, 1.0
    for time, fraction in (*stage.throttle, (float("inf"), 0.0)):
        flow = level * stage.mass_flow_kg_s
        if flow > 0.0 and left <= flow * (time - at):
            depleted = at + left / flow
            return depleted if stage.cutoff_s is None else min(depleted, stage.cutoff_s)
        if flow > 0.0:
            left -= flow * (time - at)
        at, level = time, fraction
    return float("inf") if stage.cutoff_s is None else stage.cutoff_s


def _left_at_cutoff_kg(stage: Stage) -> float:
    """Main propellant on board at cut-off, per unit, kg."""
    end = burn_time_s(stage)
    left = stage.load_kg
    at, level = 0.0, 1.0
    for time, fraction in (*stage.throttle, (float("inf"), 0.0)):
        left -= level * stage.mass_flow_kg_s * (min(time, end) - min(at, end))
        at, level = time, fraction
    return left


def closure(vehicle: Vehicle) -> tuple[ClosureRow, ...]:
    """Rows for each stage that states more than it needs, and for the vehicle's mass.

    full-flow burn time   usable propellant over full vacuum flow, against the stated burn time
    burn time             the same with throttle steps and a commanded cut-off
    sea-level Isp         vacuum Isp times thrust ratio (constant flow), against the stated one
    propellant at cut-off what a commanded cut-off leaves, against the unusable residual
    lift-off mass         everything but the spacecraft, against the stated lift-off mass
    """
    rows: list[ClosureRow] = []

    def row(stage: str, quantity: str, computed: float, stated: float, unit: str) -> None:
        rows.append(ClosureRow(vehicle.id, stage, quantity, computed, stated, unit))

    for stage in vehicle.stages:
        if stage.burn_time_s:
            full = stage.usable_kg / stage.mass_flow_kg_s
            row(stage.id, "full-flow burn time", full, stage.burn_time_s, "s")
            row(stage.id, "burn time", burn_time_s(stage), stage.burn_time_s, "s")
        if stage.isp_sea_level_s and stage.thrust_sea_level_n:
            isp = stage.isp_vacuum_s * stage.thrust_sea_level_n / stage.thrust_vacuum_n
            row(stage.id, "sea-level Isp", isp, stage.isp_sea_level_s, "s")
        if stage.cutoff_s is not None and stage.residual_kg > 0.0:
            left = _left_at_cutoff_kg(stage)
            row(stage.id, "propellant at cut-off", left, stage.residual_kg, "kg")
    if vehicle.liftoff_mass_kg:
        mass = vehicle.adapter_kg + (vehicle.fairing.mass_kg if vehicle.fairing else 0.0)
        for stage in vehicle.stages:
            carried = sum(c.mass_kg for c in stage.consumables)
            mass += stage.count * (stage.dry_mass_kg + stage.load_kg + carried)
        row("", "lift-off mass without spacecraft", mass, vehicle.liftoff_mass_kg, "kg")
    return tuple(rows)

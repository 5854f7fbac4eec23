"""Masses and thrust of a stack: what is attached, what flows, what pushes. SI throughout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Stage, Vehicle

__all__ = ["Tank", "Thrusting", "full_tanks", "liftoff_mass", "stage_gross", "thrusting"]


@dataclass(frozen=True, slots=True)
class Tank:
    """What all units of one stage still hold, kg: main propellant (usable and not), consumables."""

    propellant_kg: float
    consumables_kg: float

    def less(self, propellant_kg: float, consumables_kg: float = 0.0) -> Tank:
        """The tank after this much has left it."""
        return Tank(self.propellant_kg - propellant_kg, self.consumables_kg - consumables_kg)


@dataclass(frozen=True, slots=True)
class Thrusting:
    """All units of one stage at work: thrust in vacuum in N, exit area in m^2, flows in kg/s."""

    thrust_vacuum_n: float
    exit_area_m2: float
    propellant_kg_s: float
    consumables_kg_s: float

    @property
    def flow_kg_s(self) -> float:
        """Everything that leaves."""
        return self.propellant_kg_s + self.consumables_kg_s


def thrusting(stage: Stage, since_ignition_s: float, throttle: float = 1.0) -> Thrusting:
    """Thrust and flow of all units of `stage`, `since_ignition_s` after it lit.

    The stage's own throttle profile (steps) times `throttle`. Throttling scales vacuum thrust and
    main flow together (constant vacuum Isp); the exit area, hence back-pressure, stays.
    """
    fraction = throttle
    for start_s, value in stage.throttle:
        # a mark belongs to what follows it; a nanosecond of slack for sums of durations
        if since_ignition_s >= start_s - 1e-9:
            fraction = throttle * value
    flow = sum(c.flow_kg_s or 0.0 for c in stage.consumables)
    return Thrusting(
        stage.count * fraction * stage.thrust_vacuum_n,
        stage.count * stage.exit_area_m2,
        stage.count * fraction * stage.mass_flow_kg_s,
        stage.count * flow,
    )


def full_tanks(vehicle: Vehicle) -> dict[str, Tank]:
    """Tanks of every stage at lift-off, by stage id, all units together."""
    return {
        s.id: Tank(s.count * s.load_kg, s.count * sum(c.mass_kg for c in s.consumables))
        for s in vehicle.stages
    }


def stage_gross(stage: Stage) -> float:
    """Mass of all units of a stage at lift-off, kg: dry, propellant, consumables."""
    return stage.count * (
        stage.dry_mass_kg + stage.load_kg + sum(c.mass_kg for c in stage.consumables)
    )


def liftoff_mass(vehicle: Vehicle, payload_kg: float) -> float:
    """Mass of the whole stack at first motion, kg: stages, fairing, adapter, payload."""
    fairing = vehicle.fairing.mass_kg if vehicle.fairing else 0.0
    return sum(stage_gross(s) for s in vehicle.stages) + fairing + vehicle.adapter_kg + payload_kg

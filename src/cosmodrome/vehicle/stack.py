"""Masses and thrust of a stack: what is attached, what flows, what pushes. SI throughout."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Stage, Vehicle

__all__ = [
    "Stretch",
    "Tank",
    "Thrusting",
    "burn_profile",
    "consumables_flow",
    "full_tanks",
    "liftoff_mass",
    "stage_gross",
    "thrusting",
]


_SAME_S = 1e-6


@dataclass(frozen=True, slots=True)
class Tank:
    """What all units of one stage still hold, kg: main propellant (usable and not), consumables."""

    propellant_kg: float
    consumables_kg: float

    def less(self, propellant_kg: float, consumables_kg: float = 0.0) -> Tank:
        """The tank after this much has left it."""
        return Tank(self.propellant_kg - propellant_kg, self.consumables_kg - consumables_kg)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A straight piece of a stage's thrust over time, as parts of its vacuum thrust.

    start_s, end_s   after lift-off for a stage that lifts off, else after ignition
    first, last      level at both ends; equal but on a thrust curve
    """

    start_s: float
    end_s: float
    first: float
    last: float

    @property
    def slope(self) -> float:
        """Change of level per second."""
        return 0.0 if self.first == self.last else (self.last - self.first) / self.length_s

    @property
    def length_s(self) -> float:
        """Seconds."""
        return self.end_s - self.start_s

    @property
    def full_s(self) -> float:
        """Seconds at full thrust that give the same impulse."""
        return 0.5 * (self.first + self.last) * self.length_s

    def level(self, since_s: float) -> float:
        """Level at an instant of the stretch."""
        return self.first + self.slope * (since_s - self.start_s)

    def cut(self, end_s: float) -> Stretch:
        """The part before `end_s`."""
        return Stretch(self.start_s, end_s, self.first, self.level(end_s))


@dataclass(frozen=True, slots=True)
class Thrusting:
    """All units of one stage at work: thrust in vacuum in N, exit area in m^2, flows in kg/s.

    thrust_slope_n_s, propellant_slope_kg_s2   their change per second, on a thrust curve
    """

    thrust_vacuum_n: float
    exit_area_m2: float
    propellant_kg_s: float
    consumables_kg_s: float
    thrust_slope_n_s: float = 0.0
    propellant_slope_kg_s2: float = 0.0

    @property
    def flow_kg_s(self) -> float:
        """Everything that leaves."""
        return self.propellant_kg_s + self.consumables_kg_s


def _stated(stage: Stage) -> list[Stretch]:
    """The stage's own profile as its file states it, open at the end unless it is a curve."""
    if stage.thrust_curve:
        return [Stretch(a, b, p, q) for (a, p), (b, q) in pairwise(stage.thrust_curve)]
    steps = list(stage.throttle)
    if not steps or steps[0][0] > 0.0:
        steps.insert(0, (0.0, 1.0))
    ends = [*(at for at, _ in steps[1:]), math.inf]
    return [Stretch(at, end, f, f) for (at, f), end in zip(steps, ends, strict=True)]


def _depleted(s: Stretch, full_s: float) -> float:
    """When a stretch has used `full_s` seconds' worth of full flow."""
    if s.slope == 0.0:
        return s.start_s + full_s / s.first
    # first x + slope x^2 / 2 = full_s, in the form that does not cancel
    root = math.sqrt(max(s.first * s.first + 2.0 * s.slope * full_s, 0.0))
    return s.start_s + 2.0 * full_s / (s.first + root)


def burn_profile(stage: Stage) -> tuple[Stretch, ...]:
    """The thrust of a stage from lift-off or ignition to its cut-off, at full free throttle.

    It ends by command, or when the usable main propellant is gone; a thrust curve may end before
    and leaves the rest unburnt (`catalog.closure` shows it).
    Raises InputError for a profile that ends at zero with propellant left and no command.
    """
    left_s = stage.usable_kg / stage.mass_flow_kg_s
    out: list[Stretch] = []
    for s in _stated(stage):
        end = s.end_s
        if s.first == s.last == 0.0:
            if math.isinf(end):
                break
        elif left_s <= (math.inf if math.isinf(end) else s.full_s):
            end = min(end, _depleted(s, left_s))
        if stage.cutoff_s is not None:
            end = min(end, stage.cutoff_s)
        if math.isinf(end):
            break
        if end > s.start_s:
            piece = s.cut(end)
            out.append(piece)
            left_s -= piece.full_s
        if end < s.end_s:
            return tuple(out)
    if stage.thrust_curve or stage.cutoff_s is not None:
        return tuple(out)
    raise InputError(
        f"stage {stage.id!r}: its throttle profile ends at zero with"
        f" {left_s * stage.mass_flow_kg_s:.1f} kg of usable"
        " propellant left: end it with a positive fraction or state `cutoff`"
    )


def consumables_flow(stage: Stage) -> tuple[tuple[float, float], ...]:
    """(flow in kg/s of one unit, seconds after ignition when it is gone) of what flows."""
    return tuple((c.flow_kg_s, c.mass_kg / c.flow_kg_s) for c in stage.consumables if c.flow_kg_s)


def thrusting(stage: Stage, since_ignition_s: float, throttle: float = 1.0) -> Thrusting:
    """Thrust and flow of all units of `stage`, `since_ignition_s` after it lit.

    The stage's own profile (steps or curve) times `throttle`. Throttling scales vacuum thrust and
    main flow together (constant vacuum Isp); the exit area, hence back-pressure, stays.
    """
    level, slope = throttle, 0.0
    for s in _stated(stage):
        # a mark belongs to what follows it, with slack for sums of rounded durations
        if since_ignition_s >= s.start_s - _SAME_S:
            level, slope = throttle * s.level(since_ignition_s), throttle * s.slope
    if stage.thrust_curve and since_ignition_s >= stage.thrust_curve[-1][0] - _SAME_S:
        level = slope = 0.0
    flow = sum(
        kg_s for kg_s, gone_s in consumables_flow(stage) if since_ignition_s < gone_s - _SAME_S
    )
    thrust, main = stage.count * stage.thrust_vacuum_n, stage.count * stage.mass_flow_kg_s
    return Thrusting(
        level * thrust,
        stage.count * stage.exit_area_m2,
        level * main,
        stage.count * flow,
        slope * thrust,
        slope * main,
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

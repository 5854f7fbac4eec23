"""Throttle steps that hold an acceleration, for one payload.

The holds are published limits of thrust over mass; the steps follow from loads and thrust, so the
cut-off that comes of them is a prediction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome.vehicle import liftoff_mass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from cosmodrome.catalog.nouns import Vehicle

__all__ = ["held", "reaches"]

G0_M_S2 = 9.80665
_STEP_S = 2.0
_GRID_S = 0.02


def _mass_at(vehicle: Vehicle, stage_id: str, payload_kg: float, used_kg: float, t: float) -> float:
    """The stack's mass with `used_kg` gone from the stage in question."""
    mass = liftoff_mass(vehicle, payload_kg) - used_kg
    for s in vehicle.stages:
        if s.id == stage_id or s.ignition.kind != "lift-off":
            continue
        burnt = min(t, s.usable_kg / s.mass_flow_kg_s)
        mass -= s.count * s.mass_flow_kg_s * burnt
        if t >= s.usable_kg / s.mass_flow_kg_s + s.separation_delay_s:
            mass -= s.count * s.dry_mass_kg
    if vehicle.fairing is not None and vehicle.fairing.time_s is not None:
        mass -= vehicle.fairing.mass_kg * (t >= vehicle.fairing.time_s)
    return mass


def _schedule(
    vehicle: Vehicle, payload_kg: float, rules: Mapping[str, Any], ends_s: float
) -> tuple[list[tuple[float, float]], float]:
    """((time, level), ...) and the time of depletion, with the last limit on from `ends_s`."""
    stage = vehicle.stage(rules["stage"])
    profile = [(float(a), float(b) / 100.0) for a, b in rules["profile"]]
    steps: list[tuple[float, float]] = []
    used, t, level, next_s = 0.0, 0.0, -1.0, 0.0
    last = rules.get("last")
    while used < stage.count * stage.usable_kg:
        if t >= next_s - 1e-9:
            full = [f for at, f in profile if t >= at - 1e-9][-1]
            limits = [
                float(r["g0"])
                for r in rules.get("limits", ())
                if r["from_s"] <= t < r.get("until_s", 1e9)
            ]
            if last and t >= ends_s:
                limits.append(float(last["g0"]))
            mass = _mass_at(vehicle, stage.id, payload_kg, used, t)
            thrust = stage.count * stage.thrust_vacuum_n
            bound = min([full, *(g * G0_M_S2 * mass / thrust for g in limits)])
            # in a hold the step's middle is right; the mark before it is exact
            if bound < full - 1e-9:
                flow = stage.count * stage.mass_flow_kg_s * bound
                bound *= 1.0 - 0.5 * _STEP_S * flow / mass
                next_s = t + _STEP_S
            if abs(bound - level) > 1e-9:
                steps.append((round(t, 2), bound))
                level = bound
        used += stage.count * stage.mass_flow_kg_s * level * _GRID_S
        t += _GRID_S
    return steps, t


def held(vehicle: Vehicle, payload_kg: float, rules: Mapping[str, Any]) -> Vehicle:
    """`vehicle` with the throttle steps of its `holds`."""
    ends_s = 1e9
    steps, empty_s = _schedule(vehicle, payload_kg, rules, ends_s)
    if rules.get("last"):
        for _ in range(6):
            steps, empty_s = _schedule(vehicle, payload_kg, rules, ends_s)
            ends_s = empty_s - float(rules["last"]["seconds"])
    stages = tuple(
        replace(s, throttle=tuple(steps)) if s.id == rules["stage"] else s for s in vehicle.stages
    )
    return replace(vehicle, stages=stages)


def reaches(vehicle: Vehicle, rules: Mapping[str, Any], g0: float) -> float:
    """When full thrust over mass first reaches `g0` after the earlier holds, s after lift-off."""
    rule = next(r for r in rules["limits"] if float(r["g0"]) == g0)
    stage = vehicle.stage(rules["stage"])
    for at, level in stage.throttle:
        if at >= rule["from_s"] and level < 1.0 - 1e-9:
            return at
    raise ValueError(f"{g0} g0 is never reached")

"""What a looser limit would buy: the optimum's multipliers in kilograms and in words.

A multiplier is the slope of the optimum with respect to a bound (Betts 2010, sec. 1.8): exact for
a small change of the limit, a guide for a large one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Limits
    from cosmodrome.physics.powered import Planet
    from cosmodrome.powered.phases import Phase

__all__ = ["in_seconds", "limits_in_words", "longer_burn", "prices"]

_G0 = 9.80665
_WORTH_SAYING_KG = 0.05
# name -> (what the words call it, a step a person would take, its unit)
_STEPS = {
    "heat_flux_kg_per_W_m2": ("heat flux after the fairing", 100.0, "W/m^2"),
    "dynamic_pressure_kg_per_kPa": ("dynamic pressure", 1.0, "kPa"),
    "q_alpha_kg_per_kPa_deg": ("dynamic pressure times angle of attack", 10.0, "kPa deg"),
    "axial_acceleration_kg_per_g0": ("axial acceleration", 0.1, "g0"),
    "coast_altitude_kg_per_km": ("height of coasts between burns", 10.0, "km"),
    "lift_off_kg_per_min": ("wait before lift-off", 1.0, "min"),
    "perigee_kg_per_km": ("perigee after each burn", 10.0, "km"),
    "corridor_first_kg_per_deg": ("corridor at its first end", 1.0, "deg"),
    "corridor_last_kg_per_deg": ("corridor at its last end", 1.0, "deg"),
}


def prices(
    names: Mapping[str, list[int]],
    multipliers: NDArray[np.float64],
    unit_kg: float,
    limits: Limits,
    heat_w_m2: float | None,
    q_alpha_pa_rad: float,
    planet: Planet,
    last_stage: str | None = None,
    gained_by_burning: float = 0.0,
) -> dict[str, float]:
    """What payload (or margin, for a fixed payload) gains per unit of each limit, kg.

    names, multipliers   of the programme's rows; unit_kg  what its objective is counted in
    A row reads quantity / limit <= 1 (ln(flux / limit) <= 0; q alpha squared), so a multiplier
    over the limit is the price of a unit of it. Floors are lower bounds, so their prices are
    below zero: of the squared radius in coasts, of the perigee's radius after burns. Propellant of
    the last stage is priced with its weight: on the pad, and where a stage below leaves a stated
    mass behind.
    gained_by_burning  by `longer_burn`: what a kilogram there gains by letting a burn last longer
    """

    def total(name: str) -> float:
        return unit_kg * float(sum(multipliers[names[name]])) if name in names else 0.0

    out: dict[str, float] = {}
    if heat_w_m2 is not None and "heat" in names:
        out["heat_flux_kg_per_W_m2"] = total("heat") / heat_w_m2
    if limits.dynamic_pressure_pa is not None and "q" in names:
        out["dynamic_pressure_kg_per_kPa"] = 1e3 * total("q") / limits.dynamic_pressure_pa
    if "q-alpha" in names:
        per_pa_rad = 2.0 * total("q-alpha") / q_alpha_pa_rad
        out["q_alpha_kg_per_kPa_deg"] = 1e3 * math.radians(1.0) * per_pa_rad
    if limits.axial_acceleration_m_s2 is not None and "axial" in names:
        out["axial_acceleration_kg_per_g0"] = _G0 * total("axial") / limits.axial_acceleration_m_s2
    floor = limits.coast_altitude_m
    if floor is not None and "altitude" in names:
        radius_m = planet.equatorial_radius_m
        slope = 2.0 * (1.0 + floor / radius_m) / radius_m
        out["coast_altitude_kg_per_km"] = 1e3 * slope * total("altitude")
    if limits.perigee_altitude_m is not None and "perigee" in names:
        out["perigee_kg_per_km"] = 1e3 / planet.equatorial_radius_m * total("perigee")
    if "node" in names:
        # the sine of the node less the held one, which turns back as the pad turns on
        slope = -unit_kg * float(multipliers[names["node"][0]])
        out["lift_off_kg_per_min"] = 60.0 * planet.omega_rad_s * slope
    for name in names:
        if name.startswith("sight "):
            key = f"elevation_kg_per_deg_{name.removeprefix('sight ')}"
            out[key] = math.radians(1.0) * total(name)
    if f"budget {last_stage}" in names:
        rows = (f"budget {last_stage}", "lift-off mass", "stated mass")
        slope = sum(float(sum(multipliers[names[name]])) for name in rows if name in names)
        out[f"propellant_kg_per_kg_{last_stage}"] = slope + gained_by_burning
    return out


def longer_burn(
    phases: tuple[Phase, ...], last_stage: str, held: NDArray[np.float64], unit_kg: float
) -> float:
    """What a kilogram more in the last stage gains where one burn of it lasts as long as it can.

    The stage's propellant then bounds that burn's length beside its own row, and the solver may
    share the price between the two.
    held  multipliers of the phases' lengths, per second: above zero at the longest
    """
    gained = 0.0
    for phase, multiplier in zip(phases, held, strict=True):
        if phase.fixed or phase.burning != (last_stage,):
            continue
        if phase.free is not None:
            flow = phase.free.flow_kg_s * phase.free.lowest
        else:
            flow = sum(kg_s for stage, kg_s in phase.draws if stage == last_stage)
        if flow > 0.0:
            gained += unit_kg * max(float(multiplier), 0.0) / flow
    return gained


def in_seconds(found: Mapping[str, float], second_kg: float) -> dict[str, float]:
    """Prices of an optimum in which a second costs second_kg: by how much later it ends, s."""
    return {k.replace("_kg_per_", "_s_per_", 1): -v / second_kg for k, v in found.items()}


def limits_in_words(found: Mapping[str, float]) -> tuple[str, ...]:
    """What raising each limit by a step would buy; limits that bind nothing are left out."""
    out = []
    for key, price in found.items():
        seconds = "_s_per_" in key
        name, more = key.replace("_s_per_", "_kg_per_", 1), "more"
        if name.startswith("propellant_kg_per_kg_"):
            stage = name.removeprefix("propellant_kg_per_kg_")
            what, step, unit = f"propellant in {stage}", 10.0, "kg"
            if price < 0.0 and not seconds:
                # a stage too heavy for those below
                more, price = "less", -price
        elif name.startswith("elevation_kg_per_deg_"):
            rule = name.removeprefix("elevation_kg_per_deg_")
            what, step, unit = f"elevation, {rule}", 1.0, "deg"
        elif name.startswith("fall_kg_per_km_"):
            body = name.removeprefix("fall_kg_per_km_")
            what, step, unit = f"room where {body} falls", 10.0, "km"
        else:
            what, step, unit = _STEPS.get(name, (name.replace("_", " "), 1.0, "unit"))
        if abs(price * step) >= _WORTH_SAYING_KG:
            gain = "s" if seconds else "kg"
            out.append(f"{step:g} {unit} {more} {what}: {price * step:+.1f} {gain}")
    return tuple(out)

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

__all__ = ["limits_in_words", "prices"]

_G0 = 9.80665
_WORTH_SAYING_KG = 0.05
# name -> (what the words call it, a step a person would take, its unit)
_STEPS = {
    "heat_flux_kg_per_W_m2": ("heat flux after the fairing", 100.0, "W/m^2"),
    "dynamic_pressure_kg_per_kPa": ("dynamic pressure", 1.0, "kPa"),
    "q_alpha_kg_per_kPa_deg": ("dynamic pressure times angle of attack", 10.0, "kPa deg"),
    "axial_acceleration_kg_per_g0": ("axial acceleration", 0.1, "g0"),
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
) -> dict[str, float]:
    """What payload (or margin, for a fixed payload) gains per unit of each limit, kg.

    names, multipliers   of the programme's rows; unit_kg  what its objective is counted in
    A row reads quantity / limit <= 1 (ln(flux / limit) <= 0; q alpha squared), so a multiplier
    over the limit is the price of a unit of it.
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
    for name in names:
        if name.startswith("budget "):
            out[f"propellant_kg_per_kg_{name.removeprefix('budget ')}"] = float(
                sum(multipliers[names[name]])
            )
    return out


def limits_in_words(found: Mapping[str, float]) -> tuple[str, ...]:
    """What raising each limit by a step would buy; limits that bind nothing are left out."""
    out = []
    for name, price in found.items():
        if name.startswith("propellant_kg_per_kg_"):
            stage = name.removeprefix("propellant_kg_per_kg_")
            what, step, unit = f"propellant in {stage}", 10.0, "kg"
        elif name.startswith("fall_kg_per_km_"):
            body = name.removeprefix("fall_kg_per_km_")
            what, step, unit = f"room where {body} falls", 10.0, "km"
        else:
            what, step, unit = _STEPS.get(name, (name.replace("_", " "), 1.0, "unit"))
        if abs(price * step) >= _WORTH_SAYING_KG:
            out.append(f"{step:g} {unit} more {what}: {price * step:+.1f} kg")
    return tuple(out)

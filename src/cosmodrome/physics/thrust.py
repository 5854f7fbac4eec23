"""Thrust of a rocket engine in the air."""

from __future__ import annotations

from typing import Any

__all__ = ["G0_M_S2", "SEA_LEVEL_PA", "in_air", "mass_flow"]

G0_M_S2 = 9.80665
SEA_LEVEL_PA = 101_325.0


def in_air(vacuum_n: Any, exit_area_m2: Any, pressure_pa: Any) -> Any:
    """Thrust in N at ambient pressure: F = F_vac - p A_e (Sutton & Biblarz, eq. 2-13)."""
    return vacuum_n - pressure_pa * exit_area_m2


def mass_flow(vacuum_n: float, isp_vacuum_s: float) -> float:
    """Propellant flow in kg/s: F_vac / (g0 Isp_vac)."""
    return vacuum_n / (G0_M_S2 * isp_vacuum_s)

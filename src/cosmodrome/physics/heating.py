"""Heating of the uncovered spacecraft in free-molecular flow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosmodrome.maths import Ops

__all__ = ["free_molecular", "log_free_molecular"]


def free_molecular(rho: Any, v: Any) -> Any:
    """Free-molecular heat flux 0.5 rho v^3 in W/m^2, accommodation 1.

    rho in kg/m^3, v the speed relative to the air in m/s; the rule fairings are dropped by
    (e.g. Soyuz CSG User's Manual, 1135 W/m^2).
    """
    return 0.5 * rho * v * v * v


def log_free_molecular(ops: Ops, rho: Any, v: Any) -> Any:
    """Natural logarithm of `free_molecular`: nearly linear in height, so a solver likes it."""
    return ops.log(0.5 * rho) + 3.0 * ops.log(v)

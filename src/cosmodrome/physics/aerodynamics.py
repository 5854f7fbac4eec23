"""Aerodynamic drag of a body in air that turns with the planet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cosmodrome.maths import HingeTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.maths import Ops, Vector

__all__ = [
    "air_velocity",
    "cd_table",
    "drag",
    "dynamic_pressure",
    "sin_alpha_squared",
    "wind_velocity",
]


def cd_table(mach: Sequence[float], cd: Sequence[float]) -> HingeTable:
    """Drag coefficient over Mach number: through the given points, smooth in between.

    Constant beyond the last point. A curve that still slopes there is carried on flat, or the
    rounding of its last corner would settle elsewhere than at the last value.
    """
    if len(mach) == 1:
        return HingeTable((), (), (), float(cd[0]))
    if cd[-1] != cd[-2]:
        gap = mach[-1] - mach[-2]
        mach = [*mach, mach[-1] + gap, mach[-1] + 2.0 * gap]
        cd = [*cd, cd[-1], cd[-1]]
    return HingeTable.through(mach, cd)


def air_velocity(r: Vector, v: Vector, omega_rad_s: float) -> Vector:
    """Velocity relative to co-rotating air, w = v - omega z x r; axes with z along the spin."""
    return (v[0] + omega_rad_s * r[1], v[1] - omega_rad_s * r[0], v[2])


def wind_velocity(ops: Ops, r: Vector, east: Any, north: Any) -> Vector:
    """A horizontal wind in inertial axes with z along the spin; m/s, `r` in m.

    East is z x r, north square to it and to r (the geocentric horizon, within 0.2 deg of the
    geodetic one): no direction at the poles, and no wind there.
    """
    level2 = r[0] * r[0] + r[1] * r[1]
    level = ops.sqrt(level2)
    d = ops.sqrt(level2 + r[2] * r[2])
    over = ops.fmax(level, 1.0)
    e, n = east / over, north / (d * over)
    return (-(e * r[1] + n * (r[2] * r[0])), e * r[0] - n * (r[2] * r[1]), n * level2)


def dynamic_pressure(rho: Any, w_squared: Any) -> Any:
    """q = rho w^2 / 2 in Pa."""
    return 0.5 * rho * w_squared


def drag(rho: Any, w: Vector, speed: Any, cd: Any, area_m2: float) -> Vector:
    """Drag force in N: -rho/2 |w| Cd S w."""
    k = -0.5 * area_m2 * rho * speed * cd
    return (k * w[0], k * w[1], k * w[2])


def sin_alpha_squared(ops: Ops, u: Vector, w: Vector, speed: Any) -> Any:
    """Squared sine of the angle between the body axis `u` (unit) and the air flow."""
    c = ops.cross(u, w)
    return ops.dot(c, c) / (speed * speed)

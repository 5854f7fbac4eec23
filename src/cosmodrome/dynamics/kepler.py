"""Two-body motion in universal variables: one formula for ellipse, parabola and hyperbola."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError, SolverError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["kepler_propagate", "mean_from_true", "true_from_mean"]


def _stumpff(x: float) -> tuple[float, float, float, float]:
    """c0 .. c3 of x = alpha s^2 (Stumpff 1959); series where the closed forms would cancel."""
    if abs(x) < 0.5:
        c2 = c3 = 0.0
        t2, t3 = 0.5, 1.0 / 6.0
        k = 0
        while abs(t2) > 1e-18:
            c2 += t2
            c3 += t3
            k += 1
            t2 *= -x / ((2 * k + 1) * (2 * k + 2))
            t3 *= -x / ((2 * k + 2) * (2 * k + 3))
        return 1.0 - x * c2, 1.0 - x * c3, c2, c3
    if x > 0.0:
        z = math.sqrt(x)
        sin_z, half = math.sin(z), math.sin(0.5 * z)
        return math.cos(z), sin_z / z, 2.0 * half * half / x, (z - sin_z) / (x * z)
    z = math.sqrt(-x)
    sinh_z, half = math.sinh(z), math.sinh(0.5 * z)
    return math.cosh(z), sinh_z / z, -2.0 * half * half / x, (z - sinh_z) / (x * z)


def kepler_propagate(
    r: NDArray[np.float64], v: NDArray[np.float64], dt_s: float, mu: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place and velocity `dt_s` seconds later (or earlier) in the field mu/r alone.

    r (3,) m, v (3,) m/s, mu m^3/s^2. Universal Kepler equation (Battin 1999, sec. 4.5; Danby
    1992, sec. 6.9) t = r0 s c1 + r.v s^2 c2 + mu s^3 c3 with alpha = 2 mu/r - v^2, solved by
    Newton inside a bracket: its derivative is the radius, so it has one root. Whole periods are
    taken off first. Relative error of a few 1e-15 plus eps times the mean motion times dt_s.
    """
    r0 = float(np.linalg.norm(r))
    if r0 == 0.0:
        raise InputError("Kepler motion cannot start at the centre of attraction")
    alpha = 2.0 * mu / r0 - float(v @ v)
    sigma = float(r @ v)
    t = dt_s
    if alpha > 0.0:
        period = 2.0 * math.pi * mu / alpha**1.5
        t -= period * round(t / period)
    if t == 0.0:
        return np.array(r, dtype=np.float64), np.array(v, dtype=np.float64)

    def time_and_radius(s: float) -> tuple[float, float]:
        c0, c1, c2, c3 = _stumpff(alpha * s * s)
        return (
            s * (r0 * c1 + s * (sigma * c2 + s * mu * c3)),
            r0 * c0 + s * (sigma * c1 + s * mu * c2),
        )

    # bracket: time grows with s without bound; double outwards from the step a circle would take
    sign = math.copysign(1.0, t)
    reach = abs(t) / r0
    low, high = 0.0, sign * reach
    if alpha < 0.0:  # keep sinh within range: it doubles its way up instead
        high = sign * min(reach, 1.0 / math.sqrt(-alpha))
    for _ in range(200):
        if sign * (time_and_radius(high)[0] - t) >= 0.0:
            break
        low, high = high, 2.0 * high
    s = high
    for _ in range(200):
        now, radius = time_and_radius(s)
        miss = now - t
        if sign * miss > 0.0:
            high = s
        else:
            low = s
        step = miss / radius if radius > 0.0 else math.inf
        new = s - step
        if not min(low, high) <= new <= max(low, high):
            new = 0.5 * (low + high)
        moved, s = abs(new - s), new
        # Newton doubles its digits: one more step from here reaches rounding
        if moved <= 1e-9 * abs(s):
            now, radius = time_and_radius(s)
            s -= (now - t) / radius
            break
    else:
        raise SolverError(
            f"Kepler's equation did not settle for dt = {dt_s:.9g} s from r = {r0:.9g} m"
        )
    c0, c1, c2, _ = _stumpff(alpha * s * s)
    radius = r0 * c0 + s * (sigma * c1 + s * mu * c2)
    f = 1.0 - mu * s * s * c2 / r0
    g = s * (r0 * c1 + s * sigma * c2)
    f_dot = -mu * s * c1 / (radius * r0)
    g_dot = 1.0 - mu * s * s * c2 / radius
    return f * r + g * v, f_dot * r + g_dot * v


def mean_from_true(true_anomaly_rad: float, e: float) -> float:
    """Mean anomaly, rad, of a true anomaly; same turn for an ellipse, hyperbolic for e > 1."""
    half = 0.5 * true_anomaly_rad
    if e < 1.0:
        # E - f is periodic: 2 atan(-beta sin f / (1 + beta cos f)) keeps the turn and small e
        beta = e / (1.0 + math.sqrt(1.0 - e * e))
        eccentric = true_anomaly_rad - 2.0 * math.atan2(
            beta * math.sin(true_anomaly_rad), 1.0 + beta * math.cos(true_anomaly_rad)
        )
        return eccentric - e * math.sin(eccentric)
    if e == 1.0:
        raise InputError("a parabola (e = 1) has no mean anomaly; propagate the state instead")
    t = math.sqrt((e - 1.0) / (e + 1.0)) * math.tan(half)
    if not abs(t) < 1.0:
        raise InputError(
            f"true anomaly {math.degrees(true_anomaly_rad):.6f} deg lies beyond the asymptote"
        )
    hyperbolic = 2.0 * math.atanh(t)
    return e * math.sinh(hyperbolic) - hyperbolic


def true_from_mean(mean_anomaly_rad: float, e: float) -> float:
    """True anomaly, rad, of a mean anomaly by Newton inside a bracket; inverse of the above."""
    if e == 1.0:
        raise InputError("a parabola (e = 1) has no mean anomaly; propagate the state instead")
    if e < 1.0:
        turns = 2.0 * math.pi * round(mean_anomaly_rad / (2.0 * math.pi))
        m = mean_anomaly_rad - turns
        low, high = m - e, m + e
        x = m + e * math.sin(m)
    else:
        turns, m = 0.0, mean_anomaly_rad
        bound = math.asinh(abs(m) / (e - 1.0)) if m else 0.0
        low, high = -bound, bound
        x = math.asinh(m / e)
    for _ in range(100):
        if e < 1.0:
            miss, slope = x - e * math.sin(x) - m, 1.0 - e * math.cos(x)
        else:
            miss, slope = e * math.sinh(x) - x - m, e * math.cosh(x) - 1.0
        if miss > 0.0:
            high = min(high, x)
        else:
            low = max(low, x)
        new = x - miss / slope
        if not low <= new <= high:
            new = 0.5 * (low + high)
        if abs(new - x) <= 4e-16 * max(1.0, abs(x)):
            x = new
            break
        x = new
    if e < 1.0:
        beta = e / (1.0 + math.sqrt(1.0 - e * e))
        return turns + x + 2.0 * math.atan2(beta * math.sin(x), 1.0 - beta * math.cos(x))
    return 2.0 * math.atan(math.sqrt((e + 1.0) / (e - 1.0)) * math.tanh(0.5 * x))

"""Two-body motion of many states in extended precision: what the solutions are judged by.

Universal variables (Stumpff functions), Newton inside a bracket, long double throughout: nothing
is shared with the solver but Newton's law. On x86 a long double has 64 bits of mantissa, 2,000
times finer than what is judged; where it is no finer than a double, the judge's own rounding adds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Long = NDArray[np.longdouble]


def stumpff(x: Long) -> tuple[Long, Long, Long, Long]:
    """c0 .. c3; by series where the closed forms would cancel."""
    near = np.abs(x) < 1.0
    small = np.where(near, x, 0.0)
    c2, c3 = np.zeros_like(x), np.zeros_like(x)
    for k in range(13, -1, -1):  # Horner's scheme of the two series
        c2 = 1 / np.longdouble((2 * k + 1) * (2 * k + 2)) * (1 - small * c2)
        c3 = 1 / np.longdouble((2 * k + 2) * (2 * k + 3)) * (1 - small * c3)
    z = np.sqrt(np.abs(np.where(near, 1.0, x)))
    bound = x > 0
    with np.errstate(over="ignore"):
        cosine = np.where(bound, np.cos(z), np.cosh(np.where(bound, 0.0, z)))
        sine = np.where(bound, np.sin(z), np.sinh(np.where(bound, 0.0, z)))
    half = np.where(bound, np.sin(z / 2), np.sinh(np.where(bound, 0.0, z) / 2))
    c0 = np.where(near, 1 - small * c2, cosine)
    c1 = np.where(near, 1 - small * c3, sine / z)
    safe = np.where(near, 1.0, x)
    c2 = np.where(near, c2, 2 * half * half / np.abs(safe))
    c3 = np.where(near, c3, (1 - c1) / safe)
    return c0, c1, c2, c3


def propagate(r: Any, v: Any, dt: Any, mu: Any) -> tuple[Long, Long]:
    """Places and velocities (n, 3) after dt (n,), seconds; mu a number or (n,)."""
    r, v = np.asarray(r, dtype=np.longdouble), np.asarray(v, dtype=np.longdouble)
    t, mu = np.asarray(dt, dtype=np.longdouble), np.asarray(mu, dtype=np.longdouble)
    r0 = np.sqrt((r * r).sum(1))
    alpha = 2 * mu / r0 - (v * v).sum(1)
    sigma = (r * v).sum(1)
    bound = alpha > 0
    period = np.where(bound, 2 * pi() * mu / np.where(bound, alpha, 1.0) ** 1.5, np.inf)
    with np.errstate(invalid="ignore"):
        t = np.where(bound, t - period * np.round(t / period), t)

    def at(s: Long) -> tuple[Long, Long, Long, Long, Long]:
        c0, c1, c2, c3 = stumpff(alpha * s * s)
        time = s * (r0 * c1 + s * (sigma * c2 + s * mu * c3))
        return time, r0 * c0 + s * (sigma * c1 + s * mu * c2), c1, c2, c3

    sign = np.where(t < 0, -1.0, 1.0).astype(np.longdouble)
    low = np.zeros_like(t)
    high = np.where(bound, np.abs(t) / r0, 0)
    free = 1 / np.sqrt(np.abs(np.where(alpha == 0, 1.0, alpha)))
    high = sign * np.where(bound, high, np.minimum(np.abs(t) / r0, free))
    for _ in range(400):
        short = ~(sign * (at(high)[0] - t) >= 0)
        if not short.any():
            break
        low, high = np.where(short, high, low), np.where(short, 2 * high, high)
    s = high
    for turn in range(200):
        time, radius, *_ = at(s)
        over = sign * (time - t) > 0
        high, low = np.where(over, s, high), np.where(over, low, s)
        with np.errstate(divide="ignore", invalid="ignore"):
            new = s - (time - t) / radius
        # strictly: Newton's step may go from end to end of the bracket and back for ever
        inside = (new > np.minimum(low, high)) & (new < np.maximum(low, high)) & (turn % 8 != 7)
        done = time == t
        new = np.where(done, s, np.where(inside, new, (low + high) / 2))
        moved, s = np.abs(new - s), new
        # Newton doubles its digits: one more step from here reaches rounding
        if (moved <= 1e-10 * np.abs(s)).all():
            break
    time, radius, *_ = at(s)
    s = s - (time - t) / radius
    _, radius, c1, c2, c3 = at(s)
    f, g = 1 - mu * s * s * c2 / r0, t - mu * s**3 * c3
    f_dot, g_dot = -mu * s * c1 / (radius * r0), 1 - mu * s * s * c2 / radius
    return f[:, None] * r + g[:, None] * v, f_dot[:, None] * r + g_dot[:, None] * v


def pi() -> np.longdouble:
    """Of long double's own precision: NumPy's constant has a double's."""
    return 4 * np.arctan(np.longdouble(1))

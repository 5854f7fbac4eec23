"""A sequence of coasts and burns as two-body arcs and impulses, many variants at once.

The first look of `targeting`: cheap enough to be begun from many places.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.maths.vectors import cross
from cosmodrome.mission.nouns import Coast, Until
from cosmodrome.transfer.burn import basis_of
from cosmodrome.transfer.unknowns import split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import Manoeuvre
    from cosmodrome.transfer.conditions import Frame
    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]

__all__ = ["SUPPORTED", "kepler", "run", "vector"]

#: events whose instant has a closed form on a conic
SUPPORTED = ("periapsis", "apoapsis", "ascending node", "descending node")
_TURN = 2.0 * math.pi
# less than this is the event that ended the step before
_AT_ONCE_RAD = 1e-6


def run(
    steps: Sequence[Coast | Manoeuvre],
    x: Array,
    r0: Array,
    v0: Array,
    frame: Frame,
    mass_kg: float,
    exhaust_m_s: float,
) -> tuple[Array, Array, Array, Array]:
    """Where variants `x` (n, k) of a sequence end: places and velocities (n, 3) in GCRF, seconds
    (n,) after the start, and the sum of velocity changes (n,), m/s.

    NaN where an arc does not come to its event, or is open in a sequence that begins closed.
    """
    n = len(x)
    r, v = np.tile(r0, (n, 1)), np.tile(v0, (n, 1))
    # a sequence that begins on a closed orbit is not led over open ones
    arrives = 0.5 * float(v0 @ v0) > frame.mu / float(np.linalg.norm(r0))
    t, total, mass = np.zeros(n), np.zeros(n), np.full(n, mass_kg)
    for step, own in split(steps, x):
        if isinstance(step, Coast):
            dt = _span(step, own, r, v, t, frame)
            r, v = kepler(r, v, dt, frame.mu, hyperbolas=arrives)
            t = t + dt
        else:
            push = _push(step, own, r, v, mass, frame, exhaust_m_s)
            size = np.sqrt(np.einsum("ij,ij->i", push, push) + 1e-12)
            v, total = v + push, total + size
            mass = mass * np.exp(-size / exhaust_m_s)
    return r, v, t, total


def _span(step: Coast, own: Array, r: Array, v: Array, t: Array, frame: Frame) -> Array:
    if step.free:
        return np.asarray(own[:, 0])
    until: Until | Epoch | None = step.until
    if until is None:
        return np.full(len(r), step.duration_s or 0.0)
    if not isinstance(until, Until):
        return np.asarray((until - frame.epoch) - t)
    return _to_event(until, r, v, frame)


def _to_event(until: Until, r: Array, v: Array, frame: Frame) -> Array:
    """Seconds to the event on the conic, by mean anomalies."""
    mu = frame.mu
    radius = np.linalg.norm(r, axis=1)
    per_a = 2.0 / radius - np.einsum("ij,ij->i", v, v) / mu
    a = np.where(per_a > 0.0, 1.0 / per_a, np.nan)
    h = cross(r, v)
    size = np.linalg.norm(h, axis=1)
    e_cos = size**2 / (mu * radius) - 1.0
    e_sin = size * np.einsum("ij,ij->i", r, v) / (radius * mu)
    e, f = np.hypot(e_cos, e_sin), np.arctan2(e_sin, e_cos)
    if until.kind in ("periapsis", "apoapsis"):
        wanted = np.full(len(r), 0.0 if until.kind == "periapsis" else math.pi)
    else:
        z = frame.equator[2]
        node = cross(z, h)
        sense = 1.0 if until.kind == "ascending node" else -1.0
        node = sense * node / np.linalg.norm(node, axis=1)[:, None]
        u = np.arctan2(
            np.einsum("ij,ij->i", cross(node, r), h) / size, np.einsum("ij,ij->i", node, r)
        )
        wanted = f - u
    ahead = (_mean(wanted, e) - _mean(f, e)) % _TURN
    ahead = np.where(ahead < _AT_ONCE_RAD, ahead + _TURN, ahead) + (until.count - 1) * _TURN
    out: Array = ahead * np.sqrt(a**3 / mu)
    if until.count == 1 and np.any(per_a < 0.0):
        out = np.where(per_a < 0.0, _once(wanted, f, e, per_a, mu), out)
    return out


def _once(wanted: Array, f: Array, e: Array, per_a: Array, mu: float) -> Array:
    """Seconds to a true anomaly on hyperbolas, which come to it once; NaN where that is over."""

    def mean(x: Array) -> Array:
        x = np.asarray((x + math.pi) % _TURN - math.pi)
        half = np.sqrt(np.maximum((e - 1.0) / (e + 1.0), 0.0)) * np.tan(0.5 * x)
        # beyond the asymptotes there is no such place
        h = 2.0 * np.arctanh(np.where(np.abs(half) < 1.0, half, np.nan))
        return np.asarray(e * np.sinh(h) - h)

    ahead = mean(wanted) - mean(f)
    n = np.sqrt(mu * np.abs(per_a) ** 3)
    return np.asarray(np.where(ahead > _AT_ONCE_RAD, ahead, np.nan) / n)


def _mean(f: Array, e: Array) -> Array:
    beta = e / (1.0 + np.sqrt(np.maximum(1.0 - e * e, 0.0)))
    x = f - 2.0 * np.arctan2(beta * np.sin(f), 1.0 + beta * np.cos(f))
    return np.asarray(x - e * np.sin(x))


def _push(
    step: Manoeuvre, own: Array, r: Array, v: Array, mass: Array, frame: Frame, exhaust: float
) -> Array:
    """The velocity change of a burn (n, 3) in GCRF, m/s."""
    basis = basis_of(step.axes, r, v, frame.of_burns(step.axes))
    components = vector(step, own, mass, exhaust)
    return np.asarray(np.einsum("nk,nkc->nc", components, basis))


def vector(step: Manoeuvre, own: Array, mass: Array, exhaust: float) -> Array:
    """Components of a burn's velocity change in its own axes (n, 3), m/s."""
    if step.free_direction and step.free_size:
        return own
    fixed = np.array(step.direction, dtype=np.float64)
    fixed = fixed / np.linalg.norm(fixed)
    if step.free_size:
        return np.asarray(own[:, :1] * fixed)
    size = _size(step, mass, exhaust)[:, None]
    if step.free_direction:
        return np.asarray(size * own / np.linalg.norm(own, axis=1)[:, None])
    return np.asarray(size * fixed)


def _size(step: Manoeuvre, mass: Array, exhaust: float) -> Array:
    if step.delta_v_m_s is not None:
        return np.full(len(mass), step.delta_v_m_s)
    burnt = step.propellant_kg or 0.0
    return np.asarray(-exhaust * np.log(np.maximum(1.0 - burnt / mass, 1e-6)))


def kepler(
    r: Array, v: Array, dt: Array, mu: float, *, hyperbolas: bool = False
) -> tuple[Array, Array]:
    """Two-body motion of many orbits (n, 3), each by its own time (n,); NaN on open ones, with
    `hyperbolas` on parabolas only.

    Difference of eccentric anomalies, Newton's rule (Battin 1999, section 4.3, eq. 4.41 to 4.44);
    of hyperbolas of their like (eq. 4.65 ff.).
    """
    radius = np.linalg.norm(r, axis=1)
    per_a = 2.0 / radius - np.einsum("ij,ij->i", v, v) / mu
    there, speed = _on_ellipses(r, v, dt, mu, radius, per_a)
    hyperbolic = (per_a < 0.0) & hyperbolas
    if hyperbolic.any():
        at = [x[hyperbolic] for x in (r, v, dt)]
        there[hyperbolic], speed[hyperbolic] = _on_hyperbolas(
            at[0], at[1], at[2], mu, radius[hyperbolic], per_a[hyperbolic]
        )
    return there, speed


def _on_hyperbolas(
    r: Array, v: Array, dt: Array, mu: float, radius: Array, per_a: Array
) -> tuple[Array, Array]:
    b = -1.0 / per_a
    n = np.sqrt(mu / b**3)
    sigma = np.einsum("ij,ij->i", r, v) / np.sqrt(mu * b)
    e_cosh = 1.0 + radius / b
    m = n * dt
    # far out the anomaly grows as the logarithm of the time
    x = np.arcsinh(m / np.maximum(e_cosh, 1.0))
    for _ in range(60):
        s, c = np.sinh(x), np.cosh(x)
        miss = sigma * (c - 1.0) + e_cosh * s - x - m
        slope = sigma * s + e_cosh * c - 1.0
        step = np.clip(miss / np.maximum(slope, 1e-3), -1.0, 1.0)
        x = x - step
        if not np.nanmax(np.abs(step), initial=0.0) > 1e-13 * max(
            1.0, float(np.nanmax(np.abs(x), initial=0.0))
        ):
            break
    s, c = np.sinh(x), np.cosh(x)
    now = b * (sigma * s + e_cosh * c - 1.0)
    f, g = 1.0 - b / radius * (c - 1.0), dt - (s - x) / n
    f_dot, g_dot = -np.sqrt(mu * b) * s / (radius * now), 1.0 - b / now * (c - 1.0)
    return (
        f[:, None] * r + g[:, None] * v,
        f_dot[:, None] * r + g_dot[:, None] * v,
    )


def _on_ellipses(
    r: Array, v: Array, dt: Array, mu: float, radius: Array, per_a: Array
) -> tuple[Array, Array]:
    """NaN where the orbit is open."""
    a = np.where(per_a > 0.0, 1.0 / np.where(per_a > 0.0, per_a, 1.0), np.nan)
    n = np.sqrt(mu / a**3)
    sigma = np.einsum("ij,ij->i", r, v) / np.sqrt(mu * a)
    e_cos = 1.0 - radius / a
    m = n * dt
    x = m + 0.0
    for _ in range(60):
        s, c = np.sin(x), np.cos(x)
        miss = x + sigma * (1.0 - c) - e_cos * s - m
        slope = 1.0 + sigma * s - e_cos * c
        step = np.clip(miss / np.maximum(slope, 1e-3), -1.0, 1.0)
        x = x - step
        if not np.nanmax(np.abs(step), initial=0.0) > 1e-13 * max(
            1.0, float(np.nanmax(np.abs(x), initial=0.0))
        ):
            break
    s, c = np.sin(x), np.cos(x)
    now = a * (1.0 + sigma * s - e_cos * c)
    f = 1.0 - a / radius * (1.0 - c)
    g = dt - (x - s) / n
    f_dot = -np.sqrt(mu * a) * s / (radius * now)
    g_dot = 1.0 - a / now * (1.0 - c)
    return (
        f[:, None] * r + g[:, None] * v,
        f_dot[:, None] * r + g_dot[:, None] * v,
    )

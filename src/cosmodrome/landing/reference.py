"""The first reference of a landing, from nothing but the problem: what is linearised about."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp

from cosmodrome.maths import NUMPY, SCALAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.landing.local import Local
    from cosmodrome.landing.nouns import LandingProblem

    Array = NDArray[np.float64]

__all__ = ["Path", "coasting", "first"]

# nodes over all phases, and in one at the least
_NODES, _LEAST = 60, 6
# a phase that may last no longer does not brake
_SHORT_S = 60.0
# speed along a straight descent under this deceleration, m/s^2: where a gate says none
_GENTLE_M_S2 = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """A descent on nodes, in units of `Local`; phases share their border's state.

    counts   intervals of each phase
    x        (sum + 1, 6) place and velocity; z (sum + 1,) logarithm of the mass
    w        for each phase (intervals + 1, 3) thrust over mass; s its size, as a bound
    lasts    (phases,) durations; coast before them
    """

    counts: tuple[int, ...]
    x: Array
    z: Array
    w: tuple[Array, ...]
    s: tuple[Array, ...]
    lasts: Array
    coast: float

    def first(self, phase: int) -> int:
        """Node a phase begins on."""
        return sum(self.counts[:phase])

    def onward(self, phases: int, gone: float, was: Local, now: Local, mass: float) -> Path:
        """What is left for a like problem: without its first phases, in other units.

        gone   part of the first phase left that is flown already
        mass   the new problem's first mass over this path's
        """
        a = self.first(phases)
        length, speed = was.length_m / now.length_m, was.speed_m_s / now.speed_m_s
        x = self.x[a:] * np.repeat([length, speed], 3)
        push = speed * speed / length
        lasts = self.lasts[phases:] * was.time_s / now.time_s
        lasts[0] *= 1.0 - gone
        return Path(
            self.counts[phases:], x, self.z[a:] - math.log(mass),
            tuple(w * push for w in self.w[phases:]), tuple(s * push for s in self.s[phases:]),
            lasts, 0.0,
        )  # fmt: skip


def coasting(problem: LandingProblem, local: Local) -> Callable[[float], Array]:
    """Place and velocity (6,) after a coast, in units; the start where there is none."""
    start = local.start[:6]
    longest = problem.coast_s[1] / local.time_s
    if longest == 0.0:
        return lambda t: start

    def rates(t: float, y: Array) -> list[float]:
        x = y.tolist()
        return [*x[3:], *local.fall(SCALAR, x)]

    found = solve_ivp(
        rates, (0.0, longest), start, method="DOP853", rtol=1e-11, atol=1e-12, dense_output=True
    )

    def at(t: float) -> Array:
        out: Array = found.sol(t)
        return out

    return at


def _marks(problem: LandingProblem, local: Local) -> list[tuple[float, float]]:
    """(height, distance across the ground) in m at the end of each phase, as thought of."""
    out = []
    for phase in problem.phases[:-1]:
        gate, height = phase.gate, 0.0
        if gate is not None and gate.height_m is not None:
            height = 0.5 * (gate.height_m[0] + gate.height_m[1])
        away = 3.0 * height
        if phase.glide_slope_rad:
            away = min(away, 0.7 * height / math.tan(phase.glide_slope_rad))
        if gate is not None and gate.range_m is not None:
            away = min(away, 0.7 * gate.range_m)
        out.append((height, away))
    return [*out, (0.0, 0.0)]


def _burn_s(problem: LandingProblem, speed_m_s: float) -> float:
    """How long the first phase burns to lose a speed, at nearly all its thrust."""
    phase = problem.phases[_braking(problem)]
    exhaust = problem.isp_s(phase) * 9.80665
    low, high = phase.throttle
    flow = problem.engine.thrust_n / exhaust * (low + 0.9 * (high - low))
    spent = -problem.mass_kg * math.expm1(-1.08 * speed_m_s / exhaust)
    return min(spent, 0.95 * problem.mass_kg) / flow


def _braking(problem: LandingProblem) -> int:
    """The first phase that may last long: it takes the speed."""
    long = [k for k, p in enumerate(problem.phases) if p.duration_s[1] > _SHORT_S]
    return long[0] if long else 0


def _ignition(
    problem: LandingProblem, local: Local, at: Callable[[float], Array], reach: float
) -> float:
    """The coast after which the site lies `reach` ahead across the ground, in units."""
    low, high = (t / local.time_s for t in problem.coast_s)
    if high == low:
        return low
    t = np.linspace(low, high, 241)
    x = np.array([at(float(k)) for k in t])
    away = np.linalg.norm(x[:, :2], axis=1)
    # a site behind is no nearer for that
    behind = np.einsum("ij,ij->i", x[:, :2], x[:, 3:5]) > 0.0
    return float(t[int(np.argmin(np.abs(away - reach) + np.where(behind, 1e3, 0.0)))])


def first(problem: LandingProblem, local: Local, at: Callable[[float], Array]) -> Path:
    """A descent along the ground, decelerating evenly from ignition to the first gate."""
    marks = _marks(problem, local)
    length, speed, unit = local.length_m, local.speed_m_s, local.time_s
    fast = float(np.linalg.norm(local.start[3:6]))
    burn = _burn_s(problem, fast * speed) / unit
    braking = _braking(problem)
    before = [0.5 * sum(p.duration_s) / unit for p in problem.phases[:braking]]
    coast = _ignition(problem, local, at, fast * (0.53 * burn + sum(before)))
    x0 = at(coast)
    lasts = [*before, burn]
    for (h0, d0), (h1, d1) in pairwise(marks[braking:]):
        # how far, and how fast it may go and still stop there
        way = max(math.hypot(h0 - h1, d0 - d1), 1.0)
        mean = 0.5 * (_speed(math.hypot(h0, d0)) + _speed(math.hypot(h1, d1)))
        lasts.append(way / max(mean, 0.5) / unit)
    for k, phase in enumerate(problem.phases):
        lasts[k] = min(max(lasts[k], phase.duration_s[0] / unit), phase.duration_s[1] / unit)
    heading = -x0[:2] / max(float(np.linalg.norm(x0[:2])), 1e-12)
    ends = [x0[:3]]
    for h, d in marks[braking:]:
        flat = -heading * d / length
        sag = (d / length) ** 2 / (2.0 * local.radius)
        ends.append(np.array([*flat, h / length - sag]))
    total = sum(lasts)
    counts = tuple(max(_LEAST, round(_NODES * t / total)) for t in lasts)
    # braking, and what little comes before it, slows down evenly; later phases as good as evenly
    # paced
    marked = np.concatenate([[0.0], np.cumsum(lasts[: braking + 1])])
    early = np.interp(
        np.arange(1, sum(counts[: braking + 1]) + 1),
        np.concatenate([[0], np.cumsum(counts[: braking + 1])]),
        marked / marked[-1],
    )
    shares = [early * (2.0 - early)]
    shares += [np.arange(1, n + 1) / n for n in counts[braking + 1 :]]
    places = [x0[None, :3]]
    for k, share in enumerate(shares):
        places.append(_over_ground(local, ends[k], ends[k + 1], share[:, None]))
    place = np.concatenate(places)
    t = np.concatenate([[0.0], np.cumsum(np.repeat(np.array(lasts) / counts, counts))])
    v = np.gradient(place, t, axis=0)
    v[0] = x0[3:6]
    x = np.hstack([place, v])
    return _burning(problem, local, counts, x, t, np.array(lasts), coast)


def _speed(away_m: float) -> float:
    return math.sqrt(2.0 * _GENTLE_M_S2 * away_m)


def _over_ground(local: Local, a: Array, b: Array, share: Array) -> Array:
    """Places between two that keep to the curve of the ground, (n, 3)."""
    site = np.array([0.0, 0.0, local.radius])
    p, q = a + site, b + site
    lengths = np.linalg.norm(p), np.linalg.norm(q)
    way = p / lengths[0] * (1.0 - share) + q / lengths[1] * share
    way /= np.linalg.norm(way, axis=1)[:, None]
    out: Array = way * (lengths[0] * (1.0 - share) + lengths[1] * share) - site
    return out


def _burning(
    problem: LandingProblem,
    local: Local,
    counts: tuple[int, ...],
    x: Array,
    t: Array,
    lasts: Array,
    coast: float,
) -> Path:
    """The path with the thrust it asks for, and the mass that leaves by it."""
    fall = np.stack(local.fall(NUMPY, list(x.T)), axis=-1)
    push = np.gradient(x[:, 3:6], t, axis=0) - fall
    size = np.linalg.norm(push, axis=1)
    size = np.clip(size, 0.2 * local.push, 2.0 * local.push)
    slope = np.empty_like(size)
    for k, phase in enumerate(problem.phases):
        a = sum(counts[:k])
        slope[a : a + counts[k] + 1] = 1.0 / local.exhaust(problem.isp_s(phase) * 9.80665)
    steps = 0.5 * (size[1:] * slope[1:] + size[:-1] * slope[:-1]) * np.diff(t)
    z = -np.concatenate([[0.0], np.cumsum(steps)])
    cut = [slice(sum(counts[:k]), sum(counts[:k]) + n + 1) for k, n in enumerate(counts)]
    return Path(
        counts, x, z, tuple(push[c] for c in cut), tuple(size[c] for c in cut), lasts, coast
    )

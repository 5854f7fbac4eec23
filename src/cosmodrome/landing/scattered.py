"""Landings from states that are not the planned ones, by convexified guidance.

Each landing draws a true state and a true engine. At ignition the guidance solves from the state it
finds with the engine it was told of; a while later it has seen what the engine really does and
solves again, and so late in the first phase and at each gate. The flight is integrated apart from
what the guidance solves, with the thrust it asks for kept within the true engine's limits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.landing.convex import descent
from cosmodrome.landing.local import Local
from cosmodrome.landing.optimum import hopeless
from cosmodrome.maths import SCALAR
from cosmodrome.watch import SILENT, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.landing.convex import Convex
    from cosmodrome.landing.nouns import LandingProblem
    from cosmodrome.landing.reference import Path
    from cosmodrome.watch import Watch

    Array = NDArray[np.float64]

__all__ = ["Draw", "Guided", "Scatter", "dispersed", "drawn", "guided", "landed_from"]

# steps of the flight between two nodes of the guidance
_STEPS = 4
# part of the first phase after which it is solved again
_LATE = 0.85
# a wider scatter would draw engines that do not push
_MOST_PART = 0.15
# what counts as landed: distance from the site, and speeds beyond what was asked
_AWAY_M, _ACROSS_M_S = 10.0, 0.5


@dataclass(frozen=True, slots=True)
class Scatter:
    """One sigma of what differs from the plan at ignition.

    place_m, speed_m_s   of each component
    mass_kg
    thrust, isp          as parts of the engine's
    """

    place_m: float = 500.0
    speed_m_s: float = 2.0
    mass_kg: float = 5.0
    thrust: float = 0.01
    isp: float = 0.003

    def __post_init__(self) -> None:
        sizes = (self.place_m, self.speed_m_s, self.mass_kg, self.thrust, self.isp)
        if not all(0.0 <= s < math.inf for s in sizes):
            raise InputError(f"a scatter of {sizes}: give sizes of 0 or more")
        for name, part in (("thrust", self.thrust), ("specific impulse", self.isp)):
            if part > _MOST_PART:
                raise InputError(
                    f"a scatter of {100.0 * part:g} % of the {name}: give one sigma of"
                    f" {100.0 * _MOST_PART:g} % at the most, like 1 %"
                )


@dataclass(frozen=True, slots=True)
class Guided:
    """One dispersed landing.

    outcome        "landed"; "infeasible", with what is short; "missed": flown, but further from
                   the site than 10 m or faster than asked by 0.5 m/s; "not converged"
    why            what is short, or by how much it missed
    propellant_kg  burnt to the ground, or up to where it was found infeasible
    place_m, across_m_s, sink_m_s   at the end of the flight: from the site, and how fast
    programmes     cone programmes solved
    short_kg, short_m_s   of propellant, where that is what is short; else 0
    east_m, north_m   of the site at the end of the flight
    """

    outcome: str
    why: str
    propellant_kg: float
    place_m: float
    across_m_s: float
    sink_m_s: float
    programmes: int
    short_kg: float = 0.0
    short_m_s: float = 0.0
    east_m: float = math.nan
    north_m: float = math.nan


@dataclass(frozen=True, slots=True)
class Draw:
    """What one landing differs by from the plan at ignition.

    place_m, speed_m_s   (3,) east, north and up of the site
    mass_kg              of the lander
    thrust, isp          of the true engine, as parts of the problem's
    """

    place_m: tuple[float, float, float]
    speed_m_s: tuple[float, float, float]
    mass_kg: float
    thrust: float
    isp: float


def _flown(convex: Convex, truth: LandingProblem, until_s: float) -> tuple[Array, float]:
    """(7,) place, velocity in units and mass in first masses, and how long it flew, s.

    truth     the problem with the true engine
    until_s   where the flight stops at the latest
    """
    local, path = convex.local, convex.path
    y = [float(v) for v in local.start]
    t = 0.0
    push = truth.engine.thrust_n / convex.problem.engine.thrust_n * local.push
    for k, phase in enumerate(truth.phases):
        n = path.counts[k]
        h = float(path.lasts[k]) / n
        exhaust = local.exhaust(truth.isp_s(phase) * 9.80665)
        masses = np.exp(path.z[path.first(k) : path.first(k) + n + 1])
        asked = path.w[k] * masses[:, None]
        for j in range(n):
            left = until_s / local.time_s - t
            if left <= 0.0:
                return np.array(y), t * local.time_s
            part = min(1.0, left / h)
            ends = (asked[j].tolist(), (asked[j] + part * (asked[j + 1] - asked[j])).tolist())
            for step in range(_STEPS):
                a, b = step / _STEPS, (step + 1) / _STEPS
                y = _step(convex, y, part * h / _STEPS, ends, (a, b), push, phase.throttle, exhaust)
            t += part * h
    return np.array(y), t * local.time_s


def _step(
    convex: Convex,
    y: list[float],
    h: float,
    ends: tuple[list[float], list[float]],
    shares: tuple[float, float],
    push: float,
    throttle: tuple[float, float],
    exhaust: float,
) -> list[float]:
    """One step of the classical Runge-Kutta method."""

    # what guidance keeps of the engine to itself is there when it is asked for
    most = push if throttle[0] < throttle[1] else throttle[1] * push

    def rates(share: float, y: list[float]) -> list[float]:
        force = [a + share * (b - a) for a, b in zip(*ends, strict=True)]
        size = math.sqrt(sum(f * f for f in force))
        allowed = min(max(size, throttle[0] * push), most)
        fall = convex.local.fall(SCALAR, y)
        factor = allowed / max(size, 1e-12) / y[6]
        return [*y[3:6], *(fall[c] + factor * force[c] for c in range(3)), -allowed / exhaust]

    middle = 0.5 * (shares[0] + shares[1])
    a = rates(shares[0], y)
    b = rates(middle, [v + 0.5 * h * d for v, d in zip(y, a, strict=True)])
    c = rates(middle, [v + 0.5 * h * d for v, d in zip(y, b, strict=True)])
    d = rates(shares[1], [v + h * r for v, r in zip(y, c, strict=True)])
    return [
        v + h / 6.0 * (p + 2.0 * q + 2.0 * r + s)
        for v, p, q, r, s in zip(y, a, b, c, d, strict=True)
    ]


def _solved(problem: LandingProblem, near: Path | None) -> Convex:
    """From a like path; where that does not settle, from nothing."""
    found = descent(problem, near)
    if near is not None and not (found.settled and found.short.nothing):
        again = descent(problem)
        if again.settled:
            return again
    return found


def guided(
    problem: LandingProblem,
    thrust: float,
    isp: float,
    near: Path | None = None,
    seen_s: float = 30.0,
) -> Guided:
    """One landing from the problem's state, with another engine than it says.

    problem      without a coast: it burns at once
    thrust, isp  of the true engine, as parts of the problem's
    seen_s       after ignition, when the engine's true thrust and specific impulse are known

    Raises InputError for a problem with a coast.
    """
    if problem.coast_s[1] > 0.0:
        raise InputError(
            f"guidance burns at once and the problem coasts up to {problem.coast_s[1]:g} s first;"
            " give the state at ignition and coast_s = (0, 0)"
        )
    why = hopeless(problem)
    if why is not None:
        return Guided("infeasible", why, 0.0, math.nan, math.nan, math.nan, 0)
    engine = replace(
        problem.engine, thrust_n=problem.engine.thrust_n * thrust, isp_s=problem.engine.isp_s * isp
    )
    phases = tuple(
        p if p.isp_s is None else replace(p, isp_s=p.isp_s * isp) for p in problem.phases
    )
    truth = replace(problem, engine=engine, phases=phases)
    left, told = truth, problem
    spent, count, skipped = 0.0, 0, 0
    end = np.zeros(7)
    # at ignition; when the engine is known; late in the first phase; at each gate
    for leg in range(len(problem.phases) + 2):
        convex = _solved(told, near)
        count += convex.programmes
        # near a gate an optimum has nothing to spare: what lacks then is flown, and seen at the end
        enough = convex.short.nothing or (leg > 1 and not convex.short.propellant_kg)
        if not (convex.settled and enough):
            return _given_up(convex, count, spent)
        local, lasts = convex.local, convex.path.lasts
        first_s = float(lasts[0]) * local.time_s
        until = (min(seen_s, first_s), _LATE * first_s)[leg] if leg < 2 else first_s
        last = len(left.phases) == 1 and leg > 1
        end, gone = _flown(convex, left, math.inf if last else until)
        if last:
            break
        skipped = 1 if leg > 1 else 0
        now = _after(left, convex, end, skipped)
        share = 0.0 if skipped else gone / first_s
        near = convex.path.onward(skipped, share, local, Local.of(now), float(end[6]))
        spent += left.mass_kg - now.mass_kg
        left = told = now
    place = end[:3] * convex.local.length_m
    speed = end[3:6] * convex.local.speed_m_s
    burnt = spent + left.mass_kg * (1.0 - float(end[6]))
    across, sink = float(np.linalg.norm(speed[:2])), -float(speed[2])
    away = float(np.linalg.norm(place))
    soft = away < _AWAY_M and across < _ACROSS_M_S and sink < problem.sink_m_s + _ACROSS_M_S
    why = "" if soft else f"{away:.1f} m away, {across:.2f} m/s across, {sink:.2f} m/s down"
    east, north = float(place[0]), float(place[1])
    return Guided(
        "landed" if soft else "missed", why, burnt, away, across, sink, count, 0.0, 0.0, east, north
    )


def _after(problem: LandingProblem, convex: Convex, end: Array, skipped: int) -> LandingProblem:
    """The problem that is left where a flight stopped."""
    r, v = convex.local.places(end[None])
    mass = problem.mass_kg * float(end[6])
    rest = problem.propellant_kg
    rest = None if rest is None else rest - (problem.mass_kg - mass)
    return replace(
        problem, r_m=r[0], v_m_s=v[0], mass_kg=mass, propellant_kg=rest,
        phases=problem.phases[skipped:],
    )  # fmt: skip


def _given_up(convex: Convex, count: int, spent_kg: float) -> Guided:
    nothing = convex.short.nothing
    outcome = "not converged" if nothing or not convex.settled else "infeasible"
    short = convex.short
    return Guided(
        outcome, short.told(), spent_kg, short.place_m, math.nan, math.nan, count,
        short.propellant_kg, short.delta_v_m_s,
    )  # fmt: skip


def drawn(scatter: Scatter, seed: int, k: int) -> Draw:
    """The k-th draw of a seed, whatever the number of landings."""
    z = np.random.default_rng([seed, k]).standard_normal(9)
    place, speed = ((float(v) for v in size * z[a : a + 3])
                    for size, a in ((scatter.place_m, 0), (scatter.speed_m_s, 3)))  # fmt: skip
    return Draw(
        tuple(place), tuple(speed), scatter.mass_kg * float(z[6]),  # type: ignore[arg-type]
        1.0 + scatter.thrust * float(z[7]), 1.0 + scatter.isp * float(z[8]),
    )  # fmt: skip


def landed_from(problem: LandingProblem, draw: Draw, near: Path | None = None) -> Guided:
    """One landing from where a draw puts it.

    near  a like path, from which the guidance starts
    """
    axes = Local.of(problem).axes
    sample = replace(
        problem,
        r_m=problem.r_m + np.array(draw.place_m) @ axes,
        v_m_s=problem.v_m_s + np.array(draw.speed_m_s) @ axes,
        mass_kg=problem.mass_kg + draw.mass_kg,
    )
    return guided(sample, draw.thrust, draw.isp, near)


def dispersed(
    problem: LandingProblem, scatter: Scatter, count: int, seed: int, watch: Watch = SILENT
) -> tuple[Guided, ...]:
    """Landings from `count` dispersed states at ignition; the k-th draw depends on seed and k.

    Raises InputError for a count below 1 or a problem with a coast.
    """
    if count < 1:
        raise InputError(f"{count} dispersed landings: give 1 or more")
    if problem.coast_s[1] > 0.0:
        guided(problem, 1.0, 1.0)
    near = descent(problem).path
    watch.begin("landing", f"{count} dispersed landings")
    out = []
    for k in range(count):
        stop_if_cancelled(watch)
        out.append(landed_from(problem, drawn(scatter, seed, k), near))
        watch.tell("landing", (k + 1) / count, f"{k + 1} of {count}")
    watch.end("landing", told(out))
    return tuple(out)


def told(landings: Sequence[Guided]) -> str:
    """How many landed, were infeasible, missed, or did not converge."""
    names = ("landed", "infeasible", "missed", "not converged")
    counts = [sum(g.outcome == name for g in landings) for name in names]
    return ", ".join(f"{n} {name}" for n, name in zip(counts, names, strict=True) if n)

"""A landing as an optimal flight: stretches of coast and of thrust, limits, gates.

State: place from the site, velocity, mass (7); control: thrust direction and throttle (4), in the
units of `Local`. Each side of a switch is a stretch of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cosmodrome.powered.collocation import Course, Stretch
from cosmodrome.powered.phases import uniform

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cosmodrome.landing.local import Local
    from cosmodrome.landing.nouns import Gate, LandingProblem, Phase
    from cosmodrome.maths import Ops

    Limits = tuple[tuple[float, float], ...]

__all__ = ["Piece", "course"]

_HUGE = 1e19
_POINTS = 4
# longest interval of a coast and of thrust, in units of time (braking lasts about 1.5)
_COAST, _THRUST = 1.0, 0.12
# where the first and last interval are cut when a turn may lie in them
_GRADED = (0.06, 0.15, 0.35)
# a piece between two switches may vanish but for this, s
_SHORTEST_S = 1e-3


@dataclass(frozen=True, slots=True)
class Piece:
    """A side of a switch.

    phase     index of the problem's; -1: the coast
    lasts_s   how long it is thought to last
    throttle  its part of the phase's range: without this a switch could as well lie inside it
    first     of its phase?
    """

    phase: int
    lasts_s: float
    throttle: tuple[float, float] = (0.0, 0.0)
    first: bool = True


def _thrust(
    local: Local, phase: Phase, isp_m_s: float
) -> Callable[[Ops, Sequence[Any], Sequence[Any]], Sequence[Any]]:
    exhaust = local.exhaust(isp_m_s)

    def rates(ops: Ops, x: Sequence[Any], u: Sequence[Any]) -> Sequence[Any]:
        a = local.fall(ops, x)
        push = local.push * u[3]
        each = push / x[6]
        return [*x[3:6], *(a[c] + each * u[c] for c in range(3)), -push / exhaust]

    return rates


def _coast(local: Local) -> Callable[[Ops, Sequence[Any], Sequence[Any]], Sequence[Any]]:
    def rates(ops: Ops, x: Sequence[Any], u: Sequence[Any]) -> Sequence[Any]:
        return [*x[3:6], *local.fall(ops, x), 0.0 * x[6]]

    return rates


def _path(
    local: Local, phase: Phase
) -> tuple[Callable[[Ops, Sequence[Any], Sequence[Any]], Sequence[Any]], Limits]:
    """Limits at nodes: the length of the direction, cone, floor, tilt."""
    limits: list[tuple[float, float]] = [(1.0, 1.0)]
    cone, tilt, lowest = phase.glide_slope_rad, phase.tilt_rad, phase.lowest_m
    limits += [(0.0, _HUGE)] if cone is not None else []
    limits += [(math.cos(tilt), _HUGE)] if tilt is not None else []
    limits += [(lowest / local.length_m, _HUGE)] if lowest is not None else []
    # keeps the root of the cone's distance differentiable at the site
    near = 1e-14

    def formula(ops: Ops, x: Sequence[Any], u: Sequence[Any]) -> Sequence[Any]:
        out = [u[0] * u[0] + u[1] * u[1] + u[2] * u[2]]
        if cone is not None:
            away = ops.sqrt(x[0] * x[0] + x[1] * x[1] + near) - math.sqrt(near)
            out.append(x[2] - math.tan(cone) * away)
        if tilt is not None:
            out.append(u[2])
        if lowest is not None:
            out.append(local.height(ops, x))
        return out

    return formula, tuple(limits)


def _gate(local: Local, gate: Gate) -> tuple[Callable[[Ops, Sequence[Any]], Sequence[Any]], Limits]:
    """What holds where a phase ends."""
    limits: list[tuple[float, float]] = []
    if gate.height_m is not None:
        limits.append((gate.height_m[0] / local.length_m, gate.height_m[1] / local.length_m))
    if gate.sink_m_s is not None:
        limits.append((gate.sink_m_s[0] / local.speed_m_s, gate.sink_m_s[1] / local.speed_m_s))
    # on the spot: both components, a square would have no slope there
    spot, still = gate.range_m == 0.0, gate.across_m_s == 0.0
    if gate.range_m is not None:
        most = (gate.range_m / local.length_m) ** 2
        limits += [(0.0, 0.0)] * 2 if spot else [(-_HUGE, most)]
    if gate.across_m_s is not None:
        most = (gate.across_m_s / local.speed_m_s) ** 2
        limits += [(0.0, 0.0)] * 2 if still else [(-_HUGE, most)]

    def formula(ops: Ops, x: Sequence[Any]) -> Sequence[Any]:
        out: list[Any] = []
        if gate.height_m is not None:
            out.append(local.height(ops, x))
        if gate.sink_m_s is not None:
            out.append(local.sink(ops, x))
        if gate.range_m is not None:
            out += [x[0], x[1]] if spot else [x[0] * x[0] + x[1] * x[1]]
        if gate.across_m_s is not None:
            # where a gate lies near the site, level there is level here
            a, b = x[3] - float(local.drift[0]), x[4] - float(local.drift[1])
            out += [a, b] if still else [a * a + b * b]
        return out

    return formula, tuple(limits)


def _turning(
    local: Local, rate_rad_s: float
) -> Callable[[Ops, Sequence[Any], Sequence[Any], Any], Sequence[Any]]:
    rate = rate_rad_s * local.time_s

    def formula(ops: Ops, u: Sequence[Any], after: Sequence[Any], dt: Any) -> Sequence[Any]:
        chord = sum((after[c] - u[c]) * (after[c] - u[c]) for c in range(3))
        return [chord - (rate * dt) * (rate * dt)]

    return formula


def _mesh(lasts: float, turns: bool) -> tuple[float, ...]:
    """Fractions of a stretch of thrust; finer to both ends where the direction may turn there."""
    even = uniform(max(2, math.ceil(lasts / _THRUST)))
    if not turns:
        return even
    step = even[1]
    ends = [step * part for part in _GRADED]
    return (0.0, *ends, *even[1:-1], *(1.0 - e for e in reversed(ends)), 1.0)


def _stretch(problem: LandingProblem, local: Local, piece: Piece, last: bool) -> Stretch:
    """One side of a switch; gates stand at the end of a phase's last."""
    unit = local.time_s
    lasts = piece.lasts_s / unit
    if piece.phase < 0:
        low, high = problem.coast_s
        return Stretch(
            _coast(local), (low / unit, high / unit), (),
            mesh=uniform(max(2, math.ceil(lasts / _COAST))), points=_POINTS + 2,
        )  # fmt: skip
    phase = problem.phases[piece.phase]
    path, limits = _path(local, phase)
    gate = None
    gates: Limits = ()
    if last and phase.gate is not None:
        gate, gates = _gate(local, phase.gate)
    alone = piece.first and last
    shortest = phase.duration_s[0] if alone else min(_SHORTEST_S, phase.duration_s[0])
    begun = piece.phase > 0 or not piece.first
    return Stretch(
        _thrust(local, phase, problem.isp_s(phase) * 9.80665),
        (shortest / unit, phase.duration_s[1] / unit),
        (*((-1.1, 1.1),) * 3, piece.throttle),
        path, limits, gate=gate, gate_limits=gates,
        kept=() if piece.throttle[0] == piece.throttle[1] else (3,),
        change=None if phase.rate_rad_s is None else _turning(local, phase.rate_rad_s),
        joined=3 if begun and phase.rate_rad_s is not None else 0,
        mesh=_mesh(lasts, phase.rate_rad_s is not None), points=_POINTS,
    )  # fmt: skip


def course(problem: LandingProblem, local: Local, pieces: Sequence[Piece]) -> Course:
    """The whole problem over pieces in order of time: least propellant."""
    stretches, spans = [], []
    begun = 0
    for k, piece in enumerate(pieces):
        last = k + 1 == len(pieces) or pieces[k + 1].phase != piece.phase
        stretches.append(_stretch(problem, local, piece, last))
        begun = k if piece.first else begun
        if last and not piece.first:
            low, high = problem.phases[piece.phase].duration_s
            spans.append((begun, k, low / local.time_s, high / local.time_s))
    final = [float(v) for v in local.drift]
    final[2] -= problem.sink_m_s / local.speed_m_s

    def end(ops: Ops, x: Sequence[Any]) -> Sequence[Any]:
        return [*x[:3], *(x[3 + c] - final[c] for c in range(3))]

    state = (*((-_HUGE, _HUGE),) * 6, (problem.least_kg / problem.mass_kg, 1.0))
    start = tuple(float(x) for x in local.start)
    cost = (0.0,) * 6 + (-1.0,)
    return Course(tuple(stretches), start, state, end, cost, spans=tuple(spans))

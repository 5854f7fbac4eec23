"""The plan cut from an optimum: timers and an attitude programme, nothing a simulator knows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.launch import launch_axes
from cosmodrome.maths import fit_matrix, gauss_lobatto_points, lobatto
from cosmodrome.powered.mesh import sample
from cosmodrome.record.nouns import (
    AttitudeProgramme,
    Plan,
    PlanPhase,
    ThrottleProgramme,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.ascent.optimum import AscentSolution
    from cosmodrome.powered.statement import Arc
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["STATE_KEYS", "plan"]

# names of a state in a plan's targets
STATE_KEYS = ("x_m", "y_m", "z_m", "vx_m_s", "vy_m_s", "vz_m_s")

_TERMS = 4
_COAST_PIECE_S = 120.0


def plan(solution: AscentSolution, lift_off: Epoch, world: World) -> Plan:
    """What the flight computer carries for a lift-off at `lift_off`.

    Timers are whole nanoseconds. The thrust direction is the collocation polynomial of each mesh
    interval in the launch frame (z the spin axis, x the pad's meridian at lift-off); in coasts
    it turns evenly in the local horizon from the last burn's direction to the next one's.
    `targets` holds the state the optimum reaches at release, in the same frame; of several
    releases the last, and each earlier one under the id of what leaves first ("id x_m").
    """
    arcs = solution.flight.arcs
    marks = [0.0]
    for arc in arcs:
        marks.append(round(marks[-1] + arc.duration_s, 9))
    phases = tuple(
        PlanPhase(
            name=arc.phase.name,
            start_s=a,
            end_s=b,
            burning=arc.phase.burning,
            drops_at_end=arc.phase.drops,
            settling=arc.phase.settling,
        )
        for arc, a, b in zip(arcs, marks[:-1], marks[1:], strict=True)
    )
    breaks: list[float] = [0.0]
    pieces: list[NDArray[np.float64]] = []
    for i, (arc, a, b) in enumerate(zip(arcs, marks[:-1], marks[1:], strict=True)):
        if arc.u is not None:
            _steered(arc, a, b, breaks, pieces)
        else:
            _coasting(arcs, i, a, b, breaks, pieces)
    r, v = solution.r_m, solution.v_m_s
    targets = {
        "payload_kg": solution.payload_kg,
        "release_s": marks[-1],
        "x_m": float(r[0]),
        "y_m": float(r[1]),
        "z_m": float(r[2]),
        "vx_m_s": float(v[0]),
        "vy_m_s": float(v[1]),
        "vz_m_s": float(v[2]),
        "mass_kg": solution.mass_kg,
    }
    for k, ids in solution.sequence.releases[:-1]:
        y = np.concatenate([arcs[k].r_m[-1], arcs[k].v_m_s[-1]])
        targets |= {f"{ids[0]} {key}": float(x) for key, x in zip(STATE_KEYS, y, strict=True)}
    return Plan(
        chapter="ascent",
        object="stack",
        epoch=lift_off,
        phases=phases,
        attitude=AttitudeProgramme("launch", tuple(breaks), np.array(pieces)),
        initial_mass_kg=arcs[0].mass_kg,
        throttle=_throttle(arcs, marks),
        launch_axes=launch_axes(solution.site, lift_off, world),
        targets=targets,
    )


def _throttle(arcs: tuple[Arc, ...], marks: list[float]) -> ThrottleProgramme | None:
    """The throttle's collocation polynomials where it is free, one elsewhere; None: never free."""
    if all(arc.throttle is None for arc in arcs):
        return None
    breaks = [0.0]
    pieces: list[NDArray[np.float64]] = []
    for arc, a, b in zip(arcs, marks[:-1], marks[1:], strict=True):
        if arc.throttle is None:
            pieces.append(np.eye(1, _TERMS)[0])
            breaks.append(b)
            continue
        s = arc.phase.points
        for e, end in enumerate(arc.phase.mesh[1:]):
            piece = np.zeros(_TERMS)
            piece[:s] = lobatto(s).to_chebyshev @ arc.throttle[e * (s - 1) : e * (s - 1) + s]
            pieces.append(piece)
            breaks.append(b if e + 1 == arc.phase.intervals else round(a + end * (b - a), 9))
    return ThrottleProgramme(tuple(breaks), np.array(pieces))


def _steered(
    arc: Arc, a: float, b: float, breaks: list[float], pieces: list[NDArray[np.float64]]
) -> None:
    phase = arc.phase
    s = phase.points
    assert arc.u is not None
    to_chebyshev = lobatto(s).to_chebyshev
    for e in range(phase.intervals):
        nodes = arc.u[e * (s - 1) : e * (s - 1) + s]
        coefficients = np.zeros((_TERMS, 3))
        coefficients[:s] = to_chebyshev @ nodes
        pieces.append(coefficients)
        breaks.append(b if e + 1 == phase.intervals else round(a + phase.mesh[e + 1] * (b - a), 9))


def _local(r: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows: radial, transverse, normal unit vectors of a state."""
    radial = r / np.linalg.norm(r)
    normal = np.cross(r, v)
    normal = normal / np.linalg.norm(normal)
    return np.vstack([radial, np.cross(normal, radial), normal])


def _end_direction(arc: Arc, last: bool) -> NDArray[np.float64]:
    assert arc.u is not None
    u: NDArray[np.float64] = arc.u[-1 if last else 0]
    k = -1 if last else 0
    out: NDArray[np.float64] = _local(arc.r_m[k], arc.v_m_s[k]) @ u
    return out / np.linalg.norm(out)


def _coasting(
    arcs: tuple[Arc, ...],
    i: int,
    a: float,
    b: float,
    breaks: list[float],
    pieces: list[NDArray[np.float64]],
) -> None:
    """Turn evenly, in the local horizon, between the burns around this coast."""
    before = [k for k in range(i) if arcs[k].u is not None]
    after = [k for k in range(i + 1, len(arcs)) if arcs[k].u is not None]
    if not before:
        raise ValueError("a plan cannot begin with a coast")
    first = before[-1]
    start = arcs[first].end_s
    u0 = _end_direction(arcs[first], last=True)
    if after:
        stop = arcs[after[0]].start_s
        u1 = _end_direction(arcs[after[0]], last=False)
    else:
        stop, u1 = arcs[-1].end_s, u0
    arc = arcs[i]
    count = max(1, math.ceil((b - a) / _COAST_PIECE_S))
    points = 0.5 * (gauss_lobatto_points(_TERMS) + 1.0)
    matrix = fit_matrix(_TERMS)
    for k in range(count):
        fractions = (k + points) / count
        there = sample(arc, fractions)
        r, v = there.r_m, there.v_m_s
        times = arc.start_s + fractions * arc.duration_s
        values = np.empty((_TERMS, 3))
        for j in range(_TERMS):
            x = min(max((times[j] - start) / (stop - start), 0.0), 1.0)
            u = (1.0 - x) * u0 + x * u1
            u = u / np.linalg.norm(u)
            values[j] = u @ _local(r[j], v[j])
        pieces.append(matrix @ values)
        breaks.append(b if k + 1 == count else round(a + (k + 1) / count * (b - a), 9))

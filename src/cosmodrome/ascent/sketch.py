"""Phases flown coarsely from a state, a start to solve from: conics, thrust held in space."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.kepler import kepler_propagate
from cosmodrome.powered.mesh import guessed_arc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.ascent.programme import Programme
    from cosmodrome.ascent.sequence import Sequence
    from cosmodrome.powered.phases import Phase
    from cosmodrome.powered.statement import Arc, Powered

    Vector = NDArray[np.float64]

__all__ = ["sketched"]

_STEP_S = 5.0


def sketched(
    problem: Programme,
    seq: Sequence,
    arcs: list[Arc],
    flight: Powered,
    directions: dict[int, Vector],
) -> Powered:
    """`flight` with `arcs` first, and after them the phases of `seq` that they lack.

    directions  phase -> where its thrust points, held in space: unit (3,), launch frame
    Coasts are conics about a point mass. No miss is known.
    """
    mu = problem.planet.mu
    end = arcs[-1]
    r, v = end.r_m[-1], end.v_m_s[-1]
    mass, start = end.end_mass_kg, end.end_s
    before = end.phase
    used = 0.0
    for i in range(len(arcs), len(seq.phases)):
        mass = before.mass_after_kg(mass, flight.payload_kg)
        phase = seq.phases[i]
        times = phase.node_fractions * phase.duration_s
        u = None
        if phase.steered:
            u = np.tile(directions[i], (times.size, 1))
            rs, vs = _pushed(mu, r, v, mass, phase, directions[i], times)
        else:
            states = [kepler_propagate(r, v, float(t), mu) for t in times]
            rs, vs = (np.array(s) for s in zip(*states, strict=True))
        arcs.append(guessed_arc(phase, start, mass, rs, vs, u))
        used += sum(flow for _, flow in phase.draws) * phase.duration_s
        if phase.free is not None:
            used += phase.free.flow_kg_s * phase.duration_s
        r, v = rs[-1], vs[-1]
        mass, start, before = arcs[-1].end_mass_kg, arcs[-1].end_s, phase
    assert seq.last is not None
    left = max(flight.left_kg - used, 1.0)
    return replace(flight, arcs=tuple(arcs), left_kg=left, miss=None)


def _pushed(
    mu: float, r: Vector, v: Vector, mass: float, phase: Phase, u: Vector, times: Vector
) -> tuple[Vector, Vector]:
    """States at `times` of a burn in a fixed direction; Runge-Kutta 4 about a point mass."""
    thrust, flow = phase.thrust_vacuum_n, phase.flow_kg_s
    if phase.free is not None:
        thrust, flow = thrust + phase.free.thrust_vacuum_n, flow + phase.free.flow_kg_s

    def rate(t: float, y: Vector) -> Vector:
        d = float(np.linalg.norm(y[:3]))
        return np.concatenate([y[3:], -mu / d**3 * y[:3] + thrust / (mass - flow * t) * u])

    y, t = np.concatenate([r, v]), 0.0
    out = [y]
    for end in times[1:]:
        n = max(1, math.ceil((float(end) - t) / _STEP_S))
        h = (float(end) - t) / n
        for _ in range(n):
            k1 = rate(t, y)
            k2 = rate(t + 0.5 * h, y + 0.5 * h * k1)
            k3 = rate(t + 0.5 * h, y + 0.5 * h * k2)
            k4 = rate(t + h, y + h * k3)
            y = y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
            t += h
        out.append(y)
    states = np.array(out)
    return states[:, :3], states[:, 3:]

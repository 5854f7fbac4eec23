"""Meshes of powered flight: sampling an arc, judging its intervals, splitting them, regridding."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import legendre

from cosmodrome.maths import NUMPY, lobatto
from cosmodrome.physics import heating, powered
from cosmodrome.powered.statement import Arc, Powered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.physics.powered import Body, Planet
    from cosmodrome.powered.phases import Phase

__all__ = [
    "HEAT_ROUNDING",
    "heat_excess",
    "interval_errors",
    "refine",
    "regrid",
    "resample",
    "sample",
]

_FINE = 12
# a limit kept at the nodes may be exceeded between them by this part of it
HEAT_ROUNDING = 2e-3
_MOST_PIECES = 4


@lru_cache(maxsize=64)
def _basis(points: int, at: tuple[float, ...]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lagrange basis on the Lobatto nodes at fractions `at`, and its integral from 0; (n, s)."""
    n = points - 1
    x = 2.0 * lobatto(points).nodes - 1.0
    t = 2.0 * np.asarray(at) - 1.0
    inverse = np.linalg.inv(legendre.legvander(x, n))
    value = legendre.legvander(t, n) @ inverse
    antiderivative = np.empty((t.size, points))
    for k in range(points):
        series = legendre.legint([0.0] * k + [1.0], lbnd=-1.0)
        antiderivative[:, k] = legendre.legval(t, series)
    return value, 0.5 * antiderivative @ inverse


def _unit(u: NDArray[np.float64]) -> NDArray[np.float64]:
    out: NDArray[np.float64] = u / np.linalg.norm(u, axis=-1, keepdims=True)
    return out


def _by_interval(phase: Phase, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(nodes, c) -> (intervals, s, c): shared end nodes repeated."""
    s = phase.points
    index = np.arange(phase.intervals)[:, None] * (s - 1) + np.arange(s)[None, :]
    out: NDArray[np.float64] = values[index]
    return out


def sample(
    arc: Arc, fractions: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64] | None]:
    """Place, velocity and unit thrust direction at fractions (n,) of an arc, by its polynomials."""
    phase = arc.phase
    mesh = np.asarray(phase.mesh)
    e = np.clip(np.searchsorted(mesh, fractions, side="right") - 1, 0, phase.intervals - 1)
    inside = (fractions - mesh[e]) / (mesh[e + 1] - mesh[e])
    columns = [arc.r_m, arc.v_m_s] + ([] if arc.u is None else [arc.u])
    nodes = _by_interval(phase, np.hstack(columns))
    n = phase.points - 1
    x = 2.0 * lobatto(phase.points).nodes - 1.0
    inverse = np.linalg.inv(legendre.legvander(x, n))
    weights = legendre.legvander(2.0 * inside - 1.0, n) @ inverse
    out = np.einsum("is,isc->ic", weights, nodes[e])
    u = None if arc.u is None else _unit(out[:, 6:9])
    return out[:, :3], out[:, 3:6], u


def interval_errors(
    planet: Planet, body: Body, arc: Arc
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Local errors of each interval, m/s and m: (intervals,) each.

    The collocation polynomial is put into the right-hand side on a finer Gauss grid, thrust
    direction normalised as flown; what its quadrature misses of the step is the error.
    """
    phase = arc.phase
    s = phase.points
    mesh = np.asarray(phase.mesh)
    width = np.diff(mesh) * arc.duration_s
    x, weights = legendre.leggauss(_FINE)
    at = tuple(float(v) for v in 0.5 * (x + 1.0))
    value, integral = _basis(s, at)

    def rates(
        r: NDArray[np.float64],
        v: NDArray[np.float64],
        u: NDArray[np.float64] | None,
        fraction: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        mass = arc.mass_kg - phase.flow_kg_s * arc.duration_s * fraction
        a = powered.accelerations(
            NUMPY,
            planet,
            body,
            (r[..., 0], r[..., 1], r[..., 2]),
            (v[..., 0], v[..., 1], v[..., 2]),
            mass,
            None if u is None else (u[..., 0], u[..., 1], u[..., 2]),
            phase.thrust_vacuum_n,
            phase.exit_area_m2,
        )
        return np.stack(a.total, axis=-1)

    r, v = _by_interval(phase, arc.r_m), _by_interval(phase, arc.v_m_s)
    u = None if arc.u is None else _by_interval(phase, arc.u)
    c = lobatto(s).nodes
    a = rates(r, v, u, mesh[:-1, None] + np.diff(mesh)[:, None] * c)
    h = width[:, None, None]
    v_fine = v[:, :1] + h * np.einsum("gs,isc->igc", integral, a)
    r_fine = r[:, :1] + h * np.einsum("gs,isc->igc", integral, v)
    u_fine = None if u is None else _unit(np.einsum("gs,isc->igc", value, u))
    a_fine = rates(
        r_fine, v_fine, u_fine, mesh[:-1, None] + np.diff(mesh)[:, None] * np.asarray(at)
    )
    dv = width[:, None] * np.einsum("g,igc->ic", 0.5 * weights, a_fine) - (v[:, -1] - v[:, 0])
    dr = width[:, None] * np.einsum("g,igc->ic", 0.5 * weights, v_fine) - (r[:, -1] - r[:, 0])
    return np.linalg.norm(dv, axis=1), np.linalg.norm(dr, axis=1)


def heat_excess(planet: Planet, arc: Arc) -> NDArray[np.float64]:
    """By how much the heat flux inside each interval exceeds its limit, as a part of it.

    (intervals,); negative where it stays below. The limit is kept at the nodes only, and the
    flux peaks sharply at a perigee between two of them.
    """
    phase = arc.phase
    limit = phase.path.heat_flux_w_m2
    if limit is None:
        return np.full(phase.intervals, -1.0)
    mesh = np.asarray(phase.mesh)
    inside = np.linspace(0.0, 1.0, _FINE + 2)[1:-1]
    at = (mesh[:-1, None] + np.diff(mesh)[:, None] * inside).ravel()
    r, v, _ = sample(arc, at)
    met = powered.air(NUMPY, planet, (r[:, 0], r[:, 1], r[:, 2]), (v[:, 0], v[:, 1], v[:, 2]))
    flux = heating.free_molecular(met.rho, met.speed).reshape(phase.intervals, -1)
    out: NDArray[np.float64] = flux.max(axis=1) / limit - 1.0
    return out


def refine(
    planet: Planet, body: Body, solution: Powered, tolerance_m_s: float, reach_s: float = 100.0
) -> tuple[tuple[Phase, ...], float, float]:
    """The phases with bad intervals split, the sum of all local errors in m/s, the worst excess.

    An interval is bad when its velocity error, or its place error over `reach_s`, exceeds the
    tolerance (pieces follow from the scheme's order), or where the heat flux between its nodes
    exceeds the limit kept at them by more than `HEAT_ROUNDING`.
    """
    phases = []
    total = 0.0
    worst = -1.0
    for arc in solution.arcs:
        dv, dr = interval_errors(planet, body, arc)
        error = np.maximum(dv, dr / reach_s)
        total += float(error.sum())
        mesh = np.asarray(arc.phase.mesh)
        order = 2 * arc.phase.points - 2
        excess = heat_excess(planet, arc)
        worst = max(worst, float(excess.max()))
        marks = [mesh[0]]
        for e in range(arc.phase.intervals):
            pieces = 1
            if error[e] > tolerance_m_s:
                pieces = int(np.ceil((error[e] / (0.3 * tolerance_m_s)) ** (1.0 / order)))
                pieces = min(max(pieces, 2), _MOST_PIECES)
            if excess[e] > HEAT_ROUNDING:
                pieces = max(pieces, 3)
            marks.extend(np.linspace(mesh[e], mesh[e + 1], pieces + 1)[1:])
        phases.append(arc.phase.with_mesh(np.array(marks)))
    return tuple(phases), total, worst


def regrid(solution: Powered, phases: tuple[Phase, ...]) -> Powered:
    """The same flight sampled on the nodes of `phases` (same phases, other meshes)."""
    arcs = []
    for arc, phase in zip(solution.arcs, phases, strict=True):
        if phase.mesh == arc.phase.mesh and phase.points == arc.phase.points:
            arcs.append(
                Arc(phase, arc.start_s, arc.duration_s, arc.mass_kg, arc.r_m, arc.v_m_s, arc.u)
            )
            continue
        r, v, u = sample(arc, phase.node_fractions)
        arcs.append(Arc(phase, arc.start_s, arc.duration_s, arc.mass_kg, r, v, u))
    return Powered(
        tuple(arcs), solution.payload_kg, solution.left_kg, solution.kick, solution.q_excess
    )


def resample(solution: Powered, phases: tuple[Phase, ...]) -> Powered:
    """The same flight cut into other phases, by time after lift-off: a start for their solve."""
    ends = np.array([arc.end_s for arc in solution.arcs])
    steered = [arc for arc in solution.arcs if arc.u is not None]
    arcs = []
    start, mass = 0.0, solution.arcs[0].mass_kg
    for phase in phases:
        times = np.clip(start + phase.duration_s * phase.node_fractions, 0.0, ends[-1])
        r, v, u = np.empty((times.size, 3)), np.empty((times.size, 3)), np.empty((times.size, 3))
        for j, t in enumerate(times):
            # a shared instant belongs to this phase's own side of it
            side = t - 1e-6 if j == times.size - 1 else t + 1e-6
            arc = solution.arcs[min(int(np.searchsorted(ends, side)), len(ends) - 1)]
            f = np.clip((t - arc.start_s) / arc.duration_s, 0.0, 1.0)
            r_t, v_t, u_t = sample(arc, np.array([f]))
            r[j], v[j] = r_t[0], v_t[0]
            if u_t is None:
                near = min(steered, key=lambda a: max(a.start_s - t, t - a.end_s))
                assert near.u is not None
                u_t = near.u[-1:] if near.end_s <= t else near.u[:1]
            u[j] = u_t[0]
        arcs.append(Arc(phase, start, phase.duration_s, mass, r, v, u if phase.steered else None))
        mass -= phase.flow_kg_s * phase.duration_s + phase.drop_kg
        start += phase.duration_s
    return Powered(
        tuple(arcs), solution.payload_kg, solution.left_kg, solution.kick, solution.q_excess
    )

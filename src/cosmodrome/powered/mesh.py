"""Meshes of powered flight: sampling an arc, judging its intervals, splitting them, regridding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import legendre

from cosmodrome.maths import NUMPY, lobatto, lobatto_basis
from cosmodrome.physics import heating, powered
from cosmodrome.powered.statement import Arc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.physics.powered import Body, Planet
    from cosmodrome.powered.phases import Phase
    from cosmodrome.powered.statement import Powered

__all__ = [
    "HEAT_ROUNDING",
    "Sampled",
    "dip",
    "guessed_arc",
    "heat_excess",
    "heat_flux",
    "interval_errors",
    "refine",
    "regrid",
    "resample",
    "sample",
]

_FINE = 12
# a limit kept at the nodes may be exceeded between them by this part of it
HEAT_ROUNDING = 2e-3
# and a floor of coasts by this much
FLOOR_ROUNDING_M = 100.0
_MOST_PIECES = 8


def _unit(u: NDArray[np.float64]) -> NDArray[np.float64]:
    out: NDArray[np.float64] = u / np.linalg.norm(u, axis=-1, keepdims=True)
    return out


def _by_interval(phase: Phase, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(nodes, c) -> (intervals, s, c): shared end nodes repeated."""
    s = phase.points
    index = np.arange(phase.intervals)[:, None] * (s - 1) + np.arange(s)[None, :]
    out: NDArray[np.float64] = values[index]
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """An arc at n instants: r_m, v_m_s (n, 3); unit u (n, 3) or None; throttle (n,) or None."""

    r_m: NDArray[np.float64]
    v_m_s: NDArray[np.float64]
    u: NDArray[np.float64] | None
    throttle: NDArray[np.float64] | None
    mass_kg: NDArray[np.float64]


def sample(arc: Arc, fractions: NDArray[np.float64]) -> Sampled:
    """The flight at fractions (n,) of an arc, by its collocation polynomials."""
    phase = arc.phase
    mesh = np.asarray(phase.mesh)
    e = np.clip(np.searchsorted(mesh, fractions, side="right") - 1, 0, phase.intervals - 1)
    inside = (fractions - mesh[e]) / (mesh[e + 1] - mesh[e])
    n = phase.points - 1
    x = 2.0 * lobatto(phase.points).nodes - 1.0
    inverse = np.linalg.inv(legendre.legvander(x, n))
    weights = legendre.legvander(2.0 * inside - 1.0, n) @ inverse

    def at(values: NDArray[np.float64]) -> NDArray[np.float64]:
        nodes = _by_interval(phase, values)
        out: NDArray[np.float64] = np.einsum("is,isc->ic", weights, nodes[e])
        return out

    throttle = None if arc.throttle is None else at(arc.throttle[:, None])[:, 0]
    mass = arc.steady(fractions)[1] if arc.masses_kg is None else at(arc.masses_kg[:, None])[:, 0]
    return Sampled(
        at(arc.r_m), at(arc.v_m_s), None if arc.u is None else _unit(at(arc.u)), throttle, mass
    )


def interval_errors(
    planet: Planet, body: Body, arc: Arc
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Local errors of each interval, m/s and m: (intervals,) each.

    The collocation polynomial is put into the right-hand side on a finer Gauss grid, thrust
    direction normalised as flown; what its quadrature misses of the step is the error. A
    throttled mass is the integral of its throttle's polynomial.
    """
    phase = arc.phase
    s = phase.points
    mesh = np.asarray(phase.mesh)
    width = np.diff(mesh) * arc.duration_s
    x, weights = legendre.leggauss(_FINE)
    at = tuple(float(v) for v in 0.5 * (x + 1.0))
    value, integral = lobatto_basis(s, at)

    def rates(
        r: NDArray[np.float64],
        v: NDArray[np.float64],
        u: NDArray[np.float64] | None,
        fraction: NDArray[np.float64],
        throttle: NDArray[np.float64] | None,
        mass: NDArray[np.float64] | None,
    ) -> NDArray[np.float64]:
        thrust, steady = arc.steady(fraction)
        if throttle is not None and phase.free is not None:
            thrust = thrust + throttle * phase.free.thrust_vacuum_n
        a = powered.accelerations(
            NUMPY,
            planet,
            body,
            (r[..., 0], r[..., 1], r[..., 2]),
            (v[..., 0], v[..., 1], v[..., 2]),
            steady if mass is None else mass,
            None if u is None else (u[..., 0], u[..., 1], u[..., 2]),
            thrust,
            phase.exit_area_m2,
        )
        return np.stack(a.total, axis=-1)

    r, v = _by_interval(phase, arc.r_m), _by_interval(phase, arc.v_m_s)
    u = None if arc.u is None else _by_interval(phase, arc.u)
    fractions = mesh[:-1, None] + np.diff(mesh)[:, None] * lobatto(s).nodes
    fine = mesh[:-1, None] + np.diff(mesh)[:, None] * np.asarray(at)
    throttle = mass = throttle_fine = mass_fine = None
    if arc.throttle is not None and arc.masses_kg is not None and phase.free is not None:
        throttle = _by_interval(phase, arc.throttle[:, None])[..., 0]
        mass = _by_interval(phase, arc.masses_kg[:, None])[..., 0]
        throttle_fine = np.einsum("gs,is->ig", value, throttle)
        gone = phase.free.flow_kg_s * np.einsum("gs,is->ig", integral, throttle)
        lost = arc.steady(mesh[:-1, None])[1] - arc.steady(fine)[1]
        mass_fine = mass[:, :1] - width[:, None] * gone - lost
    a = rates(r, v, u, fractions, throttle, mass)
    h = width[:, None, None]
    v_fine = v[:, :1] + h * np.einsum("gs,isc->igc", integral, a)
    r_fine = r[:, :1] + h * np.einsum("gs,isc->igc", integral, v)
    u_fine = None if u is None else _unit(np.einsum("gs,isc->igc", value, u))
    a_fine = rates(r_fine, v_fine, u_fine, fine, throttle_fine, mass_fine)
    dv = width[:, None] * np.einsum("g,igc->ic", 0.5 * weights, a_fine) - (v[:, -1] - v[:, 0])
    dr = width[:, None] * np.einsum("g,igc->ic", 0.5 * weights, v_fine) - (r[:, -1] - r[:, 0])
    return np.linalg.norm(dv, axis=1), np.linalg.norm(dr, axis=1)


def heat_flux(
    planet: Planet, r_m: NDArray[np.float64], v_m_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Free-molecular heat flux (n,) in W/m^2 of places and velocities (n, 3)."""
    r, v = r_m.T, v_m_s.T
    met = powered.air(NUMPY, planet, (r[0], r[1], r[2]), (v[0], v[1], v[2]))
    out: NDArray[np.float64] = heating.free_molecular(met.rho, met.speed)
    return out


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
    there = sample(arc, at)
    flux = heat_flux(planet, there.r_m, there.v_m_s).reshape(phase.intervals, -1)
    out: NDArray[np.float64] = flux.max(axis=1) / limit - 1.0
    return out


def dip(planet: Planet, arc: Arc) -> NDArray[np.float64]:
    """How far each interval dips below the floor of its phase between its nodes, m (intervals,).

    Negative where it stays above: the perigee of an eccentric orbit hides between two nodes.
    """
    phase = arc.phase
    floor = phase.path.lowest_m
    if floor is None:
        return np.full(phase.intervals, -1.0)
    mesh = np.asarray(phase.mesh)
    inside = np.linspace(0.0, 1.0, 2 * _FINE + 1)
    at = (mesh[:-1, None] + np.diff(mesh)[:, None] * inside).ravel()
    radius = np.linalg.norm(sample(arc, at).r_m, axis=1).reshape(phase.intervals, -1)
    out: NDArray[np.float64] = planet.equatorial_radius_m + floor - radius.min(axis=1)
    return out


def refine(
    planet: Planet,
    body: Body | Sequence[Body],
    solution: Powered,
    tolerance_m_s: float,
    reach_s: float = 100.0,
) -> tuple[tuple[Phase, ...], float, float]:
    """The phases with bad intervals split, the sum of all local errors in m/s, the worst excess.

    body   what the air feels: one for the whole flight, or one for each arc
    An interval is bad when its velocity error, or its place error over `reach_s`, exceeds the
    tolerance (pieces follow from the scheme's order), or where between its nodes the heat flux
    exceeds the limit kept at them by more than `HEAT_ROUNDING`, or the flight dips below the
    floor kept at them by more than `FLOOR_ROUNDING_M`. The excess is counted in that of the flux.
    """
    phases = []
    total = 0.0
    worst = -1.0
    bodies = [body] * len(solution.arcs) if isinstance(body, powered.Body) else body
    for arc, own in zip(solution.arcs, bodies, strict=True):
        dv, dr = interval_errors(planet, own, arc)
        error = np.maximum(dv, dr / reach_s)
        total += float(error.sum())
        mesh = np.asarray(arc.phase.mesh)
        order = 2 * arc.phase.points - 2
        excess = heat_excess(planet, arc)
        low = dip(planet, arc) / FLOOR_ROUNDING_M
        excess = np.maximum(excess, low * HEAT_ROUNDING)
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
            arcs.append(replace(arc, phase=phase))
            continue
        there = sample(arc, phase.node_fractions)
        arcs.append(
            replace(
                arc,
                phase=phase,
                r_m=there.r_m,
                v_m_s=there.v_m_s,
                u=there.u,
                throttle=there.throttle,
                masses_kg=None if phase.free is None else there.mass_kg,
            )
        )
    return replace(solution, arcs=tuple(arcs))


def resample(solution: Powered, phases: tuple[Phase, ...]) -> Powered:
    """The same flight cut into other phases, by time after lift-off: a start for their solve."""
    ends = np.array([arc.end_s for arc in solution.arcs])
    steered = [arc for arc in solution.arcs if arc.u is not None]
    arcs = []
    start, mass = 0.0, solution.arcs[0].mass_kg
    for phase in phases:
        times = np.clip(start + phase.duration_s * phase.node_fractions, 0.0, ends[-1])
        size = times.size
        r, v, u = np.empty((size, 3)), np.empty((size, 3)), np.empty((size, 3))
        throttle = np.empty(size)
        for j, t in enumerate(times):
            # a shared instant belongs to this phase's own side of it
            side = t - 1e-6 if j == size - 1 else t + 1e-6
            arc = solution.arcs[min(int(np.searchsorted(ends, side)), len(ends) - 1)]
            f = np.clip((t - arc.start_s) / arc.duration_s, 0.0, 1.0)
            there = sample(arc, np.array([f]))
            r[j], v[j] = there.r_m[0], there.v_m_s[0]
            if there.u is None:
                near = min(steered, key=lambda a: max(a.start_s - t, t - a.end_s))
                assert near.u is not None
                u[j] = near.u[-1] if near.end_s <= t else near.u[0]
            else:
                u[j] = there.u[0]
            throttle[j] = 1.0 if there.throttle is None else there.throttle[0]
        if phase.free is not None:
            throttle = np.clip(throttle, phase.free.lowest, phase.free.highest)
        arcs.append(guessed_arc(phase, start, mass, r, v, u if phase.steered else None, throttle))
        mass = phase.mass_after_kg(arcs[-1].end_mass_kg, solution.payload_kg)
        start += phase.duration_s
    return replace(solution, arcs=tuple(arcs))


def guessed_arc(
    phase: Phase,
    start_s: float,
    mass_kg: float,
    r_m: NDArray[np.float64],
    v_m_s: NDArray[np.float64],
    u: NDArray[np.float64] | None,
    throttle: NDArray[np.float64] | float = 1.0,
) -> Arc:
    """An arc of a guess: masses by the trapezoid rule where the throttle is free."""
    arc = Arc(phase, start_s, phase.duration_s, mass_kg, r_m, v_m_s, u)
    if phase.free is None:
        return arc
    tau = phase.node_fractions
    level = np.clip(np.broadcast_to(throttle, tau.shape), phase.free.lowest, phase.free.highest)
    steps = 0.5 * (level[1:] + level[:-1]) * np.diff(tau) * phase.duration_s
    gone = phase.free.flow_kg_s * np.r_[0.0, np.cumsum(steps)]
    return replace(arc, throttle=level.copy(), masses_kg=arc.steady(tau)[1] - gone)

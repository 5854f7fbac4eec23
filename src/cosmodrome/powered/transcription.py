"""Powered flight as a structured nonlinear programme, by Lobatto IIIA collocation.

Unknowns, in canonical units (radius of the planet, circular speed): place and velocity on the
nodes, a unit thrust vector on the nodes of burning phases, each phase's duration and starting
mass, payload and left-over propellant, and the size of the pitch-over. Flow is constant in a
phase, so mass is linear in time and no state. Neighbouring phases share their common node.

Method: Betts 2010, Practical Methods for Optimal Control, ch. 4; Hairer & Wanner IV.5.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from cosmodrome.maths import lobatto
from cosmodrome.physics import aerodynamics, heating, powered
from cosmodrome.powered.drafting import Draft, Rows
from cosmodrome.powered.statement import Arc, Powered
from cosmodrome.solvers.nlp import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.maths import Ops
    from cosmodrome.powered.statement import Statement

__all__ = ["Transcription"]

_PAYLOAD_UNIT_KG = 1000.0
# price of turning, tonnes per rad^2/s of the integral of |du/dt|^2: rounds off the corners an
# ideal vehicle would fly within a few seconds, for a fraction of a kilogram
_TURNING_T = 0.5
# price of exceeding the dynamic pressure limit by its own size, tonnes: beyond what any payload
# gains by it, so that the excess is what cannot be avoided
_EXCESS_T = 1e3
_HUGE = 1e19
# the lowest radius an iterate may visit, as a part of the equatorial radius: below every pad
_FLOOR = 0.995


class Transcription:
    """A `Statement` on its meshes: the programme, and the way there and back."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        planet = statement.planet
        self.length = planet.equatorial_radius_m
        self.speed = float(np.sqrt(planet.mu / self.length))
        self.time = self.length / self.speed
        self._layout()
        self.problem = self._build()

    # unknowns ---------------------------------------------------------------------------
    def _layout(self) -> None:
        phases = self.statement.phases
        self.x_index: list[NDArray[np.int64]] = []
        self.u_index: list[NDArray[np.int64] | None] = []
        n = 6
        last_x = np.arange(6)
        last_u: NDArray[np.int64] | None = None
        self.u_fixed: list[NDArray[np.int64]] = []
        for phase in phases:
            count = phase.node_fractions.size
            new = n + np.arange(6 * (count - 1)).reshape(count - 1, 6)
            n += new.size
            self.x_index.append(np.vstack([last_x[None], new]))
            last_x = self.x_index[-1][-1]
            if not phase.steered:
                self.u_index.append(None)
                continue
            if last_u is not None and phase.joined:
                fresh = n + np.arange(3 * (count - 1)).reshape(count - 1, 3)
                index = np.vstack([last_u[None], fresh])
            else:
                fresh = n + np.arange(3 * count).reshape(count, 3)
                index = fresh
            n += fresh.size
            self.u_index.append(index)
            last_u = index[-1]
        k = len(phases)
        self.t_index = n + np.arange(k)
        self.m_index = n + k + np.arange(k)
        n += 2 * k
        self.payload_index, self.left_index, self.excess_index = n, n + 1, n + 2
        self.kick_index = np.array([n + 3, n + 4])
        self.turning_index = n + 5
        self.n = n + 6
        self.t_unit = np.array([max(p.duration_s, 1.0) for p in phases])
        # a mass unit per phase: its own starting mass for a typical payload
        masses = [self.statement.liftoff_dry_kg + 5000.0]
        for p in phases[:-1]:
            masses.append(masses[-1] - p.flow_kg_s * p.duration_s - p.drop_kg)
        self.m_unit = np.maximum(np.array(masses), 1000.0)

    # the programme ----------------------------------------------------------------------
    def _flight(self, steered: bool) -> Callable[[Ops, Sequence[Any], Sequence[Any]], list[Any]]:
        """Scaled rates times duration, and the path quantities, at one node."""
        planet, body = self.statement.planet, self.statement.body
        length, speed, time = self.length, self.speed, self.time

        def formula(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
            tau, t_unit, m_unit, force, area, flow, q_unit, qa_unit, heat_log = par
            r = (z[0] * length, z[1] * length, z[2] * length)
            v = (z[3] * speed, z[4] * speed, z[5] * speed)
            duration, m0 = z[6] * t_unit, z[7] * m_unit
            u = (z[8], z[9], z[10]) if steered else None
            mass = m0 - flow * tau * duration
            a = powered.accelerations(ops, planet, body, r, v, mass, u, force, area)
            h = duration / time
            g = time / speed
            t = a.total
            out = [
                h * z[3],
                h * z[4],
                h * z[5],
                h * (g * t[0]),
                h * (g * t[1]),
                h * (g * t[2]),
                z[0] * z[0] + z[1] * z[1] + z[2] * z[2],
                heating.log_free_molecular(ops, a.air.rho, a.air.speed) - heat_log,
            ]
            if u is not None:
                q = a.air.q
                s2 = aerodynamics.sin_alpha_squared(ops, u, a.air.w, a.air.speed)
                out += [q / q_unit, (q / qa_unit) * (q / qa_unit) * s2]
            return out

        return formula

    def _build(self) -> Problem:
        rows = Rows()
        blocks = [
            *self._flight_blocks(rows),
            *self._steering_blocks(rows),
            *self._end_blocks(rows),
        ]
        self._durations_and_masses(rows)
        self.names = rows.names
        self.g_lower, self.g_upper = np.array(rows.lower), np.array(rows.upper)
        m = len(rows.lower)
        return Problem(
            self.n,
            m,
            sp.coo_matrix((rows.values, (rows.rows, rows.columns)), shape=(m, self.n)),
            tuple(draft.block(m) for draft in blocks if draft.index),
        )

    def _flight_blocks(self, rows: Rows) -> list[Draft]:
        """Collocation defects and path limits, over one formula for burning, one for coasting."""
        burning, coasting = Draft(self._flight(True), 10), Draft(self._flight(False), 8)
        for i, phase in enumerate(self.statement.phases):
            draft = burning if phase.steered else coasting
            first = len(draft.index)
            x, u = self.x_index[i], self.u_index[i]
            tau = phase.node_fractions
            limit = phase.path
            for j in range(tau.size):
                own = [*x[j], self.t_index[i], self.m_index[i]]
                draft.index.append(own if u is None else [*own, *u[j]])
                draft.parameters.append(
                    [
                        tau[j],
                        self.t_unit[i],
                        self.m_unit[i],
                        phase.thrust_vacuum_n,
                        phase.exit_area_m2,
                        phase.flow_kg_s,
                        limit.dynamic_pressure_pa or 1e5,
                        limit.q_alpha_pa_rad or 1e4,
                        np.log(limit.heat_flux_w_m2 or 1e3),
                    ]
                )
                if j > 0 or i == 0:
                    draft.enter(rows.add("floor", _FLOOR * _FLOOR, _HUGE), first + j, 6)
                if limit.heat_flux_w_m2 is not None:
                    draft.enter(rows.add("heat", -_HUGE, 0.0), first + j, 7)
                if limit.dynamic_pressure_pa is not None and phase.steered:
                    r = rows.add("q", -_HUGE, 1.0)
                    draft.enter(r, first + j, 8)
                    rows.linear(r, self.excess_index, -1.0)
                if limit.q_alpha_pa_rad is not None and phase.steered:
                    draft.enter(rows.add("q-alpha", -_HUGE, 1.0), first + j, 9)
            scheme = lobatto(phase.points)
            s = scheme.points
            for e, width in enumerate(np.diff(phase.mesh)):
                start = e * (s - 1)
                for j, c in product(range(1, s), range(6)):
                    r = rows.add("defect", 0.0, 0.0)
                    rows.linear(r, x[start + j, c], 1.0)
                    rows.linear(r, x[start, c], -1.0)
                    for k in range(s):
                        draft.enter(r, first + start + k, c, -width * scheme.integral[j, k])
        return [burning, coasting]

    def _durations_and_masses(self, rows: Rows) -> None:
        """Phases that share a time, mass over the links, payload at both ends; in tonnes."""
        st = self.statement
        phases = st.phases
        groups: dict[str, list[int]] = {}
        for i, phase in enumerate(phases):
            if phase.group:
                groups.setdefault(phase.group, []).append(i)
        for members in groups.values():
            total = phases[members[0]].group_s / 100.0
            r = rows.add("group", total, total)
            for i in members:
                rows.linear(r, self.t_index[i], self.t_unit[i] / 100.0)
        unit = _PAYLOAD_UNIT_KG / 1e3
        for i, phase in enumerate(phases[:-1]):
            r = rows.add("mass", -phase.drop_kg / 1e3, -phase.drop_kg / 1e3)
            rows.linear(r, self.m_index[i + 1], self.m_unit[i + 1] / 1e3)
            rows.linear(r, self.m_index[i], -self.m_unit[i] / 1e3)
            rows.linear(r, self.t_index[i], phase.flow_kg_s * self.t_unit[i] / 1e3)
        r = rows.add("lift-off mass", st.liftoff_dry_kg / 1e3, st.liftoff_dry_kg / 1e3)
        rows.linear(r, self.m_index[0], self.m_unit[0] / 1e3)
        rows.linear(r, self.payload_index, -unit)
        i, last = len(phases) - 1, phases[-1]
        end = (st.end_dry_kg + last.drop_kg) / 1e3
        r = rows.add("end mass", end, end)
        rows.linear(r, self.m_index[i], self.m_unit[i] / 1e3)
        rows.linear(r, self.t_index[i], -last.flow_kg_s * self.t_unit[i] / 1e3)
        rows.linear(r, self.payload_index, -unit)
        rows.linear(r, self.left_index, -unit)

    def _steering_blocks(self, rows: Rows) -> list[Draft]:
        """Unit thrust vectors, the pitch-over ramp, and the price of turning."""
        axes = self.statement.axes

        def turn(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
            d = [axes[0, c] + par[0] * (z[3] * axes[1, c] + z[4] * axes[2, c]) for c in range(3)]
            size = ops.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
            return [z[c] - d[c] / size for c in range(3)]

        def length(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
            return [z[0] * z[0] + z[1] * z[1] + z[2] * z[2]]

        def turning(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
            d = [z[3 + c] - z[c] for c in range(3)]
            return [(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]) * par[0]]

        unit, ramp, calm = Draft(length, 1), Draft(turn, 3), Draft(turning, 1)
        done: set[int] = set()
        for i, phase in enumerate(self.statement.phases):
            u = self.u_index[i]
            if u is None:
                continue
            tau = phase.node_fractions
            if phase.steering == "free" and phase.calm:
                for j in range(tau.size - 1):
                    price = 1.0 / (self.t_unit[i] * (tau[j + 1] - tau[j]))
                    calm.copy([*u[j], *u[j + 1]], [price])
            for j in range(tau.size):
                if int(u[j, 0]) in done:
                    continue
                done.add(int(u[j, 0]))
                if phase.steering == "held":
                    self.u_fixed.append(u[j])
                elif phase.steering == "pitch-over":
                    k = ramp.copy([*u[j], *self.kick_index], [tau[j] ** 2 * (3.0 - 2.0 * tau[j])])
                    for c in range(3):
                        ramp.enter(rows.add("turn", 0.0, 0.0), k, c)
                else:
                    k = unit.copy([*u[j]], [0.0])
                    unit.enter(rows.add("unit", 1.0, 1.0), k, 0)
        if calm.index:
            r = rows.add("turning", 0.0, 0.0)
            rows.linear(r, self.turning_index, -1.0)
            for k in range(len(calm.index)):
                calm.enter(r, k, 0)
        return [unit, ramp, calm]

    def _end_blocks(self, rows: Rows) -> list[Draft]:
        """Spent stages that must come down, and the conditions of the ending."""
        wanted = self.statement.ending

        def perigee(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
            # v_r^2 at radius 1 of the vacuum arc: 2 E + 2 - h^2 >= 0 where it reaches the surface
            r, v = (z[0], z[1], z[2]), (z[3], z[4], z[5])
            h = ops.cross(r, v)
            return [ops.dot(v, v) - 2.0 / ops.norm(r) + 2.0 - ops.dot(h, h)]

        def ending(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> Sequence[Any]:
            return wanted.formula(ops, (z[0], z[1], z[2]), (z[3], z[4], z[5]))

        low, end = Draft(perigee, 1), Draft(ending, len(wanted.lower))
        for i, phase in enumerate(self.statement.phases):
            if phase.suborbital_end:
                k = low.copy([*self.x_index[i][-1]], [0.0])
                low.enter(rows.add("suborbital", 0.0, _HUGE), k, 0)
        k = end.copy([*self.x_index[-1][-1]], [0.0])
        for c, (lower, upper) in enumerate(zip(wanted.lower, wanted.upper, strict=True)):
            end.enter(rows.add("target", lower, upper), k, c)
        return [low, end]

    # bounds, packing ----------------------------------------------------------------------
    def bounds(
        self, payload_kg: tuple[float, float], left_kg: tuple[float, float]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Bounds of the unknowns for this range of payload and left-over propellant."""
        st = self.statement
        lower = np.full(self.n, -20.0)
        upper = np.full(self.n, 20.0)
        start = np.r_[st.r0_m / self.length, st.v0_m_s / self.speed]
        lower[:6] = upper[:6] = start
        for u in self.u_index:
            if u is not None:
                lower[u], upper[u] = -1.1, 1.1
        for index in self.u_fixed:
            lower[index] = upper[index] = st.axes[0]
        for i, phase in enumerate(st.phases):
            lower[self.t_index[i]] = phase.lower_s / self.t_unit[i]
            upper[self.t_index[i]] = phase.upper_s / self.t_unit[i]
        lower[self.m_index] = 0.05
        upper[self.m_index] = 5.0
        lower[self.payload_index] = payload_kg[0] / _PAYLOAD_UNIT_KG
        upper[self.payload_index] = payload_kg[1] / _PAYLOAD_UNIT_KG
        lower[self.left_index] = left_kg[0] / _PAYLOAD_UNIT_KG
        upper[self.left_index] = left_kg[1] / _PAYLOAD_UNIT_KG
        lower[self.excess_index], upper[self.excess_index] = 0.0, 3.0
        lower[self.kick_index], upper[self.kick_index] = -2.0, 2.0
        if "q" not in self.names:
            upper[self.excess_index] = 0.0
        lower[self.turning_index], upper[self.turning_index] = 0.0, 1e3
        if "turning" not in self.names:
            upper[self.turning_index] = 0.0
        if "turn" not in self.names:
            lower[self.kick_index] = upper[self.kick_index] = 0.0
        return lower, upper

    def objective(self, payload: float, left: float) -> NDArray[np.float64]:
        """Cost vector: minus the weighted payload and left-over, in tonnes, plus the elastic q."""
        c = np.zeros(self.n)
        c[self.payload_index] = -payload
        c[self.left_index] = -left
        c[self.excess_index] = _EXCESS_T
        c[self.turning_index] = _TURNING_T
        return c

    def pack(self, guess: Powered) -> NDArray[np.float64]:
        """The unknowns of a guess given on these very meshes."""
        w = np.zeros(self.n)
        for i, arc in enumerate(guess.arcs):
            w[self.x_index[i]] = np.hstack([arc.r_m / self.length, arc.v_m_s / self.speed])
            u = self.u_index[i]
            if u is not None and arc.u is not None:
                w[u] = arc.u
            w[self.t_index[i]] = arc.duration_s / self.t_unit[i]
            w[self.m_index[i]] = arc.mass_kg / self.m_unit[i]
        w[self.payload_index] = guess.payload_kg / _PAYLOAD_UNIT_KG
        w[self.left_index] = guess.left_kg / _PAYLOAD_UNIT_KG
        w[self.kick_index] = guess.kick
        w[self.excess_index] = guess.q_excess
        for arc in guess.arcs:
            if arc.u is not None and arc.phase.calm and arc.phase.steering == "free":
                turns = np.sum(np.diff(arc.u, axis=0) ** 2, axis=1)
                steps = np.diff(arc.phase.node_fractions) * max(arc.phase.duration_s, 1.0)
                w[self.turning_index] += float(np.sum(turns / steps))
        return w

    def unpack(self, w: NDArray[np.float64]) -> Powered:
        """The arcs of a point."""
        arcs = []
        start = 0.0
        for i, phase in enumerate(self.statement.phases):
            x = w[self.x_index[i]]
            u = self.u_index[i]
            duration = float(w[self.t_index[i]] * self.t_unit[i])
            if phase.lower_s == phase.upper_s:
                duration = phase.lower_s
            arcs.append(
                Arc(
                    phase,
                    start,
                    duration,
                    float(w[self.m_index[i]] * self.m_unit[i]),
                    x[:, :3] * self.length,
                    x[:, 3:] * self.speed,
                    None if u is None else w[u],
                )
            )
            start += duration
        return Powered(
            tuple(arcs),
            float(w[self.payload_index] * _PAYLOAD_UNIT_KG),
            float(w[self.left_index] * _PAYLOAD_UNIT_KG),
            w[self.kick_index].copy(),
            float(w[self.excess_index]),
        )

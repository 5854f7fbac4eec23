"""Powered flight as a structured nonlinear programme, by Lobatto IIIA collocation.

Unknowns, in canonical units (radius of the planet, circular speed): place and velocity on the
nodes, a unit thrust vector on the nodes of burning phases, each phase's duration and starting
mass, payload and left-over propellant, and the size of the pitch-over. Flow is constant in a
phase, so mass is linear in time and no state. Neighbouring phases share their common node.

Method: Betts 2010, Practical Methods for Optimal Control, ch. 4; Hairer & Wanner IV.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from cosmodrome.maths import lobatto
from cosmodrome.physics import aerodynamics, heating, powered
from cosmodrome.solvers.nlp import Block, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.maths import Ops, Vector
    from cosmodrome.physics.powered import Body, Planet
    from cosmodrome.powered.phases import Phase

__all__ = ["Arc", "Ending", "Powered", "Statement", "Transcription"]

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


@dataclass(frozen=True, slots=True)
class Ending:
    """Conditions on the last state: outputs of `formula` lie in [lower, upper].

    formula  (ops, r, v) in canonical units (planet radius 1, mu 1) -> values, near one in size
    """

    formula: Callable[[Ops, Vector, Vector], Sequence[Any]]
    lower: tuple[float, ...]
    upper: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole problem of powered flight.

    r0_m, v0_m_s      (3,) start; up (3,) the held direction; east, north (3,) the pitch-over axes
    liftoff_dry_kg    mass at the start without the payload
    end_dry_kg        mass at the end that is neither payload nor left-over propellant
    left_max_kg       most propellant the last stage can have left
    payload_kg        (lower, upper); left_kg (lower, upper)
    """

    planet: Planet
    body: Body
    phases: tuple[Phase, ...]
    r0_m: NDArray[np.float64]
    v0_m_s: NDArray[np.float64]
    axes: NDArray[np.float64]  # rows: up, east, north
    liftoff_dry_kg: float
    end_dry_kg: float
    ending: Ending


@dataclass(frozen=True, slots=True, eq=False)
class Arc:
    """One phase as solved or guessed, SI: nodes of the phase's own mesh.

    r_m, v_m_s (k, 3); u (k, 3) or None; mass_kg at the start
    """

    phase: Phase
    start_s: float
    duration_s: float
    mass_kg: float
    r_m: NDArray[np.float64]
    v_m_s: NDArray[np.float64]
    u: NDArray[np.float64] | None

    @property
    def end_s(self) -> float:
        """Seconds after lift-off."""
        return self.start_s + self.duration_s

    @property
    def end_mass_kg(self) -> float:
        """Before anything is dropped."""
        return self.mass_kg - self.phase.flow_kg_s * self.duration_s


@dataclass(frozen=True, slots=True, eq=False)
class Powered:
    """A solution (or guess): arcs in order and the static unknowns.

    payload_kg, left_kg; kick (2,) pitch-over slopes to east and north
    q_excess: by how much the dynamic pressure limit is exceeded, as a part of it
    """

    arcs: tuple[Arc, ...]
    payload_kg: float
    left_kg: float
    kick: NDArray[np.float64]
    q_excess: float = 0.0


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
        st = self.statement
        phases = st.phases
        rows_lower: list[float] = []
        rows_upper: list[float] = []
        self.names: dict[str, list[int]] = {}
        lin: tuple[list[int], list[int], list[float]] = ([], [], [])

        def row(name: str, lower: float, upper: float) -> int:
            self.names.setdefault(name, []).append(len(rows_lower))
            rows_lower.append(lower)
            rows_upper.append(upper)
            return len(rows_lower) - 1

        def linear(r: int, column: int, value: float) -> None:
            lin[0].append(r)
            lin[1].append(int(column))
            lin[2].append(value)

        # flight blocks, one for burning and one for coasting nodes
        kinds: dict[bool, dict[str, list[Any]]] = {
            s: {"index": [], "par": [], "row": [], "col": [], "val": []} for s in (True, False)
        }
        for i, phase in enumerate(phases):
            steered = phase.steered
            kind = kinds[steered]
            n_out = 10 if steered else 8
            tau = phase.node_fractions
            base = len(kind["index"])
            x, u = self.x_index[i], self.u_index[i]
            limit = phase.path
            for j in range(tau.size):
                index = [*x[j], self.t_index[i], self.m_index[i]]
                if u is not None:
                    index += [*u[j]]
                kind["index"].append(index)
                kind["par"].append(
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
                    r = row("floor", _FLOOR * _FLOOR, _HUGE)
                    kind["row"].append(r)
                    kind["col"].append((base + j) * n_out + 6)
                    kind["val"].append(1.0)
                wanted = []
                if limit.heat_flux_w_m2 is not None:
                    wanted.append(("heat", 7, 0.0))
                if limit.dynamic_pressure_pa is not None and steered:
                    wanted.append(("q", 8, 1.0))
                if limit.q_alpha_pa_rad is not None and steered:
                    wanted.append(("q-alpha", 9, 1.0))
                for name, out, upper in wanted:
                    r = row(f"{name}", -_HUGE, upper)
                    kind["row"].append(r)
                    kind["col"].append((base + j) * n_out + out)
                    kind["val"].append(1.0)
                    if name == "q":
                        linear(r, self.excess_index, -1.0)
            scheme = lobatto(phase.points)
            s = scheme.points
            mesh = np.asarray(phase.mesh)
            for e in range(phase.intervals):
                width = mesh[e + 1] - mesh[e]
                first = e * (s - 1)
                for j in range(1, s):
                    for c in range(6):
                        r = row("defect", 0.0, 0.0)
                        linear(r, x[first + j, c], 1.0)
                        linear(r, x[first, c], -1.0)
                        for k in range(s):
                            kind["row"].append(r)
                            kind["col"].append((base + first + k) * n_out + c)
                            kind["val"].append(-width * scheme.integral[j, k])

        # durations, masses
        groups: dict[str, list[int]] = {}
        for i, phase in enumerate(phases):
            if phase.group:
                groups.setdefault(phase.group, []).append(i)
            if i + 1 < len(phases):
                r = row("mass", -phase.drop_kg / 1e3, -phase.drop_kg / 1e3)
                linear(r, self.m_index[i + 1], self.m_unit[i + 1] / 1e3)
                linear(r, self.m_index[i], -self.m_unit[i] / 1e3)
                linear(r, self.t_index[i], phase.flow_kg_s * self.t_unit[i] / 1e3)
        for members in groups.values():
            total = phases[members[0]].group_s
            r = row("group", total / 100.0, total / 100.0)
            for i in members:
                linear(r, self.t_index[i], self.t_unit[i] / 100.0)
        unit = _PAYLOAD_UNIT_KG / 1e3
        r = row("liftoff", st.liftoff_dry_kg / 1e3, st.liftoff_dry_kg / 1e3)
        linear(r, self.m_index[0], self.m_unit[0] / 1e3)
        linear(r, self.payload_index, -unit)
        i = len(phases) - 1
        r = row(
            "landing-mass",
            (st.end_dry_kg + phases[i].drop_kg) / 1e3,
            (st.end_dry_kg + phases[i].drop_kg) / 1e3,
        )
        linear(r, self.m_index[i], self.m_unit[i] / 1e3)
        linear(r, self.t_index[i], -phases[i].flow_kg_s * self.t_unit[i] / 1e3)
        linear(r, self.payload_index, -unit)
        linear(r, self.left_index, -unit)

        blocks_late: list[tuple[Any, list[list[int]], list[list[float]], list[list[int]]]] = []
        # steering: unit length, or the pitch-over ramp
        unit_index: list[list[int]] = []
        unit_rows: list[list[int]] = []
        turn_index: list[list[int]] = []
        turn_par: list[list[float]] = []
        turn_rows: list[list[int]] = []
        calm_index: list[list[int]] = []
        calm_par: list[list[float]] = []
        done: set[int] = set()
        for i, phase in enumerate(phases):
            u = self.u_index[i]
            if u is None:
                continue
            tau = phase.node_fractions
            if phase.steering == "free" and phase.calm:
                for j in range(tau.size - 1):
                    calm_index.append([*u[j], *u[j + 1]])
                    calm_par.append([1.0 / (self.t_unit[i] * (tau[j + 1] - tau[j]))])
            for j in range(tau.size):
                if int(u[j, 0]) in done:
                    continue
                done.add(int(u[j, 0]))
                if phase.steering == "held":
                    self.u_fixed.append(u[j])
                elif phase.steering == "pitch-over":
                    ramp = tau[j] * tau[j] * (3.0 - 2.0 * tau[j])
                    turn_index.append([*u[j], *self.kick_index])
                    turn_par.append([ramp])
                    turn_rows.append([row("turn", 0.0, 0.0) for _ in range(3)])
                else:
                    unit_index.append([*u[j]])
                    unit_rows.append([row("unit", 1.0, 1.0)])
        axes = st.axes

        def turn(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
            d = [axes[0, c] + par[0] * (z[3] * axes[1, c] + z[4] * axes[2, c]) for c in range(3)]
            size = ops.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
            return [z[c] - d[c] / size for c in range(3)]

        def length(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
            return [z[0] * z[0] + z[1] * z[1] + z[2] * z[2]]

        def turning(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
            d = [z[3 + c] - z[c] for c in range(3)]
            return [(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]) * par[0]]

        def perigee(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
            # v_r^2 at radius 1 of the vacuum arc: 2 E + 2 - h^2 >= 0 where it reaches the surface
            r, v = (z[0], z[1], z[2]), (z[3], z[4], z[5])
            h = ops.cross(r, v)
            return [ops.dot(v, v) - 2.0 / ops.norm(r) + 2.0 - ops.dot(h, h)]

        def ending(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> Sequence[Any]:
            return st.ending.formula(ops, (z[0], z[1], z[2]), (z[3], z[4], z[5]))

        if unit_index:
            blocks_late.append((length, unit_index, [[0.0]] * len(unit_index), unit_rows))
        if calm_index:
            r = row("turning", 0.0, 0.0)
            linear(r, self.turning_index, -1.0)
            blocks_late.append((turning, calm_index, calm_par, [[r]] * len(calm_index)))
        if turn_index:
            blocks_late.append((turn, turn_index, turn_par, turn_rows))
        for i, phase in enumerate(phases):
            if phase.suborbital_end:
                blocks_late.append(
                    (
                        perigee,
                        [list(self.x_index[i][-1])],
                        [[0.0]],
                        [[row("suborbital", 0.0, _HUGE)]],
                    )
                )
        end_rows = [
            row("target", lo, hi) for lo, hi in zip(st.ending.lower, st.ending.upper, strict=True)
        ]
        blocks_late.append((ending, [list(self.x_index[-1][-1])], [[0.0]], [end_rows]))

        m = len(rows_lower)
        blocks = []
        for steered, kind in kinds.items():
            if not kind["index"]:
                continue
            n_out = 10 if steered else 8
            blocks.append(
                Block(
                    self._flight(steered),
                    np.array(kind["index"], dtype=np.int64),
                    np.array(kind["par"], dtype=np.float64),
                    sp.csc_matrix(
                        (kind["val"], (kind["row"], kind["col"])),
                        shape=(m, len(kind["index"]) * n_out),
                    ),
                )
            )
        for formula, index, par, rows in blocks_late:
            n_out = len(rows[0])
            flat = np.array(rows).ravel()
            blocks.append(
                Block(
                    formula,
                    np.array(index, dtype=np.int64),
                    np.array(par, dtype=np.float64),
                    sp.csc_matrix(
                        (np.ones(flat.size), (flat, np.arange(flat.size))), shape=(m, flat.size)
                    ),
                )
            )
        self.g_lower = np.array(rows_lower)
        self.g_upper = np.array(rows_upper)
        return Problem(
            self.n,
            m,
            sp.coo_matrix((lin[2], (lin[0], lin[1])), shape=(m, self.n)),
            tuple(blocks),
        )

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

"""Where the unknowns of a powered flight stand in the solver's vector, and the way there and back.

Unknowns, in canonical units: place and velocity on the nodes, a unit thrust vector on the nodes
of burning phases, throttle and mass on those of throttled ones, each phase's duration and
starting mass, payload and left-over propellant, the size of the pitch-over, the price paid for
turning, the miss of the target, and what waypoints have of their own. Neighbouring phases share
their common node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.powered.formulas import Units
from cosmodrome.powered.statement import Arc, Powered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.powered.statement import Statement

    Linear = tuple[list[tuple[int, float]], float]

__all__ = ["Layout"]

# a typical payload, as a part of the lift-off mass: only to scale masses
_TYPICAL_PAYLOAD = 1.0 / 62.0
_EMPTY = 0.05
_FULL = 8.0
# nearer than this to the end of its reach an unknown is held by it
_AT_END = 1e-4


class Layout:
    """Indices and scales of the unknowns of a `Statement` on its meshes."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.units = Units.of(statement.planet)
        self.unit_kg = statement.mass_unit_kg
        phases = statement.phases
        self.x_index: list[NDArray[np.int64]] = []
        self.u_index: list[NDArray[np.int64] | None] = []
        self.throttle_index: list[NDArray[np.int64] | None] = []
        self.u_fixed: list[NDArray[np.int64]] = []
        n = 6
        last_x = np.arange(6)
        last_u: NDArray[np.int64] | None = None
        for phase in phases:
            count = phase.node_fractions.size
            new = n + np.arange(6 * (count - 1)).reshape(count - 1, 6)
            n += new.size
            self.x_index.append(np.vstack([last_x[None], new]))
            last_x = self.x_index[-1][-1]
            if not phase.steered:
                self.u_index.append(None)
                self.throttle_index.append(None)
                continue
            shared = last_u is not None and phase.joined
            fresh = n + np.arange(3 * (count - shared)).reshape(count - shared, 3)
            n += fresh.size
            index = np.vstack([last_u[None], fresh]) if shared and last_u is not None else fresh
            self.u_index.append(index)
            last_u = index[-1]
            self.throttle_index.append(n + np.arange(count) if phase.free else None)
            n += count if phase.free else 0
        k = len(phases)
        self.t_index = n + np.arange(k)
        self.m_index = n + k + np.arange(k)
        n += 2 * k
        # a throttled phase has its mass on the nodes; the first is the phase's starting mass
        self.node_mass_index: list[NDArray[np.int64] | None] = []
        for i, phase in enumerate(phases):
            count = phase.node_fractions.size
            self.node_mass_index.append(
                np.r_[self.m_index[i], n + np.arange(count - 1)] if phase.free else None
            )
            n += count - 1 if phase.free else 0
        self.payload_index, self.left_index, self.excess_index = n, n + 1, n + 2
        self.kick_index = np.array([n + 3, n + 4])
        self.turning_index = n + 5
        # by how much the target is missed: place and velocity, upwards and downwards
        self.miss_index = n + 6 + np.arange(12).reshape(2, 6)
        n += 18
        self.own_index: list[NDArray[np.int64]] = []
        somewhere = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
        for point in statement.waypoints:
            count = 0 if point.own is None else len(point.own(*somewhere))
            self.own_index.append(n + np.arange(count))
            n += count
        # what waypoints with a price fall short of
        priced = [k for k, point in enumerate(statement.waypoints) if point.price > 0.0]
        self.short_index = {k: n + i for i, k in enumerate(priced)}
        self.n = n + len(priced)
        self.t_unit = np.array([max(p.duration_s, 1.0) for p in phases])
        # a mass unit per phase: its own starting mass for a typical payload
        payload = _TYPICAL_PAYLOAD * statement.liftoff_dry_kg
        masses = [statement.liftoff_dry_kg + payload]
        for p in phases[:-1]:
            spent = p.spent_kg(1.0, p.duration_s)
            if p.free is not None:
                spent += 0.9 * p.free.flow_kg_s * p.duration_s
            masses.append(max(p.mass_after_kg(masses[-1] - spent, payload), payload))
        self.m_unit = np.array(masses)

    def end_mass(self, i: int) -> Linear | None:
        """Mass at the end of phase i in kg, as a linear form of the unknowns plus a constant.

        None where it is not linear: a thrust curve over a free duration.
        """
        phase = self.statement.phases[i]
        nodes = self.node_mass_index[i]
        if nodes is not None:
            return [(int(nodes[-1]), self.m_unit[i])], 0.0
        start = (int(self.m_index[i]), float(self.m_unit[i]))
        if phase.fixed:
            return [start], -phase.spent_kg(1.0, phase.duration_s)
        if phase.flow_slope_kg_s2 != 0.0:
            return None
        return [start, (int(self.t_index[i]), -phase.flow_kg_s * float(self.t_unit[i]))], 0.0

    def used(self, stage: str) -> Linear:
        """Main propellant a stage uses over all phases, kg, as a linear form plus a constant."""
        terms: list[tuple[int, float]] = []
        constant = 0.0
        for i, phase in enumerate(self.statement.phases):
            for id_, flow in phase.draws:
                if id_ == stage:
                    terms.append((int(self.t_index[i]), flow * float(self.t_unit[i])))
            nodes = self.node_mass_index[i]
            share = dict(phase.free.shares).get(stage) if phase.free else None
            if share is None or nodes is None:
                continue
            terms.append((int(nodes[0]), share * float(self.m_unit[i])))
            terms.append((int(nodes[-1]), -share * float(self.m_unit[i])))
            if phase.fixed:
                constant -= share * phase.spent_kg(1.0, phase.duration_s)
            else:
                terms.append((int(self.t_index[i]), -share * phase.flow_kg_s * self.t_unit[i]))
        return terms, constant

    # bounds, packing ----------------------------------------------------------------------
    def bounds(
        self,
        payload_kg: tuple[float, float],
        left_kg: tuple[float, float],
        elastic: bool = False,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Bounds of the unknowns for this range of payload and left-over propellant.

        elastic  may the target be missed, at a price?
        """
        st = self.statement
        lower = np.full(self.n, -20.0)
        upper = np.full(self.n, 20.0)
        start = np.r_[st.r0_m / self.units.length_m, st.v0_m_s / self.units.speed_m_s]
        lower[:6] = upper[:6] = start
        for u in self.u_index:
            if u is not None:
                lower[u], upper[u] = -1.1, 1.1
        for index in self.u_fixed:
            lower[index] = upper[index] = st.axes[0]
        for i, phase in enumerate(st.phases):
            lower[self.t_index[i]] = phase.lower_s / self.t_unit[i]
            upper[self.t_index[i]] = phase.upper_s / self.t_unit[i]
            throttle = self.throttle_index[i]
            if throttle is not None and phase.free is not None:
                lower[throttle], upper[throttle] = phase.free.lowest, phase.free.highest
            masses = self.node_mass_index[i]
            if masses is not None:
                lower[masses], upper[masses] = _EMPTY, _FULL
        lower[self.m_index], upper[self.m_index] = _EMPTY, _FULL
        lower[self.payload_index] = payload_kg[0] / self.unit_kg
        upper[self.payload_index] = payload_kg[1] / self.unit_kg
        if st.last is not None:
            lower[self.left_index] = left_kg[0] / self.unit_kg
            upper[self.left_index] = left_kg[1] / self.unit_kg
        else:
            lower[self.left_index] = upper[self.left_index] = 0.0
        lower[self.excess_index], upper[self.excess_index] = 0.0, 3.0
        lower[self.kick_index], upper[self.kick_index] = -2.0, 2.0
        lower[self.turning_index], upper[self.turning_index] = 0.0, 1e3
        lower[self.miss_index], upper[self.miss_index] = 0.0, 10.0 if elastic else 0.0
        for k in self.short_index.values():
            lower[k] = 0.0
        # unknowns that no row uses are pinned
        if all(p.path.dynamic_pressure_pa is None or not p.steered for p in st.phases):
            upper[self.excess_index] = 0.0
        if not any(p.calm and p.steering == "free" for p in st.phases):
            upper[self.turning_index] = 0.0
        if not any(p.steering == "pitch-over" for p in st.phases):
            lower[self.kick_index] = upper[self.kick_index] = 0.0
        return lower, upper

    def within(
        self,
        bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
        around: NDArray[np.float64],
        reach: float,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Bounds that keep places and velocities near those of a point inside, canonical units."""
        lower, upper = (x.copy() for x in bounds)
        free = self._flown
        lower[free] = np.maximum(lower[free], around[free] - reach)
        upper[free] = np.minimum(upper[free], around[free] + reach)
        return lower, upper

    @property
    def _flown(self) -> NDArray[np.int64]:
        """Places and velocities on all nodes but the first."""
        return np.unique(np.concatenate([x.ravel() for x in self.x_index]))[6:]

    def strains(self, w: NDArray[np.float64], around: NDArray[np.float64], reach: float) -> bool:
        """Does a place or velocity of `w` stand at the end of its reach around a point?"""
        free = self._flown
        return bool(np.any(np.abs(w[free] - around[free]) > reach - _AT_END))

    def pack(self, guess: Powered) -> NDArray[np.float64]:
        """The unknowns of a guess given on these very meshes."""
        w = np.zeros(self.n)
        for i, arc in enumerate(guess.arcs):
            w[self.x_index[i]] = np.hstack(
                [arc.r_m / self.units.length_m, arc.v_m_s / self.units.speed_m_s]
            )
            u, throttle, masses = self.u_index[i], self.throttle_index[i], self.node_mass_index[i]
            if u is not None and arc.u is not None:
                w[u] = arc.u
            w[self.t_index[i]] = arc.duration_s / self.t_unit[i]
            w[self.m_index[i]] = arc.mass_kg / self.m_unit[i]
            if throttle is not None and masses is not None:
                assert arc.throttle is not None
                assert arc.masses_kg is not None
                w[throttle] = arc.throttle
                w[masses] = arc.masses_kg / self.m_unit[i]
        w[self.payload_index] = guess.payload_kg / self.unit_kg
        w[self.left_index] = guess.left_kg / self.unit_kg
        w[self.kick_index] = guess.kick
        w[self.excess_index] = guess.q_excess
        if guess.miss is not None:
            miss = np.concatenate(
                [guess.miss[:3] / self.units.length_m, guess.miss[3:] / self.units.speed_m_s]
            )
            w[self.miss_index] = np.maximum([miss, -miss], 0.0)
        for point, index in zip(self.statement.waypoints, self.own_index, strict=True):
            if point.own is not None:
                x = w[self.x_index[point.phase][-1]].tolist()
                w[index] = point.own((x[0], x[1], x[2]), (x[3], x[4], x[5]))
        if len(guess.short) == len(self.short_index):
            w[list(self.short_index.values())] = guess.short
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
            u, throttle, masses = self.u_index[i], self.throttle_index[i], self.node_mass_index[i]
            duration = phase.lower_s if phase.fixed else float(w[self.t_index[i]] * self.t_unit[i])
            arcs.append(
                Arc(
                    phase,
                    start,
                    duration,
                    float(w[self.m_index[i]] * self.m_unit[i]),
                    x[:, :3] * self.units.length_m,
                    x[:, 3:] * self.units.speed_m_s,
                    None if u is None else w[u],
                    None if throttle is None else w[throttle],
                    None if masses is None else w[masses] * self.m_unit[i],
                )
            )
            start += duration
        miss = w[self.miss_index[0]] - w[self.miss_index[1]]
        return Powered(
            tuple(arcs),
            float(w[self.payload_index] * self.unit_kg),
            float(w[self.left_index] * self.unit_kg),
            w[self.kick_index].copy(),
            float(w[self.excess_index]),
            np.concatenate([miss[:3] * self.units.length_m, miss[3:] * self.units.speed_m_s]),
            tuple(float(w[k]) for k in self.short_index.values()),
        )

"""Powered flight as a structured nonlinear programme, by Lobatto IIIA collocation.

Where thrust and flow are constant or straight lines of time, mass is a known function of time and
no state; where the throttle is free it is one. Rows of masses are counted in thousandths of the
stack, rows of durations in hundreds of seconds.

Method: Betts 2010, Practical Methods for Optimal Control, ch. 4; Hairer & Wanner IV.5.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from cosmodrome.maths import lobatto, lobatto_to_bernstein
from cosmodrome.powered.drafting import Draft, Rows
from cosmodrome.powered.formulas import NodeFormula
from cosmodrome.powered.layout import Layout
from cosmodrome.solvers.nlp import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.maths import Ops
    from cosmodrome.physics.powered import Body
    from cosmodrome.powered.phases import Phase
    from cosmodrome.powered.statement import Statement

__all__ = ["Transcription"]

# price of turning, mass units per rad^2/s of the integral of |du/dt|^2: rounds off the corners
# an ideal vehicle would fly within a few seconds, for a millionth of the lift-off mass
_TURNING = 0.5
# a throttle's change, as a part of an equal turn of the thrust: where it hardly matters, above the
# air, it would waver on every mesh
_WAVERING = 0.02
# price of exceeding the dynamic pressure limit by its own size, mass units: beyond what any
# payload gains by it, so that the excess is what cannot be avoided
_EXCESS = 1e3
# price of missing the target by a canonical unit of place or velocity, mass units: some times
# what a stage gives for its speed, so that a miss is what cannot be avoided
_MISS = 500.0
_HUGE = 1e19
# how deep an iterate may go, as a part of the planet's radius: 32 km. Held to 1 km it takes Delta
# III twice the iterations, and random ascents a tenth more
_FLOOR = 0.995
_SPAN_UNIT_S = 100.0


def _turn(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
    """Thrust direction less the pitch-over's: `par` ramp 0..1, then up, east, north (9)."""
    up, east, north = par[1:4], par[4:7], par[7:10]
    d = [up[c] + par[0] * (z[3] * east[c] + z[4] * north[c]) for c in range(3)]
    size = ops.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
    return [z[c] - d[c] / size for c in range(3)]


def _squared(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
    return [z[0] * z[0] + z[1] * z[1] + z[2] * z[2]]


def _turning(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
    d = [z[3 + c] - z[c] for c in range(3)]
    return [(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]) * par[0]]


def _wavering(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
    return [(z[1] - z[0]) * (z[1] - z[0]) * par[0]]


def _spent(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
    """Mass gone along a thrust curve over a free duration; `Phase.spent_kg` with symbols."""
    t_unit, flow, slope, end_s, anchored = par
    duration = z[0] * t_unit
    start = anchored * (end_s - duration)
    end = start + duration
    return [(end - start) * (flow + 0.5 * slope * (end + start))]


class Transcription(Layout):
    """A `Statement` on its meshes: the programme, and the way there and back."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(statement)
        self.problem = self._build()

    def _build(self) -> Problem:
        rows = Rows()
        drafts = [
            *self._flight_blocks(rows),
            *self._steering_blocks(rows),
            *(self._waypoint_block(rows, k) for k in range(len(self.statement.waypoints))),
            *self._masses(rows),
        ]
        self._durations_and_budgets(rows)
        self.names = rows.names
        self.g_lower, self.g_upper = np.array(rows.lower), np.array(rows.upper)
        m = len(rows.lower)
        return Problem(
            self.n,
            m,
            sp.coo_matrix((rows.values, (rows.rows, rows.columns)), shape=(m, self.n)),
            tuple(draft.block(m) for draft in drafts if draft.index),
        )

    # the flight ---------------------------------------------------------------------------
    def _flight_blocks(self, rows: Rows) -> list[Draft]:
        """Collocation defects and path limits, one block for each kind of phase."""
        st = self.statement
        kinds: dict[tuple[Body, bool, bool, bool], tuple[NodeFormula, Draft]] = {}
        high = Draft(_squared, 1)
        seen: set[int] = set()
        for i, phase in enumerate(st.phases):
            body = st.bodies[i] if st.bodies else st.body
            key = (body, phase.steered, phase.sloped, phase.free is not None)
            if key not in kinds:
                formula = NodeFormula(st.planet, *key)
                kinds[key] = (formula, Draft(formula, formula.outputs))
            self._flight_of(rows, i, phase, *kinds[key])
            if phase.path.lowest_m is not None:
                least = 1.0 + phase.path.lowest_m / self.units.length_m
                for x in self.x_index[i]:
                    if int(x[0]) in seen:
                        continue  # the common node of two phases
                    seen.add(int(x[0]))
                    row = rows.add("altitude", least * least, _HUGE)
                    high.enter(row, high.copy([*x[:3]], [0.0]), 0)
        return [*(draft for _, draft in kinds.values()), high]

    def _flight_of(
        self, rows: Rows, i: int, phase: Phase, formula: NodeFormula, draft: Draft
    ) -> None:
        first = len(draft.index)
        x, u = self.x_index[i], self.u_index[i]
        throttle, masses = self.throttle_index[i], self.node_mass_index[i]
        tau = phase.node_fractions
        place = formula.places
        limit = phase.path
        for j in range(tau.size):
            own = [*x[j], self.t_index[i], self.m_index[i] if masses is None else masses[j]]
            own += [] if u is None else [*u[j]]
            own += [] if throttle is None else [throttle[j]]
            draft.index.append(own)
            draft.parameters.append(
                formula.parameters(
                    phase, float(tau[j]), float(self.t_unit[i]), float(self.m_unit[i])
                )
            )
            if j > 0 or i == 0:
                draft.enter(rows.add("floor", _FLOOR * _FLOOR, _HUGE), first + j, place["floor"])
            if limit.heat_flux_w_m2 is not None:
                draft.enter(rows.add("heat", -_HUGE, 0.0), first + j, place["heat"])
            if limit.dynamic_pressure_pa is not None and phase.steered:
                r = rows.add("q", -_HUGE, 1.0)
                draft.enter(r, first + j, place["q"])
                rows.linear(r, self.excess_index, -1.0)
            if limit.q_alpha_pa_rad is not None and phase.steered:
                draft.enter(rows.add("q-alpha", -_HUGE, 1.0), first + j, place["q-alpha"])
            if limit.axial_m_s2 is not None and "axial" in place:
                draft.enter(rows.add("axial", -_HUGE, 1.0), first + j, place["axial"])
        columns = x if masses is None else np.column_stack([x, masses])
        scheme = lobatto(phase.points)
        s = scheme.points
        if throttle is not None and phase.free is not None:
            self._throttle_rows(rows, phase, throttle)
        for e, width in enumerate(np.diff(phase.mesh)):
            start = e * (s - 1)
            for j, c in product(range(1, s), range(formula.rates)):
                r = rows.add("defect", 0.0, 0.0)
                rows.linear(r, columns[start + j, c], 1.0)
                rows.linear(r, columns[start, c], -1.0)
                for k in range(s):
                    draft.enter(r, first + start + k, c, -width * scheme.integral[j, k])

    def _throttle_rows(self, rows: Rows, phase: Phase, throttle: NDArray[np.int64]) -> None:
        """Keep the throttle's polynomial inside its range between nodes as well as on them.

        It lies in the hull of its Bernstein coefficients; the outer two are the end nodes'.
        """
        assert phase.free is not None
        n, inner = phase.points - 1, lobatto_to_bernstein(phase.points)[1:-1]
        for e, values in product(range(phase.intervals), inner):
            r = rows.add("throttle", phase.free.lowest, phase.free.highest)
            for j, value in enumerate(values):
                rows.linear(r, throttle[e * n + j], float(value))

    def _steering_blocks(self, rows: Rows) -> list[Draft]:
        """Unit thrust vectors, the pitch-over ramp, and the price of turning."""
        axes = [float(c) for row in self.statement.axes for c in row]
        unit, ramp, calm = Draft(_squared, 1), Draft(_turn, 3), Draft(_turning, 1)
        even = Draft(_wavering, 1)
        done: set[int] = set()
        for i, phase in enumerate(self.statement.phases):
            u, throttle = self.u_index[i], self.throttle_index[i]
            if u is None:
                continue
            tau = phase.node_fractions
            if phase.steering == "free" and phase.calm:
                for j in range(tau.size - 1):
                    price = 1.0 / (self.t_unit[i] * (tau[j + 1] - tau[j]))
                    calm.copy([*u[j], *u[j + 1]], [price])
                    if throttle is not None:
                        even.copy([throttle[j], throttle[j + 1]], [_WAVERING * price])
            for j in range(tau.size):
                if int(u[j, 0]) in done:
                    continue
                done.add(int(u[j, 0]))
                if phase.steering == "held":
                    self.u_fixed.append(u[j])
                elif phase.steering == "pitch-over":
                    x = phase.ramp[0] + (phase.ramp[1] - phase.ramp[0]) * tau[j]
                    level = x * x * (3.0 - 2.0 * x)
                    k = ramp.copy([*u[j], *self.kick_index], [level, *axes])
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
            for k in range(len(even.index)):
                even.enter(r, k, 0)
        return [unit, ramp, calm, even]

    def _waypoint_block(self, rows: Rows, number: int) -> Draft:
        """The conditions at the end of one phase, or on its nodes."""
        point = self.statement.waypoints[number]
        i = range(len(self.statement.phases))[point.phase]
        units = [float(t) for t in self.t_unit[: i + 1]] if point.timed else []

        def formula(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> Sequence[Any]:
            x, rest = list(z[:6]), list(z[6:])
            if point.elastic:
                x = [x[c] + rest[c] - rest[6 + c] for c in range(6)]
                rest = rest[12:]
            t = sum((rest[k] * unit for k, unit in enumerate(units)), 0.0)
            if point.every and point.timed:
                t = t - (1.0 - par[0]) * rest[i] * units[i]
            r, v = (x[0], x[1], x[2]), (x[3], x[4], x[5])
            return point.formula(ops, r, v, t, *rest[len(units) :])

        draft = Draft(formula, len(point.lower))
        misses = self.miss_index.ravel().tolist() if point.elastic else []
        durations = self.t_index[: i + 1].tolist() if point.timed else []
        own = self.own_index[number].tolist()
        tau = self.statement.phases[i].node_fractions
        for j in range(1, tau.size) if point.every else (tau.size - 1,):
            share = float(tau[j]) if point.every else 0.0
            k = draft.copy([*self.x_index[i][j], *misses, *durations, *own], [share])
            for c, (lower, upper) in enumerate(zip(point.lower, point.upper, strict=True)):
                r = rows.add(point.name, lower, upper)
                draft.enter(r, k, c)
                if number in self.short_index:
                    rows.linear(r, self.short_index[number], 1.0)
        return draft

    # masses and times -----------------------------------------------------------------------
    def _masses(self, rows: Rows) -> list[Draft]:
        """Mass over the links, payload from the pad on."""
        st = self.statement
        curve = Draft(_spent, 1)
        scale = 1.0 / self.unit_kg

        def less_end(row: int, i: int) -> float:
            """Take the mass at the end of phase i from a row; its constant part."""
            end = self.end_mass(i)
            if end is not None:
                for column, value in end[0]:
                    rows.linear(row, column, -value * scale)
                return end[1] * scale
            phase = st.phases[i]
            rows.linear(row, self.m_index[i], -self.m_unit[i] * scale)
            anchored = 0.0 if phase.slopes_end_s is None else 1.0
            k = curve.copy(
                [self.t_index[i]],
                [
                    self.t_unit[i],
                    phase.flow_kg_s,
                    phase.flow_slope_kg_s2,
                    phase.slopes_end_s or 0.0,
                    anchored,
                ],
            )
            curve.enter(row, k, 0, scale)
            return 0.0

        for i, phase in enumerate(st.phases[:-1]):
            r = rows.add("mass" if phase.resets_to_kg is None else "stated mass", 0.0, 0.0)
            rows.linear(r, self.m_index[i + 1], self.m_unit[i + 1] * scale)
            if phase.resets_to_kg is not None:
                rows.linear(r, self.payload_index, -1.0)
                rows.shift(r, phase.resets_to_kg * scale)
            else:
                rows.shift(r, less_end(r, i) - phase.drop_kg * scale)
                if phase.drops_payload:
                    rows.linear(r, self.payload_index, 1.0)
        r = rows.add("lift-off mass", 0.0, 0.0)
        rows.linear(r, self.m_index[0], self.m_unit[0] * scale)
        rows.linear(r, self.payload_index, -1.0)
        rows.shift(r, st.liftoff_dry_kg * scale)
        return [curve]

    def _durations_and_budgets(self, rows: Rows) -> None:
        """Phases that share a time, and what stages with a choice may use."""
        for span in self.statement.spans:
            total = span.total_s / _SPAN_UNIT_S
            r = rows.add("span", total, total)
            for i in range(span.first, span.last + 1):
                rows.linear(r, self.t_index[i], self.t_unit[i] / _SPAN_UNIT_S)
        last = self.statement.last
        for budget in (*self.statement.budgets, *([last] if last else [])):
            terms, constant = self.used(budget.stage)
            most = (budget.usable_kg - constant) / self.unit_kg
            exact = budget.exact or budget is last
            r = rows.add(f"budget {budget.stage}", most if exact else -_HUGE, most)
            for column, value in terms:
                rows.linear(r, column, value / self.unit_kg)
            if budget is last:
                rows.linear(r, self.left_index, 1.0)

    def objective(self, payload: float, left: float, time: float = 0.0) -> NDArray[np.float64]:
        """Cost vector: minus the weighted payload and left-over, plus time and the elastic q.

        Payload and left-over in mass units, time in units of a thousand seconds.
        """
        c = np.zeros(self.n)
        c[self.payload_index] = -payload
        c[self.left_index] = -left
        c[self.t_index] = time * self.t_unit / 1e3
        c[self.excess_index] = _EXCESS
        c[self.turning_index] = _TURNING
        c[self.miss_index] = _MISS
        for k, column in self.short_index.items():
            c[column] = self.statement.waypoints[k].price
        return c

"""Powered descent by lossless convexification: guidance, and the start of the optimum.

The thrust's least size makes the set of thrusts a shell; with a slack for its size the shell
becomes a cone, and the optimum of the cone lies on the shell (Acikmese & Ploen 2007, Journal of
Guidance, Control, and Dynamics 30, 1353; Blackmore, Acikmese & Scharf 2010, 33, 1161). Gravity,
Coriolis force, durations and the time of ignition are linearised about the last answer and solved
again until nothing moves (Szmuk & Acikmese 2018, AIAA 2018-0617). Between nodes the acceleration is
a straight line of time.

What cannot be met is missed at a price, so that every state gives an answer and says what is
short.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.landing.local import Local
from cosmodrome.landing.programme import Affine, Programme
from cosmodrome.landing.reference import Path, coasting, first
from cosmodrome.maths import NUMPY

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.landing.nouns import Gate, LandingProblem

    Array = NDArray[np.float64]

__all__ = ["Convex", "Short", "descent"]

_G0 = 9.80665
# what the last answer may move, in units of place, velocity, ln m and time: what is linear errs by
# the square of it; and how often it is asked
_SETTLED, _MOST = 1e-4, 40
# part of a duration it may change by at a time, and what is left of it when it changes back
_STEP, _SHRINK = 0.35, 0.4
# prices of a unit of miss, of thrust beyond the engine's, of ln m, of height in the cone, of a gate
_MISS, _THRUST, _MASS, _CONE, _GATE = 2000.0, 10.0, 10.0, 2000.0, 2000.0
# what counts as short, in the same units
_NOTHING = 2e-7


@dataclass(frozen=True, slots=True)
class Short:
    """What a descent lacks: 0 where it lacks nothing.

    propellant_kg    beyond what there is above the reserve
    delta_v_m_s      the same as velocity change
    thrust           part of the engine's full thrust that is lacking
    cone_m           depth below the glide slope
    gate_m           by which a gate is missed; in speed that many metres over the unit of time
    place_m, speed_m_s   by which the site is missed, whatever else is granted
    """

    propellant_kg: float = 0.0
    delta_v_m_s: float = 0.0
    thrust: float = 0.0
    cone_m: float = 0.0
    gate_m: float = 0.0
    place_m: float = 0.0
    speed_m_s: float = 0.0

    @property
    def nothing(self) -> bool:
        """Is the descent feasible?"""
        return not any(
            (
                self.propellant_kg,
                self.thrust,
                self.cone_m,
                self.gate_m,
                self.place_m,
                self.speed_m_s,
            )
        )

    def told(self) -> str:
        """What is short, in words."""
        out = []
        if self.propellant_kg:
            out.append(f"{self.propellant_kg:.1f} kg of propellant ({self.delta_v_m_s:.1f} m/s)")
        if self.thrust:
            out.append(f"thrust: {100.0 * self.thrust:.1f} % more than the engine's")
        if self.cone_m:
            out.append(f"glide slope: {self.cone_m:.1f} m below it")
        if self.gate_m:
            out.append(f"a gate is missed by {self.gate_m:.1f} m")
        if self.place_m or self.speed_m_s:
            out.append(f"the site is missed by {self.place_m:.0f} m and {self.speed_m_s:.1f} m/s")
        return "; ".join(out) or "nothing"


@dataclass(frozen=True, slots=True, eq=False)
class Convex:
    """An answer: the path, what it burns, whether it settled, what is short, programmes solved."""

    problem: LandingProblem
    local: Local
    path: Path
    propellant_kg: float
    settled: bool
    short: Short
    programmes: int


class _Columns:
    """Where the unknowns stand."""

    def __init__(self, path: Path) -> None:
        nodes = sum(path.counts) + 1
        self.x = np.arange(7 * nodes).reshape(nodes, 7)
        k = 7 * nodes
        self.w: list[NDArray[np.int64]] = []
        for n in path.counts:
            self.w.append(k + np.arange(4 * (n + 1)).reshape(n + 1, 4))
            k += 4 * (n + 1)
        self.lasts = k + np.arange(len(path.counts))
        k += len(path.counts)
        self.coast = k
        self.place, self.speed, self.thrust, self.mass, self.cone, self.gate = range(k + 1, k + 7)
        self.n = k + 7


class _Step:
    """One programme about a reference."""

    def __init__(
        self, problem: LandingProblem, local: Local, at: Callable[[float], Array], path: Path,
        widest: Array,
    ) -> None:  # fmt: skip
        self.problem, self.local, self.at, self.path = problem, local, at, path
        self.columns = _Columns(path)
        self.programme = Programme(self.columns.n)
        self.fall, self.slopes = local.slopes(path.x)
        self.widest = widest
        r = path.x[:, :3] + np.array([0.0, 0.0, local.radius])
        self.up = r / np.linalg.norm(r, axis=1)[:, None]

    def solve(self) -> tuple[Path, Array] | None:
        """The next path and what is short (6,); None where Clarabel fails."""
        self._start()
        for k in range(len(self.path.counts)):
            self._flight(k)
            self._limits(k)
        self._borders()
        self._end()
        c, cost = self.columns, np.zeros(self.columns.n)
        cost[c.x[-1, 6]] = -1.0
        prices = (
            (c.place, _MISS), (c.speed, _MISS), (c.thrust, _THRUST), (c.mass, _MASS),
            (c.cone, _CONE), (c.gate, _GATE),
        )  # fmt: skip
        for column, price in prices:
            cost[column] = price
            self.programme.least({column: 1.0})
        answer = self.programme.solve(cost)
        if not answer.solved:
            return None
        v = answer.x
        path = replace(
            self.path, x=v[c.x[:, :6]], z=v[c.x[:, 6]],
            w=tuple(v[w[:, :3]] for w in c.w), s=tuple(v[w[:, 3]] for w in c.w),
            lasts=v[c.lasts], coast=float(v[c.coast]),
        )  # fmt: skip
        return path, v[[c.place, c.speed, c.thrust, c.mass, c.cone, c.gate]]

    def _start(self) -> None:
        """The first state moves along the coast with the time of ignition."""
        c, p, unit = self.columns, self.programme, self.local.time_s
        low, high = (t / unit for t in self.problem.coast_s)
        x0 = self.at(self.path.coast)
        if high == low:
            p.zero({c.coast: 1.0}, -low)
            rate = np.zeros(6)
        else:
            p.least({c.coast: 1.0}, -low)
            p.least({c.coast: -1.0}, high)
            widest = float(self.widest[-1] * self.path.lasts.sum())
            p.least({c.coast: 1.0}, widest - self.path.coast)
            p.least({c.coast: -1.0}, widest + self.path.coast)
            rate = np.concatenate([x0[3:6], self.local.fall(NUMPY, x0.tolist())])
        for i in range(6):
            p.zero({c.x[0, i]: 1.0, c.coast: -rate[i]}, float(rate[i] * self.path.coast - x0[i]))
        p.zero({c.x[0, 6]: 1.0})

    def _accelerates(self, node: int, w: NDArray[np.int64], axis: int) -> Affine:
        """An acceleration's component at a node, with gravity's slopes."""
        c, slope = self.columns, self.slopes[node, axis]
        terms = {int(c.x[node, i]): float(slope[i]) for i in range(6)}
        terms[int(w[axis])] = 1.0
        return terms, float(self.fall[node, axis] - slope @ self.path.x[node])

    def _flight(self, k: int) -> None:
        """Steps between nodes of a phase: acceleration a straight line of time."""
        c, p, path = self.columns, self.programme, self.path
        n, a = path.counts[k], path.first(k)
        h = float(path.lasts[k]) / n
        d = int(c.lasts[k])
        flow = 1.0 / self.local.exhaust(self.problem.isp_s(self.problem.phases[k]) * _G0)
        now = self.fall[a : a + n + 1] + path.w[k]
        for j in range(n):
            i = a + j
            for axis in range(3):
                first = self._accelerates(i, c.w[k][j], axis)
                second = self._accelerates(i + 1, c.w[k][j + 1], axis)
                a0, a1 = float(now[j, axis]), float(now[j + 1, axis])
                slope = (path.x[i, 3 + axis] + h / 3.0 * (2.0 * a0 + a1)) / n
                here, there = int(c.x[i, axis]), int(c.x[i + 1, axis])
                row, constant = _sum((first, h * h / 3.0), (second, h * h / 6.0))
                _add(row, here, 1.0)
                _add(row, there, -1.0)
                _add(row, int(c.x[i, 3 + axis]), h)
                _add(row, d, float(slope))
                p.zero(row, constant - float(slope) * h * n)
                slope = 0.5 * (a0 + a1) / n
                row, constant = _sum((first, 0.5 * h), (second, 0.5 * h))
                _add(row, int(c.x[i, 3 + axis]), 1.0)
                _add(row, int(c.x[i + 1, 3 + axis]), -1.0)
                _add(row, d, slope)
                p.zero(row, constant - slope * h * n)
            s0, s1 = float(path.s[k][j]), float(path.s[k][j + 1])
            slope = -0.5 * flow * (s0 + s1) / n
            p.zero(
                {
                    int(c.x[i, 6]): 1.0, int(c.x[i + 1, 6]): -1.0,
                    int(c.w[k][j, 3]): -0.5 * flow * h, int(c.w[k][j + 1, 3]): -0.5 * flow * h,
                    d: slope,
                },
                -slope * h * n,
            )  # fmt: skip

    def _limits(self, k: int) -> None:
        """Throttle, tilt, turning, cone and floor on the nodes of a phase; its duration."""
        c, p, path = self.columns, self.programme, self.path
        phase, unit = self.problem.phases[k], self.local.time_s
        d, was = int(c.lasts[k]), float(path.lasts[k])
        low = max(phase.duration_s[0] / unit, was * (1.0 - float(self.widest[k])))
        high = min(phase.duration_s[1] / unit, was * (1.0 + float(self.widest[k])))
        p.least({d: 1.0}, -low)
        p.least({d: -1.0}, high)
        least, most = phase.throttle
        h = was / path.counts[k]
        for j, w in enumerate(c.w[k]):
            node = path.first(k) + j
            z, thin = float(path.z[node]), self.local.push * math.exp(-float(path.z[node]))
            size, mass = int(w[3]), int(c.x[node, 6])
            p.cone([({size: 1.0}, 0.0), *(({int(w[i]): 1.0}, 0.0) for i in range(3))])
            p.least({size: -1.0, mass: -most * thin, c.thrust: thin}, most * thin * (1.0 + z))
            if least > 0.0:
                p.least({size: 1.0, mass: least * thin}, -least * thin * (1.0 + z))
            if phase.tilt_rad is not None:
                p.least({int(w[2]): 1.0, size: -math.cos(phase.tilt_rad)})
            if phase.rate_rad_s is not None and j:
                self._turning(k, j, phase.rate_rad_s * unit * h)
            if phase.glide_slope_rad is not None:
                slope = math.tan(phase.glide_slope_rad)
                x = c.x[node]
                p.cone(
                    [
                        ({int(x[2]): 1.0, c.cone: 1.0}, 0.0),
                        ({int(x[0]): slope}, 0.0), ({int(x[1]): slope}, 0.0),
                    ]
                )  # fmt: skip
            if phase.lowest_m is not None:
                terms, constant = self._height(node)
                p.least({**terms, c.cone: 1.0}, constant - phase.lowest_m / self.local.length_m)

    def _turning(self, k: int, j: int, chord: float) -> None:
        """Directions of neighbours lie no further apart; their sizes are the last answer's."""
        w, s = self.columns.w[k], self.path.s[k]
        rows: list[Affine] = [({}, chord)]
        for i in range(3):
            a, b = 1.0 / max(float(s[j]), 1e-3), 1.0 / max(float(s[j - 1]), 1e-3)
            rows.append(({int(w[j, i]): a, int(w[j - 1, i]): -b}, 0.0))
        self.programme.cone(rows)

    def _height(self, node: int) -> Affine:
        """Height above the site's level, linear along the last answer's vertical."""
        up, x = self.up[node], self.columns.x[node]
        terms = {int(x[i]): float(up[i]) for i in range(3)}
        return terms, float(self.local.radius * (up[2] - 1.0))

    def _borders(self) -> None:
        """Gates, and a direction that goes on where turning is limited."""
        for k, phase in enumerate(self.problem.phases):
            if k and phase.rate_rad_s is not None:
                w, before = self.columns.w[k][0], self.columns.w[k - 1][-1]
                a, b = (max(float(s), 1e-3) for s in (self.path.s[k][0], self.path.s[k - 1][-1]))
                for i in range(3):
                    self.programme.zero({int(w[i]): 1.0 / a, int(before[i]): -1.0 / b})
            if phase.gate is not None:
                self._gate(self.path.first(k) + self.path.counts[k], phase.gate)

    def _gate(self, node: int, gate: Gate) -> None:
        c, p, local = self.columns, self.programme, self.local
        x, up = c.x[node], self.up[node]
        if gate.height_m is not None:
            terms, constant = self._height(node)
            self._within((terms, constant), gate.height_m, local.length_m)
        if gate.sink_m_s is not None:
            sink = {int(x[3 + i]): -float(up[i]) for i in range(3)}
            self._within((sink, float(local.drift[2])), gate.sink_m_s, local.speed_m_s)
        if gate.range_m is not None:
            most = gate.range_m / local.length_m
            p.cone([({c.gate: 1.0}, most), ({int(x[0]): 1.0}, 0.0), ({int(x[1]): 1.0}, 0.0)])
        if gate.across_m_s is not None:
            most = gate.across_m_s / local.speed_m_s
            drift = [float(v) for v in local.drift]
            p.cone(
                [
                    ({c.gate: 1.0}, most),
                    ({int(x[3]): 1.0}, -drift[0]), ({int(x[4]): 1.0}, -drift[1]),
                ]
            )  # fmt: skip

    def _within(self, value: Affine, pair: tuple[float, float], unit: float) -> None:
        terms, constant = value
        gate = self.columns.gate
        self.programme.least({**terms, gate: 1.0}, constant - pair[0] / unit)
        self.programme.least(
            {**{k: -v for k, v in terms.items()}, gate: 1.0}, pair[1] / unit - constant
        )

    def _end(self) -> None:
        """On the site, sinking as asked, with what must be left."""
        c, p, local, problem = self.columns, self.programme, self.local, self.problem
        aim = np.concatenate([np.zeros(3), local.drift])
        aim[5] -= problem.sink_m_s / local.speed_m_s
        for slack, rows in ((c.place, range(3)), (c.speed, range(3, 6))):
            p.cone([({slack: 1.0}, 0.0), *(({int(c.x[-1, i]): 1.0}, -float(aim[i])) for i in rows)])
        least = math.log(problem.least_kg / problem.mass_kg)
        p.least({int(c.x[-1, 6]): 1.0, c.mass: 1.0}, -least)


def _add(row: dict[int, float], column: int, value: float) -> None:
    row[column] = row.get(column, 0.0) + value


def _sum(*parts: tuple[Affine, float]) -> tuple[dict[int, float], float]:
    row: dict[int, float] = {}
    constant = 0.0
    for (terms, value), weight in parts:
        constant += weight * value
        for column, factor in terms.items():
            _add(row, column, weight * factor)
    return row, constant


def descent(problem: LandingProblem, near: Path | None = None, most: int = _MOST) -> Convex:
    """The descent of least propellant on about 60 nodes, from no guess.

    near   the path of a like problem: its answer comes sooner
    most   programmes at the most; `settled` says whether they sufficed
    """
    local = Local.of(problem)
    at = coasting(problem, local)
    path = first(problem, local, at) if near is None else near
    short = np.zeros(6)
    settled, k = False, 0
    # of each duration and of the coast
    widest = np.full(len(path.counts) + 1, _STEP)
    step = np.zeros(widest.size)
    while k < most and not settled:
        k += 1
        found = _Step(problem, local, at, path, widest).solve()
        if found is None:
            widest = 0.5 * widest
            if widest.max() < 1e-3:
                break
            continue
        after, short = found
        moved = max(
            float(np.abs(after.x - path.x).max()),
            float(np.abs(after.z - path.z).max()),
            float(np.abs(after.lasts - path.lasts).max()),
            abs(after.coast - path.coast),
        )
        last = step
        step = np.append(after.lasts - path.lasts, after.coast - path.coast)
        turned = step * last
        path, settled = after, moved < _SETTLED
        widest = np.where(turned < 0.0, _SHRINK * widest, widest)
    left = problem.mass_kg * math.exp(float(path.z[-1]))
    return Convex(
        problem,
        local,
        path,
        problem.mass_kg - left,
        settled,
        _short(problem, local, short, left),
        k,
    )


def _short(problem: LandingProblem, local: Local, slack: Array, left_kg: float) -> Short:
    place, speed, thrust, mass, cone, gate = (float(s) if s > _NOTHING else 0.0 for s in slack)
    lacking, dv = 0.0, 0.0
    if mass and left_kg < problem.least_kg:
        lacking = problem.least_kg - left_kg
        dv = problem.engine.exhaust_m_s * math.log(problem.least_kg / left_kg)
    return Short(
        lacking, dv, thrust, cone * local.length_m, gate * local.length_m,
        place * local.length_m, speed * local.speed_m_s,
    )  # fmt: skip

"""Any optimal flight with states, controls and phases, by Lobatto IIIA collocation.

    minimise  end_cost . x(end) + time_cost * (total duration)
    over      x(t), u(t), the durations
    subject to  x' = rates(x, u), limits on x, u and path(x, u), jumps between the stretches,
              and end(x(end)) = 0

The general statement beside `transcription`, which is shaped for ascents: here states and controls
are what the formulas say, in units of the caller's choice, best near one. Controls are continuous
within a stretch and free to jump between two, unless joined; a switch is therefore the border of
two stretches. Limits hold at the nodes, and on pairs of neighbours where a control's change is
limited.

Method: Betts 2010, Practical Methods for Optimal Control, ch. 4; Hairer & Wanner IV.5.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from numpy.polynomial import legendre

from cosmodrome.maths import NUMPY, lobatto, lobatto_basis, lobatto_to_bernstein
from cosmodrome.powered.drafting import Draft, Rows
from cosmodrome.powered.phases import uniform
from cosmodrome.solvers.nlp import Problem, Solver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from cosmodrome.maths import Ops

    Formula = Callable[[Ops, Sequence[Any], Sequence[Any]], Sequence[Any]]
    Rates = Callable[..., Sequence[Any]]

__all__ = ["Course", "Optimum", "Stretch", "Track", "optimum"]

_HUGE = 1e19
_FINE = 12
_MOST_PIECES = 4


def _no_path(ops: Ops, x: Sequence[Any], u: Sequence[Any]) -> Sequence[Any]:
    return []


@dataclass(frozen=True, slots=True)
class Stretch:
    """One phase.

    rates       (ops, x, u) -> dx/dt, n values; where there is a fast angle (ops, x, u, angle)
    angles      values of the fast angle, rates are the mean over them; empty: there is none
    duration    lower and upper bound; equal = fixed
    control     (m) pairs of bounds
    path        (ops, x, u) -> values kept within the pairs `path_limits` at the nodes
    jump        (n,) added to the state at the end of the stretch; empty = nothing
    gate        (ops, x) -> values kept within the pairs `gate_limits` at the end of the stretch
    change      (ops, u, u next, time between) -> values kept at or below 0 from node to node
    joined      the first controls, in number, that continue from the stretch before
    kept        controls that keep their bounds between nodes as well as on them
    mesh, points   fractions of the stretch; Lobatto points per interval
    """

    rates: Rates
    duration: tuple[float, float]
    control: tuple[tuple[float, float], ...]
    path: Formula = _no_path
    path_limits: tuple[tuple[float, float], ...] = ()
    jump: tuple[float, ...] = ()
    gate: Callable[[Ops, Sequence[Any]], Sequence[Any]] | None = None
    gate_limits: tuple[tuple[float, float], ...] = ()
    change: Callable[[Ops, Sequence[Any], Sequence[Any], Any], Sequence[Any]] | None = None
    joined: int = 0
    kept: tuple[int, ...] = ()
    mesh: tuple[float, ...] = uniform(8)
    points: int = 4
    angles: tuple[float, ...] = ()

    def rates_at(self, x: NDArray[np.float64], u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rates (..., n), the mean over the fast angle taken, of states and controls."""
        xs, us = list(np.moveaxis(x, -1, 0)), list(np.moveaxis(u, -1, 0))
        if not self.angles:
            return np.stack(np.broadcast_arrays(*self.rates(NUMPY, xs, us)), axis=-1)
        total = sum(
            np.stack(np.broadcast_arrays(*self.rates(NUMPY, xs, us, angle)), axis=-1)
            for angle in self.angles
        )
        out: NDArray[np.float64] = np.asarray(total) / len(self.angles)
        return out

    @property
    def node_fractions(self) -> NDArray[np.float64]:
        """(intervals * (points - 1) + 1,) places of the nodes, 0..1."""
        mesh = np.asarray(self.mesh)
        inner = mesh[:-1, None] + np.diff(mesh)[:, None] * lobatto(self.points).nodes[1:]
        nodes: NDArray[np.float64] = np.r_[mesh[0], inner.ravel()]
        return nodes


@dataclass(frozen=True, slots=True)
class Course:
    """A whole problem.

    start       (n,) the first state
    state       (n) pairs of bounds for all nodes
    end         (ops, x) -> values that vanish at the end
    end_cost    (n,) cost of the last state; time_cost of a unit of time
    spans       (first, last, lower, upper): stretches first to last take so long together
    """

    stretches: tuple[Stretch, ...]
    start: tuple[float, ...]
    state: tuple[tuple[float, float], ...]
    end: Callable[[Ops, Sequence[Any]], Sequence[Any]]
    end_cost: tuple[float, ...]
    time_cost: float = 0.0
    spans: tuple[tuple[int, int, float, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A stretch as solved or guessed: duration, x (nodes, n) and u (nodes, m) on its own mesh."""

    stretch: Stretch
    duration: float
    x: NDArray[np.float64]
    u: NDArray[np.float64]

    @classmethod
    def between(
        cls,
        stretch: Stretch,
        duration: float,
        x: tuple[Sequence[float], Sequence[float]],
        u: tuple[Sequence[float], Sequence[float]],
    ) -> Track:
        """A straight line from the first to the second state and control: a guess."""
        f = stretch.node_fractions[:, None]
        (x0, x1), (u0, u1) = ((np.asarray(a), np.asarray(b)) for a, b in (x, u))
        return cls(stretch, duration, x0 + f * (x1 - x0), u0 + f * (u1 - u0))

    def by_interval(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """(nodes, k) -> (intervals, points, k): shared end nodes repeated."""
        s = self.stretch.points
        first = (s - 1) * np.arange(len(self.stretch.mesh) - 1)
        out: NDArray[np.float64] = values[first[:, None] + np.arange(s)]
        return out

    def sample(
        self, fractions: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """States and controls at fractions (k,) of the stretch, by the collocation polynomials."""
        mesh = np.asarray(self.stretch.mesh)
        e = np.clip(np.searchsorted(mesh, fractions, side="right") - 1, 0, mesh.size - 2)
        inside = (fractions - mesh[e]) / (mesh[e + 1] - mesh[e])
        n = self.stretch.points - 1
        inverse = np.linalg.inv(legendre.legvander(2.0 * lobatto(n + 1).nodes - 1.0, n))
        weights = legendre.legvander(2.0 * inside - 1.0, n) @ inverse
        x, u = (np.einsum("is,isc->ic", weights, self.by_interval(v)[e]) for v in (self.x, self.u))
        return x, u

    def errors(self) -> NDArray[np.float64]:
        """(intervals,) largest error of a state over each interval, in the course's units.

        The polynomials are put into the rates on a finer Gauss grid; what the quadrature of these
        misses of the step is the error.
        """
        s = self.stretch
        width = np.diff(s.mesh) * self.duration
        gauss, weights = legendre.leggauss(_FINE)
        value, integral = lobatto_basis(s.points, tuple(float(v) for v in 0.5 * (gauss + 1.0)))
        x, u = self.by_interval(self.x), self.by_interval(self.u)

        # where no solution was found the rates may be no numbers
        with np.errstate(all="ignore"):
            return self._missed(x, u, width, value, integral, weights)

    def _missed(
        self,
        x: NDArray[np.float64],
        u: NDArray[np.float64],
        width: NDArray[np.float64],
        value: NDArray[np.float64],
        integral: NDArray[np.float64],
        weights: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        s = self.stretch
        along = np.einsum("gs,isc->igc", integral, s.rates_at(x, u))
        fine = x[:, :1] + width[:, None, None] * along
        step = np.einsum(
            "g,igc->ic", 0.5 * weights, s.rates_at(fine, np.einsum("gs,isc->igc", value, u))
        )
        miss: NDArray[np.float64] = np.abs(width[:, None] * step - (x[:, -1] - x[:, 0])).max(axis=1)
        return miss


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """What was found; `error` sums the tracks' errors, `solved` only when IPOPT converged."""

    tracks: tuple[Track, ...]
    cost: float
    error: float
    solved: bool
    status: str
    iterations: int
    meshes: int

    @property
    def duration(self) -> float:
        """Of all stretches together."""
        return sum(track.duration for track in self.tracks)


class _Programme:
    """A course on its meshes as a nonlinear programme."""

    def __init__(self, course: Course) -> None:
        self.course = course
        n, k = len(course.start), 0
        self.x, self.u, self.t = [], [], []
        for s in course.stretches:
            count = s.node_fractions.size
            m = len(s.control)
            self.x.append(k + np.arange(count * n).reshape(count, n))
            self.u.append(k + count * n + np.arange(count * m).reshape(count, m))
            k += count * (n + m) + 1
            self.t.append(k - 1)
        rows = Rows()
        drafts = [
            draft
            for i, s in enumerate(course.stretches)
            for draft in (self._averaged(rows, i) if s.angles else [self._flight(rows, i)])
        ]
        drafts.append(self._end(rows))
        for i, s in enumerate(course.stretches):
            drafts += [self._gate(rows, i)] if s.gate is not None else []
            drafts += [self._changes(rows, i)] if s.change is not None else []
            self._hulls(rows, i)
        self._joints(rows)
        self.limits = np.array(rows.lower), np.array(rows.upper)
        count = len(rows.lower)
        linear = sp.coo_matrix((rows.values, (rows.rows, rows.columns)), shape=(count, k))
        self.problem = Problem(k, count, linear, tuple(d.block(count) for d in drafts))
        self.bounds = np.full(k, -_HUGE), np.full(k, _HUGE)
        self.cost = np.zeros(k)
        self._bound()

    def _flight(self, rows: Rows, i: int) -> Draft:
        """Collocation defects and path limits of one stretch."""
        s, n = self.course.stretches[i], len(self.course.start)

        def formula(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
            x, u, duration = z[:n], z[n:-1], z[-1]
            return [*(duration * rate for rate in s.rates(ops, x, u)), *s.path(ops, x, u)]

        draft = Draft(formula, n + len(s.path_limits))
        for j, (x, u) in enumerate(zip(self.x[i], self.u[i], strict=True)):
            copy = draft.copy([*x, *u, self.t[i]], [])
            for c, (lower, upper) in enumerate(s.path_limits):
                # an equation that came over with the controls would be there twice
                if j or not s.joined or lower < upper:
                    draft.enter(rows.add("path", lower, upper), copy, n + c)
        for row, k, c, weight in self._defects(rows, i):
            draft.enter(row, k, c, -weight)
        return draft

    def _averaged(self, rows: Rows, i: int) -> list[Draft]:
        """The same where rates are means over a fast angle: a copy for each node and angle."""
        s, n = self.course.stretches[i], len(self.course.start)

        def formula(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
            x, u, duration = z[:n], z[n:-1], z[-1]
            return [duration * rate for rate in s.rates(ops, x, u, par[0])]

        draft = Draft(formula, n)
        limited = Draft(lambda ops, z, par: [*s.path(ops, z[:n], z[n:])], len(s.path_limits))
        for x, u in zip(self.x[i], self.u[i], strict=True):
            for angle in s.angles:
                draft.copy([*x, *u, self.t[i]], [angle])
            if s.path_limits:
                copy = limited.copy([*x, *u], [])
                for c, (lower, upper) in enumerate(s.path_limits):
                    limited.enter(rows.add("path", lower, upper), copy, c)
        count = len(s.angles)
        for row, k, c, weight in self._defects(rows, i):
            for angle in range(count):
                draft.enter(row, k * count + angle, c, -weight / count)
        return [draft, limited] if s.path_limits else [draft]

    def _defects(self, rows: Rows, i: int) -> Iterator[tuple[int, int, int, float]]:
        """Rows of the steps laid down; yields (row, node, state, weight) of each rate in them."""
        s, n = self.course.stretches[i], len(self.course.start)
        scheme = lobatto(s.points)
        for e, width in enumerate(np.diff(s.mesh)):
            first = e * (s.points - 1)
            for j in range(1, s.points):
                for c in range(n):
                    row = rows.add("defect", 0.0, 0.0)
                    rows.linear(row, self.x[i][first + j, c], 1.0)
                    rows.linear(row, self.x[i][first, c], -1.0)
                    for k in range(s.points):
                        yield row, first + k, c, float(width * scheme.integral[j, k])

    def _end(self, rows: Rows) -> Draft:
        end = self.course.end
        n = len(end(NUMPY, self.course.start))
        draft = Draft(lambda ops, z, par: end(ops, z), n)
        copy = draft.copy([*self.x[-1][-1]], [])
        for c in range(n):
            draft.enter(rows.add("end", 0.0, 0.0), copy, c)
        return draft

    def _gate(self, rows: Rows, i: int) -> Draft:
        """What holds at the end of one stretch."""
        s = self.course.stretches[i]
        gate = s.gate
        assert gate is not None
        draft = Draft(lambda ops, z, par: gate(ops, z), len(s.gate_limits))
        copy = draft.copy([*self.x[i][-1]], [])
        for c, (lower, upper) in enumerate(s.gate_limits):
            draft.enter(rows.add("gate", lower, upper), copy, c)
        return draft

    def _hulls(self, rows: Rows, i: int) -> None:
        """Keep controls' polynomials inside their bounds by their Bernstein coefficients."""
        s = self.course.stretches[i]
        if not s.kept:
            return
        inner = lobatto_to_bernstein(s.points)[1:-1]
        for e, c, values in product(range(len(s.mesh) - 1), s.kept, inner):
            row = rows.add("kept", *s.control[c])
            for j, value in enumerate(values):
                rows.linear(row, self.u[i][e * (s.points - 1) + j, c], float(value))

    def _changes(self, rows: Rows, i: int) -> Draft:
        """Limits on the change of controls between neighbouring nodes of one stretch."""
        s = self.course.stretches[i]
        change, m = s.change, len(s.control)
        assert change is not None

        def formula(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> Sequence[Any]:
            return change(ops, z[:m], z[m : 2 * m], par[0] * z[2 * m])

        outputs = len(change(NUMPY, [0.0] * m, [0.0] * m, 1.0))
        draft = Draft(formula, outputs)
        for u, after, part in zip(
            self.u[i][:-1], self.u[i][1:], np.diff(s.node_fractions), strict=True
        ):
            copy = draft.copy([*u, *after, self.t[i]], [float(part)])
            for c in range(outputs):
                draft.enter(rows.add("change", -_HUGE, 0.0), copy, c)
        return draft

    def _joints(self, rows: Rows) -> None:
        for first, last, lower, upper in self.course.spans:
            row = rows.add("span", lower, upper)
            for i in range(first, last + 1):
                rows.linear(row, self.t[i], 1.0)
        for i, s in enumerate(self.course.stretches[:-1]):
            jump = s.jump or (0.0,) * len(self.course.start)
            for c, height in enumerate(jump):
                row = rows.add("joint", height, height)
                rows.linear(row, self.x[i + 1][0, c], 1.0)
                rows.linear(row, self.x[i][-1, c], -1.0)
            for c in range(self.course.stretches[i + 1].joined):
                row = rows.add("joined", 0.0, 0.0)
                rows.linear(row, self.u[i + 1][0, c], 1.0)
                rows.linear(row, self.u[i][-1, c], -1.0)

    def _bound(self) -> None:
        lower, upper = self.bounds
        for i, s in enumerate(self.course.stretches):
            for index, pairs in ((self.x[i], self.course.state), (self.u[i], s.control)):
                lower[index], upper[index] = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
            lower[self.t[i]], upper[self.t[i]] = s.duration
            self.cost[self.t[i]] = self.course.time_cost
        first = self.x[0][0]
        lower[first] = upper[first] = self.course.start
        self.cost[self.x[-1][-1]] = self.course.end_cost

    def pack(self, tracks: Sequence[Track]) -> NDArray[np.float64]:
        """The unknowns of tracks given on these meshes, moved inside the bounds."""
        w = np.zeros(self.problem.n)
        for i, track in enumerate(tracks):
            w[self.x[i]], w[self.u[i]], w[self.t[i]] = track.x, track.u, track.duration
        return np.clip(w, *self.bounds)

    def unpack(self, w: NDArray[np.float64]) -> tuple[Track, ...]:
        """The tracks of a point."""
        return tuple(
            Track(s, float(w[self.t[i]]), w[self.x[i]], w[self.u[i]])
            for i, s in enumerate(self.course.stretches)
        )


def _split(track: Track, tolerance: float) -> Track:
    """The track on a mesh whose bad intervals are cut into as many pieces as the order asks for."""
    s, errors = track.stretch, track.errors()
    order = 2 * s.points - 2
    marks = [s.mesh[0]]
    for e, error in enumerate(errors):
        wanted = (error / (0.3 * tolerance)) ** (1.0 / order) if error > tolerance else 1.0
        pieces = min(max(int(np.ceil(wanted)), 1), _MOST_PIECES)
        marks.extend(np.linspace(s.mesh[e], s.mesh[e + 1], pieces + 1)[1:])
    finer = replace(s, mesh=tuple(float(x) for x in marks))
    return Track(finer, track.duration, *track.sample(finer.node_fractions))


def optimum(
    course: Course,
    guess: Sequence[Track],
    tolerance: float | None = None,
    meshes: int = 6,
    **options: Any,
) -> Optimum:
    """Solve a course from a guess on its meshes; with a tolerance, split intervals and solve again.

    tolerance   per interval, in the units of the states: see `Track.errors`
    options     IPOPT's, for the first solve; later ones start warm
    """
    iterations, mesh = 0, 0
    while True:
        mesh += 1
        programme = _Programme(course)
        result = Solver(programme.problem).solve(
            programme.cost, programme.pack(guess), programme.bounds, programme.limits, **options
        )
        tracks = programme.unpack(result.w)
        iterations += result.iterations
        errors = [track.errors() for track in tracks]
        worst = max(float(e.max()) for e in errors)
        if not result.solved or tolerance is None or worst <= tolerance or mesh == meshes:
            break
        guess = [_split(track, tolerance) for track in tracks]
        course = replace(course, stretches=tuple(track.stretch for track in guess))
        options = {**options, "mu_strategy": "monotone", "mu_init": 1e-7}
    total = float(sum(e.sum() for e in errors))
    return Optimum(tracks, result.objective, total, result.solved, result.status, iterations, mesh)

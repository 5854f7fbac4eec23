"""A periodic orbit of the restricted problem made a flight in full dynamics, over revolutions.

Nothing closes there: the Moon's distance breathes by a tenth in a month, and the Sun pulls. What
can be had is a path that stays near the orbit for as many revolutions as are asked for. It is cut
into arcs at fixed instants; states at the cuts are the unknowns, and each arc must end where
the next one begins (multiple shooting: Keller 1968; for libration orbits Howell & Pernicka 1988).
There are six unknowns more than conditions, so Newton's step is the shortest of all that fulfil
them, which keeps the path near the orbit it began from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics, PointMass, Radiation, preset, propagate
from cosmodrome.dynamics.legs import LEG_S, set_up
from cosmodrome.errors import InputError, SolverError
from cosmodrome.solvers import core
from cosmodrome.targets.libration.flow import sampled
from cosmodrome.targets.libration.turning import turning
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics.assembly import Setting
    from cosmodrome.targets.libration.families import LibrationOrbit
    from cosmodrome.targets.libration.systems import System
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Arcs", "Corrected", "correct", "forces", "joined", "rules_alone"]

_SETTINGS = core.Settings(tolerance_m_s=1e-9, budget=2000)
# jumps at the cuts: what is promised, and what Newton's method is driven to
PLACE_M, SPEED_M_S = 1.0, 1e-6
_MOST = 40
# revolutions solved at first and added at once where the stability index is below a bound
_GENTLE, _AT_FIRST, _AT_ONCE = 1.1, 6, 4
# a path beyond so many times the orbit's farthest distance has left it
_FARTHEST = 1.5
# halvings of a step
_SHARES = 8
# an odd number of cuts leaves the passage of the smaller body in the middle of an arc
_CUTS = 7
_LONGEST_ARC_S = 30.0 * 86_400.0
# an orbit that comes nearer than this share of Hill's radius goes at its own pace
_NEAR_HILL = 0.35
_LOOK_S = 5.0 * 86_400.0
_ANY_MASS_KG = 1000.0


@dataclass(frozen=True, slots=True, eq=False)
class Corrected:
    """A flight near a periodic orbit in full dynamics.

    design       the orbit of the restricted problem
    dynamics     what acts
    states       at the cuts, GCRF axes about the system's body, in order of time
    path         the arcs one after the other; at the cuts it jumps by the defects
    jump_m, jump_m_s  (n,) at the inner cuts
    iterations   of Newton's method
    apart_m      largest distance from the orbit it began from, at the cuts
    stays_s      how long a flight from the first state alone keeps within `kept_m` of the path;
                 the whole span where it does
    """

    design: LibrationOrbit
    dynamics: Dynamics
    states: tuple[State, ...]
    path: Trajectory
    jump_m: Array
    jump_m_s: Array
    iterations: int
    apart_m: float
    stays_s: float
    kept_m: float

    @property
    def span_s(self) -> float:
        """From the first cut to the last, s."""
        return self.states[-1].epoch - self.states[0].epoch


def forces(system: System, radiation: Radiation | None = None) -> Dynamics:
    """What acts on a libration orbit: the "translunar" forces about the Moon; about the Earth the
    Sun, Moon, Venus, Mars and Jupiter, all as points.

    radiation  the spacecraft's; None: no light pressure
    """
    if system.body == "moon":
        return preset("translunar", radiation=radiation).about("moon")
    names = ("earth", "sun", "moon", "venus", "mars", "jupiter")
    light = () if radiation is None else (radiation,)
    return Dynamics((*(PointMass(n) for n in names), *light), "earth")


class Arcs:
    """Arcs between fixed instants, each with its tables.

    times_s  (n,) of the cuts, after the epoch; guess (n, 6) about the centre of the dynamics
    """

    def __init__(
        self,
        dynamics: Dynamics,
        epoch: Epoch,
        times_s: Array,
        guess: Array,
        world: World,
        mass_kg: float = _ANY_MASS_KG,
    ) -> None:
        self.epoch, self.times, self.mass = epoch, times_s, mass_kg
        self.centre = dynamics.centre
        self.settings: list[tuple[Setting, float]] = []
        first = 0
        while first < len(times_s) - 1:
            # one set of tables for as many arcs as a leg may last
            last = int(np.searchsorted(times_s, times_s[first] + LEG_S, side="right")) - 1
            last = max(last, first + 1)
            at = epoch + float(times_s[first])
            y = guess[first]
            start = State(at, gcrf(dynamics.centre), y[:3], y[3:], self.mass)
            made = set_up(start, dynamics, float(times_s[last] - times_s[first]), world)
            self.settings += [(made, float(times_s[first]))] * (last - first)
            first = last

    def arc(self, k: int, y: Array, *, dense: bool = False) -> core.CorePath:
        """The k-th arc from a state (6,)."""
        made, zero = self.settings[k]
        return core.propagate(
            made.model,
            np.append(y, self.mass),
            float(self.times[k]) - zero,
            float(self.times[k + 1]) - zero,
            core.Search(),
            _SETTINGS,
            dense=dense,
            partials=None if dense else (),
        )

    def defects(self, y: Array) -> tuple[Array, list[Array]]:
        """How far each arc ends from the next one's start (n, 6), and the transition matrices."""
        out, matrices = np.empty((len(y) - 1, 6)), []
        for k in range(len(y) - 1):
            flown = self.arc(k, y[k])
            assert flown.variations is not None
            out[k] = flown.end_state[:6] - y[k + 1]
            matrices.append(flown.variations[:, :6])
        return out, matrices


def correct(
    design: LibrationOrbit,
    epoch: Epoch,
    revolutions: int,
    world: World,
    *,
    radiation: Radiation | None = None,
    dynamics: Dynamics | None = None,
    mass_kg: float = _ANY_MASS_KG,
    kept_m: float | None = None,
    watch: Watch = SILENT,
) -> Corrected:
    """A flight in full dynamics that stays near a periodic orbit from an instant on.

    epoch        where the orbit stands at its first crossing: of a halo orbit the farthest from the
                 plane, the apolune of a near-rectilinear one
    dynamics     what acts, about the system's body; None: `forces` with the radiation
    mass_kg      of the spacecraft, on which light presses
    kept_m       see Corrected.stays_s; a hundredth of the orbit's farthest distance otherwise

    Raises SolverError where the arcs do not meet within 1 m and 1e-6 m/s.
    """
    if revolutions < 1:
        raise InputError(f"{revolutions} revolutions: write a whole number above zero")
    dynamics = forces(design.system, radiation) if dynamics is None else dynamics
    times, guess = _guess(design, epoch, revolutions, world)
    problem = Arcs(dynamics, epoch, times, guess, world, mass_kg)
    watch.begin("correct", f"{revolutions} revolutions in {len(times) - 1} arcs")
    y, defects, iterations = _grown(design, problem, guess, revolutions, watch)
    kept = 0.01 * design.figures["farthest_m"] if kept_m is None else kept_m
    states = tuple(
        State(epoch + float(t), gcrf(dynamics.centre), row[:3], row[3:], mass_kg)
        for t, row in zip(times, y, strict=True)
    )
    path = joined(problem, y)
    _still_there(design, path)
    stays = _stays(states[0], dynamics, path, kept, world)
    watch.end("correct", f"{iterations} iterations")
    return Corrected(
        design,
        dynamics,
        states,
        path,
        np.linalg.norm(defects[:, :3], axis=1),
        np.linalg.norm(defects[:, 3:], axis=1),
        iterations,
        float(np.linalg.norm(y[:, :3] - guess[:, :3], axis=1).max()),
        stays,
        kept,
    )


def _guess(
    design: LibrationOrbit, epoch: Epoch, revolutions: int, world: World
) -> tuple[Array, Array]:
    """Instants of the cuts (n,), seconds after the epoch, and the orbit's states there (n, 6)."""
    s, period = design.system, design.orbit.period
    cuts = _CUTS
    while design.period_s / cuts > _LONGEST_ARC_S:
        cuts += 2
    once = sampled(design.orbit.state, np.arange(cuts) * period / cuts, s.mu)
    # whole nanoseconds, which an Epoch can say
    times = np.round(np.arange(cuts * revolutions + 1) * design.period_s / cuts * 1e9) / 1e9
    rigid = rules_alone(design)
    guess = np.array(
        [
            turning(s, epoch + float(t), world, rigid=rigid).out(once[k % cuts])
            for k, t in enumerate(times)
        ]
    )
    return times, guess


def rules_alone(design: LibrationOrbit) -> bool:
    """Is it the smaller body that sets the pace of an orbit? Then its size does not breathe."""
    near = _NEAR_HILL * design.system.hill * design.system.length_m
    return design.wanted.kind == "dro" or design.figures["closest_m"] < near


def _grown(
    design: LibrationOrbit, problem: Arcs, guess: Array, revolutions: int, watch: Watch
) -> tuple[Array, Array, int]:
    """As `_solved`, some revolutions after others where the orbit lets a path run on by itself.

    The flight goes out of step with the orbit of the restricted problem in time. On a gentle
    orbit a path flown on from its last cut is then the better guess; from a harsh one it leaves.
    """
    per = (len(guess) - 1) // revolutions
    gentle = design.orbit.stability[0] < _GENTLE
    first = min(revolutions, _AT_FIRST) if gentle else revolutions
    y, total = guess[: per * first + 1], 0
    while True:
        y, defects, iterations = _solved(design.system, problem, y, watch)
        total += iterations
        ahead = min(len(guess) - len(y), per * _AT_ONCE)
        if ahead == 0:
            return y, defects, total
        for k in range(len(y) - 1, len(y) - 1 + ahead):
            y = np.vstack([y, problem.arc(k, y[k]).end_state[:6]])


def _solved(system: System, problem: Arcs, guess: Array, watch: Watch) -> tuple[Array, Array, int]:
    """States at the cuts, what is left of the defects, and the iterations."""
    length = system.hill * system.length_m
    scale = np.array([length] * 3 + [length / system.time_s] * 3)
    y = guess.copy()
    defects, matrices = problem.defects(y)
    for iteration in range(1, _MOST + 1):
        stop_if_cancelled(watch)
        step = _shortest(defects / scale, matrices, scale) * scale
        y, defects, matrices = _tried(problem, y, step, defects, scale)
        place = float(np.abs(defects[:, :3]).max())
        speed = float(np.abs(defects[:, 3:]).max())
        watch.tell("correct", iteration / _MOST, f"{place:.3g} m, {speed:.3g} m/s")
        # one step below what is promised: the next would be rounding
        if place < 0.1 * PLACE_M and speed < 0.1 * SPEED_M_S:
            return y, defects, iteration
    raise SolverError(
        f"the arcs of {len(y) - 1} do not meet: {place:.3g} m and {speed:.3g} m/s are left after"
        f" {_MOST} iterations; ask for fewer revolutions, another epoch or a smaller orbit"
    )


def _tried(
    problem: Arcs, y: Array, step: Array, defects: Array, scale: Array
) -> tuple[Array, Array, list[Array]]:
    """States after as much of a step as makes the defects smaller, and the defects there.

    A path that meets a body on the way is no flight: the step is then too long.
    """
    before = float(np.linalg.norm(defects / scale))
    share, best = 1.0, None
    for _ in range(_SHARES):
        try:
            after, matrices = problem.defects(y + share * step)
        except SolverError:
            share *= 0.5
            continue
        best = (y + share * step, after, matrices)
        if float(np.linalg.norm(after / scale)) < (1.0 - 0.1 * share) * before:
            return best
        share *= 0.5
    if best is None:
        raise SolverError("a path of the first guess meets a body; ask for another epoch")
    return best


def _shortest(defects: Array, matrices: list[Array], scale: Array) -> Array:
    """The shortest change of the states (n + 1, 6) that takes the defects (n, 6) away, linearly.

    With conditions J x = -d the step is J^T w, where J J^T w = -d; J J^T is block tridiagonal and
    is solved by blocks of six.
    """
    n = len(defects)
    phi = [m * scale[None, :] / scale[:, None] for m in matrices]
    eye = np.eye(6)
    # J J^T: (k, k) = phi phi^T + 1, (k + 1, k) = -phi of k + 1
    pivots: list[Array] = [phi[0] @ phi[0].T + eye]
    right: list[Array] = [-defects[0]]
    for k in range(1, n):
        factor = np.asarray(-np.linalg.solve(pivots[-1].T, phi[k].T).T, dtype=np.float64)
        pivots.append(np.asarray(phi[k] @ phi[k].T + eye + factor @ phi[k].T))
        right.append(-defects[k] - factor @ right[-1])
    w = np.empty((n, 6))
    w[-1] = np.linalg.solve(pivots[-1], right[-1])
    for k in range(n - 2, -1, -1):
        w[k] = np.linalg.solve(pivots[k], right[k] + phi[k + 1].T @ w[k + 1])
    step = np.zeros((n + 1, 6))
    for k in range(n):
        step[k] += phi[k].T @ w[k]
        step[k + 1] -= w[k]
    return step


def joined(problem: Arcs, y: Array) -> Trajectory:
    """The arcs from states (n, 6) at the cuts as one path."""
    parts = []
    for k in range(len(y) - 1):
        flown = problem.arc(k, y[k], dense=True)
        zero = problem.settings[k][1]
        parts.append(
            Trajectory(
                problem.epoch,
                gcrf(problem.centre),
                flown.breaks_s + zero,
                flown.coefficients.copy(),
            )
        )
    return Trajectory.joined(parts)


def _still_there(design: LibrationOrbit, path: Trajectory) -> None:
    """Raise SolverError for a path that goes far beyond the orbit it should stay near."""
    span = float(path.breaks_s[-1])
    times = np.linspace(0.0, span, max(500, round(40.0 * span / design.period_s)))
    far = float(np.linalg.norm(path.columns_at(times)[:, :3], axis=1).max())
    most = _FARTHEST * design.figures["farthest_m"]
    if far > most:
        raise SolverError(
            f"the arcs meet, but on a path that goes out to {far / 1e3:,.0f} km, beyond"
            f" {most / 1e3:,.0f} km: it is no longer the orbit asked for; ask for fewer"
            " revolutions or another epoch"
        )


def _stays(
    start: State, dynamics: Dynamics, path: Trajectory, kept_m: float, world: World
) -> float:
    """How long a flight from one state keeps near a path, to an hour."""
    span, done, here = float(path.breaks_s[-1]), 0.0, start
    while done < span:
        ahead = min(_LOOK_S, span - done)
        times = np.append(np.arange(0.0, ahead, 3600.0), ahead)
        try:
            flown = propagate(
                here, dynamics, ahead, world=world, dense=False, times=times, settings=_SETTINGS
            )
        except SolverError:
            # it falls onto a body within this stretch, and has left the path before
            return done
        off = np.linalg.norm(flown.samples[:, :3] - path.columns_at(done + times)[:, :3], axis=1)
        beyond = np.flatnonzero(off > kept_m)
        if beyond.size:
            return done + float(times[beyond[0]])
        done, here = done + ahead, flown.end
    return span

"""Leading a flight to its arrival in full dynamics: Newton's rule with the transition matrix.

The unknowns are the numbers of a departure (or of a burn on the way); the conditions B.T, B.R and,
where it is held, the time of the perilune. They are met first where the path enters the Moon's
sphere, then two hours out, then at the perilune itself, where the hyperbola that osculates is the
path: what is met there is exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Settings, propagate
from cosmodrome.errors import CosmodromeError, SolverError
from cosmodrome.transfer.translunar.geometry import Arrival, aim, arrival, held_misses
from cosmodrome.transfer.translunar.guess import start
from cosmodrome.world.body_orientation import fixed_from_gcrf
from cosmodrome.world.centre import recentred
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.transfer.translunar.nouns import LunarOrbit, Passing
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Leaving", "Led", "Wanted", "from_parking", "lead", "lunar_axes"]

#: before the perilune, s; and what is met there: B in m, time in s
_STAGES = ((54_000.0, 2e5, 600.0), (7_200.0, 2e4, 60.0), (0.0, 0.2, 1e-3))
# the same where the Moon nearly holds the arrival: the Earth bends the path until hours before
_HELD_STAGES = ((14_400.0, 1e6, 600.0), (0.0, 0.2, 1e-3))
_PASSES = 18
# a way takes a hundred; a path through a body would take them all
_SETTINGS = Settings(budget=2_000)
# the perilune moves by no more in a step, s
_LATE_S = 6.0 * 3600.0
# a miss in time counts as one in place by this
_CLOSING_M_S = 1_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Leaving:
    """How a flight begins.

    state    of the unknowns (k,): the state from which nothing more is done, and its slopes
             (6, k), m and m/s, by the unknowns over `scale`
    scale    (k,) of the unknowns
    reach    (k,) the largest step of each
    late_s   of an arrival whose time is free: a shift by so much weighs as the scale of an
             unknown does
    """

    state: Callable[[Array], tuple[State, Array]]
    scale: Array
    reach: Array
    late_s: float = 1e9


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a flight is led.

    arrival  the perilune; where it is not `timed` a first estimate
    held     by the Moon, nearly: there is no B-plane, and the path passes on the side it is on
    """

    orbit: LunarOrbit
    passing: Passing
    arrival: Epoch
    timed: bool = True
    held: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Led:
    """The unknowns (k,), the states at both ends (the last about the Moon, at its perilune), the
    hyperbola there, and how many propagations it took."""

    x: Array
    departure: State
    perilune: State
    there: Arrival
    passes: int = field(default=0)


def lunar_axes(epoch: Epoch, world: World) -> Array:
    """(3, 3) moon-me from GCRF; the last row is the Moon's pole."""
    return np.asarray(fixed_from_gcrf(world, "moon", "moon-me", epoch).matrix, dtype=np.float64)


def from_parking(
    epoch: Epoch, inclination_rad: float, perigee_m: float, mass_kg: float, world: World
) -> Leaving:
    """From a perigee at an instant; unknown are node, argument of perigee and speed.

    inclination_rad  to the true equator of date
    """
    tod = np.asarray(world.orientation.tod_from_gcrf(epoch).matrix)
    scale = np.array([1.0, 1.0, 1e3])

    def place(x: Array) -> Array:
        y = start(inclination_rad, x[0], x[1], perigee_m, x[2])
        return np.concatenate([tod.T @ y[:3], tod.T @ y[3:]])

    def state(x: Array) -> tuple[State, Array]:
        y, h = place(x), 1e-6
        slopes = [(place(x + h * s) - place(x - h * s)) / (2.0 * h) for s in np.diag(scale)]
        return State(epoch, gcrf("earth"), y[:3], y[3:], mass_kg), np.column_stack(slopes)

    return Leaving(state, scale, np.array([0.15, 0.15, 60.0]))


def lead(x: Array, leaving: Leaving, wanted: Wanted, dynamics: Dynamics, world: World) -> Led:
    """The flight that arrives, from a guess (k,).

    Raises SolverError where it is not led there, with the miss that was left.
    """
    shot = _Shot(leaving, wanted, dynamics, world)
    passes = 0
    begins = leaving.state(x)[0].epoch
    for before, near_m, near_s in _HELD_STAGES if wanted.held else _STAGES:
        if before > 0.0 and shot.at - begins < 1.5 * before:
            continue
        x, spent = _newton(shot, x, before, near_m, near_s)
        passes += spent
    departure = leaving.state(x)[0]
    end = shot.flown(x, 0.0)[0]
    perilune = State(shot.at, gcrf("moon"), end[:3], end[3:], departure.mass_kg)
    return Led(x, departure, perilune, arrival(end[None], shot.pole), passes)


class _Shot:
    """Flights to so long before the perilune."""

    def __init__(self, leaving: Leaving, wanted: Wanted, dynamics: Dynamics, world: World) -> None:
        self.leaving, self.wanted = leaving, wanted
        self.dynamics, self.world = dynamics, world
        self.at = wanted.arrival
        self.pole = lunar_axes(self.at, world)[2]

    def flown(self, x: Array, before_s: float) -> tuple[Array, Array]:
        """(6,) state about the Moon at the end, and its slopes (6, k) by x / scale."""
        begun, slopes = self.leaving.state(x)
        done = propagate(
            begun, self.dynamics, self.at + -before_s, world=self.world, dense=False, partials=(),
            settings=_SETTINGS,
        )  # fmt: skip
        assert done.stm is not None
        end = recentred(done.end, "moon", self.world)
        return np.concatenate([end.r_m, end.v_m_s]), done.stm @ slopes

    def misses(self, y: Array, before_s: float) -> Array:
        """(n, 3) B.T and B.R, m, and the time, s, of states (n, 6), less what is wanted."""
        if self.wanted.held:
            off = held_misses(y, self.pole, self.wanted.orbit)
            return np.asarray(off + np.array([0.0, 0.0, before_s]))
        there = arrival(y, self.pole)
        wanted = aim(there, self.pole, self.wanted.orbit, self.wanted.passing)
        return np.column_stack([there.b - wanted, there.since_s + before_s])

    def tried(self, x: Array, before_s: float) -> tuple[Array, Array]:
        """The misses (3,) of a flight and their slopes (3, k) by x / scale."""
        try:
            end, slopes = self.flown(x, before_s)
        except CosmodromeError:
            # through the ground, or no orbit at all: as far off as can be
            return np.full(3, math.nan), np.full((3, x.size), math.nan)
        h = np.concatenate([np.full(3, 1e-6 * np.linalg.norm(end[:3])), np.full(3, 1e-3)])
        there = self.misses(
            np.concatenate([end[None], end + np.diag(h), end - np.diag(h)]), before_s
        )
        return there[0], (there[1:7] - there[7:]).T / (2.0 * h) @ slopes


def _newton(
    shot: _Shot, x: Array, before_s: float, near_m: float, near_s: float
) -> tuple[Array, int]:
    """Steps of least change towards no miss, shortened where they do not help."""
    weights = np.array([1.0, 1.0, _CLOSING_M_S])
    near = np.array([near_m, near_m, near_s * _CLOSING_M_S])
    scale, reach = shot.leaving.scale, shot.leaving.reach
    # where the perilune comes when it comes, the flight is looked at then
    late = np.zeros(x.size)
    rows = slice(None) if shot.wanted.timed else slice(2)
    share, best, base = 1.0, math.inf, (x, shot.at)
    step = np.zeros(x.size)
    for spent in range(1, _PASSES + 1):
        miss, slopes = shot.tried(x, before_s)
        off, jacobian = miss * weights, slopes * weights[:, None]
        known = bool(np.all(np.isfinite(off)))
        if known and np.all(np.abs(off) <= near):
            return x, spent
        size = float(np.linalg.norm(off[rows])) if known else math.inf
        if size >= best and share > 1e-3 and size > float(np.linalg.norm(near[:2])):
            # shorter: the way there bends
            share *= 0.35
        elif size == math.inf:
            raise SolverError("the first guess does not pass the Moon")
        else:
            best, share = size, 1.0
            base = x, shot.at + (0.0 if shot.wanted.timed else -float(miss[2]))
            if shot.wanted.timed:
                step = np.linalg.lstsq(jacobian, -off, rcond=1e-9)[0]
            else:
                step = _least(jacobian, -off, shot.leaving.late_s * _CLOSING_M_S)
            late = -slopes[2]
            far = max(1.0, float(np.max(np.abs(step * scale) / reach)))
            if not shot.wanted.timed:
                far = max(far, abs(float(late @ step)) / _LATE_S)
            step = step / far
        x = base[0] + share * step * scale
        if not shot.wanted.timed:
            shot.at = base[1] + share * float(late @ step)
    raise SolverError(
        f"{best / 1e3:.3g} km are left after {_PASSES} corrections {before_s / 3600.0:.1f} h"
        " before the perilune"
    )


def _least(jacobian: Array, lack: Array, late: float) -> Array:
    """The least step (k,) that meets the first two of three rows; the third is met by a shift in
    time as well, which weighs by `late`."""
    rows = np.column_stack([jacobian, [0.0, 0.0, late]])
    # B is met at the perilune, whenever that is
    base = np.array([0.0, 0.0, 1.0]) * lack
    step = np.linalg.lstsq(rows, lack - base, rcond=1e-12)[0]
    return np.asarray(step[:-1])

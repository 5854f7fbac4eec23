"""One flight through the burns that an ephemeris shows, over its changes of solution.

Where the maker went over to another solution the table jumps, and no flight can follow. A flight
through both is bent where the arc before the jump begins, by the impulse that leads it to
the place where the new solution takes over; at the last change it takes the new velocity too. These
corrections are what the maker's solutions differ by, not burns that were seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import propagate
from cosmodrome.dynamics.hops import Hops
from cosmodrome.errors import InputError, SolverError
from cosmodrome.transfer.finding import forces_of
from cosmodrome.transfer.found import MASS_KG
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.transfer.found import Burnt, Found
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Closure", "Correction", "through"]

_TRIAL_M_S = 0.01
_ROUNDS = 6
_CLOSE_M = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """An impulse that leads the flight to the next solution of the ephemeris.

    delta_v_m_s  (3,) in GCRF
    """

    epoch: Epoch
    delta_v_m_s: Array


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """How far a flight from the first point of a span ends from the last.

    ballistic_m        without any burn; None where that flight meets a body
    burns_m            with the burns found; None likewise
    closed_m, closed_m_s  with the corrections as well
    away_m             the largest distance on that way, in the arcs that the ephemeris gives up
    """

    start: Epoch
    end: Epoch
    burns: tuple[Burnt, ...]
    corrections: tuple[Correction, ...]
    ballistic_m: float | None
    burns_m: float | None
    closed_m: float
    closed_m_s: float
    away_m: float


def through(
    found: Found, world: World, start: Epoch, end: Epoch, *, forces: str = "translunar"
) -> Closure:
    """Fly from the first point at or after `start` to the last at or before `end`.

    Raises InputError for a span that holds no two points, or that begins or ends in a burn.
    """
    flight = _Thread(found, world, start, end, forces)
    corrections = flight.corrected()
    last, closed = flight.rows.y[flight.last], flight.fly(corrections)
    apart = flight.away(corrections)
    return Closure(
        flight.epoch(flight.first),
        flight.epoch(flight.last),
        flight.burns,
        tuple(Correction(flight.epoch(row), push) for row, push in corrections.items()),
        flight.missed(burns=False),
        flight.missed(burns=True),
        float(np.linalg.norm(closed[:3] - last[:3])),
        float(np.linalg.norm(closed[3:] - last[3:])),
        apart,
    )


class _Thread:
    """A span of rows, its burns, and the tables to fly it."""

    def __init__(self, found: Found, world: World, start: Epoch, end: Epoch, forces: str) -> None:
        self.rows, self.world = found.rows, world
        t = self.rows.t_s
        # epochs are whole nanoseconds
        self.first = int(np.searchsorted(t, start - self.rows.epoch - 1e-9))
        self.last = int(np.searchsorted(t, end - self.rows.epoch + 1e-9, side="right")) - 1
        if self.last - self.first < 1:
            raise InputError(
                f"between {start.utc(0)} and {end.utc(0)} lie fewer than two points of the"
                f" ephemeris, which spans {self.epoch(0).utc(0)} to {self.epoch(-1).utc(0)}"
            )
        inside = [b for b in found.burns if self._holds(b.at.first, b.at.last)]
        self.burns = tuple(inside)
        self.changes = [c.at.last for c in found.changes if self._holds(c.at.first, c.at.last)]
        # where a new arc begins
        self.begins = sorted([self.first, *self.changes, *(b.at.last for b in self.burns)])
        self.dynamics = forces_of(forces, self.rows.centre, found.area_m2_kg)
        first = self.state(self.first, self.rows.y[self.first])
        self.hops = Hops(first, self.dynamics, float(t[self.last] - t[self.first]), world)

    def _holds(self, first: int, last: int) -> bool:
        for row in (self.first, self.last):
            if first < row < last:
                raise InputError(
                    f"the point at {self.epoch(row).utc(0)} lies in a burn; begin and end the"
                    " span beside it"
                )
        return self.first <= first and last <= self.last

    def epoch(self, row: int) -> Epoch:
        return self.rows.epoch + float(self.rows.t_s[row])

    def state(self, row: int, y: Array) -> State:
        return State(self.epoch(row), gcrf(self.rows.centre), y[:3], y[3:], MASS_KG)

    def _t(self, row: int) -> float:
        return float(self.rows.t_s[row] - self.rows.t_s[self.first])

    def leg(self, y: Array, first: int, last: int, *, burns: bool = True) -> Array:
        """From one row to another, through the burns between them."""
        at = first
        for burn in self.burns if burns else ():
            if not first <= burn.at.first < burn.at.last <= last:
                continue
            y, _ = self.hops.fly(y, self._t(at), self._t(burn.at.first))
            y, at = self._through(y, burn), burn.at.last
        y, _ = self.hops.fly(y, self._t(at), self._t(last))
        return y

    def _through(self, y: Array, burn: Burnt) -> Array:
        begin, end = self._t(burn.at.first), self._t(burn.at.last)
        if burn.thrust is not None:
            path = propagate(
                self.state(burn.at.first, y),
                self.dynamics.with_thrust(burn.thrust),
                end - begin,
                world=self.world,
                dense=False,
            )
            return np.concatenate([path.end.r_m, path.end.v_m_s])
        middle = burn.epoch - self.epoch(self.first)
        y, _ = self.hops.fly(y, begin, middle)
        y[3:] += burn.delta_v_m_s
        y, _ = self.hops.fly(y, middle, end)
        return y

    def fly(self, corrections: dict[int, Array], *, burns: bool = True) -> Array:
        """The state at the last row."""
        y, at = self.rows.y[self.first].copy(), self.first
        for row, push in corrections.items():
            y, at = self.leg(y, at, row, burns=burns), row
            y[3:] += push
        return self.leg(y, at, self.last, burns=burns)

    def missed(self, *, burns: bool) -> float | None:
        """Distance from the last point without corrections; None where the flight ends before."""
        try:
            y = self.fly({}, burns=burns)
        except SolverError:
            return None
        return float(np.linalg.norm(y[:3] - self.rows.y[self.last, :3]))

    def corrected(self) -> dict[int, Array]:
        """By row: the impulse there that leads to the place of the next change's new solution,
        and at the last change the one that takes its velocity.
        """
        out: dict[int, Array] = {}
        y, at = self.rows.y[self.first].copy(), self.first
        for change in self.changes:
            bend = max(row for row in self.begins if row < change)
            y, at = self.leg(y, at, bend), bend
            out[at] = self._steered(y, at, change)
            y[3:] += out[at]
            y, at = self.leg(y, at, change), change
        if self.changes:
            out[at] = self.rows.y[at, 3:] - y[3:]
        return out

    def _steered(self, y: Array, first: int, last: int) -> Array:
        goal, push = self.rows.y[last, :3], np.zeros(3)

        def miss(push: Array) -> Array:
            pushed = np.concatenate([y[:3], y[3:] + push])
            out: Array = self.leg(pushed, first, last)[:3] - goal
            return out

        left = miss(push)
        for _ in range(_ROUNDS):
            slope = [(miss(push + _TRIAL_M_S * e) - left) / _TRIAL_M_S for e in np.eye(3)]
            push = push - np.linalg.solve(np.column_stack(slope), left)
            left = miss(push)
            if float(np.linalg.norm(left)) < _CLOSE_M:
                break
        return push

    def away(self, corrections: dict[int, Array]) -> float:
        """The largest distance from the ephemeris at the last points before its changes."""
        y, at, out = self.rows.y[self.first].copy(), self.first, 0.0
        stops = sorted({*corrections, *(row - 1 for row in self.changes)})
        for row in stops:
            y, at = self.leg(y, at, row), row
            if row + 1 in self.changes:
                out = max(out, float(np.linalg.norm(y[:3] - self.rows.y[row, :3])))
            y[3:] += corrections.get(row, 0.0)
        return out

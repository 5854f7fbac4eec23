"""One flight with a burn through many printed states: an orbit determined from a table.

Rows of a report are rounded, taken from solutions of different hours, and some are misprinted. Two
of them beside a short burn then tell little of it. All of them together do: between rows hours
apart the places tell the period, and the period the speed. The flight is one, in full dynamics,
before and after the burn; what it misses the rows by is told row by row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import least_squares

from cosmodrome.dynamics import propagate
from cosmodrome.errors import InputError
from cosmodrome.targets.printed import printed_of, printed_state
from cosmodrome.transfer.between import profile_of, rtn_of, shaped
from cosmodrome.world.bodies import body
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.targets.printed import Printed
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["MISSES", "BurnThrough", "Trust", "burn_through"]

#: what a row is missed by, in the order of `BurnThrough.misses`
MISSES = ("north_m", "east_m", "height_m", "speed_m_s", "path_rad")
# the unknowns in km, m/s and m/s, and the steps of their differences
_SCALE = np.array([1e3] * 3 + [1.0] * 6)
_STEP = 1e-3


@dataclass(frozen=True, slots=True)
class Trust:
    """How far a printed number may lie from the flight, one sigma; beyond it counts by its size, no
    longer by its square. Headings are not used: they hang on a north that reports do not say.

    across_m_s  of the burn's part out of the plane, which rows on both sides of a body tell badly
    """

    place_m: float = 600.0
    height_m: float = 500.0
    speed_m_s: float = 0.5
    path_rad: float = math.radians(0.03)
    across_m_s: float = 0.3

    def __post_init__(self) -> None:
        for name in ("place_m", "height_m", "speed_m_s", "path_rad", "across_m_s"):
            if not getattr(self, name) > 0.0:
                raise InputError(f"Trust.{name} = {getattr(self, name)!r}: a sigma is above 0")

    @property
    def sigmas(self) -> Array:
        """In the order of MISSES."""
        return np.array([self.place_m, self.place_m, self.height_m, self.speed_m_s, self.path_rad])


@dataclass(frozen=True, slots=True, eq=False)
class BurnThrough:
    """A burn of a flight through printed rows.

    delta_v_m_s, sigma_m_s  g0 Isp ln(m0 / m1), one sigma of the fit
    rtn_m_s, sigma_rtn_m_s  (3,) by the axes at ignition
    ignition                the state there
    misses                  (n, 5) flight less row, in the order of the rows and of MISSES
    """

    delta_v_m_s: float
    sigma_m_s: float
    rtn_m_s: Array
    sigma_rtn_m_s: Array
    ignition: State
    misses: Array


def burn_through(
    rows: Sequence[Printed],
    ignition: int,
    duration_s: float,
    isp_s: float,
    mass_kg: float,
    dynamics: Dynamics,
    world: World,
    *,
    throttle: Sequence[tuple[float, float]] = (),
    trust: Trust | None = None,
    guess_m_s: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> BurnThrough:
    """The burn that begins at the epoch of rows[ignition], of a flight through all the rows.

    rows      in order of time, about the centre of `dynamics`; some before and some after the burn
    throttle  as in `burn_between`
    guess_m_s of the delta-v, radial, transverse, normal

    Raises InputError where the rows do not suit, SolverError where a flight meets the ground.
    """
    flight = _Flight(rows, ignition, duration_s, isp_s, mass_kg, dynamics, world, throttle)
    trust = Trust() if trust is None else trust
    sigmas = trust.sigmas

    def left(x: Array) -> Array:
        return np.append(flight.misses(x * _SCALE) / sigmas, x[8] / trust.across_m_s)

    def slope(x: Array) -> Array:
        here = left(x)
        return np.column_stack([(left(x + h) - here) / _STEP for h in _STEP * np.eye(9)])

    # squares first: from far off the blunted loss creeps
    guess = np.array([0.0] * 6 + list(guess_m_s))
    near = least_squares(left, guess, jac=slope, method="lm", ftol=1e-3)
    found = least_squares(left, near.x, jac=slope, loss="soft_l1", x_scale="jac", ftol=1e-7)
    push, at = found.x[6:], flight.start(found.x * _SCALE)
    covariance = np.linalg.inv(found.jac.T @ found.jac)[6:, 6:]
    size = float(np.linalg.norm(push))
    along = push / size if size > 0.0 else push
    return BurnThrough(
        size,
        math.sqrt(float(along @ covariance @ along)),
        push,
        np.sqrt(np.diag(covariance)),
        at,
        flight.misses(found.x * _SCALE),
    )


class _Flight:
    """Flights by nine numbers: place and velocity at ignition off the printed, and the delta-v."""

    def __init__(
        self,
        rows: Sequence[Printed],
        ignition: int,
        duration_s: float,
        isp_s: float,
        mass_kg: float,
        dynamics: Dynamics,
        world: World,
        throttle: Sequence[tuple[float, float]],
    ) -> None:
        if not duration_s > 0.0:
            raise InputError(f"a burn of {duration_s:g} s: write how long it lasted, above 0")
        self.rows, self.dynamics, self.world, self.isp_s = tuple(rows), dynamics, world, isp_s
        _sound(self.rows, ignition, duration_s, dynamics.centre)
        self.first, self.ignition = printed_state(rows[ignition], mass_kg, world), ignition
        self.axes, self.profile = rtn_of(self.first), profile_of(throttle, duration_s)
        self.radius = body(dynamics.centre).radius_m

    def start(self, x: Array) -> State:
        s = self.first
        return State(
            s.epoch, s.frame, s.r_m + self.axes.T @ x[:3], s.v_m_s + self.axes.T @ x[3:6], s.mass_kg
        )

    def misses(self, x: Array) -> Array:
        """(n, 5) of MISSES."""
        start, k = self.start(x), self.ignition
        burn = shaped(start, self.axes.T @ x[6:], self.profile, self.isp_s)
        before = self._flown(start, self.dynamics, self.rows[:k][::-1])[::-1]
        after = self._flown(start, self.dynamics.with_thrust(burn), self.rows[k + 1 :])
        states = [*before, start, *after]
        return np.array([self._missed(s, p) for s, p in zip(states, self.rows, strict=True)])

    def _flown(self, start: State, forces: Dynamics, rows: Sequence[Printed]) -> list[State]:
        if not rows:
            return []
        times = [p.epoch - start.epoch for p in rows]
        path = propagate(start, forces, times[-1], world=self.world, dense=False, times=times)
        frame = gcrf(self.dynamics.centre)
        return [
            State(p.epoch, frame, y[:3], y[3:6], float(y[6]))
            for p, y in zip(rows, path.samples, strict=True)
        ]

    def _missed(self, state: State, row: Printed) -> tuple[float, ...]:
        here = printed_of(state, row, self.world)
        turn = math.remainder(here.longitude_rad - row.longitude_rad, 2.0 * math.pi)
        return (
            self.radius * (here.latitude_rad - row.latitude_rad),
            self.radius * math.cos(row.latitude_rad) * turn,
            here.height_m - row.height_m,
            here.speed_m_s - row.speed_m_s,
            here.path_rad - row.path_rad,
        )


def _sound(rows: tuple[Printed, ...], ignition: int, duration_s: float, centre: str) -> None:
    """Refuses rows that no such flight can go through."""
    if not 0 < ignition < len(rows) - 1:
        raise InputError(
            f"row {ignition} of {len(rows)} is to be the ignition: rows must stand before and after"
            " it"
        )
    for a, b in pairwise(rows):
        if b.epoch <= a.epoch:
            raise InputError(f"the row at {b.epoch} follows one at {a.epoch}: sort them by time")
    if any(p.body != centre for p in rows):
        raise InputError(f"rows about another body than {centre}, the centre of the forces")
    ends = rows[ignition].epoch + duration_s
    if rows[ignition + 1].epoch - ends < -1e-6:
        raise InputError(
            f"the row at {rows[ignition + 1].epoch} lies in the burn, which ends at {ends}: leave"
            " it out"
        )

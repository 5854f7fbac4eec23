"""An arrival led backward to its departure, in full dynamics.

Unknown at the Moon are the instant of the perilune, the node, the argument and the speed there; its
radius and inclination are the wanted ones and need no leading. Asked at the Earth are the perigee,
its plane and its instant. In between the path is cut (multiple shooting; Parker and Anderson 2013,
sec. 2.6.5): of a way of three months a metre a second at one end is millions of kilometres at the
other, of its parts it is not. Unknowns are more than conditions: of all steps the least is taken.
When the parts meet, the whole is led once more in one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Settings, propagate
from cosmodrome.errors import CosmodromeError, SolverError
from cosmodrome.transfer.translunar.correct import lunar_axes
from cosmodrome.transfer.translunar.perigee import Perigee
from cosmodrome.transfer.translunar.survey import arriving
from cosmodrome.world.centre import recentred
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.transfer.translunar.nouns import LunarOrbit
    from cosmodrome.transfer.translunar.perigee import Leaves
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Back", "Hint", "brought_in", "led_back"]

_MASS_KG = 1_000.0
_DAY_S = 86_400.0
_SETTINGS = Settings(budget=800)
# what a step is measured in: s, rad, rad, m/s at the Moon; m and m/s where the path is cut
_SCALE = np.array([40_000.0, 0.3, 0.3, 10.0])
_CUT = np.array([1e8, 1e8, 1e8, 50.0, 50.0, 50.0])
# and a miss: of the perigee m and s, of the cuts m and m/s
_WEIGHTS = 1.0 / np.array([1e6, 1e6, 1e6, 1e4])
_MEETS = 1.0 / np.array([1e6, 1e6, 1e6, 1.0, 1.0, 1.0])
# the path is cut so long before the perilune, at these shares of what is left, and so long after
# the perigee
_FIRST_S, _SHARES, _LAST_S = 10.0 * _DAY_S, (0.35, 0.7), 1.5 * _DAY_S
# cut: the conditions are looked at so long after the perigee; met to m and m/s
_AFTER_S, _JOINED, _ROUNDS = 21_600.0, 1e-4, 20
# a step may make it worse by so much, and by anything while it is near
_LONGEST, _WORSE, _NEAR = 1.0, 3.0, 2.0
# whole: met to m and s
_MET = np.array([0.2, 0.2, 0.2, 1e-3, 1e-3])
_PASSES = 12
# a departure is moved by so much at once, then more or less of it
_STEP_S, _EASIER, _HARDER, _LEAST_STEP_S = 1.0 * _DAY_S, 1.5, 0.4, 7_200.0
_NO_S = 1.0
_STEP_RAD, _LEAST_STEP_RAD, _NO_RAD = 0.1, 0.002, 1e-3
_TURNS = 24
_ASIDE = (30.0, 1e-5, 1e-5, 1e-2)


@dataclass(frozen=True, slots=True, eq=False)
class Hint:
    """Where to begin: an arrival, (3,) node, argument and speed as `arriving` takes them, and about
    when it passes the Earth."""

    arrival: Epoch
    x: Array
    departure: Epoch


@dataclass(frozen=True, slots=True, eq=False)
class Back:
    """A way from both ends.

    x            (3,) node, argument and speed at the perilune
    perilune     about the Moon
    departure    at the perigee, about the Earth
    passes       propagations it took
    """

    x: Array
    perilune: State
    departure: State
    passes: int

    @property
    def hint(self) -> Hint:
        """To begin a way like it."""
        return Hint(self.perilune.epoch, self.x, self.departure.epoch)

    @property
    def flight_s(self) -> float:
        """From end to end."""
        return self.perilune.epoch - self.departure.epoch


def led_back(
    hint: Hint,
    orbit: LunarOrbit,
    leaves: Leaves,
    dynamics: Dynamics,
    world: World,
    *,
    whole: bool = True,
) -> Back:
    """The way whose arrival is near a hint.

    whole  led once more in one flight; else its parts meet to metres, which is a good hint

    Raises SolverError where it is not led there, with the miss that was left.
    """
    shot = _Shot(hint, orbit, leaves, dynamics, world)
    y, end = shot.joined()
    if whole:
        y, end = shot.whole(y)
    perilune = shot.perilune(y)
    at = shot.at if whole else shot.at + _AFTER_S
    left = State(at, gcrf("earth"), end[:3], end[3:], _MASS_KG)
    if not whole:
        left = propagate(left, dynamics, shot.at, world=world, dense=False).end
    return Back(y[1:], perilune, left, shot.passes)


def brought_in(
    back: Back, orbit: LunarOrbit, leaves: Leaves, dynamics: Dynamics, world: World
) -> Back:
    """A way like another, leaving within the span and in the plane: it is moved there by steps, the
    departure first and the arrival as it must; then, where a node is given, its plane.

    Raises SolverError where the ways end before.
    """
    step = _STEP_S
    while abs(off := _outside(back, leaves)) > _NO_S:
        here = back.departure.epoch
        near = here + math.copysign(min(step, abs(off)), off)
        if step >= abs(off):
            near = leaves.span[0] if off > 0.0 else leaves.span[1]
        try:
            asked = replace(leaves, span=(near, near), raan_rad=None)
            back = led_back(back.hint, orbit, asked, dynamics, world, whole=False)
            step *= _EASIER
        except SolverError:
            step *= _HARDER
            if step < _LEAST_STEP_S:
                raise SolverError(
                    f"ways like this one leave {abs(off) / _DAY_S:.1f} days"
                    f" {'before' if off > 0.0 else 'after'} the span asked for"
                ) from None
    return _turned(back, orbit, leaves, dynamics, world)


def _outside(back: Back, leaves: Leaves) -> float:
    """How much later a departure must be to lie in the span, s."""
    first, last = leaves.span
    here = back.departure.epoch
    return max(first - here, 0.0) - max(here - last, 0.0)


def _turned(
    back: Back, orbit: LunarOrbit, leaves: Leaves, dynamics: Dynamics, world: World
) -> Back:
    """With the node that is given, by steps."""
    step, off = _STEP_RAD, 0.0
    for _ in range(_TURNS):
        wanted = leaves.node_at(back.departure.epoch)
        if wanted is None:
            return back
        here = node_of(back.departure, world)
        off = math.remainder(wanted[0] - here, 2.0 * math.pi)
        if abs(off) < _NO_RAD:
            return back
        asked = leaves
        if step < abs(off) and leaves.raan_rad is not None:
            # a plane that turns as the wanted one does: a day earlier or later is as good a step
            lags = off - math.copysign(step, off)
            node, rate = leaves.raan_rad
            asked = replace(leaves, raan_rad=(node - lags, rate))
        try:
            back = led_back(back.hint, orbit, asked, dynamics, world, whole=False)
            step *= _EASIER
        except SolverError:
            step = _HARDER * min(step, abs(off))
            if step < _LEAST_STEP_RAD:
                break
    raise SolverError(
        f"ways like this one leave in planes whose nodes are {math.degrees(abs(off)):.0f} deg from"
        " the parking orbit's"
    )


def node_of(state: State, world: World) -> float:
    """Node of a path about the Earth, true equator of date, rad."""
    tod = np.asarray(world.orientation.tod_from_gcrf(state.epoch).matrix)
    h = tod @ np.cross(state.r_m, state.v_m_s)
    return math.atan2(h[0], -h[1])


class _Shot:
    """Flights from an arrival back to the Earth; y = shift of the arrival, node, argument, speed,
    and the states where the path is cut."""

    def __init__(
        self, hint: Hint, orbit: LunarOrbit, leaves: Leaves, dynamics: Dynamics, world: World
    ) -> None:
        self.hint, self.orbit, self.leaves = hint, orbit, leaves
        self.dynamics, self.world = dynamics, world
        self.about = dynamics.about("moon")
        self.at = hint.departure
        span = hint.arrival - hint.departure
        between = span - _FIRST_S - _LAST_S
        self.cuts = [hint.arrival + -_FIRST_S]
        self.cuts += [self.cuts[0] + -s * between for s in _SHARES]
        self.cuts.append(hint.departure + _LAST_S)
        self.passes = 0

    def perilune(self, y: Array) -> State:
        """The state at the Moon."""
        epoch = self.hint.arrival + float(y[0])
        (row,) = arriving(y[None, 1:4], self.orbit, lunar_axes(epoch, self.world))
        return State(epoch, gcrf("moon"), row[:3], row[3:], _MASS_KG)

    def _slopes(self, y: Array) -> Array:
        """(6, 4) of the state at the instant of the perilune by y / scale."""
        here, out = self.perilune(y), []
        for k, h in enumerate(_ASIDE):
            ends = []
            for sign in (1.0, -1.0):
                moved = y.copy()
                moved[k] += sign * h
                state = self.perilune(moved)
                if k == 0:
                    state = propagate(
                        state, self.about, here.epoch, world=self.world, dense=False
                    ).end
                ends.append(_row(state))
            out.append((ends[0] - ends[1]) / (2.0 * h) * _SCALE[k])
        return np.column_stack(out)

    def _flown(self, state: State, until: Epoch) -> tuple[Array, Array]:
        """(6,) about the Earth at an instant, and the transition matrix (6, 6)."""
        done = propagate(
            state, self.dynamics, until, world=self.world, dense=False, partials=(),
            settings=_SETTINGS,
        )  # fmt: skip
        assert done.stm is not None
        return _row(recentred(done.end, "earth", self.world)), done.stm

    def _guess(self) -> Array:
        """The unknowns of the hint, cut where it flies."""
        y = np.concatenate([[0.0], self.hint.x])
        state, out = self.perilune(y), [y]
        for cut in self.cuts:
            state = propagate(
                state, self.dynamics, cut, world=self.world, dense=False, settings=_SETTINGS
            ).end
            out.append(_row(recentred(state, "earth", self.world)))
        return np.concatenate(out)

    def _parts(self, y: Array) -> tuple[Array, Array, Array, float, Array]:
        """What the parts lack, weighed, (6 n + 4,), its slopes by y over its scale, and the later
        instant of the perigee: slopes (k,) and what is known of it, s; and the end (6,)."""
        self.passes += 1
        n = len(self.cuts)
        size = 4 + 6 * n
        lack, slopes = np.zeros(6 * n + 4), np.zeros((6 * n + 4, size))
        state, by = self.perilune(y), self._slopes(y)
        column = slice(0, 4)
        for k, cut in enumerate(self.cuts):
            end, stm = self._flown(state, cut)
            rows, own = slice(6 * k, 6 * k + 6), slice(4 + 6 * k, 10 + 6 * k)
            lack[rows] = (end - y[own]) * _MEETS
            slopes[rows, column] = (stm @ by) * _MEETS[:, None]
            slopes[rows, own] = -np.diag(_CUT * _MEETS)
            state = State(cut, gcrf("earth"), y[own][:3], y[own][3:], _MASS_KG)
            by, column = np.diag(_CUT), own
        end, stm = self._flown(state, self.at + _AFTER_S)
        there = self._perigee(end, _AFTER_S)
        late, rows_4, lack_4 = _timed(there, there.slopes @ stm @ by)
        lack[-4:], slopes[-4:, column] = lack_4 * _WEIGHTS, rows_4 * _WEIGHTS[:, None]
        whole = np.zeros(size)
        whole[column] = late
        return lack, slopes, whole, float(there.miss[4]), end

    def _perigee(self, end: Array, after_s: float) -> Perigee:
        at = self.at + after_s
        return Perigee.of(end, at, after_s, self.leaves, self.dynamics, self.world)

    def joined(self) -> tuple[Array, Array]:
        """Steps of least change until the parts meet: the arrival's four unknowns, and the end (6,)
        at the perigee."""
        scale = np.concatenate([_SCALE, np.tile(_CUT, len(self.cuts))])
        try:
            y = self._guess()
        except CosmodromeError:
            raise SolverError("the arrival does not come from the Earth") from None
        best, longest, base = math.inf, _LONGEST, (y, self.at)
        late, since, whole = np.zeros(y.size), 0.0, np.zeros(y.size)
        for _ in range(_ROUNDS):
            try:
                lack, slopes, late_here, since_here, last = self._parts(y)
                size = float(np.linalg.norm(lack))
            except CosmodromeError:
                size = math.inf
            if size <= _JOINED:
                return y[:4], last
            if size > max(_WORSE * best, _NEAR) or not math.isfinite(size):
                if not math.isfinite(best):
                    raise SolverError("the arrival does not come from the Earth")
                longest *= 0.3
            else:
                best, longest = min(best, size), min(_LONGEST, 1.5 * longest)
                base, late, since = (y, self.at), late_here, since_here
                whole = np.asarray(np.linalg.lstsq(slopes, -lack, rcond=1e-13)[0])
            part = min(1.0, longest / max(float(np.max(np.abs(whole))), 1e-300))
            step = part * whole
            y = base[0] + step * scale
            self.at = base[1] + (float(late @ step) - since)
        raise SolverError(
            f"the parts of the way still miss each other by {best:.3g} (in 1,000 km and m/s) after"
            f" {_ROUNDS} corrections"
        )

    def whole(self, y: Array) -> tuple[Array, Array]:
        """The same in one flight; its unknowns and its end (6,) at the perigee."""
        off = math.inf
        for _ in range(_PASSES):
            self.passes += 1
            try:
                end, stm = self._flown(self.perilune(y), self.at)
                there = self._perigee(end, 0.0)
            except CosmodromeError:
                break
            if np.all(np.abs(there.miss) <= _MET):
                return y, end
            off = float(np.linalg.norm(there.miss[:3]))
            late, rows, lack = _timed(there, there.slopes @ stm @ self._slopes(y))
            step = np.linalg.lstsq(rows * _WEIGHTS[:, None], -lack * _WEIGHTS, rcond=1e-12)[0]
            y = y + step * _SCALE
            self.at = self.at + (float(late @ step) - float(there.miss[4]))
        raise SolverError(
            f"{off / 1e3:.3g} km are left at the perigee of a way whose parts had met"
        )


def _timed(there: Perigee, slopes: Array) -> tuple[Array, Array, Array]:
    """How much later the perigee is by the unknowns (k,); the four conditions' slopes (4, k) and
    miss (4,), both looked at when it comes: the field turns the plane meanwhile."""
    late, drift = -slopes[4], there.drift[:4]
    return (
        late,
        slopes[:4] + np.outer(drift, late),
        there.miss[:4] - drift * there.miss[4],
    )


def _row(state: State) -> Array:
    return np.concatenate([state.r_m, state.v_m_s])

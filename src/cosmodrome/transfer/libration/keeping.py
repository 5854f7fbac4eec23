"""Keeping a libration orbit: at fixed times the least burn that leads back to the path ahead.

What is known of place and velocity at a burn may be off; the burn is found from what is known and
flown from what is so. Without such errors next to nothing is to be corrected.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Coast, Manoeuvre
from cosmodrome.targets.libration import Arcs, held, read_libration
from cosmodrome.transfer.keeping import Keeper
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.centre import recentred

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import AnyMission, StationKeep
    from cosmodrome.record.nouns import Handover
    from cosmodrome.record.upkeep import UpkeepRecord
    from cosmodrome.transfer.libration.reference import Reference
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["LibrationPlanner"]

# a burn looks so many revolutions ahead, in so many arcs each
_REVOLUTIONS, _CUTS = 2, 7
# a departure from the path by this share of the orbit's farthest distance weighs as 1 cm/s of burn
_APART, _BURN_M_S = 3e-4, 0.01
# below this nothing is burnt
_LEAST_M_S = 1e-3
# above this stability index a departure grows within a revolution: two burns each
_HARSH = 10.0
# errors are drawn anew in every run, the same
_SEED = 1


class LibrationPlanner(Keeper):
    """Chooses the burns that keep a libration orbit."""

    def __init__(
        self,
        step: StationKeep,
        given: Handover,
        mission: AnyMission,
        world: World,
        watch: Watch = SILENT,
        reference: Reference | None = None,
    ) -> None:
        super().__init__(step, given, mission, world, watch)
        self.reference = self._path(given.state, reference)
        design = self.reference.design
        turns = 0.5 if design.orbit.stability[0] > _HARSH else 1.0
        self.every = turns * design.period_s if step.every_s is None else step.every_s
        # burns are due every so long after the first crossing; none where the step begins
        self.last = math.floor((given.state.epoch - self.reference.zero) / self.every + 1e-6)
        self.chance = np.random.default_rng(_SEED)
        self.apart_m = 0.0

    def next(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """The coast to the next burn, or the burn.

        Raises InfeasibleError where the tank runs dry, SolverError where no burn leads back.
        """
        stop_if_cancelled(self.watch)
        state, left = given.state, self.left_s(given.state)
        if left == 0.0:
            return ()
        since = state.epoch - self.reference.zero
        number = math.floor(since / self.every + 1e-6)
        if number > self.last:
            self.last = number
            burn = self._burn(given)
            if burn is not None:
                return (burn,)
        following = self.reference.zero + (number + 1) * self.every
        if following - state.epoch >= left:
            return (self.coast(left),)
        return (Coast(until=following, part_of=self.step.name),)

    def told(self, given: Handover) -> UpkeepRecord:
        """What it came to."""
        place, velocity = self.step.known
        with_errors = (
            f"place known to {place / 1e3:g} km and velocity to {velocity * 100.0:g} cm/s (3 sigma)"
            if place or velocity
            else "place and velocity known exactly"
        )
        self.notes.append(
            f"{with_errors}; up to {self.apart_m / 1e3:,.1f} km from the path followed, at burns"
        )
        return super().told(given)

    def _burn(self, given: Handover) -> Manoeuvre | None:
        """The next burn; None where there is next to nothing to correct."""
        reference, design = self.reference, self.reference.design
        state = recentred(given.state, reference.dynamics.centre, self.world)
        times = np.arange(_REVOLUTIONS * _CUTS + 1) * (design.period_s / _CUTS)
        # whole nanoseconds, which an Epoch can say
        times = np.round(times * 1e9) / 1e9
        times = times[times <= reference.until - state.epoch]
        guess = np.array([reference.at(state.epoch + float(t)) for t in times])
        y = np.concatenate([state.r_m, state.v_m_s])
        self.apart_m = max(self.apart_m, float(np.linalg.norm(y[:3] - guess[0, :3])))
        place, velocity = self.step.known
        drawn = self.chance.standard_normal(6) / 3.0
        guess[0] = y + drawn * np.array([place] * 3 + [velocity] * 3)
        arcs = Arcs(reference.dynamics, state.epoch, times, guess, self.world, state.mass_kg)
        apart = _APART * design.figures["farthest_m"]
        found = held(
            arcs,
            guess,
            burn_m_s=_BURN_M_S,
            place_m=apart,
            speed_m_s=apart * 2.0 * np.pi / design.period_s,
        )
        size = float(np.linalg.norm(found.burn_m_s))
        if size < _LEAST_M_S:
            return None
        self.affords(given, size)
        a, b, c = (float(x) for x in found.burn_m_s / size)
        self.burns += 1
        self.delta_v += size
        return Manoeuvre(
            (a, b, c),
            "gcrf",
            delta_v_m_s=size,
            name=f"{self.step.name} burn {self.burns}",
            part_of=self.step.name,
        )

    def _path(self, state: State, given: Reference | None) -> Reference:
        """The path that is followed: the one the flight is on already, or one made here."""
        wanted = read_libration(self.step.orbit)
        if given is None or given.design.wanted != wanted:
            raise InputError(
                f"{self.step.name!r}: the flight is not on a path near {self.step.orbit!r}; begin"
                f" there by start: {{libration: {{orbit: {self.step.orbit}, epoch: ...}}}}, or go"
                " there by a to-libration step"
            )
        end = state.epoch + (self.step.duration_s + _REVOLUTIONS * given.design.period_s)
        if end > given.until:
            short = math.ceil((end - given.until) / given.design.period_s)
            raise InputError(
                f"{self.step.name!r}: the path that was found ends on {given.until.utc(0)}, and"
                f" burns look {_REVOLUTIONS} revolutions ahead: write {short} more revolutions in"
                " the to-libration step, or keep it for a shorter time"
            )
        return given

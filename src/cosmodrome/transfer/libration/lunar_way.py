"""A step onto a libration orbit of Earth and Moon, from a circle about the Earth: injection,
corrections, and an insertion where the way meets the path.

Each burn is found when the one before it has been flown.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Drag, propagate
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.mission.nouns import Coast, Manoeuvre
from cosmodrome.targets.libration import correct, find, read_libration
from cosmodrome.transfer.burn import engine_of
from cosmodrome.transfer.libration.onto import corrected_onto, finite, meetings, on_path
from cosmodrome.transfer.libration.reference import AHEAD, Reference
from cosmodrome.transfer.libration.spending import Spending
from cosmodrome.transfer.translunar.forces import way_dynamics
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body
from cosmodrome.world.centre import recentred

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import AnyMission, ToLibration
    from cosmodrome.record.nouns import Handover, Leg
    from cosmodrome.transfer.libration.onto import Meeting
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["LunarWayPlanner"]

_MU = body("earth").mu_m3_s2
# an orbit this flat is left from wherever the arc begins
_ROUND = 0.05
# what both burns take, about so, m/s
_BOTH_M_S = 3_900.0
# a correction below this is not flown, m/s
_NOTHING_M_S = 1e-3


class LunarWayPlanner:
    """Chooses the burns of a step to a libration orbit of Earth and Moon.

    reference  the path that the insertion enters; None before the injection
    there      the instant of the insertion
    """

    def __init__(
        self,
        step: ToLibration,
        given: Handover,
        mission: AnyMission,
        world: World,
        watch: Watch = SILENT,
    ) -> None:
        self.step, self.world, self.watch = step, world, watch
        self.spending = Spending(step, mission.spacecraft.id, engine_of(mission.spacecraft), watch)
        self.dynamics = way_dynamics(mission)
        self.design = find(read_libration(step.orbit))
        self.corrections = list(step.corrections_s)
        self.zero: Epoch | None = None
        self.reference: Reference | None = None
        self.there = given.state.epoch
        # light presses on what is left of it there
        mass = given.state.mass_kg
        self.left_kg = mass - self.spending.engine.burnt_kg(mass, _BOTH_M_S)
        self.done = False

    def next(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """The injection; then a correction at a time; then the insertion.

        Raises InfeasibleError where geometry or propellant do not suffice, SolverError where no
        way is found.
        """
        stop_if_cancelled(self.watch)
        state = given.state
        if self.done:
            return ()
        if self.zero is None:
            return self._injection(given)
        while self.corrections:
            at = self.zero + self.corrections[0]
            if at >= self.there:
                raise InfeasibleError(
                    f"{self.step.name!r}: the correction {self.corrections[0] / 86_400.0:g} days"
                    f" after the injection comes after the arrival, {self.there.utc(0)}: write"
                    " an earlier one"
                )
            if at > state.epoch:
                return (Coast(until=at, part_of=self.step.name),)
            self.corrections.pop(0)
            burn = self._correction(given)
            if burn:
                return burn
        self.done = True
        return self._insertion(given)

    def told(self, last: Leg) -> Leg:
        """The last leg with what its burns took."""
        found = "conics about the Earth, then Newton's rule in full dynamics onto a corrected path"
        return self.spending.told(last, found)

    def _injection(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        state, step = given.state, self.step
        self._on_a_circle(state)
        found = meetings(
            state, self.design, self._path, step.within_s, self.dynamics, self.world, self.watch,
        )  # fmt: skip
        met, path = found[0] if step.impulsive else self._finite(found)
        self.reference, self.there = path, met.arrival
        self._tells(met)
        ignition = met.before.epoch + float(met.numbers[0])
        size = met.injection_m_s
        self.zero = ignition + (0.0 if step.impulsive else self.spending.lasts(state, size))
        burn = self.spending.burn(given, (1.0, 0.0, 0.0), "vnc", size, "injection")
        return self.spending.own((Coast(until=ignition), burn))

    def _finite(self, found: list[tuple[Meeting, Reference]]) -> tuple[Meeting, Reference]:
        """The cheapest whose injection is found as a finite burn too."""
        lost: list[str] = []
        for met, path in found:
            try:
                return finite(met, self.spending.engine, path), path
            except (SolverError, InfeasibleError) as e:
                lost.append(str(e))
        raise SolverError(f"{self.step.name!r}: {'; '.join(dict.fromkeys(lost))}")

    def _tells(self, met: Meeting) -> None:
        lacks = float(np.linalg.norm(met.insertion_m_s))
        self.watch.tell(
            "libration", None, f"injection {met.injection_m_s:.0f} m/s, insertion {lacks:.0f} m/s"
        )

    def _path(self, zero: Epoch) -> Reference:
        """The path near the orbit that passes its first crossing at an instant."""
        period = self.design.period_s
        dynamics = self.dynamics.about("moon").without(Drag)
        first = zero + -round(period, 6)
        made = correct(
            self.design, first, self.step.revolutions + AHEAD + 1, self.world, dynamics=dynamics,
            mass_kg=self.left_kg,
        )  # fmt: skip
        return Reference(self.design, zero, made.path, dynamics, self.step.apart_m)

    def _correction(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        assert self.reference is not None
        number = len(self.step.corrections_s) - len(self.corrections)
        dv = corrected_onto(
            given.state, self.there, self.reference, self.dynamics.without(Drag), self.world
        )
        return self._along(given, dv, f"correction {number}")

    def _insertion(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """What the velocity lacks where the way meets the path, centred on that instant."""
        assert self.reference is not None
        state = recentred(given.state, "earth", self.world)
        end = propagate(
            state, self.dynamics.without(Drag), self.there, world=self.world, dense=False
        ).end
        wanted = on_path(self.reference, self.there, state.mass_kg, self.world)
        dv = wanted.v_m_s - recentred(end, "earth", self.world).v_m_s
        half = 0.0
        if not self.step.impulsive:
            half = 0.5 * self.spending.lasts(state, float(np.linalg.norm(dv)))
        return (
            *self.spending.own((Coast(until=self.there + -half),)),
            *self._along(given, dv, "insertion"),
        )

    def _along(self, given: Handover, dv: Array, name: str) -> tuple[Coast | Manoeuvre, ...]:
        size = float(np.linalg.norm(dv))
        if size < _NOTHING_M_S:
            return ()
        a, b, c = (float(x) for x in dv / size)
        return self.spending.own((self.spending.burn(given, (a, b, c), "gcrf", size, name),))

    def _on_a_circle(self, state: State) -> None:
        r, v = state.r_m, state.v_m_s
        e = np.cross(v, np.cross(r, v)) / _MU - r / np.linalg.norm(r)
        if state.frame.centre != "earth" or math.sqrt(float(e @ e)) > _ROUND:
            raise InfeasibleError(
                f"{self.step.name!r} leaves from a circle about the Earth, more or less: write a"
                " transfer before it, or begin on the orbit by start: {libration: {orbit:"
                f" {self.step.orbit}, epoch: ...}}}}"
            )

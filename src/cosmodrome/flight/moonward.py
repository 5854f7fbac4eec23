"""A launch to the Moon: what the ascent aims at follows from when and where it injects.

The ascent delivers onto an ellipse told by its energy and by where its apogee stands; both follow
from the Moon's place at the arrival, and that from the instant of the injection, which the ascent
itself decides. A few rounds agree to the fraction of a degree that the spacecraft corrects.

Where a landing follows, its place and light choose the plane about the Moon; where no plane allowed
serves, other times of flight and other days of the window are looked at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cosmodrome import site
from cosmodrome.dynamics import Drag
from cosmodrome.errors import CosmodromeError, InfeasibleError, InputError
from cosmodrome.flight.aiming import aimed_at, alike, flown_to
from cosmodrome.flight.departed import departed
from cosmodrome.flight.loopward import by_loops
from cosmodrome.flight.sunward import by_the_sun
from cosmodrome.mission import ToMoon
from cosmodrome.transfer.translunar import Cell, LunarOrbit, TranslunarProblem, way, way_dynamics
from cosmodrome.transfer.translunar.landfall import Landfall, flights_of
from cosmodrome.transfer.translunar.looked import nearest, one_a_departure
from cosmodrome.watch import stop_if_cancelled
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.flight.aiming import P
    from cosmodrome.flight.stages import Run
    from cosmodrome.mission import Mission
    from cosmodrome.record import ArrivalLooked
    from cosmodrome.transfer.translunar import Translunar
    from cosmodrome.transfer.translunar.nouns import Going, Passing
    from cosmodrome.world.epoch import Epoch

__all__ = ["towards_the_moon"]

# the perigee of the first round; the next know the ascent's own
_PERIGEE_M = body("earth").radius_m + 200e3
# lift-off to injection in the first round
_CLIMB_S = 2_400.0
_DAY_S = 86_400.0
_ROUNDS = 5
# the plane of a landing follows from the asymptote, and that a little from the plane
_PLANES = 2
_BOUND: tuple[Going, Going] = ("northbound", "southbound")


def towards_the_moon(
    mission: Mission, run: Run, fly: Callable[[Mission, Run, P | None], P]
) -> tuple[Mission, P, tuple[ArrivalLooked, ...]]:
    """The mission with the energy and direction its ascent aims at, that ascent flown, and what was
    weighed for the sake of a landing but not taken.

    Raises InfeasibleError where no plane from the pad holds the Moon then, or no arrival serves the
    landing, InputError without a launch time or window, and what `fly` raises.
    """
    step = next((s for s in mission.plan if isinstance(s, ToMoon)), None)
    about = mission.launch.time or (mission.launch.window or (None,))[0]
    if step is None or about is None:
        raise InputError(
            "a launch to the Moon needs a window and a plan that begins with to-moon; write"
            " launch: {window: 2027-03-01T00:00Z / 2027-03-02T00:00Z}"
        )
    if step.loops:
        return *by_loops(mission, step, about, run, fly), ()
    if step.low_energy_s is not None:
        return *by_the_sun(mission, step, about, run, fly), ()
    given = mission.target.inclination_rad
    low = site.cheapest_inclination(mission.site) if given is None else given.value
    landfall = Landfall.of(step, mission.plan, mission.spacecraft.carries)
    search = _Search(mission, step, landfall, run)
    with run.stage("translunar", "finding the way to the Moon"):
        day, best = search.first((low, 0.5 * math.pi if given is None else low))
    others = search.others(best)
    mission = _on(mission, day) if search.landfall is not None else mission
    passed: P | None = None
    for _ in range(_ROUNDS):
        stop_if_cancelled(run.watch)
        asked = aimed_at(mission, best, best.cell.going)
        aimed, passed = flown_to(asked, run, fly, passed)
        left = departed(passed.released(mission.spacecraft.id), run.world)
        plane = left.elements.i_rad
        with run.stage("translunar", "finding the way to the Moon"):
            again = search.ways(
                left.at_perigee(), best.cell.flight_s, left.perigee_m, (plane, plane), (left.going,)
            )
        if alike(best, again):
            break
        best = again
    assert passed is not None
    return aimed, passed, others


@dataclass(slots=True, eq=False)
class _Search:
    """Ways to the Moon from perigees at instants, the cheapest of those that serve.

    landfall  the landing whose place and light choose the plane; None: the step's own
    looked    what was weighed for it
    """

    mission: Mission
    step: ToMoon
    landfall: Landfall | None
    run: Run
    looked: list[ArrivalLooked] = field(default_factory=list)

    @property
    def dynamics(self) -> Dynamics:
        # the air of the climb's last minutes moves the aim by less than the spacecraft corrects
        return way_dynamics(self.mission).without(Drag)

    def first(self, planes: tuple[float, float]) -> tuple[Epoch, Translunar]:
        """The way of the first day and time of flight that have one, and about when it is launched.

        Raises InfeasibleError where none has.
        """
        why: list[str] = []
        for day in self._days():
            for flight in flights_of(self.step):
                stop_if_cancelled(self.run.watch)
                try:
                    return day, self.ways(day + _CLIMB_S, flight, _PERIGEE_M, planes, _BOUND)
                except InfeasibleError as e:
                    why.append(str(e))
        if self.looked:
            raise InfeasibleError(
                f"{self.step.name!r}: of {len(self.looked)} landings that were looked at none is as"
                f" asked; the nearest: {nearest(self.looked)}. Of the first departure: {why[0]}"
            )
        raise InfeasibleError("; ".join(dict.fromkeys(why)))

    def ways(
        self,
        leaves: Epoch,
        flight_s: float,
        perigee_m: float,
        planes: tuple[float, float],
        goings: Sequence[Going],
    ) -> Translunar:
        """The cheapest way from a perigee at an instant. Raises InfeasibleError where none is."""
        found: list[Translunar] = []
        why: list[str] = []
        for going in goings:
            for passing in self._passings():
                cell = Cell(leaves, flight_s, going, passing)
                try:
                    found.append(self._way(cell, perigee_m, planes))
                except CosmodromeError as e:
                    why.append(str(e))
        if not found:
            raise InfeasibleError(
                f"no way to the Moon leaves at {leaves.utc(0)}: {'; '.join(dict.fromkeys(why))}"
            )
        return min(found, key=lambda one: one.total_m_s)

    def others(self, best: Translunar) -> tuple[ArrivalLooked, ...]:
        """What was weighed and not flown to, one of each departure."""
        return one_a_departure(self.looked, best.perilune.epoch, best.cell.going)

    def _way(self, cell: Cell, perigee_m: float, planes: tuple[float, float]) -> Translunar:
        """The way of a cell, its plane and passing those of the landing where one chooses them."""
        world, orbit = self.run.world, LunarOrbit.of(self.step)
        if self.landfall is None:
            return way(self._asked(cell, perigee_m, planes, orbit), cell, self.dynamics, world)
        orbit = self.landfall.first_guess(orbit)
        one = way(self._asked(cell, perigee_m, planes, orbit), cell, self.dynamics, world)
        weighed = self.landfall.weigh(one.perilune, orbit, world)
        try:
            for _ in range(_PLANES):
                plane = weighed.plane()
                cell = replace(cell, passing=plane.passing)
                asked = self._asked(cell, perigee_m, planes, plane.orbit)
                one = way(asked, cell, self.dynamics, world)
                weighed = self.landfall.weigh(one.perilune, orbit, world)
            dearer = plane.dearer_m_s
        finally:
            self.looked += weighed.rows(cell.departure, cell.going, one.total_m_s)
        return replace(one, insertion_m_s=one.insertion_m_s + dearer)

    @staticmethod
    def _asked(
        cell: Cell, perigee_m: float, planes: tuple[float, float], orbit: LunarOrbit
    ) -> TranslunarProblem:
        return TranslunarProblem(perigee_m, planes, cell.departure, cell.departure, orbit)

    def _passings(self) -> tuple[Passing, ...]:
        if self.step.passing is not None:
            return (self.step.passing,)
        # a landing says the side; any will do to find it
        return ("north", "south") if self.landfall is None else ("south",)

    def _days(self) -> list[Epoch]:
        """About when to launch: a day of the window after the other where a landing may choose."""
        launch = self.mission.launch
        if launch.window is None:
            assert launch.time is not None
            return [launch.time]
        first, last = launch.window
        # the instants of a day are spread over it
        begin = first + min(0.5 * (last - first), 0.5 * _DAY_S)
        count = 1 if self.landfall is None else 1 + int((last - begin) / _DAY_S)
        return [begin + k * _DAY_S for k in range(count)]


def _on(mission: Mission, day: Epoch) -> Mission:
    """Launched within half a day of an instant."""
    if mission.launch.window is None:
        return mission
    first, last = mission.launch.window
    first, last = max(first, day + -0.5 * _DAY_S), min(last, day + 0.5 * _DAY_S)
    return replace(mission, launch=replace(mission.launch, window=(first, last)))

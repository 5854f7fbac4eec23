"""A step to the Moon by the Sun's pull: the injection into a way that is found, or back to one that
a launch aimed at; then as on any way to the Moon.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Drag, propagate
from cosmodrome.errors import InfeasibleError, InputError, SolverError
from cosmodrome.mission.nouns import Coast
from cosmodrome.transfer.translunar.along import Along
from cosmodrome.transfer.translunar.backward import Hint, led_back
from cosmodrome.transfer.translunar.burning import corrected, injected
from cosmodrome.transfer.translunar.correct import Wanted, lead
from cosmodrome.transfer.translunar.low_energy import low_energy_ways
from cosmodrome.transfer.translunar.low_energy_nouns import LowEnergyProblem
from cosmodrome.transfer.translunar.opportunity import Parked, revolution
from cosmodrome.transfer.translunar.perigee import Leaves
from cosmodrome.transfer.translunar.planner import MoonPlanner
from cosmodrome.transfer.translunar.resumed import leaves_from, led_like, perigee_behind
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import AnyMission, Manoeuvre
    from cosmodrome.mission.steps import ToMoon
    from cosmodrome.record.nouns import Handover
    from cosmodrome.transfer.nouns import Engine
    from cosmodrome.transfer.translunar.backward import Back
    from cosmodrome.transfer.translunar.burning import WayBurn
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["LowEnergyPlanner"]

_MU = body("earth").mu_m3_s2
_DAY_S = 86_400.0
# so many ways are found from a parking orbit; the cheapest that is reached is taken
_WANTED = 3
# arrivals are looked at in so many places of their span, no closer than a day
_PLACES = 20
# the departure is put on a revolution so often, until it moves by less, s
_ROUNDS, _STEADY_S = 5, 0.5
# an injection is planned from the first revolution on
_FIRST_S = 3.0 * 3600.0
# so many ways are compared with a path that is entered
_LIKE = 8
# the capture is planned so long before the perilune
_BEFORE_S = 0.5 * _DAY_S
# a correction below this is not worth another, m/s
_SMALL_M_S = 2.0


class LowEnergyPlanner(MoonPlanner):
    """Chooses the burns of a low-energy step."""

    along: Along | None = None

    def __init__(
        self,
        step: ToMoon,
        given: Handover,
        mission: AnyMission,
        world: World,
        watch: Watch = SILENT,
    ) -> None:
        super().__init__(step, given, mission, world, watch)
        # the air is met in minutes about a perigee and each burn is planned from where it is flown;
        # a path that might come back to the Earth would take tables of it for a month
        self.dynamics = self.dynamics.without(Drag)

    def _injection(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        state, step = given.state, self.step
        engine = None if step.impulsive else self.engine
        parked = Parked(state, step.within_s, self.dynamics, self.world)
        table = low_energy_ways(self._problem(parked), self.dynamics, self.world, self.watch)
        why = [x.why for x in table.lost]
        for one in table.found:
            try:
                back, before, after = self._on_a_revolution(parked, one.hint)
                self.along = Along.of(back, self.dynamics, self.world)
                wanted = Wanted(self.orbit, "south", back.perilune.epoch, timed=False, held=True)
                speed = self._speed(back, before, after)
                burn, wanted = self._led(before, after, speed, wanted, engine)
                self._arrives_as_asked(burn)
            except (InfeasibleError, SolverError) as e:
                why.append(str(e))
                continue
            return self._sent(given, burn, wanted)
        told = "; ".join(list(dict.fromkeys(why))[:3]) or "no arrival comes from the Earth then"
        raise InfeasibleError(
            f"{step.name!r}: no low-energy way leads there: {told}. Write a longer within, or"
            " wider flights"
        )

    def _problem(self, parked: Parked) -> LowEnergyProblem:
        """The search from a parking orbit."""
        shortest, longest = self._flight()
        rate = float(np.polyfit(parked.times, parked.nodes, 1)[0])
        first = parked.state.epoch + _FIRST_S
        last = parked.state.epoch + max(self.step.within_s, _FIRST_S)
        span = (last - first) + longest - shortest
        return LowEnergyProblem(
            parked.a_m,
            (parked.inclination, parked.inclination),
            first,
            last,
            (shortest, longest),
            self.orbit,
            raan_rad=(parked.node(_FIRST_S), rate),
            every_s=max(_DAY_S, span / _PLACES),
            wanted=_WANTED,
        )

    def _flight(self) -> tuple[float, float]:
        assert self.step.low_energy_s is not None
        return self.step.low_energy_s

    def _on_a_revolution(self, parked: Parked, hint: Hint) -> tuple[Back, State, float]:
        """The way that leaves when the spacecraft is there, from its own radius and plane; a state
        before that, and the time from there."""
        at = hint.departure
        since = at - parked.state.epoch
        leaves = Leaves(parked.a_m, (parked.inclination,) * 2, (at, at), (parked.node(since), 0.0))
        for _ in range(_ROUNDS):
            stop_if_cancelled(self.watch)
            back = led_back(hint, self.orbit, leaves, self.dynamics, self.world)
            since = at - parked.state.epoch
            before, after = revolution(parked, since, back.departure.r_m)
            there = propagate(before, parked.near, after, world=self.world, dense=False).end
            moved, at = abs(there.epoch - at), there.epoch
            if moved < _STEADY_S:
                return back, before, after
            hint, leaves = replace(back.hint, departure=at), leaves_from(there, self.world)
        raise SolverError("the way does not pass the parking orbit when the spacecraft is there")

    def _speed(self, back: Back, before: State, after_s: float) -> float:
        """Size of the injection, m/s: the energy of the way, from the speed that is there."""
        there = propagate(before, self.dynamics, after_s, world=self.world, dense=False).end
        left = back.departure
        c3 = float(left.v_m_s @ left.v_m_s) - 2.0 * _MU / float(np.linalg.norm(left.r_m))
        needs = math.sqrt(c3 + 2.0 * _MU / float(np.linalg.norm(there.r_m)))
        return needs - float(np.linalg.norm(there.v_m_s))

    def _entered(self, state: State) -> Wanted:
        """The way that a launch aimed at, or one like the path that is flown."""
        perigee = perigee_behind(state, self.dynamics, self.world)
        leaves = leaves_from(perigee, self.world)
        aimed = self.step.aimed
        if aimed is not None:
            hint = Hint(aimed[0], np.array(aimed[1:]), perigee.epoch)
            back = led_like(hint, leaves, self.orbit, self.dynamics, self.world)
        else:
            back = self._like(perigee, leaves)
        self.along = Along.of(back, self.dynamics, self.world)
        return Wanted(self.orbit, "south", back.perilune.epoch, timed=False, held=True)

    def _like(self, perigee: State, leaves: Leaves) -> Back:
        """The way from a perigee that leaves it most as the path there does."""
        problem = LowEnergyProblem(
            leaves.perigee_m, leaves.inclination_rad, *leaves.span, self._flight(), self.orbit,
            wanted=_LIKE,
        )  # fmt: skip
        table = low_energy_ways(problem, self.dynamics, self.world, self.watch)
        if not table.found:
            table.cheapest()
        toward = perigee.r_m / np.linalg.norm(perigee.r_m)
        near = max(table.found, key=lambda w: float(w.departure.r_m @ toward))
        return led_like(near.hint, leaves, self.orbit, self.dynamics, self.world)

    def _arrives_as_asked(self, burn: WayBurn) -> None:
        """Raises InfeasibleError for a light at the arrival that is not as asked: its plane is."""
        self._lit(burn.led.perilune)

    def _injected_from(
        self, before: State, after_s: float, speed_m_s: float, wanted: Wanted, engine: Engine | None
    ) -> WayBurn:
        assert self.along is not None
        return injected(
            before, after_s, speed_m_s, wanted, self.dynamics, self.world, engine,
            leading=self.along.lead,
        )  # fmt: skip

    def _corrected(self, state: State, wanted: Wanted, engine: Engine | None) -> WayBurn:
        """Directly, or back to the way: the smaller."""
        assert self.along is not None
        made: list[WayBurn] = []
        why = ""
        for leading in (lead, self.along.lead):
            stop_if_cancelled(self.watch)
            try:
                made.append(
                    corrected(state, wanted, self.dynamics, self.world, engine, leading=leading)
                )
            except (SolverError, InputError) as e:
                why = str(e)
                continue
            if made[-1].delta_v_m_s < _SMALL_M_S:
                break
        if not made:
            raise SolverError(f"{self.step.name!r}: {why}")
        return min(made, key=lambda b: b.delta_v_m_s)

    def _capture(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """From shortly before the arrival that was led to: some ways go round the Moon once, far
        out, before it."""
        assert self.wanted is not None
        at = self.wanted.arrival + -_BEFORE_S
        if at > given.state.epoch:
            self.done = False
            return (Coast(until=at, part_of=self.step.name),)
        return super()._capture(given)

"""A step to the Moon, planned from what was really reached: injection, corrections, capture.

Each burn is found when the one before it has been flown. What comes out are coasts and burns like
any others.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import propagate
from cosmodrome.errors import InfeasibleError, InputError, SolverError
from cosmodrome.mission.nouns import Coast, Manoeuvre
from cosmodrome.transfer.burn import engine_of
from cosmodrome.transfer.translunar.burning import corrected, injected, steps_of
from cosmodrome.transfer.translunar.capture import apsides, capture, perilune_aim
from cosmodrome.transfer.translunar.correct import Wanted, lunar_axes
from cosmodrome.transfer.translunar.forces import way_dynamics
from cosmodrome.transfer.translunar.ladder import Ladder, next_perigee
from cosmodrome.transfer.translunar.landfall import Landfall, flights_of
from cosmodrome.transfer.translunar.looked import chosen_in_words, no_chance, one_a_departure
from cosmodrome.transfer.translunar.nouns import LunarOrbit
from cosmodrome.transfer.translunar.opportunity import opportunities, perilune_ahead
from cosmodrome.transfer.translunar.search import beta_of, reach_of
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body
from cosmodrome.world.centre import recentred

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.mission.nouns import AnyMission, CraftEngine, ToMoon
    from cosmodrome.record.arrivals import ArrivalLooked
    from cosmodrome.record.nouns import Handover, Leg
    from cosmodrome.transfer.nouns import Engine
    from cosmodrome.transfer.translunar.burning import WayBurn
    from cosmodrome.transfer.translunar.correct import Led
    from cosmodrome.transfer.translunar.nouns import Passing
    from cosmodrome.transfer.translunar.opportunity import Opportunity
    from cosmodrome.transfer.translunar.weighing import Plane
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["MoonPlanner"]

_GROUND_M = body("moon").radius_m
_MU = body("earth").mu_m3_s2
# an injection is planned from so long before its perigee
_EARLY_S = 5_400.0
# a path that climbs at least so far from the Earth is on its way
_ON_THE_WAY_M = 250e6
#: a correction below this is not flown, m/s
NOTHING_M_S = 1e-3
# the aim is shifted so often, until it moves by less; the insertion is looked at from before it
_AIMS, _AIM_M, _AIM_RAD = 4, 500.0, math.radians(0.02)
_BEFORE_S = 3.0 * 3600.0
# the plane of a landing follows from the asymptote, and that a little from the plane
_PLANES = 2
# the cheaper of so many injections is taken
_TRIED = 4


class MoonPlanner:
    """Chooses the burns of a step to the Moon."""

    def __init__(
        self,
        step: ToMoon,
        given: Handover,
        mission: AnyMission,
        world: World,
        watch: Watch = SILENT,
    ) -> None:
        self.step, self.mission, self.world, self.watch = step, mission, world, watch
        self.engine = engine_of(mission.spacecraft)
        self.dynamics = way_dynamics(mission)
        self.landfall = Landfall.of(step, mission.plan, mission.spacecraft.carries)
        #: what was weighed for the sake of a landing
        self.looked: list[ArrivalLooked] = []
        orbit = LunarOrbit.of(step)
        #: what the landing asked for in the end
        self.plane: Plane | None = None
        self._take(orbit if self.landfall is None else self.landfall.first_guess(orbit))
        self.spent: list[tuple[str, float]] = []
        self.corrections = list(step.corrections_s)
        self.zero: Epoch | None = None
        self.wanted: Wanted | None = None
        self.ladder: Ladder | None = None
        self.turns = self.raised = 0
        self.done = False

    def next(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """The injection; then a correction at a time, with the coast before it; then the capture.

        Raises InfeasibleError where geometry, light, time or propellant do not suffice, SolverError
        where no way is found.
        """
        stop_if_cancelled(self.watch)
        state = given.state
        if self.done:
            return ()
        if self.zero is None and not self._on_the_way(state):
            return self._up(given) if self.step.loops else self._injection(given)
        if self.zero is None:
            self.zero = state.epoch
        if self.wanted is None:
            self.wanted = self._entered(state)
        if self.corrections:
            at = self.zero + self.corrections[0]
            if at > state.epoch:
                return (Coast(until=at, part_of=self.step.name),)
            self.corrections.pop(0)
            burn = self._correction(given)
            return burn or self.next(given)
        self.done = True
        return self._capture(given)

    def told(self, last: Leg) -> Leg:
        """The last leg with how the step was found, what its burns took, and how it ended."""
        end = recentred(last.end, "moon", self.world)
        low, high = apsides(end)
        residuals = {
            "perilune (m)": low - self.orbit.perilune_m,
            "apolune (m)": high - self.orbit.apolune_m,
        }
        wanted = self.orbit.inclination_rad if self.plane is None else self.plane.final_rad
        if wanted is not None:
            residuals["inclination (rad)"] = self._inclination(end) - wanted
        burns = ", ".join(f"{name} {dv:.1f} m/s" for name, dv in self.spent)
        total = sum(dv for _, dv in self.spent)
        plane = next((f"; {chosen_in_words(r)}" for r in self.looked if r.chosen), "")
        solve = replace(
            last.solve,
            method=f"{last.solve.method}; {self.step.name} led to the B-plane by Newton's rule in"
            f" full dynamics: {burns}{plane}",
            residuals={**last.solve.residuals, **residuals},
            budget={**last.solve.budget, "delta_v_m_s": total},
        )
        return replace(last, solve=solve)

    def _on_the_way(self, state: State) -> bool:
        """Does the path already climb to the Moon?"""
        if state.frame.centre == "moon":
            return True
        r, v = state.r_m, state.v_m_s
        mu, radius = body("earth").mu_m3_s2, float(np.linalg.norm(r))
        per_a = 2.0 / radius - float(v @ v) / mu
        if per_a <= 0.0:
            return True
        h = np.cross(r, v)
        e = math.sqrt(max(0.0, 1.0 - float(h @ h) * per_a / mu))
        return (1.0 + e) / per_a > _ON_THE_WAY_M

    def _take(self, orbit: LunarOrbit) -> None:
        """The orbit that everything from now on leads to."""
        self.orbit = orbit
        between = tuple(replace(orbit, apolune_m=_GROUND_M + h) for h in self.step.capture_m)
        self.orbits = (*between, orbit)

    def _passings(self) -> tuple[Passing, ...]:
        if self.step.passing is not None:
            return (self.step.passing,)
        # the plane of a landing says the side; any will do to find it
        free = self.orbit.inclination_rad is not None and self.landfall is None
        return ("north", "south") if free else ("south",)

    def _chances(self, state: State) -> list[Opportunity]:
        """The injections to be tried; of the flight times allowed the first that has any."""
        orbit, found = self.orbit, []
        for flight in flights_of(self.step):
            found = opportunities(
                state, orbit, self._passings(), flight, self.step.within_s, self.dynamics,
                self.world, self.watch, self.landfall, self.looked,
            )  # fmt: skip
            if found:
                break
        return found[:_TRIED]

    def _injection(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        state, step = given.state, self.step
        best: tuple[float, WayBurn, Wanted, Plane | None, Opportunity] | None = None
        why: list[str] = []
        for chance in self._chances(state):
            stop_if_cancelled(self.watch)
            self._take(chance.orbit)
            self.plane = None
            wanted = Wanted(self.orbit, chance.passing, chance.arrival, timed=False)
            try:
                burn, wanted = self._led(
                    chance.before, chance.after_s, chance.speed_m_s, wanted,
                    None if step.impulsive else self.engine,
                )  # fmt: skip
                self._arrives_as_asked(burn)
            except (InfeasibleError, SolverError) as e:
                why.append(str(e))
                continue
            total = burn.delta_v_m_s + self._insertion_m_s(burn.led.perilune)
            if best is None or total < best[0]:
                best = (total, burn, wanted, self.plane, chance)
        if best is None:
            told = no_chance(why, self.looked, step.within_s)
            raise InfeasibleError(f"{step.name!r}: no injection leads there: {told}")
        _, burn, wanted, self.plane, chance = best
        self._take(chance.orbit if self.plane is None else self.plane.orbit)
        if self.landfall is not None:
            going, there = chance.way.cell.going, burn.led.perilune
            total = burn.delta_v_m_s + self._straight_m_s(there)
            weighed = self.landfall.weigh(there, self.orbit, self.world)
            rows = weighed.rows(chance.leaves, going, total)
            self.looked = [*one_a_departure(self.looked, chance.arrival, going), *rows]
        return self._sent(given, burn, wanted)

    def _straight_m_s(self, perilune: State) -> float:
        """The impulse from an arrival into the orbit, without what turns the plane."""
        return float(np.linalg.norm(perilune.v_m_s)) - self.orbit.perilune_speed_m_s()

    def _insertion_m_s(self, perilune: State) -> float:
        """The impulse from an arrival into the orbit."""
        dearer = 0.0 if self.plane is None else self.plane.dearer_m_s
        return self._straight_m_s(perilune) + dearer

    def _sent(
        self, given: Handover, burn: WayBurn, wanted: Wanted
    ) -> tuple[Coast | Manoeuvre, ...]:
        """The injection as steps; the corrections count from its end."""
        self._suffices(given, burn.delta_v_m_s)
        self._count("injection", burn.delta_v_m_s)
        self.wanted = replace(wanted, arrival=burn.led.perilune.epoch)
        mass = given.state.mass_kg
        lasts = 0.0 if burn.impulsive else self._lasts(mass, burn.delta_v_m_s)
        self.zero = burn.ignition + lasts
        return self._own(steps_of(burn, given.state.epoch, f"{self.step.name}, injection"))

    def _up(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """The next burn of phasing loops; from the last loop the injection."""
        state, step = given.state, self.step
        if self.ladder is None:
            self.ladder = Ladder.found(
                state, step.loops, self.orbit, self._passings(), step.flight_s, self.dynamics,
                self.world,
            )  # fmt: skip
        if self.turns > 1:
            # revolutions without a burn
            at = next_perigee(state, self.dynamics, self.world, self.turns - 1)
            self.turns = 1
            low, high = apsides(at)
            period = 2.0 * math.pi * math.sqrt((0.5 * (low + high)) ** 3 / _MU)
            return self._own((Coast(until=at.epoch + 0.3 * period),))
        if not self.ladder.loops:
            return self._from_the_loops(given)
        self.turns = self.ladder.loops[0][1]
        burn, self.ladder = self.ladder.burn(state, self.engine, self.dynamics, self.world)
        self._suffices(given, burn.delta_v_m_s)
        self.raised += 1
        self._count(f"raising {self.raised}", burn.delta_v_m_s)
        name = f"{step.name}, raising {self.raised}"
        return self._own(
            (
                Coast(until=burn.ignition.epoch),
                Manoeuvre(burn.direction, burn.axes, burn.delta_v_m_s, name=name),
            )
        )

    def _from_the_loops(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        assert self.ladder is not None
        state = given.state
        perigee = next_perigee(state, self.dynamics, self.world)
        ahead = perigee.epoch - state.epoch - _EARLY_S
        if ahead > 0.0:
            state = propagate(state, self.dynamics, ahead, world=self.world, dense=False).end
        one = self.ladder.way
        assert one is not None
        needs = math.sqrt(one.c3_m2_s2 + 2.0 * _MU / float(np.linalg.norm(perigee.r_m)))
        size = needs - float(np.linalg.norm(perigee.v_m_s))
        wanted = Wanted(self.orbit, self.ladder.passing, one.perilune.epoch, timed=False)
        burn, wanted = self._led(state, perigee.epoch - state.epoch, size, wanted, self.engine)
        self._arrives_as_asked(burn)
        return self._sent(given, burn, wanted)

    def _led(
        self,
        before: State,
        after_s: float,
        speed_m_s: float,
        wanted: Wanted,
        engine: CraftEngine | None,
    ) -> tuple[WayBurn, Wanted]:
        """The injection, then again into the plane that a landing asks for from where it really
        arrives, and to the arrival that the insertion turns into the wanted orbit.

        after_s, speed_m_s  its middle after `before`, and its size as an impulse
        """

        def led() -> WayBurn:
            return self._injected_from(before, after_s, speed_m_s, wanted, engine)

        burn = led()
        for _ in range(_PLANES if self.landfall is not None else 0):
            assert self.landfall is not None
            there = burn.led.perilune
            self.plane = plane = self.landfall.weigh(there, self.orbit, self.world).plane()
            self._take(plane.orbit)
            wanted = replace(wanted, orbit=plane.orbit, passing=plane.passing, arrival=there.epoch)
            burn = led()
        for _ in range(_AIMS):
            aimed = self._aim(burn.led, wanted.orbit)
            if _alike(aimed, wanted.orbit):
                break
            wanted = replace(wanted, orbit=aimed, arrival=burn.led.perilune.epoch)
            # from the impulse again: a burn as large as the finite one leads elsewhere
            burn = led()
        return burn, wanted

    def _injected_from(
        self, before: State, after_s: float, speed_m_s: float, wanted: Wanted, engine: Engine | None
    ) -> WayBurn:
        """The injection, led to the Moon."""
        return injected(before, after_s, speed_m_s, wanted, self.dynamics, self.world, engine)

    def _corrected(self, state: State, wanted: Wanted, engine: Engine | None) -> WayBurn:
        """A correction, led to the Moon."""
        return corrected(state, wanted, self.dynamics, self.world, engine)

    def _aim(self, led: Led, before: LunarOrbit) -> LunarOrbit:
        """The arrival that the insertion turns into the wanted orbit.

        A finite burn lowers the perilune; on high orbits on the way down the Earth turns the plane.

        led, before   a flight, and what it was aimed at
        """
        if self.step.impulsive:
            return self.orbit
        about = self.dynamics.about("moon")
        radius = perilune_aim(led.perilune, self.engine, self.orbits[0], about, self.world)
        aimed = replace(before, perilune_m=radius, apolune_m=max(radius, self.orbit.apolune_m))
        wanted = self.orbit.inclination_rad
        if wanted is None or abs(radius - before.perilune_m) > _AIM_M:
            return aimed  # flown as it is, the insertion would not do
        if self.plane is not None and self.plane.turned_rad is not None:
            return aimed  # the insertion turns it anyway
        early = propagate(
            led.perilune, self.dynamics, -_BEFORE_S, world=self.world, dense=False
        ).end
        try:
            (*_, last) = capture(
                early, self.engine, self.orbits, self.dynamics, self.world,
                near_m=self.step.tolerance_m,
            )  # fmt: skip
        except (InfeasibleError, SolverError):
            return aimed  # told when it is to be flown
        off = wanted - self._inclination(last.cut_off)
        if abs(off) < _AIM_RAD:
            return aimed
        assert before.inclination_rad is not None
        turned = min(max(before.inclination_rad + off, 0.0), math.pi)
        return replace(aimed, inclination_rad=turned)

    def _inclination(self, state: State) -> float:
        """To the Moon's equator, of a state about the Moon, rad."""
        h = np.cross(state.r_m, state.v_m_s)
        pole = lunar_axes(state.epoch, self.world)[2]
        return math.acos(float(h @ pole) / float(np.linalg.norm(h)))

    def _arrives_as_asked(self, burn: WayBurn) -> None:
        """Raises InfeasibleError for a plane or a light at the arrival that is not as asked."""
        perilune = burn.led.perilune
        why = reach_of(burn.led, self.orbit, self.world)
        if why:
            raise InfeasibleError(why)
        self._lit(perilune)

    def _lit(self, perilune: State) -> None:
        """Raises InfeasibleError for a light at the arrival that is not as asked."""
        if self.step.beta_rad is None:
            return
        low, high = self.step.beta_rad
        beta = abs(beta_of(perilune, self.world))
        if not low <= beta <= high:
            raise InfeasibleError(
                f"arriving on {perilune.epoch.utc(0)} the Sun stands {math.degrees(beta):.1f} deg"
                f" from the plane about the Moon, and {math.degrees(low):g} to"
                f" {math.degrees(high):g} deg are asked: write a longer within"
            )

    def _entered(self, state: State) -> Wanted:
        """What a way that is already entered is led to: near where it passes the Moon anyway."""
        near = perilune_ahead(state, self.dynamics, self.world)
        if self.landfall is not None:
            return self._for_landing(self.landfall, state, near)
        passings = self._passings()
        if len(passings) == 1:
            return Wanted(self.orbit, passings[0], near.epoch, timed=False)
        best: tuple[float, Wanted] | None = None
        for passing in passings:
            wanted = Wanted(self.orbit, passing, near.epoch, timed=False)
            try:
                size = self._corrected(state, wanted, None).delta_v_m_s
            except SolverError:
                continue
            if best is None or size < best[0]:
                best = (size, wanted)
        if best is None:
            raise SolverError(
                f"{self.step.name!r}: the way that is entered passes the Moon at"
                f" {float(np.linalg.norm(near.r_m)) / 1e3:.0f} km and no correction leads it in"
            )
        return best[1]

    def _for_landing(self, landfall: Landfall, state: State, near: State) -> Wanted:
        """Into the plane that holds the site when it is wanted, by the way that is entered."""
        for _ in range(_PLANES):
            self.plane = plane = landfall.weigh(near, self.orbit, self.world).plane()
            self._take(plane.orbit)
            wanted = Wanted(self.orbit, plane.passing, near.epoch, timed=False)
            burn = corrected(state, wanted, self.dynamics, self.world)
            near = burn.led.perilune
        total = burn.delta_v_m_s + self._straight_m_s(near)
        weighed = landfall.weigh(near, self.orbit, self.world)
        self.looked = list(weighed.rows(state.epoch, "", total))
        return wanted

    def _correction(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        assert self.wanted is not None
        engine = None if self.step.impulsive else self.engine
        state = given.state
        wanted = self.wanted
        burn = self._corrected(state, wanted, engine)
        for _ in range(_AIMS):
            aimed = self._aim(burn.led, wanted.orbit)
            if _alike(aimed, wanted.orbit):
                break
            wanted = replace(wanted, orbit=aimed, arrival=burn.led.perilune.epoch)
            burn = self._corrected(state, wanted, engine)
        self.wanted = replace(wanted, arrival=burn.led.perilune.epoch)
        if burn.delta_v_m_s < NOTHING_M_S:
            return ()
        self._suffices(given, burn.delta_v_m_s)
        number = len(self.step.corrections_s) - len(self.corrections)
        self._count(f"correction {number}", burn.delta_v_m_s)
        return self._own(steps_of(burn, state.epoch, f"{self.step.name}, correction {number}"))

    def _capture(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        assert self.wanted is not None
        start = given.state
        if self.step.impulsive:
            raise InputError(
                f"{self.step.name!r}: impulsive is not known of a capture; remove impulsive, and"
                " write a stronger engine where the burn is to be short"
            )
        turn = 0.0
        if self.plane is not None and self.plane.turned_rad is not None:
            turn = self.plane.turn_rad(perilune_ahead(start, self.dynamics, self.world))
        burns = capture(
            start, self.engine, self.orbits, self.dynamics, self.world,
            near_m=self.step.tolerance_m, turn_rad=turn,
        )  # fmt: skip
        self._suffices(given, sum(b.delta_v_m_s for b in burns))
        out: list[Coast | Manoeuvre] = []
        for number, burn in enumerate(burns, 1):
            name = f"{self.step.name}, insertion {number}"
            self._count(f"insertion {number}", burn.delta_v_m_s)
            out.append(Coast(until=burn.ignition.epoch))
            out.append(Manoeuvre(burn.direction, burn.axes, burn.delta_v_m_s, name=name))
        return self._own(out)

    def _count(self, name: str, delta_v_m_s: float) -> None:
        self.spent.append((name, delta_v_m_s))
        self.watch.tell("transfer", None, f"{self.step.name}: {name} {delta_v_m_s:.2f} m/s")

    def _lasts(self, mass_kg: float, delta_v_m_s: float) -> float:
        return self.engine.burnt_kg(mass_kg, delta_v_m_s) / self.engine.flow_kg_s

    def _own(self, steps: Sequence[Coast | Manoeuvre]) -> tuple[Coast | Manoeuvre, ...]:
        return tuple(replace(s, part_of=self.step.name) for s in steps)

    def _suffices(self, given: Handover, delta_v_m_s: float) -> None:
        held = given.propellant_kg.get(self.mission.spacecraft.id, 0.0)
        mass = given.state.mass_kg
        burnt = self.engine.burnt_kg(mass, delta_v_m_s)
        if burnt > held:
            able = self.engine.delta_v_m_s(mass, held)
            raise InfeasibleError(
                f"{self.step.name!r} takes {delta_v_m_s:.0f} m/s next, {burnt:.1f} kg of"
                f" propellant; {held:.1f} kg are left, good for {able:.0f} m/s:"
                f" {burnt - held:.1f} kg are short. Load more, or be set on the way by the launcher"
            )


def _alike(one: LunarOrbit, other: LunarOrbit) -> bool:
    i, j = one.inclination_rad, other.inclination_rad
    turned = abs(i - j) if i is not None and j is not None else 0.0
    return abs(one.perilune_m - other.perilune_m) < _AIM_M and turned < _AIM_RAD

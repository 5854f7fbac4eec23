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
from cosmodrome.transfer.translunar.nouns import LunarOrbit
from cosmodrome.transfer.translunar.opportunity import opportunities, perilune_ahead
from cosmodrome.transfer.translunar.search import beta_of, reach_of
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body
from cosmodrome.world.centre import recentred

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.mission.nouns import AnyMission, ToMoon
    from cosmodrome.record.nouns import Handover, Leg
    from cosmodrome.transfer.nouns import Engine
    from cosmodrome.transfer.translunar.burning import WayBurn
    from cosmodrome.transfer.translunar.correct import Led
    from cosmodrome.transfer.translunar.nouns import Passing
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["MoonPlanner", "planner"]

_GROUND_M = body("moon").radius_m
_MU = body("earth").mu_m3_s2
# an injection is planned from so long before its perigee
_EARLY_S = 5_400.0
# a path that climbs at least so far from the Earth is on its way
_ON_THE_WAY_M = 250e6
# a correction below this is not flown, m/s
_NOTHING_M_S = 1e-3
# the aim is shifted so often, until it moves by less; the insertion is looked at from before it
_AIMS, _AIM_M, _AIM_RAD = 4, 500.0, math.radians(0.02)
_BEFORE_S = 3.0 * 3600.0
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
        self.orbit = LunarOrbit.of(step)
        between = tuple(replace(self.orbit, apolune_m=_GROUND_M + h) for h in step.capture_m)
        self.orbits = (*between, self.orbit)
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
        if self.orbit.inclination_rad is not None:
            off = self._inclination(end) - self.orbit.inclination_rad
            residuals["inclination (rad)"] = off
        burns = ", ".join(f"{name} {dv:.1f} m/s" for name, dv in self.spent)
        total = sum(dv for _, dv in self.spent)
        solve = replace(
            last.solve,
            method=f"{last.solve.method}; {self.step.name} led to the B-plane by Newton's rule in"
            f" full dynamics: {burns}",
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

    def _passings(self) -> tuple[Passing, ...]:
        if self.step.passing is not None:
            return (self.step.passing,)
        return ("south",) if self.orbit.inclination_rad is None else ("north", "south")

    def _injection(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        state, step = given.state, self.step
        engine = None if step.impulsive else self.engine
        best: tuple[float, WayBurn, Wanted] | None = None
        why: list[str] = []
        chances = opportunities(
            state, self.orbit, self._passings(), step.flight_s, step.within_s, self.dynamics,
            self.world, self.watch,
        )  # fmt: skip
        for chance in chances[:_TRIED]:
            stop_if_cancelled(self.watch)
            wanted = Wanted(self.orbit, chance.passing, chance.arrival, timed=False)
            try:
                burn = self._injected(
                    chance.before, chance.after_s, chance.speed_m_s, wanted, engine
                )
                burn, wanted = self._with_aim(chance.before, burn, wanted, engine)
                self._arrives_as_asked(burn)
            except (InfeasibleError, SolverError) as e:
                why.append(str(e))
                continue
            arrived = float(np.linalg.norm(burn.led.perilune.v_m_s))
            total = burn.delta_v_m_s + arrived
            if best is None or total < best[0]:
                best = (total, burn, wanted)
        if best is None:
            told = "; ".join(dict.fromkeys(why)) or (
                f"the Moon does not cross the orbit's plane within {step.within_s / 86_400.0:g}"
                " days; write a longer within"
            )
            raise InfeasibleError(f"{step.name!r}: no injection leads there: {told}")
        _, burn, wanted = best
        return self._sent(given, burn, wanted)

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
        after = perigee.epoch - state.epoch
        burn = self._injected(state, after, size, wanted, self.engine)
        burn, wanted = self._with_aim(state, burn, wanted, self.engine)
        self._arrives_as_asked(burn)
        return self._sent(given, burn, wanted)

    def _with_aim(
        self, before: State, burn: WayBurn, wanted: Wanted, engine: Engine | None
    ) -> tuple[WayBurn, Wanted]:
        """Again, to the arrival that the insertion turns into the wanted orbit."""
        for _ in range(_AIMS):
            aimed = self._aim(burn.led, wanted.orbit)
            if _alike(aimed, wanted.orbit):
                break
            wanted = replace(wanted, orbit=aimed, arrival=burn.led.perilune.epoch)
            half = 0.0
            if engine is not None:
                half = 0.5 * self._lasts(before.mass_kg, burn.delta_v_m_s)
            middle = float(burn.led.x[0]) + half
            burn = self._injected(before, middle, burn.delta_v_m_s, wanted, engine)
        return burn, wanted

    def _injected(
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
        if burn.delta_v_m_s < _NOTHING_M_S:
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
        burns = capture(
            start, self.engine, self.orbits, self.dynamics, self.world,
            near_m=self.step.tolerance_m,
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


def planner(
    step: ToMoon, given: Handover, mission: AnyMission, world: World, watch: Watch = SILENT
) -> MoonPlanner:
    """The planner of a step from the state that is handed over."""
    if step.low_energy_s is not None:
        from cosmodrome.transfer.translunar.low_energy_planner import LowEnergyPlanner

        return LowEnergyPlanner(step, given, mission, world, watch)
    return MoonPlanner(step, given, mission, world, watch)

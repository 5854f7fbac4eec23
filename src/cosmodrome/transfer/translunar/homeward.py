"""Steps to the Moon whose way comes back by itself: free returns, and flights round the Moon.

Which perigee follows a passage is a matter of when the Moon is passed. Every burn is led to a
perilune at a given time, and that time is found for which the perigee is met; the first of all by
the search for free returns, which knows of no orbit that is to be left.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Drag, propagate
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.mission.nouns import Coast, Manoeuvre
from cosmodrome.mission.steps import Until
from cosmodrome.transfer.translunar.burning import corrected, injected, steps_of, unlike
from cosmodrome.transfer.translunar.correct import Wanted
from cosmodrome.transfer.translunar.nouns import Cell, TranslunarProblem
from cosmodrome.transfer.translunar.opportunity import opportunities
from cosmodrome.transfer.translunar.planner import NOTHING_M_S, MoonPlanner
from cosmodrome.transfer.translunar.returning import free_return, perigee_after
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M, body

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import AnyMission, ToMoon
    from cosmodrome.record.nouns import Handover, Leg
    from cosmodrome.transfer.translunar.burning import WayBurn
    from cosmodrome.transfer.translunar.nouns import Going, Passing
    from cosmodrome.transfer.translunar.opportunity import Opportunity
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["HomewardPlanner"]

_GROUND_M = body("moon").radius_m
_DAY_S = 86_400.0
# about how long a free return takes to the Moon, where its own time is not known yet
_FLIGHT_S = 3.0 * _DAY_S
# so many injections are looked at
_TRIED = 2
# an injection is planned from so long before its ignition
_SHORTLY_S = 600.0
# the time of the passage is found by secants, the first and the longest of so many s
_PROBE_S, _FAR_S, _SECANTS = 120.0, 7_200.0, 14
# the perigee is met to this part of its half-width
_MET = 0.02
#: a flight that comes back lower ends above the entry interface
ENTRY_M = 125e3


class HomewardPlanner(MoonPlanner):
    """Chooses the burns of a step whose way comes back.

    back   the state at the perigee that the last burn leads back to
    """

    def __init__(
        self,
        step: ToMoon,
        given: Handover,
        mission: AnyMission,
        world: World,
        watch: Watch = SILENT,
    ) -> None:
        super().__init__(step, given, mission, world, watch)
        assert step.perigee_m is not None
        self.perigee_m = EARTH_EQUATORIAL_RADIUS_M + step.perigee_m[0]
        self.near_m = _MET * step.perigee_m[1]
        # the perigee is that of the path in vacuum
        self.vacuum = self.dynamics.without(Drag)
        self.passage = self.orbit
        if step.pass_m is not None:
            low = _GROUND_M + step.pass_m
            self.passage = replace(self.orbit, perilune_m=low, apolune_m=low)
        self.back: State | None = None
        self.met_m = math.nan

    def _injection(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        best: tuple[float, WayBurn, Wanted] | None = None
        why: list[str] = []
        for chance in self._returning(given.state)[:_TRIED]:
            stop_if_cancelled(self.watch)
            one = self._closer(given, chance)

            try:
                burn = self._injected(one)
            except (InfeasibleError, SolverError) as e:
                why.append(str(e))
                continue
            if best is None or burn.delta_v_m_s < best[0]:
                wanted = Wanted(self.orbit, chance.passing, burn.led.perilune.epoch, timed=False)
                best = (burn.delta_v_m_s, burn, wanted)
        if best is None:
            told = "; ".join(dict.fromkeys(why)) or (
                f"the Moon does not cross the orbit's plane within {self.step.within_s / _DAY_S:g}"
                " days; write a longer within"
            )
            raise InfeasibleError(f"{self.step.name!r}: no injection comes back: {told}")
        self._looked_back(best[1])
        return self._sent(given, best[1], best[2])

    def _returning(self, state: State) -> list[Opportunity]:
        """Injections from the orbit whose time of flight is about that of a free return."""
        rough = self._near(state, _FLIGHT_S)
        out: list[Opportunity] = []
        for one in rough:
            if len(out) >= _TRIED:
                break
            leaves = one.before.epoch + one.after_s
            try:
                lasts = self._free_flight(one, leaves)
            except InfeasibleError:
                continue
            # the plane holds the Moon at another time then
            nearest = sorted(
                self._near(state, lasts),
                key=lambda o, leaves=leaves: abs(o.before.epoch + o.after_s - leaves),  # type: ignore[misc]
            )
            out += [o for o in nearest if o.passing == one.passing][:1]
        return out

    def _injected(self, one: Opportunity) -> WayBurn:
        """In vacuum; then once more with what the air does to that burn, which hardly depends on
        its numbers."""
        push: Array | None = None

        def burn_at(arrival: Epoch) -> WayBurn:
            wanted = Wanted(self.passage, one.passing, arrival)
            return injected(
                one.before, one.after_s, one.speed_m_s, wanted, self.vacuum, self.world,
                self.engine, push,
            )  # fmt: skip

        burn = self._coming_back(burn_at, one.arrival)
        if self.vacuum == self.dynamics:
            return burn
        both = (self.vacuum, self.dynamics)
        push = unlike(one.before, burn, both, self.world, self.engine)
        return self._coming_back(burn_at, burn.led.perilune.epoch)

    def _closer(self, given: Handover, chance: Opportunity) -> Opportunity:
        """The chance seen from shortly before its ignition, up to which there is air."""
        lasts = self._lasts(given.state.mass_kg, chance.speed_m_s)
        ahead = chance.after_s - lasts - _SHORTLY_S
        if ahead <= 0.0:
            return chance
        before = propagate(
            chance.before, self.dynamics, ahead, world=self.world, dense=False
        ).end  # fmt: skip
        return replace(chance, before=before, after_s=chance.after_s - ahead)

    def _near(self, state: State, flight_s: float) -> list[Opportunity]:
        return opportunities(
            state, self.passage, self._passings(), flight_s, self.step.within_s, self.dynamics,
            self.world, self.watch,
        )  # fmt: skip

    def _free_flight(self, one: Opportunity, leaves: Epoch) -> float:
        """Time of flight of the free return that leaves then from such an orbit."""
        r, v = one.before.r_m, one.before.v_m_s
        tod = np.asarray(self.world.orientation.tod_from_gcrf(leaves).matrix)
        h = tod @ np.cross(r, v)
        i = math.acos(float(h[2]) / float(np.linalg.norm(h)))
        moon = tod @ self.world.ephemeris.position_m("moon", one.arrival)
        rises = float(np.cross(h, moon)[2])
        going: Going = "northbound" if rises > 0.0 else "southbound"
        low = float(np.linalg.norm(r))
        asked = TranslunarProblem(low, (i, i), leaves, leaves, self.passage)
        cell = Cell(leaves, _FLIGHT_S, going, one.passing)
        return free_return(asked, cell, self.perigee_m, self.vacuum, self.world).way.cell.flight_s

    def _coming_back(self, burn_at: Callable[[Epoch], WayBurn], first: Epoch) -> WayBurn:
        """The burn after whose passage the perigee is as asked: secants on the time of the passage.

        Raises SolverError where it is not met.
        """

        def off(shift_s: float) -> tuple[float, WayBurn]:
            burn = burn_at(first + shift_s)
            radius, _ = perigee_after(burn.led.perilune, self.vacuum, self.world)
            return radius - self.perigee_m, burn

        x, (miss, burn) = 0.0, off(0.0)
        if abs(miss) < self.near_m:
            return burn
        y = _PROBE_S
        for _ in range(_SECANTS):
            stop_if_cancelled(self.watch)
            here, burn = off(y)
            if abs(here) < self.near_m:
                return burn
            step = -here * (y - x) / (here - miss) if here != miss else _FAR_S
            x, miss = y, here
            y += max(-_FAR_S, min(_FAR_S, step))
        raise SolverError(
            f"the perigee of the way back stays {here / 1e3:.1f} km off after {_SECANTS} secants;"
            " nothing is proven"
        )

    def _looked_back(self, burn: WayBurn) -> None:
        radius, self.back = perigee_after(burn.led.perilune, self.vacuum, self.world)
        self.met_m = radius - self.perigee_m
        if self.back is not None:
            when = self.back.epoch.utc(0)
            self.watch.tell("transfer", None, f"{self.step.name}: perigee of the return {when}")

    def _entered(self, state: State) -> Wanted:
        wanted = super()._entered(state)
        return replace(wanted, orbit=self.orbit)

    def _correction(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        if not self.step.around:
            return super()._correction(given)
        assert self.wanted is not None
        passing: Passing = self.wanted.passing

        def burn_at(arrival: Epoch) -> WayBurn:
            wanted = Wanted(self.passage, passing, arrival)
            return corrected(given.state, wanted, self.vacuum, self.world, self.engine)

        burn = self._coming_back(burn_at, self.wanted.arrival)
        self._looked_back(burn)
        self.wanted = replace(self.wanted, arrival=burn.led.perilune.epoch)
        if burn.delta_v_m_s < NOTHING_M_S:
            return ()
        self._suffices(given, burn.delta_v_m_s)
        number = len(self.step.corrections_s) - len(self.corrections)
        self._count(f"correction {number}", burn.delta_v_m_s)
        name = f"{self.step.name}, correction {number}"
        return self._own(steps_of(burn, given.state.epoch, name))

    def _capture(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        if not self.step.around:
            return super()._capture(given)
        assert self.step.perigee_m is not None
        home = Until("periapsis", body="earth")
        if self.step.perigee_m[0] < ENTRY_M + self.step.perigee_m[1]:
            home = Until("altitude", ENTRY_M, body="earth")
        return self._own((Coast(until=Until("periapsis", body="moon")), Coast(until=home)))

    def told(self, last: Leg) -> Leg:
        """As of any step to the Moon, with the perigee that the way comes back to."""
        if not self.step.around:
            out = super().told(last)
            more = {"free return perigee (m)": self.met_m}
            return replace(out, solve=replace(out.solve, residuals={**out.solve.residuals, **more}))
        burns = ", ".join(f"{name} {dv:.1f} m/s" for name, dv in self.spent)
        solve = replace(
            last.solve,
            method=f"{last.solve.method}; {self.step.name} led past the Moon and back: {burns}",
            residuals={**last.solve.residuals, "planned perigee (m)": self.met_m},
            budget={
                **last.solve.budget,
                "delta_v_m_s": sum(dv for _, dv in self.spent),
            },
        )
        return replace(last, solve=solve)

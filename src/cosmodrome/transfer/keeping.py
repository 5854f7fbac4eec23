"""Keeping the height of a low orbit: what the air takes is made up by pairs of burns.

The natural flight ahead, in full dynamics, says when the mean semi-major axis nears the lower edge
of its band; two burns along the motion, half a revolution apart, lift it to the upper one and leave
the e vector where it was.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.dynamics.coasting import FLOOR_M
from cosmodrome.dynamics.mean import by_revolution
from cosmodrome.errors import InfeasibleError
from cosmodrome.mission.nouns import Coast, Manoeuvre
from cosmodrome.physics.orbit_averages import air_rates
from cosmodrome.record.upkeep import UpkeepRecord
from cosmodrome.targets.lifetime import Surroundings, mean_orbit
from cosmodrome.transfer.burn import engine_of
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M, OMEGA_EARTH_RAD_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import AnyMission, StationKeep
    from cosmodrome.record.nouns import Handover
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["AltitudePlanner", "Keeper"]

_RE = EARTH_EQUATORIAL_RADIUS_M
_DAY, _YEAR = 86_400.0, 365.25 * 86_400.0
#: of the half-width of a band, what is left between a turning point and its edge
GUARD = 0.1
#: a flight ahead is no longer; a step is never shorter
_AHEAD_S = 40.0 * _DAY
_SOON_S = 60.0


class Keeper:
    """What the planners of every band share: the clock, the tank, the account."""

    def __init__(
        self,
        step: StationKeep,
        given: Handover,
        mission: AnyMission,
        world: World,
        watch: Watch = SILENT,
    ) -> None:
        self.step, self.mission, self.world, self.watch = step, mission, world, watch
        self.begun = given.state
        self.craft = mission.spacecraft
        self.engine = engine_of(self.craft)
        self.mu = world.gravity().mu_m3_s2
        self.dynamics = Dynamics.of(mission.physics, self.craft, mission.space_weather)
        self.notes: list[str] = []
        self.burns = 0
        self.delta_v = 0.0

    def left_s(self, state: State) -> float:
        """What is left of the time asked, s; nothing of less than a nanosecond's rounding."""
        left = self.step.duration_s - (state.epoch - self.begun.epoch)
        return left if left > 1e-6 else 0.0

    def lasts(self, mass_kg: float, delta_v: float) -> float:
        """How long a burn of so much takes, s."""
        return self.engine.burnt_kg(mass_kg, delta_v) / self.engine.flow_kg_s

    def burn(self, given: Handover, delta_v: float, along: tuple[float, float, float]) -> Manoeuvre:
        """The next burn, on the account."""
        self.burns += 1
        self.delta_v += delta_v
        return Manoeuvre(
            along,
            delta_v_m_s=delta_v,
            name=f"{self.step.name} burn {self.burns}",
            part_of=self.step.name,
        )

    def affords(self, given: Handover, delta_v: float) -> None:
        """Raises InfeasibleError where the tank runs dry with the next burns."""
        held = given.propellant_kg.get(self.craft.id, 0.0)
        mass = given.state.mass_kg
        day = (given.state.epoch - self.begun.epoch) / _DAY
        taken = self.engine.burnt_kg(mass, delta_v)
        if taken > held:
            rate = (self.delta_v + delta_v) / max(day, 1e-3) * 365.25
            able = self.engine.delta_v_m_s(mass, held)
            rest = max(self.step.duration_s / _DAY - day, 0.0)
            need = self.engine.burnt_kg(mass, delta_v + rate / 365.25 * rest)
            raise InfeasibleError(
                f"{self.step.name!r}: the propellant runs out on day {day:.1f} of"
                f" {self.step.duration_s / _DAY:g}: after burn {self.burns} come"
                f" {delta_v:.2f} m/s, {taken:.2f} kg, and {held:.2f} kg are left, good for"
                f" {able:.2f} m/s. At {rate:.1f} m/s a year the rest takes about {need:.1f} kg:"
                f" {need - held:.1f} kg are short. Load more, or ask for a"
                " shorter time or a wider band"
            )

    def coast(self, duration_s: float) -> Coast:
        return Coast(duration_s=duration_s, part_of=self.step.name)

    def told(self, given: Handover) -> UpkeepRecord:
        """What it came to."""
        return UpkeepRecord(
            self.step.name,
            "station-keep",
            self.begun.epoch,
            given.state.epoch,
            self.burns,
            self.delta_v,
            self.begun.mass_kg - given.state.mass_kg,
            notes=tuple(self.notes),
        )


class AltitudePlanner(Keeper):
    """Mean semi-major axis in a band, made up against the air."""

    def __init__(
        self,
        step: StationKeep,
        given: Handover,
        mission: AnyMission,
        world: World,
        watch: Watch = SILENT,
    ) -> None:
        super().__init__(step, given, mission, world, watch)
        assert step.altitude is not None
        middle, self.half = step.altitude
        self.middle_m = _RE + middle
        # where the mean a was read first and last: seconds from the start, m
        self.first: tuple[float, float] | None = None
        self.last = (0.0, math.nan)

    def next(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """A coast and, where the band's lower edge is near, a pair of burns.

        Raises InfeasibleError for a start outside the band, a band too narrow, an empty tank.
        """
        stop_if_cancelled(self.watch)
        state, left = given.state, self.left_s(given.state)
        if left == 0.0:
            return ()
        look = min(left, self._wait(state))
        t, a = self._ahead(state, look)
        if not len(t):
            return (self.coast(left),)
        trend = np.polyfit(t, a, 1) if len(t) > 2 else np.array([0.0, a[0]])
        day = t < t[0] + _DAY
        near = np.polyval(np.polyfit(t[day], a[day], 1), t[day]) if day.sum() > 2 else a[day]
        wobble = float(np.abs(a[day] - near).max())
        smooth = float(near[0])
        gone = state.epoch - self.begun.epoch
        if self.first is None:
            self.first = (gone + float(t[0]), smooth)
            self._begins(smooth, wobble, trend[0])
        low = self.middle_m - (1.0 - GUARD) * self.half
        below = np.flatnonzero(a < low)
        period = 2.0 * math.pi * math.sqrt(smooth**3 / self.mu)
        if not len(below) or t[below[0]] + period > left:
            self.last = (gone + float(t[-1]), float(np.polyval(trend, t[-1])))
            return (self.coast(look),)
        here = float(np.interp(t[below[0]], t, a))
        aim = self.middle_m + (1.0 - GUARD) * self.half - wobble
        speed = math.sqrt(self.mu / smooth)
        # vis-viva: da = 2 a dv / v, half of it by each burn
        size = 0.25 * speed * (aim - here) / smooth
        lasts = self.lasts(state.mass_kg, size)
        wait = max(t[below[0]] - 0.5 * period - 0.5 * lasts, _SOON_S)
        if lasts > 0.2 * period:
            raise InfeasibleError(
                f"{self.step.name!r}: a burn of {size:.2f} m/s lasts {lasts / 60:.0f} min at"
                f" {self.engine.thrust_n:g} N, more than a fifth of a revolution; ask for a"
                " narrower band, or a stronger engine"
            )
        forward = (1.0, 0.0, 0.0)
        self.affords(given, 2.0 * size)
        return (
            self.coast(wait),
            self.burn(given, size, forward),
            self.coast(0.5 * period - lasts),
            self.burn(given, size, forward),
        )

    def told(self, given: Handover) -> UpkeepRecord:
        """What it came to, and what the air alone took."""
        if self.first is not None and self.last[0] > self.first[0]:
            (begun, first), (ended, last) = self.first, self.last
            gained = 0.5 * math.sqrt(self.mu / self.middle_m) * (last - first) / self.middle_m
            self.notes.append(
                f"mean altitude from {(first - _RE) / 1e3:.3f} to {(last - _RE) / 1e3:.3f} km; the"
                f" air took {(self.delta_v - gained) * _YEAR / (ended - begun):.2f} m/s a year"
            )
        return super().told(given)

    def _begins(self, smooth: float, wobble: float, slope: float) -> None:
        off = smooth - self.middle_m
        if abs(off) > self.half:
            dv = 0.5 * math.sqrt(self.mu / smooth) * abs(off) / smooth
            raise InfeasibleError(
                f"{self.step.name!r} begins at a mean altitude of {(smooth - _RE) / 1e3:.3f} km,"
                f" {abs(off) / 1e3:.3f} km {'above' if off > 0 else 'below'} the"
                f" {(self.middle_m - _RE) / 1e3:g} km +- {self.half / 1e3:g} km asked, {dv:.2f} m/s"
                " away; write a transfer or a target step before it, or another altitude"
            )
        if 2.0 * wobble > self.half:
            raise InfeasibleError(
                f"{self.step.name!r}: a band of +- {self.half:.0f} m is too narrow: the mean of a"
                f" revolution moves by +- {wobble:.0f} m within a day by the Earth's turning field;"
                f" write +- {2.5 * wobble / 1e3:.2f} km or more"
            )
        if slope > 0.0:
            self.notes.append("nothing lowers the orbit over the time looked at")

    def _wait(self, state: State) -> float:
        """How far to look: a little past the time the air takes from edge to edge."""
        orbit = mean_orbit(state, self.world)
        around = Surroundings(
            state.epoch,
            state.mass_kg,
            self.craft,
            self.mission.physics,
            self.mission.space_weather,
            self.world,
        )
        if around.ballistic == 0.0:
            return _AHEAD_S
        falls = -air_rates(
            orbit,
            lambda r: around.density(0.0, r),
            around.ballistic,
            OMEGA_EARTH_RAD_S,
            around.field,
        ).a_m
        room = max(orbit.a_m - (self.middle_m - self.half), 0.2 * self.half)
        return min(1.5 * room / max(falls, 1e-9) + _DAY, _AHEAD_S)

    def _ahead(self, state: State, span_s: float) -> tuple[Array, Array]:
        """Seconds from now, and the mean semi-major axis of each revolution, without burns."""
        flown = propagate(
            state,
            self.dynamics,
            span_s,
            ("nodes",),
            world=self.world,
            floor_m=FLOOR_M,
            watch=self.watch,
        )
        nodes = np.array([e.t_s for e in flown.events if e.kind == "ascending node"])
        if len(nodes) < 2:
            return np.empty(0), np.empty(0)
        turns = by_revolution(flown.trajectory, self.world.orientation, self.mu, nodes)
        return turns.t_s, turns.a_m

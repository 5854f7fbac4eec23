"""Every instant at which a landing could come after an arrival, weighed by plane, light and day."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InfeasibleError
from cosmodrome.record.arrivals import ArrivalLooked
from cosmodrome.transfer.translunar.geometry import MU_MOON
from cosmodrome.transfer.translunar.site_planes import Planes
from cosmodrome.world.daylight import sun_over

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.transfer.translunar.landfall import Landfall
    from cosmodrome.transfer.translunar.nouns import LunarOrbit, Passing
    from cosmodrome.transfer.translunar.plane_turns import Turns
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

__all__ = ["Plane", "Weighed"]

# instants looked at, s apart
_STEP_S = 900.0
# a pass comes when it comes: light and window are to hold so much of a revolution before and after
_ASIDE = 0.6
# the plane is flown so often: how it turns depends on it a little
_FLOWN = 3
# of two planes alike to a degree the one with the Moon's turning
_AGAINST_RAD = math.radians(1.0)
_DAY_S = 86_400.0
_PASSINGS: tuple[Passing, Passing] = ("south", "north")


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """The arrival that a landing asks for.

    touchdown  about when the site lies in the plane
    orbit      the one that was asked for, its inclination told
    passing    on which side of the equator it is entered
    sun_rad    elevation of the Sun over the site then, above the edge it is counted from
    place      (3,) where the site would stand then if the plane did not turn until then, GCRF axes
    turned_rad inclination that an insertion has to turn it to; None: it is not turned
    dearer_m_s what turning it takes more
    """

    touchdown: Epoch
    orbit: LunarOrbit
    passing: Passing
    sun_rad: float
    place: Array
    turned_rad: float | None = None
    dearer_m_s: float = 0.0

    @property
    def final_rad(self) -> float:
        """Inclination of the orbit that it ends in."""
        i = self.orbit.inclination_rad if self.turned_rad is None else self.turned_rad
        assert i is not None
        return i

    def turn_rad(self, perilune: State) -> float:
        """Angle by which an insertion at a perilune turns the plane to the place, towards r x v."""
        if self.turned_rad is None:
            return 0.0
        p = perilune.r_m / np.linalg.norm(perilune.r_m)
        n = np.cross(perilune.r_m, perilune.v_m_s)
        n = n / np.linalg.norm(n)
        wanted = np.cross(p, self.place)
        wanted = wanted * math.copysign(1.0, float(wanted @ n))
        return math.atan2(float(np.cross(n, wanted) @ p), float(n @ wanted))


class Weighed:
    """Every instant at which a landing could come after an arrival, by the plane it asks for."""

    def __init__(
        self, landfall: Landfall, perilune: State, orbit: LunarOrbit, world: World
    ) -> None:
        self.landfall, self.orbit = landfall, orbit
        self.arrives = perilune.epoch
        land = landfall.land
        period = 2.0 * math.pi * math.sqrt(orbit.semi_major_axis_m**3 / MU_MOON)
        first = max(land.after_s, period)
        last = land.within_s
        if land.window is not None:
            # what comes after it is of no use
            last = min(last, land.window[1] - self.arrives + period)
        self.aside = math.ceil(_ASIDE * period / _STEP_S)
        self.t = np.arange(first, max(last, first + 2.0 * period), _STEP_S)
        self.sun = sun_over(
            world, land.latitude_rad, land.longitude_rad, self.arrives, self.t, edge=landfall.edge
        )
        self.turned: tuple[int, Plane] | None = None
        self.planes = planes = Planes(
            perilune, orbit, (land.latitude_rad, land.longitude_rad), self.t, world
        )
        for _ in range(_FLOWN):
            self.inclination, self.south = planes.inclination, planes.south
            for sense in range(2):
                # whether a plane is allowed is known when it has been flown
                found = self._best((sense,), allowed=False)
                if found is not None:
                    planes.fly(*found)
        self.inclination, self.south = planes.inclination, planes.south

    def plane(self) -> Plane:
        """The arrival to aim at. Raises InfeasibleError where none serves, with what is in the
        way."""
        best = self._best((0, 1), allowed=True)
        if best is None:
            return self._turned()
        k, j = best
        return Plane(
            self.arrives + float(self.t[j]),
            replace(self.orbit, inclination_rad=float(self.inclination[k, j])),
            _PASSINGS[0 if self.south[k, j] else 1],
            float(self.sun.height_rad[j]),
            self.planes.place[j],
        )

    def _turned(self) -> Plane:
        """An arrival that the insertion turns into an allowed plane. Raises InfeasibleError."""
        if self.turned is None:
            when = next((w for w in self._served() if np.any(w)), self._served()[1])
            price, found, j = self._cheapest(when)
            for _ in range(_FLOWN):
                if not price <= self.landfall.turn_m_s:
                    raise InfeasibleError(self._in_the_way())
                # how it turns until then depends on the plane
                self.planes.fly_turned(found.before[j], found.after[j], j)
                price, found, j = self._cheapest(when)
            arrival_n, n = found.before[j], found.after[j]
            incl = [math.acos(float(x @ self.planes.pole)) for x in (arrival_n, n)]
            self.turned = j, Plane(
                self.arrives + float(self.t[j]),
                replace(self.orbit, inclination_rad=incl[0]),
                _PASSINGS[0 if self.planes.passes_south(arrival_n) else 1],
                float(self.sun.height_rad[j]), self.planes.back[j], incl[1], price,
            )  # fmt: skip
        return self.turned[1]

    def _cheapest(self, when: Flags) -> tuple[float, Turns, int]:
        """The least that a turn into an allowed plane takes at instants, m/s; it, and which."""
        best: tuple[float, Turns, int] | None = None
        for limit in self.landfall.planes_rad:
            found, price = self.planes.turned(limit)
            price = np.where(when, price, math.inf)
            j = int(np.argmin(price))
            if best is None or price[j] < best[0]:
                best = float(price[j]), found, j
        assert best is not None
        return best

    def rows(self, leaves: Epoch, going: str, delta_v_m_s: float) -> tuple[ArrivalLooked, ...]:
        """A touchdown on each day after the arrival, and why it does not serve; the one that is
        taken is marked.

        leaves, going, delta_v_m_s  to be told beside them
        """
        best, plane = self._best((0, 1), allowed=True), None
        if best is None:
            try:
                plane = self._turned()
            except InfeasibleError:
                plane = None
        day = (self.t // _DAY_S).astype(int)
        out = []
        for d in range(int(day[0]), int(day[-1]) + 1):
            (of_it,) = np.nonzero(day == d)
            if plane is not None and self.turned is not None and self.turned[0] in of_it:
                out.append(
                    ArrivalLooked(
                        leaves, self.arrives, going, plane.touchdown, plane.final_rad,
                        plane.passing, plane.sun_rad, delta_v_m_s + plane.dearer_m_s,
                        chosen=True,
                    )
                )  # fmt: skip
                continue
            if best is not None and best[1] in of_it:
                k, j = best
            else:
                j = int(of_it[np.argmin(np.min(self._off()[:, of_it], axis=0))])
                k = int(np.argmin(self._off()[:, j]))
            out.append(
                ArrivalLooked(
                    leaves, self.arrives, going, self.arrives + float(self.t[j]),
                    float(self.inclination[k, j]), _PASSINGS[0 if self.south[k, j] else 1],
                    float(self.sun.height_rad[j]), delta_v_m_s,
                    "" if (k, j) == best else self._why(k, j), (k, j) == best,
                )
            )  # fmt: skip
        return tuple(out)

    def _off(self) -> Array:
        """(2, n) how far the inclination is from the best allowed, rad; of two alike the one with
        the Moon's turning."""
        off = np.abs(self.inclination - 0.5 * sum(self.landfall.planes_rad))
        return np.asarray(off + np.where(self.inclination > 0.5 * math.pi, _AGAINST_RAD, 0.0))

    def _held(self) -> Flags:
        """(2, n) does an allowed plane hold the site?"""
        low, high = self.landfall.planes_rad
        held = (low <= self.inclination) & (self.inclination <= high)
        if self.landfall.passing is not None:
            held &= self.south == (self.landfall.passing == "south")
        return np.asarray(held)

    def _lit(self) -> Flags:
        light = self.landfall.land.light
        return np.ones(self.t.size, bool) if light is None else light.holds(self.sun)

    def _in_time(self) -> Flags:
        land = self.landfall.land
        soon = self.t <= land.within_s
        if land.window is None:
            return np.asarray(soon)
        first, last = (w - self.arrives for w in land.window)
        return np.asarray(soon & (first <= self.t) & (self.t <= last))

    def _served(self) -> tuple[Flags, Flags]:
        """(n,) is it the light and the day: for half a revolution before and after, and then."""
        serves = np.asarray(self._lit() & self._in_time())
        steady = np.convolve(serves, np.ones(2 * self.aside + 1), "same") > 2.0 * self.aside + 0.5
        return np.asarray(steady), serves

    def _best(self, senses: tuple[int, ...], *, allowed: bool) -> tuple[int, int] | None:
        """Sense and instant of the best plane of those senses; None where none serves.

        allowed  must it be one of those allowed?
        """
        for when in self._served():
            able = np.zeros(self.inclination.shape, bool)
            for sense in senses:
                able[sense] = when & self._held()[sense] if allowed else when
            if np.any(able):
                off = np.where(able, self._off(), math.inf)
                k, j = np.unravel_index(int(np.argmin(off)), off.shape)
                return int(k), int(j)
        return None

    def _in_the_way(self) -> str:
        """Why no instant serves, by what is the first to leave none."""
        land, (low, high) = self.landfall.land, self.landfall.planes_rad
        timed, lit = self._in_time(), self._lit()
        arrives = self.arrives.utc(0)
        if not np.any(timed) and land.window is None:
            return (
                f"a landing is wanted within {land.within_s / 3600.0:.1f} h of the arrival, and the"
                f" first may come after {float(self.t[0]) / 3600.0:.1f} h: write a longer within"
            )
        if not np.any(timed):
            return (
                f"after an arrival on {arrives} a landing comes {self._told(self.t[[0, -1]])}, and"
                f" it is wanted {self._span(land.window)}: arrive earlier or later, or change after"
                " and within"
            )
        if not np.any(timed & lit):
            sun = np.degrees(self.sun.height_rad[timed])
            return (
                f"the Sun stands {sun.min():.1f} to {sun.max():.1f} deg over the site"
                f" {self._told(self.t[timed][[0, -1]])}, and {land.light} is asked: wait longer"
                " (within), or ask for less"
            )
        when = timed & lit
        needs = np.degrees(self.inclination[:, when])
        near = needs.ravel()[int(np.argmin(self._off()[:, when]))]
        side = "" if self.landfall.passing is None else f" entered {self.landfall.passing}"
        return (
            f"{self._told(self.t[when][[0, -1]])}, when it is wanted, the orbits{side}"
            f" that hold the site are inclined {needs.min():.1f} to {needs.max():.1f} deg, the best"
            f" {near:.1f} deg, and {math.degrees(low):g} to {math.degrees(high):g} deg are allowed:"
            f" allow more, or ask for other light or another day{self._price(when)}"
        )

    def _price(self, when: Flags) -> str:
        """What it would take to turn into an allowed plane instead."""
        price, found, j = self._cheapest(when)
        if not math.isfinite(price):
            return ""
        return (
            f". An insertion that turns the plane by {math.degrees(found.angle_rad[j]):.1f} deg"
            f" takes {price:.0f} m/s more; {self.landfall.turn_m_s:.0f} m/s are allowed (turn)"
        )

    def _why(self, k: int, j: int) -> str:
        """Why an instant was not taken."""
        whys = []
        if not self._held()[k, j]:
            whys.append("no plane allowed")
        if not self._lit()[j]:
            whys.append("not in the light asked")
        if not self._in_time()[j]:
            whys.append("outside the window")
        return "; ".join(whys) or "serves; farther from the middle of the planes"

    def _told(self, ends: Array) -> str:
        first, last = (self.arrives + float(t) for t in ends)
        return self._span((first, last))

    @staticmethod
    def _span(window: tuple[Epoch, Epoch] | None) -> str:
        assert window is not None
        return f"between {window[0].utc(0)} and {window[1].utc(0)}"

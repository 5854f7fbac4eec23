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


@dataclass(frozen=True, slots=True)
class Plane:
    """The arrival that a landing asks for.

    touchdown  about when the site lies in the plane
    orbit      the one that was asked for, its inclination told
    passing    on which side of the equator it is entered
    sun_rad    elevation of the Sun over the site then, above the edge it is counted from
    """

    touchdown: Epoch
    orbit: LunarOrbit
    passing: Passing
    sun_rad: float


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
        k, j = self._chosen()
        return Plane(
            self.arrives + float(self.t[j]),
            replace(self.orbit, inclination_rad=float(self.inclination[k, j])),
            _PASSINGS[0 if self.south[k, j] else 1],
            float(self.sun.height_rad[j]),
        )

    def rows(self, leaves: Epoch, going: str, delta_v_m_s: float) -> tuple[ArrivalLooked, ...]:
        """A touchdown on each day after the arrival, and why it does not serve; the one that is
        taken is marked.

        leaves, going, delta_v_m_s  to be told beside them
        """
        try:
            best: tuple[int, int] | None = self._chosen()
        except InfeasibleError:
            best = None
        day = (self.t // _DAY_S).astype(int)
        out = []
        for d in range(int(day[0]), int(day[-1]) + 1):
            (of_it,) = np.nonzero(day == d)
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

    def _best(self, senses: tuple[int, ...], *, allowed: bool) -> tuple[int, int] | None:
        """Sense and instant of the best plane of those senses; None where none serves.

        allowed  must it be one of those allowed?
        """
        serves = self._lit() & self._in_time()
        steady = np.convolve(serves, np.ones(2 * self.aside + 1), "same") > 2.0 * self.aside + 0.5
        for when in (steady, serves):
            able = np.zeros(self.inclination.shape, bool)
            for sense in senses:
                able[sense] = when & self._held()[sense] if allowed else when
            if np.any(able):
                off = np.where(able, self._off(), math.inf)
                k, j = np.unravel_index(int(np.argmin(off)), off.shape)
                return int(k), int(j)
        return None

    def _chosen(self) -> tuple[int, int]:
        """Sense and instant. Raises InfeasibleError."""
        best = self._best((0, 1), allowed=True)
        if best is None:
            raise InfeasibleError(self._in_the_way())
        return best

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
            f"{self._told(self.t[when][[0, -1]])}, when the light is as asked, the orbits{side}"
            f" that hold the site are inclined {needs.min():.1f} to {needs.max():.1f} deg, the best"
            f" {near:.1f} deg, and {math.degrees(low):g} to {math.degrees(high):g} deg are allowed:"
            f" allow more, or ask for other light or another day{self._price(when)}"
        )

    def _price(self, when: Flags) -> str:
        """What it would take to turn into the allowed plane instead."""
        found = [
            (float(np.min(price[when])), float(angle[when][np.argmin(price[when])]))
            for angle, price in map(self.planes.turn, self.landfall.planes_rad)
        ]
        cost, angle = min(found)
        if not math.isfinite(cost):
            return ""
        return (
            f". An insertion that turns the plane by {math.degrees(angle):.1f} deg would do for"
            f" {cost:.0f} m/s more, but none is flown"
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

"""The plane of an arrival for the sake of the landing after it: the site in it, in the light asked.

The plane about the Moon holds the incoming asymptote S and may be turned about it for nothing. At
an instant t the site stands along P(t); the plane S x P holds both, and tells the inclination.
In the time until then the node turns by the Moon's oblateness (secular, zonals of the field), so P
is turned back by as much first. The path passes where B = S x n points: south where B.R > 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.maths.vectors import cross
from cosmodrome.mission.steps import Land, ToMoon
from cosmodrome.physics.mean_orbits import node_rate
from cosmodrome.record.arrivals import ArrivalLooked
from cosmodrome.transfer.translunar.correct import lunar_axes
from cosmodrome.transfer.translunar.geometry import MU_MOON, arrival
from cosmodrome.world.body_orientation import fixed_from_gcrf_many
from cosmodrome.world.daylight import sun_over
from cosmodrome.world.geodesy import enu_axes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.mission.steps import Step
    from cosmodrome.transfer.translunar.nouns import LunarOrbit, Passing
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.skylines import Skyline
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

__all__ = [
    "Landfall",
    "Plane",
    "Weighed",
    "chosen_in_words",
    "flights_of",
    "landing_after",
    "nearest",
    "one_a_departure",
    "taken",
]

# instants looked at, s apart
_STEP_S = 900.0
# a pass comes when it comes: light and window are to hold so much of a revolution before and after
_ASIDE = 0.6
_TURNS, _ALIKE = 4, 1e-4
_DAY_S = 86_400.0
# times of flight, s apart; departures closer than this are one
_APART_S, _SAME_S = 6.0 * 3600.0, 1.0
_ANOTHER = "serves; another departure was taken"
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


@dataclass(frozen=True, slots=True, eq=False)
class Landfall:
    """A landing that is to be made ready by the arrival.

    land        where, when and in what light
    planes_rad  (lowest, highest) inclination allowed; the one nearest to their middle is taken
    passing     None: either side
    edge        of the ground around the site, where elevations of the Sun are counted from it
    """

    land: Land
    planes_rad: tuple[float, float]
    passing: Passing | None = None
    edge: Skyline | None = None

    @classmethod
    def of(cls, step: ToMoon, plan: Sequence[Step]) -> Landfall | None:
        """What a step of a plan leaves to the landing after it; None where it leaves nothing."""
        if step.planes_rad is None:
            return None
        land = landing_after(step, plan)
        if land is None:
            raise InputError(
                f"{step.name!r} leaves the inclination to a landing, and none follows in the plan:"
                " add - landing: {site: {lat: -69.545 deg, lon: 43.544 deg}}, or write the"
                " inclination"
            )
        light = land.light
        edge = None if light is None else light.edge("moon", land.latitude_rad, land.longitude_rad)
        return cls(land, step.planes_rad, step.passing, edge)

    def first_guess(self, orbit: LunarOrbit) -> LunarOrbit:
        """The orbit with the inclination that is best where nothing is known yet."""
        return replace(orbit, inclination_rad=0.5 * sum(self.planes_rad))

    def weigh(self, perilune: State, orbit: LunarOrbit, world: World) -> Weighed:
        """Every instant at which the landing could come after an arrival.

        perilune  of a path that arrives nearby: its asymptote is what counts
        """
        return Weighed(self, perilune, orbit, world)


def landing_after(step: ToMoon, plan: Sequence[Step]) -> Land | None:
    """The landing that follows a step in a plan; None where none does."""
    later = plan[plan.index(step) + 1 :] if step in plan else ()
    return next((s for s in later if isinstance(s, Land)), None)


def flights_of(step: ToMoon) -> tuple[float, ...]:
    """Times of flight to be looked at, s: the one that is asked for, then its neighbours within
    the limits, the nearest first."""
    if step.flights_s is None:
        return (step.flight_s,)
    low, high = step.flights_s
    between = np.linspace(low, high, 1 + math.ceil((high - low) / _APART_S))
    apart = np.abs(between - step.flight_s)
    rest = between[np.argsort(apart, kind="stable")].tolist()
    return (step.flight_s, *(t for t in rest if t != step.flight_s))


def taken(rows: Sequence[ArrivalLooked], leaves: Epoch, going: str) -> list[ArrivalLooked]:
    """Rows of several departures, of which one was taken: those marked of others say so."""

    def told(row: ArrivalLooked) -> ArrivalLooked:
        if not row.chosen or (abs(row.leaves - leaves) < _SAME_S and row.going == going):
            return row
        return replace(row, chosen=False, why=_ANOTHER)

    return [told(row) for row in rows]


def one_a_departure(
    rows: Sequence[ArrivalLooked], arrives: Epoch, going: str
) -> tuple[ArrivalLooked, ...]:
    """Of each departure that was not taken the row that serves, or the one with the least against
    it.

    arrives, going  of the one that was taken, to an hour
    """
    kept: dict[tuple[str, str, str], ArrivalLooked] = {}
    for row in rows:
        if abs(row.arrives - arrives) < 3_600.0 and row.going == going:
            continue
        key = (row.leaves.utc(0)[:10], row.arrives.utc(0)[:13], row.going)
        best = kept.get(key)
        if best is None or (row.chosen, -row.why.count(";")) > (best.chosen, -best.why.count(";")):
            kept[key] = row
    return tuple(
        replace(row, chosen=False, why=_ANOTHER) if row.chosen else row for row in kept.values()
    )


def nearest(rows: Sequence[ArrivalLooked]) -> str:
    """Of rows that all do not serve, the one with the least against it, in words."""
    row = min(rows, key=lambda r: r.why.count(";"))
    return f"{_in_words(row)}: {row.why}"


def chosen_in_words(row: ArrivalLooked) -> str:
    """What was chosen for the landing."""
    return f"its plane chosen for a {_in_words(row)}"


def _in_words(row: ArrivalLooked) -> str:
    return (
        f"touchdown about {row.touchdown.utc(0)}, inclined"
        f" {math.degrees(row.inclination_rad):.2f} deg, entered {row.passing} of the Moon, the Sun"
        f" {math.degrees(row.sun_rad):.1f} deg high"
    )


class Weighed:
    """Every instant at which a landing could come after an arrival, by the plane it asks for."""

    def __init__(
        self, landfall: Landfall, perilune: State, orbit: LunarOrbit, world: World
    ) -> None:
        self.landfall, self.orbit = landfall, orbit
        self.arrives = perilune.epoch
        land = landfall.land
        pole = lunar_axes(perilune.epoch, world)[2]
        there = arrival(np.concatenate([perilune.r_m, perilune.v_m_s])[None], pole)
        self.period = 2.0 * math.pi * math.sqrt(orbit.semi_major_axis_m**3 / MU_MOON)
        first = max(land.after_s, self.period)
        self.t = np.arange(first, max(land.within_s, first + 2.0 * _STEP_S), _STEP_S)
        turn = fixed_from_gcrf_many(world, "moon", "moon-me", self.arrives, self.t).matrix
        up = enu_axes(land.latitude_rad, land.longitude_rad)[2]
        place = np.einsum("nji,j->ni", turn, up)
        a, b = orbit.perilune_m, orbit.apolune_m
        field = world.gravity("moon", degree=20)
        rate = node_rate(0.5 * (a + b), (b - a) / (a + b), 0.25 * math.pi, field)
        # of the cosine of the inclination; higher zonals are nothing here
        pace = rate / math.cos(0.25 * math.pi)
        both = [_planes(there.s[0], place, pole, pace * self.t, sense) for sense in (1.0, -1.0)]
        self.inclination = np.stack([i for i, _ in both])
        self.south = np.stack([cross(np.broadcast_to(there.s, n.shape), n) @ there.r[0] > 0.0
                               for _, n in both])  # fmt: skip
        self.sun = sun_over(
            world, land.latitude_rad, land.longitude_rad, self.arrives, self.t, edge=landfall.edge
        )

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
        return np.asarray(off + _ALIKE * self.inclination)

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
        window = self.landfall.land.window
        if window is None:
            return np.ones(self.t.size, bool)
        first, last = (w - self.arrives for w in window)
        return np.asarray((first <= self.t) & (self.t <= last))

    def _chosen(self) -> tuple[int, int]:
        """Sense and instant. Raises InfeasibleError."""
        serves = self._lit() & self._in_time()
        aside = math.ceil(_ASIDE * self.period / _STEP_S)
        steady = np.convolve(serves, np.ones(2 * aside + 1), "same") > 2.0 * aside + 0.5
        for when in (steady, serves):
            able = self._held() & when
            if np.any(able):
                off = np.where(able, self._off(), math.inf)
                k, j = np.unravel_index(int(np.argmin(off)), off.shape)
                return int(k), int(j)
        raise InfeasibleError(self._in_the_way())

    def _in_the_way(self) -> str:
        """Why no instant serves, by what is the first to leave none."""
        land, (low, high) = self.landfall.land, self.landfall.planes_rad
        timed, lit = self._in_time(), self._lit()
        arrives = self.arrives.utc(0)
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
            f" that hold the site are inclined {needs.min():.1f} to {needs.max():.1f} deg, the nearest"
            f" {near:.1f} deg, and {math.degrees(low):g} to {math.degrees(high):g} deg are allowed:"
            " allow more, or ask for other light or another day"
        )

    def _why(self, k: int, j: int) -> str:
        """Why an instant was not taken."""
        whys = []
        low, high = (math.degrees(x) for x in self.landfall.planes_rad)
        if not self._held()[k, j]:
            whys.append(f"not {low:g} to {high:g} deg, or the other passing")
        if not self._lit()[j]:
            whys.append(f"the Sun not {self.landfall.land.light}")
        if not self._in_time()[j]:
            whys.append("outside the window")
        return "; ".join(whys) or "farther from the middle of the inclinations allowed"

    def _told(self, ends: Array) -> str:
        first, last = (self.arrives + float(t) for t in ends)
        return self._span((first, last))

    @staticmethod
    def _span(window: tuple[Epoch, Epoch] | None) -> str:
        assert window is not None
        return f"between {window[0].utc(0)} and {window[1].utc(0)}"


def _planes(s: Array, place: Array, pole: Array, angle: Array, sense: float) -> tuple[Array, Array]:
    """(n,) inclinations of the planes through an asymptote that hold places (n, 3) later, and
    their normals (n, 3) at the arrival.

    angle  (n,) by which the node turns until then for each unit of cos i
    """
    before = place
    for _ in range(_TURNS):
        n = sense * cross(np.broadcast_to(s, before.shape), before)
        n = n / np.linalg.norm(n, axis=1)[:, None]
        cos_i = n @ pole
        turned = -angle * cos_i
        c, d = np.cos(turned)[:, None], np.sin(turned)[:, None]
        across = cross(np.broadcast_to(pole, place.shape), place)
        before = place * c + across * d + np.outer((place @ pole) * (1.0 - c[:, 0]), pole)
    return np.arccos(np.clip(n @ pole, -1.0, 1.0)), n

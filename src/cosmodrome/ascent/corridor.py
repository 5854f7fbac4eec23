"""The corridor of a site as a constraint of the optimal ascent.

A corridor bounds the heading of the Earth-relative velocity where the first stage is dropped,
which is what the flight is judged by. As long as an optimum lies inside of itself the programme
does not know of it; where it does not, one row for each end is added: the horizontal speed times
the sine of the angle inside that end. No angle is unwrapped. What the heading then lacks to the
plane is turned after the drop: a dogleg.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.ascent.heading import direct_heading, first_stage_ends, heading_rad
from cosmodrome.errors import InfeasibleError
from cosmodrome.powered.formulas import Units
from cosmodrome.powered.statement import Waypoint
from cosmodrome.site import headings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from cosmodrome.ascent.optimum import AscentSolution
    from cosmodrome.ascent.programme import Programme
    from cosmodrome.catalog.nouns import Site
    from cosmodrome.maths import Ops, Vector
    from cosmodrome.physics.powered import Planet
    from cosmodrome.powered.statement import Arc, Powered

__all__ = [
    "Course",
    "corridor_prices",
    "course_held",
    "courses",
    "held_in_words",
    "keeps",
    "nearest",
    "refuse_upright",
    "why_off",
]

# the optimiser stays this far inside the ends: polar motion and the height above the ellipsoid
# turn the flown heading by less
_MARGIN_RAD = math.radians(0.01)
# a corridor narrower than this is a single heading
_SINGLE_RAD = 1e-6
_HALF_TURN = math.pi - 1e-9
# below this horizontal speed, m/s, a heading is noise
_UPRIGHT_M_S = 5.0
# rows at the end of the first stage -> the price of the end they keep
_ENDS = ("corridor first", "corridor last")


@dataclass(frozen=True, slots=True)
class Course:
    """A way out of the site: a branch, and the corridor that its heading keeps to.

    number       of the corridor in the site's list
    first_rad, last_rad   relative headings, clockwise, as `site.headings_of`
    direct_rad   relative heading that leads straight into the target plane
    off_rad      how far that lies outside the corridor; zero or below: inside
    """

    northbound: bool
    number: int
    first_rad: float
    last_rad: float
    direct_rad: float
    off_rad: float

    @property
    def width_rad(self) -> float:
        """From the first end to the last, at most a turn."""
        return self.last_rad - self.first_rad

    def inside_rad(self, heading_rad: float) -> float:
        """How far inside the nearer end a heading lies; negative: outside."""
        if self.width_rad >= math.tau:
            return math.pi
        into = (heading_rad - self.first_rad) % math.tau
        if into <= self.width_rad:
            return min(into, self.width_rad - into)
        return -min(into - self.width_rad, math.tau - into)

    def kept_ends(self) -> tuple[bool, bool]:
        """Which ends need a row, first and last.

        Both where the corridor is narrower than half a turn. A wider one is kept by the half-plane
        inside the end next to the direct heading: all of it is in the corridor.
        """
        if self.width_rad >= math.tau:
            return False, False
        if self.width_rad < _HALF_TURN:
            return True, True
        to_first = abs(math.remainder(self.direct_rad - self.first_rad, math.tau))
        to_last = abs(math.remainder(self.direct_rad - self.last_rad, math.tau))
        return to_first <= to_last, to_first > to_last

    def words(self, site: Site) -> str:
        """The corridor as its file has it, and whether it is only estimated."""
        corridor, path = site.corridors[self.number], f"corridors.{self.number}"
        ends = [site.figures.get(f"{path}.{end}_rad") for end in ("first", "last")]
        estimated = any(f is not None and f.status == "estimated" for f in ends)
        return (
            f"{math.degrees(corridor.first_rad):g} .. {math.degrees(corridor.last_rad):g} deg"
            f" ({corridor.kind}{', estimated' if estimated else ''})"
        )


def courses(problem: Programme) -> tuple[Course, ...]:
    """Every branch with every corridor of the site, the nearest to the direct heading first.

    Northbound before southbound where both lie inside; one branch alone where a
    held node chooses. Empty where no corridor is kept.
    """
    mission = problem.mission
    if not mission.keeps_corridor:
        return ()
    out: list[Course] = []
    for north in problem.branches:
        direct, _ = direct_heading(problem, north)
        for number, corridor in enumerate(mission.site.corridors):
            first, last = headings_of(mission.site, corridor)
            course = Course(north, number, first, last, direct % math.tau, 0.0)
            # out of a pad that the plane does not pass over both branches head due east or west
            if not any(c.number == number and c.direct_rad == course.direct_rad for c in out):
                out.append(replace(course, off_rad=max(-course.inside_rad(direct), 0.0)))
    return tuple(sorted(out, key=lambda c: c.off_rad))


def inside_rad(problem: Programme, flight: Powered, course: Course) -> float:
    """How far inside its corridor a flight drops its first stage; inf: it drops none."""
    ends = first_stage_ends((a.phase for a in flight.arcs), problem.vehicle)
    if ends is None:
        return math.inf
    return course.inside_rad(heading_rad(flight.arcs[ends], problem.planet))


def keeps(problem: Programme, flight: Powered, chosen: tuple[Course, ...]) -> bool:
    """Is a flight inside one of these corridors, by more than the rows' own margin?"""
    return not chosen or any(inside_rad(problem, flight, c) >= 0.5 * _MARGIN_RAD for c in chosen)


def nearest(problem: Programme, flight: Powered, options: tuple[Course, ...]) -> Course:
    """The course whose corridor a flight leaves least."""
    return max(options, key=lambda c: inside_rad(problem, flight, c))


def why_off(problem: Programme, course: Course) -> str:
    """What a course asks of an ascent, in words."""
    site = problem.mission.site
    return (
        f"the heading straight into the plane is {math.degrees(course.direct_rad):.1f} deg,"
        f" {math.degrees(course.off_rad):.1f} deg outside the corridor {course.words(site)} of"
        f" {site.name}, and turning on the way is part of the ascent; limits: {{corridor: none}}"
        " flies it straight"
    )


def held_in_words(solution: AscentSolution) -> tuple[str, ...]:
    """What a corridor did to an ascent: one line where it holds the heading, else none."""
    course = solution.held
    if course is None:
        return ()
    off = math.degrees(course.off_rad)
    far = f", {off:.1f} deg off the heading straight into the plane" if off > 0.0 else ""
    return (f"corridor {course.words(solution.site)} holds the heading{far}",)


def course_held(planet: Planet, course: Course, phase: int) -> tuple[Waypoint, ...]:
    """The rows of a course at the end of `phase`."""
    first, last = course.kept_ends()
    if course.width_rad < _SINGLE_RAD:
        middle = course.first_rad + 0.5 * course.width_rad
        single = _row(planet, middle)
        return (
            Waypoint("corridor", phase, single, (0.0,), (0.0,)),
            Waypoint("corridor", phase, _row(planet, middle - 0.5 * math.pi), (0.0,), (1e19,)),
        )
    margin = min(_MARGIN_RAD, 0.25 * course.width_rad)
    rows = []
    if first:
        inner = _row(planet, course.first_rad + margin)
        rows.append(Waypoint(_ENDS[0], phase, inner, (0.0,), (1e19,)))
    if last:
        inner = _row(planet, course.last_rad - margin + math.pi)
        rows.append(Waypoint(_ENDS[1], phase, inner, (0.0,), (1e19,)))
    return tuple(rows)


def _row(planet: Planet, from_rad: float) -> Callable[[Ops, Vector, Vector, Any], Sequence[Any]]:
    """Horizontal speed times the sine of the heading less `from_rad`, canonical units."""
    spin = planet.omega_rad_s * Units.of(planet).time_s
    stretch = 1.0 / (1.0 - planet.flattening) ** 2
    c, s = math.cos(from_rad), math.sin(from_rad)

    def sine(ops: Ops, r: Vector, v: Vector, t: Any) -> Sequence[Any]:
        wx, wy = v[0] + spin * r[1], v[1] - spin * r[0]
        level = ops.sqrt(r[0] * r[0] + r[1] * r[1])
        # up is along (x, y, z / (1 - f)^2), the ellipsoid's normal where it is met
        z = stretch * r[2]
        east = (r[0] * wy - r[1] * wx) / level
        north = level * v[2] - z * (r[0] * wx + r[1] * wy) / level
        return [east * c - north / ops.sqrt(level * level + z * z) * s]

    return sine


def refuse_upright(problem: Programme, flight: Powered) -> None:
    """InfeasibleError where a corridor is kept by flying no heading at all.

    Every heading is allowed to a stack without horizontal speed: so far off, it is best to climb
    straight up until the first stage is gone.
    """
    course = problem.held
    if course is None or inside_rad(problem, flight, course) == math.inf:
        return
    arc = flight.arcs[first_stage_ends((a.phase for a in flight.arcs), problem.vehicle) or 0]
    if _level_speed_m_s(arc, problem.planet) > _UPRIGHT_M_S:
        return
    site = problem.mission.site
    raise InfeasibleError(
        f"inside the corridor {course.words(site)} of {site.name} no heading is worth flying: the"
        f" best ascent climbs straight up until its first stage is gone and carries"
        f" {flight.payload_kg:.0f} kg"
    )


def corridor_prices(
    problem: Programme,
    flight: Powered,
    names: Mapping[str, list[int]],
    multipliers: NDArray[np.float64],
    unit_kg: float,
) -> dict[str, float]:
    """What a degree more at either end of the corridor buys, kg; only of ends that are kept.

    A row reads speed x sine >= 0; turning its end by an angle adds speed x cosine of it.
    """
    ends = first_stage_ends((a.phase for a in flight.arcs), problem.vehicle)
    if ends is None:
        return {}
    per_rad = (
        _level_speed_m_s(flight.arcs[ends], problem.planet)
        / Units.of(problem.planet).speed_m_s
        * unit_kg
    )
    return {
        f"{name.replace(' ', '_')}_kg_per_deg": math.radians(1.0)
        * per_rad
        * -float(sum(multipliers[names[name]]))
        for name in _ENDS
        if name in names
    }


def _level_speed_m_s(arc: Arc, planet: Planet) -> float:
    """Horizontal speed over the turning Earth at the end of an arc."""
    r = arc.r_m[-1]
    relative = arc.v_m_s[-1] - np.cross([0.0, 0.0, planet.omega_rad_s], r)
    up = r / np.array([1.0, 1.0, (1.0 - planet.flattening) ** 2])
    up /= np.linalg.norm(up)
    return float(np.linalg.norm(relative - (relative @ up) * up))

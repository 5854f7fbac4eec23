"""Departures by way of nearer orbits: a ladder of energies, then of directions.

An ascent to a departure is a long way from any guess, and a short way from the ascent to a
slightly slower one. Each rung is solved from the last.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome import ascent
from cosmodrome.ascent.target import asymptote
from cosmodrome.errors import InfeasibleError, InputError, SolverError
from cosmodrome.maths import SCALAR
from cosmodrome.watch import SILENT, Silent

if TYPE_CHECKING:
    from cosmodrome.ascent import AscentSolution
    from cosmodrome.mission import Mission
    from cosmodrome.targets import Insertion
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = ["energies", "solve_by_rungs", "turns"]

# about a transfer orbit to the geostationary height, which is found from nothing; the rungs above
# it are as far apart as a warm start was seen to follow
_FIRST_M2_S2 = -16e6
_RUNG_M2_S2 = 2e6
_TURN_RAD = math.radians(5.0)
# along the plane the coast grows; larger steps follow too, but some then start again from nothing
_ALONG_RAD, _LONGEST_RAD = math.radians(12.0), math.radians(300.0)


def energies(c3_m2_s2: float) -> tuple[float, ...]:
    """C3 of the rungs up to the one wanted, which is the last, m^2/s^2."""
    count = max(0, math.ceil((c3_m2_s2 - _FIRST_M2_S2) / _RUNG_M2_S2))
    return (*(_FIRST_M2_S2 + k * _RUNG_M2_S2 for k in range(count)), c3_m2_s2)


def turns(natural_rad: float, wanted_rad: float) -> tuple[float, ...]:
    """Declinations from the one flown of itself to the one wanted, which is the last, rad."""
    count = max(1, math.ceil(abs(wanted_rad - natural_rad) / _TURN_RAD))
    return tuple(natural_rad + (wanted_rad - natural_rad) * k / count for k in range(1, count + 1))


def solve_by_rungs(
    mission: Mission,
    insertion: Insertion,
    world: World,
    watch: Watch = SILENT,
    onward: tuple[Insertion, ...] = (),
) -> AscentSolution:
    """`ascent.solve` from nothing, for any insertion; a departure by its rungs.

    Of a departure with a fixed payload the capability is found first.
    Raises what `ascent.solve` raises.
    """
    if insertion.c3_m2_s2 is None:
        return ascent.solve(mission, insertion, world, watch, onward=onward)
    wanted = mission.spacecraft.mass_kg
    if wanted is None:
        return _climbed(mission, insertion, insertion.c3_m2_s2, world, watch)
    free = replace(mission, spacecraft=replace(mission.spacecraft, mass_kg=None))
    best = _climbed(free, insertion, insertion.c3_m2_s2, world, watch)
    most = best.capability_kg
    if most < wanted:
        raise InfeasibleError(
            f"{wanted:.0f} kg cannot be carried to C3 = {insertion.c3_m2_s2 / 1e6:g} km^2/s^2 by"
            f" {mission.vehicle.name} from {mission.site.name}: the capability is {most:.0f} kg,"
            f" {wanted - most:.0f} kg short; lower the mass or the energy"
        )
    try:
        # with less on board it flies much the same way
        loaded = _rung(mission, insertion, world, watch, best)
    except SolverError:
        loaded = _climbed(mission, insertion, insertion.c3_m2_s2, world, watch)
    return replace(loaded, capability_kg=most)


def _climbed(
    mission: Mission, insertion: Insertion, wanted_m2_s2: float, world: World, watch: Watch
) -> AscentSolution:
    """The last of the rungs to a departure."""
    watch.begin("ascent", f"optimal ascent of {mission.vehicle.name} to a departure")
    solution: AscentSolution | None = None
    steps = energies(wanted_m2_s2)
    for number, c3 in enumerate(steps, 1):
        text = f"C3 {c3 / 1e6:g} km^2/s^2, {number} of {len(steps)}"
        watch.tell("ascent", number / len(steps), text)
        solution = _rung(mission, insertion.with_c3(c3), world, watch, solution)
    assert solution is not None
    for angle, turned in _turned(solution, insertion, wanted_m2_s2):
        watch.tell("ascent", None, f"asymptote turned to {math.degrees(angle):.1f} deg")
        solution = _rung(mission, turned, world, watch, solution)
    watch.end("ascent", f"optimal ascent found, capability {solution.capability_kg:.0f} kg")
    return solution


def _turned(
    solution: AscentSolution, insertion: Insertion, c3_m2_s2: float
) -> list[tuple[float, Insertion]]:
    """Insertions on the way from where the asymptote points to where it is wanted, each with the
    angle it stands for.

    By declination, which reaches the nearer of its two places in a plane; to a certain one of them
    along the plane, by a longer coast in the parking orbit where that is less than 5/6 of a turn.
    """
    wanted = insertion.declination_rad
    if wanted is None:
        return []
    if insertion.going is None:
        steps = turns(_declination(solution, c3_m2_s2), wanted)
        return [(x, replace(insertion, declination_rad=x)) for x in steps]
    here, i = _latitude_argument(solution, c3_m2_s2)
    u = math.asin(max(-1.0, min(1.0, math.sin(wanted) / math.sin(i))))
    there = u if insertion.going == "northbound" else math.pi - u
    ahead = (there - here) % math.tau
    if ahead > _LONGEST_RAD:
        ahead -= math.tau
    count = max(1, math.ceil(abs(ahead) / _ALONG_RAD))
    along = [here + ahead * k / count for k in range(1, count)]
    free = replace(insertion, declination_rad=None)
    return [
        *((x, replace(free, asymptote_u_rad=x)) for x in along),
        (there, insertion),
    ]


class _Within(Silent):
    """A rung's watch: hears of a stop, and leaves the telling to the ladder."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def cancelled(self) -> bool:
        return self._watch.cancelled()


def _rung(
    mission: Mission,
    insertion: Insertion,
    world: World,
    watch: Watch,
    previous: AscentSolution | None,
) -> AscentSolution:
    try:
        return ascent.solve(mission, insertion, world, _Within(watch), previous=previous)
    except InputError:
        raise
    except ValueError as e:  # a guess from nothing knows closed orbits alone
        assert insertion.c3_m2_s2 is not None
        raise SolverError(
            f"no ascent to C3 = {insertion.c3_m2_s2 / 1e6:g} km^2/s^2 was found from the one to a"
            " slightly nearer orbit, and none can be found without it; nothing is proven"
        ) from e


def _declination(solution: AscentSolution, c3_m2_s2: float) -> float:
    """Declination of the asymptote that a solution leaves along, rad."""
    sine = float(_leaving(solution, c3_m2_s2)[2])
    return math.asin(max(-1.0, min(1.0, sine)))


def _latitude_argument(solution: AscentSolution, c3_m2_s2: float) -> tuple[float, float]:
    """From the ascending node to that asymptote in the plane, and the inclination, rad."""
    s = _leaving(solution, c3_m2_s2)
    x, y, z = (float(c) for c in solution.r_m)
    vx, vy, vz = (float(c) for c in solution.v_m_s)
    hx, hy, hz = SCALAR.cross((x, y, z), (vx, vy, vz))
    level, size = math.hypot(hx, hy), math.sqrt(hx * hx + hy * hy + hz * hz)
    along = (hx * s[1] - hy * s[0]) / level
    return math.atan2(s[2] * size / level, along), math.acos(hz / size)


def _leaving(solution: AscentSolution, c3_m2_s2: float) -> tuple[float, ...]:
    """The direction a solution leaves in; bound, that of its apogee."""
    length = solution.planet.equatorial_radius_m
    speed = math.sqrt(solution.planet.mu / length)
    x, y, z = (float(c) / length for c in solution.r_m)
    vx, vy, vz = (float(c) / speed for c in solution.v_m_s)
    s = asymptote(SCALAR, (x, y, z), (vx, vy, vz), c3_m2_s2 / speed**2)
    return tuple(float(c) for c in s)

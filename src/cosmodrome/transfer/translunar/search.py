"""The launch-window table to the Moon: days, flight times and ways, each in full dynamics."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import preset
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.maths.vectors import cross
from cosmodrome.transfer.translunar.correct import Wanted, from_parking, lead, lunar_axes
from cosmodrome.transfer.translunar.geometry import MU_MOON, out_of_reach
from cosmodrome.transfer.translunar.guess import ellipse, plane
from cosmodrome.transfer.translunar.nouns import (
    Cell,
    Departures,
    Refused,
    Translunar,
)
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body
from cosmodrome.world.daylight import sun_over
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.transfer.translunar.correct import Led
    from cosmodrome.transfer.translunar.nouns import LunarOrbit, TranslunarProblem
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = ["beta_of", "departures", "reach_of", "told", "way"]

_MU = body("earth").mu_m3_s2
# nothing of the search depends on it
_MASS_KG = 1_000.0
# an inclination about the Moon is met to this, rad
_MET_RAD = 1e-6
# a plane reaches beyond the Moon's declination by as much, where it may: the path does not aim at
# the Moon's centre
_APART_RAD = tuple(math.radians(x) for x in (1.0, 3.0, 6.0))


def departures(
    problem: TranslunarProblem,
    dynamics: Dynamics | None = None,
    world: World | None = None,
    watch: Watch = SILENT,
) -> Departures:
    """All ways of a search, with what they cost; places without one are told with the reason.

    dynamics  about the Earth, with the Moon's sphere; None: preset("translunar")
    """
    world = World.shipped() if world is None else world
    dynamics = preset("translunar") if dynamics is None else dynamics
    found: list[Translunar] = []
    refused: list[Refused] = []
    cells = tuple(_cells(problem))
    watch.begin("translunar", f"looking for ways to the Moon in {len(cells)} places")
    for number, cell in enumerate(cells):
        stop_if_cancelled(watch)
        try:
            one = way(problem, cell, dynamics, world)
        except InfeasibleError as e:
            refused.append(Refused(cell, "geometry", str(e)))
            continue
        except SolverError as e:
            refused.append(Refused(cell, "lost", str(e)))
            continue
        dark = _unlit(problem, one)
        if dark:
            refused.append(Refused(cell, "light", dark))
            continue
        found.append(one)
        watch.tell("translunar", (number + 1) / len(cells), f"{len(found)} ways")
    watch.end("translunar", f"{len(found)} ways, {len(refused)} places without one")
    return Departures(tuple(found), tuple(refused))


def way(problem: TranslunarProblem, cell: Cell, dynamics: Dynamics, world: World) -> Translunar:
    """The way of one place of the search.

    Raises InfeasibleError where the geometry has none, SolverError where none is found.
    """
    at = cell.departure + cell.flight_s
    tod = np.asarray(world.orientation.tod_from_gcrf(cell.departure).matrix)
    moon = tod @ world.ephemeris.position_m("moon", at)
    speed, f = ellipse(problem.perigee_m, float(np.linalg.norm(moon)), cell.flight_s)
    tried = -1.0
    for apart in _APART_RAD:
        i, node, u = plane(moon, problem.inclination_rad, cell.going, apart)
        if i == tried:
            break
        tried = i
        leaving = from_parking(cell.departure, i, problem.perigee_m, _MASS_KG, world)
        wanted = Wanted(problem.orbit, cell.passing, at)
        guess = np.array([node, (u - f) % (2.0 * math.pi), speed])
        try:
            led = lead(guess, leaving, wanted, dynamics, world)
        except SolverError as e:
            lost = e
            continue
        return told(problem, cell, i, led, world)
    dec = math.asin(abs(moon[2]) / float(np.linalg.norm(moon)))
    if min(i, math.pi - i) - dec < _APART_RAD[1]:
        raise InfeasibleError(
            f"the Moon stands {math.degrees(dec):.1f} deg from the equator at the arrival, the"
            f" parking orbit reaches {math.degrees(min(i, math.pi - i)):.1f} deg, and the path"
            f" must pass {cell.passing} of the Moon: leave on another day, pass on the other side,"
            " or allow a higher inclination"
        )
    raise lost


def told(problem: TranslunarProblem, cell: Cell, i: float, led: Led, world: World) -> Translunar:
    """What a departure at inclination `i` that arrives comes to. Raises InfeasibleError for an
    inclination about the Moon it cannot have."""
    about = led.perilune
    axes = lunar_axes(about.epoch, world)
    why = reach_of(led, problem.orbit, world)
    if why:
        raise InfeasibleError(why)
    node, argp, speed = (float(c) for c in led.x)
    toward = math.pi + argp
    dec = math.asin(math.sin(toward) * math.sin(i))
    ra = node + math.atan2(math.sin(toward) * math.cos(i), math.cos(toward))
    lunar = elements_from_state(axes @ about.r_m, axes @ about.v_m_s, MU_MOON)
    circle = math.sqrt(_MU / problem.perigee_m)
    sun = None
    if problem.site_rad is not None:
        sun = float(sun_over(world, *problem.site_rad, about.epoch, 0.0).elevation_rad[0])
    return Translunar(
        cell=cell,
        inclination_rad=i,
        raan_rad=node % (2.0 * math.pi),
        argp_rad=argp % (2.0 * math.pi),
        departure=led.departure,
        delta_v_m_s=speed - circle,
        c3_m2_s2=speed**2 - 2.0 * _MU / problem.perigee_m,
        apogee_ra_rad=ra % (2.0 * math.pi),
        apogee_dec_rad=dec,
        perilune=about,
        v_infinity_m_s=float(led.there.v_infinity_m_s[0]),
        lunar_inclination_rad=lunar.i_rad,
        lunar_node_rad=lunar.raan_rad,
        insertion_m_s=float(np.linalg.norm(about.v_m_s)) - problem.orbit.perilune_speed_m_s(),
        beta_rad=beta_of(about, world),
        sun_rad=sun,
        passes=led.passes,
    )


def reach_of(led: Led, orbit: LunarOrbit, world: World) -> str:
    """Why a plane about the Moon cannot be had by an arrival; empty where it can."""
    short = out_of_reach(led.there, lunar_axes(led.perilune.epoch, world)[2], orbit)
    if short <= _MET_RAD:
        return ""
    wanted = orbit.inclination_rad or 0.0
    return (
        f"an orbit inclined {math.degrees(wanted):.2f} deg to the Moon's equator does not hold"
        f" the arrival, by {math.degrees(short):.2f} deg: ask for at least"
        f" {math.degrees(min(wanted, math.pi - wanted) + short):.2f} deg, or turn the plane"
        " at an apolune"
    )


def beta_of(about: State, world: World) -> float:
    """Angle of the Sun to the plane of a state about the Moon, rad, positive on its pole's side."""
    normal = cross(about.r_m, about.v_m_s)
    sun = world.ephemeris.position_m("sun", about.epoch, "moon")
    return math.asin(float(sun @ normal / np.linalg.norm(normal) / np.linalg.norm(sun)))


def _cells(problem: TranslunarProblem) -> Iterator[Cell]:
    count = int((problem.last - problem.first) / problem.step_s + 1e-9) + 1
    passings = problem.passings if problem.orbit.inclination_rad is not None else ("south",)
    for k in range(count):
        for flight in problem.flight_s:
            for going in problem.goings:
                for passing in passings:
                    yield Cell(problem.first + k * problem.step_s, flight, going, passing)


def _unlit(problem: TranslunarProblem, one: Translunar) -> str:
    """Why the light at the arrival is not as asked; empty where it is."""
    if problem.beta_rad is not None:
        low, high = problem.beta_rad
        if not low <= abs(one.beta_rad) <= high:
            return (
                f"the Sun stands {math.degrees(abs(one.beta_rad)):.1f} deg from the plane about"
                f" the Moon; {math.degrees(low):g} to {math.degrees(high):g} deg are asked"
            )
    if problem.sun_rad is not None and one.sun_rad is not None:
        low, high = problem.sun_rad
        if not low <= one.sun_rad <= high:
            return (
                f"the Sun stands {math.degrees(one.sun_rad):.1f} deg high at the site at the"
                f" arrival; {math.degrees(low):g} to {math.degrees(high):g} deg are asked"
            )
    return ""

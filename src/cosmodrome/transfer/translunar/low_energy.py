"""Ways to the Moon by the Sun's pull: found backward from the arrival, led in full dynamics.

The departure climbs to 1.2 to 1.6 million km, in the quadrants where the Sun's tide raises the
perigee (Belbruno and Miller 1993); it comes back to the Moon's distance when the Moon is there, so
slow that the Moon nearly holds it: 640 to 720 m/s take it into a low circle, where a direct way
takes 800 to 900.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics, Gravity, PointMass, preset, propagate
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import SolverError
from cosmodrome.transfer.translunar.backward import Hint, brought_in, led_back
from cosmodrome.transfer.translunar.correct import lunar_axes
from cosmodrome.transfer.translunar.geometry import MU_MOON
from cosmodrome.transfer.translunar.low_energy_nouns import (
    Lost,
    LowEnergyProblem,
    LowEnergyWay,
    LowEnergyWays,
)
from cosmodrome.transfer.translunar.perigee import Leaves
from cosmodrome.transfer.translunar.search import beta_of
from cosmodrome.transfer.translunar.survey import surveyed
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body
from cosmodrome.world.centres import MOON_SPHERE_M
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from cosmodrome.transfer.translunar.backward import Back
    from cosmodrome.transfer.translunar.nouns import LunarOrbit
    from cosmodrome.transfer.translunar.survey import Seen
    from cosmodrome.watch import Watch

__all__ = ["low_energy_ways", "told_of"]

_MU = body("earth").mu_m3_s2
_DAY_S = 86_400.0
# an arrival is led where it leaves the Earth so near to the span asked for
_ASTRAY_S = 12.0 * _DAY_S
# a perigee far off, or a departure outside the span, is as bad as so many m/s
_FAR_M_S, _FAR_M, _LATE_M_S = 30.0, 60e6, 2.0
# and a radian between its node and the one that is asked
_TURNED_M_S = 60.0
# so many are led for each that is wanted
_TRIES = 20
# two ways are one where both ends differ by less
_SAME_S = 3_600.0
_LOOK_S = 6.0 * 3_600.0
# what Newton's rule begins with: a tenth of the time of full dynamics
_LIGHT = Dynamics(
    (Gravity("earth", 2, 0), PointMass("moon"), PointMass("sun")),
    "earth",
    (("moon", MOON_SPHERE_M),),
)


def low_energy_ways(
    problem: LowEnergyProblem,
    dynamics: Dynamics | None = None,
    world: World | None = None,
    watch: Watch = SILENT,
) -> LowEnergyWays:
    """Low-energy ways of a search, the cheapest first; what was lost on the way is told.

    dynamics  about the Earth, with the Moon's sphere; None: preset("translunar")
    """
    world = World.shipped() if world is None else world
    dynamics = preset("translunar") if dynamics is None else dynamics
    seen, thrown = _seen(problem, world, watch)
    leaves = Leaves(
        problem.perigee_m, problem.inclination_rad, (problem.first, problem.last), problem.raan_rad
    )
    found: list[LowEnergyWay] = []
    lost: list[Lost] = []
    tried = 0
    for one in sorted(seen, key=lambda s: _price(problem, s)):
        if len(found) >= problem.wanted or tried >= _TRIES * problem.wanted:
            break
        stop_if_cancelled(watch)
        tried += 1
        back = _led(one, problem, leaves, dynamics, world)
        if isinstance(back, Lost):
            lost.append(back)
            continue
        if any(_same(back, other) for other in found):
            continue
        found.append(told_of(back, problem.orbit, dynamics, world))
        watch.tell("translunar", min(1.0, len(found) / problem.wanted), f"{len(found)} ways")
    watch.end("translunar", f"{len(found)} low-energy ways, {len(lost)} lost")
    return LowEnergyWays(
        tuple(sorted(found, key=lambda w: w.total_m_s)), tuple(lost), thrown, len(seen)
    )


def _seen(problem: LowEnergyProblem, world: World, watch: Watch) -> tuple[list[Seen], int]:
    """What a survey of all arrivals sees leave the Earth about in time, and how many it threw."""
    begin, end = problem.first + problem.flight_s[0], problem.last + problem.flight_s[1]
    count = int((end - begin) / problem.every_s) + 1
    watch.begin("translunar", f"looking for low-energy ways: {count} arrivals")
    out: list[Seen] = []
    # the span is looked at evenly, its ends half a step inside
    step = (end - begin) / count
    for k in range(count):
        stop_if_cancelled(watch)
        arrival = begin + (k + 0.5) * step
        longest = min(arrival - problem.first + _ASTRAY_S, problem.flight_s[1])
        here = surveyed(
            arrival, problem.orbit, (problem.flight_s[0], longest), problem.starts, world
        )
        out += [s for s in here if _outside_s(problem, s) < _ASTRAY_S]
        watch.tell("translunar", (k + 1) / count, f"{len(out)} arrivals from the Earth")
    return out, count * problem.starts


def _outside_s(problem: LowEnergyProblem, one: Seen) -> float:
    """How far its departure lies outside the span, s."""
    return max(problem.first - one.departure, one.departure - problem.last, 0.0)


def _price(problem: LowEnergyProblem, one: Seen) -> float:
    """What a guess seems to be worth, m/s: its arrival's speed, and how far it is from a way."""
    astray = _outside_s(problem, one) / _DAY_S
    turned = 0.0
    if problem.raan_rad is not None:
        node, rate = problem.raan_rad
        off = node + rate * (one.departure - problem.first) - one.raan_rad
        turned = abs(math.remainder(off, 2.0 * math.pi))
    return one.x[2] + _FAR_M_S * one.perigee_m / _FAR_M + _LATE_M_S * astray + _TURNED_M_S * turned


def _led(
    one: Seen, problem: LowEnergyProblem, leaves: Leaves, dynamics: Dynamics, world: World
) -> Back | Lost:
    hint = Hint(one.arrival, np.array(one.x), one.departure)
    kind = "perigee"
    try:
        wide = replace(leaves.wider(_ASTRAY_S), raan_rad=None)
        near = led_back(hint, problem.orbit, wide, _LIGHT, world, whole=False)
        kind = "time"
        near = brought_in(near, problem.orbit, leaves, _LIGHT, world)
        kind = "perigee"
        back = led_back(near.hint, problem.orbit, leaves, dynamics, world)
    except SolverError as e:
        return Lost(one.arrival, kind, str(e))
    flight, (low, high) = back.flight_s, problem.flight_s
    if not low <= flight <= high:
        return Lost(
            one.arrival,
            "time",
            f"the way takes {flight / _DAY_S:.1f} days, and {low / _DAY_S:g} to"
            f" {high / _DAY_S:g} are asked",
        )
    return back


def _same(back: Back, other: LowEnergyWay) -> bool:
    return (
        abs(back.perilune.epoch - other.perilune.epoch) < _SAME_S
        and abs(back.departure.epoch - other.departure.epoch) < _SAME_S
    )


def told_of(back: Back, orbit: LunarOrbit, dynamics: Dynamics, world: World) -> LowEnergyWay:
    """What a way that was led comes to."""
    left, about = back.departure, back.perilune
    tod = np.asarray(world.orientation.tod_from_gcrf(left.epoch).matrix)
    here = elements_from_state(tod @ left.r_m, tod @ left.v_m_s, _MU)
    # at the perigee, as it was led there, the direction to it is that of the place
    toward = -(tod @ left.r_m) / np.linalg.norm(left.r_m)
    axes = lunar_axes(about.epoch, world)
    lunar = elements_from_state(axes @ about.r_m, axes @ about.v_m_s, MU_MOON)
    radius, speed = float(np.linalg.norm(left.r_m)), float(np.linalg.norm(left.v_m_s))
    low, arrives = float(np.linalg.norm(about.r_m)), float(np.linalg.norm(about.v_m_s))
    t = np.arange(_LOOK_S, (about.epoch - left.epoch) - _LOOK_S, _LOOK_S)
    whole = propagate(
        left, _plain(dynamics), float(t[-1]), world=world, times=t, dense=False
    ).samples[:, :3]
    distance = np.linalg.norm(whole, axis=1)
    k = int(np.argmax(distance))
    sun = world.ephemeris.position_m("sun", left.epoch + float(t[k]))
    moon = world.ephemeris.positions_m("moon", left.epoch, t[: k + 1])
    return LowEnergyWay(
        inclination_rad=here.i_rad,
        raan_rad=here.raan_rad,
        argp_rad=(here.argp_rad + here.true_anomaly_rad) % (2.0 * math.pi),
        departure=left,
        delta_v_m_s=speed - math.sqrt(_MU / radius),
        c3_m2_s2=speed**2 - 2.0 * _MU / radius,
        apogee_ra_rad=math.atan2(toward[1], toward[0]) % (2.0 * math.pi),
        apogee_dec_rad=math.asin(float(toward[2])),
        far=left.epoch + float(t[k]),
        far_m=float(distance[k]),
        side="sunward" if float(sun @ whole[k]) > 0.0 else "outward",
        moon_m=float(np.min(np.linalg.norm(whole[: k + 1] - moon, axis=1))),
        perilune=about,
        arrival_c3_m2_s2=arrives**2 - 2.0 * MU_MOON / low,
        lunar_inclination_rad=lunar.i_rad,
        lunar_node_rad=lunar.raan_rad,
        lunar_argp_rad=(lunar.argp_rad + lunar.true_anomaly_rad) % (2.0 * math.pi),
        insertion_m_s=arrives - orbit.perilune_speed_m_s(),
        beta_rad=beta_of(about, world),
        passes=back.passes,
    )


def _plain(dynamics: Dynamics) -> Dynamics:
    """Without the Moon's field and the change of centre: a look at a path far from it."""
    return Dynamics(
        tuple(
            PointMass("moon") if isinstance(f, Gravity) and f.body == "moon" else f
            for f in dynamics.forces
        ),
        dynamics.centre,
    )

"""Arrivals at the Moon flown backward: which of them come from near the Earth.

A way by the Sun's pull is hard to find forward: the departure's speed decides on metres at the
Moon by the billion. Backward any arrival is one: perilune and inclination are the wanted ones, what
is open is when, where on the orbit, the node and the speed. Most of those thrown go round the Moon
or leave the Earth for good; those whose perigee is low after two to five months are near a way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics, PointMass, propagate_many
from cosmodrome.maths.vectors import cross
from cosmodrome.transfer.translunar.correct import lunar_axes
from cosmodrome.transfer.translunar.geometry import MU_MOON, since_periapsis
from cosmodrome.transfer.translunar.perigee import conic
from cosmodrome.world.bodies import body
from cosmodrome.world.centre import offset

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.transfer.translunar.nouns import LunarOrbit
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Seen", "arriving", "surveyed"]

_MU = body("earth").mu_m3_s2
_DAY_S = 86_400.0
_TURN = 2.0 * math.pi
_MASS_KG = 1_000.0
# multiples of these fill a cube evenly (the root of x^4 = x + 1; Roberts 2018)
_EVEN = 1.2207440846057596 ** -np.array([1.0, 2.0, 3.0])
# speeds at the perilune about that of a parabola, m/s
_SLOWEST_M_S, _FASTEST_M_S = -60.0, 60.0
# the Moon is left behind by then; what has an apogee like this then may come from the Earth, m
_CLEAR_S = 12.0 * _DAY_S
_AWAY_M, _LEAST_M, _MOST_M = 400e6, 800e6, 2.5e9
# places are looked at so often; near the Earth the conic tells the perigee
_LOOK_S, _NEAR_M = 0.5 * _DAY_S, 350e6
# a perigee below this is near enough to be led
_LED_M = 60e6


@dataclass(frozen=True, slots=True)
class Seen:
    """An arrival that comes from near the Earth.

    x          (node, argument of perilune, speed), rad and m/s: as `arriving` takes them
    departure  about when it passes its perigee there
    perigee_m  and how near
    raan_rad   node of its plane there, true equator of date
    """

    arrival: Epoch
    x: tuple[float, float, float]
    departure: Epoch
    perigee_m: float
    raan_rad: float


def arriving(x: Array, orbit: LunarOrbit, axes: Array) -> Array:
    """(n, 6) states at the perilune of an orbit's radius and inclination, GCRF axes, about the
    Moon.

    x     (n, 3) node and argument of perilune (moon-me axes), rad, and speed, m/s
    axes  (3, 3) moon-me from GCRF
    """
    node, argp, speed = x.T
    i = orbit.inclination_rad or 0.0
    none = np.zeros_like(node)
    along = np.column_stack([np.cos(node), np.sin(node), none])
    up = np.column_stack(
        [-np.sin(node) * math.cos(i), np.cos(node) * math.cos(i), none + math.sin(i)]
    )
    c, s = np.cos(argp)[:, None], np.sin(argp)[:, None]
    place, motion = c * along + s * up, c * up - s * along
    return np.column_stack([orbit.perilune_m * place @ axes, speed[:, None] * motion @ axes])


def surveyed(
    arrival: Epoch, orbit: LunarOrbit, flight_s: tuple[float, float], starts: int, world: World
) -> list[Seen]:
    """Of arrivals thrown evenly at an instant those that leave the Earth in time, by perigee.

    Points for Earth, Moon and Sun; the Moon's field changes where they lead, not that they are.
    """
    forces = tuple(PointMass(n) for n in ("earth", "moon", "sun"))
    fair = np.arange(1, starts + 1)[:, None] * _EVEN % 1.0
    parabola = math.sqrt(2.0 * MU_MOON / orbit.perilune_m)
    low, high = parabola + _SLOWEST_M_S, parabola + _FASTEST_M_S
    x = fair * np.array([_TURN, _TURN, high - low]) + np.array([0.0, 0.0, low])
    y = np.column_stack([arriving(x, orbit, lunar_axes(arrival, world)), np.full(starts, _MASS_KG)])
    left = propagate_many(arrival, y, Dynamics(forces, "moon"), -_CLEAR_S, world=world)
    clear = arrival + -_CLEAR_S
    r, v = offset(world, "moon", "earth", clear)
    y = left.ends + np.concatenate([r, v, [0.0]])
    with np.errstate(invalid="ignore"):
        high_m = conic(y[:, :3], y[:, 3:6])[1]
        kept = (high_m > _LEAST_M) & (high_m < _MOST_M)
        kept &= np.linalg.norm(y[:, :3], axis=1) > _AWAY_M
    if not kept.any():
        return []
    x = x[kept]
    span = flight_s[1] - _CLEAR_S
    t = -np.arange(_LOOK_S, span, _LOOK_S)
    path = propagate_many(
        clear, y[kept], Dynamics(forces, "earth"), -span, times=t, world=world
    ).states
    place, motion = path[:, :, :3], path[:, :, 3:6]
    radius = np.linalg.norm(place, axis=2)
    with np.errstate(invalid="ignore"):
        perigee = conic(place, motion)[0]
        # once back from afar, and in time
        back = np.maximum.accumulate(np.nan_to_num(radius), axis=1) > _LEAST_M
        late = t < _CLEAR_S - flight_s[0] + 2.0 * _DAY_S
        perigee = np.where(back & late & (radius < _NEAR_M), perigee, np.inf)
    first = np.argmin(perigee, axis=1)
    each = np.arange(len(x))
    tod = np.asarray(world.orientation.tod_from_gcrf(clear).matrix)
    poles = cross(place[each, first], motion[each, first]) @ tod.T
    out = []
    for k in np.flatnonzero(perigee[each, first] < _LED_M):
        at = int(first[k])
        since = float(since_periapsis(place[k, at], motion[k, at], _MU))
        out.append(
            Seen(
                arrival,
                (float(x[k, 0]), float(x[k, 1]), float(x[k, 2])),
                clear + (float(t[at]) - since),
                float(perigee[k, at]),
                math.atan2(poles[k, 0], -poles[k, 1]),
            )
        )
    return sorted(out, key=lambda s: s.x[2])

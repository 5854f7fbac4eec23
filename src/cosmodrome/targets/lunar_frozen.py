"""Frozen orbits about the Moon: the mean e vector that stands still, and a start that flies it.

Averaged over a revolution and over the Moon's turn, the zonals J2 to J60 of its field
(`physics.averaged`) and the Earth move the e vector. The Earth is taken on a circle of its mean
distance in the Moon's equator (it leaves it by 6.7 deg): the disturbing function of second degree
averaged over both revolutions, Kozai (1962), AJ 67, 591; Prado (2003), JGCD 26, 33,

    R = n3^2 a^2 / 16 ((2 + 3 e^2)(3 cos^2 i - 1) + 15 e^2 sin^2 i cos 2 argp),

n3^2 = mu_E / a3^3 (1 - e3^2)^(-3/2), which takes up a3 and e3 of its real orbit. By symmetry the e
vector can rest only at argp 90 or 270 deg. What the tesserals do averages out over the Moon's turn
of 27.3 days, but sways the e vector by 0.01 within it: `settled` finds the start whose average over
a turn is the one that stands.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.dynamics.elements import state_from_elements
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.maths.vectors import cross
from cosmodrome.physics.averaged import mean_rates
from cosmodrome.record.nouns import Elements
from cosmodrome.world.bodies import EARTH, MOON
from cosmodrome.world.centres import moon_equator_from_gcrf
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.gravity import GravityField
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["TURN_S", "FrozenLunar", "e_vector_of_turns", "frozen_about_moon", "settled"]

#: the Moon's turn against the stars, s
TURN_S = 27.321661 * 86_400.0
# mean distance and eccentricity of the Moon's orbit (Chapront-Touze & Chapront 1991)
_A3_M, _E3 = 384_399e3, 0.0549
_GRID = 161
_BISECTIONS = 60
_SAMPLES = 20_000
_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class FrozenLunar:
    """A mean orbit about the Moon whose e vector stands still.

    ey       of the e vector along 90 deg ahead of the node: argp is 90 deg above 0, 270 below
    loop_s   the e vector of one released near by goes round it in that time; infinite where it is
             carried away instead
    """

    a_m: float
    i_rad: float
    ey: float
    loop_s: float

    @property
    def e(self) -> float:
        return abs(self.ey)

    @property
    def argp_rad(self) -> float:
        return 0.5 * math.pi if self.ey >= 0.0 else 1.5 * math.pi

    @property
    def perilune_altitude_m(self) -> float:
        """Above 1,737.4 km."""
        return self.a_m * (1.0 - self.e) - MOON.figure_m

    @property
    def apolune_altitude_m(self) -> float:
        return self.a_m * (1.0 + self.e) - MOON.figure_m


def frozen_about_moon(a_m: float, i_rad: float, field: GravityField) -> tuple[FrozenLunar, ...]:
    """Every frozen orbit of that mean semi-major axis and inclination above the ground.

    field  of the Moon; the inclination is against its equator

    Raises InputError for an axis below the sphere or an equatorial plane, InfeasibleError where
    there is none: near 90 deg and below 110 km their perilune would lie under the ground.
    """
    highest = 1.0 - MOON.figure_m / a_m
    if not (highest > 0.0 and 0.01 < i_rad < math.pi - 0.01):
        raise InputError(
            f"a frozen orbit of a = {a_m / 1e3:.1f} km, i = {math.degrees(i_rad):.2f} deg about the"
            " Moon was asked; give an axis above 1,737.4 km and an inclination off 0 and 180 deg"
        )
    grid = np.linspace(-highest, highest, _GRID)
    push = np.array([_rates(a_m, 0.0, float(y), i_rad, field)[0] for y in grid])
    found = []
    for k in np.flatnonzero(push[:-1] * push[1:] < 0.0):
        low, high = float(grid[k]), float(grid[k + 1])
        sign = math.copysign(1.0, push[k])
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            if sign * _rates(a_m, 0.0, middle, i_rad, field)[0] > 0.0:
                low = middle
            else:
                high = middle
        ey = 0.5 * (low + high)
        found.append(FrozenLunar(a_m, i_rad, ey, _loop_s(a_m, ey, i_rad, field)))
    if not found:
        raise InfeasibleError(
            f"no orbit of a = {a_m / 1e3:.1f} km, i = {math.degrees(i_rad):.2f} deg about the Moon"
            " is frozen above the ground: give another inclination (27, 50, 76 and 85 deg hold low"
            " ones), or a larger axis"
        )
    return tuple(found)


def _rates(a: float, ex: float, ey: float, i: float, field: GravityField) -> tuple[float, float]:
    """Of the e vector, 1/s, by the zonals and the Earth."""
    zonal = mean_rates(a, ex, ey, i, field)
    n = math.sqrt(field.mu_m3_s2 / a**3)
    n32 = EARTH.mu_m3_s2 / _A3_M**3 * (1.0 - _E3**2) ** -1.5
    k = n32 * a * a / 16.0
    c, s, e2 = math.cos(i), math.sin(i), ex * ex + ey * ey
    eta = math.sqrt(1.0 - e2)
    # R = k ((2 + 3 e^2)(3 c^2 - 1) + 15 s^2 (ex^2 - ey^2))
    by_ex = k * ex * (6.0 * (3.0 * c * c - 1.0) + 30.0 * s * s)
    by_ey = k * ey * (6.0 * (3.0 * c * c - 1.0) - 30.0 * s * s)
    by_i = k * s * c * (-6.0 * (2.0 + 3.0 * e2) + 30.0 * (ex * ex - ey * ey))
    # what the node turns, the argument of perigee turns back
    turn = -c * by_i / (n * a * a * eta * s)
    return (
        zonal.ex - eta / (n * a * a) * by_ey - ey * turn,
        zonal.ey + eta / (n * a * a) * by_ex + ex * turn,
    )


def _loop_s(a: float, ey: float, i: float, field: GravityField) -> float:
    h = 1e-5
    by_ex, by_ey = (
        (np.array(_rates(a, dx, ey + dy, i, field)) - np.array(_rates(a, -dx, ey - dy, i, field)))
        / (2.0 * h)
        for dx, dy in ((h, 0.0), (0.0, h))
    )
    # the motion keeps an energy: no trace, and it turns where the determinant is above zero
    determinant = float(by_ex[0] * by_ey[1] - by_ey[0] * by_ex[1])
    return 2.0 * math.pi / math.sqrt(determinant) if determinant > 0.0 else math.inf


def e_vector_of_turns(start: State, dynamics: Dynamics, turns: int, world: World) -> Array:
    """Averages (turns, 2) of the osculating e vector along the node and ahead of it, over turns of
    the Moon, along a flight from `start` (moon/gcrf); equator of the start."""
    path = propagate(start, dynamics, turns * TURN_S, world=world).trajectory
    axes = moon_equator_from_gcrf(start.epoch).matrix
    mu = world.gravity("moon", degree=2).mu_m3_s2
    t = np.linspace(0.0, turns * TURN_S, turns * _SAMPLES, endpoint=False)
    y = path.columns_at(t)
    r, v = y[:, 0:3] @ axes.T, y[:, 3:6] @ axes.T
    h = cross(r, v)
    e = cross(v, h) / mu - r / np.linalg.norm(r, axis=1)[:, None]
    node = np.stack([-h[:, 1], h[:, 0], np.zeros(len(t))], axis=1)
    node /= np.linalg.norm(node, axis=1)[:, None]
    ahead = cross(h / np.linalg.norm(h, axis=1)[:, None], node)
    both = np.stack([np.sum(e * node, axis=1), np.sum(e * ahead, axis=1)], axis=1)
    out: Array = both.reshape(turns, _SAMPLES, 2).mean(axis=1)
    return out


def settled(
    frozen: FrozenLunar,
    epoch: Epoch,
    raan_rad: float,
    mass_kg: float,
    dynamics: Dynamics,
    world: World,
) -> State:
    """Where to start, in moon/gcrf, so that the e vector averaged over the Moon's turn is frozen.

    dynamics  about the Moon, as it is going to be flown
    Starts at the apolune; the orbit is flown for a turn and its start shifted by what was missed,
    twice.

    Raises what the propagation raises, where it meets the ground.
    """
    ex, ey = 0.0, frozen.ey
    state = _at(frozen, ex, ey, epoch, raan_rad, mass_kg, world)
    for _ in range(_ROUNDS):
        (mean,) = e_vector_of_turns(state, dynamics, 1, world)
        ex, ey = ex - float(mean[0]), ey - (float(mean[1]) - frozen.ey)
        state = _at(frozen, ex, ey, epoch, raan_rad, mass_kg, world)
    return state


def _at(
    frozen: FrozenLunar,
    ex: float,
    ey: float,
    epoch: Epoch,
    raan_rad: float,
    mass_kg: float,
    world: World,
) -> State:
    elements = Elements(
        frozen.a_m, math.hypot(ex, ey), frozen.i_rad, raan_rad, math.atan2(ey, ex), math.pi
    )
    r, v = state_from_elements(elements, world.gravity("moon", degree=2).mu_m3_s2)
    turn = moon_equator_from_gcrf(epoch).T
    return State(epoch, gcrf("moon"), turn.vector(r), turn.vector(v), mass_kg)

"""Transfers between planets: Lambert's problem over a grid of departures and arrivals.

Both planets are points: the arc about the Sun begins and ends at their centres (patched conics).
Places from DE440: from the Earth on, the barycentre of a planet and its moons. For the Earth that
matters: it moves round the common centre at 12 m/s, which is up to 0.08 km^2/s^2 of C3, but a path
that leaves both behind has its speed relative to the pair; published energies agree with the
barycentre to a few thousandths and with the Earth's centre only to that 0.08. Whole revolutions
round the Sun are not looked for.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from cosmodrome.dynamics.lambert import lambert_many
from cosmodrome.errors import InfeasibleError, InputError, UnknownNameError, did_you_mean
from cosmodrome.record.porkchop import Porkchop, Transfer
from cosmodrome.world.bodies import SUN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["PLANETS", "porkchop", "transfer"]

PLANETS = ("mercury", "venus", "earth", "mars", "jupiter", "saturn", "uranus", "neptune")
# the Earth and the Moon as one
_CENTRES = {"earth": "emb"}
_DAY = 86_400.0
_SOONEST_S = 20.0 * _DAY
_MOST_POINTS = 1_000_000


def transfer(home: str, target: str, depart: Epoch, arrive: Epoch, world: World) -> Transfer:
    """The transfer between two instants.

    Raises InputError for an arrival less than 20 days after the departure or planets on one line
    with the Sun, DataSpanError outside 1962-2060.
    """
    chop = _solved(home, target, depart, np.zeros(1), np.array([arrive - depart]), world)
    if not np.isfinite(chop[0][0, 0]):
        raise InputError(
            f"no arc from {home} at {depart} to {target} at {arrive}: the arrival must come 20 days"
            " or more later, and the planets may not stand on one line with the Sun"
        )
    return Transfer(depart, arrive, *(float(x[0, 0]) for x in chop))


def porkchop(
    home: str,
    target: str,
    departs: tuple[Epoch, ...],
    arrives: tuple[Epoch, ...],
    world: World,
) -> Porkchop:
    """All transfers of a grid, and the least energy of each type.

    Raises InputError for a grid that is too large or planets that are the same, InfeasibleError
    where no arrival comes after a departure, DataSpanError outside 1962-2060.
    """
    if len(departs) * len(arrives) > _MOST_POINTS:
        raise InputError(
            f"{len(departs)} departures and {len(arrives)} arrivals are more than"
            f" {_MOST_POINTS:,} points; write a longer --step"
        )
    zero = departs[0]
    out = np.array([t - zero for t in departs])
    back = np.array([t - zero for t in arrives])
    fields = _solved(home, target, zero, out, back, world)
    if not np.any(np.isfinite(fields[0])):
        raise InfeasibleError(
            f"no arrival between {arrives[0]} and {arrives[-1]} comes 20 days or more after a"
            f" departure between {departs[0]} and {departs[-1]}; write later arrivals"
        )
    best = tuple(
        found
        for inside in (fields[4] < math.pi, fields[4] >= math.pi)
        if (found := _least(home, target, zero, out, back, fields[0], inside, world)) is not None
    )
    return Porkchop(home, target, departs, arrives, *fields, best)


def _solved(
    home: str, target: str, zero: Epoch, out_s: Array, back_s: Array, world: World
) -> tuple[Array, Array, Array, Array, Array]:
    """C3, declination, right ascension, arrival speed and turn, (n, m) each."""
    for name in (home, target):
        if name not in PLANETS:
            raise UnknownNameError(f"no planet {name!r}. {did_you_mean(name, PLANETS)}")
    if home == target:
        raise InputError(f"from {home} to {target} is no way; name two planets")
    eph, n, m = world.ephemeris, out_s.size, back_s.size
    start, end = (_CENTRES.get(name, name) for name in (home, target))
    r1, v1 = (f(start, zero, out_s, "sun") for f in (eph.positions_m, eph.velocities_m_s))
    r2, v2 = (f(end, zero, back_s, "sun") for f in (eph.positions_m, eph.velocities_m_s))
    flight = back_s[None, :] - out_s[:, None]
    late = flight >= _SOONEST_S
    rows, columns = np.nonzero(late)
    arcs = lambert_many(r1[rows], r2[columns], flight[late], SUN.mu_m3_s2)
    leaving, coming = arcs.v1_m_s - v1[rows], arcs.v2_m_s - v2[columns]
    speed = np.linalg.norm(leaving, axis=1)
    cross = np.cross(r1[rows], r2[columns])
    angle = np.arctan2(np.linalg.norm(cross, axis=1), np.sum(r1[rows] * r2[columns], axis=1))
    values = (
        speed**2,
        np.arcsin(np.clip(leaving[:, 2] / speed, -1.0, 1.0)),
        np.arctan2(leaving[:, 1], leaving[:, 0]) % (2.0 * math.pi),
        np.linalg.norm(coming, axis=1),
        np.where(cross[:, 2] >= 0.0, angle, 2.0 * math.pi - angle),
    )
    grids = []
    for value in values:
        grid = np.full((n, m), math.nan)
        grid[late] = np.where(arcs.solved, value, math.nan)
        grids.append(grid)
    c3, declination, ascension, arrival, turn = grids
    return c3, declination, ascension, arrival, turn


def _least(
    home: str,
    target: str,
    zero: Epoch,
    out_s: Array,
    back_s: Array,
    c3: Array,
    inside: NDArray[np.bool_],
    world: World,
) -> Transfer | None:
    """The least C3 of one type within the grid's spans, refined from the best point."""
    held = np.where(inside & np.isfinite(c3), c3, math.inf)
    i, j = np.unravel_index(int(np.argmin(held)), held.shape)
    if not math.isfinite(held[i, j]):
        return None
    kind = _solved(home, target, zero, out_s[i : i + 1], back_s[j : j + 1], world)[4][0, 0]

    def energy(x: Array) -> float:
        at = _solved(home, target, zero, x[:1] * _DAY, x[1:] * _DAY, world)
        value, turn = float(at[0][0, 0]), float(at[4][0, 0])
        # the other type lies across the ridge of half a turn
        other = (turn < math.pi) != (kind < math.pi)
        return 1e12 if other or not math.isfinite(value) else value

    start = np.array([out_s[i], back_s[j]]) / _DAY
    bounds = [(out_s[0] / _DAY, out_s[-1] / _DAY), (back_s[0] / _DAY, back_s[-1] / _DAY)]
    found = minimize(
        energy,
        start,
        method="Nelder-Mead",
        bounds=bounds,
        options={"xatol": 1e-3, "fatol": 1.0, "initial_simplex": _simplex(start, bounds)},
    )
    x = found.x if found.fun <= held[i, j] else start
    return transfer(home, target, zero + float(x[0]) * _DAY, zero + float(x[1]) * _DAY, world)


def _simplex(start: Array, bounds: list[tuple[float, float]]) -> Array:
    """Three corners two days apart, inside the bounds."""
    corners = [start.copy(), start.copy(), start.copy()]
    for k, (low, high) in enumerate(bounds):
        corners[k + 1][k] += 2.0 if start[k] + 2.0 <= high else -2.0
        corners[k + 1][k] = min(max(corners[k + 1][k], low), high)
    return np.array(corners)

"""The world as tables for one propagation: rotations, spin axis, Sun, Moon, tides, air density.

Built once, a few milliseconds for a day; the core reads nothing else. What the tables cost in
accuracy is measured in tests/dynamics/test_tables.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.maths import gauss_fit
from cosmodrome.physics.thermosphere import HIGHEST_M, LOWEST_M, DensityTable
from cosmodrome.solvers.core import ChebyshevTable
from cosmodrome.world.body_orientation import fixed_from_gcrf_many
from cosmodrome.world.orientation import ERA_RATE_RAD_S
from cosmodrome.world.turns import r3

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.dynamics.forces import Tides
    from cosmodrome.mission.nouns import SpaceWeather
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.gravity import GravityField
    from cosmodrome.world.space_weather import SpaceWeatherSample
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = [
    "RotationTables",
    "body_table",
    "chebyshev",
    "density_table",
    "indices_of",
    "rotation_tables",
    "tide_table",
]

# blocks begin at 0 h UTC, where the daily Earth-orientation parameters have their knots
_ROTATION_BLOCK_S = 10_800.0
_ROTATION_TERMS = 10
_BODY_BLOCK_S = 86_400.0
_BODY_TERMS = 14
# other bodies turn without daily knots: a day holds their librations to 1e-13
_STEADY_BLOCK_S = 86_400.0
_STEADY_TERMS = 16
_TIDE_BLOCK_S = 21_600.0
_TIDE_TERMS = 11


def chebyshev(
    f: Callable[[Array], Array], start_s: float, block_s: float, blocks: int, terms: int
) -> ChebyshevTable:
    """Interpolate f(t) -> (n, rows) at Chebyshev nodes of each block."""
    x, dct = gauss_fit(terms)
    t = start_s + block_s * (np.arange(blocks)[:, None] + 0.5 * (1.0 + x)[None, :])
    values = f(t.ravel()).reshape(blocks, terms, -1)
    return ChebyshevTable(start_s, block_s, np.einsum("jk,bkr->brj", dct, values))


@dataclass(frozen=True, slots=True, eq=False)
class RotationTables:
    """fixed_from_gcrf(t) = R3(angle0 + rate t) slow(t), and the spin axis.

    spin_rad_s  angular velocity about the axis
    """

    angle0_rad: float
    rate_rad_s: float
    slow: ChebyshevTable
    pole: ChebyshevTable
    spin_rad_s: float

    def matrix(self, t_s: Array) -> Array:
        """(n, 3, 3) fixed_from_gcrf, by the core's own arithmetic."""
        t = np.atleast_1d(t_s)
        angle = self.angle0_rad + self.rate_rad_s * t
        return r3(angle) @ self.slow.at(t).reshape(-1, 3, 3)


def _blocks(epoch: Epoch, lo_s: float, hi_s: float, block_s: float) -> tuple[float, int]:
    """First block and their number; blocks begin at 0 h UTC, where daily tables have knots."""
    _, fraction = epoch.jd_utc
    into = (fraction * 86_400.0) % block_s
    first = -into + block_s * math.floor((lo_s + into) / block_s)
    return first, max(1, math.ceil((hi_s - first) / block_s - 1e-12))


def rotation_tables(
    world: World, body: str, axes: str | None, epoch: Epoch, lo_s: float, hi_s: float
) -> RotationTables:
    """Rotation of a body's axes from lo to hi seconds after `epoch`."""
    if body == "earth" and axes in (None, "itrf"):
        first, blocks = _blocks(epoch, lo_s, hi_s, _ROTATION_BLOCK_S)
        table = world.orientation.table(epoch + first, epoch + (first + blocks * _ROTATION_BLOCK_S))
        angle0 = world.orientation.era_rad(epoch)

        def slow(t: Array) -> Array:
            # R3(-theta) takes the spin off again; what is left moves by arcseconds
            spun = r3(-(angle0 + ERA_RATE_RAD_S * t)) @ table.matrix(t - first)
            return spun.reshape(-1, 9)

        return RotationTables(
            angle0,
            ERA_RATE_RAD_S,
            chebyshev(slow, first, _ROTATION_BLOCK_S, blocks, _ROTATION_TERMS),
            chebyshev(
                lambda t: world.orientation.cip_gcrf_many(epoch, t),
                first,
                _ROTATION_BLOCK_S,
                blocks,
                4,
            ),
            ERA_RATE_RAD_S,
        )
    first, blocks = _blocks(epoch, lo_s, hi_s, _STEADY_BLOCK_S)
    whole = fixed_from_gcrf_many(world, body, axes, epoch, np.array([0.5 * (lo_s + hi_s)]))
    spin = 0.0 if whole.rate is None else float(whole.rate[0, 2])

    def steady(t: Array) -> Array:
        m = fixed_from_gcrf_many(world, body, axes, epoch, t).matrix
        return (r3(-spin * t) @ m).reshape(-1, 9)

    def pole(t: Array) -> Array:
        return fixed_from_gcrf_many(world, body, axes, epoch, t).matrix[:, 2]

    return RotationTables(
        0.0,
        spin,
        chebyshev(steady, first, _STEADY_BLOCK_S, blocks, _STEADY_TERMS),
        chebyshev(pole, first, _STEADY_BLOCK_S, blocks, 8),
        spin,
    )


def body_table(
    world: World,
    name: str,
    epoch: Epoch,
    lo_s: float,
    hi_s: float,
    *,
    centre: str = "earth",
    velocity: bool = False,
) -> ChebyshevTable:
    """Place of a body from a centre, GCRF axes, m (and velocity, m/s), lo to hi seconds after."""
    first, blocks = _blocks(epoch, lo_s, hi_s, _BODY_BLOCK_S)

    def places(t: Array) -> Array:
        r = world.ephemeris.positions_m(name, epoch, t, centre)
        if not velocity:
            return r
        return np.hstack([r, world.ephemeris.velocities_m_s(name, epoch, t, centre)])

    return chebyshev(places, first, _BODY_BLOCK_S, blocks, _BODY_TERMS)


def tide_table(
    world: World, field: GravityField, tides: Tides, epoch: Epoch, lo_s: float, hi_s: float
) -> tuple[ChebyshevTable, int]:
    """Corrections of C and S over time and their degree; 2e-17 of interpolation."""
    from cosmodrome.physics.tides import corrections

    first, blocks = _blocks(epoch, lo_s, hi_s, _TIDE_BLOCK_S)
    system = field.tide_system if field.tide_system in ("tide-free", "zero-tide") else "tide-free"
    degree = max(4, tides.ocean)
    rows = np.tril_indices(degree + 1)

    def values(t: Array) -> Array:
        dC, dS = corrections(
            world,
            epoch,
            t,
            solid=tides.solid,
            pole=tides.pole,
            ocean=tides.ocean or None,
            tide_system=system,
            mu_earth=field.mu_m3_s2,
            radius_m=field.radius_m,
        )
        return np.hstack([dC[:, rows[0], rows[1]], dS[:, rows[0], rows[1]]])

    return chebyshev(values, first, _TIDE_BLOCK_S, blocks, _TIDE_TERMS), degree


def indices_of(world: World, weather: SpaceWeather | None) -> Callable[[Epoch], SpaceWeatherSample]:
    """Solar and geomagnetic indices at an instant: the user's, or the world's table."""
    if weather is None:
        return world.space_weather.at
    fixed = weather.sample()
    return lambda epoch: fixed


def density_table(
    world: World,
    weather: SpaceWeather | None,
    epoch: Epoch,
    lo_s: float,
    hi_s: float,
    heights_m: tuple[float, float],
    model: str = "nrlmsise00",
) -> DensityTable | None:
    """Density over a span of heights, cut to what the model serves; None where it serves none."""
    low, high = max(heights_m[0], LOWEST_M), min(heights_m[1], HIGHEST_M)
    if low >= high:
        return None
    indices = indices_of(world, weather)
    table = DensityTable.build(epoch + lo_s, epoch + hi_s, (low, high), indices, model=model)
    if lo_s == 0.0:
        return table
    # counted from `epoch` instead of from the table's own start
    return replace(
        table,
        epoch=epoch,
        start=(table.start[0] + lo_s, *table.start[1:]),
        solar0_rad=table.solar0_rad - table.SOLAR_RATE_RAD_S * lo_s,
    )

"""The world as tables for one propagation: Earth rotation, spin axis, Sun, Moon, air density.

Built once, a few milliseconds for a day; the core reads nothing else. What the tables cost in
accuracy is measured in tests/dynamics/test_tables.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.physics.thermosphere import HIGHEST_M, LOWEST_M, DensityTable
from cosmodrome.solvers.core import ChebyshevTable
from cosmodrome.world.orientation import ERA_RATE_RAD_S
from cosmodrome.world.space_weather import SpaceWeatherSample

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import SpaceWeather
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.orientation import EarthOrientation
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["RotationTables", "body_table", "chebyshev", "density_table", "rotation_tables"]

# blocks begin at 0 h UTC, where the daily Earth-orientation parameters have their knots
_ROTATION_BLOCK_S = 10_800.0
_ROTATION_TERMS = 10
_BODY_BLOCK_S = 86_400.0
_BODY_TERMS = 14
_POLE_STEP_S = 21_600.0


def chebyshev(
    f: Callable[[Array], Array], start_s: float, block_s: float, blocks: int, terms: int
) -> ChebyshevTable:
    """Interpolate f(t) -> (n, rows) at Chebyshev nodes of each block."""
    theta = np.pi * (np.arange(terms) + 0.5) / terms
    x = np.cos(theta)
    dct = 2.0 / terms * np.cos(np.outer(np.arange(terms), theta))
    dct[0] *= 0.5
    t = start_s + block_s * (np.arange(blocks)[:, None] + 0.5 * (1.0 + x)[None, :])
    values = f(t.ravel()).reshape(blocks, terms, -1)
    return ChebyshevTable(start_s, block_s, np.einsum("jk,bkr->brj", dct, values))


@dataclass(frozen=True, slots=True, eq=False)
class RotationTables:
    """itrf_from_gcrf(t) = R3(angle0 + rate t) slow(t), and the spin axis."""

    angle0_rad: float
    rate_rad_s: float
    slow: ChebyshevTable
    pole: ChebyshevTable

    def matrix(self, t_s: Array) -> Array:
        """(n, 3, 3) itrf_from_gcrf, by the core's own arithmetic."""
        t = np.atleast_1d(t_s)
        angle = self.angle0_rad + self.rate_rad_s * t
        return _turn(angle) @ self.slow.at(t).reshape(-1, 3, 3)


def _turn(angle: Array) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    out = np.zeros((angle.size, 3, 3))
    out[:, 0, 0] = out[:, 1, 1] = c
    out[:, 0, 1] = s
    out[:, 1, 0] = -s
    out[:, 2, 2] = 1.0
    return out


def rotation_tables(
    orientation: EarthOrientation, epoch: Epoch, t0_s: float, t1_s: float
) -> RotationTables:
    """Earth rotation from t0 to t1 seconds after `epoch`."""
    from scipy.interpolate import CubicSpline  # slow to load

    _, fraction = epoch.jd_utc
    into = (fraction * 86_400.0) % _ROTATION_BLOCK_S
    first = -into + _ROTATION_BLOCK_S * math.floor((t0_s + into) / _ROTATION_BLOCK_S)
    blocks = max(1, math.ceil((t1_s - first) / _ROTATION_BLOCK_S))
    end = first + blocks * _ROTATION_BLOCK_S
    table = orientation.table(epoch + first, epoch + end)
    angle0 = orientation.era_rad(epoch)

    def slow(t: Array) -> Array:
        # R3(-theta) takes the spin off again; what is left moves by arcseconds
        spun = _turn(-(angle0 + ERA_RATE_RAD_S * t)) @ table.matrix(t - first)
        return spun.reshape(-1, 9)

    samples = np.arange(first - _POLE_STEP_S, end + 2.5 * _POLE_STEP_S, _POLE_STEP_S)
    axis = CubicSpline(samples, orientation.tod_from_gcrf_many(epoch, samples).matrix[:, 2])
    return RotationTables(
        angle0,
        ERA_RATE_RAD_S,
        chebyshev(slow, first, _ROTATION_BLOCK_S, blocks, _ROTATION_TERMS),
        chebyshev(axis, first, _ROTATION_BLOCK_S, blocks, 4),
    )


def body_table(world: World, name: str, epoch: Epoch, t0_s: float, t1_s: float) -> ChebyshevTable:
    """Geocentric place of a body, GCRF axes, m, from t0 to t1 seconds after `epoch`."""
    blocks = max(1, math.ceil((t1_s - t0_s) / _BODY_BLOCK_S))
    return chebyshev(
        lambda t: world.ephemeris.positions_m(name, epoch, t),
        t0_s,
        _BODY_BLOCK_S,
        blocks,
        _BODY_TERMS,
    )


def density_table(
    world: World,
    weather: SpaceWeather | None,
    epoch: Epoch,
    duration_s: float,
    heights_m: tuple[float, float],
) -> DensityTable | None:
    """Density over a span of heights, cut to what the model serves; None where it serves none."""
    low, high = max(heights_m[0], LOWEST_M), min(heights_m[1], HIGHEST_M)
    if low >= high:
        return None
    if weather is None:
        indices = world.space_weather.at
    else:
        fixed = SpaceWeatherSample(weather.f107, weather.f107a, np.full(7, weather.ap), "given")

        def indices(epoch: Epoch) -> SpaceWeatherSample:
            return fixed

    return DensityTable.build(epoch, epoch + duration_s, (low, high), indices)

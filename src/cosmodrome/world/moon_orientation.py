"""Orientation of the Moon: principal axes from DE440's own libration angles.

Gravity fields live in principal axes (PA); maps and sites live in mean-Earth axes (ME), up
to 875 m away on the surface. The PA-to-ME angles of DE440 are those of Park et al. (2021),
AJ 161:105: ME = R1(-0.2785") R2(-78.6944") R3(-67.8526") PA.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import DataSpanError
from cosmodrome.world import store
from cosmodrome.world.ephemeris import tdb_clock
from cosmodrome.world.frame import Rotation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch

__all__ = ["MoonOrientation"]

_DAY = 86400.0
_ARCSEC = np.pi / 648000.0


@functools.cache
def _records() -> tuple[NDArray[np.float64], float, float]:
    layout = store.entry("moon_orientation")["layout"]
    return (
        store.open_array("moon_orientation"),
        float(layout["start_days"]),
        float(layout["step_days"]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class MoonOrientation:
    """Rotations from GCRF to the Moon's principal and mean-Earth axes, 1962-2060."""

    def pa_from_gcrf(self, epoch: Epoch) -> Rotation:
        """Rotation and rate from GCRF to principal axes at an instant.

        Raises DataSpanError outside 1962-2060.
        """
        many = self.pa_from_gcrf_many(epoch, np.zeros(1))
        rate = None if many.rate is None else many.rate[0]
        return Rotation("moon-pa", "gcrf", many.matrix[0], rate)

    def pa_from_gcrf_many(self, epoch0: Epoch, t_s: NDArray[np.float64]) -> Rotation:
        """Rotations (n, 3, 3) and rates (n, 3) at seconds of TT after `epoch0`."""
        angles, rates = _angles(epoch0, np.atleast_1d(np.asarray(t_s, dtype=np.float64)))
        phi, theta, psi = angles.T
        matrix = _r3(psi) @ _r1(theta) @ _r3(phi)
        d_phi, d_theta, d_psi = rates.T
        # angular velocity of a 3-1-3 sequence in the turned axes
        rate = np.stack(
            [
                d_phi * np.sin(theta) * np.sin(psi) + d_theta * np.cos(psi),
                d_phi * np.sin(theta) * np.cos(psi) - d_theta * np.sin(psi),
                d_phi * np.cos(theta) + d_psi,
            ],
            axis=-1,
        )
        return Rotation("moon-pa", "gcrf", matrix, rate)

    def me_from_pa(self) -> Rotation:
        """The constant rotation from principal to mean-Earth axes of DE440."""
        one = np.ones(1)
        matrix = (
            _r1(-0.2785 * _ARCSEC * one)
            @ _r2(-78.6944 * _ARCSEC * one)
            @ _r3(-67.8526 * _ARCSEC * one)
        )
        return Rotation("moon-me", "moon-pa", matrix[0])


def _angles(
    epoch0: Epoch, t_s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Euler angles phi, theta, psi (n, 3) in rad and their rates."""
    c, start, step = _records()
    day, s = tdb_clock(epoch0, t_s)
    since = day - start
    k = np.floor((since + s / _DAY) / step).astype(np.int64)
    if s.size and (int(k.min()) < 0 or int(k.max()) >= c.shape[0]):
        item = store.entry("moon_orientation")
        raise DataSpanError(
            f"the Moon's orientation was asked outside its span {item['first']} .."
            f" {item['last']}; ask for an instant inside"
        )
    half = 0.5 * step * _DAY
    x = ((since - k * step) * _DAY + s) / half - 1.0
    t = np.empty((c.shape[2], s.size))
    d = np.empty_like(t)
    t[0], t[1] = 1.0, x
    d[0], d[1] = 0.0, 1.0
    for j in range(2, c.shape[2]):
        t[j] = 2.0 * x * t[j - 1] - t[j - 2]
        d[j] = 2.0 * t[j - 1] + 2.0 * x * d[j - 1] - d[j - 2]
    block = np.asarray(c[k])
    return (
        np.einsum("nck,kn->nc", block, t),
        np.einsum("nck,kn->nc", block, d) / half,
    )


def _turn(angle: NDArray[np.float64], i: int, j: int) -> NDArray[np.float64]:
    out = np.zeros((angle.size, 3, 3))
    out[:] = np.eye(3)
    out[:, i, i] = out[:, j, j] = np.cos(angle)
    out[:, i, j] = np.sin(angle)
    out[:, j, i] = -np.sin(angle)
    return out


def _r1(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return _turn(angle, 1, 2)


def _r2(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return _turn(angle, 2, 0)


def _r3(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return _turn(angle, 0, 1)

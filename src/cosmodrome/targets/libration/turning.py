"""From the turning axes of a restricted problem to GCRF, and back, by where the bodies really are.

The axes follow the two bodies of the ephemeris: x from the larger to the smaller, z along
r x v of their motion. Lengths are in units of their distance at the instant, which breathes, and
time runs with the angle they turn through (Nechville 1926; Szebehely 1967, sec. 10.3), so that a
body at rest in the axes moves with both. Near the smaller body, whose pull alone sets the pace, a
rigid scale fits better: the mean distance and its rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.world.centre import offset

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.targets.libration.systems import System
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Turning", "turning"]


@dataclass(frozen=True, slots=True, eq=False)
class Turning:
    """The axes at one instant.

    mu        mass ratio
    axes      (3, 3) rows: x, y, z in GCRF
    length_m  unit of length, and its rate
    rate      angle the axes turn through, rad/s
    pace      inverse of the unit of time, rad/s
    off_m, off_m_s  (3,) the smaller body from the body the orbit is told from
    """

    mu: float
    axes: Array
    length_m: float
    length_m_s: float
    rate: float
    pace: float
    off_m: Array
    off_m_s: Array

    def out(self, y: Array) -> Array:
        """Place m and velocity m/s (6,) in GCRF from the body, of a state of the problem (6,)."""
        rho = y[:3] - np.array([1.0 - self.mu, 0.0, 0.0])
        turn = np.array([-rho[1], rho[0], 0.0])
        v = self.length_m_s * rho + self.length_m * (self.pace * y[3:] + self.rate * turn)
        return np.concatenate(
            [self.axes.T @ (self.length_m * rho) + self.off_m, self.axes.T @ v + self.off_m_s]
        )

    def back(self, y: Array) -> Array:
        """The state of the problem (6,) of a place and velocity in GCRF from the body (6,)."""
        rho = self.axes @ (y[:3] - self.off_m) / self.length_m
        v = self.axes @ (y[3:6] - self.off_m_s) - self.length_m_s * rho
        turn = np.array([-rho[1], rho[0], 0.0])
        return np.concatenate(
            [
                rho + np.array([1.0 - self.mu, 0.0, 0.0]),
                (v / self.length_m - self.rate * turn) / self.pace,
            ]
        )


def turning(system: System, epoch: Epoch, world: World, *, rigid: bool = False) -> Turning:
    """The axes of a system at an instant; rigid: with its mean distance and rate as the units.

    Raises DataSpanError outside 1962-2060.
    """
    r, v = offset(world, system.smaller, system.larger, epoch)
    length = float(np.linalg.norm(r))
    h = np.cross(r, v)
    x, z = r / length, h / np.linalg.norm(h)
    off_m, off_m_s = offset(world, system.smaller, system.body, epoch)
    rate = float(np.linalg.norm(h)) / length**2
    return Turning(
        system.mu,
        np.stack([x, np.cross(z, x), z]),
        system.length_m if rigid else length,
        0.0 if rigid else float(r @ v) / length,
        rate,
        1.0 / system.time_s if rigid else rate,
        off_m,
        off_m_s,
    )

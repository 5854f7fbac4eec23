"""A landing's own axes and units: place counted from the site, east, north and up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.maths import NUMPY
from cosmodrome.physics.turning import Globe, acceleration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.landing.nouns import LandingProblem
    from cosmodrome.maths import Ops

    Array = NDArray[np.float64]

__all__ = ["Local", "east_north_up"]


def east_north_up(place: Array) -> Array:
    """(3, 3) rows east, north and up of a place seen from the centre; at a pole east is y."""
    up = place / np.linalg.norm(place)
    level = math.hypot(up[0], up[1])
    east = np.array([-up[1], up[0], 0.0]) / level if level > 1e-12 else np.array([0.0, 1.0, 0.0])
    return np.array([east, np.cross(up, east), up])


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """The axes (rows, from the body's), units and start of a landing.

    length_m, speed_m_s   units; radius, globe in them: of the site, and the body
    push                  full thrust over the first mass, in units
    start                 (7,) place, velocity and mass, in units
    drift                 (3,) velocity the aim is shifted by, in units; its place is in the origin
    site                  (3,) the origin from the body's centre, m, body's axes
    """

    axes: Array
    length_m: float
    speed_m_s: float
    radius: float
    globe: Globe
    push: float
    start: Array
    drift: Array
    site: Array

    @classmethod
    def of(cls, problem: LandingProblem) -> Local:
        """Units in which speed to lose, full thrust and mass are near one."""
        axes = east_north_up(problem.site_m)
        origin = problem.site_m + axes.T @ np.array(problem.aim[:3])
        axes = east_north_up(origin)
        p = axes @ (problem.r_m - origin)
        v = axes @ problem.v_m_s
        site = float(np.linalg.norm(origin))
        fall = 2.0 * problem.globe.mu / site**2 * float(np.linalg.norm(p))
        speed = math.sqrt(float(v @ v) + min(fall, problem.globe.mu / site))
        push = problem.engine.thrust_n / problem.mass_kg
        length = speed * speed / push
        return cls(
            axes, length, speed, site / length,
            problem.globe.turned(axes).scaled(length, speed), 1.0,
            np.concatenate([p / length, v / speed, [1.0]]), np.array(problem.aim[3:]) / speed,
            origin,
        )  # fmt: skip

    @property
    def time_s(self) -> float:
        """Length over speed."""
        return self.length_m / self.speed_m_s

    def exhaust(self, isp_m_s: float) -> float:
        """An effective exhaust velocity in units."""
        return isp_m_s / self.speed_m_s

    def from_centre(self, x: Sequence[Any]) -> tuple[Any, Any, Any]:
        """Place from the body's centre."""
        return x[0], x[1], x[2] + self.radius

    def fall(self, ops: Ops, x: Sequence[Any]) -> tuple[Any, Any, Any]:
        """Acceleration without thrust at a state."""
        return acceleration(ops, self.from_centre(x), (x[3], x[4], x[5]), self.globe)

    def height(self, ops: Ops, x: Sequence[Any]) -> Any:
        """Above the site's level, without the loss of digits of |r| - R."""
        a, b, c = x[0], x[1], x[2]
        more = 2.0 * self.radius * c + a * a + b * b + c * c
        return more / (ops.sqrt(self.radius * self.radius + more) + self.radius)

    def sink(self, ops: Ops, x: Sequence[Any]) -> Any:
        """Downward speed, but for the aim's."""
        r = self.from_centre(x)
        v = (x[3], x[4], x[5])
        return float(self.drift[2]) - ops.dot(r, v) / ops.sqrt(ops.dot(r, r))

    def slopes(self, x: Array) -> tuple[Array, Array]:
        """(n, 3) accelerations without thrust and (n, 3, 6) their slopes, by central differences.

        x   (n, 6)
        """
        step = 1e-5
        many = x[:, None, :] + np.concatenate(
            [np.zeros((1, 6)), step * np.eye(6), -step * np.eye(6)]
        )
        a = np.stack(self.fall(NUMPY, list(np.moveaxis(many, -1, 0))), axis=-1)
        slopes = (a[:, 1:7] - a[:, 7:]) / (2.0 * step)
        return a[:, 0], np.swapaxes(slopes, 1, 2)

    def places(self, x: Array) -> tuple[Array, Array]:
        """(n, 3) m from the centre and (n, 3) m/s, body's axes, of states (n, 6 or more)."""
        p = x[:, :3] * self.length_m
        return p @ self.axes + self.site, x[:, 3:6] * self.speed_m_s @ self.axes

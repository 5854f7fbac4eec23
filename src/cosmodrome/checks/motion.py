"""The forces as the checks see them, and arcs flown with SciPy.

Gravity comes from `physics` (the specification in NumPy), the Sun, the Moon, sunlight and air
from formulas written here, so that a slip in a chapter's bookkeeping cannot hide in both roads.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp

from cosmodrome.checks.winds import Blowing
from cosmodrome.maths import NUMPY, SCALAR, remembered
from cosmodrome.physics import atmosphere, harmonics, zonal
from cosmodrome.world.bodies import BODIES, OMEGA_EARTH_RAD_S
from cosmodrome.world.body_orientation import fixed_from_gcrf

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.mission.nouns import WindTable
    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]

__all__ = ["Ballistic", "Lunar", "felt_acceleration", "fly", "zonal_gravity"]

A = 6378137.0
F = 1.0 / 298.257223563
_B = A * (1.0 - F)
_E2 = F * (2.0 - F)


def zonal_gravity(view: View, r: Array) -> Array:
    """Central term and J2 to J4 at inertial places (N, 3), m/s^2; axis at lift-off."""
    field = view.world.gravity()
    axis = view.axis
    g = zonal.acceleration(
        NUMPY,
        (r[:, 0], r[:, 1], r[:, 2]),
        (axis[0], axis[1], axis[2]),
        float(field.mu_m3_s2),
        float(field.radius_m),
        *(float(field.zonal_j(n)) for n in (2, 3, 4)),
    )
    return np.stack(g, axis=1)


def felt_acceleration(view: View) -> Array:
    """What an accelerometer on the stack would read at its samples (N, 3), m/s^2.

    The derivative of the path's own velocity series less gravity: no use is made of the thrust
    the path reports.
    """
    s = view.stack_samples
    return s.rates[:, 3:6] - zonal_gravity(view, s.values[:, 0:3])


@dataclass(init=False, eq=False)
class Ballistic:
    """Zonal gravity and drag of the co-rotating standard atmosphere, for one falling body; in the
    mission's wind where it has one.

    cd_area_m2 / mass_kg fixed; inertial axes are GCRF with the spin axis of lift-off. Its fields
    are all that tells one from another.
    """

    axis: tuple[float, float, float]
    gravity: tuple[float, ...]
    k: float
    blown: WindTable | None

    name, rtol = "the zonal field", 1e-11

    def __init__(self, view: View, cd_area_m2: float, mass_kg: float) -> None:
        field = view.world.gravity()
        self.axis = (float(view.axis[0]), float(view.axis[1]), float(view.axis[2]))
        self.gravity = (
            float(field.mu_m3_s2),
            float(field.radius_m),
            *(float(field.zonal_j(n)) for n in (2, 3, 4)),
        )
        self.k = 0.5 * cd_area_m2 / mass_kg
        self.blown = view.flight.mission.wind
        self.wind = None if self.blown is None else Blowing(self.blown, self.axis)

    def height(self, x: float, y: float, z: float) -> float:
        """Geodetic height by one Bowring step, m; below 1e-4 m from the ground to 1,000 km."""
        a, sqrt = self.axis, math.sqrt
        zz = x * a[0] + y * a[1] + z * a[2]
        p = sqrt(max(x * x + y * y + z * z - zz * zz, 0.0))
        # the reduced latitude, then the latitude, by their sines and cosines
        s, c = A * zz, _B * p
        size = sqrt(s * s + c * c)
        s, c = s / size, c / size
        s, c = zz + _E2 / (1.0 - _E2) * _B * s * s * s, p - _E2 * A * c * c * c
        size = sqrt(s * s + c * c)
        s, c = s / size, c / size
        return p * c + zz * s - A * sqrt(1.0 - _E2 * s * s)

    def ground(self, t: float, y: Array) -> float:
        """Height, m: falls through zero on the ground."""
        return self.height(float(y[0]), float(y[1]), float(y[2]))

    def __call__(self, t: float, y: Array) -> list[float]:
        """d/dt of (r, v)."""
        rx, ry, rz, vx, vy, vz = y.tolist()
        ax, ay, az = zonal.acceleration(SCALAR, (rx, ry, rz), self.axis, *self.gravity)
        if self.k > 0.0:
            w = OMEGA_EARTH_RAD_S
            a = self.axis
            ux = vx - w * (a[1] * rz - a[2] * ry)
            uy = vy - w * (a[2] * rx - a[0] * rz)
            uz = vz - w * (a[0] * ry - a[1] * rx)
            h = self.height(rx, ry, rz)
            rho = atmosphere.density_pressure_sound(SCALAR, h)[0]
            if self.wind is not None:
                bx, by, bz = self.wind.at((rx, ry, rz), h)
                ux, uy, uz = ux - bx, uy - by, uz - bz
            d = self.k * rho * math.sqrt(ux * ux + uy * uy + uz * uz)
            ax, ay, az = ax - d * ux, ay - d * uy, az - d * uz
        return [vx, vy, vz, ax, ay, az]


class Lunar:
    """The Moon's field of low degree and the Earth as a point, for a body about the Moon.

    epoch  instant of t = 0
    """

    name, rtol = "the Moon's field of degree 8", 1e-9
    degree = 8

    def __init__(self, view: View, epoch: Epoch) -> None:
        self.world, self.epoch = view.world, epoch
        self.field = view.field("moon").truncated(
            min(self.degree, view.flight.mission.physics.moon_gravity_degree)
        )

    def __call__(self, t: float, y: Array) -> list[float]:
        """d/dt of (r, v)."""
        field, now = self.field, self.epoch + float(t)
        turn = np.asarray(fixed_from_gcrf(self.world, "moon", field.axes, now).matrix)
        order = self.field.C.shape[0] - 1
        g = harmonics.acceleration(
            (turn @ y[:3])[None], field.mu_m3_s2, field.radius_m, field.C, field.S, order
        )[0]
        earth = np.asarray(self.world.ephemeris.position_m("earth", now, "moon"))
        away = earth - y[:3]
        tide = away / np.linalg.norm(away) ** 3 - earth / np.linalg.norm(earth) ** 3
        a = turn.T @ g + BODIES["earth"].mu_m3_s2 * tide
        return [*(float(v) for v in y[3:6]), *(float(c) for c in a)]


def fly(
    motion: Callable[[float, Array], list[float]],
    y0: Array,
    duration_s: float,
    *,
    ground: Callable[[float, Array], float] | None = None,
    rtol: float = 1e-11,
    atol: float = 1e-6,
) -> tuple[float, Array]:
    """(time, state) at the end of an arc, or where `ground` falls through zero; DOP853.

    A step tried deep into the ground, where no number holds the drag, is not taken: its error is
    no number either, and SciPy makes the step shorter.
    """
    if isinstance(motion, Ballistic) and ground in (None, motion.ground):
        return _ballistic(motion, y0, duration_s, ground is not None, rtol, atol)
    return _flown(motion, y0, duration_s, ground, rtol, atol)


@remembered(256)
def _ballistic(
    motion: Ballistic, y0: Array, duration_s: float, to_ground: bool, rtol: float, atol: float
) -> tuple[float, Array]:
    return _flown(motion, y0, duration_s, motion.ground if to_ground else None, rtol, atol)


def _flown(
    motion: Callable[[float, Array], list[float]],
    y0: Array,
    duration_s: float,
    ground: Callable[[float, Array], float] | None,
    rtol: float,
    atol: float,
) -> tuple[float, Array]:
    events = None
    if ground is not None:

        def landing(t: float, y: Array) -> float:
            return ground(t, y)

        landing.terminal = True  # type: ignore[attr-defined]
        landing.direction = -1.0  # type: ignore[attr-defined]
        events = [landing]
    with np.errstate(over="ignore", invalid="ignore"):
        out = solve_ivp(
            motion, (0.0, duration_s), y0, method="DOP853", rtol=rtol, atol=atol, events=events
        )
    if not out.success:
        raise ArithmeticError(f"the arc could not be integrated: {out.message}")
    return float(out.t[-1]), np.asarray(out.y[:, -1], dtype=np.float64)

"""Slow forces averaged over a revolution, in vectors: valid for circles and on the equator.

An orbit is its semi-major axis a, the unit vector h of its plane and its e vector (Milankovitch
1939; Allan & Ward 1963, Proc. Camb. Phil. Soc. 59, 669). What depends on no angle of the plane
is singular nowhere. Conservative forces come from their averaged potential, the others from
Gauss's equations by a quadrature over the eccentric anomaly. The rates are those of mean
elements (`dynamics.mean`), per second; all vectors are in one frame whose z is the Earth's axis.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.maths.vectors import cross
from cosmodrome.physics import drag
from cosmodrome.physics.averaged import mean_rates

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.world.gravity import GravityField

    Array = NDArray[np.float64]
    #: density, kg/m^3, of n places (n, 3)
    Density = Callable[[Array], Array]

__all__ = [
    "MeanOrbit",
    "Rates",
    "air_rates",
    "light_rates",
    "third_body_rates",
    "tidal_tensor",
    "turned_by_zonals",
]

_POINTS = 36
# of a revolution, the part near the perigee where the air is felt: a scale height of this is meant
_SCALE_M = 50e3
_LEAST_TILT = 1e-3
_LARGEST_TURN = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class MeanOrbit:
    """Mean elements as vectors: a in m, `plane` the unit vector (3,) of r x v, `e` (3,)."""

    a_m: float
    plane: Array
    e: Array

    @classmethod
    def of(cls, a_m: float, e: float, i: float, raan: float, argp: float) -> MeanOrbit:
        """From Kepler's elements, m and rad."""
        node = np.array([math.cos(raan), math.sin(raan), 0.0])
        ahead = np.array([-math.cos(i) * math.sin(raan), math.cos(i) * math.cos(raan), math.sin(i)])
        plane = np.array([math.sin(i) * math.sin(raan), -math.sin(i) * math.cos(raan), math.cos(i)])
        return cls(a_m, plane, e * (math.cos(argp) * node + math.sin(argp) * ahead))

    @property
    def eccentricity(self) -> float:
        return float(np.linalg.norm(self.e))

    @property
    def inclination_rad(self) -> float:
        return float(np.arctan2(np.hypot(self.plane[0], self.plane[1]), self.plane[2]))

    @property
    def perigee_m(self) -> float:
        """Radius of the perigee of the mean ellipse."""
        return self.a_m * (1.0 - self.eccentricity)

    @property
    def node(self) -> tuple[Array, Array]:
        """Unit vectors to the ascending node and 90 deg ahead of it; in the equator's plane, x."""
        node = np.array([-self.plane[1], self.plane[0], 0.0])
        size = float(np.linalg.norm(node))
        node = node / size if size > 0.0 else np.array([1.0, 0.0, 0.0])
        return node, cross(self.plane, node)

    def moved(self, rates: Rates, dt_s: float) -> MeanOrbit:
        """After rates held for a time, with the vectors put right again."""
        plane = self.plane + dt_s * rates.plane
        plane = plane / np.linalg.norm(plane)
        e = self.e + dt_s * rates.e
        return MeanOrbit(self.a_m + dt_s * rates.a_m, plane, e - plane * float(e @ plane))

    def slowed(self, rates: Rates, dt_s: float, at: MeanOrbit | None = None) -> MeanOrbit:
        """`moved` by what acts at the perigee: p = a (1 - e^2) goes along a line instead of a.

        So a perigee that stands does so however much the apogee falls in the step.

        at  the orbit whose rates they are, half-way through the step; None: this one
        """
        held = self if at is None else at
        p = self.a_m * (1.0 - float(self.e @ self.e))
        p += dt_s * (
            rates.a_m * (1.0 - float(held.e @ held.e)) - 2.0 * held.a_m * float(held.e @ rates.e)
        )
        there = self.moved(rates, dt_s)
        return MeanOrbit(p / (1.0 - float(there.e @ there.e)), there.plane, there.e)


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Of a MeanOrbit, per second."""

    a_m: float
    plane: Array
    e: Array

    def __add__(self, other: Rates) -> Rates:
        return Rates(self.a_m + other.a_m, self.plane + other.plane, self.e + other.e)


def tidal_tensor(places_m: Array, mu_m3_s2: float) -> Array:
    """Mean gradient of a distant body's attraction at the centre, (3, 3), 1/s^2.

    places_m  (n, 3), over the time that the average is to be taken over
    """
    d = np.linalg.norm(places_m, axis=1)
    s = places_m / d[:, None]
    k = mu_m3_s2 / d**3
    out: Array = np.einsum("n,ni,nj->ij", 3.0 * k, s, s) / len(d) - np.eye(3) * float(np.mean(k))
    return out


def third_body_rates(orbit: MeanOrbit, tensor: Array, mu_m3_s2: float) -> Rates:
    """What a distant body does, to the second degree of r / r3, averaged over the revolution.

    tensor  `tidal_tensor` of the body; tensors of several bodies add

    <r rT> = a^2/2 [(1 - e^2) 1 - j jT + 5 e eT] with j = sqrt(1 - e^2) h makes the mean potential
    a^2/4 (5 eT T e - jT T j); the rates follow by dj/dt = (j x R_j + e x R_e) / sqrt(mu a),
    de/dt = (j x R_e + e x R_j) / sqrt(mu a) (Allan & Ward 1963; Tremaine, Touma & Namouni 2009,
    AJ 137, 3706, eq. 15). Left out: the next degree, 7 % of it for the Moon at 12 h.
    """
    a, e = orbit.a_m, orbit.e
    eta = math.sqrt(1.0 - float(e @ e))
    j = eta * orbit.plane
    by_e, by_j = 2.5 * a * a * (tensor @ e), -0.5 * a * a * (tensor @ j)
    scale = 1.0 / math.sqrt(mu_m3_s2 * a)
    turn = scale * (cross(j, by_j) + cross(e, by_e)) / eta
    return Rates(
        0.0,
        turn - orbit.plane * float(turn @ orbit.plane),
        scale * (cross(j, by_e) + cross(e, by_j)),
    )


def turned_by_zonals(orbit: MeanOrbit, field: GravityField, dt_s: float) -> MeanOrbit:
    """The orbit after a time under the zonal harmonics alone (`averaged.mean_rates`).

    By the classical Runge-Kutta method on the e vector along the node, the inclination and the
    node, in steps that turn the perigee by 0.5 rad at most; a stays.
    """
    node, ahead = orbit.node
    y = np.array(
        [
            float(orbit.e @ node),
            float(orbit.e @ ahead),
            max(orbit.inclination_rad, _LEAST_TILT),
            math.atan2(node[1], node[0]),
        ]
    )
    tilt = orbit.inclination_rad - float(y[2])

    def slope(y: Array) -> Array:
        i = min(max(float(y[2]), _LEAST_TILT), math.pi - _LEAST_TILT)
        r = mean_rates(orbit.a_m, float(y[0]), float(y[1]), i, field)
        return np.array([r.ex, r.ey, r.i_rad_s, r.node_rad_s])

    first = slope(y)
    e = math.hypot(y[0], y[1])
    # the turn of the perigee by J2, whether or not there is an e vector to turn
    eta2 = 1.0 - e * e
    fastest = (
        3.0
        * field.zonal_j(2)
        * (field.radius_m / (orbit.a_m * eta2)) ** 2
        * math.sqrt(field.mu_m3_s2 / orbit.a_m**3)
    )
    steps = max(1, math.ceil(abs(dt_s) * fastest / _LARGEST_TURN))
    h = dt_s / steps
    for k in range(steps):
        k1 = first if k == 0 else slope(y)
        k2 = slope(y + 0.5 * h * k1)
        k3 = slope(y + 0.5 * h * k2)
        k4 = slope(y + h * k3)
        y = y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    size = math.hypot(y[0], y[1])
    return MeanOrbit.of(
        orbit.a_m, size, float(y[2]) + tilt, float(y[3]), math.atan2(float(y[1]), float(y[0]))
    )


def _around(orbit: MeanOrbit, mu: float, weight: float, points: int) -> tuple[Array, ...]:
    """Places, velocities (n, 3) and shares of time (n,) of a revolution.

    weight  below 1: points are drawn to the perigee by tan E/2 = weight tan x/2, x being evenly
            spaced: a periodic function stays one, and the sum converges as fast as ever
    """
    a, e = orbit.a_m, orbit.eccentricity
    along = orbit.e / e if e > 1e-12 else orbit.node[0]
    ahead = cross(orbit.plane, along)
    x = (np.arange(points) + 0.5) * (2.0 * math.pi / points)
    c, s = np.cos(0.5 * x), np.sin(0.5 * x)
    E = 2.0 * np.arctan2(weight * s, c)
    eta = math.sqrt(1.0 - e * e)
    near = 1.0 - e * np.cos(E)
    r = a * (np.outer(np.cos(E) - e, along) + eta * np.outer(np.sin(E), ahead))
    v = math.sqrt(mu / a) * (
        np.outer(-np.sin(E) / near, along) + eta * np.outer(np.cos(E) / near, ahead)
    )
    shares = near * weight / (c * c + weight * weight * s * s) / points
    return r, v, shares


def _gauss(orbit: MeanOrbit, mu: float, r: Array, v: Array, f: Array, shares: Array) -> Rates:
    """Mean rates under accelerations (n, 3) along a revolution, by r x f and Gauss's e vector."""
    a = orbit.a_m
    h = math.sqrt(mu * a * (1.0 - float(orbit.e @ orbit.e)))
    torque = cross(r, f)
    turn = shares @ torque / h
    e_rate = shares @ (cross(f, h * orbit.plane) + cross(v, torque)) / mu
    return Rates(
        2.0 * a * a / mu * float(shares @ np.einsum("ij,ij->i", v, f)),
        turn - orbit.plane * float(turn @ orbit.plane),
        e_rate,
    )


def _swollen(orbit: MeanOrbit, r: Array, field: GravityField) -> Array:
    """Places on the osculating orbit of those on the mean ellipse: along the radius alone.

    dr of first order in J2 (Kozai 1959, AJ 64, 367): some kilometres between pole and equator,
    and about as much everywhere, a tenth of a scale height.
    """
    e = orbit.eccentricity
    eta = math.sqrt(1.0 - e * e)
    p = orbit.a_m * eta * eta
    radius = np.linalg.norm(r, axis=1)
    k = field.zonal_j(2) * field.radius_m**2 / p
    s2 = 1.0 - float(orbit.plane[2]) ** 2
    e_cos = p / radius - 1.0
    up = r[:, 2] / radius
    # sin^2 i cos 2u by the height of the place over the equator
    bulge = s2 - 2.0 * up * up
    dr = -0.5 * k * (1.0 - 1.5 * s2) * (1.0 + e_cos / (1.0 + eta) + 2.0 * eta * radius / p)
    dr = dr + 0.25 * k * bulge
    out: Array = r * (1.0 + dr / radius)[:, None]
    return out


def air_rates(
    orbit: MeanOrbit,
    density: Density,
    cd_area_over_mass_m2_kg: float,
    spin_rad_s: float,
    field: GravityField,
    points: int = _POINTS,
) -> Rates:
    """What the air that turns with the Earth does, averaged over a revolution.

    density  of places in the orbit's frame, z being the axis

    Gauss's equations by a sum over the eccentric anomaly with points drawn to the perigee; the air
    is that of the osculating place, J2's short-period radius above or below the mean ellipse.
    """
    mu = field.mu_m3_s2
    e = orbit.eccentricity
    reach = math.sqrt(_SCALE_M / max(orbit.a_m * e, 1.0))
    r, v, shares = _around(orbit, mu, min(1.0, max(2.5 * reach, 0.05)), points)
    f = drag.acceleration(
        r,
        v,
        density(_swollen(orbit, r, field)),
        np.array([0.0, 0.0, spin_rad_s]),
        cd_area_over_mass_m2_kg,
    )
    return _gauss(orbit, mu, r, v, f, shares)


def light_rates(
    orbit: MeanOrbit,
    sun_m: Array,
    push_m_s2: float,
    body_radius_m: float,
    mu_m3_s2: float,
    points: int = 2 * _POINTS,
) -> Rates:
    """What sunlight does, averaged over a revolution; dark in the cylinder behind the body.

    sun_m      place of the Sun (3,)
    push_m_s2  acceleration by light at the orbit's distance from the Sun
    """
    r, v, shares = _around(orbit, mu_m3_s2, 1.0, points)
    sun = sun_m / np.linalg.norm(sun_m)
    towards = r @ sun
    aside = np.linalg.norm(r - np.outer(towards, sun), axis=1)
    # a soft edge of a tenth of the body's radius, so that the sum does not step
    lit = np.where(
        towards > 0.0, 1.0, np.clip(10.0 * (aside / body_radius_m - 1.0) + 0.5, 0.0, 1.0)
    )
    f = -push_m_s2 * lit[:, None] * sun
    return _gauss(orbit, mu_m3_s2, r, v, f, shares)

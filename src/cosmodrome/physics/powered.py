"""Powered flight in the air of a turning planet: the right-hand side every ascent shares.

One formula for all users: scalars for the re-flight, arrays for searches and checks, symbols
for the optimiser. Axes are inertial with z along the planet's spin axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cosmodrome.physics import aerodynamics, atmosphere, thrust, zonal

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.maths import HingeTable, Ops, Vector

__all__ = ["Accelerations", "Air", "Body", "Planet", "accelerations", "air", "gravity", "height"]

# keeps |w| differentiable on the pad, where the air is at rest relative to the vehicle
_SPEED_FLOOR_M_S = 0.1


@dataclass(frozen=True, slots=True)
class Planet:
    """The planet as powered flight sees it.

    mu m^3/s^2; gravity_radius_m and j2..j4 of the field; omega rad/s about z
    equatorial_radius_m, flattening   the ellipsoid heights are measured from
    atmosphere   (ops, height in m) -> density kg/m^3, pressure Pa, speed of sound m/s
    wind         (ops, height in m) -> to the east and to the north, m/s; None: the air turns with
                 the planet and is still
    """

    mu: float
    gravity_radius_m: float
    j2: float
    j3: float
    j4: float
    omega_rad_s: float
    equatorial_radius_m: float
    flattening: float
    atmosphere: Callable[[Ops, Any], tuple[Any, Any, Any]] = atmosphere.density_pressure_sound
    wind: Callable[[Ops, Any], tuple[Any, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """What the air feels: reference area in m^2 and drag coefficient over Mach number."""

    area_m2: float
    cd: HingeTable


@dataclass(frozen=True, slots=True)
class Air:
    """The air at one place: density, pressure, relative velocity and speed, Mach number."""

    rho: Any
    pressure: Any
    w: Vector
    speed: Any
    mach: Any

    @property
    def q(self) -> Any:
        """Dynamic pressure in Pa."""
        return aerodynamics.dynamic_pressure(self.rho, self.speed * self.speed)


@dataclass(frozen=True, slots=True)
class Accelerations:
    """The parts of the acceleration, m/s^2, and the air they were found in."""

    gravity: Vector
    drag: Vector
    thrust: Vector
    air: Air

    @property
    def total(self) -> Vector:
        """Sum of all parts."""
        g, d, t = self.gravity, self.drag, self.thrust
        return (g[0] + d[0] + t[0], g[1] + d[1] + t[1], g[2] + d[2] + t[2])


def height(ops: Ops, planet: Planet, r: Vector) -> Any:
    """Height above the ellipsoid along the radius, m.

    r - a / sqrt(1 + e'^2 sin^2 phi'), with phi' the geocentric latitude: exact on the ground
    and within 2 m of the geodetic height below 400 km, without an iteration or a branch.
    """
    rr = ops.dot(r, r)
    f = planet.flattening
    if f == 0.0:
        return ops.sqrt(rr) - planet.equatorial_radius_m
    stretch = 1.0 / ((1.0 - f) * (1.0 - f)) - 1.0
    return ops.sqrt(rr) - planet.equatorial_radius_m / ops.sqrt(1.0 + stretch * (r[2] * r[2] / rr))


def air(ops: Ops, planet: Planet, r: Vector, v: Vector) -> Air:
    """The air at place `r` met with velocity `v` (SI, z along the spin axis)."""
    h = height(ops, planet, r)
    rho, pressure, sound = ops.curve(planet.atmosphere, h)
    w = aerodynamics.air_velocity(r, v, planet.omega_rad_s)
    if planet.wind is not None:
        blows = aerodynamics.wind_velocity(ops, r, *ops.curve(planet.wind, h))
        w = (w[0] - blows[0], w[1] - blows[1], w[2] - blows[2])
    speed = ops.sqrt(ops.dot(w, w) + _SPEED_FLOOR_M_S * _SPEED_FLOOR_M_S)
    return Air(rho, pressure, w, speed, speed / sound)


def gravity(ops: Ops, planet: Planet, r: Vector) -> Vector:
    """Acceleration of the planet's zonal field at `r`, m/s^2."""
    return zonal.acceleration(
        ops,
        r,
        (0.0, 0.0, 1.0),
        planet.mu,
        planet.gravity_radius_m,
        planet.j2,
        planet.j3,
        planet.j4,
    )


def accelerations(
    ops: Ops,
    planet: Planet,
    body: Body,
    r: Vector,
    v: Vector,
    mass_kg: Any,
    u: Vector | None = None,
    thrust_vacuum_n: Any = 0.0,
    exit_area_m2: Any = 0.0,
) -> Accelerations:
    """Gravity, drag and thrust acceleration of a vehicle of mass `mass_kg`.

    r, v   m, m/s, inertial axes with z along the spin axis
    u      unit vector of the thrust; None while coasting
    Thrust is vacuum thrust less back-pressure (`thrust.in_air`); drag acts along the flow.
    """
    here = air(ops, planet, r, v)
    g = gravity(ops, planet, r)
    cd = ops.curve(body.cd, here.mach)
    force = aerodynamics.drag(here.rho, here.w, here.speed, cd, body.area_m2)
    d = (force[0] / mass_kg, force[1] / mass_kg, force[2] / mass_kg)
    if u is None:
        zero = 0.0 * r[0]
        return Accelerations(g, d, (zero, zero, zero), here)
    a = thrust.in_air(thrust_vacuum_n, exit_area_m2, here.pressure) / mass_kg
    return Accelerations(g, d, (a * u[0], a * u[1], a * u[2]), here)

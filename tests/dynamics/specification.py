"""The sum of all forces by the Python specification, on the same tables as the core."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.physics import drag, harmonics, radiation, third_body
from cosmodrome.world import bodies as sky
from cosmodrome.world.geodesy import geodetic_from_itrf

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.dynamics.propagate import Setting
    from cosmodrome.world.gravity import GravityField

    Array = NDArray[np.float64]


class Specification:
    def __init__(
        self, setting: Setting, dynamics: Dynamics, gravity: GravityField, mass_kg: float
    ) -> None:
        self.setting = setting
        self.dynamics = dynamics
        self.field = gravity.truncated(dynamics.gravity_degree, dynamics.gravity_order)
        self.mass_kg = mass_kg

    def acceleration(self, t: Array, r: Array, v: Array, *, shadow: bool = True) -> Array:
        d, s, f, m = self.dynamics, self.setting, self.field, self.mass_kg
        M = s.rotation.matrix(t)
        fixed = np.einsum("nij,nj->ni", M, r)
        g = harmonics.acceleration(fixed, f.mu_m3_s2, f.radius_m, f.C, f.S, d.gravity_order)
        a = np.einsum("nji,nj->ni", M, g)
        sun = s.bodies["sun"].at(t)
        for name in d.third_bodies:
            a = a + third_body.acceleration(r, s.bodies[name].at(t), sky.body(name).mu_m3_s2)
        if s.density is not None:
            rho = s.density.density(t, *geodetic_from_itrf(fixed))
            spin = sky.OMEGA_EARTH_RAD_S * s.rotation.pole.at(t)
            a = a + drag.acceleration(r, v, rho, spin, d.drag_coefficient * d.drag_area_m2 / m)
        if d.radiation_pressure:
            visible = (
                radiation.visible_fraction(r, sun, sky.SUN.radius_m, sky.EARTH_EQUATORIAL_RADIUS_M)
                if shadow
                else np.ones(len(t))
            )
            a = a + radiation.acceleration(
                r,
                sun,
                d.srp_area_m2 / m,
                d.reflectivity,
                sky.SOLAR_PRESSURE_N_M2,
                sky.AU_M,
                visible,
            )
        return a

    def rates(self, t: float, y: Array) -> Array:
        a = self.acceleration(np.array([t]), y[None, :3], y[None, 3:6])
        return np.concatenate([y[3:6], a[0]])

"""The sum of all forces by the Python specification, on the same tables as the core."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import (
    Drag,
    ExponentialAir,
    Gravity,
    Plates,
    PointMass,
    Radiation,
    Relativity,
    Thrust,
    Tides,
)
from cosmodrome.dynamics.tables import indices_of
from cosmodrome.physics import (
    attitude_laws,
    drag,
    exponential_air,
    harmonics,
    panels,
    radiation,
    relativity,
    steering,
    thermosphere,
    third_body,
)
from cosmodrome.world import bodies as sky
from cosmodrome.world.body_orientation import fixed_from_gcrf_many
from cosmodrome.world.geodesy import geodetic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.dynamics.assembly import Setting
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]


def turned_back(m: Array, a: Array) -> Array:
    return np.einsum("nji,nj->ni", m, a)


class Specification:
    """Forces on a spacecraft of constant mass; `acceleration` sums all, `parts` gives each."""

    def __init__(
        self, setting: Setting, dynamics: Dynamics, world: World, epoch: Epoch, mass_kg: float
    ) -> None:
        self.s, self.d, self.world, self.epoch = setting, dynamics, world, epoch
        self.mass_kg = mass_kg

    def place(self, name: str, t: Array) -> Array:
        return self.s.bodies[name].at(t)[:, :3]

    def parts(self, t: Array, r: Array, v: Array, *, shadow: bool = True) -> dict[str, Array]:
        M = self.s.rotation.matrix(t)
        fixed = np.einsum("nij,nj->ni", M, r)
        out = {}
        for f in self.d.forces:
            name = type(f).__name__ + getattr(f, "body", "")
            out[name] = self._one(f, t, r, v, M, fixed, shadow)
        return out

    def acceleration(self, t: Array, r: Array, v: Array, *, shadow: bool = True) -> Array:
        return sum(self.parts(t, r, v, shadow=shadow).values())

    def rates(self, t: float, y: Array) -> Array:
        a = self.acceleration(np.array([t]), y[None, :3], y[None, 3:6])
        return np.concatenate([y[3:6], a[0]])

    def _one(self, f, t, r, v, M, fixed, shadow):
        s, m, centre = self.s, self.mass_kg, self.d.centre
        if isinstance(f, Gravity | PointMass) and f.body == centre:
            if isinstance(f, PointMass) or f.degree == 0:
                return -s.mu_m3_s2 * r / np.linalg.norm(r, axis=1)[:, None] ** 3
            g = s.field.truncated(f.degree, f.top)
            a = harmonics.acceleration(fixed, g.mu_m3_s2, g.radius_m, g.C, g.S, f.top)
            return turned_back(M, a)
        if isinstance(f, Gravity):
            field = self.world.gravity(f.body, f.field).truncated(f.degree, f.top)
            place = self.place(f.body, t)
            turn = fixed_from_gcrf_many(self.world, f.body, field.axes, self.epoch, t).matrix
            C = field.C.copy()
            C[0, 0] = 0.0
            there = np.einsum("nij,nj->ni", turn, r - place)
            own = harmonics.acceleration(there, field.mu_m3_s2, field.radius_m, C, field.S)
            # the centre falls in the same field
            centre_there = np.einsum("nij,nj->ni", turn, -place)
            own = own - harmonics.acceleration(
                centre_there, field.mu_m3_s2, field.radius_m, C, field.S
            )
            return third_body.acceleration(r, place, field.mu_m3_s2) + turned_back(turn, own)
        if isinstance(f, PointMass):
            return third_body.acceleration(r, self.place(f.body, t), sky.body(f.body).mu_m3_s2)
        if isinstance(f, Tides):
            n = s.tide_degree
            rows = np.tril_indices(n + 1)
            both = s.tides.at(t)
            dC, dS = np.zeros((2, t.size, n + 1, n + 1))
            dC[:, rows[0], rows[1]] = both[:, : len(rows[0])]
            dS[:, rows[0], rows[1]] = both[:, len(rows[0]) :]
            a = harmonics.acceleration(fixed, s.field.mu_m3_s2, s.field.radius_m, dC, dS)
            return turned_back(M, a)
        if isinstance(f, Relativity):
            a = np.zeros_like(r)
            if f.schwarzschild:
                a = a + relativity.schwarzschild(r, v, s.mu_m3_s2)
            if f.lense_thirring and centre == "earth":
                spin = relativity.EARTH_SPIN_M2_S * s.rotation.pole.at(t)
                a = a + relativity.lense_thirring(r, v, s.mu_m3_s2, spin)
            if f.de_sitter:
                sun = s.bodies["sun"].at(t)
                a = a + relativity.de_sitter(v, sun[:, :3], sun[:, 3:], sky.SUN.mu_m3_s2)
            return a
        if isinstance(f, Drag):
            rho = self._density(f, t, fixed)
            spin = self._spin() * s.rotation.pole.at(t)
            a = drag.acceleration(r, v, rho, spin, f.coefficient * f.area_m2 / m)
            plates = self.d.first(Plates)
            if plates and plates.drags:
                u = drag.relative_velocity(r, v, spin)
                to_sun = self._to_sun(t, r)
                axes = self._axes(plates, r, v, to_sun)
                a = a + panels.drag_force(plates.panels, axes, to_sun, u, rho, f.coefficient) / m
            return a
        if isinstance(f, Radiation):
            sun = self.place("sun", t)
            visible = np.ones(t.size)
            if shadow:
                occulters = [
                    (np.zeros_like(r) if n == centre else self.place(n, t), sky.body(n).figure_m)
                    for n in f.bodies(centre)
                ]
                visible = radiation.visible_fraction_of_all(r, sun, sky.SUN.radius_m, occulters)
            a = radiation.acceleration(
                r, sun, f.area_m2 / m, f.reflectivity, sky.SOLAR_PRESSURE_N_M2, sky.AU_M, visible
            )
            plates = self.d.first(Plates)
            if plates and plates.shines:
                to_sun = self._to_sun(t, r)
                axes = self._axes(plates, r, v, to_sun)
                distance = np.linalg.norm(sun - r, axis=1)
                p = panels.pressure(sky.SOLAR_PRESSURE_N_M2, sky.AU_M, distance)
                force = panels.radiation_force(plates.panels, axes, to_sun, p)
                a = a + visible[:, None] * force / m
            return a
        if isinstance(f, Thrust):
            thrust, directions, knots = f._arrays()
            start = f.start - self.epoch
            inside = (t >= start) & (t < start + knots[-1])
            a = steering.acceleration(
                np.clip(t - start, 0.0, knots[-1]), r, v, np.full(t.size, m), knots, thrust,
                directions, f.axes,
            )  # fmt: skip
            return np.where(inside[:, None], a, 0.0)
        assert isinstance(f, Plates)
        return np.zeros_like(r)

    def _spin(self) -> float:
        return sky.OMEGA_EARTH_RAD_S if self.d.centre == "earth" else self.s.rotation.spin_rad_s

    def _density(self, f, t, fixed):
        figure = sky.body(self.d.centre)
        lat, lon, h = geodetic(fixed, figure.figure_m, figure.flattening, figure.name)
        if isinstance(f.air, ExponentialAir):
            return exponential_air.layered_density(h, np.asarray(f.air.layers))
        if callable(f.air):
            return f.air(t, lat, lon, h)
        if f.direct:
            indices = indices_of(self.world, f.space_weather)
            return thermosphere.direct(self.epoch, t, lat, lon, h, indices, f.air)
        if self.s.density is None:
            return np.zeros(t.size)
        return self.s.density.density(t, lat, lon, h)

    def _to_sun(self, t, r):
        d = self.place("sun", t) - r
        return d / np.linalg.norm(d, axis=1)[:, None]

    def _axes(self, plates, r, v, to_sun):
        if plates.attitude == "inertial":
            return attitude_laws.inertial(np.asarray(plates.body_from_gcrf), len(r))
        if plates.attitude == "nadir":
            return attitude_laws.nadir(r, v)
        if plates.attitude == "yaw-steering":
            return attitude_laws.yaw_steering(r, to_sun)
        return attitude_laws.sun(to_sun)

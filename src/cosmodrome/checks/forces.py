"""All forces of an orbit by the specification, along a path: the road beside the compiled core."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.places import geodetic
from cosmodrome.physics import harmonics, thermosphere
from cosmodrome.world.bodies import AU_M, BODIES
from cosmodrome.world.space_weather import SpaceWeatherSample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.world.trajectory import Trajectory

    Array = NDArray[np.float64]

__all__ = ["discs", "specification", "sunlit_fraction"]

EARTH_SHADOW_RADIUS_M = 6378137.0
# solar irradiance at 1 au over the speed of light: 1361 W/m^2 / c (Kopp & Lean 2011)
PRESSURE_N_M2 = 1361.0 / 299792458.0


def specification(
    view: View, path: Trajectory, t_s: Array, values: Array
) -> tuple[Array, float, tuple[str, ...]]:
    """Acceleration (N, 3) in GCRF of the mission's physics at path samples, the mean size of
    drag in it, m/s^2, and the names of the forces."""
    model = view.flight.mission.physics
    craft = view.flight.mission.spacecraft
    r, v = values[:, 0:3], values[:, 3:6]
    mass = values[:, 6:7]
    turn = view.world.orientation.itrf_from_gcrf_many(path.epoch, t_s)
    field = view.world.gravity().truncated(model.gravity_degree)
    fixed = turn.vector(r)
    g = harmonics.acceleration(
        fixed, field.mu_m3_s2, field.radius_m, field.C, field.S, model.gravity_order
    )
    total = np.einsum("nji,nj->ni", turn.matrix, g)
    names = [f"{model.gravity_degree}x{model.gravity_order}"]
    ephemeris = view.world.ephemeris
    for body in model.third_bodies:
        s = ephemeris.positions_m(body, path.epoch, t_s)
        d = s - r
        mu = BODIES[body].mu_m3_s2
        total = total + mu * (
            d / np.linalg.norm(d, axis=1)[:, None] ** 3
            - s / np.linalg.norm(s, axis=1)[:, None] ** 3
        )
        names.append(body)
    if model.radiation_pressure:
        s = ephemeris.positions_m("sun", path.epoch, t_s)
        d = r - s
        distance = np.linalg.norm(d, axis=1)[:, None]
        lit = sunlit_fraction(r, s)[:, None]
        push = PRESSURE_N_M2 * (AU_M / distance) ** 2 * craft.reflectivity * craft.srp_area_m2
        total = total + lit * push / mass * d / distance
        names.append("sunlight")
    mean_drag = 0.0
    if model.drag != "none":
        rho = _density(view, path, t_s, fixed)
        w = np.einsum("nji,nj->ni", turn.matrix, turn.velocity(r, v)[1])
        speed = np.linalg.norm(w, axis=1)[:, None]
        k = 0.5 * craft.drag_coefficient * craft.drag_area_m2 / mass
        drag = k * rho[:, None] * speed * w
        mean_drag = float(np.linalg.norm(drag, axis=1).mean())
        total = total - drag
        names.append("drag")
    return total, mean_drag, tuple(names)


def discs(r: Array, sun: Array) -> tuple[Array, Array, Array]:
    """Separation and apparent radii of Sun and Earth, rad, seen from geocentric places (N, 3)."""
    to_sun = sun - r
    distance = np.linalg.norm(to_sun, axis=1)
    radius = np.linalg.norm(r, axis=1)
    a: Array = np.arcsin(BODIES["sun"].radius_m / distance)
    b: Array = np.arcsin(np.minimum(1.0, EARTH_SHADOW_RADIUS_M / radius))
    across = np.linalg.norm(np.cross(to_sun, r), axis=1)
    c: Array = np.arctan2(across, -np.einsum("ij,ij->i", r, to_sun))
    return c, a, b


def sunlit_fraction(r: Array, sun: Array) -> Array:
    """Share of the Sun's disc seen from geocentric places (N, 3), a spherical Earth; 0 .. 1.

    Overlap of two discs by their apparent radii (Montenbruck & Gill 2000, section 3.4.2).
    """
    c, a, b = discs(r, sun)
    lit: Array = np.ones_like(c)
    lit[c <= b - a] = 0.0
    part = (c > np.abs(b - a)) & (c < a + b)
    if part.any():
        pa, pb, pc = a[part], b[part], c[part]
        x = (pc**2 + pa**2 - pb**2) / (2.0 * pc)
        y = np.sqrt(np.maximum(pa**2 - x**2, 0.0))
        area = (
            pa**2 * np.arccos(np.clip(x / pa, -1.0, 1.0))
            + pb**2 * np.arccos(np.clip((pc - x) / pb, -1.0, 1.0))
            - pc * y
        )
        lit[part] = 1.0 - area / (np.pi * pa**2)
    return lit


def _density(view: View, path: Trajectory, t_s: Array, fixed: Array) -> Array:
    """Air density, kg/m^3, by the model itself, not by the table that is flown.

    Indices and instant are held over stretches of a quarter of an hour.
    """
    latitude, longitude, h = geodetic(fixed)
    chosen = view.flight.mission.space_weather
    rho: Array = np.zeros(len(t_s))
    for k in np.unique(np.floor(t_s / 900.0)):
        here = np.floor(t_s / 900.0) == k
        epoch = path.epoch + float(t_s[here].mean())
        sample = (
            view.world.space_weather.at(epoch)
            if chosen is None
            else SpaceWeatherSample(chosen.f107, chosen.f107a, np.full(7, chosen.ap), "given")
        )
        rho[here] = thermosphere.nrlmsise00(epoch, latitude[here], longitude[here], h[here], sample)
    return rho

"""All forces of an orbit by the specification, along a path: the road beside the compiled core."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.physics import harmonics
from cosmodrome.world.bodies import AU_M, BODIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.world.trajectory import Trajectory

    Array = NDArray[np.float64]

__all__ = ["specification", "sunlit_fraction"]

EARTH_SHADOW_RADIUS_M = 6378137.0
# solar irradiance at 1 au over the speed of light: 1361 W/m^2 / c (Kopp & Lean 2011)
PRESSURE_N_M2 = 1361.0 / 299792458.0


def specification(
    view: View, path: Trajectory, t_s: Array, values: Array
) -> tuple[Array, tuple[str, ...]]:
    """Acceleration (N, 3) in GCRF of the mission's physics at path samples, and the names."""
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
    if model.drag != "none":
        rho = _density(view, path, t_s, fixed)
        w = np.einsum("nji,nj->ni", turn.matrix, turn.velocity(r, v)[1])
        speed = np.linalg.norm(w, axis=1)[:, None]
        k = 0.5 * craft.drag_coefficient * craft.drag_area_m2 / mass
        total = total - k * rho[:, None] * speed * w
        names.append("drag")
    return total, tuple(names)


def sunlit_fraction(r: Array, sun: Array) -> Array:
    """Share of the Sun's disc seen from geocentric places (N, 3), a spherical Earth; 0 .. 1.

    Overlap of two discs by their apparent radii (Montenbruck & Gill 2000, section 3.4.2).
    """
    to_sun = sun - r
    distance = np.linalg.norm(to_sun, axis=1)
    radius = np.linalg.norm(r, axis=1)
    a = np.arcsin(BODIES["sun"].radius_m / distance)
    b = np.arcsin(np.minimum(1.0, EARTH_SHADOW_RADIUS_M / radius))
    cos_c = -np.einsum("ij,ij->i", r, to_sun) / (radius * distance)
    c = np.arccos(np.clip(cos_c, -1.0, 1.0))
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
    """Air density, kg/m^3: the standard atmosphere to 1,000 km, where a drag of the full model
    is small; its error is a part of the limit."""
    from cosmodrome.checks.places import geodetic
    from cosmodrome.maths import NUMPY
    from cosmodrome.physics import atmosphere

    _, _, h = geodetic(fixed)
    rho: Array = np.asarray(atmosphere.density_pressure_sound(NUMPY, h)[0], dtype=np.float64)
    return np.where(h < 999_000.0, rho, 0.0)

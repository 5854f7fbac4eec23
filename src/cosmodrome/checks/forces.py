"""All forces of an orbit by the specification, along a path: the road beside the compiled core."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import CubicSpline

from cosmodrome.checks.places import geodetic
from cosmodrome.physics import harmonics, thermosphere
from cosmodrome.world.bodies import AU_M, BODIES
from cosmodrome.world.body_orientation import fixed_from_gcrf_many

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.world.trajectory import Trajectory

    Array = NDArray[np.float64]

__all__ = ["SHADOWS_M", "contributions", "discs", "shadowing", "specification", "sunlit_fraction"]

EARTH_SHADOW_RADIUS_M = 6378137.0
SHADOWS_M = {"earth": EARTH_SHADOW_RADIUS_M, "moon": 1_737_400.0}
# the indices of the thermosphere are those of three hours of UTC
_STEP_S = 10_800.0
# nodes of a spline farther than so many steps weigh nothing: each weighs 0.27 of the one before
_FELT = 8
# of the Earth's field about the Moon
EARTH_DEGREE = 4
# solar irradiance at 1 au over the speed of light: 1361 W/m^2 / c (Kopp & Lean 2011)
PRESSURE_N_M2 = 1361.0 / 299792458.0


def specification(
    view: View, path: Trajectory, t_s: Array, values: Array
) -> tuple[Array, float, tuple[str, ...]]:
    """Acceleration (N, 3) in GCRF of the mission's physics at path samples, the mean size of
    drag in it, m/s^2, and the names of the forces."""
    parts = contributions(view, path, t_s, values)
    total = np.zeros((len(t_s), 3))
    for part in parts.values():
        total = total + part
    drag = parts.get("drag")
    mean_drag = 0.0 if drag is None else float(np.linalg.norm(drag, axis=1).mean())
    return total, mean_drag, tuple(parts)


def contributions(view: View, path: Trajectory, t_s: Array, values: Array) -> dict[str, Array]:
    """Acceleration (N, 3) in GCRF of each force of the mission's physics at path samples: the
    centre's field, other bodies by name, "sunlight", "drag"."""
    if path.frame.centre == "moon":
        return _about_the_moon(view, path, t_s, values)
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
    out: dict[str, Array] = {
        f"{model.gravity_degree}x{model.gravity_order}": np.einsum("nji,nj->ni", turn.matrix, g)
    }
    ephemeris = view.world.ephemeris
    for body in model.third_bodies:
        s = ephemeris.positions_m(body, path.epoch, t_s)
        out[body] = _pulled(r, s, BODIES[body].mu_m3_s2)
    if model.radiation_pressure:
        s = ephemeris.positions_m("sun", path.epoch, t_s)
        d = r - s
        distance = np.linalg.norm(d, axis=1)[:, None]
        lit = sunlit_fraction(r, s)[:, None]
        push = PRESSURE_N_M2 * (AU_M / distance) ** 2 * craft.reflectivity * craft.srp_area_m2
        out["sunlight"] = lit * push / mass * d / distance
    if model.drag != "none":
        rho = _density(view, path, t_s, fixed)
        w = np.einsum("nji,nj->ni", turn.matrix, turn.velocity(r, v)[1])
        speed = np.linalg.norm(w, axis=1)[:, None]
        k = 0.5 * craft.drag_coefficient * craft.drag_area_m2 / mass
        out["drag"] = -k * rho[:, None] * speed * w
    return out


def _pulled(r: Array, s: Array, mu: float) -> Array:
    """What a point mass at `s` does to a body at `r` beside what it does to the centre."""
    d = s - r
    out: Array = mu * (
        d / np.linalg.norm(d, axis=1)[:, None] ** 3 - s / np.linalg.norm(s, axis=1)[:, None] ** 3
    )
    return out


def _about_the_moon(view: View, path: Trajectory, t_s: Array, values: Array) -> dict[str, Array]:
    """The same of a path about the Moon: its field, the Earth with a field of degree 4, the Sun
    and other bodies, sunlight with the shadows of both."""
    model, craft = view.flight.mission.physics, view.flight.mission.spacecraft
    r, mass = values[:, 0:3], values[:, 6:7]
    ephemeris = view.world.ephemeris
    order = model.moon_gravity_order
    out = {
        f"Moon {model.moon_gravity_degree}x{order}": _field(
            view, "moon", path, t_s, r, model.moon_gravity_degree, order
        )
    }
    earth = ephemeris.positions_m("earth", path.epoch, t_s, "moon")
    degree = min(model.gravity_degree, EARTH_DEGREE)
    # the Earth pulls the spacecraft and the Moon by the same field
    out["Earth" if degree == 0 else f"Earth {degree}x{degree}"] = _field(
        view, "earth", path, t_s, r - earth, degree, degree
    ) - _field(view, "earth", path, t_s, -earth, degree, degree)
    for body in model.third_bodies:
        if body not in ("moon", "earth"):
            s = ephemeris.positions_m(body, path.epoch, t_s, "moon")
            out[body] = _pulled(r, s, BODIES[body].mu_m3_s2)
    if model.radiation_pressure:
        sun = ephemeris.positions_m("sun", path.epoch, t_s, "moon")
        d = r - sun
        distance = np.linalg.norm(d, axis=1)[:, None]
        lit = sunlit_fraction(r, sun, SHADOWS_M["moon"])
        lit = np.minimum(lit, sunlit_fraction(r - earth, sun - earth))[:, None]
        push = PRESSURE_N_M2 * (AU_M / distance) ** 2 * craft.reflectivity * craft.srp_area_m2
        out["sunlight"] = lit * push / mass * d / distance
    return out


def _field(
    view: View, body: str, path: Trajectory, t_s: Array, r: Array, degree: int, order: int
) -> Array:
    """Attraction (N, 3) in GCRF's axes of a body's field at places (N, 3) from its centre."""
    field = view.field(body).truncated(degree)
    turn = fixed_from_gcrf_many(view.world, body, field.axes, path.epoch, t_s)
    g = harmonics.acceleration(
        turn.vector(r), field.mu_m3_s2, field.radius_m, field.C, field.S, order
    )
    out: Array = np.einsum("nji,nj->ni", turn.matrix, g)
    return out


def shadowing(view: View, path: Trajectory) -> tuple[str, ...]:
    """Bodies whose shadows a path is told to enter."""
    both = path.frame.centre == "moon" and view.flight.mission.physics.radiation_pressure
    return ("moon", "earth") if both else (path.frame.centre,)


def discs(
    r: Array, sun: Array, radius_m: float = EARTH_SHADOW_RADIUS_M
) -> tuple[Array, Array, Array]:
    """Separation and apparent radii of Sun and Earth (or a body of another radius), rad, seen from
    places (N, 3) relative to its centre, as the Sun's."""
    to_sun = sun - r
    distance = np.linalg.norm(to_sun, axis=1)
    radius = np.linalg.norm(r, axis=1)
    a: Array = np.arcsin(BODIES["sun"].radius_m / distance)
    b: Array = np.arcsin(np.minimum(1.0, radius_m / radius))
    across = np.linalg.norm(np.cross(to_sun, r), axis=1)
    c: Array = np.arctan2(across, -np.einsum("ij,ij->i", r, to_sun))
    return c, a, b


def sunlit_fraction(r: Array, sun: Array, radius_m: float = EARTH_SHADOW_RADIUS_M) -> Array:
    """Share of the Sun's disc seen from geocentric places (N, 3), a spherical Earth; 0 .. 1. Of
    another body with its radius, from places relative to its centre.

    Overlap of two discs by their apparent radii (Montenbruck & Gill 2000, section 3.4.2).
    """
    c, a, b = discs(r, sun, radius_m)
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

    The indices of Sun and field step every three hours of UTC; no force does. What is meant is the
    model in the middles of the steps, from the one before the path begins to the one after it ends,
    its logarithm joined by a cubic spline at the same place under the Sun. Above the model's top
    there is none: what it says there, the turning of the air with the Earth would make a force.
    """
    latitude, longitude, h = geodetic(fixed)
    chosen = view.flight.mission.space_weather
    rho: Array = np.zeros(len(t_s))
    below = np.flatnonzero(h < thermosphere.HIGHEST_M)
    if below.size == 0:
        return rho
    _, fraction = path.epoch.jd_utc
    # in steps from the middle of the day's first
    begun = fraction * 86_400.0 / _STEP_S - 0.5
    x = begun + t_s[below] / _STEP_S
    first = int(np.floor(begun + 0.5)) - 1
    last = begun + float(path.breaks_s[-1]) / _STEP_S
    nodes = np.arange(first, first + max(5, int(np.ceil(last)) - first + 1))
    nodes = nodes[(nodes > x.min() - _FELT) & (nodes < x.max() + _FELT)]
    # of each node what it weighs at each point; SciPy's spline is not-a-knot
    weights = CubicSpline(nodes, np.eye(nodes.size))(x)
    log_rho = np.zeros(below.size)
    for n, slot in enumerate(nodes):
        near = np.abs(x - slot) < _FELT
        at = (slot + 0.5) * _STEP_S - fraction * 86_400.0
        epoch = path.epoch + at
        sample = view.world.space_weather.at(epoch) if chosen is None else chosen.sample()
        k = below[near]
        # as far from the Sun's meridian then as now
        under = longitude[k] + 2.0 * np.pi * (t_s[k] - at) / 86_400.0
        under = np.mod(under + np.pi, 2.0 * np.pi) - np.pi
        value = thermosphere.nrlmsise00(epoch, latitude[k], under, h[k], sample)
        log_rho[near] += weights[near, n] * np.log(value)
    # below its top it fades, as the specification has it
    low, high = thermosphere.FADE_M
    x = np.clip((high - h[below]) / (high - low), 0.0, 1.0)
    rho[below] = x**3 * (10.0 + x * (6.0 * x - 15.0)) * np.exp(log_rho)
    return rho

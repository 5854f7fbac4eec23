"""Solar radiation pressure on a sphere, and the conical shadows of spherical bodies.

Montenbruck & Gill (2000), Satellite Orbits, 3.4: pressure as the inverse square of the
distance to the Sun, occultation of the Sun's disk by a spherical body (3.4.2, eqs 3.85-3.94).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = [
    "acceleration",
    "apparent_disks",
    "visible_fraction",
    "visible_fraction_of_all",
    "visible_share",
]


def apparent_disks(
    r_m: Array, sun_m: Array, sun_radius_m: float, body_radius_m: float
) -> tuple[Array, Array, Array]:
    """Apparent radii of the Sun and of the occulting body and their separation, rad, (...)."""
    d = sun_m - r_m
    a = np.arcsin(np.minimum(1.0, sun_radius_m / np.linalg.norm(d, axis=-1)))
    b = np.arcsin(np.minimum(1.0, body_radius_m / np.linalg.norm(r_m, axis=-1)))
    # by arctan2: arccos loses half the digits where the disks are concentric
    c = np.arctan2(np.linalg.norm(np.cross(d, r_m), axis=-1), -np.sum(d * r_m, axis=-1))
    return a, b, c


def visible_share(a: Array, b: Array, c: Array) -> Array:
    """What a disk of apparent radius b leaves of one of radius a whose centre is c away; rad.

    1 where they do not touch, 0 where it is hidden, a ring's share where the nearer is too small.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        x = (c * c + a * a - b * b) / (2.0 * c)
        y = np.sqrt(np.maximum(0.0, a * a - x * x))
        area = (
            a * a * np.arccos(np.clip(x / a, -1.0, 1.0))
            + b * b * np.arccos(np.clip((c - x) / b, -1.0, 1.0))
            - c * y
        )
        partly = 1.0 - area / (np.pi * a * a)
    out: Array = np.where(
        c >= a + b,
        1.0,
        np.where(c <= b - a, 0.0, np.where(c <= a - b, 1.0 - (b / a) ** 2, partly)),
    )
    return out


def visible_fraction(r_m: Array, sun_m: Array, sun_radius_m: float, body_radius_m: float) -> Array:
    """Visible fraction of the Sun's disk: 1 in light, 0 in umbra, between in penumbra.

    r_m, sun_m  places of the spacecraft and of the Sun from the occulting body, (..., 3)
    """
    a, b, c = (np.asarray(x) for x in apparent_disks(r_m, sun_m, sun_radius_m, body_radius_m))
    return visible_share(a, b, c)


def visible_fraction_of_all(
    r_m: Array,
    sun_m: Array,
    sun_radius_m: float,
    bodies: Sequence[tuple[Array, float]],
) -> Array:
    """Visible fraction of the Sun's disk behind several bodies, say Earth and Moon.

    r_m, sun_m  places of the spacecraft and of the Sun, (..., 3), from one common origin
    bodies      place (..., 3) from the same origin, and radius in m, of each body, all of them
                nearer than the Sun

    The product of the fractions of the bodies one by one. It is exact where at most one of them
    covers part of the Sun, and where one covers all of it. Where two cover parts at once, which a
    spacecraft meets only in a solar eclipse that is also its own sunrise or sunset, the covered
    parts may overlap or lie side by side: the product lies between the two cases and is at most
    1/4 of the Sun's light off. Neglected as well: flattening, air, limb darkening.
    """
    out: Array = np.ones(np.shape(r_m)[:-1])
    for place, radius in bodies:
        out = out * visible_fraction(r_m - place, sun_m - place, sun_radius_m, radius)
    return out


def acceleration(
    r_m: Array,
    sun_m: Array,
    area_over_mass_m2_kg: float,
    reflectivity: float,
    pressure_n_m2: float,
    au_m: float,
    visible: Array | float = 1.0,
) -> Array:
    """Acceleration away from the Sun, m/s^2, (..., 3) (Montenbruck & Gill 3.75).

    reflectivity   Cr: 1 absorbs, 2 reflects back
    pressure_n_m2  of sunlight on an absorbing surface at one astronomical unit
    visible        fraction of the Sun's disk in view
    """
    d = r_m - sun_m
    d3 = np.linalg.norm(d, axis=-1, keepdims=True) ** 3
    k = reflectivity * area_over_mass_m2_kg * pressure_n_m2 * au_m**2
    out: Array = k * np.asarray(visible)[..., None] * d / d3
    return out

"""Radiation pressure and drag on flat plates.

Montenbruck & Gill (2000), Satellite Orbits, 3.4 (eq. 3.74), with diffuse reflection after Milani,
Nobili & Farinella (1987), Non-gravitational Perturbations and Satellite Geodesy, ch. 4: of the
light that falls on a plate rho_s goes on as from a mirror, rho_d as from a Lambert surface,
1 - rho_s - rho_d is absorbed (and not sent out again as heat). Plates are one-sided and do not
shade one another. Body axes are the rows of `axes`, see `attitude_laws`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["Panel", "drag_force", "normals", "pressure", "radiation_force"]


@dataclass(frozen=True, slots=True)
class Panel:
    """One side of a flat plate.

    area_m2    of the plate
    normal     outward, body axes; made a unit vector. Not used by a plate that tracks
    specular   rho_s, part of the light reflected as from a mirror
    diffuse    rho_d, part reflected as from a Lambert surface
    tracking   "none", or "sun": the normal turns to face the Sun as far as the axis lets it
    axis       the axis it turns about, body axes; None: it faces the Sun

    Raises InputError for an area below zero, parts outside 0 .. 1 or a normal without length.
    """

    area_m2: float
    normal: tuple[float, float, float] = (1.0, 0.0, 0.0)
    specular: float = 0.0
    diffuse: float = 0.0
    tracking: Literal["none", "sun"] = "none"
    axis: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.area_m2 < np.inf:
            raise InputError(f"a panel of {self.area_m2!r} m^2 was given; give its area in m^2")
        if not (self.specular >= 0.0 <= self.diffuse and self.specular + self.diffuse <= 1.0):
            raise InputError(
                f"a panel reflects {self.specular!r} as a mirror and {self.diffuse!r} diffusely;"
                " both must be 0 or more and their sum, the absorbed rest being 1 less it, 1 at"
                " most"
            )
        if self.tracking not in ("none", "sun"):
            raise InputError(f"panel tracking {self.tracking!r} is not known; write 'none', 'sun'")
        for name in ("normal", "axis"):
            given = getattr(self, name)
            if given is None:
                continue
            size = float(np.linalg.norm(given))
            if not 0.0 < size < np.inf:
                raise InputError(f"a panel's {name} {given!r} has no direction; give three numbers")
            object.__setattr__(self, name, tuple(float(x) / size for x in given))


def normals(panel: Panel, axes: Array, sun_direction: Array) -> Array:
    """Outward normal in inertial components, (n, 3).

    axes           body axes as rows, (n, 3, 3)
    sun_direction  unit vectors s to the Sun, inertial, (n, 3)

    About an axis a the normal is that of s - (s . a) a. With the Sun on the axis (|.| < 1e-12) it
    is zero, and so is every force on the plate.
    """
    if panel.tracking == "none":
        n: Array = np.einsum("nij,i->nj", axes, np.array(panel.normal))
        return n
    if panel.axis is None:
        return sun_direction
    a = np.einsum("nij,i->nj", axes, np.array(panel.axis))
    across = sun_direction - np.sum(sun_direction * a, axis=1, keepdims=True) * a
    size = np.linalg.norm(across, axis=1, keepdims=True)
    lost = size < 1e-12
    out: Array = np.where(lost, 0.0, across / np.where(lost, 1.0, size))
    return out


def pressure(pressure_n_m2: float, au_m: float, distance_m: Array) -> Array:
    """Radiation pressure P0 (au / d)^2 at distances d from the Sun, N/m^2."""
    out: Array = pressure_n_m2 * (au_m / distance_m) ** 2
    return out


def radiation_force(
    panels: Sequence[Panel], axes: Array, sun_direction: Array, pressure_n_m2: Array
) -> Array:
    """Force of sunlight, N, inertial components, (n, 3).

    F = -P A c [(1 - rho_s) s + 2 (rho_s c + rho_d / 3) n] where c = n . s > 0 (Montenbruck &
    Gill 3.74 with the diffuse part of Milani et al.).

    pressure_n_m2  P at the spacecraft, times the visible fraction of the Sun, (n,)
    """
    s = np.asarray(sun_direction, dtype=np.float64)
    out = np.zeros_like(s)
    for p in panels:
        n = normals(p, axes, s)
        c = np.maximum(0.0, np.sum(n * s, axis=1, keepdims=True))
        out -= (
            p.area_m2 * c * ((1.0 - p.specular) * s + 2.0 * (p.specular * c + p.diffuse / 3.0) * n)
        )
    return np.asarray(pressure_n_m2)[:, None] * out


def drag_force(
    panels: Sequence[Panel],
    axes: Array,
    sun_direction: Array,
    relative_velocity_m_s: Array,
    density_kg_m3: Array,
    cd: float,
) -> Array:
    """Force of the air, N, inertial components, (n, 3).

    F = -1/2 rho Cd A c |u| u with u the velocity against the air and c = n . u / |u| > 0: the
    area seen from ahead, no lift.

    relative_velocity_m_s  u, inertial components, (n, 3), see `drag.relative_velocity`
    """
    u = relative_velocity_m_s
    area = np.zeros(u.shape[0])
    for p in panels:
        # A c |u|: the area seen, times the speed
        area += p.area_m2 * np.maximum(0.0, np.sum(normals(p, axes, sun_direction) * u, axis=1))
    out: Array = -0.5 * cd * (np.asarray(density_kg_m3) * area)[:, None] * u
    return out

"""Density of the air as exponentials of geodetic height: one layer, or a table of layers.

Vallado (2013), Fundamentals of Astrodynamics and Applications, 4th ed., section 8.6.2, eq. 8-33,
and its table 8-4, which takes the US Standard Atmosphere 1976 at the ground, CIRA-72 from 25 to
500 km and CIRA-72 with an exospheric temperature of 1,000 K above (after Wertz 1978). A mean
atmosphere: real density above 300 km is a tenth to ten times this as the Sun's activity goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = ["VALLADO_LAYERS", "density", "layered_density"]

# base height in m, density there in kg/m^3, scale height in m
VALLADO_LAYERS: Array = np.array(
    [
        (0e3, 1.225, 7.249e3),
        (25e3, 3.899e-2, 6.349e3),
        (30e3, 1.774e-2, 6.682e3),
        (40e3, 3.972e-3, 7.554e3),
        (50e3, 1.057e-3, 8.382e3),
        (60e3, 3.206e-4, 7.714e3),
        (70e3, 8.770e-5, 6.549e3),
        (80e3, 1.905e-5, 5.799e3),
        (90e3, 3.396e-6, 5.382e3),
        (100e3, 5.297e-7, 5.877e3),
        (110e3, 9.661e-8, 7.263e3),
        (120e3, 2.438e-8, 9.473e3),
        (130e3, 8.484e-9, 12.636e3),
        (140e3, 3.845e-9, 16.149e3),
        (150e3, 2.070e-9, 22.523e3),
        (180e3, 5.464e-10, 29.740e3),
        (200e3, 2.789e-10, 37.105e3),
        (250e3, 7.248e-11, 45.546e3),
        (300e3, 2.418e-11, 53.628e3),
        (350e3, 9.518e-12, 53.298e3),
        (400e3, 3.725e-12, 58.515e3),
        (450e3, 1.585e-12, 60.828e3),
        (500e3, 6.967e-13, 63.822e3),
        (600e3, 1.454e-13, 71.835e3),
        (700e3, 3.614e-14, 88.667e3),
        (800e3, 1.170e-14, 124.64e3),
        (900e3, 5.245e-15, 181.05e3),
        (1000e3, 3.019e-15, 268.00e3),
    ]
)
VALLADO_LAYERS.flags.writeable = False


def density(
    height_m: ArrayLike, base_height_m: float, base_density_kg_m3: float, scale_height_m: float
) -> Array:
    """rho_0 exp(-(h - h_0) / H), kg/m^3, at geodetic heights; any shape, at any height.

    Raises InputError for a density below zero or a scale height that is not positive.
    """
    if not (base_density_kg_m3 >= 0.0 and scale_height_m > 0.0):
        raise InputError(
            f"air of {base_density_kg_m3!r} kg/m^3 with a scale height of {scale_height_m!r} m was"
            " asked; give a density of 0 or more and a positive scale height in m"
        )
    h = np.asarray(height_m, dtype=np.float64)
    out: Array = base_density_kg_m3 * np.exp(-(h - base_height_m) / scale_height_m)
    return out


def layered_density(height_m: ArrayLike, layers: Array = VALLADO_LAYERS) -> Array:
    """Density in kg/m^3 at geodetic heights, by the layer whose base lies next below; any shape.

    layers  (k, 3): base height in m, density there, scale height; bases rise

    Below the first base the first layer goes on, above the last base the last. At the bases the
    density steps by what the printed digits leave: 0.14 % at 25 km, at most 0.01 % above. Raises
    InputError for layers that do not rise or a scale height that is not positive.
    """
    table = np.asarray(layers, dtype=np.float64)
    if (
        table.ndim != 2
        or table.shape[1] != 3
        or np.any(np.diff(table[:, 0]) <= 0.0)
        or np.any(table[:, 1] < 0.0)
        or np.any(table[:, 2] <= 0.0)
    ):
        raise InputError(
            "layers of air are rows of base height in m, density in kg/m^3 and scale height in m;"
            " bases must rise, densities be 0 or more and scale heights positive"
        )
    h = np.asarray(height_m, dtype=np.float64)
    k = np.clip(np.searchsorted(table[:, 0], h, side="right") - 1, 0, table.shape[0] - 1)
    base, rho, scale = np.moveaxis(table[k], -1, 0)
    out: Array = rho * np.exp(-(h - base) / scale)
    return out

"""Bending of the line of sight in the air: what stands at one elevation is seen at a higher one.

optical  Bennett (1982, J. Navigation 35:255) from the apparent elevation h in degrees:
         R = cot(h + 7.31 / (h + 4.4)) arcmin, at 1010 hPa and 10 deg C; good to 0.07'
radio    ITU-R P.834-9 (2017), section 1, ray bending: from the apparent elevation and the height of
         the station up to 3 km, for the standard atmosphere; a fit for elevations up to 10 deg
         (within 0.01 deg of the integral it stands for; above, within 0.003 deg)
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import UnknownNameError, did_you_mean

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = ["bending_rad", "geometric_elevation_rad"]

_MODELS = ("none", "optical", "radio")
# the formulas hold from about a degree under the horizon up
_LOWEST_DEG = -1.0


def bending_rad(apparent_rad: ArrayLike, model: str, height_m: ArrayLike = 0.0) -> Array:
    """Apparent less geometric elevation, rad, at an apparent elevation.

    model  "none", "optical" or "radio"; below -1 deg the bending at -1 deg is taken

    Raises UnknownNameError for another model.
    """
    if model not in _MODELS:
        raise UnknownNameError(f"no refraction {model!r}. {did_you_mean(model, _MODELS)}")
    h = np.asarray(apparent_rad, dtype=np.float64)
    if model == "none":
        return np.zeros_like(h)
    deg = np.maximum(np.degrees(h), _LOWEST_DEG)
    if model == "optical":
        # 0.0013515 deg takes the zenith to zero (Meeus 1998, Astronomical Algorithms, ch. 16)
        minutes = 1.0 / np.tan(np.radians(deg + 7.31 / (deg + 4.4))) + 0.0013515
        return np.asarray(np.maximum(0.0, np.radians(minutes / 60.0)))
    km = np.clip(np.asarray(height_m, dtype=np.float64) / 1e3, 0.0, 3.0)
    bottom = (
        1.314
        + 0.6437 * deg
        + 0.02869 * deg**2
        + km * (0.2305 + 0.09428 * deg + 0.01096 * deg**2)
        + 0.008583 * km**2
    )
    return np.asarray(np.radians(1.0 / bottom))


def geometric_elevation_rad(
    apparent_rad: ArrayLike, model: str, height_m: ArrayLike = 0.0
) -> Array:
    """Elevation at which a thing stands that is seen at `apparent_rad`; radians."""
    h = np.asarray(apparent_rad, dtype=np.float64)
    out = h - bending_rad(h, model, height_m)
    return np.asarray(np.clip(out, -0.5 * math.pi, 0.5 * math.pi))

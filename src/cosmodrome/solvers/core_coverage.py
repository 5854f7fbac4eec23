"""Coverage of ground points in the compiled core.

The specification is `cosmodrome.coverage.specification`; SI, Earth-fixed axes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.solvers import _core
from cosmodrome.solvers.core_model import as_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["FIGURES", "CoreSensor", "CoreSky", "CoverRows", "cover"]

# columns of the figures of a point; after them the time with 1, 2, ... satellites in view
FIGURES = (
    "accesses",
    "access_s",
    "longest_access_s",
    "gaps",
    "longest_gap_s",
    "gap2_s2",
    "most",
)


@dataclass(frozen=True, slots=True)
class CoreSensor:
    """kind "elevation", "cone" or "swath"; angles in rad, of a swath tangents."""

    kind: str
    mask_rad: float
    half_angle_rad: float = 0.0
    left: float = 0.0
    right: float = 0.0
    ahead: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class CoreSky:
    """Earth-fixed paths on blocks they share.

    block_s       length of a block; the span begins at 0
    cuts          pieces into which a block is cut for the search
    spin_rad_s    of the axes about z
    power         (satellites, blocks, 3, terms) powers of x in [-1, 1], m
    """

    block_s: float
    cuts: int
    spin_rad_s: float
    power: Array


@dataclass(frozen=True, slots=True, eq=False)
class CoverRows:
    """figures  (points, FIGURES + folds)
    seen     (accesses, 4) point, satellite, start and stop in s; by point, then start
    """

    figures: Array
    seen: Array


def cover(
    sky: CoreSky,
    sensor: CoreSensor,
    places_m: Array,
    normals: Array,
    *,
    folds: int,
    kept: bool,
    threads: int,
    level: str = "",
) -> CoverRows:
    """Accesses of (n, 3) points with (n, 3) normals of the ellipsoid, and their statistics.

    kept    give the accesses too; without it memory does not grow with their number
    threads the numbers do not depend on it
    """
    numbers = [
        sensor.mask_rad,
        sensor.half_angle_rad,
        sensor.left,
        sensor.right,
        sensor.ahead,
    ]
    out = _core.cover(
        sky.block_s,
        sky.cuts,
        sky.spin_rad_s,
        as_rows(sky.power),
        sensor.kind,
        np.array(numbers),
        as_rows(places_m),
        as_rows(normals),
        folds,
        kept,
        threads,
        level,
    )
    return CoverRows(out["figures"], out["seen"])

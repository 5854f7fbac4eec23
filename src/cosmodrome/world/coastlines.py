"""Coastlines of the Earth for maps: Natural Earth, generalised to two scales."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Literal

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.world import store

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["coastlines"]


@functools.cache
def coastlines(scale: Literal["110m", "50m"] = "110m") -> tuple[NDArray[np.float64], ...]:
    """Polylines, each (k, 2): east longitude in [-180, 180] and latitude, degrees.

    scale  "110m" (1:110 million, coarse, 5,000 points) or "50m" (1:50 million, 60,000 points)

    No line crosses the antimeridian; seams drawn along it and along the pole are left out.
    """
    layout = store.entry("coastlines")["layout"]
    if scale not in layout["scales"]:
        raise InputError(f"coastlines at scale {scale!r} are not held; write '110m' or '50m'")
    item = layout["scales"][scale]
    flat = store.open_array("coastlines")
    at, n = int(item["offset"]), int(item["points"])
    points = flat[at : at + n]
    # a line begins where the marker column is set
    starts = np.flatnonzero(points[:, 2])
    quantum = float(layout["degrees_per_unit"])
    lines = []
    for line in np.split(points[:, :2], starts[1:]):
        degrees = line.astype(np.float64) * quantum
        degrees.flags.writeable = False
        lines.append(degrees)
    return tuple(lines)

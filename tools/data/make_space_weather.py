"""Pack CelesTrak's SW-All.csv: F10.7, its 81-day mean, and 3-hourly ap."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from shipping import package_file, ship

from cosmodrome.world.days import date_of_mjd
from cosmodrome.world.space_weather import COLUMNS, read_celestrak

PARTS = ("data", "environment", "space_weather", "SW-All.csv")


def main() -> None:
    """Write space_weather.npy: 16-bit integers, tenths of a solar flux unit."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else package_file("ssa_data_core", *PARTS)
    table = read_celestrak(path.read_text(encoding="ascii"))
    scale = np.array([10.0 if name.startswith("f107") else 1.0 for name in COLUMNS])
    packed = np.round(table * scale)
    assert np.max(np.abs(packed / scale - table)) < 1e-9
    # the day is kept apart from 16 bits: as days since the first
    first = packed[0, 0]
    packed[:, 0] -= first
    kind = table[:, COLUMNS.index("kind")]
    last_observed = date_of_mjd(int(table[kind == 0.0][-1, 0]))
    last_daily = date_of_mjd(int(table[kind <= 1.0][-1, 0]))
    ship(
        "space_weather",
        packed.astype(np.int16),
        maker="make_space_weather.py",
        source="CelesTrak SW-All.csv, retrieved 2026-08-24 (GFZ Potsdam ap, Penticton F10.7,"
        " NOAA SWPC predictions), from the package ssa-data-core 0.0.1",
        made_from=path,
        licence="CelesTrak public space-weather distribution, attribution required; ap by GFZ"
        " CC BY 4.0",
        first=date_of_mjd(int(table[0, 0])),
        last=date_of_mjd(int(table[-1, 0])),
        note=f"observed to {last_observed}, daily predictions to {last_daily}, monthly after",
        layout={
            "columns": list(COLUMNS),
            "first_mjd": int(first),
            "scale": [1.0 / s for s in scale],
        },
    )


if __name__ == "__main__":
    main()

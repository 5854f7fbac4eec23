"""Cut EGM2008 (tide-free) to degree and order 150, fully normalised."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import numpy as np
from shipping import package_file, ship

DEGREE = 150


def read_columns(
    raw: bytes, at: int, n_max: int, m_max: int, m_first: int
) -> tuple[np.ndarray, int]:
    """Column-ordered coefficients of the GeographicLib .cof layout -> (n, m) matrix."""
    out = np.zeros((DEGREE + 1, DEGREE + 1))
    for m in range(m_first, m_max + 1):
        count = n_max - m + 1
        column = np.frombuffer(raw, "<f8", count, at)
        at += 8 * count
        if m <= DEGREE:
            out[m:, m] = column[: DEGREE + 1 - m]
    return out, at


def main() -> None:
    """Write egm2008.npy: C in the lower triangle, S in the upper (S[n, m] at [m - 1, n])."""
    path = (
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else package_file("ssa_data_gravity", "data", "egm2008.egm.cof")
    )
    raw = path.read_bytes()
    assert raw[:8] == b"EGM2008A"
    n_max, m_max = struct.unpack_from("<ii", raw, 8)
    c, at = read_columns(raw, 16, n_max, m_max, 0)
    s, at = read_columns(raw, at, n_max, m_max, 1)
    c[0, 0] = 1.0  # the file leaves the central term to GM
    assert c[2, 0] == -0.484165143790815e-03  # the tide-free value of the published file
    assert c[2, 2] == 0.243938357328313e-05
    assert s[2, 2] == -0.140027370385934e-05
    ship(
        "egm2008",
        np.stack([c, s]),
        maker="make_egm2008.py",
        source="Earth Gravitational Model 2008 (Pavlis, Holmes, Kenyon & Factor 2012, JGR 117,"
        " B04406), EGM2008_to2190_TideFree, from the package ssa-data-gravity 0.0.1",
        made_from=path,
        licence="public domain (US National Geospatial-Intelligence Agency)",
        first="",
        last="",
        note=f"degree and order {DEGREE}, fully normalised, tide-free",
        layout={
            "mu_m3_s2": 3986004.415e8,
            "radius_m": 6378136.3,
            "tide_system": "tide-free",
        },
    )


if __name__ == "__main__":
    main()

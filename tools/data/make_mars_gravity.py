"""Cut the Mars gravity field GMM-2B to degree and order 50, coefficients verbatim."""

from __future__ import annotations

import sys
from pathlib import Path

from shipping import package_file, read_shadr, ship

DEGREE = 50


def main() -> None:
    """Write gmm2b.npy: C and S, (2, 51, 51)."""
    path = (
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else package_file("Basilisk", "supportData", "LocalGravData", "GGM2BData.txt")
    )
    header, both = read_shadr(path, DEGREE)
    # this copy of the PDS file is in metres
    radius_m, mu_m3_s2, _, n_max, m_max, normalised, longitude, latitude = header
    assert (n_max, m_max, normalised, longitude, latitude) == (80, 80, 1, 0, 0)
    assert both[0, 2, 0] == -8.7450547081842009e-04
    assert both[1, 2, 2] == 4.9605348841412452e-05
    ship(
        "gmm2b",
        both,
        maker="make_mars_gravity.py",
        source="NASA GSFC Mars gravity field GMM-2B from Mars Global Surveyor (Lemoine, Smith,"
        " Rowlands, Zuber, Neumann, Chinn & Pavlis 2001, JGR 106:23359), file GGM2BData.txt of"
        " the package bsk 2.8.33",
        made_from=path,
        licence="public domain (NASA, Planetary Data System); package ISC, (c) 2016 Autonomous"
        " Vehicle Systems Lab, University of Colorado at Boulder",
        first="",
        last="",
        note=f"degree and order {DEGREE} of 80, fully normalised; IAU 1991 axes of Mars; static"
        " part only; the tide system is not said",
        layout={
            "mu_m3_s2": mu_m3_s2,
            "radius_m": radius_m,
            "tide_system": "unknown",
            "axes": "iau-mars-1991",
            "title": "GMM-2B",
        },
    )


if __name__ == "__main__":
    main()

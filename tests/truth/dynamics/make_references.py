"""Extract the few reference states that tests/dynamics/test_truth.py compares with.

    python make_references.py STK_HPOP_FOLDER OSTK_FOLDER EGM96_COF

STK_HPOP_FOLDER  reports of STK's High Precision Orbit Propagator (2007), from the acceptance
                 tests of NASA GMAT (NASA Open Source Agreement): one file for each force
OSTK_FOLDER      state histories by Orekit from the cross-validation data of the Open Space
                 Toolkit (Loft Orbital, Apache-2.0)
EGM96_COF        EGM96 coefficients (Lemoine et al. 1998, NASA/TP-1998-206861) in the binary
                 format of GeographicLib's `egm96.egm.cof`
"""

from __future__ import annotations

import csv
import json
import struct
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
CASES = ("Earth_0_0_0", "EarthSun_0_0_0", "EarthLuna_0_0_0", "Earth_0_0_SRP", "Earth_EGM96_0_0",
         "Earth_0_MSISE00_0")  # fmt: skip
EVERY = 360  # of one-minute rows: six hours


def stk(folder: Path) -> dict:
    out = {}
    for orbit in ("SunSync", "ISS"):
        for case in CASES:
            rows = []
            text = (folder / f"STK_{orbit}_{case}.report").read_text(encoding="ascii")
            for line in text.splitlines():
                parts = line.split()
                if len(parts) == 7 and parts[0].replace(".", "").isdigit():
                    rows.append([float(x) for x in parts])
            kept = rows[::EVERY]
            start = rows[0][0]
            out[f"{orbit}_{case}"] = [
                [round((row[0] - start) * 1440.0) * 60.0, *row[1:]] for row in kept
            ]
    return out


def ostk(folder: Path) -> dict:
    out = {}
    for case in ("006-force-model-constant-thrust", "003-force-model-nrlmsis-470-small-area"):
        with (folder / "orekit_astrodynamics" / f"{case}.csv").open(encoding="ascii") as f:
            rows = [[float(x) for x in row[:7]] for row in list(csv.reader(f))[1:]]
        out[case] = rows[:: len(rows) // 4]
    return out


def egm96(path: Path, degree: int = 20) -> dict:
    data = path.read_bytes()
    n, m = struct.unpack("<ii", data[8:16])
    count = (m + 1) * (2 * n - m + 2) // 2
    c = np.frombuffer(data, "<f8", count, 16)
    s = np.frombuffer(data, "<f8", count - (n + 1), 16 + 8 * count)
    C, S = np.zeros((n + 1, n + 1)), np.zeros((n + 1, n + 1))
    i = j = 0
    for k in range(m + 1):
        C[k:, k] = c[i : i + n + 1 - k]
        i += n + 1 - k
        if k:
            S[k:, k] = s[j : j + n + 1 - k]
            j += n + 1 - k
    C[0, 0] = 1.0
    rows = [[a, b, float(C[a, b]), float(S[a, b])] for a in range(degree + 1) for b in range(a + 1)]
    return {"mu_m3_s2": 3.986004415e14, "radius_m": 6378136.3, "n_m_C_S": rows}


def _write(name: str, what: dict) -> None:
    # one row a line: numbers stay readable, differences stay small
    text = json.dumps(what, indent=1)
    (HERE / name).write_text(text + "\n", encoding="ascii")


if __name__ == "__main__":
    _write("stk_hpop.json", stk(Path(sys.argv[1])))
    _write("orekit.json", ostk(Path(sys.argv[2])))
    _write("egm96_20x20.json", egm96(Path(sys.argv[3])))

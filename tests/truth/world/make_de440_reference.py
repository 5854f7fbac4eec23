"""Reference places from the whole de440s.bsp by two other readers, jplephem and SPICE.

    python make_de440_reference.py de440s.bsp moon_pa_de440_200625.bpc

needs jplephem and spiceypy; writes de440_reference.json. Instants are whole seconds of TDB
since J2000, which every reader holds exactly.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import spiceypy
from jplephem.spk import SPK

NUMBER = {
    "mercury": 1, "venus": 2, "mars": 4, "jupiter": 5, "saturn": 6, "uranus": 7,
    "neptune": 8, "sun": 10, "moon": 301,
}  # fmt: skip
FRAME = """KPL/FK
\\begindata
FRAME_MOON_PA_DE440=31008
FRAME_31008_NAME='MOON_PA_DE440'
FRAME_31008_CLASS=2
FRAME_31008_CLASS_ID=31008
FRAME_31008_CENTER=301
\\begintext
"""


def main() -> None:
    """Write the file."""
    bsp, bpc = sys.argv[1:3]
    rng = np.random.default_rng(440)
    seconds = np.sort(rng.integers(-13_900 * 86400, 22_280 * 86400, 40))
    day, rest = np.divmod(seconds, 86400)
    spk = SPK.open(bsp)

    def km(centre: int, target: int) -> np.ndarray:
        return spk[centre, target].compute(2451545.0 + day, rest / 86400.0).T

    earth = km(0, 3) + km(3, 399)
    jpl = {
        name: ((km(3, 301) - km(3, 399)) if n == 301 else km(0, n) - earth)
        for name, n in NUMBER.items()
    }
    spiceypy.furnsh(bsp)
    spiceypy.furnsh(bpc)
    with tempfile.NamedTemporaryFile("w", suffix=".tf", delete=False) as f:
        f.write(FRAME)
    spiceypy.furnsh(f.name)
    spice = {
        name: np.array([spiceypy.spkgeo(n, float(t), "J2000", 399)[0] for t in seconds])
        for name, n in NUMBER.items()
    }
    for name in NUMBER:
        print(name, "readers differ by", np.abs(jpl[name] - spice[name][:, :3]).max() * 1e6, "mm")
    moon = [spiceypy.sxform("J2000", "MOON_PA_DE440", float(t)) for t in seconds]
    out = {
        "source": "DE440, file de440s.bsp and moon_pa_de440_200625.bpc (NASA/JPL), read by"
        f" jplephem and SPICE toolkit {spiceypy.tkvrsn('TOOLKIT')}",
        "tdb_s": seconds.tolist(),
        "jplephem_km": {k: v.tolist() for k, v in jpl.items()},
        "spice_km_km_s": {k: spice[k].tolist() for k in ("sun", "moon", "mars")},
        "moon_pa_from_icrf": [m[:3, :3].tolist() for m in moon],
        "moon_pa_from_icrf_per_s": [m[3:, :3].tolist() for m in moon],
    }
    where = Path(__file__).with_name("de440_reference.json")
    where.write_text(json.dumps(out) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

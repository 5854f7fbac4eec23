"""Reference rotations of the Sun, planets and Moon by SPICE from NAIF's own constants.

    python make_body_rotations.py pck00011.tpc moon_pa_de421_1900-2050.bpc moon_080317.tf

needs spiceypy; writes body_rotations.json. pck00011.tpc (IAU 2015; 2009 for the Moon) is in the
package gmatpy 0.2.1 as SPICEPlanetaryConstantsKernel.tpc, the two files of DE421 are in lunarsky
1.0.1.post2. Instants are whole seconds of TDB since J2000. `rate` is the angular velocity of the
fixed axes in their own components, rad/s.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import spiceypy

BODIES = ("sun", "mercury", "venus", "moon", "mars", "jupiter", "saturn", "uranus", "neptune")


def main() -> None:
    """Write the file."""
    for kernel in sys.argv[1:4]:
        spiceypy.furnsh(kernel)
    rng = np.random.default_rng(2015)
    seconds = np.sort(rng.integers(-13_800 * 86400, 18_200 * 86400, 12))
    out: dict[str, object] = {
        "source": f"{spiceypy.tkvrsn('TOOLKIT')}; pck00011.tpc, moon_pa_de421_1900-2050.bpc,"
        " moon_080317.tf",
        "tdb_s": [int(t) for t in seconds],
    }
    frames = {f"iau-{b}": f"IAU_{b.upper()}" for b in BODIES}
    for axes, frame in (*frames.items(), ("pa421", "MOON_PA_DE421"), ("me421", "MOON_ME_DE421")):
        whole = np.array([spiceypy.sxform("J2000", frame, float(t)) for t in seconds])
        matrix, slope = whole[:, :3, :3], whole[:, 3:, :3]
        w = -slope @ np.swapaxes(matrix, -1, -2)
        rate = np.stack([w[:, 2, 1], w[:, 0, 2], w[:, 1, 0]], axis=-1)
        out[axes] = {"matrix": matrix.tolist(), "rate": rate.tolist()}
    where = Path(__file__).with_name("body_rotations.json")
    where.write_text(json.dumps(out, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

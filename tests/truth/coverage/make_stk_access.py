"""STK access windows and the path of their third scenario -> stk_access.json.

    python make_stk_access.py FOLDER

FOLDER holds the five CSV files of Open Space Toolkit Astrodynamics (Apache-2.0),
test/OpenSpaceToolkit/Astrodynamics/Access/Generator, which STK 11 wrote; what was looked at stands
in Generator.test.cpp beside them:

ComputeAccesses 1  two circles of 7,000 km, 45 deg, nodes 180 deg apart; line of sight past WGS84
ComputeAccesses 2  one of them and a place at 0 N 0 E, 20 m; line of sight
ComputeAccesses 3  SGP4 (element set below) and a place at 45 S 170 W, 5 m; line of sight
AerRanges 1, AerMask 1  a circle of 6,878.14 km, 97.5034 deg, with the secular part of J2, and a
    place at 47.8864 N 106.906 E, 10 m; elevation over 60 deg; over a mask by azimuth

Their test asks for 0.1 s in the first three and 0.5 s in the last two. The SGP4 path (package
sgp4, Vallado et al. 2006) is stored each three minutes in GCRF, by GMST (1982) and polar motion.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import erfa
import numpy as np
from sgp4.api import Satrec

from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

HERE = Path(__file__).parent
TLE = (
    "1 39419U 13066D   18248.44969859 -.00000394  00000-0 -31796-4 0  9997",
    "2 39419  97.6313 314.6863 0012643 218.7350 141.2966 14.93878994260975",
)
FILES = {
    "sight": "ComputeAccesses_Scenario_1.csv",
    "equator": "ComputeAccesses_Scenario_2.csv",
    "sgp4": "ComputeAccesses_Scenario_3.csv",
    "sixty": "AerRanges_Scenario_1.csv",
    "mask": "AerMask_Scenario_1.csv",
}
MONTHS = {"Jan": "01", "Sep": "09"}


def iso(text: str) -> str:
    """ISO of "1 Jan 2018 09:40:27.469"."""
    day, month, year, clock = text.split()
    return f"{year}-{MONTHS[month]}-{int(day):02d}T{clock}Z"


def sgp4_rows() -> list[list[float]]:
    """[t, x, y, z, vx, vy, vz] in GCRF, each three minutes of 2018-09-06."""
    world, start = World.shipped(), Epoch.from_utc("2018-09-06T00:00:00Z")
    satellite = Satrec.twoline2rv(*TLE)
    rows = []
    for t in np.arange(0.0, 86_401.0, 180.0):
        epoch = start + float(t)
        error, r, v = satellite.sgp4(*epoch.jd_utc)
        assert error == 0
        day, part = epoch.jd_utc
        ut1 = part + world.orientation.ut1_minus_utc_s(epoch) / 86_400.0
        gmst = erfa.gmst82(day, ut1)
        xp, yp = world.orientation.polar_motion_rad(epoch)
        pef = np.array(erfa.rz(gmst, np.eye(3)))
        itrf = erfa.pom00(xp, yp, 0.0) @ pef
        turned = world.orientation.itrf_from_gcrf(epoch).matrix.T @ itrf
        rows.append([float(t), *np.round(turned @ r * 1e3, 3), *np.round(turned @ v * 1e3, 6)])
    return rows


def main() -> None:
    """Write the file."""
    folder = Path(sys.argv[1])
    told = {}
    for name, file in FILES.items():
        with (folder / file).open() as text:
            told[name] = [[iso(x) for x in row[:3]] for row in list(csv.reader(text))[1:]]
    out = {
        "source": "Open Space Toolkit Astrodynamics (Apache-2.0), access windows by STK 11;"
        " see make_stk_access.py",
        "windows": told,
        "tle": TLE,
        "sgp4_gcrf": sgp4_rows(),
    }
    text = json.dumps(out, separators=(",", ":")).replace("],[", "],\n[")
    (HERE / "stk_access.json").write_text(text + "\n")


if __name__ == "__main__":
    main()

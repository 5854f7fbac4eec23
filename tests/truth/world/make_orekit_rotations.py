"""Reference rotations ITRF from GCRF by Orekit, given the very table shipped here.

    python make_orekit_rotations.py

needs orekit-jpype, pyerfa and Java. The shipped Earth-orientation table is written in the
format of finals2000A (its columns hold every digit of C04 and of Bulletin A), so that what is
left between the two programs is the programs. "simple" leaves out the sub-daily tides of UT1
and polar motion, "tidal" keeps them. Writes orekit_rotations.json.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

import erfa
import numpy as np
import orekit_jpype

orekit_jpype.initVM()

from java.io import File  # noqa: E402
from org.orekit.data import DataContext, DirectoryCrawler  # noqa: E402
from org.orekit.frames import FramesFactory  # noqa: E402
from org.orekit.time import AbsoluteDate, TimeScalesFactory  # noqa: E402
from org.orekit.utils import IERSConventions  # noqa: E402

TABLE = Path(__file__).parents[3] / "src/cosmodrome/world/data/earth_orientation.npy"


def leap_seconds() -> str:
    """USNO tai-utc.dat from 1972 on, written from ERFA's own table."""
    months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    lines = []
    for row in erfa.leap_seconds.get():
        if row["year"] < 1972:
            continue
        jd = sum(erfa.cal2jd(int(row["year"]), int(row["month"]), 1))
        lines.append(
            f" {int(row['year'])} {months[int(row['month']) - 1]}  1 =JD {jd:.1f}  TAI-UTC="
            f"  {row['tai_utc']:10.7f} S + (MJD - 41317.) X 0.0      S"
        )
    return "\n".join(lines) + "\n"


def finals() -> str:
    """The shipped table as finals2000A text, Bulletin A columns."""
    table = np.load(TABLE)
    lines = []
    for mjd, ut1_tai, x, y, dx, dy, lod, kind, *_ in table:
        year, month, day, _f = erfa.jd2cal(2400000.5, mjd)
        if year < 1972:
            continue
        ut1 = ut1_tai + erfa.dat(year, month, day, 0.0)
        flag = "P" if kind else "I"
        lines.append(
            f"{year % 100:2d}{month:2d}{day:2d} {mjd:8.2f} {flag} {x:9.6f} 0.000030 {y:9.6f}"
            f" 0.000030  {flag}{ut1:10.7f} 0.0000100 {lod * 1e3:7.4f} 0.0100  {flag}"
            f" {dx * 1e3:9.3f}    0.100 {dy * 1e3:9.3f}    0.100"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the file."""
    home = Path(tempfile.mkdtemp())
    (home / "finals2000A.all").write_text(finals())
    (home / "tai-utc.dat").write_text(leap_seconds())
    DataContext.getDefault().getDataProvidersManager().addProvider(
        DirectoryCrawler(File(str(home)))
    )
    tt = TimeScalesFactory.getTT()
    j2000 = AbsoluteDate(2000, 1, 1, 12, 0, 0.0, tt)
    rng = np.random.default_rng(2006)
    days = [*range(-10100, 9780, 500), 9790, 9850, 9950, 10050]
    seconds = [int(d) * 86400 + int(rng.integers(0, 86400)) for d in days]
    gcrf = FramesFactory.getGCRF()
    out: dict[str, object] = {
        "source": "Orekit (orekit-jpype 13.1), IERS 2010 conventions, Earth orientation as shipped"
        " with cosmodrome",
        "earth_orientation_sha256": hashlib.sha256(TABLE.read_bytes()).hexdigest(),
        "tt_s": seconds,
    }
    history = FramesFactory.getEOPHistory(IERSConventions.IERS_2010, True)
    poles = [history.getPoleCorrection(j2000.shiftedBy(float(t))) for t in seconds]
    out["simple_pole_rad"] = [[p.getXp(), p.getYp()] for p in poles]
    for name, simple in (("simple", True), ("tidal", False)):
        itrf = FramesFactory.getITRF(IERSConventions.IERS_2010, simple)
        matrices, rates = [], []
        for t in seconds:
            transform = gcrf.getTransformTo(itrf, j2000.shiftedBy(float(t)))
            matrices.append(
                np.array([list(r) for r in transform.getRotation().getMatrix()]).tolist()
            )
            w = transform.getRotationRate()
            rates.append([w.getX(), w.getY(), w.getZ()])
        out[name] = matrices
        out[f"{name}_rate"] = rates
    where = Path(__file__).with_name("orekit_rotations.json")
    where.write_text(json.dumps(out) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Orekit set up in the world that is shipped here: the makers of the Orekit references use it.

Needs orekit-jpype (13.1), pyerfa, NumPy and Java >= 8; `src` is found beside this file.

Orekit reads our very numbers in the formats it knows, so that what is left between the two
programs is the programs:

gravity            EGM2008 to 150x150, tide-free, written as an ICGEM file with 17 digits
Earth orientation  the shipped table written as finals2000A (as in truth/world)
Sun, Moon          the shipped DE440 records written as a JPL binary file (32-day blocks); the
                   Moon's record is geocentric there, i.e. ours times 1 + 1/EMRAT; planets too.
                   GM of Sun and Moon as in cosmodrome.world.bodies
leap seconds       ERFA's, as USNO tai-utc.dat
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path

import numpy as np
import orekit_jpype

HERE = Path(__file__).parent
SRC = HERE.parents[2] / "src"
sys.path[:0] = [str(SRC), str(HERE.parent / "world")]

# starts the JVM
import make_orekit_rotations as rotations  # noqa: E402

from cosmodrome.world import bodies  # noqa: E402
from cosmodrome.world.ephemeris import _shipped as de440_records  # noqa: E402
from cosmodrome.world.epoch import Epoch  # noqa: E402
from cosmodrome.world.world import World  # noqa: E402

orekit_jpype.initVM()

from java.io import File  # noqa: E402
from jpype import JImplements, JOverride  # noqa: E402
from org.orekit.bodies import CelestialBodyFactory  # noqa: E402
from org.orekit.data import DataContext, DirectoryCrawler  # noqa: E402
from org.orekit.forces.gravity.potential import GravityFieldFactory, ICGEMFormatReader  # noqa: E402
from org.orekit.frames import EOPEntry, FramesFactory, ITRFVersion  # noqa: E402
from org.orekit.time import AbsoluteDate, TimeScalesFactory  # noqa: E402
from org.orekit.utils import IERSConventions  # noqa: E402

DAY = 86_400.0
# blocks of the JPL file: 32 days, those of our longest records
FIRST_DAY, LAST_DAY = 8503.5, 10103.5  # days from J2000: 2023-04-14 to 2027-08-31
_ORDER = ("mercury", "venus", "emb", "mars", "jupiter", "saturn", "uranus", "neptune", "pluto",
          "moon", "sun")  # fmt: skip
_opened: list[bool] = []


def icgem() -> str:
    """Our gravity field as an ICGEM file."""
    field = World.shipped().gravity()
    head = (
        "product_type gravity_field\n"
        "modelname EGM2008\n"
        f"earth_gravity_constant {field.mu_m3_s2:.17e}\n"
        f"radius {field.radius_m:.17e}\n"
        f"max_degree {field.degree}\n"
        "errors no\nnorm fully_normalized\ntide_system tide_free\n"
        "end_of_head ====\n"
    )
    rows = (
        f"gfc {n} {m} {field.C[n, m]:.17e} {field.S[n, m]:.17e}"
        for n in range(field.degree + 1)
        for m in range(n + 1)
    )
    return head + "\n".join(rows) + "\n"


def jpl_binary() -> bytes:
    """Our DE440 records as a big-endian JPL binary file, with our GM of Sun and Moon."""
    segments, emrat = de440_records()
    au3_day2 = (DAY * DAY) / bodies.AU_M**3
    constants = {
        "AU": bodies.AU_M / 1e3,
        "EMRAT": emrat,
        "GMS": bodies.SUN.mu_m3_s2 * au3_day2,
        "GMB": bodies.MOON.mu_m3_s2 * (1.0 + emrat) * au3_day2,
    }
    planets = ("mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune")
    for key, name in zip(("1", "2", "4", "5", "6", "7", "8"), planets, strict=True):
        constants["GM" + key] = bodies.BODIES[name].mu_m3_s2 * au3_day2
    constants["GM9"] = 0.0

    shape, at = {}, 3
    for name in _ORDER:
        k = segments[name].coefficients.shape[2] if name in segments else 1
        chunks = round(32.0 / segments[name].step_days) if name in segments else 1
        shape[name] = (at, k, chunks)
        at += 3 * k * chunks
    size = 8 * (at - 1)
    head = bytearray(size)
    head[:252] = b"DE440 as shipped with cosmodrome".ljust(252)
    for i, name in enumerate(constants):
        head[252 + 6 * i : 258 + 6 * i] = name.encode().ljust(6)
    head[252 + 6 * len(constants) : 2652] = b" " * (2652 - 252 - 6 * len(constants))
    j2000 = 2451545.0
    head[2652:2676] = np.array([j2000 + FIRST_DAY, j2000 + LAST_DAY, 32.0], ">f8").tobytes()
    head[2676:2680] = np.array([len(constants)], ">i4").tobytes()
    head[2680:2696] = np.array([constants["AU"], emrat], ">f8").tobytes()
    pointers = [x for name in _ORDER for x in shape[name]] + [at, 0, 0]
    head[2696:2840] = np.array(pointers, ">i4").tobytes()
    head[2840:2856] = np.array([440, at, 0, 0], ">i4").tobytes()
    second = np.array(list(constants.values()), ">f8").tobytes().ljust(size, b"\0")

    blocks = []
    for start in np.arange(FIRST_DAY, LAST_DAY, 32.0):
        block = [np.array([j2000 + start, j2000 + start + 32.0])]
        for name in _ORDER:
            _, k, chunks = shape[name]
            if name not in segments:
                block.append(np.zeros(3 * k * chunks))
                continue
            s = segments[name]
            first = round((start - s.start_days) / s.step_days)
            assert abs(s.start_days + first * s.step_days - start) < 1e-9
            rows = np.array(s.coefficients[first : first + chunks])
            if name == "moon":
                rows = rows * (1.0 + 1.0 / emrat)
            block.append(rows.ravel())
        blocks.append(np.concatenate(block).astype(">f8").tobytes())
    return bytes(head) + second + b"".join(blocks)


@JImplements("org.orekit.frames.EopHistoryLoader")
class OurDays:
    """Our Earth orientation each 1.5 h, interpolated our way; for `open_world(between_days=True)`.

    Orekit interpolates polar motion by a Hermite polynomial with estimated rates, the IERS (and
    this package) by four points of Lagrange: they differ by up to 3e-10 rad between the days.
    """

    @JOverride
    def fillHistory(self, _converter, history):
        """February to April 2024; no leap second there."""
        table = World.shipped().orientation.parameters
        step = DAY / 16.0
        first = AbsoluteDate(2024, 2, 1, 0, 0, 0.0, TimeScalesFactory.getUTC())
        epoch = Epoch.from_utc("2024-02-01T00:00:00Z")
        for k in range(90 * 16):
            p = table.at(np.array([epoch.ns / 1e9 + k * step]))
            (x, y, dx, dy), (vx, vy, *_) = p.pole[0], p.pole_rate[0]
            history.add(
                EOPEntry(
                    60_341 + k // 16, float(p.ut1_minus_tai_s[0]) + 37.0,
                    -DAY * float(p.ut1_rate[0]), float(x), float(y), float(vx), float(vy),
                    0.0, 0.0, float(dx), float(dy), ITRFVersion.ITRF_2020,
                    first.shiftedBy(k * step),
                )
            )  # fmt: skip


def open_world(between_days: bool = False) -> None:
    """Give Orekit its data; the first call in a process stands.

    between_days  also our interpolation of the Earth orientation (OurDays; early 2024 only)
    """
    if _opened:
        return
    _opened.append(between_days)
    home = Path(tempfile.mkdtemp())
    if between_days:
        FramesFactory.addEOPHistoryLoader(IERSConventions.IERS_2010, OurDays())
    else:
        (home / "finals2000A.all").write_text(rotations.finals())
    (home / "tai-utc.dat").write_text(rotations.leap_seconds())
    (home / "egm2008.gfc").write_text(icgem())
    (home / "unxp2023.440").write_bytes(jpl_binary())
    DataContext.getDefault().getDataProvidersManager().addProvider(
        DirectoryCrawler(File(str(home)))
    )
    GravityFieldFactory.clearPotentialCoefficientsReaders()
    GravityFieldFactory.addPotentialCoefficientsReader(ICGEMFormatReader("egm2008.gfc", False))


def utc(text: str) -> AbsoluteDate:
    """An instant from ISO text in UTC."""
    return AbsoluteDate(text.rstrip("Z"), TimeScalesFactory.getUTC())


def gcrf():
    """GCRF."""
    return FramesFactory.getGCRF()


def itrf():
    """ITRF, IERS 2010 (IAU 2006/2000A), without the sub-daily tides of UT1 and polar motion."""
    return FramesFactory.getITRF(IERSConventions.IERS_2010, True)


def body(name: str):
    """A body of DE440 by our name."""
    return CelestialBodyFactory.getBody(name.capitalize())


def sun():
    """The Sun of DE440."""
    return CelestialBodyFactory.getSun()


def moon():
    """The Moon of DE440."""
    return CelestialBodyFactory.getMoon()


def provenance() -> dict[str, str]:
    """What the references were made with."""
    from importlib.metadata import version

    hashes = {
        name: hashlib.sha256((SRC / f"cosmodrome/world/data/{name}.npy").read_bytes()).hexdigest()
        for name in ("earth_orientation", "egm2008", "de440")
    }
    return {
        "program": f"Orekit, orekit-jpype {version('orekit-jpype')}",
        "conventions": "IERS 2010, IAU 2006/2000A, no sub-daily EOP tides;"
        " EGM2008, Earth orientation and DE440 as shipped with cosmodrome",
        "earth_orientation_between_days": "four-point Lagrange, as cosmodrome"
        if _opened[0]
        else "Orekit's own",
        **{f"{name}_sha256": value for name, value in hashes.items()},
    }

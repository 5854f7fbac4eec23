"""CCSDS Orbit Mean-Elements Message (OMM) of SGP4 elements: KVN, XML and JSON, read and write.

Source: CCSDS 502.0-B-3 (2023), chapter 4 (KVN) and 505.0-B-3 (2023), the XML form; JSON as
CelesTrak and Space-Track give it: one object, or a list of them, of the same keywords. Only
messages for SGP4 are read: elements mean something under their own theory alone. What a message
may hold beside the elements (areas, covariance) is kept as written, and not used.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.formats.ccsds import Line, Lines, comment_lines, epoch_text, number_text, value_text
from cosmodrome.formats.mean_elements import DAY_S, MeanElements, in_degrees, in_rev_day
from cosmodrome.formats.omm_forms import json_lines, json_text, xml_lines, xml_text
from cosmodrome.formats.placing import place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["FORMS", "Omm", "dumps", "from_lines", "keywords", "loads", "read", "write"]

FORMS = ("kvn", "xml", "json")
_TURN = 2.0 * math.pi
_HEADER = ("CCSDS_OMM_VERS", "CREATION_DATE", "ORIGINATOR", "CLASSIFICATION", "MESSAGE_ID")
_METADATA = (
    "OBJECT_NAME",
    "OBJECT_ID",
    "CENTER_NAME",
    "REF_FRAME",
    "REF_FRAME_EPOCH",
    "TIME_SYSTEM",
    "MEAN_ELEMENT_THEORY",
)
#: what stands in JSON without its own keyword
_UNSAID = {
    "CENTER_NAME": "EARTH",
    "REF_FRAME": "TEME",
    "TIME_SYSTEM": "UTC",
    "MEAN_ELEMENT_THEORY": "SGP4",
}
_ANGLES = ("INCLINATION", "RA_OF_ASC_NODE", "ARG_OF_PERICENTER", "MEAN_ANOMALY")
_NEEDED = ("OBJECT_NAME", "OBJECT_ID", "EPOCH", "MEAN_MOTION", "ECCENTRICITY", *_ANGLES)
_TLE = (
    "EPHEMERIS_TYPE",
    "CLASSIFICATION_TYPE",
    "NORAD_CAT_ID",
    "ELEMENT_SET_NO",
    "REV_AT_EPOCH",
    "BSTAR",
    "MEAN_MOTION_DOT",
    "MEAN_MOTION_DDOT",
)
#: read past and written again
_BESIDE = ("GM", "SOLAR_RAD_AREA", "SOLAR_RAD_COEFF", "DRAG_AREA", "DRAG_COEFF", "COV_REF_FRAME")
_AXES = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
_COVARIANCE = tuple(f"C{_AXES[i]}_{_AXES[j]}" for i in range(6) for j in range(i + 1))
#: keywords of other theories
_OTHER = {
    "SEMI_MAJOR_AXIS": "MEAN_MOTION = ... [rev/day]: SGP4 takes the mean motion",
    "BTERM": "BSTAR: the message is for SGP4-XP, another theory",
    "AGOM": "MEAN_MOTION_DDOT: the message is for SGP4-XP, another theory",
}
_KNOWN = (
    *_HEADER,
    *_METADATA,
    *_NEEDED,
    "MASS",
    *_TLE,
    *_BESIDE,
    *_COVARIANCE,
)
#: keywords that Space-Track adds beside the standard's
_SPACE_TRACK = (
    "COMMENT",
    "SEMIMAJOR_AXIS",
    "PERIOD",
    "APOAPSIS",
    "PERIAPSIS",
    "OBJECT_TYPE",
    "RCS_SIZE",
    "COUNTRY_CODE",
    "LAUNCH_DATE",
    "SITE",
    "DECAY_DATE",
    "FILE",
    "GP_ID",
    "TLE_LINE0",
    "TLE_LINE1",
    "TLE_LINE2",
    "DECAYED",
)


@dataclass(frozen=True, slots=True)
class Omm:
    """A whole message. `beside` is what it holds that SGP4 does not use, as (keyword, text)."""

    elements: MeanElements
    originator: str = ""
    creation: str = ""
    mass_kg: float | None = None
    beside: tuple[tuple[str, str], ...] = ()
    comments: tuple[str, ...] = ()
    version: str = "3.0"
    message_id: str = ""
    classification: str = ""


# reading ---------------------------------------------------------------------------------
def read(path: str | Path) -> tuple[Omm, ...]:
    """Every message of a file in any of the three forms. Raises MissionFileError with the line."""
    path = Path(path)
    return loads(path.read_text(encoding="utf-8-sig"), path.name)


def loads(text: str, file: str = "omm") -> tuple[Omm, ...]:
    """Every message of a text; `file` is the name errors speak of.

    The form is seen from the first character: `<` is XML, `{` or `[` JSON, anything else KVN.
    """
    first = text.lstrip("\ufeff \t\r\n")[:1]
    if first == "<":
        sets = xml_lines(text, file)
    elif first in ("{", "["):
        sets = json_lines(text, file)
    else:
        sets = _kvn_lines(text, file)
    return tuple(from_lines(one, file, unsaid=first in ("{", "[")) for one in sets)


def _kvn_lines(text: str, file: str) -> list[list[Line]]:
    """The lines of each KVN message of a text."""
    lines = Lines(text, file)
    first = next((line for line in lines.all if line.key != "COMMENT"), None)
    if first is None or first.key != "CCSDS_OMM_VERS":
        raise lines.refuse(
            first,
            "the message does not begin with CCSDS_OMM_VERS",
            "Write 'CCSDS_OMM_VERS = 3.0' as its first line (XML begins with <, JSON with { or [)",
        )
    lines.version("CCSDS_OMM_VERS")
    sets: list[list[Line]] = [[]]
    for line in lines.all:
        if line.key == "CCSDS_OMM_VERS" and any(k.key == line.key for k in sets[-1]):
            sets.append([])
        if not line.key:
            raise lines.unknown(line, _KNOWN)
        sets[-1].append(line)
    return sets


def from_lines(given: Sequence[Line], file: str, *, unsaid: bool = False) -> Omm:
    """The message of its keywords in any order.

    unsaid  may the header, centre, frame, time system and theory be left out, as JSON does?

    Raises MissionFileError.
    """
    lines = Lines("", file)
    lines.last = given[-1].number if given else 1
    found: dict[str, Line] = {}
    beside: list[tuple[str, str]] = []
    comments: list[str] = []
    for line in given:
        if line.key == "COMMENT":
            comments.append(line.value)
        elif line.key.startswith("USER_DEFINED_") or (unsaid and line.key in _SPACE_TRACK):
            beside.append((line.key, line.value))
        elif line.key in _OTHER:
            raise lines.refuse(line, "this is not an element of SGP4", f"Write {_OTHER[line.key]}")
        elif line.key not in _KNOWN:
            raise lines.unknown(line, _KNOWN)
        elif line.key in found:
            raise lines.refuse(
                line,
                f"{line.key} stands twice (first on line {found[line.key].number})",
                "Keep one of them",
            )
        else:
            found[line.key] = line
            if line.key in _BESIDE or line.key in _COVARIANCE:
                beside.append((line.key, line.value))
    needed = list(_NEEDED)
    if unsaid:
        for key, text in _UNSAID.items():
            found.setdefault(key, Line(lines.last, key, text, text))
    else:
        needed = ["CREATION_DATE", "ORIGINATOR", *_UNSAID, *_NEEDED]
    lines.need(found, needed, None)
    _for_sgp4(lines, found)
    mass = lines.quantity(found["MASS"], "kg") if "MASS" in found else None
    if mass is not None and not mass > 0.0:
        raise lines.refuse(
            found["MASS"], "a mass is above zero", "Write kilograms, or drop the line"
        )
    creation = found.get("CREATION_DATE")
    if creation is not None:
        lines.epoch(creation, lines.value(creation), "UTC")

    def told(key: str) -> str:
        return found[key].value if key in found else ""

    return Omm(
        _elements(lines, found),
        told("ORIGINATOR"),
        told("CREATION_DATE"),
        mass,
        tuple(beside),
        tuple(comments),
        told("CCSDS_OMM_VERS") or "3.0",
        told("MESSAGE_ID"),
        told("CLASSIFICATION"),
    )


def _for_sgp4(lines: Lines, found: Mapping[str, Line]) -> None:
    """The message is one of SGP4 elements, and says nothing that contradicts it."""
    wanted = {
        "MEAN_ELEMENT_THEORY": (
            ("SGP4", "SGP/SGP4"),
            "elements of another theory are not turned into a state here",
            "Write a message of SGP4 elements, or the state itself as an OPM",
        ),
        "CENTER_NAME": (("EARTH",), "SGP4 flies about the Earth alone", "Write EARTH"),
        "REF_FRAME": (
            ("TEME", "TEME OF DATE", "TEMEOFDATE"),
            "SGP4 elements are in TEME, the true equator and mean equinox of date",
            "Write TEME",
        ),
        "TIME_SYSTEM": (("UTC",), "the epoch of SGP4 elements is in UTC", "Write UTC"),
    }
    for key, (allowed, why, write) in wanted.items():
        line = found[key]
        if lines.value(line).upper() not in allowed:
            raise lines.refuse(line, why, write)
    if "REF_FRAME_EPOCH" in found:
        raise lines.refuse(
            found["REF_FRAME_EPOCH"], "TEME here is of date, not of an epoch", "Drop the line"
        )


def _elements(lines: Lines, found: Mapping[str, Line]) -> MeanElements:
    def whole(key: str, high: int) -> int:
        if key not in found:
            return 0
        text = lines.value(found[key])
        if not re.fullmatch("[0-9]{1,12}", text) or int(text) > high:
            raise lines.refuse(found[key], f"this is no whole number up to {high}", "Write digits")
        return int(text)

    def number(key: str, unit: str = "") -> float:
        return lines.quantity(found[key], unit) if key in found else 0.0

    n = number("MEAN_MOTION", "rev/day")
    if not 0.0 < n < 20.0:
        raise lines.refuse(
            found["MEAN_MOTION"],
            "no orbit about the Earth has this mean motion",
            "Write revolutions a day, above 0 and below 20",
        )
    e = number("ECCENTRICITY")
    if not 0.0 <= e < 1.0:
        raise lines.refuse(
            found["ECCENTRICITY"], "SGP4 needs a closed orbit", "Write a number from 0 to below 1"
        )
    angles = {key: number(key, "deg") for key in _ANGLES}
    if not 0.0 <= angles["INCLINATION"] <= 180.0:
        raise lines.refuse(
            found["INCLINATION"], "the inclination lies outside 0 to 180 deg", "Write degrees"
        )
    kind = found["CLASSIFICATION_TYPE"].value if "CLASSIFICATION_TYPE" in found else ""
    return MeanElements(
        epoch=lines.epoch(found["EPOCH"], lines.value(found["EPOCH"]), "UTC"),
        n_rad_s=n * _TURN / DAY_S,
        e=e,
        i_rad=math.radians(angles["INCLINATION"]),
        raan_rad=math.radians(angles["RA_OF_ASC_NODE"]),
        argp_rad=math.radians(angles["ARG_OF_PERICENTER"]),
        mean_anomaly_rad=math.radians(angles["MEAN_ANOMALY"]),
        bstar=number("BSTAR", "1/ER"),
        n_dot_rad_s2=number("MEAN_MOTION_DOT", "rev/day**2") * _TURN / DAY_S**2,
        n_ddot_rad_s3=number("MEAN_MOTION_DDOT", "rev/day**3") * _TURN / DAY_S**3,
        number=whole("NORAD_CAT_ID", 999_999_999),
        name=_known(lines.value(found["OBJECT_NAME"])),
        designator=_known(lines.value(found["OBJECT_ID"])),
        classification=kind or "U",
        element_set=whole("ELEMENT_SET_NO", 9_999),
        revolution=whole("REV_AT_EPOCH", 999_999),
        ephemeris_type=whole("EPHEMERIS_TYPE", 9),
    )


def _known(text: str) -> str:
    """A name; the standard's word for none is UNKNOWN."""
    return "" if text.upper() == "UNKNOWN" else text


# writing ---------------------------------------------------------------------------------
def write(omm: Omm, path: str | Path) -> None:
    """Write a file; its ending (.xml, .json, anything else: KVN) says the form."""
    path = Path(path)
    form = path.suffix.lower().lstrip(".")
    place(path, dumps(omm, form if form in FORMS else "kvn"))


def dumps(omm: Omm, form: str = "kvn") -> str:
    """The message as text in one of FORMS.

    Numbers to 15 digits: what was read from a TLE or an OMM of no more comes out as it was. JSON
    holds the elements alone, with no header. Raises ValueError where a text that the standard
    needs is empty.
    """
    header, metadata, elements, tle = _sections(omm)
    if form == "json":
        return json_text(keywords(omm), numbers={*elements, *tle, "MASS"} - {"EPOCH"})
    if form == "xml":
        return xml_text(omm.version, header, metadata, elements, tle, omm.beside, omm.mass_kg)
    out = [f"CCSDS_OMM_VERS = {omm.version}", *comment_lines(omm.comments)]
    out += [value_text(k, v) for k, v in {**header, **metadata, **elements}.items()]
    if omm.mass_kg is not None:
        out.append(f"MASS = {number_text(omm.mass_kg)} [kg]")
    known = [(k, v) for k, v in omm.beside if not k.startswith("USER_DEFINED_")]
    areas = [(k, v) for k, v in known if k in _BESIDE and k != "COV_REF_FRAME"]
    out += [value_text(k, v) for k, v in areas]
    out += [value_text(k, v) for k, v in tle.items()]
    rest = [(k, v) for k, v in known if (k, v) not in areas and k not in _SPACE_TRACK]
    out += [value_text(k, v) for k, v in rest]
    out += [value_text(k, v) for k, v in omm.beside if k.startswith("USER_DEFINED_")]
    return "\n".join(out) + "\n"


def keywords(omm: Omm) -> dict[str, str]:
    """The elements as JSON holds them, each keyword with its text."""
    _, metadata, elements, tle = _sections(omm)
    mass = {} if omm.mass_kg is None else {"MASS": number_text(omm.mass_kg)}
    return {**metadata, **elements, **mass, **tle}


def _sections(
    omm: Omm,
) -> tuple[dict[str, str], dict[str, str], dict[str, str], dict[str, str]]:
    """Keywords and texts of header, metadata, mean elements and TLE parameters."""
    m = omm.elements
    header = {"CLASSIFICATION": omm.classification} if omm.classification else {}
    header |= {
        "CREATION_DATE": omm.creation or epoch_text(m.epoch, "UTC"),
        "ORIGINATOR": omm.originator or "UNKNOWN",
    }
    if omm.message_id:
        header["MESSAGE_ID"] = omm.message_id
    metadata = {
        "OBJECT_NAME": m.name or "UNKNOWN",
        "OBJECT_ID": m.designator or "UNKNOWN",
        **_UNSAID,
    }
    elements = {
        "EPOCH": epoch_text(m.epoch, "UTC"),
        "MEAN_MOTION": number_text(in_rev_day(m.n_rad_s)),
        "ECCENTRICITY": number_text(m.e),
        "INCLINATION": number_text(in_degrees(m.i_rad)),
        "RA_OF_ASC_NODE": number_text(in_degrees(m.raan_rad)),
        "ARG_OF_PERICENTER": number_text(in_degrees(m.argp_rad)),
        "MEAN_ANOMALY": number_text(in_degrees(m.mean_anomaly_rad)),
    }
    tle = {
        "EPHEMERIS_TYPE": str(m.ephemeris_type),
        "CLASSIFICATION_TYPE": m.classification,
        "NORAD_CAT_ID": str(m.number),
        "ELEMENT_SET_NO": str(m.element_set),
        "REV_AT_EPOCH": str(m.revolution),
        "BSTAR": number_text(m.bstar),
        "MEAN_MOTION_DOT": number_text(in_rev_day(m.n_dot_rad_s2, 2)),
        "MEAN_MOTION_DDOT": number_text(in_rev_day(m.n_ddot_rad_s3, 3)),
    }
    return header, metadata, elements, tle

"""The XML and JSON forms of an OMM: keywords with the line they stand on, and texts of them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from cosmodrome.formats.ccsds import Line, number_text, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

__all__ = ["json_lines", "json_text", "xml_lines", "xml_text"]

_KEYWORD = re.compile(r"[A-Z][A-Z0-9_]*$")


# XML -------------------------------------------------------------------------------------
class _Reader:
    """Gathers the leaves of every <omm> element; expat tells the line."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.sets: list[list[Line]] = []
        self.stack: list[tuple[str, dict[str, str], int]] = []
        self.text: list[str] = []
        self.leaf = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text.append
        self.parser.StartDoctypeDeclHandler = self.doctype

    def doctype(self, name: str, *_: object) -> None:
        raise refuse(
            self.file,
            self.parser.CurrentLineNumber,
            "",
            f"<!DOCTYPE {name}",
            "a document type is not read: messages need none",
            "Remove the declaration",
        )

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        self.stack.append((tag, attributes, self.parser.CurrentLineNumber))
        self.text.clear()
        self.leaf = True
        if tag == "omm":
            line = self.parser.CurrentLineNumber
            version = attributes.get("version", "")
            if version not in ("2.0", "3.0"):
                raise refuse(
                    self.file,
                    line,
                    "omm",
                    version,
                    "this version is not known",
                    'Write <omm id="CCSDS_OMM_VERS" version="3.0">',
                )
            self.sets.append([Line(line, "CCSDS_OMM_VERS", version, version)])

    def end(self, tag: str) -> None:
        tag, attributes, line = self.stack.pop()
        text = "".join(self.text).strip()
        if self.leaf and self.sets and tag != "omm":
            key = tag
            if tag == "USER_DEFINED":
                key = f"USER_DEFINED_{attributes.get('parameter', '')}"
            elif (unit := attributes.get("units")) is not None:
                text = f"{text} [{unit}]"
            if _KEYWORD.match(key) or text:
                self.sets[-1].append(Line(line, key, text, text))
        self.text.clear()
        self.leaf = False


def xml_lines(text: str, file: str) -> list[list[Line]]:
    """The keywords of each <omm> of an XML text, alone or in an <ndm>. Raises MissionFileError."""
    reader = _Reader(file)
    try:
        reader.parser.Parse(text.lstrip("\ufeff \t\r\n"), True)
    except expat.ExpatError as error:
        raise refuse(
            file,
            error.lineno,
            "",
            "",
            f"this is not XML ({expat.ErrorString(error.code)})",
            "Close every tag, and copy the message whole",
        ) from None
    if not reader.sets:
        raise refuse(
            file, 1, "", "", "no <omm> stands in it", "Write <omm> ... </omm>, alone or in <ndm>"
        )
    return reader.sets


_UNITS = {
    "MEAN_MOTION": "rev/day",
    "INCLINATION": "deg",
    "RA_OF_ASC_NODE": "deg",
    "ARG_OF_PERICENTER": "deg",
    "MEAN_ANOMALY": "deg",
    "BSTAR": "1/ER",
    "MEAN_MOTION_DOT": "rev/day**2",
    "MEAN_MOTION_DDOT": "rev/day**3",
}


def xml_text(
    version: str,
    header: Mapping[str, str],
    metadata: Mapping[str, str],
    elements: Mapping[str, str],
    tle: Mapping[str, str],
    beside: Sequence[tuple[str, str]],
    mass_kg: float | None,
) -> str:
    """The XML form (505.0-B-3). Of what stands beside the elements it keeps the user's keywords."""

    def leaves(depth: int, found: Mapping[str, str]) -> list[str]:
        pad = "  " * depth
        out = []
        for key, value in found.items():
            unit = f" units={quoteattr(_UNITS[key])}" if key in _UNITS else ""
            out.append(f"{pad}<{key}{unit}>{escape(value)}</{key}>")
        return out

    def wrapped(depth: int, tag: str, inner: list[str]) -> list[str]:
        pad = "  " * depth
        return [f"{pad}<{tag}>", *inner, f"{pad}</{tag}>"]

    data = wrapped(4, "meanElements", leaves(5, elements))
    if mass_kg is not None:
        mass = f'          <MASS units="kg">{number_text(mass_kg)}</MASS>'
        data += wrapped(4, "spacecraftParameters", [mass])
    data += wrapped(4, "tleParameters", leaves(5, tle))
    prefix = "USER_DEFINED_"
    user = [
        f"          <USER_DEFINED parameter={quoteattr(key.removeprefix(prefix))}>{escape(value)}"
        "</USER_DEFINED>"
        for key, value in beside
        if key.startswith(prefix)
    ]
    if user:
        data += wrapped(4, "userDefinedParameters", user)
    segment = [*wrapped(3, "metadata", leaves(4, metadata)), *wrapped(3, "data", data)]
    body = wrapped(1, "body", wrapped(2, "segment", segment))
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<omm id="CCSDS_OMM_VERS" version={quoteattr(version)}>',
            *wrapped(1, "header", leaves(2, header)),
            *body,
            "</omm>",
            "",
        ]
    )


# JSON ------------------------------------------------------------------------------------
def json_lines(text: str, file: str) -> list[list[Line]]:
    """The keywords of each object of a JSON text, one or a list. Raises MissionFileError."""
    # where each key stands: the decoder gives no lines, but it meets the keys in this order
    keys = [
        (m.group(1), text.count("\n", 0, m.start()) + 1)
        for m in re.finditer(r'"([^"\\]*)"\s*:', text)
    ]
    at = 0

    def gathered(pairs: list[tuple[str, object]]) -> list[Line]:
        nonlocal at
        out = []
        for key, value in pairs:
            while at < len(keys) and keys[at][0] != key:
                at += 1
            line = keys[at][1] if at < len(keys) else 1
            at += 1
            if isinstance(value, (list, dict)):
                raise refuse(
                    file, line, key, "", "one value belongs here", "Write a number or a text"
                )
            if value is not None:  # what is not known is null
                out.append(Line(line, key, str(value), str(value)))
        return out

    try:
        found = json.loads(
            text.lstrip("\ufeff"),
            object_pairs_hook=gathered,
            parse_float=str,
            parse_int=str,
            parse_constant=str,
        )
    except json.JSONDecodeError as error:
        raise refuse(
            file,
            error.lineno,
            "",
            "",
            f"this is not JSON ({error.msg})",
            "Copy the message whole: { ... }, or [ {...}, {...} ]",
        ) from None
    except RecursionError:
        raise refuse(
            file, 1, "", "", "it is nested too deep", "Write { ... }, or [ {...}, {...} ]"
        ) from None
    # an object has become a list of Line; a list of objects a list of those
    sets = [found] if found and isinstance(found[0], Line) else found
    for one in sets:
        if not isinstance(one, list) or not all(isinstance(k, Line) for k in one):
            raise refuse(
                file, 1, "", str(one)[:30], "an object belongs here", 'Write {"OBJECT_NAME": ...}'
            )
    if not sets or not all(sets):
        raise refuse(
            file, 1, "", "", "no message stands in it", 'Write {"OBJECT_NAME": ..., "EPOCH": ...}'
        )
    return sets


def json_text(found: Mapping[str, str], numbers: AbstractSet[str]) -> str:
    """One object, a keyword a line; `numbers` are those written without quotes."""
    texts = {"CLASSIFICATION_TYPE"}
    rows = [
        f"  {json.dumps(k)}: {v if k in numbers - texts else json.dumps(v)}"
        for k, v in found.items()
    ]
    return "{\n" + ",\n".join(rows) + "\n}\n"

"""CCSDS Orbit Ephemeris Message (OEM) in KVN: read and write.

Source: CCSDS 502.0-B-2 (2009) and 502.0-B-3 (2023), chapter 5. Files are in km and km/s; in
memory everything is SI. Times are in the message's TIME_SYSTEM, which is one for the whole
message (5.2.4). What is refused is refused with file, line, the reason and what to write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import FrameMismatchError
from cosmodrome.formats.ccsds import (
    Line,
    Lines,
    comment_lines,
    epoch_text,
    number_text,
    value_text,
)
from cosmodrome.formats.placing import place
from cosmodrome.world.frame import GCRF, ITRF, TOD, Frame
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch

__all__ = ["Covariance", "Oem", "Point", "Segment", "dumps", "loads", "read", "write"]

Vector = tuple[float, float, float]

_REQUIRED = (
    "OBJECT_NAME",
    "OBJECT_ID",
    "CENTER_NAME",
    "REF_FRAME",
    "TIME_SYSTEM",
    "START_TIME",
    "STOP_TIME",
)
_METADATA = (
    *_REQUIRED,
    "REF_FRAME_EPOCH",
    "USEABLE_START_TIME",
    "USEABLE_STOP_TIME",
    "INTERPOLATION",
    "INTERPOLATION_DEGREE",
)
_HEADER = ("CREATION_DATE", "ORIGINATOR", "CLASSIFICATION", "MESSAGE_ID")


@dataclass(frozen=True, slots=True)
class Point:
    """One line of ephemeris: place m, velocity m/s, and acceleration m/s^2 where given."""

    epoch: Epoch
    r_m: Vector
    v_m_s: Vector
    a_m_s2: Vector | None = None


@dataclass(frozen=True, slots=True)
class Covariance:
    """6 x 6 covariance of place and velocity, m and m/s, symmetric, in `frame` (CCSDS name)."""

    epoch: Epoch
    frame: str
    matrix: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """One metadata block with its ephemeris and covariances.

    center, ref_frame  CCSDS names as written (frame in upper case)
    start, stop        span of the ephemeris; `useable` within it, where interpolation holds
    """

    object_name: str
    object_id: str
    center: str
    ref_frame: str
    time_system: str
    start: Epoch
    stop: Epoch
    points: tuple[Point, ...]
    useable: tuple[Epoch | None, Epoch | None] = (None, None)
    ref_frame_epoch: Epoch | None = None
    interpolation: str = ""
    interpolation_degree: int | None = None
    covariances: tuple[Covariance, ...] = ()
    metadata_comments: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()

    @property
    def t_s(self) -> NDArray[np.float64]:
        """Seconds of TT from the first point, (n,)."""
        return np.array([p.epoch - self.points[0].epoch for p in self.points])

    @property
    def r_m(self) -> NDArray[np.float64]:
        return np.array([p.r_m for p in self.points])

    @property
    def v_m_s(self) -> NDArray[np.float64]:
        return np.array([p.v_m_s for p in self.points])

    def frame(self) -> Frame:
        """The frame of this package that the names mean, or FrameMismatchError.

        ICRF and GCRF centred on Earth are GCRF axes. EME2000 (J2000) is turned from them by
        the frame bias of 23 mas (0.8 m in low orbit), so it is not silently taken for GCRF.
        """
        if self.center.upper() == "EARTH":
            if self.ref_frame in ("GCRF", "ICRF"):
                return GCRF
            if self.ref_frame.startswith("ITRF"):
                return ITRF
            if self.ref_frame in ("TOD", "TRUE_OF_DATE") and self.ref_frame_epoch is None:
                return TOD
        raise FrameMismatchError(
            f"states around {self.center} in {self.ref_frame} have no frame here; write the"
            " message around EARTH in GCRF, ICRF, ITRF or TOD"
        )

    def states(self, mass_kg: float) -> tuple[State, ...]:
        """The points as states; an OEM carries no mass, so it is asked for."""
        frame = self.frame()
        return tuple(
            State(p.epoch, frame, np.array(p.r_m), np.array(p.v_m_s), mass_kg) for p in self.points
        )


@dataclass(frozen=True, slots=True)
class Oem:
    """A whole message. `creation` is the text of CREATION_DATE (UTC)."""

    originator: str
    creation: str
    segments: tuple[Segment, ...]
    version: str = "2.0"
    comments: tuple[str, ...] = ()
    message_id: str = ""
    classification: str = ""


# reading ---------------------------------------------------------------------------------
def read(path: str | Path) -> Oem:
    """Read a KVN file. Raises MissionFileError with the line of the first fault."""
    path = Path(path)
    return loads(path.read_text(encoding="utf-8"), path.name)


def loads(text: str, file: str = "oem") -> Oem:
    """Read a KVN text; `file` is the name errors speak of."""
    lines = Lines(text, file)
    version = lines.version("CCSDS_OEM_VERS")
    comments: list[str] = []
    header: dict[str, Line] = {}
    while (line := lines.peek()) is not None and line.text != "META_START":
        comments += lines.comments()
        line = lines.peek()
        if line is None or line.text == "META_START":
            break
        if line.key not in _HEADER:
            raise lines.unknown(line, [*_HEADER, "META_START"])
        header[line.key] = lines.take()
    lines.need(header, ("CREATION_DATE", "ORIGINATOR"), lines.peek())
    creation = header["CREATION_DATE"]
    lines.epoch(creation, lines.value(creation), "UTC")
    segments: list[Segment] = []
    while lines.peek() is not None:
        segment = _segment(lines, segments[0].time_system if segments else None)
        segments.append(segment)
    if not segments:
        raise lines.refuse(None, "the message has no segment", "Add META_START ... META_STOP")
    return Oem(
        lines.value(header["ORIGINATOR"]),
        creation.value,
        tuple(segments),
        version,
        tuple(comments),
        header["MESSAGE_ID"].value if "MESSAGE_ID" in header else "",
        header["CLASSIFICATION"].value if "CLASSIFICATION" in header else "",
    )


def _segment(lines: Lines, time_system: str | None) -> Segment:
    start = lines.take()
    if start.text != "META_START":
        raise lines.refuse(start, "a segment begins with META_START", "Write META_START here")
    meta: dict[str, Line] = {}
    metadata_comments: list[str] = []
    while True:
        metadata_comments += lines.comments()
        line = lines.peek()
        if line is None:
            raise lines.refuse(None, "META_START is never closed", "Close it with META_STOP")
        lines.take()
        if line.text == "META_STOP":
            break
        if line.key not in _METADATA:
            raise lines.unknown(line, [*_METADATA, "META_STOP"])
        if line.key in meta:
            raise lines.refuse(
                line,
                f"{line.key} stands twice (first on line {meta[line.key].number})",
                "Keep one of them",
            )
        meta[line.key] = line
    lines.need(meta, _REQUIRED, line)
    system = lines.time_system(meta["TIME_SYSTEM"])
    if time_system is not None and system != time_system:
        raise lines.refuse(
            meta["TIME_SYSTEM"],
            f"the first segment is in {time_system} and TIME_SYSTEM is one for the whole message",
            f"Write every segment in {time_system}, or two messages",
        )

    def instant(key: str) -> Epoch | None:
        if key not in meta:
            return None
        return lines.epoch(meta[key], lines.value(meta[key]), system)

    first, last = instant("START_TIME"), instant("STOP_TIME")
    assert first is not None
    assert last is not None
    if last < first:
        raise lines.refuse(
            meta["STOP_TIME"],
            f"it lies before START_TIME {meta['START_TIME'].value}",
            "Write a STOP_TIME at or after START_TIME",
        )
    degree = None
    if "INTERPOLATION_DEGREE" in meta:
        at = meta["INTERPOLATION_DEGREE"]
        if not re.fullmatch("[0-9]{1,9}", at.value) or int(at.value) < 1:
            raise lines.refuse(at, "a degree is a whole number from 1", "Write 7, for example")
        degree = int(at.value)
    ref_frame = lines.frame(meta["REF_FRAME"])
    comments = lines.comments()
    points = _points(lines, system, first, last)
    covariances: list[Covariance] = []
    while (line := lines.peek()) is not None and line.text != "META_START":
        if line.text == "COVARIANCE_START":
            lines.take()
            covariances += _covariances(lines, system, ref_frame)
        elif line.key == "COMMENT":
            comments += lines.comments()
        else:
            raise lines.refuse(
                line,
                "neither a covariance nor a new segment begins here",
                "Write COVARIANCE_START or META_START, or move the ephemeris line above it",
            )
    return Segment(
        lines.value(meta["OBJECT_NAME"]),
        lines.value(meta["OBJECT_ID"]),
        lines.value(meta["CENTER_NAME"]),
        ref_frame,
        system,
        first,
        last,
        points,
        (instant("USEABLE_START_TIME"), instant("USEABLE_STOP_TIME")),
        instant("REF_FRAME_EPOCH"),
        meta["INTERPOLATION"].value if "INTERPOLATION" in meta else "",
        degree,
        tuple(covariances),
        tuple(metadata_comments),
        tuple(comments),
    )


def _points(lines: Lines, system: str, first: Epoch, last: Epoch) -> tuple[Point, ...]:
    points: list[Point] = []
    while (line := lines.peek()) is not None and not line.key and line.text[:1].isdigit():
        lines.take()
        words = line.text.split()
        if len(words) not in (7, 10):
            raise lines.refuse(
                line,
                f"an ephemeris line holds an instant and 6 numbers (or 9 with accelerations);"
                f" this one has {len(words) - 1}",
                "Write: instant x y z [km] vx vy vz [km/s]",
            )
        epoch = lines.epoch(line, words[0], system)
        if not first <= epoch <= last:
            raise lines.refuse(
                line,
                "this instant lies outside START_TIME .. STOP_TIME",
                "Widen START_TIME/STOP_TIME or drop the line",
            )
        n = [lines.number(line, w, 3) for w in words[1:]]
        a = (n[6], n[7], n[8]) if len(n) == 9 else None
        point = Point(epoch, (n[0], n[1], n[2]), (n[3], n[4], n[5]), a)
        # a line repeated word for word is seen in practice and harms nobody
        if points and epoch <= points[-1].epoch and point != points[-1]:
            raise lines.refuse(
                line,
                "instants must increase from line to line",
                "Sort the lines, and begin a new segment where the path jumps",
            )
        points.append(point)
    line = lines.peek()
    if line is not None and line.key and line.key != "COMMENT":
        raise lines.refuse(
            line,
            "a keyword cannot stand among ephemeris lines",
            "Move it into META_START ... META_STOP, or drop it",
        )
    if not points:
        raise lines.refuse(line, "the segment has no ephemeris line", "Write at least one line")
    return tuple(points)


def _covariances(lines: Lines, system: str, ref_frame: str) -> list[Covariance]:
    found: list[Covariance] = []
    while True:
        lines.comments()
        line = lines.peek()
        if line is None:
            raise lines.refuse(
                None, "COVARIANCE_START is never closed", "Close it with COVARIANCE_STOP"
            )
        lines.take()
        if line.text == "COVARIANCE_STOP":
            return found
        if line.key != "EPOCH":
            raise lines.refuse(
                line,
                "a covariance begins with EPOCH and has six rows"
                if line.key
                else "a covariance has six rows, and begins with EPOCH",
                "Write 'EPOCH = ...', then rows of 1, 2, ... 6 numbers",
            )
        epoch = lines.epoch(line, lines.value(line), system)
        frame = ref_frame
        lines.comments()
        line = lines.peek()
        if line is not None and line.key == "COV_REF_FRAME":
            frame = lines.frame(lines.take(), local=True)
        matrix = np.zeros((6, 6))
        for i in range(6):
            lines.comments()
            line = lines.peek()
            if line is None or line.key or line.text.startswith(("COVARIANCE", "META")):
                raise lines.refuse(
                    line,
                    f"row {i + 1} of 6 of the covariance must stand here",
                    f"Write {i + 1} numbers: the lower triangle, row by row",
                )
            words = lines.take().text.split()
            if len(words) != i + 1:
                raise lines.refuse(
                    line,
                    f"row {i + 1} of the lower triangle has {i + 1} numbers, read {len(words)}",
                    f"Write {i + 1} numbers here",
                )
            for j, word in enumerate(words):
                matrix[i, j] = matrix[j, i] = lines.number(line, word, 6)
        found.append(Covariance(epoch, frame, tuple(tuple(map(float, row)) for row in matrix)))


# writing ---------------------------------------------------------------------------------
def write(oem: Oem, path: str | Path) -> None:
    """Write a KVN file."""
    place(Path(path), dumps(oem))


def dumps(oem: Oem) -> str:
    """The message as KVN text; reads back equal to the printed 16 digits."""
    out = [f"CCSDS_OEM_VERS = {oem.version}", *comment_lines(oem.comments)]
    if oem.classification:
        out.append(value_text("CLASSIFICATION", oem.classification))
    out += [
        value_text("CREATION_DATE", oem.creation),
        value_text("ORIGINATOR", oem.originator),
    ]
    if oem.message_id:
        out.append(value_text("MESSAGE_ID", oem.message_id))
    for s in oem.segments:
        out += ["", *_segment_lines(s)]
    return "\n".join(out) + "\n"


def _segment_lines(s: Segment) -> list[str]:
    def t(epoch: Epoch) -> str:
        return epoch_text(epoch, s.time_system)

    out = [
        "META_START",
        *comment_lines(s.metadata_comments),
        value_text("OBJECT_NAME", s.object_name),
        value_text("OBJECT_ID", s.object_id),
        value_text("CENTER_NAME", s.center),
        value_text("REF_FRAME", s.ref_frame),
    ]
    if s.ref_frame_epoch is not None:
        out.append(f"REF_FRAME_EPOCH = {t(s.ref_frame_epoch)}")
    out += [f"TIME_SYSTEM = {s.time_system}", f"START_TIME = {t(s.start)}"]
    if s.useable[0] is not None:
        out.append(f"USEABLE_START_TIME = {t(s.useable[0])}")
    if s.useable[1] is not None:
        out.append(f"USEABLE_STOP_TIME = {t(s.useable[1])}")
    out.append(f"STOP_TIME = {t(s.stop)}")
    if s.interpolation:
        out.append(value_text("INTERPOLATION", s.interpolation))
    if s.interpolation_degree is not None:
        out.append(f"INTERPOLATION_DEGREE = {s.interpolation_degree}")
    out += ["META_STOP", "", *comment_lines(s.comments)]
    for p in s.points:
        n = (*p.r_m, *p.v_m_s, *(p.a_m_s2 or ()))
        out.append(" ".join([t(p.epoch), *(number_text(x, -3) for x in n)]))
    if s.covariances:
        out += ["", "COVARIANCE_START"]
        for c in s.covariances:
            out += [f"EPOCH = {t(c.epoch)}", f"COV_REF_FRAME = {c.frame}"]
            out += [
                " ".join(number_text(x, -6) for x in row[: i + 1]) for i, row in enumerate(c.matrix)
            ]
        out.append("COVARIANCE_STOP")
    return out

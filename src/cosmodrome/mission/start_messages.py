"""Starts taken from standard messages: OPM, OEM, TLE, OMM."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.errors import DataSpanError, InputError, MissionFileError
from cosmodrome.formats import oem, omm, opm, tle
from cosmodrome.formats.ccsds import Line
from cosmodrome.formats.leaves import Instant, Whole, Words
from cosmodrome.formats.oem_path import interpolated, span
from cosmodrome.formats.typed import Model, Read, build, shown
from cosmodrome.formats.yaml_text import Mapping, Sequence, Text
from cosmodrome.mission.nouns import Start, StartState
from cosmodrome.mission.starts import StartBeside
from cosmodrome.world.named_axes import axes_of_message

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.formats.mean_elements import MeanElements
    from cosmodrome.formats.typed import Reading
    from cosmodrome.world.epoch import Epoch

__all__ = ["MESSAGES", "MODELS"]

#: SGP4's error grows by kilometres a day; beyond this the elements say little
_FARTHEST_DAYS = 30.0
_MOST_BYTES = 50_000_000

OpmName = Annotated[str, Words("a file", "orbit.opm")]
OemName = Annotated[str, Words("a file", "orbit.oem")]
SetsName = Annotated[str, Words("a file", "station.tle")]
When = Annotated[Read, Instant()]
Number = Annotated[Read, Whole(1, 999_999_999)]


class OemFile(Model):
    """An ephemeris message's file, and the instant to take from it."""

    file: OemName
    epoch: When | None = None

    meant: ClassVar[dict[str, str]] = {"path": "file", "time": "epoch", "name": "file"}


class OpmFile(Model):
    """An OPM has one instant."""

    file: OpmName

    meant: ClassVar[dict[str, str]] = {
        "path": "file",
        "epoch": "nothing: an OPM has one instant; fly from it, or write an oem",
    }


class SetsFile(Model):
    """Elements of SGP4: from a file, or as the two lines themselves, or an OMM's keywords."""

    file: SetsName | None = None
    lines: Any = Field(default=None, examples=["[1 25544U ..., 2 25544 ...]"])
    keywords: Any = Field(default=None, examples=["{OBJECT_NAME: ISS, ...}"])
    number: Number | None = None
    epoch: When | None = None

    meant: ClassVar[dict[str, str]] = {
        "path": "file",
        "time": "epoch",
        "norad": "number",
        "id": "number",
        "line1": "lines: [first, second]",
        "line2": "lines: [first, second]",
    }


def _path(name: str, folder: Path | None) -> Path:
    return (folder or Path()) / Path(name).expanduser()


def _messages(
    name: str, where: Any, context: Reading, folder: Path | None, read: Callable[[Path], Any]
) -> Any:
    """What `read` makes of the file; None with the faults recorded."""
    path = _path(name, folder)
    why, write = "", "Check the path; it begins at the folder of the mission file."
    try:
        if path.is_dir():
            why = "this is a folder"
        elif path.stat().st_size > _MOST_BYTES:
            why, write = f"the file is larger than {_MOST_BYTES // 10**6} MB", "Cut it to size."
        else:
            return read(path)
    except MissionFileError as error:
        _tell(context, error)
        return None
    except FileNotFoundError:
        why = "there is no such file"
    except UnicodeDecodeError as error:
        why, write = f"the file is not UTF-8 text (byte {error.start})", "Save it as UTF-8."
    except (OSError, ValueError) as error:
        why = f"the file cannot be opened ({getattr(error, 'strerror', None) or error})"
    context.fault(where, name, why, write)
    return None


def _tell(context: Reading, error: MissionFileError, given: Mapping | None = None) -> None:
    """Record the faults of a message; of keywords within the mission file, at their places."""
    for fault in error.faults:
        write = fault.write if fault.write.endswith((".", "?")) else f"{fault.write}."
        told = replace(fault, write=write)
        if given is not None:
            at = given[fault.path].place if fault.path in given else given.place
            told = replace(told, line=at.line, column=at.column, path=at.path)
        context.faults.append(told)


def _named(node: object) -> object:
    """A bare name stands for {file: name}."""
    if not isinstance(node, Text):
        return node
    made = Mapping(node.place)
    made["file"] = node
    made.keys_at["file"] = node.place
    return made


def _state(
    context: Reading, where: Any, center: str, frame: str, turned: bool, message: str
) -> str | None:
    """The axes of a message's frame; None with the fault recorded."""
    axes = axes_of_message(frame, center)
    if center.upper() not in ("EARTH", "MOON"):
        context.fault(
            where,
            center,
            f"the {message} is about {center}, and a mission starts about the Earth or the Moon",
            "Write the message with CENTER_NAME = EARTH or MOON.",
        )
        return None
    if axes is None or (turned and axes in ("tod", "teme")):
        context.fault(
            where,
            frame + (" of an epoch of its own (REF_FRAME_EPOCH)" if turned else ""),
            f"the frame of the {message} cannot be turned into GCRF here",
            "Write the message in GCRF, ICRF, EME2000, MOON_ME or MOON_PA."
            if center.upper() == "MOON"
            else "Write the message in GCRF, ICRF, EME2000, ITRF, or in TOD or TEME of date.",
        )
        return None
    return axes


def _from_opm(node: object, context: Reading, folder: Path | None) -> Start | None:
    file = build(OpmFile, _named(node), context)
    if file is None:
        return None
    where = file.stands_key("file")
    found: opm.Opm | None = _messages(file.file, where, context, folder, opm.read)
    if found is None:
        return None
    turned = found.ref_frame_epoch is not None
    axes = _state(context, where, found.center, found.ref_frame, turned, "OPM")
    if axes is None:
        return None
    if found.mass_kg is not None and not found.mass_kg > 0.0:
        context.fault(
            where,
            f"MASS = {found.mass_kg:g}",
            "the mass of the OPM is not above zero",
            "Write kilograms in the message, or drop its MASS.",
        )
        return None
    return Start(
        epoch=found.epoch,
        state=StartState(axes, found.r_m, found.v_m_s),
        mass_kg=found.mass_kg,
        beside=_stated(found.keplerian),
        source=f"OPM of {found.object_name} in {found.ref_frame} at {found.epoch},"
        f" {Path(file.file).name}",
    )


def _stated(elements: opm.Keplerian | None) -> StartBeside | None:
    """Elements that an OPM gives beside its state."""
    if elements is None:
        return None
    return StartBeside(elements.a_m, elements.e, elements.i_rad, elements.mu_m3_s2)


def _around(segment: oem.Segment, at: Epoch) -> StartBeside | None:
    """The two lines of an ephemeris around an instant."""
    if len(segment.points) < 2:
        return None
    after = bisect_right([p.epoch for p in segment.points], at)
    k = min(max(after - 1, 0), len(segment.points) - 2)
    points = segment.points[k : k + 2]
    return StartBeside(points=tuple((p.epoch - at, p.r_m, p.v_m_s) for p in points))


def _from_oem(node: object, context: Reading, folder: Path | None) -> Start | None:
    file = build(OemFile, _named(node), context)
    if file is None:
        return None
    where = file.stands_key("file")
    found: oem.Oem | None = _messages(file.file, where, context, folder, oem.read)
    if found is None:
        return None
    spans = [span(s) for s in found.segments]
    if file.epoch is None:
        at, segment = spans[0][0], found.segments[0]
    else:
        at = file.epoch.value
        holding = [s for s, (a, b) in zip(found.segments, spans, strict=True) if a <= at <= b]
        if not holding:
            told = "; ".join(f"{a} to {b}" for a, b in spans[:4])
            context.fault(
                file.epoch.place,
                file.epoch.text,
                f"the OEM answers for {told}" + ("; ..." if len(spans) > 4 else ""),
                "Write an instant within it, or leave epoch out for its first.",
            )
            return None
        segment = holding[-1]  # where two meet, the later one answers
    turned = segment.ref_frame_epoch is not None
    axes = _state(context, where, segment.center, segment.ref_frame, turned, "OEM")
    if axes is None:
        return None
    try:
        r, v = interpolated(segment, at)
    except (InputError, DataSpanError) as error:
        why, _, write = str(error).partition("; ")
        context.fault(where, file.file, why, (write[:1].upper() + write[1:] or "Check it") + ".")
        return None
    x, y, z, vx, vy, vz = (float(c) for c in (*r, *v))
    return Start(
        epoch=at,
        state=StartState(axes, (x, y, z), (vx, vy, vz)),
        beside=_around(segment, at),
        source=f"OEM of {segment.object_name} in {segment.ref_frame} at {at},"
        f" {Path(file.file).name}",
    )


def _from_tle(node: object, context: Reading, folder: Path | None) -> Start | None:
    file = _sets_file(node, context, "lines", "keywords", "{file: station.tle}")
    if file is None:
        return None
    if file.file is not None:
        where = file.stands_key("file")
        sets = _messages(file.file, where, context, folder, tle.read)
        return _of_sets(sets, file, context, Path(file.file).name, "two-line elements")
    given = file.lines
    if (
        not isinstance(given, Sequence)
        or len(given) != 2
        or not all(isinstance(x, Text) for x in given)
    ):
        context.fault(
            getattr(given, "place", None),
            shown(given),
            "the two lines belong here, as a list of two texts",
            "Write lines: [1 25544U ..., 2 25544 ...], each line whole.",
        )
        return None
    first, second = (
        tle.TextLine(str(x), x.place.file, x.place.line, x.place.column, x.place.path)
        for x in given
    )
    try:
        sets = (tle.pair(first, second),)
    except MissionFileError as error:
        _tell(context, error)
        return None
    return _of_sets(sets, file, context, "", "two-line elements")


def _from_omm(node: object, context: Reading, folder: Path | None) -> Start | None:
    file = _sets_file(node, context, "keywords", "lines", "{file: station.xml}")
    if file is None:
        return None
    if file.file is not None:
        where = file.stands_key("file")
        found = _messages(file.file, where, context, folder, omm.read)
        name = Path(file.file).name
    else:
        given, name = file.keywords, ""
        if not isinstance(given, Mapping) or not all(isinstance(x, Text) for x in given.values()):
            context.fault(
                getattr(given, "place", None),
                shown(given),
                "the keywords of an OMM belong here, each with its text",
                "Write keywords: {OBJECT_NAME: ISS, EPOCH: ..., MEAN_MOTION: ...}.",
            )
            return None
        lines = [Line(at.place.line, key, str(at), str(at)) for key, at in given.items()]
        try:
            found = (omm.from_lines(lines, given.place.file, unsaid=True),)
        except MissionFileError as error:
            _tell(context, error, given)
            return None
    if found is None:
        return None
    start = _of_sets(tuple(m.elements for m in found), file, context, name, "OMM")
    if start is None:
        return None
    return replace(start, mass_kg=next(m.mass_kg for m in found if m.elements == start.sgp4))


def _sets_file(
    node: object, context: Reading, inline: str, other: str, example: str
) -> SetsFile | None:
    node = _named(node)
    if isinstance(node, Mapping):
        if other in node:
            context.fault(
                node.keys_at[other],
                "",
                f"{other} belong to {'an omm' if other == 'keywords' else 'a tle'}",
                f"Write file or {inline}.",
            )
            return None
        if set(node) <= set(SetsFile.keys()) and ("file" in node) == (inline in node):
            context.fault(
                node.place,
                "",
                f"elements come from one file, or are written out under {inline}",
                f"Write {example}.",
            )
            return None
    return build(SetsFile, node, context)


def _of_sets(
    sets: tuple[MeanElements, ...] | None,
    file: SetsFile,
    context: Reading,
    name: str,
    what: str,
) -> Start | None:
    """The start that one of the element sets gives: of the object asked, nearest in time."""
    if sets is None:
        return None
    number = None if file.number is None else file.number.value
    mine = [m for m in sets if number is None or m.number == number]
    objects = sorted({m.number for m in mine})
    if not mine and file.number is not None:
        held = ", ".join(str(n) for n in sorted({m.number for m in sets})[:8])
        context.fault(
            file.number.place,
            file.number.text,
            "there are no elements of this object in it",
            f"Write one of {held}.",
        )
        return None
    if len(objects) > 1:
        context.fault(
            file.stands,
            name,
            f"it holds elements of {len(objects)} objects",
            f"Say which: number: {objects[0]}, for example.",
        )
        return None
    if file.epoch is None and len(mine) > 1:
        context.fault(
            file.stands,
            name,
            f"it holds {len(mine)} element sets of object {objects[0]}",
            "Write epoch: the set nearest to it is taken.",
        )
        return None
    at = mine[0].epoch if file.epoch is None else file.epoch.value
    best = min(mine, key=lambda m: abs(m.epoch - at))
    days = (at - best.epoch) / 86_400.0
    if file.epoch is not None and abs(days) > _FARTHEST_DAYS:
        context.fault(
            file.epoch.place,
            file.epoch.text,
            f"the elements are of {best.epoch}, {abs(days):.1f} days away, and SGP4 loses"
            " kilometres a day",
            f"Write an epoch within {_FARTHEST_DAYS:.0f} days, or take newer elements.",
        )
        return None
    away = "" if at == best.epoch else f", flown by SGP4 over {days:+.3f} days"
    return Start(
        epoch=at,
        sgp4=best,
        source=f"{what} of {best}{away}" + (f", {name}" if name else ""),
    )


#: key -> the model of its mapping, for the JSON Schema
MODELS: dict[str, type[Model]] = {
    "opm": OpmFile,
    "oem": OemFile,
    "tle": SetsFile,
    "omm": SetsFile,
}
MESSAGES: dict[str, Callable[[object, Reading, Path | None], Start | None]] = {
    "opm": _from_opm,
    "oem": _from_oem,
    "tle": _from_tle,
    "omm": _from_omm,
}

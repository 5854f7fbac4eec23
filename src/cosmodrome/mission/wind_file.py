"""The wind as files describe it: a named profile, or a table, written out or in a CSV beside."""

from __future__ import annotations

import csv
import io
import math
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.formats.leaves import Choice, Leaf
from cosmodrome.formats.quantity import TextFault, parse_number
from cosmodrome.formats.typed import Model, Read, build, shown
from cosmodrome.formats.yaml_text import Mapping, Place, Sequence, Text
from cosmodrome.mission.nouns import WindTable
from cosmodrome.mission.wind_profiles import PROFILES, profile_points
from cosmodrome.physics.wind import components

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading

__all__ = ["WindFile", "WindLineFile", "wind_table", "wind_written"]

_FASTEST = 200.0
_LOWEST, _HIGHEST = -500.0, 100_000.0
_MOST_LINES = 2_000
_MOST_BYTES = 500_000
_LINE = "{altitude: 12 km, speed: 40 m/s, from: 270 deg}"
_COLUMNS = "altitude_m,speed_m_s,from_deg"

Speed = Annotated[Read, Leaf("speed", low=0.0, high=_FASTEST, example="40 m/s")]
Component = Annotated[Read, Leaf("speed", low=-_FASTEST, high=_FASTEST, example="40 m/s")]
From = Annotated[Read, Leaf("angle", low=0.0, high=2.0 * math.pi, example="270 deg")]


class WindLineFile(Model):
    """One height of a table: speed and the direction it blows from, or two components."""

    altitude: Annotated[Read, Leaf("length", low=_LOWEST, high=_HIGHEST, example="12 km")]
    speed: Speed | None = None
    from_: From | None = Field(default=None, alias="from")
    east: Component | None = None
    north: Component | None = None

    meant: ClassVar[dict[str, str]] = {
        "height": "altitude",
        "direction": "from",
        "azimuth": "from",
        "u": "east",
        "v": "north",
    }

    @classmethod
    def prepare(cls, data: Mapping, context: Reading) -> Mapping:
        given = set(data)
        pairs = ({"altitude", "speed", "from"}, {"altitude", "east", "north"})
        if given <= set(cls.keys()) and "altitude" in given and given not in pairs:
            context.fault(
                data.place,
                "",
                "a line of wind is speed and from, or east and north",
                f"Write {_LINE} or {{altitude: 12 km, east: 40 m/s, north: 0 m/s}}.",
            )
        return data

    @property
    def blows(self) -> tuple[float, float]:
        """To the east and to the north, m/s."""
        if self.speed is not None and self.from_ is not None:
            e, n = components(self.speed.value, self.from_.value)
            return float(e), float(n)
        assert self.east is not None
        assert self.north is not None
        return self.east.value, self.north.value


class WindFile(Model):
    """A named profile with its strength and direction, or a table."""

    profile: Annotated[str, Choice(tuple(PROFILES), what="wind profile")] | None = None
    speed: Speed | None = None
    sigmas: Annotated[Read, Leaf("number", low=-3.0, high=4.0, example="2")] | None = None
    from_: From | None = Field(default=None, alias="from")
    table: Any = Field(default=None, examples=[f"[{_LINE}, ...]"])

    meant: ClassVar[dict[str, str]] = {
        "direction": "from",
        "azimuth": "from",
        "name": "profile",
        "strength": "speed",
        "file": "table",
        "csv": "table",
        "lines": "table",
    }

    written: ClassVar[str] = "{profile: jet-stream, speed: 60 m/s, from: 270 deg}"

    @classmethod
    def prepare(cls, data: Mapping, context: Reading) -> Mapping:
        if not set(data) <= set(cls.keys()):
            return data  # what is misspelt may be what is missing
        if ("profile" in data) == ("table" in data):
            context.fault(
                data.place,
                "",
                "the wind is a named profile or a table, one of the two",
                f"Write {cls.written} or {{table: [{_LINE}, ...]}}.",
            )
        elif "table" in data:
            for key in set(data) - {"table"}:
                context.fault(
                    data.keys_at[key],
                    "",
                    f"{key} belongs to a profile; a table has its own",
                    f"Remove {key}.",
                )
        elif str(data["profile"]) in PROFILES:
            _strength(str(data["profile"]), data, context)
        return data


def _strength(profile: str, data: Mapping, context: Reading) -> None:
    """Does the profile have its strength and its direction, and no other?"""
    right, wrong = ("sigmas", "speed") if profile == "envelope" else ("speed", "sigmas")
    write = {"speed": "speed: 60 m/s", "sigmas": "sigmas: 2", "from": "from: 270 deg"}
    if wrong in data:
        context.fault(
            data.keys_at[wrong],
            "",
            f"this is not how strong the profile {profile} is said to be",
            f"Write {write[right]}.",
        )
    missing = [key for key in (right, "from") if key not in data]
    if wrong in data and right in missing:
        missing.remove(right)
    for key in missing:
        at = data.place
        context.fault(
            Place(at.file, at.line, at.column, f"{at.path}.{key}"),
            "",
            f"the profile {profile} needs {key}",
            f"Add {write[key]}.",
        )


def wind_table(file: WindFile, context: Reading) -> WindTable | None:
    """The wind in SI; None with the faults recorded in `context`."""
    if file.profile is None:
        return _table(file.table, context)
    leaf = file.sigmas if file.profile == "envelope" else file.speed
    assert leaf is not None
    assert file.from_ is not None
    points = profile_points(file.profile, leaf.value)
    if file.profile == "envelope":
        strength = f"mean {'-' if leaf.value < 0.0 else '+'} {abs(leaf.value):g} sigma"
    else:
        strength = leaf.text
    blows = [components(speed, file.from_.value) for _, speed in points]
    return WindTable(
        tuple(h for h, _ in points),
        tuple(float(e) for e, _ in blows),
        tuple(float(n) for _, n in blows),
        f"{file.profile}, {strength} from {file.from_.text}",
    )


def wind_written(file: WindFile, wind: WindTable) -> dict[str, Any]:
    """How the wind is written in the resolved mission; a CSV is written out."""
    if file.profile is not None:
        out: dict[str, Any] = {"profile": file.profile}
        if file.speed is not None:
            out["speed"] = file.speed.text
        if file.sigmas is not None:
            out["sigmas"] = file.sigmas.text
        assert file.from_ is not None
        return {**out, "from": file.from_.text}
    rows = zip(wind.altitude_m, wind.east_m_s, wind.north_m_s, strict=True)
    return {
        "table": [
            {"altitude": f"{h!r} m", "east": f"{e!r} m/s", "north": f"{n!r} m/s"}
            for h, e, n in rows
        ]
    }


def _table(node: Any, context: Reading) -> WindTable | None:
    before = len(context.faults)
    name = "table"
    if isinstance(node, Text):
        name = str(node)
        node = _from_csv(node, context)
        if node is None:
            return None
    if not isinstance(node, Sequence) or not node:
        context.fault(
            getattr(node, "place", None),
            shown(node),
            "a wind table is a list of lines, or the path of a CSV file",
            f"Write table: [{_LINE}, ...] or table: winds.csv.",
        )
        return None
    if len(node) > _MOST_LINES:
        context.fault(
            node.place,
            f"{len(node)} lines",
            f"a wind table has at most {_MOST_LINES} lines",
            "Keep a line every 500 m: what is finer is averaged out.",
        )
        return None
    lines = [build(WindLineFile, item, context) for item in node]
    for above, below in pairwise(lines):
        if above is not None and below is not None:
            a, b = above.altitude, below.altitude
            if b.value <= a.value:
                context.fault(
                    b.place, b.text, "the altitude does not increase", "Sort the table by altitude."
                )
    if len(context.faults) > before or None in lines:
        return None
    sound = [line for line in lines if line is not None]
    blows = [line.blows for line in sound]
    return WindTable(
        tuple(line.altitude.value for line in sound),
        tuple(e for e, _ in blows),
        tuple(n for _, n in blows),
        f"{name}, {len(sound)} lines" if len(sound) > 1 else f"{name}, one line",
    )


def _from_csv(node: Text, context: Reading) -> Sequence | None:
    """The rows of a CSV file as the lines of a table, each with its place in that file."""
    name = str(node)
    path = Path(name)
    if not path.is_absolute() and context.folder is not None:
        path = context.folder / path
    why = ""
    text = ""
    try:
        data = path.read_bytes()
        if len(data) > _MOST_BYTES:
            why = f"the file holds more than {_MOST_BYTES} bytes"
        text = data.decode("utf-8-sig")
    except IsADirectoryError:
        why = "this is a folder"
    except FileNotFoundError:
        why = "there is no such file"
    except (OSError, ValueError):
        why = "the file cannot be read as UTF-8 text"
    if why:
        context.fault(
            node.place, name, why, "Write the path of a CSV file, from this file's folder."
        )
        return None
    return _rows(name, text, context)


def _rows(name: str, text: str, context: Reading) -> Sequence | None:
    reader = csv.reader(io.StringIO(text))
    start = Place(name, 1, 1, "")
    header: list[str] | None = None
    out = Sequence(start)
    for cells in reader:
        here = Place(name, reader.line_num, 1, "")
        fields = [c.strip() for c in cells]
        if not any(fields) or fields[0].startswith("#"):
            continue
        if header is None:
            header = fields
            if not _known(header):
                context.fault(
                    here,
                    ",".join(header),
                    "these are not the columns of a wind table",
                    f"Begin with {_COLUMNS} or altitude_m,east_m_s,north_m_s.",
                )
                return None
            continue
        if len(fields) != len(header):
            context.fault(
                here,
                ",".join(fields),
                f"{len(fields)} values stand under {len(header)} columns",
                f"Write {len(header)} numbers with commas between.",
            )
            return None
        line = Mapping(here)
        for column, cell in zip(header, fields, strict=True):
            key, unit = _UNITS[column]
            try:
                parse_number(cell)
            except TextFault as fault:
                context.fault(here, cell, fault.why, fault.write)
                return None
            line[key] = Text(f"{cell} {unit}", here)
            line.keys_at[key] = here
        out.append(line)
    if not out:
        context.fault(start, "", "the file has no line of wind", f"Begin with {_COLUMNS}.")
        return None
    return out


#: column of a CSV -> (key, unit)
_UNITS = {
    "altitude_m": ("altitude", "m"),
    "altitude_km": ("altitude", "km"),
    "speed_m_s": ("speed", "m/s"),
    "from_deg": ("from", "deg"),
    "east_m_s": ("east", "m/s"),
    "north_m_s": ("north", "m/s"),
}


def _known(header: list[str]) -> bool:
    """One column of altitude and one pair of wind, in any order."""
    keys = sorted(_UNITS[c][0] for c in header if c in _UNITS)
    return len(keys) == len(header) and keys in (
        ["altitude", "from", "speed"],
        ["altitude", "east", "north"],
    )

"""Files of small impulses: thruster firings of a cruise, each with its instant and its unit.

Plain text, comma separated. Two lines of words, one that names the columns, then one line for each
firing, in order of time:

    # what a wheel's unloading left, July to September
    object, mars-climate-orbiter
    axes, gcrf
    epoch [UTC], on time [s], x [N s], y [N s], z [N s]
    1999-07-25T12:00:00Z, 1.25, 0.02, -0.51, 0.97

`on time` is how long thrusters were open, summed over those that opened; x, y, z are the impulse
given to the spacecraft, in the axes that are named: gcrf, or at the instant of each firing rtn
(radial outward, in the plane along the motion, along r x v) or vnc (along the velocity, along
r x v, their product). The unit stands in brackets and is part of the format: none is assumed, and
one that is not in UNITS is refused. In memory all is SI.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.errors import EpochError, Fault, MissionFileError, did_you_mean
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["AXES", "UNITS", "Impulse", "Impulses", "dumps", "loads", "read", "write"]

#: units of an impulse, in N s; the pound-force is exact (NIST SP 811, 2008, appendix B.9)
UNITS: dict[str, float] = {
    "N s": 1.0,
    "mN s": 1e-3,
    "kN s": 1e3,
    "kg m/s": 1.0,
    "lbf s": 4.4482216152605,
}
#: axes that impulses may be told in; those of the body would need its attitude
AXES = ("gcrf", "rtn", "vnc")
_COLUMNS = ("epoch", "on time", "x", "y", "z")
_EXAMPLE = "epoch [UTC], on time [s], x [N s], y [N s], z [N s]"


@dataclass(frozen=True, slots=True)
class Impulse:
    """One firing: its instant, the time thrusters were open, s, and what it gave, N s (3,)."""

    epoch: Epoch
    on_time_s: float
    impulse_ns: tuple[float, float, float]

    @property
    def size_ns(self) -> float:
        return math.hypot(*self.impulse_ns)


@dataclass(frozen=True, slots=True)
class Impulses:
    """A whole file. `unit` is the one that it was written in; the events are in N s.

    first  of what is left of a file, which of its events comes first, from 1
    """

    object: str
    axes: str
    unit: str
    events: tuple[Impulse, ...]
    comments: tuple[str, ...] = ()
    first: int = 1

    def after(self, epoch: Epoch) -> Impulses | None:
        """What is left of it after an instant; None where nothing is."""
        left = tuple(e for e in self.events if e.epoch > epoch)
        gone = len(self.events) - len(left)
        return replace(self, events=left, first=self.first + gone) if left else None


class _Lines:
    """Lines that say something, each with its number."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.comments: list[str] = []
        self.rows: list[tuple[int, list[str]]] = []
        for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
            line = raw.strip()
            if line.startswith("#"):
                self.comments.append(line[1:].strip())
            elif line:
                self.rows.append((number, [c.strip() for c in line.split(",")]))

    def refuse(self, number: int, read: str, why: str, write: str) -> MissionFileError:
        return MissionFileError([Fault(self.file, number, 1, "", read[:60], why, write)])

    def word(self, at: int, key: str, example: str) -> str:
        """The word that the line `key, word` gives."""
        number, cells = self.rows[at] if at < len(self.rows) else (1, [""])
        if len(cells) != 2 or cells[0] != key or not cells[1]:
            raise self.refuse(
                number, ", ".join(cells), f"{key} belongs here", f"Write '{key}, {example}'."
            )
        return cells[1]


def read(path: str | Path) -> Impulses:
    """Read a file. Raises MissionFileError with the line of the first fault."""
    path = Path(path)
    return loads(path.read_text(encoding="utf-8"), path.name)


def loads(text: str, name: str = "impulses.csv") -> Impulses:
    """Read a text. Raises MissionFileError with the line of the first fault."""
    lines = _Lines(text, name)
    object_ = lines.word(0, "object", "mars-climate-orbiter")
    axes = lines.word(1, "axes", "gcrf")
    if axes not in AXES:
        why, write = f"axes {axes!r} are not read here", f"Write one of {', '.join(AXES)}."
        if axes == "body":
            why += ": a coast has no attitude to turn them by"
        raise lines.refuse(lines.rows[1][0], axes, why, write)
    unit = _unit(lines)
    events: list[Impulse] = []
    for number, cells in lines.rows[3:]:
        events.append(_event(lines, number, cells, UNITS[unit]))
        if len(events) > 1 and not events[-1].epoch > events[-2].epoch:
            raise lines.refuse(
                number, cells[0], "it is not later than the line before", "Sort the lines by time."
            )
    if not events:
        raise lines.refuse(lines.rows[-1][0], "", "no impulse follows", "Write a line for each.")
    return Impulses(object_, axes, unit, tuple(events), tuple(lines.comments))


def _unit(lines: _Lines) -> str:
    """The unit of the impulses, from the line that names the columns."""
    number, cells = lines.rows[2] if len(lines.rows) > 2 else (lines.rows[-1][0], [])
    read = ", ".join(cells)
    names = tuple(c.partition("[")[0].strip() for c in cells)
    if names != _COLUMNS:
        raise lines.refuse(number, read, "the columns are named here", f"Write '{_EXAMPLE}'.")
    units = [c.partition("[")[2].rstrip("] ").strip() for c in cells]
    for name, found, known in zip(names, units, ("UTC", "s", *3 * ("N s",)), strict=True):
        if not found:
            raise lines.refuse(
                number, name, f"the unit of {name} is missing", f"Write '{name} [{known}]'."
            )
    for name, found, known in zip(names[:2], units[:2], ("UTC", "s"), strict=True):
        if found != known:
            raise lines.refuse(
                number, found, f"{name} is in {known} here", f"Write '{name} [{known}]'."
            )
    if len(set(units[2:])) > 1:
        raise lines.refuse(
            number, read, "x, y and z are in different units", "Write all three in one."
        )
    if units[2] not in UNITS:
        why = f"an impulse in {units[2]!r} is not read"
        raise lines.refuse(number, units[2], why, did_you_mean(units[2], UNITS))
    return units[2]


def _event(lines: _Lines, number: int, cells: list[str], factor: float) -> Impulse:
    if len(cells) != len(_COLUMNS):
        raise lines.refuse(
            number, ", ".join(cells), f"{len(cells)} values stand here", f"Write {len(_COLUMNS)}."
        )
    if not cells[0].endswith("Z"):
        raise lines.refuse(number, cells[0], "an instant in UTC ends in Z", "Write ...T12:00:00Z.")
    try:
        epoch = Epoch.from_utc(cells[0])
    except EpochError as error:
        raise lines.refuse(number, cells[0], str(error), "Write it like ...T12:00:00Z.") from None
    values = []
    for name, cell in zip(_COLUMNS[1:], cells[1:], strict=True):
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise lines.refuse(number, cell, f"{name} is no number", "Write it like -0.51.")
        values.append(value)
    on_time, *impulse = values
    if on_time <= 0.0:
        raise lines.refuse(
            number, cells[1], "thrusters were open for no time", "Write it in s, above zero."
        )
    x, y, z = (factor * c for c in impulse)
    return Impulse(epoch, on_time, (x, y, z))


def dumps(impulses: Impulses) -> str:
    """The text that `loads` reads again, in the unit that it tells.

    Raises MissionFileError for a unit that is not in UNITS.
    """
    if impulses.unit not in UNITS:
        why = f"an impulse in {impulses.unit!r} is not written"
        fault = Fault("", 0, 0, "unit", impulses.unit, why, did_you_mean(impulses.unit, UNITS))
        raise MissionFileError([fault])
    return "\n".join([*_head(impulses), *_rows(impulses)]) + "\n"


def _head(impulses: Impulses) -> Iterable[str]:
    yield from (f"# {c}" for c in impulses.comments)
    yield f"object, {impulses.object}"
    yield f"axes, {impulses.axes}"
    yield _EXAMPLE.replace("N s", impulses.unit)


def _rows(impulses: Impulses) -> Iterable[str]:
    factor = UNITS[impulses.unit]
    for event in impulses.events:
        given = ", ".join(f"{c / factor:.12g}" for c in event.impulse_ns)
        at = event.epoch.utc(9)
        yield f"{at}, {event.on_time_s:.12g}, {given}"


def write(impulses: Impulses, path: str | Path) -> None:
    """Write a file that `read` reads again."""
    Path(path).write_text(dumps(impulses), encoding="utf-8")

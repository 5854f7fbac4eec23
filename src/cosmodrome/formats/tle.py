"""Two-line elements (TLE): read and write, with or without a name line above.

Source: Hoots and Roehrich (1980), Spacetrack Report No. 3; Vallado and Cefola (2012), "Two-line
element sets - practice and use", for the columns, the check digit and the Alpha-5 numbers 100,000
to 339,999 (letters without I and O). Years 57-99 are 19xx, 00-56 are 20xx.
Epochs are UTC. Faults carry line and column.
"""

from __future__ import annotations

import datetime as _dt
import math
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.errors import EpochError, Fault, InputError, MissionFileError
from cosmodrome.formats.mean_elements import DAY_S, MeanElements, in_degrees, in_rev_day
from cosmodrome.formats.placing import place
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["TextLine", "dumps", "loads", "pair", "read", "write"]

_LENGTH = 69
_TURN = 2.0 * math.pi
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # of Alpha-5: A is 10, I and O are left out
_HIGHEST = 339_999
_REAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)$")
_POWER = re.compile(r"([+-]?)(\d{1,5})([+-]\d)$")
_PIECE = re.compile(r"(\d{2})(\d{3})([A-Z]{1,3})$")
# columns that stand blank, from 1
_BLANK = {1: (2, 9, 18, 33, 44, 53, 62, 64), 2: (2, 8, 17, 26, 34, 43, 52)}


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line and where it stands; `path` is the key of a mission file it stands under."""

    text: str
    file: str
    number: int
    column: int = 1
    path: str = ""

    def fault(self, column: int, read: str, why: str, write: str) -> MissionFileError:
        """A fault at a column of the line, from 1."""
        at = self.column + column - 1
        return MissionFileError([Fault(self.file, self.number, at, self.path, read, why, write)])


# reading ---------------------------------------------------------------------------------
def read(path: str | Path) -> tuple[MeanElements, ...]:
    """Every element set of a file. Raises MissionFileError with line and column."""
    path = Path(path)
    return loads(path.read_text(encoding="utf-8-sig"), path.name)


def loads(text: str, file: str = "tle") -> tuple[MeanElements, ...]:
    """Every element set of a text; `file` is the name errors speak of.

    Sets may be mixed with and without a name line (also in the form `0 NAME`); blank lines and
    lines that begin with # are passed over.
    """
    lines = [
        TextLine(line.rstrip(), file, number)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]
    found: list[MeanElements] = []
    name: TextLine | None = None
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not _begins(line.text, "1"):
            if _begins(line.text, "2"):
                raise line.fault(
                    1, line.text[:20], "a second line stands without its first", _WRITE
                )
            if name is not None:
                raise name.fault(1, name.text[:30], "two lines must follow a name", _WRITE)
            name = line
            continue
        if at == len(lines) or not _begins(lines[at].text, "2"):
            raise line.fault(1, line.text[:20], "the line after it is not its second line", _WRITE)
        elements = pair(line, lines[at])
        at += 1
        if name is not None:
            called = name.text.strip()
            elements = replace(elements, name=called[2:] if called.startswith("0 ") else called)
        found.append(elements)
        name = None
    if name is not None:
        raise name.fault(1, name.text[:30], "two lines must follow a name", _WRITE)
    if not found:
        raise TextLine("", file, 1).fault(1, "", "there is no element set in it", _WRITE)
    return tuple(found)


_WRITE = "Write two lines of 69 characters, the first beginning with '1 ', the second with '2 '."


def _begins(text: str, digit: str) -> bool:
    return text[:1] == digit and (text[1:2] == " " or len(text) >= _LENGTH - 1)


def pair(first: TextLine, second: TextLine) -> MeanElements:
    """The elements of two lines. Raises MissionFileError with line and column."""
    for digit, line in ((1, first), (2, second)):
        _frame(digit, line)
    number = _number(first)
    if _number(second) != number:
        raise second.fault(
            3,
            second.text[2:7],
            f"the first line is of object {number}, this one of {_number(second)}",
            "Put two lines of one object together.",
        )
    e_text = second.text[26:33].replace(" ", "0")
    if not e_text.isdigit():
        raise second.fault(
            27,
            second.text[26:33],
            "the eccentricity is seven digits with no point",
            "Write 0006703 for 0.0006703.",
        )
    n = _real(second, 53, 63, "the mean motion")
    if not 0.0 < n < 20.0:
        raise second.fault(
            53,
            second.text[52:63].strip(),
            "no orbit about the Earth has this mean motion",
            "Write revolutions a day, above 0 and below 20, such as 15.72125391.",
        )
    inclination = _real(second, 9, 16, "the inclination")
    if not 0.0 <= inclination <= 180.0:
        raise second.fault(
            9,
            second.text[8:16].strip(),
            "the inclination lies outside 0 to 180 deg",
            "Write degrees, such as 51.6416.",
        )
    return MeanElements(
        epoch=_epoch(first),
        n_rad_s=n * _TURN / DAY_S,
        e=float("0." + e_text),
        i_rad=math.radians(inclination),
        raan_rad=math.radians(_real(second, 18, 25, "the right ascension of the node")),
        argp_rad=math.radians(_real(second, 35, 42, "the argument of perigee")),
        mean_anomaly_rad=math.radians(_real(second, 44, 51, "the mean anomaly")),
        bstar=_power(first, 54, "B*"),
        n_dot_rad_s2=_real(first, 34, 43, "the first derivative of the mean motion")
        * _TURN
        / DAY_S**2,
        n_ddot_rad_s3=_power(first, 45, "the second derivative of the mean motion")
        * _TURN
        / DAY_S**3,
        number=number,
        designator=_designator(first),
        classification=first.text[7].strip() or "U",
        element_set=_whole(first, 65, 68, "the number of the element set"),
        revolution=_whole(second, 64, 68, "the revolution number"),
        ephemeris_type=_whole(first, 63, 63, "the ephemeris type"),
    )


def _frame(digit: int, line: TextLine) -> None:
    """Length, line number, blank columns and check digit."""
    text = line.text
    if not text.startswith(str(digit)):
        raise line.fault(1, text[:20], f"line {digit} of a set begins with {digit}", _WRITE)
    if len(text) != _LENGTH:
        raise line.fault(
            min(len(text), _LENGTH) + 1,
            text[:20],
            f"a line has {_LENGTH} characters, this one {len(text)}",
            "Copy the line whole, with its inner spaces and its check digit.",
        )
    if not text.isascii():
        at = next(k for k, c in enumerate(text) if not c.isascii())
        raise line.fault(at + 1, text[at], "only plain ASCII stands in a set", "Remove it.")
    for column in _BLANK[digit]:
        if text[column - 1] != " ":
            raise line.fault(
                column,
                text[column - 1],
                f"column {column} is blank in line {digit}: something has shifted",
                "Copy the line whole, with its inner spaces.",
            )
    wanted = _check_digit(text)
    if text[-1] != str(wanted):
        raise line.fault(
            _LENGTH,
            text[-1],
            f"the check digit of this line is {wanted}: a character of it was changed or lost",
            "Copy the line again from its source.",
        )


def _check_digit(text: str) -> int:
    """Sum of the digits of the first 68 columns, a minus being 1, modulo 10."""
    return sum(int(c) if c.isdigit() else c == "-" for c in text[: _LENGTH - 1]) % 10


def _number(line: TextLine) -> int:
    text = line.text[2:7]
    rest = text[1:].replace(" ", "0")
    if text[0] in _LETTERS and rest.isdigit():
        return (_LETTERS.index(text[0]) + 10) * 10_000 + int(rest)
    if not text.strip().isdigit():
        raise line.fault(
            3,
            text,
            "this is no catalogue number",
            "Write five digits, or a letter (not I or O) and four digits.",
        )
    return int(text)


def _field(line: TextLine, first: int, last: int) -> str:
    return line.text[first - 1 : last].strip()


def _real(line: TextLine, first: int, last: int, what: str) -> float:
    text = _field(line, first, last)
    if not _REAL.match(text):
        raise line.fault(
            first, text, f"{what} is a decimal number", "Write digits with a point, like 51.6416."
        )
    return float(text)


def _power(line: TextLine, first: int, what: str) -> float:
    """A number like ' 34123-4', which is 0.34123e-4."""
    text = _field(line, first, first + 7)
    if not text or set(text) <= set("+-0 "):
        return 0.0
    m = _POWER.match(text.replace(" ", ""))
    if m is None:
        raise line.fault(
            first,
            text,
            f"{what} is digits with a power of ten and no point",
            "Write 34123-4 for 0.34123e-4.",
        )
    return float(f"{m.group(1)}0.{m.group(2)}e{m.group(3)}")


def _whole(line: TextLine, first: int, last: int, what: str) -> int:
    text = _field(line, first, last)
    if text and not text.isdigit():
        raise line.fault(first, text, f"{what} is a whole number", "Write digits alone.")
    return int(text or 0)


def _designator(line: TextLine) -> str:
    text = _field(line, 10, 17)
    m = _PIECE.match(text)
    if m is None:
        return text  # a few sets carry none, or one of another form: nothing depends on it
    return f"{_year(int(m.group(1)))}-{m.group(2)}{m.group(3)}"


def _year(two: int) -> int:
    return two + (1900 if two >= 57 else 2000)


def _epoch(line: TextLine) -> Epoch:
    year, day = line.text[18:20].replace(" ", "0"), _field(line, 21, 32)
    if not year.isdigit() or not _REAL.match(day):
        raise line.fault(
            19,
            line.text[18:32],
            "the epoch is two digits of the year and the day of the year",
            "Write 27060.25 for 06:00 UTC on 1 March 2027.",
        )
    full = _year(int(year))
    whole, part = divmod(Decimal(day), 1)
    date = _dt.date(full, 1, 1) + _dt.timedelta(days=min(int(whole), 999) - 1)
    if whole < 1 or date.year != full:
        raise line.fault(21, day, f"{full} has no such day", "Write a day of the year from 1.")
    into = round(part * 86_400_000_000_000)
    seconds, ns = divmod(into, 1_000_000_000)
    if seconds == 86_400:
        date, seconds = date + _dt.timedelta(days=1), 0
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ns:09d}"
    try:
        return Epoch.parse(f"{date.isoformat()}T{clock}Z")
    except EpochError as error:
        raise line.fault(19, line.text[18:32], str(error), "Write another epoch.") from None


# writing ---------------------------------------------------------------------------------
def write(elements: MeanElements | Sequence[MeanElements], path: str | Path) -> None:
    """Write one or more element sets, each with its name line where it has a name."""
    listed = [elements] if isinstance(elements, MeanElements) else elements
    place(Path(path), "".join(dumps(one) for one in listed))


def dumps(elements: MeanElements) -> str:
    """The set as text: a name line where it has a name, and two lines.

    What was read from two lines comes out as it was. Digits beyond the format's are rounded off:
    angles to 1e-4 deg, mean motion to 1e-8 rev/day, epoch to 1e-8 day (0.9 ms). Raises InputError
    for what the format cannot hold; an OMM can.
    """
    m = elements
    number = _number_text(m.number)
    piece = m.designator[2:].replace("-", "") if m.launched else m.designator
    head = f"1 {number}{m.classification[:1]:1} {piece[:8]:8} {_epoch_text(m.epoch)}"
    n_dot = f"{in_rev_day(m.n_dot_rad_s2, 2):+.8f}"
    if len(n_dot) != 11 or n_dot[1] != "0":
        raise _cannot(f"a first derivative of {n_dot} rev/day^2")
    drag = f"{_power_text(in_rev_day(m.n_ddot_rad_s3, 3))} {_power_text(m.bstar)}"
    n_dot = n_dot[0].replace("+", " ") + n_dot[2:]
    first = f"{head} {n_dot} {drag} {m.ephemeris_type % 10} {m.element_set % 10_000:4d}"
    e = f"{m.e:.7f}"
    n = f"{in_rev_day(m.n_rad_s):11.8f}"
    if not 0.0 <= m.e < 0.99999995:
        raise _cannot(f"an eccentricity of {m.e:.9g}")
    if len(n) != 11:
        raise _cannot(f"a mean motion of {n} rev/day")
    angles = (_angle_text(x) for x in (m.raan_rad, m.argp_rad, m.mean_anomaly_rad))
    raan, argp, anomaly = angles
    second = (
        f"2 {number} {in_degrees(m.i_rad):8.4f} {raan} {e[2:]} {argp} {anomaly}"
        f" {n}{m.revolution % 100_000:5d}"
    )
    lines: Iterable[str] = (f"{line}{_check_digit(line)}" for line in (first, second))
    return "\n".join([*([m.name] if m.name else []), *lines]) + "\n"


def _cannot(what: str) -> InputError:
    return InputError(f"two-line elements cannot hold {what}; write an OMM instead")


def _number_text(number: int) -> str:
    if not 0 <= number <= _HIGHEST:
        raise _cannot(f"the catalogue number {number} (0 to {_HIGHEST})")
    if number < 100_000:
        return f"{number:05d}"
    return f"{_LETTERS[number // 10_000 - 10]}{number % 10_000:04d}"


def _angle_text(angle_rad: float) -> str:
    text = f"{in_degrees(angle_rad) % 360.0:8.4f}"
    return "  0.0000" if text == "360.0000" else text


def _epoch_text(epoch: Epoch) -> str:
    """YYDDD.DDDDDDDD in UTC; within a leap second the last moment before it."""
    text = epoch.utc()
    date = _dt.date.fromisoformat(text[:10])
    if not 1957 <= date.year <= 2056:
        raise _cannot(f"an epoch in {date.year} (1957 to 2056)")
    hour, minute, second = text[11:-1].split(":")
    into = min(3600 * int(hour) + 60 * int(minute) + Decimal(second), Decimal("86399.9996"))
    day = (date - _dt.date(date.year, 1, 1)).days + 1
    part = f"{into / 86_400:.8f}"
    if part[0] == "1":
        part = "0.99999999"
    return f"{date.year % 100:02d}{day:03d}{part[1:]}"


def _power_text(value: float) -> str:
    """0.34123e-4 as ' 34123-4'."""
    if abs(value) < 0.5e-14:
        return " 00000-0"
    mantissa, power = f"{abs(value):.4e}".split("e")
    at = int(power) + 1
    if abs(at) > 9:
        if at < 0:
            return " 00000-0"
        raise _cannot(f"the number {value:.5g}")
    sign = "-" if value < 0.0 else " "
    return f"{sign}{mantissa[0]}{mantissa[2:]}{'-' if at <= 0 else '+'}{abs(at)}"

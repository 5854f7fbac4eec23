"""What CCSDS navigation messages in KVN share: lines, instants, numbers, units, names.

Source: CCSDS 502.0-B-2 (Orbit Data Messages, 2009) and 502.0-B-3 (2023), chapters 6-7 on KVN
syntax. Numbers are written with at most 16 significant digits, as 7.5 of that book asks.

Decimal shifts (km to m, km^2 to m^2) are made on the decimal text, so a value written in km
reads back as the same metres; a float multiplication would move it by half a rounding.
"""

from __future__ import annotations

import datetime as _dt
import re
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from difflib import get_close_matches
from typing import TYPE_CHECKING

from cosmodrome.errors import EpochError, Fault, MissionFileError
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["FRAMES", "TIME_SYSTEMS", "Lines", "refuse"]

# time systems an instant of this package can be read from and written to
TIME_SYSTEMS = ("UTC", "TAI", "TT", "TDB", "GPS")
_GPS_MINUS_TAI_S = -19.0  # since 1980-01-06 (IS-GPS-200)

# reference frames of 502.0-B annex A/B by name; realisations of the ITRF follow a pattern
FRAMES = (
    "EME2000",
    "GCRF",
    "GRC",
    "ICRF",
    "J2000",
    "MCI",
    "TDR",
    "TEME",
    "TOD",
    "TRUE_OF_DATE",
)
LOCAL_FRAMES = ("RSW", "RTN", "TNW", "LVLH", "QSW")
_ITRF = re.compile(r"ITRF[-_ ]?\d{0,4}$")
_DAY = re.compile(
    r"(\d{4})-(?:(\d{3})|(\d{2})-(\d{2}))T(\d{2}):(\d{2}):(\d{2})(?:\.(\d*))?Z?$",
)
_KEY = re.compile(r"([A-Z][A-Z0-9_]*)\s*=\s*(.*)$")
_UNIT = re.compile(r"(.*?)\s*\[([^\]]*)\]\s*$")
_SIXTEEN = Context(prec=16)


def refuse(file: str, line: int, key: str, read: str, why: str, write: str) -> MissionFileError:
    """One fault of a message as the exception to raise."""
    return MissionFileError([Fault(file, line, 1, key, read, why, write)])


@dataclass(frozen=True, slots=True)
class Line:
    """One significant line: a keyword with its value, a bare mark or a row of data."""

    number: int
    key: str
    value: str
    text: str


class Lines:
    """The significant lines of a KVN message, in order, with what errors need to say where."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.all: list[Line] = []
        for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
            line = raw.strip()
            if not line:
                continue
            if line == "COMMENT" or line.startswith(("COMMENT ", "COMMENT\t")):
                self.all.append(Line(number, "COMMENT", line[7:].strip(), line))
                continue
            m = _KEY.match(line)
            if m is not None:
                self.all.append(Line(number, m.group(1), m.group(2).strip(), line))
            else:
                self.all.append(Line(number, "", "", line))
        self.at = 0
        self.last = self.all[-1].number if self.all else 1

    def peek(self) -> Line | None:
        """The next line, or None at the end."""
        return self.all[self.at] if self.at < len(self.all) else None

    def take(self) -> Line:
        """The next line, which must exist."""
        line = self.all[self.at]
        self.at += 1
        return line

    def comments(self) -> list[str]:
        """Comment lines that stand here."""
        found = []
        while (line := self.peek()) is not None and line.key == "COMMENT":
            found.append(line.value)
            self.at += 1
        return found

    def refuse(self, line: Line | None, why: str, write: str) -> MissionFileError:
        """A fault at a line (None: at the end of the file)."""
        if line is None:
            return refuse(self.file, self.last, "", "", why, write)
        read = line.value if line.key else line.text
        return refuse(self.file, line.number, line.key, read[:60], why, write)

    def version(self, keyword: str) -> str:
        """Value of the first line, `CCSDS_..._VERS = 2.0`; 1.0 to 3.0 are read."""
        self.comments()
        line = self.peek()
        if line is None or line.key != keyword:
            raise self.refuse(
                line,
                f"the message does not begin with {keyword}",
                f"Write '{keyword} = 2.0' as its first line; XML messages are not read,"
                " only KVN (KEYWORD = value)",
            )
        self.at += 1
        if line.value not in ("1.0", "2.0", "3.0"):
            raise self.refuse(line, "this version is not known", "Versions 1.0, 2.0, 3.0 are read")
        return line.value

    def value(self, line: Line) -> str:
        """The text of a keyword's value, which must not be empty."""
        if not line.value:
            raise self.refuse(line, "the value is missing", f"Write '{line.key} = ...'")
        return line.value

    def need(self, found: Mapping[str, Line], keys: Iterable[str], where: Line | None) -> None:
        """Every one of `keys` was given."""
        missing = [k for k in keys if k not in found]
        if missing:
            raise self.refuse(
                where,
                f"{', '.join(missing)} must stand above this line and "
                f"{'does' if len(missing) == 1 else 'do'} not",
                f"Add '{missing[0]} = ...'",
            )

    def unknown(self, line: Line, known: Iterable[str]) -> MissionFileError:
        """A keyword that does not belong here."""
        what = f"{line.key} is not a keyword" if line.key else "this is no 'KEYWORD = value'"
        close = get_close_matches(line.key or line.text, list(known), n=1, cutoff=0.7)
        return self.refuse(
            line,
            f"{what} of this part of the message",
            f"Did you mean {close[0]!r}?" if close else "Drop the line, or correct its keyword",
        )

    def number(self, line: Line, text: str, shift: int = 0) -> float:
        """A finite decimal number times 10^shift, without a rounding from the shift."""
        try:
            value = float(Decimal(text).scaleb(shift))
        except (InvalidOperation, ValueError, OverflowError):
            value = float("nan")
        if not abs(value) < 1e300:
            raise refuse(
                self.file,
                line.number,
                line.key,
                text[:60],
                "this is not a finite number",
                "Write a decimal number such as -2432.166 or 3.33e-4",
            )
        return value

    def quantity(self, line: Line, unit: str, shift: int = 0) -> float:
        """A number with an optional unit in brackets, which the standard fixes."""
        text = line.value
        m = _UNIT.match(text)
        if m is not None:
            text, given = m.group(1), m.group(2).strip()
            if given.replace("^", "**").lower() != unit.lower():
                raise self.refuse(
                    line,
                    f"the standard fixes the unit of {line.key} to"
                    f" {'none' if unit == '' else unit!r}, not {given!r}",
                    f"Convert the value and write '[{unit}]' or no unit at all"
                    if unit
                    else "Leave the unit out",
                )
        return self.number(line, text.strip(), shift)

    def time_system(self, line: Line) -> str:
        """A time system instants can be read in."""
        name = self.value(line).upper()
        if name not in TIME_SYSTEMS:
            raise self.refuse(
                line,
                "instants in this time system cannot be read (they need a clock or a rotation"
                " that the message does not carry)",
                f"Write the message in one of {', '.join(TIME_SYSTEMS)}",
            )
        return name

    def frame(self, line: Line, *, local: bool = False) -> str:
        """A reference frame by its CCSDS name, in upper case."""
        name = self.value(line).upper()
        known = (*FRAMES, *LOCAL_FRAMES) if local else FRAMES
        if name not in known and not _ITRF.match(name):
            close = get_close_matches(name, known, n=1, cutoff=0.6)
            raise self.refuse(
                line,
                "this reference frame is not known",
                f"Did you mean {close[0]!r}?"
                if close
                else f"Known: {', '.join(known)} and ITRF with its year, such as ITRF2014",
            )
        return name

    def epoch(self, line: Line, text: str, system: str) -> Epoch:
        """An instant, calendar or day-of-year form, in a time system."""
        return self.guard(line, text, lambda: read_epoch(text, system))

    def guard(self, line: Line, text: str, make: object) -> Epoch:
        """Run `make`, turning an EpochError into a fault at a line."""
        assert callable(make)
        try:
            made = make()
        except EpochError as e:
            raise refuse(
                self.file,
                line.number,
                line.key,
                text[:60],
                str(e),
                "Write an instant like 2027-03-01T05:41:46.5 or 2027-060T05:41:46.5",
            ) from None
        assert isinstance(made, Epoch)
        return made


def read_epoch(text: str, system: str) -> Epoch:
    """An instant in CCSDS calendar or day-of-year form, read to the nanosecond."""
    m = _DAY.match(text.strip())
    if m is None:
        raise EpochError(f"{text!r} is not an instant")
    year, doy, month, day, hour, minute, second, fraction = m.groups()
    if doy is not None:
        first = _dt.date(max(int(year), 1), 1, 1)
        try:
            date = first + _dt.timedelta(days=int(doy) - 1)
        except OverflowError:
            date = first
        if date.year != int(year):
            raise EpochError(f"{text!r}: {year} has no day {int(doy)}")
        calendar = date.isoformat()
    else:
        calendar = f"{year}-{month}-{day}"
    fraction = fraction or "0"
    up = len(fraction) > 9 and fraction[9] >= "5"
    scale = {"GPS": "TAI", "UTC": "Z"}.get(system, system)
    epoch = Epoch.parse(f"{calendar}T{hour}:{minute}:{second}.{fraction[:9]}{scale}")
    if system == "GPS":
        epoch = epoch + -_GPS_MINUS_TAI_S
    return Epoch(epoch.ns + 1) if up else epoch


def epoch_text(epoch: Epoch, system: str) -> str:
    """An instant in CCSDS calendar form in a time system, to the nanosecond."""
    if system == "UTC":
        return epoch.utc()[:-1]
    if system == "TAI":
        return epoch.tai()[:-3]
    if system == "TT":
        return epoch.tt()[:-2]
    if system == "TDB":
        return epoch.tdb()[:-3]
    if system == "GPS":
        return (epoch + _GPS_MINUS_TAI_S).tai()[:-3]
    raise EpochError(f"cannot write instants in {system!r}; use one of {', '.join(TIME_SYSTEMS)}")


def number_text(value: float, shift: int = 0) -> str:
    """A float times 10^shift as the shortest decimal, at most 16 significant digits."""
    d = Decimal(repr(float(value)))
    if not d.is_finite():
        raise ValueError(f"cannot write {value!r} into a CCSDS message; only finite numbers exist")
    d = _SIXTEEN.plus(d).scaleb(shift)
    if d == 0:
        return "0.0"
    if -7 <= d.adjusted() <= 15:
        text = format(d.normalize(), "f")
        return text if "." in text else text + ".0"
    mantissa, _, power = f"{d.normalize():E}".partition("E")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{int(power):+d}"


def comment_lines(comments: Iterable[str]) -> list[str]:
    """COMMENT lines; a line break inside a comment begins a new one, as KVN has no other way."""
    return [f"COMMENT {part}".rstrip() for c in comments for part in (c.splitlines() or [""])]


def value_text(key: str, value: str) -> str:
    """`KEY = value` for free text: one line, never empty."""
    text = " ".join(value.split())
    if not text:
        raise ValueError(f"{key} is empty; the standard asks for a text")
    return f"{key} = {text}"

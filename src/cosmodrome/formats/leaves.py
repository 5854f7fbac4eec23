"""The leaves of file models: quantities, words, choices, flags, whole numbers, instants.

Each reads the text of one scalar (or a `{value, source, status}` figure), says what may be
written there, and gives its JSON Schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import EpochError, did_you_mean
from cosmodrome.formats.quantity import (
    DIMENSIONS,
    TextFault,
    format_quantity,
    parse_measure,
    parse_number,
    parse_time_of_day,
)
from cosmodrome.formats.typed import STATUSES, Field, Read, figure, reading, shown, text_of
from cosmodrome.formats.yaml_text import Mapping
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from pydantic import ValidationInfo

__all__ = ["Choice", "Flag", "Instant", "Leaf", "Whole", "Words"]

_SIGNED = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"


@dataclass(frozen=True, slots=True)
class Leaf(Field):
    """A quantity with units.

    dimension  a key of quantity.DIMENSIONS, "number" (no unit) or "time of day"
    low, high  SI bounds; `above`: the lower bound itself is refused
    tolerance  whether `+-` may be written
    figure     whether `{value, source, status}` may be written
    words      texts that stand for no value ("maximum", "free"): read as None
    """

    dimension: str
    low: float | None = None
    high: float | None = None
    above: bool = False
    tolerance: bool = False
    figure: bool = False
    words: tuple[str, ...] = ()
    example: str = ""

    def to_write(self) -> str:
        if self.example:
            return self.example
        if self.dimension in DIMENSIONS:
            return DIMENSIONS[self.dimension].example
        return "15:00" if self.dimension == "time of day" else "2.2"

    def read(self, node: Any, info: ValidationInfo) -> Read:
        context = reading(info)
        where = getattr(node, "place", None)
        source: str | None = None
        status: str | None = None
        note = ""
        example = self.to_write()
        if isinstance(node, Mapping) and self.figure:
            node, source, status, note = figure(node, context, example)
            where = getattr(node, "place", where)
        try:
            text = text_of(node, example)
            if text in self.words:
                return Read(None, text, None, source, status, note, where)
            value, width, canonical = self._parse(text)
            self._bounds(value)
        except TextFault as fault:
            context.fault(where, shown(node), fault.why, fault.write)
            raise TextFault("", "") from None
        return Read(value, canonical, width, source, status, note, where)

    def _parse(self, text: str) -> tuple[float, float | None, str]:
        if self.dimension == "number":
            return parse_number(text), None, text
        if self.dimension == "time of day":
            measure = parse_time_of_day(text)
        else:
            measure = parse_measure(text, self.dimension, self.to_write())
        if measure.tolerance is not None and not self.tolerance:
            raise TextFault(
                "no tolerance belongs here: nothing is judged against it",
                f"Write the value alone, like {self.to_write()}.",
            )
        return measure.value, measure.tolerance, measure.text

    def _bounds(self, value: float) -> None:
        low, high = self.low, self.high
        if low is not None and (value < low or (self.above and value == low)):
            word = "above" if self.above else "at least"
            raise TextFault(f"it must be {word} {self._bound(low)}", self._again())
        if high is not None and value > high:
            raise TextFault(f"it must be at most {self._bound(high)}", self._again())

    def _bound(self, value: float) -> str:
        if value == 0.0:
            return "zero"
        if self.dimension not in DIMENSIONS:
            return f"{value:g}"
        unit = self.to_write().split(" +- ")[0].split(" ", 1)
        if len(unit) == 2:
            return format_quantity(value, unit[1], self.dimension)
        return f"{value:g}"

    def _again(self) -> str:
        return f"Write it like {self.to_write()}."

    def schema(self) -> dict[str, Any]:
        example = self.to_write()
        tail = r"(\s*(\+-|\+/-|±)\s*[0-9.].*)?" if self.tolerance else ""
        if self.dimension == "number":
            text: dict[str, Any] = {
                "anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{_SIGNED}$"}]
            }
        elif self.dimension == "time of day":
            text = {"type": "string", "pattern": rf"^\d{{1,2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?{tail}$"}
        else:
            unit = r"\s*([A-Za-z%°].*)?" if self.dimension == "ratio" else r"\s*[A-Za-z%°].*"
            body = rf"^{_SIGNED}{unit}{tail}$"
            words = "|".join(self.words)
            pattern = f"^({words})$|{body}" if words else body
            text = {"type": "string", "pattern": pattern}
            if self.dimension == "ratio":
                text = {"anyOf": [{"type": "number"}, text]}
        text["description"] = f"{self.dimension}; for example {example}"
        text["examples"] = [example]
        if not self.figure:
            return text
        sourced = {
            "type": "object",
            "properties": {
                "value": text,
                "source": {"type": "string"},
                "status": {"enum": list(STATUSES)},
                "note": {"type": "string"},
            },
            "required": ["value", "source", "status"],
            "additionalProperties": False,
        }
        return {"anyOf": [text, sourced]}


@dataclass(frozen=True, slots=True)
class Choice(Field):
    """One of a few words; `later` are known words that get a teaching refusal."""

    words: tuple[str, ...]
    later: tuple[str, ...] = ()
    what: str = "word"

    def to_write(self) -> str:
        return self.words[0]

    def read(self, node: Any, info: ValidationInfo) -> str:
        context = reading(info)
        where = getattr(node, "place", None)
        try:
            text = text_of(node, self.words[0])
        except TextFault as fault:
            context.fault(where, shown(node), fault.why, fault.write)
            raise TextFault("", "") from None
        if text in self.words:
            return text
        allowed = ", ".join(self.words[:-1]) + (" or " if len(self.words) > 1 else "")
        allowed += self.words[-1]
        if text in self.later:
            context.fault(where, text, "not flown by this version yet", f"Write {allowed}.")
        else:
            hint = did_you_mean(text, self.words + self.later)
            if hint.startswith("Known:"):
                hint = f"Write {allowed}."
            context.fault(where, text, f"there is no such {self.what}", hint)
        raise TextFault("", "")

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Flag(Field):
    """true or false; YAML 1.1's yes, no, on and off are refused."""

    def to_write(self) -> str:
        return "true"

    def read(self, node: Any, info: ValidationInfo) -> bool:
        text = str(node).strip()
        if not isinstance(node, (dict, list)) and text in {"true", "false"}:
            return text == "true"
        where = getattr(node, "place", None)
        word = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(
            text.lower(), "true or false"
        )
        why = "this is neither true nor false"
        reading(info).fault(where, shown(node), why, f"Write {word}.")
        raise TextFault("", "")

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "boolean"}, {"enum": ["true", "false"]}]}


@dataclass(frozen=True, slots=True)
class Whole(Field):
    """A whole number within bounds."""

    low: int
    high: int
    figure: bool = False

    def to_write(self) -> str:
        return str(max(self.low, 1))

    def read(self, node: Any, info: ValidationInfo) -> Read:
        context = reading(info)
        where = getattr(node, "place", None)
        source: str | None = None
        status: str | None = None
        note = ""
        if isinstance(node, Mapping) and self.figure:
            node, source, status, note = figure(node, context, self.to_write())
            where = getattr(node, "place", where)
        text = shown(node).strip()
        if isinstance(node, str) and text.isascii() and text.isdigit() and len(text) < 10:
            value = int(text)
            if self.low <= value <= self.high:
                return Read(value, text, None, source, status, note, where)
        context.fault(
            where,
            shown(node),
            f"this is not a whole number from {self.low} to {self.high}",
            f"Write it like {self.to_write()}.",
        )
        raise TextFault("", "")

    def schema(self) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "anyOf": [
                {"type": "integer", "minimum": self.low, "maximum": self.high},
                {"type": "string", "pattern": r"^\d+$"},
            ]
        }
        if not self.figure:
            return plain
        return {
            "anyOf": [
                *plain["anyOf"],
                {"type": "object", "required": ["value", "source", "status"]},
            ]
        }


@dataclass(frozen=True, slots=True)
class Words(Field):
    """Free text, one line; `pattern` says what an identifier may be."""

    what: str = "text"
    example: str = "text"
    identifier: bool = False

    def to_write(self) -> str:
        return self.example

    def read(self, node: Any, info: ValidationInfo) -> str:
        context = reading(info)
        where = getattr(node, "place", None)
        try:
            text = text_of(node, self.to_write())
        except TextFault as fault:
            context.fault(where, shown(node), fault.why, fault.write)
            raise TextFault("", "") from None
        if self.identifier and not all(c.isalnum() or c in "._-" for c in text):
            context.fault(
                where,
                text,
                f"{self.what} may hold letters, digits, dots, dashes and underscores only",
                f"Write it like {self.to_write()}.",
            )
            raise TextFault("", "")
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "examples": [self.to_write()]}


@dataclass(frozen=True, slots=True)
class Instant(Field):
    """An instant with its scale; `pair`: two of them around a slash."""

    pair: bool = False

    def to_write(self) -> str:
        one = "2027-03-01T00:00Z"
        return f"{one} / 2027-03-03T00:00Z" if self.pair else one

    def read(self, node: Any, info: ValidationInfo) -> Read:
        context = reading(info)
        where = getattr(node, "place", None)
        try:
            text = text_of(node, self.to_write())
            parts = [p.strip() for p in text.split("/")]
            if len(parts) != (2 if self.pair else 1):
                what = (
                    "a window is two instants with a slash between"
                    if self.pair
                    else ("one instant belongs here")
                )
                raise TextFault(what, f"Write it like {self.to_write()}.")
            epochs = tuple(Epoch.parse(p) for p in parts)
            if self.pair and epochs[1] <= epochs[0]:
                raise TextFault(
                    "the window ends before it begins", "Write the earlier instant first."
                )
        except TextFault as fault:
            context.fault(where, shown(node), fault.why, fault.write)
            raise TextFault("", "") from None
        except EpochError as error:
            why, _, write = str(error).partition("; ")
            write = write[:1].upper() + write[1:] if write else f"Write it like {self.to_write()}"
            context.fault(where, shown(node), why, write + ".")
            raise TextFault("", "") from None
        return Read(epochs if self.pair else epochs[0], " / ".join(parts), place=where)

    def schema(self) -> dict[str, Any]:
        one = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?\s*(Z|UTC|TAI|TT|TDB)"
        pattern = rf"^{one}\s*/\s*{one}$" if self.pair else f"^{one}$"
        return {"type": "string", "pattern": pattern, "examples": [self.to_write()]}

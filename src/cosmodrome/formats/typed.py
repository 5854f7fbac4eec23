"""The leaves and the base of every file model: text in, SI out, faults with their place.

A leaf is `Annotated[Read, Leaf(...)]`; a file model is a `Model`. Faults are collected in the
validation context (`Reading`), so one pass over a file reports all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, model_validator
from pydantic_core import core_schema

from cosmodrome.errors import EpochError, Fault, did_you_mean
from cosmodrome.formats.quantity import (
    DIMENSIONS,
    TextFault,
    format_quantity,
    parse_measure,
    parse_number,
    parse_time_of_day,
)
from cosmodrome.formats.yaml_text import Mapping, Place
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

__all__ = [
    "Choice",
    "Flag",
    "Instant",
    "Leaf",
    "Model",
    "Read",
    "Reading",
    "Whole",
    "Words",
    "build",
]

_STATUSES = ("published", "estimated", "measured")
_FIGURE_KEYS = {"value", "source", "status", "note"}
_NOWHERE = Place("", 1, 1, "")


@dataclass(slots=True)
class Reading:
    """One reading of one file: where faults go, and what `source:` names stand for."""

    file: str
    folder: Path | None
    faults: list[Fault] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    depth: int = 0

    def fault(self, where: Place | None, read: str, why: str, write: str) -> None:
        """Record one fault."""
        at = where or _NOWHERE
        self.faults.append(
            Fault(at.file or self.file, at.line, at.column, at.path, read, why, write)
        )


@dataclass(frozen=True, slots=True)
class Read:
    """A leaf as read: SI value, half-width if any, canonical text, source if any, and place."""

    value: Any
    text: str
    tolerance: float | None = None
    source: str | None = None
    status: str | None = None
    note: str = ""
    place: Place | None = None


def reading(info: ValidationInfo) -> Reading:
    """The Reading of this validation."""
    context = info.context
    assert isinstance(context, Reading)
    return context


def shown(node: object) -> str:
    """What to print of a node in a fault."""
    if isinstance(node, str):
        return node if len(node) <= 60 else node[:57] + "..."
    return "a mapping" if isinstance(node, dict) else "a list"


def text_of(node: object, example: str) -> str:
    """The text of a scalar node; TextFault for anything else."""
    if isinstance(node, dict):
        raise TextFault("a mapping stands here", f"Write one value, like {example}.")
    if isinstance(node, list):
        raise TextFault("a list stands here", f"Write one value, like {example}.")
    if not str(node).strip():
        raise TextFault("nothing is written here", f"Write it like {example}, or remove the key.")
    return str(node).strip()


def _figure(node: Mapping, context: Reading, example: str) -> tuple[Any, str, str, str]:
    """(value node, source, status, note) of `{value, source, status, note}`."""
    for key in node:
        if key not in _FIGURE_KEYS:
            context.fault(
                node.keys_at[key],
                key,
                "a figure has no such key",
                "Write {value, source, status, note}. " + did_you_mean(key, _FIGURE_KEYS),
            )
    if "value" not in node:
        raise TextFault(
            "a figure has no value", f"Write {{value: {example}, source: ..., status: ...}}."
        )
    source = str(node.get("source", "")).strip()
    status = str(node.get("status", "")).strip()
    if "source" in node and not source:
        context.fault(node["source"].place, "", "the source is empty", "Say where it comes from.")
    if status not in _STATUSES:
        at = node["status"].place if "status" in node else node.place
        context.fault(
            at,
            status,
            "a figure needs a status" if not status else "this is no status",
            "Write status: published, estimated or measured.",
        )
        status = "estimated"
    if "source" not in node:
        context.fault(
            node.place, "", "a figure with a status needs a source", "Add source: where it is from."
        )
    return node["value"], context.sources.get(source, source), status, str(node.get("note", ""))


class _Field:
    """Base of leaf readers: hooks a plain reader and its JSON Schema into pydantic."""

    example = ""

    def read(self, node: Any, info: ValidationInfo) -> Any:
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        raise NotImplementedError

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.schema()


_SIGNED = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"


@dataclass(frozen=True, slots=True)
class Leaf(_Field):
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

    def shown_example(self) -> str:
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
        example = self.shown_example()
        if isinstance(node, Mapping) and self.figure:
            node, source, status, note = _figure(node, context, example)
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
            measure = parse_measure(text, self.dimension)
        if measure.tolerance is not None and not self.tolerance:
            raise TextFault(
                "no tolerance belongs here: nothing is judged against it",
                f"Write the value alone, like {self.shown_example()}.",
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
        unit = self.shown_example().split(" ", 1)
        if len(unit) == 2:
            return format_quantity(value, unit[1], self.dimension)
        return f"{value:g}"

    def _again(self) -> str:
        return f"Write it like {self.shown_example()}."

    def schema(self) -> dict[str, Any]:
        example = self.shown_example()
        tail = r"(\s*(\+-|\+/-|±)\s*.+)?" if self.tolerance else ""
        if self.dimension == "number":
            text: dict[str, Any] = {
                "anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{_SIGNED}$"}]
            }
        elif self.dimension == "time of day":
            text = {"type": "string", "pattern": rf"^\d{{1,2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?{tail}$"}
        else:
            unit = r"\s*([A-Za-z%°].*)?" if self.dimension == "ratio" else r"\s*[A-Za-z%°].*"
            body = rf"^{_SIGNED}{unit}$"
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
                "status": {"enum": list(_STATUSES)},
                "note": {"type": "string"},
            },
            "required": ["value", "source", "status"],
            "additionalProperties": False,
        }
        return {"anyOf": [text, sourced]}


@dataclass(frozen=True, slots=True)
class Choice(_Field):
    """One of a few words; `later` are known words that get a teaching refusal."""

    words: tuple[str, ...]
    later: tuple[str, ...] = ()
    what: str = "word"

    @property
    def example(self) -> str:  # type: ignore[override]
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
class Flag(_Field):
    """true or false; YAML 1.1's yes, no, on and off are refused."""

    example = "true"

    def read(self, node: Any, info: ValidationInfo) -> bool:
        text = str(node).strip()
        if not isinstance(node, (dict, list)) and text in {"true", "false"}:
            return text == "true"
        where = getattr(node, "place", None)
        reading(info).fault(where, shown(node), "this is neither true nor false", "Write true.")
        raise TextFault("", "")

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "boolean"}, {"enum": ["true", "false"]}]}


@dataclass(frozen=True, slots=True)
class Whole(_Field):
    """A whole number within bounds."""

    low: int
    high: int
    figure: bool = False

    @property
    def example(self) -> str:  # type: ignore[override]
        return str(max(self.low, 1))

    def read(self, node: Any, info: ValidationInfo) -> Read:
        context = reading(info)
        where = getattr(node, "place", None)
        source: str | None = None
        status: str | None = None
        note = ""
        if isinstance(node, Mapping) and self.figure:
            node, source, status, note = _figure(node, context, self.example)
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
            f"Write it like {self.example}.",
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
class Words(_Field):
    """Free text, one line; `pattern` says what an identifier may be."""

    what: str = "text"
    example: str = "text"
    identifier: bool = False

    def read(self, node: Any, info: ValidationInfo) -> str:
        context = reading(info)
        where = getattr(node, "place", None)
        try:
            text = text_of(node, self.example)
        except TextFault as fault:
            context.fault(where, shown(node), fault.why, fault.write)
            raise TextFault("", "") from None
        if self.identifier and not all(c.isalnum() or c in "._-" for c in text):
            context.fault(
                where,
                text,
                f"{self.what} may hold letters, digits, dots, dashes and underscores only",
                f"Write it like {self.example}.",
            )
            raise TextFault("", "")
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "examples": [self.example]}


@dataclass(frozen=True, slots=True)
class Instant(_Field):
    """An instant with its scale; `pair`: two of them around a slash."""

    pair: bool = False

    @property
    def example(self) -> str:  # type: ignore[override]
        one = "2027-03-01T00:00Z"
        return f"{one} / 2027-03-03T00:00Z" if self.pair else one

    def read(self, node: Any, info: ValidationInfo) -> Read:
        context = reading(info)
        where = getattr(node, "place", None)
        try:
            text = text_of(node, self.example)
            parts = [p.strip() for p in text.split("/")]
            if len(parts) != (2 if self.pair else 1):
                what = (
                    "a window is two instants with a slash between"
                    if self.pair
                    else ("one instant belongs here")
                )
                raise TextFault(what, f"Write it like {self.example}.")
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
            write = write[:1].upper() + write[1:] if write else f"Write it like {self.example}"
            context.fault(where, shown(node), why, write + ".")
            raise TextFault("", "") from None
        return Read(epochs if self.pair else epochs[0], " / ".join(parts), place=where)

    def schema(self) -> dict[str, Any]:
        one = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?\s*(Z|UTC|TAI|TT|TDB)"
        pattern = rf"^{one}\s*/\s*{one}$" if self.pair else f"^{one}$"
        return {"type": "string", "pattern": pattern, "examples": [self.example]}


class Model(BaseModel):
    """A mapping of a file: unknown, reserved and missing keys become faults of their own."""

    model_config = ConfigDict(
        extra="forbid", populate_by_name=False, arbitrary_types_allowed=True, frozen=True
    )

    #: key -> (why, write): known to the format, refused by this version
    reserved: ClassVar[dict[str, tuple[str, str]]] = {}
    #: keys one might write for another: key -> what to write
    meant: ClassVar[dict[str, str]] = {}

    @classmethod
    def keys(cls) -> dict[str, str]:
        """Key in the file -> field name."""
        return {f.alias or name: name for name, f in cls.model_fields.items()}

    @classmethod
    def example_of(cls, key: str) -> str:
        """What to write for a key."""
        info = cls.model_fields[cls.keys()[key]]
        if info.examples:
            return str(info.examples[0])
        for piece in info.metadata:
            if isinstance(piece, Leaf):
                return piece.shown_example()
            if isinstance(piece, _Field):
                return str(piece.example)
        return "..."

    @model_validator(mode="before")
    @classmethod
    def _check_keys(cls, data: Any, info: ValidationInfo) -> Any:
        context = reading(info)
        if not isinstance(data, Mapping):
            first = next(iter(cls.keys()))
            context.fault(
                getattr(data, "place", None),
                shown(data),
                "a mapping of keys belongs here",
                f"Write it like {{{first}: {cls.example_of(first)}}}.",
            )
            raise TextFault("", "")
        known = cls.keys()
        gone: set[str] = set()
        for key in data:
            at = data.keys_at.get(key)
            if key in known:
                continue
            gone.add(key)
            if key in cls.reserved:
                context.fault(at, "", *cls.reserved[key])
            elif key == "<<":
                context.fault(at, "", "merge keys are not read", "Write the keys out.")
            elif key in cls.meant:
                context.fault(at, "", "there is no such key here", f"Write {cls.meant[key]}.")
            else:
                hint = did_you_mean(key, set(known) | set(cls.reserved))
                context.fault(at, "", "there is no such key here", hint)
        failed = False
        for key, name in known.items():
            if cls.model_fields[name].is_required() and key not in data:
                at = data.place
                path = f"{at.path}.{key}" if at.path else key
                context.fault(
                    Place(at.file, at.line, at.column, path),
                    "",
                    "this key is missing",
                    f"Add `{key}: {cls.example_of(key)}`.",
                )
                failed = True
        if failed:
            # the fields present are still read, so that their faults show in the same pass
            return data.without(gone)
        return data.without(gone)


ModelT = TypeVar("ModelT", bound=Model)


def build(model: type[ModelT], node: object, context: Reading) -> ModelT | None:
    """The model of a node, or None with the faults recorded in `context`."""
    before = len(context.faults)
    try:
        made = model.model_validate(node, context=context)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_context=True):
            kind = item["type"]
            fault = (item.get("ctx") or {}).get("error")
            if kind == "missing" or (isinstance(fault, TextFault) and not fault.why):
                continue
            given = item["input"]
            at = getattr(given, "place", None) or getattr(node, "place", None)
            if isinstance(fault, TextFault):
                context.fault(at, shown(given), fault.why, fault.write)
            elif kind == "list_type":
                context.fault(at, shown(given), "a list belongs here", "Write [ ... ] or - lines.")
            else:
                context.fault(at, shown(given), item["msg"].lower(), "See docs/mission-file.md.")
        return None
    return made if len(context.faults) == before else None

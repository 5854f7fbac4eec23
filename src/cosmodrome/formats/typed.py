"""The base of every file model: text in, SI out, faults with their place.

A field is `Annotated[Read, Leaf(...)]` (see `leaves`); a file model is a `Model`. Faults
are collected in the validation context (`Reading`), so one pass over a file reports all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import core_schema

from cosmodrome.errors import Fault, did_you_mean
from cosmodrome.formats.quantity import TextFault
from cosmodrome.formats.yaml_text import Mapping, Place

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

__all__ = [
    "STATUSES",
    "Field",
    "Model",
    "Read",
    "Reading",
    "build",
    "figure",
    "reading",
    "shown",
    "text_of",
]

STATUSES = ("published", "estimated", "measured")
_FIGURE_KEYS = {"value", "source", "status", "note"}
#: what pydantic itself refuses -> (why, write)
_SHAPES = {
    "list_type": ("a list belongs here", "Write [a, b], or one line with a dash for each."),
    "dict_type": ("a mapping belongs here", "Write {name: text}, or one `name: text` a line."),
    "string_type": ("one text belongs here", "Write a word or a quoted sentence."),
}
_NOWHERE = Place("", 1, 1, "")


@dataclass(slots=True)
class Reading:
    """One reading of one file: where faults go, and what `source:` names stand for."""

    file: str
    folder: Path | None
    faults: list[Fault] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)

    def source_of(self, name: str) -> str:
        """A name of the file's `sources:` spelt out; "a + b" spells out both; else the text."""
        names = [n.strip() for n in name.split(" + ")]
        if all(n in self.sources for n in names):
            return "; ".join(self.sources[n] for n in names)
        return name

    def fault(self, where: Place | None, read: str, why: str, write: str) -> None:
        """Record one fault."""
        at = where or _NOWHERE
        fault = Fault(at.file or self.file, at.line, at.column, at.path, read, why, write)
        here = (fault.file, fault.line, fault.column, fault.path)
        # the first fault at a place explains the rest: an alias also reads as an empty value
        if all((f.file, f.line, f.column, f.path) != here for f in self.faults):
            self.faults.append(fault)


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


def figure(node: Mapping, context: Reading, example: str) -> tuple[Any, str, str, str]:
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
    if status not in STATUSES:
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
    return node["value"], context.source_of(source), status, str(node.get("note", ""))


class Field:
    """Base of leaf readers: hooks a plain reader and its JSON Schema into pydantic."""

    def to_write(self) -> str:
        """An example of what may stand here."""
        raise NotImplementedError

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


class Model(BaseModel):
    """A mapping of a file: unknown, reserved and missing keys become faults of their own."""

    model_config = ConfigDict(
        extra="forbid", populate_by_name=False, arbitrary_types_allowed=True, frozen=True
    )

    #: key -> (why, write): known to the format, refused by this version
    reserved: ClassVar[dict[str, tuple[str, str]]] = {}
    #: keys one might write for another: key -> what to write
    meant: ClassVar[dict[str, str]] = {}
    #: the mapping as one may write it; "" where its required keys say enough
    written: ClassVar[str] = ""

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
            if isinstance(piece, Field):
                return piece.to_write()
        return "..."

    _at: Place | None = PrivateAttr(default=None)

    @property
    def stands(self) -> Place:
        """Where the mapping stands."""
        return self._at or _NOWHERE

    def stands_key(self, key: str) -> Place:
        """Where the mapping stands, with the path of one of its keys."""
        at = self.stands
        return Place(at.file, at.line, at.column, f"{at.path}.{key}" if at.path else key)

    @classmethod
    def prepare(cls, data: Mapping, context: Reading) -> Mapping:
        """A look at the keys before their values are read; may record faults."""
        return data

    def judge(self, context: Reading) -> None:
        """What several values must satisfy together; records faults."""

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, data: Any, handler: ModelWrapValidatorHandler[Any], info: ValidationInfo) -> Any:
        context = reading(info)
        if not isinstance(data, Mapping):
            needed = [k for k, name in cls.keys().items() if cls.model_fields[name].is_required()]
            shown_keys = ", ".join(f"{k}: {cls.example_of(k)}" for k in (needed or cls.keys()))
            if len(needed) > 3:
                shown_keys = f"{needed[0]}: {cls.example_of(needed[0])}, ..."
            context.fault(
                getattr(data, "place", None),
                shown(data),
                "a mapping of keys belongs here",
                f"Write it like {cls.written or f'{{{shown_keys}}}'}.",
            )
            raise TextFault("", "")
        place = data.place
        made = handler(cls._check_keys(cls.prepare(data, context), context))
        made._at = place
        made.judge(context)
        return made

    @classmethod
    def _check_keys(cls, data: Mapping, context: Reading) -> Mapping:
        """Record unknown, reserved and missing keys; the mapping without the unknown ones."""
        known = cls.keys()
        gone: set[str] = set()
        excused: set[str] = set()  # missing only because they are misspelt
        later = False
        for key in data:
            at = data.keys_at.get(key)
            if key in known:
                continue
            gone.add(key)
            if key in cls.reserved:
                later = True
                context.fault(at, "", *cls.reserved[key])
            elif key == "<<":
                context.fault(at, "", "merge keys are not read", "Write the keys out.")
            elif key in cls.meant:
                excused.add(cls.meant[key])
                context.fault(at, "", "there is no such key here", f"Write {cls.meant[key]}.")
            else:
                hint = did_you_mean(key, set(known) | set(cls.reserved))
                excused.add(hint.removeprefix("Did you mean '").removesuffix("'?"))
                context.fault(at, "", "there is no such key here", hint)
        if later and gone == set(data):
            raise TextFault("", "")  # nothing but a reserved key: what it lacks is no news
        for key, name in known.items():
            missing = cls.model_fields[name].is_required() and key not in data
            if missing and key not in excused:
                at = data.place
                path = f"{at.path}.{key}" if at.path else key
                context.fault(
                    Place(at.file, at.line, at.column, path),
                    "",
                    "this key is missing",
                    f"Add `{key}: {cls.example_of(key)}`.",
                )
        # the fields present are still read, so that their faults show in the same pass
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
            else:
                context.fault(at, shown(given), *_SHAPES.get(kind, _SHAPES["string_type"]))
        return None
    return made if len(context.faults) == before else None

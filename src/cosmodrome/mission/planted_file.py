"""Faults that a mission file names, to be flown by `verify` beside those it lists itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from cosmodrome.formats.leaves import Choice, Leaf, Words
from cosmodrome.formats.quantity import TextFault, parse_quantity
from cosmodrome.formats.typed import Model, Read

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading

__all__ = ["PlantedFault", "PlantedFile", "planted_of", "planted_written"]

#: what an offset may be of, and its unit behind the door
_OFFSETS = {"time": "s", "length": "m", "speed": "m/s", "angle": "rad", "mass": "kg"}
_WAYS = ("factor", "offset", "turn")


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """A fault of the file: `value` in `unit`, SI; the other words are those of `record.Fault`."""

    into: Literal["truth", "plan"]
    path: str
    kind: Literal["factor", "offset", "turn"]
    value: float
    unit: str


class PlantedFile(Model):
    """One fault: what it touches, as verify.json names it, and by how much."""

    path: Annotated[str, Words("a path", "ascent.stages.core.thrust")]
    in_: Annotated[str, Choice(("flight", "plan"), what="what is wrong")] = Field(
        default="flight", alias="in", validate_default=True
    )
    factor: Annotated[Read, Leaf("number", example="0.93")] | None = None
    offset: Annotated[str, Words("an offset", "43 s")] | None = None
    turn: Annotated[Read, Leaf("angle", low=-math.pi, high=math.pi, example="20 deg")] | None = None

    meant: ClassVar[dict[str, str]] = {
        "id": "path",
        "value": "factor, offset or turn",
        "into": "in",
        "angle": "turn",
        "late": "offset",
    }

    def judge(self, context: Reading) -> None:
        given = [name for name in _WAYS if getattr(self, name) is not None]
        if len(given) != 1:
            context.fault(
                self.stands,
                "",
                "a fault is told by exactly one of factor, offset and turn",
                "Write factor: 0.93, offset: 43 s or turn: 20 deg.",
            )
        elif self.offset is not None and self._offset() is None:
            context.fault(
                self.stands_key("offset"),
                self.offset,
                "this is no time, length, speed, angle or mass",
                "Write it like 43 s, 500 m, 2 m/s, 1 deg or 5 kg.",
            )

    def _offset(self) -> tuple[float, str] | None:
        for dimension, unit in _OFFSETS.items():
            try:
                return float(parse_quantity(self.offset or "", dimension)), unit
            except TextFault:
                continue
        return None

    def to_fault(self) -> PlantedFault:
        """The noun in SI."""
        into: Literal["truth", "plan"] = "plan" if self.in_ == "plan" else "truth"
        if self.factor is not None:
            return PlantedFault(into, self.path, "factor", self.factor.value, "")
        if self.turn is not None:
            return PlantedFault(into, self.path, "turn", self.turn.value, "rad")
        found = self._offset()
        assert found is not None
        return PlantedFault(into, self.path, "offset", *found)


def planted_of(files: list[PlantedFile], context: Reading) -> tuple[PlantedFault, ...]:
    """The faults in order; one told twice is a fault of the file."""
    if context.faults:
        return ()
    out: dict[PlantedFault, PlantedFile] = {}
    for file in files:
        fault = file.to_fault()
        if fault in out:
            context.fault(
                file.stands_key("path"), file.path, "this fault is told twice", "Remove one."
            )
        out[fault] = file
    return tuple(out)


def planted_written(files: list[PlantedFile]) -> dict[str, Any]:
    """The key with every default written out; nothing where there is none."""
    if not files:
        return {}
    rows = []
    for f in files:
        by = f.factor or f.turn
        name = next(name for name in _WAYS if getattr(f, name) is not None)
        rows.append({"path": f.path, "in": f.in_, name: f.offset if by is None else by.text})
    return {"faults": rows}

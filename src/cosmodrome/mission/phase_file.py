"""A phase step as mission files write it: to another place along the orbit, or to an object."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, PrivateAttr

from cosmodrome.formats.leaves import Choice, Flag, Instant, Leaf, Whole, Words
from cosmodrome.formats.typed import Model, Read, shown
from cosmodrome.formats.yaml_text import Mapping
from cosmodrome.mission.steps import Condition, Phase

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading
    from cosmodrome.mission.nouns import Spacecraft, Start

__all__ = ["PhaseStepFile", "object_of"]

_LONGEST_S = 366.0 * 86_400.0
_TURN_WIDTH = (math.radians(0.1), "0.1 deg")
_LENGTH_WIDTH = (1e3, "1 km")
_TIMES = ("within", "at", "revolutions")
_WHERE = ("longitude", "argument_of_latitude", "with")
_BESIDE = ("behind", "ahead", "below", "above")

Turn = Annotated[
    Read, Leaf("angle", low=-math.pi, high=2.0 * math.pi, tolerance=True, example="110 deg")
]
Along = Annotated[Read, Leaf("length", low=0.0, high=1e7, tolerance=True, example="10 km +- 1 km")]
Height = Annotated[Read, Leaf("length", low=0.0, high=2e5, example="5 km")]
Span = Annotated[Read, Leaf("time", low=0.0, above=True, high=_LONGEST_S, example="5 days")]


def object_of(node: Any, context: Reading) -> tuple[str, Start] | None:
    """Id and orbit of a craft that is met, as `with` writes it; None with the faults recorded."""
    from cosmodrome.mission.start_file import read_object

    if not isinstance(node, Mapping):
        context.fault(
            getattr(node, "place", None), shown(node), "a mapping says which object it is",
            "Write with: {id: station, tle: {file: station.tle}}.",
        )  # fmt: skip
        return None
    word = "object"
    if "id" in node:
        word = str(node["id"])
        if not word or not all(c.isalnum() or c in "._-" for c in word):
            context.fault(
                getattr(node["id"], "place", node.place), word,
                "an id may hold letters, digits, dots, dashes and underscores only",
                "Write it like station.",
            )  # fmt: skip
            return None
    start = read_object(node.without({"id"}), context, context.folder)
    return None if start is None else (word, start)


class PhaseStepFile(Model):
    """Where to along the orbit, and by when."""

    name: Annotated[str, Words("a name", "to the slot")] | None = None
    longitude: Turn | None = None
    argument_of_latitude: Turn | None = None
    with_: Any = Field(default=None, alias="with", examples=["{tle: {file: station.tle}}"])
    behind: Along | None = None
    ahead: Along | None = None
    below: Height | None = None
    above: Height | None = None
    within: Span | None = None
    at: Annotated[Read, Instant()] | None = None
    revolutions: Annotated[Read, Whole(1, 10_000)] | None = None
    plane: Annotated[str, Choice(("match", "leave"), what="way with the plane")] = "match"
    impulsive: Annotated[bool, Flag()] = False

    written: ClassVar[str] = "{longitude: 110 deg, within: 5 days}"
    meant: ClassVar[dict[str, str]] = {
        "slot": "longitude",
        "u": "argument_of_latitude",
        "phase": "longitude, argument_of_latitude or with",
        "object": "with",
        "target": "with",
        "to": "longitude, argument_of_latitude or with",
        "for": "within",
        "orbits": "revolutions",
        "until": "at",
        "by": "at",
    }
    _start: Start | None = PrivateAttr(default=None)
    _id: str = PrivateAttr(default="object")

    @classmethod
    def prepare(cls, data: Mapping, context: Reading) -> Mapping:
        if not set(data) <= set(cls.keys()):
            return data  # what is misspelt may be what is missing
        where = [k for k in _WHERE if k in data]
        if len(where) > 1:
            context.fault(
                data.keys_at[where[1]], "", f"{where[0]} and {where[1]} both say where to",
                "Keep one of the two.",
            )  # fmt: skip
        elif not where:
            why = "nothing says where along the orbit"
            context.fault(data.place, "", why, f"Write it like {cls.written}.")
        times = [k for k in _TIMES if k in data]
        if len(times) > 1:
            context.fault(
                data.keys_at[times[1]], "", f"{times[0]} and {times[1]} both say by when",
                "Keep one of the two.",
            )  # fmt: skip
        elif not times and where:
            context.fault(
                data.place, "", "nothing says by when: the longer a drift, the less it takes",
                "Add within: 5 days, revolutions: 3, or at: 2027-03-03T00:00Z.",
            )  # fmt: skip
        return data

    def judge(self, context: Reading) -> None:
        for one, other in (("behind", "ahead"), ("below", "above")):
            if getattr(self, one) is not None and getattr(self, other) is not None:
                read = getattr(self, other)
                why = f"{one} and {other} exclude each other"
                context.fault(read.place, read.text, why, "Keep one of the two.")
        if self.argument_of_latitude is not None and self.at is None:
            context.fault(
                self.argument_of_latitude.place,
                self.argument_of_latitude.text,
                "an argument of latitude runs through 360 deg with every revolution",
                "Say when it is to be so: at: 2027-03-03T00:00Z, instead of within or revolutions.",
            )
        if self.with_ is None:
            for key in _BESIDE:
                read = getattr(self, key)
                if read is not None:
                    context.fault(
                        read.place, read.text, f"{key} is beside an object, and there is none",
                        f"Remove {key}, or write with: {{tle: {{file: station.tle}}}}.",
                    )  # fmt: skip
            return
        found = object_of(self.with_, context)
        if found is not None:
            self._id, self._start = found

    def judge_names(self, craft: Spacecraft, context: Reading) -> None:
        """Record a fault for an object that is called like what flies."""
        if self.with_ is not None and self._id in (craft.id, *(c.id for c in craft.carries)):
            context.fault(
                self.stands_key("with"),
                self._id,
                "this is the name of what flies",
                "Give the object another id, like station.",
            )

    def to_step(self, number: int) -> Phase:
        condition = None
        for name in ("longitude", "argument_of_latitude"):
            read = getattr(self, name)
            if read is not None:
                width = _TURN_WIDTH[0] if read.tolerance is None else read.tolerance
                condition = Condition(name, read.value, width)
        beside = self.behind or self.ahead
        return Phase(
            condition=condition,
            object=self._start,
            object_id=self._id,
            behind_m=_signed(self.behind, self.ahead),
            below_m=_signed(self.below, self.above),
            tolerance_m=_LENGTH_WIDTH[0]
            if beside is None or beside.tolerance is None
            else beside.tolerance,
            within_s=None if self.within is None else self.within.value,
            at=None if self.at is None else self.at.value,
            revolutions=None if self.revolutions is None else self.revolutions.value,
            plane=self.plane == "match",
            impulsive=self.impulsive,
            name=self.name or f"phase {number}",
        )

    def tree(self, number: int) -> dict[str, Any]:
        out: dict[str, Any] = {"name": self.name or f"phase {number}"}
        for key in ("longitude", "argument_of_latitude"):
            read = getattr(self, key)
            if read is not None:
                out[key] = read.text + (f" +- {_TURN_WIDTH[1]}" if read.tolerance is None else "")
        if self._start is not None:
            from cosmodrome.mission.start_file import start_written

            out["with"] = {"id": self._id, **start_written(self._start)}
            beside = self.behind or self.ahead
            text = "0 km" if beside is None else beside.text
            if beside is None or beside.tolerance is None:
                text += f" +- {_LENGTH_WIDTH[1]}"
            out["ahead" if self.ahead is not None else "behind"] = text
            for key in ("below", "above"):
                read = getattr(self, key)
                if read is not None:
                    out[key] = read.text
        for key in _TIMES:
            read = getattr(self, key)
            if read is not None:
                out[key] = read.text
        out["plane"] = self.plane
        out["impulsive"] = "true" if self.impulsive else "false"
        return out


def _signed(one: Read | None, other: Read | None) -> float:
    if one is not None:
        return float(one.value)
    return 0.0 if other is None else -float(other.value)

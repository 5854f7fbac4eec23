"""The plan as mission files write it: one model for each kind of step."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, get_args

from pydantic import Field

from cosmodrome.errors import EpochError, did_you_mean
from cosmodrome.formats.leaves import Choice, Flag, Leaf, Whole, Words
from cosmodrome.formats.quantity import TextFault, parse_measure, parse_number
from cosmodrome.formats.typed import Field as LeafField
from cosmodrome.formats.typed import Model, Read, reading, shown, text_of
from cosmodrome.formats.yaml_text import Mapping, Sequence
from cosmodrome.mission.steps import Axes, Coast, Manoeuvre, Until
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from pydantic import ValidationInfo

    from cosmodrome.formats.typed import Reading
    from cosmodrome.mission.nouns import Spacecraft
    from cosmodrome.mission.steps import Step

__all__ = ["PlanStepFile", "judge_plan", "step_of", "step_written"]

_LATER = "not flown by this version yet"
_LONGEST_S = 366.0 * 86_400.0
#: what may be written -> the event's own name
_EVENTS = {
    "perigee": "periapsis",
    "periapsis": "periapsis",
    "apogee": "apoapsis",
    "apoapsis": "apoapsis",
    "ascending node": "ascending node",
    "descending node": "descending node",
    "umbra entry": "umbra entry",
    "umbra exit": "umbra exit",
    "penumbra entry": "penumbra entry",
    "penumbra exit": "penumbra exit",
}
#: what may be written -> (axes, unit vector)
_DIRECTIONS: dict[str, tuple[Axes, tuple[float, float, float]]] = {
    "prograde": ("vnc", (1.0, 0.0, 0.0)),
    "retrograde": ("vnc", (-1.0, 0.0, 0.0)),
    "normal": ("vnc", (0.0, 1.0, 0.0)),
    "anti-normal": ("vnc", (0.0, -1.0, 0.0)),
    "radial-out": ("rtn", (1.0, 0.0, 0.0)),
    "radial-in": ("rtn", (-1.0, 0.0, 0.0)),
    "transverse": ("rtn", (0.0, 1.0, 0.0)),
}


@dataclass(frozen=True, slots=True)
class End(LeafField):
    """What ends a coast: an event's name, a height, or an instant."""

    def to_write(self) -> str:
        return "apogee"

    def read(self, node: Any, info: ValidationInfo) -> Read:
        context = reading(info)
        where = getattr(node, "place", None)
        try:
            text = text_of(node, self.to_write())
            return Read(self._parse(text), text, place=where)
        except TextFault as fault:
            context.fault(where, shown(node), fault.why, fault.write)
            raise TextFault("", "") from None

    def _parse(self, text: str) -> Until | Epoch:
        plain = re.sub(r"[\s_-]+", " ", text)
        if plain in _EVENTS:
            return Until(_EVENTS[plain])
        height = re.fullmatch(r"altitude\s+(.+)", text)
        if height is not None:
            return Until("altitude", parse_measure(height.group(1), "length", "400 km").value)
        if not text[:1].isdigit():
            hint = did_you_mean(plain, [*_EVENTS, "altitude"])
            raise TextFault(
                "no event of this name ends a coast",
                f"{hint} Others are a height, like altitude 400 km, and an instant, like"
                " 2027-03-02T00:00Z.",
            )
        try:
            return Epoch.parse(text)
        except EpochError as error:
            why, _, write = str(error).partition("; ")
            write = write[:1].upper() + write[1:] if write else "Write it like 2027-03-02T00:00Z"
            raise TextFault(why, f"{write}.") from None

    def schema(self) -> dict[str, Any]:
        return {
            "type": "string",
            "description": "an event, a height (altitude 400 km), or an instant",
            "examples": [*_EVENTS, "altitude 400 km", "2027-03-02T00:00Z"],
        }


@dataclass(frozen=True, slots=True)
class Direction(LeafField):
    """A direction by its name, or as three numbers in the axes that `frame` names."""

    def to_write(self) -> str:
        return "prograde"

    def read(self, node: Any, info: ValidationInfo) -> Read:
        context = reading(info)
        where = getattr(node, "place", None)
        try:
            if isinstance(node, Sequence):
                return Read(self._vector(node), "", place=where)
            text = text_of(node, self.to_write())
            if text not in _DIRECTIONS:
                hint = did_you_mean(text, _DIRECTIONS)
                raise TextFault(
                    "there is no such direction",
                    f"{hint} Or write three numbers with frame: [0.8, 0, 0.6].",
                )
            return Read(_DIRECTIONS[text], text, place=where)
        except TextFault as fault:
            context.fault(where, shown(node), fault.why, fault.write)
            raise TextFault("", "") from None

    def _vector(self, node: Sequence) -> tuple[None, tuple[float, ...]]:
        again = "Write three numbers, like [0.8, 0, 0.6]."
        if len(node) != 3:
            raise TextFault(f"a direction has three components, not {len(node)}", again)
        vector = tuple(parse_number(text_of(part, "0.8")) for part in node)
        if not 0.0 < math.hypot(*vector) < math.inf:
            raise TextFault("a direction of no length points nowhere", again)
        return None, vector

    def schema(self) -> dict[str, Any]:
        number = {"anyOf": [{"type": "number"}, {"type": "string"}]}
        return {
            "anyOf": [
                {"enum": list(_DIRECTIONS)},
                {"type": "array", "items": number, "minItems": 3, "maxItems": 3},
            ]
        }


Span = Annotated[Read, Leaf("time", low=0.0, above=True, high=_LONGEST_S, example="1 day")]


class CoastFile(Model):
    """A coast for a time, or until an event or an instant."""

    for_: Span | None = Field(default=None, alias="for", examples=["1 day"])
    until: Annotated[Read, End()] | None = None
    count: Annotated[Read, Whole(1, 100_000)] | None = None
    at_most: Span | None = None

    written: ClassVar[str] = "{for: 1 day} or {until: apogee}"
    meant: ClassVar[dict[str, str]] = {
        "within": "at_most",
        "duration": "for",
        "time": "for",
        "number": "count",
    }
    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        "object": (f"steps of one object are {_LATER}", "Remove object: the spacecraft coasts."),
    }

    @classmethod
    def prepare(cls, data: Mapping, context: Reading) -> Mapping:
        if "for" in data and "until" in data:
            at = data.keys_at["until"]
            context.fault(at, "", "for and until both end the coast", "Keep one of the two.")
        elif not {"for", "until"} & set(data) and set(data) <= {"count", "at_most"}:
            why = "nothing says when the coast ends"
            context.fault(data.place, "", why, f"Write {cls.written}.")
        return data

    def judge(self, context: Reading) -> None:
        event = self.until is not None and isinstance(self.until.value, Until)
        for key in ("count", "at_most"):
            read = getattr(self, key)
            if read is not None and not event:
                why = f"{key} belongs to a coast until an event"
                context.fault(read.place, read.text, why, f"Remove {key}.")

    def to_step(self) -> Coast:
        if self.for_ is not None:
            return Coast(duration_s=self.for_.value)
        assert self.until is not None
        until = self.until.value
        if not isinstance(until, Until):
            return Coast(until=until)
        return Coast(
            until=Until(
                until.kind,
                until.altitude_m,
                1 if self.count is None else self.count.value,
                until.within_s if self.at_most is None else self.at_most.value,
            )
        )

    def tree(self) -> dict[str, Any]:
        if self.for_ is not None:
            return {"for": self.for_.text}
        assert self.until is not None
        out = {"until": self.until.text}
        if isinstance(self.until.value, Until):
            out["count"] = "1" if self.count is None else self.count.text
            out["at_most"] = "30 days" if self.at_most is None else self.at_most.text
        return out


class BurnFile(Model):
    """A burn: how much, and where to."""

    delta_v: Annotated[Read, Leaf("speed", low=0.0, above=True, example="100 m/s")] | None = None
    duration: (
        Annotated[Read, Leaf("time", low=0.0, above=True, high=_LONGEST_S, example="84 s")] | None
    ) = None
    propellant: Annotated[Read, Leaf("mass", low=0.0, above=True, example="20 kg")] | None = None
    direction: Annotated[Read, Direction()]
    frame: Annotated[str, Choice(get_args(Axes), what="frame of a direction")] | None = None
    impulsive: Annotated[bool, Flag()] = False
    name: Annotated[str, Words("a name", "apogee burn")] | None = None

    written: ClassVar[str] = "{delta_v: 100 m/s, direction: prograde}"
    meant: ClassVar[dict[str, str]] = {
        "dv": "delta_v",
        "deltav": "delta_v",
        "for": "duration",
        "time": "duration",
        "axes": "frame",
        "id": "name",
    }
    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        "object": (f"steps of one object are {_LATER}", "Remove object: the spacecraft burns."),
    }

    @classmethod
    def prepare(cls, data: Mapping, context: Reading) -> Mapping:
        sizes = [k for k in ("delta_v", "duration", "propellant") if k in data]
        if len(sizes) > 1:
            at = data.keys_at[sizes[1]]
            why = f"{sizes[0]} and {sizes[1]} both say how much is burnt"
            context.fault(at, "", why, "Keep one of the two.")
        elif not sizes and not set(data) - set(cls.keys()):
            why = "nothing says how much is burnt"
            context.fault(data.place, "", why, f"Write it like {cls.written}.")
        return data

    def judge(self, context: Reading) -> None:
        named = self.direction.text != ""
        if named and self.frame is not None:
            context.fault(
                self.stands_key("frame"),
                self.frame,
                f"{self.direction.text} says its axes by itself",
                "Remove frame, or write the direction as three numbers.",
            )
        if not named and self.frame is None:
            context.fault(
                self.direction.place,
                "a list",
                "three numbers need the axes they belong to",
                f"Add frame: {', '.join(get_args(Axes))}.",
            )
        if self.impulsive and self.duration is not None:
            context.fault(
                self.duration.place,
                self.duration.text,
                "an impulsive burn takes no time",
                "Write delta_v, or remove impulsive.",
            )

    def to_step(self, number: int) -> Manoeuvre:
        axes, vector = self.direction.value

        def size(read: Read | None) -> float | None:
            return None if read is None else float(read.value)

        return Manoeuvre(
            direction=vector,
            axes=axes or self.frame,  # type: ignore[arg-type]
            delta_v_m_s=size(self.delta_v),
            duration_s=size(self.duration),
            propellant_kg=size(self.propellant),
            impulsive=self.impulsive,
            name=self.name or f"burn {number}",
        )

    def tree(self, number: int) -> dict[str, Any]:
        out: dict[str, Any] = {"name": self.name or f"burn {number}"}
        for key in ("delta_v", "duration", "propellant"):
            read = getattr(self, key)
            if read is not None:
                out[key] = read.text
        if self.direction.text:
            out["direction"] = self.direction.text
        else:
            out["direction"] = [f"{c!r}" for c in self.direction.value[1]]
            out["frame"] = self.frame
        out["impulsive"] = "true" if self.impulsive else "false"
        return out


class PlanStepFile(Model):
    """One step of the plan."""

    coast: CoastFile | None = Field(default=None, examples=["{for: 1 day}"])
    burn: BurnFile | None = Field(default=None, examples=[BurnFile.written])

    written: ClassVar[str] = "- coast: {for: 1 day}"
    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        name: (f"the step {name!r} is {_LATER}", "Write - coast: {for: 1 day}.")
        for name in ("transfer", "target", "release", "landing", "object", "phase", "deorbit")
    }

    @classmethod
    def prepare(cls, data: Mapping, context: Reading) -> Mapping:
        kinds = cls.keys()
        known = [k for k in data if k in kinds]
        if len(known) > 1:
            at = data.keys_at[known[1]]
            why = f"{known[0]} and {known[1]} stand in one step"
            context.fault(at, "", why, "Begin each step with a dash of its own.")
        elif not data:
            context.fault(data.place, "", "the step is empty", f"Write {cls.written}.")
        return data


def step_of(file: PlanStepFile, number: int) -> Step:
    """The step a file writes; `number` counts from one and names what has no name."""
    if file.coast is not None:
        return file.coast.to_step()
    assert file.burn is not None
    return file.burn.to_step(number)


def step_written(file: PlanStepFile, number: int) -> dict[str, Any]:
    """The step with every default written out."""
    if file.coast is not None:
        return {"coast": file.coast.tree()}
    assert file.burn is not None
    return {"burn": file.burn.tree(number)}


def judge_plan(
    files: list[PlanStepFile], craft: Spacecraft, passengers: bool, context: Reading
) -> None:
    """Record a fault for every burn that the spacecraft has no engine for.

    passengers  are there other spacecraft on the flight, which fly the same plan?
    """
    for file in files:
        burn = file.burn
        if burn is None:
            continue
        if passengers:
            context.fault(
                burn.stands,
                "",
                f"all spacecraft of a flight coast together; burns of one of several are {_LATER}",
                "Write the mission of each spacecraft that burns in a file of its own.",
            )
            continue
        if craft.engine is not None:
            continue
        context.fault(
            burn.stands,
            "",
            f"{craft.id} has no engine to burn with",
            "Give it one: spacecraft: {engine: {thrust: 400 N, isp: 320 s}, propellant: 500 kg}.",
        )

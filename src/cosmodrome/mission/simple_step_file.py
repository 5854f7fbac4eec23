"""Coasts and burns as mission files write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, get_args

from pydantic import Field

from cosmodrome.formats.leaves import Choice, Flag, Leaf, Whole, Words
from cosmodrome.formats.typed import Model, Read
from cosmodrome.formats.yaml_text import Mapping  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.impulses_file import Firings
from cosmodrome.mission.plan_leaves import FREE, Direction, End
from cosmodrome.mission.steps import Axes, Coast, Manoeuvre, Until

if TYPE_CHECKING:
    from cosmodrome.formats.impulses import Impulses
    from cosmodrome.formats.typed import Reading

__all__ = [
    "LATER",
    "BurnFile",
    "CoastFile",
    "SimpleStepFile",
    "Span",
    "freedoms",
    "simple_step",
    "simple_written",
]

LATER = "not flown by this version yet"
_LONGEST_S = 366.0 * 86_400.0
Span = Annotated[Read, Leaf("time", low=0.0, above=True, high=_LONGEST_S, example="1 day")]
FreeSpan = Annotated[
    Read, Leaf("time", low=0.0, above=True, high=_LONGEST_S, words=(FREE,), example="1 day")
]


class CoastFile(Model):
    """A coast for a time, or until an event or an instant."""

    for_: FreeSpan | None = Field(default=None, alias="for", examples=["1 day"])
    until: Annotated[Read, End()] | None = None
    count: Annotated[Read, Whole(1, 100_000)] | None = None
    at_most: Span | None = None
    impulses: Annotated[Read, Firings()] | None = None

    written: ClassVar[str] = "{for: 1 day} or {until: apogee}"
    meant: ClassVar[dict[str, str]] = {
        "within": "at_most",
        "duration": "for",
        "time": "for",
        "number": "count",
        "small_forces": "impulses",
        "firings": "impulses",
    }
    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        "object": (f"steps of one object are {LATER}", "Remove object: the spacecraft coasts."),
    }

    @classmethod
    def prepare(cls, data: Mapping, context: Reading) -> Mapping:
        if "for" in data and "until" in data:
            at = data.keys_at["until"]
            context.fault(at, "", "for and until both end the coast", "Keep one of the two.")
        elif not {"for", "until"} & set(data) and set(data) <= {"count", "at_most", "impulses"}:
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
        if self.impulses is not None:
            self._judge_impulses(self.impulses, context)

    def _judge_impulses(self, read: Read, context: Reading) -> None:
        """They have their instants, and so must the end."""
        last = read.value.impulses.events[-1].epoch
        if self.until is not None and isinstance(self.until.value, Until):
            why = "the coast ends at an event, and impulses at their instants"
            write = "Write for: 1 day, or until: an instant after the last of them."
        elif self.for_ is not None and self.for_.value is None:
            why, write = "the time of this coast is to be found", "Write for: 1 day."
        elif self.until is not None and last >= self.until.value:
            why = f"the last impulse, of {last.utc(3)}, is not before the end of the coast"
            write = "Write a later end, or take out of the file what comes after."
        else:
            return
        context.fault(read.place, read.text, why, write)

    @property
    def given(self) -> Impulses | None:
        """The impulses on the way."""
        found: Impulses | None = None if self.impulses is None else self.impulses.value.impulses
        return found

    def to_step(self) -> Coast:
        given = self.given
        if self.for_ is not None:
            free = self.for_.value is None
            return Coast(duration_s=self.for_.value, free=free, impulses=given)
        assert self.until is not None
        until = self.until.value
        if not isinstance(until, Until):
            return Coast(until=until, impulses=given)
        return Coast(
            until=Until(
                until.kind,
                until.altitude_m,
                1 if self.count is None else self.count.value,
                until.within_s if self.at_most is None else self.at_most.value,
                until.body,
            )
        )

    def tree(self) -> dict[str, Any]:
        lines = {} if self.impulses is None else {"impulses": list(self.impulses.value.lines)}
        if self.for_ is not None:
            return {"for": self.for_.text, **lines}
        assert self.until is not None
        out: dict[str, Any] = {"until": self.until.text, **lines}
        if isinstance(self.until.value, Until):
            out["count"] = "1" if self.count is None else self.count.text
            out["at_most"] = "30 days" if self.at_most is None else self.at_most.text
        return out


class BurnFile(Model):
    """A burn: how much, and where to."""

    delta_v: (
        Annotated[Read, Leaf("speed", low=0.0, above=True, words=(FREE,), example="100 m/s")] | None
    ) = None
    duration: (
        Annotated[Read, Leaf("time", low=0.0, above=True, high=_LONGEST_S, example="84 s")] | None
    ) = None
    propellant: Annotated[Read, Leaf("mass", low=0.0, above=True, example="20 kg")] | None = None
    direction: Annotated[Read, Direction()]
    frame: Annotated[str, Choice(get_args(Axes), what="frame of a direction")] | None = None
    impulsive: Annotated[bool, Flag()] = False
    timer: (
        Annotated[Read, Leaf("time", low=0.0, above=True, high=_LONGEST_S, example="90 s")] | None
    ) = None
    name: Annotated[str, Words("a name", "apogee burn")] | None = None

    written: ClassVar[str] = "{delta_v: 100 m/s, direction: prograde}"
    meant: ClassVar[dict[str, str]] = {
        "dv": "delta_v",
        "deltav": "delta_v",
        "for": "duration",
        "time": "duration",
        "axes": "frame",
        "id": "name",
        "timeout": "timer",
        "at_most": "timer",
    }
    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        "object": (f"steps of one object are {LATER}", "Remove object: the spacecraft burns."),
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
        named = self.direction.text not in ("", FREE)
        if named and self.frame is not None:
            context.fault(
                self.stands_key("frame"),
                self.frame,
                f"{self.direction.text} says its axes by itself",
                "Remove frame, or write the direction as three numbers.",
            )
        if self.direction.text == "" and self.frame is None:
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
        self._judge_timer(context)

    def _judge_timer(self, context: Reading) -> None:
        if self.timer is None:
            return
        if self.impulsive:
            why, write = "an impulsive burn takes no time", "Remove timer, or impulsive."
        elif self.duration is not None and self.timer.value < self.duration.value:
            why = f"the timer would end the burn before its {self.duration.text}"
            write = f"Write a timer of at least {self.duration.text}."
        else:
            return
        context.fault(self.timer.place, self.timer.text, why, write)

    def to_step(self, number: str) -> Manoeuvre:
        free = self.direction.text == FREE
        axes, vector = (self.frame or "vnc", (1.0, 0.0, 0.0)) if free else self.direction.value

        def size(read: Read | None) -> float | None:
            return None if read is None or read.value is None else float(read.value)

        return Manoeuvre(
            direction=vector,
            axes=axes or self.frame,  # type: ignore[arg-type]
            delta_v_m_s=size(self.delta_v),
            duration_s=size(self.duration),
            propellant_kg=size(self.propellant),
            impulsive=self.impulsive,
            name=self.name or f"burn {number}",
            free_size=self.delta_v is not None and self.delta_v.value is None,
            free_direction=free,
            timer_s=size(self.timer),
        )

    def tree(self, number: str) -> dict[str, Any]:
        out: dict[str, Any] = {"name": self.name or f"burn {number}"}
        for key in ("delta_v", "duration", "propellant"):
            read = getattr(self, key)
            if read is not None:
                out[key] = read.text
        if self.direction.text == FREE:
            out |= {"direction": FREE, "frame": self.frame or "vnc"}
        elif self.direction.text:
            out["direction"] = self.direction.text
        else:
            out["direction"] = [f"{c!r}" for c in self.direction.value[1]]
            out["frame"] = self.frame
        out["impulsive"] = "true" if self.impulsive else "false"
        if self.timer is not None:
            out["timer"] = self.timer.text
        return out


class SimpleStepFile(Model):
    """A coast or a burn."""

    coast: CoastFile | None = Field(default=None, examples=["{for: 1 day}"])
    burn: BurnFile | None = Field(default=None, examples=[BurnFile.written])

    written: ClassVar[str] = "- coast: {for: 1 day}"

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


def freedoms(file: SimpleStepFile) -> int:
    """How many numbers of a step are to be found."""
    step = simple_step(file, 1, "")
    if isinstance(step, Coast):
        return int(step.free)
    return int(step.free_size) + 2 * int(step.free_direction)


def simple_step(file: SimpleStepFile, number: int, before: str) -> Coast | Manoeuvre:
    """The step a file writes; a burn without a name is called by its number after `before`."""
    if file.coast is not None:
        return file.coast.to_step()
    assert file.burn is not None
    return file.burn.to_step(f"{before}{number}")


def simple_written(file: SimpleStepFile, number: int, before: str) -> dict[str, Any]:
    """The step with every default written out."""
    if file.coast is not None:
        return {"coast": file.coast.tree()}
    assert file.burn is not None
    return {"burn": file.burn.tree(f"{before}{number}")}

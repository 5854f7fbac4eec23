"""The plan as mission files write it: one model for each kind of step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, get_args

from pydantic import Field

from cosmodrome.formats.leaves import Choice, Flag, Leaf, Whole, Words
from cosmodrome.formats.typed import Model, Read
from cosmodrome.formats.yaml_text import Mapping  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.phase_file import PhaseStepFile
from cosmodrome.mission.plan_leaves import FREE, Direction, End
from cosmodrome.mission.release_file import ReleaseStepFile, judge_releases
from cosmodrome.mission.steps import (
    QUANTITIES,
    Axes,
    Coast,
    Condition,
    Manoeuvre,
    Solve,
    Transfer,
    Until,
)
from cosmodrome.mission.upkeep_file import DeorbitFile, StationKeepFile, says_itself

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading
    from cosmodrome.mission.nouns import Spacecraft
    from cosmodrome.mission.steps import Step

__all__ = ["PlanStepFile", "judge_plan", "step_of", "step_written"]

_LATER = "not flown by this version yet"
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
            return Coast(duration_s=self.for_.value, free=self.for_.value is None)
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


Length = Annotated[Read, Leaf("length", tolerance=True, example="35786 km +- 10 km")]
Turn = Annotated[
    Read, Leaf("angle", low=-math.pi, high=2.0 * math.pi, tolerance=True, example="120 deg")
]
#: half-widths that are accepted where none is written
_WIDTHS: dict[str, tuple[float, str]] = {
    "semi_major_axis": (1e3, "1 km"),
    "perigee": (1e3, "1 km"),
    "apogee": (1e3, "1 km"),
    "eccentricity": (1e-4, "0.0001"),
    "period": (1.0, "1 s"),
    "inclination": (math.radians(0.01), "0.01 deg"),
    "raan": (math.radians(0.01), "0.01 deg"),
    "argument_of_perigee": (math.radians(0.1), "0.1 deg"),
    "argument_of_latitude": (math.radians(0.1), "0.1 deg"),
    "longitude": (math.radians(0.01), "0.01 deg"),
    "altitude": (1e3, "1 km"),
}
_SIZES = ("semi_major_axis", "perigee", "apogee", "eccentricity", "period")


class ConditionsFile(Model):
    """What the orbit must be where the sequence ends."""

    semi_major_axis: Length | None = None
    perigee: Length | None = None
    apogee: Length | None = None
    eccentricity: Annotated[Read, Leaf("ratio", low=0.0, high=0.99, tolerance=True)] | None = None
    period: Annotated[Read, Leaf("time", low=0.0, tolerance=True, example="12 h")] | None = None
    inclination: (
        Annotated[Read, Leaf("angle", low=0.0, high=math.pi, tolerance=True, example="6 deg")]
        | None
    ) = None
    raan: Turn | None = None
    argument_of_perigee: Turn | None = None
    argument_of_latitude: Turn | None = None
    longitude: Turn | None = None
    altitude: Length | None = None

    written: ClassVar[str] = "{perigee: 35786 km, inclination: 0 deg}"
    meant: ClassVar[dict[str, str]] = {
        "a": "semi_major_axis",
        "e": "eccentricity",
        "i": "inclination",
        "argp": "argument_of_perigee",
        "height": "altitude",
    }

    def judge(self, context: Reading) -> None:
        sizes = [k for k in _SIZES if getattr(self, k) is not None]
        if len(sizes) > 2:
            third = getattr(self, sizes[2])
            context.fault(
                third.place,
                third.text,
                f"{sizes[0]} and {sizes[1]} already say how large the orbit is",
                "Keep two of them.",
            )
        elif not self.given():
            context.fault(self.stands, "", "there is nothing to meet", f"Write {self.written}.")

    def given(self) -> tuple[Condition, ...]:
        """The conditions that are written, each with its half-width."""
        out = []
        for name in QUANTITIES:
            read = getattr(self, name)
            if read is not None:
                width = _WIDTHS[name][0] if read.tolerance is None else read.tolerance
                out.append(Condition(name, read.value, width))
        return tuple(out)

    def tree(self) -> dict[str, str]:
        out = {}
        for name in QUANTITIES:
            read = getattr(self, name)
            if read is not None:
                tail = f" +- {_WIDTHS[name][1]}" if read.tolerance is None else ""
                out[name] = read.text + tail
        return out


class TargetStepFile(Model):
    """A sequence some of whose numbers are to be found."""

    name: Annotated[str, Words("a name", "apogee burn")] | None = None
    steps: list[SimpleStepFile] = Field(examples=["[burn: {delta_v: free, direction: free}]"])
    meet: ConditionsFile

    meant: ClassVar[dict[str, str]] = {"for": "meet", "conditions": "meet", "burns": "steps"}

    def judge(self, context: Reading) -> None:
        wanted = len(self.meet.given())
        free = sum(_freedoms(step) for step in self.steps)
        if wanted and free < wanted:
            context.fault(
                self.stands_key("steps"),
                f"{free} free",
                f"{wanted} conditions cannot be met by finding {free}"
                f" {'number' if free == 1 else 'numbers'}",
                "Write free for more: delta_v and direction of a burn, or for of a coast.",
            )

    def to_step(self, number: int) -> Solve:
        steps = tuple(_simple(s, k, f"{number}.") for k, s in enumerate(self.steps, 1))
        return Solve(steps, self.meet.given(), self.name or f"target {number}")

    def tree(self, number: int) -> dict[str, Any]:
        return {
            "name": self.name or f"target {number}",
            "steps": [_simple_written(s, k, f"{number}.") for k, s in enumerate(self.steps, 1)],
            "meet": self.meet.tree(),
        }


#: what the goal of a transfer may name
_OF_ORBITS = (
    "semi_major_axis",
    "perigee",
    "apogee",
    "eccentricity",
    "period",
    "inclination",
    "raan",
    "argument_of_perigee",
)


class TransferStepFile(Model):
    """To another orbit by a number of burns."""

    name: Annotated[str, Words("a name", "to the geostationary orbit")] | None = None
    to: ConditionsFile
    burns: Annotated[Read, Whole(1, 12)] | None = None
    low_thrust: Annotated[bool, Flag()] = False
    eclipses: Annotated[bool, Flag()] | None = None

    written: ClassVar[str] = (
        "{to: {perigee: 35786 km, apogee: 35786 km, inclination: 0 deg}, burns: 3}"
    )
    meant: ClassVar[dict[str, str]] = {"target": "to", "meet": "to", "number": "burns"}

    def judge(self, context: Reading) -> None:
        if self.low_thrust and self.burns is not None:
            context.fault(
                self.burns.place,
                self.burns.text,
                "low thrust is one burn of many revolutions",
                "Remove burns, or low_thrust.",
            )
        if self.eclipses is not None and not self.low_thrust:
            context.fault(
                self.stands_key("eclipses"),
                "",
                "burns at full thrust do not wait for the Sun",
                "Remove eclipses, or add low_thrust: true.",
            )
        for condition in self.to.given():
            if condition.quantity not in _OF_ORBITS:
                read = getattr(self.to, condition.quantity)
                context.fault(
                    read.place,
                    read.text,
                    f"a transfer ends on an orbit, wherever on it: {condition.quantity} says where",
                    "Remove it, or write a target step with a coast whose time is free.",
                )

    def to_step(self, number: int) -> Transfer:
        return Transfer(
            self.to.given(),
            2 if self.burns is None else self.burns.value,
            self.name or f"transfer {number}",
            self.low_thrust,
            self.eclipses is not False,
        )

    def tree(self, number: int) -> dict[str, Any]:
        out: dict[str, Any] = {"name": self.name or f"transfer {number}", "to": self.to.tree()}
        if self.low_thrust:
            rests = "false" if self.eclipses is False else "true"
            return out | {"low_thrust": "true", "eclipses": rests}
        return out | {"burns": "2" if self.burns is None else self.burns.text}


def _freedoms(file: SimpleStepFile) -> int:
    """How many numbers of a step are to be found."""
    step = _simple(file, 1, "")
    if isinstance(step, Coast):
        return int(step.free)
    return int(step.free_size) + 2 * int(step.free_direction)


class PlanStepFile(SimpleStepFile):
    """One step of the plan."""

    target: TargetStepFile | None = Field(
        default=None, examples=["{steps: [...], meet: {inclination: 0 deg}}"]
    )
    transfer: TransferStepFile | None = Field(default=None, examples=[TransferStepFile.written])
    phase: PhaseStepFile | None = Field(default=None, examples=[PhaseStepFile.written])
    release: ReleaseStepFile | None = Field(default=None, examples=[ReleaseStepFile.written])
    station_keep: StationKeepFile | None = Field(
        default=None, alias="station-keep", examples=[StationKeepFile.written]
    )
    deorbit: DeorbitFile | None = Field(default=None, examples=[DeorbitFile.written])

    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        name: (f"the step {name!r} is {_LATER}", "Write - coast: {for: 1 day}.")
        for name in ("landing", "object")
    }


def _simple(file: SimpleStepFile, number: int, before: str) -> Coast | Manoeuvre:
    if file.coast is not None:
        return file.coast.to_step()
    assert file.burn is not None
    return file.burn.to_step(f"{before}{number}")


def _simple_written(file: SimpleStepFile, number: int, before: str) -> dict[str, Any]:
    if file.coast is not None:
        return {"coast": file.coast.tree()}
    assert file.burn is not None
    return {"burn": file.burn.tree(f"{before}{number}")}


def step_of(file: PlanStepFile, number: int) -> Step:
    """The step a file writes; `number` counts from one and names what has no name."""
    if file.target is not None:
        return file.target.to_step(number)
    if file.transfer is not None:
        return file.transfer.to_step(number)
    whole = file.phase or file.release or file.station_keep or file.deorbit
    return whole.to_step(number) if whole is not None else _simple(file, number, "")


def step_written(file: PlanStepFile, number: int) -> dict[str, Any]:
    """The step with every default written out."""
    if file.target is not None:
        return {"target": file.target.tree(number)}
    if file.transfer is not None:
        return {"transfer": file.transfer.tree(number)}
    if file.phase is not None:
        return {"phase": file.phase.tree(number)}
    if file.release is not None:
        return {"release": file.release.tree(number)}
    if file.station_keep is not None:
        return {"station-keep": file.station_keep.tree(number)}
    if file.deorbit is not None:
        return {"deorbit": file.deorbit.tree(number)}
    return _simple_written(file, number, "")


def judge_plan(
    files: list[PlanStepFile], craft: Spacecraft, passengers: bool, context: Reading
) -> None:
    """Record a fault for every burn that the spacecraft has no engine for, and for what is free.

    passengers  are there other spacecraft on the flight, which fly the same plan?
    """
    judge_releases([file.release for file in files], craft, passengers, context)
    for file in files:
        if file.release is not None:
            continue
        if file.phase is not None:
            file.phase.judge_names(craft, context)
        whole = file.transfer or file.phase
        if whole is not None:
            _judge_burn(whole, craft, passengers, context)
            continue
        upkeep = file.station_keep or file.deorbit
        if upkeep is not None:
            if not says_itself(upkeep, craft, passengers):
                _judge_burn(upkeep, craft, passengers, context)
            continue
        if file.target is None and _freedoms(file):
            what = file.coast or file.burn
            assert what is not None
            context.fault(
                what.stands,
                FREE,
                "only a target step finds what is free",
                "Write - target: {steps: [...], meet: {perigee: 35786 km}} around it, or a number.",
            )
            continue
        burns = [file.burn] if file.target is None else [s.burn for s in file.target.steps]
        for burn in burns:
            if burn is not None:
                _judge_burn(burn, craft, passengers, context)


def _judge_burn(burn: Model, craft: Spacecraft, passengers: bool, context: Reading) -> None:
    if passengers:
        context.fault(
            burn.stands,
            "",
            f"all spacecraft of a flight coast together; burns of one of several are {_LATER}",
            "Write the mission of each spacecraft that burns in a file of its own.",
        )
    elif craft.engine is None:
        context.fault(
            burn.stands,
            "",
            f"{craft.id} has no engine to burn with",
            "Give it one: spacecraft: {engine: {thrust: 400 N, isp: 320 s}, propellant: 500 kg}.",
        )

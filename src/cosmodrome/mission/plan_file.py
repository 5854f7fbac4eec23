"""The plan as mission files write it: one model for each kind of step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.formats.leaves import Flag, Leaf, Whole, Words
from cosmodrome.formats.typed import Model, Read
from cosmodrome.mission.impulses_file import judge_impulses
from cosmodrome.mission.landing_file import LandingFile
from cosmodrome.mission.phase_file import PhaseStepFile
from cosmodrome.mission.plan_leaves import FREE
from cosmodrome.mission.release_file import ReleaseStepFile, judge_releases
from cosmodrome.mission.rising_file import RiseFile, StayFile
from cosmodrome.mission.simple_step_file import (
    LATER,
    SimpleStepFile,
    Span,
    freedoms,
    simple_step,
    simple_written,
)
from cosmodrome.mission.steps import (
    OF_THE_MOON,
    QUANTITIES,
    Condition,
    Land,
    Solve,
    Transfer,
)
from cosmodrome.mission.to_libration_file import ToLibrationFile
from cosmodrome.mission.to_moon_file import ToMoonFile
from cosmodrome.mission.upkeep_file import DeorbitFile, StationKeepFile, says_itself

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading
    from cosmodrome.mission.nouns import Spacecraft
    from cosmodrome.mission.steps import Step

__all__ = ["PlanStepFile", "judge_plan", "judge_way", "step_of", "step_written"]

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
    "perilune": (1e3, "1 km"),
    "apolune": (1e3, "1 km"),
    "argument_of_perilune": (math.radians(0.1), "0.1 deg"),
    "b_dot_t": (1e3, "1 km"),
    "b_dot_r": (1e3, "1 km"),
}
_SIZES = (
    "semi_major_axis",
    "perigee",
    "apogee",
    "eccentricity",
    "period",
    "perilune",
    "apolune",
)


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
    perilune: Length | None = None
    apolune: Length | None = None
    argument_of_perilune: Turn | None = None
    b_dot_t: Length | None = None
    b_dot_r: Length | None = None

    written: ClassVar[str] = "{perigee: 35786 km, inclination: 0 deg}"
    meant: ClassVar[dict[str, str]] = {
        "a": "semi_major_axis",
        "e": "eccentricity",
        "i": "inclination",
        "argp": "argument_of_perigee",
        "height": "altitude",
        "bt": "b_dot_t",
        "br": "b_dot_r",
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
        lunar = [k for k in OF_THE_MOON if getattr(self, k) is not None]
        both = [k for k in ("perigee", "apogee", "argument_of_perigee") if getattr(self, k)]
        if lunar and both:
            mixed = getattr(self, both[0])
            context.fault(
                mixed.place,
                mixed.text,
                f"{both[0]} is of an orbit about the Earth, {lunar[0]} of one about the Moon",
                "Keep those of one body.",
            )
        if not self.given():
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
        for read in (s.coast.impulses for s in self.steps if s.coast is not None):
            if read is not None:
                why = "what is found by trying has no small impulses on the way"
                context.fault(read.place, read.text, why, "Put them into a coast outside target.")
        wanted = len(self.meet.given())
        free = sum(freedoms(step) for step in self.steps)
        if wanted and free < wanted:
            context.fault(
                self.stands_key("steps"),
                f"{free} free",
                f"{wanted} conditions cannot be met by finding {free}"
                f" {'number' if free == 1 else 'numbers'}",
                "Write free for more: delta_v and direction of a burn, or for of a coast.",
            )

    def to_step(self, number: int) -> Solve:
        steps = tuple(simple_step(s, k, f"{number}.") for k, s in enumerate(self.steps, 1))
        return Solve(steps, self.meet.given(), self.name or f"target {number}")

    def tree(self, number: int) -> dict[str, Any]:
        return {
            "name": self.name or f"target {number}",
            "steps": [simple_written(s, k, f"{number}.") for k, s in enumerate(self.steps, 1)],
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
    *OF_THE_MOON,
)


class TransferStepFile(Model):
    """To another orbit by a number of burns."""

    name: Annotated[str, Words("a name", "to the geostationary orbit")] | None = None
    to: ConditionsFile
    burns: Annotated[Read, Whole(1, 12)] | None = None
    low_thrust: Annotated[bool, Flag()] = False
    eclipses: Annotated[bool, Flag()] | None = None
    within: Span | None = None

    written: ClassVar[str] = (
        "{to: {perigee: 35786 km, apogee: 35786 km, inclination: 0 deg}, burns: 3}"
    )
    meant: ClassVar[dict[str, str]] = {
        "target": "to",
        "meet": "to",
        "number": "burns",
        "at_most": "within",
        "duration": "within",
    }

    def judge(self, context: Reading) -> None:
        if self.low_thrust and self.within is not None:
            context.fault(
                self.within.place,
                self.within.text,
                "low thrust takes the least time of itself",
                "Remove within, or low_thrust.",
            )
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
            None if self.within is None else self.within.value,
        )

    def tree(self, number: int) -> dict[str, Any]:
        out: dict[str, Any] = {"name": self.name or f"transfer {number}", "to": self.to.tree()}
        if self.low_thrust:
            rests = "false" if self.eclipses is False else "true"
            return out | {"low_thrust": "true", "eclipses": rests}
        within = {} if self.within is None else {"within": self.within.text}
        return out | {"burns": "2" if self.burns is None else self.burns.text} | within


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
    to_moon: ToMoonFile | None = Field(default=None, alias="to-moon", examples=[ToMoonFile.written])
    to_libration: ToLibrationFile | None = Field(
        default=None, alias="to-libration", examples=[ToLibrationFile.written]
    )
    landing: LandingFile | None = Field(default=None, examples=[LandingFile.written])
    stay: StayFile | None = Field(default=None, examples=[StayFile.written])
    lunar_ascent: RiseFile | None = Field(
        default=None, alias="lunar-ascent", examples=[RiseFile.written]
    )

    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        name: (f"the step {name!r} is {LATER}", "Write - coast: {for: 1 day}.")
        for name in ("object",)
    }


def step_of(file: PlanStepFile, number: int) -> Step:
    """The step a file writes; `number` counts from one and names what has no name."""
    if file.target is not None:
        return file.target.to_step(number)
    if file.transfer is not None:
        return file.transfer.to_step(number)
    if file.landing is not None:
        return file.landing.to_step(number)
    if file.to_libration is not None:
        return file.to_libration.to_step(number)
    ground = file.stay or file.lunar_ascent
    if ground is not None:
        return ground.to_step(number)
    whole = file.phase or file.release or file.station_keep or file.deorbit or file.to_moon
    return whole.to_step(number) if whole is not None else simple_step(file, number, "")


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
    if file.to_moon is not None:
        return {"to-moon": file.to_moon.tree(number)}
    if file.to_libration is not None:
        return {"to-libration": file.to_libration.tree(number)}
    if file.landing is not None:
        return {"landing": file.landing.tree(number)}
    if file.stay is not None:
        return {"stay": file.stay.tree(number)}
    if file.lunar_ascent is not None:
        return {"lunar-ascent": file.lunar_ascent.tree(number)}
    return simple_written(file, number, "")


def judge_way(files: list[PlanStepFile], kind: str, by_loops: bool, context: Reading) -> None:
    """Record a fault where a launch to the Moon is not followed by the step that goes on there.

    by_loops  is the target an ellipse?
    """
    if kind == "libration" and not (files and files[0].to_libration):
        context.fault(
            None,
            "",
            "the target is the way to a libration point, and the plan does not begin with the step"
            " that goes on there",
            f"Write plan: [to-libration: {ToLibrationFile.written}].",
        )
    first = files[0].to_moon if files else None
    if kind == "lunar-orbit" and first is None:
        context.fault(
            None,
            "",
            "the target is the way to the Moon, and the plan does not begin with the step that"
            " goes on there",
            f"Write plan: [to-moon: {ToMoonFile.written}].",
        )
    elif kind == "lunar-orbit" and first is not None and by_loops != bool(first.loops):
        context.fault(
            first.stands,
            "",
            "loops begin from the ellipse of a target with perigee and apogee, and only they do",
            "Write target: {kind: lunar-orbit, perigee: 170 km, apogee: 36500 km} with loops, and"
            " neither without.",
        )


def judge_plan(
    files: list[PlanStepFile], craft: Spacecraft, passengers: bool, context: Reading
) -> None:
    """Record a fault for every burn that the spacecraft has no engine for, and for what is free.

    passengers  are there other spacecraft on the flight, which fly the same plan?
    """
    judge_releases([file.release for file in files], craft, passengers, context)
    _judge_left(files, craft, context)
    gone = {file.release.object for file in files if file.release is not None}
    for one in craft.carries:
        if one.plan and one.id not in gone:
            context.fault(
                files[-1].stands if files else None,
                one.id,
                f"{one.id} has a plan of its own and is never released",
                f"Add - release: {{object: {one.id}}}, or remove its plan.",
            )
    for file in files:
        if file.release is not None or file.stay is not None:
            continue
        if file.lunar_ascent is not None:
            craft = file.lunar_ascent.rising(craft)
            continue
        if file.phase is not None:
            file.phase.judge_names(craft, context)
        if file.landing is not None:
            file.landing.judge_tank(craft, context)
        whole = file.transfer or file.phase or file.to_moon or file.to_libration or file.landing
        if whole is not None:
            _judge_burn(whole, craft, passengers, context)
            continue
        upkeep = file.station_keep or file.deorbit
        if upkeep is not None:
            if not says_itself(upkeep, craft, passengers):
                _judge_burn(upkeep, craft, passengers, context)
            continue
        if file.target is None and freedoms(file):
            what = file.coast or file.burn
            assert what is not None
            context.fault(
                what.stands,
                FREE,
                "only a target step finds what is free",
                "Write - target: {steps: [...], meet: {perigee: 35786 km}} around it, or a number.",
            )
            continue
        if file.coast is not None and file.coast.impulses is not None:
            judge_impulses(file.coast.impulses, craft, passengers, context)
        burns = [file.burn] if file.target is None else [s.burn for s in file.target.steps]
        for burn in burns:
            if burn is not None:
                _judge_burn(burn, craft, passengers, context)


def _judge_left(files: list[PlanStepFile], craft: Spacecraft, context: Reading) -> None:
    """Record a fault for a plane that is left to a landing where none follows."""
    carried = any(isinstance(step, Land) for one in craft.carries for step in one.plan)
    for number, file in enumerate(files):
        orbit = None if file.to_moon is None else file.to_moon.orbit
        planes = None if orbit is None else orbit.planes
        lands = carried or any(later.landing for later in files[number:])
        if planes is not None and not lands:
            context.fault(
                planes.stands,
                "",
                "planes leaves the inclination to the landing after it, and none follows",
                f"Write inclination: 90 deg, or add - landing: {LandingFile.written}.",
            )


def _judge_burn(burn: Model, craft: Spacecraft, passengers: bool, context: Reading) -> None:
    if passengers:
        context.fault(
            burn.stands,
            "",
            f"all spacecraft of a flight coast together; burns of one of several are {LATER}",
            "Write the mission of each spacecraft that burns in a file of its own.",
        )
    elif craft.engine is None:
        context.fault(
            burn.stands,
            "",
            f"{craft.id} has no engine to burn with",
            "Give it one: spacecraft: {engine: {thrust: 400 N, isp: 320 s}, propellant: 500 kg}.",
        )

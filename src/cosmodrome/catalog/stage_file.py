"""The stage part of a vehicle file: its models, and how they become a Stage in SI."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, ClassVar

from pydantic import Field

from cosmodrome.catalog.nouns import (
    AttitudeReference,
    Consumable,
    Ignition,
    Jettison,
    Stage,
)
from cosmodrome.formats.leaves import Choice, Flag, Leaf, Whole, Words
from cosmodrome.formats.typed import Model, Read, Reading

__all__ = ["LATER", "Area", "Id", "Mass", "Name", "SomeMass", "Span", "StageFile", "value_of"]

Mass = Annotated[Read, Leaf("mass", low=0.0, figure=True, example="3784 kg")]
SomeMass = Annotated[Read, Leaf("mass", low=0.0, above=True, figure=True, example="39160 kg")]
Flow = Annotated[Read, Leaf("mass flow", low=0.0, figure=True)]
Force = Annotated[Read, Leaf("force", low=0.0, above=True, figure=True, example="1021.1 kN")]
Impulse = Annotated[Read, Leaf("time", low=1.0, high=5000.0, figure=True, example="320.2 s")]
Span = Annotated[Read, Leaf("time", low=0.0, figure=True, example="118 s")]
Moment = Annotated[Read, Leaf("time", figure=True, example="112 s")]
Area = Annotated[Read, Leaf("area", low=0.0, above=True, figure=True, example="28 m^2")]
Level = Annotated[Read, Leaf("ratio", low=0.0, high=1.2, above=True, figure=True, example="81 %")]
Rate = Annotated[Read, Leaf("angular rate", low=0.0, above=True, figure=True)]
Angle = Annotated[Read, Leaf("angle", figure=True)]
Name = Annotated[str, Words("a name", "Soyuz-2.1b")]
Id = Annotated[str, Words("an id", "core", identifier=True)]

LATER = "not flown by this version yet"


def value_of(read: Read | None) -> float | None:
    """The SI value of a leaf that may be absent."""
    return None if read is None else read.value


class IgnitionFile(Model):
    """When a stage first lights."""

    with_: (
        Annotated[str, Choice(("lift-off", "free"), later=("restart",), what="ignition")] | None
    ) = Field(default=None, alias="with")
    after: Id | None = None
    at: Moment | None = None
    delay: Moment | None = None
    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        "restart": (
            "restarts are not an ignition rule",
            "Write ignition: {with: free} and restarts: 7.",
        ),
    }

    def judge(self, context: Reading) -> None:
        if (self.with_ is None) == (self.after is None):
            context.fault(
                self.stands,
                "",
                "an ignition needs one rule: with or after",
                "Write {with: lift-off}, {with: free}, {after: core, delay: 0 s} or, for"
                " boosters lit in the air, {after: lift-off, delay: 25 s}.",
            )
            return
        if self.after == "lift-off" and (self.delay is None or self.delay.value <= 0.0):
            context.fault(
                self.stands_key("after"),
                "lift-off",
                "a stage that lights after lift-off needs a positive delay",
                "Write {after: lift-off, delay: 25 s}, or {with: lift-off} to lift off with it.",
            )
        if self.at is not None:
            if self.with_ != "lift-off":
                context.fault(
                    self.at.place,
                    self.at.text,
                    "at: belongs to ignition with lift-off",
                    "Write {after: core, delay: 0 s} for a later stage.",
                )
            elif self.at.value > 0.0:
                context.fault(
                    self.at.place,
                    self.at.text,
                    "an engine that lifts the vehicle off starts before first motion",
                    "Write a negative time or zero, like -15 s.",
                )
        if self.delay is None or self.after is not None:
            return
        if self.with_ != "free":
            context.fault(
                self.delay.place,
                self.delay.text,
                "delay: belongs to ignition after a stage, or at a free moment",
                "Write {after: core, delay: 0 s}, or {with: free, delay: 60 s} for the least"
                " free flight before it.",
            )
        elif self.delay.value <= 0.0:
            context.fault(
                self.delay.place,
                self.delay.text,
                "a stage that lights at a free moment flies freely before it",
                "Write a positive delay, like 60 s, or {after: core, delay: 0 s} to light at once.",
            )


class StepFile(Model):
    """One step of a throttle profile, from a time on."""

    at: Span
    level: Level


class ThrottleFile(Model):
    """A step profile (s after lift-off, or after ignition for a later stage), or a free range."""

    profile: list[StepFile] | None = None
    range: Annotated[list[Level], Field(examples=["[60 %, 100 %]"])] | None = None

    def judge(self, context: Reading) -> None:
        if (self.profile is None) == (self.range is None):
            context.fault(
                self.stands,
                "",
                "a throttle is either a profile or a range",
                "Write {profile: [{at: 112 s, level: 81 %}]} or {range: [60 %, 100 %]}.",
            )
        steps = self.profile or []
        for before, after in pairwise(steps):
            if after.at.value <= before.at.value:
                context.fault(
                    after.at.place, after.at.text, "the steps are not in order", "Sort them by at."
                )
        if self.range is not None and (
            len(self.range) != 2 or self.range[0].value >= self.range[1].value
        ):
            context.fault(
                self.range[0].place if self.range else self.stands,
                "",
                "a range is the lowest and the highest level",
                "Write range: [60 %, 100 %].",
            )


class CurvePointFile(Model):
    """One point of a thrust curve: vacuum thrust as a part of thrust_vacuum."""

    at: Span
    level: Annotated[Read, Leaf("ratio", low=0.0, high=3.0, figure=True, example="81 %")]


class CutoffFile(Model):
    """A commanded cut-off; without one the stage burns to depletion of its usable propellant."""

    at: Span
    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        "velocity": (
            "a cut-off on velocity is " + LATER,
            "Leave cutoff out: the plan chooses the last cut-off of the upper stage itself.",
        ),
    }


class SettlingFile(Model):
    """Small thrusters that settle the propellant before each ignition in weightlessness."""

    for_: Span = Field(alias="for")
    flow: Flow


class ConsumableFile(Model):
    """Mass that leaves without thrust of its own; without `flow` it stays with the stage."""

    name: Name
    mass: Mass
    flow: Flow | None = None


class JettisonFile(Model):
    """A part dropped in flight."""

    name: Id
    mass: SomeMass
    after_ignition: Span


class AttitudeFile(Model):
    """From where the stage's attitude control counts its turns."""

    zero: Annotated[str, Choice(("pad-azimuth", "flight-azimuth", "value"), what="zero")]
    value: Angle | None = None


class StageFile(Model):
    """One stage; all figures for one unit of `count`."""

    id: Id
    name: Name
    propellant: SomeMass
    dry_mass: SomeMass
    thrust_vacuum: Force
    isp_vacuum: Impulse
    ignition: IgnitionFile = Field(examples=["{with: lift-off}"])
    count: Annotated[Read, Whole(1, 64, figure=True)] = Field(default="1", validate_default=True)
    residual: Mass | None = None
    usable: SomeMass | None = None
    load: SomeMass | None = None
    burnt_before_liftoff: Mass | None = None
    thrust_sea_level: Force | None = None
    isp_sea_level: Impulse | None = None
    burn_time: Span | None = None
    kind: Annotated[str, Choice(("liquid", "solid"), what="kind of propellant")] = "liquid"
    throttle: ThrottleFile | None = None
    thrust_curve: Annotated[
        list[CurvePointFile],
        Field(examples=["[{at: 0 s, level: 90 %}, {at: 60 s, level: 110 %}]"]),
    ] = Field(default_factory=list)
    cutoff: CutoffFile | None = None
    separation_delay: Span = Field(default="0 s", validate_default=True)
    restarts: Annotated[Read, Whole(0, 100, figure=True)] = Field(
        default="0", validate_default=True
    )
    engines: Annotated[Read, Whole(1, 64, figure=True)] | None = None
    settling: SettlingFile | None = None
    ignition_loss: Mass | None = None
    consumables: list[ConsumableFile] = Field(default_factory=list)
    jettisons: list[JettisonFile] = Field(default_factory=list)
    interstage: Mass | None = None
    slew_rate: Rate | None = None
    attitude_reference: AttitudeFile | None = None
    ballistic_cd_area: Area | None = None
    suborbital: Annotated[bool, Flag()] = False

    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        "thrust": (
            "thrust over time is written relative to thrust_vacuum",
            "Write thrust_vacuum and thrust_curve: [{at: 0 s, level: 90 %}, ...].",
        ),
        "mixture_ratio": ("mixture control is " + LATER, "Write one propellant mass."),
        "coast": (
            "a coast before a stage is an ignition rule",
            "Write ignition: {after: core, delay: 20 s} or {with: free}.",
        ),
        "landing": ("returning stages are " + LATER, "Write the residual it keeps instead."),
    }
    meant: ClassVar[dict[str, str]] = {
        "thrust_vac": "thrust_vacuum",
        "thrust_sl": "thrust_sea_level",
        "isp_vac": "isp_vacuum",
        "isp_sl": "isp_sea_level",
        "isp": "isp_vacuum",
        "empty_mass": "dry_mass",
        "fuel": "propellant",
    }

    def unusable(self) -> float:
        """Residual, kg, however it was written."""
        if self.residual is not None:
            return float(self.residual.value)
        if self.usable is not None:
            return float(self.propellant.value - self.usable.value)
        return 0.0

    def loaded(self) -> float:
        return float((self.load or self.propellant).value)

    def before_liftoff(self) -> float:
        return float(self.burnt_before_liftoff.value) if self.burnt_before_liftoff else 0.0

    def judge(self, context: Reading) -> None:
        full = self.propellant.value
        if self.load is not None and self.load.value > full:
            context.fault(
                self.load.place,
                self.load.text,
                f"the load is more than the tanks hold ({self.propellant.text})",
                "Write a load up to propellant.",
            )
        if self.usable is not None and self.residual is not None:
            context.fault(
                self.usable.place,
                self.usable.text,
                "usable and residual say the same thing twice",
                "Keep one: residual is what cannot be burnt.",
            )
        elif self.usable is not None and self.usable.value > full:
            context.fault(
                self.usable.place,
                self.usable.text,
                f"usable is more than propellant ({self.propellant.text})",
                "Write what can be burnt of it.",
            )
        elif self.unusable() + self.before_liftoff() >= self.loaded():
            spent = [r for r in (self.residual, self.burnt_before_liftoff) if r is not None]
            bad = max(spent, key=lambda r: float(r.value), default=self.load or self.propellant)
            context.fault(
                bad.place,
                bad.text,
                f"nothing is left to burn in flight of a {'load' if self.load else 'propellant'}"
                f" of {self.loaded():g} kg",
                "Write less than that, and look at the units of both.",
            )
        if self.thrust_sea_level and self.thrust_sea_level.value >= self.thrust_vacuum.value:
            context.fault(
                self.thrust_sea_level.place,
                self.thrust_sea_level.text,
                "thrust at sea level is not below thrust in vacuum"
                f" (thrust_vacuum {self.thrust_vacuum.text})",
                "Swap the two, or correct one: look at their units.",
            )
        if self.isp_sea_level and self.isp_sea_level.value >= self.isp_vacuum.value:
            context.fault(
                self.isp_sea_level.place,
                self.isp_sea_level.text,
                f"Isp at sea level is not below Isp in vacuum (isp_vacuum {self.isp_vacuum.text})",
                "Swap the two, or correct one: both are in seconds.",
            )
        if self.ignition.with_ != "lift-off" and self.burnt_before_liftoff is not None:
            context.fault(
                self.burnt_before_liftoff.place,
                self.burnt_before_liftoff.text,
                "only a stage that burns at lift-off burns before it",
                "Write ignition_loss for a later stage.",
            )
        self._judge_burning(context)
        dropped = sum(j.mass.value for j in self.jettisons)
        if dropped > self.dry_mass.value:
            context.fault(
                self.jettisons[0].mass.place,
                self.jettisons[0].mass.text,
                f"the jettisons ({dropped:g} kg) are more than dry_mass, which includes them",
                "Write dry_mass with every jettison in it.",
            )

    def _judge_burning(self, context: Reading) -> None:
        """What a thrust curve and a solid exclude."""
        curve = self.thrust_curve
        if curve and (self.throttle is not None or len(curve) < 2):
            context.fault(
                curve[0].at.place,
                curve[0].at.text,
                "a thrust curve has at least two points and stands instead of a throttle",
                "Write thrust_curve: [{at: 0 s, level: 90 %}, {at: 60 s, level: 110 %}] alone.",
            )
        for before, after in pairwise(curve):
            if after.at.value <= before.at.value:
                context.fault(
                    after.at.place, after.at.text, "the points are not in order", "Sort them by at."
                )
        if curve and (curve[0].at.value != 0.0 or not any(p.level.value > 0.0 for p in curve)):
            context.fault(
                curve[0].at.place,
                curve[0].at.text,
                "a thrust curve begins at ignition and pushes somewhere",
                "Write its first point as {at: 0 s, level: 90 %}.",
            )
        if self.kind != "solid":
            return
        for name, there in (
            ("a throttle", self.throttle is not None),
            ("restarts", self.restarts.value > 0),
            ("a cut-off by command", self.cutoff is not None),
        ):
            if there:
                context.fault(
                    self.stands_key("kind"),
                    "solid",
                    f"a solid has no {name.removeprefix('a ')}: it burns in one piece to its end",
                    "Write thrust_curve for its thrust over time, or kind: liquid.",
                )

    def to_stage(self) -> Stage:
        """The noun. `interstage` leaves with the stage, so it is a carried consumable."""
        spent = self.before_liftoff()
        # none stated is zero in the noun: the ascent's own least free flight
        ignition = Ignition("free", "", value_of(self.ignition.delay) or 0.0)
        if self.ignition.with_ == "lift-off":
            ignition = Ignition("lift-off", "", value_of(self.ignition.at) or 0.0)
        elif self.ignition.after is not None:
            ignition = Ignition("after", self.ignition.after, value_of(self.ignition.delay) or 0.0)
        carried = [Consumable(c.name, c.mass.value, value_of(c.flow)) for c in self.consumables]
        if self.interstage is not None:
            carried.append(Consumable("interstage", self.interstage.value, None))
        throttle = self.throttle
        turns = self.attitude_reference
        return Stage(
            id=self.id,
            name=self.name,
            count=self.count.value,
            propellant_kg=self.propellant.value - spent,
            load_kg=self.loaded() - spent,
            residual_kg=self.unusable(),
            dry_mass_kg=self.dry_mass.value,
            thrust_vacuum_n=self.thrust_vacuum.value,
            isp_vacuum_s=self.isp_vacuum.value,
            ignition=ignition,
            thrust_sea_level_n=value_of(self.thrust_sea_level),
            isp_sea_level_s=value_of(self.isp_sea_level),
            burn_time_s=value_of(self.burn_time),
            throttle=tuple(
                (s.at.value, s.level.value) for s in (throttle.profile if throttle else None) or ()
            ),
            thrust_curve=tuple((p.at.value, p.level.value) for p in self.thrust_curve),
            throttle_range=(
                (throttle.range[0].value, throttle.range[1].value)
                if throttle and throttle.range
                else None
            ),
            cutoff_s=self.cutoff.at.value if self.cutoff else None,
            separation_delay_s=self.separation_delay.value,
            restarts=self.restarts.value,
            settling_s=self.settling.for_.value if self.settling else 0.0,
            settling_flow_kg_s=self.settling.flow.value if self.settling else 0.0,
            ignition_loss_kg=value_of(self.ignition_loss) or 0.0,
            consumables=tuple(carried),
            jettisons=tuple(
                Jettison(j.name, j.mass.value, j.after_ignition.value) for j in self.jettisons
            ),
            slew_rate_rad_s=value_of(self.slew_rate),
            attitude_reference=(
                AttitudeReference(turns.zero, value_of(turns.value) or 0.0)  # type: ignore[arg-type]
                if turns
                else None
            ),
            ballistic_cd_area_m2=value_of(self.ballistic_cd_area),
            suborbital=self.suborbital,
            burnt_before_liftoff_kg=spent,
            solid=self.kind == "solid",
            engines=0 if self.engines is None else self.engines.value,
        )

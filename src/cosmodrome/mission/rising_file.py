"""Steps on the ground of the Moon and up from it, as mission files write them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, PrivateAttr

from cosmodrome.errors import did_you_mean
from cosmodrome.formats.leaves import Choice, Instant, Leaf, Words
from cosmodrome.formats.typed import Model, Read
from cosmodrome.formats.yaml_text import Mapping  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.ground_file import GroundFile
from cosmodrome.mission.phase_file import object_of
from cosmodrome.mission.simple_step_file import Span  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.steps import Rise, Stay
from cosmodrome.mission.to_moon_file import LunarOrbitFile  # noqa: TC001  (read by pydantic)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.formats.typed import Reading
    from cosmodrome.mission.nouns import Spacecraft
    from cosmodrome.mission.plan_file import PlanStepFile
    from cosmodrome.mission.starts import Start

__all__ = ["RiseFile", "StayFile", "judge_ground"]

_DAY = 86_400.0
_WIDTH = (2e3, "2 km")
# what is taken where nothing is written, and as text
_DEFAULTS: dict[str, tuple[float, str]] = {
    "rise": (10.0, "10 s"),
    "turn_rate": (math.radians(5.0), "5 deg/s"),
    "reserve": (0.0, "0 kg"),
}
# the same where another craft is risen to
_BESIDE: dict[str, tuple[float, str]] = {
    "behind": (450e3, "450 km"),
    "within": (_DAY, "1 day"),
    "cross_range": (20e3, "20 km"),
}


class StayFile(Model):
    """At rest on the ground for a time, or until an instant."""

    for_: Span | None = Field(default=None, alias="for", examples=["21.6 h"])
    until: Annotated[Read, Instant()] | None = None
    name: Annotated[str, Words("a name", "stay")] | None = None

    written: ClassVar[str] = "{for: 21.6 h}"
    meant: ClassVar[dict[str, str]] = {"duration": "for", "time": "for", "within": "for"}

    @classmethod
    def prepare(cls, data: Mapping, context: Reading) -> Mapping:
        if "for" in data and "until" in data:
            at = data.keys_at["until"]
            context.fault(at, "", "for and until both end the stay", "Keep one of the two.")
        elif not {"for", "until"} & set(data) and set(data) <= {"name"}:
            why = "nothing says when the stay ends"
            context.fault(data.place, "", why, f"Write {cls.written}.")
        return data

    def to_step(self, number: int) -> Stay:
        return Stay(
            None if self.for_ is None else self.for_.value,
            None if self.until is None else self.until.value,
            self.name or f"stay {number}",
        )

    def tree(self, number: int) -> dict[str, Any]:
        end = self.for_ or self.until
        assert end is not None
        key = "until" if self.for_ is None else "for"
        return {"name": self.name or f"stay {number}", key: end.text}


Length = Annotated[Read, Leaf("length", low=0.0, above=True, high=5_000e3, example="450 km")]


class RiseFile(Model):
    """Up into an orbit: which, what rises, and whose plane."""

    orbit: LunarOrbitFile
    going: Annotated[str, Choice(("north", "south"), what="way")] | None = None
    object: Annotated[str, Words("an id", "ascent-stage", identifier=True)] | None = None
    with_: Any = Field(
        default=None,
        alias="with",
        examples=["{id: orbiter, elements: {...}}"],
    )
    behind: Length | None = None
    within: Annotated[Read, Leaf("time", low=0.0, above=True, high=60.0 * _DAY)] | None = None
    cross_range: Length | None = None
    rise: Annotated[Read, Leaf("time", low=0.0, above=True, high=60.0, example="10 s")] | None = (
        None
    )
    turn_rate: Annotated[Read, Leaf("angular rate", low=0.0, above=True, example="5 deg/s")] | (
        None
    ) = None
    reserve: Annotated[Read, Leaf("mass", low=0.0, example="20 kg")] | None = None
    name: Annotated[str, Words("a name", "ascent")] | None = None

    written: ClassVar[str] = "{orbit: {perilune: 17 km, apolune: 89 km, sense: retrograde}}"
    meant: ClassVar[dict[str, str]] = {
        "target": "orbit",
        "to": "orbit",
        "stage": "object",
        "meet": "with",
        "at_most": "within",
        "margin": "reserve",
        "vertical": "rise",
    }
    _start: Start | None = PrivateAttr(default=None)
    _id: str = PrivateAttr(default="object")

    def judge(self, context: Reading) -> None:
        if self.with_ is None:
            for key in _BESIDE:
                read = getattr(self, key)
                if read is not None:
                    context.fault(
                        read.place, read.text,
                        f"{key} is for a craft that is risen to, and there is none",
                        f"Remove {key}, or write with: {{id: orbiter, elements: {{...}}}}.",
                    )  # fmt: skip
            if self.going is not None and self.orbit.inclination is None:
                context.fault(
                    self.stands_key("going"), self.going,
                    "without an inclination the plane is left to the east or to the west",
                    "Add inclination to orbit, or remove going.",
                )  # fmt: skip
            return
        for key, there in (
            ("orbit", self.orbit.inclination or self.orbit.sense), ("going", self.going),
        ):  # fmt: skip
            if there is not None:
                context.fault(
                    self.stands_key(key), "", "the plane is that of the craft that is risen to",
                    "Remove inclination, sense and going, or with.",
                )  # fmt: skip
        found = object_of(self.with_, context)
        if found is not None:
            self._id, self._start = found

    def judge_craft(self, craft: Spacecraft, whole: bool, context: Reading) -> None:
        """Record a fault for what is not carried, has no engine, or holds too little.

        whole  has it left nothing behind before?
        """
        rising = craft
        if self.object is not None and not whole:
            context.fault(
                self.stands_key("object"), self.object,
                "what rose before has left the rest behind, and carries nothing",
                "Remove object.",
            )  # fmt: skip
            return
        if self.object is not None:
            carried = [c.id for c in craft.carries]
            if self.object not in carried:
                hint = f"{did_you_mean(self.object, carried)} Or add" if carried else "Add"
                context.fault(
                    self.stands_key("object"), self.object,
                    f"{craft.id} carries nothing of this name",
                    f"{hint} it: spacecraft: {{carries: [{{id: {self.object}, mass: 4888 kg,"
                    " engine: {thrust: 15.6 kN, isp: 311 s}, propellant: 2376 kg}]}.",
                )  # fmt: skip
                return
            rising = craft.carried(self.object)
        if rising.engine is None:
            context.fault(
                self.stands, "", f"{rising.id} has no engine to rise with",
                "Give it one: engine: {thrust: 15.6 kN, isp: 311 s}, propellant: 2376 kg.",
            )  # fmt: skip
        elif self.reserve is not None and self.reserve.value >= rising.propellant_kg:
            context.fault(
                self.reserve.place, self.reserve.text,
                f"{rising.id} holds {rising.propellant_kg:g} kg of propellant in all",
                "Write a smaller reserve.",
            )  # fmt: skip
        if self.with_ is not None and self._id in (craft.id, *(c.id for c in craft.carries)):
            context.fault(
                self.stands_key("with"), self._id, "this is the name of what flies",
                "Give the other craft another id, like orbiter.",
            )  # fmt: skip

    def rising(self, craft: Spacecraft) -> Spacecraft:
        """What flies on, of what stood on the ground."""
        return {c.id: c for c in craft.carries}.get(self.object or "", craft)

    def _value(self, key: str) -> float:
        read = getattr(self, key)
        return (_DEFAULTS | _BESIDE)[key][0] if read is None else float(read.value)

    def to_step(self, number: int) -> Rise:
        low, high = self.orbit.heights()
        i = self.orbit.inclination
        return Rise(
            perilune_m=low.value,
            apolune_m=high.value,
            tolerance_m=_WIDTH[0] if low.tolerance is None else low.tolerance,
            inclination_rad=None if i is None else i.value,
            retrograde=self.orbit.sense == "retrograde",
            going=self.going,  # type: ignore[arg-type]
            object=self.object or "",
            other=self._start,
            other_id=self._id,
            behind_m=self._value("behind"),
            within_s=self._value("within"),
            cross_m=self._value("cross_range"),
            rise_s=self._value("rise"),
            rate_rad_s=self._value("turn_rate"),
            reserve_kg=self._value("reserve"),
            name=self.name or f"ascent {number}",
        )

    def tree(self, number: int) -> dict[str, Any]:
        orbit = self.orbit.tree()
        out: dict[str, Any] = {"name": self.name or f"ascent {number}", "orbit": orbit}
        for key in ("going", "object"):
            if getattr(self, key) is not None:
                out[key] = getattr(self, key)
        defaults = _DEFAULTS
        if self._start is not None:
            from cosmodrome.mission.start_file import start_written

            orbit.pop("sense", None)
            out["with"] = {"id": self._id, **start_written(self._start)}
            defaults = _DEFAULTS | _BESIDE
        for key, (_, text) in defaults.items():
            read = getattr(self, key)
            out[key] = text if read is None else read.text
        return out


def judge_ground(
    files: Sequence[PlanStepFile], craft: Spacecraft, on_the_ground: bool, context: Reading
) -> None:
    """Record a fault for a step on the ground that is flown in orbit, or the other way round.

    on_the_ground  does the mission begin there?
    """
    there, whole = on_the_ground, True
    gone: set[str] = set()
    for file in files:
        if file.release is not None:
            gone.add(file.release.object)
            if not whole:
                context.fault(
                    file.release.stands,
                    file.release.object,
                    "what was carried stayed on the Moon, with what did not rise",
                    "Release it before the lunar-ascent, or remove the step.",
                )
                return
        step = file.stay or file.lunar_ascent
        if step is None and there:
            context.fault(
                file.stands,
                "",
                f"{craft.id} stands on the Moon before this step",
                f"Write - stay: {StayFile.written}, or - lunar-ascent: {RiseFile.written}.",
            )
            return
        if step is None:
            there = file.landing is not None
            continue
        if not there:
            context.fault(
                step.stands,
                "",
                f"{craft.id} does not stand on the Moon before this step",
                f"Write - landing: before it, or start: {{ground: {GroundFile.written}}}.",
            )
            return
        rises = file.lunar_ascent
        if rises is None:
            continue
        if rises.object in gone:
            context.fault(
                rises.stands_key("object"),
                rises.object,
                "it is released already, and does not stand here",
                "Remove its release, or let another rise.",
            )
            return
        rises.judge_craft(craft, whole, context)
        there, whole = False, whole and rises.object is None

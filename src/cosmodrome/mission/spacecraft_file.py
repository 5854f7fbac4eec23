"""Spacecraft as mission files describe them: one mapping, or a list in the order of release.

Of a list the first is the primary: it is released into the mission's `target`. Each one after it
goes to a `target` of its own, or leaves with the one before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.formats.leaves import Leaf, Words
from cosmodrome.formats.typed import Model, Read, build, shown
from cosmodrome.formats.yaml_text import Mapping, Sequence
from cosmodrome.mission.carried_file import (
    Area,
    CarriedFile,
    EngineFile,
    body_of,
    body_tree,
    judge_tank,
)
from cosmodrome.mission.nouns import Passenger, Spacecraft, Target
from cosmodrome.mission.power_file import PowerFile  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.radio_file import RadioFile  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.target_file import read_target, written

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Vehicle
    from cosmodrome.formats.typed import Reading
    from cosmodrome.mission.target_file import TargetFile

__all__ = ["ListedFile", "Manifest", "SpacecraftFile", "read_spacecraft"]

#: half-width of an inclination taken from the orbit before
_SAME_PLANE_RAD = math.radians(0.05)
#: names that other things on the stack have
_TAKEN = ("stack", "fairing")

Id = Annotated[str, Words("an id", "spacecraft", identifier=True)]
Seconds = Annotated[Read, Leaf("time", low=0.0, high=86_400.0, example="60 s")]


def _default(text: str) -> Any:
    return Field(default=text, validate_default=True)


class SpacecraftFile(Model):
    """What is released at the end of the ascent, or flies from a start in orbit."""

    mass: Annotated[
        Read,
        Leaf("mass", low=0.0, above=True, words=("maximum",), example="2900 kg"),
    ]
    id: Id = "spacecraft"
    drag_area: Area = _default("10 m^2")
    drag_coefficient: Annotated[Read, Leaf("number", low=0.0, high=10.0)] = _default("2.2")
    srp_area: Area | None = None
    reflectivity: Annotated[Read, Leaf("number", low=0.0, high=2.0, example="1.3")] = _default(
        "1.3"
    )
    engine: EngineFile | None = None
    thrusters: EngineFile | None = Field(default=None, examples=["{thrust: 0.9 N, isp: 220 s}"])
    propellant: Annotated[Read, Leaf("mass", low=0.0, above=True, example="500 kg")] | None = None
    radio: RadioFile | None = Field(
        default=None,
        examples=[
            "{downlink: {frequency: 8.2 GHz, data_rate: 100 Mbit/s, power: 8 W, required_ebn0: 4.4"
            " dB}}"
        ],
    )
    power: PowerFile | None = Field(
        default=None,
        examples=[
            "{array: {area: 2 m^2, efficiency: 30 %}, battery: {capacity: 500 Wh}, load: {sunlit:"
            " 250 W}}"
        ],
    )
    shadow: (
        Annotated[Read, Leaf("time", low=0.0, above=True, high=86_400.0, example="36 min")] | None
    ) = None
    carries: list[CarriedFile] = Field(
        default_factory=list, examples=["[{id: cubesat-1, mass: 6 kg}]"]
    )

    meant: ClassVar[dict[str, str]] = {
        "cd": "drag_coefficient",
        "area": "drag_area",
        "cr": "reflectivity",
        "name": "id",
    }
    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        "target": (
            "one spacecraft goes to the mission's target",
            "Write target beside spacecraft, or list several spacecraft with a dash for each.",
        ),
        "after": (
            "one spacecraft is released once",
            "Remove after, or list several spacecraft with a dash for each.",
        ),
        "adapter": (
            "the adapter of one spacecraft belongs to the vehicle",
            "Write adapter in the vehicle's file, or list several spacecraft with a dash for each.",
        ),
    }

    def judge(self, context: Reading) -> None:
        self._judge_carried(context)
        judge_tank(self, context)

    def _judge_carried(self, context: Reading) -> None:
        taken = {self.id, *_TAKEN}
        for file in self.carries:
            if file.id in taken:
                context.fault(
                    file.stands_key("id"),
                    file.id,
                    "this name is taken already",
                    "Give everything that flies an id of its own.",
                )
            taken.add(file.id)
        carried = sum(file.mass.value for file in self.carries)
        held = 0.0 if self.propellant is None else self.propellant.value
        if self.carries and self.mass.value is None:
            context.fault(
                self.stands_key("carries"),
                "",
                f"the mass of {self.id} is to be found, and what it carries is part of it",
                "Write its mass with all that it carries, like 300 kg.",
            )
        elif self.carries and carried + held >= self.mass.value:
            context.fault(
                self.stands_key("carries"),
                f"{carried:g} kg",
                f"what is carried{' and the propellant are' if held else ' is'} part of the mass,"
                f" which is {self.mass.text}",
                "Write the mass with everything aboard.",
            )

    def tree(self) -> dict[str, Any]:
        """The mapping with every default written out."""
        out = body_tree(self)
        if self.radio is not None:
            out["radio"] = self.radio.tree()
        if self.power is not None:
            out["power"] = self.power.tree()
        if self.shadow is not None:
            out["shadow"] = self.shadow.text
        if self.carries:
            out["carries"] = [file.tree() for file in self.carries]
        return out

    def to_spacecraft(self) -> Spacecraft:
        return body_of(
            self,
            radio=None if self.radio is None else self.radio.to_radio(),
            power=None if self.power is None else self.power.to_power(),
            carries=tuple(file.to_spacecraft() for file in self.carries),
            shadow_s=None if self.shadow is None else self.shadow.value,
        )


class AdapterFile(Model):
    """What carries one of several spacecraft, beside the vehicle's own adapter."""

    mass: Annotated[Read, Leaf("mass", low=0.0, above=True, example="60 kg")]
    jettison: Seconds | None = None

    meant: ClassVar[dict[str, str]] = {"leaves": "jettison", "separation": "jettison"}


class ListedFile(SpacecraftFile):
    """One of several spacecraft: where it goes, or how long after the one before it leaves."""

    id: Id = Field(examples=["demo-sat"])
    target: Any = None
    after: Seconds | None = None
    adapter: AdapterFile | None = None

    meant: ClassVar[dict[str, str]] = {
        **SpacecraftFile.meant,
        "orbit": "target",
        "delay": "after",
        "dispenser": "adapter",
    }
    reserved: ClassVar[dict[str, tuple[str, str]]] = {}

    def to_spacecraft(self) -> Spacecraft:
        craft = super().to_spacecraft()
        if self.adapter is None:
            return craft
        leaves = self.adapter.jettison
        return replace(
            craft,
            adapter_kg=self.adapter.mass.value,
            adapter_leaves_s=None if leaves is None else leaves.value,
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """Spacecraft as read, and how the resolved file writes them."""

    spacecraft: Spacecraft
    passengers: tuple[Passenger, ...]
    tree: Any


def read_spacecraft(
    node: object, first: Target | None, vehicle: Vehicle | None, context: Reading
) -> Manifest | None:
    """The spacecraft of a mission; None with the faults recorded.

    first    the mission's target, as far as it could be read
    vehicle  whose stages' names are taken
    """
    if not isinstance(node, Sequence):
        file = build(SpacecraftFile, node, context)
        return None if file is None else Manifest(file.to_spacecraft(), (), file.tree())
    if not node:
        context.fault(
            node.place,
            "",
            "the list of spacecraft is empty",
            "Write - {id: main-sat, mass: 2900 kg}, with a dash for each.",
        )
        return None
    files = [build(ListedFile, item, context) for item in node]
    targets = [_target(f, k, context) for k, f in enumerate(files)]
    if any(f is None for f in files):
        return None
    listed = [f for f in files if f is not None]
    before = len(context.faults)
    _judge_names(listed, vehicle, context)
    _judge_masses(listed, context)
    _judge_order(listed, context)
    for file in listed if len(listed) > 1 else ():
        if file.carries:
            context.fault(
                file.stands_key("carries"),
                "",
                "of several spacecraft of a flight none releases others later",
                "Write the mission of the spacecraft that carries others in a file of its own.",
            )
    if len(listed) == 1 and listed[0].adapter is not None:
        context.fault(listed[0].adapter.stands, "", *SpacecraftFile.reserved["adapter"])
    if first is not None and first.c3_m2_s2 is not None and len(listed) > 1:
        context.fault(
            node.place,
            "",
            "a departure (kind: c3) is flown with one spacecraft",
            "Write one mapping with the mass of all of them: spacecraft: {mass: 2900 kg}.",
        )
    if len(context.faults) > before or first is None:
        return None
    return _manifest(listed, targets, first)


def _manifest(
    listed: list[ListedFile], targets: list[TargetFile | None], first: Target
) -> Manifest:
    passengers, trees = [], []
    now = first
    for k, (file, asked) in enumerate(zip(listed, targets, strict=True)):
        tree = file.tree()
        if file.adapter is not None:
            tree["adapter"] = {"mass": file.adapter.mass.text}
            if file.adapter.jettison is not None:
                tree["adapter"]["jettison"] = file.adapter.jettison.text
        target = None
        if asked is not None:
            target = now = _onward(asked, now)
            tree["target"] = written(asked)
        elif k > 0:
            tree["after"] = "0 s" if file.after is None else file.after.text
        trees.append(tree)
        if k > 0:
            after_s = 0.0 if file.after is None else file.after.value
            passengers.append(Passenger(file.to_spacecraft(), target, after_s))
    one = trees[0] if len(trees) == 1 else trees
    return Manifest(listed[0].to_spacecraft(), tuple(passengers), one)


def _onward(asked: TargetFile, before: Target) -> Target:
    """A later target: where it states no plane of its own, the one before's."""
    target = asked.to_target()
    states = target.inclination_rad is not None or target.turns_with_sun
    if states:
        return target
    return replace(
        target,
        plane_of=before.plane_of or before,
        inclination_tolerance_rad=_SAME_PLANE_RAD,
    )


def _target(file: ListedFile | None, k: int, context: Reading) -> TargetFile | None:
    """The target of spacecraft k where it has one, judged as a later one."""
    if file is None or file.target is None:
        return None
    node = file.target
    where = getattr(node, "place", None)
    if k == 0:
        context.fault(
            where,
            shown(node),
            "the first spacecraft is released into the mission's target",
            "Write target beside spacecraft, and none here.",
        )
        return None
    if file.after is not None:
        context.fault(
            file.after.place,
            file.after.text,
            "after counts from the release before it in the same orbit, and this spacecraft has an"
            " orbit of its own",
            "Remove after, or remove target.",
        )
    if isinstance(node, Mapping):
        if str(node.get("kind")) in ("c3", "lunar-orbit", "lunar-landing", "libration"):
            context.fault(
                getattr(node["kind"], "place", where),
                str(node["kind"]),
                "a departure is not flown after another release",
                "Write it as a mission of its own, or kind: elliptic with a high apogee.",
            )
            return None
        for key in ("raan", "ltan", "ltdn"):
            if key in node:
                context.fault(
                    node.keys_at[key],
                    shown(node[key]),
                    "the node of a later orbit cannot be asked for: the launch instant sets the"
                    " first one's, and a turn of the node on the way is not planned",
                    f"Remove {key}: it follows from the first orbit's.",
                )
                return None
    return read_target(node, context, later=True)


def _judge_names(listed: list[ListedFile], vehicle: Vehicle | None, context: Reading) -> None:
    taken: dict[str, str] = dict.fromkeys(_TAKEN, "the vehicle")
    for stage in vehicle.stages if vehicle is not None else ():
        taken[stage.id] = f"a stage of {vehicle.name}" if vehicle is not None else ""
        taken |= {j.name: f"a part of stage {stage.id}" for j in stage.jettisons}
    for file in listed:
        names = [file.id] + ([file.to_spacecraft().adapter_id] if file.adapter else [])
        for name in names:
            if name in taken:
                context.fault(
                    file.stands_key("id"),
                    file.id,
                    f"{name!r} is already the name of {taken[name]}",
                    "Give each spacecraft an id of its own.",
                )
            taken[name] = "another spacecraft"


def _judge_masses(listed: list[ListedFile], context: Reading) -> None:
    free = [f for f in listed if f.mass.value is None]
    for file in free[1:]:
        context.fault(
            file.mass.place,
            file.mass.text,
            f"the mass of {free[0].id!r} is to be found already: one spacecraft may say maximum",
            "Write a mass, like 300 kg.",
        )


def _judge_order(listed: list[ListedFile], context: Reading) -> None:
    """`after` of the first; an adapter that would leave after all is over."""
    if listed[0].after is not None:
        context.fault(
            listed[0].after.place,
            listed[0].after.text,
            "nothing is released before the first spacecraft",
            "Remove after.",
        )
    # times within the last orbit
    start = max(k for k, f in enumerate(listed) if k == 0 or f.target is not None)
    at, times = 0.0, []
    for file in listed[start:]:
        at += file.after.value if file.after is not None else 0.0
        times.append((at, file))
    for when, file in times:
        leaves = file.adapter.jettison if file.adapter is not None else None
        if leaves is not None and when + leaves.value >= at:
            context.fault(
                leaves.place,
                leaves.text,
                "the stack is flown to its last release, and this adapter would leave"
                f" {when + leaves.value - at:g} s after it",
                "Remove jettison: the adapter stays on the stage.",
            )

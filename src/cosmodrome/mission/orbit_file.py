"""A mission file that begins in orbit: `start` instead of site, vehicle and launch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.formats.leaves import Choice, Words
from cosmodrome.formats.typed import Model, build
from cosmodrome.formats.yaml_text import Mapping, Sequence, as_yaml
from cosmodrome.mission.avoid_file import AvoidFile, avoided_of, avoided_written
from cosmodrome.mission.imaging_file import ImagedFile, imaged_of, imaged_written
from cosmodrome.mission.impulses_file import judge_instants
from cosmodrome.mission.mission_file import PhysicsFile, SpaceWeatherFile, physics_tree, weather_of
from cosmodrome.mission.nouns import OrbitMission
from cosmodrome.mission.plan_file import PlanStepFile, judge_plan, step_of, step_written
from cosmodrome.mission.planted_file import PlantedFile, planted_of, planted_written
from cosmodrome.mission.rising_file import judge_ground
from cosmodrome.mission.spacecraft_file import SpacecraftFile
from cosmodrome.mission.start_file import read_start, start_written
from cosmodrome.mission.target_file import read_target, written
from cosmodrome.mission.visibility_file import StationFile, stations_of
from cosmodrome.mission.visibility_file import written as visibility_written

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading
    from cosmodrome.formats.yaml_text import Node
    from cosmodrome.mission.nouns import Start

__all__ = ["OrbitMissionFile", "read_orbit_mission"]

_GROUND = ("site", "vehicle", "launch", "limits", "drops", "wind", "visibility", "objective")


class OrbitMissionFile(Model):
    """The mission but start, spacecraft and target, which have their own readers."""

    schema_: Annotated[str, Choice(("cosmodrome/1",), what="schema")] = Field(alias="schema")
    name: Annotated[str, Words("a name", "From a transfer orbit to the geostationary one")]
    start: Any = Field(examples=["{tle: {file: satellite.tle}}"])
    spacecraft: Any = Field(examples=["{mass: 2900 kg}"])
    target: Any = None
    plan: list[PlanStepFile] = Field(examples=["[coast: {for: 1 day}]"])
    physics: PhysicsFile | None = None
    space_weather: SpaceWeatherFile | None = None
    stations: list[StationFile] = Field(default_factory=list)
    imaging: list[ImagedFile] = Field(default_factory=list)
    avoid: list[AvoidFile] = Field(default_factory=list)
    faults: list[PlantedFile] = Field(default_factory=list)

    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        key: (
            f"{key} belongs to a mission from a pad, and this one begins in orbit",
            f"Remove {key}, or remove start and begin on a pad with site, vehicle and launch.",
        )
        for key in _GROUND
    }
    meant: ClassVar[dict[str, str]] = {
        "begin": "start",
        "initial_state": "start",
        "state": "start: {state: ...}",
        "tle": "start: {tle: ...}",
        "orbit": "target",
        "satellite": "spacecraft",
        "cola": "avoid",
        "conjunctions": "avoid",
    }


def read_orbit_mission(node: Node, context: Reading) -> OrbitMission | None:
    """The mission of a file with `start`; None with the faults recorded."""
    file = build(OrbitMissionFile, node, context)
    parts = node if isinstance(node, Mapping) else {}
    start = read_start(parts["start"], context, context.folder) if "start" in parts else None
    target = read_target(parts["target"], context) if "target" in parts else None
    craft = None
    if "spacecraft" in parts:
        given = parts["spacecraft"]
        if isinstance(given, Sequence):
            context.fault(
                given.place,
                "a list",
                "one spacecraft begins in orbit",
                "Write one mapping: spacecraft: {mass: 2900 kg}.",
            )
        else:
            craft = build(SpacecraftFile, given, context)
    if craft is not None and craft.mass.value is None:
        context.fault(
            craft.mass.place,
            craft.mass.text,
            "a mass in orbit is known: there is no ascent whose capability could be solved for",
            "Write a mass, like 2900 kg.",
        )
    if start is not None and craft is not None:
        _judge_mass(start, craft, context)
    if start is not None and start.centre == "moon" and "target" in parts:
        context.fault(
            getattr(parts, "keys_at", {}).get("target"),
            "",
            "a target is an orbit about the Earth, and this mission begins about the Moon",
            "Remove it, and write what the orbit must be in a step: - transfer: {to: {perilune: 50"
            " km, apolune: 50 km}}.",
        )
    if file is not None and file.physics is None:
        file = file.model_copy(update={"physics": build(PhysicsFile, Mapping(node.place), context)})
    if file is not None and not file.plan:
        context.fault(
            file.stands_key("plan"), "", "the plan is empty", "Write - coast: {for: 1 day}."
        )
    if file is not None and craft is not None:
        judge_plan(file.plan, craft.to_spacecraft(), False, context)
        on_the_ground = start is not None and start.ground is not None
        judge_ground(file.plan, craft.to_spacecraft(), on_the_ground, context)
    if file is not None and start is not None and not context.faults:
        told = [None if step.coast is None else step.coast.impulses for step in file.plan]
        steps = (step_of(step, number) for number, step in enumerate(file.plan, 1))
        judge_instants(zip(steps, told, strict=True), start.epoch, context)
    stations = {} if file is None else stations_of(file.stations, context)
    centre = "earth" if start is None else start.centre
    imaging = () if file is None else imaged_of(file.imaging, centre, context)
    avoid = () if file is None else avoided_of(file.avoid, context)
    planted = () if file is None else planted_of(file.faults, context)
    if context.faults or file is None or start is None or craft is None or file.physics is None:
        return None
    tree: dict[str, Any] = {
        "schema": file.schema_,
        "name": file.name,
        "start": start_written(start),
        "spacecraft": craft.tree(),
    }
    if target is not None:
        tree["target"] = written(target)
    tree["plan"] = [step_written(step, number) for number, step in enumerate(file.plan, 1)]
    tree |= physics_tree(file.physics, file.space_weather, start.centre)
    tree |= visibility_written(file.stations, [])
    tree |= imaged_written(file.imaging, start.centre)
    tree |= avoided_written(avoid)
    tree |= planted_written(file.faults)
    return OrbitMission(
        name=file.name,
        start=start,
        spacecraft=craft.to_spacecraft(),
        plan=tuple(step_of(step, number) for number, step in enumerate(file.plan, 1)),
        target=None if target is None else target.to_target(),
        physics=file.physics.to_model(),
        space_weather=weather_of(file.space_weather),
        stations=tuple(stations.values()),
        source=context.file,
        resolved=as_yaml(tree),
        imaging=imaging,
        avoid=avoid,
        faults=planted,
    )


def _judge_mass(start: Start, craft: SpacecraftFile, context: Reading) -> None:
    told, written = start.mass_kg, craft.mass.value
    if told is None or written is None or abs(told - written) <= 1e-3:
        return
    context.fault(
        craft.mass.place,
        craft.mass.text,
        f"the start says another mass, {told:g} kg ({start.source})",
        f"Write mass: {told:g} kg, or correct the start.",
    )

"""From a mission file to a frozen Mission: read, resolve names, judge, write out.

One pass collects every fault of the file and of the vehicle and site files it names.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosmodrome.catalog.files import resolve_site, resolve_vehicle
from cosmodrome.catalog.nouns import Limits
from cosmodrome.errors import Fault, MissionFileError, UnknownNameError, did_you_mean
from cosmodrome.formats.quantity import format_quantity
from cosmodrome.formats.typed import Reading, build
from cosmodrome.formats.yaml_text import Mapping, as_yaml, read, read_file
from cosmodrome.mission.avoid_file import avoided_of, avoided_written
from cosmodrome.mission.conditions_file import (
    conditions_of,
    conditions_written,
    meet_of,
    meet_written,
)
from cosmodrome.mission.drops_file import drops_of, drops_written
from cosmodrome.mission.imaging_file import imaged_of, imaged_written
from cosmodrome.mission.landing_target_file import with_its_plan
from cosmodrome.mission.mission_file import MissionFile, PhysicsFile, physics_tree, weather_of
from cosmodrome.mission.nouns import (
    AzimuthClaim,
    Launch,
    Mission,
    WindTable,
)
from cosmodrome.mission.plan_file import judge_plan, judge_way, step_of, step_written
from cosmodrome.mission.planted_file import planted_of, planted_written
from cosmodrome.mission.rising_file import judge_ground
from cosmodrome.mission.spacecraft_file import read_spacecraft
from cosmodrome.mission.target_file import read_target, written
from cosmodrome.mission.visibility_file import stations_of, visibility_of
from cosmodrome.mission.visibility_file import written as visibility_written
from cosmodrome.mission.wind_file import wind_table, wind_written
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Station
    from cosmodrome.formats.yaml_text import Node
    from cosmodrome.mission.avoiding import Avoid
    from cosmodrome.mission.nouns import AnyMission, Meet, Spacecraft, Target, Visibility
    from cosmodrome.mission.spacecraft_file import Manifest

__all__ = ["load", "loads", "scaffold", "shipped_missions", "shipped_path", "validate"]

#: acceptance half-width of a claimed azimuth when none is written
_AZIMUTH_WIDTH_TEXT = "0.5 deg"
_AZIMUTH_WIDTH = 0.5 * 3.141592653589793 / 180.0


def _launch(file: MissionFile, meet: Meet | None) -> Launch:
    launch = file.launch
    claim = launch.azimuth
    return Launch(
        time=launch.time.value if launch.time else None,
        window=launch.window.value if launch.window else None,
        azimuth=(
            AzimuthClaim(
                claim.value.value,
                claim.kind,  # type: ignore[arg-type]
                _AZIMUTH_WIDTH if claim.value.tolerance is None else claim.value.tolerance,
            )
            if claim
            else None
        ),
        node=launch.node,  # type: ignore[arg-type]
        conditions=conditions_of(launch.conditions),
        meet=meet,
    )


#: key -> (noun field, unit, dimension) of each limit
_LIMITS = {
    "dynamic_pressure": ("dynamic_pressure_pa", "kPa", "pressure"),
    "heat_flux": ("heat_flux_w_m2", "W/m^2", "heat flux"),
    "axial_acceleration": ("axial_acceleration_m_s2", "g0", "acceleration"),
    "q_alpha": ("q_alpha_pa_rad", "Pa rad", "pressure angle"),
    "coast_altitude": ("coast_altitude_m", "km", "length"),
    "perigee": ("perigee_altitude_m", "km", "length"),
}

#: floor of coasts between burns where neither mission nor vehicle states one. Assumed: parking
#: orbits that were flown lie at 173 km (Proton-M) and 183 km (AS-506), Rangers' near 160 km
_COAST_M = 160e3
#: and that much below the target's perigee where the target itself is low
_BELOW_TARGET_M = 10e3


def _coast_floor_m(target: Target) -> float:
    """The floor of coasts that is assumed on the way to a target, m above the equatorial radius."""
    a, e = target.semi_major_axis_m, target.eccentricity
    if a is None or e is None:
        return _COAST_M
    perigee = a.value * (1.0 - e.value) - EARTH_EQUATORIAL_RADIUS_M
    return min(_COAST_M, perigee - _BELOW_TARGET_M)


def _limits(
    file: MissionFile, vehicle: Limits, targets: tuple[Target, ...]
) -> tuple[Limits, dict[str, str]]:
    """Limits and how to write them: what the mission does not limit, the vehicle may.

    `none` in the mission lifts a limit of the vehicle, and the floor that is assumed otherwise.
    """
    values: dict[str, float | None] = {}
    texts: dict[str, str] = {}
    for key, (field, unit, dimension) in _LIMITS.items():
        asked = getattr(file.limits, key) if file.limits is not None else None
        inherited = getattr(vehicle, field)
        if inherited is None and key == "coast_altitude":
            inherited = min(_coast_floor_m(t) for t in targets)
        values[field] = inherited if asked is None else asked.value
        if asked is not None:
            texts[key] = asked.text
        elif inherited is not None:
            texts[key] = format_quantity(inherited, unit, dimension)
    return Limits(**values), texts


def _lifted(file: MissionFile, vehicle: Limits) -> Limits:
    """The vehicle's own limits without those that the mission lifts by `none`."""
    gone = {
        field: None
        for key, (field, _, _) in _LIMITS.items()
        if file.limits is not None
        and (asked := getattr(file.limits, key)) is not None
        and asked.value is None
    }
    return replace(vehicle, **gone)


#: whose corridor and keep-out zones are kept when nothing is written
_SITE = "site"


def _of_the_site(file: MissionFile, key: str) -> str:
    return (getattr(file.limits, key) if file.limits is not None else None) or _SITE


def _resolved(
    file: MissionFile,
    manifest: Manifest,
    target: dict[str, str],
    limits: dict[str, str],
    site: Node | None,
    vehicle: Node | None,
    wind: WindTable | None,
    meet: Meet | None,
    avoid: tuple[Avoid, ...],
) -> str:
    """The mission file with every default written out; it loads back to the same mission."""
    launch = file.launch
    tree: dict[str, Any] = {
        "schema": file.schema_,
        "name": file.name,
        "site": file.site if site is None else site,
        "vehicle": file.vehicle if vehicle is None else vehicle,
        "spacecraft": manifest.tree,
    }
    when: dict[str, Any] = {}
    if launch.window:
        when["window"] = launch.window.text
    if launch.time:
        when["time"] = launch.time.text
        when["node"] = launch.node
    if launch.azimuth:
        text = launch.azimuth.value.text
        if launch.azimuth.value.tolerance is None:
            text += f" +- {_AZIMUTH_WIDTH_TEXT}"
        when["azimuth"] = {"value": text, "kind": launch.azimuth.kind}
    if launch.conditions:
        when["conditions"] = conditions_written(launch.conditions)
    if meet is not None:
        when["meet"] = meet_written(meet)
    tree["launch"] = when
    tree["objective"] = _aims(file, manifest)
    tree["target"] = target
    if limits:
        tree["limits"] = limits
    if file.drops:
        tree["drops"] = drops_written(file.drops)
    tree["plan"] = [step_written(step, number) for number, step in enumerate(file.plan, 1)]
    assert file.physics is not None
    tree |= physics_tree(file.physics, file.space_weather)
    tree |= visibility_written(file.stations, file.visibility)
    tree |= imaged_written(file.imaging, "earth")
    tree |= avoided_written(avoid)
    tree |= planted_written(file.faults)
    if file.wind is not None and wind is not None:
        tree["wind"] = wind_written(file.wind, wind)
    return as_yaml(tree)


def _judge_node(file: MissionFile, target: Target, context: Reading) -> None:
    launch = file.launch
    named = target.raan_rad is not None or target.ltan_s is not None
    if launch.meet is not None and named:
        context.fault(
            launch.stands_key("meet"),
            "",
            "the target names a node, and the object to be met another",
            "Take raan or ltan out of the target, or leave meet out.",
        )
    if launch.conditions is not None and launch.conditions.phase and launch.meet is None:
        context.fault(
            launch.conditions.stands_key("phase"),
            "",
            "a phase is counted from an object, and none is to be met",
            "Say which as launch: {meet: {epoch: ..., semi_major_axis: ..., ...}}.",
        )
    if launch.node == "held" and not named and launch.meet is None:
        context.fault(
            launch.stands_key("node"),
            "held",
            "the target names no node that could be held",
            "Give the target raan or ltan, or leave node out.",
        )


def _free(manifest: Manifest) -> Spacecraft | None:
    """The spacecraft whose mass is to be found, if there is one."""
    crafts = (manifest.spacecraft, *(p.spacecraft for p in manifest.passengers))
    return next((c for c in crafts if c.mass_kg is None), None)


def _aims(file: MissionFile, manifest: Manifest) -> str:
    """The objective, as written or by the mass."""
    return file.objective or ("margin" if _free(manifest) is None else "payload")


def _judge_objective(file: MissionFile, node: Node, manifest: Manifest, context: Reading) -> None:
    if file.objective is None or not isinstance(node, Mapping):
        return
    where, free = node["objective"].place, _free(manifest)
    if manifest.passengers and file.objective == "time":
        context.fault(
            where,
            "time",
            "the soonest release is found for one spacecraft only",
            "Write objective: margin, or payload where one of them says mass: maximum.",
        )
    elif (free is None) == (file.objective == "payload"):
        if not manifest.passengers:
            why = f"the mass of the spacecraft is {manifest.tree['mass']}"
        elif free is None:
            why = "no spacecraft says mass: maximum"
        else:
            why = f"the mass of {free.id!r} is maximum"
        context.fault(
            where,
            file.objective,
            why,
            "Write mass: maximum for the objective payload, or another objective."
            if free is None
            else "Write a mass, or objective: payload.",
        )


def _mission(node: Node, context: Reading) -> Mission | None:
    file = build(MissionFile, node, context)
    # the parts with readers of their own are judged even when the rest is at fault
    parts = node if isinstance(node, Mapping) else None
    site = vehicle = target = manifest = None
    site_tree = vehicle_tree = None
    if parts is not None:
        if "site" in parts:
            site, site_tree = resolve_site(parts["site"], context)
        if "vehicle" in parts:
            vehicle, vehicle_tree = resolve_vehicle(parts["vehicle"], context)
        if "target" in parts:
            target = read_target(parts["target"], context)
        if "spacecraft" in parts:
            first = None if target is None else target.to_target()
            manifest = read_spacecraft(parts["spacecraft"], first, vehicle, context)
    if file is not None and file.physics is None:
        file = file.model_copy(update={"physics": build(PhysicsFile, Mapping(node.place), context)})
    seen: tuple[Visibility, ...] = ()
    own: dict[str, Station] = {}
    if file is not None and site is not None:
        own = stations_of(file.stations, context)
        seen = visibility_of(file.visibility, own, site, context)
    imaging = () if file is None else imaged_of(file.imaging, "earth", context)
    planted = () if file is None else planted_of(file.faults, context)
    if file is not None and target is not None:
        _judge_node(file, target.to_target(), context)
        by_loops = target.to_target().semi_major_axis_m is not None
        judge_way(file.plan, target.kind, by_loops, context)
    if file is not None and manifest is not None:
        _judge_objective(file, node, manifest, context)
        judge_plan(file.plan, manifest.spacecraft, bool(manifest.passengers), context)
        judge_ground(file.plan, manifest.spacecraft, False, context)
    wind = wind_table(file.wind, context) if file is not None and file.wind is not None else None
    meet = None if file is None else meet_of(file.launch.meet, context)
    avoid = () if file is None else avoided_of(file.avoid, context)
    if context.faults or file is None or site is None or vehicle is None or target is None:
        return None
    if manifest is None:
        return None
    assert file.physics is not None
    wanted = target.to_target()
    targets = (wanted, *(p.target for p in manifest.passengers if p.target is not None))
    limits, limits_written = _limits(file, vehicle.limits, targets)
    corridor, keep_out = _of_the_site(file, "corridor"), _of_the_site(file, "keep_out")
    if site.corridors or corridor != _SITE:
        limits_written["corridor"] = corridor
    if site.keep_out or keep_out != _SITE:
        limits_written["keep_out"] = keep_out
    drops = drops_of(file.drops, site, vehicle, context)
    if context.faults:
        return None
    lifted = _lifted(file, vehicle.limits)
    if lifted != vehicle.limits:
        vehicle = replace(vehicle, limits=lifted)
    return Mission(
        name=file.name,
        site=site,
        vehicle=vehicle,
        spacecraft=manifest.spacecraft,
        launch=_launch(file, meet),
        target=wanted,
        limits=limits,
        keeps_corridor=corridor == _SITE,
        keeps_clear=keep_out == _SITE,
        drops=drops,
        plan=tuple(step_of(step, number) for number, step in enumerate(file.plan, 1)),
        physics=file.physics.to_model(),
        space_weather=weather_of(file.space_weather),
        visibility=seen,
        stations=tuple(own.values()),
        imaging=imaging,
        avoid=avoid,
        faults=planted,
        objective=_aims(file, manifest),  # type: ignore[arg-type]
        wind=wind,
        source=context.file,
        resolved=_resolved(
            file,
            manifest,
            written(target),
            limits_written,
            site_tree,
            vehicle_tree,
            wind,
            meet,
            avoid,
        ),
        passengers=manifest.passengers,
    )


def _read(node: Node | None, faults: list[Fault], context: Reading) -> AnyMission | None:
    context.faults.extend(faults)
    node = with_its_plan(node, context)
    if (
        isinstance(node, Mapping)
        and "start" in node
        and not {"site", "vehicle", "launch"} & set(node)
    ):
        # its messages bring the readers of all their forms: of no use to a mission from a pad
        from cosmodrome.mission.orbit_file import read_orbit_mission

        return read_orbit_mission(node, context)
    return _mission(node, context) if node is not None else None


def _sorted(faults: list[Fault], main: str) -> list[Fault]:
    """Faults of the mission file first, each file by line; every fault once."""
    once = list(dict.fromkeys(faults))
    return sorted(once, key=lambda f: (f.file != main, f.file, f.line, f.column))


def load(path: str | Path) -> AnyMission:
    """The mission of a YAML file, or of a shipped mission by its name.

    Raises MissionFileError with every fault found, in this file and in the vehicle and site
    files it names.
    """
    place = _find(Path(path))
    context = Reading(str(path), place.parent)
    mission = _read(*read_file(place, str(path)), context)
    if mission is None or context.faults:
        raise MissionFileError(_sorted(context.faults, str(path)))
    return mission


def loads(text: str, name: str = "mission.yaml", folder: Path | None = None) -> AnyMission:
    """Like `load`, from text; `folder` is where relative paths in it begin."""
    context = Reading(name, folder)
    mission = _read(*read(text, name), context)
    if mission is None or context.faults:
        raise MissionFileError(_sorted(context.faults, name))
    return mission


def validate(path: str | Path) -> list[Fault]:
    """Every fault of a mission file and of the files it names; empty when it is sound."""
    try:
        load(path)
    except MissionFileError as error:
        return list(error.faults)
    return []


def _shipped_folder() -> Path:
    """Where the example missions lie: in the installed package, or at the root of a checkout."""
    packaged = Path(str(resources.files("cosmodrome.mission") / "shipped"))
    if packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parents[3] / "missions"


def shipped_missions() -> tuple[str, ...]:
    """Names of the shipped missions."""
    folder = _shipped_folder()
    return tuple(sorted(p.stem for p in folder.glob("*.yaml")))


def shipped_path(name: str) -> Path:
    """The file of a shipped mission. Raises UnknownNameError."""
    known = shipped_missions()
    if name not in known:
        raise UnknownNameError(
            f"there is no shipped mission called {name!r}. {did_you_mean(name, known)}"
        )
    return _shipped_folder() / f"{name}.yaml"


def scaffold(name: str = "vostochny-sso") -> str:
    """The text of a shipped mission, to start a new one from."""
    return shipped_path(name).read_text("utf-8")


def _find(path: Path) -> Path:
    bare = path.suffix == "" and path.parent == Path() and not path.exists()
    return shipped_path(path.name) if bare and path.name in shipped_missions() else path

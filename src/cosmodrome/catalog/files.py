"""Reading vehicle and site files: by catalogue id, by path, or inline in a mission.

One model reads all three. Faults carry the name and line of the file they stand in.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from cosmodrome.catalog.nouns import Failure, Figure, Site, Vehicle
from cosmodrome.catalog.plausible import doubts
from cosmodrome.catalog.site_file import SiteFile
from cosmodrome.catalog.vehicle_file import VehicleFile
from cosmodrome.errors import MissionFileError, UnknownNameError, did_you_mean
from cosmodrome.formats.typed import Model, Read, Reading, build, shown
from cosmodrome.formats.yaml_text import Mapping, Node, Text, read, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "figures_of",
    "leaves_of",
    "names",
    "resolve_site",
    "resolve_vehicle",
    "shipped_failure",
    "shipped_site",
    "shipped_text",
    "shipped_vehicle",
]

#: Read field -> (noun field, for figures paths)
_SI_NAMES = {
    "propellant": "propellant_kg",
    "load": "load_kg",
    "residual": "residual_kg",
    "usable": "usable_kg",
    "burnt_before_liftoff": "burnt_before_liftoff_kg",
    "dry_mass": "dry_mass_kg",
    "interstage": "interstage_kg",
    "thrust_vacuum": "thrust_vacuum_n",
    "thrust_sea_level": "thrust_sea_level_n",
    "isp_vacuum": "isp_vacuum_s",
    "isp_sea_level": "isp_sea_level_s",
    "burn_time": "burn_time_s",
    "separation_delay": "separation_delay_s",
    "ignition_loss": "ignition_loss_kg",
    "slew_rate": "slew_rate_rad_s",
    "ballistic_cd_area": "ballistic_cd_area_m2",
    "mass": "mass_kg",
    "flow": "flow_kg_s",
    "after_ignition": "after_ignition_s",
    "adapter": "adapter_kg",
    "liftoff_mass": "liftoff_mass_kg",
    "reference_area": "drag.area_m2",
    "latitude": "latitude_rad",
    "longitude": "longitude_rad",
    "height": "height_m",
    "first": "first_rad",
    "last": "last_rad",
    "for_": "for_s",
}


def leaves_of(kind: str, name: str) -> tuple[tuple[str, Read], ...]:
    """(noun path, leaf) of everything that a shipped file writes; for listings and tests."""
    model: Model
    if kind == "vehicles":
        model = _shipped(VehicleFile, kind, name)
    else:
        model = _shipped(SiteFile, kind, name)
    return tuple((_noun_path(path), leaf) for path, leaf in _walk(model, "") if leaf.place)


def _walk(model: Model, prefix: str) -> Iterator[tuple[str, Read]]:
    """(dotted path in the noun's names, leaf) of every leaf under a model."""
    for name in type(model).model_fields:
        value: Any = getattr(model, name)
        own = f"{prefix}{_SI_NAMES.get(name, name)}"
        if isinstance(value, Read):
            yield own, value
        elif isinstance(value, Model):
            yield from _walk(value, own + ".")
        elif isinstance(value, list):
            for number, item in enumerate(value):
                if isinstance(item, Model):
                    label = getattr(item, "id", None) or getattr(item, "name", None) or number
                    yield from _walk(item, f"{own}.{label}.")
                elif isinstance(item, Read):
                    yield f"{own}.{number}", item


#: file path endings -> noun path endings, where a group of keys became plain fields
_REGROUPED = (
    (".cutoff.at", ".cutoff_s"),
    (".ignition.at", ".ignition.delay_s"),
    (".ignition.delay", ".ignition.delay_s"),
    (".settling.for_s", ".settling_s"),
    (".settling.flow_kg_s", ".settling_flow_kg_s"),
    (".interstage_kg", ".consumables.interstage.mass_kg"),
    ("fairing.jettison.heat_flux", "fairing.heat_flux_w_m2"),
    ("fairing.jettison.at", "fairing.time_s"),
    ("limits.dynamic_pressure", "limits.dynamic_pressure_pa"),
    ("limits.heat_flux", "limits.heat_flux_w_m2"),
    ("limits.axial_acceleration", "limits.axial_acceleration_m_s2"),
    ("limits.q_alpha", "limits.q_alpha_pa_rad"),
    ("limits.coast_altitude", "limits.coast_altitude_m"),
    ("limits.perigee", "limits.perigee_altitude_m"),
)


def _noun_path(path: str) -> str:
    for ending, field in _REGROUPED:
        if path.endswith(ending):
            return path.removesuffix(ending) + field
    if ".throttle.profile." in path:
        head, _, tail = path.partition(".throttle.profile.")
        number, _, what = tail.partition(".")
        return f"{head}.throttle.{number}.{0 if what == 'at' else 1}"
    if ".thrust_curve." in path:
        return path.removesuffix(".at").removesuffix(".level") + (
            ".0" if path.endswith(".at") else ".1"
        )
    if path.startswith("inclinations."):
        number, what = path.split(".")[1:]
        return f"inclinations_rad.{number}.{0 if what == 'first_rad' else 1}"
    if path.startswith("drag.") and path.split(".")[1].isdigit():
        number, what = path.split(".", 2)[1:]
        noun = "drag" if number == "0" else f"drag_after.{int(number) - 1}.1"
        return f"{noun}.{what.removeprefix('drag.')}"
    return path.replace(".throttle.range.", ".throttle_range.")


def figures_of(model: VehicleFile | SiteFile) -> dict[str, Figure]:
    """Source and status of every sourced figure, by dotted noun path."""
    found = {
        _noun_path(path): Figure(
            leaf.source,
            leaf.status,  # type: ignore[arg-type]
            leaf.note,
            leaf.text,
        )
        for path, leaf in _walk(model, "")
        if leaf.source is not None and leaf.status is not None
    }
    if isinstance(model, VehicleFile):
        for stage in model.stages:
            path = f"stages.{stage.id}.propellant_kg"
            if stage.burnt_before_liftoff and path in found:
                # the noun has what is on board at first motion, the file what was loaded
                loaded, spent = stage.propellant.text, stage.burnt_before_liftoff.text
                note = f"{loaded} at engine start less {spent} spent before first motion"
                rest = found[path].note
                found[path] = replace(found[path], note=f"{note}; {rest}" if rest else note)
    for number, table in enumerate(model.drag if isinstance(model, VehicleFile) else ()):
        if table.source and table.status:
            found[_noun_path(f"drag.{number}.cd")] = Figure(
                model.sources.get(table.source, table.source),
                table.status,  # type: ignore[arg-type]
                table.note or "",
                f"{len(table.cd)} values",
            )
    return found


FileT = TypeVar("FileT", VehicleFile, SiteFile)
ModelT = TypeVar("ModelT", bound=Model)


def _model(kind: type[ModelT], node: object, context: Reading) -> ModelT | None:
    if isinstance(node, Mapping):
        table = node.get("sources")
        if isinstance(table, Mapping):
            context.sources = {k: str(v) for k, v in table.items()}
    return build(kind, node, context)


def _folder(kind: str) -> Any:
    return resources.files("cosmodrome.catalog") / "data" / kind


def names(kind: str) -> tuple[str, ...]:
    """Catalogue ids of "vehicles", "sites" or "failures"."""
    return tuple(
        sorted(p.name.removesuffix(".yaml") for p in _folder(kind).iterdir() if p.is_file())
    )


def shipped_text(kind: str, name: str) -> str:
    """The text of a shipped file. Raises UnknownNameError."""
    known = names(kind)
    if name not in known:
        one = kind.removesuffix("s")
        raise UnknownNameError(
            f"the catalogue has no {one} called {name!r}. {did_you_mean(name, known)}"
        )
    text: str = (_folder(kind) / f"{name}.yaml").read_text("utf-8")
    return text


def _shipped(kind: type[ModelT], folder: str, name: str) -> ModelT:
    text = shipped_text(folder, name)
    context = Reading(f"{name}.yaml", None)
    node, faults = read(text, f"{name}.yaml")
    context.faults.extend(faults)
    model = _model(kind, node, context) if node is not None else None
    if model is None or context.faults:
        raise MissionFileError(context.faults)
    return model


def _sound_vehicle(model: VehicleFile, context: Reading) -> Vehicle | None:
    """The noun with its doubts; None, with faults, where its figures cannot be."""
    vehicle = model.to_vehicle(figures_of(model))
    found = doubts(vehicle)
    certain = [d for d in found if d.certain]
    leaves = {_noun_path(path): leaf for path, leaf in _walk(model, "")} if certain else {}
    for doubt in certain:
        leaf = leaves.get(doubt.path)
        where = leaf.place if leaf is not None and leaf.place else model.stands
        context.fault(where, leaf.text if leaf is not None else "", doubt.why, doubt.write)
    return None if certain else replace(vehicle, doubts=tuple(str(d) for d in found))


@functools.lru_cache(maxsize=64)
def shipped_vehicle(name: str) -> Vehicle:
    """A vehicle of the catalogue by its id."""
    context = Reading(f"{name}.yaml", None)
    vehicle = _sound_vehicle(_shipped(VehicleFile, "vehicles", name), context)
    if vehicle is None:
        raise MissionFileError(context.faults)
    return vehicle


@functools.lru_cache(maxsize=64)
def shipped_site(name: str) -> Site:
    """A site of the catalogue by its id."""
    model = _shipped(SiteFile, "sites", name)
    return model.to_site(figures_of(model))


@functools.lru_cache(maxsize=64)
def shipped_failure(name: str) -> Failure:
    """A loss of the catalogue by its id."""
    # no mission reads one: its model is not built when a vehicle is read
    from cosmodrome.catalog.failure_file import FailureFile

    return _shipped(FailureFile, "failures", name).to_failure()


def _looks_like_path(text: str) -> bool:
    return "/" in text or "\\" in text or text.endswith((".yaml", ".yml"))


def _resolve(
    kind: type[FileT], folder: str, node: object, context: Reading
) -> tuple[Any, Node | None]:
    """(noun, the mapping it was read from or None for a catalogue id); None with faults."""
    one = folder.removesuffix("s")
    where = getattr(node, "place", None)
    if isinstance(node, Text):
        text = node.strip()
        if not _looks_like_path(text):
            try:
                return (shipped_vehicle if kind is VehicleFile else shipped_site)(text), None
            except UnknownNameError:
                hint = did_you_mean(text, names(folder))
                context.fault(
                    where,
                    text,
                    f"the catalogue has no {one} of this name",
                    f"{hint} A path to a YAML file or an inline mapping works too.",
                )
                return None, None
        path = Path(text)
        if not path.is_absolute() and context.folder is not None:
            path = context.folder / path
        tree, faults = read_file(path, text)
        if tree is None and len(faults) == 1 and faults[0].line == 1 and not path.is_file():
            context.fault(where, text, faults[0].why, f"Write the path of a {one} file.")
            return None, None
        context.faults.extend(faults)
        if tree is None:
            return None, None
        inner = Reading(text, path.parent)
        model = _model(kind, tree, inner)
        context.faults.extend(inner.faults)
    elif isinstance(node, Mapping):
        tree = node
        inner = Reading(context.file, context.folder)
        model = _model(kind, node, inner)
        context.faults.extend(inner.faults)
    else:
        context.fault(
            where,
            shown(node),
            f"this is no {one}",
            f"Write a catalogue id (cosmodrome catalog {folder} lists them), a path or a mapping.",
        )
        return None, None
    if model is None or inner.faults:
        return None, None
    if isinstance(model, VehicleFile):
        vehicle = _sound_vehicle(model, inner)
        context.faults.extend(inner.faults)
        return vehicle, tree
    return model.to_site(figures_of(model)), tree


def resolve_vehicle(node: object, context: Reading) -> tuple[Vehicle | None, Node | None]:
    """The vehicle a mission names, and its mapping when it is not a shipped one."""
    vehicle, tree = _resolve(VehicleFile, "vehicles", node, context)
    return vehicle, tree


def resolve_site(node: object, context: Reading) -> tuple[Site | None, Node | None]:
    """The site a mission names, and its mapping when it is not a shipped one."""
    site, tree = _resolve(SiteFile, "sites", node, context)
    return site, tree

"""The JSON Schema of mission files, for editors and other programs.

Made from the very models that read the files. Scalars are read as text, so a number may stand
where a bare number is meant; a quantity with a unit is a string.
"""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from cosmodrome.catalog.files import names
from cosmodrome.catalog.site_file import SiteFile
from cosmodrome.catalog.vehicle_file import VehicleFile
from cosmodrome.mission.landing_target_file import LandingTargetFile
from cosmodrome.mission.mission_file import MissionFile
from cosmodrome.mission.orbit_file import OrbitMissionFile
from cosmodrome.mission.spacecraft_file import ListedFile, SpacecraftFile
from cosmodrome.mission.start_file import MODELS as STARTS
from cosmodrome.mission.target_file import KINDS
from cosmodrome.mission.wind_file import WindLineFile

__all__ = ["json_schema"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


class _Generate(GenerateJsonSchema):
    """pydantic's generator without the titles it makes up."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _part(model: Any, definitions: dict[str, Any]) -> dict[str, str]:
    """A model's schema moved into `definitions`; the reference to it."""
    made = model.model_json_schema(schema_generator=_Generate, by_alias=True)
    definitions.update(made.pop("$defs", {}))
    definitions[model.__name__] = made
    return {"$ref": f"#/$defs/{model.__name__}"}


def _named(kind: str, reference: dict[str, str]) -> dict[str, Any]:
    one = kind.removesuffix("s")
    return {
        "description": f"a catalogue id, a path to a {one} file, or a mapping like one",
        "anyOf": [
            {"enum": list(names(kind))},
            {"type": "string", "pattern": r"[/\\]|\.ya?ml$"},
            reference,
        ],
    }


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a mission file; a fresh dict at each call."""
    schema = MissionFile.model_json_schema(schema_generator=_Generate, by_alias=True)
    definitions: dict[str, Any] = schema.setdefault("$defs", {})
    properties = schema["properties"]
    properties["site"] = _named("sites", _part(SiteFile, definitions))
    properties["vehicle"] = _named("vehicles", _part(VehicleFile, definitions))
    properties["target"] = {
        "description": "the wanted orbit; each quantity may carry +- its acceptance half-width",
        "oneOf": [_part(model, definitions) for model in (*KINDS.values(), LandingTargetFile)],
    }
    listed = _part(ListedFile, definitions)
    later = [_part(model, definitions) for model in KINDS.values()]
    definitions["ListedFile"]["properties"]["target"] = properties["target"] | {"oneOf": later}
    properties["spacecraft"] = {
        "description": "one spacecraft, or a list of several in the order of release",
        "anyOf": [
            _part(SpacecraftFile, definitions),
            {"type": "array", "items": listed, "minItems": 1},
        ],
    }
    drag = definitions["VehicleFile"]["properties"]["drag"]
    drag["anyOf"] = [
        {"$ref": "#/$defs/DragFile"},
        {"type": drag.pop("type"), "items": drag.pop("items")},
    ]
    definitions["WindFile"]["properties"]["table"] = {
        "description": "lines by increasing altitude, or the path of a CSV file",
        "anyOf": [
            {"type": "string"},
            {"type": "array", "minItems": 1, "items": _part(WindLineFile, definitions)},
        ],
    }
    launch = definitions["LaunchFile"]
    launch["oneOf"] = [{"required": ["window"]}, {"required": ["time"]}]
    orbit = _from_orbit(properties, definitions)
    definitions["MissionFile"] = {k: v for k, v in schema.items() if k != "$defs"}
    return {
        "$schema": _DRAFT,
        "title": "cosmodrome mission, version 1",
        "type": "object",
        "if": {"required": ["start"]},
        "then": orbit,
        "else": {"$ref": "#/$defs/MissionFile"},
        "$defs": definitions,
    }


def _from_orbit(properties: dict[str, Any], definitions: dict[str, Any]) -> dict[str, str]:
    """A mission that begins in orbit: its start in one of several ways, no pad."""
    reference = _part(OrbitMissionFile, definitions)
    own = definitions["OrbitMissionFile"]["properties"]
    ways: list[dict[str, Any]] = []
    for key, model in STARTS.items():
        way: dict[str, Any] = _part(model, definitions)
        if key not in ("state", "elements", "ground"):
            way = {"anyOf": [{"type": "string"}, way]}
        ways.append(
            {
                "type": "object",
                "properties": {key: way},
                "required": [key],
                "additionalProperties": False,
            }
        )
    named = {"id": {"type": "string"}}
    for file in ("PhaseStepFile", "RiseFile"):
        definitions[file]["properties"]["with"] = {
            "description": "an object in orbit, found in one of the ways a mission may start",
            "oneOf": [{**way, "properties": {**way["properties"], **named}} for way in ways],
        }
    own["start"] = {"description": "where the mission begins in orbit", "oneOf": ways}
    own["target"] = properties["target"]
    own["spacecraft"] = _part(SpacecraftFile, definitions)
    # the plan follows from a place to land
    orbit = definitions["OrbitMissionFile"]
    orbit["required"].remove("plan")
    landing = {"properties": {"target": {"$ref": f"#/$defs/{LandingTargetFile.__name__}"}}}
    orbit["anyOf"] = [{"required": ["plan"]}, {"required": ["target"], **landing}]
    return reference

"""The records of tests/truth/ascent as nouns: what flew, from where, and what was seen of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bench.flights.holds import held, reaches
from cosmodrome import catalog, mission
from cosmodrome.ascent.replay import timetable
from cosmodrome.catalog.files import shipped_text
from cosmodrome.formats.yaml_text import as_yaml

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Vehicle
    from cosmodrome.mission import Mission
    from cosmodrome.world.epoch import Epoch

__all__ = ["RECORDS", "Record", "record", "records", "webcasts"]

RECORDS = Path(__file__).parents[2] / "tests" / "truth" / "ascent" / "flights.yaml"
# drag while the engines run is not the spacecraft's: these are only what a mission must have
_SPACECRAFT = {"drag_area": "10 m^2", "drag_coefficient": "2.2", "reflectivity": "1.3"}


@dataclass(frozen=True, slots=True)
class Record:
    """One flight's record, as written, and the mission that flies its vehicle and payload."""

    id: str
    told: dict[str, Any]
    mission: Mission

    @property
    def lift_off(self) -> Epoch:
        assert self.mission.launch.time is not None
        return self.mission.launch.time

    @property
    def zero_s(self) -> float:
        """First motion on the record's clock."""
        return float(self.told.get("lift_off_s", 0.0))

    def marks(self) -> dict[str, float]:
        """When things happen by the vehicle alone, s after first motion (the first of a name)."""
        table = timetable(self.mission.vehicle, self.payload_kg)
        out: dict[str, float] = {}
        for piece in table.pieces[:-1]:
            for name in piece.name.split(", "):
                out.setdefault(name, piece.end_s)
        rules = self.told.get("holds")
        if rules:
            g0 = float(rules["limits"][-1]["g0"])
            out[f"{g0:g} g0"] = reaches(self.mission.vehicle, rules, g0)
        return out

    @property
    def payload_kg(self) -> float:
        return float(self.told["payload_kg"])


def _laid_over(tree: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """`changes` over `tree`: mappings merge, None removes, stages are met by their id."""
    out = dict(tree)
    for key, value in changes.items():
        if value is None:
            out.pop(key, None)
        elif key == "stages":
            new = {s["id"]: s for s in value}
            out[key] = [
                _laid_over(s, new.get(s["id"], {})) for s in tree[key] if s["id"] in new or s
            ]
        elif isinstance(value, dict) and isinstance(out.get(key), dict) and "value" not in value:
            inner = out[key]
            # a rule is replaced whole
            out[key] = value if key in ("jettison", "ignition") else _laid_over(inner, value)
        else:
            out[key] = value
    return out


def _changes(told: dict[str, Any]) -> dict[str, Any]:
    """The variant's changes; a webcast's fairing time and reserve are written as figures."""
    changes = dict(told.get("changes", {}))
    if "fairing_s" in told:
        changes["fairing"] = {"jettison": {"at": f"{told['fairing_s']} s"}}
    if "reserve" in told:
        # what is kept to land, beside what cannot be burnt anyway
        first = catalog.vehicle(told["vehicle"]).stage("stage-1")
        kept = first.residual_kg + told["reserve"] * first.load_kg
        changes["stages"] = [{"id": "stage-1", "residual": f"{kept:.0f} kg"}]
    return changes


def _holds(told: dict[str, Any], level: float) -> dict[str, Any] | None:
    """Acceleration holds of the variant; Falcon's, from its bucket as seen and 37 m/s^2."""
    if "bucket_s" in told:
        down, up = told["bucket_s"]
        full = 100.0 * level
        return {
            "stage": "stage-1",
            "profile": [[0, full], [down, 0.86 * full], [up, full]],
            "limits": [{"from_s": 100, "g0": 37.0 / 9.80665}],
        }
    found: dict[str, Any] | None = told.get("holds")
    return found


def _vehicle_tree(told: dict[str, Any]) -> dict[str, Any]:
    tree = yaml.load(shipped_text("vehicles", told["vehicle"]), yaml.BaseLoader)
    return _laid_over(tree, _changes(told))


def _mission(id_: str, told: dict[str, Any], level: float) -> Mission:
    tree = {
        "schema": "cosmodrome/1",
        "name": told["name"],
        "site": told["site"],
        "vehicle": _vehicle_tree(told),
        "spacecraft": {"mass": f"{told['payload_kg']} kg", **_SPACECRAFT},
        "launch": {"time": told["date"].strftime("%Y-%m-%dT%H:%M:%SZ")},
        "target": {
            "kind": "circular",
            "altitude": "200 km +- 10 km",
            "inclination": f"{told.get('inclination_deg', 28.6)} deg +- 0.5 deg",
        },
    }
    found = mission.loads(as_yaml(tree), id_, RECORDS.parent)
    vehicle = found.vehicle
    rules = _holds(told, level)
    if rules is not None:
        vehicle = held(_single(vehicle), float(told["payload_kg"]), rules)
    site = found.site
    if told.get("pad"):
        site = site.at_pad(told["pad"])
    return replace(found, vehicle=_single(vehicle), site=site)


def _single(vehicle: Vehicle) -> Vehicle:
    """The vehicle whose stages light once: an ascent ends with the last one's first cut-off."""
    return replace(vehicle, stages=tuple(replace(s, restarts=0) for s in vehicle.stages))


def _read(part: str, level: float = 1.0) -> tuple[Record, ...]:
    tree = yaml.safe_load(RECORDS.read_text("utf-8"))[part]
    return tuple(Record(i, told, _mission(i, told, level)) for i, told in tree.items())


def records() -> tuple[Record, ...]:
    """The five flights with event tables, one of them with two shapes of its solids' thrust."""
    return _read("flights")


def webcasts(level: float = 1.0) -> tuple[Record, ...]:
    """The three Falcon ascents with speed and height against time.

    level  of the first stage's throttle at all times: below one to see what a lower setting than
           the printed thrust would do; no source states one
    """
    return _read("webcasts", level)


def record(id: str) -> Record:
    """One flight by its id. Raises KeyError."""
    for one in (*records(), *webcasts()):
        if one.id == id:
            return one
    raise KeyError(id)

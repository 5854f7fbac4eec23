"""The mission file: its models and its documented defaults.

Every default is a text read by the same leaf as what a user writes, so what is printed as
resolved is what was used.
"""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.catalog.vehicle_file import LimitsFile
from cosmodrome.formats.leaves import Choice, Flag, Instant, Leaf, Words
from cosmodrome.formats.quantity import TextFault
from cosmodrome.formats.typed import Model, Read, Reading, shown, text_of
from cosmodrome.formats.yaml_text import Mapping  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.avoid_file import AvoidFile  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.conditions_file import ConditionsFile, MeetFile  # noqa: TC001  (pydantic)
from cosmodrome.mission.drops_file import DropTargetFile  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.imaging_file import ImagedFile  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.nouns import PhysicsModel, SpaceWeather
from cosmodrome.mission.plan_file import PlanStepFile  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.planted_file import PlantedFile  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.visibility_file import StationFile, VisibilityFile  # noqa: TC001
from cosmodrome.mission.wind_file import WindFile  # noqa: TC001  (read by pydantic)

__all__ = [
    "MissionFile",
    "PhysicsFile",
    "SpaceWeatherFile",
    "degree_order",
    "physics_tree",
    "weather_of",
]

_LATER = "not flown by this version yet"
_BODIES = (
    "sun",
    "moon",
    "mercury",
    "venus",
    "mars",
    "jupiter",
    "saturn",
    "uranus",
    "neptune",
)
_LARGEST_FIELD = 150
#: key -> the shipped field it cuts
_FIELDS = {"gravity": "EGM2008", "moon_gravity": "GRGM1200A"}


class AzimuthFile(Model):
    """A launch azimuth to be checked; never an override."""

    value: Annotated[
        Read, Leaf("angle", low=0.0, high=2.0 * math.pi, tolerance=True, example="343.7 deg")
    ]
    kind: Annotated[str, Choice(("relative", "inertial"), what="kind of azimuth")]


class LaunchFile(Model):
    """A window, or a fixed instant of first motion."""

    window: Annotated[Read, Instant(pair=True)] | None = None
    time: Annotated[Read, Instant()] | None = None
    azimuth: AzimuthFile | None = None
    node: Annotated[str, Choice(("follows", "held"), what="way with the node")] = "follows"
    conditions: ConditionsFile | None = None
    meet: MeetFile | None = None

    meant: ClassVar[dict[str, str]] = {"date": "time or window", "epoch": "time"}

    @classmethod
    def prepare(cls, data: Mapping, context: Reading) -> Mapping:
        if ("window" in data) == ("time" in data):
            both = "window" in data
            context.fault(
                data.keys_at["time"] if both else data.place,
                "",
                "window and time both say when to launch"
                if both
                else "nothing says when to launch",
                "Keep one of the two."
                if both
                else "Write window: 2027-03-01T00:00Z / 2027-03-03T00:00Z, or one instant as time.",
            )
        if "node" in data and "time" not in data:
            context.fault(
                data.keys_at["node"],
                "",
                "a window holds the instant that leads to the node by itself",
                "Remove node, or give one instant as time.",
            )
        if "conditions" in data and "time" in data:
            context.fault(
                data.keys_at["conditions"],
                "",
                "conditions choose among the lift-offs of a window, and time is one lift-off",
                "Remove conditions, or write a window instead of time.",
            )
        return data


class PhysicsFile(Model):
    """Forces in orbit."""

    gravity: Annotated[str, Words("a field", "70x70")] = "70x70"
    third_bodies: list[Annotated[str, Choice(_BODIES, what="body")]] = Field(
        default_factory=lambda: ["sun", "moon"]
    )
    drag: Annotated[
        str,
        Choice(
            ("nrlmsise00", "none"),
            later=("nrlmsis21", "jb2008", "exponential", "harris-priester", "dtm2013"),
            what="atmosphere",
        ),
    ] = "nrlmsise00"
    radiation_pressure: Annotated[bool, Flag()] = True
    moon_gravity: Annotated[str, Words("a field", "100x100")] = "100x100"

    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        name: (f"{name} is {_LATER}", "Remove the key.")
        for name in ("tides", "relativity", "albedo", "ocean_tides", "solid_tides")
    }

    @classmethod
    def prepare(cls, data: Mapping, context: Reading) -> Mapping:
        for key, field in _FIELDS.items():
            if key in data:
                node = data[key]
                where = getattr(node, "place", None)
                try:
                    degree_order(text_of(node, "70x70"), field)
                except TextFault as fault:
                    context.fault(where, shown(node), fault.why, fault.write)
        return data

    def judge(self, context: Reading) -> None:
        for number, body in enumerate(self.third_bodies):
            if body in self.third_bodies[:number]:
                context.fault(
                    self.stands_key("third_bodies"),
                    body,
                    f"{body} is listed twice",
                    "List it once.",
                )

    def to_model(self) -> PhysicsModel:
        degree, order = degree_order(self.gravity)
        moon_degree, moon_order = degree_order(self.moon_gravity)
        return PhysicsModel(
            gravity_degree=degree,
            gravity_order=order,
            third_bodies=tuple(self.third_bodies),
            drag=self.drag,
            radiation_pressure=self.radiation_pressure,
            moon_gravity_degree=moon_degree,
            moon_gravity_order=moon_order,
        )


def degree_order(text: str, field: str = "EGM2008") -> tuple[int, int]:
    """Degree and order of "70x70", "20x0" or "two-body". Raises TextFault."""
    if text == "two-body":
        return 0, 0
    m = re.fullmatch(r"([0-9]{1,4})\s*[x×]\s*([0-9]{1,4})", text)
    if m is None:
        raise TextFault("this is no gravity field", "Write degree x order, like 70x70.")
    degree, order = int(m.group(1)), int(m.group(2))
    if order > degree:
        raise TextFault("the order is above the degree", f"Write {degree}x{degree}.")
    if degree > _LARGEST_FIELD:
        raise TextFault(
            f"the shipped field ({field}) ends at degree {_LARGEST_FIELD}",
            f"Write up to {_LARGEST_FIELD}x{_LARGEST_FIELD}.",
        )
    if degree == 1:
        raise TextFault("degree 1 is zero about the centre of mass", "Write two-body or 2x0.")
    return degree, order


class SpaceWeatherFile(Model):
    """Fixed solar and geomagnetic activity instead of the shipped table."""

    f107: Annotated[Read, Leaf("number", low=50.0, high=500.0, example="150")]
    f107a: Annotated[Read, Leaf("number", low=50.0, high=500.0, example="150")]
    ap: Annotated[Read, Leaf("number", low=0.0, high=400.0, example="15")]


def weather_of(file: SpaceWeatherFile | None) -> SpaceWeather | None:
    """The activity that is given; None where it is not."""
    return None if file is None else SpaceWeather(file.f107.value, file.f107a.value, file.ap.value)


def physics_tree(
    physics: PhysicsFile, weather: SpaceWeatherFile | None, centre: str = "earth"
) -> dict[str, Any]:
    """The keys physics and space_weather with every default written out.

    centre  where the mission begins; the Moon's field is told where it is about the Moon, or given
    """
    tree: dict[str, Any] = {
        "physics": {
            "gravity": physics.gravity,
            "third_bodies": list(physics.third_bodies),
            "drag": physics.drag,
            "radiation_pressure": "true" if physics.radiation_pressure else "false",
        }
    }
    if centre == "moon" or "moon_gravity" in physics.model_fields_set:
        tree["physics"]["moon_gravity"] = physics.moon_gravity
    if weather is not None:
        tree["space_weather"] = {
            "f107": weather.f107.text,
            "f107a": weather.f107a.text,
            "ap": weather.ap.text,
        }
    return tree


class FlightLimitsFile(LimitsFile):
    """Limits of this flight: those a vehicle has, and the site's corridor and keep-out zones."""

    corridor: Annotated[str, Choice(("site", "none"), what="corridor")] | None = None
    keep_out: Annotated[str, Choice(("site", "none"), what="keep-out")] | None = None


class MissionFile(Model):
    """The whole mission but site, vehicle, spacecraft and target, which have their own readers."""

    schema_: Annotated[str, Choice(("cosmodrome/1",), what="schema")] = Field(alias="schema")
    name: Annotated[str, Words("a name", "Vostochny to a Sun-synchronous orbit")]
    site: Any = Field(examples=["vostochny"])
    vehicle: Any = Field(examples=["soyuz-2.1b-fregat"])
    spacecraft: Any = Field(examples=["{mass: 2900 kg}"])
    launch: LaunchFile = Field(examples=["{window: 2027-03-01T00:00Z / 2027-03-03T00:00Z}"])
    target: Any = Field(examples=["{kind: sun-synchronous, altitude: 820 km}"])
    limits: FlightLimitsFile | None = None
    drops: list[DropTargetFile] = Field(default_factory=list)
    plan: list[PlanStepFile] = Field(default_factory=list)
    physics: PhysicsFile | None = None
    space_weather: SpaceWeatherFile | None = None
    objective: Annotated[str, Choice(("payload", "margin", "time"), what="objective")] | None = None
    stations: list[StationFile] = Field(default_factory=list)
    visibility: list[VisibilityFile] = Field(default_factory=list)
    imaging: list[ImagedFile] = Field(default_factory=list)
    avoid: list[AvoidFile] = Field(default_factory=list)
    faults: list[PlantedFile] = Field(default_factory=list)
    wind: WindFile | None = None

    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        "start": (
            "the mission begins on a pad, by site, vehicle and launch, and in orbit, by start",
            "Keep start alone, or remove it.",
        ),
        "constants": (
            f"other constants of nature are {_LATER}",
            "Remove constants: WGS84, EGM2008 and DE440 are used.",
        ),
        "dispersions": (
            f"dispersions are {_LATER}",
            "Remove dispersions: the nominal flight is flown.",
        ),
        "interplanetary": (f"flights beyond the Moon are {_LATER}", "Remove the key."),
    }
    meant: ClassVar[dict[str, str]] = {
        "rocket": "vehicle",
        "launcher": "vehicle",
        "pad": "site",
        "orbit": "target",
        "payload": "spacecraft",
        "satellite": "spacecraft",
        "drop_zones": "drops",
        "winds": "wind",
        "cola": "avoid",
        "conjunctions": "avoid",
    }

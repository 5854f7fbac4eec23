"""Where a mission that begins in orbit begins, as a mission file writes it.

Exactly one of: a state, Kepler elements, or a standard message beside the mission file.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.errors import MissionFileError, did_you_mean
from cosmodrome.formats.leaves import Choice, Flag, Instant, Leaf
from cosmodrome.formats.typed import Model, Read, Reading, build, shown
from cosmodrome.formats.yaml_text import Mapping, Place, Text
from cosmodrome.mission.ground_file import GroundFile, ground_written
from cosmodrome.mission.libration_file import LibrationStartFile, libration_written
from cosmodrome.mission.nouns import Start, StartElements, StartState
from cosmodrome.mission.printed_file import PrintedFile, printed_written
from cosmodrome.mission.start_messages import MESSAGES
from cosmodrome.mission.start_messages import MODELS as _MESSAGE_MODELS
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M, MOON
from cosmodrome.world.named_axes import MOON_AXES, NAMED_AXES, TURNING, centre_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = [
    "ELEMENT_AXES",
    "MODELS",
    "WAYS",
    "ElementsFile",
    "StateFile",
    "message_start",
    "read_object",
    "read_start",
    "start_written",
]

_POLAR_RADIUS_M = 6_356_752.3  # WGS84
_FARTHEST_M = 1.5e9  # where the Earth's pull gives way to the Sun's
#: radius above which heights of apsides are written
_RADII_M = {"earth": EARTH_EQUATORIAL_RADIUS_M, "moon": MOON.figure_m}
#: what elements about the Moon may call their own -> what they are about the Earth
_OF_THE_MOON = {
    "perilune": "perigee",
    "apolune": "apogee",
    "argument_of_perilune": "argument_of_perigee",
}

#: axes that Kepler elements may be told in
ELEMENT_AXES = ("tod", "gcrf", "moon-equator", "moon/gcrf")

Axes = Annotated[str, Choice(NAMED_AXES + MOON_AXES, what="frame")]
When = Annotated[Read, Instant()]
Length = Annotated[Read, Leaf("length", example="7000 km")]
Speed = Annotated[Read, Leaf("speed", example="7.5 km/s")]
Height = Annotated[Read, Leaf("length", low=-EARTH_EQUATORIAL_RADIUS_M, example="250 km")]
LowHeight = Annotated[Read, Leaf("length", low=-MOON.figure_m, example="100 km")]
Turn = Annotated[Read, Leaf("angle", low=-2.0 * math.pi, high=2.0 * math.pi, example="120 deg")]
Mass = Annotated[Read, Leaf("mass", low=0.0, above=True, example="2900 kg")]


class StateFile(Model):
    """Place and velocity in a named frame."""

    epoch: When
    frame: Axes
    position: list[Length] = Field(examples=["[7000 km, 0 km, 0 km]"])
    velocity: list[Speed] = Field(examples=["[0 km/s, 7.5 km/s, 1 km/s]"])
    mass: Mass | None = None

    meant: ClassVar[dict[str, str]] = {
        "axes": "frame",
        "r": "position",
        "place": "position",
        "v": "velocity",
        "time": "epoch",
    }
    written: ClassVar[str] = (
        "{epoch: 2027-03-01T00:00Z, frame: gcrf, position: [7000 km, 0 km, 0 km],"
        " velocity: [0 km/s, 7.5 km/s, 1 km/s]}"
    )

    def judge(self, context: Reading) -> None:
        for key, values in (("position", self.position), ("velocity", self.velocity)):
            if len(values) != 3:
                context.fault(
                    self.stands_key(key),
                    f"{len(values)} values",
                    "three components belong here",
                    f"Write {self.example_of(key)}.",
                )
                return
        r, v = (
            [x.value for x in self.position],
            [x.value for x in self.velocity],
        )
        _not_inside(context, self.stands_key("position"), math.hypot(*r), centre_of(self.frame))
        across = math.hypot(
            r[1] * v[2] - r[2] * v[1], r[2] * v[0] - r[0] * v[2], r[0] * v[1] - r[1] * v[0]
        )
        if self.frame not in TURNING and across <= 1e-9 * math.hypot(*r) * math.hypot(*v):
            context.fault(
                self.stands_key("velocity"),
                "",
                "the velocity has no part across the radius: this is a fall, not an orbit",
                "Write the velocity in the same frame as the position, in the same order.",
            )

    def to_start(self) -> Start:
        r, v = ([x.value for x in xs] for xs in (self.position, self.velocity))
        return Start(
            epoch=self.epoch.value,
            state=StartState(self.frame, (r[0], r[1], r[2]), (v[0], v[1], v[2])),
            mass_kg=None if self.mass is None else self.mass.value,
            source=f"state in {self.frame} at {self.epoch.value}",
        )


class ElementsFile(Model):
    """Kepler elements: heights of perigee and apogee, or a and e, or the height of a circle.

    About the Moon heights are above 1,737.4 km, and the apsides may be called perilune and apolune.
    """

    epoch: When
    frame: Annotated[str, Choice(ELEMENT_AXES, what="frame of elements")]
    perigee: Height | None = None
    apogee: Height | None = None
    perilune: LowHeight | None = None
    apolune: LowHeight | None = None
    semi_major_axis: Annotated[Read, Leaf("length", low=0.0, above=True, example="24371 km")] | (
        None
    ) = None
    eccentricity: Annotated[Read, Leaf("ratio", low=0.0, high=0.999, example="0.73")] | None = None
    altitude: Height | None = None
    inclination: Annotated[Read, Leaf("angle", low=0.0, high=math.pi, example="6 deg")]
    raan: Turn
    argument_of_perigee: Turn | None = None
    argument_of_perilune: Turn | None = None
    true_anomaly: Turn | None = None
    mean_anomaly: Turn | None = None
    mean: Annotated[bool, Flag()] = Field(default="false", validate_default=True)
    mass: Mass | None = None

    meant: ClassVar[dict[str, str]] = {
        "node": "raan",
        "argp": "argument_of_perigee",
        "a": "semi_major_axis",
        "sma": "semi_major_axis",
        "e": "eccentricity",
        "ecc": "eccentricity",
        "i": "inclination",
        "inc": "inclination",
        "anomaly": "true_anomaly or mean_anomaly",
        "axes": "frame",
        "time": "epoch",
        "height": "altitude",
        "ltan": "raan: the local time of a node follows from it and the epoch",
    }
    written: ClassVar[str] = (
        "{epoch: 2027-03-01T00:00Z, frame: tod, perigee: 250 km, apogee: 35786 km, inclination:"
        " 6 deg, raan: 10 deg, argument_of_perigee: 178 deg, true_anomaly: 0 deg}"
    )

    @classmethod
    def prepare(cls, data: Mapping, context: Reading) -> Mapping:
        if not set(data) <= set(cls.keys()):
            return data  # what is misspelt may be what is missing
        if not cls._named_rightly(data, context):
            return data
        shapes = ({"perigee", "apogee"}, {"semi_major_axis", "eccentricity"}, {"altitude"})
        names = {_OF_THE_MOON.get(key, key) for key in data}
        given = names & set().union(*shapes)
        if given not in shapes:
            context.fault(
                data.place,
                ", ".join(sorted(given)),
                "the size of the orbit is perigee and apogee, semi_major_axis and eccentricity, or"
                " the altitude of a circle",
                "Write perigee: 250 km, apogee: 35786 km.",
            )
        anomalies = {"true_anomaly", "mean_anomaly"} & set(data)
        if len(anomalies) != 1:
            context.fault(
                cls._key_place(data, "true_anomaly"),
                ", ".join(sorted(anomalies)),
                "where in the orbit it starts is one anomaly",
                "Write true_anomaly: 0 deg or mean_anomaly: 0 deg.",
            )
        if "argument_of_perigee" in names and "altitude" in data:
            context.fault(
                next(data.keys_at[k] for k in data if k.startswith("argument_of_peri")),
                "",
                "a circle has no perigee: its anomaly counts from the ascending node",
                "Remove argument_of_perigee.",
            )
        elif not {"argument_of_perigee", "altitude"} & names:
            context.fault(
                cls._key_place(data, "argument_of_perigee"),
                "",
                "this key is missing",
                "Add `argument_of_perigee: 178 deg`.",
            )
        return data

    @classmethod
    def _named_rightly(cls, data: Mapping, context: Reading) -> bool:
        """Are apsides called so as the body of the frame has them, each once?"""
        lunar = centre_of(str(data.get("frame", ""))) == "moon"
        for key, plain in _OF_THE_MOON.items():
            if key not in data:
                continue
            if not lunar:
                why, write = (
                    f"{key} belongs to an orbit about the Moon",
                    "Write frame: moon-equator",
                )
            elif plain in data:
                why, write = f"{key} and {plain} are one thing", "Keep one of the two"
            else:
                continue
            context.fault(data.keys_at[key], "", why, f"{write}.")
            return False
        return True

    @classmethod
    def _key_place(cls, data: Mapping, key: str) -> Any:
        at = data.place
        return type(at)(at.file, at.line, at.column, f"{at.path}.{key}" if at.path else key)

    @property
    def size(self) -> tuple[float, float]:
        """Semi-major axis, m, and eccentricity; heights are above the equatorial radius."""
        if self.semi_major_axis is not None and self.eccentricity is not None:
            return self.semi_major_axis.value, self.eccentricity.value
        low, high = self.heights
        assert low is not None
        assert high is not None
        a = _RADII_M[centre_of(self.frame)] + 0.5 * (low.value + high.value)
        return a, 0.5 * (high.value - low.value) / a

    @property
    def heights(self) -> tuple[Read | None, Read | None]:
        """Of the apsides, however they are called."""
        low, high = self.perigee or self.perilune, self.apogee or self.apolune
        return self.altitude or low, self.altitude or high

    def judge(self, context: Reading) -> None:
        if context.faults:
            return
        low, high = self.heights
        if self.mean and centre_of(self.frame) != "earth":
            context.fault(
                self.stands_key("mean"),
                "true",
                "mean elements about the Moon have no short-period theory here",
                "Write osculating elements, mean: false.",
            )
            return
        if low is not None and high is not None and low.value > high.value:
            context.fault(
                low.place,
                low.text,
                f"the {'perigee' if self.perigee else 'perilune'} is above the"
                f" {'apogee' if self.apogee else 'apolune'} ({high.text})",
                "Swap the two.",
            )
            return
        a, e = self.size
        radius = a * (1.0 + e)
        if self.true_anomaly is not None:
            radius = a * (1.0 - e * e) / (1.0 + e * math.cos(self.true_anomaly.value))
        sizes = ("perigee", "perilune", "semi_major_axis", "altitude")
        key = next(k for k in sizes if getattr(self, k))
        _not_inside(context, self.stands_key(key), radius, centre_of(self.frame))

    def to_start(self) -> Start:
        a, e = self.size
        anomaly = self.true_anomaly or self.mean_anomaly
        argp = self.argument_of_perigee or self.argument_of_perilune
        assert anomaly is not None
        return Start(
            epoch=self.epoch.value,
            elements=StartElements(
                axes=self.frame,  # type: ignore[arg-type]
                a_m=a,
                e=e,
                i_rad=self.inclination.value,
                raan_rad=self.raan.value,
                argp_rad=0.0 if argp is None else argp.value,
                anomaly="true" if self.true_anomaly is not None else "mean",
                anomaly_rad=anomaly.value,
                mean=self.mean,
            ),
            mass_kg=None if self.mass is None else self.mass.value,
            source=f"{'mean' if self.mean else 'osculating'} elements in {self.frame}"
            f" at {self.epoch.value}",
        )


def _not_inside(context: Reading, where: Any, radius_m: float, centre: str) -> None:
    """Record a fault for a place inside the body, or beyond where the Earth holds a satellite."""
    body = "the Earth" if centre == "earth" else "the Moon"
    told = f"from {body}'s centre"
    if centre == "moon" and radius_m < MOON.figure_m + MOON.lowest_m:
        context.fault(
            where,
            f"{radius_m / 1e3:.1f} km {told}",
            "the start lies inside the Moon (1728.3 km at its lowest ground)",
            "Check the units; heights of perilune, apolune and altitude are above 1737.4 km.",
        )
    elif centre == "earth" and radius_m < _POLAR_RADIUS_M:
        context.fault(
            where,
            f"{radius_m / 1e3:.1f} km {told}",
            "the start lies inside the Earth (6356.8 km at the poles)",
            "Check the units; heights of perigee, apogee and altitude are above 6378.137 km.",
        )
    elif radius_m > _FARTHEST_M:
        context.fault(
            where,
            f"{radius_m / 1e3:.0f} km {told}",
            "this lies outside the sphere where Earth holds a satellite (1.5 million km)",
            "Check the units.",
        )


#: key -> the model of what is written out
_MODELS: dict[str, type[Model]] = {
    "state": StateFile,
    "elements": ElementsFile,
    "printed": PrintedFile,
    "libration": LibrationStartFile,
    "ground": GroundFile,
}
WAYS = (*_MODELS, *MESSAGES)
#: key -> the model of its mapping, for the JSON Schema
MODELS: dict[str, type[Model]] = {**_MODELS, **_MESSAGE_MODELS}
_ONE = f"Write one of {', '.join(WAYS)}, like start: {{tle: {{file: station.tle}}}}."


def read_start(node: object, context: Reading, folder: Path | None) -> Start | None:
    """The start of a mission's `start:`; None with the faults recorded.

    folder  where relative paths in it begin; None: the current one
    """
    if not isinstance(node, Mapping):
        context.fault(
            getattr(node, "place", None), shown(node), "a start is a mapping with one key", _ONE
        )
        return None
    known = [key for key in node if key in WAYS]
    for key in node:
        if key not in WAYS:
            context.fault(
                node.keys_at[key], "", "a mission does not start so", did_you_mean(key, WAYS)
            )
    if len(node) != len(known):
        return None
    if len(known) != 1:
        context.fault(
            node.place,
            ", ".join(known),
            "a mission starts in one way" if known else "no way to start is written",
            _ONE,
        )
        return None
    key = known[0]
    inner = node[key]
    if key in _MODELS:
        file: Any = build(_MODELS[key], inner, context)
        return None if file is None else file.to_start()
    reader: Callable[..., Start | None] = MESSAGES[key]
    return reader(inner, context, folder)


def read_object(node: object, context: Reading, folder: Path | None) -> Start | None:
    """The start of an object that is met: in orbit, by a state, elements or a message."""
    start = read_start(node, context, folder)
    if start is None or not (start.printed or start.libration or start.ground):
        return start
    context.fault(
        getattr(node, "place", None),
        start.source,
        "an object to be met is in orbit, told by its state, elements or a message",
        "Write it like tle: {file: station.tle}.",
    )
    return None


#: how the names of messages end -> the way of a start
_ENDS = {
    ".tle": "tle",
    ".3le": "tle",
    ".2le": "tle",
    ".omm": "omm",
    ".json": "omm",
    ".oem": "oem",
    ".opm": "opm",
}


def message_start(path: Path) -> Start | None:
    """The start that a standard message alone says, by how its name ends; None for other names.

    Raises MissionFileError with every fault found in it.
    """
    way = _ENDS.get(path.suffix.lower())
    if way is None:
        return None
    here = Place(str(path), 1, 1, way)
    context = Reading(str(path), None)
    start = MESSAGES[way](Text(str(path), here), context, None)
    if start is None or context.faults:
        raise MissionFileError(tuple(context.faults))
    return start


def start_written(start: Start) -> dict[str, Any]:
    """The tree of a start with all that its files gave written out; it reads back to the same.

    Numbers are in SI units and radians, so that none is rounded.
    """
    mass = {} if start.mass_kg is None else {"mass": f"{start.mass_kg!r} kg"}
    if start.state is not None:
        s = start.state
        return {
            "state": {
                "epoch": start.epoch.tt(),
                "frame": s.axes,
                "position": [f"{x!r} m" for x in s.r_m],
                "velocity": [f"{x!r} m/s" for x in s.v_m_s],
                **mass,
            }
        }
    if start.elements is not None:
        m = start.elements
        return {
            "elements": {
                "epoch": start.epoch.tt(),
                "frame": m.axes,
                "semi_major_axis": f"{m.a_m!r} m",
                "eccentricity": repr(m.e),
                "inclination": f"{m.i_rad!r} rad",
                "raan": f"{m.raan_rad!r} rad",
                "argument_of_perigee": f"{m.argp_rad!r} rad",
                f"{m.anomaly}_anomaly": f"{m.anomaly_rad!r} rad",
                "mean": "true" if m.mean else "false",
                **mass,
            }
        }
    if start.printed is not None:
        return {"printed": printed_written(start) | mass}
    if start.libration is not None:
        return {"libration": libration_written(start) | mass}
    if start.ground is not None:
        return {"ground": ground_written(start) | mass}
    from cosmodrome.formats.omm import Omm, keywords

    assert start.sgp4 is not None
    told = keywords(Omm(start.sgp4, mass_kg=start.mass_kg))
    return {"omm": {"keywords": told, "epoch": start.epoch.tt()}}

"""`target: {kind: lunar-landing}`: a place on the Moon, from which the plan follows.

It is the short way to write the two steps that lead there: what is written under the target is read
as `kind: lunar-orbit`, a `to-moon` and a `landing`, and flown as those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.errors import MissionFileError
from cosmodrome.formats.leaves import Choice, Instant
from cosmodrome.formats.typed import Model, Read, Reading, build, shown
from cosmodrome.formats.yaml_text import Mapping, Sequence, Text
from cosmodrome.mission.conditions_file import RangeFile  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.landing_file import (
    EngineRangeFile,
    LandingFile,
    LandingSiteFile,
    Length,
    Reserve,
    Wait,
)
from cosmodrome.mission.target_leaves import Inclination  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.to_moon_file import (  # noqa: TC001  (read by pydantic)
    Apolune,
    Flight,
    FlightsFile,
    Later,
    LunarOrbitFile,
    Turn,
)

if TYPE_CHECKING:
    from cosmodrome.formats.yaml_text import Node

__all__ = ["LandingTargetFile", "with_its_plan"]

_KIND = "lunar-landing"
# which key belongs to which of the three that it stands for
_WAY = ("transfer_inclination",)
_TO_MOON = ("orbit", "flight", "flights", "turn", "passing", "corrections", "capture")
_LANDING = (
    "site", "window", "sun", "half", "horizon", "after", "within", "throttle", "perilune",
    "reserve",
)  # fmt: skip
# any plane serves, a polar one best: it passes every place
_ORBIT = {"altitude": "100 km"}
_PLANES = {"from": "0 deg", "to": "180 deg"}
# a polar plane passes a place twice in a month; the light of one comes once
_WITHIN, _WITHIN_LIT = "14 days", "28 days"


class LandingTargetFile(Model):
    """A place on the Moon; light, day and the rest as of the steps to-moon and landing."""

    kind: Annotated[str, Choice((_KIND,), what="kind of target")]
    site: LandingSiteFile = Field(examples=[LandingSiteFile.written])
    window: Annotated[Read, Instant(pair=True)] | None = None
    sun: RangeFile | None = None
    half: Annotated[str, Choice(("morning", "evening"), what="half of the day")] | None = None
    horizon: Annotated[str, Choice(("level", "terrain"), what="horizon")] | None = None
    after: Wait | None = None
    within: Wait | None = None
    orbit: LunarOrbitFile | None = None
    transfer_inclination: Inclination | None = None
    flight: Flight | None = None
    flights: FlightsFile | None = None
    turn: Turn | None = None
    passing: Annotated[str, Choice(("north", "south"), what="side of the Moon")] | None = None
    corrections: list[Later] | None = None
    capture: list[Apolune] | None = None
    throttle: EngineRangeFile | None = None
    perilune: Length | None = None
    reserve: Reserve | None = None

    written: ClassVar[str] = "{kind: lunar-landing, site: {lat: -69.545 deg, lon: 43.544 deg}}"
    meant: ClassVar[dict[str, str]] = {
        **{k: v for k, v in LandingFile.meant.items() if k not in ("target", "engine")},
        "inclination": "orbit: {altitude: 100 km, inclination: 90 deg}, or transfer_inclination"
        " (to the Earth's equator)",
        "altitude": "orbit: {altitude: 100 km}",
        "lat": "site: {lat: -69.545 deg, lon: 43.544 deg}",
        "loops": "kind: lunar-orbit, and the steps to-moon and landing",
    }


def with_its_plan(node: Node | None, context: Reading) -> Node | None:
    """The file with what a landing as the target stands for: the way there and two steps.

    Any other file is given back as it is.
    """
    if not isinstance(node, Mapping) or not isinstance(node.get("target"), Mapping):
        return node
    target = node["target"]
    if str(target.get("kind")) != _KIND:
        return node
    build(LandingTargetFile, target, context)
    _judge_plan(node, context)
    in_orbit = "start" in node
    steps = Sequence(target.place)
    if not (in_orbit and _about_the_moon(node["start"], context)):
        steps.append(_step(target, "to-moon", _TO_MOON))
    steps.append(_step(target, "landing", _LANDING))
    out = node.without({"target", "plan"})
    out["plan"] = steps
    if not in_orbit:
        way = _cut(target, _WAY)
        way["kind"], way.keys_at["kind"] = Text("lunar-orbit", target.place), target.place
        out["target"] = way
    return out


def _judge_plan(node: Mapping, context: Reading) -> None:
    if node.get("plan"):
        context.fault(
            getattr(node["plan"], "place", None),
            shown(node["plan"]),
            "the plan follows from the place where the mission lands",
            "Remove plan, or write target: {kind: lunar-orbit} and the steps to-moon and landing.",
        )


def _about_the_moon(start: object, context: Reading) -> bool:
    """Does the mission begin about the Moon? What is wrong with a start its own reader says."""
    from cosmodrome.mission.start_file import read_start

    try:
        made = read_start(start, Reading(context.file, context.folder), context.folder)
    except MissionFileError:
        return False
    return made is not None and made.centre == "moon"


def _cut(target: Mapping, keys: tuple[str, ...]) -> Mapping:
    """Those keys of a target, each where it stands."""
    out = Mapping(target.place)
    for key in keys:
        if key in target:
            out[key], out.keys_at[key] = target[key], target.keys_at[key]
    return out


def _step(target: Mapping, name: str, keys: tuple[str, ...]) -> Mapping:
    """A step with what the target says of it, and what else it needs."""
    own = _cut(target, keys)
    if name == "to-moon":
        orbit = own.get("orbit") or _made(_ORBIT, target)
        if isinstance(orbit, Mapping) and not {"planes", "inclination", "sense"} & set(orbit):
            orbit = orbit.without(set())
            orbit["planes"] = _made(_PLANES, target)
        own["orbit"] = orbit
    elif "within" not in own:
        lit = any(key in target for key in ("sun", "half", "window"))
        own["within"] = Text(_WITHIN_LIT if lit else _WITHIN, target.place)
    out = Mapping(target.place)
    out[name], out.keys_at[name] = own, target.place
    return out


def _made(values: dict[str, Any], target: Mapping) -> Mapping:
    out = Mapping(target.place)
    for key, value in values.items():
        out[key], out.keys_at[key] = Text(value, target.place), target.place
    return out

"""What may be wrong in a mission's file from the outset, alike in all that is made of it.

An *aim* that is mistyped is served faithfully: the flight is as the file has it, and another was
meant. A *figure* that is mistyped (a mass, an engine, where the craft stands or flies) makes a plan
for something that there is not: it is flown, as it is, in the truth. Neither leaves a trace in
the material that is looked at before flight, which is that of the mission with nothing wrong; so
each such fault carries the reason why no data of the file can reveal it. Listed is only what
the file tells once: of a heading that is claimed beside the inclination one speaks for the other.

intent.target.altitude|inclination|node|perigee   offset (m, rad) of what was meant
intent.target.local-time                          offset, s
intent.plan.K.height|site|perigee                 offset (m, rad), of the step K of the file's plan
intent.launch.day                                 offset, s
intent.site.longitude                             offset, rad
intent.spacecraft.mass|drag_area|thrust|isp|propellant   factor: the true figure over the file's
intent.start.epoch|node                           offset (s, rad) of the true start
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from cosmodrome.flight.again import carried, flies_again
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.steps import Land, ToMoon, Transfer
from cosmodrome.record.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.mission.nouns import AnyMission
    from cosmodrome.record.nouns import Flight

__all__ = ["intent_faults"]

_DEG = math.pi / 180.0
_NAUTICAL = 1.852
_AIM = (
    "an aim is told once and served by all that is made of it: only who set it knows what was meant"
)
_SCALES = "what it weighs is told once, in its own file: scales tell it, before flight"
_STAND = "what the engine gives is told once, in its own file: a test stand tells it, before flight"
_DRAWING = "the area in the air is told once, in its own file: the decay of the orbit tells it"
_GAUGE = "what was loaded is told once, in its own file: the loading record tells it, before flight"
_TRACKING = "where it begins is told once: tracking tells it, before the first burn"
_MAP = "where the pad stands is told once: a survey tells it"
#: a digit, an hour of summer time, the other node's local time
_HEIGHTS_M, _ANGLES_DEG, _CLOCKS_S = (10e3, 100e3), (0.5, 5.0), (3600.0, 43_200.0)


def intent_faults(flight: Flight) -> tuple[Fault, ...]:
    """What this mission's file can have wrong without a trace, in order; ids are unique.

    Figures only of a flight that can be executed again: low thrust is planned while it is flown.
    Of one that lands only those of what lands, which is guided down.
    """
    own = flight.mission
    out = [*_of_target(own), *_of_steps(own), *_of_launch(flight)]
    lands = {g.object for g in flight.legs if any(isinstance(s, Land) for s in g.steps)}
    if flies_again(carried(flight)) and lands <= {own.spacecraft.id}:
        out += [*_of_craft(flight, bool(lands)), *(() if lands else _of_start(own))]
    return tuple(out)


def _fault(
    into: Literal["plan", "truth"], path: str, kind: str, value: float, unit: str, text: str,
    why: str,
) -> Fault:  # fmt: skip
    return Fault(into, "intent", f"intent.{path}", kind, value, unit, text, why)


def _aim(path: str, value: float, unit: str, text: str) -> Fault:
    return _fault("plan", path, "offset", value, unit, text, _AIM)


def _claimed(own: AnyMission) -> bool:
    """Does the file claim a heading, which inclination and height tell as well?"""
    return isinstance(own, Mission) and own.launch.azimuth is not None


def _met(own: AnyMission) -> bool:
    """Does an object in the file give the node?"""
    return isinstance(own, Mission) and own.launch.meet is not None


def _of_target(own: AnyMission) -> Iterator[Fault]:
    """Of an orbit that the ascent is aimed at. Where the mission begins in orbit start and burns
    speak of it as well, and one of them alone is seen."""
    if not isinstance(own, Mission):
        return
    target = own.target
    turns = target.turns_with_sun and target.inclination_rad is None
    if target.semi_major_axis_m is not None and not (turns and _claimed(own)):
        for more in _HEIGHTS_M:
            text = f"height of the target told {more / 1e3:g} km more than was meant"
            yield _aim("target.altitude", more, "m", text)
    if target.inclination_rad is not None and target.plane_of is None and not _claimed(own):
        yield from _turns("target.inclination", "inclination of the target")
    if target.raan_rad is not None and not _met(own):
        yield from _turns("target.node", "node of the target")
    if target.ltan_s is not None:
        for late, text in zip(_CLOCKS_S, ("by summer time", "of the other node"), strict=True):
            yield _aim("target.local-time", late, "s", f"local time of the target told {text}")
    perigee = target.argument_of_perigee_rad
    if perigee is not None and not target.perigee_at_either_node:
        text = "argument of perigee told from the other node"
        yield _aim("target.perigee", math.pi, "rad", text)


def _turns(path: str, what: str) -> Iterator[Fault]:
    for angle in _ANGLES_DEG:
        yield _aim(path, angle * _DEG, "rad", f"{what} told {angle:g} deg more than was meant")


def _of_steps(own: AnyMission) -> Iterator[Fault]:
    """Aims of steps that are judged by the orbit or the place they lead to."""
    asked = not isinstance(own, Mission) and own.target is not None
    for k, step in enumerate(own.plan):
        if isinstance(step, Transfer):
            if asked:
                continue  # the target speaks of the height as well
            for more in _HEIGHTS_M:
                text = f"heights of {step.name!r} told {more / 1e3:g} km more than was meant"
                yield _aim(f"plan.{k}.height", more, "m", text)
        elif isinstance(step, ToMoon) and step.around and step.perigee_m is not None:
            more = (1.0 - _NAUTICAL) * step.perigee_m[0]
            text = f"perigee of {step.name!r} told in km, meant in nautical miles"
            yield _aim(f"plan.{k}.perigee", more, "m", text)
        elif isinstance(step, ToMoon):
            more = 0.5 * (1.0 - _NAUTICAL) * (step.perilune_m + step.apolune_m)
            text = f"heights of {step.name!r} told in km, meant in nautical miles"
            yield _aim(f"plan.{k}.height", more, "m", text)
        elif isinstance(step, Land):
            text = f"latitude of the site of {step.name!r} told 0.5 deg more than was meant"
            yield _aim(f"plan.{k}.site", 0.5 * _DEG, "rad", text)


def _of_launch(flight: Flight) -> Iterator[Fault]:
    """The day, of an orbit that is alike on the next; the pad, where nothing else lies on the
    map."""
    own = flight.mission
    if not isinstance(own, Mission) or flight.launch is None:
        return
    moonward = any(isinstance(s, ToMoon | Land) for s in own.plan)
    if own.target.c3_m2_s2 is None and not moonward and not _met(own):
        yield _aim("launch.day", 86_400.0, "s", "the launch told a day later than was meant")
    if not own.site.drop_zones and not own.site.keep_out:
        for angle in _ANGLES_DEG:
            text = f"the pad's longitude told {angle:g} deg more than it is"
            yield _fault("truth", "site.longitude", "offset", angle * _DEG, "rad", text, _MAP)


def _of_craft(flight: Flight, lands: bool) -> Iterator[Fault]:
    own, craft = flight.mission, flight.mission.spacecraft
    at = "spacecraft"
    beside = None if isinstance(own, Mission) else own.start.mass_kg
    burns = any(g.chapter in ("transfer", "landing") and g.object == craft.id for g in flight.legs)
    if craft.mass_kg is not None and beside is None and (burns or isinstance(own, Mission)):
        for x in (0.95, 1.05):
            text = f"{craft.id} weighs {100.0 * abs(x - 1.0):.0f} % {_side(x)} than told"
            yield _fault("truth", f"{at}.mass", "factor", x, "", text, _SCALES)
    low = any("drag" in row.force for g in flight.legs for row in g.audit)
    if own.physics.drag != "none" and not lands and craft.drag_area_m2 > 0.0 and low:
        text = f"{craft.id} has three times the area in the air that is told"
        yield _fault("truth", f"{at}.drag_area", "factor", 3.0, "", text, _DRAWING)
    if craft.engine is None or not burns:
        return
    for name, x, words, why in (
        ("thrust", 0.9, "thrust", _STAND),
        ("isp", 0.95, "specific impulse", _STAND),
        ("propellant", 0.9, "propellant", _GAUGE),
    ):
        text = f"{words} of {craft.id} {100.0 * (1.0 - x):.0f} % less than told"
        yield _fault("truth", f"{at}.{name}", "factor", x, "", text, why)


def _side(x: float) -> str:
    return "more" if x > 1.0 else "less"


def _of_start(own: AnyMission) -> Iterator[Fault]:
    """Of a start that the file tells once, by elements or by a state."""
    if isinstance(own, Mission) or own.start.beside is not None:
        return
    if own.start.elements is None and own.start.state is None:
        return
    text = "it comes by the place where it begins a minute later than told"
    yield _fault("truth", "start.epoch", "offset", 60.0, "s", text, _TRACKING)
    # the node of a target would speak for the start's
    target = own.target
    tied = target is not None and (target.raan_rad is not None or target.ltan_s is not None)
    if own.start.elements is not None and not tied:
        for angle in _ANGLES_DEG:
            text = f"the node of the start is {angle:g} deg more than told"
            yield _fault("truth", "start.node", "offset", angle * _DEG, "rad", text, _TRACKING)

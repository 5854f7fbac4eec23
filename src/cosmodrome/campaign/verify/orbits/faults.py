"""What may go wrong after the release: burns, releases, landings, air and light, masses.

The list comes from the flight itself: for each burn that was flown, those faults that a burn of
its kind can have; none for what the mission has not. A fault is of one thing at one time: an
engine that is weak is weak in one burn.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.campaign.verify.crafts import names_of
from cosmodrome.campaign.verify.orbits.track import PLACES, Descent, track
from cosmodrome.dynamics import Thrust
from cosmodrome.errors import InputError
from cosmodrome.mission import Manoeuvre, Release
from cosmodrome.record.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.campaign.verify.orbits.track import Item, Track
    from cosmodrome.record import Flight
    from cosmodrome.record.faults import Family

__all__ = ["orbit_faults", "rule_of"]

#: least and most of what is varied: parts, seconds, degrees
_THRUST, _ISP, _MASS, _LOAD = (0.02, 0.1), (0.02, 0.1), (0.01, 0.05), (0.01, 0.1)
_IGNITION_S, _CUT_S = (1.0, 600.0), (0.3, 30.0)
_TURN_DEG = (1.0, 20.0)
_AIR, _LIGHT, _AREA = (0.1, 0.3), (0.1, 0.3), (0.05, 0.3)
# how long a burn goes on that is not cut off, of its length; and until the tank is empty
_STUCK = (1.1, 1.25, 1.5)
_LANDING_S, _PLACE_M, _SPEED_M_S = (1.0, 10.0), (500.0, 5e3), (2.0, 20.0)


def orbit_faults(
    flight: Flight, fineness: float = 1.0, craft: str | None = None
) -> tuple[Fault, ...]:
    """Flight faults after the release or the start in orbit; ids are unique and stay the same.

    fineness  how finely sizes are graded: of each kind so many times the usual number, at the least
              the largest in each sense
    craft     whose; None: the primary spacecraft's, and of what of it rose from the ground

    None of what comes before a step of low thrust, which is planned while it is flown: what such a
    step makes of a fault is not known.

    Raises InputError for a fineness that is not above 0.
    """
    if not 0.0 < fineness < math.inf:
        raise InputError(
            f"faults of fineness {fineness:g}: write a number above 0; 1 is the usual grading"
        )
    flown = track(flight, craft or flight.mission.spacecraft.id)
    if flown is None:
        return ()
    first = flown.first
    if first == len(flown.items):
        return ()
    out = [*_masses(flown, fineness)]
    for k, item in enumerate(flown.items[first:], first):
        if item.burns:
            before = flown.items[k - 1] if k > first else None
            waits = before.lasts_s if before is not None and before.coasts else 0.0
            out += _burn(flown.craft, item, waits, fineness)
        elif isinstance(item.does, Release):
            out += _release(flown.craft, item)
        elif isinstance(item.does, Descent):
            out += _descent(flown.craft, item, fineness)
    return (*out, *_outside(flight, flown, fineness))


def rule_of(item: Item) -> str:
    """What cuts a burn off, in words."""
    does = item.does
    if isinstance(does, Thrust):
        return "by the plan's timer"
    assert isinstance(does, Manoeuvre)
    if does.propellant_kg is not None:
        return "by propellant burnt"
    return "by timer" if does.duration_s is not None else "by velocity gained"


def _graded(sizes: tuple[float, float], usual: int, fineness: float) -> list[float]:
    """Sizes from the least to the most, the most always among them."""
    n = max(1, round(usual * fineness))
    return [float(f"{x:.3g}") for x in np.geomspace(*sizes, n)] if n > 1 else [sizes[1]]


def _both(sizes: list[float]) -> list[float]:
    return sorted([-x for x in sizes] + sizes)


def _fault(family: Family, path: str, kind: str, value: float, unit: str, text: str) -> Fault:
    return Fault("truth", family, path, kind, value, unit, text)


def _part(x: float) -> str:
    return f"{abs(100.0 * x):.3g} % {'high' if x > 0.0 else 'low'}"


def _burn(craft: str, item: Item, waits: float, fineness: float) -> Iterator[Fault]:
    """Those of a burn that is coasted up to for so long."""
    at, name = f"burns.{craft}.{item.number}", f"{item.name!r}"
    rule = rule_of(item)
    yield _fault("burns", f"{at}.ignition", "omit", 0.0, "", f"{name} does not ignite")
    sudden = isinstance(item.does, Manoeuvre) and (item.does.impulsive or item.lasts_s < 1e-6)
    for s in _both(_graded(_IGNITION_S, 4, fineness)):
        if s > 0.0 or -s < waits:
            when = f"{abs(s):g} s {'late' if s > 0.0 else 'early'}"
            yield _fault("timers", f"{at}.ignition", "offset", s, "s", f"{name} ignites {when}")
    if not sudden:
        for s in _both(_graded(_CUT_S, 3, fineness)):
            if -s < item.lasts_s:
                when = f"{abs(s):g} s {'late' if s > 0.0 else 'early'}"
                yield _fault("burns", f"{at}.cut-off", "offset", s, "s", f"{name} cut off {when}")
        for x in _both(_graded(_THRUST, 3, fineness)):
            text = f"thrust in {name} {_part(x)}, cut off {rule}"
            yield _fault("thrust", f"{at}.thrust", "factor", 1.0 + x, "", text)
    for x in _STUCK:
        text = f"{name} burns {x:g} times as long"
        yield _fault("burns", f"{at}.cut-off", "factor", x, "", text)
    text = f"{name} burns until the tank is empty"
    yield _fault("burns", f"{at}.cut-off", "omit", 0.0, "", text)
    for x in _both(_graded(_ISP, 3, fineness)):
        text = f"specific impulse in {name} {_part(x)}, cut off {rule}"
        yield _fault("thrust", f"{at}.isp", "factor", 1.0 + x, "", text)
    for axis, where in (("in-plane", "in the orbit plane"), ("across", "across the orbit plane")):
        for x in _both(_graded(_TURN_DEG, 3, fineness)):
            text = f"{name} points off {where} by {x:+.3g} deg"
            path = f"{at}.direction.{axis}"
            yield _fault("angles", path, "turn", math.radians(x), "rad", text)
    yield _fault("angles", f"{at}.direction", "sign", -1.0, "", f"{name} points backward")


def _release(craft: str, item: Item) -> Iterator[Fault]:
    at, name = f"releases.{craft}.{item.number}", f"{item.name!r}"
    yield _fault("staging", f"{at}.kick", "omit", 0.0, "", f"the spring of {name} does not push")
    yield _fault("staging", f"{at}.kick", "sign", -1.0, "", f"{name} pushes backward")
    text = f"{name} does not let go"
    yield _fault("staging", f"{at}.separation", "retain", 0.0, "", text)


def _descent(craft: str, item: Item, fineness: float) -> Iterator[Fault]:
    """A few of each kind: every one is a landing under guidance, which takes seconds."""
    at, name = f"landings.{craft}.{item.number}", f"{item.name!r}"
    for what, words, sizes, family in (
        ("thrust", "thrust", _THRUST, "thrust"), ("isp", "specific impulse", _ISP, "thrust"),
        ("mass", "mass", _MASS, "masses"),
    ):  # fmt: skip
        for x in _both(_graded(sizes, 1, fineness)):
            text = f"{words} in {name} {_part(x)}"
            yield _fault(family, f"{at}.{what}", "factor", 1.0 + x, "", text)  # type: ignore[arg-type]
    for s in _graded(_LANDING_S, 2, fineness):
        text = f"{name} begins to brake {s:g} s late"
        yield _fault("timers", f"{at}.ignition", "offset", s, "s", text)
    yield _fault("burns", f"{at}.ignition", "omit", 0.0, "", f"{name} does not begin to brake")
    for axis in PLACES:
        for x in _graded(_PLACE_M, 1, fineness):
            text = f"{x:g} m {axis} of where {name} is to begin"
            yield _fault("hand-overs", f"{at}.place.{axis}", "offset", x, "m", text)
        for x in _graded(_SPEED_M_S, 1, fineness):
            text = f"{x:g} m/s {axis} beyond what {name} is to begin with"
            yield _fault("hand-overs", f"{at}.speed.{axis}", "offset", x, "m/s", text)


def _masses(track: Track, fineness: float) -> Iterator[Fault]:
    """Masses matter to what burns; a plan of coasts alone has no use for them."""
    items = track.items[track.first :]
    if not any(item.burns or isinstance(item.does, Descent) for item in items):
        return
    at = f"spacecraft.{track.craft}"
    for x in _both(_graded(_MASS, 2, fineness)):
        text = f"dry mass of {track.craft} {_part(x)}"
        yield _fault("masses", f"{at}.dry_mass", "factor", 1.0 + x, "", text)
    for x in _graded(_LOAD, 3, fineness):
        text = f"propellant of {track.craft} {100.0 * x:.3g} % short"
        yield _fault("masses", f"{at}.propellant", "factor", 1.0 - x, "", text)


def _outside(flight: Flight, track: Track, fineness: float) -> Iterator[Fault]:
    """Air and light where they act, by the audit of the legs flown."""
    names = names_of(flight, track.craft)
    acting = {
        row.force
        for leg in flight.legs
        if leg.object in names and leg.chapter != "ascent" and leg.object != "stack"
        for row in leg.audit
        if row.largest_m_s2 > 0.0
    }
    at = f"environment.{track.craft}"
    air, light = "drag" in acting, "radiation pressure" in acting
    if air:
        for x in _both(_graded(_AIR, 2, fineness)):
            text = f"air about {track.craft} {_part(x)}"
            yield _fault("environment", f"{at}.density", "factor", 1.0 + x, "", text)
    if light:
        for x in _both(_graded(_LIGHT, 2, fineness)):
            text = f"pressure of light on {track.craft} {_part(x)}"
            yield _fault("environment", f"{at}.radiation", "factor", 1.0 + x, "", text)
    if air or light:
        for x in _both(_graded(_AREA, 1, fineness)):
            text = f"area of {track.craft} {_part(x)}"
            yield _fault("environment", f"{at}.area", "factor", 1.0 + x, "", text)

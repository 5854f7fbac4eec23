"""What may be wrong in what a flight carries: one list for a flight, made from its own material.

Every number, direction, unit, frame, event, mark and hand-over that the plan holds gives the
faults that can befall it; nothing is listed that the flight has not. `corrupted` puts one of
them in. Sizes are those of slips that have happened: a factor of 4.448 (pounds of
force), 0.3048 (feet), 1000 (kilometres, milliseconds), 57.3 (degrees), 37 s and 32.184 s (time
scales), 358 for 2 degrees, 90 for 70.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.campaign.verify.plans.corrupted import OTHER
from cosmodrome.campaign.verify.plans.firings import firing_faults
from cosmodrome.campaign.verify.plans.units import FOOT_M, POUND_FORCE_N, POUND_KG
from cosmodrome.flight.again import carried
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.steps import Coast, Manoeuvre, Release, Until
from cosmodrome.record.faults import Fault
from cosmodrome.world.bodies import OMEGA_EARTH_RAD_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.campaign.verify.swept import Fineness
    from cosmodrome.flight.again import Carried, Stretch
    from cosmodrome.record.faults import Family
    from cosmodrome.record.nouns import Flight, Plan

__all__ = ["plan_faults"]

_DEG = math.pi / 180.0
#: a coast that a slip of units would make longer than this is not flown, nor one shorter than a
#: second: neither tells anything that a smaller slip does not
_LONGEST_S = 5.0 * 86_400.0
#: hand-overs that are faulted: the first ones, then each of the finest list
_HANDED = {"coarse": 1, "normal": 3, "fine": 99}


@dataclass(frozen=True, slots=True)
class _Sizes:
    """deg of alignment, s of marks, parts of numbers, by fineness."""

    angles_deg: tuple[float, ...]
    marks_s: tuple[float, ...]
    parts: tuple[float, ...]


_SIZES: dict[Fineness, _Sizes] = {
    "coarse": _Sizes((5.0, 20.0), (-5.0, 5.0), (0.9, 1.1, 1.5)),
    "normal": _Sizes((1.0, 5.0, 20.0), (-20.0, -2.0, 2.0, 20.0), (0.5, 0.9, 1.1, 1.5, 2.0)),
    "fine": _Sizes(
        (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 90.0, 180.0),
        (-60.0, -20.0, -5.0, -1.0, -0.1, 0.1, 1.0, 5.0, 20.0, 60.0),
        (0.5, 0.8, 0.9, 0.95, 0.99, 1.01, 1.05, 1.1, 1.2, 1.5, 2.0, 3.0),
    ),
}
_LENGTH = ((1e-3, "km read as m"), (1e3, "m read as km"), (FOOT_M, "m read as feet"))
_SPEED = ((1e-3, "km/s read as m/s"), (1e3, "m/s read as km/s"), (FOOT_M, "m/s read as feet/s"))
_MASS = ((POUND_KG, "kg read as pounds"), (2.20462262, "pounds read as kg"))
_IMPULSE = ((POUND_FORCE_N, "pounds of force read as N"), (0.22480894, "N read as pounds of force"))
_TIME = ((60.0, "min read for s"), (1.0 / 60.0, "s read for min"), (1e-3, "s read for ms"))
#: what one clock may be off another that is taken for it
_CLOCKS = (
    (37.0, "TAI taken for UTC"),
    (-37.0, "UTC taken for TAI"),
    (69.184, "TT taken for UTC"),
    (32.184, "TT taken for TAI"),
    (18.0, "GPS time taken for UTC"),
    (1.0, "a leap second counted twice"),
    (-1.0, "a leap second left out"),
)


def plan_faults(flight: Flight, fineness: Fineness = "normal") -> tuple[Fault, ...]:
    """The faults of what a flown flight carries, in order of flight; ids are unique."""
    return tuple(_all(flight, carried(flight), fineness))


def _all(flight: Flight, carries: Carried, fineness: Fineness) -> Iterator[Fault]:
    sizes = _SIZES[fineness]
    if carries.ascent is not None:
        yield from _of_ascent(flight, carries.ascent, sizes)
    if carries.start is not None:
        yield from _of_handover("start", "the start in orbit", bool(carries.start.propellant_kg))
    asked = 0
    for k, stretch in enumerate(carries.stretches):
        if stretch.kept is not None:
            continue
        yield from _of_stretch(k, stretch, sizes)
        first_from_start = carries.start is not None and k == 0
        if not first_from_start and asked < _HANDED[fineness]:
            asked += 1
            what = f"the hand-over to {_called(stretch)}"
            burns = flight.mission.spacecraft.engine is not None
            yield from _of_handover(f"stretches.{k}.handed", what, burns)


def _fault(
    family: Family, path: str, kind: str, text: str, value: float = 0.0, unit: str = ""
) -> Fault:
    return Fault("plan", family, path, kind, value, unit, text)


# the ascent -----------------------------------------------------------------------------------
def _of_ascent(flight: Flight, plan: Plan, sizes: _Sizes) -> Iterator[Fault]:
    yield from _alignment(flight, sizes)
    for late, what in _CLOCKS:
        yield _fault("tables", "ascent.epoch", "offset", f"lift-off: {what}", late, "s")
        yield _fault(
            "tables", "ascent.epoch.axes", "offset", f"plan and lift-off: {what}", late, "s"
        )
    for name, text in (("tod", "true of date"), ("itrf", "Earth-fixed")):
        yield _fault(
            "frames", f"ascent.axes.{name}", "frame", f"launch axes told in {text} axes for GCRF's"
        )
    # the Earth turns 15 arcsec in a second of UT1
    for late in (0.9, -0.3):
        turn = OMEGA_EARTH_RAD_S * late
        yield _fault(
            "tables", "ascent.axes.pole", "turn", f"UT1 - UTC stale by {late:g} s", turn, "rad"
        )
    yield from _marks("ascent", plan, sizes)
    yield from _staging(plan)
    for k, phase in enumerate(plan.phases):
        if not phase.burning:
            coasts = phase.end_s - phase.start_s
            if coasts > 60.0:
                yield _fault(
                    "angles", f"ascent.attitude.phase.{k}", "set",
                    f"the turn in {phase.name!r} goes the long way round",
                )  # fmt: skip
            continue
        for angle in sizes.angles_deg:
            for sign in (1.0, -1.0):
                yield _fault(
                    "angles", f"ascent.attitude.phase.{k}", "turn",
                    f"pitch of {phase.name!r} {sign * angle:+g} deg off",
                    sign * angle * _DEG, "rad",
                )  # fmt: skip
        yield _fault(
            "angles", f"ascent.attitude.phase.{k}", "sign", f"thrust of {phase.name!r} reversed"
        )
    yield from _tables(plan, sizes)
    yield from _aims(plan)


def _alignment(flight: Flight, sizes: _Sizes) -> Iterator[Fault]:
    """The heading: alignment constants, signs, wraps, kinds of azimuth, the pad's coordinates."""
    for angle in sizes.angles_deg:
        for sign in (1.0, -1.0):
            yield _fault(
                "angles", "ascent.axes.up", "turn", f"alignment {sign * angle:+g} deg off",
                -sign * angle * _DEG, "rad",
            )  # fmt: skip
    launch, own = flight.launch, flight.mission
    if launch is None or not isinstance(own, Mission):
        return
    site = own.site
    inertial, relative = launch.azimuth_inertial_rad, launch.azimuth_relative_rad
    headings = (
        (-inertial, "azimuth with the wrong sign, or 360 less it"),
        (inertial / _DEG, "azimuth in degrees read as radians"),
        (inertial * _DEG, "azimuth in radians read as degrees"),
        (relative, "relative azimuth loaded where the inertial one was needed"),
        (math.pi - inertial, "azimuth of the other branch"),
        (math.pi / 2.0 - inertial, "azimuth counted from east"),
    )
    for heading, text in headings:
        off = math.remainder(heading - inertial, 2.0 * math.pi)
        if abs(off) > 1e-6:
            yield _fault("angles", "ascent.axes.up", "turn", text, -off, "rad")
    lon, lat = site.longitude_rad, site.latitude_rad
    places = (
        ("pole", -2.0 * lon, "west longitude of the pad taken for east"),
        ("pole", lon / _DEG - lon, "longitude of the pad in degrees read as radians"),
        ("east", 2.0 * lat, "south latitude of the pad taken for north"),
        ("east", lat - math.atan((1.0 - 6.694e-3) * math.tan(lat)), "geocentric for geodetic"),
    )
    for axis, turn, text in places:
        turn = math.remainder(turn, 2.0 * math.pi)
        if abs(turn) > 1e-9:
            yield _fault("angles", f"ascent.axes.{axis}", "turn", text, turn, "rad")


def _marks(head: str, plan: Plan, sizes: _Sizes) -> Iterator[Fault]:
    """Every mark early, late, and lost."""
    last = len(plan.phases) - 1
    for k, phase in enumerate(plan.phases):
        room = phase.end_s - phase.start_s
        after = math.inf if k == last else plan.phases[k + 1].end_s - phase.end_s
        for late in sizes.marks_s:
            if -room + 0.05 < late < after - 0.05:
                yield _fault(
                    "timers", f"{head}.phases.{k}.end_s", "offset",
                    f"end of {phase.name!r} {abs(late):g} s {'late' if late > 0 else 'early'}",
                    late, "s",
                )  # fmt: skip
        if k < last:
            yield _fault(
                "timers", f"{head}.phases.{k}.end_s", "omit", f"end of {phase.name!r} never comes"
            )
        if phase.burning:
            yield _fault(
                "burns", f"{head}.phases.{k}.burning", "omit",
                f"{' and '.join(phase.burning)} not lit in {phase.name!r}",
            )  # fmt: skip
            for part in (*sizes.parts, 0.01):
                if part <= 1.1:
                    yield _fault(
                        "burns", f"{head}.phases.{k}.throttle", "factor",
                        f"throttle of {phase.name!r} x{part:g}"
                        + (" (per cent read as a part)" if part == 0.01 else ""),
                        part,
                    )  # fmt: skip


def _staging(plan: Plan) -> Iterator[Fault]:
    for k, phase in enumerate(plan.phases):
        if not phase.drops_at_end:
            continue
        names = " and ".join(phase.drops_at_end)
        path = f"ascent.phases.{k}.drops_at_end"
        if k + 1 < len(plan.phases):
            yield _fault("staging", path, "retain", f"{names} retained")
            yield _fault("staging", path, "offset", f"{names} leaves a mark late", 1.0, "marks")
        if k > 0:
            yield _fault("staging", path, "offset", f"{names} leaves a mark early", -1.0, "marks")


def _tables(plan: Plan, sizes: _Sizes) -> Iterator[Fault]:
    """The attitude programme as a whole: read late, by other axes, with other signs."""
    for late in sizes.marks_s:
        yield _fault(
            "tables", "ascent.attitude", "offset",
            f"attitude programme {abs(late):g} s {'late' if late > 0 else 'early'}", late, "s",
        )  # fmt: skip
    for axis in "xyz":
        yield _fault("angles", f"ascent.attitude.{axis}", "sign", f"attitude: {axis} with a minus")
    for pair in ("xy", "xz", "yz"):
        yield _fault(
            "frames", f"ascent.attitude.{pair}", "set",
            f"attitude: {pair[0]} and {pair[1]} changed for each other",
        )  # fmt: skip
    if plan.throttle is not None:
        for part in (0.01, 0.9, 1.1):
            yield _fault("units", "ascent.throttle", "factor", f"throttle x{part:g}", part)


def _aims(plan: Plan) -> Iterator[Fault]:
    """What the plan says of itself: the state it leads to, the masses it was made for."""
    if "x_m" in plan.targets:
        for factor, text in _LENGTH:
            yield _fault("units", "ascent.places", "factor", f"place aimed at: {text}", factor)
        for factor, text in _SPEED:
            yield _fault("units", "ascent.speeds", "factor", f"speed aimed at: {text}", factor)
    for factor, text in (*_MASS, (1.1, "a tenth more"), (0.9, "a tenth less")):
        yield _fault(
            "masses",
            "ascent.initial_mass_kg",
            "factor",
            f"lift-off mass of the plan: {text}",
            factor,
        )
        if "payload_kg" in plan.targets:
            yield _fault(
                "masses",
                "ascent.targets.payload_kg",
                "factor",
                f"payload of the plan: {text}",
                factor,
            )


# hand-overs -------------------------------------------------------------------------------------
def _of_handover(head: str, what: str, propellant: bool) -> Iterator[Fault]:
    for field, units, noun in (("r_m", _LENGTH, "place"), ("v_m_s", _SPEED, "velocity")):
        for factor, text in units:
            yield _fault("units", f"{head}.{field}", "factor", f"{what}: {noun}, {text}", factor)
        for axis in "xz":
            yield _fault(
                "hand-overs",
                f"{head}.{field}.{axis}",
                "sign",
                f"{what}: {noun}, {axis} with a minus",
            )
        yield _fault(
            "hand-overs", f"{head}.{field}.xy", "set",
            f"{what}: {noun}, x and y changed for each other",
        )  # fmt: skip
    for name, text in (("tod", "true of date"), ("itrf", "Earth-fixed")):
        yield _fault(
            "frames", f"{head}.axes.{name}", "frame", f"{what}: state in {text} axes read as GCRF"
        )
    for late, text in _CLOCKS:
        yield _fault("hand-overs", f"{head}.epoch", "offset", f"{what}: {text}", late, "s")
    for factor, text in (*_MASS, (1.05, "a twentieth more")):
        yield _fault("masses", f"{head}.mass_kg", "factor", f"{what}: mass, {text}", factor)
    if propellant:
        for factor, text in (*_MASS, (0.5, "half")):
            yield _fault(
                "masses", f"{head}.propellant", "factor", f"{what}: propellant, {text}", factor
            )


# steps ------------------------------------------------------------------------------------------
def _called(stretch: Stretch) -> str:
    names = [getattr(s, "name", "the coast") for s in stretch.steps]
    return names[0] if names else stretch.chapter


def _of_stretch(k: int, stretch: Stretch, sizes: _Sizes) -> Iterator[Fault]:
    head = f"stretches.{k}"
    if stretch.plan is not None:
        yield from _marks(f"{head}.plan", stretch.plan, sizes)
        yield _fault("angles", f"{head}.plan.attitude", "sign", f"{_called(stretch)} reversed")
        for pair in ("xy", "xz"):
            yield _fault(
                "frames", f"{head}.plan.attitude.{pair}", "set",
                f"{_called(stretch)}: {pair[0]} and {pair[1]} changed for each other",
            )  # fmt: skip
    coasts = sum(isinstance(s, Coast) for s in stretch.steps)
    for j, step in enumerate(stretch.steps):
        path = f"{head}.steps.{j}"
        if isinstance(step, Coast):
            yield from _of_coast(path, step, sizes)
            if coasts > 1:
                yield _fault("timers", path, "omit", "a coast left out")
        elif isinstance(step, Manoeuvre):
            yield _fault("burns", head, "omit", f"{step.name} never begins")
            yield from _of_burn(path, step, sizes)
        elif isinstance(step, Release):
            yield from _of_release(path, step)


def _of_coast(path: str, step: Coast, sizes: _Sizes) -> Iterator[Fault]:
    if step.impulses is not None:
        yield from firing_faults(path)
    if step.duration_s is not None:
        slips = [(x, f"coast: {text}") for x, text in _TIME]
        slips += [(x, f"coast x{x:g}") for x in sizes.parts]
        for factor, text in slips:
            if 1.0 < factor * step.duration_s < max(_LONGEST_S, 1.2 * step.duration_s):
                yield _fault("timers", f"{path}.duration_s", "factor", text, factor)
        for late in sizes.marks_s:
            if step.duration_s + late > 1.0:
                yield _fault(
                    "timers", f"{path}.duration_s", "offset", f"coast {late:+g} s", late, "s"
                )
    elif isinstance(step.until, Until):
        if step.until.kind in OTHER:
            yield _fault(
                "events", f"{path}.until", "set",
                f"{OTHER[step.until.kind]} taken for {step.until.kind}",
            )  # fmt: skip
        yield _fault("events", f"{path}.count", "offset", "an event counted too few", 1.0)
        if step.until.count > 1:
            yield _fault("events", f"{path}.count", "offset", "an event counted twice", -1.0)
        if step.until.kind == "altitude":
            for factor, text in _LENGTH:
                yield _fault("units", f"{path}.altitude_m", "factor", f"height: {text}", factor)
    elif step.until is not None:
        for late, text in _CLOCKS:
            yield _fault("tables", f"{path}.until", "offset", f"instant: {text}", late, "s")


def _of_burn(path: str, step: Manoeuvre, sizes: _Sizes) -> Iterator[Fault]:
    """Size, direction and axes of one burn."""
    units: tuple[tuple[float, str], ...]
    if step.delta_v_m_s is not None:
        field, units = "delta_v_m_s", (*_SPEED, *_IMPULSE)
    elif step.duration_s is not None:
        # 127 s for 84: Luna-25, 2023
        field, units = "duration_s", (*_TIME, (127.0 / 84.0, "127 s for 84"))
    else:
        field, units = "propellant_kg", _MASS
    for factor, text in units:
        yield _fault("units", f"{path}.{field}", "factor", f"{step.name}: {text}", factor)
    for factor in sizes.parts:
        yield _fault("burns", f"{path}.{field}", "factor", f"{step.name} x{factor:g}", factor)
    yield _fault("burns", f"{path}.direction", "sign", f"{step.name} the wrong way")
    u = np.asarray(step.direction)
    if abs(u[0] - u[1]) > 1e-9:
        yield _fault(
            "angles", f"{path}.direction", "set", f"{step.name}: first and second component changed"
        )
    for angle in sizes.angles_deg:
        yield _fault(
            "angles",
            f"{path}.direction",
            "turn",
            f"{step.name} {angle:g} deg off",
            angle * _DEG,
            "rad",
        )
    yield _fault(
        "frames", f"{path}.axes", "set", f"{step.name}: {OTHER[step.axes]} axes for {step.axes}"
    )


def _of_release(path: str, step: Release) -> Iterator[Fault]:
    for factor, text in _SPEED:
        yield _fault("units", f"{path}.speed_m_s", "factor", f"{step.name}: {text}", factor)
    yield _fault("burns", f"{path}.direction", "sign", f"{step.name} the wrong way")

"""Impulses of a file against what the thrusters can give in the time that they were open.

Where they were flown, what the path jumps by is held against them too, and what the tank lost.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.factors import NO_MISTAKE, explained
from cosmodrome.checks.plan_flown import VELOCITY_M_S, legs_of
from cosmodrome.checks.series import seams
from cosmodrome.checks.verdicts import NotJudged, at_least, at_most
from cosmodrome.mission.steps import Coast
from cosmodrome.world.bodies import G0

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.series import Seams
    from cosmodrome.checks.verdicts import Judged
    from cosmodrome.checks.view import View
    from cosmodrome.formats.impulses import Impulse, Impulses
    from cosmodrome.mission.nouns import CraftEngine
    from cosmodrome.record.nouns import Finding, Leg

    Array = NDArray[np.float64]

__all__ = ["IMPULSE_UNITS", "ROADS", "Thrusters", "file_units", "given_in", "impulse_units"]

IMPULSE_UNITS = "impulse-units"
ROADS = ("impulses of the file", "thrust x time open; jumps of the path")
# epochs are whole nanoseconds, breaks of a path seconds of it
_SAME_S = 1e-6
# of an impulse: the mean of two masses stands for the logarithm of their ratio
_FRACTION = 1e-6
# what a firing takes is grams, and rounding in a mass of a tonne far below a milligram
_LOST_KG = 1e-6


@dataclass(frozen=True, slots=True)
class Thrusters:
    """What fires: thrust of one, N, and which part of what is fired is left over.

    left  least and greatest part of thrust x time that adds up to an impulse: a pair in one
          direction leaves all but the cosine of its cant, a couple nothing
    """

    thrust_n: float
    left: tuple[float, float] = (0.5, 1.1)


def impulse_units(view: View) -> Iterator[Judged]:
    """The files of all coasts against the spacecraft's thrusters, each one's whole and each event;
    then path and tank of the legs that flew them against the files."""
    flown = [(g, file) for g in legs_of(view) for file in _files(g)]
    if not flown:
        raise NotJudged("no coast has small impulses")
    goes_on = False
    for leg, file in flown:
        thrusters = view.craft_of(leg).thrusters
        if thrusters is None:
            raise NotJudged(f"{leg.object} has no thrusters, and gives impulses")
        if not goes_on:
            yield from _told_by(file, Thrusters(thrusters.thrust_n), leg.object)
        goes_on = any(isinstance(s, Coast) and s.goes_on for s in leg.steps)
    for leg in dict.fromkeys(g for g, _ in flown):
        yield from _flown(view, leg)


def _files(leg: Leg) -> list[Impulses]:
    return [s.impulses for s in leg.steps if isinstance(s, Coast) and s.impulses is not None]


def given_in(leg: Leg) -> list[tuple[str, Impulse]]:
    """Impulses that a leg says it was given, each with the axes it is told in."""
    return [
        (file.axes, e)
        for file in _files(leg)
        for e in file.events
        if leg.path.start < e.epoch < leg.path.end
    ]


def file_units(file: Impulses, thrusters: Thrusters) -> tuple[Finding, ...]:
    """Two findings: every event for itself gives no more than it can, and all together no less.

    The first fails where one event gives more than thrust and time allow. The sum is steadier than
    the single event, whose impulse may partly cancel: its ratio to thrust x time lies within what
    is left over, or the finding fails and names the mistake of unit that would explain it.
    """
    told = _told_by(file, thrusters, file.object)
    return tuple(j.finding(IMPULSE_UNITS, ROADS) for j in told)


def _told_by(file: Impulses, thrusters: Thrusters, object: str) -> Iterator[Judged]:
    yield _each(file, thrusters, object)
    yield _sum(file, thrusters, object)


def _each(file: Impulses, thrusters: Thrusters, object: str) -> Judged:
    worst = max(file.events, key=lambda e: e.size_ns / e.on_time_s)
    ratio = worst.size_ns / (worst.on_time_s * thrusters.thrust_n)
    most = thrusters.left[1]
    why = "the most that one event gives, over thrust x time open"
    if ratio > most:
        why += _told(ratio, thrusters)
    where = f"event of {worst.epoch.utc(0)}"
    return at_most(ratio, most, "1", where, why, object=object)


def _sum(file: Impulses, thrusters: Thrusters, object: str) -> Judged:
    given = sum(e.size_ns for e in file.events)
    able = thrusters.thrust_n * sum(e.on_time_s for e in file.events)
    low, high = thrusters.left
    ratio = given / able
    why = (
        f"they give {given:.4g} N s as read, and {thrusters.thrust_n:g} N in the time they were"
        f" open {able:.4g} N s; {low:g} to {high:g} of it is left over"
    )
    if not low <= ratio <= high:
        why += _told(ratio, thrusters)
    where = f"{len(file.events)} events in {file.unit}"
    if ratio > high:
        return at_most(ratio, high, "1", where, why, object=object)
    return at_least(ratio, low, "1", where, why, object=object)


def _told(ratio: float, thrusters: Thrusters) -> str:
    """The mistake that explains a ratio outside what is left over, by the middle of that."""
    low, high = thrusters.left
    why = explained(ratio / math.sqrt(low * high), 0.4)
    return f": {why}" if why else f"; {NO_MISTAKE}"


def _flown(view: View, leg: Leg) -> Iterator[Judged]:
    """Velocity and mass of a path at each impulse, and the tank, against the file."""
    thrusters = view.craft_of(leg).thrusters
    assert thrusters is not None
    given = given_in(leg)
    if not given:
        return
    path = view.inertial(leg.path)
    joints = seams(path)
    off = [_off(joints, e, axes, e.epoch - path.epoch) for axes, e in given]
    k = int(np.argmax([np.inf if np.isnan(x) else x for x, _, _ in off]))
    miss, told, mass = off[k]
    yield at_most(
        miss,
        VELOCITY_M_S * mass + _FRACTION * told,
        "N s",
        f"impulse of {given[k][1].epoch.utc(3)}",
        f"worst of {len(given)}: jump of the path's velocity times mass, against {told:.4g} N s"
        f" in {given[k][0]}",
        object=leg.object,
    )
    yield from _tank(view, leg, thrusters, [e for _, e in given])


def _off(joints: Seams, event: Impulse, axes: str, t_s: float) -> tuple[float, float, float]:
    """How far the jump of a path is from an impulse, N s, the size of that, and the mass, kg; all
    of it where the path does not jump."""
    told = event.size_ns
    k = int(np.argmin(np.abs(joints.t_s - t_s))) if joints.t_s.size else -1
    if k < 0 or abs(float(joints.t_s[k]) - t_s) > _SAME_S:
        return told, told, 0.0
    before, after = joints.before[k], joints.after[k]
    mass = 0.5 * float(before[6] + after[6])
    wanted = _inertial(np.array(event.impulse_ns), axes, before[0:3], before[3:6])
    return float(np.linalg.norm(mass * (after[3:6] - before[3:6]) - wanted)), told, mass


def _inertial(given: Array, axes: str, r: Array, v: Array) -> Array:
    """An impulse in GCRF, of components in axes that turn with the orbit or stand still."""
    if axes == "gcrf":
        return given
    up, along, across = (x / np.linalg.norm(x) for x in (r, v, np.cross(r, v)))
    if axes == "rtn":
        turned: Array = given[0] * up + given[1] * np.cross(across, up) + given[2] * across
    else:
        turned = given[0] * along + given[1] * across + given[2] * np.cross(along, across)
    return turned


def _tank(view: View, leg: Leg, thrusters: CraftEngine, given: list[Impulse]) -> Iterator[Judged]:
    path = view.inertial(leg.path)
    y = path.columns_at(path.breaks_s[[0, -1]])
    lost = float(y[0, 6] - y[1, 6])
    open_s = sum(e.on_time_s for e in given)
    wanted = thrusters.thrust_n * open_s / (G0 * thrusters.isp_s)
    where = f"{len(given)} impulses from {leg.start.epoch.utc(0)}"
    yield at_most(
        abs(lost - wanted),
        _LOST_KG,
        "kg",
        where,
        f"{lost:.6g} kg lost along the path; {thrusters.thrust_n:g} N for {open_s:.6g} s at"
        f" {thrusters.isp_s:g} s take {wanted:.6g} kg",
        object=leg.object,
    )
    if leg.handover_in is None or leg.handover_out is None:
        return
    had, left = (
        h.propellant_kg.get(leg.object, math.nan) for h in (leg.handover_in, leg.handover_out)
    )
    why = f"{had:.6g} kg before and {left:.6g} kg after by the hand-overs, against the path"
    yield at_most(abs(had - left - lost), _LOST_KG, "kg", where, why, object=leg.object)
    yield from _loaded(view, leg, left, where)


def _loaded(view: View, leg: Leg, told_kg: float, where: str) -> Iterator[Judged]:
    """What was loaded less what all burns and impulses so far took, by the mass along the paths."""
    craft, taken = view.craft_of(leg), 0.0
    for g in legs_of(view):
        if g.object == craft.id and g.chapter in ("transfer", "landing", "orbit"):
            y = g.path.columns_at(g.path.breaks_s[[0, -1]])
            taken += float(y[0, 6] - y[1, 6])
        if g is leg:
            break
    left = craft.propellant_kg - taken
    why = f"{craft.propellant_kg:g} kg loaded less {taken:.6g} kg by the mass along the paths"
    told = f"{why}, against {told_kg:.6g} kg left by the hand-over"
    yield at_most(abs(left - told_kg), _LOST_KG, "kg", where, told, object=leg.object)
    yield at_least(left, -_LOST_KG, "kg", where, why, object=leg.object)

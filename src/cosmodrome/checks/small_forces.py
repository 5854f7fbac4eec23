"""Impulses of a file against what the thrusters can give in the time that they were open."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.checks.factors import NO_MISTAKE, explained
from cosmodrome.checks.verdicts import at_least, at_most

if TYPE_CHECKING:
    from cosmodrome.checks.verdicts import Judged
    from cosmodrome.formats.impulses import Impulses
    from cosmodrome.record.nouns import Finding

__all__ = ["IMPULSE_UNITS", "ROADS", "Thrusters", "impulse_units"]

IMPULSE_UNITS = "impulse-units"
ROADS = ("impulses of the file", "thrust x time open")


@dataclass(frozen=True, slots=True)
class Thrusters:
    """What fires: thrust of one, N, and which part of what is fired is left over.

    left  least and greatest part of thrust x time that adds up to an impulse: a pair in one
          direction leaves all but the cosine of its cant, a couple nothing
    """

    thrust_n: float
    left: tuple[float, float] = (0.5, 1.1)


def impulse_units(file: Impulses, thrusters: Thrusters) -> tuple[Finding, ...]:
    """Two findings: every event for itself gives no more than it can, and all together no less.

    The first fails where one event gives more than thrust and time allow. The sum is steadier than
    the single event, whose impulse may partly cancel: its ratio to thrust x time lies within what
    is left over, or the finding fails and names the mistake of unit that would explain it.
    """
    both = (_each(file, thrusters), _sum(file, thrusters))
    return tuple(j.finding(IMPULSE_UNITS, ROADS, file.object) for j in both)


def _each(file: Impulses, thrusters: Thrusters) -> Judged:
    worst = max(file.events, key=lambda e: e.size_ns / e.on_time_s)
    ratio = worst.size_ns / (worst.on_time_s * thrusters.thrust_n)
    most = thrusters.left[1]
    why = "the most that one event gives, over thrust x time open"
    if ratio > most:
        why += _told(ratio, thrusters)
    where = f"event of {worst.epoch.utc(0)}"
    return at_most(ratio, most, "1", where, why)


def _sum(file: Impulses, thrusters: Thrusters) -> Judged:
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
        return at_most(ratio, high, "1", where, why)
    return at_least(ratio, low, "1", where, why)


def _told(ratio: float, thrusters: Thrusters) -> str:
    """The mistake that explains a ratio outside what is left over, by the middle of that."""
    low, high = thrusters.left
    why = explained(ratio / math.sqrt(low * high), 0.4)
    return f": {why}" if why else f"; {NO_MISTAKE}"

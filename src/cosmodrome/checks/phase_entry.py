"""Is a landing's next phase entered with a state that it was made for?

The box of a phase is what its makers promise to land from: heights, speeds across and down, the
distance from the site. A mission file gives those of its landing's gates; others are written out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.angles import vertical
from cosmodrome.checks.plan_flown import spans_of
from cosmodrome.checks.verdicts import Judged, NotJudged, at_least, at_most
from cosmodrome.checks.view import MOON_RADIUS_M
from cosmodrome.mission.steps import Land
from cosmodrome.record.nouns import Plan
from cosmodrome.world.body_orientation import fixed_from_gcrf
from cosmodrome.world.heights import terrain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Finding, Leg
    from cosmodrome.world.state import State

__all__ = [
    "Entry",
    "Envelope",
    "entered",
    "findings_of",
    "level_m",
    "over_site",
    "phase_entry",
]

Range = tuple[float, float]

# gates are aimed off by what the plan's model leaves out: 76 m were flown after 430 s of braking
# from a low orbit, 6 m half a minute later
_MOVED, _MOVED_M, _MOVED_M_S = 0.1, 15.0, 0.5
# the high gate is up to three times its height
_HIGHEST = 3.0
# the vertical end: how far from over the site, and how fast across
_OVER_M, _ACROSS_M_S = 15.0, 1.0
# phases of a landing that a box belongs to, by the plan's names
_APPROACH, _END = "approach", "terminal"


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a phase begins: height over the site's level and distance along the ground, m; speeds
    down and across, m/s."""

    height_m: float
    range_m: float
    sink_m_s: float
    across_m_s: float


@dataclass(frozen=True, slots=True)
class Envelope:
    """The least and the most that a phase is made for; None: anything serves.

    slope_rad  the least elevation of the craft seen from the site
    """

    phase: str
    height_m: Range | None = None
    range_m: Range | None = None
    sink_m_s: Range | None = None
    across_m_s: Range | None = None
    slope_rad: float | None = None


def entered(envelope: Envelope, entry: Entry, where: str, object: str = "") -> Iterator[Judged]:
    """One finding for each bound side of the box that is nearer, and one for the slope."""
    for what, unit, value, bounds in (
        ("height", "m", entry.height_m, envelope.height_m),
        ("distance from the site", "m", entry.range_m, envelope.range_m),
        ("speed down", "m/s", entry.sink_m_s, envelope.sink_m_s),
        ("speed across", "m/s", entry.across_m_s, envelope.across_m_s),
    ):
        if bounds is None:
            continue
        low, high = bounds
        why = f"{what} where {envelope.phase} begins, made for {low:.6g} to {high:.6g} {unit}"
        judge, limit = (at_least, low) if value - low < high - value else (at_most, high)
        yield judge(value, limit, unit, where, why, object=object)
    if envelope.slope_rad is not None and entry.range_m > 0.0:
        seen = math.degrees(math.atan2(entry.height_m, entry.range_m))
        least = math.degrees(envelope.slope_rad)
        why = f"elevation seen from the site where {envelope.phase} begins"
        yield at_least(seen, least, "deg", where, why, object=object)


def findings_of(
    envelope: Envelope, entry: Entry, where: str, object: str = ""
) -> tuple[Finding, ...]:
    """The findings of a box that no mission file tells, such as a past loss's."""
    roads = ("state where the phase begins", "what it is made for")
    return tuple(j.finding("phase-entry", roads) for j in entered(envelope, entry, where, object))


def phase_entry(view: View) -> Iterator[Judged]:
    """Each landing's approach and vertical end, entered inside what the mission file says."""
    found = False
    for step, legs in spans_of(view):
        if not (isinstance(step, Land) and legs):
            continue
        for leg in (g for g in legs if g.chapter == "landing" and isinstance(g.plan, Plan)):
            for envelope in _boxes(step):
                entry = _entry(view, step, leg, envelope.phase)
                if entry is not None:
                    found = True
                    where = f"{step.name}, {envelope.phase}"
                    yield from entered(envelope, entry, where, leg.object)
    if not found:
        raise NotJudged("no landing with an approach was flown")


def _boxes(step: Land) -> tuple[Envelope, ...]:
    """Of the approach and of the vertical end, by the gates of the step."""
    high, low = step.high_gate_m, step.low_gate_m
    return (
        Envelope(
            _APPROACH,
            ((1.0 - _MOVED) * high, (_HIGHEST + _MOVED) * high),
            slope_rad=step.glide_slope_rad - math.radians(1.0),
        ),
        Envelope(
            _END,
            (max(low - _MOVED_M, 0.0), low + _MOVED_M),
            (0.0, _OVER_M),
            (-_MOVED_M_S, step.sink_m_s + _MOVED_M_S),
            (0.0, _ACROSS_M_S),
        ),
    )


def _entry(view: View, step: Land, leg: Leg, phase: str) -> Entry | None:
    """The state of the leg where the first stretch of a phase begins; None: the plan has none, or
    the path ends before."""
    plan = leg.plan
    assert isinstance(plan, Plan)
    starts = [p.start_s for p in plan.phases if p.name == phase and p.burning]
    if not starts:
        return None
    at = plan.epoch + starts[0]
    if at > leg.path.end:
        return None
    return over_site(view, step, leg.path.at(at))


def level_m(step: Land) -> float:
    """Height of a site's ground over the Moon's sphere: as the step says, or LOLA's."""
    if step.height_m is not None:
        return step.height_m
    return float(terrain("moon").height_m(step.latitude_rad, step.longitude_rad))


def over_site(view: View, step: Land, state: State) -> Entry:
    """Place and speeds over the ground that turns, on the Moon's sphere."""
    r, v = fixed_from_gcrf(view.world, "moon", "moon-me", state.epoch).velocity(
        state.r_m, state.v_m_s
    )
    size = float(np.linalg.norm(r))
    up = r / size
    site = vertical(step.latitude_rad, step.longitude_rad)
    arc = float(np.arctan2(np.linalg.norm(np.cross(site, up)), site @ up))
    sink = -float(v @ up)
    across = float(np.linalg.norm(v + sink * up))
    return Entry(size - MOON_RADIUS_M - level_m(step), MOON_RADIUS_M * arc, sink, across)

"""How a flight that was executed ended, for one of its spacecraft: what is judged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cosmodrome import orbit
from cosmodrome.campaign.verify.crafts import names_of
from cosmodrome.campaign.verify.nouns import Ended, Way
from cosmodrome.campaign.verify.orbits.periapsis import next_m
from cosmodrome.flight.again import Ending
from cosmodrome.mission import Land, Rise
from cosmodrome.record.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.flight.again import Again
    from cosmodrome.record import Flight, Leg
    from cosmodrome.world.state import State

__all__ = ["AS_PLANNED", "ended_of", "landing_of", "told_of"]

#: the flight with nothing wrong
AS_PLANNED = Fault("plan", "burns", "plan", "omit", 0.0, "", "nothing: the flight as planned")
_WAYS: dict[str, Way] = {"fell": "impact", "exhausted": "exhausted", "refused": "lost"}


def ended_of(again: Again, fault: Fault, craft: str | None = None) -> Ended:
    """How a flight that was executed again ended, for the primary spacecraft or another."""
    if again.flight is None:
        ending = again.ended["stack"]
        return Ended(fault, _WAYS[ending.way], ending.why)
    return told_of(again.flight, fault, again.ended, craft or again.flight.mission.spacecraft.id)


def told_of(flight: Flight, fault: Fault, endings: Mapping[str, Ending], craft: str) -> Ended:
    """The same of a flown record; `endings` of what did not fly on, by object."""
    names = names_of(flight, craft)
    mine = [g for g in flight.legs if g.object in names and g.kind != "object"]
    burns = [g for g in mine if g.chapter == "transfer"]
    last = mine[-1] if mine else None
    ending = next((endings[name] for name in names if name in endings), None)
    if ending is None and last is not None and orbit.fell(last):
        ending = Ending("fell", last.solve.status)
    release = _release(flight, craft)
    if ending is None and last is None and release is None:
        ending = Ending("refused", "it is never released")
    end = release if last is None else last.end
    over = ending is not None and end is not None
    return Ended(
        fault,
        "flown" if ending is None else _WAYS[ending.way],
        "" if ending is None else ending.why,
        release=release,
        reached=burns[-1].end if burns else None,
        end=end,
        end_at=end.epoch if over and end is not None else None,
        left_kg=_left_kg(last),
        lowest_m=min((_lowest_m(g) for g in mine if g.chapter == "orbit"), default=math.nan),
    )


def landing_of(flight: Flight, craft: str) -> Land | None:
    """The one that a spacecraft's flight ends with; what rises again is judged by its orbit."""
    names = names_of(flight, craft)
    steps = [s for leg in flight.legs if leg.object in names for s in leg.steps]
    down = [k for k, s in enumerate(steps) if isinstance(s, Land)]
    up = [k for k, s in enumerate(steps) if isinstance(s, Rise)]
    last = steps[down[-1]] if down and (not up or up[-1] < down[-1]) else None
    return last if isinstance(last, Land) else None


def _release(flight: Flight, craft: str) -> State | None:
    """As the stack let it go, or what carried it in orbit; None where it began by itself."""
    stack = next((g for g in flight.legs if g.object == "stack"), None)
    given = [h for leg in flight.legs if leg is not stack for h in leg.released]
    if stack is not None and stack.handover_out is not None:
        given = [*(stack.released or (stack.handover_out,)), *given]
    return next((h.state for h in given if craft in h.attached), None)


def _left_kg(last: Leg | None) -> float:
    if last is None or last.handover_out is None:
        return 0.0
    return last.handover_out.propellant_kg.get(last.object, 0.0)


def _lowest_m(leg: Leg) -> float:
    """Osculating perigee or perilune of a coast at its ends; inf where it only leaves."""
    about = leg.start.frame.centre
    return min(next_m(state) for state in (leg.start, leg.end) if state.frame.centre == about)

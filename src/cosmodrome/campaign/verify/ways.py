"""How the faults of each part of a mission are listed, flown, judged and noticed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome.campaign.verify.ascents.faults import ascent_faults
from cosmodrome.campaign.verify.ascents.flown import fly_ascents
from cosmodrome.campaign.verify.noticed import in_flight
from cosmodrome.campaign.verify.orbits.faults import orbit_faults
from cosmodrome.campaign.verify.orbits.flown import fly_on, fly_orbits
from cosmodrome.campaign.verify.plans.faults import plan_faults
from cosmodrome.campaign.verify.plans.flown import climb_first, fly_carried
from cosmodrome.campaign.verify.swept import Way
from cosmodrome.record.faults import Sighting
from cosmodrome.watch import stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cosmodrome.campaign.verify.nouns import Ended
    from cosmodrome.campaign.verify.swept import Fineness, Swept
    from cosmodrome.record.faults import Fault, Outcome
    from cosmodrome.record.nouns import Flight
    from cosmodrome.record.sweep import Part
    from cosmodrome.watch import Watch

__all__ = ["WAYS"]

# as the lists of faults in flight count it
_OF_ASCENTS: dict[Fineness, int] = {"coarse": 1, "normal": 2, "fine": 4}
_OF_ORBITS: dict[Fineness, float] = {"coarse": 0.5, "normal": 1.0, "fine": 2.0}


def _in_ascent(flight: Flight, fineness: Fineness) -> tuple[Fault, ...]:
    return ascent_faults(flight, _OF_ASCENTS[fineness])


def _in_orbit(flight: Flight, fineness: Fineness) -> tuple[Fault, ...]:
    return orbit_faults(flight, _OF_ORBITS[fineness])


def _noticed(swept: Swept, ended: Iterable[Ended]) -> list[Outcome]:
    """Judged, and who sees it in flight."""
    out = []
    for e in ended:
        outcome = swept.judge.judge(e)
        seen = in_flight(swept.flight, swept.planned, e, outcome)
        out.append(replace(outcome, seen=seen))
    return out


def _climbed(swept: Swept, faults: Sequence[Fault], watch: Watch) -> list[Outcome]:
    """Climbs, then what follows each from where it released."""
    released = fly_ascents(swept.flight, faults, swept.world, watch)
    told = [replace(r, figures={**r.figures, "margin_kg": r.margin_kg}) for r in released]
    return _noticed(swept, fly_on(swept.flight, told, swept.world, watch))


def _orbited(swept: Swept, faults: Sequence[Fault], watch: Watch) -> list[Outcome]:
    return _noticed(swept, fly_orbits(swept.flight, faults, swept.world, watch))


def _carried(swept: Swept, faults: Sequence[Fault], watch: Watch) -> list[Outcome]:
    """What is carried, wrong: seen by checks that hold with nothing wrong, or as it is flown."""
    out = []
    if len(faults) > 1:
        climb_first(swept.judge, swept.carries, faults, watch)
    for fault in faults:
        stop_if_cancelled(watch)
        again, outcome = fly_carried(swept.judge, swept.carries, fault, watch)
        fresh = swept.fresh(outcome.findings)
        by = {f.check: Sighting(f.check, None, f.why) for f in reversed(fresh)}
        stopped = [
            Sighting("re-flight", None, ending.why) for ending in list(again.ended.values())[:1]
        ]
        seen = (*stopped, *(by[name] for name in sorted(by)))
        out.append(replace(outcome, seen=seen, findings=fresh))
    return out


#: by part
WAYS: Mapping[Part, Way] = {
    "ascent": Way(_in_ascent, _climbed, 96),
    "orbit": Way(_in_orbit, _orbited, 48),
    "plan": Way(plan_faults, _carried, 16),
}

"""How the faults of each part of a mission are listed, flown, judged and noticed."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome.campaign.verify.ascents.faults import ascent_faults
from cosmodrome.campaign.verify.ascents.flown import fly_ascents
from cosmodrome.campaign.verify.crafts import crafts_of, steered_late
from cosmodrome.campaign.verify.intent.faults import intent_faults
from cosmodrome.campaign.verify.intent.flown import fly_intent
from cosmodrome.campaign.verify.noticed import in_flight
from cosmodrome.campaign.verify.nouns import Released
from cosmodrome.campaign.verify.orbits.faults import orbit_faults
from cosmodrome.campaign.verify.orbits.flown import craft_of, fly_on, fly_orbits
from cosmodrome.campaign.verify.plans.faults import plan_faults
from cosmodrome.campaign.verify.plans.flown import climb_first, fly_carried
from cosmodrome.campaign.verify.swept import Way
from cosmodrome.record.faults import CONSEQUENCES, Sighting
from cosmodrome.watch import stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    """Those of every spacecraft that has something to lose."""
    fine = _OF_ORBITS[fineness]
    return tuple(f for craft in crafts_of(flight) for f in orbit_faults(flight, fine, craft))


def _in_plan(flight: Flight, fineness: Fineness) -> tuple[Fault, ...]:
    """None where a step is planned on the way: what is carried leads up to it, whatever is wrong
    with it, and no further."""
    if steered_late(flight):
        return ()
    return (*plan_faults(flight, fineness), *intent_faults(flight))


def _noticed(swept: Swept, ended: Sequence[Ended], watch: Watch) -> list[Outcome]:
    """Judged, and who sees it in flight; of a spacecraft that lets others go, with all of them."""
    own = [_one_noticed(swept, e) for e in ended]
    each = [{swept.flight.mission.spacecraft.id: outcome} for outcome in own]
    for craft, seen in swept.let_go.items():
        which = [k for k, e in enumerate(ended) if craft in e.let_go]
        given = [_given(swept, ended[k], craft) for k in which]
        flown = fly_on(seen.flight, given, swept.world, watch)
        for k, outcome in zip(which, _noticed(seen, flown, watch), strict=True):
            each[k][craft] = outcome
    return [_worst(outcomes) for outcomes in each]


def _one_noticed(swept: Swept, ended: Ended, craft: str | None = None) -> Outcome:
    """For one spacecraft; None: the primary one."""
    craft = craft or swept.judge.craft
    outcome = swept.judge_of(craft).judge(ended)
    seen = in_flight(swept.flight, swept.planned(craft), ended, outcome, craft)
    return replace(outcome, seen=seen)


def _given(swept: Swept, ended: Ended, craft: str) -> Released:
    """What a carrier let go, or did not."""
    state = ended.let_go[craft]
    if state is not None:
        end_s = state.epoch - swept.flight.zero
        return Released(
            ended.fault,
            "flown",
            "",
            state,
            end_s,
            ended.effect_s,
            figures=ended.figures,
            craft=craft,
        )
    way = "lost" if ended.way == "flown" else ended.way
    why = ended.why if ended.way != "flown" and ended.why else "is not let go"
    end = ended.end_at or (None if ended.end is None else ended.end.epoch)
    end_s = 0.0 if end is None else end - swept.flight.zero
    return Released(ended.fault, way, why, None, end_s, ended.effect_s, craft=craft)


def _climbed(swept: Swept, faults: Sequence[Fault], watch: Watch) -> list[Outcome]:
    """Climbs, then what follows each from where it released; of several spacecraft each."""
    released = fly_ascents(swept.flight, faults, swept.world, watch)
    each = [{swept.flight.mission.spacecraft.id: o} for o in _flown_on(swept, released, watch)]
    for k, (craft, seen) in enumerate(swept.others.items()):
        outcomes = _flown_on(seen, [r.others[k] for r in released], watch)
        for mine, outcome in zip(each, outcomes, strict=True):
            mine[craft] = outcome
    return [_worst(outcomes) for outcomes in each]


def _flown_on(swept: Swept, released: Sequence[Released], watch: Watch) -> list[Outcome]:
    told = [replace(r, figures={**r.figures, "margin_kg": r.margin_kg}) for r in released]
    return _noticed(swept, fly_on(swept.flight, told, swept.world, watch), watch)


def _worst(outcomes: Mapping[str, Outcome]) -> Outcome:
    """Of several spacecraft the one that fares worst, and which it is; of equals the one that is
    further off, and came first."""

    def bad(craft: str) -> tuple[int, float]:
        outcome = outcomes[craft]
        return CONSEQUENCES.index(outcome.consequence), outcome.figures.get("off", 0.0)

    craft = max(outcomes, key=bad)
    worst = outcomes[craft]
    if len(outcomes) == 1:
        return worst
    # whoever notices it first, each in its own way
    seen: dict[str, Sighting] = {}
    for s in sorted((s for o in outcomes.values() for s in o.seen), key=_when):
        seen.setdefault(s.by, s)
    return replace(worst, why=f"{craft}: {worst.why}", seen=tuple(seen.values()))


def _when(sighting: Sighting) -> tuple[float, str]:
    return math.inf if sighting.t_s is None else sighting.t_s, sighting.by


def _orbited(swept: Swept, faults: Sequence[Fault], watch: Watch) -> list[Outcome]:
    """Those of the primary spacecraft, with what it lets go; those of any other for itself."""
    ended = fly_orbits(swept.flight, faults, swept.world, watch)
    others = [craft_of(f) != swept.judge.craft for f in faults]
    own = iter(_noticed(swept, [e for e, o in zip(ended, others, strict=True) if not o], watch))
    return [
        _one_noticed(swept, e, craft_of(e.fault)) if other else next(own)
        for e, other in zip(ended, others, strict=True)
    ]


def _carried(swept: Swept, faults: Sequence[Fault], watch: Watch) -> list[Outcome]:
    """What is carried, wrong: seen by checks that hold with nothing wrong, or as it is flown."""
    out = []
    carried = [fault for fault in faults if fault.family != "intent"]
    if len(carried) > 1:
        climb_first(swept.judge, swept.carries, carried, watch)
    for fault in faults:
        stop_if_cancelled(watch)
        if fault.family == "intent":
            out.append(_intended(swept, fault, watch))
            continue
        again, outcome = fly_carried(swept.judge, swept.carries, fault, watch)
        fresh = swept.fresh(outcome.findings)
        by = {f.check: Sighting(f.check, None, f.why) for f in reversed(fresh)}
        stopped = [
            Sighting("re-flight", None, ending.why) for ending in list(again.ended.values())[:1]
        ]
        seen = (*stopped, *(by[name] for name in sorted(by)))
        out.append(replace(outcome, seen=seen, findings=fresh))
    return out


def _intended(swept: Swept, fault: Fault, watch: Watch) -> Outcome:
    """What the mission's file has wrong: no check has anything to see it by; a figure that is wrong
    may be noticed when it is flown."""
    ended, outcome = fly_intent(swept.judge, swept.carries, fault, watch)
    if ended is None:
        return outcome
    planned = swept.planned(swept.judge.craft)
    return replace(outcome, seen=in_flight(swept.flight, planned, ended, outcome))


#: by part
WAYS: Mapping[Part, Way] = {
    "ascent": Way(_in_ascent, _climbed, 96, 12),
    "orbit": Way(_in_orbit, _orbited, 48, 8),
    "plan": Way(_in_plan, _carried, 16),
}

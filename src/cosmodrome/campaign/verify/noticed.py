"""Who notices a fault in flight: a limit, the guidance, the gauge, whoever listens.

Nothing here knows what the fault is: seen is what its flight does to what is watched.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cosmodrome import coverage
from cosmodrome.campaign.verify.crafts import mission_of, names_of
from cosmodrome.campaign.verify.orbits.track import track
from cosmodrome.catalog.nouns import Limits, Station
from cosmodrome.dynamics import Thrust
from cosmodrome.mission import Manoeuvre, Mission
from cosmodrome.record.faults import Sighting
from cosmodrome.world.bodies import G0

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.campaign.verify.nouns import Ended
    from cosmodrome.record.faults import Fault, Outcome
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World

__all__ = ["Heard", "in_flight", "listeners", "passes"]

# a mission that names no stations is heard where it leaves the ground, above this (assumed)
_MASK_RAD = math.radians(5.0)
_PRESSURES = frozenset({"max_q_pa", "max_q_alpha_pa_rad"})
# how long a pass is followed until it is told from the planned one, or nobody answers (assumed)
_LOOK_S = 60.0
# cycles without an answer, on end, after which guidance flies its last law
_CYCLES = 20
# thrust that is due is felt within this, s (assumed)
_FELT_S = 1.0
# what a gauge can tell of a tank's load (assumed)
_GAUGE = 0.01
# a coast shorter than this, s, leaves no time for a gate (assumed)
_COASTS_S = 60.0
# legs that follow each other share an instant
_GAP_S = 1e-3
# what is measured -> limit, its name, scale and unit of the face
_LIMITS = {
    "max_q_pa": ("dynamic_pressure_pa", "dynamic pressure", 1e-3, "kPa"),
    "max_q_alpha_pa_rad": ("q_alpha_pa_rad", "q-alpha", 1e-3, "kPa rad"),
    "max_axial_m_s2": ("axial_acceleration_m_s2", "axial acceleration", 1.0 / G0, "g0"),
    "max_heat_flux_w_m2": ("heat_flux_w_m2", "heat flux", 1e-3, "kW/m^2"),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """A pass over a station as it is planned, s after the zero of the flight."""

    station: str
    rise_s: float
    set_s: float


def listeners(flight: Flight) -> tuple[Station, ...]:
    """The stations of the mission; the pad where it names none; nobody without either."""
    mission = flight.mission
    if mission.stations or not isinstance(mission, Mission):
        return mission.stations
    site = mission.site
    return (Station(site.id, site.latitude_rad, site.longitude_rad, site.height_m, _MASK_RAD),)


def passes(flight: Flight, world: World, craft: str | None = None) -> tuple[Heard, ...]:
    """When whoever listens expects to hear the stack and then a spacecraft, in order of rise.

    craft  which; None: the primary one
    """
    names = names_of(flight, craft or flight.mission.spacecraft.id)
    stations = listeners(flight)
    if not stations:
        return ()
    out: dict[str, list[Heard]] = {}
    for leg in flight.legs:
        if leg.object != "stack" and leg.object not in names:
            continue
        after = leg.path.epoch - flight.zero
        for c in coverage.contacts(leg.path, stations, world):
            held = out.setdefault(c.station, [])
            heard = Heard(c.station, after + c.rise.t_s, after + c.set.t_s)
            # a pass that goes on from one leg to the next is one
            if held and heard.rise_s - held[-1].set_s < _GAP_S:
                heard = replace(heard, rise_s=held.pop().rise_s)
            held.append(heard)
    return tuple(
        sorted((h for held in out.values() for h in held), key=lambda h: (h.rise_s, h.station))
    )


def in_flight(
    flight: Flight,
    planned: tuple[Heard, ...],
    ended: Ended,
    outcome: Outcome,
    craft: str | None = None,
) -> tuple[Sighting, ...]:
    """Who sees a fault of the truth, in order of time.

    craft    what it befalls; None: the primary spacecraft
    planned  of `passes`: over the first that leaves a minute after the fault has had its effect the
             orbit is measured and is not the planned one, or nobody answers
    """
    craft = craft or flight.mission.spacecraft.id
    seen = [
        *_exceeded(flight, ended), *_gave_up(flight, outcome, ended),
        *_timed(flight, ended.fault, craft), *_gate(flight, ended, craft),
        *_contact(planned, outcome),
    ]  # fmt: skip
    return tuple(sorted(seen, key=lambda s: (math.inf if s.t_s is None else s.t_s, s.by)))


def _exceeded(flight: Flight, ended: Ended) -> Iterator[Sighting]:
    mission = flight.mission
    if not isinstance(mission, Mission) or ended.way == "impact":
        return  # what falls is beyond every limit, when it is too late to be told
    # pressure is highest about when it is in the flight as planned
    most_s = next((e.t_s for e in flight.events if e.name == "max-q"), 0.0)
    limits: Limits = mission.limits.stricter(mission.vehicle.limits)
    for figure, (name, words, scale, unit) in _LIMITS.items():
        limit, measured = getattr(limits, name), ended.figures.get(figure)
        if limit is None or measured is None or not measured > limit:
            continue
        at = max(most_s if figure in _PRESSURES else 0.0, ended.effect_s or 0.0)
        why = f"{scale * measured:.4g} {unit} against {scale * limit:.4g} {unit}"
        yield Sighting(f"limit: {words}", at, why)


def _gave_up(flight: Flight, outcome: Outcome, ended: Ended) -> Iterator[Sighting]:
    """What the flight's own computer cannot miss."""
    at = outcome.end_s if outcome.end_s is not None else ended.figures.get("cutoff_s")
    if at is None:
        at = ended.effect_s
    if ended.way == "exhausted":
        yield Sighting("propellant gauge", at or 0.0, ended.why or "empty before the cut-off")
    elif ended.way == "lost":
        yield Sighting("guidance", at or 0.0, ended.why or "no way to the aim was found")
    if ended.figures.get("unlit_s", 0.0) > _FELT_S and ended.effect_s is not None:
        yield Sighting("guidance", ended.effect_s + _FELT_S, "no thrust is felt where it was due")
    missed = ended.figures.get("cycles_missed", 0.0)
    if missed > _CYCLES and ended.release is not None:
        why = f"{missed:.0f} cycles without an answer"
        yield Sighting("guidance", ended.release.epoch - flight.zero, why)


def _timed(flight: Flight, fault: Fault, watched: str) -> Iterator[Sighting]:
    """A burn that would last longer than the timer of its step."""
    head, _, what = fault.path.rpartition(".")
    root, _, burn = head.partition(".")
    craft, _, number = burn.rpartition(".")
    if root != "burns" or not number.isdigit() or craft != watched:
        return  # of what carried this one: seen there
    flown = track(flight, craft)
    item = None if flown is None else flown.items[flown.item((Manoeuvre, Thrust), int(number))]
    if item is None or not isinstance(item.does, Manoeuvre) or item.does.timer_s is None:
        return
    lasts, timer_s = item.lasts_s, item.does.timer_s
    if what == "cut-off":
        ways = {"omit": math.inf, "factor": lasts * fault.value, "offset": lasts + fault.value}
        lasts = ways[fault.kind]
    elif what == "thrust" and item.does.delta_v_m_s is not None:
        lasts /= fault.value
    if lasts > timer_s:
        at = item.start.epoch - flight.zero + timer_s
        yield Sighting("burn timer", at, f"{item.name!r} is not over after {timer_s:.4g} s")


def _gate(flight: Flight, ended: Ended, craft: str) -> Iterator[Sighting]:
    """Before the next burn the tanks must hold what was planned, as well as a gauge can tell."""
    names = names_of(flight, craft)
    mine = [leg for leg in flight.legs if leg.object in names and leg.kind != "object"]
    burns = sorted((b for leg in mine for b in leg.ledger.burns), key=lambda b: b.start_s)
    at = ended.effect_s
    # burns that follow each other without a coast are one: nobody is asked between them
    begun = [b for a, b in zip([None, *burns], burns, strict=False) if a is None or
             b.start_s - a.end_s > _COASTS_S]  # fmt: skip
    following = next((b for b in begun if at is not None and b.start_s > at + _GAP_S), None)
    loaded = mission_of(flight, craft).spacecraft.propellant_kg
    if following is None or ended.way != "flown" or not mine or not loaded:
        return
    out = mine[-1].handover_out
    planned = 0.0 if out is None else out.propellant_kg.get(mine[-1].object, 0.0)
    if abs(ended.left_kg - planned) > _GAUGE * loaded:
        why = f"{ended.left_kg:.2f} kg would be left at the end, {planned:.2f} kg are planned"
        yield Sighting("gate before the next burn", following.start_s, why)


def _contact(planned: tuple[Heard, ...], outcome: Outcome) -> Iterator[Sighting]:
    """At the first pass that leaves the time to look after the fault has had its effect."""
    at = outcome.effect_s
    if outcome.consequence == "met" or at is None:
        return
    looked = [(max(h.rise_s, at) + _LOOK_S, h) for h in planned]
    looked = [(t, h) for t, h in looked if t <= h.set_s]
    if not looked:
        return
    t, first = min(looked, key=lambda pair: pair[0])
    if outcome.end_s is not None and outcome.end_s <= t:
        why = f"nothing is heard over {first.station}"
    else:
        why = f"what is measured over {first.station} is not what was planned"
    yield Sighting(f"contact: {first.station}", t, why)

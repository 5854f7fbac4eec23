"""Faults flown from where they strike through the rest of the mission, side by side.

Each flight begins at the state before its fault, as planned, or where an ascent released it; what
comes before is not flown again. Events are judged again in every flight, a coast "for" a time
counts from the step before as it really ended, a burn ends by its own rule.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.campaign.verify.nouns import Ended
from cosmodrome.campaign.verify.orbits.fleet import Fleet, Start
from cosmodrome.campaign.verify.orbits.landing_flown import Guidance
from cosmodrome.campaign.verify.orbits.periapsis import next_m
from cosmodrome.campaign.verify.orbits.pushes import pushed
from cosmodrome.campaign.verify.orbits.track import Descent, Firing, track
from cosmodrome.dynamics import Dynamics, Thrust
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.dynamics.firing import kick_of, lost_kg, thrusters_of
from cosmodrome.errors import InputError
from cosmodrome.mission import Coast, Manoeuvre, Release
from cosmodrome.transfer.burn import axes_at, equator_axes
from cosmodrome.watch import SILENT
from cosmodrome.world.bodies import body
from cosmodrome.world.centres import centre_named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cosmodrome.campaign.verify.nouns import Released
    from cosmodrome.campaign.verify.orbits.track import Item, Track
    from cosmodrome.record import Flight
    from cosmodrome.record.faults import Fault
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Indices = NDArray[np.int64]

__all__ = ["fly_on", "fly_orbits"]

_KINDS: dict[str, type | tuple[type, ...]] = {
    "burns": (Manoeuvre, Thrust),
    "releases": Release,
    "landings": Descent,
}


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """One flight that is to be flown.

    joins   the first item it flies; `at` the one its fault is in, -1: none of them
    start   before that, or where an ascent released it; `effect`: when the fault has its effect
    """

    fault: Fault
    joins: int
    at: int
    start: Start
    effect: Epoch
    release: State | None = None


def fly_orbits(
    flight: Flight, faults: Sequence[Fault], world: World, watch: Watch = SILENT
) -> tuple[Ended, ...]:
    """Each fault of `orbit_faults` flown through the rest of its spacecraft's plan.

    In the order of `faults`. Raises InputError for a fault that names nothing in this flight, and
    Cancelled; whatever happens to one flight is told in its `Ended` and stops no other.
    """
    out: dict[int, Ended] = {}
    by_craft: dict[str, list[int]] = {}
    for k, fault in enumerate(faults):
        by_craft.setdefault(_craft_of(fault), []).append(k)
    for craft, which in by_craft.items():
        flown = track(flight, craft)
        if flown is None:
            raise InputError(
                f"{faults[which[0]].id} is a fault of {craft!r}, which flies nothing in"
                f" {flight.mission.name!r}; ask for the faults of this flight"
            )
        cases = [_case(faults[k], flown) for k in which]
        for k, ended in zip(which, _flown(flight, flown, cases, world, watch), strict=True):
            out[k] = ended
    return tuple(out[k] for k in range(len(faults)))


def fly_on(
    flight: Flight, releases: Sequence[Released], world: World, watch: Watch = SILENT
) -> tuple[Ended, ...]:
    """What comes after ascents that released the primary spacecraft elsewhere, or did not.

    In the order of `releases`; raises Cancelled.
    """
    flown = track(flight, flight.mission.spacecraft.id)
    craft = flight.mission.spacecraft
    tank = craft.propellant_kg if craft.engine or craft.thrusters else 0.0
    cases: dict[int, _Case] = {}
    for k, one in enumerate(releases):
        if one.way == "flown" and one.state is not None:
            effect = flight.zero + (one.end_s if one.effect_s is None else one.effect_s)
            cases[k] = _Case(one.fault, 0, -1, Start(one.state, tank), effect, one.state)
    done = dict(zip(cases, _flown(flight, flown, list(cases.values()), world, watch), strict=True))
    return tuple(
        _joined(one, done[k]) if k in done else _never(flight, one)
        for k, one in enumerate(releases)
    )


def _joined(one: Released, ended: Ended) -> Ended:
    """What the ascent told, beside what came of it."""
    return replace(ended, effect_s=one.effect_s, figures={**one.figures, **ended.figures})


def _never(flight: Flight, one: Released) -> Ended:
    """An ascent that released nothing."""
    way = "lost" if one.way == "flown" else one.way
    return Ended(
        one.fault,
        way,
        one.why,
        release=one.state,
        end=one.state,
        end_at=flight.zero + one.end_s,
        effect_s=one.effect_s,
        figures=one.figures,
    )


# which fault is of what ---------------------------------------------------------------------------
def _craft_of(fault: Fault) -> str:
    root, _, rest = fault.path.partition(".")
    if root in _KINDS:
        craft, number, *_ = _split(rest)
        if number > 0:
            return craft
    elif root in ("spacecraft", "environment") and "." in rest:
        return rest.rsplit(".", 1)[0]
    raise InputError(
        f"{fault.id} is no fault after the release; its path begins with one of"
        f" {', '.join(_KINDS)}, spacecraft, environment"
    )


def _split(rest: str) -> tuple[str, int, str]:
    """The spacecraft, the number and what of it is faulted; an id may hold dots."""
    parts = rest.split(".")
    for k in range(len(parts) - 1, 0, -1):
        if parts[k].isdigit():
            return ".".join(parts[:k]), int(parts[k]), ".".join(parts[k + 1 :])
    return rest, 0, ""


def _case(fault: Fault, flown: Track) -> _Case:
    root, _, rest = fault.path.partition(".")
    if root in _KINDS:
        _, number, what = _split(rest)
        return _within(fault, flown, flown.item(_KINDS[root], number), what)
    first = flown.items[flown.first]
    start = Start(first.start, first.held_kg)
    what = rest.rsplit(".", 1)[1]
    if what == "dry_mass":
        mass = first.start.mass_kg
        more = (mass - first.held_kg) * (fault.value - 1.0)
        start = replace(start, state=replace(first.start, mass_kg=mass + more))
    elif what == "propellant":
        less = first.held_kg * (1.0 - fault.value)
        state = replace(first.start, mass_kg=first.start.mass_kg - less)
        start = Start(state, first.held_kg - less)
    else:
        drag = fault.value if what in ("density", "area") else 1.0
        light = fault.value if what in ("radiation", "area") else 1.0
        start = replace(start, drag=drag, light=light)
    return _Case(fault, flown.first, -1, start, first.start.epoch)


def _within(fault: Fault, flown: Track, at: int, what: str) -> _Case:
    """A fault of one burn, release or descent, which is flown from there."""
    item = flown.items[at]
    state, effect = item.start, item.start.epoch
    if what == "ignition" and fault.kind == "offset" and fault.value < 0.0:
        effect = effect + fault.value
        state = item.earlier(-fault.value)
    elif what == "cut-off":
        # one that is late shows when it does not end
        part = min(fault.value, 1.0) if fault.kind == "factor" else 1.0
        early = min(fault.value, 0.0) if fault.kind == "offset" else 0.0
        effect = effect + (part * item.lasts_s + early)
    return _Case(fault, at, at, Start(state, item.held_kg), effect)


# the flights --------------------------------------------------------------------------------------
def _flown(
    flight: Flight, flown: Track | None, cases: list[_Case], world: World, watch: Watch
) -> list[Ended]:
    if not cases:
        return []
    mission = flight.mission if flown is None else flown.mission

    def about(centre: str) -> Dynamics:
        return known[centre]

    known = {
        name: Dynamics.of(mission.physics, mission.spacecraft, mission.space_weather, centre=name)
        for name in ("earth", "moon")
    }
    epoch = min(c.start.state.epoch for c in cases)
    fleet = Fleet(epoch, [c.start for c in cases], about, world, watch)
    told = _Told(flight, flown, cases, fleet, world)
    for k, item in enumerate(() if flown is None else flown.items):
        joined = np.array([i for i, c in enumerate(cases) if c.joins <= k], dtype=np.int64)
        told.through(k, item, fleet.flying(joined))
    return [told.ended(i) for i in range(len(cases))]


class _Told:
    """The flights of some cases, and what is to be told of them."""

    def __init__(
        self, flight: Flight, flown: Track | None, cases: list[_Case], fleet: Fleet, world: World
    ) -> None:
        self.flight, self.track, self.cases, self.fleet = flight, flown, cases, fleet
        self.world = world
        self.short = [""] * len(cases)
        self.figures: list[Mapping[str, float]] = [{} for _ in cases]
        self.reached: list[State | None] = [None for _ in cases]
        self.down: dict[int, State] = {}
        items = () if flown is None else flown.items
        self.release = items[0].start if items and flight.launch is not None else None
        self.last = max((k for k, item in enumerate(items) if item.burns), default=-1)

    def fault(self, i: int, k: int) -> Fault | None:
        """That of one flight, where it is in this item."""
        return self.cases[i].fault if self.cases[i].at == k else None

    def through(self, k: int, item: Item, which: Indices) -> None:
        """All through one item."""
        if not which.size:
            return
        does = item.does
        if isinstance(does, Coast):
            self.fleet.coast(which, does, item.lasts_s)
        elif item.burns:
            self._burn(k, item, which)
        elif isinstance(does, Firing):
            self._fire(item, does, which)
        elif isinstance(does, Release):
            self._release(k, item, does, which)
        elif isinstance(does, Descent):
            self._descend(k, item, does, which)
        else:
            for i in which.tolist():
                why = f"flown up to {item.name!r}, which is planned while it is flown"
                self.fleet.end(i, "flown", why)

    def _burn(self, k: int, item: Item, which: Indices) -> None:
        fleet, waits, missed = self.fleet, {}, set()
        for i in which.tolist():
            fault = self.fault(i, k)
            if fault is None or not fault.path.endswith(".ignition"):
                continue
            if fault.kind == "omit":
                # the sequence goes on when the burn would have ended
                waits[i] = item.lasts_s
                missed.add(i)
            elif fault.value > 0.0:
                waits[i] = fault.value
        fleet.wait(waits)
        ids, burns = [], []
        for i in fleet.flying(which).tolist():
            if i in missed:
                continue
            state, held = fleet.state(i), float(fleet.held_kg[i])
            push = pushed(item, self.fault(i, k), state, held, self.world)
            if push.short_kg > 0.0 and not self.short[i]:
                self.short[i] = f"{push.short_kg:.2f} kg of propellant short in {item.name!r}"
            if push.thrust is None:
                fleet.kick(i, push.kick_m_s, push.burnt_kg)
            else:
                ids.append(i)
                burns.append(push.thrust)
        fleet.burn(np.array(ids, dtype=np.int64), burns)
        if k == self.last:
            for i in fleet.flying(which).tolist():
                self.reached[i] = fleet.state(i)

    def _fire(self, item: Item, does: Firing, which: Indices) -> None:
        """A small impulse, as it is planned; of an empty tank none."""
        lost = lost_kg(does.impulse, thrusters_of(item.craft))
        for i in self.fleet.flying(which).tolist():
            y = self.fleet.y[i]
            if lost > self.fleet.held_kg[i]:
                self.short[i] = self.short[i] or f"{lost:.3g} kg of propellant short for an impulse"
                continue
            kick = kick_of(does.impulse, does.axes, y[:3], y[3:6], float(y[6]), lost)
            self.fleet.kick(i, kick, lost)

    def _release(self, k: int, item: Item, step: Release, which: Indices) -> None:
        """What the carrier feels of it (`transfer.release`)."""
        gone = item.craft.carried(step.object).mass_kg or 0.0
        along = Manoeuvre(step.direction, step.axes, delta_v_m_s=step.speed_m_s, impulsive=True)
        for i in which.tolist():
            fault, state = self.fault(i, k), self.fleet.state(i)
            if fault is not None and fault.kind == "retain":
                continue
            fixed = equator_axes(step.axes, state.epoch, self.world)
            u = axes_at(along, state.r_m, state.v_m_s, fixed)
            speed = step.speed_m_s
            if fault is not None:
                speed *= 0.0 if fault.kind == "omit" else -1.0
            self.fleet.kick(i, -speed * gone / state.mass_kg * u, 0.0, gone)

    def _descend(self, k: int, item: Item, does: Descent, which: Indices) -> None:
        """By closed-loop guidance; where it lands, the flight ends there as planned."""
        fleet, guided = self.fleet, Guidance(item, does.step, self.world)
        for i in which.tolist():
            fault = self.fault(i, k)
            late = fault is not None and fault.path.endswith(".ignition")
            if fault is not None and late:
                lasts = item.lasts_s if fault.kind == "omit" else fault.value
                fleet.wait({i: lasts})
                if fleet.way[i]:
                    continue
                if fault.kind == "omit":
                    fleet.end(i, "flown", "braking does not begin: it flies on")
                    continue
            one = guided(fleet.state(i), float(fleet.held_kg[i]), fault)
            self.figures[i] = one.figures
            fleet.held_kg[i] -= one.propellant_kg
            fleet.t_s[i] += one.lasts_s
            fleet.end(i, one.way, one.why)
            if one.way == "flown":
                self.down[i] = item.after

    def ended(self, i: int) -> Ended:
        """What came of one."""
        case, fleet = self.cases[i], self.fleet
        way, why = fleet.way[i] or "flown", fleet.why[i]
        if self.short[i] and way in ("flown", "lost"):
            way, why = "exhausted", f"{self.short[i]}{f'; {why}' if why else ''}"
        over = way in ("impact", "lost")
        at = fleet.epoch + float(fleet.end_s[i]) if over and fleet.way[i] else None
        down = self.down.get(i)
        end = fleet.state(i) if down is None else down
        low = float(fleet.lowest_m[i])
        if down is None and way != "impact":
            # it flies on: the next periapsis comes
            low = min(low, next_m(end))
        return Ended(
            fault=case.fault,
            way=way,  # type: ignore[arg-type]
            why=why,
            release=case.release or self.release,
            reached=self.reached[i],
            end=end,
            end_at=at,
            effect_s=case.effect - self.flight.zero,
            left_kg=max(float(fleet.held_kg[i]), 0.0),
            lowest_m=low if math.isfinite(low) else math.nan,
            figures={**({} if down else _orbit_of(end, self.world)), **self.figures[i]},
        )


def _orbit_of(state: State, world: World) -> dict[str, float]:
    """Osculating, in the equator of date of its body."""
    about = centre_named(state.frame.centre)
    turn = about.equator_from_gcrf(world, state.epoch)
    mu = body(about.name).mu_m3_s2
    try:
        at = elements_from_state(turn.vector(state.r_m), turn.vector(state.v_m_s), mu)
    except InputError:
        return {}
    high = at.a_m * (1.0 + at.e) - about.radius_m if at.a_m > 0.0 else math.inf
    return {
        "a_m": at.a_m,
        "e": at.e,
        "i_rad": at.i_rad,
        "perigee_m": at.a_m * (1.0 - at.e) - about.radius_m,
        "apogee_m": high,
    }

"""What leaves the stack in which orbit, and in which order: the releases of a mission.

The optimiser's payload is one spacecraft, the one whose mass may be free; all others, and every
adapter, are cargo: part of the stack that is dropped on the way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError
from cosmodrome.targets.insertion import insertion
from cosmodrome.targets.rendezvous import meeting_asked

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Vehicle
    from cosmodrome.mission.nouns import Mission, Spacecraft, Target
    from cosmodrome.targets.insertion import Insertion
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = [
    "Leaving",
    "Stop",
    "aims",
    "cargo_kg",
    "carried_kg",
    "loaded",
    "only_one",
    "priced",
    "stops",
    "words",
]


@dataclass(frozen=True, slots=True)
class Leaving:
    """What separates at one instant.

    wait_s  seconds after the separation before it in the same orbit (0 for the first there)
    ids     spacecraft and adapters, in the order of the mission
    kg      their mass without the spacecraft whose mass is the optimiser's unknown
    priced  is that spacecraft among them?
    """

    wait_s: float
    ids: tuple[str, ...]
    kg: float
    priced: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """One orbit of the mission and what leaves there, in order of time.

    craft  the spacecraft that leaves first there, whose flown orbit says how well it is met
    """

    target: Target
    leavings: tuple[Leaving, ...]
    craft: str


def words(ids: tuple[str, ...]) -> str:
    """What a separation is called."""
    return f"separation of {' and '.join(ids)}"


def priced(mission: Mission) -> Spacecraft:
    """The spacecraft whose mass is the optimiser's unknown: `mass: maximum`, else the primary."""
    free = [c for c in mission.crafts if c.mass_kg is None]
    return free[0] if free else mission.spacecraft


def cargo_kg(mission: Mission) -> float:
    """Everything above the vehicle's own adapter but the priced spacecraft, kg."""
    own = priced(mission)
    return sum((c.mass_kg or 0.0) * (c is not own) + c.adapter_kg for c in mission.crafts)


def carried_kg(mission: Mission, priced_kg: float) -> dict[str, float]:
    """Mass of everything above the vehicle's own adapter, by id.

    priced_kg  of the spacecraft whose mass is free
    """
    out = {c.id: priced_kg if c.mass_kg is None else c.mass_kg for c in mission.crafts}
    return out | {c.adapter_id: c.adapter_kg for c in mission.crafts if c.adapter_kg}


def stops(mission: Mission) -> tuple[Stop, ...]:
    """The orbits of a mission in order; () where one spacecraft is released, as ever."""
    if not mission.passengers:
        return ()
    own = priced(mission)
    groups: list[tuple[Target, list[tuple[float, Spacecraft]]]] = [
        (mission.target, [(0.0, mission.spacecraft)])
    ]
    for p in mission.passengers:
        if p.target is not None:
            groups.append((p.target, [(0.0, p.spacecraft)]))
        else:
            shared = groups[-1][1]
            shared.append((shared[-1][0] + p.after_s, p.spacecraft))
    out = []
    for target, members in groups:
        rows: dict[float, list[tuple[str, float, bool]]] = {}
        for at, craft in members:
            kg = 0.0 if craft is own else craft.mass_kg or 0.0
            rows.setdefault(at, []).append((craft.id, kg, craft is own))
            if craft.adapter_leaves_s is not None:
                later = rows.setdefault(at + craft.adapter_leaves_s, [])
                later.append((craft.adapter_id, craft.adapter_kg, False))
        leavings, before = [], 0.0
        for at in sorted(rows):
            ids, kgs, flags = zip(*rows[at], strict=True)
            leavings.append(Leaving(at - before, ids, sum(kgs), any(flags)))
            before = at
        out.append(Stop(target, tuple(leavings), members[0][1].id))
    return tuple(out)


def loaded(mission: Mission, restarts_kept: int = 0) -> Vehicle:
    """The vehicle as the optimiser sees it: the cargo counts with the adapter.

    restarts_kept  ignitions of the last stage that the way to the first orbit must not use
    """
    vehicle = mission.vehicle
    cargo = cargo_kg(mission)
    if cargo == 0.0 and restarts_kept == 0:
        return vehicle
    last = vehicle.stages[-1]
    kept = replace(last, restarts=max(last.restarts - restarts_kept, 0))
    return replace(
        vehicle, adapter_kg=vehicle.adapter_kg + cargo, stages=(*vehicle.stages[:-1], kept)
    )


def aims(
    mission: Mission, about: Epoch, world: World, cheapest_inclination_rad: float | None = None
) -> tuple[Insertion, ...]:
    """The insertion of each orbit of a mission in order; see `targets.insertion`.

    Raises InputError for several spacecraft on a departure, whatever `targets.insertion` raises.
    """
    _refuse_departures(mission)
    wanted = [s.target for s in stops(mission)] or [mission.target]
    first, *later = (insertion(t, about, world, cheapest_inclination_rad) for t in wanted)
    if mission.launch.meet is not None:
        met = meeting_asked(mission.launch.meet, first.a_mean_m, world)
        first = first.to_meet(met)
    # orbits in a row may touch: the later one must lie where the one before really is
    return (first, *(x.breathing() for x in later))


def only_one(mission: Mission, what: str) -> None:
    """InputError where `what` is asked of a mission with several spacecraft."""
    if mission.passengers:
        raise InputError(
            f"{what} releases one spacecraft, and mission {mission.name!r} has"
            f" {len(mission.crafts)} ({', '.join(c.id for c in mission.crafts)}): write one"
            " mapping with the mass of all of them"
        )


def _refuse_departures(mission: Mission) -> None:
    """A departure is found by a ladder of its own, for one spacecraft."""
    targets = [mission.target, *(p.target for p in mission.passengers if p.target)]
    if mission.passengers and any(t.c3_m2_s2 is not None for t in targets):
        c3 = next(t.c3_m2_s2.value for t in targets if t.c3_m2_s2 is not None)
        raise InputError(
            f"several spacecraft on one flight, one of them to C3 = {c3 / 1e6:g} km^2/s^2: a"
            " departure is flown with one spacecraft only; write it as a mission of its own, or"
            " give the highest orbit as kind: elliptic"
        )

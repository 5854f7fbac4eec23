"""How a slip of what a flight hands to people is declared and put in: one thing told wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from cosmodrome.catalog.nouns import Corridor
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.steps import Coast
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Stage
    from cosmodrome.mission.steps import Step
    from cosmodrome.record.nouns import Burn, Event, Flight, Leg

    Array = NDArray[np.float64]
    Make = Callable[[Flight], Flight | None]

__all__ = [
    "ANY", "FIRST", "LAST", "Slip", "behind", "first_changed", "first_dropped", "first_orbit",
    "fitted_again", "is_shadow", "launcher", "longer", "mine", "of_last_burn", "of_launch",
    "of_limits", "of_site", "of_stage", "of_vehicle", "three", "told_alike",
    "with_coefficients", "with_leg", "with_mission",
]  # fmt: skip

#: which of several may be changed: the first of these that can be is
FIRST, LAST, ANY = slice(1), slice(-1, None), slice(None)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Slip:
    """One thing told wrong. make gives None where the flight has nothing of the kind."""

    text: str
    make: Make


# what there is --------------------------------------------------------------------------------
def launcher(flight: Flight) -> Leg | None:
    """The leg of the whole launcher."""
    return next((g for g in flight.legs if g.object == "stack"), None)


def mine(flight: Flight) -> list[Leg]:
    """The legs of the primary spacecraft."""
    return [g for g in flight.legs if g.object == flight.mission.spacecraft.id]


def first_orbit(flight: Flight) -> Leg | None:
    """The first orbit leg of the primary spacecraft."""
    return next((g for g in mine(flight) if g.chapter == "orbit"), None)


def first_dropped(flight: Flight) -> Leg | None:
    """The first stage or booster that was let go."""
    return next((g for g in flight.legs if g.kind in ("stage", "booster")), None)


def is_shadow(event: Event) -> bool:
    """Does the Earth's shadow begin or end?"""
    return "umbra" in event.name and "Moon" not in event.name


def three(vector: Array) -> tuple[float, float, float]:
    """A vector as a file has it."""
    x, y, z = (float(v) for v in vector)
    return x, y, z


# with something else in its place -------------------------------------------------------------
def with_leg(flight: Flight, leg: Leg, **changes: Any) -> Flight:
    """One leg told otherwise."""
    legs = tuple(replace(g, **changes) if g is leg else g for g in flight.legs)
    return replace(flight, legs=legs)


def with_mission(flight: Flight, **changes: Any) -> Flight:
    """The mission's file told otherwise."""
    return replace(flight, mission=replace(flight.mission, **changes))


def with_coefficients(path: Trajectory, coefficients: Array) -> Trajectory:
    """The same pieces with other series."""
    breaks = np.array(path.breaks_s)
    return Trajectory(path.epoch, path.frame, breaks, coefficients, path.columns)


def fitted_again(
    path: Trajectory, first: int, last: int, change: Callable[[Array, Array], Array]
) -> Trajectory:
    """The path with its pieces from `first` to before `last` fitted again to what is changed.

    change  of seconds (n,) and columns (n, C), which it may write into
    """

    def columns(t: Array, _: int) -> Array:
        return change(t, np.array(path.columns_at(t)))

    nodes = int(path.coefficients.shape[1])
    part = Trajectory.fit(
        path.epoch, path.frame, np.array(path.breaks_s[first : last + 1]), columns,
        nodes=nodes, columns=path.columns,
    )  # fmt: skip
    c = np.array(path.coefficients)
    c[first:last] = part.coefficients
    return with_coefficients(path, c)


def first_changed(
    items: tuple[T, ...], change: Callable[[T], T | None], which: slice = ANY
) -> tuple[T, T, tuple[T, ...]] | None:
    """The first item that can be changed, what it becomes, and all with that in its place."""
    for k in range(len(items))[which]:
        changed = change(items[k])
        if changed is not None:
            return items[k], changed, (*items[:k], changed, *items[k + 1 :])
    return None


# slips of one kind ----------------------------------------------------------------------------
def of_vehicle(**changes: Callable[[Any], Any]) -> Make:
    """Fields of the vehicle."""

    def make(flight: Flight) -> Flight | None:
        if not isinstance(flight.mission, Mission):
            return None
        own = flight.mission.vehicle
        values = {k: change(getattr(own, k)) for k, change in changes.items()}
        return with_mission(flight, vehicle=replace(own, **values))

    return make


def of_stage(change: Callable[[Stage], Stage | None], which: slice = LAST) -> Make:
    """The first stage of `which` that can be."""

    def make(flight: Flight) -> Flight | None:
        if not isinstance(flight.mission, Mission):
            return None
        own = flight.mission.vehicle
        found = first_changed(own.stages, change, which)
        if found is None:
            return None
        return with_mission(flight, vehicle=replace(own, stages=found[2]))

    return make


def of_site(change: Callable[[Flight], dict[str, Any] | None]) -> Make:
    """Fields of the site of a flight from a pad."""

    def make(flight: Flight) -> Flight | None:
        if not isinstance(flight.mission, Mission):
            return None
        values = change(flight)
        if values is None:
            return None
        return with_mission(flight, site=replace(flight.mission.site, **values))

    return make


def behind(flight: Flight) -> dict[str, Any] | None:
    """Corridors of a site turned by half a turn: what is open lies behind."""
    if flight.launch is None:
        return None
    back = flight.launch.azimuth_relative_rad + math.pi
    return {"corridors": (Corridor(back - 0.5, back + 0.5, "relative"),)}


def of_limits(**values: float) -> Make:
    """Limits that the flight was not told of."""

    def make(flight: Flight) -> Flight | None:
        if not isinstance(flight.mission, Mission):
            return None
        return with_mission(flight, limits=replace(flight.mission.limits, **values))

    return make


def of_launch(**offsets: float) -> Make:
    """Figures of the launch as reported."""

    def make(flight: Flight) -> Flight | None:
        if flight.launch is None:
            return None
        own = flight.launch
        return replace(
            flight, launch=replace(own, **{k: getattr(own, k) + x for k, x in offsets.items()})
        )

    return make


def of_last_burn(change: Callable[[Burn], Burn]) -> Make:
    """The stack's last burn."""

    def make(flight: Flight) -> Flight | None:
        leg = launcher(flight)
        if leg is None or not leg.ledger.burns:
            return None
        *rest, last = leg.ledger.burns
        return with_leg(flight, leg, ledger=replace(leg.ledger, burns=(*rest, change(last))))

    return make


def told_alike(change: Callable[[Step], Step | None]) -> Make:
    """The first step that can be, in the file and with the legs alike."""

    def make(flight: Flight) -> Flight | None:
        found = first_changed(flight.mission.plan, change)
        if found is None:
            return None
        step, changed, plan = found
        legs = tuple(
            replace(g, steps=tuple(changed if s == step else s for s in g.steps))
            for g in flight.legs
        )
        return replace(with_mission(flight, plan=plan), legs=legs)

    return make


def longer(step: Step) -> Step | None:
    """A coast by a minute."""
    if not isinstance(step, Coast) or step.duration_s is None:
        return None
    return replace(step, duration_s=step.duration_s + 60.0)

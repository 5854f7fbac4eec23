"""Events of a coast or a burn in orbit: what can be asked for, and what is answered.

All are found in the compiled core as zeros on the collocation polynomials, polished by Brent's
method to a nanosecond of the polynomial's own time; touching pairs between samples (a grazing
eclipse) are looked for too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.errors import UnknownNameError, did_you_mean
from cosmodrome.solvers.core import EVENT_KINDS, CorePath, Search

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cosmodrome.world.epoch import Epoch

__all__ = ["GROUPS", "KINDS", "Altitude", "DynamicsEvent", "answers", "search"]

KINDS = EVENT_KINDS

# names that ask for several kinds at once
GROUPS: dict[str, tuple[str, ...]] = {
    "nodes": ("ascending node", "descending node"),
    "apsides": ("periapsis", "apoapsis"),
    "umbra": ("umbra entry", "umbra exit"),
    "penumbra": ("penumbra entry", "penumbra exit"),
    "eclipses": ("umbra entry", "umbra exit", "penumbra entry", "penumbra exit"),
}
_ALWAYS = ("burn start", "burn-out")


@dataclass(frozen=True, slots=True)
class Altitude:
    """Ask for crossings of a geodetic altitude (WGS84), upward and downward."""

    altitude_m: float


@dataclass(frozen=True, slots=True)
class DynamicsEvent:
    """Something that happened on the path.

    kind    one of KINDS; nodes are of the true equator of date (celestial intermediate pole),
            eclipses of the conical shadow of a sphere of the equatorial radius
    t_s     seconds after the start state
    value   the altitude crossed, m, or the index of the burn; 0 for the others
    """

    kind: str
    epoch: Epoch
    t_s: float
    value: float = 0.0


def _wanted(events: Iterable[str | Altitude]) -> tuple[set[str], tuple[float, ...]]:
    kinds: set[str] = set()
    altitudes: list[float] = []
    for event in events:
        if isinstance(event, Altitude):
            altitudes.append(event.altitude_m)
        elif event in GROUPS:
            kinds.update(GROUPS[event])
        elif event in KINDS and not event.startswith("altitude"):
            kinds.add(event)
        else:
            known = [*GROUPS, *(k for k in KINDS if not k.startswith("altitude"))]
            raise UnknownNameError(
                f"no event {event!r}. {did_you_mean(str(event), known)} Altitude crossings are"
                " asked for as Altitude(metres)."
            )
    return kinds, tuple(altitudes)


def search(events: Iterable[str | Altitude], floor_m: float | None) -> Search:
    """What the core is to look for.

    Raises UnknownNameError with the closest known name.
    """
    kinds, altitudes = _wanted(events)
    return Search(
        nodes=not kinds.isdisjoint(GROUPS["nodes"]),
        apsides=not kinds.isdisjoint(GROUPS["apsides"]),
        umbra=not kinds.isdisjoint(GROUPS["umbra"]),
        penumbra=not kinds.isdisjoint(GROUPS["penumbra"]),
        altitudes_m=altitudes,
        floor_m=float("-inf") if floor_m is None else floor_m,
    )


def answers(
    path: CorePath, events: Iterable[str | Altitude], start: Epoch
) -> tuple[DynamicsEvent, ...]:
    """The core's findings as events, in order of time, only the kinds asked for."""
    kinds, _ = _wanted(events)
    return tuple(
        DynamicsEvent(kind, start + t, t, value)
        for kind, t, value in path.events
        if kind in kinds or kind in _ALWAYS or kind.startswith("altitude")
    )

"""Arrivals that were weighed for a landing: which of them are told, and in which words."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.record.arrivals import ArrivalLooked
    from cosmodrome.world.epoch import Epoch

__all__ = ["chosen_in_words", "nearest", "no_chance", "one_a_departure"]

# arrivals closer than this are one, s
_SAME_S = 3_600.0
_ANOTHER = "serves; another departure was taken"


def one_a_departure(
    rows: Sequence[ArrivalLooked], arrives: Epoch, going: str
) -> tuple[ArrivalLooked, ...]:
    """Of each departure that was not taken the row that serves, or the one with the least against
    it.

    arrives, going  of the one that was taken, to an hour
    """
    kept: dict[tuple[str, str, str], ArrivalLooked] = {}
    for row in rows:
        if abs(row.arrives - arrives) < _SAME_S and row.going == going:
            continue
        key = (row.leaves.utc(0)[:10], row.arrives.utc(0)[:13], row.going)
        best = kept.get(key)
        if best is None or (row.chosen, -row.why.count(";")) > (best.chosen, -best.why.count(";")):
            kept[key] = row
    return tuple(
        replace(row, chosen=False, why=_ANOTHER) if row.chosen else row for row in kept.values()
    )


def no_chance(why: Sequence[str], looked: Sequence[ArrivalLooked], within_s: float) -> str:
    """Why no injection was found: what was in the way, or what the landings lacked."""
    within = f"{within_s / 86_400.0:g} days"
    if why:
        return "; ".join(dict.fromkeys(why))
    if looked:
        return f"of {len(looked)} landings within {within} none is as asked: {nearest(looked)}"
    return f"the Moon does not cross the orbit's plane within {within}; write a longer within"


def nearest(rows: Sequence[ArrivalLooked]) -> str:
    """Of rows that all do not serve, the one with the least against it, in words."""
    row = min(rows, key=lambda r: r.why.count(";"))
    return f"{_in_words(row)}: {row.why}"


def chosen_in_words(row: ArrivalLooked) -> str:
    """What was chosen for the landing."""
    return f"its plane chosen for a {_in_words(row)}"


def _in_words(row: ArrivalLooked) -> str:
    return (
        f"touchdown about {row.touchdown.utc(0)}, inclined"
        f" {math.degrees(row.inclination_rad):.2f} deg, entered {row.passing} of the Moon, the Sun"
        f" {math.degrees(row.sun_rad):.1f} deg high"
    )

"""Arrivals at the Moon that were weighed for a landing: as a fact, a table and JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cosmodrome.report.plain import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.record import ArrivalLooked

__all__ = ["HEADS", "arrival_facts", "arrival_rows", "arrivals_json"]

HEADS = ("arrival", "touchdown", "inclined", "entered", "Sun", "impulses", "")
#: rows on the terminal, about the one that was chosen
_MOST = 12


def arrival_facts(looked: Sequence[ArrivalLooked]) -> list[tuple[str, str]]:
    """What was chosen, in one line; nothing where nothing was."""
    return [
        (
            "Plane chosen",
            f"{math.degrees(x.inclination_rad):.2f}° to the Moon's equator, entered {x.passing}:"
            f" the site lies in it on {x.touchdown.utc(0)[:16].replace('T', ' ')}, the Sun"
            f" {math.degrees(x.sun_rad):.1f}° high; {len(looked) - 1} other touchdowns weighed",
        )
        for x in looked
        if x.chosen
    ]


def arrival_rows(looked: Sequence[ArrivalLooked]) -> list[tuple[str, ...]]:
    """The lines of a table, the departure that was taken last; at most a dozen, about the one
    chosen."""
    at = next((k for k, x in enumerate(looked) if x.chosen), 0)
    first = max(0, min(at - _MOST // 2, len(looked) - _MOST))
    return [
        (
            x.arrives.utc(0)[:16].replace("T", " "),
            x.touchdown.utc(0)[:16].replace("T", " "),
            f"{math.degrees(x.inclination_rad):.1f}°",
            x.passing,
            f"{math.degrees(x.sun_rad):+.1f}°",
            f"{x.delta_v_m_s:.0f} m/s",
            "chosen" if x.chosen else x.why,
        )
        for x in looked[first : first + _MOST]
    ]


def arrivals_json(looked: Sequence[ArrivalLooked]) -> list[dict[str, Any]]:
    """All of them, as flight.json has them."""
    return [
        {
            "leaves": x.leaves.utc(),
            "arrives": x.arrives.utc(),
            "going": x.going,
            "touchdown": x.touchdown.utc(),
            "inclination_deg": number(math.degrees(x.inclination_rad)),
            "passing": x.passing,
            "sun_deg": number(math.degrees(x.sun_rad)),
            "delta_v_m_s": number(x.delta_v_m_s),
            "why": x.why,
            "chosen": x.chosen,
        }
        for x in looked
    ]

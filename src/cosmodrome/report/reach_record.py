"""reach.json: a reach map, or two of them compared, as one JSON value."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cosmodrome.report.plain import plain

if TYPE_CHECKING:
    from cosmodrome.record.reach import Comparison, ReachCell, ReachMap

__all__ = ["comparison_json", "reach_json"]

SCHEMA = "cosmodrome-reach/1"


def _degrees(angle_rad: float | None) -> float | None:
    # to a billionth: 51.7 deg comes back as 51.7
    return None if angle_rad is None else round(math.degrees(angle_rad), 9)


def _cell(cell: ReachCell) -> dict[str, Any]:
    return {
        "inclination_deg": _degrees(cell.inclination_rad),
        "altitude_m": cell.altitude_m,
        "how": cell.how,
        "heading_relative_deg": _degrees(cell.heading_rad),
        "status": cell.status,
        "capability_kg": cell.capability_kg,
        "miss_m": cell.miss_m,
        "miss_m_s": cell.miss_m_s,
        "why": cell.why,
    }


def reach_json(reached: ReachMap) -> dict[str, Any]:
    """The map with its grid, corridors, cells and assumptions; angles in degrees."""
    value = {
        "schema": SCHEMA,
        "site": {
            "id": reached.site.id,
            "name": reached.site.name,
            "latitude_deg": _degrees(reached.site.latitude_rad),
        },
        "vehicle": None if reached.vehicle is None else reached.vehicle.id,
        "inclinations_deg": [_degrees(i) for i in reached.inclinations_rad],
        "altitudes_m": reached.altitudes_m,
        "corridors": [
            {
                "headings": b.label,
                "lowest_inclination_deg": _degrees(b.lowest_rad),
                "highest_inclination_deg": _degrees(b.highest_rad),
            }
            for b in reached.bands
        ],
        "sun_synchronous": [
            {"altitude_m": h, "inclination_deg": _degrees(i)} for h, i in reached.sun_synchronous
        ],
        "cells": [_cell(c) for c in reached.cells],
        "provenance": reached.provenance,
    }
    made: dict[str, Any] = plain(value)
    return made


def comparison_json(pair: Comparison) -> dict[str, Any]:
    """Both maps, and for each cell which pad flies direct and what the first costs in kg."""
    one = pair.one
    cells = [
        {
            "inclination_deg": _degrees(i),
            "altitude_m": h,
            "reached_from": {
                "one": one.site.id,
                "other": pair.other.site.id,
            }.get(pair.only(column, row), pair.only(column, row)),
            "cost_kg": pair.cost_kg(column, row),
        }
        for column, i in enumerate(one.inclinations_rad)
        for row, h in enumerate(one.altitudes_m)
    ]
    return {
        "schema": SCHEMA,
        "of": reach_json(one),
        "against": reach_json(pair.other),
        "cells": plain(cells),
    }

"""porkchop.json and porkchop.csv: a grid of transfers as data."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Any

from cosmodrome.report.plain import plain

if TYPE_CHECKING:
    from cosmodrome.record.porkchop import Porkchop, Transfer

__all__ = ["porkchop_csv", "porkchop_json", "transfer_json"]

SCHEMA = "cosmodrome-porkchop/1"
_COLUMNS = (
    "depart_utc", "arrive_utc", "flight_days", "type", "c3_m2_s2", "declination_deg",
    "right_ascension_deg", "arrival_m_s", "payload_kg",
)  # fmt: skip


def transfer_json(t: Transfer) -> dict[str, Any]:
    """One transfer; angles in degrees."""
    return {
        "depart_utc": t.depart.utc(0),
        "arrive_utc": t.arrive.utc(0),
        "flight_days": t.flight_s / 86_400.0,
        "type": t.type,
        "c3_m2_s2": t.c3_m2_s2,
        "declination_deg": math.degrees(t.declination_rad),
        "right_ascension_deg": math.degrees(t.right_ascension_rad),
        "arrival_m_s": t.arrival_m_s,
        "payload_kg": t.payload_kg,
    }


def porkchop_json(chop: Porkchop) -> dict[str, Any]:
    """The best of each type and the spans; the grid itself is the table beside it."""
    value = {
        "schema": SCHEMA,
        "from": chop.home,
        "to": chop.target,
        "departures": [t.utc(0) for t in (chop.departs[0], chop.departs[-1])],
        "arrivals": [t.utc(0) for t in (chop.arrives[0], chop.arrives[-1])],
        "points": [len(chop.departs), len(chop.arrives)],
        "best": [transfer_json(t) for t in chop.best],
        "most_payload": [transfer_json(t) for t in chop.richest],
        "launcher": list(chop.launcher),
    }
    made: dict[str, Any] = plain(value)
    return made


def porkchop_csv(chop: Porkchop) -> str:
    """A row for each point of the grid that has an arc; what is not known stays empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for i in range(len(chop.departs)):
        for j in range(len(chop.arrives)):
            if not math.isfinite(chop.c3_m2_s2[i, j]):
                continue
            row = transfer_json(chop.at(i, j))
            mass = row["payload_kg"]
            row["payload_kg"] = "" if mass is None or math.isnan(mass) else round(mass, 3)
            writer.writerow(row[name] for name in _COLUMNS)
    return text.getvalue()

"""landings.json and landings.csv: dispersed landings as files."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.record.landings import LandingCase, Landings

__all__ = ["landings_csv", "landings_json", "quantiles"]

# shares of the landings below a value that the summary tells
_SHARES = (0.0, 0.01, 0.1, 0.5, 0.9, 0.99, 1.0)
_AXES = ("east", "north", "up")


def quantiles(values: Sequence[float]) -> dict[str, float]:
    """Values at shares of a sample, straight between neighbours; none of an empty one."""
    row = sorted(values)
    if not row:
        return {}
    out = {}
    for share in _SHARES:
        at = share * (len(row) - 1)
        k = min(math.floor(at), len(row) - 1)
        above = row[min(k + 1, len(row) - 1)]
        out[f"{100.0 * share:g} %"] = row[k] + (at - k) * (above - row[k])
    return out


def _row(case: LandingCase) -> dict[str, Any]:
    out: dict[str, Any] = {"case": case.number, "outcome": case.outcome, "why": case.why}
    for name, vector in (("place_{}_m", case.place_m), ("speed_{}_m_s", case.speed_m_s)):
        out |= {name.format(axis): value for axis, value in zip(_AXES, vector, strict=True)}
    return out | {
        "mass_kg": case.mass_kg,
        "thrust": case.thrust,
        "isp": case.isp,
        "propellant_kg": case.propellant_kg,
        "left_kg": case.left_kg,
        "short_kg": case.short_kg,
        "short_m_s": case.short_m_s,
        "touchdown_east_m": case.east_m,
        "touchdown_north_m": case.north_m,
        "across_m_s": case.across_m_s,
        "sink_m_s": case.sink_m_s,
    }


def landings_json(told: Landings) -> dict[str, Any]:
    """The JSON value: the question, a summary, and every landing."""
    down = [c for c in told.cases if c.outcome == "landed"]
    short = [c for c in told.cases if c.short_kg > 0.0]
    return {
        "schema": "cosmodrome-landings/1",
        "mission": told.mission,
        "step": told.step,
        "cases": len(told.cases),
        "seed": told.seed,
        "scatter": dict(told.scatter),
        "spare": dict(told.spare),
        "planned_kg": told.planned_kg,
        "usable_kg": told.usable_kg if math.isfinite(told.usable_kg) else None,
        "outcomes": told.counts,
        "propellant_kg": quantiles([c.propellant_kg for c in down]),
        "left_kg": quantiles([c.left_kg for c in down if c.left_kg is not None]),
        "short_kg": quantiles([c.short_kg for c in short]),
        "short_m_s": quantiles([c.short_m_s for c in short]),
        "away_m": quantiles([math.hypot(c.east_m or 0.0, c.north_m or 0.0) for c in down]),
        "landings": [_row(c) for c in told.cases],
        "provenance": dict(told.provenance),
        "timing": dict(told.timing),
    }


def landings_csv(told: Landings) -> str:
    """A landing a line; empty where there is nothing to tell."""
    text = io.StringIO(newline="")
    rows = [_row(c) for c in told.cases]
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()

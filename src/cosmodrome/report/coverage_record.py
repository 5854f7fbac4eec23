"""coverage.json, coverage.parquet and accesses.parquet: what a constellation covers, as data."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.coverage import bands, summary
from cosmodrome.report.plain import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.coverage import Coverage

__all__ = ["access_columns", "coverage_json", "point_columns"]

SCHEMA = "cosmodrome-coverage/1"

ABOUT = {
    "latitude_deg": "geodetic, WGS84",
    "longitude_deg": "east",
    "height_m": "above the WGS84 ellipsoid",
    "share": "of the grid's area",
    "covered_s": "time with something in view",
    "accesses": "of all satellites, each counted by itself",
    "access_s": "durations of the accesses, added",
    "longest_access_s": "longest access",
    "gaps": "stretches with nothing in view, those cut by an end of the span included",
    "mean_gap_s": "mean length of a gap",
    "longest_gap_s": "longest gap; the span where the point is never seen",
    "time_average_gap_s": "mean over time of the length of the gap one is in",
    "mean_response_s": "mean over time of the wait until something is in view",
    "most": "satellites in view at once, at most",
}


def coverage_json(coverage: Coverage, step_rad: float) -> dict[str, Any]:
    """Totals and bands of latitude; angles in degrees, times in seconds."""
    value = {
        "schema": SCHEMA,
        "constellation": coverage.about,
        "satellites": coverage.satellites,
        "sensor": str(coverage.sensor),
        "grid": {"about": coverage.grid.about, "points": len(coverage.grid)},
        "start": coverage.start.utc(),
        "span_s": coverage.span_s,
        "total": asdict(summary(coverage)),
        "bands": [
            {
                "south_deg": round(math.degrees(band.south_rad), 9),
                "north_deg": round(math.degrees(band.north_rad), 9),
                **asdict(band.summary),
            }
            for band in bands(coverage, step_rad)
        ],
        "notes": list(coverage.notes),
    }
    made: dict[str, Any] = plain(value)
    return made


def point_columns(coverage: Coverage) -> dict[str, NDArray[np.float64]]:
    """One row a point, units in the names."""
    grid = coverage.grid
    return {
        "latitude_deg": np.degrees(grid.latitude_rad),
        "longitude_deg": np.degrees(grid.longitude_rad),
        "height_m": grid.height_m,
        "share": grid.share,
        "covered_s": coverage.covered_s,
        "accesses": coverage.accesses,
        "access_s": coverage.access_s,
        "longest_access_s": coverage.longest_access_s,
        "gaps": coverage.gaps,
        "mean_gap_s": coverage.mean_gap_s,
        "longest_gap_s": coverage.longest_gap_s,
        "time_average_gap_s": coverage.time_average_gap_s,
        "mean_response_s": coverage.mean_response_s,
        "most": coverage.most,
        **{f"in_view_{k + 1}_s": fold for k, fold in enumerate(coverage.fold_s.T)},
    }


def access_columns(coverage: Coverage) -> dict[str, NDArray[np.float64]]:
    """One row an access: point and satellite by number, start and stop in s of the span."""
    kept = coverage.intervals
    assert kept is not None, "cover(..., keep=True) keeps them"
    return {
        "point": kept.point.astype(np.float64),
        "satellite": kept.satellite.astype(np.float64),
        "start_s": kept.start_s,
        "stop_s": kept.stop_s,
    }

"""Coverage in few numbers: averages over the area, by band of latitude."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.coverage.accesses import Coverage

__all__ = ["Band", "Summary", "bands", "summary"]


@dataclass(frozen=True, slots=True)
class Summary:
    """Averages weighted by area over some points of a grid; times in s.

    points      how many, and share of the grid's area
    seen        part of the area seen at least once
    fraction    mean part of the span with something in view, least_fraction of the worst point
    folds       mean part of the span with at least 1, 2, ... satellites in view
    accesses_per_day   mean
    mean_access_s      mean duration of an access
    mean_gap_s         all time out of view over all gaps
    longest_gap_s      mean over the points of each one's longest, worst_gap_s the longest of all
    time_average_gap_s, mean_response_s   means; see Coverage
    """

    points: int
    share: float
    seen: float
    fraction: float
    least_fraction: float
    folds: tuple[float, ...]
    accesses_per_day: float
    mean_access_s: float
    mean_gap_s: float
    longest_gap_s: float
    worst_gap_s: float
    time_average_gap_s: float
    mean_response_s: float


@dataclass(frozen=True, slots=True)
class Band:
    """The points from `south_rad` to `north_rad`."""

    south_rad: float
    north_rad: float
    summary: Summary


def summary(coverage: Coverage, which: NDArray[np.bool_] | None = None) -> Summary:
    """Averages over the points chosen, or over all. Raises InputError where none is."""
    chosen = np.ones(len(coverage.grid), dtype=bool) if which is None else which
    if not np.any(chosen):
        raise InputError("a summary of no points: choose one or more")
    share = coverage.grid.share[chosen]
    total = float(share.sum())
    weight = share / total

    def mean(values: NDArray[np.float64]) -> float:
        # weights sum to 1 but for rounding: an average stays among what it averages
        inside = values[chosen]
        return float(np.clip(weight @ inside, inside.min(), inside.max()))

    accesses, gaps = mean(coverage.accesses), mean(coverage.gaps)
    span = coverage.span_s
    return Summary(
        int(np.count_nonzero(chosen)),
        total,
        mean((coverage.accesses > 0.0).astype(np.float64)),
        mean(coverage.fraction),
        float(coverage.fraction[chosen].min()),
        tuple(mean(coverage.fold_s[:, k]) / span for k in range(coverage.fold_s.shape[1])),
        accesses * 86_400.0 / span,
        mean(coverage.access_s) / accesses if accesses > 0.0 else 0.0,
        (span - mean(coverage.covered_s)) / gaps if gaps > 0.0 else 0.0,
        mean(coverage.longest_gap_s),
        float(coverage.longest_gap_s[chosen].max()),
        mean(coverage.time_average_gap_s),
        mean(coverage.mean_response_s),
    )


def bands(coverage: Coverage, step_rad: float = math.radians(10.0)) -> tuple[Band, ...]:
    """Summaries of bands of latitude, north first; bands without points are left out."""
    if not math.radians(0.1) <= step_rad <= math.pi:
        raise InputError(
            f"bands of {math.degrees(step_rad):g} deg of latitude: write 0.1 to 180 deg"
        )
    count = max(round(math.pi / step_rad), 1)
    edges = np.linspace(-0.5 * math.pi, 0.5 * math.pi, count + 1)
    row = np.searchsorted(edges[1:-1], coverage.grid.latitude_rad, side="right")
    return tuple(
        Band(float(edges[k]), float(edges[k + 1]), summary(coverage, row == k))
        for k in range(count - 1, -1, -1)
        if np.any(row == k)
    )

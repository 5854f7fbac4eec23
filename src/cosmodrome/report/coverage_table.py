"""Coverage on the terminal: one line for each band of latitude."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.table import Table

from cosmodrome.coverage import bands, summary

if TYPE_CHECKING:
    from rich.console import Console

    from cosmodrome.coverage import Coverage, Summary

__all__ = ["coverage_table", "duration_text"]


def duration_text(seconds: float) -> str:
    """`"95 s"`, `"12.3 min"`, `"4.56 h"`, `"2.3 d"`: three figures."""
    for limit, unit, scale in ((120.0, "s", 1.0), (7200.0, "min", 60.0), (172_800.0, "h", 3600.0)):
        if seconds < limit:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 86_400.0:.3g} d"


def _degrees(angle_rad: float) -> str:
    return f"{math.degrees(angle_rad):+.4g}"


def _row(name: str, s: Summary) -> list[str]:
    return [
        name,
        f"{s.points:,}",
        f"{100.0 * s.seen:.1f}",
        f"{100.0 * s.fraction:.2f}",
        *(f"{100.0 * f:.1f}" for f in s.folds[1:2]),
        f"{s.accesses_per_day:.1f}",
        duration_text(s.mean_access_s),
        duration_text(s.mean_gap_s),
        duration_text(s.worst_gap_s),
        duration_text(s.mean_response_s),
    ]


def coverage_table(coverage: Coverage, step_rad: float, console: Console) -> None:
    """Bands from north to south, and all of the grid; per cent are of area and of time."""
    days = f"{coverage.span_s / 86_400.0:g}"
    console.print(
        f"\n[bold]{coverage.about}[/], {coverage.sensor}, {coverage.grid.about},"
        f" {days} day{'' if days == '1' else 's'} from {coverage.start}"
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    folds = [f"≥{k} %" for k in range(2, min(coverage.fold_s.shape[1], 2) + 1)]
    for heading in (
        *("latitude", "points", "seen %", "in view %", *folds, "passes/day", "pass"),
        *("mean gap", "worst gap", "response"),
    ):
        table.add_column(heading, justify="right")
    for band in bands(coverage, step_rad):
        name = f"{_degrees(band.south_rad)} to {_degrees(band.north_rad)}"
        table.add_row(*_row(name, band.summary))
    table.add_section()
    table.add_row(*_row("all", summary(coverage)), style="bold")
    console.print(table)
    for note in coverage.notes:
        console.print(note, style="dim", markup=False)

"""Overflights for imaging as plain rows, and as a table for the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from cosmodrome.record.imaging import ImagingInstant, Overflight

__all__ = ["overflight_rows", "show_overflights"]

_HEADINGS = ("site", "best, UTC", "lasts", "off nadir", "seen at", "Sun", "phase", "range")


def overflight_rows(found: Sequence[Overflight]) -> list[dict[str, Any]]:
    """Each pass: its ends and its best instant, with what the camera meets then; degrees, SI."""
    grounded = any(o.ground_m is not None for o in found)

    def row(o: Overflight) -> dict[str, Any]:
        best = o.seen.best
        shadow = {"ground_m": o.ground_m, "sun_share": o.sun_share}
        return {
            "site": o.site,
            "body": o.body,
            **_at("start", o.seen.start),
            **_at("best", best),
            **_at("end", o.seen.end),
            "duration_s": o.seen.duration_s,
            "elevation_deg": math.degrees(best.elevation_rad),
            "sun_elevation_deg": math.degrees(best.sun_elevation_rad),
            "phase_deg": math.degrees(best.phase_rad),
            "range_m": best.range_m,
            "metres_per_mrad": best.metres_per_rad * 1e-3,
            **(shadow if grounded else {}),
        }

    return [row(o) for o in found]


def _at(prefix: str, x: ImagingInstant) -> dict[str, Any]:
    return {
        f"{prefix}_utc": x.epoch.utc(3),
        f"{prefix}_off_nadir_deg": math.degrees(x.off_nadir_rad),
    }


def show_overflights(rows: Sequence[dict[str, Any]], console: Console) -> None:
    """The rows on the terminal; a star where ground around a place hides the Sun."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for k, heading in enumerate(_HEADINGS):
        table.add_column(heading, no_wrap=True, justify="left" if k < 2 else "right")
    hidden = [r.get("sun_share") is not None and r["sun_share"] < 1.0 for r in rows]
    for r, dark in zip(rows, hidden, strict=True):
        table.add_row(
            r["site"],
            r["best_utc"][:19],
            f"{r['duration_s']:.0f} s",
            f"{r['best_off_nadir_deg']:.1f} deg",
            f"{r['elevation_deg']:.1f} deg",
            f"{r['sun_elevation_deg']:.1f} deg" + ("*" if dark else ""),
            f"{r['phase_deg']:.1f} deg",
            f"{r['range_m'] / 1e3:.1f} km",
        )
    console.print(table)
    if any(hidden):
        console.print("* ground around the site hides the Sun, in part or wholly")

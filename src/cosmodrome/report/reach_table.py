"""A reach map on the terminal: one line for each inclination."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from cosmodrome.record.reach import Comparison, ReachCell, ReachMap

__all__ = ["cell_text", "comparison_table", "cost_text", "reach_table"]

_HOW = {
    "direct": "direct",
    "dogleg": "dogleg",
    "outside": "outside",
    "plane-change": "turns on the way",
}
_NOTHING = {"infeasible": "none", "no-answer": "?", "not-asked": "-"}
_STYLE = {"direct": "", "dogleg": "yellow", "outside": "yellow", "plane-change": "dim"}


def kilograms(kg: float) -> str:
    """Whole kilograms with thin groups of thousands."""
    return f"{kg:,.0f}".replace(",", "\u202f")


def cell_text(cell: ReachCell) -> str:
    """What a cell says: kilograms, with a sign of "at most" outside lifted corridors."""
    if cell.capability_kg is None:
        return _NOTHING[cell.status]
    return ("≤" if cell.how == "outside" else "") + kilograms(cell.capability_kg)


def _heading(cell: ReachCell) -> str:
    return "" if cell.heading_rad is None else f"{math.degrees(cell.heading_rad):.1f}°"


def _table(headings: list[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def reach_table(reached: ReachMap, console: Console) -> None:
    """Inclination, heading, the way there, and the payload at each altitude."""
    rows = len(reached.altitudes_m)
    carried = reached.vehicle is not None
    altitudes = [f"{h / 1e3:g} km" for h in reached.altitudes_m] if carried else []
    name = f"{reached.vehicle.name} from " if reached.vehicle else ""
    console.print(f"\n[bold]{name}{reached.site.name}[/]" + (", payload in kg" if carried else ""))
    table = _table(["inclination", "heading", "way", *altitudes])
    for column, i in enumerate(reached.inclinations_rad):
        cells = [reached.cell(column, row) for row in range(rows)]
        first = cells[0]
        table.add_row(
            f"{math.degrees(i):.1f}°",
            _heading(first),
            Text(_HOW[first.how], style=_STYLE[first.how]),
            *(cell_text(c) for c in cells if carried),
        )
    console.print(table)
    for band in reached.bands:
        console.print(
            f"corridor {band.label}: inclinations {math.degrees(band.lowest_rad):.2f}° to"
            f" {math.degrees(band.highest_rad):.2f}°",
            style="dim",
            markup=False,
        )


def cost_text(pair: Comparison, column: int, row: int) -> str:
    """Kilograms that flying from the first pad costs, or which pad alone goes there."""
    only = pair.only(column, row)
    if only == "one":
        return f"only {pair.one.site.name}"
    if only == "other":
        return f"only {pair.other.site.name}"
    if only == "both" and pair.one.vehicle is None:
        return "both"
    cost = pair.cost_kg(column, row)
    if cost is None:
        return "-"
    sign = "+" if cost >= 0.0 else "\u2212"
    return sign + kilograms(abs(cost))


def comparison_table(pair: Comparison, console: Console) -> None:
    """What the first pad costs against the other, kg, at each altitude."""
    console.print(
        f"\n[bold]What {pair.one.site.name} costs against {pair.other.site.name}[/], kg"
        " (- where one has no figure)"
    )
    altitudes = [f"{h / 1e3:g} km" for h in pair.one.altitudes_m]
    table = _table(["inclination", *altitudes])
    for column, i in enumerate(pair.one.inclinations_rad):
        costs = (cost_text(pair, column, row) for row in range(len(altitudes)))
        table.add_row(f"{math.degrees(i):.1f}°", *costs)
    console.print(table)

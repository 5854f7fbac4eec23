"""reach.svg: the map as a picture, one file with nothing loaded from outside.

Inclination runs to the right, altitude upwards. Bars above the map are the corridors, dashed
lines their ends; the green line is where orbits are Sun-synchronous.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from cosmodrome.report.reach_table import cell_text, cost_text
from cosmodrome.report.svg import (
    BACK,
    BLUE,
    FONT,
    GREEN,
    ORANGE,
    PANEL,
    QUIET,
    TEXT,
    blend,
    words_at,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cosmodrome.record.reach import Comparison, ReachCell, ReachMap

__all__ = ["comparison_svg", "reach_svg"]

_DEEP = "#14304a"
_LEFT, _RIGHT, _BAR, _ROW, _WIDTH = 78.0, 24.0, 18.0, 52.0, 1000.0
_TOP, _FOOT = 64.0, 62.0


@dataclass(frozen=True, slots=True)
class _Scale:
    """Grid values along one side of the map, from `start` to `end` in the picture.

    Every cell is as wide as the next, whatever it spans, so that all numbers find room; between
    the middles of the cells the scale is straight.
    """

    values: tuple[float, ...]
    start: float
    end: float

    def edge(self, k: int) -> float:
        """Where cell `k` begins."""
        return self.start + (self.end - self.start) * k / len(self.values)

    def middle(self, k: int) -> float:
        """Where the value of cell `k` stands."""
        return self.edge(k) + 0.5 * (self.edge(1) - self.edge(0))

    def at(self, value: float) -> float:
        """Where any value stands; the outermost steps go on beyond the ends."""
        if len(self.values) == 1:
            return self.middle(0)
        k = min(max(bisect_right(self.values, value) - 1, 0), len(self.values) - 2)
        step = self.values[k + 1] - self.values[k]
        part = (value - self.values[k]) / step
        return self.middle(k) + part * (self.middle(1) - self.middle(0))

    def holds(self, value: float) -> bool:
        low, high = sorted((self.start, self.end))
        return low <= self.at(value) <= high

    def clamped(self, value: float) -> float:
        low, high = sorted((self.start, self.end))
        return min(max(self.at(value), low), high)


def _middle(x: float, y: float, text: str, fill: str = TEXT, size: float = 12.0) -> str:
    return words_at(x, y, text, fill, size, 'text-anchor="middle"')


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str, more: str = "") -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" {more}/>'
    )


def _rect(x: float, y: float, w: float, h: float, fill: str, more: str = "") -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{fill}" {more}/>'


# what a cell of (column, row) shows: its text, its fill, and the colour of the text
_Look = Callable[[int, int], tuple[str, str, str]]


def _boxes(reached: ReachMap, x: _Scale, y: _Scale, look: _Look) -> Iterable[str]:
    for column in range(len(x.values)):
        for row in range(len(y.values)):
            left, top = x.edge(column), y.edge(row + 1)
            box = (left, top, x.edge(column + 1) - left, y.edge(row) - top)
            yield _rect(*box, look(column, row)[1], f'stroke="{BACK}"')
            if reached.cell(column, row).how in ("dogleg", "outside"):
                yield _rect(*box, "url(#dogleg)")


def _numbers(x: _Scale, y: _Scale, look: _Look) -> Iterable[str]:
    wide = x.edge(1) - x.edge(0)
    for column in range(len(x.values)):
        for row in range(len(y.values)):
            text, _, ink = look(column, row)
            size = min(12.5, 1.75 * wide / max(len(text), 1))
            yield _middle(x.middle(column), y.middle(row) + 4.0, text, ink, size)


def _scales(x: _Scale, y: _Scale) -> Iterable[str]:
    for k, i in enumerate(x.values):
        yield _middle(x.middle(k), y.start + 16.0, f"{math.degrees(i):.4g}°", QUIET, 11.0)
    for k, h in enumerate(y.values):
        at = y.middle(k) + 4.0
        yield words_at(_LEFT - 8.0, at, f"{h / 1e3:g} km", QUIET, 11.0, 'text-anchor="end"')
    yield _middle(0.5 * (x.start + x.end), y.start + 34.0, "inclination", QUIET, 11.0)


def _corridors(
    reached: ReachMap, x: _Scale, top: float, bottom: float, colour: str
) -> Iterable[str]:
    """A bar for each corridor, one below the other, and dashed lines down the map at its ends."""
    for number, band in enumerate(reached.bands):
        y = top + _BAR * number
        left, right = x.clamped(band.lowest_rad), x.clamped(band.highest_rad)
        yield _rect(left, y, right - left, _BAR - 4.0, colour, 'fill-opacity="0.25" rx="3"')
        label = (
            f"{reached.site.name}: headings {band.label}, inclinations"
            f" {math.degrees(band.lowest_rad):.1f}° to {math.degrees(band.highest_rad):.1f}°"
        )
        yield words_at(left + 6.0, y + 11.0, label, TEXT, 11.0)
        for edge in filter(x.holds, (band.lowest_rad, band.highest_rad)):
            dashes = 'stroke-width="1.5" stroke-dasharray="5 4"'
            yield _line(x.at(edge), y, x.at(edge), bottom, colour, dashes)


def _sun_synchronous(reached: ReachMap, x: _Scale, y: _Scale) -> Iterable[str]:
    inside = [(x.at(i), y.at(h)) for h, i in reached.sun_synchronous if x.holds(i)]
    if len(inside) < 2 or len(y.values) < 2:
        return
    path = " ".join(f"{across:.1f},{up:.1f}" for across, up in inside)
    yield f'<polyline points="{path}" fill="none" stroke="{GREEN}" stroke-width="2.5"/>'
    across, up = inside[-1]
    yield _middle(across, up - 14.0, "Sun-synchronous", GREEN, 11.0)


_HATCH = (
    '<defs><pattern id="dogleg" width="8" height="8" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="8" stroke="#0f141d"'
    ' stroke-width="3" stroke-opacity="0.45"/></pattern></defs>'
)


def _picture(
    title: str,
    maps: tuple[tuple[ReachMap, str], ...],
    look: _Look,
    notes: tuple[str, ...],
) -> str:
    """The whole file: title, corridor bars, cells, lines, and notes at the foot."""
    reached = maps[0][0]
    top = _TOP + _BAR * sum(len(m.bands) for m, _ in maps)
    bottom = top + _ROW * max(len(reached.altitudes_m), 1)
    x = _Scale(reached.inclinations_rad, _LEFT, _WIDTH - _RIGHT)
    y = _Scale(reached.altitudes_m, bottom, top)
    height = bottom + _FOOT + 16.0 * (len(notes) - 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {height:g}"'
        f' font-family="{FONT}" role="img" aria-label="{escape(title)}">',
        _HATCH,
        _rect(0.0, 0.0, _WIDTH, height, BACK),
        words_at(_LEFT, 34.0, title, TEXT, 17.0, 'font-weight="600"'),
        *_boxes(reached, x, y, look),
        *_scales(x, y),
    ]
    bar = _TOP - 10.0
    for one, colour in maps:
        parts += _corridors(one, x, bar, bottom, colour)
        bar += _BAR * len(one.bands)
    parts += _sun_synchronous(reached, x, y)
    # numbers last: no line crosses them
    parts += _numbers(x, y, look)
    parts += [
        words_at(_LEFT, bottom + 52.0 + 16.0 * k, note, QUIET, 11.0) for k, note in enumerate(notes)
    ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def reach_svg(reached: ReachMap) -> str:
    """The payload of one vehicle from one pad, or, without a vehicle, the headings there."""
    carried = [c.capability_kg for c in reached.cells if c.capability_kg is not None]
    low, high = (min(carried), max(carried)) if carried else (0.0, 1.0)

    def look(column: int, row: int) -> tuple[str, str, str]:
        cell = reached.cell(column, row)
        if reached.vehicle is None:
            return _headed(cell)
        if cell.capability_kg is None:
            return cell_text(cell), PANEL, QUIET
        part = (cell.capability_kg - low) / (high - low) if high > low else 1.0
        return cell_text(cell), blend(_DEEP, BLUE, part), "#04121f" if part > 0.55 else TEXT

    if reached.vehicle is None:
        title = f"{reached.site.name}: headings into each inclination"
    else:
        title = f"{reached.vehicle.name} from {reached.site.name}: payload to a circle, kg"
    return _picture(title, ((reached, ORANGE),), look, _NOTES)


_NOTES = (
    "Hatched: the heading lies outside the corridors; turned after the first stage (dogleg), or"
    " flown straight (≤). Dashed: ends of the corridors.",
)


def _headed(cell: ReachCell) -> tuple[str, str, str]:
    if cell.heading_rad is None:
        return "-", PANEL, QUIET
    return f"{math.degrees(cell.heading_rad):.0f}°", blend(_DEEP, BLUE, 0.3), TEXT


def comparison_svg(pair: Comparison) -> str:
    """What the first pad costs against the other, and which of the two goes where alone."""
    one, other = pair.one, pair.other
    costs = [
        abs(cost)
        for column in range(len(one.inclinations_rad))
        for row in range(len(one.altitudes_m))
        if (cost := pair.cost_kg(column, row)) is not None
    ]
    most = max([*costs, 1.0])

    def look(column: int, row: int) -> tuple[str, str, str]:
        only, cost = pair.only(column, row), pair.cost_kg(column, row)
        text = cost_text(pair, column, row)
        if only == "one":
            return text, blend(BACK, ORANGE, 0.55), TEXT
        if only == "other":
            return text, blend(BACK, GREEN, 0.4), TEXT
        if cost is None:
            return text, PANEL, QUIET
        part = abs(cost) / most
        ink = "#04121f" if part > 0.55 else TEXT
        return text, blend(PANEL, BLUE if cost >= 0.0 else "#ffc857", part), ink

    if one.vehicle is None:
        title = f"{one.site.name} and {other.site.name}: which flies direct into each inclination"
        notes = ("By geometry of the headings and corridors alone; a dogleg does not count.",)
    else:
        title = f"{one.vehicle.name}: what {one.site.name} costs against {other.site.name}, kg"
        notes = (
            f"Positive: {other.site.name} carries more; what it costs to keep to the corridors is"
            " included. Where one pad alone gets there, it is named.",
        )
    return _picture(title, ((one, ORANGE), (other, GREEN)), look, notes)

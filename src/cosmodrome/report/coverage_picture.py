"""coverage.svg: a world map of one figure of a coverage, one file with nothing loaded from outside.

Equirectangular. Each cell of the picture has the colour of the nearest point of the grid; cells
farther from it than about the grid's spacing stay dark.
"""

from __future__ import annotations

import itertools
import math
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from cosmodrome.report.coverage_table import duration_text
from cosmodrome.report.svg import BACK, FONT, PANEL, QUIET, TEXT
from cosmodrome.world.coastlines import coastlines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cosmodrome.coverage import Coverage

    Array = NDArray[np.float64]

__all__ = ["coverage_svg"]

_COAST = "#6b7a90"
_RAMP = ("#14304a", "#1b5a7d", "#2a86ad", "#4fc3ff", "#9be0ff", "#ffe9a8", "#ffc857", "#ffa04d")
_NEVER = "#3a2230"
# durations that a legend may say, s
_ROUND_S = (
    *(1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 180.0, 300.0, 600.0, 900.0, 1200.0, 1800.0),
    *(3600.0 * h for h in (1.0, 2.0, 3.0, 6.0, 12.0)),
    *(86_400.0 * d for d in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)),
)
_CELL = 2.0  # deg
_SCALE = 2.7  # picture units in a degree
_LEFT, _TOP, _RIGHT, _FOOT = 48.0, 60.0, 24.0, 74.0


def _x(longitude_deg: float) -> float:
    return _LEFT + _SCALE * (longitude_deg + 180.0)


def _y(latitude_deg: float) -> float:
    return _TOP + _SCALE * (90.0 - latitude_deg)


def _nearest(coverage: Coverage) -> NDArray[np.int64]:
    """(rows, columns) index of the nearest point of the grid, -1 where none is near."""
    grid = coverage.grid
    columns, rows = int(360.0 / _CELL), int(180.0 / _CELL)
    longitude = np.radians((np.arange(columns) + 0.5) * _CELL - 180.0)
    latitude = np.radians(90.0 - (np.arange(rows) + 0.5) * _CELL)

    def unit(lat: Array, lon: Array) -> Array:
        parts = (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
        return np.stack(np.broadcast_arrays(*parts), axis=-1)

    where = unit(latitude[:, None], longitude[None, :]).reshape(-1, 3)
    far, index = cKDTree(unit(grid.latitude_rad, grid.longitude_rad)).query(where)
    near = max(1.1 * grid.spacing_rad, math.radians(0.8 * _CELL))
    out: NDArray[np.int64] = np.where(far <= near, index, -1).reshape(rows, columns)
    return out


def _steps(
    values: Array, seen: NDArray[np.bool_], rounded: bool
) -> tuple[Array, NDArray[np.int64]]:
    """Edges of the colours and the colour of each point, -1 where it is never seen.

    Evenly over the values; where the greatest is four times the median or more, at round durations
    between a fiftieth of the points and the greatest, so that few far values do not leave the
    rest in one colour.
    """
    colour = np.full(values.size, -1, dtype=np.int64)
    if not np.any(seen):
        return np.zeros(1), colour
    low, high = float(values[seen].min()), float(values[seen].max())
    if high <= low:
        colour[seen] = 0
        return np.array([low, low]), colour
    edges = np.linspace(low, high, len(_RAMP) + 1)
    if rounded and high >= 4.0 * float(np.median(values[seen])):
        least = float(np.quantile(values[seen], 0.02))
        inner = np.array([x for x in _ROUND_S if least < x < high])
        if inner.size > len(_RAMP) - 1:
            inner = inner[np.linspace(0, inner.size - 1, len(_RAMP) - 1).round().astype(int)]
        if inner.size > 1:
            edges = np.array([low, *inner, high])
    steps = np.searchsorted(edges, values[seen], side="right") - 1
    colour[seen] = np.clip(steps, 0, edges.size - 2)
    return edges, colour


def _cells(nearest: NDArray[np.int64], colour: NDArray[np.int64]) -> Iterable[str]:
    """Runs of one colour along a row, as one path for each colour."""
    inks = (*_RAMP, _NEVER)
    drawn: list[list[str]] = [[] for _ in inks]
    # the last ink is that of what is never seen, -1 after it that of no point near
    known = np.where(colour >= 0, colour, len(_RAMP))
    shade = np.where(nearest >= 0, known[nearest], -1)
    for row, line in enumerate(shade):
        edges = [0, *(np.flatnonzero(np.diff(line)) + 1), line.size]
        for start, stop in itertools.pairwise(edges):
            if line[start] >= 0:
                x, y = _x(start * _CELL - 180.0), _y(90.0 - row * _CELL)
                width, height = (stop - start) * _CELL * _SCALE, _CELL * _SCALE
                drawn[line[start]].append(
                    f"M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}h-{width:.1f}z"
                )
    for ink, paths in zip(inks, drawn, strict=True):
        if paths:
            yield f'<path fill="{ink}" shape-rendering="crispEdges" d="{"".join(paths)}"/>'


def _coasts() -> str:
    lines = []
    for line in coastlines():
        places = " ".join(f"{_x(lon):.1f},{_y(lat):.1f}" for lon, lat in line)
        lines.append(f'<polyline points="{places}"/>')
    return f'<g fill="none" stroke="{_COAST}" stroke-width="0.7">{"".join(lines)}</g>'


def _text(x: float, y: float, text: str, ink: str, size: float, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{ink}" font-size="{size:g}"'
        f' text-anchor="{anchor}">{escape(text)}</text>'
    )


def _axes() -> Iterable[str]:
    for latitude in range(-60, 90, 30):
        name = f"{abs(latitude)}°{'N' if latitude > 0 else 'S' if latitude < 0 else ''}"
        yield _text(_LEFT - 6.0, _y(latitude) + 4.0, name, QUIET, 11.0, "end")
    for longitude in range(-120, 180, 60):
        name = f"{abs(longitude)}°{'E' if longitude > 0 else 'W' if longitude < 0 else ''}"
        yield _text(_x(longitude), _y(-90.0) + 16.0, name, QUIET, 11.0, "middle")


def _legend(edges: Array, figure: str) -> Iterable[str]:
    y, width = _y(-90.0) + 30.0, 62.0
    inks = _RAMP[: len(edges) - 1]
    for k, ink in enumerate(inks):
        place = f'x="{_LEFT + k * width:.1f}" y="{y:.1f}"'
        yield f'<rect {place} width="{width}" height="10" fill="{ink}"/>'
    for k, edge in enumerate(edges[: len(inks) + 1]):
        yield _text(_LEFT + k * width, y + 26.0, _said(float(edge), figure), QUIET, 11.0, "middle")
    yield _text(_LEFT + len(inks) * width + 10.0, y + 9.0, figure, TEXT, 11.0)


def _never(count: int, share: float) -> Iterable[str]:
    if count:
        y = _y(-90.0) + 30.0
        yield f'<rect x="{_x(100.0):.1f}" y="{y:.1f}" width="62" height="10" fill="{_NEVER}"/>'
        yield _text(_x(100.0), y + 26.0, f"never seen: {100.0 * share:.3g} %", QUIET, 11.0)


def _said(value: float, figure: str) -> str:
    return f"{100.0 * value:.3g} %" if figure == "in view" else duration_text(value)


def coverage_svg(coverage: Coverage, figure: str = "longest gap") -> str:
    """The map of one figure: "longest gap", "mean gap", "response" or "in view"."""
    values = {
        "longest gap": coverage.longest_gap_s,
        "mean gap": coverage.mean_gap_s,
        "response": coverage.mean_response_s,
        "in view": coverage.fraction,
    }[figure]
    seen = coverage.accesses > 0.0
    edges, colour = _steps(values, seen, figure != "in view")
    width, height = _x(180.0) + _RIGHT, _y(-90.0) + _FOOT
    title = f"{coverage.about}, {coverage.sensor}: {figure}"
    shown = values[seen] if np.any(seen) else values
    days = coverage.span_s / 86_400.0
    below = (
        f"{coverage.grid.about}, {days:g} day{'' if days == 1.0 else 's'} from {coverage.start};"
        f" {_said(float(shown.min()), figure)} to {_said(float(shown.max()), figure)} where seen"
    )
    panel = (
        f'<rect x="{_LEFT}" y="{_TOP}" width="{360 * _SCALE:.1f}" height="{180 * _SCALE:.1f}"'
        f' fill="{PANEL}"/>'
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}"'
        f' style="background:{BACK}"'
        f' font-family="{FONT}" role="img" aria-label="{escape(title)}">',
        f'<rect width="{width:g}" height="{height:g}" fill="{BACK}"/>',
        _text(_LEFT, 28.0, title, TEXT, 17.0),
        _text(_LEFT, 48.0, below, QUIET, 12.0),
        panel,
        *_cells(_nearest(coverage), colour),
        _coasts(),
        *_axes(),
        *_legend(edges, figure),
        *_never(int(np.count_nonzero(~seen)), float(coverage.grid.share[~seen].sum())),
    ]
    return "\n".join([*parts, "</svg>"]) + "\n"

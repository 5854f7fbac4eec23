"""porkchop.svg: a grid of transfers as a picture, one file with nothing loaded from outside.

Departures run to the right, arrivals upwards. Colour and blue lines are C3, orange dashed lines the
speed at arrival, thin grey ones the time of flight; rings mark the least energy of each type.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.report.svg import (
    BACK,
    BLUE,
    FONT,
    GREEN,
    LINE,
    ORANGE,
    PANEL,
    QUIET,
    TEXT,
    blend,
    words_at,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cosmodrome.record.porkchop import Porkchop, Transfer
    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]

__all__ = ["contour", "porkchop_svg"]

_LEFT, _RIGHT, _TOP, _FOOT, _WIDE, _HIGH = 96.0, 48.0, 64.0, 96.0, 860.0, 640.0
_DAY = 86_400.0
# C3 above the least, km^2/s^2, and the speeds and times drawn
_STEPS = (0.5, 1.0, 2.0, 4.0, 6.0, 10.0, 15.0, 20.0, 30.0, 40.0)
_MOST_CELLS = 48
# letters keep clear of the lines below them
_HALO = f'paint-order="stroke" stroke="{BACK}" stroke-width="3"'


class _Frame:
    """Days on both sides to places in the picture."""

    def __init__(self, chop: Porkchop) -> None:
        self.zero = chop.departs[0]
        self.x = np.array([(t - self.zero) / _DAY for t in chop.departs])
        self.y = np.array([(t - self.zero) / _DAY for t in chop.arrives])

    def across(self, day: float) -> float:
        span = max(float(self.x[-1] - self.x[0]), 1e-9)
        return _LEFT + _WIDE * (day - float(self.x[0])) / span

    def up(self, day: float) -> float:
        span = max(float(self.y[-1] - self.y[0]), 1e-9)
        return _TOP + _HIGH * (1.0 - (day - float(self.y[0])) / span)


def contour(
    x: Array, y: Array, field: Array, level: float
) -> list[tuple[float, float, float, float]]:
    """Pieces (x1, y1, x2, y2) of the line field = level over a grid (n, m), linear within a cell.

    Cells with a corner that is no number have no line (marching squares: Lorensen & Cline 1987 in
    the plane).
    """
    pieces = []
    above = field >= level
    known = np.isfinite(field)
    corners = (slice(None, -1), slice(1, None))
    count = sum(above[a, b].astype(int) for a in corners for b in corners)
    whole = np.all([known[a, b] for a in corners for b in corners], axis=0)
    for i, j in zip(*np.nonzero(whole & (count > 0) & (count < 4)), strict=True):
        ring = ((i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1))
        cuts = []
        for (a, b), (c, d) in zip(ring, (*ring[1:], ring[0]), strict=True):
            u, v = field[a, b], field[c, d]
            if (u >= level) != (v >= level):
                part = (level - u) / (v - u)
                cuts.append((x[a] + part * (x[c] - x[a]), y[b] + part * (y[d] - y[b])))
        for one, other in zip(cuts[::2], cuts[1::2], strict=True):
            pieces.append((float(one[0]), float(one[1]), float(other[0]), float(other[1])))
    return pieces


def _lines(
    frame: _Frame, field: Array, level: float, label: str, colour: str, more: str
) -> Iterable[str]:
    pieces = contour(frame.x, frame.y, field, level)
    if not pieces:
        return
    path = "".join(
        f"M{frame.across(a):.1f} {frame.up(b):.1f}L{frame.across(c):.1f} {frame.up(d):.1f}"
        for a, b, c, d in pieces
    )
    yield f'<path d="{path}" fill="none" stroke="{colour}" {more}><title>{escape(label)}</title></path>'  # noqa: E501
    if label:
        a, b, _, _ = pieces[len(pieces) // 2]
        yield words_at(frame.across(a) + 3.0, frame.up(b) - 3.0, label, colour, 9.5, _HALO)


def _cells(frame: _Frame, c3: Array, least: float) -> Iterable[str]:
    """Colour below the lines, on a grid no finer than it can be seen."""
    p, q = (max(1, math.ceil(n / _MOST_CELLS)) for n in c3.shape)
    for i in range(0, c3.shape[0] - 1, p):
        for j in range(0, c3.shape[1] - 1, q):
            a, b = min(i + p, c3.shape[0] - 1), min(j + q, c3.shape[1] - 1)
            block = c3[i : a + 1, j : b + 1]
            if not np.any(np.isfinite(block)):
                continue
            over = (float(np.nanmin(block)) - least) / (_STEPS[-1] * 1e6)
            if over >= 1.0:
                continue
            left, right = frame.across(frame.x[i]), frame.across(frame.x[a])
            low, high = frame.up(frame.y[j]), frame.up(frame.y[b])
            fill = blend("#2f7fae", PANEL, math.sqrt(max(over, 0.0)))
            yield (
                f'<rect x="{left:.1f}" y="{high:.1f}" width="{right - left + 0.4:.1f}"'
                f' height="{low - high + 0.4:.1f}" fill="{fill}"/>'
            )


def _dates(frame: _Frame, instants: tuple[Epoch, ...], *, across: bool) -> Iterable[str]:
    for k in np.unique(np.linspace(0, len(instants) - 1, 7).round().astype(int)):
        label = instants[k].utc(0)[:10]
        day = (instants[k] - frame.zero) / _DAY
        if across:
            x = frame.across(day)
            yield f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{_TOP + _HIGH}" stroke="{LINE}"/>'  # noqa: E501
            yield words_at(x, _TOP + _HIGH + 16.0, label, QUIET, 10.0, 'text-anchor="middle"')
        else:
            y = frame.up(day)
            yield f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_LEFT + _WIDE}" y2="{y:.1f}" stroke="{LINE}"/>'  # noqa: E501
            yield words_at(_LEFT - 6.0, y + 4.0, label, QUIET, 10.0, 'text-anchor="end"')


def _mark(frame: _Frame, t: Transfer) -> Iterable[str]:
    x = frame.across((t.depart - frame.zero) / _DAY)
    y = frame.up((t.arrive - frame.zero) / _DAY)
    told = (
        f"type {t.type}: {t.depart.utc(0)[:10]} to {t.arrive.utc(0)[:10]},"
        f" {t.c3_m2_s2 / 1e6:.2f} km²/s²"
    )
    if t.payload_kg is not None:
        told += f", {t.payload_kg:,.0f} kg"
    yield (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="none" stroke="{GREEN}" stroke-width="2">'
        f"<title>{escape(told)}</title></circle>"
    )
    # to the side with room for it
    left = x > _LEFT + 0.6 * _WIDE
    anchor = f'{_HALO} text-anchor="end"' if left else _HALO
    # type II stands above type I where the two are near each other
    below = -6.0 if t.type == "II" else 14.0
    yield words_at(x - 9.0 if left else x + 9.0, y + below, told, GREEN, 11.0, anchor)


def porkchop_svg(chop: Porkchop) -> str:
    """The whole file."""
    frame = _Frame(chop)
    c3 = chop.c3_m2_s2
    least = min([float(np.nanmin(c3)), *(t.c3_m2_s2 for t in chop.best)])
    flight = frame.y[None, :] - frame.x[:, None]
    title = f"{chop.home.capitalize()} to {chop.target.capitalize()}: energy of departure"
    wide, high = _LEFT + _WIDE + _RIGHT, _TOP + _HIGH + _FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}"'
        f' font-family="{FONT}" role="img" aria-label="{escape(title)}">',
        f'<rect width="{wide:g}" height="{high:g}" fill="{BACK}"/>',
        words_at(_LEFT, 34.0, title, TEXT, 17.0, 'font-weight="600"'),
        f'<rect x="{_LEFT}" y="{_TOP}" width="{_WIDE}" height="{_HIGH}" fill="{PANEL}"/>',
        *_cells(frame, c3, least),
        *_dates(frame, chop.departs, across=True),
        *_dates(frame, chop.arrives, across=False),
    ]
    for days in range(100, 1001, 50):
        parts += _lines(frame, flight, days, f"{days} d", QUIET, 'stroke-width="0.7"')
    for speed in (2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0):
        near = np.where(c3 <= least + _STEPS[-1] * 1e6, chop.arrival_m_s, math.nan)
        parts += _lines(
            frame, near, speed * 1e3, f"{speed:g} km/s", ORANGE,
            'stroke-width="1" stroke-dasharray="4 3"',
        )  # fmt: skip
    floor = math.ceil(least / 1e6)
    for step in _STEPS:
        level = floor + (step if step >= 1.0 else 0.0)
        parts += _lines(frame, c3, level * 1e6, f"{level:g}", BLUE, 'stroke-width="1.4"')
    for best in chop.best:
        parts += _mark(frame, best)
    notes = (
        "Blue: C3, km²/s². Orange, dashed: speed far from the planet of arrival. Grey: days of"
        " flight. Rings: least C3 of each type.",
        *chop.launcher,
    )
    parts += [
        words_at(_LEFT, _TOP + _HIGH + 40.0 + 15.0 * k, note, QUIET, 10.5)
        for k, note in enumerate(notes)
    ]
    return "\n".join([*parts, "</svg>"]) + "\n"

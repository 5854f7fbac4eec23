"""landings.svg: dispersed landings as a picture, one file with nothing loaded from outside.

On the left where each began, off the plan's ignition across the ground, coloured by how it ended;
in the middle where it touched down, about the site; on the right the propellant left or short.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from cosmodrome.report.svg import BACK, FONT, LINE, PANEL, QUIET, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cosmodrome.record.landings import LandingCase, Landings

__all__ = ["landings_svg"]

_COLOURS = {
    "landed": "#46d68c", "infeasible": "#ffa04d", "missed": "#ff5d5d", "not converged": "#c78bff",
}  # fmt: skip
_SIDE, _GAP, _TOP, _FOOT = 340.0, 70.0, 84.0, 60.0
# bars at the most
_BARS = 30


def _text(x: float, y: float, text: str, fill: str = TEXT, size: float = 12.0, at: str = "") -> str:
    anchor = f' text-anchor="{at}"' if at else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" font-size="{size:g}"{anchor}>'
        f"{escape(text)}</text>"
    )


def _panel(left: float, title: str, below: str) -> Iterable[str]:
    yield (
        f'<rect x="{left:.1f}" y="{_TOP:.1f}" width="{_SIDE:.1f}" height="{_SIDE:.1f}"'
        f' fill="{PANEL}" stroke="{LINE}"/>'
    )
    yield _text(left, _TOP - 10.0, title, TEXT, 13.0)
    yield _text(left + 0.5 * _SIDE, _TOP + _SIDE + 34.0, below, QUIET, 11.0, "middle")


def _round_up(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    if value <= 0.0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(value))
    return next(unit * f for f in (1.0, 2.0, 5.0, 10.0) if unit * f >= value)


def _scatter(left: float, points: Sequence[tuple[float, float, str]], title: str) -> Iterable[str]:
    """Points (m east, m north, outcome) about their origin; title and scale."""
    # nearer than a metre is the model's own exactness, and no scatter
    far = _round_up(max(1.0, *(max(abs(x), abs(y)) for x, y, _ in points), 0.0))
    yield from _panel(left, title, "east, m")
    middle = left + 0.5 * _SIDE, _TOP + 0.5 * _SIDE
    for x, y in ((middle[0], _TOP), (left, middle[1])):
        across = y != _TOP
        yield (
            f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x + (_SIDE if across else 0.0):.1f}"'
            f' y2="{y + (0.0 if across else _SIDE):.1f}" stroke="{LINE}"/>'
        )
    for share, label in ((-0.5, -far), (0.5, far)):
        at = "start" if share < 0 else "end"
        yield _text(middle[0] + share * _SIDE, _TOP + _SIDE + 16.0, f"{label:g}", QUIET, 10.0, at)
        yield _text(left - 4.0, middle[1] - share * (_SIDE - 8.0) + 4.0, f"{label:g}", QUIET, 10.0,
                    "end")  # fmt: skip
    for x, y, outcome in points:
        a = middle[0] + 0.5 * _SIDE * x / far
        b = middle[1] - 0.5 * _SIDE * y / far
        yield f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2" fill="{_COLOURS[outcome]}" opacity="0.8"/>'


def _spare(case: LandingCase) -> float | None:
    """Propellant left, kg, below zero what is short; None where neither is known."""
    if case.left_kg is not None:
        return case.left_kg
    return -case.short_kg if case.short_kg else None


def _bars(left: float, told: Landings) -> Iterable[str]:
    values = [(v, c.outcome) for c in told.cases if (v := _spare(c)) is not None]
    yield from _panel(left, "propellant left above the reserve", "kg; below zero: short")
    if not values:
        return
    low, high = min(v for v, _ in values), max(v for v, _ in values)
    bars = max(6, min(_BARS, round(2.0 * math.sqrt(len(values)))))
    wide = max(high - low, 1e-6) / bars
    counts: dict[int, dict[str, int]] = {}
    for value, outcome in values:
        k = min(int((value - low) / wide), bars - 1)
        held = counts.setdefault(k, {})
        held[outcome] = held.get(outcome, 0) + 1
    most = max(sum(c.values()) for c in counts.values())
    for k, held in sorted(counts.items()):
        foot = _TOP + _SIDE
        for outcome, n in sorted(held.items()):
            tall = (_SIDE - 16.0) * n / most
            foot -= tall
            yield (
                f'<rect x="{left + k * _SIDE / bars + 1.0:.1f}" y="{foot:.1f}"'
                f' width="{_SIDE / bars - 2.0:.1f}" height="{tall:.1f}"'
                f' fill="{_COLOURS[outcome]}"><title>{n} {escape(outcome)}</title></rect>'
            )
    for x, value, at in ((left, low, "start"), (left + _SIDE, high, "end")):
        yield _text(x, _TOP + _SIDE + 16.0, f"{value:.1f}", QUIET, 10.0, at)
    yield _text(left - 4.0, _TOP + 12.0, f"{most}", QUIET, 10.0, "end")


def landings_svg(told: Landings) -> str:
    """The picture."""
    wide = 4.0 * _GAP + 3.0 * _SIDE
    high = _TOP + _SIDE + _FOOT
    began = [(c.place_m[0], c.place_m[1], c.outcome) for c in told.cases]
    ended = [
        (c.east_m, c.north_m, c.outcome)
        for c in told.cases
        if c.east_m is not None and c.north_m is not None
    ]
    lefts = [_GAP + k * (_SIDE + _GAP) for k in range(3)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}"'
        f' font-family="{FONT}">',
        f'<rect width="{wide:.0f}" height="{high:.0f}" fill="{BACK}"/>',
        _text(_GAP, 30.0, f"{told.mission}: {len(told.cases)} dispersed landings", size=16.0),
    ]
    x = _GAP
    for name, count in told.counts.items():
        if count:
            parts.append(f'<circle cx="{x + 4.0:.1f}" cy="48" r="4" fill="{_COLOURS[name]}"/>')
            parts.append(_text(x + 14.0, 52.0, f"{count} {name}", QUIET))
            x += 140.0
    parts += _scatter(lefts[0], began, "ignition, off the plan (north up)")
    parts += _scatter(lefts[1], ended, "touchdown, from the site (north up)")
    parts += _bars(lefts[2], told)
    return "\n".join([*parts, "</svg>"]) + "\n"

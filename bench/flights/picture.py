"""Three webcast ascents over ours: height, speed, and what is left between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Ascent", "picture"]

_BACK, _PANEL, _LINE, _TEXT, _QUIET = "#0f141d", "#121826", "#232d3f", "#dbe4f0", "#8492a6"
_OURS, _THEIRS = "#4fc3ff", "#ffa04d"
_FONT = "system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,sans-serif"
_WIDE, _TALL, _GAP, _LEFT, _TOP = 300.0, 130.0, 50.0, 62.0, 84.0

_LONGEST_S = 520.0

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Ascent:
    """One flight: (time s, value) of ours and of the record."""

    name: str
    height_km: Points
    speed_m_s: Points
    seen_height_km: Points
    seen_speed_m_s: Points


@dataclass(frozen=True, slots=True)
class _Frame:
    left: float
    top: float
    most_s: float
    low: float
    high: float

    def at(self, t: float, value: float) -> tuple[float, float]:
        x = self.left + _WIDE * t / self.most_s
        return x, self.top + _TALL * (self.high - value) / (self.high - self.low)


def _text(x: float, y: float, text: str, fill: str = _QUIET, more: str = "") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" font-size="12" {more}>{escape(text)}</text>'
    )


def _panel(frame: _Frame, title: str, ticks: Sequence[float]) -> Iterable[str]:
    yield (
        f'<rect x="{frame.left:g}" y="{frame.top:g}" width="{_WIDE:g}" height="{_TALL:g}"'
        f' fill="{_PANEL}" stroke="{_LINE}"/>'
    )
    yield _text(frame.left, frame.top - 6.0, title)
    for value in ticks:
        _, y = frame.at(0.0, value)
        yield (
            f'<line x1="{frame.left:g}" x2="{frame.left + _WIDE:g}" y1="{y:.1f}" y2="{y:.1f}"'
            f' stroke="{_LINE}"/>'
        )
        yield _text(frame.left - 6.0, y + 4.0, f"{value:,g}", more='text-anchor="end"')
    for t in range(0, int(frame.most_s) + 1, 100):
        x, _ = frame.at(float(t), frame.low)
        yield _text(x, frame.top + _TALL + 14.0, f"{t}", more='text-anchor="middle"')


def _curve(frame: _Frame, points: Points) -> str:
    path = " ".join("{:.1f},{:.1f}".format(*frame.at(*p)) for p in points)
    return f'<polyline points="{path}" fill="none" stroke="{_OURS}" stroke-width="2"/>'


def _dots(frame: _Frame, points: Points) -> Iterable[str]:
    for p in points:
        x, y = frame.at(*p)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{_THEIRS}"/>'


def _between(ours: Points, seen: Points) -> Points:
    """Ours less theirs at the times they have and we have too."""
    known = dict(ours)
    return tuple((t, known[t] - value) for t, value in seen if t in known)


def _ticks(values: Sequence[float]) -> tuple[float, ...]:
    """Round steps around all values and zero."""
    low, high = min(0.0, *values), max(0.0, *values)
    step = next(x for x in (0.5, 1.0, 5.0, 100.0, 250.0, 500.0, 1e3, 1e4) if high - low <= 5.0 * x)
    return tuple(step * k for k in range(math.floor(low / step), math.ceil(high / step) + 1))


def picture(title: str, ascents: Sequence[Ascent]) -> str:
    """The whole file."""
    width = _LEFT + (_WIDE + _LEFT) * len(ascents)
    height = _TOP + 4.0 * (_TALL + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}"'
        f' font-family="{_FONT}" role="img" aria-label="{escape(title)}">',
        f'<rect width="{width:g}" height="{height:g}" fill="{_BACK}"/>',
        f'<text x="{_LEFT:g}" y="28" fill="{_TEXT}" font-size="17" font-weight="600">'
        f"{escape(title)}</text>",
        f'<circle cx="{width - 320:g}" cy="24" r="3.2" fill="{_THEIRS}"/>',
        _text(width - 310, 28, "webcast"),
        f'<line x1="{width - 235:g}" x2="{width - 210:g}" y1="24" y2="24" stroke="{_OURS}"'
        ' stroke-width="2"/>',
        _text(width - 204, 28, "ours, fitted to the heights"),
    ]
    off = [
        (_between(a.height_km, a.seen_height_km), _between(a.speed_m_s, a.seen_speed_m_s))
        for a in ascents
    ]
    # one scale for all flights, so that they can be compared
    in_km = _ticks([v for heights, _ in off for _, v in heights])
    in_m_s = _ticks([v for _, speeds in off for _, v in speeds])
    for k, (one, (heights, speeds)) in enumerate(zip(ascents, off, strict=True)):
        left = _LEFT + k * (_WIDE + _LEFT)
        parts.append(_text(left, 54.0, one.name, _TEXT))
        rows = (
            ("height, km", (0.0, 50.0, 100.0, 150.0, 200.0), one.height_km, one.seen_height_km),
            (
                "speed over the ground, m/s",
                (0.0, 2000.0, 4000.0, 6000.0, 8000.0),
                one.speed_m_s,
                one.seen_speed_m_s,
            ),
            ("height, ours less theirs, km", in_km, heights, heights),
            ("speed, ours less theirs, m/s", in_m_s, speeds, speeds),
        )
        for row, (name, ticks, line, seen) in enumerate(rows):
            room = 0.06 * (ticks[-1] - ticks[0])
            top = _TOP + row * (_TALL + _GAP)
            frame = _Frame(left, top, _LONGEST_S, ticks[0], ticks[-1] + room)
            parts += [*_panel(frame, name, ticks), _curve(frame, line), *_dots(frame, seen)]
    return "\n".join([*parts, "</svg>", ""])

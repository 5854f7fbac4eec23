"""windows.svg: a calendar of launch windows, one file with nothing loaded from outside.

Days run downwards, the UTC time of day to the right. A bar is a window that serves, from its
opening to its closing; a ring is one that a condition excludes, with the reason beside it.
"""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import TYPE_CHECKING

from cosmodrome.report.svg import BACK, FONT, LINE, PANEL, QUIET, TEXT, words_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cosmodrome.record.windows import LaunchWindow, WindowCalendar
    from cosmodrome.world.epoch import Epoch

__all__ = ["windows_svg"]

_COLOURS = {"ascending": "#4fc3ff", "descending": "#46d68c"}
_OUT = "#ffa04d"
_LEFT, _HOURS, _RIGHT, _TOP, _ROW, _FOOT = 96.0, 720.0, 28.0, 84.0, 18.0, 40.0
_NARROWEST = 4.0
# width of a letter of the reasons at 11 px, a little above the mean of the fonts named
_LETTER, _MOST_LETTERS = 6.2, 120


def _when(epoch: Epoch) -> tuple[str, float]:
    """The UTC day and the hours into it."""
    text = epoch.utc(0)
    hours, minutes, seconds = (int(text[a : a + 2]) for a in (11, 14, 17))
    return text[:10], hours + minutes / 60.0 + seconds / 3600.0


def _days(found: WindowCalendar) -> list[str]:
    """Every day from the first window to the last, those without one too."""
    first, last = (
        dt.date.fromisoformat(_when(w.epoch)[0]) for w in (found.windows[0], found.windows[-1])
    )
    return [(first + dt.timedelta(days=k)).isoformat() for k in range((last - first).days + 1)]


def _mark(window: LaunchWindow, y: float) -> Iterable[str]:
    """The bar or ring of one window in the row at `y`."""
    at = _LEFT + _HOURS * _when(window.epoch)[1] / 24.0
    colour = _COLOURS[window.branch]
    told = f"{window.epoch.utc(0)} {window.branch}"
    if window.excluded:
        told += ": " + "; ".join(window.excluded)
        yield (
            f'<circle cx="{at:.1f}" cy="{y:.1f}" r="4" fill="none" stroke="{_OUT}"'
            f' stroke-width="1.5"><title>{escape(told)}</title></circle>'
        )
        return
    left, right = at, at
    if window.opens is not None and window.closes is not None:
        left += _HOURS * window.opens.minutes / 1440.0
        right += _HOURS * window.closes.minutes / 1440.0
        told += f", opens {window.opens.epoch.utc(0)[11:19]}, closes"
        told += f" {window.closes.epoch.utc(0)[11:19]}"
    wide = max(right - left, _NARROWEST)
    left = 0.5 * (left + right - wide)
    yield (
        f'<rect x="{left:.1f}" y="{y - 5.0:.1f}" width="{wide:.1f}" height="10" rx="2"'
        f' fill="{colour}"><title>{escape(told)}</title></rect>'
    )


def windows_svg(found: WindowCalendar, title: str) -> str:
    """The whole file. `found` holds at least one window."""
    days = _days(found)
    said: dict[str, list[str]] = {}
    for window in found.windows:
        said.setdefault(_when(window.epoch)[0], []).extend(window.excluded)
    reasons = {day: _short("; ".join(dict.fromkeys(why))) for day, why in said.items()}
    longest = max(map(len, reasons.values()))
    across = _LEFT + _HOURS + max(_RIGHT, 24.0 + _LETTER * longest)
    bottom = _TOP + _ROW * len(days)
    height = bottom + _FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across:g} {height:g}"'
        f' style="background:{BACK}"'
        f' font-family="{FONT}" role="img" aria-label="{escape(title)}">',
        f'<rect width="{across:g}" height="{height:g}" fill="{BACK}"/>',
        words_at(_LEFT, 34.0, title, TEXT, 17.0, 'font-weight="600"'),
    ]
    for hour in range(0, 25, 3):
        x = _LEFT + _HOURS * hour / 24.0
        parts.append(
            f'<line x1="{x:.1f}" y1="{_TOP - 6.0:g}" x2="{x:.1f}" y2="{bottom:g}" stroke="{LINE}"/>'
        )
        parts.append(
            words_at(x, _TOP - 12.0, f"{hour:02d}:00", QUIET, 11.0, 'text-anchor="middle"')
        )
    at = {day: _TOP + _ROW * (k + 0.5) for k, day in enumerate(days)}
    for k, day in enumerate(days):
        if k % 2:
            parts.insert(
                2,
                f'<rect x="{_LEFT:g}" y="{_TOP + _ROW * k:g}" width="{_HOURS:g}"'
                f' height="{_ROW:g}" fill="{PANEL}"/>',
            )
        parts.append(words_at(_LEFT - 8.0, at[day] + 4.0, day, QUIET, 11.0, 'text-anchor="end"'))
    for window in found.windows:
        parts += _mark(window, at[_when(window.epoch)[0]])
    for day, words in reasons.items():
        parts.append(words_at(_LEFT + _HOURS + 12.0, at[day] + 4.0, words, _OUT, 11.0))
    parts += _key(found, bottom + 24.0)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _short(words: str) -> str:
    return words if len(words) <= _MOST_LETTERS else words[: _MOST_LETTERS - 1].rstrip() + "…"


def _key(found: WindowCalendar, y: float) -> Iterable[str]:
    x = _LEFT
    for branch, basis in found.basis:
        yield (
            f'<rect x="{x:g}" y="{y - 9.0:g}" width="14" height="10" rx="2"'
            f' fill="{_COLOURS[branch]}"/>'
        )
        serves = any(w.branch == branch and not w.excluded for w in found.windows)
        words = f"{branch} ({basis})" + ("" if serves else ": none serves")
        yield words_at(x + 20.0, y, words, QUIET, 11.0)
        x += 44.0 + _LETTER * len(words)
    yield (
        f'<circle cx="{x + 5.0:g}" cy="{y - 4.0:g}" r="4" fill="none" stroke="{_OUT}"'
        ' stroke-width="1.5"/>'
    )
    yield words_at(x + 16.0, y, "excluded by a condition", QUIET, 11.0)

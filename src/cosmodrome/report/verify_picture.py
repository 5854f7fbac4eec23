"""verify.svg: a single-fault sweep as a picture, one file with nothing loaded from outside.

Above, families of faults against what comes of them: how many, and how those that lose the
mission are seen. Below, the kinds of fault that lose it, each size that was flown as a mark:
nothing wrong in the middle, its colour what came of it, its shape who sees it.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from cosmodrome.record.faults import CONSEQUENCES, FAMILIES, LOSING
from cosmodrome.record.sweep import SEEN, kinds_of, seen, size_of
from cosmodrome.report.svg import BACK, FONT, LINE, PANEL, QUIET, TEXT, words_at
from cosmodrome.report.verify_words import (
    CONSEQUENCE_WORDS,
    SEEN_WORDS,
    is_plain,
    labels,
    losing_text,
    more_text,
    seen_by,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cosmodrome.record.faults import Consequence, Outcome
    from cosmodrome.record.sweep import FaultKind, Seen, Sweep

__all__ = ["verify_svg"]

_COLOURS: dict[Consequence, str] = {
    "met": "#46d68c", "degraded": "#d8d35a", "missed": "#ffb04d", "exhausted": "#ff8a3d",
    "low": "#ff6fae", "lost": "#c78bff", "impact": "#ff5d5d",
}  # fmt: skip
_SEEN_COLOURS: dict[Seen, str] = {"before": "#46d68c", "after": "#ffd24d", "none": "#ff5d5d"}
_EDGE, _TOP = 28.0, 96.0
_NAMES, _CELL, _HIGH = 210.0, 124.0, 30.0
_KINDS_NAMES, _STRIP, _ROW, _FROM = 350.0, 260.0, 22.0, 190.0
_WIDE = 1180.0
_STEP = 17.0
#: kinds that are drawn; the rest are in verify.json
MOST_KINDS = 36
_INTO = {"truth": "in flight", "plan": "in the plan"}
# width of a letter at 12 px, a little above the mean of the fonts named
_LETTER = 6.3


def _cut(text: str, wide: float, size: float = 12.0) -> str:
    most = int(wide / (_LETTER * size / 12.0))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _rect(x: float, y: float, wide: float, high: float, fill: str, title: str = "") -> str:
    inside = f"<title>{escape(title)}</title>" if title else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="{fill}">'
        f"{inside}</rect>"
    )


def _mark(x: float, y: float, colour: str, shape: Seen, title: str) -> str:
    """Round where it is seen in time, pointed where late, a cross where by none."""
    told = f"<title>{escape(title)}</title>"
    if shape == "before":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}">{told}</circle>'
    if shape == "after":
        corners = f"{x:.1f},{y - 6:.1f} {x + 6:.1f},{y + 5:.1f} {x - 6:.1f},{y + 5:.1f}"
        return f'<polygon points="{corners}" fill="{colour}">{told}</polygon>'
    return (
        f'<path d="M{x - 5:.1f} {y - 5:.1f}l10 10m0 -10l-10 10" stroke="{colour}"'
        f' stroke-width="3" fill="none">{told}</path>'
    )


# ------------------------------------------------------------------------------- families
def _families(told: Sweep) -> list[tuple[str, list[Outcome]]]:
    out = []
    for into, words in _INTO.items():
        for family in FAMILIES:
            held = [
                o for o in told.outcomes if o.fault.into == into and o.fault.family == family
            ]  # fmt: skip
            if held:
                out.append((f"{family}, {words}", held))
    return out


def _matrix(rows: Sequence[tuple[str, list[Outcome]]], top: float) -> Iterator[str]:
    left = _EDGE + _NAMES
    for k, c in enumerate(CONSEQUENCES):
        middle = left + (k + 0.5) * _CELL
        yield words_at(middle, top - 10.0, CONSEQUENCE_WORDS[c], _COLOURS[c], 12.0,
                    'text-anchor="middle"')  # fmt: skip
    for n, (name, held) in enumerate(rows):
        y = top + n * _HIGH
        yield _rect(_EDGE, y, _NAMES + len(CONSEQUENCES) * _CELL, _HIGH - 2.0, PANEL)
        yield words_at(_EDGE + 8.0, y + 19.0, name)
        for k, c in enumerate(CONSEQUENCES):
            yield from _cell(left + k * _CELL, y, [o for o in held if o.consequence == c], c)


def _cell(x: float, y: float, held: Sequence[Outcome], consequence: Consequence) -> Iterator[str]:
    """How many, over a bar of how they are seen; no bar where it makes no odds."""
    if not held:
        return
    yield words_at(x + 0.5 * _CELL, y + 17.0, str(len(held)), TEXT, 12.0, 'text-anchor="middle"')
    if consequence not in LOSING:
        return
    wide, at = _CELL - 24.0, x + 12.0
    could = [o for o in held if not o.fault.unobservable or o.seen]
    parts = [(SEEN_WORDS[s], _SEEN_COLOURS[s], sum(seen(o) == s for o in could)) for s in SEEN]
    parts = [*reversed(parts), ("unobservable", QUIET, len(held) - len(could))]
    for words, colour, count in parts:
        if count:
            part = wide * count / len(held)
            yield _rect(at, y + 21.0, part, 4.0, colour, f"{count} {words}")
            at += part


# ---------------------------------------------------------------------------------- kinds
def _strip(kind: FaultKind, left: float, y: float) -> Iterator[str]:
    """Sizes of a kind in order about the middle, where nothing is wrong."""
    sized = [(size_of(o.fault), o) for o in kind.outcomes]
    below = [o for size, o in sized if size is not None and size < 0.0]
    above = [o for size, o in sized if size is not None and size >= 0.0]
    whole = [o for size, o in sized if size is None]
    middle = left + 0.5 * _STRIP
    yield (
        f'<line x1="{middle:.1f}" y1="{y - 8:.1f}" x2="{middle:.1f}" y2="{y + 8:.1f}"'
        f' stroke="{LINE}" stroke-width="2"/>'
    )
    for side, group in ((-1.0, below[::-1]), (1.0, [*whole, *above])):
        step = min(_STEP, (0.5 * _STRIP - 8.0) / max(len(group), 1))
        for n, o in enumerate(group):
            title = f"{o.fault.text}: {CONSEQUENCE_WORDS[o.consequence]}; {o.why}"
            if o.loses:
                title += f"; {SEEN_WORDS[seen(o)]}: {seen_by([o])}"
            x, colour = middle + side * (n + 1) * step, _COLOURS[o.consequence]
            if o.loses:
                hidden = bool(o.fault.unobservable) and not o.seen
                yield _mark(x, y, QUIET if hidden else colour, seen(o), title)
            else:
                yield (
                    f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}">'
                    f"<title>{escape(title)}</title></circle>"
                )


def _kinds(named: Sequence[tuple[FaultKind, str]], top: float) -> Iterator[str]:
    strip = _EDGE + _KINDS_NAMES
    both = len({kind.fault.into for kind, _ in named}) > 1
    last = strip + _STRIP + 14.0
    heads = (
        (_EDGE + 8.0, "what loses the mission", ""), (strip + 0.5 * _STRIP, "less | more",
        'text-anchor="middle"'), (last, "lost", ""), (last + _FROM, "seen by", ""),
    )  # fmt: skip
    for x, head, more in heads:
        yield words_at(x, top - 10.0, head, QUIET, 11.0, more)
    for n, (kind, name) in enumerate(named):
        y = top + n * _ROW
        if n % 2 == 0:
            yield _rect(_EDGE, y, _WIDE - 2.0 * _EDGE, _ROW, PANEL)
        middle = y + 0.5 * _ROW
        label = f"{name} ({'plan' if kind.fault.into == 'plan' else 'flight'})" if both else name
        yield words_at(_EDGE + 8.0, middle + 4.0, _cut(label, _KINDS_NAMES - 16.0))
        yield from _strip(kind, strip, middle)
        yield words_at(last, middle + 4.0, _cut(losing_text(kind), _FROM - 8.0, 11.0), TEXT, 11.0)
        losing = [o for o in kind.outcomes if o.loses]
        by = _cut(seen_by(losing), _WIDE - _EDGE - last - _FROM, 11.0)
        hidden = all(o.fault.unobservable and not o.seen for o in losing)
        colour = QUIET if hidden else _SEEN_COLOURS[kind.seen]
        yield words_at(last + _FROM, middle + 4.0, by, colour, 11.0)


def _legend(y: float) -> Iterator[str]:
    x = _EDGE + 8.0
    shapes: tuple[Seen, ...] = ("before", "after", "none")
    for shape in shapes:
        yield _rect(x, y - 3.0, 18.0, 4.0, _SEEN_COLOURS[shape])
        yield _mark(x + 30.0, y - 1.0, TEXT, shape, SEEN_WORDS[shape])
        yield words_at(x + 42.0, y + 3.0, SEEN_WORDS[shape], QUIET)
        x += 60.0 + _LETTER * len(SEEN_WORDS[shape])
    yield _rect(x, y - 3.0, 18.0, 4.0, QUIET)
    yield words_at(x + 24.0, y + 3.0, "nothing in its files can reveal it", QUIET)
    x += 260.0
    yield f'<circle cx="{x:.1f}" cy="{y - 1.0:.1f}" r="2.5" fill="{TEXT}"/>'
    yield words_at(x + 10.0, y + 3.0, "does not lose the mission", QUIET)


def _headline(told: Sweep) -> str:
    by = told.by_seen
    out = (
        f"{len(told.outcomes)} single faults, {len(told.losing)} lose the mission:"
        f" {by['before']} seen before their effect, {by['after']} after, {by['none']} by none"
    )
    hidden = len(told.unobservable)
    return out + (f", {hidden} unobservable" if hidden else "")


def verify_svg(told: Sweep) -> str:
    """The whole file."""
    rows = _families(told)
    losing = [k for k in kinds_of(told.outcomes) if k.loses]
    # what is plain comes last: above, the families tell it
    named = sorted(zip(losing, labels(losing), strict=True), key=lambda pair: is_plain(pair[0]))
    shown = named[:MOST_KINDS]
    second = _TOP + len(rows) * _HIGH + 56.0
    high = second + len(shown) * _ROW + 40.0
    title = f"{told.mission}: what would lose it, and who would see it"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE:g} {high:g}"'
        f' style="background:{BACK}" font-family="{FONT}" role="img"'
        f' aria-label="{escape(title)}">',
        _rect(0.0, 0.0, _WIDE, high, BACK),
        words_at(_EDGE, 34.0, title, TEXT, 17.0, 'font-weight="600"'),
        words_at(_EDGE, 56.0, _headline(told), QUIET),
        *_matrix(rows, _TOP),
    ]
    if shown:
        parts += [*_kinds(shown, second)]
    foot = high - 16.0
    parts += [*_legend(foot)]
    if more := more_text(len(losing), len(shown), "kind"):
        parts.append(words_at(_WIDE - _EDGE, foot + 3.0, more, QUIET, 11.0, 'text-anchor="end"'))
    return "\n".join([*parts, "</svg>"]) + "\n"

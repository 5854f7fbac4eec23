"""How the faces of a sweep say things: names of kinds of faults, sizes, who sees them."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from cosmodrome.record.sweep import size_of
from cosmodrome.report.plain import day_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cosmodrome.record.faults import Fault, Outcome
    from cosmodrome.record.sweep import FaultKind, Seen

__all__ = [
    "CONSEQUENCE_WORDS",
    "SEEN_WORDS",
    "is_plain",
    "labels",
    "losing_text",
    "more_text",
    "seen_by",
    "shared_words",
    "size_text",
]

CONSEQUENCE_WORDS = {
    "met": "met", "degraded": "degraded", "missed": "target missed", "exhausted": "tanks empty",
    "low": "too low", "lost": "lost", "impact": "impact",
}  # fmt: skip
SEEN_WORDS: dict[Seen, str] = {
    "before": "seen before the effect", "after": "seen after it", "none": "seen by none",
}  # fmt: skip
_LITTLE = frozenset(
    (
        "a",
        "an",
        "about",
        "at",
        "before",
        "by",
        "for",
        "from",
        "in",
        "is",
        "of",
        "on",
        "the",
        "to",
        "x",
    )
)
_UNITS = frozenset(("s", "m", "kg", "n", "pa", "rad", "deg"))
_MOST_NAMED = 3
# words of a text; a name in quotes is one of them, whatever numbers are in it
_WORDS = re.compile(r"(?<!\S)'[^']*'\S*|\S+")


def _is_size(word: str) -> bool:
    return word.strip("+-−x×,(%°").replace(".", "", 1).isdigit()


def shared_words(texts: Sequence[str]) -> str:
    """The words that the texts of a kind have alike, from the first up to where the size is told;
    a size that they begin with is left out."""
    columns = list(zip(*(_WORDS.findall(text) for text in texts), strict=False))
    if len(texts) > 1:
        while columns and all(map(_is_size, columns[0])):
            columns.pop(0)
    out: list[str] = []
    for column in columns:
        if len(set(column)) > 1 or (_is_size(column[0]) and len(texts) > 1):
            break
        out.append(column[0])
    while out and out[-1].strip(",:;").lower() in _LITTLE:
        out.pop()
    while len(texts) > 1 and out and out[0].lower() in _LITTLE:
        out.pop(0)
    return " ".join(out).rstrip(",:;")


def _touched(part: str) -> str:
    """The last part of a path without its unit: "delta_v_m_s" is "delta v"."""
    words = part.split("_")
    while len(words) > 1 and words[-1] in _UNITS:
        words.pop()
    return " ".join(words)


def _name(kind: FaultKind) -> str:
    """What the texts share; with what the path touches, where that says little."""
    fault = kind.fault
    shared = shared_words([o.fault.text for o in kind.outcomes])
    first, *rest = fault.path.split(".")
    if len(shared.split()) > 1:
        return shared
    if shared and rest:
        return f"{shared.rstrip(':')}: {_touched(rest[-1])}"
    parts = [*(p for p in rest[:-1] if p != "stages"), *([_touched(rest[-1])] if rest else [])]
    return f"{first}: {' '.join(parts)}" if parts else first


def labels(kinds: Sequence[FaultKind]) -> list[str]:
    """A name for each kind, in few words, no two alike where their paths differ."""
    said = [_name(k) for k in kinds]
    again = Counter(said)
    return [
        text if again[text] == 1 else f"{text} ({_where(k.fault.path)}, {k.fault.kind})"
        for text, k in zip(said, kinds, strict=True)
    ]


def more_text(count: int, most: int, what: str) -> str:
    """What is not shown of so many kinds or faults; "" where all of them are."""
    left = count - most
    if left <= 0:
        return ""
    return f"and {left} {what if left == 1 else what + 's'} more, in verify.json"


def _where(path: str) -> str:
    """The last two parts of a path: "burns.1.cutoff" is "1 cutoff"."""
    *before, last = path.split(".")
    return " ".join([*before[-1:], _touched(last)])


def size_text(fault: Fault) -> str:
    """The size of a fault with its unit; its own words where it has none."""
    size = size_of(fault)
    if size is None:
        return fault.text
    if fault.kind == "factor":
        # units confused are factors far from one
        return f"{100.0 * size:+.4g} %" if abs(size) <= 0.9 else f"×{fault.value:.6g}"
    unit = fault.unit
    if unit == "rad":
        return f"{math.degrees(size):+.4g}°"
    if unit == "s" and abs(size) >= 120.0:
        return ("-" if size < 0.0 else "+") + day_text(abs(size))
    if unit in ("m", "m/s") and abs(size) >= 1000.0:
        return f"{size / 1e3:+.4g} k{unit}"
    return f"{size:+.4g} {unit}".strip()


def losing_text(kind: FaultKind) -> str:
    """From where on it loses the mission: "from -6 %, from +8 %"; empty where it does not."""
    least = kind.thresholds
    if not least:
        return ""
    if size_of(least[0].fault) is None:
        return "in any case" if len(least) == 1 else f"in {len(least)} ways"
    return ", ".join(f"from {size_text(o.fault)}" for o in least)


def is_plain(kind: FaultKind) -> bool:
    """Is it a slip in the plan that has no size and that is seen before flight? Such are many, and
    all say the same."""
    sized = any(size_of(o.fault) is not None for o in kind.outcomes)
    return kind.fault.into == "plan" and not sized and kind.seen == "before"


def seen_by(outcomes: Iterable[Outcome]) -> str:
    """Who sees them, the most frequent first; in words why not where nobody does."""
    all_of = list(outcomes)
    names = Counter(name for o in all_of for name in dict.fromkeys(s.by for s in o.seen))
    if not names:
        hidden = next((o.fault.unobservable for o in all_of if o.fault.unobservable), "")
        return f"unobservable: {hidden}" if hidden else "none"
    # by name among equals: the same from run to run
    common = sorted(names, key=lambda n: (-names[n], n))
    more = len(common) - _MOST_NAMED
    by = ", ".join(common[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    unseen = sum(o.loses and o.missed for o in all_of)
    return f"{unseen} by none; {by}" if unseen else by

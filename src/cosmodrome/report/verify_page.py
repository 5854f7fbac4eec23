"""verify.html: a single-fault sweep as a page to click through, one file that opens from disk."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from cosmodrome.record.faults import CONSEQUENCES, FAMILIES, LOSING
from cosmodrome.record.sweep import kinds_of, ranked, size_of
from cosmodrome.report.html import filled, plain_table
from cosmodrome.report.plain import number
from cosmodrome.report.verify_record import verify_json
from cosmodrome.report.verify_table import counted
from cosmodrome.report.verify_words import (
    CONSEQUENCE_WORDS,
    SEEN_WORDS,
    is_plain,
    seen_by,
    size_text,
)

if TYPE_CHECKING:
    from cosmodrome.record.sweep import Sweep

__all__ = ["verify_html", "verify_page"]

# of an outcome of verify.json, what the page shows
_SHOWN = (
    "into", "family", "path", "kind", "text", "unobservable", "consequence", "loses", "why",
    "effect_s", "end_s", "seen_when",
)  # fmt: skip
_KIND = ("name", "into", "family", "loses", "loses_text", "seen_when")
_WHOLE = (
    "mission", "zero_utc", "verdict", "checks", "fineness", "parts", "stations", "losing",
    "unswept",
)  # fmt: skip


def verify_page(told: Sweep) -> dict[str, Any]:
    """What verify.html reads: of `verify_json` what is shown, in words; documented in
    docs/verify.md.

    The same for equal runs: nothing of how long they took.
    """
    value = verify_json(told)
    outcomes = ranked(told.outcomes)
    place = {o.fault.id: n for n, o in enumerate(outcomes)}
    named = zip(value["kinds"], kinds_of(told.outcomes), strict=True)
    kinds = [
        {
            **{key: row[key] for key in _KIND},
            "seen_by": seen_by([o for o in kind.outcomes if o.loses] or kind.outcomes),
            "of": [place[o.fault.id] for o in kind.outcomes],
        }
        # what is plain comes last, as in the picture
        for row, kind in sorted(named, key=lambda pair: is_plain(pair[1]))
    ]
    return {
        **{key: value[key] for key in _WHOLE},
        "planned": _short(value["planned"]),
        "made_by": str(told.provenance.get("cosmodrome", "")),
        "families": list(FAMILIES),
        "consequences": [
            {"id": c, "text": CONSEQUENCE_WORDS[c], "loses": c in LOSING} for c in CONSEQUENCES
        ],
        "sights": {**SEEN_WORDS, "hidden": "unobservable"},
        "kinds": kinds,
        "outcomes": [
            {
                **{key: row[key] for key in _SHOWN},
                "size": number(size_of(o.fault)),
                "size_text": "" if size_of(o.fault) is None else size_text(o.fault),
                "figures": _short(row["figures"]),
                "seen": row["seen"],
            }
            for row, o in zip(value["outcomes"], outcomes, strict=True)
        ],
    }


def verify_html(told: Sweep) -> str:
    """The whole file; nothing in it is loaded from outside.

    Raises DataError when the built page files are missing from the installation.
    """
    return filled("verify", f"What would lose {told.mission}", verify_page(told), _summary(told))


def _short(figures: dict[str, float | None]) -> dict[str, float | None]:
    """With eight digits: metres of an orbit, and more than anybody reads."""
    return {name: None if x is None else float(f"{x:.8g}") for name, x in figures.items()}


def _summary(told: Sweep) -> str:
    """What loses the mission, for readers without JavaScript."""
    rows = [
        (CONSEQUENCE_WORDS[o.consequence], o.fault.text, o.why, seen_by([o])) for o in told.losing
    ]
    return (
        f"<h1>{escape(told.mission)}: what would lose it</h1><p>{escape(counted(told))}</p>"
        + plain_table(("comes of it", "fault", "why", "seen by"), rows)
    )

"""What the pictures share: the report's colours and font, and words on a picture."""

from __future__ import annotations

from html import escape

__all__ = [
    "BACK",
    "BLUE",
    "FONT",
    "GREEN",
    "LINE",
    "ORANGE",
    "PANEL",
    "QUIET",
    "TEXT",
    "blend",
    "words_at",
]

BACK, PANEL, LINE, TEXT, QUIET = "#0f141d", "#121826", "#232d3f", "#dbe4f0", "#8492a6"
BLUE, ORANGE, GREEN = "#4fc3ff", "#ffa04d", "#46d68c"
FONT = "system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,sans-serif"


def words_at(
    x: float, y: float, text: str, fill: str = TEXT, size: float = 12.0, more: str = ""
) -> str:
    """Words from `x` on, on the line `y`; `more` is attributes as they are written."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" font-size="{size:g}" {more}>'
        f"{escape(text)}</text>"
    )


def blend(low: str, high: str, fraction: float) -> str:
    """A colour between two, "#rrggbb"."""
    ends = [[int(c[k : k + 2], 16) for k in (1, 3, 5)] for c in (low, high)]
    mixed = (round(a + (b - a) * fraction) for a, b in zip(*ends, strict=True))
    return "#" + "".join(f"{c:02x}" for c in mixed)

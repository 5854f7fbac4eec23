"""Writing a text file whole or not at all: aside, then renamed into place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["place"]


def place(path: Path, text: str) -> Path:
    """Write `text` (UTF-8, line ends as they are) to `path` and return it.

    The text is written beside the target and renamed, so a failure on the way leaves an older
    file as it was and nothing half-written. Raises OSError.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_text(text, encoding="utf-8", newline="")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return path

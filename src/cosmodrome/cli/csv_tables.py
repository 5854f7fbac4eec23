"""Tables of rows as CSV files of one folder."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["write_tables"]


def write_tables(told: Mapping[str, Any], names: Iterable[str], folder: Path) -> list[str]:
    """Each of the named tables that is there, as NAME.csv; the paths written.

    Raises InputError where the folder cannot be written to.
    """
    from cosmodrome.formats.placing import place

    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            if name not in told:
                continue
            rows = told[name]
            text = io.StringIO(newline="")
            if rows:
                writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
            place(folder / f"{name}.csv", text.getvalue())
            written.append(str(folder / f"{name}.csv"))
    except OSError as e:
        raise InputError(
            f"cannot write to {folder}: {e.strerror}; give another --csv DIR"
        ) from None
    return written

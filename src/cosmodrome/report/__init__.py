"""Reports of a flight: the contract's JSON, tables, the page and the terminal summary.

`write` makes the files of a flight, `summary` prints it, `flight_json` is the contract's
record. What draws or writes (pyarrow, rich) is loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["flight_json", "page_json", "report_html", "series_of", "summary", "write"]

if TYPE_CHECKING:
    from cosmodrome.report.flight_record import flight_json
    from cosmodrome.report.html import report_html
    from cosmodrome.report.page import page_json
    from cosmodrome.report.series import series_of
    from cosmodrome.report.terminal import summary
    from cosmodrome.report.writing import write

_HOMES = {
    "flight_json": "flight_record",
    "page_json": "page",
    "report_html": "html",
    "series_of": "series",
    "summary": "terminal",
    "write": "writing",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"cosmodrome.report.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'cosmodrome.report' has no attribute {name!r}")

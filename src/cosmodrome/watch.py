"""Progress and cancellation: what a long computation tells its watcher.

A chapter receives a `Watch` and tells it what it does; the terminal, the run's
`events.ndjson` and the page each listen in their own way. Nothing here is global.
"""

from __future__ import annotations

from typing import Protocol

from cosmodrome.errors import Cancelled

__all__ = ["SILENT", "Silent", "Watch"]


class Watch(Protocol):
    """Listens to a run."""

    def begin(self, stage: str, text: str) -> None:
        """A named stage of the work starts (`stage` is machine-readable, `text` for people)."""

    def tell(self, stage: str, fraction: float | None, text: str) -> None:
        """Work inside a stage moved on; `fraction` in 0..1, or None when it cannot be known."""

    def end(self, stage: str, text: str) -> None:
        """A stage is finished."""

    def cancelled(self) -> bool:
        """Has the user asked to stop?"""


class Silent:
    """The watch that listens to nobody and never cancels."""

    def begin(self, stage: str, text: str) -> None:
        return None

    def tell(self, stage: str, fraction: float | None, text: str) -> None:
        return None

    def end(self, stage: str, text: str) -> None:
        return None

    def cancelled(self) -> bool:
        return False


SILENT = Silent()


def stop_if_cancelled(watch: Watch) -> None:
    """Raise `Cancelled` when the watcher asked to stop; call it between iterations."""
    if watch.cancelled():
        raise Cancelled("the run was cancelled")

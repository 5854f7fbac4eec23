"""What was published of a loss, as a replay needs it: title, and figures with their bands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cosmodrome import catalog

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Failure

__all__ = ["Told"]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


class Told:
    """A loss of the catalogue. Raises UnknownNameError for one that is not held.

    `unit` is the SI value of what a figure is wanted in: 1e3 for km, pi / 180 for deg.
    """

    def __init__(self, name: str) -> None:
        self.loss: Failure = catalog.failure(name)

    @property
    def title(self) -> str:
        """Name and date."""
        day = date.fromisoformat(self.loss.date)
        return f"{self.loss.name}, {day.day} {_MONTHS[day.month - 1]} {day.year}"

    @property
    def sources(self) -> tuple[str, ...]:
        """Of the words and the figures."""
        return self.loss.sources

    def value(self, id: str, unit: float = 1.0) -> float:
        """A figure."""
        return self.loss.of(id).value / unit

    def band(self, id: str, unit: float = 1.0) -> tuple[float, float]:
        """A figure less and plus what it may be rounded by."""
        one = self.loss.of(id)
        return (one.value - one.half_width) / unit, (one.value + one.half_width) / unit

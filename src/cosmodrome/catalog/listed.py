"""What is shipped, as rows to show: every figure as written, with its source and status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cosmodrome.catalog.files import names, shipped_site, shipped_vehicle

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Figure

__all__ = ["Entry", "listing"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A shipped site or vehicle: its figures as (path, figure), its notes."""

    kind: Literal["site", "vehicle"]
    id: str
    name: str
    figures: tuple[tuple[str, Figure], ...]
    notes: tuple[str, ...]

    @property
    def estimated(self) -> tuple[str, ...]:
        """Paths of the figures nobody publishes."""
        return tuple(path for path, figure in self.figures if figure.status == "estimated")


def listing() -> tuple[Entry, ...]:
    """Sites, then vehicles, each by id."""
    sites = [shipped_site(name) for name in names("sites")]
    vehicles = [shipped_vehicle(name) for name in names("vehicles")]
    return (
        *(Entry("site", s.id, s.name, tuple(s.figures.items()), s.notes) for s in sites),
        *(Entry("vehicle", v.id, v.name, tuple(v.figures.items()), v.notes) for v in vehicles),
    )

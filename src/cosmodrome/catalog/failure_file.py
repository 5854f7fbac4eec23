"""The file of a loss that happened: its model, and how it becomes a Failure in SI."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from cosmodrome.catalog.nouns import Failure, Figure, Published
from cosmodrome.formats.leaves import Choice, Leaf, Words
from cosmodrome.formats.quantity import DIMENSIONS, TextFault, parse_measure
from cosmodrome.formats.typed import Model, Read, Reading

__all__ = ["FailureFile"]

Id = Annotated[str, Words("an id", "first-burn", identifier=True)]
Told = Annotated[str, Words("a text", "the burn ran for 127 s")]


@dataclass(frozen=True, slots=True)
class _Any(Leaf):
    """A quantity of whatever dimension its unit says."""

    def _parse(self, text: str) -> tuple[float, float | None, str]:
        for dimension in DIMENSIONS:
            try:
                measure = parse_measure(text, dimension)
            except TextFault:
                continue
            return measure.value, measure.tolerance, measure.text
        raise TextFault("this is no number with a unit", f"Write it like {self.to_write()}.")


class PublishedFile(Model):
    """A figure that was published; `+-` says how far it was rounded, or how accounts differ."""

    id: Id
    what: Told
    value: Annotated[Read, _Any("ratio", tolerance=True, figure=True, example="77 s +- 0.5 s")]

    def judge(self, context: Reading) -> None:
        if self.value.source is None:
            context.fault(
                self.value.place,
                self.value.text,
                "a figure of a loss needs a source",
                "Write {value: ..., source: ..., status: published}.",
            )

    def to_published(self) -> Published:
        read = self.value
        figure = Figure(read.source or "", read.status, read.note, read.text)  # type: ignore[arg-type]
        return Published(self.id, self.what, read.value, read.tolerance or 0.0, read.text, figure)


class FailureFile(Model):
    """A loss that happened."""

    id: Id
    name: Told
    date: Told
    site: Told
    vehicle: Told
    planned: Told
    happened: Told
    cause: Told
    figures: list[PublishedFile]
    schema_: Annotated[str, Choice(("cosmodrome-failure/1",), what="schema")] = Field(
        default="cosmodrome-failure/1", validate_default=True, alias="schema"
    )
    sources: dict[str, str] = Field(default_factory=dict)
    notes: list[Annotated[str, Words("a note")]] = Field(default_factory=list)

    def judge(self, context: Reading) -> None:
        try:
            date.fromisoformat(self.date)
        except ValueError:
            context.fault(
                self.stands_key("date"), self.date, "this is no date", "Write it like 2017-11-28."
            )
        seen: set[str] = set()
        for one in self.figures:
            if one.id in seen:
                context.fault(
                    one.stands_key("id"),
                    one.id,
                    f"two figures are called {one.id}",
                    "Give each its own id.",
                )
            seen.add(one.id)

    def to_failure(self) -> Failure:
        """The noun in SI."""
        return Failure(
            self.id,
            self.name,
            self.date,
            self.site,
            self.vehicle,
            self.planned,
            self.happened,
            self.cause,
            tuple(f.to_published() for f in self.figures),
            tuple(self.sources.values()),
            tuple(self.notes),
        )

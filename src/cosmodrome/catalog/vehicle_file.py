"""The vehicle file: its models, and how they become a Vehicle in SI.

The format is the same for what the catalogue ships and for what a user writes; see
docs/catalogue.md. It is over-determined on purpose: `catalog.closure` lists how well the
figures agree with each other.
"""

from __future__ import annotations

from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from cosmodrome.catalog.nouns import (
    DragTable,
    Fairing,
    Figure,
    Limits,
    Rating,
    Vehicle,
)
from cosmodrome.catalog.stage_file import (
    LATER,
    Area,
    Id,
    Mass,
    Name,
    SomeMass,
    Span,
    StageFile,
    value_of,
)
from cosmodrome.errors import did_you_mean
from cosmodrome.formats.leaves import Choice, Leaf, Whole, Words
from cosmodrome.formats.typed import Model, Read, Reading
from cosmodrome.formats.yaml_text import Mapping as Node
from cosmodrome.formats.yaml_text import Sequence

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EXCLUSIONS", "LimitsFile", "VehicleFile", "limits_of"]


# beyond the highest parking orbit anybody flies a floor is a slip of the unit
Floor = Annotated[
    Read,
    Leaf("length", low=0.0, high=2e6, above=True, figure=True, words=("none",), example="160 km"),
]


class LimitsFile(Model):
    """Flight limits; `none` lifts one."""

    dynamic_pressure: (
        Annotated[Read, Leaf("pressure", low=0.0, above=True, figure=True, words=("none",))] | None
    ) = None
    heat_flux: (
        Annotated[Read, Leaf("heat flux", low=0.0, above=True, figure=True, words=("none",))] | None
    ) = None
    axial_acceleration: (
        Annotated[Read, Leaf("acceleration", low=0.0, above=True, figure=True, words=("none",))]
        | None
    ) = None
    q_alpha: (
        Annotated[Read, Leaf("pressure angle", low=0.0, above=True, figure=True, words=("none",))]
        | None
    ) = None
    coast_altitude: Floor | None = None
    perigee: Floor | None = None

    meant: ClassVar[dict[str, str]] = {
        "perigee_altitude": "perigee",
        "parking_altitude": "coast_altitude",
    }


def limits_of(file: LimitsFile | None) -> Limits:
    """Limits in SI; a limit not written is None."""
    if file is None:
        return Limits()
    return Limits(
        dynamic_pressure_pa=value_of(file.dynamic_pressure),
        heat_flux_w_m2=value_of(file.heat_flux),
        axial_acceleration_m_s2=value_of(file.axial_acceleration),
        q_alpha_pa_rad=value_of(file.q_alpha),
        coast_altitude_m=value_of(file.coast_altitude),
        perigee_altitude_m=value_of(file.perigee),
    )


class DragFile(Model):
    """Drag coefficient over Mach number on `reference_area`; of one configuration, until a stage
    or the fairing separates."""

    mach: list[Annotated[Read, Leaf("number", low=0.0, example="0.8")]] = Field(
        examples=["[0, 0.8, 1.2, 5]"]
    )
    cd: list[Annotated[Read, Leaf("number", low=0.0, above=True, example="0.3")]] = Field(
        examples=["[0.3, 0.35, 0.55, 0.25]"]
    )
    until: Annotated[str, Words("a stage", "boosters", identifier=True)] | None = None
    reference_area: Area | None = None
    source: Annotated[str, Words("a source")] | None = None
    status: Annotated[str, Choice(("published", "estimated", "measured"), what="status")] | None = (
        None
    )
    note: Annotated[str, Words("a note")] | None = None

    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        "configurations": (
            "a drag table for each configuration is an entry of a list",
            "Write drag: [{mach: ..., cd: ..., until: boosters}, {mach: ..., cd: ...}].",
        ),
    }
    meant: ClassVar[dict[str, str]] = {"area": "reference_area", "after": "until"}

    def to_table(self, area_m2: float) -> DragTable:
        """The noun; `area_m2` where the table has no reference area of its own."""
        return DragTable(
            area_m2 if self.reference_area is None else self.reference_area.value,
            tuple(m.value for m in self.mach),
            tuple(c.value for c in self.cd),
        )

    def judge(self, context: Reading) -> None:
        first = self.mach[0] if self.mach else None
        where = first.place if first else None
        if len(self.mach) != len(self.cd) or len(self.mach) < 2:
            context.fault(
                where,
                "",
                f"mach has {len(self.mach)} values and cd has {len(self.cd)}",
                "Write as many cd as mach, at least two of each.",
            )
        for before, after in pairwise(self.mach):
            if after.value <= before.value:
                context.fault(
                    after.place, after.text, "mach does not increase", "Sort the table by mach."
                )


class JettisonRuleFile(Model):
    """When the fairing goes: below a free-molecular heat flux, or at a time."""

    heat_flux: Annotated[Read, Leaf("heat flux", low=0.0, above=True, figure=True)] | None = None
    at: Span | None = None

    def judge(self, context: Reading) -> None:
        if (self.heat_flux is None) == (self.at is None):
            context.fault(
                self.stands,
                "",
                "the fairing needs one rule, no more and no less",
                "Write jettison: {heat_flux: 1135 W/m^2} or jettison: {at: 208.4 s}.",
            )


class FairingFile(Model):
    """The fairing."""

    mass: Mass
    jettison: JettisonRuleFile = Field(examples=["{heat_flux: 1135 W/m^2}"])
    ballistic_cd_area: Area | None = None
    pieces: Annotated[Read, Whole(1, 8)] = Field(default="2", validate_default=True)


#: why a payload figure is not compared with a computed capability
EXCLUSIONS = (
    "benchmark",
    "reusable",
    "corridor-limited",
    "reserve-limited",
    "orbit not stated",
)


class PayloadFile(Model):
    """A payload that others print or flew: shown beside the computed capability, never used."""

    mass: SomeMass
    orbit: Annotated[str, Words("an orbit", "200x240 km 51.6 deg")]
    site: Annotated[str, Words("a site", "baikonur")]
    kind: Annotated[str, Choice(("rating", "flown"), what="kind of payload figure")]
    confidence: Annotated[str, Choice(("A", "B", "C"), what="confidence")] | None = None
    excluded: Annotated[str, Choice(EXCLUSIONS, what="reason for leaving it out")] | None = None
    variant: Annotated[str, Words("a variant", "expendable")] | None = None
    adapter: Annotated[str, Choice(("counted", "apart"), what="way to count it")] | None = None

    def to_rating(self) -> Rating:
        mass = self.mass
        return Rating(
            mass.value,
            self.orbit,
            self.site,
            self.kind,  # type: ignore[arg-type]
            Figure(mass.source, mass.status, mass.note, mass.text)  # type: ignore[arg-type]
            if mass.source is not None and mass.status is not None
            else None,
            self.confidence,  # type: ignore[arg-type]
            self.excluded,
            self.variant or "",
            self.adapter == "counted",
        )


class VehicleFile(Model):
    """A launch vehicle: stages in firing order, fairing, adapter, aerodynamics, limits."""

    id: Id
    name: Name
    stages: list[StageFile] = Field(examples=["[{id: core, ...}]"])
    reference_area: Area
    drag: list[DragFile] = Field(examples=["{mach: [0, 1, 5], cd: [0.3, 0.5, 0.25]}"])
    schema_: Annotated[str, Choice(("cosmodrome-vehicle/1",), what="schema")] = Field(
        default="cosmodrome-vehicle/1", validate_default=True, alias="schema"
    )
    sources: dict[str, str] = Field(default_factory=dict)
    fairing: FairingFile | None = None
    adapter: Mass | None = None
    limits: LimitsFile | None = None
    liftoff_mass: SomeMass | None = None
    notes: list[Annotated[str, Words("a note")]] = Field(default_factory=list)
    payloads: list[PayloadFile] = Field(default_factory=list)

    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        "variants": (
            "variants are " + LATER,
            "Write each variant as a vehicle file of its own.",
        ),
        "escape_system": ("an escape system is " + LATER, "Add its mass to the fairing."),
    }

    def judge(self, context: Reading) -> None:
        seen: list[str] = []
        for number, stage in enumerate(self.stages):
            if stage.id == "lift-off":
                context.fault(
                    stage.stands_key("id"),
                    stage.id,
                    "lift-off is the moment of first motion, not a stage",
                    "Give the stage another id.",
                )
            if stage.id in seen:
                context.fault(
                    stage.stands_key("id"),
                    stage.id,
                    f"two stages are called {stage.id}",
                    "Give each its own id.",
                )
            after = stage.ignition.after
            if after is not None and after not in (*seen, "lift-off"):
                context.fault(
                    stage.ignition.stands_key("after"),
                    after,
                    f"stage {stage.id} lights after a stage that does not come before it",
                    did_you_mean(after, seen) if seen else "Write {with: lift-off}.",
                )
            if number == 0 and stage.ignition.with_ != "lift-off":
                context.fault(
                    stage.stands_key("id"),
                    stage.id,
                    "the first stage does not burn at lift-off",
                    "Write ignition: {with: lift-off} for it.",
                )
            seen.append(stage.id)
        if not self.stages:
            context.fault(self.stands_key("stages"), "", "there is no stage", "List at least one.")
        self._drag_in_order(context)

    @classmethod
    def prepare(cls, data: Node, context: Reading) -> Node:
        one = data.get("drag")
        if one is not None and not isinstance(one, Sequence):
            # one table for the whole ascent is a list of one
            several = Sequence(one.place)
            several.append(one)
            data = data.without(set())
            data["drag"] = several
        return data

    def _drag_in_order(self, context: Reading) -> None:
        """Each configuration but the last ends with a separation, in the order of the flight."""
        leaving = [s.id for s in self.stages[:-1]] + (["fairing"] if self.fairing else [])
        seen: list[str] = []
        if not self.drag:
            context.fault(self.stands_key("drag"), "", "there is no table", "List at least one.")
        for number, table in enumerate(self.drag):
            last = number + 1 == len(self.drag)
            if (table.until is None) != last:
                context.fault(
                    table.stands if table.until is None else table.stands_key("until"),
                    table.until or "",
                    "the last configuration flies to the end"
                    if last
                    else "nothing says when this configuration ends",
                    "Remove until." if last else f"Add until: {(leaving or ['fairing'])[0]}.",
                )
            elif table.until is not None and (
                table.until not in leaving or table.until in seen or self._before(table.until, seen)
            ):
                context.fault(
                    table.stands_key("until"),
                    table.until,
                    "no such part separates"
                    if table.until not in leaving
                    else "it has separated by then",
                    "Write the stages and the fairing in the order they leave: "
                    + (", ".join(leaving) or "this vehicle drops nothing")
                    + ".",
                )
            seen.append(table.until or "")

    def _before(self, id_: str, seen: list[str]) -> bool:
        """Does a stage leave before one that an earlier configuration ended with?"""
        order = [s.id for s in self.stages]
        return id_ in order and any(s in order and order.index(s) > order.index(id_) for s in seen)

    def to_vehicle(self, figures: Mapping[str, Figure]) -> Vehicle:
        """The noun in SI."""
        cover = self.fairing
        return Vehicle(
            id=self.id,
            name=self.name,
            stages=tuple(s.to_stage() for s in self.stages),
            drag=self.drag[0].to_table(self.reference_area.value),
            drag_after=tuple(
                (before.until or "", table.to_table(self.reference_area.value))
                for before, table in pairwise(self.drag)
            ),
            fairing=(
                Fairing(
                    cover.mass.value,
                    value_of(cover.jettison.heat_flux),
                    value_of(cover.jettison.at),
                    value_of(cover.ballistic_cd_area),
                    cover.pieces.value,
                )
                if cover
                else None
            ),
            adapter_kg=value_of(self.adapter) or 0.0,
            limits=limits_of(self.limits),
            liftoff_mass_kg=value_of(self.liftoff_mass),
            figures=MappingProxyType(dict(figures)),
            notes=(*self.notes, *(str(p.to_rating()) for p in self.payloads)),
            payloads=tuple(p.to_rating() for p in self.payloads),
        )

"""Where dropped bodies must fall: the part of a mission file, and how it becomes SI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from cosmodrome.catalog.site_file import CornerFile, judge_polygon
from cosmodrome.errors import InputError, did_you_mean
from cosmodrome.formats.leaves import Leaf, Words
from cosmodrome.formats.typed import Model, Read, Reading
from cosmodrome.mission.nouns import DropTarget
from cosmodrome.physics.impact import convex_parts
from cosmodrome.world.geodesy import itrf_from_geodetic

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import DropZone, Site, Vehicle

__all__ = ["DropTargetFile", "drops_of", "drops_written"]

_WIDEST_M = 20e6


class RangeFile(Model):
    """A ground range from the pad, along the geodesic."""

    from_: Annotated[Read, Leaf("length", low=0.0, high=_WIDEST_M, example="1500 km")] | None = (
        Field(default=None, alias="from")
    )
    to: Annotated[Read, Leaf("length", low=0.0, high=_WIDEST_M, example="1900 km")] | None = None

    def judge(self, context: Reading) -> None:
        if self.from_ is None and self.to is None:
            context.fault(
                self.stands,
                "",
                "the range has no end",
                "Write {from: 1500 km, to: 1900 km}, or one of the two.",
            )
        elif self.from_ is not None and self.to is not None and self.to.value <= self.from_.value:
            context.fault(
                self.to.place,
                self.to.text,
                f"the range ends before it begins ({self.from_.text})",
                "Write the nearer end as from, the farther one as to.",
            )


class DropTargetFile(Model):
    """One body: in a drop zone of the site, in a polygon, or at a range from the pad."""

    body: Annotated[str, Words("a body", "core", identifier=True)]
    zone: Annotated[str, Words("a zone", "Sea of Okhotsk")] | None = None
    polygon: list[CornerFile] = Field(default_factory=list)
    range: RangeFile | None = None
    margin: Annotated[Read, Leaf("length", low=0.0, high=1e6, example="1 km")] = Field(
        default="1 km", validate_default=True
    )

    meant: ClassVar[dict[str, str]] = {
        "object": "body",
        "stage": "body",
        "name": "zone",
        "area": "polygon",
        "distance": "range",
    }

    def judge(self, context: Reading) -> None:
        ways = [key for key in ("zone", "polygon", "range") if getattr(self, key) not in (None, [])]
        if len(ways) != 1:
            context.fault(
                self.stands,
                "",
                " and ".join(ways) + " both say where it falls"
                if ways
                else "nothing says where it falls",
                "Write one of zone: NAME, polygon: [{latitude, longitude}, ...] or"
                " range: {from: 1500 km, to: 1900 km}.",
            )
        judge_polygon(self.polygon, context, "Write at least three corners.")
        ends = self.range and (self.range.from_, self.range.to)
        if ends and ends[1] is not None:
            room = ends[1].value - (ends[0].value if ends[0] else 0.0)
            if 0.0 < room <= 2.0 * self.margin.value:
                context.fault(
                    self.margin.place or self.stands,
                    self.margin.text,
                    f"the margin on both sides leaves nothing of a range {room / 1e3:g} km wide",
                    f"Write less than {room / 2e3:g} km, or a wider range.",
                )


def _bodies(vehicle: Vehicle) -> list[str]:
    """Everything a vehicle drops on the way."""
    stages = [s.id for s in vehicle.stages[:-1]]
    parts = [j.name for s in vehicle.stages for j in s.jettisons]
    return [*stages, *parts, *(["fairing"] if vehicle.fairing else [])]


def _zone(file: DropTargetFile, site: Site, context: Reading) -> DropZone | None:
    own = [z for z in site.drop_zones if file.body == z.body or file.body.startswith(z.body + "-")]
    named = [z for z in own if z.name == file.zone]
    at, name = file.stands_key("zone"), file.zone or ""
    if not named:
        known = [z.name for z in own if z.polygon_rad]
        advice = (
            did_you_mean(name, known)
            if known
            else "Write polygon: [{latitude, longitude}, ...] or range: {from: ..., to: ...}."
        )
        context.fault(at, name, f"{site.name} has no such drop zone for {file.body}", advice)
        return None
    if not named[0].polygon_rad:
        context.fault(
            at,
            name,
            f"{site.name} names this zone, and has no coordinates of it",
            "Write its outline as polygon: [{latitude, longitude}, ...], or a range.",
        )
        return None
    return named[0]


def _uncut(polygon_rad: tuple[tuple[float, float], ...]) -> str:
    """Why a polygon cannot be cut into convex parts, as the ascent needs it; empty: it can."""
    corners = np.array(polygon_rad)
    try:
        convex_parts(itrf_from_geodetic(corners[:, 0], corners[:, 1], 0.0))
    except InputError as e:
        return str(e)
    return ""


def drops_of(
    files: list[DropTargetFile], site: Site, vehicle: Vehicle, context: Reading
) -> tuple[DropTarget, ...]:
    """The targets in SI; bodies and zones that do not exist become faults."""
    out: list[DropTarget] = []
    bodies = _bodies(vehicle)
    for file in files:
        at = file.stands_key("body")
        if file.body not in bodies:
            context.fault(
                at,
                file.body,
                f"{vehicle.name} drops no such body on the way",
                did_you_mean(file.body, bodies) if bodies else "Remove drops.",
            )
            continue
        if any(file.body == one.body for one in out):
            context.fault(
                at, file.body, f"two places are asked for {file.body}", "Keep one of them."
            )
            continue
        zone = _zone(file, site, context) if file.zone else None
        polygon = zone.polygon_rad if zone else tuple(c.place_rad for c in file.polygon)
        why = _uncut(polygon) if len(polygon) >= 3 else ""
        if why:
            where = file.stands_key("zone" if zone else "polygon")
            advice = "Write every corner once, in order around the zone."
            context.fault(where, file.zone or "", why, advice)
            continue
        ends = file.range
        out.append(
            DropTarget(
                body=file.body,
                name=file.zone or "",
                polygon_rad=polygon,
                nearest_m=ends.from_.value if ends and ends.from_ else None,
                farthest_m=ends.to.value if ends and ends.to else None,
                margin_m=file.margin.value,
            )
        )
    return tuple(out)


def drops_written(files: list[DropTargetFile]) -> list[dict[str, Any]]:
    """The same as a mission file writes it, every default spelt out."""
    out = []
    for file in files:
        one: dict[str, Any] = {"body": file.body}
        if file.zone:
            one["zone"] = file.zone
        if file.polygon:
            one["polygon"] = [
                {"latitude": c.latitude.text, "longitude": c.longitude.text} for c in file.polygon
            ]
        if file.range:
            ends = (("from", file.range.from_), ("to", file.range.to))
            one["range"] = {key: end.text for key, end in ends if end is not None}
        one["margin"] = file.margin.text
        out.append(one)
    return out

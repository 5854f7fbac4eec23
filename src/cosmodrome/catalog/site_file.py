"""The site file: its models, and how they become a Site in SI."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from cosmodrome.catalog.nouns import Corridor, DropZone, Figure, KeepOut, Pad, Site
from cosmodrome.formats.leaves import Choice, Leaf, Words
from cosmodrome.formats.typed import Model, Read, Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CornerFile", "SiteFile", "judge_polygon", "turned"]

_RIGHT = math.pi / 2.0
_ROUND = 2.0 * math.pi
Latitude = Annotated[
    Read, Leaf("angle", low=-_RIGHT, high=_RIGHT, figure=True, example="51.88435 deg")
]
Longitude = Annotated[
    Read, Leaf("angle", low=-math.pi, high=_ROUND, figure=True, example="128.33475 deg")
]
Azimuth = Annotated[Read, Leaf("angle", low=0.0, high=_ROUND, figure=True, example="343.7 deg")]
Inclination = Annotated[Read, Leaf("angle", low=0.0, high=math.pi, figure=True, example="51.7 deg")]
Name = Annotated[str, Words("a name", "Vostochny")]
Id = Annotated[str, Words("an id", "vostochny", identifier=True)]


def turned(longitude: float) -> float:
    """A longitude in (-pi, pi]."""
    return longitude if longitude <= math.pi else longitude - _ROUND


class CorridorFile(Model):
    """Allowed launch azimuths, clockwise from first to last."""

    first: Azimuth
    last: Azimuth
    kind: Annotated[str, Choice(("relative", "inertial"), what="kind of azimuth")]


class CornerFile(Model):
    """A corner of a zone."""

    latitude: Latitude
    longitude: Longitude

    @property
    def place_rad(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return self.latitude.value, self.longitude.value


class DropZoneFile(Model):
    """Where a spent body may fall; without a polygon the zone is named, but nothing is judged."""

    name: Name
    body: Id
    polygon: list[CornerFile] = Field(default_factory=list)
    source: Annotated[str, Words("a source")] | None = None
    status: Annotated[str, Choice(("published", "estimated", "measured"), what="status")] | None = (
        None
    )

    def judge(self, context: Reading) -> None:
        judge_polygon(self.polygon, context, "Write at least three corners, or leave polygon out.")


class KeepOutFile(Model):
    """Where nothing may fall: a town, a sea lane, another country."""

    name: Name
    polygon: list[CornerFile]

    def judge(self, context: Reading) -> None:
        advice = "Write at least three corners."
        if not self.polygon:
            why = "the zone has no outline, so nothing can be kept out of it"
            context.fault(self.stands, "", why, advice)
        judge_polygon(self.polygon, context, advice)


def judge_polygon(polygon: list[CornerFile], context: Reading, advice: str) -> None:
    """A fault where corners enclose nothing; a polygon that is not written is none."""
    if polygon and len(polygon) < 3:
        context.fault(
            polygon[0].latitude.place,
            "",
            f"a polygon of {len(polygon)} corners encloses nothing",
            advice,
        )


def _corners(polygon: list[CornerFile]) -> tuple[tuple[float, float], ...]:
    return tuple(p.place_rad for p in polygon)


class PadFile(Model):
    """Another pad of the site, at the same height."""

    id: Name
    latitude: Latitude
    longitude: Longitude


class InclinationFile(Model):
    """Inclinations named for the site, from first to last; without last a single one."""

    first: Inclination
    last: Inclination | None = None

    def judge(self, context: Reading) -> None:
        if self.last is not None and self.last.value <= self.first.value:
            context.fault(
                self.last.place,
                self.last.text,
                f"the range of inclinations ends below its beginning ({self.first.text})",
                "Write the lower one first, or one alone as {first: 51.7 deg}.",
            )

    def ends(self) -> tuple[float, float]:
        return self.first.value, (self.last or self.first).value


class SiteFile(Model):
    """A launch pad: geodetic WGS84 place and what range safety allows."""

    id: Id
    name: Name
    latitude: Latitude
    longitude: Longitude
    height: Annotated[Read, Leaf("length", low=-500.0, high=9000.0, figure=True, example="250 m")]
    schema_: Annotated[str, Choice(("cosmodrome-site/1",), what="schema")] = Field(
        default="cosmodrome-site/1", validate_default=True, alias="schema"
    )
    sources: dict[str, str] = Field(default_factory=dict)
    pad: Name = Field(default="main", validate_default=True)
    country: Name = Field(default="-", validate_default=True)
    corridors: list[CorridorFile] = Field(default_factory=list)
    drop_zones: list[DropZoneFile] = Field(default_factory=list)
    keep_out: list[KeepOutFile] = Field(default_factory=list)
    notes: list[Annotated[str, Words("a note")]] = Field(default_factory=list)
    pads: list[PadFile] = Field(default_factory=list)
    inclinations: list[InclinationFile] = Field(default_factory=list)

    def judge(self, context: Reading) -> None:
        seen = [self.pad]
        for pad in self.pads:
            if pad.id in seen:
                context.fault(
                    pad.stands_key("id"),
                    pad.id,
                    f"two pads are called {pad.id}",
                    "Give each its own id; the site's own pad is written as pad.",
                )
            seen.append(pad.id)

    def to_site(self, figures: Mapping[str, Figure]) -> Site:
        """The noun in SI; longitude in (-pi, pi]."""
        return Site(
            id=self.id,
            name=self.name,
            pad=self.pad,
            country=self.country,
            latitude_rad=self.latitude.value,
            longitude_rad=turned(self.longitude.value),
            height_m=self.height.value,
            corridors=tuple(
                Corridor(c.first.value, c.last.value, c.kind)  # type: ignore[arg-type]
                for c in self.corridors
            ),
            drop_zones=tuple(
                DropZone(z.name, z.body, _corners(z.polygon)) for z in self.drop_zones
            ),
            keep_out=tuple(KeepOut(z.name, _corners(z.polygon)) for z in self.keep_out),
            figures=MappingProxyType(dict(figures)),
            notes=tuple(self.notes),
            pads=tuple(Pad(p.id, p.latitude.value, turned(p.longitude.value)) for p in self.pads),
            inclinations_rad=tuple(i.ends() for i in self.inclinations),
        )

"""Places to be photographed, as a mission file writes them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.catalog.site_file import Latitude, Longitude, turned
from cosmodrome.formats.leaves import Choice, Leaf, Words
from cosmodrome.formats.typed import Model, Read
from cosmodrome.mission.onboard import ImagedSite

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading

__all__ = ["ImagedFile", "imaged_of", "imaged_written"]

_RIGHT = 0.5 * math.pi
#: the word for a height that the body's terrain tells
_TERRAIN = "terrain"

Id = Annotated[str, Words("an id", "crater", identifier=True)]
Elevation = Annotated[Read, Leaf("angle", low=-_RIGHT, high=_RIGHT, example="10 deg")]


class ImagedFile(Model):
    """A place and the light it is wanted in; geodetic WGS84, or the Moon's mean-Earth axes."""

    id: Id
    body: Annotated[str, Choice(("earth", "moon"), what="body")] | None = None
    lat: Latitude
    lon: Longitude
    height: Annotated[
        Read, Leaf("length", low=-10e3, high=11e3, words=(_TERRAIN,), example="250 m")
    ] = Field(default="0 m", validate_default=True)
    off_nadir: Annotated[
        Read, Leaf("angle", low=0.0, above=True, high=math.radians(89.0), example="30 deg")
    ] = Field(default="30 deg", validate_default=True)
    sun_above: Elevation = Field(default="10 deg", validate_default=True)
    sun_below: Elevation = Field(default="90 deg", validate_default=True)

    meant: ClassVar[dict[str, str]] = {
        "latitude": "lat",
        "longitude": "lon",
        "altitude": "height",
        "name": "id",
        "sun": "sun_above and sun_below",
        "elevation": "sun_above: the Sun's",
    }

    def judge(self, context: Reading) -> None:
        if self.sun_below.value <= self.sun_above.value:
            context.fault(
                self.sun_below.place or self.stands_key("sun_below"),
                self.sun_below.text,
                f"the Sun must stand above {self.sun_above.text} and below that",
                "Swap the two.",
            )

    def to_site(self, centre: str) -> ImagedSite:
        """The noun in SI; `centre` where no body is named."""
        return ImagedSite(
            self.id,
            self.lat.value,
            turned(self.lon.value),
            self.height.value,
            self.off_nadir.value,
            (self.sun_above.value, self.sun_below.value),
            self.body or centre,  # type: ignore[arg-type]
        )


def imaged_of(files: list[ImagedFile], centre: str, context: Reading) -> tuple[ImagedSite, ...]:
    """The places in order; two of one id, or terrain where none is held, are faults.

    centre  the body the mission begins about
    """
    seen: set[str] = set()
    for file in files:
        if file.id in seen:
            context.fault(
                file.stands_key("id"),
                file.id,
                f"two places are called {file.id}",
                "Give each its own id.",
            )
        seen.add(file.id)
        if file.height.value is None and (file.body or centre) != "moon":
            context.fault(
                file.height.place,
                file.height.text,
                "the ground's height is held for the Moon alone",
                "Write a height above WGS84, like 250 m, or body: moon for a place on the Moon.",
            )
    return tuple(file.to_site(centre) for file in files)


def imaged_written(files: list[ImagedFile], centre: str) -> dict[str, Any]:
    """The key with every default written out; nothing where there is none."""
    keys = ("lat", "lon", "height", "off_nadir", "sun_above", "sun_below")
    if not files:
        return {}
    return {
        "imaging": [
            {"id": f.id, "body": f.body or centre, **{k: getattr(f, k).text for k in keys}}
            for f in files
        ]
    }

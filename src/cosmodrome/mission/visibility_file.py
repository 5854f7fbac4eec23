"""Ground stations and what they must see, as a mission file writes it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.catalog.files import names, shipped_site
from cosmodrome.catalog.nouns import Station
from cosmodrome.catalog.site_file import Latitude, Longitude, turned
from cosmodrome.errors import did_you_mean
from cosmodrome.formats.leaves import Leaf, Words
from cosmodrome.formats.typed import Model, Read, Reading
from cosmodrome.mission.nouns import Visibility
from cosmodrome.mission.radio_file import GroundAntennaFile  # noqa: TC001  (read by pydantic)

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Site

__all__ = [
    "HorizonFile",
    "StationFile",
    "VisibilityFile",
    "stations_of",
    "visibility_of",
    "written",
]

#: least elevation of a catalogue site as a station; assumed
_SITE_MASK_RAD = math.radians(5.0)
_TURN = 2.0 * math.pi

Id = Annotated[str, Words("an id", "svalbard", identifier=True)]
EventName = Annotated[str, Words("an event", "spacecraft separation")]
Elevation = Annotated[
    Read, Leaf("angle", low=0.0, high=math.radians(80.0), figure=True, example="5 deg")
]


class HorizonFile(Model):
    """One azimuth of a station's horizon, clockwise from north, and the least elevation there."""

    az: Annotated[
        Read, Leaf("angle", low=0.0, high=math.radians(360.0), figure=True, example="90 deg")
    ]
    el: Annotated[
        Read, Leaf("angle", low=0.0, high=math.radians(80.0), figure=True, example="12 deg")
    ]

    meant: ClassVar[dict[str, str]] = {"azimuth": "az", "elevation": "el", "mask": "el"}


class StationFile(Model):
    """A ground station; geodetic WGS84."""

    id: Id
    lat: Latitude
    lon: Longitude
    height: Annotated[Read, Leaf("length", low=-500.0, high=9e3, figure=True, example="250 m")] = (
        Field(default="0 m", validate_default=True)
    )
    mask: Elevation = Field(default="5 deg", validate_default=True)
    horizon: list[HorizonFile] = Field(
        default_factory=list, examples=["[{az: 0 deg, el: 3 deg}, {az: 180 deg, el: 12 deg}]"]
    )
    antenna: GroundAntennaFile | None = Field(
        default=None, examples=["{diameter: 5 m, noise_temperature: 150 K}"]
    )

    meant: ClassVar[dict[str, str]] = {
        "latitude": "lat",
        "longitude": "lon",
        "elevation": "mask",
        "altitude": "height",
        "name": "id",
    }

    def judge(self, context: Reading) -> None:
        if self.horizon and "mask" in self.model_fields_set:
            context.fault(
                self.stands_key("horizon"),
                "",
                "a station has one mask: the same elevation all around, or a table over azimuth",
                "Write mask or horizon.",
            )
        azimuths = [line.az.value % _TURN for line in self.horizon]
        for k, (a, b) in enumerate(pairwise(azimuths)):
            if b <= a:
                line = self.horizon[k + 1]
                context.fault(
                    line.az.place,
                    line.az.text,
                    "azimuth does not increase",
                    "Sort the table by az.",
                )

    def to_station(self) -> Station:
        """The noun in SI."""
        table = tuple((line.az.value % _TURN, line.el.value) for line in self.horizon)
        return Station(
            self.id,
            self.lat.value,
            turned(self.lon.value),
            self.height.value,
            max((el for _, el in table), default=self.mask.value),
            table,
            None if self.antenna is None else self.antenna.to_ground(),
        )


class VisibilityFile(Model):
    """An event, or all that lies between two, that one of the stations must see."""

    event: EventName | None = None
    from_: EventName | None = Field(default=None, alias="from")
    until: EventName | None = None
    any_of: list[Id] = Field(examples=["[svalbard]"])
    elevation: Elevation | None = None

    meant: ClassVar[dict[str, str]] = {"station": "any_of", "stations": "any_of", "at": "event"}

    def judge(self, context: Reading) -> None:
        span = (self.from_ is not None, self.until is not None)
        if (self.event is not None) == any(span) or any(span) != all(span):
            context.fault(
                self.stands,
                "",
                "one event must be seen, or all from one to another",
                "Write {event: spacecraft separation, ...} or {from: fairing jettison, until:"
                " core separation, ...}.",
            )
        if not self.any_of:
            context.fault(
                self.stands_key("any_of"), "", "no station is named", "Write any_of: [svalbard]."
            )


def stations_of(files: list[StationFile], context: Reading) -> dict[str, Station]:
    """Stations by id; two of one id are a fault."""
    out: dict[str, Station] = {}
    for file in files:
        if file.id in out:
            context.fault(
                file.stands_key("id"),
                file.id,
                f"two stations are called {file.id}",
                "Give each its own id.",
            )
        out[file.id] = file.to_station()
    return out


def visibility_of(
    files: list[VisibilityFile], own: dict[str, Station], site: Site, context: Reading
) -> tuple[Visibility, ...]:
    """Rules with their stations looked up: the mission's own, its site, the catalogue's sites."""
    known = {*own, site.id, *names("sites")}
    out = []
    for file in files:
        seen_from = []
        for id_ in file.any_of:
            if id_ not in known:
                context.fault(
                    file.stands_key("any_of"),
                    id_,
                    "there is no such station in the mission, and no such site in the catalogue",
                    did_you_mean(id_, known) or "List it under stations.",
                )
                continue
            station = own.get(id_) or _as_station(site if id_ == site.id else shipped_site(id_))
            if file.elevation is not None:
                station = Station(
                    station.id,
                    station.latitude_rad,
                    station.longitude_rad,
                    station.height_m,
                    file.elevation.value,
                )
            seen_from.append(station)
        since, until = file.from_ or "", file.event or file.until or ""
        out.append(Visibility(until, tuple(seen_from), since))
    return tuple(out)


def _as_station(site: Site) -> Station:
    return Station(site.id, site.latitude_rad, site.longitude_rad, site.height_m, _SITE_MASK_RAD)


def written(
    stations: list[StationFile], rules: list[VisibilityFile]
) -> dict[str, list[dict[str, Any]]]:
    """Both with every default written out; nothing where there is none."""
    tree: dict[str, list[dict[str, Any]]] = {}
    if stations:
        tree["stations"] = [_station(s) for s in stations]
    if rules:
        tree["visibility"] = [_rule(rule) for rule in rules]
    return tree


def _station(s: StationFile) -> dict[str, Any]:
    out: dict[str, Any] = {"id": s.id, **{k: getattr(s, k).text for k in ("lat", "lon", "height")}}
    if s.horizon:
        out["horizon"] = [{"az": h.az.text, "el": h.el.text} for h in s.horizon]
    else:
        out["mask"] = s.mask.text
    if s.antenna is not None:
        out["antenna"] = s.antenna.tree()
    return out


def _rule(rule: VisibilityFile) -> dict[str, Any]:
    named = {"event": rule.event, "from": rule.from_, "until": rule.until}
    out: dict[str, Any] = {k: v for k, v in named.items() if v is not None}
    out["any_of"] = list(rule.any_of)
    if rule.elevation is not None:
        out["elevation"] = rule.elevation.text
    return out

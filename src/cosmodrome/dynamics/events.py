"""Events of a path: what can be asked for, and what is answered.

All are found in the compiled core as zeros on the collocation polynomials, polished by Brent's
method to a nanosecond of the polynomial's own time; touching pairs between samples (a grazing
eclipse) are looked for too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError, UnknownNameError, did_you_mean
from cosmodrome.solvers.core import EVENT_KINDS, CorePath, Search
from cosmodrome.world.bodies import body
from cosmodrome.world.geodesy import enu_axes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cosmodrome.world.epoch import Epoch

__all__ = [
    "ENDED_BY",
    "GROUPS",
    "KINDS",
    "SPHERE",
    "Altitude",
    "Distance",
    "DynamicsEvent",
    "Event",
    "Visibility",
    "Wanted",
]

KINDS = EVENT_KINDS

# names that ask for several kinds at once
GROUPS: dict[str, tuple[str, ...]] = {
    "nodes": ("ascending node", "descending node"),
    "apsides": ("periapsis", "apoapsis"),
    "umbra": ("umbra entry", "umbra exit"),
    "penumbra": ("penumbra entry", "penumbra exit"),
    "eclipses": ("umbra entry", "umbra exit", "penumbra entry", "penumbra exit"),
}
# groups of stops: the event asked for, the floor, other centres' spheres, edges
_UNTIL, _FLOOR, SPHERE, _EDGE = range(4)
#: by group of the stop, where it is not the event that was asked for
ENDED_BY = {_FLOOR: "floor", _EDGE: "edge"}
_ALWAYS = ("burn start", "burn-out")
_NAMED = KINDS[:8]


@dataclass(frozen=True, slots=True)
class Altitude:
    """Crossings of a height above the centre's ellipsoid (Earth: WGS84), upward and downward."""

    altitude_m: float

    def __post_init__(self) -> None:
        _finite("Altitude", altitude_m=self.altitude_m)


@dataclass(frozen=True, slots=True)
class Visibility:
    """Rise and set of the spacecraft at a place on the centre's ellipsoid; no refraction.

    latitude_rad, longitude_rad, height_m  geodetic, body-fixed axes
    elevation_rad                          above which it is in view
    """

    name: str
    latitude_rad: float
    longitude_rad: float
    height_m: float = 0.0
    elevation_rad: float = 0.0

    def __post_init__(self) -> None:
        _finite(f"station {self.name!r}:", longitude_rad=self.longitude_rad, height_m=self.height_m)
        if not (abs(self.latitude_rad) <= 0.5 * math.pi and abs(self.elevation_rad) < 1.5):
            raise InputError(
                f"station {self.name!r}: latitude {self.latitude_rad!r} and elevation"
                f" {self.elevation_rad!r} are radians within a quarter turn"
            )


@dataclass(frozen=True, slots=True)
class Distance:
    """Crossings of a distance from a body: "farther" and "nearer". "centre" is the centre."""

    body: str
    distance_m: float

    def __post_init__(self) -> None:
        _finite("Distance", distance_m=self.distance_m)


def _finite(what: str, **values: float) -> None:
    for name, value in values.items():
        if not math.isfinite(value):
            raise InputError(f"{what} {name} = {value!r}: give a finite number")


Event = str | Altitude | Visibility | Distance


@dataclass(frozen=True, slots=True)
class DynamicsEvent:
    """Something that happened on the path.

    kind    one of KINDS; nodes are of the true equator of date (Earth: celestial intermediate
            pole), eclipses of the conical shadow of a sphere of the equatorial radius
    t_s     seconds after the start state
    value   altitude or distance crossed, m; index of the burn; else 0
    what    the body in the way, the station, the body of a distance; else ""
    """

    kind: str
    epoch: Epoch
    t_s: float
    value: float = 0.0
    what: str = ""


class Wanted:
    """Events asked for, sorted for the core.

    stop, count   the event at whose count-th occurrence, of whatever kind, the path ends, or None
    home          the centre that heights, stations and the floor belong to; "" is `centre`
    floor_m       height at which the path ends on its way down in the sense of flight, or None
    spheres, edges  (body, distance m, "nearer" or "farther"): where another centre takes over, and
                  where the path ends

    Raises UnknownNameError with the closest known name.
    """

    def __init__(
        self,
        events: Iterable[Event],
        centre: str,
        floor_m: float | None = None,
        stop: Event | None = None,
        count: int = 1,
        spheres: Sequence[tuple[str, float, str]] = (),
        *,
        home: str = "",
        backward: bool = False,
        edges: Sequence[tuple[str, float, str]] = (),
    ) -> None:
        self.kinds: set[str] = set()
        self.altitudes: list[float] = []
        self.stations: list[Visibility] = []
        self.distances: list[tuple[str, float]] = []
        self.asked: set[tuple[str, int]] = set()
        self.stops: list[tuple[str, int, int, int]] = []
        self.until: set[tuple[str, int]] = set()
        self.centre, self.home = centre, home or centre
        for event in events:
            self._add(event)
        if stop is not None:
            self.until.update(self._add(stop))
            self.stops += [(kind, index, count, _UNTIL) for kind, index in sorted(self.until)]
        # what follows is the propagator's own and is not answered
        if floor_m is not None and self.centre == self.home:
            _finite("the floor", floor_m=floor_m)
            self.altitudes.append(floor_m)
            # events are named as time goes: a path flown backward sinks where it rises
            sinks = "altitude upward" if backward else "altitude downward"
            self.stops.append((sinks, len(self.altitudes) - 1, 1, _FLOOR))
        for group, crossings in ((SPHERE, spheres), (_EDGE, edges)):
            for name, radius, kind in crossings:
                self.distances.append(("" if name == centre else name, radius))
                self.stops.append((kind, len(self.distances) - 1, 1, group))

    def _add(self, event: Event) -> tuple[tuple[str, int], ...]:
        new: tuple[tuple[str, int], ...]
        if isinstance(event, Altitude | Visibility) and self.centre != self.home:
            return ()  # they belong to the home centre
        if isinstance(event, Altitude):
            self.altitudes.append(event.altitude_m)
            k = len(self.altitudes) - 1
            new = (("altitude upward", k), ("altitude downward", k))
        elif isinstance(event, Visibility):
            self.stations.append(event)
            k = len(self.stations) - 1
            new = (("rise", k), ("set", k))
        elif isinstance(event, Distance):
            name = self.home if event.body == "centre" else body(event.body).name
            name = "" if name == self.centre else name
            self.distances.append((name, event.distance_m))
            k = len(self.distances) - 1
            new = (("farther", k), ("nearer", k))
        elif event in GROUPS:
            self.kinds.update(GROUPS[event])
            return tuple((kind, 0) for kind in GROUPS[event])
        elif event in _NAMED:
            self.kinds.add(event)
            return ((event, 0),)
        else:
            raise UnknownNameError(
                f"no event {event!r}. {did_you_mean(str(event), [*GROUPS, *_NAMED])} Others are"
                " asked for as Altitude(metres), Visibility(...) or Distance(body, metres)."
            )
        self.asked.update(new)
        return new

    def bodies(self) -> tuple[str, ...]:
        """Bodies of the sky whose distance is asked for."""
        return tuple(name for name, _ in self.distances if name)

    def search(self) -> Search:
        """What the core is to look for."""
        return Search(
            nodes=not self.kinds.isdisjoint(GROUPS["nodes"]),
            apsides=not self.kinds.isdisjoint(GROUPS["apsides"]),
            umbra=not self.kinds.isdisjoint(GROUPS["umbra"]),
            penumbra=not self.kinds.isdisjoint(GROUPS["penumbra"]),
            altitudes_m=tuple(self.altitudes),
            stations=np.array([self._station(s) for s in self.stations]).reshape(-1, 7),
            distances=tuple(self.distances),
            stops=tuple(self.stops),
        )

    def _station(self, s: Visibility) -> list[float]:
        figure = body(self.centre)
        up = enu_axes(s.latitude_rad, s.longitude_rad)[2]
        # normal of the ellipsoid times the radius of curvature across the meridian
        e2 = figure.flattening * (2.0 - figure.flattening)
        n = figure.figure_m / math.sqrt(1.0 - e2 * up[2] ** 2)
        place = up * np.array([n + s.height_m, n + s.height_m, (1.0 - e2) * n + s.height_m])
        return [*map(float, place), *map(float, up), math.sin(s.elevation_rad)]

    def answers(
        self, path: CorePath, epoch: Epoch, occulters: Sequence[str]
    ) -> tuple[DynamicsEvent, ...]:
        """The core's findings as events, in order of time, only those asked for."""
        out = []
        for kind, t, k in path.events:
            value, what = 0.0, ""
            if kind in _ALWAYS:
                value = float(k)
            elif kind in _NAMED:
                if kind not in self.kinds:
                    continue
                if "umbra" in kind:
                    what = occulters[k] or self.centre
            elif (kind, k) not in self.asked:
                continue
            elif kind.startswith("altitude"):
                value = self.altitudes[k]
            elif kind in ("rise", "set"):
                what = self.stations[k].name
            else:
                what, value = self.distances[k]
                what = what or self.centre
            out.append(DynamicsEvent(kind, epoch + t, t, value, what))
        return tuple(out)

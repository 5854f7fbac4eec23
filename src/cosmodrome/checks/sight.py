"""Were the events seen that stations must see? Elevations from the flown path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.angles import vertical
from cosmodrome.checks.places import fixed_point
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.checks.view import MOON_RADIUS_M
from cosmodrome.mission.nouns import OrbitMission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Station
    from cosmodrome.checks.view import View
    from cosmodrome.mission.nouns import Visibility
    from cosmodrome.record.nouns import Event, Leg

__all__ = ["critical_events", "visibility"]

_STEP_S = 1.0
_LIFT_OFF = "lift-off"
#: what a flight hangs on, as the table of events words it
_CRITICAL = ("separation", "jettison", " start", " end", "cut-off", "ignition", "touchdown")
_NEVER = ("coast",)


def visibility(view: View) -> Iterator[Judged]:
    """Elevation of the stack at each event, or lowest between two, over the best station's mask."""
    rules = view.mission.visibility
    if not rules:
        yield not_judged("the mission names no event that a station must see")
    for rule in rules:
        yield _judged(view, rule)


def critical_events(view: View) -> Iterator[Judged]:
    """Ignitions, cut-offs and separations in view of any station that the file lists."""
    mission = view.flight.mission
    rules = () if isinstance(mission, OrbitMission) else mission.visibility
    stations = {s.id: s for s in (*mission.stations, *(s for r in rules for s in r.stations))}
    events = [(leg, e) for leg in _followed(view) for e in leg.events if _is_critical(e.name)]
    if not events:
        yield not_judged("no ignition, cut-off or separation is on record")
        return
    if not stations:
        yield not_judged(
            f"the file lists no station: of {len(events)} ignitions, cut-offs and separations"
            " nobody can say who sees them (stations: [{id, lat, lon}])"
        )
        return
    unseen = [(leg, e) for leg, e in events if not _seen(view, leg, e, list(stations.values()))]
    first = "".join(f"; first {e.name}, T+{e.t_s:.0f} s" for _, e in unseen[:1])
    yield at_most(
        float(len(unseen)),
        0.0,
        "events",
        f"{len(events)} ignitions, cut-offs and separations",
        f"seen by none of {', '.join(stations)}{first}",
        object=unseen[0][1].object if unseen else events[0][1].object,
        otherwise="warns",
    )


def _followed(view: View) -> list[Leg]:
    """Legs of the stack and of the spacecraft of the mission."""
    mine = {"stack", view.flight.mission.spacecraft.id}
    return [g for g in view.flight.legs if g.object in mine or g.kind == "stack"]


def _is_critical(name: str) -> bool:
    return any(w in name for w in _CRITICAL) and not any(w in name for w in _NEVER)


def _seen(view: View, leg: Leg, event: Event, stations: list[Station]) -> bool:
    """Does a station see it: above its mask, and no Moon between?"""
    path = view.inertial(leg.path)
    t = np.array([float(np.clip(event.epoch - path.epoch, *path.breaks_s[[0, -1]]))])
    y = path.columns_at(t)[:, 0:6]
    moon = None
    if path.frame.centre == "moon":
        moon = view.world.ephemeris.position_m("moon", path.epoch + float(t[0]))
        y = y + np.concatenate([moon, np.zeros(3)])
    turn = view.world.orientation.itrf_from_gcrf_many(path.epoch, t)
    r = turn.vector(y[:, 0:3])
    for station in stations:
        if float(_elevation(r, station)[0]) < station.mask_rad:
            continue
        if moon is None or _clear(r[0], turn.vector(moon[None])[0], station):
            return True
    return False


def _clear(r: NDArray[np.float64], moon: NDArray[np.float64], station: Station) -> bool:
    """Does the line from a station to a place near the Moon miss the Moon?"""
    here = fixed_point(station.latitude_rad, station.longitude_rad, station.height_m)
    along = (r - here) / np.linalg.norm(r - here)
    ahead = float((moon - here) @ along)
    miss = float(np.linalg.norm(moon - here - ahead * along))
    return miss > MOON_RADIUS_M or ahead > float(np.linalg.norm(r - here))


def _judged(view: View, rule: Visibility) -> Judged:
    ends = []
    for name in (rule.since, rule.event) if rule.since else (rule.event,):
        event = view.event(name)
        if event is None and name != _LIFT_OFF:
            return not_judged(f"no event {name!r} was recorded", where=str(rule))
        ends.append(0.0 if event is None else event.t_s)
    # from lift-off on a pad sees what stands on it a second later
    first = max(ends[0], _STEP_S) if rule.since == _LIFT_OFF else ends[0]
    count = max(1, int((ends[-1] - first) / _STEP_S) + 1)
    t = np.linspace(first, ends[-1], count) if count > 1 else np.array([ends[-1]])
    path = view.inertial(view.stack.path)
    own = view.all_in_path(path, t)
    r, _ = view.earth_fixed(path, own, path.columns_at(own))
    elevations = np.array([_elevation(r, s) for s in rule.stations])
    spare = elevations - np.array([[s.mask_rad] for s in rule.stations])
    best = spare.argmax(axis=0)
    worst = int(spare.max(axis=0).argmin())
    station = rule.stations[int(best[worst])]
    return at_least(
        float(np.degrees(elevations[best[worst], worst])),
        float(np.degrees(station.mask_rad)),
        "deg",
        f"{rule}, T+{t[worst]:.1f} s",
        f"elevation over the geodetic horizon of {station.id}, no refraction",
        object=view.stack.object,
    )


def _elevation(r: NDArray[np.float64], station: Station) -> NDArray[np.float64]:
    """Elevation (n,) of Earth-fixed places (n, 3): a right angle less that to the vertical."""
    d = r - fixed_point(station.latitude_rad, station.longitude_rad, station.height_m)
    up = vertical(station.latitude_rad, station.longitude_rad)
    level = np.linalg.norm(np.cross(d, up), axis=1)
    out: NDArray[np.float64] = np.arctan2(d @ up, level)
    return out

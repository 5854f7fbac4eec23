"""Were the events seen that stations must see? Elevations from the flown path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.angles import north_east_up
from cosmodrome.checks.places import fixed_point
from cosmodrome.checks.verdicts import Judged, at_least, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Station
    from cosmodrome.checks.view import View
    from cosmodrome.mission.nouns import Visibility

__all__ = ["visibility"]

_STEP_S = 1.0
_LIFT_OFF = "lift-off"


def visibility(view: View) -> Iterator[Judged]:
    """Elevation of the stack at each event, or lowest between two, over the best station's mask."""
    rules = view.mission.visibility
    if not rules:
        yield not_judged("the mission names no event that a station must see")
    for rule in rules:
        yield _judged(view, rule)


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
    own = np.array([view.in_path(path, float(x)) for x in t])
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
    up = north_east_up(station.latitude_rad, station.longitude_rad)[2]
    level = np.linalg.norm(np.cross(d, up), axis=1)
    out: NDArray[np.float64] = np.arctan2(d @ up, level)
    return out

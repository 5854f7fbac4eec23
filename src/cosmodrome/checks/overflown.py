"""Are the overflights for imaging all there are, and in the light that is told?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.angles import north_east_up
from cosmodrome.checks.places import fixed_point
from cosmodrome.checks.verdicts import Judged, at_most
from cosmodrome.checks.view import MOON_RADIUS_M
from cosmodrome.world.heights import terrain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.mission.onboard import ImagedSite
    from cosmodrome.record.imaging import Overflight
    from cosmodrome.world.trajectory import Trajectory

    Array = NDArray[np.float64]

__all__ = ["overflights"]

_STEP_S, _MOST = 20.0, 300_000
# nearer to a limit an instant may be on either side of it; angles told to a thousandth of a degree
_EDGE_RAD, _DEG = np.radians(0.05), 0.01


def overflights(view: View) -> Iterator[Judged]:
    """Of each place: instants by sampling that lie in no recorded pass, and the angles at the best
    instants worked out again."""
    paths = [g.path for g in view.flight.legs if g.object in view.flight.flown_by]
    for site in view.flight.mission.imaging:
        near = [p for p in paths if p.frame.centre == site.body and p.frame.axes == "gcrf"]
        told = [o for o in view.flight.overflights if o.site == site.id]
        yield _complete(view, site, near, told)
        if told:
            yield _angles_told(view, site, near, told)


def _complete(
    view: View, site: ImagedSite, paths: Sequence[Trajectory], told: Sequence[Overflight]
) -> Judged:
    missed, where, looked = 0, "", 0
    low, high = site.sun_rad
    for path in paths:
        first, last = path.breaks_s[0], path.breaks_s[-1]
        count = min(_MOST, int((last - first) / _STEP_S) + 2)
        t = np.linspace(first, last, count)
        off, up, sun = _angles(view, site, path, t)
        seen = (off < site.off_nadir_rad - _EDGE_RAD) & (up > _EDGE_RAD)
        seen &= (sun > low + _EDGE_RAD) & (sun < high - _EDGE_RAD)
        looked += int(seen.sum())
        for o in told:
            seen &= (t < o.seen.start.epoch - path.epoch) | (t > o.seen.end.epoch - path.epoch)
        missed += int(seen.sum())
        if seen.any() and not where:
            where = (path.epoch + float(t[np.argmax(seen)])).utc(0)
    why = f"sampled along the path, {looked} of them seen and lit, in {len(told)} recorded passes"
    return at_most(missed, 0.0, "instants", where or site.id, f"outside them; {why}")


def _angles_told(
    view: View, site: ImagedSite, paths: Sequence[Trajectory], told: Sequence[Overflight]
) -> Judged:
    worst, where = 0.0, site.id
    for o in told:
        best = o.seen.best
        off = float("nan")  # at an instant when nothing flew there
        for path in paths:
            if path.start <= best.epoch <= path.end:
                own = _angles(view, site, path, np.array([best.epoch - path.epoch]))
                said = (best.off_nadir_rad, best.elevation_rad, best.sun_elevation_rad)
                off = float(np.degrees(np.max(np.abs(np.concatenate(own) - said))))
        if not off <= worst:
            worst, where = off, f"{site.id}, {best.epoch.utc(0)}"
    return at_most(worst, _DEG, "deg", where, "off-nadir, elevation or Sun told, against own")


def _angles(view: View, site: ImagedSite, path: Trajectory, t: Array) -> tuple[Array, Array, Array]:
    """Off-nadir at the spacecraft, its elevation and the Sun's at the place, (n,) rad."""
    r, _ = view.earth_fixed(path, t, path.columns_at(t))
    lat, lon, _ = view.place(path, r)
    centre = path.frame.centre
    up = north_east_up(site.latitude_rad, site.longitude_rad)[2]
    if centre == "moon":
        height = site.height_m
        if height is None:
            height = float(terrain("moon").height_m(site.latitude_rad, site.longitude_rad))
        place = (MOON_RADIUS_M + height) * up
    else:
        place = fixed_point(site.latitude_rad, site.longitude_rad, site.height_m or 0.0)
    line = r - place
    level = np.cos(lat)
    below = np.column_stack([level * np.cos(lon), level * np.sin(lon), np.sin(lat)])
    sun = view.world.ephemeris.positions_m("sun", path.epoch, t, centre)
    turned, _ = view.earth_fixed(path, t, np.hstack([sun, np.zeros_like(sun)]))
    return _between(line, below), _over(line, up), _over(turned - place, up)


def _between(a: Array, b: Array) -> Array:
    out: Array = np.arctan2(np.linalg.norm(np.cross(a, b), axis=1), np.einsum("ij,ij->i", a, b))
    return out


def _over(line: Array, up: Array) -> Array:
    out: Array = np.arctan2(line @ up, np.linalg.norm(np.cross(line, up), axis=1))
    return out

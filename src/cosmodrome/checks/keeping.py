"""Station keeping: was the band held all the way? Read off the flown paths alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.mean import ascending_nodes
from cosmodrome.checks.places import geodetic
from cosmodrome.checks.plan_flown import spans_of
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.mission.nouns import StationKeep
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Leg

    Array = NDArray[np.float64]

__all__ = ["orbit_kept"]

STEP_S = 900.0
POINTS = 72
DEG = 180.0 / np.pi


def orbit_kept(view: View) -> Iterator[Judged]:
    """Longitude and inclination at every instant, the mean altitude of every revolution, and the
    time for which they were held.
    """
    judged = False
    for step, mine in spans_of(view):
        if not isinstance(step, StationKeep) or not mine:
            continue
        judged = True
        held = mine[-1].end.epoch - mine[0].start.epoch
        yield at_least(
            held / 86_400.0,
            step.duration_s / 86_400.0 - 1e-9,
            "days",
            step.name,
            "for so long the orbit was held",
            object=mine[0].object,
        )
        # a libration orbit is judged by itself, where the flight was near it
        if step.longitude is not None:
            middle, width = step.longitude
            rows = [_longitudes(view, g, middle) for g in mine]
            yield _worst(view, mine, rows, width, DEG, "deg", f"{step.name}, longitude", middle)
        if step.inclination is not None:
            rows = [_tilts(view, g) for g in mine]
            yield _worst(
                view, mine, rows, step.inclination, DEG, "deg", f"{step.name}, inclination"
            )
        if step.altitude is not None:
            middle, width = step.altitude
            rows = [_altitudes(view, g, middle) for g in mine]
            yield _worst(view, mine, rows, width, 1e-3, "km", f"{step.name}, altitude", middle)
    if not judged:
        yield not_judged("the plan keeps no orbit")


def _worst(
    view: View,
    legs: list[Leg],
    rows: list[tuple[Array, Array]],
    width: float,
    scale: float,
    unit: str,
    what: str,
    middle: float = 0.0,
) -> Judged:
    """The largest departure of rows (seconds from the leg's start, departure) from the middle."""
    best, when, left = -1.0, "", ""
    for leg, (t, off) in zip(legs, rows, strict=True):
        if not len(t):
            continue
        size = np.abs(off)
        k = int(np.argmax(size))
        if size[k] > best:
            best, when = float(size[k]), (leg.path.epoch + float(t[k])).utc(0)
        out = np.flatnonzero(size > width)
        if len(out) and not left:
            left = f"; left first at {(leg.path.epoch + float(t[out[0]])).utc(0)}"
    if best < 0.0:
        return not_judged(f"{what}: no whole revolution was flown between burns")
    return at_most(
        best * scale,
        width * scale,
        unit,
        f"{what}, {when}",
        f"largest departure from {middle * scale:g} {unit} along the flown path{left}",
        object=legs[0].object,
    )


def _sampled(view: View, leg: Leg) -> tuple[Array, Array]:
    path = view.inertial(leg.path)
    first, last = float(path.breaks_s[0]), float(path.breaks_s[-1])
    t = np.linspace(first, last, max(int((last - first) / STEP_S), 1) + 1)
    return t, np.asarray(path.columns_at(t))


def _longitudes(view: View, leg: Leg, middle: float) -> tuple[Array, Array]:
    t, y = _sampled(view, leg)
    fixed, _ = view.earth_fixed(leg.path, t, y)
    off = geodetic(fixed)[1] - middle
    return t, np.arctan2(np.sin(off), np.cos(off))


def _tilts(view: View, leg: Leg) -> tuple[Array, Array]:
    """Angle between r x v and the spin axis of the instant."""
    t, y = _sampled(view, leg)
    axis = np.asarray(view.world.orientation.cip_gcrf_many(leg.path.epoch, t))
    h = np.cross(y[:, 0:3], y[:, 3:6])
    across = np.linalg.norm(np.cross(h, axis), axis=1)
    return t, np.arctan2(across, np.einsum("ij,ij->i", h, axis))


def _altitudes(view: View, leg: Leg, middle: float) -> tuple[Array, Array]:
    """Mean osculating a of each revolution from node to node, less the altitude's own middle."""
    path = view.inertial(leg.path)
    mu = float(view.world.gravity().mu_m3_s2)
    nodes = _nodes(view, leg)
    if len(nodes) < 2:
        return np.empty(0), np.empty(0)
    steps = (np.arange(POINTS) + 0.5) / POINTS
    t = nodes[:-1, None] + np.diff(nodes)[:, None] * steps
    y = path.columns_at(t.ravel())
    speed2 = np.einsum("ij,ij->i", y[:, 3:6], y[:, 3:6])
    a = 1.0 / (2.0 / np.linalg.norm(y[:, 0:3], axis=1) - speed2 / mu)
    mean = a.reshape(t.shape).mean(axis=1)
    return 0.5 * (nodes[1:] + nodes[:-1]), mean - EARTH_EQUATORIAL_RADIUS_M - middle


def _nodes(view: View, leg: Leg) -> Array:
    return ascending_nodes(view, view.inertial(leg.path), every=True)

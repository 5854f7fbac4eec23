"""What a launch closes, looked at again: the band of a fall, the impact trace, keep-out zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.motion import Ballistic, fly
from cosmodrome.checks.places import (
    bearing,
    destination,
    geodetic,
    great_circle_m,
    inside_polygon_m,
)
from cosmodrome.checks.verdicts import Judged, NotJudged, at_least, at_most, not_judged
from cosmodrome.record.safety import CLOSED_SIGMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import KeepOut
    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Leg
    from cosmodrome.record.safety import FallArea, RangeSafety, Spread
    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]
    Place = tuple[float, float]
    Motion = Callable[[float, Array], list[float]]

__all__ = ["ellipse_places", "fall_band", "impact_trace", "keep_out"]

# two integrators and two forms of the height formula; grazing falls run thousands of km
_BAND_KM = 3.0
_TRACE_KM = 0.1
# a fall that takes longer is no impact of a launch, s
_SOON_S = 86_400.0
_TRACE_POINTS = 6
_CLEAR = "how far outside the zone (negative: inside)"
LONGEST_FALL_S = 7200.0


def _safety(view: View) -> RangeSafety:
    safety = view.flight.range_safety
    if safety is None:
        raise NotJudged("the record holds no range safety")
    return safety


def ellipse_places(spread: Spread, sigmas: float = CLOSED_SIGMAS, points: int = 48) -> list[Place]:
    """Places around the edge of an ellipse, by great circles from its centre."""
    # any root of the covariance maps the circle onto the ellipse
    root = np.linalg.cholesky(np.asarray(spread.covariance_m2) + 1e-6 * np.eye(2))
    out = []
    for angle in 2.0 * np.pi * np.arange(points) / points:
        east, north = sigmas * root @ np.array([np.cos(angle), np.sin(angle)])
        out.append(
            destination(
                *spread.centre, float(np.arctan2(east, north)), float(np.hypot(east, north))
            )
        )
    return out


def _landing(
    view: View,
    motion: Motion,
    ground: Ballistic,
    epoch: Epoch,
    y0: Array,
    longest_s: float = LONGEST_FALL_S,
) -> Place | None:
    """Where a fall from a GCRF state ends, or None where it does not within a time."""
    t, y = fly(motion, y0, longest_s, ground=ground.ground, rtol=1e-9, atol=1e-3)
    if t >= longest_s:
        return None
    latitude, longitude, _ = geodetic(
        view.world.orientation.itrf_from_gcrf(epoch + t).vector(y[:3])
    )
    return float(latitude[0]), float(longitude[0])


def fall_band(view: View) -> Iterator[Judged]:
    """Falls with the ends of the ballistic band, and what one sigma of it is worth."""
    legs = {g.object: g for g in view.dropped}
    for area in _safety(view).areas:
        leg = legs.get(area.object)
        if leg is None:
            yield not_judged("it has a fall area, but was not flown", object=area.object)
            continue
        ends = (area.ballistic_kg_m2[0], area.low), (area.ballistic_kg_m2[2], area.high)
        yield from _band(view, leg, area, ends)


def _band(
    view: View, leg: Leg, area: FallArea, ends: tuple[tuple[float, Place], tuple[float, Place]]
) -> Iterator[Judged]:
    y0 = np.concatenate([leg.start.r_m, leg.start.v_m_s])
    own: list[Place] = []
    for coefficient, recorded in ends:
        motion = Ballistic(view, 1.0 / coefficient, 1.0)
        place = _landing(view, motion, motion, leg.start.epoch, y0)
        where = f"{area.object} with {coefficient:.4g} kg/m^2"
        if place is None:
            yield not_judged("does not come down by this road", where=where, object=area.object)
            return
        own.append(place)
        yield at_most(
            great_circle_m(*place, *recorded) / 1e3,
            _BAND_KM,
            "km",
            where,
            "own fall with drag against the recorded end of the band",
            object=area.object,
        )
    if area.spread is None:
        return
    recorded_m = area.spread.sources_m.get("ballistic coefficient", float("nan"))
    own_m = great_circle_m(*own[0], *own[1]) / (2.0 * CLOSED_SIGMAS)
    yield at_most(
        abs(recorded_m / own_m - 1.0) * 100.0,
        10.0,
        "%",
        f"{area.object}, one sigma of the ballistic coefficient",
        f"recorded {recorded_m / 1e3:.3g} km; a sixth of the band flown here {own_m / 1e3:.3g} km",
        object=area.object,
    )


def impact_trace(view: View) -> Iterator[Judged]:
    """Points of the trace flown down in vacuum, step by step."""
    trace = _safety(view).trace
    mu = float(view.world.gravity().mu_m3_s2)
    path = view.inertial(view.stack.path)

    def two_body(t: float, y: Array) -> list[float]:
        r = y[:3]
        a = -mu / float(r @ r) ** 1.5 * r
        return [*y[3:].tolist(), *a.tolist()]

    ground = Ballistic(view, 0.0, 1.0)
    for k in np.unique(np.linspace(0, len(trace.t_s) - 1, _TRACE_POINTS).astype(int)):
        t = float(trace.t_s[k])
        y0 = path.columns_at(view.in_path(path, t))[:6]
        falls, where = float(trace.fall_s[k]), f"T+{t:.1f} s"
        if falls > _SOON_S:
            # a departure burns through ellipses that come down after days, if nothing else acted
            yield not_judged(f"{where}: it would fall after {falls / 86_400.0:.1f} days")
            continue
        longest = max(LONGEST_FALL_S, 1.1 * falls)
        place = _landing(view, two_body, ground, view.lift_off + t, y0, longest)
        if place is None:
            yield at_most(np.inf, _TRACE_KM, "km", where, "does not come down by this road")
            continue
        recorded = float(trace.place_rad[k][0]), float(trace.place_rad[k][1])
        yield at_most(
            great_circle_m(*place, *recorded) / 1e3,
            _TRACE_KM,
            "km",
            where,
            f"comes down at {np.degrees(place[0]):.3f} N {np.degrees(place[1]):.3f} E, "
            f"recorded {np.degrees(recorded[0]):.3f} N {np.degrees(recorded[1]):.3f} E",
        )


def keep_out(view: View) -> Iterator[Judged]:
    """Impacts, their ellipses, the impact trace and its corridor clear of keep-out zones."""
    zones = view.mission.site.keep_out
    if not zones:
        yield not_judged(f"{view.mission.site.name} names no keep-out zone")
        return
    safety = _safety(view)
    for zone in zones:
        for area in safety.areas:
            where = f"{area.object}, {zone.name}"
            impacts = [area.low, area.nominal, area.high, *area.thrown]
            clear = [_clear_m(place, zone) for place in impacts]
            yield at_least(min(clear) / 1e3, 0.0, "km", where, _CLEAR, object=area.object)
            if area.spread is not None:
                yield at_least(
                    _ellipse_clear_m(area.spread, zone) / 1e3,
                    0.0,
                    "km",
                    f"{where}, 3-sigma ellipse",
                    _CLEAR,
                    object=area.object,
                    otherwise="warns",
                )
        trace = safety.trace
        clear = [_clear_m((float(a), float(b)), zone) for a, b in trace.place_rad]
        yield at_least(min(clear) / 1e3, 0.0, "km", f"impact trace, {zone.name}", _CLEAR)
        beside = np.asarray(clear) - CLOSED_SIGMAS * np.asarray(trace.lateral_m)
        yield at_least(
            float(beside.min()) / 1e3,
            0.0,
            "km",
            f"3-sigma corridor, {zone.name}",
            _CLEAR,
            otherwise="warns",
        )


def _clear_m(place: Place, zone: KeepOut) -> float:
    return -inside_polygon_m(*place, zone.polygon_rad)


def _ellipse_clear_m(spread: Spread, zone: KeepOut) -> float:
    """Distance between an ellipse and a zone: edge to zone, and corners of the zone to edge.

    A corner at s sigma lies s/sigmas of the way to the edge or beyond it, on the ray from the
    centre; without it a zone inside the ellipse would go unseen.
    """
    clear = min(_clear_m(place, zone) for place in ellipse_places(spread))
    inverse = np.linalg.inv(np.asarray(spread.covariance_m2))
    for corner in zone.polygon_rad:
        away = great_circle_m(*spread.centre, *corner)
        azimuth = bearing(*spread.centre, *corner)
        at = away * np.array([np.sin(azimuth), np.cos(azimuth)])
        sigmas = max(float(np.sqrt(at @ inverse @ at)), 1e-9)
        clear = min(clear, away * (1.0 - CLOSED_SIGMAS / sigmas))
    return clear

"""What the page needs of the Moon: where it is, how it lies, and what is put on it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.report.plain import rounded
from cosmodrome.world.bodies import MOON
from cosmodrome.world.body_orientation import fixed_from_gcrf_many

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.record import Flight
    from cosmodrome.report.series import Series
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["moon_json"]

# a flight that goes beyond is shown beside the Moon
_FAR_M = 150_000_000.0
# the Moon runs 14,700 km in four hours and turns by 2 degrees: the cubic through four such places
# is 0.04 km off, directions along the chord 2e-7 rad; more where rows are thinned
_STEP_S = 4 * 3600.0
# the orbit of the Moon is drawn whole: at least one revolution, most of it ahead of the flight
_REVOLUTION_S = 27.6 * 86_400.0
_MOST_ROWS = 3000


def moon_json(
    flight: Flight, series: tuple[Series, ...], world: World, span: tuple[float, float]
) -> dict[str, Any] | None:
    """The Moon over the flight, or None for a flight that stays near the Earth.

    r_km         geocentric places in GCRF axes, flat, at the even instants t_s
    prime_gcrf   unit vectors of the prime meridian on the equator, mean-Earth axes
    pole_gcrf    unit vectors of the north pole

    Raises DataSpanError outside the ephemeris (1962-2060).
    """
    if not any(s.centre == "moon" or _far(s) for s in series):
        return None
    t = _instants(span)
    r = world.ephemeris.positions_m("moon", flight.zero, t)
    turn = fixed_from_gcrf_many(world, "moon", "moon-me", flight.zero, t).matrix
    return {
        "radius_km": MOON.radius_m / 1e3,
        "mu_km3_s2": MOON.mu_m3_s2 / 1e9,
        "t_s": rounded(t, 1),
        "r_km": rounded(r.ravel() / 1e3, 3),
        "prime_gcrf": rounded(turn[:, 0].ravel(), 8),
        "pole_gcrf": rounded(turn[:, 2].ravel(), 8),
        "places": _places(flight),
    }


def _places(flight: Flight) -> list[dict[str, Any]]:
    """Places on the Moon that the mission is about: those to be imaged from an orbit of it."""
    return [
        {
            "name": site.id.replace("-", " "),
            "latitude_deg": round(math.degrees(site.latitude_rad), 4),
            "longitude_deg": round(math.degrees(site.longitude_rad), 4),
        }
        for site in flight.mission.imaging
        if site.body == "moon"
    ]


def _far(series: Series) -> bool:
    return series.centre == "earth" and bool(np.any(np.linalg.norm(series.r_m, axis=1) > _FAR_M))


def _instants(span: tuple[float, float]) -> Array:
    """Even instants that cover the flight and a revolution, with two to spare at either end."""
    start, end = span
    missing = max(_REVOLUTION_S - (end - start), 0.0)
    first, last = start - 0.25 * missing, end + 0.75 * missing
    step = max(_STEP_S, (last - first) / _MOST_ROWS)
    n = math.ceil((last - first) / step)
    return np.asarray(first + step * np.arange(-2, n + 3))

"""From the launch frame to places on the ground, and from places to margins in zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.record.safety import CLOSED_SIGMAS, ZoneMargin
from cosmodrome.world.geodesy import geodetic_from_itrf
from cosmodrome.world.ground_map import GroundMap, ellipse_ring, signed_distance_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Site
    from cosmodrome.record.safety import Spread

    Array = NDArray[np.float64]

__all__ = ["Ground", "area_margins", "corridor_margins"]

# how far from a point of the trace a zone's edge is still laid out on its map
_NEAR_M = 3e6


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The turning Earth under the launch frame, from lift-off on.

    itrf_from_launch  (3, 3) at lift-off; the axis then holds still, worth a centimetre an hour
    """

    itrf_from_launch: Array
    omega_rad_s: float

    def places(self, r: Array, t_s: Array) -> Array:
        """(n, 2) latitude, longitude (rad) under launch-frame places (3, n), t after lift-off."""
        spin = self.omega_rad_s * t_s
        c, s = np.cos(spin), np.sin(spin)
        return self.turned_places(np.stack([c * r[0] + s * r[1], c * r[1] - s * r[0], r[2]]))

    def turned_places(self, r: Array) -> Array:
        """The same of places (..., 3, n) in axes that have turned with the Earth since lift-off."""
        latitude, longitude, _ = geodetic_from_itrf(np.swapaxes(self.itrf_from_launch @ r, -1, -2))
        return np.stack([latitude, longitude], axis=-1)


def area_margins(
    site: Site, body: str, impact: tuple[float, float], spread: Spread | None
) -> tuple[ZoneMargin, ...]:
    """How an impact and its 3-sigma ellipse lie to the body's drop zones and to the keep-outs."""
    at = GroundMap(*(impact if spread is None else spread.centre))
    point = at.to_m(*impact)
    edge = None if spread is None else ellipse_ring(spread.covariance_m2, CLOSED_SIGMAS)
    out = []
    for zone in site.drop_zones:
        if zone.polygon_rad and (body == zone.body or body.startswith(zone.body + "-")):
            ring = at.ring_m(zone.polygon_rad)
            inside = float(signed_distance_m(point, ring)[0])
            closed = (
                None if edge is None else min(inside, float(signed_distance_m(edge, ring).min()))
            )
            out.append(ZoneMargin(zone.name, "drop", inside, closed))
    for keep in site.keep_out:
        ring = at.ring_m(keep.polygon_rad)
        clear = -float(signed_distance_m(point, ring)[0])
        closed = None if edge is None else min(clear, _apart_m(edge, ring))
        out.append(ZoneMargin(keep.name, "keep-out", clear, closed))
    return tuple(out)


def _apart_m(a: Array, b: Array) -> float:
    """Distance between two areas given by their rings, m; negative where they overlap."""
    return float(min((-signed_distance_m(a, b)).min(), (-signed_distance_m(b, a)).min()))


def corridor_margins(site: Site, place: Array, lateral_m: Array) -> tuple[ZoneMargin, ...]:
    """How near the impact trace (n, 2) and its corridor come to the site's keep-out zones."""
    out = []
    for keep in site.keep_out:
        nearest = closed = np.inf
        for (latitude, longitude), lateral in zip(place, lateral_m, strict=True):
            ring = GroundMap(latitude, longitude).ring_m(keep.polygon_rad)
            if np.linalg.norm(ring, axis=1).min() > _NEAR_M:
                continue
            clear = -float(signed_distance_m(np.zeros(2), ring)[0])
            nearest, closed = min(nearest, clear), min(closed, clear - CLOSED_SIGMAS * lateral)
        if np.isfinite(nearest):
            out.append(ZoneMargin(keep.name, "keep-out", float(nearest), float(closed)))
    return tuple(out)

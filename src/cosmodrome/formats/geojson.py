"""GeoJSON (RFC 7946): longitude before latitude in degrees, WGS84, cut at the antimeridian.

Exterior rings run anticlockwise (section 3.1.6); what crosses the antimeridian is cut in two
(section 3.1.9), and an area around a pole is closed along it.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    Position = tuple[float, float]

__all__ = ["collection", "dumps", "feature", "line", "point", "polygon"]

# 0.1 m, as section 11.2 advises
_DIGITS = 6
_HALF, _WHOLE = 180.0, 360.0


def point(longitude_deg: float, latitude_deg: float) -> dict[str, Any]:
    """A Point."""
    return {"type": "Point", "coordinates": _rounded((_wrapped(longitude_deg), latitude_deg))}


def line(places: Sequence[Position]) -> dict[str, Any]:
    """A LineString through (longitude, latitude) places, or a MultiLineString where it is cut.

    Raises InputError for fewer than two places.
    """
    if len(places) < 2:
        raise InputError(f"a line needs two or more places, got {len(places)}")
    parts: dict[tuple[int, int], list[Position]] = {}
    last, runs = None, 0
    for a, b in pairwise(_cut_where_it_crosses(_unrolled(places))):
        turn = _turn(0.5 * (a[0] + b[0]))
        runs += turn != last
        last = turn
        parts.setdefault((runs, turn), [a]).append(b)
    lines = [
        [_rounded((x - turn * _WHOLE, y)) for x, y in part] for (_, turn), part in parts.items()
    ]
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


def polygon(ring: Sequence[Position]) -> dict[str, Any]:
    """A Polygon with one ring of (longitude, latitude) corners, or a MultiPolygon where it is cut.

    The ring may run either way round and is closed by itself; neighbouring corners less than
    half a turn apart. Around a pole it is the side with the pole that is meant.

    Raises InputError for fewer than three corners.
    """
    if len(ring) < 3:
        raise InputError(f"a polygon needs three or more corners, got {len(ring)}")
    path = _unrolled([*ring, ring[0]])
    turn = path[-1][0] - path[0][0]
    if abs(turn) > _HALF:
        pole = 90.0 if sum(p[1] for p in ring) > 0.0 else -90.0
        path += [(path[-1][0], pole), (path[0][0], pole)]
    else:
        path.pop()
    low, high = min(p[0] for p in path), max(p[0] for p in path)
    parts = []
    for k in range(_turn(low), _turn(high) + 1):
        west = k * _WHOLE - _HALF
        inside = _clipped(_clipped(path, west, 1.0), west + _WHOLE, -1.0)
        corners = [_rounded((x - k * _WHOLE, y)) for x, y in inside]
        area = _area(corners) if corners else 0.0
        if area != 0.0:
            corners = corners if area > 0.0 else corners[::-1]
            parts.append([[*corners, corners[0]]])
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": parts[0]}
    return {"type": "MultiPolygon", "coordinates": parts}


def feature(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """A Feature with its properties."""
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(features: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A FeatureCollection."""
    return {"type": "FeatureCollection", "features": list(features)}


def dumps(value: dict[str, Any]) -> str:
    """The text of a GeoJSON object, one feature a line."""
    if value.get("type") != "FeatureCollection":
        return _text(value) + "\n"
    rows = ",\n".join(_text(f) for f in value["features"])
    return f'{{"type":"FeatureCollection","features":[\n{rows}\n]}}\n'


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _wrapped(longitude: float) -> float:
    return (longitude + _HALF) % _WHOLE - _HALF


def _unrolled(places: Sequence[Position]) -> list[Position]:
    """The same places with longitudes that run on over the antimeridian."""
    out = [(_wrapped(places[0][0]), places[0][1])]
    for longitude, latitude in places[1:]:
        out.append((out[-1][0] + _wrapped(longitude - out[-1][0]), latitude))
    return out


def _turn(longitude: float) -> int:
    """Which turn an unrolled longitude is in: 0 between -180 and 180."""
    return int((longitude + _HALF) // _WHOLE)


def _cut_where_it_crosses(path: list[Position]) -> list[Position]:
    """The unrolled path with a place put in wherever it crosses the antimeridian."""
    out = [path[0]]
    for a, b in pairwise(path):
        edge = _turn(max(a[0], b[0])) * _WHOLE - _HALF
        if min(a[0], b[0]) < edge < max(a[0], b[0]):
            out.append(_at_longitude(a, b, edge))
        out.append(b)
    return out


def _at_longitude(a: Position, b: Position, longitude: float) -> Position:
    share = (longitude - a[0]) / (b[0] - a[0])
    return (longitude, a[1] + share * (b[1] - a[1]))


def _clipped(ring: list[Position], edge: float, sign: float) -> list[Position]:
    """The ring east (sign 1) or west (-1) of a meridian (Sutherland & Hodgman 1974)."""
    out = []
    for a, b in zip([*ring[-1:], *ring], ring, strict=False):
        a_in, b_in = sign * (a[0] - edge) >= 0.0, sign * (b[0] - edge) >= 0.0
        if a_in != b_in:
            out.append(_at_longitude(a, b, edge))
        if b_in:
            out.append(b)
    return out


def _area(ring: list[list[float]]) -> float:
    """Twice the signed area, positive anticlockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))


def _rounded(place: Position) -> list[float]:
    return [round(place[0], _DIGITS) + 0.0, round(place[1], _DIGITS) + 0.0]

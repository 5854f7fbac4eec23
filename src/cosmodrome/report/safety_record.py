"""Range safety as flight.json holds it, and as GeoJSON made from nothing but that."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.formats import geojson
from cosmodrome.mission import OrbitMission
from cosmodrome.record import CLOSED_SIGMAS
from cosmodrome.report.plain import number, rounded
from cosmodrome.world.ground_map import GroundMap, ellipse_ring

if TYPE_CHECKING:
    from cosmodrome.record import FallArea, Flight, ImpactTrace, Spread, ZoneMargin

__all__ = ["area_json", "ellipse_deg", "range_geojson", "safety_json"]

# a hundredth of a metre on the ground
_DEGREE_DIGITS = 7
_SIGMAS = (1, 2, 3)


def safety_json(flight: Flight) -> dict[str, Any] | None:
    """The `range_safety` object of flight.json; None where none was worked out."""
    safety = flight.range_safety
    if safety is None or isinstance(flight.mission, OrbitMission):
        return None
    site = flight.mission.zoned_site
    pad = (site.latitude_rad, site.longitude_rad)
    return {
        "method": safety.method,
        "sigmas": CLOSED_SIGMAS,
        "dispersions": {k: number(v) for k, v in safety.dispersions.items()},
        "pad": {"name": f"{site.name} {site.pad}".strip(), **_place(pad)},
        "trace": _trace(safety.trace),
        "margins": [_margin(m) for m in safety.margins],
        "zones": [
            *(
                {"name": z.name, "kind": "drop", "body": z.body, **_polygon(z.polygon_rad)}
                for z in site.drop_zones
            ),
            *(
                {"name": k.name, "kind": "keep-out", **_polygon(k.polygon_rad)}
                for k in site.keep_out
            ),
        ],
    }


def area_json(area: FallArea) -> dict[str, Any]:
    """The `fall_area` object of an impact."""
    low, nominal, high = area.ballistic_kg_m2
    return {
        "pieces": area.pieces,
        "ballistic_kg_m2": {"low": low, "nominal": nominal, "high": high},
        "ballistic_assumed": area.assumed,
        "low": _place(area.low),
        "nominal": _place(area.nominal),
        "high": _place(area.high),
        "thrown": [_place(p) for p in area.thrown],
        "spread": None if area.spread is None else _spread(area.spread),
        "vacuum_height_m": number(area.vacuum_height_m),
        "margins": [_margin(m) for m in area.margins],
    }


def ellipse_deg(spread: dict[str, Any], sigmas: float) -> list[tuple[float, float]]:
    """Corners (longitude, latitude) in degrees, anticlockwise, of a `spread` of flight.json."""
    centre = math.radians(spread["latitude_deg"]), math.radians(spread["longitude_deg"])
    ring = ellipse_ring(spread["covariance_m2"], sigmas)
    return [(float(lon), float(lat)) for lat, lon in np.degrees(GroundMap(*centre).to_places(ring))]


def _degrees(radians: Any) -> list[float | None]:
    return rounded(np.degrees(np.atleast_1d(radians)), _DEGREE_DIGITS)


def _place(place: tuple[float, float]) -> dict[str, float | None]:
    latitude, longitude = _degrees(place)
    return {"latitude_deg": latitude, "longitude_deg": longitude}


def _polygon(polygon_rad: tuple[tuple[float, float], ...]) -> dict[str, Any]:
    return {"polygon_deg": [_degrees(corner)[::-1] for corner in polygon_rad]}


def _spread(spread: Spread) -> dict[str, Any]:
    major, minor = spread.semi_axes_m
    return {
        **_place(spread.centre),
        "semi_major_m": number(major),
        "semi_minor_m": number(minor),
        "azimuth_deg": number(math.degrees(spread.azimuth_rad)),
        "covariance_m2": [list(row) for row in spread.covariance_m2],
        "sources_m": {k: number(v) for k, v in spread.sources_m.items()},
    }


def _margin(margin: ZoneMargin) -> dict[str, Any]:
    return {
        "zone": margin.zone,
        "kind": margin.kind,
        "point_m": number(margin.point_m),
        "closed_m": number(margin.closed_m),
    }


def _trace(trace: ImpactTrace) -> dict[str, Any]:
    """Columns of equal length."""
    out: dict[str, Any] = {"t_s": rounded(trace.t_s, 3)}
    for name, places in (
        ("", trace.place_rad),
        ("left_", trace.left_rad),
        ("right_", trace.right_rad),
        ("below_", trace.below_rad),
    ):
        out[f"{name}latitude_deg"] = _degrees(places[:, 0])
        out[f"{name}longitude_deg"] = _degrees(places[:, 1])
    return out | {"fall_s": rounded(trace.fall_s, 3), "lateral_m": rounded(trace.lateral_m, 2)}


# GeoJSON ------------------------------------------------------------------------------------
def range_geojson(record: dict[str, Any]) -> dict[str, Any]:
    """A FeatureCollection of what a launch closes, from the object of flight.json.

    Every feature has a `kind`: pad, ground-track, impact-trace, corridor, impact, ellipse,
    drop-zone, keep-out-zone.
    """
    safety = record["range_safety"]
    trace, pad = safety["trace"], safety["pad"]
    track, left, right = (_line(trace, name) for name in ("below_", "left_", "right_"))
    span = {"from_s": trace["t_s"][0], "to_s": trace["t_s"][-1]}
    features = [
        geojson.feature(geojson.point(*_lon_lat(pad)), kind="pad", name=pad["name"]),
        geojson.feature(geojson.line(track), kind="ground-track", **span),
        geojson.feature(geojson.line(_line(trace, "")), kind="impact-trace", **span),
        geojson.feature(
            geojson.polygon([*right, *left[::-1]]), kind="corridor", sigmas=safety["sigmas"]
        ),
    ]
    for row in record["objects"]:
        if "fall_area" in row.get("impact", {}):
            features += _area_features(row)
    for zone in safety["zones"]:
        if zone["polygon_deg"]:
            properties = {"kind": f"{zone['kind']}-zone", "name": zone["name"]}
            if "body" in zone:
                properties["body"] = zone["body"]
            features.append(geojson.feature(geojson.polygon(zone["polygon_deg"]), **properties))
    return geojson.collection(features)


def _lon_lat(place: dict[str, float]) -> tuple[float, float]:
    return (place["longitude_deg"], place["latitude_deg"])


def _line(trace: dict[str, list[float]], name: str) -> list[tuple[float, float]]:
    columns = trace[f"{name}longitude_deg"], trace[f"{name}latitude_deg"]
    return list(zip(*columns, strict=True))


def _area_features(row: dict[str, Any]) -> list[dict[str, Any]]:
    impact, body = row["impact"], row["id"]
    area = impact["fall_area"]
    b = area["ballistic_kg_m2"]
    out = [
        geojson.feature(
            geojson.point(*_lon_lat(impact)),
            kind="impact",
            object=body,
            case="nominal",
            t_s=impact["t_s"],
            ballistic_kg_m2=b["nominal"],
        )
    ]
    out += [
        geojson.feature(
            geojson.point(*_lon_lat(area[case])),
            kind="impact",
            object=body,
            case=case,
            ballistic_kg_m2=b[case],
        )
        for case in ("low", "high")
    ]
    out += [
        geojson.feature(
            geojson.point(*_lon_lat(place)), kind="impact", object=body, case="thrown", piece=k
        )
        for k, place in enumerate(area["thrown"], 1)
    ]
    spread = area["spread"]
    if spread is not None:
        out += [
            geojson.feature(
                geojson.polygon(ellipse_deg(spread, sigmas)),
                kind="ellipse",
                object=body,
                sigmas=sigmas,
            )
            for sigmas in _SIGMAS
        ]
    return out

"""Range safety in flight.json, in page.json and as GeoJSON: the record's numbers, in order."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cosmodrome import report
from cosmodrome.catalog import KeepOut
from cosmodrome.record import FallArea, ImpactTrace, RangeSafety, Spread, ZoneMargin
from cosmodrome.report.safety_record import ellipse_deg, range_geojson
from cosmodrome.world.ground_map import GroundMap
from tests.report import synthetic

if TYPE_CHECKING:
    from pathlib import Path

    from cosmodrome.record import Flight

# a trace over the date line, two sides 20 km off
_LONGITUDES = np.array([178.0, 179.5, -179.0, -177.5])
COVARIANCE = ((4.0e8, 1.5e8), (1.5e8, 1.0e8))
DEG = math.pi / 180.0


def closing(flight: Flight) -> Flight:
    """The toy flight with a fall area for every impact, a trace, and a keep-out zone."""
    areas = []
    for leg in flight.legs:
        if leg.impact is None:
            continue
        at = (leg.impact.latitude_rad, leg.impact.longitude_rad)
        low, high = (
            tuple(float(x) for x in GroundMap(*at).to_places((0.0, d))) for d in (-9e3, 9e3)
        )
        areas.append(
            FallArea(
                leg.object, 2, (40.0, 60.0, 85.0), True, low, at, high, (low, high),
                Spread(at, COVARIANCE, {"density": 5e3}), 21e3,
                (ZoneMargin("town", "keep-out", 9e4, 3e4),),
            )
        )  # fmt: skip
    place = np.column_stack([np.full(4, 50.0), _LONGITUDES]) * DEG
    off = np.array([0.2 * DEG, 0.0])
    trace = ImpactTrace(
        np.array([1.0, 5.0, 9.0, 13.0]), place, np.full(4, 60.0), np.full(4, 7e3),
        place + off, place - off, place,
    )  # fmt: skip
    corners = tuple((lat * DEG, lon * DEG) for lat, lon in ((60, 179), (60, -179), (61, 180)))
    site = replace(flight.mission.site, keep_out=(KeepOut("town", corners),))
    return replace(
        flight,
        mission=replace(flight.mission, site=site),
        range_safety=RangeSafety(
            tuple(areas), trace, (ZoneMargin("town", "keep-out", 1e6, 9e5),), {"isp": 0.003}, "toy"
        ),
    )


@pytest.fixture(scope="module")
def flight() -> Flight:
    return closing(synthetic.flight())


@pytest.fixture(scope="module")
def record(flight: Flight) -> dict[str, Any]:
    return report.flight_json(flight)


@pytest.fixture(scope="module")
def features(record: dict[str, Any]) -> list[dict[str, Any]]:
    whole = range_geojson(record)
    assert whole["type"] == "FeatureCollection"
    return whole["features"]


def of(features: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [f for f in features if f["properties"]["kind"] == kind]


def test_a_flight_without_range_safety_says_so() -> None:
    plain = report.flight_json(synthetic.flight())
    assert plain["range_safety"] is None
    assert all("fall_area" not in row.get("impact", {}) for row in plain["objects"])


def test_impacts_carry_their_areas(flight: Flight, record: dict[str, Any]) -> None:
    fallen = [g for g in flight.legs if g.impact is not None]
    rows = [r for r in record["objects"] if "impact" in r]
    assert len(rows) == len(fallen) > 1
    for row in rows:
        area, leg = row["impact"]["fall_area"], next(g for g in fallen if g.object == row["id"])
        assert row["impact"]["speed_m_s"] == leg.events[-1].speed_relative_m_s
        assert area["nominal"]["latitude_deg"] == pytest.approx(
            math.degrees(leg.impact.latitude_rad), abs=1e-7
        )
        spread = area["spread"]
        # eigenvalues of the covariance, by the quadratic formula
        root = math.hypot(1.5e8, 1.5e8)
        assert spread["semi_major_m"] == pytest.approx(math.sqrt(2.5e8 + root))
        assert spread["semi_minor_m"] == pytest.approx(math.sqrt(2.5e8 - root))
        # tan 2A = 2 en / (nn - ee) = -1, towards the east
        assert spread["azimuth_deg"] == pytest.approx(67.5)
        assert spread["covariance_m2"] == [list(row) for row in COVARIANCE]


def test_every_kind_of_feature_is_there(
    features: list[dict[str, Any]], record: dict[str, Any]
) -> None:
    bodies = [r["id"] for r in record["objects"] if "impact" in r]
    counts = {"pad": 1, "ground-track": 1, "impact-trace": 1, "corridor": 1, "keep-out-zone": 1}
    for kind, n in counts.items():
        assert len(of(features, kind)) == n, kind
    assert len(of(features, "ellipse")) == 3 * len(bodies)
    assert len(of(features, "impact")) == 5 * len(bodies)
    drawn = [z for z in record["range_safety"]["zones"] if z["polygon_deg"] and z["kind"] == "drop"]
    assert len(of(features, "drop-zone")) == len(drawn) > 0


def test_what_crosses_the_date_line_is_cut(features: list[dict[str, Any]]) -> None:
    for kind in ("ground-track", "impact-trace"):
        assert of(features, kind)[0]["geometry"]["type"] == "MultiLineString"
    for kind in ("corridor", "keep-out-zone"):
        assert of(features, kind)[0]["geometry"]["type"] == "MultiPolygon"


def test_the_pad_is_longitude_first(features: list[dict[str, Any]]) -> None:
    (pad,) = of(features, "pad")
    assert pad["geometry"]["coordinates"] == pytest.approx(
        [math.degrees(synthetic.LON), math.degrees(synthetic.LAT)], abs=1e-6
    )


def test_ellipses_enclose_their_area(features: list[dict[str, Any]], flight: Flight) -> None:
    """pi times the product of the semi-axes, by the shoelace on a map about the impact."""
    for feature in of(features, "ellipse"):
        (ring,) = feature["geometry"]["coordinates"]
        leg = next(g for g in flight.legs if g.object == feature["properties"]["object"])
        at = GroundMap(leg.impact.latitude_rad, leg.impact.longitude_rad)
        xy = at.to_m(*np.radians(np.array(ring)[:, ::-1]).T)
        area = 0.5 * sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(xy))
        sigmas = feature["properties"]["sigmas"]
        wanted = math.pi * sigmas**2 * math.sqrt(4.0e8 * 1.0e8 - 1.5e8**2)
        # 72 corners: 0.13 % less
        assert area == pytest.approx(wanted, rel=3e-3)


def test_files_and_page(flight: Flight, record: dict[str, Any], tmp_path: Path) -> None:
    names = [p.name for p in report.write(flight, tmp_path, synthetic.world())]
    assert "range.geojson" in names
    assert json.loads((tmp_path / "range.geojson").read_text()) == range_geojson(record)
    page = json.loads((tmp_path / "page.json").read_text())
    fallen = [o for o in page["objects"] if o["impact"]]
    for o in fallen:
        fall = o["impact"]["fall"]
        assert fall["semi_major_km"] == pytest.approx(
            3.0 * math.sqrt(2.5e8 + math.hypot(1.5e8, 1.5e8)) / 1e3, abs=0.01
        )
        row = next(r for r in record["objects"] if r["id"] == o["id"])
        ellipse = ellipse_deg(row["impact"]["fall_area"]["spread"], 3.0)
        assert np.array(fall["ellipse_deg"]) == pytest.approx(np.array(ellipse), abs=6e-5)
    assert page["range_safety"]["trace_deg"][0] == [178.0, 50.0]
    assert [z["kind"] for z in page["site"]["zones"]][-1] == "keep-out"

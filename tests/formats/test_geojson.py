"""GeoJSON by the rules of RFC 7946: order, winding, the antimeridian, the poles."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest

from cosmodrome.errors import InputError
from cosmodrome.formats import geojson


def area(ring: list[list[float]]) -> float:
    return 0.5 * sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    if geometry["type"] == "Polygon":
        return geometry["coordinates"]
    assert geometry["type"] == "MultiPolygon"
    return [ring for part in geometry["coordinates"] for ring in part]


def check(geometry: dict[str, Any]) -> float:
    """Every ring closed, anticlockwise, in range; the sum of the areas in square degrees."""
    total = 0.0
    for ring in rings(geometry):
        assert ring[0] == ring[-1]
        assert len(ring) >= 4
        assert all(-180.0 <= x <= 180.0 and -90.0 <= y <= 90.0 for x, y in ring)
        assert area(ring) > 0.0
        # no edge jumps over the antimeridian
        assert all(abs(a[0] - b[0]) < 180.0 or abs(a[1]) == 90.0 for a, b in pairwise(ring))
        total += area(ring)
    return total


def test_points_are_longitude_first_and_in_range() -> None:
    assert geojson.point(190.0, 51.0) == {"type": "Point", "coordinates": [-170.0, 51.0]}


def test_a_plain_line_stays_whole() -> None:
    line = geojson.line([(10.0, 1.0), (20.0, 2.0), (179.0, 3.0)])
    assert line == {"type": "LineString", "coordinates": [[10.0, 1.0], [20.0, 2.0], [179.0, 3.0]]}


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_line_is_cut_where_it_crosses(sign: float) -> None:
    # the RFC's own example, section 3.1.9: 45 N 170 E to 45 N 170 W
    line = geojson.line([(170.0 * sign, 44.0), (-170.0 * sign, 46.0), (-160.0 * sign, 46.0)])
    assert line["type"] == "MultiLineString"
    assert line["coordinates"] == [
        [[170.0 * sign, 44.0], [180.0 * sign, 45.0]],
        [[-180.0 * sign, 45.0], [-170.0 * sign, 46.0], [-160.0 * sign, 46.0]],
    ]


def test_a_line_around_and_around() -> None:
    """Two revolutions of a ground track: cut twice, no part jumps."""
    places = [((10.0 * k + 180.0) % 360.0 - 180.0, 0.5 * k) for k in range(72)]
    line = geojson.line(places)
    assert len(line["coordinates"]) == 3
    for part in line["coordinates"]:
        assert all(abs(a[0] - b[0]) < 20.0 for a, b in pairwise(part))


@pytest.mark.parametrize("turn", [1, -1])
def test_polygons_run_anticlockwise(turn: int) -> None:
    square = [(1.0, 1.0), (3.0, 1.0), (3.0, 4.0), (1.0, 4.0)][::turn]
    assert check(geojson.polygon(square)) == pytest.approx(6.0)


def test_a_polygon_is_cut_at_the_antimeridian() -> None:
    # the RFC's own example: 40 to 50 N, 170 E to 170 W
    cut = geojson.polygon([(170.0, 40.0), (-170.0, 40.0), (-170.0, 50.0), (170.0, 50.0)])
    assert cut["type"] == "MultiPolygon"
    assert check(cut) == pytest.approx(200.0)
    west, east = ({x for x, _ in ring} for ring in rings(cut))
    assert west == {170.0, 180.0}
    assert east == {-180.0, -170.0}


@pytest.mark.parametrize("latitude", [80.0, -80.0])
@pytest.mark.parametrize("turn", [1, -1])
def test_a_polygon_around_a_pole_reaches_it(latitude: float, turn: int) -> None:
    ring = [(float(x), latitude) for x in range(-170, 190, 20)][::turn]
    cap = geojson.polygon(ring)
    # ten degrees high, all the way round
    assert check(cap) == pytest.approx(3600.0)
    assert any(abs(y) == 90.0 for part in rings(cap) for _, y in part)


def test_text_reads_back_and_has_one_feature_a_line() -> None:
    whole = geojson.collection(
        [geojson.feature(geojson.point(1.0, 2.0), kind="pad", name="Восточный")] * 2
    )
    text = geojson.dumps(whole)
    assert json.loads(text) == whole
    assert len(text.splitlines()) == 4
    assert json.loads(geojson.dumps(geojson.point(1.0, 2.0)))["type"] == "Point"


def test_too_few_places_are_refused() -> None:
    with pytest.raises(InputError, match="two or more places, got 1"):
        geojson.line([(0.0, 0.0)])
    with pytest.raises(InputError, match="three or more corners, got 2"):
        geojson.polygon([(0.0, 0.0), (1.0, 1.0)])

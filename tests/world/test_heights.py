"""The Moon's ground: against published places, against the packed source, and by its own rules."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import DataError, InputError, UnknownNameError
from cosmodrome.world import MOON_ME, store, terrain
from cosmodrome.world import heights as room

GROUND = terrain("moon")


def deg(*values: float) -> list[float]:
    return [math.radians(v) for v in values]


# published places ------------------------------------------------------------------------
# radii of the laser reflectors, mean-Earth axes, rounded to 10 m (Williams, Boggs & Folkner 2008,
# JPL IOM 335-JW,DB,WF-20080314-001; Lunokhod 1: Murphy et al. 2011, Icarus 211:1103). Landers:
# Chang'e 4, Liu et al. 2019, Nat. Commun. 10:4229; Chang'e 5, LROC 2020 (+- 20 m). The crater of
# Luna-25 and the highest place as NASA published them from LRO (2023; LROC 2010)
@pytest.mark.parametrize(
    ("name", "latitude", "longitude", "height_m", "within_m"),
    [
        ("Apollo 11 reflector", 0.6734, 23.4731, -1_930.0, 20.0),
        ("Apollo 14 reflector", -3.6442, -17.4788, -1_060.0, 40.0),
        ("Apollo 15 reflector, by the rille", 26.1334, 3.6285, -1_920.0, 70.0),
        ("Lunokhod 2 reflector", 25.8323, 30.9220, -2_760.0, 40.0),
        ("Lunokhod 1 reflector", 38.3152, -35.0080, -2_470.0, 20.0),
        ("Chang'e 4", -45.4446, 177.5991, -5_935.0, 20.0),
        ("Chang'e 5", 43.0576, 308.0839, -2_570.0, 40.0),
        ("crater of Luna-25, slope over 20 deg", -57.865, 61.360, -360.0, 80.0),
        ("highest place, the rim of a crater", 5.441, 201.368, 10_786.0, 300.0),
    ],
)
def test_published_heights(
    name: str, latitude: float, longitude: float, height_m: float, within_m: float
) -> None:
    found = float(GROUND.height_m(*deg(latitude, longitude)))
    assert found == pytest.approx(height_m, abs=within_m), name


def test_the_moon_as_a_whole() -> None:
    """Bounds and mean: the mean radius by LOLA is 1737.15 km (Smith et al. 2017)."""
    rows = GROUND._cells[2:-2, 2:-2].astype(np.float64)
    lat = (0.5 - (np.arange(rows.shape[0]) + 0.5) / rows.shape[0]) * math.pi
    weight = np.cos(lat)[:, None]
    mean = float((rows * weight).sum() / (weight.sum() * rows.shape[1]))
    assert GROUND.radius_m + mean == pytest.approx(1_737_150.0, abs=20.0)
    assert rows.min() == pytest.approx(-8_730.0, abs=5.0)
    assert rows.max() == pytest.approx(10_550.0, abs=5.0)
    assert GROUND.lowest_m < rows.min() < rows.max() < GROUND.highest_m
    assert GROUND.axes == MOON_ME.axes
    # cubics overshoot about the extremes, within the bounds that are told
    order = np.argsort(rows, axis=None)
    i, j = np.unravel_index(np.concatenate([order[:30], order[-30:]]), rows.shape)
    fine = np.linspace(-1.5, 2.5, 33)
    near = GROUND.height_m(
        (0.5 * math.pi - (i[:, None, None] + fine[:, None]) * GROUND.cell_rad),
        -math.pi + (j[:, None, None] + fine) * GROUND.cell_rad,
    )
    assert GROUND.lowest_m < near.min() < rows.min() + 1.0
    assert rows.max() - 1.0 < near.max() < GROUND.highest_m
    # Antoniadi, to whose floor no ground lies lower
    assert GROUND.height_m(*deg(-70.4, -172.6)) < -8_300.0


# reading between cells -------------------------------------------------------------------
def test_at_the_middle_of_a_cell_stands_its_height() -> None:
    rng = np.random.default_rng(3)
    i, j = rng.integers(1, 1439, 500), rng.integers(0, 2880, 500)
    lat = 0.5 * math.pi - (i + 0.5) * GROUND.cell_rad
    lon = -math.pi + (j + 0.5) * GROUND.cell_rad
    np.testing.assert_allclose(
        GROUND.height_m(lat, lon), GROUND._cells[i + 2, j + 2], rtol=0.0, atol=1e-6
    )


@given(st.floats(-90.0, 90.0), st.floats(-720.0, 720.0), st.floats(0.0, 360.0))
def test_height_and_slope_are_continuous(lat: float, lon: float, way: float) -> None:
    """A step of a metre anywhere, over poles and the date line too, changes little."""
    here = GROUND.place_m(*deg(lat, lon))
    up = here / np.linalg.norm(here)
    a = np.cross(up, [0.3, -0.5, 0.8])
    a /= np.linalg.norm(a)
    step = math.cos(math.radians(way)) * a + math.sin(math.radians(way)) * np.cross(up, a)
    over = GROUND.above_ground_m(here + np.array([0.0, 1.0])[:, None] * step)
    assert abs(over[0]) < 1e-6
    assert abs(over[1]) < 1.2
    there = here + step
    n = [
        GROUND.normal(math.asin(r[2] / np.linalg.norm(r)), math.atan2(r[1], r[0]))
        for r in (here, there)
    ]
    assert math.acos(min(1.0, float(n[0] @ n[1]))) < 2e-3


def test_a_pole_is_one_place() -> None:
    lon = np.radians(np.arange(0.0, 360.0, 7.0))
    for pole in (-90.0, 90.0):
        at = GROUND.height_m(math.radians(pole), lon)
        assert np.ptp(at) < 1e-9
        near = GROUND.height_m(math.radians(pole * (1.0 - 1e-7)), lon)
        assert np.abs(near - at).max() < 0.2


def test_over_the_pole_neighbours_are_the_other_side() -> None:
    """Rows end half a cell from the pole: a great circle over it sees no jump."""
    arc = np.linspace(-0.3, 0.3, 6001)
    lat = np.pi / 2 - np.abs(np.radians(arc))
    lon = np.where(arc < 0.0, 1.0, 1.0 + np.pi)
    h = GROUND.height_m(lat, lon)
    assert np.abs(np.diff(h)).max() < 3.0  # steps of 3 m over the ground


def test_normals_lean_with_the_ground() -> None:
    """A slope by its own finite differences, elsewhere than the code takes them."""
    lat, lon = deg(-57.865, 61.360)
    d = 50.0 / GROUND.radius_m
    north = float(np.diff(GROUND.height_m([lat - d, lat + d], lon))[0]) / 100.0
    east = float(np.diff(GROUND.height_m(lat, lon + np.array([-d, d]) / math.cos(lat)))[0]) / 100.0
    assert float(GROUND.slope_rad(lat, lon, 100.0)) == pytest.approx(
        math.atan(math.hypot(north, east)), rel=2e-3
    )
    assert math.degrees(float(GROUND.slope_rad(lat, lon))) == pytest.approx(17.3, abs=0.5)


# lines of sight --------------------------------------------------------------------------
def test_lines_meet_the_ground_where_it_is() -> None:
    rng = np.random.default_rng(5)
    lat, lon = np.arcsin(rng.uniform(-1.0, 1.0, 40)), rng.uniform(-3.2, 3.2, 40)
    start = GROUND.place_m(lat, lon, rng.uniform(100.0, 60e3, 40))
    up = start / np.linalg.norm(start, axis=1)[:, None]
    down = -up + 0.8 * rng.normal(size=(40, 3)) * 0.5
    d = GROUND.hit_m(start, down)
    met = np.isfinite(d)
    assert met.sum() > 30
    ways = down / np.linalg.norm(down, axis=1)[:, None]
    at = start + np.where(met, d, 0.0)[:, None] * ways
    assert np.abs(GROUND.above_ground_m(at[met])).max() < 2e-3
    # nothing lies before: a finer walk along each
    for k in np.flatnonzero(met):
        walk = start[k] + np.linspace(0.0, d[k] - 0.01, 4000)[:, None] * ways[k]
        assert GROUND.above_ground_m(walk).min() > -1.0
    assert np.all(np.isinf(GROUND.hit_m(start, up)))
    assert GROUND.hit_m(start[0], -up[0]) == pytest.approx(GROUND.above_ground_m(start[0]), abs=0.5)


def test_a_line_past_the_moon_misses_it() -> None:
    far = np.array([4e8, 0.0, 0.0])
    assert math.isinf(float(GROUND.hit_m(far, [-1.0, 0.1, 0.0])))
    assert float(GROUND.hit_m(far, -far)) == pytest.approx(
        4e8 - 1_737_400.0 - float(GROUND.height_m(0.0, 0.0)), abs=1.0
    )


# refusals --------------------------------------------------------------------------------
def test_refusals_say_what_to_write() -> None:
    with pytest.raises(DataError, match=r"no terrain of 'mars' is shipped, only of moon"):
        terrain("mars")
    with pytest.raises(UnknownNameError, match="no body 'mon'"):
        terrain("mon")
    with pytest.raises(InputError, match=r"latitude 69\.5, .*degrees must be converted"):
        GROUND.height_m(69.5, 0.0)
    with pytest.raises(InputError, match=r"longitude nan rad"):
        GROUND.height_m(0.1, [0.0, math.nan])
    with pytest.raises(InputError, match=r"over 0\.0 m: give a length above zero"):
        GROUND.normal(0.0, 0.0, 0.0)
    with pytest.raises(InputError, match="has no direction"):
        GROUND.hit_m([2e6, 0.0, 0.0], [0.0, 0.0, 0.0])


def test_a_damaged_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    layout = json.loads(json.dumps(store.entry("moon_terrain")["layout"])) | {"rows": 1439}
    with pytest.raises(DataError, match="its manifest says 8288640: the file is damaged"):
        room._unpacked("moon_terrain", layout)

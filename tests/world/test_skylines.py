"""Skylines: against rays shot at the ground, and closed forms."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.world import skyline, terrain

GROUND = terrain("moon")
SITES = {
    "boguslawsky": (-69.545, 43.544),
    "mare": (0.674, 23.473),
    "rim of Shackleton": (-89.45, 222.69),
    "south pole": (-90.0, 0.0),
    "peak": (5.441, 201.368),
}


def ball(height_m: float):
    """The Moon with one height everywhere."""
    cells = np.full_like(GROUND._cells, height_m)
    poles = np.array([[height_m, 0.0, 0.0]] * 2)
    return dataclasses.replace(
        GROUND, lowest_m=height_m - 1.0, highest_m=height_m + 1.0, _cells=cells, _poles=poles
    )


@pytest.mark.parametrize("name", SITES)
def test_rays_over_the_edge_are_free_and_under_it_are_not(name: str) -> None:
    """Another road: `hit_m` walks straight lines in space, not arcs over the ground."""
    lat, lon = (math.radians(x) for x in SITES[name])
    edge = skyline(GROUND, lat, lon, above_m=10.0)
    rng = np.random.default_rng(11)
    k = rng.integers(0, 720, 24)
    for shift, free in ((0.02, True), (-0.02, False)):
        e = edge.elevation_rad[k] + math.radians(shift)
        a = edge.azimuth_rad[k]
        way = np.stack([np.cos(e) * np.sin(a), np.cos(e) * np.cos(a), np.sin(e)], axis=1) @ edge.enu
        hit = GROUND.hit_m(edge.place_m, way)
        # a ray looks each eighth of a cell and may slip over a grazed summit
        assert np.mean(np.isinf(hit) == free) > 0.95, (name, shift)


def test_a_ball_dips() -> None:
    for height, above in ((0.0, 2.0), (-1_500.0, 1_000.0)):
        flat = ball(height)
        edge = skyline(flat, 0.5, 1.0, above_m=above, points=24)
        dip = -math.acos((flat.radius_m + height) / (flat.radius_m + height + above))
        np.testing.assert_allclose(edge.elevation_rad, dip, atol=1.5e-5)
        reach = (flat.radius_m + height) * math.tan(-dip)
        assert np.abs(edge.distance_m / reach - 1.0).max() < 0.2
        assert edge.ground_m == pytest.approx(height)


def test_finer_steps_change_little(monkeypatch: pytest.MonkeyPatch) -> None:
    from cosmodrome.world import skylines

    lat, lon = (math.radians(x) for x in SITES["boguslawsky"])
    coarse = skyline(GROUND, lat, lon, points=90)
    monkeypatch.setattr(skylines, "_GROWTH", 1.004)
    arcs = skylines._arcs
    monkeypatch.setattr(
        skylines,
        "_arcs",
        lambda g, w: arcs(dataclasses.replace(g, cell_rad=0.1 * g.cell_rad), w),
    )
    fine = skyline(GROUND, lat, lon, points=90)
    assert np.degrees(np.abs(fine.elevation_rad - coarse.elevation_rad)).max() < 0.01


def test_the_table_is_read_around_the_turn() -> None:
    edge = skyline(GROUND, 0.3, 0.2, points=90)
    np.testing.assert_allclose(edge.mask_rad(edge.azimuth_rad), edge.elevation_rad, atol=1e-14)
    gap = 2.0 * math.pi / 90
    between = edge.mask_rad(np.array([-0.5 * gap, 2.0 * math.pi - 0.5 * gap, 359.5 * gap]))
    want = 0.5 * (edge.elevation_rad[-1] + edge.elevation_rad[0])
    np.testing.assert_allclose(between[:2], want, atol=1e-14)
    assert np.all(edge.doubt_rad > 0.0)
    assert edge.doubt_rad.max() <= math.atan2(edge.error_rms_m, edge.cell_m)


def test_refusals() -> None:
    with pytest.raises(InputError, match=r"-1\.0 m over the ground"):
        skyline(GROUND, 0.0, 0.0, above_m=-1.0)
    with pytest.raises(InputError, match="along 4 azimuths"):
        skyline(GROUND, 0.0, 0.0, points=4)
    with pytest.raises(InputError, match="degrees must be converted"):
        skyline(GROUND, -69.5, 43.5)

"""Walker patterns, and streets of coverage against a flown design."""

import math

import numpy as np
import pytest

from cosmodrome.coverage import Grid, streets, walker
from cosmodrome.coverage.asked import read_walker
from cosmodrome.dynamics import preset, propagate_many
from cosmodrome.errors import InputError
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

EPOCH = Epoch.from_utc("2026-03-01T06:00:00Z")


def test_the_pattern_of_galileo():
    """56 deg: 24/3/1 (Galileo OS SIS ICD, issue 2.1): nodes 120 deg apart, 45 deg in a plane,
    the next plane's satellite 15 deg ahead.
    """
    made = walker(math.radians(56.0), 24, 3, 1, 23_222e3, EPOCH)
    raan = np.degrees([e.raan_rad for e in made.elements])
    u = np.degrees([e.true_anomaly_rad for e in made.elements])
    np.testing.assert_allclose(raan, np.repeat([0.0, 120.0, 240.0], 8), atol=1e-9)
    np.testing.assert_allclose(u[:8], 45.0 * np.arange(8), atol=1e-9)
    np.testing.assert_allclose(u[8] - u[0], 15.0, atol=1e-9)
    np.testing.assert_allclose(u[16] - u[0], 30.0, atol=1e-9)


def test_a_star_spreads_its_nodes_over_half_a_turn():
    made = walker(math.radians(86.4), 66, 6, 2, 780e3, EPOCH, star=True)
    assert len(made) == 66
    assert math.degrees(made.elements[11].raan_rad) == pytest.approx(30.0)


def test_satellites_of_a_plane_keep_their_distance():
    """Mean elements: after a day the angles in a plane are even but for the short periods of J2
    (measured: 0.094 deg). Osculating axes, 9 km apart, would part them by ten degrees.
    """
    world = World.shipped()
    made = walker(math.radians(53.0), 8, 1, 0, 550e3, EPOCH)
    flown = propagate_many(EPOCH, made.states(world), preset("fast"), 86_400.0, world=world)
    r = flown.ends[:, :3] / np.linalg.norm(flown.ends[:, :3], axis=1)[:, None]
    apart = np.degrees(np.arccos(np.sum(r * np.roll(r, -1, axis=0), axis=1)))
    assert np.max(np.abs(apart - 45.0)) < 0.15


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("53 deg: 40/7/1, 550 km", "divides the total"),
        ("53 deg: 40/5/5, 550 km", "0 to p - 1"),
        ("53 deg: 40/5/1, 50 km", "an altitude of 50 km"),
        ("53: 40/5/1, 550 km", "unit"),
        ("40/5/1", "cannot be read"),
        ("200 deg: 40/5/1, 550 km", "inclination of 200 deg"),
    ],
)
def test_patterns_that_are_none(text, why):
    with pytest.raises(InputError, match=why):
        read_walker(text, EPOCH)


def test_streets_of_iridium():
    """66 satellites in 6 planes at 780 km close the globe at a mask of 8.2 deg (Maine, Devieux &
    Swan 1995, WESCON '95, 483), and do so barely: not at 9 deg, not with 60.
    """
    assert streets(66, 6, 780e3, math.radians(8.2)).continuous
    assert streets(66, 6, 780e3, math.radians(8.2)).spanned_rad == pytest.approx(math.pi, abs=0.01)
    assert not streets(66, 6, 780e3, math.radians(9.0)).continuous
    assert not streets(60, 6, 780e3, math.radians(8.2)).continuous


def test_grids_have_the_ellipsoids_area():
    """Shares of the zone between the tropics; a sphere would say 0.39875 for 23.5 deg."""
    # Snyder 1987, eq. 3-12 by hand: q(23.5 deg) / q(90 deg) with e^2 = 0.00669438
    for grid in (Grid.rings(math.radians(1.0)), Grid.lattice(*[math.radians(0.5)] * 2)):
        inside = np.abs(grid.latitude_rad) < math.radians(30.0)
        assert grid.share.sum() == pytest.approx(1.0, abs=1e-12)
        assert grid.share[inside].sum() == pytest.approx(0.498320, abs=2e-6)
    spiral = Grid.spiral(100_000)
    inside = np.abs(spiral.latitude_rad) < math.radians(30.0)
    assert spiral.share[inside].sum() == pytest.approx(0.498320, abs=2e-5)


def test_a_polygon_across_the_antimeridian():
    grid = Grid.lattice(math.radians(2.0), math.radians(2.0))
    fiji = grid.inside([[(170.0, -22.0), (-170.0, -22.0), (-170.0, -10.0), (170.0, -10.0)]])
    assert len(fiji) == 60
    assert fiji.share.sum() == pytest.approx(1.0)
    with pytest.raises(InputError, match="no point of"):
        grid.inside([[(0.1, 0.1), (0.2, 0.1), (0.2, 0.2)]])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Grid.rings(0.0),
        lambda: Grid.rings(math.radians(5.0), 1.0, 0.5),
        lambda: Grid.lattice(0.1, 0.0),
        lambda: Grid.spiral(0),
        lambda: Grid.points([2.0], [0.0]),
        lambda: Grid.points([math.nan], [0.0]),
        lambda: Grid.points([], []),
        lambda: Grid.points([0.0], [0.0], [1e6]),
    ],
)
def test_grids_that_are_none(make):
    with pytest.raises(InputError):
        make()

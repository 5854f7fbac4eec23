import numpy as np
import pytest

from cosmodrome.dynamics.tables import body_table, chebyshev, density_table, rotation_tables
from cosmodrome.mission.nouns import SpaceWeather
from cosmodrome.world.epoch import Epoch

EPOCH = Epoch.from_utc("2027-03-01T05:41:46Z")
DAY = 86_400.0


def test_rotation_against_direct_erfa(shipped_world):
    tables = rotation_tables(shipped_world, "earth", None, EPOCH, 0.0, 3 * DAY)
    t = np.random.default_rng(1).uniform(0, 3 * DAY, 60)
    got = tables.matrix(t)
    want = np.stack([shipped_world.orientation.itrf_from_gcrf(EPOCH + x).matrix for x in t])
    error = np.linalg.norm(got - want, axis=(1, 2))
    # measured 4e-12: an instant of a nanosecond turns the Earth by 7e-14
    assert error.max() < 1e-11


def test_spin_axis_is_the_celestial_intermediate_pole(shipped_world):
    tables = rotation_tables(shipped_world, "earth", None, EPOCH, 0.0, 3 * DAY)
    t = np.linspace(0, 3 * DAY, 15)
    want = np.stack([shipped_world.orientation.cip_gcrf(EPOCH + x) for x in t])
    assert np.max(np.abs(tables.pole.at(t) - want)) < 1e-10


@pytest.mark.parametrize("body", ["sun", "moon", "jupiter"])
def test_places_against_the_ephemeris(shipped_world, body):
    table = body_table(shipped_world, body, EPOCH, 0.0, 10 * DAY)
    t = np.random.default_rng(2).uniform(0, 10 * DAY, 200)
    want = shipped_world.ephemeris.positions_m(body, EPOCH, t)
    error = np.linalg.norm(table.at(t) - want, axis=1)
    # rounding of the place itself: 3e-5 m for the Sun
    assert error.max() < 1e-3 + 1e-15 * np.linalg.norm(want[0])


def test_chebyshev_reproduces_polynomials():
    table = chebyshev(lambda t: np.stack([t**3, 1 - t], axis=1), -1.0, 0.5, 4, 6)
    t = np.linspace(-1, 1, 41)
    np.testing.assert_allclose(table.at(t), np.stack([t**3, 1 - t], axis=1), atol=1e-14)


def test_density_is_cut_to_what_the_model_serves(shipped_world):
    quiet = SpaceWeather(f107=120.0, f107a=120.0, ap=7.0)
    table = density_table(shipped_world, quiet, EPOCH, 0.0, 3600.0, (60e3, 120e3))
    assert table is not None
    assert table.heights_m[0] == pytest.approx(90e3)
    assert density_table(shipped_world, quiet, EPOCH, 0.0, 3600.0, (2e7, 3e7)) is None

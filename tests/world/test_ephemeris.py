"""DE440 against two other readers of the whole file, and against its own derivative."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cosmodrome.errors import DataSpanError, UnknownNameError
from cosmodrome.world.bodies import AU_M, BODIES, EARTH_MOON_MASS_RATIO, MOON
from cosmodrome.world.ephemeris import tdb_clock
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.moon_orientation import MoonOrientation

if TYPE_CHECKING:
    from cosmodrome.world.world import World

TRUTH = Path(__file__).parents[1] / "truth" / "world" / "de440_reference.json"


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(TRUTH.read_text(encoding="utf-8"))
    return data


def test_sun_and_moon_equal_two_readers(shipped_world: World, truth: dict[str, Any]) -> None:
    day, s = np.divmod(np.array(truth["tdb_s"], dtype=np.float64), 86400.0)
    for name, places in truth["jplephem_km"].items():
        ours = shipped_world.ephemeris.positions_at_tdb_m(name, day, s)
        expected = np.array(places) * 1e3
        # 1 mm; for the outer planets the last bit of the distance itself (4.5e12 m) is 1 mm
        bar = 1e-3 if np.abs(expected).max() < 1e12 else 2e-3
        assert np.abs(ours - expected).max() <= bar, name
    for name, states in truth["spice_km_km_s"].items():
        ours = shipped_world.ephemeris.positions_at_tdb_m(name, day, s)
        assert np.abs(ours - np.array(states)[:, :3] * 1e3).max() <= 1e-3, name


def test_velocities_equal_spice(shipped_world: World, truth: dict[str, Any]) -> None:
    for name, states in truth["spice_km_km_s"].items():
        for t, state in list(zip(truth["tdb_s"], states, strict=True))[::5]:
            tdb = Epoch(t * 1_000_000_000).tt().replace("TT", "TDB")
            v = shipped_world.ephemeris.velocity_m_s(name, Epoch.from_tdb(tdb))
            np.testing.assert_allclose(v, np.array(state[3:]) * 1e3, atol=1e-9, rtol=0.0)


def test_places_through_epochs_use_tdb(shipped_world: World, truth: dict[str, Any]) -> None:
    t = truth["tdb_s"][20]
    tdb = Epoch.from_tdb(Epoch(t * 1_000_000_000).tt().replace("TT", "TDB"))
    ours = shipped_world.ephemeris.position_m("moon", tdb)
    assert np.abs(ours - np.array(truth["jplephem_km"]["moon"][20]) * 1e3).max() <= 1e-3
    # TT taken for TDB would put the Sun 30 km/s * 1.6 ms = 40 m off at most
    late = shipped_world.ephemeris.position_m("sun", tdb + 1e-3)
    moved = np.linalg.norm(late - shipped_world.ephemeris.position_m("sun", tdb))
    assert 25.0 < moved < 35.0


def test_many_equal_one_by_one(shipped_world: World) -> None:
    start = Epoch.from_utc("2027-03-01T05:41:46Z")
    t = np.linspace(-4e6, 4e6, 301)
    many = shipped_world.ephemeris.positions_m("moon", start, t)
    for k in (0, 99, 300):
        one = shipped_world.ephemeris.position_m("moon", start + float(t[k]))
        assert np.abs(many[k] - one).max() < 2e-6
    assert shipped_world.ephemeris.positions_m("moon", start, np.empty(0)).shape == (0, 3)


@pytest.mark.parametrize("name", ["sun", "moon", "venus", "jupiter"])
def test_velocity_is_the_derivative_across_records(shipped_world: World, name: str) -> None:
    # per second of TDB, which runs up to 3e-10 off TT: 1e-5 m/s at 30 km/s
    eph = shipped_world.ephemeris
    start = Epoch.from_tt("2027-03-01T00:00:00TT")
    t = np.linspace(0.0, 40 * 86400.0, 81)  # crosses records of 4, 16 and 32 days
    day, s = tdb_clock(start, t)
    h = 600.0

    def at(shift: float) -> np.ndarray:
        return eph.positions_at_tdb_m(name, day, s + shift)

    difference = (8.0 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12.0 * h)
    assert np.abs(eph.velocities_m_s(name, start, t) - difference).max() < 1e-6


def test_centres_are_consistent(shipped_world: World) -> None:
    eph = shipped_world.ephemeris
    when = Epoch.from_utc("2030-06-01T00:00:00Z")
    moon = eph.position_m("moon", when)
    np.testing.assert_allclose(eph.position_m("earth", when, "moon"), -moon, atol=1e-6)
    np.testing.assert_allclose(
        eph.position_m("sun", when, "moon"), eph.position_m("sun", when) - moon, atol=1e-3
    )
    # the barycentre lies on the line to the Moon, at mass ratio 1 / (1 + EMRAT)
    emb = eph.position_m("emb", when)
    np.testing.assert_allclose(emb, moon / (1.0 + EARTH_MOON_MASS_RATIO), atol=1e-5)
    assert np.array_equal(eph.position_m("earth", when), np.zeros(3))


def test_distances_known_from_astronomy(shipped_world: World) -> None:
    eph = shipped_world.ephemeris
    # perihelion 2027-01-03 02:33 UTC (USNO, Earth's seasons): 0.98333 au
    near = eph.position_m("sun", Epoch.from_utc("2027-01-03T02:33:00Z"))
    assert np.linalg.norm(near) / AU_M == pytest.approx(0.98333, abs=1e-5)
    # total solar eclipse of 2027-08-02, greatest 10:06:36 UTC (NASA, Espenak): the Moon stands
    # before the Sun as seen from the geocentre within 0.15 deg
    when = Epoch.from_utc("2027-08-02T10:06:36Z")
    s, m = (eph.position_m(b, when) for b in ("sun", "moon"))
    angle = np.degrees(np.arccos(s @ m / np.linalg.norm(s) / np.linalg.norm(m)))
    # gamma = 0.1421 Earth radii at the Moon's distance
    assert angle == pytest.approx(np.degrees(0.1421 * 6378.1 / 357_000.0), abs=0.02)


def test_refusals(shipped_world: World) -> None:
    eph = shipped_world.ephemeris
    with pytest.raises(UnknownNameError, match="Did you mean 'jupiter'"):
        eph.position_m("jupitr", Epoch(0))
    with pytest.raises(DataSpanError, match="outside its span 1961-12-01"):
        eph.position_m("moon", Epoch.from_tt("1961-01-01T00:00:00TT"))
    with pytest.raises(DataSpanError, match="2061-02-01"):
        eph.position_m("sun", Epoch.from_tt("2062-01-01T00:00:00TT"))
    assert {"earth", "emb", "ssb", *BODIES} <= set(eph.bodies)


def test_tdb_between_hours_is_direct(shipped_world: World) -> None:
    start = Epoch.from_utc("2027-03-01T05:41:46Z")
    t = np.linspace(0.0, 86400.0, 1000)
    _, many = tdb_clock(start, t)
    for k in (0, 333, 999):
        _, one = tdb_clock(start, t[k : k + 1])
        assert abs(many[k] - one[0]) < 1e-10


def test_moon_principal_axes_equal_spice(truth: dict[str, Any]) -> None:
    moon = MoonOrientation()
    for t, matrix, change in zip(
        truth["tdb_s"],
        truth["moon_pa_from_icrf"],
        truth["moon_pa_from_icrf_per_s"],
        strict=True,
    ):
        epoch = Epoch.from_tdb(Epoch(t * 1_000_000_000).tt().replace("TT", "TDB"))
        r = moon.pa_from_gcrf(epoch)
        # the spin angle reaches 5e3 rad in 60 years: its last bit is 1e-12 rad
        assert np.abs(r.matrix - np.array(matrix)).max() < 3e-12
        assert r.rate is not None
        w = r.rate
        skew = np.array([[0, -w[2], w[1]], [w[2], 0, -w[0]], [-w[1], w[0], 0]])
        assert np.abs(-skew @ r.matrix - np.array(change)).max() < 1e-17


def test_mean_earth_axes_lie_875_m_from_principal_axes() -> None:
    r = MoonOrientation().me_from_pa()
    assert (r.to, r.of) == ("moon-me", "moon-pa")
    np.testing.assert_allclose(r.matrix @ r.matrix.T, np.eye(3), atol=1e-15)
    angle = np.arccos((np.trace(r.matrix) - 1.0) / 2.0)
    # "up to 875 m on the surface" (the usual figure for DE421; DE440 is alike)
    assert angle * MOON.radius_m == pytest.approx(875.0, abs=5.0)


def test_moon_orientation_refuses_beyond_its_span() -> None:
    with pytest.raises(DataSpanError, match="Moon's orientation"):
        MoonOrientation().pa_from_gcrf(Epoch.from_tt("2062-01-01T00:00:00TT"))

"""GCRF to ITRF and to the true equator and equinox: ERFA, Orekit, and finite differences."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import erfa
import numpy as np
import pytest

from cosmodrome.errors import DataSpanError
from cosmodrome.world import store
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.orientation import ERA_RATE_RAD_S, EarthOrientation, RotationTable

if TYPE_CHECKING:
    from cosmodrome.world.world import World

TRUTH = Path(__file__).parents[1] / "truth" / "world" / "orekit_rotations.json"
MILLIARCSEC = np.pi / 648000.0 * 1e-3


@pytest.fixture(scope="module")
def earth(shipped_world: World) -> EarthOrientation:
    return shipped_world.orientation


def angles(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Small rotation vector that takes `b` to `a`."""
    w = a @ np.swapaxes(b, -1, -2)
    return 0.5 * np.stack(
        [w[..., 2, 1] - w[..., 1, 2], w[..., 0, 2] - w[..., 2, 0], w[..., 1, 0] - w[..., 0, 1]],
        axis=-1,
    )


# windows over the whole span: the first days, before and over 1972, leap seconds, the table's
# joins and end, the years extrapolated and held, the last year
WINDOWS = [
    "1962-01-01T00:00:10Z", "1965-12-31T10:00:00Z", "1971-12-31T12:00:00Z",
    "1984-02-29T00:00:00Z", "1999-12-31T12:00:00Z", "2016-12-31T18:00:00Z",
    "2026-09-29T00:00:00Z", "2027-03-01T05:41:46Z", "2027-10-28T12:00:00Z",
    "2029-10-27T12:00:00Z", "2045-06-15T06:00:00Z", "2060-12-29T00:00:00Z",
]  # fmt: skip


@pytest.mark.parametrize("start", WINDOWS)
def test_interpolated_rotations_equal_direct_erfa(earth: EarthOrientation, start: str) -> None:
    epoch = Epoch.from_utc(start)
    table = earth.table(epoch, epoch + 2.5 * 86400.0)
    rng = np.random.default_rng(int(epoch.ns % 1000))
    t = np.sort(rng.uniform(0.0, 2.5 * 86400.0, 25))
    fast = table.rotation(t)
    direct = [earth.itrf_from_gcrf(epoch + float(x)) for x in t]
    error = angles(fast.matrix, np.stack([d.matrix for d in direct]))
    # 1e-11 rad is the bar; Epoch rounds to the ns, which is 7e-14 rad of spin
    assert np.abs(error).max() < 1e-12
    assert fast.rate is not None
    assert np.abs(fast.rate - np.stack([d.rate for d in direct])).max() < 1e-16
    np.testing.assert_array_equal(fast.matrix, table.matrix(t))
    many = earth.itrf_from_gcrf_many(epoch, t)
    assert np.abs(angles(many.matrix, fast.matrix)).max() < 1e-13


def test_interpolated_rotations_over_the_whole_span(earth: EarthOrientation) -> None:
    rng = np.random.default_rng(1962)
    first = Epoch.from_utc("1962-01-01T00:00:10Z")
    span = Epoch.from_utc("2060-12-31T00:00:00Z") - first
    worst = 0.0
    for x in rng.uniform(0.0, span, 1500):
        epoch = first + float(x)
        table = earth.table(epoch, epoch + 10.0)
        worst = max(worst, np.abs(angles(table.matrix(7.0), _direct(earth, epoch + 7.0))).max())
    assert worst < 1e-12


def _direct(earth: EarthOrientation, epoch: Epoch) -> np.ndarray:
    return earth.itrf_from_gcrf(epoch).matrix


def test_equals_erfas_own_assembly(earth: EarthOrientation) -> None:
    # c2tcio from the parts, by ERFA's routine rather than by products written here
    for text in WINDOWS:
        epoch = Epoch.from_utc(text)
        tt1, tt2 = epoch.jd_tt
        day_s = epoch.ns / 1e9
        p = earth.parameters.at(np.array([day_s]))
        x, y, s = erfa.xys06a(tt1, tt2)
        c2i = erfa.c2ixys(x + p.pole[0, 2], y + p.pole[0, 3], s)
        ut = tt2 + (p.ut1_minus_tai_s[0] - 32.184) / 86400.0
        pom = erfa.pom00(p.pole[0, 0], p.pole[0, 1], erfa.sp00(tt1, tt2))
        whole = erfa.c2tcio(c2i, erfa.era00(tt1, ut), pom)
        assert np.abs(angles(whole, earth.itrf_from_gcrf(epoch).matrix)).max() < 1e-14
        np.testing.assert_allclose(
            earth.cip_gcrf(epoch), c2i[2], atol=1e-15
        )  # the pole is the third row
        assert earth.era_rad(epoch) == pytest.approx(float(erfa.era00(tt1, ut)), abs=1e-12)


def test_equals_erfas_equinox_road(earth: EarthOrientation) -> None:
    # c2t06a goes by the equinox-based matrix; without pole offsets the two roads meet
    epoch = Epoch.from_utc("1983-05-01T12:00:00Z")
    tt1, tt2 = epoch.jd_tt
    ut1 = tt2 + (earth.ut1_minus_tai_s(epoch) - 32.184) / 86400.0
    xp, yp = earth.polar_motion_rad(epoch)
    other = erfa.c2t06a(tt1, tt2, tt1, ut1, xp, yp)
    gap = angles(other, earth.itrf_from_gcrf(epoch).matrix)
    p = earth.parameters.at(np.array([epoch.ns / 1e9]))
    # what is left is the observed pole offset, turned into Earth-fixed axes
    assert np.hypot(gap[0], gap[1]) == pytest.approx(np.hypot(*p.pole[0, 2:]), rel=1e-3)
    assert abs(gap[2]) < 1e-11


@pytest.mark.truth
def test_equals_orekit() -> None:
    truth: dict[str, Any] = json.loads(TRUTH.read_text(encoding="utf-8"))
    if truth["earth_orientation_sha256"] != store.entry("earth_orientation")["sha256"]:
        pytest.fail("the shipped Earth orientation is newer than the stored Orekit rotations;"
                    " run tests/truth/world/make_orekit_rotations.py")  # fmt: skip
    earth = EarthOrientation.shipped()
    for k, t in enumerate(truth["tt_s"]):
        epoch = Epoch(t * 1_000_000_000)
        ours = earth.itrf_from_gcrf(epoch)
        gap = angles(ours.matrix, np.array(truth["simple"][k]))
        # the spin: both use the same UT1 and the same Earth Rotation Angle
        assert abs(gap[2]) < 3e-12
        # the pole: Orekit interpolates it by a Hermite polynomial with estimated rates, here
        # it is the IERS four-point Lagrange polynomial; up to 0.06 mas, 2 mm on the ground
        assert np.hypot(gap[0], gap[1]) < 4e-10
        # with Orekit's own pole the rest, its interpolated nutation, meets the bar of 1e-11
        xp, yp = truth["simple_pole_rad"][k]
        sp = erfa.sp00(*epoch.jd_tt)
        swap = erfa.pom00(xp, yp, sp) @ erfa.pom00(*earth.polar_motion_rad(epoch), sp).T
        rest = angles(swap @ ours.matrix, np.array(truth["simple"][k]))
        assert np.abs(rest).max() < 1e-11
        # sub-daily tides, not modelled here: within 6e-9 rad, 4 cm on the ground
        tide = angles(ours.matrix, np.array(truth["tidal"][k]))
        assert np.abs(tide).max() < 6e-9
        assert ours.rate is not None
        assert np.abs(ours.rate - np.array(truth["simple_rate"][k])).max() < 5e-13


def test_few_instants_far_apart_need_no_table(earth: EarthOrientation) -> None:
    start = Epoch.from_utc("1970-01-01T00:00:00Z")
    t = np.array([0.0, 1.0e9, 2.0e9])
    many = earth.itrf_from_gcrf_many(start, t)
    assert many.rate is not None
    for k in range(3):
        one = earth.itrf_from_gcrf(start + float(t[k]))
        assert np.abs(angles(many.matrix[k], one.matrix)).max() < 1e-13
        assert one.rate is not None
        np.testing.assert_allclose(many.rate[k], one.rate, atol=1e-17)


def test_rate_is_the_derivative_of_the_matrix(earth: EarthOrientation) -> None:
    for text in ("1970-04-11T19:13:00Z", "2027-03-01T05:41:46Z", "2035-01-01T00:00:00Z"):
        epoch = Epoch.from_utc(text)
        h = 20.0
        table = earth.table(epoch + -2 * h, epoch + 2 * h)
        m = table.matrix(np.array([0.0, h, 2 * h, 3 * h, 4 * h]))
        dm = (8.0 * (m[3] - m[1]) - (m[4] - m[0])) / (12.0 * h)
        w = -dm @ m[2].T
        rate = earth.itrf_from_gcrf(epoch).rate
        assert rate is not None
        # noise of the difference: 1e-16 rad in 20 s; the slow part itself is 1e-11 rad/s
        np.testing.assert_allclose([w[2, 1], w[0, 2], w[1, 0]], rate, atol=3e-16)
        assert np.linalg.norm(rate) == pytest.approx(7.292115e-5, rel=1e-7)


def test_true_equator_and_equinox(earth: EarthOrientation) -> None:
    for text in ("1975-01-01T00:00:00Z", "2027-03-01T05:41:46Z"):
        epoch = Epoch.from_utc(text)
        tod = earth.tod_from_gcrf(epoch)
        tt1, tt2 = epoch.jd_tt
        # the IAU 2006/2000A matrix, apart from the observed pole offsets (below 30 mas)
        model = erfa.pnm06a(tt1, tt2)
        p = earth.parameters.at(np.array([epoch.ns / 1e9]))
        assert np.abs(angles(tod.matrix, model)).max() <= np.abs(p.pole[0, 2:]).max() * 1.01 + 1e-14
        np.testing.assert_allclose(tod.matrix[2], earth.cip_gcrf(epoch), atol=1e-15)
        # from there to ITRF is sidereal time and polar motion
        both = earth.itrf_from_gcrf(epoch) @ tod.T
        assert (both.to, both.of) == ("itrf", "tod")
        xp, yp = earth.polar_motion_rad(epoch)
        pom = erfa.pom00(xp, yp, erfa.sp00(tt1, tt2))
        gast = earth.gast_rad(epoch)
        spin = np.array(
            [[np.cos(gast), np.sin(gast), 0], [-np.sin(gast), np.cos(gast), 0], [0, 0, 1]]
        )
        assert np.abs(angles(pom @ spin, both.matrix)).max() < 1e-14
        ut1 = tt2 + (earth.ut1_minus_tai_s(epoch) - 32.184) / 86400.0
        assert gast == pytest.approx(float(erfa.gst06a(tt1, ut1, tt1, tt2)), abs=1e-11)
        # precession turns the equinox by 50.29 arcsec a year about the ecliptic's pole
        assert tod.rate is not None
        precession = 50.29 / 206264.8 / (365.25 * 86400.0)
        assert np.linalg.norm(tod.rate) == pytest.approx(precession, rel=0.6)
        h = 3600.0
        before, after = (earth.tod_from_gcrf(epoch + x).matrix for x in (-h, h))
        w = -(after - before) / (2.0 * h) @ tod.matrix.T
        # the last bit of a matrix, 1e-16, over the step of 600 s
        np.testing.assert_allclose([w[2, 1], w[0, 2], w[1, 0]], tod.rate, atol=5e-16, rtol=0.0)
        many = earth.tod_from_gcrf_many(epoch, np.array([0.0, 60.0]))
        np.testing.assert_allclose(many.matrix[0], tod.matrix, atol=1e-15)


def test_ground_speed_of_a_satellite_over_the_equator(earth: EarthOrientation) -> None:
    # a point fixed to the ground moves eastward at omega x r in GCRF
    epoch = Epoch.from_utc("2027-03-01T05:41:46Z")
    r = earth.itrf_from_gcrf(epoch)
    back_r, back_v = r.T.velocity(np.array([6378137.0, 0.0, 0.0]), np.zeros(3))
    assert np.linalg.norm(back_v) == pytest.approx(465.101, abs=1e-3)
    assert back_v @ back_r == pytest.approx(0.0, abs=1e-4)


def test_ut1_is_known(earth: EarthOrientation) -> None:
    # IERS C04: UT1 - UTC on 1962-01-01 0.0326338 s and on 2017-01-01 0.591269 s (rounded)
    assert earth.ut1_minus_utc_s(Epoch.from_utc("1962-01-01T00:00:00Z")) == pytest.approx(
        0.0326338, abs=1e-7
    )
    assert earth.ut1_minus_utc_s(Epoch.from_utc("2017-01-01T00:00:00Z")) == pytest.approx(
        0.5912, abs=2e-4
    )
    # no leap in UT1 - TAI over the leap second of 2016-12-31, one whole second in UT1 - UTC
    before = Epoch.from_utc("2016-12-31T23:59:59Z")
    step = earth.ut1_minus_tai_s(before + 2.0) - earth.ut1_minus_tai_s(before)
    assert abs(step) < 1e-7
    leap = earth.ut1_minus_utc_s(before + 3.0) - earth.ut1_minus_utc_s(before)
    assert leap == pytest.approx(1.0, abs=1e-6)
    p = earth.parameters.at(np.array([before.ns / 1e9]))
    assert p.ut1_rate[0] * ERA_RATE_RAD_S == pytest.approx(0.0, abs=1e-11)


def test_status_names_what_is_known(earth: EarthOrientation) -> None:
    seen = [
        earth.status(Epoch.from_utc(t))
        for t in (
            "2020-01-01T00:00:00Z",
            "2027-03-01T00:00:00Z",
            "2028-10-29T00:00:00Z",
            "2035-01-01T00:00:00Z",
        )
    ]
    assert [s.kind for s in seen] == ["observed", "predicted", "extrapolated", "held"]
    sigma = [s.sigma_ut1_s for s in seen]
    assert sigma == sorted(sigma)
    assert sigma[0] < 1e-4
    # measured on C04: 87 ms rms after a year, 40 m at the equator
    assert sigma[2] == pytest.approx(0.09, abs=0.005)
    assert sigma[3] > 0.4
    assert "observed to" in seen[0].note
    assert "newer finals2000A" in seen[3].note


def test_beyond_the_table_ut1_goes_on_and_is_held(earth: EarthOrientation) -> None:
    end = earth.parameters.last_s
    year = 365.25 * 86400.0
    p = earth.parameters.at(end + np.array([-1.0, 0.0, 1.0, year, 2.0 * year, 3.0 * year]))
    u = p.ut1_minus_tai_s
    assert abs(u[2] - u[0]) < 1e-7  # continuous
    assert u[3] - u[1] == pytest.approx(u[4] - u[3], abs=1e-12)
    assert u[5] == u[4]
    assert p.ut1_rate[5] == 0.0
    np.testing.assert_array_equal(p.pole[1], p.pole[5])
    # the slope is the last year's mean: between +1 and -2 s a year since 1972
    assert -2.0 < u[3] - u[1] < 1.0


def test_refusals(earth: EarthOrientation) -> None:
    with pytest.raises(DataSpanError, match="begins on 1962-01-01"):
        earth.itrf_from_gcrf(Epoch.from_tt("1961-12-31T00:00:00TT"))
    start = Epoch.from_utc("2027-03-01T00:00:00Z")
    with pytest.raises(DataSpanError, match="runs backwards"):
        earth.table(start, start + -1.0)
    table = RotationTable.build(earth.parameters, start, start + 100.0)
    assert table.matrix(0.0).shape == (3, 3)
    assert table.rotation(50.0).matrix.shape == (3, 3)
    with pytest.raises(DataSpanError, match="build a longer one"):
        table.matrix(101.0)
    empty = earth.itrf_from_gcrf_many(start, np.empty(0))
    assert empty.matrix.shape == (0, 3, 3)

"""States moved between centres and frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.errors import DataSpanError, FrameMismatchError, UnknownNameError
from cosmodrome.world.centre import expressed, offset, recentred
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF, ITRF, MOON_ME, MOON_PA, TOD, Frame, gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from cosmodrome.world.world import World

EPOCH = Epoch.from_utc("2027-03-01T05:41:46Z")
ATTITUDE = np.array([0.5, 0.5, -0.5, 0.5])
FRAMES = [
    GCRF, ITRF, TOD, MOON_PA, MOON_ME, gcrf("moon"), gcrf("sun"), gcrf("mars"),
    Frame("mars", "iau-mars", False), Frame("moon", "moon-pa-de430", False),
    Frame("moon", "itrf", False),
]  # fmt: skip


def state(epoch: Epoch = EPOCH, frame: Frame = GCRF) -> State:
    rng = np.random.default_rng(5)
    root = rng.normal(size=(6, 6)) * np.array([50.0, 40.0, 30.0, 0.1, 0.2, 0.3])
    return State(
        epoch, frame, np.array([6.9e6, -1.2e6, 2.5e5]), np.array([1.1e3, 6.9e3, 2.8e3]), 450.0,
        ATTITUDE, np.array([1e-3, 0.0, 2e-3]), root.T @ root,
    )  # fmt: skip


@pytest.mark.truth
def test_the_earth_seen_from_the_moon_as_naif_prints_it(shipped_world: World) -> None:
    # example program of NAIF's moon_de440_220930.tf: state of the Earth relative to the Moon,
    # DE440, 2022 SEP 30 0h TDB; km and km/s, printed to 1 m and 1e-5 m/s
    printed = {
        MOON_ME: [374008.654, -23435.970, 10141.334, -0.02638134, 0.04532757, 0.11894164],
        MOON_PA: [373997.028, -23558.987, 10284.057, -0.02641181, 0.04533642, 0.11893151],
    }
    centre = State(Epoch.from_tdb("2022-09-30T00:00:00TDB"), GCRF, np.zeros(3), np.zeros(3), 1.0)
    for frame, six in printed.items():
        seen = expressed(centre, frame, shipped_world)
        assert seen.frame == frame
        # half a unit of the last digit, and 0.13 m where its kernels keep the full files
        np.testing.assert_allclose(seen.r_m, np.array(six[:3]) * 1e3, atol=0.51)
        np.testing.assert_allclose(seen.v_m_s, np.array(six[3:]) * 1e3, atol=0.6e-5)


def test_there_and_back_between_earth_and_moon(shipped_world: World) -> None:
    here = state()
    there = recentred(here, "moon", shipped_world)
    assert there.frame == gcrf("moon")
    np.testing.assert_allclose(
        there.r_m, here.r_m - shipped_world.ephemeris.position_m("moon", EPOCH), atol=1e-6
    )
    back = recentred(there, "earth", shipped_world)
    # one bit of 4e8 m is 6e-8 m
    np.testing.assert_allclose(back.r_m, here.r_m, atol=1e-7, rtol=0.0)
    np.testing.assert_allclose(back.v_m_s, here.v_m_s, atol=1e-12, rtol=0.0)
    assert back.frame == GCRF
    assert recentred(here, "earth", shipped_world) is here
    assert there.mass_kg == here.mass_kg
    np.testing.assert_array_equal(there.attitude, here.attitude)
    np.testing.assert_array_equal(there.covariance, here.covariance)


@pytest.mark.parametrize(("body", "size"), [("moon", 2e-8), ("sun", 1e-6), ("mars", 1e-6)])
def test_velocity_is_the_derivative_of_the_place_by_tt(
    shipped_world: World, body: str, size: float
) -> None:
    h = 1200.0
    t = np.array([-2 * h, -h, h, 2 * h])
    r = shipped_world.ephemeris.positions_m(body, EPOCH, t)
    slope = (8.0 * (r[2] - r[1]) - (r[3] - r[0])) / (12.0 * h)
    place, velocity = offset(shipped_world, body, "earth", EPOCH)
    np.testing.assert_array_equal(place, shipped_world.ephemeris.position_m(body, EPOCH))
    # rounding of places over 1200 s: 3e-5 m for the Sun; the step's error stays below it
    np.testing.assert_allclose(velocity, slope, atol=size, rtol=0.0)
    per_tdb = shipped_world.ephemeris.velocity_m_s(body, EPOCH)
    part = float(np.linalg.norm(velocity - per_tdb) / np.linalg.norm(velocity))
    assert 1e-11 < part < 3.4e-10


@pytest.mark.parametrize("frame", FRAMES, ids=str)
def test_every_frame_there_and_back(shipped_world: World, frame: Frame) -> None:
    here = state()
    there = expressed(here, frame, shipped_world)
    assert there.frame == frame
    back = expressed(there, GCRF, shipped_world)
    far = np.linalg.norm(there.r_m)
    # a few bits of the larger distance, and of its speed in turning axes
    np.testing.assert_allclose(back.r_m, here.r_m, atol=1e-15 * far + 1e-8, rtol=0.0)
    np.testing.assert_allclose(
        back.v_m_s, here.v_m_s, atol=1e-15 * (7.3e-5 * far + 1e5) + 1e-11, rtol=0.0
    )
    assert there.covariance is not None
    assert back.covariance is not None
    np.testing.assert_allclose(back.covariance, here.covariance, rtol=1e-9, atol=1e-9)
    # places keep their spread whatever the axes
    np.testing.assert_allclose(
        np.linalg.eigvalsh(there.covariance[:3, :3]),
        np.linalg.eigvalsh(here.covariance[:3, :3]),
        rtol=1e-10,
    )


@pytest.mark.parametrize("frame", [ITRF, MOON_PA, Frame("mars", "iau-mars", False)], ids=str)
def test_velocity_in_turning_axes_is_the_derivative_there(
    shipped_world: World, frame: Frame
) -> None:
    # a body at rest on inertial axes about the frame's own centre, watched from the ground
    h = 5.0
    still = State(EPOCH, gcrf(frame.centre), np.array([4e6, 3e6, -2e6]), np.zeros(3), 1.0)
    seen = expressed(still, frame, shipped_world)
    r = [
        expressed(
            State(EPOCH + k * h, still.frame, still.r_m, still.v_m_s, 1.0), frame, shipped_world
        ).r_m
        for k in (-1, 1)
    ]
    # error of the difference: w^3 r h^2 / 6 = 8e-6 m/s for the Earth
    np.testing.assert_allclose(seen.v_m_s, (r[1] - r[0]) / (2.0 * h), atol=1.2e-5, rtol=0.0)
    assert np.linalg.norm(seen.v_m_s) > 5.0


def test_covariance_follows_the_state(shipped_world: World) -> None:
    # the map is linear: a small change of the state moves as its covariance's factor does
    here = state()
    there = expressed(here, ITRF, shipped_world)
    d = np.array([30.0, -20.0, 10.0, 0.2, 0.1, -0.3])
    moved = State(
        EPOCH, GCRF, here.r_m + d[:3], here.v_m_s + d[3:], 450.0, covariance=np.outer(d, d)
    )
    seen = expressed(moved, ITRF, shipped_world)
    e = np.concatenate([seen.r_m - there.r_m, seen.v_m_s - there.v_m_s])
    np.testing.assert_allclose(seen.covariance, np.outer(e, e), rtol=1e-7, atol=1e-9)


def test_same_frame_is_the_same_state(shipped_world: World) -> None:
    here = state()
    assert expressed(here, GCRF, shipped_world) is here


def test_refusals(shipped_world: World) -> None:
    fixed = expressed(state(), ITRF, shipped_world)
    with pytest.raises(
        FrameMismatchError, match=r"write expressed\(state, gcrf\('moon'\), world\)"
    ):
        recentred(fixed, "moon", shipped_world)
    with pytest.raises(UnknownNameError, match="Did you mean 'moon'"):
        recentred(state(), "mooon", shipped_world)
    with pytest.raises(UnknownNameError, match=r"axes of earth/pad39a are not known"):
        expressed(state(), Frame("earth", "pad39a", True), shipped_world)
    with pytest.raises(UnknownNameError, match="Did you mean 'moon-pa'"):
        expressed(state(), Frame("moon", "moonpa", False), shipped_world)
    late = Epoch.from_tt("2065-01-01T00:00:00TT")
    with pytest.raises(DataSpanError, match="outside its span"):
        recentred(state(late), "moon", shipped_world)

"""Guided flights with one thing wrong: kernel and specification, and both against closed forms."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.ascent.flaws import turned_axes
from cosmodrome.errors import InputError
from cosmodrome.maths import Cubics
from cosmodrome.powered.guided_flight import fly_as_specified
from cosmodrome.solvers import guided
from cosmodrome.solvers.guided import Aim, Lanes, Mode, Programme, Section, Status
from tests.levels import available
from tests.powered.small_flights import (
    MU,
    RADIUS,
    SCALE,
    first_section,
    lanes,
    same,
    scattered,
    some,
    two_stages,
    vacuum,
)


def flawed(truth: Lanes) -> Lanes:
    """Eleven lanes, nine of them with one thing wrong."""
    wide = scattered(truth, 11)
    wide.turn[:, 1] = turned_axes(np.array([[0.3], [0.0], [0.0]]))[:, 0]
    wide.turn[:, 2] = turned_axes(np.array([[0.01], [-0.02], [0.015]]))[:, 0]
    wide.pitch[1, 3], wide.yaw[:, 4] = 0.05, -0.02
    wide.late_s[-1, 5], wide.late_s[-1, 6] = 12.3, -7.7
    wide.late_s[-1, 7] = 1e6
    # a second stage that does not light; a first that burns for three times as long
    wide.thrust_n[-1, 8] = wide.flow_kg_s[-1, 8] = 0.0
    wide.length_s[1, 9] *= 3.0
    wide.flow_kg_s[1, 9] /= 3.0
    # a gap in the air, coming down
    wide.thrust_n[:2, 10] *= 0.5
    wide.exit_area_m2[0, 10] *= 0.5
    wide.length_s[2, 10] = 120.0
    return wide


def test_the_kernel_is_its_specification_with_flaws() -> None:
    programme, truth = two_stages()
    truth = flawed(truth)
    spec, out = fly_as_specified(programme, truth), guided.fly(programme, truth)
    np.testing.assert_array_equal(out.status, spec.status)
    np.testing.assert_array_equal(out.unconverged, spec.unconverged)
    apart = (np.abs(out.marks - spec.marks) / SCALE).max(axis=(0, 1))
    # measured 5e-15; the direction that an engine burns on along is where the law ends, which
    # is known to fewer digits: 5e-13
    on = np.isin(np.arange(11), (5, 7))
    assert apart[~on].max() < 2e-14
    assert apart[on].max() < 2e-12


def test_every_level_gives_the_same_bytes_and_no_lane_knows_another() -> None:
    programme, truth = two_stages()
    truth = flawed(truth)
    first = guided.fly(programme, truth, "baseline")
    for level in available()[1:]:
        same(guided.fly(programme, truth, level), first)
    for lane in range(truth.count):
        alone = guided.fly(programme, some(truth, slice(lane, lane + 1)))
        np.testing.assert_array_equal(alone.marks[..., 0], first.marks[..., lane])


def rising() -> tuple[Programme, Lanes]:
    """From rest 50 km above a ball without air or spin into a circle at 300 km, one stage."""
    r = RADIUS + 300e3
    speed = math.sqrt(MU / r)
    aim = Aim(r, speed, 0.0, 1.0, np.array([0.0, 0.0, 1.0]), 0.25, 450.0)
    up = Cubics.of(lambda t: np.stack([1.0 + 0.0 * t, 0.02 * t, 0.0 * t]), 0.0, 30.0, 30)
    sections = (
        Section("climb", 30, Mode.TABLE, -1, False, 6_000.0, 533.0, 30.0),
        Section("burn", 900, Mode.GUIDED, 0, True, 6_000.0, 503.0, 400.0),
    )
    start = np.array([RADIUS + 50e3, 0.0, 0.0, 0.0, 0.0, 0.0])
    programme = Programme(vacuum(), start, up, sections, (aim,))
    return programme, lanes([30.0, 0.0], [9e4, 9e4], [15.0, 15.0], [0.0, 0.0], 8e3, 7.2e3, 4)


def test_from_rest_a_unit_turned_about_the_vertical_turns_the_path() -> None:
    """Nothing was loaded that would not turn along: the closed form is a rotation."""
    programme, truth = rising()
    angle = 0.35
    truth.turn[:, 1:2] = turned_axes(np.array([[angle], [0.0], [0.0]]))
    out = guided.fly(programme, truth)
    assert np.all(out.status == Status.FLOWN)
    c, s = math.cos(angle), math.sin(angle)
    back = np.array([[1.0, 0.0, 0.0], [0.0, c, s], [0.0, -s, c]])
    # measured 2e-8 m and 3e-11 m/s
    for rows, near in ((slice(1, 4), 1e-5), (slice(4, 7), 1e-8)):
        want = back @ out.marks[-1, rows, 0]
        np.testing.assert_allclose(out.marks[-1, rows, 1], want, rtol=0.0, atol=near)


def test_what_was_loaded_is_not_turned() -> None:
    """With a velocity at the start that is believed as it is, the path is no rotation: without
    gravity the true velocity is R' (v_b - v_0) + v_0."""
    programme, truth = rising()
    here = replace(programme.surroundings, mu=1e-3)
    start = programme.start.copy()
    start[4] = 400.0
    section = replace(programme.sections[0], steps=30)
    programme = replace(
        programme, surroundings=here, start=start, sections=(section,), aims=programme.aims
    )
    truth = first_section(truth)
    truth.turn[:, 1:2] = turned_axes(np.array([[0.35], [0.0], [0.0]]))
    out = guided.fly(programme, truth)
    gained = out.marks[0, 4:7] - start[3:, None]
    back = truth.turn[:, 1].reshape(3, 3).T
    np.testing.assert_allclose(gained[:, 1], back @ gained[:, 0], rtol=0.0, atol=1e-9)


def test_a_thrust_off_its_axis_points_where_it_says() -> None:
    """Up from the ground, and to the side that the programme names."""
    programme, truth = rising()
    here = replace(programme.surroundings, mu=1e-3)
    ahead = Cubics.of(lambda t: np.stack([0.0 * t, 1.0 + 0.0 * t, 0.0 * t]), 0.0, 30.0, 1)
    section = replace(programme.sections[0], steps=30)
    programme = replace(programme, surroundings=here, attitude=ahead, sections=(section,), aims=())
    truth = first_section(truth)
    truth.pitch[0, 1], truth.yaw[0, 2] = math.tan(0.1), math.tan(-0.2)
    v = guided.fly(programme, truth).marks[0, 4:7]
    # eastward on the equator: up is x, to the left is z
    assert math.atan2(v[0, 1], v[1, 1]) == pytest.approx(0.1, abs=1e-9)
    assert math.atan2(v[2, 2], v[1, 2]) == pytest.approx(-0.2, abs=1e-9)
    np.testing.assert_allclose(np.linalg.norm(v, axis=0), np.linalg.norm(v[:, 0]), rtol=1e-12)


def test_cut_offs_late_early_and_never() -> None:
    programme, truth = rising()
    truth.late_s[-1] = [0.0, 3.0, -3.0, 1e6]
    out = guided.fly(programme, truth)
    assert np.all(out.status == Status.FLOWN)
    t, left = out.marks[-1, 0], out.left_kg
    assert t[1] - t[0] == pytest.approx(3.0, abs=1e-9)
    assert t[2] - t[0] == pytest.approx(-3.0, abs=1e-9)
    assert left[0] - left[1] == pytest.approx(45.0, abs=1e-6)
    assert left[3] == pytest.approx(0.0, abs=1e-9)
    assert t[3] - t[0] == pytest.approx(left[0] / 15.0, abs=1e-9)
    # the rocket equation along one direction, and three seconds of gravity
    m, r, v = out.marks[-1, 7], out.marks[-1, 1:4], out.marks[-1, 4:7]
    middle = 0.5 * (r[:, 0] + r[:, 1])
    weight = -MU * middle / np.linalg.norm(middle) ** 3
    gained = v[:, 1] - v[:, 0] - 3.0 * weight
    assert np.linalg.norm(gained) == pytest.approx(6_000.0 * math.log(m[0] / m[1]), rel=1e-4)


def test_an_engine_that_does_not_light_falls_freely() -> None:
    programme, truth = rising()
    truth.thrust_n[-1, 1] = truth.flow_kg_s[-1, 1] = 0.0
    truth.late_s[-1, 1] = 1e6
    out = guided.fly(programme, truth)
    assert out.status[1] == Status.GROUND
    assert out.left_kg[1] == pytest.approx(7.2e3)
    r, v = (np.linalg.norm(out.marks[:, rows, 1], axis=1) for rows in (slice(1, 4), slice(4, 7)))
    energy = 0.5 * v * v - MU / r
    assert energy[1] == pytest.approx(energy[0], rel=1e-9)


def test_rows_that_do_not_fit_are_refused() -> None:
    programme, truth = two_stages()
    with pytest.raises(InputError, match="late_s of the lanes has the shape"):
        guided.fly(programme, replace(truth, late_s=truth.late_s[:1]))
    with pytest.raises(InputError, match="nine rows"):
        guided.fly(programme, replace(truth, turn=truth.turn[:3]))


def test_no_turn_is_the_identity_to_the_last_bit() -> None:
    matrices = turned_axes(np.array([[0.0, 0.0], [0.0, 0.3], [0.0, -0.4]]))
    np.testing.assert_array_equal(matrices[:, 0], np.eye(3).ravel())
    m = matrices[:, 1].reshape(3, 3)
    np.testing.assert_allclose(m @ m.T, np.eye(3), atol=1e-15)
    np.testing.assert_allclose(m @ [0.0, 0.3, -0.4], [0.0, 0.3, -0.4], atol=1e-15)
    assert np.trace(m) == pytest.approx(1.0 + 2.0 * math.cos(0.5))

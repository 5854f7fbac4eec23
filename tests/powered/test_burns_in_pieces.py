"""Guided burns whose throttle moves, and burns that lower the orbit: kernel and specification."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.powered.guided_flight import fly_as_specified
from cosmodrome.solvers import guided
from cosmodrome.solvers.guided import Lanes, Mode, Programme, Section, Status
from tests.levels import available
from tests.powered.small_flights import (
    MU,
    RADIUS,
    SCALE,
    aim,
    lanes,
    same,
    scattered,
    straight_up,
    vacuum,
)

LOW, HIGH = RADIUS + 300e3, RADIUS + 700e3
THRUST, FLOW, MASS = 60e3, 20.0, 10e3


def pieces(
    levels: tuple[float, ...], seconds: float = 20.0, up: bool = True
) -> tuple[Programme, Lanes]:
    """From a circle of 300 km to an ellipse of 300 x 700 km at its perigee, or back at it again."""
    speed = [math.sqrt(MU / LOW), math.sqrt(MU * (2.0 / LOW - 2.0 / (LOW + HIGH)))]
    begin, end = speed if up else speed[::-1]
    gained = abs(end - begin)
    lasts = MASS / FLOW * (1.0 - math.exp(-gained * FLOW / THRUST))
    sections, mass = [], MASS
    for k, level in enumerate(levels):
        last = k + 1 == len(levels)
        length = lasts if last else seconds
        steps = 200 if last else 2 * math.ceil(seconds) + 60
        name = f"level {level:g}"
        exhaust, tau = THRUST / FLOW, mass / (level * FLOW)
        sections.append(Section(name, steps, Mode.GUIDED, 0, True, exhaust, tau, length))
        mass -= level * FLOW * length
    there = replace(aim(LOW, end, 0.0, 0.06, lasts), sense=1.0 if up else -1.0)
    programme = Programme(
        vacuum(),
        np.array([LOW, 0.0, 0.0, 0.0, begin, 0.0]),
        straight_up(),
        tuple(sections),
        (there,),
    )
    count = len(levels)
    truth = lanes(
        [*[seconds] * (count - 1), 0.0], [x * THRUST for x in levels], [x * FLOW for x in levels],
        [0.0] * count, MASS, 2_000.0,
    )  # fmt: skip
    # one tank for all of the burn, from its first piece on
    truth.usable_kg[:] = -1.0
    truth.usable_kg[0] = 2_000.0
    return programme, truth


def orbit(out: guided.Outcome, lane: int = 0) -> tuple[float, float]:
    """Perigee and apogee, m."""
    r, v = out.marks[-1, 1:4, lane], out.marks[-1, 4:7, lane]
    a = 1.0 / (2.0 / np.linalg.norm(r) - v @ v / MU)
    e = math.sqrt(max(0.0, 1.0 - np.linalg.norm(np.cross(r, v)) ** 2 / MU / a))
    return float(a * (1.0 - e)), float(a * (1.0 + e))


def test_the_kernel_is_its_specification_over_pieces_and_downwards() -> None:
    for up in (True, False):
        programme, truth = pieces((1.0, 0.8, 0.7, 0.6), 8.0, up)
        wide = scattered(truth, 9)
        wide.density[:] = 1.0
        wide.thrust_n[:, 1] = wide.flow_kg_s[:, 1] = 0.0  # does not light
        wide.usable_kg[0, 2] = 200.0  # dry in the second piece
        wide.thrust_n[:, 3] *= 6.0  # cut off in the first
        wide.late_s[:, 4], wide.late_s[:, 5], wide.late_s[:, 6] = 3.0, -12.0, -500.0
        wide.length_s[:, 7] *= 0.5
        wide.turn[:, 8] = np.array([1.0, -1e-3, 0.0, 1e-3, 1.0, 0.0, 0.0, 0.0, 1.0])
        spec, out = fly_as_specified(programme, wide), guided.fly(programme, wide)
        np.testing.assert_array_equal(out.status, spec.status)
        np.testing.assert_array_equal(out.unconverged, spec.unconverged)
        unlit = Status.LATE if up else Status.LOST
        assert out.status.tolist() == [0, unlit, Status.SHORT, *[Status.FLOWN] * 6]
        np.testing.assert_allclose(out.marks / SCALE, spec.marks / SCALE, rtol=0.0, atol=1e-12)
        np.testing.assert_allclose(out.left_kg, spec.left_kg, rtol=0.0, atol=1e-8)
        # what was cut off before a piece passes it over
        np.testing.assert_array_equal(out.marks[0, :, 3], out.marks[-1, :, 3])
        for level in available():
            same(guided.fly(programme, wide, level), out)


def test_pieces_of_one_level_are_one_burn() -> None:
    whole, one = pieces((0.7,)), pieces((0.7,) * 4, 6.5)
    a, b = guided.fly(*whole), guided.fly(*one)
    assert a.status[0] == b.status[0] == Status.FLOWN
    # cycles fall at other instants
    np.testing.assert_allclose(a.marks[-1, 0], b.marks[-1, 0], atol=1e-3)
    np.testing.assert_allclose(a.marks[-1, 1:4], b.marks[-1, 1:4], atol=5.0)
    np.testing.assert_allclose(a.marks[-1, 4:7], b.marks[-1, 4:7], atol=5e-3)
    assert a.left_kg[0] == pytest.approx(b.left_kg[0], abs=0.02)


@pytest.mark.parametrize("up", [True, False])
def test_the_orbit_aimed_at_is_reached_from_either_side(up: bool) -> None:
    """The velocity of Hohmann's perigee, within what the burn's own length costs."""
    programme, truth = pieces((1.0, 0.8, 0.6), 10.0, up)
    out = guided.fly(programme, truth)
    assert out.status[0] == Status.FLOWN
    low, high = orbit(out)
    want = (LOW, HIGH) if up else (LOW, LOW)
    assert (low, high) == pytest.approx(want, abs=200.0)
    # the rocket equation, with what finite burns lose: below a thousandth of it
    gained = abs(float(np.linalg.norm(programme.start[3:])) - programme.aims[0].speed_m_s)
    burnt = MASS * (1.0 - math.exp(-gained * FLOW / THRUST))
    assert 2_000.0 - out.left_kg[0] == pytest.approx(burnt, rel=2e-3)


def test_a_cut_off_early_is_taken_back_through_the_pieces() -> None:
    programme, truth = pieces((1.0, 0.8, 0.6), 10.0)
    full = guided.fly(programme, truth)
    early = guided.fly(programme, replace(truth, late_s=np.full((3, 1), -20.0)))
    assert full.marks[-1, 0, 0] - early.marks[-1, 0, 0] == pytest.approx(20.0, abs=1e-6)
    assert 20.0 < full.marks[-1, 0, 0] < 40.0
    # what had flowed by then: the first ten seconds at full thrust, the next ten at 0.8
    t = early.marks[-1, 0, 0]
    burnt = FLOW * (min(t, 10.0) + 0.8 * max(t - 10.0, 0.0))
    assert 2_000.0 - early.left_kg[0] == pytest.approx(burnt, abs=1e-6)
    assert MASS - early.marks[-1, 7, 0] == pytest.approx(burnt, abs=1e-6)


def test_what_is_too_low_already_is_raised_where_it_should_be_lowered() -> None:
    programme, truth = pieces((1.0, 0.8, 0.6), 10.0, up=False)
    start = programme.start.copy()
    start[4] = math.sqrt(MU / LOW) - 40.0
    slow = replace(programme, start=start)
    out, spec = guided.fly(slow, truth), fly_as_specified(slow, truth)
    assert out.status[0] == Status.FLOWN
    np.testing.assert_allclose(out.marks / SCALE, spec.marks / SCALE, rtol=0.0, atol=1e-12)
    assert orbit(out) == pytest.approx((LOW, LOW), abs=1e3)
    burnt = MASS * (1.0 - math.exp(-40.0 * FLOW / THRUST))
    assert 2_000.0 - out.left_kg[0] == pytest.approx(burnt, rel=0.02)

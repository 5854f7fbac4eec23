"""Optimal flights with closed forms: landing on the Moon, linear tangent, Goddard's rocket."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from cosmodrome.maths import SCALAR
from cosmodrome.powered.collocation import Course, Stretch, Track, optimum
from cosmodrome.powered.phases import uniform

if TYPE_CHECKING:
    from cosmodrome.powered.collocation import Optimum


def reflown(found: Optimum, start: tuple[float, ...]) -> np.ndarray:
    """The last state when the controls are flown by another integrator, tightly."""
    y = np.array(start, dtype=np.float64)
    for track in found.tracks:
        mesh = np.array(track.stretch.mesh) * track.duration
        for a, b in pairwise(mesh):

            def rates(t: float, y: np.ndarray, track: Track = track) -> list[Any]:
                u = track.sample(np.array([t / track.duration]))[1][0]
                return list(track.stretch.rates(SCALAR, y.tolist(), u.tolist()))

            # an interval at a time: the controls have a kink at its ends
            y = solve_ivp(rates, (a, b), y, method="DOP853", rtol=1e-12, atol=1e-13).y[:, -1]
    return y


# Meditch 1964: h' = v, v' = -1 + T/m, m' = -T/2.349, T in [0, 1.227], from h = 1, v = -0.783
SPEED, MOST = 2.349, 1.227


def descent(ops: Any, x: Any, u: Any) -> list[Any]:
    return [x[1], -1.0 + u[0] / x[2], -u[0] / SPEED]


def landing_in_closed_form() -> tuple[float, float, float]:
    """(switch, touchdown, mass left): fall freely, then burn fully (one switch)."""

    def burn(switch: float) -> float:
        # the burn that stops the fall; then how high that happens
        h, v = 1.0 - 0.783 * switch - 0.5 * switch**2, -0.783 - switch
        flow = MOST / SPEED

        def speed(t: float) -> float:
            return v - t - SPEED * math.log(1.0 - flow * t)

        t = brentq(speed, 0.5, 1.0 / flow - 1e-9)
        m = 1.0 - flow * t
        height = h + v * t - 0.5 * t**2 + SPEED * (t + m / flow * math.log(m))
        burn.time = t  # type: ignore[attr-defined]
        return height

    switch = brentq(burn, 0.0, 0.6, xtol=1e-14)
    return switch, switch + burn.time, 1.0 - MOST / SPEED * burn.time  # type: ignore[attr-defined]


def land(most_first: float, least_last: float) -> Optimum:
    """Down to the surface in two stretches: most thrust in the first, least in the second."""
    stretches = (
        Stretch(descent, (0.05, 0.5), ((0.0, most_first),), mesh=uniform(1)),
        Stretch(descent, (0.5, 2.0), ((least_last, MOST),), mesh=uniform(4)),
    )
    course = Course(
        stretches,
        (1.0, -0.783, 1.0),
        ((-1.0, 2.0), (-3.0, 3.0), (0.05, 1.0)),
        lambda ops, x: [x[0], x[1]],
        (0.0, 0.0, -1.0),
    )
    states = ((1.0, -0.783, 1.0), (0.7, -1.0, 0.9), (0.0, 0.0, 0.5))
    guess = [
        Track.between(s, t, states[i : i + 2], ((0.6,), (0.6,)))
        for i, (s, t) in enumerate(zip(stretches, (0.3, 1.1), strict=True))
    ]
    return optimum(course, guess, tolerance=1e-8)


def test_moon_landing_switches_where_the_closed_form_does() -> None:
    switch, end, mass = landing_in_closed_form()
    # as published with the problem: 0.3953543640 at 1.3968080891, switch at 0.2392591086
    assert (switch, end, mass) == pytest.approx((0.2392591086, 1.3968080891, 0.3953543640))
    found = land(0.0, MOST)
    assert found.solved
    coast, burn = found.tracks
    assert -found.cost == pytest.approx(mass, abs=1e-8)
    assert coast.duration == pytest.approx(switch, abs=1e-7)
    assert found.duration == pytest.approx(end, abs=1e-7)
    assert burn.duration == pytest.approx(end - switch, abs=1e-7)
    assert np.abs(reflown(found, (1.0, -0.783, 1.0))[:2]).max() < 1e-8
    # with throttle free everywhere nothing is gained; limits are kept at the nodes alone, so that
    # a cubic throttle can make up for a switch that is a little elsewhere
    free = land(MOST, 0.0)
    assert free.solved
    assert -free.cost == pytest.approx(mass, abs=2e-8)


def test_linear_tangent() -> None:
    # constant thrust acceleration in uniform gravity, to a height at a level speed, quickest:
    # tan(theta) = a - b t (Bryson & Ho 1975, 2.4)
    thrust = 2.0

    def rates(ops: Any, x: Any, u: Any) -> list[Any]:
        return [x[2], x[3], thrust * ops.cos(u[0]), thrust * ops.sin(u[0]) - 1.0]

    stretch = Stretch(rates, (0.5, 5.0), ((-1.5, 1.5),), mesh=uniform(6))
    course = Course(
        (stretch,),
        (0.0,) * 4,
        ((-9.0, 9.0),) * 4,
        lambda ops, x: [x[1] - 0.4, x[2] - 1.5, x[3]],
        (0.0,) * 4,
        time_cost=1.0,
    )
    guess = [Track.between(stretch, 1.5, ((0.0,) * 4, (1.0, 0.4, 1.5, 0.0)), ((1.0,), (0.0,)))]
    found = optimum(course, guess, tolerance=1e-10)
    assert found.solved
    (track,) = found.tracks
    tangent = np.tan(track.u[:, 0])
    t = track.stretch.node_fractions * track.duration
    slope, first = np.polyfit(t, tangent, 1)
    assert np.abs(tangent - first - slope * t).max() < 1e-5
    # and its closed integrals hit the target
    a = np.arctan(first), np.arctan(first + slope * t[-1])
    along = thrust / slope * (np.arcsinh(np.tan(a[1])) - np.arcsinh(np.tan(a[0])))
    up = thrust / slope * (1.0 / np.cos(a[1]) - 1.0 / np.cos(a[0])) - t[-1]
    assert along == pytest.approx(1.5, abs=1e-6)
    assert up == pytest.approx(0.0, abs=1e-6)


# Goddard's rocket (Betts 2010; constants as distributed with yapss 0.2.3): pounds, feet, seconds
SIGMA, EXHAUST, SCALE, GRAVITY, FULL = (
    5.49153484923381e-05,
    1580.942527987656,
    23800.0,
    32.174,
    193.044,
)
UNIT_H, UNIT_V, UNIT_T = 1e4, 1e3, 10.0


def drag(ops: Any, x: Any) -> Any:
    v = x[1] * UNIT_V
    return SIGMA * v * v * ops.exp(-x[0] * UNIT_H / SCALE)


def climb(ops: Any, x: Any, u: Any) -> list[Any]:
    thrust = u[0] * FULL
    return [
        x[1] * UNIT_V * UNIT_T / UNIT_H,
        ((thrust - drag(ops, x)) / x[2] - GRAVITY) * UNIT_T / UNIT_V,
        -thrust / EXHAUST * UNIT_T,
    ]


def singular(ops: Any, x: Any, u: Any) -> list[Any]:
    # on the singular arc: m g = (1 + v / c) D (Bryson & Ho 1975, section 8.4)
    return [(x[2] * GRAVITY - (1.0 + x[1] * UNIT_V / EXHAUST) * drag(ops, x)) / 50.0]


def test_goddard_with_its_singular_arc() -> None:
    stretches = (
        Stretch(climb, (0.1, 4.5), ((1.0, 1.0),)),
        Stretch(climb, (0.1, 4.5), ((0.0, 1.0),), singular, ((0.0, 0.0),)),
        Stretch(climb, (0.1, 4.5), ((0.0, 0.0),)),
    )
    course = Course(
        stretches,
        (0.0, 0.0, 3.0),
        ((0.0, 3.0), (0.0, 3.0), (1.0, 3.0)),
        lambda ops, x: [x[2] - 1.0, x[1]],
        (-1.0, 0.0, 0.0),
    )
    states = ((0.0, 0.3, 3.0), (0.6, 0.5, 2.3), (1.2, 0.5, 1.6), (1.8, 0.0, 1.0))
    guess = [
        Track.between(s, 1.5, (states[i], states[i + 1]), ((1.0 - i / 2,), (1.0 - i / 2,)))
        for i, s in enumerate(stretches)
    ]
    found = optimum(course, guess, tolerance=1e-8)
    assert found.solved
    # published 18550.8718638 ft
    assert -found.cost * UNIT_H == pytest.approx(18550.8718638, abs=1e-3)
    assert abs(reflown(found, course.start)[0] + found.cost) * UNIT_H < 1e-3


def test_a_course_without_an_answer_says_so() -> None:
    stretch = Stretch(descent, (0.05, 0.2), ((0.0, MOST),), mesh=uniform(2))
    course = Course(
        (stretch,),
        (1.0, -0.783, 1.0),
        ((-1.0, 2.0), (-3.0, 3.0), (0.05, 1.0)),
        lambda ops, x: [x[0], x[1]],
        (0.0, 0.0, -1.0),
    )
    guess = [Track.between(stretch, 0.1, ((1.0, -0.7, 1.0), (0.0, 0.0, 0.5)), ((0.6,), (0.6,)))]
    found = optimum(course, guess, max_iter=60)
    assert not found.solved
    assert found.meshes == 1


# a mass of one pushed along a line: x' = v, v' = u, least push
def pushed(ops: Any, x: Any, u: Any) -> list[Any]:
    return [x[1], u[0], ops.fabs(u[0]) * 0.0 + u[0] * u[0]]


def line(*stretches: Stretch, **more: Any) -> Course:
    return Course(
        stretches, (0.0, 0.0, 0.0), ((-9.0, 9.0), (-9.0, 9.0), (0.0, 99.0)),
        lambda ops, x: [x[0] - 1.0, x[1]], (0.0, 0.0, 1.0), **more,
    )  # fmt: skip


def straight(course: Course, lasts: float) -> Optimum:
    guess = [
        Track.between(s, lasts, ((0.0, 0.0, 0.0), (1.0, 0.5, 1.0)), ((1.0,), (-1.0,)))
        for s in course.stretches
    ]
    return optimum(course, guess)


def test_a_gate_a_joint_and_a_span() -> None:
    # from rest to rest over 1 in 2: u = 1.5 (1 - t), cost 1.5; half way x = 0.5, v = 0.75
    free = ((-9.0, 9.0),)
    first = Stretch(pushed, (0.2, 1.8), free, mesh=uniform(2))
    second = Stretch(pushed, (0.2, 1.8), free, mesh=uniform(2), joined=1)
    found = straight(line(first, second, spans=((0, 1, 2.0, 2.0),)), 1.0)
    assert found.solved
    assert found.duration == pytest.approx(2.0, abs=1e-9)
    assert found.cost == pytest.approx(1.5, abs=1e-7)
    a, b = found.tracks
    assert a.u[-1] == pytest.approx(b.u[0], abs=1e-9)
    gated = Stretch(
        pushed, (1.0, 1.0), free, mesh=uniform(2),
        gate=lambda ops, x: [x[0], x[1]], gate_limits=((0.2, 0.2), (-9.0, 9.0)),
    )  # fmt: skip
    late = straight(line(gated, Stretch(pushed, (1.0, 1.0), free, mesh=uniform(2))), 1.0)
    assert late.solved
    assert late.tracks[0].x[-1, 0] == pytest.approx(0.2, abs=1e-9)
    # a cubic through 0, 0.2 and 1 with slope 0 at both ends costs more
    assert late.cost > 1.6


def test_a_control_s_change_is_limited() -> None:
    # u may change by 1 a unit of time, where 1.5 is the best
    slow = Stretch(
        pushed, (2.0, 2.0), ((-9.0, 9.0),), mesh=uniform(6),
        change=lambda ops, u, after, dt: [after[0] - u[0] - dt, u[0] - after[0] - dt],
    )  # fmt: skip
    found = straight(line(slow), 2.0)
    assert not found.solved  # u = a - t makes v = 0 at both ends and x = 2/3 only
    long = straight(line(replace(slow, duration=(2.5, 2.5))), 2.5)
    assert long.solved
    (track,) = long.tracks
    rate = np.diff(track.u[:, 0]) / np.diff(track.stretch.node_fractions * 2.5)
    assert np.abs(rate).max() < 1.0 + 1e-6


def test_a_control_is_kept_within_its_bounds_between_nodes() -> None:
    plain = Stretch(pushed, (1.5, 1.5), ((-1.9, 1.9),), mesh=uniform(3))
    kept = replace(plain, kept=(0,))
    inside = [
        np.abs(found.tracks[0].sample(np.linspace(0.0, 1.0, 400))[1]).max()
        for found in (straight(line(plain), 1.5), straight(line(kept), 1.5))
    ]
    assert inside[1] < 1.9 + 1e-6
    assert inside[0] > inside[1]

"""Lambert's problem: against its formulas, against flight, at the edges, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench.lambert.problems import Problems, draw, floor, miss
from cosmodrome.dynamics import lambert_formulas as formulas
from cosmodrome.dynamics.kepler import kepler_propagate
from cosmodrome.dynamics.lambert import lambert, lambert_all, lambert_many, minimum_time
from cosmodrome.errors import InfeasibleError, InputError
from tests.levels import available

EARTH = 3.986004418e14
BAR = 1e-9


def solved(p: Problems) -> np.ndarray:
    out = lambert_many(p.r1, p.r2, p.tof, p.mu, **p.many)
    assert out.solved.all(), (np.flatnonzero(~out.solved)[:5], out.fault[~out.solved][:5])
    return out.v1_m_s


def test_vallado_example_7_5() -> None:
    # Vallado (2013), example 7-5: printed to 1e-6 km/s
    v1, v2 = lambert(
        [15945.34e3, 0.0, 0.0], [12214.83899e3, 10249.46731e3, 0.0], 76.0 * 60.0, EARTH
    )
    assert v1 == pytest.approx([2058.925, 2915.956, 0.0], abs=0.02)
    assert v2 == pytest.approx([-3451.569, 910.301, 0.0], abs=0.02)


def test_curtis_example_5_2() -> None:
    # Curtis (2014), example 5.2: printed to 1e-4 km/s, mu = 398600
    v1, v2 = lambert([5000e3, 10000e3, 2100e3], [-14600e3, 2500e3, 7000e3], 3600.0, 398600e9)
    assert v1 == pytest.approx([-5992.5, 1925.4, 3245.6], abs=0.1)
    assert v2 == pytest.approx([-3312.5, -4196.6, -385.3], abs=0.1)


@pytest.mark.parametrize("path", ["prograde", "retrograde"])
def test_every_random_problem_arrives(path: str) -> None:
    p = draw(6_000, 11, path)
    assert miss(p, solved(p)).max() <= BAR


@pytest.mark.slow
@pytest.mark.parametrize("path", ["prograde", "retrograde"])
def test_fifty_thousand_arrive(path: str) -> None:
    for seed in range(5):
        p = draw(10_000, 100 + seed, path)
        assert miss(p, solved(p)).max() <= BAR


def test_beyond_the_set_only_the_rounding_of_the_velocity_is_left() -> None:
    p = draw(4_000, 5, above=(1e-9, 99.0), direct=(1e-3, 1e3))
    v1 = solved(p)
    error = miss(p, v1)
    hard = error > BAR
    some = np.flatnonzero(hard)
    few = Problems(p.r1[some], p.r2[some], p.tof[some], p.revolutions[some], [], p.path)
    assert (error[hard] <= 10.0 * floor(few, v1[some])).all()


def test_the_core_is_its_specification() -> None:
    p = draw(2_000, 3, above=(1e-2, 9.0))
    low = np.array([b == "low" for b in p.branch])
    sense = np.where(np.cross(p.r1, p.r2)[:, 2] >= 0.0, 1.0, -1.0)
    lam, kappa, unit = formulas.triangle(p.r1, p.r2, p.mu, sense)
    with np.errstate(all="ignore"):
        x = formulas.solve_x(p.tof * unit, lam, kappa, p.revolutions, low)
    v1, v2 = formulas.velocities(x, p.r1, p.r2, p.mu, sense)
    for level in available():
        out = lambert_many(p.r1, p.r2, p.tof, p.mu, **p.many, level=level)
        for mine, theirs in ((out.v1_m_s, v1), (out.v2_m_s, v2)):
            size = np.linalg.norm(theirs, axis=1)
            # T is flat near the minimum: x there has the square root's digits
            assert (np.linalg.norm(mine - theirs, axis=1) / size).max() < 1e-11
    turns = np.maximum(p.revolutions, 1)
    fold = formulas.least_x(lam, kappa, turns)
    least = formulas.arc_time(fold, lam, kappa, turns) / unit
    assert minimum_time(p.r1, p.r2, p.mu, turns) == pytest.approx(least, rel=1e-13)


def test_a_problem_has_the_same_digits_alone_and_in_company() -> None:
    p = draw(501, 8)
    out = lambert_many(p.r1, p.r2, p.tof, p.mu, **p.many)
    for k in (0, 1, 77, 499, 500):
        v1, v2 = lambert(
            p.r1[k], tuple(p.r2[k]), p.tof[k], p.mu,
            revolutions=int(p.revolutions[k]), branch=p.branch[k],  # type: ignore[arg-type]
        )  # fmt: skip
        assert v1.tobytes() == out.v1_m_s[k].tobytes()
        assert v2.tobytes() == out.v2_m_s[k].tobytes()


def test_all_solutions_are_those_asked_for_one_by_one() -> None:
    p = draw(200, 9, none=0.0, most=4)
    every = lambert_all(p.r1, p.r2, p.tof, p.mu, most_revolutions=6)
    assert every.v1_m_s.shape == (200, 13, 3)
    for turns in range(7):
        for j, branch in enumerate(("low", "high")[: 1 + (turns > 0)]):
            one = lambert_many(p.r1, p.r2, p.tof, p.mu, revolutions=turns, branch=branch)  # type: ignore[arg-type]
            at = max(2 * turns - 1 + j, 0)
            assert np.array_equal(one.v1_m_s, every.v1_m_s[:, at], equal_nan=True)
            assert np.array_equal(one.fault, every.fault[:, at])
    assert set(every.fault.ravel()) == {0, every.why.index("too soon")}
    # of one problem by a door of its own: lanes are its solutions
    for k in (0, 7, 150):
        alone = lambert_all(p.r1[k], p.r2[k].tolist(), float(p.tof[k]), p.mu, most_revolutions=6)
        assert np.array_equal(alone.v1_m_s[0], every.v1_m_s[k], equal_nan=True)
        assert np.array_equal(alone.v2_m_s[0], every.v2_m_s[k], equal_nan=True)
        assert np.array_equal(alone.fault[0], every.fault[k])


def test_low_is_the_arc_with_the_longer_period() -> None:
    p = draw(300, 21, none=0.0)
    period = {}
    for branch in ("low", "high"):
        out = lambert_many(p.r1, p.r2, 2 * p.tof, 1.0, revolutions=p.revolutions, branch=branch)
        energy = (out.v1_m_s**2).sum(1) / 2 - 1.0
        period[branch] = 2.0 * math.pi * (-2.0 * energy) ** -1.5
    assert (period["low"] > period["high"]).mean() > 0.9
    # far above the minimum: N and N + 1 periods nearly fill the time
    out = lambert_all([1, 0, 0], [0, 1.5, 0], 1e3, 1.0, most_revolutions=2)
    turns = 1e3 * (2.0 - (out.v1_m_s[0] ** 2).sum(1)) ** 1.5 / (2.0 * math.pi)
    assert turns == pytest.approx([1.0, 1.0, 2.0, 2.0, 3.0], abs=0.05)


@pytest.mark.parametrize("turns", [1, 5, 20])
def test_at_the_minimum_both_branches_meet(turns: int) -> None:
    r1, r2 = np.array([7e6, 1e5, 0.0]), np.array([-2e6, 9e6, 1e6])
    least = minimum_time(r1, r2, EARTH, turns)[0]
    for over in (0.0, 1e-15, 1e-13, 1e-10, 1e-7):
        both = [
            lambert(r1, r2, least * (1.0 + over), EARTH, revolutions=turns, branch=b)[0]
            for b in ("low", "high")
        ]
        for v1 in both:
            there, _ = kepler_propagate(r1, v1, least * (1.0 + over), EARTH)
            assert np.linalg.norm(there - r2) <= 1e-9 * np.linalg.norm(r2)
        gap = np.linalg.norm(both[0] - both[1]) / np.linalg.norm(both[0])
        assert gap < 10.0 * math.sqrt(over) + 1e-6
    with pytest.raises(InfeasibleError, match=rf"least time is .*{turns - 1} |least time is"):
        lambert(r1, r2, least * (1.0 - 1e-9), EARTH, revolutions=turns)


@pytest.mark.parametrize("angle", [1e-9, 1e-6, 1e-3])
@pytest.mark.parametrize("about", [0.0, math.pi])
@pytest.mark.parametrize("ratio", [0.5, 1.0, 1.0 + 1e-9, 40.0])
@pytest.mark.parametrize("turns", [0, 1, 7])
def test_near_one_line_with_the_centre(
    angle: float, about: float, ratio: float, turns: int
) -> None:
    theta = about + angle
    r1 = np.array([1.0, 0.0, 0.0])
    r2 = ratio * np.array([math.cos(theta), math.sin(theta), 0.0])
    for path in ("prograde", "retrograde"):
        one = minimum_time(r1, r2, 1.0, turns, path=path)[0]  # type: ignore[arg-type]
        span = np.linalg.norm(r1) + np.linalg.norm(r2) + np.linalg.norm(r2 - r1)
        tof = np.array([2.0 * one + 0.3 * (span / 2.0) ** 1.5])
        for branch in ("low", "high"):
            p = Problems(r1[None], r2[None], tof, np.array([turns]), [branch], path)
            v1 = solved(p)
            # through the centre, nearly: the last bit of v1 turns the whole orbit
            error = miss(p, v1)[0]
            assert error <= BAR or error <= 10.0 * floor(p, v1)[0]


def test_nearly_parabolic() -> None:
    g = np.random.default_rng(4)
    n = 500
    r1 = np.array([1.0, 0.0, 0.0]) + np.zeros((n, 3))
    theta = g.uniform(0.1, 6.1, n)
    r2 = 10.0 ** g.uniform(-1, 1, (n, 1)) * np.array([np.cos(theta), np.sin(theta), 0 * theta]).T
    c = np.linalg.norm(r2 - r1, axis=1)
    s = 0.5 * (1.0 + np.linalg.norm(r2, axis=1) + c)
    # Euler's time of a parabola (Battin 1999, sec. 6.2)
    sense = np.where(theta < math.pi, 1.0, -1.0)
    euler = np.sqrt(2.0) / 3.0 * (s**1.5 - sense * (s - c) ** 1.5)
    tof = euler * (1.0 + g.choice([-1, 1], n) * 10.0 ** g.uniform(-16, -2, n))
    p = Problems(r1, r2, tof, np.zeros(n), ["low"] * n, "prograde")
    assert miss(p, solved(p)).max() < 1e-12


def test_half_a_turn_in_a_plane_given() -> None:
    r1, r2 = np.array([7e6, 0.0, 0.0]), np.array([-42e6, 0.0, 0.0])
    with pytest.raises(InputError, match="normal="):
        lambert(r1, r2, 2e4, EARTH)
    a = 24.5e6
    half = math.pi * math.sqrt(a**3 / EARTH)
    v1, v2 = lambert(r1, r2, half, EARTH, normal=[0.0, -1.0, 1.0])
    speed = math.sqrt(EARTH * (2.0 / 7e6 - 1.0 / a))
    # Hohmann's transfer, in the plane asked for
    assert v1 == pytest.approx(speed * np.array([0.0, 1.0, 1.0]) / math.sqrt(2.0), abs=1e-6)
    assert np.cross(r2, v2) == pytest.approx(np.cross(r1, v1), rel=1e-12, abs=1.0)
    with pytest.raises(InputError, match="normal="):
        lambert(r1, r2, half, EARTH, normal=[1.0, 0.0, 0.0])


def test_numbers_of_any_kind() -> None:
    first = lambert([7e6, 0.0, 0.0], [0.0, 8e6, 0.0], 1e3, EARTH)
    for kind in (np.float32, np.int64, object):
        again = lambert(
            np.array([7e6, 0, 0], dtype=kind), (0, np.int32(8_000_000), 0), np.int64(1000), EARTH,
            revolutions=np.int64(0),  # type: ignore[arg-type]
        )  # fmt: skip
        assert np.array_equal(first, again)


def test_a_normal_picks_the_sense() -> None:
    r1, r2 = [1.0, 0.0, 0.0], [0.1, 1.2, 0.0]
    for z, path in ((1.0, "prograde"), (-1.0, "retrograde")):
        mine = lambert(r1, r2, 2.0, 1.0, normal=[0.0, 0.3, z])
        theirs = lambert(r1, r2, 2.0, 1.0, path=path)  # type: ignore[arg-type]
        assert np.array_equal(mine, theirs)
    short, long = (lambert(r1, r2, 2.0, 1.0, path=p)[0] for p in ("short", "long"))  # type: ignore[arg-type]
    assert np.cross(r1, short)[2] > 0.0 > np.cross(r1, long)[2]


def test_what_is_refused_says_why() -> None:
    r1, r2 = [7e6, 0.0, 0.0], [0.0, 8e6, 0.0]
    with pytest.raises(InfeasibleError, match="least time is"):
        lambert(r1, r2, 3000.0, EARTH, revolutions=2)
    with pytest.raises(InputError, match="above zero"):
        lambert(r1, r2, -1.0, EARTH)
    with pytest.raises(InputError, match="shape"):
        lambert([7e6, 0.0], r2, 1e3, EARTH)
    with pytest.raises(InputError, match="any orbit of the right period"):
        lambert(r1, r1, 1e3, EARTH)
    with pytest.raises(InputError, match="prograde, retrograde"):
        lambert(r1, r2, 1e3, EARTH, path="up")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="low or high"):
        lambert(r1, r2, 1e3, EARTH, branch="left")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="whole number"):
        lambert(r1, r2, 1e3, EARTH, revolutions=-1)
    with pytest.raises(InputError, match="whole number"):
        lambert_many(r1, r2, 1e3, EARTH, revolutions=1.5)
    with pytest.raises(InputError, match="write numbers"):
        lambert(r1, "there", 1e3, EARTH)
    with pytest.raises(InputError, match="use lambert_many"):
        lambert([r1, r1], r2, 1e3, EARTH)
    with pytest.raises(InputError, match="mu_m3_s2"):
        lambert(r1, r2, 1e3, 0.0)
    with pytest.raises(InputError, match="one number of problems"):
        lambert_many(np.ones((3, 3)), np.ones((2, 3)), 1e3, EARTH)
    assert lambert_many(np.zeros((0, 3)), r2, 1e3, EARTH).v1_m_s.shape == (0, 3)
    out = lambert_many(r1, np.array([r2, r1, [np.nan] * 3, [-7e6, 0, 0]]), 1e3, EARTH)
    assert [out.why[k] for k in out.fault] == ["", "no plane", "input", "no plane"]
    assert np.isnan(out.v1_m_s[1:]).all()

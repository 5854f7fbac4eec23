import math
from itertools import pairwise

import numpy as np
import pytest

from cosmodrome.transfer import Goal
from cosmodrome.transfer.equinoctial import equinoctial_from_state
from cosmodrome.transfer.goals import conditions
from cosmodrome.transfer.guess import cuts, kicks, shares
from cosmodrome.transfer.impulses import Impulses, best_impulses, impulses
from cosmodrome.transfer.model import finish
from tests.transfer.conftest import MU, orbit

UNIT = 1e7


def sought(start, goal, most, highest=30.0):
    x = equinoctial_from_state(*start, MU)
    x[0] /= UNIT
    there = finish(goal, x, UNIT)
    found = best_impulses(x, there, conditions(goal, UNIT), most, 0.5, highest)
    return found, found.total * math.sqrt(MU / UNIT)


def test_two_circles_are_joined_as_hohmann_said():
    r1, r2 = 0.7e7, 2.1e7
    found, cost = sought(orbit(r1, 0.0, 0.4), Goal(a_m=r2, e=0.0, i_rad=0.4), 3)
    a = 0.5 * (r1 + r2)
    first = math.sqrt(MU * (2.0 / r1 - 1.0 / a)) - math.sqrt(MU / r1)
    second = math.sqrt(MU / r2) - math.sqrt(MU * (2.0 / r2 - 1.0 / a))
    assert cost == pytest.approx(first + second, rel=2e-4)
    assert found.sizes.size == 2


def test_far_circles_are_joined_by_a_third_impulse_at_the_greatest_height():
    # beyond a ratio of 15.58 any bi-elliptic transfer beats Hohmann's (Vallado 2013, sec. 6.3.2)
    r1, r2, top = 0.7e7, 0.7e7 * 20.0, 0.7e7 * 60.0
    _, cost = sought(orbit(r1, 0.0, 0.4), Goal(a_m=r2, e=0.0, i_rad=0.4), 3, top / UNIT)

    def speed(r, a):
        return math.sqrt(MU * (2.0 / r - 1.0 / a))

    a1, a2 = 0.5 * (r1 + top), 0.5 * (r2 + top)
    bielliptic = speed(r1, a1) - speed(r1, r1) + speed(top, a2) - speed(top, a1)
    bielliptic += speed(r2, a2) - speed(r2, r2)
    assert cost == pytest.approx(bielliptic, rel=1e-3)


def test_a_plane_change_is_split_between_both_impulses():
    # 28.5 deg from 6,700 km to GEO: a small part of it at the perigee saves some metres a second
    r1, r2 = 6.7e6, 42.164e6
    _, cost = sought(orbit(r1, 0.0, math.radians(28.5)), Goal(a_m=r2, e=0.0, i_rad=0.0), 2)
    a = 0.5 * (r1 + r2)
    circle1, circle2 = math.sqrt(MU / r1), math.sqrt(MU / r2)
    perigee, apogee = (math.sqrt(MU * (2.0 / r - 1.0 / a)) for r in (r1, r2))

    def total(part):
        rest = math.radians(28.5) - part
        one = math.sqrt(circle1**2 + perigee**2 - 2.0 * circle1 * perigee * math.cos(part))
        two = math.sqrt(circle2**2 + apogee**2 - 2.0 * circle2 * apogee * math.cos(rest))
        return one + two

    best = min(total(part) for part in np.linspace(0.0, 0.2, 2001))
    assert best < total(0.0) - 10.0
    assert cost == pytest.approx(best, rel=1e-4)


def test_one_impulse_does_not_join_orbits_that_do_not_meet():
    x = equinoctial_from_state(*orbit(0.8e7, 0.0, 0.4), MU)
    x[0] /= UNIT
    goal = Goal(a_m=2.0e7, e=0.0)
    assert impulses(x, finish(goal, x, UNIT), conditions(goal, UNIT), 1, 0.5, 30.0) is None


def test_impulses_are_cut_where_the_parts_are_longest():
    assert shares(np.array([3.0, 1.0]), np.array([3.0, 1.0]), 3) == [2, 1]
    assert shares(np.array([3.0, 0.0]), np.array([3.0, 0.0]), 3) == [3, 0]
    assert shares(np.array([3.0, 1.0]), np.array([3.0, 4.0]), 3) == [1, 2]


def test_kicks_follow_each_other_and_end_where_the_impulses_do():
    start = equinoctial_from_state(*orbit(0.8e7, 0.0, 0.4), MU)
    start[0] /= UNIT
    goal = Goal(a_m=2.4e7, e=0.0, i_rad=0.5)
    found = best_impulses(start, finish(goal, start, UNIT), conditions(goal, UNIT), 2, 0.5, 10.0)
    assert isinstance(found, Impulses)
    made = kicks(found, cuts(found, 5)[0], 1.0)
    assert len(made) == 5
    longitudes = [k.longitude for k in made]
    assert longitudes == sorted(longitudes)
    assert longitudes[0] >= 1.0
    for one, two in pairwise(made):
        assert one.after[:5] == pytest.approx(two.before[:5], abs=1e-5)
    assert made[-1].after[0] == pytest.approx(2.4, abs=1e-5)

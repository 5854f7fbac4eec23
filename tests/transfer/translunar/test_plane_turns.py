"""What turning a plane with the insertion takes, against a plain search."""

import math

import numpy as np
import pytest

from cosmodrome.transfer.translunar.plane_turns import dearer_m_s, turns

POLE = np.array([0.0, 0.0, 1.0])


def unit(latitude_deg, longitude_deg):
    lat, lon = math.radians(latitude_deg), math.radians(longitude_deg)
    return np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])


def searched(s, e, place, inclination_rad):
    """The least turn by trying arrivals all round: what their perilune and the place span."""
    a = np.cross(s, POLE) / np.linalg.norm(np.cross(s, POLE))
    b = np.cross(s, a)
    t = np.linspace(0.0, 2.0 * math.pi, 200_001)
    m = np.cos(t)[:, None] * a + np.sin(t)[:, None] * b
    p = s / e + math.sqrt(1.0 - 1.0 / e**2) * np.cross(s, m)
    n = np.cross(p, place)
    n = n / np.linalg.norm(n, axis=1)[:, None]
    best = math.inf
    for sense in (1.0, -1.0):
        i = np.arccos(sense * n[:, 2])
        angle = np.arccos(np.clip(sense * np.einsum("ij,ij->i", m, n), -1.0, 1.0))
        met = np.flatnonzero((i[:-1] - inclination_rad) * (i[1:] - inclination_rad) <= 0.0)
        best = min([best, *angle[met]])
    return best


@pytest.mark.parametrize("e", [1.35, 1.7])
def test_the_least_turn_is_that_of_a_search(e):
    s = unit(7.0, 31.0)
    places = np.array([unit(-69.5, x) for x in (100.0, 140.0, 205.0, 215.0, 250.0)])
    for inclination in (math.radians(82.0), math.radians(90.0), math.radians(101.0)):
        made = turns(s, e, POLE, places, inclination)
        found = made.angle_rad
        # the plane turned into holds the place and the perilune, the one before it the asymptote
        some = np.isfinite(found)
        assert np.any(some)
        before, after = made.before[some], made.after[some]
        assert np.einsum("ij,ij->i", after, places[some]) == pytest.approx(0.0, abs=1e-12)
        assert after[:, 2] == pytest.approx(math.cos(inclination))
        assert before @ s == pytest.approx(0.0, abs=1e-12)
        p = s / e + math.sqrt(1.0 - 1.0 / e**2) * np.cross(s, before)
        assert np.einsum("ij,ij->i", after, p) == pytest.approx(0.0, abs=1e-9)
        wanted = [searched(s, e, place, inclination) for place in places]
        assert found == pytest.approx(wanted, abs=2e-4)


def test_no_turn_where_the_arrival_holds_the_place_anyway():
    s, place = unit(7.0, 31.0), unit(-69.5, 205.0)
    n = np.cross(s, place)
    i = math.acos(n[2] / np.linalg.norm(n))
    assert float(turns(s, 1.5, POLE, place[None], i).angle_rad[0]) == pytest.approx(0.0, abs=1e-6)
    # a plane below the latitude of the place holds it never
    assert math.isinf(float(turns(s, 1.5, POLE, place[None], math.radians(60.0)).angle_rad[0]))


def test_a_turn_with_the_insertion_is_cheap_where_it_is_small():
    # 5 degrees from 2,443 to 1,634 m/s, by the vectors
    before = np.array([2_443.0, 0.0])
    after = 1_634.0 * np.array([math.cos(math.radians(5.0)), math.sin(math.radians(5.0))])
    wanted = float(np.linalg.norm(after - before)) - 809.0
    assert dearer_m_s(math.radians(5.0), 2_443.0, 1_634.0) == pytest.approx(wanted)
    assert 15.0 < wanted < 20.0

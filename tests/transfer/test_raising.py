import math

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.maths import NUMPY, SCALAR
from cosmodrome.transfer import Engine, Goal
from cosmodrome.transfer.equinoctial import rates
from cosmodrome.transfer.raising import (
    RaisingProblem,
    Sunlight,
    edelbaum_m_s,
    primer,
    raise_orbit,
)
from tests.transfer.conftest import MU, orbit

GEO_M = 42_166e3
# thrust 1 N on 2,857 kg and no mass spent to speak of: 3.5e-7 km/s2
STEADY = Engine(1.0, 1e7)


def problem(start, goal, mass=1.0 / 3.5e-4, engine=STEADY, **more):
    r, v = orbit(*start)
    return RaisingProblem(MU, r, v, mass, engine, goal, **more)


def test_the_primer_is_the_rate_of_the_elements_along_lambda(rng):
    for _ in range(20):
        x = [rng.uniform(0.3, 2.0), *rng.uniform(-0.5, 0.5, 2), *rng.normal(0.0, 0.5, 2)]
        longitude, steer = rng.uniform(0.0, 6.0), rng.normal(0.0, 1.0, 5)
        a = rng.normal(0.0, 1.0, 3)
        change = np.array(rates(SCALAR, [*x, longitude], a)[:5])
        found = np.array(primer(SCALAR, x, longitude, list(steer)))
        assert found @ a == pytest.approx(change @ steer, abs=1e-12)
    assert primer(NUMPY, x, np.zeros(3), list(steer))[0].shape == (3,)


def test_circles_in_one_plane_cost_the_difference_of_their_speeds():
    # Edelbaum 1961: exact in the limit of vanishing thrust
    found = raise_orbit(problem((7e6, 0.0, 0.5), Goal(a_m=GEO_M, e=0.0, i_rad=0.5)))
    assert found.delta_v_m_s == pytest.approx(math.sqrt(MU / 7e6) - math.sqrt(MU / GEO_M), rel=1e-5)


@pytest.mark.truth
def test_a_plane_change_of_28_degrees_beats_edelbaum_by_little():
    # 7,000 km at 28.5 deg to GEO, 3.5e-7 km/s2: 5.78378 km/s and 191.263 days by Edelbaum's
    # switched normal thrust (Kechichian 1997, J. Guidance 20, 988); thrust that swings freely in
    # a revolution can but do better
    law = edelbaum_m_s(MU, 7e6, GEO_M, math.radians(28.5))
    assert law == pytest.approx(5783.8, abs=0.5)
    assert law / 3.5e-4 / 86400.0 == pytest.approx(191.26, abs=0.02)
    found = raise_orbit(problem((7e6, 0.0, math.radians(28.5)), Goal(a_m=GEO_M, e=0.0, i_rad=0.0)))
    assert 0.96 * law < found.delta_v_m_s < law


@pytest.mark.truth
def test_gto_to_geo_takes_137_days_at_350_millinewtons():
    # 0.35 N, 2,000 kg, 2,000 s from 24,505.9 km, 0.725, 7.05 deg: 137.5 days (Geffroy & Epenoy
    # 1997, case B of Petropoulos 2004, AIAA 2004-5089)
    start = (24_505.9e3, 0.725, math.radians(7.05))
    goal = Goal(a_m=42_165e3, e=0.0, i_rad=math.radians(0.05))
    found = raise_orbit(problem(start, goal, 2000.0, Engine(0.35, 2000.0)))
    assert found.duration_s / 86400.0 == pytest.approx(137.5, rel=2e-3)
    assert found.propellant_kg == pytest.approx(211.9, abs=0.5)


def test_the_shadow_is_as_long_as_geometry_says():
    # a circle in the plane of the Sun: asin(R / r) / pi of it lies behind the body
    r0, r1 = 2.0e7, 2.05e7
    sun = Sunlight((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 2e-7)
    asked = problem((r0, 0.0, 0.0), Goal(a_m=r1, e=0.0, i_rad=0.0), sunlight=sun)
    found = raise_orbit(asked)
    dark = math.asin(asked.radius_m / (0.5 * (r0 + r1))) / math.pi
    assert found.lit == pytest.approx(1.0 - dark, abs=0.003)
    # thrust that is missing on one side draws the circle out, and that has to be undone
    law = edelbaum_m_s(MU, r0, r1, 0.0)
    assert law < found.delta_v_m_s < 1.1 * law


def test_an_open_orbit_is_refused():
    with pytest.raises(InputError, match="closed"):
        raise_orbit(problem((7e6, 0.0, 0.1), Goal(a_m=-1e8)))

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.dynamics.elements import state_from_elements
from cosmodrome.record.nouns import Elements
from cosmodrome.transfer import Engine, Goal, TransferProblem, solve
from cosmodrome.world.bodies import EARTH

RADIUS_M = 6_378_137.0
GEO_M = RADIUS_M + 35_786e3
MU = EARTH.mu_m3_s2


def orbit(a_m, e, i_rad, raan_rad=0.0, argp_rad=0.0, anomaly_rad=0.0):
    return state_from_elements(Elements(a_m, e, i_rad, raan_rad, argp_rad, anomaly_rad), MU)


@pytest.fixture(scope="session")
def gto_problem():
    """250 x 35,786 km, 6 deg, 4,000 kg, 400 N, 320 s, three burns."""
    perigee = RADIUS_M + 250e3
    a, e = 0.5 * (perigee + GEO_M), (GEO_M - perigee) / (GEO_M + perigee)
    r, v = orbit(a, e, math.radians(6.0))
    goal = Goal(a_m=GEO_M, e=0.0, i_rad=0.0)
    return TransferProblem(MU, r, v, 4000.0, Engine(400.0, 320.0), goal, burns=3)


@pytest.fixture(scope="session")
def gto_geo(gto_problem):
    return solve(gto_problem)


@pytest.fixture(scope="session")
def gto_fixed(gto_problem):
    """From the perigee."""
    return solve(replace(gto_problem, anomaly_free=False))


@pytest.fixture
def rng():
    return np.random.default_rng(3)

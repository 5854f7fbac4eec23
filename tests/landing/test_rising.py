import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.dynamics import Dynamics, Gravity, PointMass
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.landing import Engine, Site, ascent_at, rise
from cosmodrome.landing.rising import ascent_plan, fly_ascent
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World
from tests.landing.conftest import MU, RADIUS_M

# Tranquility Base (LROC), 1,930 m below the sphere; lift-off by the mission report
SITE = Site(math.radians(0.67408), math.radians(23.47297), -1930.0)
LIFT_OFF = Epoch.parse("1969-07-21T17:54:00Z")


@pytest.fixture(scope="module")
def world():
    return World.shipped()


@pytest.fixture(scope="module")
def apollo(world):
    """Apollo 11's ascent stage: 4,888 kg, 15.57 kN, 311 s, to 17.4 x 88.9 km, westward."""
    problem = ascent_at(
        LIFT_OFF, SITE, 4888.0, Engine(15_570.0, 311.0), world,
        perilune_m=RADIUS_M + 17.4e3, apolune_m=RADIUS_M + 88.9e3,
    )  # fmt: skip
    return replace(problem, normal=-problem.normal)


def test_apollo_11_rises(apollo):
    found = rise(apollo)
    # flown, with guidance: 1,850.2 m/s in 434.9 s (MSC-00171)
    assert found.delta_v_m_s == pytest.approx(1850.2, rel=0.005)
    assert found.duration_s == pytest.approx(434.9, rel=0.005)
    turned = rise(replace(apollo, rate_rad_s=math.radians(5.0)))
    assert turned.propellant_kg >= found.propellant_kg - 1e-6


def test_what_is_flown_enters_the_orbit(apollo, world):
    found = rise(apollo)
    made = ascent_plan(found, LIFT_OFF, "ascent stage", world)
    point = Dynamics((PointMass("moon"),), "moon")
    whole = Dynamics((Gravity("moon", 60), PointMass("earth"), PointMass("sun")), "moon")
    for forces, near in ((point, 300.0), (whole, 1000.0)):
        end = fly_ascent(found, made, forces, world).end
        x = elements_from_state(end.r_m, end.v_m_s, MU)
        assert x.a_m * (1.0 - x.e) - RADIUS_M == pytest.approx(17.4e3, abs=near)
        assert x.a_m * (1.0 + x.e) - RADIUS_M == pytest.approx(88.9e3, abs=near)
        assert end.mass_kg == pytest.approx(4888.0 - found.propellant_kg, abs=0.01)


def test_a_plane_beside_the_site_costs(apollo):
    # 0.5 degrees off: the craft must come into the plane by its own steering
    level = np.cross(apollo.normal, apollo.site_m / np.linalg.norm(apollo.site_m))
    a = math.radians(0.5)
    up = apollo.site_m / np.linalg.norm(apollo.site_m)
    tilted = apollo.normal * math.cos(a) + up * math.sin(a)
    assert abs(level @ tilted) < 1e-12
    off = rise(replace(apollo, normal=tilted))
    assert 0.5 < off.propellant_kg - rise(apollo).propellant_kg < 20.0


def test_what_cannot_rise_is_told(apollo):
    with pytest.raises(InfeasibleError, match=r"kg are short; load more"):
        rise(replace(apollo, propellant_kg=2200.0))
    with pytest.raises(InfeasibleError, match=r"N are short; give a stronger engine"):
        replace(apollo, engine=Engine(5000.0, 311.0))
    with pytest.raises(InputError, match="a perilune above the site"):
        replace(apollo, perilune_m=1.7e6)
    with pytest.raises(InputError, match="a vertical rise of 0 s"):
        replace(apollo, rise_s=0)

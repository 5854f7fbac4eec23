import math

import numpy as np
import pytest

from cosmodrome.dynamics import Dynamics
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.flight import fly
from cosmodrome.mission import loads
from cosmodrome.transfer import Engine, Goal
from cosmodrome.transfer.raising import RaisingProblem, Sunlight
from cosmodrome.transfer.spiral import fly_raising, raising_leg, sunlight
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.world import World
from tests.transfer.conftest import MU, orbit

EPOCH = Epoch.parse("2025-03-01T00:00:00Z")
YEAR = Sunlight((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 2e-7)


@pytest.fixture(scope="module")
def world():
    return World.shipped()


def arrived(world, thrust_n, light, degree=20):
    gravity = world.gravity()
    tod = world.orientation.tod_from_gcrf(EPOCH).matrix
    r, v = orbit(24_505.9e3, 0.725, math.radians(7.05))
    goal = Goal(a_m=42_165e3, e=0.0, i_rad=math.radians(0.05))
    problem = RaisingProblem(
        MU, r, v, 2000.0, Engine(thrust_n, 2000.0), goal, gravity.zonal_j(2), gravity.radius_m,
        light,
    )  # fmt: skip
    start = State(EPOCH, GCRF, tod.T @ r, tod.T @ v, 2000.0)
    found = fly_raising(problem, start, "satellite", Dynamics.earth(degree), world)
    there = world.orientation.tod_from_gcrf(found.end.epoch).matrix
    end = elements_from_state(there @ found.end.r_m, there @ found.end.v_m_s, MU)
    assert end.a_m == pytest.approx(42_165e3, abs=1e3)
    assert end.e < 2e-5
    assert end.i_rad == pytest.approx(math.radians(0.05), abs=4e-5)
    # the seconds of a path of months are good to two nanoseconds
    assert abs(found.path.end - found.end.epoch) <= 2e-9
    leg = raising_leg(found, start, "satellite", world)
    assert leg.path.at(leg.end.epoch).r_m == pytest.approx(leg.end.r_m, abs=1e-3)
    assert leg.end.mass_kg == pytest.approx(2000.0 - leg.ledger.burns[0].propellant_kg)
    return found


def test_some_revolutions_flown_in_full_dynamics_arrive(world):
    found = arrived(world, 3.5, None)
    # in as many days as the averaged optimum said
    assert found.duration_s == pytest.approx(found.plans[0].duration_s, rel=0.01)
    assert found.propellant_kg == pytest.approx(found.plans[0].propellant_kg, rel=0.01)


@pytest.mark.slow
def test_two_hundred_revolutions_with_eclipses_arrive(world):
    found = arrived(world, 0.35, YEAR)
    assert found.duration_s == pytest.approx(found.plans[0].duration_s, rel=0.02)


def test_the_sun_is_found_all_year(world):
    light = sunlight(EPOCH, world, np.eye(3))
    for days in range(0, 360, 30):
        angle = light.rate_rad_s * 86400.0 * days
        told = math.cos(angle) * np.array(light.first) + math.sin(angle) * np.array(light.second)
        true = world.ephemeris.position_m("sun", EPOCH + 86400.0 * days)
        off = math.acos(float(told @ true) / float(np.linalg.norm(true)))
        assert math.degrees(off) < 4.5


SHORT = """\
schema: cosmodrome/1
name: Four revolutions
start:
  elements: {epoch: "2024-12-21T13:22:00Z", frame: tod, perigee: 836.27 km, apogee: 836.27 km,
             inclination: 59.140 deg, raan: 312.828 deg, argument_of_perigee: 89.741 deg,
             true_anomaly: 109.425 deg}
spacecraft:
  mass: 697 kg
  drag_area: 8 m^2
  reflectivity: 1.26
  engine: {thrust: 2.090 N, isp: 1467 s}
  propellant: 41.8 kg
plan:
  - transfer:
      name: spiral
      to: {perigee: 958.87 km, apogee: 958.87 km, inclination: 59.14 deg}
      low_thrust: true
      eclipses: false
physics: {gravity: 8x8, drag: none}
"""


def test_an_end_that_is_not_found_is_not_called_impossible(world, monkeypatch):
    """One impulse cannot lead from one circle to another; a burn of revolutions can."""

    def none(*_, **__):
        raise InfeasibleError("two orbits that do not meet")

    monkeypatch.setattr("cosmodrome.transfer.spiral.aimed", none)
    with pytest.raises(SolverError, match="nothing is proven: ask for an orbit ten km higher"):
        fly(loads(SHORT), world=world)

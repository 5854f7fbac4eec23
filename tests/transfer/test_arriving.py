"""Aiming at the Moon from a way to it: the B-plane as conditions of a target step."""

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome import checks
from cosmodrome.dynamics import Dynamics
from cosmodrome.dynamics.coasting import coast_through
from cosmodrome.errors import InfeasibleError, InputError, SolverError
from cosmodrome.flight import fly
from cosmodrome.mission import loads
from cosmodrome.transfer.conditions import Frame
from cosmodrome.world.world import World

# half a day after an injection of 2027-03-01 that would pass the Moon at 100 km over its poles
MISSION = """\
schema: cosmodrome/1
name: Aimed
start:
  elements:
    epoch: "2027-03-01T00:00:00Z"
    frame: tod
    perigee: 200 km
    apogee: 424869.804 km
    inclination: 28.5 deg
    raan: 348.991747 deg
    argument_of_perigee: 141.347988 deg
    true_anomaly: 0 deg
spacecraft: {mass: 1000 kg, engine: {thrust: 500 N, isp: 320 s}, propellant: 300 kg}
plan:
  - target:
      name: to the Moon
      steps:
        - coast: {for: 12 h}
        - burn: {delta_v: free, direction: free, frame: gcrf}
        - coast: {until: perilune, at_most: 6 days}
      meet: {perilune: 500 km, inclination: 60 deg}
physics: {gravity: 4x4, moon_gravity: 4x4, drag: none}
"""


@pytest.fixture(scope="module")
def world():
    return World.shipped()


@pytest.fixture(scope="module")
def mission():
    return MISSION


def flown(text, world):
    return fly(loads(text), world=world)


def met(flight):
    return [f for f in flight.findings if f.check == "conditions-met"]


def burns(flight):
    return [s for g in flight.legs for s in g.steps if hasattr(s, "delta_v_m_s")]


@pytest.fixture(scope="module")
def polar(world, mission):
    return flown(mission, world)


def test_perilune_and_inclination_are_met_in_full_dynamics(polar):
    assert [f.verdict for f in met(polar)] == ["holds", "holds"]
    assert polar.verdict == "go"
    end = polar.legs[-1].end
    assert end.frame.centre == "moon"
    assert np.linalg.norm(end.r_m) == pytest.approx(2_237_400.0, abs=5.0)
    assert "B-plane" in polar.legs[-1].solve.method


def test_the_burn_is_the_least_that_meets_them(polar, world):
    """Three numbers for two conditions: nothing of the burn lies along what they leave free."""
    mission, before = polar.mission, polar.legs[0].end
    (step,) = mission.plan
    last, (burn,) = step.steps[-1], burns(polar)

    def about(centre):
        return Dynamics.of(mission.physics, mission.spacecraft, centre=centre)

    def passed(dv):
        end = coast_through(replace(before, v_m_s=before.v_m_s + dv), last, about, world)
        h = np.cross(end.r_m, end.v_m_s)
        pole = Frame(end.epoch, world, "moon").equator[2]
        return np.array([np.linalg.norm(end.r_m) / 1e6, h @ pole / np.linalg.norm(h)])

    dv = burn.delta_v_m_s * np.array(burn.direction) / np.linalg.norm(burn.direction)
    slopes = [(passed(dv + d) - passed(dv - d)) / 0.1 for d in 0.05 * np.eye(3)]
    free = np.cross(*np.array(slopes).T)
    # the burn of 12 s is not quite the impulse that is tried here
    assert abs(free @ dv) < 0.01 * np.linalg.norm(free) * burn.delta_v_m_s


def test_a_place_in_the_b_plane(world, mission):
    asked = "meet: {b_dot_t: 3000 km, b_dot_r: -8000 km +- 10 km}"
    flight = flown(mission.replace("meet: {perilune: 500 km, inclination: 60 deg}", asked), world)
    assert [f.verdict for f in met(flight)] == ["holds", "holds"]
    # by hand from the state at the perilune: there B is across the asymptote, as long as h / v
    end = flight.legs[-1].end
    h = np.cross(end.r_m, end.v_m_s)
    mu = 4.902800118e12
    v2 = float(end.v_m_s @ end.v_m_s) - 2.0 * mu / float(np.linalg.norm(end.r_m))
    assert np.linalg.norm(h) / math.sqrt(v2) == pytest.approx(math.hypot(3e6, 8e6), rel=1e-5)
    # a fault of the plan is seen by the check
    (step,) = flight.mission.plan
    moved = replace(step, conditions=(replace(step.conditions[0], value=3.2e6),))
    spoilt = replace(flight, mission=replace(flight.mission, plan=(moved,)))
    seen = [f for f in checks.run(spoilt, world) if f.check == "conditions-met"]
    assert [f.verdict for f in seen] == ["fails"]
    assert seen[0].measured == pytest.approx(200.0, rel=1e-4)


def test_a_perilune_alone_and_a_free_time_cost_less(polar, world, mission):
    (both,) = burns(polar)
    (alone,) = burns(flown(mission.replace(", inclination: 60 deg", ""), world))
    assert alone.delta_v_m_s < both.delta_v_m_s
    sooner = flown(mission.replace("for: 12 h", "for: free"), world)
    (free,) = burns(sooner)
    # early, where a metre per second turns the way most
    assert free.delta_v_m_s < 0.7 * both.delta_v_m_s
    assert sooner.legs[0].end.epoch - sooner.zero < 6.0 * 3600.0
    assert [f.verdict for f in met(sooner)] == ["holds", "holds"]


@pytest.mark.parametrize(
    ("old", "new", "error", "says"),
    [
        ("inclination: 60 deg", "inclination: 0.1 deg", SolverError, "allows no inclination"),
        ("inclination: 60 deg", "apolune: 900 km", InputError, "apolune cannot be aimed at"),
        ("perilune: 500 km, inclination", "inclination", InputError, "does not say how near"),
        ("inclination: 60 deg", "b_dot_t: 0 km", InputError, "keep one pair"),
        ("until: perilune", "until: apogee", InputError, "coast: {until: perilune}"),
        ("propellant: 300 kg", "propellant: 1 kg", InfeasibleError, "are short"),
        ("apogee: 424869.804 km", "apogee: 150000 km", InfeasibleError, "does not cross the edge"),
    ],
)
def test_what_is_refused(old, new, error, says, world, mission):
    with pytest.raises(error, match=says):
        flown(mission.replace(old, new), world)

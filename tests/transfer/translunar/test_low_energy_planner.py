"""What a low-energy step does beside its search: forces, and where its capture begins."""

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.dynamics import Drag, preset, propagate
from cosmodrome.dynamics.coasting import centred
from cosmodrome.flight.walk import with_tanks
from cosmodrome.mission import loads
from cosmodrome.mission.nouns import Coast, Manoeuvre
from cosmodrome.record import Handover
from cosmodrome.targets import start_state
from cosmodrome.transfer.translunar import planner, way_dynamics
from cosmodrome.transfer.translunar.correct import Wanted, lunar_axes
from cosmodrome.transfer.translunar.geometry import MU_MOON
from cosmodrome.transfer.translunar.nouns import LunarOrbit
from cosmodrome.transfer.translunar.survey import arriving
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State
from tests.transfer.translunar.problems import MOON_M, WORLD

DAY = 86_400.0
MISSION = """\
schema: cosmodrome/1
name: Round the Moon once, and then in
start:
  elements:
    epoch: "2027-06-01T00:00:00Z"
    frame: tod
    semi_major_axis: 6578.137 km
    eccentricity: 0.0001
    inclination: 28.5 deg
    raan: 355 deg
    argument_of_perigee: 20 deg
    true_anomaly: 137 deg
spacecraft:
  mass: 1000 kg
  engine: {thrust: 4 kN, isp: 320 s}
  propellant: 500 kg
  drag_area: 4 m^2
plan:
  - to-moon:
      orbit: {altitude: 100 km, inclination: 90 deg}
      way: low-energy
      corrections: []
"""


def test_a_capture_waits_for_the_perilune_that_was_led_to():
    """A path that the Moon holds passes it before: its burn is not spent there."""
    mission = loads(MISSION)
    craft = mission.spacecraft
    about = preset("translunar").about("moon")
    arrival = Epoch.from_utc("2027-06-04T05:00:00Z")
    orbit = LunarOrbit.of(mission.plan[0])
    low, high = MOON_M + 100e3, 30_000e3
    speed = math.sqrt(2.0 * MU_MOON * high / (low * (low + high)))
    x = np.array([[0.4, 0.2, speed]])
    (row,) = arriving(x, orbit, lunar_axes(arrival, WORLD))
    perilune = State(arrival, gcrf("moon"), row[:3], row[3:], craft.mass_kg)
    assert np.linalg.norm(perilune.v_m_s) == pytest.approx(speed, rel=1e-6)
    period = 2.0 * math.pi * math.sqrt((0.5 * (low + high)) ** 3 / MU_MOON)
    before = propagate(perilune, about, -1.2 * period, world=WORLD, dense=False).end
    given = with_tanks(Handover(before, (craft.id,), {}, {}), craft)
    chosen = planner(mission.plan[0], given, mission, WORLD)
    chosen.zero = before.epoch
    chosen.wanted = Wanted(orbit, "south", arrival, timed=False, held=True)
    (wait,) = chosen.next(given)
    assert isinstance(wait, Coast)
    assert not chosen.done
    assert arrival - wait.until == pytest.approx(0.5 * DAY)
    here = propagate(before, about, wait.until, world=WORLD, dense=False).end
    steps = chosen.next(replace(given, state=here))
    assert chosen.done
    lit = steps[0].until
    burn = next(s for s in steps if isinstance(s, Manoeuvre))
    assert 0.0 < arrival - lit < 600.0
    assert 500.0 < burn.delta_v_m_s < 700.0


def test_its_burns_are_planned_without_the_air():
    mission = loads(MISSION)
    craft = mission.spacecraft
    start = centred(start_state(mission.start, craft.mass_kg, WORLD), mission.physics, WORLD)
    given = with_tanks(Handover(start, (craft.id,), {}, {}), craft)
    assert way_dynamics(mission).first(Drag) is not None
    assert planner(mission.plan[0], given, mission, WORLD).dynamics.first(Drag) is None

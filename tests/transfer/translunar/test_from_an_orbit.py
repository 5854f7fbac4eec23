"""From an orbit about the Earth to a place on the Moon in the light of a morning: a short file."""

import math

import pytest

from cosmodrome.flight import fly
from cosmodrome.mission import loads
from cosmodrome.report.flight_record import flight_json
from tests.transfer.translunar.problems import WORLD

MISSION = """\
schema: cosmodrome/1
name: From a parking orbit to the ground of the Moon
start:
  elements: {epoch: "2027-03-01T00:00:00Z", frame: tod, semi_major_axis: 6578.137 km,
    eccentricity: 0.0001, inclination: 28.5 deg, raan: 355 deg, argument_of_perigee: 20 deg,
    true_anomaly: 137 deg}
spacecraft: {mass: 9000 kg, engine: {thrust: 45 kN, isp: 320 s}, propellant: 8000 kg}
target:
  kind: lunar-landing
  site: {lat: -69.545 deg, lon: 43.544 deg}
  sun: {from: 5 deg, to: 12 deg}
  half: morning
  flight: 4.25 days
  corrections: [12 h]
  throttle: {least: 2 %}
physics: {gravity: 8x8, moon_gravity: 50x50, drag: none}
"""


@pytest.mark.nightly
def test_it_lands_where_and_when_it_was_planned():
    flight = fly(loads(MISSION), world=WORLD)
    assert flight.verdict == "go", [f for f in flight.findings if f.verdict == "fails"]
    (chosen,) = [x for x in flight.arrivals if x.chosen]
    (down,) = [e for e in flight.events if e.name == "touchdown"]
    assert abs(chosen.touchdown - down.epoch) < 3_600.0
    assert math.degrees(down.latitude_rad) == pytest.approx(-69.545, abs=1e-4)
    found = {f.check: f for f in flight.findings if f.check.startswith("landing-")}
    assert found["landing-plane"].measured < 5.0
    (low, high) = [f for f in flight.findings if "Sun over" in f.why]
    assert low.limit < low.measured == high.measured < high.limit
    # each day that was looked at says what was in its way
    assert all(bool(x.why) != x.chosen for x in flight.arrivals)
    assert len({x.arrives for x in flight.arrivals}) > 1
    told = flight_json(flight)["arrivals"]
    assert len(told) == len(flight.arrivals)
    assert sum(x["chosen"] for x in told) == 1


@pytest.mark.nightly
def test_an_insertion_turns_the_plane_where_none_is_allowed():
    """80 degrees are allowed and 78.2 would serve: 14 degrees about the perilune, as the site lies
    near the pole, for 63 m/s, where the same arrival without a turn goes in for 836 m/s."""
    text = MISSION.replace("mass: 9000", "mass: 9600").replace("8000 kg", "8400 kg")
    planes = "orbit: {altitude: 100 km, planes: {from: 80 deg, to: 92 deg}}"
    wish = "within: 12 days\n  turn: 150 m/s\n  throttle"
    flight = fly(loads(text.replace("throttle", f"{planes}\n  {wish}")), world=WORLD)
    assert flight.verdict == "go", [f for f in flight.findings if f.verdict == "fails"]
    (chosen,) = [x for x in flight.arrivals if x.chosen]
    assert math.degrees(chosen.inclination_rad) == pytest.approx(80.0, abs=0.1)
    found = {f.check: f for f in flight.findings if f.check.startswith("landing-")}
    assert found["landing-plane"].verdict == "holds"
    assert found["landing-light"].verdict == "holds"
    (insertion,) = [
        s for g in flight.legs for s in g.steps if getattr(s, "name", "").endswith("insertion 1")
    ]
    assert 30.0 < insertion.delta_v_m_s - 836.0 < 80.0
    assert abs(insertion.direction[1]) > 0.3

"""Two shipped missions whose orbits keep something: a 16-day repeat, and a frozen orbit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from cosmodrome.flight import fly
from cosmodrome.mission import loads

if TYPE_CHECKING:
    from cosmodrome.world.world import World


@pytest.mark.slow
@pytest.mark.parametrize("name", ["landsat-repeat", "frozen-sso"])
def test_the_orbit_that_keeps_it_is_reached(shipped_world: World, name: str) -> None:
    flight = fly(name, world=shipped_world)
    assert flight.verdict == "go"
    assert not [f for f in flight.findings if f.verdict == "fails"]
    target, orbit = flight.mission.target, flight.orbit
    assert orbit is not None
    assert target.semi_major_axis_m is not None
    assert target.eccentricity is not None
    # 5 m of a would carry the track by a kilometre in a month
    assert orbit.mean.a_m == pytest.approx(target.semi_major_axis_m.value, abs=20.0)
    argp = target.argument_of_perigee_rad
    wanted = 0.0 if argp is None else argp.value
    away = math.hypot(
        orbit.mean.e * math.cos(orbit.mean.argp_rad) - target.eccentricity.value * math.cos(wanted),
        orbit.mean.e * math.sin(orbit.mean.argp_rad) - target.eccentricity.value * math.sin(wanted),
    )
    assert away < 1e-5
    held = {f.check: f for f in flight.findings if f.verdict == "holds"}
    assert {"node-rate", "local-time-of-node", "eccentricity", "inclination"} <= set(held)


DEPARTURE = """\
schema: cosmodrome/1
name: To an asymptote
site: ccsfs
vehicle: falcon-9-b5
spacecraft: {mass: 1000 kg}
launch: {window: 2027-03-01T00:00Z / 2027-03-03T00:00Z}
target:
  kind: c3
  c3: 8 km^2/s^2
  inclination: 28.6 deg
  declination: -10 deg
  right_ascension: 200 deg
plan: [{coast: {for: 1 h}}]
"""


@pytest.mark.slow
def test_a_departure_leaves_where_it_is_to(shipped_world: World) -> None:
    flight = fly(loads(DEPARTURE), world=shipped_world)
    assert flight.verdict == "go"
    found = [f for f in flight.findings if f.check == "semi-major-axis"]
    assert [f.verdict for f in found] == ["holds"] * 3
    for piece, f in zip(("C3", "declination", "right ascension"), found, strict=True):
        assert piece in f.why
        assert f.measured is not None
        assert f.measured < 1e-3

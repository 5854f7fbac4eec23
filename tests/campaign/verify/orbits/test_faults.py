"""Which faults a flight is given, and what a burn of a plan makes of them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.campaign.verify.nouns import Released
from cosmodrome.campaign.verify.orbits.faults import orbit_faults, rule_of
from cosmodrome.campaign.verify.orbits.flown import fly_on, fly_orbits
from cosmodrome.campaign.verify.orbits.periapsis import lowest_passed_m, next_m, periapsis
from cosmodrome.campaign.verify.orbits.pushes import turned
from cosmodrome.campaign.verify.orbits.track import track
from cosmodrome.dynamics import Dynamics, Thrust, propagate
from cosmodrome.dynamics.elements import state_from_elements
from cosmodrome.errors import InputError
from cosmodrome.flight.stages import Run
from cosmodrome.flight.walk import from_orbit
from cosmodrome.mission import OrbitMission, Transfer, loads
from cosmodrome.record import FAMILIES, Fault
from cosmodrome.record.nouns import Elements
from cosmodrome.transfer.flying import thrusts
from cosmodrome.watch import SILENT
from cosmodrome.world.bodies import body
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from cosmodrome.mission import AnyMission
    from cosmodrome.record import Flight
    from cosmodrome.world.world import World

EPOCH = Epoch.from_utc("2027-03-01T00:00:00Z")
MU = body("earth").mu_m3_s2

COASTS = """\
schema: cosmodrome/1
name: Coasts alone
start:
  elements: {epoch: "2027-03-01T00:00:00Z", frame: tod, altitude: 700 km, inclination: 98 deg,
             raan: 10 deg, true_anomaly: 0 deg}
spacecraft:
  mass: 500 kg
  drag_area: 4 m^2
plan:
  - coast: {for: 1 h}
physics: {gravity: 8x8}
"""
# two burns found by the optimum, flown by the plan's timers
TRANSFER = """\
schema: cosmodrome/1
name: A transfer
start:
  elements: {epoch: "2027-03-01T00:00:00Z", frame: tod, altitude: 500 km, inclination: 28 deg,
             raan: 10 deg, true_anomaly: 0 deg}
spacecraft:
  id: tug
  mass: 1000 kg
  engine: {thrust: 2 kN, isp: 310 s}
  propellant: 200 kg
plan:
  - coast: {for: 10 min}
  - transfer: {name: up, to: {perigee: 700 km, apogee: 700 km}, burns: 2}
  - coast: {for: 2 h}
physics: {gravity: 8x8, drag: none, radiation_pressure: false}
"""


def flown(mission: AnyMission, world: World) -> Flight:
    """Flown, without its checks."""
    assert isinstance(mission, OrbitMission)
    return from_orbit(mission, Run(world, SILENT))


@pytest.fixture(scope="module")
def moved(shipped_world: World) -> Flight:
    return flown(loads(TRANSFER), shipped_world)


def test_coasts_alone_have_faults_of_air_and_light_alone(shipped_world: World) -> None:
    flight = flown(loads(COASTS), shipped_world)
    faults = orbit_faults(flight)
    assert {f.family for f in faults} == {"environment"}
    assert {f.path.split(".")[2] for f in faults} == {"density", "radiation", "area"}
    dark = loads(COASTS.replace("8x8}", "8x8, drag: none, radiation_pressure: false}"))
    assert orbit_faults(flown(dark, shipped_world)) == ()


def test_every_burn_has_its_own(moved: Flight) -> None:
    faults = orbit_faults(moved)
    assert len({f.id for f in faults}) == len(faults)
    assert all(f.into == "truth" and f.family in FAMILIES and f.text for f in faults)
    for number in (1, 2):
        kinds = {
            f.path.split(".", 3)[3] for f in faults if f.path.startswith(f"burns.tug.{number}")
        }
        assert kinds == {
            "ignition", "cut-off", "thrust", "isp", "direction", "direction.in-plane",
            "direction.across",
        }  # fmt: skip
    assert not [f for f in faults if f.path.startswith("burns.tug.3")]
    own = track(moved, "tug")
    assert own is not None
    assert {rule_of(item) for item in own.items if item.burns} == {"by the plan's timer"}
    assert track(moved, "nobody") is None


def test_fineness_grades_and_keeps_the_largest(moved: Flight) -> None:
    few, usual, many = (orbit_faults(moved, x) for x in (0.1, 1.0, 3.0))
    assert len(few) < len(usual) < len(many)
    largest = "truth:burns.tug.1.direction.across:turn:0.34906585rad"
    assert all(largest in {f.id for f in some} for some in (few, usual, many))
    for wrong in (0.0, -1.0, math.inf, math.nan):
        with pytest.raises(InputError, match="fineness"):
            orbit_faults(moved, wrong)


def test_a_transfer_as_planned_and_with_a_late_cut_off(moved: Flight, shipped_world: World) -> None:
    """Beside the plan's own burns flown as one path by the propagator."""
    leg = next(g for g in moved.legs if g.chapter == "transfer")
    planned = Released(
        Fault("truth", "burns", "x", "omit", 0.0, "", ""), "flown", state=moved.legs[0].start
    )
    (one,) = fly_on(moved, [planned], shipped_world)
    assert one.end is not None
    assert np.linalg.norm(one.end.r_m - moved.legs[-1].end.r_m) < 1e-3
    engine = moved.mission.spacecraft.engine
    assert engine is not None
    assert leg.plan is not None
    first, second = thrusts(leg.plan, engine)
    held = Thrust(
        second.start, second.end + 5.0, engine.thrust_n, engine.isp_s,
        (*second.direction, second.direction[-1]),  # type: ignore[arg-type]
        knots_s=(*second.knots_s, second.end - second.start + 5.0),
    )  # fmt: skip
    forces = Dynamics.of(moved.mission.physics, moved.mission.spacecraft)
    after = propagate(
        leg.start, forces.with_thrust(first, held), second.end + 5.0, world=shipped_world
    ).end
    end = propagate(after, forces, 7_200.0, world=shipped_world).end
    late = Fault("truth", "burns", "burns.tug.2.cut-off", "offset", 5.0, "s", "5 s late")
    (one,) = fly_orbits(moved, [late], shipped_world)
    assert one.end is not None
    assert one.end.epoch - end.epoch == pytest.approx(0.0, abs=1e-6)
    assert np.linalg.norm(one.end.r_m - end.r_m) < 1e-3
    assert one.end.mass_kg == pytest.approx(end.mass_kg, abs=1e-6)


def state(a_m: float, e: float, anomaly: float) -> State:
    r, v = state_from_elements(Elements(a_m, e, 0.9, 1.0, 2.0, anomaly), MU)
    return State(EPOCH, gcrf("earth"), r, v, 1.0)


@given(
    low=st.floats(6.5e6, 5e7),
    e=st.one_of(st.floats(0.01, 0.95), st.floats(1.05, 3.0)),
    anomaly=st.one_of(st.floats(-1.8, -0.01), st.floats(0.01, 1.8)),
)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_the_periapsis_is_where_kepler_goes(low: float, e: float, anomaly: float) -> None:
    """Half the area swept from it (Kepler's second law), by a sum apart from his equation."""
    here = state(low / (1.0 - e), e, anomaly % (2.0 * math.pi))
    height, since, until = periapsis(here)
    assert height == pytest.approx(low, rel=1e-9)
    p = low * (1.0 + e)
    f = np.linspace(0.0, abs(anomaly), 4001)
    swept = np.trapezoid((p / (1.0 + e * np.cos(f))) ** 2, f) / math.sqrt(MU * p)
    assert (since if anomaly > 0.0 else until) == pytest.approx(swept, rel=1e-5, abs=1e-2)
    assert (until if anomaly < 0.0 else since) < math.inf


def test_only_what_is_passed_counts() -> None:
    a, e = 8.0e6, 0.1
    before, after = state(a, e, 6.0), state(a, e, 0.3)
    span = periapsis(before)[2] + periapsis(after)[1]
    passed = replace(after, epoch=EPOCH + span)
    assert lowest_passed_m(before, passed) == pytest.approx(0.9 * a - 6_378_137.0, abs=1e-3)
    climbs = replace(state(a, e, 2.0), epoch=EPOCH + 1_000.0)
    assert lowest_passed_m(after, climbs) == math.inf
    assert next_m(after) == pytest.approx(0.9 * a - 6_378_137.0, abs=1e-3)
    leaving = state(-4.0e6, 3.0, 0.3)
    assert next_m(leaving) == math.inf


def test_turned_by_the_angle_about_the_axis() -> None:
    u, pole = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0])
    assert turned(u, pole, "in-plane", 0.3) == pytest.approx([math.cos(0.3), math.sin(0.3), 0.0])
    assert turned(u, pole, "across", 0.3)[1] == pytest.approx(0.0, abs=1e-15)
    assert float(turned(u, pole, "across", 0.3) @ u) == pytest.approx(math.cos(0.3))
    # along the pole there is no plane to stay in: still the angle
    for sense in ("in-plane", "across"):
        assert float(turned(pole, pole, sense, 0.3) @ pole) == pytest.approx(math.cos(0.3))


SPIRAL = """\
schema: cosmodrome/1
name: A spiral
start:
  elements: {epoch: "2027-03-01T00:00:00Z", frame: tod, altitude: 700 km, inclination: 28 deg,
             raan: 10 deg, true_anomaly: 0 deg}
spacecraft: {mass: 500 kg, engine: {thrust: 0.4 N, isp: 1600 s}, propellant: 60 kg}
plan:
  - coast: {for: 10 min}
  - burn: {delta_v: 0.01 m/s, direction: prograde, name: up}
  - coast: {for: 10 min}
physics: {gravity: 8x8, drag: none, radiation_pressure: false}
"""


def test_none_before_what_is_planned_while_it_is_flown(shipped_world: World) -> None:
    flight = flown(loads(SPIRAL), shipped_world)
    spiral = Transfer((), low_thrust=True, name="spiral")
    wait, burn, after = flight.legs
    raised = replace(burn, steps=(spiral,))
    own = track(replace(flight, legs=(wait, raised, after)), "spacecraft")
    assert own is not None
    assert [item.does is None for item in own.items] == [False, True, False]
    assert own.first == 2
    assert orbit_faults(replace(flight, legs=(wait, raised))) == ()
    faults = orbit_faults(replace(flight, legs=(raised, wait, burn, after)))
    assert {f.path.split(".")[0] for f in faults} == {"burns", "spacecraft"}
    # the coast before the burn lasts 10 min: it cannot ignite earlier than that
    early = [f.value for f in faults if f.path.endswith("ignition") and f.value < 0.0]
    assert min(early) > -600.0
    assert all(not f.path.startswith("burns.spacecraft.2") for f in faults)

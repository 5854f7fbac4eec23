"""What a carrier lets go has faults of its own, and is judged by its own flight."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome import flight
from cosmodrome.campaign.verify import sweep as room
from cosmodrome.campaign.verify.crafts import crafts_of, names_of, steered_late
from cosmodrome.campaign.verify.judging import Judge
from cosmodrome.campaign.verify.plans.flown import fly_carried
from cosmodrome.campaign.verify.swept import Batch, Swept
from cosmodrome.campaign.verify.unswept import unswept
from cosmodrome.campaign.verify.ways import WAYS
from cosmodrome.flight.again import carried
from cosmodrome.mission import Land, Transfer, load, loads, shipped_path
from cosmodrome.record.faults import Fault
from cosmodrome.watch import SILENT

TEXT = """\
schema: cosmodrome/1
name: A lander is let go
start:
  elements: {epoch: "2027-03-01T00:00:00Z", frame: moon-equator, perilune: 100 km, apolune: 100 km,
             inclination: 90 deg, raan: 0 deg, argument_of_perilune: 0 deg, true_anomaly: 0 deg}
spacecraft:
  id: orbiter
  mass: 3000 kg
  carries:
    - id: lander
      mass: 1000 kg
      engine: {thrust: 2 kN, isp: 320 s}
      propellant: 200 kg
      plan:
        - coast: {for: 10 min}
        - burn: {delta_v: 16 m/s, direction: retrograde, name: down}
        - coast: {for: 3 h}
    - {id: probe, mass: 5 kg}
plan:
  - release: {object: lander, speed: 0.5 m/s, direction: prograde}
  - release: {object: probe, speed: 0.5 m/s, direction: prograde}
  - coast: {for: 4 h}
physics: {moon_gravity: 8x8, gravity: 2x0}
"""


@pytest.fixture(scope="module")
def swept(shipped_world):
    return Swept(flight.fly(loads(TEXT), world=shipped_world), shipped_world, WAYS)


def told(swept, part, *faults):
    return swept.outcomes(Batch(part, faults), SILENT)


def listed(swept, path, kind, value):
    (fault,) = [
        f for f in WAYS["orbit"].faults(swept.flight, "normal")
        if (f.path, f.kind) == (path, kind) and f.value == pytest.approx(value)
    ]  # fmt: skip
    return fault


def test_what_only_coasts_away_has_nothing_to_lose(swept):
    assert crafts_of(swept.flight) == ("orbiter", "lander")
    assert names_of(swept.flight, "lander") == ("lander",)


def test_a_fault_of_the_lander_loses_the_lander_alone(swept):
    (one,) = told(swept, "orbit", listed(swept, "burns.lander.1.cut-off", "omit", 0.0))
    assert one.consequence == "impact"
    # 700 m/s against the motion in orbit about the Moon: it falls from 100 km within minutes
    assert one.end_s is not None
    assert 600.0 < one.end_s < 2400.0
    (other,) = told(swept, "orbit", listed(swept, "environment.orbiter.radiation", "factor", 1.3))
    assert other.consequence == "met"


@pytest.mark.parametrize("kind", ["omit", "sign"])
def test_a_spring_that_fails_is_flown_on(kind, swept):
    """Half a metre a second of 1,633: by 2a dv / v 2.1 km of apolune, and the burn goes on."""
    fault = listed(swept, "releases.orbiter.1.kick", kind, -1.0 if kind == "sign" else 0.0)
    (one,) = told(swept, "orbit", fault)
    assert one.why.startswith("lander: ")
    planned = swept.judge_of("lander").planned.reached
    assert planned is not None
    a = 1.8374e6
    share = 1.0 - 1000.0 / 3000.0
    slower = 0.5 * share * (2.0 if kind == "sign" else 1.0)
    # 2 a^2 / mu times v dv, mu = v^2 a
    less = 2.0 * a * slower / math.sqrt(4.9028e12 / a)
    size = 1.0 / (2.0 / np.linalg.norm(planned.r_m) - planned.v_m_s @ planned.v_m_s / 4.9028001e12)
    record = swept.judge_of("lander").record
    assert record is not None
    assert record.osculating.a_m == pytest.approx(size, rel=1e-4)
    assert record.osculating.a_m - one.figures["a_m"] == pytest.approx(less, rel=0.1)
    assert not one.loses


def test_what_is_not_let_go_is_lost(swept):
    (one,) = told(swept, "orbit", listed(swept, "releases.orbiter.1.separation", "retain", 0.0))
    assert one.consequence == "lost"
    assert one.why == "lander: is not let go"


def test_a_plan_that_is_wrong_for_the_lander_alone_loses_the_mission(swept):
    carries = swept.carries
    (k,) = [
        k for k, s in enumerate(carries.stretches)
        if s.object == "lander" and s.chapter == "transfer"
    ]  # fmt: skip
    fault = Fault("plan", "units", f"stretches.{k}.steps.0.delta_v_m_s", "factor", 4.448, "", "lbf")
    _, outcome = fly_carried(swept.judge, carries, fault)
    assert outcome.loses
    assert outcome.why.startswith("lander: ")
    assert swept.judge.others[0].craft == "lander"


def test_one_that_is_never_released_is_lost(swept, shipped_world):
    carries = carried(swept.flight)
    fewer = replace(
        carries, stretches=tuple(s for s in carries.stretches if s.chapter != "release")
    )
    again = flight.again.fly_again(swept.flight, fewer, shipped_world)
    fault = Fault("plan", "staging", "stretches.0", "omit", 0.0, "", "no release")
    outcome = Judge(swept.flight, shipped_world).judge_again(again, fault)
    assert (outcome.consequence, outcome.why) == ("lost", "lander: it is never released")


def test_no_fault_is_flown_through_what_is_planned_on_the_way(swept):
    spiral = Transfer((), name="spiral", low_thrust=True)
    legs = (replace(swept.flight.legs[0], steps=(spiral,)), *swept.flight.legs[1:])
    steered = replace(swept.flight, legs=legs)
    assert steered_late(steered) == ("spiral",)
    assert WAYS["plan"].faults(steered, "normal") == ()
    assert steered_late(swept.flight) == ()
    (told,) = unswept(steered, ("orbit", "plan"), swept.world)
    assert told.startswith("'spiral': planned while it is flown")
    assert unswept(steered, ("ascent",), swept.world) == ()
    assert unswept(swept.flight, ("orbit", "plan"), swept.world) == ()
    assert WAYS["plan"].faults(swept.flight, "normal")


def test_corrections_are_not_planned_again_and_that_is_told(swept):
    webb = replace(swept.flight, mission=load(shipped_path("webb")))
    (told,) = unswept(webb, ("orbit", "plan"), swept.world)
    assert told.startswith("what corrections could still mend: those of 'to the libration point 1'")
    assert unswept(webb, ("plan",), swept.world) == ()


def test_flights_that_end_with_a_landing_are_told_few_at_a_time(swept):
    assert WAYS["orbit"].in_one_go(swept.flight) == 48
    down = replace(swept.flight.legs[-1], steps=(Land(0.0, 0.0),))
    lands = replace(swept.flight, legs=(*swept.flight.legs, down))
    assert WAYS["orbit"].in_one_go(lands) == 8
    assert WAYS["plan"].in_one_go(lands) == WAYS["plan"].at_once


@pytest.mark.nightly
def test_an_orbiter_is_not_judged_by_the_landing_of_what_it_let_go(shipped_world):
    sweep = room.sweep(
        load("lander-and-orbiter"), only=("orbit",), fineness="coarse", jobs=2, world=shipped_world
    )
    of_light = [o for o in sweep.outcomes if o.fault.path.endswith("propulsion-module.radiation")]
    assert {o.consequence for o in of_light} == {"met"}
    assert [o for o in sweep.outcomes if o.fault.path.startswith("landings.vikram.")]

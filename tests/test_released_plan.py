"""A released spacecraft flies its own plan: a lander goes down, and what let it go stays."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cosmodrome import checks, report
from cosmodrome.campaign.verify.judging import Judge
from cosmodrome.campaign.verify.noticed import in_flight
from cosmodrome.campaign.verify.nouns import Ended
from cosmodrome.campaign.verify.orbits.flown import fly_orbits
from cosmodrome.cli import main
from cosmodrome.errors import InfeasibleError
from cosmodrome.flight import fly
from cosmodrome.formats import oem, opm
from cosmodrome.mission import Land, Release, Start, StartState, load, loads, shipped_path
from cosmodrome.record.faults import Fault, Outcome
from cosmodrome.report.flight_record import flight_json
from cosmodrome.world.heights import terrain
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cosmodrome.mission import Spacecraft, Step
    from cosmodrome.record import Finding, Flight, Leg

CARRIER, LANDER = "propulsion-module", "vikram"


@pytest.fixture(scope="module")
def world() -> World:
    return World.shipped()


@pytest.fixture(scope="module")
def flight(world: World) -> Flight:
    return fly(load(shipped_path("lander-and-orbiter")), world=world)


def legs_of(flight: Flight, craft: str) -> list[Leg]:
    return [leg for leg in flight.legs if leg.object == craft]


def of(flight: Flight, check: str, craft: str) -> list[Finding]:
    return [f for f in flight.findings if (f.check, f.object) == (check, craft)]


def test_both_fly_their_own_plans(flight: Flight) -> None:
    assert flight.verdict == "go"
    chapters = [leg.chapter for leg in legs_of(flight, CARRIER)]
    assert chapters == ["orbit", "release", "orbit"]
    own = legs_of(flight, LANDER)
    assert {leg.parent for leg in own} == {CARRIER}
    assert [leg.chapter for leg in own if leg.chapter != "orbit"] == [
        "transfer",
        "transfer",
        "landing",
    ]
    # the orbiter stays where it was, and flies on to the end of its own plan
    last = legs_of(flight, CARRIER)[-1]
    assert last.end.epoch.utc(0) == "2023-08-23T13:00:00Z"
    assert last.end.epoch > own[-1].end.epoch


def test_what_was_announced_is_met(flight: Flight) -> None:
    """ISRO, 18 to 23 August 2023; the node and the place on the orbit are assumed."""
    burns = {e.name: e for e in flight.events if e.object == LANDER and "de-boost" in e.name}
    assert burns["first de-boost ignition"].epoch.utc(0)[:10] == "2023-08-18"
    assert burns["second de-boost ignition"].epoch.utc(0)[:10] == "2023-08-19"
    reached = flight.reaches[LANDER]
    assert reached.perigee_altitude_m == pytest.approx(25e3, abs=1e3)
    # 134 km were announced; the apolune is what the orbit has at that place
    assert reached.apogee_altitude_m == pytest.approx(134e3, abs=15e3)  # measured 143.9
    down = {e.name: e for e in flight.events if e.object == LANDER}
    touch = down["touchdown"]
    assert touch.epoch.utc(0)[:10] == "2023-08-23"
    # rough braking was to begin at 30 km and 1,680 m/s
    begun = down["powered descent initiation"]
    assert begun.altitude_m == pytest.approx(30e3, abs=3e3)  # measured 32.2
    assert begun.speed_inertial_m_s == pytest.approx(1680.0, abs=15.0)  # measured 1688
    (step,) = (s for s in flight.mission.spacecraft.carries[0].plan if isinstance(s, Land))
    ground = float(terrain("moon").height_m(step.latitude_rad, step.longitude_rad))
    assert touch.altitude_m == pytest.approx(ground, abs=0.01)


def test_each_has_its_own_mass_and_tank(flight: Flight) -> None:
    (lander,) = flight.mission.spacecraft.carries
    release = next(leg for leg in flight.legs if leg.chapter == "release")
    (given,) = release.released
    assert given.propellant_kg == {LANDER: lander.propellant_kg}
    assert release.end.mass_kg + given.state.mass_kg == pytest.approx(2349.86, abs=1e-9)
    own = legs_of(flight, LANDER)
    burnt = sum(b.propellant_kg for leg in own for b in leg.ledger.burns)
    assert own[-1].end.mass_kg == pytest.approx(lander.mass_kg - burnt, abs=1e-3)
    assert own[-1].ledger.propellant_kg[LANDER] == pytest.approx(850.0 - burnt, abs=1e-3)
    assert legs_of(flight, CARRIER)[-1].end.mass_kg == pytest.approx(600.0, abs=1e-9)


def test_checks_judge_it_by_its_name(flight: Flight) -> None:
    for check in ("plan-flown", "coast-ends", "conditions-met", "burn-size", "burn-direction"):
        assert {f.verdict for f in of(flight, check, LANDER)} == {"holds"}, check
    assert [f.verdict for f in of(flight, "touchdown", LANDER)] == ["holds"] * 5
    assert [f.verdict for f in of(flight, "burn-tank", LANDER)] == ["holds"] * 2
    # the carrier has neither burn nor landing, and is asked for none
    asked = {f.check for f in flight.findings if f.object == CARRIER}
    assert not asked & {"burn-size", "burn-tank", "touchdown", "conditions-met"}


def test_the_record_tells_each(flight: Flight) -> None:
    told = json.loads(json.dumps(flight_json(flight)))
    row = next(o for o in told["objects"] if o["id"] == LANDER)
    assert row["parent"] == CARRIER
    assert row["verdict"] == "go"
    assert row["propellant_kg"]["loaded"] == 850.0
    left = legs_of(flight, LANDER)[-1].ledger.propellant_kg[LANDER]
    assert row["propellant_kg"]["left"] == pytest.approx(left, abs=1e-6)
    assert row["reached"]["perigee_altitude_m"] == pytest.approx(25e3, abs=1e3)
    assert row["end"]["mass_kg"] == pytest.approx(1749.86 - 850.0 + left, abs=1e-3)
    assert "verdict" not in next(o for o in told["objects"] if o["id"] == CARRIER)


def test_the_page_can_follow_it(flight: Flight, world: World) -> None:
    page = report.page_json(flight, report.series_of(flight, world), world)
    (line,) = page["lines"]
    assert line["id"] == LANDER
    assert line["primary"] == ["stack", CARRIER, LANDER]
    lit = [b for b in line["timeline"]["burns"] if b["name"] == "Vikram"]
    down = next(e for e in flight.events if e.name == "touchdown")
    assert lit[-1]["end_s"] == pytest.approx(down.t_s, abs=0.1)
    # the carrier's line has no burn, and goes on where the lander's leaves it
    assert page["timeline"]["burns"] == []
    release = next(e for e in flight.events if e.name.startswith("release"))
    begun = [c for c in line["timeline"]["coasts"] if c["start_s"] <= release.t_s + 1.0]
    assert begun[-1]["end_s"] < page["timeline"]["coasts"][-1]["end_s"]
    ends = [c["end_s"] for c in (*line["timeline"]["coasts"], *lit)]
    assert max(ends) == pytest.approx(down.t_s, abs=0.1)
    # thrust as a part of the lander's own
    levels = [
        max(x for x in o["series"]["thrust_level_pct"] if x is not None)
        for o in page["objects"]
        if (o["id"], o["chapter"]) == (LANDER, "landing")
    ]
    assert levels == [pytest.approx(100.0, abs=0.1)]


def test_the_ephemeris_of_each_is_exported(flight: Flight, world: World, tmp_path: Path) -> None:
    report.write(flight, tmp_path, world)
    out = tmp_path / "files"
    assert main(["export", str(tmp_path), "--oem", "--opm", "--out", str(out), "--quiet"]) == 0
    names = {f"orbit{who}.{kind}" for who in ("", f"-{LANDER}") for kind in ("oem", "opm")}
    assert {p.name for p in out.iterdir()} == names
    told = oem.read(out / f"orbit-{LANDER}.oem")
    assert {s.center for s in told.segments} == {"MOON"}
    last = legs_of(flight, LANDER)[-1].end
    point = told.segments[-1].points[-1]
    assert abs(point.epoch - last.epoch) < 1e-3
    assert np.allclose(point.r_m, last.r_m, atol=0.01)
    released = opm.read(out / f"orbit-{LANDER}.opm")
    assert released.mass_kg == pytest.approx(1749.86)


def test_what_it_lacks_is_told_by_its_name(flight: Flight, world: World) -> None:
    """From the orbit that the second de-boost left, with too little in the tank."""
    burn = [g for g in legs_of(flight, LANDER) if g.chapter == "transfer"][-1]
    carrier = flight.mission.spacecraft
    (lander,) = carrier.carries
    poor = replace(lander, mass_kg=burn.end.mass_kg, propellant_kg=500.0, plan=lander.plan[-1:])
    begun = replace(burn.end, mass_kg=burn.end.mass_kg + 600.0)
    start = Start(begun.epoch, StartState("moon/gcrf", tuple(begun.r_m), tuple(begun.v_m_s)))
    mission = replace(
        flight.mission,
        start=start,
        spacecraft=replace(carrier, mass_kg=begun.mass_kg, carries=(poor,)),
        plan=(Release(LANDER, 1e-3),),
    )
    with pytest.raises(InfeasibleError, match=rf"{LANDER}: .*short of \d+\.\d kg of propellant"):
        fly(mission, world=world)


def with_craft(flight: Flight, change: Callable[[Spacecraft], Spacecraft]) -> Flight:
    """The same flight of a mission whose lander is another."""
    carrier = flight.mission.spacecraft
    (lander,) = carrier.carries
    changed = replace(carrier, carries=(change(lander),))
    return replace(flight, mission=replace(flight.mission, spacecraft=changed))


def with_step(flight: Flight, kind: type, **changes: Any) -> Flight:
    """Another last step of a kind in the lander's plan, and in the legs that flew it."""

    def other(step: Step) -> Step:
        return replace(step, **changes) if isinstance(step, kind) else step

    spoilt = with_craft(flight, lambda c: replace(c, plan=tuple(other(s) for s in c.plan)))
    legs = (replace(leg, steps=tuple(other(s) for s in leg.steps)) for leg in spoilt.legs)
    return replace(spoilt, legs=tuple(legs))


def with_leg(flight: Flight, number: int, **changes: Any) -> Flight:
    """Something else told of one of the lander's legs."""
    wanted = legs_of(flight, LANDER)[number]
    legs = (replace(leg, **changes) if leg is wanted else leg for leg in flight.legs)
    return replace(flight, legs=tuple(legs))


def full(flight: Flight) -> Flight:
    given = legs_of(flight, LANDER)[0].handover_in
    assert given is not None
    return with_leg(flight, 0, handover_in=replace(given, propellant_kg={LANDER: 849.0}))


def shifted(flight: Flight) -> Flight:
    leg = legs_of(flight, LANDER)[0]
    start = replace(leg.start, v_m_s=leg.start.v_m_s + np.array([1e-3, 0.0, 0.0]))
    return with_leg(flight, 0, start=start)


FAULTS: dict[str, tuple[str, Callable[[Flight], Flight]]] = {
    "a tank that is not full": ("parting", full),
    "a push of its own": ("parting", shifted),
    "a kilogram more": (
        "parting",
        lambda f: with_craft(f, lambda c: replace(c, mass_kg=c.mass_kg + 1.0)),
    ),
    "another engine": (
        "burn-size",
        lambda f: with_craft(
            f, lambda c: replace(c, engine=replace(c.engine, isp_s=c.engine.isp_s + 1.0))
        ),
    ),
    "less in the tank": (
        "burn-tank",
        lambda f: with_craft(f, lambda c: replace(c, propellant_kg=20.0)),
    ),
    "a lower orbit asked for": (
        "conditions-met",
        lambda f: with_craft(f, lambda c: replace(c, plan=lower(c.plan))),
    ),
    "not landed": (
        "plan-flown",
        lambda f: replace(f, legs=tuple(g for g in f.legs if g.chapter != "landing")),
    ),
    "beside the site": (
        "touchdown",
        lambda f: with_step(f, Land, latitude_rad=math.radians(-69.3)),
    ),
    "a reserve that is gone": ("touchdown", lambda f: with_step(f, Land, reserve_kg=40.0)),
    "a coast that is longer": ("coast-ends", lambda f: with_leg(f, 0, events=late(f))),
}


def test_coming_back_is_warned_of(flight: Flight, world: World) -> None:
    """Flown on beside its carrier, it is never further off."""
    beside = next(g for g in legs_of(flight, CARRIER) if g.parent == "" and g.chapter == "orbit")
    carrier = legs_of(flight, CARRIER)[-1]
    assert carrier is not beside
    near = with_leg(flight, 0, path=carrier.path)
    found = [f for f in checks.run(near, world) if (f.check, f.object) == ("parting", LANDER)]
    (warned,) = [f for f in found if f.verdict == "warns"]
    assert warned.measured == pytest.approx(0.0, abs=1e-3)
    assert warned.limit == 100.0
    (held,) = [f for f in of(flight, "parting", LANDER) if f.limit == 100.0]
    assert held.verdict == "holds"
    assert held.measured > 1000.0


def lower(plan: tuple[Step, ...]) -> tuple[Step, ...]:
    from cosmodrome.mission import Solve

    def other(step: Step) -> Step:
        if not isinstance(step, Solve) or step.name != "second de-boost":
            return step
        first, *rest = step.conditions
        return replace(step, conditions=(replace(first, value=first.value - 5e3), *rest))

    return tuple(other(s) for s in plan)


def late(flight: Flight) -> tuple[Any, ...]:
    events = legs_of(flight, LANDER)[0].events
    return tuple(
        replace(e, epoch=e.epoch + 1.0) if e.name.startswith("end of coast") else e for e in events
    )


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_seen(name: str, flight: Flight, world: World) -> None:
    check, plant = FAULTS[name]
    found = checks.run(plant(flight), world)
    fails = {(f.check, f.object) for f in found if f.verdict == "fails"}
    assert (check, LANDER) in fails
    # the carrier's own plan is not touched by it
    assert not {c for c, who in fails if who == CARRIER} & {"plan-flown", "coast-ends"}


STAGE = """\
schema: cosmodrome/1
name: A stage and its satellite
start:
  elements:
    epoch: "2027-03-01T00:00:00Z"
    frame: tod
    perigee: 400 km
    apogee: 400 km
    inclination: 51.6 deg
    raan: 10 deg
    argument_of_perigee: 0 deg
    true_anomaly: 0 deg
spacecraft:
  id: stage
  mass: 3000 kg
  engine: {thrust: 2000 N, isp: 310 s}
  propellant: 500 kg
  carries:
    - {id: cube, mass: 10 kg}
    - id: sat
      mass: 800 kg
      engine: {thrust: 400 N, isp: 320 s}
      propellant: 300 kg
      plan:
        - coast: {for: 20 min}
        - burn: {delta_v: 10 m/s, direction: prograde}
        - deorbit: {name: the end, perigee: 90 km}
plan:
  - release: {object: cube, coast: 1 h}
  - coast: {for: 10 min}
  - release: {object: sat}
  - deorbit: {name: the end, perigee: 50 km}
physics: {gravity: 4x4, drag: none, radiation_pressure: false}
"""


def test_each_leaves_its_orbit_by_a_step_of_one_name(world: World) -> None:
    flight = fly(loads(STAGE), world=world)
    assert flight.verdict == "go"
    kept = {u.object: u for u in flight.upkeep}
    assert {u.step for u in flight.upkeep} == {"the end"}
    for craft, low_km in (("stage", 50.0), ("sat", 90.0)):
        (found,) = of(flight, "disposal", craft)
        assert found.verdict == "holds"
        last = legs_of(flight, craft)[-1].end
        taken = kept[craft].propellant_kg
        assert 0.0 < taken < 100.0
        a = 1.0 / (2.0 / np.linalg.norm(last.r_m) - last.v_m_s @ last.v_m_s / 3.986004415e14)
        e = np.cross(last.v_m_s, np.cross(last.r_m, last.v_m_s)) / 3.986004415e14
        e = np.linalg.norm(e - last.r_m / np.linalg.norm(last.r_m))
        assert a * (1.0 - e) - 6_378_137.0 == pytest.approx(1e3 * low_km, abs=1e3)
    # what has no plan is followed for its time
    cube = legs_of(flight, "cube")
    assert cube[-1].end.epoch - cube[0].start.epoch == pytest.approx(3600.0)
    row = {o["id"]: o for o in flight_json(flight)["objects"]}
    assert row["sat"]["verdict"] == "go"
    assert "verdict" not in row["cube"]


def test_each_is_judged_by_its_own_flight(flight: Flight, world: World) -> None:
    judge = Judge(flight, world)
    (lander,) = judge.others
    assert (judge.craft, judge.landing) == (CARRIER, None)
    assert lander.craft == LANDER
    assert isinstance(lander.landing, Land)
    light = Fault("truth", "environment", f"environment.{CARRIER}.radiation", "factor", 1.3, "", "")
    (ended,) = fly_orbits(flight, [light], world)
    assert judge.judge(ended).consequence == "met"


def test_braking_that_does_not_begin_leaves_another_chance(flight: Flight, world: World) -> None:
    """A sixth of a revolution past the site its horizontal plane lies above the path; the craft
    does not: it flies on at 25 km with all it has."""
    fault = Fault("truth", "burns", f"landings.{LANDER}.1.ignition", "omit", 0.0, "", "no braking")
    (ended,) = fly_orbits(flight, [fault], world)
    outcome = Judge(flight, world, LANDER).judge(ended)
    assert outcome.consequence == "degraded"
    assert 20e3 < outcome.figures["height_m"] < 60e3
    assert outcome.figures["left_kg"] > outcome.figures["landing_kg"] > 500.0
    (felt,) = in_flight(flight, (), ended, outcome, LANDER)
    assert felt.by == "guidance"
    assert felt.t_s is not None
    assert ended.effect_s is not None
    assert felt.t_s == ended.effect_s + 1.0
    # with less than a descent takes it has missed the Moon's ground for good
    short = replace(ended, left_kg=0.9 * outcome.figures["landing_kg"])
    assert Judge(flight, world, LANDER).judge(short).consequence == "missed"


def test_within_a_descent_there_is_no_gate(flight: Flight, world: World) -> None:
    """Its burns follow each other at once: what is left at the end is not asked between them."""
    (begun, *_) = [b for leg in legs_of(flight, LANDER)[-1:] for b in leg.ledger.burns]
    last = legs_of(flight, LANDER)[-1].ledger.propellant_kg[LANDER]
    fault = Fault("truth", "thrust", f"landings.{LANDER}.1.isp", "factor", 1.1, "", "")
    ended = Ended(fault, "flown", left_kg=last + 100.0, effect_s=begun.start_s - 1.0)
    outcome = Outcome(fault, "met", "", effect_s=ended.effect_s)
    assert in_flight(flight, (), ended, outcome, LANDER) != ()
    ended = replace(ended, effect_s=begun.start_s)
    assert in_flight(flight, (), ended, outcome, LANDER) == ()

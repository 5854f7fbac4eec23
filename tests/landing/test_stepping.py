import math
import re
from dataclasses import replace

import pytest

from cosmodrome.errors import InfeasibleError, InputError, MissionFileError
from cosmodrome.flight import fly
from cosmodrome.mission import load, loads, shipped_path
from cosmodrome.mission.steps import Land
from cosmodrome.world.heights import terrain
from cosmodrome.world.world import World


@pytest.fixture(scope="module")
def world():
    return World.shipped()


@pytest.fixture(scope="module")
def mission():
    return load(shipped_path("lunar-lander"))


@pytest.fixture(scope="module")
def flight(mission, world):
    return fly(mission, world=world)


def findings(flight, check):
    return [f for f in flight.findings if f.check == check]


def test_from_a_file_to_the_ground(flight, mission):
    assert flight.verdict == "go"
    (leg,) = flight.legs
    assert leg.chapter == "landing"
    names = [e.name for e in flight.events]
    assert names[0] == "descent orbit insertion"
    assert names[1] == "powered descent initiation"
    assert [n for n in names if n.endswith("gate")] == ["high gate", "low gate"]
    assert names[-1] == "touchdown"
    (step,) = mission.plan
    ground = float(terrain("moon").height_m(step.latitude_rad, step.longitude_rad))
    assert flight.events[-1].altitude_m == pytest.approx(ground, abs=0.01)
    assert [f.verdict for f in findings(flight, "touchdown")] == ["holds"] * 5
    burnt = sum(b.propellant_kg for b in leg.ledger.burns)
    assert leg.end.mass_kg == pytest.approx(1250.0 - burnt, abs=1e-3)
    assert leg.ledger.propellant_kg["lander"] == pytest.approx(620.0 - burnt, abs=1e-3)
    assert leg.handover_out.propellant_kg["lander"] > 15.0
    told = leg.solve.residuals
    assert told["perilune_m"] == pytest.approx(18e3, abs=1.0)
    assert told["convexified_kg"] == pytest.approx(told["optimum_kg"], rel=5e-3)


def test_a_landing_beside_the_site_is_seen(flight, world):
    from cosmodrome import checks

    (step,) = flight.mission.plan
    away = replace(step, longitude_rad=step.longitude_rad + math.radians(0.1), height_m=0.0)
    spoilt = replace(flight, mission=replace(flight.mission, plan=(away,)))
    spoilt = replace(spoilt, legs=tuple(replace(g, steps=(away,)) for g in spoilt.legs))
    seen = [f for f in checks.run(spoilt, world) if f.check == "touchdown"]
    assert [f.verdict for f in seen] == ["fails", "fails", "holds", "holds", "holds"]
    kept = replace(step, reserve_kg=100.0, touchdown_m_s=0.0)
    spoilt = replace(flight, mission=replace(flight.mission, plan=(kept,)))
    spoilt = replace(spoilt, legs=tuple(replace(g, steps=(kept,)) for g in spoilt.legs))
    seen = [f for f in checks.run(spoilt, world) if f.check == "touchdown"]
    assert [f.verdict for f in seen] == ["holds", "holds", "holds", "fails", "fails"]


def test_a_phase_entered_outside_its_box_is_seen(flight, world):
    from cosmodrome import checks

    assert {f.verdict for f in findings(flight, "phase-entry")} == {"holds"}
    assert len(findings(flight, "phase-entry")) == 6

    def seen(**changes):
        (step,) = flight.mission.plan
        other = replace(step, **changes)
        legs = tuple(replace(g, steps=(other,)) for g in flight.legs)
        wrong = replace(flight, mission=replace(flight.mission, plan=(other,)), legs=legs)
        found = [f for f in checks.run(wrong, world) if f.check == "phase-entry"]
        return [f.why.partition(" where")[0] for f in found if f.verdict == "fails"]

    assert seen(high_gate_m=2_500.0) == ["height"]
    assert seen(high_gate_m=400.0) == ["height"]
    assert seen(low_gate_m=120.0) == ["height"]
    assert seen(sink_m_s=1.0) == ["speed down"]
    assert seen(glide_slope_rad=0.6) == ["elevation seen from the site"]
    # a vertical end that begins ten seconds early
    (leg,) = flight.legs
    first = next(p.start_s for p in leg.plan.phases if p.name == "terminal")
    phases = tuple(
        replace(p, start_s=p.start_s - 10.0) if p.start_s == first else p for p in leg.plan.phases
    )
    early = replace(flight, legs=(replace(leg, plan=replace(leg.plan, phases=phases)),))
    found = [f for f in checks.run(early, world) if f.check == "phase-entry"]
    assert {f.why.partition(" where")[0] for f in found if f.verdict == "fails"} == {
        "height",
        "distance from the site",
        "speed down",
        "speed across",
    }


def test_what_is_short_is_told(mission, world):
    craft = mission.spacecraft
    with pytest.raises(InfeasibleError, match=r"short of \d+\.\d kg of propellant"):
        fly(replace(mission, spacecraft=replace(craft, propellant_kg=500.0)), world=world)
    (step,) = mission.plan
    soon = replace(step, within_s=50_000.0)
    with pytest.raises(InfeasibleError, match="comes no nearer to the site than") as told:
        fly(replace(mission, plan=(soon,)), world=world)
    # what is advised does it
    advised = re.search(r"write within: (\d+) days", str(told.value))
    assert advised is not None
    enough = replace(step, within_s=86_400.0 * int(advised[1]))
    assert fly(replace(mission, plan=(enough,)), world=world).verdict == "go"


def test_a_landing_begins_about_the_moon(mission, world):
    from cosmodrome.landing import plan_landing
    from cosmodrome.record import Handover
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.frame import GCRF
    from cosmodrome.world.state import State

    here = State(Epoch.parse("2023-08-16T00:00:00Z"), GCRF, [7e6, 0.0, 0.0], [0.0, 7.5e3, 0.0], 9.0)
    with pytest.raises(InputError, match="land from an orbit about the Moon"):
        plan_landing(Handover(here, (), {}, {}), mission.plan[0], mission, world)


TEXT = """schema: cosmodrome/1
name: down
start:
  elements: {epoch: 2023-08-16T00:00:00Z, frame: moon-equator, perilune: 100 km, apolune: 100 km,
             inclination: 90 deg, raan: 75 deg, argument_of_perilune: 0 deg, true_anomaly: 0 deg}
spacecraft: {id: lander, mass: 1250 kg, engine: {thrust: 4500 N, isp: 315 s}, propellant: 620 kg}
plan:
  - landing: STEP
"""


def test_what_is_not_written_has_a_default():
    mission = loads(TEXT.replace("STEP", "{site: {lat: -69.545 deg, lon: 43.544 deg}}"))
    (step,) = mission.plan
    assert isinstance(step, Land)
    assert step.height_m is None
    assert step.throttle == (0.1, 1.0)
    assert step.name == "landing 1"
    assert step.latitude_rad == pytest.approx(math.radians(-69.545))


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("{}", "site"),
        ("{site: {lat: -95 deg, lon: 0 deg}}", "-95 deg"),
        ("{site: {lat: 0 deg, lon: 0 deg, frame: itrf}}", "frame"),
        ("{site: {lat: 0 deg, lon: 0 deg, height: 20 km}}", "20 km"),
        (
            "{site: {lat: 0 deg, lon: 0 deg}, throttle: {least: 60 %, most: 30 %}}",
            "the most lies below the least of 60 %",
        ),
        ("{site: {lat: 0 deg, lon: 0 deg}, low_gate: 2 km}", "lies no lower than the high gate"),
        ("{site: {lat: 0 deg, lon: 0 deg}, high_gate: 19 km}", "lies no lower than the perilune"),
        ("{site: {lat: 0 deg, lon: 0 deg}, reserve: 700 kg}", "holds 620 kg of propellant"),
        ("{site: {latitude: 0 deg, lon: 0 deg}}", "lat"),
    ],
)
def test_what_is_refused(step, told):
    with pytest.raises(MissionFileError, match=told):
        loads(TEXT.replace("STEP", step))


def test_an_engine_is_asked_for():
    text = TEXT.replace("STEP", "{site: {lat: 0 deg, lon: 0 deg}}")
    text = text.replace(", engine: {thrust: 4500 N, isp: 315 s}, propellant: 620 kg", "")
    with pytest.raises(MissionFileError, match="lander has no engine to burn with"):
        loads(text)

"""Up from the ground of the Moon by a mission file: flown, judged, and refused with reasons."""

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome import checks, report
from cosmodrome.campaign.verify.judging import ended_of
from cosmodrome.campaign.verify.plans.corrupted import corrupted
from cosmodrome.campaign.verify.plans.faults import plan_faults
from cosmodrome.errors import InfeasibleError, InputError, MissionFileError
from cosmodrome.flight import fly
from cosmodrome.flight.again import carried, fly_again
from cosmodrome.landing import Site
from cosmodrome.landing.lifting import plane_over
from cosmodrome.mission import Rise, Stay, load, loads, shipped_path
from cosmodrome.record.faults import Fault
from cosmodrome.world.trajectory import Trajectory
from cosmodrome.world.world import World

TEXT = """schema: cosmodrome/1
name: up
start:
  ground: {epoch: 2027-03-01T00:00:00Z, lat: -45 deg, lon: 30 deg, height: terrain}
spacecraft:
  id: lander
  mass: 1200 kg
  carries: [{id: stage, mass: 500 kg, engine: {thrust: 3 kN, isp: 320 s}, propellant: 260 kg}]
plan:
  - stay: {for: 2 days}
  - lunar-ascent: STEP
  - coast: {for: 3 h}
physics: {moon_gravity: 20x20, gravity: 2x0}
"""
ORBIT = "orbit: {perilune: 20 km, apolune: 100 km, inclination: 60 deg}"
STEP = "{object: stage, going: south, " + ORBIT + "}"


@pytest.fixture(scope="module")
def world():
    return World.shipped()


@pytest.fixture(scope="module")
def flight(world):
    return fly(loads(TEXT.replace("STEP", STEP)), world=world)


@pytest.fixture(scope="module")
def apollo(world):
    return fly(load(shipped_path("apollo-11-ascent")), world=world)


def wrong(flight):
    return [f"{f.check} {f.where}: {f.why}" for f in flight.findings if f.verdict == "fails"]


def judged(flight, world, check):
    return [f.verdict for f in checks.run(flight, world) if f.check == check]


def test_a_stage_rises_and_leaves_the_rest(flight):
    assert wrong(flight) == []
    stays, rises, coasts = flight.legs
    assert (stays.object, rises.object, coasts.object) == ("lander", "stage", "stage")
    assert rises.parent == "lander"
    assert rises.start.mass_kg == 500.0
    assert rises.ledger.separated_kg["lander"] == pytest.approx(700.0, abs=1e-9)
    burnt = 500.0 - rises.end.mass_kg
    assert rises.ledger.propellant_kg["stage"] == pytest.approx(260.0 - burnt, abs=1e-9)
    assert rises.end.v_m_s[2] < 0.0  # southward
    names = [e.name for e in flight.events]
    assert names[:4] == [
        "stay 1, end", "lift-off from the Moon", "end of the vertical rise", "orbit insertion",
    ]  # fmt: skip
    assert flight.orbit.perigee_altitude_m == pytest.approx(20e3, abs=10.0)
    assert "lunar-ascent" in {f.check for f in flight.findings}
    total = rises.ledger.delta_v_m_s
    gained = np.linalg.norm(rises.end.v_m_s) - np.linalg.norm(rises.start.v_m_s)
    assert total - sum(rises.ledger.losses_m_s.values()) == pytest.approx(gained, abs=1e-6)


def test_what_stays_turns_with_the_moon(flight, world):
    stays = flight.legs[0]
    a, b = stays.start, stays.end
    # 2 days of 27.32: the angle between the two places about the pole
    angle = math.acos(float(a.r_m @ b.r_m) / float(np.linalg.norm(a.r_m) * np.linalg.norm(b.r_m)))
    chord = 2.0 * math.cos(math.radians(45.0)) * math.sin(math.pi * 2.0 / 27.3217)
    assert 2.0 * math.sin(0.5 * angle) == pytest.approx(chord, rel=5e-3)


def shifted(leg, rows, value):
    """A leg whose path is off in some columns."""
    c = leg.path.coefficients.copy()
    c[:, 0, rows] += value
    p = leg.path
    return replace(leg, path=Trajectory(p.epoch, p.frame, p.breaks_s.copy(), c, p.columns))


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ([6], 2.0),  # heavier than what rises
        ([3, 4, 5], 8.0),  # faster: another orbit
        ([0, 1, 2], -3000.0),  # elsewhere
    ],
)
def test_a_spoilt_ascent_is_seen(flight, world, rows, value):
    stays, rises, coasts = flight.legs
    spoilt = replace(flight, legs=(stays, shifted(rises, rows, value), coasts))
    assert "fails" in judged(spoilt, world, "lunar-ascent")


def test_a_way_up_through_the_ground_is_seen(flight, world):
    stays, rises, coasts = flight.legs
    lower = shifted(rises, [0, 1, 2], -0.01 * rises.start.r_m)
    seen = [f for f in checks.run(replace(flight, legs=(stays, lower, coasts)), world)
            if f.check == "lunar-ascent" and "least height" in f.why]  # fmt: skip
    assert [f.verdict for f in seen] == ["fails"]


def test_an_engine_that_pushes_elsewhere_is_seen(flight, world):
    stays, rises, coasts = flight.legs
    programme = rises.plan.attitude
    turned = replace(programme, coefficients=programme.coefficients[:, :, [1, 0, 2]])
    spoilt = replace(rises, plan=replace(rises.plan, attitude=turned))
    spoilt = replace(flight, legs=(stays, spoilt, coasts))
    assert "fails" in judged(spoilt, world, "burn-direction")


def test_a_stay_that_slides_is_seen(flight, world):
    stays, *rest = flight.legs
    assert judged(flight, world, "at-rest") == ["holds"] * 3
    c = stays.path.coefficients.copy()
    c[:, 1, 0] += 5.0
    p = stays.path
    slid = replace(stays, path=Trajectory(p.epoch, p.frame, p.breaks_s.copy(), c, p.columns))
    assert "fails" in judged(replace(flight, legs=(slid, *rest)), world, "at-rest")


def test_apollo_11_leaves_and_meets(apollo):
    assert wrong(apollo) == []
    up = next(g for g in apollo.legs if any(isinstance(s, Rise) for s in g.steps))
    # flown, with guidance: 1,850.2 m/s in 434.9 s (MSC-00171)
    assert up.ledger.delta_v_m_s == pytest.approx(1850.2, rel=0.002)
    assert up.end.epoch - up.start.epoch == pytest.approx(434.9, rel=0.003)
    wait = apollo.legs[0]
    assert isinstance(wait.steps[0], Stay)
    assert wait.steps[0].part_of == "ascent 1"
    burns = [g.ledger.delta_v_m_s for g in apollo.legs if g.chapter == "transfer"]
    # CSI, CDH, TPI and braking: 15.7 + 6.07 + 7.71 + 9.57 m/s
    assert 25.0 < sum(burns) < 39.05
    assert apollo.reached is not None
    assert apollo.reached.perigee_altitude_m == pytest.approx(109.5e3, abs=3e3)


def test_what_it_carries_brings_it_up_again(apollo, world):
    again = fly_again(apollo, carried(apollo), world)
    assert not again.ended
    assert [f.check for f in checks.run(again.flight, world) if f.verdict == "fails"] == []
    for one, two in zip(apollo.legs, again.flight.legs, strict=True):
        assert (one.object, one.parent, one.steps) == (two.object, two.parent, two.steps)
        assert one.end.epoch == two.end.epoch
        # where it rests is read off the leg before, to nanometres; four hours make 0.2 mm of them
        assert float(np.linalg.norm(one.end.r_m - two.end.r_m)) < 2e-3
        assert one.end.mass_kg == pytest.approx(two.end.mass_kg, abs=1e-6)
    assert apollo.orbits.keys() == again.flight.orbits.keys()
    for one, two in ((apollo.orbit, again.flight.orbit), (apollo.reached, again.flight.reached)):
        assert one.epoch == two.epoch
        assert two.perigee_altitude_m == pytest.approx(one.perigee_altitude_m, abs=0.01)


@pytest.mark.parametrize(
    ("part", "kind", "value", "way", "words"),
    [
        ("phases.1.burning", "omit", 0.0, "fell", "back on the ground"),
        ("phases.1.throttle", "factor", 0.5, "fell", "back on the ground"),
        ("attitude", "sign", -1.0, "fell", "back on the ground"),
        ("attitude.phase.1", "turn", math.radians(20.0), "fell", "back on the ground"),
        ("phases.1.end_s", "offset", 200.0, "exhausted", "more than ascent-stage holds"),
    ],
)
def test_an_ascent_carried_wrong_ends_where_it_stood(part, kind, value, way, words, apollo, world):
    carries = carried(apollo)
    k = next(
        k for k, s in enumerate(carries.stretches) if any(isinstance(x, Rise) for x in s.steps)
    )
    path = f"stretches.{k}.plan.{part}"
    listed = {(f.path, f.kind) for f in plan_faults(apollo)}
    assert (path, kind) in listed
    fault = Fault("plan", "burns", path, kind, value, "", "wrong")
    again = fly_again(apollo, corrupted(carries, fault), world)
    assert again.ended["eagle"].way == way
    assert words in again.ended["eagle"].why
    assert "ascent-stage" not in {leg.object for leg in again.flight.legs}
    ended = ended_of(again, fault)
    assert ended.way == {"fell": "impact"}.get(way, way)


def test_a_heavier_stage_flies_lower(apollo, world):
    """By its timers alone: a tenth of a per cent more mass, some kilometres of perilune."""
    craft = replace(
        apollo.mission.spacecraft.carries[0],
        mass_kg=1.001 * apollo.mission.spacecraft.carries[0].mass_kg,
    )
    truth = replace(apollo.mission, spacecraft=replace(apollo.mission.spacecraft, carries=(craft,)))
    again = fly_again(apollo, carried(apollo), world, truth=truth)
    one, two = (
        next(g.end for g in f.legs if any(isinstance(s, Rise) for s in g.steps))
        for f in (apollo, again.flight)
    )
    # the same push on more mass, less what gravity takes: 1,850 m/s by a thousandth
    slower = float(np.linalg.norm(one.v_m_s) - np.linalg.norm(two.v_m_s))
    assert slower == pytest.approx(2.1, abs=0.6)
    assert float(np.linalg.norm(one.r_m) - np.linalg.norm(two.r_m)) > 50.0


def test_another_craft_elsewhere_is_seen(apollo, world):
    mine = [g if g.kind != "object" else shifted(g, [0, 1, 2], 8000.0) for g in apollo.legs]
    spoilt = replace(apollo, legs=tuple(mine))
    seen = {f.check for f in checks.run(spoilt, world) if f.verdict == "fails"}
    assert {"lunar-ascent", "relative-state", "object-place"} <= seen


def test_planes_over_a_site():
    site = Site(math.radians(-45.0), math.radians(30.0))
    for i, retrograde, going in (
        (60.0, False, "north"),
        (120.0, False, "south"),
        (None, True, None),
    ):
        rad = None if i is None else math.radians(i)
        n = plane_over(
            site, Rise(2e4, 1e5, inclination_rad=rad, retrograde=retrograde, going=going)
        )
        assert float(n @ site.place_m) == pytest.approx(0.0, abs=1e-6)
        assert math.degrees(math.acos(float(n[2]))) == pytest.approx(135.0 if i is None else i)
        north = float(np.cross(n, site.axes[2]) @ site.axes[1])
        assert (
            north == pytest.approx(0.0, abs=1e-9)
            if i is None
            else (north > 0) == (going == "north")
        )
    with pytest.raises(InfeasibleError, match=r"from there it is 45\.000 to 135\.000 deg"):
        plane_over(site, Rise(2e4, 1e5, inclination_rad=math.radians(30.0)))


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("{object: stage, orbit: {perilune: 20 km, apolune: 100 km, inclination: 30 deg}}",
         "does not pass over"),
        ("{object: stage, orbit: {perilune: 20 km, apolune: 9000 km, sense: prograde}}",
         "kg are short; load more"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told(step, told, world):
    with pytest.raises(InfeasibleError, match=told):
        fly(loads(TEXT.replace("STEP", step)), world=world)


def test_the_other_craft_must_be_met_in_time(world):
    other = (
        "with: {id: orbiter, elements: {epoch: 2027-03-01T00:00Z, frame: moon-equator, perilune:"
        " 100 km, apolune: 100 km, inclination: 90 deg, raan: 0 deg, argument_of_perilune: 0 deg,"
        " true_anomaly: 0 deg}}"
    )
    step = "{object: stage, orbit: {perilune: 20 km, apolune: 100 km}, within: 3 h, " + other + "}"
    with pytest.raises(InfeasibleError, match="comes no nearer to the site"):
        fly(loads(TEXT.replace("STEP", step)), world=world)
    earth = step.replace("frame: moon-equator, perilune: 100 km, apolune: 100 km",
                         "frame: tod, perigee: 400 km, apogee: 400 km").replace(
                             "argument_of_perilune", "argument_of_perigee")  # fmt: skip
    with pytest.raises(InputError, match="flies about the Earth"):
        fly(loads(TEXT.replace("STEP", earth)), world=world)


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("{}", "orbit"),
        ("{object: stagee, " + ORBIT + "}", "carries nothing of this name.*Did you mean 'stage'"),
        ("{" + ORBIT + "}", "lander has no engine to rise with"),
        ("{object: stage, reserve: 300 kg, " + ORBIT + "}", "holds 260 kg of propellant"),
        ("{object: stage, behind: 10 km, " + ORBIT + "}", "behind is for a craft that is risen to"),
        ("{object: stage, going: north, orbit: {altitude: 50 km}}", "without an inclination"),
        ("{object: stage, with: {id: lander, elements: {epoch: 2027-03-01T00:00Z, frame:"
         " moon-equator, altitude: 100 km, inclination: 90 deg, raan: 0 deg, true_anomaly: 0 deg}},"
         " orbit: {altitude: 50 km}}", "this is the name of what flies"),
        ("{object: stage, with: {ground: {epoch: 2027-03-01T00:00Z, lat: 0 deg, lon: 0 deg}},"
         " orbit: {altitude: 50 km}}", "an object to be met is in orbit"),
    ],
)  # fmt: skip
def test_what_is_refused(step, told):
    with pytest.raises(MissionFileError, match=told):
        loads(TEXT.replace("STEP", step))


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("  - stay: {for: 2 days}\n", "  - coast: {for: 2 days}\n", "stands on the Moon before"),
        ("  - stay: {for: 2 days}\n", "  - stay: {}\n", "nothing says when the stay ends"),
        ("  - coast: {for: 3 h}\n", "  - stay: {for: 3 h}\n", "does not stand on the Moon"),
        ("lat: -45 deg", "lat: -95 deg", "-95 deg"),
        (", propellant: 260 kg", "", "nothing says how much propellant"),
        (
            "  - coast: {for: 3 h}\n",
            "  - release: {object: stage, coast: 1 h}\n",
            "stayed on the Moon, with what did not rise",
        ),
    ],
)
def test_what_does_not_fit_the_ground_is_refused(was, becomes, told):
    with pytest.raises(MissionFileError, match=told):
        loads(TEXT.replace("STEP", STEP).replace(was, becomes))


def test_a_stay_ends_after_it_begins(world):
    text = TEXT.replace("{for: 2 days}", "{until: 2027-02-28T00:00Z}").replace("STEP", STEP)
    with pytest.raises(InputError, match=r"is to end at 2027-02-28T00:00:00Z"):
        fly(loads(text), world=world)


def test_what_is_written_out_reads_back():
    for text in (TEXT.replace("STEP", STEP), shipped_path("apollo-11-ascent").read_text("utf-8")):
        mission = loads(text)
        assert loads(mission.resolved).plan == mission.plan
        assert loads(mission.resolved).start.ground == mission.start.ground


@pytest.mark.slow
def test_a_coelliptic_approach_about_the_moon(world):
    """As flown: from below, at a height that stays; CSI 15.7, CDH 6.1, TPI 7.7 m/s."""
    text = shipped_path("apollo-11-ascent").read_text("utf-8")
    a, b = text.index("  - phase:"), text.index("  - coast:")
    block = text[a:b]
    below = block.replace("to columbia", "below columbia").replace("21:35:00Z", "20:35:52Z")
    below = below.replace("0.1 km +- 0.1 km", "56 km +- 1 km\n      below: 27.8 km")
    text = text[:a] + below + block.replace("21:35:00Z", "23:10:00Z") + text[b:]
    flight = fly(loads(text), world=world)
    assert wrong(flight) == []
    burns = [g.ledger.delta_v_m_s for g in flight.legs if g.chapter == "transfer"]
    assert max(burns) == pytest.approx(15.7, abs=1.5)
    assert sum(burns) < 15.7 + 6.1 + 7.7 + 9.6
    assert burns[-2] == pytest.approx(7.7, abs=1.5)


DOWN = """schema: cosmodrome/1
name: down and up
start:
  elements: {epoch: "2023-08-16T00:00:00Z", frame: moon-equator, perilune: 100 km, apolune: 100 km,
             inclination: 90 deg, raan: 75 deg, argument_of_perilune: 0 deg, true_anomaly: 0 deg}
SPACECRAFT
physics: {moon_gravity: 30x30, gravity: 4x4}
"""
LANDS = (
    "landing: {site: {lat: -69.545 deg, lon: 43.544 deg}, throttle: {least: 20 %}, within: 20 days}"
)


@pytest.mark.slow
def test_down_and_up_again(world):
    craft = """spacecraft:
  id: lander
  mass: 1250 kg
  engine: {thrust: 4500 N, isp: 315 s}
  propellant: 620 kg
  carries: [{id: returner, mass: 250 kg, engine: {thrust: 1.2 kN, isp: 315 s}, propellant: 130 kg}]
plan:
  - LANDS
  - stay: {for: 3 days}
  - lunar-ascent: {object: returner, orbit: {perilune: 20 km, apolune: 100 km, inclination: 90 deg}}
  - coast: {until: apolune}
  - burn: {delta_v: 5 m/s, direction: prograde}
  - coast: {for: 3 h}"""
    flight = fly(loads(DOWN.replace("SPACECRAFT", craft.replace("LANDS", LANDS))), world=world)
    assert wrong(flight) == []
    lands, stays, rises, *_ = flight.legs
    # legs take up what is left of the fall
    assert float(np.linalg.norm(stays.start.r_m - lands.end.r_m)) < 1e-3
    left = rises.ledger.separated_kg["lander"]
    assert left == pytest.approx(lands.end.mass_kg - 250.0, abs=1e-6)
    assert {f.object for f in flight.findings if f.check == "burn-tank"} == {"returner"}


@pytest.mark.slow
def test_a_released_lander_comes_back_up(world):
    """An orbiter lets a lander go, which lands, waits a fortnight for the plane, and rises."""
    orbit = (
        "{epoch: 2023-08-16T00:00:00Z, frame: moon-equator, perilune: 100 km, apolune: 100 km,"
        " inclination: 90 deg, raan: 75 deg, argument_of_perilune: 0 deg, true_anomaly: 0 deg}"
    )
    craft = f"""spacecraft:
  id: orbiter
  mass: 6000 kg
  carries:
    - id: lander
      mass: 3000 kg
      engine: {{thrust: 11 kN, isp: 330 s}}
      propellant: 2150 kg
      plan:
        - coast: {{for: 2 h}}
        - {LANDS}
        - stay: {{for: 2 h}}
        - lunar-ascent: {{orbit: {{perilune: 20 km, apolune: 100 km}}, within: 28 days,
            behind: 300 km, with: {{id: other, elements: {orbit}}}}}
        - coast: {{for: 3 h}}
plan:
  - release: {{object: lander, speed: 0.5 m/s, direction: prograde}}
  - coast: {{for: 22 days}}"""
    flight = fly(loads(DOWN.replace("SPACECRAFT", craft)), world=world)
    assert wrong(flight) == []
    names = [e.name for e in flight.events if e.object == "lander"]
    assert names.index("touchdown") < names.index("lift-off from the Moon")
    asked = {f.check for f in flight.findings if f.object == "lander" and f.verdict == "holds"}
    assert {"touchdown", "at-rest", "lunar-ascent", "burn-direction"} <= asked


def test_the_page_follows_what_rises(apollo, world):
    assert apollo.flown_by == ("eagle", "ascent-stage")
    page = report.page_json(apollo, report.series_of(apollo, world), world)
    assert page["primary"] == ["stack", "eagle", "ascent-stage"]
    burns = page["timeline"]["burns"]
    assert len(burns) == 3
    assert burns[0]["end_s"] - burns[0]["start_s"] == pytest.approx(435.7, abs=1.0)
    # times of every object grow: the page divides by what lies between them
    assert all(np.all(np.diff(o["series"]["t_s"]) > 0.0) for o in page["objects"])
    facts = {f["label"]: f["value"] for f in page["facts"]}
    assert facts["In orbit"] == "6.083 h"

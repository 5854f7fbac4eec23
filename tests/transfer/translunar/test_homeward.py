"""Ways that come back by themselves, asked for by a mission file."""

import math
from dataclasses import replace

import pytest

from cosmodrome import checks
from cosmodrome.errors import InfeasibleError, MissionFileError
from cosmodrome.flight import fly
from cosmodrome.mission import Manoeuvre, ToMoon, load, loads, shipped_path
from cosmodrome.world.trajectory import Trajectory
from cosmodrome.world.world import World

TEXT = """schema: cosmodrome/1
name: round
start:
  elements: {epoch: 2026-04-03T00:00:00Z, frame: tod, altitude: 250 km, inclination: 28.5 deg,
             raan: 342 deg, true_anomaly: 0 deg}
spacecraft: {id: capsule, mass: 60 t, engine: {thrust: 110 kN, isp: 462 s}, propellant: 32 t}
plan:
  - to-moon: STEP
physics: {gravity: 4x4, moon_gravity: 8x8, drag: none}
"""
AROUND = "{around: {perilune: 7560 km, perigee: 50 km}, within: 6 days, corrections: [1 day]}"


@pytest.fixture(scope="module")
def world():
    return World.shipped()


@pytest.fixture(scope="module")
def flight(world):
    return fly(loads(TEXT.replace("STEP", AROUND)), world=world)


def judged(flight, world, check="free-return"):
    return [f for f in checks.run(flight, world) if f.check == check]


def test_round_the_moon_and_back(flight):
    assert [f"{f.check}: {f.why}" for f in flight.findings if f.verdict == "fails"] == []
    names = [s.name for g in flight.legs for s in g.steps if isinstance(s, Manoeuvre)]
    assert names == ["to the Moon 1, injection"]  # nothing is left to a correction
    passed = next(e for e in flight.events if e.name == "perilune")
    assert passed.altitude_m == pytest.approx(7560e3, abs=100.0)
    left = next(g for g in flight.legs if g.chapter == "transfer").end.epoch
    end = flight.legs[-1].end
    # Artemis II was to take about four days each way past 7,560 km (4,700 miles)
    assert 3.3 < (passed.epoch - left) / 86_400.0 < 4.5
    assert 6.5 < (end.epoch - left) / 86_400.0 < 9.0
    assert flight.legs[-1].end.frame.centre == "earth"
    assert flight.events[-1].altitude_m == pytest.approx(125e3, abs=1.0)
    seen = [f for f in flight.findings if f.check == "free-return"]
    assert [f.verdict for f in seen] == ["holds"] * 4
    # by DOP853 over fields of low degree: metres at the Moon, tens of metres back at the Earth
    assert seen[0].measured < 0.05
    assert seen[1].measured < 1.0
    assert "lunar-orbit" not in {f.check for f in flight.findings}


def test_a_burn_cut_short_is_seen(flight, world):
    legs = list(flight.legs)
    k = next(i for i, g in enumerate(legs) if g.chapter == "transfer")
    slower = replace(legs[k].end, v_m_s=legs[k].end.v_m_s * (1.0 - 2e-5))
    legs[k] = replace(legs[k], end=slower)
    seen = judged(replace(flight, legs=tuple(legs)), world)
    assert [f.verdict for f in seen] == ["fails", "fails", "holds", "holds"]


def test_another_passage_is_seen(flight, world):
    legs = list(flight.legs)
    k = next(i for i, g in enumerate(legs) if g.path.frame.centre == "moon")
    p = legs[k].path
    path = Trajectory(p.epoch, p.frame, p.breaks_s.copy(), p.coefficients * 1.01, p.columns)
    legs[k] = replace(legs[k], path=path)
    last = legs[-1]
    steeper = last.end.v_m_s - 0.03 * last.end.r_m / 1000.0
    legs[-1] = replace(last, end=replace(last.end, v_m_s=steeper))
    seen = judged(replace(flight, legs=tuple(legs)), world)
    assert [f.verdict for f in seen[2:]] == ["fails", "fails"]


@pytest.mark.slow
def test_an_orbit_from_a_free_return(world):
    """As the later Apollos flew: from a free return to the orbit by the first correction."""
    step = (
        "{orbit: {perilune: 110 km, apolune: 310 km, sense: retrograde}, within: 6 days,"
        " free_return: {perigee: 50 km, perilune: 1500 km}, corrections: [1 day]}"
    )
    text = TEXT.replace("STEP", step).replace("thrust: 110 kN", "thrust: 900 kN")
    text = text.replace("propellant: 32 t", "propellant: 40 t")
    flight = fly(loads(text), world=world)
    assert [f"{f.check}: {f.why}" for f in flight.findings if f.verdict == "fails"] == []
    seen = [f for f in flight.findings if f.check == "free-return"]
    assert "perilune flown again" in seen[0].why
    assert seen[1].measured < 5.0
    burns = [s.delta_v_m_s for g in flight.legs for s in g.steps if isinstance(s, Manoeuvre)]
    assert 3000.0 < burns[0] < 3300.0
    assert 1.0 < burns[1] < 40.0  # Apollo 11: 12 m/s between its free return and its orbit
    assert flight.reached.perigee_altitude_m == pytest.approx(110e3, abs=3e3)


@pytest.mark.slow
def test_the_shipped_flight_comes_back(world):
    flight = fly(load(shipped_path("round-the-moon")), world=world)
    assert flight.verdict == "go"


def test_what_cannot_come_back_is_told(world):
    soon = AROUND.replace("within: 6 days", "within: 1 h")
    with pytest.raises(InfeasibleError, match="no injection comes back"):
        fly(loads(TEXT.replace("STEP", soon)), world=world)


def test_what_is_not_written_has_a_default():
    (step,) = loads(TEXT.replace("STEP", "{around: {perilune: 250 km, perigee: 40 km}}")).plan
    assert isinstance(step, ToMoon)
    assert step.around
    assert step.retrograde
    assert step.perigee_m == (40e3, 10e3)
    assert (step.perilune_m, step.tolerance_m) == (250e3, 10e3)
    (step,) = loads(
        TEXT.replace(
            "STEP",
            "{orbit: {altitude: 110 km, inclination: 170 deg}, free_return: {perigee: 50 km}}",
        )
    ).plan
    assert not step.around
    assert step.pass_m is None
    assert step.inclination_rad == pytest.approx(math.radians(170.0))


def test_it_is_read_back():
    for text in (AROUND, "{orbit: {altitude: 110 km, sense: retrograde}, free_return: {perigee: "
                 "50 km +- 5 km, perilune: 3000 km}}"):  # fmt: skip
        mission = loads(TEXT.replace("STEP", text))
        assert loads(mission.resolved).plan == mission.plan


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("{}", "nothing says where to"),
        ("{orbit: {altitude: 110 km}, around: {perilune: 6500 km, perigee: 50 km}}",
         "orbit and around exclude each other"),
        ("{orbit: {altitude: 110 km}, free_return: {perigee: 50 km}}", "against its turning"),
        ("{orbit: {altitude: 110 km, inclination: 80 deg}, free_return: {perigee: 50 km}}",
         "against its turning"),
        ("{around: {perilune: 6500 km, perigee: 50 km}, capture: [5000 km]}",
         "capture is not for the file to say"),
        ("{around: {perilune: 6500 km, perigee: 50 km}, flight: 3 days}",
         "flight is not for the file to say"),
        ("{around: {perilune: 6500 km}}", "perigee"),
    ],
)  # fmt: skip
def test_what_is_refused(step, told):
    with pytest.raises(MissionFileError, match=told):
        loads(TEXT.replace("STEP", step))

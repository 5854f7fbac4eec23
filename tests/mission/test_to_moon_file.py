"""The step to the Moon and the target that leads there, as files write them."""

import math

import pytest

from cosmodrome.errors import MissionFileError
from cosmodrome.mission import ToMoon, loads

IN_ORBIT = """\
schema: cosmodrome/1
name: To the Moon
start: {elements: {epoch: "2027-03-01T00:00Z", frame: tod, semi_major_axis: 6578 km,
  eccentricity: 0, inclination: 51.7 deg, raan: 0 deg, argument_of_perigee: 0 deg,
  true_anomaly: 0 deg}}
spacecraft: {mass: 6 t, engine: {thrust: 30 kN, isp: 320 s}, propellant: 4 t}
plan:
  - to-moon: {orbit: {altitude: 100 km}}
"""
FROM_A_PAD = """\
schema: cosmodrome/1
name: To the Moon
site: vostochny
vehicle: soyuz-2.1b-fregat
spacecraft: {mass: 1750 kg, engine: {thrust: 4 kN, isp: 320 s}, propellant: 900 kg}
launch: {window: 2027-03-01T00:00Z / 2027-03-02T00:00Z}
target: {kind: lunar-orbit}
plan:
  - to-moon: {orbit: {altitude: 100 km, inclination: 90 deg}}
"""


def step(text: str, of: str = IN_ORBIT) -> ToMoon:
    (made,) = loads(of.replace("{orbit: {altitude: 100 km}}", text)).plan
    assert isinstance(made, ToMoon)
    return made


def test_what_is_not_written_has_a_default() -> None:
    made = step("{orbit: {altitude: 100 km}}")
    assert (made.perilune_m, made.apolune_m, made.tolerance_m) == (100e3, 100e3, 2e3)
    assert made.inclination_rad is None
    assert not made.retrograde
    assert made.flight_s == 4.0 * 86_400.0
    assert made.corrections_s == (86_400.0,)
    assert made.capture_m == ()
    assert made.name == "to the Moon 1"


def test_everything_can_be_written_and_is_read_back() -> None:
    text = (
        "{name: out, orbit: {perilune: 153 km +- 3 km, apolune: 163 km, inclination: 90 deg},"
        " flight: 4.7 days, within: 10 days, passing: south, corrections: [12 h, 3 days],"
        " loops: [{apogee: 41762 km, revolutions: 3}, {apogee: 71351 km}],"
        " capture: [18074 km, 4313 km], beta_from: 30 deg, beta_to: 60 deg, impulsive: false}"
    )
    made = step(text)
    assert made.tolerance_m == 3e3
    assert made.capture_m == (18_074e3, 4_313e3)
    assert made.loops == ((41_762e3, 3), (71_351e3, 1))
    assert made.beta_rad == (math.radians(30.0), math.radians(60.0))
    mission = loads(IN_ORBIT.replace("{orbit: {altitude: 100 km}}", text))
    assert loads(mission.resolved).plan == mission.plan


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{orbit: {perilune: 100 km}}", "nothing says how large the orbit is"),
        ("{orbit: {perilune: 200 km, apolune: 100 km}}", "below the perilune of 200 km"),
        ("{orbit: {altitude: 100 km, perilune: 90 km}}", "altitude is that of a circle"),
        ("{orbit: {altitude: 100 km, inclination: 9 deg, sense: prograde}}", "already says"),
        ("{orbit: {altitude: 100 km}, corrections: [2 days, 1 day]}", "comes after the one before"),
        ("{orbit: {altitude: 100 km}, corrections: [5 days]}", "before the arrival"),
        ("{orbit: {altitude: 100 km}, capture: [1000 km, 5000 km]}", "on the way down"),
        (
            "{orbit: {altitude: 100 km}, loops: [{apogee: 9000 km}, {apogee: 8000 km}]}",
            "each apogee above the one before",
        ),
        ("{orbit: {altitude: 100 km}, capture: [50 km]}", "above the last orbit's"),
        ("{orbit: {altitude: 100 km}, beta_from: 60 deg, beta_to: 30 deg}", "below beta_from"),
        ("{orbit: {altitude: 100 km}, tcm: [1 day]}", "corrections"),
        ("{orbit: {altitude: 100 km}, passing: east}", "side of the Moon"),
        ("{orbit: {altitude: 70000 km}}", "64000 km"),
        ("{orbit: {altitude: 100 km}, way: low-energy}", "is led to an inclination"),
        ("{orbit: {altitude: 100 km}, flight_to: 90 days}", "Write flights: {from: 80 days"),
        (
            "{orbit: {altitude: 100 km}, flights: {from: 80 days, to: 90 days}}",
            "takes 1.5 to 8 days",
        ),
        (
            "{orbit: {altitude: 100 km, inclination: 90 deg}, way: low-energy,"
            " flights: {from: 4 days, to: 90 days}}",
            "takes 60 to 180 days",
        ),
        ("{orbit: {altitude: 100 km}, way: fast}", "way"),
        (
            "{orbit: {altitude: 100 km, inclination: 90 deg}, way: low-energy, flight: 4 days}",
            "has a span of times",
        ),
        (
            "{orbit: {altitude: 100 km, inclination: 90 deg}, way: low-energy,"
            " flights: {from: 100 days, to: 90 days}}",
            "ends below its start",
        ),
        (
            "{orbit: {altitude: 100 km, inclination: 90 deg}, way: low-energy,"
            " corrections: [100 days]}",
            "before the arrival",
        ),
        (
            "{orbit: {altitude: 100 km, inclination: 90 deg}, way: low-energy, passing: north}",
            "knows no passing",
        ),
    ],
)
def test_faults(text: str, why: str) -> None:
    with pytest.raises(MissionFileError) as caught:
        step(text)
    (fault,) = caught.value.faults
    assert why in str(fault)


def test_a_low_energy_way_has_a_span_of_times() -> None:
    orbit = "{orbit: {altitude: 100 km, inclination: 90 deg}, way: low-energy"
    made = step(orbit + "}")
    assert made.low_energy_s == (75.0 * 86_400.0, 120.0 * 86_400.0)
    assert made.corrections_s == (2.0 * 86_400.0, 67.5 * 86_400.0)
    text = orbit + ", flights: {from: 88 days, to: 98 days}, corrections: [3 days]}"
    made = step(text)
    assert made.low_energy_s == (88.0 * 86_400.0, 98.0 * 86_400.0)
    mission = loads(IN_ORBIT.replace("{orbit: {altitude: 100 km}}", text))
    assert loads(mission.resolved).plan == mission.plan


def test_the_step_needs_an_engine() -> None:
    text = IN_ORBIT.replace(", engine: {thrust: 30 kN, isp: 320 s}, propellant: 4 t", "")
    with pytest.raises(MissionFileError, match="no engine"):
        loads(text)


def test_the_target_leads_to_the_step() -> None:
    mission = loads(FROM_A_PAD)
    assert mission.target.kind == "lunar-orbit"
    assert loads(mission.resolved).target == mission.target
    with pytest.raises(MissionFileError, match="does not begin with the step"):
        loads(FROM_A_PAD.split("plan:")[0] + "plan: [coast: {for: 1 day}]\n")
    with pytest.raises(MissionFileError, match="stands in the plan"):
        loads(FROM_A_PAD.replace("{kind: lunar-orbit}", "{kind: lunar-orbit, altitude: 100 km}"))


def test_loops_begin_from_an_ellipse() -> None:
    ellipse = "{kind: lunar-orbit, perigee: 170 km, apogee: 36500 km}"
    loops = ", loops: [{apogee: 70000 km}]}"
    text = FROM_A_PAD.replace("{kind: lunar-orbit}", ellipse)
    with pytest.raises(MissionFileError, match="only they do"):
        loads(text)
    with pytest.raises(MissionFileError, match="only they do"):
        loads(FROM_A_PAD.replace("90 deg}}", "90 deg}" + loops))
    mission = loads(text.replace("90 deg}}", "90 deg}" + loops))
    assert mission.target.semi_major_axis_m is not None
    assert loads(mission.resolved).target == mission.target
    with pytest.raises(MissionFileError, match="go together"):
        loads(FROM_A_PAD.replace("{kind: lunar-orbit}", "{kind: lunar-orbit, perigee: 170 km}"))

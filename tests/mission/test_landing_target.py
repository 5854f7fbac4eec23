"""A place on the Moon as the target: read as the two steps that lead there."""

from __future__ import annotations

import math

import jsonschema
import pytest

from cosmodrome.errors import MissionFileError
from cosmodrome.formats.yaml_text import read
from cosmodrome.mission import Land, ToMoon, load, loads, shipped_path
from cosmodrome.mission.published import json_schema
from cosmodrome.world.daylight import Light
from cosmodrome.world.epoch import Epoch

PAD = shipped_path("luna-25").read_text("utf-8")
IN_ORBIT = """\
schema: cosmodrome/1
name: To a place on the Moon
start: {elements: {epoch: "2027-03-01T00:00Z", frame: tod, semi_major_axis: 6578 km,
  eccentricity: 0, inclination: 28.5 deg, raan: 0 deg, argument_of_perigee: 0 deg,
  true_anomaly: 0 deg}}
spacecraft: {mass: 9 t, engine: {thrust: 45 kN, isp: 320 s}, propellant: 8 t}
target: {kind: lunar-landing, site: {lat: -69.545 deg, lon: 43.544 deg}}
"""
ABOUT_THE_MOON = """\
schema: cosmodrome/1
name: Down
start: {elements: {epoch: "2027-03-01T00:00Z", frame: moon-equator, semi_major_axis: 1837.4 km,
  eccentricity: 0, inclination: 90 deg, raan: 0 deg, argument_of_perigee: 0 deg,
  true_anomaly: 0 deg}}
spacecraft: {mass: 1200 kg, engine: {thrust: 4 kN, isp: 320 s}, propellant: 700 kg}
target: {kind: lunar-landing, site: {lat: -69.545 deg, lon: 43.544 deg}, within: 20 days}
"""


def test_from_a_pad_it_is_the_way_and_two_steps() -> None:
    mission = load(shipped_path("luna-25"))
    assert mission.target.kind == "lunar-orbit"
    way, land = mission.plan
    assert isinstance(way, ToMoon)
    assert isinstance(land, Land)
    assert way.inclination_rad is None
    assert way.planes_rad == pytest.approx((math.radians(80.0), math.radians(90.0)))
    assert (way.perilune_m, way.apolune_m) == (100e3, 100e3)
    assert land.light == Light((math.radians(1.0), math.radians(90.0)), "morning")
    assert land.window is not None
    assert land.window[0] == Epoch.from_utc("2023-08-21T00:00:00Z")
    assert land.within_s == 28.0 * 86_400.0
    # what is printed as resolved is what is flown
    again = loads(mission.resolved)
    assert (again.plan, again.target) == (mission.plan, mission.target)


def test_a_short_target_has_the_defaults_of_the_steps() -> None:
    way, land = loads(IN_ORBIT).plan
    assert isinstance(way, ToMoon)
    assert isinstance(land, Land)
    # any plane serves, a polar one best
    assert way.planes_rad == pytest.approx((0.0, math.pi))
    assert way.perilune_m == 100e3
    assert (land.light, land.window, land.height_m) == (None, None, None)
    assert land.within_s == 14.0 * 86_400.0
    assert loads(IN_ORBIT).target is None


def test_about_the_moon_there_is_no_way_to_it() -> None:
    (land,) = loads(ABOUT_THE_MOON).plan
    assert isinstance(land, Land)
    assert land.within_s == 20.0 * 86_400.0


@pytest.mark.parametrize("text", [PAD, IN_ORBIT])
def test_it_fits_the_published_schema(text: str) -> None:
    node, _ = read(text, "mission.yaml")
    jsonschema.validate(node, json_schema())


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("planes: {from: 80 deg, to: 90 deg}", "planes: {from: 90 deg, to: 80 deg}", "ends below"),
        (
            "planes: {from: 80 deg, to: 90 deg}",
            "planes: {from: 80 deg, to: 90 deg}, inclination: 90 deg",
            "another key says it",
        ),
        ("half: morning", "half: noon", "no such half of the day. Write morning or evening"),
        ("half: morning", "after: 40 days", "no shorter than the longest"),
        ("half: morning", "loops: 2", "Write kind: lunar-orbit, and the steps to-moon and landing"),
        ("half: morning", "flights: {from: 3 days, to: 4 days}", "outside flights"),
        (
            "sun: {from: 1 deg}\n  half: morning",
            "horizon: terrain",
            "counted from, and none is asked",
        ),
        ("sun: {from: 1 deg}", "sun_above: 1 deg", "Write sun: {from: 5 deg}"),
        ("\ntarget:", "\nplan: [coast: {for: 1 day}]\ntarget:", "follows from the place"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(old: str, new: str, why: str) -> None:
    assert old in PAD
    with pytest.raises(MissionFileError, match=why):
        loads(PAD.replace(old, new))


def test_planes_are_left_to_a_landing_alone() -> None:
    steps = "plan: [to-moon: {orbit: {altitude: 100 km, planes: {from: 80 deg, to: 90 deg}}}]"
    text = IN_ORBIT[: IN_ORBIT.index("target:")] + steps
    with pytest.raises(MissionFileError, match="none follows"):
        loads(text)
    with pytest.raises(MissionFileError, match="nothing is left to it"):
        loads(
            text.replace(
                "planes: {from: 80 deg, to: 90 deg}}",
                "inclination: 90 deg}, flights: {from: 3 days, to: 4 days}",
            )
        )
    with pytest.raises(MissionFileError, match="the plane is turned for the sake of a landing"):
        loads(
            text.replace("planes: {from: 80 deg, to: 90 deg}}", "inclination: 90 deg}, turn: 9 m/s")
        )
    turned = loads(PAD.replace("half: morning", "half: morning\n  turn: 30 m/s")).plan[0]
    assert isinstance(turned, ToMoon)
    assert turned.turn_m_s == 30.0
    loops = "planes: {from: 80 deg, to: 90 deg}}, loops: [{apogee: 41762 km}]"
    with pytest.raises(MissionFileError, match="after loops the plane is not chosen"):
        loads(text.replace("planes: {from: 80 deg, to: 90 deg}}", loops))

"""launch.conditions: what is read, what is refused, and that it comes back as written out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from cosmodrome import mission
from cosmodrome.errors import MissionFileError
from cosmodrome.mission import Mission, WindowConditions
from cosmodrome.targets import meeting_asked

if TYPE_CHECKING:
    from cosmodrome.world.world import World


def text_with(lines: str) -> str:
    text = mission.scaffold("vostochny-sso")
    window = "  window: 2027-03-01T00:00Z / 2027-03-03T00:00Z\n"
    assert window in text
    return text.replace(window, f"{window}  conditions:\n{lines}")


def read(lines: str) -> Mission:
    return mission.loads(text_with(lines))


ALL = """\
    lighting: day
    release: sunlit
    beta: {from: -10 deg, to: 60 deg}
    eclipse_free: 3 orbits
    branch: ascending
    corridor: inside
"""


def test_every_condition_is_read_and_written_out() -> None:
    found = read(ALL)
    asked = found.launch.conditions
    r = math.radians
    assert asked == WindowConditions(
        sun_elevation_rad=(pytest.approx(r(-0.833)), pytest.approx(r(90.0))),
        release="sunlit",
        beta_rad=(pytest.approx(r(-10.0)), pytest.approx(r(60.0))),
        eclipse_free_orbits=3.0,
        branch="ascending",
        inside_corridor=True,
    )
    assert mission.loads(found.resolved).launch.conditions == asked


@pytest.mark.parametrize(
    ("lighting", "low", "high"),
    [("night", -90.0, -6.0), ("twilight", -6.0, -0.833), ("day", -0.833, 90.0)],
)
def test_lighting_is_a_height_of_the_sun(lighting: str, low: float, high: float) -> None:
    asked = read(f"    lighting: {lighting}\n").launch.conditions.sun_elevation_rad
    assert asked is not None
    assert [math.degrees(x) for x in asked] == pytest.approx([low, high])


def test_an_open_end_is_a_right_angle_and_nothing_asked_is_nothing() -> None:
    asked = read("    sun_elevation: {to: -12 deg}\n").launch.conditions.sun_elevation_rad
    assert asked is not None
    assert [math.degrees(x) for x in asked] == pytest.approx([-90.0, -12.0])
    plain = mission.loads(mission.scaffold("vostochny-sso"))
    assert plain.launch.conditions == WindowConditions()
    assert "conditions" not in plain.resolved


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("    lighting: dayy\n", "Did you mean 'day'"),
        ("    eclipse_free: three orbits\n", "not a number of orbits above 0 and up to 100"),
        ("    eclipse_free: 0 orbits\n", "not a number of orbits above 0"),
        ("    beta: {from: 30 deg, to: 10 deg}\n", "the range ends below its start of 30 deg"),
        ("    beta: {}\n", "a range without ends"),
        ("    beta: {from: 30}\n", "a bare number has no unit"),
        ("    beta_angle: {from: 30 deg}\n", "beta"),
        ("    phase: {from: 30 deg}\n", "to"),
        ("    phase: {from: 30 deg, to: 40 deg}\n", "none is to be met"),
        (
            "    lighting: day\n    sun_elevation: {from: 3 deg}\n",
            "both say how high the Sun may stand",
        ),
    ],
)
def test_what_is_refused_is_refused_on_its_line(lines: str, says: str) -> None:
    with pytest.raises(MissionFileError) as caught:
        read(lines)
    assert says in str(caught.value)
    assert any(f"mission.yaml:{line}:" in str(caught.value) for line in (15, 16, 17))


def test_one_instant_has_nothing_to_choose_from() -> None:
    text = text_with("    lighting: day\n").replace(
        "window: 2027-03-01T00:00Z / 2027-03-03T00:00Z", "time: 2027-03-01T05:41:46Z"
    )
    with pytest.raises(MissionFileError, match="time is one lift-off"):
        mission.loads(text)


MEET = """\
    phase: {from: 350 deg, to: 20 deg}
  meet:
    after: 6 h
    elements: {epoch: 2027-03-01T00:00Z, frame: tod, semi_major_axis: 6795 km, eccentricity: 0,
      inclination: 98.7 deg, raan: 200 deg, argument_of_perigee: 0 deg, mean_anomaly: 40 deg,
      mean: true}
"""
TLE = """\
    branch: ascending
  meet:
    after: 19 h
    tle:
      lines:
        - 1 25544U 98067A   20151.61686127  .00000168  00000-0  11087-4 0  9992
        - 2 25544  51.6444  75.4313 0002297  11.5525  50.1151 15.49398617229298
"""


def test_an_object_to_be_met_gives_the_node() -> None:
    free = text_with(MEET).replace('  ltan: "15:00 +- 2 min"\n', "")
    found = mission.loads(free)
    met = found.launch.meet
    assert met is not None
    assert met.after_s == 21600.0
    assert met.start.elements is not None
    assert met.start.elements.a_m == 6795e3
    assert found.launch.conditions.phase_rad == pytest.approx(
        (math.radians(350.0), math.radians(20.0))
    )
    assert mission.loads(found.resolved).launch == found.launch
    with pytest.raises(MissionFileError, match="the target names a node, and the object"):
        mission.loads(text_with(MEET))
    with pytest.raises(MissionFileError, match="nothing says where the object is"):
        mission.loads(free[: free.index("    elements:")] + free[free.index("target:") :])


def test_a_tle_is_met_as_it_is(shipped_world: World) -> None:
    free = text_with(TLE).replace('  ltan: "15:00 +- 2 min"\n', "")
    found = mission.loads(free)
    met = found.launch.meet
    assert met is not None
    assert met.start.sgp4 is not None
    again = mission.loads(found.resolved).launch.meet
    assert again is not None
    assert again.start.sgp4 is not None
    # the mean sidereal turn to the true equinox is 15" at most
    there = meeting_asked(again, 6598e3, shipped_world)
    assert math.degrees(there.orbit.raan_rad) == pytest.approx(75.4313, abs=0.006)
    assert there.after_s == 68400.0

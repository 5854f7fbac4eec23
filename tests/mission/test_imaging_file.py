"""Places to be photographed as mission files write them."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest

from cosmodrome import mission
from cosmodrome.errors import MissionFileError
from cosmodrome.mission.onboard import ImagedSite

sys.path.insert(0, str(Path(__file__).parent))
from bad_files import MISSION

PAD = "imaging:\n  - {id: delta, lat: 45.2 deg, lon: 29.5 deg, height: 3 m, sun_above: 20 deg}\n"
START = """\
schema: cosmodrome/1
name: About the Moon
start:
  elements: {epoch: 2027-03-01T00:00:00Z, frame: FRAME, altitude: 600 km, inclination: 88 deg,
             raan: 10 deg, true_anomaly: 0 deg}
spacecraft: {mass: 1000 kg}
plan: [coast: {for: 1 h}]
imaging:
  - {id: a, lat: -57.865 deg, lon: 301.36 deg, height: terrain, off_nadir: 25 deg}
  - {id: b, lat: 1 deg, lon: 2 deg}
"""
MOON = START.replace("FRAME", "moon-equator")


def test_in_si_and_resolved() -> None:
    m = mission.loads(MOON)
    rad = math.radians
    assert m.imaging == (
        ImagedSite("a", rad(-57.865), rad(301.36) - 2.0 * math.pi, None, rad(25.0),
                   (rad(10.0), rad(90.0)), "moon"),
        ImagedSite("b", rad(1.0), rad(2.0), 0.0, rad(30.0), (rad(10.0), rad(90.0)), "moon"),
    )  # fmt: skip
    assert mission.loads(m.resolved).imaging == m.imaging
    for line in ("height: terrain", "off_nadir: 30 deg", "sun_above: 10 deg", "sun_below: 90 deg"):
        assert line in m.resolved


def test_from_a_pad() -> None:
    m = mission.loads(MISSION + PAD)
    assert [s.id for s in m.imaging] == ["delta"]
    assert m.imaging[0].sun_rad == pytest.approx((math.radians(20.0), math.radians(90.0)))
    assert mission.loads(m.resolved).imaging == m.imaging
    assert m.imaging[0].body == "earth"
    assert "imaging" not in mission.loads(MISSION).resolved
    far = mission.loads(MISSION + PAD.replace("height: 3 m", "body: moon, height: terrain"))
    assert (far.imaging[0].body, far.imaging[0].height_m) == ("moon", None)
    assert mission.loads(far.resolved).imaging == far.imaging
    schema = mission.json_schema()["$defs"]
    assert "terrain" in str(schema["ImagedFile"]["properties"]["height"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: b", "id: a", "two places are called a. Give each its own id."),
        ("lon: 2 deg", "lon: 2 deg, sun_below: 5 deg", "the Sun must stand above 10 deg"),
        ("lon: 2 deg", "lon: 2 deg, body: mars", "mars"),
        ("lon: 2 deg", "lon: 2 deg, off_nadir: 95 deg", "it must be at most 89 deg"),
        ("lon: 2 deg", "lon: 2 deg, height: ground", "this is not a length"),
        ("lon: 2 deg", "lon: 2", "a bare number has no unit"),
        ("lon: 2 deg", "lon: 2 deg, sun: 10 deg", "sun_above and sun_below"),
    ],
)
def test_faults_say_where_and_what_to_write(old: str, new: str, message: str) -> None:
    with pytest.raises(MissionFileError) as told:
        mission.loads(MOON.replace(old, new))
    (fault,) = told.value.faults
    assert message in str(fault)
    assert fault.line in (9, 10)


def test_terrain_is_the_moons() -> None:
    text = START.replace("FRAME", "tod")
    with pytest.raises(MissionFileError, match="the ground's height is held for the Moon alone"):
        mission.loads(text)

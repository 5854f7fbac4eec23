"""What is carried with an engine and a plan of its own: read, written out, and refused in words."""

from __future__ import annotations

import pytest

from cosmodrome.errors import MissionFileError
from cosmodrome.mission import Coast, Land, Manoeuvre, OrbitMission, loads

FILE = """\
schema: cosmodrome/1
name: Two craft
start:
  elements:
    epoch: "2027-03-01T00:00:00Z"
    frame: moon-equator
    perilune: 100 km
    apolune: 100 km
    inclination: 90 deg
    raan: 0 deg
    argument_of_perilune: 0 deg
    true_anomaly: 0 deg
spacecraft:
  id: orbiter
  mass: 3000 kg
  carries:
    - id: lander
      mass: 1200 kg
@
plan:
  - release: {object: lander}
"""
SOUND = """\
      engine: {thrust: 4 kN, isp: 320 s}
      propellant: 600 kg
      plan:
        - coast: {for: 1 h}
        - burn: {delta_v: 2 m/s, direction: retrograde}
        - landing:
            site: {lat: 10 deg, lon: 20 deg}
            insertion: false
            throttle: {least: 10 %, most: 60 %, braking: 90 %}
"""


def read(part: str, text: str = FILE) -> OrbitMission:
    mission = loads(text.replace("@\n", part))
    assert isinstance(mission, OrbitMission)
    return mission


def test_its_engine_tank_and_plan_are_read() -> None:
    mission = read(SOUND)
    (lander,) = mission.spacecraft.carries
    assert lander.engine is not None
    assert (lander.engine.thrust_n, lander.engine.isp_s) == (4000.0, 320.0)
    assert lander.propellant_kg == 600.0
    coast, burn, land = lander.plan
    assert isinstance(coast, Coast)
    assert isinstance(burn, Manoeuvre)
    assert isinstance(land, Land)
    assert (coast.duration_s, burn.delta_v_m_s) == (3600.0, 2.0)
    assert (land.insertion, land.braking, land.throttle) == (False, 0.9, (0.1, 0.6))
    # as the lander sees it
    own = mission.of("lander")
    assert own.spacecraft is lander
    assert own.plan == lander.plan
    assert mission.of("orbiter").plan == mission.plan


def test_the_resolved_file_reads_back_the_same() -> None:
    mission = read(SOUND)
    again = loads(mission.resolved)
    assert again.spacecraft == mission.spacecraft
    assert again.plan == mission.plan


@pytest.mark.parametrize(
    ("part", "said", "write"),
    [
        ("      plan:\n        - burn: {delta_v: 1 m/s, direction: prograde}\n",
         "lander has no engine to burn with", "engine: {thrust: 400 N"),
        ("      engine: {thrust: 4 kN, isp: 320 s}\n", "how much propellant", "propellant: 500 kg"),
        ("      propellant: 600 kg\n", "nothing burns this propellant", "engine:"),
        (SOUND.replace("600 kg", "1300 kg"), "part of the mass, which is 1200 kg", "less"),
        (SOUND.replace("insertion: false", "insertion: false\n            perilune: 15 km"),
         "the perilune is the orbit's own", "Remove perilune"),
        ("      carries: [{id: rover, mass: 20 kg}]\n", "releases nothing itself", "List it"),
        ("      plan:\n        - coast: {for: free}\n", "only a target step finds", "a number"),
    ],
)  # fmt: skip
def test_what_cannot_be_flown_is_told(part: str, said: str, write: str) -> None:
    with pytest.raises(MissionFileError) as caught:
        read(part)
    (fault, *_) = caught.value.faults
    assert said in fault.why
    assert write in fault.write
    assert fault.line > 0


def test_a_plan_says_by_itself_how_long_it_flies() -> None:
    text = FILE.replace("{object: lander}", "{object: lander, coast: 1 day}")
    with pytest.raises(MissionFileError, match="has a plan of its own, which says how long"):
        read(SOUND, text)


def test_a_plan_of_what_is_never_released_is_told() -> None:
    text = FILE.replace("- release: {object: lander}", "- coast: {for: 1 day}")
    with pytest.raises(MissionFileError, match="never released"):
        read(SOUND, text)

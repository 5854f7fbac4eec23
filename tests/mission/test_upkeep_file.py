"""Steps that keep or leave an orbit, as files write them."""

from __future__ import annotations

import math

import pytest

from cosmodrome import mission
from cosmodrome.errors import MissionFileError
from cosmodrome.mission import Deorbit, StationKeep

TEXT = """\
schema: cosmodrome/1
name: upkeep
start:
  elements: {epoch: 2027-03-01T00:00:00Z, frame: tod, perigee: 690 km, apogee: 710 km,
             inclination: 98.2 deg, raan: 10 deg, argument_of_perigee: 90 deg, true_anomaly: 0 deg}
spacecraft: {mass: 500 kg, engine: {thrust: 20 N, isp: 220 s}, propellant: 60 kg}
plan:
  - STEP
"""
DEG = math.pi / 180.0


def read(step: str) -> mission.AnyMission:
    return mission.loads(TEXT.replace("STEP", step))


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        (
            "station-keep: {for: 60 days, altitude: 820 km +- 2 km}",
            StationKeep(60 * 86_400.0, altitude=(820e3, 2e3), name="station keeping 1"),
        ),
        (
            "station-keep: {for: 1 day, altitude: 820 km, name: hold}",
            StationKeep(86_400.0, altitude=(820e3, 1e3), name="hold"),
        ),
        (
            "station-keep: {for: 30 days, longitude: -10 deg, inclination: 0.05 deg}",
            StationKeep(
                30 * 86_400.0, None, (-10 * DEG, 0.1 * DEG), 0.05 * DEG, "station keeping 1"
            ),
        ),
        (
            "deorbit: {within: 5 years}",
            Deorbit(within_s=5 * 365.25 * 86_400.0, name="disposal 1"),
        ),
        (
            "deorbit: {perigee: 200 km, burns: 3, name: down}",
            Deorbit(perigee=(200e3, 1e3), burns=3, name="down"),
        ),
        ("deorbit: {graveyard: true}", Deorbit(graveyard=True, name="disposal 1")),
    ],
)
def test_what_is_written_is_read_and_written_again(
    step: str, wanted: StationKeep | Deorbit
) -> None:
    made = read(step)
    (got,) = made.plan
    for field in wanted.__slots__:
        here, there = getattr(got, field), getattr(wanted, field)
        assert here == (pytest.approx(there) if isinstance(there, float | tuple) else there), field
    assert mission.loads(made.resolved).plan == made.plan


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("station-keep: {for: 1 day}", "nothing says what is to be held"),
        (
            "station-keep: {for: 1 day, altitude: 500 km, longitude: 1 deg}",
            "altitude is held in low orbit, longitude in the geostationary one",
        ),
        ("station-keep: {for: 1 day, altitude: 500 km +- 0 m}", "a half-width must be above zero"),
        ("station-keep: {altitude: 500 km}", "this key is missing"),
        ("station-keep: {for: 1 day, repeat: 1 km}", "a ground track is not held by this version"),
        ("station-keep: {for: 1 day, height: 500 km}", "Write altitude"),
        ("deorbit: {}", "no rule of disposal"),
        ("deorbit: {within: 5 years, perigee: 100 km}", "are two rules of disposal"),
        ("deorbit: {graveyard: true, burns: 2}", "reached by two burns"),
        ("deorbit: {within: 5 years, place: pacific}", "is not aimed at: civil rule"),
        ("deorbit: {within: 1 h}", "1 h"),
        ("deorbit: {lifetime: 5 years}", "Write within"),
    ],
)
def test_what_is_wrong_is_told(step: str, why: str) -> None:
    with pytest.raises(MissionFileError) as caught:
        read(step)
    told = "\n".join(str(f) for f in caught.value.faults)
    assert why in told
    assert "Traceback" not in told


def test_an_orbit_is_not_held_without_an_engine() -> None:
    bare = TEXT.replace(", engine: {thrust: 20 N, isp: 220 s}, propellant: 60 kg", "")
    with pytest.raises(MissionFileError, match="has no engine to burn with"):
        mission.loads(bare.replace("STEP", "station-keep: {for: 1 day, altitude: 700 km}"))
    # a disposal says in flight what is short: it may need no burn at all
    assert mission.loads(bare.replace("STEP", "deorbit: {within: 25 years}")).plan

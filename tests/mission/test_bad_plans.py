"""Broken plans and engines get their exact teaching faults, and never a traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cosmodrome import mission
from cosmodrome.errors import MissionFileError
from cosmodrome.world.epoch import Epoch

sys.path.insert(0, str(Path(__file__).parent))
from bad_files import MISSION

ENGINE = """\
  drag_area: 12 m^2
  engine: {thrust: 400 N, isp: 320 s}
  propellant: 500 kg"""
SOUND = MISSION.replace("  drag_area: 12 m^2", ENGINE)

# name, what is replaced (several with a bar between), by what, the faults
CASES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "coast without an end",
        "- coast: {for: 1 day}",
        "- coast: {}",
        (
            "mission.yaml:18:12: plan[0].coast: nothing says when the coast ends. Write "
            "{for: 1 day} or {until: apogee}.",
        ),
    ),
    (
        "coast with two ends",
        "- coast: {for: 1 day}",
        "- coast: {for: 1 day, until: apogee}",
        (
            "mission.yaml:18:25: plan[0].coast.until: for and until both end the coast. "
            "Keep one of the two.",
        ),
    ),
    (
        "count without an event",
        "- coast: {for: 1 day}",
        "- coast: {for: 1 day, count: 2}",
        (
            "mission.yaml:18:32: plan[0].coast.count: read '2'; count belongs to a coast "
            "until an event. Remove count.",
        ),
    ),
    (
        "no such event",
        "- coast: {for: 1 day}",
        "- coast: {until: apogea}",
        (
            "mission.yaml:18:20: plan[0].coast.until: read 'apogea'; no event of this name "
            "ends a coast. Did you mean 'apogee'? Others are a height, like altitude 400 "
            "km, and an instant, like 2027-03-02T00:00Z.",
        ),
    ),
    (
        "height of no length",
        "- coast: {for: 1 day}",
        "- coast: {until: altitude 400}",
        (
            "mission.yaml:18:20: plan[0].coast.until: read 'altitude 400'; a bare number "
            "has no unit. Write a length like 400 km.",
        ),
    ),
    (
        "naive instant",
        "- coast: {for: 1 day}",
        "- coast: {until: 2027-03-02T00:00}",
        (
            "mission.yaml:18:20: plan[0].coast.until: read '2027-03-02T00:00'; "
            "'2027-03-02T00:00' is not an instant with a scale. Write it like "
            "2027-03-01T05:41:46Z, ending in Z (UTC), TAI, TT or TDB.",
        ),
    ),
    (
        "count of none",
        "- coast: {for: 1 day}",
        "- coast: {until: apogee, count: 0}",
        (
            "mission.yaml:18:35: plan[0].coast.count: read '0'; this is not a whole number "
            "from 1 to 100000. Write it like 1.",
        ),
    ),
    (
        "patience for an instant",
        "- coast: {for: 1 day}",
        "- coast: {until: 2027-03-05T00:00Z, at_most: 1 day}",
        (
            "mission.yaml:18:48: plan[0].coast.at_most: read '1 day'; at_most belongs to a "
            "coast until an event. Remove at_most.",
        ),
    ),
    (
        "until as a list",
        "- coast: {for: 1 day}",
        "- coast: {until: [apogee]}",
        (
            "mission.yaml:18:20: plan[0].coast.until: read 'a list'; a list stands here. "
            "Write one value, like apogee.",
        ),
    ),
    (
        "burn of no size",
        "- coast: {for: 1 day}",
        "- burn: {direction: prograde}",
        (
            "mission.yaml:18:11: plan[0].burn: nothing says how much is burnt. Write it "
            "like {delta_v: 100 m/s, direction: prograde}.",
        ),
    ),
    (
        "burn of two sizes",
        "- coast: {for: 1 day}",
        "- burn: {delta_v: 10 m/s, duration: 84 s, direction: prograde}",
        (
            "mission.yaml:18:29: plan[0].burn.duration: delta_v and duration both say how "
            "much is burnt. Keep one of the two.",
        ),
    ),
    (
        "burn without direction",
        "- coast: {for: 1 day}",
        "- burn: {delta_v: 10 m/s}",
        (
            "mission.yaml:18:11: plan[0].burn.direction: this key is missing. Add "
            "`direction: prograde`.",
        ),
    ),
    (
        "no such direction",
        "- coast: {for: 1 day}",
        "- burn: {delta_v: 10 m/s, direction: forward}",
        (
            "mission.yaml:18:40: plan[0].burn.direction: read 'forward'; there is no such "
            "direction. Known: anti-normal, normal, prograde, radial-in, radial-out, "
            "retrograde, transverse. Or write three numbers with frame: [0.8, 0, 0.6].",
        ),
    ),
    (
        "two components",
        "- coast: {for: 1 day}",
        "- burn: {delta_v: 10 m/s, direction: [1, 0], frame: rtn}",
        (
            "mission.yaml:18:40: plan[0].burn.direction: read 'a list'; a direction has "
            "three components, not 2. Write three numbers, like [0.8, 0, 0.6].",
        ),
    ),
    (
        "no length",
        "- coast: {for: 1 day}",
        "- burn: {delta_v: 10 m/s, direction: [0, 0, 0], frame: rtn}",
        (
            "mission.yaml:18:40: plan[0].burn.direction: read 'a list'; a direction of no "
            "length points nowhere. Write three numbers, like [0.8, 0, 0.6].",
        ),
    ),
    (
        "vector without axes",
        "- coast: {for: 1 day}",
        "- burn: {delta_v: 10 m/s, direction: [1, 0, 0]}",
        (
            "mission.yaml:18:40: plan[0].burn.direction: read 'a list'; three numbers need "
            "the axes they belong to. Add frame: vnc, rtn, gcrf, tod, moon-equator.",
        ),
    ),
    (
        "axes of a named direction",
        "- coast: {for: 1 day}",
        "- burn: {delta_v: 10 m/s, direction: prograde, frame: rtn}",
        (
            "mission.yaml:18:11: plan[0].burn.frame: read 'rtn'; prograde says its axes by "
            "itself. Remove frame, or write the direction as three numbers.",
        ),
    ),
    (
        "no such axes",
        "- coast: {for: 1 day}",
        "- burn: {delta_v: 10 m/s, direction: [1, 0, 0], frame: lvlh}",
        (
            "mission.yaml:18:58: plan[0].burn.frame: read 'lvlh'; there is no such frame of"
            " a direction. Write vnc, rtn, gcrf, tod or moon-equator.",
        ),
    ),
    (
        "speed in km",
        "- coast: {for: 1 day}",
        "- burn: {delta_v: 10 km, direction: prograde}",
        (
            "mission.yaml:18:21: plan[0].burn.delta_v: read '10 km'; km is not a speed. "
            "Write it like 7.8 km/s.",
        ),
    ),
    (
        "impulse with a length",
        "- coast: {for: 1 day}",
        "- burn: {duration: 84 s, direction: prograde, impulsive: true}",
        (
            "mission.yaml:18:22: plan[0].burn.duration: read '84 s'; an impulsive burn "
            "takes no time. Write delta_v, or remove impulsive.",
        ),
    ),
    (
        "a timer before the end",
        "- coast: {for: 1 day}",
        "- burn: {duration: 84 s, direction: prograde, timer: 80 s}",
        (
            "mission.yaml:18:56: plan[0].burn.timer: read '80 s'; the timer would end the burn "
            "before its 84 s. Write a timer of at least 84 s.",
        ),
    ),
    (
        "a timer of an impulse",
        "- coast: {for: 1 day}",
        "- burn: {delta_v: 2 m/s, direction: prograde, impulsive: true, timer: 80 s}",
        (
            "mission.yaml:18:73: plan[0].burn.timer: read '80 s'; an impulsive burn takes no "
            "time. Remove timer, or impulsive.",
        ),
    ),
    (
        "dv for delta_v",
        "- coast: {for: 1 day}",
        "- burn: {dv: 10 m/s, direction: prograde}",
        ("mission.yaml:18:12: plan[0].burn.dv: there is no such key here. Write delta_v.",),
    ),
    (
        "two steps in one",
        "- coast: {for: 1 day}",
        "- coast: {for: 1 day}\n    burn: {delta_v: 10 m/s, direction: prograde}",
        (
            "mission.yaml:19:5: plan[0].burn: coast and burn stand in one step. Begin each "
            "step with a dash of its own.",
        ),
    ),
    (
        "empty step",
        "- coast: {for: 1 day}",
        "- {}",
        ("mission.yaml:18:5: plan[0]: the step is empty. Write - coast: {for: 1 day}.",),
    ),
    (
        "unknown step",
        "- coast: {for: 1 day}",
        "- cost: {for: 1 day}",
        ("mission.yaml:18:5: plan[0].cost: there is no such key here. Did you mean 'coast'?",),
    ),
    (
        "step of later",
        "- coast: {for: 1 day}",
        "- object: {to: 12 deg}",
        (
            "mission.yaml:18:5: plan[0].object: the step 'object' is not flown by this "
            "version yet. Write - coast: {for: 1 day}.",
        ),
    ),
    (
        "engine without propellant",
        "  drag_area: 12 m^2\n  engine: {thrust: 400 N, isp: 320 s}\n  propellant: 500 kg",
        "  engine: {thrust: 400 N, isp: 320 s}",
        (
            "mission.yaml:7:11: spacecraft.engine: nothing says how much propellant the "
            "engine has. Add propellant: 500 kg, which is part of the mass.",
        ),
    ),
    (
        "propellant without engine",
        "  drag_area: 12 m^2\n  engine: {thrust: 400 N, isp: 320 s}\n  propellant: 500 kg",
        "  propellant: 500 kg",
        (
            "mission.yaml:7:15: spacecraft.propellant: read '500 kg'; nothing burns this "
            "propellant. Add engine: {thrust: 400 N, isp: 320 s}, or remove propellant.",
        ),
    ),
    (
        "more propellant than mass",
        "propellant: 500 kg",
        "propellant: 2900 kg",
        (
            "mission.yaml:9:15: spacecraft.propellant: read '2900 kg'; the propellant is "
            "part of the mass, which is 2900 kg. Write less propellant, or the mass with "
            "all tanks full.",
        ),
    ),
    (
        "thrust in kg",
        "thrust: 400 N",
        "thrust: 400 kg",
        (
            "mission.yaml:8:20: spacecraft.engine.thrust: read '400 kg'; kg is not a force."
            " Write it like 294.3 kN.",
        ),
    ),
    (
        "isp as speed",
        "isp: 320 s",
        "isp: 3138 m/s",
        (
            "mission.yaml:8:32: spacecraft.engine.isp: read '3138 m/s'; m/s is not a time. "
            "Write it like 1 day.",
        ),
    ),
    (
        "burn without engine",
        f"{ENGINE}|- coast: {{for: 1 day}}",
        "  drag_area: 12 m^2|- burn: {delta_v: 10 m/s, direction: prograde}",
        (
            "mission.yaml:16:11: plan[0].burn: spacecraft has no engine to burn with. Give "
            "it one: spacecraft: {engine: {thrust: 400 N, isp: 320 s}, propellant: 500 kg}.",
        ),
    ),
)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0].replace(" ", "-") for case in CASES],
)
def test_exact_faults(old: str, new: str, expected: tuple[str, ...]) -> None:
    text = SOUND
    for a, b in zip(old.split("|"), new.split("|"), strict=True):
        assert a in text
        text = text.replace(a, b, 1)
    with pytest.raises(MissionFileError) as caught:
        mission.loads(text, "mission.yaml")
    assert tuple(str(f) for f in caught.value.faults) == expected


def test_the_plan_is_sound_before_it_is_broken() -> None:
    assert mission.loads(SOUND).plan == (mission.Coast(86_400.0),)


def test_what_is_written_is_read() -> None:
    plan = """\
plan:
  - coast: {until: apogee, count: 3, at_most: 2 days}
  - coast: {until: altitude 400 km}
  - coast: {until: 2027-03-04T00:00Z}
  - burn: {name: lift, delta_v: 12.5 m/s, direction: prograde}
  - burn: {duration: 84 s, direction: [0.8, 0, -0.6], frame: tod, timer: 90 s}
  - burn: {propellant: 2 kg, direction: radial-in, impulsive: true}
"""
    text = SOUND.replace("plan:\n  - coast: {for: 1 day}\n", plan)
    read = mission.loads(text)
    until = Epoch.from_utc("2027-03-04T00:00:00Z")
    assert read.plan == (
        mission.Coast(until=mission.Until("apoapsis", count=3, within_s=2 * 86_400.0)),
        mission.Coast(until=mission.Until("altitude", 400e3)),
        mission.Coast(until=until),
        mission.Manoeuvre((1.0, 0.0, 0.0), "vnc", delta_v_m_s=12.5, name="lift"),
        mission.Manoeuvre((0.8, 0.0, -0.6), "tod", duration_s=84.0, name="burn 5", timer_s=90.0),
        mission.Manoeuvre(
            (-1.0, 0.0, 0.0), "rtn", propellant_kg=2.0, impulsive=True, name="burn 6"
        ),
    )
    assert read.spacecraft.engine == mission.CraftEngine(400.0, 320.0)
    assert read.spacecraft.propellant_kg == 500.0
    # as resolved it reads back to the same plan
    again = mission.loads(read.resolved)
    assert again.plan == read.plan
    assert again.spacecraft == read.spacecraft

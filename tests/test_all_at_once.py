"""What may be asked of an ascent, asked at once: every condition in one statement, each judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cosmodrome.ascent.programme import Programme
from cosmodrome.flight import fly
from cosmodrome.mission import loads, scaffold
from cosmodrome.targets.insertion import insertion

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.world.world import World

ASKED = """\
wind: {profile: jet-stream, speed: 40 m/s, from: 270 deg}
stations:
  - {id: yakutsk, lat: 62 deg, lon: 129.7 deg}
visibility:
  - {event: third-stage separation, any_of: [yakutsk], elevation: 14 deg}
drops:
  - {body: core, range: {from: 1420 km, to: 1455 km}}
"""


def text(more: str = ASKED) -> str:
    plain = scaffold("vostochny-sso")
    held = plain.replace(
        "window: 2027-03-01T00:00Z / 2027-03-03T00:00Z", "time: 2027-03-01T05:36Z\n  node: held"
    )
    limits = held.replace("limits: {", "limits: {perigee: 170 km, ")
    assert plain not in (held, limits)
    return limits + more


def named(m: Mission, world: World) -> list[str]:
    """The conditions of a mission's programme before anything has been flown."""
    from cosmodrome.ascent.guess import guess

    assert m.launch.time or m.launch.window
    when = m.launch.time or m.launch.window[0]  # type: ignore[index]
    problem = Programme(m, insertion(m.target, when, world), world)
    found = guess(problem, True, "apogee", 2_900.0, 1)
    return [point.name for point in problem.statement(found.sequence).waypoints]


def test_a_mission_that_asks_nothing_has_its_target_alone(shipped_world: World) -> None:
    names = named(loads(scaffold("vostochny-sso")), shipped_world)
    assert [n for n in names if n != "suborbital"] == names[-1:]


def test_all_conditions_stand_in_one_statement(shipped_world: World) -> None:
    names = named(loads(text()), shipped_world)
    for start in ("perigee", "sight third-stage separation", "node"):
        assert any(n.startswith(start) for n in names), (start, names)


@pytest.mark.slow
def test_everything_at_once(shipped_world: World) -> None:
    flight = fly(loads(text()), world=shipped_world)
    assert not [f for f in flight.findings if f.verdict == "fails"]
    judged = {
        check: [f for f in flight.findings if f.check == check and f.measured is not None]
        for check in ("parking-orbit", "visibility", "drop-zones", "corridor")
    }
    for check, found in judged.items():
        assert found, check
        assert {f.verdict for f in found} == {"holds"}, check
    # all of them bind: floor, mask and range are flown along with their margins
    (perigee,) = [f for f in judged["parking-orbit"] if f.where.startswith("end of a burn")]
    assert perigee.measured == pytest.approx(170.0, abs=0.05)
    (seen,) = judged["visibility"]
    assert seen.measured == pytest.approx(14.02, abs=0.02)
    (core,) = [f for f in judged["drop-zones"] if f.object == "core"]
    assert core.measured == pytest.approx(1.0, abs=0.12)
    assert flight.orbit is not None
    assert flight.orbit.ltan_s == pytest.approx(15.0 * 3600.0, abs=2.0)
    told = " / ".join(flight.payload.limited_by)
    for price in ("perigee after each burn", "wait before", "elevation", "room where core falls"):
        assert price in told, told

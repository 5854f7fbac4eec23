"""Dispersed landings of a mission: the same whatever the processes, kept, told and drawn."""

import json
import math
from dataclasses import replace
from xml.dom import minidom

import pytest

from cosmodrome import campaign
from cosmodrome.campaign import many_landings as room
from cosmodrome.cli.app import run
from cosmodrome.errors import DataError, InputError
from cosmodrome.landing import Phase, Scatter
from cosmodrome.mission import load, shipped_path
from cosmodrome.record.landings import LandingCase, Landings
from cosmodrome.report.landings_picture import landings_svg
from cosmodrome.report.landings_record import landings_csv, landings_json, quantiles
from cosmodrome.world.world import World
from tests.landing.conftest import polar
from tests.landing.test_scattered import brief


@pytest.fixture
def small(monkeypatch):
    """The mission's landing is one that is known, so that no mission is flown here."""
    problem = replace(polar(phases=brief()), sink_m_s=1.0, propellant_kg=1296.0)
    mission = load(shipped_path("lunar-lander"))
    monkeypatch.setattr(room, "at_ignition", lambda *_: (problem, mission.plan[0]))
    return mission


def test_landings_are_kept_and_taken_up(small, tmp_path, monkeypatch):
    told = campaign.landings(small, Scatter(), 3, 11, keep=tmp_path, jobs=1)
    assert sum(told.counts.values()) == 3
    assert {c.outcome for c in told.cases} <= {"landed", "infeasible"}
    for c in told.cases:
        if c.outcome == "landed":
            assert c.left_kg == pytest.approx(1296.0 - c.propellant_kg)
            assert math.hypot(c.east_m, c.north_m) < 2.0
        else:
            assert c.short_kg > 0.0
            assert c.short_m_s > 0.0
            assert f"{c.short_kg:.1f} kg of propellant" in c.why
    # one more: those that are there are not flown again
    flown = []
    once = room._Asked.case
    monkeypatch.setattr(room._Asked, "case", lambda me, n: flown.append(n) or once(me, n))
    more = campaign.landings(small, Scatter(), 4, 11, keep=tmp_path, resume=True, jobs=1)
    assert flown == [3]
    assert more.cases[:3] == told.cases
    # a line that was cut off is flown again
    file = tmp_path / "cases.ndjson"
    file.write_text(file.read_text()[:-40])
    flown.clear()
    campaign.landings(small, Scatter(), 4, 11, keep=tmp_path, resume=True, jobs=1)
    assert flown == [3]
    with pytest.raises(InputError, match="of another mission, seed, scatter or version"):
        campaign.landings(small, Scatter(), 4, 12, keep=tmp_path, resume=True, jobs=1)
    file.write_text("nothing\n")
    with pytest.raises(DataError, match="holds no dispersed landings"):
        campaign.landings(small, Scatter(), 4, 11, keep=tmp_path, resume=True, jobs=1)


def test_processes_change_the_time_alone(small, monkeypatch):
    alone = campaign.landings(small, Scatter(), 2, 11, jobs=1)
    monkeypatch.setattr(room, "_AT_ONCE", 1)
    shared = campaign.landings(small, Scatter(), 2, 11, jobs=2)
    assert alone.cases == shared.cases


def case(number, outcome, left, short):
    down = outcome == "landed"
    return LandingCase(
        number, (100.0, -50.0, 0.0), (1.0, 0.0, 0.0), 0.5, 1.0, 1.0, outcome, "" if down else "x",
        500.0, left, short, 2.0 * short, 0.1 if down else None, 0.2 if down else None,
        0.0 if down else None, 1.0 if down else None,
    )  # fmt: skip


def test_what_is_written():
    cases = (
        case(0, "landed", 5.0, 0.0),
        case(1, "landed", 7.0, 0.0),
        case(2, "infeasible", None, 3.0),
    )
    told = Landings(
        "down", "landing 1", 1, {"place_m": 500.0}, {"braking": 0.05}, 500.0, 510.0, cases
    )
    value = landings_json(told)
    assert value["outcomes"] == {"landed": 2, "infeasible": 1, "missed": 0, "not converged": 0}
    assert value["left_kg"]["50 %"] == 6.0
    assert value["short_m_s"]["100 %"] == 6.0
    json.dumps(value, allow_nan=False)
    lines = landings_csv(told).splitlines()
    assert lines[0].startswith("case,outcome,why,place_east_m,")
    assert len(lines) == 4
    picture = minidom.parseString(landings_svg(told)).documentElement
    dots = [c.getAttribute("fill") for c in picture.getElementsByTagName("circle")
            if c.getAttribute("r") == "2"]  # fmt: skip
    assert dots.count("#46d68c") == 4  # where two began and where they touched down
    assert dots.count("#ffa04d") == 1
    assert quantiles([]) == {}
    assert quantiles([1.0, 2.0, 4.0])["50 %"] == 2.0


def test_the_guidance_has_thrust_to_spare():
    assert room._less((0.2, 1.0), 0.05) == (0.2, 0.95)
    assert room._less((0.6, 0.6), 0.05) == (0.6, 0.6)
    assert room._less((0.9, 1.0), 0.2) == (0.9, 0.9)
    assert Phase("braking", room._less((0.9, 1.0), 0.2)).throttle == (0.9, 0.9)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["lro-imaging"], "does not land: dispersed are landings alone"),
        (["lunar-lander", "-n", "0"], "write a whole number, 1 or more"),
        (["lunar-lander", "--place", "5 kg"], "--place '5 kg'"),
        (["lunar-lander", "--thrust", "1"], "a scatter of 100 % of the thrust"),
        (["lunar-lander", "--spare", "80 %"], "give a part from 0 to 0.5"),
        (["lunar-lander", "--resume"], "say which with --out DIR"),
        (["lunar-lander", "--seed", "x"], "--seed x"),
    ],
)
def test_what_is_refused(words, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["disperse", *words, "--quiet"]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.slow
def test_a_mission_is_dispersed_from_its_file(tmp_path, capsys):
    words = ["disperse", "lunar-lander", "-n", "3", "--jobs", "1", "--out", str(tmp_path), "--json"]
    assert run(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["outcomes"]["landed"] == 3
    assert told["usable_kg"] > told["planned_kg"]
    assert (tmp_path / "landings.svg").exists()
    assert (tmp_path / "landings.csv").exists()


@pytest.mark.slow
def test_the_plan_that_is_dispersed_begins_at_ignition():
    problem, step = room.at_ignition(load(shipped_path("lunar-lander")), 0.05, World.shipped())
    assert problem.coast_s == (0.0, 0.0)
    assert [p.throttle[1] for p in problem.phases] == [0.95, 0.8, 0.8]
    assert problem.reserve_kg == step.reserve_kg
    size = float((problem.r_m @ problem.r_m) ** 0.5)
    assert 1_737_400.0 + 15e3 < size < 1_737_400.0 + 25e3

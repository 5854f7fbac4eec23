"""A sweep as it is shown: ranked, named, counted; JSON, CSV, picture, terminal."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from xml.dom import minidom

import pytest
from rich.console import Console

from cosmodrome.record import Fault, Sighting
from cosmodrome.record.sweep import FaultKind, kinds_of, ranked, seen, size_of
from cosmodrome.report.verify_picture import verify_svg
from cosmodrome.report.verify_record import verify_csv, verify_json
from cosmodrome.report.verify_table import counted, show
from cosmodrome.report.verify_words import labels, losing_text, seen_by, size_text
from tests.report.sweeps import plan, sweep, thrust

TOLD = sweep()


def kind(path: str) -> FaultKind:
    (one,) = [k for k in kinds_of(TOLD.outcomes) if k.fault.path == path]
    return one


# -------------------------------------------------------------------------------- ranking
def test_rank_is_consequence_then_who_sees_it_then_size():
    texts = [o.fault.text for o in ranked(TOLD.outcomes)]
    assert texts[0] == "thrust of third 10 % low"  # impact
    assert texts[1] == "axes turned by -20 deg"  # lost
    assert texts[2] == "thrust of third 6 % low"  # too low and seen late
    assert texts[3] == "axes turned by 20 deg"  # too low and seen in time
    assert texts[-1].startswith("thrust of third 1 %")
    missed = [o for o in ranked(TOLD.outcomes) if o.consequence == "missed"]
    # unseen, late, in time, and what nothing can reveal comes after all of them
    assert [seen(o) for o in missed] == ["none", "none", "after", "before", "none"]
    assert missed[-1].fault.unobservable


def test_counts_say_who_sees_what_loses_the_mission():
    assert TOLD.counts == {
        "met": 2, "degraded": 1, "missed": 5, "exhausted": 1, "low": 2, "lost": 1, "impact": 1,
    }  # fmt: skip
    assert TOLD.by_seen == {"none": 2, "after": 2, "before": 5}
    assert len(TOLD.losing) == 10
    assert [o.fault.path for o in TOLD.unseen] == ["plan.2.axes", "epoch"]
    assert len(TOLD.unobservable) == 1
    assert TOLD.failing == ()


def test_a_threshold_is_the_smallest_that_loses_to_either_side():
    third = kind("ascent.stages.third.thrust")
    assert [size_of(o.fault) for o in third.thresholds] == pytest.approx([-0.06, 0.06])
    assert losing_text(third) == "from -6 %, from +6 %"
    assert losing_text(kind("launch_axes")) == "from +1.146°, from -20.05°"
    assert losing_text(kind("plan.2.axes")) == "in any case"
    harmless = FaultKind((thrust(-0.01, "met"),))
    assert harmless.thresholds == ()
    assert losing_text(harmless) == ""
    # the least noticed of those that lose it
    assert third.seen == "after"
    assert third.worst.fault.value == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("how", "value", "unit", "text"),
    [
        ("factor", 0.95, "", "-5 %"),
        ("factor", 4.4482216, "", "×4.44822"),
        ("factor", 1e-3, "", "×0.001"),
        ("offset", -600.0, "s", "-10 min"),
        ("offset", 5e3, "m", "+5 km"),
        ("turn", -0.3490658503988659, "rad", "-20°"),
        ("offset", 0.3, "s", "+0.3 s"),
        ("omit", 0.0, "", "it does not ignite"),
    ],
)
def test_sizes_in_words(how, value, unit, text):
    fault = Fault("truth", "burns", "burns.x", how, value, unit, "it does not ignite")
    assert size_text(fault) == text


def test_kinds_have_names_that_differ():
    kinds = kinds_of(TOLD.outcomes)
    names = labels(kinds)
    assert len(set(names)) == len(kinds) == 6
    assert names[0] == "thrust of third"
    engines = FaultKind(
        tuple(
            plan("a.engines.141", "factor", n, "", f"{100 * n:.0f}% of the engines run", "met")
            for n in (0.5, 0.8)
        )
    )
    assert labels([engines]) == ["engines run"]
    both = [
        FaultKind((plan("a.north", "offset", 1.0, "m", "the place is off", "met"),)),
        FaultKind((plan("a.east", "offset", 1.0, "m", "the place is off", "met"),)),
        FaultKind(
            (
                plan("handover.mass_kg", "factor", 2.0, "", "twice it", "met"),
                plan("handover.mass_kg", "factor", 3.0, "", "thrice it", "met"),
            )
        ),
    ]
    assert labels(both) == [
        "the place is off (a north, offset)", "the place is off (a east, offset)", "handover: mass",
    ]  # fmt: skip


def test_who_sees_a_kind():
    assert seen_by(kind("ascent.stages.third.thrust").outcomes) == "contact, propellant gauge"
    assert seen_by(kind("epoch").outcomes) == "none"
    mixed = [thrust(-0.1, "impact"), *kind("ascent.stages.third.thrust").outcomes[1:]]
    assert seen_by(mixed) == "1 by none; contact"
    assert seen_by(kind("target.i").outcomes).startswith("unobservable: the target is")


# ---------------------------------------------------------------------------------- files
def test_verify_json_tells_all_of_it():
    value = json.loads(json.dumps(verify_json(TOLD), allow_nan=False))
    assert value["schema"] == "cosmodrome-verify/1"
    assert value["zero_utc"].startswith("2027-03-01T05:37:18")
    assert value["faults"] == len(value["outcomes"]) == 13
    assert value["losing"] == {
        "faults": 10, "seen_before": 5, "seen_after": 2, "seen_by_none": 2, "unobservable": 1,
    }  # fmt: skip
    assert value["unseen"] == ["plan:plan.2.axes:frame:0", "plan:epoch:offset:37s"]
    aim = "plan:target.i:offset:0.1rad"
    assert value["unobservable"] == [
        {"reason": "the target is what the user says it is", "faults": [aim], "losing": [aim]}
    ]  # fmt: skip
    first = value["outcomes"][0]
    assert first["seen"] == [
        {"by": "propellant gauge", "t_s": 280.0, "why": "gone before it should"}
    ]  # fmt: skip
    assert first["figures"]["perigee_m"] == -312e3
    worst = value["kinds"][0]
    assert worst["loses_from"][0]["value"] == pytest.approx(0.94)
    assert worst["faults"] == 6
    seen_in_plan = next(o for o in value["outcomes"] if o["seen"] and o["into"] == "plan")
    assert seen_in_plan["seen"][0]["t_s"] is None
    assert seen_in_plan["findings"][0]["check"] == "planned-azimuth"


def test_verify_csv_has_a_fault_a_line_and_a_column_a_figure():
    rows = list(csv.DictReader(io.StringIO(verify_csv(TOLD))))
    assert len(rows) == 13
    assert rows[0]["id"] == "truth:ascent.stages.third.thrust:factor:0.9"
    assert float(rows[0]["perigee_m"]) == -312e3
    assert float(rows[0]["visible_after_s"]) == pytest.approx(280.0 - 287.6)
    turned = next(r for r in rows if r["path"] == "launch_axes")
    assert (turned["seen_by"], turned["visible_after_s"]) == ("planned-azimuth", "")
    assert verify_csv(replace(TOLD, outcomes=())).count("\n") == 1


# -------------------------------------------------------------------------------- picture
def test_the_picture_names_what_loses_the_mission_and_who_sees_it():
    page = minidom.parseString(verify_svg(TOLD)).documentElement
    texts = [t.firstChild.data for t in page.getElementsByTagName("text")]
    assert texts[0].startswith("Meteor <M> to 820 km")
    for name in ("thrust, in flight", "frames, in the plan", "impact", "tanks empty",
                 "thrust of third (flight)", "from -6 %, from +6 %", "planned-azimuth",
                 "seen by none"):  # fmt: skip
        assert name in texts
    titles = [t.firstChild.data for t in page.getElementsByTagName("title")]
    assert any(t.startswith("thrust of third 6 % low: too low; perigee") for t in titles)
    crosses = page.getElementsByTagName("path")
    assert len(crosses) == 3 + 1  # two unseen, one unobservable, and the legend's


def test_a_picture_of_nothing_wrong_and_of_too_many():
    quiet = minidom.parseString(verify_svg(replace(TOLD, outcomes=()))).documentElement
    assert quiet.getElementsByTagName("circle")
    many = tuple(
        plan(f"a.{k}", "omit", 0.0, "", f"part {k} is not there", "lost") for k in range(50)
    )
    text = verify_svg(replace(TOLD, outcomes=many))
    assert "and 14 kinds more, in verify.json" in text


# ------------------------------------------------------------------------------- terminal
def shown(told):
    console = Console(width=200, no_color=True, record=True, file=io.StringIO())
    show(told, console)
    return console.export_text()


def test_the_terminal_tells_what_loses_it_and_what_nobody_sees():
    text = shown(TOLD)
    assert counted(TOLD) in text
    assert "10 lose the mission: 5 seen before the effect, 2 seen after it, 2 seen by none" in text
    assert "Seen by none (2)" in text
    lost, hidden = text.split("What nobody can see from the file")
    assert "inclination asked for" not in lost
    assert "inclination asked for is 5.7 deg off" in hidden
    assert "1  the target is what the user says it is" in hidden
    assert "slip" not in text
    two = tuple(
        plan(f"a.{k}", "omit", 0.0, "", f"part {k} is not there", "lost", Sighting("x", None, ""),
             family="staging")
        for k in range(2)
    )  # fmt: skip
    assert "staging: 2 slips" in shown(replace(TOLD, outcomes=two))
    assert "burn 2 in rtn for vnc: target missed; no target met" in text
    assert "names no stations" not in text
    assert "write stations: [...]" in shown(replace(TOLD, stations=()))

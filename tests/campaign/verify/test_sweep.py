"""A sweep: the same whatever the processes, kept and taken up again, ended when asked to."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cosmodrome.campaign.verify import sweep as room
from cosmodrome.campaign.verify.noticed import Heard, in_flight, listeners
from cosmodrome.campaign.verify.nouns import Ended
from cosmodrome.campaign.verify.swept import Batch, Swept, Way
from cosmodrome.errors import Cancelled, DataError, InputError
from cosmodrome.mission import load, loads
from cosmodrome.record import Fault, Outcome
from tests.campaign.verify import doubles


@pytest.fixture(scope="module")
def mission(tmp_path_factory):
    return load(doubles.mission_file(tmp_path_factory.mktemp("mission")))


def swept(mission, world, **more):
    return room.sweep(mission, ways=doubles.WAYS, world=world, **{"jobs": 1, **more})


def test_faults_are_flown_and_counted(mission, shipped_world):
    told = swept(mission, shipped_world)
    assert told.verdict in ("go", "no-go")
    assert told.findings
    assert told.parts == ("orbit",)
    assert [o.fault.value for o in told.outcomes] == pytest.approx(
        [0.9, 0.92, 0.94, 0.96, 0.98, 1.02, 1.04, 1.06, 1.08, 1.1]
    )
    assert told.counts["missed"] == len(told.losing) == 6
    assert [o.fault.value for o in told.unseen] == pytest.approx([0.94, 0.92, 0.9])
    assert told.stations == ("wallops", "madrid")


def test_processes_change_nothing(mission, shipped_world):
    alone = swept(mission, shipped_world)
    shared = swept(mission, shipped_world, jobs=2)
    assert shared.outcomes == alone.outcomes


def test_a_sweep_is_kept_and_taken_up(mission, shipped_world, tmp_path, monkeypatch):
    with pytest.raises(Cancelled):
        swept(mission, shipped_world, keep=tmp_path, watch=doubles.Told(2))
    file = tmp_path / "faults.ndjson"
    lines = file.read_text().splitlines()
    assert len(lines) == 1 + 6
    file.write_text("\n".join([*lines[:-1], lines[-1][:-20]]))  # cut off by a power cut
    flown = []
    once = Swept.outcomes
    monkeypatch.setattr(Swept, "outcomes", lambda me, b, w: flown.append(b) or once(me, b, w))
    told = swept(mission, shipped_world, keep=tmp_path, resume=True)
    # the batch of the line that was cut off is flown whole
    assert [len(b.faults) for b in flown] == [3, 3, 1]
    monkeypatch.undo()
    whole = swept(mission, shipped_world)
    assert told.outcomes == whole.outcomes
    with pytest.raises(InputError, match="of another mission, fineness, data or version"):
        swept(mission, shipped_world, keep=tmp_path, resume=True, fineness="fine")
    again = swept(mission, shipped_world, keep=tmp_path, fineness="fine")  # begun anew
    assert len(again.outcomes) == 20
    file.write_text("nothing\n")
    with pytest.raises(DataError, match="holds no outcomes of faults"):
        swept(mission, shipped_world, keep=tmp_path, resume=True)


def test_a_sweep_ends_while_processes_fly(mission, shipped_world):
    watch = doubles.Told(1)
    with pytest.raises(Cancelled):
        swept(mission, shipped_world, jobs=2, watch=watch)


def test_what_cannot_be_flown_counts_as_lost_and_says_why(mission, shipped_world):
    ways = {"orbit": Way(doubles.listed, doubles.broken, 4)}
    told = room.sweep(mission, ways=ways, jobs=1, world=shipped_world)
    (odd,) = [o for o in told.outcomes if "no_answer" in o.figures]
    assert odd.fault.value == 1.02
    assert odd.consequence == "lost"
    assert odd.why == "no answer, ZeroDivisionError: float division by zero"
    assert odd in told.unseen
    rest = swept(mission, shipped_world)
    assert [o for o in told.outcomes if o is not odd] == [
        o for o in rest.outcomes if o.fault != odd.fault
    ]


def test_what_is_asked_must_be_known(mission, shipped_world):
    with pytest.raises(InputError, match="'finer' is none of coarse, normal, fine"):
        swept(mission, shipped_world, fineness="finer")
    with pytest.raises(InputError, match="'assent' is none of ascent, orbit, plan"):
        swept(mission, shipped_world, only=("assent",))


PLANTED = "faults: [{path: plan.1.thrust, factor: 0.87}, {path: plan.1.thrust, factor: 1.02}]\n"


def test_what_the_mission_names_is_flown_beside_the_list(shipped_world):
    told = swept(loads(doubles.MISSION + PLANTED), shipped_world)
    plain = swept(loads(doubles.MISSION), shipped_world)
    # one of the two is of the list already
    assert told.outcomes[:-1] == plain.outcomes
    own = told.outcomes[-1]
    assert own.fault.id == "truth:plan.1.thrust:factor:0.87"
    assert own.fault.family == "thrust"
    assert own.fault.text == "thrust -13 %"
    assert own.consequence == "missed"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("path: plan.1.trust, factor: 0.9", "Did you mean 'plan.1.thrust'?"),
        ("path: plan.1.thrust, offset: 3 s", "what this flight knows there is factor"),
        ("in: plan, path: plan.1.thrust, factor: 0.9", "no such number of the plan"),
    ],
)
def test_what_the_flight_has_not_is_refused(row, told, shipped_world):
    with pytest.raises(InputError, match=re.escape(told)):
        swept(loads(doubles.MISSION + f"faults: [{{{row}}}]\n"), shipped_world)


# ---------------------------------------------------------------------------- who sees it
PLANNED = (Heard("wallops", 900.0, 1500.0), Heard("madrid", 4000.0, 4600.0))


@pytest.fixture(scope="module")
def held(mission, shipped_world):
    from cosmodrome import flight

    return Swept(flight.fly(mission, world=shipped_world), shipped_world, doubles.WAYS)


def outcome(consequence="missed", effect=1200.0, end=None):
    (fault, *_) = doubles.listed(type("F", (), {"legs": (1,)}), "coarse")
    return Outcome(fault, consequence, "", effect, end)


def seen(held, ended=None, planned=PLANNED, **more):
    o = outcome(**more)
    ended = Ended(o.fault, "flown") if ended is None else ended
    return [(s.by, s.t_s) for s in in_flight(held.flight, planned, ended, o)]


def test_whoever_listens_measures_another_orbit(held):
    assert seen(held) == [("contact: wallops", 1260.0)]  # it is overhead; a minute is looked
    assert seen(held, effect=1450.0) == [("contact: madrid", 4060.0)]  # too late for the first pass
    assert seen(held, effect=4550.0) == []  # nobody listens any more
    assert seen(held, consequence="met") == []
    (late,) = in_flight(
        held.flight, PLANNED, Ended(outcome().fault, "impact"), outcome("impact", 1600.0, 3000.0)
    )
    assert (late.by, late.why) == ("contact: madrid", "nothing is heard over madrid")


def test_the_flight_sees_its_own_tanks_and_its_own_guidance(held):
    fault = outcome().fault
    empty = Ended(fault, "exhausted", "8 kg short", figures={"cutoff_s": 1290.0})
    assert seen(held, empty, (), consequence="exhausted") == [("propellant gauge", 1290.0)]
    gone = Ended(fault, "lost", "no way")
    assert seen(held, gone, (), consequence="lost", end=1400.0) == [("guidance", 1400.0)]


def test_passes_are_those_of_the_flight_with_nothing_wrong(held):
    found = held.planned("spacecraft")
    assert [h.station for h in found] == ["wallops", "madrid", "wallops"]
    assert found[0].rise_s < 1200.0 < found[0].set_s  # one pass, though the burn is in it
    assert list(found) == sorted(found, key=lambda h: h.rise_s)
    last = held.flight.legs[-1].end.epoch - held.flight.zero
    assert all(0.0 <= h.rise_s < h.set_s <= last for h in found)
    unheard = replace(held.flight, mission=replace(held.flight.mission, stations=()))
    assert listeners(unheard) == ()


def test_a_process_is_handed_the_whole(held):
    again = Swept.unpacked(held.packed())
    batch = Batch("orbit", doubles.listed(held.flight, "coarse"))
    assert again.outcomes(batch, doubles.Told()) == held.outcomes(batch, doubles.Told())
    assert again.planned("spacecraft") == held.planned("spacecraft")


def test_before_the_next_burn_the_tanks_hold_what_was_planned(held):
    fault = outcome().fault
    planned = held.flight.legs[-1].handover_out.propellant_kg["spacecraft"]
    (burn,) = [b for leg in held.flight.legs for b in leg.ledger.burns]

    def by(left_kg, effect):
        ended = Ended(fault, "flown", left_kg=left_kg, effect_s=effect)
        return seen(held, ended, (), effect=effect)

    assert by(planned - 0.7, 100.0) == [("gate before the next burn", burn.start_s)]
    assert by(planned - 0.5, 100.0) == []  # less than a gauge can tell of 60 kg
    assert by(planned - 5.0, 1300.0) == []  # no burn follows


def test_a_burn_ends_by_its_timer(shipped_world):
    from cosmodrome import flight

    text = doubles.MISSION.replace("name: lower", "name: lower, timer: 60 s")
    flown = flight.fly(loads(text), world=shipped_world)
    lasts = flown.legs[1].ledger.burns[0].end_s - 1200.0
    assert lasts < 60.0 < 1.25 * lasts

    def by(what, kind, value):
        fault = Fault("truth", "burns", f"burns.spacecraft.1.{what}", kind, value, "", "")
        o = replace(outcome(consequence="met"), fault=fault)
        return [(s.by, s.t_s) for s in in_flight(flown, (), Ended(fault, "flown"), o)]

    timer = [("burn timer", pytest.approx(1260.0))]
    assert by("cut-off", "omit", 0.0) == timer
    assert by("cut-off", "factor", 1.25) == timer
    assert by("cut-off", "offset", 5.0) == []
    assert by("thrust", "factor", 0.8) == timer  # cut off by the velocity gained, later
    assert by("thrust", "factor", 0.9) == []
    assert by("isp", "factor", 0.8) == []

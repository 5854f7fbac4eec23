"""Vikram flown again: the thrust that the speed asks for, by a closed form, and the box it leaves.

Published: 7.4 km and 146 m/s (Lok Sabha, 20 November 2019), 5 km and 331 km/h planned, 86 m/s read.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from cosmodrome.campaign.replays import replay
from cosmodrome.campaign.replays.vikram import Setting, box, flown, matched, planned
from cosmodrome.checks.phase_entry import Entry, Envelope, entered, findings_of
from cosmodrome.errors import SolverError

if TYPE_CHECKING:
    from cosmodrome.campaign.replays import Replay


@pytest.fixture(scope="module")
def told(shipped_world: Any) -> Replay:
    return replay("vikram", shipped_world)


def value(told: Replay, case: str, what: str) -> float:
    (found,) = (c.value for c in told.cases[case] if c.what == what)
    return found


def test_the_excess_of_thrust(told: Replay) -> None:
    assert value(told, "as flown", "thrust over the planned") == pytest.approx(1.066, abs=0.002)
    assert value(told, "as planned", "height there") == pytest.approx(5_000.0, abs=0.01)
    assert value(told, "as flown", "height there") == pytest.approx(5_072.0, abs=1.0)
    assert all(c.inside is not False for rows in told.cases.values() for c in rows)


def test_by_a_constant_pull_on_a_plane() -> None:
    """Uniform gravity, mass and thrust: the phase in closed form, within a part in a hundred."""
    hold = planned(Setting())
    s, t = hold.setting, hold.setting.lasts_s
    gravity = 4.9028e12 / (1_737_400.0 + 6_200.0) ** 2
    # the mean of what the engines push with while the craft gets lighter, less the sphere's turn
    push = hold.push_m_s2 * (1.0 + 0.5 * hold.push_m_s2 * t / (320.0 * 9.80665))
    across = s.fast_m_s * math.cos(hold.slope_rad) - push * math.sin(s.tilt_rad) * t
    pull = gravity - push * math.cos(s.tilt_rad)
    sink = s.fast_m_s * math.sin(hold.slope_rad) + pull * t
    end = flown(hold)
    assert end.across_m_s == pytest.approx(across, rel=0.02)
    assert end.sink_m_s == pytest.approx(sink, rel=0.06)
    assert s.high_m - 0.5 * (sink + s.fast_m_s * math.sin(hold.slope_rad)) * t == pytest.approx(
        end.height_m, rel=0.02
    )


def test_the_box_is_left_with_the_fault_and_kept_without_it(told: Replay) -> None:
    assert {(f.check, f.verdict) for f in told.findings} == {("phase-entry", "fails")}
    assert len(told.findings) == 3
    hold = planned(Setting())
    for factor, verdict in ((1.0, "holds"), (1.029, "holds"), (0.971, "holds"), (1.031, "fails")):
        found = findings_of(box(hold), flown(hold, factor), "5 km")
        assert {f.verdict for f in found} == {verdict}


def test_no_excess_is_found_where_none_is() -> None:
    hold = planned(Setting(read_m_s=331.0 / 3.6))
    assert matched(hold) == pytest.approx(1.0, abs=1e-8)
    with pytest.raises(SolverError, match="no phase leads from"):
        planned(replace(Setting(), low_m=500.0))


def test_a_box_by_hand() -> None:
    inside = Entry(1_000.0, 500.0, 20.0, 5.0)
    made_for = Envelope("hover", (900.0, 1_100.0), None, (0.0, 25.0), (0.0, 10.0), 1.0)
    judged = list(entered(made_for, inside, "gate"))
    assert [j.verdict for j in judged] == ["holds"] * 4
    assert judged[0].margin == 100.0
    for changes, wrong in (
        ({"height_m": 899.0}, 0),
        ({"height_m": 1_101.0}, 0),
        ({"sink_m_s": -0.1}, 1),
        ({"across_m_s": 10.5}, 2),
        ({"range_m": 900.0}, 3),
    ):
        verdicts = [j.verdict for j in entered(made_for, replace(inside, **changes), "gate")]
        assert verdicts[wrong] == "fails"
        assert verdicts.count("fails") == 1

"""The table of a score: bounds by known values, and what is counted where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cosmodrome.campaign.score.confusion import Rate, needed_by_none, table
from cosmodrome.campaign.score.nouns import REFUSED, Case
from cosmodrome.campaign.score.told import as_json, as_text

CLEAN = Case(1, "one", "", "")
FAULT = replace(
    CLEAN, fault="plan:stretches.0.handed.r_m:factor:1000", family="units", text="km",
    consequence="missed", seen=("inclination", "node"),
)  # fmt: skip


def test_bounds_of_clopper_and_pearson() -> None:
    """Their exact limits: 0 of 10 and 10 of 10 from (alpha/2)^(1/n); 8 of 10 as tabled, 0.4439 and
    0.9748 (Brown, Cai and DasGupta 2001, Statistical Science 16, 101)."""
    assert Rate(0, 10).bounds == pytest.approx((0.0, 1.0 - 0.025**0.1))
    assert Rate(10, 10).bounds == pytest.approx((0.025**0.1, 1.0))
    assert Rate(8, 10).bounds == pytest.approx((0.4439, 0.9748), abs=5e-5)
    assert Rate(0, 0).value is None
    assert str(Rate(0, 0)) == "none"


def test_what_is_counted_where() -> None:
    cases = [
        CLEAN,
        replace(CLEAN, mission=2, seen=("eclipses",)),
        FAULT,
        replace(FAULT, seen=("node",)),
        replace(FAULT, seen=()),
        replace(FAULT, seen=(), consequence="met"),
        replace(FAULT, seen=(REFUSED,), consequence="lost", family="staging"),
        replace(FAULT, seen=(), unobservable="nothing else speaks of it"),
        replace(FAULT, seen=(), unobservable="nothing else speaks of it", consequence="met"),
        replace(FAULT, seen=("losses",), consequence="", family="records"),
    ]
    found = table(cases)
    assert found.clean == 2
    assert (found.alarm.hits, found.alarm.of) == (1, 2)
    assert (found.losing.hits, found.losing.of) == (3, 4)
    assert (found.executed.hits, found.executed.of) == (2, 3)
    assert [c.consequence for c in found.missed] == ["missed"]
    assert (found.records.hits, found.records.of) == (1, 1)
    assert found.unobservable == {"nothing else speaks of it": 2}
    assert found.hidden_losing == {"nothing else speaks of it": 1}
    assert found.alone == {"losses": (0, 1), "node": (1, 1), REFUSED: (1, 1)}
    assert (found.by_family["units"].hits, found.by_family["units"].of) == (2, 4)
    assert not found.meets_bars
    assert needed_by_none(found, ["node", "inclination"]) == ("inclination",)


def test_bars() -> None:
    good = [CLEAN] * 200 + [FAULT] * 49
    assert table([*good, replace(FAULT, seen=())]).meets_bars
    assert not table([*good[:-1], *[replace(FAULT, seen=())] * 2]).meets_bars
    assert table([*good, replace(CLEAN, seen=("node",))]).meets_bars
    assert not table([*good, *[replace(CLEAN, seen=("node",))] * 2]).meets_bars
    # a check that breaks is an error of the program, whatever the rates
    assert not table([*good, replace(CLEAN, broke=("node",))]).meets_bars


def test_in_words() -> None:
    found = table([CLEAN, FAULT, replace(FAULT, seen=())])
    names = ["inclination", "node", "eclipses", "reserve"]
    told = as_text(found, "c0ffee", names, {"reserve"})
    assert "Seed c0ffee: 1 clean and 2 faulted missions" in told
    assert "- units: stretches.*.handed.r_m factor (1)" in told
    assert "| eclipses | 0 | 0 | 0 |" in told
    assert "Of 3 checks that can fail 0 are needed" in told
    assert "Needed by no fault of this corpus: inclination, node, eclipses." in told
    assert "Cannot lower it, they only warn: reserve." in told
    assert "Unobservable" not in told
    hidden = table([CLEAN, FAULT, replace(FAULT, seen=(), unobservable="a scale tells it")])
    told = as_text(hidden, "1", names)
    assert "1 clean and 2 faulted missions" in told
    assert "Unobservable, counted apart: 1, of which 1 lose the mission." in told
    assert "| a scale tells it | 1 | 1 |" in told
    value = as_json(hidden, "1", names)
    assert value["unobservable"] == value["unobservable_losing"] == {"a scale tells it": 1}
    assert value["losing"]["of"] == 1
    alone = as_text(table([CLEAN, replace(FAULT, seen=("node",))]), "1", names, {"reserve"})
    assert "Of 3 checks that can fail 1 are needed" in alone
    value = as_json(found, "c0ffee", names, {"reserve"})
    assert value["needed_by_none"] == ["inclination", "node", "eclipses"]
    assert value["losing"]["hits"] == 1
    assert value["missed"][0]["mission"] == 1
    assert value["checks"]["node"] == {"sees": 1, "alone": 0, "alone_losing": 0}

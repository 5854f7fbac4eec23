"""Losses that happened: every figure has a source, and a file that lacks one is refused."""

from __future__ import annotations

import math
import re
from datetime import date

import pytest

from cosmodrome import catalog
from cosmodrome.campaign.replays import REPLAYS
from cosmodrome.campaign.replays.told import Told
from cosmodrome.catalog.failure_file import FailureFile
from cosmodrome.errors import UnknownNameError
from cosmodrome.formats.typed import Reading, build
from cosmodrome.formats.yaml_text import read

LOSSES = catalog.failure_names()


def test_what_is_held() -> None:
    assert set(LOSSES) >= {
        *("luna-25", "meteor-m-2-1", "ariane-va241", "galileo-vs09", "mars-climate-orbiter"),
        *("vikram", "electron-f13", "astra-lv0006", "vega-vv15"),
    }
    # whatever is flown again is told of
    assert set(REPLAYS) <= set(LOSSES)
    with pytest.raises(UnknownNameError, match="Did you mean 'meteor-m-2-1'"):
        catalog.failure("meteor-m-2")


@pytest.mark.parametrize("name", LOSSES)
def test_every_figure_has_a_source_and_every_word_is_there(name: str) -> None:
    loss = catalog.failure(name)
    assert loss.id == name
    assert date(1957, 10, 4) < date.fromisoformat(loss.date) < date(2026, 1, 1)
    assert loss.site in catalog.site_names()
    # an id of the catalogue is one; other words are no id
    assert loss.vehicle in catalog.vehicle_names() or " " in loss.vehicle
    for words in (loss.planned, loss.happened, loss.cause):
        assert len(words.split()) > 5
    assert len(loss.published) >= 5
    for one in loss.published:
        assert one.figure.source in loss.sources
        assert one.figure.status in ("published", "estimated")
        assert math.isfinite(one.value)
        assert one.half_width >= 0.0
    for source in loss.sources:
        assert len(source.split()) >= 3
        assert not re.search(r"https?:|@", source)


def test_figures_are_si_and_their_bands_what_they_say() -> None:
    loss = catalog.failure("meteor-m-2-1")
    assert loss.of("longitude").value == pytest.approx(math.radians(-38.0))
    assert loss.figures["turned"].text == "358 deg"
    with pytest.raises(KeyError):
        loss.of("nothing")
    told = Told("electron-f13")
    assert told.title == "Electron F13, Pics or it didn't happen, 4 July 2020"
    assert told.band("top", 1e3) == pytest.approx((194.0, 195.0))
    assert told.value("below", 1e3) == pytest.approx(165.0)
    assert told.band("below") == (165e3, 165e3)


GOOD = """
schema: cosmodrome-failure/1
id: sample
name: Sample
date: 2020-01-02
site: mahia
vehicle: electron
planned: to go up
happened: it came down
cause: it was not known
sources: {press: "press reports of the day"}
figures:
  - {id: top, what: highest point, value: {value: 10 km +- 1 km, source: press, status: published}}
"""


def faults(text: str) -> list[str]:
    node, found = read(text, "sample.yaml")
    context = Reading("sample.yaml", None)
    context.faults.extend(found)
    build(FailureFile, node, context)
    return [str(f) for f in context.faults]


def test_a_sound_file_has_no_fault() -> None:
    assert faults(GOOD) == []
    assert faults(GOOD.replace("10 km +- 1 km", "4.45", 1)) == []  # a factor has no unit


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ("2020-01-02", "yesterday", "this is no date"),
        ("10 km +- 1 km", "10 leagues", "this is no number with a unit"),
        (
            "value: {value: 10 km +- 1 km, source: press, status: published}",
            "value: 10 km",
            "a figure of a loss needs a source",
        ),
        ("cause: it was not known\n", "", "cause"),
        ("happened:", "hapened:", "happened"),
        (
            "figures:\n",
            "figures:\n  - {id: top, what: again, value: {value: 1 km, source: press,"
            " status: published}}\n",
            "two figures are called top",
        ),
    ],
)
def test_a_fault_is_named(was: str, now: str, why: str) -> None:
    assert was in GOOD
    found = faults(GOOD.replace(was, now, 1))
    assert any(why in f for f in found), found

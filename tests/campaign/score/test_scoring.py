"""A small score flown whole, kept, and gone on with."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cosmodrome.campaign.score.confusion import table
from cosmodrome.campaign.score.corpus import Group, corpus
from cosmodrome.campaign.score.scoring import group_cases, score
from cosmodrome.cli import main
from cosmodrome.errors import DataError, InputError

if TYPE_CHECKING:
    from pathlib import Path

    from cosmodrome.world.world import World

# a seed whose first group begins in orbit: seconds
SEED = 0x5EED


def test_a_tiny_score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = score(SEED, 10, 20, keep=tmp_path, jobs=1)
    found = table(cases)
    assert found.clean == 10
    assert len(cases) == 30
    assert not found.alarms, found.alarms
    assert not found.broke
    assert not found.missed, found.missed
    assert found.losing.of >= 3
    assert {c.mission for c in cases} == set(range(10))
    # what is kept is not flown again, and a line that was cut off is
    monkeypatch.setattr("cosmodrome.campaign.score.scoring._flown", lambda group: 1 / 0)
    assert score(SEED, 10, 20, keep=tmp_path, resume=True, jobs=1) == cases
    with pytest.raises(InputError, match="scored missions of another seed, size"):
        score(SEED + 1, 10, 20, keep=tmp_path, resume=True, jobs=1)
    kept = tmp_path / "cases.ndjson"
    kept.write_text(kept.read_text()[:-40])
    with pytest.raises(ZeroDivisionError):
        score(SEED, 10, 20, keep=tmp_path, resume=True, jobs=1)
    kept.write_text("nothing\n")
    with pytest.raises(DataError, match="holds no scored missions"):
        score(SEED, 10, 20, keep=tmp_path, resume=True, jobs=1)


def test_what_no_file_reveals_is_counted_apart(
    monkeypatch: pytest.MonkeyPatch, shipped_world: World
) -> None:
    monkeypatch.setattr("cosmodrome.campaign.score.scoring._OF_INTENT", 1.0)
    group = next(g for g in corpus(SEED, 10, 30) if not g.from_pad)
    cases = group_cases(replace(group, numbers=group.numbers[:1], every=frozenset()), shipped_world)
    clean, *faulted = cases
    assert clean.clean
    assert len(faulted) == 3
    assert {c.family for c in faulted} == {"intent"}
    assert all(c.unobservable and c.consequence and not c.seen for c in faulted)
    found = table(cases)
    assert found.losing.of == 0
    assert sum(found.unobservable.values()) == 3


def test_an_ascent_from_the_moon_has_faults_of_what_it_carries(
    monkeypatch: pytest.MonkeyPatch, shipped_world: World
) -> None:
    for part in ("_OF_INTENT", "_OF_RECORDS"):
        monkeypatch.setattr(f"cosmodrome.campaign.score.scoring.{part}", 0.0)
    clean, *faulted = group_cases(Group(1, 0, False, ((14, 6),)), shipped_world)
    assert clean.name == "up from the Moon"
    assert clean.clean
    assert not clean.seen
    assert len(faulted) == 6
    assert not {"records", "intent"} & {c.family for c in faulted}
    losing = [c for c in faulted if c.losing]
    assert losing
    assert all(c.seen for c in losing)


def test_what_is_refused() -> None:
    with pytest.raises(InputError, match="0 clean and 3 faulted"):
        score(SEED, 0, 3)


def test_the_verb(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cosmodrome.campaign.score.scoring._flown", lambda group: _two(group))
    out = tmp_path / "run"
    words = ["score", "--clean", "1", "--faulted", "1", "--jobs", "1", "--out", str(out)]
    assert main([*words, "--seed", "00005eedcafe", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["seed"] == "00005eed"
    assert value["losing"] == {"hits": 1, "of": 1, "rate": 1.0, "low": 0.025, "high": 1.0}
    assert "faults that lose the mission" in (out / "score.md").read_text()
    assert main([*words, "--seed", "not-hex"]) == 2
    assert "hex digits" in capsys.readouterr().err
    assert main(["score", "--seed", "1", "--resume"]) == 2
    assert "--out DIR" in capsys.readouterr().err


def _two(group: object) -> list[object]:
    from tests.campaign.score.test_confusion import CLEAN, FAULT

    return [CLEAN, FAULT]


@pytest.mark.nightly
def test_a_score_of_a_hundred() -> None:
    """Ascents and orbits by both bars' definitions; small numbers leave wide bounds."""
    found = table(score(SEED, 100, 200, jobs=1))
    assert not found.broke
    assert len(found.alarms) <= 1, found.alarms
    assert found.losing.value is not None
    assert found.losing.value >= 0.95, found.missed

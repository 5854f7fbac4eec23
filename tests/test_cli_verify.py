"""`cosmodrome verify`: what it answers, writes and returns; ended half-way and taken up again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.dom import minidom

import pytest

from cosmodrome.campaign.verify.swept import Swept
from cosmodrome.cli import main
from cosmodrome.errors import Cancelled
from tests.campaign.verify import doubles

if TYPE_CHECKING:
    from pathlib import Path

UNHEARD = doubles.MISSION[: doubles.MISSION.index("stations:")] + "physics: {gravity: 2x0}\n"


def words(folder: Path, *more: str, text: str = doubles.MISSION) -> list[str]:
    """A sweep of the burn of the small mission, in this process."""
    out = folder / "out"
    return ["verify", str(doubles.mission_file(folder, text)), "--only", "orbit", "--jobs", "1",
            "--fineness", "coarse", "--out", str(out), *more]  # fmt: skip


def record(folder: Path) -> dict[str, Any]:
    """verify.json but for what the clock says."""
    value: dict[str, Any] = json.loads((folder / "out" / "verify.json").read_text())
    assert set(value.pop("timing")) == {"clean_s", "faults_s"}
    return value


def test_a_mission_whose_faults_are_all_seen(tmp_path, capsys):
    assert main(words(tmp_path, "--json")) == 0
    out, _ = capsys.readouterr()
    told = json.loads(out)
    assert told["out"] == str(tmp_path / "out")
    value = record(tmp_path)
    assert value["schema"] == "cosmodrome-verify/1"
    assert value["verdict"] == "go"
    assert value["stations"] == ["wallops", "madrid"]
    assert value["faults"] == len(value["outcomes"]) > 20
    assert sum(value["consequences"].values()) == value["faults"]
    by = {o["id"]: o for o in value["outcomes"]}
    # 40 m/s lower it from 493 km to about 350; all of 60 kg lower it into the ground
    empty = by["truth:burns.spacecraft.1.cut-off:omit:0"]
    assert empty["consequence"] == "impact"
    assert empty["seen"][0]["by"] == "contact: wallops"
    assert empty["seen_when"] == "after"
    assert value["unseen"] == []
    # an ellipse from 6,878 km on, 40 m/s below the circle's 7,613: 4 a (40 / v) = 144 km lower on
    # its other side; the start's eccentricity of 0.001 leaves 14 km open
    assert value["planned"]["perigee_m"] == pytest.approx(500e3 - 144e3, abs=14e3)
    page = (tmp_path / "out" / "verify.html").read_text()
    assert page.count("<script") == 2
    assert "burns until the tank is empty" in page
    picture = minidom.parse(str(tmp_path / "out" / "verify.svg"))
    texts = [t.firstChild.data for t in picture.getElementsByTagName("text")]
    assert any(t.startswith("'lower' burns until the tank is empty") for t in texts)
    assert (tmp_path / "out" / "verify.csv").read_text().count("\n") == value["faults"] + 1
    last = (tmp_path / "out" / "events.ndjson").read_text().splitlines()[-1]
    assert json.loads(last)["kind"] == "done"


def test_what_nobody_sees_is_told_and_fails(tmp_path, capsys):
    assert main(words(tmp_path, "--quiet", text=UNHEARD)) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines()[0].endswith(str(tmp_path / "out"))
    assert "seen by none: 'lower' burns until the tank is empty" in out
    assert main(words(tmp_path, "--resume", text=UNHEARD)) == 1
    out, err = capsys.readouterr()
    assert "Seen by none (1)" in out
    assert f"look at {tmp_path / 'out' / 'verify.html'} in a browser" in out
    assert "names no stations" in out


def test_a_sweep_that_was_ended_goes_on_to_the_same(tmp_path, capsys, monkeypatch):
    whole, half = tmp_path / "whole", tmp_path / "half"
    whole.mkdir()
    half.mkdir()
    assert main(words(whole, "--fineness", "normal", "--quiet")) == 0
    once, flown = Swept.outcomes, []

    def ended(me, batch, watch):
        if flown:
            raise Cancelled("stopped by its user")
        flown.append(batch)
        return once(me, batch, watch)

    monkeypatch.setattr(Swept, "outcomes", ended)
    assert main(words(half, "--fineness", "normal", "--quiet")) == 130
    assert "go on with --out" in capsys.readouterr().err
    kept = (half / "out" / "faults.ndjson").read_text().splitlines()
    assert len(kept) == 1 + len(flown[0].faults)
    assert not (half / "out" / "verify.json").exists()
    left: list[Any] = []
    monkeypatch.setattr(Swept, "outcomes", lambda me, b, w: left.append(b) or once(me, b, w))
    assert main(words(half, "--fineness", "normal", "--quiet", "--resume")) == 0
    assert flown[0].faults[0] not in [f for b in left for f in b.faults]
    assert record(half) == record(whole)
    assert main(words(half, "--quiet", "--resume")) == 2  # coarse is another question
    assert "of another mission, fineness, data or version" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--only", "assent"], "--only assent: write some of ascent, orbit, plan"),
        (["--jobs", "0"], "--jobs 0: write a whole number, 1 or more"),
        (["--fineness", "finer"], "invalid choice: 'finer'"),
        (["--resume"], "say which with --out DIR"),
    ],
)
def test_what_is_refused(more, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["verify", "slot-phasing", "--quiet", *more]) == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []  # a bad question makes no directory

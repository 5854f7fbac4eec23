"""`cosmodrome coverage`: what is asked, refused, written and printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from cosmodrome.cli import main
from cosmodrome.formats import parquet

if TYPE_CHECKING:
    from pathlib import Path

PATTERN = "60 deg: 6/3/1, 1200 km"
QUICK = ("--walker", PATTERN, "--grid", "15 deg", "--days", "0.2")


def test_it_writes_and_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "covered"
    assert main(["coverage", *QUICK, "--out", str(out), "--intervals", "--quiet", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "cosmodrome-coverage/1"
    assert told["satellites"] == 6
    assert told["grid"]["points"] == sum(b["points"] for b in told["bands"])
    assert 0.0 < told["total"]["fraction"] < 1.0
    points = parquet.read(out / "coverage.parquet")
    accesses = parquet.read(out / "accesses.parquet")
    assert len(points["share"]) == told["grid"]["points"]
    assert len(accesses["start_s"]) == sum(points["accesses"])
    for name in ("coverage.svg", "in-view.svg"):
        assert "Walker delta 60 deg" in ElementTree.parse(out / name).getroot()[1].text


def test_a_table_for_people_and_a_region(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ring = [[20, -10], [60, -10], [60, 50], [20, 50], [20, -10]]
    shape = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (tmp_path / "region.geojson").write_text(json.dumps(shape))
    words = [*QUICK, "--region", "region.geojson", "--sensor", "cone 40 deg", "--bands", "30"]
    assert main(["coverage", *words]) == 0
    said = capsys.readouterr().out
    assert "cone 40 deg" in said
    assert "+30 to +60" in said
    assert "-60 to -30" not in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--walker", "40 sats"), "the constellation '40 sats' cannot be read"),
        (("--sensor", "eyes"), "the sensor 'eyes' cannot be read"),
        (("--grid", "5 km"), "the grid '5 km'"),
        (("--days", "none"), "--days none"),
        (("--latitudes", "60"), "south:north"),
        (("--region", "nowhere.json"), "cannot be read as GeoJSON"),
        (("--forces", "strong"), "no preset 'strong'"),
        (("--start", "2027-01-01"), "2027-01-01"),
    ],
)
def test_what_cannot_be_read_is_refused(
    words: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["coverage", *QUICK, *words]) == 2
    assert why in capsys.readouterr().err

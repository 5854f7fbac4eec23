"""`cosmodrome payload` and `cosmodrome reach`: what is asked, refused, written and printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cosmodrome.cli import main
from cosmodrome.cli.payload import read_limits, read_wind
from cosmodrome.cli.reach import read_values
from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("51.7", (51.7,)),
        ("200:1000:200", (200.0, 400.0, 600.0, 800.0, 1000.0)),
        ("60, 51.7,55:65:5", (51.7, 55.0, 60.0, 65.0)),
        ("0.1:0.3:0.1", (0.1, 0.2, 0.3)),
    ],
)
def test_lists_of_values(text: str, values: tuple[float, ...]) -> None:
    assert read_values(text, "altitudes") == values


@pytest.mark.parametrize("text", ["", "low", "1:2", "5:1:1", "1:5:0", "1:5:-1", "nan", "0:1e9:1"])
def test_lists_that_are_none(text: str) -> None:
    with pytest.raises(InputError, match="among the altitudes"):
        read_values(text, "altitudes")


def test_limits_as_texts() -> None:
    assert read_limits(["dynamic_pressure=45 kPa", "heat_flux = none"]) == {
        "dynamic_pressure": "45 kPa",
        "heat_flux": "none",
    }
    with pytest.raises(InputError, match="has no value"):
        read_limits(["dynamic_pressure"])


def test_wind_as_texts() -> None:
    assert read_wind(["profile=uniform", "speed = 5 m/s"]) == {
        "profile": "uniform",
        "speed": "5 m/s",
    }
    with pytest.raises(InputError, match="--wind profile=jet-stream"):
        read_wind(["jet-stream"])


def test_the_reach_of_a_pad_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "map"
    argv = ["reach", "--site", "vostochny", "--against", "baikonur", "--out", str(out)]
    assert main([*argv, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["out"] == str(out)
    kept = json.loads((out / "reach.json").read_text("utf-8"))
    assert {**kept, "out": str(out)} == told
    assert kept["of"]["site"]["id"] == "vostochny"
    assert kept["of"]["vehicle"] is None
    names = {p.name for p in out.iterdir()}
    assert {"reach.svg", "reach-vostochny.svg", "reach-baikonur.svg", "events.ndjson"} <= names
    first = (out / "reach.json").read_bytes()
    assert main([*argv, "--quiet"]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    assert (out / "reach.json").read_bytes() == first
    assert main(argv) == 0
    shown = capsys.readouterr().out
    assert "corridor 340° to 95° relative: inclinations 51.70° to 101.05°" in shown


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (["reach", "--site", "vostochni"], "Did you mean 'vostochny'?"),
        (["reach", "--site", "vostochny", "--resume"], "say which with --out DIR"),
        (["reach", "--site", "vostochny", "--jobs", "0"], "write a whole number, 1 or more"),
        (["reach", "--site", "vostochny", "--inclinations", "x"], "among the inclinations"),
        (["reach", "--site", "vostochny", "--vehicle", "soyuz"], "the catalogue has no vehicle"),
        (
            ["payload", "--site", "baikonur", "--vehicle", "soyuz-2.1a", "--orbit", "leo"],
            "'leo' is no word of it",
        ),
        (
            ["payload", "--site", "baikonur", "--vehicle", "soyuz-2.1a"],
            "the following arguments are required: --orbit",
        ),
    ],
)
def test_what_is_refused(
    argv: list[str], why: str, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert why in err


def test_an_orbit_that_no_geometry_makes(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["payload", "--site", "baikonur", "--vehicle", "soyuz-2.1a", "--orbit", "gto 1200 m/s"]
    assert main([*argv, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["exit_status"] == 1
    assert "never 1200 m/s" in told["error"]["message"]


@pytest.mark.slow
def test_payload_says_its_figure(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["payload", "--site", "baikonur", "--vehicle", "soyuz-2.1a", "--orbit",
            "200x240 km 51.6 deg"]  # fmt: skip
    assert main([*argv, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert 7_000.0 < told["capability_kg"] < 7_800.0
    assert told["target"]["kind"] == "elliptic"
    assert told["reached"]["c3_m2_s2"] == pytest.approx(-3.986004415e14 / 6_598_137.0, rel=1e-6)
    assert told["published"][0]["mass_kg"] == 7_430.0
    assert main(argv) == 0
    shown = capsys.readouterr().out
    assert "Engines give" in shown
    assert "less gravity" in shown
    assert "7,430 kg rated to 200x240 km 51.6 deg" in " ".join(shown.split())


@pytest.mark.slow
def test_a_small_map_with_a_vehicle(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "map"
    argv = ["reach", "--site", "vostochny", "--vehicle", "soyuz-2.1b", "--inclinations", "64.8",
            "--altitudes", "200", "--out", str(out), "--jobs", "1"]  # fmt: skip
    assert main(argv) == 0
    assert "8\u202f2" in capsys.readouterr().out  # 8,200 kg
    first = (out / "reach.json").read_bytes()
    # taken up again: nothing is solved, the same bytes are written
    assert main([*argv, "--resume", "--quiet"]) == 0
    assert (out / "reach.json").read_bytes() == first
    assert len(list((out / "columns").iterdir())) == 1

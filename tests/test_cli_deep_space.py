"""`cosmodrome orbit` of libration orbits and `cosmodrome porkchop`: answers, files, refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cosmodrome.cli import main
from cosmodrome.formats import oem

if TYPE_CHECKING:
    from pathlib import Path


def test_a_libration_orbit_flown_and_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "orbit"
    argv = ["orbit", "dro", "70000", "km", "--at", "2027-03-01", "--revolutions", "2"]
    assert main([*argv, "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["family"] == "dro"
    assert told["epoch"].startswith("2027-03-01")
    assert told["figures"]["closest_m"] == pytest.approx(70e6, rel=1e-6)
    flown = told["flown"]
    assert flown["revolutions"] == 2
    assert flown["jump_m"] < 0.1
    assert flown["frame"] == "moon/gcrf"
    assert len(flown["states"]) == 15
    message = oem.read(out / "dro-70000-km.oem")
    assert message.segments[0].points[0].epoch.utc(0) == "2027-03-01T00:00:00Z"
    assert main(argv) == 0
    text = " ".join(capsys.readouterr().out.split())
    for piece in ("Jacobi's constant", "Stability indices 1.0000", "In full dynamics", "Jumps"):
        assert piece in text, piece
    assert main(["orbit", "dro 70000 km", "--quiet"]) == 0
    assert capsys.readouterr().out.startswith("period 13.916245 days")


@pytest.mark.parametrize(
    ("argv", "status", "said"),
    [
        (["orbit", "nrho"], 2, "nothing says which member"),
        (["orbit", "dro 70000 km", "--revolutions", "many"], 2, "whole number from 1"),
        (["orbit", "dro 70000 km", "--check"], 2, "flown by --revolutions"),
        (["orbit", "dro 70000 km", "--out", "x"], 2, "how long by --revolutions"),
        (["orbit", "molniya", "--revolutions", "3"], 2, "belong to libration orbits"),
        (["porkchop", "earth", "mars", "--depart", "2026-09-01", "--arrive",
          "2027-09-01/2027-10-01"], 2, "no second date"),
        (["porkchop", "earth", "mars", "--depart", "2026-10-01/2026-09-01", "--arrive",
          "2027-09-01/2027-10-01"], 2, "must come after the first"),
        (["porkchop", "earth", "mars", "--depart", "2026-09-01/2026-10-01", "--arrive",
          "2027-09-01/2027-10-01", "--step", "0"], 2, "days between the points"),
        (["porkchop", "earth", "mars", "--depart", "2026-09-01/2026-10-01", "--arrive",
          "2027-09-01/2027-10-01", "--site", "vostochny"], 2, "go together"),
        (["porkchop", "earth", "mars", "--depart", "2027-09-01/2027-10-01", "--arrive",
          "2026-09-01/2026-10-01"], 1, "write later arrivals"),
        (["porkchop", "earth", "mars", "--depart", "2070-09-01/2070-10-01", "--arrive",
          "2071-09-01/2071-10-01"], 3, "outside its span"),
    ],
)  # fmt: skip
def test_refusals(
    capsys: pytest.CaptureFixture[str], argv: list[str], status: int, said: str
) -> None:
    assert main(argv) == status
    assert said in capsys.readouterr().err


def test_a_porkchop_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "pork"
    argv = ["porkchop", "earth", "venus", "--depart", "2027-12-01/2028-02-01", "--arrive",
            "2028-04-01/2028-07-01", "--step", "4"]  # fmt: skip
    assert main([*argv, "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["from"] == "earth"
    assert {b["type"] for b in told["best"]} <= {"I", "II"}
    assert sorted(p.name for p in out.iterdir()) == [
        "porkchop.csv", "porkchop.json", "porkchop.svg",
    ]  # fmt: skip
    assert main(argv) == 0
    assert "least C3" in capsys.readouterr().out
    assert main([*argv, "--quiet"]) == 0
    assert "km^2/s^2" in capsys.readouterr().out

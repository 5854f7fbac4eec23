"""`cosmodrome orbit`: elements, reasons, a flight that holds the promises, and refusals."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest

from cosmodrome.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def told(capsys: pytest.CaptureFixture[str], *argv: str, status: int = 0) -> Any:
    assert main(["orbit", *argv, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_the_elements_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["orbit", "frozen", "repeat", "233/16", "sso", "ltdn", "10:11"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    for piece in ("7,077.732 km", "98.2101°", "0.001182", "LTAN 22:11:00", "Cook 1966", "172.0 km"):
        assert piece in out, piece
    assert main(["orbit", "molniya", "--at", "2027-03-01", "--quiet"]) == 0
    assert capsys.readouterr().out == "a 26553.557 km, e 0.737286, i 63.4300 deg\n"


def test_as_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    made = told(capsys, "geo longitude 19.2 deg", "--at", "2027-06-01T12:00Z")
    assert made["kind"] == "geostationary"
    assert made["epoch"].startswith("2027-06-01T12:00:00")
    assert made["mean"]["a_m"] == pytest.approx(42_165.7e3, abs=200.0)
    assert math.degrees(made["figures"]["longitude_rad"]) == pytest.approx(19.2)
    assert "check" not in made


def test_a_check_flies_it(capsys: pytest.CaptureFixture[str]) -> None:
    made = told(capsys, "sso repeat 233/16, ltdn 10:11", "--check", "20 days")
    check = made["check"]
    assert check["days"] == 20.0
    assert check["holds"] is True
    held = {p["key"]: p for p in check["promises"]}
    assert held["repeat_m"]["measured"] <= held["repeat_m"]["limit"] == 1000.0
    assert check["state"]["frame"] == "earth/gcrf"
    radius = math.hypot(*check["state"]["r_m"])
    assert radius == pytest.approx(made["mean"]["a_m"], abs=20e3)


def test_a_promise_that_is_not_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """A track that closes every day is in step with the harmonics of order 15: it drifts."""
    made = told(capsys, "repeat 15/1 51.6 deg", "--check", status=1)
    assert made["check"]["holds"] is False
    assert main(["orbit", "repeat 15/1 51.6 deg", "--check"]) == 1
    assert "fails" in capsys.readouterr().out


def test_of_a_mission(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    made = told(capsys, "landsat-repeat")
    assert made["repeat"] == [233, 16]
    assert made["epoch"].startswith("2027-03-01T00:00:00")
    from cosmodrome.mission import scaffold

    path = tmp_path / "mine.yaml"
    path.write_text(scaffold("frozen-sso"))
    assert told(capsys, str(path))["kind"] == "frozen"


def test_a_departure_says_its_asymptote(capsys: pytest.CaptureFixture[str]) -> None:
    made = told(capsys, "c3 10 km^2/s^2")
    assert made["v_infinity_m_s"] == pytest.approx(math.sqrt(10e6))
    assert main(["orbit", "c3 10 km^2/s^2"]) == 0
    assert "3.162 km/s are left far away" in capsys.readouterr().out


TLE = """\
ISS (ZARYA)
1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927
2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537
"""


def test_an_orbit_to_match(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "iss.tle"
    path.write_text(TLE)
    made = told(capsys, str(path))
    assert made["kind"] == "state"
    assert made["epoch"].startswith("2008-09-20T12:25:40")
    # mean motion 15.72125391 a day, Kozai's; plane and node as the lines say
    assert made["mean"]["a_m"] == pytest.approx(6_731e3, abs=2e3)
    assert made["mean"]["i_deg"] == pytest.approx(51.6416, abs=0.02)
    assert made["mean"]["raan_deg"] == pytest.approx(247.4627, abs=0.02)
    later = told(capsys, str(path), "--at", "2008-09-21T12:25:40Z")
    back = later["mean"]["raan_deg"] - made["mean"]["raan_deg"]
    assert back == pytest.approx(math.degrees(made["figures"]["node_rate_rad_s"]) * 86400, abs=0.02)
    opm = tmp_path / "one.opm"
    opm.write_text("nothing")
    assert main(["orbit", str(opm)]) == 2
    assert "one.opm" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["sso"], "no height is said"),
        (["molniyaa"], "Did you mean 'molniya'?"),
        (["800 km sso", "--check", "soon"], "is no length of time"),
        (["800 km sso", "--check", "1 day"], "too short to judge"),
        (["800 km sso", "--at", "yesterday"], "yesterday"),
        (["c3 10 km^2/s^2", "--check"], "leave --check out"),
        (["nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_refusals(capsys: pytest.CaptureFixture[str], argv: list[str], said: str) -> None:
    assert main(["orbit", *argv]) in (1, 2)
    out, err = capsys.readouterr()
    assert said in err
    assert "Traceback" not in err + out

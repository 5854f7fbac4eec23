"""`cosmodrome export`: what is written reads back equal to what was flown."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosmodrome.cli import main
from cosmodrome.cli.export import opm_text
from cosmodrome.errors import InputError
from cosmodrome.formats import oem, opm, parquet
from cosmodrome.world.epoch import Epoch

# metres written as kilometres: shifting a decimal point may cost the last bit
ULP = sys.float_info.epsilon


def flight(frame: str = "earth/gcrf") -> dict[str, Any]:
    return {
        "name": "a mission",
        "spacecraft": "sat",
        "launch": {"utc": "2027-03-01T05:41:46Z"},
        "legs": [
            {"object": "stack", "start": {"utc": "2027-03-01T05:41:46Z"}},
            {
                "object": "sat",
                "start": {
                    "utc": "2027-03-01T06:41:46.123456789Z",
                    "frame": frame,
                    "r_m": [7_198_137.000001, -1.5, 0.25],
                    "v_m_s": [0.001, 7441.123456789, -1.0 / 3.0],
                    "mass_kg": 2900.0,
                },
            },
        ],
    }


def test_an_opm_reads_back_equal() -> None:
    text = opm_text(flight(), "2026-11-22T12:00:00")
    back = opm.loads(text)
    start = flight()["legs"][1]["start"]
    assert back.epoch == Epoch.parse(start["utc"])
    assert back.r_m == pytest.approx(start["r_m"], rel=ULP, abs=0.0)
    assert back.v_m_s == pytest.approx(start["v_m_s"], rel=ULP, abs=0.0)
    assert (back.mass_kg, back.ref_frame, back.center) == (2900.0, "GCRF", "EARTH")
    assert (back.object_name, back.time_system) == ("sat", "UTC")


def test_an_opm_needs_a_release_and_a_frame_with_a_name() -> None:
    with pytest.raises(InputError, match="in earth/launch, which an OPM has no name for"):
        opm_text(flight("earth/launch"), "2026-11-22T12:00:00")
    with pytest.raises(InputError, match="released no spacecraft"):
        opm_text(flight() | {"spacecraft": "other"}, "2026-11-22T12:00:00")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["."], "say what to export: --oem, --opm, --csv"),
        (["nowhere", "--csv"], "no such file; give a run directory"),
        ([".", "--csv"], "trajectory.parquet: no such file; export needs the whole directory"),
        ([".", "--oem"], "orbit.oem: no such file"),
        ([".", "--geojson"], "flight.json holds no range safety: it was flown by an earlier"),
    ],
)
def test_bad_input(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    argv: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("flight.json").write_text(json.dumps(flight()))
    assert main(["export", *argv]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["--oem", "--opm"])
def test_no_orbit_without_a_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    ends = flight() | {"legs": flight()["legs"][:1]}
    (tmp_path / "flight.json").write_text(json.dumps(ends))
    assert main(["export", str(tmp_path), kind]) == 2
    assert "its mission has no `plan`, so no orbit was flown" in capsys.readouterr().err


def test_a_flown_run(flown_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    kinds = ["--oem", "--opm", "--csv", "--geojson"]
    assert main(["export", str(flown_run), *kinds, "--out", str(out), "--json"]) == 0
    names = ["orbit.oem", "orbit.opm", "trajectory.csv", "range.geojson"]
    assert json.loads(capsys.readouterr().out) == {"written": [str(out / n) for n in names]}

    assert (out / "range.geojson").read_bytes() == (flown_run / "range.geojson").read_bytes()
    flown = json.loads((flown_run / "flight.json").read_text())
    (leg,) = (x for x in flown["legs"] if x["object"] == flown["spacecraft"])
    first = oem.read(out / "orbit.oem").segments[0].points[0]
    released = opm.read(out / "orbit.opm")
    assert first.epoch == released.epoch == Epoch.parse(leg["start"]["utc"])
    # the ephemeris is read off the flown polynomials, the message is the state they began with
    assert first.r_m == pytest.approx(released.r_m, rel=0.0, abs=1e-6)
    assert released.r_m == pytest.approx(leg["start"]["r_m"], rel=ULP, abs=0.0)

    columns = parquet.read(flown_run / "trajectory.parquet")
    with (out / "trajectory.csv").open(newline="", encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    assert list(rows[0]) == list(columns)
    for name in ("t_s", "x_m", "vz_m_s", "mass_kg"):
        assert np.array_equal([float(r[name]) for r in rows], columns[name])
    assert [r["object"] for r in rows] == columns["object"]


def test_the_flight_json_itself_names_its_run(flown_run: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(flown_run, run)
    assert main(["export", str(run / "flight.json"), "--opm", "--quiet"]) == 0
    assert (run / "orbit.opm").is_file()

"""What each verb does, on the shipped catalogue and missions."""

from __future__ import annotations

import datetime as dt
import json
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from cosmodrome import catalog
from cosmodrome.catalog.files import shipped_text
from cosmodrome.cli import main
from cosmodrome.cli.catalogue import plain, value_at
from cosmodrome.cli.doctor import warnings_about
from cosmodrome.mission import load, scaffold, shipped_missions
from cosmodrome.world.store import DataVintage

if TYPE_CHECKING:
    from pathlib import Path


def told(capsys: pytest.CaptureFixture[str], *argv: str) -> Any:
    """The JSON object of a verb that must succeed, with nothing else on standard output."""
    assert main([*argv, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


# ------------------------------------------------------------------------ mission files
def test_validate_prints_the_resolved_mission_which_is_a_mission(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    resolved = told(capsys, "validate", "vostochny-sso")["resolved"]
    path = tmp_path / "resolved.yaml"
    path.write_text(resolved)
    again, first = load(path), load("vostochny-sso")
    assert again.target == first.target
    assert again.launch == first.launch
    assert again.spacecraft == first.spacecraft
    assert main(["validate", "vostochny-sso"]) == 0
    assert capsys.readouterr().out.strip() == resolved.strip()
    assert main(["validate", "vostochny-sso", "--quiet"]) == 0
    assert capsys.readouterr() == ("vostochny-sso: valid\n", "")


def test_validate_refuses_with_line_and_next_step(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(scaffold().replace("altitude: 820 km +- 5 km", "altitude: 820"))
    line = next(
        i for i, text in enumerate(path.read_text().splitlines(), 1) if "altitude: 820" in text
    )
    assert main(["validate", str(path), "--json"]) == 2
    out, err = capsys.readouterr()
    (fault,) = json.loads(out)["error"]["faults"]
    assert fault["line"] == line
    assert fault["read"] == "820"
    assert f"{path}:{line}:" in err


def test_new_writes_a_mission_that_is_valid(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Whatever it is made from, with the vehicle and site files it names."""
    for name in told(capsys, "new", "--list")["missions"]:
        path = tmp_path / name / "mine.yaml"
        path.parent.mkdir()
        written = told(capsys, "new", str(path), "--from", name)["written"]
        assert path.read_text() == scaffold(name)
        assert sorted(written) == sorted(map(str, path.parent.rglob("*.yaml")))
        assert main(["validate", str(path), "--quiet"]) == 0
        capsys.readouterr()
    assert main(["new", "--list"]) == 0
    assert capsys.readouterr().out.split() == list(shipped_missions())
    assert main(["new", str(tmp_path / "another.yaml")]) == 0
    assert "another.yaml from vostochny-sso; edit, then: cosmodrome" in capsys.readouterr().out


def test_new_never_overwrites(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("precious")
    assert main(["new", str(path)]) == 2
    assert path.read_text() == "precious"
    assert "exists and is left as it is" in capsys.readouterr().err
    assert main(["new", str(tmp_path / "no" / "such" / "place.yaml")]) == 2
    assert "No such file or directory" in capsys.readouterr().err


def test_schema_is_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    schema = told(capsys, "schema")
    jsonschema.Draft202012Validator.check_schema(schema)
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema


# -------------------------------------------------------------------------- catalogue
def test_catalog_lists_what_is_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    shelves = told(capsys, "catalog")
    assert [s["id"] for s in shelves["sites"]] == list(catalog.site_names())
    assert [v["id"] for v in shelves["vehicles"]] == list(catalog.vehicle_names())
    assert list(told(capsys, "catalog", "sites")) == ["sites"]
    assert main(["catalog"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in (*catalog.site_names(), *catalog.vehicle_names()))


def test_catalog_entry_has_every_figure_with_its_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    entry = told(capsys, "catalog", "vehicles", "soyuz-2.1b-fregat")
    vehicle = catalog.vehicle("soyuz-2.1b-fregat")
    assert entry == json.loads(json.dumps(plain(vehicle)))
    assert entry["figures"].keys() == vehicle.figures.keys()
    assert all(f["source"] and f["status"] for f in entry["figures"].values())
    assert main(["catalog", "vehicles", "soyuz-2.1b-fregat"]) == 0
    out = capsys.readouterr().out
    for n, source in enumerate(dict.fromkeys(f.source for f in vehicle.figures.values()), 1):
        assert source.split()[0] in out
        assert f"({n})" in out


def test_catalog_tells_of_losses(capsys: pytest.CaptureFixture[str]) -> None:
    assert [f["id"] for f in told(capsys, "catalog")["failures"]] == list(catalog.failure_names())
    loss = catalog.failure("meteor-m-2-1")
    assert told(capsys, "catalog", "failures", "meteor-m-2-1") == json.loads(
        json.dumps(plain(loss))
    )
    assert main(["catalog", "failures", "meteor-m-2-1", "--no-color"]) == 0
    out = capsys.readouterr().out
    assert all(one.what in out and one.text in out for one in loss.published)
    assert all(source.split()[0] in out for source in loss.sources)
    assert "cosmodrome replay meteor-m-2-1" in out
    assert main(["catalog", "failures", "vega", "--no-color"]) == 2
    assert "Did you mean 'vega-vv15'" in capsys.readouterr().err
    assert main(["catalog", "failures", "--closure"]) == 2
    assert "only vehicles" in capsys.readouterr().err


def test_catalog_shows_degrees(capsys: pytest.CaptureFixture[str]) -> None:
    """The face speaks degrees; the noun inside is in radians."""
    assert main(["catalog", "sites", "vostochny"]) == 0
    out = capsys.readouterr().out
    assert f"{math.degrees(catalog.site('vostochny').latitude_rad):.10g} deg" in out


def test_catalog_yaml_is_the_file_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "sites", "vostochny", "--yaml"]) == 0
    assert capsys.readouterr().out.strip() == shipped_text("sites", "vostochny").strip()
    assert told(capsys, "catalog", "sites", "vostochny", "--yaml")["name"] == "vostochny"


def test_catalog_shows_how_well_figures_close(capsys: pytest.CaptureFixture[str]) -> None:
    rows = told(capsys, "catalog", "vehicles", "gslv-mk2", "--closure")["closure"]
    expected = catalog.closure(catalog.vehicle("gslv-mk2"))
    assert [(r["stage"], r["quantity"]) for r in rows] == [(r.stage, r.quantity) for r in expected]
    core = next(r for r in rows if r["stage"] == "core")
    assert core["misfit"] == pytest.approx(0.072, abs=1e-3)
    assert {r["vehicle"] for r in told(capsys, "catalog", "--closure")["closure"]} == set(
        catalog.vehicle_names()
    )
    assert main(["catalog", "vehicles", "gslv-mk2", "--closure"]) == 0
    out = capsys.readouterr().out
    assert "421,050.00 kg" in out
    assert "+7.23%" in out
    assert main(["catalog", "sites", "--closure"]) == 2
    assert "cosmodrome catalog vehicles --closure" in capsys.readouterr().err


def test_validate_shows_what_is_unusual(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = shipped_text("vehicles", "vega").replace("value: 540 kg", "value: 0.54 kg")
    (tmp_path / "vega.yaml").write_text(text, "utf-8")
    mission = scaffold("vostochny-sso")
    path = tmp_path / "odd.yaml"
    path.write_text(mission.replace("vehicle: soyuz-2.1b-fregat", "vehicle: vega.yaml"), "utf-8")
    assert main(["validate", str(path)]) == 0
    assert "vega: unusual: fairing.mass_kg: a fairing mass of 0.54 kg" in capsys.readouterr().err
    (doubt,) = told(capsys, "validate", str(path))["doubts"]
    assert "look at the unit of the mass" in doubt


def test_catalog_refuses_with_the_nearest_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "sites", "vostochni"]) == 2
    assert "Did you mean 'vostochny'?" in capsys.readouterr().err


def test_value_at_finds_by_name_number_and_field() -> None:
    vehicle = catalog.vehicle("soyuz-2.1b-fregat")
    assert value_at(vehicle, "stages.core.dry_mass_kg") == vehicle.stage("core").dry_mass_kg
    assert value_at(vehicle, "stages.1.dry_mass_kg") == vehicle.stages[1].dry_mass_kg
    assert value_at(vehicle, "drag.area_m2") == vehicle.drag.area_m2
    assert value_at(vehicle, "stages.nobody.dry_mass_kg") is None
    assert value_at(vehicle, "stages.core.colour") is None


# ----------------------------------------------------------------------------- doctor
def test_doctor_tells_versions_and_the_age_of_the_data(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen = told(capsys, "doctor")
    assert {"cosmodrome", "python", "simd", "packages", "data", "warnings"} <= seen.keys()
    assert {d["name"] for d in seen["data"]} >= {"de440", "egm2008", "earth_orientation"}
    assert all(d["source"] and d["licence"] and len(d["sha256"]) == 64 for d in seen["data"])
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert f"SIMD {seen['simd']}" in out
    for d in seen["data"]:
        assert d["name"] in out
    assert main(["doctor", "--quiet"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == max(1, len(seen["warnings"]))


def test_doctor_warns_of_data_that_ended() -> None:
    def vintage(name: str, last: str) -> DataVintage:
        return DataVintage(name, f"{name}.npy", "IERS", "open", "1962-01-01", last, "0" * 64, "")

    table = [vintage("earth_orientation", "2027-11-20"), vintage("de440", "2020-01-01")]
    assert warnings_about(table, dt.date(2027, 11, 20)) == []
    (warning,) = warnings_about(table, dt.date(2027, 11, 21))
    assert warning.startswith("earth_orientation ends on 2027-11-20")


# ---------------------------------------------------------------------------- windows
def test_quick_windows_pass_the_pad_under_the_plane(capsys: pytest.CaptureFixture[str]) -> None:
    told_ = told(capsys, "windows", "vostochny-sso", "--quick")
    rows = told_["windows"]
    assert {r["branch"] for r in rows} == {"ascending", "descending"}
    i = math.radians(told_["insertion"]["mean_i_deg"])
    latitude = catalog.site("vostochny").latitude_rad
    for r in rows:
        # cos i = cos(geocentric latitude) sin(azimuth), inertial; geodetic differs by 0.19 deg
        azimuth = math.radians(r["azimuth_inertial_deg"])
        assert math.sin(azimuth) == pytest.approx(math.cos(i) / math.cos(latitude), abs=5e-3)
        assert "2027-03-01T00:00" <= r["utc"] <= "2027-03-03T00:00"
    # the Sun keeps its place over the node: one chance a day on each branch, a day apart
    ascending = [dt.datetime.fromisoformat(r["utc"]) for r in rows if r["branch"] == "ascending"]
    assert abs((ascending[1] - ascending[0]).total_seconds() - 86400.0) < 30.0
    assert main(["windows", "vostochny-sso", "--quick"]) == 0
    out = capsys.readouterr().out
    assert all(r["utc"] in out for r in rows)


MONTH = """\
schema: cosmodrome/1
name: To a station
site: baikonur
vehicle: soyuz-2.1a
spacecraft: {mass: 7150 kg}
launch:
  window: 2027-03-01T00:00Z / 2027-03-06T00:00Z
  meet:
    after: 6 h
    elements: {epoch: 2027-03-01T00:00Z, frame: tod, semi_major_axis: 6795 km, eccentricity: 0,
      inclination: 51.64 deg, raan: 200 deg, argument_of_perigee: 0 deg, mean_anomaly: 40 deg,
      mean: true}
  conditions: {branch: ascending, phase: {from: 5 deg, to: 60 deg}}
target: {kind: circular, altitude: 220 km, inclination: 51.64 deg}
"""


def test_a_calendar_tells_and_draws_what_serves(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A station at 420 km gains 93 deg a day on whoever waits for it on the ground."""
    (tmp_path / "m.yaml").write_text(MONTH)
    seen = told(capsys, "windows", str(tmp_path / "m.yaml"), "--quick", "--out", str(tmp_path))
    assert json.loads((tmp_path / "windows.json").read_text())["windows"] == seen["windows"]
    assert (tmp_path / "windows.svg").read_text().startswith("<svg")
    north = [r for r in seen["windows"] if r["branch"] == "ascending"]
    phases = [r["phase_deg"] for r in north]
    gains = [(b - a) % 360.0 for a, b in pairwise(phases)]
    assert gains == pytest.approx([93.4] * len(gains), abs=0.5)
    serving = [r for r in seen["windows"] if r["serves"]]
    assert serving == [r for r in north if 5.0 <= r["phase_deg"] <= 60.0]
    assert len(serving) == 1
    # the ISS' plane comes by 22.5 to 24 minutes earlier each day
    days = [dt.datetime.fromisoformat(r["utc"]) for r in north]
    earlier = [86400.0 - (b - a).total_seconds() for a, b in pairwise(days)]
    assert all(1300.0 < x < 1450.0 for x in earlier)
    assert main(["windows", str(tmp_path / "m.yaml"), "--quick"]) == 0
    assert "1 of 10 serve" in capsys.readouterr().out
    one = MONTH.replace("window: 2027-03-01T00:00Z / 2027-03-06T00:00Z", "time: 2027-03-01T02:07Z")
    one = one.replace("  conditions: {branch: ascending, phase: {from: 5 deg, to: 60 deg}}\n", "")
    (tmp_path / "one.yaml").write_text(one)
    assert main(["windows", str(tmp_path / "one.yaml"), "--quick", "--out", str(tmp_path)]) == 2
    assert "nothing to choose from" in capsys.readouterr().err


@pytest.mark.slow
def test_windows_are_where_the_flight_went(
    capsys: pytest.CaptureFixture[str], flown_run: Path
) -> None:
    """The instants of the solved ascent are the flight's own, but for the correction of its aim."""
    seen = told(capsys, "windows", "vostochny-sso")
    launch = json.loads((flown_run / "flight.json").read_text())["launch"]
    solved = [r for r in seen["windows"] if r["basis"] == "solved ascent"]
    apart = dt.datetime.fromisoformat(solved[0]["utc"]) - dt.datetime.fromisoformat(launch["utc"])
    assert abs(apart.total_seconds()) < 2.0  # 30 arcsec of node
    assert solved[0]["branch"] == launch["branch"]
    assert solved[0]["azimuth_relative_deg"] == pytest.approx(
        launch["azimuth_relative_deg"],
        abs=0.02,  # steering is flat at an optimum, and the flight has corrected its aim
    )
    assert {r["basis"] for r in seen["windows"] if r["branch"] != launch["branch"]} == {
        "pad geometry"
    }
    assert seen["insertion"]["travel_s"] > 540.0  # Fregat releases after three stages at least

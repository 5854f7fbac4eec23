"""The wind of a mission: named profiles, tables, CSV files, and what is refused."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from cosmodrome import mission
from cosmodrome.errors import MissionFileError
from cosmodrome.mission.wind_profiles import CORE_M, PROFILES, VANDENBERG_JANUARY

sys.path.insert(0, str(Path(__file__).parent))
from bad_files import MISSION
from bad_winds import CASES


def wind(text: str, folder: Path | None = None) -> mission.WindTable:
    found = mission.loads(MISSION + text + "\n", "mission.yaml", folder).wind
    assert found is not None
    return found


def test_a_mission_without_wind_has_none_and_writes_none() -> None:
    plain = mission.loads(MISSION)
    assert plain.wind is None
    assert "\nwind:" not in plain.resolved


def test_a_jet_stream_is_as_strong_as_asked_at_its_core() -> None:
    jet = wind("wind: {profile: jet-stream, speed: 60 m/s, from: 250 deg}")
    speed = np.hypot(jet.east_m_s, jet.north_m_s)
    k = jet.altitude_m.index(CORE_M)
    assert speed[k] == speed.max() == pytest.approx(60.0)
    # from west-southwest: to the east and a little to the north
    assert jet.east_m_s[k] == pytest.approx(60.0 * math.sin(math.radians(70.0)))
    assert jet.north_m_s[k] == pytest.approx(60.0 * math.cos(math.radians(70.0)))
    assert jet.text == "jet-stream, 60 m/s from 250 deg"


def test_an_envelope_is_the_mean_and_so_many_deviations() -> None:
    mean, high = (wind(f"wind: {{profile: envelope, sigmas: {n}, from: 0 deg}}") for n in (0, 2))
    for k, (h, m, s) in enumerate(VANDENBERG_JANUARY):
        assert mean.altitude_m[k] == h
        assert mean.north_m_s[k] == pytest.approx(-m)
        assert high.north_m_s[k] == pytest.approx(-(m + 2.0 * s))
    calm = wind("wind: {profile: envelope, sigmas: -3, from: 0 deg}")
    assert max(calm.north_m_s) == 0.0
    assert "mean - 3 sigma" in calm.text


def test_the_published_profile_is_that_of_its_source() -> None:
    # a few lines of the source's table, read again
    printed = {10_000.0: (31.26, 14.89), 11_500.0: (32.98, 15.13), 20_000.0: (8.26, 4.53)}
    ours = {h: (m, s) for h, m, s in VANDENBERG_JANUARY}
    assert {h: ours[h] for h in printed} == printed
    assert max(m for _, m, _ in VANDENBERG_JANUARY) == printed[CORE_M][0]
    assert sorted(PROFILES) == ["envelope", "jet-stream", "uniform"]


def test_speed_and_direction_or_components_say_the_same() -> None:
    one = wind(
        "wind: {table: [{altitude: 0 km, speed: 5 m/s, from: 225 deg},"
        " {altitude: 12 km, speed: 40 m/s, from: 270 deg}]}"
    )
    two = wind(
        "wind: {table: [{altitude: 0 m, east: 3.5355339 m/s, north: 3.5355339 m/s},"
        " {altitude: 12 km, east: 40 m/s, north: 0 m/s}]}"
    )
    assert np.allclose(one.east_m_s, two.east_m_s, atol=1e-7)
    assert np.allclose(one.north_m_s, two.north_m_s, atol=1e-7)
    assert one.text == "table, 2 lines"


@pytest.mark.parametrize(
    "csv",
    [
        "altitude_m,speed_m_s,from_deg\n0,5,225\n12000,40,270\n",
        "# sounding of noon\naltitude_km, from_deg, speed_m_s\n0, 225, 5\n\n12, 270, 40\n",
        "\ufeffaltitude_m,east_m_s,north_m_s\r\n0,3.535533906,3.535533906\r\n12000,40,0\r\n",
    ],
)
def test_a_csv_file_beside_the_mission(tmp_path: Path, csv: str) -> None:
    (tmp_path / "noon.csv").write_text(csv, "utf-8", newline="")
    found = wind("wind: {table: noon.csv}", tmp_path)
    assert found.altitude_m == (0.0, 12_000.0)
    assert found.east_m_s == pytest.approx((3.5355339, 40.0))
    assert found.north_m_s == pytest.approx((3.5355339, 0.0), abs=1e-6)
    assert found.text == "noon.csv, 2 lines"


@pytest.mark.parametrize(
    "text",
    [
        "wind: {profile: jet-stream, speed: 60 m/s, from: 250 deg}",
        "wind: {profile: envelope, sigmas: 1.5, from: 250 deg}",
        "wind: {profile: uniform, speed: 10 m/s, from: 90 deg}",
        "wind: {table: [{altitude: 0 km, speed: 5 m/s, from: 225 deg}]}",
        "wind: {table: noon.csv}",
    ],
)
def test_the_resolved_mission_blows_alike_and_satisfies_the_schema(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "noon.csv").write_text("altitude_m,speed_m_s,from_deg\n0,5.1,225\n", "utf-8")
    first = mission.loads(MISSION + text + "\n", "mission.yaml", tmp_path)
    again = mission.loads(first.resolved, "resolved.yaml")
    assert first.wind is not None
    assert again.wind is not None
    for name in ("altitude_m", "east_m_s", "north_m_s"):
        assert getattr(again.wind, name) == getattr(first.wind, name)
    import yaml

    jsonschema.validate(yaml.load(first.resolved, yaml.BaseLoader), mission.json_schema())
    json.dumps(mission.json_schema())


@pytest.mark.parametrize(
    ("csv", "line", "why"),
    [
        ("altitude_m,speed_m_s\n0,5\n", 1, "these are not the columns of a wind table"),
        ("altitude_m,east_m_s,from_deg\n0,5,1\n", 1, "these are not the columns of a wind table"),
        ("altitude_m,speed_m_s,from_deg\n0,5\n", 2, "2 values stand under 3 columns"),
        ("altitude_m,speed_m_s,from_deg\n0,x,5\n", 2, "this is not a plain number"),
        ("altitude_m,speed_m_s,from_deg\n0,500,5\n", 2, "it must be at most 200 m/s"),
        (
            "altitude_m,speed_m_s,from_deg\n9,5,5\n0,5,5\n",
            3,
            "the altitude does not increase",
        ),
        ("", 1, "the file has no line of wind"),
        ("altitude_m,speed_m_s,from_deg\n", 1, "the file has no line of wind"),
    ],
)
def test_a_broken_csv_is_refused_with_its_line(
    tmp_path: Path, csv: str, line: int, why: str
) -> None:
    (tmp_path / "noon.csv").write_text(csv, "utf-8")
    with pytest.raises(MissionFileError) as caught:
        wind("wind: {table: noon.csv}", tmp_path)
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == ("noon.csv", line)
    assert fault.why == why
    assert fault.write.endswith((".", "?"))


@pytest.mark.parametrize(
    ("name", "make", "why"),
    [
        ("gone.csv", lambda p: None, "there is no such file"),
        ("folder", lambda p: p.mkdir(), "this is a folder"),
        ("raw.csv", lambda p: p.write_bytes(b"\xff\xfe\x00"), "the file cannot be read as UTF-8"),
        ("long.csv", lambda p: p.write_text("#" * 600_000), "the file holds more than 500000"),
    ],
)
def test_a_csv_that_cannot_be_read(tmp_path: Path, name: str, make: object, why: str) -> None:
    make(tmp_path / name)  # type: ignore[operator]
    with pytest.raises(MissionFileError) as caught:
        wind(f"wind: {{table: {name}}}", tmp_path)
    (fault,) = caught.value.faults
    assert fault.file == "mission.yaml"
    assert fault.why.startswith(why)


@pytest.mark.parametrize(
    ("text", "expected"), [c[1:] for c in CASES], ids=[c[0].replace(" ", "-") for c in CASES]
)
def test_exact_faults(text: str, expected: tuple[str, ...]) -> None:
    with pytest.raises(MissionFileError) as caught:
        mission.loads(MISSION.replace("physics:", f"{text}\nphysics:"), "mission.yaml")
    assert tuple(str(f) for f in caught.value.faults) == expected

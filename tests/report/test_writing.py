"""Writing: all files or the old ones, equal bytes, nothing loaded from outside, no injection."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import report
from cosmodrome.errors import Cancelled
from cosmodrome.formats import oem, parquet
from cosmodrome.report import writing
from cosmodrome.report.html import inline_json
from cosmodrome.watch import Silent
from tests.report import synthetic
from tests.report.pages import HOSTILE, Page, loads_nothing

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    "flight.json",
    "page.json",
    "trajectory.parquet",
    "mission.yaml",
    "orbit.oem",
    "report.html",
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "a"
    paths = report.write(synthetic.flight(), out, synthetic.world())
    assert [p.name for p in paths] == list(NAMES)
    return out


def test_nothing_but_the_promised_files_is_left(written: Path) -> None:
    assert sorted(p.name for p in written.iterdir()) == sorted(NAMES)


def test_two_writes_give_equal_bytes(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report.write(synthetic.flight(), tmp_path, synthetic.world())
    for name in NAMES:
        a, b = (written / name).read_bytes(), (tmp_path / name).read_bytes()
        if name == "orbit.oem":  # the standard asks for the instant of writing
            a, b = (re.sub(rb"CREATION_DATE = \S+", b"", x) for x in (a, b))
        assert a == b, name


def test_the_creation_date_can_be_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    report.write(synthetic.flight(), tmp_path, synthetic.world())
    # 1,800,000,000 s of Unix time is 2027-01-15T08:00:00Z
    assert oem.read(tmp_path / "orbit.oem").creation == "2027-01-15T08:00:00"


def test_a_failure_in_the_middle_leaves_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        (tmp_path / name).write_text("old")

    def broken(page: object) -> str:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(writing, "report_html", broken)
    with pytest.raises(RuntimeError, match="disk is full"):
        report.write(synthetic.flight(), tmp_path, synthetic.world())
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == dict.fromkeys(NAMES, "old")


def test_cancelling_leaves_the_old_files(tmp_path: Path) -> None:
    class Stop(Silent):
        def cancelled(self) -> bool:
            return True

    (tmp_path / "flight.json").write_text("old")
    with pytest.raises(Cancelled):
        report.write(synthetic.flight(), tmp_path, synthetic.world(), Stop())
    assert [p.name for p in tmp_path.iterdir()] == ["flight.json"]
    assert (tmp_path / "flight.json").read_text() == "old"


def test_the_orbit_reads_back_equal(written: Path) -> None:
    flight = synthetic.flight()
    path = flight.legs[-1].path
    (segment,) = oem.read(written / "orbit.oem").segments
    assert (segment.center, segment.ref_frame, segment.time_system) == ("EARTH", "GCRF", "UTC")
    assert segment.start == path.start
    assert segment.stop == path.end
    assert np.diff(segment.t_s).max() <= 60.0 + 1e-6
    exact = np.array([path.at(p.epoch).r_m for p in segment.points])
    # 16 printed digits of km, and Epochs of whole ns (7.5 km/s x 0.5 ns = 4 um)
    assert np.abs(segment.r_m - exact).max() < 5e-6
    speed = np.array([path.at(p.epoch).v_m_s for p in segment.points])
    assert np.abs(segment.v_m_s - speed).max() < 1e-8


def test_the_step_carries_the_stated_interpolation(written: Path) -> None:
    # Lagrange degree 7 between the printed points against the flown path, mid-step
    path = synthetic.flight().legs[-1].path
    (segment,) = oem.read(written / "orbit.oem").segments
    assert (segment.interpolation, segment.interpolation_degree) == ("LAGRANGE", 7)
    t, r = segment.t_s, segment.r_m
    shift = segment.start - path.epoch
    for k in (3, 500, 1200):
        nodes = np.arange(k - 3, k + 5)
        x = 0.5 * (t[k] + t[k + 1])
        weights = np.array(
            [np.prod([(x - t[j]) / (t[i] - t[j]) for j in nodes if j != i]) for i in nodes]
        )
        exact = path.columns_at(x + shift)[:3]
        assert np.abs(weights @ r[nodes] - exact).max() < 1e-3


def test_the_table_reads_back(written: Path) -> None:
    table = parquet.read(written / "trajectory.parquet")
    series = report.series_of(synthetic.flight(), synthetic.world())
    assert np.array_equal(table["x_m"], np.concatenate([s.r_m[:, 0] for s in series]))
    assert np.array_equal(
        table["acceleration_m_s2"],
        np.concatenate([s.acceleration_m_s2 for s in series]),
        equal_nan=True,
    )


def test_json_files_hold_no_nan(written: Path) -> None:
    def never(name: str) -> None:
        raise AssertionError(name)

    for name in ("flight.json", "page.json"):
        json.loads((written / name).read_text(), parse_constant=never)


def test_the_page_is_one_file_that_loads_nothing(written: Path) -> None:
    text = (written / "report.html").read_text()
    page = loads_nothing(text)
    assert len(text) < 3_000_000
    assert json.loads(page.data) == json.loads((written / "page.json").read_text())


def test_a_hostile_name_stays_a_text(tmp_path: Path) -> None:
    flight = synthetic.flight()
    flight = replace(
        flight,
        mission=replace(flight.mission, name=HOSTILE),
        findings=(replace(flight.findings[0], check=HOSTILE, why=HOSTILE),),
    )
    report.write(flight, tmp_path, synthetic.world())
    text = (tmp_path / "report.html").read_text()
    assert text.count("<script") == text.count("</script>") == 2
    assert "<img" not in text
    page = Page(text)
    assert page.title == HOSTILE
    assert json.loads(page.data)["name"] == HOSTILE
    assert json.loads((tmp_path / "flight.json").read_text())["name"] == HOSTILE
    assert oem.read(tmp_path / "orbit.oem").segments[0].object_name == "spacecraft"


def test_inlined_json_cannot_end_its_element() -> None:
    text = inline_json({"a": "</script><!-- & \u2028"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": "</script><!-- & \u2028"}


def test_a_mission_without_its_own_orbit_writes_no_oem(tmp_path: Path) -> None:
    flight = synthetic.flight()
    flight = replace(flight, legs=flight.legs[:1])
    names = [p.name for p in report.write(flight, tmp_path, synthetic.world())]
    assert "orbit.oem" not in names
    assert "report.html" in names

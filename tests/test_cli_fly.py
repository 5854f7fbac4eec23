"""`cosmodrome fly`: where it writes, what it says, how it ends. Nothing is flown here but words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import cosmodrome.flight
import cosmodrome.report
from cosmodrome.cli import main
from cosmodrome.errors import Cancelled, CosmodromeError, InfeasibleError, SolverError
from cosmodrome.mission import scaffold
from cosmodrome.record import Finding

if TYPE_CHECKING:
    from cosmodrome.watch import Watch


def finding(verdict: Any) -> Finding:
    return Finding("a check", verdict, None, None, "", None, "", "", ("this", "that"))


@dataclass
class Words:
    """What stands in for a Flight."""

    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> str:
        return "no-go" if any(f.verdict == "fails" for f in self.findings) else "go"


class Story:
    """What stands in for flight.fly: findings to return, or an error to raise."""

    def __init__(self) -> None:
        self.findings: tuple[Finding, ...] = (finding("holds"),)
        self.error: Exception | None = None

    def fly(self, mission: Any, *, world: Any, watch: Watch) -> Words:
        watch.begin("ascent", "optimising the ascent")
        if self.error is not None:
            raise self.error
        watch.end("ascent", "optimised")
        return Words(self.findings)


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Story:
    def write(flight: Words, out: Path, world: Any, watch: Watch) -> tuple[Path, ...]:
        (Path(out) / "flight.json").write_text('{"verdict": "go"}')
        return (Path(out) / "flight.json",)

    told = Story()
    monkeypatch.setattr(cosmodrome.flight, "fly", told.fly)
    monkeypatch.setattr(cosmodrome.report, "write", write, raising=False)
    monkeypatch.setattr(
        cosmodrome.report, "summary", lambda f, console: console.print(f.verdict), raising=False
    )
    monkeypatch.setattr(
        cosmodrome.report, "flight_json", lambda f: {"verdict": f.verdict}, raising=False
    )
    monkeypatch.chdir(tmp_path)
    return told


@pytest.mark.parametrize(
    ("verdicts", "status", "strict"),
    [
        (["holds", "holds"], 0, 0),
        (["holds", "warns"], 0, 1),
        (["holds", "not-judged"], 0, 1),
        (["warns", "fails"], 1, 1),
    ],
)
def test_exit_status(story: Story, verdicts: list[str], status: int, strict: int) -> None:
    story.findings = tuple(finding(v) for v in verdicts)
    assert main(["fly", "vostochny-sso", "--quiet"]) == status
    assert main(["fly", "vostochny-sso", "--quiet", "--strict"]) == strict


def test_it_says_where_the_report_is(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fly", "vostochny-sso"]) == 0
    out, err = capsys.readouterr()
    (run,) = Path("runs").glob("*/*")
    assert f"open {run}/report.html" in out.replace("\n", "")
    assert "optimised" in err
    assert {p.name for p in run.iterdir()} == {"flight.json", "events.ndjson"}


def test_json_is_one_object(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fly", "vostochny-sso", "--json", "--out", "here"]) == 0
    out, _ = capsys.readouterr()
    assert json.loads(out) == {"verdict": "go", "out": "here"}


def test_quiet_is_one_line(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fly", "vostochny-sso", "--quiet", "--out", "here"]) == 0
    assert capsys.readouterr() == ("go  here\n", "")


@pytest.mark.parametrize(
    ("error", "status", "verdict"),
    [
        (InfeasibleError("312 m/s short"), 1, "infeasible"),
        (SolverError("no answer in 500 iterations"), 3, "incomplete"),
        (Cancelled("stopped"), 130, "incomplete"),
    ],
)
def test_an_early_end_is_recorded(
    story: Story,
    capsys: pytest.CaptureFixture[str],
    error: CosmodromeError,
    status: int,
    verdict: str,
) -> None:
    story.error = error
    assert main(["fly", "vostochny-sso", "--out", "here"]) == status
    err = capsys.readouterr().err
    assert str(error) in err
    assert "kept so far: here" in err
    why = json.loads(Path("here/flight.json").read_text())
    assert (why["verdict"], why["reason"]) == (verdict, str(error))
    assert (why["site"], why["vehicle"]) == ("vostochny", "soyuz-2.1b-fregat")
    assert Path("here/mission.yaml").read_text().startswith("schema: cosmodrome/1")
    last = json.loads(Path("here/events.ndjson").read_text().splitlines()[-1])
    assert last["kind"] == "stopped"


def test_a_bad_mission_leaves_no_directory(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("bad.yaml").write_text("schema: cosmodrome/1\n")
    assert main(["fly", "bad.yaml"]) == 2
    assert not Path("runs").exists()
    assert "bad.yaml:1" in capsys.readouterr().err


def test_the_mission_file_is_not_overwritten_by_what_is_resolved_of_it(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    text = scaffold("vostochny-sso")
    Path("here").mkdir()
    Path("here/mission.yaml").write_text(text)
    for out in ("here", "here/../here"):
        assert main(["fly", "here/mission.yaml", "--out", out]) == 2
        assert "give another directory" in capsys.readouterr().err
        assert Path("here/mission.yaml").read_text() == text
        assert [p.name for p in Path("here").iterdir()] == ["mission.yaml"]
    assert main(["fly", "here/mission.yaml", "--out", "there"]) == 0


def test_an_early_end_leaves_no_results_of_an_earlier_run(story: Story) -> None:
    Path("here").mkdir()
    for name in ("report.html", "orbit.oem", "trajectory.parquet", "page.json", "notes.txt"):
        Path("here", name).write_text("of another flight")
    story.error = InfeasibleError("312 m/s short")
    assert main(["fly", "vostochny-sso", "--out", "here"]) == 1
    left = {p.name for p in Path("here").iterdir()}
    assert left == {"flight.json", "mission.yaml", "events.ndjson", "notes.txt"}


def test_a_defect_keeps_its_traceback_with_the_run(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    story.error = ZeroDivisionError("float division by zero")
    assert main(["fly", "vostochny-sso", "--out", "here"]) == 3
    err = capsys.readouterr().err
    (kept,) = Path("here").glob("cosmodrome-fault-*.txt")
    assert "internal fault: ZeroDivisionError" in err
    assert str(kept) in err
    assert "Traceback" not in err
    assert "in fly" in kept.read_text()
    assert json.loads(Path("here/flight.json").read_text())["verdict"] == "incomplete"

"""What a run writes while it runs, and how it is stopped."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from cosmodrome.cli.fly import run_directory
from cosmodrome.cli.progress import RunWatch, stoppable
from cosmodrome.cli.voice import Voice
from cosmodrome.errors import Cancelled, InputError, SolverError

if TYPE_CHECKING:
    from pathlib import Path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_one_object_a_line_numbered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "events.ndjson"
    with RunWatch(path, Voice()) as watch:
        watch.begin("ascent", "optimising the ascent")
        watch.tell("ascent", 0.25, "mesh 1")
        watch.end("ascent", "optimised")
        watch.done("go", verdict="go")
    told = lines(path)
    assert [x["n"] for x in told] == [1, 2, 3, 4]
    assert [x["kind"] for x in told] == ["begin", "tell", "end", "done"]
    assert told[1]["fraction"] == 0.25
    assert told[-1]["verdict"] == "go"
    assert all(dt.datetime.fromisoformat(x["utc"]).tzinfo is not None for x in told)
    out, err = capsys.readouterr()
    assert out == ""  # progress never reaches standard output
    assert "optimised" in err


def test_a_line_is_there_as_soon_as_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    with RunWatch(path, Voice(quiet=True)) as watch:
        watch.begin("ascent", "optimising")
        assert len(lines(path)) == 1


def test_a_fast_teller_does_not_flood(tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    with RunWatch(path, Voice(quiet=True)) as watch:
        watch.begin("ascent", "optimising")
        for i in range(10_000):
            watch.tell("ascent", i / 10_000, "iterating")
    assert len(lines(path)) < 100


def test_a_stage_within_itself_is_one_line_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The story begins a chapter, the chapter says so itself: both are told, one is shown."""
    path = tmp_path / "events.ndjson"
    with RunWatch(path, Voice()) as watch:
        watch.begin("ascent", "optimising the ascent")
        watch.begin("ascent", "optimal ascent of a rocket")
        watch.end("ascent", "optimum found, 5082 kg")
        watch.end("ascent", "optimising the ascent")
    assert len(lines(path)) == 4
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("optimum found, 5082 kg  ")


def test_on_a_terminal_finished_stages_stay_and_bars_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = io.StringIO()
    voice = Voice(no_color=True)
    console = Console(file=screen, force_terminal=True, no_color=True, width=80)
    monkeypatch.setattr(voice, "aside", lambda: console)
    with RunWatch(tmp_path / "events.ndjson", voice) as watch:
        watch.begin("ascent", "optimising the ascent")
        watch.tell("ascent", 0.5, "refining the mesh")
        watch.end("ascent", "optimised")
    assert "✓ optimised" in screen.getvalue()
    # the transient bar erases itself: the cursor goes up and the line is cleared
    assert "\x1b[1A" in screen.getvalue() or "\x1b[2K" in screen.getvalue()


def test_quiet_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with RunWatch(tmp_path / "events.ndjson", Voice(quiet=True)) as watch:
        watch.begin("ascent", "optimising")
        watch.end("ascent", "optimised")
    assert capsys.readouterr() == ("", "")


def test_a_failure_is_the_last_line(tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    with pytest.raises(SolverError), RunWatch(path, Voice(quiet=True)) as watch:
        watch.begin("ascent", "optimising")
        raise SolverError("no answer in 500 iterations")
    last = lines(path)[-1]
    assert last["kind"] == "stopped"
    assert last["text"] == "SolverError: no answer in 500 iterations"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_stops_at_a_safe_point(tmp_path: Path, number: int) -> None:
    voice = Voice(quiet=True)
    watch = RunWatch(tmp_path / "events.ndjson", voice)
    before = signal.getsignal(number)
    finished = []
    with pytest.raises(Cancelled), watch, stoppable(watch, voice):
        watch.begin("ascent", "optimising")
        os.kill(os.getpid(), number)
        finished.append("what was under way")
        assert watch.cancelled()
        watch.begin("orbit", "never begun")
    assert finished == ["what was under way"]
    assert signal.getsignal(number) is before
    assert [x["kind"] for x in lines(tmp_path / "events.ndjson")] == ["begin", "stopped"]


def test_the_second_signal_stops_at_once(tmp_path: Path) -> None:
    voice = Voice(quiet=True)
    watch = RunWatch(tmp_path / "events.ndjson", voice)
    with pytest.raises(KeyboardInterrupt), watch, stoppable(watch, voice):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        pytest.fail("went on after the second signal")


NOW = dt.datetime(2027, 3, 1, 5, 41, 46, tzinfo=dt.UTC)


def test_run_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = run_directory("Meteor-M to 820 km", None, NOW)
    assert str(first) == "runs/meteor-m-to-820-km/20270301T054146Z"
    second = run_directory("Meteor-M to 820 km", None, NOW)
    assert str(second) == "runs/meteor-m-to-820-km/20270301T054146Z-2"
    assert str(run_directory("../..", None, NOW)) == "runs/mission/20270301T054146Z"
    assert run_directory("x", str(tmp_path / "a" / "b"), NOW).is_dir()


def test_a_place_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"cannot write to .*give a directory that can be written"):
        run_directory("x", str(tmp_path / "file" / "under"), NOW)

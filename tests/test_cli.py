"""The command line's manners: exit statuses, teaching refusals, one JSON object, no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cosmodrome.cli import app, main
from cosmodrome.cli.arguments import VERBS
from cosmodrome.errors import (
    Cancelled,
    CosmodromeError,
    DataError,
    Fault,
    InfeasibleError,
    InputError,
    MissionFileError,
    SolverError,
)


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    status = main(argv)
    out, err = capsys.readouterr()
    return status, out, err


def test_no_verb_prints_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = said(capsys)
    assert (status, err) == (0, "")
    assert all(f"    {verb}" in out for verb in VERBS)


def test_help_of_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in VERBS:
        status, out, err = said(capsys, verb, "--help")
        assert (status, err) == (0, "")
        assert "--json" in out
        assert "--quiet" in out
        assert "--no-color" in out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    from cosmodrome import __version__

    assert said(capsys, "--version") == (0, f"cosmodrome {__version__}\n", "")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["flyy"], "there is no verb 'flyy'. Did you mean 'fly'?"),
        (["valdate", "x.yaml"], "there is no verb 'valdate'. Did you mean 'validate'?"),
        (["launch"], "there is no verb 'launch'. Known: burns, "),
        (["fly"], "the following arguments are required: MISSION; see `cosmodrome fly --help`"),
        (["fly", "m.yaml", "--fast"], "unrecognized arguments: --fast; see `cosmodrome --help`"),
        # no abbreviation: a script written today must not change its meaning tomorrow
        (["fly", "m.yaml", "--stri"], "unrecognized arguments: --stri"),
        (["catalog", "rockets"], "no shelf 'rockets'. Known: failures, sites, vehicles."),
        (["catalog", "site"], "no shelf 'site'. Did you mean 'sites'?"),
        (["diff", "a"], "the following arguments are required: B"),
        (["new"], "which file shall be written? cosmodrome new my-mission.yaml"),
    ],
)
def test_bad_words_teach(capsys: pytest.CaptureFixture[str], argv: list[str], message: str) -> None:
    status, out, err = said(capsys, *argv)
    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


class Planted:
    """A verb that raises what it was given."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def doctor(self, args: Any, voice: Any) -> int:
        raise self.error


FAULT = Fault("m.yaml", 7, 3, "target.altitude", "820", "a bare number", "Write 820 km.")


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (InputError("no such thing"), 2, "no such thing"),
        (MissionFileError([FAULT]), 2, "m.yaml:7:3: target.altitude: read '820'; a bare number."),
        (InfeasibleError("312 m/s short"), 1, "312 m/s short"),
        (SolverError("no answer in 500 iterations"), 3, "no answer in 500 iterations"),
        (DataError("file is damaged"), 3, "file is damaged"),
        (Cancelled("stopped"), 130, "stopped"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_what_is_raised_becomes_a_message_and_a_status(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    status: int,
    message: str,
) -> None:
    monkeypatch.setattr(app, "import_module", lambda name: Planted(error))
    got, out, err = said(capsys, "doctor")
    assert (got, out) == (status, "")
    assert message in err
    assert "Traceback" not in err

    got, out, err = said(capsys, "doctor", "--json")
    told = json.loads(out)
    assert got == told["exit_status"] == status
    assert message in err
    if isinstance(error, MissionFileError):
        assert told["error"]["faults"][0]["line"] == 7
        assert told["error"]["faults"][0]["write"] == "Write 820 km."


def test_a_simd_level_the_machine_lacks_is_bad_input(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cosmodrome", "doctor"],
        env={**os.environ, "COSMODROME_SIMD": "avx1024"},
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "COSMODROME_SIMD=avx1024" in done.stderr
    assert "write baseline, avx2 or avx512" in done.stderr
    assert "internal fault" not in done.stderr


def test_every_error_of_the_tree_has_a_status_of_the_contract() -> None:
    def tree(kind: type[CosmodromeError]) -> set[type[CosmodromeError]]:
        return {kind}.union(*(tree(k) for k in kind.__subclasses__()))

    assert {k.exit_status for k in tree(CosmodromeError)} == {1, 2, 3, 130}


def test_a_defect_keeps_its_traceback_in_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(app.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(app, "import_module", lambda name: Planted(KeyError("core")))
    status, out, err = said(capsys, "doctor", "--json")
    assert status == 3
    assert "Traceback" not in err
    assert "internal fault: KeyError: 'core'" in err
    told = json.loads(out)["error"]
    kept = Path(told["traceback"])
    assert kept.parent == tmp_path
    assert "Traceback (most recent call last)" in kept.read_text()
    assert "KeyError: 'core'" in kept.read_text()


@pytest.mark.parametrize("speak", ["say", "console().print"])
def test_a_reader_that_goes_away_is_no_error(speak: str) -> None:
    """`cosmodrome schema | head -1`, `cosmodrome catalog vehicles soyuz-2.1b | head -1`."""
    code = (
        "import sys; from cosmodrome.cli import app, main\n"
        "class Big:\n"
        "    @staticmethod\n"
        "    def doctor(args, voice):\n"
        f"        for _ in range(20000): voice.{speak}('x' * 100)\n"
        "        return 0\n"
        "app.import_module = lambda name: Big\n"
        "sys.exit(main(['doctor']))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        assert process.wait(timeout=60) == 0
    assert err == ""


def test_python_dash_m(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cosmodrome", "flyy"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Did you mean 'fly'?" in done.stderr

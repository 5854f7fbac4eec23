"""What verbs that run for long share."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

import pytest

from cosmodrome.cli.long_runs import jobs_of, must_say_where, resumable, whole
from cosmodrome.errors import Cancelled, InputError

if TYPE_CHECKING:
    from pathlib import Path


def test_what_ended_early_says_how_it_goes_on(tmp_path: Path) -> None:
    with pytest.raises(Cancelled) as stopped, resumable(tmp_path):
        raise Cancelled("the run was cancelled")
    assert stopped.value.__notes__ == [
        f"kept so far: {tmp_path}; go on with --out {tmp_path} --resume"
    ]
    with pytest.raises(InputError) as refused, resumable(tmp_path):
        raise InputError("another seed")
    assert not hasattr(refused.value, "__notes__")


def test_numbers_and_where_to_go_on() -> None:
    assert whole("0", "--seed", 0) == 0
    assert (jobs_of(Namespace(jobs=None)), jobs_of(Namespace(jobs="3"))) == (None, 3)
    for wrong in ("0", "-1", "two", "1.5"):
        with pytest.raises(InputError, match=f"--jobs {wrong}: write a whole number, 1 or more"):
            jobs_of(Namespace(jobs=wrong))
    must_say_where(Namespace(resume=True, out="here"))
    with pytest.raises(InputError, match="say which with --out DIR"):
        must_say_where(Namespace(resume=True, out=None))

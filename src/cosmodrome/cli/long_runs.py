"""What verbs that run for long share: whole numbers, processes, and going on where one stopped."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cosmodrome.cli.fly import run_directory
from cosmodrome.cli.progress import RunWatch, stoppable
from cosmodrome.errors import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from cosmodrome.cli.voice import Voice

__all__ = ["jobs_of", "must_say_where", "resumable", "running", "whole"]


def whole(text: str, option: str, least: int) -> int:
    """The number of an option. Raises InputError for anything but a whole one from `least` on."""
    if not text.isdigit() or int(text) < least:
        raise InputError(f"{option} {text}: write a whole number, {least} or more")
    return int(text)


def jobs_of(args: argparse.Namespace) -> int | None:
    """Processes asked for by --jobs; None: as many as there are cores."""
    return None if args.jobs is None else whole(args.jobs, "--jobs", 1)


def must_say_where(args: argparse.Namespace) -> None:
    """Raises InputError for --resume without --out."""
    if args.resume and args.out is None:
        raise InputError("--resume goes on where a run stopped; say which with --out DIR")


@contextmanager
def resumable(out: Path) -> Iterator[None]:
    """What ends early says where it is kept, and how it goes on; bad input has nothing to keep."""
    try:
        yield
    except InputError:
        raise
    except (Exception, KeyboardInterrupt) as e:
        e.add_note(f"kept so far: {out}; go on with --out {out} --resume")
        raise


@contextmanager
def running(name: str, args: argparse.Namespace, voice: Voice) -> Iterator[tuple[Path, RunWatch]]:
    """The directory and the watch of a run that Ctrl-C stops and --resume goes on with."""
    out = run_directory(name, args.out, dt.datetime.now(dt.UTC))
    voice.run = out
    watch = RunWatch(out / "events.ndjson", voice)
    with resumable(out), watch, stoppable(watch, voice):
        yield out, watch

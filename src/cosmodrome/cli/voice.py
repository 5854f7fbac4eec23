"""How the command line speaks: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rich.console import Console

__all__ = ["Voice"]


class Voice:
    """One run's manner of speaking.

    json   one JSON object on standard output and nothing else there
    quiet  no progress; results in brief
    no_color  plain text, by flag or NO_COLOR; otherwise the terminal decides
    run       the directory of a run, once there is one: where a traceback is kept
    """

    def __init__(self, *, json: bool = False, quiet: bool = False, no_color: bool = False) -> None:
        self.json = json
        self.quiet = quiet
        self.no_color = no_color or bool(os.environ.get("NO_COLOR"))
        self.run: Path | None = None

    def console(self) -> Console:
        """A rich console on standard output."""
        from rich.console import Console as RichConsole

        class Console(RichConsole):
            def on_broken_pipe(self) -> None:
                # rich would leave with status 1, which here means that a check fails
                raise BrokenPipeError

        # a file or a pipe has no width of its own
        width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 100
        return Console(no_color=self.no_color, highlight=False, width=width)

    def aside(self) -> Console:
        """A rich console on standard error, for progress and warnings."""
        from rich.console import Console

        return Console(stderr=True, no_color=self.no_color, highlight=False)

    def say(self, text: str) -> None:
        """A plain line of a result; silent under --json."""
        if not self.json:
            print(text)

    def note(self, text: str) -> None:
        """A remark beside the result; silent under --quiet."""
        if not self.quiet:
            print(text, file=sys.stderr)

    def complain(self, text: str) -> None:
        """An error, on standard error, whatever the flags say."""
        print(text, file=sys.stderr)

    def answer(self, value: Mapping[str, Any]) -> None:
        """The one JSON object of a --json run."""
        json.dump(value, sys.stdout, indent=1, allow_nan=False, ensure_ascii=False)
        sys.stdout.write("\n")

"""The terminal face: one verb, one module; the parser alone loads no number and no solver.

Exit status of every verb: 0 done (for `fly`: flown, no check fails); 1 flown and some check
fails, or proven infeasible; 2 bad input; 3 no answer within budget, or an internal fault;
130 interrupted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; `argv` without the program's name. Returns the exit status."""
    from cosmodrome.cli.app import run

    return run(argv)

"""One adapter a program. Each module offers

available() -> str           the version; raises Unavailable with the reason
settings(case) -> list       names of settings; "common" is the mesh of the case
solve(case, setting) -> dict from nothing to an answer: everything in it is timed
    solved, iterations, sought (in the case's unit), answer (opaque)
told(case, answer) -> dict   end (the last state), pieces: what bench.ascent.flown flies again

A new program is a new module and a name in NAMES.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

NAMES = ("cosmodrome", "asset", "yapss", "maptor", "mpopt", "dymos")


class Unavailable(Exception):  # noqa: N818 - an answer, not a fault
    """Why a program does not solve: not installed, or not able to state the case."""


def installed(name: str, pip: str = "") -> str:
    """The version of a distribution; Unavailable where it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        raise Unavailable(f"{name} is not installed (pip install {pip or name})") from None

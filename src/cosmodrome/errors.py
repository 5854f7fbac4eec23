"""The drawn exception tree: what can go wrong, and what to say about it.

    CosmodromeError
    +-- InputError            what was asked cannot be read or is impossible   (exit 2)
    |   +-- MissionFileError    one or more faults in a file, each with line and next step
    |   +-- EpochError          an instant that is naive, malformed or outside its scale
    |   +-- UnknownNameError    a name that nothing answers to ("did you mean")
    +-- FrameMismatchError    a product of frames whose inner names do not meet
    +-- DataError             shipped or user data is missing, damaged or out of its span
    |   +-- DataSpanError       asked outside the span of a table or trajectory
    +-- InfeasibleError       proven: the physics does not allow it             (exit 1)
    |   +-- OutOfPropellantError  a burn asks for more than is left
    |   +-- FellError             what is flown meets the air or the ground
    +-- SolverError           no answer within budget, nothing proven           (exit 3)
    +-- Cancelled             the user stopped the run                          (exit 130)

Every message says what was asked with its value, why not, and the next step.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "Cancelled",
    "CosmodromeError",
    "DataError",
    "DataSpanError",
    "EpochError",
    "Fault",
    "FellError",
    "FrameMismatchError",
    "InfeasibleError",
    "InputError",
    "MissionFileError",
    "NoEventError",
    "OutOfPropellantError",
    "SolverError",
    "UnknownNameError",
    "did_you_mean",
]


class CosmodromeError(Exception):
    """Base of every error this package raises on purpose."""

    exit_status = 3


class InputError(CosmodromeError, ValueError):
    """What was asked cannot be read, or is impossible whatever the solver does."""

    exit_status = 2


class EpochError(InputError):
    """An instant that is naive, malformed, or outside its time scale."""


class UnknownNameError(InputError):
    """A name that nothing in the catalogue or the schema answers to."""


class NoEventError(InputError):
    """An event that was waited for did not come in the time given."""


class FrameMismatchError(CosmodromeError, ValueError):
    """Two quantities meet in frames that are not the same."""


class DataError(CosmodromeError):
    """Shipped or user-given data is missing or damaged."""


class DataSpanError(DataError, ValueError):
    """A table, ephemeris or trajectory was asked outside its span."""


class InfeasibleError(CosmodromeError):
    """Proven: the physics does not allow what was asked; the message says what is short."""

    exit_status = 1


class OutOfPropellantError(InfeasibleError):
    """A burn asks for more propellant than is left."""


class FellError(InfeasibleError):
    """What is flown meets the air or the ground on its way."""


class SolverError(CosmodromeError):
    """No answer within the budget; nothing is proven either way."""


class Cancelled(CosmodromeError):
    """The user stopped the run."""

    exit_status = 130


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a file: where it is, what was read, why it is refused, what to write."""

    file: str
    line: int
    column: int
    path: str
    read: str
    why: str
    write: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        key = f" {self.path}:" if self.path else ""
        read = f" read {self.read!r};" if self.read else ""
        return f"{where}:{key}{read} {self.why}. {self.write}"


class MissionFileError(InputError):
    """One or more faults in a mission, vehicle or site file; `faults` lists every one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(f) for f in self.faults))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A closing hint: the closest known name, or the list of all when nothing is close."""
    names = sorted(known)
    close = get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    return "Known: " + ", ".join(names) + "."

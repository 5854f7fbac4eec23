"""What a long campaign has done, kept in a file as it is done, and taken up again."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cosmodrome.errors import DataError, InputError
from cosmodrome.formats.placing import place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["Kept"]

Case = TypeVar("Case")


class Kept(Generic[Case]):
    """Cases in a file: the question on its first line, then one a line.

    path      of the file; None: nothing is kept
    resume    take up what the file holds; else it is begun anew
    question  what was asked, as JSON has it: another one is refused
    write     a case as a JSON object; `read` makes the case of it again
    what      the cases in words, "landings"; `asked` what they depend on, "seed or scatter"

    cases     those that the file held, in its order

    Raises InputError for a file of another question, DataError for one that holds something else.
    """

    def __init__(
        self,
        path: Path | None,
        resume: bool,
        question: Mapping[str, Any],
        write: Callable[[Case], dict[str, Any]],
        read: Callable[[dict[str, Any]], Case],
        what: str,
        asked: str,
    ) -> None:
        self.path, self._write = path, write
        self.cases: list[Case] = []
        if path is None:
            return
        key = hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()[:16]
        path.parent.mkdir(parents=True, exist_ok=True)
        if resume and path.exists():
            self.cases = _cases(path, key, read, what, asked)
        # written anew: a line that was cut off goes
        rows = [{"question": key}, *map(write, self.cases)]
        place(path, "".join(json.dumps(row) + "\n" for row in rows))

    def add(self, *cases: Case) -> None:
        """Append cases."""
        if self.path is None:
            return
        with self.path.open("a", encoding="utf-8") as out:
            out.write("".join(json.dumps(self._write(c)) + "\n" for c in cases))


def _cases(
    path: Path, key: str, read: Callable[[dict[str, Any]], Case], what: str, asked: str
) -> list[Case]:
    try:
        # what has no end of line was cut off while it was written
        first, *rest = path.read_text("utf-8").split("\n")[:-1] or [""]
        theirs = json.loads(first)["question"]
        cases = [read(json.loads(line)) for line in rest]
    except (ValueError, KeyError, TypeError) as e:
        raise DataError(f"{path} holds no {what} ({e}); remove it") from None
    if theirs != key:
        raise InputError(
            f"{path} holds {what} of another {asked}: choose another --out, or leave --resume out"
            " to begin again"
        )
    return cases

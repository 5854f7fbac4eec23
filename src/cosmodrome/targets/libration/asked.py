"""A periodic orbit in words, as a member of a family: see `mission.libration_text`."""

from __future__ import annotations

from cosmodrome.mission.libration_text import EXAMPLES, is_libration, read_wish
from cosmodrome.targets.libration.families import Wanted
from cosmodrome.targets.libration.systems import SYSTEMS

__all__ = ["EXAMPLES", "is_libration", "read_libration"]


def read_libration(text: str) -> Wanted:
    """What a text asks for; see EXAMPLES. Raises InputError with what to write instead."""
    w = read_wish(text)
    return Wanted(w.kind, SYSTEMS[w.system], w.point, w.north, w.by, w.value, w.text)

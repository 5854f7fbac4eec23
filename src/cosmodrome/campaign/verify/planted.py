"""Faults that the mission itself names, as faults of the list that they stand beside."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError, did_you_mean
from cosmodrome.report.verify_words import shared_words, size_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cosmodrome.mission.planted_file import PlantedFault
    from cosmodrome.record.faults import Fault
    from cosmodrome.record.sweep import Part

__all__ = ["with_planted"]


def with_planted(
    listed: Mapping[Part, Sequence[Fault]], planted: Sequence[PlantedFault]
) -> dict[Part, tuple[Fault, ...]]:
    """The lists of each part, what the mission names after what they hold.

    What is named must touch something of this flight in a way that its lists know; its size is its
    own. Raises InputError with what is known.
    """
    out = {part: tuple(faults) for part, faults in listed.items()}
    for one in planted:
        for part, faults in listed.items():
            like = [
                f for f in faults
                if (f.into, f.path, f.kind, f.unit) == (one.into, one.path, one.kind, one.unit)
            ]  # fmt: skip
            if like:
                fault = replace(like[0], value=one.value, text="")
                words = shared_words([f.text for f in like]) or one.path
                out[part] += (replace(fault, text=f"{words} {size_text(fault)}"),)
                break
        else:
            raise _unknown(one, [f for faults in listed.values() for f in faults])
    return out


def _unknown(one: PlantedFault, known: Sequence[Fault]) -> InputError:
    asked = f"faults: {one.path} by {one.kind}"
    same = [f for f in known if (f.into, f.path) == (one.into, one.path)]
    if same:
        ways = ", ".join(sorted({f"{f.kind} in {f.unit}" if f.unit else f.kind for f in same}))
        return InputError(f"{asked} in {one.unit or '1'}: what this flight knows there is {ways}")
    paths = {f.path for f in known if f.into == one.into and f.kind == one.kind}
    return InputError(
        f"{asked}: no such {'number of the plan' if one.into == 'plan' else 'thing'} in this"
        f" flight. {did_you_mean(one.path, paths)} All paths are in verify.json."
    )

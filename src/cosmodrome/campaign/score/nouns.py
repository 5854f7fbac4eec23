"""What a score is made of: one case a mission or a faulted twin of it, and their table."""

from __future__ import annotations

from dataclasses import dataclass

from cosmodrome.record.faults import LOSING

__all__ = ["REFUSED", "Case"]

#: who sees a plan that cannot be flown at all: its own execution
REFUSED = "execution"


@dataclass(frozen=True, slots=True)
class Case:
    """One mission as it was judged, clean or with one fault.

    mission  its number in the corpus; `name`, `site`, `vehicle` of it ("" from orbit)
    fault    id, "" for the clean mission; `family`, `text`, `unobservable` of it
    consequence, why   as judged (`verify.judging`); "" of a clean mission
    seen     names of the checks that fail on this material, and REFUSED
    broke    checks that broke on it: an error of the program, never a finding
    """

    mission: int
    name: str
    site: str
    vehicle: str
    fault: str = ""
    family: str = ""
    text: str = ""
    unobservable: str = ""
    consequence: str = ""
    why: str = ""
    seen: tuple[str, ...] = ()
    broke: tuple[str, ...] = ()
    cpu_s: float = 0.0

    @property
    def clean(self) -> bool:
        """Is it a mission without a fault?"""
        return not self.fault

    @property
    def losing(self) -> bool:
        """Does the fault lose the mission, and could somebody see it?"""
        return self.consequence in LOSING and not self.unobservable

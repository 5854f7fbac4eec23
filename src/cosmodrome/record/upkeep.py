"""What keeping an orbit, or leaving it for good, came to; as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cosmodrome.world.epoch import Epoch

__all__ = ["UpkeepRecord"]


@dataclass(frozen=True, slots=True)
class UpkeepRecord:
    """One step of a plan whose burns were chosen on the way.

    step            its name
    delta_v_m_s, propellant_kg  of its burns together
    asked_s         of a disposal that is to decay: within what time
    lifetime_s      what is left of the orbit in that rule, from `end` on; None where the
                    disposal is not one by decay, infinite where it is longer than was looked at
    untouched_s     what it would have been without burns, from `start` on
    notes           what was decided and on what grounds, in words
    object          whose step it is, by its id
    """

    step: str
    kind: Literal["station-keep", "deorbit"]
    start: Epoch
    end: Epoch
    burns: int
    delta_v_m_s: float
    propellant_kg: float
    asked_s: float | None = None
    lifetime_s: float | None = None
    untouched_s: float | None = None
    notes: tuple[str, ...] = ()
    object: str = ""

    @property
    def delta_v_m_s_per_year(self) -> float:
        """The velocity change at this rate over 365.25 days, m/s."""
        return self.delta_v_m_s * 365.25 * 86_400.0 / max(self.end - self.start, 1.0)

"""What flyers of faults hand on: an ascent that released elsewhere, a flight that ended elsewhere.

Generators make `record.Fault`s; flyers make these; `judging` makes `record.Outcome`s of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.record.faults import Fault
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State

__all__ = ["Ended", "Released", "Way"]

#: how a flight went: "flown" to the end of what was to be flown; "impact" on the ground or in the
#: air; "lost" where guidance gave up or nothing could be flown on; "exhausted" where propellant
#: ended before a burn did
Way = Literal["flown", "impact", "lost", "exhausted"]


@dataclass(frozen=True, slots=True, eq=False)
class Released:
    """How a faulted ascent ended.

    way       "flown": the last cut-off was reached and the spacecraft released at `state`
    why       in words, with the numbers; empty where nothing is to be said
    state     of the spacecraft at its release, GCRF, its own mass; None where it was not released
    end_s     of the ascent, s after lift-off
    effect_s  when the fault has its effect, s after lift-off; None: not in the ascent
    margin_kg usable propellant left in the last stage; negative or nan where it is not known
    figures   by name with the unit in it: max_q_pa, max_q_alpha_pa_rad, max_axial_m_s2, ...
    closed    was it steered by closed-loop guidance?
    craft     whose release it is; empty: the primary spacecraft's
    others    of the other spacecraft of the launch, in order of release
    """

    fault: Fault
    way: Way
    why: str = ""
    state: State | None = None
    end_s: float = 0.0
    effect_s: float | None = None
    margin_kg: float = float("nan")
    figures: Mapping[str, float] = field(default_factory=dict)
    closed: bool = True
    craft: str = ""
    others: tuple[Released, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Ended:
    """How a faulted flight ended, ascent and all that follows.

    way, why, effect_s, figures  as of Released
    release  the state at the release from the launcher; None where there was none, or no launcher
    reached  the state after the last burn of the plan; None without burns, or where it was not
             reached
    end      the last state that was flown, GCRF's axes about the Earth or the Moon
    end_at   instant of impact or loss; None where it flies on
    left_kg  what the spacecraft can still burn
    lowest_m least altitude of perigee or perilune over the coasts flown after the effect, above
             the equatorial radius; nan where it is not known
    let_go   of what it was to release from the fault on, by id: its state after the spring; None
             where it was not released
    """

    fault: Fault
    way: Way
    why: str = ""
    release: State | None = None
    reached: State | None = None
    end: State | None = None
    end_at: Epoch | None = None
    effect_s: float | None = None
    left_kg: float = 0.0
    lowest_m: float = float("nan")
    figures: Mapping[str, float] = field(default_factory=dict)
    let_go: Mapping[str, State | None] = field(default_factory=dict)

"""What may go wrong in a flight, and what comes of it: the nouns of a fault sweep.

A fault enters a Plan (what is carried: steps, timers, programmes, what is handed over) or the
truth that `execute` flies in (hardware, air); never an optimiser.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.record.nouns import Finding

__all__ = ["CONSEQUENCES", "FAMILIES", "LOSING", "Consequence", "Fault", "Outcome", "Sighting"]

Into = Literal["plan", "truth"]
Family = Literal[
    "burns", "thrust", "masses", "staging", "timers", "events", "angles",
    "frames", "units", "tables", "hand-overs", "environment", "intent", "records",
]  # fmt: skip
#: what a fault is about; "intent": the mission's file is wrong from the outset, alike in all that
#: is made of it; "records": what is told of a flight, or the files it is read with
FAMILIES: tuple[Family, ...] = Family.__args__  # type: ignore[attr-defined]

Consequence = Literal["met", "degraded", "missed", "exhausted", "low", "lost", "impact"]
#: from harmless to worst. "met": every target within its tolerance; "degraded": outside, but by no
#: more than three tolerances or with enough left to correct it; "missed": further off, and nothing
#: left to correct it; "exhausted": propellant ended before a burn did; "low": perigee or perilune
#: below its floor; "lost": guidance gave up or nothing could be flown; "impact": ground or air
CONSEQUENCES: tuple[Consequence, ...] = Consequence.__args__  # type: ignore[attr-defined]
#: consequences that lose the mission
LOSING = frozenset({"missed", "exhausted", "low", "lost", "impact"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    into    "plan" or "truth"
    family  of FAMILIES
    path    what is touched, from the whole to the part, with dots: "ascent.stages.core.thrust",
            "plan.2.duration_s", "handover.insertion.epoch"
    kind    how: "factor", "offset", "set", "sign", "turn", "omit", "retain", "frame"
    value   factor, offset or new value in `unit` (SI, rad); 0 where the kind says it all
    text    in words and in units of the face: "thrust of core 5 % low"
    unobservable  why no data of the file can reveal it; empty where some can
    """

    into: Into
    family: Family
    path: str
    kind: str
    value: float
    unit: str
    text: str
    unobservable: str = ""

    @property
    def id(self) -> str:
        """Unique within a sweep, the same from run to run."""
        return f"{self.into}:{self.path}:{self.kind}:{self.value:.9g}{self.unit}"


@dataclass(frozen=True, slots=True)
class Sighting:
    """Who notices a fault, and when.

    by    the check, or the timer, gate or limit of the flight
    t_s   s after lift-off or the start in orbit; None: before flight
    """

    by: str
    t_s: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one fault.

    why      in words, with the numbers: "perigee at -312 km, floor 120 km"
    effect_s when the fault has its effect, s after the zero of the flight; None where never
    end_s    when it ended on the ground or in the air; None where it flies on
    figures  by name with the unit in it: a_m, e, i_rad, perigee_m, apogee_m (altitudes),
             margin_kg, off (worst miss in tolerances), ...; what is known
    seen     before or in flight, in order of time; empty: seen by none
    findings of the checks that fail on the faulted material (plan faults)
    """

    fault: Fault
    consequence: Consequence
    why: str
    effect_s: float | None = None
    end_s: float | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    seen: tuple[Sighting, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def loses(self) -> bool:
        """Is the mission lost?"""
        return self.consequence in LOSING

    @property
    def missed(self) -> bool:
        """Seen by none, though something could have revealed it."""
        return not self.seen and not self.fault.unobservable

    @property
    def seen_before_effect(self) -> bool:
        """Does somebody notice before it has its effect?"""
        at = self.effect_s
        return any(s.t_s is None or (at is not None and s.t_s < at) for s in self.seen)

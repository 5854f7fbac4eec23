"""A single-fault sweep as data: what was flown with each fault, ranked, and what it shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from cosmodrome.record.faults import CONSEQUENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cosmodrome.record.faults import Consequence, Fault, Outcome
    from cosmodrome.record.nouns import Finding
    from cosmodrome.world.epoch import Epoch

__all__ = [
    "PARTS",
    "SEEN",
    "FaultKind",
    "Part",
    "Seen",
    "Sweep",
    "kinds_of",
    "ranked",
    "seen",
    "size_of",
]

Part = Literal["ascent", "orbit", "plan"]
#: what is swept: faults of the climb, faults of what follows, faults of what is carried
PARTS: tuple[Part, ...] = Part.__args__  # type: ignore[attr-defined]

Seen = Literal["none", "after", "before"]
#: who sees a fault, from worst: nobody; somebody, when it has had its effect; somebody before
SEEN: tuple[Seen, ...] = Seen.__args__  # type: ignore[attr-defined]

# ways of being wrong that have no size
_WHOLE = frozenset({"set", "sign", "omit", "retain", "frame"})


def size_of(fault: Fault) -> float | None:
    """How far it is from nothing being wrong, in its own unit, with sign: 0.95 of a factor is
    -0.05. None where the kind says it all."""
    if fault.kind in _WHOLE:
        return None
    return fault.value - 1.0 if fault.kind == "factor" else fault.value


def seen(outcome: Outcome) -> Seen:
    """Is it noticed, and in time?"""
    if not outcome.seen:
        return "none"
    return "before" if outcome.seen_before_effect else "after"


def ranked(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Worst consequence first; of equals what nobody sees, then what is seen late; then the
    smaller fault."""

    def rank(o: Outcome) -> tuple[int, int, float, str]:
        size = size_of(o.fault)
        late = len(SEEN) if o.fault.unobservable and not o.seen else SEEN.index(seen(o))
        return (
            -CONSEQUENCES.index(o.consequence), late, 0.0 if size is None else abs(size),
            o.fault.id,
        )  # fmt: skip

    return tuple(sorted(outcomes, key=rank))


@dataclass(frozen=True, slots=True)
class FaultKind:
    """Faults that touch one thing in one way, by size from the most negative on."""

    outcomes: tuple[Outcome, ...]

    @property
    def fault(self) -> Fault:
        """One of them: its family, path, kind and unit are those of all."""
        return self.outcomes[0].fault

    @property
    def worst(self) -> Outcome:
        """The first by rank."""
        return ranked(self.outcomes)[0]

    @property
    def loses(self) -> bool:
        """Does any of them lose the mission?"""
        return any(o.loses for o in self.outcomes)

    @property
    def seen(self) -> Seen:
        """How the least noticed of those that lose the mission is seen; of all where none does.
        What nothing could reveal is left out where something else is there."""
        losing = [o for o in self.outcomes if o.loses] or list(self.outcomes)
        could = [o for o in losing if not o.fault.unobservable] or losing
        return min((seen(o) for o in could), key=SEEN.index)

    @property
    def thresholds(self) -> tuple[Outcome, ...]:
        """The smallest that loses the mission to either side, the smaller first; where the kind
        has no size, each that does."""
        losing = [o for o in self.outcomes if o.loses]
        sized = [(size, o) for o in losing if (size := size_of(o.fault)) is not None]
        if not sized:
            return tuple(losing)
        sides = ([s for s in sized if s[0] < 0.0], [s for s in sized if s[0] >= 0.0])
        least = [min(side, key=lambda s: abs(s[0])) for side in sides if side]
        return tuple(o for _, o in sorted(least, key=lambda s: abs(s[0])))


def kinds_of(outcomes: Iterable[Outcome]) -> tuple[FaultKind, ...]:
    """Outcomes by what is touched and how, ranked by the worst of each."""
    groups: dict[tuple[str, ...], list[Outcome]] = {}
    for o in ranked(outcomes):
        f = o.fault
        groups.setdefault((f.into, f.family, f.path, f.kind, f.unit), []).append(o)
    return tuple(
        FaultKind(tuple(sorted(group, key=lambda o: o.fault.value))) for group in groups.values()
    )


@dataclass(frozen=True, slots=True)
class Sweep:
    """Single faults of a mission, each flown through the rest of it.

    zero      of the flight: what the times of outcomes count from
    verdict, findings   of the flight with nothing wrong
    parts     what was swept, of PARTS; `fineness` how closely
    outcomes  in the order of their generation
    stations  who listens for the spacecraft; empty where the mission names none
    planned   figures of the orbit that the flight with nothing wrong reaches, as those of outcomes
    timing    seconds
    """

    mission: str
    zero: Epoch
    verdict: str
    findings: tuple[Finding, ...]
    fineness: str
    parts: tuple[Part, ...]
    outcomes: tuple[Outcome, ...]
    stations: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    timing: Mapping[str, float] = field(default_factory=dict)
    planned: Mapping[str, float] = field(default_factory=dict)

    @property
    def counts(self) -> dict[Consequence, int]:
        """Faults by consequence, all of them, from harmless on."""
        return {c: sum(o.consequence == c for o in self.outcomes) for c in CONSEQUENCES}

    @property
    def losing(self) -> tuple[Outcome, ...]:
        """Those that lose the mission, ranked."""
        return ranked(o for o in self.outcomes if o.loses)

    @property
    def unseen(self) -> tuple[Outcome, ...]:
        """Those that lose the mission, that something could have revealed, and nobody sees."""
        return tuple(o for o in self.losing if o.missed)

    @property
    def unobservable(self) -> tuple[Outcome, ...]:
        """Those that lose the mission and that nothing in its files can reveal."""
        return tuple(o for o in self.losing if o.fault.unobservable)

    @property
    def by_seen(self) -> dict[Seen, int]:
        """Mission-losing faults that something can reveal, by how they are seen."""
        could = [o for o in self.losing if not o.fault.unobservable]
        return {s: sum(seen(o) == s for o in could) for s in SEEN}

    @property
    def failing(self) -> tuple[Finding, ...]:
        """Of the flight with nothing wrong, what fails."""
        return tuple(f for f in self.findings if f.verdict == "fails")

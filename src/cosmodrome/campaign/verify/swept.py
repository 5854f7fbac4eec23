"""What flies the faults of one mission: the flight with nothing wrong, and a way for each part."""

from __future__ import annotations

import copyreg
import io
import pickle
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from cosmodrome.campaign.verify.judging import Judge
from cosmodrome.campaign.verify.noticed import passes
from cosmodrome.errors import Cancelled
from cosmodrome.flight.again import carried
from cosmodrome.mission import Land
from cosmodrome.record.faults import Outcome
from cosmodrome.watch import stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cosmodrome.campaign.verify.noticed import Heard
    from cosmodrome.flight.again import Carried
    from cosmodrome.record.faults import Fault
    from cosmodrome.record.nouns import Finding, Flight
    from cosmodrome.record.sweep import Part
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = ["FINENESS", "Batch", "Fineness", "Swept", "Way"]

Fineness = Literal["coarse", "normal", "fine"]
#: how closely sizes of faults follow each other
FINENESS: tuple[Fineness, ...] = Fineness.__args__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Way:
    """How the faults of one part are listed and flown.

    faults   of a flight, by fineness
    flown    an outcome for each fault, in order; functions of a module, that processes can share
    at_once  faults that are flown in one go
    landing  the same where each ends with a landing under guidance, of seconds; 0: as many
    """

    faults: Callable[[Flight, Fineness], tuple[Fault, ...]]
    flown: Callable[[Swept, Sequence[Fault], Watch], Sequence[Outcome]]
    at_once: int
    landing: int = 0

    def in_one_go(self, flight: Flight) -> int:
        """How many faults of a flight are flown, told and kept at once."""
        lands = any(isinstance(s, Land) for leg in flight.legs for s in leg.steps)
        return self.landing if lands and self.landing else self.at_once


@dataclass(frozen=True, slots=True)
class Batch:
    """Faults of one part that are flown in one go."""

    part: Part
    faults: tuple[Fault, ...]


@dataclass(eq=False)
class Swept:
    """The flight with nothing wrong, the world, and how faults are flown; one for each process."""

    flight: Flight
    world: World
    ways: Mapping[Part, Way]
    _heard: dict[str, tuple[Heard, ...]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def judge(self) -> Judge:
        """Who says what comes of a fault, for the primary spacecraft."""
        return Judge(self.flight, self.world)

    def judge_of(self, craft: str) -> Judge:
        """The same for any spacecraft that has something to lose."""
        if craft == self.judge.craft:
            return self.judge
        return next(j for j in self.judge.others if j.craft == craft)

    @cached_property
    def others(self) -> Mapping[str, Swept]:
        """The same flight as each other spacecraft of the launch sees it, in order of release."""
        return {c.id: self._as_seen_by(c.id) for c in self.flight.mission.crafts[1:]}

    @cached_property
    def let_go(self) -> Mapping[str, Swept]:
        """The same flight as each spacecraft sees it that the primary one carried and let go."""
        flown = {leg.object for leg in self.flight.legs} - {*self.flight.flown_by}
        carries = self.flight.mission.spacecraft.carries
        return {c.id: self._as_seen_by(c.id) for c in carries if c.id in flown}

    def _as_seen_by(self, craft: str) -> Swept:
        mission = self.flight.mission.of(craft)
        return replace(self, flight=replace(self.flight, mission=mission))

    @cached_property
    def carries(self) -> Carried:
        """What a flight computer and crew carry."""
        return carried(self.flight)

    def planned(self, craft: str) -> tuple[Heard, ...]:
        """The passes of a spacecraft over whoever listens."""
        if craft not in self._heard:
            self._heard[craft] = passes(self.flight, self.world, craft)
        return self._heard[craft]

    @cached_property
    def failing(self) -> frozenset[tuple[str, str]]:
        """Checks, and the objects they are about, that fail with nothing wrong."""
        return frozenset((f.check, f.object) for f in self.flight.findings if f.verdict == "fails")

    def fresh(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Those that fail, of checks that hold with nothing wrong."""
        return tuple(
            f for f in findings if f.verdict == "fails" and (f.check, f.object) not in self.failing
        )

    def outcomes(self, batch: Batch, watch: Watch) -> list[Outcome]:
        """Of a batch, in its order; a batch that breaks is flown fault by fault."""
        flown = self.ways[batch.part].flown
        try:
            return list(flown(self, batch.faults, watch))
        except (Cancelled, KeyboardInterrupt):
            raise
        except Exception as e:
            if len(batch.faults) == 1:
                return [_no_answer(batch.faults[0], e)]
        out = []
        for fault in batch.faults:
            stop_if_cancelled(watch)
            out += self.outcomes(Batch(batch.part, (fault,)), watch)
        return out

    def packed(self) -> bytes:
        """For another process. Catalogue nouns hold read-only mappings, which have to be told."""
        buffer = io.BytesIO()
        pickler = pickle.Pickler(buffer)
        pickler.dispatch_table = copyreg.dispatch_table | {MappingProxyType: _told}
        pickler.dump((self.flight, self.world, dict(self.ways)))
        return buffer.getvalue()

    @classmethod
    def unpacked(cls, packed: bytes) -> Swept:
        """What `packed` made."""
        return cls(*pickle.loads(packed))


def _told(mapping: MappingProxyType[Any, Any]) -> tuple[Any, tuple[dict[Any, Any]]]:
    return _read_only, (dict(mapping),)


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def _no_answer(fault: Fault, error: Exception) -> Outcome:
    """What is not known to be harmless counts as lost, and says why it is not known."""
    why = f"no answer, {type(error).__name__}: {error}"
    return Outcome(fault, "lost", why, figures={"no_answer": 1.0})

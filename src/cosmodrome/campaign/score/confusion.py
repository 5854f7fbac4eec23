"""The confusion table of a score: what was seen, of what there was, with its 95 % bounds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cosmodrome.campaign.score.nouns import REFUSED
from cosmodrome.record.faults import CONSEQUENCES, FAMILIES, LOSING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cosmodrome.campaign.score.nouns import Case

__all__ = ["ALARMS", "DETECTION", "Rate", "Table", "needed_by_none", "table"]

#: what is asked: so many of the observable faults that lose a mission are seen, at least, and so
#: many of the clean missions raise an alarm, at most
DETECTION, ALARMS = 0.98, 0.005
_OUTSIDE = 0.05


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many; low and high are the bounds of Clopper & Pearson (1934) at 95 %."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """hits / of; None of nothing."""
        return self.hits / self.of if self.of else None

    @property
    def bounds(self) -> tuple[float, float]:
        """Where the true rate lies with 95 %: quantiles of the beta distribution."""
        from scipy.stats import beta

        k, n, tail = self.hits, self.of, 0.5 * _OUTSIDE
        low = 0.0 if k == 0 else float(beta.ppf(tail, k, n - k + 1))
        high = 1.0 if k == n else float(beta.ppf(1.0 - tail, k + 1, n - k))
        return low, high

    def __str__(self) -> str:
        if self.value is None:
            return "none"
        low, high = self.bounds
        share = f"{100.0 * self.value:.2f} % ({100.0 * low:.2f} to {100.0 * high:.2f})"
        return f"{self.hits} of {self.of}, {share}"

    def as_json(self) -> dict[str, Any]:
        """hits, of, rate and bounds."""
        low, high = self.bounds if self.of else (None, None)
        return {"hits": self.hits, "of": self.of, "rate": self.value, "low": low, "high": high}


@dataclass(frozen=True, slots=True)
class Table:
    """What a score comes to.

    clean, alarms    missions without a fault; those of them on which a check fails
    losing           seen among the observable faults that lose the mission: the bar
    executed         the same of those whose plan can be executed: by checks alone
    by_family, by_consequence   seen among all observable faults of each
    records          seen among slips of records and files, which move no flight
    missed           losing faults that nobody sees
    unobservable     faults that no data of the file can reveal, by reason; `hidden_losing`: how
                     many of each lose the mission
    alone            of each check, the faults that it alone sees, losing ones and all; what
                     disabling it would lose
    saw              of each check, the faults it sees
    broke            checks that broke, an error of the program
    """

    clean: int
    alarms: tuple[Case, ...]
    losing: Rate
    executed: Rate
    by_family: dict[str, Rate]
    losing_by_family: dict[str, Rate]
    by_consequence: dict[str, Rate]
    records: Rate
    missed: tuple[Case, ...]
    unobservable: dict[str, int]
    hidden_losing: dict[str, int]
    alone: dict[str, tuple[int, int]]
    saw: dict[str, int]
    broke: tuple[Case, ...]
    cpu_s: float

    @property
    def alarm(self) -> Rate:
        """False alarms among clean missions."""
        return Rate(len(self.alarms), self.clean)

    @property
    def meets_bars(self) -> bool:
        """Are both bars met, and did no check break?"""
        seen, alarm = self.losing.value, self.alarm.value
        enough = seen is None or seen >= DETECTION
        return enough and (alarm is None or alarm <= ALARMS) and not self.broke


def table(cases: Sequence[Case]) -> Table:
    """The table of cases."""
    clean = [c for c in cases if c.clean]
    faulted = [c for c in cases if not c.clean]
    hidden = [c for c in faulted if c.unobservable]
    open_ = [c for c in faulted if not c.unobservable]
    flown = [c for c in open_ if c.family != "records"]
    losing = [c for c in open_ if c.losing]
    alone: dict[str, tuple[int, int]] = {}
    for case in open_:
        if len(case.seen) == 1:
            of_losing, of_all = alone.get(case.seen[0], (0, 0))
            alone[case.seen[0]] = (of_losing + int(case.losing), of_all + 1)
    saw = Counter(name for c in open_ for name in c.seen)
    return Table(
        clean=len(clean),
        alarms=tuple(c for c in clean if c.seen),
        losing=_rate(losing),
        executed=_rate([c for c in losing if REFUSED not in c.seen]),
        by_family={f: _rate([c for c in open_ if c.family == f]) for f in _of(FAMILIES, open_)},
        losing_by_family={
            f: _rate([c for c in losing if c.family == f]) for f in _of(FAMILIES, open_)
        },
        by_consequence={x: _rate([c for c in flown if c.consequence == x]) for x in CONSEQUENCES},
        records=_rate([c for c in open_ if c.family == "records"]),
        missed=tuple(c for c in losing if not c.seen),
        unobservable=dict(sorted(Counter(c.unobservable for c in hidden).items())),
        hidden_losing=dict(Counter(c.unobservable for c in hidden if c.consequence in LOSING)),
        alone=dict(sorted(alone.items(), key=lambda item: (-item[1][1], item[0]))),
        saw=dict(sorted(saw.items(), key=lambda item: (-item[1], item[0]))),
        broke=tuple(c for c in cases if c.broke),
        cpu_s=sum(c.cpu_s for c in cases),
    )


def _of(names: Sequence[str], cases: Iterable[Case]) -> list[str]:
    there = {c.family for c in cases}
    return [name for name in names if name in there]


def _rate(cases: Sequence[Case]) -> Rate:
    return Rate(sum(bool(c.seen) for c in cases), len(cases))


def needed_by_none(found: Table, names: Iterable[str]) -> tuple[str, ...]:
    """Checks of `names` that no fault of the corpus needs: disabling one loses no detection."""
    return tuple(name for name in names if name not in found.alone and name != REFUSED)

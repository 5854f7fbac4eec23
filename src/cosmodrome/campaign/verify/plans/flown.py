"""A fault of what is carried, flown: executed as it is, looked at by the checks, and judged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome import checks
from cosmodrome.campaign.verify.plans.corrupted import corrupted
from cosmodrome.campaign.verify.plans.written import is_written, written
from cosmodrome.flight.again import climb_together, fly_again
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.campaign.verify.judging import Judge
    from cosmodrome.flight.again import Again, Carried
    from cosmodrome.record.faults import Fault, Outcome
    from cosmodrome.watch import Watch

__all__ = ["climb_first", "fly_carried"]


def climb_first(
    judge: Judge, carries: Carried, faults: Sequence[Fault], watch: Watch = SILENT
) -> None:
    """The ascents of several faults flown together, before `fly_carried` flies each of them: what
    comes of each is the same, sooner."""
    many = [corrupted(carries, fault) for fault in faults if not is_written(fault)]
    climb_together(judge.flight, many, judge.world, watch)


def fly_carried(
    judge: Judge, carries: Carried, fault: Fault, watch: Watch = SILENT
) -> tuple[Again, Outcome]:
    """What `judge`'s flight carries, with the fault in it: as executed, and what comes of it.

    The outcome holds all findings; the checks see the flight as executed and nothing else of it.
    """
    intended, wrong = judge.flight, carries
    if is_written(fault):
        intended, wrong = written(intended, wrong, fault)
    else:
        wrong = corrupted(wrong, fault)
    again = fly_again(intended, wrong, judge.world, watch)
    findings = () if again.flight is None else checks.run(again.flight, judge.world)
    return again, replace(judge.judge_again(again, fault), findings=findings)

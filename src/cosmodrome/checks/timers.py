"""When stages light and leave, against the rules of the vehicle.

Every rule counts from something that was flown - first motion, the cut-off of another stage, an
ignition - so that a cut-off moved by throttling moves what follows, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.checks.engines import ignitions
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.catalog.nouns import Stage
    from cosmodrome.checks.view import View

__all__ = ["ignition_timers", "separation_timers"]

# a plan carries whole nanoseconds; a tank runs dry to a gram
TIMER_S = 1e-3


def _cutoff_s(view: View, stage: str) -> float | None:
    """When a stage cut off for good."""
    return max((b.end_s for b in view.stack.ledger.burns if b.stage == stage), default=None)


def _before(view: View, stage: Stage) -> Stage | None:
    stages = view.mission.vehicle.stages
    k = stages.index(stage)
    return stages[k - 1] if k else None


def _left_to_the_plan(view: View, stage: Stage) -> bool:
    """Does the plan choose when the stage cuts off: it, or one before it, lights or restarts so?"""
    stages = view.mission.vehicle.stages
    return any(
        s.ignition.kind == "free" or (s.restarts > 0 and not s.solid)
        for s in stages[1 : stages.index(stage) + 1]
    )


def ignition_timers(view: View) -> Iterator[Judged]:
    """First ignition of every stage against its rule."""
    if not view.stack.ledger.burns:
        yield not_judged("the ledger lists no burn of the stack")
        return
    for stage in view.mission.vehicle.stages:
        lit = ignitions(view, stage.id)
        if not lit:
            continue  # `restarts` names it
        rule = stage.ignition
        where = f"{stage.id}, T+{lit[0]:.3f} s"
        before = _before(view, stage)
        if rule.kind == "free":
            off = None if before is None else _cutoff_s(view, before.id)
            if before is None or off is None:
                continue
            yield at_least(
                lit[0] - off - before.separation_delay_s,
                rule.delay_s - TIMER_S,
                "s",
                where,
                f"lights when the plan says so, not before {before.id} is gone",
                object=stage.id,
            )
            continue
        if rule.kind == "lift-off":
            since, name, wanted = 0.0, "first motion", max(rule.delay_s, 0.0)
            if rule.delay_s < 0.0 and lit[0] <= 0.0:
                continue  # engine start on the pad
        elif rule.stage == "lift-off":
            since, name, wanted = 0.0, "first motion", rule.delay_s
        else:
            off = _cutoff_s(view, rule.stage)
            if off is None:
                continue
            since, name, wanted = off, f"cut-off of {rule.stage}", rule.delay_s
            if before is not None and _left_to_the_plan(view, before):
                # it waits until a stage that the plan cuts off is gone
                wanted = max(wanted, before.separation_delay_s)
        late = lit[0] - since - wanted
        yield at_most(
            abs(late),
            TIMER_S,
            "s",
            where,
            f"lights {lit[0] - since:.3f} s after {name}; its rule says {wanted:.3f} s",
            object=stage.id,
        )


def separation_timers(view: View) -> Iterator[Judged]:
    """Spent stages and jettisoned parts leave when their rules say."""
    vehicle = view.mission.vehicle
    left = view.dropped_s
    any_one = False
    for stage in vehicle.stages:
        lit, off = ignitions(view, stage.id), _cutoff_s(view, stage.id)
        if not lit or off is None:
            continue
        rules = [
            (j.name, max(lit[0], 0.0), j.after_ignition_s, "ignition") for j in stage.jettisons
        ]
        if stage is not vehicle.stages[-1]:
            rules.append((stage.id, off, stage.separation_delay_s, "cut-off"))
        for name, since, wanted, what in rules:
            if name not in left:
                continue
            any_one = True
            yield at_most(
                abs(left[name] - since - wanted),
                TIMER_S,
                "s",
                f"{name}, T+{left[name]:.3f} s",
                f"leaves {left[name] - since:.3f} s after the {what} of {stage.id}; its rule says"
                f" {wanted:.3f} s",
                object=name,
            )
    fairing = vehicle.fairing
    if fairing is not None and fairing.time_s is not None and "fairing" in left:
        any_one = True
        yield at_most(
            abs(left["fairing"] - fairing.time_s),
            TIMER_S,
            "s",
            f"fairing, T+{left['fairing']:.3f} s",
            f"its rule says T+{fairing.time_s:.3f} s",
            object="fairing",
        )
    if not any_one:
        yield not_judged("no separated body was flown")

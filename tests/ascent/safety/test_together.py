"""Ascents that differ in one thing: flown together and from memory, the same to the last bit."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome import ascent
from cosmodrome.ascent.safety import Dispersions, falling, scattered
from cosmodrome.ascent.safety.areas import fallen
from cosmodrome.maths.remembered import forget

if TYPE_CHECKING:
    import pytest

    from cosmodrome.record import Plan
    from tests.ascent.conftest import Flown


def later_cut_off(plan: Plan, seconds: float) -> Plan:
    """The upper stage's first burn ends that much later."""
    (k,) = [k for k, p in enumerate(plan.phases) if p.name == "upper-stage burn 1 end"]
    end_s = plan.phases[k].end_s + seconds
    changed = {k: {"end_s": end_s}, k + 1: {"start_s": end_s}}
    phases = tuple(replace(p, **changed.get(n, {})) for n, p in enumerate(plan.phases))
    return replace(plan, phases=phases)


def turned(plan: Plan, rad: float) -> Plan:
    """The whole programme turned about the pad's vertical at lift-off."""
    c, s = np.cos(rad), np.sin(rad)
    turn = np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])
    coefficients = np.asarray(plan.attitude.coefficients) @ turn.T
    return replace(plan, attitude=replace(plan.attitude, coefficients=coefficients))


def same(one: Any, other: Any) -> bool:
    """To the last bit, numbers that are none among them."""
    if isinstance(one, np.ndarray):
        return one.tobytes() == other.tobytes()
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    if is_dataclass(one):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return repr(one) == repr(other)


def flown(sso: Flown, plan: Plan) -> tuple[Any, Any]:
    climbed = ascent.fly_stack(plan, sso.mission, sso.world)
    legs = (climbed.leg, *climbed.dropped())
    return legs, ascent.range_safety(legs, sso.mission, sso.world)


def lanes_of(sso: Flown, legs: Any) -> int:
    """Of the falls of one ascent."""
    given = scattered(legs, sso.mission, sso.world, Dispersions())
    return sum(group.density_factor.size for group in fallen(given.drops))


def test_flown_together_is_flown_alone(sso: Flown, monkeypatch: pytest.MonkeyPatch) -> None:
    plans = [later_cut_off(sso.plan, 1.0), turned(sso.plan, 0.02)]
    alone = []
    for plan in plans:
        forget()
        alone.append(flown(sso, plan))
    forget()
    legs = [flown(sso, sso.plan)[0]]
    for plan in plans:
        climbed = ascent.fly_stack(plan, sso.mission, sso.world)
        legs.append((climbed.leg, *climbed.dropped()))
    # a burn after the last fall changes nothing of what fell before it; a turned climb does
    assert all(a is b for a, b in zip(legs[0][1:-1], legs[1][1:-1], strict=True))
    assert not any(a is b for a, b in zip(legs[0][1:], legs[2][1:], strict=True))
    batches = []
    fall = falling.fall
    monkeypatch.setattr(falling, "fall", lambda *given: batches.append(given[1]) or fall(*given))
    ascent.fall_together([(g, sso.mission) for g in legs], sso.world)
    for plan, (legs_then, safety_then) in zip(plans, alone, strict=True):
        legs_now, safety_now = flown(sso, plan)
        assert same(safety_then, safety_now)
        for then, now in zip(legs_then, legs_now, strict=True):
            assert same(then.path.coefficients, now.path.coefficients)
            assert same((then.events, then.ledger, then.audit, then.impact),
                        (now.events, now.ledger, now.audit, now.impact))  # fmt: skip
    # the turned climb's alone: what the one with the later burn drops fell already
    (lanes,) = batches
    assert lanes.density_factor.size == lanes_of(sso, legs[2])

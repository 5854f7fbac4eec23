"""Small impulses on the way of a coast: where they cut it, and what each takes and gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.firing import fired, lost_kg, thrusters_of
from cosmodrome.errors import InputError, OutOfPropellantError
from cosmodrome.record.nouns import Burn, Ledger
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cosmodrome.formats.impulses import Impulse
    from cosmodrome.mission.nouns import Coast, Spacecraft
    from cosmodrome.world.state import State

__all__ = ["Fired", "firing", "inside", "ledger_of", "pieces"]


@dataclass(frozen=True, slots=True, eq=False)
class Fired:
    """One impulse as it was given.

    name   as events call it: its number in its file
    after  the state after it
    burn   its row of the ledger, at one instant, s after the zero of the flight
    """

    name: str
    after: State
    burn: Burn


def inside(step: Coast, begun: Epoch) -> None:
    """InputError for an impulse that is not inside a coast which begins at `begun`."""
    if step.impulses is None:
        return
    if isinstance(step.until, Epoch):
        end = step.until
    elif step.duration_s is not None:
        end = begun + step.duration_s
    else:
        raise InputError(
            "small impulses were asked in a coast until an event, and they have their instants;"
            " write for: 1 day, or until: an instant"
        )
    for impulse in step.impulses.events:
        if not begun < impulse.epoch < end:
            raise InputError(
                f"the impulse of {impulse.epoch.utc(3)} is outside its coast, which is flown from"
                f" {begun.utc(3)} to {end.utc(3)}; give each coast the impulses that are inside it"
            )


def pieces(step: Coast, begun: Epoch) -> Iterator[tuple[Coast, Impulse | None]]:
    """A coast that begins at `begun`, cut at its impulses: each piece with the one that ends it,
    the last with none."""
    given = step.impulses
    if given is None:
        yield step, None
        return
    for impulse in given.events:
        yield replace(step, duration_s=None, until=impulse.epoch, impulses=None), impulse
    end = begun + step.duration_s if step.duration_s is not None else step.until
    yield replace(step, duration_s=None, until=end, impulses=None), None


def firing(
    step: Coast, impulse: Impulse, before: State, held_kg: float, craft: Spacecraft, zero: Epoch
) -> Fired:
    """One impulse of a coast, given in a state to a spacecraft with so much in its tank.

    Raises OutOfPropellantError where the tank does not hold what it takes.
    """
    given = step.impulses
    assert given is not None
    thrusters, lost = thrusters_of(craft), lost_kg(impulse, thrusters_of(craft))
    if lost > held_kg:
        raise OutOfPropellantError(
            f"the impulse of {impulse.epoch.utc(3)} takes {lost:.6g} kg in {impulse.on_time_s:g} s"
            f" and {held_kg:.6g} kg are left; load more propellant, or look whether its time open"
            " is in s"
        )
    after = fired(before, impulse, given.axes, thrusters)
    kick = float(np.linalg.norm(after.v_m_s - before.v_m_s))
    t = impulse.epoch - zero
    number = given.first + given.events.index(impulse)
    burn = Burn(craft.id, t, t, lost, 0.0, impulse.size_ns, kick)
    return Fired(f"impulse {number}", after, burn)


def ledger_of(all_fired: Sequence[Fired], craft: str, held_kg: float) -> Ledger:
    """What impulses gave and took out of a tank that held so much before the first."""
    if not all_fired:
        return Ledger()
    burns = tuple(f.burn for f in all_fired)
    left = held_kg - sum(b.propellant_kg for b in burns)
    return Ledger(
        delta_v_m_s=sum(b.delta_v_m_s for b in burns), burns=burns, propellant_kg={craft: left}
    )

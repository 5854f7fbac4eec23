"""What a low-energy way to the Moon may be asked in a mission file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading
    from cosmodrome.mission.to_moon_file import ToMoonFile

__all__ = ["judge_low_energy", "judge_times"]


_DAY_S = 86_400.0
# what a way may take, days
_DIRECT, _SLOW = (1.5, 8.0), (60.0, 180.0)


def judge_times(step: ToMoonFile, context: Reading) -> bool:
    """Can a way of the kind take the times of flight? A fault where not."""
    slow = step.way == "low-energy"
    low, high = _SLOW if slow else _DIRECT
    spans = step.flights
    for read in () if spans is None else (spans.from_, spans.to):
        if not low <= read.value / _DAY_S <= high:
            why = f"a {step.way or 'direct'} way takes {low:g} to {high:g} days"
            what = "Write flights: {from: 80 days, to: 120 days}."
            if not slow:
                what = "Write flights: {from: 4 days, to: 6 days}, or way: low-energy."
            context.fault(read.place, read.text, why, what)
            return False
    return True


def judge_low_energy(step: ToMoonFile, context: Reading) -> None:
    """Faults of keys that belong to a direct way."""
    if step.way != "low-energy":
        return
    if step.flight is not None:
        why = "a low-energy way has a span of times of flight"
        what = "Write flights: {from: 80 days, to: 120 days}."
        context.fault(step.flight.place, step.flight.text, why, what)
    if step.orbit is None or step.free_return is not None:
        why = "a way by the Sun's pull does not come back by itself"
        context.fault(step.stands_key("way"), "low-energy", why, "Remove way: low-energy.")
        return
    if step.orbit.inclination is None:
        why = "a low-energy way is led to an inclination"
        context.fault(
            step.stands_key("way"), "low-energy", why, "Write inclination: 90 deg in the orbit."
        )
    if step.loops or step.passing is not None:
        key = "loops" if step.loops else "passing"
        why = f"a low-energy way knows no {key}"
        context.fault(step.stands_key(key), key, why, f"Remove {key}.")

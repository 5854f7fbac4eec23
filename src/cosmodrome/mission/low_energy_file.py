"""What a low-energy way to the Moon may be asked in a mission file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading
    from cosmodrome.mission.to_moon_file import ToMoonFile

__all__ = ["judge_low_energy"]


def judge_low_energy(step: ToMoonFile, context: Reading) -> None:
    """Faults of keys that belong to the other way."""
    slow = step.way == "low-energy"
    others = ("flight",) if slow else ("flight_from", "flight_to")
    for key in others:
        read = getattr(step, key)
        if read is None:
            continue
        why, what = "a direct way has one time of flight", "Write way: low-energy, or flight."
        if slow:
            why = "a low-energy way has a span of times of flight"
            what = "Write flight_from: 80 days, flight_to: 120 days."
        context.fault(read.place, read.text, why, what)
    if not slow:
        return
    low, high = step.low_energy()
    if high.value < low.value:
        read = step.flight_to or step.flight_from
        assert read is not None
        why = f"the longest flight, {high.text}, is shorter than the shortest, {low.text}"
        context.fault(read.place, read.text, why, "Write the shorter as flight_from.")
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

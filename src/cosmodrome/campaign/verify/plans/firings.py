"""What may be wrong in a file of small impulses: units, signs, axes, instants, times open.

As carried, beside a mission file that is right; and in file and carried steps alike, where nothing
but the thrusters' own figures and the flown path can tell.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome.campaign.verify.plans.slips import Slip, told_alike, with_mission
from cosmodrome.campaign.verify.plans.units import POUND_FORCE_N
from cosmodrome.errors import InputError
from cosmodrome.mission.steps import Coast
from cosmodrome.record.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cosmodrome.campaign.verify.plans.slips import Make
    from cosmodrome.formats.impulses import Impulse, Impulses
    from cosmodrome.mission.steps import Step
    from cosmodrome.record.faults import Family
    from cosmodrome.record.nouns import Flight

__all__ = ["OF_FIRINGS", "firing_faults", "with_firing_fault"]

#: the axes that are taken for those of a file
_OTHER = {"gcrf": "rtn", "rtn": "vnc", "vnc": "rtn"}
_SIZES = (
    (POUND_FORCE_N, "N s read as pound-force seconds"),
    (1.0 / POUND_FORCE_N, "pound-force seconds read as N s"),
    (1e3, "N s read as kN s"),
    (1e-3, "kN s read as N s"),
)
_TIMES = ((1e3, "s read for ms"), (1e-3, "ms read for s"))
_CLOCKS = ((37.0, "TAI taken for UTC"), (-37.0, "UTC taken for TAI"), (3600.0, "local time"))


def firing_faults(path: str) -> Iterator[Fault]:
    """Those of the impulses of one coast, whose step is at `path`."""

    def fault(family: Family, field: str, kind: str, text: str, value: float, unit: str) -> Fault:
        words = f"small impulses: {text}"
        return Fault("plan", family, f"{path}.impulses.{field}", kind, value, unit, words)

    for factor, text in _SIZES:
        yield fault("units", "size", "factor", text, factor, "")
    yield fault("burns", "size", "sign", "all the wrong way", 0.0, "")
    for pair in ("xy", "yz"):
        text = f"{pair[0]} and {pair[1]} changed for each other"
        yield fault("frames", pair, "set", text, 0.0, "")
    yield fault("frames", "axes", "set", "in other axes", 0.0, "")
    for factor, text in _TIMES:
        yield fault("units", "on_time_s", "factor", f"time open, {text}", factor, "")
    for late, text in _CLOCKS:
        yield fault("tables", "epoch", "offset", f"instants, {text}", late, "s")
    yield fault("events", "last", "omit", "the last one left out", 0.0, "")


def with_firing_fault(given: Impulses, fault: Fault) -> Impulses | None:
    """A file with a fault of `firing_faults` in it. Raises InputError for another one."""
    field = fault.path.rsplit(".", 1)[1]
    if field == "axes":
        return replace(given, axes=_OTHER[given.axes])
    if field == "last":
        left = given.events[:-1]
        return replace(given, events=left) if left else None
    if field == "size":
        return _each(given, _scaled(-1.0 if fault.kind == "sign" else fault.value))
    if field == "on_time_s":
        return _each(given, _open(fault.value))
    if field == "epoch":
        return _each(given, lambda e: replace(e, epoch=e.epoch + fault.value))
    if field in ("xy", "yz"):
        return _each(given, _exchanged("xyz".index(field[0])))
    raise InputError(f"{fault.id} is no fault of small impulses; take one of firing_faults")


def _each(given: Impulses, change: Callable[[Impulse], Impulse]) -> Impulses:
    return replace(given, events=tuple(change(e) for e in given.events))


def _scaled(by: float) -> Callable[[Impulse], Impulse]:
    def change(event: Impulse) -> Impulse:
        x, y, z = event.impulse_ns
        return replace(event, impulse_ns=(by * x, by * y, by * z))

    return change


def _open(by: float) -> Callable[[Impulse], Impulse]:
    return lambda e: replace(e, on_time_s=by * e.on_time_s)


def _exchanged(first: int) -> Callable[[Impulse], Impulse]:
    """A component and the next one changed for each other."""

    def change(event: Impulse) -> Impulse:
        told = list(event.impulse_ns)
        told[first], told[first + 1] = told[first + 1], told[first]
        x, y, z = told
        return replace(event, impulse_ns=(x, y, z))

    return change


# in the mission's file and in what is carried alike -------------------------------------------
def _alike(change: Callable[[Impulses], Impulses]) -> Make:
    def step(own: Step) -> Step | None:
        if not isinstance(own, Coast) or own.impulses is None:
            return None
        return replace(own, impulses=change(own.impulses))

    return told_alike(step)


def _events(change: Callable[[Impulse], Impulse]) -> Make:
    return _alike(lambda given: _each(given, change))


def _thrusters(flight: Flight) -> Flight | None:
    """One thruster's thrust in pounds of force."""
    craft = flight.mission.spacecraft
    if craft.thrusters is None or not any(
        isinstance(s, Coast) and s.impulses is not None for s in flight.mission.plan
    ):
        return None
    told = replace(craft.thrusters, thrust_n=craft.thrusters.thrust_n / POUND_FORCE_N)
    return with_mission(flight, spacecraft=replace(craft, thrusters=told))


OF_FIRINGS: dict[str, Slip] = {
    "impulses.pounds": Slip(
        "small impulses in pound-force seconds read as N s", _events(_scaled(1.0 / POUND_FORCE_N))
    ),
    "impulses.newtons": Slip(
        "small impulses in N s read as pound-force seconds", _events(_scaled(POUND_FORCE_N))
    ),
    "impulses.sign": Slip("small impulses the wrong way", _events(_scaled(-1.0))),
    "impulses.exchanged": Slip("x and y of small impulses changed", _events(_exchanged(0))),
    "impulses.axes": Slip(
        "small impulses told in other axes", _alike(lambda g: replace(g, axes=_OTHER[g.axes]))
    ),
    "impulses.open": Slip("times open in ms read as s", _events(_open(1e3))),
    "impulses.thrusters": Slip("a thruster's thrust in pounds of force", _thrusters),
}

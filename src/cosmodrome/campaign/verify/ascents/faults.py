"""The single faults of a climb from a pad, made from the vehicle and the plan themselves.

Every stage, burn, timer, aim and axis that the flight carries gets the faults that apply to it.
Paths are what `flown` reads:

ascent.stages.ID.thrust|isp|load|dry_mass   factor
ascent.stages.ID.units                      factor: the part of a set that lights
ascent.stages.ID.engines.S                  factor: what runs from S seconds after ignition on
ascent.stages.ID.gimbal.pitch|yaw           turn, rad
ascent.stages.ID.ignition|cutoff|separation omit, offset (s), retain
ascent.burns.K.ignition|cutoff              omit, offset (s); of the plan's own burns
ascent.fairing.separation                   retain, offset (s)
ascent.guidance.alignment.AXIS              turn, rad, of the inertial unit
ascent.guidance.aims.perigee|apogee         offset (m) of the orbit that guidance flies to
ascent.guidance.aims.inclination|node       turn, rad, of its plane
ascent.navigation.place|velocity.AXIS       offset (m, m/s) of what the computer has
ascent.air.density|wind, ascent.drag        factor
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.ascent.schedule import burns_of
from cosmodrome.campaign.verify.ascents.repeated import open_loop
from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Mission
from cosmodrome.record.faults import Fault
from cosmodrome.vehicle import tail_of, timeline
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.catalog.nouns import Stage, Vehicle
    from cosmodrome.record.faults import Family
    from cosmodrome.record.nouns import Flight, Plan

__all__ = ["AXES", "ascent_faults"]

#: of the pad: what faults of alignment and navigation are counted along
AXES = ("up", "east", "north")
_FINEST = 4
# from what a sweep must have to what makes it finer
_FACTORS = (0.9, 1.1, 0.95, 1.05, 0.98, 1.02, 0.97, 1.03)
_LIGHTER = (0.95, 0.9, 0.98, 1.02, 0.97, 0.99, 0.93, 1.01)
_AIR = (0.7, 1.3, 0.85, 1.15, 0.9, 1.1, 0.95, 1.05)
_TURNED_DEG = (1.0, 20.0, 5.0, 10.0, 2.0, 0.5, 15.0, 0.2)
_OFF_AXIS_DEG = (1.0, 3.0, 0.5, 2.0, 0.25, 5.0)
_LATE_S = (5.0, 20.0, 1.0, 60.0, 2.0, 10.0)
_EARLY_S = (1.0, 10.0, 30.0, 3.0, 5.0, 60.0)
_TIMER_S = (5.0, 20.0, 2.0, 60.0, 10.0, 1.0)
# what is left of the engines of a stage whose file does not tell how many it has: one of two, of
# five, of nine is out
_FEWER = (0.5, 0.8, 8.0 / 9.0)
_APSIDES_M = (20e3, 100e3, 5e3, 50e3)
# of an error that stays what it is; a larger one would grow along a coast, as this one does not
_PLACE_M, _SPEED_M_S = (1e3, 300.0, 100.0, 3e3), (1.0, 0.3, 3.0, 0.1)
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_SIDES = (1.0, -1.0)
_PLAIN = ("thrust", "isp", "load", "dry_mass")
_OPEN_LOOP = frozenset(
    {*_PLAIN, "drag", *(f"alignment.{axis}" for axis in AXES)},
)


def ascent_faults(
    flight: Flight, fineness: int = 2, world: World | None = None
) -> tuple[Fault, ...]:
    """Every single fault of the climb, in order of the vehicle and the plan.

    fineness  1 to 4: how many sizes of each; a launcher of three stages and an upper stage gets
              some 200, 400, 600 and 700
    world     it was flown in; shipped by default

    A flight that guidance cannot fly (`repeated.open_loop`) gets only those that its plan can be
    flown with as it is. () where the mission begins in orbit. Raises InputError for another
    fineness.
    """
    if not 1 <= fineness <= _FINEST:
        raise InputError(f"fineness {fineness} was asked; write 1 (coarse) to {_FINEST}")
    mission = flight.mission
    plan = flight.legs[0].plan
    if flight.launch is None or plan is None or not isinstance(mission, Mission):
        return ()
    made = _Made(mission.vehicle, plan, fineness)
    found = tuple(fault for part in made.parts() for fault in part)
    if open_loop(flight, world or World.shipped()):
        found = tuple(f for f in found if _name(f) in _OPEN_LOOP)
    # one path may come by two ways: an engine of a set of one
    return tuple({fault.id: fault for fault in found}.values())


def _name(fault: Fault) -> str:
    words = fault.path.split(".")
    return ".".join(words[-2:]) if "alignment" in words else words[-1]


@dataclass(frozen=True, slots=True)
class _Made:
    """What is made of one vehicle and plan."""

    vehicle: Vehicle
    plan: Plan
    fineness: int

    def parts(self) -> Iterator[Iterator[Fault]]:
        for k, stage in enumerate(self.vehicle.stages):
            yield self.figures(stage)
            yield self.directions(stage)
            yield self.engines(stage, k)
            yield self.staging(stage, k)
        yield self.burns()
        yield self.fairing()
        yield self.guidance()
        yield self.air()

    def some(self, sizes: tuple[float, ...], each: int = 1) -> tuple[float, ...]:
        """As many sizes as the fineness wants, the telling ones first."""
        return sizes[: each * self.fineness]

    def figures(self, stage: Stage) -> Iterator[Fault]:
        of = f"ascent.stages.{stage.id}"
        words = {"thrust": "thrust", "isp": "specific impulse", "dry_mass": "dry mass"}
        for name, word in words.items():
            family: Family = "masses" if name == "dry_mass" else "thrust"
            for x in self.some(_FACTORS, 2):
                yield _factor(family, f"{of}.{name}", x, f"{word} of {stage.id}")
        for x in self.some(_LIGHTER, 2):
            yield _factor("masses", f"{of}.load", x, f"propellant load of {stage.id}")

    def directions(self, stage: Stage) -> Iterator[Fault]:
        for axis in ("pitch", "yaw"):
            for size in self.some(_OFF_AXIS_DEG):
                for side in _SIDES:
                    yield _turn(
                        f"ascent.stages.{stage.id}.gimbal.{axis}",
                        side * size,
                        f"thrust of {stage.id} off its axis in {axis}",
                    )

    def engines(self, stage: Stage, k: int) -> Iterator[Fault]:
        of = f"ascent.stages.{stage.id}"
        if stage.count > 1:
            part = (stage.count - 1.0) / stage.count
            text = f"one of {stage.count} {stage.id} does not light"
            yield Fault("truth", "burns", f"{of}.units", "factor", part, "", text)
        if stage.solid or k >= tail_of(self.vehicle):
            return
        lasts = stage.usable_kg / stage.mass_flow_kg_s
        for part in self.some(_left_running(stage)):
            for share in (0.0, 0.5, 0.25, 0.75)[: self.fineness]:
                at = round(share * lasts)
                when = "from the start on" if at == 0 else f"from {at} s after ignition on"
                text = f"engines of {stage.id} run in part: {part:.0%} {when}"
                yield Fault("truth", "thrust", f"{of}.engines.{at}", "factor", part, "", text)

    def staging(self, stage: Stage, k: int) -> Iterator[Fault]:
        of, name = f"ascent.stages.{stage.id}", stage.id
        # a stage that lights on the pad is seen to before the clamps open
        if stage.ignition.kind == "after":
            yield _omitted("burns", f"{of}.ignition", f"{name} does not light")
            for s in self.some(_LATE_S):
                yield _offset("timers", f"{of}.ignition", s, f"ignition of {name}")
        if k < tail_of(self.vehicle):
            for s in self.some(_EARLY_S):
                yield _offset("burns", f"{of}.cutoff", -s, f"cut-off of {name}")
            if stage.cutoff_s is not None:
                for s in self.some(_LATE_S):
                    yield _offset("burns", f"{of}.cutoff", s, f"cut-off of {name}")
            for s in self.some(_TIMER_S):
                yield _offset("timers", f"{of}.separation", s, f"separation of {name}")
        if stage is not self.vehicle.stages[-1]:
            yield _kept(f"{of}.separation", f"{name} does not separate")

    def burns(self) -> Iterator[Fault]:
        tail = timeline(self.vehicle).tail
        lit = bool(tail and tail[0].lit)
        for k, (id_, start, end) in enumerate(burns_of(self.plan, self.vehicle)):
            nth = _ORDINALS[k] if k < len(_ORDINALS) else f"{k + 1}th"
            of, name = f"ascent.burns.{k}", f"the {nth} burn of the plan ({id_})"
            if k > 0 or not lit:
                yield _omitted("burns", f"{of}.ignition", f"{name} does not light")
                for s in self.some(_LATE_S):
                    yield _offset("timers", f"{of}.ignition", s, f"ignition of {name}")
            if self.vehicle.stage(id_).solid:
                continue
            yield _omitted("burns", f"{of}.cutoff", f"{name} is not cut off")
            for s in self.some(_EARLY_S):
                for side in _SIDES:
                    if -side * s < end - start:
                        yield _offset("burns", f"{of}.cutoff", side * s, f"cut-off of {name}")

    def fairing(self) -> Iterator[Fault]:
        if self.vehicle.fairing is None:
            return
        yield _kept("ascent.fairing.separation", "the fairing stays")
        for s in self.some(_TIMER_S):
            for side in _SIDES:
                yield _offset("timers", "ascent.fairing.separation", side * s, "fairing jettison")

    def guidance(self) -> Iterator[Fault]:
        for axis in AXES:
            for size in self.some(_TURNED_DEG, 2):
                for side in _SIDES:
                    yield _turn(
                        f"ascent.guidance.alignment.{axis}",
                        side * size,
                        f"inertial unit turned about {axis}",
                    )
            for of, unit, sizes in (
                ("place", "m", _PLACE_M),
                ("velocity", "m/s", _SPEED_M_S),
            ):
                for size in self.some(sizes):
                    for side in _SIDES:
                        path = f"ascent.navigation.{of}.{axis}"
                        text = f"{of} as navigated, {axis}, {side * size:+g} {unit}"
                        yield Fault("truth", "hand-overs", path, "offset", side * size, unit, text)
        of = "ascent.guidance.aims"
        for side in _SIDES:
            for apsis in ("perigee", "apogee"):
                for size in self.some(_APSIDES_M):
                    text = f"{apsis} that guidance aims at, {side * size / 1e3:+g} km"
                    yield Fault(
                        "truth", "tables", f"{of}.{apsis}", "offset", side * size, "m", text
                    )
            for angle in ("inclination", "node"):
                for size in self.some(_TURNED_DEG):
                    text = f"{angle} that guidance aims at"
                    yield _turn(f"{of}.{angle}", side * size, text)

    def air(self) -> Iterator[Fault]:
        for path, words in (("ascent.air.density", "air density"), ("ascent.drag", "drag")):
            for x in self.some(_AIR, 2):
                yield _factor("environment", path, x, words)
        for x in self.some((0.0, 2.0, 0.5, 1.5)):
            yield _factor("environment", "ascent.air.wind", x, "wind")


def _left_running(stage: Stage) -> tuple[float, ...]:
    """Parts of a set's engines that run when one is out, two, ...; () of a single engine."""
    if not stage.engines:
        return _FEWER
    whole = stage.count * stage.engines
    return tuple((whole - out) / whole for out in range(1, min(whole, _FINEST + 1)))


def _factor(family: Family, path: str, x: float, words: str) -> Fault:
    return Fault("truth", family, path, "factor", x, "", f"{words} x {x:g}")


def _turn(path: str, deg: float, words: str) -> Fault:
    text = f"{words} by {deg:+g} deg"
    return Fault("truth", "angles", path, "turn", math.radians(deg), "rad", text)


def _offset(family: Family, path: str, s: float, words: str) -> Fault:
    text = f"{words} {abs(s):g} s {'late' if s > 0.0 else 'early'}"
    return Fault("truth", family, path, "offset", s, "s", text)


def _omitted(family: Family, path: str, text: str) -> Fault:
    return Fault("truth", family, path, "omit", 0.0, "", text)


def _kept(path: str, text: str) -> Fault:
    return Fault("truth", "staging", path, "retain", 0.0, "", text)

"""Meteor-M 2-1: the upper stage that turned by 358 degrees where 2 were needed.

On 28 November 2017 a Soyuz-2.1b left Vostochny with a Fregat, Meteor-M 2-1 and eighteen small
spacecraft. Launcher and Fregat counted azimuths from different zeros, and the difference of the
two, taken without wrapping, sent the Fregat the long way round. Its engine was lit by the clock
while it was turning, or where it had stopped; all fell into the Atlantic.

The load of the Fregat is fitted so that the first burn of the optimum lasts the published 77 s;
the second burn and the coast between them are then predicted. From the separation of the third
stage on the plan that is flown carries another attitude: a turn at a constant rate, in the plane
of the flight or across it, that goes on through the burn or stops where it was at ignition.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome import mission as missions
from cosmodrome.ascent import fly_stack
from cosmodrome.campaign.replays import Compared, Replay
from cosmodrome.campaign.replays.ballistic import (
    apsides_m,
    cut_short,
    fall_of,
    found,
    off_km,
    on_a_pad,
    plan_of,
    steered,
    thrust_direction,
    tumbling_m2,
)
from cosmodrome.campaign.replays.told import Told
from cosmodrome.checks.angles import great_circle_azimuths
from cosmodrome.checks.turns import turn_finding, turns_on_paper
from cosmodrome.errors import SolverError
from cosmodrome.flight import fly
from cosmodrome.watch import SILENT, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from cosmodrome.campaign.replays.ballistic import Fall
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.record.nouns import Finding, Flight, Leg, Plan
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = [
    "NAME",
    "Turning",
    "Wrong",
    "fitted_rate",
    "flagged",
    "flown",
    "planned_mission",
    "replayed",
]

NAME, DEG = "meteor-m-2-1", math.pi / 180.0
# the load with which the first burn of the optimum lasts the published 77 s
LOAD_KG = 2_903.0
PLANES = ("up", "down", "left", "right")
# slew rates tried, deg/s: from the catalogue's own on; faster ones have turned back by cut-off
RATES_DEG_S = (1.0, 1.5, 2.0, 2.5)
# and two beyond: it has not turned far enough, and it has turned back
SLOW_DEG_S, FAST_DEG_S = 0.5, 4.0
# attitudes at which it may have stopped, deg from where it let go
HELD_DEG = (90.0, 135.0, 180.0, 225.0)
# a stack whose perigee lies below this is down within a revolution
_REENTRY_M = 80e3
_CLOSE_KM, _ROUNDS = 1.0, 12
_BURN_1 = "upper-stage burn 1 end"
_TEXT = """
schema: cosmodrome/1
name: Meteor-M 2-1
site: vostochny
vehicle: soyuz-2.1b-fregat
# 2,750 kg, and 350 kg for eighteen small spacecraft and what holds them (estimated)
spacecraft: {mass: 3100 kg, drag_area: 12 m^2, drag_coefficient: 2.2, reflectivity: 1.3}
launch: {time: "2017-11-28T05:41:46Z"}
target: {kind: circular, altitude: 825 km +- 5 km, inclination: 98.57 deg +- 0.05 deg}
limits: {dynamic_pressure: 45 kPa, heat_flux: 1135 W/m^2, axial_acceleration: 6 g0, corridor: none}
"""


@dataclass(frozen=True, slots=True)
class Wrong:
    """How it turned from the separation of the third stage on.

    plane     where the nose went first: "up", "down", "left" or "right"
    rate_rad_s  of the turn
    goes_on   does it turn through the burn, or hold what it has reached at ignition
    """

    plane: str
    rate_rad_s: float
    goes_on: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Turning:
    """The planned flight, cut at the end of the first burn of the upper stage.

    separation_s, ignition_s, cutoff_s  of third stage and first burn, s after lift-off
    axes    rows up, left, forward of the flight at separation, in the launch frame
    before  (3,) thrust direction there
    """

    plan: Plan
    mission: Mission
    world: World
    separation_s: float
    ignition_s: float
    cutoff_s: float
    axes: Array
    before: Array

    @classmethod
    def of(cls, flight: Flight, world: World) -> Turning:
        """From the planned flight."""
        mission, plan = on_a_pad(flight), plan_of(flight)
        k = next(i for i, p in enumerate(plan.phases) if p.name == _BURN_1)
        burn, coast = plan.phases[k], plan.phases[k - 1]
        state = fly_stack(cut_short(plan, coast.start_s), mission, world).leg.end
        frame = np.asarray(plan.launch_axes)
        r, v = frame @ state.r_m, frame @ state.v_m_s
        up, left = r / np.linalg.norm(r), np.cross(r, v)
        left = left / np.linalg.norm(left)
        return cls(
            cut_short(plan, burn.end_s),
            mission,
            world,
            coast.start_s,
            burn.start_s,
            burn.end_s,
            np.stack([up, left, np.cross(left, up)]),
            thrust_direction(plan, coast.start_s - 1e-3),
        )

    def axis(self, plane: str) -> Array:
        """What it turns about, the right-handed way."""
        up, left, _ = self.axes
        out: Array = {"up": -left, "down": left, "left": up, "right": -up}[plane]
        return out

    def direction(self, wrong: Wrong) -> Callable[[Array], Array]:
        """The thrust direction over time: the long way round from the attitude it was left in."""
        axis, u = self.axis(wrong.plane), self.before
        across, along = np.cross(axis, u), axis * float(axis @ u)
        whole = Told(NAME).value("turned")

        def at(t_s: Array) -> Array:
            t = t_s if wrong.goes_on else np.minimum(t_s, self.ignition_s)
            angle = np.minimum(wrong.rate_rad_s * (t - self.separation_s), whole)
            c, s = np.cos(angle), np.sin(angle)
            # Rodrigues' rotation of u about the axis
            turned: Array = np.outer(u - along, c) + np.outer(across, s) + along[:, None]
            return turned

        return at


def planned_mission() -> Mission:
    """The mission, with the load of the upper stage fitted to its first burn."""
    made = missions.on_a_pad(missions.loads(_TEXT, "meteor-m-2-1"), "a replay")
    *below, last = made.vehicle.stages
    stages = (*below, replace(last, load_kg=LOAD_KG))
    return replace(made, vehicle=replace(made.vehicle, stages=stages))


def flagged(mission: Mission) -> Iterator[Finding]:
    """What `stage-turns` says of the site and the azimuth alone, before anything is planned: by the
    zeros of the catalogue, then by the angles of the platforms that were told of that flight."""
    inclination = mission.target.inclination_rad
    assert inclination is not None
    azimuths = great_circle_azimuths(mission.site.latitude_rad, inclination.value)
    assert azimuths is not None
    for judged in turns_on_paper(mission.vehicle.stages, azimuths[0]):
        yield found("stage-turns", judged)
    told = Told(NAME)
    for name, turn in (("launcher", "launcher-platform"), ("upper stage", "upper-platform")):
        where = f"platform of the {name}"
        judged = turn_finding(0.0, told.value(turn), where, "as was told", name)
        yield found("stage-turns", judged)


def flown(turning: Turning, wrong: Wrong) -> tuple[Leg, Fall | None]:
    """The stack's leg to the end of the burn, and its fall where it does not stay up."""
    plan = steered(turning.plan, turning.separation_s, turning.direction(wrong))
    leg = fly_stack(plan, turning.mission, turning.world).leg
    if apsides_m(leg.end, turning.world)[0] > _REENTRY_M:
        return leg, None
    area = tumbling_m2(turning.mission.vehicle.stages[-1])
    return leg, fall_of(leg, turning.mission, turning.world, area)


def fitted_rate(turning: Turning, plane: str, watch: Watch = SILENT) -> tuple[float, Fall]:
    """The slew rate, rad/s, with which it comes down at the published latitude, and that fall.

    Of several the one nearest to the catalogue's 1 deg/s. Raises SolverError where none does.
    """
    wanted = Told(NAME).value("latitude")

    def miss(rate: float) -> tuple[float, Fall]:
        stop_if_cancelled(watch)
        _, fall = flown(turning, Wrong(plane, rate))
        impact = None if fall is None else fall.impact
        if fall is None or impact is None:
            raise SolverError(f"turning {plane} at {math.degrees(rate):.3f} deg/s it stays up")
        # past the pole, down along the Atlantic: a shorter fall ends at a greater latitude
        return impact.latitude_rad - wanted, fall

    low, high = math.radians(1.0), math.radians(1.5)
    (a, _), (b, fall) = miss(low), miss(high)
    for _ in range(_ROUNDS):
        if abs(b) * 6_371.0 < _CLOSE_KM:
            return high, fall
        low, high, a = high, high - b * (high - low) / (b - a), b
        b, fall = miss(high)
    raise SolverError(
        f"no slew rate was found with which it falls at {math.degrees(wanted):g} N when it turns"
        f" {plane}"
    )


# ----------------------------------------------------------------------------------- replay
def replayed(world: World, watch: Watch = SILENT) -> Replay:
    """Planned; turning on through the burn; stopped at ignition; fitted to where it fell."""
    told, mission = Told(NAME), planned_mission()
    watch.begin("replay", "planning and flying it as it should have flown")
    flight = fly(mission, world=world, watch=watch)
    turning = Turning.of(flight, world)
    watch.end("replay", f"first burn {turning.cutoff_s - turning.ignition_s:.1f} s")
    cases = {"as planned": _planned(flight, turning)}
    for goes_on, name in ((True, "turning on through the burn"), (False, "stopped at ignition")):
        watch.begin("replay", f"flying it {name}")
        cases[name] = tuple(_range(turning, goes_on, watch))
        watch.end("replay", name)
    cases["readings by which it would have stayed up"] = tuple(_aloft(turning))
    for plane in ("left", "right"):
        watch.begin("replay", f"the slew rate that ends where it fell, nose to the {plane}")
        rate, fall = fitted_rate(turning, plane, watch)
        cases[f"to the published latitude, nose to the {plane}"] = tuple(_place(rate, fall))
        watch.end("replay", f"{math.degrees(rate):.3f} deg/s")
    return Replay(
        NAME,
        told.title,
        f"the upper stage turned by {told.value('turned', DEG):g} deg where"
        f" {told.value('turn', DEG):g} were needed",
        cases,
        _NOTES,
        told.sources,
        tuple(f for f in flagged(mission) if f.verdict != "holds"),
    )


def _planned(flight: Flight, turning: Turning) -> tuple[Compared, ...]:
    plan = plan_of(flight)
    last = plan.phases[-2]
    at_separation = fly_stack(
        cut_short(plan, turning.separation_s), turning.mission, turning.world
    ).leg.end
    third = apsides_m(at_separation, turning.world)
    u = [thrust_direction(plan, t) for t in (turning.separation_s - 1e-3, turning.ignition_s)]
    short = math.degrees(math.acos(float(np.clip(u[0] @ u[1], -1.0, 1.0))))
    band = Told(NAME).band
    return (
        Compared("load of the upper stage", LOAD_KG, "kg", "fitted"),
        Compared("first burn", turning.cutoff_s - turning.ignition_s, "s", "fitted",
                 *band("first-burn")),
        Compared("coast between the burns", last.start_s - turning.cutoff_s, "s", "predicted",
                 *band("coast")),
        Compared("second burn", last.end_s - last.start_s, "s", "predicted",
                 *band("second-burn")),
        Compared("separation of the third stage", turning.separation_s, "s", "predicted",
                 *band("separation")),
        Compared("coast to the first ignition", turning.ignition_s - turning.separation_s, "s",
                 "given"),
        Compared("perigee before the first burn", third[0] / 1e3, "km", "predicted"),
        Compared("apogee before the first burn", third[1] / 1e3, "km", "predicted"),
        Compared("whole turn to the first burn", short, "deg", "predicted"),
    )  # fmt: skip


def _range(turning: Turning, goes_on: bool, watch: Watch) -> Iterator[Compared]:
    """Perigees over the attitudes reached, and where it comes down."""
    coast = turning.ignition_s - turning.separation_s
    reached = [math.radians(r) * coast for r in RATES_DEG_S]
    if not goes_on:
        reached = [math.radians(d) for d in HELD_DEG]
    highest = -math.inf
    for plane in PLANES if goes_on else ("up", "left"):
        for angle in reached:
            stop_if_cancelled(watch)
            leg, fall = flown(turning, Wrong(plane, angle / coast, goes_on))
            perigee = apsides_m(leg.end, turning.world)[0] / 1e3
            highest = max(highest, perigee)
            what = f"nose {plane}, {math.degrees(angle):.0f} deg at ignition"
            yield Compared(f"{what}: perigee", perigee, "km", "predicted")
            if fall is not None and fall.impact is not None:
                latitude = math.degrees(fall.impact.latitude_rad)
                yield Compared(f"{what}: falls at latitude", latitude, "deg", "predicted")
    yield Compared("highest perigee of these", highest, "km", "predicted")


def _aloft(turning: Turning) -> Iterator[Compared]:
    """Where the range of attitudes ends: too slow, too fast, or stopped too soon."""
    coast = turning.ignition_s - turning.separation_s
    for wrong, how in (
        (Wrong("left", math.radians(SLOW_DEG_S)), "turning on at 0.5 deg/s"),
        (Wrong("left", math.radians(FAST_DEG_S)), "turning on at 4 deg/s"),
        (Wrong("left", Told(NAME).value("stalled") / coast, goes_on=False), "stopped at 60 deg"),
    ):
        low, high = apsides_m(flown(turning, wrong)[0].end, turning.world)
        yield Compared(f"nose left, {how}: perigee", low / 1e3, "km", "sensitivity")
        yield Compared(f"nose left, {how}: apogee", high / 1e3, "km", "sensitivity")


def _place(rate: float, fall: Fall) -> Iterator[Compared]:
    impact = fall.impact
    assert impact is not None
    told, degrees = Told(NAME), math.degrees
    there = told.value("latitude", DEG), told.value("longitude", DEG)
    latitude, longitude = degrees(impact.latitude_rad), degrees(impact.longitude_rad)
    yield Compared("slew rate", degrees(rate), "deg/s", "fitted")
    yield Compared("latitude of the fall", latitude, "deg", "fitted", *told.band("latitude", DEG))
    yield Compared(
        "longitude of the fall", longitude, "deg", "predicted", *told.band("longitude", DEG)
    )
    yield Compared("off the published place", off_km(impact, *there), "km", "predicted")
    yield Compared("time of the fall after lift-off", impact.t_s / 60.0, "min", "predicted")


_NOTES = (
    "first ignition 60 s after the third stage has gone, at the published minute; slew rates from"
    " the catalogue's 1 deg/s (estimated) to 2.5: at 1 deg/s it has turned by 60 deg when the"
    " engine lights, which is what was told of it",
    "a turn across the plane at 4 deg/s has come round again before cut-off, one at 0.5 deg/s has"
    " not gone far enough, and one that stopped at the 60 deg that were told would have stayed in"
    " orbit too: that it fell says that it went on, or had stopped beyond a right angle",
    "spacecraft 2,750 kg and an estimated 350 kg for eighteen small ones; the load of the Fregat is"
    " fitted to the 77 s of the first burn",
    "no guidance: the engine burns for its time along the attitude as it is",
)

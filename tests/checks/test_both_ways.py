"""Every check holds on the clean flight and is seen to fail on a fault of its own.

A planted fault changes the truth, the record or the world; it never touches a check.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cosmodrome.catalog.nouns import (
    AttitudeReference,
    Consumable,
    Corridor,
    Figure,
    Ignition,
    KeepOut,
    Station,
)
from cosmodrome.checks import (
    CHECKS,
    OF_AIR,
    OF_EVERY_PLAN,
    OF_IMAGING,
    OF_LIBRATION,
    OF_MEETING,
    OF_PLANS,
    OF_RELEASES,
    OF_SEVERAL,
    OF_START_FILES,
    OF_STARTS,
    ONLY_WARN,
    run,
)
from cosmodrome.mission.nouns import (
    AzimuthClaim,
    DropTarget,
    Passenger,
    PhysicsModel,
    Quantity,
    SpaceWeather,
    Visibility,
    WindTable,
)
from cosmodrome.record.nouns import (
    AttitudeProgramme,
    Finding,
    Flight,
    Plan,
    Solve,
    ThrottleProgramme,
)
from cosmodrome.world.frame import Rotation
from cosmodrome.world.geodesy import surface_distance_m
from cosmodrome.world.orientation import OrientationStatus
from cosmodrome.world.trajectory import Trajectory
from tests.checks import synthetic
from tests.checks.more_faults import MORE, SOUND, leg

if TYPE_CHECKING:
    from cosmodrome.record.safety import FallArea
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

# asked of any plan; the rest of what a plan is asked only where it has such steps
ALWAYS = OF_EVERY_PLAN
OF_SOME = (
    (OF_PLANS - ALWAYS)
    | OF_AIR
    | OF_IMAGING
    | OF_LIBRATION
    | OF_MEETING
    | OF_RELEASES
    | OF_SEVERAL
    | OF_START_FILES
    | OF_STARTS
)

DEG = np.pi / 180.0
Plant = Callable[["Ground"], tuple[Flight, Any]]


@dataclass
class Ground:
    """What a fault is planted in."""

    flight: Flight
    flown: Any
    world: World
    again: dict[synthetic.Truth, Flight] = field(default_factory=dict)

    def legs(self, chapter: str, object: str, **changes: Any) -> Flight:
        """The flight with one leg changed."""
        return replace(
            self.flight,
            legs=tuple(
                replace(g, **changes) if (g.chapter, g.object) == (chapter, object) else g
                for g in self.flight.legs
            ),
        )

    def stack(self, **changes: Any) -> Flight:
        return self.legs("ascent", "stack", **changes)

    def orbit(self, **changes: Any) -> Flight:
        return self.legs("orbit", "spacecraft", **changes)

    def mission(self, **changes: Any) -> Flight:
        return replace(self.flight, mission=replace(self.flight.mission, **changes))

    def target(self, **changes: Any) -> Flight:
        return self.mission(target=replace(self.flight.mission.target, **changes))

    def vehicle(self, **changes: Any) -> Flight:
        return self.mission(vehicle=replace(self.flight.mission.vehicle, **changes))

    def stage(self, id: str, **changes: Any) -> Flight:
        stages = tuple(
            replace(s, **changes) if s.id == id else s for s in self.flight.mission.vehicle.stages
        )
        return self.vehicle(stages=stages)

    def ledger(self, **changes: Any) -> Flight:
        leg = self.flight.leg("ascent", "stack")
        return self.stack(ledger=replace(leg.ledger, **changes))

    def flown_again(self, truth: synthetic.Truth) -> Flight:
        """The same plan, another truth."""
        if truth not in self.again:
            again = synthetic.fly(self.world, synthetic.LIFT_OFF, synthetic.AZIMUTH, truth)
            self.again[truth] = synthetic.assemble(again, planned=self.flown)
        return self.again[truth]


def bent(path: Trajectory, column: int, amount: float, segments: slice) -> Trajectory:
    """The path with a column shifted by a constant over some of its segments."""
    c = path.coefficients.copy()
    c[segments, 0, column] += amount
    return Trajectory(path.epoch, path.frame, path.breaks_s.copy(), c, path.columns)


def moved(state: State, **changes: Any) -> State:
    return replace(state, **changes)


def shifted(g: Ground, name: str, **changes: Any) -> Flight:
    """An event of the stack changed."""
    events = tuple(replace(e, **changes) if e.name == name else e for e in leg(g, "stack").events)
    return g.stack(events=events)


# worlds with a fault ------------------------------------------------------------------------
class _Orientation:
    """The shipped orientation with something changed."""

    def __init__(self, true: Any, **changes: Any) -> None:
        self._true = true
        self.__dict__.update(changes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._true, name)


def other_world(world: World, **changes: Any) -> World:
    return replace(world, orientation=_Orientation(world.orientation, **changes))


def expired(world: World) -> World:
    status = OrientationStatus("held", 0.5, "more than two years beyond the table's end")
    return other_world(world, status=lambda epoch: status)


def turned(world: World, arcsec: float) -> World:
    """An Earth that stands a few arcseconds too far east."""
    a = arcsec * np.pi / 648000.0
    extra = np.array([[np.cos(a), np.sin(a), 0], [-np.sin(a), np.cos(a), 0], [0, 0, 1.0]])

    def itrf(epoch: Any) -> Rotation:
        true = world.orientation.itrf_from_gcrf(epoch)
        return Rotation("itrf", "gcrf", extra @ true.matrix, true.rate)

    return other_world(world, itrf_from_gcrf=itrf)


def stretched(world: World) -> World:
    def itrf(epoch: Any) -> Rotation:
        true = world.orientation.itrf_from_gcrf(epoch)
        return Rotation("itrf", "gcrf", true.matrix * (1.0 + 1e-9), true.rate)

    return other_world(world, itrf_from_gcrf=itrf)


class _Weather:
    def __init__(self, true: Any, **changes: Any) -> None:
        self._true, self._changes = true, changes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._true, name)

    def at(self, epoch: Any) -> Any:
        return replace(self._true.at(epoch), **self._changes)


def weather(world: World, **changes: Any) -> World:
    return replace(world, space_weather=_Weather(world.space_weather, **changes))


def short_data(world: World) -> Any:
    """A world whose ephemeris ends before the flight."""

    class Short:
        def __getattr__(self, name: str) -> Any:
            return getattr(world, name)

        def vintage(self) -> tuple[Any, ...]:
            return tuple(
                replace(v, last="2026-12-31") if v.name == "de440" else v for v in world.vintage()
            )

    return Short()


# the orbit that was flown, with another spin -------------------------------------------------
def tilted_orbit(g: Ground, angle: float) -> Flight:
    """The whole orbit turned about its line of nodes: another inclination, all else alike."""
    o = leg(g, "spacecraft")
    r, v = o.start.r_m, o.start.v_m_s
    h = np.cross(r, v)
    axis = np.cross(g.world.orientation.cip_gcrf(o.start.epoch), h)
    axis = axis / np.linalg.norm(axis)
    k = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    m = np.eye(3) + np.sin(angle) * k + (1.0 - np.cos(angle)) * k @ k
    c = o.path.coefficients.copy()
    c[:, :, 0:3] = c[:, :, 0:3] @ m.T
    c[:, :, 3:6] = c[:, :, 3:6] @ m.T
    path = Trajectory(o.path.epoch, o.path.frame, o.path.breaks_s.copy(), c, o.path.columns)
    return g.orbit(path=path, start=path.at(path.start), end=path.at(path.end))


def with_rates(g: Ground, **changes: Any) -> Flight:
    """An orbit whose first burn in the ledger is changed."""
    burns = leg(g, "stack").ledger.burns
    return g.ledger(burns=(*burns[:-1], replace(burns[-1], **changes)))


def long_turn(g: Ground) -> Flight:
    """In the coast before the second burn the attitude goes once round the long way."""
    s = leg(g, "stack")
    p = s.path
    c = p.coefficients.copy()
    k = p.columns.index("ux")
    middle = [
        i for i in range(c.shape[0])
        if p.breaks_s[i] > g.flown.end1 + 400.0 and p.breaks_s[i + 1] < g.flown.end1 + 1600.0
    ]  # fmt: skip
    x = np.linspace(-1.0, 1.0, c.shape[1])
    for n, i in enumerate(middle):
        angle = 2.0 * np.pi * (n + 0.5 * (x + 1.0)) / len(middle) * 1.5
        for j, f in enumerate((np.cos, np.sin)):
            c[i, :, k + j] = np.polynomial.chebyshev.chebfit(x, f(angle), c.shape[1] - 1)
        c[i, :, k + 2] = 0.0
    return g.stack(path=Trajectory(p.epoch, p.frame, p.breaks_s.copy(), c, p.columns))


def drag_forgotten(g: Ground) -> Flight:
    """The mission asks for the full field; what was flown is J2 to J4 only."""
    return g.mission(physics=PhysicsModel(20, 20, (), "none", False))


def eclipse_events(g: Ground, few: bool = False, none: bool = False, late: float = 0.0) -> Flight:
    """What is told of the shadow: without its first crossings, not at all, or late."""
    o = leg(g, "spacecraft")
    shadow = [e for e in o.events if "umbra" in e.name]
    lost = shadow if none else shadow[:3] if few else []
    told = [
        moved_event(g, e, late) if late and e in shadow else e for e in o.events if e not in lost
    ]
    return g.orbit(events=tuple(told))


def moved_event(g: Ground, event: Any, late: float) -> Any:
    from cosmodrome.record import event_record

    state = leg(g, "spacecraft").path.at(event.epoch + late)
    return event_record(event.name, "spacecraft", state, g.flight.launch.epoch, g.world)


def handed_on(g: Ground, **factors: float) -> Flight:
    """The orbit hands on a state in another unit."""
    o = leg(g, "spacecraft")
    told = {k: by * getattr(o.end, k) for k, by in factors.items()}
    return g.orbit(handover_out=replace(o.handover_in, state=replace(o.end, **told)))


FAULTS: dict[str, tuple[str, str, Plant]] = {
    "a second spacecraft that never left": (
        "releases",
        "fails",
        lambda g: (
            g.mission(
                passengers=(Passenger(replace(g.flight.mission.spacecraft, id="second")),)
            ),
            g.world,
        ),
    ),
    # name: (check that must see it, verdict, plant)
    "plane tilted by 0.1 deg": ("inclination", "fails", lambda g: (
        tilted_orbit(g, 0.1 * DEG), g.world)),
    "another inclination asked for": ("inclination", "fails", lambda g: (
        g.target(kind="circular", inclination_rad=Quantity(98.5 * DEG, 0.1 * DEG)), g.world)),
    "node an hour late": ("local-time-of-node", "fails", lambda g: (
        g.target(ltan_s=Quantity(16 * 3600.0, 120.0)), g.world)),
    "local time across midnight": ("local-time-of-node", "fails", lambda g: (
        g.target(ltan_s=Quantity(3 * 3600.0, 120.0)), g.world)),
    "another node asked for": ("node", "fails", lambda g: (
        g.target(raan_rad=Quantity(359.0 * DEG, 1.0 * DEG)), g.world)),
    "tilt by a degree outruns the Sun": ("node-rate", "fails", lambda g: (
        tilted_again(g), g.world)),
    "12 km too high": ("semi-major-axis", "fails", lambda g: (
        g.target(semi_major_axis_m=Quantity(synthetic.RE + 808e3, 5e3)), g.world)),
    "rounder orbit asked for": ("eccentricity", "fails", lambda g: (
        g.target(eccentricity=Quantity(0.0, 0.001)), g.world)),
    "perigee on the other side": ("eccentricity", "fails", lambda g: (
        g.target(argument_of_perigee_rad=Quantity(270.0 * DEG, 5.0 * DEG)), g.world)),
    "reported orbit 1 km off": ("reported-orbit", "fails", lambda g: (
        replace(g.flight, orbit=replace(
            g.flight.orbit, mean=replace(g.flight.orbit.mean,
                                         a_m=g.flight.orbit.mean.a_m + 1e3))), g.world)),
    "reported local time an hour off": ("reported-orbit", "fails", lambda g: (
        replace(g.flight, orbit=replace(
            g.flight.orbit, ltan_s=(g.flight.orbit.ltan_s + 3600.0) % 86400.0)), g.world)),
    "a floor above the orbit": ("perigee-floor", "fails", lambda g: (
        g.mission(limits=replace(g.flight.mission.limits, perigee_altitude_m=840e3)), g.world)),
    "apogee raised only to 180 km": ("perigee-floor", "fails", lambda g: (
        lowered(g), g.world)),
    "coasts asked for above 400 km": ("parking-orbit", "fails", lambda g: (
        g.mission(limits=replace(g.flight.mission.limits, coast_altitude_m=400e3)), g.world)),
    "perigees asked for above 400 km": ("parking-orbit", "fails", lambda g: (
        g.mission(limits=replace(g.flight.mission.limits, perigee_altitude_m=400e3)), g.world)),
    "separated out of sight": ("visibility", "fails", lambda g: (
        g.mission(visibility=(Visibility("spacecraft separation", (
            Station("kourou", 5.2 * DEG, -52.8 * DEG, 10.0, 5.0 * DEG),)),)), g.world)),
    "window missed": ("launch-window", "fails", lambda g: (
        g.mission(launch=replace(g.flight.mission.launch, window=(
            synthetic.LIFT_OFF + 60.0, synthetic.LIFT_OFF + 600.0))), g.world)),
    "a second late": ("launch-window", "fails", lambda g: (
        g.mission(launch=replace(g.flight.mission.launch, window=None,
                                 time=synthetic.LIFT_OFF + -1.0)), g.world)),
    "another pad": ("on-the-pad", "fails", lambda g: (
        g.mission(site=replace(g.flight.mission.site,
                               latitude_rad=g.flight.mission.site.latitude_rad + 2e-5)), g.world)),
    "azimuth planned for 64.8 deg": ("planned-azimuth", "fails", lambda g: (
        replace(g.flight, launch=replace(g.flight.launch, azimuth_inertial_rad=46.0 * DEG)),
        g.world)),
    "southbound azimuth on the northbound branch": ("planned-azimuth", "fails", lambda g: (
        replace(g.flight, launch=replace(g.flight.launch, branch="descending")), g.world)),
    "turned 20 deg as on VA241": ("flown-heading", "fails", lambda g: (
        g.flown_again(synthetic.Truth(azimuth_off_rad=20.0 * DEG)), g.world)),
    "turned by 1 deg": ("flown-heading", "warns", lambda g: (
        g.flown_again(synthetic.Truth(azimuth_off_rad=1.0 * DEG)), g.world)),
    "corridor closed to the north": ("corridor", "fails", lambda g: (
        g.mission(site=replace(g.flight.mission.site, corridors=(
            Corridor(0.0, 95.0 * DEG, "relative"),))), g.world)),
    "estimated corridor closed to the north": ("corridor", "warns", lambda g: (
        g.mission(site=replace(g.flight.mission.site, corridors=(
            Corridor(0.0, 95.0 * DEG, "relative"),), figures={
                "corridors.0.first_rad": Figure("a guess", "estimated"),
                "corridors.0.last_rad": Figure("a manual", "published")})), g.world)),
    "inertial corridor closed": ("corridor", "fails", lambda g: (
        g.mission(site=replace(g.flight.mission.site, corridors=(
            Corridor(0.0, 95.0 * DEG, "inertial"),))), g.world)),
    "claimed 90 instead of 70": ("claimed-azimuth", "fails", lambda g: (
        g.mission(launch=replace(g.flight.mission.launch, azimuth=AzimuthClaim(
            353.2 * DEG, "relative", 1.0 * DEG))), g.world)),
    "claimed for the wrong kind": ("claimed-azimuth", "fails", lambda g: (
        g.mission(launch=replace(g.flight.mission.launch, azimuth=AzimuthClaim(
            333.2 * DEG, "inertial", 1.0 * DEG))), g.world)),
    "upper stage counts from the pad": ("stage-turns", "warns", lambda g: (
        g.stage("upper", attitude_reference=AttitudeReference("pad-azimuth")), g.world)),
    "no time to turn": ("stage-turns", "fails", lambda g: (
        g.stage("upper", slew_rate_rad_s=0.01 * DEG), g.world)),
    "once round the long way": ("attitude-swept", "fails", lambda g: (long_turn(g), g.world)),
    "handed on in tonnes": ("seam-leg-ends", "fails", lambda g: (
        handed_on(g, mass_kg=1e-3), g.world)),
    "handed on in km": ("seam-units", "fails", lambda g: (handed_on(g, r_m=1e-3), g.world)),
    "leg starts 2 mm aside": ("seam-leg-ends", "fails", lambda g: (
        g.orbit(start=moved(leg(g, "spacecraft").start,
                            r_m=leg(g, "spacecraft").start.r_m + np.array([2e-3, 0, 0]))),
        g.world)),
    "2 mm gap inside a path": ("seam-inside-paths", "fails", lambda g: (
        g.stack(path=bent(leg(g, "stack").path, 0, 0.002, slice(60, None))), g.world)),
    "3 um/s gap inside a path": ("seam-inside-paths", "fails", lambda g: (
        g.stack(path=bent(leg(g, "stack").path, 4, 3e-6, slice(60, None))), g.world)),
    "5 g gained on the way": ("seam-inside-paths", "fails", lambda g: (
        g.stack(path=bent(leg(g, "stack").path, 6, 0.005, slice(90, None))), g.world)),
    "2 mm between ascent and orbit": ("seam-release", "fails", lambda g: (
        g.stack(end=moved(leg(g, "stack").end,
                          r_m=leg(g, "stack").end.r_m + np.array([0, 0.002, 0]))), g.world)),
    "3 um/s between ascent and orbit": ("seam-release", "fails", lambda g: (
        g.stack(end=moved(leg(g, "stack").end,
                          v_m_s=leg(g, "stack").end.v_m_s + np.array([0, 3e-6, 0]))), g.world)),
    "a nanosecond between ascent and orbit": ("seam-release", "fails", lambda g: (
        g.stack(end=moved(leg(g, "stack").end,
                          epoch=leg(g, "stack").end.epoch + 1e-9)), g.world)),
    "5 g lost at release": ("seam-release", "fails", lambda g: (
        g.orbit(start=moved(leg(g, "spacecraft").start, mass_kg=2899.995)), g.world)),
    "handover of another mass": ("seam-release", "fails", lambda g: (
        g.stack(handover_out=replace(leg(g, "stack").handover_out, state=moved(
            leg(g, "spacecraft").start, mass_kg=2900.005))), g.world)),
    "5 g lost between separations": ("seam-separations", "fails", lambda g: (
        g.stack(path=bent(leg(g, "stack").path, 6, -0.005, slice(90, None))), g.world)),
    "core begins 2 mm aside": ("seam-separations", "fails", lambda g: (
        g.legs("ascent", "core", start=moved(leg(g, "core").start,
               r_m=leg(g, "core").start.r_m + np.array([0.002, 0, 0]))), g.world)),
    "core takes 5 g too much": ("seam-separations", "fails", lambda g: (
        g.legs("ascent", "core", start=moved(
            leg(g, "core").start, mass_kg=leg(g, "core").start.mass_kg + 0.005)), g.world)),
    "core leaves after the flight": ("seam-separations", "fails", lambda g: (
        g.legs("ascent", "core", start=moved(
            leg(g, "core").start, epoch=synthetic.LIFT_OFF + 9e3)), g.world)),
    "event 5 m too high": ("event-states", "fails", lambda g: (
        shifted(g, "core separation", altitude_m=leg(g, "stack").events[4].altitude_m + 5.0),
        g.world)),
    "event without a name": ("event-states", "fails", lambda g: (
        g.stack(events=tuple(replace(e, name="") for e in leg(g, "stack").events)), g.world)),
    "event a tenth late": ("event-states", "fails", lambda g: (
        shifted(g, "core separation", t_s=281.6), g.world)),
    "an engine out": ("lift-off", "fails", lambda g: (
        g.stage("boosters", thrust_sea_level_n=560_000.0), g.world)),
    "boosters at two thirds on the pad": ("lift-off", "fails", lambda g: (
        g.stage("boosters", throttle=((0.0, 0.65), (5.0, 1.0))), g.world)),
    "a tonne more built than flown": ("lift-off", "fails", lambda g: (
        g.vehicle(adapter_kg=1110.0), g.world)),
    "thrust 2 % high": ("mass-flow", "fails", lambda g: (
        g.flown_again(synthetic.Truth(thrust=1.02)), g.world)),
    "specific impulse 1 % low": ("mass-flow", "fails", lambda g: (
        g.flown_again(synthetic.Truth(isp=0.99)), g.world)),
    "settling forgotten": ("mass-between-burns", "fails", lambda g: (
        g.stage("upper", settling_s=50.0, settling_flow_kg_s=0.1), g.world)),
    "half a kilogramme lost without a word": ("mass-between-burns", "fails", lambda g: (
        g.stack(path=bent(leg(g, "stack").path, 6, -0.5, slice(90, None))), g.world)),
    "5 g missing in the budget": ("mass-budget", "fails", lambda g: (
        with_rates(g, propellant_kg=leg(g, "stack").ledger.burns[-1].propellant_kg + 0.005),
        g.world)),
    "separated body missing on the ledger": ("mass-budget", "fails", lambda g: (
        g.ledger(separated_kg={
            k: v for k, v in leg(g, "stack").ledger.separated_kg.items() if k != "fairing"}),
        g.world)),
    "ledger claims 5 m/s more": ("delta-v", "fails", lambda g: (
        with_rates(g, delta_v_m_s=leg(g, "stack").ledger.burns[-1].delta_v_m_s + 5.0), g.world)),
    "ledger's sum is wrong": ("delta-v", "fails", lambda g: (
        g.ledger(delta_v_m_s=leg(g, "stack").ledger.delta_v_m_s + 20.0), g.world)),
    "a core that leaves a second late": ("separation-timers", "fails", lambda g: (
        g.stage("core", separation_delay_s=0.5), g.world)),
    "boosters lit in the air, by their rule": ("ignition-timers", "fails", lambda g: (
        g.stage("boosters", ignition=Ignition("after", "lift-off", 20.0)), g.world)),
    "upper stage lights before its rule": ("ignition-timers", "fails", lambda g: (
        g.stage("upper", ignition=Ignition("after", "core", 4.0)), g.world)),
    "upper stage lights while the core is there": ("ignition-timers", "fails", lambda g: (
        g.stage("upper", ignition=Ignition("free", delay_s=60.0)), g.world)),
    "core leaves without what it did not burn": ("dropped-mass", "fails", lambda g: (
        g.stage("core", load_kg=90_030.0), g.world)),
    "a solid that stops early": ("tanks", "fails", lambda g: (
        g.stage("boosters", solid=True), g.world)),
    "an exhaust velocity for a specific impulse": ("vehicle-units", "fails", lambda g: (
        g.stage("core", isp_vacuum_s=9.80665 * synthetic.CORE.isp_vacuum_s), g.world)),
    "a spacecraft's area in square inches": ("craft-units", "fails", lambda g: (
        g.mission(
            spacecraft=replace(g.flight.mission.spacecraft, drag_area_m2=18_600.0),
            physics=replace(g.flight.mission.physics, drag="nrlmsise00")), g.world)),
    "the site's latitude in radians": ("place-units", "fails", lambda g: (
        g.mission(site=replace(g.flight.mission.site, latitude_rad=51.9)), g.world)),
    "doubt about a figure": ("unusual-figures", "warns", lambda g: (
        g.vehicle(doubts=("a fairing of 50 g on 28 m^2",)), g.world)),
    "curve flown as constant, in the air": ("thrust-in-air", "fails", lambda g: (
        g.stage("core", thrust_curve=((0.0, 1.1), (140.0, 1.0), (280.0, 0.9))), g.world)),
    "curve flown as constant, above it": ("thrust-felt", "fails", lambda g: (
        g.stage("upper", thrust_curve=((0.0, 1.01), (150.0, 1.0), (400.0, 0.99))), g.world)),
    "curve flown as constant, by mass": ("mass-flow", "fails", lambda g: (
        g.stage("core", thrust_curve=((0.0, 1.0), (280.0, 0.99))), g.world)),
    "commanded throttle ignored": ("thrust-felt", "fails", lambda g: (
        throttled(g, 1.0, 0.9), g.world)),
    "commanded throttle ignored, by mass": ("mass-flow", "fails", lambda g: (
        throttled(g, 1.0, 0.9), g.world)),
    "commanded throttle ignored, by velocity": ("delta-v", "fails", lambda g: (
        throttled(g, 1.0, 0.9), g.world)),
    "throttled deeper than the engine goes": ("throttle-range", "fails", lambda g: (
        throttled(g, 1.0, 0.5), g.world)),
    "catalogue's thrust is not the flown one": ("thrust-felt", "fails", lambda g: (
        g.stage("upper", thrust_vacuum_n=357_000.0), g.world)),
    "back-pressure forgotten": ("thrust-in-air", "fails", lambda g: (
        g.stage("boosters", thrust_sea_level_n=None), g.world)),
    "drag on twice the area": ("thrust-in-air", "fails", lambda g: (
        g.vehicle(drag=replace(g.flight.mission.vehicle.drag, area_m2=56.0)), g.world)),
    "thrust step 2 s late": ("thrust-in-air", "fails", lambda g: (
        g.stage("boosters", throttle=((0.0, 1.0), (102.0, 0.8))), g.world)),
    "steering booked as gravity": ("losses", "fails", lambda g: (
        g.ledger(losses_m_s={**leg(g, "stack").ledger.losses_m_s, "steering": 0.0}), g.world)),
    "drag 5 % too small in the ledger": ("losses", "warns", lambda g: (
        g.ledger(losses_m_s={**leg(g, "stack").ledger.losses_m_s,
                             "drag": 0.95 * leg(g, "stack").ledger.losses_m_s["drag"]}), g.world)),
    "losses that do not close": ("losses", "fails", lambda g: (
        g.ledger(losses_m_s={**leg(g, "stack").ledger.losses_m_s,
                             "gravity": leg(g, "stack").ledger.losses_m_s["gravity"] + 0.5}),
        g.world)),
    "tank emptied below its residual": ("tanks", "fails", lambda g: (
        g.stage("upper", residual_kg=6000.0), g.world)),
    "more peroxide spent than carried": ("tanks", "fails", lambda g: (
        g.stage("boosters", consumables=(Consumable("peroxide", 900.0, 9.0),)), g.world)),
    "negative tank": ("tanks", "fails", lambda g: (
        g.ledger(propellant_kg={"upper": -3.0}), g.world)),
    "margin 20 kg too good": ("payload-margin", "fails", lambda g: (
        replace(g.flight, payload=replace(
            g.flight.payload, margin_kg=g.flight.payload.margin_kg + 20.0)), g.world)),
    "carries more than it can": ("payload-margin", "fails", lambda g: (
        replace(g.flight, payload=replace(g.flight.payload, capability_kg=2800.0)), g.world)),
    "no restart left": ("restarts", "fails", lambda g: (g.stage("upper", restarts=0), g.world)),
    "stage never lit": ("restarts", "fails", lambda g: (
        g.ledger(burns=tuple(b for b in leg(g, "stack").ledger.burns if b.stage != "core")),
        g.world)),
    "an engine of few out at lift-off": ("engine-out", "warns", lambda g: (
        g.stage("boosters", engines=1, thrust_sea_level_n=700e3), g.world)),
    "a stage that hangs on one engine": ("engine-out", "warns", lambda g: (
        g.stage("upper", engines=1), g.world)),
    "flown into a tighter q limit": ("dynamic-pressure", "fails", lambda g: (
        g.mission(limits=replace(g.flight.mission.limits, dynamic_pressure_pa=30e3)), g.world)),
    "flown into a tighter q-alpha limit": ("q-alpha", "fails", lambda g: (
        g.mission(limits=replace(g.flight.mission.limits, q_alpha_pa_rad=100.0)), g.world)),
    "still-air flight in a jet across": ("q-alpha", "fails", lambda g: (
        g.mission(
            limits=replace(g.flight.mission.limits, q_alpha_pa_rad=4_000.0),
            wind=WindTable((0.0, 11e3, 20e3), (0.0, 60.0, 10.0), (0.0, 0.0, 0.0), "jet")),
        g.world)),
    "max-q three seconds late": ("max-q-event", "fails", lambda g: (
        shifted(g, "max-q", t_s=75.0), g.world)),
    "fairing off at 150 s": ("heat-flux", "fails", lambda g: (
        g.flown_again(synthetic.Truth(fairing_s=151.0, kick_rad=0.085)), g.world)),
    "tighter g limit": ("axial-acceleration", "fails", lambda g: (
        g.mission(limits=replace(g.flight.mission.limits, axial_acceleration_m_s2=30.0)),
        g.world)),
    "re-flight 80 m off": ("optimum-reflown", "fails", lambda g: (
        g.stack(solve=Solve("collocation", "solved", {
            "insertion_position_m": 80.0, "insertion_velocity_m_s": 0.01})), g.world)),
    "coast bent by 60 m": ("coast-reflown", "fails", lambda g: (bent_coast(g), g.world)),
    "orbit flown in the wrong field": ("orbit-defect", "fails", lambda g: (
        drag_forgotten(g), g.world)),
    "impact moved by 30 km": ("drop-points", "fails", lambda g: (
        g.legs("ascent", "core", impact=replace(
            leg(g, "core").impact,
            latitude_rad=leg(g, "core").impact.latitude_rad + 30e3 / 6371e3)), g.world)),
    "impact outside its zone": ("drop-zones", "fails", lambda g: (
        zoned(g, 2.0), g.world)),
    "core short of where the mission wants it": ("drop-zones", "fails", lambda g: (
        aimed(g, nearest_km=1.0), g.world)),
    "core beyond where the mission wants it": ("drop-zones", "fails", lambda g: (
        aimed(g, farthest_km=-1.0), g.world)),
    "core outside the mission's polygon": ("drop-zones", "fails", lambda g: (
        g.mission(drops=(DropTarget(
            "core", "", zoned(g, 2.0).mission.site.drop_zones[0].polygon_rad),)), g.world)),
    "ellipse larger than its zone": ("drop-zones", "warns", lambda g: (
        zoned(g, 0.0, 0.1), g.world)),
    "pieces flown as one": ("fall-band", "fails", lambda g: (
        areas(g, lambda a: a.object == "boosters", ballistic_kg_m2=tuple(
            4.0 * b for b in area(g, "boosters").ballistic_kg_m2)), g.world)),
    "scatter of the coefficient halved": ("fall-band", "fails", lambda g: (
        areas(g, lambda a: True, halved=True), g.world)),
    "an Earth at rest under the trace": ("impact-trace", "fails", lambda g: (at_rest(g), g.world)),
    "town where the core falls": ("keep-out", "fails", lambda g: (
        town(g, 0.0, 0.3), g.world)),
    "hamlet inside an ellipse": ("keep-out", "warns", lambda g: (
        town(g, 0.15, 0.01), g.world)),
    "core stays in orbit": ("spent-stage-perigee", "fails", lambda g: (
        g.legs("ascent", "core", start=moved(
            leg(g, "spacecraft").start, mass_kg=leg(g, "core").start.mass_kg)), g.world)),
    "flown under the ground": ("above-ground", "fails", lambda g: (
        g.legs("ascent", "core", path=bent(leg(g, "core").path, 2, -90_000.0, slice(-4, None))),
        g.world)),
    "falls back in the first stage": ("above-ground", "fails", lambda g: (
        g.stack(path=bent(leg(g, "stack").path, 2, -9e3, slice(15, None))), g.world)),
    "a node left out": ("orbit-nodes", "fails", lambda g: (
        g.orbit(events=leg(g, "spacecraft").events[2:]), g.world)),
    "a node a second late": ("orbit-nodes", "fails", lambda g: (
        g.orbit(events=tuple(
            replace(e, epoch=e.epoch + 1.0) for e in leg(g, "spacecraft").events)), g.world)),
    "eclipses left out": ("eclipses", "fails", lambda g: (eclipse_events(g, few=True), g.world)),
    "no eclipse told": ("eclipses", "fails", lambda g: (eclipse_events(g, none=True), g.world)),
    "eclipses half a second late": ("eclipses", "fails", lambda g: (
        eclipse_events(g, late=0.5), g.world)),
    "Earth turned 3 arcsec": ("frames", "fails", lambda g: (g.flight, turned(g.world, 3.0))),
    "Earth stretched": ("frames", "fails", lambda g: (g.flight, stretched(g.world))),
    "expired Earth orientation": ("earth-orientation", "warns", lambda g: (
        g.flight, expired(g.world))),
    "space weather made up": ("space-weather", "fails", lambda g: (
        with_drag(g), weather(g.world, f107=900.0))),
    "space weather extrapolated": ("space-weather", "warns", lambda g: (
        with_drag(g), weather(g.world, kind="extrapolated"))),
    "ephemeris ended": ("data-span", "fails", lambda g: (g.flight, short_data(g.world))),
}  # fmt: skip
FAULTS |= MORE


def throttled(g: Ground, first: float, last: float) -> Flight:
    """A plan that throttles the upper stage's first burn; what was flown is full thrust."""
    coefficients = np.array([[1.0, 0.0], [0.5 * (first + last), 0.5 * (last - first)], [1.0, 0.0]])
    burn = next(b for b in leg(g, "stack").ledger.burns if b.stage == "upper")
    breaks = (0.0, burn.start_s + 100.0, burn.end_s, g.flown.release_s)
    plan = planned(g.flight, ThrottleProgramme(breaks, coefficients))
    own = replace(g, flight=g.stage("upper", throttle_range=(0.6, 1.0)))
    return own.stack(plan=plan)


def planned(flight: Flight, throttle: ThrottleProgramme) -> Plan:
    """As little of a plan as carries a throttle."""
    attitude = AttitudeProgramme("launch", (0.0, 1.0), np.zeros((1, 1, 3)))
    epoch = flight.launch.epoch
    return Plan("ascent", "stack", epoch, (), attitude, 0.0, np.eye(3), {}, throttle)


def tilted_again(g: Ground) -> Flight:
    """An orbit launched a degree off: its node drifts by another rate."""
    return g.flown_again(synthetic.Truth(azimuth_off_rad=2.5 * DEG))


def lowered(g: Ground) -> Flight:
    """The ledger's last burn ends where the first did: the perigee is still low."""
    burns = leg(g, "stack").ledger.burns
    return g.ledger(burns=(*burns[:-2], replace(burns[-2], end_s=570.0)))


def bent_coast(g: Ground) -> Flight:
    """Path shifted by 60 m from the middle of the coast on."""
    p = leg(g, "stack").path
    k = int(np.searchsorted(p.breaks_s, g.flown.end1 + 900.0))
    return g.stack(path=bent(p, 1, 60.0, slice(k, None)))


def zoned(g: Ground, off_deg: float, half_deg: float = 0.5) -> Flight:
    """A zone, its centre `off_deg` north of the core's impact."""
    i = leg(g, "core").impact
    zone = synthetic.zone_around(i.latitude_rad + off_deg * DEG, i.longitude_rad, half_deg, "core")
    return g.mission(site=replace(g.flight.mission.site, drop_zones=(zone,)))


def aimed(g: Ground, nearest_km: float | None = None, farthest_km: float | None = None) -> Flight:
    """The core is wanted at a range, its ends so far beyond where it falls."""
    i = leg(g, "core").impact
    site = g.flight.mission.site
    far = float(surface_distance_m(
        site.latitude_rad, site.longitude_rad, i.latitude_rad, i.longitude_rad))  # fmt: skip
    ends = [None if km is None else far + 1e3 * km for km in (nearest_km, farthest_km)]
    return g.mission(drops=(DropTarget("core", nearest_m=ends[0], farthest_m=ends[1]),))


def town(g: Ground, off_deg: float, half_deg: float) -> Flight:
    """A keep-out zone up range from where the core falls."""
    zone = zoned(g, -off_deg, half_deg).mission.site.drop_zones[0]
    keep = KeepOut("town", zone.polygon_rad)
    return g.mission(site=replace(g.flight.mission.site, keep_out=(keep,)))


def area(g: Ground, object: str) -> FallArea:
    return next(a for a in g.flight.range_safety.areas if a.object == object)


def areas(
    g: Ground, which: Callable[[FallArea], bool], halved: bool = False, **changes: Any
) -> Flight:
    """Some fall areas changed; `halved` their scatter from the ballistic coefficient."""

    def changed(a: FallArea) -> FallArea:
        if not which(a):
            return a
        if not halved:
            return replace(a, **changes)
        name = "ballistic coefficient"
        sources = {**a.spread.sources_m, name: 0.5 * a.spread.sources_m[name]}
        return replace(a, spread=replace(a.spread, sources_m=sources))

    safety = g.flight.range_safety
    return replace(
        g.flight, range_safety=replace(safety, areas=tuple(changed(a) for a in safety.areas))
    )


def at_rest(g: Ground) -> Flight:
    """The impact trace over ground that has not moved on during the fall."""
    trace = g.flight.range_safety.trace
    place = trace.place_rad + np.outer(trace.fall_s, [0.0, 7.292115e-5])
    return replace(
        g.flight,
        range_safety=replace(g.flight.range_safety, trace=replace(trace, place_rad=place)),
    )


def with_drag(g: Ground) -> Flight:
    return g.mission(physics=replace(g.flight.mission.physics, drag="nrlmsise00"))


@pytest.fixture(scope="module")
def ground(clean: Flight, flown: Any, shipped_world: World) -> Ground:
    return Ground(clean, flown, shipped_world)


@pytest.fixture(scope="module")
def on_clean(ground: Ground) -> tuple[Finding, ...]:
    return run(ground.flight, ground.world, strict=True)


def of(findings: tuple[Finding, ...], check: str) -> list[Finding]:
    return [f for f in findings if f.check == check]


def test_clean_flight_holds(on_clean: tuple[Finding, ...]) -> None:
    wrong = [f for f in on_clean if f.verdict in ("fails", "warns")]
    assert not wrong, "\n".join(f"{f.check} {f.where}: {f.why}" for f in wrong)
    assert sum(f.verdict == "holds" for f in on_clean) >= 80


def test_every_finding_is_complete(on_clean: tuple[Finding, ...]) -> None:
    assert {f.check for f in on_clean} == {c.name for c in CHECKS} - OF_SOME
    for f in on_clean:
        assert f.why
        assert len(f.roads) == 2
        assert all(f.roads)
        if f.verdict == "holds" and f.limit is not None:
            assert f.margin is not None
            assert f.margin >= 0.0
            assert f.unit
            assert f.where
            assert abs(f.margin) == pytest.approx(abs(f.limit - f.measured), abs=1e-9)


def test_every_check_has_a_fault_it_must_see() -> None:
    # those of a plan in orbit have their own, in test_plan_flown.py, test_spirals.py and
    # test_phase_flown.py and others, and that of a meeting in test_meeting.py
    of_plans = (OF_SOME - OF_SEVERAL) | ALWAYS
    assert {check for check, _, _ in FAULTS.values()} == {c.name for c in CHECKS} - of_plans
    assert len(CHECKS) >= 14
    assert len({c.name for c in CHECKS}) == len(CHECKS)


def test_checks_that_only_warn_are_named() -> None:
    """Of what is planted here each other check fails on something."""
    fails = {check for check, verdict, _ in FAULTS.values() if verdict == "fails"}
    warns = {check for check, verdict, _ in FAULTS.values() if verdict == "warns"}
    assert warns - fails == ONLY_WARN - ALWAYS


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_seen(name: str, ground: Ground, on_clean: tuple[Finding, ...]) -> None:
    check, verdict, plant = FAULTS[name]
    flight, world = plant(ground)
    before = of(on_clean, check)
    assert not [f for f in before if f.verdict in ("fails", "warns")]
    found = of(run(flight, world, strict=True), check)
    assert [f for f in found if f.verdict == verdict], "\n".join(
        f"{f.verdict} {f.measured} {f.limit} {f.where}: {f.why}" for f in found
    )


@pytest.mark.parametrize("name", SOUND)
def test_what_is_sound_holds(name: str, ground: Ground) -> None:
    check, plant = SOUND[name]
    flight, world = plant(ground)
    found = of(run(flight, world, strict=True), check)
    assert found
    assert {f.verdict for f in found} == {"holds"}, [f.why for f in found]


def test_steps_said_as_a_curve_or_as_commands_are_judged_alike(
    ground: Ground, on_clean: tuple[Finding, ...]
) -> None:
    """The boosters' step and the constant thrust of the others, in the other two languages."""
    boosters = replace(synthetic.BOOSTERS, throttle=(), throttle_range=(0.6, 1.0))
    core = replace(synthetic.CORE, thrust_curve=((0.0, 1.0), (100.0, 1.0), (280.0, 1.0)))
    flight = ground.vehicle(stages=(boosters, core, synthetic.UPPER))
    programme = ThrottleProgramme((0.0, 100.0, 115.0, 300.0), np.array([[1.0], [0.8], [1.0]]))
    own = replace(ground, flight=flight)
    said = run(own.stack(plan=planned(flight, programme)), ground.world, strict=True)
    for check in ("mass-flow", "delta-v", "thrust-felt", "thrust-in-air", "losses", "lift-off"):
        for now, then in zip(of(said, check), of(on_clean, check), strict=True):
            assert now.verdict == "holds"
            # tiny differences of large numbers
            assert now.measured == pytest.approx(then.measured, abs=1e-6 * (1.0 + now.limit))
    assert [f.verdict for f in of(said, "throttle-range")] == ["holds"]


def test_faults_that_need_a_good_twin(ground: Ground) -> None:
    """Where the clean flight is not judged, the other direction holds."""
    inside = of(run(zoned(ground, 0.2), ground.world, strict=True), "drop-zones")
    point = [f for f in inside if f.object == "core" and "ellipse" not in f.where]
    assert [f.verdict for f in point] == ["holds"]
    wide = of(run(zoned(ground, 0.0, 3.0), ground.world, strict=True), "drop-zones")
    assert [f.verdict for f in wide if f.object == "core"] == ["holds", "holds"]
    band = of(run(aimed(ground, -1.0, 1.0), ground.world, strict=True), "drop-zones")
    assert [f.verdict for f in band if f.object == "core"] == ["holds"]
    # Lambert's formula against Vincenty's
    assert [f.measured for f in band if f.object == "core"] == pytest.approx([1.0], abs=0.02)
    none = ground.mission(drops=(DropTarget("nose", farthest_m=1e6),))
    lost = [f for f in of(run(none, ground.world), "drop-zones") if f.object == "nose"]
    assert [f.verdict for f in lost] == ["not-judged"]
    lifted = replace(
        ground.mission(site=replace(ground.flight.mission.site, corridors=(
            Corridor(0.0, 95.0 * DEG, "relative"),))).mission, keeps_corridor=False)  # fmt: skip
    off = of(run(replace(ground.flight, mission=lifted), ground.world), "corridor")
    assert [f.verdict for f in off] == ["warns"]
    clear = of(run(town(ground, 3.0, 0.3), ground.world, strict=True), "keep-out")
    assert {f.verdict for f in clear if f.object} == {"holds"}
    three = ground.flight.mission.site
    corners = zoned(ground, 0.2).mission.site.drop_zones[0].polygon_rad
    triangle = replace(zoned(ground, 0.2).mission.site.drop_zones[0], polygon_rad=corners[:3])
    flight = ground.mission(site=replace(three, drop_zones=(triangle,)))
    judged = [f for f in of(run(flight, ground.world), "drop-zones") if f.object == "core"]
    assert judged[0].verdict != "not-judged"
    given = ground.mission(
        space_weather=SpaceWeather(150.0, 150.0, 8.0),
        physics=replace(ground.flight.mission.physics, drag="nrlmsise00"),
    )
    assert {f.verdict for f in of(run(given, ground.world), "space-weather")} == {"holds"}
    drag = of(run(with_drag(ground), ground.world, strict=True), "space-weather")
    assert {f.verdict for f in drag} == {"holds"}
    claim = ground.mission(
        launch=replace(
            ground.flight.mission.launch,
            azimuth=AzimuthClaim(333.0 * DEG, "relative", 1.0 * DEG),
        )
    )
    assert [f.verdict for f in of(run(claim, ground.world), "claimed-azimuth")] == ["holds"]
    raan = ground.flight.orbit.mean.raan_rad
    node = ground.target(raan_rad=Quantity(raan + 2.0 * np.pi - 1e-4, 0.01 * DEG))
    assert [f.verdict for f in of(run(node, ground.world), "node")] == ["holds"]


def test_nothing_flown_is_not_judged_and_never_crashes(ground: Ground) -> None:
    empty = replace(ground.flight, legs=(), orbit=None)
    findings = run(empty, ground.world)
    assert {f.check for f in findings} == {c.name for c in CHECKS} - OF_SOME
    assert "holds" not in {f.verdict for f in findings if f.check.startswith("seam")}
    assert not [f for f in findings if "broke" in f.why]


@pytest.mark.parametrize("missing", ["stack", "spacecraft", "core", "upper"])
def test_a_missing_leg_never_crashes(ground: Ground, missing: str) -> None:
    legs = tuple(g for g in ground.flight.legs if g.object != missing)
    findings = run(replace(ground.flight, legs=legs), ground.world)
    assert not [f for f in findings if "broke" in f.why]


def test_an_error_inside_a_check_is_a_failure_and_not_a_silence(ground: Ground) -> None:
    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise ZeroDivisionError("planted")

    findings = run(ground.flight, Broken())  # type: ignore[arg-type]
    broke = [f for f in findings if "broke" in f.why]
    assert broke
    assert {f.verdict for f in broke} == {"fails"}
    assert "planted" in broke[0].why
    with pytest.raises(ZeroDivisionError, match="planted"):
        run(ground.flight, Broken(), strict=True)  # type: ignore[arg-type]

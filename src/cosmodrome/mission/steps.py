"""Steps of a plan: what a spacecraft does after its release, or after a start in orbit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cosmodrome.formats.impulses import Impulses
    from cosmodrome.mission.nouns import Start
    from cosmodrome.world.daylight import Light
    from cosmodrome.world.epoch import Epoch

__all__ = [
    "AXES",
    "B_PLANE",
    "OF_THE_MOON",
    "QUANTITIES",
    "SPHERE",
    "Axes",
    "Coast",
    "Condition",
    "Deorbit",
    "Land",
    "Manoeuvre",
    "Phase",
    "Release",
    "Rise",
    "Solve",
    "StationKeep",
    "Stay",
    "Step",
    "ToLibration",
    "ToMoon",
    "Transfer",
    "Until",
]

Axes = Literal["vnc", "rtn", "gcrf", "tod", "moon-equator"]
#: what each of the axes is, in words
AXES: dict[str, str] = {
    "vnc": "along the inertial velocity, along r x v, and their product",
    "rtn": "radial outward, in the plane along the motion, along r x v",
    "gcrf": "geocentric celestial reference frame",
    "tod": "true equator and equinox of date",
    "moon-equator": "the Moon's equator of date, x at its node on the GCRF's",
}
#: kind of the event at the edge of the Moon's sphere of influence, 66,000 km from it
SPHERE = "moon sphere"


@dataclass(frozen=True, slots=True)
class Until:
    """An event that ends a coast.

    kind        "ascending node", "descending node", "periapsis", "apoapsis", "umbra entry",
                "umbra exit", "penumbra entry", "penumbra exit", "altitude", or SPHERE
    altitude_m  geodetic (about the Moon above 1,737.4 km), where the kind is "altitude": crossed
                in either sense
    body        the event is one about it; "": about whatever body the flight is counted from
    count       which occurrence after the start of the coast; one at the start itself is none
    within_s    how long it is waited for
    """

    kind: str
    altitude_m: float = 0.0
    count: int = 1
    within_s: float = 30.0 * 86_400.0
    body: str = ""

    def about(self, centre: str) -> bool:
        """Does it happen in a flight that is counted from this body?"""
        return self.body in ("", centre)

    def __str__(self) -> str:
        what = f"altitude {self.altitude_m / 1e3:g} km" if self.kind == "altitude" else self.kind
        if self.body == "moon":
            what = {"periapsis": "perilune", "apoapsis": "apolune"}.get(what, what)
        return what if self.count == 1 else f"{what}, number {self.count}"


@dataclass(frozen=True, slots=True)
class Coast:
    """Fly on without thrust: for a time after the step before, or until an instant or an event.

    free     the time is to be found, by the Solve that holds the step
    goes_on  it goes on in the next leg, counted from another body
    part_of  the name of the step whose planner chose it; "" where the plan itself says it
    impulses  small ones on the way, by the spacecraft's thrusters, all of them inside the coast;
             not where it ends at an event
    """

    duration_s: float | None = None
    until: Until | Epoch | None = None
    free: bool = False
    part_of: str = ""
    goes_on: bool = False
    impulses: Impulses | None = None


@dataclass(frozen=True, slots=True)
class Manoeuvre:
    """One burn, told by exactly one of velocity change, time and propellant.

    free_size, free_direction: these are to be found, by the Solve that holds the step.

    direction     of the thrust, (3,) of any length, in `axes`; rtn and vnc turn with the orbit
    delta_v_m_s   Isp g0 ln(m0 / m1), the ideal velocity change
    duration_s    from ignition to cut-off
    propellant_kg  burnt
    impulsive     at one instant, as if the thrust had no end; else by the spacecraft's engine
    name          as events call it
    part_of       the name of the step whose planner chose it; "" where the plan itself says it
    timer_s       the longest it may last, whatever else should have ended it; None: not stated
    """

    direction: tuple[float, float, float]
    axes: Axes = "vnc"
    delta_v_m_s: float | None = None
    duration_s: float | None = None
    propellant_kg: float | None = None
    impulsive: bool = False
    name: str = "burn"
    free_size: bool = False
    free_direction: bool = False
    part_of: str = ""
    timer_s: float | None = None


#: what a condition may ask of the orbit that a sequence leaves, by the unit it is written in
QUANTITIES: dict[str, str] = {
    "semi_major_axis": "length",
    "perigee": "length",
    "apogee": "length",
    "eccentricity": "ratio",
    "period": "time",
    "inclination": "angle",
    "raan": "angle",
    "argument_of_perigee": "angle",
    "argument_of_latitude": "angle",
    "longitude": "angle",
    "altitude": "length",
    "perilune": "length",
    "apolune": "length",
    "argument_of_perilune": "angle",
    "b_dot_t": "length",
    "b_dot_r": "length",
}
#: the two numbers of the B-plane (Kizner 1961): where a hyperbola's asymptote pierces the plane
#: across it; T along S x pole, R = S x T, the pole that of the equator of date
B_PLANE = ("b_dot_t", "b_dot_r")
#: what a quantity of an orbit about the Moon is called about the Earth
OF_THE_MOON = {
    "perilune": "perigee",
    "apolune": "apogee",
    "argument_of_perilune": "argument_of_perigee",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What the orbit must be where a sequence ends; osculating, true equator of date.

    About the Moon: its equator of date, heights above 1,737,400 m, longitude in mean-Earth axes.

    quantity   of QUANTITIES: semi_major_axis, m; perigee and apogee, m above 6,378,137 m;
               period, s; angles in rad; longitude of the sub-satellite point; altitude geodetic.
               perilune, apolune and argument_of_perilune ask for an orbit about the Moon;
               b_dot_t and b_dot_r, m, for a hyperbola
    tolerance  half-width that is accepted
    """

    quantity: str
    value: float
    tolerance: float


@dataclass(frozen=True, slots=True)
class Solve:
    """A sequence some of whose numbers are to be found so that it meets conditions where it ends.

    Where there is more to find than to meet, the least velocity change is sought.
    """

    steps: tuple[Coast | Manoeuvre, ...]
    conditions: tuple[Condition, ...]
    name: str = "target"


@dataclass(frozen=True, slots=True)
class Transfer:
    """To another orbit: by a number of burns at full thrust with the least propellant, or by low
    thrust over many revolutions in the least time.

    conditions  semi_major_axis, perigee, apogee, eccentricity, period, inclination, raan and
                argument_of_perigee, osculating at the last cut-off; what is not named is free
    burns       how many; not read where `low_thrust` is set
    eclipses    does low thrust rest in the Earth's shadow?
    within_s    the longest it may take, by at most so many burns; None: as long as is cheapest
    """

    conditions: tuple[Condition, ...]
    burns: int = 2
    name: str = "transfer"
    low_thrust: bool = False
    eclipses: bool = True
    within_s: float | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """To another place along the orbit, or to an object in nearly the same one; then no drift.

    Where it ends the orbit is the one at the start but for the phase, or that of the object. One
    of `condition` and `object` says where to.

    condition   longitude, or argument of latitude, at the end
    object      which orbit the object is in; `object_id` as events and tables call it
    behind_m    along the object's track, below zero ahead of it; `below_m` under its orbit, at a
                height difference that stays (coelliptic); `tolerance_m` half-width of each
    within_s, at, revolutions  one of them: the longest it may take, the instant of arrival, or how
                many revolutions it takes
    plane       is the plane matched too?
    impulsive   burns at one instant; else by the spacecraft's engine
    """

    condition: Condition | None = None
    object: Start | None = None
    object_id: str = "object"
    behind_m: float = 0.0
    below_m: float = 0.0
    tolerance_m: float = 1_000.0
    within_s: float | None = None
    at: Epoch | None = None
    revolutions: int | None = None
    plane: bool = True
    impulsive: bool = False
    name: str = "phase"


@dataclass(frozen=True, slots=True)
class Release:
    """Let go of what the spacecraft carries: a spring pushes both apart, at one instant.

    object     id of what is released
    speed_m_s  of the one from the other; each gets its part by the other's mass
    direction  of what is released, (3,) of any length, in `axes`
    coast_s    how long it is followed; None: to the end of the mission, or of its own plan
    name       as events call it
    """

    object: str
    speed_m_s: float = 1.0
    direction: tuple[float, float, float] = (-1.0, 0.0, 0.0)
    axes: Axes = "vnc"
    coast_s: float | None = None
    name: str = "release"


@dataclass(frozen=True, slots=True)
class StationKeep:
    """Hold an orbit for a time by burns whose instants and sizes the planner chooses.

    altitude     mean semi-major axis less 6,378,137 m, and half-width of its band, m
    orbit        a libration orbit in words, near which the path stays
    every_s      of that: between burns; None: once a revolution, of a harsh orbit twice
    known        of that: how well place, m, and velocity, m/s, are known at a burn, 3 sigma of
                 each component; what is told depends on it
    longitude    of the sub-satellite point of a geostationary orbit, and half-width, rad
    inclination  largest, osculating against the true equator of date, rad
    """

    duration_s: float
    altitude: tuple[float, float] | None = None
    longitude: tuple[float, float] | None = None
    inclination: float | None = None
    name: str = "station keeping"
    orbit: str = ""
    every_s: float | None = None
    known: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Deorbit:
    """Leave the orbit for good, by one of three rules.

    within_s   it decays of itself within so long; the least lowering of the perigee is sought
    perigee    osculating, above 6,378,137 m, and half-width, m
    graveyard  above the geostationary orbit for good: perigee 235 km + 1000 C_R A/m above it,
               e below 0.003 (IADC Space Debris Mitigation Guidelines, 5.3.1)
    burns      how many; None: as many as the thrust needs
    """

    within_s: float | None = None
    perigee: tuple[float, float] | None = None
    graveyard: bool = False
    burns: int | None = None
    name: str = "disposal"


@dataclass(frozen=True, slots=True)
class ToMoon:
    """From an orbit about the Earth, or from a way to the Moon, into an orbit about the Moon.

    perilune_m, apolune_m   heights above 1,737,400 m, osculating, and half-width `tolerance_m`
    inclination_rad  to the Moon's equator; None: the least that the arrival allows, `retrograde` or
                     with the Moon's own turning
    planes_rad   (lowest, highest) inclination, of which the one is taken that brings the landing
                 after this step where and when it is wanted; None: inclination_rad says it
    turn_m_s     the most that the insertion may take more to turn into such a plane
    flight_s     from the injection to the perilune
    flights_s    (shortest, longest) of it, for the sake of that landing; None: flight_s alone
    within_s     the injection comes within so long of the start of the step
    passing      "north" or "south" of the Moon's equator at the arrival; None: the cheaper
    corrections_s  burns on the way, so long after the injection (or the start of the step, where
                   the way is already entered)
    loops        of an ellipse that is raised at its perigee: heights of the apogees above
                 6,378,137 m, and how often each is flown; about so, the Moon sets the time
    capture_m    heights of the apolunes on the way to the last orbit
    beta_rad     (lowest, highest) angle of the Sun to the plane about the Moon, of its absolute
                 value, at the arrival; None: any
    impulsive    burns at one instant; else by the spacecraft's engine
    perigee_m    height above 6,378,137 m, and half-width, that the way comes back to if nothing is
                 done after the injection, whose time of flight is found; None: it need not
    pass_m       height of the perilune of that way; None: that of the orbit
    around       no orbit about the Moon is entered: the perilune is passed at `perilune_m`, and the
                 flight ends where it comes back
    low_energy_s   (shortest, longest) flight by the Sun's pull; None: directly, in `flight_s`
    aimed        what a launch aimed at: instant of the perilune, node and argument there (moon-me),
                 rad, and speed, m/s; None without a launch
    """

    perilune_m: float
    apolune_m: float
    tolerance_m: float = 2e3
    inclination_rad: float | None = None
    retrograde: bool = False
    flight_s: float = 4.0 * 86_400.0
    within_s: float = 30.0 * 86_400.0
    passing: Literal["north", "south"] | None = None
    corrections_s: tuple[float, ...] = ()
    capture_m: tuple[float, ...] = ()
    beta_rad: tuple[float, float] | None = None
    impulsive: bool = False
    name: str = "to the Moon"
    loops: tuple[tuple[float, int], ...] = ()
    planes_rad: tuple[float, float] | None = None
    flights_s: tuple[float, float] | None = None
    turn_m_s: float = 0.0
    perigee_m: tuple[float, float] | None = None
    pass_m: float | None = None
    around: bool = False
    low_energy_s: tuple[float, float] | None = None
    aimed: tuple[Epoch, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class ToLibration:
    """From an orbit about the Earth, or from a way out, to a libration orbit.

    orbit          in words, as `libration_text` reads them; of Sun and Earth the path is what goes
                   round the point there, as near that orbit as the plane of the departure allows;
                   of Earth and Moon the corrected path of the orbit, entered by an insertion
    corrections_s  burns so long after the injection (or the start of the step, where the way is
                   already entered); of Sun and Earth the last enters the path that is followed
    revolutions    for which that path is found
    apart_m        how far from the orbit the path may be; None: a fifth of half its width
    within_s       of Earth and Moon: the injection comes within so long
    impulsive      burns at one instant; else by the spacecraft's engine
    """

    orbit: str
    corrections_s: tuple[float, ...]
    revolutions: int = 2
    apart_m: float | None = None
    within_s: float = 86_400.0
    impulsive: bool = False
    name: str = "to the libration point"


@dataclass(frozen=True, slots=True)
class Land:
    """From an orbit about the Moon to a site on it.

    latitude_rad, longitude_rad   mean-Earth; height_m above 1,737,400 m, None: the terrain's
    throttle      least and most part of the engine's full thrust
    perilune_m    of the descent orbit, above 1,737,400 m
    high_gate_m   height above the site's where braking ends, at the least
    low_gate_m    height where the vertical end begins; sink_m_s at most there
    glide_slope_rad  least elevation of the craft seen from the site between the gates
    rate_rad_s    most the thrust direction turns
    touchdown_m_s downward speed there
    reserve_kg    of the propellant, not to be touched
    after_s, within_s  the least and the most it waits for the site to lie in the plane, to
                  `cross_m` of it
    light         the Sun over the site at the touchdown; None: any
    window        (first, last) instant of the touchdown; None: any
    braking       the part of full thrust that braking is held to, of an engine that burns fully or
                  throttled; None: it has the range of the rest
    insertion     is there a burn into a descent orbit? Else the orbit is one, and `perilune_m` is
                  not read
    """

    latitude_rad: float
    longitude_rad: float
    height_m: float | None = None
    throttle: tuple[float, float] = (0.1, 1.0)
    perilune_m: float = 18e3
    high_gate_m: float = 1500.0
    low_gate_m: float = 30.0
    sink_m_s: float = 3.0
    glide_slope_rad: float = 0.3
    rate_rad_s: float = 0.0873
    touchdown_m_s: float = 1.0
    reserve_kg: float = 0.0
    within_s: float = 3.0 * 86_400.0
    cross_m: float = 20e3
    name: str = "landing"
    light: Light | None = None
    window: tuple[Epoch, Epoch] | None = None
    after_s: float = 0.0
    braking: float | None = None
    insertion: bool = True


@dataclass(frozen=True, slots=True)
class Stay:
    """At rest on the ground of the Moon: for a time, or until an instant.

    part_of  the name of the step that waits so for its lift-off; "" where the plan itself says it
    """

    duration_s: float | None = None
    until: Epoch | None = None
    name: str = "stay"
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class Rise:
    """From the ground of the Moon into an orbit about it, at full thrust with the least propellant.

    perilune_m, apolune_m  heights above 1,737,400 m, osculating, and half-width `tolerance_m`;
                 the engine stops at the perilune
    inclination_rad  to the Moon's equator; None: the least that the place allows, `retrograde` or
                 with the Moon's own turning
    going        which way an inclined plane is left to; None: north
    object       id of what rises, of what the spacecraft carries; the rest stays on the ground.
                 "": all of it rises
    other        the orbit of a craft whose plane it rises into, `other_id` as tables call it, to be
                 `behind_m` of it along its track at cut-off; None: it rises at once
    within_s     how long it may wait for that, with the place within `cross_m` of the plane
    rise_s       vertical rise before it may turn, by `rate_rad_s` at most
    reserve_kg   of the propellant, not to be touched
    """

    perilune_m: float
    apolune_m: float
    tolerance_m: float = 2e3
    inclination_rad: float | None = None
    retrograde: bool = False
    going: Literal["north", "south"] | None = None
    object: str = ""
    other: Start | None = None
    other_id: str = "object"
    behind_m: float = 0.0
    within_s: float = 86_400.0
    cross_m: float = 20e3
    rise_s: float = 10.0
    rate_rad_s: float = 0.0873
    reserve_kg: float = 0.0
    name: str = "ascent"


Step = (
    Land
    | Coast
    | Manoeuvre
    | Solve
    | Transfer
    | Phase
    | Release
    | Rise
    | StationKeep
    | Stay
    | Deorbit
    | ToMoon
    | ToLibration
)

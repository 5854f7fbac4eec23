"""The mission: what is intended, frozen, SI inside, every name resolved in the catalogue."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from cosmodrome.catalog.nouns import DropZone, Limits
from cosmodrome.errors import InputError
from cosmodrome.mission.starts import Start, StartElements, StartState
from cosmodrome.mission.steps import (
    Coast,
    Condition,
    Deorbit,
    Land,
    Manoeuvre,
    Solve,
    StationKeep,
    Step,
    ToLibration,
    ToMoon,
    Transfer,
    Until,
)
from cosmodrome.mission.surroundings import PhysicsModel, SpaceWeather, WindTable
from cosmodrome.world.bodies import G0

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Site, Station, Vehicle
    from cosmodrome.mission.avoiding import Avoid
    from cosmodrome.mission.onboard import ImagedSite, PowerSystem, Radio
    from cosmodrome.mission.planted_file import PlantedFault
    from cosmodrome.world.epoch import Epoch

__all__ = [
    "AzimuthClaim",
    "Coast",
    "Condition",
    "CraftEngine",
    "Deorbit",
    "Land",
    "DropTarget",
    "Launch",
    "Manoeuvre",
    "Meet",
    "AnyMission",
    "Mission",
    "OrbitMission",
    "Passenger",
    "PhysicsModel",
    "Quantity",
    "Solve",
    "Spacecraft",
    "SpaceWeather",
    "Start",
    "StartElements",
    "StartState",
    "Step",
    "Target",
    "StationKeep",
    "ToLibration",
    "ToMoon",
    "Transfer",
    "Until",
    "Visibility",
    "WindTable",
    "WindowConditions",
]


TargetKind = Literal[
    "sun-synchronous",
    "circular",
    "elliptic",
    "frozen",
    "repeat",
    "gto",
    "geostationary",
    "molniya",
    "tundra",
    "medium",
    "c3",
    "lunar-orbit",
    "libration",
    "state",
]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A wanted value and its acceptance half-width, SI."""

    value: float
    tolerance: float


@dataclass(frozen=True, slots=True)
class CraftEngine:
    """What a spacecraft thrusts with: constant thrust in vacuum, and specific impulse.

    The ideal velocity change is Tsiolkovsky's (1903), c ln(m0 / m1). Raises InputError for an
    engine that moves nothing.
    """

    thrust_n: float
    isp_s: float

    def __post_init__(self) -> None:
        if not (0.0 < self.thrust_n < math.inf and 0.0 < self.isp_s < math.inf):
            raise InputError(
                f"an engine of {self.thrust_n} N at {self.isp_s} s moves nothing; give a positive"
                " thrust and specific impulse"
            )

    @property
    def exhaust_m_s(self) -> float:
        """Effective exhaust velocity c = g0 Isp."""
        return G0 * self.isp_s

    @property
    def flow_kg_s(self) -> float:
        """Mass flow, thrust over exhaust velocity."""
        return self.thrust_n / self.exhaust_m_s

    def delta_v_m_s(self, mass_kg: float, burnt_kg: float) -> float:
        """What a spacecraft of that mass gains by burning so much."""
        return self.exhaust_m_s * math.log(mass_kg / (mass_kg - burnt_kg))

    def burnt_kg(self, mass_kg: float, delta_v_m_s: float) -> float:
        """What it takes to gain so much."""
        return -mass_kg * math.expm1(-delta_v_m_s / self.exhaust_m_s)


@dataclass(frozen=True, slots=True)
class Spacecraft:
    """mass_kg None: `mass: maximum`, the capability is solved for.

    adapter_kg        what carries it, beside the vehicle's own adapter
    adapter_leaves_s  seconds after its release that the adapter separates; None: it stays
    engine            its own, which the burns of the plan use; None: it has none
    propellant_kg     what of its mass the engine and the thrusters can burn
    radio, power      what it talks with and lives on; None: not told. Neither changes the flight
    shadow_s          the longest it bears to be in shadow; None: not told
    carries           what it can release in orbit, part of its mass
    plan              of what is carried: the steps it flies after its release; (): it coasts
    thrusters         one of those that give small impulses: its thrust and specific impulse
    """

    id: str
    mass_kg: float | None
    drag_area_m2: float
    drag_coefficient: float
    srp_area_m2: float
    reflectivity: float
    adapter_kg: float = 0.0
    adapter_leaves_s: float | None = None
    engine: CraftEngine | None = None
    propellant_kg: float = 0.0
    radio: Radio | None = None
    power: PowerSystem | None = None
    carries: tuple[Spacecraft, ...] = ()
    plan: tuple[Step, ...] = ()
    shadow_s: float | None = None
    thrusters: CraftEngine | None = None

    def carried(self, id: str) -> Spacecraft:
        """What it carries under that name. Raises KeyError."""
        return {c.id: c for c in self.carries}[id]

    @property
    def adapter_id(self) -> str:
        """The name under which its adapter separates."""
        return f"{self.id}-adapter"


@dataclass(frozen=True, slots=True)
class AzimuthClaim:
    """A launch azimuth claimed in the file: checked, never an override; rad clockwise from N."""

    value_rad: float
    kind: Literal["inertial", "relative"]
    tolerance_rad: float


@dataclass(frozen=True, slots=True)
class WindowConditions:
    """What a lift-off must meet beside the plane; None: anything serves. Ranges are (low, high).

    sun_elevation_rad    of the Sun's centre over the pad at lift-off, without refraction
    release              in full sunlight, or in umbra
    beta_rad             of the Sun above the orbit plane, signed
    eclipse_free_orbits  revolutions after release without any shadow of Earth or Moon
    branch               northward (ascending) or southward over the pad
    inside_corridor      a heading outside every corridor of the site does not serve
    phase_rad            how far an object to be met is ahead at release
    """

    sun_elevation_rad: tuple[float, float] | None = None
    release: Literal["sunlit", "shadow"] | None = None
    beta_rad: tuple[float, float] | None = None
    eclipse_free_orbits: float | None = None
    branch: Literal["ascending", "descending"] | None = None
    inside_corridor: bool = False
    phase_rad: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Meet:
    """An object in orbit to be met, and when: seconds from release until both planes are one."""

    start: Start
    after_s: float


@dataclass(frozen=True, slots=True)
class Launch:
    """Either a fixed instant of first motion, or a window.

    node        of a fixed instant: "follows" from it, or is "held" where the target wants it, the
                ascent turning its plane on the way
    conditions  that the lift-off chosen from a window must meet
    meet        an object whose plane gives the node wanted
    """

    time: Epoch | None = None
    window: tuple[Epoch, Epoch] | None = None
    azimuth: AzimuthClaim | None = None
    node: Literal["follows", "held"] = "follows"
    conditions: WindowConditions = field(default_factory=WindowConditions)
    meet: Meet | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A wanted orbit. Quantities absent (None) are free.

    semi_major_axis_m  mean a (altitude + 6,378,137 m); None where c3_m2_s2 stands for it
    ltan_s             local mean solar time of the ascending node, seconds of day
    node               which crossing the launch uses is not here: both azimuths are solved
    inclination_tolerance_rad  half-width where the inclination itself follows from the kind
                       (sun-synchronous); None where `inclination_rad` carries its own
    perigee_at_either_node   the argument of perigee and its opposite serve alike (gto)
    c3_m2_s2           v^2 - 2 mu / r of the departure, twice its energy; below zero: bound
    declination_rad    of the outgoing asymptote of a departure (of the apogee where it is bound)
    plane_of           the target whose mean inclination this one takes (`inclination: same`)
    sun_synchronous    its node turns with the mean Sun, which gives the inclination
    repeat             the ground track closes after (revolutions, nodal days)
    longitude_rad      geographic, of the slot (geostationary) or of the apogee (tundra): where the
                       orbit is to be kept, not what an ascent aims at
    right_ascension_rad  of the outgoing asymptote
    going              is that direction passed going north or south? None: either serves
    """

    kind: TargetKind
    semi_major_axis_m: Quantity | None
    eccentricity: Quantity | None
    inclination_rad: Quantity | None = None
    raan_rad: Quantity | None = None
    argument_of_perigee_rad: Quantity | None = None
    ltan_s: Quantity | None = None
    inclination_tolerance_rad: float | None = None
    perigee_at_either_node: bool = False
    c3_m2_s2: Quantity | None = None
    declination_rad: Quantity | None = None
    plane_of: Target | None = None
    sun_synchronous: bool = False
    repeat: tuple[int, int] | None = None
    longitude_rad: Quantity | None = None
    right_ascension_rad: Quantity | None = None
    going: Literal["northbound", "southbound"] | None = None

    @property
    def turns_with_sun(self) -> bool:
        """Does its inclination follow from the pace of the mean Sun?"""
        return self.sun_synchronous or self.kind == "sun-synchronous"


@dataclass(frozen=True, slots=True)
class Passenger:
    """One more spacecraft of a flight, released after those before it.

    target   its orbit; None: that of the one before
    after_s  seconds after the release before it, where it shares that orbit
    """

    spacecraft: Spacecraft
    target: Target | None = None
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Visibility:
    """An event of the ascent that one of the stations must see, each above its own mask.

    event   as the table of events calls it
    since   the event from which on it is to be seen until then; "": at the event alone
    """

    event: str
    stations: tuple[Station, ...]
    since: str = ""

    def __str__(self) -> str:
        what = f"from {self.since} until {self.event}" if self.since else self.event
        return f"{what} in view of {' or '.join(s.id for s in self.stations)}"


@dataclass(frozen=True, slots=True)
class DropTarget:
    """Where a dropped body must fall: inside a polygon, or at a ground range from the pad.

    body          a stage of the vehicle, or "fairing"
    name          of the site's drop zone, or empty
    polygon_rad   geodetic (latitude, longitude) corners; empty where a range is asked
    nearest_m, farthest_m   geodesic from the pad; None is no bound
    margin_m      that the nominal impact keeps from every edge
    """

    body: str
    name: str = ""
    polygon_rad: tuple[tuple[float, float], ...] = ()
    nearest_m: float | None = None
    farthest_m: float | None = None
    margin_m: float = 1_000.0


@dataclass(frozen=True, slots=True)
class Mission:
    """What is intended. `resolved` is the mission file with every default written out.

    spacecraft, target   the primary spacecraft, which is released first, and its orbit
    passengers           what is released after it, in order
    objective  what the ascent is best in: "payload" where the mass is free, else "margin", the
               propellant left, or "time" to release; None: payload or margin, by the mass
    keeps_corridor  must the heading at the end of the first stage lie in a corridor of the site?
    keeps_clear     must nothing that is dropped fall into a keep-out zone of the site?
    stations        all that the file lists, whether a rule of visibility names them or not
    """

    name: str
    site: Site
    vehicle: Vehicle
    spacecraft: Spacecraft
    launch: Launch
    target: Target
    limits: Limits = field(default_factory=Limits)
    plan: tuple[Step, ...] = ()
    physics: PhysicsModel = field(default_factory=PhysicsModel)
    space_weather: SpaceWeather | None = None
    visibility: tuple[Visibility, ...] = ()
    objective: Literal["payload", "margin", "time"] | None = None
    wind: WindTable | None = None
    source: str = ""
    resolved: str = ""
    passengers: tuple[Passenger, ...] = ()
    keeps_corridor: bool = True
    keeps_clear: bool = True
    drops: tuple[DropTarget, ...] = ()
    stations: tuple[Station, ...] = ()
    imaging: tuple[ImagedSite, ...] = ()
    avoid: tuple[Avoid, ...] = ()
    faults: tuple[PlantedFault, ...] = ()

    @property
    def air(self) -> str:
        """What blows, in words."""
        return "still air" if self.wind is None else self.wind.text

    @property
    def crafts(self) -> tuple[Spacecraft, ...]:
        """Every spacecraft in the order of release."""
        return (self.spacecraft, *(p.spacecraft for p in self.passengers))

    def of(self, id: str) -> Mission:
        """The mission as one of its spacecraft sees it: itself, its own orbit, and no other; what
        is carried sees its own plan."""
        target = self.target
        if id == self.spacecraft.id:
            return self if not self.passengers else replace(self, passengers=())
        for p in self.passengers:
            target = p.target or target
            if p.spacecraft.id == id:
                return replace(self, spacecraft=p.spacecraft, target=target, passengers=())
        craft = self.spacecraft.carried(id)
        return replace(self, spacecraft=craft, plan=craft.plan, passengers=())

    def weighing(self, id: str, mass_kg: float) -> Mission:
        """The mission with another mass of one of its spacecraft."""
        if id == self.spacecraft.id:
            return replace(self, spacecraft=replace(self.spacecraft, mass_kg=mass_kg))
        return replace(
            self,
            passengers=tuple(
                replace(p, spacecraft=replace(p.spacecraft, mass_kg=mass_kg))
                if p.spacecraft.id == id
                else p
                for p in self.passengers
            ),
        )

    @property
    def zoned_site(self) -> Site:
        """The site with the outlines that `drops` gives of its own among the drop zones."""
        own = tuple(
            DropZone(d.name or f"{d.body}, as asked", d.body, d.polygon_rad)
            for d in self.drops
            if d.polygon_rad and not d.name
        )
        return replace(self.site, drop_zones=(*self.site.drop_zones, *own)) if own else self.site


@dataclass(frozen=True, slots=True)
class OrbitMission:
    """What is intended from a start in orbit on. `resolved` as of a Mission.

    target  the orbit that the last step of the plan must leave it in; None: any
    """

    name: str
    start: Start
    spacecraft: Spacecraft
    plan: tuple[Step, ...] = ()
    target: Target | None = None
    physics: PhysicsModel = field(default_factory=PhysicsModel)
    space_weather: SpaceWeather | None = None
    stations: tuple[Station, ...] = ()
    source: str = ""
    resolved: str = ""
    imaging: tuple[ImagedSite, ...] = ()
    avoid: tuple[Avoid, ...] = ()
    faults: tuple[PlantedFault, ...] = ()

    @property
    def crafts(self) -> tuple[Spacecraft, ...]:
        """Every spacecraft: the one."""
        return (self.spacecraft,)

    @property
    def passengers(self) -> tuple[Passenger, ...]:
        """None: one spacecraft begins in orbit."""
        return ()

    @property
    def wind(self) -> WindTable | None:
        """None: nothing blows in orbit."""
        return None

    def of(self, id: str) -> OrbitMission:
        """The mission as its spacecraft sees it, or one that it carries, which has no target and a
        plan of its own."""
        if id == self.spacecraft.id:
            return self
        craft = self.spacecraft.carried(id)
        return replace(self, spacecraft=craft, plan=craft.plan, target=None)


AnyMission = Mission | OrbitMission

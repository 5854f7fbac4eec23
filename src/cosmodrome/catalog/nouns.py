"""Site and Vehicle: what is built and where it stands, in SI, every figure with its source.

Frozen dataclasses behind which no unit and no pydantic lives. `figures` maps a dotted path
("stages.core.thrust_vacuum_n") to the source and status of that figure.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from cosmodrome.catalog.antennas import GroundAntenna

__all__ = [
    "AttitudeReference",
    "Consumable",
    "Corridor",
    "DragTable",
    "DropZone",
    "Failure",
    "Fairing",
    "Figure",
    "Ignition",
    "Jettison",
    "KeepOut",
    "Limits",
    "Pad",
    "Published",
    "Rating",
    "Site",
    "Stage",
    "Station",
    "Vehicle",
]

Status = Literal["published", "estimated", "measured"]


@dataclass(frozen=True, slots=True)
class Figure:
    """Where a number comes from; `text` is the figure as its file writes it."""

    source: str
    status: Status
    note: str = ""
    text: str = ""


_NO_FIGURES: Mapping[str, Figure] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Corridor:
    """Launch azimuths that range safety allows, clockwise from `first` to `last`, rad.

    `kind` says of what: the inertial azimuth, or the heading of the Earth-relative velocity at
    the end of the first stage. first = 340 deg, last = 95 deg passes through north.
    """

    first_rad: float
    last_rad: float
    kind: Literal["inertial", "relative"] = "relative"


@dataclass(frozen=True, slots=True)
class DropZone:
    """Where a spent body may fall: a polygon of geodetic (latitude, longitude), rad."""

    name: str
    body: str
    polygon_rad: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Pad:
    """Another pad of a site; geodetic WGS84, at the site's height."""

    id: str
    latitude_rad: float
    longitude_rad: float


@dataclass(frozen=True, slots=True)
class Station:
    """A ground station, geodetic WGS84.

    mask_rad        the least elevation it sees at; with a table, the table's highest
    mask_table_rad  (azimuth, elevation) in order of azimuth, [0, 2 pi), read linearly and around
                    the turn; empty: one elevation for all azimuths
    antenna         what it hears and sends with; None: not told
    """

    id: str
    latitude_rad: float
    longitude_rad: float
    height_m: float
    mask_rad: float
    mask_table_rad: tuple[tuple[float, float], ...] = ()
    antenna: GroundAntenna | None = None


@dataclass(frozen=True, slots=True)
class KeepOut:
    """Where nothing may fall: a polygon of geodetic (latitude, longitude), rad."""

    name: str
    polygon_rad: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A pad. Latitude and longitude geodetic WGS84, height above the ellipsoid.

    pads          the site's other pads
    inclinations  ((lowest, highest), ...) that are named for the site, rad; a single one has both
                  alike. Words of the sources, no limit: corridors limit.
    """

    id: str
    name: str
    pad: str
    country: str
    latitude_rad: float
    longitude_rad: float
    height_m: float
    corridors: tuple[Corridor, ...] = ()
    drop_zones: tuple[DropZone, ...] = ()
    keep_out: tuple[KeepOut, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=lambda: _NO_FIGURES)
    notes: tuple[str, ...] = ()
    pads: tuple[Pad, ...] = ()
    inclinations_rad: tuple[tuple[float, float], ...] = ()

    def at_pad(self, id: str) -> Site:
        """The same site with another of its pads as the place of launch. Raises KeyError."""
        if id == self.pad:
            return self
        for pad in self.pads:
            if pad.id == id:
                return replace(
                    self, pad=id, latitude_rad=pad.latitude_rad, longitude_rad=pad.longitude_rad
                )
        raise KeyError(id)


@dataclass(frozen=True, slots=True)
class Ignition:
    """When a stage first lights.

    with  "lift-off": burning at t = 0 (`at_s` <= 0 is engine start, before first motion)
          "after": `delay_s` after the cut-off of stage `stage` (negative: hot staging overlap);
          with `stage` "lift-off", `delay_s` after first motion (air-lit boosters)
          "free": at a moment the plan chooses, not before the previous stage has been gone for
          `delay_s` (0: for `ascent.shape.FREE_FLIGHT_S`)
    """

    kind: Literal["lift-off", "after", "free"]
    stage: str = ""
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Consumable:
    """Mass that leaves without being main propellant (H2O2, N2): no thrust of its own.

    flow_kg_s None: carried to the end and dropped with the stage; 0 < flow: spent from ignition on,
    while the stage burns and until it is gone.
    """

    name: str
    mass_kg: float
    flow_kg_s: float | None = None


@dataclass(frozen=True, slots=True)
class Jettison:
    """A part of a stage dropped in flight, `after_ignition_s` after the stage lights."""

    name: str
    mass_kg: float
    after_ignition_s: float


@dataclass(frozen=True, slots=True)
class AttitudeReference:
    """From where a stage's attitude control counts its turns (the Meteor-M 2-1 seam)."""

    zero: Literal["pad-azimuth", "flight-azimuth", "value"]
    value_rad: float = 0.0


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage; a strap-on set is one Stage with `count` > 1. All figures per unit.

    propellant_kg      main propellant at lift-off at full load
    residual_kg        of it, unusable
    load_kg            main propellant actually loaded (<= propellant_kg)
    dry_mass_kg        without any propellant, consumables included nowhere; jettisons included
    throttle           ((t after lift-off or ignition, fraction), ...) step profile; () = 1.0
    thrust_curve       ((t after ignition, fraction of thrust_vacuum_n), ...) straight between its
                       points, zero after the last; () = constant. Instead of `throttle`
    throttle_range     (lowest, highest) fraction the plan may choose from, or None
    solid              burns in one piece until its propellant is gone: no cut-off, no restart
    cutoff_s           commanded cut-off, s after lift-off; None = depletion of usable propellant
    separation_delay_s from cut-off to separation
    restarts           ignitions after the first
    engines            engines (or motors) of a unit that can stop one by one; 0: not told
    settling_s, settling_flow_kg_s   small-thruster settling before each restart
    burnt_before_liftoff_kg  propellant spent on the pad, not in propellant_kg or load_kg
    ignition_loss_kg   propellant lost at each ignition (chill, transients)
    exit_area_m2       from vacuum and sea-level thrust; 0 for vacuum engines
    slew_rate_rad_s    fastest commanded turn
    ballistic_cd_area_m2  of the spent body falling, drag coefficient times area
    """

    id: str
    name: str
    count: int
    propellant_kg: float
    load_kg: float
    residual_kg: float
    dry_mass_kg: float
    thrust_vacuum_n: float
    isp_vacuum_s: float
    ignition: Ignition
    thrust_sea_level_n: float | None = None
    isp_sea_level_s: float | None = None
    burn_time_s: float | None = None
    throttle: tuple[tuple[float, float], ...] = ()
    thrust_curve: tuple[tuple[float, float], ...] = ()
    throttle_range: tuple[float, float] | None = None
    cutoff_s: float | None = None
    separation_delay_s: float = 0.0
    restarts: int = 0
    settling_s: float = 0.0
    settling_flow_kg_s: float = 0.0
    ignition_loss_kg: float = 0.0
    consumables: tuple[Consumable, ...] = ()
    jettisons: tuple[Jettison, ...] = ()
    slew_rate_rad_s: float | None = None
    attitude_reference: AttitudeReference | None = None
    ballistic_cd_area_m2: float | None = None
    suborbital: bool = False
    burnt_before_liftoff_kg: float = 0.0
    solid: bool = False
    engines: int = 0

    @property
    def usable_kg(self) -> float:
        """Main propellant that can be burnt in flight, per unit."""
        return self.load_kg - self.residual_kg

    @property
    def mass_flow_kg_s(self) -> float:
        """Main flow per unit at `thrust_vacuum_n`: F_vac / (g0 Isp_vac)."""
        return self.thrust_vacuum_n / (9.80665 * self.isp_vacuum_s)

    @property
    def exit_area_m2(self) -> float:
        """Nozzle exit area from vacuum minus sea-level thrust over 101,325 Pa."""
        if self.thrust_sea_level_n is None:
            return 0.0
        return (self.thrust_vacuum_n - self.thrust_sea_level_n) / 101_325.0


@dataclass(frozen=True, slots=True)
class Fairing:
    """Jettisoned on a rule: free-molecular heat flux 0.5 rho v^3 below a limit, or at a time."""

    mass_kg: float
    heat_flux_w_m2: float | None = None
    time_s: float | None = None
    ballistic_cd_area_m2: float | None = None
    pieces: int = 2


@dataclass(frozen=True, slots=True)
class DragTable:
    """Drag coefficient over Mach number, interpolated smoothly, on `area_m2`."""

    area_m2: float
    mach: tuple[float, ...]
    cd: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """Flight limits; None = not limited. axial_acceleration in m/s^2 (non-gravitational).

    coast_altitude_m     the lowest a coast before a restart, or from a parking orbit, may dip
    perigee_altitude_m   the lowest osculating perigee it may begin with, and the orbit at release
                         may have; both above the equatorial radius. These two are floors: the
                         higher is the stricter
    """

    dynamic_pressure_pa: float | None = None
    heat_flux_w_m2: float | None = None
    axial_acceleration_m_s2: float | None = None
    q_alpha_pa_rad: float | None = None
    coast_altitude_m: float | None = None
    perigee_altitude_m: float | None = None

    def stricter(self, other: Limits) -> Limits:
        """The stricter of two sets of limits, one by one."""

        def pick(name: str, of: Callable[..., float]) -> float | None:
            given = [x for x in (getattr(self, name), getattr(other, name)) if x is not None]
            return of(given) if given else None

        return Limits(
            pick("dynamic_pressure_pa", min),
            pick("heat_flux_w_m2", min),
            pick("axial_acceleration_m_s2", min),
            pick("q_alpha_pa_rad", min),
            pick("coast_altitude_m", max),
            pick("perigee_altitude_m", max),
        )


@dataclass(frozen=True, slots=True)
class Rating:
    """A payload that others print or flew, to set beside a computed capability; never an input.

    orbit       in the orbit language ("200x240 km 51.6 deg", "gto", "c3 10 km^2/s^2") where the
                source states one, else words
    site        a catalogue id where it is one, else words
    kind        "rating": printed by the maker or operator; "flown": carried on a flight, so a
                lower bound
    confidence  "A" a primary document, "B" secondary and cross-checked, "C" one weak source
    excluded    why no capability is compared with it; None: one is
    variant     of the vehicle, where the figure is not of the vehicle as its file has it
    adapter_counted   does the figure count the adapter or dispenser as payload?
    """

    mass_kg: float
    orbit: str
    site: str
    kind: Literal["rating", "flown"]
    figure: Figure | None = None
    confidence: Literal["A", "B", "C"] | None = None
    excluded: str | None = None
    variant: str = ""
    adapter_counted: bool = False

    @property
    def judges(self) -> bool:
        """Is it a rating good enough to measure computed capabilities by?"""
        return self.kind == "rating" and self.confidence in ("A", "B") and self.excluded is None

    def __str__(self) -> str:
        words = [self.figure.note, self.figure.source] if self.figure else []
        words.append("adapter counted" if self.adapter_counted else "")
        words.append(f"not compared: {self.excluded}" if self.excluded else "")
        told = "; ".join(w for w in words if w)
        source = f" ({told})" if told else ""
        verb = "rated" if self.kind == "rating" else "flown"
        variant = f", {self.variant}" if self.variant else ""
        return f"{self.mass_kg:,.0f} kg {verb} to {self.orbit} from {self.site}{variant}{source}"


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A launch vehicle: stages in firing order, fairing, adapter, aerodynamics, limits.

    drag        of the whole vehicle
    drag_after  (stage id or "fairing", table): what holds from that separation on, in order
    doubts  what its figures imply that is unusual, each with what to look at; none is a fault
    """

    id: str
    name: str
    stages: tuple[Stage, ...]
    drag: DragTable
    fairing: Fairing | None = None
    adapter_kg: float = 0.0
    limits: Limits = Limits()
    liftoff_mass_kg: float | None = None
    figures: Mapping[str, Figure] = field(default_factory=lambda: _NO_FIGURES)
    notes: tuple[str, ...] = ()
    payloads: tuple[Rating, ...] = ()
    doubts: tuple[str, ...] = ()
    drag_after: tuple[tuple[str, DragTable], ...] = ()

    @property
    def drag_tables(self) -> tuple[DragTable, ...]:
        """Of every configuration, in order."""
        return (self.drag, *(table for _, table in self.drag_after))

    def drag_index(self, gone: Collection[str]) -> int:
        """Which of `drag_tables` holds once these have separated (ids of stages, "fairing")."""
        for k, (id_, _) in enumerate(self.drag_after):
            if id_ not in gone:
                return k
        return len(self.drag_after)

    def stage(self, id: str) -> Stage:
        for s in self.stages:
            if s.id == id:
                return s
        raise KeyError(id)


@dataclass(frozen=True, slots=True)
class Published:
    """A figure of a loss, SI.

    half_width  how far it was rounded, or how far accounts of it differ; 0 where nothing is said
    text        as its file writes it
    """

    id: str
    what: str
    value: float
    half_width: float
    text: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Failure:
    """A loss that happened: in words, and in the figures that were published.

    date           ISO, of the launch or of the loss, UTC
    site, vehicle  ids of the catalogue, or words where it does not hold them
    sources        of the words and the figures
    """

    id: str
    name: str
    date: str
    site: str
    vehicle: str
    planned: str
    happened: str
    cause: str
    published: tuple[Published, ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Source and status of every figure, by its id."""
        return {p.id: p.figure for p in self.published}

    def of(self, id: str) -> Published:
        """A figure by its id. Raises KeyError."""
        for one in self.published:
            if one.id == id:
                return one
        raise KeyError(id)

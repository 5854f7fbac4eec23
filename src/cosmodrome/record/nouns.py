"""What was planned and what was flown, as data. See docs/design for who makes and reads each.

Only a `Handover` crosses between chapters. A `Leg` is one object's flight in one chapter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cosmodrome.mission.nouns import AnyMission, Step
    from cosmodrome.record.arrivals import ArrivalLooked
    from cosmodrome.record.imaging import Overflight
    from cosmodrome.record.libration import LibrationRecord
    from cosmodrome.record.safety import RangeSafety
    from cosmodrome.record.upkeep import UpkeepRecord
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

__all__ = [
    "AttitudeProgramme",
    "Burn",
    "Elements",
    "Event",
    "Finding",
    "Flight",
    "ForceAudit",
    "Handover",
    "Impact",
    "LaunchSolution",
    "Ledger",
    "Leg",
    "OrbitRecord",
    "Payload",
    "Plan",
    "PlaneChange",
    "PlanPhase",
    "Solve",
]

Verdict = Literal["holds", "fails", "warns", "not-judged"]


@dataclass(frozen=True, slots=True)
class Handover:
    """The only thing that crosses between chapters."""

    state: State
    attached: tuple[str, ...]
    propellant_kg: Mapping[str, float]
    restarts_left: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class AttitudeProgramme:
    """The thrust direction as the flight computer carries it: unit vectors over time.

    Piecewise Chebyshev, (n, K, 3) in `frame` axes; `breaks_s` (n + 1,) seconds after lift-off.
    The evaluated vector is normalised. Directions are vectors, never angles: no wrap exists.
    """

    frame: str
    breaks_s: tuple[float, ...]
    coefficients: Any  # NDArray (n, K, 3)


@dataclass(frozen=True, slots=True, eq=False)
class ThrottleProgramme:
    """The commanded throttle of engines that have a range of it, as a part of their full thrust.

    Piecewise Chebyshev, (n, K); `breaks_s` (n + 1,) seconds after lift-off.
    """

    breaks_s: tuple[float, ...]
    coefficients: Any  # NDArray (n, K)


@dataclass(frozen=True, slots=True)
class PlanPhase:
    """What the sequencer does between two marks.

    start_s, end_s   seconds after lift-off
    burning          ids of stages that thrust, by their own profile in the vehicle or by the
                     plan's throttle programme
    throttle         commanded fraction of all that burns
    settling         ids of stages whose settling thrusters run (flow, no thrust to speak of)
    drops_at_end     ids of what is separated when the phase ends ("fairing", stage ids, jettisons)
    """

    name: str
    start_s: float
    end_s: float
    burning: tuple[str, ...] = ()
    drops_at_end: tuple[str, ...] = ()
    throttle: float = 1.0
    settling: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What the flight computer and crew would carry; serialisable; nothing only a simulator knows.

    epoch        lift-off (first motion)
    axes_at      GCRF unit vectors (3, 3) of the launch frame's axes in rows, fixed at lift-off
    """

    chapter: str
    object: str
    epoch: Epoch
    phases: tuple[PlanPhase, ...]
    attitude: AttitudeProgramme
    initial_mass_kg: float
    launch_axes: Any  # (3, 3) launch_from_gcrf
    targets: Mapping[str, float] = field(default_factory=dict)
    throttle: ThrottleProgramme | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an object, told about `body`. Altitude and latitude geodetic
    WGS84; about the Moon above 1,737.4 km, in mean-Earth axes.

    speeds in m/s: inertial and relative to the turning body; flight-path angle (inertial) in rad,
    from the local horizontal; longitude, latitude in rad; t_s after lift-off.
    """

    name: str
    object: str
    t_s: float
    epoch: Epoch
    altitude_m: float
    speed_inertial_m_s: float
    speed_relative_m_s: float
    flight_path_angle_rad: float
    flight_path_angle_relative_rad: float
    mass_kg: float
    latitude_rad: float
    longitude_rad: float
    body: str = "earth"


@dataclass(frozen=True, slots=True)
class Burn:
    """One burn of one stage as flown (all units of the stage together)."""

    stage: str
    start_s: float
    end_s: float
    propellant_kg: float
    consumables_kg: float
    impulse_n_s: float
    delta_v_m_s: float


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where the velocity and the mass went.

    delta_v_m_s       integral of vacuum thrust over mass
    losses_m_s        {"gravity", "drag", "steering", "back-pressure"}, along the Earth-relative
                      velocity: its size at the end is delta_v less their sum
    propellant_kg     what is left by tank (stage id) at the end of the leg
    separated_kg      mass that left at separations, by name
    """

    delta_v_m_s: float = 0.0
    losses_m_s: Mapping[str, float] = field(default_factory=dict)
    burns: tuple[Burn, ...] = ()
    propellant_kg: Mapping[str, float] = field(default_factory=dict)
    separated_kg: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Solve:
    """How the numbers were obtained: method, status, residuals (name -> value), budget used."""

    method: str
    status: str
    residuals: Mapping[str, float] = field(default_factory=dict)
    budget: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForceAudit:
    """Largest and mean acceleration of one force along a leg, m/s^2."""

    force: str
    largest_m_s2: float
    mean_m_s2: float
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """One object's flight in one chapter.

    kind: "stack" (the vehicle under power), "stage", "booster", "fairing", "part",
    "spacecraft"; parent: the object it left, or ""; released: of several spacecraft, each as it
    left, in order of time (`handover_out` is the last); steps: of the mission's plan, those it
    flew; left: what is left of them where the flight is counted from another body on.
    """

    chapter: str
    object: str
    kind: str
    parent: str
    start: State
    end: State
    path: Trajectory
    events: tuple[Event, ...] = ()
    ledger: Ledger = Ledger()
    solve: Solve = Solve("none", "not-solved")
    audit: tuple[ForceAudit, ...] = ()
    citations: tuple[str, ...] = ()
    handover_in: Handover | None = None
    handover_out: Handover | None = None
    plan: Plan | None = None
    impact: Impact | None = None
    released: tuple[Handover, ...] = ()
    steps: tuple[Step, ...] = ()
    left: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Impact:
    """Where a body reaches the ground, geodetic, rad; range from the pad in m."""

    epoch: Epoch
    t_s: float
    latitude_rad: float
    longitude_rad: float
    range_m: float
    method: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, by which two roads.

    measured and limit in `unit`; margin >= 0 where it holds; `where` names leg and instant.
    """

    check: str
    verdict: Verdict
    measured: float | None
    limit: float | None
    unit: str
    margin: float | None
    where: str
    why: str
    roads: tuple[str, str]
    object: str = ""


@dataclass(frozen=True, slots=True)
class Elements:
    """Kepler elements, rad and m; in the frame the holder names."""

    a_m: float
    e: float
    i_rad: float
    raan_rad: float
    argp_rad: float
    true_anomaly_rad: float


@dataclass(frozen=True, slots=True)
class OrbitRecord:
    """The primary spacecraft's orbit just after release.

    osculating, mean  in the true equator and equinox of date (TOD); about the Moon in its equator
                      of date (`world.centres`)
    osculating_gcrf   the same osculating orbit in GCRF's axes
    perigee_altitude_m, apogee_altitude_m  above 6,378.137 km; about the Moon of perilune and
                      apolune, above 1,737.4 km
    ltan_s            local mean solar time of the ascending node, s of day; None about the Moon
    node_rate_rad_s   secular drift of the node over the flown coast, None when too short
    body              that it goes round
    """

    epoch: Epoch
    osculating: Elements
    mean: Elements
    mean_theory: str
    osculating_gcrf: Elements
    perigee_altitude_m: float
    apogee_altitude_m: float
    ltan_s: float | None
    node_rate_rad_s: float | None = None
    body: str = "earth"


@dataclass(frozen=True, slots=True)
class PlaneChange:
    """How a plane that does not pass over the pad is reached; angles in rad.

    heading_rad, relative_rad   azimuth of the inertial and of the Earth-relative velocity where the
                                first stage ends
    launched_rad, reached_rad   inclination there, and at release
    burns                       (stage, start in s after lift-off, angle the plane is turned by)
    """

    heading_rad: float
    relative_rad: float
    launched_rad: float
    reached_rad: float
    burns: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class LaunchSolution:
    """When and where to: lift-off, the planned and the claimed headings, the other azimuth.

    azimuths in rad clockwise from north; `branch` "ascending" or "descending" at the pad. Where no
    target plane passes over the pad they are those flown at the end of the first stage, and
    `plane_change` says how the plane is turned.
    """

    epoch: Epoch
    azimuth_inertial_rad: float
    azimuth_relative_rad: float
    branch: str
    alternatives: tuple[tuple[Epoch, float, str], ...] = ()
    within_corridor: bool | None = None
    note: str = ""
    plane_change: PlaneChange | None = None


@dataclass(frozen=True, slots=True)
class Payload:
    """mass of the separated spacecraft, what could be carried, and the difference, kg.

    capability_kg and margin_kg are ideal: nothing held back, nothing lost but what is modelled.
    expected_kg, expected_sigma_kg: the payload a maker would print for the same orbit, by the
    global loss model (`vehicle.losses`), and its 1 sigma; expected_over: vehicles it is fitted to.

    margin_kg is the upper stage's usable residual at release for a fixed mass.
    limited_by: the corridor that holds the heading, and what a looser limit would add to the
    margin (or to a free payload), in words.
    solved: of several spacecraft, the mass by id of the one that the optimum carries as payload.
    """

    mass_kg: float
    capability_kg: float
    margin_kg: float
    published: tuple[str, ...] = ()
    limited_by: tuple[str, ...] = ()
    expected_kg: float | None = None
    expected_sigma_kg: float | None = None
    expected_over: int = 0
    solved: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Flight:
    """The whole story: intent, legs, findings, provenance.

    launch, payload  None where the mission begins in orbit
    orbit    the primary spacecraft's, at its release or at the start in orbit
    orbits   of those released after it, by id
    reached  the primary spacecraft's orbit after the last burn of its plan; None without burns
    reaches  those of what it released and flew a plan with burns, by id
    upkeep   what the steps of the plan that keep or leave an orbit came to
    arrivals at the Moon that were weighed for the sake of a landing, the one flown to among them
    libration  the libration orbits it was to stay near, and when
    overflights  of the places that the mission wants photographed, in order of time
    """

    mission: AnyMission
    launch: LaunchSolution | None
    payload: Payload | None
    orbit: OrbitRecord | None
    legs: tuple[Leg, ...]
    findings: tuple[Finding, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    timing: Mapping[str, float] = field(default_factory=dict)
    range_safety: RangeSafety | None = None
    orbits: Mapping[str, OrbitRecord] = field(default_factory=dict)
    reached: OrbitRecord | None = None
    upkeep: tuple[UpkeepRecord, ...] = ()
    arrivals: tuple[ArrivalLooked, ...] = ()
    libration: tuple[LibrationRecord, ...] = ()
    reaches: Mapping[str, OrbitRecord] = field(default_factory=dict)
    overflights: tuple[Overflight, ...] = ()

    @property
    def zero(self) -> Epoch:
        """The instant from which times count: lift-off, or the start in orbit."""
        return self.legs[0].start.epoch if self.launch is None else self.launch.epoch

    @property
    def flown_by(self) -> tuple[str, ...]:
        """Which bodies flew the plan of the mission, one after another: the primary spacecraft, and
        what of it rose from the ground and went on."""
        from cosmodrome.mission.steps import Rise

        steps = (step for leg in self.legs for step in leg.steps)
        risen = (step.object for step in steps if isinstance(step, Rise) and step.object)
        own = {c.id for c in self.mission.spacecraft.carries}
        return (self.mission.spacecraft.id, *dict.fromkeys(x for x in risen if x in own))

    @property
    def events(self) -> tuple[Event, ...]:
        """All events of all objects in order of time."""
        return tuple(sorted((e for leg in self.legs for e in leg.events), key=lambda e: e.t_s))

    @property
    def verdict(self) -> str:
        """go | no-go: no-go when a check fails."""
        return "no-go" if any(f.verdict == "fails" for f in self.findings) else "go"

    def verdict_of(self, object: str) -> str:
        """go | no-go of one object: no-go when a finding that names it fails."""
        own = (f for f in self.findings if f.object == object)
        return "no-go" if any(f.verdict == "fails" for f in own) else "go"

    def leg(self, chapter: str, object: str) -> Leg:
        for leg in self.legs:
            if leg.chapter == chapter and leg.object == object:
                return leg
        raise KeyError((chapter, object))

    def export(self, kind: str = "oem", to: str | Path | None = None) -> str:
        """The flight as text, "oem" (CCSDS ephemeris) or "json"; also written to `to` if given."""
        from cosmodrome.report.faces import export

        return export(self, kind, to)

    def plot(self, to: str | Path = "report.html", world: World | None = None) -> Path:
        """Write the page of the flight, one file for any browser; returns its path."""
        from cosmodrome.report.faces import plot

        return plot(self, to, world)

    def at(self, epoch: Epoch | str, object: str | None = None) -> State:
        """The state of an object (default: the stack, then the primary spacecraft)."""
        from cosmodrome.world.epoch import Epoch as _Epoch

        when = _Epoch.parse(epoch) if isinstance(epoch, str) else epoch
        wanted = {object} if object else {"stack", self.mission.spacecraft.id}
        for leg in reversed(self.legs):
            if leg.object in wanted and leg.path.start <= when <= leg.path.end:
                return leg.path.at(when)
        from cosmodrome.errors import DataSpanError

        spans = ", ".join(
            f"{leg.object} {leg.path.start}..{leg.path.end}"
            for leg in self.legs
            if leg.object in wanted
        )
        raise DataSpanError(f"nothing was flown at {when}; flown: {spans}")

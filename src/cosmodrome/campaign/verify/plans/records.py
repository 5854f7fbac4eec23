"""What may be wrong in what a flight hands to people: its record, and the files it is read with.

A plan is flown right, and what is told of it is not: an event at the wrong time, a ledger that does
not add up, a state with three figures cut off, a file of the vehicle, the site or the target with
another unit. Nothing of it moves the flight, so none of it loses the mission by itself; it is what
the next team builds on. `record_faults` lists what a flight has room for, `misrecorded` puts one
in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.campaign.verify.plans.errands import OF_ERRANDS, OF_TABLES
from cosmodrome.campaign.verify.plans.files import OF_FILES
from cosmodrome.campaign.verify.plans.firings import OF_FIRINGS
from cosmodrome.campaign.verify.plans.one_sided import OF_ONE_FILE, OF_ONE_RECORD
from cosmodrome.campaign.verify.plans.paths import OF_PATHS
from cosmodrome.campaign.verify.plans.slips import (
    Slip,
    first_dropped,
    first_orbit,
    is_shadow,
    launcher,
    of_last_burn,
    of_launch,
    with_coefficients,
    with_leg,
)
from cosmodrome.campaign.verify.plans.units import FOOT_M
from cosmodrome.campaign.verify.plans.worlds import OF_WORLDS
from cosmodrome.errors import InputError
from cosmodrome.record.faults import Fault
from cosmodrome.world.bodies import OMEGA_EARTH_RAD_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.campaign.verify.plans.slips import Make
    from cosmodrome.record.nouns import Event, Flight
    from cosmodrome.record.safety import FallArea
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

__all__ = ["OF_RECORDS", "misread", "misrecorded", "record_faults"]

_HOUR_S = 3600.0


def record_faults(flight: Flight) -> tuple[Fault, ...]:
    """Every slip that this flight's record and files have room for."""
    told = tuple(
        _fault(f"{head}.{name}", slip.text)
        for head, slips in _SLIPS.items()
        for name, slip in slips.items()
        if slip.make(flight) is not None
    )
    return (*told, *(_fault(f"world.{n}", w.text) for n, w in OF_WORLDS.items() if w.has(flight)))


def _fault(path: str, text: str) -> Fault:
    return Fault("plan", "records", path, "set", 0.0, "", text)


def misread(world: World, fault: Fault) -> World:
    """The world as the flight is judged in it: another one where the slip is of its tables."""
    head, _, name = fault.path.partition(".")
    return OF_WORLDS[name].make(world) if head == "world" else world


def misrecorded(flight: Flight, fault: Fault) -> Flight:
    """The flight as it would be told with that slip; without findings. Raises InputError for a
    slip that it has no room for."""
    head, _, name = fault.path.partition(".")
    if head == "world":
        return replace(flight, findings=())
    slips = _SLIPS[head]
    told: Flight | None = slips[name].make(flight) if name in slips else None
    if told is None:
        raise InputError(
            f"the fault {fault.path!r} has no place in this flight; generate the list from the"
            " flight itself with record_faults"
        )
    return replace(told, findings=())


# legs -------------------------------------------------------------------------------------------
def _bent(path: Trajectory, column: int, by: float, first: int) -> Trajectory | None:
    """A column shifted by a constant from a piece on."""
    c = np.array(path.coefficients)
    if first >= c.shape[0]:
        return None
    c[first:, 0, column] += by
    return with_coefficients(path, c)


def _gap(column: int, by: float) -> Make:
    def make(flight: Flight) -> Flight | None:
        leg = first_orbit(flight)
        if leg is None or leg.path.coefficients.shape[0] < 2:
            return None
        path = _bent(leg.path, column, by, leg.path.coefficients.shape[0] // 2)
        return None if path is None else with_leg(flight, leg, path=path, end=path.at(path.end))

    return make


def _rounded_start(flight: Flight) -> Flight | None:
    """A state written with metres."""
    leg = first_orbit(flight)
    if leg is None:
        return None
    return with_leg(flight, leg, start=replace(leg.start, r_m=np.round(leg.start.r_m)))


def _seam(field: str, by: float) -> Make:
    """What the stack hands over, a little beside what the orbit begins with."""

    def make(flight: Flight) -> Flight | None:
        stack = launcher(flight)
        given = None if stack is None else stack.handover_out
        if stack is None or given is None or stack.released:
            return None
        value = getattr(given.state, field)
        state = replace(given.state, **{field: value + by})
        return with_leg(flight, stack, handover_out=replace(given, state=state))

    return make


def _child(field: str, by: float) -> Make:
    def make(flight: Flight) -> Flight | None:
        leg = first_dropped(flight)
        if leg is None:
            return None
        state = replace(leg.start, **{field: getattr(leg.start, field) + by})
        return with_leg(flight, leg, start=state)

    return make


def _steps(flight: Flight) -> Flight | None:
    """A burn told with a figure that was not flown."""
    leg = next((g for g in flight.legs if g.chapter == "transfer" and g.plan is None), None)
    if leg is None or not leg.steps or getattr(leg.steps[0], "delta_v_m_s", None) is None:
        return None
    step: Any = leg.steps[0]
    changed = replace(step, delta_v_m_s=round(1.1 * step.delta_v_m_s, 1))
    return with_leg(flight, leg, steps=(changed, *leg.steps[1:]))


# events -----------------------------------------------------------------------------------------
def _events(
    pick: Callable[[Event], bool], change: Callable[[Event], Event | None], stack: bool
) -> Make:
    """The events of a leg that are picked, changed or left out."""

    def make(flight: Flight) -> Flight | None:
        leg = launcher(flight) if stack else first_orbit(flight)
        if leg is None or not any(pick(e) for e in leg.events):
            return None
        told = [change(e) if pick(e) else e for e in leg.events]
        return with_leg(flight, leg, events=tuple(e for e in told if e is not None))

    return make


def _late(s: float) -> Callable[[Event], Event]:
    return lambda e: replace(e, t_s=e.t_s + s, epoch=e.epoch + s)


def _is_node(event: Event) -> bool:
    return "node" in event.name


# ledgers ----------------------------------------------------------------------------------------
def _ledger(**factors: float) -> Make:
    def make(flight: Flight) -> Flight | None:
        stack = launcher(flight)
        if stack is None or not stack.ledger.burns:
            return None
        values = {name: by * getattr(stack.ledger, name) for name, by in factors.items()}
        return with_leg(flight, stack, ledger=replace(stack.ledger, **values))

    return make


def _losses(name: str, by: float) -> Make:
    def make(flight: Flight) -> Flight | None:
        stack = launcher(flight)
        if stack is None or name not in stack.ledger.losses_m_s:
            return None
        losses = {**stack.ledger.losses_m_s, name: by * stack.ledger.losses_m_s[name]}
        return with_leg(flight, stack, ledger=replace(stack.ledger, losses_m_s=losses))

    return make


def _separated(flight: Flight) -> Flight | None:
    stack = launcher(flight)
    if stack is None or "fairing" not in stack.ledger.separated_kg:
        return None
    rest = {k: v for k, v in stack.ledger.separated_kg.items() if k != "fairing"}
    return with_leg(flight, stack, ledger=replace(stack.ledger, separated_kg=rest))


def _left(by: float) -> Make:
    def make(flight: Flight) -> Flight | None:
        stack = launcher(flight)
        if stack is None or not any(stack.ledger.propellant_kg.values()):
            return None
        left = {k: v + by for k, v in stack.ledger.propellant_kg.items()}
        return with_leg(flight, stack, ledger=replace(stack.ledger, propellant_kg=left))

    return make


def _tank(flight: Flight) -> Flight | None:
    """What a burn leaves in the tank, told too much."""
    burns = [g for g in flight.legs if g.chapter == "transfer" and g.handover_out is not None]
    if not burns:
        return None
    leg = burns[-1]
    given = leg.handover_out
    assert given is not None
    more = {k: v + 1.0 for k, v in given.propellant_kg.items()}
    return with_leg(flight, leg, handover_out=replace(given, propellant_kg=more))


def _margin(flight: Flight) -> Flight | None:
    if flight.payload is None:
        return None
    more = flight.payload.margin_kg + 20.0
    return replace(flight, payload=replace(flight.payload, margin_kg=more))


# the orbit and the launch ---------------------------------------------------------------------
def _orbit(**offsets: float) -> Make:
    """The reported orbit, mean and osculating alike."""

    def make(flight: Flight) -> Flight | None:
        if flight.orbit is None or flight.orbit.osculating.a_m < 0.0:
            return None
        own = flight.orbit
        mean = replace(own.mean, **{k: getattr(own.mean, k) + x for k, x in offsets.items()})
        osculating = replace(
            own.osculating, **{k: getattr(own.osculating, k) + x for k, x in offsets.items()}
        )
        return replace(flight, orbit=replace(own, mean=mean, osculating=osculating))

    return make


def _local_time(flight: Flight) -> Flight | None:
    """The descending node's local time told as the ascending one's."""
    if flight.orbit is None or flight.orbit.ltan_s is None or flight.orbit.mean.i_rad < 0.05:
        return None
    told = (flight.orbit.ltan_s + 12.0 * _HOUR_S) % 86_400.0
    return replace(flight, orbit=replace(flight.orbit, ltan_s=told))


def _branch(flight: Flight) -> Flight | None:
    own = flight.launch
    if own is None or own.plane_change is not None:
        return None
    other = {"ascending": "descending", "descending": "ascending"}
    return replace(flight, launch=replace(own, branch=other[own.branch]))


# what falls -------------------------------------------------------------------------------------
def _impact(flight: Flight) -> Flight | None:
    """A drop point 0.3 deg off: minutes of arc read as hundredths of a degree."""
    leg = next((g for g in flight.legs if g.impact is not None), None)
    if leg is None or leg.impact is None:
        return None
    moved = replace(leg.impact, latitude_rad=leg.impact.latitude_rad + 0.3 * np.pi / 180.0)
    return with_leg(flight, leg, impact=moved)


def _areas(change: Callable[[FallArea], FallArea]) -> Make:
    def make(flight: Flight) -> Flight | None:
        safety = flight.range_safety
        if safety is None or not safety.areas:
            return None
        return replace(
            flight, range_safety=replace(safety, areas=tuple(change(a) for a in safety.areas))
        )

    return make


def _halved(area: FallArea) -> FallArea:
    """The scatter of the ballistic coefficient told half as large."""
    name = "ballistic coefficient"
    if area.spread is None or name not in area.spread.sources_m:
        return area
    sources = {**area.spread.sources_m, name: 0.5 * area.spread.sources_m[name]}
    return replace(area, spread=replace(area.spread, sources_m=sources))


def _ends(area: FallArea) -> FallArea:
    """The near end of a band told where the far one is."""
    return replace(area, low=area.high, high=area.low)


def _trace(flight: Flight) -> Flight | None:
    """The impact trace over ground that has not moved on during the fall."""
    safety = flight.range_safety
    if safety is None:
        return None
    trace = safety.trace
    place = trace.place_rad + np.outer(trace.fall_s, [0.0, OMEGA_EARTH_RAD_S])
    return replace(flight, range_safety=replace(safety, trace=replace(trace, place_rad=place)))


OF_RECORDS: dict[str, Slip] = {
    "orbit.gap": Slip("the ephemeris jumps by a metre halfway", _gap(0, 1.0)),
    "orbit.speed-gap": Slip("the ephemeris jumps by a millimetre a second", _gap(4, 1e-3)),
    "orbit.start": Slip("the first state written with whole metres", _rounded_start),
    "handover.mass": Slip("handed over a kilogramme heavier", _seam("mass_kg", 1.0)),
    "handover.place": Slip("handed over ten metres aside", _seam("r_m", 10.0)),
    "handover.epoch": Slip("handed over a millisecond late", _seam("epoch", 1e-3)),
    "dropped.mass": Slip("a dropped stage told ten kilogrammes heavier", _child("mass_kg", 10.0)),
    "dropped.place": Slip("a dropped stage begins ten metres aside", _child("r_m", 10.0)),
    "burn.told": Slip("a burn told a tenth larger than it was", _steps),
    "event.late": Slip(
        "events of the ascent told half a second late",
        _events(lambda e: "separation" in e.name, _late(0.5), stack=True),
    ),
    "event.height": Slip(
        "heights of the ascent's events in feet",
        _events(lambda e: True, lambda e: replace(e, altitude_m=e.altitude_m / FOOT_M), stack=True),
    ),
    "event.max-q": Slip(
        "greatest dynamic pressure told four seconds late",
        _events(lambda e: e.name == "max-q", _late(4.0), stack=True),
    ),
    "event.orbit-height": Slip(
        "heights in orbit counted from the centre",
        _events(
            lambda e: e.name.startswith(("apogee", "perigee", "apolune", "perilune")),
            lambda e: replace(e, altitude_m=e.altitude_m + 6378e3),
            stack=False,
        ),
    ),
    "event.nodes-late": Slip(
        "nodes told a second late", _events(_is_node, _late(1.0), stack=False)
    ),
    "event.nodes-lost": Slip("no node is told", _events(_is_node, lambda e: None, stack=False)),
    "event.shadow-late": Slip(
        "shadows told a second late", _events(is_shadow, _late(1.0), stack=False)
    ),
    "event.shadow-lost": Slip("no shadow is told", _events(is_shadow, lambda e: None, stack=False)),
    "ledger.delta-v": Slip("velocity change told 1 % larger", _ledger(delta_v_m_s=1.01)),
    "ledger.burn-delta-v": Slip(
        "the last burn's velocity change told 2 % larger",
        of_last_burn(lambda b: replace(b, delta_v_m_s=1.02 * b.delta_v_m_s)),
    ),
    "ledger.burn-propellant": Slip(
        "the last burn's propellant told 5 kg larger",
        of_last_burn(lambda b: replace(b, propellant_kg=b.propellant_kg + 5.0)),
    ),
    "ledger.burn-late": Slip(
        "the last burn told two seconds late",
        of_last_burn(lambda b: replace(b, start_s=b.start_s + 2.0, end_s=b.end_s + 2.0)),
    ),
    "ledger.gravity": Slip("gravity loss told 5 % larger", _losses("gravity", 1.05)),
    "ledger.steering": Slip("steering loss left out", _losses("steering", 0.0)),
    "ledger.fairing": Slip("the fairing missing in the masses told", _separated),
    "ledger.left": Slip("5 kg more left in the tank than there are", _left(5.0)),
    "ledger.negative": Slip("a tank told in the negative", _left(-1e5)),
    "tank.left": Slip("a kilogramme more left after a burn than there is", _tank),
    "payload.margin": Slip("margin told 20 kg too good", _margin),
    "orbit.a": Slip("the reported semi-major axis 2 km off", _orbit(a_m=2e3)),
    "orbit.frame": Slip(
        "the reported node in GCRF's axes for those of date", _orbit(raan_rad=6e-3)
    ),
    "orbit.ltan": Slip("the descending node's local time told as the ascending one's", _local_time),
    "launch.azimuth": Slip(
        "the planned azimuth told 4 deg off", of_launch(azimuth_inertial_rad=0.07)
    ),
    "launch.heading": Slip(
        "the relative heading told 6 deg off", of_launch(azimuth_relative_rad=-0.105)
    ),
    "launch.epoch": Slip("lift-off told in TAI", of_launch(epoch=37.0)),
    "launch.branch": Slip("northbound and southbound changed for each other", _branch),
    "fall.impact": Slip("a drop point 0.3 deg off", _impact),
    "fall.scatter": Slip("the scatter of what falls told half as large", _areas(_halved)),
    "fall.band": Slip("near and far end of a fall area changed", _areas(_ends)),
    "fall.trace": Slip("the impact trace over an Earth at rest", _trace),
}
_SLIPS: dict[str, dict[str, Slip]] = {
    "record": {**OF_RECORDS, **OF_TABLES, **OF_ONE_RECORD, **OF_PATHS},
    "file": {**OF_FILES, **OF_ERRANDS, **OF_FIRINGS, **OF_ONE_FILE},
}

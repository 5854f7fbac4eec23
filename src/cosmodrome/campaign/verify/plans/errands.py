"""Slips in what a mission asks of its spacecraft, and in what is told of how it was done.

A figure that was changed after the plan was made, in the file and in the steps that are told alike,
so that both agree with each other and not with what was flown; and tables of passes, audits and
libration orbits with a line that is not right.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import erfa
import numpy as np

from cosmodrome.campaign.verify.plans.slips import (
    Slip,
    first_orbit,
    fitted_again,
    is_shadow,
    mine,
    three,
    told_alike,
    with_coefficients,
    with_leg,
    with_mission,
)
from cosmodrome.mission.avoiding import Avoid
from cosmodrome.mission.nouns import Mission, Passenger, SpaceWeather, WindTable
from cosmodrome.mission.starts import Start, StartState
from cosmodrome.mission.steps import (
    Deorbit,
    Land,
    Manoeuvre,
    Phase,
    Release,
    Rise,
    StationKeep,
    Stay,
    ToMoon,
    Transfer,
)
from cosmodrome.world.bodies import G0
from cosmodrome.world.trajectory import STEERED_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.campaign.verify.plans.slips import Make
    from cosmodrome.mission.steps import Step
    from cosmodrome.record.nouns import Flight, Leg
    from cosmodrome.world.trajectory import Trajectory

    Array = NDArray[np.float64]

__all__ = ["OF_ERRANDS", "OF_TABLES"]

_DEG = math.pi / 180.0
_HOUR_S = 3600.0
_NAUTICAL = 1.852


# steps ------------------------------------------------------------------------------------------
def _other_slot(step: Step) -> Step | None:
    if not isinstance(step, StationKeep) or step.longitude is None:
        return None
    middle, width = step.longitude
    return replace(step, longitude=(middle + 5.0 * width, width))


def _narrow(step: Step) -> Step | None:
    """Half the width of the band, told in place of the whole: tenths are read as hundredths."""
    if not isinstance(step, StationKeep) or step.longitude is None:
        return None
    return replace(step, longitude=(step.longitude[0], 0.01 * step.longitude[1]))


def _other_perigee(step: Step) -> Step | None:
    if not isinstance(step, Deorbit) or step.perigee is None:
        return None
    low, width = step.perigee
    return replace(step, perigee=(low + 5.0 * width, width))


def _behind(step: Step) -> Step | None:
    if not isinstance(step, Phase) or step.object is None or step.behind_m is None:
        return None
    return replace(step, behind_m=step.behind_m + 4.0 * step.tolerance_m)


def _other_object(step: Step) -> Step | None:
    """Mean and true anomaly of the object confused: it stands elsewhere on its orbit."""
    if not isinstance(step, Phase) or step.object is None or step.object.elements is None:
        return None
    own = step.object.elements
    moved = replace(own, anomaly_rad=own.anomaly_rad + 2.0 * _DEG)
    return replace(step, object=replace(step.object, elements=moved))


def _other_place(step: Step) -> Step | None:
    if not isinstance(step, Phase) or step.condition is None:
        return None
    own = step.condition
    return replace(step, condition=replace(own, value=own.value + 5.0 * own.tolerance))


def _faster(step: Step) -> Step | None:
    return replace(step, speed_m_s=1.1 * step.speed_m_s) if isinstance(step, Release) else None


def _timer(step: Step) -> Step | None:
    """A timer in seconds, its figure read as milliseconds."""
    return replace(step, timer_s=0.5) if isinstance(step, Manoeuvre) else None


def _landing(**changes: Callable[[Flight, Land], Any]) -> Make:
    def make(flight: Flight) -> Flight | None:
        def change(step: Step) -> Step | None:
            if not isinstance(step, Land):
                return None
            return replace(step, **{k: f(flight, step) for k, f in changes.items()})

        return told_alike(change)(flight)

    return make


def _down(flight: Flight) -> Leg:
    return next(g for g in flight.legs if any(isinstance(s, Land) for s in g.steps))


def _hours_on(flight: Flight, _: Land) -> Any:
    end = _down(flight).path.end
    return end + 6.0 * _HOUR_S, end + 12.0 * _HOUR_S


def _higher(step: Step) -> Step | None:
    """Kilometres read as nautical ones."""
    return replace(step, perilune_m=_NAUTICAL * step.perilune_m) if isinstance(step, Rise) else None


def _rests(flight: Flight) -> Flight | None:
    """Asked to rest in the shadow, which nobody told the law of the thrust."""
    if not any(is_shadow(e) for g in mine(flight) for e in g.events):
        return None
    return told_alike(_resting)(flight)


def _resting(step: Step) -> Step | None:
    if not isinstance(step, Transfer) or not step.low_thrust or step.eclipses:
        return None
    return replace(step, eclipses=True)


def _far_side(step: Step) -> Step | None:
    """The apolune in nautical miles."""
    if not isinstance(step, ToMoon) or step.around:
        return None
    return replace(step, apolune_m=_NAUTICAL * step.apolune_m)


def _other_plane(step: Step) -> Step | None:
    """Inclination to the Earth's equator for that to the Moon's: half a degree is enough."""
    if not isinstance(step, ToMoon) or step.inclination_rad is None:
        return None
    return replace(step, inclination_rad=step.inclination_rad - 0.5 * _DEG)


def _home(step: Step) -> Step | None:
    """The perigee of a way back in nautical miles."""
    if not isinstance(step, ToMoon) or step.perigee_m is None:
        return None
    low, width = step.perigee_m
    return replace(step, perigee_m=(_NAUTICAL * low, width))


def _passage(step: Step) -> Step | None:
    """The height of the passage counted from another radius of the Moon."""
    if not isinstance(step, ToMoon) or not step.around:
        return None
    return replace(step, perilune_m=step.perilune_m + 1.5 * step.tolerance_m)


# what is told -----------------------------------------------------------------------------------
def _wandering(flight: Flight) -> Flight | None:
    """What stands on the ground is told to drift by a decimetre and back, without a gap."""
    leg = next((g for g in flight.legs if any(isinstance(s, Stay) for s in g.steps)), None)
    if leg is None:
        return None
    p = leg.path
    first, last = float(p.breaks_s[0]), float(p.breaks_s[-1])

    def change(t: Array, y: Array) -> Array:
        turn = math.tau / (last - first)
        y[:, 0] += 0.05 * (1.0 - np.cos(turn * (t - first)))
        y[:, 3] += 0.05 * turn * np.sin(turn * (t - first))
        return y

    return with_leg(flight, leg, path=fitted_again(p, 0, len(p.coefficients), change))


def _push_of_date(slow: bool) -> Make:
    """Directions of a thrust told in axes of date for GCRF's: 0.3 deg of precession."""

    def make(flight: Flight) -> Flight | None:
        legs = (g for g in mine(flight) if g.chapter == "transfer")
        steered = (g for g in legs if g.path.columns == STEERED_COLUMNS)
        leg = next((g for g in steered if any(map(_is_slow, g.steps)) is slow), None)
        return None if leg is None else with_leg(flight, leg, path=_pushed(leg.path))

    return make


def _is_slow(step: Step) -> bool:
    return isinstance(step, Transfer) and step.low_thrust


def _pushed(path: Trajectory) -> Trajectory:
    from_gcrf = erfa.pnm06a(*path.epoch.jd_tt)
    c = np.array(path.coefficients)
    c[:, :, 7:10] = c[:, :, 7:10] @ np.asarray(from_gcrf).T
    return with_coefficients(path, c)


def _near(flight: Flight) -> Flight | None:
    """A tolerance of some thousand km, read as m."""
    if not flight.libration:
        return None
    return replace(flight, libration=tuple(replace(x, apart_m=1e3) for x in flight.libration))


def _other_family(flight: Flight) -> Flight | None:
    """North for south: the orbit's mirror image."""
    if not flight.libration:
        return None
    mirrored = tuple(
        replace(x, state=tuple(-v if k in (2, 5) else v for k, v in enumerate(x.state)))
        for x in flight.libration
    )
    return replace(flight, libration=mirrored)


def _pass_lost(flight: Flight) -> Flight | None:
    return replace(flight, overflights=flight.overflights[1:]) if flight.overflights else None


def _pass_told(flight: Flight) -> Flight | None:
    """Elevation of the Sun told in place of its distance from the zenith."""
    if not flight.overflights:
        return None
    first, *rest = flight.overflights
    best = first.seen.best
    best = replace(best, sun_elevation_rad=0.5 * math.pi - best.sun_elevation_rad)
    told = replace(first, seen=replace(first.seen, best=best))
    return replace(flight, overflights=(told, *rest))


def _audit(change: Callable[[Any], Any]) -> Make:
    """The audit of the first orbit leg."""

    def make(flight: Flight) -> Flight | None:
        leg = next((g for g in mine(flight) if g.chapter == "orbit" and g.audit), None)
        return None if leg is None else with_leg(flight, leg, audit=change(leg.audit))

    return make


def _halved(audit: Any) -> Any:
    return tuple(
        replace(a, mean_m_s2=0.5 * a.mean_m_s2) if "harmonics" in a.force else a for a in audit
    )


# what else the file says ------------------------------------------------------------------------
def _ahead(flight: Flight) -> Flight | None:
    """An object to be stayed away from, of which the file had another orbit: it flies ahead."""
    leg = first_orbit(flight)
    if leg is None or leg.path.frame.centre != "earth" or leg.path.end - leg.path.start < 7_300.0:
        return None
    at = leg.path.start
    state = leg.path.at(at + 10.0)
    told = StartState("gcrf", three(state.r_m), three(state.v_m_s))
    near = Avoid("tug", Start(at, state=told), 200e3, 6.0 * _HOUR_S)
    return with_mission(flight, avoid=(near,))


def _exhaust(flight: Flight) -> Flight | None:
    """Exhaust velocity for specific impulse, of an engine that no burn has used."""
    craft = flight.mission.spacecraft
    if craft.engine is None or any(g.chapter != "orbit" for g in flight.legs):
        return None
    engine = replace(craft.engine, isp_s=G0 * craft.engine.isp_s)
    return with_mission(flight, spacecraft=replace(craft, engine=engine))


def _feet_up(flight: Flight) -> Flight | None:
    """A station's height with the figures of its distance from the centre in kilometres."""
    if not flight.mission.stations:
        return None
    told = tuple(replace(s, height_m=s.height_m + 6_378.0) for s in flight.mission.stations)
    return with_mission(flight, stations=told)


def _flux(flight: Flight) -> Flight | None:
    """F10.7 in W/(m^2 Hz) times 1e22, a hundredth of solar flux units; no air is flown in."""
    if flight.mission.physics.drag != "none":
        return None
    return with_mission(flight, space_weather=SpaceWeather(1.5, 1.5, 9.0))


def _knots(flight: Flight) -> Flight | None:
    """A jet stream in km/h for m/s, in a file whose limits do not ask for wind."""
    if not isinstance(flight.mission, Mission) or flight.mission.limits.q_alpha_pa_rad is not None:
        return None
    wind = WindTable((0.0, 11e3, 20e3), (0.0, 180.0, 20.0), (0.0, 0.0, 0.0), "km/h for m/s")
    return with_mission(flight, wind=wind)


def _second(flight: Flight) -> Flight | None:
    """A second spacecraft of the file that was never released."""
    if not isinstance(flight.mission, Mission):
        return None
    other = replace(flight.mission.spacecraft, id="second")
    return with_mission(flight, passengers=(*flight.mission.passengers, Passenger(other)))


OF_ERRANDS: dict[str, Slip] = {
    "keep.slot": Slip("another slot of the geostationary orbit", told_alike(_other_slot)),
    "keep.band": Slip("the band of a slot a hundredth as wide", told_alike(_narrow)),
    "deorbit.perigee": Slip("another perigee to be left at", told_alike(_other_perigee)),
    "phase.behind": Slip("another distance behind an object", told_alike(_behind)),
    "phase.object": Slip("an object elsewhere on its orbit", told_alike(_other_object)),
    "phase.place": Slip("another place along the orbit", told_alike(_other_place)),
    "release.speed": Slip("a release a tenth faster", told_alike(_faster)),
    "burn.timer": Slip("a burn's timer in seconds read as milliseconds", told_alike(_timer)),
    "landing.site": Slip(
        "the site's latitude rounded to hundredths of a degree, 300 m away",
        _landing(latitude_rad=lambda _, s: s.latitude_rad + 0.01 * _DEG),
    ),
    "landing.reserve": Slip(
        "the reserve of a landing as large as its load",
        _landing(reserve_kg=lambda f, _: f.mission.spacecraft.propellant_kg),
    ),
    "landing.gate": Slip(
        "the height of the last gate in feet", _landing(low_gate_m=lambda _, s: s.low_gate_m / 0.3)
    ),
    "landing.plane": Slip(
        "the width of the plane's band in km read as m",
        _landing(cross_m=lambda _, s: 1e-3 * s.cross_m),
    ),
    "landing.window": Slip(
        "a window that opens six hours after the landing", _landing(window=_hours_on)
    ),
    "rise.perilune": Slip("perilune of an ascent in nautical miles", told_alike(_higher)),
    "transfer.rests": Slip("low thrust was to rest in the shadow", _rests),
    "moon.apolune": Slip("apolune about the Moon in nautical miles", told_alike(_far_side)),
    "moon.plane": Slip("plane about the Moon half a degree off", told_alike(_other_plane)),
    "moon.perigee": Slip("perigee of the way back in nautical miles", told_alike(_home)),
    "moon.passage": Slip("passage of the Moon 15 km higher", told_alike(_passage)),
    "avoid.object": Slip("an object to be stayed away from flies ahead", _ahead),
    "craft.isp": Slip("exhaust velocity for specific impulse, of an unused engine", _exhaust),
    "stations.height": Slip("a station's height with the Earth's radius in km", _feet_up),
    "air.flux": Slip("the Sun's flux in another unit, where no air is flown in", _flux),
    "air.wind": Slip("wind in km/h read as m/s, where no limit asks for it", _knots),
    "launch.second": Slip("a second spacecraft that never left", _second),
}
OF_TABLES: dict[str, Slip] = {
    "stay.drift": Slip("what stands on the ground drifts by a decimetre", _wandering),
    "push.axes": Slip("directions of low thrust told in axes of date", _push_of_date(slow=True)),
    "push.burn": Slip("direction of a burn told in axes of date", _push_of_date(slow=False)),
    "libration.near": Slip("the width of a libration orbit in km read as m", _near),
    "libration.family": Slip("the northern libration orbit for the southern", _other_family),
    "imaging.lost": Slip("a pass over a place is not told", _pass_lost),
    "imaging.sun": Slip("the Sun's zenith distance told for its elevation", _pass_told),
    "audit.lost": Slip("a force left out of the audit", _audit(lambda a: a[:-1])),
    "audit.half": Slip("the field's part in the audit told half as large", _audit(_halved)),
}

"""Which checks are asked of which mission: a check of what it has none of is not asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.catalog.nouns import Limits
from cosmodrome.mission.nouns import (
    Coast,
    Deorbit,
    Land,
    Manoeuvre,
    Mission,
    OrbitMission,
    Solve,
    StationKeep,
    ToLibration,
    ToMoon,
    Transfer,
)
from cosmodrome.mission.steps import Phase, Release, Rise, Stay

if TYPE_CHECKING:
    from types import UnionType

    from cosmodrome.mission.nouns import AnyMission

__all__ = [
    "BOTH",
    "EACH",
    "IN_ORBIT",
    "OF_AIR",
    "OF_ARRIVALS",
    "OF_BURNS",
    "OF_EVERY_PLAN",
    "OF_IMAGING",
    "OF_IMPULSES",
    "OF_LIBRATION",
    "OF_LIGHT",
    "OF_LOW_THRUST",
    "OF_MEETING",
    "OF_OBJECTS",
    "OF_PHASES",
    "OF_PLACES",
    "OF_PLANS",
    "OF_RELEASES",
    "OF_RETURNS",
    "OF_SEVERAL",
    "OF_STARTS",
    "OF_START_FILES",
    "OF_STEPS",
    "WANTED",
    "not_asked",
]

# what is asked only where there are several spacecraft
OF_SEVERAL = frozenset({"releases"})
# what is asked only where an object in orbit is to be met
OF_MEETING = frozenset({"meeting-plane"})
# what is asked only of plans with low thrust
OF_LOW_THRUST = frozenset({"low-thrust"})
# what is asked of a plan with burns
OF_BURNS = frozenset({"burn-size", "burn-direction", "burn-tank", "burn-floor", "conditions-met"})
# what is asked of phase steps to a place along the orbit, and to an object
OF_PHASES = frozenset({"orbit-restored"})
OF_OBJECTS = frozenset({"relative-state", "object-place"})
# what is asked of a plan with small impulses on the way
OF_IMPULSES = frozenset({"impulse-units"})
# what is asked where places are to be photographed
OF_IMAGING = frozenset({"overflights"})
# what is asked where places on the ground are named, and where air or limits are given
OF_PLACES, OF_AIR = frozenset({"place-units"}), frozenset({"air-units"})
# what is asked of a start in orbit
OF_START_FILES = frozenset({"start-units"})
# what is asked of a plan that releases what the spacecraft carries
OF_RELEASES = frozenset({"parting"})
# what is asked of landings on a day or in a light
OF_LIGHT = frozenset({"landing-light"})
# what is asked where a flight is to stay near a libration orbit
OF_LIBRATION = frozenset({"libration-orbit"})
# what is asked of a mission that begins in orbit alone
OF_STARTS = frozenset({"start-in-orbit"})
# what is asked of ways to the Moon that come back, and of those into an orbit about it
OF_RETURNS, OF_ARRIVALS = frozenset({"free-return"}), frozenset({"lunar-orbit"})
# what is asked of a plan with such a step
OF_STEPS: dict[str, type | UnionType] = {
    "orbit-kept": StationKeep,
    "disposal": Deorbit,
    "phase-entry": Land,
    "touchdown": Land,
    "at-rest": Stay | Rise,
    "lunar-ascent": Rise,
    "landing-plane": Land,
}
_BURNING = (
    Manoeuvre | Solve | Transfer | Phase | Rise | StationKeep | Deorbit | ToMoon | ToLibration
)
# the orbit against the target: of a mission that begins in orbit, after its last burn
WANTED = frozenset(
    {
        "inclination",
        "local-time-of-node",
        "node",
        "node-rate",
        "semi-major-axis",
        "eccentricity",
    }
)
# what is asked of the orbit before the first burn and of the one after the last
BOTH = frozenset(
    {"reported-orbit", "orbit-defect", "force-audit", "orbit-nodes", "eclipses", "shadow"}
)
# what is asked of every spacecraft of a flight
EACH = WANTED | BOTH | {"perigee-floor", "seam-release"}
# what is asked of a plan whatever it holds
OF_EVERY_PLAN = frozenset({"plan-flown", "coast-ends", "burn-timeout", "early-cut-off"})
# what is asked of plans: that of the mission, and those of what it releases
OF_PLANS = (
    OF_BURNS
    | OF_LOW_THRUST
    | OF_PHASES
    | OF_OBJECTS
    | OF_IMPULSES
    | OF_LIGHT
    | OF_RETURNS
    | OF_ARRIVALS
    | OF_STEPS.keys()
    | OF_EVERY_PLAN
)
# what is asked of a mission that begins in orbit
IN_ORBIT = (
    WANTED
    | BOTH
    | OF_PLANS
    | OF_IMAGING
    | OF_RELEASES
    | OF_LIBRATION
    | OF_PLACES
    | OF_AIR
    | OF_START_FILES
    | OF_STARTS
    | {
        "craft-units",
        "seam-leg-ends",
        "seam-inside-paths",
        "critical-events",
        "conjunctions",
        "lifetime",
        "seam-frames",
        "seam-units",
        "seam-scales",
        "seam-attitudes",
        "seam-covariances",
        "event-states",
        "above-ground",
        "frames",
        "earth-orientation",
        "space-weather",
        "data-span",
    }
)


def not_asked(mission: AnyMission) -> frozenset[str]:
    """Checks of what this mission has none of."""
    plan = mission.plan
    phases = [step for step in plan if isinstance(step, Phase)]
    has = (
        (OF_SEVERAL, bool(mission.passengers)),
        (OF_MEETING, isinstance(mission, Mission) and mission.launch.meet is not None),
        (OF_LOW_THRUST, any(isinstance(step, Transfer) and step.low_thrust for step in plan)),
        (OF_BURNS, any(isinstance(step, _BURNING) for step in plan)),
        (OF_PHASES, any(p.condition for p in phases)),
        (OF_OBJECTS, any(p.object for p in phases)),
        (OF_IMPULSES, any(isinstance(step, Coast) and step.impulses for step in plan)),
        (OF_IMAGING, bool(mission.imaging)),
        (OF_RELEASES, any(isinstance(step, Release) for step in plan)),
        (OF_LIGHT, any(isinstance(s, Land) and (s.light or s.window) for s in plan)),
        (OF_LIBRATION, _near_libration(mission)),
        (OF_STARTS, isinstance(mission, OrbitMission)),
        (OF_RETURNS, any(isinstance(s, ToMoon) and s.perigee_m for s in plan)),
        (OF_ARRIVALS, any(isinstance(s, ToMoon) and not s.around for s in plan)),
        (OF_PLACES, isinstance(mission, Mission) or bool(mission.stations)),
        (OF_AIR, _gives_air(mission)),
        (OF_START_FILES, isinstance(mission, OrbitMission) and mission.start.ground is None),
    )
    none = [names for names, there in has if not there]
    steps = {name for name, kind in OF_STEPS.items() if not any(isinstance(s, kind) for s in plan)}
    return frozenset(steps).union(*none)


def _gives_air(mission: AnyMission) -> bool:
    """Does it give a wind, an activity of the Sun, or limits of its own?"""
    given = (mission.wind, mission.space_weather)
    limited = isinstance(mission, Mission) and mission.limits != Limits()
    return limited or any(x is not None for x in given)


def _near_libration(mission: AnyMission) -> bool:
    """Does it begin on a libration orbit, or go to one, or keep one?"""
    begins = isinstance(mission, OrbitMission) and mission.start.libration is not None
    return begins or any(
        isinstance(s, ToLibration) or (isinstance(s, StationKeep) and bool(s.orbit))
        for s in mission.plan
    )

"""Mars Climate Orbiter: impulses of thrusters told in pounds-force seconds, read as newton seconds.

Its reaction wheels were unloaded by thrusters that left a small push behind. The file of those
pushes was in lbf s, and was read as N s: each 4.448 times too small. Range and range rate see the
motion along the line of sight; across it the path was what the file said. At the last correction,
on 15 September 1999, a periapsis of 226 km was believed; on 23 September it was some 57 km.

The history of the pushes is not public. Here two a day of one size are taken from the correction of
25 July on, across the line of sight in the sense that lowers the periapsis, and their size is the
one thing fitted: the believed path ends at 226 km with the pushes as read, the true one, from the
same state on 25 July, at 57 km with the pushes as they were. The way in is that of the conic from
launch to arrival (Lambert's problem), over the north of Mars; both paths are flown about Mars with
its field 8x8, Sun, Earth, Venus and Jupiter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq

from cosmodrome.campaign.replays import Compared, Replay
from cosmodrome.campaign.replays.told import Told
from cosmodrome.checks.small_forces import Thrusters, file_units
from cosmodrome.dynamics import Dynamics, Gravity, PointMass, propagate
from cosmodrome.dynamics.lambert import lambert
from cosmodrome.formats.impulses import UNITS, Impulse, Impulses, dumps, loads
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import MARS, SUN
from cosmodrome.world.body_orientation import fixed_from_gcrf
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Cruise", "Setting", "cruise_of", "file_of", "end_of", "fitted", "misread", "replayed"]

_DAY_S = 86_400.0
_LAUNCH = Epoch.from_utc("1998-12-11T18:45:51Z")
_ARRIVAL = Epoch.from_utc("1999-09-23T09:00:46Z")
_KNOWN = Epoch.from_utc("1999-07-25T00:00:00Z")
_CORRECTED = Epoch.from_utc("1999-09-15T00:00:00Z")
#: pounds-force seconds in newton seconds
FACTOR = UNITS["lbf s"]
#: what was on board: four thrusters of 0.9 N for the attitude
THRUSTERS = Thrusters(thrust_n=0.9)
#: part of thrust x time that adds up: taken
_LEFT = 0.8
_PATH = Dynamics(
    (Gravity("mars", 8), *(PointMass(n) for n in ("sun", "earth", "venus", "jupiter"))), "mars"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What is taken as known. Heights above the equatorial radius of Mars.

    believed_m, true_m  of the periapsis, at the last correction and in the end
    a_day       unloadings
    since       the state at this instant is taken as known
    mass_kg     on the cruise
    """

    believed_m: float = 226e3
    true_m: float = 57e3
    a_day: int = 2
    since: Epoch = _KNOWN
    mass_kg: float = 629.0


@dataclass(frozen=True, slots=True, eq=False)
class Cruise:
    """The way in: speed and direction far from Mars, the direction of the aim from its centre,
    and that of the pushes."""

    v_infinity_m_s: Array
    aim: Array
    push: Array

    def periapsis(self, height_m: float, mass_kg: float) -> State:
        """The state there, on the hyperbola."""
        radius, mu = MARS.figure_m + height_m, MARS.mu_m3_s2
        speed = float(np.linalg.norm(self.v_infinity_m_s))
        along = self.v_infinity_m_s / speed
        e = 1.0 + radius * speed**2 / mu
        s = math.sqrt(1.0 - 1.0 / e**2)
        r = radius * (along / e + s * self.aim)
        v = math.sqrt(speed**2 + 2.0 * mu / radius) * (s * along - self.aim / e)
        return State(_ARRIVAL, gcrf("mars"), r, v, mass_kg)


def cruise_of(world: World) -> Cruise:
    """By the conic about the Sun from the day of launch to the hour of arrival."""
    sky = world.ephemeris
    at = [sky.position_m(n, t, "sun") for n, t in (("earth", _LAUNCH), ("mars", _ARRIVAL))]
    _, arriving = lambert(at[0], at[1], _ARRIVAL - _LAUNCH, SUN.mu_m3_s2)
    far = arriving - sky.velocity_m_s("mars", _ARRIVAL, "sun")
    pole = fixed_from_gcrf(world, "mars", "iau-mars", _ARRIVAL).matrix[2]
    aim = _across(pole, far)
    sight = sky.position_m("mars", _CORRECTED, "earth")
    return Cruise(far, aim, _across(-aim, sight))


def _across(u: Array, along: Array) -> Array:
    """The part of u across a direction, of unit length."""
    s = along / np.linalg.norm(along)
    out = u - (u @ s) * s
    return np.asarray(out / np.linalg.norm(out))


def _epochs(setting: Setting) -> list[Epoch]:
    step = _DAY_S / setting.a_day
    count = int((_ARRIVAL - setting.since - _DAY_S) / step)
    return [setting.since + (k + 0.5) * step for k in range(count)]


def file_of(cruise: Cruise, setting: Setting, size_ns: float) -> Impulses:
    """The impulses as they were, N s, in a file that tells them in lbf s."""
    x, y, z = (float(c) for c in size_ns * cruise.push)
    open_s = size_ns / (_LEFT * THRUSTERS.thrust_n)
    events = tuple(Impulse(t, open_s, (x, y, z)) for t in _epochs(setting))
    return Impulses("mars-climate-orbiter", "gcrf", "lbf s", events, ("unloadings of the wheels",))


def misread(file: Impulses) -> Impulses:
    """The same text with its unit taken for N s: what the navigators had."""
    return loads(dumps(file).replace("[lbf s]", "[N s]"))


def _flown(state: State, file: Impulses, until: Epoch, sense: float, world: World) -> State:
    """The state carried through the impulses of a file; sense -1: backward, taking them off."""
    events = file.events if sense > 0.0 else file.events[::-1]
    for event in events:
        state = propagate(state, _PATH, event.epoch, world=world, dense=False).end
        gained = sense * np.array(event.impulse_ns) / state.mass_kg
        state = replace(state, v_m_s=state.v_m_s + gained)
    return propagate(state, _PATH, until, world=world, dense=False).end


def _met(state: State, world: World) -> State:
    """The state at the periapsis, from days before it."""
    return propagate(state, _PATH, "periapsis", world=world, within_s=9e5, dense=False).end


def _height_m(state: State) -> float:
    return float(np.linalg.norm(state.r_m)) - MARS.figure_m


def end_of(cruise: Cruise, setting: Setting, size_ns: float, world: World) -> State:
    """Where the true path is nearest to Mars, that was believed to end at the believed height."""
    file = file_of(cruise, setting, size_ns)
    known = cruise.periapsis(setting.believed_m, setting.mass_kg)
    begun = _flown(known, misread(file), setting.since, -1.0, world)
    return _met(_flown(begun, file, file.events[-1].epoch + 60.0, 1.0, world), world)


def fitted(cruise: Cruise, setting: Setting, world: World, watch: Watch = SILENT) -> float:
    """Size of one impulse, N s, with which the true periapsis is at its height."""

    def miss(size_ns: float) -> float:
        stop_if_cancelled(watch)
        return _height_m(end_of(cruise, setting, size_ns, world)) - setting.true_m

    # the periapsis falls by some 350 km for a newton second of each of two pushes a day
    top = 2.0 / setting.a_day
    return float(brentq(miss, 0.1 * top, top, xtol=1e-5))


# ----------------------------------------------------------------------------------- replay
def replayed(world: World, watch: Watch = SILENT) -> Replay:
    """The size of the pushes that the two periapses ask for, and the check on their first week."""
    told = Told("mars-climate-orbiter")
    setting = Setting(told.value("believed-tcm-4"), told.value("passed"))
    cruise = cruise_of(world)
    watch.begin("replay", "fitting the size of the impulses to the periapsis")
    size = fitted(cruise, setting, world, watch)
    end = end_of(cruise, setting, size, world)
    file = file_of(cruise, setting, size)
    watch.end("replay", f"{size:.3f} N s in each of {len(file.events)} unloadings")
    first = replace(file, events=file.events[: 7 * setting.a_day])
    return Replay(
        "mars-climate-orbiter",
        told.title,
        "impulses in lbf s were read as N s",
        {
            "two unloadings a day from 25 July on": _figures(setting, size, end, file, told),
            "other histories": _sensitivities(cruise, setting, size, world, watch),
        },
        (
            "the history of the unloadings is not public: how many a day, their part across the"
            " line of sight and that they are alike is assumed, and one size is fitted; the sum of"
            " the pushes hardly hangs on the number",
            "how long thrusters were open is made from the true impulses with four fifths left"
            " over: what the check is held against is thrust x time, not a telemetry of the flight",
            "the state on 25 July is taken as known, and the correction of 15 September as the"
            " same in both; heights are above 3,396.19 km",
            "the way in is the conic from launch to arrival, over the north of Mars",
        ),
        (
            *told.sources,
            "57 km: SpaceDaily, 10 October 1999; start of the insertion 09:00:46 UTC: JPL",
            "four thrusters of 0.9 N, corrections on 25 July and 15 September: NASA, MCO press kit",
        ),
        tuple(f for f in file_units(misread(first), THRUSTERS) if f.verdict == "fails"),
    )


def _figures(
    setting: Setting, size: float, end: State, file: Impulses, told: Told
) -> tuple[Compared, ...]:
    total = size * len(file.events)
    gain = 1e3 / setting.mass_kg
    as_read = sum(e.size_ns for e in misread(file).events)
    speed = float(np.linalg.norm(end.v_m_s)) / 1e3
    far = math.sqrt(speed**2 - 2e-6 * MARS.mu_m3_s2 / float(np.linalg.norm(end.r_m)))
    return (
        Compared("periapsis believed", setting.believed_m / 1e3, "km", "given"),
        Compared(
            "periapsis flown",
            _height_m(end) / 1e3,
            "km",
            "fitted",
            told.value("passed", 1e3) - 0.5,
            60.0,
        ),
        Compared(
            "closer to Mars than believed",
            (setting.believed_m - _height_m(end)) / 1e3,
            "km",
            "fitted",
            0.95 * told.value("lower", 1e3),
            1.05 * told.value("lower", 1e3),
        ),
        Compared("lowest that would be survived", told.value("survivable", 1e3), "km", "given"),
        Compared("unloadings", float(len(file.events)), "1", "given"),
        Compared("impulse of each", size, "N s", "fitted"),
        Compared("velocity of each", size * gain, "mm/s", "fitted"),
        Compared("all of them", total, "N s", "predicted"),
        Compared("all of them as read", as_read, "N s", "predicted"),
        Compared("true over read", total / as_read, "1", "given", 4.445, 4.455),
        Compared("velocity that nobody knew of", (total - as_read) * gain, "mm/s", "predicted"),
        Compared("impulse of a day", size * setting.a_day, "N s", "predicted"),
        Compared("speed far from Mars", far, "km/s", "predicted"),
        Compared("periapsis sooner by", _ARRIVAL - end.epoch, "s", "predicted"),
    )


def _sensitivities(
    cruise: Cruise, setting: Setting, size: float, world: World, watch: Watch
) -> tuple[Compared, ...]:
    """The sum of the pushes under other assumptions, over that of the first."""
    total = size * len(_epochs(setting))
    out = []
    for what, other in (
        ("one a day", replace(setting, a_day=1)),
        ("150 km believed", replace(setting, believed_m=150e3)),
    ):
        watch.tell("replay", None, f"fitting with {what}")
        found = fitted(cruise, other, world, watch) * len(_epochs(other))
        out.append(Compared(f"sum of the impulses, {what}", found / total, "1", "sensitivity"))
    lower = end_of(cruise, setting, 1.1 * size, world)
    per = (_height_m(lower) - setting.true_m) / (0.1 * size) / 1e3
    out.append(Compared("periapsis by the size of each", per, "km/(N s)", "sensitivity"))
    return tuple(out)

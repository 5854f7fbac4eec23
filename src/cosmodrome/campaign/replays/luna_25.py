"""Luna-25: the burn that was to lead to 18 x 100 km above the Moon, and was not cut off.

On 19 August 2023 the engines were lit at 11:10 UTC over an orbit of 91 x 113 km (90 x 112 by other
accounts) and ran for 127 s instead of 84 s: the accelerometers had not been switched on, and the
timer ended the burn. The crater was found at 57.865 S 61.360 E, 360 m below the mean radius.

The burn is the cheapest that leads to exactly 18 x 100 km in 84 s, its direction fixed in inertial
axes; the flown one is the same for 43 s more. Two numbers are fitted to the crater: the node of the
orbit, taken as polar, and the height at ignition, on the way from perilune to apolune. Where the
burn began is not published; it is taken at the northernmost point of the orbit. Everything after
that is predicted. The full field (GRGM1200A 100x100), Earth and Sun act throughout.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.campaign.replays import Compared, Replay
from cosmodrome.campaign.replays.told import Told
from cosmodrome.dynamics import Altitude, Thrust, preset, propagate
from cosmodrome.dynamics.elements import elements_from_state, state_from_elements
from cosmodrome.errors import InputError, SolverError
from cosmodrome.mission.nouns import (
    Coast,
    CraftEngine,
    Manoeuvre,
    OrbitMission,
    PhysicsModel,
    Spacecraft,
    Start,
    StartState,
)
from cosmodrome.record.nouns import Elements
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import G0, MOON
from cosmodrome.world.body_orientation import fixed_from_gcrf
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.record.nouns import Finding
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = [
    "Flown",
    "Setting",
    "burn_of",
    "fitted",
    "flown",
    "impulsive_perilune_m",
    "planned",
    "replayed",
    "start_state",
]

#: heights are counted from this sphere, m (IAU)
RADIUS_M = MOON.figure_m
_TO_DEG = 180.0 / math.pi
# metres of perilune and apolune, and of the crater, that the solutions may miss
_ORBIT_M, _CRATER_M = 0.01, 1.0
_ROUNDS = 12
# what of the orbit after the planned burn is looked at
_AFTER_S = 7_200.0
_IGNITION = Epoch.from_utc("2023-08-19T11:10:00Z")


@dataclass(frozen=True, slots=True)
class Setting:
    """What is taken as known. Heights in m above RADIUS_M, angles in rad.

    orbit_m        perilune and apolune before the burn, osculating
    goal_m         those that the planned burn leads to
    planned_s, ran_s  how long it was to last, and did
    over_rad       argument of latitude at ignition: a quarter turn is the northernmost point
    tangential     thrust against the velocity at ignition, of the size that brings the perilune
                   down; else the cheapest that leads to both apsides
    mass_kg, isp_s only their mild effect on the acceleration counts; estimated
    site           latitude, longitude (mean Earth) and height of the crater
    """

    orbit_m: tuple[float, float] = (91e3, 113e3)
    goal_m: tuple[float, float] = (18e3, 100e3)
    planned_s: float = 84.0
    ran_s: float = 127.0
    ignition: Epoch = _IGNITION
    over_rad: float = 0.5 * math.pi
    inclination_rad: float = 0.5 * math.pi
    tangential: bool = False
    mass_kg: float = 1_250.0
    isp_s: float = 300.0
    site: tuple[float, float, float] = (
        math.radians(-57.865),
        math.radians(61.360),
        -360.0,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Flown:
    """The burn and what came of it.

    node_rad, height_m    of the orbit in mean-Earth axes at ignition; height at ignition
    thrust_n, up_rad      of the burn; its direction above the one against the motion
    delta_v_m_s           of the planned burn
    perilune_m            osculating at the late cut-off
    fall_s, arc_rad       from ignition to the ground
    speed_m_s, slope_rad  there, the slope of the path below the horizon
    place                 latitude and longitude there, mean Earth, rad
    """

    setting: Setting
    node_rad: float
    height_m: float
    thrust_n: float
    up_rad: float
    delta_v_m_s: float
    perilune_m: float
    fall_s: float
    arc_rad: float
    speed_m_s: float
    slope_rad: float
    place: tuple[float, float]

    @property
    def acceleration_m_s2(self) -> float:
        return self.thrust_n / self.setting.mass_kg


def start_state(setting: Setting, node_rad: float, height_m: float, world: World) -> State:
    """The state at ignition, on the way from perilune to apolune, GCRF axes about the Moon.

    Raises InputError for a height outside the orbit.
    """
    low, high = setting.orbit_m
    if not low < height_m < high:
        raise InputError(
            f"a burn at {height_m / 1e3:.3f} km was asked on an orbit of {low / 1e3:g} x"
            f" {high / 1e3:g} km; write a height between the two"
        )
    near, far = RADIUS_M + low, RADIUS_M + high
    a, e = 0.5 * (near + far), (far - near) / (far + near)
    anomaly = math.acos((a * (1.0 - e * e) / (RADIUS_M + height_m) - 1.0) / e)
    elements = Elements(
        a, e, setting.inclination_rad, node_rad, setting.over_rad - anomaly, anomaly
    )
    r, v = state_from_elements(elements, _mu(world))
    turn = fixed_from_gcrf(world, "moon", "moon-me", setting.ignition).matrix.T
    return State(setting.ignition, gcrf("moon"), turn @ r, turn @ v, setting.mass_kg)


def _mu(world: World) -> float:
    return world.gravity("moon", degree=2).mu_m3_s2


def burn_of(start: State, setting: Setting, x: Array, lasts_s: float) -> Thrust:
    """A burn of thrust x[0] N, x[1] rad above the direction against the motion at its start."""
    up = start.r_m / np.linalg.norm(start.r_m)
    normal = np.cross(start.r_m, start.v_m_s)
    along = np.cross(normal / np.linalg.norm(normal), up)
    direction = -math.cos(x[1]) * along + math.sin(x[1]) * up
    return Thrust(start.epoch, start.epoch + lasts_s, float(x[0]), setting.isp_s, tuple(direction))


def _burnt(start: State, setting: Setting, x: Array, lasts_s: float, world: World) -> State:
    """The state after a burn of `burn_of`."""
    dynamics = preset("lunar").with_thrust(burn_of(start, setting, x, lasts_s))
    return propagate(start, dynamics, lasts_s, world=world, dense=False).end


def _apsides(state: State, world: World) -> Array:
    """Osculating perilune and apolune, m above RADIUS_M."""
    el = elements_from_state(state.r_m, state.v_m_s, _mu(world))
    return np.array([el.a_m * (1.0 - el.e), el.a_m * (1.0 + el.e)]) - RADIUS_M


def _impulse(setting: Setting, radius: float, rate: float, ahead: float, mu: float) -> Array:
    """Upward and forward parts (2,) of the smallest impulse in the plane to the planned orbit.

    radius, rate, ahead  distance from the centre, its rate, and the speed across it

    Two lead there, to rise or to sink on it. A push out of the plane would only be larger.
    """
    near, far = (RADIUS_M + h for h in setting.goal_m)
    a, p = 0.5 * (near + far), 2.0 * near * far / (near + far)
    across = math.sqrt(mu * p) / radius
    rise = math.sqrt(max(mu * (2.0 / radius - 1.0 / a) - across * across, 0.0))
    rising, sinking = (np.array([sign * rise - rate, across - ahead]) for sign in (1.0, -1.0))
    return rising if abs(rising[0]) <= abs(sinking[0]) else sinking


def impulsive_perilune_m(setting: Setting, height_m: float, world: World) -> float:
    """Perilune, m above RADIUS_M, if the planned and the flown burn were impulses at ignition."""
    mu, start = _mu(world), start_state(setting, 0.0, height_m, world)
    radius = float(np.linalg.norm(start.r_m))
    rate = float(start.r_m @ start.v_m_s) / radius
    ahead = math.sqrt(float(start.v_m_s @ start.v_m_s) - rate * rate)
    push = _impulse(setting, radius, rate, ahead, mu) * setting.ran_s / setting.planned_s
    v = np.array([rate + push[0], ahead + push[1], 0.0])
    el = elements_from_state(np.array([radius, 0.0, 0.0]), v, mu)
    return el.a_m * (1.0 - el.e) - RADIUS_M


def _cheapest(start: State, setting: Setting, world: World) -> Array:
    """Thrust and elevation of the planned burn, from the smallest impulse."""
    radius = float(np.linalg.norm(start.r_m))
    rate = float(start.r_m @ start.v_m_s) / radius
    ahead = math.sqrt(float(start.v_m_s @ start.v_m_s) - rate * rate)
    lift, forward = _impulse(setting, radius, rate, ahead, _mu(world))
    size = math.hypot(lift, forward)
    x = np.array([setting.mass_kg * size / setting.planned_s, math.atan2(lift, -forward)])

    def miss(x: Array) -> Array:
        end = _burnt(start, setting, x, setting.planned_s, world)
        off: Array = _apsides(end, world) - np.array(setting.goal_m)
        return off

    return _newton(miss, x, np.array([0.1, 1e-3]), _ORBIT_M, "the planned burn")


def _tangential(start: State, setting: Setting, world: World) -> Array:
    """Thrust against the velocity at ignition that brings the perilune down."""
    rate = float(start.r_m @ start.v_m_s) / float(np.linalg.norm(start.r_m))
    up = -math.asin(rate / float(np.linalg.norm(start.v_m_s)))

    def miss(x: Array) -> Array:
        end = _burnt(start, setting, np.array([x[0], up]), setting.planned_s, world)
        return _apsides(end, world)[:1] - setting.goal_m[0]

    first = np.array([0.25 * setting.mass_kg])
    found = _newton(miss, first, np.array([0.1]), _ORBIT_M, "the tangential burn")
    return np.array([found[0], up])


def _newton(
    miss: Callable[[Array], Array], x: Array, steps: Array, close: float, what: str
) -> Array:
    """Zero of miss(x), as many numbers as x has, by Newton with differences."""
    for _ in range(_ROUNDS):
        left = miss(x)
        if float(np.max(np.abs(left))) < close:
            return x
        slope = np.column_stack(
            [(miss(x + h * e) - left) / h for h, e in zip(steps, np.eye(x.size), strict=True)]
        )
        x = x - np.linalg.solve(slope, left)
    raise SolverError(
        f"{what} was not found in {_ROUNDS} rounds (left {float(np.max(np.abs(left))):.3g});"
        " take a height farther from the apsides"
    )


def flown(setting: Setting, node_rad: float, height_m: float, world: World) -> Flown:
    """The planned burn solved, run too long, and flown to the ground."""
    start = start_state(setting, node_rad, height_m, world)
    x = (_tangential if setting.tangential else _cheapest)(start, setting, world)
    cut = _burnt(start, setting, x, setting.ran_s, world)
    fall = propagate(
        cut, preset("lunar"), Altitude(setting.site[2]), world=world, within_s=7_200.0, dense=False
    ).end
    fixed = fixed_from_gcrf(world, "moon", "moon-me", fall.epoch).matrix @ fall.r_m
    radius, speed = float(np.linalg.norm(fall.r_m)), float(np.linalg.norm(fall.v_m_s))
    across = np.linalg.norm(np.cross(start.r_m, fall.r_m))
    flow = x[0] * setting.planned_s / (setting.isp_s * G0 * setting.mass_kg)
    return Flown(
        setting,
        node_rad,
        height_m,
        float(x[0]),
        float(x[1]),
        -setting.isp_s * G0 * math.log(1.0 - flow),
        float(_apsides(cut, world)[0]),
        fall.epoch - start.epoch,
        math.atan2(float(across), float(start.r_m @ fall.r_m)),
        speed,
        -math.asin(float(fall.r_m @ fall.v_m_s) / (radius * speed)),
        (math.asin(fixed[2] / radius), math.atan2(fixed[1], fixed[0])),
    )


def fitted(setting: Setting, world: World, watch: Watch = SILENT) -> Flown:
    """The node and the height at ignition with which the fall ends in the crater.

    Raises SolverError where no height of the orbit does.
    """
    latitude, longitude, height = setting.site
    radius = RADIUS_M + height
    # a descending pass: a polar orbit runs down the crater's meridian from the far side of the node
    x = np.array([longitude + math.pi, 0.76 * setting.orbit_m[0] + 0.24 * setting.orbit_m[1]])

    def miss(x: Array) -> Array:
        stop_if_cancelled(watch)
        at = flown(setting, float(x[0]), float(x[1]), world).place
        turn = math.remainder(at[1] - longitude, 2.0 * math.pi)
        return radius * np.array([at[0] - latitude, math.cos(latitude) * turn])

    x = _newton(miss, x, np.array([1e-3, 100.0]), _CRATER_M, "the way to the crater")
    return flown(setting, float(x[0]) % (2.0 * math.pi), float(x[1]), world)


def planned(f: Flown, world: World) -> OrbitMission:
    """The burn as it was planned, with the timer that ended it, as a mission of its own: what was
    there to be checked before it was lit.

    Propellant and area are estimates: neither is used up or felt.
    """
    s = f.setting
    start = start_state(s, f.node_rad, f.height_m, world)
    push = np.array(burn_of(start, s, np.array([f.thrust_n, f.up_rad]), s.planned_s).direction)
    burn = Manoeuvre(
        (float(push[0]), float(push[1]), float(push[2])),
        "gcrf",
        duration_s=s.planned_s,
        name="pre-landing burn",
        timer_s=s.ran_s,
    )
    r, v = ((float(x[0]), float(x[1]), float(x[2])) for x in (start.r_m, start.v_m_s))
    engine = CraftEngine(f.thrust_n, s.isp_s)
    return OrbitMission(
        "Luna-25 before its last burn",
        Start(s.ignition, state=StartState("moon/gcrf", r, v), source="the replay"),
        Spacecraft(
            "luna-25", s.mass_kg, 6.0, 2.2, 6.0, 1.3, engine=engine, propellant_kg=0.3 * s.mass_kg
        ),
        (burn, Coast(_AFTER_S)),
        physics=PhysicsModel(drag="none"),
    )


def _findings(f: Flown, world: World) -> tuple[Finding, ...]:
    """What the checks say of the planned burn, before it is lit."""
    from cosmodrome.flight import fly

    return tuple(j for j in fly(planned(f, world), world=world).findings if j.verdict == "fails")


# ----------------------------------------------------------------------------------- replay
def replayed(world: World, watch: Watch = SILENT) -> Replay:
    """Both accounts of the orbit, and the tangential burn beside them."""
    cases: dict[str, tuple[Compared, ...]] = {}
    findings: tuple[Finding, ...] = ()
    for orbit, tangential in (
        ((91e3, 113e3), False),
        ((90e3, 112e3), False),
        ((91e3, 113e3), True),
    ):
        name = f"{orbit[0] / 1e3:g} x {orbit[1] / 1e3:g} km"
        name += ", tangential burn" if tangential else ""
        watch.begin("replay", f"fitting {name} to the crater")
        setting = Setting(orbit_m=orbit, tangential=tangential)
        if tangential:
            # beside the first: the same place and height, only the direction is another
            first = cases["91 x 113 km"]
            node, height = (x.value for x in first[:2])
            found = flown(setting, node / _TO_DEG, 1e3 * height, world)
            cases[name] = tuple(replace(c, role="predicted") for c in _figures(found)[2:])
        else:
            found = fitted(setting, world, watch)
            findings = findings or _findings(found, world)
            cases[name] = (
                *_figures(found),
                Compared(
                    "perilune if both burns were impulses",
                    impulsive_perilune_m(setting, found.height_m, world) / 1e3,
                    "km",
                    "predicted",
                ),
                *_sensitivities(found, world),
            )
        watch.end("replay", f"{name}: {found.fall_s / 60.0:.1f} min from ignition to the ground")
    told = Told("luna-25")
    return Replay(
        "luna-25",
        told.title,
        "the burn ran for 127 s instead of 84 s",
        cases,
        (
            "the burn is taken to begin at the northernmost point of a polar orbit, which is not"
            " published: the height that the crater asks for, and the time, hang on it as the"
            " sensitivities say",
            "mass (1,250 kg) and specific impulse (300 s) are estimated; the burn needs only their"
            " ratio to the thrust",
            "the ground is a sphere 360 m below the mean radius; the path meets it at 1.5 degrees,"
            " so 100 m of terrain are 4 km and 2 s",
        ),
        told.sources,
        findings,
    )


def _figures(f: Flown) -> tuple[Compared, ...]:
    return (
        Compared("node of the orbit, mean Earth", f.node_rad * _TO_DEG, "deg", "fitted"),
        Compared("height at ignition", f.height_m / 1e3, "km", "fitted"),
        Compared("delta-v planned in 84 s", f.delta_v_m_s, "m/s", "predicted"),
        Compared("thrust over mass at ignition", f.acceleration_m_s2, "m/s^2", "predicted"),
        Compared("thrust above the backward horizon", f.up_rad * _TO_DEG, "deg", "predicted"),
        Compared("perilune after 127 s", f.perilune_m / 1e3, "km", "predicted"),
        Compared(
            "ignition to ground",
            f.fall_s / 60.0,
            "min",
            "predicted",
            *Told("luna-25").band("fall", 60.0),
        ),
        Compared("arc from ignition to ground", f.arc_rad * _TO_DEG, "deg", "predicted"),
        Compared("speed at the ground", f.speed_m_s / 1e3, "km/s", "predicted"),
        Compared("path below the horizon there", f.slope_rad * _TO_DEG, "deg", "predicted"),
        Compared("latitude of the ground met", f.place[0] * _TO_DEG, "deg", "fitted"),
        Compared("longitude of the ground met", f.place[1] * _TO_DEG, "deg", "fitted"),
    )


def _sensitivities(f: Flown, world: World) -> tuple[Compared, ...]:
    """Differences over 200 m of height, and over 5 degrees of the place of ignition."""
    s, node = f.setting, f.node_rad
    low, high = (flown(s, node, f.height_m + d, world) for d in (-100.0, 100.0))
    later = flown(replace(s, over_rad=s.over_rad + math.radians(5.0)), node, f.height_m, world)
    per_km = (high.arc_rad - low.arc_rad) * _TO_DEG / 0.2
    slower = (high.fall_s - low.fall_s) / 0.2
    # lit later along the orbit, the same crater asks for a shorter arc, and so for more height
    asked = -(5.0 + (later.arc_rad - f.arc_rad) * _TO_DEG) / per_km
    longer = flown(replace(s, ran_s=s.ran_s + 1.0), node, f.height_m, world)
    return (
        Compared("arc to the ground by height", per_km, "deg/km", "sensitivity"),
        Compared("time to the ground by height", slower, "s/km", "sensitivity"),
        Compared("height asked for if lit 5 deg later", asked, "km", "sensitivity"),
        Compared(
            "time to the crater then",
            later.fall_s - f.fall_s + asked * slower,
            "s",
            "sensitivity",
        ),
        Compared(
            "time to the ground by a second of burn",
            longer.fall_s - f.fall_s,
            "s/s",
            "sensitivity",
        ),
        Compared(
            "perilune by a second of burn",
            (longer.perilune_m - f.perilune_m) / 1e3,
            "km/s",
            "sensitivity",
        ),
    )

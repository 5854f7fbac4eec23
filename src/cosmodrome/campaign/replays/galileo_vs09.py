"""Galileo VS09: the second burn of Fregat, flown in a wrong inertial attitude.

On 22 August 2014 two Galileo satellites were to be released on a circle of 29,900 km semi-major
axis at 55 degrees. On the coast before the second burn two attitude thrusters had no hydrazine (a
line frozen by the helium line beside it), the stage lost its inertial reference, and the burn
pointed elsewhere: 13,713 x 25,900 km at 49.8 degrees (49.7 from the first two-line elements).

The planned burn is solved first: its direction fixed in inertial axes, its length and its lead on
the apogee such that the orbit after it is the circle. Then what was published of the orbit reached
is asked of the same burn turned by two angles. Three figures leave one freedom beside the angles,
taken once as the cut-off, for a burn at the node, and once as the place of the burn along the
orbit, for a burn of the planned length: the two ends between which the error of pointing lies. The
Earth's field 20x20, Sun and Moon act throughout.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import least_squares

from cosmodrome.campaign.replays import Compared, Replay
from cosmodrome.campaign.replays.told import Told
from cosmodrome.catalog import vehicle
from cosmodrome.dynamics import Dynamics, Thrust, propagate
from cosmodrome.dynamics.elements import elements_from_state, state_from_elements
from cosmodrome.errors import SolverError
from cosmodrome.record.nouns import Elements
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M, G0
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.record.nouns import Finding, Flight
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = [
    "Planned",
    "Reached",
    "Setting",
    "estimated",
    "planned",
    "reached",
    "record",
    "replayed",
]

_TO_DEG = 180.0 / math.pi
_TURN = 2.0 * math.pi
#: metres of a and of the size of e times a, and of perigee, apogee and plane, that may be missed
_CLOSE_M = 1.0
#: of the burn, enough for a gate to see where it pushes, s
GATE_S = 10.0
#: from the end of the burn to the first ground station that could measure: taken, s
CONTACT_S = 600.0
_GATE = "first ten seconds"
_APOGEE = Epoch.from_utc("2014-08-22T16:05:00Z")


@dataclass(frozen=True, slots=True)
class Setting:
    """What is taken as known. Heights above the equatorial radius, angles of the true equator.

    perigee_m    of the transfer orbit; not published, of the class of Fregat's parking orbits
    circle_m, inclination_rad  of the orbit aimed at
    over_rad     argument of latitude of the apogee: where along the orbit the burn is
    apogee       its instant; 3 h 38 min after lift-off at 12:27:11 UTC, estimated
    end_kg       stage, dispenser and satellites after the burn; estimated
    """

    perigee_m: float = 190e3
    circle_m: float = 29_900e3
    inclination_rad: float = math.radians(55.0)
    over_rad: float = math.pi
    apogee: Epoch = _APOGEE
    end_kg: float = 2_830.0


@dataclass(frozen=True, slots=True)
class Reached:
    """The orbit after the burn, osculating: heights of the apsides, m, and the plane, rad."""

    perigee_m: float = 13_713e3
    apogee_m: float = 25_900e3
    inclination_rad: float = math.radians(49.8)


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """The burn that leads to the circle, from its ignition.

    direction  unit vector in GCRF; up and across complete it
    """

    setting: Setting
    start: State
    direction: Array
    up: Array
    across: Array
    lasts_s: float

    @property
    def delta_v_m_s(self) -> float:
        return _size_m_s(self.start.mass_kg, self.lasts_s)

    def turned(self, x: Array) -> Array:
        """The direction turned by x[0] upwards and x[1] towards the orbit's normal."""
        level = math.cos(x[0]) * self.direction + math.sin(x[0]) * self.up
        out: Array = math.cos(x[1]) * level + math.sin(x[1]) * self.across
        return out

    def off_rad(self, x: Array) -> float:
        """The angle between the direction and `turned`."""
        return math.acos(max(-1.0, min(1.0, float(self.turned(x) @ self.direction))))


def _engine() -> tuple[float, float]:
    """Thrust, N, and specific impulse, s, of Fregat by the catalogue."""
    stage = next(s for s in vehicle("soyuz-st-b-fregat-mt").stages if s.id == "fregat")
    return stage.thrust_vacuum_n, stage.isp_vacuum_s


def _size_m_s(mass_kg: float, lasts_s: float) -> float:
    thrust, isp = _engine()
    return -isp * G0 * math.log(1.0 - lasts_s * thrust / (isp * G0 * mass_kg))


def _burnt(start: State, direction: Array, lasts_s: float, world: World) -> State:
    """The state after a burn in a fixed direction."""
    thrust, isp = _engine()
    burn = Thrust(start.epoch, start.epoch + lasts_s, thrust, isp, tuple(direction))
    dynamics = Dynamics.earth(20, thrust=(burn,))
    return propagate(start, dynamics, lasts_s, world=world, dense=False).end


def _elements(state: State, world: World) -> Elements:
    """Osculating, of the true equator and equinox of date."""
    turn = world.orientation.tod_from_gcrf(state.epoch).matrix
    mu = world.gravity().mu_m3_s2
    return elements_from_state(turn @ state.r_m, turn @ state.v_m_s, mu)


def _at(setting: Setting, lead_s: float, mass_kg: float, world: World) -> State:
    """The state on the transfer orbit, so long before its apogee."""
    mu = world.gravity().mu_m3_s2
    low, high = EARTH_EQUATORIAL_RADIUS_M + setting.perigee_m, setting.circle_m
    a, e = 0.5 * (low + high), (high - low) / (high + low)
    elements = Elements(a, e, setting.inclination_rad, 0.0, setting.over_rad - math.pi, math.pi)
    r, v = state_from_elements(elements, mu)
    turn = world.orientation.tod_from_gcrf(setting.apogee).matrix.T
    state = State(setting.apogee, gcrf("earth"), turn @ r, turn @ v, mass_kg)
    return propagate(state, Dynamics.earth(20), -lead_s, world=world, dense=False).end


def _ready(setting: Setting, x: Array, world: World) -> Planned:
    """A burn of x[0] s, x[1] rad above the horizon at ignition, x[2] s before the apogee."""
    thrust, isp = _engine()
    mass = setting.end_kg + x[0] * thrust / (isp * G0)
    start = _at(setting, float(x[2]), mass, world)
    out = start.r_m / np.linalg.norm(start.r_m)
    normal = np.cross(start.r_m, start.v_m_s)
    normal = normal / np.linalg.norm(normal)
    along = np.cross(normal, out)
    direction = math.cos(x[1]) * along + math.sin(x[1]) * out
    up = math.cos(x[1]) * out - math.sin(x[1]) * along
    return Planned(setting, start, direction, up, normal, float(x[0]))


def _solved(miss: Callable[[Array], Array], x: Array, steps: Array, what: str) -> Array:
    """Least squares of misses in metres; raises SolverError where they stay."""
    found = least_squares(
        miss, x, x_scale=steps, method="lm", diff_step=1e-5, xtol=1e-12, ftol=1e-14
    )
    left = float(np.max(np.abs(found.fun)))
    if not left < _CLOSE_M:
        raise SolverError(f"{what} was not found: {left:.3g} m are left; begin nearer to it")
    out: Array = found.x
    return out


def planned(setting: Setting, world: World) -> Planned:
    """The burn after which the orbit is the circle. Raises SolverError where none is found."""
    return _ready(setting, _shape(setting, world), world)


def _shape(setting: Setting, world: World) -> Array:
    """What `_ready` makes the planned burn of."""

    def miss(x: Array) -> Array:
        ready = _ready(setting, x, world)
        el = _elements(_burnt(ready.start, ready.direction, ready.lasts_s, world), world)
        round_m = setting.circle_m * el.e * np.array([math.cos(el.argp_rad), math.sin(el.argp_rad)])
        return np.array([el.a_m - setting.circle_m, *round_m])

    thrust, isp = _engine()
    lasts = setting.end_kg * math.expm1(1_460.0 / (isp * G0)) * isp * G0 / thrust
    first = np.array([lasts, 0.0, 0.5 * lasts])
    return _solved(miss, first, np.array([1.0, 0.01, 1.0]), "the planned burn")


def _miss(end: State, wanted: Reached, world: World) -> Array:
    el = _elements(end, world)
    apsides = el.a_m * np.array([1.0 - el.e, 1.0 + el.e]) - EARTH_EQUATORIAL_RADIUS_M
    plane = (el.i_rad - wanted.inclination_rad) * el.a_m
    return np.array([*(apsides - (wanted.perigee_m, wanted.apogee_m)), plane])


def estimated(
    setting: Setting,
    wanted: Reached,
    world: World,
    *,
    full: bool = False,
    rising: bool = True,
    watch: Watch = SILENT,
) -> tuple[Planned, Array]:
    """The burn as planned, and how it was turned and cut: angles up and across, length, s.

    full    the burn lasted as planned, and its place along the orbit is found, from the setting's
            on; otherwise it was there, and its length is found
    rising  the orbit is left on the way up from its perigee; else on the way down

    Raises SolverError where no turn leads to the orbit reached.
    """
    shape = _shape(setting, world)
    # past the descending node a push along the orbit's normal lowers the inclination
    first = np.array([0.3 if rising else -0.3, 0.45, setting.over_rad if full else 0.93 * shape[0]])
    steps = np.array([0.1, 0.1, 0.1 if full else 10.0])
    # the shape of the planned burn hangs on its place by milliseconds: twice is enough
    for _ in range(2 if full else 1):

        def burn(x: Array, shape: Array = shape) -> tuple[Planned, float]:
            stop_if_cancelled(watch)
            at = replace(setting, over_rad=float(x[2])) if full else setting
            return _ready(at, shape, world), float(shape[0] if full else x[2])

        def miss(x: Array, burn: Callable[[Array], tuple[Planned, float]] = burn) -> Array:
            plan, lasts = burn(x)
            return _miss(_burnt(plan.start, plan.turned(x), lasts, world), wanted, world)

        first = _solved(miss, first, steps, "the turned burn")
        plan, lasts = burn(first)
        shape = _shape(plan.setting, world) if full else shape
    return plan, np.array([first[0], first[1], lasts])


def reached(plan: Planned, x: Array, world: World) -> Elements:
    """The orbit after a burn as `estimated` tells it."""
    return _elements(_burnt(plan.start, plan.turned(x), float(x[2]), world), world)


# ------------------------------------------------------------------------- what would have told
def _text(plan: Planned, direction: Array, lasts_s: float) -> str:
    """The mission from the ignition on, its burn in two: what a gate looks at, and the rest."""
    s, (_, isp) = plan.start, _engine()
    place, speed = (
        ", ".join(f"{float(c)!r} {u}" for c in x) for x, u in ((s.r_m, "m"), (s.v_m_s, "m/s"))
    )
    along = ", ".join(repr(float(c)) for c in direction)
    burns = "".join(
        f"  - burn: {{duration: {t!r} s, direction: [{along}], frame: gcrf, name: {name}}}\n"
        for name, t in ((_GATE, GATE_S), ("rest of the burn", lasts_s - GATE_S))
    )
    height = (plan.setting.circle_m - EARTH_EQUATORIAL_RADIUS_M) / 1e3
    return f"""schema: cosmodrome/1
name: Galileo VS09 from the second ignition of Fregat
start:
  state:
    epoch: "{s.epoch.utc(9)}"
    frame: gcrf
    position: [{place}]
    velocity: [{speed}]
spacecraft:
  mass: {s.mass_kg!r} kg
  engine: {{thrust: {_engine()[0]!r} N, isp: {isp!r} s}}
  propellant: {s.mass_kg - plan.setting.end_kg + 50.0!r} kg
target:
  kind: circular
  altitude: {height!r} km +- 20 km
  inclination: {plan.setting.inclination_rad * _TO_DEG!r} deg +- 0.1 deg
plan:
{burns}  - coast: {{for: 1 day}}
physics: {{gravity: 20x20, drag: none}}
"""


def record(plan: Planned, x: Array, world: World, watch: Watch = SILENT) -> Flight:
    """What the plan asked for, in the mission and the steps, with what was flown; judged."""
    from cosmodrome import checks
    from cosmodrome.flight import fly
    from cosmodrome.mission import loads

    asked = loads(_text(plan, plan.direction, plan.lasts_s), "vs09.yaml")
    flown = fly(
        loads(_text(plan, plan.turned(x), float(x[2])), "vs09.yaml"), world=world, watch=watch
    )
    steps = iter(asked.plan)
    legs = tuple(replace(g, steps=(next(steps),)) if g.steps else g for g in flown.legs)
    told = replace(flown, mission=asked, legs=legs, findings=())
    return replace(told, findings=checks.run(told, world))


def _apart(plan: Planned, x: Array, world: World) -> tuple[float, float]:
    """Distance, m, and difference in velocity, m/s, from the plan when a station first measures."""
    after = []
    for direction, lasts in ((plan.direction, plan.lasts_s), (plan.turned(x), float(x[2]))):
        end = _burnt(plan.start, direction, lasts, world)
        rest = plan.lasts_s + CONTACT_S - lasts
        after.append(propagate(end, Dynamics.earth(20), rest, world=world, dense=False).end)
    one, other = after
    return tuple(  # type: ignore[return-value]
        float(np.linalg.norm(a - b)) for a, b in ((one.r_m, other.r_m), (one.v_m_s, other.v_m_s))
    )


# ----------------------------------------------------------------------------------- replay
def replayed(world: World, watch: Watch = SILENT) -> Replay:
    """Both ends of what the orbit reached leaves open, flown; and what a gate would have seen."""
    cases: dict[str, tuple[Compared, ...]] = {}
    findings: tuple[Finding, ...] = ()
    told = Told("galileo-vs09")
    wanted, setting = _published(told)
    for name, over, full in (
        ("at the descending node, cut off early", setting.over_rad, False),
        ("the whole burn, where it leads there", math.radians(243.0), True),
    ):
        watch.begin("replay", f"fitting {name}")
        at = replace(setting, over_rad=over)
        plan, x = estimated(at, wanted, world, full=full, watch=watch)
        judged = record(plan, x, world, watch)
        cases[name] = _figures(plan, x, judged, full, told, world)
        if not full:
            cases[name] += _sensitivities(plan, x, wanted, world)
        gate = (f for f in judged.findings if f.verdict == "fails" and f.where.startswith(_GATE))
        findings = findings or tuple(gate)
        watch.end("replay", f"{name}: turned by {plan.off_rad(x) * _TO_DEG:.1f} deg")
    return Replay(
        "galileo-vs09",
        told.title,
        "the second burn of Fregat pointed elsewhere, its inertial reference lost on the coast",
        cases,
        (
            "where along the orbit the burn was, and how long it ran, is not published: a burn at"
            " the node asks for the smallest turn, a burn of full length for the largest",
            "perigee of the transfer orbit (190 km), mass after the burn (2,830 kg) and hour of the"
            " apogee are estimated, and change the angle by less than 0.2 deg",
            "the orbit reached may be left on the way up or down: both ask for the same angle",
            "nothing in the plan was wrong, so no finding could have come before lift-off: the"
            " burn's first ten seconds show it, to whoever measures them by another road than the"
            " stage's own reference (a second one, or range rate from the ground)",
        ),
        (
            *told.sources,
            "a 26,200 km, e 0.23, i 49.8 deg: Arianespace, 23 August 2014",
            "49.7 deg: two-line elements of 2014-050A and B, August 2014",
            "thrust and specific impulse of Fregat: the catalogue's soyuz-st-b-fregat-mt",
        ),
        findings,
    )


def _published(told: Told) -> tuple[Reached, Setting]:
    """The orbit reached, its plane by telemetry, and the one aimed at, by the catalogue."""
    plane = told.band("inclination")[1]
    wanted = Reached(told.value("perigee"), told.value("apogee"), plane)
    circle, tilt = told.value("target"), told.value("target-inclination")
    return wanted, Setting(circle_m=circle, inclination_rad=tilt)


def _figures(
    plan: Planned, x: Array, judged: Flight, full: bool, told: Told, world: World
) -> tuple[Compared, ...]:
    el = reached(plan, x, world)
    path = next(g for g in judged.legs if g.chapter == "orbit").path
    once = _TURN * math.sqrt(el.a_m**3 / world.gravity().mu_m3_s2)
    radii = np.linalg.norm(path.columns_at(np.linspace(0.0, once, 2_000))[:, :3], axis=1)
    low, high = (float(h - EARTH_EQUATORIAL_RADIUS_M) / 1e3 for h in (radii.min(), radii.max()))
    bands = [(0.99 * h, 1.01 * h) for h in (told.value(k, 1e3) for k in ("perigee", "apogee"))]
    plane = [
        i * (1.0 + k * 1e-6)
        for i, k in zip(told.band("inclination", 1.0 / _TO_DEG), (-1.0, 1.0), strict=True)
    ]
    apart, faster = _apart(plan, x, world)
    swerve = float(np.linalg.norm(plan.turned(x) - plan.direction))
    return (
        # 32 to 45 deg by conics
        Compared("error of pointing", plan.off_rad(x) * _TO_DEG, "deg", "fitted", 31.5, 45.5),
        Compared("turned upwards", x[0] * _TO_DEG, "deg", "fitted"),
        Compared("turned along the orbit's normal", x[1] * _TO_DEG, "deg", "fitted"),
        Compared(
            "argument of latitude of the apogee",
            plan.setting.over_rad * _TO_DEG,
            "deg",
            "fitted" if full else "given",
        ),
        Compared("length of the burn", float(x[2]), "s", "given" if full else "fitted"),
        Compared("delta-v planned", plan.delta_v_m_s, "m/s", "predicted", 1_440.0, 1_480.0),
        Compared("delta-v flown", _size_m_s(plan.start.mass_kg, float(x[2])), "m/s", "predicted"),
        Compared("lowest height of a revolution", low, "km", "fitted", *bands[0]),
        Compared("greatest height of a revolution", high, "km", "fitted", *bands[1]),
        Compared("inclination", el.i_rad * _TO_DEG, "deg", "fitted", *plane),
        Compared("semi-major axis", el.a_m / 1e3, "km", "predicted", 0.99 * 26_200, 1.01 * 26_200),
        Compared("eccentricity", el.e, "1", "predicted", 0.225, 0.235),
        Compared(
            "turn of the node", math.remainder(el.raan_rad, _TURN) * _TO_DEG, "deg", "predicted"
        ),
        Compared("argument of perigee", el.argp_rad * _TO_DEG, "deg", "predicted"),
        Compared(
            "velocity astray after ten seconds",
            _size_m_s(plan.start.mass_kg, GATE_S) * swerve,
            "m/s",
            "predicted",
        ),
        Compared("off its place ten minutes after the burn", apart / 1e3, "km", "predicted"),
        Compared("off its velocity then", faster, "m/s", "predicted"),
    )


def _sensitivities(plan: Planned, x: Array, wanted: Reached, world: World) -> tuple[Compared, ...]:
    """The angle if the plane were that of the two-line elements, the mass 10 % more, or the orbit
    left on its way down."""
    s, off = plan.setting, plan.off_rad(x)
    out = []
    for what, setting, orbit, rising in (
        ("at 49.7 deg of inclination", s, replace(wanted, inclination_rad=49.7 / _TO_DEG), True),
        ("at a tenth more mass", replace(s, end_kg=1.1 * s.end_kg), wanted, True),
        ("from a parking orbit at 250 km", replace(s, perigee_m=250e3), wanted, True),
        ("if left on the way down", s, wanted, False),
    ):
        other, y = estimated(setting, orbit, world, rising=rising)
        more = (other.off_rad(y) - off) * _TO_DEG
        out.append(Compared(f"error of pointing {what}: more by", more, "deg", "sensitivity"))
    return tuple(out)

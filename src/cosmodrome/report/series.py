"""Time series of every object of a flight, read off the dense paths.

The rows are samples of what was flown; nothing is integrated here. Derived columns: geodetic
WGS84 altitude, latitude, longitude; Earth-relative speed; dynamic pressure and Mach number in the
US Standard Atmosphere 1976 and the mission's wind; sensed acceleration, the derivative of the
path's velocity less gravity (central and J2, EGM2008), where it stands above the rest of the field.
About the Moon: height above 1,737.4 km, places and relative speed in mean-Earth axes, no air, and
what is sensed is thrust over mass, or in burns whose path tells no thrust what the point's gravity
leaves: its field is too rough to be taken off by two terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.mission import Manoeuvre
from cosmodrome.world.bodies import MOON, body
from cosmodrome.world.centres import centre_named
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.mission import WindTable
    from cosmodrome.record import Flight, Leg
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Phase", "Series", "phases_of", "sample", "series_of"]

_MU = 3.986004415e14  # EGM2008, m^3/s^2
_RE = 6378136.3  # EGM2008, m
_J2 = 1.0826261738522227e-3  # EGM2008 (tide-free): -sqrt(5) C20
_SENSED_FLOOR_M_S2 = 1e-3  # J3, J4, tesserals, Sun and Moon together stay below it in low orbit
_AIR_TOP_M = 1_000_000.0
# mascons of the Moon reach 3e-3 m/s^2 in low orbit, the Earth's tide at the sphere's edge 1e-3
_SENSED_FLOOR_MOON_M_S2 = 5e-3
# from here on the Moon pulls more than what a sensed acceleration of nothing may be off by
_MOON_PULLS_M = 150_000_000.0

# spacing of samples, s
POWERED_S = 1.0
COAST_S = 10.0
FALL_S = 5.0
ORBIT_S = 30.0
_MOST_ROWS = 90_000
# epochs are whole nanoseconds: less is no coast
_INSTANT_S = 1e-6


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of one object's flight: kind "burn", "coast" or "fall"; seconds of lift-off.

    name   the stages that burn, "coast", "orbit" or "fall"
    until  what ends it, as the plan calls it
    """

    name: str
    kind: str
    start_s: float
    end_s: float
    burning: tuple[str, ...] = ()
    until: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Samples of one leg; arrays of (n,), vectors (n, 3) in GCRF axes; NaN where unknown.

    t_s after lift-off; dynamic pressure Pa; `u` the unit thrust direction, `thrust_n` as the
    path carries it; `centre` the body that places, speeds and heights are about.
    """

    object: str
    chapter: str
    kind: str
    phases: tuple[Phase, ...]
    t_s: Array
    r_m: Array
    v_m_s: Array
    mass_kg: Array
    altitude_m: Array
    latitude_rad: Array
    longitude_rad: Array
    speed_inertial_m_s: Array
    speed_relative_m_s: Array
    flight_path_angle_rad: Array
    dynamic_pressure_pa: Array
    mach: Array
    acceleration_m_s2: Array
    thrust_n: Array
    u: Array
    attitude: Array
    centre: str = "earth"

    def phase_names(self) -> list[str]:
        """Name of the phase of every row, "" where none is known; the later at a boundary."""
        names = np.full(self.t_s.shape, "", dtype=object)
        for phase in self.phases:
            names[(self.t_s >= phase.start_s) & (self.t_s <= phase.end_s)] = phase.name
        return [str(n) for n in names]


def phases_of(leg: Leg, lift_off: Epoch) -> tuple[Phase, ...]:
    """Phases of a leg: its plan's where it has one, else one coast or fall; a release has none."""
    if leg.chapter == "release":
        return ()
    t0 = leg.path.start - lift_off
    t1 = leg.path.end - lift_off
    if leg.chapter == "transfer" and leg.plan is None:
        (burn,) = leg.ledger.burns
        names = [step.name for step in leg.steps if isinstance(step, Manoeuvre)]
        return (Phase(burn.stage, "burn", t0, t1, (burn.stage,), " ".join(names)),)
    if leg.plan is None or not leg.plan.phases:
        kind = "fall" if leg.impact is not None else "coast"
        name = "orbit" if leg.chapter == "orbit" else kind
        return (Phase(name, kind, t0, t1),)
    shift = leg.plan.epoch - lift_off
    planned = tuple(
        Phase(
            " + ".join(p.burning) or "coast",
            "burn" if p.burning else "coast",
            max(t0, p.start_s + shift),
            min(t1, p.end_s + shift),
            p.burning,
            p.name,
        )
        for p in leg.plan.phases
        if p.end_s + shift > t0 and p.start_s + shift < t1
    )
    return planned if leg.chapter == "ascent" else _filled(planned, t0, t1)


def _filled(planned: tuple[Phase, ...], t0: float, t1: float) -> tuple[Phase, ...]:
    """Burns of a plan that says nothing of the coasts between them, and these coasts."""
    out: list[Phase] = []
    now = t0
    for phase in planned:
        if phase.start_s > now + _INSTANT_S:
            out.append(Phase("orbit", "coast", now, phase.start_s))
        out.append(phase)
        now = phase.end_s
    if t1 > now + _INSTANT_S:
        out.append(Phase("orbit", "coast", now, t1))
    return tuple(out)


def _grid(leg: Leg, phases: tuple[Phase, ...], lift_off: Epoch) -> Array:
    """Sample times after lift-off: regular within each phase, both sides of every boundary."""
    t0 = leg.path.start - lift_off
    t1 = leg.path.end - lift_off
    marks = {t0, t1, *(e.t_s for e in leg.events)}
    pieces = []
    for phase in phases:
        marks |= {phase.start_s, phase.end_s}
        step = {"burn": POWERED_S, "fall": FALL_S}.get(
            phase.kind, ORBIT_S if leg.chapter == "orbit" else COAST_S
        )
        # months of low thrust are no launch: as many rows as a month of coasting has
        step = max(step, float(np.ceil((phase.end_s - phase.start_s) / _MOST_ROWS)))
        pieces.append(np.arange(np.ceil(phase.start_s / step) * step, phase.end_s, step))
    inner = np.array(sorted(m for m in marks if t0 <= m <= t1))
    before = inner[inner - 1e-3 > t0] - 1e-3  # mass jumps at a mark: show the value before it
    t = np.unique(np.concatenate([*pieces, inner, before]))
    t = t[(t >= t0) & (t <= t1)]
    # regular samples that fall within a millisecond of a mark say nothing new
    keep = np.concatenate([[True], np.diff(t) > 0.5e-3])
    keep[-1] = True
    return np.asarray(t[keep])


def _sensed(path: Trajectory, t_path: Array, r: Array, world: World) -> Array:
    """|dv/dt - g| with g of the path's centre; NaN below what the rest of g can be, m/s^2."""
    width = np.diff(path.breaks_s)[:, None, None]
    slope = np.polynomial.chebyshev.chebder(path.coefficients, axis=1) * (2.0 / width)
    if slope.shape[1] == 0:
        slope = np.zeros_like(path.coefficients[:, :1])
    rates = Trajectory(path.epoch, path.frame, path.breaks_s.copy(), slope, path.columns)
    a = rates.columns_at(t_path)[:, 3:6]
    if path.frame.centre == "earth":
        g = _earth_pull(r, world.orientation.cip_gcrf(path.start))
        far = np.linalg.norm(r, axis=1) > _MOON_PULLS_M
        if far.any():
            g[far] += _moon_pull(path, t_path[far], r[far], world)
        floor = _SENSED_FLOOR_M_S2
    else:
        g = -body(path.frame.centre).mu_m3_s2 * r / np.linalg.norm(r, axis=1)[:, None] ** 3
        floor = _SENSED_FLOOR_MOON_M_S2
    sensed = np.linalg.norm(a - g, axis=1)
    return np.where(sensed > floor, sensed, np.nan)


def _earth_pull(r: Array, axis: Array) -> Array:
    """Central gravity and J2 about `axis`, (n, 3)."""
    d = np.linalg.norm(r, axis=1)[:, None]
    z = (r @ axis)[:, None]
    k = 1.5 * _J2 * _MU * _RE**2 / d**5
    return np.asarray(-_MU * r / d**3 - k * ((1.0 - 5.0 * z**2 / d**2) * r + 2.0 * z * axis))


def _moon_pull(path: Trajectory, t_path: Array, r: Array, world: World) -> Array:
    """What the Moon pulls a spacecraft more than the Earth, (n, 3)."""
    moon = world.ephemeris.positions_m("moon", path.epoch, t_path)
    to = moon - r
    near, whole = (np.linalg.norm(x, axis=1)[:, None] for x in (to, moon))
    return np.asarray(MOON.mu_m3_s2 * (to / near**3 - moon / whole**3))


def sample(leg: Leg, lift_off: Epoch, world: World, wind: WindTable | None = None) -> Series:
    """One leg's series on a grid that keeps every event and phase boundary.

    wind   dynamic pressure and Mach number are of the air that blows so; speeds are not
    """
    from cosmodrome.maths import NUMPY
    from cosmodrome.physics.atmosphere import density_pressure_sound

    phases = phases_of(leg, lift_off)
    t = _grid(leg, phases, lift_off)
    path = leg.path
    offset = path.epoch - lift_off
    t_path = np.clip(t - offset, path.breaks_s[0], path.breaks_s[-1])
    y = path.columns_at(t_path)
    r, v, mass = y[:, 0:3], y[:, 3:6], y[:, 6]
    about = centre_named(path.frame.centre)
    turn = about.fixed_from_gcrf_many(world, path.epoch, t_path)
    r_fixed, v_fixed = turn.velocity(r, v)
    latitude, longitude, altitude = about.place(r_fixed)
    rho, _, sound = density_pressure_sound(NUMPY, np.clip(altitude, 0.0, _AIR_TOP_M))
    airless = about.name != "earth"
    rho = np.where((altitude <= _AIR_TOP_M) & (not airless), rho, 0.0)
    relative = np.linalg.norm(v_fixed, axis=1)
    blows = None if airless else wind
    airspeed = relative if blows is None else _airspeed(r_fixed, v_fixed, altitude, blows)
    speed = np.linalg.norm(v, axis=1)
    n = t.size
    thrust = np.full(n, 0.0)
    u = np.full((n, 3), np.nan)
    if "thrust_n" in path.columns:
        thrust = y[:, path.columns.index("thrust_n")]
    if "ux" in path.columns:
        k = path.columns.index("ux")
        u = y[:, k : k + 3]
        norm = np.linalg.norm(u, axis=1, keepdims=True)
        u = np.where(norm > 0.5, u / np.where(norm > 0.5, norm, 1.0), np.nan)
    sensed = _sensed(path, t_path, r, world)
    if airless:
        burning = _burning(phases, t) & ("thrust_n" not in path.columns)
        sensed = np.where(thrust > 0.0, thrust / mass, np.where(burning, sensed, np.nan))
    attitude = np.full((n, 4), np.nan)
    for row, state in ((0, leg.start), (-1, leg.end)):
        if state.attitude is not None:
            attitude[row] = state.attitude
    return Series(
        object=leg.object,
        chapter=leg.chapter,
        kind=leg.kind,
        phases=phases,
        t_s=t,
        r_m=r,
        v_m_s=v,
        mass_kg=mass,
        altitude_m=np.asarray(altitude),
        latitude_rad=np.asarray(latitude),
        longitude_rad=np.asarray(longitude),
        speed_inertial_m_s=speed,
        speed_relative_m_s=relative,
        flight_path_angle_rad=np.arctan2(
            np.einsum("ij,ij->i", r, v), np.linalg.norm(np.cross(r, v), axis=1)
        ),
        dynamic_pressure_pa=0.5 * np.asarray(rho) * airspeed**2,
        # no air to speak of above the mesosphere: a Mach number there means nothing
        mach=np.where((altitude < 100_000.0) & (not airless), airspeed / np.asarray(sound), np.nan),
        acceleration_m_s2=sensed,
        thrust_n=thrust,
        u=u,
        attitude=attitude,
        centre=about.name,
    )


def _burning(phases: tuple[Phase, ...], t: Array) -> NDArray[np.bool_]:
    """Which instants lie in a burn."""
    inside = [(t >= p.start_s) & (t <= p.end_s) for p in phases if p.kind == "burn"]
    return np.any(inside, axis=0) if inside else np.zeros(t.shape, dtype=np.bool_)


def _airspeed(r_itrf: Array, v_itrf: Array, altitude: Array, wind: WindTable) -> Array:
    """Speed relative to air that blows, (n,)."""
    from cosmodrome.maths import NUMPY
    from cosmodrome.physics.aerodynamics import wind_velocity

    place = (r_itrf[:, 0], r_itrf[:, 1], r_itrf[:, 2])
    blows = np.column_stack(wind_velocity(NUMPY, place, *wind.curve()(NUMPY, altitude)))
    out: Array = np.linalg.norm(v_itrf - blows, axis=1)
    return out


def series_of(flight: Flight, world: World) -> tuple[Series, ...]:
    """Series of every leg of a flight, in the flight's order."""
    lift_off, wind = flight.zero, flight.mission.wind
    return tuple(sample(leg, lift_off, world, wind) for leg in flight.legs)

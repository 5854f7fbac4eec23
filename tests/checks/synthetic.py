"""A small, physically real flight made by hand: what every check is tried on.

A two-and-a-half stage vehicle of round figures climbs from Vostochny by a kick and a gravity
turn, its upper stage raises the apogee, coasts and makes the orbit round; then a day around
the Earth under J2 to J4. All by SciPy with steering laws of a few lines, so that nothing here
comes from the rooms that plan. `truth` changes what is flown and leaves what is planned and
catalogued alone: that is how faults are planted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.integrate import solve_ivp

from cosmodrome.ascent.safety import range_safety
from cosmodrome.catalog.nouns import (
    AttitudeReference,
    Consumable,
    Corridor,
    DragTable,
    DropZone,
    Fairing,
    Ignition,
    Limits,
    Site,
    Stage,
    Vehicle,
)
from cosmodrome.maths import SCALAR
from cosmodrome.mission.nouns import (
    Coast,
    Launch,
    Mission,
    PhysicsModel,
    Quantity,
    Spacecraft,
    Target,
)
from cosmodrome.physics import atmosphere, zonal
from cosmodrome.record import event_record
from cosmodrome.record.nouns import (
    AttitudeProgramme,
    Burn,
    Elements,
    Flight,
    Handover,
    Impact,
    LaunchSolution,
    Ledger,
    Leg,
    OrbitRecord,
    Payload,
    Plan,
    Solve,
)
from cosmodrome.world.bodies import OMEGA_EARTH_RAD_S, SUN
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.geodesy import (
    enu_axes,
    geodetic_from_itrf,
    itrf_from_geodetic,
    surface_distance_m,
)
from cosmodrome.world.state import State
from cosmodrome.world.sun import local_time_of_node_h
from cosmodrome.world.trajectory import STEERED_COLUMNS, Trajectory

if TYPE_CHECKING:
    from cosmodrome.world.world import World

G0 = 9.80665
# heading after the kick, apogee and instant that give a mean altitude of 820 km, a node that
# keeps pace with the Sun and 15:00 local time: found by trial once
AZIMUTH = np.radians(333.44)
LIFT_OFF = Epoch.parse("2027-03-01T05:40:27Z")
RE = 6378137.0
DEG = np.pi / 180.0

SITE = Site(
    "vostochny", "Vostochny", "1S", "RU", 51.88435 * DEG, 128.33475 * DEG, 250.0,
    corridors=(Corridor(325.0 * DEG, 95.0 * DEG, "relative"),),
)  # fmt: skip
BOOSTERS = Stage(
    "boosters", "boosters", 4, 39000.0, 39000.0, 500.0, 3800.0, 1_020_000.0, 320.0,
    Ignition("lift-off"), thrust_sea_level_n=840_000.0, isp_sea_level_s=263.5,
    throttle=((100.0, 0.8),), cutoff_s=115.0, separation_delay_s=0.5,
    consumables=(Consumable("peroxide", 1200.0, 9.0),), ballistic_cd_area_m2=30.0,
    attitude_reference=AttitudeReference("flight-azimuth"), engines=2,
)  # fmt: skip
CORE = Stage(
    "core", "core", 1, 90000.0, 90000.0, 900.0, 6500.0, 986_000.0, 320.0,
    Ignition("lift-off"), thrust_sea_level_n=792_000.0, isp_sea_level_s=257.0, cutoff_s=280.0,
    separation_delay_s=1.5, ballistic_cd_area_m2=55.0, suborbital=True,
    attitude_reference=AttitudeReference("flight-azimuth"),
)  # fmt: skip
UPPER = Stage(
    "upper", "upper", 1, 30000.0, 30000.0, 300.0, 2500.0, 350_000.0, 450.0,
    Ignition("after", "core", 2.0), restarts=2, slew_rate_rad_s=1.0 * DEG,
    attitude_reference=AttitudeReference("flight-azimuth"), ballistic_cd_area_m2=15.0,
)  # fmt: skip
VEHICLE = Vehicle(
    "round-figures", "Round figures", (BOOSTERS, CORE, UPPER),
    DragTable(28.0, (0.0, 0.9, 1.2, 2.0, 5.0, 30.0), (0.3, 0.36, 0.55, 0.44, 0.26, 0.22)),
    Fairing(1700.0, heat_flux_w_m2=1135.0, ballistic_cd_area_m2=30.0, pieces=2),
    adapter_kg=110.0,
    limits=Limits(60_000.0, 1135.0, 6.0 * G0),
)  # fmt: skip
SPACECRAFT = Spacecraft("spacecraft", 2900.0, 12.0, 2.2, 12.0, 1.3)


@dataclass(frozen=True)
class Truth:
    """What nature and hardware do, where that differs from what was planned.

    azimuth_off_rad   the whole flight turned clockwise
    thrust            every engine's thrust and flow times this
    isp               every engine's specific impulse times this (flow divided)
    fairing_s         when the fairing goes, s
    kick_rad          how far the vehicle leans over after the vertical rise
    """

    azimuth_off_rad: float = 0.0
    thrust: float = 1.0
    isp: float = 1.0
    fairing_s: float = 185.0
    kick_rad: float = 0.0665
    apogee_m: float = RE + 812.4587e3


def _cd(mach: float) -> float:
    return float(np.interp(mach, VEHICLE.drag.mach, VEHICLE.drag.cd))


class _Planet:
    def __init__(self, world: World, lift_off: Epoch) -> None:
        field = world.gravity()
        self.mu = float(field.mu_m3_s2)
        self.re = float(field.radius_m)
        self.j = tuple(float(field.zonal_j(n)) for n in (2, 3, 4))
        self.axis = tuple(float(x) for x in world.orientation.cip_gcrf(lift_off))
        self.spin = OMEGA_EARTH_RAD_S * np.array(self.axis)

    def gravity(self, r: Any) -> np.ndarray:
        return np.array(
            zonal.acceleration(SCALAR, tuple(map(float, r)), self.axis, self.mu, self.re, *self.j)
        )

    def air(self, r: np.ndarray, v: np.ndarray) -> tuple[float, float, float, np.ndarray, float]:
        """(density, pressure, sound, relative velocity, height), heights along the radius."""
        d = float(np.sqrt(r @ r))
        s = float(r @ np.array(self.axis)) / d
        f = 1.0 / 298.257223563
        h = d - RE / np.sqrt(1.0 + (1.0 / (1.0 - f) ** 2 - 1.0) * s * s)
        rho, p, a = atmosphere.density_pressure_sound(SCALAR, h)
        return rho, p, a, v - np.cross(self.spin, r), h


def _arc(rhs: Any, t0: float, t1: float, y0: np.ndarray, step: float, event: Any = None) -> Any:
    out = solve_ivp(
        rhs, (t0, t1), y0, method="DOP853", rtol=1e-11, atol=1e-8, max_step=step,
        dense_output=True, events=event,
    )  # fmt: skip
    assert out.success, out.message
    return out


def _circular_speed_gap(planet: _Planet, y: np.ndarray) -> float:
    """Energy of the state less that of the wanted mean semi-major axis, J/kg."""
    r, v = y[0:3], y[3:6]
    return 0.5 * float(v @ v) - planet.mu / float(np.linalg.norm(r))


def fly(world: World, lift_off: Epoch, azimuth_rad: float, truth: Truth = Truth()) -> _Flown:
    """The ascent and a day in orbit, lifting off at an instant on a heading."""
    planet = _Planet(world, lift_off)
    turn = world.orientation.itrf_from_gcrf(lift_off).matrix.T
    pad = turn @ itrf_from_geodetic(SITE.latitude_rad, SITE.longitude_rad, SITE.height_m)
    east, north, up = enu_axes(SITE.latitude_rad, SITE.longitude_rad) @ turn.T
    azimuth = azimuth_rad + truth.azimuth_off_rad
    heading = np.cos(azimuth) * north + np.sin(azimuth) * east
    side = np.cross(up, heading)
    first_mass = (
        sum(
            s.count * (s.dry_mass_kg + s.load_kg + sum(c.mass_kg for c in s.consumables))
            for s in VEHICLE.stages
        )
        + VEHICLE.fairing.mass_kg + VEHICLE.adapter_kg + SPACECRAFT.mass_kg
    )  # fmt: skip

    def lean(u: np.ndarray, r: np.ndarray, angle: float) -> np.ndarray:
        """Horizontal along `u`'s own heading, tilted up by `angle`."""
        top = r / np.linalg.norm(r)
        level = u - (u @ top) * top
        return np.cos(angle) * level / np.linalg.norm(level) + np.sin(angle) * top

    def steer(t: float, r: np.ndarray, v: np.ndarray) -> np.ndarray:
        if t < 10.0:
            return up
        if t < 25.0:
            k = truth.kick_rad * np.sin(np.pi * (t - 10.0) / 30.0)
            return np.cos(k) * up + np.sin(k) * heading
        w = v - np.cross(planet.spin, r)
        if t < 150.0:
            u = w - (w @ side) * side  # keeps to its plane over the pad
            return u / np.linalg.norm(u)
        if t < 281.5:
            return lean(v, r, 0.42)
        return lean(v, r, float(np.interp(t, [281.5, 420.0, 600.0], [0.40, 0.15, 0.05])))

    paths: list[tuple[float, float, Any, Any]] = []
    burns: list[Burn] = []
    sections: list[dict[str, Any]] = []

    def stage_rates(stage: Stage, fraction: float) -> tuple[float, float, float, float]:
        thrust = stage.count * stage.thrust_vacuum_n * fraction * truth.thrust
        flow = thrust / (G0 * stage.isp_vacuum_s * truth.isp)
        other = stage.count * sum(c.flow_kg_s or 0.0 for c in stage.consumables)
        return thrust, flow, other, stage.count * stage.exit_area_m2

    def power(
        t0: float, t1: float, y0: np.ndarray, running: list[tuple[Stage, float]], pointing: Any,
        event: Any = None, step: float = 5.0,
    ) -> np.ndarray:  # fmt: skip
        rates = [stage_rates(s, f) for s, f in running]
        thrust, flow, other, area = (
            (sum(x) for x in zip(*rates, strict=True)) if rates else (0,) * 4
        )

        def rhs(t: float, y: np.ndarray) -> np.ndarray:
            r, v, m = y[0:3], y[3:6], y[6]
            rho, p, a, w, _ = planet.air(r, v)
            speed = float(np.sqrt(w @ w))
            acc = planet.gravity(r) - 0.5 * rho * speed * _cd(speed / a) * 28.0 / m * w
            if thrust:
                acc = acc + (thrust - p * area) / m * pointing(t, r, v)
            return np.concatenate([v, acc, [-(flow + other)]])

        out = _arc(rhs, t0, t1, y0, step, event)
        end = float(out.t[-1])

        def columns(t: np.ndarray) -> np.ndarray:
            y = out.sol(t).T
            u = np.array([pointing(x, row[0:3], row[3:6]) for x, row in zip(t, y, strict=True)])
            return np.column_stack([y, u, np.full(len(t), thrust)])

        paths.append((t0, end, columns, max(1, int(np.ceil((end - t0) / step)))))
        for (stage, _), (f, q, o, _) in zip(running, rates, strict=True):
            sections.append(
                {"stage": stage.id, "a": t0, "b": end, "f": f, "q": q, "o": o, "all": q + o,
                 "m0": float(y0[6]), "total": flow + other}
            )  # fmt: skip
        return out.y[:, -1]

    # the climb ----------------------------------------------------------------------------
    y = np.concatenate([pad, np.cross(planet.spin, pad), [first_mass]])
    for a, b in ((0.0, 10.0), (10.0, 25.0), (25.0, 100.0)):
        y = power(a, b, y, [(BOOSTERS, 1.0), (CORE, 1.0)], steer)
    y = power(100.0, 115.0, y, [(BOOSTERS, 0.8), (CORE, 1.0)], steer)
    y = power(115.0, 115.5, y, [(CORE, 1.0)], steer)
    dropped: list[tuple[str, str, float, np.ndarray, float]] = []

    def drop(name: str, kind: str, t: float, mass: float) -> None:
        nonlocal y
        dropped.append((name, kind, t, y.copy(), mass))
        y = np.concatenate([y[:6], [y[6] - mass]])

    def used(stage: str) -> float:
        return sum(s["q"] * (s["b"] - s["a"]) for s in sections if s["stage"] == stage)

    def spent(stage: str) -> float:
        return sum(s["o"] * (s["b"] - s["a"]) for s in sections if s["stage"] == stage)

    def rest(stage: Stage) -> float:
        return (
            stage.count * (stage.dry_mass_kg + stage.load_kg
                           + sum(c.mass_kg for c in stage.consumables))
            - used(stage.id) - spent(stage.id)
        )  # fmt: skip

    drop("boosters", "booster", 115.5, rest(BOOSTERS))
    y = power(115.5, 150.0, y, [(CORE, 1.0)], steer)
    y = power(150.0, truth.fairing_s, y, [(CORE, 1.0)], steer)
    drop("fairing", "fairing", truth.fairing_s, VEHICLE.fairing.mass_kg)
    y = power(truth.fairing_s, 280.0, y, [(CORE, 1.0)], steer)
    y = power(280.0, 281.5, y, [], steer)
    drop("core", "stage", 281.5, rest(CORE))
    y = power(281.5, 282.0, y, [], steer)

    # the upper stage: apogee, coast, circle -------------------------------------------------
    def apogee(t: float, y: np.ndarray) -> float:
        r, v = y[0:3], y[3:6]
        energy = _circular_speed_gap(planet, y)
        h = np.cross(r, v)
        a = -planet.mu / (2.0 * energy)
        e = np.sqrt(max(0.0, 1.0 - float(h @ h) / (planet.mu * a)))
        return float(a * (1.0 + e) - truth.apogee_m)

    apogee.terminal = True
    apogee.direction = 1.0
    y = power(282.0, 420.0, y, [(UPPER, 1.0)], steer)
    y = power(420.0, 640.0, y, [(UPPER, 1.0)], steer, event=apogee)
    end1 = paths[-1][1]
    u1 = steer(end1, y[0:3], y[3:6])

    def level(t: float, y: np.ndarray) -> float:
        # half of the second burn lies before the apogee
        return float(y[0:3] @ y[3:6]) - lead

    level.terminal = True
    level.direction = -1.0
    lead = 0.0
    r_a, mu = truth.apogee_m, planet.mu
    h0 = float(np.linalg.norm(np.cross(y[0:3], y[3:6])))
    gap = np.sqrt(mu / r_a) - h0 / r_a
    half = 0.5 * gap * float(y[6]) / UPPER.thrust_vacuum_n
    # r . v falls at the rate v^2 - mu / r near the apogee
    lead = half * (mu / r_a - (h0 / r_a) ** 2) if gap > 0 else 0.0

    turn0 = end1 + 20.0

    def coasting(t: float, r: np.ndarray, v: np.ndarray) -> np.ndarray:
        """From where burn 1 pointed to the horizon of flight, in 200 s."""
        goal = lean(v, r, 0.0)
        x = np.clip((t - turn0) / 200.0, 0.0, 1.0)
        x = x * x * (3.0 - 2.0 * x)
        u = (1.0 - x) * u1 + x * goal
        return u / np.linalg.norm(u)

    y = power(end1, turn0, y, [], coasting)
    y = power(turn0, turn0 + 200.0, y, [], coasting, step=20.0)
    y = power(turn0 + 200.0, turn0 + 9000.0, y, [], coasting, event=level, step=60.0)
    start2 = paths[-1][1]

    def wanted(t: float, y: np.ndarray) -> float:
        return _circular_speed_gap(planet, y) + mu / (2.0 * r_a)

    wanted.terminal = True
    wanted.direction = 1.0
    y = power(start2, start2 + 200.0, y, [(UPPER, 1.0)], coasting, event=wanted, step=1.0)
    end2 = paths[-1][1]
    y = power(end2, end2 + 60.0, y, [], coasting, step=20.0)
    release = end2 + 60.0

    # the path -------------------------------------------------------------------------------
    breaks: list[float] = [0.0]
    owner: list[Any] = []
    for a, b, f, n in paths:
        for k in range(n):
            breaks.append(b if k == n - 1 else a + (b - a) * (k + 1) / n)
            owner.append(f)
    stack_path = Trajectory.fit(
        lift_off, GCRF, breaks, lambda t, k: owner[k](t), nodes=14, columns=STEERED_COLUMNS
    )
    for stage in VEHICLE.stages:
        groups: list[list[dict[str, Any]]] = []
        for s in (s for s in sections if s["stage"] == stage.id):
            if groups and abs(groups[-1][-1]["b"] - s["a"]) < 1e-9:
                groups[-1].append(s)
            else:
                groups.append([s])
        for g in groups:
            q = sum(s["q"] * (s["b"] - s["a"]) for s in g)
            o = sum(s["o"] * (s["b"] - s["a"]) for s in g)
            f = sum(s["f"] * (s["b"] - s["a"]) for s in g)
            dv = 0.0
            for s in g:
                dt = s["b"] - s["a"]
                dv += -s["f"] / s["total"] * np.log1p(-s["total"] * dt / s["m0"])
            burns.append(Burn(stage.id, g[0]["a"], g[-1]["b"], q, o, f, float(dv)))
    total_dv = sum(b.delta_v_m_s for b in burns)

    # the fall of what was dropped --------------------------------------------------------------
    rest_upper = rest(UPPER) + VEHICLE.adapter_kg
    legs: list[Leg] = []
    areas = {"boosters": (30.0, 4), "fairing": (30.0, 2), "core": (55.0, 1)}
    for name, kind, t, state, mass in dropped:
        area, count = areas[name]
        legs.append(_fall(world, planet, lift_off, name, kind, t, state, mass, area * count))

    # a day in orbit ---------------------------------------------------------------------------
    y_release = y[:6]
    orbit_epoch = lift_off + release

    pole = tuple(world.orientation.itrf_from_gcrf(orbit_epoch + 43200.0).matrix[2])

    def around(t: float, y: np.ndarray) -> list[float]:
        g = zonal.acceleration(SCALAR, (y[0], y[1], y[2]), pole, planet.mu, planet.re, *planet.j)
        return [y[3], y[4], y[5], *g]

    day = _arc(around, 0.0, 86400.0, y_release, 60.0)
    orbit_path = Trajectory.fit(
        orbit_epoch, GCRF, np.linspace(0.0, 86400.0, 145),
        lambda t, k: np.column_stack([day.sol(t).T, np.full(len(t), SPACECRAFT.mass_kg)]),
        nodes=18,
    )  # fmt: skip
    return _Flown(
        world, lift_off, azimuth_rad, stack_path, tuple(burns), total_dv, tuple(legs), orbit_path,
        release, rest_upper, {d[0]: d[4] for d in dropped},
        {s.id: s.count * s.load_kg - used(s.id) for s in VEHICLE.stages}, end1, start2, end2,
    )  # fmt: skip


def _fall(
    world: World, planet: _Planet, lift_off: Epoch, name: str, kind: str, t: float,
    state: np.ndarray, mass: float, area: float,
) -> Leg:  # fmt: skip
    def rhs(_: float, y: np.ndarray) -> np.ndarray:
        r, v = y[0:3], y[3:6]
        rho, _, _, w, _ = planet.air(r, v)
        return np.concatenate(
            [v, planet.gravity(r) - 0.5 * rho * float(np.sqrt(w @ w)) * area / mass * w]
        )

    def ground(_: float, y: np.ndarray) -> float:
        return planet.air(y[0:3], y[3:6])[4]

    ground.terminal = True
    ground.direction = -1.0
    out = _arc(rhs, t, t + 5000.0, state[:6], 10.0, ground)
    end = float(out.t[-1])
    n = max(2, int((end - t) / 20.0))
    path = Trajectory.fit(
        lift_off, GCRF, np.linspace(t, end, n + 1),
        lambda x, k: np.column_stack([out.sol(x).T, np.full(len(x), mass)]),
        nodes=12,
    )  # fmt: skip
    last = path.at(lift_off + end)
    latitude, longitude, _ = geodetic_from_itrf(
        world.orientation.itrf_from_gcrf(last.epoch).vector(last.r_m)
    )
    reach = surface_distance_m(
        SITE.latitude_rad, SITE.longitude_rad, float(latitude), float(longitude)
    )
    impact = Impact(
        last.epoch, last.epoch - lift_off, float(latitude), float(longitude), float(reach), "test"
    )
    first = State(lift_off + t, GCRF, state[0:3], state[3:6], mass)
    return Leg("ascent", name, kind, "stack", first, last, path, impact=impact)


@dataclass(frozen=True)
class _Flown:
    world: World
    lift_off: Epoch
    azimuth_rad: float
    stack_path: Trajectory
    burns: tuple[Burn, ...]
    delta_v_m_s: float
    legs: tuple[Leg, ...]
    orbit_path: Trajectory
    release_s: float
    rest_upper_kg: float
    separated: dict[str, float]
    left: dict[str, float]
    end1: float
    start2: float
    end2: float

    def state(self, t: float) -> State:
        return self.stack_path.at(self.lift_off + t)

    def osculating(self) -> Elements:
        """At release, true equator and equinox of date."""
        s = self.orbit_path.at(self.orbit_path.epoch)
        m = self.world.orientation.tod_from_gcrf(s.epoch).matrix
        r, v = m @ s.r_m, m @ s.v_m_s
        mu = float(self.world.gravity().mu_m3_s2)
        h = np.cross(r, v)
        a = 1.0 / (2.0 / np.linalg.norm(r) - v @ v / mu)
        e = np.cross(v, h) / mu - r / np.linalg.norm(r)
        i = np.arccos(h[2] / np.linalg.norm(h))
        raan = np.arctan2(h[0], -h[1]) % (2 * np.pi)
        node = np.array([np.cos(raan), np.sin(raan), 0.0])
        ahead = np.cross(h / np.linalg.norm(h), node)
        argp = np.arctan2(e @ ahead, e @ node) % (2 * np.pi)
        u = np.arctan2(r @ ahead, r @ node)
        return Elements(
            float(a), float(np.linalg.norm(e)), float(i), float(raan), float(argp),
            float((u - argp) % (2 * np.pi)),
        )  # fmt: skip


def relative_azimuth(flown: _Flown, t: float) -> float:
    """Heading of the Earth-relative velocity, by the world's own geodesy."""
    s = flown.state(t)
    r, v = flown.world.orientation.itrf_from_gcrf(s.epoch).velocity(s.r_m, s.v_m_s)
    latitude, longitude, _ = geodetic_from_itrf(r)
    east, north, _ = enu_axes(float(latitude), float(longitude)) @ v
    return float(np.arctan2(east, north) % (2 * np.pi))


def losses(flown: _Flown) -> dict[str, float]:
    """Gravity, drag, steering and back-pressure along the Earth-relative velocity, by Gauss."""
    planet = _Planet(flown.world, flown.lift_off)
    p = flown.stack_path
    x, weights = np.polynomial.legendre.leggauss(8)
    half = 0.5 * np.diff(p.breaks_s)
    t = (p.breaks_s[:-1, None] + half[:, None] * (1.0 + x)).ravel()
    out = dict.fromkeys(("gravity", "drag", "steering", "back-pressure"), 0.0)
    for when, dt, y in zip(t, (half[:, None] * weights).ravel(), p.columns_at(t), strict=True):
        r, v, m, u, thrust = y[0:3], y[3:6], y[6], y[7:10], y[10]
        rho, pressure, sound, w, _ = planet.air(r, v)
        speed = float(np.linalg.norm(w))
        ahead = w / speed
        outward = -np.cross(planet.spin, np.cross(planet.spin, r))
        out["gravity"] -= dt * float((planet.gravity(r) + outward) @ ahead)
        out["drag"] += dt * 0.5 * rho * speed**2 * _cd(speed / sound) * 28.0 / m
        if thrust > 0.0:
            running = {b.stage for b in flown.burns if b.start_s < when < b.end_s}
            area = sum(s.count * s.exit_area_m2 for s in VEHICLE.stages if s.id in running)
            out["back-pressure"] += dt * pressure * area / m
            out["steering"] += dt * (thrust - pressure * area) / m * (1.0 - float(u @ ahead))
    return out


def launch_plan(flown: _Flown) -> Plan:
    """Directions of the first minutes in axes of the pad's meridian, and the masses."""
    pad = flown.stack_path.columns_at(np.zeros(1))[0, 0:3]
    pole = np.asarray(flown.world.orientation.itrf_from_gcrf(flown.lift_off).matrix)[2]
    meridian = pad - (pad @ pole) * pole
    meridian = meridian / np.linalg.norm(meridian)
    axes = np.vstack([meridian, np.cross(pole, meridian), pole])
    breaks = np.arange(0.0, 100.0, 20.0)
    series = []
    for a, b in pairwise(breaks):
        x = np.cos(np.pi * (np.arange(4) + 0.5) / 4.0)
        u = flown.stack_path.columns_at(0.5 * (a + b) + 0.5 * (b - a) * x)[:, 7:10] @ axes.T
        series.append(np.polynomial.chebyshev.chebfit(x, u, 3))
    attitude = AttitudeProgramme("launch", tuple(float(t) for t in breaks), np.array(series))
    mass = float(flown.stack_path.columns_at(np.zeros(1))[0, 6])
    payload = {"payload_kg": SPACECRAFT.mass_kg}
    return Plan("ascent", "stack", flown.lift_off, (), attitude, mass, axes, payload)


def assemble(flown: _Flown, planned: _Flown | None = None) -> Flight:
    """The flight as the program records it; plan and target come from `planned` (itself)."""
    plan = planned or flown
    world, t0 = flown.world, flown.lift_off
    separation = 115.5
    release = flown.release_s

    def event(name: str, t: float) -> Any:
        return event_record(name, "stack", flown.state(t), t0, world)

    q_t = np.linspace(30.0, 110.0, 1601)
    planet = _Planet(world, t0)
    q = []
    for row in flown.stack_path.columns_at(q_t):
        rho, _, _, w, _ = planet.air(row[0:3], row[3:6])
        q.append(0.5 * rho * float(w @ w))
    fairing_s = next(g.start.epoch - t0 for g in flown.legs if g.object == "fairing")
    events = (
        event("lift-off", 0.0), event("max-q", float(q_t[int(np.argmax(q))])),
        event("strap-on separation", separation), event("fairing jettison", fairing_s),
        event("core separation", 281.5), event("upper-stage burn 1 start", 282.0),
        event("upper-stage burn 1 end", flown.end1),
        event("upper-stage burn 2 start", flown.start2),
        event("upper-stage burn 2 end", flown.end2), event("spacecraft separation", release),
    )  # fmt: skip
    end = flown.state(release)
    orbit_start = flown.orbit_path.at(flown.orbit_path.epoch)
    hand = Handover(orbit_start, ("spacecraft",), {}, {})
    ledger = Ledger(
        flown.delta_v_m_s, losses(flown), flown.burns, flown.left,
        {**flown.separated},
    )  # fmt: skip
    stack = Leg(
        "ascent", "stack", "stack", "", flown.state(0.0), end, flown.stack_path, events, ledger,
        Solve("scipy", "solved", {"insertion_position_m": 0.1, "insertion_velocity_m_s": 0.001}),
        handover_out=hand, plan=launch_plan(plan),
    )  # fmt: skip
    upper = State(end.epoch, GCRF, end.r_m, end.v_m_s, flown.rest_upper_kg)
    left_behind = Leg(
        "ascent", "upper", "stage", "stack", upper, _with_mass(flown, upper.mass_kg)[1],
        _with_mass(flown, upper.mass_kg)[0],
    )  # fmt: skip
    orbit_end = flown.orbit_path.at(flown.orbit_path.epoch + 86400.0)
    orbit = Leg(
        "orbit", "spacecraft", "spacecraft", "stack", orbit_start, orbit_end, flown.orbit_path,
        _orbit_events(flown), handover_in=hand, steps=(Coast(86400.0),),
    )  # fmt: skip
    mean, _ = mean_by_theory(plan)
    mission = Mission(
        "synthetic", SITE, VEHICLE, SPACECRAFT,
        Launch(window=(plan.lift_off + -3600.0, plan.lift_off + 3600.0)),
        Target(
            "sun-synchronous", Quantity(RE + 820e3, 5e3), Quantity(0.0, 0.004),
            ltan_s=Quantity(15.0 * 3600.0, 120.0),
        ),
        plan=(Coast(86400.0),),
        physics=PhysicsModel(4, 0, (), "none", False),
    )  # fmt: skip
    heading = relative_azimuth(plan, separation)
    inertial = float(np.arcsin(np.cos(mean.i_rad) / np.cos(SITE.latitude_rad)) % (2 * np.pi))
    own = flown.osculating()
    own_mean, own_ltan = mean_by_theory(flown)
    record = OrbitRecord(
        orbit_start.epoch, own, own_mean, "test", own, own_mean.a_m * (1 - own_mean.e) - RE,
        own_mean.a_m * (1 + own_mean.e) - RE, own_ltan,
    )  # fmt: skip
    legs = (stack, *flown.legs, left_behind, orbit)
    return Flight(
        mission, LaunchSolution(t0, inertial, heading, "ascending"),
        Payload(SPACECRAFT.mass_kg, 4000.0, flown.left["upper"] - UPPER.residual_kg), record, legs,
        # the room's own: it judges a flight and plans none
        range_safety=range_safety(legs, mission, world),
    )  # fmt: skip


def _with_mass(flown: _Flown, mass: float) -> tuple[Trajectory, State]:
    """The first hour of the orbit for another mass: no air, no light, so the same path."""
    p = flown.orbit_path
    c = p.coefficients[:6].copy()
    c[:, :, 6] = 0.0
    c[:, 0, 6] = mass
    path = Trajectory(p.epoch, p.frame, p.breaks_s[:7].copy(), c, p.columns)
    return path, path.at(path.epoch + float(path.breaks_s[-1]))


def _orbit_events(flown: _Flown) -> tuple[Any, ...]:
    """Nodes by bisection on the height above the true equator, one sample a minute."""
    p = flown.orbit_path
    axis = flown.world.orientation.tod_from_gcrf(p.epoch).matrix[2]
    t = np.arange(0.0, 86400.0, 60.0)
    z = p.columns_at(t)[:, 0:3] @ axis
    out = []
    for k in np.flatnonzero(z[:-1] * z[1:] < 0.0):
        a, b = t[k], t[k + 1]
        for _ in range(40):
            m = 0.5 * (a + b)
            if (float(p.columns_at(float(m))[0:3] @ axis) < 0.0) == (z[k] < 0.0):
                a = m
            else:
                b = m
        name = "ascending node" if z[k] < 0.0 else "descending node"
        state = p.at(p.epoch + float(b))
        out.append(event_record(name, "spacecraft", state, flown.lift_off, flown.world))
    out += _shadow_events(flown)
    end = p.at(p.end)
    out.append(event_record("end of coast", "spacecraft", end, flown.lift_off, flown.world))
    return tuple(out)


def _shadow_events(flown: _Flown) -> list[Any]:
    """Shadow by the angle between the discs, one sample a second, joined by straight lines."""
    p = flown.orbit_path
    t = np.arange(0.0, 86400.0, 1.0)
    r = p.columns_at(t)[:, 0:3]
    s = flown.world.ephemeris.positions_m("sun", p.epoch, t) - r
    d, q = np.linalg.norm(s, axis=1), np.linalg.norm(r, axis=1)
    apart = np.arccos(np.einsum("ij,ij->i", s, -r) / d / q)
    out = []
    for part, k in (("penumbra", 1.0), ("umbra", -1.0)):
        gap = apart - np.arcsin(RE / q) - k * np.arcsin(SUN.radius_m / d)
        for way, sign in (("entry", 1), ("exit", -1)):
            for n in np.flatnonzero(np.diff((gap < 0.0).astype(int)) == sign):
                state = p.at(p.epoch + float(t[n] + gap[n] / (gap[n] - gap[n + 1])))
                name = f"{part} {way}"
                out.append(event_record(name, "spacecraft", state, flown.lift_off, flown.world))
    return out


def mean_by_theory(flown: _Flown) -> tuple[Elements, float]:
    """First-order J2 mean elements of a near-circular orbit, and the local time of its node.

    Osculating less the short-period terms at e = 0 (Kozai 1959; Eckstein & Hechler 1970):
    da = 3/2 J2 Re^2/a sin^2 i cos 2u (from the energy with the constant potential part),
    di = 3/8 J2 (Re/a)^2 sin 2i cos 2u, dO = 3/4 J2 (Re/a)^2 cos i sin 2u.
    """
    o = flown.osculating()
    field = flown.world.gravity()
    j2, re = float(field.zonal_j(2)), float(field.radius_m)
    u = o.argp_rad + o.true_anomaly_rad
    q = j2 * (re / o.a_m) ** 2
    s, c = np.sin(o.i_rad), np.cos(o.i_rad)
    a = o.a_m - 3.0 * o.a_m * 0.5 * q * s * s * np.cos(2.0 * u)
    i = o.i_rad - 0.75 * q * s * c * np.cos(2.0 * u)
    raan = o.raan_rad - 0.75 * q * c * np.sin(2.0 * u)
    ltan = 3600.0 * local_time_of_node_h(raan, flown.orbit_path.epoch, flown.world.orientation)
    mean = replace(o, a_m=float(a), i_rad=float(i), raan_rad=float(raan % (2 * np.pi)))
    return mean, float(ltan)


def zone_around(latitude: float, longitude: float, half_deg: float, body: str) -> DropZone:
    """A square zone about a place."""
    d = half_deg * DEG
    w = d / np.cos(latitude)
    return DropZone(
        "test", body,
        ((latitude - d, longitude - w), (latitude - d, longitude + w),
         (latitude + d, longitude + w), (latitude + d, longitude - w)),
    )  # fmt: skip

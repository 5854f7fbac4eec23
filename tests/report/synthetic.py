"""A toy flight whose figures are simple and real: it rises, drops bodies, coasts and orbits.

The ascent follows a great circle over the turning Earth with a prescribed altitude and
downrange; its velocity is the exact derivative of its place. What follows is two-body motion
with one tangential burn. Nothing here claims to be a rocket; the report cannot tell.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.integrate import solve_ivp

from cosmodrome.catalog import (
    Corridor,
    DragTable,
    DropZone,
    Fairing,
    Figure,
    Ignition,
    Limits,
    Site,
    Stage,
    Vehicle,
)
from cosmodrome.mission import Coast, Launch, Mission, Quantity, Spacecraft, Target
from cosmodrome.record import (
    AttitudeProgramme,
    Burn,
    Elements,
    Event,
    Finding,
    Flight,
    ForceAudit,
    Handover,
    Impact,
    LaunchSolution,
    Ledger,
    Leg,
    OrbitRecord,
    Payload,
    Plan,
    PlanPhase,
    Solve,
    event_record,
)
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.geodesy import geodetic_from_itrf, itrf_from_geodetic, surface_distance_m
from cosmodrome.world.trajectory import STEERED_COLUMNS, Trajectory
from cosmodrome.world.world import World

MU = 3.986004415e14
RE = 6378137.0
LIFT_OFF = Epoch.from_utc("2027-03-01T05:41:46.25Z")
LAT, LON = np.radians(51.8844), np.radians(128.3339)
AZIMUTH = np.radians(343.7)
T_UP = 560.0
DAY = 86400.0

PHASES = (
    # name, end, burning, drops at end, mass flow, mass dropped
    ("lift-off", 118.0, ("strap-ons", "core"), ("strap-ons",), 1650.0, 17000.0),
    ("core", 190.0, ("core",), ("fairing",), 310.0, 1700.0),
    ("core alone", 287.0, ("core",), ("core",), 310.0, 7500.0),
    ("third", 560.0, ("third",), ("third",), 85.0, 2600.0),
)
MASS0 = 310_000.0


@cache
def world() -> World:
    return World.shipped()


def _mission(name: str) -> Mission:
    def stage(id: str, label: str, count: int, ignition: Ignition) -> Stage:
        return Stage(id, label, count, 1e5, 1e5, 500.0, 3800.0, 1e6, 320.0, ignition)

    vehicle = Vehicle(
        "toy",
        "Toy <rocket> & Sons",
        (
            stage("strap-ons", "Strap-ons", 4, Ignition("lift-off")),
            stage("core", "Core", 1, Ignition("lift-off")),
            stage("third", "Third stage", 1, Ignition("after", "core")),
            stage("fregat", "Fregat", 1, Ignition("free")),
        ),
        DragTable(7.0, (0.0, 1.0, 5.0), (0.3, 0.6, 0.3)),
        Fairing(1700.0, heat_flux_w_m2=1135.0),
        adapter_kg=110.0,
        limits=Limits(dynamic_pressure_pa=45e3),
        figures={
            "stages.core.thrust_vacuum_n": Figure("a manual, 2001", "published"),
            "drag.cd": Figure("slender-body estimate", "estimated", "to 20 %"),
        },
    )
    site = Site(
        "vostochny",
        "Vostochny",
        "1S",
        "Russia",
        float(LAT),
        float(LON),
        280.0,
        corridors=(Corridor(np.radians(330.0), np.radians(350.0)),),
        drop_zones=(
            DropZone(
                "981",
                "strap-ons",
                tuple(
                    (np.radians(a), np.radians(b))
                    for a, b in ((54.2, 126.0), (54.2, 128.5), (55.6, 128.0), (55.6, 125.4))
                ),
            ),
        ),
    )
    return Mission(
        name,
        site,
        vehicle,
        Spacecraft("spacecraft", 2900.0, 12.0, 2.2, 12.0, 1.3),
        Launch(time=LIFT_OFF),
        Target(
            "sun-synchronous",
            Quantity(RE + 820e3, 5e3),
            Quantity(0.0, 1e-3),
            Quantity(np.radians(98.7), 2e-4),
            ltan_s=Quantity(54000.0, 120.0),
        ),
        Limits(dynamic_pressure_pa=40e3),
        (Coast(DAY),),
        source="toy.yaml",
        resolved="schema: cosmodrome/1\nname: toy\n",
    )


def _mass_at(t: float, k: int) -> float:
    m, begin = MASS0, 0.0
    for i, (_, end, _, _, flow, dropped) in enumerate(PHASES):
        if i == k:
            return m - flow * (t - begin)
        m -= flow * (end - begin) + dropped
        begin = end
    return m


def _up(t):
    """ITRF place on the way up, (n, 3)."""
    s = np.clip(t / T_UP, 0.0, 1.0)
    pad = itrf_from_geodetic(LAT, LON, 280.0)
    height = 209e3 * (3.0 * s**2 - 2.0 * s**3) + 0.0
    angle = 8.02e3 * T_UP / (2.6 * (RE + 209e3)) * s**2.6
    p = pad / np.linalg.norm(pad)
    east = np.array([-np.sin(LON), np.cos(LON), 0.0])
    north = np.cross(p, east)
    d = np.cos(AZIMUTH) * north + np.sin(AZIMUTH) * east
    d -= (d @ p) * p
    d /= np.linalg.norm(d)
    r = np.linalg.norm(pad) + height
    return r[:, None] * (np.cos(angle)[:, None] * p + np.sin(angle)[:, None] * d)


def _up_gcrf(t):
    turn = world().orientation.itrf_from_gcrf_many(LIFT_OFF, t)
    h = 1e-3
    lo, hi = np.clip(t - h, 0.0, T_UP), np.clip(t + h, 0.0, T_UP)
    v = (_up(hi) - _up(lo)) / (hi - lo)[:, None]
    r = _up(t)
    r_g = np.einsum("nji,nj->ni", turn.matrix, r)
    v_g = np.einsum("nji,nj->ni", turn.matrix, v + np.cross(turn.rate, r))
    return r_g, v_g


def _kepler(t, y):
    d = np.linalg.norm(y[:3])
    return np.concatenate([y[3:], -MU * y[:3] / d**3])


def _fly(y0, t0, t1, event=None):
    def rate(t, y):
        return _kepler(t, y)

    return solve_ivp(
        rate,
        (t0, t1),
        y0,
        "DOP853",
        rtol=1e-10,
        atol=1e-4,
        dense_output=True,
        events=None if event is None else [event],
    )


def _fit(solution, t0, t1, step, mass, steer=None):
    breaks = np.linspace(t0, t1, max(2, int(np.ceil((t1 - t0) / step)) + 1))

    def f(t, _):
        y = solution(t).T
        m = mass(t)[:, None] if callable(mass) else np.full((t.size, 1), mass)
        if steer is None:
            return np.hstack([y, m])
        u = y[:, 3:] / np.linalg.norm(y[:, 3:], axis=1, keepdims=True)
        return np.hstack([y, m, u, np.full((t.size, 1), steer)])

    return breaks, f


def _states(path, mass0=None):
    a, b = path.at(path.start), path.at(path.end)
    return a, b


def _elements(y) -> Elements:
    r, v = y[:3], y[3:]
    h = np.cross(r, v)
    a = 1.0 / (2.0 / np.linalg.norm(r) - v @ v / MU)
    e = np.cross(v, h) / MU - r / np.linalg.norm(r)
    node = np.array([-h[1], h[0], 0.0]) / np.hypot(h[0], h[1])
    side = np.cross(h / np.linalg.norm(h), node)
    argp = float(np.arctan2(e @ side, e @ node)) % (2 * np.pi)
    u = float(np.arctan2(r @ side, r @ node)) % (2 * np.pi)
    return Elements(
        float(a),
        float(np.linalg.norm(e)),
        float(np.arccos(h[2] / np.linalg.norm(h))),
        float(np.arctan2(h[0], -h[1])) % (2 * np.pi),
        argp,
        (u - argp) % (2 * np.pi),
    )


@cache
def flight(name: str = "Toy to 820 km", days: float = 1.0) -> Flight:
    mission = _mission(name)
    w = world()

    def ev(label, object, path, t):
        return event_record(label, object, path.at(LIFT_OFF + t), LIFT_OFF, w)

    # the way up, then a coast to apogee, then a tangential burn to a = RE + 820 km
    r1, v1 = _up_gcrf(np.array([T_UP]))
    y1 = np.concatenate([r1[0], v1[0]])
    coast = _fly(y1, T_UP, T_UP + 4000.0)
    vr = np.einsum("ij,ij->j", coast.sol(coast.t)[:3], coast.sol(coast.t)[3:])
    grid = np.linspace(T_UP + 60.0, T_UP + 4000.0, 4000)
    radius = np.linalg.norm(coast.sol(grid)[:3], axis=0)
    t2 = float(np.round(grid[int(np.argmax(radius))], 1))
    assert vr.size
    mass2 = 12000.0
    goal = RE + 820e3

    def rate(t, y):
        v = y[3:]
        out = _kepler(t, y)
        out[3:] += 3.0 * v / np.linalg.norm(v)
        return out

    def reached(t, y):
        return 2.0 / np.linalg.norm(y[:3]) - y[3:] @ y[3:] / MU - 1.0 / goal

    reached.terminal = True
    burn = solve_ivp(
        rate,
        (t2, t2 + 900.0),
        coast.sol(t2),
        "DOP853",
        rtol=1e-10,
        atol=1e-4,
        dense_output=True,
        events=[reached],
    )
    t3 = float(burn.t[-1])
    t4 = t3 + 60.0
    drift = _fly(burn.sol(t3), t3, t4)
    orbit = _fly(drift.sol(t4), t4, t4 + days * DAY)

    flow2 = 6.0
    m_burn = lambda t: mass2 - flow2 * (t - t2)  # noqa: E731
    m_end = mass2 - flow2 * (t3 - t2)
    pieces = []
    begin = 0.0
    for k, (_, end, *_rest) in enumerate(PHASES):
        pieces.append((np.linspace(begin, end, 1 + int(np.ceil((end - begin) / 12.0))), k))
        begin = end
    breaks = [pieces[0][0][0]]
    owner = []
    fs = []

    def powered(k, f=None):
        def g(t, _):
            r, v = _up_gcrf(np.clip(t, 0.0, T_UP))
            m = np.array([[_mass_at(x, k)] for x in t])
            u = r / np.linalg.norm(r, axis=1, keepdims=True)
            return np.hstack([r, v, m, u, np.full((t.size, 1), 4e6 / (k + 1))])

        return g

    for b, k in pieces:
        breaks += list(b[1:])
        fs += [powered(k)] * (len(b) - 1)
        owner += [k] * (len(b) - 1)
    for sol, a, b, mass, thrust in (
        (coast.sol, T_UP, t2, mass2, 0.0),
        (burn.sol, t2, t3, m_burn, 3.0 * mass2),
        (drift.sol, t3, t4, m_end, 0.0),
    ):
        bs, f = _fit(sol, a, b, 120.0, mass, thrust)
        breaks += list(bs[1:])
        fs += [f] * (len(bs) - 1)
    path = Trajectory.fit(LIFT_OFF, GCRF, breaks, lambda t, i: fs[i](t, i), 16, STEERED_COLUMNS)

    phases, begin = [], 0.0
    for label, end, burning, drops, _, _ in PHASES:
        phases.append(PlanPhase(label, begin, end, burning, drops))
        begin = end
    phases += [
        PlanPhase("coast", T_UP, t2),
        PlanPhase("burn 2", t2, t3, ("fregat",)),
        PlanPhase("settle", t3, t4, (), ("fregat",)),
    ]
    plan = Plan(
        "ascent",
        "stack",
        LIFT_OFF,
        tuple(phases),
        AttitudeProgramme("launch", (0.0, t4), np.zeros((1, 2, 3))),
        MASS0,
        np.eye(3),
    )
    marks = [
        ("lift-off", 0.0),
        ("max-q", 62.0),
        ("strap-on separation", 118.0),
        ("fairing jettison", 190.0),
        ("core separation", 287.0),
        ("third-stage cut-off", 560.0),
        ("upper-stage burn 2 start", t2),
        ("upper-stage burn 2 end", t3),
        ("spacecraft separation", t4),
    ]
    a, b = _states(path)
    legs = [
        Leg(
            "ascent",
            "stack",
            "stack",
            "",
            a,
            b,
            path,
            tuple(ev(n, "stack", path, t) for n, t in marks),
            Ledger(
                9123.4,
                {"gravity": 1200.0, "drag": 60.0, "steering": 140.0},
                (
                    Burn("core", 0.0, 287.0, 90000.0, 0.0, 2.8e8, 3900.0),
                    Burn("fregat", t2, t3, flow2 * (t3 - t2), 0.0, 1e6, 180.0),
                ),
                {"fregat": 640.0},
                {"fairing": 1700.0, "core": 7500.0},
            ),
            Solve(
                "Lobatto IIIA",
                "converged",
                {"place_m": 3.2, "speed_m_s": 0.004},
                {"iterations": 55.0},
            ),
            citations=("Betts (2010)",),
            handover_out=Handover(b, ("spacecraft",), {"fregat": 640.0}, {"fregat": 5}),
            plan=plan,
        )
    ]
    for id, kind, parent, t, mass in (
        ("strap-ons", "booster", "stack", 118.0, 15000.0),
        ("fairing", "fairing", "stack", 190.0, 1700.0),
        ("core", "stage", "stack", 287.0, 7500.0),
        ("third", "stage", "stack", 545.0, 2600.0),
    ):
        legs.append(_falling(id, kind, parent, t, mass, w))

    breaks5, f5 = _fit(orbit.sol, t4, t4 + days * DAY, 300.0, 2900.0)
    path5 = Trajectory.fit(LIFT_OFF, GCRF, breaks5, f5, 16)
    a, b = _states(path5)
    legs.append(
        Leg(
            "orbit",
            "spacecraft",
            "spacecraft",
            "stack",
            a,
            b,
            path5,
            _shadow(path5, t4, t4 + days * DAY, w),
            audit=(ForceAudit("gravity 70x70", 9.1, 8.0, "EGM2008"),),
            steps=(Coast(DAY),),
        ),
    )
    y = orbit.sol(t4)
    tod = w.orientation.tod_from_gcrf(LIFT_OFF + t4)
    el = _elements(np.concatenate([tod.vector(y[:3]), tod.vector(y[3:])]))
    return Flight(
        mission,
        LaunchSolution(
            LIFT_OFF,
            float(AZIMUTH) - 0.08,
            float(AZIMUTH),
            "ascending",
            ((LIFT_OFF + 30000.0, 3.3, "descending"),),
            True,
        ),
        Payload(2900.0, 3310.0, 410.0, ("4700 kg to 820 km in a brochure",)),
        OrbitRecord(
            LIFT_OFF + t4,
            el,
            el,
            "first-order J2",
            _elements(y),
            el.a_m * (1 - el.e) - RE,
            el.a_m * (1 + el.e) - RE,
            54003.4,
            1.99e-7,
        ),
        tuple(legs),
        FINDINGS,
        {"cosmodrome": "0.1.0", "simd": "avx2"},
        {"ascent_s": 1.25},
    )


FINDINGS = (
    Finding(
        "inclination",
        "holds",
        98.71,
        98.7,
        "deg",
        0.01,
        "orbit, release",
        "r x v at release against the target",
        ("path", "target"),
    ),
    Finding(
        "dynamic pressure",
        "fails",
        46.2,
        40.0,
        "kPa",
        -6.2,
        "ascent, T+62 s",
        "the flown path passes the limit",
        ("path", "limit"),
    ),
    Finding(
        "drop zone of the core",
        "not-judged",
        None,
        None,
        "",
        None,
        "core",
        "no zone is given",
        ("ballistic fall", "catalogue"),
    ),
    Finding(
        "earth orientation",
        "warns",
        0.004,
        0.001,
        "s",
        -0.003,
        "all",
        "UT1 is predicted",
        ("table", "limit"),
    ),
)


def _falling(id, kind, parent, t, mass, w) -> Leg:
    r, v = _up_gcrf(np.array([t]))

    def ground(t, y):
        turn = w.orientation.itrf_from_gcrf_many(LIFT_OFF, np.array([t]))
        return float(geodetic_from_itrf(turn.vector(y[:3])[0])[2])

    ground.terminal = True
    ground.direction = -1
    sol = _fly(np.concatenate([r[0], v[0]]), t, t + 3000.0, ground)
    t_end = float(sol.t[-1])
    breaks, f = _fit(sol.sol, t, t_end, 60.0, mass)
    path = Trajectory.fit(LIFT_OFF, GCRF, breaks, f, 12)
    a, b = _states(path)
    turn = w.orientation.itrf_from_gcrf(LIFT_OFF + t_end)
    lat, lon, _ = geodetic_from_itrf(turn.vector(b.r_m))
    return Leg(
        "ascent",
        id,
        kind,
        parent,
        a,
        b,
        path,
        (event_record("impact", id, b, LIFT_OFF, w),),
        impact=Impact(
            LIFT_OFF + t_end,
            t_end,
            float(lat),
            float(lon),
            float(surface_distance_m(LAT, LON, lat, lon)),
            "ballistic",
        ),
    )


def _shadow(path, t0, t1, w) -> tuple[Event, ...]:
    t = np.arange(t0, t1, 20.0)
    r = path.columns_at(t)[:, :3]
    sun = w.ephemeris.positions_m("sun", LIFT_OFF, t)
    s = sun / np.linalg.norm(sun, axis=1, keepdims=True)
    along = np.einsum("ij,ij->i", r, s)
    dark = (along < 0) & (np.linalg.norm(r - along[:, None] * s, axis=1) < RE)
    out = []
    for k in np.flatnonzero(np.diff(dark.astype(int))):
        label = "eclipse exit (umbra)" if dark[k] else "eclipse entry (umbra)"
        state = path.at(LIFT_OFF + float(t[k]))
        out.append(event_record(label, "spacecraft", state, LIFT_OFF, w))
    return tuple(out)

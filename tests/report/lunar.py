"""A toy flight to the Moon's ground: its coasts and burns are flown, its landing is drawn.

From a low orbit of the Earth into one of the Moon over its poles, and down. The state after the
burn for the Moon was found once, by least squares, so that the perilune is 100 km high in the same
dynamics. The landing follows a plane with a prescribed height and angle; its thrust is what that
motion asks for. The report cannot tell.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from cosmodrome.dynamics import Thrust, preset, propagate
from cosmodrome.mission import OrbitMission, PhysicsModel, Spacecraft
from cosmodrome.mission.nouns import CraftEngine, Start, StartState
from cosmodrome.mission.steps import Manoeuvre
from cosmodrome.record import (
    AttitudeProgramme,
    Burn,
    Elements,
    Event,
    Flight,
    Ledger,
    Leg,
    OrbitRecord,
    Plan,
    PlanPhase,
)
from cosmodrome.world import GCRF, MOON_ME, Epoch, State, World, expressed, gcrf, recentred
from cosmodrome.world.bodies import G0, MOON
from cosmodrome.world.trajectory import STEERED_COLUMNS, Trajectory

TLI_END = Epoch.from_utc("2027-03-01T06:00:00Z")
R_M = (-3832009.6509614415, 4633148.03146641, 2631427.109806825)
V_M_S = (-666.5980617731743, -5874.703266205959, 9209.551265863507)
ISP_S = 320.0
SPHERE_M = 66e6
CRAFT = "lander"


@cache
def world() -> World:
    return World.shipped()


def _leg(path: Trajectory, chapter: str = "orbit", name: str = "") -> Leg:
    start, end = path.at(path.start), path.at(path.end)
    burns, steps = (), ()
    if name:
        used = start.mass_kg - end.mass_kg
        gained = ISP_S * G0 * np.log(start.mass_kg / end.mass_kg)
        zero = TLI_END + _ZERO_S
        at = (path.start - zero, path.end - zero)
        burns = (Burn(CRAFT, *at, used, 0.0, used * ISP_S * G0, float(gained)),)
        steps = (Manoeuvre((1.0, 0.0, 0.0), name=name),)
    return Leg(
        chapter, CRAFT, "spacecraft", "", start, end, path,
        ledger=Ledger(burns[0].delta_v_m_s if burns else 0.0, {}, burns), steps=steps,
    )  # fmt: skip


# the flight begins this long before the end of the burn for the Moon
_ZERO_S = -80.0 * 60.0
# so short that it begins and ends at perigee
_TLI_S = 60.0


def _mass(path: Trajectory) -> float:
    return path.at(path.end).mass_kg


def _burnt(start: State, seconds: float, thrust_n: float) -> Trajectory:
    """Against the motion about the Moon."""
    burn = Thrust(start.epoch, start.epoch + seconds, thrust_n, ISP_S, (-1.0, 0.0, 0.0), "vnc")
    dynamics = preset("lunar").with_thrust(burn)
    return propagate(start, dynamics, seconds, world=world()).trajectory


@cache
def legs() -> tuple[Leg, ...]:
    """Parking orbit, burn, two coasts, insertion, lunar orbit, descent orbit, landing."""
    w = world()
    after = State(TLI_END, GCRF, np.array(R_M), np.array(V_M_S), 1000.0)
    burn = Thrust(TLI_END + -_TLI_S, TLI_END, 5.4e6 / _TLI_S, ISP_S, (1.0, 0.0, 0.0), "vnc")
    back = propagate(after, preset("fast").with_thrust(burn), _ZERO_S, world=w).trajectory
    out = [
        _leg(_part(back, 0.0, -_ZERO_S - _TLI_S)),
        _leg(_part(back, -_ZERO_S - _TLI_S), "transfer", "TLI"),
    ]
    coast = propagate(after, preset("translunar"), 311_851.3 - 126.0, world=w)
    out += [_leg(arc) for arc in coast.arcs]
    near = out[-1].end
    caught = _burnt(near, 252.0, 3000.0)
    out.append(_leg(caught, "transfer", "LOI"))
    round_ = propagate(out[-1].end, preset("lunar"), "apoapsis", world=w, count=4).trajectory
    out.append(_leg(round_))
    lower = _burnt(out[-1].end, 9.3, 1500.0)
    out.append(_leg(lower, "transfer", "DOI"))
    down = propagate(out[-1].end, preset("lunar"), "periapsis", world=w).trajectory
    out.append(_leg(down))
    out.append(_landing(out[-1].end))
    return tuple(out)


def _part(path: Trajectory, start_s: float, end_s: float | None = None) -> Trajectory:
    """A piece of a path, seconds after its start."""
    lo = path.breaks_s[0] + start_s
    hi = path.breaks_s[-1] if end_s is None else path.breaks_s[0] + end_s
    inner = path.breaks_s[(path.breaks_s > lo + 1.0) & (path.breaks_s < hi - 1.0)]
    breaks = np.concatenate([[lo], inner, [hi]])
    return Trajectory.fit(path.epoch, path.frame, breaks, lambda t, _: path.columns_at(t), 16)


_LANDING_S = 620.0


def _landing(start: State) -> Leg:
    r, v = start.r_m, start.v_m_s
    up = r / np.linalg.norm(r)
    normal = np.cross(r, v) / np.linalg.norm(np.cross(r, v))
    along = np.cross(normal, up)
    high, rate = np.linalg.norm(r) - MOON.radius_m, v @ along / np.linalg.norm(r)

    def place(t):
        s = t / _LANDING_S
        h = high * (1.0 - 3.0 * s**2 + 2.0 * s**3)
        angle = rate * _LANDING_S * (s - 0.5 * s**2)
        d = MOON.radius_m + h
        return d[:, None] * (np.cos(angle)[:, None] * up + np.sin(angle)[:, None] * along)

    def columns(t, _):
        q = 0.5
        a = (place(t + q) - 2.0 * place(t) + place(t - q)) / q**2
        now = place(t)
        a += MOON.mu_m3_s2 * now / np.linalg.norm(now, axis=1)[:, None] ** 3
        size = np.linalg.norm(a, axis=1, keepdims=True)
        mass = start.mass_kg * np.exp(-t[:, None] * 3.2 / (ISP_S * G0))
        speed = (place(t + 1e-2) - place(t - 1e-2)) / 2e-2
        return np.hstack([now, speed, mass, a / size, mass * size])

    breaks = np.linspace(0.0, _LANDING_S, 32)
    path = Trajectory.fit(start.epoch, gcrf("moon"), breaks, columns, 12, STEERED_COLUMNS)
    marks = (("braking", 480.0), ("approach", 560.0), ("terminal", _LANDING_S))
    phases, begin = [], 0.0
    for name, end in marks:
        phases.append(PlanPhase(name, begin, end, (CRAFT,)))
        begin = end
    nothing = AttitudeProgramme("launch", (0.0, _LANDING_S), np.zeros((1, 2, 3)))
    plan = Plan("landing", CRAFT, start.epoch, tuple(phases), nothing, start.mass_kg, np.eye(3))
    return replace(_leg(path, "landing", "PDI"), plan=plan)


def _event(name: str, path: Trajectory, t_s: float) -> Event:
    """An event of the flight about the Moon, `t_s` after its start."""
    zero = TLI_END + _ZERO_S
    state = path.at(zero + t_s)
    if state.frame == GCRF:
        state = recentred(state, "moon", world())
    fixed = expressed(state, MOON_ME, world())
    d = float(np.linalg.norm(fixed.r_m))
    return Event(
        name, CRAFT, t_s, zero + t_s, d - MOON.radius_m, float(np.linalg.norm(state.v_m_s)),
        float(np.linalg.norm(fixed.v_m_s)), 0.0, 0.0, state.mass_kg,
        float(np.arcsin(fixed.r_m[2] / d)), float(np.arctan2(fixed.r_m[1], fixed.r_m[0])),
    )  # fmt: skip


def _apsides(path: Trajectory) -> list[tuple[str, float]]:
    zero = TLI_END + _ZERO_S
    t = np.linspace(path.breaks_s[0], path.breaks_s[-1], 4001)
    y = path.columns_at(t)
    radial = np.einsum("ij,ij->i", y[:, :3], y[:, 3:6])
    out = []
    for k in np.flatnonzero(np.diff(np.sign(radial)) != 0.0):
        name = "perilune" if radial[k] < 0.0 else "apolune"
        out.append((name, float(t[k + 1]) + (path.epoch - zero)))
    return out


@cache
def flight(name: str = "Toy to the Moon") -> Flight:
    zero = TLI_END + _ZERO_S
    flown = []
    for leg in legs():
        a, b = leg.path.start - zero, leg.path.end - zero
        marks = []
        if leg.ledger.burns and leg.chapter == "transfer":
            marks = [(f"{leg.steps[0].name} start", a), (f"{leg.steps[0].name} end", b)]
        elif leg.chapter == "landing":
            marks = [("PDI", a), ("high gate", a + 480.0), ("touchdown", b)]
        elif leg.path.frame.centre == "moon":
            marks = _apsides(leg.path)
        flown.append(replace(leg, events=tuple(_event(n, leg.path, t) for n, t in marks)))
    start = flown[0].start
    craft = Spacecraft(
        CRAFT, start.mass_kg, 6.0, 2.2, 6.0, 1.3, engine=CraftEngine(3000.0, ISP_S),
        propellant_kg=start.mass_kg - 300.0,
    )  # fmt: skip
    begins = Start(zero, StartState("gcrf", tuple(start.r_m), tuple(start.v_m_s)), source="a toy")
    e = Elements(6_560e3, 0.002, 0.9, 0.1, 0.2, 0.3)
    orbit = OrbitRecord(zero, e, e, "osculating", e, 180e3, 185e3, 40_000.0)
    mission = OrbitMission(
        name, begins, craft, physics=PhysicsModel(0, 0, (), "none", False),
        resolved="schema: cosmodrome/1\nname: toy\n",
    )  # fmt: skip
    return Flight(mission, None, None, orbit, tuple(flown))

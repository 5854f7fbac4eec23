"""Fly a plan: timers and attitude from the plan, engines and masses from the vehicle.

Never optimises. The re-flight of an optimum, and later a dispersed or faulted flight, are this
one function with another truth or another plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent import debris, ledger
from cosmodrome.ascent.engines import Sub, stretches
from cosmodrome.ascent.integrate import RTOL, Piece, fly_piece
from cosmodrome.ascent.launch import bodies_of, launch_axes, planet_of
from cosmodrome.ascent.planning import STATE_KEYS
from cosmodrome.errors import FellError, InputError
from cosmodrome.maths import NUMPY, remembered
from cosmodrome.mission.nouns import Mission
from cosmodrome.physics import powered
from cosmodrome.record import Event, Handover, Leg, Solve, event_record
from cosmodrome.vehicle import full_tanks
from cosmodrome.world import bodies, geodesy
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.trajectory import STEERED_COLUMNS, Trajectory
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.record.nouns import Plan
    from cosmodrome.vehicle import Tank

__all__ = ["execute"]

_CITATIONS = (
    "Betts, Practical Methods for Optimal Control, 2nd ed., 2010 (collocation)",
    "Hairer, Norsett & Wanner, Solving ODEs I, 1993 (DOP853)",
    "U.S. Standard Atmosphere, 1976, NOAA-S/T 76-1562",
    "Pavlis et al., EGM2008, JGR 117, 2012 (J2 to J4)",
)


@dataclass(slots=True)
class Flown:
    """The stack's flight as it grows: pieces, stretches, marks, drops, tanks."""

    pieces: list[Piece] = field(default_factory=list)
    subs: list[Sub] = field(default_factory=list)
    marks: list[tuple[float, str, NDArray[np.float64], float]] = field(default_factory=list)
    drops: list[tuple[float, str, float, NDArray[np.float64]]] = field(default_factory=list)
    separated: dict[str, float] = field(default_factory=dict)
    tanks_left: dict[str, float] = field(default_factory=dict)
    on_board: dict[str, float] = field(default_factory=dict)


class Truth:
    """The vehicle, planet and frame a plan is flown in."""

    def __init__(self, plan: Plan, mission: Mission, world: World) -> None:
        self.plan, self.mission, self.world = plan, mission, world
        self.vehicle = mission.vehicle
        self.planet = planet_of(world, mission.wind)
        self.bodies = bodies_of(mission.vehicle)
        self.axes = launch_axes(mission.site, plan.epoch, world)
        self.crafts = {
            c.id: plan.targets["payload_kg"] if c.mass_kg is None else c.mass_kg
            for c in mission.crafts
        }
        self.payload_kg = self.crafts[mission.spacecraft.id]
        # of several spacecraft, each and its adapter leave one by one
        self.cargo = {}
        if mission.passengers:
            self.cargo = dict(self.crafts)
            self.cargo |= {c.adapter_id: c.adapter_kg for c in mission.crafts if c.adapter_kg}
        site = mission.site
        pad = geodesy.itrf_from_geodetic(site.latitude_rad, site.longitude_rad, site.height_m)
        r = self.axes @ world.orientation.itrf_from_gcrf(plan.epoch).T.vector(pad)
        omega = bodies.OMEGA_EARTH_RAD_S
        self.start = np.array([r[0], r[1], r[2], -omega * r[1], omega * r[0], 0.0])
        # from the plan's idea of the launch frame to the true one
        self.turn = self.axes @ np.asarray(plan.launch_axes).T
        if np.allclose(self.turn, np.eye(3), atol=1e-13):
            self.turn = np.eye(3)

    def state(self, t_s: float, y: NDArray[np.float64], mass_kg: float) -> State:
        """The launch-frame vector `y` (6,) as a State in GCRF."""
        back = self.axes.T
        return State(self.plan.epoch + t_s, GCRF, back @ y[:3], back @ y[3:], mass_kg)


@dataclass(frozen=True, slots=True, eq=False)
class Climbed:
    """The stack as flown, from lift-off to the last release, and what it left behind.

    leg   of the stack; `handover_out` is the spacecraft just released. Of several spacecraft that
          is the last one, and `released` holds all in order. `solve.residuals` compares each
          release with the plan's own target state
    """

    leg: Leg
    _truth: Truth
    _flown: Flown

    def dropped(self) -> tuple[Leg, ...]:
        """Legs of what was dropped, in order, each down to the ground with drag (or some minutes
        on, where it stays up)."""
        flown, truth = self._flown, self._truth
        y_end, mass_end = flown.marks[-1][2], flown.marks[-1][3]
        rest = mass_end - sum(flown.on_board.values())
        bodies = [drop for drop in flown.drops if drop[1] not in truth.crafts]
        return debris.legs(truth, bodies, (truth.plan.phases[-1].end_s, rest, y_end))


def execute(plan: Plan, mission: Mission, world: World) -> tuple[Leg, ...]:
    """Fly `plan` with the vehicle, site and spacecraft of `mission`: the leg of the stack, then
    those of what was dropped."""
    climbed = fly_stack(plan, mission, world)
    return (climbed.leg, *climbed.dropped())


@remembered(32, Mission, World)
def fly_stack(plan: Plan, mission: Mission, world: World) -> Climbed:
    """The stack's part of `execute`."""
    truth = Truth(plan, mission, world)
    flown = _fly(truth)
    end_s = plan.phases[-1].end_s
    y_end, mass_end = flown.marks[-1][2], flown.marks[-1][3]
    handovers = _handovers(truth, flown, (end_s, y_end))
    stack = Leg(
        chapter="ascent",
        object="stack",
        kind="stack",
        parent="",
        start=truth.state(0.0, truth.start, flown.subs[0].mass_start_kg),
        end=truth.state(end_s, y_end, mass_end),
        path=_path(truth, flown),
        events=_events(truth, flown),
        ledger=ledger.close(truth, flown),
        solve=_residuals(truth, flown),
        audit=ledger.audit(truth, flown),
        citations=_CITATIONS,
        handover_out=handovers[-1],
        plan=plan,
        released=handovers if mission.passengers else (),
    )
    return Climbed(stack, truth, flown)


def _handovers(
    truth: Truth, flown: Flown, end: tuple[float, NDArray[np.float64]]
) -> tuple[Handover, ...]:
    """Every spacecraft as it was released: those on the way, then those at the end."""
    gone = [(t, id_, kg, y) for t, id_, kg, y in flown.drops if id_ in truth.crafts]
    gone += [(end[0], id_, kg, end[1]) for id_, kg in flown.on_board.items()]
    return tuple(Handover(truth.state(t, y, kg), (id_,), {}, {}) for t, id_, kg, y in gone)


# the flight --------------------------------------------------------------------------------
def _fly(truth: Truth) -> Flown:
    plan, vehicle = truth.plan, truth.vehicle
    flown = Flown()
    tanks = full_tanks(vehicle)
    attached: dict[str, float] = {s.id: s.count * s.dry_mass_kg for s in vehicle.stages}
    jettisons = {j.name: (s.id, s.count * j.mass_kg) for s in vehicle.stages for j in s.jettisons}
    if vehicle.fairing is not None:
        attached["fairing"] = vehicle.fairing.mass_kg
    fixed = vehicle.adapter_kg
    if truth.cargo:
        attached |= truth.cargo
    else:
        fixed += truth.payload_kg

    def mass() -> float:
        held = sum(
            tanks[s.id].propellant_kg + tanks[s.id].consumables_kg
            for s in vehicle.stages
            if s.id in attached
        )
        return fixed + sum(attached.values()) + held

    y = truth.start
    lit: dict[str, float] = {}
    flown.marks.append((0.0, "lift-off", y, mass()))
    for phase in plan.phases:
        for id_ in [i for i in lit if i not in phase.burning]:
            del lit[id_]
        for id_ in phase.burning:
            if id_ not in attached:
                raise InputError(f"phase {phase.name!r} burns {id_!r}, which is not attached")
            if id_ not in lit:
                lit[id_] = phase.start_s
                stage = vehicle.stage(id_)
                if stage.ignition_loss_kg and phase.start_s > 0.0:
                    loss = stage.count * stage.ignition_loss_kg
                    tanks[id_] = tanks[id_].less(loss)
                    key = f"{id_} ignition loss"
                    flown.separated[key] = flown.separated.get(key, 0.0) + loss
        for sub in stretches(vehicle, plan, phase, lit, tanks):
            sub.mass_start_kg = mass()
            y = _integrate(truth, flown, sub, y)
            length = sub.length_s
            for id_, engine in sub.engines.items():
                tanks[id_] = tanks[id_].less(
                    engine.propellant_kg(length), engine.consumables_kg_s * length
                )
            for id_ in phase.settling:
                used = vehicle.stage(id_).count * vehicle.stage(id_).settling_flow_kg_s * length
                tanks[id_] = tanks[id_].less(used)
                key = f"{id_} settling"
                flown.separated[key] = flown.separated.get(key, 0.0) + used
            flown.subs.append(sub)
        for id_ in phase.drops_at_end:
            gone = _drop(id_, attached, jettisons, tanks)
            flown.separated[id_] = gone
            flown.drops.append((phase.end_s, id_, gone, y))
        flown.marks.append((phase.end_s, phase.name, y, mass()))
    flown.separated = {k: v for k, v in flown.separated.items() if v > 0.0}
    last = vehicle.stages[-1].id
    truth_tanks = {k: v.propellant_kg for k, v in tanks.items() if k in attached}
    flown.tanks_left = {last: truth_tanks.get(last, 0.0)}
    flown.on_board = {k: kg for k, kg in truth.crafts.items() if k in attached or not truth.cargo}
    return flown


def _drop(
    id_: str,
    attached: dict[str, float],
    jettisons: dict[str, tuple[str, float]],
    tanks: dict[str, Tank],
) -> float:
    if id_ in attached:
        gone = attached.pop(id_)
        tank = tanks.get(id_)
        return gone + (tank.propellant_kg + tank.consumables_kg if tank else 0.0)
    if id_ in jettisons:
        owner, kg = jettisons[id_]
        if owner not in attached:
            raise InputError(f"{id_!r} is to be dropped after its stage {owner!r} has gone")
        attached[owner] -= kg
        return kg
    raise InputError(
        f"the plan drops {id_!r}, which is not attached; attached: {', '.join(attached)}"
    )


def _integrate(truth: Truth, flown: Flown, sub: Sub, y: NDArray[np.float64]) -> NDArray[np.float64]:
    attitude = truth.plan.attitude
    breaks = np.asarray(attitude.breaks_s)
    inner = breaks[(breaks > sub.start_s + 1e-7) & (breaks < sub.end_s - 1e-7)]
    marks = [sub.start_s, *(float(b) for b in inner), sub.end_s]
    body = truth.bodies[truth.vehicle.drag_index({id_ for _, id_, _, _ in flown.drops})]
    for a, b in pairwise(marks):
        k = int(np.searchsorted(breaks, 0.5 * (a + b), side="right")) - 1
        k = min(max(k, 0), len(breaks) - 2)
        series = np.asarray(attitude.coefficients[k]) @ truth.turn.T
        pieces, y = fly_piece(
            truth.planet,
            body,
            y,
            a,
            b,
            sub,
            series,
            (float(breaks[k]), float(breaks[k + 1])),
        )
        flown.pieces.extend(pieces)
        if b > 0.0 and float(powered.height(NUMPY, truth.planet, (y[0], y[1], y[2]))) < -1.0:
            raise FellError(
                f"flown as planned, this vehicle meets the ground before T+{b:.1f} s: the plan"
                " was made for another thrust, mass or site; solve the ascent again for this one"
            )
    return y


# what is told of it --------------------------------------------------------------------------
def _path(truth: Truth, flown: Flown) -> Trajectory:
    pieces = flown.pieces
    back = truth.axes.T
    breaks = [pieces[0].start_s, *(p.end_s for p in pieces)]

    def columns(t: NDArray[np.float64], k: int) -> NDArray[np.float64]:
        p = pieces[k]
        y = p.state(t)
        u = p.direction(t)
        force = np.zeros(t.size)
        if p.pushing:
            air = powered.air(NUMPY, truth.planet, (y[0], y[1], y[2]), (y[3], y[4], y[5]))
            force = p.thrust_n(t) - p.exit_area_m2 * air.pressure
        return np.column_stack([(back @ y[:3]).T, (back @ y[3:]).T, p.mass(t), (back @ u).T, force])

    return Trajectory.fit(
        truth.plan.epoch, GCRF, breaks, columns, nodes=12, columns=STEERED_COLUMNS
    )


def _events(truth: Truth, flown: Flown) -> tuple[Event, ...]:
    lift_off = truth.plan.epoch
    out: list[Event] = []
    for t, names, y, mass in [*flown.marks, _max_q(truth, flown)]:
        state = truth.state(t, y, mass)
        out.extend(
            event_record(name, "stack", state, lift_off, truth.world)
            for name in names.split(", ")
            if name  # a corner of a thrust curve is no event
        )
    return tuple(sorted(out, key=lambda e: e.t_s))


def _max_q(truth: Truth, flown: Flown) -> tuple[float, str, NDArray[np.float64], float]:
    """The greatest dynamic pressure, on a grid and then by golden section on its piece."""

    def q(p: Piece, t: NDArray[np.float64]) -> NDArray[np.float64]:
        y = p.state(t)
        air = powered.air(NUMPY, truth.planet, (y[0], y[1], y[2]), (y[3], y[4], y[5]))
        out: NDArray[np.float64] = air.q
        return out

    best: tuple[float, Piece, float, float] | None = None
    for p in flown.pieces:
        if not p.pushing:
            break
        t = np.linspace(p.start_s, p.end_s, 9)
        values = q(p, t)
        k = int(np.argmax(values))
        if best is None or values[k] > best[0]:
            best = (float(values[k]), p, float(t[max(k - 1, 0)]), float(t[min(k + 1, 8)]))
    if best is None:
        raise InputError("the plan's first phase has no engine burning")
    _, p, low, high = best
    ratio = 0.5 * (np.sqrt(5.0) - 1.0)
    for _ in range(40):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        qa, qb = q(p, np.array([a, b]))
        if qa > qb:
            high = b
        else:
            low = a
    t_best = round(0.5 * (low + high), 6)
    t_best = min(max(t_best, p.start_s), p.end_s)
    return t_best, "max-q", p.state(np.array([t_best]))[:, 0], float(p.mass(t_best))


def _residuals(truth: Truth, flown: Flown) -> Solve:
    wanted = truth.plan.targets
    _, _, y, mass = flown.marks[-1]
    residuals = {}
    if "x_m" in wanted:
        r = np.array([wanted["x_m"], wanted["y_m"], wanted["z_m"]])
        v = np.array([wanted["vx_m_s"], wanted["vy_m_s"], wanted["vz_m_s"]])
        residuals = {
            "position_m": float(np.linalg.norm(y[:3] - truth.turn @ r)),
            "velocity_m_s": float(np.linalg.norm(y[3:] - truth.turn @ v)),
            "mass_kg": float(mass - wanted["mass_kg"]),
        }
    for phase, (_, _, at, _) in zip(truth.plan.phases, flown.marks[1:], strict=True):
        if phase.drops_at_end and f"{phase.drops_at_end[0]} x_m" in wanted:
            id_ = phase.drops_at_end[0]
            y0 = np.array([wanted[f"{id_} {key}"] for key in STATE_KEYS])
            off = at - np.concatenate([truth.turn @ y0[:3], truth.turn @ y0[3:]])
            residuals[f"{id_} position_m"] = float(np.linalg.norm(off[:3]))
            residuals[f"{id_} velocity_m_s"] = float(np.linalg.norm(off[3:]))
    return Solve(
        "re-flight of the plan by DOP853",
        "flown",
        residuals,
        {"rtol": RTOL, "steps": float(len(flown.pieces))},
    )

"""One burn as it goes with a fault: what the rule that cuts it off makes of another engine."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Thrust
from cosmodrome.maths.vectors import cross
from cosmodrome.mission.nouns import CraftEngine, Manoeuvre
from cosmodrome.transfer.burn import IMPULSE_S, axes_at, engine_of, equator_axes, propellant_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.campaign.verify.orbits.track import Item
    from cosmodrome.record.faults import Fault
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Push", "pushed", "turned"]

# a tank that lacks less than this is full enough, kg
_ENOUGH_KG = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Push:
    """What a burn does from a state on.

    thrust     over time; None where it is a kick, or nothing
    kick_m_s   (3,) in GCRF, of a burn at one instant
    burnt_kg   of that
    short_kg   what the tank lacks for the burn that was to be
    """

    thrust: Thrust | None
    kick_m_s: Array
    burnt_kg: float
    short_kg: float


def pushed(item: Item, fault: Fault | None, state: State, held_kg: float, world: World) -> Push:
    """A burn from a state; `fault` is one of its own, or None.

    A burn told by velocity gained ends when accelerometers have counted it, one told by time by
    its timer, one told by propellant when it is burnt: thrust, specific impulse and mass change
    the rest.
    """
    engine = engine_of(item.craft)
    what = "" if fault is None else fault.path.rsplit(".", 1)[-1]
    if fault is not None and what == "thrust":
        engine = CraftEngine(engine.thrust_n * fault.value, engine.isp_s)
    if fault is not None and what == "isp":
        # the pressure stays and so does the thrust: the flow is another
        engine = CraftEngine(engine.thrust_n, engine.isp_s * fault.value)
    if isinstance(item.does, Manoeuvre):
        return _told(item.does, engine, fault, state, held_kg, world)
    assert isinstance(item.does, Thrust)
    return _tabled(item.does, engine_of(item.craft), engine, fault, state, held_kg)


def _told(
    step: Manoeuvre, engine: CraftEngine, fault: Fault | None, state: State, held_kg: float,
    world: World,
) -> Push:  # fmt: skip
    """A burn by its rule."""
    wanted = min(propellant_of(step, engine, state.mass_kg), state.mass_kg)
    burnt, short = _cut(wanted, engine.flow_kg_s, fault, held_kg)
    if burnt <= 0.0:
        return Push(None, np.zeros(3), 0.0, short)
    direction = _pointing(fault, step.direction, 1 if step.axes == "vnc" else 2)
    seconds = burnt / engine.flow_kg_s
    step = replace(step, direction=direction)
    if step.impulsive or seconds <= IMPULSE_S:
        fixed = equator_axes(step.axes, state.epoch, world)
        u = axes_at(step, state.r_m, state.v_m_s, fixed)
        return Push(None, engine.delta_v_m_s(state.mass_kg, burnt) * u, burnt, short)
    axes = step.axes
    if axes == "tod" or axes == "moon-equator":
        fixed = equator_axes(axes, state.epoch, world)
        u = axes_at(step, state.r_m, state.v_m_s, fixed)
        axes, direction = "gcrf", (float(u[0]), float(u[1]), float(u[2]))
    begin = state.epoch
    thrust = Thrust(begin, begin + seconds, engine.thrust_n, engine.isp_s, direction, axes)
    return Push(thrust, np.zeros(3), 0.0, short)


def _cut(
    wanted_kg: float, flow_kg_s: float, fault: Fault | None, held_kg: float
) -> tuple[float, float]:
    """What is burnt, and what the tank lacks."""
    if fault is not None and fault.path.endswith(".cut-off"):
        if fault.kind == "omit":
            return held_kg, 0.0
        wanted_kg = (
            wanted_kg * fault.value
            if fault.kind == "factor"
            else max(wanted_kg + fault.value * flow_kg_s, 0.0)
        )
    short = wanted_kg - held_kg
    return (held_kg, short) if short > _ENOUGH_KG else (wanted_kg, 0.0)


def _pointing(
    fault: Fault | None, direction: Sequence[float], normal: int
) -> tuple[float, float, float]:
    u = np.asarray(direction, dtype=np.float64)
    if fault is not None and fault.kind == "sign":
        u = -u
    elif fault is not None and fault.kind == "turn":
        pole = np.eye(3)[normal]
        u = turned(u, pole, fault.path.rsplit(".", 1)[-1], fault.value)
    return float(u[0]), float(u[1]), float(u[2])


def turned(u: Array, pole: Array, sense: str, angle_rad: float) -> Array:
    """Directions (..., 3) turned: "in-plane" about what of the pole lies across them, "across"
    about the third axis. Of one along the pole the x axis takes the pole's place."""
    u = u / np.linalg.norm(u, axis=-1, keepdims=True)
    mean = u.reshape(-1, 3).mean(axis=0)
    mean = mean / np.linalg.norm(mean)
    if abs(float(mean @ pole)) > math.cos(math.radians(1.0)):
        pole = np.array([1.0, 0.0, 0.0]) if abs(mean[0]) < 0.9 else np.array([0.0, 1.0, 0.0])
    axis = pole - float(pole @ mean) * mean
    axis = axis / np.linalg.norm(axis)
    if sense == "across":
        axis = np.cross(mean, axis)
    c, s = math.cos(angle_rad), math.sin(angle_rad)
    along = np.einsum("...k,k->...", u, axis)[..., None]
    out: Array = c * u + s * cross(np.broadcast_to(axis, u.shape), u) + (1.0 - c) * along * axis
    return out


def _tabled(
    burn: Thrust, planned: CraftEngine, engine: CraftEngine, fault: Fault | None, state: State,
    held_kg: float,
) -> Push:  # fmt: skip
    """The burn of a plan, by the plan's timer: its thrust and directions over time."""
    lasts = burn.end - burn.start
    knots = np.asarray(burn.knots_s or (0.0, lasts), dtype=np.float64)
    force = np.broadcast_to(np.asarray(burn.thrust_n, dtype=np.float64), knots.shape)
    force = force * (engine.thrust_n / planned.thrust_n)
    u = np.broadcast_to(np.atleast_2d(np.asarray(burn.direction)), (knots.size, 3))
    if fault is not None and fault.kind == "sign":
        u = -u
    elif fault is not None and fault.kind == "turn":
        pole = np.cross(state.r_m, state.v_m_s)
        pole = pole / np.linalg.norm(pole)
        u = turned(
            np.asarray(u, dtype=np.float64), pole, fault.path.rsplit(".", 1)[-1], fault.value
        )
    flow = float(force[-1] or force.max()) / engine.exhaust_m_s
    spent = _spent_kg(knots, force, engine)
    if fault is not None and fault.path.endswith(".cut-off"):
        goes_on = {"omit": held_kg / flow, "factor": lasts * fault.value}
        lasts = max(goes_on.get(fault.kind, lasts + fault.value), 0.0)
    if lasts <= IMPULSE_S or held_kg <= 0.0:
        return Push(None, np.zeros(3), 0.0, max(spent - held_kg, 0.0))
    knots, force, u = _lasting(knots, force, u, lasts)
    spent = _spent_kg(knots, force, engine)
    # epochs are whole nanoseconds
    knots[-1] = (state.epoch + lasts) - state.epoch
    thrust = Thrust(
        state.epoch, state.epoch + lasts, force.tolist(), engine.isp_s, u.tolist(),
        propellant_kg=held_kg, knots_s=knots.tolist(),
    )  # fmt: skip
    short = 0.0 if fault is not None and fault.kind == "omit" else spent - held_kg
    return Push(thrust, np.zeros(3), 0.0, short if short > _ENOUGH_KG else 0.0)


def _spent_kg(knots_s: Array, force_n: Array, engine: CraftEngine) -> float:
    """What a table of thrust over time burns."""
    impulse = float(np.sum(0.5 * (force_n[1:] + force_n[:-1]) * np.diff(knots_s)))
    return impulse / engine.exhaust_m_s


def _lasting(knots: Array, force: Array, u: Array, lasts: float) -> tuple[Array, Array, Array]:
    """The table cut at an instant, or its last row held until then."""
    if lasts > knots[-1]:
        return np.append(knots, lasts), np.append(force, force[-1]), np.vstack([u, u[-1:]])
    k = int(np.searchsorted(knots, lasts))
    rows = [np.interp(lasts, knots, column) for column in (force, *u.T)]
    return (
        np.append(knots[:k], lasts),
        np.append(force[:k], rows[0]),
        np.vstack([u[:k], np.array(rows[1:])[None]]),
    )

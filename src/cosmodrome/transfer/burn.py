"""One burn of a spacecraft, as the plan says it: flown, never optimised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics, Thrust, propagate
from cosmodrome.dynamics.coasting import floor_m
from cosmodrome.dynamics.firing import basis_of
from cosmodrome.dynamics.ground import down_to_ground
from cosmodrome.errors import FellError, InputError, OutOfPropellantError
from cosmodrome.record.events import event_record
from cosmodrome.record.nouns import Burn, Handover, Ledger, Leg, Solve
from cosmodrome.watch import SILENT
from cosmodrome.world.centres import centre_named, moon_equator_from_gcrf
from cosmodrome.world.trajectory import STEERED_COLUMNS, Trajectory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Propagation
    from cosmodrome.mission.nouns import AnyMission, CraftEngine, Manoeuvre, Spacecraft
    from cosmodrome.mission.steps import Axes
    from cosmodrome.record.nouns import ForceAudit
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = [
    "IMPULSE_S",
    "FlownBurn",
    "about_the_earth",
    "axes_at",
    "basis_of",
    "engine_of",
    "equator_axes",
    "execute",
    "flown_burn",
    "propellant_of",
]

#: how long an impulse lasts: the resolution of an Epoch
IMPULSE_S = 1e-9
_CITATION = "ideal velocity change: Tsiolkovsky (1903), Isp g0 ln(m0 / m1)"


def execute(
    given: Handover,
    step: Manoeuvre,
    mission: AnyMission,
    world: World,
    watch: Watch = SILENT,
    *,
    lift_off: Epoch | None = None,
    parent: str = "",
) -> Leg:
    """Fly one burn from the state that is handed over (GCRF's axes about the Earth or the Moon).

    A finite burn holds its direction in axes that turn with the orbit (vnc, rtn) or stand still
    (gcrf; tod and moon-equator, those of the ignition), at constant thrust. An impulsive one lasts
    a nanosecond, in which gravity is left out; its path shows no thrust.

    Raises OutOfPropellantError where the propellant does not suffice, with what is short in kg and
    m/s, and FellError where the path falls to the entry interface while it burns.
    """
    craft, start = mission.spacecraft, given.state
    begun = lift_off or start.epoch
    held = given.propellant_kg.get(craft.id, 0.0)
    _suffices(step, engine_of(craft), start, held)
    flown = flown_burn(start, step, mission, world, watch)
    burnt, end, delta_v = flown.burnt_kg, flown.end, flown.delta_v_m_s
    left = {**given.propellant_kg, craft.id: held - burnt}
    t0 = start.epoch - begun
    return Leg(
        chapter="transfer",
        object=craft.id,
        kind="spacecraft",
        parent=parent,
        start=start,
        end=end,
        path=flown.path,
        events=tuple(
            event_record(f"{step.name} {what}", craft.id, at, begun, world)
            for what, at in (("ignition", start), ("cut-off", end))
        ),
        ledger=Ledger(
            delta_v_m_s=delta_v,
            burns=(
                Burn(
                    craft.id,
                    t0,
                    t0 + (end.epoch - start.epoch),
                    burnt,
                    0.0,
                    burnt * engine_of(craft).exhaust_m_s,
                    delta_v,
                ),
            ),
            propellant_kg=left,
        ),
        solve=flown.solve,
        audit=flown.audit,
        citations=flown.citations,
        handover_in=given,
        handover_out=replace(given, state=end, propellant_kg=left),
        steps=(step,),
    )


@dataclass(frozen=True, slots=True, eq=False)
class FlownBurn:
    """A burn as it was flown; `path` raises where it was not kept."""

    end: State
    burnt_kg: float
    delta_v_m_s: float
    kept: Trajectory | None
    solve: Solve
    audit: tuple[ForceAudit, ...] = ()
    citations: tuple[str, ...] = (_CITATION,)

    @property
    def path(self) -> Trajectory:
        if self.kept is None:
            raise InputError("the path of this burn was not kept; fly it with dense=True")
        return self.kept


def flown_burn(
    start: State,
    step: Manoeuvre,
    mission: AnyMission,
    world: World,
    watch: Watch = SILENT,
    *,
    dense: bool = True,
) -> FlownBurn:
    """One burn from a state, whatever the tank holds.

    Raises FellError where the path falls to the entry interface while it burns.
    """
    craft = mission.spacecraft
    engine = engine_of(craft)
    burnt = propellant_of(step, engine, start.mass_kg)
    if burnt >= start.mass_kg:
        raise OutOfPropellantError(
            f"{step.name!r} burns {burnt:.6g} kg and the whole spacecraft weighs"
            f" {start.mass_kg:.6g} kg; burn less"
        )
    delta_v = engine.delta_v_m_s(start.mass_kg, burnt)
    duration = burnt / engine.flow_kg_s
    if step.impulsive or duration <= IMPULSE_S:
        path, end = _impulse(start, step, delta_v, burnt, world)
        return FlownBurn(end, burnt, delta_v, path, Solve("impulse", "at one instant"))
    burn = _thrust(start, step, engine, duration, world)
    centre = start.frame.centre
    dynamics = Dynamics.of(
        mission.physics, craft, mission.space_weather, centre=centre
    ).with_thrust(burn)

    def fly(until: Epoch | float) -> Propagation:
        return propagate(
            start, dynamics, until, world=world, floor_m=floor_m(centre), watch=watch, dense=dense
        )

    flown = down_to_ground(fly(burn.end), world, fly)
    if flown.stats["ended_on_floor"]:
        about = centre_named(centre)
        where = "the ground" if about.name == "moon" else f"{about.floor_m / 1e3:.0f} km"
        raise FellError(
            f"{step.name!r} falls to {where} after"
            f" {flown.end.epoch - start.epoch:.0f} s of its {duration:.0f} s; begin it higher,"
            " or burn less"
        )
    budget = {n: float(flown.stats[n]) for n in ("segments", "rejected", "inner", "full")}
    return FlownBurn(
        flown.end,
        burnt,
        delta_v,
        _steered(flown, step, engine, world) if dense else None,
        Solve("Gauss-Legendre collocation with Picard iteration", "flown", budget=budget),
        flown.audit,
        (*dict.fromkeys(f.about.source for f in dynamics.forces), _CITATION),
    )


def propellant_of(step: Manoeuvre, engine: CraftEngine, mass_kg: float) -> float:
    """What a burn takes from a spacecraft of that mass, kg (Tsiolkovsky 1903)."""
    if step.propellant_kg is not None:
        return step.propellant_kg
    if step.duration_s is not None:
        return step.duration_s * engine.flow_kg_s
    if step.delta_v_m_s is None:
        raise InputError(
            f"{step.name!r} says neither delta_v_m_s, duration_s nor propellant_kg; give one"
        )
    return engine.burnt_kg(mass_kg, step.delta_v_m_s)


def engine_of(craft: Spacecraft) -> CraftEngine:
    """The spacecraft's engine. Raises InputError where it has none."""
    if craft.engine is None:
        raise InputError(
            f"{craft.id} has no engine; write engine: {{thrust: 400 N, isp: 320 s}} and propellant"
            " under spacecraft"
        )
    return craft.engine


def about_the_earth(name: str, what: str, state: State) -> None:
    """InputError for a step that is planned about the Earth alone, begun about another body."""
    if state.frame.centre != "earth":
        raise InputError(
            f"{name!r}: {what} is planned about the Earth, and this spacecraft flies about the"
            f" {state.frame.centre.capitalize()}; write burns, a target or a transfer instead"
        )


def _suffices(step: Manoeuvre, engine: CraftEngine, start: State, held: float) -> None:
    burnt = propellant_of(step, engine, start.mass_kg)
    if burnt <= held or burnt >= start.mass_kg:
        return
    able, wanted = (engine.delta_v_m_s(start.mass_kg, kg) for kg in (held, burnt))
    raise OutOfPropellantError(
        f"{step.name!r} takes {burnt:.2f} kg ({wanted:.2f} m/s) and {held:.2f} kg are left, good"
        f" for {able:.2f} m/s: {burnt - held:.2f} kg or {wanted - able:.2f} m/s are short; load"
        " more propellant, or burn less"
    )


def axes_at(step: Manoeuvre, r_m: Array, v_m_s: Array, equator: Array) -> Array:
    """Unit thrust direction in GCRF of places and velocities (..., 3); `equator` as there."""
    u = np.asarray(step.direction, dtype=np.float64)
    u = u / np.linalg.norm(u)
    out: Array = np.einsum("k,...kc->...c", u, basis_of(step.axes, r_m, v_m_s, equator))
    return out


def equator_axes(axes: Axes, epoch: Epoch, world: World) -> Array:
    """(3, 3) from GCRF: the Moon's equator of date for "moon-equator", else the true equator and
    equinox of date."""
    if axes == "moon-equator":
        return np.asarray(moon_equator_from_gcrf(epoch).matrix, dtype=np.float64)
    return np.asarray(world.orientation.tod_from_gcrf(epoch).matrix, dtype=np.float64)


def _thrust(
    start: State, step: Manoeuvre, engine: CraftEngine, duration: float, world: World
) -> Thrust:
    axes, direction = step.axes, step.direction
    if axes == "tod" or axes == "moon-equator":
        fixed = equator_axes(axes, start.epoch, world)
        u = axes_at(step, start.r_m, start.v_m_s, fixed)
        axes, direction = "gcrf", (float(u[0]), float(u[1]), float(u[2]))
    return Thrust(
        start.epoch,
        start.epoch + duration,
        engine.thrust_n,
        engine.isp_s,
        direction,
        axes,
    )


def _steered(flown: Propagation, step: Manoeuvre, engine: CraftEngine, world: World) -> Trajectory:
    """The flown path with the thrust and its direction beside place, velocity and mass."""
    path = flown.trajectory
    fixed = equator_axes(step.axes, path.epoch, world)

    def columns(t: Array, _: int) -> Array:
        y = path.columns_at(t)
        u = axes_at(step, y[:, 0:3], y[:, 3:6], fixed)
        return np.column_stack([y[:, :7], u, np.full(len(t), engine.thrust_n)])

    nodes = path.coefficients.shape[1]
    return Trajectory.fit(path.epoch, path.frame, path.breaks_s, columns, nodes, STEERED_COLUMNS)


def _impulse(
    start: State, step: Manoeuvre, delta_v: float, burnt: float, world: World
) -> tuple[Trajectory, State]:
    u = axes_at(step, start.r_m, start.v_m_s, equator_axes(step.axes, start.epoch, world))
    v = start.v_m_s + delta_v * u
    r = start.r_m + 0.5 * IMPULSE_S * (start.v_m_s + v)
    mass = start.mass_kg - burnt
    end = replace(start, epoch=start.epoch + IMPULSE_S, r_m=r, v_m_s=v, mass_kg=mass)
    ends = np.array(
        [[*s.r_m, *s.v_m_s, s.mass_kg, *u, 0.0] for s in (start, end)], dtype=np.float64
    )
    # a straight line between the two ends
    line = np.stack([0.5 * (ends[0] + ends[1]), 0.5 * (ends[1] - ends[0])])[None]
    breaks = np.array([0.0, IMPULSE_S])
    return Trajectory(start.epoch, start.frame, breaks, line, STEERED_COLUMNS), end

"""A step up from the ground of the Moon: planned from what stands there, then flown.

Without another craft it lifts off at once. To meet one it waits on the ground until that craft is
as far ahead as asked where the engine stops, with the place near its plane.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.dynamics.ground import clearance_m
from cosmodrome.errors import InfeasibleError, InputError, SolverError
from cosmodrome.landing.ground import Site, me_from_gcrf, me_from_gcrf_many
from cosmodrome.landing.lowering import Pass, chosen
from cosmodrome.landing.risen import mass_rising_kg, up
from cosmodrome.landing.rising import Ascent, ascent_at, ascent_plan, fly_ascent, rise
from cosmodrome.landing.staying import resting, site_under, stay
from cosmodrome.mission.steps import Stay
from cosmodrome.record.met import object_leg
from cosmodrome.targets.start import start_state
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body
from cosmodrome.world.heights import terrain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Propagation
    from cosmodrome.landing.nouns import Engine
    from cosmodrome.mission.nouns import AnyMission, Spacecraft
    from cosmodrome.mission.steps import Rise
    from cosmodrome.record.nouns import Handover, Leg, Plan
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["LiftOff", "lift_off", "plan_lift_off", "plane_over"]

_STEP_S = 60.0
# of the first look for a lift-off: how long the ascent takes, and the angle flown in it
_LASTS_S, _AHEAD_RAD = 430.0, 0.18
_SOONER_S, _ROUNDS = 0.01, 8
# misses of the orbit that need no further correction: radius, speed and climb, plane
_NEAR_M, _NEAR_M_S, _NEAR_RAD, _MOST = 1.0, 1e-3, 1e-7, 8
_SAMPLES = 400


@dataclass(frozen=True, slots=True, eq=False)
class LiftOff:
    """A planned ascent: what rises, when, and how.

    start     at rest, with the mass of what rises
    normal    (3,) of the plane asked for, GCRF axes
    cross_m   of the place from the plane
    flown     the plan in the full dynamics
    other     path of the craft that is risen to; None without one
    """

    craft: Spacecraft
    start: State
    normal: Array
    ascent: Ascent
    plan: Plan
    cross_m: float
    corrections: int
    flown: Propagation
    other: Trajectory | None = None


def plane_over(site: Site, step: Rise) -> Array:
    """(3,) normal, mean-Earth axes, of the plane over a site that the step asks for.

    sin(azimuth) = cos i / cos(latitude). Raises InfeasibleError for an inclination below the
    latitude of the site.
    """
    east, north, up = site.axes
    i = step.inclination_rad
    if i is None:
        out: Array = -north if step.retrograde else north
        return out
    level = math.cos(site.latitude_rad)
    if abs(math.cos(i)) > level * (1.0 + 1e-12):
        raise InfeasibleError(
            f"{step.name!r}: a plane inclined {math.degrees(i):g} deg does not pass over"
            f" {math.degrees(site.latitude_rad):.3f} deg of latitude: from there it is"
            f" {math.degrees(abs(site.latitude_rad)):.3f} to"
            f" {180.0 - math.degrees(abs(site.latitude_rad)):.3f} deg"
        )
    sine = max(-1.0, min(1.0, math.cos(i) / level)) if level > 0.0 else 0.0
    cosine = math.sqrt(1.0 - sine * sine) * (-1.0 if step.going == "south" else 1.0)
    # up x the heading, sine east + cosine north
    return np.asarray(np.cross(up, sine * east + cosine * north))


def _other_path(
    given: Handover, step: Rise, mass_kg: float, forces: Dynamics, world: World
) -> Trajectory:
    """The craft that is risen to, through the time it may take.

    Raises InputError for one that is not about the Moon.
    """
    assert step.other is not None
    there = start_state(step.other, mass_kg, world)
    if there.frame.centre != "moon":
        raise InputError(
            f"{step.name!r}: {step.other_id} flies about the {there.frame.centre.capitalize()}, and"
            " this craft rises from the Moon; write elements in the frame moon-equator"
        )
    if there.epoch != given.state.epoch:
        there = propagate(there, forces, given.state.epoch, world=world, dense=False).end
        there = replace(there, epoch=given.state.epoch)
    lasts = step.within_s + 2.0 * _LASTS_S + _STEP_S
    return propagate(there, forces, lasts, world=world).trajectory


def _chances(
    path: Trajectory, site: Site, step: Rise, lasts_s: float, ahead_rad: float, world: World
) -> list[Pass]:
    """Lift-offs, seconds after the start of the path, after which the other craft is as far ahead
    as asked where the engine stops, in order of time."""
    t = np.arange(0.0, step.within_s, _STEP_S)
    turn = me_from_gcrf_many(world, path.epoch, t).matrix
    up = np.einsum("nji,j->ni", turn, site.place_m / np.linalg.norm(site.place_m))
    row = path.columns_at(t + lasts_s)
    r, v = row[:, :3], row[:, 3:6]
    n = np.cross(r, v)
    n /= np.linalg.norm(n, axis=1)[:, None]
    forward = np.cross(n, up)
    size = np.linalg.norm(r, axis=1)
    angle = np.arctan2(
        np.einsum("ij,ij->i", forward, r), np.einsum("ij,ij->i", up, r)
    )  # of the other ahead of the place, in its own plane
    off = np.remainder(angle - ahead_rad - step.behind_m / size + math.pi, 2.0 * math.pi) - math.pi
    out = []
    for k in np.flatnonzero((off[:-1] < 0.0) & (off[1:] >= 0.0) & (off[1:] - off[:-1] < 1.0)):
        share = float(off[k] / (off[k] - off[k + 1]))
        cross = float(np.arcsin(np.einsum("j,j->", n[k], up[k])))
        out.append(Pass(float(t[k]) + share * _STEP_S, cross * float(np.linalg.norm(site.place_m))))
    return out


@dataclass(slots=True)
class _Problem:
    """What rises from where, while its lift-off is looked for."""

    step: Rise
    site: Site
    mass_kg: float
    engine: Engine
    usable_kg: float
    world: World

    def ascent(self, epoch: Epoch, normal: Array) -> Ascent:
        """From the ground at an instant, into a plane given in GCRF axes."""
        step, ground = self.step, body("moon").figure_m
        problem = ascent_at(
            epoch, self.site, self.mass_kg, self.engine, self.world, normal=normal,
            perilune_m=ground + step.perilune_m, apolune_m=ground + step.apolune_m,
            rise_s=step.rise_s, rate_rad_s=step.rate_rad_s, propellant_kg=self.usable_kg,
        )  # fmt: skip
        return rise(problem)

    def timed(self, path: Trajectory) -> tuple[Epoch, Array, Pass]:
        """Lift-off and normal of the plane for the craft of a path."""
        lasts, ahead = _LASTS_S, _AHEAD_RAD
        before: Pass | None = None
        for _ in range(_ROUNDS):
            found = _chances(path, self.site, self.step, lasts, ahead, self.world)
            if before is None:
                speed = float(np.linalg.norm(path.columns_at(0.0)[3:6]))
                one = self._near(found, speed)
            else:
                last = before
                one = min(found, key=lambda p: abs(p.t_s - last.t_s))
            # a chance within so little of the start may be past when it is looked at closer
            epoch = path.epoch + one.t_s
            at = path.columns_at(one.t_s + lasts)
            normal = np.cross(at[:3], at[3:6])
            if before is not None and abs(one.t_s - before.t_s) < _SOONER_S:
                return epoch, normal, one
            made = self.ascent(epoch, normal)
            lasts, ahead, before = made.duration_s, _flown_rad(made), one
        raise SolverError(
            f"{self.step.name!r}: the lift-off did not settle in {_ROUNDS} rounds; nothing is"
            " proven"
        )

    def _near(self, found: list[Pass], speed: float) -> Pass:
        if not found:
            raise InfeasibleError(
                f"{self.step.name!r}: {self.step.other_id} is not"
                f" {self.step.behind_m / 1e3:g} km ahead of a cut-off within"
                f" {self.step.within_s / 3600.0:g} h; write a longer within"
            )
        return chosen(found, self.step.cross_m, speed)


def _flown_rad(ascent: Ascent) -> float:
    """Angle from lift-off to cut-off in the plane of the orbit."""
    n = ascent.problem.normal / np.linalg.norm(ascent.problem.normal)
    a, b = ascent.problem.site_m, ascent.arcs[-1].r_m[-1]
    return math.atan2(float(np.cross(n, a) @ b), float(a @ b))


def plan_lift_off(
    given: Handover, step: Rise, mission: AnyMission, world: World, watch: Watch = SILENT
) -> LiftOff:
    """The ascent from where the craft stands, aimed until the flown plan enters the orbit.

    Raises InputError for a craft without an engine, or heavier than what stands there; what
    `rise` and `lowering.chosen` raise; InfeasibleError where the way up meets the ground.
    """
    craft = mission.of(step.object).spacecraft if step.object else mission.spacecraft
    state = given.state
    mass = mass_rising_kg(given, step, craft)
    if craft.engine is None:
        raise InputError(
            f"{craft.id} has no engine to rise with; write engine: {{thrust: 15.6 kN, isp: 311 s}}"
            " and propellant"
        )
    if mass > state.mass_kg:
        raise InputError(
            f"{craft.id} weighs {mass:.1f} kg, and what stands on the Moon {state.mass_kg:.1f} kg"
            " with it; write its mass as part of the whole"
        )
    held = given.propellant_kg.get(craft.id, craft.propellant_kg)
    forces = Dynamics.of(mission.physics, craft, mission.space_weather, centre="moon")
    site = site_under(state, world)
    problem = _Problem(step, site, mass, craft.engine, held - step.reserve_kg, world)
    path, cross = None, 0.0
    if step.other is None:
        epoch = state.epoch
        normal = me_from_gcrf(world, epoch).T.vector(plane_over(site, step))
    else:
        path = _other_path(given, step, mass, forces, world)
        epoch, normal, one = problem.timed(path)
        cross = one.cross_m
    normal = normal / np.linalg.norm(normal)
    start = resting(site, epoch, mass, world)
    ascent, plan, turns, flown = _aimed(problem, epoch, normal, craft.id, forces, world, watch)
    _clears(flown, step, world)
    return LiftOff(craft, start, normal, ascent, plan, cross, turns, flown, path)


def _aimed(
    problem: _Problem,
    epoch: Epoch,
    normal: Array,
    name: str,
    forces: Dynamics,
    world: World,
    watch: Watch,
) -> tuple[Ascent, Plan, int, Propagation]:
    """Solve, fly in the full dynamics, shift the aim by the miss, until it enters the orbit."""
    ascent = problem.ascent(epoch, normal)
    wanted = ascent.problem
    turned = normal
    for k in range(_MOST):
        stop_if_cancelled(watch)
        plan = ascent_plan(ascent, epoch, name, world)
        flown = fly_ascent(ascent, plan, forces, world)
        r, v = flown.end.r_m, flown.end.v_m_s
        size = float(np.linalg.norm(r))
        off = np.array(
            [
                size - wanted.perilune_m,
                float(np.linalg.norm(v)) - wanted.speed_m_s,
                float(r @ v) / size,
            ]
        )
        n = np.cross(r, v)
        tilt = n / np.linalg.norm(n) - normal
        missed = float(np.linalg.norm(tilt))
        watch.tell("landing", None, f"flown ascent misses by {off[0]:.1f} m, {off[1]:.3f} m/s")
        near = abs(off[0]) < _NEAR_M and float(np.abs(off[1:]).max()) < _NEAR_M_S
        if near and missed < _NEAR_RAD:
            return ascent, plan, k, flown
        turned = turned - tilt
        radius, speed, climb = (float(a) for a in np.array(ascent.problem.aim) - off)
        own = me_from_gcrf(world, epoch).vector(turned)
        ascent = rise(replace(ascent.problem, aim=(radius, speed, climb), normal=own))
    raise SolverError(
        f"{problem.step.name!r}: the flown ascent still misses the orbit by {off[0]:.1f} m and"
        f" {off[1]:.3f} m/s after {_MOST} shifts of the aim; nothing is proven"
    )


def _clears(flown: Propagation, step: Rise, world: World) -> None:
    """Raises InfeasibleError where the way up, after the vertical rise, lies in the ground."""
    path = flown.trajectory
    t = np.linspace(step.rise_s, float(path.breaks_s[-1]), _SAMPLES)
    clear = clearance_m(path, t, world)
    k = int(np.argmin(clear))
    if clear[k] >= -3.0 * terrain("moon").error_rms_m:
        return
    raise InfeasibleError(
        f"{step.name!r}: {t[k]:.0f} s after lift-off the way up lies {-clear[k]:.0f} m under the"
        " ground (LOLA): ask for another plane, a higher perilune or a longer vertical rise"
    )


def lift_off(
    given: Handover,
    step: Rise,
    mission: AnyMission,
    world: World,
    watch: Watch = SILENT,
    *,
    zero: Epoch | None = None,
) -> tuple[Leg, ...]:
    """The legs of an ascent: the wait on the ground, if there is one, and the way up; last the
    path of the craft that is risen to. Raises what `plan_lift_off` raises.

    zero  instant from which event times count
    """
    made = plan_lift_off(given, step, mission, world, watch)
    begun = zero or given.state.epoch
    legs: list[Leg] = []
    if made.start.epoch > given.state.epoch:
        wait = Stay(until=made.start.epoch, name=f"wait for {step.name}", part_of=step.name)
        legs.append(stay(given, wait, mission.spacecraft.id, world, lift_off=begun))
        held = legs[-1].handover_out
        assert held is not None
        given = held
    legs.append(_planned_up(given, made, step, mission.spacecraft.id, world, begun))
    if made.other is not None and step.other is not None:
        legs.append(object_leg(step.other_id, step.other.source, made.other, begun, world))
    return tuple(legs)


def _planned_up(
    given: Handover, made: LiftOff, step: Rise, whole: str, world: World, zero: Epoch
) -> Leg:
    """The leg up, and what it was planned by; `whole` is the id of what stood on the ground."""
    leg = up(made.start, made.flown, made.plan, made.craft, given, step, whole, world, zero)
    solved = made.ascent
    residuals = {
        "mesh": solved.residuals["mesh"],
        "optimum_kg": solved.propellant_kg,
        "cross_range_m": made.cross_m,
    }
    budget = {**solved.budget, "corrections": float(made.corrections), **leg.solve.budget}
    return replace(leg, solve=replace(leg.solve, residuals=residuals, budget=budget))

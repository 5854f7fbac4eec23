"""Can guidance fly a climb? With little or nothing wrong, closed-loop, against the plan."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent import Draw, flown_programme, fly_guided
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Mission
from cosmodrome.solvers.guided import Status
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.ascent import GuidedBatch
    from cosmodrome.ascent.guided import GuidedProgramme
    from cosmodrome.catalog.nouns import Vehicle
    from cosmodrome.record.nouns import Flight, Leg
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["open_loop", "repeated"]

# far from the plan a place is often out of reach: the velocity is worth more, and late corrections
# of the place cost what is left
_SWING_RAD, _VELOCITY_ALONE_S = 1.0, 100.0
# what guidance with nothing wrong may leave of the planned orbit: of perigee and apogee m or a part
# of their radius, of the plane rad
_APSIS_M, _APSIS, _PLANE_RAD = 5e3, 1e-3, math.radians(0.05)
_LITTLE = 0.02
_WORDS = {
    Status.SHORT: "runs out of propellant",
    Status.LOST: "does not converge",
    Status.GROUND: "meets the ground",
    Status.LATE: "does not come to a cut-off",
}


def repeated(flight: Flight, world: World) -> GuidedProgramme:
    """The programme of a launched flight, which flies what was planned with nothing wrong, and with
    each stage a little too light or heavy, that any guidance makes up for.

    As faults are flown: with a smaller swing of the law, none of it late.

    Raises InputError where guidance has no programme, or misses the orbit of a spacecraft with it:
    what a fault does could not be told from that.
    """
    programme, mission = flown_programme(flight, world), flight.mission
    assert isinstance(mission, Mission)
    core = replace(programme.core, largest_swing=_SWING_RAD, short_s=_VELOCITY_ALONE_S)
    programme = replace(programme, core=core)
    batch = fly_guided(programme, _tries(mission.vehicle))
    for lane in range(batch.status.size):
        with_what = "a stage 2 % off in dry mass" if lane else "nothing wrong"
        for miss in _misses(flight.legs[0], batch, lane):
            raise InputError(f"with {with_what} guidance {miss}: execute the plan by its timers")
    return programme


def open_loop(flight: Flight, world: World) -> str:
    """Why guidance cannot fly a launched mission, in words; empty where it can."""
    try:
        repeated(flight, world)
    except InputError as why:
        return str(why)
    return ""


def _tries(vehicle: Vehicle) -> Draw:
    """Nothing wrong; then each stage lighter, and heavier."""
    draw = Draw.nominal(vehicle, 1 + 2 * len(vehicle.stages))
    draw.flaws.paced[:] = 1.0
    for k in range(len(vehicle.stages)):
        draw.dry_mass[k, 1 + 2 * k], draw.dry_mass[k, 2 + 2 * k] = 1.0 - _LITTLE, 1.0 + _LITTLE
    return draw


def _misses(leg: Leg, batch: GuidedBatch, lane: int) -> Iterator[str]:
    status = Status(int(batch.status[lane]))
    if status != Status.FLOWN:
        yield _WORDS[status]
    plan, given = leg.plan, leg.released
    assert plan is not None
    back = np.asarray(plan.launch_axes).T
    for k, (craft, (_, r, v)) in enumerate(batch.releases.items()):
        own = [h.state for h in given if craft in h.attached]
        if not own and k == 0 and leg.handover_out is not None:
            own = [leg.handover_out.state]
        if own:
            yield from _off(craft, own[0], back @ r[:, lane], back @ v[:, lane])


def _off(craft: str, planned: State, r_m: Array, v_m_s: Array) -> Iterator[str]:
    mu = body("earth").mu_m3_s2
    want = elements_from_state(planned.r_m, planned.v_m_s, mu)
    got = elements_from_state(r_m, v_m_s, mu)
    for name, sign in (("perigee", -1.0), ("apogee", 1.0)):
        radius = want.a_m * (1.0 + sign * want.e)
        miss = got.a_m * (1.0 + sign * got.e) - radius
        # an orbit that leaves has no apogee
        if radius > 0.0 and not abs(miss) <= max(_APSIS_M, _APSIS * radius):
            yield f"misses the {name} of {craft} by {miss / 1e3:.1f} km"
    normal, flown = np.cross(planned.r_m, planned.v_m_s), np.cross(r_m, v_m_s)
    turn = float(np.linalg.norm(np.cross(normal, flown)))
    if not math.atan2(turn, float(normal @ flown)) <= _PLANE_RAD:
        yield f"misses the plane of {craft}"

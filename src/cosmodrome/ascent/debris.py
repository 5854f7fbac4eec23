"""Legs of what the stack leaves behind: strap-ons, fairing, spent stages, parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.integrate import fly_ballistic
from cosmodrome.maths import HingeTable, remembered
from cosmodrome.physics.powered import Body
from cosmodrome.record import Impact, Leg, Solve, event_record
from cosmodrome.world import geodesy
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.trajectory import Trajectory
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.ascent.flying import Truth
    from cosmodrome.catalog.nouns import Vehicle
    from cosmodrome.physics.powered import Planet
    from cosmodrome.world.epoch import Epoch

__all__ = ["DEFAULT_BALLISTIC_KG_M2", "legs", "pieces_of"]

# mass over (drag coefficient x area) of a tumbling shell where the vehicle's file states none
DEFAULT_BALLISTIC_KG_M2 = 60.0
_LONGEST_FALL_S = 7_200.0
_LAST_STAGE_S = 600.0
_METHOD = "ballistic with drag (US Standard 1976, co-rotating air, J2 to J4), DOP853"


def pieces_of(vehicle: Vehicle, id_: str) -> tuple[str, int, float | None]:
    """Kind, number of like pieces, and drag area (cd times area) of one piece of a dropped body."""
    if id_ == "fairing" and vehicle.fairing is not None:
        return "fairing", vehicle.fairing.pieces, vehicle.fairing.ballistic_cd_area_m2
    for stage in vehicle.stages:
        if stage.id == id_:
            kind = "booster" if stage.count > 1 else "stage"
            return kind, stage.count, stage.ballistic_cd_area_m2
    return "part", 1, None


def legs(
    truth: Truth,
    drops: list[tuple[float, str, float, NDArray[np.float64]]],
    last: tuple[float, float, NDArray[np.float64]],
) -> tuple[Leg, ...]:
    """One leg per dropped body (its pieces fly as one), and the last stage after the release.

    drops  (time, id, mass of all pieces, state in the launch frame); last (time, mass, state)
    """
    out = [_leg(truth, id_, t, mass, y, _LONGEST_FALL_S) for t, id_, mass, y in drops]
    t, mass, y = last
    if mass > 0.0:
        id_ = truth.vehicle.stages[-1].id
        out.append(_leg(truth, id_, t, mass, y, _LAST_STAGE_S))
    return tuple(out)


def _leg(
    truth: Truth, id_: str, t: float, mass_kg: float, y: NDArray[np.float64], longest_s: float
) -> Leg:
    site = truth.mission.site
    return _falling(
        truth.planet, truth.plan.epoch, truth.axes, truth.world,
        (site.latitude_rad, site.longitude_rad), id_, pieces_of(truth.vehicle, id_),
        t, mass_kg, y, longest_s,
    )  # fmt: skip


@remembered(256, World)
def _falling(
    planet: Planet,
    lift_off: Epoch,
    axes: NDArray[np.float64],
    world: World,
    pad_rad: tuple[float, float],
    id_: str,
    pieces: tuple[str, int, float | None],
    t: float,
    mass_kg: float,
    y: NDArray[np.float64],
    longest_s: float,
) -> Leg:
    """A body let go `t` s after lift-off in the launch frame's state `y` (6,): its pieces, as
    `pieces_of` tells them, fall alike."""
    kind, count, area = pieces
    one = mass_kg / max(count, 1)
    assumed = area is None
    cd_area = one / DEFAULT_BALLISTIC_KG_M2 if area is None else area
    body = Body(cd_area, HingeTable((), (), (), 1.0))
    steps, end_s, hit = fly_ballistic(planet, body, y, t, longest_s, one)
    back = axes.T

    def state(t_s: float, y: NDArray[np.float64]) -> State:
        return State(lift_off + t_s, GCRF, back @ y[:3], back @ y[3:], mass_kg)

    def columns(times: NDArray[np.float64], k: int) -> NDArray[np.float64]:
        s = steps[k][2](times)
        return np.column_stack([(back @ s[:3]).T, (back @ s[3:]).T, np.full(times.size, mass_kg)])

    breaks = [steps[0][0], *(b for _, b, _ in steps)]
    path = Trajectory.fit(lift_off, GCRF, breaks, columns, nodes=8)
    start, end = state(t, y), state(end_s, steps[-1][2](end_s))
    events = [event_record("separation", id_, start, lift_off, world)]
    impact = None
    if hit:
        event = event_record("impact", id_, end, lift_off, world)
        events.append(event)
        distance = geodesy.surface_distance_m(*pad_rad, event.latitude_rad, event.longitude_rad)
        note = "; drag area assumed" if assumed else ""
        impact = Impact(
            end.epoch,
            end_s,
            event.latitude_rad,
            event.longitude_rad,
            float(distance),
            _METHOD + note,
        )
    return Leg(
        chapter="ascent",
        object=id_,
        kind=kind,
        parent="stack",
        start=start,
        end=end,
        path=path,
        events=tuple(events),
        solve=Solve(_METHOD, "flown", {}, {"steps": float(len(steps))}),
        impact=impact,
    )

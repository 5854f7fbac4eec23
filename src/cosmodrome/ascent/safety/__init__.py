"""What a launch closes below itself: fall areas of what is dropped, and the impact corridor."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.debris import DEFAULT_BALLISTIC_KG_M2, pieces_of
from cosmodrome.ascent.launch import bodies_of, launch_axes, planet_of
from cosmodrome.ascent.safety.areas import LONGEST_FALL_S, Drop, fall_areas, fallen
from cosmodrome.ascent.safety.deviations import Nominal, deviations
from cosmodrome.ascent.safety.dispersions import ASSUMED_BAND, STATED_BAND, Dispersions
from cosmodrome.ascent.safety.falling import fall_each
from cosmodrome.ascent.safety.ground import Ground, corridor_margins
from cosmodrome.ascent.safety.trace import trace, trace_times
from cosmodrome.errors import CosmodromeError
from cosmodrome.maths import remembered
from cosmodrome.mission.nouns import Mission
from cosmodrome.record import Leg
from cosmodrome.record.safety import RangeSafety
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.ascent.safety.deviations import Deviations
    from cosmodrome.ascent.safety.falling import Bodies

__all__ = ["Dispersions", "Scattered", "fall_together", "range_safety", "scattered"]

_METHOD = (
    "separation states scattered by errors of the ascent propagated linearly along the flown"
    " path; falls with drag by Dormand-Prince 5(4); second-order divided differences;"
    " impact trace in vacuum without J2"
)


@dataclass(frozen=True, slots=True, eq=False)
class Scattered:
    """What falls and what scatters it, before anything is flown to the ground.

    t_s  instants of the impact trace; `moved` holds them and the separations
    """

    nominal: Nominal
    ground: Ground
    t_s: NDArray[np.float64]
    moved: Deviations
    drops: list[Drop]


def range_safety(
    legs: tuple[Leg, ...], mission: Mission, world: World, errors: Dispersions | None = None
) -> RangeSafety:
    """Fall areas of every body dropped on the way that comes down, and the impact corridor.

    legs  what `ascent.execute` flew; the first is the stack
    """
    errors = errors or Dispersions()
    given = scattered(legs, mission, world, errors)
    seen = trace(given.nominal, given.ground, given.moved, given.t_s)
    return RangeSafety(
        areas=fall_areas(given.nominal.planet, given.ground, mission.zoned_site, given.drops),
        trace=seen,
        margins=corridor_margins(mission.site, seen.place_rad, seen.lateral_m),
        dispersions=asdict(errors),
        method=_METHOD,
    )


def fall_together(flown: Sequence[tuple[tuple[Leg, ...], Mission]], world: World) -> None:
    """What several ascents in one wind drop, flown to the ground in one batch: `range_safety` of
    each of them then finds it done. An ascent whose errors cannot be carried along is left out."""
    lanes: list[Bodies] = []
    for legs, mission in flown:
        try:
            given = scattered(legs, mission, world, Dispersions())
        except CosmodromeError:
            continue
        lanes += fallen(given.drops)
        planet = given.nominal.planet
    if lanes:
        fall_each(planet, LONGEST_FALL_S, lanes)


@remembered(32, Leg, Mission, World)
def scattered(
    legs: tuple[Leg, ...], mission: Mission, world: World, errors: Dispersions
) -> Scattered:
    """The ascent's errors carried to every separation and along the impact trace."""
    stack, *others = legs
    vehicle, lift_off = mission.vehicle, stack.path.epoch
    gone_s = {g.object: g.start.epoch - lift_off for g in others}
    changes = np.maximum.accumulate([gone_s.get(id_, np.inf) for id_, _ in vehicle.drag_after])
    nominal = Nominal(
        stack,
        launch_axes(mission.site, lift_off, world),
        planet_of(world, mission.wind),
        bodies_of(vehicle),
        tuple(float(t) for t in changes),
        {s.id: s.count * s.exit_area_m2 for s in vehicle.stages},
    )
    turn = world.orientation.itrf_from_gcrf(lift_off).matrix
    ground = Ground(np.asarray(turn) @ nominal.axes.T, nominal.planet.omega_rad_s)
    falling = [g for g in others if g.impact is not None]
    t_s = trace_times(nominal, ground)
    instants = np.unique([*t_s, *(gone_s[g.object] for g in falling)])
    moved = deviations(nominal, errors, instants)
    drops = [_drop(nominal, mission, g, gone_s[g.object], moved, errors) for g in falling]
    return Scattered(nominal, ground, t_s, moved, drops)


def _drop(
    nominal: Nominal, mission: Mission, leg: Leg, t_s: float, moved: Deviations, errors: Dispersions
) -> Drop:
    _, pieces, area = pieces_of(mission.vehicle, leg.object)
    one = leg.start.mass_kg / pieces
    # before the separation: afterwards the thrust may be another stage's
    thrust = nominal.columns(np.array([t_s - 1e-6]))[2][:, 0]
    axes = nominal.axes
    return Drop(
        object=leg.object,
        t_s=t_s,
        y=np.concatenate([axes @ leg.start.r_m, axes @ leg.start.v_m_s]),
        thrust=thrust,
        pieces=pieces,
        ballistic_kg_m2=DEFAULT_BALLISTIC_KG_M2 if area is None else one / area,
        band=ASSUMED_BAND if area is None else STATED_BAND,
        assumed=area is None,
        sources=moved.names,
        moved=moved.at(t_s),
        errors=errors,
    )

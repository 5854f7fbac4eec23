"""The instantaneous impact point of the nominal ascent, and the corridor on both sides of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.maths import NUMPY
from cosmodrome.physics.impact import vacuum_impact
from cosmodrome.record.safety import CLOSED_SIGMAS, ImpactTrace
from cosmodrome.world.geodesy import surface_distance_m
from cosmodrome.world.ground_map import GroundMap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.ascent.safety.deviations import Deviations, Nominal
    from cosmodrome.ascent.safety.ground import Ground

    Array = NDArray[np.float64]

__all__ = ["trace", "trace_times"]

_SPACING_S = 4.0
# between neighbours of the trace; near orbital speed the point runs 100 km in a second
_SPACING_M = 100e3
_SHORTEST_S = 0.01
_FIRST_S = 1.0
# deviations are taken at this part of a sigma: near its end the trace bends within a whole one
_PART = 0.01


def trace_times(nominal: Nominal, ground: Ground) -> Array:
    """Instants of the trace: every few seconds, closer where it runs, until nothing falls."""
    end = max(b.end_s for b in nominal.stack.ledger.burns)
    t = np.append(np.arange(_FIRST_S, end, _SPACING_S), end)
    place, _, falls = _impacts(nominal, ground, t)
    if not falls.all():
        first = int(np.argmin(falls))
        last = _last_fall_s(nominal, ground, t[first - 1], t[first])
        t = np.append(t[:first], last)
        place = _impacts(nominal, ground, t)[0]
    while True:
        apart = surface_distance_m(*place[:-1].T, *place[1:].T)
        wide = (apart > _SPACING_M) & (np.diff(t) > _SHORTEST_S)
        if not wide.any():
            return t
        t = np.sort(np.append(t, 0.5 * (t[:-1] + t[1:])[wide]))
        place = _impacts(nominal, ground, t)[0]


def _last_fall_s(nominal: Nominal, ground: Ground, low: float, high: float) -> float:
    """The last instant, within the shortest spacing, at which the stack would still come down."""
    while high - low > _SHORTEST_S:
        middle = 0.5 * (low + high)
        if _impacts(nominal, ground, np.array([middle]))[2][0]:
            low = middle
        else:
            high = middle
    return low


def _impacts(
    nominal: Nominal, ground: Ground, t: Array, change: Array | float = 0.0
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Places (n, 2), times of fall (n,), and whether there is an impact, of states at t."""
    y = nominal.columns(t)[0] + change
    hit = vacuum_impact(NUMPY, nominal.planet, tuple(y[:3]), tuple(y[3:]), elapsed_s=t)
    places = ground.turned_places(np.stack(hit.direction) * hit.radius_m)
    return places, hit.time_s, hit.reach > 0.0


def trace(nominal: Nominal, ground: Ground, moved: Deviations, t: Array) -> ImpactTrace:
    """The trace at the instants `t`, which `moved` must hold too.

    The corridor is the 3-sigma scatter of the point square to the trace, by linear propagation
    of the ascent's errors.
    """
    place, fall_s, _ = _impacts(nominal, ground, t)
    columns = [int(np.argmin(np.abs(moved.t_s - x))) for x in t]
    steps = _PART * moved.y[:, :, columns]
    shifts = np.stack(
        [
            [_impacts(nominal, ground, t, sign * step)[0] for sign in (1.0, -1.0)]
            for step in steps
        ]
    )
    lateral = np.zeros(t.size)
    sides = np.zeros((t.size, 2, 2))
    for k, (latitude, longitude) in enumerate(place):
        at = GroundMap(latitude, longitude)
        before, after = place[max(k - 1, 0)], place[min(k + 1, t.size - 1)]
        along = at.to_m(*after) - at.to_m(*before)
        along /= max(float(np.linalg.norm(along)), 1e-9)
        left = np.array([-along[1], along[0]])
        ends = at.to_m(shifts[:, :, k, 0], shifts[:, :, k, 1])
        offset = (ends[:, 0] - ends[:, 1]) @ left / (2.0 * _PART)
        lateral[k] = np.linalg.norm(offset)
        sides[k] = at.to_places(CLOSED_SIGMAS * lateral[k] * np.stack([left, -left]))
    below = ground.places(nominal.columns(t)[0][:3], t)
    return ImpactTrace(t, place, fall_s, lateral, sides[:, 0], sides[:, 1], below)

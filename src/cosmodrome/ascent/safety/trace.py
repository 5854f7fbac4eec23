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


def trace_times(nominal: Nominal, ground: Ground) -> Array:
    """Instants of the trace: every few seconds, closer where it runs, until nothing falls.

    Only under thrust: in a coast the point stands still, and its direction would be noise.
    """
    burns = nominal.stack.ledger.burns
    ends = [b.end_s for b in burns]
    t = np.arange(_FIRST_S, max(ends), _SPACING_S)
    burning = np.any([(t >= b.start_s) & (t <= b.end_s) for b in burns], axis=0)
    t = np.union1d(t[burning], ends)
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
    # an open orbit has no apogee to fall from, so its time is no number: a departure ends so
    with np.errstate(invalid="ignore"):
        hit = vacuum_impact(NUMPY, nominal.planet, tuple(y[:3]), tuple(y[3:]), elapsed_s=t)
    places = ground.turned_places(np.stack(hit.direction) * hit.radius_m)
    return places, hit.time_s, (hit.reach > 0.0) & np.isfinite(hit.time_s)


def trace(nominal: Nominal, ground: Ground, moved: Deviations, t: Array) -> ImpactTrace:
    """The trace at the instants `t`, which `moved` must hold too.

    The corridor is the 3-sigma scatter of the point square to the trace, by central differences
    over one sigma of each error of the ascent. It ends, and the trace with it, where one of them
    alone could keep the stack up.
    """
    columns = [int(np.argmin(np.abs(moved.t_s - x))) for x in t]
    ends = [
        [_impacts(nominal, ground, t, sign * step) for sign in (1.0, -1.0)]
        for step in moved.y[:, :, columns]
    ]
    falls = np.all([falling for pair in ends for _, _, falling in pair], axis=0)
    n = t.size if falls.all() else int(np.argmin(falls))
    t = t[:n]
    place, fall_s, _ = _impacts(nominal, ground, t)
    shifted = np.array([[at[:n] for at, _, _ in pair] for pair in ends])
    lateral = np.zeros(n)
    sides = np.zeros((n, 2, 2))
    for k, (latitude, longitude) in enumerate(place):
        at = GroundMap(latitude, longitude)
        along = at.to_m(*place[min(k + 1, n - 1)]) - at.to_m(*place[max(k - 1, 0)])
        along /= max(float(np.linalg.norm(along)), 1e-9)
        left = np.array([-along[1], along[0]])
        plus, minus = np.moveaxis(at.to_m(shifted[:, :, k, 0], shifted[:, :, k, 1]), 1, 0)
        lateral[k] = np.linalg.norm(0.5 * (plus - minus) @ left)
        sides[k] = at.to_places(CLOSED_SIGMAS * lateral[k] * np.stack([left, -left]))
    below = ground.places(nominal.columns(t)[0][:3], t)
    return ImpactTrace(t, place, fall_s, lateral, sides[:, 0], sides[:, 1], below)

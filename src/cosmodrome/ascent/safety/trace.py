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


def _impacts(nominal: Nominal, ground: Ground, t: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Places (n, 2), times of fall (n,), and whether there is an impact, of states at t."""
    return _from_states(nominal, ground, t, nominal.columns(t)[0])


def _from_states(
    nominal: Nominal, ground: Ground, t: Array, y: Array
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """The same of states (..., 6, n) at t: places (..., n, 2)."""
    y = np.moveaxis(y, -2, 0)
    # an open orbit has no apogee to fall from, so its time is no number: a departure ends so
    with np.errstate(invalid="ignore"):
        hit = vacuum_impact(NUMPY, nominal.planet, tuple(y[:3]), tuple(y[3:]), elapsed_s=t)
    places = ground.turned_places(np.stack(hit.direction, axis=-2) * hit.radius_m[..., None, :])
    return places, hit.time_s, (hit.reach > 0.0) & np.isfinite(hit.time_s)


def trace(nominal: Nominal, ground: Ground, moved: Deviations, t: Array) -> ImpactTrace:
    """The trace at the instants `t`, which `moved` must hold too.

    The corridor is the 3-sigma scatter of the point square to the trace, by central differences
    over one sigma of each error of the ascent. It ends, and the trace with it, where one of them
    alone could keep the stack up.
    """
    columns = [int(np.argmin(np.abs(moved.t_s - x))) for x in t]
    y, steps = nominal.columns(t)[0], moved.y[:, :, columns]
    either = np.stack([y + steps, y - steps], axis=1)
    shifted, _, falling = _from_states(nominal, ground, t, either)
    falls = np.all(falling, axis=(0, 1))
    n = t.size if falls.all() else int(np.argmin(falls))
    t = t[:n]
    place, fall_s, _ = _impacts(nominal, ground, t)
    maps = GroundMap(*place.T)
    after, before = (place[np.clip(np.arange(n) + step, 0, n - 1)] for step in (1, -1))
    along = maps.to_m(*after.T[:, :, None])[:, 0] - maps.to_m(*before.T[:, :, None])[:, 0]
    # (n, sources, either sign, 2)
    ends = maps.to_m(*np.moveaxis(shifted[:, :, :n], (-1, 2), (0, 1)))
    lateral = np.zeros(n)
    left = np.zeros((n, 2))
    for k in range(n):
        ahead = along[k] / max(float(np.linalg.norm(along[k])), 1e-9)
        left[k] = -ahead[1], ahead[0]
        lateral[k] = np.linalg.norm(0.5 * (ends[k, :, 0] - ends[k, :, 1]) @ left[k])
    across = CLOSED_SIGMAS * lateral[:, None] * left
    sides = maps.to_places(np.stack([across, -across], axis=1))
    below = ground.places(nominal.columns(t)[0][:3], t)
    return ImpactTrace(t, place, fall_s, lateral, sides[:, 0], sides[:, 1], below)

"""How near a flight comes to objects that it must stay away from.

Objects told by SGP4's elements are flown by SGP4, those told by a state by DOP853 in the field of
J2 to J4. What was launched is followed along its own paths, and flown on the same way where they
end before the time that is to be looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp

from cosmodrome.checks.clocks import days_tt, equation_of_equinoxes
from cosmodrome.checks.conics import FALLS_M, RADII_M, lowest_m, mu_of
from cosmodrome.checks.motion import Ballistic
from cosmodrome.checks.starts import in_gcrf, satrec
from cosmodrome.checks.verdicts import Judged, NotJudged, at_least, not_judged
from cosmodrome.mission.nouns import Mission

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.formats.mean_elements import MeanElements
    from cosmodrome.mission.avoiding import Avoid
    from cosmodrome.mission.nouns import Start
    from cosmodrome.record.nouns import Leg
    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]
    # a name, instants (N,), s after the zero of the flight, and places (N, 3)
    Followed = tuple[str, Array, Array]

__all__ = ["conjunctions", "places_of"]

#: between samples both move straight: 110 m in low orbit
_STEP_S = 10.0
#: a state flown on without drag says little after that
_FARTHEST_S = 10.0 * 86_400.0


def conjunctions(view: View) -> Iterator[Judged]:
    """Least distance of everything that flies on to each object, climb included."""
    avoid = view.flight.mission.avoid
    if not avoid:
        yield not_judged("the mission names no object to stay away from (avoid: [{name, tle}])")
        return
    if not view.flight.legs:
        yield not_judged("nothing was flown")
        return
    flown: dict[float, list[Followed]] = {}
    for object in avoid:
        try:
            if object.lasts_s not in flown:
                flown[object.lasts_s] = _all_followed(view, object.lasts_s)
            yield _nearest_of_all(view, object, flown[object.lasts_s])
        except NotJudged as why:
            yield not_judged(str(why), where=object.name)


def _all_followed(view: View, lasts_s: float) -> list[Followed]:
    """Everything that flies on, for so long after the release, or the start in orbit."""
    until_s = lasts_s + (view.release_s if isinstance(view.flight.mission, Mission) else 0.0)
    return [(name, *_followed(view, legs, until_s)) for name, legs in _flying_on(view)]


def _nearest_of_all(view: View, object: Avoid, flown: Sequence[Followed]) -> Judged:
    zero, found = view.lift_off, []
    for name, t, r in flown:
        there = places_of(view, object.start, zero, t)
        distance, at_s = _least(t, r - there)
        found.append((distance, name, at_s))
    if not found:
        raise NotJudged("nothing was flown about the Earth")
    distance, name, at_s = min(found)
    return at_least(
        distance / 1e3,
        object.distance_m / 1e3,
        "km",
        f"{object.name}, T+{at_s:.0f} s, {(zero + at_s).utc(0)}",
        f"least distance of {', '.join(n for _, n, _ in found)} from it, until"
        f" {object.lasts_s / 3600.0:.1f} h after the release",
        object=name,
    )


def _flying_on(view: View) -> Iterator[tuple[str, list[Leg]]]:
    """Objects that reach orbit, each with its legs in order of time: the stack first."""
    legs = view.flight.legs
    stays = [
        g.object
        for g in legs
        if g.kind != "object" and g.impact is None and g.path.frame.centre == "earth"
    ]
    for name in dict.fromkeys(stays):
        mine = sorted((g for g in legs if g.object == name), key=lambda g: g.start.epoch)
        yield name, [g for g in mine if g.path.frame.centre == "earth"]


def _followed(view: View, legs: Sequence[Leg], until_s: float) -> tuple[Array, Array]:
    """Instants, s after the zero of the flight, and places (N, 3): along the legs, then on."""
    zero = view.lift_off
    times, places = [], []
    for leg in legs:
        path = view.inertial(leg.path)
        lag = path.epoch - zero
        a, b = lag + float(path.breaks_s[0]), min(lag + float(path.breaks_s[-1]), until_s)
        if b <= a:
            continue
        t = np.linspace(a, b, max(2, int((b - a) / _STEP_S) + 1))
        times.append(t)
        places.append(path.columns_at(t - lag)[:, 0:3])
    if not times:
        return np.zeros(0), np.zeros((0, 3))
    last = legs[-1].end
    ended = last.epoch - zero
    # the stack ends where what it carried goes on; what falls is not followed into the ground
    low = lowest_m(np.concatenate([last.r_m, last.v_m_s])[None], mu_of(view, legs[-1].path))[0]
    lasts = legs[-1].kind != "stack" and low > RADII_M["earth"] + FALLS_M["earth"]
    if lasts and until_s > ended + _STEP_S:
        t = np.arange(ended, until_s, _STEP_S)
        y = _flown(view, last.r_m, last.v_m_s, t - ended)
        times.append(t)
        places.append(y)
    return np.concatenate(times), np.concatenate(places)


def _flown(view: View, r: Array, v: Array, t: Array) -> Array:
    """Places (N, 3) at seconds from a state, all of one sign and in order of time."""
    ends = np.array([0.0, float(t[-1]) if abs(t[-1]) > abs(t[0]) else float(t[0])])
    if ends[1] == 0.0:
        return np.repeat(np.asarray(r)[None], len(t), axis=0)
    arc = solve_ivp(
        Ballistic(view, 0.0, 1.0), ends, np.concatenate([r, v]), method="DOP853",
        rtol=1e-9, atol=1e-3, dense_output=True,
    )  # fmt: skip
    out: Array = arc.sol(t)[0:3].T
    return out


def places_of(view: View, start: Start, zero: Epoch, t: Array) -> Array:
    """Places (N, 3), GCRF, of an object at seconds after an instant. Raises NotJudged where it
    cannot be followed."""
    if start.sgp4 is not None:
        return _by_sgp4(view, start.sgp4, zero, t)
    lag = zero - start.epoch
    if t.size and max(abs(lag + t[0]), abs(lag + t[-1])) > _FARTHEST_S:
        raise NotJudged("the object's state is more than ten days from the flight")
    if start.elements is not None and start.elements.mean:
        raise NotJudged("mean elements are not flown on here: give a TLE, an OMM or a state")
    r, v = in_gcrf(view, start)
    own = lag + t
    out = np.empty((t.size, 3))
    for side in (own < 0.0, own >= 0.0):
        if side.any():
            out[side] = _flown(view, r, v, own[side])
    return out


def _by_sgp4(view: View, m: MeanElements, zero: Epoch, t: Array) -> Array:
    record = satrec(m)
    since = (zero - m.epoch) + t
    codes, r, _ = record.sgp4_array(
        np.full(t.size, record.jdsatepoch), record.jdsatepochF + since / 86_400.0
    )
    if codes.any():
        raise NotJudged(f"SGP4 cannot follow it to the flight (error {int(codes.max())})")
    # TEME counts from the mean equinox; within a day its axes of date hardly move
    epoch = zero + float(t[len(t) // 2])
    angle = equation_of_equinoxes(days_tt(epoch))
    c, s = np.cos(angle), np.sin(angle)
    tod = 1e3 * r @ np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    out: Array = tod @ view.world.orientation.tod_from_gcrf(epoch).matrix
    return out


def _least(t: Array, d: Array) -> tuple[float, float]:
    """Least length of d (N, 3), straight between its samples, and when."""
    if len(t) < 2:
        return float("inf"), 0.0
    a, along = d[:-1], np.diff(d, axis=0)
    size = np.maximum(np.einsum("ij,ij->i", along, along), 1e-12)
    x = np.clip(-np.einsum("ij,ij->i", a, along) / size, 0.0, 1.0)
    near = np.linalg.norm(a + x[:, None] * along, axis=1)
    k = int(np.argmin(near))
    return float(near[k]), float(t[k] + x[k] * (t[k + 1] - t[k]))

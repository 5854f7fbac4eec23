"""How long the spacecraft is in shadow: along its path, and by the angle of the Sun."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.conics import RADII_M, eccentricity, mu_of, period_s
from cosmodrome.checks.forces import SHADOWS_M, shadowing, sunlit_fraction
from cosmodrome.checks.verdicts import Judged, at_most, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.world.trajectory import Trajectory

    Array = NDArray[np.float64]

__all__ = ["longest_shadow_s", "shadow"]

#: a cylinder of shadow against the Sun's disc, a circle against the flown orbit
SHARE, ROUND = 0.01, 0.02
_STEP_S, _MOST = 60.0, 40_000
# a day without a limit: that is what is told
_TOLD_S = 86_400.0


def shadow(view: View) -> Iterator[Judged]:
    """The longest shadow of the flown orbit against what the spacecraft bears, and the share of a
    round orbit in shadow against that of a circle whose Sun stands as high over its plane."""
    leg = view.orbit
    path = view.inertial(leg.path)
    most = view.flight.mission.spacecraft.shadow_s
    span = float(path.breaks_s[-1] - path.breaks_s[0])
    span = span if most is not None else min(span, _TOLD_S)
    count = int(min(max(span / _STEP_S, 8.0), _MOST))
    t = float(path.breaks_s[0]) + np.linspace(0.0, span, count + 1)[:-1]
    y = path.columns_at(t)
    dark = _dark(view, path, t, y[:, 0:3])
    longest, begun = longest_shadow_s(t, dark)
    where = f"{leg.object}, {(path.epoch + begun).utc(0)}"
    share = float((dark > 0.0).mean())
    told = f"longest time with less than half of the Sun's disc in sight; {100.0 * share:.1f} % of"
    told += f" {span / 3600.0:.1f} h"
    if most is None:
        yield not_judged(
            f"no limit is given (spacecraft: {{shadow: ...}}); {told}, {longest / 60.0:.1f} min",
            where=where,
            object=leg.object,
        )
    else:
        yield at_most(longest / 60.0, most / 60.0, "min", where, told, object=leg.object)
    yield _by_the_sun(view, path, y, t)


def _dark(view: View, path: Trajectory, t: Array, r: Array) -> Array:
    """How much less than half of the Sun's disc is in sight, (N,): above zero in shadow."""
    eph, centre = view.world.ephemeris, path.frame.centre
    sun = eph.positions_m("sun", path.epoch, t, centre)
    lit = np.ones(len(t))
    for body in shadowing(view, path):
        at = 0.0 if body == centre else eph.positions_m(body, path.epoch, t, centre)
        lit = np.minimum(lit, sunlit_fraction(r - at, sun - at, SHADOWS_M[body]))
    out: Array = 0.5 - lit
    return out


def longest_shadow_s(t: Array, dark: Array) -> tuple[float, float]:
    """The longest stretch of `dark` above zero and when it begins, s; straight between samples."""
    inside = np.concatenate([[False], dark > 0.0, [False]])
    first = np.flatnonzero(inside[1:] & ~inside[:-1])
    last = np.flatnonzero(inside[:-1] & ~inside[1:]) - 1
    best = (0.0, float(t[0]))
    for a, b in zip(first, last, strict=True):
        begun = t[a] if a == 0 else _crossing(t, dark, int(a) - 1)
        ended = t[b] if b == len(t) - 1 else _crossing(t, dark, int(b))
        best = max(best, (float(ended - begun), float(begun)))
    return best


def _crossing(t: Array, dark: Array, k: int) -> float:
    return float(t[k] + (t[k + 1] - t[k]) * dark[k] / (dark[k] - dark[k + 1]))


def _by_the_sun(view: View, path: Trajectory, y: Array, t: Array) -> Judged:
    """Share of whole revolutions in shadow, against arccos(sqrt(1 - (R/a)^2) / cos beta) / pi."""
    centre = path.frame.centre
    if centre not in RADII_M:
        return not_judged(f"no shadow of {centre} is looked at")
    mu = mu_of(view, path)
    r, v = y[0, 0:3], y[0, 3:6]
    period = period_s(r, v, mu)
    if np.isinf(period):
        return not_judged("the orbit is open")
    # in a week the Sun has moved on
    turns = int(min(float(t[-1] - t[0]), 2.0 * 86_400.0) / period)
    if eccentricity(r, v, mu) > ROUND or turns < 1:
        return not_judged("the orbit is not round, or was not flown once round")
    fine = float(t[0]) + turns * period * (np.arange(360 * turns) + 0.5) / (360 * turns)
    places = path.columns_at(fine)
    found = float((_dark(view, path, fine, places[:, 0:3]) > 0.0).mean())
    # turn by turn, for the plane and the Sun move on; of the smallest and of the largest circle the
    # orbit lies between, which matters where the shadow is only grazed
    rows = places.reshape(turns, 360, -1)
    middle = rows[:, 180]
    at = fine.reshape(turns, 360)[:, 180]
    sun = view.world.ephemeris.positions_m("sun", path.epoch, at, centre)
    normal = np.cross(middle[:, 0:3], middle[:, 3:6])
    sine = np.einsum("ij,ij->i", sun, normal)
    beta = np.arcsin(sine / np.linalg.norm(sun, axis=1) / np.linalg.norm(normal, axis=1))
    radii = np.linalg.norm(rows[:, :, 0:3], axis=2)
    most, least = (
        float(np.mean(_share(radius, beta, SHADOWS_M[centre])))
        for radius in (radii.min(axis=1), radii.max(axis=1))
    )
    wanted = float(np.clip(found, least, most))
    told = f"{100.0 * least:.2f} to {100.0 * most:.2f} %"
    return at_most(
        abs(found - wanted),
        SHARE,
        "1",
        f"{turns} revolutions",
        f"{100.0 * found:.2f} % of them in shadow; circles between the lowest and the highest"
        f" radius with the Sun {np.degrees(beta[0]):.1f} to {np.degrees(beta[-1]):.1f} deg over"
        f" their plane have {told}",
    )


def _share(radius_m: Array, beta: Array, shadow_m: float) -> Array:
    """Of a circle, the part in a cylinder of shadow."""
    reach = np.sqrt(np.maximum(0.0, 1.0 - (shadow_m / radius_m) ** 2)) / np.cos(beta)
    out: Array = np.arccos(np.minimum(1.0, reach)) / np.pi
    return out

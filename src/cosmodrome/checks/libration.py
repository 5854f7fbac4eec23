"""Libration orbits: does the flown path stay near the orbit, for as many revolutions as were asked?

The orbit is integrated here from its first state (SciPy over the specification), and the flown path
is put into the turning axes of the two bodies by their places in the ephemeris. What is told is the
distance of the path from the orbit as a curve, wherever on it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp
from scipy.spatial import cKDTree

from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.maths.ops import SCALAR
from cosmodrome.physics import three_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.libration import LibrationRecord
    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]

__all__ = ["libration_orbit"]

#: of half the orbit's largest width: how far from it a path in full dynamics may be
SHARE = 0.2
#: a periodic orbit closes to this, in units of the distance of the bodies
CLOSES = 1e-6
_POINTS, _PER_REVOLUTION = 20_000, 300


def libration_orbit(view: View) -> Iterator[Judged]:
    """Closure of the orbit, the path's largest distance from it, revolutions and jumps."""
    if not view.flight.libration:
        yield not_judged("the flight is near no libration orbit")
        return
    mine = view.flight.mission.spacecraft.id
    for near in view.flight.libration:
        where = f"{near.orbit}, {near.start.utc(0)} to {near.end.utc(0)}"
        curve, gap = _curve(near)
        yield at_most(
            gap * near.length_m / 1e3,
            CLOSES * near.length_m / 1e3,
            "km",
            where,
            "the orbit of the restricted problem closes after a period",
            object=mine,
        )
        rho, t, jump = _flown(view, near)
        far, at = cKDTree(curve[:, :3]).query(rho)
        worst = int(np.argmax(far))
        yield at_most(
            float(far[worst]) * near.length_m / 1e3,
            _apart(near, curve) / 1e3,
            "km",
            f"{near.orbit}, {(near.start + float(t[worst])).utc(0)}",
            f"largest distance of the flown path from the orbit over {near.revolutions:.2f}"
            f" revolutions; median {float(np.median(far)) * near.length_m / 1e3:,.0f} km",
            object=mine,
        )
        turned = float(np.unwrap(2.0 * np.pi * at / _POINTS)[-1] - 2.0 * np.pi * at[0] / _POINTS)
        yield at_least(
            turned / (2.0 * np.pi),
            near.revolutions - 0.25,
            "revolutions",
            where,
            f"turned along the orbit in {near.revolutions:.2f} of its periods",
            object=mine,
        )
        yield at_most(
            jump, 1e-3, "m", where, "largest gap between the legs flown near it", object=mine
        )


def _apart(near: LibrationRecord, curve: Array) -> float:
    """How far from the orbit the path may be, m."""
    if near.apart_m is not None:
        return near.apart_m
    return SHARE * 0.5 * float(np.ptp(curve[:, :3], axis=0).max()) * near.length_m


def _curve(near: LibrationRecord) -> tuple[Array, float]:
    """The orbit as points (n, 6), and by how much it does not close."""
    mu = near.mass_ratio

    def rates(_: float, y: Array) -> list[float]:
        x = y.tolist()
        a = three_body.acceleration(SCALAR, (x[0], x[1], x[2]), (x[3], x[4], x[5]), mu)
        return [x[3], x[4], x[5], *a]

    period = near.period_s / near.time_s
    times = np.linspace(0.0, period, _POINTS + 1)
    out = solve_ivp(
        rates, (0.0, period), near.state, method="DOP853", t_eval=times, rtol=1e-11, atol=1e-12
    )
    y = np.asarray(out.y.T, dtype=np.float64)
    return y, float(np.linalg.norm(y[-1, :3] - y[0, :3]))


def _flown(view: View, near: LibrationRecord) -> tuple[Array, Array, float]:
    """The flown path in the turning axes and in units of the distance of the bodies (n, 3), the
    times, s from the start, and the largest gap between legs, m."""
    mine = view.flight.mission.spacecraft.id
    legs = [
        g
        for g in view.flight.legs
        if g.object == mine
        and g.handover_in is not None
        and g.end.epoch > near.start
        and g.start.epoch < near.end
    ]
    rows, times = [], []
    for leg in legs:
        first = max(0.0, near.start - leg.start.epoch)
        last = min(leg.end.epoch, near.end) - leg.start.epoch
        count = max(2, round(_PER_REVOLUTION * (last - first) / near.period_s))
        t = np.linspace(first, last, count)
        path = view.inertial(leg.path)
        inside = np.clip(t + (leg.start.epoch - path.epoch), path.breaks_s[0], path.breaks_s[-1])
        r = path.columns_at(inside)[:, :3]
        rows.append(_turning(view, near, leg.start.epoch, t, r, path.frame.centre))
        times.append(t + (leg.start.epoch - near.start))
    gaps = [0.0]
    for one, other in pairwise(legs):
        a, b = (
            s.r_m + view.world.ephemeris.position_m(s.frame.centre, s.epoch, "earth")
            for s in (one.end, other.start)
        )
        gaps.append(float(np.linalg.norm(a - b)))
    return np.concatenate(rows), np.concatenate(times), max(gaps)


def _turning(
    view: View, near: LibrationRecord, epoch: Epoch, t: Array, r: Array, centre: str
) -> Array:
    """Places (n, 3) about a centre, GCRF axes, in the bodies' axes over their distance."""
    eph = view.world.ephemeris
    line = eph.positions_m(near.smaller, epoch, t, near.larger)
    h = np.cross(line, eph.velocities_m_s(near.smaller, epoch, t, near.larger))
    size = np.linalg.norm(line, axis=1)
    x, z = line / size[:, None], h / np.linalg.norm(h, axis=1)[:, None]
    axes = np.stack([x, np.cross(z, x), z], axis=1)
    off = r - eph.positions_m(near.smaller, epoch, t, centre)
    unit = size[:, None] if near.breathes else near.length_m
    rho = np.einsum("nij,nj->ni", axes, off) / unit
    return np.asarray(rho + np.array([1.0 - near.mass_ratio, 0.0, 0.0]))

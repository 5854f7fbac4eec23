"""Orbits on the way: how low the stack coasts between its burns, against the mission's floors."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.verdicts import Judged, at_least, not_judged
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Burn, Verdict

__all__ = ["parking_orbit"]

# a coast of a stage that lights for the first time is one along an orbit when it lasts longer
# than any free flight before an ignition
_LONG_S = 900.0
_STEP_S = 2.0


def parking_orbit(view: View) -> Iterator[Judged]:
    """Lowest flown radius of each coast between burns, and the perigee of where it begins."""
    limits = view.limits
    lowest, perigee = limits.coast_altitude_m, limits.perigee_altitude_m
    if lowest is None and perigee is None:
        yield not_judged("neither mission nor vehicle states a floor of coasts or perigees")
        return
    for one, two, otherwise in _coasts(view):
        where = f"coast T+{one.end_s:.0f} .. T+{two.start_s:.0f} s"
        path = view.inertial(view.stack.path)
        count = max(2, int((two.start_s - one.end_s) / _STEP_S) + 1)
        ends = (view.in_path(path, one.end_s), view.in_path(path, two.start_s))
        y = path.columns_at(np.linspace(*ends, count))
        if lowest is not None:
            low = float(np.linalg.norm(y[:, :3], axis=1).min()) - EARTH_EQUATORIAL_RADIUS_M
            yield at_least(
                low / 1e3,
                lowest / 1e3,
                "km",
                where,
                "lowest radius flown between two burns, above the equatorial one; 160 km are"
                " assumed where neither mission nor vehicle states a floor",
                object=view.stack.object,
                otherwise=otherwise,
            )
        if perigee is not None:
            yield at_least(
                (_perigee_m(view, y[0, :3], y[0, 3:6]) - EARTH_EQUATORIAL_RADIUS_M) / 1e3,
                perigee / 1e3,
                "km",
                f"end of a burn ({one.stage}), T+{one.end_s:.1f} s",
                "perigee of the conic through r and v where thrust ends before a coast",
                object=view.stack.object,
                otherwise=otherwise,
            )


def _coasts(view: View) -> Iterator[tuple[Burn, Burn, Verdict]]:
    """Burns around each coast along an orbit, and what it means where a floor is not kept.

    Before a restart the floor binds; a long coast of a stage not lit before may be the way to
    the apogee of a climb, which is no parking orbit.
    """
    burns = sorted(view.stack.ledger.burns, key=lambda b: b.start_s)
    lit: set[str] = set()
    for one, two in pairwise(burns):
        lit.add(one.stage)
        if two.start_s <= one.end_s:
            continue
        if two.stage in lit:
            yield one, two, "fails"
        elif two.start_s - one.end_s > _LONG_S:
            yield one, two, "warns"


def _perigee_m(view: View, r: NDArray[np.float64], v: NDArray[np.float64]) -> float:
    """Perigee radius, m: the root of 2 E x^2 + 2 mu x - h^2 where the radius stands still."""
    mu = float(view.world.gravity().mu_m3_s2)
    radius = float(np.linalg.norm(r))
    rate = float(r @ v) / radius
    energy2 = float(v @ v) - 2.0 * mu / radius
    h2 = radius * radius * (float(v @ v) - rate * rate)
    root = float(np.sqrt(max(0.0, mu * mu + energy2 * h2)))
    return h2 / (mu + root)

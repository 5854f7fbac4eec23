"""Steps to the Moon: is the orbit that was asked for the one where they end?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.plan_flown import spans_of
from cosmodrome.checks.verdicts import Judged, at_most, not_judged
from cosmodrome.mission.nouns import ToMoon
from cosmodrome.world.bodies import body
from cosmodrome.world.body_orientation import fixed_from_gcrf
from cosmodrome.world.centre import recentred

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.checks.view import View

__all__ = ["lunar_orbit"]

_MOON = body("moon")
#: the plane is that of the arrival: what corrections and the Moon's field turn it by
PLANE_DEG = 0.2


def lunar_orbit(view: View) -> Iterator[Judged]:
    """Perilune, apolune and inclination of the conic at the end of every step to the Moon."""
    judged = False
    for step, legs in spans_of(view):
        if not isinstance(step, ToMoon) or step.around or not legs:
            continue
        judged = True
        last = legs[-1]
        end = recentred(last.end, "moon", view.world)
        r, v, mu = end.r_m, end.v_m_s, _MOON.mu_m3_s2
        h = np.cross(r, v)
        # p and e from angular momentum and energy: r_p = p / (1 + e), r_a = p / (1 - e)
        p = float(h @ h) / mu
        energy = 0.5 * float(v @ v) - mu / float(np.linalg.norm(r))
        e = float(np.sqrt(max(0.0, 1.0 + 2.0 * energy * p / mu)))
        where = f"{step.name}, {last.end.epoch.utc(0)}"
        apolune = p / (1.0 - e) if e < 1.0 else np.inf
        for name, radius, wanted in (
            ("perilune", p / (1.0 + e), step.perilune_m),
            ("apolune", apolune, step.apolune_m),
        ):
            height = radius - _MOON.radius_m
            yield at_most(
                abs(height - wanted) / 1e3,
                step.tolerance_m / 1e3,
                "km",
                where,
                f"{name} of the conic at the end {height / 1e3:.2f} km above 1,737.4 km,"
                f" {wanted / 1e3:g} km asked",
                object=last.object,
            )
        if step.inclination_rad is not None or step.planes_rad is not None:
            pole = np.asarray(fixed_from_gcrf(view.world, "moon", "moon-me", end.epoch).matrix)[2]
            i = float(np.degrees(np.arccos(h @ pole / np.linalg.norm(h))))
            given = step.inclination_rad or 0.0
            low, high = (float(np.degrees(x)) for x in step.planes_rad or (given, given))
            asked = f"{low:g} deg" if low == high else f"{low:g} to {high:g} deg"
            yield at_most(
                max(low - i, i - high, 0.0),
                PLANE_DEG,
                "deg",
                where,
                f"inclination to the Moon's equator {i:.3f} deg, {asked} asked",
                object=last.object,
            )
    if not judged:
        yield not_judged("the plan goes to no orbit about the Moon")

"""Where and when a landing came: the site in the plane it was flown from, the Sun over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.angles import vertical
from cosmodrome.checks.plan_flown import spans_of
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.checks.view import MOON_RADIUS_M
from cosmodrome.mission.steps import Land
from cosmodrome.world.body_orientation import fixed_from_gcrf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Leg
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["landing_light", "landing_plane"]

# the powered descent begins with an event of this name
_BRAKING = "powered descent initiation"
# turned sideways while it brakes, or chosen by a pass minutes before the touchdown
_PLANE_KM, _SUN_DEG = 0.5, 0.05
# the plane the IAU's series turns the Moon to is up to 155 m off: 0.005 deg
_AXES = "iau-moon"
_HOUR_S, _PASS_S = 3_600.0, 3_600.0


def _landings(view: View) -> list[tuple[Land, Leg]]:
    return [(s, legs[-1]) for s, legs in spans_of(view) if isinstance(s, Land) and legs]


def landing_plane(view: View) -> Iterator[Judged]:
    """The site's distance from the plane of r x v where braking begins, when it is reached."""
    for step, leg in _landings(view):
        begun = [e.epoch for e in leg.events if e.name == _BRAKING]
        if not begun:
            continue
        here, end = leg.path.at(begun[0]), leg.path.end
        n = np.cross(here.r_m, here.v_m_s)
        turn = np.asarray(fixed_from_gcrf(view.world, "moon", _AXES, end).matrix)
        off = MOON_RADIUS_M * np.arcsin(
            abs(float(n @ (turn.T @ vertical(step.latitude_rad, step.longitude_rad))))
            / np.linalg.norm(n)
        )
        yield at_most(
            float(off) / 1e3,
            step.cross_m / 1e3 + _PLANE_KM,
            "km",
            f"{step.name}, {begun[0].utc(0)}",
            f"the site from the plane; {step.cross_m / 1e3:g} km are allowed",
        )
    if not _landings(view):
        yield not_judged("the plan does not land")


def landing_light(view: View) -> Iterator[Judged]:
    """The Sun over the site at the touchdown, the half of its day, and the window."""
    judged = False
    for step, leg in _landings(view):
        end = leg.path.end
        where = f"{step.name}, {end.utc(0)}"
        if step.window is not None:
            judged = True
            first, last = step.window
            late = max(first - end, end - last, 0.0)
            span = f"{first.utc(0)} to {last.utc(0)}"
            # a pass is in the window, and braking ends minutes after it
            yield at_most(late / 60.0, _PASS_S / 60.0, "min", where, f"outside the window {span}")
        light = step.light
        if light is None:
            continue
        judged = True
        edge = light.edge("moon", step.latitude_rad, step.longitude_rad)
        high, azimuth = _sun(step, end, view.world)
        if edge is not None:
            high -= float(np.degrees(edge.mask_rad(azimuth)))
        over = "the edge of the ground" if light.terrain else "the level ground"
        low, top = (float(np.degrees(x)) for x in light.sun_rad)
        yield at_least(high, low - _SUN_DEG, "deg", where, f"Sun over {over}")
        if top < 90.0:
            yield at_most(high, top + _SUN_DEG, "deg", where, f"Sun over {over}")
        if light.half is not None:
            # in the morning the Sun rises
            rise = _sun(step, end + _HOUR_S, view.world)[0] - _sun(step, end, view.world)[0]
            sense = rise if light.half == "morning" else -rise
            why = f"the Sun {'rises' if rise > 0.0 else 'sets'}; the {light.half} is asked"
            yield at_least(sense, 0.0, "deg/h", where, why)
    if not judged:
        yield not_judged("no light and no day are asked for")


def _sun(step: Land, epoch: Epoch, world: World) -> tuple[float, float]:
    """Elevation over the level, deg, and azimuth, rad, of the Sun by the IAU's turning Moon."""
    turn = fixed_from_gcrf(world, "moon", _AXES, epoch)
    up = vertical(step.latitude_rad, step.longitude_rad)
    sun = turn.vector(world.ephemeris.position_m("sun", epoch, "moon")) - MOON_RADIUS_M * up
    east = np.array([-np.sin(step.longitude_rad), np.cos(step.longitude_rad), 0.0])
    north = np.cross(up, east)
    high = np.arcsin(float(sun @ up) / float(np.linalg.norm(sun)))
    return float(np.degrees(high)), float(np.arctan2(sun @ east, sun @ north))

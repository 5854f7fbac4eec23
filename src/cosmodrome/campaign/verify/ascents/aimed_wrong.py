"""Guidance told to fly to another orbit than the mission's."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.flaws import turned_axes
from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from cosmodrome.ascent.guided import GuidedProgramme
    from cosmodrome.record.faults import Fault
    from cosmodrome.solvers.guided import Aim

__all__ = ["aimed_wrong"]

# a transfer whose apogee lies this near to where the last burn ends leads there
_MEETS_M = 100e3


def aimed_wrong(programme: GuidedProgramme, fault: Fault) -> GuidedProgramme:
    """The programme with one number of its aims off by `fault.value`.

    A wrong apsis is that of the orbit aimed at, at the same true anomaly, in the last leg before
    the primary spacecraft leaves; where the leg before leads there along a coast, its apogee goes
    with it. A wrong plane is held by all legs, each turned about its own node (inclination) or
    about the planet's axis (node). An argument of perigee is not held by this guidance: downrange
    is free. Raises InputError for other names.
    """
    name = fault.path.rsplit(".", 1)[-1]
    core = programme.core
    own = 1 + programme.leg_of(programme.releases[0][0])
    *before, last = core.aims[:own]
    if name in {"perigee", "apogee"}:
        wrong = _other_orbit(before, last, core.surroundings.mu, name, fault.value)
        aims = (*wrong, *core.aims[own:])
    elif name in {"inclination", "node"}:
        aims = tuple(replace(a, normal=_other_plane(a, name, fault.value)) for a in core.aims)
    else:
        raise InputError(
            f"guidance aims at no {name!r}; write perigee, apogee, inclination or node"
        )
    return replace(programme, core=replace(core, aims=aims))


def _other_orbit(
    before: list[Aim], last: Aim, mu: float, name: str, more_m: float
) -> tuple[Aim, ...]:
    """All aims with one apsis of the last orbit `more_m` higher."""
    wrong = _other_apsis(last, mu, name, more_m)
    if before:
        a, e = _size(before[-1], mu)
        if e < 1.0 and abs(a * (1.0 + e) - last.radius_m) < _MEETS_M:
            rise = wrong.radius_m - last.radius_m
            before = [*before[:-1], _other_apsis(before[-1], mu, "apogee", rise)]
    return (*before, wrong)


def _size(aim: Aim, mu: float) -> tuple[float, float]:
    """a and e of the orbit through an aim."""
    d, v = aim.radius_m, aim.speed_m_s
    a = 1.0 / (2.0 / d - v * v / mu)
    return a, math.sqrt(max(0.0, 1.0 - (d * v * aim.cos_gamma) ** 2 / mu / a))


def _other_apsis(aim: Aim, mu: float, name: str, more_m: float) -> Aim:
    """The same true anomaly on an orbit with one apsis `more_m` higher."""
    d, v = aim.radius_m, aim.speed_m_s
    a, e = _size(aim, mu)
    p = (d * v * aim.cos_gamma) ** 2 / mu
    # e cos f and e sin f: of a circle, at the perigee
    forward, upward = p / d - 1.0, math.sqrt(p / mu) * v * aim.sin_gamma
    anomaly = math.atan2(upward, forward) if e > 1e-9 else 0.0
    low, high = a * (1.0 - e), a * (1.0 + e)
    if name == "perigee":
        low += more_m
    else:
        high += more_m
    a, e = 0.5 * (low + high), (high - low) / (high + low)
    p = a * (1.0 - e * e)
    d = p / (1.0 + e * math.cos(anomaly))
    across, up = math.sqrt(mu * p) / d, math.sqrt(mu / p) * e * math.sin(anomaly)
    speed = math.hypot(across, up)
    return replace(aim, radius_m=d, speed_m_s=speed, sin_gamma=up / speed, cos_gamma=across / speed)


def _other_plane(aim: Aim, name: str, turn_rad: float) -> np.ndarray:
    """The plane's normal turned."""
    n = np.asarray(aim.normal)
    axis = np.array([0.0, 0.0, 1.0])
    if name == "inclination":
        node = np.cross(axis, n)
        size = float(np.linalg.norm(node))
        axis = node / size if size > 0.0 else np.array([1.0, 0.0, 0.0])
    out: np.ndarray = turned_axes(turn_rad * axis[:, None]).reshape(3, 3) @ n
    return out

"""Conditions on an orbit as numbers: what is measured, and residuals that are smooth to solve with.

Residuals go through 1/a, p and the eccentricity vector, which pass smoothly over circles and
parabolas; a circle and the equator's plane are each two conditions on a vector, not one on its
length.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.maths.vectors import cross
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M
from cosmodrome.world.geodesy import geodetic_from_itrf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import Condition
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Frame", "measured", "misses", "residuals"]

_RE = EARTH_EQUATORIAL_RADIUS_M
_TURN = 2.0 * math.pi
# below this a wanted eccentricity is a circle, and a wanted inclination the equator
_CIRCLE = 1e-9
_EQUATOR_RAD = 1e-9
_WRAPPED = ("raan", "argument_of_perigee", "argument_of_latitude", "longitude")


class Frame:
    """The axes in which conditions are told: true equator and equinox of date."""

    def __init__(self, epoch: Epoch, world: World) -> None:
        self.world, self.epoch = world, epoch
        self.mu = world.gravity("earth", degree=2).mu_m3_s2
        self.tod = np.asarray(world.orientation.tod_from_gcrf(epoch).matrix, dtype=np.float64)

    def fixed(self, r_m: Array, t_s: float) -> Array:
        """Earth-fixed place of a GCRF one, `t_s` after the frame's epoch."""
        out: Array = self.world.orientation.itrf_from_gcrf(self.epoch + t_s).vector(r_m)
        return out


def measured(condition: Condition, state: State, frame: Frame) -> float:
    """The quantity of a condition in a state (GCRF), in SI units."""
    name = condition.quantity
    if name in ("longitude", "altitude"):
        _, longitude, height = geodetic_from_itrf(frame.fixed(state.r_m, state.epoch - frame.epoch))
        return float(longitude if name == "longitude" else height)
    e = elements_from_state(frame.tod @ state.r_m, frame.tod @ state.v_m_s, frame.mu)
    return {
        "semi_major_axis": e.a_m,
        "perigee": e.a_m * (1.0 - e.e) - _RE,
        "apogee": e.a_m * (1.0 + e.e) - _RE if e.a_m > 0.0 else math.inf,
        "eccentricity": e.e,
        "period": _TURN * math.sqrt(e.a_m**3 / frame.mu) if e.a_m > 0.0 else math.inf,
        "inclination": e.i_rad,
        "raan": e.raan_rad,
        "argument_of_perigee": e.argp_rad,
        "argument_of_latitude": (e.argp_rad + e.true_anomaly_rad) % _TURN,
    }[name]


def misses(
    conditions: Sequence[Condition], state: State, frame: Frame
) -> list[tuple[Condition, float]]:
    """Each condition and by how much a state misses it, SI; angles by the shorter way."""
    out = []
    for c in conditions:
        off = measured(c, state, frame) - c.value
        out.append((c, math.remainder(off, _TURN) if c.quantity in _WRAPPED else off))
    return out


def residuals(
    conditions: Sequence[Condition], r: Array, v: Array, t_s: Array, frame: Frame
) -> Array:
    """(n, m) dimensionless residuals of places and velocities (n, 3) in GCRF, `t_s` (n,) after
    the frame's epoch; zero where all conditions are met."""
    wanted = {c.quantity: c.value for c in conditions}
    out: list[Array] = []
    if "longitude" in wanted or "altitude" in wanted:
        places = [geodetic_from_itrf(frame.fixed(x, float(t))) for x, t in zip(r, t_s, strict=True)]
        if "longitude" in wanted:
            off = np.array([float(p[1]) for p in places]) - wanted["longitude"]
            out.append(_wrapped(off))
        if "altitude" in wanted:
            height = np.array([float(p[2]) for p in places])
            out.append((height - wanted["altitude"]) / (_RE + wanted["altitude"]))
    orbital = {k: x for k, x in wanted.items() if k not in ("longitude", "altitude")}
    if orbital:
        out += _orbital(orbital, r @ frame.tod.T, v @ frame.tod.T, frame.mu)
    return np.stack(out, axis=1)


def _wrapped(x: Array) -> Array:
    return np.asarray((x + math.pi) % _TURN - math.pi)


def _orbital(wanted: dict[str, float], r: Array, v: Array, mu: float) -> list[Array]:
    radius = np.linalg.norm(r, axis=1)
    h = cross(r, v)
    size = np.linalg.norm(h, axis=1)
    p = size**2 / mu
    e_cos, e_sin = p / radius - 1.0, size * np.einsum("ij,ij->i", r, v) / (radius * mu)
    e = np.hypot(e_cos, e_sin)
    per_a = 2.0 / radius - np.einsum("ij,ij->i", v, v) / mu
    out: list[Array] = []
    perigee, apogee = wanted.get("perigee"), wanted.get("apogee")
    axis = wanted.get("semi_major_axis")
    if "period" in wanted:
        axis = (mu * (wanted["period"] / _TURN) ** 2) ** (1.0 / 3.0)
    circle = (perigee is not None and perigee == apogee) or (
        "eccentricity" in wanted and wanted["eccentricity"] < _CIRCLE
    )
    if circle:
        out += [e_cos, e_sin]
        if perigee is not None and perigee == apogee:
            axis = _RE + perigee
    elif "eccentricity" in wanted:
        out.append(e - wanted["eccentricity"])
    if axis is not None:
        out.append(per_a * axis - 1.0)
    if perigee is not None and perigee != apogee:
        out.append(p / (1.0 + e) / (_RE + perigee) - 1.0)
    if apogee is not None and perigee != apogee:
        out.append((1.0 - e) / p * (_RE + apogee) - 1.0)
    out += _angles(wanted, r, v, h / size[:, None], np.stack([e_cos, e_sin]))
    return out


def _angles(wanted: dict[str, float], r: Array, v: Array, h: Array, e: Array) -> list[Array]:
    out: list[Array] = []
    sine = np.hypot(h[:, 0], h[:, 1])
    if "inclination" in wanted:
        i = wanted["inclination"]
        if min(i, math.pi - i) < _EQUATOR_RAD:
            out += [h[:, 0], h[:, 1]]
        else:
            out.append(np.arctan2(sine, h[:, 2]) - i)
    if "raan" in wanted:
        out.append(_wrapped(np.arctan2(h[:, 0], -h[:, 1]) - wanted["raan"]))
    if {"argument_of_perigee", "argument_of_latitude"} & set(wanted):
        node = np.stack([-h[:, 1], h[:, 0], np.zeros(len(h))], axis=1) / sine[:, None]
        u = np.arctan2(np.einsum("ij,ij->i", r, cross(h, node)), np.einsum("ij,ij->i", r, node))
        if "argument_of_latitude" in wanted:
            out.append(_wrapped(u - wanted["argument_of_latitude"]))
        if "argument_of_perigee" in wanted:
            out.append(_wrapped(u - np.arctan2(e[1], e[0]) - wanted["argument_of_perigee"]))
    return out

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
from cosmodrome.errors import InputError
from cosmodrome.maths.vectors import cross
from cosmodrome.mission.steps import B_PLANE, OF_THE_MOON
from cosmodrome.transfer.burn import equator_axes
from cosmodrome.world.centres import centre_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import Condition
    from cosmodrome.mission.steps import Axes
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Frame", "measured", "misses", "residuals"]

_TURN = 2.0 * math.pi
# below this a wanted eccentricity is a circle, and a wanted inclination the equator
_CIRCLE = 1e-9
_EQUATOR_RAD = 1e-9
# a miss in the B-plane by so much counts as one
_B_M = 1e7
_WRAPPED = (
    "raan",
    "argument_of_perigee",
    "argument_of_perilune",
    "argument_of_latitude",
    "longitude",
)


class Frame:
    """The axes in which conditions are told: true equator and equinox of date; about the Moon its
    equator of date.

    centre   the body the orbit goes round; heights of apsides are above `radius_m`
    equator  (3, 3) from GCRF
    """

    def __init__(self, epoch: Epoch, world: World, centre: str = "earth") -> None:
        self.world, self.epoch = world, epoch
        self.about = centre_named(centre)
        self.radius_m = self.about.radius_m
        self.mu = self.about.mu_m3_s2(world)
        matrix = self.about.equator_from_gcrf(world, epoch).matrix
        self.equator = np.asarray(matrix, dtype=np.float64)
        self._burns: dict[Axes, Array] = {}

    def place(self, r_m: Array, t_s: float) -> tuple[float, float]:
        """East longitude and height of a place in GCRF's axes, `t_s` after the frame's epoch."""
        fixed = self.about.fixed_from_gcrf(self.world, self.epoch + t_s).vector(r_m)
        _, longitude, height = self.about.place(fixed)
        return float(longitude), float(height)

    def of_burns(self, axes: Axes) -> Array:
        """(3, 3) from GCRF of a burn's axes, where they stand still (`burn.equator_axes`)."""
        if axes not in self._burns:
            self._burns[axes] = equator_axes(axes, self.epoch, self.world)
        return self._burns[axes]

    def refuse(self, conditions: Sequence[Condition]) -> None:
        """Raises InputError for conditions on an orbit about another body."""
        for c in conditions:
            of_the_moon = c.quantity in OF_THE_MOON or c.quantity in B_PLANE
            here = self.about.name == "moon"
            if (here and c.quantity in OF_THE_MOON.values()) or (of_the_moon and not here):
                raise InputError(
                    f"{c.quantity} is asked of an orbit about the {self.about.name.capitalize()};"
                    f" write {self.about.low} and {self.about.high} of it, coast to the other"
                    " body first, or end the sequence with coast: {until: perilune}"
                )


def measured(condition: Condition, state: State, frame: Frame) -> float:
    """The quantity of a condition in a state (GCRF's axes, the frame's centre), in SI units."""
    name = OF_THE_MOON.get(condition.quantity, condition.quantity)
    if name in B_PLANE:
        return float(_aim_point(state.r_m[None], state.v_m_s[None], frame)[0, B_PLANE.index(name)])
    if name in ("longitude", "altitude"):
        longitude, height = frame.place(state.r_m, state.epoch - frame.epoch)
        return longitude if name == "longitude" else height
    e = elements_from_state(frame.equator @ state.r_m, frame.equator @ state.v_m_s, frame.mu)
    return {
        "semi_major_axis": e.a_m,
        "perigee": e.a_m * (1.0 - e.e) - frame.radius_m,
        "apogee": e.a_m * (1.0 + e.e) - frame.radius_m if e.a_m > 0.0 else math.inf,
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
    wanted = {OF_THE_MOON.get(c.quantity, c.quantity): c.value for c in conditions}
    out: list[Array] = []
    if "longitude" in wanted or "altitude" in wanted:
        places = [frame.place(x, float(t)) for x, t in zip(r, t_s, strict=True)]
        if "longitude" in wanted:
            off = np.array([p[0] for p in places]) - wanted["longitude"]
            out.append(_wrapped(off))
        if "altitude" in wanted:
            height = np.array([p[1] for p in places])
            out.append((height - wanted["altitude"]) / (frame.radius_m + wanted["altitude"]))
    if not set(B_PLANE).isdisjoint(wanted):
        point = _aim_point(r, v, frame)
        out += [(point[:, k] - wanted[b]) / _B_M for k, b in enumerate(B_PLANE) if b in wanted]
    orbital = {k: x for k, x in wanted.items() if k not in ("longitude", "altitude", *B_PLANE)}
    if orbital:
        out += _orbital(orbital, r @ frame.equator.T, v @ frame.equator.T, frame)
    return np.stack(out, axis=1)


def _aim_point(r: Array, v: Array, frame: Frame) -> Array:
    """(n, 2) B.T and B.R, m, of hyperbolas about the Moon; not-a-number where the orbit closes."""
    from cosmodrome.transfer.translunar.geometry import arrival

    return arrival(np.hstack([r, v]), frame.equator[2]).b


def _wrapped(x: Array) -> Array:
    return np.asarray((x + math.pi) % _TURN - math.pi)


def _orbital(wanted: dict[str, float], r: Array, v: Array, frame: Frame) -> list[Array]:
    mu, floor = frame.mu, frame.radius_m
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
            axis = floor + perigee
    elif "eccentricity" in wanted:
        out.append(e - wanted["eccentricity"])
    if axis is not None:
        out.append(per_a * axis - 1.0)
    if perigee is not None and perigee != apogee:
        out.append(p / (1.0 + e) / (floor + perigee) - 1.0)
    if apogee is not None and perigee != apogee:
        out.append((1.0 - e) / p * (floor + apogee) - 1.0)
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

"""What it takes to turn the plane of an arrival with its insertion.

At the perilune p the insertion may turn the plane about p. A plane n of a given inclination i that
holds a place P lies across it, n = cos(a) E + sin(a) (P x E) with E the pole's part across P and
cos(a) = cos(i) / |E|: two of them. The plane of the arrival, with normal m, is turned about the
asymptote S until its perilune S / e + sqrt(1 - 1/e^2) (S x m) lies in n: two again.
Turned by the angle between m and n, an impulse from speed v to w takes (v^2 + w^2 - 2 v w cos)^1/2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.maths.vectors import cross

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["Turns", "dearer_m_s", "turns"]


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """The least turns of arrivals into planes that hold places.

    angle_rad      (n,) infinite where there is none
    before, after  (n, 3) normals of the plane of the arrival and of the one turned into
    """

    angle_rad: Array
    before: Array
    after: Array


def turns(s: Array, e: float, pole: Array, place: Array, inclination_rad: float) -> Turns:
    """The least angle by which the insertion turns an arrival into a plane that holds a place.

    s          (3,) incoming asymptote, towards the motion; e: eccentricity of the hyperbola
    pole       (3,) inclination_rad is counted from its equator
    place      (n, 3) unit vectors

    Infinite where no plane of that inclination holds the place, or none meets a perilune.
    """
    across = pole - (place @ pole)[:, None] * place
    size = np.linalg.norm(across, axis=1)
    first = across / size[:, None]
    second = cross(place, first)
    a, b = _frame(s)
    side = math.sqrt(1.0 - 1.0 / e**2)
    best = np.full(place.shape[0], math.inf)
    before, after = np.zeros_like(place), np.zeros_like(place)
    with np.errstate(invalid="ignore"):
        alpha = np.arccos(math.cos(inclination_rad) / size)
        for sign in (1.0, -1.0):
            n = np.cos(alpha)[:, None] * first + np.sin(sign * alpha)[:, None] * second
            x, y, z = side * (n @ b), -side * (n @ a), (n @ s) / e
            # x cos(t) + y sin(t) = -z for the normal m = cos(t) a + sin(t) b
            half = np.arccos(-z / np.hypot(x, y))
            for other in (half, -half):
                t = np.arctan2(y, x) + other
                m = np.cos(t)[:, None] * a + np.sin(t)[:, None] * b
                angle = np.arccos(np.clip(np.einsum("ij,ij->i", m, n), -1.0, 1.0))
                less = angle < best
                best[less], before[less], after[less] = angle[less], m[less], n[less]
    return Turns(best, before, after)


def dearer_m_s(angle_rad: float, before_m_s: float, after_m_s: float) -> float:
    """What an impulse from one speed to another takes more when it turns the motion as well."""
    turned = math.sqrt(
        before_m_s**2 + after_m_s**2 - 2.0 * before_m_s * after_m_s * math.cos(angle_rad)
    )
    return turned - abs(before_m_s - after_m_s)


def _frame(s: Array) -> tuple[Array, Array]:
    """Two unit vectors (3,) with b = s x a, across a third."""
    a = np.cross(s, np.eye(3)[int(np.argmin(np.abs(s)))])
    a = a / np.linalg.norm(a)
    return a, np.cross(s, a)

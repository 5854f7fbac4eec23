"""Gravity fields: spherical-harmonic coefficients with the constants they belong to."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import DataError, InputError
from cosmodrome.world import store

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["GravityField", "earth"]


@dataclass(frozen=True, slots=True, eq=False)
class GravityField:
    """A gravity field of one body.

    mu_m3_s2     gravitational parameter that belongs to the coefficients
    radius_m     reference radius that belongs to the coefficients
    degree       highest degree n held
    C, S         (degree + 1, degree + 1), fully normalised, [n, m]; C[0, 0] = 1
    tide_system  "tide-free", "zero-tide" or "mean-tide"
    name, source what it is and where it was published
    """

    mu_m3_s2: float
    radius_m: float
    degree: int
    C: NDArray[np.float64]
    S: NDArray[np.float64]
    tide_system: str
    name: str
    source: str

    def __post_init__(self) -> None:
        shape = (self.degree + 1, self.degree + 1)
        if self.C.shape != shape or self.S.shape != shape:
            raise DataError(
                f"gravity field {self.name}: C is {self.C.shape} and S {self.S.shape},"
                f" degree {self.degree} needs {shape}"
            )
        self.C.flags.writeable = False
        self.S.flags.writeable = False

    def truncated(self, degree: int, order: int | None = None) -> GravityField:
        """The same field cut at a lower degree (and order; default order = degree)."""
        top = degree if order is None else order
        if not 0 <= degree <= self.degree or not 0 <= top <= degree:
            raise InputError(
                f"gravity {degree}x{top} was asked; {self.name} holds up to"
                f" {self.degree}x{self.degree} and the order cannot exceed the degree"
            )
        C = np.array(self.C[: degree + 1, : degree + 1])
        S = np.array(self.S[: degree + 1, : degree + 1])
        C[:, top + 1 :] = 0.0
        S[:, top + 1 :] = 0.0
        return GravityField(
            self.mu_m3_s2, self.radius_m, degree, C, S, self.tide_system, self.name, self.source
        )

    def zonal_j(self, degree: int) -> float:
        """Unnormalised zonal J_n = -sqrt(2 n + 1) C[n, 0]."""
        if not 2 <= degree <= self.degree:
            raise InputError(f"J_{degree} was asked; {self.name} holds J_2 to J_{self.degree}")
        return -math.sqrt(2.0 * degree + 1.0) * float(self.C[degree, 0])


@functools.cache
def earth() -> GravityField:
    """EGM2008, tide-free, to 150x150 (Pavlis, Holmes, Kenyon & Factor 2012)."""
    item = store.entry("egm2008")
    both = np.array(store.open_array("egm2008"), dtype=np.float64)
    layout = item["layout"]
    return GravityField(
        float(layout["mu_m3_s2"]),
        float(layout["radius_m"]),
        both.shape[1] - 1,
        both[0],
        both[1],
        str(layout["tide_system"]),
        "EGM2008",
        str(item["source"]),
    )

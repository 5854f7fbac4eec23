"""Gravity fields: spherical-harmonic coefficients with the constants and axes they belong to."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import DataError, InputError, UnknownNameError, did_you_mean
from cosmodrome.world import store

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SHIPPED", "GravityField", "earth", "shipped"]

# name of the data set -> body; the first of a body is the one taken when none is named
SHIPPED = {"egm2008": "earth", "grgm1200a": "moon", "gmm2b": "mars"}


@dataclass(frozen=True, slots=True, eq=False)
class GravityField:
    """A gravity field of one body.

    mu_m3_s2     gravitational parameter that belongs to the coefficients
    radius_m     reference radius that belongs to the coefficients
    degree       highest degree n held
    C, S         (degree + 1, degree + 1), fully normalised, [n, m]; C[0, 0] = 1
    tide_system  "tide-free", "zero-tide" or "mean-tide"; "unknown" where the publisher does not
                 say it
    name, source what it is and where it was published
    body         whose field it is
    axes         body-fixed axes the coefficients belong to, as `fixed_from_gcrf_many` names them:
                 "itrf", "moon-pa-de430", "iau-mars-1991", ...
    notes        what a reader of a report should know
    """

    mu_m3_s2: float
    radius_m: float
    degree: int
    C: NDArray[np.float64]
    S: NDArray[np.float64]
    tide_system: str
    name: str
    source: str
    body: str = "earth"
    axes: str = "itrf"
    notes: tuple[str, ...] = field(default=())

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
        return replace(self, degree=degree, C=C, S=S)

    def zonal_j(self, degree: int) -> float:
        """Unnormalised zonal J_n = -sqrt(2 n + 1) C[n, 0]."""
        if not 2 <= degree <= self.degree:
            raise InputError(f"J_{degree} was asked; {self.name} holds J_2 to J_{self.degree}")
        return -math.sqrt(2.0 * degree + 1.0) * float(self.C[degree, 0])


def earth() -> GravityField:
    """EGM2008, tide-free, to 150x150 (Pavlis, Holmes, Kenyon & Factor 2012)."""
    return shipped("earth")


def shipped(body: str, name: str | None = None) -> GravityField:
    """A field in the package; without a name the one that stands for the body.

    Raises UnknownNameError for a body without one, another name, or a field of another body.
    """
    if name is None:
        found = [n for n, of in SHIPPED.items() if of == body]
        if not found:
            raise UnknownNameError(
                f"no gravity field of {body!r} is shipped"
                f" ({', '.join(f'{n}: {of}' for n, of in SHIPPED.items())}); give the path of a"
                " .gfc, .tab, .sha, .cof or .grv file, or take the body as a point mass."
                f" {did_you_mean(body, set(SHIPPED.values()))}"
            )
        name = found[0]
    key = name.lower()
    if key not in SHIPPED:
        raise UnknownNameError(
            f"no gravity field {name!r} is shipped. {did_you_mean(name, SHIPPED)} A field of your"
            " own is given by its path, ending in .gfc, .tab, .sha, .cof or .grv"
        )
    if SHIPPED[key] != body:
        raise UnknownNameError(
            f"{name!r} is a gravity field of {SHIPPED[key]!r}, not of {body!r}; ask for"
            f" gravity({SHIPPED[key]!r}, {key!r})"
        )
    return _shipped(key)


@functools.cache
def _shipped(name: str) -> GravityField:
    item = store.entry(name)
    both = np.array(store.open_array(name), dtype=np.float64)
    layout = item["layout"]
    return GravityField(
        float(layout["mu_m3_s2"]),
        float(layout["radius_m"]),
        both.shape[1] - 1,
        both[0],
        both[1],
        str(layout["tide_system"]),
        str(layout.get("title", name.upper())),
        str(item["source"]),
        SHIPPED[name],
        str(layout.get("axes", "itrf")),
        tuple(layout.get("notes", ())),
    )

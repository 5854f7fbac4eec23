"""Frames and the rotations between them.

A rotation is named by where it leads and whence it comes: `itrf_from_gcrf`. Products
compose only when the inner names meet, so a wrong order or a transposed matrix is refused
at once instead of losing a mission.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import FrameMismatchError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["GCRF", "ITRF", "MOON_ME", "MOON_PA", "TOD", "Frame", "Rotation", "gcrf"]


@dataclass(frozen=True, slots=True)
class Frame:
    """A centre and a set of axes.

    centre   body whose centre is the origin, e.g. "earth"
    axes     "gcrf" (ICRS-aligned), "itrf" (Earth-fixed), "tod" (true equator and equinox of
             date, IAU 2006/2000A), a body's fixed axes (`body_orientation.axes_of`), or a launch
             frame named by its maker
    inertial whether Newton's law holds in it without apparent forces
    """

    centre: str
    axes: str
    inertial: bool

    def __str__(self) -> str:
        return f"{self.centre}/{self.axes}"


GCRF = Frame("earth", "gcrf", True)
ITRF = Frame("earth", "itrf", False)
TOD = Frame("earth", "tod", False)
MOON_PA = Frame("moon", "moon-pa", False)
MOON_ME = Frame("moon", "moon-me", False)


def gcrf(centre: str) -> Frame:
    """The frame of GCRF's axes about another centre: "moon", "sun", "ssb", ..."""
    return Frame(centre, "gcrf", True)


@dataclass(frozen=True, slots=True, eq=False)
class Rotation:
    """`to_from_of`: the matrix that takes components in `of` axes to components in `to` axes.

    matrix  (3, 3), or (n, 3, 3) for n instants
    rate    angular velocity of the `to` axes relative to the `of` axes, rad/s, components in
            `to` axes, (3,) or (n, 3); None when the axes do not turn against each other
    """

    to: str
    of: str
    matrix: NDArray[np.float64]
    rate: NDArray[np.float64] | None = None

    def __matmul__(self, other: Rotation) -> Rotation:
        if self.of != other.to:
            raise FrameMismatchError(
                f"{self.to}_from_{self.of} @ {other.to}_from_{other.of}: the inner names"
                f" {self.of!r} and {other.to!r} do not meet; transpose one with .T or insert"
                f" {self.of}_from_{other.to} between them"
            )
        matrix = self.matrix @ other.matrix
        if self.rate is None and other.rate is None:
            return Rotation(self.to, other.of, matrix)
        zero = np.zeros(3)
        carried = (
            zero if other.rate is None else np.einsum("...ij,...j->...i", self.matrix, other.rate)
        )
        own = zero if self.rate is None else self.rate
        return Rotation(self.to, other.of, matrix, own + carried)

    @property
    def T(self) -> Rotation:
        """The inverse rotation."""
        matrix = np.swapaxes(self.matrix, -1, -2)
        rate = None if self.rate is None else -np.einsum("...ij,...j->...i", matrix, self.rate)
        return Rotation(self.of, self.to, matrix, rate)

    def vector(self, v: NDArray[np.float64]) -> NDArray[np.float64]:
        """Components in `to` of a vector given by its components in `of`; (..., 3)."""
        out: NDArray[np.float64] = np.einsum("...ij,...j->...i", self.matrix, v)
        return out

    def velocity(
        self, r: NDArray[np.float64], v: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Place and velocity as seen in the `to` axes (transport theorem): v' = R v - w x R r."""
        r_to = self.vector(r)
        v_to = self.vector(v)
        if self.rate is not None:
            v_to = v_to - np.cross(self.rate, r_to)
        return r_to, v_to

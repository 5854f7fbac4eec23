"""State: where a body is, how fast it moves, how heavy it is, and when. Never naked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import FrameMismatchError, InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.frame import Frame

__all__ = ["State"]


def _frozen(name: str, value: object, shape: tuple[int, ...]) -> NDArray[np.float64]:
    array = np.array(value, dtype=np.float64)
    if array.shape != shape:
        raise InputError(f"State.{name} has shape {array.shape}, needs {shape}")
    if not np.all(np.isfinite(array)):
        raise InputError(f"State.{name} = {array!r} is not finite")
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Epoch, frame, place, velocity and mass; no field has a default that fills silence.

    r_m, v_m_s   (3,) in `frame`, relative to its centre
    attitude     quaternion body_from_gcrf, scalar first (4,), or None when unknown
    rate_rad_s   body rate relative to GCRF in body axes (3,), or None
    covariance   (6, 6) of place and velocity in `frame`, m and m/s, or None
    """

    epoch: Epoch
    frame: Frame
    r_m: NDArray[np.float64]
    v_m_s: NDArray[np.float64]
    mass_kg: float
    attitude: NDArray[np.float64] | None = field(default=None)
    rate_rad_s: NDArray[np.float64] | None = field(default=None)
    covariance: NDArray[np.float64] | None = field(default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "r_m", _frozen("r_m", self.r_m, (3,)))
        object.__setattr__(self, "v_m_s", _frozen("v_m_s", self.v_m_s, (3,)))
        if not (np.isfinite(self.mass_kg) and self.mass_kg > 0.0):
            raise InputError(f"State.mass_kg = {self.mass_kg!r} must be a positive number")
        for name, shape in (("attitude", (4,)), ("rate_rad_s", (3,)), ("covariance", (6, 6))):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, _frozen(name, value, shape))

    def separation(self, other: State) -> tuple[float, float]:
        """Distance in m and speed difference in m/s to a state at the same instant and frame."""
        if self.frame != other.frame:
            raise FrameMismatchError(
                f"cannot compare a state in {self.frame} with one in {other.frame}:"
                " rotate one of them first"
            )
        if self.epoch != other.epoch:
            raise InputError(
                f"cannot compare states at {self.epoch} and {other.epoch}: evaluate both at"
                " one instant"
            )
        return (
            float(np.linalg.norm(self.r_m - other.r_m)),
            float(np.linalg.norm(self.v_m_s - other.v_m_s)),
        )

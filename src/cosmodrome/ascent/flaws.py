"""What may be wrong with single flights beside what scatters: as arrays over lanes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Vehicle

    Array = NDArray[np.float64]

__all__ = ["Flaws", "most_burns", "turned_axes"]

_NEVER_S = 1e9


@dataclass(frozen=True, slots=True, eq=False)
class Flaws:
    """Of n flights; rows for the stages of the vehicle, or for the burns that the plan disposes of.

    alignment    (3, n) rad: rotation vector in the launch frame from true axes to those that the
                 inertial unit believes in. The computer integrates what it feels in them, and its
                 directions are flown in them
    gimbal       (2, stages, n) rad: angle of the thrust to the body's axis, away from the ground
                 and to the left of the flight; tangents are taken of it
    engines, engines_s  (stages, n): the part of a stage's engines that still runs, with its flow,
                 from so many seconds after ignition on; not of solids, nor of free burns
    lights       (stages, n): the part of a stage's units that lights at all; what does not keeps
                 its propellant, and the sequence goes on by the clock. 0: ignition missed
    cutoff_s     (stages, n): cut-off later than it should come (until propellant ends), or before
    retained     (stages, n): 1 where a stage does not separate; it stays until the next one does
    separation_s (stages, n): separation later than the timer says, or before it
    burn_lights, burn_late_s   (burns, n): lighting, and cut-off later than it should come, of each
                 burn of the plan's own, in their order
    burn_delay_s (burns, n): ignition of it later than planned
    paced        (n,): 1 where throttle marks come when the plan's part of the propellant has been
                 burnt, as level sensors tell; 0: by the clock, as the dispersions have them
    fairing_kept (n,): 1 where the fairing stays
    fairing_s    (n,): its jettison later than planned, or before
    """

    alignment: Array
    gimbal: Array
    engines: Array
    engines_s: Array
    lights: Array
    cutoff_s: Array
    retained: Array
    separation_s: Array
    burn_lights: Array
    burn_late_s: Array
    burn_delay_s: Array
    paced: Array
    fairing_kept: Array
    fairing_s: Array

    @classmethod
    def none(cls, vehicle: Vehicle, count: int) -> Flaws:
        """Nothing is wrong."""
        stages, burns = (len(vehicle.stages), count), (most_burns(vehicle), count)
        return cls(
            *(np.zeros((3, count)), np.zeros((2, *stages))),
            *(np.ones(stages), np.full(stages, _NEVER_S), np.ones(stages)),
            *(np.zeros(stages), np.zeros(stages), np.zeros(stages)),
            *(np.ones(burns), np.zeros(burns), np.zeros(burns)),
            *np.zeros((3, count)),
        )

    def after(self, first: Flaws) -> Flaws:
        """Those of `first`, then these."""
        parts = ((getattr(first, f.name), getattr(self, f.name)) for f in fields(self))
        return Flaws(*(np.concatenate(pair, axis=-1) for pair in parts))


def most_burns(vehicle: Vehicle) -> int:
    """As many burns as a plan can have."""
    return sum(1 + s.restarts for s in vehicle.stages)


def turned_axes(vector: Array) -> Array:
    """Matrices (9, n), row by row, of the rotations by vectors (3, n); Rodrigues' formula.

    A rotation by nothing is the identity to the last bit.
    """
    angle = np.sqrt(vector[0] ** 2 + vector[1] ** 2 + vector[2] ** 2)
    x, y, z = vector / np.where(angle > 0.0, angle, 1.0)
    s, c = np.sin(angle), 1.0 - np.cos(angle)
    return np.stack(
        [
            *(1.0 - c * (y * y + z * z), c * x * y - s * z, c * x * z + s * y),
            *(c * x * y + s * z, 1.0 - c * (x * x + z * z), c * y * z - s * x),
            *(c * x * z - s * y, c * y * z + s * x, 1.0 - c * (x * x + y * y)),
        ]
    )

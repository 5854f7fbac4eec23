"""How flights differ from the plan: one-sigma figures, and what a seed draws from them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.flaws import Flaws

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Vehicle

    Array = NDArray[np.float64]

__all__ = ["Dispersions", "Draw"]


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """What n flights are: factors, one row for each stage, or one for the whole flight.

    thrust, isp, dry_mass, load   (stages, n); thrust changes the flow with it, Isp the flow alone
    ignition_delay_s   (stages, n), not of stages that light on the pad
    density, drag, wind, tail_s   (n,); tail_s of every commanded cut-off of the last stage
    navigation         (6, n) m and m/s: the computer's place and velocity less the true ones
    flaws              what is wrong beside that
    """

    thrust: Array
    isp: Array
    dry_mass: Array
    load: Array
    ignition_delay_s: Array
    density: Array
    drag: Array
    wind: Array
    tail_s: Array
    navigation: Array
    flaws: Flaws

    @property
    def count(self) -> int:
        """Number of flights."""
        return int(self.density.size)

    def after(self, first: Draw) -> Draw:
        """The flights of `first`, then these."""
        joined = {
            f.name: np.concatenate([getattr(first, f.name), getattr(self, f.name)], axis=-1)
            for f in fields(self)
            if f.name != "flaws"
        }
        return replace(self, **joined, flaws=self.flaws.after(first.flaws))

    @classmethod
    def nominal(cls, vehicle: Vehicle, count: int = 1) -> Draw:
        """Flights just as planned, in the programme's mean wind: arrays to write a fault into."""
        stages = (len(vehicle.stages), count)
        thrust, isp, dry_mass, load = np.ones((4, *stages))
        density, drag, wind = np.ones((3, count))
        return cls(
            *(thrust, isp, dry_mass, load, np.zeros(stages)),
            *(density, drag, wind, np.zeros(count), np.zeros((6, count))),
            Flaws.none(vehicle, count),
        )


@dataclass(frozen=True, slots=True)
class Dispersions:
    """One-sigma figures of independent normal draws; factors are 1 + sigma x normal.

    All are assumed, of the size that user manuals and flight statistics of liquid engines
    suggest; none is a measurement of one vehicle. Units of a strap-on set share their draw.

    thrust, isp, dry_mass, load   relative, for each stage
    ignition_delay_s   after the planned instant, half-normal, for each stage lit in flight
    density, drag      relative, for the whole flight: US76 against the day's air; the estimated
                       drag curves are not known better than a tenth
    wind               relative, on the programme's mean wind
    cutoff_s           of the engine's tail-off, as time at full thrust
    navigation_m, navigation_m_s   each axis, constant over the flight, of the size of inertial
                       navigation aided by satellites
    """

    thrust: float = 0.005
    isp: float = 0.002
    dry_mass: float = 0.005
    load: float = 0.0025
    ignition_delay_s: float = 0.1
    density: float = 0.10
    drag: float = 0.10
    wind: float = 0.30
    cutoff_s: float = 0.010
    navigation_m: float = 100.0
    navigation_m_s: float = 0.1

    def draw(self, vehicle: Vehicle, count: int, seed: int = 1) -> Draw:
        """`count` flights; the same for the same seed and count."""
        rng = np.random.default_rng(seed)
        stages = (len(vehicle.stages), count)

        def factor(sigma: float, shape: tuple[int, ...]) -> Array:
            out: Array = np.maximum(1.0 + sigma * rng.standard_normal(shape), 0.0)
            return out

        return Draw(
            factor(self.thrust, stages),
            factor(self.isp, stages),
            factor(self.dry_mass, stages),
            factor(self.load, stages),
            self.ignition_delay_s * np.abs(rng.standard_normal(stages)),
            factor(self.density, (count,)),
            factor(self.drag, (count,)),
            factor(self.wind, (count,)),
            self.cutoff_s * rng.standard_normal(count),
            np.concatenate(
                [
                    self.navigation_m * rng.standard_normal((3, count)),
                    self.navigation_m_s * rng.standard_normal((3, count)),
                ]
            ),
            Flaws.none(vehicle, count),
        )

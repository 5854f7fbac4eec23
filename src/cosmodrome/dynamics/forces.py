"""What acts on a spacecraft, declared; and where each force comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.world.bodies import G0

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import PhysicsModel, Spacecraft, SpaceWeather
    from cosmodrome.world.epoch import Epoch

__all__ = ["CITATIONS", "Dynamics", "Thrust"]

CITATIONS = {
    "central": "Newton; mu of the gravity field",
    "harmonics": "gravity field in fully normalised harmonics, gradient as harmonics"
    " (Cunningham 1970; specification: Pines 1973)",
    "third body": "point mass, Battin 1987 eq. 8.60; places from DE440 (Park et al. 2021)",
    "drag": "NRLMSISE-00 (Picone, Hedin, Drob & Aikin 2002) as a smooth table; co-rotating"
    " atmosphere, Montenbruck & Gill 2000 eq. 3.97",
    "radiation": "sphere, inverse square, conical shadow: Montenbruck & Gill 2000, 3.4",
    "thrust": "constant thrust, mass flow F / (g0 Isp)",
}


@dataclass(frozen=True, slots=True)
class Thrust:
    """Constant thrust between two instants.

    direction  (3,), any length, fixed in `axes`
    axes       "gcrf"; "rtn": radial outward, transverse in the plane along the motion, normal
               along r x v; "vnc": along the inertial velocity, along r x v, and their product
    propellant_kg  what can be burnt: the engine stops when it is gone, at `end` at the latest
    """

    start: Epoch
    end: Epoch
    thrust_n: float
    isp_s: float
    direction: tuple[float, float, float]
    axes: Literal["gcrf", "rtn", "vnc"] = "gcrf"
    propellant_kg: float | None = None

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise InputError(f"a burn from {self.start} to {self.end} has no length; swap the two")
        if not (self.thrust_n > 0.0 and self.isp_s > 0.0):
            raise InputError(
                f"a burn of {self.thrust_n} N at {self.isp_s} s needs positive thrust and"
                " specific impulse"
            )
        if self.axes not in ("gcrf", "rtn", "vnc"):
            raise InputError(
                f"thrust axes {self.axes!r} are not known; write 'gcrf', 'rtn' or 'vnc'"
            )
        if not np.linalg.norm(self.direction) > 0.0:
            raise InputError("a thrust direction of zero length points nowhere")
        if self.propellant_kg is not None and not self.propellant_kg > 0.0:
            raise InputError(f"a burn with {self.propellant_kg} kg of propellant never lights")

    @property
    def flow_kg_s(self) -> float:
        """Mass flow F / (g0 Isp)."""
        return self.thrust_n / (G0 * self.isp_s)

    @property
    def burn_out(self) -> Epoch:
        """When the engine stops: commanded, or out of propellant."""
        if self.propellant_kg is None:
            return self.end
        return min(self.end, self.start + self.propellant_kg / self.flow_kg_s)

    @property
    def unit(self) -> tuple[float, float, float]:
        """The direction as a unit vector."""
        u = np.asarray(self.direction, dtype=np.float64)
        u = u / np.linalg.norm(u)
        return float(u[0]), float(u[1]), float(u[2])


@dataclass(frozen=True, slots=True)
class Dynamics:
    """Forces on one spacecraft in orbit round the Earth.

    gravity_degree, gravity_order  of the shipped field; 0, 0 is the central term alone
    third_bodies                   names of bodies of the ephemeris
    drag                           "nrlmsise00" or "none"
    radiation_pressure             sunlight on a sphere, with the Earth's conical shadow
    space_weather                  fixed indices, or None for the shipped table
    drag_area_m2, drag_coefficient, srp_area_m2, reflectivity   of the spacecraft
    thrust                         burns, in any order, not overlapping the path's start
    """

    gravity_degree: int = 70
    gravity_order: int = 70
    third_bodies: tuple[str, ...] = ("sun", "moon")
    drag: str = "none"
    radiation_pressure: bool = False
    space_weather: SpaceWeather | None = None
    drag_area_m2: float = 0.0
    drag_coefficient: float = 2.2
    srp_area_m2: float = 0.0
    reflectivity: float = 1.3
    thrust: tuple[Thrust, ...] = ()

    def __post_init__(self) -> None:
        if self.drag not in ("nrlmsise00", "none"):
            raise InputError(f"drag {self.drag!r} is not known; write 'nrlmsise00' or 'none'")
        for name in ("drag_area_m2", "drag_coefficient", "srp_area_m2", "reflectivity"):
            if not getattr(self, name) >= 0.0:
                raise InputError(f"Dynamics.{name} = {getattr(self, name)!r} must not be negative")
        if len(set(self.third_bodies)) != len(self.third_bodies):
            raise InputError(f"third bodies {self.third_bodies} name one body twice")

    @classmethod
    def of(
        cls,
        physics: PhysicsModel,
        spacecraft: Spacecraft,
        space_weather: SpaceWeather | None = None,
    ) -> Dynamics:
        """As a mission declares them."""
        return cls(
            gravity_degree=physics.gravity_degree,
            gravity_order=physics.gravity_order,
            third_bodies=physics.third_bodies,
            drag=physics.drag,
            radiation_pressure=physics.radiation_pressure,
            space_weather=space_weather,
            drag_area_m2=spacecraft.drag_area_m2,
            drag_coefficient=spacecraft.drag_coefficient,
            srp_area_m2=spacecraft.srp_area_m2,
            reflectivity=spacecraft.reflectivity,
        )

    def with_thrust(self, *burns: Thrust) -> Dynamics:
        """The same forces and these burns."""
        return replace(self, thrust=tuple(burns))

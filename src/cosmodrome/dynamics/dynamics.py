"""What acts on a spacecraft, declared: a centre and a list of forces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from cosmodrome.dynamics.forces import Force, Gravity, PointMass, Relativity, Thrust, Tides
from cosmodrome.dynamics.surfaces import Drag, Plates, Radiation
from cosmodrome.errors import InputError
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import PhysicsModel, Spacecraft, SpaceWeather

__all__ = ["FAR_DEGREE", "Dynamics"]

#: degree of the Earth's field as felt about the Moon
FAR_DEGREE = 4

F = TypeVar("F")
# these may be declared once
_SINGLE = (Tides, Relativity, Drag, Radiation, Plates)


@dataclass(frozen=True, slots=True)
class Dynamics:
    """Forces on one spacecraft.

    forces   in any order; one of them is the gravity of the centre
    centre   the body place and velocity are counted from
    spheres  (body, radius m): inside such a sphere its body takes over as the centre, and gives it
             back outside; the forces stay the same. The path is one, in arcs

    Raises InputError where the centre has no gravity, a body attracts twice, or a force that can
    stand once stands twice.
    """

    forces: tuple[Force, ...]
    centre: str = "earth"
    spheres: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        body(self.centre)
        object.__setattr__(self, "forces", tuple(self.forces))
        names = [f.body for f in self.forces if isinstance(f, Gravity | PointMass)]
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"{name} attracts twice in these forces; keep one of the two")
        for kind in _SINGLE:
            if sum(isinstance(f, kind) for f in self.forces) > 1:
                raise InputError(
                    f"{kind.__name__} stands twice in these forces; keep one of the two"
                )
        for centre in (self.centre, *(name for name, _ in self.spheres)):
            if centre not in names:
                raise InputError(
                    f"no gravity of the centre {centre!r} among the forces; add"
                    f" Gravity({centre!r}, degree) or PointMass({centre!r})"
                )
        for name, radius in self.spheres:
            if not radius > 0.0 or name == self.centre:
                raise InputError(
                    f"sphere {name!r} of {radius!r} m: the radius must be positive and the body not"
                    " the centre"
                )

    @classmethod
    def earth(
        cls,
        degree: int = 70,
        order: int | None = None,
        third_bodies: tuple[str, ...] = ("sun", "moon"),
        drag: str = "none",
        radiation_pressure: bool = False,
        *,
        space_weather: SpaceWeather | None = None,
        drag_area_m2: float = 0.0,
        drag_coefficient: float = 2.2,
        srp_area_m2: float = 0.0,
        reflectivity: float = 1.3,
        thrust: tuple[Thrust, ...] = (),
    ) -> Dynamics:
        """The usual forces about the Earth, by their usual names; drag "none" leaves it out."""
        forces: list[Force] = [Gravity("earth", degree, order)]
        forces += [PointMass(name) for name in third_bodies]
        # made in any case: a negative area is refused also where the force is left out
        air = Drag(
            drag_area_m2,
            drag_coefficient,
            "nrlmsise00" if drag == "none" else drag,
            space_weather,
        )
        light = Radiation(srp_area_m2, reflectivity)
        forces += [f for f, on in ((air, drag != "none"), (light, radiation_pressure)) if on]
        return cls((*forces, *thrust))

    @classmethod
    def moon(
        cls,
        degree: int = 100,
        order: int | None = None,
        earth_degree: int = 4,
        third_bodies: tuple[str, ...] = ("sun",),
        radiation_pressure: bool = False,
        *,
        srp_area_m2: float = 0.0,
        reflectivity: float = 1.3,
    ) -> Dynamics:
        """The usual forces about the Moon: its field, the Earth with a small field, other bodies.

        Sunlight with the shadows of both.
        """
        earth = Gravity("earth", earth_degree) if earth_degree > 0 else PointMass("earth")
        forces: list[Force] = [Gravity("moon", degree, order), earth]
        forces += [PointMass(n) for n in third_bodies if n not in ("moon", "earth")]
        light = Radiation(srp_area_m2, reflectivity, ("centre", "earth"))
        return cls((*forces, *((light,) if radiation_pressure else ())), "moon")

    @classmethod
    def of(
        cls,
        physics: PhysicsModel,
        spacecraft: Spacecraft,
        space_weather: SpaceWeather | None = None,
        *,
        centre: str = "earth",
    ) -> Dynamics:
        """As a mission declares them, counted from the Earth or the Moon.

        About the Moon there is no air, and the Earth's field is cut to degree 4: what is left out
        of it is below 1e-12 m/s^2.
        """
        if centre == "moon":
            return cls.moon(
                physics.moon_gravity_degree,
                physics.moon_gravity_order,
                min(physics.gravity_degree, FAR_DEGREE),
                physics.third_bodies,
                physics.radiation_pressure,
                srp_area_m2=spacecraft.srp_area_m2,
                reflectivity=spacecraft.reflectivity,
            )
        return cls.earth(
            physics.gravity_degree,
            physics.gravity_order,
            physics.third_bodies,
            physics.drag,
            physics.radiation_pressure,
            space_weather=space_weather,
            drag_area_m2=spacecraft.drag_area_m2,
            drag_coefficient=spacecraft.drag_coefficient,
            srp_area_m2=spacecraft.srp_area_m2,
            reflectivity=spacecraft.reflectivity,
        )

    def with_thrust(self, *burns: Thrust) -> Dynamics:
        """The same forces, and these burns instead of any it had."""
        others = tuple(f for f in self.forces if not isinstance(f, Thrust))
        return replace(self, forces=(*others, *burns))

    def plus(self, *forces: Force) -> Dynamics:
        """The same forces and these."""
        return replace(self, forces=(*self.forces, *forces))

    def without(self, *kinds: type[Any]) -> Dynamics:
        """The same without the forces of some kinds."""
        return replace(self, forces=tuple(f for f in self.forces if not isinstance(f, kinds)))

    def about(self, centre: str) -> Dynamics:
        """The same forces counted from another centre."""
        return replace(self, centre=centre, spheres=())

    def first(self, kind: type[F]) -> F | None:
        """The first force of a kind, or None."""
        return next((f for f in self.forces if isinstance(f, kind)), None)

    @property
    def gravity(self) -> Gravity:
        """Gravity of the centre; a point mass as a field of degree 0."""
        for f in self.forces:
            if isinstance(f, Gravity) and f.body == self.centre:
                return f
        return Gravity(self.centre, 0)

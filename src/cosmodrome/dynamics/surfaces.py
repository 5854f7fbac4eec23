"""Forces on the spacecraft's surface: drag and sunlight, on a sphere or on flat plates."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cosmodrome.dynamics.forces import About
from cosmodrome.errors import InputError, UnknownNameError, did_you_mean
from cosmodrome.physics.panels import Panel
from cosmodrome.solvers import core
from cosmodrome.world.bodies import AU_M, SOLAR_PRESSURE_N_M2, body

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.dynamics.assembly import Assembly
    from cosmodrome.mission.nouns import SpaceWeather

    Array = NDArray[np.float64]

__all__ = ["AIR_MODELS", "Drag", "ExponentialAir", "Panel", "Plates", "Radiation"]

AIR_MODELS = {
    "nrlmsise00": "NRLMSISE-00 (Picone, Hedin, Drob & Aikin 2002)",
    "nrlmsis2.1": "NRLMSIS 2.1 (Emmert et al. 2022)",
}


@dataclass(frozen=True, slots=True)
class ExponentialAir:
    """Density rho exp(-(h - base) / scale) by layers, h above the body's ellipsoid.

    layers  (base m, density there kg/m^3, scale height m), lowest first
    """

    layers: tuple[tuple[float, float, float], ...]
    source: str = "given"

    def __post_init__(self) -> None:
        rows = np.atleast_2d(np.asarray(self.layers, dtype=np.float64))
        if rows.shape[1] != 3 or not np.all(np.isfinite(rows)) or not np.all(rows[:, 2] > 0.0):
            raise InputError(
                "layers of exponential air are (base m, density kg/m^3, scale height m), scale"
                " heights positive"
            )
        if not np.all(np.diff(rows[:, 0]) > 0.0) or not np.all(rows[:, 1] >= 0.0):
            raise InputError("layers of exponential air: bases rise, densities are not negative")

    @classmethod
    def vallado(cls) -> ExponentialAir:
        """The standard table, 0 to 1,000 km."""
        from cosmodrome.physics.exponential_air import VALLADO_LAYERS

        return cls(
            tuple((float(a), float(b), float(c)) for a, b, c in VALLADO_LAYERS),
            "Vallado (2013), table 8-4",
        )


@dataclass(frozen=True, slots=True)
class Drag:
    """Drag of air that turns with the body.

    area_m2, coefficient  of a sphere. `Plates` take the coefficient and act beside the sphere: give
                  no area where the plates are all there is
    air           a name of AIR_MODELS, an `ExponentialAir`, or a function density(t_s,
                  latitude_rad, longitude_rad, height_m) -> kg/m^3 over arrays, t in seconds of TT
                  after the start
    space_weather fixed indices, or None for the world's table
    direct        ask the model itself at every node instead of a table: slow, and exact between
                  the 3-hour steps of its indices, which become breaks of the path

    Raises InputError for a negative area, UnknownNameError for another model.
    """

    area_m2: float = 0.0
    coefficient: float = 2.2
    air: str | ExponentialAir | Callable[[Array, Array, Array, Array], Array] = "nrlmsise00"
    space_weather: SpaceWeather | None = None
    direct: bool = False

    def __post_init__(self) -> None:
        _not_negative("Drag", area_m2=self.area_m2, coefficient=self.coefficient)
        if isinstance(self.air, str) and self.air not in AIR_MODELS:
            raise UnknownNameError(f"no air {self.air!r}. {did_you_mean(self.air, AIR_MODELS)}")

    @property
    def about(self) -> About:
        if isinstance(self.air, str):
            name = AIR_MODELS[self.air]
            valid = "90 to 1,500 km, fading above 1,200"
            how = "the model itself: some 15 % in density; its table: 0.1 % rms"
        else:
            name = self.air.source if isinstance(self.air, ExponentialAir) else "a given function"
            valid, how = "as given", "as given"
        return About(f"{name}; co-rotating, Montenbruck & Gill 2000 eq. 3.97", "gcrf", valid, how)

    def needs(self, centre: str) -> dict[str, str]:
        return {}

    def rows(self, centre: str) -> tuple[tuple[str, str], ...]:
        return (("drag", "drag"),)

    def install(self, assembly: Assembly) -> None:
        if assembly.airless:
            return  # the air stays with its own centre
        area = self.area_m2 * self.coefficient
        plates = assembly.plates
        if area <= 0.0 and not (plates and plates.drags and self.coefficient > 0.0):
            assembly.note(
                "drag was asked for and has no effect: area"
                f" {self.area_m2:g} m^2, coefficient {self.coefficient:g}"
            )
            return
        if isinstance(self.air, ExponentialAir):
            assembly.model.set_air_layers(np.asarray(self.air.layers))
        elif not isinstance(self.air, str):
            assembly.model.set_air_function(self.air)
        elif assembly.centre != "earth":
            assembly.note(f"drag was asked for and has no effect: no air about {assembly.centre}")
            return
        elif self.direct:
            assembly.direct_air(self)
        elif not assembly.air_table(self):
            return
        assembly.model.set_drag(area)


@dataclass(frozen=True, slots=True)
class Radiation:
    """Sunlight on a sphere, with the conical shadows of bodies.

    area_m2, reflectivity  Cr: 1 absorbs, 2 reflects back. `Plates` bring their own and act beside
              the sphere: give no area where the plates are all there is
    shadows   bodies that cast one; "centre" is the central body
    """

    area_m2: float = 0.0
    reflectivity: float = 1.3
    shadows: tuple[str, ...] = ("centre",)

    def __post_init__(self) -> None:
        _not_negative("Radiation", area_m2=self.area_m2, reflectivity=self.reflectivity)
        for name in self.shadows:
            if name != "centre":
                body(name)

    @property
    def about(self) -> About:
        return About(
            "inverse square, conical shadow: Montenbruck & Gill 2000, 3.4; 1361 W/m^2"
            " (IAU 2015 B3)",
            "gcrf",
            "outside the bodies; spheres, no air in the shadow",
            "edges of the shadow to 10 ns of the model; the model 0.1 % of the light",
        )

    def bodies(self, centre: str) -> tuple[str, ...]:
        """Bodies that cast a shadow, by name."""
        names = [centre if n == "centre" else n for n in self.shadows]
        return tuple(dict.fromkeys(n for n in names if n != "sun"))

    def needs(self, centre: str) -> dict[str, str]:
        names = [n for n in self.bodies(centre) if n != centre]
        return dict.fromkeys(["sun", *names], "place")

    def rows(self, centre: str) -> tuple[tuple[str, str], ...]:
        return (("radiation pressure", "radiation"),)

    def install(self, assembly: Assembly) -> None:
        area = self.reflectivity * self.area_m2
        plates = assembly.plates
        if area <= 0.0 and not (plates and plates.shines):
            assembly.note(
                "radiation pressure was asked for and has no effect: area"
                f" {self.area_m2:g} m^2, reflectivity {self.reflectivity:g}"
            )
            return
        assembly.model.set_radiation(area * SOLAR_PRESSURE_N_M2 * AU_M**2)


@dataclass(frozen=True, slots=True)
class Plates:
    """Flat plates that drag and light act on, and the law the body's axes follow.

    panels          one-sided plates (physics.panels.Panel)
    attitude        "inertial"; "nadir": z to the centre, y against the orbit normal;
                    "yaw-steering": z to the centre, the Sun in the x-z plane; "sun": x to the Sun
    body_from_gcrf  (3, 3) of an inertial attitude
    shines, drags   which of the two act; they need `Radiation` and `Drag` beside them
    """

    panels: tuple[Panel, ...]
    attitude: Literal["inertial", "nadir", "yaw-steering", "sun"] = "nadir"
    body_from_gcrf: tuple[tuple[float, float, float], ...] = field(
        default=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    )
    shines: bool = True
    drags: bool = True

    def __post_init__(self) -> None:
        if self.attitude not in core.ATTITUDES:
            raise UnknownNameError(
                f"no attitude {self.attitude!r}. {did_you_mean(self.attitude, core.ATTITUDES)}"
            )
        m = np.asarray(self.body_from_gcrf, dtype=np.float64)
        if m.shape != (3, 3) or not np.allclose(m @ m.T, np.eye(3), atol=1e-9):
            raise InputError("body_from_gcrf of plates must be a rotation matrix, (3, 3)")

    @property
    def about(self) -> About:
        return About(
            "specular and diffuse reflection, one-sided: Montenbruck & Gill 2000, 3.73; Milani,"
            " Nobili & Farinella 1987, ch. 4",
            "body axes by an attitude law",
            "no plate shades another",
            "that of the plates",
        )

    def needs(self, centre: str) -> dict[str, str]:
        return {"sun": "place"} if centre != "sun" else {}

    def rows(self, centre: str) -> tuple[tuple[str, str], ...]:
        return ()

    def install(self, assembly: Assembly) -> None:
        if not self.panels:
            assembly.note("plates without a panel have no effect")
            return
        rows = np.zeros((len(self.panels), 10))
        for row, panel in zip(rows, self.panels, strict=True):
            free = panel.tracking == "sun" and panel.axis is None
            row[:3] = panel.area_m2, panel.specular, panel.diffuse
            row[3] = 2.0 if free else 1.0 if panel.tracking == "sun" else 0.0
            row[4:7] = panel.normal
            row[7:10] = panel.axis or (0.0, 1.0, 0.0)
        light = assembly.declared(Radiation) is not None and self.shines
        if not light and (assembly.declared(Drag) is None or not self.drags):
            assembly.note("plates have no effect: add Radiation() or Drag() beside them")
        drag: Any = assembly.declared(Drag)
        assembly.model.set_panels(
            rows,
            self.attitude,
            np.asarray(self.body_from_gcrf, dtype=np.float64),
            SOLAR_PRESSURE_N_M2 * AU_M**2 if light else 0.0,
            drag.coefficient if drag is not None and self.drags else 0.0,
        )


def _not_negative(what: str, **values: float) -> None:
    for name, value in values.items():
        if not (value >= 0.0 and math.isfinite(value)):
            raise InputError(f"{what}.{name} = {value!r} must not be negative")

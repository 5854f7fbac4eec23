"""Fidelity by name: sets of forces, and what each leaves out.

What is left out was measured against "precise" on reference orbits over a day
(bench/propagation/presets.py); docs/propagation.md prints the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.dynamics.dynamics import Dynamics
from cosmodrome.dynamics.forces import Force, Gravity, PointMass, Relativity, Tides
from cosmodrome.dynamics.surfaces import Drag, Radiation
from cosmodrome.errors import InputError, UnknownNameError, did_you_mean
from cosmodrome.world.centres import MOON_SPHERE_M

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PRESETS", "Preset", "preset"]


@dataclass(frozen=True, slots=True)
class Preset:
    """A named fidelity.

    summary   what is in it
    left_out  what is not, and how far that carries a spacecraft in a day
    """

    summary: str
    left_out: str
    forces: Callable[[Drag, Radiation], tuple[Force, ...]]
    centre: str = "earth"
    spheres: tuple[tuple[str, float], ...] = ()


def _points(*names: str) -> tuple[Force, ...]:
    return tuple(PointMass(n) for n in names)


def _precise(drag: Drag, light: Radiation) -> tuple[Force, ...]:
    return (
        Gravity("earth", 120),
        *_points("sun", "moon", "venus", "mars", "jupiter"),
        Tides(ocean=20),
        Relativity(lense_thirring=True, de_sitter=True),
        drag,
        Radiation(light.area_m2, light.reflectivity, ("centre", "moon")),
    )


PRESETS: dict[str, Preset] = {
    "two-body": Preset(
        "the Earth as a point",
        "everything: 450 to 1,150 km a day in low orbit, 17 km at GEO",
        lambda drag, light: (PointMass("earth"),),
    ),
    "fast": Preset(
        "Earth 20x20, Sun, Moon",
        "air and light above all: 28 km a day at 400 km, 144 m at 800 km, 410 m at GEO",
        lambda drag, light: (Gravity("earth", 20), *_points("sun", "moon")),
    ),
    "standard": Preset(
        "Earth 70x70, Sun, Moon, drag (NRLMSISE-00), light with the Earth's shadow",
        "tides, relativity, planets, the field above degree 70: 15 m a day at 400 km, 5 m at"
        " 800 km, 33 m in a GTO, 6 cm at GEO",
        lambda drag, light: (Gravity("earth", 70), *_points("sun", "moon"), drag, light),
    ),
    "precise": Preset(
        "Earth 120x120, Sun, Moon, Venus, Mars, Jupiter, solid, pole and ocean tides, relativity,"
        " drag, light with shadows of Earth and Moon",
        "albedo and heat of the Earth, winds, sub-daily Earth orientation: decimetres a day in low"
        " orbit beside what the air does not tell",
        _precise,
    ),
    "lunar": Preset(
        "Moon 100x100 (GRGM1200A), Earth, Sun, light with shadows of Moon and Earth",
        "the field above degree 100, planets, relativity: 6 m a day at 100 km; tides of the Moon",
        lambda drag, light: (
            Gravity("moon", 100),
            *_points("earth", "sun"),
            Radiation(light.area_m2, light.reflectivity, ("centre", "earth")),
        ),
        "moon",
    ),
    "translunar": Preset(
        "Earth 30x30 and Moon 60x60 with change of centre, Sun, Venus, Jupiter, relativity, light"
        " with shadows of Earth and Moon",
        "air, tides, higher fields near either body; arcs of Artemis I: millimetres to 0.9 m a day",
        lambda drag, light: (
            Gravity("earth", 30),
            Gravity("moon", 60),
            *_points("sun", "venus", "jupiter"),
            Relativity(),
            Radiation(light.area_m2, light.reflectivity, ("earth", "moon")),
        ),
        "earth",
        (("moon", MOON_SPHERE_M),),
    ),
}


def preset(name: str, *, drag: Drag | None = None, radiation: Radiation | None = None) -> Dynamics:
    """The forces of a named fidelity.

    drag, radiation  the spacecraft's surfaces; without them those two forces are left out. The
                     bodies that cast a shadow are the preset's

    Raises UnknownNameError for another name, InputError for a surface the preset has no force for.
    """
    if name not in PRESETS:
        raise UnknownNameError(f"no preset {name!r}. {did_you_mean(name, PRESETS)}")
    chosen = PRESETS[name]
    offered = chosen.forces(Drag(), Radiation())
    for given, kind in ((drag, Drag), (radiation, Radiation)):
        if given is not None and not any(isinstance(f, kind) for f in offered):
            raise InputError(
                f"the preset {name!r} has no {kind.__name__}; add it yourself:"
                f" preset({name!r}).plus({kind.__name__}(...))"
            )
    forces = chosen.forces(drag or Drag(), radiation or Radiation())
    kept = tuple(
        f
        for f in forces
        if not (isinstance(f, Drag) and drag is None)
        and not (isinstance(f, Radiation) and radiation is None)
    )
    return Dynamics(kept, chosen.centre, chosen.spheres)

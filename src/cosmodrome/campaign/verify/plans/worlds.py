"""Slips in the tables of nature that a flight is judged by: of the Earth's turn, the Sun, the sky.

The flight was flown with the right ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from cosmodrome.world.frame import Rotation

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["OF_WORLDS", "WorldSlip"]

_ARCSEC = np.pi / 648_000.0


@dataclass(frozen=True, slots=True)
class WorldSlip:
    """A table that is read wrong; `has`: does the flight rest on it?"""

    text: str
    has: Callable[[Flight], bool]
    make: Callable[[World], World]


class _Changed:
    """A table with some of its answers changed."""

    def __init__(self, true: Any, **changes: Any) -> None:
        self._true = true
        self.__dict__.update(changes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._true, name)


def _turned(world: World) -> World:
    """The Earth 2 arcsec too far east: UT1 - UTC with the wrong sign, of 67 ms."""
    a = 2.0 * _ARCSEC
    extra = np.array([[np.cos(a), np.sin(a), 0.0], [-np.sin(a), np.cos(a), 0.0], [0.0, 0.0, 1.0]])

    def itrf(epoch: Epoch) -> Rotation:
        true = world.orientation.itrf_from_gcrf(epoch)
        return Rotation("itrf", "gcrf", extra @ true.matrix, true.rate)

    wrong = _Changed(world.orientation, itrf_from_gcrf=itrf)
    return replace(world, orientation=cast("Any", wrong))


def _tenth(world: World) -> World:
    """F10.7 in units of 1e-21 W/(m^2 Hz) for those of 1e-22."""

    def at(epoch: Epoch) -> Any:
        true = world.space_weather.at(epoch)
        return replace(true, f107=0.1 * true.f107)

    wrong = _Changed(world.space_weather, at=at)
    return replace(world, space_weather=cast("Any", wrong))


def _short(world: World) -> World:
    """An ephemeris that ends before the flight."""

    def vintage() -> tuple[Any, ...]:
        return tuple(
            replace(v, last="2000-01-01") if v.name == "de440" else v for v in world.vintage()
        )

    return cast("World", _Changed(world, vintage=vintage))


OF_WORLDS: dict[str, WorldSlip] = {
    "orientation": WorldSlip("the Earth told 2 arcsec too far east", lambda f: True, _turned),
    "activity": WorldSlip(
        "the Sun's flux a tenth of its own",
        lambda f: (
            f.mission.physics.drag != "none"
            and f.mission.space_weather is None
            and any(g.path.frame.centre == "earth" for g in f.legs)
        ),
        _tenth,
    ),
    "ephemeris": WorldSlip("an ephemeris that ends before the flight", lambda f: True, _short),
}

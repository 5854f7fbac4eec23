"""World: the bundle of providers that is passed everywhere and never global."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.errors import UnknownNameError, did_you_mean
from cosmodrome.world import gravity as _gravity
from cosmodrome.world import store
from cosmodrome.world.days import date_of_mjd
from cosmodrome.world.ephemeris import Ephemeris
from cosmodrome.world.orientation import EarthOrientation
from cosmodrome.world.space_weather import SpaceWeatherTable
from cosmodrome.world.store import DataVintage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.world.gravity import GravityField

__all__ = ["DataVintage", "World"]

_READABLE = ("earth_orientation", "space_weather")
_SHIPPED = (
    "coastlines",
    "de440",
    "earth_orientation",
    "egm2008",
    "fes2004",
    "moon_orientation",
    "space_weather",
)


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Everything a flight asks of nature.

    orientation    GCRF, ITRF, true equator and equinox
    ephemeris      Sun, Moon, planets
    space_weather  F10.7 and ap
    files          the user's files by data-set name, where given
    """

    orientation: EarthOrientation
    ephemeris: Ephemeris
    space_weather: SpaceWeatherTable
    files: tuple[tuple[str, Path], ...] = field(default=())

    @classmethod
    def shipped(cls, data: Mapping[str, Path] | None = None) -> World:
        """The world of the shipped data, with newer files where the user points to them.

        data  "earth_orientation": an IERS finals2000A file; "space_weather": a CelesTrak CSV

        Raises UnknownNameError for another name, DataError for a file that cannot be read.
        """
        given = {name: Path(path) for name, path in (data or {}).items()}
        for name in given:
            if name not in _READABLE:
                raise UnknownNameError(
                    f"no data set {name!r} can be given. {did_you_mean(name, _READABLE)}"
                )
        orientation = (
            EarthOrientation.read(given["earth_orientation"])
            if "earth_orientation" in given
            else _orientation()
        )
        weather = (
            SpaceWeatherTable.read(given["space_weather"])
            if "space_weather" in given
            else _space_weather()
        )
        return cls(orientation, Ephemeris.shipped(), weather, tuple(sorted(given.items())))

    def gravity(self, body: str = "earth") -> GravityField:
        """The gravity field of a body.

        Raises UnknownNameError for a body without one.
        """
        if body != "earth":
            raise UnknownNameError(
                f"no gravity field of {body!r} is held. {did_you_mean(body, ['earth'])}"
            )
        return _gravity.earth()

    def vintage(self) -> tuple[DataVintage, ...]:
        """Source, span and verified checksum of every data set in use, by name.

        Raises DataError when a shipped file is damaged.
        """
        given = dict(self.files)
        out = []
        for name in _SHIPPED:
            if name == "earth_orientation" and name in given:
                table = self.orientation.parameters
                first, last = date_of_mjd(int(table.mjd[0])), date_of_mjd(int(table.mjd[-1]))
                note = f"observed to {date_of_mjd(int(table.last_observed_mjd))}"
                out.append(store.user_vintage(name, given[name], first, last, note))
            elif name == "space_weather" and name in given:
                weather = self.space_weather
                note = f"observed to {weather.last_observed}"
                out.append(store.user_vintage(name, given[name], weather.first, weather.last, note))
            else:
                out.append(store.shipped_vintage(name))
        return tuple(out)


@functools.cache
def _orientation() -> EarthOrientation:
    return EarthOrientation.shipped()


@functools.cache
def _space_weather() -> SpaceWeatherTable:
    return SpaceWeatherTable.shipped()

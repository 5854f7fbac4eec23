"""World: the bundle of providers that is passed everywhere and never global."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError, UnknownNameError, did_you_mean
from cosmodrome.world import gravity as _gravity
from cosmodrome.world import store
from cosmodrome.world.days import date_of_mjd
from cosmodrome.world.ephemeris import Ephemeris
from cosmodrome.world.orientation import EarthOrientation
from cosmodrome.world.space_weather import SpaceWeatherTable
from cosmodrome.world.store import DataVintage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.gravity import GravityField

__all__ = ["DataVintage", "World"]

_READABLE = ("earth_orientation", "space_weather")
_SHIPPED = (
    "coastlines",
    "de440",
    "earth_orientation",
    "egm2008",
    "fes2004",
    "gmm2b",
    "grgm1200a",
    "moon_orientation",
    "moon_terrain",
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

    def gravity(
        self,
        body: str = "earth",
        name: str | Path | None = None,
        *,
        degree: int | None = None,
        axes: str | None = None,
        tide_system: str | None = None,
    ) -> GravityField:
        """The gravity field of a body.

        name         a shipped field ("egm2008", "grgm1200a", "gmm2b"; default: the body's own),
                     or the path of a .gfc, .tab, .sha, .cof or .grv file
        degree       highest degree wanted (default: all there is)
        axes         body-fixed axes of a file's coefficients, where the file does not tell
        tide_system  of a file, where it does not say it

        Raises UnknownNameError for a body or name without a field, DataError for a file that
        cannot be read, InputError for a degree beyond what is held.
        """
        if isinstance(name, Path) or (name is not None and _is_path(name)):
            from cosmodrome.world import gravity_files

            return gravity_files.read(name, body, degree, axes=axes, tide_system=tide_system)
        if axes is not None or tide_system is not None:
            raise InputError(
                "axes and tide_system belong to a file; a shipped field brings its own: leave"
                " them out"
            )
        field = _gravity.shipped(body, name)
        return field if degree is None else field.truncated(degree)

    def notes(self, start: Epoch, end: Epoch) -> tuple[str, ...]:
        """What a report must say of a span: data in it that are not observed; empty when all are.

        The Earth's orientation and space weather are observed to a day, then predicted, then
        continued by a rule; the worst of the span is told. The two ends may come in any order.
        """
        last = max(start, end)
        out = []
        orientation = self.orientation.status(last)
        if orientation.kind != "observed":
            out.append(
                f"Earth orientation is {orientation.kind} at the end of the span:"
                f" {orientation.note}; UT1 to {orientation.sigma_ut1_s * 1e3:.3g} ms (one sigma),"
                f" {orientation.sigma_ut1_s * 465.1:.3g} m at the equator"
            )
        weather = self.space_weather.status(last)
        if weather != "observed":
            how = {
                "predicted": f"a prediction of NOAA's (observed to"
                f" {self.space_weather.last_observed})",
                "extrapolated": f"the last solar cycle repeated beyond the table's end on"
                f" {self.space_weather.last}; give a newer SW-All.csv",
            }[weather]
            out.append(f"space weather is {weather} at the end of the span: {how}")
        return tuple(out)

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


def _is_path(name: str) -> bool:
    return Path(name).suffix.lower() in (".gfc", ".tab", ".sha", ".cof", ".grv") or "/" in name


@functools.cache
def _orientation() -> EarthOrientation:
    return EarthOrientation.shipped()


@functools.cache
def _space_weather() -> SpaceWeatherTable:
    return SpaceWeatherTable.shipped()

"""What a mission is flown in: forces in orbit, solar activity, the wind of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.physics.wind import SmoothWind
    from cosmodrome.world.space_weather import SpaceWeatherSample

__all__ = ["PhysicsModel", "SpaceWeather", "WindTable"]


@dataclass(frozen=True, slots=True)
class SpaceWeather:
    """Fixed solar and geomagnetic activity given by the user."""

    f107: float
    f107a: float
    ap: float

    def sample(self) -> SpaceWeatherSample:
        """As models of the thermosphere take it, the same at every instant."""
        import numpy as np

        from cosmodrome.world.space_weather import SpaceWeatherSample

        return SpaceWeatherSample(self.f107, self.f107a, np.full(7, self.ap), "given")


@dataclass(frozen=True, slots=True)
class PhysicsModel:
    """Forces in orbit. drag: "nrlmsise00" | "none".

    gravity        of the Earth
    moon_gravity   of the Moon, where a flight is counted from it
    third_bodies   about the Moon the Earth takes the Moon's place in them
    """

    gravity_degree: int = 70
    gravity_order: int = 70
    third_bodies: tuple[str, ...] = ("sun", "moon")
    drag: str = "nrlmsise00"
    radiation_pressure: bool = True
    moon_gravity_degree: int = 100
    moon_gravity_order: int = 100


@dataclass(frozen=True, slots=True)
class WindTable:
    """A steady horizontal wind: lines of altitude (m above the ellipsoid, increasing) and wind
    to the east and to the north (m/s); `text` says it in words.

    Held below the first line; how it is interpolated and fades above the last: `physics.wind`.
    """

    altitude_m: tuple[float, ...]
    east_m_s: tuple[float, ...]
    north_m_s: tuple[float, ...]
    text: str = ""

    def curve(self) -> SmoothWind:
        """The smooth curve through its lines, which everything flies in."""
        from cosmodrome.physics.wind import SmoothWind

        return SmoothWind.through(self.altitude_m, self.east_m_s, self.north_m_s)

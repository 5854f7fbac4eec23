"""Where a mission that begins in orbit begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cosmodrome.mission.libration_text import read_wish
from cosmodrome.world.named_axes import centre_of

if TYPE_CHECKING:
    from cosmodrome.formats.mean_elements import MeanElements
    from cosmodrome.world.epoch import Epoch

__all__ = [
    "Start",
    "StartBeside",
    "StartElements",
    "StartGround",
    "StartLibration",
    "StartPrinted",
    "StartState",
]

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class StartState:
    """Place and velocity in axes of `world.named_axes`: NAMED_AXES, or MOON_AXES about the Moon."""

    axes: str
    r_m: tuple[float, float, float]
    v_m_s: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class StartBeside:
    """What a message says beside the place and velocity that were taken from it, in their axes.

    a_m, e, i_rad  osculating elements that it states, with its own mu_m3_s2; None: it has none
    points         the two lines of an ephemeris around the start, each (s after it, place m,
                   velocity m/s); (): it is no ephemeris
    """

    a_m: float | None = None
    e: float | None = None
    i_rad: float | None = None
    mu_m3_s2: float | None = None
    points: tuple[tuple[float, Vector, Vector], ...] = ()


@dataclass(frozen=True, slots=True)
class StartElements:
    """Kepler elements in the axes "tod" (true equator and equinox of date) or "gcrf"; about the
    Moon in "moon-equator" (its equator of date) or "moon/gcrf".

    anomaly  which anomaly `anomaly_rad` is
    mean     freed of the short-period part of J2, to be put back; otherwise osculating
    """

    axes: Literal["tod", "gcrf", "moon-equator", "moon/gcrf"]
    a_m: float
    e: float
    i_rad: float
    raan_rad: float
    argp_rad: float
    anomaly: Literal["true", "mean"]
    anomaly_rad: float
    mean: bool = False


@dataclass(frozen=True, slots=True)
class StartPrinted:
    """A state as mission reports print it; see `targets.printed`.

    height_m   above the body's ellipsoid, or a sphere of `radius_m`
    speed_m_s  inertial; path_rad above the horizontal, heading_rad from north to east
    north      "axis" of the turning body, or the pole of the "gcrf"
    """

    body: Literal["earth", "moon"]
    latitude_rad: float
    longitude_rad: float
    height_m: float
    speed_m_s: float
    path_rad: float
    heading_rad: float
    radius_m: float | None = None
    north: Literal["axis", "gcrf"] = "axis"


@dataclass(frozen=True, slots=True)
class StartLibration:
    """A place on a path near a libration orbit, in the forces of the mission.

    orbit      in words, as `libration_text` reads them
    phase_rad  share of a revolution since its first crossing (of a halo orbit the farthest from
               the plane, the apolune of a near-rectilinear one), as an angle
    """

    orbit: str
    phase_rad: float = 0.0


@dataclass(frozen=True, slots=True)
class StartGround:
    """At rest on the ground of the Moon: mean-Earth latitude and longitude, height above
    1,737.4 km; None: the terrain's.
    """

    latitude_rad: float
    longitude_rad: float
    height_m: float | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Where a mission that begins in orbit begins, at `epoch`: one of six, the others None.

    state     place and velocity, given or from an OPM or OEM
    elements  Kepler elements
    printed   as a report prints it
    libration  on a libration orbit
    ground    at rest on the Moon
    sgp4      the mean elements of a TLE or OMM, to be flown to `epoch` by SGP4
    mass_kg   of the spacecraft, where the message or the file gives it
    source    in words, with the name of the file
    beside    what a message says beside its state, which nothing flies: checks hold it against it
    """

    epoch: Epoch
    state: StartState | None = None
    elements: StartElements | None = None
    sgp4: MeanElements | None = None
    printed: StartPrinted | None = None
    mass_kg: float | None = None
    source: str = ""
    libration: StartLibration | None = None
    ground: StartGround | None = None
    beside: StartBeside | None = None

    @property
    def centre(self) -> str:
        """The body it is about."""
        if self.ground is not None:
            return "moon"
        if self.printed is not None:
            return self.printed.body
        if self.libration is not None:
            return read_wish(self.libration.orbit).body
        told = self.state or self.elements
        return "earth" if told is None else centre_of(told.axes)

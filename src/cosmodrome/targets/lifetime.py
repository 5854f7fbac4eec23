"""How long an orbit lives: its mean elements over decades, until it comes down.

Semi-analytical: the zonal harmonics turn the mean orbit (`averaged.mean_rates`), and between their
turns come the kicks of what is slow (Strang 1968): the air by a quadrature over the revolution
(NRLMSISE-00 itself), the light of the Sun, and Sun and Moon averaged over the revolution. What is
averaged and what that costs: docs/upkeep.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.mean import mean_from_osculating
from cosmodrome.errors import InfeasibleError
from cosmodrome.maths.vectors import cross
from cosmodrome.physics import thermosphere
from cosmodrome.physics.orbit_averages import (
    MeanOrbit,
    Rates,
    air_rates,
    light_rates,
    third_body_rates,
    tidal_tensor,
    turned_by_zonals,
)
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import (
    AU_M,
    EARTH_EQUATORIAL_RADIUS_M,
    OMEGA_EARTH_RAD_S,
    SOLAR_PRESSURE_N_M2,
    body,
)
from cosmodrome.world.geodesy import geodetic_from_itrf
from cosmodrome.world.space_weather import SpaceWeatherSample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import PhysicsModel, Spacecraft, SpaceWeather
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["FLOOR_M", "Decay", "Surroundings", "decay", "mean_orbit"]

#: a mean perigee below this altitude is the end: 400,000 ft, the customary entry interface
FLOOR_M = 121_920.0
_DAY = 86_400.0
# of a decay of decades; of one of months, a sixth of that
_LONGEST_STEP_S = 12.0 * _DAY
_STEPS = 300
_SHORTEST_STEP_S = 60.0
#: of the scale height, by how much a perigee may fall in one step
_SHARE = 0.1
# harmonics above move a mean perigee by metres
_DEGREE = 8
# Sun and Moon: nodes of the table, and what each is averaged over (the Moon's sidereal month)
_NODE_S = 5.0 * _DAY
_WINDOW_S = {"sun": 5.0 * _DAY, "moon": 27.32 * _DAY}
_SAMPLE_S = 0.5 * _DAY
_BLOCK = 64


@dataclass(frozen=True, slots=True, eq=False)
class Decay:
    """How a mean orbit went down.

    lifetime_s   until the mean perigee is below FLOOR_M; infinite where it is not within the time
                 that was looked at
    looked_s     that time
    t_s, a_m, e  (n,) the mean elements on the way
    weather      how the Sun's and the Earth's activity is known, in words
    """

    lifetime_s: float
    looked_s: float
    t_s: Array
    a_m: Array
    e: Array
    weather: str

    @property
    def perigee_m(self) -> Array:
        """Altitudes of the mean perigee above 6,378,137 m, (n,)."""
        return np.asarray(self.a_m * (1.0 - self.e) - EARTH_EQUATORIAL_RADIUS_M)


class Surroundings:
    """What acts on a spacecraft over years, asked for at an instant.

    mass_kg  of the spacecraft as it decays
    """

    def __init__(
        self,
        epoch: Epoch,
        mass_kg: float,
        craft: Spacecraft,
        physics: PhysicsModel,
        weather: SpaceWeather | None,
        world: World,
    ) -> None:
        self.epoch, self.world, self.weather = epoch, world, weather
        self.field = world.gravity().truncated(_DEGREE)
        self.bodies = tuple(b for b in ("sun", "moon") if b in physics.third_bodies)
        self.ballistic = (
            0.0 if physics.drag == "none" else craft.drag_coefficient * craft.drag_area_m2 / mass_kg
        )
        self.push = (
            SOLAR_PRESSURE_N_M2 * craft.reflectivity * craft.srp_area_m2 / mass_kg
            if physics.radiation_pressure
            else 0.0
        )
        self._gast_rad = world.orientation.gast_rad(epoch)
        self._tensors: dict[int, Array] = {}
        self._suns: dict[int, Array] = {}

    def indices(self, epoch: Epoch) -> SpaceWeatherSample:
        """The Sun's and the Earth's activity: the user's own, or a month's mean of the table."""
        if self.weather is not None:
            w = self.weather
            return SpaceWeatherSample(w.f107, w.f107a, np.full(7, w.ap), "given")
        return self.world.space_weather.mean(epoch)

    def told(self, until_s: float) -> str:
        """How the activity is known over a span, in words."""
        if self.weather is not None:
            w = self.weather
            return (
                f"F10.7 {w.f107:g}, mean {w.f107a:g}, Ap {w.ap:g} held, as the mission gives them"
            )
        table = self.world.space_weather
        out = []
        if table.status(self.epoch) == "observed":
            out.append(f"observed until {table.last_observed}")
        if table.status(self.epoch + until_s) != "observed":
            out.append(f"NOAA's predictions until {table.last}")
        if table.status(self.epoch + until_s) == "extrapolated":
            out.append("beyond them the last eleven years of the table again and again")
        return "month's means of the activity: " + ", ".join(out)

    def _fill(self, block: int) -> None:
        """Tensors and the Sun's place at a block of nodes, true equator of date."""
        nodes = np.arange(block * _BLOCK, (block + 1) * _BLOCK)
        tensors = np.zeros((_BLOCK, 3, 3))
        axes = self.world.orientation.tod_from_gcrf(
            self.epoch + float(_NODE_S * (block + 0.5) * _BLOCK)
        )
        for name in {*self.bodies, "sun"}:
            half = 0.5 * _WINDOW_S[name]
            count = 2 * math.ceil(half / _SAMPLE_S)
            steps = (np.arange(count) + 0.5) / count * 2.0 * half - half
            t = (nodes[:, None] * _NODE_S + steps[None, :]).ravel()
            places = axes.vector(self.world.ephemeris.positions_m(name, self.epoch, t))
            places = places.reshape(_BLOCK, count, 3)
            if name in self.bodies:
                mu = body(name).mu_m3_s2
                tensors += np.stack([tidal_tensor(p, mu) for p in places])
            if name == "sun":
                for k, n in enumerate(nodes):
                    self._suns[int(n)] = places[k].mean(axis=0)
        for k, n in enumerate(nodes):
            self._tensors[int(n)] = tensors[k]

    def bodies_at(self, t_s: float) -> tuple[Array, Array]:
        """The tensor of Sun and Moon and the Sun's place, between nodes by straight lines."""
        n, w = divmod(t_s / _NODE_S, 1.0)
        k = int(n)
        for node in (k, k + 1):
            if node not in self._tensors:
                self._fill(node // _BLOCK)
        tensor = (1.0 - w) * self._tensors[k] + w * self._tensors[k + 1]
        return tensor, (1.0 - w) * self._suns[k] + w * self._suns[k + 1]

    def density(self, t_s: float, r_m: Array) -> Array:
        """Air density of places (n, 3) of one revolution, true equator of date.

        The places are spread over the day, so that neither the hour in UT nor the longitude of
        one revolution stands for all.
        """
        spread = np.arange(len(r_m)) * 0.6180339887498949 % 1.0 * _DAY
        start = self.epoch + t_s
        angle = self._gast_rad + OMEGA_EARTH_RAD_S * (t_s + spread)
        lat, lon, h = geodetic_from_itrf(r_m)
        # a place below what the model knows ends the flight soon enough
        h = np.maximum(h, thermosphere.LOWEST_M)
        out = np.zeros(len(r_m))
        felt = h < thermosphere.FADE_M[0]
        if np.any(felt):
            now = self.indices(start)
            out[felt] = thermosphere.direct(
                start,
                np.asarray(spread[felt], dtype=np.float64),
                lat[felt],
                np.mod(lon[felt] - angle[felt] + math.pi, 2.0 * math.pi) - math.pi,
                h[felt],
                lambda _: now,
            )
        return out

    def rates(self, orbit: MeanOrbit, t_s: float) -> Rates:
        """What Sun and Moon and their light do to a mean orbit."""
        mu = self.field.mu_m3_s2
        tensor, sun = self.bodies_at(t_s)
        out = third_body_rates(orbit, tensor, mu)
        if self.push > 0.0:
            push = self.push * AU_M**2 / float(sun @ sun)
            out = out + light_rates(orbit, sun, push, EARTH_EQUATORIAL_RADIUS_M, mu)
        return out

    def air(self, orbit: MeanOrbit, t_s: float) -> Rates:
        """What the air does to a mean orbit."""
        low = orbit.perigee_m - EARTH_EQUATORIAL_RADIUS_M
        if self.ballistic == 0.0 or low > thermosphere.FADE_M[0]:
            return Rates(0.0, np.zeros(3), np.zeros(3))
        return air_rates(
            orbit,
            lambda r: self.density(t_s, r),
            self.ballistic,
            OMEGA_EARTH_RAD_S,
            self.field,
        )


def mean_orbit(state: State, world: World) -> MeanOrbit:
    """The mean orbit (first-order J2 theory, true equator of date) of a state in GCRF.

    Raises InputError for an open orbit.
    """
    field = world.gravity()
    mu = field.mu_m3_s2
    axes = world.orientation.tod_from_gcrf(state.epoch)
    r, v = mean_from_osculating(
        axes.vector(state.r_m), axes.vector(state.v_m_s), mu, field.radius_m, field.zonal_j(2)
    )
    h = cross(r, v)
    radius = float(np.linalg.norm(r))
    return MeanOrbit(
        1.0 / (2.0 / radius - float(v @ v) / mu),
        h / np.linalg.norm(h),
        cross(v, h) / mu - r / radius,
    )


def decay(orbit: MeanOrbit, around: Surroundings, at_most_s: float, watch: Watch = SILENT) -> Decay:
    """A mean orbit (true equator of date) from `around.epoch` until it comes down.

    at_most_s  it is not looked at for longer

    Raises InfeasibleError where the orbit is open or already below the entry interface.
    """
    if not 0.0 <= orbit.eccentricity < 1.0 or orbit.a_m <= 0.0:
        raise InfeasibleError("the lifetime of an orbit that escapes was asked")
    longest = min(max(at_most_s / _STEPS, _LONGEST_STEP_S / 6.0), _LONGEST_STEP_S)
    t, rows = 0.0, [(0.0, orbit.a_m, orbit.eccentricity)]
    lifetime = math.inf
    before, dt = 0.0, longest
    while True:
        stop_if_cancelled(watch)
        height = orbit.perigee_m - EARTH_EQUATORIAL_RADIUS_M
        if height <= FLOOR_M:
            lifetime = _crossed(rows)
            break
        slow, air = around.rates(orbit, t), around.air(orbit, t)
        dt = min(2.0 * dt, longest, _step(orbit, slow + air, height), max(at_most_s - t, 0.0))
        # half of the step before and half of the one to come: one kick, one turn a step
        kick = 0.5 * (before + dt)
        orbit = orbit.moved(slow, kick)
        half: MeanOrbit | None = None
        if -air.a_m * kick > 0.02 * _scale(height):
            half = orbit.slowed(air, 0.5 * kick)
            air = around.air(half, t)
        orbit = orbit.slowed(air, kick, half)
        if dt == 0.0:
            break
        orbit = turned_by_zonals(orbit, around.field, dt)
        t, before = t + dt, dt
        rows.append((t, orbit.a_m, orbit.eccentricity))
    table = np.array(rows)
    looked = min(t, lifetime)
    return Decay(lifetime, at_most_s, table[:, 0], table[:, 1], table[:, 2], around.told(looked))


def _scale(height_m: float) -> float:
    """Of the air, roughly, m: 6 km at 120 km, 22 at 200, 62 at 400."""
    return max(6e3, (height_m - 90e3) / 5.0)


def _step(orbit: MeanOrbit, rates: Rates, height_m: float) -> float:
    """A step in which neither perigee nor apogee falls by much."""
    e = orbit.eccentricity
    outward = orbit.e / e if e > 1e-9 else orbit.e
    e_rate = float(rates.e @ outward)
    low = abs(rates.a_m * (1.0 - e) - orbit.a_m * e_rate)
    high = abs(rates.a_m)
    scale = _SHARE * _scale(height_m)
    wide = _SHARE * max(orbit.a_m * e, _scale(height_m))
    dt = min(scale / max(low, 1e-12), wide / max(high, 1e-12))
    return max(dt, _SHORTEST_STEP_S)


def _crossed(rows: list[tuple[float, float, float]]) -> float:
    """When the perigee went through the floor, by a straight line over the last step."""
    if len(rows) < 2:
        return 0.0
    (t0, a0, e0), (t1, a1, e1) = rows[-2:]
    h0, h1 = (a * (1.0 - e) - EARTH_EQUATORIAL_RADIUS_M - FLOOR_M for a, e in ((a0, e0), (a1, e1)))
    return t0 + (t1 - t0) * h0 / (h0 - h1) if h0 > h1 else t1

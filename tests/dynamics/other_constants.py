"""Constants and conventions other programs were run with, put in place of the shipped ones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import erfa
import numpy as np

from cosmodrome.world.body_orientation import fixed_from_gcrf_many
from cosmodrome.world.ephemeris import tdb_clock
from cosmodrome.world.gravity import GravityField

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.frame import Rotation
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

# mean equator and equinox of J2000 from GCRF: the frame bias (IERS Conventions 2010, 5.4.4)
BIAS: Array = erfa.bp06(2451545.0, 0.0)[0]
# gravitational parameters of DE405 (Standish 1998): GMS; GMB split by EMRAT 81.30056
DE405_SUN, DE405_MOON = 1.32712440017987e20, 4902.80058214776e9
DE405_AU_M, DE405_RATIO = 149_597_870_691.0, 81.30056


def point(body: str, mu_m3_s2: float) -> GravityField:
    """A body as a point of a given mass."""
    one, none = np.ones((1, 1)), np.zeros((1, 1))
    axes = "moon-pa" if body == "moon" else "itrf"
    return GravityField(mu_m3_s2, 1.0, 0, one, none, "unknown", "point", "given", body, axes)


@dataclass(frozen=True)
class Other:
    """The shipped world with some of it replaced."""

    world: World
    fields: dict[str, GravityField] = field(default_factory=dict)
    orientation: Any = None
    ephemeris: Any = None

    def __post_init__(self) -> None:
        for name in ("orientation", "ephemeris"):
            if getattr(self, name) is None:
                object.__setattr__(self, name, getattr(self.world, name))

    def gravity(self, body: str = "earth", name: Any = None, **more: Any) -> GravityField:
        if name is None and body in self.fields:
            return self.fields[body]
        return self.world.gravity(body, name, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world, name)


@dataclass(frozen=True)
class Iau1980:
    """The Earth's orientation by IAU 1976/1980 without corrections of the pole.

    Lieske et al. 1977 (precession), Seidelmann 1982 (nutation), Aoki et al. 1982 (sidereal time)
    with the equation of the equinoxes of 1994. The axes of J2000 are taken as they are, without
    the frame bias.
    """

    now: Any

    def table(self, start: Epoch, end: Epoch) -> _Turning:
        return _Turning(self, start)

    def cip_gcrf_many(self, epoch: Epoch, t: Array) -> Array:
        return np.array([self.matrix(epoch + float(x))[2] for x in t])

    def matrix(self, epoch: Epoch) -> Array:
        """Earth-fixed axes from those of J2000."""
        tt, utc = epoch.jd_tt, epoch.jd_utc
        ut1 = utc[1] + self.now.ut1_minus_utc_s(epoch) / 86_400.0
        gast = erfa.gmst82(utc[0], ut1) + erfa.eqeq94(*tt)
        wobble = erfa.pom00(*self.now.polar_motion_rad(epoch), 0.0)
        return np.asarray(wobble @ erfa.rz(gast, np.eye(3)) @ erfa.pnm80(*tt))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)


@dataclass(frozen=True)
class Turned:
    """The Earth's orientation with a constant turn after it: (3,) rad about x, y, z."""

    now: Any
    angles_rad: tuple[float, float, float]

    def table(self, start: Epoch, end: Epoch) -> _Turning:
        return _Turning(self, start)

    def matrix(self, epoch: Epoch) -> Array:
        x, y, z = self.angles_rad
        turn = erfa.rz(z, erfa.ry(y, erfa.rx(x, np.eye(3))))
        return np.asarray(turn @ self.now.itrf_from_gcrf(epoch).matrix)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)


@dataclass(frozen=True)
class _Turning:
    of: Any
    start: Epoch

    def matrix(self, t: Array) -> Array:
        return np.array([self.of.matrix(self.start + float(x)) for x in np.atleast_1d(t)])


class De405:
    """Sun, Earth, Moon and the Moon's libration by DE405, for the days stored.

    tt_as_tdb  TT taken where TDB belongs (up to 1.7 ms), as STK did
    """

    # first coefficient, coefficients, granules of 32 days; from the file's header
    _BARYCENTRE, _MOON, _SUN, _LIBRATION = (231, 13, 2), (441, 13, 8), (753, 11, 2), (899, 10, 4)

    def __init__(self, path: Path, shipped: Any, *, tt_as_tdb: bool = False) -> None:
        self.records: Array = np.load(path)
        self.shipped, self.tt_as_tdb = shipped, tt_as_tdb

    def _clock(self, epoch: Epoch, t_s: Array) -> tuple[Array, Array]:
        t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
        if not self.tt_as_tdb:
            return tdb_clock(epoch, t)
        day, rest = divmod(epoch.ns, 86_400_000_000_000)
        return np.full(t.size, float(day)), rest / 1e9 + t

    def _series(self, which: tuple[int, int, int], day: Array, s: Array) -> tuple[Array, Array]:
        """Values and rates a day, (n, 3)."""
        first, terms, granules = which
        since = (2451545.0 - self.records[:, 0, None]) + day + s / 86_400.0
        inside = (since >= 0.0) & (since < 32.0)
        if not np.all(np.any(inside, axis=0)):
            raise LookupError("an instant outside the stored records of DE405")
        record = np.argmax(inside, axis=0)
        x = since[record, np.arange(day.size)] * granules / 32.0
        granule = np.minimum(x.astype(int), granules - 1)
        u = 2.0 * (x - granule) - 1.0
        begin = first - 1 + granule * terms * 3
        index = begin[:, None, None] + np.arange(3)[:, None] * terms + np.arange(terms)
        c = self.records[record[:, None, None], index]
        basis = np.polynomial.chebyshev.chebvander(u, terms - 1)
        slope = np.polynomial.chebyshev.chebder(np.eye(terms))
        rates = basis[:, :-1] @ slope * (2.0 * granules / 32.0)
        return np.einsum("nk,nck->nc", basis, c), np.einsum("nk,nck->nc", rates, c)

    def _from_earth(self, body: str, day: Array, s: Array) -> Array:
        """Place m and velocity m/s in one row, (n, 6)."""
        if body == "earth":
            return np.zeros((day.size, 6))
        moon = np.hstack(self._series(self._MOON, day, s))
        if body == "sun":
            barycentre = np.hstack(self._series(self._BARYCENTRE, day, s))
            earth = barycentre - moon / (1.0 + DE405_RATIO)
            moon = np.hstack(self._series(self._SUN, day, s)) - earth
        return np.asarray(moon * np.repeat([1e3, 1e3 / 86_400.0], 3))

    def positions_m(self, body: str, epoch: Epoch, t: Array, centre: str = "earth") -> Array:
        return self.states(body, epoch, t, centre)[:, :3]

    def velocities_m_s(self, body: str, epoch: Epoch, t: Array, centre: str = "earth") -> Array:
        return self.states(body, epoch, t, centre)[:, 3:]

    def states(self, body: str, epoch: Epoch, t: Array, centre: str = "earth") -> Array:
        """Place m, velocity m/s, (n, 6)."""
        clock = self._clock(epoch, t)
        return self._from_earth(body, *clock) - self._from_earth(centre, *clock)

    def moon_fixed(self) -> Callable[..., Rotation]:
        """`fixed_from_gcrf_many` with the Moon's principal axes by DE405's own libration."""

        def fixed(world: World, body: str, axes: str | None, epoch: Epoch, t: Array) -> Rotation:
            rotation = fixed_from_gcrf_many(world, body, axes, epoch, t)
            if body != "moon":
                return rotation
            angles = self._series(self._LIBRATION, *self._clock(epoch, t))[0]
            one = np.eye(3)
            turns = [erfa.rz(c, erfa.rx(b, erfa.rz(a, one))) for a, b, c in angles]
            return replace(rotation, matrix=np.array(turns))

        return fixed

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shipped, name)

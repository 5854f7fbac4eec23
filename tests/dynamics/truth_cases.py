"""Flights of other programs as this one would fly them; shared by test_truth_*.py and truth_table."""

from __future__ import annotations

import functools
import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import erfa
import numpy as np

from cosmodrome.dynamics import (
    Drag,
    Dynamics,
    ExponentialAir,
    Gravity,
    PointMass,
    Radiation,
    Thrust,
    propagate,
)
from cosmodrome.mission.nouns import SpaceWeather
from cosmodrome.world import gravity_files
from cosmodrome.world.bodies import SOLAR_PRESSURE_N_M2
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.gravity import GravityField
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

TRUTH = Path(__file__).parents[1] / "truth" / "dynamics"
# mean equator and equinox of J2000 from GCRF: the frame bias (IERS Conventions 2010, 5.4.4)
BIAS: Array = erfa.bp06(2451545.0, 0.0)[0]
# solar pressure STK HPOP was run with, N/m^2 at 1 au
STK_PRESSURE = 4.53443218374393e-6


@functools.cache
def stored(name: str) -> Any:
    """Reference data by file name; COSMODROME_TRUTH points to a folder with every state."""
    folder = Path(os.environ.get("COSMODROME_TRUTH", TRUTH))
    return json.loads((folder / name).read_text(encoding="ascii"))


@functools.cache
def field(name: str, body: str = "earth", axes: str | None = None) -> GravityField:
    return gravity_files.read(TRUTH / f"{name}.cof", body, axes=axes)


@dataclass(frozen=True)
class Fields:
    """The shipped world with other gravity fields."""

    world: World
    fields: dict[str, GravityField]

    def gravity(self, body: str = "earth", name: str | None = None, **more: Any) -> GravityField:
        if name is None and body in self.fields:
            return self.fields[body]
        return self.world.gravity(body, name, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world, name)


def misses(
    rows: Any,
    dynamics: Dynamics,
    epoch: Epoch,
    mass_kg: float,
    world: Any,
    rotation: Array | None = None,
    scale: float = 1.0,
) -> Array:
    """Distances in m between the states and a flight from the first of them.

    rows      t s, place, velocity; times `scale` they are in m and m/s
    rotation  from GCRF to the axes of the rows
    """
    table = np.array([row[:7] for row in rows])
    t, y = table[:, 0] - table[0, 0], table[:, 1:] * scale
    if rotation is not None:
        y = np.hstack([y[:, :3] @ rotation, y[:, 3:] @ rotation])
    start = State(epoch + table[0, 0], gcrf(dynamics.centre), y[0, :3], y[0, 3:], mass_kg)
    flown = propagate(start, dynamics, float(t[-1]), world=world, times=t, dense=False)
    return np.asarray(np.linalg.norm(flown.samples[:, :3] - y[:, :3], axis=1))


@dataclass(frozen=True)
class Iau1980:
    """The Earth's orientation by IAU 1976/1980 without corrections of the pole, as STK had it.

    Lieske et al. 1977 (precession), Seidelmann 1982 (nutation), Aoki et al. 1982 (sidereal time)
    with the equation of the equinoxes of 1994.
    """

    now: Any
    polar_motion: bool = True
    ut1: bool = True

    def table(self, start: Epoch, end: Epoch) -> _Turning:
        return _Turning(self, start)

    def era_rad(self, epoch: Epoch) -> float:
        return float(self.now.era_rad(epoch))

    def cip_gcrf_many(self, epoch: Epoch, t: Array) -> Array:
        return np.array([self.matrix(epoch + float(x))[2] for x in t])

    def matrix(self, epoch: Epoch) -> Array:
        """ITRF from GCRF: the true pole of 1980 over the mean equator of J2000."""
        tt, utc = epoch.jd_tt, epoch.jd_utc
        dut1 = self.now.ut1_minus_utc_s(epoch) if self.ut1 else 0.0
        u2 = utc[1] + dut1 / 86_400.0
        gast = erfa.gmst82(utc[0], u2) + erfa.eqeq94(*tt)
        x, y = self.now.polar_motion_rad(epoch) if self.polar_motion else (0.0, 0.0)
        wobble = erfa.pom00(x, y, 0.0)
        return np.asarray(wobble @ erfa.rz(gast, np.eye(3)) @ erfa.pnm80(*tt))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)


@dataclass(frozen=True)
class _Turning:
    of: Iau1980
    start: Epoch

    def matrix(self, t: Array) -> Array:
        return np.array([self.of.matrix(self.start + float(x)) for x in np.atleast_1d(t)])

"""Electric power over an orbit: what the array gives, what the loads take, what is left.

    generated = S (1 au / d)^2  x  share of the Sun's disk in view  x  area x efficiency
                x (1 - degradation) x cosine of incidence

S = 1361 W/m^2 (IAU 2015 Resolution B3). The share of the disk is that of two overlapping circles
(Montenbruck & Gill 2000, eq. 3.87); no heat, no array voltage, no albedo.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.coverage.track import gcrf_places
from cosmodrome.errors import InputError
from cosmodrome.mission.onboard import Battery, SolarArray
from cosmodrome.physics.radiation import visible_fraction
from cosmodrome.world.bodies import AU_M, SUN, body

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.coverage.eclipses import Eclipse
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["SOLAR_CONSTANT_W_M2", "Battery", "PowerTable", "SolarArray", "in_battery", "power_over"]

SOLAR_CONSTANT_W_M2 = 1361.0


@dataclass(frozen=True, slots=True, eq=False)
class PowerTable:
    """Power over a span; rows (n,), t in seconds from the path's epoch.

    light           share of the Sun's disk in view
    cosine          of the angle of incidence, 0 from behind
    generated_w, load_w
    stored_j        in the battery; never more than its capacity, nor less than nothing
    generated_j, load_j  totals of the span
    shortfall_j     asked for by the loads and not there; `short_j` (n - 1,) row by row
    """

    t_s: Array
    light: Array
    cosine: Array
    generated_w: Array
    load_w: Array
    stored_j: Array
    generated_j: float
    load_j: float
    shortfall_j: float
    capacity_j: float
    short_j: Array

    @property
    def depth_of_discharge(self) -> float:
        """Largest share of the capacity that was taken out."""
        return 1.0 - float(self.stored_j.min()) / self.capacity_j

    @property
    def balance_j(self) -> float:
        """Generated less asked for, over the span."""
        return self.generated_j - self.load_j


def power_over(
    path: Trajectory,
    world: World,
    array: SolarArray,
    battery: Battery,
    *,
    lit_load_w: float,
    dark_load_w: float,
    found: Sequence[Eclipse],
    start_t_s: float | None = None,
    end_t_s: float | None = None,
    step_s: float = 10.0,
    stored_j: float | None = None,
    to_bus: float = 1.0,
) -> PowerTable:
    """Array, loads and battery over a span of a path.

    found     its eclipses (`eclipses`): rows stand at their edges too, so that none is stepped over
    lit_load_w, dark_load_w  loads outside and inside umbra
    stored_j  in the battery at the start; full by default
    to_bus    share of the array's power that reaches loads and battery

    Raises InputError for loads or a step that make no sense, DataSpanError for a span beyond the
    path.
    """
    if not (lit_load_w >= 0.0 and dark_load_w >= 0.0 and step_s > 0.0):
        raise InputError(
            f"loads of {lit_load_w!r} W and {dark_load_w!r} W each {step_s!r} s: give loads of zero"
            " or more and a step above zero"
        )
    a = float(path.breaks_s[0]) if start_t_s is None else start_t_s
    b = float(path.breaks_s[-1]) if end_t_s is None else end_t_s
    edges = [x for e in found for x in (e.start_t_s, e.end_t_s) if a < x < b]
    t = np.unique(np.concatenate([np.arange(a, b, step_s), edges, [b]]))
    light = _light(path, world, t, sorted({e.body for e in found}))
    cosine, distance = _incidence(path, world, array, t)
    flux = SOLAR_CONSTANT_W_M2 * (AU_M / distance) ** 2
    array_w = array.area_m2 * array.efficiency * (1.0 - array.degradation) * to_bus
    power = flux * light * cosine * array_w
    middle = 0.5 * (t[:-1] + t[1:])
    dark = np.zeros(middle.size, dtype=bool)
    for e in found:
        if e.kind == "umbra":
            dark |= (middle > e.start_t_s) & (middle < e.end_t_s)
    load = np.where(dark, dark_load_w, lit_load_w)
    gained = 0.5 * (power[:-1] + power[1:])
    width = np.diff(t)
    held = battery.capacity_j if stored_j is None else float(stored_j)
    stored, short = in_battery((gained - load) * width, battery, held)
    return PowerTable(
        t,
        light,
        cosine,
        power,
        np.append(load, load[-1]),
        stored,
        float(gained @ width),
        float(load @ width),
        float(short.sum()),
        battery.capacity_j,
        short,
    )


def in_battery(net_j: Array, battery: Battery, held_j: float) -> tuple[Array, Array]:
    """What is stored (n + 1,) before and after each of `net_j` (n,), and what is short (n,), J.

    net_j  what the array gives more than the loads take
    """
    stored, short = [held_j], np.zeros(net_j.size)
    for k, net in enumerate(net_j.tolist()):
        if net >= 0.0:
            held_j = min(battery.capacity_j, held_j + net * battery.charge_efficiency)
        else:
            held_j += net / battery.discharge_efficiency
            if held_j < 0.0:
                short[k] = -held_j * battery.discharge_efficiency
                held_j = 0.0
        stored.append(held_j)
    return np.array(stored), short


def _incidence(path: Trajectory, world: World, array: SolarArray, t: Array) -> tuple[Array, Array]:
    """Cosine of incidence and the Sun's distance, m."""
    y = path.columns_at(t)
    r, v = y[:, :3], y[:, 3:6]
    sun = world.ephemeris.positions_m("sun", path.epoch, t, path.frame.centre) - r
    distance = np.linalg.norm(sun, axis=1)
    if array.pointing == "sun":
        return np.ones(t.size), distance
    radial = r / np.linalg.norm(r, axis=1)[:, None]
    normal = np.cross(r, v)
    normal /= np.linalg.norm(normal, axis=1)[:, None]
    axes = np.stack([radial, np.cross(normal, radial), normal], axis=1)
    axis = np.array(array.axis) / math.hypot(*array.axis)
    along = np.einsum("nij,nj->ni", axes, sun / distance[:, None]) @ axis
    if array.pointing == "fixed":
        return np.maximum(0.0, along), distance
    return np.sqrt(np.maximum(0.0, 1.0 - along**2)), distance


def _light(path: Trajectory, world: World, t: Array, bodies: Sequence[str]) -> Array:
    """Share of the Sun's disk in view: the least that any one body leaves."""
    out = np.ones(t.size)
    for name in bodies:
        r = gcrf_places(path, t, world, name)
        sun = world.ephemeris.positions_m("sun", path.epoch, t, name)
        seen = visible_fraction(r, sun, SUN.radius_m, body(name).figure_m)
        out = np.minimum(out, seen)
    return out

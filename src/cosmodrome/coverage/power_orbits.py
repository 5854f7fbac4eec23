"""Electric power revolution by revolution, and what a battery that runs empty would need."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.coverage.eclipses import in_sunlight_s
from cosmodrome.coverage.geometry import beta_angle_rad
from cosmodrome.coverage.power import in_battery, power_over
from cosmodrome.coverage.track import panels

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.coverage.eclipses import Eclipse
    from cosmodrome.coverage.power import PowerTable
    from cosmodrome.mission.onboard import PowerSystem
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Flat", "PowerOrbit", "flat", "power_orbits", "power_story", "revolutions_s"]

_WH = 3_600.0
# turn between two looks at the path, rad; the place is then turned back to by secants
_TURN_RAD = 0.1


def revolutions_s(path: Trajectory) -> Array:
    """Seconds from the path's epoch at which each full turn about its centre begins, and the end.

    The first begins where the path does; the last may be cut short. Turns are counted along the
    orbit, whatever its plane does, to a millisecond.
    """
    t = panels(path, _TURN_RAD)
    turned = np.concatenate([[0.0], np.cumsum(_turns(path, t[:-1], t[1:]))])
    count = math.floor(turned[-1] / (2.0 * math.pi) + 1e-9)
    out = [t[0]]
    for k in range(1, count + 1):
        wanted = 2.0 * math.pi * k
        i = min(int(np.searchsorted(turned, wanted)), t.size - 1)
        a, b = float(t[i - 1]), float(t[i])
        low, high = float(turned[i - 1]), float(turned[i])
        x = a
        for _ in range(40):
            x = a + (b - a) * min(1.0, max(0.0, (wanted - low) / (high - low)))
            here = float(turned[i - 1] + _turns(path, np.array([t[i - 1]]), np.array([x]))[0])
            if abs(here - wanted) < 1e-10:
                break
            if here < wanted:
                a, low = x, here
            else:
                b, high = x, here
        out.append(x)
    end = float(t[-1])
    if end - out[-1] > 1e-3:
        out.append(end)
    return np.array(out)


def _turns(path: Trajectory, start: Array, end: Array) -> Array:
    """Angle between the places at two instants each."""
    r, s = path.columns_at(start)[:, :3], path.columns_at(end)[:, :3]
    return np.asarray(
        np.arctan2(np.linalg.norm(np.cross(r, s), axis=1), np.einsum("ij,ij->i", r, s))
    )


@dataclass(frozen=True, slots=True)
class PowerOrbit:
    """One revolution; energies in J.

    lit_s             outside umbra
    depth             the largest fall of the stored energy, as a share of the capacity
    lowest, last      share of the capacity that is stored: the least, and at the end
    shortfall_j       asked for by the loads and not there
    whole             False: the path ends before the turn does
    """

    number: int
    start: Epoch
    duration_s: float
    lit_s: float
    beta_rad: float
    generated_j: float
    load_j: float
    depth: float
    lowest: float
    last: float
    shortfall_j: float
    whole: bool = True


def power_story(
    path: Trajectory, world: World, system: PowerSystem, found: Sequence[Eclipse]
) -> PowerTable:
    """A spacecraft's array, battery and loads along a whole path.

    found  its eclipses. Raises InputError for figures that make no sense.
    """
    return power_over(
        path,
        world,
        system.array,
        system.battery,
        lit_load_w=system.lit_load_w,
        dark_load_w=system.dark_load_w,
        found=found,
        stored_j=system.charged * system.battery.capacity_j,
        to_bus=system.to_bus,
    )


def power_orbits(
    path: Trajectory, world: World, table: PowerTable, found: Sequence[Eclipse]
) -> tuple[PowerOrbit, ...]:
    """The table turn by turn."""
    cuts = revolutions_s(path)
    t, width = table.t_s, np.diff(table.t_s)
    given = np.append(
        0.0, np.cumsum(0.5 * (table.generated_w[:-1] + table.generated_w[1:]) * width)
    )
    taken = np.append(0.0, np.cumsum(table.load_w[:-1] * width))
    missed = np.append(0.0, np.cumsum(table.short_j))
    beta = beta_angle_rad(path, cuts[:-1], world)
    period = _length(cuts)
    out = []
    for k, (a, b) in enumerate(pairwise(cuts.tolist())):
        inside = (t > a) & (t < b)
        ends = np.interp([a, b], t, table.stored_j)
        stored = np.concatenate([ends[:1], table.stored_j[inside], ends[1:]])
        fall = np.maximum.accumulate(stored) - stored
        generated, load, short = (
            float(np.diff(np.interp([a, b], t, column))[0]) for column in (given, taken, missed)
        )
        out.append(
            PowerOrbit(
                k + 1,
                path.epoch + a,
                b - a,
                in_sunlight_s(found, a, b),
                float(beta[k]),
                generated,
                load,
                float(fall.max()) / table.capacity_j,
                float(stored.min()) / table.capacity_j,
                float(stored[-1]) / table.capacity_j,
                short,
                k + 2 < cuts.size or bool(period is None or b - a > 0.98 * period),
            )
        )
    return tuple(out)


def _length(cuts: Array) -> float | None:
    return float(cuts[1] - cuts[0]) if cuts.size > 2 else None


@dataclass(frozen=True, slots=True)
class Flat:
    """A battery that runs empty, and what would keep it from that; None: it would not.

    epoch         when it is empty for the first time, in revolution `orbit`
    dark          in umbra?
    short_j       asked for and not there until it charges again
    total_j       the same over the whole path
    loads         share of both loads that it would carry
    array         factor of the array's area that would do
    capacity_j    that would do, the array and the loads as they are
    """

    epoch: Epoch
    orbit: int
    dark: bool
    short_j: float
    total_j: float
    loads: float
    array: float | None
    capacity_j: float | None

    def __str__(self) -> str:
        ways = [f"loads of {100.0 * self.loads:.1f} %"]
        if self.array is not None:
            ways.append(f"an array {self.array:.3f} times as large")
        if self.capacity_j is not None:
            ways.append(f"a battery of {self.capacity_j / _WH:.1f} Wh")
        return (
            f"The battery is empty at {self.epoch.utc(0)}, in revolution {self.orbit},"
            f" {'in umbra' if self.dark else 'in the light'}: {self.short_j / _WH:.2f} Wh are short"
            f" until it charges again, {self.total_j / _WH:.2f} Wh over the whole path. It would"
            f" last with {' or '.join(ways)}."
        )


def flat(
    path: Trajectory, system: PowerSystem, table: PowerTable, found: Sequence[Eclipse]
) -> Flat | None:
    """When the battery runs empty and what would help; None where it never does."""
    empty = np.flatnonzero(table.short_j > 0.0)
    if not empty.size:
        return None
    k = int(empty[0])
    width = np.diff(table.t_s)
    gained = 0.5 * (table.generated_w[:-1] + table.generated_w[1:]) * width
    load = table.load_w[:-1] * width
    charges = np.flatnonzero(np.diff(table.stored_j)[k:] > 0.0)
    until = k + int(charges[0]) if charges.size else table.short_j.size
    # the instant inside the row: what was left, at the pace of the row
    pace = (load[k] - gained[k]) / width[k] / system.battery.discharge_efficiency
    at = float(table.t_s[k] + (table.stored_j[k] / pace if pace > 0.0 else 0.0))

    def lasts(loads: float, array: float, capacity_j: float) -> bool:
        battery = replace(system.battery, capacity_j=capacity_j)
        net = gained * array - load * loads
        return not in_battery(net, battery, system.charged * capacity_j)[1].any()

    whole = system.battery.capacity_j
    # more than this multiple of the energy that is asked for is no help
    most = 1.0 + 2.0 * float(load.sum()) / (whole * system.battery.discharge_efficiency)
    turn = int(np.searchsorted(revolutions_s(path), at, side="right"))
    dark = any(e.kind == "umbra" and e.start_t_s <= at <= e.end_t_s for e in found)
    larger = _least(lambda x: lasts(1.0, x, whole), 100.0)
    stronger = _least(lambda x: lasts(1.0, 1.0, x * whole), most)
    # a battery that starts full would carry any path by itself: no help where each turn loses
    per_turn = float(gained.sum() - load.sum())
    return Flat(
        path.epoch + at,
        turn,
        dark,
        float(table.short_j[k:until].sum()),
        table.shortfall_j,
        1.0 / (_least(lambda x: lasts(1.0 / x, 1.0, whole), 1e6) or math.inf),
        larger,
        None if stronger is None or per_turn < 0.0 else stronger * whole,
    )


def _least(serves: Callable[[float], bool], most: float) -> float | None:
    """The smallest factor above one that serves, to a thousandth; None where `most` does not."""
    if not serves(most):
        return None
    low, high = 1.0, most
    while high / low > 1.001:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if serves(middle) else (middle, high)
    return high

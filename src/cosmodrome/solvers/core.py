"""The compiled core: the one door to `_core`, with shapes, units and frames written down.

Everything is SI; places and velocities in inertial axes (GCRF) from the central body unless
said otherwise; times in seconds from an epoch the caller keeps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from cosmodrome.errors import InputError, SolverError
from cosmodrome.solvers import _core

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = [
    "EVENT_KINDS",
    "FIXED_FORCES",
    "Burn",
    "ChebyshevTable",
    "CorePath",
    "Density",
    "Field",
    "Model",
    "Search",
    "Settings",
    "propagate",
    "simd_level",
    "sunlit",
]

# in the order of the core's enumeration
EVENT_KINDS = (
    "ascending node",
    "descending node",
    "periapsis",
    "apoapsis",
    "umbra entry",
    "umbra exit",
    "penumbra entry",
    "penumbra exit",
    "altitude upward",
    "altitude downward",
    "burn start",
    "burn-out",
)
# first rows of the audit; attracting bodies follow in the order they were added
FIXED_FORCES = ("central", "harmonics", "drag", "radiation", "thrust")


def simd_level() -> str:
    """The kernels in use: "baseline", "avx2" or "avx512"; COSMODROME_SIMD forces one.

    Raises InputError for a level that this machine does not have.
    """
    try:
        return _core.simd_level()
    except RuntimeError as e:
        raise InputError(str(e)) from None


def sunlit(r_m: Array, sun_m: Array, sun_radius_m: float, body_radius_m: float) -> Array:
    """Visible fraction of the Sun's disk at (n, 3) places with the Sun at (n, 3), (n,)."""
    return _core.sunlit(_rows(r_m), _rows(sun_m), sun_radius_m, body_radius_m)


def _rows(x: Array) -> Array:
    return np.ascontiguousarray(x, dtype=np.float64)


class Field:
    """A gravity field ready for the kernels.

    C, S  (k, k) fully normalised, row = degree; used up to `degree` and `order`
    """

    def __init__(
        self, mu_m3_s2: float, radius_m: float, C: Array, S: Array, degree: int, order: int
    ) -> None:
        self.mu_m3_s2 = mu_m3_s2
        self.degree = degree
        self.order = order
        self.handle = _core.GravityField(mu_m3_s2, radius_m, _rows(C), _rows(S), degree, order)

    def acceleration(self, r_m: Array, level: str = "") -> Array:
        """m/s^2 at body-fixed places, (n, 3) -> (n, 3); `level` picks the kernels."""
        return self.handle.acceleration(_rows(np.atleast_2d(r_m)), level)


@dataclass(frozen=True, slots=True, eq=False)
class ChebyshevTable:
    """Functions of time as Chebyshev series on blocks of equal length.

    start_s, block_s  where the first block begins, how long each is
    coefficients      (blocks, rows, terms)
    """

    start_s: float
    block_s: float
    coefficients: Array

    def at(self, t_s: Array | float) -> Array:
        """(n, rows) at instants inside the table, the same arithmetic as the core's."""
        t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
        blocks = self.coefficients.shape[0]
        k = np.clip(np.floor((t - self.start_s) / self.block_s).astype(np.int64), 0, blocks - 1)
        x = (2.0 * (t - (self.start_s + k * self.block_s)) / self.block_s - 1.0)[:, None]
        c = self.coefficients[k]
        b1 = np.zeros(c.shape[:2])
        b2 = np.zeros_like(b1)
        for j in range(c.shape[2] - 1, 0, -1):
            b1, b2 = c[:, :, j] + 2.0 * x * b1 - b2, b1
        out: Array = c[:, :, 0] + x * b1 - b2
        return out


class Density:
    """A density table ready for the kernels; the fields of physics.thermosphere.DensityTable."""

    def __init__(
        self,
        start: tuple[float, float, float, float],
        step: tuple[float, float, float, float],
        solar0_rad: float,
        solar_rate_rad_s: float,
        coefficients: Array,
    ) -> None:
        self.handle = _core.DensityTable(
            list(start), list(step), solar0_rad, solar_rate_rad_s, _rows(coefficients)
        )

    def density(
        self, t_s: float, latitude_rad: float, longitude_rad: float, height_m: float
    ) -> float:
        """kg/m^3 at one geodetic place."""
        return self.handle.density(t_s, latitude_rad, longitude_rad, height_m)[0]


@dataclass(frozen=True, slots=True)
class Burn:
    """Constant thrust between two instants, s; `direction` a unit vector.

    axes  what the direction is fixed in: "gcrf" (inertial); "rtn" radial, transverse, normal;
          "vnc" along the velocity, along r x v, and their cross product
    """

    start_s: float
    end_s: float
    thrust_n: float
    flow_kg_s: float
    direction: tuple[float, float, float]
    axes: Literal["gcrf", "rtn", "vnc"] = "gcrf"


class Model:
    """Forces on one spacecraft, as the core knows them.

    slow, pole   tables of 9 and 3 rows with the same blocks: fixed_from_inertial =
                 R3(angle0 + rate t) slow(t), and the unit spin axis
    spin_rad_s   angular velocity of the co-rotating atmosphere about the pole
    """

    def __init__(
        self,
        field: Field,
        low: Field,
        angle0_rad: float,
        rate_rad_s: float,
        slow: ChebyshevTable,
        pole: ChebyshevTable,
        spin_rad_s: float,
    ) -> None:
        self.forces_named = list(FIXED_FORCES)
        self.handle = _core.Model(
            field.handle,
            low.handle,
            angle0_rad,
            rate_rad_s,
            slow.start_s,
            slow.block_s,
            _rows(slow.coefficients),
            _rows(pole.coefficients),
            spin_rad_s,
        )

    def add_body(
        self, name: str, mu_m3_s2: float, place: ChebyshevTable, *, attracts: bool
    ) -> None:
        """A body of the sky; "sun" also lights and is occulted."""
        self.handle.add_body(
            name, mu_m3_s2, place.start_s, place.block_s, _rows(place.coefficients), attracts
        )
        if attracts:
            self.forces_named.append(name)

    def set_shadow(self, sun_radius_m: float, body_radius_m: float) -> None:
        """Radii of the Sun and of the occulting central body."""
        self.handle.set_shadow(sun_radius_m, body_radius_m)

    def set_drag(self, density: Density, cd_area_m2: float) -> None:
        """Drag with this table and drag coefficient times area."""
        self.handle.set_drag(density.handle, cd_area_m2)

    def set_radiation(self, pressure_area_n_m2: float) -> None:
        """Cr A P0 AU^2 in N m^2; needs the Sun."""
        self.handle.set_radiation(pressure_area_n_m2)

    def add_burn(self, burn: Burn) -> None:
        """A burn; its ends become breaks of the path."""
        self.handle.add_burn(
            burn.start_s,
            burn.end_s,
            burn.thrust_n,
            burn.flow_kg_s,
            list(burn.direction),
            ("gcrf", "rtn", "vnc").index(burn.axes),
        )

    def forces(self, t_s: Array, r_m: Array, v_m_s: Array, mass_kg: Array) -> Array:
        """Total acceleration in full sunlight at n states, (n, 3) m/s^2."""
        out, _ = self.handle.forces(_rows(t_s), _rows(r_m), _rows(v_m_s), _rows(mass_kg))
        return out


@dataclass(frozen=True, slots=True)
class Settings:
    """How finely to integrate.

    nodes             collocation nodes of a segment, a multiple of 8 up to 64
    tolerance_m_s     velocity that the last terms of a segment's force series stand for. It bounds
                      the path between nodes; the ends are far better, the quadrature being exact
                      to twice the degree (measured: docs/propagation.md)
    longest_s         longest segment
    """

    nodes: int = 32
    tolerance_m_s: float = 1e-6
    longest_s: float = 86_400.0


@dataclass(frozen=True, slots=True)
class Search:
    """Events wanted; altitudes geodetic, m; the path ends going down through `floor_m`."""

    nodes: bool = False
    apsides: bool = False
    umbra: bool = False
    penumbra: bool = False
    altitudes_m: tuple[float, ...] = ()
    floor_m: float = -np.inf


@dataclass(frozen=True, slots=True, eq=False)
class CorePath:
    """What the core flew.

    breaks_s, coefficients  piecewise Chebyshev (n + 1,), (n, K, 7): place, velocity, mass
    events                  (kind, t, value) in order of time; value: altitude or index of the burn
    largest, mean           accelerations by name of force, m/s^2
    below_density           the path went under the density table
    """

    breaks_s: Array
    coefficients: Array
    end_s: float
    end_state: Array
    events: tuple[tuple[str, float, float], ...]
    largest: dict[str, float]
    mean: dict[str, float]
    sunlit_fraction: float
    landed: bool
    below_density: bool
    counts: dict[str, int] = field(default_factory=dict)


def propagate(
    model: Model,
    y0: Array,
    t0_s: float,
    t1_s: float,
    search: Search,
    settings: Settings,
) -> CorePath:
    """Fly from y0 = (place, velocity, mass) (7,) at t0 to t1 > t0; the GIL is released.

    Raises SolverError where no step is small enough.
    """
    simd_level()  # a forced level that does not exist is an input fault, not a solver's
    try:
        out = _core.propagate(
            model.handle,
            _rows(y0),
            t0_s,
            t1_s,
            search.nodes,
            search.apsides,
            search.umbra,
            search.penumbra,
            list(search.altitudes_m),
            float(search.floor_m),
            settings.nodes,
            settings.tolerance_m_s,
            settings.longest_s,
        )
    except RuntimeError as e:
        raise SolverError(
            f"propagation from t = {t0_s:.3f} to {t1_s:.3f} s: {e}; look at the start state and"
            " at its perigee"
        ) from None
    names = model.forces_named
    return CorePath(
        out["breaks"],
        out["coefficients"],
        out["end_time"],
        out["end_state"],
        tuple((EVENT_KINDS[k], t, value) for k, t, value in out["events"]),
        dict(zip(names, out["largest"], strict=True)),
        dict(zip(names, out["mean"], strict=True)),
        out["lit"],
        out["landed"],
        out["below"],
        {k: out[k] for k in ("segments", "rejected", "inner", "full")},
    )

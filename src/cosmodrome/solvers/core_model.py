"""What the compiled core flies under: fields, tables, air, burns, and the model of one spacecraft.

Everything is SI; places and velocities in inertial axes (GCRF) from the central body unless said
otherwise; times in seconds from an epoch the caller keeps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cosmodrome.solvers import _core

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = [
    "ATTITUDES",
    "AXES",
    "FIXED_FORCES",
    "PARTIALS",
    "PARTS",
    "Burn",
    "ChebyshevTable",
    "Density",
    "Field",
    "Model",
    "VaryingField",
    "as_rows",
    "kepler_arc",
    "sunlit",
]

# first rows of the audit; attracting bodies follow in the order they were added
FIXED_FORCES = (
    "central",
    "harmonics",
    "tides",
    "drag",
    "radiation",
    "relativity",
    "thrust",
)
# bits of the forces that can be summed apart
PARTS = {
    "field": 1,
    "tides": 2,
    "points": 4,
    "figures": 8,
    "drag": 16,
    "radiation": 32,
    "relativity": 64,
    "thrust": 128,
}
PARTIALS = ("mu", "drag", "radiation", "thrust")
ATTITUDES = ("inertial", "nadir", "yaw-steering", "sun")
AXES = ("gcrf", "rtn", "vnc")


def sunlit(r_m: Array, sun_m: Array, sun_radius_m: float, body_radius_m: float) -> Array:
    """Visible fraction of the Sun's disk at (n, 3) places with the Sun at (n, 3), (n,)."""
    return _core.sunlit(as_rows(r_m), as_rows(sun_m), sun_radius_m, body_radius_m)


def as_rows(x: Array) -> Array:
    """A contiguous array of doubles, as the core takes it."""
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
        self.handle = _core.GravityField(mu_m3_s2, radius_m, as_rows(C), as_rows(S), degree, order)

    def acceleration(self, r_m: Array, level: str = "") -> Array:
        """m/s^2 at body-fixed places, (n, 3) -> (n, 3); `level` picks the kernels."""
        return _core.field(self.handle, as_rows(np.atleast_2d(r_m)), level, False)

    def gradient(self, r_m: Array, level: str = "") -> Array:
        """Gravity gradient tensor, 1/s^2, at body-fixed places, (n, 3) -> (n, 3, 3)."""
        six = _core.field(self.handle, as_rows(np.atleast_2d(r_m)), level, True)
        return six[:, [0, 1, 2, 1, 3, 4, 2, 4, 5]].reshape(-1, 3, 3)


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


class VaryingField:
    """Corrections to a field's coefficients that move with time (tides).

    table  2 P rows, P = (degree + 1)(degree + 2) / 2: all C_nm, then all S_nm, fully normalised,
           in the order n = 0 .. degree, m = 0 .. n
    """

    def __init__(
        self, mu_m3_s2: float, radius_m: float, degree: int, table: ChebyshevTable
    ) -> None:
        self.handle = _core.VaryingField(
            mu_m3_s2, radius_m, degree, table.start_s, table.block_s, as_rows(table.coefficients)
        )


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
            list(start), list(step), solar0_rad, solar_rate_rad_s, as_rows(coefficients)
        )

    def density(
        self, t_s: float, latitude_rad: float, longitude_rad: float, height_m: float
    ) -> float:
        """kg/m^3 at one geodetic place."""
        return self.handle.density(t_s, latitude_rad, longitude_rad, height_m)[0]


@dataclass(frozen=True, slots=True, eq=False)
class Burn:
    """Thrust over time: linear between knots, nothing outside them.

    t_s, thrust_n, flow_kg_s  (k,), k >= 2, instants rising
    direction                 (k, 3), any length; turned linearly between knots
    axes                      "gcrf" (inertial); "rtn" radial, transverse, normal; "vnc" along the
                              velocity, along r x v, and their cross product
    """

    t_s: Array
    thrust_n: Array
    flow_kg_s: Array
    direction: Array
    axes: Literal["gcrf", "rtn", "vnc"] = "gcrf"

    def arguments(self) -> tuple[Array, Array, Array, Array, int]:
        """As the core takes them."""
        return (
            as_rows(self.t_s),
            as_rows(self.thrust_n),
            as_rows(self.flow_kg_s),
            as_rows(self.direction),
            AXES.index(self.axes),
        )


class Model:
    """Forces on one spacecraft, as the core knows them.

    slow, pole    tables of 9 and 3 rows with the same blocks: fixed_from_inertial =
                  R3(angle0 + rate t) slow(t), and the unit spin axis
    spin_rad_s    angular velocity of the co-rotating atmosphere about the pole
    ellipsoid_*   what heights are counted above
    low, tiny     field the path is first iterated on, and the degree it is corrected with
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
        ellipsoid_a_m: float = 6_378_137.0,
        ellipsoid_f: float = 1.0 / 298.257223563,
        tiny: int = 4,
    ) -> None:
        self.forces_named = list(FIXED_FORCES)
        self.occulters: list[str] = []
        self.handle = _core.Model(
            field.handle,
            low.handle,
            tiny,
            angle0_rad,
            rate_rad_s,
            slow.start_s,
            slow.block_s,
            as_rows(slow.coefficients),
            as_rows(pole.coefficients),
            spin_rad_s,
            ellipsoid_a_m,
            ellipsoid_f,
        )

    def add_body(
        self, name: str, mu_m3_s2: float, place: ChebyshevTable, *, attracts: bool
    ) -> None:
        """A body of the sky, 3 rows, or 6 with its velocity; "sun" also lights."""
        self.handle.add_body(
            name, mu_m3_s2, place.start_s, place.block_s, as_rows(place.coefficients), attracts
        )
        self.forces_named.append(name)

    def set_body_field(
        self, name: str, field: Field, angle0_rad: float, rate_rad_s: float, slow: ChebyshevTable
    ) -> None:
        """Harmonics of a body of the sky, without its central term."""
        self.handle.set_body_field(
            name,
            field.handle,
            angle0_rad,
            rate_rad_s,
            slow.start_s,
            slow.block_s,
            as_rows(slow.coefficients),
        )

    def set_tides(self, tides: VaryingField) -> None:
        """Corrections to the central field."""
        self.handle.set_tides(tides.handle)

    def set_sun(self, radius_m: float) -> None:
        """Radius of the Sun's disk."""
        self.handle.set_sun(radius_m)

    def add_occulter(self, name: str, radius_m: float) -> None:
        """A sphere that casts a shadow; "" is the central body."""
        self.handle.add_occulter(name, radius_m)
        self.occulters.append(name)

    def set_air_table(self, density: Density) -> None:
        """Density from a table."""
        self.handle.set_air_table(density.handle)

    def set_air_layers(self, rows: Array) -> None:
        """Exponential layers: (k, 3) base height m, density there kg/m^3, scale height m."""
        self.handle.set_air_layers(as_rows(np.atleast_2d(rows)))

    def set_air_function(self, density: Callable[[Array, Array, Array, Array], Array]) -> None:
        """Density by a function of (t, latitude, longitude, height) arrays, kg/m^3."""
        self.handle.set_air_function(density)

    def set_drag(self, cd_area_m2: float) -> None:
        """Drag coefficient times area of a sphere."""
        self.handle.set_drag(cd_area_m2)

    def set_radiation(self, pressure_area_n_m2: float) -> None:
        """Cr A P0 AU^2 in N m^2 of a sphere; needs the Sun."""
        self.handle.set_radiation(pressure_area_n_m2)

    def set_panels(
        self,
        panels: Array,
        attitude: str,
        body_from_gcrf: Array,
        pressure_n: float,
        drag_coefficient: float,
    ) -> None:
        """Flat plates, (k, 10): area, specular, diffuse, tracking (0 fixed, 1 about the axis,
        2 free), normal (3), axis (3); P0 AU^2 and Cd, 0 where they do not act.
        """
        self.handle.set_panels(
            as_rows(panels),
            ATTITUDES.index(attitude),
            as_rows(body_from_gcrf),
            pressure_n,
            drag_coefficient,
        )

    def set_relativity(
        self,
        *,
        schwarzschild: bool,
        lense_thirring: bool,
        de_sitter: bool,
        spin_momentum_m2_s: float,
    ) -> None:
        """Terms of IERS Conventions 2010, eq. 10.12."""
        self.handle.set_relativity(schwarzschild, lense_thirring, de_sitter, spin_momentum_m2_s)

    def add_breaks(self, t_s: Sequence[float]) -> None:
        """Instants at which some force is not smooth: no segment crosses them."""
        self.handle.add_breaks(list(t_s))

    def add_burn(self, burn: Burn) -> None:
        """A burn; its knots become breaks of the path."""
        self.handle.add_burn(*burn.arguments())

    def forces(
        self,
        t_s: Array,
        r_m: Array,
        v_m_s: Array,
        mass_kg: Array,
        parts: Iterable[str] = tuple(PARTS),
    ) -> Array:
        """Sum of the chosen forces in full sunlight at n states, (n, 3) m/s^2."""
        mask = sum(PARTS[p] for p in parts)
        out, _, _ = _core.forces(
            self.handle,
            as_rows(t_s),
            as_rows(r_m),
            as_rows(v_m_s),
            as_rows(mass_kg),
            mask,
            1.0,
            1.0,
        )
        return out


def kepler_arc(
    mu_m3_s2: float, r0_m: Array, v0_m_s: Array, dt_s: Array, level: str = ""
) -> tuple[Array, Array, Array]:
    """The two-body arc that guides the collocation, to nine digits: places (n, 3) and the rows of
    its transition matrix d r / d r0, d r / d v0, (n, 3, 3) each.
    """
    rows = _core.kepler(mu_m3_s2, as_rows(r0_m), as_rows(v0_m_s), as_rows(dt_s), level)
    both = np.stack([r0_m, v0_m_s])  # (2, 3)

    def block(scalar: Array, four: Array) -> Array:
        out: Array = scalar[:, None, None] * np.eye(3) + np.einsum(
            "ai,abn,bj->nij", both, four.reshape(2, 2, -1), both
        )
        return out

    return rows[:3].T.copy(), block(rows[3], rows[5:9]), block(rows[4], rows[9:13])

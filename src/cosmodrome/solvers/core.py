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
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = [
    "ATTITUDES",
    "AXES",
    "EVENT_KINDS",
    "FIXED_FORCES",
    "PARTIALS",
    "PARTS",
    "Burn",
    "ChebyshevTable",
    "CoreEnsemble",
    "CorePath",
    "Density",
    "Field",
    "Model",
    "Search",
    "Settings",
    "VaryingField",
    "ensemble",
    "kepler_arc",
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
    "rise",
    "set",
    "farther",
    "nearer",
    "burn start",
    "burn-out",
)
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
        return _core.field(self.handle, _rows(np.atleast_2d(r_m)), level, False)

    def gradient(self, r_m: Array, level: str = "") -> Array:
        """Gravity gradient tensor, 1/s^2, at body-fixed places, (n, 3) -> (n, 3, 3)."""
        six = _core.field(self.handle, _rows(np.atleast_2d(r_m)), level, True)
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
            mu_m3_s2, radius_m, degree, table.start_s, table.block_s, _rows(table.coefficients)
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
            list(start), list(step), solar0_rad, solar_rate_rad_s, _rows(coefficients)
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


class Model:
    """Forces on one spacecraft, as the core knows them.

    slow, pole    tables of 9 and 3 rows with the same blocks: fixed_from_inertial =
                  R3(angle0 + rate t) slow(t), and the unit spin axis
    spin_rad_s    angular velocity of the co-rotating atmosphere about the pole
    ellipsoid_*   what heights are counted above
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
    ) -> None:
        self.forces_named = list(FIXED_FORCES)
        self.occulters: list[str] = []
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
            ellipsoid_a_m,
            ellipsoid_f,
        )

    def add_body(
        self, name: str, mu_m3_s2: float, place: ChebyshevTable, *, attracts: bool
    ) -> None:
        """A body of the sky, 3 rows, or 6 with its velocity; "sun" also lights."""
        self.handle.add_body(
            name, mu_m3_s2, place.start_s, place.block_s, _rows(place.coefficients), attracts
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
            _rows(slow.coefficients),
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
        self.handle.set_air_layers(_rows(np.atleast_2d(rows)))

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
            _rows(panels),
            ATTITUDES.index(attitude),
            _rows(body_from_gcrf),
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
        self.handle.add_burn(
            _rows(burn.t_s),
            _rows(burn.thrust_n),
            _rows(burn.flow_kg_s),
            _rows(burn.direction),
            AXES.index(burn.axes),
        )

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
            _rows(t_s),
            _rows(r_m),
            _rows(v_m_s),
            _rows(mass_kg),
            mask,
            1.0,
            1.0,
        )
        return out


@dataclass(frozen=True, slots=True)
class Settings:
    """How finely to integrate.

    nodes             collocation nodes of a segment, a multiple of 8 up to 64
    tolerance_m_s     velocity that the last terms of a segment's force series stand for. It bounds
                      the path between nodes; the ends are far better, the quadrature being exact
                      to twice the degree (measured: docs/propagation.md)
    longest_s         longest segment
    budget            segments and rejected tries before a flight is given up
    """

    nodes: int = 32
    tolerance_m_s: float = 1e-6
    longest_s: float = 86_400.0
    budget: int = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """Events wanted.

    altitudes_m  above the ellipsoid
    stations     (k, 7): place m and unit vector up, body-fixed, and the sine of the least elevation
    distances    (body, metres); "" is the central body
    stops        (kind, index, count): the path ends at the count-th such event
    """

    nodes: bool = False
    apsides: bool = False
    umbra: bool = False
    penumbra: bool = False
    altitudes_m: tuple[float, ...] = ()
    stations: Array = field(default_factory=lambda: np.zeros((0, 7)))
    distances: tuple[tuple[str, float], ...] = ()
    stops: tuple[tuple[str, int, int], ...] = ()

    def arguments(self) -> tuple[object, ...]:
        """As the core takes them."""
        return (
            self.nodes,
            self.apsides,
            self.umbra,
            self.penumbra,
            list(self.altitudes_m),
            _rows(self.stations),
            list(self.distances),
            [(EVENT_KINDS.index(kind), index, count) for kind, index, count in self.stops],
        )


@dataclass(frozen=True, slots=True, eq=False)
class CorePath:
    """What the core flew.

    breaks_s, coefficients  piecewise Chebyshev (n + 1,), (n, K, 7): place, velocity, mass
    states                  (m, 7) at the instants asked for, as far as the path went
    events                  (kind, t, index) in order of time; index of the altitude, station, ...
    stopped                 kind of the event that ended the path, or None
    largest, mean           accelerations by name of force, m/s^2
    below_density           the path went under the density table
    variations              (6, 6 + k) or None
    resume                  what a following leg needs: next length, values of the event functions
    """

    breaks_s: Array
    coefficients: Array
    states: Array
    end_s: float
    end_state: Array
    events: tuple[tuple[str, float, int], ...]
    largest: dict[str, float]
    mean: dict[str, float]
    sunlit_fraction: float
    stopped: str | None
    below_density: bool
    variations: Array | None
    resume: tuple[float, list[float]]
    counts: dict[str, int] = field(default_factory=dict)


_NO_TIMES: tuple[float, ...] = ()


def propagate(
    model: Model,
    y0: Array,
    t0_s: float,
    t1_s: float,
    search: Search,
    settings: Settings,
    *,
    dense: bool = True,
    times_s: Array | Sequence[float] = _NO_TIMES,
    partials: Sequence[str] | None = None,
    resume: tuple[float, list[float]] = (0.0, []),
) -> CorePath:
    """Fly from y0 = (place, velocity, mass) (7,) at t0 to t1, forward or back; the GIL is released.

    times_s   instants to sample, in order of flight
    partials  None: no variations; else names out of PARTIALS beside the state's six

    Raises SolverError where no step is small enough or the budget is spent.
    """
    simd_level()  # a forced level that does not exist is an input fault, not a solver's
    asked = set(partials or ())
    try:
        out = _core.propagate(
            model.handle,
            _rows(y0),
            t0_s,
            t1_s,
            *search.arguments(),
            settings.nodes,
            settings.tolerance_m_s,
            settings.longest_s,
            resume[0],
            settings.budget,
            dense,
            _rows(np.asarray(times_s, dtype=np.float64)),
            resume[1],
            [partials is not None, *(p in asked for p in PARTIALS)],
        )
    except RuntimeError as e:
        raise SolverError(_why(t0_s, t1_s, str(e), settings)) from None
    names = model.forces_named
    stopped = out["stopped"]
    return CorePath(
        out["breaks"],
        out["coefficients"],
        out["states"],
        out["end_time"],
        out["end_state"],
        tuple((EVENT_KINDS[k], t, index) for k, t, index in out["events"]),
        dict(zip(names, out["largest"], strict=True)),
        dict(zip(names, out["mean"], strict=True)),
        out["lit"],
        None if stopped < 0 else EVENT_KINDS[stopped],
        out["below"],
        out["variations"] if partials is not None else None,
        (out["next"], out["last"]),
        {k: out[k] for k in ("segments", "rejected", "inner", "full")},
    )


def _why(t0_s: float, t1_s: float, fault: str, settings: Settings) -> str:
    where = f"propagation from t = {t0_s:.3f} to {t1_s:.3f} s: {fault}"
    if "budget" in fault:
        return (
            f"{where} ({settings.budget} of Settings.budget); raise it, ask for a shorter span, or"
            " loosen Settings.tolerance_m_s"
        )
    return f"{where}; look at the start state and at its perigee"


@dataclass(frozen=True, slots=True, eq=False)
class CoreEnsemble:
    """What the core flew of many starts.

    states   (n, m, 7) at the instants asked for; not-a-number past the end of a path
    end_s    (n,), ends (n, 7)
    faults   (n,) why a sample could not be flown, empty where it was
    stopped  (n,) kind of the event that ended it, or None
    """

    states: Array
    end_s: Array
    ends: Array
    faults: tuple[str, ...]
    stopped: tuple[str | None, ...]
    below_density: bool


def ensemble(
    model: Model,
    y0: Array,
    t0_s: float,
    t1_s: float,
    search: Search,
    settings: Settings,
    *,
    times_s: Array | Sequence[float] = _NO_TIMES,
    scales: Array | None = None,
    threads: int = 1,
) -> CoreEnsemble:
    """Fly n starts (n, 7) under one model on threads; each as `propagate` would, to the bit.

    scales  (n, 2) factors on drag and on radiation
    """
    simd_level()
    out = _core.ensemble(
        model.handle,
        _rows(np.atleast_2d(y0)),
        _rows(np.zeros((0, 2)) if scales is None else scales),
        t0_s,
        t1_s,
        *search.arguments(),
        settings.nodes,
        settings.tolerance_m_s,
        settings.longest_s,
        0.0,
        settings.budget,
        _rows(np.asarray(times_s, dtype=np.float64)),
        threads,
    )
    return CoreEnsemble(
        out["states"],
        out["ends"][:, 0],
        out["ends"][:, 1:],
        tuple(_why(t0_s, t1_s, f, settings) if f else "" for f in out["faults"]),
        tuple(None if k < 0 else EVENT_KINDS[k] for k in out["stopped"]),
        out["below"],
    )


def kepler_arc(
    mu_m3_s2: float, r0_m: Array, v0_m_s: Array, dt_s: Array, level: str = ""
) -> tuple[Array, Array, Array]:
    """The two-body arc that guides the collocation, to nine digits: places (n, 3) and the rows of
    its transition matrix d r / d r0, d r / d v0, (n, 3, 3) each.
    """
    rows = _core.kepler(mu_m3_s2, _rows(r0_m), _rows(v0_m_s), _rows(dt_s), level)
    both = np.stack([r0_m, v0_m_s])  # (2, 3)

    def block(scalar: Array, four: Array) -> Array:
        out: Array = scalar[:, None, None] * np.eye(3) + np.einsum(
            "ai,abn,bj->nij", both, four.reshape(2, 2, -1), both
        )
        return out

    return rows[:3].T.copy(), block(rows[3], rows[5:9]), block(rows[4], rows[9:13])

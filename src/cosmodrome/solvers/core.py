"""The compiled core: the one door to `_core`, with shapes, units and frames written down.

Everything is SI; places and velocities in inertial axes (GCRF) from the central body unless
said otherwise; times in seconds from an epoch the caller keeps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError, SolverError
from cosmodrome.solvers import _core
from cosmodrome.solvers.core_model import (
    ATTITUDES,
    AXES,
    FIXED_FORCES,
    PARTIALS,
    PARTS,
    Burn,
    ChebyshevTable,
    Density,
    Field,
    Model,
    VaryingField,
    as_rows,
    kepler_arc,
    sunlit,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def simd_level() -> str:
    """The kernels in use: "baseline", "avx2" or "avx512"; COSMODROME_SIMD forces one.

    Raises InputError for a level that this machine does not have.
    """
    try:
        return _core.simd_level()
    except RuntimeError as e:
        raise InputError(str(e)) from None


@dataclass(frozen=True, slots=True)
class Settings:
    """How finely to integrate.

    nodes             collocation nodes of a segment, a multiple of 8 up to 64
    tolerance_m_s     velocity that the last terms of a segment's force series stand for. It bounds
                      the path between nodes; the ends are far better, the quadrature being exact
                      to twice the degree (measured: docs/propagation.md)
    longest_s         longest segment
    budget            segments and rejected tries before a leg (32 days) is given up
    """

    nodes: int = 32
    tolerance_m_s: float = 1e-7
    longest_s: float = 86_400.0
    budget: int = 100_000

    def __post_init__(self) -> None:
        if self.nodes not in range(8, 65, 8):
            raise InputError(f"Settings.nodes = {self.nodes!r}: write a multiple of 8 from 8 to 64")
        if not (self.tolerance_m_s > 0.0 and self.longest_s > 0.0 and self.budget >= 1):
            raise InputError(
                f"Settings({self.tolerance_m_s!r} m/s, longest {self.longest_s!r} s, budget"
                f" {self.budget!r}): all three must be positive"
            )


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """Events wanted.

    altitudes_m  above the ellipsoid
    stations     (k, 7): place m and unit vector up, body-fixed, and the sine of the least elevation
    distances    (body, metres); "" is the central body
    stops        (kind, index, count, group): the path ends at the count-th event of a group
    """

    nodes: bool = False
    apsides: bool = False
    umbra: bool = False
    penumbra: bool = False
    altitudes_m: tuple[float, ...] = ()
    stations: Array = field(default_factory=lambda: np.zeros((0, 7)))
    distances: tuple[tuple[str, float], ...] = ()
    stops: tuple[tuple[str, int, int, int], ...] = ()

    def arguments(self) -> tuple[object, ...]:
        """As the core takes them."""
        return (
            self.nodes,
            self.apsides,
            self.umbra,
            self.penumbra,
            list(self.altitudes_m),
            as_rows(self.stations),
            list(self.distances),
            [(EVENT_KINDS.index(kind), *rest) for kind, *rest in self.stops],
        )


@dataclass(frozen=True, slots=True, eq=False)
class CorePath:
    """What the core flew.

    breaks_s, coefficients  piecewise Chebyshev (n + 1,), (n, K, 7): place, velocity, mass
    states                  (m, 7) at the instants asked for, as far as the path went
    events                  (kind, t, index) in order of time; index of the altitude, station, ...
    stop                    (kind, index, group) of the event that ended the path, or None
    largest, mean           accelerations by name of force, m/s^2
    below_density           the path came under the density table and ended before
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
    stop: tuple[str, int, int] | None
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
    first_mass_kg: float = 0.0,
) -> CorePath:
    """Fly from y0 = (place, velocity, mass) (7,) at t0 to t1, forward or back; the GIL is released.

    times_s   instants to sample, in order of flight
    partials  None: no variations; else names out of PARTIALS beside the state's six
    resume, first_mass_kg  of a later leg of one flight: what the leg before gave, and the mass the
              flight began with

    Raises SolverError where no step is small enough or the budget is spent.
    """
    simd_level()  # a forced level that does not exist is an input fault, not a solver's
    asked = set(partials or ())
    try:
        out = _core.propagate(
            model.handle,
            as_rows(y0),
            t0_s,
            t1_s,
            *search.arguments(),
            settings.nodes,
            settings.tolerance_m_s,
            settings.longest_s,
            resume[0],
            settings.budget,
            dense,
            as_rows(np.asarray(times_s, dtype=np.float64)),
            resume[1],
            [partials is not None, *(p in asked for p in PARTIALS)],
            resume[0] > 0.0,
            first_mass_kg,
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
        None if stopped < 0 else (EVENT_KINDS[stopped], out["stop_index"], out["stop_group"]),
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
    if "density function" in fault or "Error" in fault:
        return f"{where}; mend the function given as air"
    return f"{where}; look at the start state and at its perigee"


@dataclass(frozen=True, slots=True, eq=False)
class CoreEnsemble:
    """What the core flew of many starts.

    states   (n, m, 7) at the instants asked for; not-a-number past the end of a path
    end_s    (n,), ends (n, 7)
    faults   (n,) why a sample could not be flown, empty where it was
    stopped  (n,) kind of the event that ended it, or None
    groups   (n,) the group of the stop it was (`Search.stops`)
    below_density  (n,) whether it came under the density table and ended before
    """

    states: Array
    end_s: Array
    ends: Array
    faults: tuple[str, ...]
    stopped: tuple[str | None, ...]
    groups: tuple[int, ...]
    below_density: NDArray[np.bool_]


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
    spans: Array | None = None,
    burns: Sequence[Burn | None] = (),
) -> CoreEnsemble:
    """Fly n starts (n, 7) under one model on threads; each as `propagate` would, to the bit.

    scales  (n, 2) factors on drag and on radiation
    spans   (n, 2) first and last instant of each, inside t0 .. t1; without samples
    burns   n, of each start its own beside those of the model, or None
    """
    simd_level()
    out = _core.ensemble(
        model.handle,
        as_rows(np.atleast_2d(y0)),
        as_rows(np.zeros((0, 2)) if scales is None else scales),
        t0_s,
        t1_s,
        *search.arguments(),
        settings.nodes,
        settings.tolerance_m_s,
        settings.longest_s,
        0.0,
        settings.budget,
        as_rows(np.asarray(times_s, dtype=np.float64)),
        threads,
        as_rows(np.zeros((0, 2)) if spans is None else spans),
        [None if burn is None else burn.arguments() for burn in burns],
    )
    return CoreEnsemble(
        out["states"],
        out["ends"][:, 0],
        out["ends"][:, 1:],
        tuple(_why(t0_s, t1_s, f, settings) if f else "" for f in out["faults"]),
        tuple(None if k < 0 else EVENT_KINDS[k] for k in out["stopped"]),
        tuple(out["groups"]),
        np.array(out["below"], dtype=bool),
    )

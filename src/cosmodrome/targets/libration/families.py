"""Families of periodic orbits by name, and the member of one that is asked for.

halo      about L1 or L2, north or south; grown from Richardson's series
nrho      the same family where it passes near the smaller body (near-rectilinear)
lyapunov  about L1 or L2 in the plane of the two bodies
dro       distant retrograde: round the smaller body against its motion, in that plane
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.maths.ops import SCALAR
from cosmodrome.mission.libration_text import FAMILIES, SYNODIC_MONTH_S
from cosmodrome.physics import three_body
from cosmodrome.targets.libration.flow import flow, sampled
from cosmodrome.targets.libration.richardson import halo_guess, planar_guess, series
from cosmodrome.targets.libration.symmetric import Curve, PeriodicOrbit, along, asked, corrected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.targets.libration.symmetric import Wish
    from cosmodrome.targets.libration.systems import System

    Array = NDArray[np.float64]

__all__ = ["FAMILIES", "MEASURES", "SYNODIC_MONTH_S", "LibrationOrbit", "Wanted", "family", "find"]

#: what a member can be asked by, and what it means
MEASURES = {
    "period": "s",
    "jacobi": "in the units of the problem",
    "az": "largest distance from the plane of the two bodies, m",
    "size": "distance on the line of the two bodies at the first crossing, from the libration"
    " point (lyapunov) or from the smaller body (dro), m",
    "closest": "distance from the centre of the smaller body where the orbit is nearest, m",
}
_FIRST_STEP, _MOST_MEMBERS = 0.1, 60
_NEAR_LARGER = 0.3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a family.

    kind    one of FAMILIES
    point   1 or 2; 0 for a dro
    north   the side of the farthest excursion; of halo and nrho
    by      one of MEASURES
    value   of that measure
    text    as it was asked
    """

    kind: str
    system: System
    point: int
    north: bool
    by: str
    value: float
    text: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class LibrationOrbit:
    """A periodic orbit of a family, in the restricted problem.

    figures  SI, by name
    """

    wanted: Wanted
    orbit: PeriodicOrbit
    figures: dict[str, float]

    @property
    def system(self) -> System:
        """The two bodies."""
        return self.wanted.system

    @property
    def period_s(self) -> float:
        """Period, s."""
        return self.orbit.period * self.system.time_s

    def told(self) -> dict[str, Any]:
        """As one JSON object."""
        return {
            "family": self.wanted.kind,
            "system": self.system.name,
            "point": self.wanted.point or None,
            "mass_ratio": self.system.mu,
            "length_m": self.system.length_m,
            "time_s": self.system.time_s,
            "state": self.orbit.state.tolist(),
            "period": self.orbit.period,
            "jacobi": self.orbit.jacobi,
            "stability": list(self.orbit.stability),
            "figures": self.figures,
        }


def _curve(kind: str, system: System, point: int) -> Curve:
    if kind == "dro":
        return Curve(system.mu, system.hill, flat=True)
    return Curve(system.mu, series(point, system.mu).gamma, flat=kind == "lyapunov")


def family(
    kind: str, system: System, point: int = 0, *, north: bool = False
) -> Iterator[PeriodicOrbit]:
    """Members of a family in its order, from the smallest on, until it nears either body.

    Halo orbits begin at a fiftieth of the point's distance along z, Lyapunov orbits at as much
    along x, distant retrograde orbits at a tenth of Hill's radius. Orbits nearer than the system's
    `nearest_m` end the family.
    """
    curve = _curve(kind, system, point)
    first, heading = _beginning(kind, system, point, curve, north=north)
    for member in islice(along(curve, first, heading, _FIRST_STEP), _MOST_MEMBERS):
        if member.closest * system.length_m < system.nearest_m:
            return
        # where the larger body rules, the family is no longer one of the smaller
        if abs(float(member.state[0]) + system.mu) < _NEAR_LARGER:
            return
        yield member


def _beginning(
    kind: str, system: System, point: int, curve: Curve, *, north: bool
) -> tuple[PeriodicOrbit, Array]:
    mu = system.mu
    if kind in ("halo", "nrho"):
        y, half = halo_guess(point, mu, 0.02, north=north)
        heading = np.array([0.0, math.copysign(1.0, y[2]), 0.0, 0.0])
        u = curve.unknowns(y, half)
        return corrected(curve, u, _fixed(1, float(u[1]), u.size)), heading
    heading = np.array([-1.0, 0.0, 0.0])
    if kind == "lyapunov":
        y, half = planar_guess(point, mu, 0.02)
    else:
        r = 0.1 * system.hill
        # a circle against the motion of the smaller body, in axes that turn with it
        speed = math.sqrt(mu / r) + r
        y, half = np.array([1.0 - mu - r, 0.0, 0.0, 0.0, speed, 0.0]), math.pi * r / speed
    u = curve.unknowns(y, half)
    return corrected(curve, u, _fixed(0, float(u[0]), u.size)), heading


def _fixed(k: int, value: float, n: int) -> Wish:
    row = np.eye(n)[k]

    def wish(_: Curve, u: Array) -> tuple[float, Array]:
        return float(u[k]) - value, row

    return wish


def _closest_wish(value: float) -> Wish:
    """The member that passes the smaller body so near at its second crossing."""

    def wish(curve: Curve, u: Array) -> tuple[float, Array]:
        y, phi = flow(curve.state(u), float(u[-1]), curve.mu)
        off = y[:3] - np.array([1.0 - curve.mu, 0.0, 0.0])
        far = float(np.linalg.norm(off))
        row = np.append((off / far) @ phi[:3][:, curve.free], off @ y[3:] / far / curve.scale)
        return (far - value) / curve.scale, row

    return wish


def _jacobi_wish(value: float) -> Wish:
    def wish(curve: Curve, u: Array) -> tuple[float, Array]:
        y = curve.state(u).tolist()
        r, v = (y[0], y[1], y[2]), (y[3], y[4], y[5])
        slope = three_body.acceleration(SCALAR, r, (0.0, 0.0, 0.0), curve.mu)
        row = 2.0 * np.array([*slope, *(-c for c in v)])[curve.free]
        # over the curvature of the potential: of the order of the other conditions
        here = three_body.jacobi(SCALAR, r, v, curve.mu) - value
        return here / curve.scale**2, np.append(row / curve.scale, 0.0)

    return wish


def _question(w: Wanted, curve: Curve, n: int) -> tuple[float, Any, Wish]:
    """The measure's value in the units of the problem, its function, and its equation."""
    s = w.system
    if w.by == "period":
        span = w.value / s.time_s
        return span, lambda o: o.period, _fixed(n - 1, 0.5 * span, n)
    if w.by == "jacobi":
        return w.value, lambda o: o.jacobi, _jacobi_wish(w.value)
    length = w.value / s.length_m
    if w.by == "closest":
        if w.kind in ("dro", "lyapunov"):
            raise InputError(
                f"a {w.kind} is asked by its size or its period; write {w.kind} 70000 km"
            )
        body = np.array([1.0 - s.mu, 0.0, 0.0])
        return (
            length,
            lambda o: float(np.linalg.norm(o.across[:3] - body)),
            _closest_wish(length),
        )
    if w.by == "az":
        if curve.flat:
            raise InputError(f"a {w.kind} stays in the plane: ask by size, not by az")
        side = 1.0 if w.north else -1.0
        return length, lambda o: abs(float(o.state[2])), _fixed(1, side * length / curve.scale, n)
    if not curve.flat:
        raise InputError(
            f"a {w.kind} is asked by az, closest, period or jacobi: write {w.kind} az 15000 km"
        )
    origin = 1.0 - s.mu if w.kind == "dro" else three_body.libration_point(w.point, s.mu)[0]
    at = (origin - length) / curve.scale
    return length, lambda o: origin - float(o.state[0]), _fixed(0, at, n)


def find(wanted: Wanted) -> LibrationOrbit:
    """The member of a family that is asked for: the first one along the family.

    Raises InfeasibleError with the span the family has, InputError for a measure that does not
    fit the family.
    """
    curve = _curve(wanted.kind, wanted.system, wanted.point)
    value, measure, wish = _question(wanted, curve, 3 if curve.flat else 4)
    members = family(wanted.kind, wanted.system, wanted.point, north=wanted.north)
    found = asked(members, curve, measure, value, wish)
    if isinstance(found, tuple):
        raise InfeasibleError(_why_none(wanted, value, found))
    return LibrationOrbit(wanted, found, figures(wanted, found))


def _why_none(wanted: Wanted, value: float, span: tuple[float, float]) -> str:
    s = wanted.system
    unit, scale = {
        "period": ("days", s.time_s / 86_400.0),
        "jacobi": ("", 1.0),
    }.get(wanted.by, ("km", s.length_m / 1e3))
    low, high = (f"{x * scale:.6g}" for x in span)
    where = f" about L{wanted.point}" if wanted.point else ""
    return (
        f"no {wanted.kind} orbit{where} of {s.name} has {wanted.by} {value * scale:.6g}"
        f" {unit}".rstrip()
        + f": its family spans {low} to {high} {unit}".rstrip()
        + "; ask for one in between"
    )


def figures(wanted: Wanted, orbit: PeriodicOrbit) -> dict[str, float]:
    """What follows of a member, SI; extents over a whole revolution."""
    s = wanted.system
    y = sampled(orbit.state, np.linspace(0.0, orbit.period, 721), s.mu)
    r = np.linalg.norm(y[:, :3] - np.array([1.0 - s.mu, 0.0, 0.0]), axis=1)
    length = s.length_m
    # nearest and farthest by their own samples, but no worse than the crossings
    out = {
        "period_s": orbit.period * s.time_s,
        "closest_m": min(float(r.min()), orbit.closest) * length,
        "farthest_m": max(float(r.max()), orbit.farthest) * length,
        "ax_m": 0.5 * float(np.ptp(y[:, 0])) * length,
        "ay_m": float(np.abs(y[:, 1]).max()) * length,
        "az_m": float(np.abs(y[:, 2]).max()) * length,
    }
    if s.name == "earth-moon":
        out["revolutions_per_synodic_month"] = SYNODIC_MONTH_S / out["period_s"]
    unstable = orbit.stability[0]
    if unstable > 1.0 + 1e-9:
        # the multiplier s with (s + 1/s) / 2 = index
        grows = unstable + math.sqrt(unstable * unstable - 1.0)
        out["doubling_s"] = out["period_s"] * math.log(2.0) / math.log(grows)
    return out

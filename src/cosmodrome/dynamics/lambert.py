"""Lambert's problem: the arcs from one place to another in a given time, any number of revolutions.

Solved in the compiled core in the variable x of Lancaster & Blanchard (1969) with the velocities
of Izzo (2015); `lambert_formulas` is its specification. docs/transfers.md tells what it was held
against.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cosmodrome.errors import InfeasibleError, InputError, SolverError
from cosmodrome.solvers.core_lambert import (
    FAULTS,
    PATHS,
    SIDES,
    least,
    solve,
    solve_every,
    solve_one,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = ["Lamberts", "lambert", "lambert_all", "lambert_many", "minimum_time"]

Path = Literal["prograde", "retrograde", "short", "long"]
Branch = Literal["low", "high"]
_MOST = 1000  # revolutions
_NONE = np.zeros((1, 1))
_empty = np.empty  # one call is short enough for the look-up to be felt


@dataclass(frozen=True, slots=True, eq=False)
class Lamberts:
    """Solutions of many problems; not-a-number where there is none.

    v1_m_s, v2_m_s  (n, 3) at departure and arrival; (n, 2 N + 1, 3) of `lambert_all`: no
                    revolution, then low and high of 1, 2, ... N
    fault           (n,) or (n, 2 N + 1) index into `why`: 0 solved
    why             ("", "too soon", "no plane", "input", "lost"): the time is below the minimum of
                    so many revolutions; both places on one line with the centre, or one place; a
                    number that is not finite, a radius or a time that is not positive; lost
    """

    v1_m_s: Array
    v2_m_s: Array
    fault: NDArray[np.uint8]
    why: tuple[str, ...] = FAULTS

    @property
    def solved(self) -> NDArray[np.bool_]:
        """Which problems have their solution here."""
        return np.asarray(self.fault == 0)


def lambert(
    r1_m: ArrayLike,
    r2_m: ArrayLike,
    tof_s: float,
    mu_m3_s2: float,
    *,
    revolutions: int = 0,
    path: Path = "prograde",
    branch: Branch = "low",
    normal: ArrayLike | None = None,
) -> tuple[Array, Array]:
    """Velocities (3,), m/s, at r1 and at r2 of the arc that takes tof_s from one to the other.

    r1_m, r2_m   (3,) from the centre of attraction, inertial axes
    revolutions  whole turns beside the way from r1 to r2
    path         "prograde": angular momentum with z >= 0; "retrograde": against it; "short": less
                 than half a turn, "long": more
    branch       with revolutions there are two arcs: "low", the flatter one, with the longer
                 period; "high", with the shorter one. At the minimum time they are one
    normal       angular momentum is along it; replaces `path`. Within 1e-12 rad of 0 or 180 deg it
                 is also the plane, otherwise r1 and r2 span that

    Raises InputError for places on one line with the centre where no normal is given (every plane
    holds them), InfeasibleError for a time below the minimum of so many revolutions.
    """
    v1, v2 = _empty(3), _empty(3)
    try:
        fault = solve_one(
            v1, v2, r1_m, r2_m, tof_s, mu_m3_s2, revolutions, PATHS[path], SIDES[branch], normal
        )
    except (KeyError, TypeError, ValueError):
        # numbers of other kinds, and what is refused
        many = lambert_many(
            r1_m, r2_m, tof_s, mu_m3_s2,
            revolutions=revolutions, path=path, branch=branch, normal=normal,
        )  # fmt: skip
        if len(many.fault) != 1:
            raise InputError(f"{len(many.fault)} problems: use lambert_many") from None
        v1, v2, fault = many.v1_m_s[0], many.v2_m_s[0], int(many.fault[0])
    if fault:
        raise _refusal(
            FAULTS[fault], r1_m, r2_m, tof_s, mu_m3_s2, revolutions, path, branch, normal
        )
    return v1, v2


def lambert_many(
    r1_m: ArrayLike,
    r2_m: ArrayLike,
    tof_s: ArrayLike,
    mu_m3_s2: float,
    *,
    revolutions: ArrayLike = 0,
    path: Path = "prograde",
    branch: Branch | Sequence[Branch] = "low",
    normal: ArrayLike | None = None,
    level: str = "",
) -> Lamberts:
    """As `lambert` for n problems at once; no problem raises, each has its `fault`.

    r1_m, r2_m, normal  (n, 3), or (3,) for all
    tof_s, revolutions, branch  (n,), or one for all
    level  "baseline", "avx2" or "avx512" picks the kernels; a problem's digits do not depend on
           how many are solved with it
    """
    side = np.array([_side(b) for b in ([branch] if isinstance(branch, str) else branch)])
    turns = _turns(revolutions)
    r1, r2, tof, plane, n = _aligned(r1_m, r2_m, tof_s, normal, mu_m3_s2, turns, side)
    v, fault = solve(n, mu_m3_s2, _path(path), r1, r2, tof, turns, side, plane, level=level)
    return Lamberts(v[:, 0, 0], v[:, 0, 1], fault[:, 0])


def lambert_all(
    r1_m: ArrayLike,
    r2_m: ArrayLike,
    tof_s: ArrayLike,
    mu_m3_s2: float,
    *,
    most_revolutions: int,
    path: Path = "prograde",
    normal: ArrayLike | None = None,
) -> Lamberts:
    """All arcs of n problems up to so many revolutions: 2 N + 1 a problem, fewer where the time is
    too short for them (fault "too soon"). Arguments as in `lambert_many`.
    """
    try:
        k = 2 * most_revolutions + 1
        v1, v2, faults = _empty((1, k, 3)), _empty((1, k, 3)), _empty((1, k), np.uint8)
        solve_every(
            v1, v2, faults, r1_m, r2_m, tof_s, mu_m3_s2, most_revolutions, PATHS[path], normal
        )
        return Lamberts(v1, v2, faults)
    except (KeyError, TypeError, ValueError):
        pass  # many problems, numbers of other kinds, and what is refused
    if type(most_revolutions) is not int or not 0 <= most_revolutions <= _MOST:
        most_revolutions = int(_turns(most_revolutions)[0])
    r1, r2, tof, plane, n = _aligned(r1_m, r2_m, tof_s, normal, mu_m3_s2)
    v, fault = solve(
        n, mu_m3_s2, _path(path), r1, r2, tof, _NONE, _NONE, plane, every=most_revolutions
    )
    return Lamberts(v[:, :, 0], v[:, :, 1], fault)


def minimum_time(
    r1_m: ArrayLike,
    r2_m: ArrayLike,
    mu_m3_s2: float,
    revolutions: ArrayLike,
    *,
    path: Path = "prograde",
    normal: ArrayLike | None = None,
) -> Array:
    """Least time of flight with so many revolutions, s, (n,); 0 for none, where any time will do.

    Arguments as in `lambert_many`; not-a-number where the places span no plane.
    """
    turns = _turns(revolutions)
    r1, r2, _, plane, n = _aligned(r1_m, r2_m, np.ones(1), normal, mu_m3_s2, turns)
    return least(n, mu_m3_s2, _path(path), r1, r2, turns, plane)


def _path(path: str) -> int:
    if path not in PATHS:
        raise InputError(f"path={path!r}: write one of {', '.join(PATHS)}")
    return PATHS[path]


def _side(branch: str) -> float:
    if branch not in SIDES:
        raise InputError(f"branch={branch!r}: write low or high")
    return SIDES[branch]


def _places(name: str, given: ArrayLike) -> Array:
    row = _numbers(name, given)
    if row.ndim == 1:
        row = row[None]
    if row.ndim != 2 or row.shape[1] != 3:
        raise InputError(f"{name} has shape {row.shape}: write (3,) or (n, 3)")
    return row


def _numbers(name: str, given: ArrayLike) -> Array:
    try:
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name} = {given!r}: write numbers") from None


def _turns(revolutions: ArrayLike) -> Array:
    turns = np.atleast_1d(_numbers("revolutions", revolutions))
    bad = ~((turns >= 0.0) & (turns <= _MOST) & (turns == np.floor(turns)))
    if bad.any():
        raise InputError(f"revolutions = {turns[bad][0]:g}: write a whole number from 0 to {_MOST}")
    return turns


def _aligned(
    r1_m: ArrayLike,
    r2_m: ArrayLike,
    tof_s: ArrayLike,
    normal: ArrayLike | None,
    mu_m3_s2: float,
    *more: Array,
) -> tuple[Array, Array, Array, Array | None, int]:
    """Rows for the core, and how many problems there are."""
    if not 0.0 < mu_m3_s2 < math.inf:
        raise InputError(f"mu_m3_s2 = {mu_m3_s2!r}: write a positive number, m^3/s^2")
    r1, r2 = _places("r1_m", r1_m), _places("r2_m", r2_m)
    plane = None if normal is None else _places("normal", normal)
    tof = _numbers("tof_s", tof_s).reshape(-1, 1)
    counts = [len(x) for x in (r1, r2, tof, plane, *more) if x is not None]
    n = next((k for k in counts if k != 1), 1)
    if any(k not in (1, n) for k in counts):
        raise InputError(
            f"{counts} rows of places, times and the rest: write one number of problems, or one"
            " row where it is the same for all"
        )
    return r1, r2, tof, plane, n


def _refusal(
    fault: str,
    r1_m: ArrayLike,
    r2_m: ArrayLike,
    tof_s: float,
    mu_m3_s2: float,
    revolutions: int,
    path: Path,
    branch: Branch,
    normal: ArrayLike | None,
) -> Exception:
    """Why one problem has no answer, and what would have one."""
    _path(path), _side(branch)
    r1, r2, _, plane, _ = _aligned(r1_m, r2_m, tof_s, normal, mu_m3_s2, _turns(revolutions))
    if fault == "too soon":
        need = minimum_time(r1, r2, mu_m3_s2, revolutions, path=path, normal=plane)[0]
        return InfeasibleError(
            f"{tof_s:.9g} s is too short for {revolutions} revolutions from r1 to r2: the least"
            f" time is {need:.9g} s ({need - tof_s:.3g} s more); give more time or fewer"
            " revolutions"
        )
    if fault == "no plane":
        if np.array_equal(r1, r2):
            return InputError(
                f"r1 = r2 = {r1[0].tolist()} m: any orbit of the right period returns there;"
                " choose one by its period instead"
            )
        return InputError(
            f"r1 = {r1[0].tolist()} m and r2 = {r2[0].tolist()} m lie on one line with the"
            " centre, so any plane holds them; choose one: normal=(x, y, z) across that line"
        )
    if fault == "lost":
        return SolverError(
            f"no root found from r1 = {r1[0].tolist()} m to r2 = {r2[0].tolist()} m in"
            f" {tof_s!r} s, {revolutions} revolutions; please report these numbers"
        )
    return InputError(
        f"r1 = {r1[0].tolist()} m, r2 = {r2[0].tolist()} m, tof = {tof_s!r} s: all must be finite,"
        " the radii and the time above zero"
    )

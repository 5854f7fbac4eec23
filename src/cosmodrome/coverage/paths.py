"""Earth-fixed paths of many satellites on blocks of time they share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.coverage.walker import Constellation
from cosmodrome.dynamics import Dynamics, preset, propagate_many
from cosmodrome.errors import FrameMismatchError, InfeasibleError, InputError
from cosmodrome.maths.chebyshev import fit_matrix, gauss_lobatto_points
from cosmodrome.solvers.core_coverage import CoreSky
from cosmodrome.world.orientation import ERA_RATE_RAD_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["BLOCK_S", "CUTS", "LOWEST_M", "TERMS", "sky"]

# An arc of 0.35 rad at most, by eight terms: 0.09 mm at 420 km, less above (measured).
BLOCK_S, TERMS = 300.0, 8
CUTS = 5
# Burns make a path less smooth: blocks are halved until the last term is below this.
_SMOOTH_M, _HALVINGS, _ROUGH_M = 0.01, 5, 5.0
# lower, nothing is an orbit
LOWEST_M = 6_378_137.0 + 80e3


def sky(
    satellites: Constellation | Sequence[Trajectory],
    start: Epoch,
    duration_s: float,
    dynamics: Dynamics | None,
    world: World,
    threads: int,
    watch: Watch,
) -> CoreSky:
    """Blocks of `BLOCK_S`, or shorter, over the span; each a polynomial in time.

    Raises FrameMismatchError for a path that is not in GCRF about the Earth, DataSpanError for
    one that does not last, InfeasibleError where a satellite of a constellation comes down.
    """
    blocks = math.ceil(duration_s / BLOCK_S)
    for _ in range(_HALVINGS + 1):
        nodes = _nodes(blocks, duration_s)
        if isinstance(satellites, Constellation):
            inertial = _flown(satellites, start, nodes, dynamics, world, threads, watch)
        else:
            inertial = _given(satellites, start, nodes)
        turn = world.orientation.table(start, start + duration_s).matrix(nodes)
        fixed = np.einsum("tij,stj->sti", turn, inertial)
        _in_space(fixed)
        series = _series(fixed, blocks)
        rough = float(np.max(np.abs(series[:, :, :, -1])))
        if rough <= _SMOOTH_M or isinstance(satellites, Constellation):
            break
        blocks *= 2
    if rough > _ROUGH_M:
        raise InputError(
            f"a path bends too sharply to be followed in blocks of {duration_s / blocks:.3g} s (its"
            f" last term is {rough:.3g} m); leave the burns out of the span"
        )
    powers = np.linalg.inv(np.vander(gauss_lobatto_points(TERMS), increasing=True))
    values = np.linalg.inv(fit_matrix(TERMS))
    power = series @ (powers @ values).T
    return CoreSky(duration_s / blocks, CUTS, ERA_RATE_RAD_S, power)


def _nodes(blocks: int, duration_s: float) -> Array:
    """(blocks (TERMS - 1) + 1,) seconds from the start; neighbours share the node between."""
    part = 0.5 * (gauss_lobatto_points(TERMS)[:-1] + 1.0)
    nodes = ((np.arange(blocks)[:, None] + part) * (duration_s / blocks)).ravel()
    return np.append(nodes, duration_s)


def _series(fixed: Array, blocks: int) -> Array:
    """(satellites, blocks, 3, TERMS) Chebyshev coefficients."""
    n = TERMS - 1
    which = np.arange(blocks)[:, None] * n + np.arange(TERMS)
    out: Array = np.einsum("jk,sbkc->sbcj", fit_matrix(TERMS), fixed[:, which, :], optimize=True)
    return out


def _given(paths: Sequence[Trajectory], start: Epoch, nodes: Array) -> Array:
    out = np.empty((len(paths), nodes.size, 3))
    for row, path in zip(out, paths, strict=True):
        if path.frame.axes != "gcrf" or path.frame.centre != "earth":
            raise FrameMismatchError(
                f"coverage of the Earth by a path about the {path.frame.centre} in"
                f" {path.frame.axes} axes: give paths in GCRF about the Earth"
            )
        row[:] = path.columns_at(nodes + (start - path.epoch))[:, :3]
    return out


def _flown(
    satellites: Constellation,
    start: Epoch,
    nodes: Array,
    dynamics: Dynamics | None,
    world: World,
    threads: int,
    watch: Watch,
) -> Array:
    before = start - satellites.epoch
    if before < 0.0:
        raise InputError(
            f"coverage from {start}, {-before:g} s before the elements' epoch"
            f" {satellites.epoch}: start at that epoch or after it"
        )
    flown = propagate_many(
        satellites.epoch,
        satellites.states(world),
        dynamics or preset("fast"),
        before + float(nodes[-1]),
        times=before + nodes,
        world=world,
        threads=threads,
        watch=watch,
    )
    for name, fault in zip(satellites.names, flown.faults, strict=True):
        if fault:
            raise InfeasibleError(f"satellite {name} of {satellites.about}: {fault}")
    return np.ascontiguousarray(flown.states[:, :, :3])


def _in_space(fixed: Array) -> None:
    lowest = float(np.sqrt(np.min(np.sum(fixed**2, axis=-1))))
    if lowest < LOWEST_M:
        raise InfeasibleError(
            f"a satellite comes within {lowest / 1e3:,.0f} km of the Earth's centre, lower than"
            f" {LOWEST_M / 1e3:,.0f} km, where the air ends its orbit: end the span before"
        )

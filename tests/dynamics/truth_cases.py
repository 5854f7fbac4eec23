"""What test_truth_*.py share: stored states, and how far a flight from the first of them misses."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.dynamics import propagate
from cosmodrome.world import gravity_files
from cosmodrome.world.frame import gcrf
from cosmodrome.world.gravity import GravityField
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]

TRUTH = Path(__file__).parents[1] / "truth" / "dynamics"


@functools.cache
def stored(name: str) -> Any:
    """Reference data by file name; COSMODROME_TRUTH may name a folder with every state."""
    folder = Path(os.environ.get("COSMODROME_TRUTH", TRUTH))
    return json.loads((folder / name).read_text(encoding="ascii"))


@functools.cache
def jgm2() -> GravityField:
    """JGM-2 to 20x20 (Nerem et al. 1994)."""
    return gravity_files.read(TRUTH / "jgm2_20x20.cof", "earth")


@functools.cache
def lp165p() -> GravityField:
    """LP165P of the Moon to 20x20 (Konopliv et al. 2001), in principal axes."""
    return gravity_files.read(TRUTH / "lp165p_20x20.cof", "moon", axes="moon-pa")


@functools.cache
def egm96() -> GravityField:
    """EGM96 to 100x100 (Lemoine et al. 1998)."""
    C, S = np.zeros((2, 101, 101))
    C[np.tril_indices(101)], S[np.tril_indices(101)] = np.load(TRUTH / "egm96_100x100.npy")
    return GravityField(
        3.986004415e14, 6_378_136.3, 100, C, S, "tide-free", "EGM96", "Lemoine et al. 1998"
    )


def misses(
    rows: Any,
    dynamics: Dynamics,
    epoch: Epoch,
    mass_kg: float,
    world: Any,
    *,
    rotation: Array | None = None,
    scale: float = 1.0,
) -> Array:
    """Vectors (n, 3) in m from the states to a flight that starts at the first of them.

    rows      seconds after `epoch`, place, velocity; times `scale` they are in m and m/s
    rotation  from GCRF to the axes of the rows
    """
    table = np.array([row[:7] for row in rows])
    t, y = table[:, 0] - table[0, 0], table[:, 1:] * scale
    if rotation is not None:
        y = np.hstack([y[:, :3] @ rotation, y[:, 3:] @ rotation])
    start = State(epoch + table[0, 0], gcrf(dynamics.centre), y[0, :3], y[0, 3:], mass_kg)
    flown = propagate(start, dynamics, float(t[-1]), world=world, times=t, dense=False)
    return np.asarray(flown.samples[:, :3] - y[:, :3])


def worst(vectors: Array) -> float:
    """Length of the longest."""
    return float(np.linalg.norm(vectors, axis=1).max())

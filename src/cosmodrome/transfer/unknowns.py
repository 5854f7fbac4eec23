"""What is to be found in a sequence, as one vector: coasts in seconds, burns in m/s along axes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.mission.nouns import Coast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import Manoeuvre

    Array = NDArray[np.float64]

__all__ = ["filled", "number", "split"]


def number(step: Coast | Manoeuvre) -> int:
    """How many numbers stand for a step."""
    if isinstance(step, Coast):
        return int(step.free)
    return 3 if step.free_direction else int(step.free_size)


def split(
    steps: Sequence[Coast | Manoeuvre], x: Array
) -> Iterator[tuple[Coast | Manoeuvre, Array]]:
    """Each step with its own columns of `x` (n, k)."""
    first = 0
    for step in steps:
        size = number(step)
        yield step, x[:, first : first + size]
        first += size


def filled(steps: Sequence[Coast | Manoeuvre], x: Array) -> tuple[Coast | Manoeuvre, ...]:
    """The sequence with the numbers of `x` (k,) in it."""
    out: list[Coast | Manoeuvre] = []
    for step, row in split(steps, x[None]):
        own = row[0]
        if isinstance(step, Coast):
            out.append(replace(step, duration_s=float(own[0]), free=False) if step.free else step)
            continue
        if not (step.free_size or step.free_direction):
            out.append(step)
            continue
        done = replace(step, free_size=False, free_direction=False)
        if step.free_direction:
            a, b, c = (float(value) for value in own)
            done = replace(done, direction=(a, b, c))
            if step.free_size:
                done = replace(done, delta_v_m_s=float(np.linalg.norm(own)))
        else:
            # a burn may be found to point the other way
            a, b, c = (float(np.sign(own[0]) or 1.0) * x for x in step.direction)
            done = replace(done, direction=(a, b, c), delta_v_m_s=abs(float(own[0])))
        out.append(done)
    return tuple(out)

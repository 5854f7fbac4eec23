"""Tables of cubics on even steps: smooth curves cut small, for kernels that know no formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["Cubics"]


@dataclass(frozen=True, slots=True, eq=False)
class Cubics:
    """Several curves over one variable, each cell a cubic; held beyond both ends.

    start, step   of the cells
    c             (cells, curves, 4): c0 + c1 s + c2 s^2 + c3 s^3 with s = 0 .. 1 in the cell
    """

    start: float
    step: float
    c: Array

    @classmethod
    def of(cls, curves: Callable[[Array], Array], start: float, end: float, cells: int) -> Cubics:
        """Cubics through the values of `curves` at 0, 1/3, 2/3 and 1 of each cell.

        curves   (n,) -> (curves, n). Continuous; the error falls with the fourth power of the
        step where the curves are smooth.
        """
        step = (end - start) / cells
        nodes: Array = start + step / 3.0 * np.arange(3.0 * cells + 1.0)
        nodes[-1] = end
        values = np.asarray(curves(nodes), dtype=np.float64)
        thirds = np.stack([values[:, k : k + 3 * cells - 2 : 3] for k in range(4)])
        power = np.linalg.inv(np.vander(np.arange(4) / 3.0, increasing=True))
        c = np.einsum("ij,jrn->nri", power, thirds)
        # the first value to the last bit: a cell begins where the curve is
        c[:, :, 0] = thirds[0].T
        return cls(start, step, np.ascontiguousarray(c))

    def __call__(self, x: Array) -> Array:
        """The curves at x (n,), (curves, n)."""
        cells = self.c.shape[0]
        u = (x - self.start) / self.step
        u = np.where(u > 0.0, np.where(u < cells, u, float(cells)), 0.0)
        k = np.minimum(u.astype(np.int64), cells - 1)
        s = u - k
        c = self.c[k]
        out: Array = np.stack(
            [
                ((c[:, r, 3] * s + c[:, r, 2]) * s + c[:, r, 1]) * s + c[:, r, 0]
                for r in range(c.shape[1])
            ]
        )
        return out

"""Orientation of the Moon: principal axes from DE440's own libration angles.

Gravity fields live in principal axes (PA); maps and sites live in mean-Earth axes (ME), up
to 875 m away on the surface. Each ephemeris has its own principal axes, and a field belongs to
those it was made with: GRGM1200A to DE430's, GRGM900C to DE421's. All are tied together
through one frame, the mean-Earth axes of DE421, to which each ephemeris publishes its angles:

    ME421 = R1(-a) R2(-b) R3(-c) PA

    DE440  a 0.2785"  b 78.6944"  c 67.8526"   Park et al. (2021), AJ 161:105
    DE430  a 0.295"   b 78.627"   c 67.737"    Folkner et al. (2014), IPN PR 42-196; Williams,
                                               Boggs & Folkner (2013), JPL IOM 335-JW,DB,WF
    DE421  a 0.30"    b 78.56"    c 67.92"     Williams, Boggs & Folkner (2008), JPL IOM
                                               335-JW,DB,WF-20080314-001

The turn from DE440's to DE430's principal axes is 0.13" (1.1 m on the surface), to DE421's
0.15" (1.3 m). DE430's angles to its own mean-Earth axes (0.285", 78.580", 67.573") are not
used: those axes differ from DE421's by 0.17" (1.4 m).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import DataSpanError, UnknownNameError, did_you_mean
from cosmodrome.world import store
from cosmodrome.world.ephemeris import tdb_clock
from cosmodrome.world.frame import Rotation
from cosmodrome.world.turns import r1, r2, r3, turns_313

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch

__all__ = ["MoonOrientation"]

_DAY = 86400.0
_ARCSEC = np.pi / 648000.0
# arc seconds about x, y, z from principal axes to the mean-Earth axes of DE421
_TO_ME421 = {
    "de440": (0.2785, 78.6944, 67.8526),
    "de430": (0.295, 78.627, 67.737),
    "de421": (0.30, 78.56, 67.92),
}


@functools.cache
def _records() -> tuple[NDArray[np.float64], float, float]:
    layout = store.entry("moon_orientation")["layout"]
    return (
        store.open_array("moon_orientation"),
        float(layout["start_days"]),
        float(layout["step_days"]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class MoonOrientation:
    """Rotations from GCRF to the Moon's principal and mean-Earth axes, 1962-2060."""

    def pa_from_gcrf(self, epoch: Epoch) -> Rotation:
        """Rotation and rate from GCRF to principal axes at an instant.

        Raises DataSpanError outside 1962-2060.
        """
        many = self.pa_from_gcrf_many(epoch, np.zeros(1))
        rate = None if many.rate is None else many.rate[0]
        return Rotation("moon-pa", "gcrf", many.matrix[0], rate)

    def pa_from_gcrf_many(self, epoch0: Epoch, t_s: NDArray[np.float64]) -> Rotation:
        """Rotations (n, 3, 3) and rates (n, 3) at seconds of TT after `epoch0`."""
        angles, rates = _angles(epoch0, np.atleast_1d(np.asarray(t_s, dtype=np.float64)))
        return Rotation("moon-pa", "gcrf", *turns_313(angles, rates))

    def me_from_pa(self) -> Rotation:
        """The constant rotation from principal axes of DE440 to mean-Earth axes (of DE421)."""
        return Rotation("moon-me", "moon-pa", _me_from_pa("de440"))

    def pa_from_pa440(self, ephemeris: str) -> Rotation:
        """The constant rotation from DE440's principal axes to those of another ephemeris.

        ephemeris  "de421" or "de430"

        Raises UnknownNameError for another.
        """
        if ephemeris not in _TO_ME421:
            raise UnknownNameError(
                f"the Moon's principal axes of {ephemeris!r} are not known."
                f" {did_you_mean(ephemeris, _TO_ME421)}"
            )
        matrix = _me_from_pa(ephemeris).T @ _me_from_pa("de440")
        return Rotation(f"moon-pa-{ephemeris}", "moon-pa", matrix)


def _me_from_pa(ephemeris: str) -> NDArray[np.float64]:
    a, b, c = (np.array([-x * _ARCSEC]) for x in _TO_ME421[ephemeris])
    out: NDArray[np.float64] = (r1(a) @ r2(b) @ r3(c))[0]
    return out


def _angles(
    epoch0: Epoch, t_s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Euler angles phi, theta, psi (n, 3) in rad and their rates."""
    c, start, step = _records()
    day, s = tdb_clock(epoch0, t_s)
    since = day - start
    k = np.floor((since + s / _DAY) / step).astype(np.int64)
    if s.size and (int(k.min()) < 0 or int(k.max()) >= c.shape[0]):
        item = store.entry("moon_orientation")
        raise DataSpanError(
            f"the Moon's orientation was asked outside its span {item['first']} .."
            f" {item['last']}; ask for an instant inside"
        )
    half = 0.5 * step * _DAY
    x = ((since - k * step) * _DAY + s) / half - 1.0
    t = np.empty((c.shape[2], s.size))
    d = np.empty_like(t)
    t[0], t[1] = 1.0, x
    d[0], d[1] = 0.0, 1.0
    for j in range(2, c.shape[2]):
        t[j] = 2.0 * x * t[j - 1] - t[j - 2]
        d[j] = 2.0 * t[j - 1] + 2.0 * x * d[j - 1] - d[j - 2]
    block = np.asarray(c[k])
    return (
        np.einsum("nck,kn->nc", block, t),
        np.einsum("nck,kn->nc", block, d) / half,
    )

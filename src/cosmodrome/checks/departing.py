"""Departures: the energy and the direction a spacecraft leaves with, from r and v at release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.angles import signed_turn
from cosmodrome.checks.verdicts import Judged, at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.mission.nouns import Quantity

__all__ = ["departure"]


def departure(view: View, wanted: Quantity) -> Iterator[Judged]:
    """C3 = v^2 - 2 mu / r where the last burn of the stack leaves it, and nothing brakes it."""
    path = view.inertial(view.stack.path)
    y = path.columns_at(float(path.breaks_s[-1]))
    mu = float(view.world.gravity().mu_m3_s2)
    c3 = float(y[3:6] @ y[3:6]) - 2.0 * mu / float(np.linalg.norm(y[0:3]))
    off = c3 - wanted.value
    yield at_most(
        abs(off) / 1e6,
        wanted.tolerance / 1e6,
        "km^2/s^2",
        "release",
        f"C3 {c3 / 1e6:.4f} km^2/s^2 from r and v, {off / 1e6:+.4f} km^2/s^2 from the target",
        object=view.stack.object,
    )
    yield from _asymptote(view, view.equator @ y[0:3], view.equator @ y[3:6], c3, mu)


def _asymptote(
    view: View, r: NDArray[np.float64], v: NDArray[np.float64], c3: float, mu: float
) -> Iterator[Judged]:
    """The direction it leaves in, by perigee and true anomaly; where bound, that of the apogee."""
    target = view.target
    h = np.cross(r, v)
    e_vector = np.cross(v, h) / mu - r / np.linalg.norm(r)
    e = float(np.linalg.norm(e_vector))
    p_hat = e_vector / e
    q_hat = np.cross(h / np.linalg.norm(h), p_hat)
    f = float(np.arccos(-1.0 / e)) if c3 > 0.0 else float(np.pi)
    s = np.cos(f) * p_hat + np.sin(f) * q_hat
    here = {
        "declination": (target.declination_rad, float(np.arcsin(s[2]))),
        "right ascension": (target.right_ascension_rad, float(np.arctan2(s[1], s[0]))),
    }
    for name, (wanted, measured) in here.items():
        if wanted is None:
            continue
        turn = np.degrees(float(signed_turn(measured, wanted.value)))
        yield at_most(
            abs(turn),
            np.degrees(wanted.tolerance),
            "deg",
            "release",
            f"{name} of {'the asymptote' if c3 > 0.0 else 'the apogee'}"
            f" {np.degrees(measured):.3f} deg from r and v, {turn:+.3f} deg from the target",
            object=view.stack.object,
        )

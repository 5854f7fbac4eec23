"""Eclipses: when a body stands between the spacecraft and the Sun, wholly or in part.

Spheres: the Sun of 695,700 km (IAU 2015 Resolution B3), the Earth of its equatorial radius
6,378.137 km, the Moon of 1,737.4 km, or radii that are given; geometric places, no light time,
no air. With a, b the apparent radii of Sun and body and c the distance of their centres
(Montenbruck & Gill 2000, section 3.4.2):

    penumbra   c < a + b     some of the Sun is hidden: the umbra and the annular part included
    umbra      c < b - a     all of it
    annular    c < a - b     a ring is left
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.coverage.track import gcrf_places, panels
from cosmodrome.errors import InputError
from cosmodrome.maths.crossings import positive_intervals
from cosmodrome.world.bodies import SUN, body

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["KINDS", "Eclipse", "eclipses", "in_sunlight_s"]

KINDS = ("penumbra", "umbra", "annular")


@dataclass(frozen=True, slots=True)
class Eclipse:
    """One interval in the shadow of a body; t in seconds from the path's epoch.

    kind  "penumbra" (from first to last contact), "umbra" or "annular"
    begins_late, ends_early  the path begins or ends inside
    """

    kind: str
    body: str
    start: Epoch
    end: Epoch
    start_t_s: float
    end_t_s: float
    begins_late: bool = False
    ends_early: bool = False

    @property
    def duration_s(self) -> float:
        return self.end_t_s - self.start_t_s


def eclipses(
    path: Trajectory,
    world: World,
    bodies: Sequence[str] = ("earth", "moon"),
    *,
    radii_m: Mapping[str, float] | None = None,
) -> tuple[Eclipse, ...]:
    """Every shadow a flown path passes through, in order of start.

    bodies   what may hide the Sun
    radii_m  other radii, by body; "sun" too

    Instants are good to 1 us of the path. Raises UnknownNameError for a body without records,
    InputError for a radius that is not positive, FrameMismatchError for a path in turning axes.
    """
    radii = {name: body(name).figure_m for name in bodies} | {"sun": SUN.radius_m}
    for name, value in (radii_m or {}).items():
        if name not in radii or not value > 0.0:
            raise InputError(
                f"radii_m has {name!r}: {value!r}; give metres above zero for the Sun or one of"
                f" {', '.join(bodies)}"
            )
        radii[name] = float(value)
    breaks = panels(path)
    left, right = breaks[:-1], breaks[1:]
    out = []
    for name in bodies:

        def signs(owner: Ints, t: Array, name: str = name) -> Array:
            return _depth(path, world, name, radii, t)[owner, np.arange(owner.size)]

        outer = positive_intervals(signs, np.zeros(left.size, dtype=np.int64), left, right)
        found = [(0, outer)]
        if outer.start.size:
            cuts = np.unique(np.concatenate([breaks, outer.start, outer.end]))
            a, b = cuts[:-1], cuts[1:]
            home = np.searchsorted(outer.start, 0.5 * (a + b), side="right") - 1
            inside = (home >= 0) & (0.5 * (a + b) < outer.end[np.maximum(home, 0)])
            a, b = a[inside], b[inside]
            found += [(k, positive_intervals(signs, np.full(a.size, k), a, b)) for k in (1, 2)]
        for k, at in found:
            # an inner shadow that begins with its penumbra does so where the path begins
            for s, e in zip(at.start, at.end, strict=True):
                out.append(
                    Eclipse(
                        KINDS[k], name, path.epoch + float(s), path.epoch + float(e),
                        float(s), float(e), bool(s <= breaks[0]), bool(e >= breaks[-1]),
                    )
                )  # fmt: skip
    return tuple(sorted(out, key=lambda x: (x.start_t_s, x.body, KINDS.index(x.kind))))


def _depth(
    path: Trajectory, world: World, name: str, radii: Mapping[str, float], t: Array
) -> Array:
    """(3, m, n): cosine of the distance of the centres less that of the limit, by kind.

    Positive inside: cosines fall with the angle. Where the limit itself is negative (a body too
    small to hide the Sun) the difference is -1.
    """
    flat = t.ravel()
    r = gcrf_places(path, flat, world, name)
    sun = world.ephemeris.positions_m("sun", path.epoch, flat, name)
    d = sun - r
    dd, rr = np.linalg.norm(d, axis=1), np.linalg.norm(r, axis=1)
    sa, sb = np.minimum(radii["sun"] / dd, 1.0), np.minimum(radii[name] / rr, 1.0)
    ca, cb = np.sqrt(1.0 - sa**2), np.sqrt(1.0 - sb**2)
    cosine = -np.einsum("ij,ij->i", d, r) / (dd * rr)
    outer = cosine - (ca * cb - sa * sb)
    inner = cosine - (ca * cb + sa * sb)
    out: Array = np.stack(
        [outer, np.where(sb > sa, inner, -1.0), np.where(sb > sa, -1.0, inner)]
    ).reshape(3, *t.shape)
    return out


def in_sunlight_s(found: Sequence[Eclipse], start_t_s: float, end_t_s: float) -> float:
    """Seconds of a span outside every umbra; penumbra counts as light."""
    dark = sorted(
        (max(e.start_t_s, start_t_s), min(e.end_t_s, end_t_s))
        for e in found
        if e.kind == "umbra" and e.end_t_s > start_t_s and e.start_t_s < end_t_s
    )
    lit, at = 0.0, start_t_s
    for a, b in dark:
        lit += max(0.0, a - at)
        at = max(at, b)
    return lit + max(0.0, end_t_s - at)

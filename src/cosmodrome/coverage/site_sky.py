"""The Sun and the Earth over a place with its skyline: where they stand, and when they are up.

Geometric places (no light time, no aberration: 20" of the Sun), spheres for the discs. A disc is
up in part while its upper limb stands over the edge of the ground, by half with its centre, wholly
with its lower limb; the edge is read at the azimuth of the centre, as if it ran level over the
width of the disc.

Each is a sign change of a smooth function between the azimuths of the skyline's table, so the
span is cut where the body crosses one, and the certain search of `maths.crossings` holds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from cosmodrome.coverage.eclipses import KINDS, Eclipse
from cosmodrome.coverage.track import Track
from cosmodrome.errors import InputError
from cosmodrome.maths.chebyshev import fit_matrix, gauss_lobatto_points
from cosmodrome.maths.crossings import bracketed_root, highest, positive_intervals
from cosmodrome.world.bodies import SUN
from cosmodrome.world.bodies import body as body_of
from cosmodrome.world.body_orientation import fixed_from_gcrf_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from cosmodrome.maths.crossings import Intervals
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.skylines import Skyline
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["PARTS", "Part", "Showing", "SkyPlaces", "lit_s", "showings", "site_eclipses", "sky"]

Part = Literal["some", "half", "whole"]
PARTS: tuple[Part, ...] = get_args(Part)
# limbs by part: what is added to the elevation of the centre, in radii
_LIMB = {"some": 1.0, "half": 0.0, "whole": -1.0}
_SEEN = ("sun", "earth")
_DAY = 86_400.0
_NODES = 14
# a node of the table is looked for between instants this far apart
_LOOK_S = 1_800.0


@dataclass(frozen=True, slots=True, eq=False)
class SkyPlaces:
    """Where a body stands in the sky of a place at instants.

    t_s            (n,) seconds from the epoch given
    azimuth_rad    (n,) of its centre, from north over east, [0, 2 pi)
    elevation_rad  (n,) of its centre
    edge_rad       (n,) elevation of the ground's edge below it
    radius_rad     (n,) of its disc
    range_m        (n,)
    share          (n,) of the disc over the edge, 0 to 1
    """

    t_s: Array
    azimuth_rad: Array
    elevation_rad: Array
    edge_rad: Array
    radius_rad: Array
    range_m: Array
    share: Array


@dataclass(frozen=True, slots=True)
class Showing:
    """One interval in which a body is up at a place; t in seconds from its first instant asked.

    body, part     what shows: "some" of the disc, "half" or the "whole" of it
    highest, highest_t_s, highest_rad  when its centre is highest, and its elevation
    begins_late, ends_early  the span asked for begins or ends inside
    """

    body: str
    part: Part
    start: Epoch
    highest: Epoch
    end: Epoch
    start_t_s: float
    highest_t_s: float
    end_t_s: float
    highest_rad: float
    begins_late: bool = False
    ends_early: bool = False

    @property
    def duration_s(self) -> float:
        return self.end_t_s - self.start_t_s


def _radius_m(name: str) -> float:
    return SUN.radius_m if name == "sun" else body_of(name).figure_m


def _track(edge: Skyline, name: str, start: Epoch, span_s: float, world: World) -> Track:
    """A body's places in the axes of the skyline as a series, daily."""
    if name not in _SEEN or name == edge.body:
        raise InputError(
            f"{name!r} in the sky of a place on {edge.body!r}: write one of {', '.join(_SEEN)}"
        )
    breaks = np.linspace(0.0, span_s, max(1, math.ceil(span_s / _DAY)) + 1)
    points = gauss_lobatto_points(_NODES)
    t = 0.5 * (breaks[1:] + breaks[:-1])[:, None] + 0.5 * np.diff(breaks)[:, None] * points
    r = world.ephemeris.positions_m(name, start, t.ravel(), edge.body)
    m = fixed_from_gcrf_many(world, edge.body, edge.axes, start, t.ravel()).matrix
    fixed = np.einsum("nij,nj->ni", m, r).reshape(-1, _NODES, 3)
    c = np.einsum("kn,pnc->pkc", fit_matrix(_NODES), fixed)
    return Track(start, edge.body, edge.axes, breaks, c)


def _local(edge: Skyline, track: Track, t: Array) -> tuple[Array, Array]:
    """Unit vectors (..., 3) east, north, up, and ranges (...)."""
    d = (track.places(t) - edge.place_m) @ edge.enu.T
    size = np.linalg.norm(d, axis=-1)
    return d / size[..., None], size


def _azimuth(unit: Array) -> Array:
    return np.asarray(np.mod(np.arctan2(unit[..., 0], unit[..., 1]), 2.0 * math.pi))


def _span(start: Epoch, end: Epoch) -> float:
    span = end - start
    if not span > 0.0:
        raise InputError(f"the sky from {start} to {end}: the end must lie after the start")
    return float(span)


def sky(edge: Skyline, name: str, start: Epoch, t_s: ArrayLike, world: World) -> SkyPlaces:
    """Where the Sun or the Earth stands over a place at seconds (n,) after `start`.

    name  "sun" or "earth"

    Raises InputError for another body, DataSpanError outside 1962-2060.
    """
    t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
    if t.size == 0:
        raise InputError("the sky at no instant: give seconds from the start")
    first = float(t.min())
    track = _track(edge, name, start + first, max(float(t.max()) - first, 1.0), world)
    unit, size = _local(edge, track, t - first)
    azimuth = _azimuth(unit)
    elevation = np.arcsin(np.clip(unit[:, 2], -1.0, 1.0))
    radius = np.arcsin(_radius_m(name) / size)
    mask = edge.mask_rad(azimuth)
    x = np.clip((elevation - mask) / radius, -1.0, 1.0)
    share = 1.0 - (np.arccos(x) - x * np.sqrt(1.0 - x * x)) / math.pi
    return SkyPlaces(t, azimuth, elevation, mask, radius, size, share)


def showings(
    edge: Skyline,
    name: str,
    start: Epoch,
    end: Epoch,
    world: World,
    *,
    parts: Sequence[Part] = PARTS,
) -> tuple[Showing, ...]:
    """Every interval in which some, half or all of the Sun's or the Earth's disc is up.

    name   "sun" or "earth"
    parts  which of "some", "half", "whole" are told

    In order of start, instants good to a millisecond of the model. The edge of the ground is the
    skyline's table, read linearly; eclipses are told apart, by `site_eclipses`.

    Raises InputError for another body or part, or an end before the start; DataSpanError outside
    1962-2060.
    """
    wrong = [p for p in parts if p not in PARTS]
    if wrong:
        raise InputError(f"part {wrong[0]!r} of a disc: write one of {', '.join(PARTS)}")
    span = _span(start, end)
    track = _track(edge, name, start, span, world)
    limbs = np.array([_LIMB[p] for p in parts])
    radius_m = _radius_m(name)

    def over(owner: Ints, t: Array) -> Array:
        unit, size = _local(edge, track, t)
        limit = edge.mask_rad(_azimuth(unit)) - limbs[owner][:, None] * np.arcsin(radius_m / size)
        out: Array = unit[..., 2] - np.sin(limit)
        return out

    breaks = np.unique(np.concatenate([track.breaks_s, _crossed(edge, track, span)]))
    left, right = _apart(breaks)
    n = len(limbs)
    owner = np.repeat(np.arange(n), left.size)
    found = positive_intervals(
        over, owner, np.tile(left, n), np.tile(right, n), shortest=1e-3, tolerance=1e-4
    )
    return _told(edge, track, found, name, parts, start)


def _crossed(edge: Skyline, track: Track, span: float) -> Array:
    """Instants at which the body stands over an azimuth of the skyline's table."""
    t = np.linspace(0.0, span, max(2, math.ceil(span / _LOOK_S) + 1))
    azimuth = _azimuth(_local(edge, track, t)[0])
    gap = 2.0 * math.pi / edge.azimuth_rad.size
    turned = np.mod(np.diff(azimuth) + math.pi, 2.0 * math.pi) - math.pi
    low = np.minimum(azimuth[:-1], azimuth[:-1] + turned) / gap
    high = np.maximum(azimuth[:-1], azimuth[:-1] + turned) / gap
    first = np.floor(low).astype(np.int64) + 1
    count = np.maximum(np.ceil(high).astype(np.int64) - first, 0)
    k = np.repeat(np.arange(count.size), count)
    within = np.arange(k.size) - np.repeat(np.cumsum(count) - count, count)
    node = (first[k] + within) * gap

    def past(i: Ints, at: Array) -> Array:
        """How far the azimuth is past the node, within half a turn."""
        a = _azimuth(_local(edge, track, at)[0])
        out: Array = np.mod(a - node[i] + math.pi, 2.0 * math.pi) - math.pi
        return out

    every = np.arange(k.size)
    a, b = t[k], t[k + 1]
    fa, fb = past(every, a), past(every, b)
    good = (fa > 0.0) != (fb > 0.0)
    kept = np.flatnonzero(good)
    return bracketed_root(lambda i, x: past(kept[i], x), a[kept], b[kept], fa[kept], fb[kept], 1e-4)


def _apart(breaks: Array) -> tuple[Array, Array]:
    """Panels between breaks; breaks closer than a millisecond are one."""
    keep = np.append(True, np.diff(breaks) > 1e-3)
    keep[-1] = True
    kept = breaks[keep]
    if kept.size > 2 and kept[-1] - kept[-2] <= 1e-3:
        kept = np.delete(kept, -2)
    return kept[:-1], kept[1:]


def _told(
    edge: Skyline,
    track: Track,
    found: Intervals,
    name: str,
    parts: Sequence[Part],
    start: Epoch,
) -> tuple[Showing, ...]:
    def height(_: Ints, t: Array) -> Array:
        out: Array = _local(edge, track, t)[0][..., 2]
        return out

    # four looks a day tell the summits of days apart
    samples = np.ceil((found.end - found.start) / (0.25 * _DAY)).astype(np.int64) + 9
    at, sine = highest(height, found.owner, found.start, found.end, samples, tolerance=1.0)
    rows = [
        Showing(
            name, parts[o], start + s, start + h, start + e, s, h, e,
            math.asin(min(1.0, v)), late, early,
        )
        for o, s, h, e, v, late, early in zip(
            found.owner.tolist(), found.start.tolist(), at.tolist(), found.end.tolist(),
            sine.tolist(), found.open_start.tolist(), found.open_end.tolist(), strict=True,
        )
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda x: (x.start_t_s, parts.index(x.part))))


def site_eclipses(edge: Skyline, start: Epoch, end: Epoch, world: World) -> tuple[Eclipse, ...]:
    """When the Earth hides the Sun from a place, whether or not they are up there.

    By spheres, as `eclipses`; "penumbra" includes "umbra". The Earth's air, which lengthens them
    by minutes and reddens what is left, is not in it.
    """
    span = _span(start, end)
    sun, earth = (_track(edge, name, start, span, world) for name in ("sun", "earth"))

    def depth(owner: Ints, t: Array) -> Array:
        (u, du), (v, dv) = _local(edge, sun, t), _local(edge, earth, t)
        a, b = np.arcsin(_radius_m("sun") / du), np.arcsin(_radius_m("earth") / dv)
        limit = np.where(owner[:, None] == 0, a + b, b - a)
        out: Array = np.einsum("...i,...i->...", u, v) - np.cos(limit)
        return out

    left, right = sun.breaks_s[:-1], sun.breaks_s[1:]
    owner = np.repeat(np.arange(2), left.size)
    found = positive_intervals(
        depth, owner, np.tile(left, 2), np.tile(right, 2), shortest=1e-3, tolerance=1e-4
    )
    rows = [
        Eclipse(KINDS[o], "earth", start + s, start + e, s, e, late, early)
        for o, s, e, late, early in zip(
            found.owner.tolist(), found.start.tolist(), found.end.tolist(),
            found.open_start.tolist(), found.open_end.tolist(), strict=True,
        )
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda x: (x.start_t_s, KINDS.index(x.kind))))


def lit_s(found: Sequence[Showing], dark: Sequence[Eclipse], part: Part = "half") -> float:
    """Seconds in which a part of the disc is up and no umbra lies on the place."""
    total = 0.0
    for x in found:
        if x.part != part:
            continue
        hidden = sum(
            max(0.0, min(x.end_t_s, e.end_t_s) - max(x.start_t_s, e.start_t_s))
            for e in dark
            if e.kind == "umbra"
        )
        total += x.duration_s - hidden
    return total

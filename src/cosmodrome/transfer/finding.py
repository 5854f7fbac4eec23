"""Burns found from an ephemeris: every point is flown to the next; what does not follow is told.

A tabulated flight is ballistic between its burns, so a point flown in full dynamics meets the next
to the rounding of the table. Where it does not, two things can have happened. A burn: the place
is off by no more than the new velocity carries it within the step. Or the maker went over to
another solution of the orbit: the place jumps farther than that. What remains between the breaks
are arcs, each flown from its first point with one fitted number, Cr A / m.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import PRESETS, Drag, Radiation, preset
from cosmodrome.dynamics.hops import Hops
from cosmodrome.errors import FrameMismatchError, InputError
from cosmodrome.transfer.burn_fit import fit_burn
from cosmodrome.transfer.found import MASS_KG, Arc, Break, Burnt, Change, Found, Reading, Rows
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import BODIES, height_above
from cosmodrome.world.frame import gcrf
from cosmodrome.world.named_axes import axes_of_message, eme2000_from_gcrf, to_gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.formats.oem import Segment
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["READINGS", "find_burns", "forces_of", "rows_of"]

#: how the axes of a message can be taken
READINGS = ("auto", "written", "icrf")
# a break lacks so many times what the steps around it lack, and at least so much, m/s
_TIMES, _FLOOR_M_S = 20.0, 1e-5
_AROUND = 6
# a place that jumps farther than the new velocity carries it in this part of a step is no burn's
_REACH = 1.3
# left after the best burn, of delta-v times the step: more is no burn
_LEFT = 0.2
# below this height of the Earth the air acts, and none is flown here
_AIR_M = 300e3
_TRIAL_M2_KG = 5e-3
_SAMPLES = 200
# axes that a message about another body than the Earth may use
_FIXED = ("gcrf", "eme2000")


def find_burns(
    segment: Segment,
    world: World,
    *,
    forces: str = "translunar",
    reading: str = "auto",
    long_h: float = 15.0,
    watch: Watch = SILENT,
) -> Found:
    """Arcs, burns and changes of solution of one segment of an ephemeris.

    forces   a preset; its radiation pressure is fitted, air is left out
    reading  of EME2000 axes: "written", "icrf", or "auto", which takes the one in which the long
             arcs close better, and without such arcs the steps
    long_h   arcs of this length and more are fitted and tell the reading

    Burns below some 20 times the noise of the table are not seen, nor is a thrust that never
    stops. Raises InputError for fewer than three points, FrameMismatchError for axes that are not
    known.
    """
    if reading not in READINGS:
        raise InputError(f"the reading {reading!r} is not known; write {', '.join(READINGS)}")
    watch.begin("burns", f"looking for burns among {len(segment.points)} points")
    tried = [reading == "icrf"]
    if reading == "auto":
        tried = [False, True] if axes_of_message(segment.ref_frame) == "eme2000" else [False]
    looks = [_look(rows_of(segment, world, icrf=x), forces, world, long_h, watch) for x in tried]
    best = _best(looks)
    area = float(np.median([a.area_m2_kg for a in best.arcs])) if best.arcs else 0.0
    burns, changes = _sorted(best, forces_of(forces, best.rows.centre, area), world, watch)
    watch.end("burns", f"{len(burns)} burns, {len(changes)} changes of solution")
    return Found(
        best.rows,
        best.arcs,
        burns,
        changes,
        area,
        tuple(Reading(x.rows.reading, x.closeness_m, float(np.median(x.noise))) for x in looks),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """The breaks and the long arcs of the points in one reading of their axes."""

    rows: Rows
    breaks: tuple[Break, ...]
    noise: Array
    arcs: tuple[Arc, ...]

    @property
    def closeness_m(self) -> float | None:
        """Root mean square of the arcs' largest distances."""
        return float(np.sqrt(np.mean([a.worst_m**2 for a in self.arcs]))) if self.arcs else None


def _best(looks: Sequence[_Look]) -> _Look:
    """The reading that closes better: by the long arcs, without any by the steps."""
    by_arcs = all(look.arcs for look in looks)
    return min(looks, key=lambda x: (x.closeness_m or 0.0) if by_arcs else np.median(x.noise))


def _sorted(
    look: _Look, dynamics: Dynamics, world: World, watch: Watch
) -> tuple[tuple[Burnt, ...], tuple[Change, ...]]:
    """The breaks as burns, where a burn explains them, and as changes of solution."""
    rows, hops = look.rows, _hops(look.rows, dynamics, world)
    burns: list[Burnt] = []
    changes: list[Change] = []
    for k, at in enumerate(look.breaks):
        stop_if_cancelled(watch)
        told = f"{len(burns)} burns, {len(changes)} changes"
        watch.tell("burns", k / len(look.breaks), told)
        if _may_be_burn(rows, at, hops):
            noise = float(look.noise[at.first])
            fitted = fit_burn(rows, at, hops, dynamics, noise, MASS_KG, world)
            span = float(rows.t_s[at.last] - rows.t_s[at.first])
            if fitted.misfit_m <= _LEFT * float(np.linalg.norm(fitted.delta_v_m_s)) * span:
                burns.append(fitted)
                continue
        changes.append(_change(rows, look.breaks, k, hops))
    return tuple(burns), tuple(changes)


def _look(rows: Rows, forces: str, world: World, long_h: float, watch: Watch) -> _Look:
    breaks, noise = _breaks(rows, forces, world, watch)
    return _Look(rows, breaks, noise, _arcs(rows, breaks, forces, world, long_h, watch))


def rows_of(segment: Segment, world: World, *, icrf: bool = False) -> Rows:
    """The points in GCRF axes about the message's centre.

    icrf  EME2000 is taken for ICRF, as some makers mean it
    """
    axes, centre = axes_of_message(segment.ref_frame), segment.center.lower()
    if axes is None or centre not in BODIES or (centre != "earth" and axes not in _FIXED):
        raise FrameMismatchError(
            f"states around {segment.center} in {segment.ref_frame} are not known here; write the"
            " message in GCRF, ICRF or EME2000, or around EARTH in TOD, TEME or ITRF"
        )
    points = [
        p for k, p in enumerate(segment.points) if k == 0 or p.epoch > segment.points[k - 1].epoch
    ]
    if len(points) < 3:
        raise InputError(f"{len(points)} points tell no burn: give three and more")
    t = np.array([p.epoch - points[0].epoch for p in points])
    y = np.array([[*p.r_m, *p.v_m_s] for p in points])
    reading = segment.ref_frame.lower()
    if axes == "eme2000" and icrf:
        reading = "icrf"
    elif axes == "eme2000":
        turn = eme2000_from_gcrf().T
        y = np.column_stack([turn.vector(y[:, :3]), turn.vector(y[:, 3:])])
    elif axes != "gcrf":
        y = np.array(
            [
                np.concatenate(to_gcrf(axes, world.orientation, p.epoch, row[:3], row[3:]))
                for p, row in zip(points, y, strict=True)
            ]
        )
    return Rows(points[0].epoch, centre, t, y, reading)


def forces_of(forces: str, centre: str, area_m2_kg: float) -> Dynamics:
    """The preset about a centre, without air; with light on Cr A / m where the preset has light."""
    bare = preset(forces).about(centre)
    offered = PRESETS[forces].forces(Drag(), Radiation())
    if area_m2_kg == 0.0 or not any(isinstance(f, Radiation) for f in offered):
        return bare
    return preset(forces, radiation=Radiation(area_m2_kg * MASS_KG, 1.0)).about(centre)


def _hops(rows: Rows, dynamics: Dynamics, world: World) -> Hops:
    first = State(rows.epoch, gcrf(rows.centre), rows.y[0, :3], rows.y[0, 3:], MASS_KG)
    return Hops(first, dynamics, float(rows.t_s[-1]), world)


def _breaks(rows: Rows, forces: str, world: World, watch: Watch) -> tuple[tuple[Break, ...], Array]:
    """Breaks, and the noise of every step in m/s: what the steps around it lack."""
    hops = _hops(rows, forces_of(forces, rows.centre, 0.0), world)
    n = len(rows.t_s) - 1
    lack = np.zeros(n)
    for k in range(n):
        y, _ = hops.fly(rows.y[k], rows.t_s[k], rows.t_s[k + 1])
        gap = rows.y[k + 1] - y
        step = rows.t_s[k + 1] - rows.t_s[k]
        lack[k] = max(np.linalg.norm(gap[3:]), np.linalg.norm(gap[:3]) / step)
        if k % 512 == 0:
            stop_if_cancelled(watch)
            watch.tell("burns", k / n, f"step {k} of {n}")
    noise = np.array([np.median(lack[max(k - _AROUND, 0) : k + _AROUND + 1]) for k in range(n)])
    wild = lack > np.maximum(_TIMES * noise, _FLOOR_M_S)
    if rows.centre == "earth":
        heights = height_above("earth", rows.y[:, :3])
        wild &= np.minimum(heights[:-1], heights[1:]) > _AIR_M
    return _grouped(np.flatnonzero(wild)), noise


def _grouped(steps: NDArray[np.int64]) -> tuple[Break, ...]:
    """Steps that follow each other as one break."""
    out: list[Break] = []
    for k in map(int, steps):
        if out and out[-1].last == k:
            out[-1] = Break(out[-1].first, k + 1)
        else:
            out.append(Break(k, k + 1))
    return tuple(out)


def _spans(rows: Rows, breaks: Sequence[Break]) -> list[tuple[int, int]]:
    """First and last row of what lies between the breaks."""
    firsts = [0, *(b.last for b in breaks)]
    lasts = [*(b.first for b in breaks), len(rows.t_s) - 1]
    return [(a, b) for a, b in zip(firsts, lasts, strict=True) if b > a]


def _arcs(
    rows: Rows,
    breaks: Sequence[Break],
    forces: str,
    world: World,
    long_h: float,
    watch: Watch,
) -> tuple[Arc, ...]:
    """The long arcs, each closed with its own Cr A / m."""
    out = []
    for first, last in _spans(rows, breaks):
        if rows.t_s[last] - rows.t_s[first] >= 3600.0 * long_h:
            stop_if_cancelled(watch)
            out.append(_closed(rows, first, last, forces, world))
    return tuple(out)


def _closed(rows: Rows, first: int, last: int, forces: str, world: World) -> Arc:
    def off(area: float) -> Array:
        cut = Rows(
            rows.epoch + float(rows.t_s[first]),
            rows.centre,
            rows.t_s[first : last + 1] - rows.t_s[first],
            rows.y[first : last + 1],
            rows.reading,
        )
        hops = _hops(cut, forces_of(forces, rows.centre, area), world)
        _, y = hops.fly(cut.y[0], 0.0, float(cut.t_s[-1]), cut.t_s[1:])
        out: Array = (y - cut.y[1:])[:, :3]
        return out

    dark = off(0.0)
    # linear in the area
    slope = (off(_TRIAL_M2_KG) - dark) / _TRIAL_M2_KG
    size = float(np.sum(slope * slope))
    area = max(-float(np.sum(slope * dark)) / size, 0.0) if size > 0.0 else 0.0
    left = np.linalg.norm(off(area), axis=1)
    return Arc(
        first,
        last,
        rows.epoch + float(rows.t_s[first]),
        rows.epoch + float(rows.t_s[last]),
        area,
        float(left[-1]),
        float(left.max()),
        float(np.linalg.norm(dark, axis=1).max()),
    )


def _may_be_burn(rows: Rows, at: Break, hops: Hops) -> bool:
    """Could the jump of the place come of the jump of the velocity within the break?"""
    y, _ = hops.fly(rows.y[at.first], rows.t_s[at.first], rows.t_s[at.last])
    gap = rows.y[at.last] - y
    reach = np.linalg.norm(gap[3:]) * (rows.t_s[at.last] - rows.t_s[at.first])
    return bool(np.linalg.norm(gap[:3]) <= _REACH * reach)


def _change(rows: Rows, breaks: Sequence[Break], k: int, hops: Hops) -> Change:
    """The two solutions flown over both their arcs, and where they are nearest."""
    at = breaks[k]
    begin = rows.t_s[breaks[k - 1].last if k else 0]
    end = rows.t_s[breaks[k + 1].first if k + 1 < len(breaks) else -1]
    t = np.unique(np.concatenate([np.linspace(begin, end, _SAMPLES), [rows.t_s[at.last]]]))
    old = _both_ways(hops, rows, at.first, t)
    new = _both_ways(hops, rows, at.last, t)
    apart = np.linalg.norm((new - old)[:, :3], axis=1)
    nearest, here = int(np.argmin(apart)), int(np.searchsorted(t, rows.t_s[at.last]))
    return Change(
        at,
        rows.epoch + float(rows.t_s[at.last]),
        float(apart[here]),
        float(np.linalg.norm((new - old)[here, 3:])),
        rows.epoch + float(t[nearest]),
        float(apart[nearest]),
    )


def _both_ways(hops: Hops, rows: Rows, row: int, t: Array) -> Array:
    """The solution that holds at a row, flown to times before and after it, (n, 6)."""
    t0 = float(rows.t_s[row])
    before, after = t[t < t0][::-1], t[t >= t0]
    parts = []
    for times in (before, after):
        if times.size:
            _, y = hops.fly(rows.y[row], t0, float(times[-1]), times)
            parts.append(y[::-1] if times is before else y)
    return np.concatenate(parts)

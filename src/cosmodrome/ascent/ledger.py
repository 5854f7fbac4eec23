"""Where velocity and mass went, from the flown pieces."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.integrate import Piece
from cosmodrome.maths import NUMPY, remembered_each
from cosmodrome.physics import aerodynamics, powered
from cosmodrome.physics.thrust import G0_M_S2
from cosmodrome.record.nouns import Burn, ForceAudit, Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.ascent.flying import Flown, Truth
    from cosmodrome.physics.powered import Planet

    Array = NDArray[np.float64]

__all__ = ["audit", "close"]

_POINTS = 8
# slower than this over the ground, long after lift-off, and pieces are halved towards their ends
_SLOW_M_S, _OFF_THE_PAD_S, _GRADES = 300.0, 100.0, 20


def _burns(truth: Truth, flown: Flown) -> tuple[Burn, ...]:
    """One entry per stage and stretch of uninterrupted burning."""
    open_: dict[str, list[float]] = {}
    done: list[Burn] = []

    def shut(id_: str) -> None:
        start, end, propellant, other, impulse, gain = open_.pop(id_)
        done.append(Burn(id_, start, end, propellant, other, impulse, gain))

    for sub in flown.subs:
        for id_ in [i for i in open_ if i not in sub.engines]:
            shut(id_)
        length = sub.length_s
        impulses = {i: e.propellant_kg(length) * e.isp_vacuum_s for i, e in sub.engines.items()}
        gained = sub.gained_m_s()
        for id_, engine in sub.engines.items():
            entry = open_.setdefault(id_, [sub.start_s, 0.0, 0.0, 0.0, 0.0, 0.0])
            entry[1] = sub.end_s
            entry[2] += engine.propellant_kg(length)
            entry[3] += engine.consumables_kg_s * length
            entry[4] += impulses[id_] * G0_M_S2
            entry[5] += gained * impulses[id_] / sum(impulses.values())
    for id_ in list(open_):
        shut(id_)
    return tuple(sorted(done, key=lambda b: (b.start_s, b.end_s, b.stage)))


@dataclass(frozen=True, slots=True, eq=False)
class _Along:
    """A piece at n points: accelerations (3, n), back-pressure Pa (n,), state (6, n), direction
    (3, n), mass (n,), vacuum thrust (n,)."""

    gravity: Array
    drag: Array
    thrust: Array
    pressure: Array
    y: Array
    u: Array
    m: Array
    vacuum_n: Array


@remembered_each(2048, Piece)
def _along(planet: Planet, points: list[tuple[Piece, Array]]) -> list[_Along]:
    """Pieces at points of [-1, 1] each; those of one body in the air at once."""
    out: dict[int, _Along] = {}
    bodies = {p.body: None for p, _ in points}
    for body in bodies:
        mine = [k for k, (p, _) in enumerate(points) if p.body == body]
        own = [_flown_at(*points[k]) for k in mine]
        y, u, m, force, area = (np.concatenate(part, axis=-1) for part in zip(*own, strict=True))
        a = powered.accelerations(
            NUMPY, planet, body, (y[0], y[1], y[2]), (y[3], y[4], y[5]), m,
            (u[0], u[1], u[2]), force, area,
        )  # fmt: skip
        whole = (
            np.stack(a.gravity), np.stack(a.drag), np.stack(a.thrust), a.air.pressure,
            y, u, m, force,
        )  # fmt: skip
        ends = np.cumsum([part[2].size for part in own])[:-1]
        split = zip(*(np.split(rows, ends, axis=-1) for rows in whole), strict=True)
        out |= {k: _Along(*parts) for k, parts in zip(mine, split, strict=True)}
    return [out[k] for k in range(len(points))]


def _flown_at(p: Piece, x: Array) -> tuple[Array, Array, Array, Array, Array]:
    """State, direction, mass, vacuum thrust and exit area of a piece at points of [-1, 1]."""
    t = 0.5 * (p.start_s + p.end_s) + 0.5 * (p.end_s - p.start_s) * x
    return p.state(t), p.direction(t), p.mass(t), p.thrust_n(t), np.full(t.size, p.exit_area_m2)


def _graded(
    truth: Truth, flown: Flown
) -> Iterator[tuple[Piece, NDArray[np.float64], NDArray[np.float64]]]:
    """Gauss points on [-1, 1] of each piece, and weights; graded where the flow turns about.

    An insertion into geostationary orbit comes to rest over the ground: the direction losses are
    counted along turns within the last hundredths of a second, and the points follow it there.
    """
    x, weights = np.polynomial.legendre.leggauss(_POINTS)
    omega = truth.planet.omega_rad_s
    for p in flown.pieces:
        ends = p.state(np.array([p.start_s, p.end_s]))
        w = np.stack(aerodynamics.air_velocity(tuple(ends[:3]), tuple(ends[3:]), omega))
        slowest = float(np.linalg.norm(w, axis=0).min())
        if not p.pushing or p.start_s < _OFF_THE_PAD_S or slowest > _SLOW_M_S:
            yield p, x, weights
            continue
        steps = 2.0 ** -np.arange(_GRADES + 1.0)
        marks = np.unique(np.concatenate([[-1.0, 1.0], -1.0 + steps, 1.0 - steps]))
        for a, b in pairwise(marks):
            yield p, 0.5 * (a + b) + 0.5 * (b - a) * x, 0.5 * (b - a) * weights


def close(truth: Truth, flown: Flown) -> Ledger:
    """The stack's ledger.

    Losses are along the Earth-relative velocity w, which is zero on the pad, so that
    |w_end| = delta_v - all losses: gravity -(g + c).w/|w| with the centrifugal c of the turning
    axes (the Coriolis part does no work), drag -d.w/|w|, steering (F/m)(1 - u.w/|w|),
    back-pressure p A_e / m. Along the inertial velocity the climb off the pad, square to the
    ground's own speed, would be booked as hundreds of m/s of steering.
    """
    losses = {"gravity": 0.0, "drag": 0.0, "steering": 0.0, "back-pressure": 0.0}
    graded = list(_graded(truth, flown))
    rows = _along(truth.planet, [(p, x) for p, x, _ in graded])
    for (p, _, weights), a in zip(graded, rows, strict=True):
        y, u, m = a.y, a.u, a.m
        w = weights * 0.5 * (p.end_s - p.start_s)
        omega = truth.planet.omega_rad_s
        # not `a.air`: its speed has a floor that keeps it smooth on the pad, and there is wind
        flow = np.stack(aerodynamics.air_velocity(tuple(y[:3]), tuple(y[3:]), omega))
        w_hat = flow / np.linalg.norm(flow, axis=0)
        weight = a.gravity.copy()
        weight[:2] += omega * omega * y[:2]
        losses["gravity"] -= float(w @ np.sum(weight * w_hat, axis=0))
        losses["drag"] -= float(w @ np.sum(a.drag * w_hat, axis=0))
        if p.pushing:
            back = p.exit_area_m2 * a.pressure / m
            push = a.vacuum_n / m - back
            losses["back-pressure"] += float(w @ back)
            losses["steering"] += float(w @ (push * (1.0 - np.sum(u * w_hat, axis=0))))
    return Ledger(
        delta_v_m_s=sum(sub.gained_m_s() for sub in flown.subs),
        losses_m_s=losses,
        burns=_burns(truth, flown),
        propellant_kg=dict(flown.tanks_left),
        separated_kg=dict(flown.separated),
    )


def audit(truth: Truth, flown: Flown) -> tuple[ForceAudit, ...]:
    """Largest and mean size of each force along the stack's flight."""
    x, weights = np.polynomial.legendre.leggauss(_POINTS)
    largest: dict[str, float] = {"gravity": 0.0, "thrust": 0.0, "drag": 0.0}
    total = dict.fromkeys(largest, 0.0)
    rows = _along(truth.planet, [(p, x) for p in flown.pieces])
    for p, a in zip(flown.pieces, rows, strict=True):
        w = weights * 0.5 * (p.end_s - p.start_s)
        for name, vector in (("gravity", a.gravity), ("thrust", a.thrust), ("drag", a.drag)):
            size = np.sqrt(sum(c**2 for c in vector))
            largest[name] = max(largest[name], float(size.max()))
            total[name] += float(w @ size)
    span = flown.pieces[-1].end_s - flown.pieces[0].start_s
    sources = {
        "gravity": "EGM2008 zonals J2 to J4",
        "thrust": "catalogue thrust and Isp, back-pressure on the exit area",
        "drag": "US Standard 1976 (smooth), catalogue drag curve",
    }
    return tuple(
        ForceAudit(name, largest[name], total[name] / span, sources[name]) for name in largest
    )

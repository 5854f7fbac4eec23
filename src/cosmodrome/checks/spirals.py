"""Low thrust over many revolutions: what it did to the orbit, what it took, where it rested.

The push is read off the path's own thrust columns, and Gauss' equations, written for the energy
and the vectors h and e (Battin 1999, section 10.2), say what it must have done with the
specification's other forces; the path says what it did.

    dE/dt = v . f,   dh/dt = r x f,   mu de/dt = f x h + v x (r x f)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.forces import discs, specification
from cosmodrome.checks.plan_flown import legs_of
from cosmodrome.checks.series import sample
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.mission.nouns import Transfer
from cosmodrome.world.bodies import G0
from cosmodrome.world.trajectory import STEERED_COLUMNS, Trajectory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.mission.nouns import CraftEngine
    from cosmodrome.record.nouns import Leg

    Array = NDArray[np.float64]

__all__ = ["low_thrust"]

# of a revolution's change: quadrature leaves 1e-8, a push turned by a hundredth of a degree 2e-4
PART = 1e-5
# below this much of the orbit itself a change is rounding
LEAST = 1e-9
# revolutions judged, evenly over the leg
MOST_REVOLUTIONS = 48
# of the time in umbra: the law rests by a cylinder, in whole steps of 5 deg of the orbit (half an
# hour at the apogee of a transfer orbit), with a Sun that is good to a degree or two: 13 % were
# seen over months to the geostationary orbit, and without any rest it is 1
IN_SHADOW = 0.2
# the last revolutions are steered by another rule, which does not rest
LAST_REVOLUTIONS = 2.0


def low_thrust(view: View) -> Iterator[Judged]:
    """Each low-thrust leg: its pushes against what the orbit did, its mass, its rests."""
    engine = view.flight.mission.spacecraft.engine
    legs = [
        (g, s) for g in legs_of(view) for s in g.steps if isinstance(s, Transfer) and s.low_thrust
    ]
    if engine is None or not legs:
        yield not_judged("the plan has no low thrust")
        return
    for leg, step in legs:
        path = view.inertial(leg.path)
        if path.columns != STEERED_COLUMNS:
            yield at_least(
                0.0, 1.0, "columns", step.name, "the path says no thrust and no direction"
            )
            continue
        yield from _changes(view, leg, step.name)
        yield from _budget(leg, engine, step.name)
        if step.eclipses:
            yield _rests(view, leg, step.name)


def _cut(path: Trajectory, first: int, last: int) -> Trajectory:
    return Trajectory(
        path.epoch,
        path.frame,
        path.breaks_s[first : last + 1].copy(),
        path.coefficients[first:last].copy(),
        path.columns,
    )


def _revolutions(path: Trajectory, mu: float) -> list[tuple[int, int]]:
    """Segments (first, past the last) of about a revolution each."""
    out, first, n = [], 0, len(path.breaks_s) - 1
    while first < n:
        y = path.columns_at(float(path.breaks_s[first]))
        a = 1.0 / (2.0 / float(np.linalg.norm(y[0:3])) - float(y[3:6] @ y[3:6]) / mu)
        ends = float(path.breaks_s[first]) + 2.0 * np.pi * np.sqrt(max(a, 0.0) ** 3 / mu)
        last = min(max(int(np.searchsorted(path.breaks_s, ends)), first + 1), n)
        out.append((first, last))
        first = last
    return out


def _changes(view: View, leg: Leg, name: str) -> Iterator[Judged]:
    """The worst revolution by energy, plane and shape."""
    path, mu = leg.path, float(view.world.gravity().mu_m3_s2)
    turns = _revolutions(path, mu)
    some = np.unique(np.linspace(0, len(turns) - 1, MOST_REVOLUTIONS).round().astype(int))
    worst: dict[str, tuple[float, float, float, str]] = {}
    for k in some:
        cut = _cut(path, *turns[k])
        longest = float(np.diff(cut.breaks_s).max())
        s = sample(cut, int(np.clip(8 + longest / 20.0, 9, 65)) | 1)
        y, w = s.values, s.weights
        r, v = y[:, 0:3], y[:, 3:6]
        push = y[:, 10:11] / y[:, 6:7] * y[:, 7:10]
        radius = np.linalg.norm(r, axis=1)[:, None]
        other = specification(view, cut, s.t_s, y)[0] + mu * r / radius**3
        h = np.cross(r, v)
        e = (np.cross(v, h) - mu * r / radius) / mu
        energy = 0.5 * np.einsum("ij,ij->i", v, v) - mu / radius[:, 0]

        def rates(f: Array, r: Array = r, v: Array = v, h: Array = h) -> dict[str, Array]:
            turned = np.cross(r, f)
            return {
                "semi-major axis": np.einsum("ij,ij->i", v, f)[:, None],
                "plane and size (r x v)": turned,
                "shape (e vector)": (np.cross(f, h) + np.cross(v, turned)) / mu,
            }

        flown = {
            "semi-major axis": np.array([energy[-1] - energy[0]]),
            "plane and size (r x v)": h[-1] - h[0],
            "shape (e vector)": e[-1] - e[0],
        }
        size = {
            "semi-major axis": abs(float(energy[0])),
            "plane and size (r x v)": float(np.linalg.norm(h[0])),
            "shape (e vector)": 1.0,
        }
        both, own = rates(other + push), rates(push)
        for what, change in flown.items():
            off = float(np.linalg.norm(w @ both[what] - change)) / size[what]
            # how much was pushed, not what was left of it: a push may cancel over a revolution
            pushed = float(w @ np.linalg.norm(own[what], axis=1)) / size[what]
            part = off / max(pushed, LEAST)
            if what not in worst or part > worst[what][0]:
                worst[what] = (part, off, pushed, (path.epoch + float(s.t_s[0])).utc(0))
    for what, (part, off, pushed, when) in worst.items():
        yield at_most(
            part,
            PART,
            "1",
            f"{name}, the revolution from {when}",
            f"{what}: the path's change lies {off:.1e} of it from what its thrust columns and the"
            f" other forces make by Gauss' equations, where thrust works {pushed:.1e}; the worst of"
            f" {len(some)} of {len(turns)} revolutions",
            object=leg.object,
        )


def _budget(leg: Leg, engine: CraftEngine, name: str) -> Iterator[Judged]:
    """Thrust, seconds of it, and the mass they take."""
    s = sample(leg.path, 5)
    force, mass = s.values[:, 10], s.values[:, 6]
    lit = force > 0.5 * engine.thrust_n
    level = np.where(lit, force / engine.thrust_n - 1.0, force / engine.thrust_n)
    # a segment is lit or not as a whole; the series ring by rounding
    yield at_most(
        float(np.abs(level).max()),
        1e-6,
        "1",
        name,
        f"thrust along the path is nothing or {engine.thrust_n:g} N",
        object=leg.object,
    )
    burnt = float(mass[0] - mass[-1])
    seconds = float(s.weights @ force) / engine.thrust_n
    told = burnt * engine.isp_s * G0 / engine.thrust_n
    yield at_most(
        abs(seconds - told),
        max(1e-3, 1e-8 * told),
        "s",
        name,
        f"{seconds / 86_400.0:.4f} days of thrust along the path, and {told / 86_400.0:.4f} that"
        f" {burnt:.3f} kg last; it rests for {(float(s.weights.sum()) - seconds) / 86_400.0:.4f}",
        object=leg.object,
    )


def _rests(view: View, leg: Leg, name: str) -> Judged:
    """Seconds of thrust in the Earth's umbra, the last revolutions aside."""
    path, mu = leg.path, float(view.world.gravity().mu_m3_s2)
    s = sample(path, 9)
    sun = view.world.ephemeris.positions_m("sun", path.epoch, s.t_s)
    apart, sun_radius, earth_radius = discs(s.values[:, 0:3], sun)
    y = path.columns_at(float(path.breaks_s[-1]))
    a = 1.0 / (2.0 / float(np.linalg.norm(y[0:3])) - float(y[3:6] @ y[3:6]) / mu)
    until = float(path.breaks_s[-1]) - LAST_REVOLUTIONS * 2.0 * np.pi * np.sqrt(a**3 / mu)
    dark = (apart < earth_radius - sun_radius) & (s.t_s < until)
    umbra = float(s.weights[dark].sum())
    if umbra < 60.0:
        return not_judged("the leg passes through no umbra", where=name, object=leg.object)
    lit = float(s.weights[dark & (s.values[:, 10] > 0.0)].sum())
    return at_most(
        lit / umbra,
        IN_SHADOW,
        "1",
        name,
        f"{lit / 3600.0:.2f} of {umbra / 3600.0:.2f} h in umbra under thrust, where it is to rest;"
        f" the last {LAST_REVOLUTIONS:g} revolutions, which do not rest, aside",
        object=leg.object,
    )

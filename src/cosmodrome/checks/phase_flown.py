"""Phase steps as they were flown: the orbit kept but for the phase, or the place beside an object.

Both are read off states by their own formulas: the energy in the zonal field, which that field
keeps exactly; elements averaged over a revolution that DOP853 flies in it; the object's place from
the mission file again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.conics import period_s
from cosmodrome.checks.mean import period_of
from cosmodrome.checks.motion import Ballistic, Lunar, fly
from cosmodrome.checks.plan_flown import spans_of
from cosmodrome.checks.reflight import defect
from cosmodrome.checks.starts import by_sgp4, in_gcrf, of_elements
from cosmodrome.checks.verdicts import Judged, NotJudged, at_most, not_judged
from cosmodrome.mission.steps import Phase
from cosmodrome.world.named_axes import to_gcrf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.mission.nouns import Start
    from cosmodrome.mission.starts import StartElements
    from cosmodrome.record.nouns import Leg
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = ["object_place", "orbit_restored", "relative_state"]

_POINTS = 24
# what Sun and Moon do in a day to a plane and to an e vector at the geostationary height, at most:
# 0.95 deg a year and its fortnightly part (Soop 1994, Handbook of Geostationary Orbits, ch. 4)
_PLANE_RAD_DAY, _E_DAY, _GEO_M = 1e-4, 5e-5, 42_164e3
# SGP4 is a kilometre off at its epoch in low orbit (Vallado et al. 2006); a fit stays within this
_SGP4_M = 3e3
# what the field's turning part, the Sun and the Moon add in a day
_PLACE_M, _PLACE_M_DAY = 100.0, 10e3
# part of the drift of a coelliptic orbit that the Moon's mascons make, 28 km under 110: 1.4 %
_SWAY = 0.025
# the short-period part of J2, which mean elements are free of
_BREATHES_M = 30e3


def _phases(view: View) -> list[tuple[Phase, list[Leg]]]:
    return [(s, legs) for s, legs in spans_of(view) if isinstance(s, Phase) and legs]


def orbit_restored(view: View) -> Iterator[Judged]:
    """Size, eccentricity and plane of the orbit at the end of a phase step are those at its start,
    but for their secular turn by J2; within what would move the phase by its own half-width."""
    asked = [(s, legs) for s, legs in _phases(view) if s.condition is not None]
    if not asked:
        yield not_judged("no phase step to a place along the orbit was flown")
        return
    for step, legs in asked:
        assert step.condition is not None
        width = step.condition.tolerance
        a, b = legs[0].start, legs[-1].end
        where = f"{step.name}, {b.epoch.utc(0)}"
        name = legs[-1].object
        energy = [_energy(view, s) for s in (a, b)]
        yield at_most(
            np.degrees(3.0 * np.pi * abs(energy[1] / energy[0] - 1.0)),
            np.degrees(width),
            "deg",
            where,
            "drift in a revolution that the change of energy in the zonal field means",
            object=name,
        )
        days = (b.epoch - a.epoch) / 86_400.0
        first, last = (_averaged(view, s) for s in (a, b))
        pole, e_vector = _turned(view, first, days * 86_400.0)
        size = float(last[2])
        lunar = days * (size / _GEO_M) ** 1.5
        # a perigee is told from the node, which has no place on the equator: along r x v
        swing = np.linalg.norm(e_vector - last[1])
        yield at_most(
            float(swing),
            0.5 * width + _E_DAY * lunar,
            "1",
            where,
            "change of the averaged e vector, its turn by J2 taken off",
            object=name,
        )
        if step.plane:
            yield at_most(
                np.degrees(_angle(pole, last[0])),
                np.degrees(width + _PLANE_RAD_DAY * lunar),
                "deg",
                where,
                "angle between the averaged planes, the node's turn by J2 taken off",
                object=name,
            )


def relative_state(view: View) -> Iterator[Judged]:
    """Where a phase step to an object ends, along, under and across the object's track, and how it
    drifts in a revolution that both fly by DOP853."""
    asked = [(s, legs) for s, legs in _phases(view) if s.object is not None]
    if not asked:
        yield not_judged("no phase step to an object was flown")
        return
    for step, legs in asked:
        end = legs[-1].end
        other = _object(view, step, end.epoch)
        if other is None:
            yield Judged(
                "fails", None, None, "", None, step.name, f"{step.object_id} has no path", ""
            )
            continue
        there = other.path.at(end.epoch)
        y = np.concatenate([end.r_m, end.v_m_s])
        x = np.concatenate([there.r_m, there.v_m_s])
        along, height, across = _beside(y, x)
        where = f"{step.name}, {end.epoch.utc(0)}"
        rows = [
            (along + step.behind_m, "along the track", along),
            (height + step.below_m, "in height", height),
        ]
        if step.plane:
            rows.append((across, "across the track", across))
        for off, what, found in rows:
            yield at_most(
                abs(off) / 1e3,
                step.tolerance_m / 1e3,
                "km",
                where,
                f"{found / 1e3:+.4f} km {what} of {step.object_id}",
                object=end_name(legs),
            )
        motion = _motion(view, end.frame.centre, end.epoch)
        period = _period(view, end.frame.centre, x)
        later = [fly(motion, z, period, rtol=motion.rtol, atol=1e-7)[1] for z in (y, x)]
        drift = _beside(later[0], later[1])[0] - along
        radius = float(np.linalg.norm(x[:3]))
        wanted = 3.0 * np.pi * step.below_m * (1.0 + 1.25 * step.below_m / radius)
        # about the Moon osculating sizes sway by more the lower an orbit is
        sway = _SWAY * abs(wanted) if end.frame.centre == "moon" else 0.0
        yield at_most(
            abs(drift - wanted) / 1e3,
            (step.tolerance_m + sway) / 1e3,
            "km",
            where,
            f"drift of {drift / 1e3:+.4f} km in a revolution by DOP853 in {motion.name},"
            f" against {wanted / 1e3:+.4f} km of that height",
            object=end_name(legs),
        )


def object_place(view: View) -> Iterator[Judged]:
    """The object is where the mission file says, and its path obeys the specification."""
    asked = [(s, legs) for s, legs in _phases(view) if s.object is not None]
    if not asked:
        yield not_judged("no phase step to an object was flown")
        return
    for step, legs in asked:
        end = legs[-1].end.epoch
        other = _object(view, step, end)
        if other is None or step.object is None:
            continue
        off, limit, why = _misplaced(view, step.object, other, end)
        yield at_most(off, limit, "m", f"{step.object_id}, {end.utc(0)}", why, object=other.object)
        yield from defect(view, other)


def end_name(legs: list[Leg]) -> str:
    return legs[-1].object


def _object(view: View, step: Phase, epoch: Epoch) -> Leg | None:
    """The object's leg that spans an instant."""
    mine = [g for g in view.flight.legs if g.kind == "object" and g.object == step.object_id]
    return next((g for g in mine if g.path.start <= epoch <= g.path.end), None)


def _motion(view: View, centre: str, epoch: Epoch) -> Ballistic | Lunar:
    return Lunar(view, epoch) if centre == "moon" else Ballistic(view, 0.0, 1.0)


def _period(view: View, centre: str, y: Array) -> float:
    """Period, s, of the conic through (r, v) about a body."""
    found = period_s(y[0:3], y[3:6], float(view.field(centre).mu_m3_s2))
    if np.isinf(found):
        raise NotJudged("the object is on an open orbit; there is no revolution to drift in")
    return found


def _misplaced(view: View, start: Start, leg: Leg, end: Epoch) -> tuple[float, float, str]:
    """Distance of the object's path from the mission file's word, its limit, and how it was had."""
    orientation = view.world.orientation
    if start.sgp4 is not None:
        place, _ = to_gcrf("teme", orientation, end, *by_sgp4(start, end))
        off = float(np.linalg.norm(leg.path.at(end).r_m - place))
        return off, _SGP4_M, "distance from the place that the library sgp4 gives at the arrival"
    span = leg.path.start - start.epoch
    told = start.elements
    if told is not None and told.mean and start.centre == "earth":
        there = of_elements(view, _carried(view, told, span))
        r, _ = to_gcrf(told.axes, orientation, leg.path.start, *there)
        off = float(np.linalg.norm(leg.path.at(leg.path.start).r_m - r))
        return off, _BREATHES_M, "distance from the mean elements carried on by J2's secular rates"
    y = np.concatenate(in_gcrf(view, start))
    if span != 0.0:
        motion = _motion(view, start.centre, start.epoch)
        _, y = fly(motion, y, span, rtol=motion.rtol)
    off = float(np.linalg.norm(leg.path.at(leg.path.start).r_m - y[:3]))
    limit = _PLACE_M + _PLACE_M_DAY * abs(span) / 86_400.0
    if told is not None and told.mean:
        limit += _BREATHES_M
    return off, limit, "distance from the mission file's state, flown on by DOP853"


def _carried(view: View, m: StartElements, span_s: float) -> StartElements:
    """Mean elements so much later, by the secular rates of J2; mean anomaly."""
    node, perigee, mean = _secular(view, m.a_m, m.e**2, float(np.cos(m.i_rad)))
    anomaly = m.anomaly_rad
    if m.anomaly == "true":
        half = np.sqrt((1.0 - m.e) / (1.0 + m.e)) * np.tan(0.5 * anomaly)
        e_anomaly = 2.0 * float(np.arctan(half))
        anomaly = e_anomaly - m.e * float(np.sin(e_anomaly))
    return replace(
        m,
        raan_rad=m.raan_rad + node * span_s,
        argp_rad=m.argp_rad + perigee * span_s,
        anomaly="mean",
        anomaly_rad=anomaly + mean * span_s,
    )


def _beside(y: Array, x: Array) -> tuple[float, float, float]:
    """How far `y` is along the track of `x`, above its radius and across its plane, m."""
    r = float(np.linalg.norm(x[:3]))
    radial = x[:3] / r
    normal = np.cross(x[:3], x[3:])
    normal = normal / np.linalg.norm(normal)
    along = float(np.arctan2(y[:3] @ np.cross(normal, radial), y[:3] @ radial))
    size = float(np.linalg.norm(y[:3]))
    return along * size, size - r, float(y[:3] @ normal)


def _energy(view: View, state: State) -> float:
    """Specific energy in the field of the zonals to J4, J/kg."""
    field = view.world.gravity()
    r = float(np.linalg.norm(state.r_m))
    s = float(state.r_m @ view.axis) / r
    q = float(field.radius_m) / r
    legendre = {
        2: 1.5 * s**2 - 0.5,
        3: 2.5 * s**3 - 1.5 * s,
        4: 4.375 * s**4 - 3.75 * s**2 + 0.375,
    }
    sum_ = 0.0
    if view.flight.mission.physics.gravity_degree >= 2:
        sum_ = sum(field.zonal_j(n) * q**n * p for n, p in legendre.items())
    return 0.5 * float(state.v_m_s @ state.v_m_s) - float(field.mu_m3_s2) / r * (1.0 - sum_)


def _averaged(view: View, state: State) -> tuple[Array, Array, float]:
    """Pole (unit), e vector (3,) in GCRF and semi-major axis, means over a revolution by DOP853."""
    mu = float(view.world.gravity().mu_m3_s2)
    y = np.concatenate([state.r_m, state.v_m_s])
    step = period_of(view, y) / _POINTS
    motion = Ballistic(view, 0.0, 1.0)
    if view.flight.mission.physics.gravity_degree < 2:
        motion.gravity = (*motion.gravity[:2], 0.0, 0.0, 0.0)
    rows = []
    for _ in range(_POINTS):
        r, v = y[:3], y[3:]
        h = np.cross(r, v)
        e = np.cross(v, h) / mu - r / np.linalg.norm(r)
        a = 1.0 / (2.0 / np.linalg.norm(r) - float(v @ v) / mu)
        rows.append((h / np.linalg.norm(h), e, a))
        _, y = fly(motion, y, step, rtol=1e-9, atol=1e-3)
    pole = np.mean([row[0] for row in rows], axis=0)
    return (
        pole / np.linalg.norm(pole),
        np.mean([row[1] for row in rows], axis=0),
        float(np.mean([row[2] for row in rows])),
    )


def _turned(view: View, mean: tuple[Array, Array, float], span_s: float) -> tuple[Array, Array]:
    """Pole and e vector after a time, turned by the secular rates of J2."""
    pole, e_vector, a = mean
    if view.flight.mission.physics.gravity_degree < 2:
        return pole, e_vector
    axis = view.axis
    node, perigee, _ = _secular(view, a, float(e_vector @ e_vector), float(pole @ axis))
    e_vector = _about(pole, perigee * span_s) @ e_vector
    turn = _about(axis, node * span_s)
    return turn @ pole, turn @ e_vector


def _secular(view: View, a_m: float, e2: float, cosine: float) -> tuple[float, float, float]:
    """Rates of node, perigee and mean anomaly by J2, rad/s (Kozai 1959).

    e2      eccentricity squared
    cosine  of the inclination
    """
    field = view.world.gravity()
    n = float(np.sqrt(float(field.mu_m3_s2) / a_m**3))
    k = 1.5 * n * float(field.zonal_j(2)) * (float(field.radius_m) / (a_m * (1.0 - e2))) ** 2
    mean = n + 0.5 * k * float(np.sqrt(1.0 - e2)) * (3.0 * cosine**2 - 1.0)
    return -k * cosine, 0.5 * k * (5.0 * cosine * cosine - 1.0), mean


def _about(axis: Array, angle: float) -> Array:
    """(3, 3) turn about an axis (Rodrigues)."""
    x, y, z = axis
    k = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * k + (1.0 - np.cos(angle)) * (k @ k))


def _angle(a: Array, b: Array) -> float:
    return float(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b))

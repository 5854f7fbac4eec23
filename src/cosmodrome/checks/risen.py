"""On the ground of the Moon and up from it: does it stand still, and is the orbit the one asked?

The orbit is the conic where the engine stops, the ground is LOLA's, and what was left behind
follows from the masses of the legs before and after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.plan_flown import spans_of
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.checks.view import MOON_RADIUS_M
from cosmodrome.mission.steps import Land, Rise, Stay
from cosmodrome.world.bodies import G0
from cosmodrome.world.body_orientation import fixed_from_gcrf, fixed_from_gcrf_many
from cosmodrome.world.heights import terrain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Leg

    Array = NDArray[np.float64]

__all__ = ["ascent", "at_rest"]

# how still what stands there is: along its path, and from the leg before
_STILL_M, _STILL_M_S = 1e-3, 1e-6
# the plane, and how far the other craft may be from where it was to be
PLANE_DEG = 0.01
_BEHIND_M = 2e3
_KG = 1e-3
_DAY_S = 86_400.0


def _grounded(view: View, leg: Leg, t: Array) -> tuple[Array, Array]:
    """Places and velocities (n, 3) over the ground, mean-Earth axes."""
    y = view.inertial(leg.path).columns_at(t)
    turn = fixed_from_gcrf_many(view.world, "moon", "moon-me", leg.path.epoch, t)
    return turn.velocity(y[:, 0:3], y[:, 3:6])


def at_rest(view: View) -> Iterator[Judged]:
    """Each stay: no motion over the ground that turns under it, where the leg before it ended, and
    no mass lost."""
    mine = [g for g in view.flight.legs if any(isinstance(s, Stay) for s in g.steps)]
    if not mine:
        yield not_judged("nothing stays on the Moon")
        return
    for leg in mine:
        (step,) = leg.steps
        where = f"{step.name}, {leg.start.epoch.utc(0)}"  # type: ignore[union-attr]
        # sampled where no piece of the path has its nodes
        t = np.linspace(leg.path.breaks_s[0], leg.path.breaks_s[-1], 101)
        r, v = _grounded(view, leg, t)
        moved = float(np.linalg.norm(r - r[0], axis=1).max())
        yield at_most(moved, _STILL_M, "m", where, "moved over the ground", object=leg.object)
        speed = float(np.linalg.norm(v, axis=1).max())
        yield at_most(
            speed, _STILL_M_S, "m/s", where, "velocity over the ground", object=leg.object
        )
        for g in view.flight.legs:
            if g.object != leg.object or g.end.epoch != leg.start.epoch:
                continue
            off = float(np.linalg.norm(g.end.r_m - leg.start.r_m))
            why = "from where the leg before it ended"
            yield at_most(off, _STILL_M, "m", where, why, object=leg.object)
        lost = abs(leg.end.mass_kg - leg.start.mass_kg)
        yield at_most(lost, _KG, "kg", where, "mass lost on the ground", object=leg.object)


def ascent(view: View) -> Iterator[Judged]:
    """Each ascent: the orbit where its engine stops, the propellant by the mass along its path,
    what stays behind, the ground under the way up, and where the craft is that it rises to."""
    asked = [(s, legs[-1]) for s, legs in spans_of(view) if isinstance(s, Rise) and legs]
    if not asked:
        yield not_judged("nothing rises from the Moon")
        return
    for step, leg in asked:
        where = f"{step.name}, {leg.end.epoch.utc(0)}"
        yield from _orbit(view, step, leg, where)
        yield from _plane(view, step, leg, where)
        yield from _masses(view, step, leg, where)
        yield from _above(view, step, leg)


def _conic(view: View, leg: Leg) -> tuple[float, float, Array]:
    """Heights of perilune and apolune, and the normal, of the conic at the end of a leg's path."""
    path = view.inertial(leg.path)
    y = path.columns_at(float(path.breaks_s[-1]))
    r, v = y[0:3], y[3:6]
    mu = float(view.field("moon").mu_m3_s2)
    h = np.cross(r, v)
    p = float(h @ h) / mu
    energy = 0.5 * float(v @ v) - mu / float(np.linalg.norm(r))
    e = float(np.sqrt(max(0.0, 1.0 + 2.0 * energy * p / mu)))
    high = p / (1.0 - e) - MOON_RADIUS_M if e < 1.0 else np.inf
    return p / (1.0 + e) - MOON_RADIUS_M, high, h / np.linalg.norm(h)


def _orbit(view: View, step: Rise, leg: Leg, where: str) -> Iterator[Judged]:
    low, high, _ = _conic(view, leg)
    for name, height, wanted in (
        ("perilune", low, step.perilune_m), ("apolune", high, step.apolune_m),
    ):  # fmt: skip
        yield at_most(
            abs(height - wanted) / 1e3,
            step.tolerance_m / 1e3,
            "km",
            where,
            f"{name} of the conic at cut-off {height / 1e3:.3f} km, {wanted / 1e3:g} km asked",
            object=leg.object,
        )


def _plane(view: View, step: Rise, leg: Leg, where: str) -> Iterator[Judged]:
    *_, normal = _conic(view, leg)
    if step.other is not None:
        yield from _beside(view, step, leg, normal, where)
        return
    pole = np.asarray(fixed_from_gcrf(view.world, "moon", "moon-me", leg.end.epoch).matrix)[2]
    i = float(np.degrees(np.arccos(normal @ pole)))
    if step.inclination_rad is not None:
        wanted = float(np.degrees(step.inclination_rad))
    else:
        # the least: the latitude of the place, or its complement to 180 deg
        r, _ = _grounded(view, leg, leg.path.breaks_s[:1])
        latitude = abs(float(np.degrees(np.arcsin(r[0, 2] / np.linalg.norm(r[0])))))
        wanted = 180.0 - latitude if step.retrograde else latitude
    yield at_most(
        abs(i - wanted),
        PLANE_DEG,
        "deg",
        where,
        f"inclination to the Moon's equator {i:.4f} deg, {wanted:.4f} deg asked",
        object=leg.object,
    )


def _beside(view: View, step: Rise, leg: Leg, normal: Array, where: str) -> Iterator[Judged]:
    end = leg.end
    others = [
        g
        for g in view.flight.legs
        if g.kind == "object"
        and g.object == step.other_id
        and g.path.start <= end.epoch <= g.path.end
    ]
    if not others:
        why = f"{step.other_id} has no path where the engine stops"
        yield Judged("fails", None, None, "", None, where, why, leg.object)
        return
    there = others[0].path.at(end.epoch)
    own = np.cross(there.r_m, there.v_m_s)
    own = own / np.linalg.norm(own)
    tilt = float(np.degrees(np.arctan2(np.linalg.norm(np.cross(own, normal)), own @ normal)))
    yield at_most(
        tilt, PLANE_DEG, "deg", where, f"between the planes of it and {step.other_id}",
        object=leg.object,
    )  # fmt: skip
    ahead = np.cross(own, end.r_m)
    angle = float(np.arctan2(there.r_m @ ahead, there.r_m @ end.r_m))
    behind = angle * float(np.linalg.norm(there.r_m))
    yield at_most(
        abs(behind - step.behind_m) / 1e3,
        _BEHIND_M / 1e3,
        "km",
        where,
        f"{behind / 1e3:.2f} km behind {step.other_id} along its track,"
        f" {step.behind_m / 1e3:g} km asked",
        object=leg.object,
    )


def _masses(view: View, step: Rise, leg: Leg, where: str) -> Iterator[Judged]:
    craft = view.craft_of(leg)
    path = view.inertial(leg.path)
    m0, m1 = (float(path.columns_at(float(t))[6]) for t in path.breaks_s[[0, -1]])
    assert craft.engine is not None
    c = craft.engine.isp_s * G0
    lit = float(path.breaks_s[-1] - path.breaks_s[0])
    yield at_most(
        abs((m0 - m1) * c / craft.engine.thrust_n - lit),
        1e-3,
        "s",
        where,
        f"time that {m0 - m1:.3f} kg last at full thrust, against the {lit:.3f} s flown",
        object=leg.object,
    )
    before = [
        g.end.mass_kg
        for g in view.flight.legs
        if g.end.epoch == leg.start.epoch and any(isinstance(s, Stay | Land) for s in g.steps)
    ]
    stood = before[0] if before else view.flight.mission.spacecraft.mass_kg or m0
    asked = craft.mass_kg if step.object and craft.mass_kg is not None else stood
    yield at_most(
        abs(m0 - asked), _KG, "kg", where, f"mass at lift-off off the {asked:.3f} kg that rise",
        object=leg.object,
    )  # fmt: skip
    told = sum(leg.ledger.separated_kg.values())
    yield at_most(
        abs(stood - m0 - told), _KG, "kg", where,
        f"{stood:.3f} kg stood there, {m0:.3f} kg rise, and {told:.3f} kg are told to stay",
        object=leg.object,
    )  # fmt: skip
    tank = leg.handover_in.propellant_kg.get(craft.id, 0.0) if leg.handover_in else 0.0
    yield at_least(
        tank - (m0 - m1), step.reserve_kg, "kg", where,
        f"of {tank:.3f} kg, by the mass that is left", object=leg.object,
    )  # fmt: skip


def _above(view: View, step: Rise, leg: Leg) -> Iterator[Judged]:
    """Up from the first moment, and over the ground from the end of the vertical rise on."""
    path = view.inertial(leg.path)
    up = np.linspace(0.0, step.rise_s, 21)
    r, v = _grounded(view, leg, up)
    where = f"{step.name}, T+{view.since_lift_off(path, up[:1])[0]:.0f} s"
    size = np.linalg.norm(r, axis=1)
    across = v - np.einsum("ij,ij->i", v, r / size[:, None])[:, None] * r / size[:, None]
    climb = float(np.diff(size).min())
    yield at_least(climb, 0.0, "m", where, "least step in height of the vertical rise",
                   object=leg.object)  # fmt: skip
    # gravity is not vertical to the metre, and the Moon turns
    drift = float(np.linalg.norm(across, axis=1).max())
    yield at_most(drift, 0.1, "m/s", where, "across the ground in the vertical rise",
                  object=leg.object)  # fmt: skip
    t = np.linspace(step.rise_s, float(path.breaks_s[-1]), 500)
    r, _ = _grounded(view, leg, t)
    size = np.linalg.norm(r, axis=1)
    ground = terrain("moon").height_m(np.arcsin(r[:, 2] / size), np.arctan2(r[:, 1], r[:, 0]))
    clear = size - MOON_RADIUS_M - ground
    k = int(np.argmin(clear))
    yield at_least(
        float(clear[k]),
        -3.0 * terrain("moon").error_rms_m,
        "m",
        f"{step.name}, {t[k]:.0f} s after lift-off",
        "least height over the Moon's ground (LOLA) after the vertical rise",
        object=leg.object,
    )

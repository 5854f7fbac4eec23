"""Which force did how much: the record's audit against the specification along the path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.conics import RADII_M, eccentricity, mu_of, period_s
from cosmodrome.checks.forces import contributions
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.physics import thermosphere

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import ForceAudit, Leg
    from cosmodrome.world.trajectory import Trajectory

    Array = NDArray[np.float64]

__all__ = ["force_audit"]

#: two means of one force, as part of it: samples of an orbit that is nearly round, and tables of
#: the air
APART, LIGHT_APART, AIR_APART, ROUND = 0.05, 0.10, 0.25, 0.05
#: what a force that moves the flight by less in a day might as well not do
NOTHING_M, DAY_S = 1e-3, 86_400.0
# of a path, and in each revolution; never a whole number of them, which would see the same places
# again in every one
_SAMPLES, _EACH, _APART = (180, 1_200), 30, 0.382


def force_audit(view: View) -> Iterator[Judged]:
    """Every force asked for is in the audit, and as large on average as along the path here."""
    leg = view.orbit
    if not leg.audit:
        yield not_judged("the orbit leg has no audit of its forces", object=leg.object)
        return
    path = view.inertial(leg.path)
    own = _sizes(view, path)
    told = _told(leg, own)
    missing = sorted(set(own) - set(told))
    extra = sorted(a.force for a in leg.audit if a.force not in {b.force for b in told.values()})
    extra = [name for name in extra if not name.endswith("central term")]
    where = f"{leg.object}, {leg.start.epoch.utc(0)}"
    shares = ", ".join(f"{name} {size:.2g}" for name, size in own.items())
    yield at_most(
        float(len(missing) + len(extra)),
        0.0,
        "forces",
        where,
        f"asked for and not flown: {', '.join(missing) or 'none'}; flown and not asked for:"
        f" {', '.join(extra) or 'none'}. On average along the path, m/s^2: {shares}",
        object=leg.object,
    )
    yield from _effects(leg, own, where)
    y = path.columns_at(float(path.breaks_s[0]))
    if eccentricity(y[0:3], y[3:6], mu_of(view, path)) > ROUND:
        yield not_judged(
            "the orbit is not round: samples do not mean what steps do", object=leg.object
        )
        return
    for name, size in own.items():
        if name in told and size > 0.0:
            flown = told[name].mean_m_s2
            yield at_most(
                abs(flown / size - 1.0),
                {"drag": AIR_APART, "sunlight": LIGHT_APART}.get(name, APART),
                "1",
                f"{where}, {name}",
                f"{flown:.4g} m/s^2 on average by the audit, {size:.4g} along the path",
                object=leg.object,
            )


def _sizes(view: View, path: Trajectory) -> dict[str, float]:
    """Mean size of each force beside the central term, m/s^2, over the path."""
    a, b = float(path.breaks_s[0]), float(path.breaks_s[-1])
    mu, y = mu_of(view, path), path.columns_at(a)
    turns = max((b - a) / period_s(y[0:3], y[3:6], mu), 1.0)
    each = min(_EACH, int(_SAMPLES[1] / turns))
    n = max(_SAMPLES[0], int(turns * (each + _APART)))
    t = a + (b - a) * (np.arange(n) + 0.5) / n
    y = path.columns_at(t)
    parts = contributions(view, path, t, y)
    out: dict[str, float] = {}
    for k, (name, part) in enumerate(parts.items()):
        if k == 0:
            # the field of the centre, less its point
            r = y[:, 0:3]
            part = part + mu * r / np.linalg.norm(r, axis=1)[:, None] ** 3
            name = "harmonics"
            if path.frame.centre in RADII_M and _degree(view, path) == 0:
                continue
        out[name] = float(np.linalg.norm(part, axis=1).mean())
    return out


def _degree(view: View, path: Trajectory) -> int:
    physics = view.flight.mission.physics
    return physics.moon_gravity_degree if path.frame.centre == "moon" else physics.gravity_degree


def _told(leg: Leg, own: Mapping[str, float]) -> dict[str, ForceAudit]:
    """Rows of the audit by the names used here."""
    out: dict[str, ForceAudit] = {}
    for row in leg.audit:
        for name in own:
            start = {"sunlight": "radiation pressure"}.get(name, name.split(" ")[0].lower())
            if row.force.lower().startswith(start) or (
                name == "harmonics" and "harmonics" in row.force
            ):
                out[name] = row
    return out


def _effects(leg: Leg, own: Mapping[str, float], where: str) -> Iterator[Judged]:
    """Forces asked for that would move the flight by nothing in a day."""
    above = _lowest_m(leg.path) > RADII_M[leg.path.frame.centre] + thermosphere.HIGHEST_M
    for name, size in own.items():
        if name == "drag" and above:
            continue  # there is no air: nobody needs to be told
        moved = 0.5 * size * DAY_S**2
        if moved < NOTHING_M:
            yield at_least(
                moved, NOTHING_M, "m", f"{where}, {name}",
                "half the mean acceleration times a day squared: it was asked for and does nothing",
                object=leg.object, otherwise="warns",
            )  # fmt: skip


def _lowest_m(path: Trajectory) -> float:
    t = np.linspace(float(path.breaks_s[0]), float(path.breaks_s[-1]), 200)
    return float(np.linalg.norm(path.columns_at(t)[:, 0:3], axis=1).min())

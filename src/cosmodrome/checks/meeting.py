"""The plane of an object that is to be met, by other roads than the chapter that aimed at it.

An object told by a TLE or OMM is flown by SGP4 to the meeting and its plane averaged over a
revolution; one told by a state is integrated over a revolution (DOP853, J2 to J4), averaged, and
carried on by secular rates, as mean elements are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import quad, solve_ivp

from cosmodrome.checks.angles import signed_turn
from cosmodrome.checks.clocks import days_tt, equation_of_equinoxes
from cosmodrome.checks.conics import period_s
from cosmodrome.checks.motion import zonal_gravity
from cosmodrome.checks.orbit_reached import DEFAULT_INCLINATION_TOLERANCE, secular_node_rate
from cosmodrome.checks.starts import in_gcrf, satrec
from cosmodrome.checks.verdicts import Judged, NotJudged, at_most, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.formats.mean_elements import MeanElements
    from cosmodrome.mission.nouns import Start
    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]

__all__ = ["Plane", "meeting_plane", "plane_at"]

# the default half-width of a node in mission files; 0.5 deg in 51.6 deg is 52 m/s
NODE_RAD = np.radians(0.5)
_POINTS = 240


@dataclass(frozen=True, slots=True)
class Plane:
    """Mean size and plane of an orbit at an instant; true equator and equinox of date."""

    epoch: Epoch
    a_m: float
    e: float
    i_rad: float
    raan_rad: float
    road: str

    def at(self, view: View, epoch: Epoch) -> Plane:
        """The same carried on by the secular rate of its node."""
        rate = _rate(view, self.a_m, self.e, self.i_rad)
        raan = self.raan_rad + rate * (epoch - self.epoch)
        return Plane(epoch, self.a_m, self.e, self.i_rad, raan, self.road)


def _rate(view: View, a_m: float, e: float, i_rad: float) -> float:
    field = view.world.gravity()
    return secular_node_rate(
        a_m,
        e,
        i_rad,
        float(field.mu_m3_s2),
        float(field.radius_m),
        float(field.zonal_j(2)),
        float(field.zonal_j(4)),
    )


def plane_at(view: View, start: Start, epoch: Epoch) -> Plane:
    """The mean plane of an object at an instant. NotJudged where SGP4 cannot follow it."""
    if start.sgp4 is not None:
        return _by_sgp4(view, start.sgp4, epoch)
    given = start.elements
    if given is not None and given.mean and given.axes == "tod":
        plane = Plane(
            start.epoch, given.a_m, given.e, given.i_rad, given.raan_rad,
            "its mean elements, secular rates of J2 and J4",
        )  # fmt: skip
        return plane.at(view, epoch)
    if given is not None and given.mean:
        raise NotJudged("mean elements in GCRF are not carried on here; give them in tod")
    return _averaged(view, start.epoch, np.concatenate(in_gcrf(view, start))).at(view, epoch)


def _by_sgp4(view: View, m: MeanElements, epoch: Epoch) -> Plane:
    record = satrec(m)
    period = 2.0 * np.pi / m.n_rad_s
    # a revolution about the instant
    t = (epoch - m.epoch) + period * ((np.arange(_POINTS) + 0.5) / _POINTS - 0.5)
    codes, r, v = record.sgp4_array(np.full(t.size, record.jdsatepoch),
                                    record.jdsatepochF + t / 86_400.0)  # fmt: skip
    if codes.any():
        raise NotJudged(
            f"SGP4 cannot follow the object to {epoch.utc(0)} (error {int(codes.max())})"
        )
    i, raan = _mean_plane(np.cross(r, v))
    # TEME counts from the mean equinox
    raan += equation_of_equinoxes(days_tt(epoch))
    mu = float(view.world.gravity().mu_m3_s2)
    return Plane(epoch, float((mu / m.n_rad_s**2) ** (1.0 / 3.0)), m.e, i, raan, "SGP4")


def _mean_plane(h: Array) -> tuple[float, float]:
    """Inclination and node of the mean direction of h (n, 3)."""
    n = (h / np.linalg.norm(h, axis=1)[:, None]).mean(axis=0)
    return float(np.arctan2(np.hypot(n[0], n[1]), n[2])), float(np.arctan2(n[0], -n[1]))


def _averaged(view: View, epoch: Epoch, y: Array) -> Plane:
    """From a GCRF state: a revolution integrated, its planes and energies averaged."""
    mu = float(view.world.gravity().mu_m3_s2)
    period = period_s(y[0:3], y[3:6], mu)
    if np.isinf(period):
        raise NotJudged("the object to be met is on an open orbit")

    def slope(_: float, y: Array) -> Array:
        return np.concatenate([y[3:6], zonal_gravity(view, y[None, 0:3])[0]])

    t = period * (np.arange(_POINTS) + 0.5) / _POINTS
    flown = solve_ivp(slope, (0.0, period), y, method="DOP853", t_eval=t, rtol=1e-10, atol=1e-3)
    turn = view.world.orientation.tod_from_gcrf(epoch).matrix
    r, v = flown.y[0:3].T @ turn.T, flown.y[3:6].T @ turn.T
    h, radius = np.cross(r, v), np.linalg.norm(r, axis=1)
    i, raan = _mean_plane(h)
    mean_a = float((1.0 / (2.0 / radius - np.einsum("ij,ij->i", v, v) / mu)).mean())
    e = np.cross(v, h) / mu - r / radius[:, None]
    size = float(np.linalg.norm(e.mean(axis=0)))
    return Plane(
        epoch + 0.5 * period, mean_a, size, i, raan,
        "a revolution by DOP853, averaged, secular rates of J2 and J4",
    )  # fmt: skip


def meeting_plane(view: View) -> Iterator[Judged]:
    """The spacecraft's plane where the meeting is to be, against the object's."""
    meet = view.mission.launch.meet
    if meet is None:
        yield not_judged("the mission meets nothing")
        return
    release = view.around.path.start
    epoch = release + meet.after_s
    there = plane_at(view, meet.start, epoch)
    mine = view.mean
    where = f"meeting at {epoch.utc(0)}, {meet.after_s / 3600.0:.1f} h after release"
    # it climbs steadily from its own orbit to the object's, its node turning at the rate of each
    carried, _ = quad(
        lambda x: _rate(
            view, mine.a_m + x * (there.a_m - mine.a_m), (1.0 - x) * mine.e, mine.i_rad
        ),
        0.0,
        1.0,
    )
    node = mine.raan_rad + carried * meet.after_s
    off = float(signed_turn(node, there.raan_rad))
    yield at_most(
        abs(np.degrees(off)),
        float(np.degrees(NODE_RAD)),
        "deg",
        where,
        f"node {np.degrees(node) % 360.0:.3f} deg, {np.degrees(off):+.4f} deg from the object's"
        f" ({there.road})",
        object=view.around.object,
    )
    wanted = view.target.inclination_rad
    tolerance = DEFAULT_INCLINATION_TOLERANCE if wanted is None else wanted.tolerance
    tilt = mine.i_rad - there.i_rad
    speed = float(np.sqrt(view.world.gravity().mu_m3_s2 / there.a_m))
    yield at_most(
        abs(float(np.degrees(tilt))),
        float(np.degrees(tolerance)),
        "deg",
        where,
        f"inclination {np.degrees(mine.i_rad):.4f} deg, {np.degrees(tilt):+.4f} deg from the"
        f" object's; to turn into it would take {abs(2.0 * np.sin(0.5 * tilt)) * speed:.1f} m/s",
        object=view.around.object,
    )

"""The orbit that a flight reports against the one its path shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.angles import signed_turn
from cosmodrome.checks.clocks import DAY, TWO_PI
from cosmodrome.checks.mean import swayed_m, turned_rad
from cosmodrome.checks.orbit_reached import (
    TO_THE_MOON_M,
    clock_of,
    node_time_s,
    release_of,
    where_read,
)
from cosmodrome.checks.verdicts import Judged, at_most, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Elements, OrbitRecord
    from cosmodrome.world.trajectory import Trajectory

    Array = NDArray[np.float64]

__all__ = ["reported_orbit"]

# second-order and tesseral terms between two manners of averaging
REPORTED_A_M = 200.0
# the Moon and the Sun move a of a geostationary orbit by a kilometre within a day, and two manners
# of averaging a few days part by some hundred metres (seen: 204 m)
REPORTED_A = 1e-5
# 0.01 deg of plane, which is what the reported one may differ by, is 2.4 s of local time
REPORTED_LTAN_S = 3.0
# below a degree of inclination the node is not worth a clock
LEAST_SINE = 0.0175


def reported_orbit(view: View) -> Iterator[Judged]:
    """The orbit the flight reports against the one its path shows."""
    orbit = view.flight.orbit
    if orbit is None:
        yield not_judged("the flight reports no orbit")
        return
    if orbit.mean_theory.startswith("osculating"):
        yield from _as_of_a_state(view, orbit)
        return
    m = view.mean
    apogee_m = orbit.osculating.a_m * (1.0 + orbit.osculating.e)
    da = abs(orbit.mean.a_m - m.a_m)
    from_theory = orbit.mean_theory.startswith("first-order J2")
    if m.a_step_m > REPORTED_A_M:
        yield not_judged(
            f"the mean semi-major axis itself moves by up to {m.a_step_m / 1e3:.1f} km from one"
            " revolution to the next (drag, or a period in step with the Earth's turn), so its"
            f" value at release depends on the manner of averaging; the two differ by {da:.0f} m",
            where=where_read(view),
        )
    else:
        yield at_most(
            da,
            max(REPORTED_A_M, REPORTED_A * m.a_m, swayed_m(m.a_m) if from_theory else 0.0),
            "m",
            where_read(view),
            f"reported mean semi-major axis ({orbit.mean_theory}) against the averaged one; 200 m"
            " cover second-order and tesseral terms of low orbits, 1e-5 of it those of the Moon and"
            " the Sun in high ones; read off one state it holds their sway within a revolution",
            object=view.around.object,
        )
    to_the_moon = m.a_step_m > REPORTED_A_M and not 0.0 < apogee_m < TO_THE_MOON_M
    if view.centre == "moon" and m.revolutions < 3:
        yield not_judged(
            f"{m.revolutions} revolutions give the plane no slope, and the Moon's field turns it by"
            " some 0.01 deg in each",
            where=where_read(view),
        )
    elif to_the_moon:
        yield not_judged(
            "a way as far as the Moon, which turns its plane within a revolution as well",
            where=where_read(view),
        )
    else:
        plane = np.degrees(
            _angle_between_planes(orbit.mean.i_rad, orbit.mean.raan_rad, m.i_rad, m.raan_rad)
        )
        yield at_most(
            plane,
            max(0.01, np.degrees(turned_rad(m.a_m, m.e))),
            "deg",
            where_read(view),
            "reported mean plane against the averaged r x v; 0.01 deg covers tesseral and lunisolar"
            " terms of a day; farther out it is what Sun and Moon may turn it by in half a"
            " revolution, which a mean depends on",
            object=view.around.object,
        )
    yield _axis(view, view.around.path, orbit.osculating, "osculating", view.around.object)
    if orbit.ltan_s is None or to_the_moon or abs(np.sin(m.i_rad)) < LEAST_SINE:
        # none about the Moon; the node of an equatorial orbit stands nowhere, that of a way to the
        # Moon not for a revolution
        return
    ltan = node_time_s(view)
    late = float(signed_turn((orbit.ltan_s - ltan) / DAY * TWO_PI)) / TWO_PI * DAY
    yield at_most(
        abs(late),
        REPORTED_LTAN_S / abs(float(np.sin(m.i_rad))),
        "s",
        f"release {release_of(view)}",
        f"reported local time of the node {clock_of(orbit.ltan_s)}, by averaged r x v and the mean"
        f" Sun of 1982 {clock_of(ltan)}",
        object=view.around.object,
    )


def _first_state(view: View, path: Trajectory) -> tuple[Array, Array]:
    """Place and velocity (3,) where a path begins, in the axes that elements are told in."""
    y = path.columns_at(float(path.breaks_s[0]))
    return view.equator @ y[0:3], view.equator @ y[3:6]


def _axis(view: View, path: Trajectory, told: Elements, what: str, of: str) -> Judged:
    r, v = _first_state(view, path)
    mu = float(view.field(view.centre).mu_m3_s2)
    a = 1.0 / (2.0 / np.linalg.norm(r) - float(v @ v) / mu)
    return at_most(
        abs(float(a) - told.a_m),
        1.0,
        "m",
        f"release {path.start.utc(3)}",
        f"reported {what} semi-major axis against the energy of the path's first state",
        object=of,
    )


def _as_of_a_state(view: View, orbit: OrbitRecord) -> Iterator[Judged]:
    """A record whose mean elements are the osculating ones, against the path's first state."""
    path = view.inertial(view.orbit.path)
    h = np.cross(*_first_state(view, path))
    i, raan = np.arctan2(np.hypot(h[0], h[1]), h[2]), np.arctan2(h[0], -h[1])
    for told, what in ((orbit.osculating, "osculating"), (orbit.mean, "mean (osculating)")):
        yield _axis(view, path, told, what, view.orbit.object)
        yield at_most(
            np.degrees(_angle_between_planes(told.i_rad, told.raan_rad, float(i), float(raan))),
            0.01,
            "deg",
            f"release {path.start.utc(3)}",
            f"reported {what} plane against r x v of the path's first state",
            object=view.orbit.object,
        )


def _angle_between_planes(i1: float, raan1: float, i2: float, raan2: float) -> float:
    n = [
        np.array([np.sin(i) * np.sin(o), -np.sin(i) * np.cos(o), np.cos(i)])
        for i, o in ((i1, raan1), (i2, raan2))
    ]
    return float(np.arctan2(np.linalg.norm(np.cross(n[0], n[1])), n[0] @ n[1]))

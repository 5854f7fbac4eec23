"""A start in orbit against the mission file: the state it tells, by the checks' own formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.verdicts import Judged, NotJudged, at_most, not_judged
from cosmodrome.checks.view import MOON_RADIUS_M
from cosmodrome.mission.nouns import OrbitMission
from cosmodrome.world.named_axes import centre_of, to_gcrf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from sgp4.api import Satrec

    from cosmodrome.checks.view import View
    from cosmodrome.formats.mean_elements import MeanElements
    from cosmodrome.mission.starts import Start, StartElements, StartPrinted
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = ["begun", "by_sgp4", "in_gcrf", "of_elements", "satrec"]

# rounding of a state of 1e7 m that has been turned twice
_PLACE_M, _VELOCITY_M_S, _MASS_KG = 0.01, 1e-5, 1e-3
# what SGP4 of the library is off itself in TEME's axes: rounding of its epoch to a microsecond
_SGP4_M, _SGP4_M_S = 1.0, 1e-3
# the short-period part of J2 that mean elements are freed of moves a body by at most so many times
# J2 re^2 / p / (1 - e)^1.3: 1.50 of near-circular orbits, to 1.6 at e = 0.1 and 6.4 at 0.7 without
# that divisor, over 4,000 drawn elements by the theory of the package
_BREATHES = 1.7


def begun(view: View) -> Iterator[Judged]:
    """The first leg begins at the instant, place, velocity and mass that the mission file tells."""
    mission = view.flight.mission
    assert isinstance(mission, OrbitMission)
    if not view.flight.legs:
        yield not_judged("nothing was flown")
        return
    start, state = mission.start, view.flight.legs[0].start
    craft = mission.spacecraft
    late = abs(state.epoch.ns - start.epoch.ns)
    yield at_most(float(late), 0.0, "ns", "start", "instant of the file", object=craft.id)
    if craft.mass_kg is not None:
        off = abs(state.mass_kg - craft.mass_kg)
        yield at_most(off, _MASS_KG, "kg", "start", "mass of the file", object=craft.id)
    given = view.flight.legs[0].handover_in
    if given is not None and craft.engine is not None:
        off = abs(given.propellant_kg.get(craft.id, 0.0) - craft.propellant_kg)
        yield at_most(off, _MASS_KG, "kg", "start", "propellant of the file", object=craft.id)
    if start.printed is not None:
        yield from _as_printed(view, start.printed, state)
        return
    told = _told(view, start, state)
    if told is None:
        yield not_judged("a place on a libration orbit, or on the ground, has its own check")
        return
    r, v, place_m, speed_m_s, how = told
    yield at_most(
        float(np.linalg.norm(state.r_m - r)),
        place_m,
        "m",
        "start",
        f"place: {how}",
        object=craft.id,
    )
    yield at_most(
        float(np.linalg.norm(state.v_m_s - v)), speed_m_s, "m/s", "start", f"velocity: {how}",
        object=craft.id,
    )  # fmt: skip


def _told(view: View, start: Start, state: State) -> tuple[Array, Array, float, float, str] | None:
    """Place and velocity about the body the flight begins about, what they may be off, and how
    they were had."""
    place_m, speed_m_s = _PLACE_M, _VELOCITY_M_S
    if start.sgp4 is not None:
        place_m, speed_m_s, how = _SGP4_M, _SGP4_M_S, "the library sgp4"
        there = by_sgp4(start, start.epoch)
        r, v = to_gcrf("teme", view.world.orientation, start.epoch, *there)
    elif start.state is not None:
        how = "the state of the file"
        r, v = in_gcrf(view, start)
    elif start.elements is not None:
        m, how = start.elements, "Kepler elements of the file"
        r, v = in_gcrf(view, start)
        if m.mean and m.axes in ("tod", "gcrf"):
            field = view.world.gravity()
            p = m.a_m * (1.0 - m.e**2)
            place_m = _BREATHES * field.zonal_j(2) * float(field.radius_m) ** 2 / p
            place_m /= (1.0 - m.e) ** 1.3
            speed_m_s = place_m * float(np.linalg.norm(v) / np.linalg.norm(r))
            how = "mean elements of the file, without their short-period part"
    else:
        return None
    if start.centre != state.frame.centre:  # within another body's sphere it is counted from that
        sign = 1.0 if start.centre == "moon" else -1.0
        r = r + sign * view.world.ephemeris.position_m("moon", start.epoch)
        v = v + sign * view.world.ephemeris.velocity_m_s("moon", start.epoch)
    return r, v, place_m, speed_m_s, how


def _as_printed(view: View, printed: StartPrinted, state: State) -> Iterator[Judged]:
    """Height, place below and speed of a state as reports print it."""
    if state.frame.centre != printed.body:
        yield not_judged("it is printed about another body than it is counted from")
        return
    path = view.flight.legs[0].path
    t = np.zeros(1)
    fixed, _ = view.earth_fixed(path, t, np.concatenate([state.r_m, state.v_m_s])[None])
    latitude, longitude, height = view.place(path, fixed)
    if printed.radius_m is not None:
        height = np.linalg.norm(fixed, axis=1) - printed.radius_m
        latitude = np.arcsin(fixed[:, 2] / np.linalg.norm(fixed, axis=1))
    elif printed.body == "moon":
        height = np.linalg.norm(fixed, axis=1) - MOON_RADIUS_M
    object = view.flight.mission.spacecraft.id
    off = abs(float(height[0]) - printed.height_m)
    yield at_most(off, 1.0, "m", "start", "height as printed", object=object)
    east = np.cos(printed.latitude_rad) * np.sin(0.5 * (longitude[0] - printed.longitude_rad))
    away = 2.0 * np.hypot(np.sin(0.5 * (latitude[0] - printed.latitude_rad)), east)
    yield at_most(
        float(away * np.linalg.norm(state.r_m)), 10.0, "m", "start", "place below, as printed",
        object=object,
    )  # fmt: skip
    speed = abs(float(np.linalg.norm(state.v_m_s)) - printed.speed_m_s)
    yield at_most(speed, 1e-3, "m/s", "start", "inertial speed as printed", object=object)
    climb = float(state.r_m @ state.v_m_s) / np.linalg.norm(state.r_m) / printed.speed_m_s
    path_off = abs(float(np.arcsin(np.clip(climb, -1.0, 1.0))) - printed.path_rad)
    yield at_most(
        float(np.degrees(path_off)), 1e-4, "deg", "start", "flight-path angle as printed",
        object=object,
    )  # fmt: skip


def in_gcrf(view: View, start: Start) -> tuple[Array, Array]:
    """Place, m, and velocity, m/s, in GCRF's axes at its own epoch, of a start told by a state or
    by Kepler elements. Raises NotJudged where it is told otherwise."""
    axes: str
    if start.state is not None:
        axes, r, v = start.state.axes, np.array(start.state.r_m), np.array(start.state.v_m_s)
    elif start.elements is not None:
        axes = start.elements.axes
        r, v = of_elements(view, start.elements)
    else:
        raise NotJudged("the object has neither elements nor a state")
    return to_gcrf(axes, view.world.orientation, start.epoch, r, v)


def satrec(m: MeanElements) -> Satrec:
    """The library's record of a TLE's or OMM's elements."""
    from sgp4.api import WGS72, Satrec

    day, fraction = m.epoch.jd_utc
    record = Satrec()
    # per minute, per minute^2 and ^3, and days since 1950
    record.sgp4init(
        WGS72, "i", 0, day - 2_433_281.5 + fraction, m.bstar, m.n_dot_rad_s2 * 3600.0,
        m.n_ddot_rad_s3 * 216_000.0, m.e, m.argp_rad, m.i_rad, m.mean_anomaly_rad,
        m.n_rad_s * 60.0, m.raan_rad,
    )  # fmt: skip
    return record


def by_sgp4(start: Start, epoch: Epoch) -> tuple[Array, Array]:
    """Place, m, and velocity, m/s, in TEME of a TLE's or OMM's elements, by the library sgp4."""
    m = start.sgp4
    assert m is not None
    _, r, v = satrec(m).sgp4_tsince((epoch - m.epoch) / 60.0)
    return 1e3 * np.array(r), 1e3 * np.array(v)


def of_elements(view: View, m: StartElements) -> tuple[Array, Array]:
    """Place and velocity of Kepler elements, by the perifocal axes."""
    mu = float(view.field(centre_of(m.axes)).mu_m3_s2)
    f = m.anomaly_rad
    if m.anomaly == "mean":
        x = f
        for _ in range(60):
            x -= (x - m.e * np.sin(x) - m.anomaly_rad) / (1.0 - m.e * np.cos(x))
        f = 2.0 * np.arctan2(
            np.sqrt(1.0 + m.e) * np.sin(0.5 * x), np.sqrt(1.0 - m.e) * np.cos(0.5 * x)
        )
    p = m.a_m * (1.0 - m.e**2)
    node = np.array([np.cos(m.raan_rad), np.sin(m.raan_rad), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    across = np.cos(m.i_rad) * np.cross(up, node) + np.sin(m.i_rad) * up
    u = m.argp_rad + f
    r = p / (1.0 + m.e * np.cos(f)) * (np.cos(u) * node + np.sin(u) * across)
    s = np.sqrt(mu / p)
    v = -s * (np.sin(u) + m.e * np.sin(m.argp_rad)) * node
    v = v + s * (np.cos(u) + m.e * np.cos(m.argp_rad)) * across
    return r, v

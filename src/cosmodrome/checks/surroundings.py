"""The world the flight was flown in: data in their span, rotations that are rotations, time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.angles import signed_turn
from cosmodrome.checks.clocks import apparent_sidereal_angle, ut1_minus_utc_s
from cosmodrome.checks.verdicts import Judged, NotJudged, at_least, at_most, not_judged
from cosmodrome.world.body_orientation import fixed_from_gcrf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.world.epoch import Epoch

__all__ = ["data_span", "earth_orientation", "frames", "launch_window", "space_weather"]

# turn of the Earth against the stars, rad/s (IERS Conventions 2010, table 1.2: nominal)
EARTH_RATE = 7.292115e-5
ARCSEC = np.pi / 648_000.0
EQUATOR_M_S = 465.1
# of the flux at 10.7 cm; flares within the measurement reach above 400 (400.7 on 31 July 2024)
MOST_SFU = 500.0


def _ends(view: View) -> tuple[Epoch, Epoch]:
    legs = view.flight.legs
    if not view.flight.legs:
        raise NotJudged("nothing was flown")
    return min(g.path.start for g in legs), max(g.path.end for g in legs)


def earth_orientation(view: View) -> Iterator[Judged]:
    """How the Earth's orientation is known over the flight, and what its sigma is worth."""
    first, last = _ends(view)
    for epoch in (first, last):
        status = view.world.orientation.status(epoch)
        # one sigma of UT1 in metres of ground track; a drop zone is kilometres wide
        metres = float(status.sigma_ut1_s) * EQUATOR_M_S
        judged = at_most(
            metres,
            100.0,
            "m",
            epoch.utc(0),
            f"{status.kind}: {status.note}; one sigma of UT1 moves the equator by {metres:.2f} m",
            otherwise="warns",
        )
        if judged.verdict == "holds" and status.kind not in ("observed", "predicted"):
            judged = Judged(
                "warns",
                judged.measured,
                judged.limit,
                judged.unit,
                judged.margin,
                judged.where,
                judged.why,
            )
        yield judged


def space_weather(view: View) -> Iterator[Judged]:
    """Solar and geomagnetic activity inside its table, when drag is flown in orbit."""
    mission = view.flight.mission
    if all(g.path.frame.centre != "earth" for g in view.flight.legs):
        yield not_judged("there is no air about the Moon")
        return
    if mission.physics.drag == "none":
        yield not_judged("drag is switched off in orbit")
        return
    if mission.space_weather is not None:
        yield Judged(
            "holds",
            mission.space_weather.f107,
            None,
            "sfu",
            None,
            "mission file",
            "solar and geomagnetic activity are the user's own",
        )
        return
    orbit = view.orbit
    for epoch in (orbit.path.start, orbit.path.end):
        sample = view.world.space_weather.at(epoch)
        plain = 50.0 <= float(sample.f107) <= MOST_SFU
        yield Judged(
            "fails"
            if not plain
            else "holds"
            if sample.kind in ("observed", "predicted")
            else "warns",
            float(sample.f107),
            None,
            "sfu",
            None,
            epoch.utc(0),
            f"{sample.kind}: F10.7 {float(sample.f107):.1f}, mean {float(sample.f107a):.1f},"
            f" Ap {float(np.asarray(sample.ap)[0]):.0f}"
            + ("" if plain else f"; outside what was ever measured (50 .. {MOST_SFU:g})"),
        )


def data_span(view: View) -> Iterator[Judged]:
    """The whole flight inside the span of every other data set in use."""
    first, last = _ends(view)
    judged = False
    for data in view.world.vintage():
        if data.name in ("earth_orientation", "space_weather"):
            continue  # they have checks of their own, which know about predictions
        if not (_is_date(data.first) and _is_date(data.last)):
            continue
        judged = True
        days = min(
            _days(first.utc(0)) - _days(str(data.first)), _days(str(data.last)) - _days(last.utc(0))
        )
        yield at_least(
            days,
            0.0,
            "d",
            f"{first.utc(0)} .. {last.utc(0)}",
            f"{data.name} spans {data.first} .. {data.last}; days inside it",
            object="",
        )
    if not judged:
        yield not_judged("no data set in use states a span")


def _is_date(text: object) -> bool:
    s = str(text)
    return len(s) >= 10 and s[0:4].isdigit() and s[4] == "-"


def _days(text: str) -> float:
    return float((np.datetime64(text[:10]) - np.datetime64("2000-01-01")).astype(int))


def frames(view: View) -> Iterator[Judged]:
    """GCRF to ITRF: orthonormal, turning at the Earth's rate, at the angle of 1982's formula; about
    the Moon its mean-Earth axes too."""
    orientation = view.world.orientation
    first, last = _ends(view)
    worst, angle, rate, clock = 0.0, 0.0, 0.0, 0.0
    for epoch in (first, first + 0.5 * (last - first), last):
        itrf = orientation.itrf_from_gcrf(epoch).matrix
        tod = orientation.tod_from_gcrf(epoch).matrix
        for m in (itrf, tod):
            off = float(np.abs(m @ m.T - np.eye(3)).max()) + abs(float(np.linalg.det(m)) - 1.0)
            worst = max(worst, off)
        turn = itrf @ tod.T  # earth-fixed from the true equator: a turn about the pole
        gast = float(np.arctan2(turn[0, 1] - turn[1, 0], turn[0, 0] + turn[1, 1]))
        angle = max(
            angle, abs(float(signed_turn(gast, apparent_sidereal_angle(epoch, view.world))))
        )
        step = 30.0
        m2 = orientation.itrf_from_gcrf(epoch + step).matrix @ itrf.T
        spin = float(np.arctan2(m2[0, 1] - m2[1, 0], m2[0, 0] + m2[1, 1])) / step
        rate = max(rate, abs(spin / EARTH_RATE - 1.0))
        clock = max(clock, abs(ut1_minus_utc_s(epoch, view.world)))
    where = f"{first.utc(0)} .. {last.utc(0)}"
    yield at_most(worst, 1e-13, "1", where, "rotations are orthonormal and proper")
    yield at_most(
        angle / ARCSEC,
        1.0,
        "arcsec",
        where,
        "Greenwich apparent sidereal time off the matrices against the formula of 1982 with four"
        " nutation terms; 1 arcsec covers the terms left out and polar motion",
    )
    yield at_most(rate, 1e-7, "1", where, "turn in 30 s against 7.292115e-5 rad/s")
    yield at_most(
        clock,
        0.9,
        "s",
        where,
        "UT1 - UTC by the Earth rotation angle: UTC keeps it below 0.9 s",
        otherwise="warns",
    )
    lunar = [g.path for g in view.flight.legs if g.path.frame.centre == "moon"]
    if lunar:
        yield from _moon_frame(view, lunar[0].start, lunar[-1].end)


def _moon_frame(view: View, first: Epoch, last: Epoch) -> Iterator[Judged]:
    """GCRF to the Moon's mean-Earth axes: orthonormal, and where the IAU's series has them."""
    worst, apart = 0.0, 0.0
    for epoch in (first, first + 0.5 * (last - first), last):
        m = fixed_from_gcrf(view.world, "moon", "moon-me", epoch).matrix
        off = float(np.abs(m @ m.T - np.eye(3)).max()) + abs(float(np.linalg.det(m)) - 1.0)
        worst = max(worst, off)
        turn = m @ _moon_by_the_iau(epoch).T
        apart = max(apart, float(np.arccos(np.clip(0.5 * (np.trace(turn) - 1.0), -1.0, 1.0))))
    where = f"{first.utc(0)} .. {last.utc(0)}, about the Moon"
    yield at_most(worst, 1e-13, "1", where, "the Moon's rotation is orthonormal and proper")
    yield at_most(
        float(np.degrees(apart)),
        0.05,
        "deg",
        where,
        "mean-Earth axes against the IAU's series of pole and meridian (Archinal et al. 2018) to"
        " E5; 0.05 deg covers the terms left out",
    )


def _moon_by_the_iau(epoch: Epoch) -> NDArray[np.float64]:
    """(3, 3) body-fixed from GCRF by right ascension, declination and W of the IAU, five terms."""
    day, fraction = epoch.jd_tt
    d = day - 2451545.0 + fraction
    e = np.radians(
        [
            125.045 - 0.0529921 * d,
            250.089 - 0.1059842 * d,
            260.008 + 13.0120009 * d,
            176.625 + 13.3407154 * d,
            357.529 + 0.9856003 * d,
        ]
    )
    s, c, t = np.sin(e), np.cos(e), d / 36525.0
    ra = 269.9949 + 0.0031 * t + np.array([-3.8787, -0.1204, 0.0700, -0.0172, 0.0]) @ s
    dec = 66.5392 + 0.0130 * t + np.array([1.5419, 0.0239, -0.0278, 0.0068, 0.0]) @ c
    w = np.array([3.5610, 0.1208, -0.0642, 0.0158, 0.0252]) @ s
    w += 38.3213 + 13.17635815 * d - 1.4e-12 * d * d
    a, b, turn = (float(np.radians(x)) for x in (ra + 90.0, 90.0 - dec, w))

    def third(x: float) -> NDArray[np.float64]:
        return np.array(
            [[np.cos(x), np.sin(x), 0.0], [-np.sin(x), np.cos(x), 0.0], [0.0, 0.0, 1.0]]
        )

    tilt = np.array([[1.0, 0.0, 0.0], [0.0, np.cos(b), np.sin(b)], [0.0, -np.sin(b), np.cos(b)]])
    out: NDArray[np.float64] = third(turn) @ tilt @ third(a)
    return out


def launch_window(view: View) -> Iterator[Judged]:
    """First motion inside the window, or at the time, that was asked for."""
    launch = view.mission.launch
    flown = view.stack.path.start
    if launch.time is not None:
        yield at_most(
            float(abs(flown.ns - launch.time.ns)),
            0.0,
            "ns",
            flown.utc(3),
            f"first motion against the time asked for, {launch.time.utc(3)}",
        )
    elif launch.window is not None:
        opens, closes = launch.window
        yield at_least(
            min(flown - opens, closes - flown) / 60.0,
            0.0,
            "min",
            flown.utc(3),
            f"first motion inside {opens.utc(0)} .. {closes.utc(0)} (negative: outside)",
        )
    else:
        yield not_judged("the mission asks for no time and no window")
    yield at_most(
        float(abs(flown.ns - view.lift_off.ns)),
        0.0,
        "ns",
        flown.utc(3),
        "the path begins at the reported lift-off",
    )

"""Which angles are fitted on each flight, and to what: structure and first guesses, no results."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.ascent.replay import CutOff, Layout, Observation
from cosmodrome.ascent.shape import vertical_rise_s
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from bench.flights.records import Record

__all__ = ["Case", "case_of", "webcast_case"]

# what counts as one off: near the uncertainty of a printed figure, far below the bars
_ALTITUDE_M = 1_000.0
_SPEED_M_S = 30.0
_ANGLE_RAD = math.radians(0.1)
_INCLINATION_RAD = math.radians(0.02)
# of a place printed in whole degrees
_LONGITUDE_RAD = math.radians(0.3)


@dataclass(frozen=True, slots=True)
class Case:
    """What `ascent.replay.fit` is given for a record."""

    layout: Layout
    cut_off: CutOff
    observations: tuple[Observation, ...]
    guess: Mapping[str, float]
    also_s: tuple[float, ...] = ()
    bounds: Mapping[str, tuple[float, float]] | None = None


# flight -> end of flight along the flow, pitch knots and yaw starts (s after lift-off), guesses in
# degrees: kick, azimuth, pitches, yaws
_STEERED: dict[str, tuple[float, tuple[float, ...], tuple[float, ...], tuple[float, ...]]] = {
    "as506": (203.8, (330.0, 460.0, 550.0, 700.0), (203.8,), (0.0, 25.0, 6.0, 2.0, 1.0, 0.0)),
    "pslv-c52": (
        69.94,
        (109.6, 256.0, 387.0, 510.0, 1015.0),
        (109.83, 261.46, 503.6),
        (8.0, 28.0, 15.0, 15.0, 17.0, 12.0, 40.0, 20.0, 10.0),
    ),
    "h2a-f15": (
        126.0,
        (270.0, 392.0, 600.0, 910.0),
        (126.0, 270.0, 406.98),
        (5.0, 100.0, 55.0, 40.0, 12.0, 0.0, 60.0, 60.0, 20.0),
    ),
    "soyuz-ms-25": (180.0, (286.0, 526.0), (), (6.0, 62.0, 16.0, 2.0)),
}


def case_of(record: Record) -> Case:
    """The fit of a flight with an event table; KeyError where the record has nothing to fit."""
    turn, knots, yaws, guess = _STEERED[record.id.removesuffix("-falling").removesuffix("-even")]
    told = record.told
    azimuth = told.get("azimuth_deg")
    layout = Layout(
        rise_s=vertical_rise_s(record.mission.vehicle),
        turn_s=turn,
        knots_s=knots,
        yaw_s=yaws,
        table=tuple(
            (round(max(t - record.zero_s, 0.0), 6), math.radians(p))
            for t, p in told.get("pitch_deg", ())
        ),
        azimuth_rad=None if azimuth is None else math.radians(azimuth),
    )
    return Case(
        layout,
        CutOff(semi_major_axis_m=1e3 * told["semi_major_axis_km"]),
        _observations(told) + _place(record),
        dict(zip(layout.names, (math.radians(x) for x in guess), strict=True)),
        bounds=_bounds(told),
    )


def _bounds(told: Mapping[str, Any]) -> dict[str, tuple[float, float]] | None:
    """A printed table moves by no more than its own uncertainty."""
    if "pitch_deg" not in told:
        return None
    most = math.radians(told["pitch_uncertainty_deg"])
    return {"table's bias": (-most, most)}


def _observations(told: Mapping[str, Any]) -> tuple[Observation, ...]:
    out = []
    for e in told["events"]:
        if "alt_km" in e:
            out.append(Observation(e["ours"], "altitude_m", 1e3 * e["alt_km"], _ALTITUDE_M))
        if e.get("frame") == "inertial":
            out.append(Observation(e["ours"], "speed_inertial_m_s", e["v_mps"], _SPEED_M_S))
        if "fpa_deg" in e:
            angle = math.radians(e["fpa_deg"])
            out.append(Observation(e["ours"], "path_angle_rad", angle, _ANGLE_RAD))
    last = told["events"][-1]["ours"]
    inclination = math.radians(told["inclination_deg"])
    out.append(Observation(last, "inclination_rad", inclination, _INCLINATION_RAD))
    if "perigee_km" in told:
        radius = EARTH_EQUATORIAL_RADIUS_M + 1e3 * told["perigee_km"]
        out.append(Observation(last, "radius_m", radius, _ALTITUDE_M))
    if not any(o.at == last and o.quantity == "path_angle_rad" for o in out):
        # into a circle, or at the perigee: the motion ends level
        out.append(Observation(last, "path_angle_rad", 0.0, _ANGLE_RAD))
    return tuple(out)


def _place(record: Record) -> tuple[Observation, ...]:
    """Where the record has the last cut-off, which tells where the flight turned."""
    if "ground" not in record.told:
        return ()
    east = math.radians(record.told["ground"]["longitude_deg"]) - record.mission.site.longitude_rad
    last = record.told["events"][-1]["ours"]
    return (Observation(last, "longitude_rad", east, _LONGITUDE_RAD),)


def webcast_case(record: Record) -> Case:
    """The fit of a webcast ascent, to its heights alone: its speeds are what comes of it."""
    told = record.told
    last = float(told["last_s"])
    meco = float(told["events"]["meco"])
    layout = Layout(
        rise_s=vertical_rise_s(record.mission.vehicle),
        turn_s=90.0,
        knots_s=(meco, 240.0, 330.0, last),
    )
    out = []
    for t, _, h in told["points"]:
        out.append(Observation(f"T+{t:g}", "altitude_m", 1e3 * h, _ALTITUDE_M))
    end = f"T+{last:g}"
    out.append(
        Observation(
            end, "inclination_rad", math.radians(told["inclination_deg"]), math.radians(0.5)
        )
    )
    azimuth = 90.0 if told["inclination_deg"] < 40.0 else 45.0
    guess = (3.0, azimuth, 25.0, 15.0, 8.0, -5.0)
    return Case(
        layout,
        CutOff(at_s=last),
        tuple(out),
        dict(zip(layout.names, (math.radians(x) for x in guess), strict=True)),
        tuple(float(x) for x in range(10, int(last), 10)),
    )

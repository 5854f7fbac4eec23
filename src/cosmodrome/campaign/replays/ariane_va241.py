"""Ariane VA241: inertial units aligned by the azimuth of another flight, 20 degrees off.

On 25 January 2018 SES-14 and Al Yah 3 were to go to 250 x 45,000 km, 3 deg. The alignment azimuth
of the two inertial units was 90 deg, that of usual transfer orbits, where this flight needed 70;
the launcher flew 20 deg to the south from the first seconds on, telemetry was lost at T+9:26, and
both spacecraft were found in 235 x 43,150 km, 20.64 deg.

The misalignment is not a rotation of the path. The unit was loaded with the pad's place and with
the velocity that the Earth's rotation gives it, both in the axes it should have been aligned to;
from there it integrates what it feels in axes that are turned about the vertical, and guidance
meets its aims in what it believes. The Earth's 464 m/s are believed and not turned: the believed
place drifts from the true one, and the energy at the cut-off with it. That is the missing apogee.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome import checks, orbit
from cosmodrome.ascent import Draw, flown_programme, fly_guided, fly_stack
from cosmodrome.ascent.flaws import turned_axes
from cosmodrome.ascent.launch import pad_in_launch_frame
from cosmodrome.campaign.replays import Compared, Replay
from cosmodrome.campaign.replays.ballistic import plan_of
from cosmodrome.campaign.replays.told import Told
from cosmodrome.checks.view import View
from cosmodrome.flight import fly
from cosmodrome.mission import Mission, loads
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.frame import GCRF
from cosmodrome.world.geodesy import WGS84_A
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.ascent import GuidedBatch
    from cosmodrome.record import Finding, Flight, OrbitRecord
    from cosmodrome.record.nouns import Plan
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["faulted_plan", "replayed"]

_MISSION = """
schema: cosmodrome/1
name: Ariane VA241
site: kourou
vehicle: ariane-5-eca
spacecraft: {mass: 9100 kg, drag_area: 30 m^2, drag_coefficient: 2.2, reflectivity: 1.3}
launch: {time: 2018-01-25T22:20:00Z}
target:
  kind: elliptic
  perigee: 250 km
  apogee: 45000 km
  inclination: 3 deg
  argument_of_perigee: 180 deg +- 5 deg
limits: {heat_flux: 1135 W/m^2}
plan:
  - coast: {for: 10 min}
physics: {gravity: 4x4, drag: none, third_bodies: [], radiation_pressure: false}
"""
NAME = "ariane-va241"
#: what was loaded less what was needed
OFF_DEG = 20.0
_PAYLOAD_KG = 9_100.0
_TO_DEG = 180.0 / math.pi
# the turns that are flown beside it, to see what a degree does
_BESIDE_DEG = (0.0, OFF_DEG, OFF_DEG - 1.0, OFF_DEG + 1.0, -OFF_DEG)


def faulted_plan(plan: Plan, mission: Mission, world: World, off_deg: float = OFF_DEG) -> Plan:
    """The plan with launch axes turned by `off_deg` about the pad's vertical.

    Positive: what the plan calls east lies to the south of it.
    """
    up = pad_in_launch_frame(mission.site, plan.epoch, world)[2][0]
    turn = turned_axes(math.radians(off_deg) * up[:, None]).reshape(3, 3)
    return replace(plan, launch_axes=turn @ np.asarray(plan.launch_axes))


def replayed(world: World, watch: Watch = SILENT) -> Replay:
    """The flight as planned, then flown closed-loop by a unit that is turned by 20 deg."""
    mission = loads(_MISSION)
    assert isinstance(mission, Mission)
    watch.begin("replay", "planning the flight of Ariane VA241")
    flight = fly(mission, world=world, watch=watch)
    watch.end("replay", "planned")
    stop_if_cancelled(watch)
    plan = plan_of(flight)
    up = pad_in_launch_frame(mission.site, plan.epoch, world)[2][0]
    draw = Draw.nominal(mission.vehicle, len(_BESIDE_DEG))
    draw.flaws.alignment[:] = np.radians(_BESIDE_DEG) * up[:, None]
    batch = fly_guided(flown_programme(flight, world), draw)
    faulted = faulted_plan(plan, mission, world)
    told = Told(NAME)
    planned, turned, other = (_record(batch, k, plan, world) for k in (0, 1, 4))
    return Replay(
        NAME,
        told.title,
        "the inertial units are aligned by 90 deg where this flight needs 70",
        {
            "as planned": _orbit(planned, "predicted"),
            "aligned 20 deg off": (
                Compared("alignment loaded less needed", OFF_DEG, "deg", "given"),
                *_published(turned, told),
                Compared("heading at T+60 s", _heading(faulted, flight, world), "deg", "predicted"),
                *_against(batch),
            ),
            "if it were a rotation of the path": _turned(planned, batch, up),
            "20 deg the other way": _orbit(other, "sensitivity"),
        },
        (
            "what the constant of 70 deg is counted from is not public; only its difference from"
            " 90, and that the flight went to the south, are used",
            "the unit is taken to be loaded with the pad's place and velocity in the axes it"
            " should have had; had it turned those too, the orbit would be the planned one turned,"
            " with its apogee",
            "mean elements (Brouwer) at the release, as those published are of two-line elements",
            "9.1 t are both spacecraft (8.2 t) and what carries them (estimated); some 1 t of the"
            " upper stage's propellant is left, where the real flight was filled up",
            "guidance holds radius, speed, path angle and plane, in the axes it believes in, and"
            " leaves downrange free; it takes over 143 s after lift-off; it is not Ariane's own",
        ),
        (
            *told.sources,
            "90 and 70 deg, 20 deg to the south: Independent Enquiry Commission, Arianespace, 23"
            " February 2018",
            "235 x 43,150 km, some 21 deg, of 250 x 45,000 km, 3 deg: SpaceNews, 26 January 2018",
            "telemetry until T+9:26: Arianespace",
        ),
        _findings(flight, faulted, world),
    )


def _orbit(
    record: OrbitRecord, role: str, bars: tuple[tuple[float, float] | None, ...] = ()
) -> tuple[Compared, ...]:
    """Inclination, perigee and apogee, with what they should lie within."""
    i, low, high = (*bars, None, None, None)[:3]
    mean = record.mean
    rows = (
        ("inclination", mean.i_rad * _TO_DEG, "deg", i),
        ("perigee", (mean.a_m * (1.0 - mean.e) - WGS84_A) / 1e3, "km", low),
        ("apogee", (mean.a_m * (1.0 + mean.e) - WGS84_A) / 1e3, "km", high),
    )
    return tuple(
        Compared(name, value, unit, role, *(bar or (None, None))) for name, value, unit, bar in rows
    )


def _record(batch: GuidedBatch, k: int, plan: Plan, world: World) -> OrbitRecord:
    """The orbit of a lane at its release."""
    back = np.asarray(plan.launch_axes).T
    at = plan.epoch + round(float(batch.release_s[k]), 9)
    r, v = back @ batch.release_r_m[:, k], back @ batch.release_v_m_s[:, k]
    return orbit.orbit_record(State(at, GCRF, r, v, _PAYLOAD_KG), None, world)


def _published(record: OrbitRecord, told: Told) -> tuple[Compared, ...]:
    tilt = told.value("inclination", 1.0 / _TO_DEG)
    low, high = told.value("perigee", 1e3), told.value("apogee", 1e3)
    bars = ((tilt - 0.5, tilt + 0.5), (low - 20.0, low + 20.0), (0.97 * high, 1.03 * high))
    return _orbit(record, "predicted", bars)


def _against(batch: GuidedBatch) -> tuple[Compared, ...]:
    """Where and how fast it is at the cut-off beside what it believes, and what a degree does."""
    speed = [float(np.linalg.norm(batch.v_m_s[:, k])) for k in (0, 1)]
    height = [float(np.linalg.norm(batch.r_m[:, k])) for k in (0, 1)]
    per = 0.5 / 1e3 * (batch.apogee_m[3] - batch.apogee_m[2])
    turned = 0.5 * (batch.i_rad[3] - batch.i_rad[2]) * _TO_DEG
    return (
        Compared("speed at the cut-off less the planned", speed[1] - speed[0], "m/s", "predicted"),
        Compared(
            "radius at the cut-off less the planned",
            (height[1] - height[0]) / 1e3,
            "km",
            "predicted",
        ),
        Compared("inclination by a degree of alignment", float(turned), "deg/deg", "sensitivity"),
        Compared("apogee by a degree of alignment", float(per), "km/deg", "sensitivity"),
    )


def _turned(record: OrbitRecord, batch: GuidedBatch, up: Array) -> tuple[Compared, ...]:
    """The planned orbit turned about the pad's vertical."""
    turn = turned_axes(math.radians(OFF_DEG) * up[:, None]).reshape(3, 3)
    h = turn.T @ np.cross(batch.r_m[:, 0], batch.v_m_s[:, 0])
    i = math.acos(float(h[2]) / float(np.linalg.norm(h)))
    return (
        Compared("inclination", i * _TO_DEG, "deg", "sensitivity"),
        *_orbit(record, "sensitivity")[1:],
    )


def _heading(plan: Plan, flight: Flight, world: World) -> float:
    """Azimuth of the Earth-relative velocity a minute after lift-off, by the plan's table alone."""
    assert isinstance(flight.mission, Mission)
    leg = fly_stack(plan, flight.mission, world).leg
    view = View(replace(flight, legs=(leg, *flight.legs[1:])), world)
    return view.heading_at(60.0)[0] * _TO_DEG


def _findings(flight: Flight, plan: Plan, world: World) -> tuple[Finding, ...]:
    """Checks that fail on the material with the turned axes, and hold without."""
    clean = {(f.check, f.where) for f in flight.findings if f.verdict == "fails"}
    stack = replace(flight.legs[0], plan=plan)
    found = checks.run(replace(flight, legs=(stack, *flight.legs[1:])), world)
    return tuple(f for f in found if f.verdict == "fails" and (f.check, f.where) not in clean)

"""flight.json: the contract's record of a flight, version 1.

Degrees and kilometres only where the field's name says so. The order of keys and rows is
fixed and floats carry the shortest digits that read back equal, so one flight always gives
the same bytes; `timing` is the only object that may differ between two runs.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cosmodrome.mission import OrbitMission
from cosmodrome.report.arrivals import arrivals_json
from cosmodrome.report.overflight_table import overflight_rows
from cosmodrome.report.plain import clock_text, number, plain
from cosmodrome.report.safety_record import area_json, safety_json
from cosmodrome.world.bodies import body
from cosmodrome.world.centres import centre_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.mission import WindTable
    from cosmodrome.record import (
        Burn,
        Elements,
        Event,
        Finding,
        Flight,
        Impact,
        LaunchSolution,
        Leg,
        OrbitRecord,
        PlaneChange,
    )
    from cosmodrome.record.libration import LibrationRecord
    from cosmodrome.record.upkeep import UpkeepRecord
    from cosmodrome.world.state import State

__all__ = ["SCHEMA", "elements_json", "event_json", "finding_json", "flight_json", "orbit_of"]

SCHEMA = "cosmodrome-flight/1"

# the contract knows four kinds of object; what else a chapter names is a part of a stage
_KINDS = {k: k for k in ("spacecraft", "stage", "booster", "fairing", "object")}


def flight_json(flight: Flight) -> dict[str, Any]:
    """The contract's JSON object of a flight. Angles of `orbit` in the true equator of date."""
    mission = flight.mission
    wind = {} if mission.wind is None else {"wind": _wind(mission.wind)}
    return {
        "schema": SCHEMA,
        "name": mission.name,
        "verdict": flight.verdict,
        **_begins(flight),
        **wind,
        "orbit": None if flight.orbit is None else _orbit(flight.orbit),
        **({} if flight.reached is None else {"reached": _orbit(flight.reached)}),
        **({"upkeep": [_upkeep(u) for u in flight.upkeep]} if flight.upkeep else {}),
        **({"arrivals": arrivals_json(flight.arrivals)} if flight.arrivals else {}),
        **({"libration": [_near(x) for x in flight.libration]} if flight.libration else {}),
        **({"overflights": overflight_rows(flight.overflights)} if mission.imaging else {}),
        **({"releases": _releases(flight)} if mission.passengers else {}),
        "objects": _objects(flight),
        "range_safety": safety_json(flight),
        "legs": [_leg(leg) for leg in flight.legs],
        "events": [event_json(e) for e in flight.events],
        "findings": [finding_json(f) for f in flight.findings],
        "provenance": plain(flight.provenance),
        "timing": {k: number(v) for k, v in sorted(flight.timing.items())},
    }


def _upkeep(kept: UpkeepRecord) -> dict[str, Any]:
    """A step that kept an orbit or left it; a lifetime longer than was looked at is null."""
    return {
        "step": kept.step,
        "object": kept.object,
        "kind": kept.kind,
        "start": kept.start.utc(),
        "end": kept.end.utc(),
        "burns": kept.burns,
        "delta_v_m_s": number(kept.delta_v_m_s),
        "delta_v_m_s_per_year": number(kept.delta_v_m_s_per_year),
        "propellant_kg": number(kept.propellant_kg),
        "asked_s": number(kept.asked_s),
        "lifetime_s": number(kept.lifetime_s),
        "untouched_s": number(kept.untouched_s),
        "notes": list(kept.notes),
    }


def _near(near: LibrationRecord) -> dict[str, Any]:
    """A libration orbit that the flight was to stay near, and when."""
    return {
        "orbit": near.orbit,
        "bodies": [near.larger, near.smaller],
        "start": near.start.utc(),
        "end": near.end.utc(),
        "revolutions": number(near.revolutions),
        "period_s": number(near.period_s),
        "mass_ratio": number(near.mass_ratio),
        "length_m": number(near.length_m),
        "state": [number(x) for x in near.state],
    }


def _begins(flight: Flight) -> dict[str, Any]:
    """Where the flight begins and what it carries: on a pad with a vehicle, or in orbit."""
    mission, payload, launch = flight.mission, flight.payload, flight.launch
    if isinstance(mission, OrbitMission) or payload is None or launch is None:
        start = mission.start.source if isinstance(mission, OrbitMission) else ""
        nothing: dict[str, Any] = {"site": None, "vehicle": None}
        return {
            **nothing,
            "spacecraft": mission.spacecraft.id,
            "payload": None,
            "launch": None,
            "start": {"source": start, **state_json(flight.legs[0].start)},
        }
    return {
        "site": mission.site.id,
        "vehicle": mission.vehicle.id,
        "spacecraft": mission.spacecraft.id,
        "payload": {
            "mass_kg": number(payload.mass_kg),
            "capability_kg": number(payload.capability_kg),
            "margin_kg": number(payload.margin_kg),
            "adapter_kg": number(mission.vehicle.adapter_kg),
            "published": list(payload.published),
            "limited_by": list(payload.limited_by),
            "expected_kg": number(payload.expected_kg),
            "expected_sigma_kg": number(payload.expected_sigma_kg),
            "expected_over_vehicles": payload.expected_over,
        },
        "launch": _launch(launch),
    }


def _degrees(radians: float) -> float | None:
    return number(math.degrees(radians))


def _launch(launch: LaunchSolution) -> dict[str, Any]:
    change = launch.plane_change
    turned = {} if change is None else {"plane_change": _plane_change(change)}
    return {
        "utc": launch.epoch.utc(),
        "azimuth_inertial_deg": _degrees(launch.azimuth_inertial_rad),
        "azimuth_relative_deg": _degrees(launch.azimuth_relative_rad),
        "branch": launch.branch,
        "within_corridor": launch.within_corridor,
        "alternatives": [
            {"utc": epoch.utc(), "azimuth_relative_deg": _degrees(azimuth), "branch": branch}
            for epoch, azimuth, branch in launch.alternatives
        ],
        "note": launch.note,
        **turned,
    }


def _plane_change(change: PlaneChange) -> dict[str, Any]:
    """How the plane was turned; there is no key where the target plane passes over the pad."""
    return {
        "launched_i_deg": _degrees(change.launched_rad),
        "reached_i_deg": _degrees(change.reached_rad),
        "burns": [
            {"stage": stage, "start_s": number(start), "turned_deg": _degrees(angle)}
            for stage, start, angle in change.burns
        ],
    }


def _wind(wind: WindTable) -> dict[str, Any]:
    """The wind flown in, towards east and north over altitude; there is no key in still air."""
    return {
        "text": wind.text,
        "altitude_m": plain(wind.altitude_m),
        "east_m_s": plain(wind.east_m_s),
        "north_m_s": plain(wind.north_m_s),
    }


def elements_json(e: Elements) -> dict[str, Any]:
    """Kepler elements: a in m, angles in degrees."""
    return {
        "a_m": number(e.a_m),
        "e": number(e.e),
        "i_deg": _degrees(e.i_rad),
        "raan_deg": _degrees(e.raan_rad),
        "argp_deg": _degrees(e.argp_rad),
        "true_anomaly_deg": _degrees(e.true_anomaly_rad),
    }


def _orbit(orbit: OrbitRecord) -> dict[str, Any]:
    rate, ltan = orbit.node_rate_rad_s, orbit.ltan_s
    return {
        "utc": orbit.epoch.utc(),
        **_body(orbit.body),
        "frame": centre_named(orbit.body).equator_frame,
        "osculating": elements_json(orbit.osculating),
        "mean": {**elements_json(orbit.mean), "theory": orbit.mean_theory},
        "osculating_gcrf": elements_json(orbit.osculating_gcrf),
        "perigee_altitude_m": number(orbit.perigee_altitude_m),
        "apogee_altitude_m": number(orbit.apogee_altitude_m),
        "ltan": None if ltan is None else clock_text(ltan, 3),
        "ltan_s": number(ltan),
        "node_rate_deg_day": None if rate is None else _degrees(rate * 86_400.0),
    }


def _body(name: str) -> dict[str, str]:
    """The body that something is about, where it is not the Earth."""
    return {} if name == "earth" else {"body": name}


def orbit_of(flight: Flight, craft: str) -> OrbitRecord | None:
    """The record of a spacecraft's orbit; None for what is none."""
    if craft == flight.mission.spacecraft.id:
        return flight.orbit
    return flight.orbits.get(craft)


def _releases(flight: Flight) -> list[dict[str, Any]]:
    """Of several spacecraft, each as it was released, in order."""
    out = []
    for leg in flight.legs:
        for given in leg.released:
            (craft,) = given.attached
            orbit = orbit_of(flight, craft)
            out.append(
                {
                    "id": craft,
                    "utc": given.state.epoch.utc(),
                    "t_s": number(given.state.epoch - flight.zero),
                    "mass_kg": number(given.state.mass_kg),
                    "state": state_json(given.state),
                    "orbit": None if orbit is None else _orbit(orbit),
                }
            )
    return out


def _objects(flight: Flight) -> list[dict[str, Any]]:
    """Every object but the stack itself, in the order of its release."""
    first: dict[str, Leg] = {}
    impacts: dict[str, dict[str, Any]] = {}
    for leg in flight.legs:
        if leg.kind != "stack":
            first.setdefault(leg.object, leg)
            if leg.impact is not None:
                impacts[leg.object] = _impact(leg.impact) | _fall(flight, leg)
    out = []
    for leg in sorted(first.values(), key=lambda leg: leg.start.epoch.ns):
        row: dict[str, Any] = {
            "id": leg.object,
            "kind": _KINDS.get(leg.kind, "stage"),
            "part": leg.kind not in _KINDS,
            "parent": leg.parent,
            "released": leg.start.epoch.utc(),
            "mass_kg": number(leg.start.mass_kg),
        }
        if leg.object in impacts:
            row["impact"] = impacts[leg.object]
        elif (own := orbit_of(flight, leg.object)) is not None:
            row["orbit"] = _orbit(own)
        else:
            row["orbit"] = _left_in_orbit(leg.end)
            row["state"] = state_json(leg.end)
        out.append(row | _of_its_own(flight, leg.object))
    return out


def _of_its_own(flight: Flight, object: str) -> dict[str, Any]:
    """What a released spacecraft made of its own plan; {} for what has none."""
    carried = next((c for c in flight.mission.spacecraft.carries if c.id == object), None)
    own = [leg for leg in flight.legs if leg.object == object]
    if carried is None or not carried.plan:
        return {}
    burnt = sum(b.propellant_kg for leg in own for b in leg.ledger.burns)
    reached = flight.reaches.get(object)
    return {
        "verdict": flight.verdict_of(object),
        "delta_v_m_s": number(sum(leg.ledger.delta_v_m_s for leg in own)),
        "propellant_kg": {
            "loaded": number(carried.propellant_kg),
            "left": number(carried.propellant_kg - burnt),
        },
        **({} if reached is None else {"reached": _orbit(reached)}),
        "end": state_json(own[-1].end),
    }


def _left_in_orbit(state: State) -> dict[str, Any] | None:
    """Osculating orbit (GCRF) of what neither falls nor is the spacecraft; None on escape."""
    from cosmodrome.dynamics.elements import elements_from_state

    about = centre_named(state.frame.centre)
    elements = elements_from_state(state.r_m, state.v_m_s, body(about.name).mu_m3_s2)
    if elements.e >= 1.0:
        return None
    return {
        "utc": state.epoch.utc(),
        "frame": str(state.frame),
        "osculating": elements_json(elements),
        "perigee_altitude_m": number(elements.a_m * (1 - elements.e) - about.radius_m),
        "apogee_altitude_m": number(elements.a_m * (1 + elements.e) - about.radius_m),
    }


def _impact(impact: Impact) -> dict[str, Any]:
    return {
        "utc": impact.epoch.utc(),
        "t_s": number(impact.t_s),
        "latitude_deg": _degrees(impact.latitude_rad),
        "longitude_deg": _degrees(impact.longitude_rad),
        "range_m": number(impact.range_m),
        "method": impact.method,
    }


def _fall(flight: Flight, leg: Leg) -> dict[str, Any]:
    """What range safety adds to an impact: how fast, and the fall area."""
    speeds = [e.speed_relative_m_s for e in leg.events if e.name == "impact"]
    out: dict[str, Any] = {"speed_m_s": number(speeds[0]) if speeds else None}
    if flight.range_safety is not None:
        area = next((a for a in flight.range_safety.areas if a.object == leg.object), None)
        if area is not None:
            out["fall_area"] = area_json(area)
    return out


def state_json(state: State) -> dict[str, Any]:
    """A state as the contract writes it, with attitude and covariance where known."""
    out: dict[str, Any] = {
        "utc": state.epoch.utc(),
        "frame": str(state.frame),
        "r_m": plain(state.r_m),
        "v_m_s": plain(state.v_m_s),
        "mass_kg": number(state.mass_kg),
    }
    if state.attitude is not None:
        out["attitude_body_from_gcrf"] = plain(state.attitude)
    if state.covariance is not None:
        out["covariance"] = plain(state.covariance)
    return out


def _numbers(values: Mapping[str, float]) -> dict[str, float | None]:
    return {str(k): number(v) for k, v in values.items()}


def _burn(burn: Burn) -> dict[str, Any]:
    return {
        "stage": burn.stage,
        "start_s": number(burn.start_s),
        "end_s": number(burn.end_s),
        "propellant_kg": number(burn.propellant_kg),
        "consumables_kg": number(burn.consumables_kg),
        "impulse_n_s": number(burn.impulse_n_s),
        "delta_v_m_s": number(burn.delta_v_m_s),
    }


def _leg(leg: Leg) -> dict[str, Any]:
    ledger = leg.ledger
    out: dict[str, Any] = {
        "chapter": leg.chapter,
        "object": leg.object,
        "parent": leg.parent,
        "kind": leg.kind,
        "start": state_json(leg.start),
        "end": state_json(leg.end),
        "delta_v_m_s": number(ledger.delta_v_m_s),
        "propellant_kg": _numbers(ledger.propellant_kg),
        "losses_m_s": _numbers(ledger.losses_m_s),
        "separated_kg": _numbers(ledger.separated_kg),
        "burns": [_burn(b) for b in ledger.burns],
        "solve": {
            "method": leg.solve.method,
            "status": leg.solve.status,
            "residuals": _numbers(leg.solve.residuals),
            "budget": _numbers(leg.solve.budget),
        },
        "audit": [
            {
                "force": a.force,
                "largest_m_s2": number(a.largest_m_s2),
                "mean_m_s2": number(a.mean_m_s2),
                "source": a.source,
            }
            for a in leg.audit
        ],
        "citations": list(leg.citations),
    }
    if leg.impact is not None:
        out["impact"] = _impact(leg.impact)
    return out


def event_json(event: Event) -> dict[str, Any]:
    """An event as the contract writes it; altitude, latitude, longitude geodetic WGS84, or with
    `body` those of that body."""
    return {
        "name": event.name,
        "object": event.object,
        "t_s": number(event.t_s),
        "utc": event.epoch.utc(),
        "altitude_m": number(event.altitude_m),
        "speed_inertial_m_s": number(event.speed_inertial_m_s),
        "speed_relative_m_s": number(event.speed_relative_m_s),
        "flight_path_angle_deg": _degrees(event.flight_path_angle_rad),
        "flight_path_angle_relative_deg": _degrees(event.flight_path_angle_relative_rad),
        "mass_kg": number(event.mass_kg),
        "latitude_deg": _degrees(event.latitude_rad),
        "longitude_deg": _degrees(event.longitude_rad),
        **_body(event.body),
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as the contract writes it, with its two roads."""
    return {
        "check": finding.check,
        "object": finding.object,
        "verdict": finding.verdict,
        "measured": number(finding.measured),
        "limit": number(finding.limit),
        "unit": finding.unit,
        "margin": number(finding.margin),
        "where": finding.where,
        "why": finding.why,
        "roads": list(finding.roads),
    }

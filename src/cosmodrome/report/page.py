"""page.json: all that the page shows, as one object. Documented in docs/page-data.md."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.catalog.nouns import Limits
from cosmodrome.maths import NUMPY
from cosmodrome.mission import Mission, OrbitMission
from cosmodrome.physics.atmosphere import density_pressure_sound
from cosmodrome.record import CLOSED_SIGMAS
from cosmodrome.report import words
from cosmodrome.report.flight_record import event_json, finding_json, flight_json
from cosmodrome.report.page_lines import lines_json, phase_json, timeline_json
from cosmodrome.report.page_moon import moon_json
from cosmodrome.report.plain import number, plain, rounded
from cosmodrome.report.safety_record import ellipse_deg
from cosmodrome.world.bodies import G0, OMEGA_EARTH_RAD_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Stage
    from cosmodrome.record import Flight, Leg
    from cosmodrome.report.series import Phase, Series
    from cosmodrome.world.world import World

__all__ = ["PAGE_SCHEMA", "page_json"]

PAGE_SCHEMA = "cosmodrome-page/1"

_SPACING_S = {"burn": 2.0, "coast": 20.0, "fall": 10.0}
_ORBIT_ROWS = 3000
_AIR_TOP_M = 1_000_000.0
_SUN_STEP_S = 6 * 3600.0


def page_json(flight: Flight, series: tuple[Series, ...], world: World) -> dict[str, Any]:
    """The page's data: decimated series, events, findings, facts, ledger, sources, vintage."""
    record = flight_json(flight)
    mission = flight.mission
    ends = [float(s.t_s[-1]) for s in series]
    starts = [float(s.t_s[0]) for s in series]
    span = (min(starts, default=0.0), max(ends, default=0.0))
    return {
        "schema": PAGE_SCHEMA,
        "name": mission.name,
        "verdict": flight.verdict,
        "checks": words.check_counts(flight.findings),
        "facts": [{"label": label, "value": value} for label, value in words.facts(flight)],
        "lift_off_utc": flight.zero.utc(),
        "span_s": rounded(span, 3),
        "primary": ["stack", *flight.flown_by],
        "site": _site(flight),
        "vehicle": _vehicle(flight),
        "target": "" if mission.target is None else words.target_text(mission.target),
        "limits": _limits(flight),
        "launch": record["launch"],
        "payload": record["payload"],
        "orbit": record["orbit"],
        "reached": record.get("reached"),
        "earth": _earth(flight, world),
        "moon": moon_json(flight, series, world, span),
        "sun": _sun(flight, world, span),
        "range_safety": _safety(record["range_safety"]),
        "objects": [
            _object(flight, leg, s, record) for leg, s in zip(flight.legs, series, strict=True)
        ],
        "events": [event_json(e) for e in flight.events],
        "findings": [finding_json(f) for f in words.red_first(flight.findings)],
        "overflights": record.get("overflights", []),
        "timeline": timeline_json(flight, series),
        "lines": lines_json(flight, series),
        "ledger": [_ledger(flight, leg) for leg in flight.legs if leg.ledger.burns],
        "solves": [
            {
                "chapter": leg["chapter"],
                "object": leg["object"],
                **leg["solve"],
                "audit": leg["audit"],
            }
            for leg in record["legs"]
            if leg["solve"]["status"] != "not-solved" or leg["audit"]
        ],
        "sources": _sources(flight),
        "citations": sorted({c for leg in flight.legs for c in leg.citations}),
        "data": [
            {
                "name": v.name,
                "source": v.source,
                "licence": v.licence,
                "first": plain(v.first),
                "last": plain(v.last),
                "note": v.note,
            }
            for v in world.vintage()
        ],
        "provenance": {str(k): plain(v) for k, v in flight.provenance.items() if k != "data"},
        "mission": mission.resolved,
    }


def _vehicle(flight: Flight) -> dict[str, str] | None:
    mission = flight.mission
    if isinstance(mission, OrbitMission):
        return None
    return {"id": mission.vehicle.id, "name": mission.vehicle.name}


def _site(flight: Flight) -> dict[str, Any] | None:
    if isinstance(flight.mission, OrbitMission):
        return None
    site = flight.mission.zoned_site
    return {
        "id": site.id,
        "name": site.name,
        "pad": site.pad,
        "latitude_deg": round(math.degrees(site.latitude_rad), 6),
        "longitude_deg": round(math.degrees(site.longitude_rad), 6),
        "height_m": round(site.height_m, 1),
        "zones": [
            *(_zone("drop", z.name, z.body, z.polygon_rad) for z in site.drop_zones),
            *(_zone("keep-out", k.name, "", k.polygon_rad) for k in site.keep_out),
        ],
    }


def _zone(
    kind: str, name: str, body: str, polygon_rad: tuple[tuple[float, float], ...]
) -> dict[str, Any]:
    corners = [
        [round(math.degrees(lon), 4), round(math.degrees(lat), 4)] for lat, lon in polygon_rad
    ]
    return {"name": name, "kind": kind, "body": body, "polygon_deg": corners}


def _safety(record: dict[str, Any] | None) -> dict[str, Any] | None:
    """The impact trace and its corridor, as lines of [longitude, latitude]."""
    if record is None:
        return None
    trace = record["trace"]

    def line(name: str) -> list[list[float]]:
        columns = trace[f"{name}longitude_deg"], trace[f"{name}latitude_deg"]
        return [[round(lon, 4), round(lat, 4)] for lon, lat in zip(*columns, strict=True)]

    return {
        "sigmas": record["sigmas"],
        "t_s": trace["t_s"],
        "trace_deg": line(""),
        "left_deg": line("left_"),
        "right_deg": line("right_"),
        "margins": record["margins"],
        "dispersions": record["dispersions"],
        "method": record["method"],
    }


def _fall(row: dict[str, Any]) -> dict[str, Any] | None:
    """The fall area of one object of flight.json, as the page draws and lists it."""
    area = row["impact"].get("fall_area")
    if area is None:
        return None
    out = {
        "pieces": area["pieces"],
        "ballistic_kg_m2": area["ballistic_kg_m2"],
        "ballistic_assumed": area["ballistic_assumed"],
        "low_deg": _corner(area["low"]),
        "high_deg": _corner(area["high"]),
        "thrown_deg": [_corner(p) for p in area["thrown"]],
        "margins": area["margins"],
    }
    spread = area["spread"]
    if spread is not None:
        out |= {
            "ellipse_deg": [
                [round(lon, 4), round(lat, 4)] for lon, lat in ellipse_deg(spread, CLOSED_SIGMAS)
            ],
            "semi_major_km": round(CLOSED_SIGMAS * spread["semi_major_m"] / 1e3, 2),
            "semi_minor_km": round(CLOSED_SIGMAS * spread["semi_minor_m"] / 1e3, 2),
            "azimuth_deg": round(spread["azimuth_deg"], 1),
        }
    return out


def _corner(place: dict[str, float]) -> list[float]:
    return [round(place["longitude_deg"], 4), round(place["latitude_deg"], 4)]


def _limits(flight: Flight) -> dict[str, float | None]:
    """The tighter of what the mission asks and what the vehicle bears."""
    limits = Limits()
    if isinstance(flight.mission, Mission):
        limits = flight.mission.limits.stricter(flight.mission.vehicle.limits)
    q, g = limits.dynamic_pressure_pa, limits.axial_acceleration_m_s2
    return {
        "dynamic_pressure_kpa": None if q is None else round(q / 1e3, 6),
        "acceleration_g": None if g is None else round(g / G0, 6),
    }


def _earth(flight: Flight, world: World) -> dict[str, Any]:
    """itrf_from_gcrf at lift-off; the page turns it on about the axis (good to 1e-6 a day)."""
    matrix = world.orientation.itrf_from_gcrf(flight.zero).matrix
    return {
        "itrf_from_gcrf_at_lift_off": rounded(np.asarray(matrix).ravel(), 9),
        "spin_rad_s": OMEGA_EARTH_RAD_S,
        "radius_km": 6378.137,
        "flattening": 1 / 298.257223563,
    }


def _sun(flight: Flight, world: World, span: tuple[float, float]) -> dict[str, Any]:
    n = max(2, math.ceil((span[1] - span[0]) / _SUN_STEP_S) + 1)
    t = np.linspace(span[0], span[1], n)
    r = world.ephemeris.positions_m("sun", flight.zero, t)
    unit = r / np.linalg.norm(r, axis=1, keepdims=True)
    return {"t_s": rounded(t, 1), "direction_gcrf": rounded(unit.ravel(), 6)}


def _thin(series: Series) -> NDArray[np.intp]:
    """Rows the page keeps: every phase boundary, and a spacing that fits the phase."""
    t = series.t_s
    edges = {round(x, 6) for p in series.phases for x in (p.start_s, p.end_s)}
    spacing = np.full(t.shape, 60.0)
    for p in series.phases:
        step = max(
            60.0 if series.chapter == "orbit" else _SPACING_S[p.kind],
            (p.end_s - p.start_s) / _ORBIT_ROWS,
        )
        spacing[(t >= p.start_s) & (t <= p.end_s)] = step
    keep = [0]
    for k in range(1, t.size):
        edge = any(abs(t[k] - e) < 2e-3 for e in edges) if series.chapter != "orbit" else False
        if edge or t[k] - t[keep[-1]] >= spacing[k] - 1e-6 or k == t.size - 1:
            keep.append(k)
    # of rows that are the same instant to a millisecond, the last
    told = np.round(t[keep], 3)
    last = np.diff(told, append=np.inf) > 0.0
    return np.array(keep)[last].astype(np.intp)


def _object(flight: Flight, leg: Leg, s: Series, record: dict[str, Any]) -> dict[str, Any]:
    k = _thin(s)
    return {
        "id": s.object,
        "label": words.object_label(flight.mission, leg),
        "kind": s.kind,
        "chapter": s.chapter,
        "parent": leg.parent,
        "centre": s.centre,
        "phases": [phase_json(p) for p in s.phases],
        "impact": None if leg.impact is None else _impact(leg, record),
        "series": {
            "t_s": rounded(s.t_s[k], 3),
            "r_km": rounded(s.r_m[k].ravel() / 1e3, 3),
            "v_km_s": rounded(s.v_m_s[k].ravel() / 1e3, 5),
            "altitude_km": rounded(s.altitude_m[k] / 1e3, 3),
            "latitude_deg": rounded(np.degrees(s.latitude_rad[k]), 4),
            "longitude_deg": rounded(np.degrees(s.longitude_rad[k]), 4),
            "speed_inertial_m_s": rounded(s.speed_inertial_m_s[k], 2),
            "speed_relative_m_s": rounded(s.speed_relative_m_s[k], 2),
            "dynamic_pressure_kpa": rounded(s.dynamic_pressure_pa[k] / 1e3, 4),
            "acceleration_g": rounded(np.nan_to_num(s.acceleration_m_s2[k]) / G0, 4),
            "mass_kg": rounded(s.mass_kg[k], 2),
            "thrust_kn": rounded(s.thrust_n[k] / 1e3, 3),
            "thrust_level_pct": rounded(_level_pct(flight, s)[k], 2),
            **_wind(flight, s, k),
        },
    }


def _wind(flight: Flight, s: Series, k: NDArray[np.intp]) -> dict[str, list[float | None]]:
    """How hard it blows at the altitudes of rows k; no column where the mission flies in still air.

    About another body than the Earth nothing is known to blow.
    """
    wind = flight.mission.wind
    if wind is None:
        return {}
    if s.centre != "earth":
        return {"wind_m_s": [None] * k.size}
    return {"wind_m_s": rounded(np.hypot(*wind.curve()(NUMPY, s.altitude_m[k])), 2)}


def _level_pct(flight: Flight, s: Series) -> NDArray[np.float64]:
    """Vacuum thrust of all that burns as a part of its rating, per cent; 0 in coasts.

    Thrust in the air plus pressure times exit area is vacuum thrust: read off the path, it shows
    steps, curves and commanded throttle alike.
    """
    height = s.altitude_m if s.centre == "earth" else np.full(s.t_s.shape, _AIR_TOP_M)
    pressure = density_pressure_sound(NUMPY, np.clip(height, 0.0, _AIR_TOP_M))[1]
    out = np.zeros(s.t_s.shape)
    for phase in s.phases:
        stages = _stages(flight, phase)
        full = sum(x.count * x.thrust_vacuum_n for x in stages) or _own_n(flight, s, phase)
        if full > 0.0:
            area = sum(x.count * x.exit_area_m2 for x in stages)
            inside = (s.t_s >= phase.start_s) & (s.t_s < phase.end_s) & (s.thrust_n != 0.0)
            out[inside] = 100.0 * (s.thrust_n + pressure * area)[inside] / full
    return out


def _own_n(flight: Flight, s: Series, phase: Phase) -> float:
    """Full thrust of a spacecraft that burns by itself about another body, where it lands."""
    mine = flight.mission.spacecraft
    for craft in (mine, *mine.carries):
        if s.centre != "earth" and craft.engine is not None and phase.burning == (craft.id,):
            return craft.engine.thrust_n
    return 0.0


def _stages(flight: Flight, phase: Phase) -> list[Stage]:
    """Stages of the vehicle that burn in a phase; none where a spacecraft burns by itself."""
    mission = flight.mission
    if isinstance(mission, OrbitMission):
        return []
    known = {stage.id: stage for stage in mission.vehicle.stages}
    return [known[id] for id in phase.burning if id in known]


def _impact(leg: Leg, record: dict[str, Any]) -> dict[str, Any]:
    impact = leg.impact
    assert impact is not None
    row = next(r for r in record["objects"] if r["id"] == leg.object)
    return {
        "t_s": round(impact.t_s, 1),
        "latitude_deg": round(math.degrees(impact.latitude_rad), 4),
        "longitude_deg": round(math.degrees(impact.longitude_rad), 4),
        "range_km": round(impact.range_m / 1e3, 2),
        "method": impact.method,
        "mass_kg": round(leg.start.mass_kg, 1),
        "speed_m_s": number(row["impact"]["speed_m_s"]),
        "fall": _fall(row),
    }


def _ledger(flight: Flight, leg: Leg) -> dict[str, Any]:
    ledger = leg.ledger
    mission = flight.mission
    stages = mission.vehicle.stages if isinstance(mission, Mission) else ()
    names = {stage.id: stage.name for stage in stages}
    return {
        "chapter": leg.chapter,
        "object": leg.object,
        "delta_v_m_s": number(ledger.delta_v_m_s),
        "losses_m_s": {k: number(v) for k, v in ledger.losses_m_s.items()},
        "burns": [
            {
                "stage": names.get(b.stage, b.stage),
                "start_s": number(b.start_s),
                "end_s": number(b.end_s),
                "propellant_kg": number(b.propellant_kg),
                "consumables_kg": number(b.consumables_kg),
                "delta_v_m_s": number(b.delta_v_m_s),
            }
            for b in ledger.burns
        ],
        "propellant_left_kg": {names.get(k, k): number(v) for k, v in ledger.propellant_kg.items()},
        "separated_kg": {names.get(k, k): number(v) for k, v in ledger.separated_kg.items()},
    }


def _sources(flight: Flight) -> list[dict[str, str]]:
    """Every catalogue figure with its source and status, estimated ones first."""
    mission = flight.mission
    if isinstance(mission, OrbitMission):
        return []
    catalogued = (
        (mission.site.id, mission.site.figures),
        (mission.vehicle.id, mission.vehicle.figures),
    )
    rows = [
        {
            "of": of,
            "figure": path,
            "source": figure.source,
            "status": figure.status,
            "note": figure.note,
        }
        for of, figures in catalogued
        for path, figure in figures.items()
    ]
    return sorted(rows, key=lambda r: (r["status"] != "estimated", r["of"], r["figure"]))

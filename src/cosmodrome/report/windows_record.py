"""Launch windows as one JSON value, and a row of them in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosmodrome.record.windows import LaunchWindow, WindowCalendar, WindowEdge

__all__ = ["calendar_json", "window_json"]


def _edge(edge: WindowEdge | None) -> dict[str, Any] | None:
    if edge is None:
        return None
    return {"utc": edge.epoch.utc(0), "minutes": edge.minutes, "lost_kg": edge.lost_kg}


def window_json(window: LaunchWindow, basis: str) -> dict[str, Any]:
    """One window; angles in degrees."""
    return {
        "utc": window.epoch.utc(0),
        "branch": window.branch,
        "azimuth_inertial_deg": math.degrees(window.azimuth_inertial_rad),
        "azimuth_relative_deg": math.degrees(window.azimuth_relative_rad),
        "within_corridor": window.within_corridor,
        "basis": basis,
        "raan_deg": math.degrees(window.raan_rad),
        "ltan_s": window.ltan_s,
        "sun_elevation_deg": math.degrees(window.sun_elevation_rad),
        "sunlit": window.sunlit,
        "beta_deg": math.degrees(window.beta_rad),
        "first_shadow_s": window.first_shadow_s,
        "shadow_part": window.shadow_part,
        "phase_deg": None if window.phase_rad is None else math.degrees(window.phase_rad),
        "serves": window.serves,
        "excluded": list(window.excluded),
        "opens": _edge(window.opens),
        "closes": _edge(window.closes),
    }


def calendar_json(found: WindowCalendar) -> list[dict[str, Any]]:
    """Every window in order of time."""
    basis = dict(found.basis)
    return [window_json(w, basis[w.branch]) for w in found.windows]

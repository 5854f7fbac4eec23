"""Tables of docs/flights.md: the record's figure, ours, the difference; the optimum beside."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bench.flights.records import Record
    from bench.flights.run import Beside, Flown
    from cosmodrome.record import Event

__all__ = ["angles", "event_table", "place", "push_m_s2", "times_table", "webcast_table"]

LIQUID_S, SOLID_S, HEIGHT_KM, SPEED_M_S = 2.0, 4.0, 3.0, 30.0


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _head(*columns: str) -> list[str]:
    return [_row(columns), _row("---" for _ in columns)]


def _off(value: float, bar: float, digits: int) -> str:
    """A signed difference, bold where it is beyond its bar."""
    text = f"{value:+,.{digits}f}"
    return f"**{text}**" if abs(value) > bar else text


def _bar_s(event: Mapping[str, Any]) -> float:
    return SOLID_S if event["kind"] == "solid" else LIQUID_S


def _time(event: Mapping[str, Any], ours_s: float) -> tuple[str, str]:
    if "t_s" not in event:
        return "", ""
    return (
        f"{event['t_s']:,.2f}",
        f"{ours_s:,.2f} ({_off(ours_s - event['t_s'], _bar_s(event), 2)})",
    )


def _height(event: Mapping[str, Any], ours_m: float) -> tuple[str, str]:
    if "alt_km" not in event:
        return "", f"{ours_m / 1e3:,.1f}"
    off = ours_m / 1e3 - event["alt_km"]
    return f"{event['alt_km']:,.1f}", f"{ours_m / 1e3:,.1f} ({_off(off, HEIGHT_KM, 2)})"


def _speed(event: Mapping[str, Any], ours: Event) -> tuple[str, str]:
    if "v_mps" not in event:
        return "", f"{ours.speed_inertial_m_s:,.0f}"
    if event["frame"] == "unstated":
        both = f"{ours.speed_inertial_m_s:,.0f} inertial, {ours.speed_relative_m_s:,.0f} relative"
        return f"{event['v_mps']:,.0f}, frame not stated", both
    off = ours.speed_inertial_m_s - event["v_mps"]
    told = f"{event['v_mps']:,.1f}"
    return told, f"{ours.speed_inertial_m_s:,.1f} ({_off(off, SPEED_M_S, 1)})"


def event_table(flown: Flown, beside: Beside | None) -> list[str]:
    """One row for each event of the record; speeds inertial, times on the record's clock."""
    record = flown.record
    out = _head(
        "event", "time from", "s", "ours", "km", "ours", "m/s", "ours", "optimum: s, km, m/s"
    )
    for e in record.told["events"]:
        ours = flown.event(e["ours"])
        best = beside.events.get(e["ours"]) if beside else None
        there = (
            f"{best.t_s + record.zero_s:,.1f}, {best.altitude_m / 1e3:,.1f},"
            f" {best.speed_inertial_m_s:,.0f}"
            if best
            else ""
        )
        basis = e.get("basis", "")
        out.append(
            _row(
                [
                    e["event"],
                    basis,
                    *_time(e, ours.t_s + record.zero_s),
                    *_height(e, ours.altitude_m),
                    *_speed(e, ours),
                    there,
                ]
            )
        )
    return out


def times_table(record: Record) -> list[str]:
    """Times alone, for a record that has no states."""
    marks = record.marks()
    out = _head("event", "time from", "s", "ours")
    for e in record.told["events"]:
        out.append(_row([e["event"], e["basis"], *_time(e, marks[e["ours"]] + record.zero_s)]))
    return out


def angles(flown: Flown) -> str:
    """The fitted numbers in degrees, counted against the figures they were fitted to."""
    numbers = flown.replay.numbers
    told = ", ".join(f"{name} {math.degrees(x):.2f}°" for name, x in numbers.items())
    return (
        f"{len(numbers)} steering parameters against {len(flown.replay.observations)} observed"
        f" figures: {told}."
    )


def place(flown: Flown) -> list[str]:
    """The place under the last cut-off, where the record has one."""
    told = flown.record.told.get("ground")
    if told is None:
        return []
    ours = flown.event(flown.record.told["events"][-1]["ours"])
    return [
        f"Below the last cut-off: {told['latitude_deg']:.1f}° N {told['longitude_deg']:.1f}° E,"
        f" ours {math.degrees(ours.latitude_rad):.1f}° N {math.degrees(ours.longitude_rad):.1f}° E;"
        " the longitude is fitted.",
        "",
    ]


# WGS 84
_MU_M3_S2 = 3.986004418e14
# with less force over mass than this a stretch is a coast
_COAST_M_S2 = 5.0


def push_m_s2(points: Sequence[tuple[float, float, float]]) -> list[float]:
    """Force over mass along the path between points (s, Earth-relative m/s, m above the ground).

    Gain of energy over length: thrust less drag over mass, whatever the path's slope.
    """

    def energy(v: float, h: float) -> float:
        return 0.5 * v * v - _MU_M3_S2 / (EARTH_EQUATORIAL_RADIUS_M + h)

    return [
        (energy(v1, h1) - energy(v0, h0)) / (0.5 * (v0 + v1) * (t1 - t0))
        for (t0, v0, h0), (t1, v1, h1) in pairwise(points)
    ]


def _pushes(record: Record, ours: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Seen over ours for the stretch that ends at each point; nothing where either coasts."""
    told = [(t, v, 1e3 * h) for t, v, h in record.told["points"]]
    at = [(t, ours[f"T+{t:g}"]) for t, _, _ in told]
    own = [(t, x["speed_relative_m_s"], x["altitude_m"]) for t, x in at]
    pad = (0.0, 0.0, 0.0)
    return [
        f"{a / b:.2f}" if min(a, b) > _COAST_M_S2 else ""
        for a, b in zip(push_m_s2([pad, *told]), push_m_s2([pad, *own]), strict=True)
    ]


def webcast_table(
    record: Record,
    ours: Mapping[str, Mapping[str, float]],
    lower: Mapping[str, Mapping[str, float]],
) -> list[str]:
    """Earth-relative speed and height against time; push seen over ours up to each point; the
    last column at a lower thrust setting."""
    out = _head("s", "m/s", "ours", "km", "ours", "push", "speed off at 95 % thrust")
    pushes = _pushes(record, ours)
    for (t, v, h), push in zip(record.told["points"], pushes, strict=True):
        at = ours[f"T+{t:g}"]
        speed, height = at["speed_relative_m_s"], at["altitude_m"] / 1e3
        out.append(
            _row(
                [
                    f"{t:g}",
                    f"{v:,.0f}",
                    f"{speed:,.0f} ({speed - v:+,.0f})",
                    f"{h:,.1f}",
                    f"{height:,.1f} ({height - h:+.2f})",
                    push,
                    f"{lower[f'T+{t:g}']['speed_relative_m_s'] - v:+,.0f}",
                ]
            )
        )
    return out

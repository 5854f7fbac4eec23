"""How the faces say things: names of objects, the target in one line, facts of a flight."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from cosmodrome.mission import Mission, OrbitMission, Phase
from cosmodrome.report.arrivals import arrival_facts
from cosmodrome.report.plain import clock_text, day_text, since_text
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M, body
from cosmodrome.world.centres import centre_named

if TYPE_CHECKING:
    from cosmodrome.mission import AnyMission, Target
    from cosmodrome.record import Finding, Flight, Leg, OrbitRecord, Payload, UpkeepRecord

__all__ = [
    "by_check",
    "check_counts",
    "expected_text",
    "facts",
    "mass_text",
    "object_label",
    "red_first",
    "stage_label",
    "target_text",
]

_KINDS = {"sun-synchronous": "SSO", "gto": "GTO", "molniya": "Molniya", "tundra": "Tundra"}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "upper")
_SHORT = 12
_ORDER = {"fails": 0, "warns": 1, "not-judged": 2, "holds": 3}


def mass_text(kg: float) -> str:
    """A mass in kg with thin groups of thousands."""
    return f"{kg:,.0f} kg".replace(",", "\u202f")


def _signed(kg: float) -> str:
    return ("+" if kg >= 0.0 else "-") + mass_text(abs(kg)).removesuffix(" kg")


def object_label(mission: AnyMission, leg: Leg) -> str:
    """What people call an object: the vehicle, a stage, or its id with a capital letter."""
    if leg.kind == "stack" and isinstance(mission, Mission):
        return mission.vehicle.name
    return stage_label(mission, leg.object)


def stage_label(mission: AnyMission, id: str) -> str:
    """A short label of a stage: its name where that is short, else its id ("third stage")."""
    for stage in mission.vehicle.stages if isinstance(mission, Mission) else ():
        if stage.id == id and len(stage.name) <= _SHORT:
            return stage.name
    text = re.sub(r"[-_](?=\w{4})", " ", id)  # strap-ons keep their hyphen
    if text in _ORDINALS:
        text += " stage"
    return text[:1].upper() + text[1:]


def red_first(findings: tuple[Finding, ...]) -> list[Finding]:
    """Findings with what fails first, then warnings, then what was not judged."""
    return sorted(findings, key=lambda f: _ORDER.get(f.verdict, 4))


def by_check(findings: tuple[Finding, ...]) -> list[tuple[Finding, int]]:
    """Each check once, red first: its worst finding and how many it made.

    Among findings of one verdict the worst has the smallest margin for its limit.
    """
    groups: dict[str, list[Finding]] = {}
    for f in red_first(findings):
        groups.setdefault(f.check, []).append(f)

    def room(f: Finding) -> tuple[int, float]:
        if f.margin is None or not f.limit:
            return _ORDER.get(f.verdict, 4), math.inf
        return _ORDER.get(f.verdict, 4), f.margin / abs(f.limit)

    return [(min(group, key=room), len(group)) for group in groups.values()]


def check_counts(findings: tuple[Finding, ...]) -> dict[str, int]:
    """How many findings hold, fail, warn and were not judged."""
    return {
        "holds": sum(f.verdict == "holds" for f in findings),
        "fails": sum(f.verdict == "fails" for f in findings),
        "warns": sum(f.verdict == "warns" for f in findings),
        "not_judged": sum(f.verdict == "not-judged" for f in findings),
    }


def target_text(target: Target) -> str:
    """The wanted orbit in one line; altitudes are mean, above 6378.137 km."""
    ways = {"lunar-orbit": "to the Moon", "libration": "to a libration point"}
    parts = [ways[target.kind]] if target.kind in ways else []
    parts.append(_size_text(target))
    if target.inclination_rad is not None:
        parts.append(f"{math.degrees(target.inclination_rad.value):.2f}°")
    elif target.plane_of is not None:
        parts.append("same inclination")
    if target.declination_rad is not None:
        parts.append(f"declination {math.degrees(target.declination_rad.value):.2f}°")
    if target.ltan_s is not None:
        parts.append(f"LTAN {clock_text(target.ltan_s.value)[:5]}")
    if target.raan_rad is not None:
        parts.append(f"RAAN {math.degrees(target.raan_rad.value):.2f}°")
    if target.repeat is not None:
        parts.append("repeat {} orbits / {} days".format(*target.repeat))
    if target.longitude_rad is not None:
        parts.append(_east(target.longitude_rad.value))
    return ", ".join(parts)


def _east(longitude_rad: float) -> str:
    """A geographic longitude, east or west."""
    degrees = math.degrees(math.remainder(longitude_rad, math.tau))
    return f"{abs(degrees):.2f}° {'W' if degrees < 0.0 else 'E'}"


def _slot(flight: Flight) -> list[tuple[str, str]]:
    """How far from its slot a geostationary spacecraft is released: an ascent aims at no slot."""
    target, craft = flight.mission.target, flight.mission.spacecraft.id
    released = next((e for e in flight.events if e.name == f"{craft} separation"), None)
    if target is None or target.kind != "geostationary" or released is None:
        return []
    slot = target.longitude_rad
    if slot is None:
        return []
    off = math.degrees(math.remainder(released.longitude_rad - slot.value, math.tau))
    return [
        (
            "Slot",
            f"{_east(slot.value)}; released over {_east(released.longitude_rad)},"
            f" {abs(off):.2f}° {'west' if off < 0.0 else 'east'} of it: to be drifted to",
        )
    ]


def _size_text(target: Target) -> str:
    """Kind and size of the wanted orbit."""
    kind = _KINDS.get(target.kind, target.kind)
    if target.c3_m2_s2 is not None:
        return f"C3 {target.c3_m2_s2.value / 1e6:g} km²/s²"
    if target.semi_major_axis_m is None or target.eccentricity is None:
        return kind
    a, e = target.semi_major_axis_m.value, target.eccentricity.value
    if target.kind == "elliptic" or e > 0.02:
        low = (a * (1 - e) - EARTH_EQUATORIAL_RADIUS_M) / 1e3
        high = (a * (1 + e) - EARTH_EQUATORIAL_RADIUS_M) / 1e3
        return f"{low:,.0f} × {high:,.0f} km {kind}"
    return f"{(a - EARTH_EQUATORIAL_RADIUS_M) / 1e3:g} km {kind}"


def _flown(orbit: OrbitRecord) -> list[tuple[str, str]]:
    """The orbit that was reached; an open one has no apogee, but a C3."""
    about = centre_named(orbit.body)
    low, high = orbit.perigee_altitude_m / 1e3, orbit.apogee_altitude_m / 1e3
    plane = f"{math.degrees(orbit.mean.i_rad):.3f}°"
    if orbit.mean.e >= 1.0:
        c3 = -body(orbit.body).mu_m3_s2 / orbit.mean.a_m / 1e6
        return [("Flown", f"{about.low} {low:.1f} km, C3 {c3:.3f} km²/s², {plane}")]
    mean = (orbit.mean.a_m - about.radius_m) / 1e3
    where = "" if orbit.body == "earth" else f" about the {orbit.body.capitalize()}"
    return [
        ("Flown", f"{low:.1f} × {high:.1f} km{where}"),
        ("Mean", f"{mean:.2f} km, {plane}"),
    ]


def _node_time(orbit: OrbitRecord) -> list[tuple[str, str]]:
    """The local time of the node, where there is one."""
    return [] if orbit.ltan_s is None else [("LTAN flown", clock_text(orbit.ltan_s))]


def expected_text(payload: Payload) -> str:
    """What a maker would print of the capability, by the global loss model."""
    expected, sigma = payload.expected_kg or 0.0, payload.expected_sigma_kg or 0.0
    return (
        f"{expected:,.0f} ± {sigma:,.0f} kg expected (1 sigma over {payload.expected_over}"
        " vehicles, leave-one-out)"
    )


def _passenger(flight: Flight, craft: str) -> list[tuple[str, str]]:
    """What another spacecraft weighs, where it was to go, and the orbit it has."""
    released = (g for leg in flight.legs for g in leg.released if craft in g.attached)
    given = next(released, None)
    if given is None:
        return []
    after = since_text(given.state.epoch - flight.zero)
    target = flight.mission.of(craft).target
    wanted = "" if target is None else target_text(target)
    out = [(craft, f"{mass_text(given.state.mass_kg)} to {wanted}, released at {after}")]
    orbit = flight.orbits.get(craft)
    if orbit is not None:
        rows = [*_flown(orbit), *_node_time(orbit)]
        out += [(f"{craft}: {label.lower()}", text) for label, text in rows]
    return out


def facts(flight: Flight) -> list[tuple[str, str]]:
    """The flight in a dozen lines, label and value."""
    mission = flight.mission
    out = _from_orbit(flight) if isinstance(mission, OrbitMission) else _from_the_pad(flight)
    orbit = flight.orbit
    if orbit is not None:
        out += [*_flown(orbit), *_node_time(orbit)]
    out += _slot(flight)
    for passenger in mission.passengers:
        out += _passenger(flight, passenger.spacecraft.id)
    if mission.plan:
        out += _plan(flight)
    return out


def _from_the_pad(flight: Flight) -> list[tuple[str, str]]:
    mission, launch, payload = flight.mission, flight.launch, flight.payload
    assert isinstance(mission, Mission)
    assert launch is not None
    assert payload is not None
    place = f"{mission.site.name} {mission.site.pad}".strip()
    inertial = math.degrees(launch.azimuth_inertial_rad)
    relative = math.degrees(launch.azimuth_relative_rad)
    out = [
        ("Site", place),
        ("Vehicle", mission.vehicle.name),
        ("Lift-off", launch.epoch.utc(0).replace("T", " ")),
        ("Azimuth", f"{relative:.2f}° (inertial {inertial:.2f}°)"),
        ("Target", target_text(mission.target)),
        ("Payload", f"{mass_text(payload.mass_kg)} ({_signed(payload.margin_kg)} ideal margin)"),
        ("Capability", f"{mass_text(payload.capability_kg)}, ideal"),
    ]
    if payload.expected_kg is not None and payload.expected_sigma_kg is not None:
        out.append(("With losses", expected_text(payload)))
    if mission.wind is not None:
        out.append(("Wind", mission.wind.text))
    return out


def _from_orbit(flight: Flight) -> list[tuple[str, str]]:
    mission = flight.mission
    assert isinstance(mission, OrbitMission)
    craft = mission.spacecraft
    out = [
        ("Start", flight.zero.utc(0).replace("T", " ")),
        ("State", mission.start.source),
        ("Spacecraft", f"{craft.id}, {mass_text(flight.legs[0].start.mass_kg)}"),
    ]
    if mission.target is not None:
        out.append(("Target", target_text(mission.target)))
    return out


def _plan(flight: Flight) -> list[tuple[str, str]]:
    """How long the spacecraft was flown, what it burnt, and the orbit that left it in."""
    own = [leg for leg in flight.legs if leg.object in flight.flown_by]
    if not own:
        return []
    out = [("In orbit", day_text(own[-1].end.epoch - own[0].start.epoch)), *_burnt(own)]
    for leg in own:
        out += [row for step in leg.steps if isinstance(step, Phase) for row in _phase(leg, step)]
    main = flight.mission.spacecraft.id
    out += [row for kept in flight.upkeep if kept.object == main for row in _upkeep(kept)]
    out += arrival_facts(flight.arrivals)
    out += [
        ("Near", f"{x.orbit}, {x.revolutions:.1f} revolutions from {x.start.utc(0)[:10]}")
        for x in flight.libration
    ]
    if flight.reached is not None:
        out += [
            ("Reached" if label == "Flown" else label, x) for label, x in _flown(flight.reached)
        ]
    out += _landed(own)
    for leg in own:
        if leg.chapter == "release":
            out += _released(flight, leg)
    return out


def _burnt(own: list[Leg]) -> list[tuple[str, str]]:
    """What one spacecraft's legs burnt, and what small impulses on the way took."""
    out = []
    for label, name, few in (("Burnt", "burn", 1), ("Impulses", "impulse", 4)):
        burns = [b for g in own if (g.chapter == "orbit") == (few > 1) for b in g.ledger.burns]
        if not burns:
            continue
        delta_v, burnt = sum(b.delta_v_m_s for b in burns), sum(b.propellant_kg for b in burns)
        number = f"1 {name}" if len(burns) == 1 else f"{len(burns)} {name}s"
        out.append((label, f"{burnt:.{few}f} kg in {number}, {delta_v:.{few}f} m/s"))
    return out


def _landed(own: list[Leg]) -> list[tuple[str, str]]:
    """When and where one spacecraft's legs end on the ground, and with how much propellant."""
    out = []
    for leg in own:
        down = [e for e in leg.events if e.name == "touchdown"]
        if leg.chapter != "landing" or not down:
            continue
        latitude = math.degrees(down[0].latitude_rad)
        place = f"{abs(latitude):.3f}° {'S' if latitude < 0.0 else 'N'}"
        left = sum(leg.ledger.propellant_kg.values())
        when = down[0].epoch.utc(0).replace("T", " ")
        text = f"{when}, {place} {_east(down[0].longitude_rad)}, {left:.1f} kg of propellant left"
        out.append(("Touchdown", text))
    return out


def _phase(leg: Leg, step: Phase) -> list[tuple[str, str]]:
    """Where a phase step arrived, after how many revolutions, and what it took."""
    spent = leg.solve.budget
    took = f"{spent['revolutions']:.1f} revolutions, {spent['delta_v_m_s']:.2f} m/s"
    off = leg.solve.residuals
    if step.object is None:
        assert step.condition is not None
        quantity = step.condition.quantity
        missed = math.degrees(off[f"{quantity} (rad)"])
        wanted = math.degrees(step.condition.value)
        what = f"{quantity.replace('_', ' ')} {wanted + missed:.4f}°"
    else:
        behind = (step.behind_m - off["along (m)"]) / 1e3
        below = (step.below_m - off["height (m)"]) / 1e3
        what = (
            f"{abs(behind):.3f} km {'behind' if behind >= 0.0 else 'ahead of'} {step.object_id},"
            f" {abs(below):.3f} km {'below' if below >= 0.0 else 'above'} its orbit"
        )
        if not step.plane:
            what += f", plane {math.degrees(spent['plane_rad']):.4f}° off"
    return [(step.name[:1].upper() + step.name[1:], f"{what}; {took}")]


def _released(flight: Flight, leg: Leg) -> list[tuple[str, str]]:
    """What a spacecraft let go, when, and the orbit it has."""
    out = []
    for given in leg.released:
        (craft,) = given.attached
        after = since_text(given.state.epoch - flight.zero)
        out.append((craft, f"{mass_text(given.state.mass_kg)}, released at {after}"))
        orbit = flight.orbits.get(craft)
        if orbit is not None:
            out += [(f"{craft}: {label.lower()}", text) for label, text in _flown(orbit)]
        own = [g for g in flight.legs if g.object == craft]
        rows = _burnt(own)
        rows += [row for kept in flight.upkeep if kept.object == craft for row in _upkeep(kept)]
        if craft in flight.reaches:
            rows += [("Reached", _flown(flight.reaches[craft])[0][1])]
        rows += _landed(own)
        out += [(f"{craft}: {label.lower()}" if label else "", text) for label, text in rows]
    return out


def _upkeep(kept: UpkeepRecord) -> list[tuple[str, str]]:
    """What keeping or leaving an orbit took, and why."""
    number = {0: "no burn", 1: "1 burn"}.get(kept.burns, f"{kept.burns} burns")
    text = number
    if kept.burns:
        text += f", {kept.delta_v_m_s:.2f} m/s"
        if kept.kind == "station-keep":
            text += f" ({kept.delta_v_m_s_per_year:.2f} m/s a year)"
        text += f", {kept.propellant_kg:.2f} kg"
    label = kept.step[:1].upper() + kept.step[1:]
    return [(label, f"{text} in {day_text(kept.end - kept.start)}"), *(("", n) for n in kept.notes)]

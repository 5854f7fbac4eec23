"""`cosmodrome payload --site S --vehicle V --orbit "..."`: how much can be carried there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cosmodrome.cli.progress import RunWatch, stoppable
from cosmodrome.errors import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from cosmodrome.campaign import Capability
    from cosmodrome.catalog.nouns import Rating
    from cosmodrome.cli.voice import Voice

__all__ = ["payload", "read_limits", "read_wind"]


def read_limits(texts: Iterable[str]) -> dict[str, str]:
    """`["dynamic_pressure=45 kPa"]` as a mission file's limits. InputError where `=` is missing."""
    return _pairs(texts, "the limit", "--limit 'dynamic_pressure=45 kPa'")


def read_wind(texts: Iterable[str]) -> dict[str, str]:
    """`["profile=jet-stream", "speed=60 m/s", "from=270 deg"]` as a mission file's wind."""
    return _pairs(texts, "the wind", "--wind profile=jet-stream --wind 'speed=60 m/s'")


def _pairs(texts: Iterable[str], what: str, example: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, found, value = text.partition("=")
        if not found or not value.strip():
            raise InputError(f"{what} {text!r} has no value; write it like {example}")
        pairs[name.strip()] = value.strip()
    return pairs


def payload(args: argparse.Namespace, voice: Voice) -> int:
    """The verb: see `cosmodrome payload --help` and docs/payload.md."""
    from cosmodrome import campaign
    from cosmodrome.world.world import World

    limits, wind = read_limits(args.limit), read_wind(args.wind)
    watch = RunWatch(None, voice)
    with watch, stoppable(watch, voice):
        found = campaign.payload(
            args.site,
            args.vehicle,
            args.orbit,
            World.shipped(),
            limits=limits,
            wind=wind,
            watch=watch,
        )
    if voice.json:
        voice.answer(_told(found))
    elif voice.quiet:
        voice.say(f"{found.capability_kg:.1f} kg")
    else:
        _show(found, voice)
    return 0


def _told(found: Capability) -> dict[str, Any]:
    from cosmodrome.vehicle.losses import GLOBAL

    orbit, mission = found.orbit, found.mission
    return {
        "site": mission.site.id,
        "vehicle": mission.vehicle.id,
        "orbit": found.asked.text,
        "target": dict(found.asked.file),
        "notes": list(found.asked.notes),
        "wind": mission.air,
        "capability_kg": found.capability_kg,
        "expected_kg": found.expected_kg,
        "expected_sigma_kg": found.expected_sigma_kg,
        "expected_over_vehicles": GLOBAL.vehicles,
        "reached": {
            "e": orbit.e,
            "perigee_radius_m": found.perigee_m,
            "i_deg": math.degrees(orbit.i_rad),
            "argp_deg": math.degrees(orbit.argp_rad),
            "c3_m2_s2": found.c3_m2_s2,
            "release_s": found.solution.travel_s,
        },
        "reflown": {"miss_m": found.miss_m, "miss_m_s": found.miss_m_s},
        "limited_by": list(found.limited_by),
        "multipliers": dict(found.solution.multipliers),
        "delta_v_m_s": found.ledger.delta_v_m_s,
        "losses_m_s": dict(found.ledger.losses_m_s),
        "published": [
            {"mass_kg": r.mass_kg, "orbit": r.orbit, "site": r.site, "kind": r.kind}
            for r in found.published
        ],
    }


def _show(found: Capability, voice: Voice) -> None:
    from rich.table import Table
    from rich.text import Text

    mission, console = found.mission, voice.console()
    console.print(
        f"\n[bold]{found.capability_kg:,.0f} kg[/] ideal  {mission.vehicle.name} from"
        f" {mission.site.name} to {found.asked.text}"
    )
    for note in found.asked.notes:
        console.print(note, style="dim", markup=False)
    if mission.wind is not None:
        console.print(f"Wind: {mission.wind.text}", style="dim", markup=False)
    table = Table(box=None, show_header=False, padding=(0, 2))

    def row(label: str, value: str) -> None:
        table.add_row(Text(label, style="dim"), Text(value))

    row("With losses", _expected_text(found))
    row("Reached", _orbit_text(found))
    row("Flown again", f"{found.miss_m:.2g} m and {found.miss_m_s:.2g} m/s from the optimum")
    row("Engines give", f"{found.ledger.delta_v_m_s:,.0f} m/s")
    for name, loss in found.ledger.losses_m_s.items():
        row(f"  less {name}", f"{loss:,.0f} m/s")
    for number, text in enumerate(found.limited_by or ("propellant alone",)):
        row("" if number else "Limited by", text)
    for rating in found.published:
        row("Published", _rating_text(rating, found))
    if not found.published:
        row("Published", "nothing for a comparable orbit")
    console.print(table)


def _expected_text(found: Capability) -> str:
    from cosmodrome.vehicle.losses import GLOBAL

    return (
        f"{found.expected_kg:,.0f} ± {found.expected_sigma_kg:,.0f} kg expected"
        f" (1 sigma over {GLOBAL.vehicles} vehicles, leave-one-out)"
    )


def _orbit_text(found: Capability) -> str:
    orbit = found.orbit
    radius = found.solution.planet.equatorial_radius_m
    perigee = (found.perigee_m - radius) / 1e3
    plane = f"{math.degrees(orbit.i_rad):.3f}° after {found.solution.travel_s / 60.0:.1f} min"
    if found.asked.target.c3_m2_s2 is not None:
        return f"perigee {perigee:,.0f} km, C3 {found.c3_m2_s2 / 1e6:.3f} km²/s², {plane}"
    apogee = (orbit.a_m * (1.0 + orbit.e) - radius) / 1e3
    return f"{perigee:,.1f} × {apogee:,.1f} km (osculating), {plane}"


def _rating_text(rating: Rating, found: Capability) -> str:
    """The rating, and by how much the figure differs where site and orbit are the same."""
    from cosmodrome.campaign.capability import same_orbit

    site = found.mission.site
    here = rating.site.lower() in (site.id, site.name.lower())
    if not (here and same_orbit(found.asked.target, rating.orbit)):
        return str(rating)
    return f"{rating} - here {found.capability_kg / rating.mass_kg - 1.0:+.1%}"

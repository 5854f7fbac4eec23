"""Why an orbit of a family is as it is: the reasons of a design, a line each with its source."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cosmodrome.targets.luni_solar import stable_longitudes

if TYPE_CHECKING:
    from cosmodrome.targets.families import Design
    from cosmodrome.world.world import World

__all__ = ["reasons"]

_DAY = 86_400.0


def _daily(rate_rad_s: float) -> float:
    return math.degrees(rate_rad_s) * _DAY


def reasons(made: Design, world: World) -> tuple[str, ...]:
    """The reasons of a design, in the order in which one follows from another."""
    out = []
    if made.target.turns_with_sun:
        out.append(_sun())
    if made.kind == "frozen":
        out += _frozen(made, world)
    if made.repeat is not None:
        out.append(_repeat(made))
    if made.kind in ("molniya", "tundra"):
        out += _critical(made)
    if made.kind == "geostationary":
        out += _slot(made, world)
    if made.kind == "gto":
        out.append(
            "Perigee over the equator: its line of apsides lies in the equator's plane, so that"
            " one burn at apogee lifts the perigee and turns the plane (Vallado 2013, sec. 6.5.1)."
        )
    if not made.equatorial:
        out.append(_node(made))
    return tuple(out)


def _sun() -> str:
    return (
        "Sun-synchronous: the node turns with the mean Sun, 360 deg in 365.24219 days, node' ="
        " -3/2 J2 n (R/a)^2 cos i / (1 - e^2)^2 and higher terms = 0.98565 deg/day; solved for i"
        " (Kaula 1966, eq. 3.74; Brouwer 1959)."
    )


def _frozen(made: Design, world: World) -> list[str]:
    gravity = world.gravity()
    ey = made.e_vector[1]
    first = (
        -0.5
        * gravity.zonal_j(3)
        / gravity.zonal_j(2)
        * gravity.radius_m
        / made.mean.a_m
        * math.sin(made.mean.i_rad)
    )
    return [
        "Frozen: the odd zonals push the mean e vector along the node and the even ones turn it;"
        f" it rests at e = {abs(ey):.6f}, argp {math.degrees(made.mean.argp_rad):.0f} deg (zonals"
        f" to J60; J3 alone, -J3/(2 J2) R/a sin i, gives {first:+.6f}) (Cook 1966; Rosborough &"
        " Ocampo 1991).",
        f"Released off that point, the e vector circles it in"
        f" {made.figures['loop_period_s'] / _DAY:.0f} days.",
    ]


def _repeat(made: Design) -> str:
    assert made.repeat is not None
    revolutions, days = made.repeat
    text = (
        f"The track closes: {revolutions} nodal period{'s' * (revolutions > 1)} of"
        f" {made.figures['nodal_period_s']:.3f} s, {days} day{'s' * (days > 1)} of the node (turns"
        f" of the Earth under it): (M + argp)' / (omega_E - node') = {revolutions}/{days}, solved"
        " for a."
    )
    if revolutions < 10:
        return text
    apart = made.figures["track_spacing_m"] / 1e3
    return f"{text} Tracks lie {apart:.1f} km apart at the equator."


def _critical(made: Design) -> list[str]:
    parts = ", ".join(
        f"{name.capitalize()} {_daily(rates.perigee_rad_s):+.5f}"
        for name, rates in made.third.items()
    )
    return [
        "Near the critical inclination, 5 cos^2 i = 1 (63.435 deg), the oblateness does not turn"
        f" the line of apsides: zonals {_daily(made.rates.perigee_rad_s):+.5f} deg/day; apart from"
        f" them, of the month from the epoch, {parts} deg/day (Kozai 1973; Chao 2005).",
        "Argument of perigee 270 deg: the apogee stands at the northernmost point."
        if abs(math.degrees(made.mean.argp_rad) - 270.0) < 0.5
        else f"Argument of perigee {math.degrees(made.mean.argp_rad):.1f} deg, as asked.",
    ]


def _slot(made: Design, world: World) -> list[str]:
    stable = ", ".join(
        f"{math.degrees(x):.1f}" for x in stable_longitudes(made.mean.a_m, world.gravity())
    )
    pull = math.degrees(made.figures["longitude_acceleration_rad_s2"]) * _DAY**2
    slot = math.degrees(made.figures["longitude_rad"])
    return [
        "Geostationary: M + argp + node keeps pace with the Earth's turn under zonal harmonics,"
        " Sun and Moon; that is"
        f" {(made.mean.a_m - 42_164_169.637) / 1e3:+.2f} km from the a of the period alone.",
        f"At {slot:.2f} deg east the equator's ellipticity pulls the longitude by {pull:+.6f}"
        f" deg/day^2 (tesserals to degree 8; Kaula 1966, sec. 3.6; Soop 1994); it comes to rest at"
        f" {stable} deg east only.",
        "Sun and Moon tilt the plane by 0.75 to 0.95 deg a year, over the 18.6 years in which the"
        " Moon's node goes round.",
    ]


def _node(made: Design) -> str:
    thirds = sum(t.node_rad_s for t in made.third.values())
    text = (
        f"Node: {_daily(made.rates.node_rad_s):+.5f} deg/day by the zonals, {_daily(thirds):+.6f}"
        " by Sun and Moon"
    )
    if made.mean.e > 0.01 and made.kind not in ("molniya", "tundra"):
        text += f"; perigee: {_daily(made.perigee_rate_rad_s):+.5f} deg/day"
    return text + "."

"""Departures: an energy, and the direction the spacecraft leaves in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import InfeasibleError
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import Target
    from cosmodrome.world.world import World

__all__ = ["Departure", "asymptote_nodes", "departure"]

_PERIGEE_M = EARTH_EQUATORIAL_RADIUS_M + 200e3


@dataclass(frozen=True, slots=True)
class Departure:
    """A departure from a low perigee.

    c3_m2_s2            v^2 - 2 mu / r
    v_infinity_m_s      speed left far away; 0 where it stays bound
    perigee_m, e        radius that stands for a free perigee, and the eccentricity from there
    excess_m_s          speed at that perigee over that of the circle there
    turn_rad            from the perigee to the outgoing asymptote, in the plane; pi where bound
    nodes_rad           right ascensions of the ascending node of the two planes through the
                        asymptote, where its right ascension, declination and i are asked
    why                 the reasons
    """

    c3_m2_s2: float
    v_infinity_m_s: float
    perigee_m: float
    e: float
    excess_m_s: float
    turn_rad: float
    nodes_rad: tuple[float, ...]
    why: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        """As one JSON object."""
        return {
            "c3_m2_s2": self.c3_m2_s2,
            "v_infinity_m_s": self.v_infinity_m_s,
            "perigee_radius_m": self.perigee_m,
            "e": self.e,
            "excess_m_s": self.excess_m_s,
            "turn_deg": math.degrees(self.turn_rad),
            "nodes_deg": [math.degrees(x) for x in self.nodes_rad],
            "why": list(self.why),
        }


def asymptote_nodes(
    right_ascension_rad: float, declination_rad: float, i_rad: float
) -> tuple[float, float]:
    """Nodes, [0, 2 pi) rad, of the two planes of inclination `i_rad` that hold a direction.

    The direction stands at u with sin u = sin(dec) / sin i, going north or going south there:
    node = ra - asin(tan dec / tan i), or node = ra - pi + asin(tan dec / tan i) (spherical
    triangle; Vallado 2013, sec. 12.3). Raises InfeasibleError where no plane does.
    """
    if abs(declination_rad) > min(i_rad, math.pi - i_rad) + 1e-12:
        raise InfeasibleError(
            f"no plane of {math.degrees(i_rad):.2f} deg holds a direction of declination"
            f" {math.degrees(declination_rad):.2f} deg; raise the inclination to at least that"
        )
    tangent = math.tan(i_rad)
    ratio = math.tan(declination_rad) / tangent if abs(tangent) < 1e15 else 0.0
    east = math.asin(max(-1.0, min(1.0, ratio)))
    turn = 2.0 * math.pi
    return (right_ascension_rad - east) % turn, (right_ascension_rad - math.pi + east) % turn


def departure(target: Target, world: World) -> Departure:
    """What a target of kind c3 comes to, from a perigee at 200 km. Raises InfeasibleError."""
    assert target.c3_m2_s2 is not None
    mu, c3 = world.gravity().mu_m3_s2, target.c3_m2_s2.value
    e = 1.0 + _PERIGEE_M * c3 / mu
    if e <= 0.0:
        raise InfeasibleError(
            f"C3 = {c3 / 1e6:g} km^2/s^2 lies below the energy of the circle at 200 km,"
            f" {-mu / _PERIGEE_M / 1e6:.2f} km^2/s^2; ask for an orbit by its heights"
        )
    speed = math.sqrt(c3 + 2.0 * mu / _PERIGEE_M)
    excess = speed - math.sqrt(mu / _PERIGEE_M)
    turn = math.acos(-1.0 / e) if e > 1.0 else math.pi
    left = math.sqrt(max(0.0, c3))
    why = [
        f"C3 = v^2 - 2 mu/r = {c3 / 1e6:g} km^2/s^2: {left / 1e3:.3f} km/s are left far away."
        if c3 >= 0.0
        else f"C3 = {c3 / 1e6:g} km^2/s^2 is bound: a = {-mu / c3 / 1e3:,.0f} km, apogee"
        f" {(-2.0 * mu / c3 - _PERIGEE_M - EARTH_EQUATORIAL_RADIUS_M) / 1e3:,.0f} km.",
        f"From a circle at 200 km: {excess:,.0f} m/s at perigee, e = {e:.6f}.",
        f"It leaves {math.degrees(turn):.3f} deg after the perigee (cos = -1/e).",
    ]
    nodes: tuple[float, ...] = ()
    i, dec, ra = target.inclination_rad, target.declination_rad, target.right_ascension_rad
    if dec is not None:
        why.append(
            f"Declination {math.degrees(dec.value):.2f} deg: only planes of at least"
            f" {abs(math.degrees(dec.value)):.2f} deg hold it."
        )
    if i is not None and dec is not None and ra is not None:
        nodes = asymptote_nodes(ra.value, dec.value, i.value)
        why.append(
            f"Right ascension {math.degrees(ra.value):.2f} deg: two planes of"
            f" {math.degrees(i.value):.2f} deg, nodes at"
            f" {' and '.join(f'{math.degrees(x):.3f}' for x in nodes)} deg: two instants a day."
        )
    return Departure(c3, left, _PERIGEE_M, e, excess, turn, nodes, tuple(why))

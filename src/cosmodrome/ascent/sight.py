"""What ground stations must see of an ascent: waypoints, and what to say where they cannot.

A station turns with the planet, so its place depends on the time since lift-off. Seen: the sine
of the elevation over the geodetic horizon, d . up / |d|, is at least that of the station's mask;
divided by the mask's cosine, what it has to spare is an angle near the mask. No refraction, no
terrain. Of several stations one is enough: the mean of what each has to spare,
weighted by e^(k spare), is never above the largest and close to it (the Boltzmann operator), and
smooth, so that the optimiser chooses between them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.errors import InfeasibleError, InputError, did_you_mean
from cosmodrome.maths import SCALAR
from cosmodrome.powered.statement import Waypoint
from cosmodrome.world import geodesy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Station
    from cosmodrome.maths import Ops, Vector
    from cosmodrome.mission.nouns import Visibility
    from cosmodrome.physics.powered import Planet
    from cosmodrome.powered.phases import Phase
    from cosmodrome.powered.statement import Arc, Powered
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["Sight", "refuse_unseen", "sights", "waypoints"]

# weight of the likeliest station: a second one 10 deg lower moves the mean by 0.01 deg
_SHARP = 40.0
# the optimiser stays this far above a mask: between its nodes, and for what the frame leaves out
_MARGIN_RAD = math.radians(0.02)
# price of a radian that is lacking, mass units: beyond what any payload gains by it
_PRICE = 1e3
_LACKING = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A rule with its stations in the launch frame at lift-off.

    places (k, 3) in planet radii, ups (k, 3) unit vectors, masks_rad (k,) with the margin
    turn_rad_s   of the planet
    """

    rule: Visibility
    places: NDArray[np.float64]
    ups: NDArray[np.float64]
    masks_rad: NDArray[np.float64]
    turn_rad_s: float

    def spare(self, ops: Ops, r: Vector, t: Any) -> list[Any]:
        """What each station has to spare, rad near the mask; r in planet radii, t in s."""
        c, s = ops.cos(self.turn_rad_s * t), ops.sin(self.turn_rad_s * t)
        out = []
        for place, up, mask in zip(self.places, self.ups, self.masks_rad, strict=True):
            sine, cosine = math.sin(mask), math.cos(mask)
            x, y, z = (float(p) for p in place)
            a, b, w = (float(p) for p in up)
            d = (r[0] - (c * x - s * y), r[1] - (s * x + c * y), r[2] - z)
            size = ops.sqrt(ops.dot(d, d) + 1e-18)
            above = ops.dot(d, (c * a - s * b, s * a + c * b, w)) / size
            out.append((above - sine) / cosine)
        return out

    def formula(self, ops: Ops, r: Vector, v: Vector, t: Any) -> Sequence[Any]:
        """What the best-placed station has to spare: not below zero where it sees."""
        spare = self.spare(ops, r, t)
        if len(spare) == 1:
            return spare
        weights = [ops.exp(_SHARP * x) for x in spare]
        return [sum(w * x for w, x in zip(weights, spare, strict=True)) / sum(weights)]


def sights(
    rules: tuple[Visibility, ...],
    axes: NDArray[np.float64],
    epoch: Epoch,
    planet: Planet,
    world: World,
) -> tuple[Sight, ...]:
    """Rules as the optimiser needs them; axes (3, 3) launch_from_gcrf at `epoch`."""
    to_launch = world.orientation.itrf_from_gcrf(epoch).T

    def placed(s: Station) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        r = geodesy.itrf_from_geodetic(s.latitude_rad, s.longitude_rad, s.height_m)
        up = geodesy.enu_axes(s.latitude_rad, s.longitude_rad)[2]
        return axes @ to_launch.vector(r) / planet.equatorial_radius_m, axes @ to_launch.vector(up)

    out = []
    for rule in rules:
        places, ups = zip(*(placed(s) for s in rule.stations), strict=True)
        masks = np.array([s.mask_rad + _MARGIN_RAD for s in rule.stations])
        out.append(Sight(rule, np.array(places), np.array(ups), masks, planet.omega_rad_s))
    return tuple(out)


def _phase_of(event: str, phases: Sequence[Phase]) -> int | None:
    """The phase that ends with an event."""
    return next((k for k, p in enumerate(phases) if event in p.name.split(", ")), None)


def _span(rule: Visibility, phases: Sequence[Phase]) -> tuple[int, int] | None:
    """First and last phase a rule speaks of; None: this sequence lacks one of its events."""
    last = _phase_of(rule.event, phases)
    if last is None:
        return None
    if not rule.since:
        return last, last
    if rule.since == "lift-off":
        return 0, last
    before = _phase_of(rule.since, phases)
    return None if before is None or before >= last else (before + 1, last)


def waypoints(found: tuple[Sight, ...], phases: Sequence[Phase]) -> tuple[Waypoint, ...]:
    """The rules as waypoints of these phases; a rule whose events they lack is left out."""
    out: list[Waypoint] = []
    for sight in found:
        span = _span(sight.rule, phases)
        if span is None:
            continue
        every = bool(sight.rule.since)
        # a stretch begins where the phase before it ends
        ends = [(span[0] - 1, False)] if every and span[0] > 0 else []
        ends += [(k, every) for k in range(span[0], span[1] + 1)]
        out.extend(
            Waypoint(
                f"sight {sight.rule}",
                phase,
                sight.formula,
                (0.0,),
                (1e19,),
                timed=True,
                every=inside,
                price=_PRICE,
            )
            for phase, inside in ends
        )
    return tuple(out)


def refuse_unseen(found: tuple[Sight, ...], flight: Powered, planet: Planet) -> None:
    """InputError for an event the ascent does not have; InfeasibleError for one nobody sees."""
    phases = [arc.phase for arc in flight.arcs]
    names = [name for p in phases for name in p.name.split(", ") if name]
    for sight in found:
        rule = sight.rule
        span = _span(rule, phases)
        if span is None:
            missing = [e for e in (rule.since, rule.event) if e and e not in (*names, "lift-off")]
            if not missing:
                raise InputError(
                    f"visibility from {rule.since!r} until {rule.event!r}: the second comes first;"
                    " change their order"
                )
            raise InputError(
                f"visibility of {missing[0]!r}: the ascent that was found has no such event."
                f" {did_you_mean(missing[0], names)}"
            )
        worst = min(
            (_highest(sight, arc, planet) for arc in flight.arcs[span[0] : span[1] + 1]),
            key=lambda x: x[0],
        )
        lacking, t_s, told = worst
        if lacking < -_LACKING:
            raise InfeasibleError(
                f"{rule} cannot be met: at T+{t_s:.1f} s the best the ascent can give is {told};"
                " name another station, lower its mask, or see another event"
            )


def _highest(sight: Sight, arc: Arc, planet: Planet) -> tuple[float, float, str]:
    """The worst moment of an arc: what the best station has to spare then, when, and in words."""
    last = arc.r_m.shape[0] - 1
    nodes = range(1, last + 1) if sight.rule.since else (last,)
    tau = arc.phase.node_fractions
    moments = []
    for j in nodes:
        t = arc.start_s + float(tau[j]) * arc.duration_s
        r = arc.r_m[j] / planet.equatorial_radius_m
        spare = sight.spare(SCALAR, (float(r[0]), float(r[1]), float(r[2])), t)
        best = int(np.argmax(spare))
        station, mask = sight.rule.stations[best], float(sight.masks_rad[best])
        sine = spare[best] * math.cos(mask) + math.sin(mask)
        elevation = math.asin(min(max(sine, -1.0), 1.0))
        told = (
            f"{math.degrees(elevation):.1f} deg over the horizon of {station.id},"
            f" {math.degrees(station.mask_rad - elevation):.1f} deg too low"
        )
        moments.append((spare[best], t, told))
    return min(moments, key=lambda x: x[0])

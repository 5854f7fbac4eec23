"""A designer for each family of orbits: mean elements, what follows from them, and why.

Mean elements are averages of the osculating ones over a revolution, in the true equator and
equinox of date (`dynamics.mean`). Rates are those of all zonal harmonics and J2^2
(`physics.averaged`), and apart from them of the Sun and the Moon (`luni_solar`).
`promises.keep` flies a design in full dynamics.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.dynamics.kepler import true_from_mean
from cosmodrome.dynamics.mean import average, mean_from_osculating
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission.nouns import Quantity, Target
from cosmodrome.physics.averaged import MeanRates, mean_rates
from cosmodrome.physics.mean_orbits import (
    MEAN_SUN_RATE_RAD_S,
    repeat_axis,
    sun_synchronous_inclination,
)
from cosmodrome.record.nouns import Elements
from cosmodrome.targets import wording
from cosmodrome.targets.luni_solar import longitude_acceleration, third_body_rates
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M, OMEGA_EARTH_RAD_S
from cosmodrome.world.sun import local_time_of_node_h, node_of_local_time_rad

if TYPE_CHECKING:
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["Design", "Promise", "design", "match", "match_state"]

_TURN = 2.0 * math.pi
_MONTH_S = 30.0 * 86_400.0
# tracks that close by the period alone: the kind says so, not the file
_CLOSING = {"molniya": (2, 1), "tundra": (1, 1)}
# the ascending node of an equatorial orbit stands nowhere
EQUATORIAL_RAD = math.radians(0.1)


@dataclass(frozen=True, slots=True)
class Promise:
    """What an orbit keeps over 30 days without air; limit None: stated, not bounded.

    key    of the measurement in `promises.Kept`
    limit  in SI: seconds, metres, radians, or a ratio
    """

    key: str
    text: str
    limit: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """An orbit of a family.

    target     what was asked
    epoch      of the elements
    mean       mean elements, true equator and equinox of date
    rates      of the zonal harmonics
    third      of "sun" and "moon", mean over 30 days from the epoch
    repeat     the track closes after (revolutions, nodal days), or None
    figures    what follows, SI, by name
    why        the reasons, a line each
    promises   what is to be held against the flight
    """

    target: Target
    epoch: Epoch
    mean: Elements
    rates: MeanRates
    third: dict[str, MeanRates]
    repeat: tuple[int, int] | None = None
    figures: dict[str, float] = field(default_factory=dict)
    why: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()

    @property
    def kind(self) -> str:
        """The family."""
        return self.target.kind

    @property
    def e_vector(self) -> tuple[float, float]:
        """Mean e vector along the node and 90 deg ahead of it."""
        return self.mean.e * math.cos(self.mean.argp_rad), self.mean.e * math.sin(
            self.mean.argp_rad
        )

    @property
    def equatorial(self) -> bool:
        """Does it lie so near the equator's plane that its node stands nowhere?"""
        return min(self.mean.i_rad, math.pi - self.mean.i_rad) <= EQUATORIAL_RAD

    @property
    def node_rate_rad_s(self) -> float:
        """Node rate with the Sun and the Moon."""
        return self.rates.node_rad_s + sum(t.node_rad_s for t in self.third.values())

    @property
    def perigee_rate_rad_s(self) -> float:
        """Rate of the argument of perigee with the Sun and the Moon; NaN for a circle."""
        return self.rates.perigee_rad_s + sum(t.perigee_rad_s for t in self.third.values())

    @property
    def latitude_rate_rad_s(self) -> float:
        """Rate of M + argp with the Sun and the Moon."""
        return self.rates.latitude_rad_s + sum(t.latitude_rad_s for t in self.third.values())


def design(target: Target, epoch: Epoch, world: World) -> Design:
    """The orbit of a closed family that keeps what `target` asks, at `epoch`.

    A free node is put at right ascension zero, a free perigee at the node (a circle has none);
    the spacecraft stands at its ascending node, a geostationary one over its slot, a Tundra at
    its apogee. Molniya, Tundra, GNSS and geostationary orbits get the semi-major axis whose track
    closes under the zonal harmonics, which differs from that of the period alone by kilometres,
    within the target's half-width.

    Raises InfeasibleError where no such orbit exists, InputError for a departure (`departure`)
    or a target that leaves its inclination free.
    """
    if target.c3_m2_s2 is not None:
        raise InputError("a departure has no mean elements: ask for its asymptote (departures)")
    assert target.semi_major_axis_m is not None
    assert target.eccentricity is not None
    gravity = world.gravity()
    a, e = target.semi_major_axis_m.value, target.eccentricity.value
    asked = target.argument_of_perigee_rad
    argp = 0.0 if asked is None or e == 0.0 else asked.value
    if target.turns_with_sun:
        i = sun_synchronous_inclination(a, e, gravity, argp if e else None)
    elif target.inclination_rad is None:
        raise InputError(
            f"this {target.kind} orbit leaves its inclination free, and nothing says from which"
            " site; write one, like 6 deg"
        )
    else:
        i = target.inclination_rad.value
    repeat = target.repeat or _CLOSING.get(target.kind)
    if target.kind in (*_CLOSING, "medium"):
        assert repeat is not None
        closing = repeat_axis(*repeat, i, gravity, e, argp)
        if abs(closing - a) > target.semi_major_axis_m.tolerance:
            raise InfeasibleError(
                f"the track of a {target.kind} orbit at {math.degrees(i):.2f} deg closes at"
                f" a = {closing / 1e3:.1f} km, farther from {a / 1e3:.1f} km than its half-width"
                f" of {target.semi_major_axis_m.tolerance / 1e3:g} km; widen it"
            )
        a = closing
    elif target.kind == "geostationary":
        a = _synchronous_axis(a, epoch, world)
    raan = _node(target, epoch, world)
    mean = Elements(a, e, i, raan, argp, _start(target, raan, argp, e, i, epoch, world) % _TURN)
    made = _with_rates(Design(target, epoch, mean, _no_rates(), {}, repeat), world)
    return _told(made, world)


def match(mean: Elements, epoch: Epoch, world: World) -> Design:
    """The design that a known orbit's mean elements are: to meet it in plane and in phase.

    mean  in the true equator and equinox of date of `epoch`, as of a TLE through SGP4 and
          `dynamics.mean`, or of an ephemeris; its true anomaly is the phase
    """
    wide = math.radians(0.05)
    target = Target(
        kind="state",
        semi_major_axis_m=Quantity(mean.a_m, 5e3),
        eccentricity=Quantity(mean.e, 1e-3),
        inclination_rad=Quantity(mean.i_rad, wide),
        raan_rad=Quantity(mean.raan_rad, math.radians(0.5)),
        argument_of_perigee_rad=Quantity(mean.argp_rad, math.radians(1.0)),
    )
    return _told(_with_rates(Design(target, epoch, mean, _no_rates(), {}), world), world)


def match_state(state: State, world: World) -> Design:
    """The design that a state in GCRF is, its osculating elements averaged over a day's flight.

    Earth 30x30, Sun and Moon; in the equator's plane, where the node is no element, by the
    first-order theory of J2. Raises InputError for an open orbit.
    """
    gravity = world.gravity()
    axes = world.orientation.tod_from_gcrf(state.epoch)
    r, v = axes.vector(state.r_m), axes.vector(state.v_m_s)
    here = elements_from_state(r, v, gravity.mu_m3_s2)
    if here.e >= 1.0:
        raise InputError(
            f"the orbit to match is open (e = {here.e:.4f}); a departure is designed by its energy,"
            " like c3 10 km^2/s^2"
        )
    if min(here.i_rad, math.pi - here.i_rad) <= EQUATORIAL_RAD:
        r, v = mean_from_osculating(r, v, gravity.mu_m3_s2, gravity.radius_m, gravity.zonal_j(2))
        return match(elements_from_state(r, v, gravity.mu_m3_s2), state.epoch, world)
    period = _TURN * math.sqrt(here.a_m**3 / gravity.mu_m3_s2)
    span = max(86_400.0, 3.0 * period)
    flown = propagate(state, Dynamics.earth(30), span, world=world)
    mean = average(flown.arcs[0], world.orientation, gravity.mu_m3_s2)
    return match(mean.elements, state.epoch, world)


def _no_rates() -> MeanRates:
    return MeanRates(0.0, 0.0, 0.0, 0.0, 0.0, math.nan)


def _with_rates(made: Design, world: World) -> Design:
    mean = made.mean
    ex, ey = made.e_vector
    i = min(max(mean.i_rad, 1e-6), math.pi - 1e-6)
    rates = mean_rates(mean.a_m, ex, ey, i, world.gravity())
    third = {
        name: third_body_rates(name, mean, made.epoch, _MONTH_S, world, rates.node_rad_s)
        for name in ("sun", "moon")
    }
    return replace(made, rates=rates, third=third)


def _synchronous_axis(a: float, epoch: Epoch, world: World) -> float:
    """Mean a of an equatorial circle that turns with the Earth, zonals, Sun and Moon included."""
    gravity = world.gravity()
    for _ in range(4):
        mean = Elements(a, 0.0, 1e-4, 0.0, 0.0, 0.0)
        rates = mean_rates(a, 0.0, 0.0, 1e-4, gravity)
        # M + argp + node: its own turn, whatever the node does
        turn = rates.latitude_rad_s + rates.node_rad_s
        for name in ("sun", "moon"):
            third = third_body_rates(name, mean, epoch, _MONTH_S, world)
            turn += third.latitude_rad_s + third.node_rad_s
        a += (turn - OMEGA_EARTH_RAD_S) * a / (1.5 * OMEGA_EARTH_RAD_S)
    return a


def _node(target: Target, epoch: Epoch, world: World) -> float:
    """Right ascension of the node, TOD."""
    if target.ltan_s is not None:
        return node_of_local_time_rad(target.ltan_s.value / 3600.0, epoch, world.orientation)
    if target.raan_rad is not None:
        return target.raan_rad.value % _TURN
    if target.kind == "tundra" and target.longitude_rad is not None:
        assert target.inclination_rad is not None
        argp = target.argument_of_perigee_rad
        ahead = _apogee_ahead(0.0 if argp is None else argp.value, target.inclination_rad.value)
        return (target.longitude_rad.value + world.orientation.gast_rad(epoch) - ahead) % _TURN
    return 0.0


def _apogee_ahead(argp: float, i: float) -> float:
    """How far east of the node, in right ascension, the apogee stands."""
    u = argp + math.pi
    return math.atan2(math.cos(i) * math.sin(u), math.cos(u))


def _start(
    target: Target, raan: float, argp: float, e: float, i: float, epoch: Epoch, world: World
) -> float:
    """True anomaly at the epoch."""
    if target.kind == "geostationary":
        slot = 0.0 if target.longitude_rad is None else target.longitude_rad.value
        return slot + world.orientation.gast_rad(epoch) - raan - argp
    if target.kind != "tundra":
        return -argp
    if target.longitude_rad is None:
        return math.pi
    # the Earth brings the wanted meridian under the apogee after some time: start so much before
    over = raan + _apogee_ahead(argp, i) - world.orientation.gast_rad(epoch)
    return true_from_mean(math.pi - (over - target.longitude_rad.value) % _TURN, e)


def _told(made: Design, world: World) -> Design:
    """The figures that follow, the reasons, and the promises."""
    mean, repeat = made.mean, made.repeat
    turn = made.latitude_rate_rad_s
    if made.equatorial:  # no node to count from: from the equinox instead
        turn += made.node_rate_rad_s
    out = {
        "altitude_m": mean.a_m - EARTH_EQUATORIAL_RADIUS_M,
        "perigee_altitude_m": mean.a_m * (1.0 - mean.e) - EARTH_EQUATORIAL_RADIUS_M,
        "apogee_altitude_m": mean.a_m * (1.0 + mean.e) - EARTH_EQUATORIAL_RADIUS_M,
        "period_s": _TURN * math.sqrt(mean.a_m**3 / world.gravity().mu_m3_s2),
        "nodal_period_s": _TURN / turn,
    }
    if mean.e > 1e-5:
        out["perigee_rate_rad_s"] = made.perigee_rate_rad_s
        out["perigee_rate_zonal_rad_s"] = made.rates.perigee_rad_s
        for name, rates in made.third.items():
            out[f"perigee_rate_{name}_rad_s"] = rates.perigee_rad_s
    if not made.equatorial:
        out["node_rate_rad_s"] = made.node_rate_rad_s
        out["node_rate_zonal_rad_s"] = made.rates.node_rad_s
        out["inclination_rate_rad_s"] = sum(t.i_rad_s for t in made.third.values())
        hours = local_time_of_node_h(mean.raan_rad, made.epoch, world.orientation)
        out["ltan_s"] = 3600.0 * hours
        out["ltan_drift_s"] = (
            (made.node_rate_rad_s - MEAN_SUN_RATE_RAD_S) * _MONTH_S / _TURN * 86_400.0
        )
        shift = (OMEGA_EARTH_RAD_S - made.node_rate_rad_s) * _TURN / turn
        out["track_shift_rad"] = shift
        out["track_shift_m"] = shift * EARTH_EQUATORIAL_RADIUS_M
    if repeat is not None:
        out["track_spacing_m"] = _TURN * EARTH_EQUATORIAL_RADIUS_M / repeat[0]
        out["repeat_s"] = repeat[0] * _TURN / turn
    if made.kind == "frozen":
        # the e vector circles the frozen point at the rate of a circle's perigee
        small = mean_rates(mean.a_m, 1e-6, made.e_vector[1], mean.i_rad, world.gravity())
        out["loop_period_s"] = abs(_TURN / (small.ey / 1e-6))
    if made.kind == "geostationary":
        slot = 0.0 if made.target.longitude_rad is None else made.target.longitude_rad.value
        out["longitude_rad"] = slot
        out["longitude_acceleration_rad_s2"] = longitude_acceleration(
            slot, mean.a_m, world.gravity()
        )
    made = replace(made, figures=out, promises=_promises(made))
    return replace(made, why=wording.reasons(made, world))


def _promises(made: Design) -> tuple[Promise, ...]:
    out = []
    if made.target.turns_with_sun:
        out.append(Promise("ltan_drift_s", "local time of the node keeps to", 30.0))
    if made.repeat is not None and made.kind in ("sun-synchronous", "frozen", "repeat"):
        out.append(Promise("repeat_m", "ground track repeats at the equator within", 1e3))
    elif made.repeat is not None:
        out.append(Promise("repeat_m", "ground track at the equator moves by", None))
    if made.kind == "frozen":
        out.append(Promise("e_vector_ratio", "e vector keeps to, of its length,", 0.1))
    if made.kind == "molniya":
        out.append(Promise("argp_drift_rad", "argument of perigee keeps to", math.radians(1.0)))
    elif made.mean.e > 0.01:
        out.append(Promise("argp_drift_rad", "argument of perigee moves by", None))
    if made.kind == "geostationary":
        out.append(Promise("longitude_drift_rad", "longitude, left alone, moves by", None))
        out.append(Promise("inclination_drift_rad", "inclination grows by", None))
    elif not made.target.turns_with_sun:
        out.append(Promise("node_drift_rad", "node moves by", None))
        out.append(Promise("inclination_drift_rad", "inclination moves by", None))
    return tuple(out)

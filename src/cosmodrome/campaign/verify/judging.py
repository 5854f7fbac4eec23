"""What comes of a fault: how the flight ended, against the target's tolerances.

A mission is lost by impact, by a perigee or perilune below its floor, by propellant that ends
before a burn does, or by a target missed by more than three tolerances with nothing left to
correct it. What is measured against is the planned flight, which meets the target: both orbits are
told by the same theory, whose error cancels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome import orbit
from cosmodrome.campaign.verify.nouns import Ended, Way
from cosmodrome.campaign.verify.orbits.periapsis import next_m
from cosmodrome.flight.again import Ending
from cosmodrome.landing.ground import offsets
from cosmodrome.landing.stepping import site_of
from cosmodrome.mission import Land, Mission
from cosmodrome.record.faults import Fault, Outcome
from cosmodrome.world.bodies import body
from cosmodrome.world.centres import CENTRES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.flight.again import Again
    from cosmodrome.mission import AnyMission, Spacecraft, Target
    from cosmodrome.record import Elements, Flight, Leg, OrbitRecord
    from cosmodrome.record.faults import Consequence
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["DEGRADED", "FLOORS_M", "Judge", "ended_of"]

#: further off than so many tolerances, a target is missed
DEGRADED = 3.0
#: perigee and perilune below these heights lose the mission, m, where the mission plans none lower
#: and states no floor of its own: some revolutions at 150 km; the ground
FLOORS_M = {"earth": 150_000.0, "moon": 0.0}
# what is asked of an orbit that the mission gives no tolerances for: a part of the semi-major axis
# (10 km in low orbit), eccentricity, rad of inclination and node
_LOOSE_A, _LOOSE_E, _LOOSE_RAD = 1.5e-3, 2e-3, math.radians(0.1)
# a landing: m from its site, and m/s over ground, that a craft is taken to survive; assumed
_PLACE_M, _SPEED_M_S = 500.0, 5.0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One quantity of the orbit: what it is in the planned flight, and the tolerance."""

    name: str
    value: float
    tolerance: float
    turns: bool = False

    def off(self, value: float) -> float:
        """Miss in tolerances."""
        miss = value - self.value
        if self.turns:
            miss = math.remainder(miss, 2.0 * math.pi)
        return abs(miss) / self.tolerance


class Judge:
    """Judges how faulted flights of one mission ended; made once, from the flight as planned."""

    def __init__(self, flight: Flight, world: World) -> None:
        self.flight, self.world = flight, world
        self.mission: AnyMission = flight.mission
        self.planned = _told(flight, _AS_PLANNED, {})
        self.burns = self.planned.reached is not None
        at = self.planned.reached or self.planned.release or self.planned.end
        self.record = None if at is None else orbit.orbit_record(at, None, world)
        self.wanted = () if self.record is None else self._wanted(self.record)
        self.later = self._at_its_end()
        self.falls = self.planned.way == "impact"
        self.landing = next(
            (s for leg in flight.legs for s in leg.steps if isinstance(s, Land)), None
        )

    @property
    def figures(self) -> dict[str, float]:
        """Of the orbit as planned, as an outcome tells them; empty where there is none."""
        return {} if self.record is None else _figures(self.record)

    def judge(self, ended: Ended) -> Outcome:
        """The outcome of one fault; who sees it is not known here."""
        figures = dict(ended.figures)
        consequence, why = self._of(ended, figures)
        end_s = None if ended.end_at is None else ended.end_at - self.flight.zero
        return Outcome(
            ended.fault, consequence, why, effect_s=ended.effect_s, end_s=end_s, figures=figures
        )

    def _of(self, ended: Ended, figures: dict[str, float]) -> tuple[Consequence, str]:
        if ended.way == "lost":
            return "lost", ended.why or "nothing could be flown on"
        if ended.way == "exhausted":
            return "exhausted", ended.why or "propellant ended before a burn did"
        if ended.way == "impact" and not self.falls:
            return "impact", ended.why or "it comes down"
        if self.landing is not None:
            return self._landed(ended, figures)
        at, wanted = ended.reached if self.burns else ended.release, self.wanted
        if at is None:
            # a day's drift of the node is no miss: ends are compared with the planned end
            at, wanted = ended.end, self.later
        if at is None or self.record is None:
            return "lost", ended.why or "no state is known at the end"
        record = orbit.orbit_record(at, None, self.world)
        figures |= _figures(record)
        low = self._low(ended, record)
        floor = self._floor_m(record.body)
        figures["lowest_m"] = low
        if low < floor:
            apsis = CENTRES[record.body].low
            return "low", f"{apsis} at {low / 1e3:.1f} km, floor {floor / 1e3:.1f} km"
        return self._missed(ended, at, record, wanted, figures)

    def _at_its_end(self) -> tuple[_Wanted, ...]:
        """What is wanted where the planned flight ends, about the same body."""
        end = self.planned.end
        if end is None or self.record is None or end.frame.centre != self.record.body:
            return self.wanted
        return self._wanted(orbit.orbit_record(end, None, self.world))

    def _missed(
        self,
        ended: Ended,
        at: State,
        record: OrbitRecord,
        wants: tuple[_Wanted, ...],
        figures: dict[str, float],
    ) -> tuple[Consequence, str]:
        if record.body != self.planned_body:
            return "missed", f"it goes about the {record.body.capitalize()} instead"
        if not wants:
            return "met", "the target asks for nothing that is missed"
        values = _values(record.mean)
        worst, wanted = max(((w.off(values[w.name]), w) for w in wants), key=lambda pair: pair[0])
        figures["off"] = worst
        miss = _face(wanted.name, worst * wanted.tolerance)
        why = f"{_WORDS[wanted.name]} {miss} off, {worst:.2g} tolerances"
        if worst <= 1.0:
            return "met", why
        if worst <= DEGRADED:
            return "degraded", why
        cost = self._cost_m_s(record, wants)
        able = _able_m_s(self.mission.spacecraft, at, ended.left_kg)
        figures |= {"correction_m_s": cost, "able_m_s": able}
        why = f"{why}; {cost:.1f} m/s would correct it, {able:.1f} m/s are left"
        return ("degraded" if able >= cost else "missed"), why

    @property
    def planned_body(self) -> str:
        """What the planned orbit goes round."""
        assert self.record is not None
        return self.record.body

    def _low(self, ended: Ended, record: OrbitRecord) -> float:
        """The lowest height of a perigee or perilune; an orbit that leaves outwards has none."""
        osculating = record.osculating
        radius = CENTRES[record.body].radius_m
        low = osculating.a_m * (1.0 - osculating.e) - radius
        if osculating.a_m < 0.0 and math.remainder(osculating.true_anomaly_rad, 2 * math.pi) > 0.0:
            low = math.inf
        return low if math.isnan(ended.lowest_m) else min(low, ended.lowest_m)

    def _floor_m(self, about: str) -> float:
        """The mission's own floor where it states one; never above what the plan dips to."""
        floor = FLOORS_M[about]
        if isinstance(self.mission, Mission) and about == "earth":
            limits = self.mission.vehicle.limits.stricter(self.mission.limits)
            floor = limits.perigee_altitude_m or floor
        if self.record is None or self.record.body != about:
            return floor
        own = self._low(self.planned, self.record)
        return min(floor, own - 1_000.0) if own < floor + 1_000.0 else floor

    def _landed(self, ended: Ended, figures: dict[str, float]) -> tuple[Consequence, str]:
        """A landing is judged on the ground."""
        assert self.landing is not None
        end = ended.end
        if end is None or end.frame.centre != "moon":
            return "missed", ended.why or "the Moon was not reached"
        place, speed = offsets(end, site_of(self.landing), self.world)
        off, fast = float(np.linalg.norm(place[:2])), float(np.linalg.norm(speed))
        figures |= {"off_m": off, "speed_m_s": fast, "height_m": float(place[2])}
        figures["off"] = max(off / _PLACE_M, fast / _SPEED_M_S)
        where = f"{off:.0f} m from the site, at {fast:.1f} m/s over ground"
        if place[2] > _PLACE_M:
            return "missed", f"the ground was not reached: {place[2] / 1e3:.1f} km above it"
        if fast > _SPEED_M_S:
            return "impact", where
        if off > DEGRADED * _PLACE_M:
            return "missed", where
        return ("met" if off <= _PLACE_M else "degraded"), where

    # what is asked of the orbit -----------------------------------------------------------------
    def _wanted(self, record: OrbitRecord) -> tuple[_Wanted, ...]:
        """Each quantity at the value that the planned flight has, with the target's tolerance."""
        planned = _values(record.mean)
        target = getattr(self.mission, "target", None)
        if isinstance(self.mission, Mission) and self.burns:
            target = None  # burns after the release have left the orbit it asks for
        tolerances = _loose(record) if target is None else _tolerances(target, record)
        return tuple(
            _Wanted(name, planned[name], by, turns=name in ("raan_rad", "argp_rad"))
            for name, by in tolerances.items()
        )

    def _cost_m_s(self, record: OrbitRecord, wants: tuple[_Wanted, ...]) -> float:
        """About what it takes to correct the orbit, m/s, of what is off by more than its tolerance.

        Least impulses between near-circular orbits: in the plane half the speed times the greater
        of da/a and the change of the eccentricity vector, across it the speed times the angle
        (Gauss's equations, each at its best place), summed.
        """
        mean = record.mean
        a = abs(mean.a_m)
        v = math.sqrt(CENTRES[record.body].mu_m3_s2(self.world) / a)
        values = _values(mean)
        offs = ((w, w.off(values[w.name])) for w in wants)
        miss = {w.name: off * w.tolerance for w, off in offs if off > 1.0}
        bent = math.hypot(miss.get("e", 0.0), mean.e * miss.get("argp_rad", 0.0))
        plane = math.sin(mean.i_rad) * miss.get("raan_rad", 0.0)
        return (
            0.5 * v * max(miss.get("a_m", 0.0) / a, bent)
            + v * math.hypot(miss.get("i_rad", 0.0), plane)
            + 0.5 * miss.get("c3_m2_s2", 0.0) / v
        )


_WORDS = {
    "a_m": "semi-major axis",
    "e": "eccentricity",
    "c3_m2_s2": "C3",
    "i_rad": "inclination",
    "raan_rad": "node",
    "argp_rad": "argument of perigee",
}


def _face(name: str, value: float) -> str:
    if name == "a_m":
        return f"{value / 1e3:.4g} km"
    if name == "c3_m2_s2":
        return f"{value / 1e6:.4g} km^2/s^2"
    return f"{math.degrees(value):.4g} deg" if name.endswith("_rad") else f"{value:.4g}"


def _values(mean: Elements) -> dict[str, float]:
    return {
        "a_m": mean.a_m,
        "e": mean.e,
        # twice the energy, as a departure from the Earth asks for it
        "c3_m2_s2": -body("earth").mu_m3_s2 / mean.a_m,
        "i_rad": mean.i_rad,
        "raan_rad": mean.raan_rad,
        "argp_rad": mean.argp_rad,
    }


def _figures(record: OrbitRecord) -> dict[str, float]:
    mean = record.mean
    return {
        "a_m": mean.a_m,
        "e": mean.e,
        "i_rad": mean.i_rad,
        "perigee_m": record.perigee_altitude_m,
        "apogee_m": record.apogee_altitude_m,
    }


def _tolerances(target: Target, record: OrbitRecord) -> dict[str, float]:
    """Half-widths of what the target asks for."""
    out: dict[str, float] = {}
    for name, quantity in (
        ("a_m", target.semi_major_axis_m),
        ("e", target.eccentricity),
        ("c3_m2_s2", target.c3_m2_s2),
        ("i_rad", target.inclination_rad),
        ("raan_rad", target.raan_rad),
        ("argp_rad", target.argument_of_perigee_rad),
    ):
        if quantity is not None:
            out[name] = quantity.tolerance
    if target.inclination_rad is None and target.turns_with_sun:
        out["i_rad"] = target.inclination_tolerance_rad or math.radians(0.05)
    if target.ltan_s is not None:
        out["raan_rad"] = target.ltan_s.tolerance / 86_400.0 * 2.0 * math.pi
    if record.mean.e < 1e-3:
        out.pop("argp_rad", None)
    return out or _loose(record)


def _loose(record: OrbitRecord) -> dict[str, float]:
    """What is asked of an orbit that nobody gave tolerances for."""
    return {
        "a_m": _LOOSE_A * abs(record.mean.a_m),
        "e": _LOOSE_E,
        "i_rad": _LOOSE_RAD,
        "raan_rad": _LOOSE_RAD / max(abs(math.sin(record.mean.i_rad)), 0.01),
    }


def _able_m_s(craft: Spacecraft, at: State, left_kg: float) -> float:
    if craft.engine is None or left_kg <= 0.0:
        return 0.0
    return craft.engine.delta_v_m_s(at.mass_kg, min(left_kg, 0.99 * at.mass_kg))


# a flight as it ended ----------------------------------------------------------------------------
_AS_PLANNED = Fault("plan", "burns", "plan", "omit", 0.0, "", "nothing: the flight as planned")
_WAYS: dict[str, Way] = {"fell": "impact", "exhausted": "exhausted", "refused": "lost"}


def ended_of(again: Again, fault: Fault) -> Ended:
    """How a flight that was executed again ended."""
    if again.flight is None:
        ending = again.ended["stack"]
        return Ended(fault, _WAYS[ending.way], ending.why)
    return _told(again.flight, fault, again.ended)


def _told(flight: Flight, fault: Fault, endings: Mapping[str, Ending]) -> Ended:
    mine = [g for g in flight.legs if g.object in flight.flown_by]
    burns = [g for g in mine if g.chapter == "transfer"]
    last = mine[-1] if mine else None
    primary = flight.mission.spacecraft.id
    ending = next((endings[name] for name in flight.flown_by if name in endings), None)
    if ending is None and last is not None and orbit.fell(last):
        ending = Ending("fell", last.solve.status)
    release = _release(flight, primary)
    end = release if last is None else last.end
    over = ending is not None and end is not None
    return Ended(
        fault,
        "flown" if ending is None else _WAYS[ending.way],
        "" if ending is None else ending.why,
        release=release,
        reached=burns[-1].end if burns else None,
        end=end,
        end_at=end.epoch if over and end is not None else None,
        left_kg=_left_kg(last),
        lowest_m=min((_lowest_m(g) for g in mine if g.chapter == "orbit"), default=math.nan),
    )


def _release(flight: Flight, primary: str) -> State | None:
    stack = next((g for g in flight.legs if g.object == "stack"), None)
    if stack is None or stack.handover_out is None:
        return None
    given = stack.released or (stack.handover_out,)
    return next((h.state for h in given if primary in h.attached), None)


def _left_kg(last: Leg | None) -> float:
    if last is None or last.handover_out is None:
        return 0.0
    return last.handover_out.propellant_kg.get(last.object, 0.0)


def _lowest_m(leg: Leg) -> float:
    """Osculating perigee or perilune of a coast at its ends; inf where it only leaves."""
    about = leg.start.frame.centre
    return min(next_m(state) for state in (leg.start, leg.end) if state.frame.centre == about)

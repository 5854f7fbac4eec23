"""The climb of the first guess: a cross-entropy search over coarse ascents.

Source of the method: Rubinstein & Kroese 2004, The Cross-Entropy Method. The figure of merit is
the mass left after reaching the target orbit from where a lane ends, by impulses, less
penalties for arcs that fall too low. Seeded: the same mission gives the same climb.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.compiled import compiled
from cosmodrome.ascent.lanes import (
    BURN_STEP_S,
    STEPS_S,
    Lanes,
    Law,
    coarse_body,
    coarse_planet,
    coast_steps,
)
from cosmodrome.ascent.shape import FREE_FLIGHT_S, vertical_rise_s
from cosmodrome.vehicle import burn_profile, liftoff_mass, timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.ascent.shape import Way
    from cosmodrome.catalog.nouns import Limits, Stage, Vehicle
    from cosmodrome.physics.powered import Body, Planet
    from cosmodrome.targets.insertion import Insertion

__all__ = ["Climb", "Climbed", "launch_heading", "shape_of"]

_LANES = 160
_ROUNDS = 8
_ELITE = 16
# finer than the search's
_RECORDED_STEPS_S = (2.0, 4.0)
_RECORDED_BURN_STEP_S = 4.0
_LOWEST_ARC_M = 150_000.0
_PARKING_M = 190_000.0
_LOW_PERIGEE_M = 450_000.0
# a plane missed by less than this is reached by steering during the climb
_STEERED_OVER_RAD = math.radians(3.0)


@dataclass(frozen=True, slots=True, eq=False)
class Climbed:
    """Lanes at the end of their climb.

    burns_s  (stages, n) burn time of each tail stage; last (n,) index of the one that ended it
    lowest_m (n,) least height above the equator's radius, from the end of the sections on
    merit    (n,) kg
    """

    lanes: Lanes
    burns_s: NDArray[np.float64]
    last: NDArray[np.int64]
    lowest_m: NDArray[np.float64]
    merit_kg: NDArray[np.float64]


def launch_heading(
    r0: NDArray[np.float64],
    axes: NDArray[np.float64],
    omega_rad_s: float,
    inclination_rad: float,
    northbound: bool,
    speed_m_s: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Normal of the target plane, relative launch direction (unit, horizontal), and its azimuth.

    Where the pad lies a little too far from the equator for the inclination, the plane that
    comes nearest: its highest latitude on the pad's meridian. Where it lies much too far, the
    plane due east (or west) of the pad, to be turned from a parking orbit.
    """
    r_hat = r0 / np.linalg.norm(r0)
    latitude = math.asin(r_hat[2])
    sine = math.cos(inclination_rad) / math.cos(latitude)
    if abs(sine) < 1.0:
        azimuth = math.asin(sine) if northbound else math.pi - math.asin(sine)
        north = np.array([0.0, 0.0, 1.0]) - r_hat[2] * r_hat
        north /= np.linalg.norm(north)
        east = np.cross(north, r_hat)
        along = math.cos(azimuth) * north + math.sin(azimuth) * east
        normal = np.cross(r_hat, along)
    else:
        azimuth = math.copysign(0.5 * math.pi, sine)
        short = abs(latitude) - math.asin(min(abs(math.sin(inclination_rad)), 1.0))
        tilt = abs(latitude) - (short if short < _STEERED_OVER_RAD else 0.0)
        normal = np.array(
            [
                -math.copysign(math.sin(tilt), latitude),
                0.0,
                math.copysign(math.cos(tilt), sine),
            ]
        )
        along = np.cross(normal, r_hat)
        along /= np.linalg.norm(along)
    wind = omega_rad_s * np.array([-r0[1], r0[0], 0.0])
    relative = speed_m_s * along - wind
    relative -= (relative @ axes[0]) * axes[0]
    relative /= np.linalg.norm(relative)
    return normal / np.linalg.norm(normal), relative, azimuth % (2.0 * math.pi)


def shape_of(mu: float, r: NDArray[np.float64], v: NDArray[np.float64]) -> tuple[NDArray, ...]:  # type: ignore[type-arg]
    """Energy, angular momentum, apogee and perigee radius of lanes (3, n)."""
    d = np.linalg.norm(r, axis=0)
    energy = 0.5 * np.sum(v * v, axis=0) - mu / d
    h2 = np.sum(np.cross(r, v, axis=0) ** 2, axis=0)
    a = -0.5 * mu / np.minimum(energy, -1e5)
    e = np.sqrt(np.maximum(1.0 - h2 / (mu * a), 0.0))
    return energy, np.sqrt(h2), a * (1.0 + e), a * (1.0 - e)


class Climb:
    """One vehicle, site and orbit; lanes differ in steering only."""

    def __init__(
        self,
        planet: Planet,
        body: Body,
        vehicle: Vehicle,
        limits: Limits,
        insertion: Insertion,
        axes: NDArray[np.float64],
        r0: NDArray[np.float64],
        v0: NDArray[np.float64],
        payload_kg: float,
        northbound: bool,
        way: Way,
    ) -> None:
        # a first guess needs no wind
        self.planet = coarse_planet(replace(planet, wind=None))
        self.body = coarse_body(body)
        self.vehicle, self.insertion, self.way = vehicle, insertion, way
        self.axes, self.r0, self.v0 = axes, r0, v0
        self.payload_kg = payload_kg
        self.timeline = timeline(vehicle)
        self.rise_s = vertical_rise_s(vehicle)
        re = planet.equatorial_radius_m
        self.target_a_m = insertion.a_aim_m
        e = insertion.e_aim if insertion.elliptic else 0.0
        perigee = self.target_a_m * (1.0 - e)
        # the arc first climbs to a height, then meets the orbit there with this semi-major axis
        self.enter_m, self.a_m = (perigee if e > 0.05 else self.target_a_m), self.target_a_m
        if way in ("perigee", "node"):
            low = way == "perigee" and perigee - re < _LOW_PERIGEE_M
            self.enter_m = self.a_m = perigee if low else re + _PARKING_M
        #: radius of the target's apogee
        self.apogee_m = self.target_a_m * (1.0 + e)
        if way == "lift":
            self.enter_m = re + _PARKING_M
            self.a_m = 0.5 * (self.enter_m + self.apogee_m)
        self.normal, self.heading, self.azimuth = launch_heading(
            r0,
            axes,
            planet.omega_rad_s,
            insertion.i_aim_rad,
            northbound,
            math.sqrt(planet.mu / abs(self.a_m)),
        )
        sections = self.timeline.sections
        self.turn_s = next((s.end_s for s in sections if s.drops), sections[0].end_s)
        tail = self.timeline.tail
        fixed_end = self.timeline.end_s
        # linear tangent ends where thrust does: with the sections, or with the tail's first burn
        own = not tail or (not tail[0].lit and fixed_end > self.turn_s + 30.0)
        self.aim_s = fixed_end if own else fixed_end + self.longest_s(tail[0].stage)
        fairing = vehicle.fairing
        self.fairing_kg = fairing.mass_kg if fairing else 0.0
        self.fairing_at = fairing.time_s if fairing else None
        heats = (fairing.heat_flux_w_m2 if fairing else None, limits.heat_flux_w_m2)
        self.heat = min((x for x in heats if x), default=None)
        self.liftoff_kg = liftoff_mass(vehicle, payload_kg)
        self.least_kg = 0.02 * max(payload_kg, 0.0) + 1.0
        self.core = compiled(self, STEPS_S, BURN_STEP_S)

    def longest_s(self, stage: Stage) -> float:
        """Burn time left to a tail stage when the sections end, at full thrust."""
        tank = self.timeline.tanks[stage.id].propellant_kg / stage.count
        return max((tank - stage.residual_kg) / stage.mass_flow_kg_s, 1.0)

    def first_coast_s(self, k: int) -> float:
        """From where tail stage k - 1 leaves it to the ignition of tail stage k."""
        entry = self.timeline.tail[k]
        if entry.lit:
            return 0.0
        return entry.delay_s or entry.stage.ignition.delay_s or FREE_FLIGHT_S

    def exhaust_m_s(self, k: int) -> float:
        """Exhaust speed of tail stage k; of the last section where there is no tail."""
        if not self.timeline.tail:
            return 9.80665 * self.vehicle.stages[-1].isp_vacuum_s
        return 9.80665 * self.timeline.tail[k].stage.isp_vacuum_s

    def law(self, p: NDArray[np.float64]) -> Law:
        """Steering of lanes from search parameters (3, n)."""
        return Law(self.rise_s, p[0], p[1], p[2], self.turn_s, self.aim_s)

    def fly(self, p: NDArray[np.float64], record: bool = False) -> Climbed:
        """Lanes at the end of the climb for search parameters (3, n), by the compiled core.

        A recorded flight, in finer steps, is of one lane.
        """
        # a lane that falls through the ground may overflow: it scores last, it does not warn
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            slopes = np.stack([np.tan(p[0]), p[1], p[2]])
            core = self.core
            if record:
                core = compiled(self, _RECORDED_STEPS_S, _RECORDED_BURN_STEP_S)
            flown = core.fly(slopes, recorded=record)
            lanes = self._lanes(p.shape[1], record)
            lanes.t, lanes.r, lanes.v, lanes.m = flown.t_s, flown.r_m, flown.v_m_s, flown.m_kg
            lanes.fairing_s, lanes.high_s = flown.fairing_s, flown.high_s
            lanes.fairing_on = np.isnan(lanes.fairing_s)
            lanes.follow(flown.track, self.law(p))
            penalty = self._penalty(flown.fixed_r_m, flown.fixed_v_m_s)
            lowest = flown.lowest_m - self.planet.equatorial_radius_m
            return self._climbed(lanes, flown.burns_s, flown.last, lowest, penalty)

    def specified(self, p: NDArray[np.float64], record: bool = False) -> Climbed:
        """What `fly` does, in NumPy."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return self._specified(p, record)

    def _lanes(self, n: int, record: bool = False) -> Lanes:
        return Lanes(
            self.planet,
            self.body,
            self.axes,
            self.r0,
            self.v0,
            np.full(n, self.liftoff_kg),
            self.normal,
            self.heading,
            record,
        )

    def _specified(self, p: NDArray[np.float64], record: bool) -> Climbed:
        n = p.shape[1]
        lanes = self._lanes(n, record)
        law = self.law(p)
        rules = (self.fairing_kg, self.fairing_at, self.heat)
        lanes.sections(
            self.timeline.sections, law, *rules, _RECORDED_STEPS_S if record else STEPS_S
        )
        tail = self.timeline.tail
        burns = np.zeros((max(len(tail), 1), n))
        last = np.zeros(n, dtype=np.int64)
        penalty = self._penalty(lanes.r, lanes.v)
        lowest = np.linalg.norm(lanes.r, axis=0) - self.planet.equatorial_radius_m
        going = np.ones(n, dtype=bool)
        for k in range(len(tail)):
            if k > 0:
                lanes.m = np.where(going, lanes.m - self.left_behind_kg(k - 1), lanes.m)
                last = np.where(going, k, last)
            self._coast(lanes, self.first_coast_s(k), going)
            going, lowest = self._burn(lanes, law, k, going, burns, lowest)
            if not going.any():
                break
        lanes.note(law if tail else None)
        return self._climbed(lanes, burns, last, lowest, penalty)

    def _climbed(
        self,
        lanes: Lanes,
        burns: NDArray[np.float64],
        last: NDArray[np.int64],
        lowest: NDArray[np.float64],
        penalty: NDArray[np.float64],
    ) -> Climbed:
        merit = self._merit(lanes, lowest, last) - penalty
        return Climbed(lanes, burns, last, lowest, np.where(np.isfinite(merit), merit, -1e9))

    def _penalty(self, r: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
        """kg against lanes whose sections end on an arc that a stage must come down from."""
        tail = self.timeline.tail
        if not (tail and not tail[0].lit and self._comes_down()):
            return np.zeros(r.shape[1])
        _, _, _, perigee = shape_of(self.planet.mu, r, v)
        over: NDArray[np.float64] = perigee - self.planet.equatorial_radius_m
        return np.maximum(over, 0.0) * 2e-2

    def _comes_down(self) -> bool:
        return any(s.suborbital for s in self.vehicle.stages[:-1])

    def left_behind_kg(self, k: int) -> float:
        """What tail stage k leaves when it is dropped."""
        stage = self.timeline.tail[k].stage
        tanks = self.timeline.tanks[stage.id]
        gone = sum(j.mass_kg for j in stage.jettisons) if self.timeline.tail[k].lit else 0.0
        return stage.count * (stage.dry_mass_kg + stage.residual_kg - gone) + tanks.consumables_kg

    @staticmethod
    def _coast(lanes: Lanes, seconds: float, going: NDArray[np.bool_]) -> None:
        count = coast_steps(seconds)
        for _ in range(count):
            lanes.note(None)
            lanes.step(None, seconds / count, share=np.where(going, 1.0, 0.0))

    def engine(self, k: int) -> tuple[float, float, float]:
        """Thrust, flow and longest burn time of tail stage k; a solid's are its mean."""
        stage = self.timeline.tail[k].stage
        push = stage.count * stage.thrust_vacuum_n
        if not stage.solid:
            return push, stage.count * stage.mass_flow_kg_s, self.longest_s(stage)
        total = burn_profile(stage)[-1].end_s
        push *= stage.usable_kg / stage.mass_flow_kg_s / total
        return push, stage.count * stage.usable_kg / total, total

    def _burn(
        self,
        lanes: Lanes,
        law: Law,
        k: int,
        going: NDArray[np.bool_],
        burns: NDArray[np.float64],
        lowest: NDArray[np.float64],
    ) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Burn tail stage k until the wanted energy; who has not reached it, and how low it went.

        A solid burns out whatever its energy.
        """
        stage = self.timeline.tail[k].stage
        mu, re = self.planet.mu, self.planet.equatorial_radius_m
        push, flow, total = self.engine(k)
        step = BURN_STEP_S if lanes.track is None else _RECORDED_BURN_STEP_S
        going = going.copy()
        active = going.copy()
        used = 0.0
        while active.any() and used < total - 1e-9:
            energy, _, _, _ = shape_of(mu, lanes.r, lanes.v)
            d = np.linalg.norm(lanes.r, axis=0)
            if self.way == "apogee":
                wanted = -mu / (self.enter_m + np.maximum(d, re))
            else:
                wanted = np.full(d.size, -0.5 * mu / self.a_m)
            h = min(step, total - used)
            # energy grows at about thrust x speed / mass: stop inside the step that reaches it
            rate = push / lanes.m * np.linalg.norm(lanes.v, axis=0)
            need = np.maximum(wanted - energy, 0.0) / rate
            if not stage.solid:
                # a whole step may carry a lane past the energy: it has arrived as well
                short = need > 1e-3
                going, active = going & (short | ~active), active & short
            active = active & (lanes.m > self.least_kg)
            if not active.any():
                break
            lanes.note(law)
            if lanes.track is not None and not stage.solid:
                h = float(min(h, max(need[0], 1e-3)))
            fraction = np.where(active, 1.0 if stage.solid else np.minimum(need / h, 1.0), 0.0)
            lanes.step(law, h, push, 0.0, flow, fraction)
            lanes.fairing(self.fairing_kg, self.fairing_at, self.heat)
            burns[k] += h * fraction
            used += h
            part = fraction < 1.0
            done = active & part
            going, active = going & ~done, active & ~part
            lowest = np.minimum(lowest, np.linalg.norm(lanes.r, axis=0) - re)
        if stage.solid and k + 1 == len(self.timeline.tail):
            going[:] = False
        return going, lowest

    def _merit(
        self, lanes: Lanes, lowest: NDArray[np.float64], last: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        mu, re = self.planet.mu, self.planet.equatorial_radius_m
        energy, h, apogee, perigee = shape_of(mu, lanes.r, lanes.v)
        d = np.linalg.norm(lanes.r, axis=0)
        radial = np.sum(lanes.r * lanes.v, axis=0) / d
        across = np.abs(self.normal @ lanes.v)
        if self.way == "apogee":
            # impulses left: make up missing energy here, then meet the orbit at the apogee
            need = np.sqrt(2.0 * (mu / d - mu / (self.enter_m + d)))
            have = np.sqrt(np.maximum(2.0 * (energy + mu / d), 0.0))
            dv = np.maximum(need - have, 0.0) * 1.3
            at = np.maximum(apogee, re)
            v_apogee = h / at
            dv = dv + np.abs(np.sqrt(mu * (2.0 / self.enter_m - 1.0 / self.a_m)) - v_apogee)
            dv = dv + np.abs(apogee - self.enter_m) / self.enter_m * 3000.0
            # the coast must not dip into the air
            dip = np.maximum(_LOWEST_ARC_M - (perigee - re), 0.0)
            falling = np.where(radial < 0.0, 1.0, 0.3)
            dv = dv + dip / 1e3 * 1.0 * falling + np.where(radial < 0.0, dip / 1e3 * 5.0, 0.0)
        else:
            wanted_v = math.sqrt(mu * (2.0 / self.enter_m - 1.0 / self.a_m))
            along = h / d
            dv = np.abs(radial) + np.abs(wanted_v - along)
            dv = dv + np.abs(d - self.enter_m) * math.sqrt(mu / self.enter_m**3)
        dv = dv + 0.3 * across
        # a share of the stack, so that small vehicles are judged like large ones
        crash = np.maximum(100_000.0 - lowest, 0.0) / 1e3 * 6.4e-5 * self.liftoff_kg
        ve = np.array([self.exhaust_m_s(k) for k in range(max(len(self.timeline.tail), 1))])
        merit: NDArray[np.float64] = lanes.m * np.exp(-dv / ve[last]) - crash
        return merit

    def after_m_s(self) -> float:
        """Velocity that burns after the climb need beyond what the merit counts.

        Impulses: from the parking orbit onto the target; turning a plane the pad does not reach.
        """
        mu = self.planet.mu
        latitude = math.asin(abs(float(self.r0[2])) / float(np.linalg.norm(self.r0)))
        i = self.insertion.i_aim_rad
        turn = max(latitude - min(i, math.pi - i) - _STEERED_OVER_RAD, 0.0)
        at, a = self.enter_m, self.target_a_m
        wanted = math.sqrt(max(mu * (2.0 / at - 1.0 / a), 0.0))
        if self.way == "node":
            leave = math.sqrt(2.0 * mu * (1.0 / at - 1.0 / (at + a))) - math.sqrt(mu / at)
            have = math.sqrt(2.0 * mu * (1.0 / a - 1.0 / (at + a)))
            goal = math.sqrt(mu / a)
            return leave + math.sqrt(have * have + goal * goal - 2.0 * have * goal * math.cos(turn))
        plane = 2.0 * wanted * math.sin(0.5 * turn)
        if self.way == "lift":
            top = self.apogee_m
            have = math.sqrt(mu * (2.0 / top - 1.0 / self.a_m))
            return plane + abs(math.sqrt(mu * (2.0 / top - 1.0 / a)) - have)
        return plane + (wanted - math.sqrt(mu / at) if self.way == "perigee" else 0.0)

    @property
    def kept_kg(self) -> float:
        """What is neither spacecraft nor usable propellant when the last stage is empty."""
        last = self.vehicle.stages[-1]
        consumables = sum(c.mass_kg for c in last.consumables)
        return self.vehicle.adapter_kg + last.count * (
            last.dry_mass_kg + last.residual_kg + consumables
        )

    def search(self, seed: int, rounds: int = _ROUNDS) -> tuple[NDArray[np.float64], float]:
        """The best steering found, (3,), and its merit."""
        rng = np.random.default_rng(seed)
        mean = np.array([0.10, 0.9, 0.05])
        sigma = np.array([0.08, 0.5, 0.25])
        best, best_merit = mean, -np.inf
        for _ in range(rounds):
            p = mean[:, None] + sigma[:, None] * rng.standard_normal((3, _LANES))
            p[0] = np.clip(np.abs(p[0]), 0.005, 0.6)
            p[:, 0] = best
            merit = self.fly(p).merit_kg
            order = np.argsort(-merit, kind="stable")
            if merit[order[0]] > best_merit:
                best, best_merit = p[:, order[0]].copy(), float(merit[order[0]])
            elite = p[:, order[:_ELITE]]
            mean = elite.mean(axis=1)
            sigma = 0.3 * sigma + 0.7 * elite.std(axis=1) + 1e-4
        return best, best_merit

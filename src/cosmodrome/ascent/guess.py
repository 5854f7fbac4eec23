"""A first guess without the user: cross-entropy search over coarse ascents.

Source of the method: Rubinstein & Kroese 2004, The Cross-Entropy Method. The figure of merit is
the mass left after reaching the target orbit from where a lane ends, by impulses, less
penalties for arcs that fall too low or meet too much heat. Seeded: the same mission gives the
same guess.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.lanes import Lanes, Law, coarse_body, coarse_planet
from cosmodrome.ascent.sequence import FREE_FLIGHT_S, RELEASE_S, Sequence, sequence
from cosmodrome.errors import InfeasibleError
from cosmodrome.powered.statement import Arc, Powered
from cosmodrome.vehicle import liftoff_mass, timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Limits, Vehicle
    from cosmodrome.physics.powered import Body, Planet
    from cosmodrome.targets.insertion import Insertion

__all__ = ["Guess", "guess", "launch_heading"]

_LANES = 160
_ROUNDS = 8
_ELITE = 16
_BURN_STEP_S = 12.0
_LOWEST_ARC_M = 150_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """A coarse flight on the phases of `sequence`, and its figure of merit in kg."""

    sequence: Sequence
    flight: Powered
    merit_kg: float


def launch_heading(
    r0: NDArray[np.float64],
    axes: NDArray[np.float64],
    omega_rad_s: float,
    inclination_rad: float,
    northbound: bool,
    speed_m_s: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Normal of the target plane, relative launch direction (unit, horizontal), and its azimuth.

    Where the pad lies too far from the equator for the inclination, the plane that comes
    nearest: its highest latitude on the pad's meridian.
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
        normal = np.array([-math.sin(inclination_rad), 0.0, math.cos(inclination_rad)])
        along = np.cross(normal, r_hat)
        along /= np.linalg.norm(along)
    wind = omega_rad_s * np.array([-r0[1], r0[0], 0.0])
    relative = speed_m_s * along - wind
    relative -= (relative @ axes[0]) * axes[0]
    relative /= np.linalg.norm(relative)
    return normal / np.linalg.norm(normal), relative, azimuth % (2.0 * math.pi)


def _shape(mu: float, r: NDArray[np.float64], v: NDArray[np.float64]) -> tuple[NDArray, ...]:  # type: ignore[type-arg]
    """Energy, angular momentum, apogee and perigee radius of lanes (3, n)."""
    d = np.linalg.norm(r, axis=0)
    energy = 0.5 * np.sum(v * v, axis=0) - mu / d
    h2 = np.sum(np.cross(r, v, axis=0) ** 2, axis=0)
    a = -0.5 * mu / np.minimum(energy, -1e5)
    e = np.sqrt(np.maximum(1.0 - h2 / (mu * a), 0.0))
    return energy, np.sqrt(h2), a * (1.0 + e), a * (1.0 - e)


class _Search:
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
    ) -> None:
        self.planet, self.body = coarse_planet(planet), coarse_body(body)
        self.vehicle, self.limits, self.insertion = vehicle, limits, insertion
        self.axes, self.r0, self.v0 = axes, r0, v0
        self.payload = payload_kg
        self.timeline = timeline(vehicle)
        a, e = insertion.a_aim_m, (insertion.e_aim if insertion.elliptic else 0.0)
        self.perigee_m, self.apogee_m = a * (1.0 - e), a * (1.0 + e)
        # the upper stage first climbs to an arc that touches the orbit where it is entered
        self.enter_m = self.perigee_m if e > 0.05 else a
        self.a_m = a
        self.normal, self.heading, self.azimuth = launch_heading(
            r0,
            axes,
            planet.omega_rad_s,
            insertion.i_aim_rad,
            northbound,
            math.sqrt(planet.mu / a),
        )
        sections = self.timeline.sections
        self.turn_s = (
            next((s.end_s for s in sections if s.drops and s.end_s is not None), sections[0].end_s)
            or 60.0
        )
        last = self.timeline.last
        self.push = last.count * last.thrust_vacuum_n
        self.flow = last.count * last.mass_flow_kg_s
        self.ve = self.push / self.flow
        used = last.load_kg - self.timeline.tanks[last.id].propellant_kg / last.count
        self.usable = last.count * (last.usable_kg - used)
        fixed_end = [s.end_s for s in sections if s.end_s is not None][-1]
        self.fixed_end = fixed_end
        # linear tangent ends where thrust does: with the sections, or with the last stage's burn
        own = self.timeline.upper and fixed_end > self.turn_s + 30.0
        self.aim_s = fixed_end if own else fixed_end + self.usable / self.flow
        fairing = vehicle.fairing
        self.fairing_kg = fairing.mass_kg if fairing else 0.0
        self.fairing_at = fairing.time_s if fairing else None
        heats = [
            x for x in ((fairing.heat_flux_w_m2 if fairing else None), limits.heat_flux_w_m2) if x
        ]
        self.heat = min(heats) if heats else None

    def _start(self, n: int, record: bool) -> Lanes:
        mass = np.full(n, liftoff_mass(self.vehicle, self.payload))
        return Lanes(
            self.planet,
            self.body,
            self.axes,
            self.r0,
            self.v0,
            mass,
            self.normal,
            self.heading,
            record,
        )

    def law(self, p: NDArray[np.float64]) -> Law:
        return Law(p[0], p[1], p[2], self.turn_s, self.aim_s)

    def fly(
        self, p: NDArray[np.float64], record: bool = False
    ) -> tuple[Lanes, NDArray[np.float64], NDArray[np.float64]]:
        """Lanes at the end of the climbing burn, burn time used, and the merit (n,) in kg."""
        # a lane that falls through the ground may overflow: it scores last, it does not warn
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return self._fly(p, record)

    def _fly(
        self, p: NDArray[np.float64], record: bool
    ) -> tuple[Lanes, NDArray[np.float64], NDArray[np.float64]]:
        n = p.shape[1]
        lanes = self._start(n, record)
        law = self.law(p)
        steps = (2.0, 4.0) if record else (4.0, 8.0)
        lanes.sections(
            self.timeline.sections, law, self.fairing_kg, self.fairing_at, self.heat, steps
        )
        mu = self.planet.mu
        re = self.planet.equatorial_radius_m
        penalty = np.zeros(n)
        if self.timeline.upper:
            _, _, _, perigee = _shape(mu, lanes.r, lanes.v)
            penalty += np.maximum(perigee - re, 0.0) * 2e-2
            for _ in range(4):
                lanes._note(None)
                lanes.step(None, FREE_FLIGHT_S / 4)
        lowest = np.linalg.norm(lanes.r, axis=0) - re
        burn = np.zeros(n)
        step = 4.0 if record else _BURN_STEP_S
        going = np.ones(n, dtype=bool)
        total = self.usable / self.flow
        while going.any() and float(burn[going].min()) < total - 1e-9:
            energy, _, _, _ = _shape(mu, lanes.r, lanes.v)
            if self.timeline.upper:
                wanted = -mu / (self.enter_m + np.maximum(np.linalg.norm(lanes.r, axis=0), re))
            else:
                wanted = np.full(n, -0.5 * mu / self.a_m)
            h_full = min(step, total - float(burn[going].min()))
            # energy grows at about thrust x speed / mass: stop inside the step that reaches it
            speed = np.linalg.norm(lanes.v, axis=0)
            rate = self.push / lanes.m * speed
            need = np.maximum(wanted - energy, 0.0) / rate
            going = going & (need > 1e-3) & (lanes.m > 100.0)
            if not going.any():
                break
            lanes._note(law)
            h = h_full
            if n == 1:
                h = float(min(h_full, max(need[0], 1e-3)))
            fraction = np.where(going, np.minimum(need / h, 1.0), 0.0)
            before = (lanes.r, lanes.v, lanes.m)
            lanes.step(law, h, self.push, 0.0, self.flow, going)
            part = fraction < 1.0
            mixed = [
                np.where(part, b + fraction * (c - b), c)
                for b, c in zip(before, (lanes.r, lanes.v, lanes.m), strict=True)
            ]
            lanes.r, lanes.v, lanes.m = mixed
            burn = burn + h * fraction
            going = going & ~part
            lowest = np.minimum(lowest, np.linalg.norm(lanes.r, axis=0) - re)
        lanes._note(law)
        merit = self._merit(lanes, lowest) - penalty
        return lanes, burn, np.where(np.isfinite(merit), merit, -1e9)

    def _merit(self, lanes: Lanes, lowest: NDArray[np.float64]) -> NDArray[np.float64]:
        mu, re = self.planet.mu, self.planet.equatorial_radius_m
        energy, h, apogee, perigee = _shape(mu, lanes.r, lanes.v)
        d = np.linalg.norm(lanes.r, axis=0)
        radial = np.sum(lanes.r * lanes.v, axis=0) / d
        across = np.abs(self.normal @ lanes.v)
        if self.timeline.upper:
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
        crash = np.maximum(100_000.0 - lowest, 0.0) / 1e3
        mass = lanes.m * np.exp(-dv / self.ve)
        merit: NDArray[np.float64] = mass - 20.0 * crash
        return merit

    def search(self, seed: int) -> tuple[NDArray[np.float64], float]:
        """The best steering found, (3,), and its merit."""
        rng = np.random.default_rng(seed)
        mean = np.array([0.10, 0.9, 0.05])
        sigma = np.array([0.08, 0.5, 0.25])
        best, best_merit = mean, -np.inf
        for _ in range(_ROUNDS):
            p = mean[:, None] + sigma[:, None] * rng.standard_normal((3, _LANES))
            p[0] = np.clip(np.abs(p[0]), 0.005, 0.6)
            p[:, 0] = best
            _, _, merit = self.fly(p)
            order = np.argsort(-merit, kind="stable")
            if merit[order[0]] > best_merit:
                best, best_merit = p[:, order[0]].copy(), float(merit[order[0]])
            elite = p[:, order[:_ELITE]]
            mean = elite.mean(axis=1)
            sigma = 0.3 * sigma + 0.7 * elite.std(axis=1) + 1e-4
        return best, best_merit


def guess(
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
    seed: int,
) -> Guess:
    """The phases and a coarse flight on them.

    axes (3, 3) up, east, north; r0, v0 (3,) the pad; all in the launch frame.
    Raises InfeasibleError when no lane leaves the ground.
    """
    search = _Search(planet, body, vehicle, limits, insertion, axes, r0, v0, payload_kg, northbound)
    best, merit = search.search(seed)
    if merit < -1e8:
        raise InfeasibleError(
            f"{vehicle.id!r} with {payload_kg:.0f} kg does not leave the ground: its thrust at"
            " lift-off is below its weight; lower the payload or raise the thrust"
        )
    lanes, burn, _ = search.fly(best[:, None], record=True)
    assert lanes.track is not None
    mu = planet.mu
    revolution = 2.0 * math.pi * math.sqrt(insertion.a_aim_m**3 / mu)
    fairing_s = float(lanes.fairing_s[0])
    if not math.isfinite(fairing_s):
        fairing_s = search.fixed_end - 20.0
    first_burn = max(float(burn[0]), 4.0)
    coast, second = FREE_FLIGHT_S, 4.0
    if search.timeline.upper:
        coast, second = _second_burn(search, lanes, mu)
    seq = sequence(
        vehicle,
        limits,
        fairing_s,
        first_burn,
        (first_burn, second),
        (FREE_FLIGHT_S, coast),
        revolution,
    )
    return Guess(seq, _on_phases(seq, lanes, payload_kg, search), merit)


def _second_burn(search: _Search, lanes: Lanes, mu: float) -> tuple[float, float]:
    """Coast to the apogee and burn there along the horizontal; recorded on the track."""
    _, h, apogee, _ = _shape(mu, lanes.r, lanes.v)
    wanted = math.sqrt(mu * (2.0 / search.enter_m - 1.0 / search.a_m))
    dv = max(wanted - float(h[0] / max(apogee[0], search.enter_m)), 5.0)
    mass = float(lanes.m[0])
    second = mass * (1.0 - math.exp(-dv / search.ve)) / search.flow
    # time to apogee from the eccentric anomaly
    r, v = lanes.r[:, 0], lanes.v[:, 0]
    d = float(np.linalg.norm(r))
    energy = min(0.5 * float(v @ v) - mu / d, -1e5)
    a = -0.5 * mu / energy
    e_cos, e_sin = 1.0 - d / a, float(r @ v) / math.sqrt(mu * a)
    e = min(math.hypot(e_cos, e_sin), 0.999)
    anomaly = math.atan2(e_sin, e_cos)
    if anomaly > 0.98 * math.pi:
        anomaly -= 2.0 * math.pi
    n = math.sqrt(mu / a**3)
    to_apogee = (math.pi - (anomaly - e * math.sin(anomaly))) / n
    coast = max(to_apogee - 0.5 * second, 120.0)
    coast = min(coast, 0.7 * 2.0 * math.pi / n)
    count = 80
    clear = a * (1.0 - e) > search.planet.equatorial_radius_m + 50_000.0
    for _ in range(count):
        lanes._note(None)
        if clear:
            lanes.step(None, coast / count)
        else:
            _carry_round(lanes, coast / count, mu)
    r_hat = lanes.r[:, 0] / np.linalg.norm(lanes.r[:, 0])
    along = np.cross(np.cross(r_hat, lanes.v[:, 0]), r_hat)
    along /= np.linalg.norm(along)
    held = _Held(along)
    count = max(4, int(second / 5.0))
    direction, lanes.direction = lanes.direction, held.direction  # type: ignore[method-assign]
    law = search.law(np.zeros((3, 1)))
    for _ in range(count):
        lanes._note(law)
        lanes.step(law, second / count, search.push, 0.0, search.flow)
    lanes._note(law)
    lanes.direction = direction  # type: ignore[method-assign]
    for _ in range(4):
        lanes._note(None)
        lanes.step(None, RELEASE_S / 4)
    lanes._note(None)
    return coast, second


def _carry_round(lanes: Lanes, h: float, mu: float) -> None:
    """A circle instead of an arc that would meet the ground: only a place to start from."""
    r, v = lanes.r[:, 0], lanes.v[:, 0]
    d = float(np.linalg.norm(r))
    normal = np.cross(r, v)
    normal = normal / np.linalg.norm(normal)
    turn = math.sqrt(mu / d**3) * h
    r = math.cos(turn) * r + math.sin(turn) * np.cross(normal, r)
    lanes.r = r[:, None]
    lanes.v = (math.sqrt(mu / d) * np.cross(normal, r / d))[:, None]
    lanes.t += h


class _Held:
    """A fixed thrust direction for every lane."""

    def __init__(self, u: NDArray[np.float64]) -> None:
        self.u = u

    def direction(
        self, law: object, t: float, r: NDArray[np.float64], v: object
    ) -> NDArray[np.float64]:
        return np.repeat(self.u[:, None], r.shape[1], axis=1)


def _on_phases(seq: Sequence, lanes: Lanes, payload_kg: float, search: _Search) -> Powered:
    track = lanes.track
    assert track is not None
    arcs = []
    start, mass = 0.0, seq.liftoff_dry_kg + payload_kg
    kick = np.zeros(2)
    for phase in seq.phases:
        times = start + phase.duration_s * phase.node_fractions
        r, v, u = track.at(np.minimum(times, track.t_s[-1]))
        if phase.steered:
            # a node that fell on a coast sample has no direction of its own
            bad = np.linalg.norm(u, axis=1) < 0.5
            u[bad] = v[bad] / np.linalg.norm(v[bad], axis=1, keepdims=True)
        if phase.steering == "pitch-over":
            d = u[-1] / (u[-1] @ search.axes[0])
            kick = np.array([d @ search.axes[1], d @ search.axes[2]])
        arcs.append(Arc(phase, start, phase.duration_s, mass, r, v, u if phase.steered else None))
        mass -= phase.flow_kg_s * phase.duration_s + phase.drop_kg
        start += phase.duration_s
    left = max(mass + seq.phases[-1].drop_kg - payload_kg - seq.end_dry_kg, 1.0)
    return Powered(tuple(arcs), payload_kg, left, kick)

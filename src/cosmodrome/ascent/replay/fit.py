"""The steering that brings a flight nearest to its record: least squares over few angles.

Masses, thrust and event times are not touched: they come from the vehicle. What the steering
cannot reach stays as a residual, and is what a replay is made to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.optimize import least_squares

from cosmodrome.ascent.lanes import coarse_body, coarse_planet
from cosmodrome.ascent.launch import along, bodies_of, pad_in_launch_frame, planet_of
from cosmodrome.ascent.manifest import only_one
from cosmodrome.ascent.replay.fly import CutOff, Place, Track, fly
from cosmodrome.ascent.replay.pieces import Timetable, timetable
from cosmodrome.ascent.replay.steering import Layout, Steering
from cosmodrome.errors import InputError, SolverError
from cosmodrome.maths import NUMPY
from cosmodrome.physics import powered
from cosmodrome.physics.thrust import G0_M_S2

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import Mission
    from cosmodrome.physics.powered import Planet
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Observation", "Quantity", "Replay", "fit", "measured"]

Quantity = Literal[
    "altitude_m",
    "speed_inertial_m_s",
    "speed_relative_m_s",
    "path_angle_rad",
    "inclination_rad",
    "radius_m",
    "longitude_rad",
]

_STEP_RAD = 1e-5
_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure of a record.

    at       an event of the timetable ("core separation"), or a time ("T+60")
    quantity altitude above WGS84, inertial or Earth-relative speed, inertial flight-path angle,
             inclination, distance from the centre, east longitude from the pad's
    scale    how far off counts as one: the record's rounding or what its frame leaves open
    """

    at: str
    quantity: Quantity
    value: float
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """A fitted flight: its timetable, the steering's numbers, and what is left over.

    numbers     rad, by name, the only things that were fitted
    residuals   ours less the record's, in the order of `observations`
    cut_off_s   when the open burn ended
    left_kg     usable propellant of the open stage then; below zero: what it lacked
    axes, start   up, east, north at the pad; r, v there at lift-off: launch frame
    """

    timetable: Timetable
    layout: Layout
    numbers: Mapping[str, float]
    observations: tuple[Observation, ...]
    residuals: tuple[float, ...]
    track: Track
    cut_off_s: float
    left_kg: float
    planet: Planet
    axes: Array
    start: tuple[Array, Array]

    def steering(self) -> Steering:
        """The law as fitted, for one flight."""
        return Steering(self.layout, self.axes, np.array([[x] for x in self.numbers.values()]))


def measured(planet: Planet, place: Place, quantity: Quantity) -> Array:
    """A quantity of `Observation` at a place, (n,)."""
    r, v = place.r, place.v
    size, speed = np.linalg.norm(r, axis=0), np.linalg.norm(v, axis=0)
    if quantity == "altitude_m":
        return np.asarray(powered.height(NUMPY, planet, (r[0], r[1], r[2])))
    if quantity == "speed_inertial_m_s":
        return np.asarray(speed)
    if quantity == "speed_relative_m_s":
        omega = planet.omega_rad_s
        w = np.stack([v[0] + omega * r[1], v[1] - omega * r[0], v[2]])
        return np.asarray(np.linalg.norm(w, axis=0))
    if quantity == "path_angle_rad":
        return np.asarray(np.arcsin(np.sum(r * v, axis=0) / (size * speed)))
    if quantity == "radius_m":
        return np.asarray(size)
    if quantity == "longitude_rad":
        # the launch frame has the pad on its first meridian at lift-off
        return np.asarray(np.arctan2(r[1], r[0]) - planet.omega_rad_s * place.t_s)
    h = np.cross(r, v, axis=0)
    return np.asarray(np.arccos(h[2] / np.linalg.norm(h, axis=0)))


def fit(
    mission: Mission,
    lift_off: Epoch,
    world: World,
    layout: Layout,
    cut_off: CutOff,
    observations: tuple[Observation, ...],
    guess: Mapping[str, float],
    also_s: tuple[float, ...] = (),
    smooth: float = 0.0,
    bounds: Mapping[str, tuple[float, float]] | None = None,
) -> Replay:
    """Fit the numbers of `layout` to `observations`, from `guess` (rad, by `layout.names`).

    mission   site, vehicle (its fairing leaving at a stated time) and the payload as flown; its
              target is not used
    also_s    further times to have in the track, as "T+60"
    smooth    price of a change of pitch rate from one stretch between knots to the next, per
              rad/s: steering is not to waste what the vehicle has too much of
    bounds    ranges of numbers that a source bounds, rad
    Raises InputError for observations of what does not happen, SolverError without convergence.
    """
    only_one(mission, "a replay")
    payload = mission.spacecraft.mass_kg
    if payload is None:
        raise InputError("a replay flies the payload that flew: write its mass in kg, not maximum")
    table = timetable(mission.vehicle, payload)
    planet, bodies = planet_of(world, mission.wind), bodies_of(mission.vehicle)
    tabled = coarse_planet(planet)
    tables = tuple(coarse_body(b) for b in bodies)
    felt = along(mission.vehicle, tables, (p.drops for p in table.pieces))
    r0, v0, axes = pad_in_launch_frame(mission.site, lift_off, world)
    times = tuple(float(o.at[2:]) for o in observations if o.at.startswith("T+"))
    times = tuple(sorted({*times, *also_s}))
    known = {*table.names, *(f"T+{t:g}" for t in times)}
    for o in observations:
        if o.at not in known:
            raise InputError(
                f"the record has {o.at!r}, which {mission.vehicle.id!r} does not do; what happens:"
                f" {', '.join(table.names)}"
            )

    def flown(numbers: Array) -> Track:
        steering = Steering(layout, axes, numbers)
        return fly(table, steering, cut_off, tabled, felt, (r0, v0), times)

    def off(track: Track) -> Array:
        rows = []
        for o in observations:
            place = track.places.get(o.at)
            if place is None:
                raise SolverError(f"{o.at} of the record comes after the flight as steered ended")
            rows.append((measured(planet, place, o.quantity) - o.value) / o.scale)
        return np.array(rows)

    knots = [i for i, n in enumerate(layout.names) if n.startswith("pitch")]

    spans = np.diff(np.array(layout.knots_s))

    def bends(p: Array) -> Array:
        rates = (np.diff(p[knots], axis=0).T / spans).T
        return np.asarray(smooth * np.diff(rates, axis=0))

    def residuals(p: Array) -> Array:
        return np.concatenate([off(flown(p[:, None]))[:, 0], bends(p)])

    def jacobian(p: Array) -> Array:
        lanes = p[:, None] + np.hstack([np.zeros((p.size, 1)), _STEP_RAD * np.eye(p.size)])
        rows = np.vstack([off(flown(lanes)), bends(lanes)])
        return np.asarray((rows[:, 1:] - rows[:, :1]) / _STEP_RAD)

    first = np.array([guess[n] for n in layout.names])
    free = (-np.inf, np.inf)
    box = np.array([(bounds or {}).get(n, free) for n in layout.names]).T
    found = least_squares(
        residuals, first, jacobian, (box[0], box[1]), x_scale=0.1, max_nfev=_ROUNDS, xtol=1e-7
    )
    if found.status <= 0 and found.optimality > 1.0:
        raise SolverError(
            f"the steering did not settle in {_ROUNDS} flights ({found.message}); give a guess"
            " nearer to the flight, or fewer knots"
        )
    track = flown(found.x[:, None])
    end = track.places[table.pieces[-1].name]
    stop = float(end.t_s[0])
    left = (table.pieces[-1].end_s - stop) * _main_flow(mission, table)
    left_over = off(track)[:, 0] * np.array([o.scale for o in observations])
    return Replay(
        table,
        layout,
        dict(zip(layout.names, (float(x) for x in found.x), strict=True)),
        observations,
        tuple(float(x) for x in left_over),
        track,
        stop,
        left,
        planet,
        axes,
        (r0, v0),
    )


def _main_flow(mission: Mission, table: Timetable) -> float:
    """Main propellant the open stage uses a second."""
    stage = mission.vehicle.stage(table.open_stage)
    return table.pieces[-1].thrust_vacuum_n / (G0_M_S2 * stage.isp_vacuum_s)

"""Guided flights by the hundred: what the compiled kernel is told, and what it answers.

Lanes are flights of one programme with engines, masses, air and wind of their own. Everything is
SI, in the launch frame (inertial, z along the planet's spin axis); times in seconds after
lift-off. The specification, formula by formula, is `cosmodrome.powered.guided_flight`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.solvers import _core

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.maths import Cubics

    Array = NDArray[np.float64]

__all__ = [
    "SECTION_ROWS",
    "SHORT_S",
    "AIR_SCALE_M",
    "LARGEST_SWING",
    "MACH_SCALE",
    "Aim",
    "Held",
    "Lanes",
    "Mode",
    "Outcome",
    "Programme",
    "Section",
    "Status",
    "Surroundings",
    "fly",
]

# tables over y = h / (h + scale) and M / (M + scale): cells grow with what they hold
AIR_SCALE_M = 80_000.0
MACH_SCALE = 2.0
# lambda' times the time to go: the thrust swings 51 degrees to each side of lambda. A place that
# asks for more is out of reach, and the velocity alone is flown to; in the last seconds without
# any swing
LARGEST_SWING, SHORT_S = 2.5, 20.0
_TOGETHER = 8  # lanes come in packs, the same at every SIMD level
#: the fields of Lanes that have a row for each section
SECTION_ROWS = (
    *("length_s", "thrust_n", "flow_kg_s", "drop_kg", "after_kg", "usable_kg"),
    *("pitch", "yaw", "late_s", "exit_area_m2"),
)


class Mode(IntEnum):
    """How a section is steered."""

    COAST = 0
    TABLE = 1
    GUIDED = 2


class Held(IntEnum):
    """What of its place a guided leg ends at, beside the velocity of its orbit.

    VELOCITY  nothing: the velocity of an orbit of the aim's energy and angular momentum in its
              plane, wherever the leg ends
    PLANE     the plane of the orbit
    RADIUS    the plane, and the radius
    """

    VELOCITY = 0
    PLANE = 1
    RADIUS = 2


class Status(IntEnum):
    """How a lane ended.

    FLOWN     every cut-off where the programme wants it
    SHORT     out of usable propellant before a cut-off
    LOST      guidance did not converge for 20 cycles on end; the last good law was held
    GROUND    met the ground, whatever came before; the lane stays there
    LATE      a cut-off did not come within the section's steps
    """

    FLOWN = 0
    SHORT = 1
    LOST = 2
    GROUND = 3
    LATE = 4


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """Planet, air and drag as tables.

    air   over h / (h + AIR_SCALE_M), h the height along the radius in m: density kg/m^3,
          pressure Pa, speed of sound m/s, wind to the east and to the north m/s
    drag  over M / (M + MACH_SCALE): drag coefficients on `area_m2`, one curve a configuration
    """

    mu: float
    gravity_radius_m: float
    j2: float
    j3: float
    j4: float
    omega_rad_s: float
    equatorial_radius_m: float
    flattening: float
    area_m2: float
    air: Cubics
    drag: Cubics


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of constant thrust and flow, as the flight computer has it.

    steps        of the integrator; where `open`, the most that are flown
    leg          index of the guided leg it belongs to, -1 for none
    open         ends when the orbital energy is the leg's, not by the clock; where the leg goes on
                 after it, by the clock too, and what is left of a leg that has been cut off is
                 passed over
    exhaust_m_s, tau_s   thrust over flow (0: no thrust), and mass over flow at its start
    duration_s   nominal
    drag         which curve of `Surroundings.drag` holds
    """

    name: str
    steps: int
    mode: Mode
    leg: int = -1
    open: bool = False
    exhaust_m_s: float = 0.0
    tau_s: float = 1.0
    duration_s: float = 0.0
    drag: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """What a guided leg flies to.

    radius, speed, sine and cosine of the flight-path angle, unit normal of the orbit (3,);
    ahead_rad, duration_s: how far and how long after the leg's start the nominal flight ends
    sense    1: the burn raises the orbital energy to the aim's; -1: it lowers it
    held     what of the place is flown to
    """

    radius_m: float
    speed_m_s: float
    sin_gamma: float
    cos_gamma: float
    normal: Array
    ahead_rad: float
    duration_s: float
    sense: float = 1.0
    held: Held = Held.RADIUS


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    """What all lanes share.

    start (6,)   place and velocity at lift-off
    attitude     unit vector of the thrust over time, for the sections steered by table
    freeze_s     before a predicted cut-off, when steering is no longer corrected
    largest_swing, short_s   lambda' times the time to go (rad) beyond which a place is out of
                 reach; in the last `short_s` the velocity alone is then flown to
    side         direction that the body's side axis is held towards, unit vector: what a thrust
                 that is off to one side is counted from
    """

    surroundings: Surroundings
    start: Array
    attitude: Cubics
    sections: tuple[Section, ...]
    aims: tuple[Aim, ...]
    freeze_s: float = 8.0
    side: tuple[float, float, float] = (0.0, 0.0, 1.0)
    largest_swing: float = LARGEST_SWING
    short_s: float = SHORT_S


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """The truth of n flights.

    length_s, thrust_n, flow_kg_s, drop_kg   (sections, n): how long a section lasts (not read
                of an open one that ends its leg), vacuum thrust, all flow, mass that leaves at its
                end
    after_kg    (sections, n): mass that flies on from a section's end, whatever was there; below
                zero: what was there less `drop_kg`
    usable_kg   (sections, n): what may leave through the engines in the open sections from here
                on; below zero: what is left
    mass_kg     (n,): at lift-off
    density, drag, wind  (n,): factors on the tables
    tail_s               (n,): how much longer an engine burns than it is told to
    navigation           (6, n): what the flight computer's place and velocity are off by
    turn                 (9, n): rows of the matrix that takes true axes into those that the
                inertial unit believes in; what it feels, and what is commanded, pass through it
    pitch, yaw           (sections, n): tangents of the thrust's angle to the body's axis, away from
                the ground and towards `Programme.side`
    late_s               (sections, n): beside `tail_s`, of the cut-off if it comes in this open
                section; below zero: before the command. Never longer than the propellant lasts
    exit_area_m2         (sections, n): of all engines that run
    """

    length_s: Array
    thrust_n: Array
    flow_kg_s: Array
    drop_kg: Array
    after_kg: Array
    usable_kg: Array
    mass_kg: Array
    density: Array
    drag: Array
    wind: Array
    tail_s: Array
    navigation: Array
    turn: Array
    pitch: Array
    yaw: Array
    late_s: Array
    exit_area_m2: Array

    @property
    def count(self) -> int:
        """Number of lanes."""
        return int(self.mass_kg.size)

    def padded(self) -> Lanes:
        """The last lane repeated until the number is a multiple of the pack."""
        missing = -self.count % _TOGETHER
        rows = {}
        for f in fields(self):
            a = getattr(self, f.name)
            wide = [(0, 0)] * (a.ndim - 1) + [(0, missing)]
            rows[f.name] = np.ascontiguousarray(np.pad(a, wide, mode="edge"))
        return replace(self, **rows)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What was flown.

    marks           (sections, 8, n): time, place, velocity, mass at the end of each section,
                    before anything is dropped
    max_q_pa, max_q_alpha_pa_rad   (n,): dynamic pressure, and its product with the sine of the
                    angle of attack, at the starts of steps
    left_kg         (n,) of the last `usable_kg`
    status          (n,) of `Status`
    unconverged     (n,): guidance cycles whose answer was not taken
    """

    marks: Array
    max_q_pa: Array
    max_q_alpha_pa_rad: Array
    left_kg: Array
    status: NDArray[np.int64]
    unconverged: NDArray[np.int64]


def _checked(programme: Programme, lanes: Lanes) -> None:
    shape = (len(programme.sections), lanes.count)
    for name in SECTION_ROWS:
        if getattr(lanes, name).shape != shape:
            raise InputError(
                f"{name} of the lanes has the shape {getattr(lanes, name).shape}; it has a row for"
                f" each section and a column for each lane: {shape}"
            )
    for k, s in enumerate(programme.sections):
        if s.mode == Mode.GUIDED and not 0 <= s.leg < len(programme.aims):
            raise InputError(
                f"section {k} {s.name!r} is guided on leg {s.leg}, of {len(programme.aims)} aims:"
                " give each guided section the index of its aim"
            )
        if s.open and s.mode != Mode.GUIDED:
            raise InputError(f"section {k} {s.name!r} is open: only a guided section can be")


def fly(programme: Programme, lanes: Lanes, level: str = "") -> Outcome:
    """Fly all lanes on one core, without Python's lock.

    level  of the kernels, "" for the one in use; the answer has the same bytes at every level.
    Raises InputError where the arrays do not fit the programme or are not finite.
    """
    _checked(programme, lanes)
    wide = lanes.padded()
    here = programme.surroundings
    try:
        marks, tallies = _core.fly_guided(
            level,
            [
                here.mu,
                here.gravity_radius_m,
                here.j2,
                here.j3,
                here.j4,
                here.omega_rad_s,
                here.equatorial_radius_m,
                here.flattening,
                here.area_m2,
                programme.freeze_s,
                *programme.side,
                programme.largest_swing,
                programme.short_s,
            ],
            [_table(t) for t in (here.air, here.drag, programme.attitude)],
            np.asarray(programme.start, dtype=np.float64),
            _section_rows(programme),
            _aim_rows(programme),
            *(getattr(wide, f.name) for f in fields(wide)),
        )
    except ValueError as e:
        raise InputError(f"guided flights: {e}") from None
    n = lanes.count
    tallies = tallies[:, :n]
    return Outcome(
        marks[:, :, :n],
        tallies[0],
        tallies[1],
        tallies[2],
        tallies[3].astype(np.int64),
        tallies[4].astype(np.int64),
    )


def _table(t: Cubics) -> tuple[float, float, Array]:
    """A table as the core takes it."""
    return t.start, t.step, t.c


def _section_rows(programme: Programme) -> Array:
    rows = [
        (
            *(s.steps, s.mode, s.leg, s.open),
            *(s.exhaust_m_s, s.tau_s, s.duration_s, s.drag),
        )
        for s in programme.sections
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 8)


def _aim_rows(programme: Programme) -> Array:
    rows = [
        (
            *(a.radius_m, a.speed_m_s, a.sin_gamma, a.cos_gamma, *a.normal),
            *(np.cos(a.ahead_rad), np.sin(a.ahead_rad), a.duration_s, a.sense, a.held),
        )
        for a in programme.aims
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 12)

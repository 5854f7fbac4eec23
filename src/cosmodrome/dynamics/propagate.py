"""Flying a state forward: the Python face of the compiled propagator.

Gauss-Legendre collocation with Picard iteration in the core (see docs/propagation.md); the path
that comes back is the collocation polynomial itself, so it can be evaluated anywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.dynamics import events as _events
from cosmodrome.dynamics.forces import CITATIONS, Dynamics
from cosmodrome.dynamics.tables import (
    RotationTables,
    body_table,
    density_table,
    rotation_tables,
)
from cosmodrome.errors import DataSpanError, FrameMismatchError, InputError
from cosmodrome.physics.thermosphere import LOWEST_M, DensityTable
from cosmodrome.record.nouns import ForceAudit
from cosmodrome.solvers import core
from cosmodrome.watch import SILENT, Watch, stop_if_cancelled
from cosmodrome.world.bodies import (
    AU_M,
    EARTH_EQUATORIAL_RADIUS_M,
    OMEGA_EARTH_RAD_S,
    SOLAR_PRESSURE_N_M2,
    SUN,
    body,
)
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cosmodrome.world.world import World

__all__ = ["DEFAULT_SETTINGS", "Propagation", "Setting", "propagate", "set_up"]

DEFAULT_SETTINGS = core.Settings()
_LOW_DEGREE = 8
_HEIGHT_MARGIN_M = 40_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Propagation:
    """What was flown.

    trajectory  GCRF, from the start state to `end`
    events      in order of time
    audit       largest and mean acceleration of each force
    notes       forces asked for that had no effect, and why
    stats       segments, evaluations, SIMD level, sunlit fraction of the time
    """

    trajectory: Trajectory
    end: State
    events: tuple[_events.DynamicsEvent, ...]
    audit: tuple[ForceAudit, ...]
    notes: tuple[str, ...] = ()
    stats: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Tables and core model of one propagation; the specification reads the same tables."""

    model: core.Model
    rotation: RotationTables
    bodies: Mapping[str, core.ChebyshevTable]
    density: DensityTable | None
    notes: tuple[str, ...]


def set_up(
    state: State,
    dynamics: Dynamics,
    duration_s: float,
    world: World,
    heights_m: tuple[float, float] | None = None,
) -> Setting:
    """Build the tables and the core's model for a flight of `duration_s` from `state`."""
    gravity = world.gravity("earth")
    degree, order = dynamics.gravity_degree, dynamics.gravity_order
    if not 0 <= order <= degree <= gravity.degree:
        raise InputError(
            f"gravity {degree}x{order} was asked; {gravity.name} holds up to"
            f" {gravity.degree}x{gravity.degree} and the order cannot exceed the degree"
        )
    notes: list[str] = []
    fields = [
        core.Field(
            gravity.mu_m3_s2, gravity.radius_m, gravity.C, gravity.S, min(degree, n), min(order, n)
        )
        for n in (degree, _LOW_DEGREE)
    ]
    epoch = state.epoch
    rotation = rotation_tables(world.orientation, epoch, 0.0, duration_s)
    model = core.Model(
        fields[0],
        fields[1],
        rotation.angle0_rad,
        rotation.rate_rad_s,
        rotation.slow,
        rotation.pole,
        OMEGA_EARTH_RAD_S,
    )
    # the Sun is always there: the shadow needs it
    names = [*dynamics.third_bodies, *({"sun"} - set(dynamics.third_bodies))]
    bodies = {}
    for name in names:
        bodies[name] = body_table(world, name, epoch, 0.0, duration_s)
        model.add_body(
            name, body(name).mu_m3_s2, bodies[name], attracts=name in dynamics.third_bodies
        )
    model.set_shadow(SUN.radius_m, EARTH_EQUATORIAL_RADIUS_M)
    if dynamics.radiation_pressure:
        area = dynamics.reflectivity * dynamics.srp_area_m2
        if area > 0.0:
            model.set_radiation(area * SOLAR_PRESSURE_N_M2 * AU_M**2)
        else:
            notes.append(
                "radiation pressure was asked for and has no effect: area"
                f" {dynamics.srp_area_m2:g} m^2, reflectivity {dynamics.reflectivity:g}"
            )
    density = None
    if dynamics.drag != "none":
        area = dynamics.drag_area_m2 * dynamics.drag_coefficient
        if area > 0.0:
            heights = heights_m or _heights(state, gravity.mu_m3_s2, bool(dynamics.thrust))
            density = density_table(world, dynamics.space_weather, epoch, duration_s, heights)
            if density is None:
                notes.append(
                    "drag was asked for and has no effect: the path stays above"
                    f" {heights[0] / 1e3:.0f} km, where NRLMSISE-00 ends"
                )
            else:
                handle = core.Density(
                    density.start,
                    density.step,
                    density.solar0_rad,
                    density.SOLAR_RATE_RAD_S,
                    density.coefficients,
                )
                model.set_drag(handle, area)
        else:
            notes.append(
                "drag was asked for and has no effect: area"
                f" {dynamics.drag_area_m2:g} m^2, coefficient {dynamics.drag_coefficient:g}"
            )
    for burn in dynamics.thrust:
        model.add_burn(
            core.Burn(
                burn.start - epoch,
                burn.burn_out - epoch,
                burn.thrust_n,
                burn.flow_kg_s,
                burn.unit,
                burn.axes,
            )
        )
    return Setting(model, rotation, bodies, density, tuple(notes))


def _heights(state: State, mu: float, thrust: bool) -> tuple[float, float]:
    """Geodetic heights the osculating orbit spans, with room for its perturbations."""
    r = float(np.linalg.norm(state.r_m))
    v2 = float(state.v_m_s @ state.v_m_s)
    h = float(np.linalg.norm(np.cross(state.r_m, state.v_m_s)))
    energy = 0.5 * v2 - mu / r
    p = h * h / mu
    e = math.sqrt(max(0.0, 1.0 + 2.0 * energy * p / mu))
    perigee = min(r, p / (1.0 + e))
    apogee = max(r, p / (1.0 - e)) if e < 1.0 and not thrust else math.inf
    return (
        perigee - 6_378_137.0 - _HEIGHT_MARGIN_M,
        apogee - 6_356_752.0 + _HEIGHT_MARGIN_M,
    )


def propagate(
    state: State,
    dynamics: Dynamics,
    until: Epoch | float,
    events: Iterable[str | _events.Altitude] = (),
    *,
    world: World,
    floor_m: float | None = None,
    settings: core.Settings = DEFAULT_SETTINGS,
    watch: Watch = SILENT,
) -> Propagation:
    """Fly `state` under `dynamics` until an instant, or for a number of seconds.

    state    in GCRF round the Earth
    events   names of events.KINDS or events.GROUPS, or Altitude(metres)
    floor_m  geodetic altitude at which the path ends on its way down; None: no floor

    Raises FrameMismatchError for another frame, InputError for an end before the start,
    DataSpanError where the path falls below the density model, SolverError when no step is
    small enough.
    """
    if state.frame != GCRF:
        raise FrameMismatchError(
            f"propagation starts from a state in {GCRF}, not {state.frame}: rotate it first"
        )
    duration = until - state.epoch if isinstance(until, Epoch) else float(until)
    if not (math.isfinite(duration) and duration > 0.0):
        raise InputError(
            f"propagation from {state.epoch} for {duration:g} s: the end must lie after the start"
        )
    stop_if_cancelled(watch)
    asked = tuple(events)
    search = _events.search(asked, floor_m)
    y0 = np.concatenate([state.r_m, state.v_m_s, [state.mass_kg]])
    watch.begin("propagate", f"propagating {duration / 3600.0:.2f} h from {state.epoch}")
    setting = set_up(state, dynamics, duration, world)
    path = core.propagate(setting.model, y0, 0.0, duration, search, settings)
    if path.below_density and setting.density is not None:
        # lower than the first orbit promised: once more with the whole table
        if setting.density.heights_m[0] > LOWEST_M * 1.001:
            setting = set_up(state, dynamics, duration, world, (LOWEST_M, math.inf))
            path = core.propagate(setting.model, y0, 0.0, duration, search, settings)
        if path.below_density:
            raise DataSpanError(
                f"the path falls below {LOWEST_M / 1e3:.0f} km, where the density model ends,"
                f" before {path.end_s:.0f} s; ask for floor_m={LOWEST_M:.0f} to end there, or"
                " start from a higher perigee"
            )
    trajectory = Trajectory(state.epoch, GCRF, path.breaks_s, path.coefficients)
    y = path.end_state
    end = State(
        until if isinstance(until, Epoch) and not path.landed else state.epoch + path.end_s,
        GCRF,
        y[0:3],
        y[3:6],
        float(y[6]),
    )
    for note in setting.notes:
        watch.tell("propagate", None, note)
    stats = {
        **path.counts,
        "simd": core.simd_level(),
        "sunlit_fraction": path.sunlit_fraction if dynamics.radiation_pressure else math.nan,
        "ended_on_floor": path.landed,
    }
    watch.end("propagate", f"{path.counts['segments']} segments")
    return Propagation(
        trajectory,
        end,
        _events.answers(path, asked, state.epoch),
        _audit(path, dynamics, setting.notes, world),
        setting.notes,
        stats,
    )


def _audit(
    path: core.CorePath, dynamics: Dynamics, notes: tuple[str, ...], world: World
) -> tuple[ForceAudit, ...]:
    field_name = world.gravity("earth").name
    degree, order = dynamics.gravity_degree, dynamics.gravity_order
    rows = [
        ("earth, central term", "central", f"{CITATIONS['central']}, {field_name}"),
        (
            f"earth, harmonics to {degree}x{order}",
            "harmonics",
            f"{field_name}; {CITATIONS['harmonics']}",
        ),
        *((name, name, CITATIONS["third body"]) for name in dynamics.third_bodies),
    ]
    if dynamics.drag != "none":
        rows.append(("drag", "drag", CITATIONS["drag"]))
    if dynamics.radiation_pressure:
        rows.append(("radiation pressure", "radiation", CITATIONS["radiation"]))
    if dynamics.thrust:
        rows.append(("thrust", "thrust", CITATIONS["thrust"]))
    out = []
    for name, key, source in rows:
        largest = path.largest[key]
        if largest == 0.0:
            word = name.split(" ")[0]
            why = next((n for n in notes if n.startswith(word)), "no effect on this path")
            source = f"{source} ({why})"
        out.append(ForceAudit(name, largest, path.mean[key], source))
    return tuple(out)

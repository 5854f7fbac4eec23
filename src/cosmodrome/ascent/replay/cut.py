"""A plan for `ascent.execute` from a fitted replay: the same road every ascent takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.launch import launch_axes
from cosmodrome.maths import fit_matrix, gauss_lobatto_points
from cosmodrome.record.nouns import AttitudeProgramme, Plan, PlanPhase

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.ascent.replay.fit import Replay
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["plan_of"]

_TERMS = 4


def plan_of(replay: Replay, mission: Mission, lift_off: Epoch, world: World) -> Plan:
    """What a flight computer would carry to fly `replay`: its timers, its thrust directions.

    The direction is a polynomial over each step of the fit, in the launch frame. Flown by
    `ascent.execute`, the state at the cut-off differs from the fit's by what its coarse
    integration is worth; `solve.residuals` of the leg says how much.
    """
    pieces = replay.timetable.pieces
    ends = [round(p.end_s, 9) for p in pieces[:-1]] + [round(replay.cut_off_s, 9)]
    starts = [0.0, *ends[:-1]]
    phases = tuple(
        PlanPhase(p.name, a, b, p.burning, p.drops)
        for p, a, b in zip(pieces, starts, ends, strict=True)
    )
    breaks, series = _attitude(replay, ends[-1])
    end = replay.track.places[pieces[-1].name]
    r, v = end.r[:, 0], end.v[:, 0]
    return Plan(
        chapter="ascent",
        object="stack",
        epoch=lift_off,
        phases=phases,
        attitude=AttitudeProgramme("launch", breaks, series),
        initial_mass_kg=replay.timetable.liftoff_kg,
        launch_axes=launch_axes(mission.site, lift_off, world),
        targets={
            "payload_kg": float(mission.spacecraft.mass_kg or 0.0),
            "release_s": ends[-1],
            **dict(zip(("x_m", "y_m", "z_m"), map(float, r), strict=True)),
            **dict(zip(("vx_m_s", "vy_m_s", "vz_m_s"), map(float, v), strict=True)),
            "mass_kg": float(end.mass_kg[0]),
        },
    )


def _attitude(replay: Replay, end_s: float) -> tuple[tuple[float, ...], Array]:
    """Breaks and Chebyshev pieces (n, K, 3) of the thrust direction, over the fit's own steps."""
    steering = replay.steering()
    points = 0.5 * (gauss_lobatto_points(_TERMS) + 1.0)
    matrix = fit_matrix(_TERMS)
    omega = replay.planet.omega_rad_s
    breaks, series = [0.0], []
    steps = [s for s in replay.track.steps if s[0] < end_s - 1e-9]
    for k, (a, b, r0, v0) in enumerate(steps):
        # between the step's ends the place is a cubic: a millimetre's difference turns nothing
        r1, v1 = (steps[k + 1][2], steps[k + 1][3]) if k + 1 < len(steps) else _end(replay)
        stop = min(b, end_s)
        r, v = _cubic(r0, v0, r1, v1, stop - a, points)
        w = np.stack([v[0] + omega * r[1], v[1] - omega * r[0], v[2]])
        steering.reach(a, r[:, :1], w[:, :1])
        middle = 0.5 * (a + stop)
        directions = [
            steering.direction(float(a + x * (stop - a)), middle, r[:, i : i + 1], w[:, i : i + 1])[
                :, 0
            ]
            for i, x in enumerate(points)
        ]
        series.append(matrix @ np.array(directions))
        breaks.append(round(float(stop), 9))
    return tuple(breaks), np.array(series)


def _end(replay: Replay) -> tuple[Array, Array]:
    end = replay.track.places[replay.timetable.pieces[-1].name]
    return end.r[:, 0], end.v[:, 0]


def _cubic(r0: Array, v0: Array, r1: Array, v1: Array, h: float, x: Array) -> tuple[Array, Array]:
    """Hermite's cubic through both ends of a step of h seconds at fractions x: r, v (3, k)."""
    a = 2.0 * (r0 - r1) + h * (v0 + v1)
    b = 3.0 * (r1 - r0) - h * (2.0 * v0 + v1)
    r = r0[:, None] + np.outer(h * v0, x) + np.outer(b, x**2) + np.outer(a, x**3)
    v = v0[:, None] + (np.outer(2.0 * b, x) + np.outer(3.0 * a, x**2)) / h
    return r, v
